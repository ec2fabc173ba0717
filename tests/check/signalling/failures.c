/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "session/failure.h"
#include "signalling/signalling.h"
#include "testcerts.h"
#include "testclient.h"

#define KEY TEST_KEY
#define OFFER "v=0\r\ns=-\r\n"

typedef struct
{
  guint status;
  const gchar *type, *body, *headers;
  RealtimeFailure failure;
  const gchar *text;            /* in the message */
  const gchar *code;
  guint retry_after;
} Refusal;

#define JSON_ERROR(code, message) "{\"error\":{\"message\":\"" message "\"," \
    "\"type\":\"some_type\",\"param\":null,\"code\":" code "}}"

static const Refusal refusals[] = {
  {401, "application/json", JSON_ERROR ("\"invalid_api_key\"",
            "Incorrect API key provided: " KEY ". See the docs"), NULL,
        REALTIME_FAILURE_NOT_AUTHORIZED,
        "401 Unauthorized: “Incorrect API key provided: [redacted]",
      "invalid_api_key", 0},
  {401, "application/json", JSON_ERROR ("null",
            "Incorrect API key: sk-proj-Ab12Cd34, test**********cdef"), NULL,
        REALTIME_FAILURE_NOT_AUTHORIZED,
      "“Incorrect API key: [redacted], [redacted]”", "some_type", 0},
  {403, "application/json", JSON_ERROR ("\"model_not_allowed\"", "no access"),
        "x-request-id: req_1", REALTIME_FAILURE_NOT_AUTHORIZED,
      "“no access”", "model_not_allowed", 0},
  {404, "application/json", JSON_ERROR ("\"model_not_found\"", "no model x"),
        NULL, REALTIME_FAILURE_NOT_FOUND, "“no model x”", "model_not_found",
      0},
  {400, "application/json", JSON_ERROR ("\"model_not_found\"", "no model y"),
        NULL, REALTIME_FAILURE_NOT_FOUND, "“no model y”", "model_not_found",
      0},
  {400, "application/json", JSON_ERROR ("\"unknown_parameter\"",
            "bad\\u0000\\n" "\\u001b[31m field\\u202e"), NULL,
        REALTIME_FAILURE_REFUSED,
      "field", "unknown_parameter", 0},
  {400, "application/json", "{\"error\":\"sdp is required\"}", NULL,
      REALTIME_FAILURE_REFUSED, "“sdp is required”", NULL, 0},
  {422, "application/json", "{\"detail\":\"nope\"}", NULL,
      REALTIME_FAILURE_REFUSED, "422", NULL, 0},
  {400, "application/json", "{\"error\":", NULL, REALTIME_FAILURE_REFUSED,
      "400 Bad Request", NULL, 0},
  {400, "application/json", "{\"error\":{\"message\":7,\"code\":[]}}", NULL,
      REALTIME_FAILURE_REFUSED, "400 Bad Request", NULL, 0},
  {400, "text/plain", "Invalid SDP offer", NULL, REALTIME_FAILURE_REFUSED,
      "“Invalid SDP offer”", NULL, 0},
  {402, NULL, NULL, NULL, REALTIME_FAILURE_QUOTA, "402", NULL, 0},
  {407, NULL, NULL, NULL, REALTIME_FAILURE_NOT_AUTHORIZED, "http-proxy", NULL,
      0},
  {408, NULL, NULL, "Retry-After: 3", REALTIME_FAILURE_BUSY, "408", NULL, 3},
  {415, NULL, NULL, NULL, REALTIME_FAILURE_REFUSED, "415", NULL, 0},
  {429, "application/json", JSON_ERROR ("\"insufficient_quota\"", "no money"),
        "Retry-After: 5", REALTIME_FAILURE_QUOTA, "“no money”",
      "insufficient_quota", 0},
  {429, "application/json",
        JSON_ERROR ("\"billing_hard_limit_reached\"", "limit"), NULL,
      REALTIME_FAILURE_QUOTA, "“limit”", "billing_hard_limit_reached", 0},
  {429, "application/json", JSON_ERROR ("\"rate_limit_exceeded\"", "slow"),
        "Retry-After: 17", REALTIME_FAILURE_BUSY, "“slow”",
      "rate_limit_exceeded", 17},
  {429, NULL, NULL, "Retry-After: 99999999999999999999", REALTIME_FAILURE_BUSY,
      "429", NULL, 86400},
  {429, NULL, NULL, "Retry-After: -4", REALTIME_FAILURE_BUSY, "429", NULL, 0},
  {429, NULL, NULL, "Retry-After: soon", REALTIME_FAILURE_BUSY, "429", NULL,
      0},
  {429, NULL, NULL, "Retry-After: Fri, 01 Jan 2100 00:00:00 GMT",
      REALTIME_FAILURE_BUSY, "429", NULL, 86400},
  {429, NULL, NULL, "Retry-After: Fri, 01 Jan 2010 00:00:00 GMT",
      REALTIME_FAILURE_BUSY, "429", NULL, 0},
  {429, NULL, NULL, "retry-after-ms: 1200\nRetry-After: 9",
      REALTIME_FAILURE_BUSY, "429", NULL, 2},
  {429, NULL, NULL, "x-ratelimit-remaining-requests: 0\n"
        "x-ratelimit-reset-requests: 1m6.2s\nx-ratelimit-remaining-tokens: 5\n"
        "x-ratelimit-reset-tokens: 2h", REALTIME_FAILURE_BUSY, "429", NULL,
      67},
  {500, "text/html", "<!doctype html><HTML><head><TITLE>500 Inner\n error"
        "</TITLE></head><body>lots</body></HTML>", NULL, REALTIME_FAILURE_BUSY,
      "“500 Inner error”", NULL, 0},
  {502, "text/html", "<p>no title</p>", NULL, REALTIME_FAILURE_BUSY,
      "502 Bad Gateway", NULL, 0},
  {503, NULL, "", "Retry-After: 2", REALTIME_FAILURE_BUSY, "503", NULL, 2},
  {599, NULL, NULL, NULL, REALTIME_FAILURE_BUSY, "599", NULL, 0},
};

