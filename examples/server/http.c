/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "http.h"

#include "call.h"
#include "config.h"
#include "schema.h"
#include "tokens.h"
#include "translation.h"

#include <libsoup/soup.h>
#include <string.h>

#define MAX_BODY (4 * 1024 * 1024)
#define ROOT "/v1/realtime"
#define TRANSLATIONS ROOT "/translations"

struct _Http
{
  Server *server;
  SoupServer *soup;
  Tokens *tokens;
};

typedef struct
{
  Http *http;
  SoupServerMessage *message;   /* owned */
} Pending;

/* Replies */

static void
send_error (SoupServerMessage * message, guint status, const gchar * type,
    const Refusal * refusal)
{
  g_autoptr (JsonObject) body = json_object_new ();
  JsonObject *error = json_object_new ();
  gchar *text;

  json_object_set_string_member (error, "message", refusal->message);
  json_object_set_string_member (error, "type", type);
  if (refusal->param != NULL)
    json_object_set_string_member (error, "param", refusal->param);
  else
    json_object_set_null_member (error, "param");
  if (refusal->code != NULL)
    json_object_set_string_member (error, "code", refusal->code);
  else
    json_object_set_null_member (error, "code");
  json_object_set_object_member (body, "error", error);
  text = util_print (body);
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json",
      SOUP_MEMORY_TAKE, text, strlen (text));
}

static void
G_GNUC_PRINTF (4, 5)
send_refusal (SoupServerMessage * message, guint status, const gchar * code,
    const gchar * format, ...)
{
  Refusal refusal = { code, NULL, NULL };
  va_list args;

  va_start (args, format);
  refusal.message = g_strdup_vprintf (format, args);
  va_end (args);
  send_error (message, status, "invalid_request_error", &refusal);
  refusal_clear (&refusal);
}

static void
send_refused (SoupServerMessage * message, Refusal * refusal)
{
  send_error (message, 400, "invalid_request_error", refusal);
  refusal_clear (refusal);
}

static void
send_limit (SoupServerMessage * message, const gchar * code)
{
  Refusal refusal = { code, NULL, NULL };

  if (g_str_equal (code, "rate_limit"))
    refusal.code = "rate_limit_exceeded";
  if (g_str_equal (code, "insufficient_quota"))
    refusal.message = (gchar *) "You exceeded your current quota, please check "
        "your plan and billing details.";
  else
    refusal.message = (gchar *) "Rate limit reached: too many sessions are "
        "open at once.";
  send_error (message, 429, g_str_equal (code, "insufficient_quota") ?
      "insufficient_quota" : "rate_limit_exceeded", &refusal);
}

/* Whether a fault answered the request. */
static gboolean
inject (Http * self, SoupServerMessage * message, const gchar * name)
{
  gint64 wait = faults_number (self->server->faults, "retry-after", -1);
  const gchar *code = NULL;
  guint status = faults_status (self->server->faults, name, &code);

  if (status == 0)
    return FALSE;
  if (wait >= 0) {
    g_autofree gchar *seconds = g_strdup_printf ("%" G_GINT64_FORMAT, wait);

    soup_message_headers_replace (soup_server_message_get_response_headers
        (message), "Retry-After", seconds);
  }
  if (status == 429) {
    send_limit (message, code != NULL ? code : "rate_limit_exceeded");
  } else if (status >= 500) {
    Refusal refusal = { code, NULL,
      (gchar *) "The server had an error while processing your request."
    };

    send_error (message, status, "server_error", &refusal);
  } else {
    static const struct
    {
      guint status;
      const gchar *code;
    } usual[] = {
      {401, "invalid_api_key"}, {403, "unsupported_country_region_territory"},
      {404, "model_not_found"}, {400, "invalid_value"}
    };
    guint i;

    for (i = 0; code == NULL && i < G_N_ELEMENTS (usual); i++) {
      if (usual[i].status == status)
        code = usual[i].code;
    }
    send_refusal (message, status, code, "Refused on request (%u).", status);
  }
  return TRUE;
}

/* Requests */

static const gchar *
bearer (SoupServerMessage * message)
{
  const gchar *value = soup_message_headers_get_one
      (soup_server_message_get_request_headers (message), "Authorization");

  if (value == NULL || g_ascii_strncasecmp (value, "Bearer ", 7) != 0)
    return NULL;
  value += 7;
  return value + strspn (value, " ");
}

