/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <gst/check/gstcheck.h>

#include "connection/drain.h"
#include "session/json.h"

#define MS ((gint64) 1000)

static void
ignore_change (const RealtimeChange * change, gpointer user_data)
{
}

static void
tell (RealtimeConversation * conversation, const gchar * text)
{
  GError *error = NULL;
  JsonObject *event = realtime_json_parse_object (text, -1, &error);

  fail_unless (event != NULL, "%s", error ? error->message : "");
  realtime_conversation_handle (conversation, event, ignore_change, NULL);
  json_object_unref (event);
}

static RealtimeConversation *
make_transcription (void)
{
  RealtimeConversation *conversation = realtime_conversation_new ();

  tell (conversation, "{\"type\":\"session.updated\",\"event_id\":\"e1\","
      "\"session\":{\"type\":\"transcription\",\"id\":\"sess_1\",\"audio\":"
      "{\"input\":{\"transcription\":{\"model\":\"gpt-transcribe\"}}}}}");

  return conversation;
}

static const GstRealtimeInput ended = {
  .position = 13 * GST_SECOND,.end = 10 * GST_SECOND,
  .last_sound = 4 * GST_SECOND
};

static GstRealtimeDrainStep
check_at (GstRealtimeDrain * drain, RealtimeConversation * conversation,
    const GstRealtimeInput * input, gint64 now_ms)
{
  return gst_realtime_drain_check (drain, conversation, input, 0, 0,
      now_ms * MS);
}

GST_START_TEST (test_nothing_was_said)
{
  RealtimeConversation *conversation = make_transcription ();
  GstRealtimeDrain drain = {.silence_ms = 500 };
  GstRealtimeInput nothing = { GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE,
    GST_CLOCK_TIME_NONE
  };

  fail_unless_equals_int (check_at (&drain, conversation, &nothing, 1),
      GST_REALTIME_DRAIN_DONE);
  fail_unless_equals_int (gst_realtime_drain_check (&drain, conversation,
          &ended, GST_CLOCK_TIME_NONE, 0, 1), GST_REALTIME_DRAIN_DONE);
  realtime_conversation_free (conversation);
}

GST_END_TEST;

/* The VAD has to hear its silence before quiet means anything. */
GST_START_TEST (test_silence_comes_first)
{
  RealtimeConversation *conversation = make_transcription ();
  GstRealtimeDrain drain = {.silence_ms = 500 };
  GstRealtimeInput input = ended;

  input.last_sound = GST_CLOCK_TIME_NONE;
  input.position = input.end + 700 * GST_MSECOND;
  fail_unless_equals_int (check_at (&drain, conversation, &input, 1000),
      GST_REALTIME_DRAIN_WAIT);
  fail_unless_equals_int (check_at (&drain, conversation, &input, 60000),
      GST_REALTIME_DRAIN_WAIT);
  input.position = input.end + 800 * GST_MSECOND;
  fail_unless_equals_int (check_at (&drain, conversation, &input, 61000),
      GST_REALTIME_DRAIN_WAIT);
  fail_unless_equals_int (check_at (&drain, conversation, &input, 61999),
      GST_REALTIME_DRAIN_WAIT);
  fail_unless_equals_int (check_at (&drain, conversation, &input, 62000),
      GST_REALTIME_DRAIN_DONE);
  realtime_conversation_free (conversation);
}

GST_END_TEST;

