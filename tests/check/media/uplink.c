/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "uplinkfixture.h"

#include <math.h>

/* Live input is dropped while closed, and passes as it comes while open. */
GST_START_TEST (test_live)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, TRUE);
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, 2);
  GstClockTime start = 100 * GST_MSECOND;
  guint i;

  for (i = 0; i < 10; i++)
    uplink_add_buffer (f, numbered (MS (10), MS (10) * i),
        start + i * 10 * GST_MSECOND);
  uplink_start_feeding (f);
  uplink_end_feeding (f, GST_FLOW_OK);
  fail_unless_equals_int (f->kinds, 1);
  fail_unless (f->live);
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 0);
  fail_unless_equals_int (f->epochs, 0);

  gst_realtime_uplink_open (f->uplink);
  for (; i < 20; i++)
    uplink_add_buffer (f, numbered (MS (10), MS (10) * i),
        start + i * 10 * GST_MSECOND);
  uplink_start_feeding (f);
  uplink_end_feeding (f, GST_FLOW_OK);
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
  uplink_add_buffer (f, numbered (MS (10), 0), start + 200 * GST_MSECOND);
  uplink_start_feeding (f);
  uplink_end_feeding (f, GST_FLOW_OK);
  fail_unless_equals_int (gst_harness_buffers_in_queue (f->h), 0);
  uplink_fixture_free (f);
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
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, TRUE);
  gulong id = gst_pad_add_probe (f->h->sinkpad, GST_PAD_PROBE_TYPE_BUFFER,
      close_uplink, f->uplink, NULL);
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, 2);

  gst_realtime_uplink_open (f->uplink);
  uplink_add_buffer (f, numbered (MS (100), 0), 0);
  uplink_start_feeding (f);
  uplink_end_feeding (f, GST_FLOW_OK);
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 1);
  gst_pad_remove_probe (f->h->sinkpad, id);
  gst_buffer_unref (gst_harness_pull (f->h));

  gst_realtime_uplink_open (f->uplink);
  uplink_add_buffer (f, numbered (MS (20), 500), 100 * GST_MSECOND);
  uplink_start_feeding (f);
  uplink_end_feeding (f, GST_FLOW_OK);
  take_samples (samples, gst_harness_pull (f->h));
  check_numbered (samples, 0, 500, MS (20));
  fail_unless_equals_int (f->epochs, 2);
  fail_unless_equals_uint64 (f->epoch, 100 * GST_MSECOND);
  uplink_fixture_free (f);
}

GST_END_TEST;

GST_START_TEST (test_mute)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  g_autoptr (GArray) loud = NULL;
  GstClockTime next = 0;

  uplink_add_buffer (f, numbered (MS (1000), 0), 0);
  gst_realtime_uplink_set_mute (f->uplink, TRUE);
  gst_realtime_uplink_open (f->uplink);
  uplink_start_feeding (f);
  samples = uplink_collect_from (f, MS (400), &next, 0);
  check_silent (samples, 0, MS (400));
  fail_unless (gst_realtime_uplink_get_last_sound (f->uplink) ==
      GST_CLOCK_TIME_NONE);
  fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 10));
  gst_realtime_uplink_set_mute (f->uplink, FALSE);
  loud = uplink_collect_from (f, MS (400), &next, 0);
  /* The piece that waited for its time when the mute ended may be either. */
  check_numbered (loud, MS (20), MS (420), MS (380));
  uplink_fixture_free (f);
}

GST_END_TEST;

static void
note_passed (GstElement * uplink, guint64 running_time, gpointer user_data)
{
  /* it is told when it has left, not before */
  fail_unless_equals_uint64 (gst_realtime_uplink_get_position (uplink),
      running_time);
  *(GstClockTime *) user_data = running_time;
}

/* A talk button: what stands before its release is heard, to the piece, however
 * late it leaves; and when it has left is told, once. */
