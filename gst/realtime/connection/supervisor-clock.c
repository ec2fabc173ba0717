/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "session/eventline.h"
#include "session/json.h"
#include "supervisor-private.h"

GST_DEBUG_CATEGORY_EXTERN (realtime_supervisor_debug);
#define GST_CAT_DEFAULT realtime_supervisor_debug

GstClockTime
supervisor_get_epoch (GstRealtimeSupervisor * self)
{
  GstClockTime epoch = self->input_epoch + self->moved;

  if (!self->input_heard)
    return GST_CLOCK_TIME_NONE;
  /* a time, and not the lack of one */
  return epoch == GST_CLOCK_TIME_NONE ? 0 : epoch;
}

static void
tell_timeline (GstRealtimeSupervisor * self)
{
  GstClockTime now = supervisor_get_now (self);
  const gchar *id = gst_realtime_connection_get_session_id (self->connection);
  GstClockTime epoch = supervisor_get_epoch (self);

  if (self->restarted) {
    g_auto (GStrv) past =
        realtime_conversation_dup_open_items (self->conversation);

    supervisor_push_own_line (self, realtime_event_line_restart (now,
            self->session, id, epoch, (const gchar * const *) past), now);
    supervisor_begin_output (self);
    self->restarted = FALSE;
    /* now that the last of what was said before has left */
    if (!self->drain.manual)
      supervisor_turns_deliver_plain (self, "clear",
          "input_audio_buffer.clear");
  } else {
    supervisor_push_own_line (self, realtime_event_line_timeline (now,
            self->session, id, epoch), now);
  }
}

void
supervisor_remember_session (GstRealtimeSupervisor * self, JsonObject * event)
{
  JsonObject *object = realtime_json_get_object (event, "session");

  if (object == NULL)
    return;
  json_object_ref (object);
  g_clear_pointer (&self->session_object, json_object_unref);
  self->session_object = object;
}

void
supervisor_begin_clock (GstRealtimeSupervisor * self)
{
  self->input_heard = self->restarted = FALSE;
  g_clear_pointer (&self->session_object, json_object_unref);
  self->moved = 0;
  realtime_anchor_init (&self->anchor);
}

void
supervisor_check_clock (GstRealtimeSupervisor * self, JsonObject * event,
    GstClockTime now)
{
  RealtimeAnchorKind kind;
  gint64 delay, move;

  /* what comes in a pause tells of no time */
  if (!self->input_heard || !self->playing
      || !realtime_conversation_measure_delay (self->conversation, event, now,
          &kind, &delay))
    return;
  move = realtime_anchor_check (&self->anchor, kind, delay,
      gst_realtime_connection_get_lost (self->connection));
  if (move == 0)
    return;
  GST_INFO ("the service counts otherwise: moved by %" GST_STIME_FORMAT,
      GST_STIME_ARGS (move));
  self->moved += move;
  tell_timeline (self);
}

static void
do_set_epoch (GstRealtimeSupervisor * self, gpointer running_time)
{
  if (!self->connection
      || !gst_realtime_connection_is_configured (self->connection))
    return;
  self->input_epoch = *(gint64 *) running_time;
  self->input_heard = TRUE;
  realtime_anchor_forget_delays (&self->anchor);
  tell_timeline (self);
}

void
gst_realtime_supervisor_set_epoch (GstRealtimeSupervisor * self,
    gint64 running_time)
{
  supervisor_invoke (self, do_set_epoch, g_memdup2 (&running_time,
          sizeof (running_time)), g_free);
}
