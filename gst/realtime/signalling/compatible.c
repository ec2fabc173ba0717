/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "signalling-private.h"

/* Servers that speak the protocol and differ in how a call is opened: LocalAI,
 * speaches, Hugging Face's speech-to-speech, proxies, an application's own back
 * end that passes offers on. What a server wants shows in what it refuses. */

/* The ways of a call. */
enum
{
  CALLS_SDP,                    /* where the service has its calls, or sdp-url */
  CALLS_JSON,
  OLDER_SDP,                    /* the path of the beta */
  OLDER_JSON
};

/* The ways of a hang-up. */
enum
{
  HANG_UP_POST,
  HANG_UP_DELETE
};

/* No model where a token carries one: then a second is refused. On the older
 * path it is always there. */
static gchar *
make_url (const RealtimeCall * call, gboolean older)
{
  const gchar *model = call->offer->model;
  GString *url;

  if (call->url)
    return g_strdup (call->url);
  url = g_string_new (call->base);
  g_string_append (url, older ? "/realtime" : "/realtime/calls");
  if (model && (older || call->offer->session_json)) {
    g_string_append (url, "?model=");
    g_string_append_uri_escaped (url, model, NULL, FALSE);
  }
  if (older && call->offer->transcription)
    g_string_append_printf (url, "%cintent=transcription", model ? '&' : '?');
  return g_string_free (url, FALSE);
}

static RealtimeHttpRequest *
compatible_call (const RealtimeCall * call, guint way)
{
  g_autofree gchar *url = make_url (call, way >= OLDER_SDP);
  RealtimeHttpRequest *request = realtime_call_request_new (url,
      call->credential);
  RealtimeOfferFormat format = call->format;

  if (format == REALTIME_OFFER_AUTO) {
    format = way == CALLS_JSON || way == OLDER_JSON ? REALTIME_OFFER_JSON :
        REALTIME_OFFER_SDP;
  }
  if (format == REALTIME_OFFER_JSON)
    realtime_call_request_set_json (request, call->offer);
  else if (format == REALTIME_OFFER_MULTIPART)
    realtime_call_request_set_multipart (request, call->offer);
  else
    realtime_call_request_set_sdp (request, call->offer);
  return request;
}

/* What servers answer to a body that they cannot read; a few say no more than
 * that the request is bad. */
static gboolean
is_wrong_form (guint status)
{
  return status == SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE
      || status == SOUP_STATUS_UNPROCESSABLE_ENTITY
      || status == SOUP_STATUS_BAD_REQUEST
      || status == SOUP_STATUS_NOT_ACCEPTABLE;
}

static gboolean
is_wrong_path (guint status)
{
  return status == SOUP_STATUS_NOT_FOUND
      || status == SOUP_STATUS_METHOD_NOT_ALLOWED
      || status == SOUP_STATUS_NOT_IMPLEMENTED;
}

static gint
compatible_next_call (const RealtimeCall * call, guint way, guint status)
{
  if (call->format == REALTIME_OFFER_AUTO && is_wrong_form (status)
      && (way == CALLS_SDP || way == OLDER_SDP))
    return way + 1;
  if (!call->url && is_wrong_path (status) && way == CALLS_SDP)
    return OLDER_SDP;
  return -1;
}

/* The call's own URL, or a path below it. */
static gchar *
make_hang_up_url (const gchar * call_url, const gchar * below)
{
  g_autoptr (GUri) uri = g_uri_parse (call_url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autofree gchar *path = NULL;

  if (!uri || !below)
    return g_strdup (call_url);
  path = g_strconcat (g_uri_get_path (uri),
      g_str_has_suffix (g_uri_get_path (uri), "/") ? "" : "/", below, NULL);
  return g_uri_join (SOUP_HTTP_URI_FLAGS, g_uri_get_scheme (uri), NULL,
      g_uri_get_host (uri), g_uri_get_port (uri), path, g_uri_get_query (uri),
      NULL);
}

static RealtimeHttpRequest *
compatible_hang_up (const RealtimeHangUp * call, guint way)
{
  g_autofree gchar *url = NULL;
  RealtimeHttpRequest *request;

  if (!call->answer->call_url)
    return realtime_openai_hang_up (call, 0);
  url = make_hang_up_url (call->answer->call_url,
      way == HANG_UP_POST ? "hangup" : NULL);
  request = realtime_http_request_new ("Hanging up",
      way == HANG_UP_POST ? "POST" : "DELETE", url);
  realtime_http_request_set_bearer (request, call->credential);
  return request;
}

static gint
compatible_next_hang_up (const RealtimeHangUp * call, guint way, guint status)
{
  return way == HANG_UP_POST && call->answer->call_url
      && is_wrong_path (status) ? HANG_UP_DELETE : -1;
}

const RealtimeService realtime_service_compatible = {
  .traits = {
        .nick = "compatible",
        .description = "A server of others that speaks the protocol, at "
        "base-url or sdp-url; key and model only where they are set",
        .key_variable = "OPENAI_API_KEY",
        .guards_key = TRUE,
        .wants_base_url = TRUE,
        .key_opens_calls = TRUE,
      },
  .mint = realtime_openai_mint,
  .call = compatible_call,
  .next_call = compatible_next_call,
  .hang_up = compatible_hang_up,
  .next_hang_up = compatible_next_hang_up,
};
