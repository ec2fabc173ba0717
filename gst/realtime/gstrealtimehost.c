/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>
#include <gst/pbutils/pbutils.h>

#include "gstrealtimebin-private.h"
#include "gstrealtimeerror.h"
#include "media/downlink.h"
#include "media/uplink.h"
#include "session/failure.h"
#include "transport/webrtc.h"

/* --- the supervisor, as other threads reach it --- */

GstRealtimeSupervisor *
gst_realtime_bin_borrow_supervisor (GstRealtimeBin * self)
{
  GstRealtimeSupervisor *supervisor;

  GST_OBJECT_LOCK (self);
  supervisor = self->supervisor;
  if (supervisor)
    self->supervisor_users++;
  GST_OBJECT_UNLOCK (self);

  return supervisor;
}

void
gst_realtime_bin_give_supervisor_back (GstRealtimeBin * self)
{
  GST_OBJECT_LOCK (self);
  if (--self->supervisor_users == 0)
    g_cond_broadcast (&self->supervisor_idle);
  GST_OBJECT_UNLOCK (self);
}

/* --- what the supervisor asks and tells; on the session thread --- */

/* Has the input leave by @element from now on. */
static void
link_input (GstRealtimeBin * self, GstElement * element)
{
  if (!gst_element_link_pads (self->uplink, "src", element, "sink"))
    GST_ERROR_OBJECT (self, "the link does not fit");
}

static guint
host_add_transport (GstRealtimeTransport * transport, gpointer host)
{
  GstRealtimeBin *self = host;
  GstElement *element = GST_ELEMENT (transport);
  GstPad *pad, *peer;
  guint line = 0;

  if (GST_IS_REALTIME_WEBRTC (transport))
    g_signal_emit_by_name (self, "webrtcbin-ready",
        gst_realtime_webrtc_get_webrtcbin (GST_REALTIME_WEBRTC (transport)));

  gst_bin_add (GST_BIN (self), element);
  gst_realtime_bin_note_transport (self, transport);
  /* what a session left that could not end in time gets no more */
  pad = gst_element_get_static_pad (self->uplink, "src");
  if ((peer = gst_pad_get_peer (pad))) {
    gst_pad_unlink (pad, peer);
    gst_object_unref (peer);
  }
  gst_object_unref (pad);
  /* what is swallowed meanwhile is not for a session that is not configured */
  if (!gst_realtime_uplink_is_open (self->uplink))
    link_input (self, element);
  if (!gst_element_link_pads (element, "src", self->downlink, "sink_%u"))
    GST_ERROR_OBJECT (self, "the link does not fit");
  pad = gst_element_get_static_pad (element, "src");
  if ((peer = gst_pad_get_peer (pad))) {
    line = gst_realtime_downlink_get_line (peer);
    gst_object_unref (peer);
  }
  gst_object_unref (pad);
  gst_element_sync_state_with_parent (element);

  return line;
}

static void
host_remove_transport (GstRealtimeTransport * transport, gpointer host)
{
  GstRealtimeBin *self = host;
  GstElement *element = GST_ELEMENT (transport);
  GstPad *pad, *peer;

  if (!gst_object_has_as_parent (GST_OBJECT (element), GST_OBJECT (self)))
    return;

  gst_realtime_bin_forget_transport (self, transport);
  pad = gst_element_get_static_pad (element, "sink");
  peer = gst_pad_get_peer (pad);
  if (peer) {
    gst_realtime_uplink_close (self->uplink);
    gst_pad_unlink (peer, pad);
    gst_object_unref (peer);
  }
  gst_object_unref (pad);
  pad = gst_element_get_static_pad (element, "src");
  peer = gst_pad_get_peer (pad);
  if (peer) {
    gst_pad_unlink (pad, peer);
    gst_element_release_request_pad (self->downlink, peer);
    gst_object_unref (peer);
  }
  gst_object_unref (pad);
  gst_element_set_locked_state (element, TRUE);
  gst_bin_remove (GST_BIN (self), element);
}

/* Of a held input: where the clock is in it, but while it stands still no further
 * than what was sent of it. Without the lock. */
static GstClockTime
held_running_time (GstRealtimeBin * self, GstClockTime now)
{
  GstClockTime hold = gst_realtime_uplink_get_hold (self->uplink);
  GstClockTime position = gst_realtime_uplink_get_position (self->uplink);

  now = now > hold ? now - hold : 0;
  return GST_CLOCK_TIME_IS_VALID (position) ? MIN (now, position) : 0;
}

/* Stands still while the pipeline does: what the clock says then is no running
 * time. Never goes back. */
