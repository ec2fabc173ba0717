/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "clientevent.h"
#include "json.h"
#include "responsequeue.h"

/* An answer to a response.create that has not come by then will not come. */
#define ANSWER_TIMEOUT_US (10 * G_USEC_PER_SEC)
/* A response that is in the way, and of which nothing else is known. */
#define RETRY_US (2 * G_USEC_PER_SEC)
#define MAX_ASKED 64
#define MAX_CALLS 256
#define MAX_APART 32

typedef struct
{
  gchar *id;
  gchar *event;
  gboolean reply;               /* to what stands in the conversation */
  guint items;                  /* of ours that were sent before */
} Ask;

typedef struct
{
  gchar *call_id;
  gchar *response_id;           /* or NULL */
  gboolean answered;
} Call;

struct _RealtimeResponseQueue
{
  GQueue asked;                 /* of Ask */
  Ask *sent;                    /* neither begun for sure nor refused */
  gint64 sent_at;               /* 0: pop() tells */
  gchar *sent_response;         /* what has begun since, most likely this */
  gboolean sent_covered;        /* that began behind the items of it */

  GPtrArray *active;            /* ids; "" of one without */
  GQueue apart;                 /* ids of responses outside */
  guint apart_asked;
  gboolean names_conversations;
  gboolean tells_created;       /* response.created is in use */
  GPtrArray *calls;             /* of Call */

  guint items_sent, items_seen;
  gboolean tells_added;         /* conversation.item.added is in use */
  gboolean held;
  gboolean in_the_way;          /* a response that we do not know */
  gint64 retry_at;              /* 0: pop() tells */
  guint serial;                 /* never used twice, beyond resets */
};

static void
ask_free (gpointer data)
{
  Ask *ask = data;

  if (ask == NULL)
    return;
  g_free (ask->id);
  g_free (ask->event);
  g_free (ask);
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->call_id);
  g_free (call->response_id);
  g_free (call);
}

RealtimeResponseQueue *
realtime_response_queue_new (void)
{
  RealtimeResponseQueue *self = g_new0 (RealtimeResponseQueue, 1);

  g_queue_init (&self->asked);
  g_queue_init (&self->apart);
  self->active = g_ptr_array_new_with_free_func (g_free);
  self->calls = g_ptr_array_new_with_free_func (call_free);
  return self;
}

static void
forget_sent (RealtimeResponseQueue * self)
{
  g_clear_pointer (&self->sent, ask_free);
  g_clear_pointer (&self->sent_response, g_free);
}

void
realtime_response_queue_reset (RealtimeResponseQueue * self)
{
  g_queue_clear_full (&self->asked, ask_free);
  g_queue_clear_full (&self->apart, g_free);
  forget_sent (self);
  g_ptr_array_set_size (self->active, 0);
  g_ptr_array_set_size (self->calls, 0);
  self->apart_asked = self->items_sent = self->items_seen = 0;
  self->names_conversations = self->tells_created = FALSE;
  self->tells_added = self->in_the_way = FALSE;
}

void
realtime_response_queue_free (RealtimeResponseQueue * self)
{
  if (self == NULL)
    return;
  realtime_response_queue_reset (self);
  g_ptr_array_unref (self->active);
  g_ptr_array_unref (self->calls);
  g_free (self);
}

static void
push (RealtimeResponseQueue * self, Ask * ask)
{
  ask->items = self->items_sent;
  g_queue_push_tail (&self->asked, ask);
}

static Ask *
find_reply (RealtimeResponseQueue * self)
{
  GList *l;

  for (l = self->asked.head; l != NULL; l = l->next) {
    Ask *ask = l->data;

    if (ask->reply)
      return ask;
  }
  return NULL;
}

void
realtime_response_queue_ask_reply (RealtimeResponseQueue * self)
{
  Ask *ask = find_reply (self);

  if (ask != NULL) {
    ask->items = self->items_sent;
    return;
  }
  ask = g_new0 (Ask, 1);
  ask->reply = TRUE;
  ask->id = realtime_client_event_make_id ("response", ++self->serial);
  ask->event = realtime_client_event_response (ask->id, NULL);
  push (self, ask);
}

