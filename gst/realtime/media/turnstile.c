/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "turnstile.h"

/* Held input that is later than this (its source starved, the machine slept)
 * is not sent after in a burst: it runs behind the clock by that much more. */
#define MAX_BURST (500 * GST_MSECOND)

/* Kept input comes so much faster until it is no more than this behind. */
#define CATCH_UP(duration) ((duration) * 4 / 5)
#define CAUGHT_UP (60 * GST_MSECOND)
/* What waited at the head of what was kept is a buffer older than the rest. */
#define KEEP_SLACK (100 * GST_MSECOND)

void
realtime_turnstile_init (RealtimeTurnstile * turnstile, GstElement * element)
{
  g_mutex_init (&turnstile->lock);
  g_cond_init (&turnstile->cond);
  turnstile->element = element;
  turnstile->active = FALSE;
  turnstile->keep = 0;
  turnstile->playing = FALSE;
  turnstile->admit_id = turnstile->wait_id = NULL;
  realtime_turnstile_reset (turnstile);
}

void
realtime_turnstile_clear (RealtimeTurnstile * turnstile)
{
  g_mutex_clear (&turnstile->lock);
  g_cond_clear (&turnstile->cond);
}

void
realtime_turnstile_reset (RealtimeTurnstile * turnstile)
{
  turnstile->admitted = turnstile->admitted_at = turnstile->kept_due = 0;
  g_mutex_lock (&turnstile->lock);
  turnstile->pace_end = GST_CLOCK_TIME_NONE;
  turnstile->base_time = GST_CLOCK_TIME_NONE;
  turnstile->rebased = FALSE;
  turnstile->flushing = FALSE;
  turnstile->ending = FALSE;
  turnstile->open = FALSE;
  turnstile->next = REALTIME_ADMIT_OPENED;
  turnstile->hold = 0;
  g_mutex_unlock (&turnstile->lock);
}

/* With the lock. */
static void
wake (RealtimeTurnstile * turnstile)
{
  turnstile->changes++;
  if (turnstile->admit_id)
    gst_clock_id_unschedule (turnstile->admit_id);
  if (turnstile->wait_id)
    gst_clock_id_unschedule (turnstile->wait_id);
  g_cond_broadcast (&turnstile->cond);
}

/* With the lock. */
static void
mark_epoch (RealtimeTurnstile * turnstile)
{
  if (turnstile->next == REALTIME_ADMIT_PASS)
    turnstile->next = REALTIME_ADMIT_EPOCH;
}

void
realtime_turnstile_set_running (RealtimeTurnstile * turnstile, gboolean active,
    gboolean playing)
{
  g_mutex_lock (&turnstile->lock);
  turnstile->active = active;
  turnstile->playing = playing;
  if (!playing)
    turnstile->base_time = GST_CLOCK_TIME_NONE;
  wake (turnstile);
  g_mutex_unlock (&turnstile->lock);
}

void
realtime_turnstile_wake (RealtimeTurnstile * turnstile)
{
  g_mutex_lock (&turnstile->lock);
  wake (turnstile);
  g_mutex_unlock (&turnstile->lock);
}

void
realtime_turnstile_set_flushing (RealtimeTurnstile * turnstile,
    gboolean flushing)
{
  g_mutex_lock (&turnstile->lock);
  turnstile->flushing = flushing;
  if (flushing) {
    wake (turnstile);
  } else {
    turnstile->pace_end = GST_CLOCK_TIME_NONE;
    mark_epoch (turnstile);
  }
  g_mutex_unlock (&turnstile->lock);
}

void
realtime_turnstile_set_ending (RealtimeTurnstile * turnstile, gboolean ending)
{
  g_mutex_lock (&turnstile->lock);
  turnstile->ending = ending;
  wake (turnstile);
  g_mutex_unlock (&turnstile->lock);
}

void
realtime_turnstile_open (RealtimeTurnstile * turnstile)
{
  g_mutex_lock (&turnstile->lock);
  if (!turnstile->open) {
    turnstile->open = TRUE;
    turnstile->next = REALTIME_ADMIT_OPENED;
    wake (turnstile);
  }
  g_mutex_unlock (&turnstile->lock);
}

void
realtime_turnstile_close (RealtimeTurnstile * turnstile)
{
  g_mutex_lock (&turnstile->lock);
  turnstile->open = FALSE;
  wake (turnstile);
  g_mutex_unlock (&turnstile->lock);
}

gboolean
realtime_turnstile_is_open (RealtimeTurnstile * turnstile)
{
  gboolean open;

  g_mutex_lock (&turnstile->lock);
  open = turnstile->open;
  g_mutex_unlock (&turnstile->lock);
  return open;
}

