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
      "{'transcription':{'model':'gpt-live-transcribe'},"
      "'turn_detection':null}}}");
  realtime_session_config_clear (&config);
}

GST_END_TEST;

/* Who looks for turns where nobody says, and which model is then the default. */
GST_START_TEST (test_who_finds_turns)
{
  static const struct
  {
    RealtimeSessionType type;
    RealtimeTurnDetection asked;
    const gchar *model, *session;
    gboolean no_default;
    RealtimeTurnDetection wanted;
    const gchar *wanted_model;
  } rows[] = {
    {REALTIME_SESSION_CONVERSATION, REALTIME_TURNS_AUTO, NULL, NULL, FALSE,
        REALTIME_TURNS_SERVER_VAD, "gpt-transcribe"},
    {REALTIME_SESSION_CONVERSATION, REALTIME_TURNS_AUTO,
          "gpt-live-transcribe", NULL, FALSE, REALTIME_TURNS_SERVER_VAD,
        "gpt-live-transcribe"},
    {REALTIME_SESSION_CONVERSATION, REALTIME_TURNS_CLIENT, NULL, NULL, FALSE,
        REALTIME_TURNS_CLIENT, "gpt-transcribe"},
    {REALTIME_SESSION_TRANSCRIPTION, REALTIME_TURNS_AUTO, NULL, NULL, FALSE,
        REALTIME_TURNS_CLIENT, "gpt-live-transcribe"},
    {REALTIME_SESSION_TRANSCRIPTION, REALTIME_TURNS_AUTO, "whisper-1", NULL,
        FALSE, REALTIME_TURNS_SERVER_VAD, "whisper-1"},
    {REALTIME_SESSION_TRANSCRIPTION, REALTIME_TURNS_AUTO,
          "gpt-realtime-whisper", NULL, FALSE, REALTIME_TURNS_CLIENT,
        "gpt-realtime-whisper"},
    {REALTIME_SESSION_TRANSCRIPTION, REALTIME_TURNS_SERVER_VAD, NULL, NULL,
        FALSE, REALTIME_TURNS_SERVER_VAD, "gpt-transcribe"},
    {REALTIME_SESSION_TRANSCRIPTION, REALTIME_TURNS_SEMANTIC_VAD, NULL, NULL,
        FALSE, REALTIME_TURNS_SEMANTIC_VAD, "gpt-transcribe"},
    {REALTIME_SESSION_TRANSCRIPTION, REALTIME_TURNS_MANUAL, NULL, NULL, FALSE,
        REALTIME_TURNS_MANUAL, "gpt-live-transcribe"},
    {REALTIME_SESSION_TRANSCRIPTION, REALTIME_TURNS_CLIENT, "whisper-1", NULL,
        FALSE, REALTIME_TURNS_CLIENT, "whisper-1"},
    /* what the session's JSON says of either counts */
    {REALTIME_SESSION_TRANSCRIPTION, REALTIME_TURNS_AUTO, NULL,
        "{\"audio\":{\"input\":{\"transcription\":{\"model\":"
          "\"whisper-1\"}}}}", FALSE, REALTIME_TURNS_SERVER_VAD, "whisper-1"},
    {REALTIME_SESSION_TRANSCRIPTION, REALTIME_TURNS_AUTO, NULL,
          "{\"audio\":{\"input\":{\"turn_detection\":{\"type\":"
          "\"server_vad\"}}}}", FALSE, REALTIME_TURNS_SERVER_VAD,
        "gpt-transcribe"},
    {REALTIME_SESSION_TRANSCRIPTION, REALTIME_TURNS_AUTO, NULL,
          "{\"audio\":{\"input\":{\"turn_detection\":null}}}", FALSE,
        REALTIME_TURNS_CLIENT, "gpt-live-transcribe"},
    /* nobody knows what a server of its own has */
    {REALTIME_SESSION_TRANSCRIPTION, REALTIME_TURNS_AUTO, NULL, NULL, TRUE,
        REALTIME_TURNS_SERVER_VAD, NULL},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    RealtimeSessionConfig config;
    g_autoptr (JsonObject) session = NULL;
    g_autofree gchar *text = NULL;
    JsonObject *input;

    realtime_session_config_init (&config);
    config.session_type = rows[i].type;
    config.turn_detection = rows[i].asked;
    config.transcription_model = g_strdup (rows[i].model);
    config.session_json = g_strdup (rows[i].session);
    config.no_default_models = rows[i].no_default;
    fail_unless (realtime_session_config_check (&config, NULL));
    fail_unless_equals_int (realtime_session_config_get_turns (&config),
        rows[i].wanted);
    text = realtime_session_config_to_create_json (&config);
    session = realtime_json_parse_object (text, -1, NULL);
    input = realtime_json_get_object (session, "audio.input");
    fail_unless_equals_string (realtime_json_get_string (input,
            "transcription.model", NULL), rows[i].wanted_model);
    fail_unless_equals_int (realtime_json_get_object (input,
            "turn_detection") == NULL,
        rows[i].wanted == REALTIME_TURNS_CLIENT
        || rows[i].wanted == REALTIME_TURNS_MANUAL);
    realtime_session_config_clear (&config);
  }
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
  config->speed = 1.25;
  config->max_output_tokens = 500;
  config->reasoning_effort = REALTIME_LEVEL_HIGH;
  config->tools = g_strdup (" [{\"type\":\"function\",\"name\":\"look_up\","
      "\"parameters\":{\"type\":\"object\",\"properties\":{}}}]");
  config->tool_choice = g_strdup ("look_up");
  config->transcription_delay = REALTIME_LEVEL_LOW;
  config->transcription_prompt = g_strdup ("A talk about GStreamer.");
  config->transcription_keywords = g_strsplit ("GStreamer,Opus", ",", -1);
  config->noise_reduction = REALTIME_NOISE_REDUCTION_FAR_FIELD;
  config->vad_idle_timeout_ms = 6000;
  config->create_response = FALSE;
  config->interrupt_response = FALSE;
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
      "{'transcription':{'model':'whisper-1','language':'en','delay':'low',"
      "'prompt':'A talk about GStreamer.','keywords':['GStreamer','Opus']},"
      "'noise_reduction':{'type':'near_field'},"
      "'turn_detection':{'type':'server_vad','threshold':0.25,"
      "'prefix_padding_ms':0,'silence_duration_ms':700,"
      "'idle_timeout_ms':6000,'create_response':false,"
      "'interrupt_response':false}},'output':{'voice':'marin','speed':1.25}},"
      "'model':'gpt-realtime','output_modalities':['text'],"
      "'instructions':'Say \\'yes\\'.','max_output_tokens':100,"
      "'reasoning':{'effort':'high'},'tools':[{'type':'function',"
      "'name':'look_up','parameters':{'type':'object','properties':{}}}],"
      "'tool_choice':{'type':'function','name':'look_up'}}");
  realtime_session_config_clear (&config);
}

