/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Cues that are shown whole. */

#include "captioner-private.h"

void
realtime_pop_on_push_final (RealtimeCaptioner * self, RealtimeUtterance * u)
{
  const RealtimeWord *word = NULL;
  g_autofree gchar *prefix = NULL;
  g_autoptr (GPtrArray) cues = NULL;
  const gchar *text = u->text;
  GstClockTime start = u->start, end = u->end;
  guint i;

  if (u->speech) {
    /* the beginning may have been shown */
    word = realtime_speech_get_word (u->speech, 0);
    if (!word)
      return;
    if (realtime_speech_get_taken (u->speech) > 0
        && GST_CLOCK_TIME_IS_VALID (word->start)) {
      text = realtime_speech_get_rest (u->speech, word);
      start = word->start;
      end = MAX (end, start);
    }
  }
  if (!GST_CLOCK_TIME_IS_VALID (start)) {
    start = realtime_text_stream_get_position (self->text);
    end = start + realtime_cue_speaking_time (text);
  }

  realtime_captioner_change_speaker (self, u->speaker, &prefix);
  cues = realtime_cue_layout (prefix, text, start, end,
      self->settings.max_line_length, self->settings.max_lines);
  for (i = 0; i < cues->len && self->flow == GST_FLOW_OK; i++) {
    RealtimeCue *cue = g_ptr_array_index (cues, i);

    if (GST_CLOCK_TIME_IS_VALID (u->arrival) && u->arrival > cue->start)
      realtime_captioner_note_delay (self, u->arrival - cue->start);
    cue->speaker = u->speaker;
    realtime_captioner_push (self, cue);
  }
}

/* How many of the words that are not taken can be shown. */
static guint
count_words (RealtimeCaptioner * self, RealtimeUtterance * u)
{
  guint n = 0;

  while (realtime_speech_may_show (u->speech, n, self->now, self->budget))
    n++;
  return n;
}

/* Pushes as many of the next @n words as one cue holds. */
static void
push_cue (RealtimeCaptioner * self, RealtimeUtterance * u, guint n)
{
  const RealtimeWord *first = realtime_speech_get_word (u->speech, 0);
  const RealtimeWord *beyond = realtime_speech_get_word (u->speech, n);
  const gchar *rest = realtime_speech_get_rest (u->speech, first);
  g_autofree gchar *text = beyond ?
      g_strndup (rest, beyond->source - first->source) : g_strdup (rest);
  GstClockTime end = realtime_speech_get_word (u->speech, n - 1)->end;
  g_autofree gchar *prefix = NULL;
  g_autoptr (GPtrArray) cues = NULL;
  guint taken = 0, i;

  realtime_captioner_change_speaker (self, u->speaker, &prefix);
  cues = realtime_cue_layout (prefix, text, first->start,
      MAX (end, first->start), self->settings.max_line_length,
      self->settings.max_lines);
  /* more than one only where a cue ends within a word */
  for (i = 0; i < cues->len && taken == 0 && self->flow == GST_FLOW_OK; i++) {
    RealtimeCue *cue = g_ptr_array_index (cues, i);

    if (i + 1 == cues->len)
      taken = n;
    else
      while (taken < n && realtime_speech_get_word (u->speech, taken)->source -
          first->source < cue->rest)
        taken++;
    if (i + 1 < cues->len && (taken == n
            || realtime_speech_get_word (u->speech, taken)->source -
            first->source != cue->rest))
      taken = 0;
    cue->speaker = u->speaker;
    realtime_captioner_push (self, cue);
  }
  realtime_captioner_take_words (self, u, MAX (taken, 1));
}

gboolean
realtime_pop_on_push_due (RealtimeCaptioner * self, RealtimeUtterance * u)
{
  GstClockTime position = realtime_text_stream_get_position (self->text);
  const RealtimeWord *word = realtime_speech_get_word (u->speech, 0);
  guint n;

  if (!word || !GST_CLOCK_TIME_IS_VALID (word->start)
      || MAX (word->start, position) > self->due)
    return FALSE;
  n = count_words (self, u);
  if (n == 0)
    return FALSE;

  push_cue (self, u, n);
  return TRUE;
}
