/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Translation sessions: two endless texts become lines, each with its place in
 * time; and what such a session is configured with.
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "recorder.h"
#include "session/failure.h"
#include "session/item.h"
#include "session/sessionconfig.h"

#define CREATED "{'type':'session.created','session':{'id':'S1'," \
    "'type':'translation','model':'gpt-realtime-translate','audio':{" \
    "'input':{'transcription':{'model':'m'}},'output':{'language':'es'}}}}\n"
#define EPOCH "{'type':'realtimebin.timeline','epoch_running_time':1000000000}\n"

static gchar *
delta (gboolean source, gint ms, const gchar * elapsed, const gchar * text)
{
  return g_strdup_printf ("{\"gst_running_time\":%d000000,\"type\":"
      "\"session.%s_transcript.delta\",\"delta\":\"%s\",\"elapsed_ms\":%s}",
      ms, source ? "input" : "output", text, elapsed);
}

static void
say (gboolean source, gint ms, const gchar * elapsed, const gchar * text)
{
  g_autofree gchar *event = delta (source, ms, elapsed, text);

  recorder_feed (&rec, event);
}

static void
pass (gint ms)
{
  realtime_conversation_pass_time (rec.conversation, ms * GST_MSECOND,
      recorder_note, &rec);
}

GST_START_TEST (test_sentences)
{
  recorder_feed (&rec, CREATED EPOCH);
  say (TRUE, 2000, "400", "Good");
  say (FALSE, 2100, "600", "Buenos");
  say (TRUE, 2200, "600", " morning. How");
  recorder_expect (&rec, "source-1 u 0 [1400-1800] Good morning.");
  say (FALSE, 2300, "800", " d\303\255as.");
  recorder_expect (&rec, "");
  say (FALSE, 2400, "1000", " \302\277Qu\303\251 tal?");
  recorder_expect (&rec,
      "translation-2 a 1 [1600-2000] (es -1) Buenos d\303\255as.");
  say (TRUE, 2500, "1000", " are you?");
  recorder_feed (&rec, "{'type':'session.closed'}\n");
  recorder_expect (&rec, "source-3 u 2 [1600-2200] How are you?\n"
      "translation-4 a 3 [2000-2200] (es -1) \302\277Qu\303\251 tal?");
  fail_unless (realtime_conversation_is_closed (rec.conversation));
}

GST_END_TEST;

/* Not every full stop is the end of a sentence. */
GST_START_TEST (test_full_stops)
{
  recorder_feed (&rec, CREATED EPOCH);
  say (FALSE, 2000, "0", "It is 3.");
  say (FALSE, 2050, "0", "5 metres, e.g. this one. Good.");
  recorder_expect (&rec,
      "translation-1 a 0 [1000-1200] (es -1) It is 3.5 metres, e.g. this one.");
  say (FALSE, 2100, "200", "\343\201\257\343\201\204\343\200\202"
      "\343\201\204\343\201\204");
  /* no blank in front of it: "Good." may go on */
  recorder_expect (&rec, "translation-2 a 1 [1000-1400] (es -1) "
      "Good.\343\201\257\343\201\204\343\200\202");
  recorder_flush (&rec);
  recorder_expect (&rec, "translation-3 a 2 [1200-1400] (es -1) "
      "\343\201\204\343\201\204");
}

GST_END_TEST;

GST_START_TEST (test_pauses)
{
  rec.states = TRUE;
  recorder_feed (&rec, CREATED EPOCH);
  say (TRUE, 2000, "0", "one two.");
  recorder_expect (&rec, "state connected idle\n"
      "state connected user-speaking");
  pass (2500);
  recorder_expect (&rec, "");
  pass (2600);
  recorder_expect (&rec, "source-1 u 0 [1000-1200] one two.\n"
      "state connected idle");
  say (TRUE, 3000, "1000", "three");
  pass (4900);
  recorder_expect (&rec, "state connected user-speaking");
  pass (5000);
  recorder_expect (&rec, "source-2 u 1 [2000-2200] three\n"
      "state connected idle");
  /* a pause that only the service knows of */
  say (TRUE, 6000, "1400", "four");
  say (TRUE, 6100, "3400", "five");
  recorder_flush (&rec);
  recorder_expect (&rec, "state connected user-speaking\n"
      "source-3 u 2 [2400-2600] four\nsource-4 u 3 [4400-4600] five");
}

