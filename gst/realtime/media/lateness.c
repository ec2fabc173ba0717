/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "lateness.h"

#define SPAN (10 * GST_SECOND)
/* A busy machine holds up any source for so long. */
#define PATIENCE (300 * GST_MSECOND)
/* Who looks later than that was held up itself. */
#define LATE_LOOK (100 * GST_MSECOND)

void
realtime_lateness_reset (RealtimeLateness * self)
{
  self->known = FALSE;
  self->since = self->grace = 0;
  self->most = self->before = G_MININT64;
}

void
realtime_lateness_note (RealtimeLateness * self, GstClockTime time,
    GstClockTime now)
{
  GstClockTimeDiff late = GST_CLOCK_DIFF (time, now);

  if (!self->known || now < self->since || now - self->since >= SPAN) {
    self->before = self->known && now >= self->since
        && now - self->since < 2 * SPAN ? self->most : late;
    self->most = late;
    self->since = now;
    self->known = TRUE;
  }
  self->most = MAX (self->most, late);
  if (self->grace > now + PATIENCE)
    self->grace = 0;
}

void
realtime_lateness_note_look (RealtimeLateness * self, GstClockTime due,
    GstClockTime now)
{
  if (due != GST_CLOCK_TIME_NONE && now > due && now - due > LATE_LOOK)
    self->grace = now + PATIENCE;
}

GstClockTime
realtime_lateness_get_limit (const RealtimeLateness * self, GstClockTime time)
{
  GstClockTimeDiff late = MAX (self->most, self->before) + PATIENCE;

  if (!self->known)
    return GST_CLOCK_TIME_NONE;
  if (late < 0 && (GstClockTime) - late > time)
    return self->grace;
  return MAX (time + late, self->grace);
}
