/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "session/failure.h"
#include "session/json.h"

static JsonObject *
parse (const gchar * text)
{
  GError *error = NULL;
  JsonObject *object = realtime_json_parse_object (text, -1, &error);

  fail_unless (object != NULL, "%s: %s", text, error ? error->message : "");
  fail_unless (error == NULL);
  return object;
}

static void
refuse (const gchar * text, gssize length, const gchar * why)
{
  g_autoptr (GError) error = NULL;

  fail_unless (realtime_json_parse_object (text, length, &error) == NULL);
  fail_unless (g_error_matches (error, REALTIME_FAILURE,
          REALTIME_FAILURE_FORMAT));
  fail_unless (strstr (error->message, why) != NULL, "%s", error->message);
}

GST_START_TEST (test_refused)
{
  const gchar *const texts[] = { "{\"a\":1", "{\"a\":}", "{\"a\" 1}",
    "{\"a\":1,,}", "{a:1}", "{\"a\":1]", "{\"a\":\"open}", "{\"a\":[1}",
    "{'a':1}", NULL
  };
  guint i;

  for (i = 0; texts[i]; i++)
    refuse (texts[i], -1, "not valid JSON at line 1");
  refuse ("{\n  \"a\": 1,\n  \"b\" 2\n}", -1, "at line 3");
  refuse ("", -1, "not an object");
  refuse ("null", -1, "not an object");
  refuse ("[{}]", -1, "not an object");
  refuse ("\"{}\"", -1, "not an object");
  refuse ("var x = {};", -1, "not an object");
  refuse ("{} {}", -1, "goes on");
  refuse ("{}x", -1, "goes on");
  refuse ("{\"a\":\"\xff\"}", -1, "UTF-8");
  refuse ("{\"a\":\"\xed\xa0\x80\"}", -1, "UTF-8");
  refuse ("{\"a\":\0}", 7, "UTF-8");
}

GST_END_TEST;

GST_START_TEST (test_error_quotes_nothing)
{
  g_autoptr (GError) error = NULL;

  fail_unless (realtime_json_parse_object ("{\"value\": ek_secret_word }", -1,
          &error) == NULL);
  fail_unless (strstr (error->message, "secret") == NULL, "%s", error->message);
}

GST_END_TEST;

