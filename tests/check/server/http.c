/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "peer.h"

#include <gst/check/gstcheck.h>
#include <libsoup/soup.h>
#include <string.h>

static Served *served;

#define MINT "/realtime/client_secrets"
#define CALLS "/realtime/calls"
#define KEY (served->api_key)
#define REALTIME "{\"type\":\"realtime\"}"

/* An offer with all that the server asks for, from nobody. */
static const gchar offer[] =
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
    "a=group:BUNDLE 0 1\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n"
    "a=rtcp-mux\r\na=mid:0\r\na=sendrecv\r\na=setup:actpass\r\n"
    "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n"
    "a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n"
    "a=rtpmap:111 opus/48000/2\r\n"
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
    "c=IN IP4 0.0.0.0\r\na=mid:1\r\na=setup:actpass\r\n"
    "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n"
    "a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n"
    "a=sctp-port:5000\r\n";

static JsonObject *
read_object (const gchar * text)
{
  JsonNode *node = json_from_string (text, NULL);
  JsonObject *object;

  fail_unless (node != NULL && JSON_NODE_HOLDS_OBJECT (node),
      "not a JSON object: %s", text);
  object = json_node_dup_object (node);
  json_node_unref (node);
  return object;
}

/* Holds a reply against the service's error shape. */
static void
check_error (const gchar * reply, const gchar * code, const gchar * param)
{
  JsonObject *body = read_object (reply);
  JsonObject *error = json_object_get_object_member (body, "error");

  fail_unless (error != NULL, "no error in %s", reply);
  fail_unless (json_object_has_member (error, "type"));
  fail_unless (*json_object_get_string_member (error, "message") != '\0');
  fail_unless_equals_string (json_object_get_null_member (error, "code") ?
      NULL : json_object_get_string_member (error, "code"), code);
  fail_unless_equals_string (json_object_get_null_member (error, "param") ?
      NULL : json_object_get_string_member (error, "param"), param);
  json_object_unref (body);
}

static void
expect (const gchar * method, const gchar * path, const gchar * credential,
    const gchar * type, const gchar * body, guint status, const gchar * code,
    const gchar * param)
{
  gchar *reply = NULL;
  guint got = served_request (served, method, path, credential, type, body,
      &reply, NULL);

  fail_unless (got == status, "%s %s with %s: %u in place of %u: %s", method,
      path, body != NULL ? body : "nothing", got, status, reply);
  check_error (reply, code, param);
  g_free (reply);
}

#define JSON "application/json"
#define SDP "application/sdp"

GST_START_TEST (test_mint)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gchar *reply = NULL;
  JsonObject *body, *session;

  fail_unless_equals_int (served_request (served, "POST", MINT, KEY, JSON,
          "{\"expires_after\":{\"anchor\":\"created_at\",\"seconds\":20},"
          "\"session\":{\"type\":\"realtime\",\"model\":\"gpt-realtime-2.1\","
          "\"audio\":{\"output\":{\"voice\":\"cedar\"}}}}", &reply, NULL), 200);
  body = read_object (reply);
  fail_unless (g_str_has_prefix (json_object_get_string_member (body, "value"),
          "ek_"));
  fail_unless (ABS (json_object_get_int_member (body, "expires_at") - now -
          20) <= 2);
  session = json_object_get_object_member (body, "session");
  fail_unless_equals_string (json_object_get_string_member (session, "type"),
      "realtime");
  fail_unless_equals_string (json_object_get_string_member (session, "object"),
      "realtime.session");
  fail_unless_equals_string (json_object_get_string_member (session, "model"),
      "local-offline");
  fail_unless_equals_int (json_object_get_int_member (session, "expires_at"),
      0);
  session = json_object_get_object_member (session, "audio");
  session = json_object_get_object_member (session, "output");
  fail_unless_equals_string (json_object_get_string_member (session, "voice"),
      "cedar");
  json_object_unref (body);
  g_free (reply);

  /* no session at all is a conversation; ten minutes */
  fail_unless_equals_int (served_request (served, "POST", MINT, KEY, NULL,
          NULL, &reply, NULL), 200);
  body = read_object (reply);
  fail_unless (ABS (json_object_get_int_member (body, "expires_at") - now -
          600) <= 2);
  json_object_unref (body);
  g_free (reply);

  fail_unless_equals_int (served_request (served, "POST", MINT, KEY, JSON,
          "{\"session\":{\"type\":\"transcription\"}}", &reply, NULL), 200);
  body = read_object (reply);
  session = json_object_get_object_member (body, "session");
  fail_unless_equals_string (json_object_get_string_member (session, "object"),
      "realtime.transcription_session");
  fail_unless (!json_object_has_member (session, "model"));
  json_object_unref (body);
  g_free (reply);
}

