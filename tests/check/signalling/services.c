/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "session/failure.h"
#include "session/json.h"
#include "signalling/signalling.h"
#include "testclient.h"

#define KEY TEST_KEY
#define SDP "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
#define SESSION "{\"type\":\"realtime\"}"
#define CALLS "/v1/realtime/calls"
#define OLDER "/v1/realtime"

static guint
find_service (const gchar * nick)
{
  const RealtimeServiceTraits *traits;
  guint i;

  for (i = 0; (traits = realtime_service_get_traits (i)) != NULL; i++) {
    if (strcmp (traits->nick, nick) == 0)
      return i;
  }
  fail ("there is no service %s", nick);
  return 0;
}

static Client *
client_of (TestServer * server, const gchar * nick)
{
  Client *client = client_for (server);

  realtime_signalling_set_service (client->signalling, find_service (nick));
  return client;
}

/* The next request is of this method and path, and with this type. */
static TestRequest *
pop (TestServer * server, const gchar * method, const gchar * path,
    const gchar * type)
{
  TestRequest *request = test_server_pop (server);

  fail_unless_equals_string (request->method, method);
  fail_unless_equals_string (request->path, path);
  fail_unless_equals_string (test_request_header (request, "content-type"),
      type);
  return request;
}

static void
expect (TestServer * server, const gchar * method, const gchar * path,
    const gchar * type)
{
  test_request_free (pop (server, method, path, type));
}

static void
check_json_offer (TestRequest * request, const gchar * model)
{
  gsize size;
  const gchar *body = g_bytes_get_data (request->body, &size);
  g_autoptr (JsonObject) object = realtime_json_parse_object (body, size, NULL);

  fail_unless (object != NULL);
  fail_unless_equals_string (realtime_json_get_string (object, "type", ""),
      "offer");
  fail_unless_equals_string (realtime_json_get_string (object, "sdp", ""), SDP);
  fail_unless_equals_string (realtime_json_get_string (object, "model", NULL),
      model);
}

GST_START_TEST (test_names)
{
  const RealtimeServiceTraits *traits = realtime_service_get_traits (0);

  fail_unless_equals_string (traits->nick, "openai");
  fail_unless (realtime_service_get_traits (1000) == NULL);
}

GST_END_TEST;

/* speaches, Hugging Face: the bare offer, no key, any 2xx, any type. */
GST_START_TEST (test_no_key)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_of (server, "compatible");
  g_autoptr (TestRequest) request = NULL;
  RealtimeOffer offer = { SDP, SESSION, NULL, FALSE };

  test_server_reply (server, CALLS, 200, "text/plain charset=utf-8", SDP, NULL);
  client_offer (client, NULL, &offer);
  fail_unless (client->error == NULL);
  fail_unless_equals_string (client->answer->sdp, SDP);
  fail_unless (client->answer->call_id == NULL);
  fail_unless (client->answer->call_url == NULL);
  request = pop (server, "POST", CALLS, "application/sdp");
  fail_unless (test_request_header (request, "authorization") == NULL);
  client_check_body (request, SDP);

  /* nothing to hang up: no request is made */
  client_hang_up (client, NULL, NULL);
  fail_unless (client->hung_up && !client->error);
  fail_unless_equals_int (test_server_pending (server), 0);
}

GST_END_TEST;

GST_START_TEST (test_model_in_url)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_of (server, "compatible");
  RealtimeOffer offer = { SDP, SESSION, "a/b & c", FALSE };
  RealtimeOffer by_token = { SDP, NULL, "m", FALSE };
  g_autoptr (TestRequest) one = NULL;

  test_server_reply (server, CALLS, 201, "application/sdp", SDP, NULL);
  client_offer (client, KEY, &offer);
  one = pop (server, "POST", CALLS "?model=a%2Fb%20%26%20c", "application/sdp");
  fail_unless_equals_string (test_request_header (one, "authorization"),
      "Bearer " KEY);
  /* a token has its model */
  client_offer (client, "ek_1", &by_token);
  expect (server, "POST", CALLS, "application/sdp");
}

