/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>

#include "session/failure.h"
#include "session/json.h"
#include "session/sessionconfig.h"

static void
expect_create (const RealtimeSessionConfig * config, const gchar * expected)
{
  g_autofree gchar *text = realtime_session_config_to_create_json (config);
  g_autofree gchar *want = g_strdup (expected);

  fail_unless (realtime_session_config_check (config, NULL));
  fail_unless_equals_string (text, g_strdelimit (want, "'", '"'));
}

GST_START_TEST (test_defaults)
{
  RealtimeSessionConfig config;
  g_autofree gchar *update = NULL;

  realtime_session_config_init (&config);
  expect_create (&config, "{'type':'realtime','audio':{'input':"
      "{'transcription':{'model':'gpt-transcribe'},"
      "'turn_detection':{'type':'server_vad'}}},'model':'gpt-realtime-2.1',"
      "'output_modalities':['audio']}");
  update = realtime_session_config_to_update_event (&config, "evt_1");
  fail_unless_equals_string (update, "{\"type\":\"session.update\","
      "\"event_id\":\"evt_1\",\"session\":{\"type\":\"realtime\",\"audio\":"
      "{\"input\":{\"transcription\":{\"model\":\"gpt-transcribe\"},"
      "\"turn_detection\":{\"type\":\"server_vad\"}}},"
      "\"output_modalities\":[\"audio\"]}}");

  config.session_type = REALTIME_SESSION_TRANSCRIPTION;
  expect_create (&config, "{'type':'transcription','audio':{'input':"
      "{'transcription':{'model':'gpt-transcribe'},"
      "'turn_detection':{'type':'server_vad'}}}}");
  realtime_session_config_clear (&config);
}

GST_END_TEST;

/* One setting of each kind, and the copy of it all. */
static void
fill (RealtimeSessionConfig * config)
{
  realtime_session_config_init (config);
  config->model = g_strdup ("gpt-realtime");
  config->voice = g_strdup ("marin");
  config->instructions = g_strdup ("Say \"yes\".");
  config->language = g_strdup ("en");
  config->transcription_model = g_strdup ("whisper-1");
  config->vad_threshold = 0.25;
  config->vad_prefix_padding_ms = 0;
  config->vad_silence_duration_ms = 700;
  config->output_modality = REALTIME_OUTPUT_TEXT;
  config->session_json = g_strdup ("{\"audio\":{\"input\":{\"noise_reduction\":"
      "{\"type\":\"near_field\"}}},\"max_output_tokens\":100}");
}

GST_START_TEST (test_all)
{
  RealtimeSessionConfig original, config;

  fill (&original);
  realtime_session_config_copy (&original, &config);
  realtime_session_config_clear (&original);
  expect_create (&config, "{'type':'realtime','audio':{'input':"
      "{'transcription':{'model':'whisper-1','language':'en'},"
      "'turn_detection':{'type':'server_vad','threshold':0.25,"
      "'prefix_padding_ms':0,'silence_duration_ms':700},"
      "'noise_reduction':{'type':'near_field'}},'output':{'voice':'marin'}},"
      "'model':'gpt-realtime','output_modalities':['text'],"
      "'instructions':'Say \\'yes\\'.','max_output_tokens':100}");
  realtime_session_config_clear (&config);
}

GST_END_TEST;

GST_START_TEST (test_nulls)
{
  RealtimeSessionConfig config;

  realtime_session_config_init (&config);
  config.turn_detection = REALTIME_TURNS_MANUAL;
  config.transcription_model = g_strdup ("");
  expect_create (&config, "{'type':'realtime','audio':{'input':"
      "{'transcription':null,'turn_detection':null}},"
      "'model':'gpt-realtime-2.1','output_modalities':['audio']}");
  realtime_session_config_clear (&config);

  realtime_session_config_init (&config);
  config.session_json = g_strdup ("{\"audio\":{\"input\":{\"turn_detection\":"
      "null,\"noise_reduction\":null}},\"output_modalities\":null,"
      "\"type\":null}");
  expect_create (&config, "{'audio':{'input':{'transcription':"
      "{'model':'gpt-transcribe'},'noise_reduction':null,"
      "'turn_detection':null}},'model':'gpt-realtime-2.1',"
      "'type':'realtime'}");
  realtime_session_config_clear (&config);
}

GST_END_TEST;

static void
refuse (RealtimeSessionConfig * config, const gchar * advice)
{
  g_autoptr (GError) error = NULL;

  fail_if (realtime_session_config_check (config, &error));
  fail_unless (g_error_matches (error, REALTIME_FAILURE,
          REALTIME_FAILURE_SETTINGS));
  fail_unless (strstr (error->message, advice) != NULL, "%s", error->message);
  fail_if (realtime_session_config_check (config, NULL));
  realtime_session_config_clear (config);
  realtime_session_config_init (config);
}