GST_START_TEST (test_mute_from)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);
  GstClockTime next = 0, passed = GST_CLOCK_TIME_NONE;
  g_autoptr (GArray) samples = NULL;
  g_autoptr (GArray) loud = NULL;

  g_signal_connect (f->uplink, "passed", G_CALLBACK (note_passed), &passed);
  uplink_add_buffer (f, numbered (MS (1000), 0), 0);
  gst_realtime_uplink_set_mute_from (f->uplink, 200 * GST_MSECOND);
  gst_realtime_uplink_watch (f->uplink, 290 * GST_MSECOND);
  gst_realtime_uplink_open (f->uplink);
  uplink_start_feeding (f);
  samples = uplink_collect_from (f, MS (280), &next, 0);
  check_numbered (samples, 0, 0, MS (200));
  check_silent (samples, MS (200), MS (80));
  fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 10));
  fail_unless_equals_uint64 (passed, GST_CLOCK_TIME_NONE);
  g_array_unref (uplink_collect_from (f, MS (20), &next, 0));
  fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 10));
  fail_unless_equals_uint64 (passed, 300 * GST_MSECOND);

  passed = GST_CLOCK_TIME_NONE;
  gst_realtime_uplink_set_mute_from (f->uplink, GST_CLOCK_TIME_NONE);
  loud = uplink_collect_from (f, MS (200), &next, 0);
  check_numbered (loud, MS (20), MS (320), MS (180));
  fail_unless_equals_uint64 (passed, GST_CLOCK_TIME_NONE);
  /* what has left already is told with the next piece; what nobody waits for
   * any more is not */
  gst_realtime_uplink_watch (f->uplink, 0);
  g_array_unref (uplink_collect_from (f, MS (40), &next, 0));
  fail_unless (passed != GST_CLOCK_TIME_NONE);
  passed = GST_CLOCK_TIME_NONE;
  gst_realtime_uplink_watch (f->uplink, 600 * GST_MSECOND);
  gst_realtime_uplink_watch (f->uplink, GST_CLOCK_TIME_NONE);
  g_array_unref (uplink_collect_from (f, MS (200), &next, 0));
  fail_unless_equals_uint64 (passed, GST_CLOCK_TIME_NONE);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* Live input: a short gap is filled, a long one sets a new epoch. */
GST_START_TEST (test_live_gap)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, TRUE);
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, 2);

  gst_realtime_uplink_open (f->uplink);
  uplink_add_buffer (f, numbered (MS (20), 0), 0);
  uplink_add_buffer (f, numbered (MS (20), MS (20)), 400 * GST_MSECOND);
  uplink_add_buffer (f, numbered (MS (20), MS (40)), 9 * GST_SECOND);
  uplink_start_feeding (f);
  uplink_end_feeding (f, GST_FLOW_OK);
  while (gst_harness_buffers_in_queue (f->h) > 0)
    take_samples (samples, gst_harness_pull (f->h));
  fail_unless_equals_int (samples->len, MS (440));
  check_numbered (samples, 0, 0, MS (20));
  check_silent (samples, MS (20), MS (380));
  check_numbered (samples, MS (400), MS (20), MS (40));
  fail_unless_equals_int (f->epochs, 2);
  fail_unless_equals_uint64 (f->epoch, 9 * GST_SECOND);
  fail_unless_equals_uint64 (f->heard, 420 * GST_MSECOND);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* Live timestamps that jump back: downstream's time goes on all the same. */