/* Takes the same time however much is right. */
static gboolean
is_key (Http * self, const gchar * value)
{
  const gchar *key = self->server->api_key;
  gsize n = strlen (key), i;
  guchar wrong;

  if (value == NULL || strlen (value) != n)
    return FALSE;
  for (wrong = 0, i = 0; i < n; i++)
    wrong |= value[i] ^ key[i];
  return wrong == 0;
}

static gboolean
needs_key (Http * self, SoupServerMessage * message)
{
  const gchar *value = bearer (message);

  if (is_key (self, value))
    return TRUE;
  if (value == NULL || *value == '\0')
    send_refusal (message, 401, NULL, "You did not provide an API key. Send it "
        "as 'Authorization: Bearer KEY'.");
  else
    send_refusal (message, 401, "invalid_api_key",
        "Incorrect API key provided. This server printed its own key when it "
        "started.");
  return FALSE;
}

static GBytes *
body_of (SoupServerMessage * message)
{
  return soup_message_body_flatten (soup_server_message_get_request_body
      (message));
}

static gboolean
is_content (SoupServerMessage * message, const gchar * type)
{
  const gchar *value = soup_message_headers_get_content_type
      (soup_server_message_get_request_headers (message), NULL);

  return value != NULL && g_ascii_strcasecmp (value, type) == 0;
}

static JsonObject *
read_json (SoupServerMessage * message)
{
  g_autoptr (GBytes) body = body_of (message);
  gsize length;
  const gchar *text = g_bytes_get_data (body, &length);
  const gchar *why;
  JsonObject *object;

  if (length == 0)
    return json_object_new ();
  object = util_parse (text, length, &why);
  if (object == NULL)
    send_refusal (message, 400, NULL,
        "We could not parse the JSON body of your request: %s.", why);
  return object;
}

/* Minting */

static const Field expires_after[] = {
  {"anchor", KIND_ENUM,.values = "created_at"},
  {"seconds", KIND_INTEGER,.min = 10,.max = 7200},
  {NULL}
};

static const Field mint_fields[] = {
  {"expires_after", KIND_OBJECT, TRUE,.members = expires_after},
  {"session", KIND_OBJECT},
  {NULL}
};

static void
send_token (SoupServerMessage * message, const Token * token)
{
  g_autoptr (JsonObject) body = json_object_new ();
  g_autoptr (JsonObject) config = NULL;
  g_autofree gchar *id = util_id ("sess_", 20);
  gchar *text;

  config = config_new (util_string (token->session, "type"));
  config_merge (config, token->session);
  json_object_set_string_member (body, "value", token->value);
  json_object_set_int_member (body, "expires_at", token->expires_at);
  json_object_set_object_member (body, "session", config_show (config, id, 0));
  text = util_print (body);
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json",
      SOUP_MEMORY_TAKE, text, strlen (text));
}

/* Unlike others, what is minted for a translation names a session with a model,
 * and no type. */
static const Field translation_mint_fields[] = {
  {"expires_after", KIND_OBJECT, TRUE,.members = expires_after},
  {"session", KIND_OBJECT,.required = TRUE},
  {NULL}
};

/* The body, or NULL: the message was answered. */
static JsonObject *
read_mint (Http * self, SoupServerMessage * message)
{
  if (!needs_key (self, message) || inject (self, message, "mint-status"))
    return NULL;
  return read_json (message);
}

static void
mint (Http * self, SoupServerMessage * message, JsonObject * request)
{
  gint64 seconds = util_int (util_object (request, "expires_after"), "seconds",
      600);

  send_token (message, tokens_mint (self->tokens, util_object (request,
              "session"), seconds));
}

static void
on_mint_translation (Http * self, SoupServerMessage * message)
{
  Refusal refusal = { NULL, NULL, NULL };
  g_autoptr (JsonObject) request = read_mint (self, message);

  if (request == NULL)
    return;
  if (!schema_check (request, translation_mint_fields, "", &refusal) ||
      !translation_check (util_object (request, "session"), FALSE, &refusal)) {
    send_refused (message, &refusal);
    return;
  }
  json_object_set_string_member (util_object (request, "session"), "type",
      "translation");
  mint (self, message, request);
}