GST_END_TEST;

/* Words of finals are the words of the deltas, whatever these are like. */
static void
check_long (const gchar * word, guint n, gsize step)
{
  GString *all = g_string_new (NULL), *got = g_string_new (NULL);
  guint i;

  for (i = 0; i < n; i++)
    g_string_append (all, word);
  recorder_feed (&rec, CREATED EPOCH);
  for (i = 0; i < all->len;) {
    gsize size = realtime_fit (all->str + i, step);
    g_autofree gchar *piece = g_strndup (all->str + i, size);

    say (FALSE, 2000, "400", piece);
    i += size;
  }
  recorder_flush (&rec);
  for (i = 0; i < rec.notes->len; i++) {
    const gchar *note = g_ptr_array_index (rec.notes, i);
    const gchar *text = strstr (note, ") ") + 2;

    fail_if (g_utf8_strlen (text, -1) > 241, "%s", text);
    g_string_append (got, text);
    /* the blank at which it was cut */
    if (strchr (word, ' ') && i + 1 < rec.notes->len)
      g_string_append_c (got, ' ');
  }
  g_strchomp (all->str);
  fail_unless_equals_string (got->str, all->str);
  g_string_free (all, TRUE);
  g_string_free (got, TRUE);
}

GST_START_TEST (test_long)
{
  check_long ("palabra ", 400, 3);
}

GST_END_TEST;

GST_START_TEST (test_huge)
{
  check_long ("palabra ", 128 * 1024, 1024 * 1024);
}

GST_END_TEST;

GST_START_TEST (test_without_blanks)
{
  check_long ("\346\274\242", 100000, 50000);
}

GST_END_TEST;

GST_START_TEST (test_bad)
{
  recorder_feed (&rec, CREATED EPOCH);
  say (TRUE, 2000, "-200", "a");
  say (TRUE, 2000, "\"400\"", " b");
  say (TRUE, 2000, "1e300", " c");
  say (TRUE, 2000, "900000000", " d");
  say (TRUE, 2000, "null", " e");
  recorder_feed (&rec, "{'type':'session.input_transcript.delta'}\n"
      "{'type':'session.input_transcript.delta','delta':7}\n"
      "{'type':'session.input_transcript.delta','delta':null}\n"
      "{'type':'session.output_transcript.delta','delta':''}\n"
      "{'type':'session.output_transcript.done','delta':'x'}\n"
      "{'type':'session.unknown','delta':'x'}\n");
  recorder_flush (&rec);
  recorder_expect (&rec, "source-1 u 0 [?-?] a b c d e");
  say (TRUE, 3000, "1000", "f");
  say (TRUE, 3100, "200", " g");
  recorder_flush (&rec);
  recorder_expect (&rec, "source-2 u 1 [2000-2200] f g");
}

GST_END_TEST;

/* --- configuration --- */

static void
expect_session (const RealtimeSessionConfig * config, const gchar * expected)
{
  g_autofree gchar *text = realtime_session_config_to_create_json (config);
  GError *error = NULL;

  fail_unless (realtime_session_config_check (config, &error), "%s",
      error ? error->message : "");
  g_strdelimit (text, "\"", '\'');
  fail_unless_equals_string (text, expected);
}

