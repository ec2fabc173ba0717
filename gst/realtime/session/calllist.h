/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_CALL_LIST_H__
#define __REALTIME_CALL_LIST_H__

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * RealtimeCallList:
 *
 * Which function calls a session has told of, and which of them have a result:
 * known from the first event that names them on, so that whoever reads of a
 * call can answer it. The last some hundred; no lock.
 */
typedef struct _RealtimeCallList RealtimeCallList;

RealtimeCallList *realtime_call_list_new (void);
void realtime_call_list_free (RealtimeCallList * self);
void realtime_call_list_reset (RealtimeCallList * self);
/* @event: any of the server's. */
void realtime_call_list_see (RealtimeCallList * self, JsonObject * event);
/* FALSE: no such call is known, or it has a result. */
gboolean realtime_call_list_answer (RealtimeCallList * self,
    const gchar * call_id);

G_END_DECLS

#endif /* __REALTIME_CALL_LIST_H__ */
