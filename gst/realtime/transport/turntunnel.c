/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "transport.h"
#include "turntunnel.h"

GST_DEBUG_CATEGORY_STATIC (realtime_turn_tunnel_debug);
#define GST_CAT_DEFAULT realtime_turn_tunnel_debug

struct _GstRealtimeTurnTunnel
{
  GMainContext *context;
  GSocketService *service;
  guint port, port6;
  GSocketClient *client;
  GSocketConnectable *server;
  GTlsDatabase *ca;             /* NULL: the system's */
  gboolean strict;
  GCancellable *cancellable;
  GstRealtimeTurnTunnelFailed failed;
  gpointer user_data;
};

/* One connection from here to the server. It may outlive the tunnel, by which
 * it is cancelled, for as long as GIO needs to notice. */
typedef struct
{
  GstRealtimeTurnTunnel *tunnel;        /* gone once cancellable is cancelled */
  GCancellable *cancellable;
  GIOStream *inside;
} Passage;

static void
passage_free (Passage * self)
{
  g_object_unref (self->inside);
  g_object_unref (self->cancellable);
  g_free (self);
}

static void
on_spliced (GObject * source, GAsyncResult * result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  /* both ends are closed, whoever did it and why: libnice notices that */
  if (!g_io_stream_splice_finish (result, &error))
    GST_DEBUG ("a connection to the TURN server ended: %s", error->message);
  passage_free (user_data);
}

/* Voice goes in small packets that must not wait for each other. */
static void
send_at_once (GSocketConnection * connection)
{
  g_autoptr (GError) error = NULL;

  if (!g_socket_set_option (g_socket_connection_get_socket (connection),
          IPPROTO_TCP, TCP_NODELAY, TRUE, &error))
    GST_INFO ("small packets are held back: %s", error->message);
}

static void
on_connected (GObject * source, GAsyncResult * result, gpointer user_data)
{
  Passage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) outside =
      g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable)) {
    passage_free (self);
    return;
  }
  if (!outside) {
    self->tunnel->failed (error->message, self->tunnel->user_data);
    passage_free (self);
    return;
  }
  send_at_once (outside);
  g_io_stream_splice_async (self->inside, G_IO_STREAM (outside),
      G_IO_STREAM_SPLICE_CLOSE_STREAM1 | G_IO_STREAM_SPLICE_CLOSE_STREAM2,
      G_PRIORITY_DEFAULT, self->cancellable, on_spliced, self);
}

static gboolean
on_incoming (GSocketService * service, GSocketConnection * connection,
    GObject * unused, GstRealtimeTurnTunnel * self)
{
  Passage *passage = g_new0 (Passage, 1);

  passage->tunnel = self;
  passage->cancellable = g_object_ref (self->cancellable);
  passage->inside = G_IO_STREAM (g_object_ref (connection));
  send_at_once (connection);
  g_socket_client_connect_async (self->client, self->server,
      self->cancellable, on_connected, passage);

  return TRUE;
}

static gboolean
on_accept_certificate (GTlsConnection * connection, GTlsCertificate * peer,
    GTlsCertificateFlags errors, gpointer unused)
{
  return TRUE;
}

static void
on_client_event (GSocketClient * client, GSocketClientEvent event,
    GSocketConnectable * connectable, GIOStream * connection,
    GstRealtimeTurnTunnel * self)
{
  if (event != G_SOCKET_CLIENT_TLS_HANDSHAKING)
    return;
  if (self->ca)
    g_tls_connection_set_database (G_TLS_CONNECTION (connection), self->ca);
  if (!self->strict)
    g_signal_connect (connection, "accept-certificate",
        G_CALLBACK (on_accept_certificate), NULL);
}

static guint
listen_on (GstRealtimeTurnTunnel * self, GSocketFamily family, GError ** error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (family);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;

  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service),
          wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound,
          error))
    return 0;

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

