/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "clientevent.h"
#include "conversation-private.h"
#include "history.h"
#include "json.h"
#include "usage.h"

/* Sessions that a conversation may be made of: what was said in those before
 * them is forgotten. */
#define MAX_SESSIONS 64
#define PCM16_24K_BYTES_PER_MS 48.0
#define G711_BYTES_PER_MS 8.0
/* Texts for people: more than that nobody reads. */
#define MAX_MESSAGE_BYTES 4096

const gchar *
realtime_get_id (JsonObject * object, const gchar * path)
{
  const gchar *id = realtime_json_get_string (object, path, NULL);

  return id && *id != '\0' && strlen (id) <= REALTIME_MAX_ID_BYTES ? id : NULL;
}

/* At most MAX_MESSAGE_BYTES of @text, whole characters only. */
static gchar *
clip (const gchar * text)
{
  return g_strndup (text, realtime_fit (text, MAX_MESSAGE_BYTES));
}

void
realtime_conversation_tell (RealtimeConversation * self,
    const RealtimeChange * change)
{
  if (self->func != NULL)
    self->func (change, self->user_data);
}

static void
tell_usage (RealtimeConversation * self)
{
  RealtimeChange change = { REALTIME_CHANGE_USAGE, };

  change.usage = self->told_usage = self->usage;
  realtime_conversation_tell (self, &change);
}

void
realtime_conversation_count (RealtimeConversation * self)
{
  /* realtimebin knows the cost, too, and tells next */
  if (!self->has_bin)
    tell_usage (self);
}

void
realtime_conversation_tell_error (RealtimeConversation * self,
    JsonObject * what, const gchar * item_id)
{
  RealtimeChange change = { REALTIME_CHANGE_ERROR, };
  RealtimeServiceError *error = &change.error;
  g_autofree gchar *message =
      clip (realtime_json_get_string (what, "message", ""));

  error->code = realtime_get_id (what, "code");
  if (error->code == NULL)
    error->code = realtime_get_id (what, "type");
  if (error->code == NULL)
    error->code = "error";
  error->message = message;
  error->event_id = realtime_get_id (what, "event_id");
  error->item_id = item_id;
  realtime_conversation_tell (self, &change);
}

void
realtime_conversation_tell_line (RealtimeConversation * self,
    RealtimeItem * item, const gchar * text, const gchar * delta,
    gboolean final, guint64 start, guint64 end)
{
  RealtimeChange change = { REALTIME_CHANGE_TRANSCRIPT, };
  RealtimeTranscript *line = &change.transcript;
  g_autofree gchar *whole = text ? g_strdup (text) :
      realtime_item_dup_text (item);

  /* lines begin with their first word; the blanks before it are no words */
  if (final) {
    g_strstrip (whole);
  } else {
    g_strchug (whole);
    if (*whole == '\0')
      return;
    if (!item->shown) {
      while (g_ascii_isspace (*delta))
        delta++;
    }
  }

  line->item_id = item->id;
  line->index = realtime_item_list_index (&self->items, item);
  line->role = item->role;
  line->text = whole;
  line->delta = delta;
  line->final = final;
  line->start = start;
  line->end = start != REALTIME_TIME_NONE ? MAX (end, start) : end;
  line->speaker = item->speaker;
  line->language = item->language;
  line->confidence = item->confidence;
  line->interrupted = final && item->interrupted;
  line->session_id = item->session->id;
  line->session = item->session->number;
  item->shown = TRUE;
  if (final) {
    realtime_item_take_final (item, whole, line->start, line->end);
    self->said_changed = TRUE;
  }
  realtime_conversation_tell (self, &change);
}

static void
finish_item (RealtimeConversation * self, RealtimeItem * item)
{
  if (item->closed || !item->line)
    return;
  if (item->translated)
    realtime_conversation_finish_translation (self, item);
  else if (item->role == REALTIME_ROLE_USER)
    realtime_conversation_finish_user (self, item);
  else
    realtime_conversation_finish_assistant (self, item);
}

RealtimeItem *
realtime_conversation_get_item (RealtimeConversation * self,
    RealtimeSession * session, const gchar * id)
{
  RealtimeItem *item = realtime_item_list_find (&self->items, session, id);

  return item ? item : realtime_item_list_add (&self->items, session, id);
}

