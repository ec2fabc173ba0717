/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_BUDGET_H__
#define __GST_REALTIME_BUDGET_H__

#include <glib.h>

G_BEGIN_DECLS

/* What a session may take; 0: whatever it takes. */
typedef struct
{
  guint session_timeout_ms;
  guint idle_timeout_ms;
  gdouble max_cost_usd;
} GstRealtimeLimits;

typedef enum
{
  GST_REALTIME_BUDGET_WITHIN,
  GST_REALTIME_BUDGET_NEAR,     /* 80 % of a limit are used; said once */
  GST_REALTIME_BUDGET_REACHED   /* said once, and nothing after it */
} GstRealtimeBudgetStep;

/* Decides when a session has had what it may take: pure, so that each rule of
 * it can be tested. All 0 but the limits: a session that has not begun. */
typedef struct
{
  GstRealtimeLimits limits;

  gint64 lasted_us;
  gint64 idle_us;
  gboolean session_told, idle_told, cost_told;  /* near it */
  gboolean reached;
} GstRealtimeBudget;

/* Whether there is a limit that time has a part in. */
gboolean gst_realtime_budget_has_timeout (const GstRealtimeBudget * self);

/* @passed_us: since the last check, in session, while the pipeline played.
 * @idle: nobody speaks, and nothing is awaited. @cost_usd: so far, negative
 * while unknown. @limit (out): the name of the limit that the answer is about,
 * "session-timeout", "idle-timeout" or "max-cost"; NULL within. @message (out):
 * a sentence for people, to be freed; NULL within. With NEAR and REACHED there
 * may be more to tell: ask again with nothing passed. */
GstRealtimeBudgetStep gst_realtime_budget_check (GstRealtimeBudget * self,
    gint64 passed_us, gboolean idle, gdouble cost_usd, const gchar ** limit,
    gchar ** message);

G_END_DECLS

#endif /* __GST_REALTIME_BUDGET_H__ */
