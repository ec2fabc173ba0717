/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "gstrealtimeerror.h"
#include "session/failure.h"

static GstElement *element;
static GstBus *bus;

static void
setup (void)
{
  element = gst_bin_new ("face");
  bus = gst_bus_new ();
  gst_element_set_bus (element, bus);
}

static void
teardown (void)
{
  gst_element_set_bus (element, NULL);
  gst_object_unref (bus);
  gst_object_unref (element);
}

typedef struct
{
  RealtimeFailure kind;
  GQuark domain;
  gint code;
  const gchar *advice;
} Row;

static const GstStructure *
check_message (GstMessage * message, const Row * row)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *debug = NULL;
  const GstStructure *details = NULL;

  fail_unless (message != NULL, "kind %d", row->kind);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &error, &debug);
    gst_message_parse_error_details (message, &details);
  } else {
    gst_message_parse_warning (message, &error, &debug);
    gst_message_parse_warning_details (message, &details);
  }
  fail_unless_equals_int (error->domain, row->domain);
  fail_unless_equals_int (error->code, row->code);
  fail_unless (g_str_has_prefix (error->message, "It went wrong"));
  fail_unless (strstr (error->message, row->advice) != NULL, "%s",
      error->message);
  return details;
}

GST_START_TEST (test_kinds)
{
  const Row rows[] = {
    {REALTIME_FAILURE_SETTINGS, GST_RESOURCE_ERROR,
        GST_RESOURCE_ERROR_SETTINGS, "wrong"},
    {REALTIME_FAILURE_CREDENTIALS, GST_RESOURCE_ERROR,
        GST_RESOURCE_ERROR_NOT_AUTHORIZED, "realtime-server"},
    {REALTIME_FAILURE_CREDENTIALS, GST_RESOURCE_ERROR,
        GST_RESOURCE_ERROR_NOT_AUTHORIZED, "OPENAI_API_KEY"},
    {REALTIME_FAILURE_NOT_AUTHORIZED, GST_RESOURCE_ERROR,
        GST_RESOURCE_ERROR_NOT_AUTHORIZED, "Check the key"},
    {REALTIME_FAILURE_NOT_FOUND, GST_RESOURCE_ERROR,
        GST_RESOURCE_ERROR_NOT_FOUND, "base-url"},
    {REALTIME_FAILURE_REFUSED, GST_RESOURCE_ERROR,
        GST_RESOURCE_ERROR_OPEN_READ_WRITE, "properties"},
    {REALTIME_FAILURE_BUSY, GST_RESOURCE_ERROR,
        GST_RESOURCE_ERROR_OPEN_READ_WRITE, "later"},
    {REALTIME_FAILURE_QUOTA, GST_RESOURCE_ERROR,
        GST_RESOURCE_ERROR_OPEN_READ_WRITE, "credit"},
    {REALTIME_FAILURE_UNREACHABLE, GST_RESOURCE_ERROR,
        GST_RESOURCE_ERROR_OPEN_READ_WRITE, "running"},
    {REALTIME_FAILURE_TLS, GST_RESOURCE_ERROR,
        GST_RESOURCE_ERROR_OPEN_READ_WRITE, "certificate"},
    {REALTIME_FAILURE_FORMAT, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "Realtime"},
    {REALTIME_FAILURE_LINK_LOST, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ,
        "network"},
    {REALTIME_FAILURE_TIMEOUT, GST_RESOURCE_ERROR,
        GST_RESOURCE_ERROR_OPEN_READ_WRITE, "firewall"},
    {REALTIME_FAILURE_MISSING_PLUGIN, GST_CORE_ERROR,
        GST_CORE_ERROR_MISSING_PLUGIN, "wrong"},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) failure = g_error_new (REALTIME_FAILURE, rows[i].kind,
        "It went wrong");
    GstMessage *message;

    gst_realtime_element_error (element, failure);
    message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
    check_message (message, &rows[i]);
    gst_message_unref (message);

    gst_realtime_element_warning (element, failure);
    message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING);
    check_message (message, &rows[i]);
    gst_message_unref (message);
  }
}

GST_END_TEST;

GST_START_TEST (test_details)
{
  const Row row = { REALTIME_FAILURE_QUOTA, GST_RESOURCE_ERROR,
    GST_RESOURCE_ERROR_OPEN_READ_WRITE, "wrong. Check"
  };
  g_autoptr (GError) failure = g_error_new (REALTIME_FAILURE, row.kind,
      "It went wrong.");
  const GstStructure *details;
  GstMessage *message;
  guint status = 0;

  realtime_failure_set_http (failure, 429, "insufficient_quota", "req_7", 0);
  gst_realtime_element_error (element, failure);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  details = check_message (message, &row);
  fail_unless (gst_structure_get_uint (details, "http-status", &status));
  fail_unless_equals_int (status, 429);
  fail_unless_equals_string (gst_structure_get_string (details, "code"),
      "insufficient_quota");
  fail_unless_equals_string (gst_structure_get_string (details, "request-id"),
      "req_7");
  gst_message_unref (message);
}

GST_END_TEST;

GST_START_TEST (test_cancelled_is_silent)
{
  g_autoptr (GError) failure = g_error_new (REALTIME_FAILURE,
      REALTIME_FAILURE_CANCELLED, "It was cancelled");

  gst_realtime_element_error (element, failure);
  gst_realtime_element_warning (element, failure);
  fail_unless (gst_bus_pop (bus) == NULL);
}

GST_END_TEST;

static Suite *
session_error_suite (void)
{
  Suite *s = suite_create ("session-error");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, test_kinds);
  tcase_add_test (tc, test_details);
  tcase_add_test (tc, test_cancelled_is_silent);
  return s;
}

GST_CHECK_MAIN (session_error);
