/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "common.h"

#include <math.h>
#include <gst/check/gsttestclock.h>

#include "media/downlink.h"

#define SLOT (20 * GST_MSECOND)
/* What the downlink adds to the jitter buffer's latency. */
#define OWN_LATENCY (40 * GST_MSECOND)

/* A downlink whose output a harness takes, with a clock that stands until told,
 * and any number of connections that speak. */
typedef struct
{
  GstElement *downlink;
  GstHarness *h;
  GstBus *bus;
  GPtrArray *pads;
} Fixture;

static Fixture *
fixture_new (void)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->downlink = gst_realtime_downlink_new (NULL);
  fail_unless (f->downlink != NULL);
  f->bus = gst_bus_new ();
  gst_element_set_bus (f->downlink, f->bus);
  f->h = gst_harness_new_with_element (f->downlink, NULL, "src");
  gst_harness_use_testclock (f->h);
  gst_harness_play (f->h);
  f->pads = g_ptr_array_new_with_free_func (gst_object_unref);
  return f;
}

static GstPad *
connect_speaker (Fixture * f, const gchar * caps_string)
{
  g_autoptr (GstPad) sink = NULL;
  g_autoptr (GstCaps) caps = gst_caps_from_string (caps_string);
  GstPad *pad = gst_pad_new ("src", GST_PAD_SRC);
  GstSegment segment;

  sink = gst_element_request_pad_simple (f->downlink, "sink_%u");
  fail_unless (sink != NULL);
  gst_pad_set_active (pad, TRUE);
  fail_unless_equals_int (gst_pad_link (pad, sink), GST_PAD_LINK_OK);
  gst_pad_push_event (pad, gst_event_new_stream_start ("speaker"));
  gst_pad_push_event (pad, gst_event_new_caps (caps));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (pad, gst_event_new_segment (&segment));
  g_ptr_array_add (f->pads, pad);
  return pad;
}

static void
disconnect_speaker (Fixture * f, GstPad * pad)
{
  g_autoptr (GstPad) sink = gst_pad_get_peer (pad);

  gst_pad_unlink (pad, sink);
  gst_element_release_request_pad (f->downlink, sink);
  g_ptr_array_remove (f->pads, pad);
}

static void
fixture_free (Fixture * f)
{
  while (f->pads->len > 0)
    disconnect_speaker (f, g_ptr_array_index (f->pads, 0));
  g_ptr_array_unref (f->pads);
  gst_harness_teardown (f->h);
  gst_element_set_bus (f->downlink, NULL);
  gst_object_unref (f->bus);
  gst_object_unref (f->downlink);
  g_free (f);
}

static void
speak (GstPad * pad, GstBuffer * buffer, GstClockTime pts)
{
  GST_BUFFER_PTS (buffer) = pts;
  fail_unless_equals_int (gst_pad_push (pad, buffer), GST_FLOW_OK);
}

/* Lets the clock run from slot to slot until @n samples came; checks that the
 * buffers are 20 ms each, continue each other from @*next on, leave when the
 * clock is @behind ahead of them, and that GAP stands on silence alone. */
static GArray *
collect (Fixture * f, guint n, GstClockTime * next, GstClockTime behind)
{
  GArray *samples = g_array_new (FALSE, FALSE, 2);

  while (samples->len < n) {
    GstBuffer *buffer;
    gboolean gap, silent = TRUE;
    guint i;

    fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 30));
    buffer = gst_harness_try_pull (f->h);
    if (!buffer) {
      fail_unless (gst_harness_crank_single_clock_wait (f->h));
      continue;
    }
    fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), *next);
    fail_unless_equals_uint64 (GST_BUFFER_DURATION (buffer), SLOT);
    fail_unless_equals_int (gst_buffer_get_size (buffer), MS (20) * 2);
    fail_unless_equals_uint64 (*next + behind,
        gst_clock_get_time (GST_ELEMENT_CLOCK (f->downlink)) -
        gst_element_get_base_time (f->downlink));
    *next += SLOT;
    gap = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP);
    take_samples (samples, buffer);
    for (i = samples->len - MS (20); i < samples->len; i++)
      silent &= g_array_index (samples, gint16, i) == 0;
    fail_unless_equals_int (gap, silent);
  }
  return samples;
}

