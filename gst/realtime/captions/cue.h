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
  gsize rest;                   /* byte of the laid out text where the next one begins */
  /* who speaks: one for all lines, or one for each, or unknown; not owned */
  const gchar *speaker;
  gchar **speakers;
} RealtimeCue;

void realtime_cue_free (RealtimeCue * cue);

/**
 * realtime_cue_layout:
 * @prefix: (nullable): put before the text; takes room, but no time
 * @text: what was said, UTF-8 of any length
 * @start: when the first word began, ns
 * @end: when the last word ended, ns, not before @start
 * @max_line_length: columns a line, at least 2
 * @max_lines: lines a cue, at least 1
 *
 * Sets @text in cues that keep both limits. Cues and lines end where
 * realtime_break_text() lets lines end, where punctuation stands if such a
 * place is near. Each cue gets the part of the time between @start and @end
 * that its share of the columns makes.
 *
 * Returns: (element-type RealtimeCue): the cues in order, none for a text
 * without words
 */
GPtrArray *realtime_cue_layout (const gchar * prefix, const gchar * text,
    GstClockTime start, GstClockTime end, guint max_line_length,
    guint max_lines);

/* How long @text, or @columns of it, take to say at an ordinary pace, in ns. */
GstClockTime realtime_cue_columns_time (guint columns);
GstClockTime realtime_cue_speaking_time (const gchar * text);

/* How long cues stay. */
typedef struct
{
  GstClockTime min_duration;
  GstClockTime max_duration;    /* counts even if it is below the other */
  guint max_reading_speed;      /* columns a second */
} RealtimeCuePace;

/**
 * realtime_cue_place:
 * @cue: a cue with the times of its words
 * @position: where the cue before it ended; set to where this one ends
 * @now: the running time that the stream has reached, or NONE
 * @pace: the limits
 *
 * Fits @cue behind those before it: it starts with its words, or at @position
 * if that is later, and stays as long as they do, but at least the shortest
 * duration and the time to read it, at most the longest. When cues have piled
 * up until they stand well past @now, they are shortened to catch up.
 */
void realtime_cue_place (RealtimeCue * cue, GstClockTime * position,
    GstClockTime now, const RealtimeCuePace * pace);

G_END_DECLS

#endif /* __REALTIME_CUE_H__ */
