/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Lines that grow and are revised: their words, the times of these, when they
 * are certain, and how a revised text goes on. */

#include <string.h>
#include <gst/check/gstcheck.h>
#include "captions/speech.h"
#include "captions/window.h"
#include "captions/wordalign.h"

#define NONE GST_CLOCK_TIME_NONE
#define MS(value) ((value) * GST_MSECOND)

static void
tell (RealtimeSpeech * speech, const gchar * text, GstClockTime now)
{
  realtime_speech_tell (speech, text, MS (1000), NONE, now, FALSE);
}

/* The words that are not taken: "Good@1000 morning@1300". */
static void
fail_unless_words (RealtimeSpeech * speech, const gchar * expected)
{
  g_autoptr (GString) words = g_string_new (NULL);
  const RealtimeWord *word;
  guint i;

  for (i = 0; (word = realtime_speech_get_word (speech, i)); i++) {
    g_string_append_printf (words, "%s%.*s", i > 0 ? word->blank ? " " : "+" :
        "", (gint) word->bytes, realtime_speech_get_text (speech, word));
    if (GST_CLOCK_TIME_IS_VALID (word->start))
      g_string_append_printf (words, "@%" G_GUINT64_FORMAT,
          word->start / GST_MSECOND);
    fail_unless (g_str_has_prefix (realtime_speech_get_rest (speech, word),
            "") && word->end >= word->start);
  }
  fail_unless_equals_string (words->str, expected);
}

/* How many words can be shown. */
static guint
count_shown (RealtimeSpeech * speech, GstClockTime now, GstClockTime budget)
{
  guint n = 0;

  while (realtime_speech_may_show (speech, n, now, budget))
    n++;
  return n;
}

/* The first words tell how far behind the service is; the others are counted
 * back by that. */
GST_START_TEST (test_times_by_arrival)
{
  g_autoptr (RealtimeSpeech) speech = realtime_speech_new (FALSE, NULL);

  /* five columns with the blank, a third of a second: until 1333 */
  tell (speech, "Good", MS (2000));
  fail_unless_words (speech, "Good@1000");
  /* a part of a word, and the rest of it */
  tell (speech, "Good mor", MS (2500));
  tell (speech, "Good morning", MS (2510));
  fail_unless_words (speech, "Good@1000 morning@1566");
  /* a pause */
  tell (speech, "Good morning all", MS (5000));
  fail_unless_words (speech, "Good@1000 morning@1566 all@4066");
  /* the end is known: what was not taken shares the time */
  realtime_speech_take (speech, 1, MS (5000));
  realtime_speech_tell (speech, "Good morning all.", MS (1000), MS (4600),
      MS (5500), TRUE);
  fail_unless_words (speech, "morning@1333 all.@3343");
  fail_unless (realtime_speech_is_final (speech));
}

GST_END_TEST;

/* Words that are told before they are spoken follow each other at the pace of
 * speech, once it is known when they begin. */
GST_START_TEST (test_times_ahead)
{
  g_autoptr (RealtimeSpeech) speech = realtime_speech_new (TRUE, NULL);

  realtime_speech_tell (speech, "One two", NONE, NONE, MS (500), FALSE);
  fail_unless_words (speech, "One two");
  realtime_speech_set_start (speech, MS (3000), MS (3000));
  fail_unless_words (speech, "One@3000 two@3266");
  realtime_speech_tell (speech, "One two three", MS (3000), NONE, MS (3100),
      FALSE);
  fail_unless_words (speech, "One@3000 two@3266 three@3533");
}

GST_END_TEST;

/* Nothing is known but when it came. */
GST_START_TEST (test_times_unknown)
{
  g_autoptr (RealtimeSpeech) speech = realtime_speech_new (FALSE, NULL);

  realtime_speech_tell (speech, "Good", NONE, NONE, MS (2000), FALSE);
  fail_unless_words (speech, "Good@1666");
  realtime_speech_tell (speech, "Good morning", NONE, NONE, MS (2100), FALSE);
  fail_unless_words (speech, "Good@1666 morning@2000");
}

GST_END_TEST;

GST_START_TEST (test_certain)
{
  g_autoptr (RealtimeSpeech) speech = realtime_speech_new (FALSE, NULL);

  tell (speech, "Good", MS (2000));
  fail_unless_equals_int (count_shown (speech, MS (2000), MS (0)), 0);
  /* another word came after it */
  tell (speech, "Good mor", MS (2100));
  fail_unless_equals_int (count_shown (speech, MS (2100), MS (0)), 1);
  tell (speech, "Good morning", MS (2200));
  fail_unless_equals_int (count_shown (speech, MS (2499), MS (0)), 1);
  fail_unless_equals_int (count_shown (speech, MS (2500), MS (0)), 2);

  /* now the service takes something back */
  tell (speech, "Good more", MS (2600));
  tell (speech, "Good morning everybody", MS (2700));
  fail_unless_equals_int (count_shown (speech, MS (2700), MS (0)), 1);
  tell (speech, "Good morning everybody here", MS (2800));
  fail_unless_equals_int (count_shown (speech, MS (2800), MS (0)), 1);
  tell (speech, "Good morning everybody here", MS (2900));
  fail_unless_equals_int (count_shown (speech, MS (2900), MS (0)), 3);
  fail_unless_equals_int (count_shown (speech, MS (3799), MS (0)), 3);
  fail_unless_equals_int (count_shown (speech, MS (3800), MS (0)), 4);
}

