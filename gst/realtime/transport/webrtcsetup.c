/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <gst/webrtc/webrtc.h>

#include "webrtc.h"
#include "webrtcsetup.h"

static const gchar *const factories[] = {
  "webrtcbin", "nicesrc", "nicesink", "dtlssrtpenc", "dtlssrtpdec", "dtlsdec",
  "srtpenc", "srtpdec", "rtpbin", "rtpjitterbuffer", "rtpfunnel", "sctpenc",
  "sctpdec", "clocksync", "opusenc", "opusdec", "rtpopuspay", "rtpopusdepay",
  "audioconvert", "audioresample", "errorignore", "capsfilter", "fakesink",
  NULL
};

/* Loaded by webrtcbin on the way to the first audio. */
static const gchar *const warm_factories[] = {
  "dtlsdec", "dtlssrtpenc", "dtlssrtpdec", "srtpenc", "srtpdec", "nicesrc",
  "nicesink", "rtpbin", "rtpjitterbuffer", "rtpfunnel", "clocksync", "sctpenc",
  "sctpdec", "rtprtxreceive", "rtpreddec", "rtpulpfecdec", "appsrc", "appsink",
  NULL
};

/* What the FEC is made for, in percent of the packets. */
#define EXPECTED_LOSS 5
/* Long enough for a key on a busy machine. */
#define EXIT_TIMEOUT_US (10 * G_USEC_PER_SEC)
/* OPENSSL_INIT_LOAD_CRYPTO_STRINGS, which gstdtls asks for too: without any
 * option OpenSSL sets nothing up */
#define LOAD_CRYPTO_STRINGS G_GUINT64_CONSTANT (2)

static GMutex warm_lock;
static GCond warm_cond;
static gboolean warming;        /* with warm_lock */
static GSList *warm_waiters;    /* with warm_lock: sources */

const gchar *
gst_realtime_webrtc_find_missing_factory (void)
{
  guint i;

  for (i = 0; factories[i]; i++) {
    GstElementFactory *factory = gst_element_factory_find (factories[i]);

    if (!factory)
      return factories[i];
    gst_object_unref (factory);
  }

  return NULL;
}

static void
wait_for_warm_up (void)
{
  gint64 deadline = g_get_monotonic_time () + EXIT_TIMEOUT_US;

  g_mutex_lock (&warm_lock);
  while (warming && g_cond_wait_until (&warm_cond, &warm_lock, deadline));
  g_mutex_unlock (&warm_lock);
}

/* A process that ends while the key is being made would take OpenSSL away from
 * under it and crash. What is registered last is called first: OpenSSL has to
 * register its own cleaning up before us, so that we are waited for before.
 * Returns: FALSE when the process is already on its way out. */
static gboolean
hold_exit (void)
{
  GstPlugin *plugin = gst_plugin_load_by_name ("dtls");
  gint (*init) (guint64 options, gconstpointer settings) = NULL;
  gboolean good = TRUE;
  gpointer module;

  if (!plugin)
    return FALSE;
  module = gst_plugin_get_filename (plugin) ?
      dlopen (gst_plugin_get_filename (plugin), RTLD_LAZY | RTLD_NOLOAD) : NULL;
  if (module) {
    *(gpointer *) (&init) = dlsym (module, "OPENSSL_init_crypto");
    if (init)
      good = init (LOAD_CRYPTO_STRINGS, NULL) == 1;
    dlclose (module);
  }
  gst_object_unref (plugin);

  return good && atexit (wait_for_warm_up) == 0;
}

static void
warm_up (void)
{
  guint i;

  if (!hold_exit ())
    return;
  for (i = 0; warm_factories[i]; i++) {
    GstElement *element = gst_element_factory_make (warm_factories[i], NULL);

    /* the process may have finished with GStreamer in the meantime */
    if (!gst_is_initialized ())
      return;
    if (element)
      gst_object_unref (gst_object_ref_sink (element));
  }
}

static gpointer
warm_up_thread (gpointer unused)
{
  warm_up ();

  g_mutex_lock (&warm_lock);
  warming = FALSE;
  while (warm_waiters) {
    GSource *source = warm_waiters->data;

    warm_waiters = g_slist_delete_link (warm_waiters, warm_waiters);
    g_source_set_ready_time (source, 0);
    g_source_unref (source);
  }
  g_cond_broadcast (&warm_cond);
  g_mutex_unlock (&warm_lock);

  return NULL;
}

void
gst_realtime_webrtc_warm_up (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once)) {
    warming = TRUE;
    g_thread_unref (g_thread_new ("realtime-warm", warm_up_thread, NULL));
    g_once_init_leave (&once, 1);
  }
}

static gboolean
dispatch_warm (GSource * source, GSourceFunc callback, gpointer user_data)
{
  g_source_set_ready_time (source, -1);

  return callback (user_data);
}

