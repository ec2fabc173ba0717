/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The files of the HLS sink: which there are at any moment, and what they say. */

#include <string.h>
#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

static gchar *directory;

static void
setup (void)
{
  directory = g_dir_make_tmp ("hls-XXXXXX", NULL);
  fail_unless (directory != NULL);
}

/* Removes the directory; returns how many files with @ending were in it. */
static guint
count_files (const gchar * ending, gboolean remove)
{
  GDir *dir = g_dir_open (directory, 0, NULL);
  const gchar *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir))) {
    g_autofree gchar *path = g_build_filename (directory, name, NULL);

    n += g_str_has_suffix (name, ending);
    if (remove)
      g_unlink (path);
  }
  g_dir_close (dir);
  return n;
}

static void
teardown (void)
{
  count_files ("", TRUE);
  fail_unless (g_rmdir (directory) == 0);
  g_clear_pointer (&directory, g_free);
}

/* @properties: with @ for the directory */
static GstHarness *
start (const gchar * properties)
{
  g_autoptr (GString) line = g_string_new ("transcripthlssink ");
  GstHarness *h;

  g_string_append (line, properties);
  g_string_replace (line, "@", directory, 0);
  h = gst_harness_new_parse (line->str);
  gst_harness_set_src_caps_str (h, "text/x-raw,format=utf8");
  return h;
}

static void
push (GstHarness * h, const gchar * text, gint start, gint end)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, strlen (text), NULL);

  gst_buffer_fill (buffer, 0, text, strlen (text));
  GST_BUFFER_PTS (buffer) = start * GST_SECOND;
  GST_BUFFER_DURATION (buffer) = (end - start) * GST_SECOND;
  fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
}

static void
push_gap (GstHarness * h, gint from, gint to)
{
  fail_unless (gst_harness_push_event (h, gst_event_new_gap (from
              * GST_SECOND, (to - from) * GST_SECOND)));
}

