/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "ticker.h"

struct _RealtimeTicker
{
  GstElement *element;          /* not owned */
  GstClockTime interval;
  RealtimeTickFunc func;
  gpointer user_data;

  GMutex lock;                  /* guards all below */
  GCond cond;
  GThread *thread;              /* NULL before the first start */
  gboolean running, quit;
  GstClockID id;                /* what the thread waits for, or NULL */
};

RealtimeTicker *
realtime_ticker_new (GstElement * element, GstClockTime interval,
    RealtimeTickFunc func, gpointer user_data)
{
  RealtimeTicker *self = g_new0 (RealtimeTicker, 1);

  self->element = element;
  self->interval = interval;
  self->func = func;
  self->user_data = user_data;
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);

  return self;
}

void
realtime_ticker_free (RealtimeTicker * self)
{
  if (!self)
    return;
  realtime_ticker_stop (self);
  realtime_ticker_join (self);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}

/* Waits for the next time to come. Returns whether it came. Called with the
 * lock, which is let go of meanwhile. */
static gboolean
wait (RealtimeTicker * self)
{
  g_autoptr (GstClock) clock = gst_element_get_clock (self->element);
  GstClockReturn ret;
  GstClockID id;

  if (!clock) {
    /* an element that was stopped meanwhile */
    self->running = FALSE;
    return FALSE;
  }
  id = self->id = gst_clock_new_single_shot_id (clock,
      gst_clock_get_time (clock) + self->interval);
  g_mutex_unlock (&self->lock);
  ret = gst_clock_id_wait (id, NULL);
  g_mutex_lock (&self->lock);
  self->id = NULL;
  gst_clock_id_unref (id);

  return ret != GST_CLOCK_UNSCHEDULED;
}

static gpointer
run (gpointer data)
{
  RealtimeTicker *self = data;

  g_mutex_lock (&self->lock);
  while (!self->quit) {
    if (!self->running) {
      g_cond_wait (&self->cond, &self->lock);
    } else if (wait (self) && self->running) {
      g_mutex_unlock (&self->lock);
      self->func (self->user_data);
      g_mutex_lock (&self->lock);
    }
  }
  g_mutex_unlock (&self->lock);

  return NULL;
}

void
realtime_ticker_start (RealtimeTicker * self)
{
  g_mutex_lock (&self->lock);
  self->running = TRUE;
  if (!self->thread)
    self->thread = g_thread_new ("captions-clock", run, self);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
}

void
realtime_ticker_stop (RealtimeTicker * self)
{
  g_mutex_lock (&self->lock);
  self->running = FALSE;
  if (self->id)
    gst_clock_id_unschedule (self->id);
  g_mutex_unlock (&self->lock);
}

void
realtime_ticker_join (RealtimeTicker * self)
{
  GThread *thread;

  g_mutex_lock (&self->lock);
  thread = self->thread;
  self->thread = NULL;
  self->quit = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
  if (thread)
    g_thread_join (thread);

  g_mutex_lock (&self->lock);
  self->quit = FALSE;
  g_mutex_unlock (&self->lock);
}
