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

G_END_DECLS

#endif /* __REALTIME_HISTORY_H__ */
