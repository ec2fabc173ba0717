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
#include "history.h"
#include "json.h"

#define MAX_ID_LENGTH 32
/* Of the items of another session. */
#define REPLAYED "rtbpast_"

static gboolean
fail (GError ** error, guint i, const gchar * format, ...)
G_GNUC_PRINTF (3, 4);

     static gboolean fail (GError ** error, guint i, const gchar * format, ...)
{
  g_autofree gchar *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
      "initial-items[%u]%s.", i, what);
  return FALSE;
}

static gboolean
has_text (JsonObject * object, const gchar * name)
{
  const gchar *text = realtime_json_get_string (object, name, NULL);

  return text != NULL && *text != '\0';
}

/* What each role's content may be. */
static const struct
{
  const gchar *role;
  const gchar *types[4];
} roles[] = {
  {"user", {"input_text", "input_audio", "input_image", NULL}},
  {"system", {"input_text", NULL}},
  {"assistant", {"output_text", NULL}},
};

static const gchar *const *
find_types (const gchar * role)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (roles); i++) {
    if (g_strcmp0 (roles[i].role, role) == 0)
      return roles[i].types;
  }
  return NULL;
}

static gboolean
check_part (JsonObject * part, const gchar * role,
    const gchar * const *types, guint i, guint j, GError ** error)
{
  const gchar *type = realtime_json_get_string (part, "type", "");

  if (strcmp (role, "assistant") == 0 && strcmp (type, "output_audio") == 0) {
    return fail (error, i,
        ".content[%u]: the assistant's past speech cannot be "
        "given as audio. Give its words, as {\"type\":\"output_text\"}", j);
  }
  if (!g_strv_contains (types, type)) {
    g_autofree gchar *known = g_strjoinv (" or ", (gchar **) types);

    return fail (error, i, ".content[%u].type must be %s for the role %s", j,
        known, role);
  }
  if (g_str_has_suffix (type, "_text") && !has_text (part, "text"))
    return fail (error, i, ".content[%u] has no text", j);
  if (strcmp (type, "input_image") == 0 && !has_text (part, "image_url"))
    return fail (error, i, ".content[%u] has no image_url", j);
  if (strcmp (type, "input_audio") == 0 && !has_text (part, "audio"))
    return fail (error, i, ".content[%u] has no audio", j);
  return TRUE;
}

static gboolean
check_message (JsonObject * item, guint i, GError ** error)
{
  const gchar *role = realtime_json_get_string (item, "role", NULL);
  const gchar *const *types = find_types (role);
  JsonArray *content = realtime_json_get_array (item, "content");
  guint j, n = content ? json_array_get_length (content) : 0;

  if (types == NULL)
    return fail (error, i, ".role must be user, assistant or system");
  if (n == 0) {
    return fail (error, i, " is a message without content: give it \"text\", "
        "or \"content\", an array with something in it");
  }
  for (j = 0; j < n; j++) {
    if (!check_part (realtime_json_get_element (content, j), role, types, i, j,
            error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_id (JsonObject * item, guint i, GError ** error)
{
  const gchar *id = realtime_json_get_string (item, "id", NULL);
  const gchar *c;

  if (!json_object_has_member (item, "id"))
    return TRUE;
  for (c = id; c && *c && (g_ascii_isalnum (*c) || *c == '_' || *c == '-');
      c++);
  if (c == NULL || *c != '\0' || c == id || c - id > MAX_ID_LENGTH) {
    return fail (error, i, ".id must be 1 to %u letters, digits, _ and -",
        MAX_ID_LENGTH);
  }
  return TRUE;
}

static gboolean
is_short (JsonObject * object)
{
  return json_object_has_member (object, "role")
      && json_object_has_member (object, "text");
}

static gboolean
check_short (JsonObject * object, guint i, GError ** error)
{
  JsonObjectIter iter;
  const gchar *name;

  if (find_types (realtime_json_get_string (object, "role", NULL)) == NULL)
    return fail (error, i, ".role must be user, assistant or system");
  if (!has_text (object, "text"))
    return fail (error, i, ".text must be a string with something in it");
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, NULL)) {
    if (strcmp (name, "content") == 0 || strcmp (name, "type") == 0)
      return fail (error, i, " has \"text\" and \"%s\": it is either one",
          name);
  }
  return check_id (object, i, error);
}

/* Items of a type that this version does not know are the service's to
 * judge. */
static gboolean
check_item (JsonObject * item, guint i, GError ** error)
{
  static const gchar *const call[] = { "call_id", "name", "arguments", NULL };
  static const gchar *const output[] = { "call_id", "output", NULL };
  const gchar *type = realtime_json_get_string (item, "type", NULL);
  const gchar *const *name = NULL;

  if (is_short (item))
    return check_short (item, i, error);
  if (type == NULL) {
    return fail (error, i,
        " must have \"role\" and \"text\", or be an item with " "a \"type\"");
  }
  if (strcmp (type, "message") == 0 && !check_message (item, i, error))
    return FALSE;
  if (strcmp (type, "function_call") == 0)
    name = call;
  else if (strcmp (type, "function_call_output") == 0)
    name = output;
  for (; name != NULL && *name != NULL; name++) {
    if (realtime_json_get_string (item, *name, NULL) == NULL)
      return fail (error, i, ".%s must be a string", *name);
  }
  return check_id (item, i, error);
}

/* The item of a {"role","text"}. */
static JsonObject *
expand (JsonObject * object)
{
  const gchar *role = realtime_json_get_string (object, "role", "");
  JsonObject *item = json_object_new (), *part = json_object_new ();
  JsonArray *content = json_array_new ();

  if (json_object_has_member (object, "id")) {
    json_object_set_string_member (item, "id",
        json_object_get_string_member (object, "id"));
  }
  json_object_set_string_member (item, "type", "message");
  json_object_set_string_member (item, "role", role);
  json_object_set_string_member (part, "type", strcmp (role,
          "assistant") == 0 ? "output_text" : "input_text");
  json_object_set_string_member (part, "text",
      json_object_get_string_member (object, "text"));
  json_array_add_object_element (content, part);
  json_object_set_array_member (item, "content", content);
  return item;
}

static gchar *
make_event (JsonObject * object, const gchar * what, guint i)
{
  g_autofree gchar *id = realtime_client_event_make_id (what, i);
  JsonObject *event = json_object_new ();
  gchar *text;

  json_object_set_string_member (event, "type", "conversation.item.create");
  json_object_set_string_member (event, "event_id", id);
  json_object_set_object_member (event, "item", is_short (object) ?
      expand (object) : json_object_ref (object));
  text = realtime_json_to_string (event);
  json_object_unref (event);
  return text;
}

gboolean
realtime_history_check (const gchar * json, GError ** error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonArray) items = NULL;
  guint i, n;

  if (json == NULL || *json == '\0')
    return TRUE;
  items = realtime_json_parse_array (json, -1, &cause);
  if (items == NULL) {
    g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        "initial-items must be a JSON array, such as [{\"role\":\"user\","
        "\"text\":\"Hello.\"}]: %s.", cause->message);
    return FALSE;
  }
  n = json_array_get_length (items);
  if (n > REALTIME_HISTORY_MAX_ITEMS) {
    g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        "initial-items has %u items, and %u are what a session may begin with.",
        n, REALTIME_HISTORY_MAX_ITEMS);
    return FALSE;
  }
  for (i = 0; i < n; i++) {
    JsonObject *item = realtime_json_get_element (items, i);
    g_autofree gchar *event = NULL;

    if (item == NULL)
      return fail (error, i, " must be an object");
    if (!check_item (item, i, error))
      return FALSE;
    event = make_event (item, "item", i);
    if (strlen (event) > REALTIME_CLIENT_EVENT_MAX_BYTES) {
      return fail (error, i, " is %" G_GSIZE_FORMAT " KiB long, and %u KiB are "
          "what a session takes in one message", strlen (event) / 1024,
          REALTIME_CLIENT_EVENT_MAX_BYTES / 1024);
    }
  }
  return TRUE;
}

