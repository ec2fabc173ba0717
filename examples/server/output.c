/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "session-private.h"

#include "picture.h"
#include "reply.h"

#include <string.h>

/* An event about the output of @self that is in the making. */
static JsonObject *
output_event (Response * self, const gchar * type, gboolean with_item,
    gboolean with_content)
{
  JsonObject *event = event_new (type);

  json_object_set_string_member (event, "response_id", self->id);
  json_object_set_int_member (event, "output_index",
      json_array_get_length (self->output));
  if (with_item)
    json_object_set_string_member (event, "item_id", util_string (self->json,
            "id"));
  if (with_content)
    json_object_set_int_member (event, "content_index", 0);
  return event;
}

static gboolean
is_spoken (Response * self)
{
  return config_wants_audio (self->config);
}

static void
send_item (Response * self, const gchar * type)
{
  JsonObject *event = output_event (self, type, FALSE, FALSE);

  json_object_set_object_member (event, "item", util_copy_object (self->json));
  session_send (self->session, event);
}

static void
begin_item (Response * self, JsonObject * json)
{
  self->json = json;
  if (self->in_conversation)
    self->item = conversation_insert (self->session->conversation,
        json_object_ref (json), NULL);
  send_item (self, "response.output_item.added");
  if (self->item != NULL)
    session_send_item (self->session, "conversation.item.added", self->item);
}

static void
finish_item (Response * self, const gchar * status)
{
  json_object_set_string_member (self->json, "status", status);
  send_item (self, "response.output_item.done");
  if (self->item != NULL)
    session_send_item (self->session, "conversation.item.done", self->item);
  json_array_add_object_element (self->output, util_copy_object (self->json));
}

static void
send_part (Response * self, const gchar * type, const gchar * text)
{
  JsonObject *event = output_event (self, type, TRUE, TRUE);
  JsonObject *part = json_object_new ();

  json_object_set_string_member (part, "type", is_spoken (self) ? "audio" :
      "text");
  json_object_set_string_member (part, is_spoken (self) ? "transcript" :
      "text", text);
  json_object_set_object_member (event, "part", part);
  session_send (self->session, event);
}

static void
send_delta (Response * self, const gchar * delta)
{
  JsonObject *event = output_event (self, is_spoken (self) ?
      "response.output_audio_transcript.delta" : "response.output_text.delta",
      TRUE, TRUE);

  json_object_set_string_member (event, "delta", delta);
  session_send (self->session, event);
}

void
output_word (Response * self, const gchar * word)
{
  gsize before = self->said->len;

  if (word == NULL) {
    /* the rest, all at once */
    if (self->text != NULL && before < strlen (self->text))
      g_string_append (self->said, self->text + before);
  } else {
    if (before > 0)
      g_string_append_c (self->said, ' ');
    g_string_append (self->said, word);
  }
  if (self->said->len > before)
    send_delta (self, self->said->str + before);
}

static void
finish_message (Response * self, const gchar * status)
{
  JsonObject *event;

  if (is_spoken (self)) {
    session_send (self->session, output_event (self,
            "response.output_audio.done", TRUE, TRUE));
    event = output_event (self, "response.output_audio_transcript.done", TRUE,
        TRUE);
    json_object_set_string_member (event, "transcript", self->said->str);
  } else {
    event = output_event (self, "response.output_text.done", TRUE, TRUE);
    json_object_set_string_member (event, "text", self->said->str);
  }
  session_send (self->session, event);
  send_part (self, "response.content_part.done", self->said->str);
  item_add_content (self->json, is_spoken (self) ? "output_audio" :
      "output_text", is_spoken (self) ? "transcript" : "text", self->said->str);
  finish_item (self, status);
}

static void
send_done (Response * self, const gchar * status, const gchar * reason,
    const gchar * error)
{
  JsonObject *event = event_new ("response.done");
  JsonObject *response = response_show (self, status, reason, error);
  Server *server = self->session->server;

  self->done = TRUE;
  server_rate_window (server);
  server->tokens_left = MAX (0, server->tokens_left -
      util_int (util_object (response, "usage"), "total_tokens", 0));
  json_object_set_object_member (event, "response", response);
  session_send (self->session, event);
}

void
output_finish (Response * self, const gchar * status, const gchar * reason)
{
  gboolean whole = g_str_equal (status, "completed");

  if (whole && self->cut) {
    status = "incomplete";
    reason = "max_output_tokens";
    whole = FALSE;
  }
  if (self->json != NULL)
    finish_message (self, whole ? "completed" : "incomplete");
  send_done (self, status, reason, NULL);
}

void
output_fail (Response * self, const gchar * code)
{
  send_done (self, "failed", NULL, code);
}

static void
put_out_call (Response * self, JsonObject * call)
{
  g_autofree gchar *id = util_id ("item_", 20);
  g_autofree gchar *call_id = util_id ("call_", 16);
  const gchar *arguments = util_string (call, "arguments");
  JsonObject *json = item_new (id, "function_call", "in_progress");
  JsonObject *event;

  json_object_set_string_member (json, "call_id", call_id);
  json_object_set_string_member (json, "name", util_string (call, "name"));
  json_object_set_string_member (json, "arguments", "");
  begin_item (self, json);
  event = output_event (self, "response.function_call_arguments.delta", TRUE,
      FALSE);
  json_object_set_string_member (event, "call_id", call_id);
  json_object_set_string_member (event, "delta", arguments);
  session_send (self->session, event);
  event = output_event (self, "response.function_call_arguments.done", TRUE,
      FALSE);
  json_object_set_string_member (event, "call_id", call_id);
  json_object_set_string_member (event, "name", util_string (call, "name"));
  json_object_set_string_member (event, "arguments", arguments);
  session_send (self->session, event);
  json_object_set_string_member (json, "arguments", arguments);
  finish_item (self, "completed");
  g_clear_pointer (&self->json, json_object_unref);
  self->item = NULL;
}

