/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "call-private.h"

#include <gst/webrtc/webrtc.h>
#include <stdlib.h>

#define ANSWER_SECONDS 10
/* A client from whom no packet came for so long is gone. */
#define SILENCE_SECONDS 15
/* A call whose connection does not come up ends after this. */
#define CONNECT_SECONDS 30
/* A goodbye takes at most twice as long. */
#define GOODBYE_MS 1000
#define GOODBYE_STEP_MS 20
/* For the peer's half of closing a channel, of which webrtcbin tells nothing:
 * libwebrtc calls its end closed only when its own reset was answered too. */
#define LINGER_MS 1000

/* A word from another thread to the main one. The call outlives it: it is
 * freed by a post that comes after all others. */
typedef struct
{
  Call *call;
  CallFunc func;
  gchar *text;
  gsize length;
  gint64 mark;
} Post;

static gboolean
run_post (gpointer data)
{
  Post *post = data;

  if (!post->call->ended)
    post->func (post->call, post->text, post->length, post->mark);
  return G_SOURCE_REMOVE;
}

static void
free_post (gpointer data)
{
  g_free (((Post *) data)->text);
  g_free (data);
}

void
call_post (Call * self, CallFunc func, gchar * text, gsize length)
{
  Post *post = g_new0 (Post, 1);

  post->call = self;
  post->func = func;
  post->text = text;
  post->length = length;
  post->mark = intake_mark (self->intake);
  util_post (run_post, post, free_post);
}

const gchar *
call_id (Call * self)
{
  return self->id;
}

/* The answer */

static void
give_answer (Call * self, const gchar * answer, const Refusal * refusal)
{
  CallAnswered answered = self->answered;

  if (self->answer_timer != 0)
    g_source_remove (self->answer_timer);
  self->answer_timer = 0;
  self->answered = NULL;
  if (answered != NULL)
    answered (self, answer, refusal, self->answered_data);
}

static void
give_up (Call * self, const gchar * why, gsize length, gint64 mark)
{
  Refusal refusal = { NULL, NULL, NULL };

  refuse (&refusal, "invalid_offer", NULL,
      "The SDP offer cannot be answered: %s", why);
  give_answer (self, NULL, &refusal);
  refusal_clear (&refusal);
  call_end (self, FALSE);
}

static gboolean
on_answer_late (gpointer data)
{
  Call *self = data;

  self->answer_timer = 0;
  give_up (self, "no answer could be made in time", 0, 0);
  return G_SOURCE_REMOVE;
}

static void
gathered (Call * self, const gchar * text, gsize length, gint64 mark)
{
  GstWebRTCSessionDescription *description = NULL;
  g_autofree gchar *answer = NULL;

  if (self->answered == NULL)
    return;
  g_object_get (self->webrtc, "local-description", &description, NULL);
  if (description == NULL)
    return;
  answer = answer_text (description->sdp, self->server->faults);
  gst_webrtc_session_description_free (description);
  give_answer (self, answer, NULL);
}

static void
on_gathering (GstElement * webrtc, GParamSpec * spec, Call * self)
{
  GstWebRTCICEGatheringState state;

  g_object_get (webrtc, "ice-gathering-state", &state, NULL);
  if (state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE)
    call_post (self, gathered, NULL, 0);
}

/* Whether a promise of webrtcbin was kept; says so to the client otherwise. */
static gboolean
kept (GstPromise * promise, Call * self, const GstStructure ** reply)
{
  g_autoptr (GError) error = NULL;

  *reply = NULL;
  if (gst_promise_wait (promise) != GST_PROMISE_RESULT_REPLIED)
    return FALSE;
  *reply = gst_promise_get_reply (promise);
  if (*reply != NULL && gst_structure_get (*reply, "error", G_TYPE_ERROR,
          &error, NULL)) {
    call_post (self, give_up, g_strdup (error->message), 0);
    return FALSE;
  }
  return TRUE;
}

static void
on_local_set (GstPromise * promise, gpointer data)
{
  const GstStructure *reply;
  Call *self = data;

  if (kept (promise, self, &reply))
    on_gathering (self->webrtc, NULL, self);
  gst_promise_unref (promise);
}

static void
on_answer_made (GstPromise * promise, gpointer data)
{
  GstWebRTCSessionDescription *answer = NULL;
  const GstStructure *reply;
  Call *self = data;

  if (kept (promise, self, &reply) && reply != NULL)
    gst_structure_get (reply, "answer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION,
        &answer, NULL);
  if (answer != NULL) {
    answer_complete (answer->sdp);
    g_signal_emit_by_name (self->webrtc, "set-local-description", answer,
        gst_promise_new_with_change_func (on_local_set, self, NULL));
    gst_webrtc_session_description_free (answer);
  }
  gst_promise_unref (promise);
}

