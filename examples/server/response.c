/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "session-private.h"

#define PER_MS (SPEAKER_RATE / 1000)

/* One thread speaks for all: the engine has one lock anyway. */
static GThreadPool *speakers;

typedef struct
{
  Ticket *ticket;
  gchar *text;
  const gchar *voice;           /* static */
  gdouble speed;
} Job;

typedef struct
{
  Ticket *ticket;
  Speech *speech;               /* NULL: that was all */
} Part;

static Ticket *
ticket_ref (Ticket * ticket)
{
  g_atomic_int_inc (&ticket->refs);
  return ticket;
}

static void
ticket_unref (Ticket * ticket)
{
  if (g_atomic_int_dec_and_test (&ticket->refs))
    g_free (ticket);
}

static void
part_free (gpointer data)
{
  Part *part = data;

  if (part->speech != NULL)
    speech_free (part->speech);
  ticket_unref (part->ticket);
  g_free (part);
}

static gboolean
take_part (gpointer data)
{
  Part *part = data;
  Response *response = part->ticket->response;

  if (g_atomic_int_get (&part->ticket->cancelled))
    return G_SOURCE_REMOVE;
  if (part->speech != NULL)
    response->audio_ms += part->speech->n_samples / PER_MS;
  if (response->item != NULL)
    response->item->audio_ms = response->audio_ms;
  player_add (response->session->player, response->serial,
      g_steal_pointer (&part->speech));
  return G_SOURCE_REMOVE;
}

/* Takes @speech. */
static void
post_part (Ticket * ticket, Speech * speech)
{
  Part *part = g_new0 (Part, 1);

  part->ticket = ticket_ref (ticket);
  part->speech = speech;
  util_post (take_part, part, part_free);
}

static void
speak (gpointer data, gpointer user_data)
{
  Job *job = data;
  g_autoptr (GPtrArray) sentences = speaker_sentences (job->text);
  guint i;

  for (i = 0; i < sentences->len &&
      !g_atomic_int_get (&job->ticket->cancelled); i++)
    post_part (job->ticket, speaker_speak (g_ptr_array_index (sentences, i),
            job->voice, job->speed));
  post_part (job->ticket, NULL);
  ticket_unref (job->ticket);
  g_free (job->text);
  g_free (job);
}

void
response_threads_init (void)
{
  speakers = g_thread_pool_new (speak, NULL, 1, FALSE, NULL);
}

void
response_threads_deinit (void)
{
  g_thread_pool_free (speakers, FALSE, TRUE);
}

void
response_speak (Response * self)
{
  Session *session = self->session;
  JsonObject *output = util_object (util_object (self->config, "audio"),
      "output");
  Job *job = g_new0 (Job, 1);

  self->serial = ++session->serial;
  session->has_spoken = TRUE;
  self->ticket = g_new0 (Ticket, 1);
  self->ticket->refs = 1;
  self->ticket->response = self;
  job->ticket = ticket_ref (self->ticket);
  job->text = g_strdup (self->text);
  job->voice = session->server->voice != NULL ? session->server->voice :
      speaker_voice_for (config_voice (self->config));
  job->speed = util_number (output, "speed", 1.0);
  job->voice = speaker_voice_for (job->voice);
  g_thread_pool_push (speakers, job, NULL);
}

gint
count_tokens (const gchar * text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \n\t", -1);
  gint n = 0;
  guint i;

  for (i = 0; words[i] != NULL; i++)
    n += *words[i] != '\0';
  /* English has about four tokens in three words */
  return (n * 4 + 2) / 3;
}

/* What the response reads: the instructions and all items. */
static void
count_input (Response * self)
{
  Session *session = self->session;
  const gchar *instructions = util_string (self->config, "instructions");
  guint i;

  self->input_text = instructions != NULL ? count_tokens (instructions) : 0;
  self->input_audio = 0;
  for (i = 0; i < session->conversation->items->len; i++) {
    Item *item = g_ptr_array_index (session->conversation->items, i);
    gboolean assistant = g_strcmp0 (util_string (item->json, "role"),
        "assistant") == 0;

    if (item->json == self->json)
      continue;
    if (item->audio_ms > 0) {
      self->input_audio += item->audio_ms / (assistant ? 50 : 100);
    } else {
      g_autofree gchar *text = item_text (item->json);

      self->input_text += count_tokens (text);
    }
  }
}

