/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "wordalign.h"

/* What it costs to put a word in, or to leave one out or exchange it: a word
 * that is put in is more likely than a shift of all that follow, and where
 * nothing is the same, as many words stand for those that were shown. */
#define PUT_IN_COST 4
#define OTHER_COST 5

/* The letters and digits of @word in one case; without any, as it is. */
static gchar *
get_key (const RealtimeAlignWord * word)
{
  g_autoptr (GString) letters = g_string_new (NULL);
  const gchar *p;

  for (p = word->text; p < word->text + word->bytes; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (!g_unichar_ispunct (c))
      g_string_append_unichar (letters, c);
  }
  if (letters->len == 0)
    return g_strndup (word->text, word->bytes);
  return g_utf8_casefold (letters->str, letters->len);
}

static GPtrArray *
get_keys (const RealtimeAlignWord * words, guint n)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
  guint i;

  for (i = 0; i < n; i++)
    g_ptr_array_add (keys, get_key (&words[i]));
  return keys;
}

static guint
distance (guint a, guint b)
{
  return a > b ? a - b : b - a;
}

guint *
realtime_word_align (const RealtimeAlignWord * shown, guint n_shown,
    const RealtimeAlignWord * words, guint n_words, guint near)
{
  g_autoptr (GPtrArray) shown_keys = get_keys (shown, n_shown);
  g_autoptr (GPtrArray) word_keys = get_keys (words, n_words);
  guint width = n_words + 1;
  guint *costs = g_new (guint, (n_shown + 1) * width);
  guint *places = g_new (guint, n_shown + 1);
  guint i, j, best = 0;

#define COST(i,j) costs[(i) * width + (j)]

  /* of turning the first i of the one into those up to the j-th of the other */
  for (j = 0; j <= n_words; j++)
    COST (0, j) = PUT_IN_COST * distance (j, near);
  for (i = 1; i <= n_shown; i++) {
    COST (i, 0) = COST (i - 1, 0) + OTHER_COST;
    for (j = 1; j <= n_words; j++) {
      gboolean same = strcmp (g_ptr_array_index (shown_keys, i - 1),
          g_ptr_array_index (word_keys, j - 1)) == 0;
      guint cost = COST (i - 1, j - 1) + (same ? 0 : OTHER_COST);

      cost = MIN (cost, COST (i - 1, j) + OTHER_COST);
      COST (i, j) = MIN (cost, COST (i, j - 1) + PUT_IN_COST);
    }
  }

  /* where two ends are as good, the one that is as far as what was shown */
  for (j = 1; j <= n_words; j++) {
    guint cost = COST (n_shown, j), lowest = COST (n_shown, best);

    if (cost < lowest || (cost == lowest && distance (j, near + n_shown) <
            distance (best, near + n_shown)))
      best = j;
  }

  places[n_shown] = j = best;
  for (i = n_shown; i > 0;) {
    gboolean same = j > 0 && strcmp (g_ptr_array_index (shown_keys, i - 1),
        g_ptr_array_index (word_keys, j - 1)) == 0;

    if (j > 0 && COST (i, j) == COST (i - 1, j - 1) + (same ? 0 : OTHER_COST)) {
      j--;
      places[--i] = j;
    } else if (COST (i, j) == COST (i - 1, j) + OTHER_COST) {
      places[--i] = j;
    } else {
      j--;
    }
  }
#undef COST
  g_free (costs);

  return places;
}
