/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "common.h"

#include <math.h>
#include <gst/check/gsttestclock.h>

#include "media/uplink.h"

#define PIECE (20 * GST_MSECOND)

/* An uplink between a harness' pads, with a clock that stands until told, fed
 * from a thread of its own, as held input blocks. */
typedef struct
{
  GstElement *uplink;
  GstHarness *h;
  gboolean live_input;
  GThread *feeder;
  GPtrArray *feed;              /* buffers and events, in order */
  GstFlowReturn flow;           /* of the last buffer; once the feeder ended */

  GMutex lock;                  /* everything below */
  GCond cond;
  gint kinds;
  gboolean live;
  gint epochs;
  GstClockTime epoch;
  GstClockTime hold;
  GstClockTime heard;
  gint eoses;
} Fixture;

static void
on_input_kind (GstElement * uplink, gboolean live, Fixture * f)
{
  g_mutex_lock (&f->lock);
  f->kinds++;
  f->live = live;
  g_cond_broadcast (&f->cond);
  g_mutex_unlock (&f->lock);
}

static void
on_epoch (GstElement * uplink, guint64 running_time, guint64 hold, Fixture * f)
{
  g_mutex_lock (&f->lock);
  f->epochs++;
  f->epoch = running_time;
  f->hold = hold;
  f->heard = gst_realtime_uplink_get_heard (uplink);
  g_cond_broadcast (&f->cond);
  g_mutex_unlock (&f->lock);
}

static void
on_input_eos (GstElement * uplink, Fixture * f)
{
  g_mutex_lock (&f->lock);
  f->eoses++;
  g_cond_broadcast (&f->cond);
  g_mutex_unlock (&f->lock);
}

static void
wait_count (Fixture * f, gint * count, gint wanted)
{
  g_mutex_lock (&f->lock);
  while (*count < wanted)
    g_cond_wait (&f->cond, &f->lock);
  fail_unless_equals_int (*count, wanted);
  g_mutex_unlock (&f->lock);
}

static GstPadProbeReturn
answer_not_live (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);

  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return GST_PAD_PROBE_OK;
  gst_query_set_latency (query, FALSE, 0, GST_CLOCK_TIME_NONE);
  return GST_PAD_PROBE_HANDLED;
}

static Fixture *
fixture_new (const gchar * caps_string, gboolean live)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (caps_string);
  Fixture *f = g_new0 (Fixture, 1);
  GstSegment segment;

  g_mutex_init (&f->lock);
  g_cond_init (&f->cond);
  f->live_input = live;
  f->feed = g_ptr_array_new ();
  f->uplink = gst_realtime_uplink_new (NULL);
  fail_unless (f->uplink != NULL);
  g_signal_connect (f->uplink, "input-kind", G_CALLBACK (on_input_kind), f);
  g_signal_connect (f->uplink, "epoch", G_CALLBACK (on_epoch), f);
  g_signal_connect (f->uplink, "input-eos", G_CALLBACK (on_input_eos), f);

  f->h = gst_harness_new_with_element (f->uplink, "sink", "src");
  gst_harness_use_testclock (f->h);
  gst_harness_set_sink_caps_str (f->h, SPEECH_CAPS);
  if (!live)
    gst_pad_add_probe (f->h->srcpad, GST_PAD_PROBE_TYPE_QUERY_UPSTREAM,
        answer_not_live, NULL, NULL);
  gst_harness_play (f->h);

  gst_segment_init (&segment, GST_FORMAT_TIME);
  g_ptr_array_add (f->feed, gst_event_new_stream_start ("test"));
  g_ptr_array_add (f->feed, gst_event_new_caps (caps));
  g_ptr_array_add (f->feed, gst_event_new_segment (&segment));
  return f;
}

static void
add_buffer (Fixture * f, GstBuffer * buffer, GstClockTime pts)
{
  GST_BUFFER_PTS (buffer) = pts;
  g_ptr_array_add (f->feed, buffer);
}

static gpointer
feeder_thread (gpointer data)
{
  Fixture *f = data;
  guint i;

  f->flow = GST_FLOW_OK;
  for (i = 0; i < f->feed->len; i++) {
    gpointer item = g_ptr_array_index (f->feed, i);

    if (f->flow != GST_FLOW_OK)
      gst_mini_object_unref (item);
    else if (GST_IS_EVENT (item))
      gst_pad_push_event (f->h->srcpad, item);
    else
      f->flow = gst_pad_push (f->h->srcpad, item);
  }
  g_ptr_array_set_size (f->feed, 0);
  return NULL;
}

static void
start_feeding (Fixture * f)
{
  GstEvent *last = g_ptr_array_index (f->feed, f->feed->len - 1);

  /* Held input goes on in silence, so that the clock is waited for. */
  if (!f->live_input && (!GST_IS_EVENT (last) ||
          GST_EVENT_TYPE (last) != GST_EVENT_EOS))
    g_ptr_array_add (f->feed, gst_event_new_eos ());
  f->feeder = g_thread_new ("feeder", feeder_thread, f);
}

static void
end_feeding (Fixture * f, GstFlowReturn wanted)
{
  g_thread_join (f->feeder);
  f->feeder = NULL;
  fail_unless_equals_int (f->flow, wanted);
}

