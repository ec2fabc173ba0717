/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_CUE_H__
#define __REALTIME_CUE_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* No stream runs for longer than 1000 days: such a time is nonsense. */
#define REALTIME_CUE_LATEST_TIME (1000 * 24 * 3600 * GST_SECOND)

/* One caption on the screen. */
typedef struct
{
  gchar *text;                  /* lines with '\n' between them; no line is empty */
  GstClockTime start, end;      /* running time; start < end once placed */
} RealtimeCue;

void realtime_cue_free (RealtimeCue * cue);

/**
 * realtime_cue_layout:
 * @prefix: (nullable): put before the text; takes room, but no time
 * @text: what was said, UTF-8 of any length
 * @start: when the first word began, ns
 * @end: when the last word ended, ns, not before @start
 * @max_line_length: code points a line, at least 1
 * @max_lines: lines a cue, at least 1
 *
 * Sets @text in cues that keep both limits. White space of any kind separates
 * words and is all that is changed; control characters are left out. Cues and
 * lines end between words, where punctuation stands if such a place is near;
 * a word longer than a line is broken, between grapheme clusters. Each cue
 * gets the part of the time between @start and @end that its share of the
 * characters makes.
 *
 * Returns: (element-type RealtimeCue): the cues in order, none for a text
 * without words
 */
GPtrArray *realtime_cue_layout (const gchar * prefix, const gchar * text,
    GstClockTime start, GstClockTime end, guint max_line_length,
    guint max_lines);

/* How long @text takes to say at an ordinary pace, in ns. */
GstClockTime realtime_cue_speaking_time (const gchar * text);

/**
 * realtime_cue_place:
 * @cue: a cue with the times of its words
 * @position: where the cue before it ended; set to where this one ends
 * @now: the running time that the stream has reached, or NONE
 * @min_duration: ns
 * @max_duration: ns, ends a cue even if it is below @min_duration
 *
 * Fits @cue behind those before it: it starts with its words, or at @position
 * if that is later, and stays as long as they do, but at least @min_duration
 * and the time to read it fast, at most @max_duration. When cues have piled up
 * until they stand well past @now, they are shortened to catch up.
 */
void realtime_cue_place (RealtimeCue * cue, GstClockTime * position,
    GstClockTime now, GstClockTime min_duration, GstClockTime max_duration);

G_END_DECLS

#endif /* __REALTIME_CUE_H__ */
