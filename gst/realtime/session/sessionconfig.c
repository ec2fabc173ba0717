/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "json.h"
#include "sessionconfig-private.h"

#define STRING REALTIME_MEMBER_STRING
#define NUMBER REALTIME_MEMBER_NUMBER
#define BOOLEAN REALTIME_MEMBER_BOOLEAN
#define ARRAY REALTIME_MEMBER_ARRAY
#define OBJECT REALTIME_MEMBER_OBJECT
#define NULLABLE REALTIME_MEMBER_NULLABLE

const RealtimeSessionMember realtime_session_members[] = {
  {"type", STRING},
  {"model", STRING},
  {"instructions", STRING},
  {"output_modalities", ARRAY},
  {"max_output_tokens", NUMBER | STRING},
  {"parallel_tool_calls", BOOLEAN},
  {"reasoning", OBJECT},
  {"reasoning.effort", STRING},
  {"tools", ARRAY},
  {"tool_choice", STRING | OBJECT},
  {"include", ARRAY},
  {"tracing", STRING | OBJECT | NULLABLE},
  {"truncation", STRING | OBJECT},
  {"prompt", OBJECT | NULLABLE},
  {"audio", OBJECT},
  {"audio.input", OBJECT},
  {"audio.input.format", OBJECT},
  {"audio.input.noise_reduction", OBJECT | NULLABLE},
  {"audio.input.transcription", OBJECT | NULLABLE},
  {"audio.input.transcription.model", STRING},
  {"audio.input.transcription.language", STRING},
  {"audio.input.transcription.languages", ARRAY},
  {"audio.input.transcription.keywords", ARRAY},
  {"audio.input.transcription.prompt", STRING},
  {"audio.input.transcription.delay", STRING},
  {"audio.input.turn_detection", OBJECT | NULLABLE},
  {"audio.input.turn_detection.type", STRING},
  {"audio.input.turn_detection.threshold", NUMBER},
  {"audio.input.turn_detection.prefix_padding_ms", NUMBER},
  {"audio.input.turn_detection.silence_duration_ms", NUMBER},
  {"audio.input.turn_detection.eagerness", STRING},
  {"audio.input.turn_detection.create_response", BOOLEAN},
  {"audio.input.turn_detection.interrupt_response", BOOLEAN},
  {"audio.input.turn_detection.idle_timeout_ms", NUMBER | NULLABLE},
  {"audio.output", OBJECT},
  {"audio.output.language", STRING},
  {"audio.output.format", OBJECT},
  {"audio.output.voice", STRING | OBJECT},
  {"audio.output.speed", NUMBER},
  {NULL, 0}
};

#define TEXT(name, field) {name, G_STRUCT_OFFSET (RealtimeSessionConfig, field)}

const RealtimeConfigString realtime_config_strings[] = {
  TEXT ("model", model),
  TEXT ("voice", voice),
  TEXT ("instructions", instructions),
  TEXT ("tools", tools),
  TEXT ("tool-choice", tool_choice),
  TEXT ("language", language),
  TEXT ("output-language", output_language),
  TEXT ("transcription-model", transcription_model),
  TEXT ("transcription-prompt", transcription_prompt),
  TEXT ("session", session_json),
  {NULL, 0}
};

/* By value; NULL is not sent. */
static const gchar *const level_words[] = {
  NULL, "minimal", "low", "medium", "high", "xhigh"
};

static const gchar *const eagerness_words[] = {
  NULL, "low", "medium", "high"
};

static const gchar *const noise_words[] = {
  NULL, "near_field", "far_field"
};

void
realtime_session_config_init (RealtimeSessionConfig * config)
{
  memset (config, 0, sizeof (*config));
  config->speed = REALTIME_DEFAULT_SPEED;
  config->vad_threshold = -1.0;
  config->vad_prefix_padding_ms = -1;
  config->vad_silence_duration_ms = -1;
  config->create_response = TRUE;
  config->interrupt_response = TRUE;
}

void
realtime_session_config_clear (RealtimeSessionConfig * config)
{
  const RealtimeConfigString *string;

  for (string = realtime_config_strings; string->name != NULL; string++) {
    g_clear_pointer (&G_STRUCT_MEMBER (gchar *, config, string->offset),
        g_free);
  }
  g_clear_pointer (&config->transcription_keywords, g_strfreev);
}