GST_START_TEST (test_refusals)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_for (server);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (refusals); i++)
    test_server_reply (server, "*", refusals[i].status, refusals[i].type,
        refusals[i].body, refusals[i].headers);
  for (i = 0; i < G_N_ELEMENTS (refusals); i++) {
    const gchar *p;

    client_mint (client, NULL, KEY, "{}");
    client_check_failure (client, refusals[i].failure, refusals[i].text);
    fail_unless (strstr (client->error->message, "Minting a token: http://"));
    fail_unless (!strstr (client->error->message, "test*"));
    for (p = client->error->message; *p; p++)
      fail_unless ((guchar) * p >= 0x20, "%u", i);
    fail_unless (!strstr (client->error->message, "\u202e"));
    fail_unless_equals_int (realtime_failure_get_http_status (client->error),
        refusals[i].status);
    fail_unless_equals_string (realtime_failure_get_code (client->error),
        refusals[i].code);
    fail_unless_equals_int (realtime_failure_get_retry_after (client->error),
        refusals[i].retry_after);
    if (refusals[i].headers && strstr (refusals[i].headers, "req_1"))
      fail_unless_equals_string (realtime_failure_get_request_id
          (client->error), "req_1");
  }
}

GST_END_TEST;

GST_START_TEST (test_retry_after_date)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_for (server);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) then = g_date_time_add_hours (now, 1);
  g_autofree gchar *date = soup_date_time_to_string (then, SOUP_DATE_HTTP);
  g_autofree gchar *line = g_strconcat ("Retry-After: ", date, NULL);
  guint wait;

  test_server_reply (server, "*", 503, NULL, NULL, line);
  client_mint (client, NULL, KEY, NULL);
  client_check_failure (client, REALTIME_FAILURE_BUSY, "503");
  wait = realtime_failure_get_retry_after (client->error);
  fail_unless (wait > 3000 && wait <= 3600, "%u", wait);
}

