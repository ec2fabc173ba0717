/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "cue.h"
#include "linebreak.h"

/* Ordinary speech has about 15 characters a second, blanks included. */
#define SPEAKING_COLUMNS_PER_SECOND 15
/* One frame at 25 a second: no cue is shorter, whatever the settings. */
#define SHORTEST_CUE (40 * GST_MSECOND)
/* Cues that stand this far ahead of the stream are shortened to catch up. */
#define LONGEST_BACKLOG (4 * GST_SECOND)
#define CATCH_UP_DURATION (300 * GST_MSECOND)

/* What it costs, in shares of the room, to end a line or cue at such a place
 * rather than at the place that divides the text evenly. */
static const gdouble stop_cost[] = { 0.35, 0.15, 0.0 };

/* The same where a word is parted. */
#define TIGHT_COST 0.25

/* A piece of the text and what stands before it. */
typedef struct
{
  RealtimePiece piece;
  guint32 before;               /* columns before it, with their blanks */
  guint32 spoken_before;        /* the same without the prefix */
} Word;

typedef struct
{
  guint max_line_length, max_lines;
  GString *text;                /* the words, one behind the other */
  GArray *words;                /* of Word, with an empty one at the end */
  guint n_words;
} Layout;

#define WORD(l,i) (&g_array_index ((l)->words, Word, (i)))

void
realtime_cue_free (RealtimeCue * cue)
{
  if (cue) {
    g_free (cue->text);
    g_free (cue);
  }
}

/* Reads words out of @text; those longer than a line become pieces. Returns
 * how many. */
static guint
layout_add_text (Layout * self, const gchar * text)
{
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE,
      sizeof (RealtimePiece));
  guint i;

  realtime_break_text (text, self->max_line_length, self->text, pieces);
  for (i = 0; i < pieces->len; i++) {
    Word word = { g_array_index (pieces, RealtimePiece, i), };

    g_array_append_val (self->words, word);
  }

  return pieces->len;
}

static guint
blanks_before (const Word * word)
{
  return word->piece.seam == REALTIME_SEAM_BLANK ? 1 : 0;
}

/* Adds up the columns; the first @n_prefix words take no time. */
static void
layout_sum (Layout * self, guint n_prefix)
{
  Word end = { {0,}, };
  guint i;

  self->n_words = self->words->len;
  end.piece.seam = REALTIME_SEAM_BLANK;
  g_array_append_val (self->words, end);

  for (i = 1; i <= self->n_words; i++) {
    const Word *last = WORD (self, i - 1);
    Word *word = WORD (self, i);
    guint step = last->piece.columns + blanks_before (word);

    word->before = last->before + step;
    word->spoken_before = last->spoken_before + (i > n_prefix ? step : 0);
  }
}

/* Columns of the words from @first up to but not including @last, on one
 * line. */
static guint64
layout_length (const Layout * self, guint first, guint last)
{
  const Word *word = WORD (self, last - 1);

  return word->before + word->piece.columns - WORD (self, first)->before;
}

/* How many lines the words take when each line is filled, counting no further
 * than @most + 1. Sets @fit to the first word beyond @most lines. */
static guint
layout_count_lines (const Layout * self, guint first, guint last, guint most,
    guint * fit)
{
  guint lines = 0, i = first;

  while (i < last) {
    guint begin = i;

    if (lines == most) {
      lines++;
      break;
    }
    do {
      i++;
    } while (i < last
        && layout_length (self, begin, i + 1) <= self->max_line_length);
    lines++;
  }

  if (fit)
    *fit = i;
  return lines;
}

/* Chooses where to end, from after word @from to after word @to, what begins
 * with word @first and should be about @target of at most @room characters
 * long. */
static guint
layout_choose_break (const Layout * self, guint first, guint from, guint to,
    gdouble target, gdouble room)
{
  gdouble lowest = G_MAXDOUBLE;
  guint best = to, i;

  for (i = from; i <= to; i++) {
    gdouble off = layout_length (self, first, i) - target;
    gdouble cost = ABS (off) / room + stop_cost[WORD (self, i - 1)->piece.stop];

    if (WORD (self, i)->piece.seam == REALTIME_SEAM_TIGHT)
      cost += TIGHT_COST;

    /* where two are as good, the later */
    if (cost <= lowest) {
      lowest = cost;
      best = i;
    }
  }

  return best;
}

