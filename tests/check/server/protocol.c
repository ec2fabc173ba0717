/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "recorded.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define TEXT_SESSION "{\"type\":\"session.update\",\"session\":" \
  "{\"type\":\"realtime\",\"output_modalities\":[\"text\"]}}"

GST_START_TEST (test_text)
{
  Served *served = recorded_serve ("--asr none");
  Peer *peer = recorded_call (served, REALTIME);
  JsonObject *event, *response;
  JsonArray *output;

  peer_send (peer, TEXT_SESSION);
  peer_expect (peer, "session.updated", 10);
  peer_send (peer, SAY ("tell me a joke"));
  peer_expect (peer, "conversation.item.done", 10);
  peer_send (peer, RESPOND);
  peer_expect (peer, "response.content_part.added", 10);
  peer_expect (peer, "response.output_text.delta", 10);
  event = peer_expect (peer, "response.output_text.done", 10);
  fail_unless (strstr (recorded_get (event, "text"), "sink") != NULL);
  event = peer_expect (peer, "response.done", 10);
  response = json_object_get_object_member (event, "response");
  output = json_object_get_array_member (response, "output");
  fail_unless_equals_int (json_array_get_length (output), 1);
  fail_if (peer_has (peer, "output_audio_buffer.started"));

  /* out of band: not in the conversation */
  peer_send (peer, "{\"type\":\"response.create\",\"response\":{"
      "\"conversation\":\"none\",\"metadata\":{\"k\":\"v\"},"
      "\"output_modalities\":[\"text\"],"
      "\"instructions\":\"Say exactly: three word title\"}}");
  event = peer_expect (peer, "response.created", 10);
  response = json_object_get_object_member (event, "response");
  fail_unless (json_object_get_null_member (response, "conversation_id"));
  fail_unless_equals_string (recorded_get (json_object_get_object_member
          (response, "metadata"), "k"), "v");
  event = peer_expect (peer, "response.output_text.done", 10);
  fail_unless_equals_string (recorded_get (event, "text"), "three word title");
  peer_expect (peer, "response.done", 10);
  fail_if (peer_has (peer, "conversation.item.added"));

  /* words beyond the limit are left out */
  peer_send (peer, "{\"type\":\"response.create\",\"response\":{"
      "\"max_output_tokens\":3,"
      "\"instructions\":\"Say one two three four five six\"}}");
  event = peer_expect (peer, "response.done", 10);
  response = json_object_get_object_member (event, "response");
  fail_unless_equals_string (recorded_get (response, "status"), "incomplete");
  fail_unless_equals_string (recorded_get (json_object_get_object_member
          (response, "status_details"), "reason"), "max_output_tokens");
  recorded_done (served, peer);
}

GST_END_TEST;

GST_START_TEST (test_function_call)
{
  Served *served = recorded_serve ("--asr none");
  Peer *peer = recorded_call (served, REALTIME);
  JsonObject *event, *item;
  gchar *text;

  peer_send (peer, "{\"type\":\"session.update\",\"session\":{\"type\":"
      "\"realtime\",\"output_modalities\":[\"text\"],\"tools\":[{\"type\":"
      "\"function\",\"name\":\"get_weather\",\"parameters\":{\"type\":"
      "\"object\",\"properties\":{\"place\":{\"type\":\"string\"}}}}]}}");
  peer_send (peer, SAY ("What is the weather in Berlin?"));
  peer_send (peer, RESPOND);
  peer_expect (peer, "response.output_item.added", 10);
  peer_expect (peer, "response.function_call_arguments.delta", 10);
  event = peer_expect (peer, "response.function_call_arguments.done", 10);
  fail_unless_equals_string (recorded_get (event, "name"), "get_weather");
  fail_unless_equals_string (recorded_get (event, "arguments"),
      "{\"place\":\"berlin\"}");
  event = peer_expect (peer, "response.output_item.done", 10);
  item = json_object_get_object_member (event, "item");
  fail_unless_equals_string (recorded_get (item, "type"), "function_call");
  peer_expect (peer, "response.done", 10);
  text = g_strdup_printf ("{\"type\":\"conversation.item.create\",\"item\":"
      "{\"type\":\"function_call_output\",\"call_id\":\"%s\",\"output\":"
      "\"{\\\"sky\\\":\\\"clear\\\",\\\"degrees\\\":21}\"}}",
      recorded_get (item, "call_id"));
  peer_send (peer, text);
  peer_send (peer, RESPOND);
  event = peer_expect (peer, "response.output_text.done", 10);
  fail_unless_equals_string (recorded_get (event, "text"),
      "The answer is: sky clear, degrees 21.");
  g_free (text);
  recorded_done (served, peer);
}

GST_END_TEST;

/* All calls of a response in a row, and their results in any order. */
GST_START_TEST (test_parallel_calls)
{
  Served *served = recorded_script ("{\"calls\":[{\"name\":\"a\"},"
      "{\"name\":\"b\",\"arguments\":{\"x\":1}}]}\n", NULL);
  Peer *peer = recorded_call (served, REALTIME);
  JsonObject *event, *response;
  JsonArray *output;
  guint i;

  peer_send (peer, TEXT_SESSION);
  peer_send (peer, RESPOND);
  for (i = 0; i < 2; i++) {
    event = peer_expect (peer, "response.function_call_arguments.done", 10);
    fail_unless_equals_int (json_object_get_int_member (event,
            "output_index"), i);
    fail_unless_equals_string (recorded_get (event, "name"),
        i == 0 ? "a" : "b");
  }
  event = peer_expect (peer, "response.done", 10);
  response = json_object_get_object_member (event, "response");
  output = json_object_get_array_member (response, "output");
  fail_unless_equals_int (json_array_get_length (output), 2);
  for (i = 2; i > 0; i--) {
    gchar *text = g_strdup_printf ("{\"type\":\"conversation.item.create\","
        "\"item\":{\"type\":\"function_call_output\",\"call_id\":\"%s\","
        "\"output\":\"%u\"}}",
        recorded_get (json_array_get_object_element (output,
                i - 1), "call_id"), i);

    peer_send (peer, text);
    g_free (text);
    peer_expect (peer, "conversation.item.done", 10);
  }
  peer_send (peer, RESPOND);
  event = peer_expect (peer, "response.output_text.done", 10);
  fail_unless_equals_string (recorded_get (event, "text"), "The answer is: 1.");
  recorded_done (served, peer);
}

GST_END_TEST;

/* 6 by 4 pixels */
#define PICTURE \
  "iVBORw0KGgoAAAANSUhEUgAAAAYAAAAECAIAAAAiZtkUAAAAEUlEQVR4nGNocFBA" \
  "QwzkCgEAJ3kVAY+QJGMAAAAASUVORK5CYII="

GST_START_TEST (test_picture)
{
  Served *served = recorded_serve ("--asr none");
  Peer *peer = recorded_call (served, REALTIME);
  JsonObject *event;

  peer_send (peer, TEXT_SESSION);
  peer_send (peer, "{\"type\":\"conversation.item.create\",\"item\":"
      "{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":"
      "\"input_image\",\"detail\":\"low\",\"image_url\":"
      "\"data:image/png;base64," PICTURE "\"}]}}");
  peer_expect (peer, "conversation.item.done", 10);
  peer_send (peer, SAY ("what do you see"));
  peer_send (peer, RESPOND);
  event = peer_expect (peer, "response.output_text.done", 10);
  fail_unless_equals_string (recorded_get (event, "text"),
      "I see a PNG picture of 6 by 4 pixels.");
  recorded_done (served, peer);
}

GST_END_TEST;

/* Approvals are taken; the exchange around them is the script's. */
GST_START_TEST (test_mcp_by_script)
{
  Served *served = recorded_script ("{\"wait\":\"response.create\"}\n"
      "{\"event\":{\"type\":\"conversation.item.added\","
      "\"previous_item_id\":null,\"item\":{\"id\":\"mcpr_1\",\"type\":"
      "\"mcp_approval_request\",\"server_label\":\"docs\",\"name\":"
      "\"search\",\"arguments\":\"{}\"}}}\n"
      "{\"wait\":\"conversation.item.create\"}\n"
      "{\"event\":{\"type\":\"response.mcp_call.in_progress\","
      "\"output_index\":0,\"item_id\":\"mcp_1\"}}\n", NULL);
  Peer *peer = recorded_call (served, REALTIME);

  peer_send (peer, TEXT_SESSION);
  peer_send (peer, RESPOND);
  peer_expect (peer, "response.done", 10);
  peer_send (peer, "{\"type\":\"conversation.item.create\",\"item\":"
      "{\"type\":\"mcp_approval_response\",\"approval_request_id\":"
      "\"mcpr_1\",\"approve\":true}}");
  peer_expect (peer, "conversation.item.done", 10);
  peer_expect (peer, "response.mcp_call.in_progress", 10);
  recorded_done (served, peer);
}

GST_END_TEST;

static const struct
{
  const gchar *event, *code, *param;
} wrong[] = {
  {"{", "invalid_event", NULL},
  {"[]", "invalid_event", NULL},
  {"{\"event_id\":\"e\"}", "invalid_event", "type"},
  {"{\"type\":\"no.such.event\",\"event_id\":\"e\"}", "invalid_value", "type"},
  {"{\"type\":\"session.update\",\"event_id\":\"e\"}",
      "missing_required_parameter", "session"},
  {"{\"type\":\"session.update\",\"event_id\":\"e\",\"session\":{}}",
      "missing_required_parameter", "session.type"},
  {"{\"type\":\"session.update\",\"event_id\":\"e\",\"session\":{\"type\":"
        "\"transcription\"}}", "invalid_value", "session.type"},
  {"{\"type\":\"session.update\",\"event_id\":\"e\",\"session\":{\"type\":"
        "\"realtime\",\"voice\":\"ash\"}}", "unknown_parameter",
      "session.voice"},
  {"{\"type\":\"session.update\",\"event_id\":\"e\",\"session\":{\"type\":"
        "\"realtime\",\"instructions\":1}}", "invalid_type",
      "session.instructions"},
  {"{\"type\":\"session.update\",\"event_id\":\"e\",\"session\":{\"type\":"
        "\"realtime\",\"model\":\"gpt-realtime-mini\"}}",
      "cannot_update_model", "session.model"},
  {"{\"type\":\"input_audio_buffer.append\",\"event_id\":\"e\",\"audio\":"
        "\"AAAA\"}", "invalid_event", "type"},
  {"{\"type\":\"conversation.item.create\",\"event_id\":\"e\"}",
      "missing_required_parameter", "item"},
  {"{\"type\":\"conversation.item.create\",\"event_id\":\"e\",\"item\":{}}",
      "missing_required_parameter", "item.type"},
  {"{\"type\":\"conversation.item.create\",\"event_id\":\"e\",\"item\":"
        "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":"
        "\"input_text\",\"text\":\"x\"}]}}", "invalid_value",
      "item.content[0].type"},
  {"{\"type\":\"conversation.item.create\",\"event_id\":\"e\",\"item\":"
        "{\"id\":\"bad id\",\"type\":\"message\",\"role\":\"user\","
        "\"content\":[]}}", "invalid_value", "item.id"},
  {"{\"type\":\"conversation.item.create\",\"event_id\":\"e\","
        "\"previous_item_id\":\"nobody\",\"item\":{\"type\":\"message\","
        "\"role\":\"user\",\"content\":[]}}",
      "item_create_invalid_previous_item_id", "previous_item_id"},
  {"{\"type\":\"conversation.item.create\",\"event_id\":\"e\",\"item\":"
        "{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":"
        "\"input_image\",\"image_url\":\"data:image/png;base64,AAAA\"}]}}",
      "invalid_value", "item.content[0].image_url"},
  {"{\"type\":\"conversation.item.create\",\"event_id\":\"e\",\"item\":"
        "{\"type\":\"function_call_output\",\"call_id\":\"nobody\","
        "\"output\":\"x\"}}", "invalid_tool_call_id", "item.call_id"},
  {"{\"type\":\"conversation.item.create\",\"event_id\":\"e\",\"item\":"
        "{\"type\":\"mcp_approval_response\",\"approve\":true}}",
      "missing_required_parameter", "item.approval_request_id"},
  {"{\"type\":\"conversation.item.retrieve\",\"event_id\":\"e\","
        "\"item_id\":\"nobody\"}", "item_retrieve_invalid_item_id", "item_id"},
  {"{\"type\":\"conversation.item.delete\",\"event_id\":\"e\","
        "\"item_id\":\"nobody\"}", "item_delete_invalid_item_id", "item_id"},
  {"{\"type\":\"conversation.item.truncate\",\"event_id\":\"e\","
        "\"item_id\":\"nobody\",\"content_index\":0,\"audio_end_ms\":1}",
      "item_truncate_invalid_item_id", "item_id"},
  {"{\"type\":\"conversation.item.truncate\",\"event_id\":\"e\","
        "\"item_id\":\"nobody\",\"content_index\":0}",
      "missing_required_parameter", "audio_end_ms"},
  {"{\"type\":\"response.cancel\",\"event_id\":\"e\"}",
      "response_cancel_not_active", NULL},
  {"{\"type\":\"response.create\",\"event_id\":\"e\",\"response\":{"
        "\"modalities\":[\"text\"]}}", "unknown_parameter",
      "response.modalities"},
  {"{\"type\":\"response.create\",\"event_id\":\"e\",\"response\":{"
        "\"input\":[{\"type\":\"item_reference\",\"id\":\"nobody\"}]}}",
      "invalid_value", "response.input[0].id"},
  {"{\"type\":\"response.create\",\"event_id\":\"e\",\"extra\":1}",
      "unknown_parameter", "extra"},
  {"{\"type\":\"input_audio_buffer.commit\",\"event_id\":\"e\"}",
      "input_audio_buffer_commit_empty", NULL}
};

GST_START_TEST (test_errors)
{
  Served *served = recorded_serve ("--asr none");
  Peer *peer = recorded_call (served, "{\"type\":\"realtime\",\"model\":"
      "\"gpt-realtime-2.1\"}");
  JsonObject *error;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (wrong); i++) {
    peer_send (peer, wrong[i].event);
    error = json_object_get_object_member (peer_expect (peer, "error", 10),
        "error");
    fail_unless (g_strcmp0 (recorded_get (error, "code"), wrong[i].code) == 0,
        "%s: code %s", wrong[i].event, recorded_get (error, "code"));
    fail_unless (g_strcmp0 (recorded_get (error, "param"), wrong[i].param) == 0,
        "%s: param %s", wrong[i].event, recorded_get (error, "param"));
    fail_unless (g_strcmp0 (recorded_get (error, "event_id"),
            strstr (wrong[i].event, "event_id") != NULL ? "e" : NULL) == 0,
        "%s: event_id %s", wrong[i].event, recorded_get (error, "event_id"));
  }
  /* the session is none the worse for it */
  peer_send (peer, TEXT_SESSION);
  peer_expect (peer, "session.updated", 10);
  recorded_done (served, peer);
}

