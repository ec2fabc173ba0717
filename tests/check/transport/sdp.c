/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "transport/sdp.h"
#include "transport/transport.h"

static const gchar offer_text[] =
    "v=0\r\no=- 1 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
    "a=group:BUNDLE audio0 application1\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n"
    "a=mid:audio0\r\na=rtpmap:111 OPUS/48000/2\r\n"
    "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"
    "c=IN IP4 0.0.0.0\r\na=mid:application1\r\na=bundle-only\r\n"
    "a=sctp-port:5000\r\n";

/* "%s": session attributes, audio attributes, data port, data attributes */
static const gchar answer_format[] =
    "v=0\r\no=- 7 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
    "a=msid-semantic:WMS*\r\n%sa=ice-lite\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n"
    "a=mid:audio0\r\na=ice-ufrag:QmTz/u7/4pLx\r\n%s"
    "m=application %u UDP/DTLS/SCTP webrtc-datachannel\r\n"
    "c=IN IP4 0.0.0.0\r\na=mid:application1\r\n%s";

static const guint8 der[] = { 0x30, 0x03, 0x02, 0x01, 0x2a };

static GstSDPMessage *
parse (const gchar * text)
{
  GstSDPMessage *sdp = NULL;

  fail_unless (gst_sdp_message_new_from_text (text, &sdp) == GST_SDP_OK);

  return sdp;
}

static gchar *
make_pem (void)
{
  gchar *base64 = g_base64_encode (der, sizeof (der));
  gchar *pem = g_strdup_printf ("-----BEGIN CERTIFICATE-----\n%s\n"
      "-----END CERTIFICATE-----\n", base64);

  g_free (base64);

  return pem;
}

static gchar *
make_fingerprint (gboolean lower_case, gboolean wrong)
{
  gchar *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der,
      sizeof (der));
  GString *line = g_string_new ("a=fingerprint:sha-256 ");
  guint i;

  if (wrong)
    sum[0] = sum[0] == 'a' ? 'b' : 'a';
  for (i = 0; sum[i]; i += 2)
    g_string_append_printf (line, "%s%c%c", i ? ":" : "",
        lower_case ? sum[i] : g_ascii_toupper (sum[i]),
        lower_case ? sum[i + 1] : g_ascii_toupper (sum[i + 1]));
  g_string_append (line, "\r\n");
  g_free (sum);

  return g_string_free (line, FALSE);
}

GST_START_TEST (test_offer)
{
  GstSDPMessage *offer = parse (offer_text);
  GstSDPMessage *posted;
  const GstSDPMedia *data;
  gchar *text;

  gst_realtime_sdp_complete_offer (offer);
  text = gst_realtime_sdp_offer_to_text (offer);
  posted = parse (text);
  data = gst_sdp_message_get_media (posted, 1);

  fail_unless_equals_int (gst_sdp_media_get_port (data), 9);
  fail_unless (gst_sdp_media_get_attribute_val (data, "bundle-only") == NULL);
  fail_unless_equals_string (gst_sdp_media_get_attribute_val (data,
          "max-message-size"), "16777216");
  fail_unless (g_str_has_suffix (text, "\r\n"));
  /* the local description stays as webrtcbin made it */
  fail_unless_equals_int (gst_sdp_media_get_port (gst_sdp_message_get_media
          (offer, 1)), 0);

  g_free (text);
  gst_sdp_message_free (posted);
  gst_sdp_message_free (offer);
}

GST_END_TEST;