GST_END_TEST;

/* A blank says that a word is whole. */
GST_START_TEST (test_blank)
{
  g_autoptr (RealtimeSpeech) speech = realtime_speech_new (FALSE, NULL);

  tell (speech, "Good ", MS (2000));
  fail_unless_equals_int (count_shown (speech, MS (2000), MS (0)), 1);
  tell (speech, "Good morning", MS (2100));
  fail_unless_equals_int (count_shown (speech, MS (2100), MS (0)), 1);
  tell (speech, "Good morning ", MS (2110));
  fail_unless_equals_int (count_shown (speech, MS (2110), MS (0)), 2);
}

GST_END_TEST;

/* A service that tells whole words is believed after a while, until it tells a
 * part of one. */
GST_START_TEST (test_habit)
{
  RealtimeSpeechHabit habit = { FALSE, 0 };
  g_autoptr (RealtimeSpeech) speech = realtime_speech_new (FALSE, &habit);
  g_autoptr (RealtimeSpeech) other = realtime_speech_new (FALSE, &habit);
  g_autoptr (GString) text = g_string_new ("one");
  guint i;

  for (i = 0; i < 8; i++) {
    fail_unless_equals_int (count_shown (speech, MS (2000), MS (0)),
        MAX (i, 1) - 1);
    tell (speech, text->str, MS (2000));
    g_string_append (text, " two");
  }
  tell (speech, text->str, MS (2000));
  fail_unless_equals_int (count_shown (speech, MS (2000), MS (0)), 9);
  tell (other, "whole", MS (2000));
  fail_unless_equals_int (count_shown (other, MS (2000), MS (0)), 1);

  tell (other, "wholesome", MS (2000));
  fail_unless_equals_int (count_shown (other, MS (2000), MS (0)), 0);
  fail_unless_equals_int (count_shown (speech, MS (2000), MS (0)), 9);
}

GST_END_TEST;

/* A word that came in time is shown in time. */
GST_START_TEST (test_budget)
{
  g_autoptr (RealtimeSpeech) speech = realtime_speech_new (FALSE, NULL);

  tell (speech, "well", MS (1500));
  tell (speech, "hello there", MS (1600));
  tell (speech, "hello their friend", MS (1700));
  fail_unless_equals_int (count_shown (speech, MS (1800), MS (1000)), 0);
  fail_unless_equals_int (count_shown (speech, MS (1999), MS (1000)), 0);
  fail_unless_equals_int (count_shown (speech, MS (2000), MS (1000)), 1);
  /* it was too late anyhow */
  fail_unless_equals_int (count_shown (speech, MS (2000), MS (100)), 0);
}

GST_END_TEST;

/* What was shown stays, and nothing is shown twice or left out. */
GST_START_TEST (test_revised)
{
  static const struct
  {
    const gchar *shown, *final;
    const gchar *rest;
    guint found[4];
  } cases[] = {
    {"one two three", "one two three four", "four", {0, 1, 2, 3}},
    {"one two three", "One, two, three: four", "four", {0, 1, 2, 3}},
    {"I scream for", "ice cream for everyone", "everyone", {0, 1, 2, 3}},
    {"one two three", "one two and three four", "four", {0, 1, 3, 4}},
    {"one two three", "one three four", "four", {0, 1, 1, 2}},
    {"one two three", "two three four", "four", {0, 0, 1, 2}},
    {"trans port system", "transport system works", "works", {0, 0, 1, 2}},
    {"one two three", "", "", {0, 0, 0, 0}},
    {"one two three", "entirely different words follow", "follow",
        {0, 1, 2, 3}},
  };
  guint i, j;

  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (RealtimeSpeech) speech = realtime_speech_new (FALSE, NULL);
    const RealtimeWord *word;

    tell (speech, cases[i].shown, MS (2000));
    realtime_speech_take (speech, 3, MS (2000));
    realtime_speech_tell (speech, cases[i].final, MS (1000), MS (4000),
        MS (5000), TRUE);
    word = realtime_speech_get_word (speech, 0);
    fail_unless_equals_string (word ? realtime_speech_get_rest (speech, word) :
        "", cases[i].rest);
    fail_unless_equals_int (realtime_speech_is_revised (speech), i > 0);
    for (j = 0; j <= 3; j++)
      fail_unless (realtime_speech_find (speech, j) == cases[i].found[j],
          "%u of \"%s\" in \"%s\" is %u", j, cases[i].shown, cases[i].final,
          realtime_speech_find (speech, j));
    if (word)
      fail_unless (word->start >= MS (1000) && word->end > word->start);
  }
}

