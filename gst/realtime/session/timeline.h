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
  /* running time of 0 ms, NONE while unknown; modulo 2^64, as it may stand before
   * the running time 0 */
  guint64 epoch;
  guint padding_ms;             /* what the VAD puts before the words */
  guint hangover_ms;            /* the silence it waits for after them */
  guint64 turn_end_ms;          /* where the last turn ended, as reported */
  gboolean cleared;             /* nobody tells where the next one may begin */
  guint64 heard_ms;             /* the largest end that was reported */
} RealtimeTimeline;

void realtime_timeline_init (RealtimeTimeline * self);
/* Takes the VAD's numbers from a session object, GA or beta. */
void realtime_timeline_configure (RealtimeTimeline * self,
    JsonObject * session);

/* Whether there was room for the whole padding before the words of a turn that
 * is reported to begin at @audio_start_ms, as far as that is known. */
gboolean realtime_timeline_is_padded (const RealtimeTimeline * self,
    guint64 audio_start_ms);
/* Where the words begin and end, from what speech_started and speech_stopped
 * reported. @start_ms of a turn: as the first function gave it, or NONE. */
guint64 realtime_timeline_words_start (const RealtimeTimeline * self,
    guint64 audio_start_ms);
guint64 realtime_timeline_words_end (RealtimeTimeline * self,
    guint64 start_ms, guint64 audio_end_ms);

/* Running time of @ms after @epoch, at least 0; NONE where either is. */
guint64 realtime_timeline_running_time (guint64 epoch, guint64 ms);
/* And back: @running_time as ms after @epoch, at least 0; NONE where either is. */
guint64 realtime_timeline_ms (guint64 epoch, guint64 running_time);

G_END_DECLS

#endif /* __REALTIME_TIMELINE_H__ */
