/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "peer.h"

#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>
#include <string.h>

#define REALTIME "{\"type\":\"realtime\",\"audio\":{\"input\":" \
  "{\"transcription\":{\"model\":\"gpt-transcribe\"}}}}"
#define MANUAL "{\"type\":\"realtime\",\"audio\":{\"input\":" \
  "{\"turn_detection\":null,\"transcription\":{\"model\":" \
  "\"gpt-transcribe\"}}}}"
#define TRANSCRIPTION "{\"type\":\"transcription\"}"

#define TEXT_SESSION "{\"type\":\"session.update\",\"session\":" \
  "{\"type\":\"realtime\",\"output_modalities\":[\"text\"]}}"
#define SAY(text) "{\"type\":\"conversation.item.create\",\"item\":" \
  "{\"type\":\"message\",\"role\":\"user\",\"content\":" \
  "[{\"type\":\"input_text\",\"text\":\"" text "\"}]}}"
#define RESPOND "{\"type\":\"response.create\"}"

static const gchar *
get (JsonObject * object, const gchar * name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static gchar *record;

/* A server that records, for the schema check at the end. */
static Served *
serve (const gchar * more)
{
  gchar *arguments = g_strdup_printf ("--record %s %s", record,
      more != NULL ? more : "");
  Served *served = served_new (arguments);

  g_free (arguments);
  return served;
}

/* A script in a file of its own. */
static Served *
serve_script (const gchar * lines, const gchar * more)
{
  gchar *path = g_build_filename (record, "script.jsonl", NULL);
  gchar *arguments = g_strdup_printf ("--asr none --script %s %s", path,
      more != NULL ? more : "");
  Served *served;

  fail_unless (g_file_set_contents (path, lines, -1, NULL));
  served = serve (arguments);
  g_free (arguments);
  g_free (path);
  return served;
}

static void
check_schema (const gchar * file)
{
  const gchar *shared = g_getenv ("REALTIME_SHARED_DIR");
  gchar *line, *output = NULL;
  gint status;

  if (shared == NULL)
    return;
  line = g_strdup_printf ("/usr/bin/python3 %s/tools/validate-events %s",
      shared, file);
  if (g_spawn_command_line_sync (line, &output, NULL, &status, NULL))
    fail_unless (status == 0, "%s", output);
  g_free (output);
  g_free (line);
}

/* Holds all that was sent against the published schema. */
static void
check_records (void)
{
  GDir *dir = g_dir_open (record, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    gchar *path = g_build_filename (record, name, NULL);

    if (g_str_has_suffix (name, "-server.jsonl"))
      check_schema (path);
    g_unlink (path);
    g_free (path);
  }
  g_dir_close (dir);
}

static void
done (Served * served, Peer * peer)
{
  peer_free (peer, TRUE);
  served_free (served);
  check_records ();
}

static Peer *
call (Served * served, const gchar * session)
{
  Peer *peer = peer_new (served, session, NULL);

  peer_expect (peer, "session.created", 10);
  return peer;
}

static void
say (Peer * peer, const gchar * text)
{
  gint16 *pause = g_new0 (gint16, PEER_RATE);
  gsize n, start, end;
  gint16 *speech = speech_make (text, &n, &start, &end);

  peer_say (peer, pause, PEER_RATE / 2);
  peer_say (peer, speech, n);
  peer_say (peer, pause, PEER_RATE);
  g_free (speech);
  g_free (pause);
}

/* One word in eight may be misheard. */
static void
check_words (const gchar * heard, const gchar * said)
{
  guint wrong, words;

  word_errors (said, heard, &wrong, &words);
  fail_unless (wrong <= 1, "\"%s\" in place of \"%s\"", heard, said);
}

/* The types in the order of reference 5.2, seen one after the other. */
GST_START_TEST (test_spoken_turn)
{
  static const gchar *const order[] = {
    "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped",
    "input_audio_buffer.committed", "conversation.item.added",
    "conversation.item.done", "response.created", "rate_limits.updated",
    "response.output_item.added", "conversation.item.added",
    "response.content_part.added", "output_audio_buffer.started",
    "response.output_audio_transcript.delta", "response.output_audio.done",
    "response.output_audio_transcript.done", "response.content_part.done",
    "response.output_item.done", "conversation.item.done", "response.done",
    "output_audio_buffer.stopped"
  };
  Served *served = serve (NULL);
  Peer *peer = call (served, REALTIME);
  JsonObject *event = NULL, *response, *usage;
  guint i;

  say (peer, "hello how are you today");
  for (i = 0; i < G_N_ELEMENTS (order); i++) {
    event = peer_expect (peer, order[i], 20);
    if (i == 17) {
      response = json_object_get_object_member (event, "response");
      fail_unless_equals_string (get (response, "status"), "completed");
      usage = json_object_get_object_member (response, "usage");
      fail_unless (json_object_get_int_member (usage, "total_tokens") ==
          json_object_get_int_member (usage, "input_tokens") +
          json_object_get_int_member (usage, "output_tokens"));
      usage = json_object_get_object_member (usage, "output_token_details");
      fail_unless (json_object_get_int_member (usage, "audio_tokens") > 10);
    }
  }
  fail_unless (peer_heard (peer) > 2000, "the reply was not heard");
  done (served, peer);
}

GST_END_TEST;

GST_START_TEST (test_transcript_order)
{
  Served *served = serve (NULL);
  Peer *peer = call (served, TRANSCRIPTION);
  JsonObject *one, *two, *event;

  say (peer, "turn on the lights in the living room");
  one = peer_expect (peer, "input_audio_buffer.committed", 20);
  fail_unless (json_object_get_null_member (one, "previous_item_id"));
  event = peer_expect (peer,
      "conversation.item.input_audio_transcription.completed", 20);
  fail_unless_equals_string (get (event, "item_id"), get (one, "item_id"));
  check_words (get (event, "transcript"),
      "turn on the lights in the living room");
  event = json_object_get_object_member (event, "usage");
  fail_unless_equals_string (get (event, "type"), "duration");
  say (peer, "my brother bought a new car last week");
  two = peer_expect (peer, "input_audio_buffer.committed", 20);
  fail_unless_equals_string (get (two, "previous_item_id"), get (one,
          "item_id"));
  peer_expect (peer, "conversation.item.input_audio_transcription.completed",
      20);
  fail_if (peer_has (peer, "response.created"));
  done (served, peer);
}

GST_END_TEST;

/* Deltas only append and belong to the item that is committed. */
GST_START_TEST (test_deltas)
{
  Served *served = serve (NULL);
  Peer *peer = call (served, TRANSCRIPTION);
  GString *joined = g_string_new (NULL);
  gchar *log, **lines, **heard;
  guint i, wrong, words, came, missing;

  say (peer, "the weather is going to be nice tomorrow");
  peer_expect (peer, "conversation.item.input_audio_transcription.completed",
      20);
  log = peer_log (peer);
  lines = g_strsplit (log, "\n", -1);
  for (i = 0; lines[i] != NULL; i++) {
    JsonNode *node = json_from_string (lines[i], NULL);
    JsonObject *event;

    if (node == NULL)
      continue;
    event = json_node_get_object (node);
    if (g_str_has_suffix (get (event, "type"), "transcription.delta"))
      g_string_append (joined, get (event, "delta"));
    json_node_unref (node);
  }
  /* early words may be wrong; and how many come before all are there is a
   * question of how busy the machine is */
  word_errors ("the weather is going to be nice tomorrow", joined->str, &wrong,
      &words);
  heard = g_strsplit (joined->str, " ", -1);
  came = g_strv_length (heard);
  missing = words > came ? words - came : 0;
  fail_unless (came >= 2 && wrong - missing <= came / 2, "\"%s\"", joined->str);
  g_string_free (joined, TRUE);
  g_strfreev (heard);
  g_strfreev (lines);
  g_free (log);
  done (served, peer);
}

GST_END_TEST;

GST_START_TEST (test_barge_in)
{
  Served *served = serve_script
      ("{\"say\":\"This is a long reply that goes on for quite a while, and "
      "then goes on for some more, until somebody interrupts it.\"}\n", NULL);
  Peer *peer = call (served, REALTIME);
  JsonObject *event, *response;
  const gchar *item_id;
  gint64 ms;

  peer_send (peer, SAY ("go on"));
  peer_send (peer, RESPOND);
  event = peer_expect (peer, "response.output_item.added", 10);
  item_id = get (json_object_get_object_member (event, "item"), "id");
  peer_expect (peer, "response.output_audio_transcript.delta", 10);
  peer_expect (peer, "response.output_audio_transcript.delta", 10);
  say (peer, "stop right now please");
  peer_expect (peer, "input_audio_buffer.speech_started", 10);
  peer_expect (peer, "output_audio_buffer.cleared", 10);
  event = peer_expect (peer, "conversation.item.truncated", 10);
  fail_unless_equals_string (get (event, "item_id"), item_id);
  ms = json_object_get_int_member (event, "audio_end_ms");
  fail_unless (ms > 0 && ms < 7000, "%d ms", (gint) ms);
  event = peer_expect (peer, "response.output_item.done", 10);
  fail_unless_equals_string (get (json_object_get_object_member (event,
              "item"), "status"), "incomplete");
  event = peer_expect (peer, "response.done", 10);
  response = json_object_get_object_member (event, "response");
  fail_unless_equals_string (get (response, "status"), "cancelled");
  fail_unless_equals_string (get (json_object_get_object_member (response,
              "status_details"), "reason"), "turn_detected");
  done (served, peer);
}

GST_END_TEST;

GST_START_TEST (test_cancel_and_clear)
{
  Served *served = serve_script
      ("{\"say\":\"This is a long reply that goes on for quite a while.\"}\n"
      "{\"say\":\"This is another long reply that goes on and on.\"}\n", NULL);
  Peer *peer = call (served, MANUAL);
  JsonObject *event, *response;

  peer_send (peer, RESPOND);
  peer_expect (peer, "output_audio_buffer.started", 10);
  peer_send (peer, "{\"type\":\"response.cancel\"}");
  event = peer_expect (peer, "response.done", 10);
  response = json_object_get_object_member (event, "response");
  fail_unless_equals_string (get (response, "status"), "cancelled");
  fail_unless_equals_string (get (json_object_get_object_member (response,
              "status_details"), "reason"), "client_cancelled");
  peer_send (peer, "{\"type\":\"output_audio_buffer.clear\"}");
  peer_expect (peer, "output_audio_buffer.cleared", 10);
  peer_send (peer, "{\"type\":\"response.cancel\",\"event_id\":\"late\"}");
  event = peer_expect (peer, "error", 10);
  event = json_object_get_object_member (event, "error");
  fail_unless_equals_string (get (event, "code"), "response_cancel_not_active");
  fail_unless_equals_string (get (event, "event_id"), "late");
  /* and the next one is not touched by that */
  peer_send (peer, RESPOND);
  peer_send (peer, "{\"type\":\"response.create\",\"event_id\":\"two\"}");
  event = json_object_get_object_member (peer_expect (peer, "error", 10),
      "error");
  fail_unless_equals_string (get (event, "code"),
      "conversation_already_has_active_response");
  event = peer_expect (peer, "response.done", 20);
  fail_unless_equals_string (get (json_object_get_object_member (event,
              "response"), "status"), "completed");
  peer_expect (peer, "output_audio_buffer.stopped", 10);
  done (served, peer);
}

GST_END_TEST;

/* Push to talk: what is said before the clear is gone, what is said before the
 * commit is in. */
GST_START_TEST (test_manual_turn)
{
  Served *served = serve (NULL);
  Peer *peer = call (served, MANUAL);
  JsonObject *event;
  gint16 *pause = g_new0 (gint16, PEER_RATE);
  gint16 *speech;
  gsize n, start, end;
  const gchar *id;
  gchar *reply;

  say (peer, "this must not be heard by anyone");
  peer_said (peer);
  peer_send (peer, "{\"type\":\"input_audio_buffer.clear\"}");
  peer_send (peer,
      "{\"type\":\"input_audio_buffer.commit\",\"event_id\":\"early\"}");
  peer_expect (peer, "input_audio_buffer.cleared", 10);
  event = json_object_get_object_member (peer_expect (peer, "error", 10),
      "error");
  fail_unless_equals_string (get (event, "code"),
      "input_audio_buffer_commit_empty");
  fail_unless_equals_string (get (event, "event_id"), "early");

  speech = speech_make ("my brother bought a new car last week", &n, &start,
      &end);
  peer_say (peer, pause, PEER_RATE / 10);
  peer_say (peer, speech, n);
  peer_said (peer);
  /* the moment the last packet was sent */
  peer_send (peer, "{\"type\":\"input_audio_buffer.commit\"}");
  peer_send (peer, RESPOND);
  event = peer_expect (peer, "input_audio_buffer.committed", 10);
  id = get (event, "item_id");
  peer_expect (peer, "response.created", 10);
  event = peer_expect (peer,
      "conversation.item.input_audio_transcription.completed", 20);
  fail_unless_equals_string (get (event, "item_id"), id);
  check_words (get (event, "transcript"),
      "my brother bought a new car last week");
  reply = g_strdup_printf ("I heard you say: %s.", get (event, "transcript"));
  event = peer_expect (peer, "response.output_audio_transcript.done", 20);
  fail_unless_equals_string (get (event, "transcript"), reply);
  g_free (reply);
  fail_if (peer_has (peer, "input_audio_buffer.speech_started"));
  g_free (speech);
  g_free (pause);
  done (served, peer);
}

GST_END_TEST;

/* A pause ends a turn by itself here too, sooner when the session is eager. */
GST_START_TEST (test_semantic_vad)
{
  Served *served = serve ("--no-reply --voice kal16");
  Peer *peer = call (served, REALTIME);
  JsonObject *event, *turns;

  peer_send (peer, "{\"type\":\"session.update\",\"session\":{\"type\":"
      "\"realtime\",\"audio\":{\"input\":{\"turn_detection\":{\"type\":"
      "\"semantic_vad\",\"eagerness\":\"high\"}}}}}");
  event = peer_expect (peer, "session.updated", 10);
  turns = json_object_get_object_member (event, "session");
  turns = json_object_get_object_member (turns, "audio");
  turns = json_object_get_object_member (turns, "input");
  turns = json_object_get_object_member (turns, "turn_detection");
  fail_unless_equals_string (get (turns, "eagerness"), "high");
  fail_if (json_object_has_member (turns, "threshold"));
  say (peer, "my brother bought a new car last week");
  peer_expect (peer, "input_audio_buffer.committed", 20);
  event = peer_expect (peer,
      "conversation.item.input_audio_transcription.completed", 20);
  check_words (get (event, "transcript"),
      "my brother bought a new car last week");
  /* told not to answer by itself, it still answers when asked */
  fail_if (peer_has (peer, "response.created"));
  peer_send (peer, RESPOND);
  peer_expect (peer, "output_audio_buffer.stopped", 20);
  done (served, peer);
}

GST_END_TEST;

/* A client that stops sending ends its turn all the same. */
GST_START_TEST (test_mute)
{
  Served *served = serve (NULL);
  Peer *peer = call (served, TRANSCRIPTION);
  JsonObject *event;
  gint16 *speech, *pause = g_new0 (gint16, PEER_RATE / 2);
  gsize n, start, end;

  speech = speech_make ("turn on the lights in the living room", &n, &start,
      &end);
  peer_say (peer, pause, PEER_RATE / 2);
  peer_say (peer, speech, n);
  peer_said (peer);
  peer_mute (peer, TRUE);
  peer_expect (peer, "input_audio_buffer.speech_stopped", 10);
  event = peer_expect (peer,
      "conversation.item.input_audio_transcription.completed", 10);
  check_words (get (event, "transcript"),
      "turn on the lights in the living room");
  g_free (pause);
  g_free (speech);
  done (served, peer);
}

GST_END_TEST;

GST_START_TEST (test_text)
{
  Served *served = serve ("--asr none");
  Peer *peer = call (served, REALTIME);
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
  fail_unless (strstr (get (event, "text"), "sink") != NULL);
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
  fail_unless_equals_string (get (json_object_get_object_member (response,
              "metadata"), "k"), "v");
  event = peer_expect (peer, "response.output_text.done", 10);
  fail_unless_equals_string (get (event, "text"), "three word title");
  peer_expect (peer, "response.done", 10);
  fail_if (peer_has (peer, "conversation.item.added"));

  /* words beyond the limit are left out */
  peer_send (peer, "{\"type\":\"response.create\",\"response\":{"
      "\"max_output_tokens\":3,"
      "\"instructions\":\"Say one two three four five six\"}}");
  event = peer_expect (peer, "response.done", 10);
  response = json_object_get_object_member (event, "response");
  fail_unless_equals_string (get (response, "status"), "incomplete");
  fail_unless_equals_string (get (json_object_get_object_member (response,
              "status_details"), "reason"), "max_output_tokens");
  done (served, peer);
}

GST_END_TEST;

GST_START_TEST (test_function_call)
{
  Served *served = serve ("--asr none");
  Peer *peer = call (served, REALTIME);
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
  fail_unless_equals_string (get (event, "name"), "get_weather");
  fail_unless_equals_string (get (event, "arguments"),
      "{\"place\":\"berlin\"}");
  event = peer_expect (peer, "response.output_item.done", 10);
  item = json_object_get_object_member (event, "item");
  fail_unless_equals_string (get (item, "type"), "function_call");
  peer_expect (peer, "response.done", 10);
  text = g_strdup_printf ("{\"type\":\"conversation.item.create\",\"item\":"
      "{\"type\":\"function_call_output\",\"call_id\":\"%s\",\"output\":"
      "\"{\\\"sky\\\":\\\"clear\\\",\\\"degrees\\\":21}\"}}", get (item,
          "call_id"));
  peer_send (peer, text);
  peer_send (peer, RESPOND);
  event = peer_expect (peer, "response.output_text.done", 10);
  fail_unless_equals_string (get (event, "text"),
      "The answer is: sky clear, degrees 21.");
  g_free (text);
  done (served, peer);
}

GST_END_TEST;

/* All calls of a response in a row, and their results in any order. */
GST_START_TEST (test_parallel_calls)
{
  Served *served = serve_script ("{\"calls\":[{\"name\":\"a\"},"
      "{\"name\":\"b\",\"arguments\":{\"x\":1}}]}\n", NULL);
  Peer *peer = call (served, REALTIME);
  JsonObject *event, *response;
  JsonArray *output;
  guint i;

  peer_send (peer, TEXT_SESSION);
  peer_send (peer, RESPOND);
  for (i = 0; i < 2; i++) {
    event = peer_expect (peer, "response.function_call_arguments.done", 10);
    fail_unless_equals_int (json_object_get_int_member (event,
            "output_index"), i);
    fail_unless_equals_string (get (event, "name"), i == 0 ? "a" : "b");
  }
  event = peer_expect (peer, "response.done", 10);
  response = json_object_get_object_member (event, "response");
  output = json_object_get_array_member (response, "output");
  fail_unless_equals_int (json_array_get_length (output), 2);
  for (i = 2; i > 0; i--) {
    gchar *text = g_strdup_printf ("{\"type\":\"conversation.item.create\","
        "\"item\":{\"type\":\"function_call_output\",\"call_id\":\"%s\","
        "\"output\":\"%u\"}}", get (json_array_get_object_element (output,
                i - 1), "call_id"), i);

    peer_send (peer, text);
    g_free (text);
    peer_expect (peer, "conversation.item.done", 10);
  }
  peer_send (peer, RESPOND);
  event = peer_expect (peer, "response.output_text.done", 10);
  fail_unless_equals_string (get (event, "text"), "The answer is: 1.");
  done (served, peer);
}

GST_END_TEST;

/* 6 by 4 pixels */
#define PICTURE \
  "iVBORw0KGgoAAAANSUhEUgAAAAYAAAAECAIAAAAiZtkUAAAAEUlEQVR4nGNocFBA" \
  "QwzkCgEAJ3kVAY+QJGMAAAAASUVORK5CYII="

GST_START_TEST (test_picture)
{
  Served *served = serve ("--asr none");
  Peer *peer = call (served, REALTIME);
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
  fail_unless_equals_string (get (event, "text"),
      "I see a PNG picture of 6 by 4 pixels.");
  done (served, peer);
}

GST_END_TEST;

/* Approvals are taken; the exchange around them is the script's. */
GST_START_TEST (test_mcp_by_script)
{
  Served *served = serve_script ("{\"wait\":\"response.create\"}\n"
      "{\"event\":{\"type\":\"conversation.item.added\","
      "\"previous_item_id\":null,\"item\":{\"id\":\"mcpr_1\",\"type\":"
      "\"mcp_approval_request\",\"server_label\":\"docs\",\"name\":"
      "\"search\",\"arguments\":\"{}\"}}}\n"
      "{\"wait\":\"conversation.item.create\"}\n"
      "{\"event\":{\"type\":\"response.mcp_call.in_progress\","
      "\"output_index\":0,\"item_id\":\"mcp_1\"}}\n", NULL);
  Peer *peer = call (served, REALTIME);

  peer_send (peer, TEXT_SESSION);
  peer_send (peer, RESPOND);
  peer_expect (peer, "response.done", 10);
  peer_send (peer, "{\"type\":\"conversation.item.create\",\"item\":"
      "{\"type\":\"mcp_approval_response\",\"approval_request_id\":"
      "\"mcpr_1\",\"approve\":true}}");
  peer_expect (peer, "conversation.item.done", 10);
  peer_expect (peer, "response.mcp_call.in_progress", 10);
  done (served, peer);
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
  Served *served = serve ("--asr none");
  Peer *peer = call (served, "{\"type\":\"realtime\",\"model\":"
      "\"gpt-realtime-2.1\"}");
  JsonObject *error;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (wrong); i++) {
    peer_send (peer, wrong[i].event);
    error = json_object_get_object_member (peer_expect (peer, "error", 10),
        "error");
    fail_unless (g_strcmp0 (get (error, "code"), wrong[i].code) == 0,
        "%s: code %s", wrong[i].event, get (error, "code"));
    fail_unless (g_strcmp0 (get (error, "param"), wrong[i].param) == 0,
        "%s: param %s", wrong[i].event, get (error, "param"));
    fail_unless (g_strcmp0 (get (error, "event_id"),
            strstr (wrong[i].event, "event_id") != NULL ? "e" : NULL) == 0,
        "%s: event_id %s", wrong[i].event, get (error, "event_id"));
  }
  /* the session is none the worse for it */
  peer_send (peer, TEXT_SESSION);
  peer_expect (peer, "session.updated", 10);
  done (served, peer);
}

