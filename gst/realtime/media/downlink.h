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
 * may wait, more is dropped with a warning. */

/* Returns: (transfer floating) (nullable): the downlink; NULL when an element
 * factory is missing, its name then in *missing (static string). */
GstElement *gst_realtime_downlink_new (const gchar ** missing);

/* From now on output flows. The first output sample stands for the clock
 * running time @start_running_time and is stamped @start_running_time - @hold
 * (@hold at most @start_running_time, both in ns). Before, nothing flows.
 * Takes effect once until READY; later calls are ignored. Any thread, never
 * blocks; posts a LATENCY message on the bus when @hold changes the latency. */
void gst_realtime_downlink_start (GstElement * downlink,
    GstClockTime start_running_time, GstClockTime hold);

/* The jitter buffer's latency in ms (default 0) to provide for: speech is
 * played when it is due by its timestamp plus this much; speech that comes
 * later than that is played late, never dropped. Any thread; posts a LATENCY
 * message on the bus. */
void gst_realtime_downlink_set_latency (GstElement * downlink, guint ms);

/* When the speech that has already arrived has been played: EOS on "src",
 * once. Any thread, never blocks. Not started: EOS at once. */
void gst_realtime_downlink_end (GstElement * downlink);

G_END_DECLS

#endif /* __GST_REALTIME_DOWNLINK_H__ */
