/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <gst/check/gstcheck.h>

#include "media/segmenter.h"

#define FRAME REALTIME_SEGMENTER_FRAME
#define MS(n) ((n) * GST_MSECOND)

static const RealtimeSegmenterSettings usual = { 500, 0, 0.5, 15000 };

/* A segmenter, what comes next, and what it found so far, as text: "+" a start,
 * "-" a stop, with its time in ms. */
typedef struct
{
  RealtimeSegmenter *segmenter;
  GstClockTime time;
  GString *found;
} Fixture;

static void
fixture_init (Fixture * f, const RealtimeSegmenterSettings * settings)
{
  f->segmenter = realtime_segmenter_new (settings);
  f->time = 0;
  f->found = g_string_new (NULL);
}

static void
fixture_clear (Fixture * f)
{
  realtime_segmenter_free (f->segmenter);
  g_string_free (f->found, TRUE);
}

static void
frame (Fixture * f, gdouble level, gboolean voice)
{
  RealtimeSegmenterFinding finding =
      realtime_segmenter_frame (f->segmenter, f->time, level, voice);

  f->time += FRAME;
  if (finding & REALTIME_SEGMENTER_STOPPED)
    g_string_append_printf (f->found, "-%" G_GUINT64_FORMAT " ",
        realtime_segmenter_get_stop (f->segmenter) / GST_MSECOND);
  if (finding & REALTIME_SEGMENTER_STARTED)
    g_string_append_printf (f->found, "+%" G_GUINT64_FORMAT " ",
        realtime_segmenter_get_start (f->segmenter) / GST_MSECOND);
}

static void
feed (Fixture * f, guint ms, gdouble level, gboolean voice)
{
  for (; ms > 0; ms -= 10)
    frame (f, level, voice);
}

static void
silence (Fixture * f, guint ms)
{
  feed (f, ms, -100, FALSE);
}

static void
speech (Fixture * f, guint ms)
{
  feed (f, ms, -20, TRUE);
}

/* Syllables of 180 ms, with a dip of 50 ms between them that is no pause. */
static void
syllables (Fixture * f, guint ms, gdouble dip)
{
  for (; ms >= 230; ms -= 230) {
    speech (f, 180);
    feed (f, 50, dip, TRUE);
  }
}

static void
expect (Fixture * f, const gchar * wanted)
{
  fail_unless_equals_string (f->found->str, wanted);
  g_string_truncate (f->found, 0);
}

/* Found after 60 ms, told with where it began; ended by a pause, told with
 * where that began. */
GST_START_TEST (test_pauses)
{
  Fixture f;

  fixture_init (&f, &usual);
  silence (&f, 1000);
  speech (&f, 50);
  expect (&f, "");
  speech (&f, 10);
  expect (&f, "+1000 ");
  speech (&f, 940);
  silence (&f, 490);
  speech (&f, 500);
  silence (&f, 490);
  expect (&f, "");
  silence (&f, 10);
  expect (&f, "-2990 ");
  silence (&f, 5000);
  expect (&f, "");
  speech (&f, 100);
  expect (&f, "+8490 ");
  silence (&f, 500);
  expect (&f, "-8590 ");
  fixture_clear (&f);
}

GST_END_TEST;

/* From its first frame on. */
GST_START_TEST (test_no_silence_before)
{
  Fixture f;

  fixture_init (&f, &usual);
  speech (&f, 100);
  expect (&f, "+0 ");
  fixture_clear (&f);
}

GST_END_TEST;

/* A click is no word, and a dip no pause. */
GST_START_TEST (test_onset)
{
  Fixture f;
  guint i;

  fixture_init (&f, &usual);
  for (i = 0; i < 20; i++) {
    speech (&f, 50);
    silence (&f, 10);
  }
  expect (&f, "");
  speech (&f, 60);
  expect (&f, "+1200 ");
  for (i = 0; i < 20; i++) {
    silence (&f, 400);
    speech (&f, 10);
  }
  expect (&f, "");
  fixture_clear (&f);
}

GST_END_TEST;

/* Neither dither that a detector takes for a voice, nor a hum that the room
 * always has, nor what no voice is in. */
