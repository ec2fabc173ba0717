/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "session/clientevent.h"
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
  supervisor_history_stop (self);
  supervisor_turns_stop (self);
  supervisor_talk_stop (self);
  if (!connection)
    return;
  self->connection = NULL;
  self->closing++;
  gst_realtime_connection_close (connection, connection_closed,
      supervisor_ref (self));
}

/* The streams end, all that there is being told. */
static void
end_streams (GstRealtimeSupervisor * self)
{
  gst_realtime_source_clear (&self->gap_timer);
  if (supervisor_has_host (self))
    self->host.drained (self->flushes, self->host_object);
}

/* The streams go on without a session, until the input ends. */
static void
go_off_air (GstRealtimeSupervisor * self)
{
  self->off_air = TRUE;
  if (self->input_ended)
    end_streams (self);
  else if (supervisor_has_host (self))
    self->host.off_air (self->host_object);
}

static gboolean
stays_on_air (GstRealtimeSupervisor * self)
{
  return self->settings->on_failure == GST_REALTIME_ON_FAILURE_CONTINUE;
}

void
supervisor_take_end_of_input (GstRealtimeSupervisor * self)
{
  if (self->input_ended)
    return;
  self->input_ended = TRUE;
  if (self->off_air)
    end_streams (self);
  else if (supervisor_recovery_is_on (self))
    supervisor_finish (self, "end of input");
  else
    supervisor_start_drain (self);
}

void
supervisor_fail (GstRealtimeSupervisor * self, const GError * error)
{
  if (self->failed || self->drained)
    return;
  self->failed = TRUE;
  gst_realtime_source_clear (&self->drain_timer);
  gst_realtime_source_clear (&self->sound_timer);
  supervisor_budget_stop (self);
  supervisor_recovery_stop (self);

  supervisor_tell_error (self, realtime_failure_get_code (error),
      error->message, realtime_failure_get_http_status (error),
      !stays_on_air (self), realtime_failure_get_request_id (error));
  supervisor_set_state (self, REALTIME_CONNECTION_FAILED, error->message);
  supervisor_close_connection (self);
  if (stays_on_air (self)) {
    if (supervisor_has_host (self))
      self->host.warn_of_failure (error, self->host_object);
    go_off_air (self);
    return;
  }
  gst_realtime_source_clear (&self->gap_timer);
  if (supervisor_has_host (self))
    self->host.failed (error, self->host_object);
}

void
supervisor_finish (GstRealtimeSupervisor * self, const gchar * reason)
{
  if (self->drained || self->failed)
    return;
  self->drained = TRUE;
  supervisor_translation_count (self, TRUE);
  gst_realtime_source_clear (&self->drain_timer);
  gst_realtime_source_clear (&self->sound_timer);
  supervisor_budget_stop (self);
  supervisor_recovery_stop (self);

  realtime_conversation_flush (self->conversation,
      supervisor_conversation_changed, self);
  supervisor_history_tell (self);
  supervisor_set_state (self, REALTIME_CONNECTION_CLOSED, reason);
  supervisor_close_connection (self);
  if (stays_on_air (self))
    go_off_air (self);
  else
    end_streams (self);
}

static void
commit_turn (GstRealtimeSupervisor * self)
{
  g_autofree gchar *id =
      realtime_client_event_make_id ("commit", ++self->commits);

  /* a session that has had what it may take asks for nothing more */
  supervisor_commit (self, id,
      self->config.told.session_type == REALTIME_SESSION_CONVERSATION
      && !self->end_reason && self->config.told.create_response);
}

static gboolean
check_drain (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;
  GstRealtimeInput input;
  gint64 now = g_get_monotonic_time ();
  GstRealtimeDrainStep step;
  gchar *message;

  if (!self->playing) {
    self->drain_deadline += DRAIN_INTERVAL_MS * 1000;
    self->drain.quiet_since = 0;
    return G_SOURCE_CONTINUE;
  }

  self->host.get_input (&input, self->host_object);
  step = self->session_type == REALTIME_SESSION_TRANSLATION ?
      supervisor_translation_drain (self, &input, now) :
      gst_realtime_drain_check (&self->drain, self->conversation, &input,
      supervisor_get_epoch (self),
      self->awaited + supervisor_turns_get_pending (self), now);
  switch (step) {
    case GST_REALTIME_DRAIN_COMMIT:
      commit_turn (self);
      break;
    case GST_REALTIME_DRAIN_DONE:
      supervisor_finish (self, self->end_reason ? self->end_reason :
          "end of stream");
      return G_SOURCE_REMOVE;
    case GST_REALTIME_DRAIN_WAIT:
      break;
  }

  if (now > self->drain_deadline) {
    message = g_strdup_printf ("Not everything that was said had its words "
        "%u ms after the end (drain-timeout): %u transcripts, %s, %s, "
        "%u function calls outstanding%s.", self->settings->drain_timeout_ms,
        realtime_conversation_get_pending_transcripts (self->conversation),
        realtime_conversation_has_active_response (self->conversation) ?
        "a response" : "no response",
        realtime_conversation_is_output_playing (self->conversation) ?
        "speech" : "no speech", supervisor_turns_get_open_calls (self),
        self->translation.close_sent
        && !realtime_conversation_is_closed (self->conversation) ?
        ", and no session.closed" : "");
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
  self->drain.committed = !supervisor_talk_end_input (self);
  self->drain_deadline = g_get_monotonic_time ()
      + self->settings->drain_timeout_ms * (gint64) 1000;
  if (self->connection)
    supervisor_set_state (self, REALTIME_CONNECTION_DRAINING,
        self->end_reason ? self->end_reason : "end of input");
  self->drain_timer =
      supervisor_add_timer (self, DRAIN_INTERVAL_MS, check_drain);
}

void
supervisor_end_in_order (GstRealtimeSupervisor * self, const gchar * reason)
{
  if (self->drain_timer || self->drained || self->failed)
    return;
  self->end_reason = reason;
  if (supervisor_has_host (self))
    self->host.shut_input_out (self->host_object);
  supervisor_start_drain (self);
}
