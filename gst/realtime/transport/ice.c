/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <nice/agent.h>
#include <nice/debug.h>
#include <string.h>

#include "ice.h"
#include "iceserver.h"
#include "transport.h"
#include "turntunnel.h"

GST_DEBUG_CATEGORY_EXTERN (realtime_webrtc_debug);
#define GST_CAT_DEFAULT realtime_webrtc_debug

/* max-bundle makes one of each */
#define STREAM_ID 1
#define COMPONENT_ID 1

/* Referenced by whoever made it and by its signal handler, which may be
 * running in the agent's thread when it is freed. */
struct _GstRealtimeIce
{
  /* set once before use */
  NiceAgent *agent;
  GstRealtimeIceServer *turn;   /* NULL: none */
  guint tunnel_port, tunnel_port6;
  gboolean relay_only;
  GstRealtimeIceFailed failed;
  gpointer user_data;

  /* the main context's thread only */
  GstRealtimeTurnTunnel *tunnel;
  gchar *tunnel_error;
  gboolean ended;

  gulong selected_handler;
  GMutex lock;
  gchar *local_address;         /* with lock; NULL: unknown, or a relay's */
};

typedef void (*AddressFunc) (const gchar * address, gpointer user_data);

/* Calls @func with each address that an interface which is up has. */
static void
foreach_address (AddressFunc func, gpointer user_data)
{
  struct ifaddrs *interfaces = NULL, *i;

  if (getifaddrs (&interfaces) != 0)
    return;
  for (i = interfaces; i; i = i->ifa_next) {
    gchar host[NI_MAXHOST];
    socklen_t size;

    if (!i->ifa_addr || !(i->ifa_flags & IFF_UP))
      continue;
    if (i->ifa_addr->sa_family == AF_INET)
      size = sizeof (struct sockaddr_in);
    else if (i->ifa_addr->sa_family == AF_INET6)
      size = sizeof (struct sockaddr_in6);
    else
      continue;
    if (getnameinfo (i->ifa_addr, size, host, sizeof (host), NULL, 0,
            NI_NUMERICHOST) == 0)
      func (host, user_data);
  }
  freeifaddrs (interfaces);
}

static void
offer_address (const gchar * address, gpointer ice)
{
  gboolean added;

  if (!strchr (address, '%'))
    g_signal_emit_by_name (ice, "add-local-ip-address", address, &added);
}

/* @loopback: libnice offers no loopback address by itself, and none else once
 * it was given one: a proxy on this machine may well hand out a remote
 * answer. */
static void
set_up_agent (GstRealtimeIce * self, GObject * ice, gboolean loopback)
{
  g_object_get (ice, "agent", &self->agent, NULL);
  /* UPnP costs 200 ms of every gathering; 5 ms is the least pacing that
   * RFC 8445 allows; and loss is never noticed without the last */
  g_object_set (self->agent, "upnp", FALSE, "stun-pacing-timer", 5,
      "keepalive-conncheck", TRUE, NULL);
  if (loopback)
    foreach_address (offer_address, ice);
}

static void
on_selected_pair (NiceAgent * agent, guint stream_id, guint component_id,
    NiceCandidate * local, NiceCandidate * remote, GstRealtimeIce * self)
{
  gchar address[INET6_ADDRSTRLEN];

  nice_address_to_string (&local->base_addr, address);
  GST_INFO ("from %s candidate at %s", local->type ==
      NICE_CANDIDATE_TYPE_RELAYED ? "a relayed" : "a", address);
  g_mutex_lock (&self->lock);
  g_free (self->local_address);
  /* where the relay's client is bound is not told */
  self->local_address = local->type == NICE_CANDIDATE_TYPE_RELAYED ? NULL :
      g_strdup (address);
  g_mutex_unlock (&self->lock);
}

/* Takes @why. */
static void
fail (GstRealtimeIce * self, gchar * why)
{
  if (!self->ended) {
    self->ended = TRUE;
    self->failed (why, self->user_data);
  }
  g_free (why);
}

static gboolean
has_relay (GstRealtimeIce * self)
{
  GSList *candidates = nice_agent_get_local_candidates (self->agent,
      STREAM_ID, COMPONENT_ID);
  GSList *i;
  gboolean found = FALSE;

  for (i = candidates; i && !found; i = i->next)
    found = ((NiceCandidate *) i->data)->type == NICE_CANDIDATE_TYPE_RELAYED;
  g_slist_free_full (candidates, (GDestroyNotify) nice_candidate_free);

  return found;
}

static void
fail_for_relay (GstRealtimeIce * self, const gchar * why)
{
  gchar *name = gst_realtime_ice_server_get_name (self->turn);

  fail (self, g_strdup_printf ("the TURN server %s gives no relay, and "
          "ice-transport-policy allows nothing else: %s", name, why));
  g_free (name);
}

static void
on_tunnel_failed (const gchar * why, gpointer user_data)
{
  GstRealtimeIce *self = user_data;

  GST_WARNING ("TLS to the TURN server: %s", why);
  g_free (self->tunnel_error);
  self->tunnel_error = g_strdup (why);
  if (self->relay_only && !has_relay (self))
    fail_for_relay (self, why);
}