void
output_function_calls (Response * self, JsonArray * calls)
{
  guint i;

  for (i = 0; i < json_array_get_length (calls); i++)
    put_out_call (self, json_array_get_object_element (calls, i));
  send_done (self, "completed", NULL, NULL);
}

/* Keeps as many words as max_output_tokens allows. */
static void
limit (Response * self)
{
  gint64 most = util_int (self->config, "max_output_tokens", -1);
  gchar *at = self->text;

  if (most < 0 || count_tokens (self->text) <= most)
    return;
  self->cut = TRUE;
  for (;;) {
    gchar *blank = strchr (at, ' ');
    gint tokens;

    if (blank == NULL)
      return;
    *blank = '\0';
    tokens = count_tokens (self->text);
    if (tokens > most) {
      /* a word too many: at least one is always said */
      if (at > self->text)
        at[-1] = '\0';
      return;
    }
    *blank = ' ';
    at = blank + 1;
  }
}

/* Takes @text. */
static void
begin_message (Response * self, gchar * text)
{
  g_autofree gchar *id = util_id ("item_", 20);
  g_auto (GStrv) words = NULL;
  guint i;

  self->text = text;
  limit (self);
  begin_item (self, item_new_message (id, "assistant", "in_progress"));
  send_part (self, "response.content_part.added", "");
  if (is_spoken (self)) {
    response_speak (self);
    return;
  }
  words = g_strsplit (self->text, " ", -1);
  for (i = 0; words[i] != NULL; i++)
    output_word (self, words[i]);
  output_finish (self, "completed", NULL);
}

/* The item that is to be answered: the last one that a user or function
 * made, among those that the client named or in the conversation. */
static JsonObject *
find_question (Response * self)
{
  Conversation *conversation = self->session->conversation;
  JsonArray *input = util_array (self->input, "input");
  guint i, n = input != NULL ? json_array_get_length (input) :
      conversation->items->len;

  for (i = n; i > 0; i--) {
    JsonObject *item = input != NULL ?
        json_array_get_object_element (input, i - 1) :
        ((Item *) g_ptr_array_index (conversation->items, i - 1))->json;

    if (g_strcmp0 (util_string (item, "type"), "item_reference") == 0)
      item = conversation_find (conversation, util_string (item, "id"))->json;
    if (g_strcmp0 (util_string (item, "type"), "function_call_output") == 0 ||
        g_strcmp0 (util_string (item, "role"), "user") == 0)
      return item;
  }
  return NULL;
}

/* The last picture that was shown, in words; NULL: none was. */
static gchar *
find_picture (Response * self)
{
  GPtrArray *items = self->session->conversation->items;
  guint i, n;

  for (i = items->len; i > 0; i--) {
    JsonArray *content = util_array (((Item *) g_ptr_array_index (items,
                i - 1))->json, "content");

    for (n = content != NULL ? json_array_get_length (content) : 0; n > 0; n--) {
      const gchar *url = util_string (json_array_get_object_element (content,
              n - 1), "image_url");

      if (url != NULL)
        return picture_describe (url);
    }
  }
  return NULL;
}

static void
begin_by_rules (Response * self)
{
  JsonObject *item = find_question (self);
  g_autofree gchar *picture = find_picture (self);
  g_autofree gchar *said = NULL;
  Question question = { NULL };
  Reply reply = { NULL };

  if (item != NULL)
    question.result = util_string (item, "output");
  if (item != NULL && question.result == NULL) {
    said = item_text (item);
    question.said = said;
  }
  question.picture = picture;
  question.instructions = util_string (self->input, "instructions");
  question.tools = util_array (self->config, "tools");
  question.tool_choice = json_object_get_member (self->config, "tool_choice");
  reply_make (&question, &reply);
  if (reply.text != NULL) {
    begin_message (self, g_steal_pointer (&reply.text));
  } else {
    g_autoptr (JsonArray) calls = json_array_new ();
    JsonObject *call = json_object_new ();

    json_object_set_string_member (call, "name", reply.function);
    json_object_set_string_member (call, "arguments", reply.arguments);
    json_array_add_object_element (calls, call);
    output_function_calls (self, calls);
  }
  reply_clear (&reply);
}

/* The call of a script's line, as it is put out. */
static JsonObject *
make_call (JsonObject * call)
{
  JsonObject *made = json_object_new ();
  JsonObject *arguments = util_object (call, "arguments");
  g_autofree gchar *text = arguments != NULL ? util_print (arguments) :
      g_strdup ("{}");

  json_object_set_string_member (made, "name", util_string (call, "name"));
  json_object_set_string_member (made, "arguments", text);
  return made;
}

static void
begin_calls (Response * self, JsonObject * line)
{
  JsonArray *calls = util_array (line, "calls");
  g_autoptr (JsonArray) made = json_array_new ();
  guint i;

  if (calls == NULL)
    json_array_add_object_element (made, make_call (util_object (line,
                "call")));
  for (i = 0; calls != NULL && i < json_array_get_length (calls); i++)
    json_array_add_object_element (made, make_call
        (json_array_get_object_element (calls, i)));
  output_function_calls (self, made);
}

void
output_begin (Response * self)
{
  ScriptRun *script = self->session->script;
  JsonObject *line = script != NULL ? script_run_reply (script) : NULL;

  self->generating = TRUE;
  if (line == NULL)
    begin_by_rules (self);
  else if (util_string (line, "say") != NULL)
    begin_message (self, g_strdup (util_string (line, "say")));
  else if (util_string (line, "fail") != NULL)
    output_fail (self, util_string (line, "fail"));
  else
    begin_calls (self, line);
}
