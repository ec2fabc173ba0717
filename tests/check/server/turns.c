/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Turns that are spoken.
 */

#include "recorded.h"

#include <gst/check/gstcheck.h>

#define TRANSCRIPTION "{\"type\":\"transcription\"}"

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
  Served *served = recorded_serve (NULL);
  Peer *peer = recorded_call (served, REALTIME);
  JsonObject *event = NULL, *response, *usage;
  guint i;

  recorded_say (peer, "hello how are you today");
  for (i = 0; i < G_N_ELEMENTS (order); i++) {
    event = peer_expect (peer, order[i], 20);
    if (i == 17) {
      response = json_object_get_object_member (event, "response");
      fail_unless_equals_string (recorded_get (response, "status"),
          "completed");
      usage = json_object_get_object_member (response, "usage");
      fail_unless (json_object_get_int_member (usage, "total_tokens") ==
          json_object_get_int_member (usage, "input_tokens") +
          json_object_get_int_member (usage, "output_tokens"));
      usage = json_object_get_object_member (usage, "output_token_details");
      fail_unless (json_object_get_int_member (usage, "audio_tokens") > 10);
    }
  }
  fail_unless (peer_heard (peer) > 2000, "the reply was not heard");
  recorded_done (served, peer);
}

GST_END_TEST;

GST_START_TEST (test_transcript_order)
{
  Served *served = recorded_serve (NULL);
  Peer *peer = recorded_call (served, TRANSCRIPTION);
  JsonObject *one, *two, *event;

  recorded_say (peer, "turn on the lights in the living room");
  one = peer_expect (peer, "input_audio_buffer.committed", 20);
  fail_unless (json_object_get_null_member (one, "previous_item_id"));
  event = peer_expect (peer,
      "conversation.item.input_audio_transcription.completed", 20);
  fail_unless_equals_string (recorded_get (event, "item_id"), recorded_get (one,
          "item_id"));
  check_words (recorded_get (event, "transcript"),
      "turn on the lights in the living room");
  event = json_object_get_object_member (event, "usage");
  fail_unless_equals_string (recorded_get (event, "type"), "duration");
  recorded_say (peer, "my brother bought a new car last week");
  two = peer_expect (peer, "input_audio_buffer.committed", 20);
  fail_unless_equals_string (recorded_get (two, "previous_item_id"),
      recorded_get (one, "item_id"));
  peer_expect (peer, "conversation.item.input_audio_transcription.completed",
      20);
  fail_if (peer_has (peer, "response.created"));
  recorded_done (served, peer);
}

GST_END_TEST;

/* Deltas only append and belong to the item that is committed. */
GST_START_TEST (test_deltas)
{
  Served *served = recorded_serve (NULL);
  Peer *peer = recorded_call (served, TRANSCRIPTION);
  GString *joined = g_string_new (NULL);
  gchar *log, **lines, **heard;
  guint i, wrong, words, came, missing;

  recorded_say (peer, "the weather is going to be nice tomorrow");
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
    if (g_str_has_suffix (recorded_get (event, "type"), "transcription.delta"))
      g_string_append (joined, recorded_get (event, "delta"));
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
  recorded_done (served, peer);
}

GST_END_TEST;

GST_START_TEST (test_barge_in)
{
  Served *served = recorded_script
      ("{\"say\":\"This is a long reply that goes on for quite a while, and "
      "then goes on for some more, until somebody interrupts it.\"}\n", NULL);
  Peer *peer = recorded_call (served, REALTIME);
  JsonObject *event, *response;
  const gchar *item_id;
  gint64 ms;

  peer_send (peer, SAY ("go on"));
  peer_send (peer, RESPOND);
  event = peer_expect (peer, "response.output_item.added", 10);
  item_id = recorded_get (json_object_get_object_member (event, "item"), "id");
  peer_expect (peer, "response.output_audio_transcript.delta", 10);
  peer_expect (peer, "response.output_audio_transcript.delta", 10);
  recorded_say (peer, "stop right now please");
  peer_expect (peer, "input_audio_buffer.speech_started", 10);
  peer_expect (peer, "output_audio_buffer.cleared", 10);
  event = peer_expect (peer, "conversation.item.truncated", 10);
  fail_unless_equals_string (recorded_get (event, "item_id"), item_id);
  ms = json_object_get_int_member (event, "audio_end_ms");
  fail_unless (ms > 0 && ms < 7000, "%d ms", (gint) ms);
  event = peer_expect (peer, "response.output_item.done", 10);
  fail_unless_equals_string (recorded_get (json_object_get_object_member (event,
              "item"), "status"), "incomplete");
  event = peer_expect (peer, "response.done", 10);
  response = json_object_get_object_member (event, "response");
  fail_unless_equals_string (recorded_get (response, "status"), "cancelled");
  fail_unless_equals_string (recorded_get (json_object_get_object_member
          (response, "status_details"), "reason"), "turn_detected");
  recorded_done (served, peer);
}

GST_END_TEST;

