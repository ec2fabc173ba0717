/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is heard of what the downlink was given: not what was flushed or spoken
 * over; louder or softer; and whoever asked is told when sound begins and ends.
 */

#include "downlinkfixture.h"

/* A flush on the connection forgets what waits. */
GST_START_TEST (test_flush)
{
  DownlinkFixture *f = downlink_fixture_new ();
  GstPad *pad = downlink_connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) before = NULL;
  g_autoptr (GArray) after = NULL;
  GstClockTime next = 0;
  GstSegment segment;

  gst_realtime_downlink_start (f->downlink, 0, 0);
  downlink_speak (pad, numbered (MS (1000), 0), 0);
  before = downlink_collect (f, MS (100), &next, OWN_LATENCY);
  gst_pad_push_event (pad, gst_event_new_flush_start ());
  gst_pad_push_event (pad, gst_event_new_flush_stop (FALSE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (pad, gst_event_new_segment (&segment));
  downlink_speak (pad, numbered (MS (100), 3000), 300 * GST_MSECOND);
  after = downlink_collect (f, MS (400), &next, OWN_LATENCY);
  check_numbered (before, 0, 0, MS (100));
  check_silent (after, 0, MS (200));
  check_numbered (after, MS (200), 3000, MS (100));
  check_silent (after, MS (300), MS (100));
  downlink_fixture_free (f);
}

GST_END_TEST;

/* An interruption by the session: silence in the next buffer, on a timeline
 * that goes on; the reply is heard from its first sample. */
GST_START_TEST (test_interrupt)
{
  DownlinkFixture *f = downlink_fixture_new ();
  GstPad *pad = downlink_connect_speaker (f, SPEECH_CAPS), *other;
  g_autoptr (GArray) before = NULL;
  g_autoptr (GArray) after = NULL;
  g_autoptr (GArray) reply = NULL;
  GstClockTime next = 0;
  guint i;

  gst_realtime_downlink_start (f->downlink, 0, 0);
  downlink_speak (pad, numbered (MS (1000), 0), 0);
  before = downlink_collect (f, MS (100), &next, OWN_LATENCY);
  check_numbered (before, 0, 0, MS (100));
  gst_realtime_downlink_flush (f->downlink);
  downlink_speak (pad, numbered (MS (100), MS (1000)), 1000 * GST_MSECOND);
  /* Another connection has no part in it. */
  other = downlink_connect_speaker (f, SPEECH_CAPS);
  downlink_speak (other, numbered (MS (20), 0), 200 * GST_MSECOND);
  after = downlink_collect (f, MS (200), &next, OWN_LATENCY);
  check_silent (after, MS (5), MS (95));
  check_numbered (after, MS (100), 0, MS (20));
  check_silent (after, MS (120), MS (80));

  for (i = 0; i < 5; i++)
    downlink_speak (pad, numbered (MS (20), i * MS (20)),
        (1100 + i * 20) * GST_MSECOND);
  gst_realtime_downlink_resume (f->downlink, 1100 * GST_MSECOND);
  for (; i < 10; i++)
    downlink_speak (pad, numbered (MS (20), i * MS (20)),
        (1100 + i * 20) * GST_MSECOND);
  reply = downlink_collect (f, MS (1200), &next, OWN_LATENCY);
  check_silent (reply, 0, MS (800));
  check_numbered (reply, MS (800), 0, MS (200));
  check_silent (reply, MS (1000), MS (200));

  /* Nothing waits for what was cut off. */
  downlink_speak (pad, numbered (MS (1000), 0), 1500 * GST_MSECOND);
  gst_realtime_downlink_flush (f->downlink);
  gst_realtime_downlink_end (f->downlink);
  for (;;) {
    g_autoptr (GstEvent) event = gst_harness_pull_event (f->h);

    if (GST_EVENT_TYPE (event) == GST_EVENT_EOS)
      break;
  }
  fail_unless_equals_int (gst_harness_buffers_in_queue (f->h), 0);
  downlink_fixture_free (f);
}

GST_END_TEST;

/* A flush that goes downstream, and the stream goes on at the same running
 * time. */
GST_START_TEST (test_flush_downstream)
{
  DownlinkFixture *f = downlink_fixture_new ();
  GstPad *pad = downlink_connect_speaker (f, SPEECH_CAPS);
  GstClockTime next = 0, due = 0;
  gboolean started = FALSE, stopped = FALSE, segment = FALSE;
  GstBuffer *buffer;
  GstEvent *event;

  /* before anything has left there is nothing to flush */
  gst_realtime_downlink_flush_downstream (f->downlink);
  gst_realtime_downlink_start (f->downlink, 0, 0);
  downlink_speak (pad, numbered (MS (1000), 0), 0);
  g_array_unref (downlink_collect (f, MS (100), &next, OWN_LATENCY));
  while ((event = gst_harness_try_pull_event (f->h))) {
    fail_if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_START);
    gst_event_unref (event);
  }

  gst_realtime_downlink_flush (f->downlink);
  gst_realtime_downlink_flush_downstream (f->downlink);
  gst_realtime_downlink_flush_downstream (f->downlink);
  while (!segment) {
    fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 30));
    fail_unless (gst_harness_crank_single_clock_wait (f->h));
    while ((event = gst_harness_try_pull_event (f->h))) {
      gboolean reset = TRUE;

      switch (GST_EVENT_TYPE (event)) {
        case GST_EVENT_FLUSH_START:
          fail_if (started);
          started = TRUE;
          break;
        case GST_EVENT_FLUSH_STOP:
          fail_unless (started && !stopped);
          gst_event_parse_flush_stop (event, &reset);
          fail_if (reset);
          stopped = TRUE;
          break;
        case GST_EVENT_SEGMENT:
          fail_unless (stopped);
          segment = TRUE;
          break;
        default:
          break;
      }
      gst_event_unref (event);
    }
  }
  /* silence, where it belongs, and said to follow a break */
  for (buffer = NULL; !buffer || !GST_BUFFER_FLAG_IS_SET (buffer,
          GST_BUFFER_FLAG_DISCONT);) {
    gst_clear_buffer (&buffer);
    fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 30));
    buffer = gst_harness_try_pull (f->h);
    if (!buffer)
      fail_unless (gst_harness_crank_single_clock_wait (f->h));
  }
  fail_unless (GST_BUFFER_PTS (buffer) >= next);
  due = gst_clock_get_time (GST_ELEMENT_CLOCK (f->downlink)) -
      gst_element_get_base_time (f->downlink);
  fail_unless (GST_BUFFER_PTS (buffer) <= due);
  gst_buffer_unref (buffer);
  downlink_fixture_free (f);
}

