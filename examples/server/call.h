/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_CALL_H__
#define __SERVER_CALL_H__

#include "server.h"
#include "util.h"

G_BEGIN_DECLS
/* One WebRTC call: negotiation, media, channel, end. Main thread only. */
typedef struct _Call Call;

/* @answer NULL: refused, see @refusal. Called once. */
typedef void (*CallAnswered) (Call * call, const gchar * answer,
    const Refusal * refusal, gpointer user_data);

/* Answers @offer. @session: checked session object. The call is in
 * server->calls from now on and frees itself when it ended. */
void call_start (Server * server, const gchar * offer, JsonObject * session,
    CallAnswered answered, gpointer user_data);
const gchar *call_id (Call * call);
/* Ends it; what was recorded is complete when this returns. With @goodbye the
 * peer is told on the channel first. */
void call_end (Call * call, gboolean goodbye);

/* Makes the process's certificate, which takes a while the first time. */
void call_prepare (void);

G_END_DECLS
#endif /* __SERVER_CALL_H__ */
