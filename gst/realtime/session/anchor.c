/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <math.h>
#include <string.h>

#include "anchor.h"

#define NS_PER_MS 1e6
/* Until a session has shown its own, in ms: a detector wants to be sure that
 * somebody speaks; that it was silent for long enough it knows at once. */
#define USUAL_STARTED 300.0
#define USUAL_STOPPED 100.0
/* A service that was held up for longer says nothing about its count. */
#define MAX_DELAY_MS 5000.0
/* Clocks are read to some ms, and events are stamped in whole ones. */
#define TOLERANCE_MS 20.0
/* However alike a few delays were, the next may be off by as much. */
#define LEAST_SPREAD_MS 80.0
/* Of how many errors a slope has to be from the half: of many delays, and what a
 * few tell less of. */
#define ERRORS 2.0
#define MORE_ERRORS 4.0
/* What is less is not worth a move. */
#define LEAST_MOVE_MS 20.0

void
realtime_anchor_init (RealtimeAnchor * self)
{
  memset (self, 0, sizeof (*self));
  self->delays[REALTIME_ANCHOR_STARTED].usual = USUAL_STARTED;
  self->delays[REALTIME_ANCHOR_STOPPED].usual = USUAL_STOPPED;
}

void
realtime_anchor_forget_delays (RealtimeAnchor * self)
{
  gdouble started = self->delays[REALTIME_ANCHOR_STARTED].usual;
  gdouble stopped = self->delays[REALTIME_ANCHOR_STOPPED].usual;

  memset (self->delays, 0, sizeof (self->delays));
  self->delays[REALTIME_ANCHOR_STARTED].usual = started;
  self->delays[REALTIME_ANCHOR_STOPPED].usual = stopped;
}

static void
learn (RealtimeAnchorDelays * self, gdouble delay, gdouble moved, gdouble lost)
{
  gdouble whole = delay + moved;
  gdouble off = whole - self->delay, more = lost - self->lost;

  self->n++;
  self->usual += (delay - self->usual) / self->n;
  self->delay += off / self->n;
  self->lost += more / self->n;
  self->delay_delay += off * (whole - self->delay);
  self->lost_delay += more * (whole - self->delay);
  self->lost_lost += more * (lost - self->lost);
}

/* Whether delays grow with what is lost: as far as that can be told. */
static void
judge (RealtimeAnchor * self)
{
  gdouble lost_lost = 0, lost_delay = 0, delay_delay = 0, slope, error, sure;
  gint freedom = -1;
  guint i;

  for (i = 0; i < REALTIME_ANCHOR_N_KINDS; i++) {
    const RealtimeAnchorDelays *delays = &self->delays[i];

    lost_lost += delays->lost_lost;
    lost_delay += delays->lost_delay;
    delay_delay += delays->delay_delay;
    freedom += delays->n > 0 ? (gint) delays->n - 1 : 0;
  }
  if (freedom < 2 || lost_lost <= 0)
    return;
  slope = lost_delay / lost_lost;
  error = sqrt (MAX ((delay_delay - slope * lost_delay) / freedom,
          LEAST_SPREAD_MS * LEAST_SPREAD_MS) / lost_lost);
  sure = (ERRORS + MORE_ERRORS / freedom) * error;
  /* steeper than one it cannot be: then something else was late */
  if (fabs (slope - 0.5) > sure && slope - sure < 1)
    self->skips = slope > 0.5;
}

/* An event is @delay_ms ahead of the input by our count. It was not, before that
 * was moved for what is lost: then the service did count it. */
static gint64
move_behind (RealtimeAnchor * self, gdouble delay_ms, gdouble usual,
    gdouble lost_ms)
{
  gint64 moved = self->moved;

  if (self->skips) {
    self->skips = FALSE;
    self->moved = 0;
    self->counted_lost = lost_ms;
    realtime_anchor_forget_delays (self);
  }
  if (moved > 0 && delay_ms + moved / NS_PER_MS >= -TOLERANCE_MS)
    return -moved;
  return (gint64) ((delay_ms - usual) * NS_PER_MS);
}

gint64
realtime_anchor_check (RealtimeAnchor * self, RealtimeAnchorKind kind,
    gint64 delay, guint64 lost)
{
  RealtimeAnchorDelays *delays = &self->delays[kind];
  gdouble delay_ms = delay / NS_PER_MS, lost_ms = lost / NS_PER_MS;
  gdouble late_ms, move;

  if (delay_ms < -TOLERANCE_MS)
    return move_behind (self, delay_ms, delays->usual, lost_ms);
  /* of a service that skips what is lost all that comes later is later */
  late_ms = lost_ms - self->counted_lost - self->moved / NS_PER_MS;
  if (delay_ms < MAX_DELAY_MS + MAX (late_ms, 0)) {
    learn (delays, delay_ms, self->moved / NS_PER_MS, lost_ms);
    judge (self);
  }

  move =
      (self->skips ? lost_ms - self->counted_lost : 0) -
      self->moved / NS_PER_MS;
  if (fabs (move) < LEAST_MOVE_MS)
    return 0;
  self->moved += (gint64) (move * NS_PER_MS);
  return (gint64) (move * NS_PER_MS);
}
