/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_WEBRTC_H__
#define __GST_REALTIME_WEBRTC_H__

#include "ice.h"
#include "transport.h"

G_BEGIN_DECLS
/**
 * GstRealtimeWebrtc:
 *
 * The link over webrtcbin: Opus both ways and the data channel "oai-events".
 * Emits "offer" once it can be posted, and wants the answer with
 * gst_realtime_transport_take_answer(). The peer's certificate is held against
 * the answer's fingerprint before any audio or message of it comes through.
 */
#define GST_TYPE_REALTIME_WEBRTC (gst_realtime_webrtc_get_type ())
G_DECLARE_FINAL_TYPE (GstRealtimeWebrtc, gst_realtime_webrtc, GST,
    REALTIME_WEBRTC, GstRealtimeTransport)
/* The signals are emitted in the context of @config, which is not kept. NULL
 * with an error of GST_REALTIME_TRANSPORT_ERROR. The thread of that context. */
     GstRealtimeTransport *gst_realtime_webrtc_new (const GstRealtimeIceConfig *
    config, GError ** error);

/* Gives the inner webrtcbin, for what only it can do before negotiation. */
     GstElement *gst_realtime_webrtc_get_webrtcbin (GstRealtimeWebrtc * self);

/* The name of a missing element factory, or NULL if all are there. Cheap. */
     const gchar *gst_realtime_webrtc_find_missing_factory (void);

/* Starts once, on a thread of its own, what the first session of a process
 * pays for otherwise: the certificate's key and the loading of the plugins. */
     void gst_realtime_webrtc_warm_up (void);

/* A source that is dispatched once, when the warm-up (started here if need be)
 * is over. No link is made before: making the key takes up to seconds, and a
 * webrtcbin that waits for it can neither go down nor let the process end. */
     GSource *gst_realtime_webrtc_when_warm (void);

G_END_DECLS
#endif /* __GST_REALTIME_WEBRTC_H__ */
