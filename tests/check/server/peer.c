/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "peer.h"

#include <flite/flite.h>
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/check/gstcheck.h>
#include <gst/webrtc/webrtc.h>
#include <string.h>

#define FRAME (PEER_RATE / 50)

cst_voice *register_cmu_us_rms (const char *voxdir);

struct _Peer
{
  Served *served;
  gchar *secret;
  gchar *call_id;
  GstElement *pipeline, *webrtc, *source;
  GObject *channel;
  GThread *microphone;

  GMutex lock;
  GCond cond;
  /* all below: protected by lock */
  gboolean gathered, opened, closed, quit, muted;
  GArray *speech;               /* gint16 to be sent */
  gint64 queued;                /* samples put in plus silence sent */
  GPtrArray *events;            /* of JsonObject */
  guint taken;                  /* of events */
  gint peak;
  gsize bytes;
};

static gpointer
speak_loop (gpointer data)
{
  Peer *peer = data;
  gint64 due = g_get_monotonic_time ();
  GstClockTime pts = 0;

  g_mutex_lock (&peer->lock);
  while (!peer->quit) {
    gint16 *frame;
    gsize n;

    if (g_cond_wait_until (&peer->cond, &peer->lock, due) ||
        g_get_monotonic_time () < due)
      continue;
    due += G_USEC_PER_SEC / 50;
    pts += 20 * GST_MSECOND;
    if (peer->muted)
      continue;
    frame = g_new0 (gint16, FRAME);
    n = MIN (FRAME, peer->speech->len);
    if (n > 0) {
      memcpy (frame, peer->speech->data, n * sizeof (gint16));
      g_array_remove_range (peer->speech, 0, n);
    }
    if (peer->speech->len == 0)
      g_cond_broadcast (&peer->cond);
    peer->queued += FRAME - n;
    g_mutex_unlock (&peer->lock);
    {
      GstBuffer *buffer = gst_buffer_new_wrapped (frame, FRAME * 2);

      GST_BUFFER_PTS (buffer) = pts;
      GST_BUFFER_DURATION (buffer) = 20 * GST_MSECOND;
      gst_app_src_push_buffer (GST_APP_SRC (peer->source), buffer);
    }
    g_mutex_lock (&peer->lock);
  }
  g_mutex_unlock (&peer->lock);
  return NULL;
}

static GstFlowReturn
on_sound (GstElement * sink, Peer * peer)
{
  GstSample *sample = gst_app_sink_pull_sample (GST_APP_SINK (sink));
  GstMapInfo map;
  guint i;

  if (sample == NULL)
    return GST_FLOW_EOS;
  gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ);
  g_mutex_lock (&peer->lock);
  for (i = 0; i < map.size / 2; i++)
    peer->peak = MAX (peer->peak, ABS ((gint) ((gint16 *) map.data)[i]));
  g_mutex_unlock (&peer->lock);
  gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
  gst_sample_unref (sample);
  return GST_FLOW_OK;
}

static void
on_pad (GstElement * webrtc, GstPad * pad, Peer * peer)
{
  GstElement *bin, *sink;
  GstPad *bin_pad;

  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC)
    return;
  bin = gst_parse_bin_from_description ("rtpopusdepay ! opusdec ! "
      "audioconvert ! audio/x-raw,format=S16LE,channels=1 ! "
      "appsink name=ear sync=false async=false emit-signals=true", TRUE, NULL);
  sink = gst_bin_get_by_name (GST_BIN (bin), "ear");
  g_signal_connect (sink, "new-sample", G_CALLBACK (on_sound), peer);
  gst_object_unref (sink);
  gst_bin_add (GST_BIN (peer->pipeline), bin);
  gst_element_sync_state_with_parent (bin);
  bin_pad = gst_element_get_static_pad (bin, "sink");
  gst_pad_link (pad, bin_pad);
  gst_object_unref (bin_pad);
}

