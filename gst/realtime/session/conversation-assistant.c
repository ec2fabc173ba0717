/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "conversation-private.h"
#include "json.h"
#include "usage.h"

#define MAX_RESPONSES 32
#define MAX_CALLS 256

void
realtime_response_free (RealtimeResponse * response)
{
  guint i;

  for (i = 0; i < response->items->len; i++) {
    RealtimeItem *item = g_ptr_array_index (response->items, i);

    item->response = NULL;
  }
  g_ptr_array_unref (response->items);
  g_free (response->id);
  g_free (response);
}

RealtimeResponse *
realtime_session_find_response (RealtimeSession * session, const gchar * id)
{
  GList *l;

  for (l = session->responses.head; l != NULL; l = l->next) {
    RealtimeResponse *response = l->data;

    if (g_strcmp0 (response->id, id) == 0)
      return response;
  }
  return NULL;
}

static RealtimeResponse *
add_response (RealtimeConversation * self, RealtimeSession * session,
    const gchar * id)
{
  RealtimeResponse *response = g_new0 (RealtimeResponse, 1);

  response->session = session;
  response->id = g_strdup (id);
  response->audio_start = response->audio_end = REALTIME_TIME_NONE;
  response->touched = self->now;
  response->told_end = REALTIME_TIME_NONE;
  response->items = g_ptr_array_new ();
  g_queue_push_head (&session->responses, response);

  if (session->responses.length > MAX_RESPONSES) {
    RealtimeResponse *oldest = g_queue_pop_tail (&session->responses);

    if (session->playing == oldest)
      session->playing = NULL;
    if (session->sound_of == oldest)
      session->sound_of = NULL;
    realtime_conversation_finish_response (self, oldest, FALSE);
    realtime_response_free (oldest);
  }
  return response;
}

RealtimeResponse *
realtime_conversation_get_response (RealtimeConversation * self,
    RealtimeSession * session, const gchar * id)
{
  RealtimeResponse *response;

  if (id == NULL)
    response = g_queue_peek_head (&session->responses);
  else
    response = realtime_session_find_response (session, id);
  if (response == NULL)
    return add_response (self, session, id);
  response->touched = self->now;
  return response;
}

static void
join (RealtimeResponse * response, RealtimeItem * item, gint64 output_index)
{
  if (item->response == NULL) {
    item->response = response;
    g_ptr_array_add (response->items, item);
  }
  if (item->output_index < 0)
    item->output_index = output_index;
}

static RealtimeItem *
find_by_output_index (RealtimeResponse * response, gint64 output_index)
{
  guint i;

  for (i = 0; i < response->items->len; i++) {
    RealtimeItem *item = g_ptr_array_index (response->items, i);

    if (item->output_index == output_index)
      return item;
  }
  return NULL;
}

/* The item that an event of @response is about, named by @id or, in some
 * dialects, by nothing but its place in the response. NULL when words for it
 * must not show any more. */
static RealtimeItem *
get_output_item (RealtimeConversation * self, RealtimeResponse * response,
    const gchar * id, gint64 output_index)
{
  RealtimeSession *session = response->session;
  RealtimeItem *item;

  if (id != NULL)
    item = realtime_item_list_find (&self->items, session, id);
  else
    item = find_by_output_index (response, output_index);

  if (item == NULL) {
    if (response->done)
      return NULL;
    item = id ? realtime_conversation_get_item (self, session, id) :
        realtime_conversation_make_up_item (self, session, "output");
  }
  join (response, item, output_index);
  return item;
}

/* The same, named by the event: @id_path is where it has the item's id. */
static RealtimeItem *
get_event_item (RealtimeConversation * self, RealtimeSession * session,
    JsonObject * event, const gchar * id_path)
{
  RealtimeResponse *response =
      realtime_conversation_get_response (self, session,
      realtime_get_id (event, "response_id"));

  return get_output_item (self, response, realtime_get_id (event, id_path),
      realtime_json_get_int (event, "output_index", 0));
}

/* Nothing told yet whether the response belongs to the conversation: where
 * the server announces items at all, those of the conversation are announced
 * before they have words. */
static void
settle_apart (RealtimeItem * item)
{
  RealtimeResponse *response = item->response;

  if (!response->maybe_apart)
    return;
  response->maybe_apart = FALSE;
  response->apart = !item->announced && item->output_item;
}

/* Whether no more of the response is heard, nor shown: some servers are late
 * to notice. */
static gboolean
is_over (RealtimeResponse * response)
{
  return response->cleared || (response->done && response->cancelled);
}

/* The item which the words of @event are added to, NULL if they must not
 * show. */
