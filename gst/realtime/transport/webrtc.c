/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "rtploss.h"
#include "sdp.h"
#include "source.h"
#include "webrtc-private.h"
#include "webrtcsetup.h"
#include "webrtcstats.h"

GST_DEBUG_CATEGORY (realtime_webrtc_debug);
#define GST_CAT_DEFAULT realtime_webrtc_debug

#define PAYLOAD_TYPE 111
/* RTCP alone comes at least every 7.5 s while audio flows. */
#define SILENT_PEER_TIMEOUT_MS 8500
#define WATCHDOG_INTERVAL_MS 500
/* opusenc's */
#define PACKET_DURATION (20 * GST_MSECOND)
/* the bounded moment for the channel's close to reach the peer */
#define GOODBYE_TIMEOUT_US (100 * G_TIME_SPAN_MILLISECOND)

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("audio/x-raw, format = (string) S16LE, "
        "layout = (string) interleaved, rate = (int) 48000, "
        "channels = (int) 1"));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("audio/x-raw"));

G_DEFINE_TYPE (GstRealtimeWebrtc, gst_realtime_webrtc,
    GST_TYPE_REALTIME_TRANSPORT);

void
gst_realtime_webrtc_post_failure (GstRealtimeWebrtc * self,
    const gchar * message)
{
  gst_realtime_transport_post_failed (GST_REALTIME_TRANSPORT (self),
      g_error_new_literal (GST_REALTIME_TRANSPORT_ERROR,
          GST_REALTIME_TRANSPORT_ERROR_LINK, message));
}

GSource *
gst_realtime_webrtc_add_timer (GstRealtimeWebrtc * self, guint interval_ms,
    GSourceFunc func)
{
  return
      gst_realtime_source_add_timeout (gst_realtime_transport_get_context
      (GST_REALTIME_TRANSPORT (self)), interval_ms, func,
      gst_object_ref (self), gst_object_unref);
}

static void
on_ice_failed (const gchar * why, gpointer user_data)
{
  gst_realtime_webrtc_post_failure (user_data, why);
}

/* --- the data channel, and who is at its other end --- */

static void
emit_if_open (GstRealtimeWebrtc * self)
{
  GstRealtimeTransport *transport = GST_REALTIME_TRANSPORT (self);
  gchar *text;

  if (self->opened || !self->channel_open ||
      !g_atomic_int_get (&self->verified))
    return;
  self->opened = TRUE;
  gst_realtime_transport_post_progress (transport, "channel");
  gst_realtime_transport_post_opened (transport);
  while ((text = g_queue_pop_head (&self->held)))
    gst_realtime_transport_post_message (transport, text);
}

/* Why nothing comes from the peer any more, NULL while it does. */
static gchar *
find_silence (GstRealtimeWebrtc * self, guint silent_ms)
{
  gchar *address, *message = NULL;

  if (silent_ms > SILENT_PEER_TIMEOUT_MS)
    return g_strdup_printf ("nothing has come from the server for %u ms",
        silent_ms);
  if (silent_ms < WATCHDOG_INTERVAL_MS)
    return NULL;
  address = gst_realtime_ice_find_lost_address (self->ice);
  if (address)
    message = g_strdup_printf ("this machine has lost the address %s, by "
        "which it was connected", address);
  g_free (address);

  return message;
}

static gboolean
watch_peer (gpointer user_data)
{
  GstRealtimeWebrtc *self = user_data;
  guint now = (guint) (g_get_monotonic_time () / 1000);
  guint last = (guint) g_atomic_int_get (&self->last_packet_ms);
  gchar *message;

  /* nothing is received in PAUSED */
  if (GST_STATE (self) != GST_STATE_PLAYING) {
    g_atomic_int_set (&self->last_packet_ms, (gint) now);
    return G_SOURCE_CONTINUE;
  }
  message = find_silence (self, now - last);
  if (!message)
    return G_SOURCE_CONTINUE;
  gst_realtime_webrtc_post_failure (self, message);
  g_free (message);
  gst_realtime_source_clear (&self->watchdog);

  return G_SOURCE_REMOVE;
}

