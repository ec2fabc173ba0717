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

/* The OpenAI Realtime service (GA) and the servers that follow its paths. */

#define MINT_PATH "/realtime/client_secrets"
#define CALLS_PATH "/realtime/calls"

RealtimeHttpRequest *
realtime_openai_mint (const gchar * base, const gchar * url,
    const gchar * method, const gchar * credential, const gchar * body)
{
  g_autofree gchar *own = url ? NULL : g_strconcat (base, MINT_PATH, NULL);
  RealtimeHttpRequest *request =
      realtime_http_request_new ("Minting a token", method,
      url ? url : own);

  realtime_http_request_set_header (request, "Accept", "application/json, "
      "text/plain;q=0.5");
  realtime_http_request_set_bearer (request, credential);
  if (body)
    realtime_http_request_take_body (request, "application/json",
        g_bytes_new (body, strlen (body)));
  return request;
}

/* The offer alone where a token carries the session, else both. */
static RealtimeHttpRequest *
openai_call (const RealtimeCall * call, guint way)
{
  g_autofree gchar *url = g_strconcat (call->base, call->offer->translation ?
      REALTIME_TRANSLATIONS_PATH "/calls" : CALLS_PATH, NULL);
  RealtimeHttpRequest *request = realtime_call_request_new (url,
      call->credential);

  if (call->offer->session_json)
    realtime_call_request_set_multipart (request, call->offer);
  else
    realtime_call_request_set_sdp (request, call->offer);
  return request;
}

RealtimeHttpRequest *
realtime_openai_hang_up (const RealtimeHangUp * call, guint way)
{
  const gchar *id = call->answer->call_id;
  g_autofree gchar *url = NULL;
  RealtimeHttpRequest *request;

  if (!id || !call->base)
    return NULL;
  url = g_strconcat (call->base, CALLS_PATH "/", id, "/hangup", NULL);
  request = realtime_http_request_new ("Hanging up", "POST", url);
  realtime_http_request_set_bearer (request, call->credential);
  if (!realtime_is_call_id (id))
    g_set_error_literal (&request->error, REALTIME_FAILURE,
        REALTIME_FAILURE_SETTINGS, "Hanging up: this is no call id");
  return request;
}

const RealtimeService realtime_service_openai = {
  .traits = {
        .nick = "openai",
        .description = "OpenAI, and whoever does all as it does",
        .key_variable = "OPENAI_API_KEY",
        .wants_credential = TRUE,
        .mints = TRUE,
        .key_opens_calls = TRUE,
        .has_default_models = TRUE,
        .speaks_ga = TRUE,
        .translates = TRUE,
      },
  .mint = realtime_openai_mint,
  .call = openai_call,
  .hang_up = realtime_openai_hang_up,
};