static RealtimeItem *
get_worded_item (RealtimeConversation * self, RealtimeSession * session,
    JsonObject * event)
{
  RealtimeItem *item = get_event_item (self, session, event, "item_id");

  if (item == NULL)
    return NULL;
  settle_apart (item);
  if (item->response->apart || item->closed || is_over (item->response))
    return NULL;
  item->role = REALTIME_ROLE_ASSISTANT;
  item->line = TRUE;
  return item;
}

static void
handle_words_delta (RealtimeConversation * self, RealtimeSession * session,
    RealtimeWords words, JsonObject * event)
{
  const gchar *delta = realtime_json_get_string (event, "delta", "");
  RealtimeItem *item = get_worded_item (self, session, event);

  if (item == NULL || item->ended || *delta == '\0')
    return;

  if (words == REALTIME_WORDS_SPOKEN)
    item->response->has_audio = TRUE;
  if (words == REALTIME_WORDS_TEXT || !session->tells_playback)
    item->response->generating = TRUE;
  realtime_item_append (item, realtime_json_get_int (event, "content_index",
          0), words, delta);
  if (item->response->hushed)
    return;
  realtime_conversation_tell_line (self, item, NULL, delta, FALSE,
      realtime_assistant_item_start (item), REALTIME_TIME_NONE);
}

/* The whole text of a part. Servers repeat it in several events, and some of
 * the repetitions are empty: only the first that says something counts. */
static void
handle_words_done (RealtimeConversation * self, RealtimeSession * session,
    RealtimeWords words, JsonObject * event)
{
  const gchar *text = realtime_json_get_string (event,
      words == REALTIME_WORDS_TEXT ? "text" : "transcript", "");
  RealtimeItem *item = get_worded_item (self, session, event);
  RealtimeResponse *response;

  if (item == NULL)
    return;
  response = item->response;
  item->worded = TRUE;
  if (words == REALTIME_WORDS_SPOKEN)
    response->has_audio = TRUE;
  if (*text != '\0') {
    realtime_item_replace (item, realtime_json_get_int (event,
            "content_index", 0), words, text);
  }

  /* a filtered stream: no response.created, no response.done */
  if (!response->created) {
    response->generating = FALSE;
    if (!response->started && !(session->tells_playback
            && words == REALTIME_WORDS_SPOKEN))
      realtime_conversation_finish_assistant (self, item);
  }
}

static void
fill_part (RealtimeItem * item, gint64 content_index, JsonObject * part)
{
  const gchar *spoken = realtime_json_get_string (part, "transcript", "");
  const gchar *text = realtime_json_get_string (part, "text", "");

  if (realtime_item_has_part (item, content_index))
    return;
  if (*spoken != '\0')
    realtime_item_replace (item, content_index, REALTIME_WORDS_SPOKEN, spoken);
  else if (*text != '\0')
    realtime_item_replace (item, content_index, REALTIME_WORDS_TEXT, text);
}

static void
handle_part_done (RealtimeConversation * self, RealtimeSession * session,
    JsonObject * event)
{
  RealtimeItem *item = get_worded_item (self, session, event);

  if (item != NULL) {
    fill_part (item, realtime_json_get_int (event, "content_index", 0),
        realtime_json_get_object (event, "part"));
  }
}

static void
tell_call (RealtimeConversation * self, RealtimeItem * item)
{
  RealtimeChange change = { REALTIME_CHANGE_FUNCTION_CALL, };
  g_autofree gchar *key = NULL;

  if (item->arguments == NULL || item->closed)
    return;
  item->closed = TRUE;

  key = g_strdup_printf ("%u/%s", item->session->serial,
      item->call_id ? item->call_id : item->id);
  if (g_queue_find_custom (&self->calls, key, (GCompareFunc) strcmp))
    return;
  g_queue_push_head (&self->calls, g_steal_pointer (&key));
  if (self->calls.length > MAX_CALLS)
    g_free (g_queue_pop_tail (&self->calls));

  change.function_call.call_id = item->call_id ? item->call_id : "";
  change.function_call.name = item->name ? item->name : "";
  change.function_call.arguments = item->arguments;
  change.function_call.item_id = item->id;
  change.function_call.response_id = item->response ? item->response->id : NULL;
  realtime_conversation_tell (self, &change);
}

static void
take_string (gchar ** target, const gchar * value)
{
  if (value != NULL && *value != '\0') {
    g_free (*target);
    *target = g_strdup (value);
  }
}

/* What an item object of a function call tells of it. */
static void
take_call (RealtimeItem * item, JsonObject * object)
{
  take_string (&item->call_id, realtime_get_id (object, "call_id"));
  take_string (&item->name, realtime_get_id (object, "name"));
  if (item->arguments == NULL || *item->arguments == '\0') {
    const gchar *arguments = realtime_json_get_string (object, "arguments",
        NULL);

    g_free (item->arguments);
    item->arguments = g_strdup (arguments);
  }
}

/* Whether the arguments can be all there. Servers that tell no status of items
 * are judged by what they sent. */