GST_END_TEST;

/* LocalAI: 400 to what is no JSON, then an answer in JSON. */
GST_START_TEST (test_json_after_refusal)
{
  static const guint statuses[] = { 400, 406, 415, 422 };
  RealtimeOffer offer = { SDP, SESSION, "omni", FALSE };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (statuses); i++) {
    g_autoptr (TestServer) server = test_server_new (NULL);
    g_autoptr (Client) client = client_of (server, "compatible");
    g_autoptr (TestRequest) two = NULL;

    test_server_reply (server, CALLS, statuses[i], "application/json",
        "{\"error\":\"invalid request body\"}", NULL);
    test_server_reply (server, CALLS, 201, "application/json",
        "{\"sdp\":\"v=0\\r\\no=- 1 1 IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0"
        "\\r\\n\",\"session_id\":\"sess_1\"}", NULL);
    client_offer (client, NULL, &offer);
    fail_unless (client->error == NULL, "%u: %s", statuses[i],
        client->error ? client->error->message : "");
    fail_unless_equals_string (client->answer->sdp, SDP);
    expect (server, "POST", CALLS "?model=omni", "application/sdp");
    two = pop (server, "POST", CALLS "?model=omni", "application/json");
    check_json_offer (two, "omni");
  }
}

GST_END_TEST;

/* The path of the beta, where there is no other: speaches. */
GST_START_TEST (test_older_path)
{
  static const guint statuses[] = { 404, 405, 501 };
  RealtimeOffer offer = { SDP, SESSION, "m", FALSE };
  RealtimeOffer captions = { SDP, NULL, "w", TRUE };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (statuses); i++) {
    g_autoptr (TestServer) server = test_server_new (NULL);
    g_autoptr (Client) client = client_of (server, "compatible");

    test_server_reply (server, CALLS, statuses[i], "application/json",
        "{\"detail\":\"Not Found\"}", NULL);
    test_server_reply (server, OLDER, 200, "text/plain", SDP, NULL);
    client_offer (client, KEY, &offer);
    fail_unless (client->error == NULL);
    expect (server, "POST", CALLS "?model=m", "application/sdp");
    expect (server, "POST", OLDER "?model=m", "application/sdp");
    client_offer (client, KEY, &captions);
    expect (server, "POST", CALLS, "application/sdp");
    expect (server, "POST", OLDER "?model=w&intent=transcription",
        "application/sdp");
  }
}

GST_END_TEST;

/* What was refused in several ways is told once, with all that was said. */
GST_START_TEST (test_refused_in_every_way)
{
  static const struct
  {
    guint first;
    const gchar *first_body;
    guint second;
    const gchar *second_body;
    RealtimeFailure failure;
    guint told;                 /* the status that counts */
    const gchar *texts[2];
  } rows[] = {
    {415, "Content-Type must be application/json", 400,
          "{\"error\":\"model is required\"}", REALTIME_FAILURE_REFUSED, 400,
        {"“model is required”", "415 Unsupported Media Type"}},
    {400, "Invalid SDP offer", 415, "Content-Type must be application/sdp",
        REALTIME_FAILURE_REFUSED, 400, {"“Invalid SDP offer”", "415"}},
    {400, "{\"error\":{\"message\":\"no such voice\",\"code\":\"bad_voice\"}}",
          400, "{\"error\":\"nope\"}", REALTIME_FAILURE_REFUSED, 400,
        {"“no such voice”", "“nope”"}},
    {415, NULL, 503, NULL, REALTIME_FAILURE_BUSY, 503, {"503", "415"}},
  };
  RealtimeOffer offer = { SDP, SESSION, NULL, FALSE };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TestServer) server = test_server_new (NULL);
    g_autoptr (Client) client = client_of (server, "compatible");

    test_server_reply (server, CALLS, rows[i].first, "text/plain",
        rows[i].first_body, NULL);
    test_server_reply (server, CALLS, rows[i].second, "text/plain",
        rows[i].second_body, NULL);
    client_offer (client, KEY, &offer);
    client_check_failure (client, rows[i].failure, rows[i].texts[0]);
    client_check_failure (client, rows[i].failure, rows[i].texts[1]);
    fail_unless_equals_int (realtime_failure_get_http_status (client->error),
        rows[i].told);
    fail_unless (g_str_has_prefix (client->error->message,
            "Opening the call: http"));
  }
}

