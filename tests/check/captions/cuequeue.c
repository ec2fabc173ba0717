/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Which utterance goes when, and how far it is known that nothing comes. */

#include <gst/check/gstcheck.h>
#include "captions/cuequeue.h"

#define NONE -1

static GstClockTime
ms (gint value)
{
  if (value == NONE)
    return GST_CLOCK_TIME_NONE;
  return value * GST_MSECOND;
}

static void
add (RealtimeCueQueue * queue, const gchar * text, guint index, gint start,
    gint end, gint arrival)
{
  realtime_cue_queue_add (queue, "user", text, index, ms (start), ms (end),
      ms (arrival));
}

static void
set_open (RealtimeCueQueue * queue, guint index, gint start)
{
  realtime_cue_queue_clear_open (queue);
  realtime_cue_queue_add_open (queue, NULL, index, ms (start));
}

static void
fail_unless_next (RealtimeCueQueue * queue, gint now, gboolean drain,
    const gchar * text)
{
  g_autoptr (RealtimeUtterance) u =
      realtime_cue_queue_pop (queue, ms (now), drain);

  fail_unless_equals_string (u ? u->text : NULL, text);
}

static void
fail_unless_times (RealtimeCueQueue * queue, gint start, gint end)
{
  g_autoptr (RealtimeUtterance) u =
      realtime_cue_queue_pop (queue, GST_CLOCK_TIME_NONE, TRUE);

  fail_unless (u != NULL);
  fail_unless_equals_uint64 (u->start, ms (start));
  fail_unless_equals_uint64 (u->end, ms (end));
}

GST_START_TEST (test_order)
{
  g_autoptr (RealtimeCueQueue) queue = realtime_cue_queue_new ();

  fail_unless_next (queue, 0, TRUE, NULL);
  /* by time, then by place, then by arrival */
  add (queue, "third", 0, 3000, 4000, 5000);
  add (queue, "second", 7, 2000, 4000, 5000);
  add (queue, "first", 3, 2000, 4000, 5000);
  add (queue, "fourth", 0, 3000, 4000, 5000);
  fail_unless_next (queue, 5000, FALSE, "first");
  fail_unless_next (queue, 5000, FALSE, "second");
  fail_unless_next (queue, 5000, FALSE, "third");
  fail_unless_next (queue, 5000, FALSE, "fourth");
  fail_unless_next (queue, 5000, FALSE, NULL);
}

GST_END_TEST;

GST_START_TEST (test_waits_for_open)
{
  g_autoptr (RealtimeCueQueue) queue = realtime_cue_queue_new ();

  add (queue, "reply", 1, 5000, 6000, 6000);
  set_open (queue, 0, 2000);
  fail_unless_next (queue, 6000, FALSE, NULL);
  fail_unless_next (queue, 8999, FALSE, NULL);
  fail_unless_next (queue, 9000, FALSE, "reply");

  /* what began later does not hold back what began before */
  add (queue, "reply", 1, 5000, 6000, 6000);
  set_open (queue, 0, 5500);
  fail_unless_next (queue, 6000, FALSE, "reply");

  /* without times the place decides */
  add (queue, "reply", 1, NONE, NONE, NONE);
  set_open (queue, 0, NONE);
  fail_unless_next (queue, NONE, FALSE, NULL);
  set_open (queue, 2, NONE);
  fail_unless_next (queue, NONE, FALSE, "reply");

  add (queue, "reply", 1, NONE, NONE, NONE);
  set_open (queue, 0, NONE);
  fail_unless_next (queue, NONE, TRUE, "reply");
}

GST_END_TEST;

/* One that is open for ever does not make the queue grow for ever. */
GST_START_TEST (test_full)
{
  g_autoptr (RealtimeCueQueue) queue = realtime_cue_queue_new ();
  guint i;

  set_open (queue, 0, NONE);
  for (i = 1; !realtime_cue_queue_is_full (queue); i++) {
    g_autofree gchar *text = g_strdup_printf ("%u", i);

    fail_unless (i < 1000);
    add (queue, text, i, NONE, NONE, NONE);
    if (!realtime_cue_queue_is_full (queue))
      fail_unless_next (queue, NONE, FALSE, NULL);
  }
  fail_unless_next (queue, NONE, FALSE, "1");
  fail_unless_next (queue, NONE, FALSE, NULL);
  realtime_cue_queue_reset (queue);
  fail_unless_next (queue, NONE, TRUE, NULL);
}