GST_END_TEST;

/* Scripts without blanks go out in parts, a hyphen parts no word. */
GST_START_TEST (test_scripts)
{
  g_autoptr (RealtimeSpeech) speech = realtime_speech_new (FALSE, NULL);
  g_autoptr (RealtimeSpeech) hyphen = realtime_speech_new (FALSE, NULL);

  realtime_speech_tell (speech,
      "\xe4\xbd\xa0\xe5\xa5\xbd\xef\xbc\x8c\xe4\xb8\x96\xe7\x95\x8c", 0,
      MS (1000), MS (2000), TRUE);
  fail_unless_words (speech,
      "\xe4\xbd\xa0@0+\xe5\xa5\xbd\xef\xbc\x8c@272+\xe4\xb8\x96@636+"
      "\xe7\x95\x8c@818");
  realtime_speech_tell (hyphen, "a well-known man", 0, MS (1600), MS (2000),
      TRUE);
  fail_unless_words (hyphen, "a@0 well-known@188 man@1223");
}

GST_END_TEST;

/* Text that grows letter by letter is what it is when it comes at once. */
GST_START_TEST (test_growth)
{
  const gchar *text = "Mr. O'Neill-Smith said: \xe2\x80\x9cYes!\xe2\x80\x9d "
      "\xe4\xbd\xa0\xe5\xa5\xbd\xe3\x80\x82 e\xcc\x81tat \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"
      " (and so on) 1,000.50 http://a.b/c?d=e  end";
  g_autoptr (RealtimeSpeech) grown = realtime_speech_new (FALSE, NULL);
  g_autoptr (RealtimeSpeech) whole = realtime_speech_new (FALSE, NULL);
  const RealtimeWord *a, *b;
  const gchar *p;
  guint i;

  for (p = text; *p; p = g_utf8_next_char (p)) {
    g_autofree gchar *part = g_strndup (text, g_utf8_next_char (p) - text);

    tell (grown, part, MS (2000) + (p - text) * MS (50));
  }
  tell (whole, text, MS (2000));
  for (i = 0; (a = realtime_speech_get_word (whole, i)); i++) {
    b = realtime_speech_get_word (grown, i);
    fail_unless (b != NULL);
    fail_unless_equals_int (a->source, b->source);
    fail_unless_equals_int (a->bytes, b->bytes);
    fail_unless_equals_int (a->columns, b->columns);
    fail_unless_equals_int (a->blank, b->blank);
    fail_unless (memcmp (realtime_speech_get_text (whole, a),
            realtime_speech_get_text (grown, b), a->bytes) == 0);
  }
  fail_unless (realtime_speech_get_word (grown, i) == NULL);
}

GST_END_TEST;