void
realtime_turnstile_ask_epoch (RealtimeTurnstile * turnstile)
{
  g_mutex_lock (&turnstile->lock);
  mark_epoch (turnstile);
  g_mutex_unlock (&turnstile->lock);
}

GstClockTime
realtime_turnstile_get_hold (RealtimeTurnstile * turnstile)
{
  GstClockTime hold;

  g_mutex_lock (&turnstile->lock);
  hold = turnstile->hold;
  g_mutex_unlock (&turnstile->lock);
  return hold;
}

/* With the lock: while it plays, the clock goes on and its running time jumps: what
 * is held is ahead of it, or behind, by as much less, or more. */
static void
follow_base_time (RealtimeTurnstile * turnstile, GstClockTime base_time)
{
  GstClockTimeDiff hold;

  if (turnstile->base_time != GST_CLOCK_TIME_NONE
      && turnstile->base_time != base_time) {
    hold = turnstile->hold - GST_CLOCK_DIFF (turnstile->base_time, base_time);
    turnstile->hold = MAX (hold, 0);
    turnstile->rebased = TRUE;
  }
  turnstile->base_time = base_time;
}

/* With the lock: the clock's running time, the clock and the base time; NONE
 * when there is no clock or it does not run. */
static GstClockTime
current_time (RealtimeTurnstile * turnstile, GstClock ** clock,
    GstClockTime * base_time)
{
  GstClockTime now;

  *clock = NULL;
  if (!turnstile->playing)
    return GST_CLOCK_TIME_NONE;
  *clock = gst_element_get_clock (turnstile->element);
  if (!*clock)
    return GST_CLOCK_TIME_NONE;
  *base_time = gst_element_get_base_time (turnstile->element);
  follow_base_time (turnstile, *base_time);
  now = gst_clock_get_time (*clock);
  return now > *base_time ? now - *base_time : 0;
}

GstClockTime
realtime_turnstile_get_time (RealtimeTurnstile * turnstile)
{
  g_autoptr (GstClock) clock = NULL;
  GstClockTime base_time, now;

  g_mutex_lock (&turnstile->lock);
  now = current_time (turnstile, &clock, &base_time);
  g_mutex_unlock (&turnstile->lock);
  return now;
}

/* With the lock, which is given up for the wait, in which *@id is set. */
static void
wait_clock (RealtimeTurnstile * turnstile, GstClockID * id, GstClock * clock,
    GstClockTime time)
{
  GstClockID wait = gst_clock_new_single_shot_id (clock, time);

  *id = wait;
  g_mutex_unlock (&turnstile->lock);
  gst_clock_id_wait (wait, NULL);
  g_mutex_lock (&turnstile->lock);
  *id = NULL;
  gst_clock_id_unref (wait);
}

void
realtime_turnstile_set_keep (RealtimeTurnstile * turnstile, GstClockTime keep)
{
  turnstile->keep = keep;
}

guint
realtime_turnstile_get_changes (RealtimeTurnstile * turnstile)
{
  guint changes;

  g_mutex_lock (&turnstile->lock);
  changes = turnstile->changes;
  g_mutex_unlock (&turnstile->lock);
  return changes;
}

gboolean
realtime_turnstile_wait (RealtimeTurnstile * turnstile, GstClockTime time,
    guint changes)
{
  gboolean go_on = FALSE, done = FALSE;

  g_mutex_lock (&turnstile->lock);
  while (!done && !turnstile->flushing && !turnstile->ending
      && turnstile->active) {
    g_autoptr (GstClock) clock = NULL;
    GstClockTime base_time, now = current_time (turnstile, &clock, &base_time);

    go_on = done = changes != turnstile->changes
        || (now != GST_CLOCK_TIME_NONE && now >= time);
    if (done)
      break;
    if (now == GST_CLOCK_TIME_NONE || time == GST_CLOCK_TIME_NONE)
      g_cond_wait (&turnstile->cond, &turnstile->lock);
    else
      wait_clock (turnstile, &turnstile->wait_id, clock, base_time + time);
  }
  g_mutex_unlock (&turnstile->lock);
  return go_on;
}

/* With the lock: the hold of the epoch that the piece at @time begins. */
static GstClockTime
find_hold (RealtimeTurnstile * turnstile, GstClockTime time, GstClockTime now)
{
  /* What goes on at once goes on where the last piece ends. */
  if (turnstile->pace_end != GST_CLOCK_TIME_NONE &&
      turnstile->pace_end > turnstile->base_time)
    now = MAX (now, turnstile->pace_end - turnstile->base_time);
  return now > time ? now - time : 0;
}

