/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "session/eventline.h"
#include "supervisor-private.h"
#include "transport/source.h"

GST_DEBUG_CATEGORY_EXTERN (realtime_supervisor_debug);
#define GST_CAT_DEFAULT realtime_supervisor_debug

static void
forget_end (GstRealtimeSupervisor * self)
{
  self->input_ended = FALSE;
  self->drain.committed = FALSE;
  self->drain.quiet_since = 0;
}

/* Another session, which knows what was said in those before. */
static void
follow_with_session (GstRealtimeSupervisor * self)
{
  GST_INFO ("the input goes on behind its end: another session follows");
  forget_end (self);
  self->drained = self->off_air = FALSE;
  self->sounding = FALSE;
  self->awaited = 0;
  self->recovery.up_since = 0;
  supervisor_recovery_remember (self);
  if (supervisor_has_host (self))
    self->host.hold_input (self->host_object);
  supervisor_start_session (self);
}

/* The streams had ended, and their readers have forgotten it. What ended for
 * another reason than the input's end has ended for good. */
static void
restart_ended (GstRealtimeSupervisor * self)
{
  if (self->drained && self->input_ended && !self->end_reason) {
    follow_with_session (self);
    return;
  }
  self->input_ended = FALSE;
  if (self->drained && !self->off_air && supervisor_has_host (self))
    self->host.drained (self->flushes, self->host_object);
}

/* The input is not at its end after all. */
static void
take_drain_back (GstRealtimeSupervisor * self)
{
  gst_realtime_source_clear (&self->drain_timer);
  forget_end (self);
  supervisor_set_state (self,
      self->connection
      && gst_realtime_connection_is_configured (self->connection) ?
      REALTIME_CONNECTION_CONNECTED : REALTIME_CONNECTION_CONNECTING,
      "the input goes on");
}

/* What was said before is not to be heard together with what comes now, and who
 * reads on has to know what is read. */
static void
restart_session (GstRealtimeSupervisor * self)
{
  GstClockTime now = supervisor_get_now (self);

  self->restarted = TRUE;
  supervisor_segments_drop (self);
  if (self->session_object)
    supervisor_push_line (self, realtime_event_line_session (now,
            self->session, self->session_object), now);
  supervisor_tell_state (self);
}

static void
do_restart_input (GstRealtimeSupervisor * self, gpointer flushes)
{
  gboolean draining = self->drain_timer && !self->end_reason;

  if (self->stopping)
    return;
  /* A service that was asked to finish does. Of the streams it is no end, as the
   * host knows of a flush that was not told yet. */
  if (draining && self->translation.close_sent)
    supervisor_finish (self, "end of input");
  else if (draining)
    take_drain_back (self);
  self->flushes = GPOINTER_TO_UINT (flushes);

  if (self->drained || self->failed)
    restart_ended (self);
  else if (self->connection)
    restart_session (self);
}

void
gst_realtime_supervisor_restart_input (GstRealtimeSupervisor * self,
    guint flushes)
{
  supervisor_invoke (self, do_restart_input, GUINT_TO_POINTER (flushes), NULL);
}
