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

#define DEFAULT_TIMEOUT 15
#define MAX_REDIRECTS 5
#define READ_SIZE (16 * 1024)
/* How long an unused connection is kept. */
#define IDLE_TIMEOUT 5

/* All members are used in @context only, so none needs a lock. */
struct _RealtimeHttp
{
  GMainContext *context;
  SoupSession *session;         /* NULL until needed and after a change */
  SoupMessageHeaders *headers;
  GError *bad_header;
  guint timeout;                /* seconds */
  gboolean strict;
  GTlsDatabase *ca;             /* NULL: the system's */
  gchar *proxy;                 /* without user and password; NULL: the system's */
  gchar *proxy_user, *proxy_password;
};

/* A request on its way. Its callback runs once, at the reply, the deadline or
 * the cancellation, whichever comes first; libsoup may need it a little longer. */
typedef struct
{
  gint refs;
  GObject *owner;
  RealtimeHttp *http;           /* belongs to owner */
  GTask *task;                  /* NULL once answered */
  RealtimeHttpRequest *request;
  GUri *uri;
  SoupSession *session;
  SoupMessage *msg;
  GInputStream *stream;
  GByteArray *body;
  GCancellable *stop;
  GSource *deadline, *cancelled;
  GCancellable *outer;          /* the caller's; may be NULL */
  gulong outer_id;
  GTlsCertificateFlags tls_errors;
  guint redirects;
} Exchange;

static void exchange_send (Exchange * self);

RealtimeHttpRequest *
realtime_http_request_new (const gchar * what, const gchar * method,
    const gchar * url)
{
  RealtimeHttpRequest *request = g_new0 (RealtimeHttpRequest, 1);

  request->what = what;
  request->method = g_strdup (method);
  request->url = g_strdup (url);
  request->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  request->secrets =
      g_ptr_array_new_with_free_func ((GDestroyNotify) realtime_secret_free);
  return request;
}

void
realtime_http_request_free (RealtimeHttpRequest * request)
{
  g_free (request->method);
  g_free (request->url);
  soup_message_headers_unref (request->headers);
  g_free (request->content_type);
  g_clear_pointer (&request->body, g_bytes_unref);
  g_ptr_array_unref (request->secrets);
  g_clear_error (&request->error);
  g_free (request);
}

void
realtime_http_request_set_header (RealtimeHttpRequest * request,
    const gchar * name, const gchar * value)
{
  if (realtime_http_check_header (name, value,
          request->error ? NULL : &request->error))
    soup_message_headers_replace (request->headers, name, value);
}

void
realtime_http_request_set_credential (RealtimeHttpRequest * request,
    const gchar * header, const gchar * scheme, const gchar * credential)
{
  gchar *bare, *value;

  if (!credential)
    return;
  /* a key read from a file often brings its line break along */
  bare = g_strstrip (g_strdup (credential));
  if (realtime_credential_check (bare, request->error ? NULL : &request->error)) {
    value = g_strconcat (scheme, bare, NULL);
    soup_message_headers_replace (request->headers, header, value);
    realtime_secret_free (value);
  }
  g_ptr_array_add (request->secrets, bare);
}

void
realtime_http_request_set_bearer (RealtimeHttpRequest * request,
    const gchar * credential)
{
  realtime_http_request_set_credential (request, "Authorization", "Bearer ",
      credential);
}

void
realtime_http_request_take_body (RealtimeHttpRequest * request,
    const gchar * content_type, GBytes * body)
{
  g_free (request->content_type);
  request->content_type = g_strdup (content_type);
  g_clear_pointer (&request->body, g_bytes_unref);
  request->body = body;
}

void
realtime_http_reply_free (RealtimeHttpReply * reply)
{
  g_bytes_unref (reply->body);
  soup_message_headers_unref (reply->headers);
  g_uri_unref (reply->uri);
  g_free (reply);
}

RealtimeHttp *
realtime_http_new (void)
{
  RealtimeHttp *http = g_new0 (RealtimeHttp, 1);

  http->context = g_main_context_ref_thread_default ();
  http->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  http->timeout = DEFAULT_TIMEOUT;
  http->strict = TRUE;
  return http;
}

