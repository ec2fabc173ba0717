/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "captioner-private.h"

RealtimeCaptioner *
realtime_captioner_new (RealtimeTextStream * text)
{
  RealtimeCaptioner *self = g_new0 (RealtimeCaptioner, 1);

  self->text = text;
  self->queue = realtime_cue_queue_new ();
  self->window = realtime_window_new ();
  realtime_captioner_reset (self);

  return self;
}

void
realtime_captioner_free (RealtimeCaptioner * self)
{
  if (self) {
    realtime_cue_queue_free (self->queue);
    realtime_window_free (self->window);
    g_free (self->settings.speaker_prefix);
    g_free (self->last_speaker);
    g_free (self);
  }
}

void
realtime_captioner_reset (RealtimeCaptioner * self)
{
  realtime_cue_queue_reset (self->queue);
  realtime_window_clear (self->window);
  self->shown_at = self->changed_at = self->said_until = self->free_at = 0;
  self->now = GST_CLOCK_TIME_NONE;
  self->budget = GST_CLOCK_TIME_NONE;
  self->due = 0;
  g_clear_pointer (&self->last_speaker, g_free);
  self->flow = GST_FLOW_OK;
}

void
realtime_captioner_set_settings (RealtimeCaptioner * self,
    const RealtimeCaptionSettings * settings)
{
  gchar *prefix = g_strdup (settings->speaker_prefix);

  g_free (self->settings.speaker_prefix);
  self->settings = *settings;
  self->settings.speaker_prefix = prefix;
  realtime_window_set_size (self->window, settings->max_line_length,
      settings->max_lines);
}

void
realtime_captioner_set_time (RealtimeCaptioner * self, GstClockTime now,
    GstClockTime budget, GstClockTime lead)
{
  self->now = now;
  /* without a time there is no deadline */
  self->budget = GST_CLOCK_TIME_IS_VALID (now) ? budget : GST_CLOCK_TIME_NONE;
  self->due = 0;
  if (GST_CLOCK_TIME_IS_VALID (self->budget) && now + lead > budget)
    self->due = now + lead - budget;
}

static gboolean
has_deadline (RealtimeCaptioner * self)
{
  return GST_CLOCK_TIME_IS_VALID (self->budget);
}

gboolean
realtime_captioner_change_speaker (RealtimeCaptioner * self,
    const gchar * speaker, gchar ** prefix)
{
  g_auto (GStrv) parts = NULL;

  *prefix = NULL;
  if (g_strcmp0 (self->last_speaker, speaker) == 0)
    return FALSE;

  g_free (self->last_speaker);
  self->last_speaker = g_strdup (speaker);
  if (self->settings.speaker_prefix) {
    parts = g_strsplit (self->settings.speaker_prefix, "%s", -1);
    *prefix = g_strjoinv (speaker, parts);
  }
  return TRUE;
}

void
realtime_captioner_push (RealtimeCaptioner * self, RealtimeCue * cue)
{
  GstClockTime position = realtime_text_stream_get_position (self->text);
  GstClockTime begin = realtime_text_stream_get_begin (self->text);
  RealtimeCuePace pace = self->settings.pace;

  if (self->settings.mode == REALTIME_CAPTION_MODE_WORDS)
    pace.min_duration = 0;
  if (cue->end <= begin && begin > 0)
    return;
  realtime_cue_place (cue, &position, self->now, &pace);
  self->flow = realtime_text_stream_push_cue (self->text, cue);
}

void
realtime_captioner_note_delay (RealtimeCaptioner * self, GstClockTime delay)
{
  self->delay = MAX (self->delay, delay);
}

void
realtime_captioner_take_words (RealtimeCaptioner * self,
    RealtimeUtterance * u, guint n)
{
  realtime_captioner_note_delay (self, realtime_speech_take (u->speech, n,
          self->now));
}

RealtimeSpeech *
realtime_captioner_get_speech (RealtimeCaptioner * self, RealtimeUtterance * u)
{
  if (!u->speech) {
    if (!GST_CLOCK_TIME_IS_VALID (u->start)) {
      u->start = realtime_text_stream_get_position (self->text);
      u->end = u->start + realtime_cue_speaking_time (u->text);
    }
    u->speech = realtime_speech_new (FALSE, NULL);
    realtime_speech_tell (u->speech, u->text, u->start, u->end,
        GST_CLOCK_TIME_IS_VALID (u->arrival) ? u->arrival : u->end, TRUE);
  }
  return u->speech;
}

static void
push_final (RealtimeCaptioner * self, RealtimeUtterance * u)
{
  switch (self->settings.mode) {
    case REALTIME_CAPTION_MODE_ROLL_UP:
      realtime_roll_up_push_final (self, u);
      break;
    case REALTIME_CAPTION_MODE_WORDS:
      realtime_words_push_final (self, u);
      break;
    default:
      realtime_pop_on_push_final (self, u);
      break;
  }
}

