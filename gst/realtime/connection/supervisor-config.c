/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "session/clientevent.h"
#include "session/failure.h"
#include "session/json.h"
#include "supervisor-private.h"
#include "transport/source.h"

GST_DEBUG_CATEGORY_EXTERN (realtime_supervisor_debug);
#define GST_CAT_DEFAULT realtime_supervisor_debug

/* Changes that come within this time go out as one. */
#define SETTLE_MS 20
/* Some servers filter events: what they do not confirm is taken as done. */
#define CONFIRM_TIMEOUT_MS 5000
#define EVENT "change"

static gboolean send_changes (gpointer user_data);

static void
replace_config (RealtimeSessionConfig * config,
    const RealtimeSessionConfig * with)
{
  realtime_session_config_clear (config);
  realtime_session_config_copy (with, config);
}

static void
start_timer (GstRealtimeSupervisor * self, guint ms, GSourceFunc func)
{
  gst_realtime_source_clear (&self->config.timer);
  self->config.timer = supervisor_add_timer (self, ms, func);
}

/* Has what is not sent yet sent soon, unless an answer has to come first. */
static void
settle (GstRealtimeSupervisor * self)
{
  if (self->config.changed && !self->config.awaiting && !self->config.timer
      && self->connection
      && gst_realtime_connection_is_configured (self->connection))
    start_timer (self, SETTLE_MS, send_changes);
}

static void
end_awaiting (GstRealtimeSupervisor * self)
{
  self->config.awaiting = FALSE;
  gst_realtime_source_clear (&self->config.timer);
}

static gboolean
not_confirmed (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  end_awaiting (self);
  replace_config (&self->config.told, &self->config.sent);
  supervisor_warn (self, "session_not_confirmed",
      "The server has not confirmed the change of the session's configuration "
      "(session.updated) within 5 s; going on without.");
  settle (self);

  return G_SOURCE_REMOVE;
}

static void
warn_of_kept (GstRealtimeSupervisor * self, gchar ** kept)
{
  g_autofree gchar *names = g_strjoinv (", ", kept);
  GError *error;

  if (!*names)
    return;
  error = g_error_new (REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
      "A running session cannot change this: %s. It takes effect with the next "
      "connection.", names);
  supervisor_warn_of_failure (self, "not_changed", error);
  g_error_free (error);
}

/* Sends what makes the session one as @to says. */
static void
send_change (GstRealtimeSupervisor * self, const RealtimeSessionConfig * to)
{
  g_auto (GStrv) kept = NULL;
  g_autofree gchar *id = realtime_client_event_make_id (EVENT,
      self->config.changes++);
  g_autofree gchar *event =
      realtime_session_config_to_change_event (&self->config.told, to,
      self->config.voice_settled, id, &kept);
  GError *error = NULL;

  warn_of_kept (self, kept);
  if (!event) {
    if (to->session_type == self->config.told.session_type)
      replace_config (&self->config.told, to);
    return;
  }
  GST_INFO ("the configuration changes");
  if (!gst_realtime_connection_send (self->connection, event, &error)) {
    supervisor_warn_of_failure (self, "not_sent", error);
    g_clear_error (&error);
    return;
  }
  replace_config (&self->config.sent, to);
  self->config.awaiting = TRUE;
  start_timer (self, CONFIRM_TIMEOUT_MS, not_confirmed);
}

static void
send_wanted (GstRealtimeSupervisor * self)
{
  RealtimeSessionConfig to;
  GError *error = NULL;

  self->config.changed = FALSE;
  if (!realtime_session_config_check (&self->config.wanted, &error)) {
    supervisor_warn_of_failure (self, "settings", error);
    g_clear_error (&error);
    return;
  }
  replace_config (&self->settings->config, &self->config.wanted);
  realtime_session_config_copy (&self->config.wanted, &to);
  /* the speed of speech is taken between two responses only */
  if (to.speed != self->config.told.speed
      && realtime_conversation_has_active_response (self->conversation)) {
    to.speed = self->config.told.speed;
    self->config.changed = TRUE;
  }
  send_change (self, &to);
  realtime_session_config_clear (&to);
}