static void
fixture_free (Fixture * f)
{
  /* Frees the feeder, which uses the harness. */
  gst_element_set_state (f->uplink, GST_STATE_NULL);
  if (f->feeder)
    g_thread_join (f->feeder);
  gst_harness_teardown (f->h);
  gst_object_unref (f->uplink);
  g_ptr_array_free (f->feed, TRUE);
  g_mutex_clear (&f->lock);
  g_cond_clear (&f->cond);
  g_free (f);
}

/* Lets the clock run from wait to wait until @n samples have left; checks that
 * timestamps are continuous, from @*next on (NONE: any), that no buffer is
 * longer than 20 ms and that none leaves before its time plus @hold. */
static GArray *
collect_from (Fixture * f, guint n, GstClockTime * next, GstClockTime hold)
{
  GArray *samples = g_array_new (FALSE, FALSE, 2);

  while (samples->len < n) {
    GstBuffer *buffer;

    /* While the uplink waits for the clock, all that may leave has left. */
    fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 30));
    buffer = gst_harness_try_pull (f->h);
    if (!buffer) {
      fail_unless (gst_harness_crank_single_clock_wait (f->h));
      continue;
    }
    if (*next != GST_CLOCK_TIME_NONE)
      fail_unless (ABS (GST_CLOCK_DIFF (*next, GST_BUFFER_PTS (buffer))) <= 1,
          "PTS %" GST_TIME_FORMAT ", not %" GST_TIME_FORMAT,
          GST_TIME_ARGS (GST_BUFFER_PTS (buffer)), GST_TIME_ARGS (*next));
    *next = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
    fail_unless (gst_buffer_get_size (buffer) <= MS (20) * 2);
    fail_unless (GST_BUFFER_PTS (buffer) + hold <=
        gst_clock_get_time (GST_ELEMENT_CLOCK (f->uplink)) -
        gst_element_get_base_time (f->uplink));
    take_samples (samples, buffer);
  }
  return samples;
}

static GArray *
collect (Fixture * f, guint n)
{
  GstClockTime next = GST_CLOCK_TIME_NONE;

  return collect_from (f, n, &next, f->hold);
}

static GstClockTime
out_running_time (Fixture * f, GstClockTime pts)
{
  g_autoptr (GstEvent) event = gst_pad_get_sticky_event (f->h->sinkpad,
      GST_EVENT_SEGMENT, 0);
  const GstSegment *segment;

  gst_event_parse_segment (event, &segment);
  return gst_segment_to_running_time (segment, GST_FORMAT_TIME, pts);
}

/* A file of 4 s in one buffer and an odd rest is held for 3 s, then leaves in
 * real time, whole, and silence follows. */
GST_START_TEST (test_held)
{
  const guint n = MS (4000), rest = MS (5) + 7;
  Fixture *f = fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  g_autoptr (GArray) silence = NULL;
  GstClockTime next = 0, end;

  add_buffer (f, numbered (n, 0), 0);
  add_buffer (f, numbered (rest, n), 4 * GST_SECOND);
  g_ptr_array_add (f->feed, gst_event_new_eos ());
  start_feeding (f);
  wait_count (f, &f->kinds, 1);
  fail_if (f->live);
  gst_harness_set_time (f->h, 3 * GST_SECOND);
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 0);
  fail_unless (gst_realtime_uplink_get_position (f->uplink) ==
      GST_CLOCK_TIME_NONE);

  gst_realtime_uplink_open (f->uplink);
  wait_count (f, &f->epochs, 1);
  fail_unless_equals_uint64 (f->epoch, 0);
  fail_unless_equals_uint64 (f->hold, 3 * GST_SECOND);
  fail_unless_equals_uint64 (f->heard, 0);
  samples = collect_from (f, n + rest, &next, f->hold);
  fail_unless_equals_int (samples->len, n + rest);
  check_numbered (samples, 0, 0, n + rest);
  fail_unless_equals_uint64 (out_running_time (f, 0), 3 * GST_SECOND);

  wait_count (f, &f->eoses, 1);
  end_feeding (f, GST_FLOW_OK);
  end = gst_realtime_uplink_get_end (f->uplink);
  fail_unless_equals_uint64 (end, gst_util_uint64_scale (n + rest, GST_SECOND,
          48000));
  fail_unless_equals_uint64 (gst_realtime_uplink_get_last_sound (f->uplink),
      end);
  silence = collect_from (f, MS (2000), &next, f->hold);
  check_silent (silence, 0, MS (2000));
  fail_unless (gst_realtime_uplink_get_position (f->uplink) >=
      end + 2 * GST_SECOND - PIECE);
  fail_unless_equals_uint64 (gst_realtime_uplink_get_end (f->uplink), end);
  fail_unless_equals_uint64 (gst_realtime_uplink_get_last_sound (f->uplink),
      end);
  fail_unless_equals_int (f->eoses, 1);
  fail_unless_equals_int (f->epochs, 1);
  fail_unless_equals_int (f->kinds, 1);
  fixture_free (f);
}

GST_END_TEST;

/* Each piece waits for exactly its own time. */
GST_START_TEST (test_pacing)
{
  Fixture *f = fixture_new (SPEECH_CAPS, FALSE);
  guint i;

  add_buffer (f, numbered (MS (1000), 0), 0);
  gst_realtime_uplink_open (f->uplink);
  gst_harness_set_time (f->h, 70 * GST_MSECOND);
  start_feeding (f);
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
  fixture_free (f);
}