/* With the lock. */
static RealtimeAdmit
admit_live (RealtimeTurnstile * turnstile, gboolean stand_in)
{
  RealtimeAdmit admit = turnstile->next;

  if (turnstile->flushing || turnstile->ending || !turnstile->active)
    return REALTIME_ADMIT_STOP;
  if (!turnstile->open || (stand_in && admit != REALTIME_ADMIT_PASS))
    return REALTIME_ADMIT_DROP;
  turnstile->next = REALTIME_ADMIT_PASS;
  turnstile->hold = 0;
  return admit;
}

/* With the lock. */
static RealtimeAdmit
admit_paced (RealtimeTurnstile * turnstile, gboolean held, GstClockTime * time)
{
  RealtimeAdmit admit = REALTIME_ADMIT_PASS;

  for (;;) {
    g_autoptr (GstClock) clock = NULL;
    GstClockTime base_time, now, target;

    if (turnstile->flushing || turnstile->ending || !turnstile->active)
      return REALTIME_ADMIT_STOP;
    now = current_time (turnstile, &clock, &base_time);
    if (!turnstile->open || now == GST_CLOCK_TIME_NONE) {
      g_cond_wait (&turnstile->cond, &turnstile->lock);
      continue;
    }

    if (turnstile->rebased && !held) {
      *time = now;
      mark_epoch (turnstile);
    }
    turnstile->rebased = FALSE;
    if (turnstile->next != REALTIME_ADMIT_PASS) {
      if (held)
        turnstile->hold = find_hold (turnstile, *time, now);
      else if (*time == GST_CLOCK_TIME_NONE || *time < now)
        *time = now;
      admit = MAX (admit, turnstile->next);
      turnstile->next = REALTIME_ADMIT_PASS;
    }

    target = *time + turnstile->hold;
    if (now >= target) {
      if (held && now - target > MAX_BURST)
        turnstile->hold += now - target;
      return admit;
    }
    wait_clock (turnstile, &turnstile->admit_id, clock, base_time + target);
  }
}

/* With the lock. */
static RealtimeAdmit
admit_kept (RealtimeTurnstile * turnstile, GstClockTime time)
{
  RealtimeAdmit admit;

  for (;;) {
    g_autoptr (GstClock) clock = NULL;
    GstClockTime base_time, now;

    if (turnstile->flushing || turnstile->ending || !turnstile->active)
      return REALTIME_ADMIT_STOP;
    now = current_time (turnstile, &clock, &base_time);
    if (!turnstile->open || now == GST_CLOCK_TIME_NONE) {
      g_cond_wait (&turnstile->cond, &turnstile->lock);
      continue;
    }
    if (turnstile->next == REALTIME_ADMIT_OPENED
        && now > time + turnstile->keep + KEEP_SLACK)
      return REALTIME_ADMIT_DROP;
    if (base_time + now >= turnstile->kept_due || now <= time + CAUGHT_UP) {
      admit = turnstile->next;
      turnstile->next = REALTIME_ADMIT_PASS;
      turnstile->hold = 0;
      turnstile->admitted = time;
      turnstile->admitted_at = base_time + now;
      return admit;
    }
    wait_clock (turnstile, &turnstile->admit_id, clock, turnstile->kept_due);
  }
}

RealtimeAdmit
realtime_turnstile_admit (RealtimeTurnstile * turnstile, RealtimeAdmitAs as,
    GstClockTime * time, GstClockTime * hold)
{
  RealtimeAdmit admit;

  g_mutex_lock (&turnstile->lock);
  if (as == REALTIME_ADMIT_AS_LIVE || as == REALTIME_ADMIT_AS_STAND_IN)
    admit = admit_live (turnstile, as == REALTIME_ADMIT_AS_STAND_IN);
  else if (as == REALTIME_ADMIT_AS_KEPT)
    admit = admit_kept (turnstile, *time);
  else
    admit = admit_paced (turnstile, as == REALTIME_ADMIT_AS_HELD, time);
  *hold = turnstile->hold;
  g_mutex_unlock (&turnstile->lock);
  return admit;
}

void
realtime_turnstile_passed (RealtimeTurnstile * turnstile, GstClockTime end)
{
  g_mutex_lock (&turnstile->lock);
  if (turnstile->base_time != GST_CLOCK_TIME_NONE)
    turnstile->pace_end = turnstile->base_time + end + turnstile->hold;
  g_mutex_unlock (&turnstile->lock);
  if (end > turnstile->admitted)
    turnstile->kept_due = turnstile->admitted_at +
        CATCH_UP (end - turnstile->admitted);
}
