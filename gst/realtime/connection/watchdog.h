/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_WATCHDOG_H__
#define __GST_REALTIME_WATCHDOG_H__

#include "drain.h"
#include "session/conversation.h"

G_BEGIN_DECLS

/* How long what is due may take, in ms, before somebody is told. */
#define GST_REALTIME_WATCHDOG_TRANSCRIPT_MS 15000
#define GST_REALTIME_WATCHDOG_UNFED_MS 10000
#define GST_REALTIME_WATCHDOG_SILENT_MS 60000
#define GST_REALTIME_WATCHDOG_RESPONSE_MS 10000
#define GST_REALTIME_WATCHDOG_WORDS_MS 30000

/* What is waited for since when, on the caller's clock, in µs; 0: it is not, -1:
 * it has been told. */
typedef gint64 GstRealtimeWait;

/* Notices what does not come in a session: a transcript of speech, audio from
 * the pipeline, sound in that audio, a response, and something in it. Each is
 * told once an occurrence. Pure, so that each rule of it can be tested. */
typedef struct
{
  GHashTable *transcripts;      /* item id to GstRealtimeWait */
  GstRealtimeWait feed, sound, response, words;
  guint64 seen_fed;
  GstClockTime last_sound;      /* as seen last */
  gboolean fed, heard;          /* there was more than before */
  gint64 seen_at;
  gboolean asked;               /* for a response, and no answer came */
} GstRealtimeWatchdog;

void gst_realtime_watchdog_init (GstRealtimeWatchdog * self);
void gst_realtime_watchdog_clear (GstRealtimeWatchdog * self);
/* Another session, in which nothing is waited for. */
void gst_realtime_watchdog_reset (GstRealtimeWatchdog * self);

/* @listening: the session is to hear an input, which is there, is not muted and
 * has not ended. @now: µs, from 1 on, of a clock that stands while the pipeline
 * does. @code (out): a name for programs, static. Returns what to tell, a
 * sentence to be freed; NULL: nothing (any more). Ask until then. */
gchar *gst_realtime_watchdog_check (GstRealtimeWatchdog * self,
    RealtimeConversation * conversation, const GstRealtimeInput * input,
    gboolean listening, gint64 now, const gchar ** code);

G_END_DECLS

#endif /* __GST_REALTIME_WATCHDOG_H__ */
