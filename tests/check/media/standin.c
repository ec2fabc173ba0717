/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A live source that stands still: silence stands in for it.
 */

#include "uplinkfixture.h"

#include "media/lateness.h"

/* What the uplink waits beyond the lateness that a source has shown. */
#define PATIENCE (300 * GST_MSECOND)

static GstClockTime
get_time (UplinkFixture * f)
{
  return gst_clock_get_time (GST_ELEMENT_CLOCK (f->uplink)) -
      gst_element_get_base_time (f->uplink);
}

/* Feeds @n ms from @pts on, at once. */
static void
feed (UplinkFixture * f, guint ms, GstClockTime pts)
{
  guint i;

  for (i = 0; i < ms; i += 20)
    uplink_add_buffer (f, numbered (MS (20), MS (i)), pts + i * GST_MSECOND);
  uplink_start_feeding (f);
  uplink_end_feeding (f, GST_FLOW_OK);
}

static GArray *
take (UplinkFixture * f)
{
  GArray *samples = g_array_new (FALSE, FALSE, 2);

  while (gst_harness_buffers_in_queue (f->h) > 0)
    take_samples (samples, gst_harness_pull (f->h));
  return samples;
}

/* It goes on where the clock is: the service's count stays in step with it. */
GST_START_TEST (test_gap)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, TRUE);
  g_autoptr (GArray) sound = NULL;
  g_autoptr (GArray) silence = NULL;
  g_autoptr (GArray) after = NULL;
  GstClockTime next = 5060 * GST_MSECOND, begin;

  gst_realtime_uplink_open (f->uplink);
  gst_harness_set_time (f->h, 5100 * GST_MSECOND);
  feed (f, 60, 5000 * GST_MSECOND);
  sound = take (f);
  check_numbered (sound, 0, 0, MS (60));

  silence = uplink_collect_from (f, MS (20), &next, 0);
  begin = get_time (f);
  /* the first sample that is missing, as late as those before, and patience */
  fail_unless_equals_uint64 (begin, 5060 * GST_MSECOND + 100 * GST_MSECOND +
      PATIENCE);
  g_array_unref (silence);
  silence = uplink_collect_from (f, MS (5000), &next, 0);
  check_silent (silence, 0, MS (5000));
  fail_unless_equals_uint64 (get_time (f), begin + 5000 * GST_MSECOND);
  fail_unless_equals_int (f->epochs, 1);

  feed (f, 40, get_time (f) - 60 * GST_MSECOND);
  after = take (f);
  check_silent (after, 0, after->len - MS (40));
  check_numbered (after, after->len - MS (40), 0, MS (40));
  fail_unless_equals_int (f->epochs, 1);
  fail_unless_equals_uint64 (gst_realtime_uplink_get_position (f->uplink),
      get_time (f) - 20 * GST_MSECOND);
  fail_unless_equals_uint64 (gst_realtime_uplink_get_heard (f->uplink),
      gst_realtime_uplink_get_position (f->uplink) - 5000 * GST_MSECOND);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* It was but late: not a sample is lost, and the epoch tells of the silence. */
GST_START_TEST (test_late)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, TRUE);
  g_autoptr (GArray) silence = NULL;
  g_autoptr (GArray) after = NULL;
  GstClockTime next = 20 * GST_MSECOND, out;

  gst_realtime_uplink_open (f->uplink);
  feed (f, 20, 0);
  g_array_unref (take (f));
  silence = uplink_collect_from (f, MS (700), &next, 0);
  check_silent (silence, 0, MS (700));
  out = uplink_out_running_time (f, next);

  feed (f, 1000, 20 * GST_MSECOND);
  fail_unless_equals_int (f->epochs, 2);
  fail_unless_equals_uint64 (f->epoch, 20 * GST_MSECOND);
  fail_unless_equals_uint64 (f->heard, 720 * GST_MSECOND);
  /* downstream, time has gone on */
  fail_unless_equals_uint64 (uplink_out_running_time (f, 20 * GST_MSECOND),
      out);
  after = take (f);
  check_numbered (after, 0, 0, MS (1000));

  /* a source that was so late once may be it again */
  next = 1020 * GST_MSECOND;
  g_array_unref (uplink_collect_from (f, MS (20), &next, 0));
  fail_unless (get_time (f) >= 1020 * GST_MSECOND + 700 * GST_MSECOND +
      PATIENCE);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* Not the source stood still, but all of the machine: whoever wakes first, what
 * the source has is passed on as it is. */
