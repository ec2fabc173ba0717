/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "session/failure.h"
#include "signalling/signalling.h"
#include "testclient.h"

#define KEY TEST_KEY
#define OFFER "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
#define ANSWER "v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
#define SESSION "{\"type\":\"realtime\",\"instructions\":\"Sag „grüß Gott“\"}"


GST_START_TEST (test_mint_request)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_for (server);
  g_autoptr (TestRequest) request = NULL;
  g_autoptr (TestRequest) next = NULL;
  g_autoptr (TestRequest) last = NULL;
  g_autofree gchar *other = test_server_url (server, "/token?user=7");

  test_server_reply (server, "*", 200, "application/json",
      "{\"value\":\"ek_1\",\"expires_at\":1795000000}", NULL);
  client_mint (client, NULL, KEY, "{\"session\":{}}");
  fail_unless_equals_string (client->token->value, "ek_1");
  request = test_server_pop (server);
  fail_unless_equals_string (request->method, "POST");
  fail_unless_equals_string (request->path, "/v1/realtime/client_secrets");
  fail_unless_equals_string (test_request_header (request, "authorization"),
      "Bearer " KEY);
  fail_unless_equals_string (test_request_header (request, "content-type"),
      "application/json");
  client_check_body (request, "{\"session\":{}}");
  /* the header that the service does not take any more */
  fail_unless (test_request_header (request, "openai-beta") == NULL);
  fail_unless (g_str_has_prefix (test_request_header (request, "user-agent"),
          "gst-plugins-realtime/"));

  realtime_signalling_set_extra_header (client->signalling, "X-Room", "9");
  realtime_signalling_set_token_url (client->signalling, other);
  client_mint (client, "GET", NULL, NULL);
  fail_unless (client->error == NULL);
  next = test_server_pop (server);
  fail_unless_equals_string (next->method, "GET");
  fail_unless_equals_string (next->path, "/token?user=7");
  fail_unless (test_request_header (next, "authorization") == NULL);
  fail_unless (test_request_header (next, "content-type") == NULL);
  fail_unless_equals_string (test_request_header (next, "x-room"), "9");

  /* an empty POST says so; a header of the user's replaces ours */
  realtime_signalling_set_extra_header (client->signalling, "Authorization",
      "Basic abcdef");
  client_mint (client, "POST", "  " KEY "\n", NULL);
  last = test_server_pop (server);
  fail_unless_equals_string (test_request_header (last, "content-length"), "0");
  fail_unless_equals_string (test_request_header (last, "authorization"),
      "Basic abcdef");
}

GST_END_TEST;

GST_START_TEST (test_call_raw)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_for (server);
  g_autoptr (TestRequest) request = NULL;
  g_autoptr (TestRequest) next = NULL;

  test_server_reply (server, "*", 201, "application/sdp", ANSWER,
      "Location: /v1/realtime/calls/rtc_u1_Abc-9");
  client_call (client, OFFER, NULL);
  fail_unless (client->error == NULL);
  fail_unless_equals_string (client->answer->sdp, ANSWER);
  fail_unless_equals_string (client->answer->call_id, "rtc_u1_Abc-9");
  request = test_server_pop (server);
  fail_unless_equals_string (request->method, "POST");
  fail_unless_equals_string (request->path, "/v1/realtime/calls");
  fail_unless_equals_string (test_request_header (request, "content-type"),
      "application/sdp");
  fail_unless_equals_string (test_request_header (request, "accept"),
      "application/sdp");
  fail_unless_equals_string (test_request_header (request, "authorization"),
      "Bearer " KEY);
  client_check_body (request, OFFER);

  /* an offer that lost its last line break */
  client_call (client, "v=0\r\ns=-", NULL);
  next = test_server_pop (server);
  client_check_body (next, "v=0\r\ns=-\r\n");
}

GST_END_TEST;