GST_END_TEST;

/* "Now" is the clock's. */
GST_START_TEST (test_interrupt_now)
{
  DownlinkFixture *f = downlink_fixture_new ();
  GstPad *pad = downlink_connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 0;

  gst_realtime_downlink_resume (f->downlink, GST_CLOCK_TIME_NONE);
  gst_realtime_downlink_flush (f->downlink);
  gst_realtime_downlink_start (f->downlink, 0, 0);
  downlink_speak (pad, numbered (MS (140), 0), 0);
  g_array_unref (downlink_collect (f, MS (20), &next, OWN_LATENCY));
  /* Slot 0 leaves at 40 ms; the one after it waits. */
  gst_realtime_downlink_resume (f->downlink, GST_CLOCK_TIME_NONE);
  samples = downlink_collect (f, MS (200), &next, OWN_LATENCY);
  check_silent (samples, 0, MS (20));
  check_numbered (samples, MS (20), MS (40), MS (100));
  check_silent (samples, MS (120), MS (80));
  downlink_fixture_free (f);
}

GST_END_TEST;

/* Half as loud, twice as loud up to full scale, silent: each after 20 ms. */
GST_START_TEST (test_volume)
{
  static const gdouble volumes[] = { 0.5, 2.0, 0.0 };
  DownlinkFixture *f = downlink_fixture_new ();
  GstPad *pad = downlink_connect_speaker (f, SPEECH_CAPS);
  GstClockTime next = 0;
  guint i, j;

  gst_realtime_downlink_set_volume (f->downlink, 0.5);
  gst_realtime_downlink_start (f->downlink, 0, 0);
  downlink_speak (pad, numbered (MS (300), 0), 0);
  for (i = 0; i < 3; i++) {
    g_autoptr (GArray) samples = NULL;
    gint16 last;

    gst_realtime_downlink_set_volume (f->downlink, volumes[i]);
    samples = downlink_collect (f, MS (100), &next, OWN_LATENCY);
    for (j = i == 0 ? 0 : MS (20); j < MS (100); j++)
      fail_unless_equals_int (g_array_index (samples, gint16, j),
          MIN (rint (number_value (i * MS (100) + j) * volumes[i]),
              G_MAXINT16));
    /* No sample of the change is far from what was, and from what will be. */
    last = number_value (i * MS (100)) * (i == 0 ? 0.5 : volumes[i - 1]);
    for (j = 0; j < MS (20); j++) {
      fail_unless (ABS (g_array_index (samples, gint16, j) - last) < 100);
      last = g_array_index (samples, gint16, j);
    }
  }
  downlink_fixture_free (f);
}

