/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "sounding.h"

#define MS(n) ((n) * 48)
/* -50 dBFS: above a decoder's noise and the dither of a silent line. */
#define LOUD_LEVEL 104
/* A click is no sound: within one feed so many samples have to be loud. */
#define LOUD_SAMPLES 16
/* Longer than any stop within a word, and than most between two. */
#define PATIENCE MS (400)
#define EXPECTED_PATIENCE MS (200)

void
realtime_sounding_init (RealtimeSounding * self)
{
  self->on = FALSE;
  self->loud_end = 0;
  self->patience = PATIENCE;
}

void
realtime_sounding_expect_end (RealtimeSounding * self)
{
  if (self->on)
    self->patience = EXPECTED_PATIENCE;
}

static gboolean
is_loud (gint32 sample)
{
  return sample >= LOUD_LEVEL || sample <= -LOUD_LEVEL;
}

RealtimeSoundingChange
realtime_sounding_feed (RealtimeSounding * self, const gint32 * samples,
    guint n, guint64 place, guint64 * at)
{
  guint i, first = n, last = 0, loud = 0;

  for (i = 0; i < n; i++) {
    if (is_loud (samples[i])) {
      first = MIN (first, i);
      last = i;
      loud++;
    }
  }

  if (loud >= LOUD_SAMPLES || (self->on && loud > 0)) {
    self->loud_end = place + last + 1;
    if (self->on)
      return REALTIME_SOUNDING_SAME;
    self->on = TRUE;
    *at = place + first;
    return REALTIME_SOUNDING_STARTED;
  }
  if (!self->on || place + n < self->loud_end + self->patience)
    return REALTIME_SOUNDING_SAME;
  *at = self->loud_end;
  realtime_sounding_init (self);
  return REALTIME_SOUNDING_STOPPED;
}
