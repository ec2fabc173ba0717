/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>
#include "gsttokensrcsettings.h"
#include "connection/headers.h"
#include "session/failure.h"
#include "session/json.h"
#include "session/sessionconfig.h"

#define DEFAULT_LOCATION NULL
#define DEFAULT_METHOD "POST"
#define DEFAULT_BODY NULL
#define DEFAULT_SESSION NULL
#define DEFAULT_EXPIRES_AFTER 600
#define DEFAULT_SSL_STRICT TRUE
#define DEFAULT_SSL_CA_FILE NULL
#define DEFAULT_HTTP_PROXY NULL
#define DEFAULT_TIMEOUT 15
#define DEFAULT_MAX_REQUESTS_PER_MINUTE 60
#define DEFAULT_MAX_RETRIES 5
#define DEFAULT_RETRY_DELAY_MIN 1000
#define DEFAULT_RETRY_DELAY_MAX 30000
#define DEFAULT_NUM_TOKENS -1

/* What the service is asked for where no session is given: a conversation. */
#define SERVICE_SESSION "{\"type\":\"realtime\",\"model\":\"" \
    REALTIME_DEFAULT_MODEL "\"}"

enum
{
  PROP_0,
  PROP_LOCATION,
  PROP_API_KEY,
  PROP_METHOD,
  PROP_BODY,
  PROP_SESSION,
  PROP_EXPIRES_AFTER,
  PROP_EXTRA_HEADERS,
  PROP_SSL_STRICT,
  PROP_SSL_CA_FILE,
  PROP_HTTP_PROXY,
  PROP_TIMEOUT,
  PROP_MAX_REQUESTS_PER_MINUTE,
  PROP_MAX_RETRIES,
  PROP_RETRY_DELAY_MIN,
  PROP_RETRY_DELAY_MAX,
  PROP_NUM_TOKENS,
};

#define FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | \
    GST_PARAM_MUTABLE_READY)
#define SECRET_FLAGS (G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS | \
    GST_PARAM_MUTABLE_READY)

static void
install_request (GObjectClass * klass)
{
  g_object_class_install_property (klass, PROP_LOCATION,
      g_param_spec_string ("location", "Location",
          "URL of the end point that gives tokens (NULL: "
          "/realtime/client_secrets of OPENAI_BASE_URL, then of "
          REALTIME_DEFAULT_BASE_URL ")", DEFAULT_LOCATION, FLAGS));
  g_object_class_install_property (klass, PROP_API_KEY,
      g_param_spec_string ("api-key", "API key",
          "Credential sent as bearer token (NULL: OPENAI_API_KEY of the "
          "environment, but only to the server of OPENAI_BASE_URL); cannot be "
          "read back", NULL, SECRET_FLAGS));
  g_object_class_install_property (klass, PROP_METHOD,
      g_param_spec_string ("method", "Method", "HTTP method of the request",
          DEFAULT_METHOD, FLAGS));
  g_object_class_install_property (klass, PROP_BODY,
      g_param_spec_string ("body", "Body",
          "JSON object to send as it is (NULL: made of session and "
          "expires-after)", DEFAULT_BODY, FLAGS));
  g_object_class_install_property (klass, PROP_SESSION,
      g_param_spec_string ("session", "Session",
          "JSON object: the session that the token is for (NULL: a "
          "conversation with the default model)", DEFAULT_SESSION, FLAGS));
  g_object_class_install_property (klass, PROP_EXPIRES_AFTER,
      g_param_spec_uint ("expires-after", "Expires after",
          "Seconds that a token is to be good for opening sessions", 10, 7200,
          DEFAULT_EXPIRES_AFTER, FLAGS));
  g_object_class_install_property (klass, PROP_EXTRA_HEADERS,
      g_param_spec_boxed ("extra-headers", "Extra headers",
          "HTTP headers to send along, as name=value; cannot be read back",
          GST_TYPE_STRUCTURE, SECRET_FLAGS));
}

static void
install_network (GObjectClass * klass)
{
  g_object_class_install_property (klass, PROP_SSL_STRICT,
      g_param_spec_boolean ("ssl-strict", "Strict TLS",
          "Refuse a server whose certificate cannot be verified",
          DEFAULT_SSL_STRICT, FLAGS));
  g_object_class_install_property (klass, PROP_SSL_CA_FILE,
      g_param_spec_string ("ssl-ca-file", "CA file",
          "PEM file of the authorities to trust (NULL: the system's)",
          DEFAULT_SSL_CA_FILE, FLAGS));
  g_object_class_install_property (klass, PROP_HTTP_PROXY,
      g_param_spec_string ("http-proxy", "HTTP proxy",
          "Proxy for the requests, http://[user:password@]host:port; user and "
          "password cannot be read back (NULL: the system's)",
          DEFAULT_HTTP_PROXY, FLAGS));
  g_object_class_install_property (klass, PROP_TIMEOUT,
      g_param_spec_uint ("timeout", "Timeout",
          "Seconds from a request to its whole answer", 1, 3600,
          DEFAULT_TIMEOUT, FLAGS));
}