GST_START_TEST (test_no_speech)
{
  Fixture f;

  fixture_init (&f, &usual);
  feed (&f, 5000, -61, TRUE);
  expect (&f, "");
  feed (&f, 5000, -20, FALSE);
  expect (&f, "");
  fixture_clear (&f);

  fixture_init (&f, &usual);
  feed (&f, 3000, -45, FALSE);
  feed (&f, 3000, -44, TRUE);
  expect (&f, "");
  feed (&f, 500, -38, TRUE);
  expect (&f, "+6000 ");
  feed (&f, 500, -45, TRUE);
  expect (&f, "-6500 ");
  fixture_clear (&f);
}

GST_END_TEST;

/* The noise that came to stay is heard as speech for some seconds at most. */
GST_START_TEST (test_noise_rises)
{
  Fixture f;

  fixture_init (&f, &usual);
  silence (&f, 4000);
  feed (&f, 10000, -40, TRUE);
  fail_unless (g_str_has_prefix (f.found->str, "+4000 -"));
  fail_unless (realtime_segmenter_get_stop (f.segmenter) < MS (8000));
  g_string_truncate (f.found, 0);
  feed (&f, 10000, -40, TRUE);
  expect (&f, "");
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_settings)
{
  RealtimeSegmenterSettings settings = { 200, 300, 0.0, 0 };
  Fixture f;

  /* Short pauses; the prefix, as far as there is room for it. */
  fixture_init (&f, &settings);
  silence (&f, 100);
  speech (&f, 500);
  expect (&f, "+0 ");
  silence (&f, 200);
  expect (&f, "-600 ");
  speech (&f, 100);
  expect (&f, "+600 ");
  silence (&f, 1000);
  speech (&f, 100);
  expect (&f, "-900 +1600 ");
  /* Without a limit it is never cut. */
  syllables (&f, 60000, -55);
  expect (&f, "");
  fixture_clear (&f);

  /* The threshold: 8 dB above the noise at its highest. */
  settings.threshold = 1.0;
  fixture_init (&f, &settings);
  feed (&f, 4000, -50, FALSE);
  feed (&f, 500, -42.5, TRUE);
  expect (&f, "");
  feed (&f, 500, -40.5, TRUE);
  expect (&f, "+4200 ");
  fixture_clear (&f);
}

GST_END_TEST;

/* Long speech is cut where it pauses least badly: the longer it is, the shorter
 * the pause. */
GST_START_TEST (test_short_pause)
{
  Fixture f;

  fixture_init (&f, &usual);
  syllables (&f, 6900, -50);
  silence (&f, 300);
  expect (&f, "+0 ");
  syllables (&f, 3680, -50);
  silence (&f, 300);
  expect (&f, "-10830 ");
  syllables (&f, 1000, -50);
  expect (&f, "+11180 ");
  fixture_clear (&f);
}

GST_END_TEST;

/* Where it does not pause at all, in the dip between two syllables, the deepest
 * of the last seconds, and after 15 s anywhere. */
GST_START_TEST (test_cut)
{
  Fixture f;

  fixture_init (&f, &usual);
  syllables (&f, 11500, -30);
  syllables (&f, 230, -50);
  syllables (&f, 1610, -30);
  expect (&f, "+0 ");
  syllables (&f, 230, -50);
  /* 13340 ms, then the syllable, and the dip. */
  expect (&f, "-13570 ");
  speech (&f, 10);
  expect (&f, "+13570 ");
  fixture_clear (&f);

  /* None as deep as the one four seconds ago: louder ones will do in the end. */
  fixture_init (&f, &usual);
  syllables (&f, 12650, -30);
  feed (&f, 100, -70, TRUE);
  syllables (&f, 2070, -26);
  speech (&f, 170);
  expect (&f, "+0 ");
  speech (&f, 20);
  expect (&f, "-15000 +15000 ");
  fixture_clear (&f);
}

GST_END_TEST;

/* The ms of what was found, behind its sign. */
static gint
get_ms (const gchar * found, gchar sign)
{
  fail_unless (found[0] == sign, "%s", found);
  return g_ascii_strtoll (found + 1, NULL, 10);
}

