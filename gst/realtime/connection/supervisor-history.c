/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "session/clientevent.h"
#include "session/failure.h"
#include "session/history.h"
#include "session/json.h"
#include "supervisor-private.h"
#include "transport/source.h"

GST_DEBUG_CATEGORY_EXTERN (realtime_supervisor_debug);
#define GST_CAT_DEFAULT realtime_supervisor_debug

/* Some servers do not tell of items: what they do not confirm is taken as
 * done. */
#define CONFIRM_TIMEOUT_MS 5000
#define EVENT "initial"
#define REPLAY_EVENT "replay"

/* Everything that was to be there before the input is there. */
static void
finish (GstRealtimeSupervisor * self)
{
  gst_realtime_source_clear (&self->history.timer);
  self->history.awaited = 0;
  supervisor_history_tell (self);
  supervisor_begin (self);
}

static gboolean
not_confirmed (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;
  g_autofree gchar *message =
      g_strdup_printf ("The server has not confirmed %u "
      "of the %s (conversation.item.added) within %u s; going on without.",
      self->history.awaited, !self->recovery.items ? "initial-items" :
      "items that were put into the new session", CONFIRM_TIMEOUT_MS / 1000);

  supervisor_warn (self, "items_not_confirmed", message);
  finish (self);

  return G_SOURCE_REMOVE;
}

static void
put_in (GstRealtimeSupervisor * self, const gchar * items, const gchar * what)
{
  g_auto (GStrv) events = realtime_history_make_events (items, what);
  GError *error = NULL;
  gchar **event;

  for (event = events; *event; event++) {
    if (!gst_realtime_connection_send (self->connection, *event, &error)) {
      supervisor_warn_of_failure (self, "not_sent", error);
      g_clear_error (&error);
      break;
    }
    self->history.awaited++;
  }
}

void
supervisor_history_begin (GstRealtimeSupervisor * self)
{
  self->history.awaited = 0;
  self->history.seen_type = NULL;
  if (self->settings->config.session_type == REALTIME_SESSION_CONVERSATION) {
    /* what a former session confirmed is in what was said */
    if (!self->history.put_in)
      put_in (self, self->settings->initial_items, EVENT);
    put_in (self, self->recovery.items, REPLAY_EVENT);
  }
  if (self->history.awaited == 0) {
    finish (self);
    return;
  }
  GST_INFO ("%u items of a history", self->history.awaited);
  gst_realtime_source_clear (&self->history.timer);
  self->history.timer = supervisor_add_timer (self, CONFIRM_TIMEOUT_MS,
      not_confirmed);
}

void
supervisor_history_stop (GstRealtimeSupervisor * self)
{
  gst_realtime_source_clear (&self->history.timer);
  gst_realtime_source_clear (&self->history.idle);
}

static void
tell_refusal (GstRealtimeSupervisor * self, JsonObject * event,
    const gchar * id, gboolean initial)
{
  const gchar *number = strrchr (id, '-') + 1;
  const gchar *code = realtime_json_get_string (event, "error.code", NULL);
  const gchar *param = realtime_json_get_string (event, "error.param", NULL);
  GError *error = g_error_new (REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
      "The service refuses %s[%s]%s%.200s: %.1000s The session goes on without "
      "it.", initial ? "initial-items" : "what was said before, ", number,
      param ? " at " : "", param ? param : "",
      realtime_json_get_string (event, "error.message", "no reason given."));

  realtime_failure_set_http (error, 0, code, NULL, 0);
  supervisor_warn_of_failure (self, code ? code : "item_refused", error);
  g_error_free (error);
}

/* Servers tell of a new item as added, as created, or as both. */
static gboolean
tells_of_item (GstRealtimeSupervisor * self, const gchar * type)
{
  static const gchar *const types[] = { "conversation.item.added",
    "conversation.item.created", "conversation.item.done"
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (types); i++) {
    if (g_str_equal (type, types[i])) {
      if (!self->history.seen_type)
        self->history.seen_type = types[i];
      return self->history.seen_type == types[i];
    }
  }
  return FALSE;
}

static gboolean
tell_when_idle (gpointer user_data)
{
  supervisor_history_tell (user_data);

  return G_SOURCE_REMOVE;
}

void
supervisor_history_handle (GstRealtimeSupervisor * self, const gchar * type,
    JsonObject * event)
{
  const gchar *id = realtime_json_get_string (event, "error.event_id", NULL);
  g_autofree gchar *what = NULL;

  /* once for a burst of events: it is all written anew each time */
  if (!self->history.idle
      && realtime_conversation_has_changed (self->conversation)) {
    self->history.idle = g_idle_source_new ();
    g_source_set_callback (self->history.idle, tell_when_idle, self, NULL);
    g_source_attach (self->history.idle, self->context);
  }
  if (self->history.awaited == 0)
    return;
  if (g_str_equal (type, "error") && id) {
    what = realtime_client_event_parse_id (id);
    if (g_strcmp0 (what, EVENT) != 0 && g_strcmp0 (what, REPLAY_EVENT) != 0)
      return;
    tell_refusal (self, event, id, g_strcmp0 (what, EVENT) == 0);
  } else if (tells_of_item (self, type)) {
    self->history.put_in = TRUE;
  } else {
    return;
  }
  if (--self->history.awaited == 0)
    finish (self);
}

void
supervisor_history_tell (GstRealtimeSupervisor * self)
{
  gst_realtime_source_clear (&self->history.idle);
  if (!realtime_conversation_has_changed (self->conversation)
      || !supervisor_has_host (self))
    return;
  self->host.conversation (realtime_conversation_to_json (self->conversation),
      self->host_object);
}