static gboolean
send_changes (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  gst_realtime_source_clear (&self->config.timer);
  send_wanted (self);
  /* responses wait for it */
  supervisor_turns_pump (self);

  return G_SOURCE_REMOVE;
}

void
supervisor_config_init (GstRealtimeSupervisor * self)
{
  realtime_session_config_copy (&self->settings->config, &self->config.wanted);
  realtime_session_config_copy (&self->settings->config, &self->config.told);
  realtime_session_config_init (&self->config.sent);
}

void
supervisor_config_clear (GstRealtimeSupervisor * self)
{
  realtime_session_config_clear (&self->config.wanted);
  realtime_session_config_clear (&self->config.told);
  realtime_session_config_clear (&self->config.sent);
}

void
supervisor_config_stop (GstRealtimeSupervisor * self)
{
  gst_realtime_source_clear (&self->config.timer);
}

void
supervisor_config_begin (GstRealtimeSupervisor * self)
{
  end_awaiting (self);
  self->config.voice_settled = FALSE;
  replace_config (&self->config.told, &self->settings->config);
}

void
supervisor_config_take_over (GstRealtimeSupervisor * self)
{
  /* what is not good is told when its turn comes */
  if (!self->config.changed
      || !realtime_session_config_check (&self->config.wanted, NULL))
    return;
  self->config.changed = FALSE;
  replace_config (&self->settings->config, &self->config.wanted);
}

void
supervisor_config_ready (GstRealtimeSupervisor * self)
{
  settle (self);
}

void
supervisor_config_want (GstRealtimeSupervisor * self,
    const RealtimeSessionConfig * config)
{
  replace_config (&self->config.wanted, config);
  self->config.changed = TRUE;
  settle (self);
}

static void
handle_refusal (GstRealtimeSupervisor * self, JsonObject * event)
{
  const gchar *code = realtime_json_get_string (event, "error.code", NULL);
  const gchar *param = realtime_json_get_string (event, "error.param", NULL);
  GError *error = g_error_new (REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
      "The service refuses to change the session%s%.200s: %.1000s The session "
      "goes on as it was.", param ? " at " : "", param ? param : "",
      realtime_json_get_string (event, "error.message", "no reason given."));

  realtime_failure_set_http (error, 0, code, NULL, 0);
  end_awaiting (self);
  supervisor_warn_of_failure (self, code ? code : "session_not_changed", error);
  g_error_free (error);
  /* the rest of what was to change may do without it */
  if (g_strcmp0 (code, "cannot_update_voice") == 0) {
    if (!self->config.voice_settled)
      self->config.changed = TRUE;
    self->config.voice_settled = TRUE;
  } else {
    /* what one session refuses would be the end of the next */
    replace_config (&self->settings->config, &self->config.told);
  }
}

static gboolean
is_own (JsonObject * event)
{
  g_autofree gchar *what =
      realtime_client_event_parse_id (realtime_json_get_string (event,
          "error.event_id", NULL));

  return g_strcmp0 (what, EVENT) == 0;
}

void
supervisor_config_handle (GstRealtimeSupervisor * self, const gchar * type,
    JsonObject * event)
{
  if (g_str_has_prefix (type, "response.output_audio")
      || g_str_has_prefix (type, "response.audio")
      || g_str_equal (type, "output_audio_buffer.started")) {
    self->config.voice_settled = TRUE;
    return;
  }
  if (self->config.awaiting && (g_str_equal (type, "session.updated")
          || g_str_equal (type, "transcription_session.updated"))) {
    end_awaiting (self);
    replace_config (&self->config.told, &self->config.sent);
  } else if (self->config.awaiting && g_str_equal (type, "error")
      && is_own (event)) {
    handle_refusal (self, event);
  } else if (!g_str_equal (type, "response.done")) {
    return;
  }
  settle (self);
}