static gchar *
contents (const gchar * name)
{
  g_autofree gchar *path = g_build_filename (directory, name, NULL);
  gchar *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

static void
check_contains (const gchar * name, const gchar * expected, gboolean contained)
{
  g_autofree gchar *text = contents (name);

  fail_unless (text != NULL, "no %s", name);
  fail_unless ((strstr (text, expected) != NULL) == contained,
      "%s in %s", expected, text);
}

#define FILES "location=@/c%03d.vtt playlist-location=@/c.m3u8 target-duration=4 "

GST_START_TEST (test_live)
{
  GstHarness *h = start (FILES "playlist-length=3 max-files=4");
  gint i;

  push (h, "One", 1, 2);
  fail_unless_equals_int (count_files ("", FALSE), 0);
  push_gap (h, 2, 4);
  check_contains ("c000.vtt", "One", TRUE);
  check_contains ("c.m3u8", "c000.vtt", TRUE);
  check_contains ("c.m3u8", "#EXT-X-MEDIA-SEQUENCE:0", TRUE);
  check_contains ("c.m3u8", "ENDLIST", FALSE);
  for (i = 4; i < 40; i += 4)
    push_gap (h, i, i + 4);
  /* what the playlist names is there; older ones are gone */
  fail_unless_equals_int (count_files (".vtt", FALSE), 4);
  check_contains ("c.m3u8", "#EXT-X-MEDIA-SEQUENCE:7", TRUE);
  check_contains ("c.m3u8", "c006.vtt", FALSE);
  check_contains ("c.m3u8", "c009.vtt", TRUE);
  push (h, "Last", 41, 42);
  gst_harness_push_event (h, gst_event_new_eos ());
  check_contains ("c010.vtt", "Last", TRUE);
  check_contains ("c.m3u8", "#EXTINF:2.000,\nc010.vtt\n#EXT-X-ENDLIST", TRUE);
  gst_harness_teardown (h);
}

GST_END_TEST;

GST_START_TEST (test_recording)
{
  GstHarness *h = start (FILES "playlist-length=1 max-files=1 "
      "playlist-type=vod playlist-root=http://h/x");
  gint i;

  for (i = 0; i < 40; i += 4)
    push_gap (h, i, i + 4);
  fail_unless_equals_int (count_files (".vtt", FALSE), 10);
  fail_unless_equals_int (count_files (".m3u8", FALSE), 0);
  gst_harness_push_event (h, gst_event_new_eos ());
  check_contains ("c.m3u8", "\nhttp://h/x/c000.vtt\n", TRUE);
  check_contains ("c.m3u8", "\nhttp://h/x/c009.vtt\n#EXT-X-ENDLIST", TRUE);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* Two sinks, one master playlist; the one language by property, the other by tag. */
GST_START_TEST (test_master)
{
  GstHarness *one = start (FILES "master-location=@/m.m3u8 language=en");
  GstHarness *other = start ("location=@/d%u.vtt playlist-location=@/d.m3u8 "
      "target-duration=4 master-location=@/m.m3u8 rendition-name=Deutsch");

  push_gap (one, 0, 4);
  check_contains ("m.m3u8", "LANGUAGE=\"en\"", TRUE);
  check_contains ("m.m3u8", "d.m3u8", FALSE);
  push_gap (other, 0, 4);
  check_contains ("m.m3u8", "NAME=\"Deutsch\",DEFAULT", TRUE);
  gst_harness_push_event (other, gst_event_new_tag (gst_tag_list_new
          (GST_TAG_LANGUAGE_CODE, "de", NULL)));
  check_contains ("m.m3u8", "NAME=\"Deutsch\",LANGUAGE=\"de\"", TRUE);
  check_contains ("m.m3u8", "LANGUAGE=\"en\"", TRUE);
  gst_harness_teardown (one);
  gst_harness_teardown (other);
}

GST_END_TEST;

static void
check_start_fails (const gchar * properties)
{
  GstElement *sink = gst_parse_launch (properties, NULL);
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  gst_element_set_bus (sink, bus);
  fail_unless_equals_int (gst_element_set_state (sink, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL, "%s", properties);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (g_error_matches (error, GST_RESOURCE_ERROR,
          GST_RESOURCE_ERROR_SETTINGS), "%s", error->message);
  gst_element_set_state (sink, GST_STATE_NULL);
  gst_element_set_bus (sink, NULL);
  gst_object_unref (sink);
}

/* Nothing but one number is put in the name. */
GST_START_TEST (test_settings)
{
  static const gchar *const locations[] =
      { "c.vtt", "%s.vtt", "%d%d.vtt", "%n.vtt", "%05d%%.vtt", "%", "%5" };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (locations); i++) {
    g_autofree gchar *line = g_strdup_printf ("transcripthlssink "
        "location=\"%s\"", locations[i]);

    check_start_fails (line);
  }
}

GST_END_TEST;

GST_START_TEST (test_cannot_write)
{
  GstHarness *h = start ("location=@/none/c%d.vtt target-duration=4");
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 1, NULL);

  gst_element_set_bus (h->element, bus);
  gst_buffer_memset (buffer, 0, 'a', 1);
  GST_BUFFER_PTS (buffer) = 0;
  gst_harness_push (h, gst_buffer_copy (buffer));
  GST_BUFFER_PTS (buffer) = 5 * GST_SECOND;
  fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_ERROR);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_element_set_bus (h->element, NULL);
  gst_harness_teardown (h);
}

GST_END_TEST;

static Suite *
transcripthlssink_suite (void)
{
  Suite *s = suite_create ("captions-transcripthlssink");
  TCase *tc = tcase_create ("sink");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, test_live);
  tcase_add_test (tc, test_recording);
  tcase_add_test (tc, test_master);
  tcase_add_test (tc, test_settings);
  tcase_add_test (tc, test_cannot_write);

  return s;
}

GST_CHECK_MAIN (transcripthlssink);
