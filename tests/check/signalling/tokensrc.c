/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

#include "session/json.h"
#include "testcerts.h"
#include "testserver.h"
#include "testtokensrc.h"

#define MINT "/v1/realtime/client_secrets"
#define REPLY "{\"value\":\"ek_1\",\"expires_at\":1795262400}"
#define LINE "{\"value\":\"ek_1\",\"expires_at\":1795262400}\n"

static void
check_buffer (GstHarness * h, const gchar * wanted)
{
  GstBuffer *buffer = gst_harness_pull (h);
  GstMapInfo map;

  fail_unless (buffer != NULL);
  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READ));
  fail_unless_equals_int (map.size, strlen (wanted));
  fail_unless (memcmp (map.data, wanted, map.size) == 0);
  gst_buffer_unmap (buffer, &map);
  gst_buffer_unref (buffer);
}

static gboolean
ask (GstHarness * h)
{
  return gst_harness_push_upstream_event (h,
      gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM,
          gst_structure_new_empty ("realtime-token-request")));
}

static void
wait_for_eos (GstHarness * h)
{
  GstEvent *event;

  while ((event = gst_harness_pull_event (h)) != NULL) {
    gboolean eos = GST_EVENT_TYPE (event) == GST_EVENT_EOS;

    gst_event_unref (event);
    if (eos)
      return;
  }
  fail ("no EOS");
}

GST_START_TEST (test_default_request)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  TokenSrc *src;
  g_autoptr (TestRequest) request = NULL;
  g_autoptr (JsonObject) body = NULL;
  GstCaps *caps;
  GstQuery *query;
  gboolean live;
  GstClockTime min, max;

  token_src_use_environment (server);
  test_server_reply (server, MINT, 200, "application/json", REPLY, NULL);
  src = token_src_new ("num-tokens=1");
  gst_harness_play (src->h);
  check_buffer (src->h, LINE);
  wait_for_eos (src->h);
  request = test_server_pop (server);
  fail_unless_equals_string (test_request_header (request, "authorization"),
      "Bearer " TEST_ENV_KEY);
  body = realtime_json_parse_object (g_bytes_get_data (request->body, NULL),
      g_bytes_get_size (request->body), NULL);
  fail_unless_equals_string (realtime_json_get_string (body, "session.type",
          NULL), "realtime");
  fail_unless (realtime_json_has (body, "session.model"));
  fail_unless_equals_int (realtime_json_get_int (body, "expires_after.seconds",
          0), 600);
  fail_unless_equals_string (realtime_json_get_string (body,
          "expires_after.anchor", NULL), "created_at");
  fail_unless_equals_int (test_server_pending (server), 0);
  fail_if (ask (src->h));

  caps = gst_pad_get_current_caps (src->h->sinkpad);
  fail_unless (gst_structure_has_name (gst_caps_get_structure (caps, 0),
          "application/x-realtime-token"));
  gst_caps_unref (caps);
  query = gst_query_new_latency ();
  fail_unless (gst_pad_peer_query (src->h->sinkpad, query));
  gst_query_parse_latency (query, &live, &min, &max);
  fail_if (live);
  fail_unless_equals_uint64 (min, 0);
  gst_query_unref (query);
  fail_unless_equals_int (token_src_count (src, GST_MESSAGE_ERROR |
          GST_MESSAGE_WARNING), 0);
  token_src_free (src);
}

GST_END_TEST;