/* The peer says goodbye (close_notify): what is written from now on fails, and
 * that would be told as if the link had been lost. */
static void
on_dtls_state (GstWebRTCDTLSTransport * dtls, GParamSpec * pspec,
    GstRealtimeWebrtc * self)
{
  GstWebRTCDTLSTransportState state;

  g_object_get (dtls, "state", &state, NULL);
  GST_DEBUG_OBJECT (self, "DTLS state %d", state);
  if (state == GST_WEBRTC_DTLS_TRANSPORT_STATE_CLOSED)
    gst_realtime_transport_post_closed (GST_REALTIME_TRANSPORT (self));
}

static void
verify_peer (GstRealtimeWebrtc * self)
{
  GstWebRTCDTLSTransport *dtls;
  GError *error = NULL;
  gchar *pem = NULL;

  if (g_atomic_int_get (&self->verified) || !self->answer)
    return;

  dtls = gst_realtime_webrtc_get_dtls (self->webrtcbin);
  if (dtls)
    g_object_get (dtls, "remote-certificate", &pem, NULL);
  if (gst_realtime_sdp_check_certificate (self->answer, pem, &error)) {
    g_atomic_int_set (&self->last_packet_ms,
        (gint) (guint) (g_get_monotonic_time () / 1000));
    g_atomic_int_set (&self->verified, TRUE);
    g_signal_connect_object (dtls, "notify::state", G_CALLBACK (on_dtls_state),
        self, 0);
    self->watchdog =
        gst_realtime_webrtc_add_timer (self, WATCHDOG_INTERVAL_MS, watch_peer);
    gst_realtime_webrtc_stats_start (self->stats,
        gst_realtime_transport_get_context (GST_REALTIME_TRANSPORT (self)),
        self->webrtcbin, self->channel);
    gst_realtime_transport_post_progress (GST_REALTIME_TRANSPORT (self),
        "dtls");
    emit_if_open (self);
  } else {
    gst_realtime_transport_post_failed (GST_REALTIME_TRANSPORT (self), error);
  }
  g_free (pem);
  g_clear_object (&dtls);
}

static void
channel_opened (GstRealtimeTransport * transport, gpointer unused)
{
  GstRealtimeWebrtc *self = GST_REALTIME_WEBRTC (transport);

  self->channel_open = TRUE;
  verify_peer (self);
  emit_if_open (self);
}

static void
channel_closed (GstRealtimeTransport * transport, gpointer unused)
{
  GstRealtimeWebrtc *self = GST_REALTIME_WEBRTC (transport);

  if (self->opened)
    gst_realtime_transport_post_closed (transport);
  else
    gst_realtime_webrtc_post_failure (self,
        "the data channel was closed before it opened");
}

static void
message_arrived (GstRealtimeTransport * transport, gpointer text)
{
  GstRealtimeWebrtc *self = GST_REALTIME_WEBRTC (transport);

  /* behind "opened" and what was held, which are on their way too */
  if (self->opened)
    gst_realtime_transport_post_message (transport, g_strdup (text));
  else
    g_queue_push_tail (&self->held, g_strdup (text));
}

static void
on_channel_opened (GstRealtimeDataChannel * channel, GstRealtimeWebrtc * self)
{
  gst_realtime_transport_invoke (GST_REALTIME_TRANSPORT (self), channel_opened,
      NULL, NULL);
}

static void
on_channel_closed (GstRealtimeDataChannel * channel, GstRealtimeWebrtc * self)
{
  gst_realtime_transport_invoke (GST_REALTIME_TRANSPORT (self), channel_closed,
      NULL, NULL);
}

static void
on_channel_message (GstRealtimeDataChannel * channel, const gchar * text,
    GstRealtimeWebrtc * self)
{
  gst_realtime_transport_invoke (GST_REALTIME_TRANSPORT (self),
      message_arrived, g_strdup (text), g_free);
}

