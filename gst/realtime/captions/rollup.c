/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Lines that grow while words come. Each buffer shows the window as it is for
 * a time; the next one begins where it ends, so that nothing flickers. */

#include <string.h>

#include "captioner-private.h"

/* Changes that are closer to each other are one. */
#define SHORTEST_STEP (40 * GST_MSECOND)
/* A window that does not change is told again and again for so long at a time,
 * since how long it stays is not known; the more time there is to hear of
 * changes, the longer. */
#define SHORTEST_SLICE (80 * GST_MSECOND)
#define LONGEST_SLICE (1 * GST_SECOND)
/* Words that come this far ahead of the stream come faster. */
#define LONGEST_BACKLOG (4 * GST_SECOND)
#define CATCH_UP_SPEED 8

/* Since when the window is as it is, or what comes into it. */
static GstClockTime
get_shown_at (RealtimeCaptioner * self)
{
  return MAX (realtime_text_stream_get_position (self->text), self->shown_at);
}

/* When the window has stood for long enough. */
static GstClockTime
get_erase_at (RealtimeCaptioner * self)
{
  return MAX (self->changed_at + self->settings.pace.max_duration,
      get_shown_at (self) + SHORTEST_STEP);
}

static GstClockTime
reading_time (RealtimeCaptioner * self, guint columns)
{
  return gst_util_uint64_scale (columns, GST_SECOND,
      MAX (self->settings.pace.max_reading_speed, 1));
}

/* When @word may be shown: a line may come at once, but what comes after it has
 * to wait until it is read. */
static GstClockTime
get_time (RealtimeCaptioner * self, const RealtimeWord * word)
{
  GstClockTime line = reading_time (self, self->settings.max_line_length);

  return MAX (word->start, self->free_at > line ? self->free_at - line : 0);
}

/* Pushes the window as it is up to @until. */
static void
push_window (RealtimeCaptioner * self, GstClockTime until)
{
  GstClockTime shown_at = get_shown_at (self);
  g_auto (GStrv) speakers = NULL;
  g_autofree gchar *text = realtime_window_dup_text (self->window);
  RealtimeCue cue = { text, shown_at, until };

  if (realtime_window_is_empty (self->window) || until <= shown_at)
    return;
  speakers = realtime_window_dup_speakers (self->window);
  cue.speakers = speakers;
  self->flow = realtime_text_stream_push_cue (self->text, &cue);
  self->shown_at = until;
}

/* Pushes the window as it is up to @until, or nothing after it was erased. */
static void
push_until (RealtimeCaptioner * self, GstClockTime until)
{
  GstClockTime erase_at = get_erase_at (self);

  if (realtime_window_is_empty (self->window))
    return;
  push_window (self, MIN (until, erase_at));
  if (until >= erase_at)
    realtime_window_clear (self->window);
}

/* Brings the next word of @u into the window that is shown from @at on. */
static void
show_word (RealtimeCaptioner * self, RealtimeUtterance * u, GstClockTime at)
{
  const RealtimeWord *word = realtime_speech_get_word (u->speech, 0);
  GstClockTime time = MAX (get_time (self, word), at);
  GstClockTime reading = reading_time (self, word->columns + 1);
  g_autofree gchar *prefix = NULL;

  if (realtime_captioner_change_speaker (self, u->speaker, &prefix)) {
    realtime_window_begin_line (self->window, u->speaker);
    if (prefix)
      realtime_window_add (self->window, prefix, strlen (prefix), TRUE,
          u->serial, REALTIME_WINDOW_NO_WORD);
  }
  realtime_window_add (self->window, realtime_speech_get_text (u->speech,
          word), word->bytes, word->blank, u->serial,
      realtime_speech_get_taken (u->speech));

  if (GST_CLOCK_TIME_IS_VALID (self->now) && time > self->now
      && time - self->now > LONGEST_BACKLOG)
    reading /= CATCH_UP_SPEED;
  /* nobody reads what is before the place that was seeked to */
  if (word->end > realtime_text_stream_get_begin (self->text))
    self->free_at = MAX (time, self->free_at) + reading;
  self->changed_at = at;
  self->said_until = MAX (self->said_until, word->end);
  realtime_captioner_take_words (self, u, 1);
}

