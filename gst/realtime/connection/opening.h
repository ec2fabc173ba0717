/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_OPENING_H__
#define __GST_REALTIME_OPENING_H__

#include <glib.h>
#include <json-glib/json-glib.h>

#include "session/dialect.h"
#include "session/sessionconfig.h"

G_BEGIN_DECLS

/* The talk that opens a session: it is configured in the dialect that the
 * server speaks. Where that is not known beforehand, session.created shows it;
 * a server that does not send that in time, or shows nothing by it, is taken
 * for one of GA, and for one of the beta if it refuses that. Pure, so that each
 * step can be tested. */
typedef struct
{
  RealtimeDialect dialect;
  gboolean certain;             /* the dialect is not guessed */
  gboolean sent;                /* the configuration is on its way... */
  gboolean refused;             /* ...again, after it was refused once */
} GstRealtimeOpening;

typedef enum
{
  GST_REALTIME_OPENING_WAIT,
  GST_REALTIME_OPENING_CONFIGURE,       /* send it (again) in self->dialect */
  GST_REALTIME_OPENING_DONE,    /* the server has confirmed it */
  GST_REALTIME_OPENING_REFUSED
} GstRealtimeOpeningStep;

/* @dialect UNKNOWN: to be found out. */
void gst_realtime_opening_init (GstRealtimeOpening * self,
    RealtimeDialect dialect);
/* Events can be sent. */
GstRealtimeOpeningStep gst_realtime_opening_start (GstRealtimeOpening * self);
/* Nothing that shows a dialect came. */
GstRealtimeOpeningStep gst_realtime_opening_time_out (GstRealtimeOpening *
    self);
/* @event of the server; @event_id is that of the configuration. */
GstRealtimeOpeningStep gst_realtime_opening_take (GstRealtimeOpening * self,
    JsonObject * event, const gchar * event_id);

G_END_DECLS

#endif /* __GST_REALTIME_OPENING_H__ */
