/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>
#include "signalling-private.h"
#include "session/failure.h"
#include "session/json.h"

#define WANTS_PASSWORD "the proxy wants a user name and a password, or others, " \
    "which go into the URL of http-proxy"
#define MAX_MESSAGE_CHARS 300
#define MAX_CODE_CHARS 64
/* What a server may ask us to wait; beyond a day it is a mistake or an attack. */
#define MAX_RETRY_AFTER (24 * 60 * 60)

/* What the service itself said, from whatever form its body has. */
static void
read_error_body (const RealtimeHttpRequest * request,
    const RealtimeHttpReply * reply, gchar ** code, gchar ** message)
{
  gsize size;
  const gchar *body = g_bytes_get_data (reply->body, &size);
  g_autoptr (JsonObject) object = NULL;
  const gchar *text = NULL, *word = NULL;
  gssize length = -1;

  *code = *message = NULL;
  if (size == 0)
    return;
  object = realtime_json_parse_object (body, size, NULL);
  if (object) {
    text = realtime_json_get_string (object, "error.message", NULL);
    if (!text)
      text = realtime_json_get_string (object, "error", NULL);
    if (!text)
      text = realtime_json_get_string (object, "message", NULL);
    if (!text)
      text = realtime_json_get_string (object, "detail", NULL);
    word = realtime_json_get_string (object, "error.code", NULL);
    if (!word)
      word = realtime_json_get_string (object, "error.type", NULL);
    if (!word)
      word = realtime_json_get_string (object, "code", NULL);
  } else {
    const gchar *end;
    g_autofree gchar *lower = g_ascii_strdown (body, size);

    /* a page for people: its title says it, the rest is decoration */
    text = strstr (lower, "<title>");
    if (text) {
      text = body + (text - lower) + strlen ("<title>");
      end = strstr (lower + (text - body), "</title>");
      length = end ? end - lower - (text - body) : 0;
    } else if (!memchr (body, '<', size) && !memchr (body, '{', size)) {
      text = body;
      length = size;
    }
  }
  if (text) {
    *message = realtime_text_for_user (text, length, MAX_MESSAGE_CHARS,
        request->secrets);
    if (!**message)
      g_clear_pointer (message, g_free);
  }
  if (word && *word)
    *code = realtime_text_for_user (word, -1, MAX_CODE_CHARS, request->secrets);
}

/* "1s", "6m0s", "20ms", "1h2m3.5s" in seconds, rounded up; 0 if it is not so. */
static guint
parse_duration (const gchar * text)
{
  gdouble total = 0;
  gchar *end;

  while (*text) {
    gdouble value = g_ascii_strtod (text, &end);

    if (end == text || value < 0)
      return 0;
    if (g_str_has_prefix (end, "ms")) {
      total += value / 1000;
      end += 2;
    } else if (*end == 's') {
      total += value;
      end++;
    } else if (*end == 'm') {
      total += value * 60;
      end++;
    } else if (*end == 'h') {
      total += value * 3600;
      end++;
    } else {
      return 0;
    }
    text = end;
  }
  if (!(total < MAX_RETRY_AFTER))
    return MAX_RETRY_AFTER;
  return total > (guint) total ? (guint) total + 1 : (guint) total;
}

/* Seconds that the reply asks to wait, 0 if it does not. */
static guint
read_retry_after (SoupMessageHeaders * headers)
{
  static const gchar *const limits[] = { "requests", "tokens" };
  const gchar *value;
  guint64 number;
  guint i, wait, longest = 0;

  value = soup_message_headers_get_one (headers, "retry-after-ms");
  if (value && g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT32, &number,
          NULL))
    return MIN ((number + 999) / 1000, MAX_RETRY_AFTER);

  value = soup_message_headers_get_one (headers, "Retry-After");
  if (value) {
    g_autoptr (GDateTime) date = NULL;
    gint64 delta;

    if (g_ascii_isdigit (*value)) {
      number = g_ascii_strtoull (value, NULL, 10);
      return MIN (number, MAX_RETRY_AFTER);
    }
    date = soup_date_time_new_from_http_string (value);
    if (date) {
      delta = g_date_time_to_unix (date) - g_get_real_time () / G_USEC_PER_SEC;
      return CLAMP (delta, 0, MAX_RETRY_AFTER);
    }
  }

  /* the service's own way: the limit that is used up tells when it is not */
  for (i = 0; i < G_N_ELEMENTS (limits); i++) {
    g_autofree gchar *remaining =
        g_strconcat ("x-ratelimit-remaining-", limits[i], NULL);
    g_autofree gchar *reset =
        g_strconcat ("x-ratelimit-reset-", limits[i], NULL);

    value = soup_message_headers_get_one (headers, remaining);
    if (g_strcmp0 (value, "0") != 0)
      continue;
    value = soup_message_headers_get_one (headers, reset);
    wait = value ? parse_duration (value) : 0;
    longest = MAX (longest, wait);
  }
  return longest;
}

