/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "conversation.h"
#include "picture.h"
#include "schema.h"

#include <string.h>

static void
item_free (gpointer data)
{
  Item *item = data;

  json_object_unref (item->json);
  g_free (item);
}

Conversation *
conversation_new (void)
{
  Conversation *self = g_new0 (Conversation, 1);

  self->id = util_id ("conv_", 20);
  self->items = g_ptr_array_new_with_free_func (item_free);
  return self;
}

static gint
index_of (Conversation * self, const gchar * id)
{
  guint i;

  for (i = 0; i < self->items->len; i++) {
    if (g_str_equal (((Item *) g_ptr_array_index (self->items, i))->id, id))
      return i;
  }
  return -1;
}

Item *
conversation_find (Conversation * self, const gchar * id)
{
  gint index = index_of (self, id);

  return index >= 0 ? g_ptr_array_index (self->items, index) : NULL;
}

Item *
conversation_insert (Conversation * self, JsonObject * json,
    const gchar * after)
{
  Item *item = g_new0 (Item, 1);
  gint index = -1;

  item->json = json;
  item->id = util_string (json, "id");
  if (after != NULL)
    index = g_str_equal (after, "root") ? 0 : index_of (self, after) + 1;
  g_ptr_array_insert (self->items, index, item);
  return item;
}

void
conversation_remove (Conversation * self, Item * item)
{
  g_ptr_array_remove (self->items, item);
}

const gchar *
conversation_previous (Conversation * self, Item * item)
{
  gint index = index_of (self, item->id);

  return index > 0 ?
      ((Item *) g_ptr_array_index (self->items, index - 1))->id : NULL;
}

Item *
conversation_last (Conversation * self)
{
  return self->items->len > 0 ?
      g_ptr_array_index (self->items, self->items->len - 1) : NULL;
}

gboolean
conversation_has_call (Conversation * self, const gchar * call_id)
{
  guint i;

  for (i = 0; i < self->items->len; i++) {
    JsonObject *json = ((Item *) g_ptr_array_index (self->items, i))->json;

    if (g_strcmp0 (util_string (json, "type"), "function_call") == 0 &&
        g_strcmp0 (util_string (json, "call_id"), call_id) == 0)
      return TRUE;
  }
  return FALSE;
}

gboolean
conversation_is_pending (Conversation * self)
{
  guint i;

  for (i = 0; i < self->items->len; i++) {
    if (((Item *) g_ptr_array_index (self->items, i))->pending)
      return TRUE;
  }
  return FALSE;
}

void
conversation_free (Conversation * self)
{
  g_ptr_array_unref (self->items);
  g_free (self->id);
  g_free (self);
}

JsonObject *
item_new (const gchar * id, const gchar * type, const gchar * status)
{
  JsonObject *item = json_object_new ();

  json_object_set_string_member (item, "id", id);
  json_object_set_string_member (item, "object", "realtime.item");
  json_object_set_string_member (item, "type", type);
  json_object_set_string_member (item, "status", status);
  return item;
}

JsonObject *
item_new_message (const gchar * id, const gchar * role, const gchar * status)
{
  JsonObject *item = item_new (id, "message", status);

  json_object_set_string_member (item, "role", role);
  json_object_set_array_member (item, "content", json_array_new ());
  return item;
}

void
item_add_content (JsonObject * item, const gchar * type, const gchar * member,
    const gchar * text)
{
  JsonObject *part = json_object_new ();

  json_object_set_string_member (part, "type", type);
  if (text != NULL)
    json_object_set_string_member (part, member, text);
  else if (member != NULL)
    json_object_set_null_member (part, member);
  json_array_add_object_element (util_array (item, "content"), part);
}

static void
add_text (GString * out, const gchar * text)
{
  if (text == NULL || *text == '\0')
    return;
  if (out->len > 0)
    g_string_append_c (out, ' ');
  g_string_append (out, text);
}

gchar *
item_text (JsonObject * item)
{
  GString *out = g_string_new (NULL);
  JsonArray *content = util_array (item, "content");
  guint i;

  add_text (out, util_string (item, "output"));
  add_text (out, util_string (item, "arguments"));
  for (i = 0; content != NULL && i < json_array_get_length (content); i++) {
    JsonObject *part = json_array_get_object_element (content, i);

    add_text (out, util_string (part, "text"));
    add_text (out, util_string (part, "transcript"));
  }
  return g_string_free (out, FALSE);
}

void
item_forget_transcript (JsonObject * item)
{
  JsonArray *content = util_array (item, "content");
  guint i;

  for (i = 0; content != NULL && i < json_array_get_length (content); i++)
    json_object_remove_member (json_array_get_object_element (content, i),
        "transcript");
}

#define COMMON \
  {"id", KIND_STRING}, \
  {"object", KIND_ENUM,.values = "realtime.item"}, \
  {"type", KIND_STRING}, \
  {"status", KIND_ENUM,.values = "completed incomplete in_progress"}

