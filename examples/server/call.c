/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "call.h"

#include "intake.h"
#include "offer.h"
#include "player.h"
#include "session.h"

#include <gst/app/gstappsink.h>
#include <gst/webrtc/webrtc.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_SECONDS 10
/* A client from whom no packet came for so long is gone. */
#define SILENCE_SECONDS 15
/* A call whose connection does not come up ends after this. */
#define CONNECT_SECONDS 30
#define GOODBYE_MS 200
#define MAX_MESSAGE (16 * 1024 * 1024)
/* Messages of more than about 66 kB come in pieces; none of them is shorter
 * than this but the last. */
#define MIN_PIECE (16 * 1024)

struct _Call
{
  Server *server;
  gchar *id;
  CallAnswered answered;        /* NULL once called */
  gpointer answered_data;
  guint answer_timer, watch_timer, goodbye_timer, life_timer;
  gboolean connected, ended;
  GString *pieces;              /* of a message */

  /* made before any thread, freed after all of them */
  Offer offer;
  GstElement *pipeline, *webrtc;
  Intake *intake;
  Player *player;
  Recogniser *recogniser;
  Session *session;
  Recorder *recorder;
  guint ssrc;

  GMutex lock;
  GObject *channel;             /* protected by lock */
  gint64 last_packet;           /* protected by lock; monotonic */
  gboolean frozen;              /* protected by lock */
  GCond thawed;
};

/* A word from another thread to the main one. The call outlives it: it is
 * freed by a post that comes after all others. */