static gboolean
drop_session (gpointer session)
{
  return G_SOURCE_REMOVE;
}

/* The session closes its idle connections, whose sources are of @context: it
 * is let go of there. */
static void
release_session (RealtimeHttp * http)
{
  SoupSession *session = g_steal_pointer (&http->session);

  if (!session)
    return;
  if (g_main_context_is_owner (http->context)) {
    g_object_unref (session);
  } else {
    g_main_context_invoke_full (http->context, G_PRIORITY_DEFAULT,
        drop_session, session, g_object_unref);
  }
}

void
realtime_http_free (RealtimeHttp * http)
{
  release_session (http);
  soup_message_headers_unref (http->headers);
  g_clear_error (&http->bad_header);
  g_clear_object (&http->ca);
  g_free (http->proxy);
  realtime_secret_free (http->proxy_user);
  realtime_secret_free (http->proxy_password);
  g_main_context_unref (http->context);
  g_free (http);
}

GMainContext *
realtime_http_get_context (RealtimeHttp * http)
{
  return http->context;
}

void
realtime_http_set_header (RealtimeHttp * http, const gchar * name,
    const gchar * value)
{
  if (!value)
    soup_message_headers_remove (http->headers, name);
  else if (realtime_http_check_header (name, value,
          http->bad_header ? NULL : &http->bad_header))
    soup_message_headers_replace (http->headers, name, value);
}

void
realtime_http_set_timeout (RealtimeHttp * http, guint seconds)
{
  http->timeout = CLAMP (seconds, 1, G_MAXUINT / 1000);
}

gboolean
realtime_http_set_tls (RealtimeHttp * http, gboolean strict,
    const gchar * ca_file, GError ** error)
{
  g_autoptr (GTlsDatabase) ca = NULL;
  g_autoptr (GError) cause = NULL;

  if (ca_file && *ca_file) {
    g_autofree gchar *path = NULL;

    /* the database wants an absolute name */
    path = g_canonicalize_filename (ca_file, NULL);
    ca = g_tls_file_database_new (path, &cause);
    if (!ca) {
      g_autofree gchar *detail = realtime_text_for_user (cause->message, -1,
          300, NULL);

      g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
          "The certificates of ssl-ca-file cannot be read (%s): give a file "
          "of PEM certificates", detail);
      return FALSE;
    }
  }
  http->strict = strict;
  g_set_object (&http->ca, ca);
  release_session (http);
  return TRUE;
}

gboolean
realtime_http_set_proxy (RealtimeHttp * http, const gchar * proxy_url,
    GError ** error)
{
  static const gchar *const schemes[] = { "http", "https", "socks", "socks4",
    "socks4a", "socks5", NULL
  };
  g_autofree gchar *full = NULL;
  g_autofree gchar *bare = NULL;
  g_autoptr (GUri) uri = NULL;
  gboolean socks;

  if (proxy_url && *proxy_url) {
    full = strstr (proxy_url, "://") ? g_strdup (proxy_url)
        : g_strconcat ("http://", proxy_url, NULL);
    uri = g_uri_parse (full, SOUP_HTTP_URI_FLAGS, NULL);
    if (!uri || !g_uri_get_host (uri) || !*g_uri_get_host (uri)
        || !g_strv_contains (schemes, g_uri_get_scheme (uri))) {
      g_set_error_literal (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
          "http-proxy is not the URL of a proxy. Example: "
          "http://proxy.example:3128");
      return FALSE;
    }
  }
  g_clear_pointer (&http->proxy, g_free);
  g_clear_pointer (&http->proxy_user, realtime_secret_free);
  g_clear_pointer (&http->proxy_password, realtime_secret_free);
  if (uri) {
    /* GIO itself signs on to a SOCKS proxy; for HTTP see authenticate() */
    socks = g_str_has_prefix (g_uri_get_scheme (uri), "socks");
    bare = realtime_proxy_url_for_user (full);
    http->proxy = g_strdup (socks ? full : bare);
    if (g_uri_get_user (uri) && !socks) {
      http->proxy_user = g_strdup (g_uri_get_user (uri));
      http->proxy_password = g_strdup (g_uri_get_password (uri) ?
          g_uri_get_password (uri) : "");
    }
  }
  release_session (http);
  return TRUE;
}

