/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "linebreak.h"
#include "window.h"

typedef struct
{
  gchar *text;
  guint columns;
  gboolean blank;               /* before it, if it does not begin a line */
  guint64 line;
  guint number;
  gchar *speaker;               /* (nullable): whose line begins here */
  gboolean begins;              /* it begins a line, wherever it stands */
} Word;

struct _RealtimeWindow
{
  guint max_columns, max_lines;
  GPtrArray *lines;             /* of GPtrArray of Word, none empty */
  gchar *speaker;               /* of the bottom line */
  gboolean begin;               /* the next word begins a line */
};

static void
word_free (Word * word)
{
  if (word) {
    g_free (word->text);
    g_free (word->speaker);
    g_free (word);
  }
}

RealtimeWindow *
realtime_window_new (void)
{
  RealtimeWindow *self = g_new0 (RealtimeWindow, 1);

  self->max_columns = self->max_lines = G_MAXUINT;
  self->lines =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  return self;
}

void
realtime_window_free (RealtimeWindow * self)
{
  if (self) {
    g_ptr_array_unref (self->lines);
    g_free (self->speaker);
    g_free (self);
  }
}

void
realtime_window_clear (RealtimeWindow * self)
{
  g_ptr_array_set_size (self->lines, 0);
}

void
realtime_window_set_size (RealtimeWindow * self, guint columns, guint lines)
{
  self->max_columns = MAX (columns, 2);
  self->max_lines = MAX (lines, 1);
}

static void
set_speaker (RealtimeWindow * self, const gchar * speaker)
{
  gchar *copy = g_strdup (speaker);

  g_free (self->speaker);
  self->speaker = copy;
}

void
realtime_window_begin_line (RealtimeWindow * self, const gchar * speaker)
{
  set_speaker (self, speaker);
  self->begin = TRUE;
}

static guint
line_columns (GPtrArray * line)
{
  guint columns = 0, i;

  for (i = 0; i < line->len; i++) {
    const Word *word = g_ptr_array_index (line, i);

    columns += word->columns + (i > 0 && word->blank ? 1 : 0);
  }
  return columns;
}

static GPtrArray *
bottom_line (RealtimeWindow * self)
{
  return self->lines->len > 0 ?
      g_ptr_array_index (self->lines, self->lines->len - 1) : NULL;
}

/* Takes @word, which fits a line. */
static void
place_word (RealtimeWindow * self, Word * word)
{
  GPtrArray *bottom = bottom_line (self);

  if (bottom && !word->begins && line_columns (bottom)
      + word->columns + (word->blank ? 1 : 0) <= self->max_columns) {
    g_ptr_array_add (bottom, word);
    return;
  }

  bottom = g_ptr_array_new_with_free_func ((GDestroyNotify) word_free);
  if (!word->speaker)
    word->speaker = g_strdup (self->speaker);
  g_ptr_array_add (bottom, word);
  g_ptr_array_add (self->lines, bottom);
  while (self->lines->len > self->max_lines)
    g_ptr_array_remove_index (self->lines, 0);
}

void
realtime_window_add (RealtimeWindow * self, const gchar * word, gsize bytes,
    gboolean blank, guint64 line, guint number)
{
  g_autofree gchar *text = g_strndup (word, bytes);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE,
      sizeof (RealtimePiece));
  guint i;

  /* a word may be parted at its hyphen, or be longer than a line */
  realtime_break_text (text, self->max_columns, out, pieces);
  for (i = 0; i < pieces->len; i++) {
    const RealtimePiece *piece = &g_array_index (pieces, RealtimePiece, i);
    Word *part = g_new0 (Word, 1);

    part->text = g_strndup (out->str + piece->offset, piece->bytes);
    part->columns = piece->columns;
    part->blank = i == 0 ? blank : piece->seam == REALTIME_SEAM_BLANK;
    part->line = line;
    part->number = number;
    part->begins = self->begin;
    part->speaker = self->begin ? g_strdup (self->speaker) : NULL;
    self->begin = FALSE;
    place_word (self, part);
  }
}

gboolean
realtime_window_is_empty (RealtimeWindow * self)
{
  return self->lines->len == 0;
}

gchar *
realtime_window_dup_text (RealtimeWindow * self)
{
  GString *text = g_string_new (NULL);
  guint i, j;

  for (i = 0; i < self->lines->len; i++) {
    GPtrArray *line = g_ptr_array_index (self->lines, i);

    if (i > 0)
      g_string_append_c (text, '\n');
    for (j = 0; j < line->len; j++) {
      const Word *word = g_ptr_array_index (line, j);

      if (j > 0 && word->blank)
        g_string_append_c (text, ' ');
      g_string_append (text, word->text);
    }
  }
  return g_string_free (text, FALSE);
}

gchar **
realtime_window_dup_speakers (RealtimeWindow * self)
{
  gchar **speakers = g_new0 (gchar *, self->lines->len + 1);
  guint i;

  for (i = 0; i < self->lines->len; i++) {
    GPtrArray *line = g_ptr_array_index (self->lines, i);
    const Word *first = g_ptr_array_index (line, 0);

    speakers[i] = g_strdup (first->speaker ? first->speaker : "");
  }
  return speakers;
}

guint
realtime_window_count_columns (RealtimeWindow * self)
{
  guint columns = 0, i;

  for (i = 0; i < self->lines->len; i++)
    columns += line_columns (g_ptr_array_index (self->lines, i));
  return columns;
}

guint
realtime_window_find_first (RealtimeWindow * self, guint64 line)
{
  guint i, j, first = REALTIME_WINDOW_NO_WORD;

  for (i = 0; i < self->lines->len; i++) {
    GPtrArray *words = g_ptr_array_index (self->lines, i);

    for (j = 0; j < words->len; j++) {
      const Word *word = g_ptr_array_index (words, j);

      if (word->line == line)
        first = MIN (first, word->number);
    }
  }
  return first;
}

/* Takes all words out, in order. */
static GPtrArray *
take_words (RealtimeWindow * self)
{
  GPtrArray *words =
      g_ptr_array_new_with_free_func ((GDestroyNotify) word_free);
  guint i;

  for (i = 0; i < self->lines->len; i++)
    g_ptr_array_extend_and_steal (words,
        g_ptr_array_ref (g_ptr_array_index (self->lines, i)));
  g_ptr_array_set_size (self->lines, 0);

  return words;
}

gboolean
realtime_window_replace (RealtimeWindow * self, guint64 line,
    const RealtimeWindowWord * words, guint n_words)
{
  g_autofree gchar *before = realtime_window_dup_text (self);
  g_autofree gchar *after = NULL;
  g_autoptr (GPtrArray) shown = take_words (self);
  g_autofree gchar *speaker = g_strdup (self->speaker);
  gboolean replaced = FALSE;
  guint i, j;

  for (i = 0; i < shown->len; i++) {
    Word *word = g_ptr_array_index (shown, i);

    if (word->speaker)
      set_speaker (self, word->speaker);
    if (word->line != line || word->number == REALTIME_WINDOW_NO_WORD) {
      shown->pdata[i] = NULL;
      place_word (self, word);
      continue;
    }
    self->begin = word->begins && !replaced;
    for (j = 0; !replaced && j < n_words; j++)
      realtime_window_add (self, words[j].text, words[j].bytes,
          words[j].blank, line, j);
    replaced = TRUE;
  }
  self->begin = FALSE;
  set_speaker (self, speaker);

  after = realtime_window_dup_text (self);
  return g_strcmp0 (before, after) != 0;
}