typedef struct
{
  Call *call;
  void (*func) (Call * call, const gchar * text, gsize length, gint64 mark);
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

/* Takes @text. */
static void
call_post (Call * self, void (*func) (Call *, const gchar *, gsize, gint64),
    gchar * text, gsize length)
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

/* The channel */

/* Whether @text is one whole JSON value, or as much of one as makes sense to
 * go on with. */
static gboolean
is_whole (const gchar * text, gsize length)
{
  gboolean quoted = FALSE, begun = FALSE;
  gint depth = 0;
  gsize i;

  for (i = 0; i < length; i++) {
    gchar c = text[i];

    if (quoted) {
      if (c == '\\')
        i++;
      else if (c == '"')
        quoted = FALSE;
    } else if (c == '"') {
      quoted = TRUE;
    } else if (c == '{' || c == '[') {
      begun = TRUE;
      depth++;
    } else if (c == '}' || c == ']') {
      if (--depth <= 0)
        return TRUE;
    }
  }
  return !begun;
}

static void
take_text (Call * self, const gchar * text, gsize length, gint64 mark)
{
  if (self->pieces->len == 0 && (length < MIN_PIECE || is_whole (text, length))) {
    recorder_client_event (self->recorder, text);
    session_message (self->session, text, length, mark);
    return;
  }
  g_string_append_len (self->pieces, text, length);
  if (!is_whole (self->pieces->str, self->pieces->len) &&
      length >= MIN_PIECE && self->pieces->len < MAX_MESSAGE)
    return;
  recorder_client_event (self->recorder, self->pieces->str);
  session_message (self->session, self->pieces->str, self->pieces->len, mark);
  g_string_set_size (self->pieces, 0);
}

static void
on_channel_text (GObject * channel, const gchar * text, Call * self)
{
  if (text != NULL)
    call_post (self, take_text, g_strdup (text), strlen (text));
}

static void
on_channel_data (GObject * channel, GBytes * data, Call * self)
{
  gsize length;
  const gchar *bytes;

  if (data == NULL)
    return;
  bytes = g_bytes_get_data (data, &length);
  call_post (self, take_text, g_strndup (bytes, length), length);
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
    call_freeze (call);
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

static void
take_open (Call * self, const gchar * text, gsize length, gint64 mark)
{
  if (self->life_timer == 0)
    arm_faults (self);
  session_open (self->session);
}

static void
on_channel_open (GObject * channel, Call * self)
{
  call_post (self, take_open, NULL, 0);
}

static void
take_close (Call * self, const gchar * text, gsize length, gint64 mark)
{
  call_end (self, FALSE);
}

static void
on_channel_close (GObject * channel, Call * self)
{
  call_post (self, take_close, NULL, 0);
}

static void
on_data_channel (GstElement * webrtc, GObject * channel, Call * self)
{
  GstWebRTCDataChannelState state;
  gboolean first;

  g_mutex_lock (&self->lock);
  first = self->channel == NULL;
  if (first)
    self->channel = g_object_ref (channel);
  g_mutex_unlock (&self->lock);
  if (!first)
    return;
  g_signal_connect (channel, "on-message-string",
      G_CALLBACK (on_channel_text), self);
  g_signal_connect (channel, "on-message-data", G_CALLBACK (on_channel_data),
      self);
  g_signal_connect (channel, "on-open", G_CALLBACK (on_channel_open), self);
  g_signal_connect (channel, "on-close", G_CALLBACK (on_channel_close), self);
  /* mostly it is open already; session_open() takes the first of both */
  g_object_get (channel, "ready-state", &state, NULL);
  if (state == GST_WEBRTC_DATA_CHANNEL_STATE_OPEN)
    on_channel_open (channel, self);
}

static GObject *
get_channel (Call * self)
{
  GObject *channel;

  g_mutex_lock (&self->lock);
  channel = self->channel != NULL ? g_object_ref (self->channel) : NULL;
  g_mutex_unlock (&self->lock);
  return channel;
}

static void
link_send (const gchar * text, gpointer data)
{
  Call *self = data;
  g_autoptr (GObject) channel = get_channel (self);

  if (channel == NULL || self->ended)
    return;
  recorder_server_event (self->recorder, text);
  g_signal_emit_by_name (channel, "send-string", text);
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

/* The media */

static GstFlowReturn
on_decoded (GstElement * sink, Call * self)
{
  GstSample *sample = gst_app_sink_pull_sample (GST_APP_SINK (sink));

  if (sample == NULL)
    return GST_FLOW_EOS;
  intake_decoded (self->intake, gst_sample_get_buffer (sample));
  gst_sample_unref (sample);
  return GST_FLOW_OK;
}

static void
link_bin (Call * self, GstPad * pad, GstElement * bin)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (bin, "sink");

  gst_bin_add (GST_BIN (self->pipeline), bin);
  gst_element_sync_state_with_parent (bin);
  gst_pad_link (pad, sink);
}

static void
on_pad (GstElement * webrtc, GstPad * pad, Call * self)
{
  GstElement *bin, *sink;
  g_autofree gchar *name = NULL;

  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC)
    return;
  name = g_strdup_printf ("src_%u", 0);
  sink = gst_bin_get_by_name (GST_BIN (self->pipeline), "heard");
  if (sink != NULL || !self->offer.has_audio) {
    /* one voice is heard; whatever else comes must not stall */
    g_clear_object (&sink);
    link_bin (self, pad, gst_element_factory_make ("fakesink", NULL));
    return;
  }
  bin = gst_parse_bin_from_description ("rtpopusdepay ! "
      "opusdec plc=true use-inband-fec=true ! audioconvert ! "
      "audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved ! "
      "appsink name=heard sync=false async=false emit-signals=true", TRUE,
      NULL);
  sink = gst_bin_get_by_name (GST_BIN (bin), "heard");
  g_signal_connect (sink, "new-sample", G_CALLBACK (on_decoded), self);
  gst_object_unref (sink);
  intake_place (self->intake, pad);
  link_bin (self, pad, bin);
}

static GstPadProbeReturn
on_packet (GstPad * pad, GstPadProbeInfo * info, gpointer data)
{
  Call *self = data;
  gboolean frozen;

  g_mutex_lock (&self->lock);
  self->last_packet = g_get_monotonic_time ();
  frozen = self->frozen;
  g_mutex_unlock (&self->lock);
  return frozen ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_packet_out (GstPad * pad, GstPadProbeInfo * info, gpointer data)
{
  Call *self = data;
  gboolean frozen;

  g_mutex_lock (&self->lock);
  frozen = self->frozen;
  g_mutex_unlock (&self->lock);
  return frozen ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

static void
on_inner_element (GstBin * bin, GstBin * parent, GstElement * element,
    Call * self)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  const gchar *name = factory != NULL ? GST_OBJECT_NAME (factory) : "";
  g_autoptr (GstPad) pad = NULL;

  if (g_str_equal (name, "rtpjitterbuffer")) {
    pad = gst_element_get_static_pad (element, "sink");
    intake_watch (self->intake, pad);
  } else if (g_str_equal (name, "nicesrc")) {
    pad = gst_element_get_static_pad (element, "src");
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER |
        GST_PAD_PROBE_TYPE_BUFFER_LIST, on_packet, self, NULL);
  } else if (g_str_equal (name, "nicesink")) {
    pad = gst_element_get_static_pad (element, "sink");
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER |
        GST_PAD_PROBE_TYPE_BUFFER_LIST, on_packet_out, self, NULL);
  }
}