GST_END_TEST;

GST_START_TEST (test_no_such_path)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_of (server, "compatible");
  RealtimeOffer offer = { SDP, SESSION, NULL, FALSE };

  client_offer (client, NULL, &offer);
  client_check_failure (client, REALTIME_FAILURE_NOT_FOUND, CALLS " answered");
  client_check_failure (client, REALTIME_FAILURE_NOT_FOUND, OLDER " answered");
}

GST_END_TEST;

/* What is no matter of form is not tried again. */
GST_START_TEST (test_refused_for_good)
{
  static const guint statuses[] = { 401, 403, 429, 500, 503 };
  RealtimeOffer offer = { SDP, SESSION, NULL, FALSE };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (statuses); i++) {
    g_autoptr (TestServer) server = test_server_new (NULL);
    g_autoptr (Client) client = client_of (server, "compatible");

    test_server_reply (server, "*", statuses[i], NULL, NULL, NULL);
    client_offer (client, KEY, &offer);
    fail_unless_equals_int (realtime_failure_get_http_status (client->error),
        statuses[i]);
    fail_unless_equals_int (test_server_pending (server), 1);
  }
}

GST_END_TEST;

/* Bad answers of each form. */
GST_START_TEST (test_bad_answers)
{
  static const struct
  {
    const gchar *type, *body, *text;
  } rows[] = {
    {"application/sdp", "", "it is empty"},
    {"text/plain", "ok", "it does not begin with v=0"},
    {"text/html", "<html></html>", "it is a web page"},
    {"application/json", "{\"session_id\":\"s\"}", "it is JSON without one"},
    {"application/json", "{\"sdp\":{\"a\":1}}", "it is JSON without one"},
    {"application/json", "{\"answer\":\"hello\"}", "it is JSON without one"},
  };
  RealtimeOffer offer = { SDP, SESSION, NULL, FALSE };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TestServer) server = test_server_new (NULL);
    g_autoptr (Client) client = client_of (server, "compatible");

    test_server_reply (server, "*", 200, rows[i].type, rows[i].body, NULL);
    client_offer (client, NULL, &offer);
    client_check_failure (client, REALTIME_FAILURE_FORMAT, rows[i].text);
    fail_unless_equals_int (test_server_pending (server), 1);
  }
}

GST_END_TEST;

GST_START_TEST (test_offer_formats)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_of (server, "compatible");
  RealtimeOffer offer = { SDP, SESSION, NULL, FALSE };
  g_autoptr (TestRequest) one = NULL;
  g_autoptr (TestRequest) third = NULL;
  g_autofree gchar *body = NULL;

  test_server_reply (server, "*", 400, NULL, NULL, NULL);
  realtime_signalling_set_offer_format (client->signalling,
      REALTIME_OFFER_JSON);
  client_offer (client, NULL, &offer);
  one = pop (server, "POST", CALLS, "application/json");
  check_json_offer (one, NULL);
  realtime_signalling_set_offer_format (client->signalling, REALTIME_OFFER_SDP);
  client_offer (client, NULL, &offer);
  expect (server, "POST", CALLS, "application/sdp");
  realtime_signalling_set_offer_format (client->signalling,
      REALTIME_OFFER_MULTIPART);
  client_offer (client, NULL, &offer);
  third = test_server_pop (server);
  fail_unless (g_str_has_prefix (test_request_header (third, "content-type"),
          "multipart/form-data; boundary="));
  body = g_strndup (g_bytes_get_data (third->body, NULL),
      g_bytes_get_size (third->body));
  fail_unless (strstr (body, SDP) && strstr (body, SESSION));
  /* what was asked for is not tried otherwise */
  fail_unless_equals_int (test_server_pending (server), 0);
}