static SoupSession *
ensure_session (RealtimeHttp * http)
{
  if (!http->session) {
    http->session = soup_session_new_with_options ("user-agent",
        PACKAGE "/" VERSION, "timeout", 0, "idle-timeout", IDLE_TIMEOUT, NULL);
    if (http->ca)
      soup_session_set_tls_database (http->session, http->ca);
    if (http->proxy) {
      g_autoptr (GProxyResolver) resolver =
          g_simple_proxy_resolver_new (http->proxy, NULL);

      soup_session_set_proxy_resolver (http->session, resolver);
    }
  }
  return http->session;
}

static Exchange *
exchange_ref (Exchange * self)
{
  self->refs++;
  return self;
}

static void
exchange_unref (Exchange * self)
{
  if (--self->refs > 0)
    return;
  g_clear_object (&self->stream);
  if (self->msg)
    g_signal_handlers_disconnect_by_data (self->msg, self);
  g_clear_object (&self->msg);
  g_clear_object (&self->session);
  g_clear_pointer (&self->request, realtime_http_request_free);
  g_clear_pointer (&self->uri, g_uri_unref);
  g_clear_pointer (&self->body, g_byte_array_unref);
  g_object_unref (self->stop);
  g_clear_object (&self->outer);
  g_object_unref (self->owner);
  g_free (self);
}

static void
destroy_source (GSource ** source)
{
  if (*source) {
    g_source_destroy (*source);
    g_source_unref (*source);
    *source = NULL;
  }
}

static gboolean
stop_now (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

/* Ends what libsoup still does, once it has been told all that it has to be
 * told: a message that is cancelled after its headers were read and before
 * libsoup has noticed is freed twice (3.6.5 and before, fixed in 3.6.6). */
static void
exchange_stop (Exchange * self)
{
  GSource *source = g_idle_source_new ();

  g_source_set_callback (source, stop_now, g_object_ref (self->stop),
      g_object_unref);
  g_source_attach (source, self->http->context);
  g_source_unref (source);
}

/* Answers the caller, once. Takes @reply or @error. */
static void
exchange_finish (Exchange * self, RealtimeHttpReply * reply, GError * error)
{
  GTask *task = g_steal_pointer (&self->task);

  g_assert (task);
  if (self->outer_id)
    g_cancellable_disconnect (self->outer, self->outer_id);
  self->outer_id = 0;
  destroy_source (&self->deadline);
  destroy_source (&self->cancelled);
  /* whatever is still under way has nobody to report to */
  if (error)
    exchange_stop (self);
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, reply,
        (GDestroyNotify) realtime_http_reply_free);
  g_object_unref (task);
}

static void
exchange_fail_with_cause (Exchange * self, const GError * cause)
{
  exchange_finish (self, NULL,
      realtime_http_failure_from_cause (self->request, cause, self->uri,
          self->http->proxy, self->tls_errors));
}

