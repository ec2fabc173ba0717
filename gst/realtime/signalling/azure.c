/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "signalling-private.h"

/* Azure OpenAI (GA): OpenAI's paths below https://<resource>.openai.azure.com/
 * openai/v1, a header of its own for keys, and calls by token only. The model
 * is the name of a deployment. */

/* A key of the resource has its own header; an access token of Entra (a web
 * token) and a minted one are bearer tokens. */
static void
set_credential (RealtimeHttpRequest * request, const gchar * credential)
{
  if (credential && !g_str_has_prefix (credential, "eyJ")
      && !g_str_has_prefix (credential, "ek_"))
    realtime_http_request_set_credential (request, "api-key", "", credential);
  else
    realtime_http_request_set_bearer (request, credential);
}

static RealtimeHttpRequest *
azure_mint (const gchar * base, const gchar * url, const gchar * method,
    const gchar * credential, const gchar * body)
{
  RealtimeHttpRequest *request =
      realtime_openai_mint (base, url, method, NULL, body);

  set_credential (request, credential);
  return request;
}

static RealtimeHttpRequest *
azure_call (const RealtimeCall * call, guint way)
{
  g_autofree gchar *url = g_strconcat (call->base, "/realtime/calls", NULL);
  RealtimeHttpRequest *request = realtime_call_request_new (url,
      call->credential);

  realtime_call_request_set_sdp (request, call->offer);
  return request;
}

static RealtimeHttpRequest *
azure_hang_up (const RealtimeHangUp * call, guint way)
{
  RealtimeHangUp bare = *call;
  RealtimeHttpRequest *request;

  bare.credential = NULL;
  request = realtime_openai_hang_up (&bare, way);
  if (request)
    set_credential (request, call->credential);
  return request;
}

const RealtimeService realtime_service_azure = {
  .traits = {
        .nick = "azure",
        .description = "Azure OpenAI: base-url "
        "https://<resource>.openai.azure.com/openai/v1, model is the name "
        "of the deployment",
        .key_variable = "AZURE_OPENAI_API_KEY",
        .wants_credential = TRUE,
        .wants_base_url = TRUE,
        .wants_model = TRUE,
        .mints = TRUE,
        .has_default_models = TRUE,
        .speaks_ga = TRUE,
      },
  .mint = azure_mint,
  .call = azure_call,
  .hang_up = azure_hang_up,
};
