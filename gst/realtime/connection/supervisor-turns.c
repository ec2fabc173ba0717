/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "session/clientevent.h"
#include "session/eventline.h"
#include "session/item.h"
#include "session/json.h"
#include "supervisor-private.h"
#include "transport/source.h"

GST_DEBUG_CATEGORY_EXTERN (realtime_supervisor_debug);
#define GST_CAT_DEFAULT realtime_supervisor_debug

/* Sound and the word of it come by different ways: each may be behind the other by
 * so much. No reply comes as soon after what was cut off. */
#define APART_MS 100
#define MAX_REASON_BYTES 1000
/* A service that answers a turn by itself does so at once. */
#define REPLY_LIMIT_US (2 * G_USEC_PER_SEC)

static gboolean
pump_later (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  gst_realtime_source_clear (&self->turns.timer);
  supervisor_turns_pump (self);

  return G_SOURCE_REMOVE;
}

gboolean
supervisor_turns_deliver (GstRealtimeSupervisor * self, const gchar * event)
{
  GError *error = NULL;

  if (!self->connection)
    return FALSE;
  if (gst_realtime_connection_send (self->connection, event, &error))
    return TRUE;
  supervisor_warn (self, "not_sent", error->message);
  g_clear_error (&error);

  return FALSE;
}

gboolean
supervisor_turns_deliver_plain (GstRealtimeSupervisor * self,
    const gchar * action, const gchar * type)
{
  g_autofree gchar *id = supervisor_make_id (self, action);
  g_autofree gchar *event = realtime_client_event_plain (id, type);

  return supervisor_turns_deliver (self, event);
}

/* Whether the service was asked to find turns by itself. */
static gboolean
detects_turns (GstRealtimeSupervisor * self)
{
  RealtimeTurnDetection turns =
      realtime_session_config_get_turns (&self->config.told);

  return turns == REALTIME_TURNS_SERVER_VAD
      || turns == REALTIME_TURNS_SEMANTIC_VAD;
}

/* Whether the service hears somebody whom it is going to answer by itself, or
 * is about to do so. That it does is not waited for without an end: it may have
 * heard but a noise. */
static gboolean
is_answered (GstRealtimeSupervisor * self, gint64 now)
{
  if (!realtime_conversation_replies (self->conversation,
          detects_turns (self) && self->config.told.create_response)) {
    return realtime_conversation_is_user_speaking (self->conversation)
        && supervisor_segments_reply (self);
  }
  if (!realtime_conversation_awaits_reply (self->conversation))
    self->turns.reply_due = 0;
  else if (self->turns.reply_due == 0)
    self->turns.reply_due = now + REPLY_LIMIT_US;

  return realtime_conversation_is_user_speaking (self->conversation)
      || self->turns.reply_due > now;
}

/* Nothing is asked for while somebody is heard, and before what the session is to
 * be like by then is sent. */
static gboolean
is_held (GstRealtimeSupervisor * self, gint64 now)
{
  gboolean answered = is_answered (self, now);

  return answered || supervisor_talk_is_on (self) || self->config.changed;
}

static void
pump_at (GstRealtimeSupervisor * self, gint64 deadline, gint64 now)
{
  gst_realtime_source_clear (&self->turns.timer);
  if (deadline > 0)
    self->turns.timer = supervisor_add_timer (self,
        (guint) (MAX (deadline - now, 0) / 1000 + 1), pump_later);
}

void
supervisor_turns_pump (GstRealtimeSupervisor * self)
{
  RealtimeResponseQueue *responses = self->turns.responses;
  gint64 now = g_get_monotonic_time ();
  gchar *event;

  if (!self->connection || self->stopping)
    return;
  realtime_response_queue_set_held (responses, is_held (self, now));
  event = realtime_response_queue_pop (responses, now);
  if (event)
    supervisor_turns_deliver (self, event);
  g_free (event);
  pump_at (self, self->turns.reply_due > now ? self->turns.reply_due :
      realtime_response_queue_get_deadline (responses), now);
}

/* --- actions; jobs of the session thread --- */