/* Whatever it sounds like: no segment is longer, nor much shorter, and each
 * begins where the one before it ends. */
GST_START_TEST (test_cut_anywhere)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (__i__);
  g_auto (GStrv) found = NULL;
  Fixture f;
  guint i, n;

  fixture_init (&f, &usual);
  while (f.time < MS (120000)) {
    speech (&f, g_rand_int_range (rand, 8, 30) * 10);
    feed (&f, g_rand_int_range (rand, 2, 12) * 10,
        g_rand_double_range (rand, -59, -30), g_rand_boolean (rand));
  }
  silence (&f, 1000);
  found = g_strsplit (g_strchomp (f.found->str), " ", -1);
  n = g_strv_length (found);
  fail_unless (n >= 2 * 120 / 15 && n % 2 == 0, "%s", f.found->str);
  for (i = 0; i < n; i += 2) {
    gint start = get_ms (found[i], '+'), stop = get_ms (found[i + 1], '-');

    fail_unless (stop - start <= 15000, "%d to %d", start, stop);
    fail_unless (i + 2 == n || stop - start >= 8000, "%d to %d", start, stop);
    fail_unless (i == 0 || start - get_ms (found[i - 1], '-') < 500);
  }
  fixture_clear (&f);
}

GST_END_TEST;

/* What ends where it was cut leaves no empty segment behind. */
GST_START_TEST (test_cut_at_the_end)
{
  Fixture f;

  fixture_init (&f, &usual);
  syllables (&f, 13110, -40);
  silence (&f, 50);
  expect (&f, "+0 -13110 ");
  silence (&f, 2000);
  expect (&f, "");
  /* And another word begins as any does. */
  speech (&f, 50);
  silence (&f, 500);
  expect (&f, "");
  fixture_clear (&f);
}

GST_END_TEST;

/* Time that jumps is a pause; and nothing of another session's is known. */
GST_START_TEST (test_jumps)
{
  Fixture f;

  fixture_init (&f, &usual);
  silence (&f, 1000);
  speech (&f, 500);
  expect (&f, "+1000 ");
  f.time += MS (20000);
  speech (&f, 100);
  expect (&f, "-1500 +21500 ");
  f.time = MS (300);
  speech (&f, 100);
  expect (&f, "-21600 +300 ");
  /* Less than a frame is rounding. */
  f.time += GST_USECOND;
  silence (&f, 100);
  expect (&f, "");
  realtime_segmenter_reset (f.segmenter);
  fail_unless_equals_uint64 (realtime_segmenter_get_stop (f.segmenter),
      GST_CLOCK_TIME_NONE);
  silence (&f, 1000);
  expect (&f, "");
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_level)
{
  gint16 samples[480];
  guint i;

  for (i = 0; i < 480; i++)
    samples[i] = i % 2 ? 3277 : -3277;
  fail_unless (ABS (realtime_segmenter_level (samples, 480) + 20) < 0.01);
  memset (samples, 0, sizeof (samples));
  fail_unless (realtime_segmenter_level (samples, 480) ==
      REALTIME_SEGMENTER_MIN_LEVEL);
  fail_unless (realtime_segmenter_level (samples, 0) ==
      REALTIME_SEGMENTER_MIN_LEVEL);
  for (i = 0; i < 480; i++)
    samples[i] = G_MININT16;
  fail_unless (realtime_segmenter_level (samples, 480) == 0);
}

GST_END_TEST;

static Suite *
segmenter_suite (void)
{
  Suite *suite = suite_create ("segmenter");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, test_pauses);
  tcase_add_test (tcase, test_no_silence_before);
  tcase_add_test (tcase, test_onset);
  tcase_add_test (tcase, test_no_speech);
  tcase_add_test (tcase, test_noise_rises);
  tcase_add_test (tcase, test_settings);
  tcase_add_test (tcase, test_short_pause);
  tcase_add_test (tcase, test_cut);
  tcase_add_loop_test (tcase, test_cut_anywhere, 0, 10);
  tcase_add_test (tcase, test_cut_at_the_end);
  tcase_add_test (tcase, test_jumps);
  tcase_add_test (tcase, test_level);
  return suite;
}

GST_CHECK_MAIN (segmenter);
