/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_PLAYER_H__
#define __SERVER_PLAYER_H__

#include <gst/gst.h>

#include "recorder.h"
#include "speaker.h"

G_BEGIN_DECLS
/* The voice of a call: one unbroken stream of 20 ms frames, speech where there
 * is some and silence elsewhere, paced by the monotonic clock in a thread of
 * its own. */
typedef struct _Player Player;

typedef enum
{
  PLAYED_STARTED,
  PLAYED_WORD,
  PLAYED_FINISHED
} PlayedType;

/* In the main context. @serial names the utterance. */
typedef void (*PlayedFunc) (PlayedType type, guint serial, const gchar * word,
    gpointer user_data);
/* In the player's thread, before each frame. */
typedef void (*PlayerTick) (gpointer user_data);

Player *player_new (GstElement * appsrc, Recorder * recorder,
    PlayedFunc played, PlayerTick tick, gpointer user_data);
/* Starts the stream: when the peer can hear it. */
void player_start (Player * player);
/* Adds to utterance @serial, which begins when those before it are over.
 * Takes @speech; NULL ends the utterance. */
void player_add (Player * player, guint serial, Speech * speech);
/* Drops what is left of utterance @serial (0: of all). Returns the samples of
 * it that were played; -1 when it was over or never began. */
gint64 player_drop (Player * player, guint serial);
/* Waits for its thread. */
void player_stop (Player * player);
void player_free (Player * player);

G_END_DECLS
#endif /* __SERVER_PLAYER_H__ */