RealtimeItem *
realtime_conversation_make_up_item (RealtimeConversation * self,
    RealtimeSession * session, const gchar * prefix)
{
  g_autofree gchar *id = NULL;
  RealtimeItem *item;

  do {
    g_free (id);
    id = g_strdup_printf ("%s-%u", prefix, ++session->made_up_ids);
  } while (realtime_item_list_find (&self->items, session, id) != NULL);
  item = realtime_item_list_add (&self->items, session, id);
  item->made_up_id = TRUE;
  return item;
}

/* Items long told make room. */
static void
drop_surplus (RealtimeConversation * self)
{
  RealtimeItem *item;

  while ((item = realtime_item_list_surplus (&self->items)) != NULL) {
    finish_item (self, item);
    realtime_item_list_forget (&self->items, item);
  }
}

RealtimeSession *
realtime_conversation_get_session (RealtimeConversation * self)
{
  return g_queue_peek_head (&self->sessions);
}

static void
session_free (RealtimeSession * session)
{
  RealtimeResponse *response;

  while ((response = g_queue_pop_head (&session->responses)) != NULL)
    realtime_response_free (response);
  realtime_session_clear_turns (session);
  g_free (session->id);
  g_free (session->language);
  g_free (session->output_language);
  g_free (session);
}

/* Nothing goes on in the session any more: what is open gets its final form; where
 * it was lost, and did not end, speech was interrupted by that.
 * What was never shown may still come late, but nobody waits for it. */
static void
end_session (RealtimeConversation * self, RealtimeSession * session,
    gboolean lost)
{
  GList *l;

  if (lost)
    realtime_session_break_off (self, session);
  session->over = TRUE;
  session->user_speaking = session->awaiting_reply = FALSE;
  session->talking = FALSE;
  session->playing = session->sound_of = NULL;
  session->sounding = FALSE;
  for (l = self->items.order.head; l != NULL; l = l->next) {
    RealtimeItem *item = l->data;

    if (item->session != session || !item->line || item->closed)
      continue;
    if (item->response != NULL)
      realtime_conversation_finish_response (self, item->response,
          item->response->cancelled);
    else if (item->shown)
      finish_item (self, item);
  }
  for (l = session->responses.head; l != NULL; l = l->next) {
    RealtimeResponse *response = l->data;

    response->done = TRUE;
    response->generating = response->awaits_playback = FALSE;
    response->awaits_sound = FALSE;
  }
}

static void
forget_session (RealtimeConversation * self, RealtimeSession * session)
{
  GList *l, *next;

  for (l = self->items.order.head; l != NULL; l = next) {
    RealtimeItem *item = l->data;

    next = l->next;
    if (item->session == session) {
      finish_item (self, item);
      realtime_item_list_forget (&self->items, item);
    }
  }
  g_queue_remove (&self->sessions, session);
  session_free (session);
}

static RealtimeSession *
add_session (RealtimeConversation * self, guint number)
{
  RealtimeSession *before = realtime_conversation_get_session (self);
  RealtimeSession *session = g_new0 (RealtimeSession, 1);

  if (before != NULL)
    end_session (self, before, FALSE);

  session->number = number;
  session->serial = ++self->serials;
  session->bytes_per_ms = PCM16_24K_BYTES_PER_MS;
  session->input_touched = REALTIME_TIME_NONE;
  session->talk_start = session->talk_end = REALTIME_TIME_NONE;
  session->sound_start = session->sound_end = REALTIME_TIME_NONE;
  realtime_timeline_init (&session->timeline);
  realtime_session_init_translation (session);
  g_queue_push_head (&self->sessions, session);
  self->bin_turn = -1;

  if (self->sessions.length > MAX_SESSIONS)
    forget_session (self, g_queue_peek_tail (&self->sessions));
  return session;
}

/* The session that @event came by. */
static RealtimeSession *
get_session (RealtimeConversation * self, RealtimeEventType type,
    JsonObject * event)
{
  RealtimeSession *current = realtime_conversation_get_session (self);
  const gchar *id = realtime_get_id (event, "session.id");
  gint64 number = realtime_json_get_int (event, "gst_session",
      current->number);
  GList *l;

  number = CLAMP (number, 0, G_MAXUINT);
  /* what the bin says before its first connection is of no session */
  if (number == 0 && type >= REALTIME_EVENT_BIN_STATE)
    return current;

  /* a plain log of several sessions */
  if (type == REALTIME_EVENT_SESSION_CREATED && number == current->number
      && id != NULL && current->id != NULL && strcmp (id, current->id) != 0)
    return add_session (self, number);

  for (l = self->sessions.head; l != NULL; l = l->next) {
    RealtimeSession *session = l->data;

    if (session->number == number)
      return session;
  }
  return add_session (self, number);
}

