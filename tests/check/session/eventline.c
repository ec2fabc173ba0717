/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "session/eventline.h"
#include "session/json.h"
#include "session/usage.h"

static void
check_splice (const gchar * event, const gchar * expected)
{
  g_autofree gchar *line = realtime_event_line_splice (event, 12, 3);

  fail_unless_equals_string (line, expected);
}

GST_START_TEST (test_splice)
{
  g_autofree gchar *untimed = NULL;

  check_splice ("{\"type\":\"x\", \"n\" : 1.50 }",
      "{\"type\":\"x\", \"n\" : 1.50 ,\"gst_running_time\":12,"
      "\"gst_session\":3}\n");
  check_splice ("{\n \"a\": \"\\n}\"\r\n}\n",
      "{  \"a\": \"\\n}\"  ,\"gst_running_time\":12,\"gst_session\":3}\n");
  check_splice ("{ }", "{ \"gst_running_time\":12,\"gst_session\":3}\n");
  check_splice ("{\"gst_session\":9}",
      "{\"gst_session\":9,\"gst_running_time\":12,\"gst_session\":3}\n");

  untimed = realtime_event_line_splice ("{}", REALTIME_TIME_NONE, 1);
  fail_unless_equals_string (untimed, "{\"gst_session\":1}\n");
}

GST_END_TEST;

/* Parses a line and frees it. */
static JsonObject *
parse_line (gchar * line)
{
  JsonObject *object;

  fail_unless (g_str_has_suffix (line, "}\n"));
  fail_unless (strchr (line, '\n') == line + strlen (line) - 1);
  object = realtime_json_parse_object (line, -1, NULL);
  fail_unless (object != NULL, "%s", line);
  fail_unless_equals_int64 (realtime_json_get_int (object,
          "gst_running_time", -1), 5);
  fail_unless_equals_int64 (realtime_json_get_int (object, "gst_session", -1),
      2);
  g_free (line);
  return object;
}

static void
expect_string (JsonObject * event, const gchar * name, const gchar * value)
{
  fail_unless_equals_string (realtime_json_get_string (event, name, NULL),
      value);
}

GST_START_TEST (test_own_events)
{
  RealtimeUsage usage = { 0, };
  RealtimeUsage back = { 0, };
  JsonObject *event;
  JsonArray *tools;

  event = parse_line (realtime_event_line_state (5, 2,
          REALTIME_CONNECTION_RECONNECTING, REALTIME_TURN_IDLE,
          "line \"lost\"\nfor good", 3, "sess_1", NULL));
  expect_string (event, "type", "realtimebin.state");
  expect_string (event, "connection", "reconnecting");
  expect_string (event, "turn", "idle");
  expect_string (event, "reason", "line \"lost\"\nfor good");
  expect_string (event, "session_id", "sess_1");
  fail_unless_equals_int64 (realtime_json_get_int (event, "attempt", 0), 3);
  fail_if (realtime_json_has (event, "call_id"));
  json_object_unref (event);

  event = parse_line (realtime_event_line_progress (5, 2, "ice", 77));
  expect_string (event, "type", "realtimebin.progress");
  expect_string (event, "step", "ice");
  fail_unless_equals_int64 (realtime_json_get_int (event, "elapsed_ns", 0), 77);
  json_object_unref (event);

  event = parse_line (realtime_event_line_timeline (5, 2, "sess_1", 99));
  expect_string (event, "type", "realtimebin.timeline");
  fail_unless_equals_int64 (realtime_json_get_int (event,
          "epoch_running_time", 0), 99);
  json_object_unref (event);

  event = parse_line (realtime_event_line_output (5, 2, TRUE, 77, "resp_1"));
  expect_string (event, "type", "realtimebin.output");
  expect_string (event, "state", "started");
  expect_string (event, "response_id", "resp_1");
  fail_unless_equals_int64 (realtime_json_get_int (event, "running_time", 0),
      77);
  json_object_unref (event);

  event = parse_line (realtime_event_line_output (5, 2, FALSE,
          REALTIME_TIME_NONE, NULL));
  expect_string (event, "state", "stopped");
  fail_if (realtime_json_has (event, "running_time"));
  fail_if (realtime_json_has (event, "response_id"));
  json_object_unref (event);

  event =
      parse_line (realtime_event_line_sent (5, 2,
          "{\"type\":\"x\",\"session\":"
          "{\"tools\":[1,{\"type\":\"function\",\"headers\":{\"a\":1}},"
          "{\"type\":\"mcp\",\"authorization\":\"s\",\"headers\":{\"k\":\"s\"}}]},"
          "\"response\":{\"tools\":[{\"type\":\"mcp\",\"authorization\":{}}]}}"));
  expect_string (event, "type", "realtimebin.sent");
  expect_string (event, "event.type", "x");
  tools = realtime_json_get_array (event, "event.session.tools");
  fail_unless_equals_int64 (realtime_json_get_int (realtime_json_get_element
          (tools, 1), "headers.a", 0), 1);
  expect_string (realtime_json_get_element (tools, 2), "authorization",
      "[redacted]");
  expect_string (realtime_json_get_element (tools, 2), "headers.k",
      "[redacted]");
  tools = realtime_json_get_array (event, "event.response.tools");
  expect_string (realtime_json_get_element (tools, 0), "authorization",
      "[redacted]");
  json_object_unref (event);
  fail_unless (realtime_event_line_sent (5, 2, "[]") == NULL);

  event = parse_line (realtime_event_line_error (5, 2, "c", "m", 0, FALSE,
          NULL));
  expect_string (event, "type", "realtimebin.error");
  expect_string (event, "code", "c");
  fail_if (realtime_json_has (event, "http_status"));
  fail_if (realtime_json_has (event, "request_id"));
  fail_if (realtime_json_get_boolean (event, "fatal", TRUE));
  json_object_unref (event);

  usage.input_tokens = 4;
  usage.cached_audio_tokens = 3;
  usage.transcription_seconds = 1.25;
  usage.responses = 2;
  event = parse_line (realtime_event_line_usage (5, 2, &usage));
  expect_string (event, "type", "realtimebin.usage");
  realtime_usage_from_json (&back, event);
  fail_unless (realtime_usage_equal (&usage, &back));
  json_object_unref (event);
}

