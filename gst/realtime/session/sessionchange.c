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

/* What takes a member back, where an absence would leave it as it is. The
 * service's own defaults, and what it says clears a member. */
static const struct
{
  const gchar *path;
  const gchar *json;
} defaults[] = {
  {"instructions", "\"\""},
  {"max_output_tokens", "\"inf\""},
  {"reasoning", "{\"effort\":\"low\"}"},
  {"tools", "[]"},
  {"tool_choice", "\"auto\""},
  {"include", "null"},
  {"tracing", "null"},
  {"truncation", "\"auto\""},
  {"prompt", "null"},
  {"audio.input.transcription", "null"},
  {"audio.input.noise_reduction", "null"},
  {"audio.input.turn_detection.threshold", "0.5"},
  {"audio.input.turn_detection.prefix_padding_ms", "300"},
  {"audio.input.turn_detection.silence_duration_ms", "500"},
  {"audio.input.turn_detection.idle_timeout_ms", "null"},
  {"audio.input.turn_detection.eagerness", "\"auto\""},
  {"audio.input.turn_detection.create_response", "true"},
  {"audio.input.turn_detection.interrupt_response", "true"},
  {"audio.output.speed", "1.0"},
};

/* Objects that are merged by the service, member by member. */
static const gchar *const merged[] = {
  "audio", "audio.input", "audio.output", NULL
};

typedef struct
{
  gboolean voice_settled;
  GPtrArray *kept;
} Run;

static JsonNode *
get_default (const gchar * path)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (defaults); i++) {
    if (strcmp (defaults[i].path, path) == 0)
      return json_from_string (defaults[i].json, NULL);
  }
  return NULL;
}

static void
keep (Run * run, const gchar * path)
{
  g_ptr_array_add (run->kept, g_strdup (strcmp (path, "audio.output.voice") == 0
          ? "voice" : path));
}

/* The same kind of turn detection goes on with what is not said anew. */
static void
take_back_turns (JsonObject * from, JsonObject * to)
{
  g_autoptr (GList) names = json_object_get_members (from);
  GList *l;

  if (g_strcmp0 (realtime_json_get_string (from, "type", NULL),
          realtime_json_get_string (to, "type", NULL)) != 0)
    return;
  for (l = names; l != NULL; l = l->next) {
    g_autofree gchar *path =
        g_strconcat ("audio.input.turn_detection.", l->data, NULL);
    JsonNode *node = json_object_has_member (to, l->data) ? NULL :
        get_default (path);

    if (node != NULL)
      json_object_set_member (to, l->data, node);
  }
}

static void
set_member (JsonObject * patch, const gchar * name, JsonNode * from,
    JsonNode * to)
{
  JsonNode *copy = json_node_copy (to);

  if (strcmp (name, "turn_detection") == 0 && JSON_NODE_HOLDS_OBJECT (to)
      && from != NULL && JSON_NODE_HOLDS_OBJECT (from)) {
    /* a copy of a node shares its object */
    g_autofree gchar *text = json_to_string (to, FALSE);

    json_node_free (copy);
    copy = json_from_string (text, NULL);
    take_back_turns (json_node_get_object (from), json_node_get_object (copy));
  }
  json_object_set_member (patch, name, copy);
}

static JsonObject *diff (Run * run, const gchar * path, JsonObject * from,
    JsonObject * to);

static void
diff_member (Run * run, const gchar * path, const gchar * name,
    JsonNode * from, JsonNode * to, JsonObject * patch)
{
  JsonObject *inner;

  if (from != NULL && json_node_equal (from, to))
    return;
  if (strcmp (path, "model") == 0
      || (run->voice_settled && strcmp (path, "audio.output.voice") == 0)) {
    keep (run, path);
  } else if (g_strv_contains (merged, path) && JSON_NODE_HOLDS_OBJECT (to)) {
    inner = diff (run, path, from && JSON_NODE_HOLDS_OBJECT (from) ?
        json_node_get_object (from) : NULL, json_node_get_object (to));
    if (json_object_get_size (inner) > 0)
      json_object_set_object_member (patch, name, inner);
    else
      json_object_unref (inner);
  } else {
    set_member (patch, name, from, to);
  }
}

static void
diff_gone (Run * run, const gchar * path, const gchar * name, JsonNode * from,
    JsonObject * patch)
{
  JsonNode *node = get_default (path);
  JsonObject *inner, *nothing;

  if (node != NULL) {
    json_object_set_member (patch, name, node);
  } else if (g_strv_contains (merged, path) && JSON_NODE_HOLDS_OBJECT (from)) {
    nothing = json_object_new ();
    inner = diff (run, path, json_node_get_object (from), nothing);
    json_object_unref (nothing);
    if (json_object_get_size (inner) > 0)
      json_object_set_object_member (patch, name, inner);
    else
      json_object_unref (inner);
  } else {
    keep (run, path);
  }
}

static JsonObject *
diff (Run * run, const gchar * path, JsonObject * from, JsonObject * to)
{
  g_autoptr (GList) new_names = json_object_get_members (to);
  g_autoptr (GList) old_names = from ? json_object_get_members (from) : NULL;
  JsonObject *patch = json_object_new ();
  GList *l;

  for (l = new_names; l != NULL; l = l->next) {
    g_autofree gchar *inner = *path ? g_strconcat (path, ".", l->data, NULL) :
        g_strdup (l->data);

    diff_member (run, inner, l->data, from ?
        json_object_get_member (from, l->data) : NULL,
        json_object_get_member (to, l->data), patch);
  }
  for (l = old_names; l != NULL; l = l->next) {
    g_autofree gchar *inner = *path ? g_strconcat (path, ".", l->data, NULL) :
        g_strdup (l->data);

    if (!json_object_has_member (to, l->data))
      diff_gone (run, inner, l->data, json_object_get_member (from, l->data),
          patch);
  }
  return patch;
}

gchar *
realtime_session_config_to_change_event (const RealtimeSessionConfig * from,
    const RealtimeSessionConfig * to, gboolean voice_settled,
    const gchar * event_id, gchar *** kept)
{
  g_autoptr (JsonObject) old_session = NULL, new_session = NULL;
  Run run = { voice_settled, g_ptr_array_new () };
  JsonObject *patch;
  gchar *text = NULL;

  g_return_val_if_fail (from != NULL && to != NULL && kept != NULL, NULL);

  if (from->session_type != to->session_type) {
    /* nothing of the one is anything in the other */
    g_ptr_array_add (run.kept, g_strdup ("session-type"));
  } else {
    old_session = realtime_session_config_make (from);
    new_session = realtime_session_config_make (to);
    json_object_remove_member (old_session, "type");
    json_object_remove_member (new_session, "type");
    patch = diff (&run, "", old_session, new_session);
    if (json_object_get_size (patch) > 0)
      text = realtime_session_config_print_update (to, patch, event_id);
    else
      json_object_unref (patch);
  }
  g_ptr_array_add (run.kept, NULL);
  *kept = (gchar **) g_ptr_array_free (run.kept, FALSE);
  return text;
}