GST_END_TEST;

/* A file that starts late on its own timeline is not sent early. */
GST_START_TEST (test_ahead_of_clock)
{
  Fixture *f = fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;

  add_buffer (f, numbered (MS (100), 0), 5 * GST_SECOND);
  gst_realtime_uplink_open (f->uplink);
  start_feeding (f);
  samples = collect (f, MS (100));
  check_numbered (samples, 0, 0, MS (100));
  fail_unless_equals_uint64 (f->epoch, 5 * GST_SECOND);
  fail_unless_equals_uint64 (f->hold, 0);
  fixture_free (f);
}

GST_END_TEST;

/* What has not left when the uplink closes leaves after the next open. */
GST_START_TEST (test_close_and_open_again)
{
  Fixture *f = fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) before = NULL;
  g_autoptr (GArray) after = NULL;
  GstClockTime next = 0;
  guint left;

  add_buffer (f, numbered (MS (1000), 0), 0);
  g_ptr_array_add (f->feed, gst_event_new_eos ());
  gst_realtime_uplink_open (f->uplink);
  start_feeding (f);
  before = collect_from (f, MS (400), &next, 0);
  fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 10));
  gst_realtime_uplink_close (f->uplink);
  /* The wait was given up and nothing left by it. */
  gst_harness_set_time (f->h, 10 * GST_SECOND);
  left = gst_harness_buffers_received (f->h);
  fail_unless_equals_int (left, 20);

  gst_realtime_uplink_open (f->uplink);
  wait_count (f, &f->epochs, 2);
  fail_unless_equals_uint64 (f->epoch, next);
  fail_unless_equals_uint64 (f->hold, 10 * GST_SECOND - next);
  fail_unless_equals_uint64 (f->heard, 0);
  fail_unless_equals_uint64 (gst_realtime_uplink_get_hold (f->uplink), f->hold);
  after = collect_from (f, MS (600), &next, f->hold);
  check_numbered (before, 0, 0, MS (400));
  check_numbered (after, 0, MS (400), MS (600));
  fixture_free (f);
}

GST_END_TEST;

/* Live input is dropped while closed, and passes as it comes while open. */
GST_START_TEST (test_live)
{
  Fixture *f = fixture_new (SPEECH_CAPS, TRUE);
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, 2);
  GstClockTime start = 100 * GST_MSECOND;
  guint i;

  for (i = 0; i < 10; i++)
    add_buffer (f, numbered (MS (10), MS (10) * i),
        start + i * 10 * GST_MSECOND);
  start_feeding (f);
  end_feeding (f, GST_FLOW_OK);
  fail_unless_equals_int (f->kinds, 1);
  fail_unless (f->live);
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 0);
  fail_unless_equals_int (f->epochs, 0);

  gst_realtime_uplink_open (f->uplink);
  for (; i < 20; i++)
    add_buffer (f, numbered (MS (10), MS (10) * i),
        start + i * 10 * GST_MSECOND);
  start_feeding (f);
  end_feeding (f, GST_FLOW_OK);
  fail_unless_equals_int (f->epochs, 1);
  fail_unless_equals_uint64 (f->epoch, start + 100 * GST_MSECOND);
  fail_unless_equals_uint64 (f->hold, 0);
  while (gst_harness_buffers_in_queue (f->h) > 0)
    take_samples (samples, gst_harness_pull (f->h));
  check_numbered (samples, 0, MS (100), MS (100));
  fail_unless_equals_uint64 (gst_realtime_uplink_get_position (f->uplink),
      start + 200 * GST_MSECOND);
  fail_unless_equals_uint64 (gst_realtime_uplink_get_heard (f->uplink),
      100 * GST_MSECOND);

  gst_realtime_uplink_close (f->uplink);
  add_buffer (f, numbered (MS (10), 0), start + 200 * GST_MSECOND);
  start_feeding (f);
  end_feeding (f, GST_FLOW_OK);
  fail_unless_equals_int (gst_harness_buffers_in_queue (f->h), 0);
  fixture_free (f);
}

GST_END_TEST;

static GstPadProbeReturn
close_uplink (GstPad * pad, GstPadProbeInfo * info, gpointer uplink)
{
  gst_realtime_uplink_close (uplink);
  return GST_PAD_PROBE_OK;
}

/* A close in the middle of a buffer: the rest is dropped, and what comes after
 * the next open stands in its own place. */
GST_START_TEST (test_live_close_within)
{
  Fixture *f = fixture_new (SPEECH_CAPS, TRUE);
  gulong id = gst_pad_add_probe (f->h->sinkpad, GST_PAD_PROBE_TYPE_BUFFER,
      close_uplink, f->uplink, NULL);
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, 2);

  gst_realtime_uplink_open (f->uplink);
  add_buffer (f, numbered (MS (100), 0), 0);
  start_feeding (f);
  end_feeding (f, GST_FLOW_OK);
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 1);
  gst_pad_remove_probe (f->h->sinkpad, id);
  gst_buffer_unref (gst_harness_pull (f->h));

  gst_realtime_uplink_open (f->uplink);
  add_buffer (f, numbered (MS (20), 500), 100 * GST_MSECOND);
  start_feeding (f);
  end_feeding (f, GST_FLOW_OK);
  take_samples (samples, gst_harness_pull (f->h));
  check_numbered (samples, 0, 500, MS (20));
  fail_unless_equals_int (f->epochs, 2);
  fail_unless_equals_uint64 (f->epoch, 100 * GST_MSECOND);
  fixture_free (f);
}

