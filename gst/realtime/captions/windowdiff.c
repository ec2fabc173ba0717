/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "windowdiff.h"

/* Lines that are shown hold no more words than that. */
#define MAX_WORDS 512

static gchar **
split (const gchar * text)
{
  g_auto (GStrv) parts = g_strsplit_set (text, " \n", -1);
  GPtrArray *words = g_ptr_array_new ();
  guint i;

  for (i = 0; parts[i]; i++) {
    if (*parts[i] != '\0')
      g_ptr_array_add (words, g_strdup (parts[i]));
  }
  g_ptr_array_add (words, NULL);

  return (gchar **) g_ptr_array_free (words, FALSE);
}

static guint
count_same (gchar ** one, gchar ** other)
{
  guint i, same = 0;

  for (i = 0; one[i] && other[i]; i++)
    same += g_str_equal (one[i], other[i]);

  return same;
}

gchar *
realtime_window_diff (const gchar * before, const gchar * now)
{
  g_auto (GStrv) old = split (before ? before : "");
  g_auto (GStrv) new = split (now);
  guint n_old = g_strv_length (old), n_new = g_strv_length (new);
  guint from = n_old > MAX_WORDS ? n_old - MAX_WORDS : 0;
  guint scrolled, best = n_old, most = 0;

  for (scrolled = from; scrolled < n_old; scrolled++) {
    guint same = count_same (&old[scrolled], new);

    /* where nothing was corrected is more likely the place */
    if (same == MIN (n_old - scrolled, n_new))
      same *= 2;
    if (same > most) {
      most = same;
      best = scrolled;
    }
  }

  return g_strjoinv (" ", &new[MIN (n_old - best, n_new)]);
}
