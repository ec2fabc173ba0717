/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_TRANSPORT_H__
#define __GST_REALTIME_TRANSPORT_H__

#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum
{
  GST_REALTIME_TRANSPORT_ERROR_SETTINGS,        /* a property of the transport is wrong */
  GST_REALTIME_TRANSPORT_ERROR_FORMAT,  /* the answer cannot be used */
  GST_REALTIME_TRANSPORT_ERROR_PEER,    /* the peer is not who the answer said */
  GST_REALTIME_TRANSPORT_ERROR_LINK,    /* never came up, or is gone */
  GST_REALTIME_TRANSPORT_ERROR_SEND,    /* one message was not sent; the link stands */
  GST_REALTIME_TRANSPORT_ERROR_MISSING_PLUGIN   /* the message is the factory's name */
} GstRealtimeTransportError;

#define GST_REALTIME_TRANSPORT_ERROR (gst_realtime_transport_error_quark ())
GQuark gst_realtime_transport_error_quark (void);

/**
 * GstRealtimeTransport:
 *
 * One link to one session: a bin with an always "sink" pad (audio/x-raw,
 * S16LE, 48 kHz, mono), an always "src" pad (audio/x-raw, what the peer says)
 * and a message channel. It is opened once; a new link is a new object.
 *
 * Signals, all emitted in the main context given at construction and never
 * after gst_realtime_transport_shut_down():
 *
 * - "progress" (step): "offer", "ice", "dtls", "channel", "first-audio"
 * - "offer" (sdp): what the signalling has to carry to the peer
 * - "opened" (): messages can be sent
 * - "message" (text): one whole message, UTF-8
 * - "closed" (): the peer ended the session in good order
 * - "failed" (error): the link will not work (again); emitted once
 *
 * A flow error downstream of "src" never reaches the link.
 */
#define GST_TYPE_REALTIME_TRANSPORT (gst_realtime_transport_get_type ())
G_DECLARE_DERIVABLE_TYPE (GstRealtimeTransport, gst_realtime_transport, GST,
    REALTIME_TRANSPORT, GstBin)

struct _GstRealtimeTransportClass
{
  GstBinClass parent_class;

  void (*open) (GstRealtimeTransport * self);
  void (*take_answer) (GstRealtimeTransport * self, const gchar * sdp);
    gboolean (*send) (GstRealtimeTransport * self, const gchar * text,
      GError ** error);
  /* NULL: nothing is ever lost */
    GstClockTime (*get_lost) (GstRealtimeTransport * self);
  /* NULL: nothing is counted */
  void (*get_stats) (GstRealtimeTransport * self, GstStructure * stats);
  /* stop timers and the like; the main context's thread */
  void (*stop) (GstRealtimeTransport * self);
  /* tell the peer, then wait at most until @deadline (monotonic time, µs) for
   * what must not be torn down half way; run on a thread of their own */
  void (*say_goodbye) (GstRealtimeTransport * self);
  void (*settle) (GstRealtimeTransport * self, gint64 deadline);
};

/* The calls below belong to the thread of the main context. The element must
 * be in a bin and its state in step with it before it is opened. */
void gst_realtime_transport_open (GstRealtimeTransport * self);
void gst_realtime_transport_take_answer (GstRealtimeTransport * self,
    const gchar * sdp);
gboolean gst_realtime_transport_send (GstRealtimeTransport * self,
    const gchar * text, GError ** error);

/* How much of the audio that was sent did not come, as far as the peer has
 * reported yet, in ns. */
GstClockTime gst_realtime_transport_get_lost (GstRealtimeTransport * self);

/* Adds to @stats what is counted, at most a second old: see
 * gst_realtime_webrtc_stats_get(). Any thread, never blocks. */
void gst_realtime_transport_get_stats (GstRealtimeTransport * self,
    GstStructure * stats);

/* Ends all signals, tells the peer, and brings the element to NULL on a
 * thread of its own. The caller has taken the element out of its bin. @done
 * (may be NULL) is called from that thread when nothing is left running, and
 * once: a second call only waits for nothing. Never blocks. */
typedef void (*GstRealtimeTransportDone) (gpointer user_data);
void gst_realtime_transport_shut_down (GstRealtimeTransport * self,
    GstRealtimeTransportDone done, gpointer user_data);

/* For the children of this class; any thread. The signals are emitted later,
 * in order, in the main context. */
void gst_realtime_transport_post_progress (GstRealtimeTransport * self,
    const gchar * step);
void gst_realtime_transport_post_offer (GstRealtimeTransport * self,
    const gchar * sdp);
void gst_realtime_transport_post_opened (GstRealtimeTransport * self);
void gst_realtime_transport_post_message (GstRealtimeTransport * self,
    gchar * text);
void gst_realtime_transport_post_closed (GstRealtimeTransport * self);
/* takes @error */
void gst_realtime_transport_post_failed (GstRealtimeTransport * self,
    GError * error);
/* Runs @func (@self, @user_data) in the main context unless shut down. */
typedef void (*GstRealtimeTransportFunc) (GstRealtimeTransport * self,
    gpointer user_data);
void gst_realtime_transport_invoke (GstRealtimeTransport * self,
    GstRealtimeTransportFunc func, gpointer user_data, GDestroyNotify notify);
GMainContext *gst_realtime_transport_get_context (GstRealtimeTransport * self);
void gst_realtime_transport_set_context (GstRealtimeTransport * self,
    GMainContext * context);

G_END_DECLS

#endif /* __GST_REALTIME_TRANSPORT_H__ */
