/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The element in a harness: one buffer a frame, each at its time, whatever comes. */

#include <string.h>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

/* The code that shows a pop-on caption, and the one that erases it, with parity */
#define SHOWN 0x942f
#define ERASED 0x942c

#define CAPS_30 "closedcaption/x-cea-608,framerate=30/1"

static GstHarness *
start (const gchar * properties, const gchar * caps)
{
  g_autofree gchar *line =
      g_strdup_printf ("transcripttocea608 %s ! capsfilter " "caps=\"%s\"",
      properties, caps);
  GstHarness *h = gst_harness_new_parse (line);

  gst_harness_set_src_caps_str (h, "text/x-raw,format=utf8");
  return h;
}

static GstFlowReturn
push (GstHarness * h, const gchar * text, GstClockTime pts,
    GstClockTime duration)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, strlen (text), NULL);

  gst_buffer_fill (buffer, 0, text, strlen (text));
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = duration;
  return gst_harness_push (h, buffer);
}

static void
push_gap (GstHarness * h, GstClockTime from, GstClockTime to)
{
  fail_unless (gst_harness_push_event (h, gst_event_new_gap (from, to - from)));
}

static void
push_eos (GstHarness * h)
{
  fail_unless (gst_harness_push_event (h, gst_event_new_eos ()));
}

static guint
pair_of (GstBuffer * buffer)
{
  gsize size = gst_buffer_get_size (buffer);
  guint8 pair[2];

  fail_unless_equals_int (gst_buffer_extract (buffer, size - 2, pair, 2), 2);
  return pair[0] << 8 | pair[1];
}

/* Takes all buffers; checks that they follow each other without a gap. Returns when
 * @pair comes for the first time, or NONE. */
static GstClockTime
find_pair (GstHarness * h, guint pair, guint * n_buffers)
{
  GstClockTime found = GST_CLOCK_TIME_NONE, last = GST_CLOCK_TIME_NONE;
  GstBuffer *buffer;

  *n_buffers = 0;
  while ((buffer = gst_harness_try_pull (h))) {
    GstClockTime pts = GST_BUFFER_PTS (buffer);

    fail_unless (*n_buffers == 0 || pts == last);
    last = pts + GST_BUFFER_DURATION (buffer);
    if (!GST_CLOCK_TIME_IS_VALID (found) && pair_of (buffer) == pair)
      found = pts;
    (*n_buffers)++;
    gst_buffer_unref (buffer);
  }
  return found;
}

static guint64
get_stat (GstHarness * h, const gchar * name)
{
  g_autoptr (GstElement) element =
      gst_harness_find_element (h, "transcripttocea608");
  g_autoptr (GstStructure) stats = NULL;
  guint64 value = G_MAXUINT64;

  g_object_get (element, "stats", &stats, NULL);
  fail_unless (gst_structure_get_uint64 (stats, name, &value));
  return value;
}

GST_START_TEST (test_times)
{
  static const struct
  {
    const gchar *caps;
    gint fps_n, fps_d;
  } rates[] = {
    {CAPS_30, 30, 1},
    {"closedcaption/x-cea-608,framerate=30000/1001", 30000, 1001},
    {"closedcaption/x-cea-608,framerate=25/1", 25, 1},
    {"closedcaption/x-cea-608,framerate=60/1", 60, 1},
    {"closedcaption/x-cea-608,framerate=24000/1001", 24000, 1001},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rates); i++) {
    GstHarness *h = start ("mode=pop-on", rates[i].caps);
    GstClockTime frame = gst_util_uint64_scale_ceil (GST_SECOND,
        rates[i].fps_d, rates[i].fps_n);
    GstClockTime shown, slot = rates[i].fps_n == 60 ? 2 * frame : frame;
    guint n;

    fail_unless_equals_int (push (h, "Good evening.", 5 * GST_SECOND,
            2 * GST_SECOND), GST_FLOW_OK);
    push_gap (h, 7 * GST_SECOND, 10 * GST_SECOND);
    push_eos (h);
    shown = find_pair (h, SHOWN, &n);
    fail_unless (shown >= 5 * GST_SECOND && shown < 5 * GST_SECOND + slot,
        "%s: %" GST_TIME_FORMAT, rates[i].caps, GST_TIME_ARGS (shown));
    fail_unless_equals_int (n, gst_util_uint64_scale_ceil (10, rates[i].fps_n,
            rates[i].fps_d));
    gst_harness_teardown (h);
  }
}