static gboolean
call_is_complete (RealtimeItem * item, JsonObject * object)
{
  const gchar *status = realtime_json_get_string (object, "status", NULL);

  if (item->arguments == NULL)
    return FALSE;
  if (status != NULL)
    return strcmp (status, "completed") == 0;
  return *item->arguments == '\0' || realtime_json_is_complete (item->arguments,
      strlen (item->arguments));
}

static void
handle_arguments_done (RealtimeConversation * self, RealtimeSession * session,
    JsonObject * event)
{
  RealtimeItem *item = get_event_item (self, session, event, "item_id");

  if (item == NULL || item->response->done)
    return;
  g_clear_pointer (&item->arguments, g_free);
  take_call (item, event);
}

static gboolean
is_of_type (JsonObject * object, const gchar * type)
{
  return g_strcmp0 (realtime_json_get_string (object, "type", NULL), type) == 0;
}

/* An item that a response makes words for. */
static void
make_line (RealtimeItem * item, JsonObject * object)
{
  if (is_of_type (object, "message")) {
    item->role = REALTIME_ROLE_ASSISTANT;
    item->line = TRUE;
  }
}

static void
handle_output_item_added (RealtimeConversation * self,
    RealtimeSession * session, JsonObject * event)
{
  JsonObject *object = realtime_json_get_object (event, "item");
  RealtimeItem *item = get_event_item (self, session, event, "item.id");

  if (item == NULL)
    return;
  item->output_item = TRUE;
  if (is_of_type (object, "function_call"))
    take_call (item, object);
  else if (!item->response->apart && !item->response->maybe_apart)
    make_line (item, object);
}

/* The words of an item object, where the events before it did not bring
 * them. */
static void
fill_item (RealtimeItem * item, JsonObject * object)
{
  JsonArray *content = realtime_json_get_array (object, "content");
  guint i, n = content ? json_array_get_length (content) : 0;

  for (i = 0; i < n; i++)
    fill_part (item, i, realtime_json_get_element (content, i));
}

static void
handle_output_item_done (RealtimeConversation * self,
    RealtimeSession * session, JsonObject * event)
{
  JsonObject *object = realtime_json_get_object (event, "item");
  RealtimeItem *item = get_event_item (self, session, event, "item.id");

  if (item == NULL || item->response->done)
    return;
  if (is_of_type (object, "function_call")) {
    take_call (item, object);
    if (call_is_complete (item, object))
      tell_call (self, item);
    return;
  }
  settle_apart (item);
  if (item->response->apart || item->closed)
    return;
  make_line (item, object);
  fill_item (item, object);
  item->ended = TRUE;
}

static void
handle_response_created (RealtimeConversation * self,
    RealtimeSession * session, JsonObject * event)
{
  JsonObject *object = realtime_json_get_object (event, "response");
  JsonObject *metadata = realtime_json_get_object (object, "metadata");
  RealtimeResponse *response;

  response =
      realtime_session_find_response (session, realtime_get_id (object, "id"));
  if (response == NULL || response->done)
    response = add_response (self, session, realtime_get_id (object, "id"));
  response->created = TRUE;

  if (realtime_json_get_string (object, "conversation_id", NULL) != NULL) {
    session->names_conversations = TRUE;
  } else if (realtime_json_has (object, "conversation_id")) {
    response->apart = session->names_conversations
        || (metadata != NULL && json_object_get_size (metadata) > 0);
    response->maybe_apart = !response->apart;
  } else {
    /* some servers leave a null out */
    response->maybe_apart = session->names_conversations;
  }
  if (response->apart)
    return;
  realtime_conversation_finish_awaiting (self, session);
  session->awaiting_reply = FALSE;
}

/* Items that only response.done tells of, or tells more of. */
static void
take_output (RealtimeConversation * self, RealtimeResponse * response,
    JsonObject * object, gboolean completed)
{
  JsonArray *output = realtime_json_get_array (object, "output");
  guint i, n = output ? json_array_get_length (output) : 0;

  for (i = 0; i < n; i++) {
    JsonObject *entry = realtime_json_get_element (output, i);
    const gchar *id = realtime_get_id (entry, "id");
    RealtimeItem *item = NULL;

    if (entry == NULL)
      continue;
    if (id != NULL)
      item = realtime_item_list_find (&self->items, response->session, id);
    if (item == NULL)
      item = find_by_output_index (response, i);
    if (item == NULL)
      item = get_output_item (self, response, id, i);
    join (response, item, i);

    if (item->closed)
      continue;
    if (is_of_type (entry, "function_call")) {
      take_call (item, entry);
      if (completed && call_is_complete (item, entry))
        tell_call (self, item);
    } else if (!response->apart) {
      make_line (item, entry);
      fill_item (item, entry);
    }
  }
}

