/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "calllist.h"
#include "conversation-private.h"
#include "json.h"

#define MAX_CALLS 512

typedef struct
{
  gchar *id;
  gboolean answered;
} Call;

struct _RealtimeCallList
{
  GQueue calls;                 /* of Call, the newest first */
};

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->id);
  g_free (call);
}

RealtimeCallList *
realtime_call_list_new (void)
{
  RealtimeCallList *self = g_new0 (RealtimeCallList, 1);

  g_queue_init (&self->calls);
  return self;
}

void
realtime_call_list_reset (RealtimeCallList * self)
{
  g_queue_clear_full (&self->calls, call_free);
}

void
realtime_call_list_free (RealtimeCallList * self)
{
  if (self == NULL)
    return;
  realtime_call_list_reset (self);
  g_free (self);
}

static Call *
find (RealtimeCallList * self, const gchar * id)
{
  GList *l;

  for (l = self->calls.head; l != NULL; l = l->next) {
    Call *call = l->data;

    if (strcmp (call->id, id) == 0)
      return call;
  }
  return NULL;
}

static void
add (RealtimeCallList * self, const gchar * id)
{
  Call *call;

  if (id == NULL || find (self, id) != NULL)
    return;
  call = g_new0 (Call, 1);
  call->id = g_strdup (id);
  g_queue_push_head (&self->calls, call);
  if (self->calls.length > MAX_CALLS)
    call_free (g_queue_pop_tail (&self->calls));
}

static void
add_item (RealtimeCallList * self, JsonObject * item)
{
  if (g_str_equal (realtime_json_get_string (item, "type", ""),
          "function_call"))
    add (self, realtime_get_id (item, "call_id"));
}

void
realtime_call_list_see (RealtimeCallList * self, JsonObject * event)
{
  const gchar *type = realtime_json_get_string (event, "type", "");
  JsonArray *output;
  guint i, n;

  if (g_str_has_prefix (type, "response.output_item.")) {
    add_item (self, realtime_json_get_object (event, "item"));
  } else if (g_str_has_prefix (type, "response.function_call_arguments.")) {
    add (self, realtime_get_id (event, "call_id"));
  } else if (g_str_equal (type, "response.done")) {
    output = realtime_json_get_array (event, "response.output");
    n = output ? json_array_get_length (output) : 0;
    for (i = 0; i < n; i++)
      add_item (self, realtime_json_get_element (output, i));
  }
}

gboolean
realtime_call_list_answer (RealtimeCallList * self, const gchar * call_id)
{
  Call *call = find (self, call_id);

  if (call == NULL || call->answered)
    return FALSE;
  call->answered = TRUE;
  return TRUE;
}