GST_START_TEST (test_body_properties)
{
  static const struct
  {
    const gchar *properties, *method, *body;
  } cases[] = {
    {"", "POST", ""},
    {"method=get", "GET", ""},
    {"body=\"{\\\"user\\\":7}\"", "POST", "{\"user\":7}"},
    {"method=PUT body={}", "PUT", "{}"},
    {"session={\\\"type\\\":\\\"transcription\\\"} expires-after=60", "POST",
        "{\"expires_after\":{\"anchor\":\"created_at\",\"seconds\":60},"
          "\"session\":{\"type\":\"transcription\"}}"},
    {"expires-after=7200", "POST",
        "{\"expires_after\":{\"anchor\":\"created_at\",\"seconds\":7200}}"},
  };
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autofree gchar *url = test_server_url (server, "/token");
  guint i;

  test_server_reply (server, "/token", 200, "application/json", REPLY, NULL);
  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *properties = g_strdup_printf
        ("num-tokens=1 location=%s %s", url, cases[i].properties);
    TokenSrc *src = token_src_new (properties);
    g_autoptr (TestRequest) request = NULL;
    gsize size;
    const gchar *body;

    gst_harness_play (src->h);
    check_buffer (src->h, LINE);
    request = test_server_pop (server);
    fail_unless_equals_string (request->method, cases[i].method);
    body = g_bytes_get_data (request->body, &size);
    fail_unless (size == strlen (cases[i].body)
        && (size == 0 || memcmp (body, cases[i].body, size) == 0), "%u: %.*s",
        i, (gint) size, body);
    token_src_free (src);
  }
}

GST_END_TEST;

static gchar *
get_authorization (const gchar * properties, TestServer * server)
{
  TokenSrc *src = token_src_new (properties);
  g_autoptr (TestRequest) request = NULL;

  gst_harness_play (src->h);
  check_buffer (src->h, LINE);
  request = test_server_pop (server);
  token_src_free (src);
  return g_strdup (test_request_header (request, "authorization"));
}

GST_START_TEST (test_whose_key_goes_where)
{
  g_autoptr (TestServer) service = test_server_new (NULL);
  g_autoptr (TestServer) foreign = test_server_new (NULL);
  g_autofree gchar *own = NULL;
  g_autofree gchar *other = NULL;
  g_autofree gchar *text = NULL;

  token_src_use_environment (service);
  test_server_reply (service, "*", 200, "application/json", REPLY, NULL);
  test_server_reply (foreign, "*", 200, "application/json", REPLY, NULL);

  text = g_strdup_printf ("location=http://127.0.0.1:%u/token",
      test_server_get_port (foreign));
  other = get_authorization (text, foreign);
  fail_unless (other == NULL, "the key went to %s", text);
  g_free (text);
  text = g_strdup_printf ("location=http://127.0.0.1:%u/token api-key=mine-123",
      test_server_get_port (foreign));
  other = get_authorization (text, foreign);
  fail_unless_equals_string (other, "Bearer mine-123");
  g_free (text);
  text = g_strdup_printf ("location=http://127.0.0.1:%u/v1/realtime/"
      "translations/client_secrets", test_server_get_port (service));
  own = get_authorization (text, service);
  fail_unless_equals_string (own, "Bearer " TEST_ENV_KEY);
  g_free (own);
  own = get_authorization ("api-key=mine-456", service);
  fail_unless_equals_string (own, "Bearer mine-456");
}

GST_END_TEST;

GST_START_TEST (test_one_token_a_request)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  TokenSrc *src;
  guint i;

  token_src_use_environment (server);
  test_server_reply (server, MINT, 200, "application/json", REPLY, NULL);
  src = token_src_new ("num-tokens=8");
  gst_harness_play (src->h);
  /* while the first is being minted, or just after */
  test_request_free (test_server_pop (server));
  fail_unless (ask (src->h));
  fail_unless (ask (src->h));
  fail_unless (ask (src->h));
  for (i = 0; i < 4; i++)
    check_buffer (src->h, LINE);
  for (i = 0; i < 4; i++) {
    fail_unless (ask (src->h));
    check_buffer (src->h, LINE);
  }
  fail_if (ask (src->h));
  wait_for_eos (src->h);
  fail_unless (gst_harness_try_pull (src->h) == NULL);
  fail_unless_equals_int (test_server_pending (server), 7);
  fail_unless_equals_int (gst_harness_buffers_received (src->h), 8);
  token_src_free (src);
}

GST_END_TEST;

/* While others get their twenty tokens of the same server, who does not ask
 * gets none. */
