/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The element in pipelines with what a user puts behind it: files of
 * subtitles, tracks beside video, overlays. */

#include <string.h>
#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include "stream.h"

static gchar *directory;

static void
setup (void)
{
  directory = g_dir_make_tmp ("captions-XXXXXX", NULL);
  fail_unless (directory != NULL);
}

static void
teardown (void)
{
  GDir *dir = g_dir_open (directory, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir))) {
    g_autofree gchar *path = g_build_filename (directory, name, NULL);

    g_unlink (path);
  }
  g_dir_close (dir);
  g_rmdir (directory);
  g_clear_pointer (&directory, g_free);
}

static gboolean
have (const gchar * names)
{
  g_auto (GStrv) list = g_strsplit (names, " ", -1);
  guint i;

  for (i = 0; list[i]; i++) {
    GstElementFactory *factory = gst_element_factory_find (list[i]);

    if (!factory) {
      GST_WARNING ("no %s here", list[i]);
      return FALSE;
    }
    gst_object_unref (factory);
  }
  return TRUE;
}

static void
run_to_end (GstElement * pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;

  fail_unless (gst_element_set_state (pipeline,
          GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    g_autoptr (GError) error = NULL;
    g_autofree gchar *debug = NULL;

    gst_message_parse_error (message, &error, &debug);
    fail ("%s (%s)", error->message, debug);
  }
}

/* A launch line with @DIR@ for the directory of this test. */
static GstElement *
launch (const gchar * description)
{
  g_autoptr (GString) line = g_string_new (description);
  g_autoptr (GError) error = NULL;
  GstElement *pipeline;

  g_string_replace (line, "@DIR@", directory, 0);
  pipeline = gst_parse_launch (line->str, &error);
  fail_unless (pipeline && !error, "%s: %s", line->str,
      error ? error->message : "");
  return pipeline;
}

static void
run_line (const gchar * description)
{
  GstElement *pipeline = launch (description);

  run_to_end (pipeline);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

static gchar *
contents (const gchar * name)
{
  g_autofree gchar *path = g_build_filename (directory, name, NULL);
  gchar *text;

  fail_unless (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
write_log (GString * stream)
{
  g_autofree gchar *path = g_build_filename (directory, "log.jsonl", NULL);

  fail_unless (g_file_set_contents (path, stream->str, stream->len, NULL));
}

/* A short talk with what is markup to some formats. */
static void
write_talk (void)
{
  g_autoptr (GString) stream = g_string_new (NULL);

  stream_begin (stream);
  stream_turn (stream, "item_1", 500, 2500, 0);
  stream_completed (stream, "item_1", "Is 1 < 2 & 3 --> 4?\n\nYes, it is.",
      3000);
  stream_reply (stream, "item_2", 3500, 6500,
      "It's \"true\", as far as anybody who has looked at it can tell.");
  write_log (stream);
}

#define WEBVTT \
    "WEBVTT\n\n" \
    "00:00:00.500 --> 00:00:02.500\nIs 1 &lt; 2 &amp; 3 --&gt; 4? Yes, it is.\n\n" \
    "00:00:03.500 --> 00:00:06.500\nIt's \"true\", as far as anybody\n" \
    "who has looked at it can tell.\n\n"

GST_START_TEST (test_webvtt)
{
  g_autofree gchar *text = NULL;

  if (!have ("webvttenc"))
    return;
  write_talk ();
  run_line ("filesrc location=@DIR@/log.jsonl ! transcriptcaptions ! "
      "webvttenc ! filesink location=@DIR@/a.vtt");
  text = contents ("a.vtt");
  fail_unless_equals_string (text, WEBVTT);
}

GST_END_TEST;

GST_START_TEST (test_srt)
{
  g_autofree gchar *text = NULL;

  if (!have ("srtenc"))
    return;
  write_talk ();
  run_line ("filesrc location=@DIR@/log.jsonl ! transcriptcaptions ! "
      "srtenc ! filesink location=@DIR@/a.srt");
  text = contents ("a.srt");
  fail_unless_equals_string (text,
      "1\n00:00:00,500 --> 00:00:02,500\nIs 1 < 2 & 3 --> 4? Yes, it is.\n\n"
      "2\n00:00:03,500 --> 00:00:06,500\nIt's \"true\", as far as anybody\n"
      "who has looked at it can tell.\n\n");
}

GST_END_TEST;

/* Two on a tee, with their own settings, the one encoder behind a queue. */
GST_START_TEST (test_tee)
{
  g_autofree gchar *vtt = NULL, *srt = NULL;

  if (!have ("webvttenc srtenc"))
    return;
  write_talk ();
  run_line ("filesrc location=@DIR@/log.jsonl blocksize=11 ! tee name=t "
      "t. ! queue ! transcriptcaptions ! queue ! tee ! queue ! webvttenc ! "
      "filesink location=@DIR@/a.vtt "
      "t. ! queue ! transcriptcaptions roles=user ! queue ! srtenc ! "
      "filesink location=@DIR@/a.srt");
  vtt = contents ("a.vtt");
  srt = contents ("a.srt");
  fail_unless_equals_string (vtt, WEBVTT);
  fail_unless_equals_string (srt,
      "1\n00:00:00,500 --> 00:00:02,500\nIs 1 < 2 & 3 --> 4? Yes, it is.\n\n");
}

GST_END_TEST;

/* The same again after EOS, and from the start after a stop in the midst. */
GST_START_TEST (test_again)
{
  GstElement *pipeline;
  g_autoptr (GstElement) captions = NULL;
  g_autoptr (GstPad) pad = NULL;
  g_autofree gchar *once = NULL, *again = NULL;
  Capture *capture;

  write_talk ();
  pipeline = launch ("filesrc location=@DIR@/log.jsonl ! "
      "transcriptcaptions name=c ! fakesink");
  captions = gst_bin_get_by_name (GST_BIN (pipeline), "c");
  pad = gst_element_get_static_pad (captions, "src");
  capture = capture_new (pad);

  run_to_end (pipeline);
  once = capture_take (capture);
  gst_element_set_state (pipeline, GST_STATE_READY);
  run_to_end (pipeline);
  again = capture_take (capture);
  fail_unless_equals_string (once, again);
  fail_unless (strstr (once, "cue(3500-6500 "));

  /* stopped before the end was reached */
  gst_element_set_state (pipeline, GST_STATE_READY);
  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  fail_unless_equals_int (gst_element_get_state (pipeline, NULL, NULL,
          GST_CLOCK_TIME_NONE), GST_STATE_CHANGE_SUCCESS);
  gst_element_set_state (pipeline, GST_STATE_READY);
  g_free (capture_take (capture));
  run_to_end (pipeline);
  g_free (again);
  again = capture_take (capture);
  fail_unless_equals_string (once, again);

  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  capture_free (capture);
}

GST_END_TEST;

/* Every state, up and down, streaming or not. */
GST_START_TEST (test_state_walk)
{
  GstElement *pipeline;
  guint i;

  write_talk ();
  pipeline = launch ("filesrc location=@DIR@/log.jsonl ! transcriptcaptions ! "
      "fakesink sync=true");
  for (i = 0; i < 50; i++) {
    static const GstState walk[] = { GST_STATE_READY, GST_STATE_PAUSED,
      GST_STATE_PLAYING, GST_STATE_PAUSED, GST_STATE_READY, GST_STATE_PLAYING,
      GST_STATE_NULL
    };
    guint j;

    for (j = 0; j < G_N_ELEMENTS (walk); j++) {
      fail_unless (gst_element_set_state (pipeline,
              walk[j]) != GST_STATE_CHANGE_FAILURE);
      /* every other time let it arrive */
      if (i % 2 == 0)
        fail_unless_equals_int (gst_element_get_state (pipeline, NULL, NULL,
                GST_CLOCK_TIME_NONE), GST_STATE_CHANGE_SUCCESS);
    }
  }
  gst_object_unref (pipeline);
}

GST_END_TEST;

/* Cues that come out of a file, as the demuxer tells them. */
static gchar *
demux (const gchar * description)
{
  GstElement *pipeline = launch (description);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "s");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");
  Capture *capture = capture_new (pad);
  GString *cues = g_string_new (NULL);
  g_autoptr (GstEvent) event = NULL;
  const GstSegment *segment;
  guint i;

  run_to_end (pipeline);
  /* an edit list moves the times */
  event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  gst_event_parse_segment (event, &segment);
  for (i = 0; i < capture->buffers->len; i++) {
    GstBuffer *buffer = g_ptr_array_index (capture->buffers, i);
    GstMapInfo map;

    /* mp4 fills the time between cues with empty ones */
    if (gst_buffer_get_size (buffer) <= 1)
      continue;
    fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READ));
    g_string_append_printf (cues, "%" G_GUINT64_FORMAT "+%" G_GUINT64_FORMAT
        " %.*s|", gst_segment_to_running_time (segment, GST_FORMAT_TIME,
            GST_BUFFER_PTS (buffer)) / GST_MSECOND,
        GST_BUFFER_DURATION (buffer) / GST_MSECOND, (gint) map.size, map.data);
    gst_buffer_unmap (buffer, &map);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  capture_free (capture);

  return g_string_free (cues, FALSE);
}

#define VIDEO \
    "videotestsrc num-buffers=200 ! " \
    "video/x-raw, width=64, height=48, framerate=25/1 ! "

GST_START_TEST (test_matroska)
{
  g_autofree gchar *cues = NULL;

  if (!have ("matroskamux matroskademux jpegenc"))
    return;
  write_talk ();
  run_line (VIDEO "jpegenc ! queue ! matroskamux name=m ! "
      "filesink location=@DIR@/a.mkv  filesrc location=@DIR@/log.jsonl ! "
      "transcriptcaptions ! queue ! m.subtitle_0");
  cues = demux ("filesrc location=@DIR@/a.mkv ! matroskademux name=d "
      "d.subtitle_0 ! queue ! fakesink name=s  d.video_0 ! queue ! fakesink");
  /* the demuxer escapes for its own caps */
  fail_unless_equals_string (cues,
      "500+2000 Is 1 &lt; 2 &amp; 3 --&gt; 4? Yes, it is.|"
      "3500+3000 It&apos;s &quot;true&quot;, as far as anybody\n"
      "who has looked at it can tell.|");
}

GST_END_TEST;

GST_START_TEST (test_mp4)
{
  g_autofree gchar *cues = NULL;

  if (!have ("qtmux qtdemux jpegenc"))
    return;
  write_talk ();
  run_line (VIDEO "jpegenc ! queue ! qtmux name=m ! "
      "filesink location=@DIR@/a.mov  filesrc location=@DIR@/log.jsonl ! "
      "transcriptcaptions ! queue ! m.subtitle_0");
  cues = demux ("filesrc location=@DIR@/a.mov ! qtdemux name=d "
      "d.subtitle_0 ! queue ! fakesink name=s  d.video_0 ! queue ! fakesink");
  fail_unless_equals_string (cues,
      "500+2000 Is 1 < 2 & 3 --> 4? Yes, it is.|"
      "3500+3000 It's \"true\", as far as anybody\n"
      "who has looked at it can tell.|");
}

GST_END_TEST;

/* Every frame gets through, before, between and after the cues. */
GST_START_TEST (test_overlay)
{
  GstElement *pipeline;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;
  Capture *capture;

  if (!have ("textoverlay"))
    return;
  write_talk ();
  pipeline = launch (VIDEO "textoverlay name=o ! fakesink name=s "
      "filesrc location=@DIR@/log.jsonl ! transcriptcaptions ! o.text_sink");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "s");
  pad = gst_element_get_static_pad (sink, "sink");
  capture = capture_new (pad);
  run_to_end (pipeline);
  fail_unless_equals_int (capture->buffers->len, 200);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  capture_free (capture);
}

GST_END_TEST;

/* Recorded logs, which tell no running times: all that was spoken is there. */
GST_START_TEST (test_recorded)
{
  static const struct
  {
    const gchar *name;
    const gchar *words[4];
  } logs[] = {
    {"01-ga-vad-audio-turn.jsonl", {"Hello, my name is Leandro.",
                "Hello, Leandro! Great to meet you.",
            "How can I help you today?"}},
    {"34-doc-diarize-then-failed-then-expired.jsonl", {"Shall we begin?",
            "Yes.", "Then item one: the budget."}},
  };
  guint i, j;

  for (i = 0; i < G_N_ELEMENTS (logs); i++) {
    g_autofree gchar *path = recorded_path (logs[i].name);
    g_autofree gchar *line = NULL;
    g_autofree gchar *text = NULL;
    const gchar *at;

    if (!path || !have ("srtenc"))
      return;
    line = g_strdup_printf ("filesrc location=\"%s\" ! transcriptcaptions "
        "max-lines=1 max-line-length=250 ! srtenc ! "
        "filesink location=@DIR@/a.srt", path);
    run_line (line);
    at = text = contents ("a.srt");
    for (j = 0; j < G_N_ELEMENTS (logs[i].words) && logs[i].words[j]; j++) {
      at = strstr (at, logs[i].words[j]);
      fail_unless (at != NULL, "no \"%s\" in its place in %s",
          logs[i].words[j], text);
    }
  }
}

GST_END_TEST;

static Suite *
pipelines_suite (void)
{
  Suite *s = suite_create ("captions-pipelines");
  TCase *tc = tcase_create ("pipelines");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, test_webvtt);
  tcase_add_test (tc, test_srt);
  tcase_add_test (tc, test_tee);
  tcase_add_test (tc, test_again);
  tcase_add_test (tc, test_state_walk);
  tcase_add_test (tc, test_matroska);
  tcase_add_test (tc, test_mp4);
  tcase_add_test (tc, test_overlay);
  tcase_add_test (tc, test_recorded);

  return s;
}

GST_CHECK_MAIN (pipelines);