/* Makes what speaks to the server. */
static gboolean
make_client (GstRealtimeTurnTunnel * self, const gchar * ca_file,
    const gchar * http_proxy, GError ** error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree gchar *path = NULL;

  if (ca_file && *ca_file) {
    /* the database wants an absolute name */
    path = g_canonicalize_filename (ca_file, NULL);
    self->ca = g_tls_file_database_new (path, &cause);
    if (!self->ca) {
      g_set_error (error, GST_REALTIME_TRANSPORT_ERROR,
          GST_REALTIME_TRANSPORT_ERROR_SETTINGS, "The certificates of "
          "ssl-ca-file cannot be read (%s): give a file of PEM certificates",
          cause->message);
      return FALSE;
    }
  }
  self->client = g_socket_client_new ();
  g_socket_client_set_tls (self->client, TRUE);
  if (http_proxy && *http_proxy) {
    g_autoptr (GProxyResolver) resolver =
        g_simple_proxy_resolver_new (http_proxy, NULL);

    g_socket_client_set_proxy_resolver (self->client, resolver);
  }
  g_signal_connect (self->client, "event", G_CALLBACK (on_client_event), self);

  return TRUE;
}

GstRealtimeTurnTunnel *
gst_realtime_turn_tunnel_new (GMainContext * context,
    const GstRealtimeIceServer * server, gboolean strict,
    const gchar * ca_file, const gchar * http_proxy,
    GstRealtimeTurnTunnelFailed failed, gpointer user_data, GError ** error)
{
  GstRealtimeTurnTunnel *self = g_new0 (GstRealtimeTurnTunnel, 1);
  g_autofree gchar *name = gst_realtime_ice_server_get_name (server);
  g_autofree gchar *url = g_strconcat ("https://", name, NULL);
  g_autoptr (GError) cause = NULL;
  static gsize once = 0;

  if (g_once_init_enter (&once)) {
    GST_DEBUG_CATEGORY_INIT (realtime_turn_tunnel_debug, "realtimeturntunnel",
        0, "TLS to TURN servers");
    g_once_init_leave (&once, 1);
  }

  self->context = g_main_context_ref (context ? context :
      g_main_context_default ());
  self->strict = strict;
  self->failed = failed;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  /* not yet: it forgets who came while another address is added */
  self->service = g_socket_service_new ();
  g_socket_service_stop (self->service);
  /* as a URL, so that the proxy for https is found */
  self->server = g_network_address_parse_uri (url, server->port, &cause);
  if (self->server)
    self->port = listen_on (self, G_SOCKET_FAMILY_IPV4, &cause);
  if (!self->port) {
    g_set_error (error, GST_REALTIME_TRANSPORT_ERROR,
        GST_REALTIME_TRANSPORT_ERROR_LINK, "no way to the TURN server %s "
        "could be made: %s", name, cause->message);
  } else if (make_client (self, ca_file, http_proxy, error)) {
    /* not every machine has it */
    self->port6 = listen_on (self, G_SOCKET_FAMILY_IPV6, NULL);
    g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming),
        self);
    g_main_context_push_thread_default (self->context);
    g_socket_service_start (self->service);
    g_main_context_pop_thread_default (self->context);
    return self;
  }
  gst_realtime_turn_tunnel_free (self);

  return NULL;
}

guint
gst_realtime_turn_tunnel_get_port (GstRealtimeTurnTunnel * self)
{
  return self->port;
}

guint
gst_realtime_turn_tunnel_get_port6 (GstRealtimeTurnTunnel * self)
{
  return self->port6;
}

void
gst_realtime_turn_tunnel_free (GstRealtimeTurnTunnel * self)
{
  g_cancellable_cancel (self->cancellable);
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  if (self->client)
    g_signal_handlers_disconnect_by_data (self->client, self);
  g_clear_object (&self->client);
  g_clear_object (&self->server);
  g_clear_object (&self->ca);
  g_object_unref (self->cancellable);
  g_main_context_unref (self->context);
  g_free (self);
}