GST_END_TEST;

#define S(members) "{\"session\":{\"type\":\"realtime\"," members "}}"
#define T(members) "{\"session\":{\"type\":\"transcription\"," members "}}"

static const struct
{
  const gchar *body, *code, *param;
} refused[] = {
  {"{", NULL, NULL},
  {"[1]", NULL, NULL},
  {"{\"model\":\"m\"}", "unknown_parameter", "model"},
  {"{\"type\":\"realtime\"}", "unknown_parameter", "type"},
  {"{\"session\":7}", "invalid_type", "session"},
  {"{\"session\":{}}", "missing_required_parameter", "session.type"},
  {"{\"session\":{\"type\":\"translation\"}}", "invalid_value", "session.type"},
  {"{\"session\":{\"type\":1}}", "invalid_type", "session.type"},
  {"{\"expires_after\":{\"seconds\":9}}", "invalid_value",
      "expires_after.seconds"},
  {"{\"expires_after\":{\"seconds\":7201}}", "invalid_value",
      "expires_after.seconds"},
  {"{\"expires_after\":{\"seconds\":\"60\"}}", "invalid_type",
      "expires_after.seconds"},
  {"{\"expires_after\":{\"anchor\":\"now\"}}", "invalid_value",
      "expires_after.anchor"},
  {S ("\"modalities\":[\"text\"]"), "unknown_parameter", "session.modalities"},
  {S ("\"temperature\":0.8"), "unknown_parameter", "session.temperature"},
  {S ("\"instructions\":5"), "invalid_type", "session.instructions"},
  {S ("\"output_modalities\":[\"text\",\"audio\"]"), "invalid_value",
      "session.output_modalities"},
  {S ("\"output_modalities\":[\"smell\"]"), "invalid_value",
      "session.output_modalities[0]"},
  {S ("\"max_output_tokens\":0"), "invalid_value",
      "session.max_output_tokens"},
  {S ("\"max_output_tokens\":\"all\""), "invalid_value",
      "session.max_output_tokens"},
  {S ("\"audio\":{\"output\":{\"voice\":\"bob\"}}"), "invalid_value",
      "session.audio.output.voice"},
  {S ("\"audio\":{\"output\":{\"speed\":3}}"), "invalid_value",
      "session.audio.output.speed"},
  {S ("\"audio\":{\"input\":{\"format\":{\"type\":\"audio/pcm\",\"rate\":8000}"
            "}}"), "invalid_value", "session.audio.input.format.rate"},
  {S ("\"audio\":{\"input\":{\"turn_detection\":{\"threshold\":0.5}}}"),
        "missing_required_parameter",
      "session.audio.input.turn_detection.type"},
  {S ("\"audio\":{\"input\":{\"turn_detection\":{\"type\":\"server_vad\","
            "\"threshold\":1.5}}}"), "invalid_value",
      "session.audio.input.turn_detection.threshold"},
  {S ("\"audio\":{\"input\":{\"turn_detection\":{\"type\":\"server_vad\","
            "\"eagerness\":\"low\"}}}"), "unknown_parameter",
      "session.audio.input.turn_detection.eagerness"},
  {S ("\"audio\":{\"input\":{\"turn_detection\":{\"type\":\"server_vad\","
            "\"idle_timeout_ms\":1000}}}"), "invalid_value",
      "session.audio.input.turn_detection.idle_timeout_ms"},
  {S ("\"audio\":{\"input\":{\"noise_reduction\":{\"type\":\"loud\"}}}"),
      "invalid_value", "session.audio.input.noise_reduction.type"},
  {S ("\"audio\":{\"input\":{\"transcription\":{\"model\":\"whisper-1\","
            "\"delay\":\"low\"}}}"), "unsupported_parameter",
      "session.audio.input.transcription.delay"},
  {S ("\"tools\":[{\"type\":\"function\"}]"), "missing_required_parameter",
      "session.tools[0].name"},
  {S ("\"tools\":[{\"type\":\"function\",\"function\":{}}]"),
      "unknown_parameter", "session.tools[0].function"},
  {S ("\"tool_choice\":\"maybe\""), "invalid_value", "session.tool_choice"},
  {T ("\"model\":\"gpt-transcribe\""), "unknown_parameter", "session.model"},
  {T ("\"audio\":{\"output\":{}}"), "unknown_parameter",
      "session.audio.output"},
  {T ("\"audio\":{\"input\":{\"transcription\":{\"model\":"
            "\"gpt-realtime-whisper\"},\"turn_detection\":{\"type\":"
            "\"server_vad\"}}}"), "invalid_value",
      "session.audio.input.turn_detection"}
};

