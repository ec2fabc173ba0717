/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "opening.h"
#include "session/events.h"
#include "session/json.h"

void
gst_realtime_opening_init (GstRealtimeOpening * self, RealtimeDialect dialect)
{
  self->dialect = dialect;
  self->certain = dialect != REALTIME_DIALECT_UNKNOWN;
  self->sent = self->refused = FALSE;
}

static GstRealtimeOpeningStep
configure (GstRealtimeOpening * self)
{
  self->sent = TRUE;

  return GST_REALTIME_OPENING_CONFIGURE;
}

GstRealtimeOpeningStep
gst_realtime_opening_start (GstRealtimeOpening * self)
{
  return self->certain ? configure (self) : GST_REALTIME_OPENING_WAIT;
}

GstRealtimeOpeningStep
gst_realtime_opening_time_out (GstRealtimeOpening * self)
{
  if (self->sent)
    return GST_REALTIME_OPENING_WAIT;
  self->dialect = REALTIME_DIALECT_GA;

  return configure (self);
}

static GstRealtimeOpeningStep
take_created (GstRealtimeOpening * self, JsonObject * event)
{
  RealtimeDialect dialect = realtime_dialect_of_event (event);

  if (self->certain)
    return GST_REALTIME_OPENING_WAIT;
  if (dialect == REALTIME_DIALECT_UNKNOWN)
    return gst_realtime_opening_time_out (self);
  self->certain = TRUE;
  if (self->sent && dialect == self->dialect)
    return GST_REALTIME_OPENING_WAIT;
  self->dialect = dialect;

  return configure (self);
}

/* Not every server names the event that it refuses. */
static GstRealtimeOpeningStep
take_error (GstRealtimeOpening * self, JsonObject * event,
    const gchar * event_id)
{
  const gchar *id = realtime_json_get_string (event, "error.event_id", NULL);
  gboolean ours = g_strcmp0 (id, event_id) == 0;

  if (!self->sent || (id && !ours) || (!id && self->certain))
    return GST_REALTIME_OPENING_WAIT;
  if (!self->certain && !self->refused) {
    self->refused = TRUE;
    self->dialect = REALTIME_DIALECT_BETA;
    return configure (self);
  }

  return ours ? GST_REALTIME_OPENING_REFUSED : GST_REALTIME_OPENING_WAIT;
}

GstRealtimeOpeningStep
gst_realtime_opening_take (GstRealtimeOpening * self, JsonObject * event,
    const gchar * event_id)
{
  switch (realtime_event_type (realtime_json_get_string (event, "type", NULL))) {
    case REALTIME_EVENT_SESSION_CREATED:
      return take_created (self, event);
    case REALTIME_EVENT_SESSION_UPDATED:
      /* also one that confirms what was sent before the dialect was known:
       * what is sent now is on its way in front of any audio */
      return self->sent ? GST_REALTIME_OPENING_DONE : GST_REALTIME_OPENING_WAIT;
    case REALTIME_EVENT_ERROR:
      return take_error (self, event, event_id);
    default:
      return GST_REALTIME_OPENING_WAIT;
  }
}