static void
on_remote_set (GstPromise * promise, gpointer data)
{
  const GstStructure *reply;
  Call *self = data;

  if (kept (promise, self, &reply))
    g_signal_emit_by_name (self->webrtc, "create-answer", NULL,
        gst_promise_new_with_change_func (on_answer_made, self, NULL));
  gst_promise_unref (promise);
}

/* The session's way out */

static void
link_send (const gchar * text, gpointer data)
{
  call_channel_send (data, text);
}

static void
link_close (gpointer data)
{
  call_end (data, TRUE);
}

static gint64
link_mark (gpointer data)
{
  return intake_mark (((Call *) data)->intake);
}

static gint64
link_position (gpointer data)
{
  return intake_position (((Call *) data)->intake);
}

static void
stop_timer (guint * timer)
{
  if (*timer != 0)
    g_source_remove (*timer);
  *timer = 0;
}

static void
freeze (Call * self)
{
  /* the watch must not end what has to look like a machine that hangs */
  stop_timer (&self->watch_timer);
  call_media_freeze (self, TRUE);
}

static gboolean
on_life (gpointer data)
{
  Call *self = data;
  GHashTableIter iter;
  gpointer call;

  self->life_timer = 0;
  if (faults_has (self->server->faults, "die-after"))
    _Exit (1);
  self->server->vanished = TRUE;
  g_hash_table_iter_init (&iter, self->server->calls);
  while (g_hash_table_iter_next (&iter, NULL, &call))
    freeze (call);
  return G_SOURCE_REMOVE;
}

static void
arm_faults (Call * self)
{
  Faults *faults = self->server->faults;
  gint64 ms = faults_number (faults, "die-after",
      faults_number (faults, "vanish-after", -1));

  if (ms >= 0)
    self->life_timer = util_after (ms, on_life, self);
}

void
call_opened (Call * self)
{
  if (self->life_timer == 0)
    arm_faults (self);
  session_open (self->session);
}

static void
take_connected (Call * self, const gchar * text, gsize length, gint64 mark)
{
  self->connected = TRUE;
  player_start (self->player);
}

static void
take_failed (Call * self, const gchar * text, gsize length, gint64 mark)
{
  call_lost (self, "the connection failed");
}

static void
on_connection (GstElement * webrtc, GParamSpec * spec, Call * self)
{
  GstWebRTCPeerConnectionState state;

  g_object_get (webrtc, "connection-state", &state, NULL);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED)
    call_post (self, take_connected, NULL, 0);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_FAILED ||
      state == GST_WEBRTC_PEER_CONNECTION_STATE_CLOSED)
    call_post (self, take_failed, NULL, 0);
}

static gboolean
on_watch (gpointer data)
{
  Call *self = data;
  gint64 silent;

  g_mutex_lock (&self->lock);
  silent = g_get_monotonic_time () - self->last_packet;
  g_mutex_unlock (&self->lock);
  if (silent < SILENCE_SECONDS * G_USEC_PER_SEC)
    return G_SOURCE_CONTINUE;
  self->watch_timer = 0;
  call_lost (self, "no packet came for a while");
  return G_SOURCE_REMOVE;
}

static void
on_heard (const Heard * heard, gpointer data)
{
  Call *self = data;

  if (!self->ended)
    session_heard (self->session, heard);
}

void
call_played (PlayedType type, guint serial, const gchar * word, gpointer data)
{
  Call *self = data;

  if (!self->ended)
    session_played (self->session, type, serial, word);
}

static Call *
call_new (Server * server, const Offer * offer, JsonObject * session)
{
  static const SessionLink link = { link_send, link_close, link_mark,
    link_position
  };
  Call *self = g_new0 (Call, 1);

  self->server = server;
  self->id = util_id ("rtc_u1_", 24);
  self->offer = *offer;
  self->pieces = g_string_new (NULL);
  g_queue_init (&self->ahead);
  self->last_packet = g_get_monotonic_time () +
      (CONNECT_SECONDS - SILENCE_SECONDS) * G_USEC_PER_SEC;
  g_mutex_init (&self->lock);
  g_cond_init (&self->thawed);
  if (server->record != NULL)
    self->recorder = recorder_new (server->record, self->id);
  self->recogniser = recogniser_new (server->pool, on_heard, self);
  self->intake = intake_new (self->recogniser, self->recorder,
      faults_has (self->server->faults, "counts-samples") ? INTAKE_BY_SAMPLES :
      faults_has (self->server->faults, "counts-clock") ? INTAKE_BY_CLOCK :
      INTAKE_BY_RTP);
  call_media_build (self);
  g_signal_connect (self->webrtc, "notify::ice-gathering-state",
      G_CALLBACK (on_gathering), self);
  g_signal_connect (self->webrtc, "notify::connection-state",
      G_CALLBACK (on_connection), self);
  self->session = session_new (server, session, &link, self);
  session_attach (self->session, self->recogniser, self->player);
  return self;
}