static void
set_string (gchar ** target, const gchar * value)
{
  if (g_strcmp0 (*target, value) != 0) {
    g_free (*target);
    *target = g_strdup (value);
  }
}

/* The member of a session object under its GA or its beta path. */
static const gchar *
either (JsonObject * object, const gchar * ga, const gchar * beta)
{
  return realtime_json_has (object, ga) ? ga : beta;
}

static void
take_output_format (RealtimeSession * session, JsonObject * object)
{
  const gchar *format = realtime_json_get_string (object,
      "audio.output.format.type", NULL);
  gint64 rate = realtime_json_get_int (object, "audio.output.format.rate",
      24000);

  if (format == NULL)
    format = realtime_json_get_string (object, "output_audio_format", "");
  if (g_str_has_prefix (format, "g711") || g_str_has_prefix (format,
          "audio/pcmu") || g_str_has_prefix (format, "audio/pcma"))
    session->bytes_per_ms = G711_BYTES_PER_MS;
  else
    session->bytes_per_ms = CLAMP (rate, 8000, 48000) * 2 / 1000.0;
}

static void
handle_session (RealtimeConversation * self, RealtimeSession * session,
    JsonObject * event)
{
  JsonObject *object = realtime_json_get_object (event, "session");
  const gchar *id = realtime_get_id (object, "id");
  const gchar *transcription, *vad;
  gboolean transcribes_only;

  if (id != NULL)
    set_string (&session->id, id);
  realtime_timeline_configure (&session->timeline, object);
  take_output_format (session, object);
  realtime_session_take_translation (session, object);

  transcription = either (object, "audio.input.transcription",
      "input_audio_transcription");
  if (realtime_json_get_object (object, transcription) != NULL) {
    g_autofree gchar *path = g_strconcat (transcription, ".language", NULL);

    session->transcribes = REALTIME_YES;
    set_string (&session->language, realtime_get_id (object, path));
  } else if (realtime_json_has (object, transcription)) {
    session->transcribes = REALTIME_NO;
  }

  transcribes_only = g_strcmp0 (realtime_json_get_string (object, "type",
          NULL), "transcription") == 0
      || g_strcmp0 (realtime_json_get_string (object, "object", NULL),
      "realtime.transcription_session") == 0;
  vad = either (object, "audio.input.turn_detection", "turn_detection");
  if (session->translates) {
    session->replies = session->interrupts = REALTIME_NO;
  } else if (transcribes_only) {
    session->transcribes = REALTIME_YES;
    session->replies = REALTIME_NO;
  } else if (realtime_json_get_object (object, vad) != NULL) {
    g_autofree gchar *replies = g_strconcat (vad, ".create_response", NULL);
    g_autofree gchar *interrupts = g_strconcat (vad, ".interrupt_response",
        NULL);

    session->replies = realtime_json_get_boolean (object, replies, TRUE) ?
        REALTIME_YES : REALTIME_NO;
    session->interrupts = realtime_json_get_boolean (object, interrupts,
        TRUE) ? REALTIME_YES : REALTIME_NO;
  } else if (realtime_json_has (object, vad)) {
    session->replies = REALTIME_NO;
    session->interrupts = REALTIME_NO;
  }
  if (!self->has_bin && self->connection != REALTIME_CONNECTION_CONNECTED) {
    self->connection = REALTIME_CONNECTION_CONNECTED;
    set_string (&self->reason, NULL);
  }
}

