/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <string.h>

#define DEFAULT_INSTRUCTIONS \
  "You are a small program on this machine that hears and speaks English."

static const gchar realtime_defaults[] =
    "{\"type\":\"realtime\",\"model\":\"" CONFIG_MODEL "\","
    "\"output_modalities\":[\"audio\"],\"instructions\":\""
    DEFAULT_INSTRUCTIONS "\",\"tools\":[],\"tool_choice\":\"auto\","
    "\"max_output_tokens\":\"inf\",\"tracing\":null,\"truncation\":\"auto\","
    "\"prompt\":null,\"audio\":{"
    "\"input\":{\"format\":{\"type\":\"audio/pcm\",\"rate\":24000},"
    "\"transcription\":null,\"noise_reduction\":null,"
    "\"turn_detection\":{\"type\":\"server_vad\"}},"
    "\"output\":{\"format\":{\"type\":\"audio/pcm\",\"rate\":24000},"
    "\"voice\":\"alloy\",\"speed\":1.0}}}";

static const gchar transcription_defaults[] =
    "{\"type\":\"transcription\",\"audio\":{\"input\":{"
    "\"format\":{\"type\":\"audio/pcm\",\"rate\":24000},"
    "\"transcription\":{\"model\":\"gpt-transcribe\"},"
    "\"noise_reduction\":null,"
    "\"turn_detection\":{\"type\":\"server_vad\"}}}}";

static const gchar server_vad[] =
    "{\"type\":\"server_vad\",\"threshold\":0.5,\"prefix_padding_ms\":300,"
    "\"silence_duration_ms\":500,\"idle_timeout_ms\":null,"
    "\"create_response\":true,\"interrupt_response\":true}";

/* no responses in a transcription session */
static const gchar server_vad_only[] =
    "{\"type\":\"server_vad\",\"threshold\":0.5,\"prefix_padding_ms\":300,"
    "\"silence_duration_ms\":500}";

static const gchar semantic_vad[] =
    "{\"type\":\"semantic_vad\",\"eagerness\":\"auto\","
    "\"create_response\":true,\"interrupt_response\":true}";

static const gchar translation_defaults[] =
    "{\"type\":\"translation\",\"model\":\"" CONFIG_MODEL "\",\"audio\":{"
    "\"input\":{\"transcription\":null,\"noise_reduction\":null},"
    "\"output\":{\"language\":\"es\"}}}";

static JsonObject *
parse_defaults (const gchar * text)
{
  const gchar *why;
  JsonObject *object = util_parse (text, -1, &why);

  g_assert (object != NULL);
  return object;
}

gboolean
config_is_transcription (JsonObject * config)
{
  return g_strcmp0 (util_string (config, "type"), "transcription") == 0;
}

gboolean
config_is_translation (JsonObject * config)
{
  return g_strcmp0 (util_string (config, "type"), "translation") == 0;
}

/* A new kind of turn detection starts from its own defaults. */
static JsonObject *
turn_defaults (JsonObject * config, const gchar * type)
{
  if (g_strcmp0 (type, "semantic_vad") == 0)
    return parse_defaults (semantic_vad);
  return parse_defaults (config_is_transcription (config) ? server_vad_only :
      server_vad);
}

JsonObject *
config_new (const gchar * type)
{
  gboolean transcribes = g_str_equal (type, "transcription");
  JsonObject *config;

  if (g_str_equal (type, "translation"))
    return parse_defaults (translation_defaults);
  config = parse_defaults (transcribes ? transcription_defaults :
      realtime_defaults);

  json_object_set_object_member (util_object (util_object (config, "audio"),
          "input"), "turn_detection", turn_defaults (config, "server_vad"));
  return config;
}

static void
lay_over (JsonObject * base, JsonObject * over)
{
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *node;

  json_object_iter_init (&iter, over);
  while (json_object_iter_next (&iter, &name, &node))
    json_object_set_member (base, name, util_copy (node));
}

static void
merge_turns (JsonObject * config, JsonObject * input, JsonNode * node)
{
  JsonObject *before = util_object (input, "turn_detection");
  JsonObject *turns;
  const gchar *type;

  if (JSON_NODE_HOLDS_NULL (node)) {
    json_object_set_null_member (input, "turn_detection");
    return;
  }
  type = util_string (json_node_get_object (node), "type");
  if (before != NULL && g_strcmp0 (util_string (before, "type"), type) == 0)
    turns = util_copy_object (before);
  else
    turns = turn_defaults (config, type);
  lay_over (turns, json_node_get_object (node));
  json_object_set_object_member (input, "turn_detection", turns);
}

static void
merge_transcription (JsonObject * input, JsonNode * node)
{
  JsonObject *before = util_object (input, "transcription");
  JsonObject *after;

  if (JSON_NODE_HOLDS_NULL (node)) {
    json_object_set_null_member (input, "transcription");
    return;
  }
  /* another model knows other fields */
  if (before != NULL && !json_object_has_member (json_node_get_object (node),
          "model"))
    after = util_copy_object (before);
  else
    after = json_object_new ();
  lay_over (after, json_node_get_object (node));
  if (!json_object_has_member (after, "model"))
    json_object_set_string_member (after, "model", "gpt-transcribe");
  json_object_set_object_member (input, "transcription", after);
}