static const Field message[] = {
  COMMON,
  {"role", KIND_ENUM,.values = "user assistant system",
      .required = TRUE},
  {"content", KIND_OBJECTS,.required = TRUE},
  {NULL}
};

static const Field function_call[] = {
  COMMON,
  {"call_id", KIND_STRING},
  {"name", KIND_STRING,.required = TRUE},
  {"arguments", KIND_STRING,.required = TRUE},
  {NULL}
};

static const Field function_call_output[] = {
  COMMON,
  {"call_id", KIND_STRING,.required = TRUE},
  {"output", KIND_STRING,.required = TRUE},
  {NULL}
};

static const Field mcp_approval_response[] = {
  COMMON,
  {"approval_request_id", KIND_STRING,.required = TRUE},
  {"approve", KIND_BOOLEAN,.required = TRUE},
  {"reason", KIND_STRING, TRUE},
  {NULL}
};

static const Field content[] = {
  {"type", KIND_STRING},
  {"text", KIND_STRING},
  {"audio", KIND_STRING},
  {"transcript", KIND_STRING},
  {"image_url", KIND_STRING},
  {"detail", KIND_ENUM,.values = "auto low high"},
  {NULL}
};

/* The member that each content type needs. */
static const gchar *
needed_member (const gchar * type)
{
  if (g_str_equal (type, "input_image"))
    return "image_url";
  return g_str_equal (type, "input_audio") ? "audio" : "text";
}

static gboolean
check_picture (JsonObject * part, const gchar * path, Refusal * refusal)
{
  g_autofree gchar *what = picture_describe (util_string (part, "image_url"));

  if (what != NULL)
    return TRUE;
  return refuse (refusal, "invalid_value", g_strconcat (path, ".image_url",
          NULL), "Invalid '%s.image_url': it is no data URI of a PNG or JPEG "
      "picture.", path);
}

static gboolean
check_part (JsonObject * part, const gchar * role, const gchar * path,
    Refusal * refusal)
{
  const gchar *types = "input_text";
  g_autofree gchar *type_path = g_strconcat (path, ".type", NULL);
  const gchar *type = util_string (part, "type");
  const gchar *member;

  if (g_str_equal (role, "user"))
    types = "input_text input_audio input_image";
  else if (g_str_equal (role, "assistant"))
    types = "output_text";
  if (type == NULL)
    return refuse (refusal, "missing_required_parameter",
        g_steal_pointer (&type_path), "Missing required parameter: '%s.type'.",
        path);
  if (!schema_is_one_of (type, types))
    return schema_wrong_value (type, types, type_path, refusal);
  if (!schema_check (part, content, path, refusal))
    return FALSE;
  member = needed_member (type);
  if (!json_object_has_member (part, member))
    return refuse (refusal, "missing_required_parameter",
        g_strconcat (path, ".", member, NULL),
        "Missing required parameter: '%s.%s'.", path, member);
  return !g_str_equal (type, "input_image") || check_picture (part, path,
      refusal);
}

static gboolean
check_message (JsonObject * item, const gchar * path, Refusal * refusal)
{
  JsonArray *parts;
  guint i;

  if (!schema_check (item, message, path, refusal))
    return FALSE;
  parts = util_array (item, "content");
  for (i = 0; i < json_array_get_length (parts); i++) {
    g_autofree gchar *place = g_strdup_printf ("%s.content[%u]", path, i);

    if (!check_part (json_array_get_object_element (parts, i),
            util_string (item, "role"), place, refusal))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_id (const gchar * id, const gchar * path, Refusal * refusal)
{
  const gchar *at;

  for (at = id; *at != '\0'; at++) {
    if (!g_ascii_isalnum (*at) && *at != '_' && *at != '-')
      break;
  }
  if (*at == '\0' && at > id && at - id <= 64)
    return TRUE;
  return refuse (refusal, "invalid_value", g_strconcat (path, ".id", NULL),
      "Invalid '%s.id': an id has 1 to 64 letters, digits, '_' and '-'.", path);
}

gboolean
item_check (JsonObject * item, const gchar * path, Refusal * refusal)
{
  const gchar *types = "message function_call function_call_output "
      "mcp_approval_response";
  g_autofree gchar *type_path = g_strconcat (path, ".type", NULL);
  const gchar *type = util_string (item, "type");
  const gchar *id = util_string (item, "id");

  if (type == NULL)
    return refuse (refusal, "missing_required_parameter",
        g_steal_pointer (&type_path), "Missing required parameter: '%s.type'.",
        path);
  if (!schema_is_one_of (type, types))
    return schema_wrong_value (type, types, type_path, refusal);
  if (id != NULL && !check_id (id, path, refusal))
    return FALSE;
  if (g_str_equal (type, "message"))
    return check_message (item, path, refusal);
  if (g_str_equal (type, "mcp_approval_response"))
    return schema_check (item, mcp_approval_response, path, refusal);
  return schema_check (item, g_str_equal (type, "function_call") ?
      function_call : function_call_output, path, refusal);
}