GST_START_TEST (test_config)
{
  RealtimeSessionConfig config, other;
  g_auto (GStrv) kept = NULL;
  g_autofree gchar *update = NULL, *change = NULL;

  realtime_session_config_init (&config);
  config.session_type = REALTIME_SESSION_TRANSLATION;
  config.output_language = g_strdup ("es");
  expect_session (&config, "{'audio':{'input':{'transcription':"
      "{'model':'gpt-realtime-whisper'}},'output':{'language':'es'}},"
      "'model':'gpt-realtime-translate'}");
  update = realtime_session_config_to_update_event (&config, "e");
  fail_unless_equals_string (update, "{\"type\":\"session.update\","
      "\"event_id\":\"e\",\"session\":{\"audio\":{\"input\":{\"transcription\":"
      "{\"model\":\"gpt-realtime-whisper\"}},\"output\":{\"language\":"
      "\"es\"}}}}");

  realtime_session_config_copy (&config, &other);
  g_free (other.output_language);
  other.output_language = g_strdup ("fr");
  other.transcription_model = g_strdup ("");
  other.model = g_strdup ("another");
  other.noise_reduction = REALTIME_NOISE_REDUCTION_NEAR_FIELD;
  change = realtime_session_config_to_change_event (&config, &other, FALSE,
      NULL, &kept);
  fail_unless_equals_string (change, "{\"type\":\"session.update\","
      "\"session\":{\"audio\":{\"input\":{\"transcription\":null,"
      "\"noise_reduction\":{\"type\":\"near_field\"}},\"output\":"
      "{\"language\":\"fr\"}}}}");
  fail_unless_equals_string (kept[0], "model");
  realtime_session_config_clear (&other);

  g_clear_pointer (&config.output_language, g_free);
  config.session_json = g_strdup ("{\"type\":\"translation\",\"audio\":"
      "{\"input\":{\"transcription\":null},\"output\":{\"language\":\"de\"}}}");
  expect_session (&config, "{'audio':{'input':{'transcription':null},"
      "'output':{'language':'de'}},'model':'gpt-realtime-translate'}");
  realtime_session_config_clear (&config);
}

GST_END_TEST;

static void
expect_refused (RealtimeSessionConfig * config, const gchar * word)
{
  GError *error = NULL;

  fail_if (realtime_session_config_check (config, &error), "%s", word);
  fail_unless (g_error_matches (error, REALTIME_FAILURE,
          REALTIME_FAILURE_SETTINGS));
  fail_unless (strstr (error->message, word) != NULL, "%s", error->message);
  g_clear_error (&error);
  realtime_session_config_clear (config);
  realtime_session_config_init (config);
  config->session_type = REALTIME_SESSION_TRANSLATION;
  config->output_language = g_strdup ("es");
}

GST_START_TEST (test_refused)
{
  RealtimeSessionConfig config;

  realtime_session_config_init (&config);
  config.session_type = REALTIME_SESSION_TRANSLATION;
  expect_refused (&config, "needs output-language");
  config.tools = g_strdup ("[]");
  expect_refused (&config, "tools");
  config.voice = g_strdup ("marin");
  expect_refused (&config, "voice");
  config.turn_detection = REALTIME_TURNS_MANUAL;
  expect_refused (&config, "turn-detection");
  config.vad_threshold = 0.5;
  expect_refused (&config, "vad-");
  config.create_response = FALSE;
  expect_refused (&config, "create-response");
  config.language = g_strdup ("en");
  expect_refused (&config, "language");
  config.transcription_prompt = g_strdup ("x");
  expect_refused (&config, "transcription-prompt");
  config.session_json = g_strdup ("{\"type\":\"realtime\"}");
  expect_refused (&config, "session-type");
  config.session_json = g_strdup ("{\"audio\":{\"output\":{\"language\":1}}}");
  expect_refused (&config, "audio.output.language");
  config.session_type = REALTIME_SESSION_CONVERSATION;
  expect_refused (&config, "session-type=translation");
  realtime_session_config_clear (&config);
}

GST_END_TEST;

static Suite *
session_translation_suite (void)
{
  Suite *s = suite_create ("session-translation");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, test_sentences);
  tcase_add_test (tc, test_full_stops);
  tcase_add_test (tc, test_pauses);
  tcase_add_test (tc, test_long);
  tcase_add_test (tc, test_huge);
  tcase_add_test (tc, test_without_blanks);
  tcase_add_test (tc, test_bad);
  tcase_add_test (tc, test_config);
  tcase_add_test (tc, test_refused);
  return s;
}

GST_CHECK_MAIN (session_translation);
