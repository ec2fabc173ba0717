/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_UPLINK_H__
#define __GST_REALTIME_UPLINK_H__

#include <gst/gst.h>

#include "processing.h"
#include "segmenter.h"

G_BEGIN_DECLS

/* The way up: whatever audio the pipeline has, as the service's microphone.
 *
 * Pads: "sink" (always), audio/x-raw of any format, rate and channels;
 * "src" (always), S16LE, interleaved, 48 kHz, mono, buffers of at most 20 ms.
 *
 * While closed (as made), live input is dropped and non-live input (a file)
 * is held. While open everything passes; what was held leaves in real time by
 * the pipeline's clock, not one sample lost or doubled. After EOS on "sink"
 * paced silence goes on until the uplink is closed; EOS does not leave, nor
 * does a flush, and no failure behind "src" is seen in front of "sink".
 *
 * Live input that stands still is silent: from 300 ms after the latest moment
 * when it was still due silence leaves in its place, in real time, so that what
 * leaves goes on like the clock. If it was but late, all of it leaves behind
 * that silence, and the epoch moves.
 *
 * PTS of what leaves are running times of the input; its segment's base is the
 * hold, so that its running times are the clock's. A close takes effect within
 * a buffer.
 *
 * Signals; handlers run in a streaming thread, with no lock held, and must
 * not block:
 *   "input-kind" (gboolean live)
 *       once, as soon as it is known: TRUE when upstream is live
 *   "epoch" (guint64 running_time, guint64 hold)
 *       the first sample after an open (or after a jump of the input's
 *       timestamps too wide to fill with silence) is about to leave: its
 *       running time on the input's own timeline, and by how much the clock's
 *       running time is ahead of it (0 for live input), both in ns
 *   "hold" (guint64 hold)
 *       held input came to a standstill in between, and its next sample is about
 *       to leave: the clock's running time is ahead of it by @hold from now on
 *   "passed" (guint64 running_time)
 *       what gst_realtime_uplink_watch() waits for has left: the position
 *   "input-eos" ()
 *       EOS arrived and all input samples have left; once until a flush or
 *       READY
 *   "speech-started" (guint64 running_time)
 *       with a segmenter: the speech of a segment began at that running time of
 *       the input; told when there were 60 ms of it
 *   "speech-stopped" (guint64 running_time)
 *       with a segmenter: the speech of that segment ended there; told when it
 *       has paused for long enough, or when it is cut in mid-speech: then
 *       running_time is the end of what has left, and "speech-started" follows
 *       while speech goes on */

/* Returns: (transfer floating) (nullable): the uplink; NULL when an element
 * factory is missing, its name then in *missing (static string). */
GstElement *gst_realtime_uplink_new (const gchar ** missing);

/* In READY or NULL: what is done to what passes. What is off takes no part at
 * all. Else what leaves is up to 10 ms behind, in buffers of 10 ms, and muted
 * input is still heard by the processing, which stays adapted to the room.
 * Voice detection is done without where its element is missing.
 * Returns: FALSE when the element factory of something else is missing, its
 * name then in *missing (static string); the uplink is as it was. */
gboolean gst_realtime_uplink_set_processing (GstElement * uplink,
    const GstRealtimeProcessing * processing, const gchar ** missing);

/* In READY or NULL: how much live input from before an open is kept, in ms; 0, as
 * made: none. What was kept leaves a quarter faster than it came, with the
 * timestamps of when it was heard, until it is in step with the clock. */
void gst_realtime_uplink_set_pre_connect_buffer (GstElement * uplink,
    guint ms);

/* Looks for segments of speech in what leaves from now on; NULL, as made: no
 * more. Speech is what the voice detection calls so; without it, whatever is
 * loud enough. Any thread, never blocks. */
void gst_realtime_uplink_set_segmenter (GstElement * uplink,
    const RealtimeSegmenterSettings * settings);

/* The session is configured: audio may pass. Any thread, never blocks. */
void gst_realtime_uplink_open (GstElement * uplink);
/* Any thread. */
gboolean gst_realtime_uplink_is_open (GstElement * uplink);
/* Hold or drop again, and end the silence after EOS. Any thread, never
 * blocks. */
void gst_realtime_uplink_close (GstElement * uplink);
/* Mute: silence of the same length flows instead. Any thread. */
void gst_realtime_uplink_set_mute (GstElement * uplink, gboolean mute);
/* The same for what stands at @running_time (of the input, ns) or later, to
 * within 20 ms; GST_CLOCK_TIME_NONE: for nothing. Any thread. */
void gst_realtime_uplink_set_mute_from (GstElement * uplink,
    GstClockTime running_time);
/* Has "passed" emitted, once, when what stands before @running_time (of the
 * input, ns) has left: with the first piece that leaves from now on and ends
 * there or later. GST_CLOCK_TIME_NONE: not any more. Any thread. */
void gst_realtime_uplink_watch (GstElement * uplink,
    GstClockTime running_time);

/* Any thread; running times of the input in ns, GST_CLOCK_TIME_NONE while
 * there is none. */

/* The end of the last sample that left, the silence after EOS included. */
GstClockTime gst_realtime_uplink_get_position (GstElement * uplink);
/* By how much held input runs behind the clock; 0 before the first epoch and
 * for live input. */
GstClockTime gst_realtime_uplink_get_hold (GstElement * uplink);
/* The end of the last sample louder than -50 dBFS that left; muted input has
 * none. */
GstClockTime gst_realtime_uplink_get_last_sound (GstElement * uplink);
/* How much left since the first sample after an open, as time; within an "epoch" handler: how
 * much before the sample that sets the epoch. So server time 0 is at the
 * epoch's running time less this, whichever epoch it is. 0 before. */
GstClockTime gst_realtime_uplink_get_heard (GstElement * uplink);
/* The end of the input, once EOS was seen and all input samples have left. */
GstClockTime gst_realtime_uplink_get_end (GstElement * uplink);

G_END_DECLS

#endif /* __GST_REALTIME_UPLINK_H__ */