GST_END_TEST;

/* No frame is missing or doubled, and none drifts, after hours; what is silent for long
 * is no frames. */
GST_START_TEST (test_no_drift)
{
  GstHarness *h = start ("mode=pop-on",
      "closedcaption/x-cea-608,framerate=30000/1001");
  GstClockTime time, pts = 0, shown;
  guint n;

  for (time = 0; time < 2 * 3600 * GST_SECOND; time += 10 * GST_SECOND) {
    GstBuffer *buffer;

    push (h, "Still in time.", time + 5 * GST_SECOND, 2 * GST_SECOND);
    push_gap (h, time + 7 * GST_SECOND, time + 10 * GST_SECOND);
    shown = GST_CLOCK_TIME_NONE;
    while ((buffer = gst_harness_try_pull (h))) {
      fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), pts);
      pts += GST_BUFFER_DURATION (buffer);
      if (pair_of (buffer) == SHOWN)
        shown = GST_BUFFER_PTS (buffer);
      gst_buffer_unref (buffer);
    }
    /* the second of the two codes is a frame later */
    fail_unless (shown - time - 5 * GST_SECOND < 2 * GST_SECOND / 29,
        "%" GST_TIME_FORMAT " after %" GST_TIME_FORMAT,
        GST_TIME_ARGS (shown - time), GST_TIME_ARGS (time));
  }
  push_gap (h, time, 1000 * 3600 * GST_SECOND);
  shown = find_pair (h, SHOWN, &n);
  fail_if (GST_CLOCK_TIME_IS_VALID (shown));
  fail_unless (n < 300);
  fail_unless_equals_uint64 (get_stat (h, "substituted"), 0);
  fail_unless_equals_uint64 (get_stat (h, "dropped"), 0);
  gst_harness_teardown (h);
}

GST_END_TEST;

GST_START_TEST (test_formats)
{
  static const struct
  {
    const gchar *properties, *caps;
    guint size;
    guint8 field;
  } rows[] = {
    {"", CAPS_30, 2, 0x80},
    {"channel=cc2", CAPS_30 ",format=raw", 2, 0x80},
    {"channel=cc2", CAPS_30 ",format=s334-1a", 3, 0x80},
    {"channel=cc3", CAPS_30, 3, 0x00},
    {"channel=cc4", CAPS_30, 3, 0x00},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    GstHarness *h = start (rows[i].properties, rows[i].caps);
    GstBuffer *buffer;
    guint8 byte;

    push_gap (h, 0, GST_SECOND);
    fail_unless_equals_int (gst_harness_buffers_in_queue (h), 30);
    buffer = gst_harness_pull (h);
    fail_unless_equals_int (gst_buffer_get_size (buffer), rows[i].size);
    fail_unless_equals_int (gst_buffer_extract (buffer, 0, &byte, 1), 1);
    fail_unless (byte == rows[i].field, "row %u: %02x", i, byte);
    gst_buffer_unref (buffer);
    gst_harness_teardown (h);
  }
}

GST_END_TEST;

/* The raw format has no second field: said on the bus. */
GST_START_TEST (test_no_field_2)
{
  GstHarness *h = start ("channel=cc3", CAPS_30 ",format=raw");
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;

  gst_element_set_bus (h->element, bus);
  fail_unless_equals_int (push (h, "Text", 0, GST_SECOND),
      GST_FLOW_NOT_NEGOTIATED);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_element_set_bus (h->element, NULL);
  gst_harness_teardown (h);
}

GST_END_TEST;

GST_START_TEST (test_latency)
{
  static const struct
  {
    const gchar *properties;
    guint frames;
  } rows[] = {
    {"mode=pop-on", 47}, {"mode=pop-on max-lines=1", 27},
    {"mode=pop-on max-lines=4", 87}, {"mode=roll-up2", 1},
    {"mode=paint-on", 1},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    GstHarness *h = start (rows[i].properties, CAPS_30);
    GstClockTime latency;

    gst_harness_set_upstream_latency (h, 100 * GST_MSECOND);
    push_gap (h, 0, 10 * GST_MSECOND);
    latency = gst_harness_query_latency (h);
    fail_unless_equals_uint64 (latency, 100 * GST_MSECOND
        + gst_util_uint64_scale_ceil (rows[i].frames, GST_SECOND, 30));
    gst_harness_teardown (h);
  }
}

