/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>

#include "connection/budget.h"
#include "connection/pricetable.h"
#include "session/failure.h"

#define MS 1000

/* The step after @ms, and the limit that it names. */
static void
expect (GstRealtimeBudget * budget, gint64 ms, gboolean idle, gdouble usd,
    GstRealtimeBudgetStep step, const gchar * limit)
{
  g_autofree gchar *message = NULL;
  const gchar *told;

  fail_unless_equals_int (gst_realtime_budget_check (budget, ms * MS, idle,
          usd, &told, &message), step);
  fail_unless_equals_string (told, limit);
  if (limit)
    fail_unless (message && strstr (message, limit) != NULL, "%s", message);
  else
    fail_unless (message == NULL);
}

#define WITHIN(ms, idle, usd) \
  expect (&budget, ms, idle, usd, GST_REALTIME_BUDGET_WITHIN, NULL)
#define NEAR(ms, idle, usd, limit) \
  expect (&budget, ms, idle, usd, GST_REALTIME_BUDGET_NEAR, limit)
#define REACHED(ms, idle, usd, limit) \
  expect (&budget, ms, idle, usd, GST_REALTIME_BUDGET_REACHED, limit)

GST_START_TEST (test_no_limits)
{
  GstRealtimeBudget budget = { {0,}, };

  fail_if (gst_realtime_budget_has_timeout (&budget));
  WITHIN (G_MAXINT32, TRUE, 1e6);
}

GST_END_TEST;

GST_START_TEST (test_session)
{
  GstRealtimeBudget budget = { {1000, 0, 0}, };

  fail_unless (gst_realtime_budget_has_timeout (&budget));
  WITHIN (799, FALSE, -1);
  NEAR (1, FALSE, -1, "session-timeout");
  WITHIN (0, FALSE, -1);
  WITHIN (199, FALSE, -1);
  REACHED (1, FALSE, -1, "session-timeout");
  WITHIN (5000, FALSE, -1);

  /* a long pause between two checks leaves the warning out, not the end */
  memset (&budget, 0, sizeof (budget));
  budget.limits.session_timeout_ms = 1000;
  REACHED (10000, FALSE, -1, "session-timeout");
}

GST_END_TEST;

GST_START_TEST (test_idle)
{
  GstRealtimeBudget budget = { {0, 1000, 0}, };

  NEAR (900, TRUE, -1, "idle-timeout");
  /* somebody speaks: it begins anew, and so does the warning */
  WITHIN (900, FALSE, -1);
  WITHIN (700, TRUE, -1);
  NEAR (100, TRUE, -1, "idle-timeout");
  WITHIN (100, TRUE, -1);
  REACHED (100, TRUE, -1, "idle-timeout");
}

GST_END_TEST;

GST_START_TEST (test_cost)
{
  GstRealtimeBudget budget = { {0, 0, 0.5}, };

  fail_if (gst_realtime_budget_has_timeout (&budget));
  WITHIN (0, FALSE, -1);
  WITHIN (0, FALSE, 0.3999);
  NEAR (0, FALSE, 0.4, "max-cost");
  WITHIN (0, FALSE, 0.45);
  /* raised while the session runs */
  budget.limits.max_cost_usd = 1;
  WITHIN (0, FALSE, 0.5);
  NEAR (0, FALSE, 0.9, "max-cost");
  REACHED (0, FALSE, 1, "max-cost");
}

GST_END_TEST;

/* Several at once: each is told, one after the other. */
GST_START_TEST (test_all)
{
  GstRealtimeBudget budget = { {1000, 1000, 1}, };

  NEAR (800, TRUE, 0.9, "session-timeout");
  NEAR (0, TRUE, 0.9, "idle-timeout");
  NEAR (0, TRUE, 0.9, "max-cost");
  WITHIN (0, TRUE, 0.9);
  REACHED (0, FALSE, 1.5, "max-cost");
}

GST_END_TEST;

GST_START_TEST (test_tables)
{
  g_autofree gchar *folder = g_dir_make_tmp ("prices-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename (folder, "mine.json", NULL);
  g_autofree gchar *huge = g_strnfill (5 * 1024 * 1024, ' ');
  const struct
  {
    const gchar *content, *words;
  } bad[] = {
    {"{\n\"date\" 1}", "line 2"},
    {"", "not an object"},
    {huge, "larger than 4 MiB"},
    {"{\"date\":\"2026-01-01\",\"models\":{\"\xff\":{}}}", "UTF-8"},
  };
  RealtimePrices *prices;
  GError *error = NULL;
  guint i;

  /* the one of the data directories */
  prices = gst_realtime_price_table_load (NULL, &error);
  fail_unless (prices != NULL, "%s", error ? error->message : "");
  realtime_prices_free (prices);
  prices = gst_realtime_price_table_load ("", NULL);
  fail_unless (prices != NULL);
  realtime_prices_free (prices);

  for (i = 0; i < G_N_ELEMENTS (bad); i++) {
    fail_unless (g_file_set_contents (path, bad[i].content, -1, NULL));
    fail_unless (gst_realtime_price_table_load (path, &error) == NULL);
    fail_unless (g_error_matches (error, REALTIME_FAILURE,
            REALTIME_FAILURE_SETTINGS));
    fail_unless (strstr (error->message, path) != NULL, "%s", error->message);
    fail_unless (strstr (error->message, bad[i].words) != NULL, "%s",
        error->message);
    g_clear_error (&error);
  }
  g_remove (path);
  fail_unless (gst_realtime_price_table_load (path, &error) == NULL);
  fail_unless (strstr (error->message, path) != NULL, "%s", error->message);
  g_clear_error (&error);
  fail_unless (gst_realtime_price_table_load (folder, NULL) == NULL);
  g_rmdir (folder);
}

GST_END_TEST;

static Suite *
budget_suite (void)
{
  Suite *s = suite_create ("budget");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_no_limits);
  tcase_add_test (tc, test_session);
  tcase_add_test (tc, test_idle);
  tcase_add_test (tc, test_cost);
  tcase_add_test (tc, test_all);
  tcase_add_test (tc, test_tables);

  return s;
}

GST_CHECK_MAIN (budget);
