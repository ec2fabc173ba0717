/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_WEBRTC_STATS_H__
#define __GST_REALTIME_WEBRTC_STATS_H__

#include <gst/gst.h>

#include "datachannel.h"

G_BEGIN_DECLS

/* What webrtcbin counts, asked for once a second. */
typedef struct _GstRealtimeWebrtcStats GstRealtimeWebrtcStats;

GstRealtimeWebrtcStats *gst_realtime_webrtc_stats_new (void);
void gst_realtime_webrtc_stats_free (GstRealtimeWebrtcStats * self);

/* From now on, by timers of @context, whose thread this and stop() are for. The
 * elements are referenced until the stop. */
void gst_realtime_webrtc_stats_start (GstRealtimeWebrtcStats * self,
    GMainContext * context, GstElement * webrtcbin,
    GstRealtimeDataChannel * channel);
void gst_realtime_webrtc_stats_stop (GstRealtimeWebrtcStats * self);
/* After the stop: waits for what was asked for, at most until @deadline
 * (monotonic time, µs). Returns: whether it came. */
gboolean gst_realtime_webrtc_stats_settle (GstRealtimeWebrtcStats * self,
    gint64 deadline);

/* Puts what was counted last into @stats: guint64 packets-sent, bytes-sent,
 * packets-received, bytes-received, buffered-amount (bytes that the channel has
 * not sent yet); gint64 packets-lost (of those that were to be received) and
 * remote-packets-lost (of those sent, as the peer reports); gdouble jitter and
 * round-trip-time (s). What is not known is left out. Any thread, never
 * blocks. */
void gst_realtime_webrtc_stats_get (GstRealtimeWebrtcStats * self,
    GstStructure * stats);

G_END_DECLS

#endif /* __GST_REALTIME_WEBRTC_STATS_H__ */