GST_END_TEST;

/* After a live input's end silence goes on at the clock's pace. */
GST_START_TEST (test_live_eos)
{
  Fixture *f = fixture_new (SPEECH_CAPS, TRUE);
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 0;

  gst_realtime_uplink_open (f->uplink);
  add_buffer (f, numbered (MS (100), 0), 0);
  g_ptr_array_add (f->feed, gst_event_new_eos ());
  gst_harness_set_time (f->h, 100 * GST_MSECOND);
  start_feeding (f);
  wait_count (f, &f->eoses, 1);
  samples = collect_from (f, MS (500), &next, 0);
  check_numbered (samples, 0, 0, MS (100));
  check_silent (samples, MS (100), MS (400));
  fail_unless_equals_uint64 (gst_realtime_uplink_get_end (f->uplink),
      100 * GST_MSECOND);

  fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 10));
  gst_realtime_uplink_close (f->uplink);
  gst_harness_set_time (f->h, 3 * GST_SECOND);
  fail_unless_equals_int (gst_harness_buffers_in_queue (f->h), 0);
  gst_realtime_uplink_open (f->uplink);
  wait_count (f, &f->epochs, 2);
  fail_unless_equals_uint64 (f->epoch, 3 * GST_SECOND);
  fixture_free (f);
}

GST_END_TEST;

/* An input without a sample: the server still hears silence. */
GST_START_TEST (test_empty)
{
  Fixture *f = fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;

  g_ptr_array_add (f->feed, gst_event_new_eos ());
  start_feeding (f);
  end_feeding (f, GST_FLOW_OK);
  fail_unless_equals_int (f->kinds, 1);
  fail_unless_equals_int (f->eoses, 1);
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 0);
  fail_unless_equals_uint64 (gst_realtime_uplink_get_end (f->uplink), 0);
  gst_harness_set_time (f->h, GST_SECOND);
  gst_realtime_uplink_open (f->uplink);
  wait_count (f, &f->epochs, 1);
  samples = collect (f, MS (100));
  check_silent (samples, 0, MS (100));
  fail_unless_equals_uint64 (f->epoch, 0);
  fail_unless_equals_uint64 (f->hold, GST_SECOND);
  fixture_free (f);
}

GST_END_TEST;

GST_START_TEST (test_mute)
{
  Fixture *f = fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  g_autoptr (GArray) loud = NULL;
  GstClockTime next = 0;

  add_buffer (f, numbered (MS (1000), 0), 0);
  gst_realtime_uplink_set_mute (f->uplink, TRUE);
  gst_realtime_uplink_open (f->uplink);
  start_feeding (f);
  samples = collect_from (f, MS (400), &next, 0);
  check_silent (samples, 0, MS (400));
  fail_unless (gst_realtime_uplink_get_last_sound (f->uplink) ==
      GST_CLOCK_TIME_NONE);
  fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 10));
  gst_realtime_uplink_set_mute (f->uplink, FALSE);
  loud = collect_from (f, MS (400), &next, 0);
  /* The piece that waited for its time when the mute ended may be either. */
  check_numbered (loud, MS (20), MS (420), MS (380));
  fixture_free (f);
}

GST_END_TEST;

/* A gap in a file's timestamps becomes silence of its length. */
GST_START_TEST (test_held_gap)
{
  Fixture *f = fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;

  add_buffer (f, numbered (MS (100), 0), 0);
  add_buffer (f, numbered (MS (100), MS (100)), 3 * GST_SECOND);
  g_ptr_array_add (f->feed, gst_event_new_gap (3100 * GST_MSECOND,
          500 * GST_MSECOND));
  add_buffer (f, numbered (MS (100), MS (200)), GST_CLOCK_TIME_NONE);
  gst_realtime_uplink_open (f->uplink);
  start_feeding (f);
  samples = collect (f, MS (3700));
  check_numbered (samples, 0, 0, MS (100));
  check_silent (samples, MS (100), MS (2900));
  check_numbered (samples, MS (3000), MS (100), MS (100));
  check_silent (samples, MS (3100), MS (500));
  check_numbered (samples, MS (3600), MS (200), MS (100));
  fail_unless_equals_int (f->epochs, 1);
  fixture_free (f);
}

GST_END_TEST;

/* Timestamps that jump back: all samples leave, and the epoch says so. */
GST_START_TEST (test_held_jump_back)
{
  Fixture *f = fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  g_autoptr (GArray) more = NULL;
  GstClockTime next = GST_SECOND;

  add_buffer (f, numbered (MS (200), 0), GST_SECOND);
  add_buffer (f, numbered (MS (200), MS (200)), 0);
  gst_harness_set_time (f->h, 2 * GST_SECOND);
  gst_realtime_uplink_open (f->uplink);
  start_feeding (f);
  samples = collect_from (f, MS (200), &next, GST_SECOND);
  next = 0;
  more = collect_from (f, MS (200), &next, 2200 * GST_MSECOND);
  check_numbered (samples, 0, 0, MS (200));
  check_numbered (more, 0, MS (200), MS (200));
  fail_unless_equals_int (f->epochs, 2);
  fail_unless_equals_uint64 (f->epoch, 0);
  fail_unless_equals_uint64 (f->hold, 2200 * GST_MSECOND);
  fail_unless_equals_uint64 (f->heard, 200 * GST_MSECOND);
  fail_unless_equals_uint64 (out_running_time (f, 0), 2200 * GST_MSECOND);
  fixture_free (f);
}