GST_END_TEST;

/* Frames leave as soon as their captions are known, and not before. */
GST_START_TEST (test_progress)
{
  GstHarness *h = start ("mode=roll-up2", CAPS_30);

  push_gap (h, 0, GST_SECOND);
  fail_unless_equals_int (gst_harness_buffers_in_queue (h), 30);
  push (h, "Word", 1500 * GST_MSECOND, 500 * GST_MSECOND);
  fail_unless_equals_int (gst_harness_buffers_in_queue (h), 60);
  gst_harness_teardown (h);

  h = start ("mode=pop-on", CAPS_30);
  push_gap (h, 0, 2 * GST_SECOND);
  fail_unless_equals_int (gst_harness_buffers_in_queue (h), 60 - 46);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* The last words come before EOS, then the erasure; nothing comes twice. */
GST_START_TEST (test_eos)
{
  GstHarness *h = start ("mode=roll-up2 roll-up-timeout=1000000000", CAPS_30);
  GstClockTime erased;
  guint n;

  push (h, "The end.", GST_SECOND, 0);
  push_eos (h);
  erased = find_pair (h, ERASED, &n);
  fail_unless (erased > 2 * GST_SECOND && erased < 3 * GST_SECOND);
  fail_unless_equals_uint64 (get_stat (h, "characters"), 7);
  gst_harness_teardown (h);

  /* a stream of nothing is nothing, but ends */
  h = start ("", CAPS_30);
  push_eos (h);
  fail_unless_equals_int (gst_harness_buffers_in_queue (h), 0);
  gst_harness_teardown (h);
}

GST_END_TEST;

GST_START_TEST (test_flush)
{
  GstHarness *h = start ("mode=pop-on", CAPS_30);
  GstSegment segment;
  GstClockTime shown;
  guint n;

  push (h, "Before", 10 * GST_SECOND, GST_SECOND);
  find_pair (h, SHOWN, &n);
  fail_unless (n > 0);
  gst_harness_push_event (h, gst_event_new_flush_start ());
  gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment.position = segment.time = 100 * GST_SECOND;
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  push (h, "After", 103 * GST_SECOND, GST_SECOND);
  push_eos (h);
  shown = find_pair (h, SHOWN, &n);
  fail_unless_equals_uint64 (shown, 103 * GST_SECOND);
  /* from the start of the segment to the erasure */
  fail_unless_equals_int (n, 4 * 30 + 2);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* A stream may be a part of a longer one, and one may follow another. */
GST_START_TEST (test_segments)
{
  GstHarness *h = start ("mode=pop-on", CAPS_30);
  GstSegment segment;
  GstBuffer *buffer;
  guint i, n = 0;

  push (h, "One", 3 * GST_SECOND, GST_SECOND);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.base = 4 * GST_SECOND;
  for (i = 0; i < 2; i++) {
    gst_harness_push_event (h, gst_event_new_segment (&segment));
    push (h, "Two", 3 * GST_SECOND, GST_SECOND);
    segment.base += 4 * GST_SECOND;
  }
  push_eos (h);
  while ((buffer = gst_harness_try_pull (h))) {
    n += pair_of (buffer) == SHOWN && GST_BUFFER_PTS (buffer) == 3 * GST_SECOND;
    gst_buffer_unref (buffer);
  }
  fail_unless_equals_int (n, 3);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* Backwards, without times, beyond the segment: taken as well as can be. */
GST_START_TEST (test_times_that_cannot_be)
{
  static const gchar *const modes[] =
      { "mode=pop-on", "mode=paint-on", "mode=roll-up4" };
  guint i, n;

  for (i = 0; i < G_N_ELEMENTS (modes); i++) {
    GstHarness *h = start (modes[i], CAPS_30);

    push (h, "no time", GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE);
    push (h, "forward", 20 * GST_SECOND, GST_CLOCK_TIME_NONE);
    push (h, "back", 5 * GST_SECOND, GST_SECOND);
    push (h, "\377\200", 21 * GST_SECOND, 0);
    push (h, "", 22 * GST_SECOND, GST_SECOND);
    push (h, "far", 25 * GST_SECOND, 1000 * 3600 * GST_SECOND);
    push_gap (h, 26 * GST_SECOND, 40 * GST_SECOND);
    push_eos (h);
    find_pair (h, SHOWN, &n);
    fail_unless (n >= 25 * 30 && n < 700 * 30, "%u", n);
    fail_unless_equals_uint64 (get_stat (h, "characters"), 6 + 7 + 4 + 2 + 3);
    fail_unless_equals_uint64 (get_stat (h, "dropped"), 0);
    fail_unless_equals_uint64 (get_stat (h, "substituted"), 2);
    gst_harness_teardown (h);
  }
}

GST_END_TEST;

/* 100 kB at once: the delay is bounded, what is left out is told. */
GST_START_TEST (test_flood)
{
  GstHarness *h = start ("mode=roll-up2", CAPS_30);
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  guint64 shown;
  guint n;

  while (text->len < 100000)
    g_string_append (text, "\331\205\330\261\330\255\330\250\330\247 ");
  gst_element_set_bus (h->element, bus);
  push (h, text->str, GST_SECOND, 2 * GST_SECOND);
  push_eos (h);
  find_pair (h, SHOWN, &n);
  /* five seconds behind, then the time-out */
  fail_unless (n > 5 * 30 && n < 15 * 30, "%u", n);
  shown = get_stat (h, "characters");
  fail_unless (shown > 100);
  fail_unless_equals_uint64 (shown + get_stat (h, "dropped"),
      get_stat (h, "substituted"));
  fail_unless (get_stat (h, "max-delay") <= 5 * GST_SECOND);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING);
  fail_unless (message != NULL);
  gst_element_set_bus (h->element, NULL);
  gst_harness_teardown (h);
}

GST_END_TEST;

GST_START_TEST (test_speaker_change)
{
  GstHarness *h = start ("mode=roll-up2 speaker-prefix=\">> \"", CAPS_30);
  GstBuffer *buffer;
  guint returns = 0;

  push (h, "One", GST_SECOND, GST_SECOND);
  gst_harness_push_event (h, gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM,
          gst_structure_new_empty ("rstranscribe/speaker-change")));
  push (h, "two", 2 * GST_SECOND, GST_SECOND);
  push (h, "three", 3 * GST_SECOND, GST_SECOND);
  push_eos (h);
  while ((buffer = gst_harness_try_pull (h))) {
    returns += pair_of (buffer) == 0x94ad;
    gst_buffer_unref (buffer);
  }
  fail_unless_equals_int (returns, 2 * 2);
  fail_unless_equals_uint64 (get_stat (h, "characters"), 3 + 2 + 3 + 5);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* Lines that grow, as transcriptcaptions tells them in roll-up mode: each word once. */
GST_START_TEST (test_windows)
{
  static const gchar *const windows[] = { "no", "no no", "no no",
    "no no not\nnow", "not\nnow", "not\nnow then"
  };
  GstHarness *h = start ("mode=roll-up2", CAPS_30);
  guint i;

  gst_harness_push_event (h,
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY,
          gst_structure_new ("realtime/captions", "mode", G_TYPE_STRING,
              "roll-up", NULL)));
  for (i = 0; i < G_N_ELEMENTS (windows); i++)
    push (h, windows[i], i * GST_SECOND, GST_SECOND);
  /* after a pause it is another */
  push (h, "then", 10 * GST_SECOND, GST_SECOND);
  push_eos (h);
  fail_unless_equals_uint64 (get_stat (h, "characters"),
      strlen ("nononotnowthenthen"));
  gst_harness_teardown (h);
}

GST_END_TEST;

static Suite *
transcripttocea608_suite (void)
{
  Suite *s = suite_create ("captions-transcripttocea608");
  TCase *tc = tcase_create ("element");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_times);
  tcase_add_test (tc, test_no_drift);
  tcase_add_test (tc, test_formats);
  tcase_add_test (tc, test_no_field_2);
  tcase_add_test (tc, test_latency);
  tcase_add_test (tc, test_progress);
  tcase_add_test (tc, test_eos);
  tcase_add_test (tc, test_flush);
  tcase_add_test (tc, test_segments);
  tcase_add_test (tc, test_times_that_cannot_be);
  tcase_add_test (tc, test_flood);
  tcase_add_test (tc, test_speaker_change);
  tcase_add_test (tc, test_windows);

  return s;
}

GST_CHECK_MAIN (transcripttocea608);