GST_START_TEST (test_mint_refused)
{
  guint i;

  expect ("POST", MINT, NULL, JSON, "{}", 401, NULL, NULL);
  expect ("POST", MINT, "sk-wrong", JSON, "{}", 401, "invalid_api_key", NULL);
  for (i = 0; i < G_N_ELEMENTS (refused); i++)
    expect ("POST", MINT, KEY, JSON, refused[i].body, 400, refused[i].code,
        refused[i].param);
}

GST_END_TEST;

GST_START_TEST (test_deep_json)
{
  GString *deep = g_string_new ("{\"session\":");
  guint i;

  for (i = 0; i < 100000; i++)
    g_string_append (deep, "[");
  expect ("POST", MINT, KEY, JSON, deep->str, 400, NULL, NULL);
  g_string_free (deep, TRUE);
}

GST_END_TEST;

GST_START_TEST (test_routes)
{
  gchar *reply = NULL;

  expect ("POST", "/realtime/translations", KEY, JSON, "{}", 404, NULL, NULL);
  expect ("POST", "/live/client_secrets", KEY, JSON, "{}", 404, NULL, NULL);
  expect ("GET", MINT, KEY, NULL, NULL, 405, "method_not_supported", NULL);
  expect ("GET", CALLS, KEY, NULL, NULL, 405, "method_not_supported", NULL);
  expect ("POST", CALLS "/rtc_unknown/hangup", KEY, NULL, NULL, 404,
      "call_id_not_found", NULL);
  expect ("POST", CALLS "/rtc_unknown/hangup", "sk-wrong", NULL, NULL, 401,
      "invalid_api_key", NULL);
  expect ("POST", CALLS "/rtc_unknown", KEY, NULL, NULL, 404, NULL, NULL);
  fail_unless_equals_int (served_request (served, "OPTIONS", CALLS, NULL, NULL,
          NULL, &reply, NULL), 204);
  g_free (reply);
}

GST_END_TEST;

#define TRANSLATIONS "/realtime/translations"