GST_START_TEST (test_no_token_unasked)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autofree gchar *other = g_strdup_printf
      ("num-tokens=1 location=http://127.0.0.1:%u/other",
      test_server_get_port (server));
  TokenSrc *src;
  guint i;

  token_src_use_environment (server);
  test_server_reply (server, "*", 200, "application/json", REPLY, NULL);
  src = token_src_new ("");
  gst_harness_play (src->h);
  check_buffer (src->h, LINE);
  for (i = 0; i < 20; i++) {
    TokenSrc *busy = token_src_new (other);

    gst_harness_play (busy->h);
    check_buffer (busy->h, LINE);
    token_src_free (busy);
  }
  fail_unless_equals_int (test_server_pending (server), 21);
  fail_unless (ask (src->h));
  check_buffer (src->h, LINE);
  fail_unless_equals_int (gst_harness_buffers_received (src->h), 2);
  token_src_free (src);
}

GST_END_TEST;

GST_START_TEST (test_no_tokens)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  TokenSrc *src;

  token_src_use_environment (server);
  src = token_src_new ("num-tokens=0");
  gst_harness_play (src->h);
  wait_for_eos (src->h);
  fail_unless_equals_int (test_server_pending (server), 0);
  token_src_free (src);
}

GST_END_TEST;

GST_START_TEST (test_eos_from_the_application)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  TokenSrc *src;

  token_src_use_environment (server);
  test_server_hang (server, MINT);
  src = token_src_new ("timeout=3600");
  gst_harness_play (src->h);
  test_request_free (test_server_pop (server));
  fail_unless (gst_element_send_event (src->h->element, gst_event_new_eos ()));
  wait_for_eos (src->h);
  token_src_free (src);
}

GST_END_TEST;

GST_START_TEST (test_retries)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  TokenSrc *src;
  GstMessage *message;
  const GstStructure *details;
  guint number;

  token_src_use_environment (server);
  test_server_reply (server, MINT, 503, "text/plain", "overloaded",
      "x-request-id: req_7");
  test_server_reply (server, MINT, 429, "application/json",
      "{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"slow\"}}",
      "Retry-After: 1");
  test_server_reply (server, MINT, 200, "application/json", REPLY, NULL);
  src = token_src_new ("retry-delay-min=1 retry-delay-max=2 max-retries=2");
  gst_harness_play (src->h);
  check_buffer (src->h, LINE);
  fail_unless_equals_int (test_server_pending (server), 3);

  message = token_src_pop (src, GST_MESSAGE_WARNING);
  token_src_check_message (message, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_BUSY,
      "“overloaded”. Trying again in 0.0 s (1 of 2)");
  gst_message_parse_warning_details (message, &details);
  fail_unless (gst_structure_get_uint (details, "http-status", &number));
  fail_unless_equals_int (number, 503);
  fail_unless_equals_string (gst_structure_get_string (details, "request-id"),
      "req_7");
  fail_unless (gst_structure_get_uint (details, "delay", &number));
  fail_unless (number <= 2);
  gst_message_unref (message);

  message = token_src_pop (src, GST_MESSAGE_WARNING);
  gst_message_parse_warning_details (message, &details);
  fail_unless_equals_string (gst_structure_get_string (details, "code"),
      "rate_limit_exceeded");
  fail_unless (gst_structure_get_uint (details, "attempt", &number));
  fail_unless_equals_int (number, 2);
  fail_unless (gst_structure_get_uint (details, "delay", &number));
  fail_unless (number >= 1000);
  gst_message_unref (message);
  fail_unless_equals_int (token_src_count (src, GST_MESSAGE_ERROR |
          GST_MESSAGE_WARNING), 0);
  token_src_free (src);
}

GST_END_TEST;