/* Calls of which nothing but their arguments was told. */
static void
tell_other_calls (RealtimeConversation * self, RealtimeResponse * response)
{
  guint i;

  for (i = 0; i < response->items->len; i++) {
    RealtimeItem *item = g_ptr_array_index (response->items, i);

    if (!item->closed && call_is_complete (item, NULL))
      tell_call (self, item);
  }
}

static void
handle_response_done (RealtimeConversation * self, RealtimeSession * session,
    JsonObject * event)
{
  JsonObject *object = realtime_json_get_object (event, "response");
  RealtimeResponse *response =
      realtime_conversation_get_response (self, session,
      realtime_get_id (object, "id"));
  const gchar *status = realtime_json_get_string (object, "status",
      "completed");
  gboolean completed = strcmp (status, "completed") == 0;
  gboolean cancelled = strcmp (status, "cancelled") == 0;

  if (response->done)
    return;

  if (response->maybe_apart)
    response->maybe_apart = FALSE;
  take_output (self, response, object, completed);
  if (completed)
    tell_other_calls (self, response);
  response->done = TRUE;
  response->generating = FALSE;
  session->awaiting_reply = FALSE;

  response->cancelled = cancelled;
  response->awaits_playback = !cancelled && response->has_audio
      && session->tells_playback && !response->started;
  /* A log of a websocket session: the client plays the audio and tells the
   * server where it stopped. Nobody reads a log against the clock. */
  response->awaits_cut = !cancelled && response->sends_audio
      && !session->tells_playback && self->now == REALTIME_TIME_NONE;
  /* what is still to be heard ends with its playback */
  if (session->playing != response && !response->awaits_playback
      && !response->awaits_cut)
    realtime_conversation_end_response (self, response);

  if (realtime_usage_add_response (&self->usage,
          realtime_json_get_object (object, "usage")))
    realtime_conversation_count (self);
  if (strcmp (status, "failed") == 0) {
    realtime_conversation_tell_error (self, realtime_json_get_object (object,
            "status_details.error"), NULL);
  }
}

static void
handle_audio_delta (RealtimeConversation * self, RealtimeSession * session,
    JsonObject * event)
{
  const gchar *base64 = realtime_json_get_string (event, "delta", "");
  RealtimeItem *item = get_worded_item (self, session, event);

  if (item == NULL)
    return;
  item->response->has_audio = item->response->sends_audio = TRUE;
  if (!session->tells_playback)
    item->response->generating = TRUE;
  item->audio_ms += strlen (base64) * 0.75 / session->bytes_per_ms;
}

void
realtime_conversation_handle_truncated (RealtimeConversation * self,
    RealtimeItem * item, JsonObject * event)
{
  RealtimeResponse *response = item->response;
  gint64 heard_ms = realtime_json_get_int (event, "audio_end_ms", -1);

  if (item->closed)
    return;
  item->interrupted = TRUE;
  if (heard_ms >= 0)
    item->heard_ms = heard_ms;
  if (response != NULL && (response->awaits_playback || response->awaits_cut))
    realtime_conversation_finish_response (self, response, TRUE);
}

void
realtime_conversation_handle_output (RealtimeConversation * self,
    RealtimeSession * session, RealtimeEventType type, JsonObject * event)
{
  switch (type) {
    case REALTIME_EVENT_RESPONSE_CREATED:
      handle_response_created (self, session, event);
      break;
    case REALTIME_EVENT_RESPONSE_DONE:
      handle_response_done (self, session, event);
      break;
    case REALTIME_EVENT_OUTPUT_ITEM_ADDED:
      handle_output_item_added (self, session, event);
      break;
    case REALTIME_EVENT_OUTPUT_ITEM_DONE:
      handle_output_item_done (self, session, event);
      break;
    case REALTIME_EVENT_PART_DONE:
      handle_part_done (self, session, event);
      break;
    case REALTIME_EVENT_TEXT_DELTA:
      handle_words_delta (self, session, REALTIME_WORDS_TEXT, event);
      break;
    case REALTIME_EVENT_TEXT_DONE:
      handle_words_done (self, session, REALTIME_WORDS_TEXT, event);
      break;
    case REALTIME_EVENT_SPOKEN_DELTA:
      handle_words_delta (self, session, REALTIME_WORDS_SPOKEN, event);
      break;
    case REALTIME_EVENT_SPOKEN_DONE:
      handle_words_done (self, session, REALTIME_WORDS_SPOKEN, event);
      break;
    case REALTIME_EVENT_AUDIO_DELTA:
      handle_audio_delta (self, session, event);
      break;
    case REALTIME_EVENT_ARGUMENTS_DONE:
      handle_arguments_done (self, session, event);
      break;
    default:
      realtime_conversation_handle_playback (self, session, type, event);
      break;
  }
}