void
supervisor_turns_send (GstRealtimeSupervisor * self, gpointer text)
{
  RealtimeResponseQueue *responses = self->turns.responses;
  JsonObject *event = realtime_json_parse_object (text, -1, NULL);

  if (event && self->connection) {
    if (g_str_equal (realtime_json_get_string (event, "type", ""),
            "response.create") && !realtime_response_queue_is_apart (event)) {
      if (!realtime_response_queue_ask (responses, realtime_json_get_string
              (event, "event_id", ""), text))
        supervisor_warn (self, "not_sent", "A response was not asked for: too "
            "many wait for the one that is running.");
    } else if (supervisor_turns_deliver (self, text)) {
      realtime_response_queue_note_sent (responses, event);
    }
    supervisor_turns_pump (self);
  }
  g_clear_pointer (&event, json_object_unref);
}

void
supervisor_turns_send_item (GstRealtimeSupervisor * self, gpointer event)
{
  if (supervisor_turns_deliver (self, event))
    realtime_response_queue_note_item (self->turns.responses);
}

void
supervisor_turns_send_question (GstRealtimeSupervisor * self, gpointer event)
{
  if (!supervisor_turns_deliver (self, event))
    return;
  realtime_response_queue_note_item (self->turns.responses);
  supervisor_turns_ask_reply (self, NULL);
}

void
supervisor_turns_send_result (GstRealtimeSupervisor * self, gpointer text)
{
  JsonObject *event;

  if (!supervisor_turns_deliver (self, text))
    return;
  event = realtime_json_parse_object (text, -1, NULL);
  realtime_response_queue_note_item (self->turns.responses);
  realtime_response_queue_answer_call (self->turns.responses,
      realtime_json_get_string (event, "item.call_id", ""));
  json_object_unref (event);
  self->turns.answers_calls = TRUE;
  supervisor_turns_pump (self);
}

void
supervisor_turns_ask_reply (GstRealtimeSupervisor * self, gpointer unused)
{
  realtime_response_queue_ask_reply (self->turns.responses);
  supervisor_turns_pump (self);
}

/* --- interruption --- */

static gboolean
is_audible (GstRealtimeSupervisor * self)
{
  return realtime_conversation_is_output_playing (self->conversation)
      || self->turn == REALTIME_TURN_ASSISTANT_SPEAKING;
}

static void
silence (GstRealtimeSupervisor * self)
{
  self->turns.silenced = TRUE;
  self->turns.created_at = self->turns.cleared_at = 0;
  if (supervisor_has_host (self))
    self->host.silence (self->host_object);
}

static void
tell_interrupted (GstRealtimeSupervisor * self, const gchar * reason)
{
  GstClockTime now = supervisor_get_now (self);

  supervisor_push_own_line (self, realtime_event_line_interrupted (now,
          self->session, reason), now);
}

void
supervisor_turns_interrupt (GstRealtimeSupervisor * self, gpointer reason)
{
  const gchar *action = g_str_equal (reason, "talk") ? "talk" : "interrupt";
  gboolean audible = is_audible (self), active;
  const gchar *response_id;

  active = realtime_response_queue_is_active (self->turns.responses,
      &response_id);
  if (!self->connection || (!active && !audible))
    return;

  if (active) {
    g_autofree gchar *id = supervisor_make_id (self, action);
    g_autofree gchar *event = realtime_client_event_cancel (id, response_id);

    supervisor_turns_deliver (self, event);
  }
  supervisor_turns_deliver_plain (self, action, "output_audio_buffer.clear");
  silence (self);
  tell_interrupted (self, reason);
}

/* What comes from now on, or came since @ago_ms, is to be heard again. */
static void
resume (GstRealtimeSupervisor * self, gint64 ago_ms)
{
  self->turns.silenced = FALSE;
  if (supervisor_has_host (self))
    self->host.resume (-ago_ms * (GstClockTimeDiff) GST_MSECOND,
        self->host_object);
}

/* Returns: how many ms ago, at most, the sound of a response began of which the
 * service tells @now. */
static gint64
get_sound_age (GstRealtimeSupervisor * self, gint64 now)
{
  if (self->turns.created_at > 0)
    return (now - self->turns.created_at) / 1000;
  if (self->turns.cleared_at > 0)
    return MIN (APART_MS, (now - self->turns.cleared_at) / 1000 - APART_MS);
  return 0;
}

/* Silence lasts until the next response, not until the service has stopped to
 * speak: what it said before may still be on its way then. */
static void
end_silence (GstRealtimeSupervisor * self, const gchar * type)
{
  gint64 now = g_get_monotonic_time ();

  if (!self->turns.silenced)
    return;
  if (g_str_equal (type, "output_audio_buffer.cleared")
      || g_str_equal (type, "output_audio_buffer.stopped")) {
    self->turns.cleared_at = now;
    if (self->turns.created_at > 0)
      resume (self, -APART_MS);
  } else if (g_str_equal (type, "response.created")) {
    if (self->turns.cleared_at > 0)
      resume (self, get_sound_age (self, now));
    else
      self->turns.created_at = now;
  } else if (g_str_equal (type, "output_audio_buffer.started")) {
    resume (self, get_sound_age (self, now));
  }
}