void
call_start (Server * server, const gchar * offer, JsonObject * session,
    CallAnswered answered, gpointer user_data)
{
  Refusal refusal = { NULL, NULL, NULL };
  GstWebRTCSessionDescription *description;
  GstSDPMessage *sdp;
  Offer parsed;
  Call *self;

  if (!offer_parse (offer, &parsed, &refusal)) {
    answered (NULL, NULL, &refusal, user_data);
    refusal_clear (&refusal);
    return;
  }
  self = call_new (server, &parsed, session);
  self->answered = answered;
  self->answered_data = user_data;
  g_hash_table_insert (server->calls, self->id, self);
  self->answer_timer = util_after (ANSWER_SECONDS * 1000, on_answer_late, self);
  self->watch_timer = util_after (1000, on_watch, self);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  gst_sdp_message_copy (parsed.sdp, &sdp);
  description = gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_OFFER,
      sdp);
  g_signal_emit_by_name (self->webrtc, "set-remote-description", description,
      gst_promise_new_with_change_func (on_remote_set, self, NULL));
  gst_webrtc_session_description_free (description);
}

/* The end */

static void
free_call (gpointer data)
{
  Call *self = data;
  Server *server = self->server;

  session_free (self->session);
  player_free (self->player);
  intake_free (self->intake);
  recorder_free (self->recorder);
  call_channel_free (self);
  gst_object_unref (self->webrtc);
  gst_object_unref (self->pipeline);
  offer_clear (&self->offer);
  g_string_free (self->pieces, TRUE);
  g_queue_clear_full (&self->ahead, g_free);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->thawed);
  g_free (self->id);
  g_free (self);
  server_call_gone (server);
}

static gboolean
run_free_call (gpointer data)
{
  free_call (data);
  return G_SOURCE_REMOVE;
}

static gpointer
tear_down (gpointer data)
{
  Call *self = data;

  call_media_freeze (self, FALSE);
  player_stop (self->player);
  if (self->connected)
    call_media_goodbye (self);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  recogniser_free (self->recogniser);
  util_post (run_free_call, self, NULL);
  return NULL;
}

static void
begin_tear_down (Call * self)
{
  g_thread_unref (g_thread_new ("tear-down", tear_down, self));
}

static gboolean
on_lingered (gpointer data)
{
  begin_tear_down (data);
  return G_SOURCE_REMOVE;
}

/* What was said last is sent before the channel is closed, and the channel is
 * closed before all is torn down; each within its time. */
static gboolean
on_goodbye (gpointer data)
{
  Call *self = data;

  self->goodbye_ms += GOODBYE_STEP_MS;
  if (!self->closing) {
    if (call_channel_is_busy (self) && self->goodbye_ms < GOODBYE_MS)
      return G_SOURCE_CONTINUE;
    self->closing = TRUE;
    self->goodbye_ms = 0;
    call_channel_close (self);
  }
  if (call_channel_is_open (self) && self->goodbye_ms < GOODBYE_MS)
    return G_SOURCE_CONTINUE;
  util_after (LINGER_MS, on_lingered, self);
  return G_SOURCE_REMOVE;
}

void
call_end (Call * self, gboolean goodbye)
{
  if (self->ended)
    return;
  self->ended = TRUE;
  stop_timer (&self->watch_timer);
  stop_timer (&self->life_timer);
  recorder_finish (self->recorder);
  g_hash_table_remove (self->server->calls, self->id);
  self->server->ending++;
  if (self->answered != NULL) {
    Refusal refusal = { NULL, NULL, (gchar *) "The call ended." };

    give_answer (self, NULL, &refusal);
  }
  if (goodbye && self->connected)
    util_after (GOODBYE_STEP_MS, on_goodbye, self);
  else
    begin_tear_down (self);
}

void
call_lost (Call * self, const gchar * why)
{
  GST_INFO ("%s: %s", self->id, why);
  call_end (self, FALSE);
}

void
call_prepare (void)
{
  GstElement *element = gst_element_factory_make ("dtlsdec", NULL);

  if (element != NULL)
    gst_object_unref (gst_object_ref_sink (element));
}