GST_START_TEST (test_call_multipart)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_for (server);
  g_autoptr (TestRequest) request = NULL;
  const gchar *type, *boundary;
  g_autofree gchar *wanted = NULL;

  test_server_reply (server, "*", 201, "application/sdp", ANSWER, NULL);
  client_call (client, OFFER, SESSION);
  fail_unless (client->error == NULL);
  fail_unless (client->answer->call_id == NULL);
  request = test_server_pop (server);
  type = test_request_header (request, "content-type");
  fail_unless (g_str_has_prefix (type, "multipart/form-data; boundary="), "%s",
      type);
  boundary = strchr (type, '=') + 1;
  fail_unless (!strchr (boundary, '"'));
  wanted = g_strdup_printf ("--%s\r\n"
      "Content-Disposition: form-data; name=\"sdp\"\r\n"
      "Content-Type: application/sdp\r\n"
      "\r\n" OFFER "\r\n--%s\r\n"
      "Content-Disposition: form-data; name=\"session\"\r\n"
      "Content-Type: application/json\r\n"
      "\r\n" SESSION "\r\n--%s--\r\n", boundary, boundary, boundary);
  client_check_body (request, wanted);
}

GST_END_TEST;

GST_START_TEST (test_answer_shapes)
{
  static const struct
  {
    guint status;
    const gchar *type, *body;
    gboolean good;
  } shapes[] = {
    {200, "application/sdp", ANSWER, TRUE},
    {201, "text/plain", ANSWER, TRUE},
    {202, "application/octet-stream", ANSWER, TRUE},
    {201, "application/sdp", "\r\n" ANSWER, TRUE},
    {201, "application/sdp", ANSWER "\r\n\r\n", TRUE},
    {201, "application/sdp", "v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0",
        TRUE},
    {201, "application/json", "{\"sdp\":\"v=0\\r\\no=- 2 2 IN IP4 127.0.0.1"
          "\\r\\ns=-\\r\\nt=0 0\\r\\n\",\"session_id\":\"sess_1\"}", TRUE},
    {200, "text/html", "{\"answer\":\"v=0\\r\\no=- 2 2 IN IP4 127.0.0.1\\r\\n"
          "s=-\\r\\nt=0 0\"}", TRUE},
    {200, "application/json", "{\"answer\":{\"type\":\"answer\",\"sdp\":"
          "\"v=0\\r\\no=- 2 2 IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0\"}}", TRUE},
    {201, "application/sdp", "", FALSE},
    {204, NULL, NULL, FALSE},
    {201, "application/sdp", "hello", FALSE},
    {200, "text/html", "<html>v=0</html>", FALSE},
    {200, "application/json", "{\"sdp\":7}", FALSE},
    {200, "application/json", "{\"sdp\":\"\"}", FALSE},
    {200, "application/json", "{\"sdp\":\"v=0", FALSE},
    {200, "application/json", "{\"value\":\"ek_123\"}", FALSE},
    {201, "application/sdp", "v=0\r\ns=\xff\xfe\r\n", FALSE},
  };
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_for (server);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (shapes); i++)
    test_server_reply (server, "*", shapes[i].status, shapes[i].type,
        shapes[i].body, "x-request-id: req_42");
  for (i = 0; i < G_N_ELEMENTS (shapes); i++) {
    client_call (client, OFFER, NULL);
    if (shapes[i].good) {
      fail_unless (client->error == NULL, "%u: %s", i,
          client->error ? client->error->message : "");
      fail_unless_equals_string (client->answer->sdp, ANSWER);
    } else {
      client_check_failure (client, REALTIME_FAILURE_FORMAT,
          "session description");
      fail_unless_equals_int (realtime_failure_get_http_status (client->error),
          shapes[i].status);
      fail_unless_equals_string (realtime_failure_get_request_id
          (client->error), "req_42");
    }
  }
}

GST_END_TEST;

