/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What webrtcdsp does in the uplink, with what the downlink plays. */

#include "uplinkfixture.h"

#include <math.h>

#include "media/downlink.h"

#define TICK (10 * GST_MSECOND)
/* What the downlink adds to the jitter buffer's latency. */
#define OWN_LATENCY (40 * GST_MSECOND)

/* A voice, near enough for a detector and an echo canceller: pulses through
 * two resonances that move, in syllables. */
typedef struct
{
  GRand *rand;
  gdouble phase, pitch, pitch_step;
  gdouble low[2], high[2];
  guint64 n;
} Speaker;

static void
speaker_init (Speaker * s, guint32 seed, gdouble pitch)
{
  memset (s, 0, sizeof (*s));
  s->rand = g_rand_new_with_seed (seed);
  s->pitch = pitch;
}

static gdouble
resonate (gdouble state[2], gdouble in, gdouble frequency)
{
  const gdouble r = 0.985;
  gdouble out = in + 2 * r * cos (2 * G_PI * frequency / 48000) * state[0] -
      r * r * state[1];

  state[1] = state[0];
  state[0] = out;
  return out;
}

static gint16
speaker_next (Speaker * s)
{
  gdouble time = s->n / 48000.0, in, out, syllable;

  if (s->n++ % 4800 == 0)
    s->pitch_step = g_rand_double_range (s->rand, 0.8, 1.25);
  syllable = MAX (0, sin (2 * G_PI * 4 * time)) * (fmod (time, 3) < 2.5);
  in = g_rand_double_range (s->rand, -0.1, 0.1);
  s->phase += s->pitch * s->pitch_step / 48000;
  if (s->phase >= 1) {
    s->phase -= 1;
    in += 10;
  }
  out = resonate (s->low, in, 500 + 200 * sin (2 * G_PI * 1.3 * time)) +
      0.5 * resonate (s->high, in, 1700 + 400 * sin (2 * G_PI * 0.9 * time));
  return CLAMP (out * syllable * 180, -20000, 20000);
}

static void
speaker_clear (Speaker * s)
{
  g_rand_free (s->rand);
}

/* Mean power, in dB of full scale, of @samples from @from to @to ms. */
static gdouble
power (GArray * samples, guint from, guint to)
{
  gdouble sum = 1e-9;
  guint i;

  to = MIN (MS (to), samples->len);
  for (i = MS (from); i < to; i++) {
    gdouble value = g_array_index (samples, gint16, i);

    sum += value * value;
  }
  return 10 * log10 (sum / (to - MS (from)) / (32768.0 * 32768.0));
}

static void
configure (GstElement * uplink, const GstRealtimeProcessing * processing)
{
  const gchar *missing = NULL;

  fail_unless (gst_realtime_uplink_set_processing (uplink, processing,
          &missing));
}

/* --- a room: what the downlink plays comes to the microphone of the uplink, by
 * three ways, and there is one who speaks into it --- */

typedef struct
{
  GstElement *downlink, *uplink;
  GstHarness *out, *mic;
  GstPad *far_pad;
  GstTestClock *clock;
  GstClockTime now;

  GstClockTime latency;         /* of the pipeline, the loudspeaker's included */
  guint untold;                 /* ms more that the loudspeaker takes */
  GArray *played;               /* by its timestamps */
  GArray *heard;                /* by the microphone */
  GArray *sent;                 /* by the uplink */
  GArray *near;
} Room;

