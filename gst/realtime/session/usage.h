/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_USAGE_H__
#define __REALTIME_USAGE_H__

#include "conversation.h"

G_BEGIN_DECLS

/* One counter of RealtimeUsage: its name in realtimebin.usage and, with dashes,
 * in the message realtime/usage. */
typedef struct
{
  const gchar *name;
  gsize offset;
} RealtimeUsageCounter;

/* All guint64 counters, ended by a NULL name. The others are
 * transcription_seconds and cost_usd (doubles) and responses (a guint). */
extern const RealtimeUsageCounter realtime_usage_counters[];

guint64 realtime_usage_get_counter (const RealtimeUsage * self,
    const RealtimeUsageCounter * counter);

/* Adds what a response cost: @usage as in response.done, may be NULL. Returns
 * whether there was anything to count. */
gboolean realtime_usage_add_response (RealtimeUsage * self, JsonObject * usage);
/* Adds what a transcription cost: @usage as in the completed event, by tokens
 * or by duration, may be NULL. Returns whether there was anything to count. */
gboolean realtime_usage_add_transcription (RealtimeUsage * self,
    JsonObject * usage);

/* The flat members of realtimebin.usage; an unknown cost is left out. */
void realtime_usage_to_json (const RealtimeUsage * self, JsonObject * target);
void realtime_usage_from_json (RealtimeUsage * self, JsonObject * source);
gboolean realtime_usage_equal (const RealtimeUsage * a,
    const RealtimeUsage * b);

G_END_DECLS

#endif /* __REALTIME_USAGE_H__ */
