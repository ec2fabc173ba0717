/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "clientevent.h"
#include "json.h"

#define OWN_PREFIX "realtimebin-"

gchar *
realtime_client_event_make_id (const gchar * what, guint number)
{
  return g_strdup_printf (OWN_PREFIX "%s-%u", what, number);
}

gchar *
realtime_client_event_parse_id (const gchar * id)
{
  const gchar *what, *dash;

  if (id == NULL || !g_str_has_prefix (id, OWN_PREFIX))
    return NULL;
  what = id + strlen (OWN_PREFIX);
  dash = strrchr (what, '-');
  if (dash == NULL || dash == what || dash[1] == '\0'
      || dash[1 + strspn (dash + 1, "0123456789")] != '\0')
    return NULL;
  return g_strndup (what, dash - what);
}

static JsonObject *
new_event (const gchar * id, const gchar * type)
{
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "type", type);
  json_object_set_string_member (event, "event_id", id);
  return event;
}

/* Takes @event. */
static gchar *
print (JsonObject * event)
{
  gchar *text = realtime_json_to_string (event);

  json_object_unref (event);
  return text;
}

/* Takes @item. */
static gchar *
print_item (const gchar * id, JsonObject * item)
{
  JsonObject *event = new_event (id, "conversation.item.create");

  json_object_set_object_member (event, "item", item);
  return print (event);
}

/* Takes @part. */
static gchar *
print_message (const gchar * id, JsonObject * part)
{
  JsonObject *item = json_object_new ();
  JsonArray *content = json_array_new ();

  json_object_set_string_member (item, "type", "message");
  json_object_set_string_member (item, "role", "user");
  json_array_add_object_element (content, part);
  json_object_set_array_member (item, "content", content);
  return print_item (id, item);
}

gchar *
realtime_client_event_plain (const gchar * id, const gchar * type)
{
  return print (new_event (id, type));
}

gchar *
realtime_client_event_text (const gchar * id, const gchar * text)
{
  JsonObject *part = json_object_new ();

  json_object_set_string_member (part, "type", "input_text");
  json_object_set_string_member (part, "text", text);
  return print_message (id, part);
}

gchar *
realtime_client_event_image (const gchar * id, const gchar * url,
    const gchar * detail)
{
  JsonObject *part = json_object_new ();

  json_object_set_string_member (part, "type", "input_image");
  json_object_set_string_member (part, "image_url", url);
  if (detail != NULL)
    json_object_set_string_member (part, "detail", detail);
  return print_message (id, part);
}

gboolean
realtime_client_event_is_detail (const gchar * detail)
{
  static const gchar *const words[] = { "auto", "low", "high", NULL };

  return g_strv_contains (words, detail);
}

gchar *
realtime_client_event_function_output (const gchar * id,
    const gchar * call_id, const gchar * output)
{
  JsonObject *item = json_object_new ();

  json_object_set_string_member (item, "type", "function_call_output");
  json_object_set_string_member (item, "call_id", call_id);
  json_object_set_string_member (item, "output", output);
  return print_item (id, item);
}

gchar *
realtime_client_event_response (const gchar * id, const gchar * instructions)
{
  JsonObject *event = new_event (id, "response.create");

  if (instructions != NULL) {
    JsonObject *response = json_object_new ();

    json_object_set_string_member (response, "instructions", instructions);
    json_object_set_object_member (event, "response", response);
  }
  return print (event);
}

gchar *
realtime_client_event_cancel (const gchar * id, const gchar * response_id)
{
  JsonObject *event = new_event (id, "response.cancel");

  if (response_id != NULL)
    json_object_set_string_member (event, "response_id", response_id);
  return print (event);
}

gchar *
realtime_client_event_name (const gchar * text, JsonObject * event,
    const gchar * id)
{
  const gchar *brace = strrchr (text, '}');

  if (brace == NULL || json_object_has_member (event, "event_id"))
    return g_strdup (text);
  return g_strdup_printf ("%.*s,\"event_id\":\"%s\"}", (gint) (brace - text),
      text, id);
}

gboolean
realtime_client_event_is_race (JsonObject * event)
{
  static const gchar *const codes[] = { "response_cancel_not_active",
    "input_audio_buffer_commit_empty",
    "conversation_already_has_active_response", NULL
  };

  return g_strv_contains (codes, realtime_json_get_string (event,
          "error.code", ""));
}

gboolean
realtime_client_event_is_own_race (JsonObject * event)
{
  g_autofree gchar *what = realtime_client_event_parse_id
      (realtime_json_get_string (event, "error.event_id", NULL));

  /* what an application sends word by word it is told word by word */
  return what != NULL && strcmp (what, "send-event") != 0
      && realtime_client_event_is_race (event);
}