GST_END_TEST;

#define SAMPLE "\xef\xbb\xbf{\"a\":1}\n\n  \r\n{\"b\":\"\xc3\xa9\"}\r\nx\n\n{\"c\":3}"

GST_START_TEST (test_reader_chunks)
{
  const gchar *const expected[] = { "{\"a\":1}", "{\"b\":\"\xc3\xa9\"}", "x",
    "{\"c\":3}"
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261121);
  g_autoptr (RealtimeLineReader) reader = realtime_line_reader_new ();
  gsize size = strlen (SAMPLE);
  guint round;

  for (round = 0; round < 500; round++) {
    g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
    gsize pos = 0;
    gboolean too_long;
    gchar *line;
    guint i;

    while (pos < size) {
      gsize chunk = g_rand_int_range (rand, 0, 9);

      chunk = MIN (chunk, size - pos);
      realtime_line_reader_push (reader, SAMPLE + pos, chunk);
      pos += chunk;
      /* now and then let lines gather before they are taken */
      while (g_rand_boolean (rand)
          && (line = realtime_line_reader_pop (reader, &too_long)) != NULL) {
        fail_if (too_long);
        g_ptr_array_add (lines, line);
      }
    }
    while ((line = realtime_line_reader_pop (reader, NULL)) != NULL)
      g_ptr_array_add (lines, line);
    line = realtime_line_reader_flush (reader);
    fail_unless (line != NULL);
    g_ptr_array_add (lines, line);
    fail_unless (realtime_line_reader_flush (reader) == NULL);

    fail_unless_equals_int (lines->len, G_N_ELEMENTS (expected));
    for (i = 0; i < lines->len; i++)
      fail_unless_equals_string (g_ptr_array_index (lines, i), expected[i]);
  }
}

GST_END_TEST;

static void
check_too_long (gsize chunk)
{
  g_autoptr (RealtimeLineReader) reader = realtime_line_reader_new ();
  gsize size = 17 * 1024 * 1024;
  g_autofree gchar *text = g_strnfill (size, 'x');
  guint reports = 0, lines = 0;
  gboolean too_long;
  gchar *line;
  gsize pos;

  text[0] = '\n';
  memcpy (text + size - 6, "\n{}\n[]", 6);
  for (pos = 0; pos < size; pos += chunk) {
    realtime_line_reader_push (reader, text + pos, MIN (chunk, size - pos));
    while ((line = realtime_line_reader_pop (reader, &too_long)) != NULL) {
      if (too_long) {
        fail_unless_equals_string (line, "");
        reports++;
      } else {
        fail_unless_equals_string (line, "{}");
        lines++;
      }
      g_free (line);
    }
  }
  fail_unless_equals_int (reports, 1);
  fail_unless_equals_int (lines, 1);
  line = realtime_line_reader_flush (reader);
  fail_unless_equals_string (line, "[]");
  g_free (line);
}

GST_START_TEST (test_reader_too_long)
{
  check_too_long (1000003);
  check_too_long (17 * 1024 * 1024);
}

GST_END_TEST;

GST_START_TEST (test_reader_reset)
{
  g_autoptr (RealtimeLineReader) reader = realtime_line_reader_new ();
  g_autofree gchar *line = NULL;

  realtime_line_reader_push (reader, "{\"half\":", 8);
  fail_unless (realtime_line_reader_pop (reader, NULL) == NULL);
  realtime_line_reader_reset (reader);
  realtime_line_reader_push (reader, "{}\n", 3);
  line = realtime_line_reader_pop (reader, NULL);
  fail_unless_equals_string (line, "{}");
}

GST_END_TEST;

GST_START_TEST (test_nicks)
{
  RealtimeConnectionState connection;
  RealtimeTurnState turn;
  guint i;

  for (i = 0; i <= REALTIME_CONNECTION_FAILED; i++) {
    fail_unless (realtime_connection_state_from_nick
        (realtime_connection_state_nick (i), &connection));
    fail_unless_equals_int (connection, i);
  }
  for (i = 0; i <= REALTIME_TURN_ASSISTANT_SPEAKING; i++) {
    fail_unless (realtime_turn_state_from_nick (realtime_turn_state_nick (i),
            &turn));
    fail_unless_equals_int (turn, i);
  }
  fail_if (realtime_connection_state_from_nick ("up", &connection));
  fail_if (realtime_turn_state_from_nick (NULL, &turn));
  fail_unless_equals_int (realtime_role_from_nick ("assistant"),
      REALTIME_ROLE_ASSISTANT);
  fail_unless_equals_int (realtime_role_from_nick ("tool"),
      REALTIME_ROLE_UNKNOWN);
}

GST_END_TEST;

static Suite *
session_eventline_suite (void)
{
  Suite *s = suite_create ("session-eventline");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_splice);
  tcase_add_test (tc, test_own_events);
  tcase_add_test (tc, test_reader_chunks);
  tcase_add_test (tc, test_reader_too_long);
  tcase_add_test (tc, test_reader_reset);
  tcase_add_test (tc, test_nicks);
  return s;
}

GST_CHECK_MAIN (session_eventline);
