/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_RETRY_H__
#define __REALTIME_RETRY_H__

#include <glib.h>

G_BEGIN_DECLS

/* Attempts without an end. */
#define REALTIME_RETRY_FOREVER G_MAXUINT
/* A session that lasted for this long was worth its attempts: those after it
 * are counted anew. One that is lost at once, again and again, was not. */
#define REALTIME_RETRY_PROOF_MS 10000

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
/* What an attempt has brought lasted for so long, in ms. */
void realtime_retry_note_lasted (RealtimeRetry * self, gint64 ms);
/* Counts an attempt. FALSE: give up. @delay_ms: how long to wait; never
 * shorter than @retry_after_s, which the server asked for (0: it did not). */
gboolean realtime_retry_next (RealtimeRetry * self, guint retry_after_s,
    guint * delay_ms);

/* Whether to try again at all. @established: there was a session before, so that
 * nothing is wrong with what it was asked for with. @persistent: nothing but what
 * another attempt does not change is to be taken for an answer. Else the first
 * session is tried for again only where the server itself says that it is busy:
 * who has mistyped its address, or not started it, wants to know at once. */
gboolean realtime_retry_is_worth (const GError * error, gboolean established,
    gboolean persistent);

G_END_DECLS

#endif /* __REALTIME_RETRY_H__ */
