/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "session-private.h"

#include "schema.h"

#include <string.h>

typedef gboolean (*Handler) (Session * session, JsonObject * event,
    gint64 mark, Refusal * refusal);

/* One commit or clear is awaited at a time: what the client sends behind it
 * waits until it acted, as if all had been on one wire. */
static guint
await (Session * self, JsonObject * event)
{
  self->awaited_tag = ++self->tag;
  g_free (self->awaited_event);
  self->awaited_event = g_strdup (util_string (event, "event_id"));
  return self->tag;
}

static gboolean
check_update (Session * self, JsonObject * session, Refusal * refusal)
{
  const gchar *model = util_string (session, "model");
  const gchar *voice = config_voice (session);

  if (!config_check (session, self->config, refusal))
    return FALSE;
  if (model != NULL && g_strcmp0 (model, CONFIG_MODEL) != 0 &&
      self->model != NULL && !g_str_equal (model, self->model))
    return refuse (refusal, "cannot_update_model", g_strdup ("session.model"),
        "Cannot update a conversation's model from '%.64s' to '%.64s'.",
        self->model, model);
  if (voice != NULL && self->has_spoken &&
      g_strcmp0 (voice, config_voice (self->config)) != 0)
    return refuse (refusal, "cannot_update_voice",
        g_strdup ("session.audio.output.voice"),
        "Cannot update a conversation's voice if assistant audio is present.");
  return TRUE;
}

static gboolean
on_session_update (Session * self, JsonObject * event, gint64 mark,
    Refusal * refusal)
{
  JsonObject *session = util_object (event, "session");

  if (!check_update (self, session, refusal))
    return FALSE;
  if (self->model == NULL && util_string (session, "model") != NULL)
    self->model = g_strdup (util_string (session, "model"));
  config_merge (self->config, session);
  turns_configure (self);
  session_send_config (self, "session.updated");
  return TRUE;
}

static gboolean
on_append (Session * self, JsonObject * event, gint64 mark, Refusal * refusal)
{
  return refuse (refusal, "invalid_event", g_strdup ("type"),
      "Audio comes over the media track of a WebRTC session; "
      "'input_audio_buffer.append' is for WebSocket sessions.");
}

static gboolean
on_commit (Session * self, JsonObject * event, gint64 mark, Refusal * refusal)
{
  recogniser_commit (self->recogniser, mark, await (self, event), FALSE, 0);
  return TRUE;
}

static gboolean
on_clear (Session * self, JsonObject * event, gint64 mark, Refusal * refusal)
{
  recogniser_clear (self->recogniser, mark, await (self, event));
  return TRUE;
}

static gboolean
on_output_clear (Session * self, JsonObject * event, gint64 mark,
    Refusal * refusal)
{
  responses_silence (self);
  return TRUE;
}

static gboolean
on_item_create (Session * self, JsonObject * event, gint64 mark,
    Refusal * refusal)
{
  const gchar *after = util_string (event, "previous_item_id");
  JsonObject *json = util_object (event, "item");
  const gchar *id = util_string (json, "id");
  Item *item;

  if (!item_check (json, "item", refusal))
    return FALSE;
  if (id != NULL && conversation_find (self->conversation, id) != NULL)
    return refuse (refusal, "item_create_duplicate_item_id",
        g_strdup ("item.id"), "An item with the id '%s' is already there.", id);
  if (after != NULL && !g_str_equal (after, "root") &&
      conversation_find (self->conversation, after) == NULL)
    return refuse (refusal, "item_create_invalid_previous_item_id",
        g_strdup ("previous_item_id"),
        "There is no item with the id '%.64s' to put this one behind.", after);
  if (g_str_equal (util_string (json, "type"), "function_call_output") &&
      !conversation_has_call (self->conversation, util_string (json,
              "call_id")))
    return refuse (refusal, "invalid_tool_call_id", g_strdup ("item.call_id"),
        "There is no call with the id '%.64s' in the conversation.",
        util_string (json, "call_id"));
  json = util_copy_object (json);
  if (id == NULL) {
    g_autofree gchar *made = util_id ("item_", 20);

    json_object_set_string_member (json, "id", made);
  }
  json_object_set_string_member (json, "object", "realtime.item");
  json_object_set_string_member (json, "status", "completed");
  item = conversation_insert (self->conversation, json, after);
  session_send_item (self, "conversation.item.added", item);
  session_send_item (self, "conversation.item.done", item);
  return TRUE;
}

