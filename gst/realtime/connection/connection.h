/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_CONNECTION_H__
#define __GST_REALTIME_CONNECTION_H__

#include <gst/gst.h>
#include <json-glib/json-glib.h>

#include "session/conversation.h"
#include "settings.h"
#include "signalling/signalling.h"
#include "transport/transport.h"

G_BEGIN_DECLS

/* What a connection asks of and tells its owner, always in the thread of its
 * main context. */
typedef struct
{
  /* put @transport into the pipeline, its state in step with it */
  void (*add_transport) (GstRealtimeTransport * transport, gpointer user_data);
  /* take it out again; called once, before it is brought down */
  void (*remove_transport) (GstRealtimeTransport * transport,
      gpointer user_data);
  /* the next token is wanted: gst_realtime_connection_take_token() */
  void (*want_token) (gpointer user_data);
  void (*state) (RealtimeConnectionState state, const gchar * reason,
      gpointer user_data);
  /* a step of the design's list is done */
  void (*progress) (const gchar * step, guint64 elapsed_ns,
      gpointer user_data);
  /* one event of the server: as it was sent, and parsed (NULL where it is no
   * JSON object: then only worth a warning) */
  void (*event) (const gchar * text, JsonObject * event, gpointer user_data);
  /* one event of ours is on its way, as it was given to send() */
  void (*sent) (const gchar * event, gpointer user_data);
  /* something is not as it should be, and the session goes on */
  void (*warning) (const gchar * code, const gchar * message,
      gpointer user_data);
  /* the session is configured: audio may flow */
  void (*configured) (gpointer user_data);
  /* The connection is over; told once. @error (of REALTIME_FAILURE) NULL: the
   * server ended it in good order. */
  void (*ended) (const GError * error, gpointer user_data);
} GstRealtimeConnectionOwner;

/**
 * GstRealtimeConnection:
 *
 * One connection from its token to its end, with the link that it made. Not
 * used again once it has ended. Everything happens in the thread of the main
 * context @context, which is the caller's too.
 */
typedef struct _GstRealtimeConnection GstRealtimeConnection;

GstRealtimeConnection *gst_realtime_connection_new (GMainContext * context,
    RealtimeSignalling * signalling, const GstRealtimeSettings * settings,
    const GstRealtimeConnectionOwner * owner, gpointer user_data);
void gst_realtime_connection_start (GstRealtimeConnection * self);
/* Whether media can flow, FALSE at first. Until it can no call is made; while
 * it cannot no limit runs. Any number of times, before the start too. */
void gst_realtime_connection_set_playing (GstRealtimeConnection * self,
    gboolean playing);
/* @token: secret */
void gst_realtime_connection_take_token (GstRealtimeConnection * self,
    const gchar * token);
/* Sends a client event as it is. FALSE with an error of REALTIME_FAILURE:
 * nothing was sent, the session stands. */
gboolean gst_realtime_connection_send (GstRealtimeConnection * self,
    const gchar * event, GError ** error);
/* How much of the input that was sent did not come, ns, as far as is known. */
GstClockTime gst_realtime_connection_get_lost (GstRealtimeConnection * self);
gboolean gst_realtime_connection_is_configured (GstRealtimeConnection * self);
const gchar *gst_realtime_connection_get_session_id (GstRealtimeConnection *
    self);
const gchar *gst_realtime_connection_get_call_id (GstRealtimeConnection *
    self);

/* Hangs up and takes everything down. Nothing is told to the owner any more,
 * but for remove_transport, which is called from here. @closed is called in
 * the main context when nothing is left running, at most some seconds later;
 * the connection is freed then. */
typedef void (*GstRealtimeConnectionClosed) (gpointer user_data);
void gst_realtime_connection_close (GstRealtimeConnection * self,
    GstRealtimeConnectionClosed closed, gpointer user_data);

G_END_DECLS

#endif /* __GST_REALTIME_CONNECTION_H__ */
