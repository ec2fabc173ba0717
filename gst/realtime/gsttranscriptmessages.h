/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_TRANSCRIPT_MESSAGES_H__
#define __GST_TRANSCRIPT_MESSAGES_H__

#include <gst/gst.h>
#include "session/conversation.h"

G_BEGIN_DECLS
/* The structures of the element messages (docs/messages.md), made from what
 * the conversation tells. */
    GstStructure * gst_transcript_message_line (const RealtimeTranscript *
    line);
GstStructure *gst_transcript_message_state (const RealtimeState * state);
GstStructure *gst_transcript_message_call (const RealtimeFunctionCall * call);
GstStructure *gst_transcript_message_usage (const RealtimeUsage * usage);
GstStructure *gst_transcript_message_error (const RealtimeServiceError * error);

/* A line's structure for people ("user 0:00:01.460-0:00:04.256 Hello.") and as
 * a line of JSON, newline included. */
gchar *gst_transcript_message_describe (const GstStructure * line);
gchar *gst_transcript_message_to_json (const GstStructure * line);

G_END_DECLS
#endif /* __GST_TRANSCRIPT_MESSAGES_H__ */
