/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "asr.h"

#include <gio/gio.h>
#include <pocketsphinx.h>
#include <sphinxbase/err.h>
#include <sphinxbase/feat.h>

struct _Asr
{
  ps_decoder_t *decoder;
  /* the cepstral mean before the first speaker: a later session must not
   * start with that of the one before */
  mfcc_t *first_mean;
};

Asr *
asr_new (GError ** error)
{
  cmd_ln_t *config;
  Asr *asr;
  feat_t *feat;

  err_set_logfp (NULL);
  config = cmd_ln_init (NULL, ps_args (), TRUE,
      "-hmm", POCKETSPHINX_MODELS "/en-us",
      "-lm", POCKETSPHINX_MODELS "/en-us.lm.bin",
      "-dict", POCKETSPHINX_MODELS "/cmudict-en-us.dict", NULL);
  asr = g_new0 (Asr, 1);
  if (config != NULL)
    asr->decoder = ps_init (config);
  if (config != NULL)
    cmd_ln_free_r (config);
  if (asr->decoder == NULL) {
    g_free (asr);
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
        "pocketsphinx found no usable models in " POCKETSPHINX_MODELS
        "; install the package pocketsphinx-en-us or start with --asr none");
    return NULL;
  }
  feat = ps_get_feat (asr->decoder);
  asr->first_mean = g_new0 (mfcc_t, feat_cepsize (feat));
  cmn_live_get (feat->cmn_struct, asr->first_mean);
  ps_start_stream (asr->decoder);
  ps_start_utt (asr->decoder);
  return asr;
}

void
asr_reset (Asr * asr)
{
  ps_end_utt (asr->decoder);
  cmn_live_set (ps_get_feat (asr->decoder)->cmn_struct, asr->first_mean);
  ps_start_stream (asr->decoder);
  ps_start_utt (asr->decoder);
}

void
asr_feed (Asr * asr, const gint16 * samples, gsize n_samples)
{
  ps_process_raw (asr->decoder, samples, n_samples, FALSE, FALSE);
}

gchar *
asr_text (Asr * asr, gboolean finish)
{
  gchar *text;

  if (finish)
    ps_end_utt (asr->decoder);
  text = g_strdup (ps_get_hyp (asr->decoder, NULL));
  if (finish)
    ps_start_utt (asr->decoder);
  return text != NULL ? text : g_strdup ("");
}

void
asr_free (Asr * asr)
{
  ps_end_utt (asr->decoder);
  ps_free (asr->decoder);
  g_free (asr->first_mean);
  g_free (asr);
}