GST_END_TEST;

/* A whole URL of somebody's own, whatever the service; its calls are hung up
 * there or not at all. */
GST_START_TEST (test_sdp_url)
{
  static const gchar *const nicks[] = { "openai", "azure", "compatible" };
  RealtimeOffer offer = { SDP, SESSION, "m", FALSE };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (nicks); i++) {
    g_autoptr (TestServer) server = test_server_new (NULL);
    g_autoptr (Client) client = client_of (server, nicks[i]);
    g_autofree gchar *url = test_server_url (server, "/session?room=7");
    g_autoptr (TestRequest) two = NULL;

    test_server_reply (server, "/session", 415, NULL, NULL, NULL);
    test_server_reply (server, "/session", 200, "application/json",
        "{\"answer\":{\"type\":\"answer\",\"sdp\":\"v=0\\r\\no=- 1 1 IN IP4 "
        "127.0.0.1\\r\\ns=-\\r\\nt=0 0\\r\\n\"},\"call_id\":\"rtc_5\"}", NULL);
    realtime_signalling_set_sdp_url (client->signalling, url);
    client_offer (client, NULL, &offer);
    fail_unless (client->error == NULL);
    fail_unless_equals_string (client->answer->sdp, SDP);
    fail_unless_equals_string (client->answer->call_id, "rtc_5");
    expect (server, "POST", "/session?room=7", "application/sdp");
    two = pop (server, "POST", "/session?room=7", "application/json");
    check_json_offer (two, "m");
    client_hang_up (client, "rtc_5", NULL);
    fail_unless (client->hung_up);
    fail_unless_equals_int (test_server_pending (server), 0);
  }
}

GST_END_TEST;

/* The call's own URL is where it is hung up: as the service has it, or by its
 * deletion (Hugging Face). */
GST_START_TEST (test_hang_up)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_of (server, "compatible");
  g_autofree gchar *url = test_server_url (server, "/v1/realtime/calls/s_1");
  g_autofree gchar *with_query =
      test_server_url (server, "/v1/realtime/calls/s_2?room=7");
  g_autoptr (TestRequest) two = NULL;

  test_server_reply (server, "/v1/realtime/calls/s_1", 204, NULL, NULL, NULL);
  client_hang_up (client, "s_1", url);
  fail_unless (client->hung_up && !client->error);
  expect (server, "POST", CALLS "/s_1/hangup", NULL);
  two = pop (server, "DELETE", CALLS "/s_1", NULL);
  fail_unless_equals_string (test_request_header (two, "authorization"),
      "Bearer " KEY);

  test_server_reply (server, "/v1/realtime/calls/s_2/hangup", 200, NULL, NULL,
      NULL);
  client_hang_up (client, "s_2", with_query);
  fail_unless (client->hung_up && !client->error);
  expect (server, "POST", CALLS "/s_2/hangup?room=7", NULL);

  /* an id alone */
  test_server_reply (server, "/v1/realtime/calls/s_3/hangup", 200, NULL, NULL,
      NULL);
  client_hang_up (client, "s_3", NULL);
  fail_unless (client->hung_up && !client->error);
  expect (server, "POST", CALLS "/s_3/hangup", NULL);

  /* not known any more */
  client_hang_up (client, "s_4", NULL);
  fail_unless (client->hung_up && !client->error);
  expect (server, "POST", CALLS "/s_4/hangup", NULL);
  fail_unless_equals_int (test_server_pending (server), 0);
}

GST_END_TEST;