void
realtime_session_config_copy (const RealtimeSessionConfig * config,
    RealtimeSessionConfig * to)
{
  const RealtimeConfigString *string;

  *to = *config;
  for (string = realtime_config_strings; string->name != NULL; string++) {
    G_STRUCT_MEMBER (gchar *, to, string->offset) =
        g_strdup (G_STRUCT_MEMBER (gchar *, config, string->offset));
  }
  to->transcription_keywords = g_strdupv (config->transcription_keywords);
}

gboolean
realtime_config_is_set (const gchar * text)
{
  return text != NULL && *text != '\0';
}

const gchar *
realtime_config_get_type_name (const RealtimeSessionConfig * config)
{
  switch (config->session_type) {
    case REALTIME_SESSION_TRANSCRIPTION:
      return "transcription";
    case REALTIME_SESSION_TRANSLATION:
      return "translation";
    default:
      return "realtime";
  }
}

gboolean
realtime_config_is_live_model (const gchar * model)
{
  return model != NULL && (g_str_has_prefix (model, "gpt-live-transcribe")
      || g_str_has_prefix (model, "gpt-realtime-whisper"));
}

static RealtimeTurnDetection
choose_turns (const RealtimeSessionConfig * config)
{
  const gchar *model = config->transcription_model;
  g_autoptr (JsonObject) session = NULL;

  if (config->session_type != REALTIME_SESSION_TRANSCRIPTION)
    return REALTIME_TURNS_SERVER_VAD;
  if (realtime_config_is_set (config->session_json))
    session = realtime_json_parse_object (config->session_json, -1, NULL);
  if (realtime_json_get_object (session, "audio.input.turn_detection") != NULL)
    return REALTIME_TURNS_SERVER_VAD;
  model = realtime_json_get_string (session, "audio.input.transcription.model",
      model);
  if (model == NULL && !config->no_default_models)
    return REALTIME_TURNS_CLIENT;
  return realtime_config_is_live_model (model) ? REALTIME_TURNS_CLIENT :
      REALTIME_TURNS_SERVER_VAD;
}

RealtimeTurnDetection
realtime_session_config_get_turns (const RealtimeSessionConfig * config)
{
  return config->turn_detection == REALTIME_TURNS_AUTO ?
      choose_turns (config) : config->turn_detection;
}

const gchar *
realtime_config_get_transcription_model (const RealtimeSessionConfig * config)
{
  RealtimeTurnDetection turns;

  if (config->transcription_model || config->no_default_models)
    return config->transcription_model;
  if (config->session_type == REALTIME_SESSION_TRANSLATION)
    return REALTIME_DEFAULT_SOURCE_MODEL;
  turns = realtime_session_config_get_turns (config);
  return config->session_type == REALTIME_SESSION_TRANSCRIPTION
      && turns != REALTIME_TURNS_SERVER_VAD
      && turns != REALTIME_TURNS_SEMANTIC_VAD ?
      REALTIME_DEFAULT_LIVE_MODEL : REALTIME_DEFAULT_TRANSCRIPTION_MODEL;
}

JsonNode *
realtime_session_find_member (JsonObject * object, const gchar * path)
{
  const gchar *dot = strrchr (path, '.');
  g_autofree gchar *parent = NULL;

  if (dot == NULL)
    return json_object_get_member (object, path);
  parent = g_strndup (path, dot - path);
  object = realtime_json_get_object (object, parent);
  return object ? json_object_get_member (object, dot + 1) : NULL;
}

static void
set_string (JsonObject * object, const gchar * name, const gchar * value)
{
  if (realtime_config_is_set (value))
    json_object_set_string_member (object, name, value);
}

/* The object @name in @parent, made if need be. */
static JsonObject *
sub_object (JsonObject * parent, const gchar * name)
{
  JsonObject *object = realtime_json_get_object (parent, name);

  if (object == NULL) {
    object = json_object_new ();
    json_object_set_object_member (parent, name, object);
  }
  return object;
}