GST_END_TEST;

GST_START_TEST (test_text_is_bounded)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_for (server);
  g_autofree gchar *filler = g_strnfill (296, 'x');
  g_autofree gchar *big = g_strnfill (300000, 'y');
  g_autofree gchar *body = g_strdup_printf
      ("{\"error\":{\"message\":\"%s " KEY " %s\",\"code\":\"%s\"}}", filler,
      big, big);

  test_server_reply (server, "*", 400, "application/json", body, NULL);
  realtime_signalling_set_extra_header (client->signalling, "X-Secret",
      "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy");
  client_mint (client, NULL, KEY, NULL);
  /* the key stands where the text is cut: no part of it may be left */
  client_check_failure (client, REALTIME_FAILURE_REFUSED, "xxx");
  fail_unless (!strstr (client->error->message, " te"));
  fail_unless (g_utf8_strlen (client->error->message, -1) < 600);
  fail_unless (g_utf8_strlen (realtime_failure_get_code (client->error), -1)
      <= 65);
}

GST_END_TEST;

GST_START_TEST (test_mint_nothing_usable)
{
  static const gchar *const bodies[] = { "", "null", "[]", "hello", "{}",
    "{\"value\":7}", "{\"value\":\"\"}", "{\"value\":\"a b\"}",
    "{\"value\":\"a\\r\\nX: y\"}", "{\"client_secret\":null}", "<html></html>",
    "ek_", "ek_a b", "{\"client_secret\":{\"value\":null}}"
  };
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_for (server);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (bodies); i++)
    test_server_reply (server, "*", 200, "application/json", bodies[i], NULL);
  test_server_reply (server, "*", 200, "application/json",
      "{\"success\":false,\"error\":\"not you\"}", NULL);
  for (i = 0; i < G_N_ELEMENTS (bodies); i++) {
    client_mint (client, NULL, NULL, NULL);
    client_check_failure (client, REALTIME_FAILURE_FORMAT, "answered 200, but");
  }
  client_mint (client, NULL, NULL, NULL);
  client_check_failure (client, REALTIME_FAILURE_REFUSED, "“not you”");
}

GST_END_TEST;

GST_START_TEST (test_oversized)
{
  static const gchar head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
      "\r\n";
  g_autoptr (RawServer) endless = raw_server_new (head, strlen (head), FALSE);
  g_autofree gchar *url = NULL;
  g_autofree gchar *big = g_strnfill (1024 * 1024 + 1, ' ');
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (Client) client = client_for (server);

  test_server_reply (server, "*", 200, "application/json", big, NULL);
  client_mint (client, NULL, KEY, NULL);
  client_check_failure (client, REALTIME_FAILURE_FORMAT, "longer than");
  client_call (client, OFFER, NULL);
  client_check_failure (client, REALTIME_FAILURE_FORMAT, "longer than");

  raw_server_set_endless (endless);
  url = g_strdup_printf ("http://127.0.0.1:%u/t", raw_server_get_port
      (endless));
  realtime_signalling_set_token_url (client->signalling, url);
  client_mint (client, NULL, KEY, NULL);
  client_check_failure (client, REALTIME_FAILURE_FORMAT, "longer than");
}

GST_END_TEST;

