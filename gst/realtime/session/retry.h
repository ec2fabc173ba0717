/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_RETRY_H__
#define __REALTIME_RETRY_H__

#include <glib.h>

G_BEGIN_DECLS

/* When to try again: exponential back-off with jitter between two bounds. */
typedef struct
{
  guint min_delay_ms, max_delay_ms;
  guint max_retries;
  guint attempt;                /* retries made since the last success */
} RealtimeRetry;

void realtime_retry_init (RealtimeRetry * self, guint min_delay_ms,
    guint max_delay_ms, guint max_retries);
void realtime_retry_succeeded (RealtimeRetry * self);
/* Counts an attempt. FALSE: give up. @delay_ms: how long to wait; never
 * shorter than @retry_after_s, which the server asked for (0: it did not). */
gboolean realtime_retry_next (RealtimeRetry * self, guint retry_after_s,
    guint * delay_ms);

G_END_DECLS

#endif /* __REALTIME_RETRY_H__ */
