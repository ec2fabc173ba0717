/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "session-private.h"

#include <string.h>

#define SESSION_SECONDS 3600
#define MAX_HELD 1000
/* A close overtakes what was sent just before it: the receiving side drops
 * what it has not yet taken out of the channel. */
#define LAST_WORD_MS 100

typedef struct
{
  JsonObject *event;
  gint64 mark;
} Held;

static void
held_free (gpointer data)
{
  Held *held = data;

  json_object_unref (held->event);
  g_free (held);
}

JsonObject *
event_new (const gchar * type)
{
  JsonObject *event = json_object_new ();
  g_autofree gchar *id = util_id ("event_", 20);

  json_object_set_string_member (event, "type", type);
  json_object_set_string_member (event, "event_id", id);
  return event;
}

/* Text of @bytes with characters of one to four bytes, so that whoever cuts
 * messages in pieces cuts through some. */
static gchar *
padding (gint64 bytes)
{
  GString *text = g_string_new (NULL);

  while ((gint64) text->len < bytes)
    g_string_append (text, "a\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e ");
  return g_string_free (text, FALSE);
}

/* FALSE when the event is not to be sent. */
static gboolean
inject (Session * self, JsonObject * event, const gchar * type)
{
  Faults *faults = self->server->faults;

  if (faults_has (faults, "channel-silent"))
    return FALSE;
  if (faults_has (faults, "no-playback")
      && g_str_has_prefix (type, "output_audio_buffer."))
    return FALSE;
  if (faults_has (faults, "no-items") && (g_str_equal (type,
              "conversation.item.added") || g_str_equal (type,
              "conversation.item.done")))
    return FALSE;
  if (!g_str_equal (type, "session.updated"))
    return TRUE;
  if (faults_has (faults, "big-event")) {
    g_autofree gchar *text = padding (faults_number (faults, "big-event", 0));

    json_object_set_string_member (event, "padding", text);
  }
  return !faults_has (faults, "no-session-updated");
}

void
session_send (Session * self, JsonObject * event)
{
  g_autofree gchar *text = NULL;
  const gchar *type;

  if (!json_object_has_member (event, "event_id")) {
    g_autofree gchar *id = util_id ("event_", 20);

    json_object_set_string_member (event, "event_id", id);
  }
  type = util_string (event, "type");
  if (!self->closed && inject (self, event, type)) {
    text = util_print (event);
    self->link.send (text, self->user_data);
    if (self->script != NULL)
      script_run_saw_server (self->script, type);
  }
  json_object_unref (event);
}