GST_START_TEST (test_translations_minted)
{
  static const struct
  {
    const gchar *body, *code, *param;
  } rows[] = {
    {"{}", "missing_required_parameter", "session"},
    {"{\"session\":{}}", "missing_required_parameter", "session.model"},
    {"{\"session\":{\"type\":\"translation\",\"model\":\"m\"}}",
        "unknown_parameter", "session.type"},
    {"{\"session\":{\"model\":\"m\",\"tools\":[]}}", "unknown_parameter",
        "session.tools"},
    {"{\"session\":{\"model\":\"m\",\"audio\":{\"input\":"
          "{\"turn_detection\":null}}}}", "unknown_parameter",
        "session.audio.input.turn_detection"},
    {"{\"session\":{\"model\":\"m\",\"audio\":{\"output\":"
          "{\"language\":\"tlh\"}}}}", "invalid_value",
        "session.audio.output.language"},
  };
  gchar *reply = NULL;
  JsonObject *body, *session;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    expect ("POST", TRANSLATIONS "/client_secrets", KEY, JSON, rows[i].body,
        400, rows[i].code, rows[i].param);
  expect ("POST", TRANSLATIONS "/client_secrets", "sk-wrong", JSON, "{}", 401,
      "invalid_api_key", NULL);
  fail_unless_equals_int (served_request (served, "POST", TRANSLATIONS
          "/client_secrets", KEY, JSON, "{\"session\":{\"model\":\"m\","
          "\"audio\":{\"output\":{\"language\":\"fr\"}}}}", &reply, NULL), 200);
  body = read_object (reply);
  session = json_object_get_object_member (body, "session");
  fail_unless_equals_string (json_object_get_string_member (session, "type"),
      "translation");
  fail_if (json_object_has_member (session, "object"));
  json_object_unref (body);
  g_free (reply);
}

GST_END_TEST;

GST_START_TEST (test_translations_called)
{
  gchar *secret = served_mint (served, REALTIME), *reply = NULL, *own;
  JsonObject *body;

  fail_unless_equals_int (served_request (served, "POST", TRANSLATIONS
          "/client_secrets", KEY, JSON, "{\"session\":{\"model\":\"m\"}}",
          &reply, NULL), 200);
  body = read_object (reply);
  own = g_strdup (json_object_get_string_member (body, "value"));
  json_object_unref (body);
  g_free (reply);

  expect ("POST", TRANSLATIONS "/calls", KEY, SDP, offer, 401,
      "invalid_api_key", NULL);
  expect ("POST", TRANSLATIONS "/calls", secret, SDP, offer, 400,
      "invalid_value", NULL);
  expect ("POST", CALLS, own, SDP, offer, 400, "invalid_value", NULL);
  expect ("POST", TRANSLATIONS "/calls?model=m", own, SDP, offer, 400,
      "invalid_value", NULL);
  expect ("POST", TRANSLATIONS "/calls", own, JSON, offer, 400,
      "unsupported_content_type", NULL);
  expect ("POST", TRANSLATIONS "/calls", own, SDP, "v=0", 400, "invalid_offer",
      NULL);
  fail_unless_equals_int (served_request (served, "POST", TRANSLATIONS
          "/calls", own, SDP, offer, NULL, NULL), 201);
  g_free (secret);
  g_free (own);
}

GST_END_TEST;

GST_START_TEST (test_calls_refused)
{
  gchar *secret = served_mint (served, REALTIME);
  gchar *cut = g_strndup (offer, strlen (offer) - 2);
  gchar *no_mid = g_strdup (offer);
  gchar *no_opus = g_strdup (offer);
  gchar *two_agents = g_strdup (offer);

  memcpy (strstr (no_mid, "a=mid:1"), "a=xyz:1", 7);
  memcpy (strstr (no_opus, "opus/48000"), "PCMU/48000", 10);
  /* one bundle cannot have two ICE agents; webrtcbin finds this out late */
  memcpy (g_strrstr (two_agents, "a=ice-ufrag:abcd"), "a=ice-ufrag:wxyz", 16);
  expect ("POST", CALLS, secret, SDP, two_agents, 400, "invalid_offer", NULL);
  expect ("POST", CALLS, NULL, SDP, offer, 401, NULL, NULL);
  expect ("POST", CALLS, "ek_unknown", SDP, offer, 401, "invalid_api_key",
      NULL);
  expect ("POST", CALLS, "sk-wrong", SDP, offer, 401, "invalid_api_key", NULL);
  expect ("POST", CALLS, secret, "application/json", offer, 400,
      "unsupported_content_type", NULL);
  expect ("POST", CALLS, secret, SDP, "hello", 400, "invalid_offer", NULL);
  expect ("POST", CALLS, secret, SDP, "", 400, "invalid_offer", NULL);
  expect ("POST", CALLS, secret, SDP, "v=0\r\n", 400, "invalid_offer", NULL);
  expect ("POST", CALLS, secret, SDP, cut, 400, "invalid_offer", NULL);
  expect ("POST", CALLS, secret, SDP, no_mid, 400, "invalid_offer", NULL);
  expect ("POST", CALLS, secret, SDP, no_opus, 400, "invalid_offer", NULL);
  g_free (cut);
  g_free (no_mid);
  g_free (no_opus);
  g_free (two_agents);
  g_free (secret);
}

