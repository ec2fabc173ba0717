/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "failure.h"
#include "json.h"
#include "sessionconfig.h"

/* What a member of the service's session object may be, as a set. */
enum
{
  STRING = 1 << 0,
  NUMBER = 1 << 1,
  BOOLEAN = 1 << 2,
  ARRAY = 1 << 3,
  OBJECT = 1 << 4,
  NULLABLE = 1 << 5             /* where null is a value, not an absence */
};

static const struct
{
  const gchar *path;
  guint types;
} members[] = {
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
  {"audio.output.format", OBJECT},
  {"audio.output.voice", STRING | OBJECT},
  {"audio.output.speed", NUMBER},
};

void
realtime_session_config_init (RealtimeSessionConfig * config)
{
  memset (config, 0, sizeof (*config));
  config->vad_threshold = -1.0;
  config->vad_prefix_padding_ms = -1;
  config->vad_silence_duration_ms = -1;
}

void
realtime_session_config_clear (RealtimeSessionConfig * config)
{
  g_clear_pointer (&config->model, g_free);
  g_clear_pointer (&config->voice, g_free);
  g_clear_pointer (&config->instructions, g_free);
  g_clear_pointer (&config->language, g_free);
  g_clear_pointer (&config->transcription_model, g_free);
  g_clear_pointer (&config->session_json, g_free);
}

void
realtime_session_config_copy (const RealtimeSessionConfig * config,
    RealtimeSessionConfig * to)
{
  *to = *config;
  to->model = g_strdup (config->model);
  to->voice = g_strdup (config->voice);
  to->instructions = g_strdup (config->instructions);
  to->language = g_strdup (config->language);
  to->transcription_model = g_strdup (config->transcription_model);
  to->session_json = g_strdup (config->session_json);
}

static gboolean
fail (GError ** error, const gchar * format, ...)
G_GNUC_PRINTF (2, 3);

     static gboolean fail (GError ** error, const gchar * format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL) {
    *error = g_error_new_valist (REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        format, args);
  }
  va_end (args);
  return FALSE;
}

static gboolean
is_set (const gchar * text)
{
  return text != NULL && *text != '\0';
}

static const gchar *
get_type_name (const RealtimeSessionConfig * config)
{
  return config->session_type == REALTIME_SESSION_TRANSCRIPTION ?
      "transcription" : "realtime";
}

static const gchar *
get_transcription_model (const RealtimeSessionConfig * config)
{
  return config->transcription_model ? config->transcription_model :
      REALTIME_DEFAULT_TRANSCRIPTION_MODEL;
}

static guint
get_node_type (JsonNode * node)
{
  GType type;

  switch (json_node_get_node_type (node)) {
    case JSON_NODE_OBJECT:
      return OBJECT;
    case JSON_NODE_ARRAY:
      return ARRAY;
    case JSON_NODE_NULL:
      return NULLABLE;
    default:
      break;
  }
  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    return STRING;
  return type == G_TYPE_BOOLEAN ? BOOLEAN : NUMBER;
}

static gchar *
describe_types (guint types)
{
  static const gchar *const words[] = {
    "a string", "a number", "true or false", "an array", "an object", "null"
  };
  GString *text = g_string_new (NULL);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (words); i++) {
    if (types & (1 << i))
      g_string_append_printf (text, "%s%s", text->len ? " or " : "", words[i]);
  }
  return g_string_free (text, FALSE);
}

static JsonNode *
find_member (JsonObject * object, const gchar * path)
{
  const gchar *dot = strrchr (path, '.');
  g_autofree gchar *parent = NULL;

  if (dot == NULL)
    return json_object_get_member (object, path);
  parent = g_strndup (path, dot - path);
  object = realtime_json_get_object (object, parent);
  return object ? json_object_get_member (object, dot + 1) : NULL;
}

static gboolean
check_members (const RealtimeSessionConfig * config, JsonObject * session,
    GError ** error)
{
  const gchar *type = realtime_json_get_string (session, "type", NULL);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (members); i++) {
    JsonNode *node = find_member (session, members[i].path);

    /* null takes a member out that the other properties put in */
    if (node != NULL && !JSON_NODE_HOLDS_NULL (node)
        && !(get_node_type (node) & members[i].types)) {
      g_autofree gchar *wanted = describe_types (members[i].types);

      return fail (error, "The property session is not what the service takes:"
          " %s must be %s.", members[i].path, wanted);
    }
  }
  if (type != NULL && strcmp (type, get_type_name (config)) != 0) {
    return fail (error, "The property session says type \"%s\", but "
        "session-type asks for \"%s\". Set session-type instead.", type,
        get_type_name (config));
  }
  return TRUE;
}

static gboolean
check_session_json (const RealtimeSessionConfig * config, GError ** error)
{
  g_autoptr (GError) parse_error = NULL;
  JsonObject *session;
  gboolean ok;

  if (!is_set (config->session_json))
    return TRUE;

  session = realtime_json_parse_object (config->session_json, -1, &parse_error);
  if (session == NULL) {
    return fail (error, "The property session must be one JSON object, such as"
        " {\"instructions\":\"Be brief.\"}: %s.", parse_error->message);
  }
  ok = check_members (config, session, error);
  json_object_unref (session);
  return ok;
}

