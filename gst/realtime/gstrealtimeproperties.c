/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstrealtimeproperties.h"
#include "gstrealtimeserviceproperties.h"

#define READY_FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | \
    GST_PARAM_MUTABLE_READY)
/* written, never read: a secret shows in no log, dump or notification */
#define SECRET_FLAGS (G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS | \
    GST_PARAM_MUTABLE_READY)

GType
gst_realtime_enum_type (gsize * type, const gchar * name,
    const GEnumValue * values)
{
  if (g_once_init_enter (type))
    g_once_init_leave (type, g_enum_register_static (name, values));

  return *type;
}

static void
install_string (GObjectClass * klass, guint id, const gchar * name,
    const gchar * nick, const gchar * blurb, GParamFlags flags)
{
  g_object_class_install_property (klass, id,
      g_param_spec_string (name, nick, blurb, NULL, flags));
}

static void
install_service (GObjectClass * klass)
{
  gst_realtime_service_properties_install (klass);
  install_string (klass, GST_REALTIME_PROP_BASE_URL, "base-url", "Base URL",
      "Where the service's API begins, for example http://127.0.0.1:8765/v1 "
      "(NULL: OPENAI_BASE_URL of the environment, then "
      "https://api.openai.com/v1)", READY_FLAGS);
  install_string (klass, GST_REALTIME_PROP_API_KEY, "api-key", "API key",
      "Key of the service (unset: OPENAI_API_KEY of the environment); cannot "
      "be read back", SECRET_FLAGS);
  install_string (klass, GST_REALTIME_PROP_TOKEN, "token", "Token",
      "Ephemeral token to connect with instead of a key; cannot be read back",
      SECRET_FLAGS);
  install_string (klass, GST_REALTIME_PROP_ORGANIZATION, "organization",
      "Organization", "Organization that the key acts for, sent as "
      "OpenAI-Organization; not with a token (NULL: the key's own)",
      READY_FLAGS);
  install_string (klass, GST_REALTIME_PROP_PROJECT, "project", "Project",
      "Project that the key acts for, sent as OpenAI-Project; not with a "
      "token (NULL: the key's own)", READY_FLAGS);
  install_string (klass, GST_REALTIME_PROP_SAFETY_IDENTIFIER,
      "safety-identifier", "Safety identifier",
      "Who speaks, as a hash that tells nothing of the person, sent as "
      "OpenAI-Safety-Identifier (NULL: not told)", READY_FLAGS);
  g_object_class_install_property (klass, GST_REALTIME_PROP_EXTRA_HEADERS,
      g_param_spec_boxed ("extra-headers", "Extra headers",
          "HTTP headers to send along with each request, as name=value; cannot "
          "be read back", GST_TYPE_STRUCTURE, SECRET_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_SSL_STRICT,
      g_param_spec_boolean ("ssl-strict", "Strict TLS",
          "Refuse a server whose certificate cannot be verified", TRUE,
          READY_FLAGS));
  install_string (klass, GST_REALTIME_PROP_SSL_CA_FILE, "ssl-ca-file",
      "CA file", "PEM file of the authorities to trust (NULL: the system's)",
      READY_FLAGS);
  install_string (klass, GST_REALTIME_PROP_HTTP_PROXY, "http-proxy",
      "HTTP proxy", "Proxy for the HTTP requests, http://host:port "
      "(NULL: the system's)", READY_FLAGS);
}

void
gst_realtime_properties_install (GObjectClass * klass)
{
  install_service (klass);
  gst_realtime_session_properties_install (klass);
  gst_realtime_link_properties_install (klass);
  gst_realtime_life_properties_install (klass);
}

static void
set_string (gchar ** field, const GValue * value)
{
  g_free (*field);
  *field = g_value_dup_string (value);
}

static void
set_secret (gchar ** field, const GValue * value)
{
  realtime_secret_free (*field);
  *field = g_value_dup_string (value);
  if (*field && !**field)
    g_clear_pointer (field, g_free);
}

gboolean
gst_realtime_properties_set (GstRealtimeSettings * settings, guint id,
    const GValue * value)
{
  switch (id) {
    case GST_REALTIME_PROP_BASE_URL:
      set_string (&settings->base_url, value);
      return TRUE;
    case GST_REALTIME_PROP_API_KEY:
      set_secret (&settings->api_key, value);
      return TRUE;
    case GST_REALTIME_PROP_TOKEN:
      set_secret (&settings->token, value);
      return TRUE;
    case GST_REALTIME_PROP_ORGANIZATION:
      set_string (&settings->organization, value);
      return TRUE;
    case GST_REALTIME_PROP_PROJECT:
      set_string (&settings->project, value);
      return TRUE;
    case GST_REALTIME_PROP_SAFETY_IDENTIFIER:
      set_string (&settings->safety_identifier, value);
      return TRUE;
    case GST_REALTIME_PROP_EXTRA_HEADERS:
      g_clear_pointer (&settings->extra_headers, gst_structure_free);
      settings->extra_headers = g_value_dup_boxed (value);
      return TRUE;
    case GST_REALTIME_PROP_SSL_STRICT:
      settings->ssl_strict = g_value_get_boolean (value);
      return TRUE;
    case GST_REALTIME_PROP_SSL_CA_FILE:
      set_string (&settings->ssl_ca_file, value);
      return TRUE;
    case GST_REALTIME_PROP_HTTP_PROXY:
      set_string (&settings->http_proxy, value);
      return TRUE;
    default:
      return gst_realtime_session_properties_set (&settings->config, id, value)
          || gst_realtime_link_properties_set (&settings->link, id, value)
          || gst_realtime_life_properties_set (settings, id, value)
          || gst_realtime_service_properties_set (settings, id, value);
  }
}

gboolean
gst_realtime_properties_get (const GstRealtimeSettings * settings, guint id,
    GValue * value)
{
  switch (id) {
    case GST_REALTIME_PROP_BASE_URL:
      g_value_set_string (value, settings->base_url);
      return TRUE;
    case GST_REALTIME_PROP_ORGANIZATION:
      g_value_set_string (value, settings->organization);
      return TRUE;
    case GST_REALTIME_PROP_PROJECT:
      g_value_set_string (value, settings->project);
      return TRUE;
    case GST_REALTIME_PROP_SAFETY_IDENTIFIER:
      g_value_set_string (value, settings->safety_identifier);
      return TRUE;
    case GST_REALTIME_PROP_SSL_STRICT:
      g_value_set_boolean (value, settings->ssl_strict);
      return TRUE;
    case GST_REALTIME_PROP_SSL_CA_FILE:
      g_value_set_string (value, settings->ssl_ca_file);
      return TRUE;
    case GST_REALTIME_PROP_HTTP_PROXY:
      g_value_take_string (value,
          realtime_proxy_url_for_user (settings->http_proxy));
      return TRUE;
    default:
      return gst_realtime_session_properties_get (&settings->config, id, value)
          || gst_realtime_link_properties_get (&settings->link, id, value)
          || gst_realtime_life_properties_get (settings, id, value)
          || gst_realtime_service_properties_get (settings, id, value);
  }
}
