/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_ANCHOR_H__
#define __REALTIME_ANCHOR_H__

#include <glib.h>

G_BEGIN_DECLS

/**
 * RealtimeAnchor:
 *
 * Whether the service's count of the input still stands where ours does. Ours is
 * what was sent. What a service makes of a packet that is lost, of a pause in
 * which nothing is sent, is not known of all: it may count by the time stamps of
 * the packets (then nothing is wrong), only what came, or the time that passes.
 * What tells is when its events come: a word is reported when it has been said,
 * and, as a rule, soon after.
 *
 * - An event about input that is not there yet cannot be: the service is ahead,
 *   and its count is taken to be as far behind the event as it usually is.
 * - A service that does not count what was lost falls behind by as much: its
 *   events come the later the more was lost. Where they do (a regression of the
 *   delays on the loss; a slope of more than a half), the count moves with the
 *   loss, else it does not. Where an event then is about input that is not there
 *   yet, the count moves back, and what was lost up to there is settled.
 *
 * So the error is at most the usual delay of an event (0.1 to 0.5 s) in the one
 * case, what was lost in the last turn or two in the other; and nothing moves
 * while no packet is lost, however slow the service is.
 */
typedef enum
{
  REALTIME_ANCHOR_STARTED,      /* speech was reported to have begun */
  REALTIME_ANCHOR_STOPPED,      /* ...to have ended, with the silence behind it */
  REALTIME_ANCHOR_N_KINDS
} RealtimeAnchorKind;

/* Of the events of a kind: the means, and the sums of the products of what they
 * are off their means; ms. */
typedef struct
{
  guint n;
  gdouble usual;                /* delay, as the count was moved */
  gdouble delay, lost;          /* delay, as if it were not for what was lost */
  gdouble lost_lost, lost_delay, delay_delay;
} RealtimeAnchorDelays;

typedef struct
{
  RealtimeAnchorDelays delays[REALTIME_ANCHOR_N_KINDS];
  gboolean skips;               /* the service does not count what is lost */
  gdouble counted_lost;         /* what was lost and still counted, by proof; ms */
  gint64 moved;                 /* for what was lost, ns */
} RealtimeAnchor;

void realtime_anchor_init (RealtimeAnchor * self);

/* What is sent is from now on further ahead of the clock, or less far, than it
 * was: delays will be others. */
void realtime_anchor_forget_delays (RealtimeAnchor * self);

/* An event came @delay (ns; negative: before) after what it tells of, by our
 * count, in which @lost (ns) of what was sent since the session began may be
 * missing in the service's.
 * Returns: by how much the running time of the service's 0 ms has to be moved. */
gint64 realtime_anchor_check (RealtimeAnchor * self, RealtimeAnchorKind kind,
    gint64 delay, guint64 lost);

G_END_DECLS

#endif /* __REALTIME_ANCHOR_H__ */