/* Speech stands where it arrived, whole, in silence. */
GST_START_TEST (test_speech)
{
  Fixture *f = fixture_new ();
  GstPad *pad = connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 0;
  guint i;

  gst_realtime_downlink_start (f->downlink, 0, 0);
  for (i = 0; i < 10; i++)
    speak (pad, numbered (MS (20), i * MS (20)), 110 * GST_MSECOND + i * SLOT);
  samples = collect (f, MS (400), &next, OWN_LATENCY);
  check_silent (samples, 0, MS (110));
  check_numbered (samples, MS (110), 0, MS (200));
  check_silent (samples, MS (310), MS (90));
  fixture_free (f);
}

GST_END_TEST;

/* Nothing before the start; the hold moves the timestamps alone. */
GST_START_TEST (test_hold)
{
  Fixture *f = fixture_new ();
  GstPad *pad = connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 2 * GST_SECOND, hold = 5 * GST_SECOND;

  gst_harness_set_time (f->h, 7 * GST_SECOND);
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 0);
  fail_unless_equals_int (gst_harness_events_received (f->h), 0);
  gst_realtime_downlink_start (f->downlink, 7 * GST_SECOND, hold);
  gst_realtime_downlink_start (f->downlink, 9 * GST_SECOND, 0);
  speak (pad, numbered (MS (20), 0), 7100 * GST_MSECOND);
  samples = collect (f, MS (200), &next, hold + OWN_LATENCY);
  check_silent (samples, 0, MS (100));
  check_numbered (samples, MS (100), 0, MS (20));
  fixture_free (f);
}

GST_END_TEST;

/* Late by 300 ms, in bursts, with jitter: not a sample is missing. */
GST_START_TEST (test_late_and_bursts)
{
  Fixture *f = fixture_new ();
  GstPad *pad = connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, 2);
  GstClockTime next = 0;
  guint64 sent = 0, burst;
  guint i, at = 0, heard = 0;

  gst_realtime_downlink_start (f->downlink, 0, 0);
  for (burst = 0; burst < 10; burst++) {
    GArray *some = collect (f, MS (20) * (5 + burst * 7 % 11), &next,
        OWN_LATENCY);

    g_array_append_vals (all, some->data, some->len);
    g_array_unref (some);
    for (i = 0; i < 10; i++) {
      speak (pad, numbered (MS (20), sent),
          gst_util_uint64_scale (sent, GST_SECOND, 48000) + i % 3 * 1000000);
      sent += MS (20);
    }
  }
  while (all->len < MS (5000)) {
    GArray *some = collect (f, MS (20), &next, OWN_LATENCY);

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
  fixture_free (f);
}

GST_END_TEST;

/* Two speak at once: the sum, without wrapping around. */
GST_START_TEST (test_two_speakers)
{
  Fixture *f = fixture_new ();
  GstPad *one = connect_speaker (f, SPEECH_CAPS);
  GstPad *two = connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 0;
  guint i;

  gst_realtime_downlink_start (f->downlink, 0, 0);
  speak (one, numbered (MS (1000), 0), 0);
  speak (two, numbered (MS (1000), 500), 20 * GST_MSECOND);
  /* Gone before it was played. */
  disconnect_speaker (f, two);
  samples = collect (f, MS (1060), &next, OWN_LATENCY);
  check_numbered (samples, 0, 0, MS (20));
  for (i = 0; i < MS (980); i++)
    fail_unless_equals_int (g_array_index (samples, gint16, MS (20) + i),
        MIN (number_value (MS (20) + i) + number_value (500 + i), G_MAXINT16));
  check_numbered (samples, MS (1000), MS (980) + 500, MS (20));
  check_silent (samples, MS (1020), MS (40));
  fixture_free (f);
}

GST_END_TEST;

