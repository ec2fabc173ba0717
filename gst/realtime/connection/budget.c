/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "budget.h"

/* Where one is warned, in hundredths of a limit. */
#define NEAR 80

gboolean
gst_realtime_budget_has_timeout (const GstRealtimeBudget * self)
{
  return self->limits.session_timeout_ms > 0
      || self->limits.idle_timeout_ms > 0;
}

/* How @used stands to @limit; each step is told once. */
static GstRealtimeBudgetStep
compare (gdouble used, gdouble limit, gboolean * told)
{
  if (limit <= 0)
    return GST_REALTIME_BUDGET_WITHIN;
  if (used >= limit)
    return GST_REALTIME_BUDGET_REACHED;
  if (used * 100 < limit * NEAR) {
    /* a raised limit, or a new pause, is a new matter */
    *told = FALSE;
    return GST_REALTIME_BUDGET_WITHIN;
  }
  if (*told)
    return GST_REALTIME_BUDGET_WITHIN;
  *told = TRUE;
  return GST_REALTIME_BUDGET_NEAR;
}

static gchar *
describe_time (GstRealtimeBudgetStep step, const gchar * what,
    const gchar * limit, gint64 used_us, guint limit_ms)
{
  if (step == GST_REALTIME_BUDGET_REACHED) {
    return g_strdup_printf ("The session ends: it has %s for %u ms (%s).",
        what, limit_ms, limit);
  }
  return g_strdup_printf ("The session has %s for %" G_GINT64_FORMAT " ms and "
      "ends after %u ms of that (%s).", what, used_us / 1000, limit_ms, limit);
}

static gchar *
describe_cost (GstRealtimeBudgetStep step, gdouble usd, gdouble limit)
{
  if (step == GST_REALTIME_BUDGET_REACHED) {
    return g_strdup_printf ("The session ends: it has cost %.6g US dollars of "
        "%.6g (max-cost).", usd, limit);
  }
  return g_strdup_printf ("The session has cost %.6g US dollars and ends at "
      "%.6g (max-cost).", usd, limit);
}

GstRealtimeBudgetStep
gst_realtime_budget_check (GstRealtimeBudget * self, gint64 passed_us,
    gboolean idle, gdouble cost_usd, const gchar ** limit, gchar ** message)
{
  const GstRealtimeLimits *limits = &self->limits;
  GstRealtimeBudgetStep step;

  *limit = NULL;
  *message = NULL;
  self->lasted_us += passed_us;
  self->idle_us = idle ? self->idle_us + passed_us : 0;
  if (self->reached)
    return GST_REALTIME_BUDGET_WITHIN;

  step = compare (self->lasted_us, limits->session_timeout_ms * 1000.0,
      &self->session_told);
  if (step != GST_REALTIME_BUDGET_WITHIN) {
    *limit = "session-timeout";
    *message = describe_time (step, "lasted", *limit, self->lasted_us,
        limits->session_timeout_ms);
  } else {
    step = compare (self->idle_us, limits->idle_timeout_ms * 1000.0,
        &self->idle_told);
    if (step != GST_REALTIME_BUDGET_WITHIN) {
      *limit = "idle-timeout";
      *message = describe_time (step, "been idle", *limit, self->idle_us,
          limits->idle_timeout_ms);
    }
  }
  if (step == GST_REALTIME_BUDGET_WITHIN && cost_usd >= 0) {
    step = compare (cost_usd, limits->max_cost_usd, &self->cost_told);
    if (step != GST_REALTIME_BUDGET_WITHIN) {
      *limit = "max-cost";
      *message = describe_cost (step, cost_usd, limits->max_cost_usd);
    }
  }
  self->reached = step == GST_REALTIME_BUDGET_REACHED;
  return step;
}
