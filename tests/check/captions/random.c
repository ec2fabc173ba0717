/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Spoilt event streams into the elements that read them, with all that a
 * pipeline may do in between. What they get right is tested elsewhere; here
 * nothing may crash, hang or break the rules that hold for any input. */

#include <string.h>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <pango/pango.h>
#include "spoil.h"
#include "stream.h"

static void
push_event (GstHarness * h, GstEvent * event)
{
  gst_harness_push_event (h, event);
}

/* What a pipeline may do between two buffers. */
static void
interfere (GstHarness * h)
{
  GstSegment segment;

  switch (below (8)) {
    case 0:
      push_event (h, gst_event_new_flush_start ());
      push_event (h, gst_event_new_flush_stop (one_in (2)));
      /* fall through */
    case 1:
      gst_segment_init (&segment,
          one_in (3) ? GST_FORMAT_BYTES : GST_FORMAT_TIME);
      segment.start = below (100) * GST_SECOND;
      segment.base = below (100) * GST_SECOND;
      push_event (h, gst_event_new_segment (&segment));
      break;
    case 2:
      push_event (h, gst_event_new_stream_start ("another"));
      gst_segment_init (&segment, GST_FORMAT_TIME);
      push_event (h, gst_event_new_segment (&segment));
      break;
    case 3:
      push_event (h, gst_event_new_tag (gst_tag_list_new_empty ()));
      break;
    default:
      push_event (h, gst_event_new_gap (any_number () * (guint64) 50,
              one_in (2) ? GST_CLOCK_TIME_NONE : any_number ()));
      break;
  }
}

/* The lines as one stream in pieces of any size. */
static void
push_lines (GstHarness * h, GPtrArray * lines)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gsize at = 0;
  guint i;

  for (i = 0; i < lines->len; i++) {
    const gchar *line = g_ptr_array_index (lines, i);

    g_byte_array_append (bytes, (const guint8 *) line, strlen (line));
    g_byte_array_append (bytes, (const guint8 *) (one_in (30) ? "" : "\n"), 1);
  }
  while (at < bytes->len) {
    gsize size = 1 + below (one_in (3) ? 20 : 5000);
    GstBuffer *buffer;

    size = MIN (size, bytes->len - at);
    buffer = gst_buffer_new_memdup (bytes->data + at, size);
    if (one_in (4))
      GST_BUFFER_PTS (buffer) = any_number () * (guint64) 40;
    if (one_in (200))
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
    at += size;
    if (one_in (200))
      interfere (h);
  }
}

/* What the element was told to keep. */
typedef struct
{
  gint mode;
  guint max_line_length, max_lines;
} Limits;

/* Clusters of letters and marks; each is a column at least. */
static guint
count_clusters (const gchar * line)
{
  glong length = g_utf8_strlen (line, -1), i;
  g_autofree PangoLogAttr *attributes = g_new0 (PangoLogAttr, length + 1);
  guint clusters = 0;

  pango_get_log_attrs (line, -1, -1, NULL, attributes, length + 1);
  for (i = 0; i < length; i++)
    clusters += attributes[i].is_cursor_position ? 1 : 0;
  return clusters;
}

/* Between flushes and streams, cues go forward and keep their limits. */
static void
check_cues (GstHarness * h, Capture * capture, const Limits * limits,
    guint * cues)
{
  for (; *cues < capture->buffers->len; (*cues)++) {
    GstBuffer *buffer = g_ptr_array_index (capture->buffers, *cues);
    g_autofree gchar *text = NULL;
    g_auto (GStrv) lines = NULL;
    GstMapInfo map;
    guint i;

    fail_unless (GST_BUFFER_PTS_IS_VALID (buffer));
    fail_unless (GST_BUFFER_DURATION (buffer) >= 40 * GST_MSECOND);
    fail_unless (GST_BUFFER_DURATION (buffer) <= 7 * GST_SECOND);
    fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READ));
    text = g_strndup ((const gchar *) map.data, map.size);
    gst_buffer_unmap (buffer, &map);
    fail_unless (g_utf8_validate (text, -1, NULL));
    lines = g_strsplit (text, "\n", -1);
    fail_unless (g_strv_length (lines) >= 1
        && g_strv_length (lines) <= limits->max_lines);
    for (i = 0; lines[i]; i++)
      fail_unless (*lines[i]
          && count_clusters (lines[i]) <= limits->max_line_length);
  }
}