GST_START_TEST (test_live_jump_back)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, TRUE);
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, 2);

  gst_realtime_uplink_open (f->uplink);
  uplink_add_buffer (f, numbered (MS (20), 0), GST_SECOND);
  uplink_add_buffer (f, numbered (MS (20), MS (20)), 500 * GST_MSECOND);
  uplink_start_feeding (f);
  uplink_end_feeding (f, GST_FLOW_OK);
  while (gst_harness_buffers_in_queue (f->h) > 0)
    take_samples (samples, gst_harness_pull (f->h));
  check_numbered (samples, 0, 0, MS (40));
  fail_unless_equals_int (f->epochs, 2);
  fail_unless_equals_uint64 (f->epoch, 500 * GST_MSECOND);
  fail_unless_equals_uint64 (f->hold, 0);
  fail_unless_equals_uint64 (uplink_out_running_time (f, f->epoch),
      1020 * GST_MSECOND);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* Jitter of timestamps neither adds nor takes a sample. */
GST_START_TEST (test_jitter)
{
  static const gint jitter[] = { 0, 20, -15, 3, -30, 39, -39, 0 };
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (jitter); i++)
    uplink_add_buffer (f, numbered (MS (100), i * MS (100)),
        GST_SECOND + (100 * (gint) i + jitter[i]) * GST_MSECOND);
  gst_realtime_uplink_open (f->uplink);
  uplink_start_feeding (f);
  samples = uplink_collect (f, i * MS (100));
  check_numbered (samples, 0, 0, i * MS (100));
  fail_unless_equals_int (f->epochs, 1);
  uplink_fixture_free (f);
}

GST_END_TEST;

static const gint clocks_off_ppm[] = { 100, -100 };

/* An hour of a live source whose samples come faster or slower than its timestamps,
 * as a sound card's do against the pipeline's clock. What the session counts are the
 * samples that left: with the epochs they stand where the source says, at the end of
 * the hour as in its first minute. */
GST_START_TEST (test_hour)
{
  const gint ppm = clocks_off_ppm[__i__];
  const guint seconds = 3600, a_second = 10;
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, TRUE);
  GstClockTimeDiff error, worst = 0, uncorrected = 0;
  guint64 left = 0;
  guint i, j;

  gst_realtime_uplink_open (f->uplink);
  for (i = 0; i < seconds; i++) {
    guint64 time = i * (GST_SECOND + ppm * GST_USECOND);

    for (j = 0; j < a_second; j++)
      uplink_add_buffer (f, numbered (MS (1000) / a_second, 0),
          time + j * GST_SECOND / a_second);
    uplink_start_feeding (f);
    uplink_end_feeding (f, GST_FLOW_OK);
    while (gst_harness_buffers_in_queue (f->h) > 0) {
      GstBuffer *buffer = gst_harness_pull (f->h);

      left += gst_buffer_get_size (buffer) / sizeof (gint16);
      gst_buffer_unref (buffer);
    }
    error = GST_CLOCK_DIFF (time + GST_SECOND, f->epoch - f->heard
        + gst_util_uint64_scale (left, GST_SECOND, MS (1000)));
    worst = MAX (worst, ABS (error));
    uncorrected = GST_CLOCK_DIFF (time + GST_SECOND, (i + 1) * GST_SECOND);
  }
  GST_INFO ("%d ppm: %" GST_STIME_FORMAT
      " off at most, %d epochs; without them " "%" GST_STIME_FORMAT, ppm,
      GST_STIME_ARGS (worst), f->epochs, GST_STIME_ARGS (uncorrected));
  fail_unless (worst <= 41 * GST_MSECOND);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* segment.start and base count, and what is outside is no input. */
GST_START_TEST (test_segment)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = 10 * GST_SECOND;
  segment.base = GST_SECOND;
  g_ptr_array_add (f->feed, gst_event_new_segment (&segment));
  uplink_add_buffer (f, numbered (MS (1000), 0), 9900 * GST_MSECOND);
  gst_realtime_uplink_open (f->uplink);
  uplink_start_feeding (f);
  samples = uplink_collect (f, MS (900));
  check_numbered (samples, 0, MS (100), MS (900));
  fail_unless_equals_uint64 (f->epoch, GST_SECOND);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* A flush frees held input at once; what comes after sets a new epoch. */