gboolean
realtime_response_queue_ask (RealtimeResponseQueue * self, const gchar * id,
    const gchar * event)
{
  Ask *ask;

  if (self->asked.length >= MAX_ASKED)
    return FALSE;
  ask = g_new0 (Ask, 1);
  ask->id = g_strdup (id);
  ask->event = g_strdup (event);
  push (self, ask);
  return TRUE;
}

void
realtime_response_queue_note_item (RealtimeResponseQueue * self)
{
  self->items_sent++;
}

/* Whether only a client makes such an item. */
static gboolean
is_clients (JsonObject * item)
{
  const gchar *type = realtime_json_get_string (item, "type", "");
  JsonArray *content = realtime_json_get_array (item, "content");
  guint i, n = content ? json_array_get_length (content) : 0;

  if (g_str_equal (type, "function_call_output"))
    return TRUE;
  for (i = 0; i < n; i++) {
    const gchar *kind = realtime_json_get_string (realtime_json_get_element
        (content, i), "type", "");

    if (g_str_equal (kind, "input_text") || g_str_equal (kind, "input_image"))
      return TRUE;
  }
  return FALSE;
}

static Call *
find_call (RealtimeResponseQueue * self, const gchar * call_id)
{
  guint i;

  for (i = 0; i < self->calls->len; i++) {
    Call *call = g_ptr_array_index (self->calls, i);

    if (strcmp (call->call_id, call_id) == 0)
      return call;
  }
  return NULL;
}

static Call *
get_call (RealtimeResponseQueue * self, const gchar * call_id)
{
  Call *call = find_call (self, call_id);

  if (call != NULL)
    return call;
  if (self->calls->len >= MAX_CALLS)
    g_ptr_array_remove_index (self->calls, 0);
  call = g_new0 (Call, 1);
  call->call_id = g_strdup (call_id);
  g_ptr_array_add (self->calls, call);
  return call;
}

void
realtime_response_queue_add_call (RealtimeResponseQueue * self,
    const gchar * call_id, const gchar * response_id)
{
  Call *call = get_call (self, call_id);

  if (call->response_id == NULL)
    call->response_id = g_strdup (response_id);
}

void
realtime_response_queue_answer_call (RealtimeResponseQueue * self,
    const gchar * call_id)
{
  get_call (self, call_id)->answered = TRUE;
}

void
realtime_response_queue_note_sent (RealtimeResponseQueue * self,
    JsonObject * event)
{
  JsonObject *item = realtime_json_get_object (event, "item");
  const gchar *call_id = realtime_json_get_string (item, "call_id", NULL);
  Call *call = call_id ? find_call (self, call_id) : NULL;

  if (realtime_response_queue_is_apart (event))
    self->apart_asked++;
  if (is_clients (item))
    self->items_sent++;
  if (call != NULL && g_str_equal (realtime_json_get_string (item, "type",
              ""), "function_call_output"))
    g_ptr_array_remove (self->calls, call);
}

gboolean
realtime_response_queue_is_apart (JsonObject * event)
{
  return g_str_equal (realtime_json_get_string (event, "type", ""),
      "response.create")
      && g_str_equal (realtime_json_get_string (event,
          "response.conversation", ""), "none");
}

guint
realtime_response_queue_get_open_calls (RealtimeResponseQueue * self)
{
  guint i, open = 0;

  for (i = 0; i < self->calls->len; i++) {
    Call *call = g_ptr_array_index (self->calls, i);

    open += !call->answered;
  }
  return open;
}

void
realtime_response_queue_set_held (RealtimeResponseQueue * self, gboolean held)
{
  self->held = held;
}