void
realtime_roll_up_push_final (RealtimeCaptioner * self, RealtimeUtterance * u)
{
  RealtimeSpeech *speech = realtime_captioner_get_speech (self, u);
  const RealtimeWord *word;

  while (self->flow == GST_FLOW_OK
      && (word = realtime_speech_get_word (speech, 0))) {
    GstClockTime time = MAX (get_time (self, word), get_shown_at (self));

    if (time >= get_shown_at (self) + SHORTEST_STEP)
      push_until (self, time);
    if (realtime_window_is_empty (self->window))
      self->shown_at = time;
    show_word (self, u, get_shown_at (self));
  }
}

void
realtime_roll_up_push_quiet (RealtimeCaptioner * self, GstClockTime quiet)
{
  if (!realtime_window_is_empty (self->window) && quiet >= get_erase_at (self))
    push_until (self, quiet);
  if (self->flow == GST_FLOW_OK && realtime_window_is_empty (self->window))
    realtime_text_stream_push_gap (self->text, quiet);
}

void
realtime_roll_up_finish (RealtimeCaptioner * self)
{
  GstClockTime shown_at = get_shown_at (self);
  GstClockTime until = self->changed_at +
      MAX (self->settings.pace.min_duration, reading_time (self,
          realtime_window_count_columns (self->window)));

  until = MAX (until, self->said_until);
  /* the last change was not shown yet */
  if (shown_at <= self->changed_at)
    until = MAX (until, shown_at + SHORTEST_STEP);
  if (until >= shown_at + SHORTEST_STEP)
    push_until (self, until);
  realtime_window_clear (self->window);
}

void
realtime_roll_up_correct (RealtimeCaptioner * self, RealtimeUtterance * u)
{
  guint first = realtime_window_find_first (self->window, u->serial);
  g_autoptr (GArray) words = NULL;
  guint from, to, i;

  if (first == REALTIME_WINDOW_NO_WORD
      || !realtime_speech_is_revised (u->speech))
    return;

  words = g_array_new (FALSE, FALSE, sizeof (RealtimeWindowWord));
  from = realtime_speech_find (u->speech, first);
  to = realtime_speech_find (u->speech, realtime_speech_get_taken (u->speech));
  for (i = from; i < to; i++) {
    const RealtimeWord *word = realtime_speech_get_any (u->speech, i);
    RealtimeWindowWord shown = { realtime_speech_get_text (u->speech, word),
      word->bytes, word->blank
    };

    g_array_append_val (words, shown);
  }
  if (realtime_window_replace (self->window, u->serial,
          (const RealtimeWindowWord *) words->data, words->len))
    self->changed_at = MAX (self->changed_at, get_shown_at (self));
}

/* The line that has the floor and what of it comes next; lines that are over
 * are gone. */
static const RealtimeWord *
get_next_word (RealtimeCaptioner * self, RealtimeUtterance ** u)
{
  while ((*u = realtime_cue_queue_get_floor (self->queue, self->now,
              self->due))) {
    const RealtimeWord *word = realtime_speech_get_word ((*u)->speech, 0);

    if (word || !(*u)->final)
      return word;
    realtime_cue_queue_remove (self->queue, *u);
  }
  return NULL;
}

/* Brings all words into the window that belong there at @at. Returns when the
 * next one comes, or NONE. */
static GstClockTime
show_words (RealtimeCaptioner * self, GstClockTime at)
{
  RealtimeUtterance *u;
  const RealtimeWord *word;

  while ((word = get_next_word (self, &u))) {
    if (!GST_CLOCK_TIME_IS_VALID (word->start)
        || !realtime_speech_may_show (u->speech, 0, self->now, self->budget))
      return GST_CLOCK_TIME_NONE;
    if (get_time (self, word) > at + SHORTEST_STEP)
      return get_time (self, word);
    show_word (self, u, at);
  }
  return GST_CLOCK_TIME_NONE;
}

void
realtime_roll_up_advance (RealtimeCaptioner * self)
{
  GstClockTime slice = CLAMP (self->budget / 4, SHORTEST_SLICE,
      LONGEST_SLICE);
  GstClockTime at = get_shown_at (self);

  while (self->flow == GST_FLOW_OK && at < self->due) {
    GstClockTime next = show_words (self, at), until;

    if (realtime_window_is_empty (self->window)) {
      if (next > self->due)
        break;
      at = self->shown_at = next;
      continue;
    }
    until = MAX (MIN (MIN (at + slice, next), get_erase_at (self)),
        at + SHORTEST_STEP);
    push_until (self, until);
    at = until;
  }
  if (self->flow == GST_FLOW_OK && realtime_window_is_empty (self->window))
    realtime_text_stream_push_gap (self->text, self->due);
}