static gboolean
on_deadline (gpointer user_data)
{
  Exchange *self = user_data;
  g_autofree gchar *shown = realtime_url_for_user (self->uri);

  exchange_finish (self, NULL, g_error_new (REALTIME_FAILURE,
          REALTIME_FAILURE_TIMEOUT, "%s: no answer from %s within %u s",
          self->request->what, shown, self->http->timeout));
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (gpointer user_data)
{
  Exchange *self = user_data;

  exchange_finish (self, NULL, g_error_new (REALTIME_FAILURE,
          REALTIME_FAILURE_CANCELLED, "%s: cancelled", self->request->what));
  return G_SOURCE_REMOVE;
}

static gboolean
on_accept_certificate (SoupMessage * msg, GTlsCertificate * certificate,
    GTlsCertificateFlags errors, gpointer user_data)
{
  Exchange *self = user_data;

  self->tls_errors = errors;
  return !self->http->strict;
}

static gboolean
on_authenticate (SoupMessage * msg, SoupAuth * auth, gboolean retrying,
    gpointer user_data)
{
  Exchange *self = user_data;

  if (!soup_auth_is_for_proxy (auth) || retrying || !self->http->proxy_user)
    return FALSE;
  soup_auth_authenticate (auth, self->http->proxy_user,
      self->http->proxy_password);
  return TRUE;
}

/* Whether the reply sends us elsewhere and we go; fails the exchange where it
 * must not be followed. */
static gboolean
exchange_redirect (Exchange * self, const RealtimeHttpReply * reply)
{
  const gchar *location =
      soup_message_headers_get_one (reply->headers, "Location");
  g_autoptr (GUri) target = NULL;
  g_autofree gchar *from = NULL;
  g_autofree gchar *to = NULL;
  const gchar *why = NULL;

  switch (reply->status) {
    case SOUP_STATUS_MOVED_PERMANENTLY:
    case SOUP_STATUS_FOUND:
    case SOUP_STATUS_SEE_OTHER:
    case SOUP_STATUS_TEMPORARY_REDIRECT:
    case SOUP_STATUS_PERMANENT_REDIRECT:
      break;
    default:
      return FALSE;
  }
  if (location)
    target = g_uri_parse_relative (self->uri, location, SOUP_HTTP_URI_FLAGS,
        NULL);
  if (!target || !g_uri_get_host (target) || g_uri_get_user (target))
    why = "without a usable target";
  else if (self->redirects >= MAX_REDIRECTS)
    why = "round and round";
  else if (!realtime_url_same_origin (self->uri, target))
    why = "to another server, which will not be given the credentials; if that "
        "server is the right one, set the URL to it";
  if (why) {
    GError *error;

    from = realtime_url_for_user (self->uri);
    to = target ? realtime_url_for_user (target) : g_strdup ("nowhere");
    error = g_error_new (REALTIME_FAILURE, REALTIME_FAILURE_REFUSED,
        "%s: %s redirects (%u) to %s: %s", self->request->what, from,
        reply->status, to, why);
    realtime_failure_set_http (error, reply->status, NULL, reply->request_id,
        0);
    exchange_finish (self, NULL, error);
    return TRUE;
  }
  self->redirects++;
  /* 307 and 308 keep method and body; the older ones turn a POST into a GET */
  if (reply->status == SOUP_STATUS_SEE_OTHER
      || (reply->status < SOUP_STATUS_SEE_OTHER
          && g_strcmp0 (self->request->method, "POST") == 0)) {
    g_free (self->request->method);
    self->request->method = g_strdup ("GET");
    g_clear_pointer (&self->request->body, g_bytes_unref);
  }
  g_uri_unref (self->uri);
  self->uri = g_steal_pointer (&target);
  exchange_send (self);
  return TRUE;
}

/* Whether a proxy speaks for a server with which there is no TLS yet. */
static gboolean
is_of_proxy (Exchange * self)
{
  return g_strcmp0 (g_uri_get_scheme (self->uri), "https") == 0
      && !soup_message_get_tls_peer_certificate (self->msg);
}

/* The body is there, or as much of it as we take. */
static void
exchange_complete (Exchange * self, gboolean too_long)
{
  RealtimeHttpReply *reply = g_new0 (RealtimeHttpReply, 1);

  reply->status = soup_message_get_status (self->msg);
  reply->headers =
      soup_message_headers_ref (soup_message_get_response_headers (self->msg));
  reply->request_id =
      soup_message_headers_get_one (reply->headers, "x-request-id");
  reply->uri = g_uri_ref (self->uri);
  reply->body = g_byte_array_free_to_bytes (g_steal_pointer (&self->body));
  g_clear_object (&self->stream);

  if (exchange_redirect (self, reply)) {
    realtime_http_reply_free (reply);
  } else if (!SOUP_STATUS_IS_SUCCESSFUL (reply->status)) {
    GError *error = is_of_proxy (self) ?
        realtime_http_failure_from_proxy (self->request, reply,
        self->http->proxy) :
        realtime_http_failure_from_reply (self->request, reply);

    realtime_http_reply_free (reply);
    exchange_finish (self, NULL, error);
  } else if (too_long) {
    g_autofree gchar *shown = realtime_url_for_user (self->uri);

    realtime_http_reply_free (reply);
    exchange_finish (self, NULL, g_error_new (REALTIME_FAILURE,
            REALTIME_FAILURE_FORMAT, "%s: the answer of %s is longer than "
            "%u bytes, which no token or session description is",
            self->request->what, shown, REALTIME_HTTP_MAX_BODY));
  } else {
    exchange_finish (self, reply, NULL);
  }
}

static void
on_read (GObject * source, GAsyncResult * result, gpointer user_data)
{
  Exchange *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) chunk = NULL;

  chunk = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result,
      &error);
  if (!self->task) {
    exchange_unref (self);
    return;
  }
  if (!chunk) {
    exchange_fail_with_cause (self, error);
  } else if (g_bytes_get_size (chunk) == 0) {
    exchange_complete (self, FALSE);
  } else if (self->body->len + g_bytes_get_size (chunk) >
      REALTIME_HTTP_MAX_BODY) {
    exchange_complete (self, TRUE);
  } else {
    g_byte_array_append (self->body, g_bytes_get_data (chunk, NULL),
        g_bytes_get_size (chunk));
    g_input_stream_read_bytes_async (self->stream, READ_SIZE,
        G_PRIORITY_DEFAULT, self->stop, on_read, self);
    return;
  }
  exchange_unref (self);
}

