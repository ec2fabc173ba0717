/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <gst/check/gstcheck.h>

#include "media/voice.h"

#define MS(n) ((n) * 48)

/* @n samples: @first, @first + 1, ... */
static GstBuffer *
counting (guint n, gint16 first)
{
  GstBuffer *buffer = gst_buffer_new_and_alloc (n * 2);
  GstMapInfo map;
  guint i;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (i = 0; i < n; i++)
    ((gint16 *) map.data)[i] = first + i;
  gst_buffer_unmap (buffer, &map);
  return buffer;
}

static GstBuffer *
quiet (guint n)
{
  GstBuffer *buffer = gst_buffer_new_and_alloc (n * 2);

  gst_buffer_memset (buffer, 0, 0, n * 2);
  return buffer;
}

/* Renders [@place, @place + @n) and checks that the samples from @at on are
 * @first, @first + 1, ... up to @count, and all others 0. */
static void
expect (RealtimeVoice * voice, guint64 place, guint n, guint at, gint32 first,
    guint count)
{
  g_autofree gint32 *mix = g_new0 (gint32, n);
  guint i;

  fail_unless_equals_int (realtime_voice_render (voice, place, mix, n),
      count > 0);
  for (i = 0; i < n; i++) {
    gint32 wanted = i >= at && i < at + count ? first + (gint32) (i - at) : 0;

    if (mix[i] != wanted)
      fail ("sample %u is %d, not %d", i, mix[i], wanted);
  }
}

GST_START_TEST (test_in_time)
{
  RealtimeVoice *voice = realtime_voice_new ();

  expect (voice, 0, MS (20), 0, 0, 0);
  realtime_voice_add (voice, counting (MS (20), 1000), MS (30));
  expect (voice, MS (20), MS (20), MS (10), 1000, MS (10));
  fail_if (realtime_voice_is_empty (voice));
  expect (voice, MS (40), MS (20), 0, 1000 + MS (10), MS (10));
  fail_unless (realtime_voice_is_empty (voice));
  fail_unless_equals_uint64 (realtime_voice_get_delay (voice), 0);
  realtime_voice_free (voice);
}

GST_END_TEST;

/* Jitter of the timestamps neither cuts nor repeats. */
GST_START_TEST (test_jitter)
{
  static const gint jitter[] = { 0, 5, -7, 900, -1500, 1, 1900, -1900, 0, 3 };
  RealtimeVoice *voice = realtime_voice_new ();
  guint i;

  for (i = 0; i < G_N_ELEMENTS (jitter); i++)
    realtime_voice_add (voice, counting (MS (20), 500 + i * MS (20)),
        MS (1000) + i * MS (20) + jitter[i]);
  expect (voice, MS (1000), MS (200), 0, 500, MS (200));
  fail_unless (realtime_voice_is_empty (voice));
  realtime_voice_free (voice);
}

GST_END_TEST;

/* What is late is played late, all of it, and in one piece. */
GST_START_TEST (test_late)
{
  RealtimeVoice *voice = realtime_voice_new ();

  expect (voice, 0, MS (500), 0, 0, 0);
  realtime_voice_add (voice, counting (MS (20), 1000), MS (100));
  realtime_voice_add (voice, counting (MS (20), 1000 + MS (20)), MS (120));
  expect (voice, MS (500), MS (20), 0, 1000, MS (20));
  fail_unless_equals_uint64 (realtime_voice_get_delay (voice), MS (400));
  realtime_voice_add (voice, counting (MS (20), 1000 + MS (40)), MS (140));
  expect (voice, MS (520), MS (60), 0, 1000 + MS (20), MS (40));
  fail_unless (realtime_voice_is_empty (voice));
  /* An underrun in mid-speech: later again by what was missed. */
  realtime_voice_add (voice, counting (MS (20), 1000 + MS (60)), MS (160));
  expect (voice, MS (580), MS (20), 0, 1000 + MS (60), MS (20));
  fail_unless_equals_uint64 (realtime_voice_get_delay (voice), MS (420));
  /* After a pause it is in time again. */
  realtime_voice_add (voice, counting (MS (20), 7000), MS (1000));
  fail_unless_equals_uint64 (realtime_voice_get_delay (voice), 0);
  expect (voice, MS (600), MS (420), MS (400), 7000, MS (20));
  realtime_voice_free (voice);
}

