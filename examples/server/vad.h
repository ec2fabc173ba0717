/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_VAD_H__
#define __SERVER_VAD_H__

#include <glib.h>

G_BEGIN_DECLS
/* Says for each 10 ms whether there is speech in it; the hang-over is the
 * caller's. One thread at a time. */
typedef struct _Vad Vad;

typedef enum
{
  VAD_SILENCE,
  VAD_LOUD,                     /* well above the noise: a weak end of speech */
  VAD_SPEECH
} VadResult;

#define VAD_FRAME 160           /* samples of 16 kHz */

/* @threshold: 0.0 (everything is speech) to 1.0 (only what stands out). */
Vad *vad_new (gdouble threshold);
void vad_set_threshold (Vad * vad, gdouble threshold);
/* The answer is about the frame before @frame: the analysis looks at a window
 * of 26 ms around it. */
VadResult vad_frame (Vad * vad, const gint16 * frame);
void vad_free (Vad * vad);

G_END_DECLS
#endif /* __SERVER_VAD_H__ */
