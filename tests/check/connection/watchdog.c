/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "connection/watchdog.h"
#include "session/json.h"

#define SECOND_US G_GINT64_CONSTANT (1000000)

static RealtimeConversation *conversation;
static GstRealtimeWatchdog watchdog;
static GstRealtimeInput input;
static gboolean listening;

static void
setup (void)
{
  conversation = realtime_conversation_new ();
  gst_realtime_watchdog_init (&watchdog);
  memset (&input, 0, sizeof (input));
  input.position = input.last_sound = input.end = GST_CLOCK_TIME_NONE;
  listening = FALSE;
}

static void
teardown (void)
{
  gst_realtime_watchdog_clear (&watchdog);
  realtime_conversation_free (conversation);
}

static void
feed (const gchar * json)
{
  g_autofree gchar *text = g_strdelimit (g_strdup (json), "'", '"');
  JsonObject *event = realtime_json_parse_object (text, -1, NULL);

  fail_unless (event != NULL, "%s", text);
  realtime_conversation_handle (conversation, event, NULL, NULL);
  json_object_unref (event);
}

/* What is told at @second, by its codes; words of the first message. */
static void
expect (gdouble second, const gchar * codes, const gchar * words)
{
  GString *told = g_string_new (NULL);
  const gchar *code;
  gchar *message;

  while ((message = gst_realtime_watchdog_check (&watchdog, conversation,
              &input, listening, 1 + (gint64) (second * SECOND_US), &code))) {
    fail_unless (told->len > 0 || !words || strstr (message, words), "%s",
        message);
    g_string_append_printf (told, "%s%s", told->len ? " " : "", code);
    g_free (message);
  }
  fail_unless (strcmp (told->str, codes) == 0, "at %g: '%s', not '%s'", second,
      told->str, codes);
  g_string_free (told, TRUE);
}

#define SESSION "{'type':'session.updated','session':{'id':'s','audio':{" \
  "'input':{'transcription':{'model':'x'},'turn_detection':{" \
  "'type':'server_vad'}}}}}"

GST_START_TEST (test_transcripts)
{
  feed (SESSION);
  feed ("{'type':'input_audio_buffer.committed','item_id':'U1'}");
  feed ("{'type':'response.created','response':{'id':'R1'}}");
  feed ("{'type':'response.done','response':{'id':'R1'}}");
  expect (0, "", NULL);
  feed ("{'type':'input_audio_buffer.committed','item_id':'U2'}");
  feed ("{'type':'response.created','response':{'id':'R2'}}");
  feed ("{'type':'response.done','response':{'id':'R2'}}");
  expect (1, "", NULL);
  expect (14.9, "", NULL);
  expect (15, "no_transcript", "15 s ago");
  expect (15.9, "", NULL);
  expect (16, "no_transcript", "completed of U2");
  expect (100, "", NULL);
  feed ("{'type':'conversation.item.input_audio_transcription.completed',"
      "'item_id':'U1','transcript':'Late.'}");
  expect (101, "", NULL);
  /* one that comes in time */
  feed ("{'type':'input_audio_buffer.committed','item_id':'U3'}");
  feed ("{'type':'response.created','response':{'id':'R3'}}");
  feed ("{'type':'response.done','response':{'id':'R3'}}");
  expect (102, "", NULL);
  feed ("{'type':'conversation.item.input_audio_transcription.failed',"
      "'item_id':'U3','error':{'message':'m'}}");
  expect (200, "", NULL);
  fail_unless_equals_int (g_hash_table_size (watchdog.transcripts), 1);
}

GST_END_TEST;

GST_START_TEST (test_input)
{
  guint i;

  listening = TRUE;
  expect (0, "", NULL);
  expect (9.9, "", NULL);
  expect (10, "input_unfed", "for 10 s");
  expect (50, "", NULL);
  /* it comes, and is silent */
  for (i = 51; i < 111; i++) {
    input.fed++;
    expect (i, "", NULL);
  }
  input.fed++;
  expect (111, "input_silent", "for 60 s");
  for (i = 112; i < 200; i++) {
    input.fed++;
    expect (i, "", NULL);
  }
  /* a sound, and another silence */
  input.last_sound = 200 * GST_SECOND;
  input.fed++;
  expect (200, "", NULL);
  for (i = 201; i < 261; i++) {
    input.fed++;
    expect (i, "", NULL);
  }
  input.fed++;
  expect (261, "input_silent", NULL);
  /* it stops to come, as somebody stops it: nothing is wrong */
  listening = FALSE;
  expect (262, "", NULL);
  expect (300, "", NULL);
  listening = TRUE;
  expect (301, "", NULL);
  expect (311, "input_unfed", NULL);
}

GST_END_TEST;

GST_START_TEST (test_response)
{
  feed (SESSION);
  feed ("{'type':'input_audio_buffer.speech_stopped','item_id':'U1',"
      "'audio_end_ms':1000}");
  feed ("{'type':'conversation.item.input_audio_transcription.completed',"
      "'item_id':'U1','transcript':'x'}");
  expect (0, "", NULL);
  expect (10, "no_response", "response.created");
  expect (11, "", NULL);
  /* it comes, and brings nothing */
  feed ("{'type':'response.created','response':{'id':'R1'}}");
  expect (12, "", NULL);
  expect (41.9, "", NULL);
  expect (42, "empty_response", "for 30 s");
  expect (43, "", NULL);
  feed ("{'type':'response.output_audio_transcript.delta','response_id':'R1',"
      "'item_id':'A1','delta':'Yes'}");
  expect (44, "", NULL);
  feed ("{'type':'response.done','response':{'id':'R1'}}");
  expect (45, "", NULL);
  expect (100, "", NULL);
  /* one that was asked for */
  watchdog.asked = TRUE;
  expect (101, "", NULL);
  expect (111, "no_response", NULL);
  watchdog.asked = FALSE;
  expect (112, "", NULL);
  /* another session owes nothing of this one */
  watchdog.asked = TRUE;
  expect (113, "", NULL);
  gst_realtime_watchdog_reset (&watchdog);
  expect (150, "", NULL);
}

GST_END_TEST;

static Suite *
watchdog_suite (void)
{
  Suite *s = suite_create ("watchdog");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, test_transcripts);
  tcase_add_test (tc, test_input);
  tcase_add_test (tc, test_response);

  return s;
}

GST_CHECK_MAIN (watchdog);
