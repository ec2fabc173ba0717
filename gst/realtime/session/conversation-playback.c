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

/* A service tells of its playback in events that take another way than the
 * sound itself: so far apart can the two be. */
#define MAX_APART (5 * G_GUINT64_CONSTANT (1000000000))

/* Whether the sound that src gives now is known to be of @response. */
static gboolean
is_heard_now (RealtimeResponse * response)
{
  return response->session->sounding && response->session->sound_of == response;
}

/* The sound that is heard, or was heard last, is of @response. */
static void
take_sound (RealtimeSession * session, RealtimeResponse * response)
{
  session->sound_taken = TRUE;
  session->sound_of = session->sounding ? response : NULL;
  if (!response->heard) {
    session->sound_lag = 0;
    if (response->audio_start < session->sound_start)
      session->sound_lag = MIN (session->sound_start - response->audio_start,
          MAX_APART);
    response->audio_start = session->sound_start;
  }
  response->heard = response->has_audio = TRUE;
  response->audio_end = session->sound_end;
}

/* Whether a sound that began before the service told of it can be the one that
 * it tells of at @now. */
static gboolean
is_recent (RealtimeSession * session, guint64 now)
{
  guint64 last = session->sounding ? session->sound_start : session->sound_end;

  return last != REALTIME_TIME_NONE && now != REALTIME_TIME_NONE
      && (now <= last || now - last <= MAX_APART);
}

/* As far as the service's word goes, the sound of @response ends now. */
static void
end_playback (RealtimeConversation * self, RealtimeResponse * response)
{
  response->told_end = self->now;
  if (self->now != REALTIME_TIME_NONE
      && response->audio_start != REALTIME_TIME_NONE)
    response->told_end = MAX (self->now, response->audio_start);
}

static void
finish (RealtimeConversation * self, RealtimeResponse * response)
{
  /* cut off before anything of it was to be heard */
  if (response->cleared && response->session->tells_sound && !response->heard)
    response->told_end = response->audio_start;
  realtime_conversation_finish_response (self, response,
      response->cleared || response->cancelled);
}

void
realtime_conversation_end_response (RealtimeConversation * self,
    RealtimeResponse * response)
{
  RealtimeSession *session = response->session;
  gboolean may_sound = response->started
      || (response->has_audio && !session->tells_playback
      && !response->cancelled);

  /* whoever tells of the sound tells of its end, even of one without sound */
  response->awaits_sound = session->tells_sound && (is_heard_now (response)
      || (may_sound && !response->heard));
  if (!response->awaits_sound)
    finish (self, response);
}

/* One reply follows the other without a pause: the words of the service, as much
 * later as its sound usually is, have to tell where the one ends. */
static void
pass_sound_on (RealtimeConversation * self, RealtimeSession * session,
    RealtimeResponse * response)
{
  RealtimeResponse *before = session->sound_of;
  guint64 time = self->now + session->sound_lag;

  if (before == NULL || before == response || response->heard
      || self->now == REALTIME_TIME_NONE)
    return;
  before->audio_end = MAX (time, before->audio_start);
  finish (self, before);
  session->sound_of = response;
  response->heard = TRUE;
  response->audio_start = time;
}

static void
handle_started (RealtimeConversation * self, RealtimeSession * session,
    RealtimeResponse * response)
{
  RealtimeResponse *playing = session->playing;

  if (playing != NULL && playing != response) {
    /* its end was not told: there is but one voice */
    end_playback (self, playing);
    realtime_conversation_finish_response (self, playing, FALSE);
  }
  session->playing = response;
  session->awaiting_reply = FALSE;
  response->started = TRUE;
  response->has_audio = TRUE;
  response->awaits_playback = FALSE;
  response->generating = FALSE;
  if (response->audio_start == REALTIME_TIME_NONE)
    response->audio_start = self->now;
  if (!response->heard && !session->sound_taken
      && is_recent (session, self->now))
    take_sound (session, response);
  else
    pass_sound_on (self, session, response);
}

