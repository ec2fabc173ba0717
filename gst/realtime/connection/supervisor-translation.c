/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "supervisor-private.h"

/* The service tells nothing of what it bills: every so often we do. */
#define COUNT_SECONDS 5.0
/* Media and events take different ways: what was said last has to be there
 * before the word that it was the last. */
#define MARGIN_MS 300
/* What the service sent last is on its way to who hears it. */
#define QUIET_MS 300

void
supervisor_translation_begin (GstRealtimeSupervisor * self)
{
  self->translation.close_sent = FALSE;
  self->translation.past_seconds = self->budget.usage.translation_seconds;
}

static gboolean
get_heard (GstRealtimeSupervisor * self, GstClockTimeDiff * heard)
{
  GstClockTime epoch = supervisor_get_epoch (self);
  GstRealtimeInput input;

  if (!supervisor_has_host (self) || !self->connection
      || !GST_CLOCK_TIME_IS_VALID (epoch))
    return FALSE;
  self->host.get_input (&input, self->host_object);
  if (!GST_CLOCK_TIME_IS_VALID (input.position))
    return FALSE;
  *heard = (GstClockTimeDiff) (input.position - epoch);
  return TRUE;
}

void
supervisor_translation_count (GstRealtimeSupervisor * self, gboolean all)
{
  RealtimeUsage usage = self->budget.usage;
  GstClockTimeDiff heard;
  gdouble more;

  if (self->session_type != REALTIME_SESSION_TRANSLATION
      || !get_heard (self, &heard))
    return;
  usage.translation_seconds = self->translation.past_seconds
      + MAX (heard, 0) / (gdouble) GST_SECOND;
  more = usage.translation_seconds - self->budget.usage.translation_seconds;
  if (more >= (all ? 0.001 : COUNT_SECONDS))
    supervisor_budget_count (self, &usage);
}

GstRealtimeDrainStep
supervisor_translation_drain (GstRealtimeSupervisor * self,
    const GstRealtimeInput * input, gint64 now)
{
  GstRealtimeDrain *drain = &self->drain;
  GstClockTimeDiff heard;

  /* nothing was ever said */
  if (!get_heard (self, &heard))
    return GST_REALTIME_DRAIN_DONE;
  if (GST_CLOCK_TIME_IS_VALID (input->end)
      && input->position < input->end + MARGIN_MS * GST_MSECOND)
    return GST_REALTIME_DRAIN_WAIT;
  if (!self->translation.close_sent) {
    self->translation.close_sent = TRUE;
    if (!supervisor_turns_deliver_plain (self, "close", "session.close"))
      return GST_REALTIME_DRAIN_DONE;
  }
  if (!realtime_conversation_is_closed (self->conversation)
      || realtime_conversation_is_output_playing (self->conversation)) {
    drain->quiet_since = 0;
    return GST_REALTIME_DRAIN_WAIT;
  }
  if (drain->quiet_since == 0)
    drain->quiet_since = now;

  return now - drain->quiet_since >= (QUIET_MS + drain->latency_ms) * 1000 ?
      GST_REALTIME_DRAIN_DONE : GST_REALTIME_DRAIN_WAIT;
}
