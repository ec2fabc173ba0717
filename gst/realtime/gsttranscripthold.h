/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_TRANSCRIPT_HOLD_H__
#define __GST_TRANSCRIPT_HOLD_H__

#include <gst/gst.h>
#include "session/conversation.h"

G_BEGIN_DECLS
/* Lines that wait for those before them in the conversation. No lock: the
 * owner's lock guards it. */
typedef struct _GstTranscriptHold GstTranscriptHold;

typedef void (*GstTranscriptHoldFunc) (GstStructure * line, gpointer user_data);

GstTranscriptHold *gst_transcript_hold_new (void);
void gst_transcript_hold_free (GstTranscriptHold * self);
void gst_transcript_hold_clear (GstTranscriptHold * self);

/* Whether something of that item is held already. */
gboolean gst_transcript_hold_has (GstTranscriptHold * self, guint session,
    const gchar * item_id);
/* Takes @line. Partials of one item melt into the newest. @deadline: when the
 * item's lines go at the latest; the first one counts. */
void gst_transcript_hold_add (GstTranscriptHold * self, guint session,
    const gchar * item_id, GstStructure * line, GstClockTime deadline);
/* Gives up (with ownership), in the order of the conversation, every line that
 * waits for nothing any more, and those that must not wait beyond @now.
 * @conversation NULL: all of them. */
void gst_transcript_hold_release (GstTranscriptHold * self,
    RealtimeConversation * conversation, GstClockTime now,
    GstTranscriptHoldFunc func, gpointer user_data);
/* The earliest deadline, NONE when nothing is held. */
GstClockTime gst_transcript_hold_get_deadline (GstTranscriptHold * self);

G_END_DECLS
#endif /* __GST_TRANSCRIPT_HOLD_H__ */
