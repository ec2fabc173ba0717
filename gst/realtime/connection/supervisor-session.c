/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "session/clientevent.h"
#include "session/eventline.h"
#include "session/failure.h"
#include "session/json.h"
#include "supervisor-private.h"

GST_DEBUG_CATEGORY_EXTERN (realtime_supervisor_debug);
#define GST_CAT_DEFAULT realtime_supervisor_debug

void
supervisor_commit (GstRealtimeSupervisor * self, const gchar * id,
    gboolean reply)
{
  g_autofree gchar *commit =
      realtime_client_event_plain (id, "input_audio_buffer.commit");

  if (supervisor_turns_deliver (self, commit))
    self->awaited++;
  if (reply)
    supervisor_turns_ask_reply (self, NULL);
}

static void
on_add_transport (GstRealtimeTransport * transport, gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  if (supervisor_has_host (self))
    self->output_line = self->host.add_transport (transport, self->host_object);
}

static void
on_remove_transport (GstRealtimeTransport * transport, gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  if (self->host_object)
    self->host.remove_transport (transport, self->host_object);
}

static void
on_want_token (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  if (supervisor_has_host (self))
    self->host.want_token (self->host_object);
}

static void
on_connection_state (RealtimeConnectionState state, const gchar * reason,
    gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  if (state == REALTIME_CONNECTION_CONNECTED) {
    /* who reads of it may send at once */
    g_atomic_int_set (&self->can_send, TRUE);
    supervisor_recovery_succeed (self);
  } else if (supervisor_recovery_is_on (self)) {
    return;
  }
  supervisor_set_state (self, state, reason);
}

static void
on_progress (const gchar * step, guint64 elapsed_ns, gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;
  GstClockTime now = supervisor_get_now (self);

  supervisor_push_line (self, realtime_event_line_progress (now, self->session,
          step, elapsed_ns), now);
}

/* What the server says of its VAD is what it does. */
static void
read_turn_detection (GstRealtimeSupervisor * self, JsonObject * event)
{
  static const gchar path[] = "session.audio.input.turn_detection";
  JsonObject *detection = realtime_json_get_object (event, path);
  const gchar *eagerness;

  if (!detection) {
    /* a null says manual, a missing member says nothing */
    if (realtime_json_has (event, path))
      self->drain.manual = TRUE;
    return;
  }
  self->drain.manual = FALSE;
  if (g_str_equal (realtime_json_get_string (detection, "type", ""),
          "semantic_vad")) {
    eagerness = realtime_json_get_string (detection, "eagerness", "auto");
    self->drain.silence_ms = g_str_equal (eagerness, "low") ? 8000 :
        g_str_equal (eagerness, "high") ? 2000 : 4000;
  } else {
    self->drain.silence_ms = CLAMP (realtime_json_get_int (detection,
            "silence_duration_ms", SUPERVISOR_DEFAULT_SILENCE_MS), 0, 60000);
  }
}

static void
note_answer (GstRealtimeSupervisor * self, const gchar * type,
    JsonObject * event)
{
  static const gchar *const commits[] = { "commit", "talk", "commit-input",
    NULL
  };
  gboolean answered = g_str_equal (type, "input_audio_buffer.committed");
  g_autofree gchar *action = NULL;

  if (self->awaited == 0)
    return;
  if (g_str_equal (type, "error")) {
    action = realtime_client_event_parse_id (realtime_json_get_string (event,
            "error.event_id", NULL));
    answered = action && g_strv_contains (commits, action);
  }
  if (answered)
    self->awaited--;
}

