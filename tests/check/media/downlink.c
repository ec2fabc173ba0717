/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "downlinkfixture.h"

/* Speech stands where it arrived, whole, in silence. */
GST_START_TEST (test_speech)
{
  DownlinkFixture *f = downlink_fixture_new ();
  GstPad *pad = downlink_connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 0;
  guint i;

  gst_realtime_downlink_start (f->downlink, 0, 0);
  for (i = 0; i < 10; i++)
    downlink_speak (pad, numbered (MS (20), i * MS (20)),
        110 * GST_MSECOND + i * SLOT);
  samples = downlink_collect (f, MS (400), &next, OWN_LATENCY);
  check_silent (samples, 0, MS (110));
  check_numbered (samples, MS (110), 0, MS (200));
  check_silent (samples, MS (310), MS (90));
  downlink_fixture_free (f);
}

GST_END_TEST;

/* Nothing before the start; the hold moves the timestamps alone. */
GST_START_TEST (test_hold)
{
  DownlinkFixture *f = downlink_fixture_new ();
  GstPad *pad = downlink_connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 2 * GST_SECOND, hold = 5 * GST_SECOND;

  gst_harness_set_time (f->h, 7 * GST_SECOND);
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 0);
  fail_unless_equals_int (gst_harness_events_received (f->h), 0);
  gst_realtime_downlink_start (f->downlink, 7 * GST_SECOND, hold);
  gst_realtime_downlink_start (f->downlink, 9 * GST_SECOND, 0);
  downlink_speak (pad, numbered (MS (20), 0), 7100 * GST_MSECOND);
  samples = downlink_collect (f, MS (200), &next, hold + OWN_LATENCY);
  check_silent (samples, 0, MS (100));
  check_numbered (samples, MS (100), 0, MS (20));
  downlink_fixture_free (f);
}

GST_END_TEST;

/* Late by 300 ms, in bursts, with jitter: not a sample is missing. */
GST_START_TEST (test_late_and_bursts)
{
  DownlinkFixture *f = downlink_fixture_new ();
  GstPad *pad = downlink_connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, 2);
  GstClockTime next = 0;
  guint64 sent = 0, burst;
  guint i, at = 0, heard = 0;

  gst_realtime_downlink_start (f->downlink, 0, 0);
  for (burst = 0; burst < 10; burst++) {
    GArray *some = downlink_collect (f, MS (20) * (5 + burst * 7 % 11), &next,
        OWN_LATENCY);

    g_array_append_vals (all, some->data, some->len);
    g_array_unref (some);
    for (i = 0; i < 10; i++) {
      downlink_speak (pad, numbered (MS (20), sent),
          gst_util_uint64_scale (sent, GST_SECOND, 48000) + i % 3 * 1000000);
      sent += MS (20);
    }
  }
  while (all->len < MS (5000)) {
    GArray *some = downlink_collect (f, MS (20), &next, OWN_LATENCY);

    g_array_append_vals (all, some->data, some->len);
    g_array_unref (some);
  }
  for (i = 0; i < all->len; i++) {
    gint16 value = g_array_index (all, gint16, i);

    at += value != 0;
    if (value != 0 && value != number_value (heard++))
      fail ("sample %u is %d, not %d", i, value, number_value (heard - 1));
  }
  fail_unless_equals_int (at, sent);
  downlink_fixture_free (f);
}

GST_END_TEST;

/* Two speak at once: the sum, without wrapping around. */
GST_START_TEST (test_two_speakers)
{
  DownlinkFixture *f = downlink_fixture_new ();
  GstPad *one = downlink_connect_speaker (f, SPEECH_CAPS);
  GstPad *two = downlink_connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 0;
  guint i;

  gst_realtime_downlink_start (f->downlink, 0, 0);
  downlink_speak (one, numbered (MS (1000), 0), 0);
  downlink_speak (two, numbered (MS (1000), 500), 20 * GST_MSECOND);
  /* Gone before it was played. */
  downlink_disconnect_speaker (f, two);
  samples = downlink_collect (f, MS (1060), &next, OWN_LATENCY);
  check_numbered (samples, 0, 0, MS (20));
  for (i = 0; i < MS (980); i++)
    fail_unless_equals_int (g_array_index (samples, gint16, MS (20) + i),
        MIN (number_value (MS (20) + i) + number_value (500 + i), G_MAXINT16));
  check_numbered (samples, MS (1000), MS (980) + 500, MS (20));
  check_silent (samples, MS (1020), MS (40));
  downlink_fixture_free (f);
}

