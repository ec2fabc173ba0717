/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __TESTS_RECORDED_H__
#define __TESTS_RECORDED_H__

#include "peer.h"

G_BEGIN_DECLS

#define REALTIME "{\"type\":\"realtime\",\"audio\":{\"input\":" \
  "{\"transcription\":{\"model\":\"gpt-transcribe\"}}}}"
#define MANUAL "{\"type\":\"realtime\",\"audio\":{\"input\":" \
  "{\"turn_detection\":null,\"transcription\":{\"model\":" \
  "\"gpt-transcribe\"}}}}"
#define SAY(text) "{\"type\":\"conversation.item.create\",\"item\":" \
  "{\"type\":\"message\",\"role\":\"user\",\"content\":" \
  "[{\"type\":\"input_text\",\"text\":\"" text "\"}]}}"
#define RESPOND "{\"type\":\"response.create\"}"

/* Conversations with a server that records, each of which is held against the
 * published schema at its end. The fixture of such tests: */
void recorded_set_up (void);
void recorded_tear_down (void);
/* @more: further options of the server, or NULL. */
Served *recorded_serve (const gchar * more);
/* The server plays @lines, a script. */
Served *recorded_script (const gchar * lines, const gchar * more);
/* Calls, and waits for the session. */
Peer *recorded_call (Served * served, const gchar * session);
/* @text into the microphone, between silence. */
void recorded_say (Peer * peer, const gchar * text);
/* Ends both, and checks what was recorded. */
void recorded_done (Served * served, Peer * peer);
/* A string member, or NULL. */
const gchar *recorded_get (JsonObject * object, const gchar * name);

G_END_DECLS
#endif /* __TESTS_RECORDED_H__ */
