/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_WINDOW_H__
#define __REALTIME_WINDOW_H__

#include <glib.h>

G_BEGIN_DECLS

/* Something that stands before the words and is none of them. */
#define REALTIME_WINDOW_NO_WORD G_MAXUINT

/**
 * RealtimeWindow:
 *
 * The lines of a roll-up caption: words are added to the bottom line, and when
 * it is full the lines move up and the top one goes.
 */
typedef struct _RealtimeWindow RealtimeWindow;

RealtimeWindow *realtime_window_new (void);
void realtime_window_free (RealtimeWindow * self);
void realtime_window_clear (RealtimeWindow * self);
/* What is shown already keeps its place until it scrolls. */
void realtime_window_set_size (RealtimeWindow * self, guint columns,
    guint lines);

/* What follows begins a line, of @speaker. */
void realtime_window_begin_line (RealtimeWindow * self, const gchar * speaker);
/* @blank: a blank parts it from what stands before it.
 * @line, @number: what the word is, for realtime_window_replace() */
void realtime_window_add (RealtimeWindow * self, const gchar * word,
    gsize bytes, gboolean blank, guint64 line, guint number);

gboolean realtime_window_is_empty (RealtimeWindow * self);
/* The lines with '\n' between them. */
gchar *realtime_window_dup_text (RealtimeWindow * self);
/* The speaker of each line. */
gchar **realtime_window_dup_speakers (RealtimeWindow * self);
guint realtime_window_count_columns (RealtimeWindow * self);

/* The lowest number of a word of @line that is shown, or
 * REALTIME_WINDOW_NO_WORD. */
guint realtime_window_find_first (RealtimeWindow * self, guint64 line);

typedef struct
{
  const gchar *text;
  gsize bytes;
  gboolean blank;
} RealtimeWindowWord;

/* Puts @words in the place of all words of @line that are shown; what comes
 * after them moves. Returns whether the window looks different. */
gboolean realtime_window_replace (RealtimeWindow * self, guint64 line,
    const RealtimeWindowWord * words, guint n_words);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeWindow, realtime_window_free)

G_END_DECLS

#endif /* __REALTIME_WINDOW_H__ */