GST_START_TEST (test_every_transcript_is_waited_for)
{
  RealtimeConversation *conversation = make_transcription ();
  GstRealtimeDrain drain = {.silence_ms = 500 };

  tell (conversation, "{\"type\":\"input_audio_buffer.speech_started\","
      "\"audio_start_ms\":3000,\"item_id\":\"i1\"}");
  fail_unless_equals_int (check_at (&drain, conversation, &ended, 90000),
      GST_REALTIME_DRAIN_WAIT);
  tell (conversation, "{\"type\":\"input_audio_buffer.speech_stopped\","
      "\"audio_end_ms\":4500,\"item_id\":\"i1\"}");
  tell (conversation, "{\"type\":\"input_audio_buffer.committed\","
      "\"previous_item_id\":null,\"item_id\":\"i1\"}");
  fail_unless_equals_int (check_at (&drain, conversation, &ended, 95000),
      GST_REALTIME_DRAIN_WAIT);
  tell (conversation, "{\"type\":"
      "\"conversation.item.input_audio_transcription.completed\","
      "\"item_id\":\"i1\",\"content_index\":0,\"transcript\":\"go\"}");
  fail_unless_equals_int (check_at (&drain, conversation, &ended, 96000),
      GST_REALTIME_DRAIN_WAIT);
  fail_unless_equals_int (check_at (&drain, conversation, &ended, 97000),
      GST_REALTIME_DRAIN_DONE);
  realtime_conversation_free (conversation);
}

GST_END_TEST;

/* Sound that no turn has covered may be speech that the server is late with. */
GST_START_TEST (test_sound_without_a_turn_gets_longer)
{
  RealtimeConversation *conversation = make_transcription ();
  GstRealtimeDrain drain = {.silence_ms = 500 };

  fail_unless_equals_int (check_at (&drain, conversation, &ended, 1000),
      GST_REALTIME_DRAIN_WAIT);
  fail_unless_equals_int (check_at (&drain, conversation, &ended, 5900),
      GST_REALTIME_DRAIN_WAIT);
  fail_unless_equals_int (check_at (&drain, conversation, &ended, 6000),
      GST_REALTIME_DRAIN_DONE);
  realtime_conversation_free (conversation);
}

GST_END_TEST;

GST_START_TEST (test_manual_turn_is_committed_once)
{
  RealtimeConversation *conversation = make_transcription ();
  GstRealtimeDrain drain = {.manual = TRUE,.silence_ms = 500 };

  fail_unless_equals_int (check_at (&drain, conversation, &ended, 1000),
      GST_REALTIME_DRAIN_COMMIT);
  /* the answer to the commit */
  fail_unless_equals_int (gst_realtime_drain_check (&drain, conversation,
          &ended, 0, 1, 60000 * MS), GST_REALTIME_DRAIN_WAIT);
  fail_unless_equals_int (check_at (&drain, conversation, &ended, 61000),
      GST_REALTIME_DRAIN_WAIT);
  fail_unless_equals_int (check_at (&drain, conversation, &ended, 62000),
      GST_REALTIME_DRAIN_DONE);
  realtime_conversation_free (conversation);
}

GST_END_TEST;

GST_START_TEST (test_the_reply_is_heard_out)
{
  RealtimeConversation *conversation = realtime_conversation_new ();
  GstRealtimeDrain drain = {.silence_ms = 500,.latency_ms = 40 };
  GstRealtimeInput input = ended;

  input.last_sound = GST_CLOCK_TIME_NONE;
  tell (conversation, "{\"type\":\"response.created\",\"response\":"
      "{\"id\":\"r1\",\"object\":\"realtime.response\","
      "\"status\":\"in_progress\",\"output\":[]}}");
  fail_unless_equals_int (check_at (&drain, conversation, &input, 10000),
      GST_REALTIME_DRAIN_WAIT);
  tell (conversation, "{\"type\":\"output_audio_buffer.started\","
      "\"response_id\":\"r1\"}");
  tell (conversation, "{\"type\":\"response.done\",\"response\":"
      "{\"id\":\"r1\",\"object\":\"realtime.response\","
      "\"status\":\"completed\",\"output\":[]}}");
  fail_unless_equals_int (check_at (&drain, conversation, &input, 20000),
      GST_REALTIME_DRAIN_WAIT);
  tell (conversation, "{\"type\":\"output_audio_buffer.stopped\","
      "\"response_id\":\"r1\"}");
  fail_unless_equals_int (check_at (&drain, conversation, &input, 30000),
      GST_REALTIME_DRAIN_WAIT);
  fail_unless_equals_int (check_at (&drain, conversation, &input, 31039),
      GST_REALTIME_DRAIN_WAIT);
  fail_unless_equals_int (check_at (&drain, conversation, &input, 31040),
      GST_REALTIME_DRAIN_DONE);
  realtime_conversation_free (conversation);
}

