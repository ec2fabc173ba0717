/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_ICE_SERVER_H__
#define __GST_REALTIME_ICE_SERVER_H__

#include <glib.h>

G_BEGIN_DECLS
/* A STUN or TURN server as its URL names it. */
    typedef struct
{
  gchar *host;                  /* name or address, without brackets */
  guint port;
  gchar *user;                  /* NULL for STUN */
  gchar *password;              /* secret; NULL for STUN */
  gboolean udp;                 /* which ways to it are to be tried */
  gboolean tcp;
  gboolean tls;
} GstRealtimeIceServer;

/* stun:HOST[:PORT] (RFC 7064), with or without //. Errors are
 * GST_REALTIME_TRANSPORT_ERROR_SETTINGS and repeat nothing of @url. */
GstRealtimeIceServer *gst_realtime_stun_server_parse (const gchar * url,
    GError ** error);
/* turn[s]:[//]USER:PASSWORD@HOST[:PORT][?transport=udp|tcp] (RFC 7065, and the
 * user information that webrtcbin's own property takes), what is special in
 * user and password percent-encoded. Without a transport a "turn" server is
 * reached by UDP and by TCP. */
GstRealtimeIceServer *gst_realtime_turn_server_parse (const gchar * url,
    GError ** error);
void gst_realtime_ice_server_free (GstRealtimeIceServer * server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstRealtimeIceServer,
    gst_realtime_ice_server_free)
/* "HOST:PORT", with brackets where they are needed; what may be shown */
     gchar *gst_realtime_ice_server_get_name (const GstRealtimeIceServer *
    server);

/* Overwrites, then frees; NULL is allowed. */
     void gst_realtime_ice_secret_free (gchar * secret);

G_END_DECLS
#endif /* __GST_REALTIME_ICE_SERVER_H__ */
