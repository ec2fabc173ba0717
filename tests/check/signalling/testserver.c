/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include "testserver.h"

typedef struct
{
  gchar *path;
  guint status;
  gchar *content_type, *body, *headers;
  gboolean hang;
  gboolean used;
} Reply;

struct _TestServer
{
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  GTlsCertificate *certificate;
  SoupServer *soup;             /* of the thread */
  guint port;
  GAsyncQueue *requests;
  GMutex lock;
  GCond ready;                  /* with lock: port is set */
  GPtrArray *replies;           /* with lock */
  gchar *proxy_auth;            /* with lock */
};

static void
reply_free (gpointer data)
{
  Reply *reply = data;

  g_free (reply->path);
  g_free (reply->content_type);
  g_free (reply->body);
  g_free (reply->headers);
  g_free (reply);
}

void
test_request_free (TestRequest * request)
{
  g_free (request->method);
  g_free (request->path);
  g_hash_table_unref (request->headers);
  g_bytes_unref (request->body);
  g_free (request);
}

const gchar *
test_request_header (TestRequest * request, const gchar * name)
{
  return g_hash_table_lookup (request->headers, name);
}

static void
remember_header (const gchar * name, const gchar * value, gpointer headers)
{
  g_hash_table_insert (headers, g_ascii_strdown (name, -1), g_strdup (value));
}

static void
remember (TestServer * self, SoupServerMessage * msg)
{
  TestRequest *request = g_new0 (TestRequest, 1);
  GUri *uri = soup_server_message_get_uri (msg);
  SoupMessageBody *body = soup_server_message_get_request_body (msg);

  request->method = g_strdup (soup_server_message_get_method (msg));
  request->path = g_strdup_printf ("%s%s%s", g_uri_get_path (uri),
      g_uri_get_query (uri) ? "?" : "",
      g_uri_get_query (uri) ? g_uri_get_query (uri) : "");
  request->headers =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  soup_message_headers_foreach (soup_server_message_get_request_headers (msg),
      remember_header, request->headers);
  request->body = g_bytes_new (body->data, body->length);
  g_async_queue_push (self->requests, request);
}

static Reply *
find_reply (TestServer * self, const gchar * path)
{
  Reply *found = NULL;
  guint i;

  for (i = 0; i < self->replies->len; i++) {
    Reply *reply = g_ptr_array_index (self->replies, i);

    if (strcmp (reply->path, path) == 0) {
      found = reply;
      if (!reply->used)
        break;
    }
  }
  if (!found && strcmp (path, "*") != 0)
    return find_reply (self, "*");
  if (found)
    found->used = TRUE;
  return found;
}

static void
add_headers (SoupServerMessage * msg, const gchar * lines)
{
  g_auto (GStrv) all = g_strsplit (lines, "\n", -1);
  guint i;

  for (i = 0; all[i]; i++) {
    gchar *colon = strchr (all[i], ':');

    if (colon) {
      *colon = '\0';
      soup_message_headers_append (soup_server_message_get_response_headers
          (msg), all[i], g_strstrip (colon + 1));
    }
  }
}

static void
on_request (SoupServer * soup, SoupServerMessage * msg, const gchar * path,
    GHashTable * query, gpointer user_data)
{
  TestServer *self = user_data;
  const gchar *auth = soup_message_headers_get_one
      (soup_server_message_get_request_headers (msg), "Proxy-Authorization");
  Reply *reply;

  g_mutex_lock (&self->lock);
  if (self->proxy_auth && g_strcmp0 (self->proxy_auth, auth) != 0) {
    soup_server_message_set_status (msg, 407, NULL);
    soup_message_headers_append (soup_server_message_get_response_headers
        (msg), "Proxy-Authenticate", "Basic realm=\"test\"");
    g_mutex_unlock (&self->lock);
    return;
  }
  remember (self, msg);
  reply = find_reply (self, path);
  if (!reply) {
    soup_server_message_set_status (msg, 404, NULL);
  } else if (reply->hang) {
    soup_server_message_pause (msg);
  } else {
    soup_server_message_set_status (msg, reply->status, NULL);
    if (reply->headers)
      add_headers (msg, reply->headers);
    if (reply->body)
      soup_server_message_set_response (msg,
          reply->content_type ? reply->content_type : "text/plain",
          SOUP_MEMORY_COPY, reply->body, strlen (reply->body));
  }
  g_mutex_unlock (&self->lock);
}

