/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_ICE_H__
#define __GST_REALTIME_ICE_H__

#include "linksettings.h"

G_BEGIN_DECLS
/* What decides on the way to the peer. */
    typedef struct
{
  GMainContext *context;        /* the link's */
  const GstRealtimeLinkSettings *settings;
  /* the signalling server is on this machine: candidates on the loopback
   * interface, which are otherwise left out, are offered too */
  gboolean loopback;
  /* for TLS to the TURN server */
  gboolean ssl_strict;
  const gchar *ssl_ca_file;     /* NULL: the system's */
  const gchar *http_proxy;      /* NULL: the system's */
} GstRealtimeIceConfig;

/**
 * GstRealtimeIce:
 *
 * What a webrtcbin's ICE agent is told and asked beyond what webrtcbin itself
 * has properties for. TURN servers among it: webrtcbin (1.22 to 1.26) writes
 * their URLs, password included, into its debug log.
 */
typedef struct _GstRealtimeIce GstRealtimeIce;

/* @why: why there can be no link; in the main context, once. */
typedef void (*GstRealtimeIceFailed) (const gchar * why, gpointer user_data);

/* State NULL; the errors are of GST_REALTIME_TRANSPORT_ERROR. */
GstRealtimeIce *gst_realtime_ice_new (GstElement * webrtcbin,
    const GstRealtimeIceConfig * config, GstRealtimeIceFailed failed,
    gpointer user_data, GError ** error);
/* Once the offer was made, before it becomes the local description; any
 * thread. */
void gst_realtime_ice_add_relays (GstRealtimeIce * self);
/* All candidates are gathered: @failed is called where the only ones allowed
 * are missing. The thread of the main context. */
void gst_realtime_ice_check_relays (GstRealtimeIce * self);
/* The address of this machine that the link uses, if no interface has it any
 * more; any thread. */
gchar *gst_realtime_ice_find_lost_address (GstRealtimeIce * self);
/* Nothing is told any more; the thread of the main context. */
void gst_realtime_ice_stop (GstRealtimeIce * self);
/* After gst_realtime_ice_stop(); any thread. */
void gst_realtime_ice_free (GstRealtimeIce * self);

G_END_DECLS
#endif /* __GST_REALTIME_ICE_H__ */