/* Any format: 24 kHz stereo has its length and its place. */
GST_START_TEST (test_convert)
{
  Fixture *f = fixture_new ();
  GstPad *pad = connect_speaker (f, "audio/x-raw, format = (string) F32LE, "
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
  speak (pad, buffer, 100 * GST_MSECOND);
  gst_pad_push_event (pad, gst_event_new_eos ());
  samples = collect (f, MS (1200), &next, OWN_LATENCY);
  check_silent (samples, 0, MS (99));
  for (i = MS (102); i < MS (1098); i++)
    fail_unless (ABS (g_array_index (samples, gint16, i) - 16384) < 330);
  check_silent (samples, MS (1101), MS (99));
  fixture_free (f);
}

GST_END_TEST;

/* The end waits for what has arrived, and for nothing else. */
GST_START_TEST (test_end)
{
  Fixture *f = fixture_new ();
  GstPad *pad = connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, 2);
  gboolean eos = FALSE;
  guint i;

  gst_realtime_downlink_start (f->downlink, 0, 0);
  speak (pad, numbered (MS (110), 0), 100 * GST_MSECOND);
  gst_realtime_downlink_end (f->downlink);
  gst_realtime_downlink_end (f->downlink);
  speak (pad, numbered (MS (100), 0), 210 * GST_MSECOND);
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
  fixture_free (f);
}

GST_END_TEST;

/* Ended before it began: just EOS, on a stream that is complete. */
GST_START_TEST (test_end_before_start)
{
  static const GstEventType wanted[] = { GST_EVENT_STREAM_START,
    GST_EVENT_CAPS, GST_EVENT_SEGMENT, GST_EVENT_EOS
  };
  Fixture *f = fixture_new ();
  guint i;

  gst_realtime_downlink_end (f->downlink);
  for (i = 0; i < G_N_ELEMENTS (wanted); i++) {
    GstEvent *event = gst_harness_pull_event (f->h);

    fail_unless_equals_int (GST_EVENT_TYPE (event), wanted[i]);
    gst_event_unref (event);
  }
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 0);
  fixture_free (f);
}

GST_END_TEST;

static void
check_latency (Fixture * f, GstClockTime wanted, gboolean message)
{
  g_autoptr (GstQuery) query = gst_query_new_latency ();
  g_autoptr (GstMessage) posted = gst_bus_pop_filtered (f->bus,
      GST_MESSAGE_LATENCY);
  GstClockTime min, max;
  gboolean live;

  fail_unless_equals_int (posted != NULL, message);
  fail_unless (gst_pad_peer_query (f->h->sinkpad, query));
  gst_query_parse_latency (query, &live, &min, &max);
  fail_unless (live);
  fail_unless_equals_uint64 (min, wanted);
  fail_unless_equals_uint64 (max, GST_CLOCK_TIME_NONE);
}

GST_START_TEST (test_queries)
{
  Fixture *f = fixture_new ();
  g_autoptr (GstQuery) query = gst_query_new_seeking (GST_FORMAT_TIME);
  gboolean seekable = TRUE;
  GstClockTime next = 0;

  check_latency (f, OWN_LATENCY, FALSE);
  gst_realtime_downlink_set_latency (f->downlink, 200);
  check_latency (f, OWN_LATENCY + 200 * GST_MSECOND, TRUE);
  gst_realtime_downlink_set_latency (f->downlink, 200);
  check_latency (f, OWN_LATENCY + 200 * GST_MSECOND, FALSE);
  gst_harness_set_time (f->h, 3 * GST_SECOND);
  gst_realtime_downlink_start (f->downlink, 3 * GST_SECOND, 3 * GST_SECOND);
  check_latency (f, OWN_LATENCY + 3200 * GST_MSECOND, TRUE);
  g_array_unref (collect (f, MS (100), &next,
          OWN_LATENCY + 3200 * GST_MSECOND));

  fail_unless (gst_pad_peer_query (f->h->sinkpad, query));
  gst_query_parse_seeking (query, NULL, &seekable, NULL, NULL);
  fail_if (seekable);
  fail_if (gst_pad_push_event (f->h->sinkpad, gst_event_new_seek (1.0,
              GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 0,
              GST_SEEK_TYPE_NONE, 0)));
  fixture_free (f);
}