static void
set_flag (Peer * peer, gboolean * flag)
{
  g_mutex_lock (&peer->lock);
  *flag = TRUE;
  g_cond_broadcast (&peer->cond);
  g_mutex_unlock (&peer->lock);
}

static void
on_gathering (GstElement * webrtc, GParamSpec * spec, Peer * peer)
{
  GstWebRTCICEGatheringState state;

  g_object_get (webrtc, "ice-gathering-state", &state, NULL);
  if (state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE)
    set_flag (peer, &peer->gathered);
}

static void
on_open (GObject * channel, Peer * peer)
{
  set_flag (peer, &peer->opened);
}

static void
on_close (GObject * channel, Peer * peer)
{
  set_flag (peer, &peer->closed);
}

static void
on_text (GObject * channel, const gchar * text, Peer * peer)
{
  JsonNode *node = json_from_string (text, NULL);

  g_mutex_lock (&peer->lock);
  peer->bytes += strlen (text);
  if (node != NULL) {
    g_ptr_array_add (peer->events, json_node_dup_object (node));
    json_node_unref (node);
  } else {
    JsonObject *broken = json_object_new ();

    json_object_set_string_member (broken, "type", "broken");
    g_ptr_array_add (peer->events, broken);
  }
  g_cond_broadcast (&peer->cond);
  g_mutex_unlock (&peer->lock);
}

static void
on_offer (GstPromise * promise, gpointer data)
{
  GstWebRTCSessionDescription *offer = NULL;
  Peer *peer = data;

  if (gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED) {
    const GstSDPMedia *media;

    gst_structure_get (gst_promise_get_reply (promise), "offer",
        GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &offer, NULL);
    media = gst_sdp_message_get_media (offer->sdp, 1);
    gst_sdp_media_add_attribute ((GstSDPMedia *) media, "max-message-size",
        "16777216");
    g_signal_emit_by_name (peer->webrtc, "set-local-description", offer, NULL);
    gst_webrtc_session_description_free (offer);
  }
  gst_promise_unref (promise);
}

static gboolean
wait_flag (Peer * peer, gboolean * flag, guint seconds)
{
  gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  gboolean set;

  g_mutex_lock (&peer->lock);
  while (!*flag && g_cond_wait_until (&peer->cond, &peer->lock, end));
  set = *flag;
  g_mutex_unlock (&peer->lock);
  return set;
}

static void
build (Peer * peer)
{
  GObject *ice, *agent;
  GstElement *bin;
  GstPad *src, *sink;
  gboolean ok;

  peer->pipeline = gst_pipeline_new (NULL);
  peer->webrtc = gst_element_factory_make ("webrtcbin", NULL);
  g_object_set (peer->webrtc, "bundle-policy", 3, "latency", 40, NULL);
  g_object_get (peer->webrtc, "ice-agent", &ice, NULL);
  g_object_get (ice, "agent", &agent, NULL);
  g_object_set (agent, "upnp", FALSE, "stun-pacing-timer", 5, NULL);
  g_signal_emit_by_name (ice, "add-local-ip-address", "127.0.0.1", &ok);
  g_object_unref (agent);
  g_object_unref (ice);
  gst_bin_add (GST_BIN (peer->pipeline), peer->webrtc);
  g_signal_connect (peer->webrtc, "pad-added", G_CALLBACK (on_pad), peer);
  g_signal_connect (peer->webrtc, "notify::ice-gathering-state",
      G_CALLBACK (on_gathering), peer);
  gst_element_set_state (peer->webrtc, GST_STATE_READY);
  g_signal_emit_by_name (peer->webrtc, "create-data-channel", "oai-events",
      NULL, &peer->channel);
  fail_unless (peer->channel != NULL);
  g_signal_connect (peer->channel, "on-open", G_CALLBACK (on_open), peer);
  g_signal_connect (peer->channel, "on-close", G_CALLBACK (on_close), peer);
  g_signal_connect (peer->channel, "on-message-string", G_CALLBACK (on_text),
      peer);
  bin = gst_parse_bin_from_description ("appsrc name=mic format=time "
      "is-live=true caps=audio/x-raw,format=S16LE,rate=16000,channels=1,"
      "layout=interleaved ! audioconvert ! audioresample ! "
      "audio/x-raw,rate=48000 ! opusenc bitrate=32000 ! rtpopuspay pt=111 ! "
      "capsfilter caps=\"application/x-rtp,media=audio,encoding-name=OPUS,"
      "payload=111,clock-rate=48000,encoding-params=(string)2\"", TRUE, NULL);
  peer->source = gst_bin_get_by_name (GST_BIN (bin), "mic");
  gst_bin_add (GST_BIN (peer->pipeline), bin);
  src = gst_element_get_static_pad (bin, "src");
  sink = gst_element_request_pad_simple (peer->webrtc, "sink_0");
  fail_unless_equals_int (gst_pad_link (src, sink), GST_PAD_LINK_OK);
  gst_object_unref (src);
  gst_object_unref (sink);
}

