/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* One word a buffer, as transcribers elsewhere push them. */

#include "captioner-private.h"

static void
push_event (RealtimeCaptioner * self, GstStructure * structure)
{
  realtime_text_stream_push_custom (self->text, structure);
}

void
realtime_words_push_end (RealtimeCaptioner * self)
{
  push_event (self, gst_structure_new_empty ("rstranscribe/final-transcript"));
}

/* Pushes the next word of @u, with those that no blank parts from it as far
 * as a line goes. */
static void
push_word (RealtimeCaptioner * self, RealtimeUtterance * u)
{
  const RealtimeWord *first = realtime_speech_get_word (u->speech, 0);
  const RealtimeWord *last = first, *next;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree gchar *prefix = NULL;
  g_autoptr (GPtrArray) cues = NULL;
  guint columns = first->columns, n = 1, i;

  g_string_append_len (text, realtime_speech_get_text (u->speech, first),
      first->bytes);
  while ((next = realtime_speech_get_word (u->speech, n)) && !next->blank
      && columns + next->columns <= self->settings.max_line_length
      && (u->final || realtime_speech_may_show (u->speech, n, self->now,
              self->budget))) {
    g_string_append_len (text, realtime_speech_get_text (u->speech, next),
        next->bytes);
    columns += next->columns;
    last = next;
    n++;
  }

  if (realtime_captioner_change_speaker (self, u->speaker, &prefix))
    push_event (self, gst_structure_new ("rstranscribe/speaker-change",
            "speaker", G_TYPE_STRING, u->speaker, NULL));
  /* one, unless the word is longer than a line */
  cues = realtime_cue_layout (prefix, text->str, first->start,
      MAX (first->start, last->end), self->settings.max_line_length, 1);
  for (i = 0; i < cues->len && self->flow == GST_FLOW_OK; i++) {
    RealtimeCue *cue = g_ptr_array_index (cues, i);

    cue->speaker = u->speaker;
    realtime_captioner_push (self, cue);
  }
  realtime_captioner_take_words (self, u, n);
}

void
realtime_words_push_final (RealtimeCaptioner * self, RealtimeUtterance * u)
{
  RealtimeSpeech *speech = realtime_captioner_get_speech (self, u);

  while (self->flow == GST_FLOW_OK && realtime_speech_get_word (speech, 0))
    push_word (self, u);
  if (self->flow == GST_FLOW_OK && realtime_speech_get_taken (speech) > 0)
    realtime_words_push_end (self);
}

gboolean
realtime_words_push_due (RealtimeCaptioner * self, RealtimeUtterance * u)
{
  GstClockTime position = realtime_text_stream_get_position (self->text);
  const RealtimeWord *word = realtime_speech_get_word (u->speech, 0);

  if (!word || !GST_CLOCK_TIME_IS_VALID (word->start)
      || MAX (word->start, position) > self->due
      || !realtime_speech_may_show (u->speech, 0, self->now, self->budget))
    return FALSE;

  push_word (self, u);
  return TRUE;
}
