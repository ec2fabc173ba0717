/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <gst/check/gstcheck.h>

#include "session/failure.h"
#include "session/retry.h"

GST_START_TEST (test_bounds)
{
  guint round;

  for (round = 0; round < 200; round++) {
    RealtimeRetry retry;
    guint delay, i, step = 100;

    realtime_retry_init (&retry, 100, 1000, 8);
    for (i = 0; i < 8; i++) {
      step = MIN (step * 2, 1000);
      fail_unless (realtime_retry_next (&retry, 0, &delay));
      fail_unless (delay >= step / 2 && delay <= step, "%u: %u", i, delay);
    }
    fail_if (realtime_retry_next (&retry, 0, &delay));
    realtime_retry_succeeded (&retry);
    fail_unless (realtime_retry_next (&retry, 0, &delay));
    fail_unless (delay <= 200);
  }
}

GST_END_TEST;

GST_START_TEST (test_jitter)
{
  guint first = 0, delay, i;
  gboolean differs = FALSE;

  for (i = 0; i < 50; i++) {
    RealtimeRetry retry;

    realtime_retry_init (&retry, 1000, 60000, 1);
    fail_unless (realtime_retry_next (&retry, 0, &delay));
    if (i == 0)
      first = delay;
    differs |= delay != first;
  }
  fail_unless (differs);
}

GST_END_TEST;

GST_START_TEST (test_retry_after)
{
  RealtimeRetry retry;
  guint delay;

  realtime_retry_init (&retry, 100, 1000, 3);
  fail_unless (realtime_retry_next (&retry, 30, &delay));
  fail_unless (delay >= 30000 && delay <= 31000);
  fail_unless (realtime_retry_next (&retry, G_MAXUINT, &delay));
  fail_unless_equals_int (delay, G_MAXUINT);
}

GST_END_TEST;

GST_START_TEST (test_none)
{
  RealtimeRetry retry;
  guint delay;

  realtime_retry_init (&retry, 0, 0, 0);
  fail_if (realtime_retry_next (&retry, 0, &delay));
  realtime_retry_init (&retry, 0, 0, 1);
  fail_unless (realtime_retry_next (&retry, 0, &delay));
  fail_unless_equals_int (delay, 0);
}

GST_END_TEST;

GST_START_TEST (test_failure)
{
  g_autoptr (GError) copy = NULL;
  g_autoptr (GError) plain = NULL;
  g_autoptr (GError) error = g_error_new (REALTIME_FAILURE,
      REALTIME_FAILURE_BUSY, "come back later");

  fail_unless_equals_int (realtime_failure_get_http_status (error), 0);
  fail_unless (realtime_failure_get_code (error) == NULL);
  realtime_failure_set_http (error, 429, "rate_limit_exceeded", "req_1", 7);
  realtime_failure_set_http (error, 429, "rate_limit_exceeded", "req_2", 8);
  copy = g_error_copy (error);
  fail_unless_equals_int (realtime_failure_get_http_status (copy), 429);
  fail_unless_equals_string (realtime_failure_get_code (copy),
      "rate_limit_exceeded");
  fail_unless_equals_string (realtime_failure_get_request_id (copy), "req_2");
  fail_unless_equals_int (realtime_failure_get_retry_after (copy), 8);
  fail_unless (realtime_failure_is_transient (copy));

  plain = g_error_new (G_FILE_ERROR, REALTIME_FAILURE_BUSY, "other");
  fail_if (realtime_failure_is_transient (plain));
  fail_unless (realtime_failure_get_code (plain) == NULL);
  copy->code = REALTIME_FAILURE_QUOTA;
  fail_if (realtime_failure_is_transient (copy));
}

GST_END_TEST;

static Suite *
session_retry_suite (void)
{
  Suite *s = suite_create ("session-retry");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_bounds);
  tcase_add_test (tc, test_jitter);
  tcase_add_test (tc, test_retry_after);
  tcase_add_test (tc, test_none);
  tcase_add_test (tc, test_failure);
  return s;
}

GST_CHECK_MAIN (session_retry);
