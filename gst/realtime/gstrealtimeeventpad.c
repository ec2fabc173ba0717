/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>
#include <gst/app/app.h>

#include "gstrealtimebin-private.h"
#include "media/downlink.h"
#include "media/uplink.h"
#include "session/eventline.h"

GST_DEBUG_CATEGORY_EXTERN (realtimebin_debug);
#define GST_CAT_DEFAULT realtimebin_debug

/* Of a buffer without data: the stream ends there. */
#define FLAG_END GST_BUFFER_FLAG_MARKER

/* --- event_src --- */

/* Waits for the end of a flush. Returns: how many there were. */
static guint
wait_for_flush (GstRealtimeBin * self)
{
  guint restarts;

  GST_OBJECT_LOCK (self);
  while (self->events_flushing)
    g_cond_wait (&self->events_flushed, GST_OBJECT_GET_LOCK (self));
  restarts = self->restarts;
  GST_OBJECT_UNLOCK (self);

  return restarts;
}

/* Pushes what @buffer stands for, unless a flush has come in between. The end is
 * that of the ghost pad alone, where a flush takes it back: the appsrc goes on. */
static void
push_event_of (GstRealtimeBin * self, GstPad * pad, GstBuffer * buffer)
{
  if (GST_BUFFER_OFFSET (buffer) != wait_for_flush (self))
    return;
  if (GST_BUFFER_FLAG_IS_SET (buffer, FLAG_END))
    gst_pad_push_event (self->event_pad, gst_event_new_eos ());
  else
    gst_pad_push_event (pad, gst_event_new_gap (GST_BUFFER_PTS (buffer), 0));
}

/* Makes events of buffers without data, and says in stream-start that the stream
 * is sparse. On the streaming thread of the appsrc. */
static GstPadProbeReturn
event_probe (GstPad * pad, GstPadProbeInfo * info, gpointer self)
{
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

    if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP)
        || GST_BUFFER_FLAG_IS_SET (buffer, FLAG_END)) {
      push_event_of (self, pad, buffer);
      return GST_PAD_PROBE_DROP;
    }
  } else {
    GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);

    if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START) {
      event = gst_event_make_writable (event);
      gst_event_set_stream_flags (event, GST_STREAM_FLAG_SPARSE);
      GST_PAD_PROBE_INFO_DATA (info) = event;
    }
  }

  return GST_PAD_PROBE_OK;
}

/* Takes @buffer. A line from before a flush has no time after it: it stands at the
 * beginning. */
static GstBuffer *
stamp_anew (GstBuffer * buffer)
{
  GstBuffer *stamped;
  GstMapInfo map;
  gchar *line;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return buffer;
  line = realtime_event_line_stamp ((const gchar *) map.data, map.size, 0);
  gst_buffer_unmap (buffer, &map);
  gst_buffer_unref (buffer);
  stamped = gst_buffer_new_wrapped (line, strlen (line));
  GST_BUFFER_PTS (stamped) = 0;

  return stamped;
}

/* No line is lost with a flush of ours, but for what is already behind the pad. A
 * reader that is brought down, or has had enough, ends nobody's stream. */
static GstFlowReturn
event_chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  GstRealtimeBin *self = GST_REALTIME_BIN (GST_OBJECT_PARENT (parent));
  guint restarts = wait_for_flush (self);
  GstFlowReturn flow;

  if (GST_BUFFER_OFFSET (buffer) != restarts)
    buffer = stamp_anew (buffer);
  flow = gst_proxy_pad_chain_default (pad, parent, gst_buffer_ref (buffer));
  if (flow == GST_FLOW_FLUSHING && wait_for_flush (self) != restarts)
    flow = gst_proxy_pad_chain_default (pad, parent, stamp_anew (buffer));
  else
    gst_buffer_unref (buffer);

  return flow == GST_FLOW_FLUSHING || flow == GST_FLOW_EOS ? GST_FLOW_OK : flow;
}

static gboolean
event_src_query (GstPad * pad, GstObject * parent, GstQuery * query)
{
  GstRealtimeBin *self = GST_REALTIME_BIN (parent);

  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_LATENCY:
      gst_query_set_latency (query, TRUE, gst_realtime_bin_is_held (self) ?
          gst_realtime_uplink_get_hold (self->uplink) : 0, GST_CLOCK_TIME_NONE);
      return TRUE;
    default:
      return gst_pad_query_default (pad, parent, query);
  }
}

/* With the events' lock. From GStreamer 1.24 on a live appsrc takes nothing while
 * it is paused: what it refuses is offered again when it wants more. */
static void
offer_events (GstRealtimeBin * self)
{
  GstAppSrc *source = GST_APP_SRC (self->event_source);
  GstBuffer *buffer;

  while ((buffer = g_queue_peek_head (&self->events))) {
    if (gst_app_src_push_buffer (source, gst_buffer_ref (buffer)) ==
        GST_FLOW_FLUSHING)
      return;
    g_queue_pop_head (&self->events);
    gst_buffer_unref (buffer);
  }
}

