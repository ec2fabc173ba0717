/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include "fixture.h"

void
fixture_init (Fixture * f, const gchar * launch)
{
  g_autoptr (GstPad) pad = NULL;

  f->harness = gst_harness_new_parse (launch);
  f->bus = gst_bus_new ();
  gst_element_set_bus (f->harness->element, f->bus);
  pad = gst_pad_get_peer (f->harness->sinkpad);
  f->capture = capture_new (pad);
  gst_harness_play (f->harness);
}

void
fixture_begin (Fixture * f, const gchar * launch)
{
  fixture_init (f, launch);
  gst_harness_set_src_caps_str (f->harness, "application/x-realtime-events");
}

void
fixture_end (Fixture * f)
{
  gst_element_set_bus (f->harness->element, NULL);
  gst_harness_teardown (f->harness);
  capture_free (f->capture);
  gst_object_unref (f->bus);
}

GstBuffer *
buffer_of (const gchar * bytes, gsize size)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);

  gst_buffer_fill (buffer, 0, bytes, size);
  return buffer;
}

void
push_text (Fixture * f, const gchar * text)
{
  fail_unless_equals_int (gst_harness_push (f->harness,
          buffer_of (text, strlen (text))), GST_FLOW_OK);
}

void
push_eos (Fixture * f)
{
  fail_unless (gst_harness_push_event (f->harness, gst_event_new_eos ()));
}

void
fail_unless_log (Fixture * f, const gchar * expected)
{
  g_autofree gchar *log = capture_take (f->capture);

  fail_unless_equals_string (log, expected);
}

guint
count_messages (Fixture * f, GstMessageType type)
{
  GstMessage *message;
  guint count = 0;

  while ((message = gst_bus_pop_filtered (f->bus, type))) {
    count++;
    gst_message_unref (message);
  }
  return count;
}

void
check_buffers (Fixture * f)
{
  GstClockTime last = 0;
  guint i;

  for (i = 0; i < f->capture->buffers->len; i++) {
    GstBuffer *buffer = g_ptr_array_index (f->capture->buffers, i);

    fail_unless (GST_BUFFER_PTS (buffer) >= last);
    fail_unless (GST_BUFFER_DURATION (buffer) >= 40 * GST_MSECOND);
    last = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
  }
}

GString *
two_turns (void)
{
  GString *stream = g_string_new (NULL);

  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 4000, 0);
  stream_completed (stream, "item_1", "This is the first.", 4800);
  stream_turn (stream, "item_2", 7000, 9000, 0);
  stream_completed (stream, "item_2", "And this the second.", 9700);

  return stream;
}
