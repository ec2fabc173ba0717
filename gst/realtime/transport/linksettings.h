/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_LINK_SETTINGS_H__
#define __GST_REALTIME_LINK_SETTINGS_H__

#include <gst/webrtc/webrtc.h>

G_BEGIN_DECLS
/* What opusenc takes, in bit/s. */
#define GST_REALTIME_MIN_BITRATE 6000
#define GST_REALTIME_MAX_BITRATE 510000
/* How a link reaches its peer and codes its audio. */
    typedef struct
{
  guint latency_ms;             /* of the jitter buffer */
  gchar *stun_server;           /* URL; NULL: none */
  gchar *turn_server;           /* URL with a password in it: secret; NULL: none */
  GstWebRTCICETransportPolicy ice_transport_policy;
  guint bitrate;                /* bit/s */
  gboolean inband_fec;
  gboolean dtx;
} GstRealtimeLinkSettings;

void gst_realtime_link_settings_init (GstRealtimeLinkSettings * self);
void gst_realtime_link_settings_copy (const GstRealtimeLinkSettings * from,
    GstRealtimeLinkSettings * to);
/* overwrites the secret before it frees it */
void gst_realtime_link_settings_clear (GstRealtimeLinkSettings * self);

/* No network. GST_REALTIME_TRANSPORT_ERROR_SETTINGS, which says what to do and
 * repeats no URL. */
gboolean gst_realtime_link_settings_check (const GstRealtimeLinkSettings *
    self, GError ** error);

G_END_DECLS
#endif /* __GST_REALTIME_LINK_SETTINGS_H__ */