static gpointer
run (gpointer data)
{
  TestServer *self = data;
  GSList *uris;

  g_main_context_push_thread_default (self->context);
  self->soup = soup_server_new (NULL, NULL);
  if (self->certificate)
    soup_server_set_tls_certificate (self->soup, self->certificate);
  soup_server_add_handler (self->soup, NULL, on_request, self, NULL);
  if (!soup_server_listen_local (self->soup, 0, SOUP_SERVER_LISTEN_IPV4_ONLY |
          (self->certificate ? SOUP_SERVER_LISTEN_HTTPS : 0), NULL))
    g_error ("no port to listen on");
  uris = soup_server_get_uris (self->soup);
  g_mutex_lock (&self->lock);
  self->port = g_uri_get_port (uris->data);
  g_cond_broadcast (&self->ready);
  g_mutex_unlock (&self->lock);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_main_loop_run (self->loop);
  soup_server_disconnect (self->soup);
  g_clear_object (&self->soup);
  while (g_main_context_iteration (self->context, FALSE));
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

TestServer *
test_server_new (GTlsCertificate * certificate)
{
  TestServer *self = g_new0 (TestServer, 1);

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->requests = g_async_queue_new_full ((GDestroyNotify) test_request_free);
  self->replies = g_ptr_array_new_with_free_func (reply_free);
  if (certificate)
    self->certificate = g_object_ref (certificate);
  g_mutex_init (&self->lock);
  g_cond_init (&self->ready);
  self->thread = g_thread_new ("test-server", run, self);
  g_mutex_lock (&self->lock);
  while (self->port == 0)
    g_cond_wait (&self->ready, &self->lock);
  g_mutex_unlock (&self->lock);
  return self;
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

void
test_server_free (TestServer * self)
{
  g_main_context_invoke (self->context, quit, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_async_queue_unref (self->requests);
  g_ptr_array_unref (self->replies);
  g_clear_object (&self->certificate);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->ready);
  g_free (self->proxy_auth);
  g_free (self);
}

guint
test_server_get_port (TestServer * self)
{
  return self->port;
}

gchar *
test_server_url (TestServer * self, const gchar * path)
{
  return g_strdup_printf ("%s://127.0.0.1:%u%s",
      self->certificate ? "https" : "http", self->port, path);
}

void
test_server_reply (TestServer * self, const gchar * path, guint status,
    const gchar * content_type, const gchar * body, const gchar * headers)
{
  Reply *reply = g_new0 (Reply, 1);

  reply->path = g_strdup (path);
  reply->status = status;
  reply->content_type = g_strdup (content_type);
  reply->body = g_strdup (body);
  reply->headers = g_strdup (headers);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->replies, reply);
  g_mutex_unlock (&self->lock);
}

void
test_server_hang (TestServer * self, const gchar * path)
{
  Reply *reply = g_new0 (Reply, 1);

  reply->path = g_strdup (path);
  reply->hang = TRUE;
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->replies, reply);
  g_mutex_unlock (&self->lock);
}

void
test_server_want_proxy_auth (TestServer * self, const gchar * value)
{
  g_mutex_lock (&self->lock);
  g_free (self->proxy_auth);
  self->proxy_auth = g_strdup (value);
  g_mutex_unlock (&self->lock);
}

TestRequest *
test_server_pop (TestServer * self)
{
  return g_async_queue_pop (self->requests);
}

guint
test_server_pending (TestServer * self)
{
  return MAX (g_async_queue_length (self->requests), 0);
}

