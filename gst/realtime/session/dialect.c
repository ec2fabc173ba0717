/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "dialect.h"
#include "json.h"

/* Members of the flat session object that GA has nothing of. */
static const gchar *const beta_members[] = {
  "modalities", "input_audio_format", "output_audio_format",
  "input_audio_transcription", "turn_detection", "max_response_output_tokens"
};

RealtimeDialect
realtime_dialect_of_event (JsonObject * event)
{
  const gchar *type = realtime_json_get_string (event, "type", "");
  JsonObject *session = realtime_json_get_object (event, "session");
  guint i;

  if (g_str_has_prefix (type, "transcription_session."))
    return REALTIME_DIALECT_BETA_TRANSCRIPTION;
  if (!g_str_has_prefix (type, "session.") || session == NULL)
    return REALTIME_DIALECT_UNKNOWN;
  /* some servers have both: those take the newer */
  if (realtime_json_has (session, "audio")
      || realtime_json_has (session, "output_modalities"))
    return REALTIME_DIALECT_GA;
  for (i = 0; i < G_N_ELEMENTS (beta_members); i++) {
    if (realtime_json_has (session, beta_members[i]))
      return REALTIME_DIALECT_BETA;
  }
  return realtime_json_has (session, "type") ? REALTIME_DIALECT_GA :
      REALTIME_DIALECT_UNKNOWN;
}

/* Takes the member at @path out of @object; NULL where there is none. */
static JsonNode *
take_member (JsonObject * object, const gchar * path)
{
  const gchar *dot = strrchr (path, '.');
  const gchar *name = dot ? dot + 1 : path;
  JsonNode *node;

  if (dot != NULL) {
    g_autofree gchar *parent = g_strndup (path, dot - path);

    object = realtime_json_get_object (object, parent);
  }
  if (object == NULL || !json_object_has_member (object, name))
    return NULL;
  node = json_node_copy (json_object_get_member (object, name));
  json_object_remove_member (object, name);
  return node;
}

static void
rename_member (JsonObject * object, const gchar * from, const gchar * to)
{
  JsonNode *node = take_member (object, from);

  if (node == NULL)
    return;
  /* who gave the older name by hand means that */
  if (json_object_has_member (object, to))
    json_node_free (node);
  else
    json_object_set_member (object, to, node);
}

/* {"type":"audio/pcm"} as a name. */
static void
flatten_format (JsonObject * object, const gchar * from, const gchar * to)
{
  g_autofree gchar *path = g_strconcat (from, ".type", NULL);
  const gchar *type = realtime_json_get_string (object, path, NULL);
  const gchar *name = g_strcmp0 (type, "audio/pcm") == 0 ? "pcm16" :
      g_strcmp0 (type, "audio/pcmu") == 0 ? "g711_ulaw" :
      g_strcmp0 (type, "audio/pcma") == 0 ? "g711_alaw" : NULL;
  JsonNode *node = take_member (object, from);

  if (name != NULL && !json_object_has_member (object, to))
    json_object_set_string_member (object, to, name);
  if (node != NULL)
    json_node_free (node);
}

/* There speech is never without its text. */
static void
flatten_modalities (JsonObject * object)
{
  JsonArray *ga = realtime_json_get_array (object, "output_modalities");
  JsonArray *beta;
  guint i;

  if (ga != NULL && !json_object_has_member (object, "modalities")) {
    beta = json_array_new ();
    json_array_add_string_element (beta, "text");
    for (i = 0; i < json_array_get_length (ga); i++) {
      JsonNode *node = json_array_get_element (ga, i);

      if (g_strcmp0 (json_node_get_value_type (node) == G_TYPE_STRING ?
              json_node_get_string (node) : NULL, "audio") == 0)
        json_array_add_string_element (beta, "audio");
    }
    json_object_set_array_member (object, "modalities", beta);
  }
  json_object_remove_member (object, "output_modalities");
}

static void
flatten_output (JsonObject * object)
{
  flatten_modalities (object);
  flatten_format (object, "audio.output.format", "output_audio_format");
  rename_member (object, "audio.output.voice", "voice");
  rename_member (object, "audio.output.speed", "speed");
}

static void
flatten_session (JsonObject * session, gboolean own_event)
{
  gboolean transcription = g_strcmp0 (realtime_json_get_string (session,
          "type", NULL), "transcription") == 0;
  JsonObject *detection;

  flatten_output (session);
  flatten_format (session, "audio.input.format", "input_audio_format");
  rename_member (session, "audio.input.transcription",
      "input_audio_transcription");
  rename_member (session, "audio.input.noise_reduction",
      "input_audio_noise_reduction");
  rename_member (session, "audio.input.turn_detection", "turn_detection");
  rename_member (session, "max_output_tokens", "max_response_output_tokens");
  json_object_remove_member (session, "audio");
  json_object_remove_member (session, "type");
  if (!transcription || own_event)
    return;
  /* a session of the one kind that there is, which is not to answer */
  detection = realtime_json_get_object (session, "turn_detection");
  if (detection != NULL)
    json_object_set_boolean_member (detection, "create_response", FALSE);
}

/* Parts of what the assistant said. */
static void
rename_parts (JsonObject * item)
{
  JsonArray *content = realtime_json_get_array (item, "content");
  guint i, n = content ? json_array_get_length (content) : 0;

  for (i = 0; i < n; i++) {
    JsonObject *part = realtime_json_get_element (content, i);

    if (g_strcmp0 (realtime_json_get_string (part, "type", NULL),
            "output_text") == 0)
      json_object_set_string_member (part, "type", "text");
  }
}

gchar *
realtime_dialect_translate (RealtimeDialect dialect, const gchar * event)
{
  JsonObject *object, *part;
  const gchar *type;
  gchar *text;

  if (dialect != REALTIME_DIALECT_BETA
      && dialect != REALTIME_DIALECT_BETA_TRANSCRIPTION)
    return g_strdup (event);
  object = realtime_json_parse_object (event, -1, NULL);
  if (object == NULL)
    return g_strdup (event);

  type = realtime_json_get_string (object, "type", "");
  if (g_str_equal (type, "session.update")) {
    gboolean own_event = dialect == REALTIME_DIALECT_BETA_TRANSCRIPTION;

    part = realtime_json_get_object (object, "session");
    if (part != NULL)
      flatten_session (part, own_event);
    if (own_event)
      json_object_set_string_member (object, "type",
          "transcription_session.update");
  } else if (g_str_equal (type, "response.create")) {
    part = realtime_json_get_object (object, "response");
    if (part != NULL) {
      flatten_output (part);
      json_object_remove_member (part, "audio");
    }
  } else if (g_str_equal (type, "conversation.item.create")) {
    rename_parts (realtime_json_get_object (object, "item"));
  }
  text = realtime_json_to_string (object);
  json_object_unref (object);
  return text;
}