static void
handle_item (RealtimeConversation * self, RealtimeSession * session,
    RealtimeEventType type, JsonObject * event)
{
  JsonObject *object = realtime_json_get_object (event, "item");
  const gchar *id = realtime_get_id (object, "id");
  RealtimeRole role =
      realtime_role_from_nick (realtime_json_get_string (object, "role",
          NULL));
  RealtimeItem *item;
  gboolean known;

  /* what was said before is known from when it was said */
  if (id == NULL || realtime_history_is_replayed (id))
    return;
  known = realtime_item_list_find (&self->items, session, id) != NULL;
  item = realtime_conversation_get_item (self, session, id);
  item->announced = TRUE;
  if (item->role == REALTIME_ROLE_UNKNOWN)
    item->role = role;
  if (item->response != NULL && item->response->maybe_apart) {
    item->response->maybe_apart = FALSE;
    if (role == REALTIME_ROLE_ASSISTANT)
      item->line = TRUE;
  }

  /* Where it stands is right when it is added; some servers tell another
   * predecessor when it is done. */
  if (type != REALTIME_EVENT_ITEM_DONE || !known) {
    realtime_item_list_place (&self->items, item,
        realtime_get_id (event, "previous_item_id"));
  }
  if (role == REALTIME_ROLE_USER && type != REALTIME_EVENT_ITEM_ADDED)
    realtime_conversation_take_user_item (self, item, object);
  realtime_conversation_take_put_in (self, item, object);
}

static void
handle_known_item (RealtimeConversation * self, RealtimeSession * session,
    RealtimeEventType type, JsonObject * event)
{
  const gchar *id = realtime_get_id (event, "item_id");
  RealtimeItem *item = id ?
      realtime_item_list_find (&self->items, session, id) : NULL;

  if (item == NULL)
    return;
  if (type == REALTIME_EVENT_ITEM_TRUNCATED) {
    realtime_conversation_handle_truncated (self, item, event);
    return;
  }
  /* deleted: what was shown has its end, and the others keep their places */
  if (item->shown)
    finish_item (self, item);
  item->closed = item->deleted = TRUE;
  self->said_changed = TRUE;
}

static void
handle_bin_state (RealtimeConversation * self, RealtimeSession * session,
    JsonObject * event)
{
  RealtimeTurnState turn;
  const gchar *words = realtime_json_get_string (event, "reason", "");
  g_autofree gchar *reason = *words != '\0' ? clip (words) : NULL;

  self->has_bin = TRUE;
  realtime_connection_state_from_nick (realtime_json_get_string (event,
          "connection", NULL), &self->connection);
  set_string (&self->reason, reason);
  self->attempt = CLAMP (realtime_json_get_int (event, "attempt", 0), 0,
      G_MAXUINT);
  if (realtime_get_id (event, "session_id") != NULL)
    set_string (&session->id, realtime_get_id (event, "session_id"));
  if (realtime_turn_state_from_nick (realtime_json_get_string (event, "turn",
              NULL), &turn))
    self->bin_turn = turn;

  if (self->connection == REALTIME_CONNECTION_CLOSED
      || self->connection == REALTIME_CONNECTION_FAILED
      || self->connection == REALTIME_CONNECTION_RECONNECTING)
    end_session (self, session,
        self->connection == REALTIME_CONNECTION_RECONNECTING);
  else if (session == realtime_conversation_get_session (self))
    session->over = FALSE;
}

static void
handle_bin_error (RealtimeConversation * self, JsonObject * event)
{
  RealtimeChange change = { REALTIME_CHANGE_ERROR, };
  const gchar *code = realtime_get_id (event, "code");
  g_autofree gchar *message =
      clip (realtime_json_get_string (event, "message", ""));

  change.error.code = code ? code : "error";
  change.error.message = message;
  change.error.fatal = realtime_json_get_boolean (event, "fatal", FALSE);
  realtime_conversation_tell (self, &change);
}

static void
handle_bin_event (RealtimeConversation * self, RealtimeSession * session,
    RealtimeEventType type, JsonObject * event)
{
  RealtimeUsage usage = { 0, };

  switch (type) {
    case REALTIME_EVENT_BIN_STATE:
      handle_bin_state (self, session, event);
      break;
    case REALTIME_EVENT_BIN_TIMELINE:
      realtime_conversation_handle_timeline (self, session, event);
      break;
    case REALTIME_EVENT_BIN_SESSION:
      handle_session (self, session, event);
      break;
    case REALTIME_EVENT_BIN_OUTPUT:
      realtime_conversation_handle_sound (self, session, event);
      break;
    case REALTIME_EVENT_BIN_USAGE:
      realtime_usage_from_json (&usage, event);
      self->usage = usage;
      if (!realtime_usage_equal (&usage, &self->told_usage))
        tell_usage (self);
      break;
    case REALTIME_EVENT_BIN_TALK:
      realtime_session_handle_talk (session, event);
      break;
    case REALTIME_EVENT_BIN_SPEECH_STARTED:
    case REALTIME_EVENT_BIN_SPEECH_STOPPED:
      realtime_conversation_handle_own_turn (self, session, type, event);
      break;
    case REALTIME_EVENT_BIN_INTERRUPTED:
      realtime_session_handle_interrupted (session);
      break;
    default:
      handle_bin_error (self, event);
      break;
  }
}

