/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The element among others: seeks in a log, segments, voices before an encoder
 * of WebVTT. */

#include <string.h>
#include <glib/gstdio.h>
#include "fixture.h"

static gchar *path;

static void
setup (void)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  gint fd = g_file_open_tmp ("captions-XXXXXX.jsonl", &path, NULL);

  fail_unless (fd >= 0);
  g_close (fd, NULL);
  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 4000, 0);
  stream_completed (stream, "item_1", "This is the first.", 4800);
  stream_turn (stream, "item_2", 7000, 9000, 0);
  stream_completed (stream, "item_2", "And this the second.", 9700);
  stream_turn (stream, "item_3", 12000, 13000, 0);
  stream_completed (stream, "item_3", "That's it.", 13700);
  fail_unless (g_file_set_contents (path, stream->str, stream->len, NULL));
}

static void
teardown (void)
{
  g_unlink (path);
  g_clear_pointer (&path, g_free);
}

/* What a sink at @pad shows, by running time. */
static gchar *
get_shown (Capture * capture, GstPad * pad)
{
  g_autoptr (GstEvent) event = gst_pad_get_sticky_event (pad,
      GST_EVENT_SEGMENT, 0);
  const GstSegment *segment;
  GString *shown = g_string_new (NULL);
  guint i;

  gst_event_parse_segment (event, &segment);
  for (i = 0; i < capture->buffers->len; i++) {
    GstBuffer *buffer = g_ptr_array_index (capture->buffers, i);
    g_autofree gchar *text = buffer_text (buffer);

    g_string_append_printf (shown, "%s%" G_GUINT64_FORMAT "(%" G_GUINT64_FORMAT
        ") %s", i > 0 ? "|" : "",
        gst_segment_to_stream_time (segment, GST_FORMAT_TIME,
            GST_BUFFER_PTS (buffer)) / GST_MSECOND,
        gst_segment_to_running_time (segment, GST_FORMAT_TIME,
            GST_BUFFER_PTS (buffer)) / GST_MSECOND, text);
  }
  return g_string_free (shown, FALSE);
}

/* Plays the log, and then from @seconds on. */
static void
check_seek (const gchar * settings, gdouble rate, guint seconds,
    const gchar * expected)
{
  g_autofree gchar *line = g_strdup_printf ("filesrc location=\"%s\" ! "
      "tee name=t  t. ! queue ! transcriptcaptions %s ! fakesink name=s  "
      "t. ! queue ! transcriptcaptions mode=words ! fakesink name=other", path,
      settings);
  GstElement *pipeline = gst_parse_launch (line, NULL);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "s");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autofree gchar *shown = NULL;
  GstMessage *message;
  Capture *capture;

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  fail_unless_equals_int (gst_element_get_state (pipeline, NULL, NULL,
          GST_CLOCK_TIME_NONE), GST_STATE_CHANGE_SUCCESS);
  capture = capture_new (pad);
  fail_unless (gst_element_seek (pipeline, rate, GST_FORMAT_TIME,
          GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, GST_SEEK_TYPE_SET,
          seconds * GST_SECOND, GST_SEEK_TYPE_NONE, 0));
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
  gst_message_unref (message);
  shown = get_shown (capture, pad);
  fail_unless_equals_string (shown, expected);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  capture_free (capture);
}

/* Cues before the place are left out, one that is shown there begins there. */
GST_START_TEST (test_seek)
{
  check_seek ("", 1.0, 0, "2000(2000) This is the first.|"
      "7000(7000) And this the second.|12000(12000) That's it.");
  check_seek ("", 1.0, 8,
      "8000(0) And this the second.|12000(4000) That's it.");
  check_seek ("", 2.0, 10, "12000(1000) That's it.");
  check_seek ("mode=roll-up", 1.0, 11,
      "11000(0) This is the first. And this the\nsecond.|"
      "12000(1000) This is the first. And this the\nsecond. That's|"
      "12636(1636) This is the first. And this the\nsecond. That's it.");
  check_seek ("mode=words", 1.0, 8, "8000(0) the|8238(238) second.|"
      "12000(4000) That's|12636(4636) it.");
}

GST_END_TEST;

static gboolean
can_seek (GstElement * sink)
{
  g_autoptr (GstQuery) query = gst_query_new_seeking (GST_FORMAT_TIME);
  gboolean seekable = FALSE;

  if (gst_element_query (sink, query))
    gst_query_parse_seeking (query, NULL, &seekable, NULL, NULL);
  return seekable;
}

/* Backwards is refused. */
GST_START_TEST (test_seek_refused)
{
  g_autofree gchar *line = g_strdup_printf ("filesrc location=\"%s\" ! "
      "transcriptcaptions ! fakesink name=s", path);
  GstElement *pipeline = gst_parse_launch (line, NULL);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "s");

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  fail_unless_equals_int (gst_element_get_state (pipeline, NULL, NULL,
          GST_CLOCK_TIME_NONE), GST_STATE_CHANGE_SUCCESS);
  fail_unless (can_seek (sink));
  fail_if (gst_element_seek (pipeline, -1.0, GST_FORMAT_TIME,
          GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_SET,
          5 * GST_SECOND));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

