/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_ACTIONS_H__
#define __GST_REALTIME_ACTIONS_H__

#include "supervisor.h"

G_BEGIN_DECLS

/* What an application asks of the session; the action signals of the element.
 * Any thread, none waits. FALSE with an error of REALTIME_FAILURE: nothing was
 * done, the session stands. What the service refuses later is told by
 * GstRealtimeHost.warning, with the name of the action. */

/* A client event (JSON text), as it is; it gets an id where it has none. A
 * response.create waits for its turn, unless it is out of band. */
gboolean gst_realtime_supervisor_send (GstRealtimeSupervisor * self,
    const gchar * event, GError ** error);
/* A message of the user, to be answered. */
gboolean gst_realtime_supervisor_send_text (GstRealtimeSupervisor * self,
    const gchar * text, GError ** error);
/* A picture that the user shows, as a data URI; with what is asked next it is
 * answered. @detail: NULL, "auto", "low" or "high". */
gboolean gst_realtime_supervisor_send_image (GstRealtimeSupervisor * self,
    const gchar * url, const gchar * detail, GError ** error);
/* The result of a function call, to be answered together with those of the
 * other calls of the response. */
gboolean gst_realtime_supervisor_send_function_result (GstRealtimeSupervisor *
    self, const gchar * call_id, const gchar * output, GError ** error);
/* @instructions: for this response only; NULL or "": those of the session. */
gboolean gst_realtime_supervisor_create_response (GstRealtimeSupervisor * self,
    const gchar * instructions, GError ** error);
/* Silences what is being said. */
gboolean gst_realtime_supervisor_interrupt (GstRealtimeSupervisor * self,
    GError ** error);
/* What was said up to now is a turn; what was said up to now is forgotten. */
gboolean gst_realtime_supervisor_commit_input (GstRealtimeSupervisor * self,
    GError ** error);
gboolean gst_realtime_supervisor_clear_input (GstRealtimeSupervisor * self,
    GError ** error);

/* Drops the session and makes another, or makes the attempt that is waited for
 * at once. */
gboolean gst_realtime_supervisor_reconnect (GstRealtimeSupervisor * self,
    GError ** error);

/* The talk button. From the first call on the input is heard while it is
 * pressed only, wherever the application ends the turns. */
void gst_realtime_supervisor_set_talk (GstRealtimeSupervisor * self,
    gboolean pressed);
/* GstRealtimeHost.watch_input: it has passed. */
void gst_realtime_supervisor_input_passed (GstRealtimeSupervisor * self,
    GstClockTime position);

G_END_DECLS

#endif /* __GST_REALTIME_ACTIONS_H__ */