static void
handle_ended (RealtimeConversation * self, RealtimeSession * session,
    RealtimeResponse * response, gboolean cleared)
{
  if (session->playing == response)
    session->playing = NULL;
  response->cleared |= cleared;
  end_playback (self, response);

  /* speech may go on after a pause as long as the response is not done */
  if (cleared || response->done || !response->created)
    realtime_conversation_end_response (self, response);
}

void
realtime_conversation_handle_playback (RealtimeConversation * self,
    RealtimeSession * session, RealtimeEventType type, JsonObject * event)
{
  const gchar *id = realtime_get_id (event, "response_id");
  RealtimeResponse *response = session->playing;

  session->tells_playback = TRUE;
  if (id != NULL || response == NULL)
    response = realtime_conversation_get_response (self, session, id);
  if (type == REALTIME_EVENT_OUTPUT_STARTED)
    handle_started (self, session, response);
  else
    handle_ended (self, session, response,
        type == REALTIME_EVENT_OUTPUT_CLEARED);
}

static RealtimeResponse *
find_sounding (RealtimeSession * session)
{
  GList *l;

  if (session->sound_of != NULL)
    return session->sound_of;
  if (session->playing != NULL)
    return session->playing;
  for (l = session->responses.head; l != NULL; l = l->next) {
    RealtimeResponse *response = l->data;

    if (response->awaits_sound || (!session->tells_playback
            && !response->done && !response->apart))
      return response;
  }
  return NULL;
}

static void
handle_sound_started (RealtimeSession * session, JsonObject * event,
    guint64 time)
{
  const gchar *id = realtime_get_id (event, "response_id");
  RealtimeResponse *response = id ?
      realtime_session_find_response (session, id) : NULL;

  session->sounding = TRUE;
  session->sound_start = time;
  session->sound_end = REALTIME_TIME_NONE;
  session->sound_of = NULL;
  session->sound_taken = FALSE;
  if (response == NULL)
    response = find_sounding (session);
  if (response != NULL)
    take_sound (session, response);
}

static void
handle_sound_stopped (RealtimeConversation * self, RealtimeSession * session,
    guint64 time)
{
  GList *l;

  if (session->sound_of != NULL && time != REALTIME_TIME_NONE)
    session->sound_of->audio_end = MAX (time, session->sound_of->audio_start);
  session->sound_of = NULL;
  if (session->sounding)
    session->sound_end = time;
  session->sounding = FALSE;

  for (l = session->responses.tail; l != NULL; l = l->prev) {
    RealtimeResponse *response = l->data;

    if (response->awaits_sound)
      finish (self, response);
  }
}

void
realtime_conversation_handle_sound (RealtimeConversation * self,
    RealtimeSession * session, JsonObject * event)
{
  const gchar *state = realtime_json_get_string (event, "state", "");
  gint64 stamp = realtime_json_get_int (event, "running_time", -1);
  guint64 time = stamp >= 0 ? (guint64) stamp : REALTIME_TIME_NONE;

  if (strcmp (state, "started") == 0 && time != REALTIME_TIME_NONE)
    handle_sound_started (session, event, time);
  else if (strcmp (state, "stopped") == 0)
    handle_sound_stopped (self, session, time);
  else
    return;
  session->tells_sound = TRUE;
}

gboolean
realtime_session_is_heard (RealtimeSession * session)
{
  return session->playing != NULL || session->sound_of != NULL
      || realtime_session_awaits_sound (session);
}

gboolean
realtime_session_awaits_sound (RealtimeSession * session)
{
  GList *l;

  for (l = session->responses.head; l != NULL; l = l->next) {
    if (((RealtimeResponse *) l->data)->awaits_sound)
      return TRUE;
  }
  return FALSE;
}

const gchar *
realtime_session_get_sounding_id (RealtimeSession * session)
{
  RealtimeResponse *response = find_sounding (session);

  return response ? response->id : NULL;
}
