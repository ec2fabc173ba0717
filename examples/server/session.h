/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_SESSION_H__
#define __SERVER_SESSION_H__

#include "player.h"
#include "recogniser.h"
#include "server.h"

G_BEGIN_DECLS
/* The protocol of one session: client events in, server events out. Main
 * thread only; knows nothing of the transport. */
typedef struct _Session Session;

typedef struct
{
  /* one event, as text */
  void (*send) (const gchar * text, gpointer link);
  /* the server ends the session */
  void (*close) (gpointer link);
  /* end of what came so far, and of what was listened to; 48 kHz samples */
    gint64 (*mark) (gpointer link);
    gint64 (*position) (gpointer link);
} SessionLink;

/* @config: checked session object of the token or call (copied). */
Session *session_new (Server * server, JsonObject * config,
    const SessionLink * link, gpointer user_data);
/* Turns and words come from @recogniser, @player speaks. */
void session_attach (Session * session, Recogniser * recogniser,
    Player * player);
/* The channel is open. */
void session_open (Session * session);
/* One client event. @mark: end of the audio that came before it. */
void session_message (Session * session, const gchar * text, gssize length,
    gint64 mark);
void session_heard (Session * session, const Heard * heard);
void session_played (Session * session, PlayedType type, guint serial,
    const gchar * word);
void session_free (Session * session);

/* Threads that speakers use; before and after all sessions. */
void response_threads_init (void);
void response_threads_deinit (void);

G_END_DECLS
#endif /* __SERVER_SESSION_H__ */
