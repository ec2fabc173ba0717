/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_CAPTIONER_H__
#define __REALTIME_CAPTIONER_H__

#include "cue.h"
#include "textstream.h"

G_BEGIN_DECLS

typedef enum
{
  REALTIME_CAPTION_MODE_POP_ON,
  REALTIME_CAPTION_MODE_ROLL_UP,
  REALTIME_CAPTION_MODE_WORDS
} RealtimeCaptionMode;

typedef struct
{
  RealtimeCaptionMode mode;
  guint max_line_length, max_lines;     /* columns, lines */
  RealtimeCuePace pace;
  gchar *speaker_prefix;        /* (nullable), %s for the speaker */
} RealtimeCaptionSettings;

/**
 * RealtimeCaptioner:
 *
 * Makes captions of the lines of a conversation and pushes them by a text
 * stream, in one of three forms: cues (pop-on), a window of lines that grows
 * and scrolls (roll-up), or word by word.
 *
 * It works to one of two measures. To order: a line is shown when it is
 * final, however long that takes, at the times when it was spoken. Or to a
 * deadline: what was spoken must be shown after a budget of time, so lines
 * are taken word by word while they grow, and the stream never stands still
 * for longer than that.
 *
 * Holds no lock; use it from one thread at a time.
 */
typedef struct _RealtimeCaptioner RealtimeCaptioner;

/* @text: pushes what is made; outlives the captioner. */
RealtimeCaptioner *realtime_captioner_new (RealtimeTextStream * text);
void realtime_captioner_free (RealtimeCaptioner * self);
/* Forgets all lines and what is shown. */
void realtime_captioner_reset (RealtimeCaptioner * self);

/* Before anything else, and whenever they changed. */
void realtime_captioner_set_settings (RealtimeCaptioner * self,
    const RealtimeCaptionSettings * settings);

/**
 * realtime_captioner_set_time:
 * @now: running time of the stream, or NONE
 * @budget: how long after it was spoken something has to be shown, ns, or
 *   NONE to work to order
 * @lead: how far the stream is kept ahead of the last moment, ns
 *
 * Where the stream stands. Before lines are told, and before
 * realtime_captioner_advance().
 */
void realtime_captioner_set_time (RealtimeCaptioner * self, GstClockTime now,
    GstClockTime budget, GstClockTime lead);

typedef struct
{
  const gchar *key;             /* names its item */
  const gchar *speaker;
  gboolean ahead;               /* its words are told before they are spoken */
  const gchar *text;            /* whole so far */
  guint index;                  /* place in the conversation */
  GstClockTime start, end;      /* running time, NONE while unknown */
  GstClockTime arrival;         /* running time when it came, NONE if unknown */
  gboolean final;
} RealtimeCaptionLine;

void realtime_captioner_tell (RealtimeCaptioner * self,
    const RealtimeCaptionLine * line);

/* Tells which lines are open: begin, add each, end. */
void realtime_captioner_begin_open (RealtimeCaptioner * self);
void realtime_captioner_add_open (RealtimeCaptioner * self, const gchar * key,
    guint index, GstClockTime start);
void realtime_captioner_end_open (RealtimeCaptioner * self);

/* Pushes all that it is time for, with the GAPs between; @drain: everything. */
GstFlowReturn realtime_captioner_advance (RealtimeCaptioner * self,
    gboolean drain);

/* The longest time between the start of words and when they could be shown,
 * since the captioner was made or this was last reset, ns. */
GstClockTime realtime_captioner_get_delay (RealtimeCaptioner * self);
void realtime_captioner_reset_delay (RealtimeCaptioner * self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeCaptioner, realtime_captioner_free)

G_END_DECLS

#endif /* __REALTIME_CAPTIONER_H__ */
