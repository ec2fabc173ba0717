/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_HISTORY_H__
#define __REALTIME_HISTORY_H__

#include <glib.h>

G_BEGIN_DECLS

/* How many items a session may begin with. */
#define REALTIME_HISTORY_MAX_ITEMS 1000

/* The history that a session begins with: a JSON array whose elements are
 * either {"role":"user"|"assistant"|"system","text":"..."} or items as the
 * service has them. NULL and "" are none. Whether it can be used: errors are
 * of REALTIME_FAILURE_SETTINGS and name the element and what is wrong. */
gboolean realtime_history_check (const gchar * json, GError ** error);

/* The client events conversation.item.create of a text that passed the check,
 * in order, each behind the one before; NULL-terminated. The event's ids are
 * those of realtime_client_event_make_id (@what, place in @json from 0). */
gchar **realtime_history_make_events (const gchar * json, const gchar * what);

/* What is put into a new session of a conversation that began in another: so much
 * at most, the latest of it. It is paid for with each response. */
#define REALTIME_HISTORY_MAX_REPLAYED_ITEMS 200
#define REALTIME_HISTORY_MAX_REPLAYED_BYTES (64 * 1024)

/* What realtime_conversation_to_json() told, as a history for
 * realtime_history_make_events(). The items have ids by which
 * realtime_history_is_replayed() knows them. NULL: nothing was said. Free it. */
gchar *realtime_history_replay (const gchar * conversation);
/* Whether the item is one that was said in another session, and is known. */
gboolean realtime_history_is_replayed (const gchar * item_id);

G_END_DECLS

#endif /* __REALTIME_HISTORY_H__ */
