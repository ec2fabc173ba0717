/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_TIMELINE_H__
#define __REALTIME_TIMELINE_H__

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The clock of one session: milliseconds of input audio since its first
 * sample, and where that sample stands in running time. */
typedef struct
{
  guint64 epoch;                /* running time of 0 ms, NONE while unknown */
  guint padding_ms;             /* what the VAD puts before the words */
  guint hangover_ms;            /* the silence it waits for after them */
  guint64 turn_end_ms;          /* where the last turn ended, as reported */
  guint64 heard_ms;             /* the largest end that was reported */
} RealtimeTimeline;

void realtime_timeline_init (RealtimeTimeline * self);
/* Takes the VAD's numbers from a session object, GA or beta. */
void realtime_timeline_configure (RealtimeTimeline * self,
    JsonObject * session);

/* Where the words begin and end, from what speech_started and speech_stopped
 * reported. @start_ms of a turn: as the first function gave it, or NONE. */
guint64 realtime_timeline_words_start (const RealtimeTimeline * self,
    guint64 audio_start_ms);
guint64 realtime_timeline_words_end (RealtimeTimeline * self,
    guint64 start_ms, guint64 audio_end_ms);

/* Running time of @ms after @epoch; NONE where either is. */
guint64 realtime_timeline_running_time (guint64 epoch, guint64 ms);

G_END_DECLS

#endif /* __REALTIME_TIMELINE_H__ */
