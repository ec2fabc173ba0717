/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "schema.h"

#include <math.h>

const gchar *
schema_type_name (JsonNode * node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return "an object";
  if (JSON_NODE_HOLDS_ARRAY (node))
    return "an array";
  if (JSON_NODE_HOLDS_NULL (node))
    return "null";
  switch (json_node_get_value_type (node)) {
    case G_TYPE_STRING:
      return "a string";
    case G_TYPE_BOOLEAN:
      return "a boolean";
    case G_TYPE_INT64:
      return "an integer";
    default:
      return "a decimal";
  }
}

gboolean
schema_wrong_type (JsonNode * node, const gchar * expected,
    const gchar * path, Refusal * refusal)
{
  return refuse (refusal, "invalid_type", g_strdup (path),
      "Invalid type for '%s': expected %s, but got %s instead.", path,
      expected, schema_type_name (node));
}

gboolean
schema_is_one_of (const gchar * value, const gchar * values)
{
  g_auto (GStrv) list = g_strsplit (values, " ", -1);

  return g_strv_contains ((const gchar * const *) list, value);
}

gboolean
schema_wrong_value (const gchar * value, const gchar * values,
    const gchar * path, Refusal * refusal)
{
  g_auto (GStrv) each = g_strsplit (values, " ", -1);
  g_autofree gchar *list = g_strjoinv ("', '", each);

  return refuse (refusal, "invalid_value", g_strdup (path),
      "Invalid value: '%.64s'. Supported values are: '%s'.", value, list);
}

static gboolean
is_type (JsonNode * node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == type;
}

static gboolean
check_number (JsonNode * node, const Field * field, const gchar * path,
    Refusal * refusal)
{
  gboolean whole = field->kind == KIND_INTEGER;
  gdouble value;

  if (!is_type (node, G_TYPE_INT64) && (whole || !is_type (node,
              G_TYPE_DOUBLE)))
    return schema_wrong_type (node, whole ? "an integer" : "a number", path,
        refusal);
  value = json_node_get_double (node);
  if (isfinite (value) && value >= field->min && value <= field->max)
    return TRUE;
  return refuse (refusal, "invalid_value", g_strdup (path),
      "Invalid '%s': expected a value from %g to %g, but got %g instead.",
      path, field->min, field->max, value);
}

static gboolean
check_enum (JsonNode * node, const Field * field, const gchar * path,
    Refusal * refusal)
{
  if (!is_type (node, G_TYPE_STRING))
    return schema_wrong_type (node, "a string", path, refusal);
  if (field->values == NULL ||
      schema_is_one_of (json_node_get_string (node), field->values))
    return TRUE;
  return schema_wrong_value (json_node_get_string (node), field->values, path,
      refusal);
}

static gboolean
check_array (JsonNode * node, const Field * field, const gchar * path,
    Refusal * refusal)
{
  JsonArray *array;
  guint i;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return schema_wrong_type (node, "an array", path, refusal);
  array = json_node_get_array (node);
  for (i = 0; i < json_array_get_length (array); i++) {
    g_autofree gchar *place = g_strdup_printf ("%s[%u]", path, i);
    JsonNode *element = json_array_get_element (array, i);
    Field each = *field;

    each.kind = field->kind == KIND_STRINGS ? KIND_ENUM : KIND_OBJECT;
    if (!schema_check_node (element, &each, place, refusal))
      return FALSE;
  }
  return TRUE;
}

gboolean
schema_check_node (JsonNode * node, const Field * field, const gchar * path,
    Refusal * refusal)
{
  if (JSON_NODE_HOLDS_NULL (node) && field->nullable)
    return TRUE;
  if (field->check != NULL)
    return field->check (node, path, refusal);
  switch (field->kind) {
    case KIND_ANY:
      return TRUE;
    case KIND_STRING:
    case KIND_ENUM:
      return check_enum (node, field, path, refusal);
    case KIND_BOOLEAN:
      return is_type (node, G_TYPE_BOOLEAN) ||
          schema_wrong_type (node, "a boolean", path, refusal);
    case KIND_INTEGER:
    case KIND_NUMBER:
      return check_number (node, field, path, refusal);
    case KIND_STRINGS:
    case KIND_OBJECTS:
      return check_array (node, field, path, refusal);
    case KIND_OBJECT:
      if (!JSON_NODE_HOLDS_OBJECT (node))
        return schema_wrong_type (node, "an object", path, refusal);
      return field->members == NULL ||
          schema_check (json_node_get_object (node), field->members, path,
          refusal);
  }
  return TRUE;
}

static const Field *
find_field (const Field * fields, const gchar * name)
{
  for (; fields->name != NULL; fields++) {
    if (g_str_equal (fields->name, name))
      return fields;
  }
  return NULL;
}

static gchar *
join (const gchar * path, const gchar * name)
{
  return *path != '\0' ? g_strconcat (path, ".", name, NULL) : g_strdup (name);
}

gboolean
schema_check (JsonObject * object, const Field * fields, const gchar * path,
    Refusal * refusal)
{
  JsonObjectIter iter;
  const gchar *name;
  const Field *field;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node)) {
    g_autofree gchar *place = join (path, name);

    field = find_field (fields, name);
    if (field == NULL)
      return refuse (refusal, "unknown_parameter", g_strdup (place),
          "Unknown parameter: '%.256s'.", place);
    if (!schema_check_node (node, field, place, refusal))
      return FALSE;
  }
  for (field = fields; field->name != NULL; field++) {
    g_autofree gchar *place = join (path, field->name);

    if (field->required && !json_object_has_member (object, field->name))
      return refuse (refusal, "missing_required_parameter", g_strdup (place),
          "Missing required parameter: '%s'.", place);
  }
  return TRUE;
}
