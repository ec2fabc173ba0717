/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "pace.h"

#define MINUTE (60 * G_USEC_PER_SEC)

void
realtime_pace_init (RealtimePace * self, guint per_minute)
{
  self->per_minute = per_minute;
  g_queue_init (&self->times);
}

void
realtime_pace_clear (RealtimePace * self)
{
  g_queue_clear_full (&self->times, g_free);
}

gint64
realtime_pace_get_delay (RealtimePace * self, gint64 now)
{
  gint64 *oldest;

  while ((oldest = g_queue_peek_head (&self->times)) != NULL
      && now - *oldest >= MINUTE)
    g_free (g_queue_pop_head (&self->times));
  if (oldest == NULL || self->per_minute == 0
      || g_queue_get_length (&self->times) < self->per_minute)
    return 0;
  return *oldest + MINUTE - now;
}

void
realtime_pace_note (RealtimePace * self, gint64 now)
{
  gint64 *time;

  if (self->per_minute == 0)
    return;
  time = g_new (gint64, 1);
  *time = now;
  g_queue_push_tail (&self->times, time);
}