static void
on_mint (Http * self, SoupServerMessage * message)
{
  Refusal refusal = { NULL, NULL, NULL };
  g_autoptr (JsonObject) request = read_mint (self, message);
  JsonObject *session;

  if (request == NULL)
    return;
  if (!json_object_has_member (request, "session")) {
    session = json_object_new ();
    json_object_set_string_member (session, "type", "realtime");
    json_object_set_object_member (request, "session", session);
  }
  session = util_object (request, "session");
  if (!schema_check (request, mint_fields, "", &refusal) ||
      !config_check (session, NULL, &refusal)) {
    send_refused (message, &refusal);
    return;
  }
  mint (self, message, request);
}

/* Calls */

static void
pending_free (Pending * pending)
{
  g_object_unref (pending->message);
  g_free (pending);
}

static gboolean
release (gpointer data)
{
  Pending *pending = data;

  soup_server_message_unpause (pending->message);
  pending_free (pending);
  return G_SOURCE_REMOVE;
}

static void
on_answered (Call * call, const gchar * answer, const Refusal * refusal,
    gpointer data)
{
  Pending *pending = data;
  Faults *faults = pending->http->server->faults;
  SoupServerMessage *message = pending->message;

  if (answer == NULL) {
    send_error (message, 400, "invalid_request_error", refusal);
    release (pending);
    return;
  }
  if (!faults_has (faults, "no-location")) {
    g_autofree gchar *location = g_strconcat (ROOT "/calls/", call_id (call),
        NULL);

    soup_message_headers_replace (soup_server_message_get_response_headers
        (message), "Location", location);
  }
  soup_server_message_set_status (message, faults_has (faults, "status-200") ?
      200 : 201, NULL);
  soup_server_message_set_response (message, "application/sdp",
      SOUP_MEMORY_COPY, answer, strlen (answer));
  util_after (faults_number (faults, "answer-delay", 0), release, pending);
}

/* Takes neither. */
static void
begin_call (Http * self, SoupServerMessage * message, const gchar * offer,
    JsonObject * session)
{
  Pending *pending;

  if (g_hash_table_size (self->server->calls) >= self->server->max_sessions) {
    send_limit (message, "rate_limit_exceeded");
    return;
  }
  pending = g_new0 (Pending, 1);
  pending->http = self;
  pending->message = g_object_ref (message);
  soup_server_message_pause (message);
  call_start (self->server, offer, session, on_answered, pending);
}

static gchar *
part_text (SoupMultipart * multipart, const gchar * wanted)
{
  gint i;

  for (i = 0; i < soup_multipart_get_length (multipart); i++) {
    g_autoptr (GHashTable) params = NULL;
    g_autofree gchar *disposition = NULL;
    SoupMessageHeaders *headers;
    GBytes *body;

    if (!soup_multipart_get_part (multipart, i, &headers, &body) ||
        !soup_message_headers_get_content_disposition (headers, &disposition,
            &params))
      continue;
    if (g_strcmp0 (g_hash_table_lookup (params, "name"), wanted) == 0)
      return g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  }
  return NULL;
}

static JsonObject *
default_session (void)
{
  JsonObject *session = json_object_new ();

  json_object_set_string_member (session, "type", "realtime");
  return session;
}

/* The session of the part "session"; NULL when the request was answered. */
static JsonObject *
part_session (SoupServerMessage * message, const gchar * text)
{
  Refusal refusal = { NULL, NULL, NULL };
  const gchar *why;
  JsonObject *session;

  if (text == NULL)
    return default_session ();
  session = util_parse (text, -1, &why);
  if (session == NULL) {
    send_refusal (message, 400, NULL,
        "We could not parse the part 'session' of your request: %s.", why);
    return NULL;
  }
  if (config_check (session, NULL, &refusal) &&
      config_is_transcription (session))
    refuse (&refusal, "invalid_value", g_strdup ("session.type"),
        "Invalid value: 'transcription'. Supported values are: 'realtime'. "
        "Mint a client secret for a transcription session.");
  if (refusal.message == NULL)
    return session;
  send_refused (message, &refusal);
  json_object_unref (session);
  return NULL;
}

static void
on_call_multipart (Http * self, SoupServerMessage * message)
{
  g_autoptr (GBytes) body = body_of (message);
  g_autoptr (JsonObject) session = NULL;
  g_autofree gchar *offer = NULL, *text = NULL;
  SoupMultipart *multipart;

  if (!needs_key (self, message) || inject (self, message, "call-status"))
    return;
  multipart = soup_multipart_new_from_message
      (soup_server_message_get_request_headers (message), body);
  if (multipart == NULL) {
    send_refusal (message, 400, NULL, "The multipart body cannot be read.");
    return;
  }
  offer = part_text (multipart, "sdp");
  text = part_text (multipart, "session");
  soup_multipart_free (multipart);
  if (offer == NULL) {
    Refusal refusal = { NULL, NULL, NULL };

    refuse (&refusal, "missing_required_parameter", g_strdup ("sdp"),
        "Missing required parameter: 'sdp'.");
    send_refused (message, &refusal);
    return;
  }
  session = part_session (message, text);
  if (session != NULL)
    begin_call (self, message, offer, session);
}

