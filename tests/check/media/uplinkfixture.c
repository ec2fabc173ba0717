/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "uplinkfixture.h"

static void
on_input_kind (GstElement * uplink, gboolean live, UplinkFixture * f)
{
  g_mutex_lock (&f->lock);
  f->kinds++;
  f->live = live;
  g_cond_broadcast (&f->cond);
  g_mutex_unlock (&f->lock);
}

static void
on_epoch (GstElement * uplink, guint64 running_time, guint64 hold,
    UplinkFixture * f)
{
  g_mutex_lock (&f->lock);
  f->epochs++;
  f->epoch = running_time;
  f->hold = hold;
  f->heard = gst_realtime_uplink_get_heard (uplink);
  g_cond_broadcast (&f->cond);
  g_mutex_unlock (&f->lock);
}

static void
on_input_eos (GstElement * uplink, UplinkFixture * f)
{
  g_mutex_lock (&f->lock);
  f->eoses++;
  g_cond_broadcast (&f->cond);
  g_mutex_unlock (&f->lock);
}

void
uplink_wait_count (UplinkFixture * f, gint * count, gint wanted)
{
  g_mutex_lock (&f->lock);
  while (*count < wanted)
    g_cond_wait (&f->cond, &f->lock);
  fail_unless_equals_int (*count, wanted);
  g_mutex_unlock (&f->lock);
}

static GstPadProbeReturn
answer_not_live (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);

  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return GST_PAD_PROBE_OK;
  gst_query_set_latency (query, FALSE, 0, GST_CLOCK_TIME_NONE);
  return GST_PAD_PROBE_HANDLED;
}

UplinkFixture *
uplink_fixture_new (const gchar * caps_string, gboolean live)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (caps_string);
  UplinkFixture *f = g_new0 (UplinkFixture, 1);
  GstSegment segment;

  g_mutex_init (&f->lock);
  g_cond_init (&f->cond);
  f->live_input = live;
  f->feed = g_ptr_array_new ();
  f->uplink = gst_realtime_uplink_new (NULL);
  fail_unless (f->uplink != NULL);
  g_signal_connect (f->uplink, "input-kind", G_CALLBACK (on_input_kind), f);
  g_signal_connect (f->uplink, "epoch", G_CALLBACK (on_epoch), f);
  g_signal_connect (f->uplink, "input-eos", G_CALLBACK (on_input_eos), f);

  f->h = gst_harness_new_with_element (f->uplink, "sink", "src");
  gst_harness_use_testclock (f->h);
  gst_harness_set_sink_caps_str (f->h, SPEECH_CAPS);
  if (!live)
    gst_pad_add_probe (f->h->srcpad, GST_PAD_PROBE_TYPE_QUERY_UPSTREAM,
        answer_not_live, NULL, NULL);
  gst_harness_play (f->h);

  gst_segment_init (&segment, GST_FORMAT_TIME);
  g_ptr_array_add (f->feed, gst_event_new_stream_start ("test"));
  g_ptr_array_add (f->feed, gst_event_new_caps (caps));
  g_ptr_array_add (f->feed, gst_event_new_segment (&segment));
  return f;
}

void
uplink_add_buffer (UplinkFixture * f, GstBuffer * buffer, GstClockTime pts)
{
  GST_BUFFER_PTS (buffer) = pts;
  g_ptr_array_add (f->feed, buffer);
}

static gpointer
feeder_thread (gpointer data)
{
  UplinkFixture *f = data;
  guint i;

  f->flow = GST_FLOW_OK;
  for (i = 0; i < f->feed->len; i++) {
    gpointer item = g_ptr_array_index (f->feed, i);

    if (f->flow != GST_FLOW_OK)
      gst_mini_object_unref (item);
    else if (GST_IS_EVENT (item))
      gst_pad_push_event (f->h->srcpad, item);
    else
      f->flow = gst_pad_push (f->h->srcpad, item);
  }
  g_ptr_array_set_size (f->feed, 0);
  return NULL;
}

void
uplink_start_feeding (UplinkFixture * f)
{
  GstEvent *last = g_ptr_array_index (f->feed, f->feed->len - 1);

  /* Held input goes on in silence, so that the clock is waited for. */
  if (!f->live_input && (!GST_IS_EVENT (last) ||
          GST_EVENT_TYPE (last) != GST_EVENT_EOS))
    g_ptr_array_add (f->feed, gst_event_new_eos ());
  f->feeder = g_thread_new ("feeder", feeder_thread, f);
}

void
uplink_end_feeding (UplinkFixture * f, GstFlowReturn wanted)
{
  g_thread_join (f->feeder);
  f->feeder = NULL;
  fail_unless_equals_int (f->flow, wanted);
}

void
uplink_fixture_free (UplinkFixture * f)
{
  /* Frees the feeder, which uses the harness. */
  gst_element_set_state (f->uplink, GST_STATE_NULL);
  if (f->feeder)
    g_thread_join (f->feeder);
  gst_harness_teardown (f->h);
  gst_object_unref (f->uplink);
  g_ptr_array_free (f->feed, TRUE);
  g_mutex_clear (&f->lock);
  g_cond_clear (&f->cond);
  g_free (f);
}

GArray *
uplink_collect_from (UplinkFixture * f, guint n, GstClockTime * next,
    GstClockTime hold)
{
  GArray *samples = g_array_new (FALSE, FALSE, 2);

  while (samples->len < n) {
    GstBuffer *buffer;

    /* While the uplink waits for the clock, all that may leave has left. */
    fail_unless (gst_harness_wait_for_clock_id_waits (f->h, 1, 30));
    buffer = gst_harness_try_pull (f->h);
    if (!buffer) {
      fail_unless (gst_harness_crank_single_clock_wait (f->h));
      continue;
    }
    if (*next != GST_CLOCK_TIME_NONE)
      fail_unless (ABS (GST_CLOCK_DIFF (*next, GST_BUFFER_PTS (buffer))) <= 1,
          "PTS %" GST_TIME_FORMAT ", not %" GST_TIME_FORMAT,
          GST_TIME_ARGS (GST_BUFFER_PTS (buffer)), GST_TIME_ARGS (*next));
    *next = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
    fail_unless (gst_buffer_get_size (buffer) <= MS (20) * 2);
    fail_unless (GST_BUFFER_PTS (buffer) + hold <=
        gst_clock_get_time (GST_ELEMENT_CLOCK (f->uplink)) -
        gst_element_get_base_time (f->uplink));
    take_samples (samples, buffer);
  }
  return samples;
}

GArray *
uplink_collect (UplinkFixture * f, guint n)
{
  GstClockTime next = GST_CLOCK_TIME_NONE;

  return uplink_collect_from (f, n, &next, f->hold);
}

GstClockTime
uplink_out_running_time (UplinkFixture * f, GstClockTime pts)
{
  g_autoptr (GstEvent) event = gst_pad_get_sticky_event (f->h->sinkpad,
      GST_EVENT_SEGMENT, 0);
  const GstSegment *segment;

  gst_event_parse_segment (event, &segment);
  return gst_segment_to_running_time (segment, GST_FORMAT_TIME, pts);
}