/* Credentials go to nobody that a server merely names. */
GST_START_TEST (test_call_url)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autofree gchar *own = test_server_url (server, "/x/calls/c_4");
  g_autofree gchar *own_line = g_strconcat ("Location: ", own, NULL);
  const struct
  {
    const gchar *line, *path;
  } rows[] = {
    {"Location: /v1/realtime/calls/c_1", "/v1/realtime/calls/c_1"},
    {"Location: calls/c_2", "/v1/realtime/calls/c_2"},
    {"Location: https://evil.example/v1/realtime/calls/c_3", NULL},
    {own_line, "/x/calls/c_4"},
    {"Location: //evil.example/calls/c_5", NULL},
    {"Location: http://u:p@127.0.0.1/calls/c_6", NULL},
    {"Location: /", NULL},
  };
  g_autoptr (Client) client = client_of (server, "compatible");
  RealtimeOffer offer = { SDP, SESSION, NULL, FALSE };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    test_server_reply (server, "*", 201, "application/sdp", SDP, rows[i].line);
  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree gchar *wanted = rows[i].path ?
        test_server_url (server, rows[i].path) : NULL;

    client_offer (client, KEY, &offer);
    fail_unless_equals_string (client->answer->call_url, wanted);
  }
}

GST_END_TEST;

GST_START_TEST (test_azure)
{
  static const gchar *const bearers[] = { "ek_abcdef", "eyJabcdef.g.h" };
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_of (server, "azure");
  RealtimeOffer offer = { SDP, NULL, "deployment", FALSE };
  g_autoptr (TestRequest) mint = NULL;
  g_autoptr (TestRequest) call = NULL;
  g_autoptr (TestRequest) end = NULL;
  guint i;

  test_server_reply (server, "/v1/realtime/client_secrets", 200,
      "application/json", "{\"value\":\"ek_1\",\"expires_at\":1795000000}",
      NULL);
  test_server_reply (server, CALLS, 201, "application/sdp", SDP,
      "Location: /v1/realtime/calls/rtc_1");
  test_server_reply (server, "*", 200, NULL, NULL, NULL);
  client_mint (client, NULL, KEY, "{}");
  fail_unless_equals_string (client->token->value, "ek_1");
  mint = pop (server, "POST", "/v1/realtime/client_secrets",
      "application/json");
  fail_unless_equals_string (test_request_header (mint, "api-key"), KEY);
  fail_unless (test_request_header (mint, "authorization") == NULL);

  client_offer (client, "ek_1", &offer);
  fail_unless_equals_string (client->answer->call_id, "rtc_1");
  call = pop (server, "POST", CALLS, "application/sdp");
  fail_unless_equals_string (test_request_header (call, "authorization"),
      "Bearer ek_1");
  client_check_body (call, SDP);

  client_hang_up (client, "rtc_1", NULL);
  end = pop (server, "POST", CALLS "/rtc_1/hangup", NULL);
  fail_unless_equals_string (test_request_header (end, "api-key"), KEY);

  for (i = 0; i < G_N_ELEMENTS (bearers); i++) {
    g_autofree gchar *wanted = g_strconcat ("Bearer ", bearers[i], NULL);
    g_autoptr (TestRequest) request = NULL;

    client_mint (client, NULL, bearers[i], "{}");
    request = test_server_pop (server);
    fail_unless_equals_string (test_request_header (request, "authorization"),
        wanted);
    fail_unless (test_request_header (request, "api-key") == NULL);
  }
}

GST_END_TEST;

static Suite *
services_suite (void)
{
  Suite *s = suite_create ("services");
  TCase *tc = tcase_create ("services");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_names);
  tcase_add_test (tc, test_no_key);
  tcase_add_test (tc, test_model_in_url);
  tcase_add_test (tc, test_json_after_refusal);
  tcase_add_test (tc, test_older_path);
  tcase_add_test (tc, test_refused_in_every_way);
  tcase_add_test (tc, test_no_such_path);
  tcase_add_test (tc, test_refused_for_good);
  tcase_add_test (tc, test_bad_answers);
  tcase_add_test (tc, test_offer_formats);
  tcase_add_test (tc, test_sdp_url);
  tcase_add_test (tc, test_hang_up);
  tcase_add_test (tc, test_call_url);
  tcase_add_test (tc, test_azure);
  return s;
}

GST_CHECK_MAIN (services);
