/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_DIALECT_H__
#define __REALTIME_DIALECT_H__

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The two forms of the protocol. What a server says is read in both (see
 * events.h); what it is told has to be in its own. */
typedef enum
{
  REALTIME_DIALECT_UNKNOWN,
  REALTIME_DIALECT_GA,
  REALTIME_DIALECT_BETA,        /* flat session objects, older names */
  /* the same, in a session that only transcribes and has an event of its own
   * for its configuration */
  REALTIME_DIALECT_BETA_TRANSCRIPTION
} RealtimeDialect;

/* What the server's session.created, or another event with its session, shows
 * that it speaks. */
RealtimeDialect realtime_dialect_of_event (JsonObject * event);

/* @event, a client event in the GA form as JSON text, as a server of @dialect
 * takes it. What has no other form there is passed on as it is; so is what is
 * no JSON object. */
gchar *realtime_dialect_translate (RealtimeDialect dialect,
    const gchar * event);

G_END_DECLS

#endif /* __REALTIME_DIALECT_H__ */
