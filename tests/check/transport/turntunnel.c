/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A client of the loopback port, a TLS server that echoes, and the tunnel
 * between them.
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "../signalling/testcerts.h"
#include "transport/transport.h"
#include "transport/turntunnel.h"

#define SIZE 100000

typedef struct
{
  GMainLoop *loop;
  GSocketService *server;
  GstRealtimeIceServer address;
  GTlsCertificate *certificate;
  GstRealtimeTurnTunnel *tunnel;
  gchar *failure;
  guint failures;
  guint port;                   /* where the client goes */
  gboolean wait;                /* the client waits for its end */
  gsize echoed;
} Fixture;

/* a thread for each connection */
static gboolean
serve (GThreadedSocketService * service, GSocketConnection * connection,
    GObject * unused, gpointer user_data)
{
  Fixture *self = user_data;
  g_autoptr (GIOStream) tls = g_tls_server_connection_new (G_IO_STREAM
      (connection), self->certificate, NULL);
  gchar buffer[4096];
  gssize n;

  while ((n = g_input_stream_read (g_io_stream_get_input_stream (tls), buffer,
              sizeof (buffer), NULL, NULL)) > 0) {
    if (!g_output_stream_write_all (g_io_stream_get_output_stream (tls),
            buffer, n, NULL, NULL, NULL))
      break;
  }
  g_io_stream_close (tls, NULL, NULL);

  return TRUE;
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

static gpointer
write_all (gpointer connection)
{
  gchar *data = g_malloc0 (SIZE);

  g_output_stream_write_all (g_io_stream_get_output_stream (connection), data,
      SIZE, NULL, NULL, NULL);
  g_free (data);

  return NULL;
}

/* Writes and reads at the same time, until all came back or the end. */
static gpointer
be_client (gpointer user_data)
{
  Fixture *self = user_data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", self->port, NULL,
      NULL);
  gchar buffer[4096];
  GThread *writer;
  gssize n;

  fail_unless (connection != NULL);
  writer = g_thread_new ("writer", write_all, connection);
  while (self->echoed < SIZE || self->wait) {
    n = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM
            (connection)), buffer, sizeof (buffer), NULL, NULL);
    if (n <= 0)
      break;
    self->echoed += n;
    if (self->wait && self->echoed == SIZE)
      g_idle_add (quit, self->loop);
  }
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_thread_join (writer);
  if (!self->wait)
    g_idle_add (quit, self->loop);

  return NULL;
}

static void
on_failed (const gchar * why, gpointer user_data)
{
  Fixture *self = user_data;

  self->failures++;
  g_free (self->failure);
  self->failure = g_strdup (why);
}

static void
fixture_start (Fixture * self, GTlsCertificate * certificate)
{
  GError *error = NULL;

  memset (self, 0, sizeof (*self));
  self->loop = g_main_loop_new (NULL, FALSE);
  self->certificate = certificate;
  self->server = g_threaded_socket_service_new (10);
  g_signal_connect (self->server, "run", G_CALLBACK (serve), self);
  self->address.host = (gchar *) "127.0.0.1";
  self->address.tls = TRUE;
  self->address.port =
      g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (self->server),
      NULL, &error);
  fail_unless (error == NULL, "%s", error ? error->message : "");
}

static void
fixture_connect (Fixture * self, gboolean strict, const gchar * ca_file)
{
  GError *error = NULL;

  self->tunnel = gst_realtime_turn_tunnel_new (NULL, &self->address, strict,
      ca_file, NULL, on_failed, self, &error);
  fail_unless (self->tunnel != NULL, "%s", error ? error->message : "");
  self->port = gst_realtime_turn_tunnel_get_port (self->tunnel);
}

static void
fixture_run (Fixture * self)
{
  GThread *client = g_thread_new ("client", be_client, self);

  g_main_loop_run (self->loop);
  g_thread_join (client);
}