GST_END_TEST;

GST_START_TEST (test_items)
{
  Served *served = recorded_script ("{\"say\":\"one two three four five\"}\n",
      NULL);
  Peer *peer = recorded_call (served, MANUAL);
  JsonObject *event, *item;
  JsonArray *content;
  gchar *id, *text;

  peer_send (peer, "{\"type\":\"conversation.item.create\",\"item\":{\"id\":"
      "\"b\",\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":"
      "\"input_text\",\"text\":\"hi\"}]}}");
  event = peer_expect (peer, "conversation.item.added", 10);
  fail_unless (json_object_get_null_member (event, "previous_item_id"));
  peer_send (peer, "{\"type\":\"conversation.item.create\","
      "\"previous_item_id\":\"root\",\"item\":{\"id\":\"a\",\"type\":"
      "\"message\",\"role\":\"system\",\"content\":[{\"type\":\"input_text\","
      "\"text\":\"be brief\"}]}}");
  event = peer_expect (peer, "conversation.item.added", 10);
  fail_unless (json_object_get_null_member (event, "previous_item_id"));
  peer_send (peer, "{\"type\":\"conversation.item.create\","
      "\"previous_item_id\":\"a\",\"item\":{\"id\":\"ab\",\"type\":"
      "\"message\",\"role\":\"assistant\",\"content\":[{\"type\":"
      "\"output_text\",\"text\":\"yes\"}]}}");
  event = peer_expect (peer, "conversation.item.added", 10);
  fail_unless_equals_string (recorded_get (event, "previous_item_id"), "a");
  peer_send (peer, "{\"type\":\"conversation.item.delete\",\"item_id\":"
      "\"ab\"}");
  event = peer_expect (peer, "conversation.item.deleted", 10);
  fail_unless_equals_string (recorded_get (event, "item_id"), "ab");

  peer_send (peer, RESPOND);
  event = peer_expect (peer, "response.output_item.done", 20);
  item = json_object_get_object_member (event, "item");
  id = g_strdup (recorded_get (item, "id"));
  peer_expect (peer, "output_audio_buffer.stopped", 10);
  /* its voice is settled */
  peer_send (peer, "{\"type\":\"session.update\",\"session\":{\"type\":"
      "\"realtime\",\"audio\":{\"output\":{\"voice\":\"ash\"}}}}");
  event = json_object_get_object_member (peer_expect (peer, "error", 10),
      "error");
  fail_unless_equals_string (recorded_get (event, "code"),
      "cannot_update_voice");
  text =
      g_strdup_printf ("{\"type\":\"conversation.item.truncate\","
      "\"item_id\":\"%s\",\"content_index\":0,\"audio_end_ms\":60000}", id);
  peer_send (peer, text);
  g_free (text);
  event = json_object_get_object_member (peer_expect (peer, "error", 10),
      "error");
  fail_unless_equals_string (recorded_get (event, "param"), "audio_end_ms");
  text = g_strdup_printf ("{\"type\":\"conversation.item.truncate\","
      "\"item_id\":\"%s\",\"content_index\":0,\"audio_end_ms\":300}", id);
  peer_send (peer, text);
  g_free (text);
  event = peer_expect (peer, "conversation.item.truncated", 10);
  fail_unless_equals_int (json_object_get_int_member (event, "audio_end_ms"),
      300);
  text = g_strdup_printf ("{\"type\":\"conversation.item.retrieve\","
      "\"item_id\":\"%s\"}", id);
  peer_send (peer, text);
  g_free (text);
  event = peer_expect (peer, "conversation.item.retrieved", 10);
  item = json_object_get_object_member (event, "item");
  content = json_object_get_array_member (item, "content");
  fail_if (json_object_has_member (json_array_get_object_element (content, 0),
          "transcript"));
  g_free (id);
  recorded_done (served, peer);
}