/* Models that write while one speaks look for no turns, so leaving turn
 * detection out turns it off. */
static void
follow_model (JsonObject * config, JsonObject * input, JsonObject * from)
{
  const gchar *model = util_string (util_object (input, "transcription"),
      "model");

  if (!config_is_transcription (config) || model == NULL ||
      json_object_has_member (from, "turn_detection"))
    return;
  if (g_str_equal (model, "gpt-live-transcribe") ||
      g_str_equal (model, "gpt-realtime-whisper"))
    json_object_set_null_member (input, "turn_detection");
}

static void
merge_input (JsonObject * config, JsonObject * input, JsonObject * from)
{
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *node;

  json_object_iter_init (&iter, from);
  while (json_object_iter_next (&iter, &name, &node)) {
    if (g_str_equal (name, "turn_detection"))
      merge_turns (config, input, node);
    else if (g_str_equal (name, "transcription"))
      merge_transcription (input, node);
    else
      json_object_set_member (input, name, util_copy (node));
  }
  follow_model (config, input, from);
}

void
config_merge (JsonObject * config, JsonObject * session)
{
  JsonObject *audio = util_object (config, "audio");
  JsonObject *from = util_object (session, "audio");
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *node;

  json_object_iter_init (&iter, session);
  while (json_object_iter_next (&iter, &name, &node)) {
    if (!g_str_equal (name, "audio") && !g_str_equal (name, "model"))
      json_object_set_member (config, name, util_copy (node));
  }
  if (util_object (from, "input") != NULL)
    merge_input (config, util_object (audio, "input"), util_object (from,
            "input"));
  if (util_object (from, "output") != NULL)
    lay_over (util_object (audio, "output"), util_object (from, "output"));
}

/* The service's types say that these are absent, not null, when off. */
static void
drop_null (JsonObject * object, const gchar * name)
{
  if (object != NULL && util_is_null (object, name))
    json_object_remove_member (object, name);
}

JsonObject *
config_show (JsonObject * config, const gchar * id, gint64 expires_at)
{
  JsonObject *shown = util_copy_object (config);
  JsonObject *input = util_object (util_object (shown, "audio"), "input");
  JsonObject *output = util_object (util_object (shown, "audio"), "output");
  JsonObject *transcription = util_object (input, "transcription");
  JsonObject *custom = util_object (output, "voice");

  /* a voice of one's own is given as an object and shown by its id */
  if (custom != NULL) {
    g_autofree gchar *voice = g_strdup (util_string (custom, "id"));

    json_object_set_string_member (output, "voice", voice);
  }
  json_object_set_string_member (shown, "id", id);
  if (!config_is_translation (config))
    json_object_set_string_member (shown, "object",
        config_is_transcription (config) ? "realtime.transcription_session" :
        "realtime.session");
  json_object_set_int_member (shown, "expires_at", expires_at);
  drop_null (shown, "include");
  drop_null (shown, "reasoning");
  drop_null (input, "transcription");
  drop_null (input, "noise_reduction");
  if (transcription != NULL) {
    /* asked for, but not shown */
    json_object_remove_member (transcription, "keywords");
    json_object_remove_member (transcription, "delay");
  }
  return shown;
}

JsonObject *
config_input (JsonObject * config, const gchar * name)
{
  return util_object (util_object (util_object (config, "audio"), "input"),
      name);
}

const gchar *
config_voice (JsonObject * config)
{
  JsonObject *output = util_object (util_object (config, "audio"), "output");
  const gchar *voice = util_string (output, "voice");

  return voice != NULL ? voice : util_string (util_object (output, "voice"),
      "id");
}

gboolean
config_wants_audio (JsonObject * config)
{
  JsonArray *modalities = util_array (config, "output_modalities");

  return modalities == NULL || json_array_get_length (modalities) == 0 ||
      g_strcmp0 (json_array_get_string_element (modalities, 0), "text") != 0;
}

void
config_listen (JsonObject * config, ListenConfig * listen)
{
  /* silence and patience in ms by eagerness: the service's own waits at most
   * 8, 4 and 2 seconds */
  static const struct
  {
    const gchar *eagerness;
    guint silence, patience;
  } semantic[] = {
    {"low", 1500, 8000},
    {"medium", 800, 4000},
    {"auto", 800, 4000},
    {"high", 400, 2000}
  };
  JsonObject *turns = config_input (config, "turn_detection");
  const gchar *type = util_string (turns, "type");
  guint i;

  listen->threshold = util_number (turns, "threshold", 0.5);
  listen->prefix_ms = util_int (turns, "prefix_padding_ms", 300);
  listen->silence_ms = util_int (turns, "silence_duration_ms", 500);
  listen->patience_ms = listen->silence_ms;
  if (type == NULL) {
    listen->mode = LISTEN_MANUAL;
    return;
  }
  listen->mode = g_str_equal (type, "server_vad") ? LISTEN_SERVER_VAD :
      LISTEN_SEMANTIC_VAD;
  for (i = 0; listen->mode == LISTEN_SEMANTIC_VAD &&
      i < G_N_ELEMENTS (semantic); i++) {
    if (g_strcmp0 (util_string (turns, "eagerness"),
            semantic[i].eagerness) == 0) {
      listen->silence_ms = semantic[i].silence;
      listen->patience_ms = semantic[i].patience;
    }
  }
}
