/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "session/failure.h"
#include "signalling/pace.h"
#include "testclient.h"

/* A name server that knows three hosts: one that does not exist, one that
 * cannot be told just now, and one about which it never answers. */
#define TEST_TYPE_RESOLVER (test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)
     struct _TestResolver
     {
       GResolver parent;
     };

G_DEFINE_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER);

     static gint asked;         /* atomic */

     static void on_cancelled (GCancellable * cancellable, gpointer task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
}

static void
lookup_async (GResolver * resolver, const gchar * hostname,
    GResolverNameLookupFlags flags, GCancellable * cancellable,
    GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (resolver, NULL, callback, user_data);

  g_atomic_int_inc (&asked);
  if (strcmp (hostname, "never.invalid") == 0) {
    g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), task,
        g_object_unref);
    return;
  }
  if (strcmp (hostname, "later.invalid") == 0)
    g_task_return_new_error (task, G_RESOLVER_ERROR,
        G_RESOLVER_ERROR_TEMPORARY_FAILURE, "not now");
  else
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND,
        "never heard of");
  g_object_unref (task);
}

static GList *
lookup_finish (GResolver * resolver, GAsyncResult * result, GError ** error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_class_init (TestResolverClass * klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  resolver_class->lookup_by_name_with_flags_async = lookup_async;
  resolver_class->lookup_by_name_with_flags_finish = lookup_finish;
}

static void
test_resolver_init (TestResolver * self)
{
}

static void
use_test_resolver (void)
{
  g_autoptr (GResolver) resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);

  g_resolver_set_default (resolver);
}

GST_START_TEST (test_unknown_host)
{
  g_autoptr (Client) client = NULL;
  g_autoptr (Client) again = NULL;

  use_test_resolver ();
  client = client_new ("http://lost.invalid/v1");
  client_mint (client, NULL, TEST_KEY, NULL);
  client_check_failure (client, REALTIME_FAILURE_NOT_FOUND,
      "no host of that name");
  fail_if (realtime_failure_is_transient (client->error));

  again = client_new ("http://later.invalid/v1");
  client_mint (again, NULL, TEST_KEY, NULL);
  client_check_failure (again, REALTIME_FAILURE_UNREACHABLE, "just now");
  fail_unless (realtime_failure_is_transient (again->error));
  fail_unless (g_atomic_int_get (&asked) >= 2);
}

GST_END_TEST;

GST_START_TEST (test_name_server_is_silent)
{
  g_autoptr (Client) client = NULL;

  use_test_resolver ();
  client = client_new ("http://never.invalid/v1");
  realtime_signalling_set_timeout (client->signalling, 1);
  client_mint (client, NULL, TEST_KEY, NULL);
  client_check_failure (client, REALTIME_FAILURE_TIMEOUT, "never.invalid");

  realtime_signalling_set_timeout (client->signalling, 3600);
  g_atomic_int_set (&asked, 0);
  client_start_mint (client);
  while (g_atomic_int_get (&asked) == 0)
    g_main_context_iteration (client->context, TRUE);
  g_cancellable_cancel (client->cancellable);
  while (client->answers < 2)
    g_main_context_iteration (client->context, TRUE);
  client_check_failure (client, REALTIME_FAILURE_CANCELLED, "cancelled");
}

GST_END_TEST;

GST_START_TEST (test_pace)
{
  RealtimePace pace;
  const gint64 s = G_USEC_PER_SEC;
  gint64 now;

  realtime_pace_init (&pace, 2);
  fail_unless_equals_int64 (realtime_pace_get_delay (&pace, 100 * s), 0);
  realtime_pace_note (&pace, 100 * s);
  fail_unless_equals_int64 (realtime_pace_get_delay (&pace, 110 * s), 0);
  realtime_pace_note (&pace, 110 * s);
  fail_unless_equals_int64 (realtime_pace_get_delay (&pace, 111 * s), 49 * s);
  fail_unless_equals_int64 (realtime_pace_get_delay (&pace, 160 * s - 1), 1);
  fail_unless_equals_int64 (realtime_pace_get_delay (&pace, 160 * s), 0);
  realtime_pace_note (&pace, 160 * s);
  fail_unless_equals_int64 (realtime_pace_get_delay (&pace, 161 * s), 9 * s);
  fail_unless_equals_int64 (realtime_pace_get_delay (&pace, 1000 * s), 0);
  realtime_pace_clear (&pace);

  realtime_pace_init (&pace, 0);
  for (now = 0; now < 1000; now++) {
    fail_unless_equals_int64 (realtime_pace_get_delay (&pace, now), 0);
    realtime_pace_note (&pace, now);
  }
  fail_unless_equals_int (g_queue_get_length (&pace.times), 0);
  realtime_pace_clear (&pace);
}

GST_END_TEST;

static Suite *
names_suite (void)
{
  Suite *s = suite_create ("names");
  TCase *tc = tcase_create ("names");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_unknown_host);
  tcase_add_test (tc, test_name_server_is_silent);
  tcase_add_test (tc, test_pace);
  return s;
}

GST_CHECK_MAIN (names);
