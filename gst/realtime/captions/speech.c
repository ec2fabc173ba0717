/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "cue.h"
#include "linebreak.h"
#include "speech.h"
#include "wordalign.h"

/* Successive texts that a word has to stand in where texts are revised. */
#define TEXTS_OF_CERTAIN_WORD 3
/* Services tell words in parts, which follow each other at once: after so long
 * even the last word is whole. */
#define LONGEST_PART_DELAY (300 * GST_MSECOND)
/* A word that did not change for so long is certain where texts are revised. */
#define SETTLING_TIME (1 * GST_SECOND)
/* No service takes longer to tell the first words. */
#define LONGEST_DELAY (3 * GST_SECOND)
/* Words of the end of the text that an addition may join or part. */
#define OPEN_WORDS 3
/* So many additions tell that a service tells whole words. */
#define ADDITIONS_OF_HABIT 8
/* Taken words that are kept to find them in a revised text. */
#define KEPT_WORDS 64

struct _RealtimeSpeech
{
  gboolean ahead;
  RealtimeSpeechHabit *habit;   /* (nullable), not owned */
  gboolean final;
  gboolean revises;             /* a text was not the one before and more */

  gchar *source;                /* the line's text */
  GString *text;                /* the words, one behind the other */
  GArray *words;                /* of RealtimeWord */
  GstClockTime start, end;      /* of the line, or NONE */
  GstClockTime changed;
  GstClockTime delay;           /* by which words are told */

  guint n_taken;
  GPtrArray *taken;             /* texts of the last ones, at most KEPT_WORDS */
  GstClockTime taken_until;     /* where they end */
  guint next;                   /* the word that follows them */
  guint *found;                 /* (nullable): where they are, if revised */
};

#define WORD(self,i) (&g_array_index ((self)->words, RealtimeWord, (i)))

RealtimeSpeech *
realtime_speech_new (gboolean ahead, RealtimeSpeechHabit * habit)
{
  RealtimeSpeech *self = g_new0 (RealtimeSpeech, 1);

  self->ahead = ahead;
  self->habit = habit;
  self->source = g_strdup ("");
  self->text = g_string_new (NULL);
  self->words = g_array_new (FALSE, FALSE, sizeof (RealtimeWord));
  self->start = self->end = GST_CLOCK_TIME_NONE;
  self->changed = self->taken_until = GST_CLOCK_TIME_NONE;
  self->taken = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
realtime_speech_free (RealtimeSpeech * self)
{
  if (self) {
    g_free (self->source);
    g_string_free (self->text, TRUE);
    g_array_unref (self->words);
    g_ptr_array_unref (self->taken);
    g_free (self->found);
    g_free (self);
  }
}

static gboolean
same_text (const gchar * a, gsize a_bytes, const gchar * b, gsize b_bytes)
{
  return a_bytes == b_bytes && memcmp (a, b, a_bytes) == 0;
}

/* Appends the words of what follows byte @from of the source. */
static void
read_words (RealtimeSpeech * self, gsize from, GstClockTime now)
{
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE,
      sizeof (RealtimePiece));
  guint i;

  realtime_break_text (self->source + from, 0, self->text, pieces);
  for (i = 0; i < pieces->len; i++) {
    const RealtimePiece *piece = &g_array_index (pieces, RealtimePiece, i);
    RealtimeWord word = { piece->offset, piece->bytes, from + piece->source,
      piece->columns, piece->seam == REALTIME_SEAM_BLANK, 1,
      GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE, now, GST_CLOCK_TIME_NONE
    };

    if (i > 0 && piece->seam == REALTIME_SEAM_TIGHT) {
      RealtimeWord *last = WORD (self, self->words->len - 1);

      last->bytes += word.bytes;
      last->columns += word.columns;
    } else {
      g_array_append_val (self->words, word);
    }
  }
}

/* Learns from what is added to the text. */
static void
learn_habit (RealtimeSpeech * self, const gchar * addition)
{
  const gchar *end = self->source + strlen (self->source);

  if (!self->habit || *addition == '\0' || end == self->source)
    return;
  if (g_unichar_isspace (g_utf8_get_char (addition))
      || g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (end))))
    self->habit->whole_words++;
  else if (!realtime_is_solid (g_utf8_get_char (addition)))
    self->habit->parts = TRUE;
}

/* Replaces the text. Words that it leaves as they are keep what is known of
 * them. Returns the first that is another. */