GST_START_TEST (test_failures)
{
  static const struct
  {
    guint status;
    const gchar *body, *headers;
    gint code;
    const gchar *text;
    guint requests;
  } cases[] = {
    {401, "{\"error\":{\"code\":\"invalid_api_key\",\"message\":\"bad "
          TEST_ENV_KEY "\"}}", NULL, GST_RESOURCE_ERROR_NOT_AUTHORIZED,
        "401 Unauthorized: “bad [redacted]”", 1},
    {403, NULL, NULL, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "403", 1},
    {404, NULL, NULL, GST_RESOURCE_ERROR_NOT_FOUND, "404", 1},
    {429, "{\"error\":{\"code\":\"insufficient_quota\"}}", "Retry-After: 1",
        GST_RESOURCE_ERROR_OPEN_READ_WRITE, "429", 1},
    {429, NULL, "Retry-After: 301", GST_RESOURCE_ERROR_OPEN_READ_WRITE, "429",
        1},
    {400, NULL, NULL, GST_RESOURCE_ERROR_OPEN_READ_WRITE, "400", 1},
    {500, NULL, NULL, GST_RESOURCE_ERROR_OPEN_READ_WRITE, "(after 2 retries)",
        3},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (TestServer) server = test_server_new (NULL);
    const GstStructure *details;
    GstMessage *message;
    TokenSrc *src;
    guint number;

    token_src_use_environment (server);
    test_server_reply (server, MINT, cases[i].status, "application/json",
        cases[i].body, cases[i].headers);
    src = token_src_new ("retry-delay-min=1 retry-delay-max=1 max-retries=2");
    gst_harness_play (src->h);
    for (number = 1; number < cases[i].requests; number++)
      gst_message_unref (token_src_pop (src, GST_MESSAGE_WARNING |
              GST_MESSAGE_ERROR));
    message = token_src_pop (src, GST_MESSAGE_WARNING | GST_MESSAGE_ERROR);
    fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_ERROR);
    token_src_check_message (message, GST_RESOURCE_ERROR, cases[i].code,
        cases[i].text);
    gst_message_parse_error_details (message, &details);
    fail_unless (gst_structure_get_uint (details, "http-status", &number));
    fail_unless_equals_int (number, cases[i].status);
    gst_message_unref (message);
    fail_unless_equals_int (test_server_pending (server), cases[i].requests);
    fail_unless_equals_int (token_src_count (src, GST_MESSAGE_ERROR |
            GST_MESSAGE_WARNING), 0);
    token_src_free (src);
  }
}

GST_END_TEST;

GST_START_TEST (test_unusable)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autofree gchar *dead = g_strdup_printf
      ("location=http://127.0.0.1:%u max-retries=1 retry-delay-min=1 "
      "retry-delay-max=1", test_unused_port ());
  GstMessage *message;
  TokenSrc *src;

  token_src_use_environment (server);
  test_server_reply (server, MINT, 200, "text/html", "<html>login</html>",
      NULL);
  src = token_src_new ("");
  gst_harness_play (src->h);
  message = token_src_pop (src, GST_MESSAGE_ERROR);
  token_src_check_message (message, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "web page");
  gst_message_unref (message);
  fail_if (ask (src->h));
  token_src_free (src);

  src = token_src_new (dead);
  gst_harness_play (src->h);
  message = token_src_pop (src, GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);
  token_src_check_message (message, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_OPEN_READ_WRITE, "Trying again");
  gst_message_unref (message);
  message = token_src_pop (src, GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);
  token_src_check_message (message, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_OPEN_READ_WRITE, "nobody listens there");
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_ERROR);
  gst_message_unref (message);
  token_src_free (src);
}

GST_END_TEST;

GST_START_TEST (test_tls)
{
  g_autoptr (TestCerts) certs = test_certs_new ();
  g_autoptr (TestServer) server = NULL;
  g_autofree gchar *good = NULL;
  g_autofree gchar *bad = NULL;
  g_autofree gchar *url = NULL;
  GstMessage *message;
  TokenSrc *src;

  if (!certs) {
    g_printerr ("no openssl command or no TLS: not tested\n");
    return;
  }
  server = test_server_new (certs->good);
  url = test_server_url (server, "/t");
  test_server_reply (server, "/t", 200, "application/json", REPLY, NULL);
  good = g_strdup_printf ("location=%s ssl-ca-file=%s", url, certs->ca_file);
  src = token_src_new (good);
  gst_harness_play (src->h);
  check_buffer (src->h, LINE);
  token_src_free (src);

  bad = g_strdup_printf ("location=%s", url);
  src = token_src_new (bad);
  gst_harness_play (src->h);
  message = token_src_pop (src, GST_MESSAGE_ERROR);
  token_src_check_message (message, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_OPEN_READ_WRITE, "ssl-ca-file");
  gst_message_unref (message);
  token_src_free (src);
}