static void
on_sent (GObject * source, GAsyncResult * result, gpointer user_data)
{
  Exchange *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = NULL;

  stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (!self->task) {
    exchange_unref (self);
    return;
  }
  if (!stream) {
    exchange_fail_with_cause (self, error);
    exchange_unref (self);
    return;
  }
  self->stream = g_steal_pointer (&stream);
  self->body = g_byte_array_new ();
  g_input_stream_read_bytes_async (self->stream, READ_SIZE,
      G_PRIORITY_DEFAULT, self->stop, on_read, self);
}

static void
copy_header (const gchar * name, const gchar * value, gpointer user_data)
{
  soup_message_headers_replace (user_data, name, value);
}

/* At once: a proxy that has to ask for it first often does not wait for the
 * body that it then refuses, and its answer is lost. Where a tunnel is made to
 * the server, libsoup does this with a request that has no body. */
static void
sign_on_to_proxy (Exchange * self, SoupMessageHeaders * headers)
{
  RealtimeHttp *http = self->http;
  gchar *both, *encoded, *value;

  if (!http->proxy_user
      || g_strcmp0 (g_uri_get_scheme (self->uri), "http") != 0)
    return;
  both = g_strconcat (http->proxy_user, ":", http->proxy_password, NULL);
  encoded = g_base64_encode ((const guchar *) both, strlen (both));
  value = g_strconcat ("Basic ", encoded, NULL);
  soup_message_headers_replace (headers, "Proxy-Authorization", value);
  realtime_secret_free (value);
  realtime_secret_free (encoded);
  realtime_secret_free (both);
}

/* Behind what libsoup itself does there: it tells the proxy's password to the
 * server too that the proxy has made a tunnel to (3.2 to 3.6). */
static void
on_starting (SoupMessage * msg, gpointer user_data)
{
  Exchange *self = user_data;

  if (g_strcmp0 (g_uri_get_scheme (self->uri), "https") == 0)
    soup_message_headers_remove (soup_message_get_request_headers (msg),
        "Proxy-Authorization");
}

static void
set_body (Exchange * self)
{
  if (self->request->body)
    soup_message_set_request_body_from_bytes (self->msg,
        self->request->content_type, self->request->body);
}

/* libsoup sends it a second time, for a proxy that wants a password, and has
 * let go of the body. */
static void
on_restarted (SoupMessage * msg, gpointer user_data)
{
  set_body (user_data);
}