static gboolean
make_channel (GstRealtimeWebrtc * self)
{
  self->channel = gst_realtime_data_channel_new (self->webrtcbin);
  if (!self->channel)
    return FALSE;
  g_signal_connect_object (self->channel, "opened",
      G_CALLBACK (on_channel_opened), self, 0);
  g_signal_connect_object (self->channel, "closed",
      G_CALLBACK (on_channel_closed), self, 0);
  g_signal_connect_object (self->channel, "message",
      G_CALLBACK (on_channel_message), self, 0);

  return TRUE;
}

/* --- the virtual methods of the link --- */

static void
gst_realtime_webrtc_open (GstRealtimeTransport * transport)
{
  GstRealtimeWebrtc *self = GST_REALTIME_WEBRTC (transport);
  gboolean made;

  /* The pipeline may be on its way down while this link is put into it, and
   * webrtcbin makes no channel once it is closed: its state is held still. */
  GST_STATE_LOCK (self->webrtcbin);
  made = GST_STATE (self->webrtcbin) >= GST_STATE_READY && make_channel (self);
  GST_STATE_UNLOCK (self->webrtcbin);
  if (!made) {
    gst_realtime_webrtc_post_failure (self,
        "the data channel could not be made");
    return;
  }
  gst_realtime_webrtc_make_offer (self);
}

static gboolean
gst_realtime_webrtc_send (GstRealtimeTransport * transport, const gchar * text,
    GError ** error)
{
  GstRealtimeWebrtc *self = GST_REALTIME_WEBRTC (transport);

  if (!self->opened) {
    g_set_error (error, GST_REALTIME_TRANSPORT_ERROR,
        GST_REALTIME_TRANSPORT_ERROR_SEND, "the data channel is not open");
    return FALSE;
  }

  return gst_realtime_data_channel_send (self->channel, text, error);
}

static GstClockTime
gst_realtime_webrtc_get_lost (GstRealtimeTransport * transport)
{
  return gst_realtime_rtp_loss_get (GST_REALTIME_WEBRTC
      (transport)->webrtcbin) * PACKET_DURATION;
}

static void
gst_realtime_webrtc_get_stats (GstRealtimeTransport * transport,
    GstStructure * stats)
{
  gst_realtime_webrtc_stats_get (GST_REALTIME_WEBRTC (transport)->stats, stats);
}

static void
gst_realtime_webrtc_stop (GstRealtimeTransport * transport)
{
  GstRealtimeWebrtc *self = GST_REALTIME_WEBRTC (transport);

  gst_realtime_source_clear (&self->gathering_timeout);
  gst_realtime_source_clear (&self->watchdog);
  gst_realtime_ice_stop (self->ice);
  gst_realtime_webrtc_stats_stop (self->stats);
}

static void
gst_realtime_webrtc_say_goodbye (GstRealtimeTransport * transport)
{
  GstRealtimeWebrtc *self = GST_REALTIME_WEBRTC (transport);

  if (self->channel)
    gst_realtime_data_channel_close (self->channel,
        g_get_monotonic_time () + GOODBYE_TIMEOUT_US);
}

static void
gst_realtime_webrtc_settle (GstRealtimeTransport * transport, gint64 deadline)
{
  GstRealtimeWebrtc *self = GST_REALTIME_WEBRTC (transport);

  g_mutex_lock (&self->lock);
  while (self->outstanding > 0) {
    if (!g_cond_wait_until (&self->cond, &self->lock, deadline)) {
      GST_WARNING_OBJECT (self, "%u requests were never answered",
          self->outstanding);
      break;
    }
  }
  g_mutex_unlock (&self->lock);
  if (!gst_realtime_webrtc_stats_settle (self->stats, deadline))
    GST_WARNING_OBJECT (self, "the statistics never came");
}

/* --- what webrtcbin tells --- */

static void
connection_state_changed (GstRealtimeTransport * transport, gpointer unused)
{
  GstRealtimeWebrtc *self = GST_REALTIME_WEBRTC (transport);
  GstWebRTCPeerConnectionState state;

  g_object_get (self->webrtcbin, "connection-state", &state, NULL);
  GST_DEBUG_OBJECT (self, "connection state %d", state);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED)
    verify_peer (self);
  else if (state == GST_WEBRTC_PEER_CONNECTION_STATE_FAILED)
    gst_realtime_webrtc_post_failure (self,
        "the connection to the server failed");
}

