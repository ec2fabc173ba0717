/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "session/failure.h"
#include "session/json.h"
#include "signalling/signalling.h"

/* 2026-11-21T12:00:00Z */
#define THEN G_GINT64_CONSTANT (1795262400)

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

GST_START_TEST (test_shapes)
{
  static const gchar *const bodies[] = {
    "{\"value\":\"ek_A1\",\"expires_at\":1795262400,\"session\":{\"a\":1}}",
    "{\"client_secret\":{\"value\":\"ek_A1\",\"expires_at\":1795262400},"
        "\"id\":\"sess_1\",\"object\":\"realtime.session\"}",
    "{\"client_secret\":\"ek_A1\",\"expires_at\":1795262400}",
    "{\"token\":\"ek_A1\",\"endpoint\":\"https://x\",\"deployment\":\"d\","
        "\"expires_at\":1795262400}",
    "{\"ephemeral_token\":\"ek_A1\",\"expires_at\":1795262400}",
    "{\"ephemeral_key\":\"ek_A1\",\"expires_at\":1795262400}",
    "{\"apiKey\":\"ek_A1\",\"expires_at\":1795262400}",
    "{\"session_id\":\"s\",\"client_secret\":{\"value\":\"ek_A1\"},"
        "\"expires_at\":1795262400}",
    "{\"success\":true,\"token\":\"ek_A1\",\"error\":null,"
        "\"expires_at\":1795262400}",
    "\r\n {\"value\":\"ek_A1\",\"expires_at\":1795262400}\n",
    /* value comes before the others */
    "{\"token\":\"no\",\"client_secret\":{\"value\":\"no\"},"
        "\"value\":\"ek_A1\",\"expires_at\":1795262400}"
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (RealtimeToken) token =
        realtime_token_parse (bodies[i], -1, &error);

    fail_unless (token != NULL, "%u: %s", i, error ? error->message : "");
    fail_unless_equals_string (token->value, "ek_A1");
    fail_unless_equals_int64 (token->expires_at, THEN);
  }
}

GST_END_TEST;

GST_START_TEST (test_plain_text)
{
  static const gchar *const bodies[] = { "ek_A1", "ek_A1\n", " ek_A1\r\n",
    "\"ek_A1\""
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (bodies); i++) {
    gint64 before = now_s ();
    g_autoptr (RealtimeToken) token =
        realtime_token_parse (bodies[i], -1, NULL);

    fail_unless (token != NULL);
    fail_unless_equals_string (token->value, "ek_A1");
    fail_unless (token->expires_at >= before + 60);
    fail_unless (token->expires_at <= now_s () + 60);
    fail_unless (token->session_json == NULL);
  }
  /* as long as told, whatever stands behind */
  {
    g_autoptr (RealtimeToken) token = realtime_token_parse ("ek_A1BC", 5, NULL);

    fail_unless_equals_string (token->value, "ek_A1");
  }
}

GST_END_TEST;

GST_START_TEST (test_expiry)
{
  static const gchar *const forms[] = {
    "1795262400", "1795262400.7", "1795262400000", "\"1795262400\"",
    "\"2026-11-21T12:00:00Z\"", "\"2026-11-21T12:00:00\"",
    "\"2026-11-21T12:00:00.250Z\"", "\"2026-11-21T14:00:00+02:00\"",
    "\"20261121T120000Z\"", "\"1795262400000\""
  };
  static const gchar *const none[] = {
    "null", "0", "-5", "\"\"", "\"soon\"", "{}", "[]", "true", "1e300",
    "\"1e300\"", "\"0001-01-01T00:00:00Z\"", "\"2026-13-45T99:00:00Z\"",
    "9223372036854775807"
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (forms); i++) {
    g_autofree gchar *body = g_strdup_printf
        ("{\"value\":\"ek_A1\",\"expires_at\":%s}", forms[i]);
    g_autoptr (RealtimeToken) token = realtime_token_parse (body, -1, NULL);

    fail_unless (token->expires_at == THEN, "%s: %" G_GINT64_FORMAT, forms[i],
        token->expires_at);
  }
  for (i = 0; i < G_N_ELEMENTS (none); i++) {
    gint64 before = now_s ();
    g_autofree gchar *body = g_strdup_printf
        ("{\"value\":\"ek_A1\",\"expires_at\":%s}", none[i]);
    g_autoptr (RealtimeToken) token = realtime_token_parse (body, -1, NULL);

    fail_unless (token->expires_at >= before + 60
        && token->expires_at <= now_s () + 60, "%s: %" G_GINT64_FORMAT,
        none[i], token->expires_at);
  }
  {
    gint64 before = now_s ();
    g_autoptr (RealtimeToken) token = realtime_token_parse
        ("{\"token\":\"ek_A1\",\"expires_in\":600}", -1, NULL);

    fail_unless (token->expires_at >= before + 600
        && token->expires_at <= now_s () + 600);
  }
}

