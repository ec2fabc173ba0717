/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the uplink holds, and when it lets it go. */

#include "uplinkfixture.h"

/* A file of 4 s in one buffer and an odd rest is held for 3 s, then leaves in
 * real time, whole, and silence follows. */
GST_START_TEST (test_held)
{
  const guint n = MS (4000), rest = MS (5) + 7;
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  g_autoptr (GArray) silence = NULL;
  GstClockTime next = 0, end;

  uplink_add_buffer (f, numbered (n, 0), 0);
  uplink_add_buffer (f, numbered (rest, n), 4 * GST_SECOND);
  g_ptr_array_add (f->feed, gst_event_new_eos ());
  uplink_start_feeding (f);
  uplink_wait_count (f, &f->kinds, 1);
  fail_if (f->live);
  gst_harness_set_time (f->h, 3 * GST_SECOND);
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 0);
  fail_unless (gst_realtime_uplink_get_position (f->uplink) ==
      GST_CLOCK_TIME_NONE);

  gst_realtime_uplink_open (f->uplink);
  uplink_wait_count (f, &f->epochs, 1);
  fail_unless_equals_uint64 (f->epoch, 0);
  fail_unless_equals_uint64 (f->hold, 3 * GST_SECOND);
  fail_unless_equals_uint64 (f->heard, 0);
  samples = uplink_collect_from (f, n + rest, &next, f->hold);
  fail_unless_equals_int (samples->len, n + rest);
  check_numbered (samples, 0, 0, n + rest);
  fail_unless_equals_uint64 (uplink_out_running_time (f, 0), 3 * GST_SECOND);

  uplink_wait_count (f, &f->eoses, 1);
  uplink_end_feeding (f, GST_FLOW_OK);
  end = gst_realtime_uplink_get_end (f->uplink);
  fail_unless_equals_uint64 (end, gst_util_uint64_scale (n + rest, GST_SECOND,
          48000));
  fail_unless_equals_uint64 (gst_realtime_uplink_get_last_sound (f->uplink),
      end);
  silence = uplink_collect_from (f, MS (2000), &next, f->hold);
  check_silent (silence, 0, MS (2000));
  fail_unless (gst_realtime_uplink_get_position (f->uplink) >=
      end + 2 * GST_SECOND - PIECE);
  fail_unless_equals_uint64 (gst_realtime_uplink_get_end (f->uplink), end);
  fail_unless_equals_uint64 (gst_realtime_uplink_get_last_sound (f->uplink),
      end);
  fail_unless_equals_int (f->eoses, 1);
  fail_unless_equals_int (f->epochs, 1);
  fail_unless_equals_int (f->kinds, 1);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* Each piece waits for exactly its own time. */
GST_START_TEST (test_pacing)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);
  guint i;

  uplink_add_buffer (f, numbered (MS (1000), 0), 0);
  gst_realtime_uplink_open (f->uplink);
  gst_harness_set_time (f->h, 70 * GST_MSECOND);
  uplink_start_feeding (f);
  for (i = 1; i < 10; i++) {
    GstTestClock *clock = gst_harness_get_testclock (f->h);
    GstClockID id;

    gst_test_clock_wait_for_next_pending_id (clock, &id);
    fail_unless_equals_uint64 (gst_clock_id_get_time (id),
        70 * GST_MSECOND + i * PIECE);
    fail_unless_equals_int (gst_harness_buffers_received (f->h), i);
    gst_clock_id_unref (id);
    gst_object_unref (clock);
    fail_unless (gst_harness_crank_single_clock_wait (f->h));
  }
  uplink_fixture_free (f);
}

GST_END_TEST;

/* A file that starts late on its own timeline is not sent early. */
GST_START_TEST (test_ahead_of_clock)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;

  uplink_add_buffer (f, numbered (MS (100), 0), 5 * GST_SECOND);
  gst_realtime_uplink_open (f->uplink);
  uplink_start_feeding (f);
  samples = uplink_collect (f, MS (100));
  check_numbered (samples, 0, 0, MS (100));
  fail_unless_equals_uint64 (f->epoch, 5 * GST_SECOND);
  fail_unless_equals_uint64 (f->hold, 0);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* What has not left when the uplink closes leaves after the next open. */
