/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_CALL_PRIVATE_H__
#define __SERVER_CALL_PRIVATE_H__

#include "call.h"
#include "intake.h"
#include "offer.h"
#include "player.h"
#include "session.h"

#include <gst/gst.h>

G_BEGIN_DECLS struct _Call
{
  Server *server;
  gchar *id;
  CallAnswered answered;        /* NULL once called */
  gpointer answered_data;
  guint answer_timer, watch_timer, life_timer;
  gboolean connected, ended;
  gboolean closing;             /* the channel */
  guint goodbye_ms;
  GString *pieces;              /* of a message */
  gint64 piece_came;            /* the last of them; monotonic */
  GQueue ahead;                 /* gchar *: sent after what is in pieces */

  /* made before any thread, freed after all of them */
  Offer offer;
  GstElement *pipeline, *webrtc;
  Intake *intake;
  Player *player;
  Recogniser *recogniser;
  Session *session;
  Recorder *recorder;
  guint ssrc;

  GMutex lock;
  GObject *channel;             /* protected by lock */
  gint64 last_packet;           /* protected by lock; monotonic */
  gboolean frozen;              /* protected by lock */
  GCond thawed;
};

/* call.c */

/* Runs @func in the main context unless the call ended by then. Takes @text.
 * Any thread. */
typedef void (*CallFunc) (Call * call, const gchar * text, gsize length,
    gint64 mark);
void call_post (Call * call, CallFunc func, gchar * text, gsize length);
/* Says why in the log, then call_end() without goodbye. */
void call_lost (Call * call, const gchar * why);
/* The channel is open. */
void call_opened (Call * call);
/* A PlayedFunc. */
void call_played (PlayedType type, guint serial, const gchar * word,
    gpointer data);

/* call-channel.c */
void call_channel_connect (Call * call);
void call_channel_send (Call * call, const gchar * text);
void call_channel_close (Call * call);
/* Whether something waits to be sent. */
gboolean call_channel_is_busy (Call * call);
gboolean call_channel_is_open (Call * call);
void call_channel_free (Call * call);

/* call-media.c */
void call_media_build (Call * call);
/* Tells the peer's DTLS that this is the end. */
void call_media_goodbye (Call * call);
void call_media_freeze (Call * call, gboolean freeze);

G_END_DECLS
#endif /* __SERVER_CALL_PRIVATE_H__ */