/* A talk of an hour as one line, word by word, each taken as it comes. */
GST_START_TEST (test_long_line)
{
  g_autoptr (RealtimeSpeech) speech = realtime_speech_new (FALSE, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  GRand *rand = g_rand_new_with_seed (3);
  GstClockTime now = MS (2000), last = 0;
  guint i, shown = 0;

  for (i = 0; i < 8000; i++) {
    g_string_append_printf (text, "%sword%u", i > 0 ? " " : "",
        g_rand_int_range (rand, 0, 100000));
    now += MS (450);
    tell (speech, text->str, now);
    while (realtime_speech_may_show (speech, 0, now, 0)) {
      const RealtimeWord *word = realtime_speech_get_word (speech, 0);

      fail_unless (word->start >= last && word->start <= now);
      last = word->start;
      realtime_speech_take (speech, 1, now);
      shown++;
    }
  }
  fail_unless_equals_int (shown, 7999);
  /* one word near the end is corrected */
  memcpy (strrchr (text->str, ' ') - 4, "else", 4);
  realtime_speech_tell (speech, text->str, MS (1000), now, now, TRUE);
  fail_unless (realtime_speech_is_revised (speech));
  fail_unless_equals_int (realtime_speech_find (speech, 7999), 7999);
  fail_unless (realtime_speech_get_word (speech, 0) != NULL);
  fail_unless (realtime_speech_get_word (speech, 1) == NULL);
  g_rand_free (rand);
}

GST_END_TEST;

static void
add_words (RealtimeWindow * window, guint64 line, guint number,
    const gchar * text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  guint i;

  for (i = 0; words[i]; i++)
    realtime_window_add (window, words[i], strlen (words[i]), TRUE, line,
        number == REALTIME_WINDOW_NO_WORD ? number : number + i);
}

static void
fail_unless_window (RealtimeWindow * window, const gchar * lines,
    const gchar * speakers)
{
  g_autofree gchar *text = realtime_window_dup_text (window);
  g_auto (GStrv) names = realtime_window_dup_speakers (window);
  g_autofree gchar *joined = g_strjoinv ("|", names);

  g_strdelimit (text, "\n", '|');
  fail_unless_equals_string (text, lines);
  fail_unless_equals_string (joined, speakers);
}

GST_START_TEST (test_window)
{
  g_autoptr (RealtimeWindow) window = realtime_window_new ();
  RealtimeWindowWord words[] = { {"a", 1, TRUE}, {"completely", 10, TRUE},
  {"different", 9, TRUE}, {"start", 5, TRUE}
  };

  realtime_window_set_size (window, 12, 2);
  fail_unless (realtime_window_is_empty (window));
  realtime_window_begin_line (window, "Ada");
  add_words (window, 1, 0, "one two");
  fail_unless_window (window, "one two", "Ada");
  add_words (window, 1, 2, "three");
  fail_unless_window (window, "one two|three", "Ada|Ada");
  add_words (window, 1, 3, "four five");
  fail_unless_window (window, "three four|five", "Ada|Ada");
  fail_unless_equals_int (realtime_window_find_first (window, 1), 2);
  fail_unless (realtime_window_find_first (window, 2) ==
      REALTIME_WINDOW_NO_WORD);

  /* longer than a line, and parted at its hyphen */
  add_words (window, 1, 5, "extraordinarily");
  fail_unless_window (window, "extraordinar|ily", "Ada|Ada");
  add_words (window, 1, 6, "well-known");
  fail_unless_window (window, "ily well-|known", "Ada|Ada");

  realtime_window_begin_line (window, "Bob");
  add_words (window, 2, REALTIME_WINDOW_NO_WORD, ">>");
  add_words (window, 2, 0, "yes no");
  fail_unless_window (window, "known|>> yes no", "Ada|Bob");

  /* other words in their place, with what was before and after them */
  add_words (window, 3, 0, "x");
  fail_unless (realtime_window_replace (window, 2, words, 1));
  fail_unless_window (window, "known|>> a x", "Ada|Bob");
  fail_unless (!realtime_window_replace (window, 2, words, 1));
  fail_unless (realtime_window_replace (window, 2, words, 4));
  fail_unless_window (window, "different|start x", "Bob|Bob");
  fail_unless (realtime_window_replace (window, 2, words, 0));
  fail_unless_window (window, "x", "Bob");

  realtime_window_clear (window);
  fail_unless (realtime_window_is_empty (window));
}

GST_END_TEST;

/* However they are mixed, places never go back and stay within. */
GST_START_TEST (test_align_random)
{
  GRand *rand = g_rand_new_with_seed (7);
  static const gchar *const vocabulary[] = { "a", "b", "c", "d,", "E", "-" };
  guint round, i;

  for (round = 0; round < 2000; round++) {
    RealtimeAlignWord shown[20], words[20];
    guint n_shown = g_rand_int_range (rand, 0, 20);
    guint n_words = g_rand_int_range (rand, 0, 20);
    g_autofree guint *places = NULL;

    for (i = 0; i < 20; i++) {
      shown[i].text = vocabulary[g_rand_int_range (rand, 0, 6)];
      shown[i].bytes = strlen (shown[i].text);
      words[i].text = vocabulary[g_rand_int_range (rand, 0, 6)];
      words[i].bytes = strlen (words[i].text);
    }
    places = realtime_word_align (shown, n_shown, words, n_words,
        n_words > 0 ? g_rand_int_range (rand, 0, n_words) : 0);
    for (i = 0; i <= n_shown; i++) {
      fail_unless (places[i] <= n_words);
      fail_unless (i == 0 || places[i] >= places[i - 1]);
    }
  }
  g_rand_free (rand);
}

GST_END_TEST;

static Suite *
speech_suite (void)
{
  Suite *s = suite_create ("speech");
  TCase *tc = tcase_create ("words");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_times_by_arrival);
  tcase_add_test (tc, test_times_ahead);
  tcase_add_test (tc, test_times_unknown);
  tcase_add_test (tc, test_certain);
  tcase_add_test (tc, test_blank);
  tcase_add_test (tc, test_habit);
  tcase_add_test (tc, test_budget);
  tcase_add_test (tc, test_revised);
  tcase_add_test (tc, test_scripts);
  tcase_add_test (tc, test_growth);
  tcase_add_test (tc, test_long_line);
  tcase_add_test (tc, test_window);
  tcase_add_test (tc, test_align_random);

  return s;
}

GST_CHECK_MAIN (speech);
