/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_WEBRTC_SETUP_H__
#define __GST_REALTIME_WEBRTC_SETUP_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* What a webrtcbin is told once, before negotiation, and what it is asked
 * once, after it; not from its own thread. */

/* @loopback: offer candidates on the loopback interface too. State NULL. */
void gst_realtime_webrtc_set_up_agent (GstElement * webrtcbin,
    gboolean loopback);
/* The first transceiver speaks Opus with payload type @payload_type. */
void gst_realtime_webrtc_set_up_transceiver (GstElement * webrtcbin,
    gint payload_type);
/* What the peer has shown, PEM; NULL before the DTLS connection stands. */
gchar *gst_realtime_webrtc_get_remote_certificate (GstElement * webrtcbin);

G_END_DECLS

#endif /* __GST_REALTIME_WEBRTC_SETUP_H__ */