GST_START_TEST (test_redirects)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autoptr (TestServer) foreign = test_server_new (NULL);
  g_autoptr (Client) client = client_for (server);
  g_autofree gchar *elsewhere = test_server_url (foreign, "/t?secret=abc");
  g_autofree gchar *away = g_strconcat ("Location: ", elsewhere, NULL);
  g_autofree gchar *named = g_strdup_printf ("Location: http://localhost:%u/t",
      test_server_get_port (server));
  const gchar *mint_path = "/v1/realtime/client_secrets";
  TestRequest *request;
  guint i;

  test_server_reply (server, "/new", 200, "application/json",
      "{\"value\":\"ek_new\"}", NULL);
  test_server_reply (server, mint_path, 307, NULL, NULL, "Location: /new");
  test_server_reply (server, mint_path, 308, NULL, NULL, "Location: ../../new");
  test_server_reply (server, mint_path, 303, NULL, NULL, "Location: /new");
  test_server_reply (server, mint_path, 302, NULL, NULL, "Location: /new");
  for (i = 0; i < 4; i++) {
    client_mint (client, NULL, KEY, "{}");
    fail_unless (client->error == NULL, "%u %s", i,
        client->error ? client->error->message : "");
    fail_unless_equals_string (client->token->value, "ek_new");
    test_request_free (test_server_pop (server));
    request = test_server_pop (server);
    fail_unless_equals_string (request->path, "/new");
    fail_unless_equals_string (request->method, i < 2 ? "POST" : "GET");
    client_check_body (request, i < 2 ? "{}" : "");
    fail_unless_equals_string (test_request_header (request, "authorization"),
        "Bearer " KEY);
    test_request_free (request);
  }

  test_server_reply (server, mint_path, 307, NULL, NULL, away);
  test_server_reply (server, mint_path, 307, NULL, NULL, named);
  test_server_reply (server, mint_path, 301, NULL, NULL, NULL);
  test_server_reply (server, mint_path, 301, NULL, NULL,
      "Location: http://u:p@127.0.0.1/x");
  test_server_reply (server, mint_path, 304, NULL, NULL, "Location: /new");
  test_server_reply (server, mint_path, 307, NULL, NULL,
      "Location: /v1/realtime/client_secrets");
  client_mint (client, NULL, KEY, "{}");
  client_check_failure (client, REALTIME_FAILURE_REFUSED, "to another server");
  fail_unless (!strstr (client->error->message, "secret=abc"));
  fail_unless_equals_int (test_server_pending (foreign), 0);
  client_mint (client, NULL, KEY, "{}");
  client_check_failure (client, REALTIME_FAILURE_REFUSED, "to another server");
  client_mint (client, NULL, KEY, "{}");
  client_check_failure (client, REALTIME_FAILURE_REFUSED,
      "without a usable target");
  client_mint (client, NULL, KEY, "{}");
  client_check_failure (client, REALTIME_FAILURE_REFUSED,
      "without a usable target");
  client_mint (client, NULL, KEY, "{}");
  client_check_failure (client, REALTIME_FAILURE_REFUSED, "304");
  client_mint (client, NULL, KEY, "{}");
  client_check_failure (client, REALTIME_FAILURE_REFUSED, "round and round");
  fail_unless_equals_int (realtime_failure_get_http_status (client->error),
      307);
}

GST_END_TEST;