/* The item that @event names; a refusal when there is none. @what is the
 * action's word in codes. */
static Item *
named_item (Session * self, JsonObject * event, const gchar * code,
    Refusal * refusal)
{
  const gchar *id = util_string (event, "item_id");
  Item *item = conversation_find (self->conversation, id);

  if (item == NULL)
    refuse (refusal, code, g_strdup ("item_id"),
        "There is no item with the id '%.64s'.", id);
  return item;
}

static gboolean
on_item_retrieve (Session * self, JsonObject * event, gint64 mark,
    Refusal * refusal)
{
  Item *item = named_item (self, event, "item_retrieve_invalid_item_id",
      refusal);
  JsonObject *answer;

  if (item == NULL)
    return FALSE;
  answer = event_new ("conversation.item.retrieved");
  json_object_set_object_member (answer, "item", util_copy_object (item->json));
  session_send (self, answer);
  return TRUE;
}

static gboolean
on_item_truncate (Session * self, JsonObject * event, gint64 mark,
    Refusal * refusal)
{
  Item *item = named_item (self, event, "item_truncate_invalid_item_id",
      refusal);
  gint64 end = util_int (event, "audio_end_ms", 0);
  JsonObject *answer;

  if (item == NULL)
    return FALSE;
  if (g_strcmp0 (util_string (item->json, "role"), "assistant") != 0 ||
      item->audio_ms == 0)
    return refuse (refusal, "unsupported_content_type", g_strdup ("item_id"),
        "Only spoken messages of the assistant can be truncated.");
  if (util_int (event, "content_index", 0) != 0)
    return refuse (refusal, "invalid_value", g_strdup ("content_index"),
        "Invalid 'content_index': the item has one content part.");
  if (end < 0 || end > item->audio_ms)
    return refuse (refusal, "invalid_value", g_strdup ("audio_end_ms"),
        "Audio content of %" G_GINT64_FORMAT " ms is already shorter than %"
        G_GINT64_FORMAT " ms.", item->audio_ms, end);
  item->audio_ms = end;
  item_forget_transcript (item->json);
  answer = event_new ("conversation.item.truncated");
  json_object_set_string_member (answer, "item_id", item->id);
  json_object_set_int_member (answer, "content_index", 0);
  json_object_set_int_member (answer, "audio_end_ms", end);
  session_send (self, answer);
  return TRUE;
}

static gboolean
on_item_delete (Session * self, JsonObject * event, gint64 mark,
    Refusal * refusal)
{
  Item *item = named_item (self, event, "item_delete_invalid_item_id",
      refusal);
  JsonObject *answer;
  guint i;

  if (item == NULL)
    return FALSE;
  for (i = 0; i < self->responses->len; i++) {
    Response *response = g_ptr_array_index (self->responses, i);

    /* the response goes on, but out of the conversation */
    if (response->item == item)
      response->item = NULL;
  }
  answer = event_new ("conversation.item.deleted");
  json_object_set_string_member (answer, "item_id", item->id);
  conversation_remove (self->conversation, item);
  session_send (self, answer);
  /* one that waited for this item's words waits no longer */
  responses_continue (self);
  return TRUE;
}

static gboolean
check_input (Session * self, JsonArray * input, Refusal * refusal)
{
  guint i;

  for (i = 0; input != NULL && i < json_array_get_length (input); i++) {
    g_autofree gchar *path = g_strdup_printf ("response.input[%u]", i);
    JsonObject *item = json_array_get_object_element (input, i);
    const gchar *id = util_string (item, "id");

    if (g_strcmp0 (util_string (item, "type"), "item_reference") != 0) {
      if (!item_check (item, path, refusal))
        return FALSE;
    } else if (id == NULL || conversation_find (self->conversation, id) == NULL) {
      return refuse (refusal, "invalid_value", g_strconcat (path, ".id", NULL),
          "There is no item with the id '%.64s'.", id != NULL ? id : "");
    }
  }
  return TRUE;
}