static JsonObject *
show_usage (Response * self)
{
  JsonObject *usage = json_object_new ();
  JsonObject *input = json_object_new (), *output = json_object_new ();
  gint text = 0, audio = self->audio_ms / 50;
  guint i;

  for (i = 0; i < json_array_get_length (self->output); i++) {
    g_autofree gchar *words =
        item_text (json_array_get_object_element (self->output, i));

    text += count_tokens (words);
  }
  json_object_set_int_member (usage, "total_tokens", self->input_text +
      self->input_audio + text + audio);
  json_object_set_int_member (usage, "input_tokens", self->input_text +
      self->input_audio);
  json_object_set_int_member (usage, "output_tokens", text + audio);
  json_object_set_int_member (input, "text_tokens", self->input_text);
  json_object_set_int_member (input, "audio_tokens", self->input_audio);
  json_object_set_int_member (input, "image_tokens", 0);
  json_object_set_int_member (input, "cached_tokens", 0);
  json_object_set_object_member (usage, "input_token_details", input);
  json_object_set_int_member (output, "text_tokens", text);
  json_object_set_int_member (output, "audio_tokens", audio);
  json_object_set_object_member (usage, "output_token_details", output);
  return usage;
}

static JsonObject *
show_details (const gchar * status, const gchar * reason, const gchar * error)
{
  JsonObject *details = json_object_new ();

  json_object_set_string_member (details, "type", status);
  if (reason != NULL)
    json_object_set_string_member (details, "reason", reason);
  if (error != NULL) {
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "type",
        g_str_equal (error, "insufficient_quota") ||
        g_str_equal (error, "rate_limit_exceeded") ? error : "server_error");
    json_object_set_string_member (object, "code", error);
    json_object_set_object_member (details, "error", object);
  }
  return details;
}

static JsonObject *
show_audio (Response * self)
{
  JsonObject *audio = json_object_new (), *output = json_object_new ();
  JsonObject *from = util_object (util_object (self->config, "audio"),
      "output");

  json_object_set_member (output, "format", util_copy (json_object_get_member
          (from, "format")));
  json_object_set_string_member (output, "voice", config_voice (self->config));
  json_object_set_object_member (audio, "output", output);
  return audio;
}

JsonObject *
response_show (Response * self, const gchar * status, const gchar * reason,
    const gchar * error)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "object", "realtime.response");
  json_object_set_string_member (object, "id", self->id);
  json_object_set_string_member (object, "status", status);
  if (reason != NULL || error != NULL)
    json_object_set_object_member (object, "status_details",
        show_details (status, reason, error));
  json_object_set_array_member (object, "output",
      json_array_ref (self->output));
  if (self->in_conversation)
    json_object_set_string_member (object, "conversation_id",
        self->session->conversation->id);
  else
    json_object_set_null_member (object, "conversation_id");
  json_object_set_member (object, "output_modalities",
      util_copy (json_object_get_member (self->config, "output_modalities")));
  json_object_set_member (object, "max_output_tokens",
      util_copy (json_object_get_member (self->config, "max_output_tokens")));
  if (config_wants_audio (self->config))
    json_object_set_object_member (object, "audio", show_audio (self));
  if (self->metadata != NULL)
    json_object_set_object_member (object, "metadata",
        util_copy_object (self->metadata));
  if (!g_str_equal (status, "in_progress"))
    json_object_set_object_member (object, "usage", show_usage (self));
  return object;
}

