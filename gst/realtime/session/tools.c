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

/* The words of tool_choice; any other is the name of a function. */
static const gchar *const choice_words[] = { "auto", "none", "required", NULL };

static gboolean
is_name (JsonObject * object, const gchar * member)
{
  return realtime_config_is_set (realtime_json_get_string (object, member,
          NULL));
}

/* Whether @member is there, and not of @type. */
static gboolean
is_other_than (JsonObject * object, const gchar * member, JsonNodeType type)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && json_node_get_node_type (node) != type;
}

static gboolean
check_function (JsonObject * tool, guint i, GError ** error)
{
  if (realtime_json_get_object (tool, "function") != NULL) {
    return realtime_config_fail (error, "tools[%u] keeps its function in an "
        "object \"function\". The service wants name, description and "
        "parameters beside \"type\".", i);
  }
  if (!is_name (tool, "name")) {
    return realtime_config_fail (error, "tools[%u] is a function without a "
        "name: give it \"name\", a string.", i);
  }
  if (is_other_than (tool, "parameters", JSON_NODE_OBJECT)) {
    return realtime_config_fail (error, "tools[%u].parameters must be an "
        "object, a JSON Schema such as {\"type\":\"object\","
        "\"properties\":{}}.", i);
  }
  if (json_object_has_member (tool, "description")
      && realtime_json_get_string (tool, "description", NULL) == NULL) {
    return realtime_config_fail (error, "tools[%u].description must be a "
        "string.", i);
  }
  return TRUE;
}

static gboolean
check_mcp (JsonObject * tool, guint i, GError ** error)
{
  if (!is_name (tool, "server_label")) {
    return realtime_config_fail (error, "tools[%u] is an MCP server without "
        "a name: give it \"server_label\", a string.", i);
  }
  if (!is_name (tool, "server_url") && !is_name (tool, "connector_id")
      && !is_name (tool, "tunnel_id")) {
    return realtime_config_fail (error, "tools[%u] is an MCP server at no "
        "address: give it one of \"server_url\", \"connector_id\" and "
        "\"tunnel_id\".", i);
  }
  return TRUE;
}

/* Tools of a type that this version does not know are the service's to
 * judge. */
static gboolean
check_tool (JsonArray * tools, guint i, GError ** error)
{
  JsonObject *tool = realtime_json_get_element (tools, i);
  const gchar *type;
  guint j;

  if (tool == NULL)
    return realtime_config_fail (error, "tools[%u] must be an object.", i);
  type = realtime_json_get_string (tool, "type", NULL);
  if (!realtime_config_is_set (type)) {
    return realtime_config_fail (error, "tools[%u] has no type: give it "
        "\"type\":\"function\" or \"type\":\"mcp\".", i);
  }
  if (strcmp (type, "mcp") == 0)
    return check_mcp (tool, i, error);
  if (strcmp (type, "function") != 0)
    return TRUE;
  if (!check_function (tool, i, error))
    return FALSE;
  for (j = 0; j < i; j++) {
    const gchar *name = realtime_json_get_string (realtime_json_get_element
        (tools, j), "name", "");

    if (strcmp (name, realtime_json_get_string (tool, "name", "")) == 0) {
      return realtime_config_fail (error, "tools[%u] and tools[%u] have the "
          "same name, \"%.64s\".", j, i, name);
    }
  }
  return TRUE;
}

static gboolean
has_function (JsonArray * tools, const gchar * name)
{
  guint i, n = json_array_get_length (tools);

  for (i = 0; i < n; i++) {
    if (strcmp (realtime_json_get_string (realtime_json_get_element (tools, i),
                "name", ""), name) == 0)
      return TRUE;
  }
  return FALSE;
}

/* @tools: NULL where the functions may come from elsewhere. */
static gboolean
check_choice (const gchar * choice, JsonArray * tools, GError ** error)
{
  g_autoptr (GError) parse_error = NULL;
  g_autoptr (JsonObject) object = NULL;

  if (g_strv_contains (choice_words, choice))
    return TRUE;
  if (*choice != '{') {
    if (tools == NULL || has_function (tools, choice))
      return TRUE;
    return realtime_config_fail (error, "tool-choice must be auto, none, "
        "required or the name of one of the functions in tools; \"%.64s\" is "
        "none of them.", choice);
  }
  object = realtime_json_parse_object (choice, -1, &parse_error);
  if (object == NULL) {
    return realtime_config_fail (error, "tool-choice begins like a JSON "
        "object and is none: %s.", parse_error->message);
  }
  if (!is_name (object, "type")) {
    return realtime_config_fail (error, "tool-choice as JSON needs a type, as "
        "in {\"type\":\"function\",\"name\":\"lookup\"}.");
  }
  return TRUE;
}

gboolean
realtime_tools_check (const gchar * tools, const gchar * choice,
    GError ** error)
{
  g_autoptr (GError) parse_error = NULL;
  g_autoptr (JsonArray) array = NULL;
  guint i;

  if (realtime_config_is_set (tools)) {
    array = realtime_json_parse_array (tools, -1, &parse_error);
    if (array == NULL) {
      return realtime_config_fail (error, "tools must be a JSON array, such as "
          "[{\"type\":\"function\",\"name\":\"lookup\"}]: %s.",
          parse_error->message);
    }
    for (i = 0; i < json_array_get_length (array); i++) {
      if (!check_tool (array, i, error))
        return FALSE;
    }
  }
  return !realtime_config_is_set (choice)
      || check_choice (choice, array, error);
}

JsonNode *
realtime_tools_parse (const gchar * tools)
{
  g_autoptr (JsonArray) array = NULL;

  if (realtime_config_is_set (tools))
    array = realtime_json_parse_array (tools, -1, NULL);
  return array ? json_node_init_array (json_node_alloc (), array) : NULL;
}

JsonNode *
realtime_tool_choice_parse (const gchar * choice)
{
  JsonObject *object;
  JsonNode *node;

  if (!realtime_config_is_set (choice))
    return NULL;
  if (g_strv_contains (choice_words, choice))
    return json_node_init_string (json_node_alloc (), choice);

  object = *choice == '{' ? realtime_json_parse_object (choice, -1, NULL) :
      json_object_new ();
  if (object == NULL)
    return NULL;
  if (*choice != '{') {
    json_object_set_string_member (object, "type", "function");
    json_object_set_string_member (object, "name", choice);
  }
  node = json_node_init_object (json_node_alloc (), object);
  json_object_unref (object);
  return node;
}
