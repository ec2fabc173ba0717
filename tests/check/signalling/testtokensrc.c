/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>
#include "testtokensrc.h"

void
token_src_use_environment (TestServer * server)
{
  g_autofree gchar *url = server ? test_server_url (server, "/v1")
      : g_strdup ("http://127.0.0.1:9/v1");

  g_setenv ("OPENAI_BASE_URL", url, TRUE);
  g_setenv ("OPENAI_API_KEY", TEST_ENV_KEY, TRUE);
}

TokenSrc *
token_src_new (const gchar * properties)
{
  TokenSrc *self = g_new0 (TokenSrc, 1);
  g_autofree gchar *line = g_strconcat ("tokensrc ", properties, NULL);
  g_autoptr (GError) error = NULL;
  GstElement *element = gst_parse_launch (line, &error);

  fail_unless (element && !error, "%s: %s", line, error ? error->message : "");
  gst_object_ref_sink (element);
  self->h = gst_harness_new_with_element (element, NULL, "src");
  gst_object_unref (element);
  self->bus = gst_bus_new ();
  gst_element_set_bus (self->h->element, self->bus);
  return self;
}

void
token_src_free (TokenSrc * self)
{
  fail_unless (gst_element_set_state (self->h->element, GST_STATE_NULL) ==
      GST_STATE_CHANGE_SUCCESS);
  gst_element_set_bus (self->h->element, NULL);
  gst_bus_set_flushing (self->bus, TRUE);
  gst_object_unref (self->bus);
  gst_harness_teardown (self->h);
  g_free (self);
}

GstMessage *
token_src_pop (TokenSrc * self, GstMessageType types)
{
  GstMessage *message =
      gst_bus_timed_pop_filtered (self->bus, GST_CLOCK_TIME_NONE, types);

  fail_unless (message != NULL);
  return message;
}

guint
token_src_count (TokenSrc * self, GstMessageType types)
{
  GstMessage *message;
  guint count = 0;

  while ((message = gst_bus_pop (self->bus)) != NULL) {
    if (GST_MESSAGE_TYPE (message) & types)
      count++;
    gst_message_unref (message);
  }
  return count;
}

void
token_src_check_message (GstMessage * message, GQuark domain, gint code,
    const gchar * text)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *debug = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, &debug);
  else
    gst_message_parse_warning (message, &error, &debug);
  GST_INFO ("%s", error->message);
  fail_unless (error->domain == domain && error->code == code, "%s %d: %s",
      g_quark_to_string (error->domain), error->code, error->message);
  fail_unless (strstr (error->message, text) != NULL, "'%s' is not in: %s",
      text, error->message);
  fail_if (strstr (error->message, TEST_ENV_KEY));
  fail_if (strstr (debug, TEST_ENV_KEY));
}
