/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "conversation-private.h"
#include "json.h"

/* Turns that were found on this side (realtimebin.speech_started and .._stopped),
 * for sessions whose service looks for none. The service names the item of a
 * turn when words of it come or when it is committed, which may be long after
 * the next turn has begun: turns get their items in order. */

/* Commits that are not answered are those of a server that is gone. */
#define MAX_TURNS 64

typedef struct
{
  gchar *item_id;               /* of an item made up until it is bound */
  gboolean bound;               /* the service has named its item */
  gboolean open;                /* goes on */
  gchar *commit_id;             /* of the event that commits it, or NULL */
} Turn;

static void
turn_free (gpointer data)
{
  Turn *turn = data;

  g_free (turn->item_id);
  g_free (turn->commit_id);
  g_free (turn);
}

void
realtime_session_clear_turns (RealtimeSession * session)
{
  g_queue_clear_full (&session->turns, turn_free);
}

gboolean
realtime_session_has_open_turn (RealtimeSession * session)
{
  Turn *last = g_queue_peek_tail (&session->turns);

  return last != NULL && last->open;
}

/* Nothing comes of the turn any more. */
static void
drop_turn (RealtimeConversation * self, RealtimeSession * session, Turn * turn)
{
  RealtimeItem *item =
      realtime_item_list_find (&self->items, session, turn->item_id);

  if (item != NULL && !turn->bound)
    realtime_item_list_remove (&self->items, item);
  g_queue_remove (&session->turns, turn);
  turn_free (turn);
}

static guint64
get_ms (JsonObject * event, const gchar * name)
{
  gint64 ms = realtime_json_get_int (event, name, -1);

  return ms >= 0 && ms <= REALTIME_MAX_INPUT_MS ? (guint64) ms :
      REALTIME_TIME_NONE;
}

static void
start_turn (RealtimeConversation * self, RealtimeSession * session,
    JsonObject * event)
{
  RealtimeItem *item =
      realtime_conversation_make_up_item (self, session, "turn");
  Turn *turn = g_new0 (Turn, 1);

  item->role = REALTIME_ROLE_USER;
  item->line = TRUE;
  item->epoch = session->timeline.epoch;
  item->start_ms = item->audio_start_ms = get_ms (event, "audio_start_ms");
  turn->item_id = g_strdup (item->id);
  turn->open = TRUE;
  g_queue_push_tail (&session->turns, turn);
  if (session->turns.length > MAX_TURNS)
    drop_turn (self, session, g_queue_peek_head (&session->turns));
  session->user_speaking = TRUE;
  session->awaiting_reply = FALSE;
}

static void
stop_turn (RealtimeConversation * self, RealtimeSession * session,
    JsonObject * event)
{
  Turn *turn = g_queue_peek_tail (&session->turns);
  guint64 end_ms = get_ms (event, "audio_end_ms");
  RealtimeItem *item;

  session->user_speaking = FALSE;
  if (end_ms != REALTIME_TIME_NONE)
    session->timeline.heard_ms = MAX (session->timeline.heard_ms, end_ms);
  if (turn == NULL || !turn->open)
    return;
  turn->open = FALSE;
  turn->commit_id = g_strdup (realtime_get_id (event, "commit_event_id"));
  item = realtime_item_list_find (&self->items, session, turn->item_id);
  if (item != NULL) {
    realtime_conversation_take_place (self, item);
    item->end_ms = end_ms;
  }
  /* one that is not committed comes to nothing */
  if (turn->commit_id == NULL)
    drop_turn (self, session, turn);
}

void
realtime_conversation_handle_own_turn (RealtimeConversation * self,
    RealtimeSession * session, RealtimeEventType type, JsonObject * event)
{
  if (type == REALTIME_EVENT_BIN_SPEECH_STARTED)
    start_turn (self, session, event);
  else
    stop_turn (self, session, event);
}

/* @item takes what is known of @turn. */
static void
bind_turn (RealtimeConversation * self, RealtimeSession * session,
    Turn * turn, RealtimeItem * item)
{
  RealtimeItem *made_up =
      realtime_item_list_find (&self->items, session, turn->item_id);

  turn->bound = TRUE;
  g_free (turn->item_id);
  turn->item_id = g_strdup (item->id);
  if (made_up == NULL)
    return;
  item->epoch = made_up->epoch;
  item->audio_start_ms = made_up->audio_start_ms;
  item->start_ms = made_up->start_ms;
  item->end_ms = made_up->end_ms;
  if (!item->announced && !item->anchored && !item->committed)
    realtime_item_list_move_before (&self->items, item, made_up);
  realtime_item_list_remove (&self->items, made_up);
}

void
realtime_conversation_take_own_turn (RealtimeConversation * self,
    RealtimeSession * session, RealtimeItem * item, gboolean committed)
{
  Turn *turn = NULL;
  GList *l;

  if (session->turns.length == 0 || item->closed)
    return;
  for (l = session->turns.head; l != NULL; l = l->next) {
    turn = l->data;
    if (turn->bound && g_str_equal (turn->item_id, item->id))
      break;
  }
  for (l = l ? l : session->turns.head; l != NULL; l = l->next) {
    turn = l->data;
    if (!turn->bound && item->start_ms == REALTIME_TIME_NONE
        && !item->committed)
      bind_turn (self, session, turn, item);
    if (turn->bound && g_str_equal (turn->item_id, item->id))
      break;
  }
  if (l == NULL || !committed)
    return;

  /* committed by hand, while somebody speaks: the rest is another item's */
  if (turn->open) {
    item = realtime_conversation_make_up_item (self, session, "turn");
    item->role = REALTIME_ROLE_USER;
    item->line = TRUE;
    turn->bound = FALSE;
    g_free (turn->item_id);
    turn->item_id = g_strdup (item->id);
    return;
  }
  g_queue_remove (&session->turns, turn);
  turn_free (turn);
}

void
realtime_conversation_refuse_own_turn (RealtimeConversation * self,
    RealtimeSession * session, const gchar * commit_id)
{
  GList *l;

  for (l = session->turns.head; l != NULL && commit_id != NULL; l = l->next) {
    Turn *turn = l->data;

    if (g_strcmp0 (turn->commit_id, commit_id) == 0) {
      drop_turn (self, session, turn);
      return;
    }
  }
}