GST_START_TEST (test_flush)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);
  g_autoptr (GArray) samples = NULL;
  GstSegment segment;

  uplink_add_buffer (f, numbered (MS (1000), 0), 0);
  uplink_start_feeding (f);
  uplink_wait_count (f, &f->kinds, 1);
  gst_pad_push_event (f->h->srcpad, gst_event_new_flush_start ());
  uplink_end_feeding (f, GST_FLOW_FLUSHING);
  gst_pad_push_event (f->h->srcpad, gst_event_new_flush_stop (TRUE));
  fail_unless_equals_int (gst_harness_buffers_received (f->h), 0);

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment.time = 60 * GST_SECOND;
  g_ptr_array_add (f->feed, gst_event_new_segment (&segment));
  uplink_add_buffer (f, numbered (MS (200), MS (500)), 60 * GST_SECOND);
  g_ptr_array_add (f->feed, gst_event_new_eos ());
  gst_realtime_uplink_open (f->uplink);
  uplink_start_feeding (f);
  samples = uplink_collect (f, MS (200));
  check_numbered (samples, 0, MS (500), MS (200));
  fail_unless_equals_uint64 (f->epoch, 0);
  uplink_wait_count (f, &f->eoses, 1);
  uplink_end_feeding (f, GST_FLOW_OK);

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
  uplink_add_buffer (f, numbered (MS (200), MS (900)), 2 * GST_SECOND);
  g_ptr_array_add (f->feed, gst_event_new_eos ());
  uplink_start_feeding (f);
  g_array_unref (samples);
  samples = uplink_collect (f, MS (200));
  uplink_wait_count (f, &f->epochs, 2);
  fail_unless_equals_uint64 (f->epoch, 2 * GST_SECOND);
  check_numbered (samples, 0, MS (900), MS (200));
  uplink_wait_count (f, &f->eoses, 2);
  uplink_fixture_free (f);
}

GST_END_TEST;

/* Downstream never flushes, ends or starts anew. */
GST_START_TEST (test_events)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, TRUE);
  GstEvent *event;
  guint segments = 0, starts = 0, caps = 0;

  gst_realtime_uplink_open (f->uplink);
  uplink_add_buffer (f, numbered (MS (20), 0), 0);
  g_ptr_array_add (f->feed, gst_event_new_flush_start ());
  g_ptr_array_add (f->feed, gst_event_new_flush_stop (TRUE));
  uplink_start_feeding (f);
  uplink_end_feeding (f, GST_FLOW_OK);
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
  uplink_fixture_free (f);
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
  UplinkFixture *f =
      uplink_fixture_new ("audio/x-raw, format = (string) F32LE, "
      "layout = (string) interleaved, rate = (int) 44100, channels = (int) 2",
      FALSE);
  g_autoptr (GArray) samples = NULL;
  gdouble signal = 0, noise = 0;
  guint i;

  for (i = 0; i < n; i += 1101)
    uplink_add_buffer (f, stereo_tone (MIN (1101, n - i), i),
        gst_util_uint64_scale (i, GST_SECOND, 44100));
  g_ptr_array_add (f->feed, gst_event_new_eos ());
  gst_realtime_uplink_open (f->uplink);
  uplink_start_feeding (f);
  uplink_wait_count (f, &f->epochs, 1);
  samples = uplink_collect (f, out + MS (100));
  uplink_wait_count (f, &f->eoses, 1);
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
  uplink_fixture_free (f);
}

GST_END_TEST;