static gboolean
check_vad (const RealtimeSessionConfig * config, GError ** error)
{
  gboolean any = config->vad_threshold >= 0
      || config->vad_prefix_padding_ms >= 0
      || config->vad_silence_duration_ms >= 0;

  if (any && config->turn_detection == REALTIME_TURNS_MANUAL) {
    return fail (error, "vad-threshold, vad-prefix-padding and "
        "vad-silence-duration need turn-detection=server-vad.");
  }
  if (config->vad_threshold > 1.0)
    return fail (error, "vad-threshold must be from 0 to 1.");
  return TRUE;
}

static gboolean
check_transcription (const RealtimeSessionConfig * config, GError ** error)
{
  const gchar *model = get_transcription_model (config);

  if (is_set (config->model)) {
    return fail (error, "model is that of a conversation. A transcription "
        "takes transcription-model; or set session-type=conversation.");
  }
  if (is_set (config->voice) || is_set (config->instructions)) {
    return fail (error, "A transcription has no voice and no instructions. "
        "Unset them, or set session-type=conversation.");
  }
  if (!is_set (model)) {
    return fail (error, "A transcription needs transcription-model, for "
        "example %s.", REALTIME_DEFAULT_TRANSCRIPTION_MODEL);
  }
  /* the service refuses a VAD beside the models that stream */
  if (config->turn_detection == REALTIME_TURNS_SERVER_VAD
      && (strcmp (model, "gpt-live-transcribe") == 0
          || strcmp (model, "gpt-realtime-whisper") == 0)) {
    return fail (error, "transcription-model %s works without the service's "
        "turn detection only: set turn-detection=manual, or use %s.", model,
        REALTIME_DEFAULT_TRANSCRIPTION_MODEL);
  }
  return TRUE;
}

gboolean
realtime_session_config_check (const RealtimeSessionConfig * config,
    GError ** error)
{
  g_return_val_if_fail (config != NULL, FALSE);

  if (!check_vad (config, error))
    return FALSE;
  if (config->session_type == REALTIME_SESSION_TRANSCRIPTION) {
    if (!check_transcription (config, error))
      return FALSE;
  } else if (is_set (config->language)
      && !is_set (get_transcription_model (config))) {
    return fail (error, "language is that of the input's transcription, which "
        "transcription-model=\"\" turns off. Unset one of the two.");
  }
  return check_session_json (config, error);
}

static void
set_string (JsonObject * object, const gchar * name, const gchar * value)
{
  if (is_set (value))
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
set_input (const RealtimeSessionConfig * config, JsonObject * input)
{
  const gchar *model = get_transcription_model (config);
  JsonObject *vad;

  if (is_set (model)) {
    JsonObject *transcription = sub_object (input, "transcription");

    set_string (transcription, "model", model);
    set_string (transcription, "language", config->language);
  } else {
    json_object_set_null_member (input, "transcription");
  }

  if (config->turn_detection == REALTIME_TURNS_MANUAL) {
    json_object_set_null_member (input, "turn_detection");
    return;
  }
  vad = sub_object (input, "turn_detection");
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
}

/* Where null is a value, the merge must not have taken it for an absence. */
static void
keep_nulls (JsonObject * session, JsonObject * patch)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (members); i++) {
    const gchar *path = members[i].path;
    const gchar *dot = strrchr (path, '.');
    JsonNode *node = find_member (patch, path);
    JsonObject *parent = session;

    if (!(members[i].types & NULLABLE) || node == NULL
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

static JsonObject *
make_session (const RealtimeSessionConfig * config)
{
  JsonObject *session = json_object_new ();
  JsonObject *audio, *patch = NULL;

  json_object_set_string_member (session, "type", get_type_name (config));
  audio = sub_object (session, "audio");
  set_input (config, sub_object (audio, "input"));

  if (config->session_type == REALTIME_SESSION_CONVERSATION) {
    JsonArray *modalities = json_array_new ();

    json_object_set_string_member (session, "model",
        is_set (config->model) ? config->model : REALTIME_DEFAULT_MODEL);
    json_array_add_string_element (modalities,
        config->output_modality == REALTIME_OUTPUT_TEXT ? "text" : "audio");
    json_object_set_array_member (session, "output_modalities", modalities);
    set_string (session, "instructions", config->instructions);
    if (is_set (config->voice))
      set_string (sub_object (audio, "output"), "voice", config->voice);
  }

  if (is_set (config->session_json))
    patch = realtime_json_parse_object (config->session_json, -1, NULL);
  if (patch != NULL) {
    realtime_json_merge (session, patch);
    keep_nulls (session, patch);
    json_object_unref (patch);
    /* whatever was merged: no create and no update goes without its type */
    json_object_set_string_member (session, "type", get_type_name (config));
  }
  return session;
}

gchar *
realtime_session_config_to_create_json (const RealtimeSessionConfig * config)
{
  JsonObject *session;
  gchar *text;

  g_return_val_if_fail (config != NULL, NULL);

  session = make_session (config);
  text = realtime_json_to_string (session);
  json_object_unref (session);
  return text;
}

gchar *
realtime_session_config_to_update_event (const RealtimeSessionConfig * config,
    const gchar * event_id)
{
  JsonObject *event, *session;
  gchar *text;

  g_return_val_if_fail (config != NULL, NULL);

  session = make_session (config);
  if (json_object_has_member (session, "model"))
    json_object_remove_member (session, "model");

  event = json_object_new ();
  json_object_set_string_member (event, "type", "session.update");
  set_string (event, "event_id", event_id);
  json_object_set_object_member (event, "session", session);
  text = realtime_json_to_string (event);
  json_object_unref (event);
  return text;
}
