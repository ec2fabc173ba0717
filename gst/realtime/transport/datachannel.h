/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_DATA_CHANNEL_H__
#define __GST_REALTIME_DATA_CHANNEL_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * GstRealtimeDataChannel:
 *
 * The data channel "oai-events" of a webrtcbin, with whole messages.
 *
 * Signals, on webrtcbin's own thread and under a lock of its own, where
 * nothing of it may be asked: "opened" (), "closed" (), "message" (text).
 */
#define GST_TYPE_REALTIME_DATA_CHANNEL (gst_realtime_data_channel_get_type ())
G_DECLARE_FINAL_TYPE (GstRealtimeDataChannel, gst_realtime_data_channel, GST,
    REALTIME_DATA_CHANNEL, GObject)

/* NULL if @webrtcbin, which must be in READY or higher, makes none. */
GstRealtimeDataChannel *gst_realtime_data_channel_new (GstElement * webrtcbin);

/* Any thread. Errors are GST_REALTIME_TRANSPORT_ERROR_SEND: nothing was sent,
 * and the channel stands. */
gboolean gst_realtime_data_channel_send (GstRealtimeDataChannel * self,
    const gchar * text, GError ** error);

/* How many bytes wait to be sent. Not from a signal. */
guint64 gst_realtime_data_channel_get_buffered (GstRealtimeDataChannel * self);

/* Closes an open channel, and waits until that is done or @deadline (monotonic
 * time, µs). Not from a signal. */
void gst_realtime_data_channel_close (GstRealtimeDataChannel * self,
    gint64 deadline);

G_END_DECLS

#endif /* __GST_REALTIME_DATA_CHANNEL_H__ */
