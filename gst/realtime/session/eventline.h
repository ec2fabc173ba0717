/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_EVENT_LINE_H__
#define __REALTIME_EVENT_LINE_H__

#include <glib.h>
#include "conversation.h"

G_BEGIN_DECLS

/* The lines of application/x-realtime-events. Writers return one whole line
 * with its newline. */

/* @event: the text of one JSON object as the server sent it, already
 * validated. The two members are spliced in as text before the closing brace,
 * line breaks between tokens become blanks, the rest stays byte for byte.
 * A member of the same name that the server sent itself is left alone but
 * stands before ours, so that ours, the last, is the one a reader takes. */
gchar *realtime_event_line_splice (const gchar * event, guint64 running_time,
    guint session);

/* @line, of @size bytes, written by any function here, with another running
 * time. */
gchar *realtime_event_line_stamp (const gchar * line, gsize size,
    guint64 running_time);

gchar *realtime_event_line_state (guint64 running_time, guint session,
    RealtimeConnectionState connection, RealtimeTurnState turn,
    const gchar * reason, guint attempt, const gchar * session_id,
    const gchar * call_id);
gchar *realtime_event_line_progress (guint64 running_time, guint session,
    const gchar * step, guint64 elapsed_ns);
gchar *realtime_event_line_timeline (guint64 running_time, guint session,
    const gchar * session_id, guint64 epoch_running_time);
/* The same after a flush: running times have begun anew, and nothing more comes of
 * the items @past (NULL-terminated), which were begun before. */
gchar *realtime_event_line_restart (guint64 running_time, guint session,
    const gchar * session_id, guint64 epoch_running_time,
    const gchar * const *past);
/* @object: the session as the service told it, for who reads from here on */
gchar *realtime_event_line_session (guint64 running_time, guint session,
    JsonObject * object);
/* @time: REALTIME_TIME_NONE and a NULL @response_id are left out */
gchar *realtime_event_line_output (guint64 running_time, guint session,
    gboolean started, guint64 time, const gchar * response_id);
gchar *realtime_event_line_usage (guint64 running_time, guint session,
    const RealtimeUsage * usage);
/* The talk button: pressed at @start, or released at @end; then whether what was
 * said is a turn, and whether a reply to it was asked for. Running times, ns. */
gchar *realtime_event_line_talk_pressed (guint64 running_time, guint session,
    guint64 start);
gchar *realtime_event_line_talk_released (guint64 running_time, guint session,
    guint64 start, guint64 end, gboolean committed, gboolean reply);
/* What our own turn detection found, in ms of the session's input.
 * @commit_event_id: of the event that commits the turn; NULL: none does. */
gchar *realtime_event_line_speech_started (guint64 running_time,
    guint session, guint64 audio_start_ms);
gchar *realtime_event_line_speech_stopped (guint64 running_time,
    guint session, guint64 audio_end_ms, const gchar * commit_event_id);
/* What was being said is not heard any more. @reason: "speech", "talk" or
 * "application". */
gchar *realtime_event_line_interrupted (guint64 running_time, guint session,
    const gchar * reason);
/* @event: the text of an event that was sent. What an MCP server among its tools
 * is authorized with is not told. NULL where it is no JSON object. */
gchar *realtime_event_line_sent (guint64 running_time, guint session,
    const gchar * event);
/* @http_status 0 and NULL strings are left out */
gchar *realtime_event_line_error (guint64 running_time, guint session,
    const gchar * code, const gchar * message, guint http_status,
    gboolean fatal, const gchar * request_id);

/* Splits a byte stream that is chunked anywhere into lines. */
typedef struct _RealtimeLineReader RealtimeLineReader;

RealtimeLineReader *realtime_line_reader_new (void);
void realtime_line_reader_free (RealtimeLineReader * self);
void realtime_line_reader_push (RealtimeLineReader * self, gconstpointer data,
    gsize size);
/* The next whole line without its newline (blank lines are passed over), or
 * NULL. A line beyond REALTIME_JSON_MAX_SIZE is dropped up to the next
 * newline; @too_long (may be NULL) is then set and NULL is not returned for
 * it: an empty string is. */
gchar *realtime_line_reader_pop (RealtimeLineReader * self,
    gboolean * too_long);
/* What stands after the last newline, at end of stream; NULL if nothing. */
gchar *realtime_line_reader_flush (RealtimeLineReader * self);
void realtime_line_reader_reset (RealtimeLineReader * self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeLineReader, realtime_line_reader_free)

G_END_DECLS

#endif /* __REALTIME_EVENT_LINE_H__ */
