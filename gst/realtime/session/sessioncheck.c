/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "clientevent.h"
#include "failure.h"
#include "json.h"
#include "sessionconfig-private.h"

gboolean
realtime_config_fail (GError ** error, const gchar * format, ...)
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

static guint
get_node_type (JsonNode * node)
{
  GType type;

  switch (json_node_get_node_type (node)) {
    case JSON_NODE_OBJECT:
      return REALTIME_MEMBER_OBJECT;
    case JSON_NODE_ARRAY:
      return REALTIME_MEMBER_ARRAY;
    case JSON_NODE_NULL:
      return REALTIME_MEMBER_NULLABLE;
    default:
      break;
  }
  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    return REALTIME_MEMBER_STRING;
  return type == G_TYPE_BOOLEAN ? REALTIME_MEMBER_BOOLEAN :
      REALTIME_MEMBER_NUMBER;
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

static gboolean
check_members (const RealtimeSessionConfig * config, JsonObject * session,
    GError ** error)
{
  const RealtimeSessionMember *member;
  const gchar *type = realtime_json_get_string (session, "type", NULL);
  const gchar *wanted_type = realtime_config_get_type_name (config);

  for (member = realtime_session_members; member->path != NULL; member++) {
    JsonNode *node = realtime_session_find_member (session, member->path);

    /* null takes a member out that the other properties put in */
    if (node != NULL && !JSON_NODE_HOLDS_NULL (node)
        && !(get_node_type (node) & member->types)) {
      g_autofree gchar *wanted = describe_types (member->types);

      return realtime_config_fail (error, "The property session is not what "
          "the service takes: %s must be %s.", member->path, wanted);
    }
  }
  if (type != NULL && strcmp (type, wanted_type) != 0) {
    return realtime_config_fail (error, "The property session says type "
        "\"%s\", but session-type asks for \"%s\". Set session-type instead.",
        type, wanted_type);
  }
  return TRUE;
}

static gboolean
check_session_json (const RealtimeSessionConfig * config, GError ** error)
{
  g_autoptr (GError) parse_error = NULL;
  g_autoptr (JsonObject) session = NULL;

  if (!realtime_config_is_set (config->session_json))
    return TRUE;

  session = realtime_json_parse_object (config->session_json, -1, &parse_error);
  if (session == NULL) {
    return realtime_config_fail (error, "The property session must be one JSON"
        " object, such as {\"instructions\":\"Be brief.\"}: %s.",
        parse_error->message);
  }
  return check_members (config, session, error);
}

static gboolean
check_text (const gchar * name, const gchar * text, GError ** error)
{
  const gchar *end;

  if (text == NULL || g_utf8_validate (text, -1, &end))
    return TRUE;
  return realtime_config_fail (error, "The property %s is not valid UTF-8 from "
      "its byte %" G_GSIZE_FORMAT " on.", name, (gsize) (end - text));
}

static gboolean
check_texts (const RealtimeSessionConfig * config, GError ** error)
{
  const RealtimeConfigString *string;
  gchar **word;

  for (string = realtime_config_strings; string->name != NULL; string++) {
    if (!check_text (string->name, G_STRUCT_MEMBER (gchar *, config,
                string->offset), error))
      return FALSE;
  }
  for (word = config->transcription_keywords; word && *word; word++) {
    if (!check_text ("transcription-keywords", *word, error))
      return FALSE;
    if (**word == '\0') {
      return realtime_config_fail (error, "transcription-keywords has an empty "
          "word. Take it out.");
    }
  }
  return TRUE;
}

static gboolean
check_turns (const RealtimeSessionConfig * config, GError ** error)
{
  RealtimeTurnDetection turns = realtime_session_config_get_turns (config);
  gboolean numbers = config->vad_threshold >= 0
      || config->vad_prefix_padding_ms >= 0
      || config->vad_silence_duration_ms >= 0;

  if (numbers && turns != REALTIME_TURNS_SERVER_VAD
      && turns != REALTIME_TURNS_CLIENT) {
    return realtime_config_fail (error, "vad-threshold, vad-prefix-padding and "
        "vad-silence-duration need turn-detection=server-vad or client.");
  }
  if (config->vad_threshold > 1.0)
    return realtime_config_fail (error, "vad-threshold must be from 0 to 1.");
  if (config->vad_eagerness != REALTIME_EAGERNESS_AUTO
      && turns != REALTIME_TURNS_SEMANTIC_VAD) {
    return realtime_config_fail (error, "vad-eagerness needs "
        "turn-detection=semantic-vad.");
  }
  if (config->vad_idle_timeout_ms == 0)
    return TRUE;
  if (turns != REALTIME_TURNS_SERVER_VAD
      || config->session_type != REALTIME_SESSION_CONVERSATION) {
    return realtime_config_fail (error, "vad-idle-timeout needs a conversation "
        "with turn-detection=server-vad.");
  }
  if (config->vad_idle_timeout_ms < REALTIME_MIN_IDLE_TIMEOUT_MS
      || config->vad_idle_timeout_ms > REALTIME_MAX_IDLE_TIMEOUT_MS) {
    return realtime_config_fail (error, "vad-idle-timeout must be from %u to "
        "%u ms, or 0 for none.", REALTIME_MIN_IDLE_TIMEOUT_MS,
        REALTIME_MAX_IDLE_TIMEOUT_MS);
  }
  return TRUE;
}

/* What belongs to a reply, which only a conversation has. */
static gboolean
check_no_reply (const RealtimeSessionConfig * config, GError ** error)
{
  const struct
  {
    gboolean set;
    const gchar *names;
  } rows[] = {
    {realtime_config_is_set (config->voice)
          || realtime_config_is_set (config->instructions),
        "voice and no instructions"},
    {config->output_modality != REALTIME_OUTPUT_AUDIO
          || config->speed != REALTIME_DEFAULT_SPEED,
        "output-modality and no speed"},
    {config->max_output_tokens != 0
          || config->reasoning_effort != REALTIME_LEVEL_DEFAULT,
        "max-output-tokens and no reasoning-effort"},
    {realtime_config_is_set (config->tools)
          || realtime_config_is_set (config->tool_choice),
        "tools and no tool-choice"},
    {!config->create_response || !config->interrupt_response,
        "responses: no create-response and no interrupt-response"},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    if (rows[i].set) {
      return realtime_config_fail (error, "A %s has no %s. Unset "
          "them, or set session-type=conversation.",
          realtime_config_get_type_name (config), rows[i].names);
    }
  }
  return TRUE;
}

static gboolean
check_transcription (const RealtimeSessionConfig * config, GError ** error)
{
  const gchar *model = realtime_config_get_transcription_model (config);
  RealtimeTurnDetection turns = realtime_session_config_get_turns (config);

  if (realtime_config_is_set (config->model)) {
    return realtime_config_fail (error, "model is that of a conversation. A "
        "transcription takes transcription-model; or set "
        "session-type=conversation.");
  }
  if (!check_no_reply (config, error))
    return FALSE;
  if (model == NULL)
    return TRUE;
  if (!realtime_config_is_set (model)) {
    return realtime_config_fail (error, "A transcription needs "
        "transcription-model, for example %s.", REALTIME_DEFAULT_LIVE_MODEL);
  }
  /* the service refuses a VAD beside the models that stream */
  if ((turns == REALTIME_TURNS_SERVER_VAD
          || turns == REALTIME_TURNS_SEMANTIC_VAD)
      && realtime_config_is_live_model (model)) {
    return realtime_config_fail (error, "transcription-model %s works without "
        "the service's turn detection only: set turn-detection=client, or use "
        "%s.", model, REALTIME_DEFAULT_TRANSCRIPTION_MODEL);
  }
  return TRUE;
}

/* A session that translates as long as it is spoken to has no turns. */
static gboolean
check_no_turns (const RealtimeSessionConfig * config, GError ** error)
{
  if (config->turn_detection == REALTIME_TURNS_AUTO
      && config->vad_threshold < 0 && config->vad_prefix_padding_ms < 0
      && config->vad_silence_duration_ms < 0
      && config->vad_eagerness == REALTIME_EAGERNESS_AUTO
      && config->vad_idle_timeout_ms == 0)
    return TRUE;
  return realtime_config_fail (error, "A translation has no turns: unset "
      "turn-detection and the properties that begin with vad-.");
}

static gboolean
check_translation (const RealtimeSessionConfig * config, GError ** error)
{
  g_autoptr (JsonObject) session = NULL;
  const gchar *language;

  if (!check_no_turns (config, error) || !check_no_reply (config, error))
    return FALSE;
  if (realtime_config_is_set (config->language)
      || realtime_config_is_set (config->transcription_prompt)
      || config->transcription_keywords != NULL
      || config->transcription_delay != REALTIME_LEVEL_DEFAULT) {
    return realtime_config_fail (error, "A translation finds the language that "
        "is spoken by itself: it has no language, transcription-prompt, "
        "transcription-keywords and transcription-delay. Unset them; "
        "output-language is the one to translate to.");
  }
  if (realtime_config_is_set (config->session_json))
    session = realtime_json_parse_object (config->session_json, -1, NULL);
  language = realtime_json_get_string (session, "audio.output.language",
      config->output_language);
  if (!realtime_config_is_set (language)) {
    return realtime_config_fail (error, "A translation needs output-language, "
        "the language to translate to, for example output-language=es.");
  }
  return TRUE;
}

static gboolean
check_no_output_language (const RealtimeSessionConfig * config, GError ** error)
{
  if (config->session_type == REALTIME_SESSION_TRANSLATION
      || !realtime_config_is_set (config->output_language))
    return TRUE;
  return realtime_config_fail (error, "output-language is that of a "
      "translation. Unset it, or set session-type=translation.");
}

static gboolean
check_conversation (const RealtimeSessionConfig * config, GError ** error)
{
  const gchar *model = realtime_config_get_transcription_model (config);

  /* NULL: the server has one of its own */
  if (model == NULL || realtime_config_is_set (model))
    return TRUE;
  if (realtime_config_is_set (config->language)
      || realtime_config_is_set (config->transcription_prompt)
      || config->transcription_keywords != NULL
      || config->transcription_delay != REALTIME_LEVEL_DEFAULT) {
    return realtime_config_fail (error, "language, transcription-prompt, "
        "transcription-keywords and transcription-delay are those of the "
        "input's transcription, which transcription-model=\"\" turns off. "
        "Unset them, or transcription-model.");
  }
  return TRUE;
}

static gboolean
check_numbers (const RealtimeSessionConfig * config, GError ** error)
{
  if (!(config->speed >= REALTIME_MIN_SPEED
          && config->speed <= REALTIME_MAX_SPEED)) {
    return realtime_config_fail (error, "speed must be from %g to %g.",
        REALTIME_MIN_SPEED, REALTIME_MAX_SPEED);
  }
  if (config->max_output_tokens > REALTIME_MAX_OUTPUT_TOKENS) {
    return realtime_config_fail (error, "max-output-tokens must be from 1 to "
        "%u, or 0 for no limit.", REALTIME_MAX_OUTPUT_TOKENS);
  }
  return TRUE;
}

static gboolean
check_size (const RealtimeSessionConfig * config, GError ** error)
{
  g_autofree gchar *session = realtime_session_config_to_create_json (config);

  if (strlen (session) <= REALTIME_CLIENT_EVENT_MAX_BYTES)
    return TRUE;
  return realtime_config_fail (error, "The session's configuration is %"
      G_GSIZE_FORMAT " KiB long, and %u KiB are what a session takes in one "
      "message. Shorten instructions, tools or session.",
      strlen (session) / 1024, REALTIME_CLIENT_EVENT_MAX_BYTES / 1024);
}

gboolean
realtime_session_config_check (const RealtimeSessionConfig * config,
    GError ** error)
{
  gboolean good;

  g_return_val_if_fail (config != NULL, FALSE);

  good = check_texts (config, error)
      && check_no_output_language (config, error)
      && (config->session_type == REALTIME_SESSION_TRANSLATION
      || check_turns (config, error)) && check_numbers (config, error);
  if (good && config->session_type == REALTIME_SESSION_TRANSCRIPTION)
    good = check_transcription (config, error);
  else if (good && config->session_type == REALTIME_SESSION_TRANSLATION)
    good = check_translation (config, error);
  else if (good)
    good = check_conversation (config, error);

  return good && realtime_tools_check (config->tools, config->tool_choice,
      error) && check_session_json (config, error)
      && check_size (config, error);
}