static void
on_need_data (GstAppSrc * source, guint length, gpointer user_data)
{
  GstRealtimeBin *self = user_data;

  g_mutex_lock (&self->events_lock);
  offer_events (self);
  g_mutex_unlock (&self->events_lock);
}

void
gst_realtime_bin_set_up_event_pad (GstRealtimeBin * self)
{
  GstAppSrcCallbacks callbacks = { on_need_data, };
  GstPad *pad = gst_element_get_static_pad (self->event_source, "src");

  gst_app_src_set_callbacks (GST_APP_SRC (self->event_source), &callbacks, self,
      NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER |
      GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, event_probe, self, NULL);
  gst_object_unref (pad);

  pad = GST_PAD (gst_proxy_pad_get_internal (GST_PROXY_PAD (self->event_pad)));
  gst_pad_set_chain_function (pad, event_chain);
  gst_object_unref (pad);
  gst_pad_set_query_function (self->event_pad, event_src_query);
}

/* Takes @buffer. */
static void
queue_events (GstRealtimeBin * self, GstBuffer * buffer)
{
  g_mutex_lock (&self->events_lock);
  g_queue_push_tail (&self->events, buffer);
  offer_events (self);
  g_mutex_unlock (&self->events_lock);
}

void
gst_realtime_bin_push_events (GstRealtimeBin * self, GstBuffer * buffer,
    GstClockTime running_time)
{
  GST_BUFFER_PTS (buffer) = running_time;
  GST_OBJECT_LOCK (self);
  GST_BUFFER_OFFSET (buffer) = self->restarts;
  /* of a time that was before a flush that has come in between */
  if (running_time > self->last_running_time)
    GST_BUFFER_OFFSET (buffer)--;
  GST_OBJECT_UNLOCK (self);
  queue_events (self, buffer);
}

void
gst_realtime_bin_end_streams (GstRealtimeBin * self, guint flushes)
{
  GstBuffer *buffer = gst_buffer_new ();
  gboolean ends;

  GST_BUFFER_FLAG_SET (buffer, FLAG_END);
  GST_OBJECT_LOCK (self);
  /* with the lock: a flush that begins now takes it back */
  ends = flushes == self->flushes;
  if (ends)
    gst_realtime_downlink_end (self->downlink);
  GST_BUFFER_OFFSET (buffer) = self->restarts;
  GST_OBJECT_UNLOCK (self);
  if (ends)
    queue_events (self, buffer);
  else
    gst_buffer_unref (buffer);
}

void
gst_realtime_bin_forget_events (GstRealtimeBin * self)
{
  g_mutex_lock (&self->events_lock);
  g_queue_clear_full (&self->events, (GDestroyNotify) gst_buffer_unref);
  g_mutex_unlock (&self->events_lock);
}

/* --- a flush of a held input, as when its file is sought in --- */

static void
begin_restart (GstRealtimeBin * self)
{
  GST_OBJECT_LOCK (self);
  self->events_flushing = TRUE;
  self->flushes++;
  GST_OBJECT_UNLOCK (self);
  gst_pad_push_event (self->event_pad, gst_event_new_flush_start ());
  gst_realtime_downlink_begin_restart (self->downlink);
}

/* What went before the first line is not sent again, and a flush takes the segment
 * out of it. Where no line has come yet, all of it is still to come. */
static void
renew_segment (GstPad * pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstSegment segment;

  if (!caps)
    return;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (pad, gst_event_new_segment (&segment));
}

static void
end_restart (GstRealtimeBin * self)
{
  GstRealtimeSupervisor *supervisor;
  guint flushes;

  gst_realtime_downlink_end_restart (self->downlink);
  gst_pad_push_event (self->event_pad, gst_event_new_flush_stop (TRUE));
  renew_segment (self->event_pad);

  GST_OBJECT_LOCK (self);
  self->events_flushing = FALSE;
  self->restarts++;
  flushes = self->flushes;
  self->last_running_time = 0;
  g_cond_broadcast (&self->events_flushed);
  GST_OBJECT_UNLOCK (self);
  if ((supervisor = gst_realtime_bin_borrow_supervisor (self))) {
    gst_realtime_supervisor_restart_input (supervisor, flushes);
    gst_realtime_bin_give_supervisor_back (self);
  }
}

void
gst_realtime_bin_let_events_go (GstRealtimeBin * self)
{
  GST_OBJECT_LOCK (self);
  self->events_flushing = FALSE;
  g_cond_broadcast (&self->events_flushed);
  GST_OBJECT_UNLOCK (self);
}

/* What stands on the timeline of a held input is flushed with it, and begins anew.
 * Where the timeline is the clock's, a flush of the input is no affair of
 * anybody's downstream. */
gboolean
gst_realtime_bin_sink_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  GstRealtimeBin *self = GST_REALTIME_BIN (parent);
  GstEventType type = GST_EVENT_TYPE (event);
  gboolean held = gst_realtime_bin_is_held (self), result;

  if (type == GST_EVENT_FLUSH_START && held)
    begin_restart (self);
  result = gst_pad_event_default (pad, parent, event);
  if (type == GST_EVENT_FLUSH_STOP && held)
    end_restart (self);

  return result;
}
