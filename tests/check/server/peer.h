/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __TESTS_PEER_H__
#define __TESTS_PEER_H__

#include <gst/gst.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS
/* The local server as a child process. */
    typedef struct
{
  GPid pid;
  gchar *base_url;
  gchar *api_key;
} Served;

/* Starts it on a free port with more @arguments (with blanks between, or
 * NULL); returns when it listens. */
Served *served_new (const gchar * arguments);
/* One request. @body NULL: an empty one; @credential NULL: none. Returns the
 * status; @reply and @location may be NULL. */
guint served_request (Served * served, const gchar * method,
    const gchar * path, const gchar * credential, const gchar * type,
    const gchar * body, gchar ** reply, gchar ** location);
/* A client secret for @session (JSON, or NULL). */
gchar *served_mint (Served * served, const gchar * session);
/* Ends it with SIGTERM and fails the test unless it ended well. */
void served_free (Served * served);

/* A webrtcbin client with a microphone and ears. */
typedef struct _Peer Peer;

#define PEER_RATE 16000

/* Calls with a client secret minted for @session (JSON). Returns when the
 * channel is open; NULL with @status when the call was refused. */
Peer *peer_new (Served * served, const gchar * session, guint * status);
const gchar *peer_call_id (Peer * peer);
/* Sends text as it is. */
void peer_send (Peer * peer, const gchar * text);
/* Waits for the next event of @type (any before are skipped), at most
 * @seconds; NULL fails the test. */
JsonObject *peer_expect (Peer * peer, const gchar * type, guint seconds);
/* Like that, without failing. */
JsonObject *peer_wait (Peer * peer, const gchar * type, guint seconds);
/* The event number @n (from 0) of @type, wherever it stands: words of a turn
 * may come after the next turn has begun. */
JsonObject *peer_nth (Peer * peer, const gchar * type, guint n, guint seconds);
/* Whether an event of @type is among those that were not taken yet. */
gboolean peer_has (Peer * peer, const gchar * type);
/* Types of all events so far, one a line. */
gchar *peer_types (Peer * peer);
/* All events so far, one a line. */
gchar *peer_log (Peer * peer);
/* Puts speech into the microphone, after what is in it. Returns the sample at
 * which it begins, counted from the first one sent. */
gint64 peer_say (Peer * peer, const gint16 * samples, gsize n_samples);
/* Waits until the microphone is empty. */
void peer_said (Peer * peer);
/* Stops sending packets, or goes on. */
void peer_mute (Peer * peer, gboolean mute);
/* Waits until the channel was closed from the other side. */
gboolean peer_closed (Peer * peer, guint seconds);
/* Bytes of all messages so far. */
gsize peer_bytes (Peer * peer);
/* Peak of what was heard since the last call. */
gint peer_heard (Peer * peer);
/* @hang_up: by the call's URL, else it just vanishes. */
void peer_free (Peer * peer, gboolean hang_up);

/* Speech of the synthesiser, PEER_RATE mono; @start and @end: samples where
 * sound begins and ends in it. */
gint16 *speech_make (const gchar * text, gsize * n_samples, gsize * start,
    gsize * end);
/* Word errors of @heard against @said, and the words of @said. */
void word_errors (const gchar * said, const gchar * heard, guint * errors,
    guint * words);

G_END_DECLS
#endif /* __TESTS_PEER_H__ */
