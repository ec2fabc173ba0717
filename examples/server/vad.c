/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "vad.h"

#include <pocketsphinx.h>
#include <sphinxbase/ckd_alloc.h>
#include <sphinxbase/err.h>
#include <sphinxbase/fe.h>

/* The front end compares levels with its own estimate of the noise, so a step
 * within the dither of a silent line would count. Nothing below -60 dBFS does. */
#define GATE 33
/* Windows overlap three frames. */
#define PEAKS 3
/* Loud is 12 dB above the noise, and above -50 dBFS in any case. */
#define LOUD_OVER_NOISE 4
#define LOUD 100
/* The noise is followed over about a second, faster down than up. */
#define NOISE_UP 100
#define NOISE_DOWN 10

struct _Vad
{
  fe_t *fe;
  gdouble threshold;
  mfcc_t **cepstra;
  gint peaks[PEAKS];
  gdouble noise;                /* peak of frames without speech */
};

#define MAX_FRAMES 8

static void
open_front_end (Vad * vad)
{
  g_autofree gchar *ratio = NULL;
  gchar buffer[G_ASCII_DTOSTR_BUF_SIZE];
  cmd_ln_t *config;

  err_set_logfp (NULL);
  /* 0.5 of the service is the engine's own default, 2.0 */
  ratio = g_strdup (g_ascii_dtostr (buffer, sizeof (buffer),
          1.0 + 2.0 * vad->threshold));
  config = cmd_ln_init (NULL, fe_get_args (), TRUE, "-samprate", "16000",
      "-lowerf", "130", "-upperf", "6800", "-nfilt", "25",
      "-vad_prespeech", "1", "-vad_startspeech", "1", "-vad_postspeech", "1",
      "-vad_threshold", ratio, NULL);
  vad->fe = fe_init_auto_r (config);
  cmd_ln_free_r (config);
  fe_start_stream (vad->fe);
  fe_start_utt (vad->fe);
  vad->cepstra = (mfcc_t **) ckd_calloc_2d (MAX_FRAMES,
      fe_get_output_size (vad->fe), sizeof (mfcc_t));
}

static void
close_front_end (Vad * vad)
{
  ckd_free_2d (vad->cepstra);
  fe_free (vad->fe);
}

Vad *
vad_new (gdouble threshold)
{
  Vad *vad = g_new0 (Vad, 1);

  vad->threshold = threshold;
  open_front_end (vad);
  return vad;
}

void
vad_set_threshold (Vad * vad, gdouble threshold)
{
  if (threshold == vad->threshold)
    return;
  close_front_end (vad);
  vad->threshold = threshold;
  open_front_end (vad);
}

static VadResult
judge (Vad * vad, gint peak)
{
  if (peak >= GATE && fe_get_vad_state (vad->fe))
    return VAD_SPEECH;
  vad->noise += (peak - vad->noise) / (peak > vad->noise ? NOISE_UP :
      NOISE_DOWN);
  return peak >= LOUD && peak >= LOUD_OVER_NOISE * vad->noise ? VAD_LOUD :
      VAD_SILENCE;
}

VadResult
vad_frame (Vad * vad, const gint16 * frame)
{
  const int16 *next = frame;
  size_t left = VAD_FRAME;
  gint peak = 0;
  guint i;

  for (i = 0; i < VAD_FRAME; i++)
    peak = MAX (peak, ABS ((gint) frame[i]));
  for (i = 0; i + 1 < PEAKS; i++)
    vad->peaks[i] = vad->peaks[i + 1];
  vad->peaks[PEAKS - 1] = peak;
  while (left > 0) {
    int32 n_frames = MAX_FRAMES, index;

    if (fe_process_frames (vad->fe, &next, &left, vad->cepstra, &n_frames,
            &index) < 0)
      break;
  }
  /* the frame that the answer is about, and what its window shares */
  peak = MAX (vad->peaks[PEAKS - 2], vad->peaks[PEAKS - 1]);
  return judge (vad, peak);
}

void
vad_free (Vad * vad)
{
  close_front_end (vad);
  g_free (vad);
}