static void
take_connected (Call * self, const gchar * text, gsize length, gint64 mark)
{
  self->connected = TRUE;
  player_start (self->player);
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
    call_post (self, take_close, NULL, 0);
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
  call_end (self, FALSE);
  return G_SOURCE_REMOVE;
}

static void
on_heard (const Heard * heard, gpointer data)
{
  Call *self = data;

  if (!self->ended)
    session_heard (self->session, heard);
}

static void
on_played (PlayedType type, guint serial, const gchar * word, gpointer data)
{
  Call *self = data;

  if (!self->ended)
    session_played (self->session, type, serial, word);
}

static void
on_tick (gpointer data)
{
  intake_tick (((Call *) data)->intake);
}

static void
tune_ice (Call * self)
{
  GObject *ice, *agent;
  gboolean ok;

  g_object_get (self->webrtc, "ice-agent", &ice, NULL);
  g_object_get (ice, "agent", &agent, NULL);
  g_object_set (agent, "upnp", FALSE, "stun-pacing-timer", 5,
      "keepalive-conncheck", TRUE, NULL);
  g_signal_emit_by_name (ice, "add-local-ip-address", "127.0.0.1", &ok);
  g_object_unref (agent);
  g_object_unref (ice);
}

static GstElement *
make_voice (Call * self)
{
  g_autofree gchar *text = NULL;
  g_autofree gchar *id = util_id ("", 4);
  g_autoptr (GstPad) src = NULL, sink = NULL;
  GstElement *bin, *appsrc;

  self->ssrc = 1 + g_str_hash (id) % 0x7ffffffe;
  /* The SSRC in the caps gets it into the answer: some stacks take no packet
   * without. An element of its own, since a filter at the end is dropped. */
  text = g_strdup_printf ("appsrc name=said format=time is-live=true "
      "block=false max-bytes=0 caps=audio/x-raw,format=S16LE,rate=48000,"
      "channels=1,layout=interleaved ! audioconvert ! opusenc bitrate=32000 "
      "audio-type=voice inband-fec=true packet-loss-percentage=10 ! "
      "rtpopuspay pt=%d ssrc=%u ! capsfilter caps=\"application/x-rtp,"
      "media=audio,encoding-name=OPUS,clock-rate=48000,"
      "encoding-params=(string)2,payload=%d,ssrc=(uint)%u,"
      "minptime=(string)10,useinbandfec=(string)1,a-msid=(string)realtimeapi\"",
      self->offer.payload, self->ssrc, self->offer.payload, self->ssrc);
  bin = gst_parse_bin_from_description (text, TRUE, NULL);
  appsrc = gst_bin_get_by_name (GST_BIN (bin), "said");
  gst_bin_add (GST_BIN (self->pipeline), bin);
  src = gst_element_get_static_pad (bin, "src");
  sink = gst_element_request_pad_simple (self->webrtc, "sink_0");
  gst_pad_link (src, sink);
  return appsrc;
}

static void
make_pipeline (Call * self)
{
  GstElement *appsrc;

  self->pipeline = gst_pipeline_new (NULL);
  self->webrtc = gst_element_factory_make ("webrtcbin", NULL);
  gst_object_ref_sink (self->webrtc);
  g_object_set (self->webrtc, "bundle-policy",
      GST_WEBRTC_BUNDLE_POLICY_MAX_BUNDLE, "latency", 100, NULL);
  tune_ice (self);
  gst_bin_add (GST_BIN (self->pipeline), self->webrtc);
  appsrc = self->offer.has_audio ? make_voice (self) :
      gst_object_ref_sink (gst_element_factory_make ("appsrc", NULL));
  self->player = player_new (appsrc, self->recorder, on_played, on_tick, self);
  gst_object_unref (appsrc);
  g_signal_connect (self->webrtc, "pad-added", G_CALLBACK (on_pad), self);
  g_signal_connect (self->webrtc, "on-data-channel",
      G_CALLBACK (on_data_channel), self);
  g_signal_connect (self->webrtc, "deep-element-added",
      G_CALLBACK (on_inner_element), self);
  g_signal_connect (self->webrtc, "notify::ice-gathering-state",
      G_CALLBACK (on_gathering), self);
  g_signal_connect (self->webrtc, "notify::connection-state",
      G_CALLBACK (on_connection), self);
}