GST_END_TEST;

GST_START_TEST (test_bad_settings)
{
  static const struct
  {
    const gchar *properties;
    gint code;
    const gchar *text;
  } cases[] = {
    {"location=nonsense", GST_RESOURCE_ERROR_SETTINGS, "location"},
    {"location=ftp://h/t", GST_RESOURCE_ERROR_SETTINGS, "http://"},
    {"location=http://u:p@h/t", GST_RESOURCE_ERROR_SETTINGS, "api-key"},
    {"body={", GST_RESOURCE_ERROR_SETTINGS, "body must be a JSON object: "},
    {"session=\"{\\\"a\\\" 1}\"", GST_RESOURCE_ERROR_SETTINGS,
        "session must be a JSON object: not valid JSON at line 1, position"},
    {"session=[]", GST_RESOURCE_ERROR_SETTINGS, "session must be"},
    {"session={} body={}", GST_RESOURCE_ERROR_SETTINGS, "either body"},
    {"expires-after=60 body={}", GST_RESOURCE_ERROR_SETTINGS, "either body"},
    {"method=DANCE", GST_RESOURCE_ERROR_SETTINGS, "GET, POST, PUT or PATCH"},
    {"method=GET", GST_RESOURCE_ERROR_SETTINGS, "location"},
    {"location=http://h method=GET body={}", GST_RESOURCE_ERROR_SETTINGS,
        "no body"},
    {"location=http://h method=GET expires-after=20",
        GST_RESOURCE_ERROR_SETTINGS, "expires-after"},
    {"ssl-ca-file=/nonexistent", GST_RESOURCE_ERROR_SETTINGS, "ssl-ca-file"},
    {"http-proxy=gopher://x", GST_RESOURCE_ERROR_SETTINGS, "http-proxy"},
    {"extra-headers=h,Host=x", GST_RESOURCE_ERROR_SETTINGS, "Host"},
    {"api-key=\"a b\"", GST_RESOURCE_ERROR_NOT_AUTHORIZED, "blank"},
  };
  guint i;

  token_src_use_environment (NULL);
  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    TokenSrc *src = token_src_new (cases[i].properties);
    GstMessage *message;

    fail_unless (gst_element_set_state (src->h->element, GST_STATE_READY) ==
        GST_STATE_CHANGE_FAILURE, "%s", cases[i].properties);
    message = token_src_pop (src, GST_MESSAGE_ERROR);
    token_src_check_message (message, GST_RESOURCE_ERROR, cases[i].code,
        cases[i].text);
    gst_message_unref (message);
    fail_unless_equals_int (token_src_count (src, GST_MESSAGE_ERROR), 0);
    token_src_free (src);
  }
}

GST_END_TEST;

/* A line break in a header would be a header of somebody else's. */
GST_START_TEST (test_bad_headers)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  GstStructure *headers = gst_structure_new ("h", "X-Room", G_TYPE_INT, 9,
      NULL);
  g_autoptr (TestRequest) request = NULL;
  GstMessage *message;
  TokenSrc *src;

  token_src_use_environment (server);
  test_server_reply (server, MINT, 200, "application/json", REPLY, NULL);
  src = token_src_new ("");
  g_object_set (src->h->element, "extra-headers", headers, NULL);
  gst_harness_play (src->h);
  check_buffer (src->h, LINE);
  request = test_server_pop (server);
  fail_unless_equals_string (test_request_header (request, "x-room"), "9");
  gst_element_set_state (src->h->element, GST_STATE_NULL);

  gst_structure_set (headers, "X-A", G_TYPE_STRING, "b\r\nX-Evil: 1", NULL);
  g_object_set (src->h->element, "extra-headers", headers, NULL);
  fail_unless (gst_element_set_state (src->h->element, GST_STATE_READY) ==
      GST_STATE_CHANGE_FAILURE);
  message = token_src_pop (src, GST_MESSAGE_ERROR);
  token_src_check_message (message, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_SETTINGS, "X-A");
  gst_message_unref (message);
  gst_structure_free (headers);
  token_src_free (src);
}