GST_END_TEST;

#define MULTIPART "multipart/form-data; boundary=xyz"

static gchar *
multipart (const gchar * sdp, const gchar * session)
{
  GString *body = g_string_new (NULL);

  if (sdp != NULL)
    g_string_append_printf (body, "--xyz\r\nContent-Disposition: form-data; "
        "name=\"sdp\"\r\nContent-Type: application/sdp\r\n\r\n%s\r\n", sdp);
  if (session != NULL)
    g_string_append_printf (body, "--xyz\r\nContent-Disposition: form-data; "
        "name=\"session\"\r\nContent-Type: application/json\r\n\r\n%s\r\n",
        session);
  g_string_append (body, "--xyz--\r\n");
  return g_string_free (body, FALSE);
}

static void
expect_multipart (const gchar * sdp, const gchar * session,
    const gchar * credential, guint status, const gchar * code,
    const gchar * param)
{
  gchar *body = multipart (sdp, session);

  expect ("POST", CALLS, credential, MULTIPART, body, status, code, param);
  g_free (body);
}

GST_START_TEST (test_multipart)
{
  gchar *secret = served_mint (served, REALTIME);
  gchar *body, *reply = NULL, *location = NULL, *path;

  expect_multipart (offer, REALTIME, secret, 401, "invalid_api_key", NULL);
  expect_multipart (NULL, REALTIME, KEY, 400, "missing_required_parameter",
      "sdp");
  expect_multipart (offer, "{", KEY, 400, NULL, NULL);
  expect_multipart (offer, "{}", KEY, 400, "missing_required_parameter",
      "session.type");
  expect_multipart (offer, "{\"type\":\"transcription\"}", KEY, 400,
      "invalid_value", "session.type");
  expect_multipart (offer, "{\"type\":\"realtime\",\"voice\":\"alloy\"}", KEY,
      400, "unknown_parameter", "session.voice");
  expect_multipart ("v=0", REALTIME, KEY, 400, "invalid_offer", NULL);

  body =
      multipart (offer, "{\"type\":\"realtime\",\"model\":\"gpt-realtime\"}");
  fail_unless_equals_int (served_request (served, "POST", CALLS, KEY, MULTIPART,
          body, &reply, &location), 201);
  fail_unless (g_str_has_prefix (reply, "v=0\r\n"));
  fail_unless (g_str_has_suffix (reply, "\r\n"));
  fail_unless (strstr (reply, "a=setup:active") != NULL);
  fail_unless (strstr (reply, "a=rtpmap:111 opus/48000/2") != NULL ||
      strstr (reply, "a=rtpmap:111 OPUS/48000/2") != NULL, "%s", reply);
  fail_unless (strstr (reply, "a=ssrc:") != NULL, "%s", reply);
  fail_unless (strstr (reply, "a=msid:realtimeapi audio\r\n") != NULL, "%s",
      reply);
  fail_unless (strstr (reply, "a=fmtp:111 ") != NULL, "%s", reply);
  fail_unless (strstr (reply, "a=candidate:") != NULL, "%s", reply);
  fail_unless (strstr (reply, "127.0.0.1") != NULL, "%s", reply);
  fail_unless (strstr (reply, "a=max-message-size:1073741823") != NULL);
  fail_unless (g_str_has_prefix (location, "/v1/realtime/calls/rtc_"));
  path = g_strconcat (location + strlen ("/v1"), "/hangup", NULL);
  fail_unless_equals_int (served_request (served, "POST", path, KEY, NULL,
          NULL, NULL, NULL), 200);
  expect ("POST", path, KEY, NULL, NULL, 404, "call_id_not_found", NULL);
  g_free (path);
  g_free (location);
  g_free (reply);
  g_free (body);
  g_free (secret);
}