GST_END_TEST;

/* Live input: a short gap is filled, a long one sets a new epoch. */
GST_START_TEST (test_live_gap)
{
  Fixture *f = fixture_new (SPEECH_CAPS, TRUE);
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, 2);

  gst_realtime_uplink_open (f->uplink);
  add_buffer (f, numbered (MS (20), 0), 0);
  add_buffer (f, numbered (MS (20), MS (20)), 400 * GST_MSECOND);
  add_buffer (f, numbered (MS (20), MS (40)), 9 * GST_SECOND);
  start_feeding (f);
  end_feeding (f, GST_FLOW_OK);
  while (gst_harness_buffers_in_queue (f->h) > 0)
    take_samples (samples, gst_harness_pull (f->h));
  fail_unless_equals_int (samples->len, MS (440));
  check_numbered (samples, 0, 0, MS (20));
  check_silent (samples, MS (20), MS (380));
  check_numbered (samples, MS (400), MS (20), MS (40));
  fail_unless_equals_int (f->epochs, 2);
  fail_unless_equals_uint64 (f->epoch, 9 * GST_SECOND);
  fail_unless_equals_uint64 (f->heard, 420 * GST_MSECOND);
  fixture_free (f);
}

GST_END_TEST;

/* Live timestamps that jump back: downstream's time goes on all the same. */
GST_START_TEST (test_live_jump_back)
{
  Fixture *f = fixture_new (SPEECH_CAPS, TRUE);
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, 2);

  gst_realtime_uplink_open (f->uplink);
  add_buffer (f, numbered (MS (20), 0), GST_SECOND);
  add_buffer (f, numbered (MS (20), MS (20)), 500 * GST_MSECOND);
  start_feeding (f);
  end_feeding (f, GST_FLOW_OK);
  while (gst_harness_buffers_in_queue (f->h) > 0)
    take_samples (samples, gst_harness_pull (f->h));
  check_numbered (samples, 0, 0, MS (40));
  fail_unless_equals_int (f->epochs, 2);
  fail_unless_equals_uint64 (f->epoch, 500 * GST_MSECOND);
  fail_unless_equals_uint64 (f->hold, 0);
  fail_unless_equals_uint64 (out_running_time (f, f->epoch),
      1020 * GST_MSECOND);
  fixture_free (f);
}

GST_END_TEST;

/* Jitter of timestamps neither adds nor takes a sample. */
GST_START_TEST (test_jitter)
{
  static const gint jitter[] = { 0, 20, -15, 3, -30, 39, -39, 0 };
  Fixture *f = fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (jitter); i++)
    add_buffer (f, numbered (MS (100), i * MS (100)),
        GST_SECOND + (100 * (gint) i + jitter[i]) * GST_MSECOND);
  gst_realtime_uplink_open (f->uplink);
  start_feeding (f);
  samples = collect (f, i * MS (100));
  check_numbered (samples, 0, 0, i * MS (100));
  fail_unless_equals_int (f->epochs, 1);
  fixture_free (f);
}

GST_END_TEST;

/* segment.start and base count, and what is outside is no input. */
GST_START_TEST (test_segment)
{
  Fixture *f = fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = 10 * GST_SECOND;
  segment.base = GST_SECOND;
  g_ptr_array_add (f->feed, gst_event_new_segment (&segment));
  add_buffer (f, numbered (MS (1000), 0), 9900 * GST_MSECOND);
  gst_realtime_uplink_open (f->uplink);
  start_feeding (f);
  samples = collect (f, MS (900));
  check_numbered (samples, 0, MS (100), MS (900));
  fail_unless_equals_uint64 (f->epoch, GST_SECOND);
  fixture_free (f);
}

GST_END_TEST;