GST_END_TEST;

/* Any format: 24 kHz stereo has its length and its place. */
GST_START_TEST (test_convert)
{
  DownlinkFixture *f = downlink_fixture_new ();
  GstPad *pad = downlink_connect_speaker (f,
      "audio/x-raw, format = (string) F32LE, "
      "layout = (string) interleaved, rate = (int) 24000, channels = (int) 2");
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 0;
  GstBuffer *buffer = gst_buffer_new_and_alloc (24000 * 8);
  GstMapInfo map;
  guint i;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (i = 0; i < 48000; i++)
    ((gfloat *) map.data)[i] = 0.5;
  gst_buffer_unmap (buffer, &map);
  gst_realtime_downlink_start (f->downlink, 0, 0);
  downlink_speak (pad, buffer, 100 * GST_MSECOND);
  gst_pad_push_event (pad, gst_event_new_eos ());
  samples = downlink_collect (f, MS (1200), &next, OWN_LATENCY);
  check_silent (samples, 0, MS (99));
  for (i = MS (102); i < MS (1098); i++)
    fail_unless (ABS (g_array_index (samples, gint16, i) - 16384) < 330);
  check_silent (samples, MS (1101), MS (99));
  downlink_fixture_free (f);
}

GST_END_TEST;

/* The end waits for what has arrived, and for nothing else. */
GST_START_TEST (test_end)
{
  DownlinkFixture *f = downlink_fixture_new ();
  GstPad *pad = downlink_connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, 2);
  gboolean eos = FALSE;
  guint i;

  gst_realtime_downlink_start (f->downlink, 0, 0);
  downlink_speak (pad, numbered (MS (110), 0), 100 * GST_MSECOND);
  gst_realtime_downlink_end (f->downlink);
  gst_realtime_downlink_end (f->downlink);
  downlink_speak (pad, numbered (MS (100), 0), 210 * GST_MSECOND);
  for (i = 0; i < 11; i++)
    fail_unless (gst_harness_crank_single_clock_wait (f->h));
  for (i = 0; i < 11; i++)
    take_samples (samples, gst_harness_pull (f->h));
  while (!eos) {
    GstEvent *event = gst_harness_pull_event (f->h);

    eos = GST_EVENT_TYPE (event) == GST_EVENT_EOS;
    gst_event_unref (event);
  }
  fail_unless_equals_int (samples->len, MS (220));
  check_numbered (samples, MS (100), 0, MS (110));
  fail_unless_equals_int (gst_test_clock_peek_id_count (GST_TEST_CLOCK
          (GST_ELEMENT_CLOCK (f->downlink))), 0);
  downlink_fixture_free (f);
}

GST_END_TEST;

static void
pull_events (DownlinkFixture * f, const GstEventType * wanted, guint n)
{
  guint i;

  for (i = 0; i < n; i++) {
    GstEvent *event = gst_harness_pull_event (f->h);

    fail_unless_equals_int (GST_EVENT_TYPE (event), wanted[i]);
    gst_event_unref (event);
  }
}

/* A restart takes the end back, again and again. */
GST_START_TEST (test_restart_behind_the_end)
{
  static const GstEventType begun[] = { GST_EVENT_STREAM_START, GST_EVENT_CAPS,
    GST_EVENT_SEGMENT
  };
  static const GstEventType ended[] = { GST_EVENT_EOS };
  static const GstEventType again[] = { GST_EVENT_FLUSH_START,
    GST_EVENT_FLUSH_STOP, GST_EVENT_SEGMENT
  };
  DownlinkFixture *f = downlink_fixture_new ();
  guint run;

  for (run = 0; run < 3; run++) {
    GstClockTime next = run * GST_SECOND;

    gst_harness_set_time (f->h, next);
    gst_realtime_downlink_start (f->downlink, next, 0);
    g_array_unref (downlink_collect (f, MS (100), &next, OWN_LATENCY));
    if (run == 0)
      pull_events (f, begun, G_N_ELEMENTS (begun));
    gst_realtime_downlink_end (f->downlink);
    pull_events (f, ended, G_N_ELEMENTS (ended));
    gst_realtime_downlink_begin_restart (f->downlink);
    gst_realtime_downlink_end_restart (f->downlink);
    pull_events (f, again, G_N_ELEMENTS (again));
  }
  fail_unless (gst_harness_try_pull_event (f->h) == NULL);
  downlink_fixture_free (f);
}

GST_END_TEST;