struct _RawServer
{
  guint port;
  GBytes *bytes;
  gboolean hold, endless;
  GAsyncQueue *clients;         /* one mark for each that connected */
  GPtrArray *threads;           /* of the acceptor until it has ended */
  GSocketListener *listener;
  GThread *acceptor;
  GCancellable *stop;
};

typedef struct
{
  RawServer *server;
  GSocketConnection *connection;
} RawClient;

static gpointer
serve_client (gpointer data)
{
  RawClient *client = data;
  RawServer *self = client->server;
  GOutputStream *out =
      g_io_stream_get_output_stream (G_IO_STREAM (client->connection));
  GInputStream *in =
      g_io_stream_get_input_stream (G_IO_STREAM (client->connection));
  gchar buffer[4096];
  gsize size;
  gconstpointer bytes = g_bytes_get_data (self->bytes, &size);
  gboolean more = TRUE;

  if (size > 0)
    more = g_input_stream_read (in, buffer, sizeof (buffer), self->stop,
        NULL) > 0;
  while (more && size > 0) {
    more = g_output_stream_write_all (out, bytes, size, NULL, self->stop, NULL);
    if (!self->endless)
      break;
  }
  while (self->hold
      && g_input_stream_read (in, buffer, sizeof (buffer), self->stop,
          NULL) > 0);
  g_io_stream_close (G_IO_STREAM (client->connection), NULL, NULL);
  g_object_unref (client->connection);
  g_free (client);
  return NULL;
}

static gpointer
accept_clients (gpointer data)
{
  RawServer *self = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (self->listener, NULL,
              self->stop, NULL)) != NULL) {
    RawClient *client = g_new0 (RawClient, 1);

    client->server = self;
    client->connection = connection;
    g_ptr_array_add (self->threads,
        g_thread_new ("raw-client", serve_client, client));
    g_async_queue_push (self->clients, GINT_TO_POINTER (1));
  }
  return NULL;
}

RawServer *
raw_server_new (const gchar * bytes, gsize length, gboolean hold)
{
  RawServer *self = g_new0 (RawServer, 1);
  g_autoptr (GInetAddress) loopback =
      g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) got = NULL;

  self->bytes = g_bytes_new (bytes, length);
  self->hold = hold;
  self->clients = g_async_queue_new ();
  self->threads = g_ptr_array_new ();
  self->stop = g_cancellable_new ();
  /* its file is there now and then otherwise, to whoever counts files */
  if (g_cancellable_get_fd (self->stop) < 0)
    g_error ("no file for a cancellable");
  self->listener = g_socket_listener_new ();
  if (!g_socket_listener_add_address (self->listener, wanted,
          G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &got, NULL))
    g_error ("no port to listen on");
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got));
  return self;
}

void
raw_server_set_endless (RawServer * self)
{
  self->endless = TRUE;
}

/* The first call starts it. */
guint
raw_server_get_port (RawServer * self)
{
  if (!self->acceptor)
    self->acceptor = g_thread_new ("raw-server", accept_clients, self);
  return self->port;
}

void
raw_server_wait (RawServer * self)
{
  g_async_queue_pop (self->clients);
}

gboolean
raw_server_has_client (RawServer * self)
{
  return g_async_queue_try_pop (self->clients) != NULL;
}

void
raw_server_free (RawServer * self)
{
  guint i;

  g_cancellable_cancel (self->stop);
  if (self->acceptor)
    g_thread_join (self->acceptor);
  for (i = 0; i < self->threads->len; i++)
    g_thread_join (g_ptr_array_index (self->threads, i));
  g_ptr_array_unref (self->threads);
  g_object_unref (self->listener);
  g_cancellable_release_fd (self->stop);
  g_object_unref (self->stop);
  g_async_queue_unref (self->clients);
  g_bytes_unref (self->bytes);
  g_free (self);
}

guint
test_unused_port (void)
{
  RawServer *server = raw_server_new ("", 0, FALSE);
  guint port = server->port;

  raw_server_free (server);
  return port;
}
