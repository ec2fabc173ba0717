/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <math.h>
#include <string.h>

#include "conversation-private.h"
#include "json.h"
#include "usage.h"

#define MAX_LOGPROBS 20000
#define NS_PER_S 1e9

static void
get_times (RealtimeItem * item, guint64 * start, guint64 * end)
{
  guint64 epoch = item->epoch != REALTIME_TIME_NONE ? item->epoch :
      item->session->timeline.epoch;

  *start = realtime_timeline_running_time (epoch, item->start_ms);
  *end = realtime_timeline_running_time (epoch, item->end_ms);
}

guint64
realtime_user_item_start (RealtimeItem * item)
{
  guint64 start, end;

  get_times (item, &start, &end);
  return start;
}

static void
tell (RealtimeConversation * self, RealtimeItem * item, const gchar * delta,
    gboolean final)
{
  guint64 start, end;

  get_times (item, &start, &end);
  realtime_conversation_tell_line (self, item, NULL, delta, final, start, end);
}

/* No more comes of the item. */
static void
close_item (RealtimeItem * item)
{
  item->closed = TRUE;
  g_ptr_array_set_size (item->parts, 0);
}

void
realtime_conversation_finish_user (RealtimeConversation * self,
    RealtimeItem * item)
{
  g_autofree gchar *text = NULL;

  if (item->closed)
    return;

  text = g_strstrip (realtime_item_dup_text (item));
  /* a final without words only where words have to be taken back */
  if (!item->segmented && (*text != '\0' || item->shown))
    tell (self, item, "", TRUE);
  close_item (item);
}

/* The item that an event is about, one that the server left unnamed too. */
static RealtimeItem *
get_item (RealtimeConversation * self, RealtimeSession * session,
    JsonObject * event)
{
  const gchar *id = realtime_get_id (event, "item_id");

  if (id != NULL)
    return realtime_conversation_get_item (self, session, id);
  if (session->speech != NULL && !session->speech->closed)
    return session->speech;
  session->speech = realtime_conversation_make_up_item (self, session, "input");
  return session->speech;
}

/* Some servers name the turn at the microphone otherwise (or not at all) than
 * the item that comes of it: what was known of the turn goes to the item.
 * @place: its place, too, as no other event tells the item's. */
static void
adopt_speech (RealtimeConversation * self, RealtimeSession * session,
    RealtimeItem * item, gboolean place)
{
  RealtimeItem *speech = session->speech;

  if (speech == NULL || speech == item || speech->closed || speech->committed
      || speech->announced || speech->shown
      || item->start_ms != REALTIME_TIME_NONE)
    return;

  item->epoch = speech->epoch;
  item->audio_start_ms = speech->audio_start_ms;
  item->start_ms = speech->start_ms;
  item->end_ms = speech->end_ms;
  if (place)
    realtime_item_list_move_before (&self->items, item, speech);
  realtime_item_list_remove (&self->items, speech);
  session->speech = item;
}

static gint64
get_ms (JsonObject * event, const gchar * name)
{
  gint64 ms = realtime_json_get_int (event, name, -1);

  return ms > REALTIME_MAX_INPUT_MS ? -1 : ms;
}

void
realtime_conversation_take_place (RealtimeConversation * self,
    RealtimeItem * item)
{
  if (realtime_item_is_provisional (item))
    realtime_item_list_move_before (&self->items, item, NULL);
}

static void
handle_speech_started (RealtimeConversation * self, RealtimeSession * session,
    JsonObject * event)
{
  const gchar *id = realtime_get_id (event, "item_id");
  gint64 start_ms = get_ms (event, "audio_start_ms");
  RealtimeItem *item;

  item = id ? realtime_conversation_get_item (self, session, id) :
      realtime_conversation_make_up_item (self, session, "input");
  if (item->role == REALTIME_ROLE_UNKNOWN)
    item->role = REALTIME_ROLE_USER;
  item->line = TRUE;
  session->speech = item;
  session->user_speaking = TRUE;
  session->awaiting_reply = FALSE;

  /* a turn that goes on after a pause keeps its beginning */
  if (start_ms >= 0 && item->start_ms == REALTIME_TIME_NONE) {
    item->epoch = session->timeline.epoch;
    item->audio_start_ms = start_ms;
    item->start_ms = realtime_timeline_words_start (&session->timeline,
        start_ms);
    session->timeline.cleared = FALSE;
  }
}

static void
handle_speech_stopped (RealtimeConversation * self, RealtimeSession * session,
    JsonObject * event)
{
  const gchar *id = realtime_get_id (event, "item_id");
  gint64 end_ms = get_ms (event, "audio_end_ms");
  RealtimeItem *item = session->speech;

  if (id != NULL)
    item = realtime_conversation_get_item (self, session, id);
  session->user_speaking = FALSE;
  session->awaiting_reply = session->replies != REALTIME_NO;
  if (item == NULL)
    return;

  if (item->role == REALTIME_ROLE_UNKNOWN)
    item->role = REALTIME_ROLE_USER;
  item->line = TRUE;
  session->speech = item;
  realtime_conversation_take_place (self, item);
  if (end_ms >= 0) {
    item->end_ms = realtime_timeline_words_end (&session->timeline,
        item->start_ms, end_ms);
  }
}

