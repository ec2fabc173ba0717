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

#define NS_PER_MS G_GUINT64_CONSTANT (1000000)

/* What a reader may ask of the conversation: what is outstanding, what goes on. */

/* Whether something can still come of @item. */
static gboolean
is_open (RealtimeItem * item)
{
  if (item->closed || !item->line || item->session->over)
    return FALSE;
  return item->role != REALTIME_ROLE_USER
      || item->session->transcribes != REALTIME_NO;
}

/* Whether its transcript is owed. */
static gboolean
is_pending (RealtimeItem * item)
{
  return is_open (item) && item->role == REALTIME_ROLE_USER
      && !item->translated
      && (item->committed || item->end_ms != REALTIME_TIME_NONE)
      && item->session->transcribes == REALTIME_YES;
}

guint
realtime_conversation_get_pending_transcripts (RealtimeConversation * self)
{
  guint pending = 0;
  GList *l;

  for (l = self->items.order.head; l != NULL; l = l->next) {
    if (is_pending (l->data))
      pending++;
  }
  return pending;
}

void
realtime_conversation_foreach_pending (RealtimeConversation * self,
    RealtimePendingFunc func, gpointer user_data)
{
  GList *l;

  for (l = self->items.order.head; l != NULL; l = l->next) {
    if (is_pending (l->data))
      func (((RealtimeItem *) l->data)->id, user_data);
  }
}

gboolean
realtime_conversation_awaits_response (RealtimeConversation * self)
{
  return realtime_conversation_get_session (self)->awaiting_reply;
}

void
realtime_conversation_foreach_open (RealtimeConversation * self,
    RealtimeOpenFunc func, gpointer user_data)
{
  guint index = self->items.dropped;
  GList *l;

  for (l = self->items.order.head; l != NULL; l = l->next) {
    RealtimeItem *item = l->data;
    gboolean placed = !realtime_item_is_provisional (item);

    if (is_open (item)) {
      func (item->role, item->session->number, item->id, index,
          item->role == REALTIME_ROLE_USER || item->translated ?
          realtime_user_item_start (item) :
          realtime_assistant_item_start (item), user_data);
    }
    if (placed)
      index++;
  }
}

guint
realtime_conversation_get_open_before (RealtimeConversation * self,
    guint session, const gchar * item_id)
{
  guint open = 0;
  GList *l;

  for (l = self->items.order.head; l != NULL; l = l->next) {
    RealtimeItem *item = l->data;

    if (item->session->number == session && strcmp (item->id, item_id) == 0)
      return open;
    /* who still speaks gets a place behind what is there */
    if (is_open (item) && !realtime_item_is_provisional (item))
      open++;
  }
  return 0;
}

gboolean
realtime_conversation_has_uncommitted_words (RealtimeConversation * self)
{
  RealtimeSession *session = realtime_conversation_get_session (self);
  GList *l;

  for (l = self->items.order.tail; l != NULL; l = l->prev) {
    RealtimeItem *item = l->data;

    if (item->session == session && item->role == REALTIME_ROLE_USER
        && item->shown && !item->committed && !item->closed
        && !item->translated)
      return TRUE;
  }
  return FALSE;
}

gboolean
realtime_conversation_measure_delay (RealtimeConversation * self,
    JsonObject * event, guint64 now, RealtimeAnchorKind * kind, gint64 * delay)
{
  RealtimeTimeline *timeline =
      &realtime_conversation_get_session (self)->timeline;
  RealtimeEventType type =
      realtime_event_type (realtime_json_get_string (event, "type", NULL));
  gboolean started = type == REALTIME_EVENT_SPEECH_STARTED;
  gint64 ms = realtime_json_get_int (event, started ? "audio_start_ms" :
      "audio_end_ms", -1);

  if ((!started && type != REALTIME_EVENT_SPEECH_STOPPED) || ms < 0
      || ms > REALTIME_MAX_INPUT_MS || timeline->epoch == REALTIME_TIME_NONE
      || (started && (timeline->cleared
              || !realtime_timeline_is_padded (timeline, ms))))
    return FALSE;
  if (started)
    ms += timeline->padding_ms;
  *kind = started ? REALTIME_ANCHOR_STARTED : REALTIME_ANCHOR_STOPPED;
  *delay = now - (timeline->epoch + ms * NS_PER_MS);
  return TRUE;
}

gboolean
realtime_conversation_is_user_speaking (RealtimeConversation * self)
{
  return realtime_conversation_get_session (self)->user_speaking;
}

gboolean
realtime_conversation_has_active_response (RealtimeConversation * self)
{
  GList *l;

  for (l = realtime_conversation_get_session (self)->responses.head; l != NULL;
      l = l->next) {
    RealtimeResponse *response = l->data;

    if (response->created && !response->done)
      return TRUE;
  }
  return FALSE;
}

gboolean
realtime_conversation_is_closed (RealtimeConversation * self)
{
  return realtime_conversation_get_session (self)->closed;
}

gboolean
realtime_conversation_is_output_playing (RealtimeConversation * self)
{
  RealtimeSession *session = realtime_conversation_get_session (self);

  return realtime_session_is_heard (session)
      || (session->translates && session->sounding);
}

gboolean
realtime_conversation_awaits_sound (RealtimeConversation * self)
{
  return
      realtime_session_awaits_sound (realtime_conversation_get_session (self));
}

const gchar *
realtime_conversation_get_sounding_id (RealtimeConversation * self)
{
  return
      realtime_session_get_sounding_id (realtime_conversation_get_session
      (self));
}

static gboolean
is_known (RealtimeKnowledge knowledge, gboolean fallback)
{
  return knowledge == REALTIME_UNKNOWN ? fallback : knowledge == REALTIME_YES;
}

gboolean
realtime_conversation_awaits_reply (RealtimeConversation * self)
{
  return realtime_conversation_get_session (self)->awaiting_reply;
}

gboolean
realtime_conversation_replies (RealtimeConversation * self, gboolean fallback)
{
  return is_known (realtime_conversation_get_session (self)->replies, fallback);
}

gboolean
realtime_conversation_interrupts (RealtimeConversation * self,
    gboolean fallback)
{
  return is_known (realtime_conversation_get_session (self)->interrupts,
      fallback);
}

guint64
realtime_conversation_get_heard_ms (RealtimeConversation * self)
{
  return realtime_conversation_get_session (self)->timeline.heard_ms;
}

RealtimeTurnState
realtime_conversation_get_turn (RealtimeConversation * self)
{
  return self->told.turn;
}