static RealtimeFailure
classify (guint status, const gchar * code)
{
  if ((status == 429 || status == 403 || status == 402)
      && realtime_failure_is_quota_code (code))
    return REALTIME_FAILURE_QUOTA;
  switch (status) {
    case SOUP_STATUS_UNAUTHORIZED:
    case SOUP_STATUS_FORBIDDEN:
    case SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED:
      return REALTIME_FAILURE_NOT_AUTHORIZED;
    case SOUP_STATUS_PAYMENT_REQUIRED:
      return REALTIME_FAILURE_QUOTA;
    case SOUP_STATUS_NOT_FOUND:
      return REALTIME_FAILURE_NOT_FOUND;
    case SOUP_STATUS_REQUEST_TIMEOUT:
    case 429:
      return REALTIME_FAILURE_BUSY;
    default:
      break;
  }
  if (status >= 500)
    return REALTIME_FAILURE_BUSY;
  if (g_strcmp0 (code, "model_not_found") == 0)
    return REALTIME_FAILURE_NOT_FOUND;
  return REALTIME_FAILURE_REFUSED;
}

GError *
realtime_http_failure_from_reply (const RealtimeHttpRequest * request,
    const RealtimeHttpReply * reply)
{
  g_autofree gchar *code = NULL;
  g_autofree gchar *message = NULL;
  g_autofree gchar *request_id = NULL;
  g_autofree gchar *shown = realtime_url_for_user (reply->uri);
  /* too young for libsoup's list */
  const gchar *phrase = reply->status == 429 ? "Too Many Requests"
      : soup_status_get_phrase (reply->status);
  guint retry_after = 0;
  RealtimeFailure failure;
  GError *error;

  read_error_body (request, reply, &code, &message);
  failure = classify (reply->status, code);
  if (failure == REALTIME_FAILURE_BUSY)
    retry_after = read_retry_after (reply->headers);
  if (reply->request_id)
    request_id = realtime_text_for_user (reply->request_id, -1, 128,
        request->secrets);
  error = g_error_new (REALTIME_FAILURE, failure,
      "%s: %s answered %u %s%s%s%s%s", request->what, shown, reply->status,
      phrase, message ? ": “" : "", message ? message : "",
      message ? "”" : "",
      reply->status == SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED ?
      ": " WANTS_PASSWORD : "");
  realtime_failure_set_http (error, reply->status, code, request_id,
      retry_after);
  return error;
}

GError *
realtime_http_failure_from_proxy (const RealtimeHttpRequest * request,
    const RealtimeHttpReply * reply, const gchar * proxy)
{
  /* tinyproxy says 401 to a password that is not the right one */
  gboolean wants_password =
      reply->status == SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED
      || reply->status == SOUP_STATUS_UNAUTHORIZED;
  g_autofree gchar *shown = realtime_url_for_user (reply->uri);
  g_autofree gchar *bare_proxy = realtime_proxy_url_for_user (proxy);
  GError *error = g_error_new (REALTIME_FAILURE, wants_password ?
      REALTIME_FAILURE_NOT_AUTHORIZED : REALTIME_FAILURE_UNREACHABLE,
      "%s: %s through the proxy%s%s: the proxy answered %u %s%s",
      request->what, shown, bare_proxy ? " " : "", bare_proxy ? bare_proxy : "",
      reply->status, soup_status_get_phrase (reply->status),
      wants_password ? ": " WANTS_PASSWORD :
      " and does not let us through (http-proxy)");

  realtime_failure_set_http (error, wants_password ?
      SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED : reply->status, NULL, NULL, 0);
  return error;
}