static void
room_init (Room * r, const GstRealtimeProcessing * processing,
    GstClockTime latency, guint untold)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (SPEECH_CAPS);
  g_autoptr (GstPad) sink = NULL;
  GstSegment segment;

  memset (r, 0, sizeof (*r));
  r->latency = latency;
  r->untold = untold;
  r->downlink = gst_realtime_downlink_new (NULL);
  fail_unless (gst_realtime_downlink_set_echo_probe (r->downlink,
          processing->echo_probe));
  r->out = gst_harness_new_with_element (r->downlink, NULL, "src");
  gst_harness_use_testclock (r->out);
  r->clock = gst_harness_get_testclock (r->out);
  gst_harness_play (r->out);
  r->uplink = gst_realtime_uplink_new (NULL);
  configure (r->uplink, processing);
  r->mic = gst_harness_new_with_element (r->uplink, "sink", "src");
  gst_harness_set_src_caps_str (r->mic, SPEECH_CAPS);
  gst_harness_play (r->mic);
  gst_realtime_uplink_open (r->uplink);

  r->far_pad = gst_pad_new ("src", GST_PAD_SRC);
  sink = gst_element_request_pad_simple (r->downlink, "sink_%u");
  gst_pad_set_active (r->far_pad, TRUE);
  gst_pad_link (r->far_pad, sink);
  gst_pad_push_event (r->far_pad, gst_event_new_stream_start ("far"));
  gst_pad_push_event (r->far_pad, gst_event_new_caps (caps));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (r->far_pad, gst_event_new_segment (&segment));

  r->played = g_array_new (FALSE, TRUE, 2);
  r->heard = g_array_new (FALSE, TRUE, 2);
  r->sent = g_array_new (FALSE, TRUE, 2);
  r->near = g_array_new (FALSE, TRUE, 2);
  gst_pad_push_event (r->out->sinkpad, gst_event_new_latency (latency));
  gst_realtime_downlink_start (r->downlink, 0, 0);
}

static void
room_clear (Room * r)
{
  g_autoptr (GstPad) sink = gst_pad_get_peer (r->far_pad);

  gst_pad_unlink (r->far_pad, sink);
  gst_element_release_request_pad (r->downlink, sink);
  gst_object_unref (r->far_pad);
  gst_harness_teardown (r->mic);
  gst_harness_teardown (r->out);
  gst_object_unref (r->clock);
  gst_object_unref (r->uplink);
  gst_object_unref (r->downlink);
  g_array_unref (r->played);
  g_array_unref (r->heard);
  g_array_unref (r->sent);
  g_array_unref (r->near);
}

static gint16
room_echo (Room * r, guint64 place)
{
  static const struct
  {
    guint delay;
    gdouble gain;
  } ways[] = { {MS (8), 0.35}, {MS (19), 0.15}, {MS (33), 0.08} };
  gdouble sum = 0;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (ways); i++) {
    gint64 at = (gint64) place - MS (r->latency / GST_MSECOND + r->untold) -
        ways[i].delay;

    if (at >= 0 && at < r->played->len)
      sum += ways[i].gain * g_array_index (r->played, gint16, at);
  }
  return sum;
}

/* 10 ms go by. */
static void
room_tick (Room * r, Speaker * far, Speaker * near)
{
  GstBuffer *buffer;
  gint16 samples[MS (10)], value;
  guint64 place = r->heard->len;
  GstClockID id;
  guint i;

  if (r->now % (2 * TICK) == 0) {
    gint16 speech[MS (20)];

    for (i = 0; i < MS (20); i++)
      speech[i] = far ? speaker_next (far) : 0;
    buffer = gst_buffer_new_memdup (speech, sizeof (speech));
    GST_BUFFER_PTS (buffer) = r->now;
    gst_pad_push (r->far_pad, buffer);
  }
  r->now += TICK;
  for (;;) {
    gst_test_clock_wait_for_next_pending_id (r->clock, &id);
    if (gst_clock_id_get_time (id) > r->now)
      break;
    gst_clock_id_unref (id);
    gst_test_clock_crank (r->clock);
    take_samples (r->played, gst_harness_pull (r->out));
  }
  gst_clock_id_unref (id);
  gst_test_clock_set_time (r->clock, r->now);

  for (i = 0; i < MS (10); i++) {
    value = near ? speaker_next (near) : 0;
    g_array_append_val (r->near, value);
    samples[i] = CLAMP (value + room_echo (r, place + i), -32768, 32767);
  }
  g_array_append_vals (r->heard, samples, MS (10));
  buffer = gst_buffer_new_memdup (samples, sizeof (samples));
  GST_BUFFER_PTS (buffer) = r->now - TICK;
  fail_unless_equals_int (gst_harness_push (r->mic, buffer), GST_FLOW_OK);
  while ((buffer = gst_harness_try_pull (r->mic)))
    take_samples (r->sent, buffer);
}