/* Ended before it began: just EOS, on a stream that is complete. */
GST_START_TEST (test_end_before_start)
{
  static const GstEventType wanted[] = { GST_EVENT_STREAM_START,
    GST_EVENT_CAPS, GST_EVENT_SEGMENT, GST_EVENT_EOS
  };
  DownlinkFixture *f = downlink_fixture_new ();
  guint i;

  gst_realtime_downlink_end (f->downlink);
  for (i = 0; i < G_N_ELEMENTS (wanted); i++) {
    GstEvent *event = gst_harness_pull_event (f->h);

    fail_unless_equals_int (GST_EVENT_TYPE (event), wanted[i]);
    gst_event_unref (event);
  }
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 0);
  downlink_fixture_free (f);
}

GST_END_TEST;

GST_START_TEST (test_queries)
{
  DownlinkFixture *f = downlink_fixture_new ();
  g_autoptr (GstQuery) query = gst_query_new_seeking (GST_FORMAT_TIME);
  gboolean seekable = TRUE;
  GstClockTime next = 0;

  downlink_check_latency (f, OWN_LATENCY, FALSE);
  gst_realtime_downlink_set_latency (f->downlink, 200);
  downlink_check_latency (f, OWN_LATENCY + 200 * GST_MSECOND, TRUE);
  gst_realtime_downlink_set_latency (f->downlink, 200);
  downlink_check_latency (f, OWN_LATENCY + 200 * GST_MSECOND, FALSE);
  gst_harness_set_time (f->h, 3 * GST_SECOND);
  gst_realtime_downlink_start (f->downlink, 3 * GST_SECOND, 3 * GST_SECOND);
  downlink_check_latency (f, OWN_LATENCY + 3200 * GST_MSECOND, TRUE);
  g_array_unref (downlink_collect (f, MS (100), &next,
          OWN_LATENCY + 3200 * GST_MSECOND));

  fail_unless (gst_pad_peer_query (f->h->sinkpad, query));
  gst_query_parse_seeking (query, NULL, &seekable, NULL, NULL);
  fail_if (seekable);
  fail_if (gst_pad_push_event (f->h->sinkpad, gst_event_new_seek (1.0,
              GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 0,
              GST_SEEK_TYPE_NONE, 0)));
  downlink_fixture_free (f);
}

GST_END_TEST;

static GstFlowReturn
refuse (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  gint *count = pad->chaindata;

  fail_unless (gst_pad_has_current_caps (pad));
  gst_buffer_unref (buffer);
  g_atomic_int_inc (count);
  return GPOINTER_TO_INT (gst_pad_get_element_private (pad));
}

/* Nothing, or nothing good, behind the src pad: speech is still taken, slots
 * still go by, and whoever is linked next hears what is said then. */
GST_START_TEST (test_bad_downstream)
{
  static const GstFlowReturn flows[] = { GST_FLOW_NOT_LINKED,
    GST_FLOW_FLUSHING, GST_FLOW_ERROR, GST_FLOW_NOT_NEGOTIATED, GST_FLOW_EOS,
    GST_FLOW_OK
  };
  GstElement *downlink = gst_realtime_downlink_new (NULL);
  g_autoptr (GstPad) src = gst_element_get_static_pad (downlink, "src");
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstClock) clock = gst_test_clock_new ();
  guint i, j;

  gst_object_ref_sink (downlink);
  gst_element_set_bus (downlink, bus);
  gst_element_set_clock (downlink, clock);
  gst_element_set_state (downlink, GST_STATE_PLAYING);
  gst_realtime_downlink_start (downlink, 0, 0);
  for (i = 0; i < G_N_ELEMENTS (flows); i++) {
    GstPad *pad = gst_pad_new ("sink", GST_PAD_SINK);
    gint count = 0;

    gst_pad_set_chain_function_full (pad, refuse, &count, NULL);
    gst_pad_set_element_private (pad, GINT_TO_POINTER (flows[i]));
    gst_pad_set_active (pad, TRUE);
    if (i > 0)
      fail_unless_equals_int (gst_pad_link (src, pad), GST_PAD_LINK_OK);
    for (j = 0; j < 5; j++)
      gst_test_clock_crank (GST_TEST_CLOCK (clock));
    gst_test_clock_wait_for_next_pending_id (GST_TEST_CLOCK (clock), NULL);
    fail_unless_equals_int (g_atomic_int_get (&count), i > 0 ? 5 : 0);
    if (i > 0)
      gst_pad_unlink (src, pad);
    gst_object_unref (pad);
  }
  fail_if (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR | GST_MESSAGE_WARNING |
          GST_MESSAGE_EOS));
  gst_element_set_state (downlink, GST_STATE_NULL);
  gst_element_set_bus (downlink, NULL);
  gst_object_unref (downlink);
}