static gchar *
nested (guint levels, gchar open, gchar close)
{
  GString *text = g_string_new ("{\"a\":");
  guint i;

  for (i = 0; i < levels; i++)
    g_string_append_c (text, open);
  for (i = 0; i < levels; i++)
    g_string_append_c (text, close);
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

GST_START_TEST (test_depth)
{
  g_autofree gchar *deepest = nested (63, '[', ']');
  g_autofree gchar *deeper = nested (64, '[', ']');
  g_autofree gchar *bomb = nested (2000000, '[', ']');
  g_autofree gchar *open = g_strnfill (2000000, '[');
  g_autofree gchar *half = g_strconcat ("{\"a\":", open, NULL);

  /* brackets that a scanner might take for part of a string or a comment */
  refuse ("{\"a\":/*\"*/[[[[[[[[/*\"*/1]]]]]]]]}", -1, "line 1, position 6");
  refuse ("{\n  \"a\": 'b'}", -1, "line 2, position 8");
  json_object_unref (parse (deepest));
  refuse (deeper, -1, "deeper than 64");
  refuse (bomb, -1, "deeper than 64");
  refuse (half, -1, "deeper than 64");
  /* brackets in a string are none */
  json_object_unref (parse ("{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
          "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[[\"}"));
}

GST_END_TEST;

GST_START_TEST (test_size)
{
  g_autofree gchar *fill = g_strnfill (17 * 1024 * 1024, 'x');
  g_autofree gchar *large = g_strconcat ("{\"a\":\"", fill, "\"}", NULL);

  refuse (large, -1, "larger than 16 MiB");
}

GST_END_TEST;

GST_START_TEST (test_broken_escapes)
{
  const struct
  {
    const gchar *text, *expected;
  } rows[] = {
    {"{\"a\":\"x\\ud83dy\"}", "x\xef\xbf\xbdy"},
    {"{\"a\":\"x\\ude00y\"}", "x\xef\xbf\xbdy"},
    {"{\"a\":\"x\\u0000y\"}", "x\xef\xbf\xbdy"},
    {"{\"a\":\"\\ud83d\\ude00\"}", "\xf0\x9f\x98\x80"},
    {"{\"a\":\"\\\\u0000\"}", "\\u0000"},
    {"{\"a\":\"\\ud83d\\ud83d\\ude00\"}", "\xef\xbf\xbd\xf0\x9f\x98\x80"},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    JsonObject *object = parse (rows[i].text);
    const gchar *value = realtime_json_get_string (object, "a", NULL);

    fail_unless (g_utf8_validate (value, -1, NULL));
    fail_unless_equals_string (value, rows[i].expected);
    json_object_unref (object);
  }
}

GST_END_TEST;

GST_START_TEST (test_paths)
{
  JsonObject *o = parse ("{\"s\":\"x\",\"n\":null,\"i\":-3,\"d\":2.5,"
      "\"w\":3.0,\"big\":1e300,\"b\":true,\"o\":{\"p\":{\"q\":7}},\"l\":[1]}");

  fail_unless_equals_string (realtime_json_get_string (o, "s", "f"), "x");
  fail_unless_equals_string (realtime_json_get_string (o, "n", "f"), "f");
  fail_unless_equals_string (realtime_json_get_string (o, "i", "f"), "f");
  fail_unless_equals_string (realtime_json_get_string (o, "o", "f"), "f");
  fail_unless_equals_string (realtime_json_get_string (o, "s.x", "f"), "f");
  fail_unless_equals_string (realtime_json_get_string (NULL, "s", "f"), "f");
  fail_unless_equals_int64 (realtime_json_get_int (o, "i", 9), -3);
  fail_unless_equals_int64 (realtime_json_get_int (o, "w", 9), 3);
  fail_unless_equals_int64 (realtime_json_get_int (o, "big", 9), 9);
  fail_unless_equals_int64 (realtime_json_get_int (o, "s", 9), 9);
  fail_unless_equals_int64 (realtime_json_get_int (o, "b", 9), 9);
  fail_unless_equals_int64 (realtime_json_get_int (o, "o.p.q", 9), 7);
  fail_unless_equals_int64 (realtime_json_get_int (o, "o.p.r", 9), 9);
  fail_unless_equals_int64 (realtime_json_get_int (o, "o..q", 9), 9);
  fail_unless_equals_int64 (realtime_json_get_int (o, "l.p.q", 9), 9);
  fail_unless_equals_float (realtime_json_get_double (o, "d", 9), 2.5);
  fail_unless_equals_float (realtime_json_get_double (o, "i", 9), -3);
  fail_unless_equals_float (realtime_json_get_double (o, "n", 9), 9);
  fail_unless (realtime_json_get_boolean (o, "b", FALSE));
  fail_unless (realtime_json_get_boolean (o, "n", TRUE));
  fail_unless (!realtime_json_get_boolean (o, "i", FALSE));
  fail_unless (realtime_json_get_object (o, "o.p") != NULL);
  fail_unless (realtime_json_get_object (o, "l") == NULL);
  fail_unless (realtime_json_get_object (o, "n") == NULL);
  fail_unless (realtime_json_get_array (o, "l") != NULL);
  fail_unless (realtime_json_get_array (o, "o") == NULL);
  fail_unless (realtime_json_get_element (realtime_json_get_array (o, "l"),
          0) == NULL);
  fail_unless (realtime_json_has (o, "n"));
  fail_unless (realtime_json_has (o, "o.p.q"));
  fail_unless (!realtime_json_has (o, "o.n"));
  json_object_unref (o);
}

GST_END_TEST;

GST_START_TEST (test_complete)
{
  const gchar *const whole[] = { "{}", " {\"a\":\"}\"} x", "[1,[2]]", "\"a\"",
    "12 ", "null,", "{}{", NULL
  };
  const gchar *const parts[] = { "", " ", "{", "{\"a\":\"}", "{\"a\":\"\\\"}",
    "[1,[2]", "\"a", "12", "nul", NULL
  };
  guint i;

  for (i = 0; whole[i]; i++)
    fail_unless (realtime_json_is_complete (whole[i], strlen (whole[i])),
        "%s", whole[i]);
  for (i = 0; parts[i]; i++)
    fail_if (realtime_json_is_complete (parts[i], strlen (parts[i])),
        "%s", parts[i]);
}

GST_END_TEST;

/* The examples of RFC 7396, appendix A, as far as both sides are objects. */
GST_START_TEST (test_merge)
{
  const gchar *const rows[][3] = {
    {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
    {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
    {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
    {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
    {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
    {"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
    {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}",
        "{\"a\":{\"b\":\"d\"}}"},
    {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
    {"{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"},
    {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    JsonObject *target = parse (rows[i][0]);
    JsonObject *patch = parse (rows[i][1]);
    g_autofree gchar *result = NULL;

    realtime_json_merge (target, patch);
    result = realtime_json_to_string (target);
    fail_unless_equals_string (result, rows[i][2]);
    json_object_unref (patch);
    json_object_unref (target);
  }
}

GST_END_TEST;

static Suite *
session_json_suite (void)
{
  Suite *s = suite_create ("session-json");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_refused);
  tcase_add_test (tc, test_error_quotes_nothing);
  tcase_add_test (tc, test_depth);
  tcase_add_test (tc, test_size);
  tcase_add_test (tc, test_broken_escapes);
  tcase_add_test (tc, test_paths);
  tcase_add_test (tc, test_complete);
  tcase_add_test (tc, test_merge);
  return s;
}

GST_CHECK_MAIN (session_json);