static gboolean
on_response_create (Session * self, JsonObject * event, gint64 mark,
    Refusal * refusal)
{
  JsonObject *params = util_object (event, "response");

  if (config_is_transcription (self->config))
    return refuse (refusal, "invalid_event", g_strdup ("type"),
        "A transcription session gives no responses.");
  if (params != NULL && (!config_check_response (params, refusal) ||
          !check_input (self, util_array (params, "input"), refusal)))
    return FALSE;
  if (g_strcmp0 (util_string (params, "conversation"), "none") != 0 &&
      response_active (self) != NULL)
    return refuse (refusal, "conversation_already_has_active_response", NULL,
        "Conversation already has an active response in progress: %s.",
        response_active (self)->id);
  response_create (self, params, FALSE);
  return TRUE;
}

static gboolean
on_response_cancel (Session * self, JsonObject * event, gint64 mark,
    Refusal * refusal)
{
  const gchar *id = util_string (event, "response_id");
  Response *response = id != NULL ? response_find (self, id) :
      response_active (self);

  if (response == NULL || response->done)
    return refuse (refusal, "response_cancel_not_active", NULL,
        "Cancellation failed: no active response found.");
  response_cancel (response);
  return TRUE;
}

#define COMMON {"type", KIND_STRING}, {"event_id", KIND_STRING}

static const Field plain[] = { COMMON, {NULL} };

static const Field with_session[] = { COMMON,
  {"session", KIND_OBJECT,.required = TRUE}, {NULL}
};

static const Field with_audio[] = { COMMON,
  {"audio", KIND_STRING,.required = TRUE}, {NULL}
};

static const Field with_item[] = { COMMON,
  {"previous_item_id", KIND_STRING, TRUE},
  {"item", KIND_OBJECT,.required = TRUE}, {NULL}
};

static const Field with_item_id[] = { COMMON,
  {"item_id", KIND_STRING,.required = TRUE}, {NULL}
};

static const Field with_position[] = { COMMON,
  {"item_id", KIND_STRING,.required = TRUE},
  {"content_index", KIND_INTEGER,.min = 0,.max = 1000,.required = TRUE},
  {"audio_end_ms", KIND_INTEGER,.min = 0,.max = 1e12,.required = TRUE}, {NULL}
};

static const Field with_response[] = { COMMON,
  {"response", KIND_OBJECT, TRUE}, {NULL}
};

static const Field with_response_id[] = { COMMON,
  {"response_id", KIND_STRING, TRUE}, {NULL}
};

static const struct
{
  const gchar *type;
  Handler handler;
  const Field *fields;
} events[] = {
  {"session.update", on_session_update, with_session},
  {"input_audio_buffer.append", on_append, with_audio},
  {"input_audio_buffer.commit", on_commit, plain},
  {"input_audio_buffer.clear", on_clear, plain},
  {"output_audio_buffer.clear", on_output_clear, plain},
  {"conversation.item.create", on_item_create, with_item},
  {"conversation.item.retrieve", on_item_retrieve, with_item_id},
  {"conversation.item.truncate", on_item_truncate, with_position},
  {"conversation.item.delete", on_item_delete, with_item_id},
  {"response.create", on_response_create, with_response},
  {"response.cancel", on_response_cancel, with_response_id}
};

gboolean
client_event (Session * self, JsonObject * event, gint64 mark,
    Refusal * refusal)
{
  const gchar *type = util_string (event, "type");
  const gchar *id = util_string (event, "event_id");
  guint i;

  if (type == NULL)
    return refuse (refusal, "invalid_event", g_strdup ("type"),
        "The event has no 'type'.");
  if (id != NULL && g_utf8_strlen (id, -1) > 512)
    return refuse (refusal, "invalid_value", g_strdup ("event_id"),
        "Invalid 'event_id': it has more than 512 characters.");
  if (self->translation != NULL)
    return translation_client_event (self->translation, event, mark, refusal);
  for (i = 0; i < G_N_ELEMENTS (events); i++) {
    if (g_str_equal (type, events[i].type))
      return schema_check (event, events[i].fields, "", refusal) &&
          events[i].handler (self, event, mark, refusal);
  }
  return refuse (refusal, "invalid_value", g_strdup ("type"),
      "Invalid value: '%.64s'. There is no client event of this type.", type);
}
