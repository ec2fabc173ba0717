/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "failure.h"
#include "retry.h"

void
realtime_retry_init (RealtimeRetry * self, guint min_delay_ms,
    guint max_delay_ms, guint max_retries)
{
  self->min_delay_ms = min_delay_ms;
  self->max_delay_ms = MAX (min_delay_ms, max_delay_ms);
  self->max_retries = max_retries;
  self->attempt = 0;
}

void
realtime_retry_succeeded (RealtimeRetry * self)
{
  self->attempt = 0;
}

void
realtime_retry_note_lasted (RealtimeRetry * self, gint64 ms)
{
  if (ms >= REALTIME_RETRY_PROOF_MS)
    realtime_retry_succeeded (self);
}

gboolean
realtime_retry_is_worth (const GError * error, gboolean established,
    gboolean persistent)
{
  if (!realtime_failure_is_recoverable (error))
    return FALSE;
  return established || persistent
      || g_error_matches (error, REALTIME_FAILURE, REALTIME_FAILURE_BUSY);
}

gboolean
realtime_retry_next (RealtimeRetry * self, guint retry_after_s,
    guint * delay_ms)
{
  guint64 ceiling = MAX (self->min_delay_ms, 1);
  guint64 floor, delay;
  guint i;

  if (self->attempt >= self->max_retries
      && self->max_retries != REALTIME_RETRY_FOREVER)
    return FALSE;

  for (i = 0; i <= self->attempt && ceiling < self->max_delay_ms; i++)
    ceiling *= 2;
  ceiling = CLAMP (ceiling, self->min_delay_ms, self->max_delay_ms);
  if (self->attempt < G_MAXUINT)
    self->attempt++;

  /* The upper half of the step is drawn by lot, so that many clients which
   * lost the same server do not come back to it in the same moment. */
  floor = MAX (ceiling / 2, self->min_delay_ms);
  delay = floor + (guint64) (g_random_double () * (ceiling - floor));

  /* a lot on top of what the server asked for: others were told the same */
  if (retry_after_s > 0) {
    guint64 asked = (guint64) retry_after_s * 1000;

    if (delay < asked)
      delay = asked + delay / 4;
  }
  *delay_ms = (guint) MIN (delay, G_MAXUINT);
  return TRUE;
}