GSource *
gst_realtime_webrtc_when_warm (void)
{
  static GSourceFuncs functions = {.dispatch = dispatch_warm };
  GSource *source = g_source_new (&functions, sizeof (GSource));

  gst_realtime_webrtc_warm_up ();
  g_mutex_lock (&warm_lock);
  if (warming)
    warm_waiters = g_slist_prepend (warm_waiters, g_source_ref (source));
  else
    g_source_set_ready_time (source, 0);
  g_mutex_unlock (&warm_lock);

  return source;
}

static GstElement *
add_element (GstBin * bin, const gchar * factory)
{
  GstElement *element = gst_element_factory_make (factory, NULL);

  gst_bin_add (bin, element);

  return element;
}

GstPad *
gst_realtime_webrtc_add_sender (GstBin * bin, GstElement * webrtcbin,
    const GstRealtimeLinkSettings * settings, gint payload_type)
{
  GstElement *encoder = add_element (bin, "opusenc");
  GstElement *pay = add_element (bin, "rtpopuspay");
  GstElement *filter = add_element (bin, "capsfilter");
  guint32 ssrc = g_random_int ();
  GstCaps *caps;

  /* not "voice": that filters what it takes for no part of a voice, and a
   * recogniser, or a programme with music in it, wants what was there */
  gst_util_set_object_arg (G_OBJECT (encoder), "audio-type", "generic");
  g_object_set (encoder, "bitrate", (gint) settings->bitrate,
      "inband-fec", settings->inband_fec, "dtx", settings->dtx, NULL);
  /* without an expectation of loss there is no FEC */
  if (settings->inband_fec)
    g_object_set (encoder, "packet-loss-percentage", EXPECTED_LOSS, NULL);
  g_object_set (pay, "pt", payload_type, "ssrc", ssrc, "dtx", settings->dtx,
      NULL);
  /* the ssrc in the caps is what puts a=ssrc into the offer */
  caps = gst_caps_new_simple ("application/x-rtp",
      "media", G_TYPE_STRING, "audio",
      "encoding-name", G_TYPE_STRING, "OPUS",
      "payload", G_TYPE_INT, payload_type,
      "minptime", G_TYPE_STRING, "10",
      "useinbandfec", G_TYPE_STRING, "1", "ssrc", G_TYPE_UINT, ssrc, NULL);
  g_object_set (filter, "caps", caps, NULL);
  gst_caps_unref (caps);
  gst_element_link_many (encoder, pay, filter, NULL);
  gst_element_link_pads (filter, "src", webrtcbin, "sink_0");

  return gst_element_get_static_pad (encoder, "sink");
}

void
gst_realtime_webrtc_set_up_transceiver (GstElement * webrtcbin,
    gint payload_type)
{
  GstWebRTCRTPTransceiver *transceiver = NULL;
  GstCaps *caps;

  g_signal_emit_by_name (webrtcbin, "get-transceiver", 0, &transceiver);
  caps = gst_caps_new_simple ("application/x-rtp",
      "media", G_TYPE_STRING, "audio",
      "encoding-name", G_TYPE_STRING, "OPUS",
      "clock-rate", G_TYPE_INT, 48000,
      "encoding-params", G_TYPE_STRING, "2",
      "payload", G_TYPE_INT, payload_type,
      "minptime", G_TYPE_STRING, "10",
      "useinbandfec", G_TYPE_STRING, "1",
      "rtcp-fb-transport-cc", G_TYPE_BOOLEAN, TRUE, NULL);
  g_object_set (transceiver, "codec-preferences", caps, NULL);
  gst_caps_unref (caps);
  g_object_unref (transceiver);
}

GstWebRTCDTLSTransport *
gst_realtime_webrtc_get_dtls (GstElement * webrtcbin)
{
  GstWebRTCRTPTransceiver *transceiver = NULL;
  GstWebRTCRTPReceiver *receiver = NULL;
  GstWebRTCDTLSTransport *dtls = NULL;

  g_signal_emit_by_name (webrtcbin, "get-transceiver", 0, &transceiver);
  if (!transceiver)
    return NULL;
  g_object_get (transceiver, "receiver", &receiver, NULL);
  if (receiver) {
    g_object_get (receiver, "transport", &dtls, NULL);
    g_object_unref (receiver);
  }
  g_object_unref (transceiver);

  return dtls;
}

gboolean
gst_realtime_webrtc_is_sctp_abort (GstMessage * message)
{
  GstObject *source = GST_MESSAGE_SRC (message);
  GstElementFactory *factory;
  gchar *debug = NULL;
  gboolean abort;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR
      || !GST_IS_ELEMENT (source))
    return FALSE;
  factory = gst_element_get_factory (GST_ELEMENT (source));
  if (!factory || g_strcmp0 (GST_OBJECT_NAME (factory), "sctpenc") != 0)
    return FALSE;
  /* a peer that is gone is noticed long before SCTP gives up */
  gst_message_parse_error (message, NULL, &debug);
  abort = debug && strstr (debug, "association went into error state");
  g_free (debug);

  return abort;
}
