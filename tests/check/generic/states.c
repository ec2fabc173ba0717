/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Every element of the plugin through every state transition, 50 times. */

#include <gst/check/gstcheck.h>

#include "elements.h"

#define ROUNDS 50
/* What the first rounds allocate for good is not a leak. */
#define WARM_UP 5
#define SETTLE_SECONDS 20

/* Each step up and down alone, then every jump that skips states. */
static const GstState walk[] = {
  GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_PLAYING,
  GST_STATE_PAUSED, GST_STATE_READY, GST_STATE_NULL,
  GST_STATE_PAUSED, GST_STATE_NULL,
  GST_STATE_PLAYING, GST_STATE_NULL,
  GST_STATE_READY, GST_STATE_PLAYING, GST_STATE_READY, GST_STATE_NULL
};

static guint
count_entries (const gchar * folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  if (!dir)
    return 0;
  while (g_dir_read_name (dir))
    n++;
  g_dir_close (dir);

  return n;
}

/* An element may finish its teardown behind the state change, so the count is
 * read until it is down again or the patience is at an end. */
static guint
count_when_settled (const gchar * folder, guint at_most)
{
  gint64 deadline = g_get_monotonic_time () + SETTLE_SECONDS * G_USEC_PER_SEC;
  guint n;

  while ((n = count_entries (folder)) > at_most
      && g_get_monotonic_time () < deadline)
    g_thread_yield ();

  return n;
}

static void
walk_once (GstElement * element, guint round)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (walk); i++) {
    GstStateChangeReturn ret = gst_element_set_state (element, walk[i]);

    fail_if (ret == GST_STATE_CHANGE_FAILURE,
        "%s, round %u: step %u, to %s, failed", GST_OBJECT_NAME (element),
        round, i, gst_element_state_get_name (walk[i]));
    /* Going down is never asynchronous. */
    if (walk[i] <= GST_STATE_READY)
      fail_unless_equals_int (ret, GST_STATE_CHANGE_SUCCESS);
  }
}

static void
check_no_warning (GstBus * bus, const gchar * name)
{
  GstMessage *msg;

  /* A refused connection is an ERROR; anything the element itself did wrong
   * would be of another domain. */
  while ((msg = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR))) {
    GError *error = NULL;
    gchar *debug = NULL;

    gst_message_parse_error (msg, &error, &debug);
    fail_unless (error->domain == GST_RESOURCE_ERROR
        || error->domain == GST_STREAM_ERROR,
        "%s posted %s (%s)", name, error->message, debug);
    g_error_free (error);
    g_free (debug);
    gst_message_unref (msg);
  }
}

GST_START_TEST (test_every_element)
{
  GList *factories = realtime_elements ();
  GstElementFactory *factory = g_list_nth_data (factories, __i__);
  GstElement *element;
  GstBus *bus;
  guint round, fds = 0, threads = 0;

  GST_INFO ("walking %s", GST_OBJECT_NAME (factory));

  element = gst_object_ref_sink (realtime_element_new (factory));
  bus = gst_bus_new ();
  gst_element_set_bus (element, bus);
  for (round = 0; round < ROUNDS; round++) {
    walk_once (element, round);
    check_no_warning (bus, GST_OBJECT_NAME (factory));
    if (round == WARM_UP) {
      fds = count_entries ("/proc/self/fd");
      threads = count_entries ("/proc/self/task");
    }
  }
  /* Pools keep a few idle threads and their wake-up descriptors. */
  fail_unless (count_when_settled ("/proc/self/fd", fds + 8) <= fds + 8,
      "%s leaks file descriptors: %u after %u rounds, %u after %u",
      GST_OBJECT_NAME (factory), fds, WARM_UP,
      count_entries ("/proc/self/fd"), ROUNDS);
  fail_unless (count_when_settled ("/proc/self/task", threads + 8)
      <= threads + 8, "%s leaks threads: %u after %u rounds, %u after %u",
      GST_OBJECT_NAME (factory), threads, WARM_UP,
      count_entries ("/proc/self/task"), ROUNDS);

  gst_element_set_bus (element, NULL);
  gst_object_unref (bus);
  gst_object_unref (element);

  gst_plugin_feature_list_free (factories);
}

GST_END_TEST;

/* Without it the loop below would pass on nothing. */
GST_START_TEST (test_there_are_elements)
{
  GList *factories = realtime_elements ();

  fail_unless (factories != NULL,
      "the registry knows no element of the plugin 'realtime'");
  gst_plugin_feature_list_free (factories);
}

GST_END_TEST;

static Suite *
states_suite (void)
{
  Suite *s = suite_create ("states");
  TCase *tc = tcase_create ("walk");
  GList *factories = realtime_elements ();

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, 300);
  tcase_add_test (tc, test_there_are_elements);
  tcase_add_loop_test (tc, test_every_element, 0, g_list_length (factories));
  gst_plugin_feature_list_free (factories);

  return s;
}

GST_CHECK_MAIN (states);