static guint
negotiate (Peer * peer)
{
  GstWebRTCSessionDescription *description = NULL;
  gchar *text, *reply = NULL, *location = NULL;
  GstSDPMessage *sdp;
  GstCaps *caps = gst_caps_from_string ("application/x-rtp,media=audio,"
      "encoding-name=OPUS,clock-rate=48000,encoding-params=(string)2,"
      "payload=111");
  GstWebRTCRTPTransceiver *transceiver = NULL;
  guint status;

  g_signal_emit_by_name (peer->webrtc, "get-transceiver", 0, &transceiver);
  g_object_set (transceiver, "codec-preferences", caps, NULL);
  gst_object_unref (transceiver);
  gst_caps_unref (caps);
  gst_element_set_state (peer->pipeline, GST_STATE_PLAYING);
  g_signal_emit_by_name (peer->webrtc, "create-offer", NULL,
      gst_promise_new_with_change_func (on_offer, peer, NULL));
  fail_unless (wait_flag (peer, &peer->gathered, 20), "no candidates");
  g_object_get (peer->webrtc, "local-description", &description, NULL);
  text = gst_sdp_message_as_text (description->sdp);
  gst_webrtc_session_description_free (description);
  status = served_request (peer->served, "POST", "/realtime/calls",
      peer->secret, "application/sdp", text, &reply, &location);
  g_free (text);
  if (status == 201) {
    fail_unless (location != NULL &&
        g_str_has_prefix (location, "/v1/realtime/calls/rtc_"));
    peer->call_id = g_strdup (strrchr (location, '/') + 1);
    fail_unless_equals_int (gst_sdp_message_new_from_text (reply, &sdp),
        GST_SDP_OK);
    description = gst_webrtc_session_description_new
        (GST_WEBRTC_SDP_TYPE_ANSWER, sdp);
    g_signal_emit_by_name (peer->webrtc, "set-remote-description",
        description, NULL);
    gst_webrtc_session_description_free (description);
  }
  g_free (reply);
  g_free (location);
  return status;
}

Peer *
peer_new (Served * served, const gchar * session, guint * status)
{
  Peer *peer = g_new0 (Peer, 1);
  guint got;

  peer->served = served;
  peer->secret = served_mint (served, session);
  g_mutex_init (&peer->lock);
  g_cond_init (&peer->cond);
  peer->speech = g_array_new (FALSE, FALSE, sizeof (gint16));
  peer->events = g_ptr_array_new_with_free_func ((GDestroyNotify)
      json_object_unref);
  build (peer);
  got = negotiate (peer);
  if (status != NULL)
    *status = got;
  if (got != 201) {
    fail_unless (status != NULL, "the call was refused with %u", got);
    peer_free (peer, FALSE);
    return NULL;
  }
  fail_unless (wait_flag (peer, &peer->opened, 20), "the channel did not open");
  peer->microphone = g_thread_new ("microphone", speak_loop, peer);
  return peer;
}

