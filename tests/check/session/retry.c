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

/* With any luck: no number of attempts is the last, and none is too long. */
GST_START_TEST (test_forever)
{
  RealtimeRetry retry;
  guint delay, i;

  realtime_retry_init (&retry, 100, 1000, REALTIME_RETRY_FOREVER);
  for (i = 0; i < 10000; i++) {
    fail_unless (realtime_retry_next (&retry, 0, &delay));
    fail_unless (delay >= 100 && delay <= 1000, "%u: %u", i, delay);
    fail_unless_equals_int (retry.attempt, i + 1);
  }
  retry.attempt = G_MAXUINT;
  fail_unless (realtime_retry_next (&retry, 0, &delay));
  fail_unless (delay >= 500 && delay <= 1000);
  fail_unless (retry.attempt == G_MAXUINT);
}

GST_END_TEST;

/* Chance is the same each time: so are the delays. */
GST_START_TEST (test_delays)
{
  guint round, delays[2][6], i;

  for (round = 0; round < 2; round++) {
    RealtimeRetry retry;

    g_random_set_seed (7);
    realtime_retry_init (&retry, 500, 30000, 6);
    for (i = 0; i < 6; i++) {
      fail_unless (realtime_retry_next (&retry, 0, &delays[round][i]));
      /* each is from a range of its own until the longest */
      fail_unless (delays[round][i] >= 500u << i);
      fail_unless (delays[round][i] <= MIN (1000u << i, 30000));
    }
  }
  for (i = 0; i < 6; i++)
    fail_unless_equals_int (delays[0][i], delays[1][i]);
}

GST_END_TEST;

/* What is lost again at once was not worth its attempts. */
GST_START_TEST (test_lasted)
{
  RealtimeRetry retry;
  guint delay;

  realtime_retry_init (&retry, 100, 1000, 2);
  fail_unless (realtime_retry_next (&retry, 0, &delay));
  realtime_retry_note_lasted (&retry, REALTIME_RETRY_PROOF_MS - 1);
  fail_unless (realtime_retry_next (&retry, 0, &delay));
  fail_unless_equals_int (retry.attempt, 2);
  realtime_retry_note_lasted (&retry, 0);
  fail_if (realtime_retry_next (&retry, 0, &delay));
  realtime_retry_note_lasted (&retry, REALTIME_RETRY_PROOF_MS);
  fail_unless (realtime_retry_next (&retry, 0, &delay));
  fail_unless_equals_int (retry.attempt, 1);
}

GST_END_TEST;

static const struct
{
  RealtimeFailure kind;
  guint status;
  const gchar *code;
  gboolean later, first;        /* after a session; for the first one */
} failures[] = {
  {REALTIME_FAILURE_LINK_LOST, 0, NULL, TRUE, FALSE},
  {REALTIME_FAILURE_LINK_LOST, 0, "session_expired", TRUE, FALSE},
  {REALTIME_FAILURE_LINK_LOST, 0, "server_error", TRUE, FALSE},
  {REALTIME_FAILURE_LINK_LOST, 0, "insufficient_quota", FALSE, FALSE},
  {REALTIME_FAILURE_LINK_LOST, 0, "account_deactivated", FALSE, FALSE},
  {REALTIME_FAILURE_LINK_LOST, 0, "invalid_api_key", FALSE, FALSE},
  {REALTIME_FAILURE_UNREACHABLE, 0, NULL, TRUE, FALSE},
  {REALTIME_FAILURE_TIMEOUT, 0, NULL, TRUE, FALSE},
  {REALTIME_FAILURE_BUSY, 500, "server_error", TRUE, TRUE},
  {REALTIME_FAILURE_BUSY, 503, NULL, TRUE, TRUE},
  {REALTIME_FAILURE_BUSY, 429, "rate_limit_exceeded", TRUE, TRUE},
  {REALTIME_FAILURE_QUOTA, 429, "insufficient_quota", FALSE, FALSE},
  {REALTIME_FAILURE_NOT_AUTHORIZED, 401, "invalid_api_key", FALSE, FALSE},
  {REALTIME_FAILURE_NOT_AUTHORIZED, 403, NULL, FALSE, FALSE},
  {REALTIME_FAILURE_NOT_FOUND, 404, "model_not_found", FALSE, FALSE},
  {REALTIME_FAILURE_NOT_FOUND, 0, NULL, TRUE, FALSE},
  {REALTIME_FAILURE_REFUSED, 400, NULL, FALSE, FALSE},
  {REALTIME_FAILURE_SETTINGS, 0, NULL, FALSE, FALSE},
  {REALTIME_FAILURE_CREDENTIALS, 0, NULL, FALSE, FALSE},
  {REALTIME_FAILURE_FORMAT, 0, NULL, FALSE, FALSE},
  {REALTIME_FAILURE_TLS, 0, NULL, FALSE, FALSE},
  {REALTIME_FAILURE_MISSING_PLUGIN, 0, NULL, FALSE, FALSE},
  {REALTIME_FAILURE_CANCELLED, 0, NULL, FALSE, FALSE},
};

GST_START_TEST (test_worth)
{
  g_autoptr (GError) other = g_error_new (G_FILE_ERROR, 0, "other");
  guint i;

  for (i = 0; i < G_N_ELEMENTS (failures); i++) {
    g_autoptr (GError) error = g_error_new (REALTIME_FAILURE,
        failures[i].kind, "as it is");

    realtime_failure_set_http (error, failures[i].status, failures[i].code,
        NULL, 0);
    fail_unless_equals_int (realtime_retry_is_worth (error, TRUE, FALSE),
        failures[i].later);
    fail_unless_equals_int (realtime_retry_is_worth (error, FALSE, FALSE),
        failures[i].first);
    fail_unless_equals_int (realtime_retry_is_worth (error, FALSE, TRUE),
        failures[i].later);
  }
  fail_if (realtime_retry_is_worth (other, TRUE, TRUE));
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
  tcase_add_test (tc, test_forever);
  tcase_add_test (tc, test_delays);
  tcase_add_test (tc, test_lasted);
  tcase_add_test (tc, test_worth);
  return s;
}

GST_CHECK_MAIN (session_retry);
