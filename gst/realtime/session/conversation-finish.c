/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "conversation-private.h"
#include "heard.h"

#define NS_PER_MS 1e6
/* English at an even pace; replaced by what the session measures. */
#define USUAL_MS_PER_UNIT 65.0
#define MIN_MEASURED_UNITS 40.0

/* The time at which the words begin: only the first item's is known before
 * all was spoken. */
guint64
realtime_assistant_item_start (RealtimeItem * item)
{
  RealtimeResponse *response = item->response;

  if (response == NULL || response->items->len == 0
      || g_ptr_array_index (response->items, 0) != item)
    return REALTIME_TIME_NONE;
  return response->audio_start;
}

/* Open lines of the response, in the order of its output. */
static GPtrArray *
get_lines (RealtimeResponse * response)
{
  GPtrArray *lines = g_ptr_array_new ();
  guint i;

  for (i = 0; i < response->items->len; i++) {
    RealtimeItem *item = g_ptr_array_index (response->items, i);

    if (item->line && !item->closed)
      g_ptr_array_add (lines, item);
  }
  return lines;
}

/* Speed of speech, as measured in this session or as usual. */
static gdouble
get_ms_per_unit (RealtimeSession * session)
{
  if (session->spoken_units < MIN_MEASURED_UNITS)
    return USUAL_MS_PER_UNIT;
  return CLAMP (session->spoken_ms / session->spoken_units, 20.0, 250.0);
}

static gdouble
get_units (RealtimeItem * item)
{
  g_autofree gchar *text = realtime_item_dup_text (item);

  return realtime_speech_units (text);
}

gdouble
realtime_assistant_item_total_ms (RealtimeItem * item)
{
  if (item->audio_ms > 0)
    return item->audio_ms;
  return get_units (item) * get_ms_per_unit (item->session);
}

static void
finish_line (RealtimeConversation * self, RealtimeItem * item, guint64 start,
    guint64 end)
{
  g_autofree gchar *text = NULL;

  if (item->closed)
    return;
  text = g_strstrip (realtime_item_dup_text (item));
  if (item->interrupted && item->heard_ms != REALTIME_TIME_NONE) {
    gchar *heard = realtime_heard_text (text, item->heard_ms,
        realtime_assistant_item_total_ms (item));

    g_free (text);
    text = heard;
  }
  if (*text != '\0' || item->shown)
    realtime_conversation_tell_line (self, item, text, "", TRUE, start, end);
  item->closed = TRUE;
  g_ptr_array_set_size (item->parts, 0);
}

void
realtime_conversation_finish_assistant (RealtimeConversation * self,
    RealtimeItem * item)
{
  finish_line (self, item, realtime_assistant_item_start (item),
      REALTIME_TIME_NONE);
}

/* Which lines of an interrupted response are cut, and where: words are made
 * faster than they are spoken. */
static void
mark_interrupted (RealtimeResponse * response, GPtrArray * lines)
{
  gboolean timed = response->cleared
      && response->audio_start != REALTIME_TIME_NONE
      && response->audio_end != REALTIME_TIME_NONE;
  gdouble left_ms = timed ?
      (response->audio_end - response->audio_start) / NS_PER_MS : 0;
  guint i;

  for (i = 0; i < lines->len; i++) {
    RealtimeItem *item = g_ptr_array_index (lines, i);
    gboolean last = i + 1 == lines->len;

    if (timed && realtime_item_is_spoken (item)) {
      gdouble total_ms = realtime_assistant_item_total_ms (item);

      item->interrupted |= last || left_ms < total_ms;
      /* the service counts what it sent, not what was heard of it */
      if (item->heard_ms == REALTIME_TIME_NONE || (response->heard
              && left_ms < item->heard_ms))
        item->heard_ms = MAX (left_ms, 0);
      left_ms -= total_ms;
    } else {
      item->interrupted |= last || !item->ended;
    }
  }
}

void
realtime_conversation_finish_response (RealtimeConversation * self,
    RealtimeResponse * response, gboolean interrupted)
{
  g_autoptr (GPtrArray) lines = get_lines (response);
  guint64 begin = response->audio_start, length = 0;
  gdouble units = 0, all_units = 0;
  gboolean timed;
  guint i;

  response->awaits_playback = response->awaits_cut = FALSE;
  response->awaits_sound = response->generating = FALSE;
  if (response->audio_end == REALTIME_TIME_NONE)
    response->audio_end = response->told_end;
  timed = begin != REALTIME_TIME_NONE
      && response->audio_end != REALTIME_TIME_NONE;
  if (timed)
    length = response->audio_end - begin;

  for (i = 0; i < lines->len; i++)
    all_units += get_units (g_ptr_array_index (lines, i));
  if (interrupted) {
    mark_interrupted (response, lines);
  } else if (timed && response->has_audio && all_units > 0) {
    response->session->spoken_ms += length / NS_PER_MS;
    response->session->spoken_units += all_units;
  }

  /* several lines share the time by their length */
  for (i = 0; i < lines->len; i++) {
    RealtimeItem *item = g_ptr_array_index (lines, i);
    guint64 start = realtime_assistant_item_start (item), end =
        REALTIME_TIME_NONE;

    if (timed && all_units > 0) {
      start = begin + (guint64) (length * (units / all_units));
      units += get_units (item);
      end = begin + (guint64) (length * (units / all_units));
    }
    finish_line (self, item, start, end);
  }
}

void
realtime_conversation_finish_awaiting (RealtimeConversation * self,
    RealtimeSession * session)
{
  GList *l;

  for (l = session->responses.head; l != NULL; l = l->next) {
    RealtimeResponse *response = l->data;

    if (response->awaits_playback || response->awaits_cut)
      realtime_conversation_finish_response (self, response, FALSE);
  }
}

void
realtime_session_break_off (RealtimeConversation * self,
    RealtimeSession * session)
{
  GList *l;

  for (l = session->responses.head; l != NULL; l = l->next) {
    RealtimeResponse *response = l->data;

    if (response->done && session->playing != response
        && session->sound_of != response && !response->awaits_playback)
      continue;
    response->cancelled = TRUE;
    if (!session->tells_sound || !response->heard)
      continue;
    response->cleared = TRUE;
    if (response->audio_end == REALTIME_TIME_NONE)
      response->audio_end = MAX (self->now, response->audio_start);
  }
}