GST_END_TEST;

GST_START_TEST (test_turns)
{
  RealtimeSessionConfig config;

  realtime_session_config_init (&config);
  config.turn_detection = REALTIME_TURNS_SEMANTIC_VAD;
  config.voice = g_strdup ("voice_123");
  expect_create (&config, "{'type':'realtime','audio':{'input':"
      "{'transcription':{'model':'gpt-transcribe'},"
      "'turn_detection':{'type':'semantic_vad'}},"
      "'output':{'voice':{'id':'voice_123'}}},'model':'gpt-realtime-2.1',"
      "'output_modalities':['audio']}");
  config.vad_eagerness = REALTIME_EAGERNESS_LOW;
  config.interrupt_response = FALSE;
  expect_create (&config, "{'type':'realtime','audio':{'input':"
      "{'transcription':{'model':'gpt-transcribe'},"
      "'turn_detection':{'type':'semantic_vad','eagerness':'low',"
      "'interrupt_response':false}},'output':{'voice':{'id':'voice_123'}}},"
      "'model':'gpt-realtime-2.1','output_modalities':['audio']}");
  config.turn_detection = REALTIME_TURNS_CLIENT;
  config.vad_eagerness = REALTIME_EAGERNESS_AUTO;
  config.create_response = FALSE;
  config.vad_silence_duration_ms = 400;
  expect_create (&config, "{'type':'realtime','audio':{'input':"
      "{'transcription':{'model':'gpt-transcribe'},'turn_detection':null},"
      "'output':{'voice':{'id':'voice_123'}}},'model':'gpt-realtime-2.1',"
      "'output_modalities':['audio']}");
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
  refuse (&config, "gpt-live-transcribe");
  config.session_type = REALTIME_SESSION_TRANSCRIPTION;
  config.transcription_model = g_strdup ("gpt-live-transcribe");
  config.turn_detection = REALTIME_TURNS_SERVER_VAD;
  refuse (&config, "turn-detection=client");
  config.session_type = REALTIME_SESSION_TRANSCRIPTION;
  config.transcription_model = g_strdup ("gpt-live-transcribe");
  config.turn_detection = REALTIME_TURNS_MANUAL;
  fail_unless (realtime_session_config_check (&config, NULL));
  realtime_session_config_clear (&config);
}

