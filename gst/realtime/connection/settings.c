/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "headers.h"
#include "pricetable.h"
#include "session/failure.h"
#include "session/history.h"
#include "session/json.h"
#include "settings.h"

/* More than any service takes in a header. */
#define MAX_HEADER_BYTES 8192

#define DEFAULT_CONNECT_TIMEOUT_MS 15000
#define DEFAULT_DRAIN_TIMEOUT_MS 30000
#define DEFAULT_MAX_RETRIES 5
#define DEFAULT_RETRY_DELAY_MIN_MS 500
#define DEFAULT_RETRY_DELAY_MAX_MS 30000

GstRealtimeSettings *
gst_realtime_settings_new (void)
{
  GstRealtimeSettings *settings = g_new0 (GstRealtimeSettings, 1);

  settings->ssl_strict = TRUE;
  gst_realtime_link_settings_init (&settings->link);
  settings->connect_timeout_ms = DEFAULT_CONNECT_TIMEOUT_MS;
  settings->drain_timeout_ms = DEFAULT_DRAIN_TIMEOUT_MS;
  settings->reconnect = TRUE;
  settings->max_retries = DEFAULT_MAX_RETRIES;
  settings->retry_delay_min_ms = DEFAULT_RETRY_DELAY_MIN_MS;
  settings->retry_delay_max_ms = DEFAULT_RETRY_DELAY_MAX_MS;
  realtime_session_config_init (&settings->config);

  return settings;
}

GstRealtimeSettings *
gst_realtime_settings_copy (const GstRealtimeSettings * settings)
{
  GstRealtimeSettings *copy = g_new0 (GstRealtimeSettings, 1);

  *copy = *settings;
  copy->base_url = g_strdup (settings->base_url);
  copy->sdp_url = g_strdup (settings->sdp_url);
  copy->ssl_ca_file = g_strdup (settings->ssl_ca_file);
  copy->http_proxy = g_strdup (settings->http_proxy);
  copy->organization = g_strdup (settings->organization);
  copy->project = g_strdup (settings->project);
  copy->safety_identifier = g_strdup (settings->safety_identifier);
  if (settings->extra_headers)
    copy->extra_headers = gst_structure_copy (settings->extra_headers);
  copy->initial_items = g_strdup (settings->initial_items);
  copy->prices = g_strdup (settings->prices);
  copy->token = g_strdup (settings->token);
  copy->api_key = g_strdup (settings->api_key);
  gst_realtime_link_settings_copy (&settings->link, &copy->link);
  realtime_session_config_copy (&settings->config, &copy->config);

  return copy;
}

void
gst_realtime_settings_free (GstRealtimeSettings * settings)
{
  if (!settings)
    return;
  g_free (settings->base_url);
  g_free (settings->sdp_url);
  g_free (settings->ssl_ca_file);
  g_free (settings->http_proxy);
  g_free (settings->organization);
  g_free (settings->project);
  g_free (settings->safety_identifier);
  g_clear_pointer (&settings->extra_headers, gst_structure_free);
  g_free (settings->initial_items);
  g_free (settings->prices);
  realtime_secret_free (settings->token);
  realtime_secret_free (settings->api_key);
  gst_realtime_link_settings_clear (&settings->link);
  realtime_session_config_clear (&settings->config);
  g_free (settings);
}

static gboolean
is_set (const gchar * text)
{
  return text && *text;
}

void
gst_realtime_settings_set_service (GstRealtimeSettings * settings,
    guint service)
{
  settings->service = service;
  settings->config.no_default_models =
      !realtime_service_get_traits (service)->has_default_models;
}