static guint
replace_text (RealtimeSpeech * self, const gchar * text, GstClockTime now)
{
  gboolean appends = g_str_has_prefix (text, self->source);
  guint first = 0, i;
  gsize from = 0, offset = 0;
  gboolean blank = TRUE;
  g_autoptr (GArray) old = NULL;
  g_autofree gchar *old_text = NULL;

  if (appends && self->words->len > OPEN_WORDS) {
    const RealtimeWord *word;

    first = self->words->len - OPEN_WORDS;
    word = WORD (self, first);
    from = word->source;
    offset = word->offset;
    blank = word->blank;
  }
  if (!appends)
    self->revises = TRUE;
  else if (!self->final)
    learn_habit (self, text + strlen (self->source));

  old = g_array_sized_new (FALSE, FALSE, sizeof (RealtimeWord),
      self->words->len - first);
  g_array_append_vals (old, WORD (self, first), self->words->len - first);
  old_text = g_strdup (self->text->str + offset);
  g_string_truncate (self->text, offset);
  g_array_set_size (self->words, first);
  g_free (self->source);
  self->source = g_strdup (text);
  read_words (self, from, now);
  if (self->words->len > first)
    WORD (self, first)->blank = blank;

  for (i = 0; i < old->len && first + i < self->words->len; i++) {
    const RealtimeWord *before = &g_array_index (old, RealtimeWord, i);
    RealtimeWord *word = WORD (self, first + i);

    if (!same_text (old_text + before->offset - offset, before->bytes,
            self->text->str + word->offset, word->bytes))
      break;
    word->seen = before->seen + 1;
    word->start = before->start;
    word->end = before->end;
    word->changed = before->changed;
    word->certain = before->certain;
  }
  /* a word that grew began where it began */
  if (i < old->len && first + i < self->words->len) {
    const RealtimeWord *before = &g_array_index (old, RealtimeWord, i);
    RealtimeWord *word = WORD (self, first + i);

    if (word->bytes > before->bytes && memcmp (self->text->str + word->offset,
            old_text + before->offset - offset, before->bytes) == 0)
      word->start = before->start;
  }

  return first + i;
}

/* Whether the words that were taken are the first of the text. */
static gboolean
has_taken (RealtimeSpeech * self)
{
  guint before = self->n_taken - self->taken->len, i;

  if (self->n_taken > self->words->len)
    return FALSE;
  for (i = 0; i < self->taken->len; i++) {
    const gchar *text = g_ptr_array_index (self->taken, i);
    const RealtimeWord *word = WORD (self, before + i);

    if (!same_text (text, strlen (text), self->text->str + word->offset,
            word->bytes))
      return FALSE;
  }
  return TRUE;
}

static void
add_align_word (GArray * words, const gchar * text, gsize bytes)
{
  RealtimeAlignWord word = { text, bytes };

  g_array_append_val (words, word);
}

/* Finds what follows the words that were taken. */
static void
find_taken (RealtimeSpeech * self)
{
  guint kept = self->taken->len;
  guint before = self->n_taken - kept;
  g_autoptr (GArray) shown = NULL;
  g_autoptr (GArray) words = NULL;
  guint from, i;

  g_clear_pointer (&self->found, g_free);
  if (has_taken (self)) {
    self->next = self->n_taken;
    return;
  }

  shown = g_array_new (FALSE, FALSE, sizeof (RealtimeAlignWord));
  words = g_array_new (FALSE, FALSE, sizeof (RealtimeAlignWord));
  for (i = 0; i < kept; i++) {
    const gchar *text = g_ptr_array_index (self->taken, i);

    add_align_word (shown, text, strlen (text));
  }
  /* words that were put in or left out move the others by no more than that */
  from = MIN (before > KEPT_WORDS ? before - KEPT_WORDS : 0, self->words->len);
  for (i = from; i < MIN (self->words->len, from + 3 * KEPT_WORDS); i++)
    add_align_word (words, self->text->str + WORD (self, i)->offset, WORD (self,
            i)->bytes);

  self->found = realtime_word_align ((RealtimeAlignWord *) shown->data, kept,
      (RealtimeAlignWord *) words->data, words->len, before - from);
  for (i = 0; i <= kept; i++)
    self->found[i] += from;
  self->next = self->found[kept];
}

/* Shares the time between @begin and @end among the words from @first to
 * before @last by their length. */