static void
exchange_send (Exchange * self)
{
  SoupMessageHeaders *headers;

  if (self->msg)
    g_signal_handlers_disconnect_by_data (self->msg, self);
  g_clear_object (&self->msg);
  self->msg = soup_message_new_from_uri (self->request->method, self->uri);
  soup_message_add_flags (self->msg, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (self->msg, "accept-certificate",
      G_CALLBACK (on_accept_certificate), self);
  g_signal_connect (self->msg, "authenticate", G_CALLBACK (on_authenticate),
      self);
  g_signal_connect (self->msg, "restarted", G_CALLBACK (on_restarted), self);
  g_signal_connect_after (self->msg, "starting", G_CALLBACK (on_starting),
      self);
  headers = soup_message_get_request_headers (self->msg);
  soup_message_headers_foreach (self->request->headers, copy_header, headers);
  soup_message_headers_foreach (self->http->headers, copy_header, headers);
  sign_on_to_proxy (self, headers);
  set_body (self);
  soup_session_send_async (self->session, self->msg, G_PRIORITY_DEFAULT,
      self->stop, on_sent, exchange_ref (self));
}

static void
remember_secret (const gchar * name, const gchar * value, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strdup (value));
}

static gboolean
dispatch (GSource * source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

/* In the thread that cancels. */
static void
wake (GCancellable * cancellable, gpointer source)
{
  g_source_set_ready_time (source, 0);
}

/* Has on_cancelled() called in our context. GLib's own source for this loses
 * its memory when it is cancelled from another thread (2.74). */
static void
watch_cancellable (Exchange * self, GCancellable * cancellable)
{
  static GSourceFuncs funcs = { NULL, NULL, dispatch, NULL, NULL, NULL };

  self->cancelled = g_source_new (&funcs, sizeof (GSource));
  g_source_set_callback (self->cancelled, on_cancelled, exchange_ref (self),
      (GDestroyNotify) exchange_unref);
  g_source_attach (self->cancelled, self->http->context);
  self->outer = g_object_ref (cancellable);
  self->outer_id = g_cancellable_connect (cancellable, G_CALLBACK (wake),
      g_source_ref (self->cancelled), (GDestroyNotify) g_source_unref);
}

static void
exchange_start (Exchange * self, GCancellable * cancellable)
{
  RealtimeHttp *http = self->http;
  RealtimeHttpRequest *request = self->request;
  GError *error = NULL;

  if (request->error)
    error = g_error_copy (request->error);
  else if (http->bad_header)
    error = g_error_copy (http->bad_header);
  else
    self->uri = realtime_url_parse (request->url, request->what, &error);
  if (error) {
    exchange_finish (self, NULL, error);
    return;
  }
  /* what an application puts there is often a key */
  soup_message_headers_foreach (http->headers, remember_secret,
      request->secrets);
  if (cancellable) {
    watch_cancellable (self, cancellable);
    if (g_cancellable_is_cancelled (cancellable))
      return;
  }
  self->deadline = g_timeout_source_new (http->timeout * 1000);
  g_source_set_callback (self->deadline, on_deadline, exchange_ref (self),
      (GDestroyNotify) exchange_unref);
  g_source_attach (self->deadline, http->context);
  self->session = g_object_ref (ensure_session (http));
  exchange_send (self);
}

void
realtime_http_send_async (RealtimeHttp * http, GObject * owner,
    RealtimeHttpRequest * request, GCancellable * cancellable,
    GAsyncReadyCallback callback, gpointer user_data)
{
  Exchange *self = g_new0 (Exchange, 1);

  /* libsoup works in whatever context is the default at the call */
  g_main_context_push_thread_default (http->context);
  self->refs = 1;
  self->owner = g_object_ref (owner);
  self->http = http;
  self->request = request;
  self->stop = g_cancellable_new ();
  /* without the cancellable, which would put an error of its own */
  self->task = g_task_new (owner, NULL, callback, user_data);
  exchange_start (self, cancellable);
  exchange_unref (self);
  g_main_context_pop_thread_default (http->context);
}

RealtimeHttpReply *
realtime_http_send_finish (GAsyncResult * result, GError ** error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
