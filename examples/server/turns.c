/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "session-private.h"

#include <string.h>

#define PER_MS 48

static gboolean
transcribes (Session * self)
{
  return config_input (self->config, "transcription") != NULL;
}

static JsonObject *
turn_settings (Session * self)
{
  return config_input (self->config, "turn_detection");
}

void
turns_configure (Session * self)
{
  ListenConfig listen;

  if (self->translation != NULL)
    translation_listen (&listen);
  else
    config_listen (self->config, &listen);
  recogniser_configure (self->recogniser, &listen);
}

void
turns_stop_idle (Session * self)
{
  if (self->idle_timer == 0)
    return;
  g_hash_table_remove (self->timers, GUINT_TO_POINTER (self->idle_timer));
  g_source_remove (self->idle_timer);
  self->idle_timer = 0;
}

static gboolean
on_idle (gpointer data)
{
  Session *self = data;

  self->idle_timer = 0;
  recogniser_commit (self->recogniser, -1, ++self->tag, TRUE,
      self->silent_since);
  return G_SOURCE_REMOVE;
}

void
turns_start_idle (Session * self)
{
  gint64 ms = util_int (turn_settings (self), "idle_timeout_ms", 0);

  turns_stop_idle (self);
  self->silent_since = self->link.position (self->user_data);
  if (ms > 0)
    self->idle_timer = session_after (self, ms, on_idle, self, NULL);
}

static void
on_started (Session * self, const Heard * heard)
{
  JsonObject *event = event_new ("input_audio_buffer.speech_started");

  turns_stop_idle (self);
  json_object_set_int_member (event, "audio_start_ms", heard->start / PER_MS);
  json_object_set_string_member (event, "item_id", heard->item_id);
  session_send (self, event);
  if (util_bool (turn_settings (self), "interrupt_response", TRUE))
    responses_interrupt (self);
}

static void
on_stopped (Session * self, const Heard * heard)
{
  JsonObject *event = event_new ("input_audio_buffer.speech_stopped");

  json_object_set_int_member (event, "audio_end_ms", heard->end / PER_MS);
  json_object_set_string_member (event, "item_id", heard->item_id);
  session_send (self, event);
}

static void
tell_timeout (Session * self, const Heard * heard)
{
  JsonObject *event = event_new ("input_audio_buffer.timeout_triggered");

  json_object_set_int_member (event, "audio_start_ms", heard->start / PER_MS);
  json_object_set_int_member (event, "audio_end_ms", heard->end / PER_MS);
  json_object_set_string_member (event, "item_id", heard->item_id);
  session_send (self, event);
}

static void
tell_committed (Session * self, Item * item)
{
  const gchar *before = conversation_previous (self->conversation, item);
  JsonObject *event = event_new ("input_audio_buffer.committed");

  if (before != NULL)
    json_object_set_string_member (event, "previous_item_id", before);
  else
    json_object_set_null_member (event, "previous_item_id");
  json_object_set_string_member (event, "item_id", item->id);
  session_send (self, event);
}

/* Whether the end of a turn is answered without being asked. */
static gboolean
answers (Session * self, const Heard * heard)
{
  return (heard->tag == 0 || heard->timeout) && self->server->replies &&
      !config_is_transcription (self->config) &&
      util_bool (turn_settings (self), "create_response", TRUE);
}

static void
answer (Session * self)
{
  Refusal refusal = { NULL, NULL, NULL };

  if (response_active (self) == NULL) {
    response_create (self, NULL, TRUE);
    return;
  }
  refuse (&refusal, "conversation_already_has_active_response", NULL,
      "Conversation already has an active response in progress: %s.",
      response_active (self)->id);
  session_refuse (self, &refusal, NULL);
  refusal_clear (&refusal);
}

static void
on_committed (Session * self, const Heard * heard)
{
  JsonObject *json = item_new_message (heard->item_id, "user", "completed");
  Item *item;

  /* null until there are words, as the service has it: clients count on it */
  item_add_content (json, "input_audio", "transcript", NULL);
  item = conversation_insert (self->conversation, json, NULL);
  item->audio_ms = (heard->end - heard->start) / PER_MS;
  item->pending = TRUE;
  if (heard->timeout)
    tell_timeout (self, heard);
  tell_committed (self, item);
  session_send_item (self, "conversation.item.added", item);
  session_send_item (self, "conversation.item.done", item);
  if (answers (self, heard))
    answer (self);
}

static void
tell_delta (Session * self, const gchar * item_id, const gchar * text)
{
  JsonObject *event =
      event_new ("conversation.item.input_audio_transcription.delta");

  json_object_set_string_member (event, "item_id", item_id);
  json_object_set_int_member (event, "content_index", 0);
  json_object_set_string_member (event, "delta", text);
  session_send (self, event);
}

static void
on_partial (Session * self, const Heard * heard)
{
  if (transcribes (self) &&
      (self->script == NULL || !script_run_hears (self->script)))
    tell_delta (self, heard->item_id, heard->text);
}