/* A flush frees held input at once; what comes after sets a new epoch. */
GST_START_TEST (test_flush)
{
  Fixture *f = fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  GstSegment segment;

  add_buffer (f, numbered (MS (1000), 0), 0);
  start_feeding (f);
  wait_count (f, &f->kinds, 1);
  gst_pad_push_event (f->h->srcpad, gst_event_new_flush_start ());
  end_feeding (f, GST_FLOW_FLUSHING);
  gst_pad_push_event (f->h->srcpad, gst_event_new_flush_stop (TRUE));
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 0);

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment.time = 60 * GST_SECOND;
  g_ptr_array_add (f->feed, gst_event_new_segment (&segment));
  add_buffer (f, numbered (MS (200), MS (500)), 60 * GST_SECOND);
  g_ptr_array_add (f->feed, gst_event_new_eos ());
  gst_realtime_uplink_open (f->uplink);
  start_feeding (f);
  samples = collect (f, MS (200));
  check_numbered (samples, 0, MS (500), MS (200));
  fail_unless_equals_uint64 (f->epoch, 0);
  wait_count (f, &f->eoses, 1);
  end_feeding (f, GST_FLOW_OK);

  /* In the silence after EOS, too; then it all begins again. */
  gst_pad_push_event (f->h->srcpad, gst_event_new_flush_start ());
  gst_pad_push_event (f->h->srcpad, gst_event_new_flush_stop (TRUE));
  fail_unless (gst_realtime_uplink_get_position (f->uplink) ==
      GST_CLOCK_TIME_NONE);
  fail_unless (gst_realtime_uplink_get_end (f->uplink) == GST_CLOCK_TIME_NONE);
  while (gst_harness_buffers_in_queue (f->h) > 0)
    gst_buffer_unref (gst_harness_pull (f->h));
  segment.start = 0;
  g_ptr_array_add (f->feed, gst_event_new_segment (&segment));
  add_buffer (f, numbered (MS (200), MS (900)), 2 * GST_SECOND);
  g_ptr_array_add (f->feed, gst_event_new_eos ());
  start_feeding (f);
  g_array_unref (samples);
  samples = collect (f, MS (200));
  wait_count (f, &f->epochs, 2);
  fail_unless_equals_uint64 (f->epoch, 2 * GST_SECOND);
  check_numbered (samples, 0, MS (900), MS (200));
  wait_count (f, &f->eoses, 2);
  fixture_free (f);
}

GST_END_TEST;

/* Downstream never flushes, ends or starts anew. */
GST_START_TEST (test_events)
{
  Fixture *f = fixture_new (SPEECH_CAPS, TRUE);
  GstEvent *event;
  guint segments = 0, starts = 0, caps = 0;

  gst_realtime_uplink_open (f->uplink);
  add_buffer (f, numbered (MS (20), 0), 0);
  g_ptr_array_add (f->feed, gst_event_new_flush_start ());
  g_ptr_array_add (f->feed, gst_event_new_flush_stop (TRUE));
  start_feeding (f);
  end_feeding (f, GST_FLOW_OK);
  while ((event = gst_harness_try_pull_event (f->h))) {
    starts += GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START;
    caps += GST_EVENT_TYPE (event) == GST_EVENT_CAPS;
    segments += GST_EVENT_TYPE (event) == GST_EVENT_SEGMENT;
    gst_event_unref (event);
  }
  fail_unless_equals_int (gst_harness_events_received (f->h),
      starts + caps + segments);
  fail_unless_equals_int (starts, 1);
  fail_unless_equals_int (caps, 1);
  fail_unless_equals_int (segments, 1);
  fixture_free (f);
}

GST_END_TEST;

/* No clock, no playing: held. */
GST_START_TEST (test_paused)
{
  Fixture *f = fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 0;

  gst_element_set_state (f->uplink, GST_STATE_PAUSED);
  gst_realtime_uplink_open (f->uplink);
  add_buffer (f, numbered (MS (1000), 0), 0);
  start_feeding (f);
  wait_count (f, &f->kinds, 1);
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 0);
  gst_element_set_state (f->uplink, GST_STATE_PLAYING);
  samples = collect_from (f, MS (200), &next, 0);
  fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 10));

  /* Paused for 5 s, in which the running time stands still. */
  gst_element_set_state (f->uplink, GST_STATE_PAUSED);
  gst_harness_set_time (f->h, 5180 * GST_MSECOND);
  fail_unless_equals_int (gst_harness_buffers_in_queue (f->h), 0);
  gst_element_set_base_time (f->uplink, 5 * GST_SECOND);
  gst_element_set_state (f->uplink, GST_STATE_PLAYING);
  g_array_unref (samples);
  samples = collect_from (f, MS (800), &next, 0);
  check_numbered (samples, 0, MS (200), MS (800));
  fail_unless_equals_int (f->epochs, 1);
  fixture_free (f);
}

GST_END_TEST;

/* Stopping frees whatever waits. */
GST_START_TEST (test_stop)
{
  guint step;

  for (step = 0; step < 3; step++) {
    Fixture *f = fixture_new (SPEECH_CAPS, FALSE);

    add_buffer (f, numbered (MS (100), 0), 0);
    g_ptr_array_add (f->feed, gst_event_new_eos ());
    if (step > 0)
      gst_realtime_uplink_open (f->uplink);
    start_feeding (f);
    wait_count (f, &f->kinds, 1);
    if (step == 1)
      fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 10));
    if (step == 2) {
      g_array_unref (collect (f, MS (200)));
      wait_count (f, &f->eoses, 1);
    }
    gst_element_set_state (f->uplink, GST_STATE_NULL);
    g_thread_join (f->feeder);
    f->feeder = NULL;
    fixture_free (f);
  }
}

GST_END_TEST;

/* What is wrong behind the uplink is not seen before it. */
GST_START_TEST (test_downstream_fails)
{
  GstElement *uplink = gst_realtime_uplink_new (NULL);
  GstHarness *h = gst_harness_new_with_element (uplink, "sink", NULL);
  guint i;

  gst_harness_set_src_caps_str (h, SPEECH_CAPS);
  gst_harness_play (h);
  gst_realtime_uplink_open (uplink);
  for (i = 0; i < 3; i++) {
    GstBuffer *buffer = numbered (MS (20), 0);

    GST_BUFFER_PTS (buffer) = i * PIECE;
    fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
  }
  fail_unless_equals_uint64 (gst_realtime_uplink_get_position (uplink),
      3 * PIECE);
  gst_harness_teardown (h);
  gst_object_unref (uplink);
}

