/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_CLIENT_EVENT_H__
#define __REALTIME_CLIENT_EVENT_H__

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The longest client event that is sent, in bytes. Nobody tells how much the
 * service takes: it advertises 1 GiB, and loses the channel, without a word,
 * over pictures from a camera. No browser sends more than this in one message,
 * so nothing beyond it was ever tried. */
#define REALTIME_CLIENT_EVENT_MAX_BYTES (256 * 1024)

/* The ids of our own events: "realtimebin-WHAT-NUMBER". What a server refuses
 * it names by the event's id, so that the id says what was asked for. */
gchar *realtime_client_event_make_id (const gchar * what, guint number);
/* WHAT of an id, or NULL where it is none of ours. */
gchar *realtime_client_event_parse_id (const gchar * id);

/* Events as text. Strings must be UTF-8. */

/* One that has nothing but a type. */
gchar *realtime_client_event_plain (const gchar * id, const gchar * type);
/* A message of the user. */
gchar *realtime_client_event_text (const gchar * id, const gchar * text);
/* @url: a data URI. @detail: NULL (the service's default) or one of the words
 * of realtime_client_event_is_detail(). */
gchar *realtime_client_event_image (const gchar * id, const gchar * url,
    const gchar * detail);
gboolean realtime_client_event_is_detail (const gchar * detail);
gchar *realtime_client_event_function_output (const gchar * id,
    const gchar * call_id, const gchar * output);
/* @instructions: for this response only, NULL: those of the session. */
gchar *realtime_client_event_response (const gchar * id,
    const gchar * instructions);
/* @response_id: NULL for the one that is in the conversation. */
gchar *realtime_client_event_cancel (const gchar * id,
    const gchar * response_id);

/* @text, which parsed to @event, with @id as its id where it has none. */
gchar *realtime_client_event_name (const gchar * text, JsonObject * event,
    const gchar * id);

/* Whether the error event @event tells of nothing but a race that nobody can
 * avoid: the response was just over when it was cancelled, there was nothing to
 * commit, another response had just begun. */
gboolean realtime_client_event_is_race (JsonObject * event);
/* The same, and caused by an event of our own. */
gboolean realtime_client_event_is_own_race (JsonObject * event);

G_END_DECLS

#endif /* __REALTIME_CLIENT_EVENT_H__ */