static gchar *
describe_tls (const GError * cause, GTlsCertificateFlags errors)
{
  static const struct
  {
    GTlsCertificateFlags flag;
    const gchar *text;
  } reasons[] = {
    {G_TLS_CERTIFICATE_UNKNOWN_CA, "it is signed by an authority that is not "
          "known here (give that authority's certificate in ssl-ca-file)"},
    {G_TLS_CERTIFICATE_BAD_IDENTITY, "it was made for another host name "
          "(check the URL)"},
    {G_TLS_CERTIFICATE_NOT_ACTIVATED, "it is not valid yet (check this "
          "machine's clock)"},
    {G_TLS_CERTIFICATE_EXPIRED, "it has expired (renew it on the server; "
          "check this machine's clock)"},
    {G_TLS_CERTIFICATE_REVOKED, "it has been revoked"},
    {G_TLS_CERTIFICATE_INSECURE, "its algorithm is not secure any more"},
    {G_TLS_CERTIFICATE_GENERIC_ERROR, "it cannot be verified"}
  };
  GString *text = g_string_new (NULL);
  guint i;

  if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_UNAVAILABLE)) {
    g_string_append (text, "this machine has no TLS for GLib: install "
        "glib-networking");
  } else if (errors) {
    g_string_append (text, "the server's certificate is refused: ");
    for (i = 0; i < G_N_ELEMENTS (reasons); i++) {
      if (errors & reasons[i].flag)
        g_string_append_printf (text, "%s%s",
            text->str[text->len - 1] == ' ' ? "" : "; ", reasons[i].text);
    }
    g_string_append (text, ". For a test, ssl-strict=false accepts any "
        "certificate");
  } else {
    g_autofree gchar *detail = realtime_text_for_user (cause->message, -1,
        MAX_MESSAGE_CHARS, NULL);

    g_string_append_printf (text, "no secure connection (%s): the server may "
        "not speak TLS on this port; then the URL begins with http://", detail);
  }
  return g_string_free (text, FALSE);
}

static RealtimeFailure
classify_cause (const GError * cause, const gchar * proxy, const gchar ** text)
{
  if (cause->domain == G_TLS_ERROR)
    return REALTIME_FAILURE_TLS;
  if (cause->domain == G_RESOLVER_ERROR) {
    if (cause->code == G_RESOLVER_ERROR_TEMPORARY_FAILURE) {
      *text = "the name of the host cannot be looked up just now (is the name "
          "server within reach?)";
      return REALTIME_FAILURE_UNREACHABLE;
    }
    *text = "there is no host of that name";
    return REALTIME_FAILURE_NOT_FOUND;
  }
  if (cause->domain == SOUP_SESSION_ERROR) {
    *text = "the answer is not HTTP (wrong port, or a URL that must begin with "
        "https://)";
    return REALTIME_FAILURE_FORMAT;
  }
  if (cause->domain == G_IO_ERROR) {
    switch (cause->code) {
      case G_IO_ERROR_CONNECTION_REFUSED:
        *text = proxy ? "the proxy does not listen (http-proxy)"
            : "nobody listens there";
        break;
      case G_IO_ERROR_HOST_UNREACHABLE:
      case G_IO_ERROR_NETWORK_UNREACHABLE:
        *text = "there is no way to that host";
        break;
      case G_IO_ERROR_PROXY_FAILED:
      case G_IO_ERROR_PROXY_NOT_ALLOWED:
        *text = "the proxy does not let us through (http-proxy)";
        break;
      case G_IO_ERROR_PROXY_AUTH_FAILED:
      case G_IO_ERROR_PROXY_NEED_AUTH:
        *text = WANTS_PASSWORD;
        return REALTIME_FAILURE_NOT_AUTHORIZED;
      case G_IO_ERROR_HOST_NOT_FOUND:
        *text = "there is no host of that name";
        return REALTIME_FAILURE_NOT_FOUND;
      case G_IO_ERROR_TIMED_OUT:
        *text = "the connection timed out";
        return REALTIME_FAILURE_TIMEOUT;
      case G_IO_ERROR_PARTIAL_INPUT:
      case G_IO_ERROR_CONNECTION_CLOSED:
        *text = proxy ? "the connection was closed before the answer was "
            "whole; a proxy does so, too, that wants a user name and a "
            "password, or others, in http-proxy" :
            "the server closed the connection before its answer was whole";
        break;
      default:
        break;
    }
  }
  return REALTIME_FAILURE_UNREACHABLE;
}

GError *
realtime_http_failure_from_cause (const RealtimeHttpRequest * request,
    const GError * cause, GUri * uri, const gchar * proxy,
    GTlsCertificateFlags tls_errors)
{
  g_autofree gchar *shown = realtime_url_for_user (uri);
  g_autofree gchar *bare_proxy = realtime_proxy_url_for_user (proxy);
  g_autofree gchar *detail = NULL;
  const gchar *text = NULL;
  RealtimeFailure failure = classify_cause (cause, proxy, &text);

  if (failure == REALTIME_FAILURE_TLS)
    detail = describe_tls (cause, tls_errors);
  else if (text)
    detail = g_strdup (text);
  else
    detail = realtime_text_for_user (cause->message, -1, MAX_MESSAGE_CHARS,
        request->secrets);
  return g_error_new (REALTIME_FAILURE, failure, "%s: %s%s%s: %s",
      request->what, shown, bare_proxy ? " through the proxy " : "",
      bare_proxy ? bare_proxy : "", detail);
}