static gint
find_active (RealtimeResponseQueue * self, const gchar * id)
{
  guint i;

  for (i = 0; i < self->active->len; i++) {
    if (strcmp (g_ptr_array_index (self->active, i), id) == 0)
      return i;
  }
  return -1;
}

/* Whether all calls of the response @id have their results. The response must
 * be over: it may call more. */
static gboolean
is_answered (RealtimeResponseQueue * self, const gchar * id)
{
  guint i;

  if (id != NULL && find_active (self, id) >= 0)
    return FALSE;
  for (i = 0; i < self->calls->len; i++) {
    Call *call = g_ptr_array_index (self->calls, i);

    if (g_strcmp0 (call->response_id, id) == 0 && !call->answered)
      return FALSE;
  }
  return TRUE;
}

/* Asks for a reply to the calls of each response that has all results. */
static void
settle_calls (RealtimeResponseQueue * self)
{
  guint i = 0;

  while (i < self->calls->len) {
    Call *call = g_ptr_array_index (self->calls, i);
    g_autofree gchar *id = g_strdup (call->response_id);
    guint j;

    if (!is_answered (self, id)) {
      i++;
      continue;
    }
    realtime_response_queue_ask_reply (self);
    for (j = self->calls->len; j > i; j--) {
      call = g_ptr_array_index (self->calls, j - 1);
      if (g_strcmp0 (call->response_id, id) == 0)
        g_ptr_array_remove_index (self->calls, j - 1);
    }
  }
}

/* Whether a new response is outside of the conversation. */
static gboolean
is_apart (RealtimeResponseQueue * self, JsonObject * response)
{
  if (realtime_json_get_string (response, "conversation_id", NULL) != NULL) {
    self->names_conversations = TRUE;
    return FALSE;
  }
  if (self->apart_asked > 0) {
    self->apart_asked--;
    return TRUE;
  }
  return self->names_conversations;
}

static void
handle_created (RealtimeResponseQueue * self, JsonObject * response)
{
  const gchar *id = realtime_json_get_string (response, "id", "");
  Ask *reply = find_reply (self);

  self->tells_created = TRUE;
  if (is_apart (self, response)) {
    g_queue_push_tail (&self->apart, g_strdup (id));
    if (self->apart.length > MAX_APART)
      g_free (g_queue_pop_head (&self->apart));
    return;
  }

  if (find_active (self, id) < 0)
    g_ptr_array_add (self->active, g_strdup (id));
  self->in_the_way = FALSE;
  if (self->sent != NULL && self->sent_response == NULL) {
    self->sent_response = g_strdup (id);
    self->sent_covered = self->items_seen >= self->sent->items;
  }
  /* it reads what the reply was asked for; one with a mind of its own need
   * not answer that */
  if (reply != NULL && self->items_seen >= reply->items
      && (self->sent == NULL || self->sent->reply)) {
    g_queue_remove (&self->asked, reply);
    ask_free (reply);
  }
}

/* Some servers filter events: where nothing tells that a response begins, any
 * word of an end is the end of the one that was asked for. */
static void
handle_untold_end (RealtimeResponseQueue * self)
{
  if (self->tells_created)
    return;
  forget_sent (self);
  self->in_the_way = FALSE;
}

static void
handle_done (RealtimeResponseQueue * self, const gchar * id)
{
  gint index = find_active (self, id);

  if (g_queue_find_custom (&self->apart, id, (GCompareFunc) strcmp))
    return;
  if (index >= 0)
    g_ptr_array_remove_index (self->active, index);
  if (g_strcmp0 (self->sent_response, id) == 0)
    forget_sent (self);
  self->in_the_way = FALSE;
  handle_untold_end (self);
}

/* What was asked for lost the race against another response. */
static void
ask_again (RealtimeResponseQueue * self)
{
  Ask *ask = g_steal_pointer (&self->sent);
  gboolean known = self->sent_response != NULL;

  g_clear_pointer (&self->sent_response, g_free);
  if (ask->reply && known && self->sent_covered) {
    /* the other one is the reply */
    ask_free (ask);
    return;
  }
  if (ask->reply && find_reply (self) != NULL)
    ask_free (ask);
  else
    g_queue_push_head (&self->asked, ask);
  if (self->active->len == 0) {
    self->in_the_way = TRUE;
    self->retry_at = 0;
  }
}

