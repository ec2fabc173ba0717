/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "session/json.h"
#include "supervisor-private.h"

void
supervisor_watchdog_begin (GstRealtimeSupervisor * self)
{
  gst_realtime_watchdog_reset (&self->watchdog);
}

void
supervisor_watchdog_note_sent (GstRealtimeSupervisor * self,
    const gchar * event)
{
  g_autoptr (JsonObject) object = NULL;

  /* most events are others */
  if (!strstr (event, "response.create"))
    return;
  object = realtime_json_parse_object (event, -1, NULL);
  if (object && g_str_equal (realtime_json_get_string (object, "type", ""),
          "response.create"))
    self->watchdog.asked = TRUE;
}

void
supervisor_watchdog_handle (GstRealtimeSupervisor * self, const gchar * type)
{
  if (g_str_equal (type, "response.created") || g_str_equal (type, "error")
      || g_str_equal (type, "response.done"))
    self->watchdog.asked = FALSE;
}

void
supervisor_watchdog_check (GstRealtimeSupervisor * self)
{
  gint64 now = g_get_monotonic_time ();
  GstRealtimeInput input;
  const gchar *code;
  gchar *message;

  if (self->watched_at > 0 && self->playing)
    self->watch_time += now - self->watched_at;
  self->watched_at = now;
  if (!self->connection || !self->playing || !supervisor_has_host (self)
      || !gst_realtime_connection_is_configured (self->connection))
    return;

  self->host.get_input (&input, self->host_object);
  while ((message = gst_realtime_watchdog_check (&self->watchdog,
              self->conversation, &input, input.expected && !self->drain_timer,
              self->watch_time + 1, &code))) {
    supervisor_warn (self, code, message);
    g_free (message);
  }
}