GST_START_TEST (test_combinations)
{
  RealtimeSessionConfig config;

  realtime_session_config_init (&config);
  config.turn_detection = REALTIME_TURNS_MANUAL;
  config.vad_silence_duration_ms = 0;
  refuse (&config, "turn-detection=server-vad");
  config.vad_threshold = 1.5;
  refuse (&config, "from 0 to 1");
  config.transcription_model = g_strdup ("");
  config.language = g_strdup ("nl");
  refuse (&config, "language");

  config.session_type = REALTIME_SESSION_TRANSCRIPTION;
  config.model = g_strdup ("gpt-realtime");
  refuse (&config, "transcription-model");
  config.session_type = REALTIME_SESSION_TRANSCRIPTION;
  config.voice = g_strdup ("marin");
  refuse (&config, "no voice");
  config.session_type = REALTIME_SESSION_TRANSCRIPTION;
  config.transcription_model = g_strdup ("");
  refuse (&config, "gpt-transcribe");
  config.session_type = REALTIME_SESSION_TRANSCRIPTION;
  config.transcription_model = g_strdup ("gpt-live-transcribe");
  refuse (&config, "turn-detection=manual");
  config.session_type = REALTIME_SESSION_TRANSCRIPTION;
  config.transcription_model = g_strdup ("gpt-live-transcribe");
  config.turn_detection = REALTIME_TURNS_MANUAL;
  fail_unless (realtime_session_config_check (&config, NULL));
  realtime_session_config_clear (&config);
}

GST_END_TEST;

GST_START_TEST (test_session_json)
{
  const struct
  {
    const gchar *json, *advice;
  } rows[] = {
    {"{\n \"instructions\" \"x\"}", "line 2"},
    {"[]", "one JSON object"},
    {"nonsense", "one JSON object"},
    {"{\"type\":\"transcription\"}", "session-type"},
    {"{\"tools\":{}}", "tools must be an array"},
    {"{\"audio\":{\"input\":[]}}", "audio.input must be an object"},
    {"{\"audio\":{\"input\":{\"turn_detection\":{\"threshold\":\"0.5\"}}}}",
        "threshold must be a number"},
    {"{\"audio\":{\"output\":{\"voice\":7}}}",
        "voice must be a string or an object"},
    {"{\"parallel_tool_calls\":1}", "true or false"},
  };
  RealtimeSessionConfig config;
  guint i;

  realtime_session_config_init (&config);
  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    config.session_json = g_strdup (rows[i].json);
    refuse (&config, rows[i].advice);
  }
  /* what this version does not know is passed on */
  config.session_json = g_strdup ("{\"later\":{\"audio\":7},"
      "\"max_output_tokens\":\"inf\"}");
  fail_unless (realtime_session_config_check (&config, NULL));
  realtime_session_config_clear (&config);
}

GST_END_TEST;

/* The published schema's verdict on client events. */
GST_START_TEST (test_schema)
{
  const gchar *shared = g_getenv ("REALTIME_SHARED_DIR");
  g_autofree gchar *tool = NULL, *file = NULL, *folder = NULL, *out = NULL;
  const gchar *argv[] = { NULL, "--side", "client", NULL, NULL };
  GString *events = g_string_new (NULL);
  RealtimeSessionConfig config;
  gint round, status = -1;

  for (round = 0; round < 4; round++) {
    g_autofree gchar *event = NULL;

    if (round < 2) {
      fill (&config);
    } else {
      realtime_session_config_init (&config);
      config.session_type = REALTIME_SESSION_TRANSCRIPTION;
      config.language = g_strdup ("nl");
      if (round == 3)
        config.turn_detection = REALTIME_TURNS_MANUAL;
    }
    event = realtime_session_config_to_update_event (&config,
        round % 2 ? "evt_1" : NULL);
    g_string_append_printf (events, "%s\n", event);
    realtime_session_config_clear (&config);
  }

  if (shared != NULL) {
    tool = g_build_filename (shared, "tools", "validate-events", NULL);
    folder = g_dir_make_tmp ("session-config-XXXXXX", NULL);
    file = g_build_filename (folder, "events.jsonl", NULL);
    fail_unless (g_file_set_contents (file, events->str, -1, NULL));
    argv[0] = tool;
    argv[3] = file;
    fail_unless (g_spawn_sync (NULL, (gchar **) argv, NULL, 0, NULL, NULL,
            &out, NULL, &status, NULL));
    fail_unless (g_spawn_check_wait_status (status, NULL), "%s", out);
    g_remove (file);
    g_rmdir (folder);
  }
  g_string_free (events, TRUE);
}

GST_END_TEST;

static Suite *
session_config_suite (void)
{
  Suite *s = suite_create ("session-config");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_defaults);
  tcase_add_test (tc, test_all);
  tcase_add_test (tc, test_nulls);
  tcase_add_test (tc, test_combinations);
  tcase_add_test (tc, test_session_json);
  tcase_add_test (tc, test_schema);
  return s;
}

GST_CHECK_MAIN (session_config);