static void
share_time (RealtimeSpeech * self, guint first, guint last,
    GstClockTime begin, GstClockTime end)
{
  guint64 all = 0, so_far = 0;
  guint i;

  for (i = first; i < last; i++)
    all += WORD (self, i)->columns + (WORD (self, i)->blank ? 1 : 0);
  for (i = first; i < last; i++) {
    RealtimeWord *word = WORD (self, i);

    word->start = begin + gst_util_uint64_scale (end - begin, so_far, all);
    so_far += word->columns + (word->blank ? 1 : 0);
    word->end = begin + gst_util_uint64_scale (end - begin, so_far, all);
  }
}

/* At an ordinary pace. */
static GstClockTime
speaking_time (RealtimeSpeech * self, guint first, guint last)
{
  guint columns = 0, i;

  for (i = first; i < last; i++)
    columns += WORD (self, i)->columns + (WORD (self, i)->blank ? 1 : 0);
  return realtime_cue_columns_time (columns);
}

/* The words from @first on were all said by the line's end. */
static void
place_until_end (RealtimeSpeech * self, guint first)
{
  GstClockTime begin = self->start, end = self->end;
  guint last = self->words->len;

  if (GST_CLOCK_TIME_IS_VALID (self->taken_until)
      && (!GST_CLOCK_TIME_IS_VALID (begin) || self->taken_until > begin))
    begin = self->taken_until;
  if (!GST_CLOCK_TIME_IS_VALID (begin))
    begin = end - MIN (end, speaking_time (self, first, last));
  /* what was shown stands where the rest should be */
  if (begin > end
      || (begin == end && GST_CLOCK_TIME_IS_VALID (self->taken_until)))
    end = begin + speaking_time (self, first, last);
  share_time (self, first, last, begin, end);
}

/* The words from @first on came just now. */
static void
place_by_arrival (RealtimeSpeech * self, guint first, GstClockTime now)
{
  guint last = self->words->len;
  GstClockTime span = speaking_time (self, first, last);
  GstClockTime begin = WORD (self, first)->start, end;

  if (first == 0) {
    if (!GST_CLOCK_TIME_IS_VALID (begin))
      begin = MIN (GST_CLOCK_TIME_IS_VALID (self->start) ? self->start :
          now - MIN (now, span), now);
    end = MIN (begin + span, now);
    self->delay = MIN (now - end, LONGEST_DELAY);
  } else {
    end = now - MIN (now, self->delay);
    if (!GST_CLOCK_TIME_IS_VALID (begin))
      begin = MAX (WORD (self, first - 1)->end, end - MIN (end, span));
    /* many words at once were spoken fast, but not in no time */
    end = MAX (end, begin + span / 2);
  }
  share_time (self, first, last, begin, end);
}

/* The words from @first on are still to be spoken. */
static void
place_ahead (RealtimeSpeech * self, guint first)
{
  guint last = self->words->len;
  GstClockTime begin = self->start;

  if (!GST_CLOCK_TIME_IS_VALID (begin))
    return;
  if (first > 0 && GST_CLOCK_TIME_IS_VALID (WORD (self, first - 1)->end))
    begin = MAX (begin, WORD (self, first - 1)->end);
  else
    first = self->next;
  share_time (self, first, last, begin,
      begin + speaking_time (self, first, last));
}

/* Gives times to the words from @first on, or to all that are not taken where
 * more is known of the line. */
static void
place_words (RealtimeSpeech * self, guint first, GstClockTime now)
{
  if (self->next >= self->words->len)
    return;
  if (GST_CLOCK_TIME_IS_VALID (self->end))
    place_until_end (self, self->next);
  else if (MAX (first, self->next) >= self->words->len)
    return;
  else if (self->ahead)
    place_ahead (self, MAX (first, self->next));
  else
    place_by_arrival (self, MAX (first, self->next), now);
}

/* Whether more of word @i may come: it is the last, no blank follows, and the
 * service is one that tells parts. */
static gboolean
may_grow (RealtimeSpeech * self, guint i)
{
  gsize length = strlen (self->source);

  if (self->final || i + 1 < self->words->len)
    return FALSE;
  if (length > 0 && g_ascii_isspace (self->source[length - 1]))
    return FALSE;
  return !self->habit || self->habit->parts
      || self->habit->whole_words < ADDITIONS_OF_HABIT;
}

static void
find_certain (RealtimeSpeech * self, GstClockTime now)
{
  guint needed = self->revises ? TEXTS_OF_CERTAIN_WORD : 1;
  guint i;

  for (i = self->next; i < self->words->len; i++) {
    RealtimeWord *word = WORD (self, i);

    if (GST_CLOCK_TIME_IS_VALID (word->certain))
      continue;
    if (self->final || (!may_grow (self, i) && word->seen >= needed))
      word->certain = now;
  }
}