GST_END_TEST;

/* Our own VAD commits by itself; at the end what it left is committed, once. */
GST_START_TEST (test_client)
{
  GstRealtimeDrain drain = {.client = TRUE,.silence_ms = 500 };
  RealtimeConversation *conversation = make_transcription ();
  GstRealtimeInput input = ended;

  tell (conversation, "{\"type\":\"realtimebin.speech_started\","
      "\"audio_start_ms\":1000}");
  tell (conversation, "{\"type\":\"realtimebin.speech_stopped\","
      "\"audio_end_ms\":3000,\"commit_event_id\":\"c1\"}");
  tell (conversation, "{\"type\":\"input_audio_buffer.committed\","
      "\"previous_item_id\":null,\"item_id\":\"i1\"}");
  input.position = input.end + 700 * GST_MSECOND;
  fail_unless_equals_int (check_at (&drain, conversation, &input, 1000),
      GST_REALTIME_DRAIN_WAIT);
  /* There was sound after the last turn: that was no speech, or it would have
   * been found. */
  input.position = input.end + 800 * GST_MSECOND;
  fail_unless_equals_int (check_at (&drain, conversation, &input, 2000),
      GST_REALTIME_DRAIN_WAIT);
  tell (conversation, "{\"type\":"
      "\"conversation.item.input_audio_transcription.completed\","
      "\"item_id\":\"i1\",\"transcript\":\"One.\"}");
  fail_unless_equals_int (check_at (&drain, conversation, &input, 3000),
      GST_REALTIME_DRAIN_WAIT);
  fail_unless_equals_int (check_at (&drain, conversation, &input, 4000),
      GST_REALTIME_DRAIN_DONE);

  /* But the service has words of it. */
  tell (conversation, "{\"type\":"
      "\"conversation.item.input_audio_transcription.delta\","
      "\"item_id\":\"i2\",\"delta\":\"Two\"}");
  fail_unless_equals_int (gst_realtime_drain_check (&drain, conversation,
          &input, 0, 1, 5000 * MS), GST_REALTIME_DRAIN_WAIT);
  fail_unless_equals_int (check_at (&drain, conversation, &input, 5000),
      GST_REALTIME_DRAIN_COMMIT);
  fail_unless_equals_int (check_at (&drain, conversation, &input, 5050),
      GST_REALTIME_DRAIN_WAIT);
  realtime_conversation_free (conversation);
}

GST_END_TEST;

/* A VAD that found nothing in all of it may be wrong. */
GST_START_TEST (test_client_found_nothing)
{
  GstRealtimeDrain drain = {.client = TRUE,.silence_ms = 500 };
  RealtimeConversation *conversation = make_transcription ();
  GstRealtimeInput input = ended;

  fail_unless_equals_int (check_at (&drain, conversation, &input, 1000),
      GST_REALTIME_DRAIN_COMMIT);
  fail_unless_equals_int (check_at (&drain, conversation, &input, 1050),
      GST_REALTIME_DRAIN_WAIT);
  input.last_sound = GST_CLOCK_TIME_NONE;
  drain.committed = FALSE;
  fail_unless_equals_int (check_at (&drain, conversation, &input, 1100),
      GST_REALTIME_DRAIN_WAIT);
  realtime_conversation_free (conversation);
}

GST_END_TEST;

static Suite *
drain_suite (void)
{
  Suite *s = suite_create ("drain");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_nothing_was_said);
  tcase_add_test (tc, test_silence_comes_first);
  tcase_add_test (tc, test_every_transcript_is_waited_for);
  tcase_add_test (tc, test_client);
  tcase_add_test (tc, test_client_found_nothing);
  tcase_add_test (tc, test_sound_without_a_turn_gets_longer);
  tcase_add_test (tc, test_manual_turn_is_committed_once);
  tcase_add_test (tc, test_the_reply_is_heard_out);

  return s;
}

GST_CHECK_MAIN (drain);