GST_START_TEST (test_machine_stands_still)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, TRUE);
  GstTestClock *clock = GST_TEST_CLOCK (GST_ELEMENT_CLOCK (f->uplink));
  g_autoptr (GArray) sound = NULL;
  g_autoptr (GArray) silence = NULL;
  GstClockTime next = 1020 * GST_MSECOND, looks;
  GstClockID id;

  gst_realtime_uplink_open (f->uplink);
  feed (f, 20, 0);
  g_array_unref (take (f));
  gst_test_clock_wait_for_next_pending_id (clock, NULL);
  gst_harness_set_time (f->h, 1020 * GST_MSECOND);
  gst_clock_id_unref (gst_test_clock_process_next_clock_id (clock));
  gst_test_clock_wait_for_next_pending_id (clock, &id);
  looks = gst_clock_id_get_time (id) - gst_element_get_base_time (f->uplink);
  gst_clock_id_unref (id);
  fail_unless_equals_uint64 (looks, 1020 * GST_MSECOND + PATIENCE);
  feed (f, 1000, 20 * GST_MSECOND);
  sound = take (f);
  check_numbered (sound, 0, 0, MS (1000));
  fail_unless_equals_int (f->epochs, 1);

  /* when it has nothing, silence goes on where it ended */
  silence = uplink_collect_from (f, MS (2000), &next, 0);
  check_silent (silence, 0, MS (2000));
  fail_unless_equals_int (f->epochs, 1);
  uplink_fixture_free (f);
}

GST_END_TEST;

static void
expect_nothing (UplinkFixture * f)
{
  guint i;

  for (i = 0; i < 50; i++) {
    gst_harness_set_time (f->h, gst_clock_get_time (GST_ELEMENT_CLOCK
            (f->uplink)) + 100 * GST_MSECOND);
    fail_unless_equals_int (gst_harness_buffers_in_queue (f->h), 0);
  }
}

/* Where nothing is to leave, no silence does: closed, paused, flushed. */
GST_START_TEST (test_not_wanted)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, TRUE);
  GstClockTime next = GST_CLOCK_TIME_NONE, time;

  gst_realtime_uplink_open (f->uplink);
  expect_nothing (f);
  feed (f, 20, get_time (f));
  g_array_unref (take (f));
  g_array_unref (uplink_collect_from (f, MS (40), &next, 0));

  gst_realtime_uplink_close (f->uplink);
  expect_nothing (f);
  gst_realtime_uplink_open (f->uplink);
  expect_nothing (f);
  feed (f, 20, get_time (f));
  fail_unless_equals_int (f->epochs, 2);
  fail_unless_equals_uint64 (f->heard, 0);
  g_array_unref (take (f));
  next = GST_CLOCK_TIME_NONE;
  g_array_unref (uplink_collect_from (f, MS (40), &next, 0));

  gst_element_set_state (f->uplink, GST_STATE_PAUSED);
  time = get_time (f);
  expect_nothing (f);
  /* running time goes on where it was */
  gst_element_set_base_time (f->uplink, gst_element_get_base_time (f->uplink) +
      get_time (f) - time);
  gst_element_set_state (f->uplink, GST_STATE_PLAYING);
  g_array_unref (uplink_collect_from (f, MS (40), &next, 0));

  gst_pad_push_event (f->h->srcpad, gst_event_new_flush_start ());
  gst_pad_push_event (f->h->srcpad, gst_event_new_flush_stop (TRUE));
  expect_nothing (f);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* The end comes while silence stands in. */