GST_END_TEST;

GST_START_TEST (test_refused)
{
  static const gchar *const refusals[] = {
    "{\"success\":false}", "{\"success\":false,\"token\":\"ek_A1\"}",
    "{\"error\":\"no\"}", "{\"error\":{\"message\":\"no sk-abcdef123\"}}"
  };
  static const gchar *const bad[] = { "", " ", "OK", "[\"ek_A1\"]", "{}",
    "{\"value\":\"\xff\"}", "{\"value\":\"a\\u0000b\"}",
    "{\"value\":\"a\\nb\"}", "{\"value\":\"\\u00e9\"}", "{\"value\":{}}",
    "\"", "\"\"", "{\"value\"", "\xef\xbb\xbf"
  };
  g_autofree gchar *filler = g_strnfill (20000, 'a');
  g_autofree gchar *long_one = g_strdup_printf ("{\"value\":\"%s\"}", filler);
  g_autofree gchar *long_text = g_strconcat ("ek_", filler, NULL);
  g_autofree gchar *deep = g_strnfill (100000, '[');
  GError *error = NULL;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (refusals); i++) {
    fail_if (realtime_token_parse (refusals[i], -1, &error));
    fail_unless (g_error_matches (error, REALTIME_FAILURE,
            REALTIME_FAILURE_REFUSED), "%s", error->message);
    fail_if (strstr (error->message, "sk-"));
    fail_if (strstr (error->message, "ek_A1"));
    g_clear_error (&error);
  }
  for (i = 0; i < G_N_ELEMENTS (bad); i++) {
    fail_if (realtime_token_parse (bad[i], -1, &error), "%s", bad[i]);
    fail_unless (g_error_matches (error, REALTIME_FAILURE,
            REALTIME_FAILURE_FORMAT), "%s", error->message);
    g_clear_error (&error);
  }
  fail_if (realtime_token_parse (long_one, -1, NULL));
  fail_if (realtime_token_parse (long_text, -1, NULL));
  fail_if (realtime_token_parse (deep, -1, NULL));
}

GST_END_TEST;

GST_START_TEST (test_json)
{
  g_autoptr (RealtimeToken) token = realtime_token_parse
      ("{\"value\":\"ek_A1\",\"expires_at\":1795262400,"
      "\"session\":{\"type\":\"realtime\",\"instructions\":\"a\\nb\"}}", -1,
      NULL);
  g_autoptr (RealtimeToken) older = realtime_token_parse
      ("{\"object\":\"realtime.session\",\"model\":\"m\","
      "\"client_secret\":{\"value\":\"ek_A1\",\"expires_at\":5}}", -1, NULL);
  g_autofree gchar *line = realtime_token_to_json (token);
  g_autofree gchar *older_line = realtime_token_to_json (older);
  g_autoptr (RealtimeToken) again = NULL;

  fail_unless_equals_string (line, "{\"value\":\"ek_A1\","
      "\"expires_at\":1795262400,\"session\":{\"type\":\"realtime\","
      "\"instructions\":\"a\\nb\"}}");
  fail_unless_equals_string (older_line, "{\"value\":\"ek_A1\","
      "\"expires_at\":5,\"session\":{\"object\":\"realtime.session\","
      "\"model\":\"m\"}}");
  /* what one element writes the other reads */
  again = realtime_token_parse (line, -1, NULL);
  fail_unless_equals_string (again->value, token->value);
  fail_unless_equals_int64 (again->expires_at, token->expires_at);
  fail_unless_equals_string (again->session_json, token->session_json);
}

GST_END_TEST;

static Suite *
token_suite (void)
{
  Suite *s = suite_create ("token");
  TCase *tc = tcase_create ("parse");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_shapes);
  tcase_add_test (tc, test_plain_text);
  tcase_add_test (tc, test_expiry);
  tcase_add_test (tc, test_refused);
  tcase_add_test (tc, test_json);
  return s;
}

GST_CHECK_MAIN (token);