GST_END_TEST;

/* A pause shorter than the delay shrinks to nothing but no word is cut. */
GST_START_TEST (test_short_pause)
{
  RealtimeVoice *voice = realtime_voice_new ();

  expect (voice, 0, MS (500), 0, 0, 0);
  realtime_voice_add (voice, counting (MS (100), 1000), MS (300));
  realtime_voice_add (voice, counting (MS (100), 1000 + MS (100)), MS (500));
  expect (voice, MS (500), MS (200), 0, 1000, MS (200));
  fail_unless_equals_uint64 (realtime_voice_get_delay (voice), MS (100));
  realtime_voice_free (voice);
}

GST_END_TEST;

/* A pause shorter than the delay takes that much off it. */
GST_START_TEST (test_pause_within_delay)
{
  RealtimeVoice *voice = realtime_voice_new ();

  expect (voice, 0, MS (500), 0, 0, 0);
  realtime_voice_add (voice, counting (MS (20), 1000), MS (100));
  expect (voice, MS (500), MS (10), 0, 1000, MS (10));
  fail_unless_equals_uint64 (realtime_voice_get_delay (voice), MS (400));
  realtime_voice_add (voice, counting (MS (20), 1000 + MS (20)), MS (220));
  fail_unless_equals_uint64 (realtime_voice_get_delay (voice), MS (300));
  expect (voice, MS (510), MS (60), 0, 1000 + MS (10), MS (30));
  realtime_voice_free (voice);
}

GST_END_TEST;

/* A connection that sends its silence too: the delay goes in the silence. */
GST_START_TEST (test_catch_up_in_silence)
{
  RealtimeVoice *voice = realtime_voice_new ();
  guint64 due = MS (100);
  guint i;

  expect (voice, 0, MS (400), 0, 0, 0);
  realtime_voice_add (voice, counting (MS (20), 1000), due);
  expect (voice, MS (400), MS (20), 0, 1000, MS (20));
  fail_unless_equals_uint64 (realtime_voice_get_delay (voice), MS (300));
  for (i = 0; i < 20; i++) {
    due += MS (20);
    realtime_voice_add (voice, quiet (MS (20)), due);
  }
  fail_unless_equals_uint64 (realtime_voice_get_delay (voice), 0);
  due += MS (20);
  realtime_voice_add (voice, counting (MS (20), 1000), due);
  fail_unless_equals_uint64 (due, MS (520));
  expect (voice, MS (420), MS (120), MS (100), 1000, MS (20));
  realtime_voice_free (voice);
}

GST_END_TEST;

/* All at once, ahead of time or with one and the same time: in its order. */
GST_START_TEST (test_burst)
{
  RealtimeVoice *voice = realtime_voice_new ();
  guint i;

  for (i = 0; i < 50; i++)
    realtime_voice_add (voice, counting (MS (10), 100 + i * MS (10)), MS (200));
  for (; i < 60; i++)
    realtime_voice_add (voice, counting (MS (10), 100 + i * MS (10)),
        REALTIME_VOICE_NO_PLACE);
  expect (voice, MS (180), MS (20), 0, 0, 0);
  expect (voice, MS (200), MS (600), 0, 100, MS (600));
  realtime_voice_free (voice);
}

GST_END_TEST;

GST_START_TEST (test_bounds)
{
  RealtimeVoice *voice = realtime_voice_new ();
  guint i, taken = 0;

  /* Without a time: at once. */
  expect (voice, 0, MS (100), 0, 0, 0);
  realtime_voice_add (voice, counting (10, 1), REALTIME_VOICE_NO_PLACE);
  expect (voice, MS (100), 20, 0, 1, 10);
  /* At a time that is absurd: at once. */
  realtime_voice_add (voice, counting (10, 1), G_MAXINT64);
  expect (voice, MS (100) + 20, 20, 0, 1, 10);
  realtime_voice_add (voice, gst_buffer_new (), MS (5));
  fail_unless (realtime_voice_is_empty (voice));

  for (i = 0; i < 700; i++)
    taken += realtime_voice_add (voice, quiet (MS (1000)), MS (1000) * i);
  fail_unless_equals_int (taken, 600);
  realtime_voice_flush (voice);
  fail_unless (realtime_voice_is_empty (voice));
  expect (voice, MS (10000), MS (20), 0, 0, 0);
  realtime_voice_free (voice);
}