/* The turn of a talk button lasted as long as that was held. */
static void
take_talk (RealtimeSession * session, RealtimeItem * item)
{
  if (item->start_ms == REALTIME_TIME_NONE
      && session->talk_start != REALTIME_TIME_NONE) {
    item->epoch = session->timeline.epoch;
    item->start_ms = realtime_timeline_ms (item->epoch, session->talk_start);
    item->end_ms = realtime_timeline_ms (item->epoch, session->talk_end);
  }
  session->talk_start = session->talk_end = REALTIME_TIME_NONE;
}

static void
handle_committed (RealtimeConversation * self, RealtimeSession * session,
    JsonObject * event)
{
  RealtimeItem *item = get_item (self, session, event);

  realtime_conversation_finish_awaiting (self, session);
  item->role = REALTIME_ROLE_USER;
  item->line = TRUE;
  realtime_conversation_take_place (self, item);
  realtime_conversation_take_own_turn (self, session, item, TRUE);
  item->committed = TRUE;
  adopt_speech (self, session, item, FALSE);
  take_talk (session, item);
  realtime_item_list_place (&self->items, item,
      realtime_get_id (event, "previous_item_id"));
  session->user_speaking = realtime_session_has_open_turn (session);
  session->awaiting_reply |= session->replies != REALTIME_NO;
}

static void
handle_cleared (RealtimeConversation * self, RealtimeSession * session)
{
  RealtimeItem *speech = session->speech;

  session->timeline.cleared = TRUE;
  session->user_speaking = session->awaiting_reply = FALSE;
  session->speech = NULL;
  if (speech == NULL || speech->committed || speech->closed)
    return;
  if (speech->shown)
    realtime_conversation_finish_user (self, speech);
  else if (!speech->announced)
    realtime_item_list_remove (&self->items, speech);
}

/* The item of a transcription event. */
static RealtimeItem *
get_transcribed (RealtimeConversation * self, RealtimeSession * session,
    JsonObject * event)
{
  RealtimeItem *item = get_item (self, session, event);

  session->transcribes = REALTIME_YES;
  item->role = REALTIME_ROLE_USER;
  item->line = TRUE;
  realtime_conversation_take_own_turn (self, session, item, FALSE);
  if (!item->announced && !session->user_speaking)
    adopt_speech (self, session, item, !item->committed && !item->anchored);
  return item;
}

static void
handle_delta (RealtimeConversation * self, RealtimeItem * item,
    JsonObject * event)
{
  const gchar *delta = realtime_json_get_string (event, "delta", "");

  if (item->segmented || *delta == '\0')
    return;
  realtime_item_append (item, realtime_json_get_int (event, "content_index",
          0), REALTIME_WORDS_SPOKEN, delta);
  tell (self, item, delta, FALSE);
}

static void
handle_updated (RealtimeConversation * self, RealtimeItem * item,
    JsonObject * event)
{
  const gchar *text = realtime_json_get_string (event, "transcript", "");
  g_autofree gchar *before = realtime_item_dup_text (item);

  if (item->segmented || *text == '\0' || strcmp (text, before) == 0)
    return;
  realtime_item_replace (item, realtime_json_get_int (event,
          "content_index", 0), REALTIME_WORDS_SPOKEN, text);
  tell (self, item, g_str_has_prefix (text, before) ?
      text + strlen (before) : "", FALSE);
}

static guint64
segment_time (RealtimeItem * item, gdouble seconds)
{
  guint64 epoch = item->epoch != REALTIME_TIME_NONE ? item->epoch :
      item->session->timeline.epoch;
  guint64 begin = realtime_timeline_running_time (epoch, item->audio_start_ms);

  if (begin == REALTIME_TIME_NONE || !(seconds >= 0 && seconds < 1e6))
    return REALTIME_TIME_NONE;
  return begin + (guint64) (seconds * NS_PER_S);
}

/* Who speaks changes within an item: each segment is a line, unless deltas
 * have begun to show the item as one. */
static void
handle_segment (RealtimeConversation * self, RealtimeItem * item,
    JsonObject * event)
{
  g_autofree gchar *text = g_strdup (realtime_json_get_string (event, "text",
          ""));

  g_strstrip (text);
  if (*text == '\0' || (item->shown && !item->segmented))
    return;

  item->segmented = TRUE;
  g_free (item->speaker);
  item->speaker = g_strdup (realtime_get_id (event, "speaker"));
  realtime_conversation_tell_line (self, item, text, "", TRUE,
      segment_time (item, realtime_json_get_double (event, "start", -1)),
      segment_time (item, realtime_json_get_double (event, "end", -1)));
}