GST_END_TEST;

GST_START_TEST (test_no_credentials)
{
  TokenSrc *src;
  GstMessage *message;

  token_src_use_environment (NULL);
  g_unsetenv ("OPENAI_API_KEY");
  src = token_src_new ("");
  fail_unless (gst_element_set_state (src->h->element, GST_STATE_READY) ==
      GST_STATE_CHANGE_FAILURE);
  message = token_src_pop (src, GST_MESSAGE_ERROR);
  token_src_check_message (message, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_NOT_AUTHORIZED, "OPENAI_API_KEY");
  token_src_check_message (message, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_NOT_AUTHORIZED, "api-key");
  token_src_check_message (message, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_NOT_AUTHORIZED, "realtime-server");
  gst_message_unref (message);
  token_src_free (src);
}

GST_END_TEST;

GST_START_TEST (test_pace)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  GstMessage *message;
  TokenSrc *src;

  token_src_use_environment (server);
  test_server_reply (server, MINT, 200, "application/json", REPLY, NULL);
  src = token_src_new ("max-requests-per-minute=2");
  gst_harness_play (src->h);
  check_buffer (src->h, LINE);
  fail_unless (ask (src->h));
  check_buffer (src->h, LINE);
  fail_unless (ask (src->h));
  message = token_src_pop (src, GST_MESSAGE_WARNING);
  token_src_check_message (message, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_BUSY, "max-requests-per-minute=2");
  gst_message_unref (message);
  fail_unless_equals_int (test_server_pending (server), 2);
  /* ends although the next request is most of a minute away */
  token_src_free (src);
}

GST_END_TEST;

GST_START_TEST (test_launch_line)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autofree gchar *launch = g_find_program_in_path ("gst-launch-1.0");
  const gchar *argv[] = { launch, "-q", "tokensrc", "num-tokens=1", "!",
    "fdsink", NULL
  };
  g_autofree gchar *out = NULL;
  gint status;

  if (!launch) {
    g_printerr ("no gst-launch-1.0: not tested\n");
    return;
  }
  token_src_use_environment (server);
  test_server_reply (server, MINT, 503, NULL, NULL, NULL);
  test_server_reply (server, MINT, 200, "application/json", REPLY, NULL);
  fail_unless (g_spawn_sync (NULL, (gchar **) argv, NULL, 0, NULL, NULL, &out,
          NULL, &status, NULL));
  fail_unless (g_spawn_check_wait_status (status, NULL));
  /* nothing but the token, though there was a warning */
  fail_unless_equals_string (out, LINE);
}

GST_END_TEST;

static Suite *
tokensrc_suite (void)
{
  Suite *s = suite_create ("tokensrc");
  TCase *tc = tcase_create ("mint");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_default_request);
  tcase_add_test (tc, test_body_properties);
  tcase_add_test (tc, test_whose_key_goes_where);
  tcase_add_test (tc, test_one_token_a_request);
  tcase_add_test (tc, test_no_token_unasked);
  tcase_add_test (tc, test_no_tokens);
  tcase_add_test (tc, test_eos_from_the_application);
  tcase_add_test (tc, test_retries);
  tcase_add_test (tc, test_failures);
  tcase_add_test (tc, test_unusable);
  tcase_add_test (tc, test_tls);
  tcase_add_test (tc, test_bad_settings);
  tcase_add_test (tc, test_bad_headers);
  tcase_add_test (tc, test_no_credentials);
  tcase_add_test (tc, test_pace);
  tcase_add_test (tc, test_launch_line);
  return s;
}

GST_CHECK_MAIN (tokensrc);
