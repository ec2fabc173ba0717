/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "downlinkfixture.h"

DownlinkFixture *
downlink_fixture_new (void)
{
  DownlinkFixture *f = g_new0 (DownlinkFixture, 1);

  f->downlink = gst_realtime_downlink_new (NULL);
  fail_unless (f->downlink != NULL);
  f->bus = gst_bus_new ();
  gst_element_set_bus (f->downlink, f->bus);
  f->h = gst_harness_new_with_element (f->downlink, NULL, "src");
  gst_harness_use_testclock (f->h);
  gst_harness_play (f->h);
  f->pads = g_ptr_array_new_with_free_func (gst_object_unref);
  return f;
}

GstPad *
downlink_connect_speaker (DownlinkFixture * f, const gchar * caps_string)
{
  g_autoptr (GstPad) sink = NULL;
  g_autoptr (GstCaps) caps = gst_caps_from_string (caps_string);
  GstPad *pad = gst_pad_new ("src", GST_PAD_SRC);
  GstSegment segment;

  sink = gst_element_request_pad_simple (f->downlink, "sink_%u");
  fail_unless (sink != NULL);
  gst_pad_set_active (pad, TRUE);
  fail_unless_equals_int (gst_pad_link (pad, sink), GST_PAD_LINK_OK);
  gst_pad_push_event (pad, gst_event_new_stream_start ("speaker"));
  gst_pad_push_event (pad, gst_event_new_caps (caps));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (pad, gst_event_new_segment (&segment));
  g_ptr_array_add (f->pads, pad);
  return pad;
}

void
downlink_disconnect_speaker (DownlinkFixture * f, GstPad * pad)
{
  g_autoptr (GstPad) sink = gst_pad_get_peer (pad);

  gst_pad_unlink (pad, sink);
  gst_element_release_request_pad (f->downlink, sink);
  g_ptr_array_remove (f->pads, pad);
}

void
downlink_fixture_free (DownlinkFixture * f)
{
  while (f->pads->len > 0)
    downlink_disconnect_speaker (f, g_ptr_array_index (f->pads, 0));
  g_ptr_array_unref (f->pads);
  gst_harness_teardown (f->h);
  gst_element_set_bus (f->downlink, NULL);
  gst_object_unref (f->bus);
  gst_object_unref (f->downlink);
  g_free (f);
}

void
downlink_speak (GstPad * pad, GstBuffer * buffer, GstClockTime pts)
{
  GST_BUFFER_PTS (buffer) = pts;
  fail_unless_equals_int (gst_pad_push (pad, buffer), GST_FLOW_OK);
}

GArray *
downlink_collect (DownlinkFixture * f, guint n, GstClockTime * next,
    GstClockTime behind)
{
  GArray *samples = g_array_new (FALSE, FALSE, 2);

  while (samples->len < n) {
    GstBuffer *buffer;
    gboolean gap, silent = TRUE;
    guint i;

    fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 30));
    buffer = gst_harness_try_pull (f->h);
    if (!buffer) {
      fail_unless (gst_harness_crank_single_clock_wait (f->h));
      continue;
    }
    fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), *next);
    fail_unless_equals_uint64 (GST_BUFFER_DURATION (buffer), SLOT);
    fail_unless_equals_int (gst_buffer_get_size (buffer), MS (20) * 2);
    fail_unless_equals_uint64 (*next + behind,
        gst_clock_get_time (GST_ELEMENT_CLOCK (f->downlink)) -
        gst_element_get_base_time (f->downlink));
    *next += SLOT;
    gap = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP);
    take_samples (samples, buffer);
    for (i = samples->len - MS (20); i < samples->len; i++)
      silent &= g_array_index (samples, gint16, i) == 0;
    fail_unless_equals_int (gap, silent);
  }
  return samples;
}

void
downlink_check_latency (DownlinkFixture * f, GstClockTime wanted,
    gboolean message)
{
  g_autoptr (GstQuery) query = gst_query_new_latency ();
  g_autoptr (GstMessage) posted = gst_bus_pop_filtered (f->bus,
      GST_MESSAGE_LATENCY);
  GstClockTime min, max;
  gboolean live;

  fail_unless_equals_int (posted != NULL, message);
  fail_unless (gst_pad_peer_query (f->h->sinkpad, query));
  gst_query_parse_latency (query, &live, &min, &max);
  fail_unless (live);
  fail_unless_equals_uint64 (min, wanted);
  fail_unless_equals_uint64 (max, GST_CLOCK_TIME_NONE);
}
