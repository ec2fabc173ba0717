/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_RTP_LOSS_H__
#define __GST_REALTIME_RTP_LOSS_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* How many of the RTP packets that @webrtcbin sent in its first session did not
 * come, as the peer last reported by RTCP (about every five seconds); 0 where it
 * did not. Any thread; takes the RTP session's lock for a moment. */
guint gst_realtime_rtp_loss_get (GstElement * webrtcbin);

G_END_DECLS

#endif /* __GST_REALTIME_RTP_LOSS_H__ */
