/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_WEBRTC_SETUP_H__
#define __GST_REALTIME_WEBRTC_SETUP_H__

#include <gst/gst.h>
#include <gst/webrtc/webrtc.h>

#include "linksettings.h"

G_BEGIN_DECLS
/* What a webrtcbin is told once, before negotiation, and what it is asked
 * once, after it; not from its own thread. */
/* Adds to @bin, which @webrtcbin is in, what codes and packs the audio for the
 * first transceiver; returns the pad that takes it. */
    GstPad * gst_realtime_webrtc_add_sender (GstBin * bin,
    GstElement * webrtcbin, const GstRealtimeLinkSettings * settings,
    gint payload_type);
/* The first transceiver speaks Opus with payload type @payload_type. */
void gst_realtime_webrtc_set_up_transceiver (GstElement * webrtcbin,
    gint payload_type);
/* The DTLS connection that carries everything; NULL before there is one. */
GstWebRTCDTLSTransport *gst_realtime_webrtc_get_dtls (GstElement * webrtcbin);

/* Whether @message is the error by which sctpenc tells that the peer has aborted
 * the association that the channel is in, as one does that closes its side. */
gboolean gst_realtime_webrtc_is_sctp_abort (GstMessage * message);

G_END_DECLS
#endif /* __GST_REALTIME_WEBRTC_SETUP_H__ */