GST_START_TEST (test_close_and_open_again)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) before = NULL;
  g_autoptr (GArray) after = NULL;
  GstClockTime next = 0;
  guint left;

  uplink_add_buffer (f, numbered (MS (1000), 0), 0);
  g_ptr_array_add (f->feed, gst_event_new_eos ());
  gst_realtime_uplink_open (f->uplink);
  uplink_start_feeding (f);
  before = uplink_collect_from (f, MS (400), &next, 0);
  fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 10));
  gst_realtime_uplink_close (f->uplink);
  /* The wait was given up and nothing left by it. */
  gst_harness_set_time (f->h, 10 * GST_SECOND);
  left = gst_harness_buffers_received (f->h);
  fail_unless_equals_int (left, 20);

  gst_realtime_uplink_open (f->uplink);
  uplink_wait_count (f, &f->epochs, 2);
  fail_unless_equals_uint64 (f->epoch, next);
  fail_unless_equals_uint64 (f->hold, 10 * GST_SECOND - next);
  fail_unless_equals_uint64 (f->heard, 0);
  fail_unless_equals_uint64 (gst_realtime_uplink_get_hold (f->uplink), f->hold);
  after = uplink_collect_from (f, MS (600), &next, f->hold);
  check_numbered (before, 0, 0, MS (400));
  check_numbered (after, 0, MS (400), MS (600));
  uplink_fixture_free (f);
}

GST_END_TEST;

/* After a live input's end silence goes on at the clock's pace. */
GST_START_TEST (test_live_eos)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, TRUE);
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 0;

  gst_realtime_uplink_open (f->uplink);
  uplink_add_buffer (f, numbered (MS (100), 0), 0);
  g_ptr_array_add (f->feed, gst_event_new_eos ());
  gst_harness_set_time (f->h, 100 * GST_MSECOND);
  uplink_start_feeding (f);
  uplink_wait_count (f, &f->eoses, 1);
  samples = uplink_collect_from (f, MS (500), &next, 0);
  check_numbered (samples, 0, 0, MS (100));
  check_silent (samples, MS (100), MS (400));
  fail_unless_equals_uint64 (gst_realtime_uplink_get_end (f->uplink),
      100 * GST_MSECOND);

  fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 10));
  gst_realtime_uplink_close (f->uplink);
  gst_harness_set_time (f->h, 3 * GST_SECOND);
  fail_unless_equals_int (gst_harness_buffers_in_queue (f->h), 0);
  gst_realtime_uplink_open (f->uplink);
  uplink_wait_count (f, &f->epochs, 2);
  fail_unless_equals_uint64 (f->epoch, 3 * GST_SECOND);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* An input without a sample: the server still hears silence. */
GST_START_TEST (test_empty)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;

  g_ptr_array_add (f->feed, gst_event_new_eos ());
  uplink_start_feeding (f);
  uplink_end_feeding (f, GST_FLOW_OK);
  fail_unless_equals_int (f->kinds, 1);
  fail_unless_equals_int (f->eoses, 1);
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 0);
  fail_unless_equals_uint64 (gst_realtime_uplink_get_end (f->uplink), 0);
  gst_harness_set_time (f->h, GST_SECOND);
  gst_realtime_uplink_open (f->uplink);
  uplink_wait_count (f, &f->epochs, 1);
  samples = uplink_collect (f, MS (100));
  check_silent (samples, 0, MS (100));
  fail_unless_equals_uint64 (f->epoch, 0);
  fail_unless_equals_uint64 (f->hold, GST_SECOND);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* A gap in a file's timestamps becomes silence of its length. */
GST_START_TEST (test_held_gap)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;

  uplink_add_buffer (f, numbered (MS (100), 0), 0);
  uplink_add_buffer (f, numbered (MS (100), MS (100)), 3 * GST_SECOND);
  g_ptr_array_add (f->feed, gst_event_new_gap (3100 * GST_MSECOND,
          500 * GST_MSECOND));
  uplink_add_buffer (f, numbered (MS (100), MS (200)), GST_CLOCK_TIME_NONE);
  gst_realtime_uplink_open (f->uplink);
  uplink_start_feeding (f);
  samples = uplink_collect (f, MS (3700));
  check_numbered (samples, 0, 0, MS (100));
  check_silent (samples, MS (100), MS (2900));
  check_numbered (samples, MS (3000), MS (100), MS (100));
  check_silent (samples, MS (3100), MS (500));
  check_numbered (samples, MS (3600), MS (200), MS (100));
  fail_unless_equals_int (f->epochs, 1);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* Timestamps that jump back: all samples leave, and the epoch says so. */
