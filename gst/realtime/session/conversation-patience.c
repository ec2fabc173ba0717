/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "conversation-private.h"

/* Servers that leave events out, or lose them: what has not been told when the
 * time below has passed since its last sign, will not be. */

/* All words of a response are complete, and its end is not told. */
#define WORDED_NS (G_GUINT64_CONSTANT (10) * 1000 * 1000 * 1000)
/* A response, or the hope for one, of which nothing more is heard: a model that
 * reasons may take long before its first word. */
#define SILENT_NS (G_GUINT64_CONSTANT (60) * 1000 * 1000 * 1000)
/* Playback goes on without a sign for as long as the words take; here twice as
 * long as they are thought to take, and this. */
#define PLAYED_NS (G_GUINT64_CONSTANT (20) * 1000 * 1000 * 1000)
#define NS_PER_MS 1e6

static gboolean
is_over (RealtimeConversation * self, guint64 last, guint64 patience)
{
  return last != REALTIME_TIME_NONE && self->now != REALTIME_TIME_NONE
      && self->now > last && self->now - last > patience;
}

/* Whether each line of the response has all of its words, and there is one. */
static gboolean
is_worded (RealtimeResponse * response)
{
  gboolean any = FALSE;
  guint i;

  for (i = 0; i < response->items->len; i++) {
    RealtimeItem *item = g_ptr_array_index (response->items, i);

    if (!item->worded && !item->ended && !item->closed)
      return FALSE;
    any = TRUE;
  }
  return any;
}

static guint64
get_play_time (RealtimeResponse * response)
{
  gdouble ms = 0;
  guint i;

  for (i = 0; i < response->items->len; i++)
    ms += realtime_assistant_item_total_ms (g_ptr_array_index (response->items,
            i));
  return (guint64) (2 * ms * NS_PER_MS);
}

static void
give_up_response (RealtimeConversation * self, RealtimeSession * session,
    RealtimeResponse * response)
{
  gboolean worded = is_worded (response);
  gboolean open = response->generating || response->awaits_playback
      || (!response->done && (response->created || worded));

  if (session->playing == response) {
    if (is_over (self, response->touched, get_play_time (response)
            + PLAYED_NS)) {
      session->playing = NULL;
      if (response->audio_end == REALTIME_TIME_NONE)
        response->audio_end = self->now;
      response->done = TRUE;
      realtime_conversation_finish_response (self, response, FALSE);
    }
  } else if (open && is_over (self, response->touched,
          worded ? WORDED_NS : SILENT_NS)) {
    response->done = TRUE;
    realtime_conversation_finish_response (self, response, FALSE);
  }
}

void
realtime_conversation_lose_patience (RealtimeConversation * self,
    RealtimeSession * session)
{
  GList *l;

  for (l = session->responses.head; l != NULL; l = l->next)
    give_up_response (self, session, l->data);
  if (session->awaiting_reply && is_over (self, session->input_touched,
          SILENT_NS))
    session->awaiting_reply = FALSE;
}