GST_END_TEST;

/* 440 Hz on the left, its inverse at half the level on the right. */
static GstBuffer *
stereo_tone (guint n, guint first)
{
  GstBuffer *buffer = gst_buffer_new_and_alloc (n * 8);
  GstMapInfo map;
  guint i;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (i = 0; i < n; i++) {
    gdouble v = 0.8 * sin (2 * G_PI * 440 * (first + i) / 44100.0);

    ((gfloat *) map.data)[2 * i] = v;
    ((gfloat *) map.data)[2 * i + 1] = -v / 2;
  }
  gst_buffer_unmap (buffer, &map);
  return buffer;
}

/* 44.1 kHz float stereo: as long as before, and each sample in its place. */
GST_START_TEST (test_resampled)
{
  const guint n = 44100 + 441 * 7, out = 48000 + 480 * 7;
  Fixture *f = fixture_new ("audio/x-raw, format = (string) F32LE, "
      "layout = (string) interleaved, rate = (int) 44100, channels = (int) 2",
      FALSE);
  g_autoptr (GArray) samples = NULL;
  gdouble signal = 0, noise = 0;
  guint i;

  for (i = 0; i < n; i += 1101)
    add_buffer (f, stereo_tone (MIN (1101, n - i), i),
        gst_util_uint64_scale (i, GST_SECOND, 44100));
  g_ptr_array_add (f->feed, gst_event_new_eos ());
  gst_realtime_uplink_open (f->uplink);
  start_feeding (f);
  wait_count (f, &f->epochs, 1);
  samples = collect (f, out + MS (100));
  wait_count (f, &f->eoses, 1);
  fail_unless (ABS (GST_CLOCK_DIFF (gst_realtime_uplink_get_end (f->uplink),
              gst_util_uint64_scale (n, GST_SECOND, 44100))) <
      2 * GST_SECOND / 48000);
  for (i = 0; i < out; i++) {
    gdouble wanted = 0.2 * sin (2 * G_PI * 440 * i / 48000.0);
    gdouble v = g_array_index (samples, gint16, i) / 32768.0;

    signal += wanted * wanted;
    noise += (v - wanted) * (v - wanted);
  }
  fail_unless (10 * log10 (signal / noise) > 40, "only %f dB",
      10 * log10 (signal / noise));
  fixture_free (f);
}

GST_END_TEST;

/* 44.1 kHz with a gap: both parts whole, both in their places. */
GST_START_TEST (test_resampled_gap)
{
  Fixture *f = fixture_new ("audio/x-raw, format = (string) F32LE, "
      "layout = (string) interleaved, rate = (int) 44100, channels = (int) 2",
      FALSE);
  g_autoptr (GArray) samples = NULL;
  guint i, loud = 0;

  add_buffer (f, stereo_tone (4410, 0), 0);
  add_buffer (f, stereo_tone (4410, 0), 300 * GST_MSECOND);
  gst_realtime_uplink_open (f->uplink);
  start_feeding (f);
  wait_count (f, &f->epochs, 1);
  samples = collect (f, MS (500));
  wait_count (f, &f->eoses, 1);
  fail_unless (ABS (GST_CLOCK_DIFF (gst_realtime_uplink_get_end (f->uplink),
              400 * GST_MSECOND)) < 2 * GST_SECOND / 48000);
  for (i = 0; i < samples->len; i++)
    loud += ABS (g_array_index (samples, gint16, i)) > 50;
  /* A sine of amplitude 6554 is below 50 for half a percent of the time. */
  fail_unless (loud > MS (200) * 0.98 && loud <= MS (200), "%u loud", loud);
  check_silent (samples, MS (102), MS (196));
  fixture_free (f);
}

GST_END_TEST;

static const struct
{
  const gchar *caps;
  guint frame;
  guint rate;
} formats[] = {
  {"format = U8, layout = interleaved, rate = 8000, channels = 1", 1, 8000},
  {"format = S16BE, layout = interleaved, rate = 16000, channels = 1", 2,
      16000},
  {"format = S24LE, layout = interleaved, rate = 96000, channels = 2", 6,
      96000},
  {"format = F64LE, layout = interleaved, rate = 22050, channels = 1", 8,
      22050},
  {"format = S16LE, layout = interleaved, rate = 11025, channels = 2", 4,
      11025},
  {"format = S32LE, layout = interleaved, rate = 48000, channels = 6, "
        "channel-mask = (bitmask) 0x3f", 24, 48000},
};

