/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "conversation-private.h"
#include "json.h"

static guint64
earlier (guint64 a, guint64 b)
{
  /* the unknown time is the latest there is */
  return MIN (a, b);
}

static guint64
later (guint64 a, guint64 b)
{
  if (a == REALTIME_TIME_NONE || b == REALTIME_TIME_NONE)
    return a == REALTIME_TIME_NONE ? b : a;
  return MAX (a, b);
}

void
realtime_item_take_final (RealtimeItem * item, const gchar * text,
    guint64 start, guint64 end)
{
  gchar *before = g_steal_pointer (&item->said);

  if (item->segmented && before != NULL) {
    item->said = g_strconcat (before, " ", text, NULL);
    item->said_start = earlier (item->said_start, start);
    item->said_end = later (item->said_end, end);
  } else {
    item->said = *text != '\0' ? g_strdup (text) : NULL;
    item->said_start = start;
    item->said_end = end;
  }
  g_free (before);
}

/* The words of an item that a client put in, typed or as past talk. */
static gchar *
get_words (JsonObject * object)
{
  JsonArray *content = realtime_json_get_array (object, "content");
  guint i, n = content ? json_array_get_length (content) : 0;
  GString *text = g_string_new (NULL);

  for (i = 0; i < n; i++) {
    JsonObject *part = realtime_json_get_element (content, i);
    const gchar *words = realtime_json_get_string (part, "text",
        realtime_json_get_string (part, "transcript", ""));

    if (*words != '\0')
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", words);
  }
  g_string_truncate (text, realtime_fit (text->str, REALTIME_MAX_ITEM_BYTES));
  return g_string_free (text, FALSE);
}

void
realtime_conversation_take_put_in (RealtimeConversation * self,
    RealtimeItem * item, JsonObject * object)
{
  g_autofree gchar *words = NULL;

  if (item->line || item->response != NULL || item->closed)
    return;
  words = g_strstrip (get_words (object));
  if (*words == '\0' || item->said != NULL)
    return;
  realtime_item_take_final (item, words, self->now, self->now);
  self->said_changed = TRUE;
}

gboolean
realtime_conversation_has_changed (RealtimeConversation * self)
{
  return self->said_changed;
}

static void
set_time (JsonObject * object, const gchar * name, guint64 time)
{
  if (time != REALTIME_TIME_NONE)
    json_object_set_int_member (object, name, time);
  else
    json_object_set_null_member (object, name);
}

static JsonObject *
describe (RealtimeItem * item)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "item_id", item->id);
  json_object_set_string_member (object, "role",
      realtime_role_nick (item->role));
  json_object_set_string_member (object, "text", item->said);
  set_time (object, "start", item->said_start);
  set_time (object, "end", item->said_end);
  json_object_set_boolean_member (object, "interrupted", item->interrupted);
  if (item->session->id != NULL)
    json_object_set_string_member (object, "session_id", item->session->id);
  else
    json_object_set_null_member (object, "session_id");
  return object;
}

gchar *
realtime_conversation_to_json (RealtimeConversation * self)
{
  JsonArray *lines = json_array_new ();
  JsonNode *node;
  gchar *text;
  GList *l;

  self->said_changed = FALSE;
  for (l = self->items.order.head; l != NULL; l = l->next) {
    RealtimeItem *item = l->data;

    if (item->said != NULL && !item->deleted)
      json_array_add_object_element (lines, describe (item));
  }
  node = json_node_init_array (json_node_alloc (), lines);
  text = json_to_string (node, FALSE);
  json_node_free (node);
  json_array_unref (lines);
  return text;
}
