/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cue.h"

/* Ordinary speech has about 15 characters a second, blanks included. */
#define SPEAKING_CHARACTERS_PER_SECOND 15
/* Faster than this hardly anybody reads. */
#define READING_CHARACTERS_PER_SECOND 25
/* One frame at 25 a second: no cue is shorter, whatever the settings. */
#define SHORTEST_CUE (40 * GST_MSECOND)
/* Cues that stand this far ahead of the stream are shortened to catch up. */
#define LONGEST_BACKLOG (4 * GST_SECOND)
#define CATCH_UP_DURATION (300 * GST_MSECOND)

typedef enum
{
  BREAK_PLAIN,
  BREAK_CLAUSE,
  BREAK_SENTENCE
} Break;

/* What it costs, in shares of the room, to end a line or cue at such a place
 * rather than at the place that divides the text evenly. */
static const gdouble break_cost[] = { 0.35, 0.15, 0.0 };

/* A word, or a piece of one that is longer than a line. */
typedef struct
{
  guint32 offset, bytes;        /* in Layout.text */
  guint32 before;               /* characters before it, with their blanks */
  guint32 spoken_before;        /* the same without the prefix */
  guint16 chars;
  guint8 glued;                 /* goes on from the word before, without a blank */
  guint8 after;                 /* a Break */
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

static gboolean
is_blank (gunichar c)
{
  switch (c) {
    case 0x00a0:               /* no-break space */
    case 0x2007:               /* figure space */
    case 0x202f:               /* narrow no-break space */
      return FALSE;
    case 0x000b:               /* vertical tab */
    case 0x0085:               /* next line */
    case 0x200b:               /* zero width space */
      return TRUE;
    default:
      return g_unichar_isspace (c);
  }
}

static gboolean
is_regional_indicator (gunichar c)
{
  return c >= 0x1f1e6 && c <= 0x1f1ff;
}

/* Whether a grapheme cluster may begin with @c where @previous stands before
 * it. Closer to safe than to exact: some clusters may be kept together that
 * the standard would part. */
static gboolean
starts_cluster (gunichar previous, gunichar c)
{
  if (previous == 0)
    return TRUE;
  /* joiners, and what is joined by the first of them */
  if (c == 0x200c || c == 0x200d || previous == 0x200d)
    return FALSE;
  /* skin tones and tags */
  if ((c >= 0x1f3fb && c <= 0x1f3ff) || (c >= 0xe0020 && c <= 0xe007f))
    return FALSE;
  /* Hangul vowels and final consonants */
  if ((c >= 0x1160 && c <= 0x11ff) || (c >= 0xd7b0 && c <= 0xd7ff))
    return FALSE;
  /* flags are pairs */
  if (is_regional_indicator (c) && is_regional_indicator (previous))
    return FALSE;
  return !g_unichar_ismark (c);
}

static Break
break_after (const gchar * word, gsize bytes)
{
  const gchar *p = word + bytes;

  while (p > word) {
    gunichar c;

    p = g_utf8_prev_char (p);
    c = g_utf8_get_char (p);

    switch (c) {
      case '.':
      case '!':
      case '?':
      case 0x2026:             /* horizontal ellipsis */
      case 0x3002:             /* ideographic full stop */
      case 0xff01:             /* fullwidth exclamation mark */
      case 0xff1f:             /* fullwidth question mark */
      case 0x061f:             /* Arabic question mark */
      case 0x06d4:             /* Arabic full stop */
      case 0x0964:             /* danda */
        return BREAK_SENTENCE;
      case ',':
      case ';':
      case ':':
      case 0x2013:             /* en dash */
      case 0x2014:             /* em dash */
      case 0x060c:             /* Arabic comma */
      case 0x061b:             /* Arabic semicolon */
      case 0x3001:             /* ideographic comma */
      case 0xff0c:             /* fullwidth comma */
        return BREAK_CLAUSE;
      case '"':
      case '\'':
      case ')':
      case ']':
        continue;
      default:
        if (g_unichar_type (c) == G_UNICODE_FINAL_PUNCTUATION)
          continue;
        return BREAK_PLAIN;
    }
  }

  return BREAK_PLAIN;
}

static void
layout_add_word (Layout * self, gsize offset, guint chars, gboolean glued)
{
  Word word = { 0, };

  word.offset = offset;
  word.bytes = self->text->len - offset;
  word.chars = chars;
  word.glued = glued;
  word.after = break_after (self->text->str + offset, word.bytes);
  g_array_append_val (self->words, word);
}

/* Reads words out of @text; those longer than a line become pieces. */
static void
layout_add_text (Layout * self, const gchar * text)
{
  gsize offset = self->text->len;       /* where the word begins */
  gsize cluster_offset = offset;        /* where its last cluster begins */
  guint chars = 0, cluster_chars = 0;   /* up to the same two places */
  gunichar previous = 0;
  gboolean glued = FALSE;
  const gchar *p;

  for (p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (is_blank (c)) {
      if (chars > 0)
        layout_add_word (self, offset, chars, glued);
      offset = cluster_offset = self->text->len;
      chars = cluster_chars = 0;
      previous = 0;
      glued = FALSE;
      continue;
    }
    if (g_unichar_iscntrl (c))
      continue;

    if (starts_cluster (previous, c)) {
      cluster_offset = self->text->len;
      cluster_chars = chars;
    }
    if (chars == self->max_line_length) {
      GString *rest = NULL;
      guint rest_chars = 0;

      /* A cluster that fills a line alone is broken where the line ends. */
      if (cluster_chars > 0 && cluster_chars < chars) {
        rest = g_string_new (self->text->str + cluster_offset);
        rest_chars = chars - cluster_chars;
        g_string_truncate (self->text, cluster_offset);
      }
      layout_add_word (self, offset, chars - rest_chars, glued);
      offset = cluster_offset = self->text->len;
      chars = rest_chars;
      cluster_chars = 0;
      glued = TRUE;
      if (rest) {
        g_string_append_len (self->text, rest->str, rest->len);
        g_string_free (rest, TRUE);
      }
    }
    g_string_append_unichar (self->text, c);
    chars++;
    previous = c;
  }

  if (chars > 0)
    layout_add_word (self, offset, chars, glued);
}

/* Adds up the characters; the first @n_prefix words take no time. */
static void
layout_sum (Layout * self, guint n_prefix)
{
  Word end = { 0, };
  guint i;

  self->n_words = self->words->len;
  g_array_append_val (self->words, end);

  for (i = 1; i <= self->n_words; i++) {
    const Word *last = WORD (self, i - 1);
    Word *word = WORD (self, i);
    guint step = last->chars + (word->glued ? 0 : 1);

    word->before = last->before + step;
    word->spoken_before = last->spoken_before + (i > n_prefix ? step : 0);
  }
}

/* Characters of the words from @first up to but not including @last, on one
 * line. */
static guint64
layout_length (const Layout * self, guint first, guint last)
{
  const Word *word = WORD (self, last - 1);

  return word->before + word->chars - WORD (self, first)->before;
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
    gdouble cost = ABS (off) / room + break_cost[WORD (self, i - 1)->after];

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

      if (i > first && !word->glued)
        g_string_append_c (text, ' ');
      g_string_append_len (text, self->text->str + word->offset, word->bytes);
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
  Layout layout = { MAX (max_line_length, 1), MAX (max_lines, 1), NULL, };
  guint first, n_prefix = 0;

  g_return_val_if_fail (text != NULL, cues);
  g_return_val_if_fail (GST_CLOCK_TIME_IS_VALID (start), cues);
  g_return_val_if_fail (GST_CLOCK_TIME_IS_VALID (end) && end >= start, cues);

  layout.text = g_string_new (NULL);
  layout.words = g_array_new (FALSE, FALSE, sizeof (Word));

  if (prefix) {
    layout_add_text (&layout, prefix);
    n_prefix = layout.words->len;
  }
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
      g_ptr_array_add (cues, cue);
      first = last;
    }
  }

  g_string_free (layout.text, TRUE);
  g_array_unref (layout.words);
  return cues;
}

GstClockTime
realtime_cue_speaking_time (const gchar * text)
{
  return gst_util_uint64_scale (MAX (1, g_utf8_strlen (text, -1)), GST_SECOND,
      SPEAKING_CHARACTERS_PER_SECOND);
}

void
realtime_cue_place (RealtimeCue * cue, GstClockTime * position,
    GstClockTime now, GstClockTime min_duration, GstClockTime max_duration)
{
  GstClockTime shortest = gst_util_uint64_scale (g_utf8_strlen (cue->text, -1),
      GST_SECOND, READING_CHARACTERS_PER_SECOND);

  cue->start = MAX (cue->start, *position);

  shortest = MAX (shortest, min_duration);
  if (GST_CLOCK_TIME_IS_VALID (now) && cue->start > now
      && cue->start - now > LONGEST_BACKLOG)
    shortest = MIN (shortest, CATCH_UP_DURATION);

  cue->end = MAX (cue->end, cue->start + shortest);
  cue->end = MIN (cue->end, cue->start + max_duration);
  cue->end = MAX (cue->end, cue->start + SHORTEST_CUE);
  *position = cue->end;
}
