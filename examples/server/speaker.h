/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_SPEAKER_H__
#define __SERVER_SPEAKER_H__

#include <glib.h>

G_BEGIN_DECLS
#define SPEAKER_RATE 48000
/* A word and the sample after its last one. */
    typedef struct
{
  gchar *text;
  gsize end;
} SpokenWord;

typedef struct
{
  gint16 *samples;              /* mono, SPEAKER_RATE */
  gsize n_samples;
  GArray *words;                /* of SpokenWord */
} Speech;

/* Engine voices, the first one being the default. */
extern const gchar *const speaker_voices[];

void speaker_init (void);
/* The engine's voice for a voice name of the service; itself for an engine
 * voice. */
const gchar *speaker_voice_for (const gchar * name);
/* Speaks one sentence; about 1 % of its length in CPU. Any thread; one at a
 * time, since the engine does not promise more. @speed: 1.0 is normal. */
Speech *speaker_speak (const gchar * text, const gchar * voice, gdouble speed);
void speech_free (Speech * speech);
void speaker_deinit (void);

/* Sentences of @text, in order. */
GPtrArray *speaker_sentences (const gchar * text);

G_END_DECLS
#endif /* __SERVER_SPEAKER_H__ */