GST_START_TEST (test_held_jump_back)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  g_autoptr (GArray) more = NULL;
  GstClockTime next = GST_SECOND;

  uplink_add_buffer (f, numbered (MS (200), 0), GST_SECOND);
  uplink_add_buffer (f, numbered (MS (200), MS (200)), 0);
  gst_harness_set_time (f->h, 2 * GST_SECOND);
  gst_realtime_uplink_open (f->uplink);
  uplink_start_feeding (f);
  samples = uplink_collect_from (f, MS (200), &next, GST_SECOND);
  next = 0;
  more = uplink_collect_from (f, MS (200), &next, 2200 * GST_MSECOND);
  check_numbered (samples, 0, 0, MS (200));
  check_numbered (more, 0, MS (200), MS (200));
  fail_unless_equals_int (f->epochs, 2);
  fail_unless_equals_uint64 (f->epoch, 0);
  fail_unless_equals_uint64 (f->hold, 2200 * GST_MSECOND);
  fail_unless_equals_uint64 (f->heard, 200 * GST_MSECOND);
  fail_unless_equals_uint64 (uplink_out_running_time (f, 0),
      2200 * GST_MSECOND);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* No clock, no playing: held. */
GST_START_TEST (test_paused)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 0;

  gst_element_set_state (f->uplink, GST_STATE_PAUSED);
  gst_realtime_uplink_open (f->uplink);
  uplink_add_buffer (f, numbered (MS (1000), 0), 0);
  uplink_start_feeding (f);
  uplink_wait_count (f, &f->kinds, 1);
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 0);
  gst_element_set_state (f->uplink, GST_STATE_PLAYING);
  samples = uplink_collect_from (f, MS (200), &next, 0);
  fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 10));

  /* Paused for 5 s, in which the running time stands still. */
  gst_element_set_state (f->uplink, GST_STATE_PAUSED);
  gst_harness_set_time (f->h, 5180 * GST_MSECOND);
  fail_unless_equals_int (gst_harness_buffers_in_queue (f->h), 0);
  gst_element_set_base_time (f->uplink, 5 * GST_SECOND);
  gst_element_set_state (f->uplink, GST_STATE_PLAYING);
  g_array_unref (samples);
  samples = uplink_collect_from (f, MS (800), &next, 0);
  check_numbered (samples, 0, MS (200), MS (800));
  fail_unless_equals_int (f->epochs, 1);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* Stopping frees whatever waits. */
GST_START_TEST (test_stop)
{
  guint step;

  for (step = 0; step < 3; step++) {
    UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);

    uplink_add_buffer (f, numbered (MS (100), 0), 0);
    g_ptr_array_add (f->feed, gst_event_new_eos ());
    if (step > 0)
      gst_realtime_uplink_open (f->uplink);
    uplink_start_feeding (f);
    uplink_wait_count (f, &f->kinds, 1);
    if (step == 1)
      fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 10));
    if (step == 2) {
      g_array_unref (uplink_collect (f, MS (200)));
      uplink_wait_count (f, &f->eoses, 1);
    }
    gst_element_set_state (f->uplink, GST_STATE_NULL);
    g_thread_join (f->feeder);
    f->feeder = NULL;
    uplink_fixture_free (f);
  }
}

GST_END_TEST;

/* Held input whose source starves goes on later, and not in a burst. */
GST_START_TEST (test_starved)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 0;

  uplink_add_buffer (f, numbered (MS (20), 0), 0);
  f->live_input = TRUE;         /* no end of stream yet */
  gst_realtime_uplink_open (f->uplink);
  uplink_start_feeding (f);
  uplink_end_feeding (f, GST_FLOW_OK);
  f->live_input = FALSE;
  gst_harness_set_time (f->h, 2 * GST_SECOND);
  uplink_add_buffer (f, numbered (MS (980), MS (20)), 20 * GST_MSECOND);
  uplink_start_feeding (f);
  samples = uplink_collect_from (f, MS (20), &next, 0);
  check_numbered (samples, 0, 0, MS (20));
  g_array_unref (samples);
  samples = uplink_collect_from (f, MS (980), &next, 1980 * GST_MSECOND);
  check_numbered (samples, 0, MS (20), MS (980));
  fail_unless_equals_uint64 (gst_realtime_uplink_get_hold (f->uplink),
      1980 * GST_MSECOND);
  fail_unless_equals_int (f->epochs, 1);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* --- live input from before an open; with the system's clock, as two threads wait
 * for it --- */

static void
on_kept_epoch (GstElement * uplink, guint64 running_time, guint64 hold,
    GstClockTime * epoch)
{
  fail_unless_equals_uint64 (hold, 0);
  *epoch = running_time;
}

/* A harness whose clock has run for @age by now. */
static GstHarness *
old_harness (GstElement * uplink, GstClockTime age)
{
  GstHarness *h = gst_harness_new_with_element (uplink, "sink", "src");
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();

  gst_harness_use_systemclock (h);
  gst_harness_set_src_caps_str (h, SPEECH_CAPS);
  /* What is inside takes it over with the state. */
  gst_element_set_base_time (uplink, gst_clock_get_time (clock) - age);
  gst_harness_play (h);
  return h;
}