gchar **
realtime_history_make_events (const gchar * json, const gchar * what)
{
  g_autoptr (JsonArray) items = NULL;
  GPtrArray *events = g_ptr_array_new ();
  guint i, n;

  if (json != NULL && *json != '\0')
    items = realtime_json_parse_array (json, -1, NULL);
  n = items ? json_array_get_length (items) : 0;
  for (i = 0; i < n; i++) {
    g_ptr_array_add (events, make_event (realtime_json_get_element (items, i),
            what, i));
  }
  g_ptr_array_add (events, NULL);
  return (gchar **) g_ptr_array_free (events, FALSE);
}

/* Where the latest lines begin that fit. */
static guint
find_first (JsonArray * lines)
{
  guint n = json_array_get_length (lines), count = 0;
  gsize room = REALTIME_HISTORY_MAX_REPLAYED_BYTES;

  while (count < MIN (n, REALTIME_HISTORY_MAX_REPLAYED_ITEMS)) {
    JsonObject *line = realtime_json_get_element (lines, n - 1 - count);
    gsize size = strlen (realtime_json_get_string (line, "text", ""));

    if (size > room)
      break;
    room -= size;
    count++;
  }
  return n - count;
}

gchar *
realtime_history_replay (const gchar * conversation)
{
  g_autoptr (JsonArray) lines = realtime_json_parse_array (conversation, -1,
      NULL);
  JsonArray *items;
  JsonNode *node;
  gchar *text = NULL;
  guint i;

  if (lines == NULL)
    return NULL;
  items = json_array_new ();
  for (i = find_first (lines); i < json_array_get_length (lines); i++) {
    JsonObject *line = realtime_json_get_element (lines, i);
    const gchar *role = realtime_json_get_string (line, "role", NULL);
    g_autofree gchar *id = NULL;
    JsonObject *item;

    if (find_types (role) == NULL || !has_text (line, "text"))
      continue;
    id = g_strdup_printf (REPLAYED "%u", json_array_get_length (items));
    item = json_object_new ();
    json_object_set_string_member (item, "id", id);
    json_object_set_string_member (item, "role", role);
    json_object_set_string_member (item, "text",
        json_object_get_string_member (line, "text"));
    json_array_add_object_element (items, item);
  }
  if (json_array_get_length (items) > 0) {
    node = json_node_init_array (json_node_alloc (), items);
    text = json_to_string (node, FALSE);
    json_node_free (node);
  }
  json_array_unref (items);
  return text;
}

gboolean
realtime_history_is_replayed (const gchar * item_id)
{
  return item_id != NULL && g_str_has_prefix (item_id, REPLAYED);
}