GST_END_TEST;

static gchar *
origin_answer (const gchar * origin)
{
  SoupSession *session = soup_session_new ();
  gchar *url = g_strconcat (served->base_url, CALLS, NULL);
  SoupMessage *message = soup_message_new ("OPTIONS", url);
  SoupMessageHeaders *headers;
  gchar *allowed;

  soup_message_headers_replace (soup_message_get_request_headers (message),
      "Origin", origin);
  g_bytes_unref (soup_session_send_and_read (session, message, NULL, NULL));
  headers = soup_message_get_response_headers (message);
  allowed = g_strdup (soup_message_headers_get_one (headers,
          "Access-Control-Allow-Origin"));
  if (allowed != NULL)
    fail_unless (strstr (soup_message_headers_get_one (headers,
                "Access-Control-Expose-Headers"), "Location") != NULL);
  g_object_unref (message);
  g_object_unref (session);
  g_free (url);
  return allowed;
}

GST_START_TEST (test_origins)
{
  static const gchar *const other[] = { "https://example.com", "null",
    "http://localhost.example.com", "http://127.0.0.1.example.com"
  };
  gchar *allowed = origin_answer ("http://127.0.0.1:8080");
  guint i;

  fail_unless_equals_string (allowed, "http://127.0.0.1:8080");
  g_free (allowed);
  allowed = origin_answer ("http://localhost");
  fail_unless_equals_string (allowed, "http://localhost");
  g_free (allowed);
  for (i = 0; i < G_N_ELEMENTS (other); i++) {
    allowed = origin_answer (other[i]);
    fail_unless (allowed == NULL, "%s is let in", other[i]);
  }
}

GST_END_TEST;

/* A client secret is good until its time is over. */
GST_START_TEST (test_expiry)
{
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  gchar *reply = NULL, *secret;
  JsonObject *body;
  guint status;

  fail_unless_equals_int (served_request (served, "POST", MINT, KEY, JSON,
          "{\"expires_after\":{\"seconds\":10}}", &reply, NULL), 200);
  body = read_object (reply);
  secret = g_strdup (json_object_get_string_member (body, "value"));
  json_object_unref (body);
  g_free (reply);
  /* a bad offer shows that the secret was taken */
  do {
    status = served_request (served, "POST", CALLS, secret, SDP, "v=0\r\n",
        NULL, NULL);
    fail_unless (status == 400 || status == 401, "%u", status);
    fail_unless (g_get_monotonic_time () < end, "it never expires");
    if (status == 400)
      g_usleep (G_USEC_PER_SEC / 4);
  } while (status == 400);
  fail_unless (g_get_monotonic_time () > end - 12 * G_USEC_PER_SEC);
  g_free (secret);
}

GST_END_TEST;

/* Faults belong to a server of their own. */
GST_START_TEST (test_faults)
{
  Served *mine = served_new ("--asr none --fault mint-status=500x2 "
      "--fault call-status=429:insufficient_quota*1 --fault retry-after=7");
  gchar *reply = NULL, *secret;

  fail_unless_equals_int (served_request (mine, "POST", MINT, mine->api_key,
          NULL, NULL, &reply, NULL), 500);
  g_free (reply);
  fail_unless_equals_int (served_request (mine, "POST", MINT, mine->api_key,
          NULL, NULL, &reply, NULL), 500);
  g_free (reply);
  secret = served_mint (mine, REALTIME);
  fail_unless_equals_int (served_request (mine, "POST", CALLS, secret, SDP,
          offer, &reply, NULL), 429);
  check_error (reply, "insufficient_quota", NULL);
  g_free (reply);
  fail_unless_equals_int (served_request (mine, "POST", CALLS, secret, SDP,
          offer, &reply, NULL), 201);
  g_free (reply);
  g_free (secret);
  served_free (mine);
}