static void
install_pace (GObjectClass * klass)
{
  g_object_class_install_property (klass, PROP_MAX_REQUESTS_PER_MINUTE,
      g_param_spec_uint ("max-requests-per-minute", "Max requests per minute",
          "Requests within any minute, retries included; more have to wait "
          "(0: no limit)", 0, 100000, DEFAULT_MAX_REQUESTS_PER_MINUTE, FLAGS));
  g_object_class_install_property (klass, PROP_MAX_RETRIES,
      g_param_spec_uint ("max-retries", "Max retries",
          "How often a token is tried for again before giving up", 0, G_MAXUINT,
          DEFAULT_MAX_RETRIES, FLAGS));
  g_object_class_install_property (klass, PROP_RETRY_DELAY_MIN,
      g_param_spec_uint ("retry-delay-min", "Retry delay minimum",
          "Milliseconds before the first retry; doubled with each", 0, 3600000,
          DEFAULT_RETRY_DELAY_MIN, FLAGS));
  g_object_class_install_property (klass, PROP_RETRY_DELAY_MAX,
      g_param_spec_uint ("retry-delay-max", "Retry delay maximum",
          "Milliseconds between retries at most, unless the server asks for "
          "more", 0, 3600000, DEFAULT_RETRY_DELAY_MAX, FLAGS));
  g_object_class_install_property (klass, PROP_NUM_TOKENS,
      g_param_spec_int ("num-tokens", "Number of tokens",
          "Tokens to give before sending EOS (-1: no limit)", -1, G_MAXINT,
          DEFAULT_NUM_TOKENS, FLAGS));
}

void
gst_token_src_settings_install (GObjectClass * klass)
{
  install_request (klass);
  install_network (klass);
  install_pace (klass);
}

void
gst_token_src_settings_init (GstTokenSrcSettings * self)
{
  memset (self, 0, sizeof (*self));
  self->location = g_strdup (DEFAULT_LOCATION);
  self->method = g_strdup (DEFAULT_METHOD);
  self->body = g_strdup (DEFAULT_BODY);
  self->session = g_strdup (DEFAULT_SESSION);
  self->expires_after = DEFAULT_EXPIRES_AFTER;
  self->ssl_strict = DEFAULT_SSL_STRICT;
  self->ssl_ca_file = g_strdup (DEFAULT_SSL_CA_FILE);
  self->http_proxy = g_strdup (DEFAULT_HTTP_PROXY);
  self->timeout = DEFAULT_TIMEOUT;
  self->max_requests_per_minute = DEFAULT_MAX_REQUESTS_PER_MINUTE;
  self->max_retries = DEFAULT_MAX_RETRIES;
  self->retry_delay_min = DEFAULT_RETRY_DELAY_MIN;
  self->retry_delay_max = DEFAULT_RETRY_DELAY_MAX;
  self->num_tokens = DEFAULT_NUM_TOKENS;
}

void
gst_token_src_settings_copy (const GstTokenSrcSettings * from,
    GstTokenSrcSettings * to)
{
  *to = *from;
  to->location = g_strdup (from->location);
  to->api_key = g_strdup (from->api_key);
  to->method = g_strdup (from->method);
  to->body = g_strdup (from->body);
  to->session = g_strdup (from->session);
  to->extra_headers = from->extra_headers ?
      gst_structure_copy (from->extra_headers) : NULL;
  to->ssl_ca_file = g_strdup (from->ssl_ca_file);
  to->http_proxy = g_strdup (from->http_proxy);
}

void
gst_token_src_settings_clear (GstTokenSrcSettings * self)
{
  g_clear_pointer (&self->location, g_free);
  g_clear_pointer (&self->api_key, realtime_secret_free);
  g_clear_pointer (&self->method, g_free);
  g_clear_pointer (&self->body, g_free);
  g_clear_pointer (&self->session, g_free);
  g_clear_pointer (&self->extra_headers, gst_structure_free);
  g_clear_pointer (&self->ssl_ca_file, g_free);
  g_clear_pointer (&self->http_proxy, realtime_secret_free);
}