GST_END_TEST;

/* A flush on the connection forgets what waits. */
GST_START_TEST (test_flush)
{
  Fixture *f = fixture_new ();
  GstPad *pad = connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) before = NULL;
  g_autoptr (GArray) after = NULL;
  GstClockTime next = 0;
  GstSegment segment;

  gst_realtime_downlink_start (f->downlink, 0, 0);
  speak (pad, numbered (MS (1000), 0), 0);
  before = collect (f, MS (100), &next, OWN_LATENCY);
  gst_pad_push_event (pad, gst_event_new_flush_start ());
  gst_pad_push_event (pad, gst_event_new_flush_stop (FALSE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (pad, gst_event_new_segment (&segment));
  speak (pad, numbered (MS (100), 3000), 300 * GST_MSECOND);
  after = collect (f, MS (400), &next, OWN_LATENCY);
  check_numbered (before, 0, 0, MS (100));
  check_silent (after, 0, MS (200));
  check_numbered (after, MS (200), 3000, MS (100));
  check_silent (after, MS (300), MS (100));
  fixture_free (f);
}

GST_END_TEST;

/* An interruption by the session: silence in the next buffer, on a timeline
 * that goes on; the reply is heard from its first sample. */
GST_START_TEST (test_interrupt)
{
  Fixture *f = fixture_new ();
  GstPad *pad = connect_speaker (f, SPEECH_CAPS), *other;
  g_autoptr (GArray) before = NULL;
  g_autoptr (GArray) after = NULL;
  g_autoptr (GArray) reply = NULL;
  GstClockTime next = 0;
  guint i;

  gst_realtime_downlink_start (f->downlink, 0, 0);
  speak (pad, numbered (MS (1000), 0), 0);
  before = collect (f, MS (100), &next, OWN_LATENCY);
  check_numbered (before, 0, 0, MS (100));
  gst_realtime_downlink_flush (f->downlink);
  speak (pad, numbered (MS (100), MS (1000)), 1000 * GST_MSECOND);
  /* Another connection has no part in it. */
  other = connect_speaker (f, SPEECH_CAPS);
  speak (other, numbered (MS (20), 0), 200 * GST_MSECOND);
  after = collect (f, MS (200), &next, OWN_LATENCY);
  check_silent (after, MS (5), MS (95));
  check_numbered (after, MS (100), 0, MS (20));
  check_silent (after, MS (120), MS (80));

  for (i = 0; i < 5; i++)
    speak (pad, numbered (MS (20), i * MS (20)), (1100 + i * 20) * GST_MSECOND);
  gst_realtime_downlink_resume (f->downlink, 1100 * GST_MSECOND);
  for (; i < 10; i++)
    speak (pad, numbered (MS (20), i * MS (20)), (1100 + i * 20) * GST_MSECOND);
  reply = collect (f, MS (1200), &next, OWN_LATENCY);
  check_silent (reply, 0, MS (800));
  check_numbered (reply, MS (800), 0, MS (200));
  check_silent (reply, MS (1000), MS (200));

  /* Nothing waits for what was cut off. */
  speak (pad, numbered (MS (1000), 0), 1500 * GST_MSECOND);
  gst_realtime_downlink_flush (f->downlink);
  gst_realtime_downlink_end (f->downlink);
  for (;;) {
    g_autoptr (GstEvent) event = gst_harness_pull_event (f->h);

    if (GST_EVENT_TYPE (event) == GST_EVENT_EOS)
      break;
  }
  fail_unless_equals_int (gst_harness_buffers_in_queue (f->h), 0);
  fixture_free (f);
}

GST_END_TEST;

/* A flush that goes downstream, and the stream goes on at the same running
 * time. */
GST_START_TEST (test_flush_downstream)
{
  Fixture *f = fixture_new ();
  GstPad *pad = connect_speaker (f, SPEECH_CAPS);
  GstClockTime next = 0, due = 0;
  gboolean started = FALSE, stopped = FALSE, segment = FALSE;
  GstBuffer *buffer;
  GstEvent *event;

  /* before anything has left there is nothing to flush */
  gst_realtime_downlink_flush_downstream (f->downlink);
  gst_realtime_downlink_start (f->downlink, 0, 0);
  speak (pad, numbered (MS (1000), 0), 0);
  g_array_unref (collect (f, MS (100), &next, OWN_LATENCY));
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
  fixture_free (f);
}

GST_END_TEST;

/* "Now" is the clock's. */
GST_START_TEST (test_interrupt_now)
{
  Fixture *f = fixture_new ();
  GstPad *pad = connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 0;

  gst_realtime_downlink_resume (f->downlink, GST_CLOCK_TIME_NONE);
  gst_realtime_downlink_flush (f->downlink);
  gst_realtime_downlink_start (f->downlink, 0, 0);
  speak (pad, numbered (MS (140), 0), 0);
  g_array_unref (collect (f, MS (20), &next, OWN_LATENCY));
  /* Slot 0 leaves at 40 ms; the one after it waits. */
  gst_realtime_downlink_resume (f->downlink, GST_CLOCK_TIME_NONE);
  samples = collect (f, MS (200), &next, OWN_LATENCY);
  check_silent (samples, 0, MS (20));
  check_numbered (samples, MS (20), MS (40), MS (100));
  check_silent (samples, MS (120), MS (80));
  fixture_free (f);
}

GST_END_TEST;

/* Half as loud, twice as loud up to full scale, silent: each after 20 ms. */
GST_START_TEST (test_volume)
{
  static const gdouble volumes[] = { 0.5, 2.0, 0.0 };
  Fixture *f = fixture_new ();
  GstPad *pad = connect_speaker (f, SPEECH_CAPS);
  GstClockTime next = 0;
  guint i, j;

  gst_realtime_downlink_set_volume (f->downlink, 0.5);
  gst_realtime_downlink_start (f->downlink, 0, 0);
  speak (pad, numbered (MS (300), 0), 0);
  for (i = 0; i < 3; i++) {
    g_autoptr (GArray) samples = NULL;
    gint16 last;

    gst_realtime_downlink_set_volume (f->downlink, volumes[i]);
    samples = collect (f, MS (100), &next, OWN_LATENCY);
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
  fixture_free (f);
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
watch_sound (Fixture * f)
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
  Fixture *f = fixture_new ();
  GstPad *one = connect_speaker (f, SPEECH_CAPS);
  GstPad *two = connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) sounds = watch_sound (f);
  GstClockTime next = 2 * GST_SECOND, hold = 5 * GST_SECOND;
  const GstClockTime ms = GST_MSECOND, in = 7000 * ms;

  gst_harness_set_time (f->h, 7 * GST_SECOND);
  gst_realtime_downlink_start (f->downlink, 7 * GST_SECOND, hold);
  speak (one, level (MS (110), 60), in);
  speak (one, level (MS (105), 3000), in + 110 * ms);
  speak (one, level (MS (300), 90), in + 215 * ms);
  speak (one, level (MS (200), -3000), in + 515 * ms);
  speak (two, level (MS (50), 200), in + 655 * ms);
  g_array_unref (collect (f, MS (700), &next, hold + OWN_LATENCY));
  fail_unless_equals_int (sounds->len, 2);
  check_sound (sounds, 0, 0, TRUE, 2110 * ms);
  check_sound (sounds, 1, 1, TRUE, 2655 * ms);
  gst_realtime_downlink_expect_end (f->downlink);
  /* gone before it was told */
  disconnect_speaker (f, two);
  speak (one, level (MS (500), 0), in + 715 * ms);
  g_array_unref (collect (f, MS (220), &next, hold + OWN_LATENCY));
  fail_unless_equals_int (sounds->len, 4);
  check_sound (sounds, 2, 0, FALSE, 2715 * ms);
  check_sound (sounds, 3, 1, FALSE, 2705 * ms);

  speak (one, level (MS (100), 3000), in + 1300 * ms);
  g_array_unref (collect (f, MS (860), &next, hold + OWN_LATENCY));
  fail_unless_equals_int (sounds->len, 5);
  g_array_unref (collect (f, MS (40), &next, hold + OWN_LATENCY));
  fail_unless_equals_int (sounds->len, 6);
  check_sound (sounds, 4, 0, TRUE, 3300 * ms);
  check_sound (sounds, 5, 0, FALSE, 3400 * ms);
  fixture_free (f);
}

GST_END_TEST;

/* The input stood still: the output waits for it, its timeline goes on, and what
 * is said meanwhile is not lost. */
GST_START_TEST (test_longer_hold)
{
  Fixture *f = fixture_new ();
  GstPad *pad = connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) sounds = watch_sound (f);
  g_autoptr (GArray) after = NULL;
  GstClockTime next = 0;

  gst_realtime_downlink_set_hold (f->downlink, GST_SECOND);
  gst_realtime_downlink_start (f->downlink, 0, 0);
  g_array_unref (collect (f, MS (100), &next, OWN_LATENCY));
  gst_realtime_downlink_set_hold (f->downlink, 3 * GST_SECOND);
  check_latency (f, OWN_LATENCY + 3 * GST_SECOND, TRUE);
  gst_realtime_downlink_set_hold (f->downlink, 2 * GST_SECOND);
  check_latency (f, OWN_LATENCY + 3 * GST_SECOND, FALSE);
  speak (pad, numbered (MS (100), 0), 3200 * GST_MSECOND);
  after = collect (f, MS (300), &next, OWN_LATENCY + 3 * GST_SECOND);
  check_silent (after, 0, MS (100));
  check_numbered (after, MS (100), 0, MS (100));
  check_sound (sounds, 0, 0, TRUE, 200 * GST_MSECOND);

  gst_realtime_downlink_set_hold (f->downlink, 4 * GST_SECOND);
  speak (pad, numbered (MS (100), 7), 3500 * GST_MSECOND);
  g_array_unref (after);
  after = collect (f, MS (100), &next, OWN_LATENCY + 4 * GST_SECOND);
  check_numbered (after, 0, 7, MS (100));
  fixture_free (f);
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
  Fixture *f = fixture_new ();
  GstPad *pad = connect_speaker (f, SPEECH_CAPS);
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 0;

  gst_realtime_downlink_start (f->downlink, 0, 0);
  speak (pad, numbered (MS (1000), 0), 0);
  g_array_unref (collect (f, MS (100), &next, OWN_LATENCY));
  gst_element_set_state (f->downlink, GST_STATE_PAUSED);
  gst_harness_set_time (f->h, 10 * GST_SECOND);
  fail_unless_equals_int (gst_harness_buffers_in_queue (f->h), 0);
  gst_element_set_base_time (f->downlink, 9 * GST_SECOND + 880 * GST_MSECOND);
  gst_element_set_state (f->downlink, GST_STATE_PLAYING);
  samples = collect (f, MS (100), &next, OWN_LATENCY);
  check_numbered (samples, 0, MS (100), MS (100));
  fixture_free (f);
}

GST_END_TEST;

/* Started while paused: as the first thing when it plays, and not before. */
GST_START_TEST (test_start_paused)
{
  Fixture *f = fixture_new ();
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
  g_array_unref (collect (f, MS (100), &next, OWN_LATENCY));
  fixture_free (f);
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
  tcase_add_test (tcase, test_end_before_start);
  tcase_add_test (tcase, test_queries);
  tcase_add_test (tcase, test_flush);
  tcase_add_test (tcase, test_interrupt);
  tcase_add_test (tcase, test_flush_downstream);
  tcase_add_test (tcase, test_interrupt_now);
  tcase_add_test (tcase, test_volume);
  tcase_add_test (tcase, test_sound);
  tcase_add_test (tcase, test_longer_hold);
  tcase_add_test (tcase, test_bad_downstream);
  tcase_add_test (tcase, test_pause);
  tcase_add_test (tcase, test_start_paused);
  tcase_add_test (tcase, test_states);
  return suite;
}

GST_CHECK_MAIN (downlink);