static void
room_run (Room * r, guint ms, Speaker * far, Speaker * near)
{
  for (; ms > 0; ms -= 10)
    room_tick (r, far, near);
}

/* What the service says is taken out of what the microphone hears, and who
 * speaks to it is heard: whatever latency the sink has, and though the sound
 * card takes longer than it says. */
GST_START_TEST (test_echo)
{
  static const struct
  {
    guint sink, untold;         /* ms */
    gdouble wanted;             /* dB */
  } latencies[] = { {10, 0, 20}, {60, 0, 20}, {200, 0, 20}, {20, 50, 10},
  {200, 50, 10}
  };
  const GstRealtimeProcessing processing = { "test-probe", };
  gdouble erle, kept;
  Speaker far, near;
  Room r;

  room_init (&r, &processing,
      OWN_LATENCY + latencies[__i__].sink * GST_MSECOND,
      latencies[__i__].untold);
  speaker_init (&far, 1, 120);
  speaker_init (&near, 2, 210);
  room_run (&r, 8000, &far, NULL);
  room_run (&r, 3000, NULL, &near);
  fail_unless (power (r.heard, 4000, 8000) > -35);
  erle = power (r.heard, 4000, 8000) - power (r.sent, 4000, 8000);
  kept = power (r.sent, 8500, 11000) - power (r.near, 8500, 11000);
  GST_INFO ("sink %u ms, untold %u ms: echo %.1f dB down, near speech %+.1f dB",
      latencies[__i__].sink, latencies[__i__].untold, erle, kept);
  fail_unless (erle >= latencies[__i__].wanted, "only %.1f dB", erle);
  fail_unless (ABS (kept) < 2, "%+.1f dB", kept);
  speaker_clear (&far);
  speaker_clear (&near);
  room_clear (&r);
}

GST_END_TEST;

/* Others ask, too, and are told what is. */
GST_START_TEST (test_latency)
{
  const GstRealtimeProcessing processing = { "test-probe", };
  g_autoptr (GstQuery) query = gst_query_new_latency ();
  GstClockTime min;
  gboolean live;
  Room r;

  room_init (&r, &processing, OWN_LATENCY + TICK, 0);
  fail_unless (gst_pad_peer_query (r.out->sinkpad, query));
  gst_query_parse_latency (query, &live, &min, NULL);
  fail_unless (live);
  fail_unless_equals_uint64 (min, OWN_LATENCY);
  room_clear (&r);
}

GST_END_TEST;

/* Silence stays flagged as such. */
GST_START_TEST (test_probe_keeps_gaps)
{
  GstElement *downlink = gst_realtime_downlink_new (NULL);
  GstHarness *h;
  guint i;

  fail_unless (gst_realtime_downlink_set_echo_probe (downlink, "one"));
  fail_unless (gst_realtime_downlink_set_echo_probe (downlink, "two"));
  h = gst_harness_new_with_element (downlink, NULL, "src");
  gst_harness_use_testclock (h);
  gst_harness_play (h);
  gst_realtime_downlink_start (downlink, 0, 0);
  for (i = 0; i < 5; i++) {
    g_autoptr (GstBuffer) buffer = NULL;

    fail_unless (gst_harness_crank_single_clock_wait (h));
    buffer = gst_harness_pull (h);
    fail_unless (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP));
    fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), i * 2 * TICK);
  }
  gst_harness_teardown (h);
  gst_object_unref (downlink);
}

GST_END_TEST;

/* --- the uplink alone --- */

/* Pushes @samples as live input, from running time 0 on, and returns what
 * leaves of it. */