static void
handle_error (RealtimeResponseQueue * self, JsonObject * event)
{
  const gchar *id = realtime_json_get_string (event, "error.event_id", NULL);
  g_autofree gchar *what = realtime_client_event_parse_id (id);

  if (id == NULL)
    return;
  if (self->sent != NULL && strcmp (id, self->sent->id) == 0) {
    if (g_str_equal (realtime_json_get_string (event, "error.code", ""),
            "conversation_already_has_active_response"))
      ask_again (self);
    else
      forget_sent (self);
  } else if (what != NULL && (g_str_has_prefix (what, "send-")
          && strcmp (what, "send-event") != 0)) {
    /* an item that will not come */
    self->items_seen = MIN (self->items_seen + 1, self->items_sent);
  }
}

static void
handle_item (RealtimeResponseQueue * self, JsonObject * event, gboolean added)
{
  self->tells_added |= added;
  if ((added || !self->tells_added) && is_clients (realtime_json_get_object
          (event, "item")))
    self->items_seen = MIN (self->items_seen + 1, self->items_sent);
}

void
realtime_response_queue_handle (RealtimeResponseQueue * self,
    JsonObject * event)
{
  const gchar *type = realtime_json_get_string (event, "type", "");

  if (g_str_equal (type, "response.created"))
    handle_created (self, realtime_json_get_object (event, "response"));
  else if (g_str_equal (type, "response.done"))
    handle_done (self, realtime_json_get_string (event, "response.id", ""));
  else if (g_str_equal (type, "output_audio_buffer.stopped")
      || g_str_equal (type, "output_audio_buffer.cleared"))
    handle_untold_end (self);
  else if (g_str_equal (type, "error"))
    handle_error (self, event);
  else if (g_str_equal (type, "conversation.item.added"))
    handle_item (self, event, TRUE);
  else if (g_str_equal (type, "conversation.item.created"))
    handle_item (self, event, FALSE);
}

gchar *
realtime_response_queue_pop (RealtimeResponseQueue * self, gint64 now)
{
  settle_calls (self);

  if (self->sent != NULL && self->sent_response == NULL) {
    if (self->sent_at == 0)
      self->sent_at = now;
    if (now - self->sent_at >= ANSWER_TIMEOUT_US)
      forget_sent (self);
  }
  if (self->in_the_way) {
    if (self->retry_at == 0)
      self->retry_at = now + RETRY_US;
    self->in_the_way = now < self->retry_at;
  }
  if (self->held || self->sent != NULL || self->active->len > 0
      || self->in_the_way || g_queue_is_empty (&self->asked))
    return NULL;

  self->sent = g_queue_pop_head (&self->asked);
  self->sent_at = now;
  return g_strdup (self->sent->event);
}

gint64
realtime_response_queue_get_deadline (RealtimeResponseQueue * self)
{
  if (self->sent != NULL && self->sent_response == NULL)
    return self->sent_at + ANSWER_TIMEOUT_US;
  if (self->in_the_way && !g_queue_is_empty (&self->asked))
    return self->retry_at;
  return -1;
}

gboolean
realtime_response_queue_is_pending (RealtimeResponseQueue * self)
{
  return !g_queue_is_empty (&self->asked)
      || (self->sent != NULL && self->sent_response == NULL);
}

gboolean
realtime_response_queue_is_active (RealtimeResponseQueue * self,
    const gchar ** id)
{
  const gchar *known = self->active->len > 0 ?
      g_ptr_array_index (self->active, self->active->len - 1) : "";

  if (id != NULL)
    *id = *known ? known : NULL;
  return self->active->len > 0 || (self->sent != NULL
      && self->sent_response == NULL);
}
