/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "call-private.h"

#include <gst/app/gstappsink.h>
#include <gst/webrtc/webrtc.h>
#include <string.h>

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

  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC)
    return;
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
on_tick (gpointer data)
{
  intake_tick (((Call *) data)->intake);
}

static void
tune_ice (Call * self)
{
  g_autofree gchar *address = g_inet_address_to_string (self->server->address);
  GObject *ice, *agent;
  gboolean ok;

  g_object_get (self->webrtc, "ice-agent", &ice, NULL);
  g_object_get (ice, "agent", &agent, NULL);
  g_object_set (agent, "upnp", FALSE, "stun-pacing-timer", 5,
      "keepalive-conncheck", TRUE, NULL);
  g_signal_emit_by_name (ice, "add-local-ip-address", address, &ok);
  g_object_unref (agent);
  g_object_unref (ice);
}

static GstElement *
make_voice (Call * self)
{
  g_autofree gchar *text = NULL;
  g_autofree gchar *id = util_id ("", 4);
  g_autoptr (GstPad) src = NULL, sink = NULL;
  g_autoptr (GstCaps) caps = NULL;
  GstElement *bin, *appsrc, *filter;

  self->ssrc = 1 + g_str_hash (id) % 0x7ffffffe;
  text = g_strdup_printf ("appsrc name=said format=time is-live=true "
      "block=false max-bytes=0 caps=audio/x-raw,format=S16LE,rate=48000,"
      "channels=1,layout=interleaved ! audioconvert ! opusenc bitrate=32000 "
      "audio-type=voice inband-fec=true packet-loss-percentage=10 ! "
      "rtpopuspay pt=%d ssrc=%u ! capsfilter name=offered",
      self->offer.payload, self->ssrc);
  bin = gst_parse_bin_from_description (text, TRUE, NULL);
  /* What these caps say gets into the answer: the SSRC, without which some
   * stacks take no packet, and the msid, which needs a stream and a track. */
  caps = gst_caps_new_simple ("application/x-rtp", "media", G_TYPE_STRING,
      "audio", "encoding-name", G_TYPE_STRING, "OPUS", "clock-rate",
      G_TYPE_INT, 48000, "encoding-params", G_TYPE_STRING, "2", "payload",
      G_TYPE_INT, self->offer.payload, "ssrc", G_TYPE_UINT, self->ssrc,
      "minptime", G_TYPE_STRING, "10", "useinbandfec", G_TYPE_STRING, "1",
      "a-msid", G_TYPE_STRING, "realtimeapi audio", NULL);
  filter = gst_bin_get_by_name (GST_BIN (bin), "offered");
  g_object_set (filter, "caps", caps, NULL);
  gst_object_unref (filter);
  appsrc = gst_bin_get_by_name (GST_BIN (bin), "said");
  gst_bin_add (GST_BIN (self->pipeline), bin);
  src = gst_element_get_static_pad (bin, "src");
  sink = gst_element_request_pad_simple (self->webrtc, "sink_0");
  gst_pad_link (src, sink);
  return appsrc;
}

/* rtpbin reports nothing of what it sends before it knows the latency, at least
 * in 1.26. */
static void
configure_latency (GstElement * pipeline, gpointer user_data)
{
  gst_bin_recalculate_latency (GST_BIN (pipeline));
}

/* Nobody reads the bus: messages go to the log and nowhere else. */
static GstBusSyncReply
on_message (GstBus * bus, GstMessage * message, gpointer data)
{
  Call *self = data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
    gst_element_call_async (self->pipeline, configure_latency, NULL, NULL);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR ||
      GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
    GST_WARNING ("%s: %" GST_PTR_FORMAT, self->id, message);
  gst_message_unref (message);
  return GST_BUS_DROP;
}

void
call_media_build (Call * self)
{
  g_autoptr (GstBus) bus = NULL;
  GstElement *appsrc;

  self->pipeline = gst_pipeline_new (NULL);
  bus = gst_element_get_bus (self->pipeline);
  gst_bus_set_sync_handler (bus, on_message, self, NULL);
  self->webrtc = gst_element_factory_make ("webrtcbin", NULL);
  gst_object_ref_sink (self->webrtc);
  g_object_set (self->webrtc, "bundle-policy",
      GST_WEBRTC_BUNDLE_POLICY_MAX_BUNDLE, "latency", 100, NULL);
  tune_ice (self);
  gst_bin_add (GST_BIN (self->pipeline), self->webrtc);
  appsrc = self->offer.has_audio ? make_voice (self) :
      gst_object_ref_sink (gst_element_factory_make ("appsrc", NULL));
  self->player = player_new (appsrc, self->recorder, call_played, on_tick,
      self);
  gst_object_unref (appsrc);
  g_signal_connect (self->webrtc, "pad-added", G_CALLBACK (on_pad), self);
  call_channel_connect (self);
  g_signal_connect (self->webrtc, "deep-element-added",
      G_CALLBACK (on_inner_element), self);
}

