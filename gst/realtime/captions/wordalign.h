/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_WORD_ALIGN_H__
#define __REALTIME_WORD_ALIGN_H__

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const gchar *text;            /* UTF-8, not terminated */
  gsize bytes;
} RealtimeAlignWord;

/**
 * realtime_word_align:
 * @shown: words of one text
 * @words: words of another that says the same otherwise
 * @near: where the first of @shown is expected in @words, at most @n_words
 *
 * Finds for each of @shown the word that stands in its place, so that as few
 * words as possible are exchanged, left out or put in between. Case and
 * punctuation make no difference. Words behind the last place are not
 * counted: they go on from there. The time goes with the product of the
 * numbers.
 *
 * Returns: (transfer full): the place of each of @shown, never going back, and
 * then the place behind the last one; @n_shown + 1 numbers
 */
guint *realtime_word_align (const RealtimeAlignWord * shown, guint n_shown,
    const RealtimeAlignWord * words, guint n_words, guint near);

G_END_DECLS

#endif /* __REALTIME_WORD_ALIGN_H__ */