/* Any format is as long as it was, but for a sample of its rate. */
GST_START_TEST (test_formats)
{
  g_autofree gchar *caps = g_strdup_printf ("audio/x-raw, %s",
      formats[__i__].caps);
  const guint n = formats[__i__].rate / 5 + 3;
  Fixture *f = fixture_new (caps, FALSE);
  GstBuffer *buffer = gst_buffer_new_and_alloc (n * formats[__i__].frame);
  guint i;

  gst_buffer_memset (buffer, 0, 0, n * formats[__i__].frame);
  add_buffer (f, buffer, 0);
  /* In pieces of 10 ms from there on. */
  for (i = 0; i < 10; i++) {
    const guint k = formats[__i__].rate / 100;

    buffer = gst_buffer_new_and_alloc (k * formats[__i__].frame);
    gst_buffer_memset (buffer, 0, 0, k * formats[__i__].frame);
    add_buffer (f, buffer, gst_util_uint64_scale (n + i * k, GST_SECOND,
            formats[__i__].rate));
  }
  gst_realtime_uplink_open (f->uplink);
  start_feeding (f);
  wait_count (f, &f->epochs, 1);
  g_array_unref (collect (f, MS (400)));
  wait_count (f, &f->eoses, 1);
  fail_unless (ABS (GST_CLOCK_DIFF (gst_realtime_uplink_get_end (f->uplink),
              gst_util_uint64_scale (n + 10 * (formats[__i__].rate / 100),
                  GST_SECOND, formats[__i__].rate))) <=
      GST_SECOND / formats[__i__].rate);
  fixture_free (f);
}

GST_END_TEST;

static GstPadProbeReturn
drop (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  return GST_PAD_PROBE_DROP;
}

/* Who does not answer is not live. */
GST_START_TEST (test_no_answer)
{
  Fixture *f = fixture_new (SPEECH_CAPS, TRUE);

  f->live_input = FALSE;
  gst_pad_add_probe (f->h->srcpad, GST_PAD_PROBE_TYPE_QUERY_UPSTREAM, drop,
      NULL, NULL);
  add_buffer (f, numbered (MS (100), 0), 0);
  start_feeding (f);
  wait_count (f, &f->kinds, 1);
  fail_if (f->live);
  fixture_free (f);
}

GST_END_TEST;

/* Held input whose source starves goes on later, and not in a burst. */
GST_START_TEST (test_starved)
{
  Fixture *f = fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 0;

  add_buffer (f, numbered (MS (20), 0), 0);
  f->live_input = TRUE;         /* no end of stream yet */
  gst_realtime_uplink_open (f->uplink);
  start_feeding (f);
  end_feeding (f, GST_FLOW_OK);
  f->live_input = FALSE;
  gst_harness_set_time (f->h, 2 * GST_SECOND);
  add_buffer (f, numbered (MS (980), MS (20)), 20 * GST_MSECOND);
  start_feeding (f);
  samples = collect_from (f, MS (20), &next, 0);
  check_numbered (samples, 0, 0, MS (20));
  g_array_unref (samples);
  samples = collect_from (f, MS (980), &next, 1980 * GST_MSECOND);
  check_numbered (samples, 0, MS (20), MS (980));
  fail_unless_equals_uint64 (gst_realtime_uplink_get_hold (f->uplink),
      1980 * GST_MSECOND);
  fail_unless_equals_int (f->epochs, 1);
  fixture_free (f);
}

GST_END_TEST;

GST_START_TEST (test_states)
{
  guint i;

  for (i = 0; i < 50; i++) {
    GstElement *uplink = gst_realtime_uplink_new (NULL);

    gst_object_ref_sink (uplink);
    gst_element_set_state (uplink, i % 3 == 0 ? GST_STATE_READY :
        i % 3 == 1 ? GST_STATE_PAUSED : GST_STATE_PLAYING);
    gst_realtime_uplink_open (uplink);
    gst_element_set_state (uplink, GST_STATE_PAUSED);
    gst_element_set_state (uplink, GST_STATE_NULL);
    gst_element_set_state (uplink, GST_STATE_PLAYING);
    gst_element_set_state (uplink, GST_STATE_NULL);
    ASSERT_OBJECT_REFCOUNT (uplink, "uplink", 1);
    gst_object_unref (uplink);
  }
}

GST_END_TEST;

static Suite *
uplink_suite (void)
{
  Suite *suite = suite_create ("uplink");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, test_held);
  tcase_add_test (tcase, test_pacing);
  tcase_add_test (tcase, test_ahead_of_clock);
  tcase_add_test (tcase, test_close_and_open_again);
  tcase_add_test (tcase, test_live);
  tcase_add_test (tcase, test_live_close_within);
  tcase_add_test (tcase, test_live_eos);
  tcase_add_test (tcase, test_empty);
  tcase_add_test (tcase, test_mute);
  tcase_add_test (tcase, test_held_gap);
  tcase_add_test (tcase, test_held_jump_back);
  tcase_add_test (tcase, test_live_gap);
  tcase_add_test (tcase, test_live_jump_back);
  tcase_add_test (tcase, test_jitter);
  tcase_add_test (tcase, test_segment);
  tcase_add_test (tcase, test_flush);
  tcase_add_test (tcase, test_events);
  tcase_add_test (tcase, test_paused);
  tcase_add_test (tcase, test_stop);
  tcase_add_test (tcase, test_downstream_fails);
  tcase_add_test (tcase, test_resampled);
  tcase_add_test (tcase, test_resampled_gap);
  tcase_add_loop_test (tcase, test_formats, 0, G_N_ELEMENTS (formats));
  tcase_add_test (tcase, test_no_answer);
  tcase_add_test (tcase, test_starved);
  tcase_add_test (tcase, test_states);
  return suite;
}

GST_CHECK_MAIN (uplink);