static void
set_string (gchar ** member, const GValue * value)
{
  realtime_secret_free (*member);
  *member = g_value_dup_string (value);
}

gboolean
gst_token_src_settings_set (GstTokenSrcSettings * self, guint prop_id,
    const GValue * value)
{
  switch (prop_id) {
    case PROP_LOCATION:
      set_string (&self->location, value);
      break;
    case PROP_API_KEY:
      set_string (&self->api_key, value);
      break;
    case PROP_METHOD:
      set_string (&self->method, value);
      break;
    case PROP_BODY:
      set_string (&self->body, value);
      break;
    case PROP_SESSION:
      set_string (&self->session, value);
      break;
    case PROP_EXPIRES_AFTER:
      self->expires_after = g_value_get_uint (value);
      self->expires_after_set = TRUE;
      break;
    case PROP_EXTRA_HEADERS:
      g_clear_pointer (&self->extra_headers, gst_structure_free);
      self->extra_headers = g_value_dup_boxed (value);
      break;
    case PROP_SSL_STRICT:
      self->ssl_strict = g_value_get_boolean (value);
      break;
    case PROP_SSL_CA_FILE:
      set_string (&self->ssl_ca_file, value);
      break;
    case PROP_HTTP_PROXY:
      set_string (&self->http_proxy, value);
      break;
    case PROP_TIMEOUT:
      self->timeout = g_value_get_uint (value);
      break;
    case PROP_MAX_REQUESTS_PER_MINUTE:
      self->max_requests_per_minute = g_value_get_uint (value);
      break;
    case PROP_MAX_RETRIES:
      self->max_retries = g_value_get_uint (value);
      break;
    case PROP_RETRY_DELAY_MIN:
      self->retry_delay_min = g_value_get_uint (value);
      break;
    case PROP_RETRY_DELAY_MAX:
      self->retry_delay_max = g_value_get_uint (value);
      break;
    case PROP_NUM_TOKENS:
      self->num_tokens = g_value_get_int (value);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

gboolean
gst_token_src_settings_get (const GstTokenSrcSettings * self, guint prop_id,
    GValue * value)
{
  switch (prop_id) {
    case PROP_LOCATION:
      g_value_set_string (value, self->location);
      break;
    case PROP_METHOD:
      g_value_set_string (value, self->method);
      break;
    case PROP_BODY:
      g_value_set_string (value, self->body);
      break;
    case PROP_SESSION:
      g_value_set_string (value, self->session);
      break;
    case PROP_EXPIRES_AFTER:
      g_value_set_uint (value, self->expires_after);
      break;
    case PROP_SSL_STRICT:
      g_value_set_boolean (value, self->ssl_strict);
      break;
    case PROP_SSL_CA_FILE:
      g_value_set_string (value, self->ssl_ca_file);
      break;
    case PROP_HTTP_PROXY:
      g_value_take_string (value,
          realtime_proxy_url_for_user (self->http_proxy));
      break;
    case PROP_TIMEOUT:
      g_value_set_uint (value, self->timeout);
      break;
    case PROP_MAX_REQUESTS_PER_MINUTE:
      g_value_set_uint (value, self->max_requests_per_minute);
      break;
    case PROP_MAX_RETRIES:
      g_value_set_uint (value, self->max_retries);
      break;
    case PROP_RETRY_DELAY_MIN:
      g_value_set_uint (value, self->retry_delay_min);
      break;
    case PROP_RETRY_DELAY_MAX:
      g_value_set_uint (value, self->retry_delay_max);
      break;
    case PROP_NUM_TOKENS:
      g_value_set_int (value, self->num_tokens);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_set (const gchar * text)
{
  return text && *text;
}

static gboolean
refuse (GError ** error, const gchar * text)
{
  g_set_error_literal (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
      text);
  return FALSE;
}

static gboolean
make_method (const GstTokenSrcSettings * self, GstTokenSrcRequest * request,
    GError ** error)
{
  static const gchar *const methods[] = { "GET", "POST", "PUT", "PATCH", NULL };

  request->method =
      g_ascii_strup (is_set (self->method) ? self->method : DEFAULT_METHOD, -1);
  if (!g_strv_contains (methods, request->method))
    return refuse (error, "method must be GET, POST, PUT or PATCH");
  if (strcmp (request->method, "GET") == 0 && (is_set (self->body)
          || is_set (self->session) || !is_set (self->location)))
    return refuse (error, "method=GET has no body, so it goes with a location "
        "of your own only, without body and session");
  return TRUE;
}

/* A property that is to be a JSON object. */
static gboolean
check_json (const gchar * name, const gchar * text, GError ** error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonObject) object = NULL;

  object = realtime_json_parse_object (text, -1, &cause);
  if (object)
    return TRUE;
  g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
      "%s must be a JSON object: %s", name, cause->message);
  return FALSE;
}

/* A translation is minted at an end point of its own, which is not told a type
 * but has to be told a model. */
static gchar *
dup_translation (const gchar * session)
{
  JsonObject *object = realtime_json_parse_object (session, -1, NULL);
  gchar *text = NULL;

  if (g_strcmp0 (realtime_json_get_string (object, "type", NULL),
          "translation") == 0) {
    json_object_remove_member (object, "type");
    if (!json_object_has_member (object, "model"))
      json_object_set_string_member (object, "model",
          REALTIME_DEFAULT_TRANSLATION_MODEL);
    text = realtime_json_to_string (object);
  }
  g_clear_pointer (&object, json_object_unref);
  return text;
}

static gboolean
make_body (const GstTokenSrcSettings * self, GstTokenSrcRequest * request,
    GError ** error)
{
  const gchar *session = is_set (self->session) ? self->session : NULL;
  g_autofree gchar *translation = session ? dup_translation (session) : NULL;

  if (is_set (self->body) && (session || self->expires_after_set))
    return refuse (error, "body is sent as it is and leaves no place for "
        "session and expires-after: set either body or those");
  if (is_set (self->body)) {
    request->body = g_strdup (self->body);
    return check_json ("body", self->body, error);
  }
  if (session && !check_json ("session", session, error))
    return FALSE;
  /* a back end of the application's knows itself what to ask the service for */
  if (is_set (self->location) && !session && !self->expires_after_set)
    return TRUE;
  if (!session && !is_set (self->location))
    session = SERVICE_SESSION;
  if (strcmp (request->method, "GET") == 0)
    return refuse (error, "method=GET has no body for expires-after");
  request->body = realtime_signalling_mint_body (translation ? translation :
      session, self->expires_after, error);
  return request->body != NULL;
}

/* The environment's key is for the service that the environment names, and for
 * nobody else. */
static gboolean
make_credential (const GstTokenSrcSettings * self,
    GstTokenSrcRequest * request, GError ** error)
{
  const gchar *key = NULL;

  if (is_set (self->api_key))
    key = self->api_key;
  else if (!is_set (self->location)
      || realtime_signalling_same_origin (self->location, NULL))
    key = g_getenv ("OPENAI_API_KEY");
  if (is_set (key)) {
    request->credential = g_strstrip (g_strdup (key));
    return realtime_credential_check (request->credential, error);
  }
  if (is_set (self->location))
    return TRUE;
  g_set_error_literal (error, REALTIME_FAILURE, REALTIME_FAILURE_CREDENTIALS,
      "There is no API key to mint tokens with");
  return FALSE;
}

static gboolean
make_signalling (const GstTokenSrcSettings * self,
    GstTokenSrcRequest * request, GError ** error)
{
  RealtimeSignalling *signalling = realtime_signalling_new (NULL);

  request->signalling = signalling;
  if (is_set (self->location))
    realtime_signalling_set_token_url (signalling, self->location);
  if (is_set (self->session)) {
    g_autofree gchar *translation = dup_translation (self->session);

    realtime_signalling_set_translates (signalling, translation != NULL);
  }
  realtime_signalling_set_timeout (signalling, self->timeout);
  if (!realtime_signalling_set_tls (signalling, self->ssl_strict,
          self->ssl_ca_file, error)
      || !realtime_signalling_set_proxy (signalling, self->http_proxy, error))
    return FALSE;
  return gst_realtime_headers_apply (self->extra_headers, signalling, error);
}

gboolean
gst_token_src_settings_make_request (const GstTokenSrcSettings * self,
    GstTokenSrcRequest * request, GError ** error)
{
  gboolean good;

  memset (request, 0, sizeof (*request));
  if (is_set (self->location))
    good = realtime_signalling_check_whole_url (self->location, "location",
        error);
  else
    good = realtime_signalling_check_url (NULL, error);
  good = good && make_method (self, request, error)
      && make_body (self, request, error)
      && make_credential (self, request, error)
      && make_signalling (self, request, error);
  if (!good)
    gst_token_src_request_clear (request);
  return good;
}

void
gst_token_src_request_clear (GstTokenSrcRequest * self)
{
  g_clear_object (&self->signalling);
  g_clear_pointer (&self->method, g_free);
  g_clear_pointer (&self->credential, realtime_secret_free);
  g_clear_pointer (&self->body, g_free);
}