GST_END_TEST;

GST_START_TEST (test_script)
{
  Served *served = recorded_script ("# a scripted conversation\n"
      "{\"heard\":\"what is two and two\"}\n"
      "{\"say\":\"Four.\"}\n"
      "{\"call\":{\"name\":\"add\",\"arguments\":{\"a\":2}}}\n"
      "{\"fail\":\"rate_limit_exceeded\"}\n"
      "{\"wait\":\"input_audio_buffer.clear\"}\n"
      "{\"after_ms\":50}\n"
      "{\"event\":{\"type\":\"input_audio_buffer.dtmf_event_received\","
      "\"event\":\"5\",\"received_at\":1}}\n", NULL);
  Peer *peer = recorded_call (served, REALTIME);
  JsonObject *event;

  recorded_say (peer, "anything that is not it");
  event = peer_expect (peer,
      "conversation.item.input_audio_transcription.completed", 20);
  fail_unless_equals_string (recorded_get (event, "transcript"),
      "what is two and two");
  event = peer_expect (peer, "response.output_audio_transcript.done", 20);
  fail_unless_equals_string (recorded_get (event, "transcript"), "Four.");
  peer_expect (peer, "output_audio_buffer.stopped", 10);
  peer_send (peer, RESPOND);
  event = peer_expect (peer, "response.function_call_arguments.done", 10);
  fail_unless_equals_string (recorded_get (event, "arguments"), "{\"a\":2}");
  peer_expect (peer, "response.done", 10);
  peer_send (peer, RESPOND);
  event = json_object_get_object_member (peer_expect (peer, "response.done",
          10), "response");
  fail_unless_equals_string (recorded_get (event, "status"), "failed");
  peer_send (peer, "{\"type\":\"input_audio_buffer.clear\"}");
  peer_expect (peer, "input_audio_buffer.dtmf_event_received", 10);
  recorded_done (served, peer);
}

GST_END_TEST;

static Suite *
server_protocol_suite (void)
{
  Suite *suite = suite_create ("server-protocol");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, recorded_set_up, recorded_tear_down);
  tcase_add_test (tc, test_text);
  tcase_add_test (tc, test_function_call);
  tcase_add_test (tc, test_parallel_calls);
  tcase_add_test (tc, test_picture);
  tcase_add_test (tc, test_mcp_by_script);
  tcase_add_test (tc, test_errors);
  tcase_add_test (tc, test_items);
  tcase_add_test (tc, test_script);
  return suite;
}

GST_CHECK_MAIN (server_protocol);