GST_START_TEST (test_cancel_and_clear)
{
  Served *served = recorded_script
      ("{\"say\":\"This is a long reply that goes on for quite a while.\"}\n"
      "{\"say\":\"This is another long reply that goes on and on.\"}\n", NULL);
  Peer *peer = recorded_call (served, MANUAL);
  JsonObject *event, *response;

  peer_send (peer, RESPOND);
  peer_expect (peer, "output_audio_buffer.started", 10);
  peer_send (peer, "{\"type\":\"response.cancel\"}");
  event = peer_expect (peer, "response.done", 10);
  response = json_object_get_object_member (event, "response");
  fail_unless_equals_string (recorded_get (response, "status"), "cancelled");
  fail_unless_equals_string (recorded_get (json_object_get_object_member
          (response, "status_details"), "reason"), "client_cancelled");
  peer_send (peer, "{\"type\":\"output_audio_buffer.clear\"}");
  peer_expect (peer, "output_audio_buffer.cleared", 10);
  peer_send (peer, "{\"type\":\"response.cancel\",\"event_id\":\"late\"}");
  event = peer_expect (peer, "error", 10);
  event = json_object_get_object_member (event, "error");
  fail_unless_equals_string (recorded_get (event, "code"),
      "response_cancel_not_active");
  fail_unless_equals_string (recorded_get (event, "event_id"), "late");
  /* and the next one is not touched by that */
  peer_send (peer, RESPOND);
  peer_send (peer, "{\"type\":\"response.create\",\"event_id\":\"two\"}");
  event = json_object_get_object_member (peer_expect (peer, "error", 10),
      "error");
  fail_unless_equals_string (recorded_get (event, "code"),
      "conversation_already_has_active_response");
  event = peer_expect (peer, "response.done", 20);
  fail_unless_equals_string (recorded_get (json_object_get_object_member (event,
              "response"), "status"), "completed");
  peer_expect (peer, "output_audio_buffer.stopped", 10);
  recorded_done (served, peer);
}

GST_END_TEST;

/* Push to talk: what is said before the clear is gone, what is said before the
 * commit is in. */
GST_START_TEST (test_manual_turn)
{
  Served *served = recorded_serve (NULL);
  Peer *peer = recorded_call (served, MANUAL);
  JsonObject *event;
  gint16 *pause = g_new0 (gint16, PEER_RATE);
  gint16 *speech;
  gsize n, start, end;
  const gchar *id;
  gchar *reply;

  recorded_say (peer, "this must not be heard by anyone");
  peer_said (peer);
  peer_send (peer, "{\"type\":\"input_audio_buffer.clear\"}");
  peer_send (peer,
      "{\"type\":\"input_audio_buffer.commit\",\"event_id\":\"early\"}");
  peer_expect (peer, "input_audio_buffer.cleared", 10);
  event = json_object_get_object_member (peer_expect (peer, "error", 10),
      "error");
  fail_unless_equals_string (recorded_get (event, "code"),
      "input_audio_buffer_commit_empty");
  fail_unless_equals_string (recorded_get (event, "event_id"), "early");

  speech = speech_make ("my brother bought a new car last week", &n, &start,
      &end);
  peer_say (peer, pause, PEER_RATE / 10);
  peer_say (peer, speech, n);
  peer_said (peer);
  /* the moment the last packet was sent */
  peer_send (peer, "{\"type\":\"input_audio_buffer.commit\"}");
  peer_send (peer, RESPOND);
  event = peer_expect (peer, "input_audio_buffer.committed", 10);
  id = recorded_get (event, "item_id");
  peer_expect (peer, "response.created", 10);
  event = peer_expect (peer,
      "conversation.item.input_audio_transcription.completed", 20);
  fail_unless_equals_string (recorded_get (event, "item_id"), id);
  check_words (recorded_get (event, "transcript"),
      "my brother bought a new car last week");
  reply =
      g_strdup_printf ("I heard you say: %s.", recorded_get (event,
          "transcript"));
  event = peer_expect (peer, "response.output_audio_transcript.done", 20);
  fail_unless_equals_string (recorded_get (event, "transcript"), reply);
  g_free (reply);
  fail_if (peer_has (peer, "input_audio_buffer.speech_started"));
  g_free (speech);
  g_free (pause);
  recorded_done (served, peer);
}

GST_END_TEST;

/* A pause ends a turn by itself here too, sooner when the session is eager. */
GST_START_TEST (test_semantic_vad)
{
  Served *served = recorded_serve ("--no-reply --voice kal16");
  Peer *peer = recorded_call (served, REALTIME);
  JsonObject *event, *turns;

  peer_send (peer, "{\"type\":\"session.update\",\"session\":{\"type\":"
      "\"realtime\",\"audio\":{\"input\":{\"turn_detection\":{\"type\":"
      "\"semantic_vad\",\"eagerness\":\"high\"}}}}}");
  event = peer_expect (peer, "session.updated", 10);
  turns = json_object_get_object_member (event, "session");
  turns = json_object_get_object_member (turns, "audio");
  turns = json_object_get_object_member (turns, "input");
  turns = json_object_get_object_member (turns, "turn_detection");
  fail_unless_equals_string (recorded_get (turns, "eagerness"), "high");
  fail_if (json_object_has_member (turns, "threshold"));
  recorded_say (peer, "my brother bought a new car last week");
  peer_expect (peer, "input_audio_buffer.committed", 20);
  event = peer_expect (peer,
      "conversation.item.input_audio_transcription.completed", 20);
  check_words (recorded_get (event, "transcript"),
      "my brother bought a new car last week");
  /* told not to answer by itself, it still answers when asked */
  fail_if (peer_has (peer, "response.created"));
  peer_send (peer, RESPOND);
  peer_expect (peer, "output_audio_buffer.stopped", 20);
  recorded_done (served, peer);
}

GST_END_TEST;

/* A client that stops sending ends its turn all the same. */
GST_START_TEST (test_mute)
{
  Served *served = recorded_serve (NULL);
  Peer *peer = recorded_call (served, TRANSCRIPTION);
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
  check_words (recorded_get (event, "transcript"),
      "turn on the lights in the living room");
  g_free (pause);
  g_free (speech);
  recorded_done (served, peer);
}

GST_END_TEST;

static Suite *
server_turns_suite (void)
{
  Suite *suite = suite_create ("server-turns");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, recorded_set_up, recorded_tear_down);
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

GST_CHECK_MAIN (server_turns);
