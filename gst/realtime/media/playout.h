/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_PLAYOUT_H__
#define __GST_REALTIME_PLAYOUT_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* The downlink's core: request pads "sink_%u" and a src pad, all S16,
 * interleaved, 48 kHz, mono. See downlink.h.
 *
 * Why not audiomixer: what comes after its slot went out it drops
 * (gst_audio_aggregator_fill_buffer: "input buffer is entirely before current
 * output offset"), without a setting against it, and a probe before it cannot
 * know which slot will be the next when the buffer arrives. */

#define GST_TYPE_REALTIME_PLAYOUT (gst_realtime_playout_get_type ())
G_DECLARE_FINAL_TYPE (GstRealtimePlayout, gst_realtime_playout, GST,
    REALTIME_PLAYOUT, GstElement)

/* Called from the streaming thread with no lock held. */
typedef struct
{
  void (*sound) (guint line, gboolean started, GstClockTime running_time,
      gpointer user_data);
} GstRealtimePlayoutCallbacks;

/* @callbacks must outlive the playout, @user_data its streaming. The pad
 * "sink_5" is line 5. */
GstElement *gst_realtime_playout_new (const GstRealtimePlayoutCallbacks *
    callbacks, gpointer user_data);

/* As the functions of the same names in downlink.h. */
void gst_realtime_playout_start (GstRealtimePlayout * playout,
    GstClockTime start_running_time, GstClockTime hold);
void gst_realtime_playout_set_hold (GstRealtimePlayout * playout,
    GstClockTime hold);
void gst_realtime_playout_expect_end (GstRealtimePlayout * playout);
void gst_realtime_playout_set_latency (GstRealtimePlayout * playout,
    GstClockTime latency);
void gst_realtime_playout_set_volume (GstRealtimePlayout * playout,
    gdouble volume);
void gst_realtime_playout_flush (GstRealtimePlayout * playout);
void gst_realtime_playout_flush_downstream (GstRealtimePlayout * playout);
void gst_realtime_playout_begin_restart (GstRealtimePlayout * playout);
void gst_realtime_playout_end_restart (GstRealtimePlayout * playout);
void gst_realtime_playout_resume (GstRealtimePlayout * playout,
    GstClockTime from);
void gst_realtime_playout_get_output (GstRealtimePlayout * playout,
    GstClockTime * output, GstClockTime * silence);
void gst_realtime_playout_end (GstRealtimePlayout * playout);

G_END_DECLS

#endif /* __GST_REALTIME_PLAYOUT_H__ */