static void
ice_state_changed (GstRealtimeTransport * transport, gpointer unused)
{
  GstRealtimeWebrtc *self = GST_REALTIME_WEBRTC (transport);
  GstWebRTCICEConnectionState state;

  g_object_get (self->webrtcbin, "ice-connection-state", &state, NULL);
  GST_DEBUG_OBJECT (self, "ICE state %d", state);
  if (!self->ice_up && (state == GST_WEBRTC_ICE_CONNECTION_STATE_CONNECTED ||
          state == GST_WEBRTC_ICE_CONNECTION_STATE_COMPLETED)) {
    self->ice_up = TRUE;
    gst_realtime_transport_post_progress (transport, "ice");
  }
}

static void
on_connection_state (GstElement * webrtcbin, GParamSpec * pspec,
    GstRealtimeWebrtc * self)
{
  gst_realtime_transport_invoke (GST_REALTIME_TRANSPORT (self),
      connection_state_changed, NULL, NULL);
}

static void
on_ice_state (GstElement * webrtcbin, GParamSpec * pspec,
    GstRealtimeWebrtc * self)
{
  gst_realtime_transport_invoke (GST_REALTIME_TRANSPORT (self),
      ice_state_changed, NULL, NULL);
}

static void
on_gathering_state (GstElement * webrtcbin, GParamSpec * pspec,
    GstRealtimeWebrtc * self)
{
  gst_realtime_transport_invoke (GST_REALTIME_TRANSPORT (self),
      gst_realtime_webrtc_check_gathering, NULL, NULL);
}

static GstPadProbeReturn
note_packet (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstRealtimeWebrtc *self = user_data;

  g_atomic_int_set (&self->last_packet_ms,
      (gint) (guint) (g_get_monotonic_time () / 1000));

  return GST_PAD_PROBE_OK;
}

static void
on_deep_element_added (GstBin * bin, GstBin * sub_bin, GstElement * element,
    GstRealtimeWebrtc * self)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  const gchar *name = factory ? GST_OBJECT_NAME (factory) : "";
  GstPad *pad;

  /* What comes is paced; and its running times go on where those of the clock
   * begin anew, or where silence was sent before what was late. */
  if (g_str_equal (name, "clocksync"))
    g_object_set (element, "sync", FALSE, NULL);
  if (!g_str_equal (name, "nicesrc"))
    return;
  pad = gst_element_get_static_pad (element, "src");
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, note_packet,
      self, NULL);
  gst_object_unref (pad);
}

static gboolean
is_audio (GstPad * pad)
{
  GstCaps *caps = gst_pad_get_current_caps (pad);
  gboolean audio = FALSE;

  if (!caps)
    caps = gst_pad_query_caps (pad, NULL);
  if (!gst_caps_is_empty (caps) && !gst_caps_is_any (caps)) {
    const GstStructure *s = gst_caps_get_structure (caps, 0);

    audio = g_strcmp0 (gst_structure_get_string (s, "media"), "audio") == 0
        && g_strcmp0 (gst_structure_get_string (s, "encoding-name"),
        "OPUS") == 0;
  }
  gst_caps_unref (caps);

  return audio;
}

/* A pad that is left unlinked takes the whole bundle down, data channel
 * included: each is linked before this returns. */
static void
on_pad_added (GstElement * webrtcbin, GstPad * pad, GstRealtimeWebrtc * self)
{
  GstPad *sink;
  GstElement *drain;

  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC)
    return;

  sink = gst_element_get_static_pad (self->depay, "sink");
  if (is_audio (pad) && !gst_pad_is_linked (sink) &&
      gst_pad_link (pad, sink) == GST_PAD_LINK_OK) {
    gst_object_unref (sink);
    return;
  }
  gst_object_unref (sink);

  GST_WARNING_OBJECT (self, "no use for %" GST_PTR_FORMAT, pad);
  drain = gst_element_factory_make ("fakesink", NULL);
  g_object_set (drain, "async", FALSE, "sync", FALSE, NULL);
  gst_bin_add (GST_BIN (self), drain);
  gst_element_sync_state_with_parent (drain);
  sink = gst_element_get_static_pad (drain, "sink");
  gst_pad_link (pad, sink);
  gst_object_unref (sink);
}