GST_END_TEST;

/* "Fifteen letters" takes a second. */
GST_START_TEST (test_unknown_times)
{
  g_autoptr (RealtimeCueQueue) queue = realtime_cue_queue_new ();
  const gchar *text = "Fifteen letters";

  add (queue, text, 0, NONE, NONE, 5000);
  fail_unless_times (queue, 4000, 5000);
  add (queue, text, 0, NONE, 4500, 5000);
  fail_unless_times (queue, 3500, 4500);
  add (queue, text, 0, 2000, NONE, 5000);
  fail_unless_times (queue, 2000, 3000);
  add (queue, text, 0, 2000, NONE, 2500);
  fail_unless_times (queue, 2000, 2500);
  add (queue, text, 0, 2000, 2000, 5000);
  fail_unless_times (queue, 2000, 3000);
  add (queue, text, 0, 2000, 1000, 5000);
  fail_unless_times (queue, 2000, 3000);
  add (queue, text, 0, NONE, NONE, 500);
  fail_unless_times (queue, 0, 500);
  add (queue, text, 0, NONE, NONE, NONE);
  fail_unless_times (queue, NONE, NONE);

  /* a guess ends where the next begins */
  add (queue, text, 0, 2000, NONE, 5000);
  set_open (queue, 1, 2400);
  fail_unless_times (queue, 2000, 2400);
  realtime_cue_queue_clear_open (queue);
  add (queue, text, 0, 2000, NONE, 5000);
  add (queue, text, 0, 2700, 2900, 5000);
  fail_unless_times (queue, 2000, 2700);
  fail_unless_times (queue, 2700, 2900);

  /* nonsense */
  realtime_cue_queue_add (queue, NULL, text, 0, G_MAXUINT64 - 1,
      G_MAXUINT64 - 1, 5 * GST_SECOND);
  fail_unless_times (queue, 4000, 5000);
  realtime_cue_queue_add (queue, NULL, text, 0, 90000 * GST_SECOND,
      90001 * GST_SECOND, 5 * GST_SECOND);
  fail_unless_times (queue, 4000, 5000);
  realtime_cue_queue_add (queue, NULL, text, 0, GST_SECOND,
      900000 * GST_SECOND, 5 * GST_SECOND);
  fail_unless_times (queue, 1000, 2000);
}

GST_END_TEST;

static void
fail_unless_quiet (RealtimeCueQueue * queue, gint position, gint now,
    gint quiet)
{
  fail_unless_equals_uint64 (realtime_cue_queue_get_quiet (queue,
          ms (position), ms (now)), ms (quiet));
}

GST_START_TEST (test_quiet)
{
  g_autoptr (RealtimeCueQueue) queue = realtime_cue_queue_new ();

  fail_unless_quiet (queue, 0, NONE, 0);
  fail_unless_quiet (queue, 0, 500, 0);
  fail_unless_quiet (queue, 0, 5000, 4000);
  fail_unless_quiet (queue, 4500, 5000, 4500);

  realtime_cue_queue_add_open (queue, NULL, 1, ms (3000));
  realtime_cue_queue_add_open (queue, NULL, 0, ms (2000));
  fail_unless_quiet (queue, 0, 5000, 2000);
  fail_unless_quiet (queue, 2500, 5000, 2500);
  fail_unless_quiet (queue, 1000, 70000, 10000);
  set_open (queue, 0, NONE);
  fail_unless_quiet (queue, 1000, 5000, 1000);

  set_open (queue, 0, 4500);
  add (queue, "waits", 1, 2500, 3000, 4900);
  fail_unless_quiet (queue, 0, 6000, 2500);
}

GST_END_TEST;

static Suite *
cuequeue_suite (void)
{
  Suite *s = suite_create ("cuequeue");
  TCase *tc = tcase_create ("queue");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_order);
  tcase_add_test (tc, test_waits_for_open);
  tcase_add_test (tc, test_full);
  tcase_add_test (tc, test_unknown_times);
  tcase_add_test (tc, test_quiet);

  return s;
}

GST_CHECK_MAIN (cuequeue);
