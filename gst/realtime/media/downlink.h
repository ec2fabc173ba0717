/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_DOWNLINK_H__
#define __GST_REALTIME_DOWNLINK_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* The way down: speech of one or more connections as one continuous timeline.
 *
 * Pads: "sink_%u" (request), audio/x-raw of any format, rate and channels, the
 * decoded speech of one connection; "src" (always), S16LE, interleaved,
 * 48 kHz, mono: a buffer each 20 ms with perfect timestamps, silence flagged
 * GST_BUFFER_FLAG_GAP. From PAUSED on, "sink_%u" takes all audio at once and
 * answers OK, whatever happens behind "src"; a flush forgets what has not been
 * played; what a released pad brought is still played. Ten minutes of speech
 * may wait, more is dropped with a warning.
 *
 * Signals; handlers run in the streaming thread of "src", with no lock held, and
 * must not block:
 *   "sound-started" (guint line, guint64 running_time)
 *   "sound-stopped" (guint line, guint64 running_time)
 *       what "src" gives of a connection's speech begins and has ended to be
 *       heard, that is, to be louder than -50 dBFS: the running time on "src" of
 *       the first sample that is, and of the end of the last one. Stopped is
 *       told when nothing was heard for 400 ms, or 200 ms once that is expected
 *       (gst_realtime_downlink_expect_end()). @line: that of the connection's
 *       pad (gst_realtime_downlink_get_line()) */

/* Returns: (transfer floating) (nullable): the downlink; NULL when an element
 * factory is missing, its name then in *missing (static string). */
GstElement *gst_realtime_downlink_new (const gchar ** missing);

/* The number in the name of a connection's pad. */
guint gst_realtime_downlink_get_line (GstPad * pad);

/* From now on output flows. The first output sample stands for the clock
 * running time @start_running_time and is stamped @start_running_time - @hold
 * (@hold at most @start_running_time, both in ns). Before, nothing flows.
 * Takes effect once until READY; later calls are ignored. Any thread, never
 * blocks; posts a LATENCY message on the bus when @hold changes the latency. */
void gst_realtime_downlink_start (GstElement * downlink,
    GstClockTime start_running_time, GstClockTime hold);

/* The clock's running time is now ahead of what "src" is stamped by @hold (ns):
 * more than before, as the input came to a standstill, so that the next sample
 * leaves later by as much. A smaller hold than before is left out, as is one
 * before the start. Any thread, never blocks; posts a LATENCY message. */
void gst_realtime_downlink_set_hold (GstElement * downlink, GstClockTime hold);

/* The service says that it has said what it had to say: what sounds comes to its
 * end now. Any thread, never blocks. */
void gst_realtime_downlink_expect_end (GstElement * downlink);

/* The jitter buffer's latency in ms (default 0) to provide for: speech is
 * played when it is due by its timestamp plus this much; speech that comes
 * later than that is played late, never dropped. Any thread; posts a LATENCY
 * message on the bus. */
void gst_realtime_downlink_set_latency (GstElement * downlink, guint ms);

/* How loud "src" is, linear, from 0.0, silent, over 1.0 (the default), as it
 * came; what would be louder than full scale is cut off there. A change takes
 * 20 ms. Any thread, never blocks. */
void gst_realtime_downlink_set_volume (GstElement * downlink, gdouble volume);

/* In READY or NULL: what leaves by "src" is heard by a webrtcechoprobe of the
 * name @probe, for a webrtcdsp that is to take it out of what a microphone
 * hears; NULL, as made: by none.
 * Returns: FALSE when the element's factory is missing. */
gboolean gst_realtime_downlink_set_echo_probe (GstElement * downlink,
    const gchar * probe);

/* An interruption: what waits to be played is forgotten and "src" is silent
 * within one buffer (what sounds fades out in its first 5 ms); its timeline
 * goes on without a break. What the connections bring after that, the rest of
 * the speech that was cut off, is forgotten too, until the caller says from
 * when on speech is wanted again (gst_realtime_downlink_resume()), or, where
 * nobody can say, until it has paused: half a second without packets or below
 * -60 dBFS. A connection whose pad is requested later is heard at once. Any
 * thread, never blocks. */
void gst_realtime_downlink_flush (GstElement * downlink);

/* With a flush: what has left "src" and is not played yet is forgotten downstream,
 * by flush events that do not reset the running time. For sinks that play, not
 * for those that write: a file that is flushed begins anew. Where nothing but
 * silence has left since the last one, nothing. Any thread, never blocks. */
void gst_realtime_downlink_flush_downstream (GstElement * downlink);

/* Whether that is harmless, as "src" is only listened to: see
 * gst_realtime_pad_is_only_heard(). Any thread, never blocks. */
gboolean gst_realtime_downlink_is_only_heard (GstElement * downlink);

/* The input is flushed, and its running times begin anew: begin with the start of
 * the flush, end with its stop. Downstream is flushed as well, nothing leaves until
 * gst_realtime_downlink_start(), which then takes effect again, and what waits to
 * be played is forgotten, an end as well. Not from the threads that play; blocks no
 * longer than downstream's flush. */
void gst_realtime_downlink_begin_restart (GstElement * downlink);
void gst_realtime_downlink_end_restart (GstElement * downlink);

/* After a flush: speech is wanted that is due from the clock running time @from
 * on (ns; GST_CLOCK_TIME_NONE: now), by its timestamps, which are those of its
 * arrival, before the jitter buffer. Of the last second it is played even if
 * it has come already. So, when the service says that it answers anew, give the
 * time when that was said: packets that were on their way or in the jitter buffer
 * are told apart by it. Without a flush, nothing. Any thread, never blocks. */
void gst_realtime_downlink_resume (GstElement * downlink, GstClockTime from);

/* How much has left by "src" since READY, and how much of it was silence, ns. Any
 * thread, never blocks. */
void gst_realtime_downlink_get_output (GstElement * downlink,
    GstClockTime * output, GstClockTime * silence);

/* When the speech that has already arrived has been played: EOS on "src",
 * once, or until a restart. Any thread, never blocks. Not started: EOS at once. */
void gst_realtime_downlink_end (GstElement * downlink);

G_END_DECLS

#endif /* __GST_REALTIME_DOWNLINK_H__ */