static void
set_transcription (const RealtimeSessionConfig * config, JsonObject * input)
{
  const gchar *model = realtime_config_get_transcription_model (config);
  gchar **word = config->transcription_keywords;
  JsonObject *transcription;
  JsonArray *keywords;

  if (!realtime_config_is_set (model) && !(model == NULL
          && config->no_default_models)) {
    json_object_set_null_member (input, "transcription");
    return;
  }
  transcription = sub_object (input, "transcription");
  set_string (transcription, "model", model);
  set_string (transcription, "language", config->language);
  set_string (transcription, "delay", level_words[config->transcription_delay]);
  set_string (transcription, "prompt", config->transcription_prompt);
  if (word != NULL && *word != NULL) {
    keywords = json_array_new ();
    for (; *word != NULL; word++)
      json_array_add_string_element (keywords, *word);
    json_object_set_array_member (transcription, "keywords", keywords);
  }
  if (json_object_get_size (transcription) == 0)
    json_object_remove_member (input, "transcription");
}

static void
set_server_vad (const RealtimeSessionConfig * config, JsonObject * vad)
{
  set_string (vad, "type", "server_vad");
  if (config->vad_threshold >= 0)
    json_object_set_double_member (vad, "threshold", config->vad_threshold);
  if (config->vad_prefix_padding_ms >= 0) {
    json_object_set_int_member (vad, "prefix_padding_ms",
        config->vad_prefix_padding_ms);
  }
  if (config->vad_silence_duration_ms >= 0) {
    json_object_set_int_member (vad, "silence_duration_ms",
        config->vad_silence_duration_ms);
  }
  if (config->vad_idle_timeout_ms > 0) {
    json_object_set_int_member (vad, "idle_timeout_ms",
        config->vad_idle_timeout_ms);
  }
}

static void
set_turn_detection (const RealtimeSessionConfig * config, JsonObject * input)
{
  RealtimeTurnDetection turns = realtime_session_config_get_turns (config);
  JsonObject *vad;

  if (turns == REALTIME_TURNS_MANUAL || turns == REALTIME_TURNS_CLIENT) {
    json_object_set_null_member (input, "turn_detection");
    return;
  }
  vad = sub_object (input, "turn_detection");
  if (turns == REALTIME_TURNS_SEMANTIC_VAD) {
    set_string (vad, "type", "semantic_vad");
    set_string (vad, "eagerness", eagerness_words[config->vad_eagerness]);
  } else {
    set_server_vad (config, vad);
  }
  if (!config->create_response)
    json_object_set_boolean_member (vad, "create_response", FALSE);
  if (!config->interrupt_response)
    json_object_set_boolean_member (vad, "interrupt_response", FALSE);
}

static void
set_input (const RealtimeSessionConfig * config, JsonObject * input)
{
  const gchar *noise = noise_words[config->noise_reduction];

  set_transcription (config, input);
  if (noise != NULL)
    set_string (sub_object (input, "noise_reduction"), "type", noise);
  if (config->session_type != REALTIME_SESSION_TRANSLATION)
    set_turn_detection (config, input);
}

/* A voice of one's own has an id in place of a name. */
static void
set_output (const RealtimeSessionConfig * config, JsonObject * audio)
{
  if (realtime_config_is_set (config->voice)) {
    JsonObject *output = sub_object (audio, "output");

    if (g_str_has_prefix (config->voice, "voice_"))
      set_string (sub_object (output, "voice"), "id", config->voice);
    else
      set_string (output, "voice", config->voice);
  }
  if (config->speed != REALTIME_DEFAULT_SPEED) {
    json_object_set_double_member (sub_object (audio, "output"), "speed",
        config->speed);
  }
}

static void
set_conversation (const RealtimeSessionConfig * config, JsonObject * session)
{
  JsonArray *modalities = json_array_new ();
  JsonNode *node;

  set_string (session, "model", realtime_config_is_set (config->model) ?
      config->model : config->no_default_models ? NULL :
      REALTIME_DEFAULT_MODEL);
  json_array_add_string_element (modalities,
      config->output_modality == REALTIME_OUTPUT_TEXT ? "text" : "audio");
  json_object_set_array_member (session, "output_modalities", modalities);
  set_string (session, "instructions", config->instructions);
  if (config->max_output_tokens > 0) {
    json_object_set_int_member (session, "max_output_tokens",
        config->max_output_tokens);
  }
  if (config->reasoning_effort != REALTIME_LEVEL_DEFAULT) {
    set_string (sub_object (session, "reasoning"), "effort",
        level_words[config->reasoning_effort]);
  }
  if ((node = realtime_tools_parse (config->tools)))
    json_object_set_member (session, "tools", node);
  if ((node = realtime_tool_choice_parse (config->tool_choice)))
    json_object_set_member (session, "tool_choice", node);
}