static void
tell_limits (Session * session)
{
  Server *server = session->server;
  JsonObject *event = event_new ("rate_limits.updated");
  JsonArray *limits = json_array_new ();
  gdouble reset;
  guint i;

  server_rate_window (server);
  server->requests_left = MAX (server->requests_left - 1, 0);
  reset = (server->window_end - g_get_monotonic_time ()) / 1e6;
  for (i = 0; i < 2; i++) {
    JsonObject *limit = json_object_new ();

    json_object_set_string_member (limit, "name", i == 0 ? "requests" :
        "tokens");
    json_object_set_int_member (limit, "limit", i == 0 ?
        SERVER_REQUESTS_PER_MINUTE : SERVER_TOKENS_PER_MINUTE);
    json_object_set_int_member (limit, "remaining", i == 0 ?
        server->requests_left : server->tokens_left);
    json_object_set_double_member (limit, "reset_seconds", MAX (reset, 0));
    json_array_add_object_element (limits, limit);
  }
  json_object_set_array_member (event, "rate_limits", limits);
  session_send (session, event);
}

/* The session's settings with what this response changes. */
static void
configure (Response * self, JsonObject * params)
{
  g_autoptr (JsonObject) changes = util_copy_object (params);

  self->in_conversation = g_strcmp0 (util_string (params, "conversation"),
      "none") != 0;
  if (util_object (params, "metadata") != NULL)
    self->metadata = util_copy_object (util_object (params, "metadata"));
  json_object_remove_member (changes, "conversation");
  json_object_remove_member (changes, "metadata");
  json_object_remove_member (changes, "input");
  config_merge (self->config, changes);
}

/* Whether words that this response needs are still being looked for. */
static gboolean
must_wait (Response * self)
{
  return util_array (self->input, "input") == NULL &&
      conversation_is_pending (self->session->conversation);
}

void
response_create (Session * session, JsonObject * params, gboolean automatic)
{
  Response *self;
  JsonObject *event;

  if (faults_has (session->server->faults, "no-response"))
    return;
  self = g_new0 (Response, 1);
  self->session = session;
  self->id = util_id ("resp_", 20);
  self->config = util_copy_object (session->config);
  self->automatic = automatic;
  self->in_conversation = TRUE;
  self->output = json_array_new ();
  self->said = g_string_new (NULL);
  if (params != NULL) {
    self->input = util_copy_object (params);
    configure (self, params);
  }
  g_ptr_array_add (session->responses, self);
  turns_stop_idle (session);
  event = event_new ("response.created");
  json_object_set_object_member (event, "response", response_show (self,
          "in_progress", NULL, NULL));
  session_send (session, event);
  tell_limits (session);
  if (must_wait (self) || faults_has (session->server->faults,
          "stuck-response"))
    return;
  count_input (self);
  output_begin (self);
}

Response *
response_active (Session * session)
{
  guint i;

  for (i = 0; i < session->responses->len; i++) {
    Response *response = g_ptr_array_index (session->responses, i);

    if (response->in_conversation && !response->done)
      return response;
  }
  return NULL;
}

Response *
response_find (Session * session, const gchar * id)
{
  guint i;

  for (i = 0; i < session->responses->len; i++) {
    Response *response = g_ptr_array_index (session->responses, i);

    if (g_str_equal (response->id, id))
      return response;
  }
  return NULL;
}

/* Lets go of those that are done and not heard any more. */
static void
sweep (Session * session)
{
  guint i;

  for (i = session->responses->len; i > 0; i--) {
    Response *response = g_ptr_array_index (session->responses, i - 1);

    if (response->done && (response->serial == 0 || response->silent))
      g_ptr_array_remove_index (session->responses, i - 1);
  }
}

static void
tell_buffer (Response * self, const gchar * type)
{
  JsonObject *event = event_new (type);

  json_object_set_string_member (event, "response_id", self->id);
  session_send (self->session, event);
}