/* --- what the server tells --- */

gboolean
supervisor_turns_hear (GstRealtimeSupervisor * self, const gchar * type,
    JsonObject * event)
{
  gboolean interrupts;

  g_mutex_lock (&self->lock);
  realtime_call_list_see (self->calls, event);
  g_mutex_unlock (&self->lock);

  interrupts = g_str_equal (type, "input_audio_buffer.speech_started")
      && realtime_conversation_interrupts (self->conversation,
      detects_turns (self) && self->config.told.interrupt_response)
      && is_audible (self);
  /* whatever made the service drop what it had to say */
  if (interrupts || (g_str_equal (type, "output_audio_buffer.cleared")
          && is_audible (self) && !self->turns.silenced))
    silence (self);

  return interrupts;
}

void
supervisor_turns_hear_speech (GstRealtimeSupervisor * self)
{
  if (self->config.told.interrupt_response && is_audible (self))
    supervisor_turns_interrupt (self, "speech");
}

static void
warn_of_refusal (GstRealtimeSupervisor * self, JsonObject * event)
{
  static const gchar *const actions[] = { "send-text", "send-image",
    "send-function-result", "create-response", "response", "interrupt", "talk",
    "commit-input", "commit", "clear-input", "send-event", NULL
  };
  const gchar *id = realtime_json_get_string (event, "error.event_id", NULL);
  const gchar *message = realtime_json_get_string (event, "error.message",
      "no reason given");
  const gchar *code = realtime_json_get_string (event, "error.code",
      realtime_json_get_string (event, "error.type", "error"));
  g_autofree gchar *action = realtime_client_event_parse_id (id);
  gchar *text;

  if (!id || realtime_client_event_is_race (event)
      || !supervisor_has_host (self))
    return;
  if (!action && !g_str_has_prefix (id, "realtimebin-"))
    action = g_strdup ("send-event");
  if (!action || !g_strv_contains (actions, action))
    return;
  text = g_strdup_printf ("The service refused %s: %.*s (%.*s)",
      g_str_equal (action, "response") ? "to respond" : action,
      (gint) realtime_fit (message, MAX_REASON_BYTES), message,
      (gint) realtime_fit (code, MAX_REASON_BYTES), code);
  self->host.warning (text, self->host_object);
  g_free (text);
}

void
supervisor_turns_handle (GstRealtimeSupervisor * self, const gchar * type,
    JsonObject * event, gboolean interrupted)
{
  realtime_response_queue_handle (self->turns.responses, event);
  if (interrupted)
    tell_interrupted (self, "speech");
  else
    end_silence (self, type);
  if (g_str_equal (type, "error"))
    warn_of_refusal (self, event);
  supervisor_turns_pump (self);
}

void
supervisor_turns_call (GstRealtimeSupervisor * self,
    const RealtimeFunctionCall * call)
{
  realtime_response_queue_add_call (self->turns.responses, call->call_id,
      call->response_id);
  if (supervisor_has_host (self)
      && self->host.function_call (call, self->host_object))
    self->turns.answers_calls = TRUE;
}

/* --- life --- */

guint
supervisor_turns_get_pending (GstRealtimeSupervisor * self)
{
  RealtimeResponseQueue *responses = self->turns.responses;

  return realtime_response_queue_is_pending (responses)
      + supervisor_turns_get_open_calls (self) + (self->talk.leaving != NULL);
}

guint
supervisor_turns_get_open_calls (GstRealtimeSupervisor * self)
{
  return self->turns.answers_calls ?
      realtime_response_queue_get_open_calls (self->turns.responses) : 0;
}

void
supervisor_turns_begin (GstRealtimeSupervisor * self)
{
  realtime_response_queue_reset (self->turns.responses);
  self->turns.silenced = FALSE;
  self->turns.created_at = self->turns.cleared_at = self->turns.reply_due = 0;
  g_mutex_lock (&self->lock);
  realtime_call_list_reset (self->calls);
  g_mutex_unlock (&self->lock);
}

void
supervisor_turns_stop (GstRealtimeSupervisor * self)
{
  gst_realtime_source_clear (&self->turns.timer);
}