GST_START_TEST (test_bad_settings)
{
  static const gchar *const urls[] = { "api.openai.com/v1", "ftp://x/v1",
    "http://", "https:///v1", "http://a b/v1", "http://x:99999/v1", "/v1",
    "http://x/v1\r\nX: y", "http://u:p@x/v1", "http://x/v1?a=b",
    "http://x/v1#a", "http://[::1/v1"
  };
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autofree gchar *url = test_server_url (server, "/v1///");
  g_autoptr (GError) error = NULL;
  guint i;

  test_server_reply (server, "*", 200, NULL, "ek_12345", NULL);
  for (i = 0; i < G_N_ELEMENTS (urls); i++) {
    g_autoptr (Client) client = client_new (urls[i]);

    fail_if (realtime_signalling_check_url (urls[i], &error), "%s", urls[i]);
    fail_unless (g_error_matches (error, REALTIME_FAILURE,
            REALTIME_FAILURE_SETTINGS));
    fail_unless (!strstr (error->message, "u:p"));
    g_clear_error (&error);
    client_mint (client, NULL, KEY, NULL);
    client_check_failure (client, REALTIME_FAILURE_SETTINGS, "base URL");
  }
  fail_unless (realtime_signalling_check_url (NULL, NULL));
  fail_unless (realtime_signalling_check_url ("https://api.openai.com/v1/",
          NULL));
  fail_unless (realtime_signalling_check_url ("HTTP://[::1]:8080", NULL));
  fail_unless (realtime_signalling_check_whole_url ("https://h/t?a=b",
          "location", NULL));
  fail_if (realtime_signalling_check_whole_url ("h/t", "location", &error));
  g_clear_error (&error);

  {
    static const gchar *const keys[] = { "a b", "a\r\nX-Y: z", "a\x01", "é",
      "", " \n"
    };
    g_autoptr (Client) client = client_new (url);
    g_autoptr (TestRequest) request = NULL;

    for (i = 0; i < G_N_ELEMENTS (keys); i++) {
      client_mint (client, NULL, keys[i], NULL);
      client_check_failure (client, REALTIME_FAILURE_CREDENTIALS, "API key");
    }
    client_mint (client, NULL, KEY, NULL);
    fail_unless (client->error == NULL);
    request = test_server_pop (server);
    fail_unless_equals_string (request->path, "/v1/realtime/client_secrets");
    realtime_signalling_set_extra_header (client->signalling, "X-A",
        "b\r\nX-Evil: 1");
    client_mint (client, NULL, KEY, NULL);
    client_check_failure (client, REALTIME_FAILURE_SETTINGS, "X-A");
  }
  {
    static const gchar *const names[] = { "", "X A", "X:A", "X\r\n", "Host",
      "content-length", "Transfer-Encoding", "é"
    };

    for (i = 0; i < G_N_ELEMENTS (names); i++) {
      g_autoptr (Client) client = client_new (url);

      realtime_signalling_set_extra_header (client->signalling, names[i], "v");
      client_mint (client, NULL, KEY, NULL);
      client_check_failure (client, REALTIME_FAILURE_SETTINGS, "extra-headers");
    }
  }
  fail_unless_equals_int (test_server_pending (server), 0);
}

GST_END_TEST;

GST_START_TEST (test_same_origin)
{
  fail_unless (realtime_signalling_same_origin ("https://api.openai.com/x",
          "https://API.openai.com:443/v1"));
  fail_if (realtime_signalling_same_origin ("http://api.openai.com/x",
          "https://api.openai.com/v1"));
  fail_if (realtime_signalling_same_origin ("https://api.openai.com.evil/x",
          "https://api.openai.com/v1"));
  fail_if (realtime_signalling_same_origin ("https://api.openai.com:444/x",
          "https://api.openai.com/v1"));
  fail_if (realtime_signalling_same_origin ("https://api.openai.com@evil/x",
          "https://api.openai.com/v1"));
  fail_if (realtime_signalling_same_origin ("nonsense", NULL));
}

GST_END_TEST;

GST_START_TEST (test_mint_body)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *both = realtime_signalling_mint_body
      ("{\"type\":\"realtime\"}", 300, NULL);
  g_autofree gchar *none = realtime_signalling_mint_body (NULL, 0, NULL);

  fail_unless_equals_string (both, "{\"expires_after\":{\"anchor\":"
      "\"created_at\",\"seconds\":300},\"session\":{\"type\":\"realtime\"}}");
  fail_unless_equals_string (none, "{}");
  fail_if (realtime_signalling_mint_body ("{\"a\" 1}", 0, &error));
  fail_unless (strstr (error->message, "position"));
}

GST_END_TEST;