GST_END_TEST;

/* What sounds fades out within 5 ms; the rest is gone, and what comes of it. */
GST_START_TEST (test_cut)
{
  RealtimeVoice *voice = realtime_voice_new ();
  gint32 mix[MS (20)] = { 0 };
  guint i;

  realtime_voice_add (voice, counting (MS (200), 1000), MS (0));
  expect (voice, 0, MS (20), 0, 1000, MS (20));
  realtime_voice_cut (voice);
  fail_unless (realtime_voice_render (voice, MS (20), mix, MS (20)));
  fail_unless_equals_int (mix[0], 1000 + MS (20));
  for (i = 1; i < MS (20); i++)
    fail_unless (i < MS (5) ? mix[i] > 0 && mix[i] < mix[i - 1] : mix[i] == 0);
  fail_unless (realtime_voice_is_empty (voice));

  /* On the way when it was cut, with the breath that it draws. */
  for (i = 0; i < 10; i++)
    realtime_voice_add (voice, counting (MS (20), 1000), MS (200 + i * 20));
  realtime_voice_add (voice, counting (MS (20), 1000), MS (400 + 480));
  fail_unless (realtime_voice_is_empty (voice));
  expect (voice, MS (40), MS (2000), 0, 0, 0);
  realtime_voice_free (voice);
}

GST_END_TEST;

/* Nothing sounds, nothing fades: not what has yet to begin, and not twice. */
GST_START_TEST (test_cut_in_silence)
{
  RealtimeVoice *voice = realtime_voice_new ();

  realtime_voice_cut (voice);
  expect (voice, 0, MS (20), 0, 0, 0);
  realtime_voice_resume (voice, 0);
  realtime_voice_add (voice, counting (MS (20), 1000), MS (20));
  realtime_voice_cut (voice);
  realtime_voice_cut (voice);
  fail_unless (realtime_voice_is_empty (voice));
  expect (voice, MS (20), MS (20), 0, 0, 0);
  realtime_voice_free (voice);
}

GST_END_TEST;

/* The reply's first packets come before the word that it has begun. */
GST_START_TEST (test_cut_and_resume)
{
  RealtimeVoice *voice = realtime_voice_new ();

  realtime_voice_add (voice, counting (MS (100), 1000), MS (0));
  realtime_voice_cut (voice);
  realtime_voice_add (voice, counting (MS (100), 9000), MS (100));
  realtime_voice_add (voice, counting (MS (30), 1000 - MS (10)), MS (200));
  realtime_voice_add (voice, counting (MS (20), 1000 + MS (20)), MS (230));
  expect (voice, MS (0), MS (20), 0, 0, 0);
  realtime_voice_resume (voice, MS (210));
  realtime_voice_add (voice, counting (MS (20), 1000 + MS (40)), MS (250));
  expect (voice, MS (20), MS (400), MS (190), 1000, MS (60));
  fail_unless (realtime_voice_is_empty (voice));

  /* Late by now: not one sample less. */
  realtime_voice_cut (voice);
  realtime_voice_add (voice, counting (MS (20), 1000), MS (300));
  realtime_voice_add (voice, counting (MS (20), 1000 + MS (20)), MS (320));
  realtime_voice_resume (voice, MS (300));
  expect (voice, MS (420), MS (100), 0, 1000, MS (40));

  /* A second is held back, and no more. */
  realtime_voice_cut (voice);
  realtime_voice_add (voice, counting (MS (200), 5000), MS (600));
  realtime_voice_add (voice, counting (MS (980), -20000), MS (800));
  realtime_voice_resume (voice, 0);
  expect (voice, MS (520), MS (1500), MS (280), -20000, MS (980));
  realtime_voice_resume (voice, 0);
  fail_unless (realtime_voice_is_empty (voice));
  realtime_voice_free (voice);
}

GST_END_TEST;

