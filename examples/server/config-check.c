/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"
#include "schema.h"

#define VOICES \
  "alloy ash ballad coral echo sage shimmer verse marin cedar"

static gboolean
check_modalities (JsonNode * node, const gchar * path, Refusal * refusal)
{
  static const Field strings = { "", KIND_STRINGS,.values = "text audio" };

  if (!schema_check_node (node, &strings, path, refusal))
    return FALSE;
  if (json_array_get_length (json_node_get_array (node)) == 1)
    return TRUE;
  return refuse (refusal, "invalid_value", g_strdup (path),
      "Invalid modalities: choose either ['text'] or ['audio']; audio comes "
      "with its transcript.");
}

static gboolean
check_format (JsonNode * node, const gchar * path, Refusal * refusal)
{
  static const Field pcm[] = {
    {"type", KIND_ENUM,.values = "audio/pcm audio/pcmu audio/pcma",.required =
          TRUE},
    {"rate", KIND_INTEGER,.min = 24000,.max = 24000},
    {NULL}
  };
  static const Field object = { "", KIND_OBJECT,.members = pcm };

  return schema_check_node (node, &object, path, refusal);
}

static gboolean
check_voice (JsonNode * node, const gchar * path, Refusal * refusal)
{
  static const Field members[] = {
    {"id", KIND_STRING,.required = TRUE},
    {NULL}
  };

  if (JSON_NODE_HOLDS_OBJECT (node))
    return schema_check (json_node_get_object (node), members, path, refusal);
  if (!JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return schema_wrong_type (node, "a voice name or an object", path, refusal);
  if (schema_is_one_of (json_node_get_string (node), VOICES " rms slt kal16"))
    return TRUE;
  return schema_wrong_value (json_node_get_string (node), VOICES, path,
      refusal);
}

static gboolean
check_limit (JsonNode * node, const gchar * path, Refusal * refusal)
{
  static const Field number = { "", KIND_INTEGER,.min = 1,.max = 4096 };

  if (JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_STRING) {
    if (g_str_equal (json_node_get_string (node), "inf"))
      return TRUE;
    return schema_wrong_value (json_node_get_string (node), "inf",
        path, refusal);
  }
  return schema_check_node (node, &number, path, refusal);
}

static gboolean
check_turn_detection (JsonNode * node, const gchar * path, Refusal * refusal)
{
  static const Field server[] = {
    {"type", KIND_STRING},
    {"threshold", KIND_NUMBER,.min = 0,.max = 1},
    {"prefix_padding_ms", KIND_INTEGER,.min = 0,.max = 10000},
    {"silence_duration_ms", KIND_INTEGER,.min = 0,.max = 10000},
    {"create_response", KIND_BOOLEAN},
    {"interrupt_response", KIND_BOOLEAN},
    {"idle_timeout_ms", KIND_INTEGER, TRUE, 5000, 30000},
    {NULL}
  };
  static const Field semantic[] = {
    {"type", KIND_STRING},
    {"eagerness", KIND_ENUM,.values = "low medium high auto"},
    {"create_response", KIND_BOOLEAN},
    {"interrupt_response", KIND_BOOLEAN},
    {NULL}
  };
  static const Field kind = { "", KIND_ENUM,.values = "server_vad semantic_vad"
  };
  g_autofree gchar *type_path = g_strconcat (path, ".type", NULL);
  JsonObject *object;
  JsonNode *type;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return schema_wrong_type (node, "an object or null", path, refusal);
  object = json_node_get_object (node);
  type = json_object_get_member (object, "type");
  if (type == NULL)
    return refuse (refusal, "missing_required_parameter",
        g_steal_pointer (&type_path), "Missing required parameter: '%s.type'.",
        path);
  if (!schema_check_node (type, &kind, type_path, refusal))
    return FALSE;
  return schema_check (object, g_str_equal (json_node_get_string (type),
          "server_vad") ? server : semantic, path, refusal);
}

/* Which fields of audio.input.transcription a model knows. */
static gboolean
check_transcription (JsonNode * node, const gchar * path, Refusal * refusal)
{
  static const Field members[] = {
    {"model", KIND_STRING},
    {"language", KIND_STRING},
    {"languages", KIND_STRINGS},
    {"keywords", KIND_STRINGS},
    {"prompt", KIND_STRING},
    {"delay", KIND_ENUM,.values = "minimal low medium high xhigh"},
    {NULL}
  };
  static const struct
  {
    const gchar *field;
    const gchar *models;
  } only[] = {
    {"languages", "gpt-transcribe gpt-live-transcribe"},
    {"keywords", "gpt-transcribe gpt-live-transcribe"},
    {"prompt", "whisper-1 gpt-4o-transcribe "
          "gpt-4o-mini-transcribe "
          "gpt-4o-mini-transcribe-2025-12-15 "
          "gpt-transcribe gpt-live-transcribe"},
    {"delay", "gpt-realtime-whisper gpt-live-transcribe"}
  };
  JsonObject *object;
  const gchar *model;
  guint i;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return schema_wrong_type (node, "an object or null", path, refusal);
  object = json_node_get_object (node);
  if (!schema_check (object, members, path, refusal))
    return FALSE;
  model = util_string (object, "model");
  for (i = 0; model != NULL && i < G_N_ELEMENTS (only); i++) {
    if (json_object_has_member (object, only[i].field) &&
        !schema_is_one_of (model, only[i].models))
      return refuse (refusal, "unsupported_parameter",
          g_strconcat (path, ".", only[i].field, NULL),
          "Unsupported parameter: '%s.%s' is not supported with the model "
          "'%.64s'.", path, only[i].field, model);
  }
  return TRUE;
}

static gboolean
check_tool (JsonNode * node, const gchar * path, Refusal * refusal)
{
  static const Field function[] = {
    {"type", KIND_STRING},
    {"name", KIND_STRING,.required = TRUE},
    {"description", KIND_STRING},
    {"parameters", KIND_OBJECT, TRUE},
    {NULL}
  };
  static const Field kind = { "", KIND_ENUM,.values = "function mcp" };
  g_autofree gchar *type_path = g_strconcat (path, ".type", NULL);
  JsonObject *object = json_node_get_object (node);
  JsonNode *type = json_object_get_member (object, "type");

  if (type == NULL)
    return refuse (refusal, "missing_required_parameter",
        g_steal_pointer (&type_path), "Missing required parameter: '%s.type'.",
        path);
  if (!schema_check_node (type, &kind, type_path, refusal))
    return FALSE;
  if (g_str_equal (json_node_get_string (type), "mcp"))
    return refuse (refusal, "invalid_value", g_steal_pointer (&type_path),
        "This server runs offline and reaches no MCP server; use tools of type "
        "'function'.");
  return schema_check (object, function, path, refusal);
}

static gboolean
check_tools (JsonNode * node, const gchar * path, Refusal * refusal)
{
  static const Field objects = { "", KIND_OBJECTS };
  JsonArray *tools;
  guint i;

  if (!schema_check_node (node, &objects, path, refusal))
    return FALSE;
  tools = json_node_get_array (node);
  for (i = 0; i < json_array_get_length (tools); i++) {
    g_autofree gchar *place = g_strdup_printf ("%s[%u]", path, i);

    if (!check_tool (json_array_get_element (tools, i), place, refusal))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_tool_choice (JsonNode * node, const gchar * path, Refusal * refusal)
{
  static const Field members[] = {
    {"type", KIND_ENUM,.values = "function mcp",.required = TRUE},
    {"name", KIND_STRING},
    {"server_label", KIND_STRING},
    {NULL}
  };
  static const Field word = { "", KIND_ENUM,.values = "none auto required" };

  if (JSON_NODE_HOLDS_OBJECT (node))
    return schema_check (json_node_get_object (node), members, path, refusal);
  return schema_check_node (node, &word, path, refusal);
}

static gboolean
check_truncation (JsonNode * node, const gchar * path, Refusal * refusal)
{
  static const Field limits[] = {
    {"post_instructions", KIND_INTEGER,.min = 0,.max = 1e9},
    {NULL}
  };
  static const Field members[] = {
    {"type", KIND_ENUM,.values = "retention_ratio",.required = TRUE},
    {"retention_ratio", KIND_NUMBER,.min = 0,.max = 1,.required = TRUE},
    {"token_limits", KIND_OBJECT,.members = limits},
    {NULL}
  };
  static const Field word = { "", KIND_ENUM,.values = "auto disabled" };

  if (JSON_NODE_HOLDS_OBJECT (node))
    return schema_check (json_node_get_object (node), members, path, refusal);
  return schema_check_node (node, &word, path, refusal);
}

static gboolean
check_tracing (JsonNode * node, const gchar * path, Refusal * refusal)
{
  static const Field members[] = {
    {"workflow_name", KIND_STRING},
    {"group_id", KIND_STRING},
    {"metadata", KIND_OBJECT},
    {NULL}
  };
  static const Field word = { "", KIND_ENUM,.values = "auto" };

  if (JSON_NODE_HOLDS_OBJECT (node))
    return schema_check (json_node_get_object (node), members, path, refusal);
  return schema_check_node (node, &word, path, refusal);
}

static gboolean
check_metadata (JsonNode * node, const gchar * path, Refusal * refusal)
{
  static const Field object = { "", KIND_OBJECT };
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *value;

  if (!schema_check_node (node, &object, path, refusal))
    return FALSE;
  if (json_object_get_size (json_node_get_object (node)) > 16)
    return refuse (refusal, "invalid_value", g_strdup (path),
        "Invalid '%s': at most 16 pairs are allowed.", path);
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &value)) {
    if (!JSON_NODE_HOLDS_VALUE (value) ||
        json_node_get_value_type (value) != G_TYPE_STRING)
      return schema_wrong_type (value, "strings as values", path, refusal);
    if (g_utf8_strlen (name, -1) > 64 ||
        g_utf8_strlen (json_node_get_string (value), -1) > 512)
      return refuse (refusal, "invalid_value", g_strdup (path),
          "Invalid '%s': a key has at most 64 characters, a value 512.", path);
  }
  return TRUE;
}

static const Field noise_reduction[] = {
  {"type", KIND_ENUM,.values = "near_field far_field",
      .required = TRUE},
  {NULL}
};

static const Field input[] = {
  {"format", KIND_ANY,.check = check_format},
  {"transcription", KIND_ANY, TRUE,.check = check_transcription},
  {"noise_reduction", KIND_OBJECT, TRUE,.members = noise_reduction},
  {"turn_detection", KIND_ANY, TRUE,.check = check_turn_detection},
  {NULL}
};

static const Field output[] = {
  {"format", KIND_ANY,.check = check_format},
  {"voice", KIND_ANY,.check = check_voice},
  {"speed", KIND_NUMBER,.min = 0.25,.max = 1.5},
  {NULL}
};

static const Field audio[] = {
  {"input", KIND_OBJECT,.members = input},
  {"output", KIND_OBJECT,.members = output},
  {NULL}
};

static const Field audio_in[] = {
  {"input", KIND_OBJECT,.members = input},
  {NULL}
};

static const Field audio_out[] = {
  {"output", KIND_OBJECT,.members = output},
  {NULL}
};

static const Field reasoning[] = {
  {"effort", KIND_ENUM,.values = "minimal low medium high xhigh"},
  {NULL}
};

static const Field prompt[] = {
  {"id", KIND_STRING,.required = TRUE},
  {"version", KIND_STRING, TRUE},
  {"variables", KIND_OBJECT, TRUE},
  {NULL}
};

#define INCLUDE "item.input_audio_transcription.logprobs"

static const Field conversation[] = {
  {"type", KIND_STRING,.required = TRUE},
  {"model", KIND_STRING},
  {"output_modalities", KIND_ANY,.check = check_modalities},
  {"instructions", KIND_STRING},
  {"audio", KIND_OBJECT,.members = audio},
  {"include", KIND_STRINGS, TRUE,.values = INCLUDE},
  {"tracing", KIND_ANY, TRUE,.check = check_tracing},
  {"tools", KIND_ANY,.check = check_tools},
  {"tool_choice", KIND_ANY,.check = check_tool_choice},
  {"parallel_tool_calls", KIND_BOOLEAN},
  {"reasoning", KIND_OBJECT, TRUE,.members = reasoning},
  {"max_output_tokens", KIND_ANY,.check = check_limit},
  {"truncation", KIND_ANY,.check = check_truncation},
  {"prompt", KIND_OBJECT, TRUE,.members = prompt},
  {NULL}
};

static const Field transcription[] = {
  {"type", KIND_STRING,.required = TRUE},
  {"audio", KIND_OBJECT,.members = audio_in},
  {"include", KIND_STRINGS, TRUE,.values = INCLUDE},
  {NULL}
};

static const Field response[] = {
  {"output_modalities", KIND_ANY,.check = check_modalities},
  {"instructions", KIND_STRING},
  {"audio", KIND_OBJECT,.members = audio_out},
  {"tools", KIND_ANY,.check = check_tools},
  {"tool_choice", KIND_ANY,.check = check_tool_choice},
  {"parallel_tool_calls", KIND_BOOLEAN},
  {"reasoning", KIND_OBJECT, TRUE,.members = reasoning},
  {"max_output_tokens", KIND_ANY,.check = check_limit},
  {"conversation", KIND_ENUM,.values = "auto none"},
  {"metadata", KIND_ANY, TRUE,.check = check_metadata},
  {"prompt", KIND_OBJECT, TRUE,.members = prompt},
  {"input", KIND_OBJECTS},
  {NULL}
};

static gboolean
check_type (JsonObject * session, JsonObject * running, Refusal * refusal)
{
  static const Field type = { "type", KIND_ENUM,.values =
        "realtime transcription"
  };
  JsonNode *node = json_object_get_member (session, "type");
  const gchar *now = util_string (running, "type");

  if (node == NULL)
    return refuse (refusal, "missing_required_parameter",
        g_strdup ("session.type"),
        "Missing required parameter: 'session.type'.");
  if (!schema_check_node (node, &type, "session.type", refusal))
    return FALSE;
  if (now == NULL || g_str_equal (now, json_node_get_string (node)))
    return TRUE;
  return refuse (refusal, "invalid_value", g_strdup ("session.type"),
      "Passing a %s session update event to a %s session is not allowed.",
      json_node_get_string (node), now);
}

/* Models that write while one speaks do not look for turns themselves. */
static gboolean
check_streaming (JsonObject * session, JsonObject * running, Refusal * refusal)
{
  g_autoptr (JsonObject) then = running != NULL ? util_copy_object (running) :
      config_new ("transcription");
  const gchar *model;

  config_merge (then, session);
  model = util_string (config_input (then, "transcription"), "model");
  if (config_input (then, "turn_detection") == NULL || model == NULL ||
      !schema_is_one_of (model, "gpt-live-transcribe gpt-realtime-whisper"))
    return TRUE;
  return refuse (refusal, "invalid_value",
      g_strdup ("session.audio.input.turn_detection"),
      "Turn detection is not supported with the transcription model '%s': set "
      "'session.audio.input.turn_detection' to null.", model);
}

gboolean
config_check (JsonObject * session, JsonObject * running, Refusal * refusal)
{
  gboolean transcribes;

  if (!check_type (session, running, refusal))
    return FALSE;
  transcribes = config_is_transcription (session);
  if (!schema_check (session, transcribes ? transcription : conversation,
          "session", refusal))
    return FALSE;
  return !transcribes || check_streaming (session, running, refusal);
}

gboolean
config_check_response (JsonObject * object, Refusal * refusal)
{
  return schema_check (object, response, "response", refusal);
}