void
call_start (Server * server, const gchar * offer, JsonObject * session,
    CallAnswered answered, gpointer user_data)
{
  static const SessionLink link = { link_send, link_close, link_mark,
    link_position
  };
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
  self = g_new0 (Call, 1);
  self->server = server;
  self->id = util_id ("rtc_u1_", 24);
  self->answered = answered;
  self->answered_data = user_data;
  self->offer = parsed;
  self->pieces = g_string_new (NULL);
  self->last_packet = g_get_monotonic_time () +
      (CONNECT_SECONDS - SILENCE_SECONDS) * G_USEC_PER_SEC;
  g_mutex_init (&self->lock);
  g_cond_init (&self->thawed);
  if (server->record != NULL)
    self->recorder = recorder_new (server->record, self->id);
  self->recogniser = recogniser_new (server->pool, on_heard, self);
  self->intake = intake_new (self->recogniser, self->recorder);
  make_pipeline (self);
  self->session = session_new (server, session, &link, self);
  session_attach (self->session, self->recogniser, self->player);
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
  if (self->channel != NULL) {
    g_signal_handlers_disconnect_by_data (self->channel, self);
    g_object_unref (self->channel);
  }
  gst_object_unref (self->webrtc);
  gst_object_unref (self->pipeline);
  offer_clear (&self->offer);
  g_string_free (self->pieces, TRUE);
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

/* End of stream in the DTLS encoder makes it send close_notify. */
static void
say_goodbye (const GValue * value, gpointer user_data)
{
  GstElement *element = g_value_get_object (value);
  GstElementFactory *factory = gst_element_get_factory (element);
  g_autoptr (GstPad) pad = NULL;

  if (factory == NULL || !g_str_equal (GST_OBJECT_NAME (factory), "dtlsenc"))
    return;
  pad = gst_element_get_static_pad (element, "sink");
  if (pad != NULL)
    gst_pad_send_event (pad, gst_event_new_eos ());
}

static void
close_dtls (Call * self)
{
  GstIterator *elements = gst_bin_iterate_recurse (GST_BIN (self->pipeline));

  while (gst_iterator_foreach (elements, say_goodbye,
          NULL) == GST_ITERATOR_RESYNC)
    gst_iterator_resync (elements);
  gst_iterator_free (elements);
}

static gpointer
tear_down (gpointer data)
{
  Call *self = data;

  g_mutex_lock (&self->lock);
  self->frozen = FALSE;
  g_cond_broadcast (&self->thawed);
  g_mutex_unlock (&self->lock);
  player_stop (self->player);
  if (self->connected)
    close_dtls (self);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  recogniser_free (self->recogniser);
  util_post (run_free_call, self, NULL);
  return NULL;
}

static gboolean
on_goodbye_said (gpointer data)
{
  Call *self = data;

  self->goodbye_timer = 0;
  g_thread_unref (g_thread_new ("tear-down", tear_down, self));
  return G_SOURCE_REMOVE;
}

static void
stop_timer (guint * timer)
{
  if (*timer != 0)
    g_source_remove (*timer);
  *timer = 0;
}

void
call_end (Call * self, gboolean goodbye)
{
  g_autoptr (GObject) channel = get_channel (self);

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
  if (!goodbye || channel == NULL) {
    on_goodbye_said (self);
    return;
  }
  /* the channel's reset needs a moment on the wire before all is torn down */
  g_signal_emit_by_name (channel, "close");
  self->goodbye_timer = util_after (GOODBYE_MS, on_goodbye_said, self);
}

static gboolean
hold_still (gpointer data)
{
  Call *self = data;

  g_mutex_lock (&self->lock);
  while (self->frozen)
    g_cond_wait (&self->thawed, &self->lock);
  g_mutex_unlock (&self->lock);
  return G_SOURCE_REMOVE;
}

void
call_freeze (Call * self)
{
  GMainContext *context = NULL;
  GObject *ice, *agent;
  GSource *source;

  g_mutex_lock (&self->lock);
  self->frozen = TRUE;
  g_mutex_unlock (&self->lock);
  /* the watch must not end what has to look like a machine that hangs */
  stop_timer (&self->watch_timer);
  g_object_get (self->webrtc, "ice-agent", &ice, NULL);
  g_object_get (ice, "agent", &agent, NULL);
  g_object_get (agent, "main-context", &context, NULL);
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_HIGH);
  g_source_set_callback (source, hold_still, self, NULL);
  g_source_attach (source, context);
  g_source_unref (source);
  g_object_unref (agent);
  g_object_unref (ice);
}

void
call_prepare (void)
{
  GstElement *element = gst_element_factory_make ("dtlsdec", NULL);

  if (element != NULL)
    gst_object_unref (gst_object_ref_sink (element));
}
