/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_ASR_H__
#define __SERVER_ASR_H__

#include <glib.h>

G_BEGIN_DECLS
/* A speech recogniser. These five functions are all that the rest of the
 * server knows of the engine; another engine is another file with them. An
 * object is used by one thread at a time. */
typedef struct _Asr Asr;

#define ASR_RATE 16000

/* Loads the models: about 0.3 s of CPU and 105 MB. */
Asr *asr_new (GError ** error);
/* Forgets the speaker and the noise of the session before. */
void asr_reset (Asr * asr);
/* Mono samples of ASR_RATE, silence included. */
void asr_feed (Asr * asr, const gint16 * samples, gsize n_samples);
/* The words so far, "" for none. With @finish these are final, and the next
 * samples begin another utterance. */
gchar *asr_text (Asr * asr, gboolean finish);
void asr_free (Asr * asr);

/* Warm recognisers: one is loaded ahead of need, up to @max in all. */
typedef struct _AsrPool AsrPool;

/* Called from any thread, with the pool's lock free. Takes @asr. */
typedef void (*AsrReady) (Asr * asr, gpointer user_data);

/* Loads the first one before it returns. */
AsrPool *asr_pool_new (guint max, GError ** error);
/* @ready is called at once, from here, when one is warm; else when one is. */
void asr_pool_take (AsrPool * pool, AsrReady ready, gpointer user_data);
/* Withdraws a request that was not answered yet; FALSE when it was. */
gboolean asr_pool_cancel (AsrPool * pool, gpointer user_data);
void asr_pool_give (AsrPool * pool, Asr * asr);
/* All must have been given back. */
void asr_pool_free (AsrPool * pool);

G_END_DECLS
#endif /* __SERVER_ASR_H__ */