static GArray *
process (GstElement * uplink, GArray * samples)
{
  GstHarness *h = gst_harness_new_with_element (uplink, "sink", "src");
  GArray *out = g_array_new (FALSE, FALSE, 2);
  GstBuffer *buffer;
  guint i;

  gst_harness_set_src_caps_str (h, SPEECH_CAPS);
  gst_harness_play (h);
  gst_realtime_uplink_open (uplink);
  for (i = 0; i < samples->len; i += MS (10)) {
    buffer = gst_buffer_new_memdup ((gint16 *) samples->data + i, MS (10) * 2);
    GST_BUFFER_PTS (buffer) = i / MS (10) * TICK;
    fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
  }
  while ((buffer = gst_harness_try_pull (h)))
    take_samples (out, buffer);
  gst_harness_teardown (h);
  return out;
}

static GArray *
speak (guint ms, gdouble volume, gdouble noise)
{
  GArray *samples = g_array_new (FALSE, FALSE, 2);
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  Speaker speaker;

  speaker_init (&speaker, 1, 150);
  while (samples->len < MS (ms)) {
    gint16 value = speaker_next (&speaker) * volume +
        g_rand_double_range (rand, -noise, noise);

    g_array_append_val (samples, value);
  }
  speaker_clear (&speaker);
  return samples;
}

GST_START_TEST (test_noise_suppression)
{
  GstRealtimeProcessing processing = { NULL, };
  GstElement *uplink = gst_realtime_uplink_new (NULL);
  g_autoptr (GArray) in = speak (6000, 1.0, 600);
  g_autoptr (GArray) out = NULL;
  gdouble less, kept;

  processing.noise_suppression = GST_REALTIME_NOISE_SUPPRESSION_HIGH;
  configure (uplink, &processing);
  out = process (uplink, in);
  /* Half a second of each three is without speech. */
  less = power (in, 5600, 5950) - power (out, 5600, 5950);
  kept = power (out, 3000, 5400) - power (in, 3000, 5400);
  GST_INFO ("noise %.1f dB down, speech %+.1f dB", less, kept);
  fail_unless (less >= 8, "only %.1f dB", less);
  fail_unless (ABS (kept) < 3, "%+.1f dB", kept);
  gst_object_unref (uplink);
}

GST_END_TEST;

GST_START_TEST (test_gain_control)
{
  GstRealtimeProcessing processing = { NULL, };
  GstElement *uplink = gst_realtime_uplink_new (NULL);
  g_autoptr (GArray) in = speak (8000, 0.1, 1);
  g_autoptr (GArray) out = NULL;
  gdouble more;

  processing.gain_control = TRUE;
  configure (uplink, &processing);
  out = process (uplink, in);
  more = power (out, 6000, 8000) - power (in, 6000, 8000);
  GST_INFO ("speech %+.1f dB", more);
  fail_unless (more >= 5, "%+.1f dB", more);
  gst_object_unref (uplink);
}

GST_END_TEST;

/* Off: nothing is there. */
GST_START_TEST (test_off)
{
  GstRealtimeProcessing processing = { NULL, };
  GstElement *uplink = gst_realtime_uplink_new (NULL);
  gint without = GST_BIN_NUMCHILDREN (uplink);

  processing.gain_control = TRUE;
  configure (uplink, &processing);
  fail_unless_equals_int (GST_BIN_NUMCHILDREN (uplink), without + 1);
  processing.gain_control = FALSE;
  configure (uplink, &processing);
  fail_unless_equals_int (GST_BIN_NUMCHILDREN (uplink), without);
  gst_object_unref (uplink);
}

GST_END_TEST;

static void
configure_segmenter (GstElement * uplink)
{
  const RealtimeSegmenterSettings settings = { 500, 0, 0.5, 15000 };
  GstRealtimeProcessing processing = { NULL, };

  processing.voice_detection = TRUE;
  configure (uplink, &processing);
  gst_realtime_uplink_set_segmenter (uplink, &settings);
}