/* DTLS: a record's content type */
#define DTLS_ALERT 21
/* Only where the encoder is blocked does it take that long. */
#define GOODBYE_LIMIT_US G_USEC_PER_SEC

typedef struct
{
  GMutex lock;
  GCond cond;
  gboolean leaving;             /* the alert has left the encoder */
  gboolean gone;                /* and was handed to the system */
} Goodbye;

static void
goodbye_clear (gpointer data)
{
  Goodbye *self = data;

  g_cond_clear (&self->cond);
  g_mutex_clear (&self->lock);
}

static void
goodbye_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, goodbye_clear);
}

static GstPadProbeReturn
see_alert (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Goodbye *goodbye = user_data;
  guint8 type = 0;

  if (gst_buffer_extract (GST_PAD_PROBE_INFO_BUFFER (info), 0, &type, 1) == 1
      && type == DTLS_ALERT) {
    g_mutex_lock (&goodbye->lock);
    goodbye->leaving = TRUE;
    g_cond_signal (&goodbye->cond);
    g_mutex_unlock (&goodbye->lock);
  }
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
see_idle (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Goodbye *goodbye = user_data;

  g_mutex_lock (&goodbye->lock);
  goodbye->gone = TRUE;
  g_cond_signal (&goodbye->cond);
  g_mutex_unlock (&goodbye->lock);
  return GST_PAD_PROBE_REMOVE;
}

static gboolean
wait_for (Goodbye * self, const gboolean * what, gint64 deadline)
{
  gboolean came;

  g_mutex_lock (&self->lock);
  while (!*what && g_cond_wait_until (&self->cond, &self->lock, deadline));
  came = *what;
  g_mutex_unlock (&self->lock);
  return came;
}

static gboolean
is_connected (GstElement * encoder)
{
  GValue state = G_VALUE_INIT;
  GEnumValue *value;
  gboolean connected;

  g_object_get_property (G_OBJECT (encoder), "connection-state", &state);
  value = g_enum_get_value (g_type_class_peek (G_VALUE_TYPE (&state)),
      g_value_get_enum (&state));
  connected = value != NULL && g_str_equal (value->value_nick, "connected");
  g_value_unset (&state);
  return connected;
}

/* End of stream in the DTLS encoder makes it send close_notify, in its own
 * time: what is taken down before that has gone drops it. The alert is looked for
 * at the next element, where the encoder's pad is known to be busy with it. */
static void
say_goodbye (const GValue * value, gpointer user_data)
{
  GstElement *element = g_value_get_object (value);
  GstElementFactory *factory = gst_element_get_factory (element);
  g_autoptr (GstPad) sink = NULL, src = NULL, peer = NULL;
  gint64 deadline = g_get_monotonic_time () + GOODBYE_LIMIT_US;
  Goodbye *goodbye;
  gulong alert, idle;

  if (factory == NULL || !g_str_equal (GST_OBJECT_NAME (factory), "dtlsenc"))
    return;
  sink = gst_element_get_static_pad (element, "sink");
  src = gst_element_get_static_pad (element, "src");
  peer = src != NULL ? gst_pad_get_peer (src) : NULL;
  if (sink == NULL || peer == NULL || !is_connected (element))
    return;

  goodbye = g_atomic_rc_box_new0 (Goodbye);
  g_mutex_init (&goodbye->lock);
  g_cond_init (&goodbye->cond);
  alert = gst_pad_add_probe (peer, GST_PAD_PROBE_TYPE_BUFFER, see_alert,
      g_atomic_rc_box_acquire (goodbye), goodbye_unref);
  gst_pad_send_event (sink, gst_event_new_eos ());
  if (wait_for (goodbye, &goodbye->leaving, deadline)) {
    idle = gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_IDLE, see_idle,
        g_atomic_rc_box_acquire (goodbye), goodbye_unref);
    if (!wait_for (goodbye, &goodbye->gone, deadline))
      gst_pad_remove_probe (src, idle);
  } else {
    GST_WARNING ("a goodbye could not be sent");
  }
  gst_pad_remove_probe (peer, alert);
  goodbye_unref (goodbye);
}

void
call_media_goodbye (Call * self)
{
  GstIterator *elements = gst_bin_iterate_recurse (GST_BIN (self->pipeline));

  while (gst_iterator_foreach (elements, say_goodbye,
          NULL) == GST_ITERATOR_RESYNC)
    gst_iterator_resync (elements);
  gst_iterator_free (elements);
}

/* The agent's thread waits here: no check is answered, nothing is read. */
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

static void
freeze (Call * self)
{
  GMainContext *context = NULL;
  GObject *ice, *agent;
  GSource *source;

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
call_media_freeze (Call * self, gboolean on)
{
  g_mutex_lock (&self->lock);
  self->frozen = on;
  g_cond_broadcast (&self->thawed);
  g_mutex_unlock (&self->lock);
  if (on)
    freeze (self);
}