static void
set_or_null (JsonObject * object, const gchar * name, const gchar * value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

void
session_refuse (Session * self, const Refusal * refusal, const gchar * event_id)
{
  JsonObject *event = event_new ("error");
  JsonObject *error = json_object_new ();

  json_object_set_string_member (error, "type", "invalid_request_error");
  set_or_null (error, "code", refusal->code);
  json_object_set_string_member (error, "message", refusal->message);
  set_or_null (error, "param", refusal->param);
  set_or_null (error, "event_id", event_id);
  json_object_set_object_member (event, "error", error);
  session_send (self, event);
}

static gboolean
close_link (gpointer data)
{
  Session *self = data;

  self->link.close (self->user_data);
  return G_SOURCE_REMOVE;
}

void
session_fail (Session * self, const gchar * code, const gchar * message)
{
  Refusal refusal = { code, NULL, (gchar *) message };

  session_refuse (self, &refusal, NULL);
  self->closed = TRUE;
  session_after (self, LAST_WORD_MS, close_link, self, NULL);
}

void
session_send_config (Session * self, const gchar * type)
{
  JsonObject *event = event_new (type);

  json_object_set_object_member (event, "session", config_show (self->config,
          self->id, self->expires_at));
  session_send (self, event);
}

void
session_send_item (Session * self, const gchar * type, Item * item)
{
  JsonObject *event = event_new (type);

  set_or_null (event, "previous_item_id",
      conversation_previous (self->conversation, item));
  json_object_set_object_member (event, "item", util_copy_object (item->json));
  session_send (self, event);
}

typedef struct
{
  Session *session;
  GSourceFunc func;
  gpointer data;
  GDestroyNotify notify;
  guint id;
} Timer;

static void
timer_free (gpointer data)
{
  Timer *timer = data;

  if (timer->notify != NULL)
    timer->notify (timer->data);
  g_free (timer);
}

static gboolean
timer_fire (gpointer data)
{
  Timer *timer = data;

  g_hash_table_remove (timer->session->timers, GUINT_TO_POINTER (timer->id));
  timer->func (timer->data);
  return G_SOURCE_REMOVE;
}

guint
session_after (Session * self, guint ms, GSourceFunc func, gpointer data,
    GDestroyNotify notify)
{
  Timer *timer = g_new0 (Timer, 1);

  timer->session = self;
  timer->func = func;
  timer->data = data;
  timer->notify = notify;
  timer->id = g_timeout_add_full (G_PRIORITY_DEFAULT, ms, timer_fire, timer,
      timer_free);
  g_hash_table_add (self->timers, GUINT_TO_POINTER (timer->id));
  return timer->id;
}

static void
script_send (JsonObject * event, gpointer user_data)
{
  session_send (user_data, event);
}

static void
script_close (gpointer user_data)
{
  Session *self = user_data;

  self->closed = TRUE;
  self->link.close (self->user_data);
}

Session *
session_new (Server * server, JsonObject * config, const SessionLink * link,
    gpointer user_data)
{
  static const ScriptActions actions = { script_send, script_close };
  Session *self = g_new0 (Session, 1);

  self->server = server;
  self->link = *link;
  self->user_data = user_data;
  self->id = util_id ("sess_", 20);
  self->config = config_new (util_string (config, "type"));
  config_merge (self->config, config);
  self->model = g_strdup (util_string (config, "model"));
  if (config_is_translation (self->config))
    self->translation = translation_new (self);
  self->conversation = conversation_new ();
  self->responses = g_ptr_array_new_with_free_func (response_free);
  self->timers = g_hash_table_new (NULL, NULL);
  g_queue_init (&self->held);
  if (server->script != NULL)
    self->script = script_run_new (server->script, &actions, self);
  return self;
}

void
session_attach (Session * self, Recogniser * recogniser, Player * player)
{
  self->recogniser = recogniser;
  self->player = player;
  turns_configure (self);
}

static gboolean
expire (gpointer data)
{
  session_fail (data, "session_expired",
      "Your session hit the maximum duration of 60 minutes.");
  return G_SOURCE_REMOVE;
}

static gboolean
close_early (gpointer data)
{
  script_close (data);
  return G_SOURCE_REMOVE;
}

void
session_open (Session * self)
{
  Faults *faults = self->server->faults;
  gint64 life = faults_number (faults, "session-expired-after",
      SESSION_SECONDS * 1000);
  gint64 close_after = faults_number (faults, "close-after", -1);

  if (self->open)
    return;
  self->open = TRUE;
  self->expires_at = g_get_real_time () / G_USEC_PER_SEC + SESSION_SECONDS;
  session_after (self, life, expire, self, NULL);
  if (close_after >= 0)
    session_after (self, close_after, close_early, self, NULL);
  session_send_config (self, "session.created");
  if (faults_has (faults, "bad-json"))
    self->link.send ("{\"type\":\"broken.event\",\"event_id\":",
        self->user_data);
  if (faults_has (faults, "bad-utf8"))
    self->link.send ("{\"type\":\"broken.event\",\"text\":\"\xff\xc3\"}",
        self->user_data);
  if (self->script != NULL)
    script_run_start (self->script);
}

static void
handle (Session * self, JsonObject * event, gint64 mark)
{
  Refusal refusal = { NULL, NULL, NULL };

  if (!client_event (self, event, mark, &refusal))
    session_refuse (self, &refusal, util_string (event, "event_id"));
  refusal_clear (&refusal);
  if (self->script != NULL && util_string (event, "type") != NULL)
    script_run_saw_client (self->script, util_string (event, "type"));
}

void
session_message (Session * self, const gchar * text, gssize length, gint64 mark)
{
  Refusal refusal = { NULL, NULL, NULL };
  const gchar *why;
  JsonObject *event;
  Held *held;

  if (self->closed)
    return;
  event = util_parse (text, length, &why);
  if (event == NULL) {
    refuse (&refusal, "invalid_event", NULL,
        "The event could not be read: %s.", why);
    session_refuse (self, &refusal, NULL);
    refusal_clear (&refusal);
    return;
  }
  if (self->awaited_tag == 0 && g_queue_is_empty (&self->held)) {
    handle (self, event, mark);
    json_object_unref (event);
    return;
  }
  held = g_new0 (Held, 1);
  held->event = event;
  held->mark = mark;
  g_queue_push_tail (&self->held, held);
  if (g_queue_get_length (&self->held) > MAX_HELD)
    session_fail (self, "server_error", "Too many events at once.");
}

void
session_release (Session * self)
{
  while (self->awaited_tag == 0 && !self->closed) {
    Held *held = g_queue_pop_head (&self->held);

    if (held == NULL)
      return;
    handle (self, held->event, held->mark);
    held_free (held);
  }
}

void
session_played (Session * self, PlayedType type, guint serial,
    const gchar * word)
{
  if (self->translation != NULL)
    translation_played (self->translation, type, serial);
  else
    responses_played (self, type, serial, word);
}

void
session_free (Session * self)
{
  GHashTableIter iter;
  gpointer id;

  self->closed = TRUE;
  g_hash_table_iter_init (&iter, self->timers);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_source_remove (GPOINTER_TO_UINT (id));
  g_hash_table_unref (self->timers);
  g_ptr_array_unref (self->responses);
  g_clear_pointer (&self->translation, translation_free);
  g_clear_pointer (&self->script, script_run_free);
  g_queue_clear_full (&self->held, held_free);
  conversation_free (self->conversation);
  json_object_unref (self->config);
  g_free (self->awaited_event);
  g_free (self->model);
  g_free (self->id);
  g_free (self);
}