/* Only looked at: not one sample and no timestamp is another. */
GST_START_TEST (test_transparent)
{
  UplinkFixture *f = uplink_fixture_new (SPEECH_CAPS, FALSE);
  const guint n = MS (995) + 11;
  g_autoptr (GArray) samples = NULL;
  GstClockTime next = 5 * GST_SECOND;

  gst_element_set_state (f->uplink, GST_STATE_READY);
  configure_segmenter (f->uplink);
  gst_harness_play (f->h);
  uplink_add_buffer (f, numbered (n, 0), 5 * GST_SECOND);
  gst_harness_set_time (f->h, 8 * GST_SECOND);
  gst_realtime_uplink_open (f->uplink);
  uplink_start_feeding (f);
  uplink_wait_count (f, &f->epochs, 1);
  /* A piece of 20 ms leaves at its time, in two buffers. */
  samples = uplink_collect_from (f, n + MS (20), &next, f->hold - TICK);
  check_numbered (samples, 0, 0, n);
  check_silent (samples, n, samples->len - n);
  fail_unless_equals_uint64 (f->hold, 3 * GST_SECOND);
  fail_unless_equals_uint64 (uplink_out_running_time (f, 5 * GST_SECOND),
      8 * GST_SECOND);
  uplink_fixture_free (f);
}

GST_END_TEST;

static void
on_speech (GstElement * uplink, guint64 running_time, GArray * found)
{
  gint tenths = (running_time + 50 * GST_MSECOND) / (100 * GST_MSECOND);

  g_array_append_val (found, tenths);
}

/* Tenths of seconds, starts and stops in turn; the detector is not that exact. */
static void
expect_near (GArray * found, const gint * wanted, guint n)
{
  guint i;

  fail_unless_equals_int (found->len, n);
  for (i = 0; i < n; i++) {
    gint tenths = g_array_index (found, gint, i);

    fail_unless (ABS (tenths - wanted[i]) <= 1, "%u is %d", i, tenths);
  }
}

/* @muted: from 4 s on. Returns: what was found, tenths of seconds. */
static GArray *
find_speech (GstElement * uplink, gboolean muted)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (gint));
  g_autoptr (GArray) in = speak (10000, 1.0, 2);
  GstHarness *h;
  guint i;

  g_signal_connect (uplink, "speech-started", G_CALLBACK (on_speech), found);
  g_signal_connect (uplink, "speech-stopped", G_CALLBACK (on_speech), found);
  h = gst_harness_new_with_element (uplink, "sink", "src");
  gst_harness_set_src_caps_str (h, SPEECH_CAPS);
  gst_harness_play (h);
  gst_realtime_uplink_open (uplink);
  for (i = 0; i < 1000; i++) {
    GstBuffer *buffer = gst_buffer_new_memdup ((gint16 *) in->data +
        i * MS (10), MS (10) * 2);

    if (muted && i == 400)
      gst_realtime_uplink_set_mute (uplink, TRUE);
    GST_BUFFER_PTS (buffer) = i * TICK;
    gst_harness_push (h, buffer);
    buffer = gst_harness_pull (h);
    if (muted && i >= 400) {
      g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, 2);

      take_samples (samples, buffer);
      check_silent (samples, 0, MS (10));
    } else {
      gst_buffer_unref (buffer);
    }
  }
  gst_harness_teardown (h);
  return found;
}

static const gint until_muted[] = { 0, 24, 30, 40 };

/* The speaker pauses from 2.4 s to 3 s of each three. */
GST_START_TEST (test_segments)
{
  GstElement *uplink = gst_realtime_uplink_new (NULL);
  static const gint wanted[] = { 0, 24, 30, 54, 60, 84, 90 };
  g_autoptr (GArray) found = NULL;

  configure_segmenter (uplink);
  found = find_speech (uplink, FALSE);
  expect_near (found, wanted, G_N_ELEMENTS (wanted));
  gst_object_unref (uplink);
}

GST_END_TEST;

/* Muted: nothing leaves, nothing is found, and what was open ends. */
GST_START_TEST (test_segments_muted)
{
  GstElement *uplink = gst_realtime_uplink_new (NULL);
  g_autoptr (GArray) found = NULL;

  configure_segmenter (uplink);
  found = find_speech (uplink, TRUE);
  expect_near (found, until_muted, G_N_ELEMENTS (until_muted));
  gst_object_unref (uplink);
}

