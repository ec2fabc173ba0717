/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_RESPONSE_QUEUE_H__
#define __REALTIME_RESPONSE_QUEUE_H__

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * RealtimeResponseQueue:
 *
 * When a response may be asked for. A conversation has one response at a time,
 * whoever asked for it: the service refuses a second one
 * (conversation_already_has_active_response). So what is asked for while one
 * runs waits for its response.done, and what lost the race against a response
 * that the service began by itself waits for that one's.
 *
 * A reply is a response to whatever stands in the conversation. Several that
 * wait are one, and a response that the service begins by itself behind the
 * items that a reply was asked for is that reply. Function calls are answered
 * by one reply a response, when all calls of that response have their results.
 *
 * Pure: no clock, no lock; one thread. Times are monotonic, in µs.
 */
typedef struct _RealtimeResponseQueue RealtimeResponseQueue;

RealtimeResponseQueue *realtime_response_queue_new (void);
void realtime_response_queue_free (RealtimeResponseQueue * self);
/* Another session: what was asked of the last one counts no more. */
void realtime_response_queue_reset (RealtimeResponseQueue * self);

/* Asks for a reply. */
void realtime_response_queue_ask_reply (RealtimeResponseQueue * self);
/* Asks for the very response of @event, a response.create with the id @id.
 * FALSE: too many wait. */
gboolean realtime_response_queue_ask (RealtimeResponseQueue * self,
    const gchar * id, const gchar * event);
/* An item was sent: replies asked for from now on are replies to it. */
void realtime_response_queue_note_item (RealtimeResponseQueue * self);
/* The application sent @event, past the queue: an item that it asks a response
 * for by itself, or a response outside of the conversation. */
void realtime_response_queue_note_sent (RealtimeResponseQueue * self,
    JsonObject * event);
/* Whether @event asks for a response outside of the conversation, which needs
 * no queue. */
gboolean realtime_response_queue_is_apart (JsonObject * event);

/* The response calls a function. */
void realtime_response_queue_add_call (RealtimeResponseQueue * self,
    const gchar * call_id, const gchar * response_id);
/* Its result was sent (and noted as an item). */
void realtime_response_queue_answer_call (RealtimeResponseQueue * self,
    const gchar * call_id);
/* Calls that have no result. */
guint realtime_response_queue_get_open_calls (RealtimeResponseQueue * self);

/* Nothing is asked for while held: somebody speaks. */
void realtime_response_queue_set_held (RealtimeResponseQueue * self,
    gboolean held);

/* Every event of the server. */
void realtime_response_queue_handle (RealtimeResponseQueue * self,
    JsonObject * event);

/* The event to be sent now, NULL: none. */
gchar *realtime_response_queue_pop (RealtimeResponseQueue * self, gint64 now);
/* When to pop again though nothing came, -1: not for the sake of time. Some
 * servers tell little: none of it is waited for without an end. */
gint64 realtime_response_queue_get_deadline (RealtimeResponseQueue * self);

/* Whether something waits, or was asked for and has not begun. */
gboolean realtime_response_queue_is_pending (RealtimeResponseQueue * self);
/* Whether a response in the conversation runs, or was asked for. @id: set to
 * its id, NULL while it has none that is known; of the queue. */
gboolean realtime_response_queue_is_active (RealtimeResponseQueue * self,
    const gchar ** id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeResponseQueue,
    realtime_response_queue_free)

G_END_DECLS

#endif /* __REALTIME_RESPONSE_QUEUE_H__ */