GST_START_TEST (test_end)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, TRUE);
  GstClockTime next = 20 * GST_MSECOND;

  gst_realtime_uplink_open (f->uplink);
  feed (f, 20, 0);
  g_array_unref (take (f));
  g_array_unref (uplink_collect_from (f, MS (100), &next, 0));
  gst_pad_push_event (f->h->srcpad, gst_event_new_eos ());
  uplink_wait_count (f, &f->eoses, 1);
  g_array_unref (uplink_collect_from (f, MS (500), &next, 0));
  uplink_fixture_free (f);
}

GST_END_TEST;

GST_START_TEST (test_lateness)
{
  RealtimeLateness lateness;
  const GstClockTime ms = GST_MSECOND, s = GST_SECOND;

  realtime_lateness_reset (&lateness);
  fail_unless_equals_uint64 (realtime_lateness_get_limit (&lateness, 5 * s),
      GST_CLOCK_TIME_NONE);
  realtime_lateness_note (&lateness, 10 * s, 10 * s + 50 * ms);
  realtime_lateness_note (&lateness, 11 * s, 11 * s + 30 * ms);
  fail_unless_equals_uint64 (realtime_lateness_get_limit (&lateness, 5 * s),
      5350 * ms);
  realtime_lateness_note (&lateness, 12 * s, 12 * s + 80 * ms);
  fail_unless_equals_uint64 (realtime_lateness_get_limit (&lateness, 5 * s),
      5380 * ms);
  /* remembered for a while, then forgotten */
  realtime_lateness_note (&lateness, 21 * s, 21 * s + 10 * ms);
  fail_unless_equals_uint64 (realtime_lateness_get_limit (&lateness, 5 * s),
      5380 * ms);
  realtime_lateness_note (&lateness, 32 * s, 32 * s + 10 * ms);
  fail_unless_equals_uint64 (realtime_lateness_get_limit (&lateness, 5 * s),
      5310 * ms);
  /* one whose timestamps are ahead of the clock, or far behind it */
  realtime_lateness_reset (&lateness);
  realtime_lateness_note (&lateness, 10 * s, 2 * s);
  fail_unless_equals_uint64 (realtime_lateness_get_limit (&lateness, 20 * s),
      12300 * ms);
  fail_unless_equals_uint64 (realtime_lateness_get_limit (&lateness, 2 * s), 0);
  realtime_lateness_note (&lateness, 0, 86400 * s);
  fail_unless_equals_uint64 (realtime_lateness_get_limit (&lateness, s),
      86401 * s + 300 * ms);
  /* the clock's running time begins anew */
  realtime_lateness_note (&lateness, 0, 20 * ms);
  realtime_lateness_note (&lateness, 20 * ms, 40 * ms);
  fail_unless_equals_uint64 (realtime_lateness_get_limit (&lateness, s),
      1320 * ms);
  /* who looks late asks for nothing yet */
  realtime_lateness_note_look (&lateness, s, 1100 * ms);
  realtime_lateness_note_look (&lateness, GST_CLOCK_TIME_NONE, 5 * s);
  fail_unless_equals_uint64 (realtime_lateness_get_limit (&lateness, s),
      1320 * ms);
  realtime_lateness_note_look (&lateness, s, 2 * s);
  fail_unless_equals_uint64 (realtime_lateness_get_limit (&lateness, s),
      2300 * ms);
  fail_unless_equals_uint64 (realtime_lateness_get_limit (&lateness, 3 * s),
      3320 * ms);
  realtime_lateness_note (&lateness, 40 * ms, 60 * ms);
  fail_unless_equals_uint64 (realtime_lateness_get_limit (&lateness, s),
      1320 * ms);
}

GST_END_TEST;

static Suite *
standin_suite (void)
{
  Suite *suite = suite_create ("standin");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, test_gap);
  tcase_add_test (tcase, test_late);
  tcase_add_test (tcase, test_machine_stands_still);
  tcase_add_test (tcase, test_not_wanted);
  tcase_add_test (tcase, test_end);
  tcase_add_test (tcase, test_lateness);
  return suite;
}

GST_CHECK_MAIN (standin);