GST_END_TEST;

GST_START_TEST (test_other_combinations)
{
  RealtimeSessionConfig config;

  realtime_session_config_init (&config);
  config.vad_eagerness = REALTIME_EAGERNESS_HIGH;
  refuse (&config, "turn-detection=semantic-vad");
  config.vad_idle_timeout_ms = 4999;
  refuse (&config, "from 5000 to 30000");
  config.vad_idle_timeout_ms = 6000;
  config.turn_detection = REALTIME_TURNS_SEMANTIC_VAD;
  refuse (&config, "turn-detection=server-vad");
  config.turn_detection = REALTIME_TURNS_SEMANTIC_VAD;
  config.vad_threshold = 0.5;
  refuse (&config, "turn-detection=server-vad");
  config.speed = 0;
  refuse (&config, "speed must be from 0.25 to 1.5");
  config.max_output_tokens = 4097;
  refuse (&config, "max-output-tokens");
  config.transcription_model = g_strdup ("");
  config.transcription_prompt = g_strdup ("Names.");
  refuse (&config, "transcription-prompt");
  config.transcription_keywords = g_strsplit ("a,,b", ",", -1);
  refuse (&config, "empty word");

  config.session_type = REALTIME_SESSION_TRANSCRIPTION;
  config.tools = g_strdup ("[]");
  refuse (&config, "no tool-choice");
  config.session_type = REALTIME_SESSION_TRANSCRIPTION;
  config.speed = 1.5;
  refuse (&config, "no speed");
  config.session_type = REALTIME_SESSION_TRANSCRIPTION;
  config.reasoning_effort = REALTIME_LEVEL_LOW;
  refuse (&config, "no reasoning-effort");
  config.session_type = REALTIME_SESSION_TRANSCRIPTION;
  config.create_response = FALSE;
  refuse (&config, "create-response");
  config.session_type = REALTIME_SESSION_TRANSCRIPTION;
  config.vad_idle_timeout_ms = 6000;
  refuse (&config, "needs a conversation");
}

GST_END_TEST;

/* Every text, in turn. */
GST_START_TEST (test_bad_text)
{
  RealtimeSessionConfig config = { 0, };
  gchar **texts[] = { &config.model, &config.voice, &config.instructions,
    &config.language, &config.transcription_model,
    &config.transcription_prompt, &config.tools, &config.tool_choice,
    &config.session_json
  };
  const gchar *names[] = { "model", "voice", "instructions", "language",
    "transcription-model", "transcription-prompt", "tools", "tool-choice",
    "session"
  };
  guint i;

  realtime_session_config_init (&config);
  for (i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree gchar *wanted = g_strdup_printf ("property %s is not valid UTF-8"
        " from its byte 2", names[i]);

    *texts[i] = g_strdup ("ab\xff");
    refuse (&config, wanted);
  }
  config.transcription_keywords = g_new0 (gchar *, 2);
  config.transcription_keywords[0] = g_strdup ("\xc3");
  refuse (&config, "transcription-keywords is not valid");

  config.instructions = g_strnfill (1024 * 1024, 'a');
  refuse (&config, "256 KiB");
}

GST_END_TEST;