/* Ends its sound at once. Returns the ms that were heard; -1 for none. */
static gint64
hush (Response * self)
{
  gint64 played;

  if (self->serial == 0 || self->silent)
    return -1;
  self->silent = TRUE;
  g_atomic_int_set (&self->ticket->cancelled, TRUE);
  played = player_drop (self->session->player, self->serial);
  /* it was over, but the notice of it is still on its way */
  if (played < 0 && self->heard)
    return self->audio_ms;
  return played < 0 ? -1 : played / PER_MS;
}

void
response_cancel (Response * self)
{
  Session *session = self->session;

  /* what is already being heard is stopped by output_audio_buffer.clear */
  if (!self->heard)
    hush (self);
  output_finish (self, "cancelled", "client_cancelled");
  sweep (session);
}

static void
tell_truncated (Response * self, gint64 ms)
{
  JsonObject *event = event_new ("conversation.item.truncated");

  json_object_set_string_member (event, "item_id",
      util_string (self->json, "id"));
  json_object_set_int_member (event, "content_index", 0);
  json_object_set_int_member (event, "audio_end_ms", ms);
  session_send (self->session, event);
}

static void
interrupt (Response * self)
{
  gint64 ms = hush (self);

  if (self->heard) {
    self->audio_ms = MAX (ms, 0);
    if (self->item != NULL)
      self->item->audio_ms = self->audio_ms;
    tell_buffer (self, "output_audio_buffer.cleared");
    if (self->item != NULL)
      tell_truncated (self, self->audio_ms);
  }
  if (!self->done)
    output_finish (self, "cancelled", "turn_detected");
  if (self->heard && self->item != NULL)
    item_forget_transcript (self->item->json);
}

void
responses_interrupt (Session * session)
{
  guint i;

  for (i = 0; i < session->responses->len; i++) {
    Response *response = g_ptr_array_index (session->responses, i);

    if (!response->silent && (response->serial != 0 ||
            response->in_conversation))
      interrupt (response);
  }
  sweep (session);
}

void
responses_silence (Session * session)
{
  guint i;

  for (i = 0; i < session->responses->len; i++) {
    Response *response = g_ptr_array_index (session->responses, i);

    if (!response->heard || response->silent)
      continue;
    hush (response);
    tell_buffer (response, "output_audio_buffer.cleared");
    if (!response->done) {
      output_word (response, NULL);
      output_finish (response, "completed", NULL);
    }
  }
  sweep (session);
}

void
responses_continue (Session * session)
{
  guint i;

  for (i = 0; i < session->responses->len; i++) {
    Response *response = g_ptr_array_index (session->responses, i);

    if (response->generating || response->done || must_wait (response))
      continue;
    count_input (response);
    output_begin (response);
  }
  sweep (session);
}

void
responses_played (Session * session, PlayedType type, guint serial,
    const gchar * word)
{
  Response *self = NULL;
  guint i;

  for (i = 0; i < session->responses->len; i++) {
    Response *response = g_ptr_array_index (session->responses, i);

    if (response->serial == serial)
      self = response;
  }
  if (self == NULL || self->silent)
    return;
  switch (type) {
    case PLAYED_STARTED:
      self->heard = TRUE;
      tell_buffer (self, "output_audio_buffer.started");
      break;
    case PLAYED_WORD:
      if (!self->done)
        output_word (self, word);
      break;
    case PLAYED_FINISHED:
      self->silent = TRUE;
      if (!self->done)
        output_finish (self, "completed", NULL);
      if (self->heard)
        tell_buffer (self, "output_audio_buffer.stopped");
      sweep (session);
      turns_start_idle (session);
      break;
  }
}

void
response_free (gpointer data)
{
  Response *self = data;

  if (self->ticket != NULL) {
    g_atomic_int_set (&self->ticket->cancelled, TRUE);
    ticket_unref (self->ticket);
  }
  json_object_unref (self->config);
  g_clear_pointer (&self->input, json_object_unref);
  g_clear_pointer (&self->metadata, json_object_unref);
  g_clear_pointer (&self->json, json_object_unref);
  json_array_unref (self->output);
  g_string_free (self->said, TRUE);
  g_free (self->text);
  g_free (self->id);
  g_free (self);
}