GST_END_TEST;

/* The texts that reach an encoder of WebVTT, or what else takes markup. */
static gchar *
get_texts (const gchar * launch)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  GString *texts = g_string_new (NULL);
  Fixture f;
  guint i;

  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 4000, 0);
  stream_completed (stream, "item_1", "Is a < b? I could not say it myself.",
      4800);
  stream_reply (stream, "item_2", 5000, 7000, "Yes.");
  fixture_init (&f, launch);
  make_not_live (f.harness);
  gst_harness_set_src_caps_str (f.harness, "application/x-realtime-events");
  push_text (&f, stream->str);
  push_eos (&f);
  for (i = 0; i < f.capture->buffers->len; i++) {
    g_autofree gchar *text =
        buffer_text (g_ptr_array_index (f.capture->buffers, i));

    g_string_append_printf (texts, "%s%s", i > 0 ? "|" : "", text);
  }
  fixture_end (&f);
  return g_string_free (texts, FALSE);
}

GST_START_TEST (test_voice_tags)
{
  g_autofree gchar *vtt = NULL, *roll_up = NULL, *pango = NULL;
  GstElementFactory *factory = gst_element_factory_find ("webvttenc");

  pango = get_texts ("transcriptcaptions voice-tags=true ! "
      "capsfilter caps=text/x-raw,format=pango-markup");
  fail_unless_equals_string (pango,
      "Is a &lt; b? I could not say it myself.|Yes.");
  if (!factory)
    return;
  gst_object_unref (factory);

  vtt = get_texts ("transcriptcaptions voice-tags=true max-line-length=20 ! "
      "webvttenc");
  fail_unless (strstr (vtt,
          "\n<v user>Is a &lt; b? I could\nnot say it myself.</v>\n"));
  fail_unless (strstr (vtt, "\n<v assistant>Yes.</v>\n"));
  roll_up = get_texts ("transcriptcaptions mode=roll-up voice-tags=true "
      "max-line-length=20 max-lines=3 ! webvttenc");
  fail_unless (strstr (roll_up, "\n<v user>Is a &lt; b? I could\n"
          "not say it myself.</v>\n<v assistant>Yes.</v>\n"));
}

GST_END_TEST;

/* The clock's thread waits downstream, in a sink that shows text later: a flush
 * and a stop get through all the same, again and again. */
GST_START_TEST (test_stop_while_waiting)
{
  GstElement *pipeline = gst_parse_launch ("appsrc name=a is-live=true "
      "format=time caps=application/x-realtime-events ! transcriptcaptions "
      "name=c mode=roll-up latency=0 lateness=100000 ! fakesink sync=true "
      "async=false", NULL);
  g_autoptr (GstElement) source = gst_bin_get_by_name (GST_BIN (pipeline), "a");
  g_autoptr (GstElement) captions =
      gst_bin_get_by_name (GST_BIN (pipeline), "c");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (captions, "src");
  Capture *capture = capture_new (pad);
  guint i;

  for (i = 0; i < 20; i++) {
    g_autoptr (GString) stream = g_string_new (NULL);
    guint seen = capture->events->len;
    g_autoptr (GstBuffer) buffer = NULL;
    GstFlowReturn flow;

    stream_begin (stream);
    stream_started (stream, "item_1", 100, 100);
    stream_delta (stream, "item_1", "Hello there, here I am", 100);
    gst_element_set_state (pipeline, GST_STATE_PLAYING);
    buffer = buffer_of (stream->str, stream->len);
    g_signal_emit_by_name (source, "push-buffer", buffer, &flow);
    fail_unless_equals_int (flow, GST_FLOW_OK);
    /* which the sink does not let through */
    capture_wait_for_events (capture, seen + 4);
    if (i % 2) {
      fail_unless (gst_element_send_event (source,
              gst_event_new_flush_start ()));
      fail_unless (gst_element_send_event (source,
              gst_event_new_flush_stop (TRUE)));
    }
    if (i % 3 == 0) {
      g_object_set (captions, "latency", -1, NULL);
      g_object_set (captions, "latency", 0, NULL);
      fail_unless_equals_int (gst_element_set_state (pipeline,
              GST_STATE_PAUSED), GST_STATE_CHANGE_NO_PREROLL);
    }
    fail_unless_equals_int (gst_element_set_state (pipeline, GST_STATE_NULL),
        GST_STATE_CHANGE_SUCCESS);
  }
  gst_object_unref (pipeline);
  capture_free (capture);
}

GST_END_TEST;

static Suite *
streaming_suite (void)
{
  Suite *s = suite_create ("streaming");
  TCase *tc = tcase_create ("among others");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, test_seek);
  tcase_add_test (tc, test_seek_refused);
  tcase_add_test (tc, test_voice_tags);
  tcase_add_test (tc, test_stop_while_waiting);

  return s;
}

GST_CHECK_MAIN (streaming);