static void
handle_error (RealtimeConversation * self, RealtimeSession * session,
    JsonObject * event)
{
  JsonObject *what = realtime_json_get_object (event, "error");

  realtime_conversation_refuse_own_turn (self, session,
      realtime_get_id (what, "event_id"));
  /* what nobody could know, and nothing was lost by */
  if (realtime_client_event_is_own_race (event))
    return;
  /* a reply that was refused is not awaited */
  session->awaiting_reply = FALSE;
  if (what != NULL) {
    realtime_conversation_tell_error (self, what, NULL);
  } else {
    /* some servers put the words where the object belongs, or all on top */
    RealtimeChange change = { REALTIME_CHANGE_ERROR, };
    const gchar *code = realtime_get_id (event, "code");
    g_autofree gchar *message = clip (realtime_json_get_string (event, "error",
            realtime_json_get_string (event, "message", "")));

    change.error.code = code ? code : "error";
    change.error.message = message;
    realtime_conversation_tell (self, &change);
  }
}

static void
dispatch (RealtimeConversation * self, RealtimeSession * session,
    RealtimeEventType type, JsonObject * event)
{
  switch (type) {
    case REALTIME_EVENT_OTHER:
      break;
    case REALTIME_EVENT_SESSION_CREATED:
    case REALTIME_EVENT_SESSION_UPDATED:
      handle_session (self, session, event);
      break;
    case REALTIME_EVENT_SOURCE_DELTA:
    case REALTIME_EVENT_TRANSLATION_DELTA:
    case REALTIME_EVENT_SESSION_CLOSED:
      realtime_conversation_handle_translation (self, session, type, event);
      break;
    case REALTIME_EVENT_ERROR:
      handle_error (self, session, event);
      break;
    case REALTIME_EVENT_ITEM_ADDED:
    case REALTIME_EVENT_ITEM_CREATED:
    case REALTIME_EVENT_ITEM_DONE:
      handle_item (self, session, type, event);
      break;
    case REALTIME_EVENT_ITEM_TRUNCATED:
    case REALTIME_EVENT_ITEM_DELETED:
      handle_known_item (self, session, type, event);
      break;
    default:
      if (type >= REALTIME_EVENT_BIN_STATE)
        handle_bin_event (self, session, type, event);
      else if (type >= REALTIME_EVENT_RESPONSE_CREATED)
        realtime_conversation_handle_output (self, session, type, event);
      else
        realtime_conversation_handle_input (self, session, type, event);
      break;
  }
}

static RealtimeTurnState
derive_turn (RealtimeConversation * self)
{
  RealtimeSession *session = realtime_conversation_get_session (self);
  gboolean thinking = session->awaiting_reply;
  GList *l;

  if (session->translates)
    return realtime_session_get_translation_turn (session);
  if (session->user_speaking || session->talking)
    return REALTIME_TURN_USER_SPEAKING;
  if (realtime_session_is_heard (session))
    return REALTIME_TURN_ASSISTANT_SPEAKING;
  for (l = session->responses.head; l != NULL; l = l->next) {
    RealtimeResponse *response = l->data;

    if (response->apart)
      continue;
    if (response->generating)
      return REALTIME_TURN_ASSISTANT_SPEAKING;
    if ((response->created && !response->done) || response->awaits_playback)
      thinking = TRUE;
  }
  return thinking ? REALTIME_TURN_THINKING : REALTIME_TURN_IDLE;
}