static void
set_translation (const RealtimeSessionConfig * config, JsonObject * session)
{
  JsonObject *audio = sub_object (session, "audio");

  set_string (session, "model", realtime_config_is_set (config->model) ?
      config->model : REALTIME_DEFAULT_TRANSLATION_MODEL);
  if (realtime_config_is_set (config->output_language))
    set_string (sub_object (audio, "output"), "language",
        config->output_language);
}

/* A translation is told by its endpoints, and refuses a type. */
static void
set_type (const RealtimeSessionConfig * config, JsonObject * session)
{
  if (config->session_type != REALTIME_SESSION_TRANSLATION)
    json_object_set_string_member (session, "type",
        realtime_config_get_type_name (config));
  else if (json_object_has_member (session, "type"))
    json_object_remove_member (session, "type");
}

/* Where null is a value, the merge must not have taken it for an absence. */
static void
keep_nulls (JsonObject * session, JsonObject * patch)
{
  const RealtimeSessionMember *member;

  for (member = realtime_session_members; member->path != NULL; member++) {
    const gchar *path = member->path;
    const gchar *dot = strrchr (path, '.');
    JsonNode *node = realtime_session_find_member (patch, path);
    JsonObject *parent = session;

    if (!(member->types & NULLABLE) || node == NULL
        || !JSON_NODE_HOLDS_NULL (node))
      continue;
    if (dot != NULL) {
      g_autofree gchar *parent_path = g_strndup (path, dot - path);

      parent = realtime_json_get_object (session, parent_path);
    }
    if (parent != NULL)
      json_object_set_null_member (parent, dot ? dot + 1 : path);
  }
}

JsonObject *
realtime_session_config_make (const RealtimeSessionConfig * config)
{
  JsonObject *session = json_object_new ();
  JsonObject *audio, *patch = NULL;

  set_type (config, session);
  audio = sub_object (session, "audio");
  set_input (config, sub_object (audio, "input"));
  if (config->session_type == REALTIME_SESSION_CONVERSATION) {
    set_output (config, audio);
    set_conversation (config, session);
  } else if (config->session_type == REALTIME_SESSION_TRANSLATION) {
    set_translation (config, session);
  }

  if (realtime_config_is_set (config->session_json))
    patch = realtime_json_parse_object (config->session_json, -1, NULL);
  if (patch != NULL) {
    realtime_json_merge (session, patch);
    keep_nulls (session, patch);
    json_object_unref (patch);
    /* whatever was merged: no create and no update goes without its type */
    set_type (config, session);
  }
  return session;
}

gchar *
realtime_session_config_to_create_json (const RealtimeSessionConfig * config)
{
  JsonObject *session;
  gchar *text;

  g_return_val_if_fail (config != NULL, NULL);

  session = realtime_session_config_make (config);
  text = realtime_json_to_string (session);
  json_object_unref (session);
  return text;
}

gchar *
realtime_session_config_print_update (const RealtimeSessionConfig * config,
    JsonObject * session, const gchar * event_id)
{
  JsonObject *event = json_object_new ();
  gchar *text;

  set_type (config, session);
  json_object_set_string_member (event, "type", "session.update");
  set_string (event, "event_id", event_id);
  json_object_set_object_member (event, "session", session);
  text = realtime_json_to_string (event);
  json_object_unref (event);
  return text;
}

gchar *
realtime_session_config_to_update_event (const RealtimeSessionConfig * config,
    const gchar * event_id)
{
  JsonObject *session;

  g_return_val_if_fail (config != NULL, NULL);

  session = realtime_session_config_make (config);
  if (json_object_has_member (session, "model"))
    json_object_remove_member (session, "model");
  return realtime_session_config_print_update (config, session, event_id);
}
