/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "actions.h"
#include "session/clientevent.h"
#include "session/failure.h"
#include "session/json.h"
#include "supervisor-private.h"

static gboolean
refuse (GError ** error, RealtimeFailure kind, const gchar * why)
{
  g_set_error_literal (error, REALTIME_FAILURE, kind, why);

  return FALSE;
}

static gboolean
check_session (GstRealtimeSupervisor * self, GError ** error)
{
  if (g_atomic_int_get (&self->can_send))
    return TRUE;

  return refuse (error, REALTIME_FAILURE_LINK_LOST,
      "There is no session to send to");
}

/* Other sessions take nothing but audio. */
static gboolean
check_conversation (GstRealtimeSupervisor * self, GError ** error)
{
  if (self->session_type == REALTIME_SESSION_CONVERSATION)
    return check_session (self, error);

  return refuse (error, REALTIME_FAILURE_SETTINGS,
      self->session_type == REALTIME_SESSION_TRANSLATION ?
      "A translation session (session-type) does not converse" :
      "A transcription session (session-type) does not converse");
}

/* What translates all the time has no turns. */
static gboolean
check_turns (GstRealtimeSupervisor * self, GError ** error)
{
  if (self->session_type != REALTIME_SESSION_TRANSLATION)
    return check_session (self, error);

  return refuse (error, REALTIME_FAILURE_SETTINGS,
      "A translation session (session-type) has no turns");
}

static gboolean
check_text (const gchar * text, const gchar * missing, GError ** error)
{
  if (!text || !*text)
    return refuse (error, REALTIME_FAILURE_SETTINGS, missing);
  if (!g_utf8_validate (text, -1, NULL))
    return refuse (error, REALTIME_FAILURE_SETTINGS, "It is not UTF-8");

  return TRUE;
}

static gboolean
check_size (const gchar * event, GError ** error)
{
  gsize size = strlen (event);

  if (size <= REALTIME_CLIENT_EVENT_MAX_BYTES)
    return TRUE;
  g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
      "It makes an event of %" G_GSIZE_FORMAT
      " bytes; more than %d do not pass " "the channel for certain", size,
      REALTIME_CLIENT_EVENT_MAX_BYTES);

  return FALSE;
}

gchar *
supervisor_make_id (GstRealtimeSupervisor * self, const gchar * action)
{
  return realtime_client_event_make_id (action,
      (guint) g_atomic_int_add (&self->event_serial, 1) + 1);
}

/* Takes @event, which @func sends on the session thread. */
static gboolean
submit (GstRealtimeSupervisor * self, gchar * event, SupervisorJobFunc func,
    GError ** error)
{
  if (!check_size (event, error)) {
    g_free (event);
    return FALSE;
  }
  supervisor_invoke (self, func, event, g_free);

  return TRUE;
}

gboolean
gst_realtime_supervisor_send (GstRealtimeSupervisor * self,
    const gchar * event, GError ** error)
{
  JsonObject *object = realtime_json_parse_object (event, -1, error);
  g_autofree gchar *id = NULL;
  gchar *named = NULL;

  if (!object)
    return FALSE;
  id = supervisor_make_id (self, "send-event");
  if (realtime_json_get_string (object, "type", NULL))
    named = realtime_client_event_name (event, object, id);
  json_object_unref (object);
  if (!named)
    return refuse (error, REALTIME_FAILURE_SETTINGS,
        "An event needs a member \"type\"");
  if (!check_session (self, error)) {
    g_free (named);
    return FALSE;
  }

  return submit (self, named, supervisor_turns_send, error);
}

gboolean
gst_realtime_supervisor_send_text (GstRealtimeSupervisor * self,
    const gchar * text, GError ** error)
{
  g_autofree gchar *id = supervisor_make_id (self, "send-text");

  if (!check_text (text, "There is no text", error)
      || !check_conversation (self, error))
    return FALSE;

  return submit (self, realtime_client_event_text (id, text),
      supervisor_turns_send_question, error);
}