static GstPadProbeReturn
check_audio_out (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstRealtimeWebrtc *self = user_data;

  if (!g_atomic_int_get (&self->verified))
    return GST_PAD_PROBE_DROP;
  if (g_atomic_int_compare_and_exchange (&self->audio_seen, FALSE, TRUE))
    gst_realtime_transport_post_progress (GST_REALTIME_TRANSPORT (self),
        "first-audio");

  return GST_PAD_PROBE_OK;
}

static void
gst_realtime_webrtc_handle_message (GstBin * bin, GstMessage * message)
{
  if (gst_realtime_webrtc_is_sctp_abort (message)) {
    GST_DEBUG_OBJECT (bin, "the peer aborted the association");
    gst_realtime_transport_post_closed (GST_REALTIME_TRANSPORT (bin));
    gst_message_unref (message);
    return;
  }

  GST_BIN_CLASS (gst_realtime_webrtc_parent_class)->handle_message (bin,
      message);
}

/* --- construction --- */

static GstElement *
add_element (GstRealtimeWebrtc * self, const gchar * factory)
{
  GstElement *element = gst_element_factory_make (factory, NULL);

  gst_bin_add (GST_BIN (self), element);

  return element;
}

static void
add_ghost_pad (GstRealtimeWebrtc * self, const gchar * name, GstPad * target,
    GstStaticPadTemplate * static_template)
{
  GstPadTemplate *template = gst_static_pad_template_get (static_template);

  gst_element_add_pad (GST_ELEMENT (self),
      gst_ghost_pad_new_from_template (name, target, template));
  gst_object_unref (template);
}

/*
 *   sink ─► opusenc ─► rtpopuspay ─► capsfilter ─► webrtcbin
 *
 *   webrtcbin ─► rtpopusdepay ─► opusdec ─► audioconvert ─► errorignore ─► src
 */
static void
build (GstRealtimeWebrtc * self, const GstRealtimeLinkSettings * settings)
{
  GstElement *decoder, *convert, *guard;
  GstPad *pad;

  self->webrtcbin = add_element (self, "webrtcbin");
  self->depay = add_element (self, "rtpopusdepay");
  decoder = add_element (self, "opusdec");
  convert = add_element (self, "audioconvert");
  guard = add_element (self, "errorignore");

  gst_util_set_object_arg (G_OBJECT (self->webrtcbin), "bundle-policy",
      "max-bundle");
  g_object_set (self->webrtcbin, "latency", settings->latency_ms, NULL);
  g_object_set (decoder, "plc", TRUE, NULL);
  gst_util_set_object_arg (G_OBJECT (guard), "convert-to", "ok");
  g_object_set (guard, "ignore-error", TRUE, "ignore-notlinked", TRUE,
      "ignore-notnegotiated", TRUE, "ignore-eos", TRUE, NULL);

  g_signal_connect_object (self->webrtcbin, "deep-element-added",
      G_CALLBACK (on_deep_element_added), self, 0);
  g_signal_connect_object (self->webrtcbin, "pad-added",
      G_CALLBACK (on_pad_added), self, 0);
  g_signal_connect_object (self->webrtcbin, "notify::connection-state",
      G_CALLBACK (on_connection_state), self, 0);
  g_signal_connect_object (self->webrtcbin, "notify::ice-connection-state",
      G_CALLBACK (on_ice_state), self, 0);
  g_signal_connect_object (self->webrtcbin, "notify::ice-gathering-state",
      G_CALLBACK (on_gathering_state), self, 0);

  gst_element_link_many (self->depay, decoder, convert, guard, NULL);

  pad = gst_realtime_webrtc_add_sender (GST_BIN (self), self->webrtcbin,
      settings, PAYLOAD_TYPE);
  add_ghost_pad (self, "sink", pad, &sink_template);
  gst_object_unref (pad);

  self->out_pad = gst_element_get_static_pad (guard, "src");
  gst_pad_add_probe (self->out_pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST,
      check_audio_out, self, NULL);
  add_ghost_pad (self, "src", self->out_pad, &src_template);
}