static void
on_call_sdp (Http * self, SoupServerMessage * message)
{
  g_autoptr (GBytes) body = body_of (message);
  g_autoptr (JsonObject) session = NULL;
  g_autofree gchar *offer = NULL;
  const gchar *value = bearer (message);
  const Token *token = NULL;

  if (value != NULL && g_str_has_prefix (value, "ek_")) {
    token = tokens_find (self->tokens, value);
    if (token == NULL) {
      send_refusal (message, 401, "invalid_api_key",
          "The client secret is unknown or expired: mint another one.");
      return;
    }
  } else if (!needs_key (self, message)) {
    return;
  }
  if (token != NULL && config_is_translation (token->session)) {
    send_refusal (message, 400, "invalid_value", "The client secret is that of "
        "a translation session: send the offer to " TRANSLATIONS "/calls.");
    return;
  }
  if (inject (self, message, "call-status"))
    return;
  session = token != NULL ? util_copy_object (token->session) :
      default_session ();
  offer = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  begin_call (self, message, offer, session);
}

static void
on_call (Http * self, SoupServerMessage * message)
{
  if (is_content (message, "multipart/form-data"))
    on_call_multipart (self, message);
  else if (is_content (message, "application/sdp"))
    on_call_sdp (self, message);
  else
    send_refusal (message, 400, "unsupported_content_type",
        "Unsupported content type: send 'application/sdp' or "
        "'multipart/form-data'.");
}

static void
on_translation_call (Http * self, SoupServerMessage * message,
    GHashTable * query)
{
  g_autoptr (GBytes) body = body_of (message);
  g_autoptr (JsonObject) session = NULL;
  g_autofree gchar *offer = NULL;
  const gchar *value = bearer (message);
  const Token *token = value != NULL ? tokens_find (self->tokens, value) : NULL;

  if (token == NULL)
    send_refusal (message, 401, "invalid_api_key", "A translation call needs a "
        "client secret of " TRANSLATIONS "/client_secrets that has not "
        "expired.");
  else if (!config_is_translation (token->session))
    send_refusal (message, 400, "invalid_value",
        "The client secret is not that "
        "of a translation session: send the offer to " ROOT "/calls.");
  else if (query != NULL && g_hash_table_contains (query, "model"))
    send_refusal (message, 400, "invalid_value", "The client secret names the "
        "model: leave the parameter 'model' out.");
  else if (!is_content (message, "application/sdp"))
    send_refusal (message, 400, "unsupported_content_type",
        "Unsupported content type: send 'application/sdp'.");
  else if (!inject (self, message, "call-status")) {
    session = util_copy_object (token->session);
    offer = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
    begin_call (self, message, offer, session);
  }
}

static void
on_hang_up (Http * self, SoupServerMessage * message, const gchar * id)
{
  const gchar *value = bearer (message);
  Call *call;

  if (!(value != NULL && g_str_has_prefix (value, "ek_") &&
          tokens_find (self->tokens, value) != NULL) &&
      !needs_key (self, message))
    return;
  call = g_hash_table_lookup (self->server->calls, id);
  if (call == NULL) {
    send_refusal (message, 404, "call_id_not_found",
        "No session found for the call id '%.64s'.", id);
    return;
  }
  call_end (call, FALSE);
  soup_server_message_set_status (message, 200, NULL);
}

/* Routes */

static gboolean
is_loopback_origin (const gchar * origin)
{
  g_autoptr (GUri) uri = g_uri_parse (origin, G_URI_FLAGS_NONE, NULL);
  const gchar *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return host != NULL && (g_str_equal (host, "localhost") ||
      g_str_equal (host, "127.0.0.1") || g_str_equal (host, "::1"));
}