static GstClockTime
host_get_running_time (gpointer host)
{
  GstRealtimeBin *self = host;
  GstClockTime now = gst_element_get_current_running_time (GST_ELEMENT (self));
  GstClockTime held = GST_CLOCK_TIME_IS_VALID (now) ?
      held_running_time (self, now) : 0;

  GST_OBJECT_LOCK (self);
  if (!GST_CLOCK_TIME_IS_VALID (now) || !self->playing
      || self->input_kind == INPUT_UNKNOWN)
    now = 0;
  else if (self->input_kind == INPUT_HELD)
    now = held;
  /* while the pipeline plays: its running time began anew */
  if (self->playing && self->base_time != GST_ELEMENT_CAST (self)->base_time) {
    self->base_time = GST_ELEMENT_CAST (self)->base_time;
    if (self->input_kind != INPUT_HELD)
      self->last_running_time = 0;
  }
  self->last_running_time = MAX (self->last_running_time, now);
  now = self->last_running_time;
  GST_OBJECT_UNLOCK (self);

  return now;
}

static void
host_get_input (GstRealtimeInput * input, gpointer host)
{
  GstRealtimeBin *self = host;

  input->position = gst_realtime_uplink_get_position (self->uplink);
  input->end = gst_realtime_uplink_get_end (self->uplink);
  input->last_sound = gst_realtime_uplink_get_last_sound (self->uplink);
  GST_OBJECT_LOCK (self);
  input->fed = self->input_kind == INPUT_HELD ? input->position :
      (guint) g_atomic_int_get (&self->arrivals);
  input->expected = !self->audio.mute && !GST_CLOCK_TIME_IS_VALID (input->end);
  GST_OBJECT_UNLOCK (self);
  input->expected &= gst_pad_is_linked (self->sink_pad);
}

/* What was swallowed until now is to be heard: the session counts from its next
 * sample on. */
static void
stop_swallowing (GstRealtimeBin * self)
{
  GstRealtimeTransport *transport = NULL;

  gst_realtime_uplink_close (self->uplink);
  GST_OBJECT_LOCK (self);
  if (self->transport)
    transport = gst_object_ref (self->transport);
  GST_OBJECT_UNLOCK (self);
  if (transport)
    link_input (self, GST_ELEMENT (transport));
  gst_clear_object (&transport);
}

static void
host_hold_input (gpointer host)
{
  gst_realtime_uplink_close (GST_REALTIME_BIN (host)->uplink);
}

/* Where nothing is linked by now, there is nothing to be in step with. */
static void
host_let_input_in (gpointer host)
{
  GstRealtimeBin *self = host;

  if (gst_realtime_uplink_is_open (self->uplink))
    stop_swallowing (self);
  if (!gst_pad_is_linked (self->sink_pad))
    gst_realtime_bin_settle_input (self, INPUT_LIVE);
  gst_realtime_uplink_open (self->uplink);
}

static void
host_expect_silence (gpointer host)
{
  gst_realtime_downlink_expect_end (GST_REALTIME_BIN (host)->downlink);
}

static void
host_push_line (gchar * line, GstClockTime running_time, gpointer host)
{
  GstRealtimeBin *self = host;
  GstBuffer *buffer = gst_buffer_new_wrapped (line, strlen (line));

  gst_realtime_bin_push_events (self, buffer, running_time);
}

/* An appsrc takes no gap events: the pad makes one of it. */
static void
host_push_gap (GstClockTime running_time, gpointer host)
{
  GstRealtimeBin *self = host;
  GstBuffer *buffer = gst_buffer_new ();

  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  gst_realtime_bin_push_events (self, buffer, running_time);
}

void
gst_realtime_bin_set_states (GstRealtimeBin * self,
    RealtimeConnectionState connection, RealtimeTurnState turn,
    const gchar * session_id, const gchar * call_id)
{
  gboolean connection_changed, turn_changed, session_changed, call_changed;

  GST_OBJECT_LOCK (self);
  connection_changed = self->connection_state != connection;
  turn_changed = self->turn_state != turn;
  session_changed = g_strcmp0 (self->session_id, session_id) != 0;
  call_changed = g_strcmp0 (self->call_id, call_id) != 0;
  self->connection_state = connection;
  self->turn_state = turn;
  if (session_changed) {
    g_free (self->session_id);
    self->session_id = g_strdup (session_id);
  }
  if (call_changed) {
    g_free (self->call_id);
    self->call_id = g_strdup (call_id);
  }
  GST_OBJECT_UNLOCK (self);

  if (session_changed)
    g_object_notify (G_OBJECT (self), "session-id");
  if (call_changed)
    g_object_notify (G_OBJECT (self), "call-id");
  if (connection_changed)
    g_object_notify (G_OBJECT (self), "connection-state");
  if (turn_changed)
    g_object_notify (G_OBJECT (self), "turn-state");
}

static void
host_state (RealtimeConnectionState connection, RealtimeTurnState turn,
    const gchar * session_id, const gchar * call_id, gpointer host)
{
  gst_realtime_bin_set_states (host, connection, turn, session_id, call_id);
}

static gboolean
host_function_call (const RealtimeFunctionCall * call, gpointer host)
{
  guint signal = g_signal_lookup ("function-call", GST_TYPE_REALTIME_BIN);
  gboolean heard = g_signal_has_handler_pending (host, signal, 0, TRUE);

  g_signal_emit (host, signal, 0, call->call_id, call->name, call->arguments);

  return heard;
}

