/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_SPEECH_H__
#define __REALTIME_SPEECH_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* A word with the punctuation that stands at it; in scripts without blanks,
 * what no line ends within. */
typedef struct
{
  guint32 offset, bytes;        /* in the text of the words */
  guint32 source;               /* byte of the line's text where it begins */
  guint32 columns;
  gboolean blank;               /* a blank stands before it */
  guint seen;                   /* successive texts that had it in this place */
  GstClockTime start, end;      /* running time, NONE while it is not spoken yet */
  GstClockTime changed;         /* when it came in this form */
  GstClockTime certain;         /* since when it counts as certain, or NONE */
} RealtimeWord;

/**
 * RealtimeSpeech:
 *
 * One line of the conversation as it grows, word by word: when each was
 * spoken, which are certain, which have been taken, that is, shown. Its text
 * may be revised until it is final; what has been taken stays taken, and goes
 * on after the words that stand for the taken ones in the new text.
 *
 * Services tell no times of words. Those of a final line share its time by
 * their length. Those of a growing one are counted back from the time when
 * they came: by the delay of its first words, whose start is known, and at an
 * ordinary pace. Words that are told before they are spoken are counted
 * forward from the start of the line.
 *
 * Holds no lock; use it from one thread.
 */
typedef struct _RealtimeSpeech RealtimeSpeech;

/**
 * RealtimeSpeechHabit:
 *
 * How a service tells what it hears, which all lines of a stream share: by
 * whole words, or by parts of them and punctuation that follows. Parts are
 * expected until many additions began with a blank.
 */
typedef struct
{
  gboolean parts;
  guint whole_words;            /* additions that began with a blank */
} RealtimeSpeechHabit;

/* @ahead: its words are told before they are spoken. @habit: (nullable): is
 * learned and used; outlives the speech. */
RealtimeSpeech *realtime_speech_new (gboolean ahead,
    RealtimeSpeechHabit * habit);
void realtime_speech_free (RealtimeSpeech * self);

/* The text so far. @start, @end: as far as they are known, else NONE; a final
 * line has both. @now: when the text came. */
void realtime_speech_tell (RealtimeSpeech * self, const gchar * text,
    GstClockTime start, GstClockTime end, GstClockTime now, gboolean final);
/* The start became known otherwise. */
void realtime_speech_set_start (RealtimeSpeech * self, GstClockTime start,
    GstClockTime now);

gboolean realtime_speech_is_final (RealtimeSpeech * self);
/* When its text last changed, or NONE. */
GstClockTime realtime_speech_get_changed (RealtimeSpeech * self);

/* The @i-th of the words that are not taken, or NULL. */
const RealtimeWord *realtime_speech_get_word (RealtimeSpeech * self, guint i);
/* Its text, not terminated. */
const gchar *realtime_speech_get_text (RealtimeSpeech * self,
    const RealtimeWord * word);
/* All of the text from @word on. */
const gchar *realtime_speech_get_rest (RealtimeSpeech * self,
    const RealtimeWord * word);

/**
 * realtime_speech_may_show:
 * @i: one of the words that are not taken
 * @now: running time
 * @budget: how long after it was spoken a word has to be shown, ns
 *
 * Whether the word is certain: the line is final, or a blank or another word
 * follows it, or it has not changed for 300 ms, or the service is known to tell
 * whole words. Where the service revises what it told, it
 * has to stand in three successive texts, or for a second. A word whose @budget
 * is over is shown uncertain, unless it came too late for that anyhow, or half
 * of it may be missing.
 */
gboolean realtime_speech_may_show (RealtimeSpeech * self, guint i,
    GstClockTime now, GstClockTime budget);

/* Takes the next @n words. Returns the longest time that passed between the
 * start of one and when it was certain, or shown because it had to be. */
GstClockTime realtime_speech_take (RealtimeSpeech * self, guint n,
    GstClockTime now);
/* How many were taken so far: the number of the next word. */
guint realtime_speech_get_taken (RealtimeSpeech * self);

/**
 * realtime_speech_find:
 * @number: of a word that was taken, counted from 0
 *
 * Returns: which word of the text, counted from its beginning, stands where
 * that word was; the same number unless the text was revised. FALSE from
 * realtime_speech_is_revised(): no word that was taken has changed.
 */
guint realtime_speech_find (RealtimeSpeech * self, guint number);
gboolean realtime_speech_is_revised (RealtimeSpeech * self);
/* The words from the beginning of the text, taken or not. */
const RealtimeWord *realtime_speech_get_any (RealtimeSpeech * self, guint i);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeSpeech, realtime_speech_free)

G_END_DECLS

#endif /* __REALTIME_SPEECH_H__ */