static void
mint_over_tls (GTlsCertificate * certificate, gboolean strict,
    const gchar * ca_file, const gchar * text)
{
  g_autoptr (TestServer) server = test_server_new (certificate);
  g_autoptr (Client) client = client_for (server);

  test_server_reply (server, "*", 200, "application/json",
      "{\"value\":\"ek_tls\"}", NULL);
  fail_unless (realtime_signalling_set_tls (client->signalling, strict,
          ca_file, NULL));
  client_mint (client, NULL, KEY, "{}");
  if (text) {
    client_check_failure (client, REALTIME_FAILURE_TLS, text);
    fail_unless_equals_int (test_server_pending (server), 0);
  } else {
    fail_unless (client->error == NULL, "%s",
        client->error ? client->error->message : "");
    fail_unless_equals_string (client->token->value, "ek_tls");
  }
}

GST_START_TEST (test_tls)
{
  g_autoptr (TestCerts) certs = test_certs_new ();
  static const gchar no[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
  g_autoptr (RawServer) plain = raw_server_new (no, strlen (no), FALSE);
  g_autofree gchar *not_tls = g_strdup_printf ("https://127.0.0.1:%u/v1",
      raw_server_get_port (plain));
  g_autoptr (Client) client = client_new (not_tls);
  g_autoptr (GError) error = NULL;

  if (!certs) {
    g_printerr ("no openssl command or no TLS: not tested\n");
    return;
  }
  mint_over_tls (certs->good, TRUE, certs->ca_file, NULL);
  mint_over_tls (certs->good, TRUE, NULL, "ssl-ca-file");
  mint_over_tls (certs->good, FALSE, NULL, NULL);
  mint_over_tls (certs->other_host, TRUE, certs->ca_file, "another host name");
  mint_over_tls (certs->expired, TRUE, certs->ca_file, "has expired");
  mint_over_tls (certs->expired, TRUE, certs->ca_file, "ssl-strict");
  mint_over_tls (certs->expired, FALSE, certs->ca_file, NULL);

  client_mint (client, NULL, KEY, NULL);
  client_check_failure (client, REALTIME_FAILURE_TLS, "http://");
  fail_if (realtime_signalling_set_tls (client->signalling, TRUE,
          "/nonexistent/ca.pem", &error));
  fail_unless (g_error_matches (error, REALTIME_FAILURE,
          REALTIME_FAILURE_SETTINGS));
  fail_unless (strstr (error->message, "ssl-ca-file"));
}

GST_END_TEST;

GST_START_TEST (test_not_http)
{
  static const gchar noise[] = "SSH-2.0-OpenSSH_9.2p1\r\n";
  static const gchar cut[] =
      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nek_";
  g_autoptr (RawServer) ssh = raw_server_new (noise, strlen (noise), FALSE);
  g_autoptr (RawServer) closing = raw_server_new (cut, strlen (cut), FALSE);
  g_autofree gchar *url = g_strdup_printf ("http://127.0.0.1:%u",
      raw_server_get_port (ssh));
  g_autofree gchar *cut_url = g_strdup_printf ("http://127.0.0.1:%u",
      raw_server_get_port (closing));
  g_autofree gchar *dead = g_strdup_printf ("http://127.0.0.1:%u",
      test_unused_port ());
  g_autoptr (Client) client = client_new (NULL);

  realtime_signalling_set_token_url (client->signalling, url);
  client_mint (client, NULL, KEY, NULL);
  client_check_failure (client, REALTIME_FAILURE_FORMAT, "not HTTP");
  realtime_signalling_set_token_url (client->signalling, cut_url);
  client_mint (client, NULL, KEY, NULL);
  client_check_failure (client, REALTIME_FAILURE_UNREACHABLE,
      "closed the connection");
  fail_unless (realtime_failure_is_transient (client->error));
  realtime_signalling_set_token_url (client->signalling, dead);
  client_mint (client, NULL, KEY, NULL);
  client_check_failure (client, REALTIME_FAILURE_UNREACHABLE,
      "nobody listens there");
}

GST_END_TEST;

GST_START_TEST (test_proxy)
{
  g_autoptr (TestServer) proxy = test_server_new (NULL);
  g_autofree gchar *url = g_strdup_printf ("http://user:pa%%20ss@127.0.0.1:%u",
      test_server_get_port (proxy));
  g_autofree gchar *shown = NULL;
  g_autoptr (Client) client = client_new ("http://service.invalid/v1");
  g_autoptr (TestRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  test_server_want_proxy_auth (proxy, "Basic dXNlcjpwYSBzcw==");
  test_server_reply (proxy, "*", 200, "application/json",
      "{\"value\":\"ek_proxied\"}", NULL);
  fail_unless (realtime_signalling_set_proxy (client->signalling, url, NULL));
  client_mint (client, NULL, KEY, "{}");
  fail_unless (client->error == NULL, "%s",
      client->error ? client->error->message : "");
  fail_unless_equals_string (client->token->value, "ek_proxied");
  request = test_server_pop (proxy);
  fail_unless_equals_string (test_request_header (request, "host"),
      "service.invalid");
  /* it did not have to ask first */
  fail_unless_equals_int (test_server_pending (proxy), 0);

  /* without its password */
  shown = realtime_proxy_url_for_user (url);
  fail_unless (realtime_signalling_set_proxy (client->signalling, shown, NULL));
  fail_unless (!strstr (shown, "user"));
  client_mint (client, NULL, KEY, "{}");
  client_check_failure (client, REALTIME_FAILURE_NOT_AUTHORIZED, "http-proxy");

  fail_if (realtime_signalling_set_proxy (client->signalling, "gopher://x",
          &error));
  fail_unless (strstr (error->message, "http-proxy"));
  g_clear_error (&error);
  fail_if (realtime_signalling_set_proxy (client->signalling, "http://", NULL));

  g_free (shown);
  shown = g_strdup_printf ("127.0.0.1:%u", test_unused_port ());
  fail_unless (realtime_signalling_set_proxy (client->signalling, shown, NULL));
  client_mint (client, NULL, KEY, "{}");
  client_check_failure (client, REALTIME_FAILURE_UNREACHABLE,
      "does not listen (http-proxy)");
}

GST_END_TEST;

/* Where it is to make a tunnel, what it answers is not the service's word. */
GST_START_TEST (test_proxy_refuses_the_tunnel)
{
  static const struct
  {
    const gchar *answer;
    RealtimeFailure failure;
    const gchar *text;
  } rows[] = {
    {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
        REALTIME_FAILURE_UNREACHABLE, "the proxy answered 403 Forbidden"},
    {"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
        REALTIME_FAILURE_UNREACHABLE, "the proxy answered 503"},
    {"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n"
          "Proxy-Authenticate: Basic realm=\"x\"\r\n\r\n",
        REALTIME_FAILURE_NOT_AUTHORIZED, "wants a user name and a password"},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (RawServer) proxy = raw_server_new (rows[i].answer,
        strlen (rows[i].answer), FALSE);
    g_autofree gchar *url = g_strdup_printf ("http://127.0.0.1:%u",
        raw_server_get_port (proxy));
    g_autoptr (Client) client = client_new ("https://service.invalid/v1");

    fail_unless (realtime_signalling_set_proxy (client->signalling, url, NULL));
    client_mint (client, NULL, KEY, "{}");
    client_check_failure (client, rows[i].failure, rows[i].text);
  }
}

GST_END_TEST;

GST_START_TEST (test_deadline)
{
  static const gchar half[] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{";
  g_autoptr (RawServer) server = raw_server_new (half, strlen (half), TRUE);
  g_autofree gchar *url = g_strdup_printf ("http://127.0.0.1:%u",
      raw_server_get_port (server));
  g_autoptr (Client) client = client_new (url);

  realtime_signalling_set_timeout (client->signalling, 1);
  client_mint (client, NULL, KEY, NULL);
  client_check_failure (client, REALTIME_FAILURE_TIMEOUT, "within 1 s");
}

GST_END_TEST;

static gpointer
cancel_when_connected (gpointer data)
{
  gpointer *args = data;

  raw_server_wait (args[0]);
  g_cancellable_cancel (args[1]);
  return NULL;
}

/* The server takes the connection and says @bytes; then we are cancelled from
 * another thread. */
static void
cancel_against (const gchar * bytes, gsize length, const gchar * scheme)
{
  g_autoptr (RawServer) server = raw_server_new (bytes, length, TRUE);
  g_autofree gchar *url = g_strdup_printf ("%s://127.0.0.1:%u", scheme,
      raw_server_get_port (server));
  g_autoptr (Client) client = client_new (url);
  gpointer args[] = { server, client->cancellable };
  GThread *thread = g_thread_new ("cancel", cancel_when_connected, args);

  client_mint (client, NULL, KEY, NULL);
  g_thread_join (thread);
  client_check_failure (client, REALTIME_FAILURE_CANCELLED, "cancelled");
  fail_unless_equals_int (client->answers, 1);
  fail_if (realtime_failure_is_transient (client->error));
}

GST_START_TEST (test_cancel)
{
  static const gchar half[] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{";
  g_autoptr (Client) client = NULL;

  cancel_against ("", 0, "http");
  cancel_against ("", 0, "https");
  cancel_against (half, strlen (half), "http");

  /* before it begins */
  client = client_new ("http://127.0.0.1:9");
  g_cancellable_cancel (client->cancellable);
  client_mint (client, NULL, KEY, NULL);
  client_check_failure (client, REALTIME_FAILURE_CANCELLED, "cancelled");
}

GST_END_TEST;

GST_START_TEST (test_dropped_in_flight)
{
  g_autoptr (RawServer) server = raw_server_new ("", 0, TRUE);
  g_autofree gchar *url = g_strdup_printf ("http://127.0.0.1:%u",
      raw_server_get_port (server));
  Client *client = client_new (url);
  gpointer watched = client->signalling;

  g_object_add_weak_pointer (watched, &watched);
  client_start_mint (client);
  client_start_call (client);
  while (!raw_server_has_client (server))
    g_main_context_iteration (client->context, TRUE);
  g_object_unref (client->signalling);
  /* a request in flight keeps it */
  fail_unless (watched != NULL);
  g_cancellable_cancel (client->cancellable);
  while (client->answers < 2 || watched)
    g_main_context_iteration (client->context, TRUE);
  fail_unless (client->token == NULL && client->answer == NULL);
  client->signalling = realtime_signalling_new (url);
  client_free (client);
}

GST_END_TEST;

static Suite *
failures_suite (void)
{
  Suite *s = suite_create ("failures");
  TCase *tc = tcase_create ("http");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_refusals);
  tcase_add_test (tc, test_retry_after_date);
  tcase_add_test (tc, test_text_is_bounded);
  tcase_add_test (tc, test_mint_nothing_usable);
  tcase_add_test (tc, test_oversized);
  tcase_add_test (tc, test_redirects);
  tcase_add_test (tc, test_bad_settings);
  tcase_add_test (tc, test_same_origin);
  tcase_add_test (tc, test_mint_body);
  tcase_add_test (tc, test_tls);
  tcase_add_test (tc, test_not_http);
  tcase_add_test (tc, test_proxy);
  tcase_add_test (tc, test_proxy_refuses_the_tunnel);
  tcase_add_test (tc, test_deadline);
  tcase_add_test (tc, test_cancel);
  tcase_add_test (tc, test_dropped_in_flight);
  return s;
}

GST_CHECK_MAIN (failures);