static void
tell_completed (Session * self, const gchar * item_id, const gchar * text,
    gdouble seconds)
{
  JsonObject *event =
      event_new ("conversation.item.input_audio_transcription.completed");
  JsonObject *usage = json_object_new ();

  json_object_set_string_member (event, "item_id", item_id);
  json_object_set_int_member (event, "content_index", 0);
  json_object_set_string_member (event, "transcript", text);
  json_object_set_string_member (usage, "type", "duration");
  json_object_set_double_member (usage, "seconds", seconds);
  json_object_set_object_member (event, "usage", usage);
  session_send (self, event);
}

static void
tell_failed (Session * self, const gchar * item_id, const gchar * code,
    const gchar * message)
{
  JsonObject *event =
      event_new ("conversation.item.input_audio_transcription.failed");
  JsonObject *error = json_object_new ();

  json_object_set_string_member (event, "item_id", item_id);
  json_object_set_int_member (event, "content_index", 0);
  json_object_set_string_member (error, "type", "transcription_error");
  json_object_set_string_member (error, "code", code);
  json_object_set_string_member (error, "message", message);
  json_object_set_object_member (event, "error", error);
  session_send (self, event);
}

typedef struct
{
  Session *session;
  gchar *item_id;
  gchar *text;                  /* NULL: no words can be had */
  gboolean scripted;
} Final;

static void
final_free (gpointer data)
{
  Final *final = data;

  g_free (final->item_id);
  g_free (final->text);
  g_free (final);
}

static void
tell_transcript (Session * self, const Final * final, gdouble seconds)
{
  if (faults_has (self->server->faults, "transcription-failed")) {
    tell_failed (self, final->item_id, "audio_unintelligible",
        "The audio could not be transcribed.");
  } else if (final->text == NULL) {
    tell_failed (self, final->item_id, "no_recogniser",
        "This server was started without a recogniser (--asr none).");
  } else {
    g_auto (GStrv) words = g_strsplit (final->text, " ", -1);
    guint i;

    for (i = 0; final->scripted && words[i] != NULL; i++) {
      g_autofree gchar *delta = g_strconcat (i > 0 ? " " : "", words[i], NULL);

      tell_delta (self, final->item_id, delta);
    }
    tell_completed (self, final->item_id, final->text, seconds);
  }
}

static gboolean
settle (gpointer data)
{
  Final *final = data;
  Session *self = final->session;
  Item *item = conversation_find (self->conversation, final->item_id);
  gdouble seconds = item != NULL ? item->audio_ms / 1000.0 : 0;

  if (item != NULL) {
    JsonObject *part = json_array_get_object_element (util_array (item->json,
            "content"), 0);

    item->pending = FALSE;
    if (final->text != NULL)
      json_object_set_string_member (part, "transcript", final->text);
    if (transcribes (self))
      tell_transcript (self, final, seconds);
    responses_continue (self);
  }
  return G_SOURCE_REMOVE;
}

static void
on_final (Session * self, const Heard * heard)
{
  gint64 late = faults_number (self->server->faults, "late-transcript", 0);
  const gchar *scripted = self->script != NULL ?
      script_run_heard (self->script) : NULL;
  Final *final = g_new0 (Final, 1);

  final->session = self;
  final->item_id = g_strdup (heard->item_id);
  final->scripted = scripted != NULL;
  final->text = g_strdup (scripted != NULL ? scripted : heard->text);
  if (late > 0) {
    session_after (self, late, settle, final, final_free);
    return;
  }
  settle (final);
  final_free (final);
}

/* The commit or clear that client events behind it wait for has acted. */
static void
on_acted (Session * self, const Heard * heard)
{
  if (heard->tag == 0 || heard->tag != self->awaited_tag)
    return;
  self->awaited_tag = 0;
  session_release (self);
}

static void
on_empty (Session * self)
{
  Refusal refusal = { NULL, NULL, NULL };

  refuse (&refusal, "input_audio_buffer_commit_empty", NULL,
      "Error committing input audio buffer: the buffer is too small. Expected "
      "at least 100 ms of audio.");
  session_refuse (self, &refusal, self->awaited_event);
  refusal_clear (&refusal);
}

void
session_heard (Session * self, const Heard * heard)
{
  if (self->closed)
    return;
  if (self->translation != NULL) {
    translation_heard (self->translation, heard);
    return;
  }
  switch (heard->type) {
    case HEARD_STARTED:
      on_started (self, heard);
      break;
    case HEARD_STOPPED:
      on_stopped (self, heard);
      break;
    case HEARD_COMMITTED:
      on_committed (self, heard);
      break;
    case HEARD_EMPTY:
      on_empty (self);
      break;
    case HEARD_CLEARED:
      session_send (self, event_new ("input_audio_buffer.cleared"));
      break;
    case HEARD_PARTIAL:
      on_partial (self, heard);
      break;
    case HEARD_FINAL:
      on_final (self, heard);
      break;
    case HEARD_OVERLOAD:
      session_fail (self, "server_error",
          "This machine is too slow to follow what is said.");
      return;
  }
  on_acted (self, heard);
}
