/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_CUE_QUEUE_H__
#define __REALTIME_CUE_QUEUE_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* What one voice said in one go, as it leaves the queue. */
typedef struct
{
  gchar *speaker;
  gchar *text;
  guint index;                  /* place in the conversation */
  GstClockTime start, end;      /* running time; NONE both or neither */
  GstClockTime arrival;         /* of the final text, NONE if unknown */
  gboolean end_guessed;
  guint64 serial;               /* order of arrival */
} RealtimeUtterance;

void realtime_utterance_free (RealtimeUtterance * utterance);

/**
 * RealtimeCueQueue:
 *
 * Puts utterances in the order in which they were spoken and says how far it
 * is known that nothing more will be said. An utterance waits for those before
 * it that are open, that is, begun and without a final text yet, but not for
 * long: three seconds of the stream after its text came it goes on its way.
 *
 * Holds no lock; use it from one thread.
 */
typedef struct _RealtimeCueQueue RealtimeCueQueue;

RealtimeCueQueue *realtime_cue_queue_new (void);
void realtime_cue_queue_free (RealtimeCueQueue * self);
void realtime_cue_queue_reset (RealtimeCueQueue * self);

/* @start, @end, @arrival: running time or NONE. Times that cannot be (an end
 * before the start, a start long after the arrival) count as unknown; unknown
 * ones are worked out from the others and the length of the text. */
void realtime_cue_queue_add (RealtimeCueQueue * self, const gchar * speaker,
    const gchar * text, guint index, GstClockTime start, GstClockTime end,
    GstClockTime arrival);

/* Too many wait: pop before anything is added. */
gboolean realtime_cue_queue_is_full (RealtimeCueQueue * self);

/* Tells which utterances are open: clear, then add each. @start may be NONE. */
void realtime_cue_queue_clear_open (RealtimeCueQueue * self);
void realtime_cue_queue_add_open (RealtimeCueQueue * self, guint index,
    GstClockTime start);

/* The next utterance, or NULL while none is ready. @now: where the stream is,
 * or NONE. @drain: ready or not. */
RealtimeUtterance *realtime_cue_queue_pop (RealtimeCueQueue * self,
    GstClockTime now, gboolean drain);

/* How far downstream may be told that nothing will come. Never before
 * @position, which downstream has reached already. */
GstClockTime realtime_cue_queue_get_quiet (RealtimeCueQueue * self,
    GstClockTime position, GstClockTime now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeUtterance, realtime_utterance_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeCueQueue, realtime_cue_queue_free)

G_END_DECLS

#endif /* __REALTIME_CUE_QUEUE_H__ */