/* What was cut off was still in a jitter buffer when the word came that the service
 * has stopped. */
GST_START_TEST (test_stragglers)
{
  RealtimeVoice *voice = realtime_voice_new ();

  realtime_voice_add (voice, counting (MS (100), 1000), MS (0));
  expect (voice, MS (0), MS (20), 0, 1000, MS (20));
  realtime_voice_cut (voice);
  realtime_voice_add (voice, counting (MS (20), 9000), MS (100));
  realtime_voice_resume (voice, MS (150));
  realtime_voice_add (voice, counting (MS (20), 9000), MS (120));
  realtime_voice_add (voice, counting (MS (20), 1000 - MS (10)), MS (140));
  realtime_voice_add (voice, counting (MS (20), 1000 + MS (10)), MS (160));
  /* but for what fades out */
  realtime_voice_render (voice, MS (20), (gint32[MS (10)]) {
      0}
      , MS (10));
  expect (voice, MS (30), MS (200), MS (120), 1000, MS (30));
  fail_unless (realtime_voice_is_empty (voice));

  /* the next cut is another matter */
  realtime_voice_cut (voice);
  realtime_voice_resume (voice, 0);
  realtime_voice_add (voice, counting (MS (20), 1000), MS (240));
  expect (voice, MS (230), MS (100), MS (10), 1000, MS (20));
  realtime_voice_free (voice);
}

GST_END_TEST;

/* Nobody says that it goes on: after half a second of nothing it does. */
GST_START_TEST (test_cut_until_pause)
{
  RealtimeVoice *voice = realtime_voice_new ();
  guint i;

  realtime_voice_add (voice, counting (MS (100), 1000), MS (0));
  realtime_voice_cut (voice);
  realtime_voice_add (voice, counting (MS (20), 1000), MS (100));
  realtime_voice_add (voice, counting (MS (20), 1000), MS (120 + 500));
  expect (voice, 0, MS (1000), MS (620), 1000, MS (20));

  /* And where it sends its silence. */
  realtime_voice_add (voice, counting (MS (20), 1000), MS (1000));
  realtime_voice_cut (voice);
  realtime_voice_add (voice, counting (MS (20), 1000), MS (1020));
  for (i = 0; i < 24; i++)
    realtime_voice_add (voice, quiet (MS (20)), MS (1040 + i * 20));
  realtime_voice_add (voice, counting (MS (20), 1000), MS (1520));
  for (i = 0; i < 25; i++)
    realtime_voice_add (voice, quiet (MS (20)), MS (1540 + i * 20));
  realtime_voice_add (voice, counting (MS (20), 3000), MS (2040));
  realtime_voice_add (voice, counting (MS (20), 3000 + MS (20)), MS (2060));
  expect (voice, MS (1000), MS (1200), MS (1040), 3000, MS (40));

  /* Without times it is the samples that count. */
  realtime_voice_cut (voice);
  realtime_voice_add (voice, counting (MS (600), 1000),
      REALTIME_VOICE_NO_PLACE);
  realtime_voice_add (voice, quiet (MS (500)), REALTIME_VOICE_NO_PLACE);
  fail_unless (realtime_voice_is_empty (voice));
  realtime_voice_add (voice, counting (MS (20), 1000), REALTIME_VOICE_NO_PLACE);
  fail_if (realtime_voice_is_empty (voice));
  realtime_voice_free (voice);
}

GST_END_TEST;

static Suite *
voice_suite (void)
{
  Suite *suite = suite_create ("voice");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, test_in_time);
  tcase_add_test (tcase, test_jitter);
  tcase_add_test (tcase, test_late);
  tcase_add_test (tcase, test_short_pause);
  tcase_add_test (tcase, test_pause_within_delay);
  tcase_add_test (tcase, test_catch_up_in_silence);
  tcase_add_test (tcase, test_burst);
  tcase_add_test (tcase, test_bounds);
  tcase_add_test (tcase, test_cut);
  tcase_add_test (tcase, test_cut_in_silence);
  tcase_add_test (tcase, test_cut_and_resume);
  tcase_add_test (tcase, test_stragglers);
  tcase_add_test (tcase, test_cut_until_pause);
  return suite;
}

GST_CHECK_MAIN (voice);
