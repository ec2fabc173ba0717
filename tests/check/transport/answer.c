/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>
#include <gst/webrtc/webrtc.h>

#include "transport/sdp.h"
#include "transport/webrtc.h"

/* An answer of the service, as it was recorded: ICE-lite, active in DTLS, one
 * fingerprint for the session, candidates in its first section only. */
#define RECORDED "fixtures/38-openai-answer-full.sdp"

static gchar *
read_recorded (void)
{
  const gchar *shared = g_getenv ("REALTIME_SHARED_DIR");
  gchar *path, *text = NULL;

  if (!shared)
    return NULL;
  path = g_build_filename (shared, RECORDED, NULL);
  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_printerr ("%s is not there\n", path);
  g_free (path);

  return text;
}

/* What an answer repeats of its offer: that of the recording was another. And
 * no test calls a stranger: its candidates are on this machine. */
static gchar *
mirror (const gchar * recorded)
{
  static const gchar *const pairs[][2] = {
    {"BUNDLE 0 1", "BUNDLE audio0 application1"},
    {"a=mid:0\r\n", "a=mid:audio0\r\n"},
    {"a=mid:1\r\n", "a=mid:application1\r\n"},
    {"SAVPF 96 0 8\r\n", "SAVPF 111\r\n"},
    {"a=rtpmap:96 ", "a=rtpmap:111 "},
    {"a=fmtp:96 ", "a=fmtp:111 "},
    {"a=rtpmap:0 PCMU/8000\r\n", ""},
    {"a=rtpmap:8 PCMA/8000\r\n", ""},
  };
  GString *text = g_string_new (recorded);
  GRegex *candidate;
  gchar *answer;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (pairs); i++)
    fail_unless (g_string_replace (text, pairs[i][0], pairs[i][1], 1) == 1);

  candidate = g_regex_new ("(a=candidate:\\S+ 1 \\S+ \\d+) \\S+ ", 0, 0, NULL);
  answer = g_regex_replace (candidate, text->str, text->len, 0,
      "\\1 127.0.0.1 ", 0, NULL);
  fail_unless (strstr (answer, " 127.0.0.1 3478 typ host") != NULL);
  g_regex_unref (candidate);
  g_string_free (text, TRUE);

  return answer;
}

/* As it is, byte for byte, it passes all that we ask of an answer. */
GST_START_TEST (test_recorded_answer_is_parsed)
{
  static const gchar offer_text[] =
      "v=0\r\no=- 1 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
      "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n"
      "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:1\r\n";
  gchar *recorded = read_recorded ();
  GstSDPMessage *offer = NULL, *answer;
  GError *error = NULL;

  if (!recorded)
    return;
  fail_unless (gst_sdp_message_new_from_text (offer_text, &offer) ==
      GST_SDP_OK);
  answer = gst_realtime_sdp_parse_answer (recorded, offer, &error);
  fail_unless (answer != NULL, "%s", error ? error->message : "");
  fail_unless_equals_int (gst_sdp_message_medias_len (answer), 2);
  fail_unless (gst_sdp_message_get_attribute_val (answer, "ice-lite") != NULL);
  gst_sdp_message_free (answer);
  gst_sdp_message_free (offer);
  g_free (recorded);
}

GST_END_TEST;

typedef struct
{
  GMainLoop *loop;
  GstRealtimeTransport *transport;
  GstElement *webrtcbin;
  const gchar *recorded;
  GError *error;
  gboolean stable;
  gboolean gone;
} Link;

static void
on_offer (GstRealtimeTransport * transport, const gchar * sdp, Link * link)
{
  gchar *answer = mirror (link->recorded);

  gst_realtime_transport_take_answer (transport, answer);
  g_free (answer);
}

static void
on_failed (GstRealtimeTransport * transport, const GError * error, Link * link)
{
  link->error = g_error_copy (error);
  g_main_loop_quit (link->loop);
}

static gboolean
look (gpointer user_data)
{
  Link *link = user_data;
  GstWebRTCSignalingState signalling;
  GstWebRTCICEConnectionState ice;

  g_object_get (link->webrtcbin, "signaling-state", &signalling,
      "ice-connection-state", &ice, NULL);
  /* the answer counts, and its candidates are tried */
  link->stable = signalling == GST_WEBRTC_SIGNALING_STATE_STABLE
      && ice == GST_WEBRTC_ICE_CONNECTION_STATE_CHECKING;
  if (link->stable)
    g_main_loop_quit (link->loop);

  return G_SOURCE_CONTINUE;
}

static void
on_gone (gpointer user_data)
{
  Link *link = user_data;

  g_atomic_int_set (&link->gone, TRUE);
  g_main_context_wakeup (NULL);
}

/* The same in answer to our own offer: webrtcbin takes it, and ICE begins. */
GST_START_TEST (test_recorded_answer_is_taken)
{
  gchar *recorded = read_recorded ();
  GstElement *pipeline, *source, *sink;
  Link link = { NULL, };
  GstRealtimeLinkSettings settings;
  GstRealtimeIceConfig config = { NULL, };
  GError *error = NULL;
  guint timer;

  if (!recorded)
    return;
  link.recorded = recorded;
  link.loop = g_main_loop_new (NULL, FALSE);
  gst_realtime_link_settings_init (&settings);
  config.context = g_main_context_default ();
  config.settings = &settings;
  config.loopback = TRUE;
  link.transport = gst_realtime_webrtc_new (&config, &error);
  fail_unless (link.transport != NULL, "%s", error ? error->message : "");
  gst_object_ref_sink (link.transport);
  link.webrtcbin =
      gst_realtime_webrtc_get_webrtcbin (GST_REALTIME_WEBRTC (link.transport));
  g_signal_connect (link.transport, "offer", G_CALLBACK (on_offer), &link);
  g_signal_connect (link.transport, "failed", G_CALLBACK (on_failed), &link);

  pipeline = gst_pipeline_new (NULL);
  source = gst_element_factory_make ("audiotestsrc", NULL);
  sink = gst_element_factory_make ("fakesink", NULL);
  g_object_set (source, "is-live", TRUE, NULL);
  g_object_set (sink, "async", FALSE, NULL);
  gst_bin_add_many (GST_BIN (pipeline), source, GST_ELEMENT (link.transport),
      sink, NULL);
  fail_unless (gst_element_link_many (source, GST_ELEMENT (link.transport),
          sink, NULL));
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_realtime_transport_open (link.transport);
  timer = g_timeout_add (10, look, &link);
  g_main_loop_run (link.loop);
  g_source_remove (timer);
  fail_unless (link.error == NULL, "%s", link.error ? link.error->message : "");
  fail_unless (link.stable);

  gst_bin_remove (GST_BIN (pipeline), GST_ELEMENT (link.transport));
  gst_realtime_transport_shut_down (link.transport, on_gone, &link);
  while (!g_atomic_int_get (&link.gone))
    g_main_context_iteration (NULL, TRUE);
  gst_object_unref (link.transport);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  g_main_loop_unref (link.loop);
  g_free (recorded);
}

GST_END_TEST;

static Suite *
answer_suite (void)
{
  Suite *s = suite_create ("answer");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_recorded_answer_is_parsed);
  tcase_add_test (tc, test_recorded_answer_is_taken);

  return s;
}

GST_CHECK_MAIN (answer);