static void
allow_origin (SoupServerMessage * message)
{
  SoupMessageHeaders *headers =
      soup_server_message_get_response_headers (message);
  const gchar *origin = soup_message_headers_get_one
      (soup_server_message_get_request_headers (message), "Origin");

  soup_message_headers_replace (headers, "Vary", "Origin");
  if (origin == NULL || !is_loopback_origin (origin))
    return;
  soup_message_headers_replace (headers, "Access-Control-Allow-Origin", origin);
  soup_message_headers_replace (headers, "Access-Control-Allow-Methods",
      "GET, POST, OPTIONS");
  soup_message_headers_replace (headers, "Access-Control-Allow-Headers",
      "authorization, content-type, x-openai-agents-sdk, openai-organization, "
      "openai-project, openai-safety-identifier, openai-beta, user-agent");
  soup_message_headers_replace (headers, "Access-Control-Expose-Headers",
      "Location, x-request-id");
}

/* The id in /v1/realtime/calls/ID/hangup, or NULL. */
static gchar *
hang_up_id (const gchar * path)
{
  const gchar *id, *end;

  if (!g_str_has_prefix (path, ROOT "/calls/"))
    return NULL;
  id = path + strlen (ROOT "/calls/");
  end = strchr (id, '/');
  if (end == NULL || end == id || !g_str_equal (end, "/hangup"))
    return NULL;
  return g_strndup (id, end - id);
}

static void
route (Http * self, SoupServerMessage * message, const gchar * path,
    GHashTable * query)
{
  gboolean post = soup_server_message_get_method (message) == SOUP_METHOD_POST;
  g_autofree gchar *id = hang_up_id (path);
  gboolean mint = g_str_equal (path, ROOT "/client_secrets");
  gboolean call = g_str_equal (path, ROOT "/calls");
  gboolean mint_translation = g_str_equal (path, TRANSLATIONS
      "/client_secrets");
  gboolean translate = g_str_equal (path, TRANSLATIONS "/calls");

  if (!mint && !call && !mint_translation && !translate && id == NULL) {
    send_refusal (message, 404, NULL, "Invalid URL (%s %.256s)",
        soup_server_message_get_method (message), path);
    return;
  }
  if (!post) {
    soup_message_headers_replace (soup_server_message_get_response_headers
        (message), "Allow", "POST, OPTIONS");
    send_refusal (message, 405, "method_not_supported",
        "Not allowed to %s on %.256s.",
        soup_server_message_get_method (message), path);
    return;
  }
  /* whoever was told goodbye comes back at once */
  if (self->server->quitting && id == NULL)
    send_refusal (message, 503, NULL, "The server is shutting down.");
  else if (soup_server_message_get_request_body (message)->length > MAX_BODY)
    send_refusal (message, 413, NULL, "The body is too large.");
  else if (mint)
    on_mint (self, message);
  else if (call)
    on_call (self, message);
  else if (mint_translation)
    on_mint_translation (self, message);
  else if (translate)
    on_translation_call (self, message, query);
  else
    on_hang_up (self, message, id);
}

static void
on_request (SoupServer * soup, SoupServerMessage * message,
    const gchar * path, GHashTable * query, gpointer data)
{
  Http *self = data;
  g_autofree gchar *id = util_id ("req_", 32);

  if (self->server->vanished) {
    soup_server_message_pause (message);
    return;
  }
  soup_message_headers_replace (soup_server_message_get_response_headers
      (message), "x-request-id", id);
  allow_origin (message);
  if (soup_server_message_get_method (message) == SOUP_METHOD_OPTIONS)
    soup_server_message_set_status (message, 204, NULL);
  else
    route (self, message, path, query);
}

Http *
http_new (Server * server, GError ** error)
{
  Http *self = g_new0 (Http, 1);
  g_autoptr (GSocketAddress) where = g_inet_socket_address_new
      (server->address, server->port);
  GSList *uris;

  self->server = server;
  self->tokens = tokens_new ();
  self->soup = soup_server_new ("server-header", "realtime-server ", NULL);
  soup_server_add_handler (self->soup, NULL, on_request, self, NULL);
  if (server->certificate != NULL)
    soup_server_set_tls_certificate (self->soup, server->certificate);
  if (!soup_server_listen (self->soup, where, server->certificate != NULL ?
          SOUP_SERVER_LISTEN_HTTPS : 0, error)) {
    http_free (self);
    return NULL;
  }
  uris = soup_server_get_uris (self->soup);
  server->port = g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return self;
}

void
http_free (Http * self)
{
  soup_server_disconnect (self->soup);
  g_object_unref (self->soup);
  tokens_free (self->tokens);
  g_free (self);
}