const gchar *
peer_call_id (Peer * peer)
{
  return peer->call_id;
}

void
peer_send (Peer * peer, const gchar * text)
{
  g_signal_emit_by_name (peer->channel, "send-string", text);
}

static gboolean
is_type (JsonObject * event, const gchar * type)
{
  return g_str_equal (json_object_get_string_member (event, "type"), type);
}

JsonObject *
peer_wait (Peer * peer, const gchar * type, guint seconds)
{
  gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  JsonObject *found = NULL;

  g_mutex_lock (&peer->lock);
  for (;;) {
    while (peer->taken < peer->events->len && found == NULL) {
      JsonObject *event = g_ptr_array_index (peer->events, peer->taken++);

      if (is_type (event, type))
        found = event;
    }
    if (found != NULL || !g_cond_wait_until (&peer->cond, &peer->lock, end))
      break;
  }
  g_mutex_unlock (&peer->lock);
  return found;
}

JsonObject *
peer_expect (Peer * peer, const gchar * type, guint seconds)
{
  JsonObject *event = peer_wait (peer, type, seconds);

  if (event == NULL) {
    gchar *log = peer_log (peer);

    g_printerr ("%s", log);
    g_free (log);
    fail ("no %s in %u s; the events so far are above", type, seconds);
  }
  return event;
}

/* Under the lock. */
static JsonObject *
find_nth (Peer * peer, const gchar * type, guint n)
{
  guint i;

  for (i = 0; i < peer->events->len; i++) {
    JsonObject *event = g_ptr_array_index (peer->events, i);

    if (is_type (event, type) && n-- == 0)
      return event;
  }
  return NULL;
}

JsonObject *
peer_nth (Peer * peer, const gchar * type, guint n, guint seconds)
{
  gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  JsonObject *event;

  g_mutex_lock (&peer->lock);
  do {
    event = find_nth (peer, type, n);
  } while (event == NULL && g_cond_wait_until (&peer->cond, &peer->lock, end));
  g_mutex_unlock (&peer->lock);
  fail_unless (event != NULL, "no %s number %u in %u s", type, n, seconds);
  return event;
}

gboolean
peer_has (Peer * peer, const gchar * type)
{
  gboolean found = FALSE;
  guint i;

  g_mutex_lock (&peer->lock);
  for (i = peer->taken; i < peer->events->len && !found; i++)
    found = is_type (g_ptr_array_index (peer->events, i), type);
  g_mutex_unlock (&peer->lock);
  return found;
}

static gchar *
print_events (Peer * peer, gboolean whole)
{
  GString *out = g_string_new (NULL);
  guint i;

  g_mutex_lock (&peer->lock);
  for (i = 0; i < peer->events->len; i++) {
    JsonObject *event = g_ptr_array_index (peer->events, i);
    JsonNode *node = json_node_new (JSON_NODE_OBJECT);
    gchar *text;

    json_node_set_object (node, event);
    text = whole ? json_to_string (node, FALSE) :
        g_strdup (json_object_get_string_member (event, "type"));
    g_string_append_printf (out, "%s\n", text);
    g_free (text);
    json_node_unref (node);
  }
  g_mutex_unlock (&peer->lock);
  return g_string_free (out, FALSE);
}

gchar *
peer_types (Peer * peer)
{
  return print_events (peer, FALSE);
}

gchar *
peer_log (Peer * peer)
{
  return print_events (peer, TRUE);
}

gint64
peer_say (Peer * peer, const gint16 * samples, gsize n_samples)
{
  gint64 start;

  g_mutex_lock (&peer->lock);
  start = peer->queued;
  g_array_append_vals (peer->speech, samples, n_samples);
  peer->queued += n_samples;
  g_mutex_unlock (&peer->lock);
  return start;
}

