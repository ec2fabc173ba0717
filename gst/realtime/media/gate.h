/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_GATE_H__
#define __GST_REALTIME_GATE_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* The uplink's valve and metronome. One sink and one src pad, both S16,
 * interleaved, 48 kHz, mono. What the uplink promises (hold, drop, pace,
 * split, fill, silence after EOS) happens here; see uplink.h.
 *
 * Why not valve and clocksync: clocksync passes unpaced when it has no clock,
 * offers the system clock from a place upstream of every audio sink (so that a
 * pipeline would no longer run on the sound card's clock), and cannot end a
 * wait without a flush. */

#define GST_TYPE_REALTIME_GATE (gst_realtime_gate_get_type ())
G_DECLARE_FINAL_TYPE (GstRealtimeGate, gst_realtime_gate, GST, REALTIME_GATE,
    GstElement)

/* All called from a streaming thread with no lock held. */
typedef struct
{
  void (*input_kind) (gboolean live, gpointer user_data);
  void (*epoch) (GstClockTime running_time, GstClockTime hold,
      gpointer user_data);
  void (*hold) (GstClockTime hold, gpointer user_data);
  void (*input_eos) (gpointer user_data);
  void (*passed) (GstClockTime running_time, gpointer user_data);
} GstRealtimeGateCallbacks;

/* @callbacks must outlive the gate, @user_data the gate's streaming. */
GstElement *gst_realtime_gate_new (const GstRealtimeGateCallbacks * callbacks,
    gpointer user_data);

/* Any thread, never block. */
void gst_realtime_gate_open (GstRealtimeGate * gate);
void gst_realtime_gate_close (GstRealtimeGate * gate);
void gst_realtime_gate_set_mute (GstRealtimeGate * gate, gboolean mute);
void gst_realtime_gate_set_mute_from (GstRealtimeGate * gate,
    GstClockTime running_time);
void gst_realtime_gate_watch (GstRealtimeGate * gate,
    GstClockTime running_time);

/* Before it streams: live input that comes while the gate is closed is not
 * dropped but waits, upstream's thread with it; so much of it, at most, leaves
 * when the gate is open, faster than it came until it is in step. 0: dropped. */
void gst_realtime_gate_set_keep (GstRealtimeGate * gate, GstClockTime keep);

/* Before it streams: samples leave as they are while muted, though they count
 * as silent: who stands behind has to hear them, and silences them then. */
void gst_realtime_gate_set_mute_behind (GstRealtimeGate * gate,
    gboolean behind);
/* From behind, in the streaming thread: whether anything of what leaves now is
 * muted. What stands behind may hold back less than a piece. */
gboolean gst_realtime_gate_is_muting (GstRealtimeGate * gate);

/* Any thread; as the getters of the same names in uplink.h. */
GstClockTime gst_realtime_gate_get_position (GstRealtimeGate * gate);
GstClockTime gst_realtime_gate_get_hold (GstRealtimeGate * gate);
GstClockTime gst_realtime_gate_get_last_sound (GstRealtimeGate * gate);
GstClockTime gst_realtime_gate_get_end (GstRealtimeGate * gate);
GstClockTime gst_realtime_gate_get_heard (GstRealtimeGate * gate);

G_END_DECLS

#endif /* __GST_REALTIME_GATE_H__ */
