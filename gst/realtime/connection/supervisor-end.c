/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "session/failure.h"
#include "supervisor-private.h"
#include "transport/source.h"

#define DRAIN_INTERVAL_MS 50

static void
connection_closed (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  if (--self->closing == 0 && self->stopping)
    g_main_loop_quit (self->loop);
  supervisor_unref (self);
}

void
supervisor_close_connection (GstRealtimeSupervisor * self)
{
  GstRealtimeConnection *connection = self->connection;

  g_atomic_int_set (&self->can_send, FALSE);
  supervisor_config_stop (self);
  if (!connection)
    return;
  self->connection = NULL;
  self->closing++;
  gst_realtime_connection_close (connection, connection_closed,
      supervisor_ref (self));
}

void
supervisor_fail (GstRealtimeSupervisor * self, const GError * error)
{
  if (self->failed || self->drained)
    return;
  self->failed = TRUE;
  gst_realtime_source_clear (&self->drain_timer);
  gst_realtime_source_clear (&self->gap_timer);
  gst_realtime_source_clear (&self->sound_timer);

  supervisor_tell_error (self, realtime_failure_get_code (error),
      error->message, realtime_failure_get_http_status (error), TRUE,
      realtime_failure_get_request_id (error));
  supervisor_set_state (self, REALTIME_CONNECTION_FAILED, error->message);
  supervisor_close_connection (self);
  if (supervisor_has_host (self))
    self->host.failed (error, self->host_object);
}

void
supervisor_finish (GstRealtimeSupervisor * self, const gchar * reason)
{
  if (self->drained || self->failed)
    return;
  self->drained = TRUE;
  gst_realtime_source_clear (&self->drain_timer);
  gst_realtime_source_clear (&self->gap_timer);
  gst_realtime_source_clear (&self->sound_timer);

  realtime_conversation_flush (self->conversation,
      supervisor_conversation_changed, self);
  supervisor_set_state (self, REALTIME_CONNECTION_CLOSED, reason);
  supervisor_close_connection (self);
  if (supervisor_has_host (self))
    self->host.drained (self->host_object);
}

static void
commit_turn (GstRealtimeSupervisor * self)
{
  supervisor_send_own_event (self, "{\"type\":\"input_audio_buffer.commit\","
      "\"event_id\":\"" SUPERVISOR_COMMIT_EVENT_ID "\"}");
  if (self->config.told.session_type == REALTIME_SESSION_CONVERSATION
      && self->config.told.create_response)
    supervisor_send_own_event (self, "{\"type\":\"response.create\","
        "\"event_id\":\"" SUPERVISOR_RESPONSE_EVENT_ID "\"}");
}

static gboolean
check_drain (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;
  GstRealtimeInput input;
  gint64 now = g_get_monotonic_time ();
  gchar *message;

  if (!self->playing) {
    self->drain_deadline += DRAIN_INTERVAL_MS * 1000;
    self->drain.quiet_since = 0;
    return G_SOURCE_CONTINUE;
  }

  self->host.get_input (&input, self->host_object);
  switch (gst_realtime_drain_check (&self->drain, self->conversation, &input,
          self->epoch, self->awaited, now)) {
    case GST_REALTIME_DRAIN_COMMIT:
      commit_turn (self);
      break;
    case GST_REALTIME_DRAIN_DONE:
      supervisor_finish (self, "end of stream");
      return G_SOURCE_REMOVE;
    case GST_REALTIME_DRAIN_WAIT:
      break;
  }

  if (now > self->drain_deadline) {
    message = g_strdup_printf ("Not everything that was said had its words "
        "%u ms after the input's end (drain-timeout): %u transcripts, %s, %s "
        "outstanding.", self->settings->drain_timeout_ms,
        realtime_conversation_get_pending_transcripts (self->conversation),
        realtime_conversation_has_active_response (self->conversation) ?
        "a response" : "no response",
        realtime_conversation_is_output_playing (self->conversation) ?
        "speech" : "no speech");
    supervisor_warn (self, "drain_timeout", message);
    g_free (message);
    supervisor_finish (self, "drain-timeout");
    return G_SOURCE_REMOVE;
  }

  return G_SOURCE_CONTINUE;
}

/* Nothing is waited for that never went to a session. */
void
supervisor_start_drain (GstRealtimeSupervisor * self)
{
  if (self->drain_timer || self->drained || self->failed)
    return;
  self->drain_deadline = g_get_monotonic_time ()
      + self->settings->drain_timeout_ms * (gint64) 1000;
  if (self->connection)
    supervisor_set_state (self, REALTIME_CONNECTION_DRAINING, "end of input");
  self->drain_timer =
      supervisor_add_timer (self, DRAIN_INTERVAL_MS, check_drain);
}