GST_START_TEST (test_tools)
{
  const struct
  {
    const gchar *tools, *choice, *advice;
  } rows[] = {
    {"[\n{\"type\":\"function\",\"name\" \"x\"}]", NULL, "line 2, position"},
    {"{\"type\":\"function\",\"name\":\"x\"}", NULL, "not an array"},
    {"[1]", NULL, "tools[0] must be an object"},
    {"[{\"name\":\"x\"}]", NULL, "tools[0] has no type"},
    {"[{\"type\":\"function\"}]", NULL, "without a name"},
    {"[{\"type\":\"function\",\"function\":{\"name\":\"x\"}}]", NULL,
        "beside \"type\""},
    {"[{\"type\":\"function\",\"name\":\"x\",\"parameters\":[]}]", NULL,
        "tools[0].parameters must be an object"},
    {"[{\"type\":\"function\",\"name\":\"x\",\"description\":1}]", NULL,
        "description must be a string"},
    {"[{\"type\":\"function\",\"name\":\"x\"},{\"type\":\"function\","
          "\"name\":\"x\"}]", NULL, "tools[0] and tools[1]"},
    {"[{\"type\":\"mcp\"}]", NULL, "server_label"},
    {"[{\"type\":\"mcp\",\"server_label\":\"x\"}]", NULL, "server_url"},
    {"[{\"type\":\"function\",\"name\":\"x\"}]", "y", "\"y\" is none"},
    {NULL, "{\"type\"", "tool-choice begins like a JSON"},
    {NULL, "{}", "needs a type"},
  };
  RealtimeSessionConfig config;
  guint i;

  realtime_session_config_init (&config);
  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    config.tools = g_strdup (rows[i].tools);
    config.tool_choice = g_strdup (rows[i].choice);
    refuse (&config, rows[i].advice);
  }
  config.tools = g_strdup ("[{\"type\":\"mcp\",\"server_label\":\"x\","
      "\"server_url\":\"https://mcp.example/\"},{\"type\":\"later\"}]");
  config.tool_choice = g_strdup ("required");
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

/* The session.update from @from to @to, its names kept as "a,b". */
static void
expect_change (const RealtimeSessionConfig * from,
    const RealtimeSessionConfig * to, gboolean voice_settled,
    const gchar * expected, const gchar * kept)
{
  g_auto (GStrv) names = NULL;
  g_autofree gchar *event = realtime_session_config_to_change_event (from, to,
      voice_settled, "c", &names);
  g_autofree gchar *joined = g_strjoinv (",", names);
  g_autofree gchar *want = NULL;
  g_autoptr (JsonNode) sent = NULL, wanted = NULL;

  if (expected != NULL) {
    want = g_strconcat ("{'type':'session.update','event_id':'c','session':",
        expected, "}", NULL);
    g_strdelimit (want, "'", '"');
    sent = json_from_string (event ? event : "{}", NULL);
    wanted = json_from_string (want, NULL);
    fail_unless (json_node_equal (sent, wanted), "%s is not %s", event, want);
  } else {
    fail_unless_equals_string (event, NULL);
  }
  fail_unless_equals_string (joined, kept);
}

GST_START_TEST (test_changes)
{
  RealtimeSessionConfig a, b;

  realtime_session_config_init (&a);
  realtime_session_config_init (&b);
  expect_change (&a, &b, FALSE, NULL, "");

  /* several at once, and only these */
  b.instructions = g_strdup ("Be brief.");
  b.speed = 1.5;
  b.voice = g_strdup ("cedar");
  expect_change (&a, &b, FALSE, "{'audio':{'output':{'voice':'cedar',"
      "'speed':1.5}},'instructions':'Be brief.','type':'realtime'}", "");
  /* a voice that was heard stays */
  expect_change (&a, &b, TRUE, "{'audio':{'output':{'speed':1.5}},"
      "'instructions':'Be brief.','type':'realtime'}", "voice");
  /* and back: what the service takes as its default */
  expect_change (&b, &a, FALSE, "{'audio':{'output':{'speed':1.0}},"
      "'instructions':'','type':'realtime'}", "voice");
  realtime_session_config_clear (&b);

  realtime_session_config_init (&b);
  b.model = g_strdup ("gpt-realtime");
  expect_change (&a, &b, FALSE, NULL, "model");
  realtime_session_config_clear (&b);

  realtime_session_config_init (&b);
  b.session_type = REALTIME_SESSION_TRANSCRIPTION;
  expect_change (&a, &b, FALSE, NULL, "session-type");
}