gboolean
gst_realtime_supervisor_send_image (GstRealtimeSupervisor * self,
    const gchar * url, const gchar * detail, GError ** error)
{
  g_autofree gchar *id = supervisor_make_id (self, "send-image");
  gboolean has_detail = detail && *detail;

  if (has_detail && !realtime_client_event_is_detail (detail))
    return refuse (error, REALTIME_FAILURE_SETTINGS,
        "The detail of a picture is auto, low or high");
  if (!check_text (url, "There is no picture", error)
      || !check_conversation (self, error))
    return FALSE;

  return submit (self, realtime_client_event_image (id, url,
          has_detail ? detail : NULL), supervisor_turns_send_item, error);
}

/* Takes the call out of those that wait for a result. */
static gboolean
take_call (GstRealtimeSupervisor * self, const gchar * call_id, GError ** error)
{
  gboolean taken;

  g_mutex_lock (&self->lock);
  taken = realtime_call_list_answer (self->calls, call_id);
  g_mutex_unlock (&self->lock);
  if (!taken)
    g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        "No call %.64s waits for a result", call_id);

  return taken;
}

gboolean
gst_realtime_supervisor_send_function_result (GstRealtimeSupervisor * self,
    const gchar * call_id, const gchar * output, GError ** error)
{
  g_autofree gchar *id = supervisor_make_id (self, "send-function-result");
  g_autofree gchar *event = NULL;

  if (!check_text (call_id, "There is no call id", error)
      || (output && *output && !check_text (output, "", error))
      || !check_conversation (self, error))
    return FALSE;
  event = realtime_client_event_function_output (id, call_id,
      output ? output : "");
  /* a result that is too long leaves the call to be answered otherwise */
  if (!check_size (event, error) || !take_call (self, call_id, error))
    return FALSE;

  return submit (self, g_steal_pointer (&event), supervisor_turns_send_result,
      error);
}

gboolean
gst_realtime_supervisor_create_response (GstRealtimeSupervisor * self,
    const gchar * instructions, GError ** error)
{
  g_autofree gchar *id = supervisor_make_id (self, "create-response");

  if (instructions && *instructions && !check_text (instructions, "", error))
    return FALSE;
  if (!check_conversation (self, error))
    return FALSE;
  if (!instructions || !*instructions) {
    supervisor_invoke (self, supervisor_turns_ask_reply, NULL, NULL);
    return TRUE;
  }

  return submit (self, realtime_client_event_response (id, instructions),
      supervisor_turns_send, error);
}

gboolean
gst_realtime_supervisor_interrupt (GstRealtimeSupervisor * self,
    GError ** error)
{
  if (!check_conversation (self, error))
    return FALSE;
  supervisor_invoke (self, supervisor_turns_interrupt, "application", NULL);

  return TRUE;
}

gboolean
gst_realtime_supervisor_commit_input (GstRealtimeSupervisor * self,
    GError ** error)
{
  if (!check_turns (self, error))
    return FALSE;
  supervisor_invoke (self, supervisor_talk_commit, NULL, NULL);

  return TRUE;
}

gboolean
gst_realtime_supervisor_clear_input (GstRealtimeSupervisor * self,
    GError ** error)
{
  if (!check_turns (self, error))
    return FALSE;
  supervisor_invoke (self, supervisor_talk_clear, NULL, NULL);

  return TRUE;
}

gboolean
gst_realtime_supervisor_reconnect (GstRealtimeSupervisor * self,
    GError ** error)
{
  if (!g_atomic_int_get (&self->can_reconnect))
    return refuse (error, REALTIME_FAILURE_LINK_LOST,
        "There is no session, or it is just beginning or ending");
  supervisor_invoke (self, supervisor_recovery_begin, NULL, NULL);

  return TRUE;
}

void
gst_realtime_supervisor_set_talk (GstRealtimeSupervisor * self,
    gboolean pressed)
{
  supervisor_invoke (self, supervisor_talk_set, GINT_TO_POINTER (pressed),
      NULL);
}

void
gst_realtime_supervisor_input_passed (GstRealtimeSupervisor * self,
    GstClockTime position)
{
  supervisor_invoke (self, supervisor_talk_passed, g_memdup2 (&position,
          sizeof (position)), g_free);
}