static void
fixture_stop (Fixture * self)
{
  g_clear_pointer (&self->tunnel, gst_realtime_turn_tunnel_free);
  g_socket_service_stop (self->server);
  g_socket_listener_close (G_SOCKET_LISTENER (self->server));
  /* what is cancelled tells so in here */
  while (g_main_context_iteration (NULL, FALSE));
  g_object_unref (self->server);
  g_main_loop_unref (self->loop);
  g_free (self->failure);
}

GST_START_TEST (test_passes)
{
  g_autoptr (TestCerts) certs = test_certs_new ();
  Fixture f;

  if (!certs)
    return;
  fixture_start (&f, certs->good);
  fixture_connect (&f, TRUE, certs->ca_file);
  fixture_run (&f);
  fail_unless (f.failure == NULL, "%s", f.failure);
  fail_unless_equals_int (f.echoed, SIZE);
  /* another one at the same door */
  f.echoed = 0;
  fixture_run (&f);
  fail_unless_equals_int (f.echoed, SIZE);
  fixture_stop (&f);
}

GST_END_TEST;

GST_START_TEST (test_refuses)
{
  g_autoptr (TestCerts) certs = test_certs_new ();
  Fixture f;
  guint i;

  if (!certs)
    return;
  for (i = 0; i < 3; i++) {
    GTlsCertificate *shown = i == 0 ? certs->good : i == 1 ?
        certs->other_host : certs->expired;

    fixture_start (&f, shown);
    /* whom the system does not know, and who is another than was called */
    fixture_connect (&f, TRUE, i == 0 ? NULL : certs->ca_file);
    fixture_run (&f);
    fail_unless_equals_int (f.failures, 1);
    fail_unless_equals_int (f.echoed, 0);
    fixture_stop (&f);

    fixture_start (&f, shown);
    fixture_connect (&f, FALSE, NULL);
    fixture_run (&f);
    fail_unless (f.failure == NULL, "%s", f.failure);
    fail_unless_equals_int (f.echoed, SIZE);
    fixture_stop (&f);
  }
}

GST_END_TEST;

GST_START_TEST (test_nobody)
{
  g_autoptr (GError) error = NULL;
  Fixture f;

  fixture_start (&f, NULL);
  fixture_connect (&f, TRUE, NULL);
  g_socket_service_stop (f.server);
  g_socket_listener_close (G_SOCKET_LISTENER (f.server));
  fixture_run (&f);
  fail_unless_equals_int (f.failures, 1);
  fail_unless (f.failure && *f.failure);
  fixture_stop (&f);

  fixture_start (&f, NULL);
  f.tunnel = gst_realtime_turn_tunnel_new (NULL, &f.address, TRUE,
      "/nonexistent/ca.pem", NULL, on_failed, &f, &error);
  fail_unless (f.tunnel == NULL);
  fail_unless (g_error_matches (error, GST_REALTIME_TRANSPORT_ERROR,
          GST_REALTIME_TRANSPORT_ERROR_SETTINGS));
  fail_unless (strstr (error->message, "ssl-ca-file") != NULL);
  fixture_stop (&f);
}

GST_END_TEST;

/* The link goes away while data is on its way. */
GST_START_TEST (test_ends)
{
  g_autoptr (TestCerts) certs = test_certs_new ();
  GThread *client;
  Fixture f;

  if (!certs)
    return;
  fixture_start (&f, certs->good);
  fixture_connect (&f, TRUE, certs->ca_file);
  f.wait = TRUE;
  client = g_thread_new ("client", be_client, &f);
  g_main_loop_run (f.loop);
  fail_unless_equals_int (f.echoed, SIZE);
  g_clear_pointer (&f.tunnel, gst_realtime_turn_tunnel_free);
  while (g_main_context_iteration (NULL, FALSE));
  /* its end came */
  g_thread_join (client);
  fail_unless_equals_int (f.failures, 0);
  fixture_stop (&f);
}

GST_END_TEST;

static Suite *
turntunnel_suite (void)
{
  Suite *s = suite_create ("turntunnel");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_passes);
  tcase_add_test (tc, test_refuses);
  tcase_add_test (tc, test_nobody);
  tcase_add_test (tc, test_ends);

  return s;
}

GST_CHECK_MAIN (turntunnel);
