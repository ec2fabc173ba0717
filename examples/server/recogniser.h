/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_RECOGNISER_H__
#define __SERVER_RECOGNISER_H__

#include "asr.h"

G_BEGIN_DECLS
/* Finds the turns in what a session hears, and their words, in a thread of its
 * own. Positions count samples of 48 kHz from the first one that the session
 * heard. Voice activity is always looked at first; words wait, so that a turn
 * is announced in time however busy the machine is. Nothing is dropped. */
typedef struct _Recogniser Recogniser;

typedef enum
{
  LISTEN_SERVER_VAD,
  LISTEN_SEMANTIC_VAD,
  LISTEN_MANUAL
} ListenMode;

typedef struct
{
  ListenMode mode;
  gdouble threshold;
  guint prefix_ms;
  guint silence_ms;
  /* semantic: how long to wait after words that ask for more */
  guint patience_ms;
} ListenConfig;

typedef enum
{
  HEARD_STARTED,                /* item_id, start */
  HEARD_STOPPED,                /* item_id, end */
  HEARD_COMMITTED,              /* item_id, start, end, tag, timeout */
  HEARD_EMPTY,                  /* tag: nothing to commit */
  HEARD_CLEARED,                /* tag */
  HEARD_PARTIAL,                /* item_id, text to append */
  HEARD_FINAL,                  /* item_id, text; NULL without a recogniser */
  HEARD_OVERLOAD                /* two minutes behind: the session must end */
} HeardType;

typedef struct
{
  HeardType type;
  gchar *item_id;
  gint64 start, end;
  gchar *text;
  guint tag;                    /* of the commit or clear; 0: the VAD's own */
  gboolean timeout;
} Heard;

/* In the main context, in order. */
typedef void (*HeardFunc) (const Heard * heard, gpointer user_data);

/* @pool NULL: turns without words. */
Recogniser *recogniser_new (AsrPool * pool, HeardFunc func, gpointer user_data);
/* From then on. */
void recogniser_configure (Recogniser * recogniser,
    const ListenConfig * config);
/* 48 kHz mono. @position may step forward (nothing came) or back (it came
 * late, zeros stood for it). Takes @samples; NULL: @n_samples zeros. */
void recogniser_audio (Recogniser * recogniser, gint16 * samples,
    gsize n_samples, gint64 position);
/* Acts when all before @mark was looked at; negative: at once. With
 * @timeout: commits the silence unless someone speaks, from @start on. */
void recogniser_commit (Recogniser * recogniser, gint64 mark, guint tag,
    gboolean timeout, gint64 start);
void recogniser_clear (Recogniser * recogniser, gint64 mark, guint tag);
/* Waits for its thread. No Heard is made afterwards; those on their way to the
 * main context still arrive. */
void recogniser_free (Recogniser * recogniser);

G_END_DECLS
#endif /* __SERVER_RECOGNISER_H__ */
