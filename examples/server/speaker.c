/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "speaker.h"

#include <flite/flite.h>
#include <gst/audio/audio.h>
#include <string.h>

/* The library's headers leave the voices to their users. */
cst_voice *register_cmu_us_rms (const char *voxdir);
cst_voice *register_cmu_us_slt (const char *voxdir);
cst_voice *register_cmu_us_kal16 (const char *voxdir);
void unregister_cmu_us_rms (cst_voice * voice);
void unregister_cmu_us_slt (cst_voice * voice);
void unregister_cmu_us_kal16 (cst_voice * voice);

const gchar *const speaker_voices[] = { "rms", "slt", "kal16", NULL };

static GMutex lock;
/* protected by lock */
static cst_voice *voices[G_N_ELEMENTS (speaker_voices) - 1];

void
speaker_init (void)
{
  flite_init ();
  voices[0] = register_cmu_us_rms (NULL);
  voices[1] = register_cmu_us_slt (NULL);
  voices[2] = register_cmu_us_kal16 (NULL);
}

void
speaker_deinit (void)
{
  unregister_cmu_us_rms (voices[0]);
  unregister_cmu_us_slt (voices[1]);
  unregister_cmu_us_kal16 (voices[2]);
}

const gchar *
speaker_voice_for (const gchar * name)
{
  static const gchar *const male[] = { "ash", "ballad", "cedar", "echo",
    "verse", NULL
  };
  guint i;

  for (i = 0; name != NULL && speaker_voices[i] != NULL; i++) {
    if (g_str_equal (name, speaker_voices[i]))
      return speaker_voices[i];
  }
  return name != NULL && g_strv_contains (male, name) ? "rms" : "slt";
}

static cst_voice *
find_voice (const gchar * name)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (voices); i++) {
    if (g_str_equal (name, speaker_voices[i]))
      return voices[i];
  }
  return voices[0];
}

static gint16 *
resample (const cst_wave * wave, gsize * n_samples)
{
  GstAudioResampler *resampler;
  gpointer in[1], out[1];
  gint16 *samples;
  gsize room, tail, padded;
  gint16 *input;

  resampler = gst_audio_resampler_new (GST_AUDIO_RESAMPLER_METHOD_KAISER,
      GST_AUDIO_RESAMPLER_FLAG_NONE, GST_AUDIO_FORMAT_S16, 1,
      wave->sample_rate, SPEAKER_RATE, NULL);
  /* zeros at the end push the last samples out of the filter */
  tail = gst_audio_resampler_get_max_latency (resampler);
  padded = wave->num_samples + tail;
  input = g_new0 (gint16, padded);
  memcpy (input, wave->samples, wave->num_samples * sizeof (gint16));
  room = gst_audio_resampler_get_out_frames (resampler, padded);
  samples = g_new0 (gint16, room + 1);
  in[0] = input;
  out[0] = samples;
  gst_audio_resampler_resample (resampler, in, padded, out, room);
  gst_audio_resampler_free (resampler);
  g_free (input);
  *n_samples = room;
  return samples;
}

/* When the last sound of @word ends, in seconds. */
static float
word_end (cst_item * word)
{
  cst_item *sound = item_as (word, "SylStructure");

  sound = sound != NULL ? item_last_daughter (sound) : NULL;
  sound = sound != NULL ? item_last_daughter (sound) : NULL;
  sound = sound != NULL ? item_as (sound, "Segment") : NULL;
  return sound != NULL ? item_feat_float (sound, "end") : 0;
}

static void
add_words (Speech * speech, cst_utterance * utterance)
{
  cst_relation *tokens = utt_relation (utterance, "Token");
  cst_item *token;
  gsize before = 0;

  for (token = relation_head (tokens); token; token = item_next (token)) {
    SpokenWord word = { NULL, before };
    cst_item *spoken = item_last_daughter (token);
    const char *lead = item_feat_string (token, "prepunctuation");
    const char *trail = item_feat_string (token, "punc");

    if (spoken != NULL)
      word.end = word_end (spoken) * SPEAKER_RATE;
    word.end = CLAMP (word.end, before, speech->n_samples);
    before = word.end;
    word.text = g_strconcat (g_str_equal (lead, "0") ? "" : lead,
        item_name (token), g_str_equal (trail, "0") ? "" : trail, NULL);
    g_array_append_val (speech->words, word);
  }
}

static void
clear_word (gpointer data)
{
  g_free (((SpokenWord *) data)->text);
}

Speech *
speaker_speak (const gchar * text, const gchar * voice, gdouble speed)
{
  Speech *speech = g_new0 (Speech, 1);
  cst_utterance *utterance;
  cst_voice *with;

  speech->words = g_array_new (FALSE, FALSE, sizeof (SpokenWord));
  g_array_set_clear_func (speech->words, clear_word);
  g_mutex_lock (&lock);
  with = find_voice (voice);
  /* the diphone voice is understood best when slowed */
  feat_set_float (with->features, "duration_stretch",
      (with == voices[2] ? 1.25 : 1.0) / speed);
  utterance = flite_synth_text (text, with);
  if (utterance != NULL) {
    speech->samples = resample (utt_wave (utterance), &speech->n_samples);
    add_words (speech, utterance);
    delete_utterance (utterance);
  }
  g_mutex_unlock (&lock);
  return speech;
}

void
speech_free (Speech * speech)
{
  g_free (speech->samples);
  g_array_unref (speech->words);
  g_free (speech);
}

GPtrArray *
speaker_sentences (const gchar * text)
{
  GPtrArray *sentences = g_ptr_array_new_with_free_func (g_free);
  const gchar *start = text, *at;

  for (at = text; *at != '\0'; at++) {
    gboolean ends = strchr (".!?", *at) != NULL &&
        (at[1] == ' ' || at[1] == '\n');

    if (!ends && at[1] != '\0')
      continue;
    g_ptr_array_add (sentences, g_strstrip (g_strndup (start, at + 1 - start)));
    start = at + 1;
  }
  return sentences;
}