void
realtime_speech_tell (RealtimeSpeech * self, const gchar * text,
    GstClockTime start, GstClockTime end, GstClockTime now, gboolean final)
{
  guint first;

  if (self->final)
    return;
  if (GST_CLOCK_TIME_IS_VALID (start))
    self->start = start;
  if (GST_CLOCK_TIME_IS_VALID (end)
      && (!GST_CLOCK_TIME_IS_VALID (self->start) || end >= self->start))
    self->end = end;
  self->final = final;
  self->changed = now;

  first = replace_text (self, text, now);
  find_taken (self);
  place_words (self, first, now);
  find_certain (self, now);
}

void
realtime_speech_set_start (RealtimeSpeech * self, GstClockTime start,
    GstClockTime now)
{
  if (self->final || self->start == start)
    return;
  self->start = start;
  if (self->n_taken == 0)
    place_words (self, 0, now);
}

gboolean
realtime_speech_is_final (RealtimeSpeech * self)
{
  return self->final;
}

GstClockTime
realtime_speech_get_changed (RealtimeSpeech * self)
{
  return self->changed;
}

const RealtimeWord *
realtime_speech_get_any (RealtimeSpeech * self, guint i)
{
  return i < self->words->len ? WORD (self, i) : NULL;
}

const RealtimeWord *
realtime_speech_get_word (RealtimeSpeech * self, guint i)
{
  return realtime_speech_get_any (self, self->next + i);
}

const gchar *
realtime_speech_get_text (RealtimeSpeech * self, const RealtimeWord * word)
{
  return self->text->str + word->offset;
}

const gchar *
realtime_speech_get_rest (RealtimeSpeech * self, const RealtimeWord * word)
{
  return self->source + word->source;
}

gboolean
realtime_speech_may_show (RealtimeSpeech * self, guint i, GstClockTime now,
    GstClockTime budget)
{
  const RealtimeWord *word = realtime_speech_get_word (self, i);
  GstClockTime age;

  if (!word)
    return FALSE;
  if (GST_CLOCK_TIME_IS_VALID (word->certain))
    return TRUE;
  age = now > word->changed ? now - word->changed : 0;
  if (age >= (self->revises ? SETTLING_TIME : LONGEST_PART_DELAY))
    return TRUE;
  if (may_grow (self, self->next + i) && age < LONGEST_PART_DELAY)
    return FALSE;
  return GST_CLOCK_TIME_IS_VALID (word->start)
      && now >= word->start + budget && word->changed <= word->start + budget;
}

GstClockTime
realtime_speech_take (RealtimeSpeech * self, guint n, GstClockTime now)
{
  GstClockTime longest = 0;

  while (n-- > 0 && self->next < self->words->len) {
    const RealtimeWord *word = WORD (self, self->next);
    GstClockTime certain =
        GST_CLOCK_TIME_IS_VALID (word->certain) ? word->certain : now;

    if (GST_CLOCK_TIME_IS_VALID (word->start) && certain > word->start)
      longest = MAX (longest, certain - word->start);
    if (GST_CLOCK_TIME_IS_VALID (word->end))
      self->taken_until = word->end;

    if (self->taken->len == KEPT_WORDS) {
      g_ptr_array_remove_index (self->taken, 0);
      /* what it points into has moved on */
      if (self->found)
        memmove (self->found, self->found + 1, KEPT_WORDS * sizeof (guint));
    } else if (self->found) {
      self->found = g_renew (guint, self->found, self->taken->len + 2);
    }
    g_ptr_array_add (self->taken, g_strndup (realtime_speech_get_text (self,
                word), word->bytes));
    self->n_taken++;
    self->next++;
    if (self->found)
      self->found[self->taken->len] = self->next;
  }

  return longest;
}

guint
realtime_speech_get_taken (RealtimeSpeech * self)
{
  return self->n_taken;
}

gboolean
realtime_speech_is_revised (RealtimeSpeech * self)
{
  return self->found != NULL;
}

guint
realtime_speech_find (RealtimeSpeech * self, guint number)
{
  guint before = self->n_taken - self->taken->len;

  if (!self->found)
    return number;
  if (number < before)
    return MIN (number, self->found[0]);
  return self->found[MIN (number - before, self->taken->len)];
}