void
peer_said (Peer * peer)
{
  g_mutex_lock (&peer->lock);
  while (peer->speech->len > 0)
    g_cond_wait (&peer->cond, &peer->lock);
  g_mutex_unlock (&peer->lock);
}

void
peer_mute (Peer * peer, gboolean mute)
{
  g_mutex_lock (&peer->lock);
  peer->muted = mute;
  g_mutex_unlock (&peer->lock);
}

gboolean
peer_closed (Peer * peer, guint seconds)
{
  return wait_flag (peer, &peer->closed, seconds);
}

gsize
peer_bytes (Peer * peer)
{
  gsize bytes;

  g_mutex_lock (&peer->lock);
  bytes = peer->bytes;
  g_mutex_unlock (&peer->lock);
  return bytes;
}

gint
peer_heard (Peer * peer)
{
  gint peak;

  g_mutex_lock (&peer->lock);
  peak = peer->peak;
  peer->peak = 0;
  g_mutex_unlock (&peer->lock);
  return peak;
}

void
peer_free (Peer * peer, gboolean hang_up)
{
  if (hang_up) {
    gchar *path = g_strdup_printf ("/realtime/calls/%s/hangup", peer->call_id);

    fail_unless_equals_int (served_request (peer->served, "POST", path,
            peer->served->api_key, NULL, NULL, NULL, NULL), 200);
    g_free (path);
  }
  g_mutex_lock (&peer->lock);
  peer->quit = TRUE;
  g_cond_broadcast (&peer->cond);
  g_mutex_unlock (&peer->lock);
  if (peer->microphone != NULL)
    g_thread_join (peer->microphone);
  gst_element_set_state (peer->pipeline, GST_STATE_NULL);
  g_signal_handlers_disconnect_by_data (peer->channel, peer);
  g_object_unref (peer->channel);
  gst_object_unref (peer->source);
  gst_object_unref (peer->pipeline);
  g_ptr_array_unref (peer->events);
  g_array_unref (peer->speech);
  g_free (peer->secret);
  g_free (peer->call_id);
  g_mutex_clear (&peer->lock);
  g_cond_clear (&peer->cond);
  g_free (peer);
}

gint16 *
speech_make (const gchar * text, gsize * n_samples, gsize * start, gsize * end)
{
  static cst_voice *voice;
  cst_utterance *utterance;
  cst_wave *wave;
  gint16 *samples;
  gsize i;

  if (voice == NULL) {
    flite_init ();
    voice = register_cmu_us_rms (NULL);
  }
  utterance = flite_synth_text (text, voice);
  wave = utt_wave (utterance);
  fail_unless_equals_int (wave->sample_rate, PEER_RATE);
  *n_samples = wave->num_samples;
  samples = g_memdup2 (wave->samples, wave->num_samples * sizeof (gint16));
  for (i = 0; i < *n_samples && ABS ((gint) samples[i]) < 300; i++);
  *start = i;
  for (i = *n_samples; i > 0 && ABS ((gint) samples[i - 1]) < 300; i--);
  *end = i;
  delete_utterance (utterance);
  return samples;
}

void
word_errors (const gchar * said, const gchar * heard, guint * errors,
    guint * words)
{
  gchar **a = g_strsplit (said, " ", -1), **b = g_strsplit (heard, " ", -1);
  guint n = g_strv_length (a), m = *heard != '\0' ? g_strv_length (b) : 0;
  guint *row = g_new0 (guint, m + 1), i, j;

  for (j = 0; j <= m; j++)
    row[j] = j;
  for (i = 1; i <= n; i++) {
    guint corner = row[0];

    row[0] = i;
    for (j = 1; j <= m; j++) {
      guint best = corner + (g_ascii_strcasecmp (a[i - 1], b[j - 1]) != 0);

      corner = row[j];
      best = MIN (best, row[j] + 1);
      row[j] = MIN (best, row[j - 1] + 1);
    }
  }
  *errors = row[m];
  *words = n;
  g_free (row);
  g_strfreev (a);
  g_strfreev (b);
}