static void
push_live (GstHarness * h, guint from, guint to)
{
  for (; from < to; from++) {
    GstBuffer *buffer = numbered (MS (20), from * MS (20));

    GST_BUFFER_PTS (buffer) = from * PIECE;
    fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
  }
}

/* Of a second that nobody heard the last 300 ms are sent, whole and in order, but
 * not in one burst; then it is as live as any. */
GST_START_TEST (test_pre_connect)
{
  GstElement *uplink = gst_realtime_uplink_new (NULL);
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, 2);
  GstClockTime epoch = GST_CLOCK_TIME_NONE, begun;
  GstHarness *h;
  guint kept_from;

  g_signal_connect (uplink, "epoch", G_CALLBACK (on_kept_epoch), &epoch);
  gst_realtime_uplink_set_pre_connect_buffer (uplink, 300);
  h = old_harness (uplink, GST_SECOND);
  push_live (h, 0, 50);
  begun = gst_util_get_timestamp ();
  gst_realtime_uplink_open (uplink);
  while (samples->len == 0 || g_array_index (samples, gint16,
          samples->len - 1) != number_value (MS (1000) - 1))
    take_samples (samples, gst_harness_pull (h));
  /* At least as slowly as a quarter faster than it was spoken. */
  fail_unless (gst_util_get_timestamp () - begun >= 200 * GST_MSECOND);
  fail_unless (samples->len >= MS (280) && samples->len <= MS (420),
      "%u samples", samples->len);
  kept_from = MS (1000) - samples->len;
  check_numbered (samples, 0, kept_from, samples->len);
  fail_unless_equals_uint64 (epoch, gst_util_uint64_scale (kept_from,
          GST_SECOND, 48000));

  push_live (h, 50, 100);
  while (samples->len < MS (2000) - kept_from)
    take_samples (samples, gst_harness_pull (h));
  check_numbered (samples, 0, kept_from, MS (2000) - kept_from);
  gst_harness_teardown (h);
  gst_object_unref (uplink);
}

GST_END_TEST;

/* Nothing is kept of a file but all of it, as ever. */
GST_START_TEST (test_pre_connect_file)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  guint i;

  gst_element_set_state (f->uplink, GST_STATE_READY);
  gst_realtime_uplink_set_pre_connect_buffer (f->uplink, 100);
  gst_harness_play (f->h);
  for (i = 0; i < 50; i++)
    uplink_add_buffer (f, numbered (MS (20), i * MS (20)), i * PIECE);
  gst_harness_set_time (f->h, 2 * GST_SECOND);
  uplink_start_feeding (f);
  uplink_wait_count (f, &f->kinds, 1);
  gst_realtime_uplink_open (f->uplink);
  uplink_wait_count (f, &f->epochs, 1);
  samples = uplink_collect (f, MS (1000));
  check_numbered (samples, 0, 0, MS (1000));
  uplink_fixture_free (f);
}

GST_END_TEST;

/* Stopped while it keeps, and without a buffer again. */
GST_START_TEST (test_pre_connect_stopped)
{
  GstElement *uplink = gst_realtime_uplink_new (NULL);
  gint without = GST_BIN_NUMCHILDREN (uplink);
  GstHarness *h;

  gst_realtime_uplink_set_pre_connect_buffer (uplink, 300);
  fail_unless_equals_int (GST_BIN_NUMCHILDREN (uplink), without + 1);
  h = old_harness (uplink, GST_SECOND);
  push_live (h, 0, 50);
  gst_harness_teardown (h);
  fail_unless_equals_int (gst_element_set_state (uplink, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  gst_realtime_uplink_set_pre_connect_buffer (uplink, 0);
  fail_unless_equals_int (GST_BIN_NUMCHILDREN (uplink), without);
  gst_object_unref (uplink);
}

GST_END_TEST;

static Suite *
pacing_suite (void)
{
  Suite *suite = suite_create ("pacing");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, test_held);
  tcase_add_test (tcase, test_pacing);
  tcase_add_test (tcase, test_ahead_of_clock);
  tcase_add_test (tcase, test_close_and_open_again);
  tcase_add_test (tcase, test_live_eos);
  tcase_add_test (tcase, test_empty);
  tcase_add_test (tcase, test_held_gap);
  tcase_add_test (tcase, test_held_jump_back);
  tcase_add_test (tcase, test_paused);
  tcase_add_test (tcase, test_stop);
  tcase_add_test (tcase, test_starved);
  tcase_add_test (tcase, test_pre_connect);
  tcase_add_test (tcase, test_pre_connect_file);
  tcase_add_test (tcase, test_pre_connect_stopped);
  return suite;
}

GST_CHECK_MAIN (pacing);
