/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_ENVELOPE_H__
#define __REALTIME_ENVELOPE_H__

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Some servers (speaches) send no event as it is: {"type":"full_message",
 * "id","data"} holds one in base64, and of a longer one each
 * {"type":"partial_message","id","data","fragment_index","total_fragments"}
 * a piece of that base64. */
typedef struct _RealtimeEnvelope RealtimeEnvelope;

typedef enum
{
  REALTIME_ENVELOPE_NONE,       /* an event as it is */
  REALTIME_ENVELOPE_PART,       /* more is to come */
  REALTIME_ENVELOPE_WHOLE,
  REALTIME_ENVELOPE_BROKEN
} RealtimeEnvelopeResult;

RealtimeEnvelope *realtime_envelope_new (void);
void realtime_envelope_free (RealtimeEnvelope * self);

/* @message: what came. With WHOLE, @event is the text of the event that was
 * in it; free it. An event of which the rest has not come when the next begins
 * is dropped: that one is BROKEN only if it is bad itself. */
RealtimeEnvelopeResult realtime_envelope_open (RealtimeEnvelope * self,
    JsonObject * message, gchar ** event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeEnvelope, realtime_envelope_free)

G_END_DECLS

#endif /* __REALTIME_ENVELOPE_H__ */
