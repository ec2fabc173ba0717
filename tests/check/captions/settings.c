/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The element alone: its properties, formats, and what it answers. */

#include <string.h>
#include "fixture.h"

GST_START_TEST (test_markup)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  Fixture f;

  stream_begin (stream);
  stream_turn (stream, "item_1", 500, 4000, 0);
  stream_completed (stream, "item_1", "\"a\" <i> & 'b' --> c", 4800);

  fixture_begin (&f,
      "transcriptcaptions ! capsfilter caps=text/x-raw,format=pango-markup");
  push_text (&f, stream->str);
  fail_unless_log (&f, "stream-start caps(pango-markup) segment gap(0-500) "
      "cue(500-4000 \"a\" &lt;i&gt; &amp; 'b' --&gt; c)");
  fixture_end (&f);

  fixture_begin (&f, "transcriptcaptions ! capsfilter caps=text/x-raw");
  push_text (&f, stream->str);
  fail_unless_log (&f, "stream-start caps(utf8) segment gap(0-500) "
      "cue(500-4000 \"a\" <i> & 'b' --> c)");
  fixture_end (&f);
}

GST_END_TEST;

/* One error, and the flow says so. */
GST_START_TEST (test_cannot_negotiate)
{
  g_autoptr (GString) stream = two_turns ();
  Fixture f;

  fixture_init (&f, "transcriptcaptions");
  gst_harness_set_sink_caps_str (f.harness, "text/x-raw, format=utf16");
  gst_harness_set_src_caps_str (f.harness, "application/x-realtime-events");
  fail_unless_equals_int (gst_harness_push (f.harness,
          buffer_of (stream->str, stream->len)), GST_FLOW_NOT_NEGOTIATED);
  gst_harness_push_event (f.harness, gst_event_new_eos ());
  fail_unless_equals_int (count_messages (&f, GST_MESSAGE_ERROR), 1);
  fixture_end (&f);
}

GST_END_TEST;

static void
check_launch (const gchar * launch, GString * stream, const gchar * cues)
{
  g_autofree gchar *got = NULL;
  Fixture f;

  fixture_begin (&f, launch);
  push_text (&f, stream->str);
  push_eos (&f);
  check_buffers (&f);
  got = capture_cues (f.capture);
  fail_unless_equals_string (got, cues);
  fixture_end (&f);
}

GST_START_TEST (test_properties)
{
  g_autoptr (GString) stream = g_string_new (NULL);

  stream_begin (stream);
  stream_turn (stream, "item_1", 1000, 1500, 0);
  stream_completed (stream, "item_1", "Good morning.", 1600);
  stream_turn (stream, "item_2", 4000, 5000, 0);
  stream_completed (stream, "item_2", "Who is there?", 5200);
  stream_reply (stream, "item_3", 6000, 16000, "Nobody but me.");

  check_launch ("transcriptcaptions", stream, "1000+1000 Good morning.|"
      "4000+1000 Who is there?|6000+7000 Nobody but me.");
  check_launch ("transcriptcaptions roles=user", stream,
      "1000+1000 Good morning.|4000+1000 Who is there?");
  check_launch ("transcriptcaptions roles=assistant", stream,
      "6000+7000 Nobody but me.");
  check_launch ("transcriptcaptions max-line-length=8", stream,
      "1000+1000 Good\nmorning.|4000+1000 Who is\nthere?|"
      "6000+7000 Nobody\nbut me.");
  check_launch ("transcriptcaptions max-line-length=8 max-lines=1 roles=user "
      "min-duration=300", stream,
      "1000+300 Good|1300+320 morning.|4000+500 Who is|4500+500 there?");
  check_launch ("transcriptcaptions min-duration=2500", stream,
      "1000+2500 Good morning.|4000+2500 Who is there?|"
      "6500+7000 Nobody but me.");
  check_launch ("transcriptcaptions max-duration=1000", stream,
      "1000+1000 Good morning.|4000+1000 Who is there?|"
      "6000+1000 Nobody but me.");
  check_launch ("transcriptcaptions speaker-prefix=\">>\\ \"", stream,
      "1000+1000 >> Good morning.|4000+1000 Who is there?|"
      "6000+7000 >> Nobody but me.");
  check_launch ("transcriptcaptions speaker-prefix=\"[%s:%d]\"", stream,
      "1000+1000 [user:%d] Good morning.|4000+1000 Who is there?|"
      "6000+7000 [assistant:%d] Nobody but me.");
}

GST_END_TEST;

GST_START_TEST (test_settings_that_cannot_be)
{
  GstElement *element = gst_element_factory_make ("transcriptcaptions", NULL);
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  gst_element_set_bus (element, bus);
  g_object_set (element, "min-duration", 3000, "max-duration", 2000, NULL);
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_READY),
      GST_STATE_CHANGE_FAILURE);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (g_error_matches (error, GST_RESOURCE_ERROR,
          GST_RESOURCE_ERROR_SETTINGS));
  g_object_set (element, "max-duration", 3000, NULL);
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_READY),
      GST_STATE_CHANGE_SUCCESS);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_element_set_bus (element, NULL);
  gst_object_unref (element);
}

GST_END_TEST;

GST_START_TEST (test_latency_passes)
{
  Fixture f;

  fixture_begin (&f, "transcriptcaptions");
  gst_harness_set_upstream_latency (f.harness, 250 * GST_MSECOND);
  fail_unless_equals_uint64 (gst_harness_query_latency (f.harness),
      250 * GST_MSECOND);
  fixture_end (&f);
}

GST_END_TEST;

/* What downstream answers is told upstream, and nothing is pushed against it. */
GST_START_TEST (test_flow_of_downstream)
{
  g_autoptr (GString) stream = two_turns ();
  GstElement *element = gst_element_factory_make ("transcriptcaptions", NULL);
  GstHarness *harness = gst_harness_new_with_element (element, "sink", NULL);

  gst_harness_set_src_caps_str (harness, "application/x-realtime-events");
  fail_unless_equals_int (gst_harness_push (harness, buffer_of (stream->str,
              stream->len)), GST_FLOW_NOT_LINKED);
  gst_harness_teardown (harness);
  gst_object_unref (element);
}

GST_END_TEST;

static Suite *
settings_suite (void)
{
  Suite *s = suite_create ("settings");
  TCase *tc = tcase_create ("element");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_markup);
  tcase_add_test (tc, test_cannot_negotiate);
  tcase_add_test (tc, test_properties);
  tcase_add_test (tc, test_settings_that_cannot_be);
  tcase_add_test (tc, test_latency_passes);
  tcase_add_test (tc, test_flow_of_downstream);

  return s;
}

GST_CHECK_MAIN (settings);
