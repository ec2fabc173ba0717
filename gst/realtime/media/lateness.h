/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_LATENESS_H__
#define __REALTIME_LATENESS_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* How late a live source is, and so when it has to be taken for one that stands
 * still: later than it was at any time in the last ten to twenty seconds. No
 * thread safety. */
typedef struct
{
  gboolean known;
  GstClockTime since;           /* when the span of most began */
  GstClockTimeDiff most, before;        /* in this span and the one before */
  GstClockTime grace;           /* nothing is overdue before */
} RealtimeLateness;

void realtime_lateness_reset (RealtimeLateness * self);

/* What stands at the running time @time came when the clock's was @now. */
void realtime_lateness_note (RealtimeLateness * self, GstClockTime time,
    GstClockTime now);

/* Who was to look for the source at @due, NONE: never, looks at @now only. Where
 * that is late, the machine stood still, and the source may have had no time. */
void realtime_lateness_note_look (RealtimeLateness * self, GstClockTime due,
    GstClockTime now);

/* The clock's running time when what stands at @time is overdue; NONE as long
 * as nothing came. */
GstClockTime realtime_lateness_get_limit (const RealtimeLateness * self,
    GstClockTime time);

G_END_DECLS

#endif /* __REALTIME_LATENESS_H__ */
