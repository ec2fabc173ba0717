/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_TURN_TUNNEL_H__
#define __GST_REALTIME_TURN_TUNNEL_H__

#include <gio/gio.h>

#include "iceserver.h"

G_BEGIN_DECLS
/**
 * GstRealtimeTurnTunnel:
 *
 * TLS to a TURN server. libnice (0.1.21, 0.1.22) has a relay type for it and
 * speaks plain TCP there: it is given a port of the loopback interface
 * instead, and what comes in at that port goes on over TLS, through the proxy
 * if there is one.
 *
 * Made, used and freed in the thread of one main context, where all its
 * traffic is.
 */
typedef struct _GstRealtimeTurnTunnel GstRealtimeTurnTunnel;

/* Why the server could not be reached, in words that can be shown. */
typedef void (*GstRealtimeTurnTunnelFailed) (const gchar * why,
    gpointer user_data);

/* @context: NULL for the default one. @ca_file, @http_proxy: NULL for the
 * system's. The errors, of
 * GST_REALTIME_TRANSPORT_ERROR, are those of the settings and of this machine:
 * the server is first spoken to when somebody connects. */
GstRealtimeTurnTunnel *gst_realtime_turn_tunnel_new (GMainContext * context,
    const GstRealtimeIceServer * server, gboolean strict,
    const gchar * ca_file, const gchar * http_proxy,
    GstRealtimeTurnTunnelFailed failed, gpointer user_data, GError ** error);
/* The port on 127.0.0.1, and on ::1 or 0 where there is none. */
guint gst_realtime_turn_tunnel_get_port (GstRealtimeTurnTunnel * self);
guint gst_realtime_turn_tunnel_get_port6 (GstRealtimeTurnTunnel * self);
/* Ends all connections; @failed is not called any more. */
void gst_realtime_turn_tunnel_free (GstRealtimeTurnTunnel * self);

G_END_DECLS
#endif /* __GST_REALTIME_TURN_TUNNEL_H__ */