/* The word that the cue which begins with word @first ends before. */
static guint
layout_end_of_cue (const Layout * self, guint first)
{
  guint64 room = (guint64) self->max_line_length * self->max_lines;
  /* lines are seldom full to the last character */
  guint64 usable = MAX (1, room * 9 / 10);
  guint64 rest = layout_length (self, first, self->n_words);
  guint64 cues = MAX (2, (rest + usable - 1) / usable);
  guint from = first + 1, fit;

  if (layout_count_lines (self, first, self->n_words, self->max_lines,
          &fit) <= self->max_lines)
    return self->n_words;

  /* two are enough: no break that would make them three */
  if (cues == 2) {
    while (from < fit && layout_length (self, from, self->n_words) > usable)
      from++;
  }

  return layout_choose_break (self, first, from, fit, (gdouble) rest / cues,
      room);
}

static gchar *
layout_cue_text (const Layout * self, guint first, guint last)
{
  guint lines = layout_count_lines (self, first, last, self->max_lines, NULL);
  GString *text = g_string_new (NULL);

  while (first < last) {
    guint from = 0, to = first, end = last, i;

    if (lines > 1) {
      /* every end that keeps this line and leaves the others enough room */
      for (i = first + 1; i < last
          && layout_length (self, first, i) <= self->max_line_length; i++) {
        if (layout_count_lines (self, i, last, lines - 1, NULL) >= lines)
          continue;
        if (from == 0)
          from = i;
        to = i;
      }
      end = layout_choose_break (self, first, from, to,
          (gdouble) layout_length (self, first, last) / lines,
          self->max_line_length);
    }

    if (text->len > 0)
      g_string_append_c (text, '\n');
    for (i = first; i < end; i++) {
      const Word *word = WORD (self, i);

      if (i > first && blanks_before (word) > 0)
        g_string_append_c (text, ' ');
      g_string_append_len (text, self->text->str + word->piece.offset,
          word->piece.bytes);
    }
    first = end;
    lines--;
  }

  return g_string_free (text, FALSE);
}

GPtrArray *
realtime_cue_layout (const gchar * prefix, const gchar * text,
    GstClockTime start, GstClockTime end, guint max_line_length,
    guint max_lines)
{
  GPtrArray *cues =
      g_ptr_array_new_with_free_func ((GDestroyNotify) realtime_cue_free);
  Layout layout = { MAX (max_line_length, 2), MAX (max_lines, 1), NULL, };
  guint first, n_prefix = 0;

  g_return_val_if_fail (text != NULL, cues);
  g_return_val_if_fail (GST_CLOCK_TIME_IS_VALID (start), cues);
  g_return_val_if_fail (GST_CLOCK_TIME_IS_VALID (end) && end >= start, cues);

  layout.text = g_string_new (NULL);
  layout.words = g_array_new (FALSE, FALSE, sizeof (Word));

  if (prefix)
    n_prefix = layout_add_text (&layout, prefix);
  layout_add_text (&layout, text);

  if (layout.words->len > n_prefix) {
    guint64 spoken;

    layout_sum (&layout, n_prefix);
    spoken = WORD (&layout, layout.n_words)->spoken_before;

    for (first = 0; first < layout.n_words;) {
      guint last = layout_end_of_cue (&layout, first);
      RealtimeCue *cue = g_new0 (RealtimeCue, 1);

      cue->text = layout_cue_text (&layout, first, last);
      cue->start = start + gst_util_uint64_scale (end - start,
          WORD (&layout, first)->spoken_before, spoken);
      cue->end = start + gst_util_uint64_scale (end - start,
          WORD (&layout, last)->spoken_before, spoken);
      cue->rest = last < layout.n_words ?
          WORD (&layout, last)->piece.source : strlen (text);
      g_ptr_array_add (cues, cue);
      first = last;
    }
  }

  g_string_free (layout.text, TRUE);
  g_array_unref (layout.words);
  return cues;
}

GstClockTime
realtime_cue_columns_time (guint columns)
{
  return gst_util_uint64_scale (MAX (1, columns), GST_SECOND,
      SPEAKING_COLUMNS_PER_SECOND);
}

GstClockTime
realtime_cue_speaking_time (const gchar * text)
{
  return realtime_cue_columns_time (realtime_text_columns (text));
}

void
realtime_cue_place (RealtimeCue * cue, GstClockTime * position,
    GstClockTime now, const RealtimeCuePace * pace)
{
  GstClockTime shortest =
      gst_util_uint64_scale (realtime_text_columns (cue->text), GST_SECOND,
      MAX (pace->max_reading_speed, 1));

  cue->start = MAX (cue->start, *position);

  shortest = MAX (shortest, pace->min_duration);
  if (GST_CLOCK_TIME_IS_VALID (now) && cue->start > now
      && cue->start - now > LONGEST_BACKLOG)
    shortest = MIN (shortest, CATCH_UP_DURATION);

  cue->end = MAX (cue->end, cue->start + shortest);
  cue->end = MIN (cue->end, cue->start + pace->max_duration);
  cue->end = MAX (cue->end, cue->start + SHORTEST_CUE);
  *position = cue->end;
}
