/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "util.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

gchar *
util_id (const gchar * prefix, guint length)
{
  static const gchar letters[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  GString *id = g_string_new (prefix);
  guint8 byte;

  while (length > 0) {
    if (getrandom (&byte, 1, 0) != 1) {
      if (errno == EINTR)
        continue;
      g_error ("no random numbers: %s", g_strerror (errno));
    }
    /* 248 = 4 * 62: a larger byte would favour the first letters */
    if (byte >= 248)
      continue;
    g_string_append_c (id, letters[byte % 62]);
    length--;
  }
  return g_string_free (id, FALSE);
}

static gboolean
too_deep (const gchar * text, gsize length)
{
  guint depth = 0;
  gboolean quoted = FALSE;
  gsize i;

  for (i = 0; i < length; i++) {
    gchar c = text[i];

    if (quoted) {
      if (c == '\\')
        i++;
      else if (c == '"')
        quoted = FALSE;
    } else if (c == '"') {
      quoted = TRUE;
    } else if (c == '{' || c == '[') {
      if (++depth > UTIL_MAX_DEPTH)
        return TRUE;
    } else if ((c == '}' || c == ']') && depth > 0) {
      depth--;
    }
  }
  return FALSE;
}

JsonObject *
util_parse (const gchar * text, gssize length, const gchar ** why)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonNode *root;

  if (length < 0)
    length = strlen (text);
  *why = NULL;
  if (!g_utf8_validate (text, length, NULL)) {
    *why = "it is not UTF-8";
    return NULL;
  }
  if (too_deep (text, length)) {
    *why = "it is nested too deeply";
    return NULL;
  }
  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, length, NULL)) {
    *why = "it is not JSON";
    return NULL;
  }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)) {
    *why = "it is not a JSON object";
    return NULL;
  }
  return util_copy_object (json_node_get_object (root));
}

gchar *
util_print (JsonObject * object)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);
  json_generator_set_root (generator, node);
  return json_generator_to_data (generator, NULL);
}

static void
copy_member (JsonObject * object, const gchar * name, JsonNode * node,
    gpointer copy)
{
  json_object_set_member (copy, name, util_copy (node));
}

static void
copy_element (JsonArray * array, guint index, JsonNode * node, gpointer copy)
{
  json_array_add_element (copy, util_copy (node));
}

JsonObject *
util_copy_object (JsonObject * object)
{
  JsonObject *copy = json_object_new ();

  json_object_foreach_member (object, copy_member, copy);
  return copy;
}

JsonNode *
util_copy (JsonNode * node)
{
  JsonNode *copy;

  if (JSON_NODE_HOLDS_OBJECT (node)) {
    copy = json_node_new (JSON_NODE_OBJECT);
    json_node_take_object (copy, util_copy_object (json_node_get_object
            (node)));
  } else if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_array_new ();

    json_array_foreach_element (json_node_get_array (node), copy_element,
        array);
    copy = json_node_new (JSON_NODE_ARRAY);
    json_node_take_array (copy, array);
  } else if (JSON_NODE_HOLDS_NULL (node)) {
    copy = json_node_new (JSON_NODE_NULL);
  } else {
    GValue value = G_VALUE_INIT;

    json_node_get_value (node, &value);
    copy = json_node_new (JSON_NODE_VALUE);
    json_node_set_value (copy, &value);
    g_value_unset (&value);
  }
  return copy;
}

static JsonNode *
member (JsonObject * object, const gchar * name)
{
  return object != NULL ? json_object_get_member (object, name) : NULL;
}

const gchar *
util_string (JsonObject * object, const gchar * name)
{
  JsonNode *node = member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

JsonObject *
util_object (JsonObject * object, const gchar * name)
{
  JsonNode *node = member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ?
      json_node_get_object (node) : NULL;
}

JsonArray *
util_array (JsonObject * object, const gchar * name)
{
  JsonNode *node = member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ?
      json_node_get_array (node) : NULL;
}

gint64
util_int (JsonObject * object, const gchar * name, gint64 fallback)
{
  JsonNode *node = member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_INT64)
    return fallback;
  return json_node_get_int (node);
}

gdouble
util_number (JsonObject * object, const gchar * name, gdouble fallback)
{
  JsonNode *node = member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      (json_node_get_value_type (node) != G_TYPE_INT64 &&
          json_node_get_value_type (node) != G_TYPE_DOUBLE))
    return fallback;
  return json_node_get_double (node);
}

gboolean
util_bool (JsonObject * object, const gchar * name, gboolean fallback)
{
  JsonNode *node = member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return fallback;
  return json_node_get_boolean (node);
}

gboolean
util_is_null (JsonObject * object, const gchar * name)
{
  JsonNode *node = member (object, name);

  return node != NULL && JSON_NODE_HOLDS_NULL (node);
}

void
util_post (GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, notify);
  g_source_attach (source, NULL);
  g_source_unref (source);
}

guint
util_after (guint ms, GSourceFunc func, gpointer data)
{
  return g_timeout_add_full (G_PRIORITY_DEFAULT, ms, func, data, NULL);
}

void
refusal_clear (Refusal * refusal)
{
  g_clear_pointer (&refusal->param, g_free);
  g_clear_pointer (&refusal->message, g_free);
  refusal->code = NULL;
}

gboolean
refuse (Refusal * refusal, const gchar * code, gchar * param,
    const gchar * format, ...)
{
  g_autofree gchar *message = NULL;
  va_list args;

  refusal_clear (refusal);
  refusal->code = code;
  refusal->param = param;
  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  /* a precision in @format may cut through a character */
  refusal->message = g_utf8_make_valid (message, -1);
  return FALSE;
}