GST_END_TEST;

GST_START_TEST (test_changes_of_turns)
{
  RealtimeSessionConfig a, b;

  realtime_session_config_init (&a);
  realtime_session_config_init (&b);
  b.vad_threshold = 0.75;
  b.create_response = FALSE;
  expect_change (&a, &b, FALSE, "{'audio':{'input':{'turn_detection':"
      "{'type':'server_vad','threshold':0.75,'create_response':false}}},"
      "'type':'realtime'}", "");
  expect_change (&b, &a, FALSE, "{'audio':{'input':{'turn_detection':"
      "{'type':'server_vad','threshold':0.5,'create_response':true}}},"
      "'type':'realtime'}", "");
  a.turn_detection = REALTIME_TURNS_SEMANTIC_VAD;
  expect_change (&b, &a, FALSE, "{'audio':{'input':{'turn_detection':"
      "{'type':'semantic_vad'}}},'type':'realtime'}", "");
  a.turn_detection = REALTIME_TURNS_MANUAL;
  expect_change (&b, &a, FALSE, "{'audio':{'input':{'turn_detection':null}},"
      "'type':'realtime'}", "");
  /* to this side it is a difference, to the service none */
  realtime_session_config_init (&b);
  b.turn_detection = REALTIME_TURNS_CLIENT;
  expect_change (&b, &a, FALSE, NULL, "");
}

GST_END_TEST;

GST_START_TEST (test_changes_of_json)
{
  RealtimeSessionConfig a, b;

  realtime_session_config_init (&a);
  realtime_session_config_init (&b);
  b.session_json = g_strdup ("{\"truncation\":\"disabled\",\"later\":{\"x\":1},"
      "\"audio\":{\"output\":{\"later\":2}}}");
  expect_change (&a, &b, FALSE, "{'audio':{'output':{'later':2}},"
      "'truncation':'disabled','later':{'x':1},'type':'realtime'}", "");
  expect_change (&b, &a, FALSE, "{'truncation':'auto','type':'realtime'}",
      "audio.output.later,later");
  realtime_session_config_clear (&b);

  realtime_session_config_init (&b);
  b.transcription_model = g_strdup ("");
  b.noise_reduction = REALTIME_NOISE_REDUCTION_NEAR_FIELD;
  b.tools = g_strdup ("[]");
  expect_change (&a, &b, FALSE, "{'audio':{'input':{'transcription':null,"
      "'noise_reduction':{'type':'near_field'}}},'tools':[],"
      "'type':'realtime'}", "");
  expect_change (&b, &a, FALSE, "{'audio':{'input':{'transcription':"
      "{'model':'gpt-transcribe'},'noise_reduction':null}},'tools':[],"
      "'type':'realtime'}", "");
  realtime_session_config_clear (&b);
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
  /* from all there is to nothing, and the other way */
  for (round = 0; round < 2; round++) {
    RealtimeSessionConfig empty;
    g_auto (GStrv) kept = NULL;
    g_autofree gchar *event = NULL;

    realtime_session_config_init (&empty);
    fill (&config);
    event = realtime_session_config_to_change_event (round ? &config : &empty,
        round ? &empty : &config, FALSE, "evt_2", &kept);
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
  tcase_add_test (tc, test_who_finds_turns);
  tcase_add_test (tc, test_all);
  tcase_add_test (tc, test_turns);
  tcase_add_test (tc, test_nulls);
  tcase_add_test (tc, test_combinations);
  tcase_add_test (tc, test_other_combinations);
  tcase_add_test (tc, test_bad_text);
  tcase_add_test (tc, test_tools);
  tcase_add_test (tc, test_session_json);
  tcase_add_test (tc, test_changes);
  tcase_add_test (tc, test_changes_of_turns);
  tcase_add_test (tc, test_changes_of_json);
  tcase_add_test (tc, test_schema);
  return s;
}

GST_CHECK_MAIN (session_config);
