/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_CUE_QUEUE_H__
#define __REALTIME_CUE_QUEUE_H__

#include "speech.h"

G_BEGIN_DECLS

/* What one voice said in one go. */
typedef struct
{
  gchar *key;                   /* names the item that it is, or NULL */
  gchar *speaker;
  gchar *text;
  guint index;                  /* place in the conversation */
  GstClockTime start, end;      /* running time; NONE both or neither once final */
  GstClockTime arrival;         /* of the text, NONE if unknown */
  gboolean final;
  gboolean end_guessed;
  guint64 serial;               /* order of arrival */
  RealtimeSpeech *speech;       /* its words, where they are taken one by one */
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

/* A line that is final.
 * @start, @end, @arrival: running time or NONE. Times that cannot be (an end
 * before the start, a start long after the arrival) count as unknown; unknown
 * ones are worked out from the others and the length of the text. */
void realtime_cue_queue_add (RealtimeCueQueue * self, const gchar * speaker,
    const gchar * text, guint index, GstClockTime start, GstClockTime end,
    GstClockTime arrival);

/**
 * realtime_cue_queue_tell:
 * @key: what names the item
 * @ahead: its words are told before they are spoken
 * @now: the running time of the stream
 *
 * The same for a line that may still grow, and word by word: each call gives
 * all of its text so far. The last one, with @final, has to follow, but for
 * items that realtime_cue_queue_end_lost() ends. Of an item that is told in
 * parts, each is final and a line of its own.
 *
 * Returns: (transfer none): the line
 */
RealtimeUtterance *realtime_cue_queue_tell (RealtimeCueQueue * self,
    const gchar * key, const gchar * speaker, gboolean ahead,
    const gchar * text, guint index, GstClockTime start, GstClockTime end,
    GstClockTime now, gboolean final);

/* Whether a line of @key was told that may still grow. */
gboolean realtime_cue_queue_is_growing (RealtimeCueQueue * self,
    const gchar * key);

/* Too many wait: pop before anything is added. */
gboolean realtime_cue_queue_is_full (RealtimeCueQueue * self);

/* Tells which utterances are open: clear, then add each. @key may be NULL,
 * @start NONE. */
void realtime_cue_queue_clear_open (RealtimeCueQueue * self);
void realtime_cue_queue_add_open (RealtimeCueQueue * self, const gchar * key,
    guint index, GstClockTime start);
/* Then: what is told word by word and not open any more is final as it is; the
 * others' starts are those of now. */
void realtime_cue_queue_end_lost (RealtimeCueQueue * self, GstClockTime now);

/* The next utterance, or NULL while none is ready. @now: where the stream is,
 * or NONE. @drain: ready or not. */
RealtimeUtterance *realtime_cue_queue_pop (RealtimeCueQueue * self,
    GstClockTime now, gboolean drain);

/**
 * realtime_cue_queue_get_floor:
 * @now: running time of the stream
 * @due: what was spoken up to here has to be shown
 *
 * Who is to be shown next, of those told word by word: who began first, until
 * all of that is final and taken. When another has waited for two seconds, or
 * the one that has the floor said nothing new for five, it passes on.
 *
 * Returns: (transfer none): one that has words that are not taken, or is final
 * and can be removed; or NULL
 */
RealtimeUtterance *realtime_cue_queue_get_floor (RealtimeCueQueue * self,
    GstClockTime now, GstClockTime due);
void realtime_cue_queue_remove (RealtimeCueQueue * self,
    RealtimeUtterance * utterance);

/* How far downstream may be told that nothing will come. Never before
 * @position, which downstream has reached already. */
GstClockTime realtime_cue_queue_get_quiet (RealtimeCueQueue * self,
    GstClockTime position, GstClockTime now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeUtterance, realtime_utterance_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeCueQueue, realtime_cue_queue_free)

G_END_DECLS

#endif /* __REALTIME_CUE_QUEUE_H__ */
