/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_PARTIALS_H__
#define __SERVER_PARTIALS_H__

#include <glib.h>

G_BEGIN_DECLS
/* Deltas only append, but a recogniser rewrites the tail of what it thought.
 * A word is let out when it was the same in three successive hypotheses and
 * another word follows it; the final text corrects what that got wrong. */
    typedef struct
{
  GPtrArray *words;             /* of the hypothesis before */
  GArray *seen;                 /* guint: how often in a row, word by word */
  guint sent;
} Partials;

void partials_init (Partials * partials);
void partials_reset (Partials * partials);
/* The text to append now, with its blanks; NULL for none. */
gchar *partials_add (Partials * partials, const gchar * hypothesis);
void partials_clear (Partials * partials);

G_END_DECLS
#endif /* __SERVER_PARTIALS_H__ */
