/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How far from the truth the count of a service may be taken to be, whatever it
 * counts.
 */

#include <gst/check/gstcheck.h>

#include "session/anchor.h"

#define MS G_GINT64_CONSTANT (1000000)

/* A service whose events come so late, each of its turns half a minute after the
 * one before, told to an anchor. */
typedef struct
{
  RealtimeAnchor anchor;
  GRand *rand;
  gint64 epoch;                 /* as published */
  gint64 truth;                 /* where its 0 ms really stands */
  gint64 least, most;           /* delay of its events */
  gint stalls;                  /* of a hundred: how many are later */
  gint64 stall;                 /* ...by up to as much */
  guint64 lost;
} Service;

static void
service_init_seed (Service * service, gint64 least_ms, gint64 most_ms,
    guint seed)
{
  realtime_anchor_init (&service->anchor);
  service->rand = g_rand_new_with_seed (seed);
  service->epoch = service->truth = 1000 * MS;
  service->least = least_ms * MS;
  service->most = most_ms * MS;
  service->stalls = 0;
  service->lost = 0;
}

static void
service_init (Service * service, gint64 least_ms, gint64 most_ms)
{
  service_init_seed (service, least_ms, most_ms, 5);
}

static void
event (Service * service, RealtimeAnchorKind kind)
{
  gint64 delay = g_rand_int_range (service->rand, 0, 1000) *
      (service->most - service->least) / 1000 + service->least;

  if (service->stalls > g_rand_int_range (service->rand, 0, 100))
    delay += g_rand_int_range (service->rand, 0, 1000) * service->stall / 1000;
  /* what is told of is ms after the service's 0: we think it epoch + ms */
  delay += service->truth - service->epoch;
  service->epoch += realtime_anchor_check (&service->anchor, kind, delay,
      service->lost);
}

static gint64
turns (Service * service, guint n)
{
  gint64 worst = 0;
  guint i;

  for (i = 0; i < n; i++) {
    event (service, REALTIME_ANCHOR_STARTED);
    worst = MAX (worst, ABS (service->epoch - service->truth));
    event (service, REALTIME_ANCHOR_STOPPED);
    worst = MAX (worst, ABS (service->epoch - service->truth));
  }
  return worst / MS;
}

static const gint delays[][2] = { {30, 60}, {100, 300}, {400, 900}, {0, 20},
{150, 4000}
};

/* Nothing is lost: nothing moves, however fast or slow the service is. */
GST_START_TEST (test_nothing_lost)
{
  Service service;
  gint64 worst;

  service_init (&service, delays[__i__][0], delays[__i__][1]);
  worst = turns (&service, 1000);
  fail_unless_equals_int64 (worst, 0);
  /* ...and gets slower by the day */
  service.most += 5000 * MS;
  service.least += 5000 * MS;
  worst = turns (&service, 1000);
  fail_unless_equals_int64 (worst, 0);
  g_rand_free (service.rand);
}

GST_END_TEST;

#define RUNS 40

/* What may be wrong until it is known what the service counts: what is lost in a few
 * turns, and the more the less its delays are alike; ms. */
static gint64
get_bound (const gint range[2])
{
  return 240 + (range[1] - range[0]) / 2;
}

/* Packets are lost, and the service counts what was lost: it is as right as
 * before. What a wrong guess can do is little, and does not last. */
GST_START_TEST (test_lost_and_counted)
{
  gint64 bound = get_bound (delays[__i__ % G_N_ELEMENTS (delays)]);
  Service service;
  gint64 worst = 0, sum = 0;
  guint i, run = __i__ / G_N_ELEMENTS (delays);

  service_init_seed (&service, delays[__i__ % G_N_ELEMENTS (delays)][0],
      delays[__i__ % G_N_ELEMENTS (delays)][1], run);
  turns (&service, 5);
  for (i = 0; i < 1000; i++) {
    gint64 now;

    service.lost += 100 * MS;
    now = turns (&service, 1);
    worst = MAX (worst, now);
    sum += now;
  }
  GST_INFO ("worst %" G_GINT64_FORMAT " ms, mean %" G_GINT64_FORMAT, worst,
      sum / 1000);
  fail_unless (worst <= bound, "%d", (gint) worst);
  fail_unless (sum / 1000 <= 10, "%d", (gint) (sum / 1000));
  g_rand_free (service.rand);
}

GST_END_TEST;

/* The service counts only what came: an hour with one percent of loss. */
GST_START_TEST (test_lost_and_not_counted)
{
  gint64 bound = get_bound (delays[__i__ % G_N_ELEMENTS (delays)]);
  Service service;
  gint64 worst = 0;
  guint i, run = __i__ / G_N_ELEMENTS (delays);

  service_init_seed (&service, delays[__i__ % G_N_ELEMENTS (delays)][0],
      delays[__i__ % G_N_ELEMENTS (delays)][1], run);
  turns (&service, 5);
  for (i = 0; i < 600; i++) {
    service.lost += 60 * MS;
    service.truth += 60 * MS;
    worst = MAX (worst, turns (&service, 1));
  }
  /* without an anchor: 36 s */
  GST_INFO ("worst %" G_GINT64_FORMAT " ms", worst);
  fail_unless (worst <= bound, "%d", (gint) worst);
  g_rand_free (service.rand);
}

