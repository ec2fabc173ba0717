/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <math.h>
#include <string.h>

#include "failure.h"
#include "json.h"

static gboolean
is_blank (gchar c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static gsize
skip_blanks (const gchar * text, gsize length, gsize pos)
{
  while (pos < length && is_blank (text[pos]))
    pos++;
  return pos;
}

/* The place after the string that begins at @text[pos], or 0 if it does not
 * end. */
static gsize
skip_string (const gchar * text, gsize length, gsize pos)
{
  for (pos++; pos < length; pos++) {
    if (text[pos] == '\\')
      pos++;
    else if (text[pos] == '"')
      return pos + 1;
  }
  return 0;
}

/* The place after the object or array that begins at @text[pos], or 0 if it
 * does not end. @deepest: its levels, as far as they were seen. */
static gsize
skip_container (const gchar * text, gsize length, gsize pos, guint * deepest)
{
  guint depth = 0;

  *deepest = 0;
  while (pos < length) {
    gchar c = text[pos];

    if (c == '"') {
      pos = skip_string (text, length, pos);
      if (pos == 0)
        return 0;
      continue;
    }
    pos++;
    if (c == '{' || c == '[') {
      depth++;
      *deepest = MAX (*deepest, depth);
    } else if (c == '}' || c == ']') {
      depth--;
      if (depth == 0)
        return pos;
    }
  }
  return 0;
}

/* The code unit of the escape \uXXXX at @text, or -1. */
static gint
escaped_unit (const gchar * text, const gchar * end)
{
  gint unit = 0, i;

  if (end - text < 6 || text[0] != '\\' || text[1] != 'u')
    return -1;
  for (i = 2; i < 6; i++) {
    gint digit = g_ascii_xdigit_value (text[i]);

    if (digit < 0)
      return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

/* The parser makes invalid UTF-8 of half a surrogate pair and cuts a string at
 * an escaped NUL. Both become U+FFFD, which takes the same room. */
static void
repair_escapes (gchar * text, gsize length)
{
  gchar *end = text + length;
  gchar *p = text;

  while (p < end && (p = memchr (p, '\\', end - p)) != NULL) {
    gint unit = escaped_unit (p, end);

    if (unit < 0) {
      p += 2;
      continue;
    }
    if (unit >= 0xd800 && unit <= 0xdbff) {
      gint low = escaped_unit (p + 6, end);

      if (low >= 0xdc00 && low <= 0xdfff) {
        p += 12;
        continue;
      }
    }
    if (unit == 0 || (unit >= 0xd800 && unit <= 0xdfff))
      memcpy (p + 2, "FFFD", 4);
    p += 6;
  }
}

typedef struct
{
  guint line, position;
} Place;

/* The parser knows where it stands only while it reports the error. */
static void
note_place (JsonParser * parser, gpointer error, gpointer user_data)
{
  Place *place = user_data;

  place->line = json_parser_get_current_line (parser);
  place->position = json_parser_get_current_pos (parser);
}

static JsonNode *
fail (GError ** error, const gchar * what)
{
  g_set_error_literal (error, REALTIME_FAILURE, REALTIME_FAILURE_FORMAT, what);
  return NULL;
}

/* Not in the parser's own words: they may quote the text, and so a secret. */
static JsonNode *
fail_at (GError ** error, const Place * place)
{
  g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_FORMAT,
      "not valid JSON at line %u, position %u", place->line, place->position);
  return NULL;
}

/* Whether something stands outside the strings that JSON does not have there,
 * such as comments and other quotes. */
static gboolean
has_foreign_character (const gchar * text, gsize length, Place * place)
{
  gsize pos = 0, line_begin = 0;

  place->line = 1;
  while (pos < length) {
    gchar c = text[pos];

    if (c == '"') {
      pos = skip_string (text, length, pos);
      if (pos == 0)
        return FALSE;
      continue;
    }
    if (!g_ascii_isalnum (c) && !is_blank (c) && !strchr ("{}[]:,+-.", c)) {
      place->position = pos - line_begin + 1;
      return TRUE;
    }
    pos++;
    if (c == '\n') {
      place->line++;
      line_begin = pos;
    }
  }
  return FALSE;
}

/* One JSON value that begins with @opening, '{' or '['; @name is its kind's. */
static JsonNode *
parse (const gchar * text, gssize length, gchar opening, const gchar * name,
    GError ** error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autofree gchar *copy = NULL, *not_one = NULL;
  Place place = { 1, 1 };
  gsize size, begin, end;
  JsonNode *root;
  guint depth;

  not_one = g_strdup_printf ("the JSON text is not an %s", name);
  size = length < 0 ? strlen (text) : (gsize) length;
  if (size > REALTIME_JSON_MAX_SIZE)
    return fail (error, "the JSON text is larger than 16 MiB");
  if (!g_utf8_validate_len (text, size, NULL))
    return fail (error, "the JSON text is not valid UTF-8");

  /* The parser takes some JavaScript for JSON: only objects and arrays get
   * there, and nothing outside their strings that could hide their depth from
   * us. */
  begin = skip_blanks (text, size, 0);
  if (begin == size || text[begin] != opening)
    return fail (error, not_one);
  end = skip_container (text, size, begin, &depth);
  if (depth > REALTIME_JSON_MAX_DEPTH)
    return fail (error, "the JSON text is nested deeper than 64 levels");
  if (has_foreign_character (text, size, &place))
    return fail_at (error, &place);
  if (end != 0 && skip_blanks (text, size, end) != size) {
    g_autofree gchar *more = g_strdup_printf ("the JSON text goes on after its "
        "%s", name);

    return fail (error, more);
  }

  copy = g_strndup (text, size);
  repair_escapes (copy, size);

  parser = json_parser_new ();
  g_signal_connect (parser, "error", G_CALLBACK (note_place), &place);
  if (!json_parser_load_from_data (parser, copy, size, NULL))
    return fail_at (error, &place);
  root = json_parser_steal_root (parser);
  return root ? root : fail (error, not_one);
}

JsonObject *
realtime_json_parse_object (const gchar * text, gssize length, GError ** error)
{
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  root = parse (text, length, '{', "object", error);
  return root ? json_node_dup_object (root) : NULL;
}

JsonArray *
realtime_json_parse_array (const gchar * text, gssize length, GError ** error)
{
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  root = parse (text, length, '[', "array", error);
  return root ? json_node_dup_array (root) : NULL;
}

gboolean
realtime_json_is_complete (const gchar * text, gsize length)
{
  gsize pos = skip_blanks (text, length, 0);
  guint depth;

  if (pos == length)
    return FALSE;
  if (text[pos] == '{' || text[pos] == '[')
    return skip_container (text, length, pos, &depth) != 0;
  if (text[pos] == '"')
    return skip_string (text, length, pos) != 0;

  /* a number or a word has ended only where something else begins */
  while (pos < length && !is_blank (text[pos]) && text[pos] != ',')
    pos++;
  return pos < length;
}

static JsonNode *
find (JsonObject * object, const gchar * path)
{
  g_auto (GStrv) steps = NULL;
  JsonNode *node = NULL;
  guint i;

  g_return_val_if_fail (path != NULL, NULL);

  if (strchr (path, '.') == NULL)
    return object ? json_object_get_member (object, path) : NULL;

  steps = g_strsplit (path, ".", -1);
  for (i = 0; steps[i] && object; i++) {
    node = json_object_get_member (object, steps[i]);
    object = node && JSON_NODE_HOLDS_OBJECT (node) ?
        json_node_get_object (node) : NULL;
  }
  return steps[i] == NULL ? node : NULL;
}

static JsonNode *
find_value (JsonObject * object, const gchar * path, GType type)
{
  JsonNode *node = find (object, path);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != type)
    return NULL;
  return node;
}

const gchar *
realtime_json_get_string (JsonObject * object, const gchar * path,
    const gchar * fallback)
{
  JsonNode *node = find_value (object, path, G_TYPE_STRING);

  return node ? json_node_get_string (node) : fallback;
}

gint64
realtime_json_get_int (JsonObject * object, const gchar * path, gint64 fallback)
{
  JsonNode *node = find_value (object, path, G_TYPE_INT64);
  gdouble value;

  if (node != NULL)
    return json_node_get_int (node);

  /* some servers write whole numbers as 3.0 */
  node = find_value (object, path, G_TYPE_DOUBLE);
  if (node == NULL)
    return fallback;
  value = json_node_get_double (node);
  if (!(value > -9.2e18 && value < 9.2e18))
    return fallback;
  return (gint64) value;
}

gdouble
realtime_json_get_double (JsonObject * object, const gchar * path,
    gdouble fallback)
{
  JsonNode *node = find_value (object, path, G_TYPE_DOUBLE);
  gdouble value;

  if (node != NULL) {
    value = json_node_get_double (node);
    return isfinite (value) ? value : fallback;
  }
  node = find_value (object, path, G_TYPE_INT64);
  return node ? (gdouble) json_node_get_int (node) : fallback;
}

gboolean
realtime_json_get_boolean (JsonObject * object, const gchar * path,
    gboolean fallback)
{
  JsonNode *node = find_value (object, path, G_TYPE_BOOLEAN);

  return node ? json_node_get_boolean (node) : fallback;
}

JsonObject *
realtime_json_get_object (JsonObject * object, const gchar * path)
{
  JsonNode *node = find (object, path);

  return node && JSON_NODE_HOLDS_OBJECT (node) ?
      json_node_get_object (node) : NULL;
}

JsonArray *
realtime_json_get_array (JsonObject * object, const gchar * path)
{
  JsonNode *node = find (object, path);

  return node && JSON_NODE_HOLDS_ARRAY (node) ?
      json_node_get_array (node) : NULL;
}

gboolean
realtime_json_has (JsonObject * object, const gchar * path)
{
  return find (object, path) != NULL;
}

JsonObject *
realtime_json_get_element (JsonArray * array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

gchar *
realtime_json_to_string (JsonObject * object)
{
  g_autoptr (JsonNode) node = json_node_alloc ();

  json_node_init_object (node, object);
  return json_to_string (node, FALSE);
}

void
realtime_json_merge (JsonObject * target, JsonObject * patch)
{
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *value;

  json_object_iter_init (&iter, patch);
  while (json_object_iter_next (&iter, &name, &value)) {
    if (JSON_NODE_HOLDS_NULL (value)) {
      if (json_object_has_member (target, name))
        json_object_remove_member (target, name);
    } else if (JSON_NODE_HOLDS_OBJECT (value)) {
      JsonObject *inner = realtime_json_get_object (target, name);

      if (inner == NULL) {
        inner = json_object_new ();
        json_object_set_object_member (target, name, inner);
      }
      realtime_json_merge (inner, json_node_get_object (value));
    } else {
      json_object_set_member (target, name, json_node_copy (value));
    }
  }
}