/* Where fingerprints may stand, and what webrtcbin 1.22 can take of it. */
GST_START_TEST (test_fingerprints)
{
  static const struct
  {
    gboolean session, audio, data, lower, wrong, good;
  } cases[] = {
    /* *INDENT-OFF* */
    { TRUE, FALSE, FALSE, FALSE, FALSE, TRUE },
    { FALSE, TRUE, TRUE, FALSE, FALSE, TRUE },
    { TRUE, TRUE, TRUE, FALSE, FALSE, TRUE },
    { TRUE, TRUE, FALSE, FALSE, FALSE, TRUE },
    { TRUE, FALSE, FALSE, TRUE, FALSE, TRUE },
    { TRUE, FALSE, FALSE, FALSE, TRUE, FALSE },
    { FALSE, TRUE, TRUE, FALSE, TRUE, FALSE },
    /* *INDENT-ON* */
  };
  GstSDPMessage *offer = parse (offer_text);
  gchar *pem = make_pem ();
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    gchar *line = make_fingerprint (cases[i].lower, cases[i].wrong);
    gchar *text = g_strdup_printf (answer_format,
        cases[i].session ? line : "", cases[i].audio ? line : "", 9,
        cases[i].data ? line : "");
    GError *error = NULL;
    GstSDPMessage *answer = gst_realtime_sdp_parse_answer (text, offer, &error);
    gboolean media_level;

    fail_unless (answer != NULL, "case %u: %s", i, error ? error->message : "");
    media_level = gst_sdp_media_get_attribute_val (gst_sdp_message_get_media
        (answer, 0), "fingerprint") != NULL;
    fail_unless (media_level != (gst_sdp_message_get_attribute_val (answer,
                "fingerprint") != NULL), "case %u: on both levels", i);
    fail_unless_equals_int (gst_realtime_sdp_check_certificate (answer, pem,
            &error), cases[i].good);
    fail_unless (cases[i].good || g_error_matches (error,
            GST_REALTIME_TRANSPORT_ERROR, GST_REALTIME_TRANSPORT_ERROR_PEER));
    g_clear_error (&error);
    fail_if (gst_realtime_sdp_check_certificate (answer, NULL, NULL));
    fail_if (gst_realtime_sdp_check_certificate (answer, "no certificate",
            NULL));

    gst_sdp_message_free (answer);
    g_free (text);
    g_free (line);
  }
  g_free (pem);
  gst_sdp_message_free (offer);
}

GST_END_TEST;

GST_START_TEST (test_bad_answers)
{
  GstSDPMessage *offer = parse (offer_text);
  gchar *line = make_fingerprint (FALSE, FALSE);
  gchar *bad[6];
  guint i;

  bad[0] = g_strdup ("");
  bad[1] = g_strdup ("<html>sorry</html>");
  bad[2] = g_strdup ("v=0\r\n");
  bad[3] = g_strdup_printf (answer_format, "", "", 9, "");
  bad[4] = g_strdup_printf (answer_format, line, "", 0, "");
  bad[5] = g_strdup ("v=0\xff\r\n");
  for (i = 0; i < G_N_ELEMENTS (bad); i++) {
    GError *error = NULL;

    fail_unless (gst_realtime_sdp_parse_answer (bad[i], offer, &error) == NULL,
        "case %u passed", i);
    fail_unless (g_error_matches (error, GST_REALTIME_TRANSPORT_ERROR,
            GST_REALTIME_TRANSPORT_ERROR_FORMAT));
    GST_INFO ("case %u: %s", i, error->message);
    g_clear_error (&error);
    g_free (bad[i]);
  }
  g_free (line);
  gst_sdp_message_free (offer);
}

GST_END_TEST;

GST_START_TEST (test_real_answer)
{
  const gchar *shared = g_getenv ("REALTIME_SHARED_DIR");
  GstSDPMessage *offer, *answer;
  GError *error = NULL;
  gchar *path, *text;

  if (!shared)
    return;
  path = g_build_filename (shared, "fixtures", "38-openai-answer-full.sdp",
      NULL);
  fail_unless (g_file_get_contents (path, &text, NULL, NULL));
  offer = parse (offer_text);
  answer = gst_realtime_sdp_parse_answer (text, offer, &error);
  fail_unless (answer != NULL, "%s", error ? error->message : "");

  gst_sdp_message_free (answer);
  gst_sdp_message_free (offer);
  g_free (text);
  g_free (path);
}

GST_END_TEST;

static Suite *
sdp_suite (void)
{
  Suite *s = suite_create ("sdp");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_offer);
  tcase_add_test (tc, test_fingerprints);
  tcase_add_test (tc, test_bad_answers);
  tcase_add_test (tc, test_real_answer);

  return s;
}

GST_CHECK_MAIN (sdp);
