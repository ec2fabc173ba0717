/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>
#include <gst/webrtc/webrtc.h>

#include "datachannel.h"
#include "reassembly.h"
#include "transport.h"

#define CHANNEL_LABEL "oai-events"

struct _GstRealtimeDataChannel
{
  GObject parent;

  GstWebRTCDataChannel *channel;        /* set once before use */
  GstRealtimeReassembly *reassembly;    /* webrtcbin's thread only */

  GMutex lock;
  GCond cond;
  gboolean closed;              /* with lock */
};

enum
{
  SIGNAL_OPENED,
  SIGNAL_CLOSED,
  SIGNAL_MESSAGE,
  LAST_SIGNAL
};

static guint signals[LAST_SIGNAL];

G_DEFINE_TYPE (GstRealtimeDataChannel, gst_realtime_data_channel,
    G_TYPE_OBJECT);

static void
on_open (GstWebRTCDataChannel * channel, GstRealtimeDataChannel * self)
{
  g_signal_emit (self, signals[SIGNAL_OPENED], 0);
}

static void
on_error (GstWebRTCDataChannel * channel, GError * error,
    GstRealtimeDataChannel * self)
{
  GST_WARNING ("data channel: %s", error ? error->message : "unknown error");
}

/* Takes @text and what follows it. */
static void
emit_messages (GstRealtimeDataChannel * self, gchar * text)
{
  for (; text; text = gst_realtime_reassembly_pop (self->reassembly)) {
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, text);
    g_free (text);
  }
}

static void
take_piece (GstRealtimeDataChannel * self, const gchar * data, gsize size)
{
  emit_messages (self, gst_realtime_reassembly_push (self->reassembly, data,
          size, g_get_monotonic_time ()));
}

static void
on_close (GstWebRTCDataChannel * channel, GstRealtimeDataChannel * self)
{
  emit_messages (self, gst_realtime_reassembly_flush (self->reassembly));

  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);

  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

static void
on_string (GstWebRTCDataChannel * channel, const gchar * text,
    GstRealtimeDataChannel * self)
{
  if (text)
    take_piece (self, text, strlen (text));
}

static void
on_data (GstWebRTCDataChannel * channel, GBytes * data,
    GstRealtimeDataChannel * self)
{
  if (data)
    take_piece (self, g_bytes_get_data (data, NULL), g_bytes_get_size (data));
}

GstRealtimeDataChannel *
gst_realtime_data_channel_new (GstElement * webrtcbin)
{
  GstWebRTCDataChannel *channel = NULL;
  GstRealtimeDataChannel *self;

  g_signal_emit_by_name (webrtcbin, "create-data-channel", CHANNEL_LABEL, NULL,
      &channel);
  if (!channel)
    return NULL;

  self = g_object_new (GST_TYPE_REALTIME_DATA_CHANNEL, NULL);
  self->channel = channel;
  g_signal_connect_object (channel, "on-open", G_CALLBACK (on_open), self, 0);
  g_signal_connect_object (channel, "on-close", G_CALLBACK (on_close), self, 0);
  g_signal_connect_object (channel, "on-error", G_CALLBACK (on_error), self, 0);
  g_signal_connect_object (channel, "on-message-string",
      G_CALLBACK (on_string), self, 0);
  g_signal_connect_object (channel, "on-message-data", G_CALLBACK (on_data),
      self, 0);

  return self;
}

static gboolean
is_open (GstRealtimeDataChannel * self)
{
  GstWebRTCDataChannelState state;

  g_object_get (self->channel, "ready-state", &state, NULL);

  return state == GST_WEBRTC_DATA_CHANNEL_STATE_OPEN;
}

gboolean
gst_realtime_data_channel_send (GstRealtimeDataChannel * self,
    const gchar * text, GError ** error)
{
  GError *cause = NULL;

  /* an empty message would close the channel with a bus error */
  if (!*text) {
    g_set_error (error, GST_REALTIME_TRANSPORT_ERROR,
        GST_REALTIME_TRANSPORT_ERROR_SEND, "an empty message cannot be sent");
    return FALSE;
  }
  if (!is_open (self)) {
    g_set_error (error, GST_REALTIME_TRANSPORT_ERROR,
        GST_REALTIME_TRANSPORT_ERROR_SEND, "the data channel is not open");
    return FALSE;
  }
  if (gst_webrtc_data_channel_send_string_full (self->channel, text, &cause))
    return TRUE;

  g_set_error (error, GST_REALTIME_TRANSPORT_ERROR,
      GST_REALTIME_TRANSPORT_ERROR_SEND, "%s",
      cause ? cause->message : "the data channel took no message");
  g_clear_error (&cause);

  return FALSE;
}

guint64
gst_realtime_data_channel_get_buffered (GstRealtimeDataChannel * self)
{
  guint64 buffered = 0;

  g_object_get (self->channel, "buffered-amount", &buffered, NULL);
  return buffered;
}

void
gst_realtime_data_channel_close (GstRealtimeDataChannel * self, gint64 deadline)
{
  if (!is_open (self))
    return;

  gst_webrtc_data_channel_close (self->channel);
  g_mutex_lock (&self->lock);
  while (!self->closed &&
      g_cond_wait_until (&self->cond, &self->lock, deadline));
  g_mutex_unlock (&self->lock);
}

static void
gst_realtime_data_channel_finalize (GObject * object)
{
  GstRealtimeDataChannel *self = GST_REALTIME_DATA_CHANNEL (object);

  g_clear_object (&self->channel);
  gst_realtime_reassembly_free (self->reassembly);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);

  G_OBJECT_CLASS (gst_realtime_data_channel_parent_class)->finalize (object);
}

static void
gst_realtime_data_channel_class_init (GstRealtimeDataChannelClass * klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gst_realtime_data_channel_finalize;

  signals[SIGNAL_OPENED] = g_signal_new ("opened", type, G_SIGNAL_RUN_LAST, 0,
      NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0,
      NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MESSAGE] = g_signal_new ("message", type, G_SIGNAL_RUN_LAST,
      0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
gst_realtime_data_channel_init (GstRealtimeDataChannel * self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->reassembly = gst_realtime_reassembly_new ();
}