static void
tell_state_if_changed (RealtimeConversation * self, gboolean by_bin)
{
  RealtimeTurnState turn = derive_turn (self);
  RealtimeChange change = { REALTIME_CHANGE_STATE, };

  /* What the bin says of the turn (it knows a held talk button) holds until
   * the server's events tell something new. */
  if (turn != self->derived_turn && !by_bin)
    self->bin_turn = -1;
  self->derived_turn = turn;
  if (self->bin_turn >= 0)
    turn = self->bin_turn;

  if (self->told.connection == self->connection && self->told.turn == turn
      && (!by_bin || (self->told.attempt == self->attempt
              && g_strcmp0 (self->told_reason, self->reason) == 0)))
    return;

  set_string (&self->told_reason, self->reason);
  self->told.connection = self->connection;
  self->told.turn = turn;
  self->told.reason = self->told_reason;
  self->told.attempt = self->attempt;
  self->told.session_id = realtime_conversation_get_session (self)->id;
  change.state = self->told;
  realtime_conversation_tell (self, &change);
}

void
realtime_conversation_handle (RealtimeConversation * self, JsonObject * event,
    RealtimeChangeFunc func, gpointer user_data)
{
  RealtimeEventType type;
  RealtimeSession *session;
  gint64 now;

  g_return_if_fail (self != NULL && event != NULL);

  type = realtime_event_type (realtime_json_get_string (event, "type", NULL));
  if (type == REALTIME_EVENT_OTHER)
    return;

  self->func = func;
  self->user_data = user_data;
  now = realtime_json_get_int (event, "gst_running_time", -1);
  self->now = now >= 0 ? (guint64) now : REALTIME_TIME_NONE;

  session = get_session (self, type, event);
  if (session == realtime_conversation_get_session (self)) {
    realtime_conversation_lose_patience (self, session);
    realtime_conversation_pause_translation (self, session);
  }
  dispatch (self, session, type, event);
  drop_surplus (self);
  tell_state_if_changed (self, type == REALTIME_EVENT_BIN_STATE);
  self->func = NULL;
}

void
realtime_conversation_pass_time (RealtimeConversation * self,
    guint64 running_time, RealtimeChangeFunc func, gpointer user_data)
{
  g_return_if_fail (self != NULL);

  self->func = func;
  self->user_data = user_data;
  self->now = running_time;
  realtime_conversation_lose_patience (self,
      realtime_conversation_get_session (self));
  realtime_conversation_pause_translation (self,
      realtime_conversation_get_session (self));
  tell_state_if_changed (self, FALSE);
  self->func = NULL;
}

void
realtime_conversation_flush (RealtimeConversation * self,
    RealtimeChangeFunc func, gpointer user_data)
{
  GList *l;

  g_return_if_fail (self != NULL);

  self->func = func;
  self->user_data = user_data;
  self->now = REALTIME_TIME_NONE;
  for (l = self->sessions.tail; l != NULL; l = l->prev)
    end_session (self, l->data, FALSE);
  self->func = NULL;
}

void
realtime_conversation_lose_session (RealtimeConversation * self,
    guint64 running_time, RealtimeChangeFunc func, gpointer user_data)
{
  g_return_if_fail (self != NULL);

  self->func = func;
  self->user_data = user_data;
  self->now = running_time;
  end_session (self, realtime_conversation_get_session (self), TRUE);
  tell_state_if_changed (self, FALSE);
  self->func = NULL;
}

static void
init (RealtimeConversation * self)
{
  memset (self, 0, sizeof (*self));
  realtime_item_list_init (&self->items);
  g_queue_init (&self->sessions);
  g_queue_init (&self->calls);
  self->bin_turn = -1;
  self->usage.cost_usd = self->told_usage.cost_usd = -1.0;
  add_session (self, 0);
}

static void
clear (RealtimeConversation * self)
{
  self->func = NULL;
  realtime_item_list_clear (&self->items);
  g_queue_clear_full (&self->sessions, (GDestroyNotify) session_free);
  g_queue_clear_full (&self->calls, g_free);
  g_free (self->told_reason);
  g_free (self->reason);
}

RealtimeConversation *
realtime_conversation_new (void)
{
  RealtimeConversation *self = g_new (RealtimeConversation, 1);

  init (self);
  return self;
}

void
realtime_conversation_free (RealtimeConversation * self)
{
  if (self == NULL)
    return;
  clear (self);
  g_free (self);
}

void
realtime_conversation_reset (RealtimeConversation * self)
{
  clear (self);
  init (self);
}
