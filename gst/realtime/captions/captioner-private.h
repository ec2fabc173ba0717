/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_CAPTIONER_PRIVATE_H__
#define __REALTIME_CAPTIONER_PRIVATE_H__

#include "captioner.h"
#include "cuequeue.h"
#include "window.h"

G_BEGIN_DECLS

/* The inside of the captioner, shared by its files: captioner.c (order and
 * time) and one for each mode. */
struct _RealtimeCaptioner
{
  RealtimeTextStream *text;     /* not owned */
  RealtimeCueQueue *queue;
  RealtimeWindow *window;       /* what roll-up shows */

  RealtimeCaptionSettings settings;
  GstClockTime now;
  GstClockTime budget;          /* NONE: to order */
  GstClockTime due;             /* what was spoken before has to be shown */

  /* of roll-up */
  GstClockTime shown_at;        /* since when the window is as it is */
  GstClockTime changed_at;      /* when a word last came into it */
  GstClockTime said_until;      /* where the last word ends */
  GstClockTime free_at;         /* when the next word may come */

  gchar *last_speaker;
  GstFlowReturn flow;           /* what downstream said last */
  GstClockTime delay;           /* the longest */
};

/* Whether @speaker is another than before; then @prefix is what stands before
 * the words, or NULL. */
gboolean realtime_captioner_change_speaker (RealtimeCaptioner * self,
    const gchar * speaker, gchar ** prefix);
/* Fits the cue behind those before it and pushes it. */
void realtime_captioner_push (RealtimeCaptioner * self, RealtimeCue * cue);
void realtime_captioner_note_delay (RealtimeCaptioner * self,
    GstClockTime delay);
/* Takes @n words of @u, to be shown now. */
void realtime_captioner_take_words (RealtimeCaptioner * self,
    RealtimeUtterance * u, guint n);
/* The words of @u, which is final, all with times. */
RealtimeSpeech *realtime_captioner_get_speech (RealtimeCaptioner * self,
    RealtimeUtterance * u);

/* A mode. push_final: the rest of a final line, to order. push_due: the next
 * of what it is time for; FALSE when that is nothing. */
void realtime_pop_on_push_final (RealtimeCaptioner * self,
    RealtimeUtterance * u);
gboolean realtime_pop_on_push_due (RealtimeCaptioner * self,
    RealtimeUtterance * u);
void realtime_words_push_final (RealtimeCaptioner * self,
    RealtimeUtterance * u);
gboolean realtime_words_push_due (RealtimeCaptioner * self,
    RealtimeUtterance * u);
/* A line has come to its end. */
void realtime_words_push_end (RealtimeCaptioner * self);
void realtime_roll_up_push_final (RealtimeCaptioner * self,
    RealtimeUtterance * u);
/* All voices, as far as it is time. */
void realtime_roll_up_advance (RealtimeCaptioner * self);
/* A line became final: puts right what of it is shown. */
void realtime_roll_up_correct (RealtimeCaptioner * self,
    RealtimeUtterance * u);
/* Nothing will be spoken before @quiet. */
void realtime_roll_up_push_quiet (RealtimeCaptioner * self,
    GstClockTime quiet);
/* Nothing more will be spoken. */
void realtime_roll_up_finish (RealtimeCaptioner * self);

G_END_DECLS

#endif /* __REALTIME_CAPTIONER_PRIVATE_H__ */