void
gst_realtime_settings_complete (GstRealtimeSettings * settings)
{
  const RealtimeServiceTraits *traits =
      realtime_service_get_traits (settings->service);
  const gchar *key = g_getenv (traits->key_variable);

  if (settings->api_key || !is_set (key))
    return;
  /* The environment's key is for the service, and for the server that the
   * environment names: what base-url or sdp-url name may be anybody's. */
  if (is_set (settings->sdp_url) ?
      realtime_signalling_same_origin (settings->sdp_url, NULL) :
      !traits->guards_key || !is_set (settings->base_url)
      || realtime_signalling_same_origin (settings->base_url, NULL))
    settings->api_key = g_strdup (key);
}

gchar *
gst_realtime_settings_dup_model (const GstRealtimeSettings * settings)
{
  const RealtimeSessionConfig *config = &settings->config;
  JsonObject *session = is_set (config->session_json) ?
      realtime_json_parse_object (config->session_json, -1, NULL) : NULL;
  gchar *model = g_strdup (realtime_json_get_string (session, "model", NULL));

  g_clear_pointer (&session, json_object_unref);
  if (model)
    return model;
  if (config->session_type == REALTIME_SESSION_TRANSCRIPTION)
    return is_set (config->transcription_model) ?
        g_strdup (config->transcription_model) : NULL;

  return is_set (config->model) ? g_strdup (config->model) : NULL;
}

gboolean
gst_realtime_settings_call_without_token (const GstRealtimeSettings * settings)
{
  const RealtimeServiceTraits *traits =
      realtime_service_get_traits (settings->service);

  if (!settings->api_key || is_set (settings->sdp_url)
      || !traits->mints)
    return TRUE;

  return traits->key_opens_calls
      && settings->config.session_type == REALTIME_SESSION_CONVERSATION;
}

gboolean
gst_realtime_settings_is_loopback (const GstRealtimeSettings * settings)
{
  gchar *url =
      realtime_signalling_resolve_base_url (is_set (settings->sdp_url) ?
      settings->sdp_url : settings->base_url);
  GUri *uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const gchar *host = uri ? g_uri_get_host (uri) : NULL;
  GInetAddress *address = NULL;
  gboolean loopback = FALSE;

  if (host)
    address = g_inet_address_new_from_string (host);
  if (address)
    loopback = g_inet_address_get_is_loopback (address);
  else if (host)
    loopback = g_ascii_strcasecmp (host, "localhost") == 0;
  g_clear_object (&address);
  g_clear_pointer (&uri, g_uri_unref);
  g_free (url);

  return loopback;
}

gchar *
gst_realtime_token_read (const gchar * data, gsize size, GError ** error)
{
  RealtimeToken *token = realtime_token_parse (data, size, error);
  gchar *value;

  if (!token)
    return NULL;
  value = g_strdup (token->value);
  realtime_token_free (token);

  return value;
}

static gboolean
refuse (GError ** error, const gchar * format, const gchar * service)
{
  gchar *text = g_strdup_printf (format, service);

  g_set_error_literal (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
      text);
  g_free (text);

  return FALSE;
}

/* What the service wants to be told. */
static gboolean
check_service (const GstRealtimeSettings * settings, GError ** error)
{
  const RealtimeServiceTraits *traits =
      realtime_service_get_traits (settings->service);
  gchar *model;

  if (is_set (settings->sdp_url))
    return realtime_signalling_check_whole_url (settings->sdp_url, "sdp-url",
        error);
  if (settings->offer_format != REALTIME_OFFER_AUTO && traits->speaks_ga)
    return refuse (error, "offer-format is for service=compatible and for "
        "sdp-url: service=%s has one of its own. Unset it.", traits->nick);
  if (traits->wants_base_url && !is_set (settings->base_url)
      && !is_set (g_getenv ("OPENAI_BASE_URL")))
    return refuse (error, "service=%s needs base-url, where its API begins, "
        "for example http://127.0.0.1:8080/v1.", traits->nick);
  if (settings->config.session_type == REALTIME_SESSION_TRANSLATION
      && !traits->translates)
    return refuse (error, "service=%s is not known to translate. Set "
        "service=openai, whose paths are those of base-url, or sdp-url.",
        traits->nick);
  if (traits->wants_model
      && settings->config.session_type == REALTIME_SESSION_CONVERSATION
      && !settings->token_pad && !settings->token) {
    model = gst_realtime_settings_dup_model (settings);
    if (!model)
      return refuse (error, "service=%s needs model: the name of the "
          "deployment.", traits->nick);
    g_free (model);
  }

  return realtime_signalling_check_url (settings->base_url, error);
}