static gboolean
set_up_servers (GstRealtimeIce * self, GstElement * webrtcbin,
    const GstRealtimeIceConfig * config, GError ** error)
{
  const GstRealtimeLinkSettings *settings = config->settings;
  g_autoptr (GstRealtimeIceServer) stun = NULL;
  g_autofree gchar *name = NULL;
  g_autofree gchar *url = NULL;

  self->relay_only = settings->ice_transport_policy ==
      GST_WEBRTC_ICE_TRANSPORT_POLICY_RELAY;
  g_object_set (webrtcbin, "ice-transport-policy",
      settings->ice_transport_policy, NULL);
  if (settings->stun_server) {
    stun = gst_realtime_stun_server_parse (settings->stun_server, error);
    if (!stun)
      return FALSE;
    name = gst_realtime_ice_server_get_name (stun);
    url = g_strconcat ("stun://", name, NULL);
    g_object_set (webrtcbin, "stun-server", url, NULL);
  }
  if (settings->turn_server) {
    self->turn = gst_realtime_turn_server_parse (settings->turn_server, error);
    if (!self->turn)
      return FALSE;
  }
  if (self->turn && self->turn->tls) {
    self->tunnel = gst_realtime_turn_tunnel_new (config->context, self->turn,
        config->ssl_strict, config->ssl_ca_file, config->http_proxy,
        on_tunnel_failed, self, error);
    if (!self->tunnel)
      return FALSE;
    self->tunnel_port = gst_realtime_turn_tunnel_get_port (self->tunnel);
    self->tunnel_port6 = gst_realtime_turn_tunnel_get_port6 (self->tunnel);
  }

  return TRUE;
}

static void
ice_clear (gpointer data)
{
  GstRealtimeIce *self = data;

  g_clear_pointer (&self->turn, gst_realtime_ice_server_free);
  g_free (self->tunnel_error);
  g_free (self->local_address);
  g_mutex_clear (&self->lock);
}

static void
ice_unref (gpointer data, GClosure * unused)
{
  g_atomic_rc_box_release_full (data, ice_clear);
}

GstRealtimeIce *
gst_realtime_ice_new (GstElement * webrtcbin,
    const GstRealtimeIceConfig * config, GstRealtimeIceFailed failed,
    gpointer user_data, GError ** error)
{
  GstRealtimeIce *self = g_atomic_rc_box_new0 (GstRealtimeIce);
  GObject *ice = NULL;

  g_mutex_init (&self->lock);
  self->failed = failed;
  self->user_data = user_data;
  g_object_get (webrtcbin, "ice-agent", &ice, NULL);
  set_up_agent (self, ice, config->loopback);
  g_object_unref (ice);
  self->selected_handler = g_signal_connect_data (self->agent,
      "new-selected-pair-full", G_CALLBACK (on_selected_pair),
      g_atomic_rc_box_acquire (self), ice_unref, 0);
  if (!set_up_servers (self, webrtcbin, config, error)) {
    gst_realtime_ice_stop (self);
    gst_realtime_ice_free (self);
    return NULL;
  }

  return self;
}

/* libnice writes the password into its log where one of these asks for all of
 * that; otherwise it does not, and the log is left as it is. */
static gboolean
is_logged (void)
{
  return g_getenv ("G_MESSAGES_DEBUG") || g_getenv ("NICE_DEBUG");
}

static void
add_relay (GstRealtimeIce * self, const gchar * host, guint port,
    NiceRelayType type)
{
  gboolean logged = is_logged ();

  if (logged)
    nice_debug_disable (FALSE);
  if (!nice_agent_set_relay_info (self->agent, STREAM_ID, COMPONENT_ID, host,
          port, self->turn->user, self->turn->password, type))
    GST_WARNING ("libnice does not take the TURN server");
  if (logged)
    nice_debug_enable (FALSE);
}

void
gst_realtime_ice_add_relays (GstRealtimeIce * self)
{
  const GstRealtimeIceServer *turn = self->turn;

  if (!turn)
    return;
  if (turn->udp)
    add_relay (self, turn->host, turn->port, NICE_RELAY_TYPE_TURN_UDP);
  if (turn->tcp)
    add_relay (self, turn->host, turn->port, NICE_RELAY_TYPE_TURN_TCP);
  /* TLS is put around it by the tunnel; libnice goes to a server from
   * addresses of the same family only */
  if (self->tunnel_port != 0)
    add_relay (self, "127.0.0.1", self->tunnel_port, NICE_RELAY_TYPE_TURN_TCP);
  if (self->tunnel_port6 != 0)
    add_relay (self, "::1", self->tunnel_port6, NICE_RELAY_TYPE_TURN_TCP);
}

void
gst_realtime_ice_check_relays (GstRealtimeIce * self)
{
  if (!self->turn || has_relay (self))
    return;
  if (self->relay_only)
    fail_for_relay (self, self->tunnel_error ? self->tunnel_error :
        "it does not answer, or not to this user and password");
  else
    GST_WARNING ("the TURN server gives no relay; going on without");
}

typedef struct
{
  const gchar *address;
  gboolean found;
} Search;

static void
compare_address (const gchar * address, gpointer user_data)
{
  Search *search = user_data;
  gsize length = strcspn (address, "%");

  if (strlen (search->address) == length
      && strncmp (search->address, address, length) == 0)
    search->found = TRUE;
}

gchar *
gst_realtime_ice_find_lost_address (GstRealtimeIce * self)
{
  Search search = { NULL, FALSE };
  gchar *address;

  g_mutex_lock (&self->lock);
  address = g_strdup (self->local_address);
  g_mutex_unlock (&self->lock);
  if (!address)
    return NULL;
  search.address = address;
  foreach_address (compare_address, &search);
  if (search.found)
    g_clear_pointer (&address, g_free);

  return address;
}

void
gst_realtime_ice_stop (GstRealtimeIce * self)
{
  self->ended = TRUE;
  g_clear_pointer (&self->tunnel, gst_realtime_turn_tunnel_free);
}

void
gst_realtime_ice_free (GstRealtimeIce * self)
{
  g_signal_handler_disconnect (self->agent, self->selected_handler);
  g_clear_object (&self->agent);
  ice_unref (self, NULL);
}