GST_START_TEST (test_call_id_shapes)
{
  static const gchar *const shapes[][2] = {
    {"/v1/realtime/calls/rtc_1", "rtc_1"},
    {"https://api.example/v1/realtime/calls/rtc_2", "rtc_2"},
    {"/v1/realtime/calls/rtc_3/", "rtc_3"},
    {"/v1/realtime/calls/rtc_4?x=/../y#z", "rtc_4"},
    {"calls/0191f2c3-8b7a-7cc2-9d3e-000000000000",
        "0191f2c3-8b7a-7cc2-9d3e-000000000000"},
    {"", NULL},
    {"/", NULL},
    {"rtc_5", NULL},
    {"https://rtc_6", NULL},
    {"/v1/realtime/calls", NULL},
    {"/v1/realtime/calls/", NULL},
    {"/v1/realtime/calls/..", NULL},
    {"/v1/realtime/calls/.", NULL},
    {"/v1/realtime/calls/a b", NULL},
    {"/v1/realtime/calls/%2e%2e%2fadmin", NULL},
    {"/v1/realtime/calls/x;rm", NULL},
    {"/v1/realtime/calls/\xc3\xa9", NULL},
  };
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_for (server);
  g_autofree gchar *long_id = g_strnfill (5000, 'a');
  g_autofree gchar *long_location =
      g_strconcat ("Location: /v1/realtime/calls/", long_id, NULL);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (shapes); i++) {
    g_autofree gchar *line = g_strconcat ("Location: ", shapes[i][0], NULL);

    test_server_reply (server, "*", 201, "application/sdp", ANSWER, line);
  }
  test_server_reply (server, "*", 201, "application/sdp", ANSWER,
      long_location);
  for (i = 0; i < G_N_ELEMENTS (shapes); i++) {
    client_call (client, OFFER, NULL);
    fail_unless (client->error == NULL);
    fail_unless_equals_string (client->answer->call_id, shapes[i][1]);
  }
  client_call (client, OFFER, NULL);
  fail_unless (client->answer->call_id == NULL);
}

GST_END_TEST;

GST_START_TEST (test_hang_up)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_for (server);
  g_autoptr (TestRequest) request = NULL;

  test_server_reply (server, "*", 200, NULL, NULL, NULL);
  test_server_reply (server, "*", 404, "application/json",
      "{\"error\":{\"code\":\"call_id_not_found\",\"message\":\"gone\"}}",
      NULL);
  test_server_reply (server, "*", 500, NULL, NULL, NULL);
  client_hang_up (client, "rtc_9", NULL);
  fail_unless (client->hung_up && !client->error);
  request = test_server_pop (server);
  fail_unless_equals_string (request->method, "POST");
  fail_unless_equals_string (request->path, "/v1/realtime/calls/rtc_9/hangup");
  fail_unless_equals_string (test_request_header (request, "authorization"),
      "Bearer " KEY);
  client_check_body (request, "");
  client_hang_up (client, "rtc_9", NULL);
  fail_unless (client->hung_up && !client->error);
  client_hang_up (client, "rtc_9", NULL);
  fail_unless (!client->hung_up);
  client_check_failure (client, REALTIME_FAILURE_BUSY, "500");
  client_hang_up (client, "../../admin", NULL);
  client_check_failure (client, REALTIME_FAILURE_SETTINGS, "call id");
  client_hang_up (client, "", NULL);
  client_check_failure (client, REALTIME_FAILURE_SETTINGS, "call id");
}

GST_END_TEST;

static Suite *
signalling_suite (void)
{
  Suite *s = suite_create ("signalling");
  TCase *tc = tcase_create ("http");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_mint_request);
  tcase_add_test (tc, test_call_raw);
  tcase_add_test (tc, test_call_multipart);
  tcase_add_test (tc, test_answer_shapes);
  tcase_add_test (tc, test_call_id_shapes);
  tcase_add_test (tc, test_hang_up);
  return s;
}

GST_CHECK_MAIN (signalling);
