/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "gstrealtimeerror.h"
#include "session/failure.h"

#define MAX_TEXT_BYTES 4096

/* The three ways out of having no credentials. */
#define CREDENTIALS_HINT "Set the environment variable OPENAI_API_KEY, or the " \
    "property api-key or token. To try without an account, start the local " \
    "server (realtime-server) and export the two lines that it prints, " \
    "OPENAI_BASE_URL and OPENAI_API_KEY."

/* What can be done about a failure, NULL where its own text has to do. */
static const gchar *
get_hint (const GError * failure)
{
  /* a proxy's password, not the service's key */
  if (realtime_failure_get_http_status (failure) == 407)
    return NULL;
  switch ((RealtimeFailure) failure->code) {
    case REALTIME_FAILURE_SETTINGS:
    case REALTIME_FAILURE_MISSING_PLUGIN:
    case REALTIME_FAILURE_CANCELLED:
      return NULL;
    case REALTIME_FAILURE_CREDENTIALS:
      return CREDENTIALS_HINT;
    case REALTIME_FAILURE_NOT_AUTHORIZED:
      return "Check the key or the token (OPENAI_API_KEY, api-key, token): it "
          "may be wrong, expired, or not allowed to use this model.";
    case REALTIME_FAILURE_NOT_FOUND:
      return "Check base-url (OPENAI_BASE_URL) or location, and the model.";
    case REALTIME_FAILURE_REFUSED:
      return "Check the session's properties and what this service supports.";
    case REALTIME_FAILURE_BUSY:
      return "Try again later.";
    case REALTIME_FAILURE_QUOTA:
      return "Check the plan and the credit of the account.";
    case REALTIME_FAILURE_UNREACHABLE:
      return "Check the network, base-url (OPENAI_BASE_URL) or location, the "
          "proxy, and that the server is running.";
    case REALTIME_FAILURE_TLS:
      return "Check the server's certificate, the clock of this machine and "
          "its trusted certificates.";
    case REALTIME_FAILURE_FORMAT:
      return "Check that base-url (OPENAI_BASE_URL) or location is that of a "
          "Realtime service.";
    case REALTIME_FAILURE_LINK_LOST:
    case REALTIME_FAILURE_TIMEOUT:
      return "Check the network and any firewall between here and the service "
          "(HTTPS, and UDP for the audio).";
  }
  return NULL;
}

static void
get_domain_and_code (RealtimeFailure kind, GQuark * domain, gint * code)
{
  *domain = GST_RESOURCE_ERROR;
  switch (kind) {
    case REALTIME_FAILURE_SETTINGS:
      *code = GST_RESOURCE_ERROR_SETTINGS;
      break;
    case REALTIME_FAILURE_CREDENTIALS:
    case REALTIME_FAILURE_NOT_AUTHORIZED:
      *code = GST_RESOURCE_ERROR_NOT_AUTHORIZED;
      break;
    case REALTIME_FAILURE_NOT_FOUND:
      *code = GST_RESOURCE_ERROR_NOT_FOUND;
      break;
    case REALTIME_FAILURE_LINK_LOST:
      *code = GST_RESOURCE_ERROR_READ;
      break;
    case REALTIME_FAILURE_FORMAT:
      *domain = GST_STREAM_ERROR;
      *code = GST_STREAM_ERROR_FORMAT;
      break;
    case REALTIME_FAILURE_MISSING_PLUGIN:
      *domain = GST_CORE_ERROR;
      *code = GST_CORE_ERROR_MISSING_PLUGIN;
      break;
    default:
      *code = GST_RESOURCE_ERROR_OPEN_READ_WRITE;
      break;
  }
}

static GstStructure *
make_details (const GError * failure)
{
  GstStructure *details = gst_structure_new_empty ("details");
  guint http_status = realtime_failure_get_http_status (failure);
  const gchar *code = realtime_failure_get_code (failure);
  const gchar *request_id = realtime_failure_get_request_id (failure);

  if (http_status != 0)
    gst_structure_set (details, "http-status", G_TYPE_UINT, http_status, NULL);
  if (code != NULL)
    gst_structure_set (details, "code", G_TYPE_STRING, code, NULL);
  if (request_id != NULL)
    gst_structure_set (details, "request-id", G_TYPE_STRING, request_id, NULL);
  return details;
}

/* One sentence after the other, whatever the first one ends with. A text that
 * quotes a property's value is as long as that, and of any bytes. */
static gchar *
make_text (const gchar * text, const gchar * hint)
{
  g_autofree gchar *what = NULL;
  gboolean ended;

  if (text == NULL || *text == '\0')
    return g_strdup (hint ? hint : "The session failed.");
  what = g_utf8_make_valid (text, MIN (strlen (text), MAX_TEXT_BYTES));
  if (hint == NULL)
    return g_steal_pointer (&what);
  ended = g_str_has_suffix (what, ".") || g_str_has_suffix (what, "!")
      || g_str_has_suffix (what, "?");
  return g_strconcat (what, ended ? " " : ". ", hint, NULL);
}

static void
post (GstElement * element, GstMessageType type, const GError * failure)
{
  g_autofree gchar *facts = NULL;
  GQuark domain;
  gint code;

  g_return_if_fail (GST_IS_ELEMENT (element));
  g_return_if_fail (failure != NULL && failure->domain == REALTIME_FAILURE);

  if (failure->code == REALTIME_FAILURE_CANCELLED)
    return;

  get_domain_and_code (failure->code, &domain, &code);
  if (realtime_failure_get_http_status (failure) != 0) {
    const gchar *service_code = realtime_failure_get_code (failure);
    const gchar *request_id = realtime_failure_get_request_id (failure);

    facts = g_strdup_printf ("HTTP status %u, code %s, request id %s",
        realtime_failure_get_http_status (failure),
        service_code ? service_code : "none", request_id ? request_id : "none");
  }
  gst_element_message_full_with_details (element, type, domain, code,
      make_text (failure->message, get_hint (failure)),
      g_steal_pointer (&facts), __FILE__, GST_FUNCTION, __LINE__,
      make_details (failure));
}

void
gst_realtime_element_error (GstElement * element, const GError * failure)
{
  post (element, GST_MESSAGE_ERROR, failure);
}

void
gst_realtime_element_warning (GstElement * element, const GError * failure)
{
  post (element, GST_MESSAGE_WARNING, failure);
}
