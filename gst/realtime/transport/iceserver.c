/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "iceserver.h"
#include "transport.h"

#define DEFAULT_PORT 3478
#define DEFAULT_TLS_PORT 5349

#define STUN_FORM "stun-server must look like stun://HOST:PORT"
#define TURN_FORM "turn-server must look like turn://USER:PASSWORD@HOST:PORT, " \
    "with turns:// for TLS; ?transport=udp or ?transport=tcp may follow"

void
gst_realtime_ice_secret_free (gchar * secret)
{
  volatile gchar *p = secret;

  /* volatile: a write before a free may be optimised away otherwise */
  while (p && *p)
    *p++ = '\0';
  g_free (secret);
}

void
gst_realtime_ice_server_free (GstRealtimeIceServer * server)
{
  g_free (server->host);
  g_free (server->user);
  gst_realtime_ice_secret_free (server->password);
  g_free (server);
}

gchar *
gst_realtime_ice_server_get_name (const GstRealtimeIceServer * server)
{
  gboolean bracketed = strchr (server->host, ':') != NULL;

  return g_strdup_printf ("%s%s%s:%u", bracketed ? "[" : "", server->host,
      bracketed ? "]" : "", server->port);
}

/* These URLs have no authority by their RFCs and one in GStreamer: both are
 * read as if they had. NULL: none at all. */
static GUri *
parse (const gchar * url, const gchar ** why)
{
  const gchar *colon, *rest, *p;
  gchar *full;
  g_autoptr (GUri) uri = NULL;

  for (p = url; *p; p++) {
    if ((guchar) * p <= 0x20 || *p == 0x7f) {
      *why = "it holds a blank or a control character";
      return NULL;
    }
  }
  colon = strchr (url, ':');
  if (!colon) {
    *why = "it is no URL";
    return NULL;
  }
  rest = g_str_has_prefix (colon + 1, "//") ? colon + 3 : colon + 1;
  full = g_strdup_printf ("%.*s://%s", (gint) (colon - url), url, rest);
  uri = g_uri_parse (full, G_URI_FLAGS_HAS_PASSWORD, NULL);
  gst_realtime_ice_secret_free (full);
  if (!uri)
    *why = "it is no URL, or something in it is not percent-encoded";
  else if (!g_uri_get_host (uri) || !*g_uri_get_host (uri))
    *why = "it names no host";
  else if (g_uri_get_port (uri) == 0 || g_uri_get_port (uri) > 65535)
    *why = "it names a port that does not exist";
  else if (*g_uri_get_path (uri) || g_uri_get_fragment (uri))
    *why = "something follows the host that has no meaning there";
  else
    return g_steal_pointer (&uri);

  return NULL;
}

static gpointer
refuse (GError ** error, const gchar * form, const gchar * why)
{
  g_set_error (error, GST_REALTIME_TRANSPORT_ERROR,
      GST_REALTIME_TRANSPORT_ERROR_SETTINGS, "%s: %s", form, why);

  return NULL;
}

static GstRealtimeIceServer *
server_new (GUri * uri, guint default_port)
{
  GstRealtimeIceServer *server = g_new0 (GstRealtimeIceServer, 1);
  gint port = g_uri_get_port (uri);

  server->host = g_strdup (g_uri_get_host (uri));
  server->port = port > 0 ? (guint) port : default_port;

  return server;
}

GstRealtimeIceServer *
gst_realtime_stun_server_parse (const gchar * url, GError ** error)
{
  const gchar *why = NULL;
  g_autoptr (GUri) uri = parse (url, &why);

  if (uri && g_strcmp0 (g_uri_get_scheme (uri), "stun") != 0)
    why = "it does not begin with stun:";
  else if (uri && (g_uri_get_userinfo (uri) || g_uri_get_query (uri)))
    why = "STUN takes neither a user nor a transport";
  if (why)
    return refuse (error, STUN_FORM, why);

  return server_new (uri, DEFAULT_PORT);
}

/* What is wrong with the parts that a TURN server's URL has more; NULL:
 * nothing. */
static const gchar *
check_turn (GUri * uri, gboolean tls)
{
  const gchar *user = g_uri_get_user (uri);
  const gchar *password = g_uri_get_password (uri);
  const gchar *query = g_uri_get_query (uri);

  if (!tls && g_strcmp0 (g_uri_get_scheme (uri), "turn") != 0)
    return "it does not begin with turn: or turns:";
  if (!user || !*user || !password || !*password)
    return "user and password are missing";
  if (query && !g_str_equal (query, "transport=udp")
      && !g_str_equal (query, "transport=tcp"))
    return "only transport=udp or transport=tcp may follow the question mark";
  if (tls && query && g_str_equal (query, "transport=udp"))
    return "TLS goes over TCP: leave transport=udp out";

  return NULL;
}

GstRealtimeIceServer *
gst_realtime_turn_server_parse (const gchar * url, GError ** error)
{
  const gchar *why = NULL;
  g_autoptr (GUri) uri = parse (url, &why);
  GstRealtimeIceServer *server;
  gboolean tls = FALSE;

  if (uri) {
    tls = g_strcmp0 (g_uri_get_scheme (uri), "turns") == 0;
    why = check_turn (uri, tls);
  }
  if (why)
    return refuse (error, TURN_FORM, why);

  server = server_new (uri, tls ? DEFAULT_TLS_PORT : DEFAULT_PORT);
  server->user = g_strdup (g_uri_get_user (uri));
  server->password = g_strdup (g_uri_get_password (uri));
  server->tls = tls;
  server->udp = !tls && g_strcmp0 (g_uri_get_query (uri), "transport=tcp") != 0;
  server->tcp = !tls && g_strcmp0 (g_uri_get_query (uri), "transport=udp") != 0;

  return server;
}