static void
on_event (const gchar * text, JsonObject * event, gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;
  GstClockTime now = supervisor_get_now (self);
  const gchar *type;
  gboolean interrupted;

  self->session_used = TRUE;
  if (!event) {
    supervisor_tell_error (self, "invalid_event",
        "The server sent something that is no event; it was passed over.", 0,
        FALSE, NULL);
    return;
  }

  type = realtime_json_get_string (event, "type", "");
  /* what we say of the session nobody else may say */
  if (g_str_has_prefix (type, "realtimebin.")) {
    supervisor_tell_error (self, "invalid_event",
        "The server sent an event that is the "
        "element's own to send; it was passed over.", 0, FALSE, NULL);
    return;
  }
  supervisor_check_clock (self, event, now);
  interrupted = supervisor_turns_hear (self, type, event);
  supervisor_push_line (self, realtime_event_line_splice (text, now,
          self->session), now);
  if (g_str_equal (type, "session.updated")
      || g_str_equal (type, "session.created")) {
    read_turn_detection (self, event);
    supervisor_segments_read (self, event);
    supervisor_remember_session (self, event);
    supervisor_talk_apply (self);
  }
  note_answer (self, type, event);
  supervisor_budget_handle (self, type, event);
  /* the reducer reads the stream as any reader does: with our members */
  json_object_set_int_member (event, "gst_running_time", now);
  json_object_set_int_member (event, "gst_session", self->session);
  supervisor_handle (self, event);
  supervisor_config_handle (self, type, event);
  supervisor_watchdog_handle (self, type);
  if (g_str_equal (type, "session.updated"))
    supervisor_segments_update (self);
  supervisor_turns_handle (self, type, event, interrupted);
  supervisor_history_handle (self, type, event);
}

static void
on_sent (const gchar * event, gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;
  GstClockTime now;
  gchar *line;

  supervisor_watchdog_note_sent (self, event);
  if (!self->settings->log_sent_events)
    return;
  now = supervisor_get_now (self);
  line = realtime_event_line_sent (now, self->session, event);
  if (line)
    supervisor_push_line (self, line, now);
}

static void
on_warning (const gchar * code, const gchar * message, gpointer user_data)
{
  supervisor_warn (user_data, code, message);
}

void
supervisor_begin (GstRealtimeSupervisor * self)
{
  supervisor_talk_apply (self);
  if (supervisor_has_host (self))
    self->host.let_input_in (self->host_object);
  if (self->drain_timer)
    supervisor_set_state (self, REALTIME_CONNECTION_DRAINING,
        self->end_reason ? self->end_reason : "end of input");
  supervisor_config_ready (self);
}

static void
on_configured (gpointer user_data)
{
  supervisor_begin_output (user_data);
  supervisor_segments_update (user_data);
  supervisor_history_begin (user_data);
}

static void
on_ended (const GError * error, gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;
  GError *lost = NULL;

  /* what was translated last is still on its way to who hears it */
  if (!error && self->drain_timer
      && realtime_conversation_is_closed (self->conversation))
    return;
  if (!error && (self->input_ended || self->end_reason)) {
    supervisor_finish (self, "ended by the server");
    return;
  }
  if (!error)
    lost = g_error_new_literal (REALTIME_FAILURE, REALTIME_FAILURE_LINK_LOST,
        "The server ended the session");
  supervisor_recovery_lose (self, error ? error : lost);
  g_clear_error (&lost);
}

void
supervisor_connect (GstRealtimeSupervisor * self)
{
  static const GstRealtimeConnectionOwner owner = {
    on_add_transport, on_remove_transport, on_want_token, on_connection_state,
    on_progress, on_event, on_sent, on_warning, on_configured, on_ended
  };

  /* attempts that come to nothing are no sessions */
  if (self->session == 0 || self->session_used)
    self->session++;
  self->session_used = FALSE;
  supervisor_begin_clock (self);
  supervisor_segments_begin (self);
  supervisor_config_begin (self);
  supervisor_turns_begin (self);
  supervisor_translation_begin (self);
  supervisor_talk_begin (self);
  supervisor_watchdog_begin (self);
  self->connection = gst_realtime_connection_new (self->context,
      self->signalling, self->settings, &owner, self);
  gst_realtime_connection_set_playing (self->connection, self->playing);
  gst_realtime_connection_start (self->connection);
}