static void
host_silence (gpointer host)
{
  GstRealtimeBin *self = host;
  GstRealtimeFlush flush;

  GST_OBJECT_LOCK (self);
  flush = self->flush_on_interrupt;
  GST_OBJECT_UNLOCK (self);
  gst_realtime_downlink_flush (self->downlink);
  if (flush == GST_REALTIME_FLUSH_ALWAYS || (flush == GST_REALTIME_FLUSH_AUTO
          && gst_realtime_downlink_is_only_heard (self->downlink)))
    gst_realtime_downlink_flush_downstream (self->downlink);
}

static void
host_resume (GstClockTimeDiff after, gpointer host)
{
  GstRealtimeBin *self = host;
  GstClockTime now = gst_element_get_current_running_time (GST_ELEMENT (self));

  if (GST_CLOCK_TIME_IS_VALID (now))
    now = after < 0 && now < (GstClockTime) - after ? 0 : now + after;
  gst_realtime_downlink_resume (self->downlink, now);
}

static void
host_mute_from (GstClockTime running_time, gpointer host)
{
  GstRealtimeBin *self = host;

  gst_realtime_uplink_set_mute_from (self->uplink, running_time);
}

static void
host_watch_input (GstClockTime running_time, gpointer host)
{
  GstRealtimeBin *self = host;

  gst_realtime_uplink_watch (self->uplink, running_time);
}

static void
host_warning (const gchar * message, gpointer host)
{
  GST_ELEMENT_WARNING (host, RESOURCE, READ, ("%s", message), (NULL));
}

static void
host_warn_of_failure (const GError * failure, gpointer host)
{
  gst_realtime_element_warning (host, failure);
}

void
gst_realtime_bin_post_failure (GstRealtimeBin * self, const GError * error)
{
  GError *missing;

  if (!g_error_matches (error, REALTIME_FAILURE,
          REALTIME_FAILURE_MISSING_PLUGIN)) {
    gst_realtime_element_error (GST_ELEMENT (self), error);
    return;
  }
  gst_element_post_message (GST_ELEMENT (self),
      gst_missing_element_message_new (GST_ELEMENT (self), error->message));
  missing = g_error_new (REALTIME_FAILURE, REALTIME_FAILURE_MISSING_PLUGIN,
      "The element %s is missing. Install GStreamer's base, good and bad "
      "plugins and the one of libnice (Debian: gstreamer1.0-plugins-base, "
      "-good, -bad and gstreamer1.0-nice).", error->message);
  gst_realtime_element_error (GST_ELEMENT (self), missing);
  g_error_free (missing);
}

static void
host_conversation (gchar * json, gpointer host)
{
  GstRealtimeBin *self = host;

  GST_OBJECT_LOCK (self);
  g_free (self->conversation);
  self->conversation = json;
  GST_OBJECT_UNLOCK (self);
  g_object_notify (G_OBJECT (self), "conversation");
}

static void
host_usage (const RealtimeUsage * usage, gpointer host)
{
  GstRealtimeBin *self = host;

  GST_OBJECT_LOCK (self);
  self->usage = *usage;
  GST_OBJECT_UNLOCK (self);
  g_object_notify (G_OBJECT (self), "usage");
}

static void
host_shut_input_out (gpointer host)
{
  gst_realtime_uplink_set_mute (((GstRealtimeBin *) host)->uplink, TRUE);
}

/* What passes the uplink now ends there, paced as ever; where nothing came yet,
 * the output begins by the clock. */
static void
host_off_air (gpointer host)
{
  GstRealtimeBin *self = host;

  if (!gst_pad_is_linked (self->sink_pad))
    gst_realtime_bin_settle_input (self, INPUT_LIVE);
  gst_realtime_uplink_open (self->uplink);
}

static void
host_go_on_without (gpointer host)
{
  GstRealtimeBin *self = host;
  gboolean live;

  if (!gst_pad_is_linked (self->sink_pad))
    gst_realtime_bin_settle_input (self, INPUT_LIVE);
  GST_OBJECT_LOCK (self);
  live = self->input_kind == INPUT_LIVE;
  GST_OBJECT_UNLOCK (self);
  if (!live)
    gst_realtime_uplink_open (self->uplink);
}

static void
host_failed (const GError * error, gpointer host)
{
  gst_realtime_bin_post_failure (host, error);
}

static void
host_drained (guint flushes, gpointer host)
{
  gst_realtime_bin_end_streams (host, flushes);
}

const GstRealtimeHost gst_realtime_bin_host = {
  host_add_transport, host_remove_transport, gst_realtime_bin_want_token,
  host_get_running_time, host_get_input, gst_realtime_bin_find_turns,
  host_hold_input, host_let_input_in, host_expect_silence, host_push_line,
  host_push_gap,
  host_state, host_function_call, host_silence, host_resume, host_mute_from,
  host_watch_input, host_warning, host_warn_of_failure, host_conversation,
  host_usage, host_shut_input_out, host_off_air,
  host_go_on_without, host_failed, host_drained
};