/* @drain: those that wait for others, too */
static void
push_finals (RealtimeCaptioner * self, gboolean drain)
{
  RealtimeUtterance *u;

  while (self->flow == GST_FLOW_OK
      && (u = realtime_cue_queue_pop (self->queue, self->now, drain))) {
    push_final (self, u);
    realtime_utterance_free (u);
  }
}

void
realtime_captioner_tell (RealtimeCaptioner * self,
    const RealtimeCaptionLine * line)
{
  RealtimeUtterance *u;
  GstClockTime arrival = line->arrival;

  /* a stream that ends with more open lines than any conversation has */
  if (realtime_cue_queue_is_full (self->queue))
    push_finals (self, TRUE);

  /* what is told to be later than now is nonsense; unknown is greater */
  if (GST_CLOCK_TIME_IS_VALID (self->now))
    arrival = MIN (arrival, self->now);

  if (has_deadline (self) || realtime_cue_queue_is_growing (self->queue,
          line->key)) {
    u = realtime_cue_queue_tell (self->queue, line->key, line->speaker,
        line->ahead, line->text, line->index, line->start, line->end, arrival,
        line->final);
    if (line->final && self->settings.mode == REALTIME_CAPTION_MODE_ROLL_UP)
      realtime_roll_up_correct (self, u);
  } else if (line->final) {
    realtime_cue_queue_add (self->queue, line->speaker, line->text,
        line->index, line->start, line->end, arrival);
  }
}

void
realtime_captioner_begin_open (RealtimeCaptioner * self)
{
  realtime_cue_queue_clear_open (self->queue);
}

void
realtime_captioner_add_open (RealtimeCaptioner * self, const gchar * key,
    guint index, GstClockTime start)
{
  realtime_cue_queue_add_open (self->queue, key, index, start);
}

void
realtime_captioner_end_open (RealtimeCaptioner * self)
{
  realtime_cue_queue_end_lost (self->queue, self->now);
}

/* Pop-on and words: what it is time for. */
static void
push_due (RealtimeCaptioner * self)
{
  gboolean words = self->settings.mode == REALTIME_CAPTION_MODE_WORDS;
  RealtimeUtterance *u;

  while (self->flow == GST_FLOW_OK
      && (u = realtime_cue_queue_get_floor (self->queue, self->now,
              self->due))) {
    if (u->final && !realtime_speech_get_word (u->speech, 0)) {
      if (words && realtime_speech_get_taken (u->speech) > 0)
        realtime_words_push_end (self);
      realtime_cue_queue_remove (self->queue, u);
    } else if (!(words ? realtime_words_push_due (self, u) :
            realtime_pop_on_push_due (self, u))) {
      break;
    }
  }
  if (self->flow == GST_FLOW_OK)
    realtime_text_stream_push_gap (self->text, self->due);
}

/* What is final, and GAPs as far as nothing more can come. */
static void
push_to_order (RealtimeCaptioner * self)
{
  GstClockTime quiet;

  push_finals (self, FALSE);
  if (self->flow != GST_FLOW_OK)
    return;
  quiet = realtime_cue_queue_get_quiet (self->queue,
      realtime_text_stream_get_position (self->text), self->now);
  if (self->settings.mode == REALTIME_CAPTION_MODE_ROLL_UP)
    realtime_roll_up_push_quiet (self, quiet);
  else
    realtime_text_stream_push_gap (self->text, quiet);
}

GstFlowReturn
realtime_captioner_advance (RealtimeCaptioner * self, gboolean drain)
{
  self->flow = GST_FLOW_OK;

  if (drain) {
    push_finals (self, TRUE);
    if (self->settings.mode == REALTIME_CAPTION_MODE_ROLL_UP
        && self->flow == GST_FLOW_OK)
      realtime_roll_up_finish (self);
    if (self->flow == GST_FLOW_OK && GST_CLOCK_TIME_IS_VALID (self->now))
      realtime_text_stream_push_gap (self->text, self->now);
  } else if (!has_deadline (self)) {
    push_to_order (self);
  } else if (!realtime_text_stream_prepare (self->text)) {
    /* which also says where the text begins: nobody waits for it before */
    self->flow = GST_FLOW_NOT_NEGOTIATED;
  } else if (self->settings.mode == REALTIME_CAPTION_MODE_ROLL_UP) {
    realtime_roll_up_advance (self);
  } else {
    push_due (self);
  }

  return self->flow;
}

GstClockTime
realtime_captioner_get_delay (RealtimeCaptioner * self)
{
  return self->delay;
}

void
realtime_captioner_reset_delay (RealtimeCaptioner * self)
{
  self->delay = 0;
}