GST_END_TEST;

/* Switched on and off while it streams: what is found ends with it. */
GST_START_TEST (test_segmenter_while_streaming)
{
  static const gint wanted[] = { 30, 54 };
  const RealtimeSegmenterSettings settings = { 500, 0, 0.5, 15000 };
  GstElement *uplink = gst_realtime_uplink_new (NULL);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (gint));
  g_autoptr (GArray) in = speak (10000, 1.0, 2);
  GstHarness *h;
  guint i;

  g_signal_connect (uplink, "speech-started", G_CALLBACK (on_speech), found);
  g_signal_connect (uplink, "speech-stopped", G_CALLBACK (on_speech), found);
  h = gst_harness_new_with_element (uplink, "sink", "src");
  gst_harness_set_src_caps_str (h, SPEECH_CAPS);
  gst_harness_play (h);
  gst_realtime_uplink_open (uplink);
  for (i = 0; i < 1000; i++) {
    GstBuffer *buffer = gst_buffer_new_memdup ((gint16 *) in->data +
        i * MS (10), MS (10) * 2);

    if (i == 270)
      gst_realtime_uplink_set_segmenter (uplink, &settings);
    if (i == 700)
      gst_realtime_uplink_set_segmenter (uplink, NULL);
    GST_BUFFER_PTS (buffer) = i * TICK;
    gst_harness_push (h, buffer);
    gst_buffer_unref (gst_harness_pull (h));
  }
  fail_unless (found->len == 3);
  g_array_set_size (found, 2);
  expect_near (found, wanted, 2);
  gst_harness_teardown (h);
  gst_object_unref (uplink);
}

GST_END_TEST;

static void
hide (const gchar * name)
{
  GstRegistry *registry = gst_registry_get ();
  g_autoptr (GstPluginFeature) feature =
      gst_registry_lookup_feature (registry, name);
  /* Its plugin registers it when it is loaded. */
  g_autoptr (GstPluginFeature) loaded = gst_plugin_feature_load (feature);

  gst_registry_remove_feature (registry, loaded);
}

/* Without webrtcdsp the level alone tells speech; only what it would have to do
 * to the input cannot be done. */
GST_START_TEST (test_missing)
{
  GstElement *uplink = gst_realtime_uplink_new (NULL);
  GstRealtimeProcessing processing = { "test-probe", };
  g_autoptr (GArray) found = NULL;
  const gchar *missing = NULL;

  hide ("webrtcechoprobe");
  fail_if (gst_realtime_uplink_set_processing (uplink, &processing, &missing));
  fail_unless_equals_string (missing, "webrtcechoprobe");
  hide ("webrtcdsp");
  processing.echo_probe = NULL;
  processing.noise_suppression = GST_REALTIME_NOISE_SUPPRESSION_LOW;
  fail_if (gst_realtime_uplink_set_processing (uplink, &processing, &missing));
  fail_unless_equals_string (missing, "webrtcdsp");

  configure_segmenter (uplink);
  found = find_speech (uplink, TRUE);
  expect_near (found, until_muted, G_N_ELEMENTS (until_muted));
  gst_object_unref (uplink);
}

GST_END_TEST;

static Suite *
processing_suite (void)
{
  Suite *suite = suite_create ("processing");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, test_echo, 0, 5);
  tcase_add_test (tcase, test_latency);
  tcase_add_test (tcase, test_probe_keeps_gaps);
  tcase_add_test (tcase, test_noise_suppression);
  tcase_add_test (tcase, test_gain_control);
  tcase_add_test (tcase, test_off);
  tcase_add_test (tcase, test_transparent);
  tcase_add_test (tcase, test_segments);
  tcase_add_test (tcase, test_segments_muted);
  tcase_add_test (tcase, test_segmenter_while_streaming);
  tcase_add_test (tcase, test_missing);
  return suite;
}

GST_CHECK_MAIN (processing);