/* The mean probability of the transcript's tokens, -1 if none is told. */
static gdouble
get_confidence (JsonObject * event)
{
  JsonArray *logprobs = realtime_json_get_array (event, "logprobs");
  guint i, n = logprobs ? json_array_get_length (logprobs) : 0;
  gdouble sum = 0;

  if (n == 0 || n > MAX_LOGPROBS)
    return -1.0;
  for (i = 0; i < n; i++) {
    JsonObject *token = realtime_json_get_element (logprobs, i);
    gdouble logprob = realtime_json_get_double (token, "logprob", 1.0);

    if (logprob > 0)
      return -1.0;
    sum += logprob;
  }
  return exp (sum / n);
}

static gchar *
dup_language (RealtimeSession * session, JsonObject * event)
{
  JsonArray *languages = realtime_json_get_array (event, "languages");
  const gchar *language = NULL;

  if (languages != NULL && json_array_get_length (languages) > 0) {
    language = realtime_get_id (realtime_json_get_element (languages, 0),
        "code");
  }
  if (language == NULL)
    language = realtime_get_id (event, "language");
  return g_strdup (language ? language : session->language);
}

static void
take_transcript (RealtimeConversation * self, RealtimeItem * item,
    JsonObject * event)
{
  const gchar *text = realtime_json_get_string (event, "transcript", NULL);

  item->confidence = get_confidence (event);
  g_free (item->language);
  item->language = dup_language (item->session, event);
  if (text != NULL && !item->segmented) {
    g_ptr_array_set_size (item->parts, 0);
    realtime_item_replace (item, 0, REALTIME_WORDS_SPOKEN, text);
  }
  realtime_conversation_finish_user (self, item);
}

static void
handle_completed (RealtimeConversation * self, RealtimeItem * item,
    JsonObject * event)
{
  if (!item->closed) {
    realtime_conversation_take_place (self, item);
    take_transcript (self, item, event);
  }
  if (!item->counted && realtime_usage_add_transcription (&self->usage,
          realtime_json_get_object (event, "usage"))) {
    item->counted = TRUE;
    realtime_conversation_count (self);
  }
}

static void
handle_failed (RealtimeConversation * self, RealtimeItem * item,
    JsonObject * event)
{
  realtime_conversation_tell_error (self, realtime_json_get_object (event,
          "error"), item->id);
  close_item (item);
}

void
realtime_conversation_take_user_item (RealtimeConversation * self,
    RealtimeItem * item, JsonObject * object)
{
  JsonArray *content = realtime_json_get_array (object, "content");
  guint i, n = content ? json_array_get_length (content) : 0;
  GString *text;

  /* History that a client put in has transcripts too: it is no line. */
  if (!item->line || item->closed || item->segmented)
    return;

  text = g_string_new (NULL);
  for (i = 0; i < n; i++) {
    JsonObject *part = realtime_json_get_element (content, i);
    const gchar *words = realtime_json_get_string (part, "transcript", NULL);

    if (words != NULL)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", words);
  }
  if (text->len > 0) {
    g_ptr_array_set_size (item->parts, 0);
    realtime_item_replace (item, 0, REALTIME_WORDS_SPOKEN, text->str);
    realtime_conversation_finish_user (self, item);
  }
  g_string_free (text, TRUE);
}

void
realtime_conversation_handle_input (RealtimeConversation * self,
    RealtimeSession * session, RealtimeEventType type, JsonObject * event)
{
  RealtimeItem *item;

  session->input_touched = self->now;
  switch (type) {
    case REALTIME_EVENT_SPEECH_STARTED:
      handle_speech_started (self, session, event);
      return;
    case REALTIME_EVENT_SPEECH_STOPPED:
      handle_speech_stopped (self, session, event);
      return;
    case REALTIME_EVENT_INPUT_TIMEOUT:
      session->timeline.heard_ms = MAX (session->timeline.heard_ms,
          (guint64) MAX (get_ms (event, "audio_end_ms"), 0));
      return;
    case REALTIME_EVENT_INPUT_COMMITTED:
      handle_committed (self, session, event);
      return;
    case REALTIME_EVENT_INPUT_CLEARED:
      handle_cleared (self, session);
      return;
    default:
      break;
  }

  item = get_transcribed (self, session, event);
  if (type == REALTIME_EVENT_TRANSCRIPTION_COMPLETED)
    handle_completed (self, item, event);
  else if (type == REALTIME_EVENT_TRANSCRIPTION_FAILED)
    handle_failed (self, item, event);
  else if (item->closed)
    return;
  else if (type == REALTIME_EVENT_TRANSCRIPTION_DELTA)
    handle_delta (self, item, event);
  else if (type == REALTIME_EVENT_TRANSCRIPTION_UPDATED)
    handle_updated (self, item, event);
  else if (type == REALTIME_EVENT_TRANSCRIPTION_SEGMENT)
    handle_segment (self, item, event);
}