GST_END_TEST;

static const struct
{
  const gchar *fault;
  guint status;
  const gchar *has, *lacks;
} answers[] = {
  {"answer-empty", 201, "", "v=0"},
  {"answer-not-sdp", 201, "<html>", "v=0"},
  {"answer-truncated", 201, "m=audio", "a=fingerprint"},
  {"no-channel", 201, "m=application 0", NULL},
  {"status-200", 200, "v=0", NULL},
  {"answer-delay=300", 201, "v=0", NULL}
};

GST_START_TEST (test_answer_faults)
{
  gchar *option = g_strdup_printf ("--asr none --fault %s",
      answers[__i__].fault);
  Served *mine = served_new (option);
  gchar *secret = served_mint (mine, REALTIME), *reply = NULL;

  fail_unless_equals_int (served_request (mine, "POST", CALLS, secret, SDP,
          offer, &reply, NULL), answers[__i__].status);
  fail_unless (strstr (reply, answers[__i__].has) != NULL, "%s", reply);
  fail_unless (answers[__i__].lacks == NULL ||
      strstr (reply, answers[__i__].lacks) == NULL, "%s", reply);
  g_free (reply);
  g_free (secret);
  g_free (option);
  served_free (mine);
}

GST_END_TEST;

GST_START_TEST (test_session_limit)
{
  Served *mine = served_new ("--asr none --max-sessions 1");
  gchar *secret = served_mint (mine, REALTIME), *reply = NULL;
  gchar *location = NULL, *path;

  fail_unless_equals_int (served_request (mine, "POST", CALLS, secret, SDP,
          offer, NULL, &location), 201);
  fail_unless_equals_int (served_request (mine, "POST", CALLS, secret, SDP,
          offer, &reply, NULL), 429);
  check_error (reply, "rate_limit_exceeded", NULL);
  g_free (reply);
  path = g_strconcat (location + strlen ("/v1"), "/hangup", NULL);
  fail_unless_equals_int (served_request (mine, "POST", path, mine->api_key,
          NULL, NULL, NULL, NULL), 200);
  /* the place is free at once */
  fail_unless_equals_int (served_request (mine, "POST", CALLS, secret, SDP,
          offer, NULL, NULL), 201);
  g_free (path);
  g_free (location);
  g_free (secret);
  served_free (mine);
}

GST_END_TEST;

static void
start_server (void)
{
  served = served_new ("--asr none");
}

static void
stop_server (void)
{
  served_free (served);
}

static Suite *
server_http_suite (void)
{
  Suite *suite = suite_create ("server-http");
  TCase *tc = tcase_create ("requests");

  suite_add_tcase (suite, tc);
  tcase_add_unchecked_fixture (tc, start_server, stop_server);
  tcase_add_test (tc, test_mint);
  tcase_add_test (tc, test_mint_refused);
  tcase_add_test (tc, test_deep_json);
  tcase_add_test (tc, test_routes);
  tcase_add_test (tc, test_translations_minted);
  tcase_add_test (tc, test_translations_called);
  tcase_add_test (tc, test_calls_refused);
  tcase_add_test (tc, test_multipart);
  tcase_add_test (tc, test_origins);
  tcase_add_test (tc, test_expiry);
  tc = tcase_create ("own servers");
  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_faults);
  tcase_add_loop_test (tc, test_answer_faults, 0, G_N_ELEMENTS (answers));
  tcase_add_test (tc, test_session_limit);
  return suite;
}

GST_CHECK_MAIN (server_http);
