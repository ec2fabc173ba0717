/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_WEBRTC_PRIVATE_H__
#define __GST_REALTIME_WEBRTC_PRIVATE_H__

#include <gst/webrtc/webrtc.h>

#include "datachannel.h"
#include "ice.h"
#include "webrtc.h"
#include "webrtcstats.h"

G_BEGIN_DECLS

struct _GstRealtimeWebrtc
{
  GstRealtimeTransport parent;

  GstElement *webrtcbin;
  GstElement *depay;
  GstPad *out_pad;              /* of the last element, behind the ghost */
  GstRealtimeIce *ice;
  GstRealtimeWebrtcStats *stats;

  /* the main context's thread only */
  gboolean local_set;
  gboolean gathered;
  gboolean offered;
  gboolean ice_up;
  gboolean channel_open;
  gboolean opened;
  GstSDPMessage *answer;
  GQueue held;                  /* messages that came before the peer was known */
  GSource *gathering_timeout;
  GSource *watchdog;

  /* set on that thread, once; read on the one that says goodbye after it */
  GstRealtimeDataChannel *channel;

  gint verified;                /* atomic: the peer is who the answer said */
  gint audio_seen;              /* atomic */
  gint last_packet_ms;          /* atomic: low bits of the monotonic clock */

  GMutex lock;
  GCond cond;
  guint outstanding;            /* with lock: promises not yet replied */
};

/* webrtc.c */

/* Tells of a link that cannot be made or is lost. Any thread. */
void gst_realtime_webrtc_post_failure (GstRealtimeWebrtc * self,
    const gchar * message);
/* @func gets @self, which it holds, every @interval_ms on the context's thread. */
GSource *gst_realtime_webrtc_add_timer (GstRealtimeWebrtc * self,
    guint interval_ms, GSourceFunc func);

/* webrtcnegotiation.c, on the context's thread */

/* Has the offer made, set and posted once its candidates are known. */
void gst_realtime_webrtc_make_offer (GstRealtimeWebrtc * self);
/* The state of gathering may be another. */
void gst_realtime_webrtc_check_gathering (GstRealtimeTransport * transport,
    gpointer unused);
/* The virtual method of the transport. */
void gst_realtime_webrtc_take_answer (GstRealtimeTransport * transport,
    const gchar * sdp);

G_END_DECLS
#endif /* __GST_REALTIME_WEBRTC_PRIVATE_H__ */