gboolean
gst_realtime_settings_apply_headers (const GstRealtimeSettings * settings,
    RealtimeSignalling * signalling, GError ** error)
{
  /* whose token it is has been settled when it was minted */
  gboolean key = !settings->token_pad && !settings->token;
  const struct
  {
    const gchar *property, *header, *value;
  } rows[] = {
    {"organization", "OpenAI-Organization",
        key ? settings->organization : NULL},
    {"project", "OpenAI-Project", key ? settings->project : NULL},
    {"safety-identifier", "OpenAI-Safety-Identifier",
        settings->safety_identifier},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    if (!rows[i].value || !*rows[i].value)
      continue;
    if (!g_utf8_validate (rows[i].value, -1, NULL)
        || strlen (rows[i].value) > MAX_HEADER_BYTES
        || !realtime_http_check_header (rows[i].header, rows[i].value, NULL)) {
      g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
          "The property %s is not the value of an HTTP header: it must be one "
          "line of UTF-8 without control characters, of at most %u bytes.",
          rows[i].property, MAX_HEADER_BYTES);
      return FALSE;
    }
    if (signalling)
      realtime_signalling_set_extra_header (signalling, rows[i].header,
          rows[i].value);
  }
  return gst_realtime_headers_apply (settings->extra_headers, signalling,
      error);
}

/* The installed table may be missing; one that somebody names has to be good. */
static gboolean
check_prices (const GstRealtimeSettings * settings, GError ** error)
{
  RealtimePrices *prices;

  if (!is_set (settings->prices))
    return TRUE;
  prices = gst_realtime_price_table_load (settings->prices, error);
  realtime_prices_free (prices);
  return prices != NULL;
}

static gboolean
check_history (const GstRealtimeSettings * settings, GError ** error)
{
  if (is_set (settings->initial_items)
      && settings->config.session_type != REALTIME_SESSION_CONVERSATION) {
    g_set_error_literal (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        "Only a conversation begins with a history. Unset initial-items, or set "
        "session-type=conversation.");
    return FALSE;
  }
  return realtime_history_check (settings->initial_items, error);
}

static gboolean
check_link (const GstRealtimeSettings * settings, GError ** error)
{
  GError *cause = NULL;

  if (gst_realtime_link_settings_check (&settings->link, &cause))
    return TRUE;
  g_set_error_literal (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
      cause->message);
  g_clear_error (&cause);

  return FALSE;
}

gboolean
gst_realtime_settings_check (const GstRealtimeSettings * settings,
    GError ** error)
{
  if (!settings->token_pad && !settings->token && !settings->api_key
      && !is_set (settings->sdp_url)
      && realtime_service_get_traits (settings->service)->wants_credential) {
    g_set_error_literal (error, REALTIME_FAILURE,
        REALTIME_FAILURE_CREDENTIALS,
        "There are no credentials for the service.");
    return FALSE;
  }
  if (settings->token && !realtime_credential_check (settings->token, error))
    return FALSE;
  if (settings->api_key && !realtime_credential_check (settings->api_key,
          error))
    return FALSE;
  if (!check_service (settings, error))
    return FALSE;
  if (!gst_realtime_settings_apply_headers (settings, NULL, error))
    return FALSE;
  if (!check_prices (settings, error) || !check_history (settings, error)
      || !check_link (settings, error))
    return FALSE;

  return realtime_session_config_check (&settings->config, error);
}
