/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What is new in lines that grow and scroll. */

#include <gst/check/gstcheck.h>
#include "captions/windowdiff.h"

GST_START_TEST (test_diff)
{
  static const struct
  {
    const gchar *before, *now, *added;
  } rows[] = {
    {NULL, "Good evening", "Good evening"},
    {"Good", "Good evening", "evening"},
    {"Good evening", "Good evening", ""},
    {"no", "no no", "no"},
    {"no no", "no no no", "no"},
    {"one two\nthree four", "three four\nfive", "five"},
    {"one two\nthree four", "three four", ""},
    /* corrected: not said again */
    {"I like hats", "I like cats and", "and"},
    {"one two\nthree for", "three four\nfive", "five"},
    {"a b a", "a x a y", "y"},
    /* shorter now */
    {"one two three", "one two", ""},
    /* nothing in common */
    {"one two", "three four", "three four"},
    {"one", "", ""},
    {"", "", ""},
    {" \n", "a\n\nb", "a b"},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree gchar *added = realtime_window_diff (rows[i].before,
        rows[i].now);

    fail_unless (g_str_equal (added, rows[i].added), "row %u: \"%s\"", i,
        added);
  }
}

GST_END_TEST;

/* Few words, in no order that comes again. */
static guint
nth (guint i)
{
  return (i * 2654435761u >> 13) % 7;
}

/* Word after word through a window: all come out, once. */
GST_START_TEST (test_all_words)
{
  g_autoptr (GString) window = g_string_new (NULL);
  g_autoptr (GString) all = g_string_new (NULL);
  g_autofree gchar *before = NULL;
  guint i;

  for (i = 0; i < 500; i++) {
    g_autofree gchar *word = g_strdup_printf ("%u", nth (i));
    g_autofree gchar *added = NULL;

    if (window->len > 60)
      g_string_erase (window, 0, 30);
    g_string_append_printf (window, "%s%s", i % 15 == 14 ? "\n" : " ", word);
    added = realtime_window_diff (before, window->str);
    g_string_append (all, added);
    g_free (before);
    before = g_strdup (window->str);
  }
  for (i = 0; i < 500; i++)
    fail_unless_equals_int (all->str[i] - '0', nth (i));
  fail_unless_equals_int (all->len, 500);
}

GST_END_TEST;

static Suite *
windowdiff_suite (void)
{
  Suite *s = suite_create ("captions-windowdiff");
  TCase *tc = tcase_create ("windowdiff");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_diff);
  tcase_add_test (tc, test_all_words);

  return s;
}

GST_CHECK_MAIN (windowdiff);
