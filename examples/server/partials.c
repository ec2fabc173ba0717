/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "partials.h"

#define SAME 3
#define TAIL 1

void
partials_init (Partials * partials)
{
  partials->words = g_ptr_array_new_with_free_func (g_free);
  partials->seen = g_array_new (FALSE, TRUE, sizeof (guint));
  partials->sent = 0;
}

void
partials_reset (Partials * partials)
{
  g_ptr_array_set_size (partials->words, 0);
  g_array_set_size (partials->seen, 0);
  partials->sent = 0;
}

static void
remember (Partials * partials, gchar ** words)
{
  guint n = g_strv_length (words), i;
  guint known = partials->words->len;

  g_array_set_size (partials->seen, n);
  for (i = 0; i < n; i++) {
    guint *seen = &g_array_index (partials->seen, guint, i);

    if (i < known &&
        g_str_equal (g_ptr_array_index (partials->words, i), words[i]))
      (*seen)++;
    else
      *seen = 1;
  }
  g_ptr_array_set_size (partials->words, 0);
  for (i = 0; i < n; i++)
    g_ptr_array_add (partials->words, g_strdup (words[i]));
}

gchar *
partials_add (Partials * partials, const gchar * hypothesis)
{
  g_auto (GStrv) words = g_strsplit_set (hypothesis, " ", -1);
  GString *out = NULL;

  remember (partials, words);
  while (partials->sent + TAIL < partials->words->len &&
      g_array_index (partials->seen, guint, partials->sent) >= SAME) {
    if (out == NULL)
      out = g_string_new (NULL);
    if (partials->sent > 0)
      g_string_append_c (out, ' ');
    g_string_append (out, g_ptr_array_index (partials->words, partials->sent));
    partials->sent++;
  }
  return out != NULL ? g_string_free (out, FALSE) : NULL;
}

void
partials_clear (Partials * partials)
{
  g_ptr_array_unref (partials->words);
  g_array_unref (partials->seen);
}
