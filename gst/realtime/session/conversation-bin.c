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

/* What realtimebin tells of what it does itself. */

#define MAX_PAST_ITEMS 256

static guint64
get_time (JsonObject * event, const gchar * name)
{
  gint64 time = realtime_json_get_int (event, name, -1);

  return time >= 0 ? (guint64) time : REALTIME_TIME_NONE;
}

/* The turn that a talk button makes: the server sees but a commit. */
void
realtime_session_handle_talk (RealtimeSession * session, JsonObject * event)
{
  gboolean committed = realtime_json_get_boolean (event, "committed", FALSE);

  session->talking = realtime_json_get_boolean (event, "pressed", FALSE);
  session->talk_start = session->talk_end = REALTIME_TIME_NONE;
  session->awaiting_reply = committed
      && realtime_json_get_boolean (event, "reply", FALSE);
  if (!session->talking && committed) {
    session->talk_start = get_time (event, "start_running_time");
    session->talk_end = get_time (event, "end_running_time");
  }
}

/* Its lines are final when the server says what was heard of them. */
void
realtime_session_handle_interrupted (RealtimeSession * session)
{
  GList *l;

  for (l = session->responses.head; l != NULL; l = l->next) {
    RealtimeResponse *response = l->data;

    if (!response->apart && (!response->done || response->awaits_playback
            || response->awaits_sound || session->playing == response))
      response->hushed = TRUE;
  }
}

static void
begin_anew (RealtimeResponse * response)
{
  response->heard = FALSE;
  response->audio_start = response->audio_end = REALTIME_TIME_NONE;
  response->told_end = REALTIME_TIME_NONE;
}

/* What was said so far was said on another timeline, where no reader is any more:
 * of the user's lines nothing more is told. A reply goes on. */
static void
restart (RealtimeConversation * self, RealtimeSession * session,
    JsonArray * past)
{
  guint i, n = MIN (json_array_get_length (past), MAX_PAST_ITEMS);
  GList *l;

  for (i = 0; i < n; i++) {
    JsonNode *node = json_array_get_element (past, i);
    const gchar *id = JSON_NODE_HOLDS_VALUE (node) ?
        json_node_get_string (node) : NULL;

    if (id != NULL && *id != '\0' && strlen (id) <= REALTIME_MAX_ID_BYTES)
      realtime_conversation_get_item (self, session, id)->closed = TRUE;
  }
  for (l = self->items.order.head; l != NULL; l = l->next) {
    RealtimeItem *item = l->data;

    if (item->session == session && item->role == REALTIME_ROLE_USER)
      item->closed = TRUE;
  }
  realtime_session_clear_turns (session);
  realtime_session_restart_translation (session);
  session->speech = NULL;
  session->user_speaking = FALSE;

  session->sounding = FALSE;
  session->sound_of = NULL;
  session->sound_start = session->sound_end = REALTIME_TIME_NONE;
  for (l = session->responses.head; l != NULL; l = l->next)
    begin_anew (l->data);
}

void
realtime_conversation_handle_timeline (RealtimeConversation * self,
    RealtimeSession * session, JsonObject * event)
{
  gint64 epoch = realtime_json_get_int (event, "epoch_running_time", -1);
  JsonArray *past = realtime_json_get_array (event, "past_items");

  if (past != NULL)
    restart (self, session, past);
  if (epoch != -1)
    session->timeline.epoch = epoch;
}

gchar **
realtime_conversation_dup_open_items (RealtimeConversation * self)
{
  RealtimeSession *session = g_queue_peek_head (&self->sessions);
  GPtrArray *ids = g_ptr_array_new ();
  GList *l;

  for (l = self->items.order.head; l != NULL; l = l->next) {
    RealtimeItem *item = l->data;

    if (item->session == session && item->role == REALTIME_ROLE_USER
        && !item->closed && !item->made_up_id)
      g_ptr_array_add (ids, g_strdup (item->id));
  }
  g_ptr_array_add (ids, NULL);
  return (gchar **) g_ptr_array_free (ids, FALSE);
}