GST_END_TEST;

typedef struct
{
  guint line;
  gboolean started;
  guint64 time;
} Sound;

static void
note_sound_started (GstElement * downlink, guint line, guint64 time,
    GArray * sounds)
{
  Sound sound = { line, TRUE, time };

  g_array_append_val (sounds, sound);
}

static void
note_sound_stopped (GstElement * downlink, guint line, guint64 time,
    GArray * sounds)
{
  Sound sound = { line, FALSE, time };

  g_array_append_val (sounds, sound);
}

static GArray *
watch_sound (DownlinkFixture * f)
{
  GArray *sounds = g_array_new (FALSE, FALSE, sizeof (Sound));

  g_signal_connect (f->downlink, "sound-started",
      G_CALLBACK (note_sound_started), sounds);
  g_signal_connect (f->downlink, "sound-stopped",
      G_CALLBACK (note_sound_stopped), sounds);
  return sounds;
}

static void
check_sound (GArray * sounds, guint i, guint line, gboolean started,
    GstClockTime time)
{
  Sound *sound = &g_array_index (sounds, Sound, i);

  fail_unless (i < sounds->len, "%u sounds", sounds->len);
  fail_unless_equals_int (sound->line, line);
  fail_unless_equals_int (sound->started, started);
  fail_unless (ABS (GST_CLOCK_DIFF (time, sound->time)) < GST_MSECOND / 10,
      "%" GST_TIME_FORMAT, GST_TIME_ARGS (sound->time));
}

static GstBuffer *
level (guint n, gint16 value)
{
  GstBuffer *buffer = gst_buffer_new_and_alloc (n * 2);
  GstMapInfo map;
  guint i;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (i = 0; i < n; i++)
    ((gint16 *) map.data)[i] = value;
  gst_buffer_unmap (buffer, &map);
  return buffer;
}

/* When each connection's speech begins and ends to be heard, by what leaves: not
 * what is too faint, nor short pauses, on the timeline of the output. */