GST_END_TEST;

/* Once so much is lost: the turn behind it is right already; of less, one of the
 * next. */
GST_START_TEST (test_burst)
{
  Service service;
  gint64 worst;

  service_init (&service, 100, 200);
  turns (&service, 5);
  service.lost = 700 * MS;
  service.truth += 700 * MS;
  worst = turns (&service, 100);
  fail_unless (worst <= 100, "%d", (gint) worst);
  g_rand_free (service.rand);

  service_init (&service, 100, 200);
  turns (&service, 5);
  service.lost = 200 * MS;
  service.truth += 200 * MS;
  worst = turns (&service, 10);
  fail_unless (worst <= 200, "%d", (gint) worst);
  worst = turns (&service, 100);
  fail_unless_equals_int64 (worst, 0);
  g_rand_free (service.rand);
}

GST_END_TEST;

/* Little is lost, and it was counted; what is late are a few events by chance, or
 * all, as input was sent ahead of the clock. */
GST_START_TEST (test_chance)
{
  Service service;
  gint64 worst;

  service_init (&service, 100, 101);
  turns (&service, 3);
  service.lost = 200 * MS;
  service.most += 200 * MS;
  worst = turns (&service, 100);
  fail_unless_equals_int64 (worst, 0);
  g_rand_free (service.rand);

  service_init (&service, 100, 150);
  turns (&service, 3);
  service.lost = 400 * MS;
  realtime_anchor_forget_delays (&service.anchor);
  service.least += 500 * MS;
  service.most += 500 * MS;
  worst = turns (&service, 100);
  fail_unless_equals_int64 (worst, 0);
  g_rand_free (service.rand);
}

GST_END_TEST;

/* What is lost was counted, and now and then the machine stands still, which makes
 * events late: that is seldom taken for what was lost, and if so not for long. */
GST_START_TEST (test_stalls)
{
  static const gint shares[] = { 5, 20, 50 };
  static const gint stalls[] = { 200, 500, 1500 };
  guint wrong = 0, run, i;

  for (run = 0; run < 1000; run++) {
    Service service;
    gint64 worst = 0;

    service_init_seed (&service, 60, 120, run);
    service.stalls = shares[__i__ % G_N_ELEMENTS (shares)];
    service.stall = stalls[__i__ / G_N_ELEMENTS (shares)] * MS;
    turns (&service, 3);
    for (i = 1; i <= 2; i++) {
      service.lost = i * 200 * MS;
      worst = MAX (worst, turns (&service, 1));
    }
    worst = MAX (worst, turns (&service, 20));
    fail_unless (worst <= 400, "%d", (gint) worst);
    wrong += worst > 0;
    worst = turns (&service, 1);
    fail_unless_equals_int64 (worst, 0);
    g_rand_free (service.rand);
  }
  GST_INFO ("wrong: %u", wrong);
  fail_unless (wrong <= 50, "%u", wrong);
}

GST_END_TEST;

/* The service counts the time that passes, and the pipeline paused. */
GST_START_TEST (test_ahead)
{
  static const gint pauses[] = { 100, 200, 1000, 3600000 };
  Service service;
  gint64 worst;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (pauses); i++) {
    service_init (&service, 100, 200);
    turns (&service, 5);
    service.truth -= pauses[i] * MS;
    worst = turns (&service, 1);
    fail_unless (worst <= 200, "%d", (gint) worst);
    worst = turns (&service, 20);
    fail_unless (worst <= 200, "%d", (gint) worst);
    g_rand_free (service.rand);
  }
  /* at once, before it has shown how it is */
  service_init (&service, 100, 200);
  service.truth -= 5000 * MS;
  worst = turns (&service, 1);
  fail_unless (worst <= 400, "%d", (gint) worst);
  g_rand_free (service.rand);
}

GST_END_TEST;

/* A day of a service that counts by a clock of its own, which is faster than ours by
 * 100 ppm: 8.6 s. It cannot have heard what was not said yet. */
GST_START_TEST (test_fast_clock)
{
  Service service;
  gint64 worst = 0, last = 0;
  guint i;

  service_init (&service, 100, 200);
  for (i = 0; i < 24 * 60 * 2; i++) {
    service.truth -= 3 * MS;
    last = turns (&service, 1);
    worst = MAX (worst, last);
  }
  GST_INFO ("worst %" G_GINT64_FORMAT " ms, last %" G_GINT64_FORMAT, worst,
      last);
  fail_unless (worst <= 300, "%d", (gint) worst);
  g_rand_free (service.rand);
}

GST_END_TEST;

static Suite *
session_anchor_suite (void)
{
  Suite *s = suite_create ("session-anchor");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, test_nothing_lost, 0, G_N_ELEMENTS (delays));
  tcase_add_loop_test (tc, test_lost_and_counted, 0,
      RUNS * G_N_ELEMENTS (delays));
  tcase_add_loop_test (tc, test_lost_and_not_counted, 0,
      RUNS * G_N_ELEMENTS (delays));
  tcase_add_test (tc, test_burst);
  tcase_add_test (tc, test_chance);
  tcase_add_loop_test (tc, test_stalls, 0, 9);
  tcase_add_test (tc, test_ahead);
  tcase_add_test (tc, test_fast_clock);
  return s;
}

GST_CHECK_MAIN (session_anchor);