GstElement *
gst_realtime_webrtc_get_webrtcbin (GstRealtimeWebrtc * self)
{
  return self->webrtcbin;
}

GstRealtimeTransport *
gst_realtime_webrtc_new (const GstRealtimeIceConfig * config, GError ** error)
{
  const gchar *missing = gst_realtime_webrtc_find_missing_factory ();
  GstRealtimeWebrtc *self;

  if (missing) {
    g_set_error_literal (error, GST_REALTIME_TRANSPORT_ERROR,
        GST_REALTIME_TRANSPORT_ERROR_MISSING_PLUGIN, missing);
    return NULL;
  }

  self = g_object_new (GST_TYPE_REALTIME_WEBRTC, NULL);
  gst_realtime_transport_set_context (GST_REALTIME_TRANSPORT (self),
      config->context);
  build (self, config->settings);
  self->ice = gst_realtime_ice_new (self->webrtcbin, config, on_ice_failed,
      self, error);
  if (!self->ice) {
    gst_object_unref (gst_object_ref_sink (self));
    return NULL;
  }
  gst_realtime_webrtc_set_up_transceiver (self->webrtcbin, PAYLOAD_TYPE);

  return GST_REALTIME_TRANSPORT (self);
}

static void
gst_realtime_webrtc_dispose (GObject * object)
{
  GstRealtimeWebrtc *self = GST_REALTIME_WEBRTC (object);

  g_clear_object (&self->channel);
  gst_clear_object (&self->out_pad);

  G_OBJECT_CLASS (gst_realtime_webrtc_parent_class)->dispose (object);
}

static void
gst_realtime_webrtc_finalize (GObject * object)
{
  GstRealtimeWebrtc *self = GST_REALTIME_WEBRTC (object);

  g_clear_pointer (&self->ice, gst_realtime_ice_free);
  gst_realtime_webrtc_stats_free (self->stats);
  g_queue_clear_full (&self->held, g_free);
  if (self->answer)
    gst_sdp_message_free (self->answer);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);

  G_OBJECT_CLASS (gst_realtime_webrtc_parent_class)->finalize (object);
}

static void
gst_realtime_webrtc_class_init (GstRealtimeWebrtcClass * klass)
{
  GObjectClass *gobject_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstRealtimeTransportClass *transport_class =
      GST_REALTIME_TRANSPORT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (realtime_webrtc_debug, "realtimewebrtc", 0,
      "WebRTC links to realtime sessions");

  gobject_class->dispose = gst_realtime_webrtc_dispose;
  gobject_class->finalize = gst_realtime_webrtc_finalize;

  gst_element_class_set_static_metadata (element_class, "Realtime WebRTC link",
      "Filter/Network/Audio", "One WebRTC session with a Realtime server",
      "gst-plugins-realtime maintainers");
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);

  GST_BIN_CLASS (klass)->handle_message = gst_realtime_webrtc_handle_message;
  transport_class->open = gst_realtime_webrtc_open;
  transport_class->take_answer = gst_realtime_webrtc_take_answer;
  transport_class->send = gst_realtime_webrtc_send;
  transport_class->get_lost = gst_realtime_webrtc_get_lost;
  transport_class->get_stats = gst_realtime_webrtc_get_stats;
  transport_class->stop = gst_realtime_webrtc_stop;
  transport_class->say_goodbye = gst_realtime_webrtc_say_goodbye;
  transport_class->settle = gst_realtime_webrtc_settle;
}

static void
gst_realtime_webrtc_init (GstRealtimeWebrtc * self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  g_queue_init (&self->held);
  self->stats = gst_realtime_webrtc_stats_new ();
}