GST_END_TEST;

GST_START_TEST (test_items)
{
  Served *served = serve_script ("{\"say\":\"one two three four five\"}\n",
      NULL);
  Peer *peer = call (served, MANUAL);
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
  fail_unless_equals_string (get (event, "previous_item_id"), "a");
  peer_send (peer, "{\"type\":\"conversation.item.delete\",\"item_id\":"
      "\"ab\"}");
  event = peer_expect (peer, "conversation.item.deleted", 10);
  fail_unless_equals_string (get (event, "item_id"), "ab");

  peer_send (peer, RESPOND);
  event = peer_expect (peer, "response.output_item.done", 20);
  item = json_object_get_object_member (event, "item");
  id = g_strdup (get (item, "id"));
  peer_expect (peer, "output_audio_buffer.stopped", 10);
  /* its voice is settled */
  peer_send (peer, "{\"type\":\"session.update\",\"session\":{\"type\":"
      "\"realtime\",\"audio\":{\"output\":{\"voice\":\"ash\"}}}}");
  event = json_object_get_object_member (peer_expect (peer, "error", 10),
      "error");
  fail_unless_equals_string (get (event, "code"), "cannot_update_voice");
  text = g_strdup_printf ("{\"type\":\"conversation.item.truncate\","
      "\"item_id\":\"%s\",\"content_index\":0,\"audio_end_ms\":60000}", id);
  peer_send (peer, text);
  g_free (text);
  event = json_object_get_object_member (peer_expect (peer, "error", 10),
      "error");
  fail_unless_equals_string (get (event, "param"), "audio_end_ms");
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
  done (served, peer);
}

