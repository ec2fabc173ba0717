/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_LINE_BREAK_H__
#define __REALTIME_LINE_BREAK_H__

#include <glib.h>

G_BEGIN_DECLS

/* What parts a piece from the one before it. */
typedef enum
{
  REALTIME_SEAM_BLANK,          /* between words */
  REALTIME_SEAM_SOLID,          /* between words of a script without blanks */
  REALTIME_SEAM_TIGHT,          /* within a word, after a hyphen for example */
  REALTIME_SEAM_FORCED          /* within a piece longer than a line */
} RealtimeSeam;

/* What ends with a piece. */
typedef enum
{
  REALTIME_STOP_NONE,
  REALTIME_STOP_CLAUSE,
  REALTIME_STOP_SENTENCE
} RealtimeStop;

/* Words, or a part of one: no line ends within. */
typedef struct
{
  guint32 offset, bytes;        /* in the text that was made of it */
  guint32 source;               /* byte where it begins in what was given */
  guint32 columns;              /* at least 1 */
  RealtimeSeam seam;
  RealtimeStop stop;
} RealtimePiece;

/**
 * realtime_break_text:
 * @text: UTF-8 of any length
 * @max_columns: how long a piece may be, at least 2, or 0 for any length
 * @out: the text of the pieces is appended, without the blanks between them
 * @pieces: (element-type RealtimePiece): the pieces are appended
 *
 * Finds where lines of @text may end, by the line breaking rules of Unicode
 * (UAX 14) as Pango applies them, which knows the words of Thai too. White
 * space of any kind is one blank and a zero width space an invisible seam;
 * control characters are left out. Where a piece is too long even so, it is
 * broken between grapheme clusters.
 *
 * Columns are those of a character cell display: wide East Asian characters
 * and emoji take two, marks none of their own, all others one.
 */
void realtime_break_text (const gchar * text, guint max_columns, GString * out,
    GArray * pieces);

/* Whether words of its script follow each other without blanks. */
gboolean realtime_is_solid (gunichar c);

/* The columns that @text takes on one line. */
guint realtime_text_columns (const gchar * text);

G_END_DECLS

#endif /* __REALTIME_LINE_BREAK_H__ */