/* Follows what the pad pushed: nothing overlaps, or goes back but by a flush. */
static GstPadProbeReturn
check_forward (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstClockTime *position = user_data;
  GstClockTime from, duration;

  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER) {
    from = GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info));
    duration = GST_BUFFER_DURATION (GST_PAD_PROBE_INFO_BUFFER (info));
  } else {
    GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);

    if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
      *position = 0;
    if (GST_EVENT_TYPE (event) != GST_EVENT_GAP)
      return GST_PAD_PROBE_OK;
    gst_event_parse_gap (event, &from, &duration);
  }
  fail_unless (from >= *position);
  *position = from + duration;

  return GST_PAD_PROBE_OK;
}

static const gchar *const modes[] = { "pop-on", "roll-up", "words" };

/* An element with any settings. */
static GstHarness *
make_captions (Limits * limits, gboolean deadline)
{
  GstHarness *h = gst_harness_new ("transcriptcaptions");
  static const gchar *const prefixes[] = { NULL, ">> ", "%s: ",
    "a prefix that is longer than any line has room for, %s, and so on"
  };

  limits->mode = below (G_N_ELEMENTS (modes));
  limits->max_line_length = one_in (2) ? 37 : 4 + below (60);
  limits->max_lines = 1 + below (4);
  gst_util_set_object_arg (G_OBJECT (h->element), "mode", modes[limits->mode]);
  g_object_set (h->element, "max-line-length", limits->max_line_length,
      "max-lines", limits->max_lines, "voice-tags", one_in (2),
      "speaker-prefix", prefixes[below (G_N_ELEMENTS (prefixes))],
      "max-reading-speed", 5 + below (50), NULL);
  if (limits->mode == 2)
    limits->max_lines = 1;
  if (!deadline)
    make_not_live (h);
  else
    g_object_set (h->element, "latency", one_in (2) ? 0 : below (10000), NULL);
  return h;
}

static void
run_captions (gboolean deadline, guint * total)
{
  Limits limits;
  GstHarness *h = make_captions (&limits, deadline);
  g_autoptr (GstPad) pad = gst_pad_get_peer (h->sinkpad);
  Capture *capture = capture_new (pad);
  GstClockTime position = 0;
  guint cues = 0, j;

  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
      GST_PAD_PROBE_TYPE_EVENT_FLUSH, check_forward, &position, NULL);
  gst_harness_set_src_caps_str (h, "application/x-realtime-events");
  for (j = 0; j < 5; j++) {
    g_autoptr (GPtrArray) lines = spoil_log ();

    push_lines (h, lines);
    check_cues (h, capture, &limits, &cues);
    if (deadline && one_in (3))
      g_object_set (h->element, "latency", -1 + below (5000), NULL);
  }
  fail_unless (gst_harness_push_event (h, gst_event_new_eos ()));
  capture_wait (capture);
  check_cues (h, capture, &limits, &cues);
  *total += cues;
  gst_harness_teardown (h);
  capture_free (capture);
}

/* To order, as a file is captioned. */
GST_START_TEST (test_captions)
{
  guint total = 0, i;

  for (i = 0; i < rounds (30); i++)
    run_captions (FALSE, &total);
  /* or nothing was tested */
  fail_unless (total > 0);
}

GST_END_TEST;

GST_START_TEST (test_deadline)
{
  guint total = 0, i;

  for (i = 0; i < rounds (30); i++)
    run_captions (TRUE, &total);
  fail_unless (total > 0);
}

GST_END_TEST;

GST_START_TEST (test_sink)
{
  guint i, j;

  for (i = 0; i < rounds (60); i++) {
    GstHarness *h = gst_harness_new ("transcriptsink");
    g_autoptr (GstBus) bus = gst_bus_new ();

    g_object_set (h->element, "history-size", below (20), NULL);
    gst_util_set_object_arg (G_OBJECT (h->element), "order",
        one_in (2) ? "arrival" : "conversation");
    gst_element_set_bus (h->element, bus);
    gst_harness_set_src_caps_str (h, "application/x-realtime-events");
    for (j = 0; j < 5; j++) {
      g_autoptr (GPtrArray) lines = spoil_log ();

      push_lines (h, lines);
      gst_bus_set_flushing (bus, TRUE);
      gst_bus_set_flushing (bus, FALSE);
    }
    gst_harness_push_event (h, gst_event_new_eos ());
    gst_element_set_bus (h->element, NULL);
    gst_bus_set_flushing (bus, TRUE);
    gst_harness_teardown (h);
  }
}

GST_END_TEST;

static Suite *
random_suite (void)
{
  Suite *s = suite_create ("random");
  TCase *tc = tcase_create ("spoilt streams");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, spoil_setup, spoil_teardown);
  tcase_add_test (tc, test_captions);
  tcase_add_test (tc, test_deadline);
  tcase_add_test (tc, test_sink);

  return s;
}

GST_CHECK_MAIN (random);