GST_START_TEST (test_sound)
{
  DownlinkFixture *f = downlink_fixture_new ();
  GstPad *one = downlink_connect_speaker (f, SPEECH_CAPS);
  GstPad *two = downlink_connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) sounds = watch_sound (f);
  GstClockTime next = 2 * GST_SECOND, hold = 5 * GST_SECOND;
  const GstClockTime ms = GST_MSECOND, in = 7000 * ms;

  gst_harness_set_time (f->h, 7 * GST_SECOND);
  gst_realtime_downlink_start (f->downlink, 7 * GST_SECOND, hold);
  downlink_speak (one, level (MS (110), 60), in);
  downlink_speak (one, level (MS (105), 3000), in + 110 * ms);
  downlink_speak (one, level (MS (300), 90), in + 215 * ms);
  downlink_speak (one, level (MS (200), -3000), in + 515 * ms);
  downlink_speak (two, level (MS (50), 200), in + 655 * ms);
  g_array_unref (downlink_collect (f, MS (700), &next, hold + OWN_LATENCY));
  fail_unless_equals_int (sounds->len, 2);
  check_sound (sounds, 0, 0, TRUE, 2110 * ms);
  check_sound (sounds, 1, 1, TRUE, 2655 * ms);
  gst_realtime_downlink_expect_end (f->downlink);
  /* gone before it was told */
  downlink_disconnect_speaker (f, two);
  downlink_speak (one, level (MS (500), 0), in + 715 * ms);
  g_array_unref (downlink_collect (f, MS (220), &next, hold + OWN_LATENCY));
  fail_unless_equals_int (sounds->len, 4);
  check_sound (sounds, 2, 0, FALSE, 2715 * ms);
  check_sound (sounds, 3, 1, FALSE, 2705 * ms);

  downlink_speak (one, level (MS (100), 3000), in + 1300 * ms);
  g_array_unref (downlink_collect (f, MS (860), &next, hold + OWN_LATENCY));
  fail_unless_equals_int (sounds->len, 5);
  g_array_unref (downlink_collect (f, MS (40), &next, hold + OWN_LATENCY));
  fail_unless_equals_int (sounds->len, 6);
  check_sound (sounds, 4, 0, TRUE, 3300 * ms);
  check_sound (sounds, 5, 0, FALSE, 3400 * ms);
  downlink_fixture_free (f);
}

GST_END_TEST;

/* The input stood still: the output waits for it, its timeline goes on, and what
 * is said meanwhile is not lost. */
GST_START_TEST (test_longer_hold)
{
  DownlinkFixture *f = downlink_fixture_new ();
  GstPad *pad = downlink_connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) sounds = watch_sound (f);
  g_autoptr (GArray) after = NULL;
  GstClockTime next = 0;

  gst_realtime_downlink_set_hold (f->downlink, GST_SECOND);
  gst_realtime_downlink_start (f->downlink, 0, 0);
  g_array_unref (downlink_collect (f, MS (100), &next, OWN_LATENCY));
  gst_realtime_downlink_set_hold (f->downlink, 3 * GST_SECOND);
  downlink_check_latency (f, OWN_LATENCY + 3 * GST_SECOND, TRUE);
  gst_realtime_downlink_set_hold (f->downlink, 2 * GST_SECOND);
  downlink_check_latency (f, OWN_LATENCY + 3 * GST_SECOND, FALSE);
  downlink_speak (pad, numbered (MS (100), 0), 3200 * GST_MSECOND);
  after = downlink_collect (f, MS (300), &next, OWN_LATENCY + 3 * GST_SECOND);
  check_silent (after, 0, MS (100));
  check_numbered (after, MS (100), 0, MS (100));
  check_sound (sounds, 0, 0, TRUE, 200 * GST_MSECOND);

  gst_realtime_downlink_set_hold (f->downlink, 4 * GST_SECOND);
  downlink_speak (pad, numbered (MS (100), 7), 3500 * GST_MSECOND);
  g_array_unref (after);
  after = downlink_collect (f, MS (100), &next, OWN_LATENCY + 4 * GST_SECOND);
  check_numbered (after, 0, 7, MS (100));
  downlink_fixture_free (f);
}

GST_END_TEST;

static Suite *
audible_suite (void)
{
  Suite *suite = suite_create ("audible");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, test_flush);
  tcase_add_test (tcase, test_interrupt);
  tcase_add_test (tcase, test_flush_downstream);
  tcase_add_test (tcase, test_interrupt_now);
  tcase_add_test (tcase, test_volume);
  tcase_add_test (tcase, test_sound);
  tcase_add_test (tcase, test_longer_hold);
  return suite;
}

GST_CHECK_MAIN (audible);