/* 44.1 kHz with a gap: both parts whole, both in their places. */
GST_START_TEST (test_resampled_gap)
{
  UplinkFixture *f =
      uplink_fixture_new ("audio/x-raw, format = (string) F32LE, "
      "layout = (string) interleaved, rate = (int) 44100, channels = (int) 2",
      FALSE);
  g_autoptr (GArray) samples = NULL;
  guint i, loud = 0;

  uplink_add_buffer (f, stereo_tone (4410, 0), 0);
  uplink_add_buffer (f, stereo_tone (4410, 0), 300 * GST_MSECOND);
  gst_realtime_uplink_open (f->uplink);
  uplink_start_feeding (f);
  uplink_wait_count (f, &f->epochs, 1);
  samples = uplink_collect (f, MS (500));
  uplink_wait_count (f, &f->eoses, 1);
  fail_unless (ABS (GST_CLOCK_DIFF (gst_realtime_uplink_get_end (f->uplink),
              400 * GST_MSECOND)) < 2 * GST_SECOND / 48000);
  for (i = 0; i < samples->len; i++)
    loud += ABS (g_array_index (samples, gint16, i)) > 50;
  /* A sine of amplitude 6554 is below 50 for half a percent of the time. */
  fail_unless (loud > MS (200) * 0.98 && loud <= MS (200), "%u loud", loud);
  check_silent (samples, MS (102), MS (196));
  uplink_fixture_free (f);
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
  UplinkFixture *f = uplink_fixture_new (caps, FALSE);
  GstBuffer *buffer = gst_buffer_new_and_alloc (n * formats[__i__].frame);
  guint i;

  gst_buffer_memset (buffer, 0, 0, n * formats[__i__].frame);
  uplink_add_buffer (f, buffer, 0);
  /* In pieces of 10 ms from there on. */
  for (i = 0; i < 10; i++) {
    const guint k = formats[__i__].rate / 100;

    buffer = gst_buffer_new_and_alloc (k * formats[__i__].frame);
    gst_buffer_memset (buffer, 0, 0, k * formats[__i__].frame);
    uplink_add_buffer (f, buffer, gst_util_uint64_scale (n + i * k, GST_SECOND,
            formats[__i__].rate));
  }
  gst_realtime_uplink_open (f->uplink);
  uplink_start_feeding (f);
  uplink_wait_count (f, &f->epochs, 1);
  g_array_unref (uplink_collect (f, MS (400)));
  uplink_wait_count (f, &f->eoses, 1);
  fail_unless (ABS (GST_CLOCK_DIFF (gst_realtime_uplink_get_end (f->uplink),
              gst_util_uint64_scale (n + 10 * (formats[__i__].rate / 100),
                  GST_SECOND, formats[__i__].rate))) <=
      GST_SECOND / formats[__i__].rate);
  uplink_fixture_free (f);
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
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, TRUE);

  f->live_input = FALSE;
  gst_pad_add_probe (f->h->srcpad, GST_PAD_PROBE_TYPE_QUERY_UPSTREAM, drop,
      NULL, NULL);
  uplink_add_buffer (f, numbered (MS (100), 0), 0);
  uplink_start_feeding (f);
  uplink_wait_count (f, &f->kinds, 1);
  fail_if (f->live);
  uplink_fixture_free (f);
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
  tcase_add_test (tcase, test_live);
  tcase_add_test (tcase, test_live_close_within);
  tcase_add_test (tcase, test_mute);
  tcase_add_test (tcase, test_mute_from);
  tcase_add_test (tcase, test_live_gap);
  tcase_add_test (tcase, test_live_jump_back);
  tcase_add_test (tcase, test_jitter);
  tcase_add_loop_test (tcase, test_hour, 0, G_N_ELEMENTS (clocks_off_ppm));
  tcase_add_test (tcase, test_segment);
  tcase_add_test (tcase, test_flush);
  tcase_add_test (tcase, test_events);
  tcase_add_test (tcase, test_downstream_fails);
  tcase_add_test (tcase, test_resampled);
  tcase_add_test (tcase, test_resampled_gap);
  tcase_add_loop_test (tcase, test_formats, 0, G_N_ELEMENTS (formats));
  tcase_add_test (tcase, test_no_answer);
  tcase_add_test (tcase, test_states);
  return suite;
}

GST_CHECK_MAIN (uplink);
