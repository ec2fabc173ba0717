/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "session/eventline.h"
#include "session/failure.h"
#include "session/json.h"
#include "supervisor-private.h"

/* Whether the host is still to be told things. After a stop that we come to
 * too late it may already be in its next session. */
gboolean
supervisor_has_host (GstRealtimeSupervisor * self)
{
  return self->host_object && !g_atomic_int_get (&self->detached);
}

void
supervisor_push_line (GstRealtimeSupervisor * self, gchar * line,
    GstClockTime now)
{
  if (supervisor_has_host (self))
    self->host.push_line (line, now, self->host_object);
  else
    g_free (line);
}

void
supervisor_handle (GstRealtimeSupervisor * self, JsonObject * event)
{
  realtime_conversation_handle (self->conversation, event,
      supervisor_conversation_changed, self);
  supervisor_watch_output (self);
}

void
supervisor_push_own_line (GstRealtimeSupervisor * self, gchar * line,
    GstClockTime now)
{
  JsonObject *event = realtime_json_parse_object (line, -1, NULL);

  supervisor_push_line (self, line, now);
  if (event) {
    supervisor_handle (self, event);
    json_object_unref (event);
  }
}

GstClockTime
supervisor_get_now (GstRealtimeSupervisor * self)
{
  return self->host_object ? self->host.get_running_time (self->host_object) :
      0;
}

void
supervisor_tell_state (GstRealtimeSupervisor * self)
{
  const gchar *session_id = NULL, *call_id = NULL;
  GstClockTime now = supervisor_get_now (self);

  if (!supervisor_has_host (self))
    return;
  if (self->connection) {
    session_id = gst_realtime_connection_get_session_id (self->connection);
    call_id = gst_realtime_connection_get_call_id (self->connection);
  }
  /* The properties first: who hears of a state downstream finds it there. */
  self->host.state (self->state, self->turn, session_id, call_id,
      self->host_object);
  supervisor_push_line (self, realtime_event_line_state (now, self->session,
          self->state, self->turn, self->reason,
          self->state == REALTIME_CONNECTION_RECONNECTING ?
          self->recovery.attempt : 0, session_id, call_id), now);
}

void
supervisor_set_state (GstRealtimeSupervisor * self,
    RealtimeConnectionState state, const gchar * reason)
{
  /* one attempt follows the other */
  if (self->state == state && state != REALTIME_CONNECTION_RECONNECTING)
    return;
  self->state = state;
  g_atomic_int_set (&self->can_reconnect,
      state == REALTIME_CONNECTION_CONNECTED
      || state == REALTIME_CONNECTION_RECONNECTING);
  /* who spoke last is heard no more */
  if (state == REALTIME_CONNECTION_FAILED
      || state == REALTIME_CONNECTION_RECONNECTING
      || state == REALTIME_CONNECTION_CLOSED)
    self->turn = REALTIME_TURN_IDLE;
  g_free (self->reason);
  self->reason = g_strdup (reason);
  supervisor_tell_state (self);
}

void
supervisor_tell_error (GstRealtimeSupervisor * self, const gchar * code,
    const gchar * message, guint http_status, gboolean fatal,
    const gchar * request_id)
{
  GstClockTime now = supervisor_get_now (self);

  supervisor_push_line (self, realtime_event_line_error (now, self->session,
          code, message, http_status, fatal, request_id), now);
}

void
supervisor_warn (GstRealtimeSupervisor * self, const gchar * code,
    const gchar * message)
{
  supervisor_tell_error (self, code, message, 0, FALSE, NULL);
  if (supervisor_has_host (self))
    self->host.warning (message, self->host_object);
}

void
supervisor_warn_of_failure (GstRealtimeSupervisor * self, const gchar * code,
    const GError * failure)
{
  supervisor_tell_error (self, code, failure->message,
      realtime_failure_get_http_status (failure), FALSE,
      realtime_failure_get_request_id (failure));
  if (supervisor_has_host (self))
    self->host.warn_of_failure (failure, self->host_object);
}

void
supervisor_conversation_changed (const RealtimeChange * change,
    gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  switch (change->type) {
    case REALTIME_CHANGE_STATE:
      if (change->state.turn != self->turn) {
        self->turn = change->state.turn;
        supervisor_tell_state (self);
      }
      break;
    case REALTIME_CHANGE_USAGE:
      supervisor_budget_count (self, &change->usage);
      break;
    case REALTIME_CHANGE_FUNCTION_CALL:
      supervisor_turns_call (self, &change->function_call);
      break;
    default:
      break;
  }
}