GST_END_TEST;

/* While paused nothing leaves; then it goes on where it stopped. */
GST_START_TEST (test_pause)
{
  DownlinkFixture *f = downlink_fixture_new ();
  GstPad *pad = downlink_connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 0;

  gst_realtime_downlink_start (f->downlink, 0, 0);
  downlink_speak (pad, numbered (MS (1000), 0), 0);
  g_array_unref (downlink_collect (f, MS (100), &next, OWN_LATENCY));
  gst_element_set_state (f->downlink, GST_STATE_PAUSED);
  gst_harness_set_time (f->h, 10 * GST_SECOND);
  fail_unless_equals_int (gst_harness_buffers_in_queue (f->h), 0);
  gst_element_set_base_time (f->downlink, 9 * GST_SECOND + 880 * GST_MSECOND);
  gst_element_set_state (f->downlink, GST_STATE_PLAYING);
  samples = downlink_collect (f, MS (100), &next, OWN_LATENCY);
  check_numbered (samples, 0, MS (100), MS (100));
  downlink_fixture_free (f);
}

GST_END_TEST;

/* Started while paused: as the first thing when it plays, and not before. */
GST_START_TEST (test_start_paused)
{
  DownlinkFixture *f = downlink_fixture_new ();
  GstClockTime next = 0;
  gint64 position = -1;
  guint i;

  gst_element_set_state (f->downlink, GST_STATE_PAUSED);
  gst_harness_set_time (f->h, 10 * GST_SECOND);
  gst_realtime_downlink_start (f->downlink, 0, 0);
  /* Time enough to go wrong in: each query takes turns with the task. */
  for (i = 0; i < 2000; i++) {
    gst_pad_peer_query_position (f->h->sinkpad, GST_FORMAT_TIME, &position);
    fail_unless_equals_int64 (position, 0);
  }
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 0);
  gst_element_set_base_time (f->downlink, 10 * GST_SECOND);
  gst_element_set_state (f->downlink, GST_STATE_PLAYING);
  g_array_unref (downlink_collect (f, MS (100), &next, OWN_LATENCY));
  downlink_fixture_free (f);
}

GST_END_TEST;

GST_START_TEST (test_states)
{
  guint i;

  for (i = 0; i < 50; i++) {
    GstElement *downlink = gst_realtime_downlink_new (NULL);
    g_autoptr (GstClock) clock = gst_system_clock_obtain ();
    g_autoptr (GstPad) pad = NULL;

    gst_object_ref_sink (downlink);
    gst_element_set_clock (downlink, clock);
    gst_element_set_state (downlink, i % 3 == 0 ? GST_STATE_READY :
        i % 3 == 1 ? GST_STATE_PAUSED : GST_STATE_PLAYING);
    pad = gst_element_request_pad_simple (downlink, "sink_%u");
    gst_realtime_downlink_start (downlink, 0, 0);
    if (i % 2)
      gst_realtime_downlink_end (downlink);
    gst_element_set_state (downlink, GST_STATE_PAUSED);
    gst_element_release_request_pad (downlink, pad);
    gst_element_set_state (downlink, GST_STATE_NULL);
    gst_element_set_state (downlink, GST_STATE_PLAYING);
    gst_element_set_state (downlink, GST_STATE_NULL);
    ASSERT_OBJECT_REFCOUNT (downlink, "downlink", 1);
    gst_object_unref (downlink);
  }
}

GST_END_TEST;

static Suite *
downlink_suite (void)
{
  Suite *suite = suite_create ("downlink");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, test_speech);
  tcase_add_test (tcase, test_hold);
  tcase_add_test (tcase, test_late_and_bursts);
  tcase_add_test (tcase, test_two_speakers);
  tcase_add_test (tcase, test_convert);
  tcase_add_test (tcase, test_end);
  tcase_add_test (tcase, test_restart_behind_the_end);
  tcase_add_test (tcase, test_end_before_start);
  tcase_add_test (tcase, test_queries);
  tcase_add_test (tcase, test_bad_downstream);
  tcase_add_test (tcase, test_pause);
  tcase_add_test (tcase, test_start_paused);
  tcase_add_test (tcase, test_states);
  return suite;
}

GST_CHECK_MAIN (downlink);