GST_END_TEST;

GST_START_TEST (test_script)
{
  Served *served = serve_script ("# a scripted conversation\n"
      "{\"heard\":\"what is two and two\"}\n"
      "{\"say\":\"Four.\"}\n"
      "{\"call\":{\"name\":\"add\",\"arguments\":{\"a\":2}}}\n"
      "{\"fail\":\"rate_limit_exceeded\"}\n"
      "{\"wait\":\"input_audio_buffer.clear\"}\n"
      "{\"after_ms\":50}\n"
      "{\"event\":{\"type\":\"input_audio_buffer.dtmf_event_received\","
      "\"event\":\"5\",\"received_at\":1}}\n", NULL);
  Peer *peer = call (served, REALTIME);
  JsonObject *event;

  say (peer, "anything that is not it");
  event = peer_expect (peer,
      "conversation.item.input_audio_transcription.completed", 20);
  fail_unless_equals_string (get (event, "transcript"), "what is two and two");
  event = peer_expect (peer, "response.output_audio_transcript.done", 20);
  fail_unless_equals_string (get (event, "transcript"), "Four.");
  peer_expect (peer, "output_audio_buffer.stopped", 10);
  peer_send (peer, RESPOND);
  event = peer_expect (peer, "response.function_call_arguments.done", 10);
  fail_unless_equals_string (get (event, "arguments"), "{\"a\":2}");
  peer_expect (peer, "response.done", 10);
  peer_send (peer, RESPOND);
  event = json_object_get_object_member (peer_expect (peer, "response.done",
          10), "response");
  fail_unless_equals_string (get (event, "status"), "failed");
  peer_send (peer, "{\"type\":\"input_audio_buffer.clear\"}");
  peer_expect (peer, "input_audio_buffer.dtmf_event_received", 10);
  done (served, peer);
}

GST_END_TEST;

static void
set_up (void)
{
  record = g_dir_make_tmp ("realtime-server-XXXXXX", NULL);
  fail_unless (record != NULL);
}

static void
tear_down (void)
{
  g_rmdir (record);
  g_free (record);
}

static Suite *
server_protocol_suite (void)
{
  Suite *suite = suite_create ("server-protocol");
  TCase *tc = tcase_create ("text");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, test_text);
  tcase_add_test (tc, test_function_call);
  tcase_add_test (tc, test_parallel_calls);
  tcase_add_test (tc, test_picture);
  tcase_add_test (tc, test_mcp_by_script);
  tcase_add_test (tc, test_errors);
  tcase_add_test (tc, test_items);
  tcase_add_test (tc, test_script);
  tc = tcase_create ("voice");
  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, test_spoken_turn);
  tcase_add_test (tc, test_transcript_order);
  tcase_add_test (tc, test_deltas);
  tcase_add_test (tc, test_barge_in);
  tcase_add_test (tc, test_cancel_and_clear);
  tcase_add_test (tc, test_manual_turn);
  tcase_add_test (tc, test_mute);
  tcase_add_test (tc, test_semantic_vad);
  return suite;
}

GST_CHECK_MAIN (server_protocol);
