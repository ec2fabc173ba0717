/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "recogniser.h"
#include "partials.h"
#include "util.h"
#include "vad.h"

#include <gst/audio/audio.h>
#include <string.h>

#define IN_RATE 48000
#define PER_SAMPLE (IN_RATE / ASR_RATE)
#define FRAME_SPAN (VAD_FRAME * PER_SAMPLE)
#define MS (IN_RATE / 1000)

/* This many frames of speech in a row make a start. */
#define START_FRAMES 10
/* The front end calls its first frames speech, whatever is in them. */
#define SETTLE_FRAMES 30
/* So much of a turn's end may be too weak for the front end. */
#define MAX_TAIL_FRAMES 30
/* Nothing shorter is committed by hand. */
#define MIN_COMMIT (100 * MS)
/* A new hypothesis is looked at each so many frames. */
#define PARTIAL_FRAMES 10
/* A mark that audio never reaches (its packets were lost) acts after this. */
#define MARK_PATIENCE (2 * G_USEC_PER_SEC)
#define MAX_BACKLOG_FRAMES (120 * 100)

typedef enum
{
  MSG_AUDIO,
  MSG_CONFIG,
  MSG_COMMIT,
  MSG_CLEAR,
  MSG_ASR,
  MSG_QUIT
} MsgType;

typedef struct
{
  MsgType type;
  gint16 *samples;
  gsize n_samples;
  gint64 position;              /* of audio; mark of a commit or clear */
  gint64 start;
  gint64 since;
  guint tag;
  gboolean timeout;
  ListenConfig config;
  Asr *asr;
} Msg;

/* What waits for the words' sake, in order. */
typedef enum
{
  WORK_FRAME,
  WORK_BEGIN,
  WORK_FINISH,
  WORK_DISCARD
} WorkType;

typedef struct
{
  WorkType type;
  gchar *item_id;
  gint16 samples[];             /* VAD_FRAME of a WORK_FRAME */
} Work;

struct _Recogniser
{
  AsrPool *pool;
  HeardFunc func;
  gpointer user_data;
  GAsyncQueue *messages;        /* of Msg */
  GThread *thread;
  gint quit;                    /* atomic */

  /* all below: only in the thread */
  ListenConfig config;
  Vad *vad;
  GstAudioResampler *resampler;
  gint64 expected;              /* position after the last audio */
  gint64 position;              /* of the sample that comes next at 16 kHz */
  gint16 frame[VAD_FRAME];
  guint filled;
  guint frames;                 /* so far, at most SETTLE_FRAMES */

  gchar *item_id;               /* of the open turn, or NULL */
  gboolean announced;
  gint64 start;
  guint run;                    /* speech frames in a row */
  gint64 run_start;
  guint tail_frames;            /* loud ones since the last of speech */
  guint silence;                /* frames without speech in a row */
  gint64 speech_end;
  gint64 last_end;              /* of the turn before, or of the last clear */
  GQueue marks;                 /* of Msg: commits and clears to come */

  Asr *asr;
  GQueue work;                  /* of Work */
  guint backlog;                /* frames in it */
  gchar *words_of;              /* the turn that the recogniser is in */
  Partials partials;
  guint since_partial;
  gchar *tail;                  /* last word of its last hypothesis */
};

typedef struct
{
  Heard heard;
  HeardFunc func;
  gpointer user_data;
} Delivery;

static gboolean
deliver (gpointer data)
{
  Delivery *delivery = data;

  delivery->func (&delivery->heard, delivery->user_data);
  return G_SOURCE_REMOVE;
}

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;

  g_free (delivery->heard.item_id);
  g_free (delivery->heard.text);
  g_free (delivery);
}

/* Takes @text. */
static void
tell (Recogniser * self, HeardType type, const gchar * item_id, gint64 start,
    gint64 end, gchar * text, const Msg * mark)
{
  Delivery *delivery = g_new0 (Delivery, 1);

  delivery->func = self->func;
  delivery->user_data = self->user_data;
  delivery->heard.type = type;
  delivery->heard.item_id = g_strdup (item_id);
  delivery->heard.start = start;
  delivery->heard.end = end;
  delivery->heard.text = text;
  if (mark != NULL) {
    delivery->heard.tag = mark->tag;
    delivery->heard.timeout = mark->timeout;
  }
  util_post (deliver, delivery, delivery_free);
}

/* The words' side */

static void
work_push (Recogniser * self, WorkType type, const gchar * item_id,
    const gint16 * frame)
{
  gsize extra = frame != NULL ? VAD_FRAME * sizeof (gint16) : 0;
  Work *work = g_malloc0 (sizeof (Work) + extra);

  work->type = type;
  work->item_id = g_strdup (item_id);
  if (frame != NULL) {
    memcpy (work->samples, frame, extra);
    if (++self->backlog == MAX_BACKLOG_FRAMES)
      tell (self, HEARD_OVERLOAD, NULL, 0, 0, NULL, NULL);
  }
  g_queue_push_tail (&self->work, work);
}

static void
look_for_words (Recogniser * self)
{
  g_autofree gchar *hypothesis = asr_text (self->asr, FALSE);
  gchar *more = partials_add (&self->partials, hypothesis);
  const gchar *blank = strrchr (hypothesis, ' ');

  g_free (self->tail);
  self->tail = g_strdup (blank != NULL ? blank + 1 : hypothesis);
  if (more != NULL)
    tell (self, HEARD_PARTIAL, self->words_of, 0, 0, more, NULL);
}

static void
work_next (Recogniser * self)
{
  Work *work = g_queue_pop_head (&self->work);

  switch (work->type) {
    case WORK_FRAME:
      self->backlog--;
      if (self->asr == NULL)
        break;
      asr_feed (self->asr, work->samples, VAD_FRAME);
      if (self->words_of != NULL && ++self->since_partial >= PARTIAL_FRAMES) {
        self->since_partial = 0;
        look_for_words (self);
      }
      break;
    case WORK_BEGIN:
      g_free (self->words_of);
      self->words_of = g_steal_pointer (&work->item_id);
      partials_reset (&self->partials);
      self->since_partial = 0;
      break;
    case WORK_FINISH:
      tell (self, HEARD_FINAL, work->item_id, 0, 0,
          self->asr != NULL ? asr_text (self->asr, TRUE) : NULL, NULL);
      g_clear_pointer (&self->words_of, g_free);
      g_clear_pointer (&self->tail, g_free);
      break;
    case WORK_DISCARD:
      if (self->asr != NULL)
        g_free (asr_text (self->asr, TRUE));
      g_clear_pointer (&self->words_of, g_free);
      g_clear_pointer (&self->tail, g_free);
      break;
  }
  g_free (work->item_id);
  g_free (work);
}

/* The turns' side */

static gboolean
is_manual (Recogniser * self)
{
  return self->config.mode == LISTEN_MANUAL;
}

static void
turn_begin (Recogniser * self, gint64 start)
{
  self->item_id = util_id ("item_", 20);
  self->start = start;
  self->announced = FALSE;
  work_push (self, WORK_BEGIN, self->item_id, NULL);
}

static void
turn_announce (Recogniser * self)
{
  self->announced = TRUE;
  tell (self, HEARD_STARTED, self->item_id, self->start, 0, NULL, NULL);
}

static void
turn_commit (Recogniser * self, gint64 end, const Msg * mark)
{
  tell (self, HEARD_COMMITTED, self->item_id, self->start, end, NULL, mark);
  work_push (self, WORK_FINISH, self->item_id, NULL);
  g_clear_pointer (&self->item_id, g_free);
  self->last_end = end;
  self->run = 0;
}

/* Words after which people mostly go on. */
static gboolean
asks_for_more (const gchar * word)
{
  static const gchar *const more[] = { "a", "an", "and", "because", "but",
    "for", "from", "if", "in", "is", "my", "of", "or", "so", "that", "the",
    "to", "uh", "um", "when", "with", "your", NULL
  };

  return word != NULL && g_strv_contains (more, word);
}

/* What a turn's end depends on must not depend on how busy the machine is. */
static void
catch_up (Recogniser * self)
{
  while (!g_queue_is_empty (&self->work))
    work_next (self);
  if (self->asr != NULL && self->words_of != NULL)
    look_for_words (self);
}

static guint
silence_needed (Recogniser * self)
{
  if (self->config.mode != LISTEN_SEMANTIC_VAD
      || self->silence * 10 < self->config.silence_ms)
    return self->config.silence_ms;
  if (self->silence * 10 < self->config.silence_ms + 10)
    catch_up (self);
  if (asks_for_more (self->tail))
    return self->config.patience_ms;
  return self->config.silence_ms;
}

static void
take_speech (Recogniser * self, gint64 at)
{
  self->silence = 0;
  self->speech_end = at + FRAME_SPAN;
  if (self->run++ == 0)
    self->run_start = at;
  if (self->item_id == NULL && self->run >= START_FRAMES &&
      self->frames >= SETTLE_FRAMES) {
    gint64 padded = self->run_start - (gint64) self->config.prefix_ms * MS;

    turn_begin (self, MAX (padded, MAX (self->last_end, 0)));
  }
  if (self->item_id != NULL && !self->announced && !is_manual (self))
    turn_announce (self);
}

static void
take_silence (Recogniser * self)
{
  gint64 end;

  self->run = 0;
  self->silence++;
  if (self->item_id == NULL || !self->announced || is_manual (self))
    return;
  if (self->silence * 10 < silence_needed (self))
    return;
  end = self->speech_end + (gint64) self->silence * 10 * MS;
  tell (self, HEARD_STOPPED, self->item_id, 0, end, NULL, NULL);
  turn_commit (self, end, NULL);
}

static void
take_frame (Recogniser * self)
{
  /* the answer is about the frame before the one that is now full */
  gint64 at = self->position - 2 * FRAME_SPAN;
  VadResult result = vad_frame (self->vad, self->frame);

  if (self->frames < SETTLE_FRAMES)
    self->frames++;
  work_push (self, WORK_FRAME, NULL, self->frame);
  /* a turn's weak last sounds belong to it, but no lasting noise */
  if (result == VAD_SPEECH)
    self->tail_frames = 0;
  else if (result == VAD_LOUD && self->item_id != NULL)
    self->tail_frames++;
  if (result == VAD_SPEECH || (result == VAD_LOUD && self->item_id != NULL &&
          self->tail_frames < MAX_TAIL_FRAMES))
    take_speech (self, at);
  else
    take_silence (self);
}

static void
act (Recogniser * self, const Msg * msg)
{
  gint64 now = self->position;

  if (msg->type == MSG_CLEAR) {
    work_push (self, WORK_DISCARD, NULL, NULL);
    g_clear_pointer (&self->item_id, g_free);
    self->last_end = now;
    self->run = 0;
    tell (self, HEARD_CLEARED, NULL, 0, 0, NULL, msg);
    return;
  }
  if (msg->timeout) {
    if (self->item_id != NULL || self->run > 0 || is_manual (self))
      return;
    turn_begin (self, msg->start);
  } else if (is_manual (self)) {
    if (now - self->last_end < MIN_COMMIT) {
      tell (self, HEARD_EMPTY, NULL, 0, 0, NULL, msg);
      return;
    }
    if (self->item_id == NULL)
      turn_begin (self, self->last_end);
    self->start = self->last_end;
  } else if (self->item_id == NULL) {
    tell (self, HEARD_EMPTY, NULL, 0, 0, NULL, msg);
    return;
  }
  turn_commit (self, now, msg);
}

static void
act_on_marks (Recogniser * self)
{
  Msg *msg;

  while ((msg = g_queue_peek_head (&self->marks)) != NULL) {
    /* what the resampler still holds is less than a frame */
    if (self->position + FRAME_SPAN < msg->position &&
        g_get_monotonic_time () - msg->since < MARK_PATIENCE)
      return;
    act (self, msg);
    g_free (g_queue_pop_head (&self->marks));
  }
}

static void
take_samples (Recogniser * self, const gint16 * samples, gsize n)
{
  while (n > 0) {
    guint part = MIN (n, VAD_FRAME - self->filled);

    memcpy (self->frame + self->filled, samples, part * sizeof (gint16));
    self->filled += part;
    self->position += (gint64) part *PER_SAMPLE;
    samples += part;
    n -= part;
    if (self->filled == VAD_FRAME) {
      self->filled = 0;
      take_frame (self);
      act_on_marks (self);
    }
  }
}

static void
take_audio (Recogniser * self, Msg * msg)
{
  gsize n_out;
  g_autofree gint16 *zeros = NULL;
  g_autofree gint16 *out = NULL;
  gpointer in_planes[1], out_planes[1];

  self->position += msg->position - self->expected;
  self->expected = msg->position + msg->n_samples;
  if (msg->samples == NULL)
    msg->samples = zeros = g_new0 (gint16, msg->n_samples);
  n_out = gst_audio_resampler_get_out_frames (self->resampler, msg->n_samples);
  out = g_new (gint16, n_out + 1);
  in_planes[0] = msg->samples;
  out_planes[0] = out;
  gst_audio_resampler_resample (self->resampler, in_planes, msg->n_samples,
      out_planes, n_out);
  take_samples (self, out, n_out);
  if (zeros != NULL)
    msg->samples = NULL;
}

static void
take_config (Recogniser * self, const ListenConfig * config)
{
  self->config = *config;
  vad_set_threshold (self->vad, config->threshold);
}

static void
msg_free (gpointer data)
{
  Msg *msg = data;

  g_free (msg->samples);
  g_free (msg);
}

static void
take_message (Recogniser * self, Msg * msg)
{
  switch (msg->type) {
    case MSG_AUDIO:
      take_audio (self, msg);
      break;
    case MSG_CONFIG:
      take_config (self, &msg->config);
      break;
    case MSG_COMMIT:
    case MSG_CLEAR:
      msg->since = g_get_monotonic_time ();
      g_queue_push_tail (&self->marks, msg);
      act_on_marks (self);
      return;
    case MSG_ASR:
      self->asr = msg->asr;
      break;
    case MSG_QUIT:
      break;
  }
  msg_free (msg);
}

static gboolean
can_work (Recogniser * self)
{
  return !g_queue_is_empty (&self->work) &&
      (self->asr != NULL || self->pool == NULL);
}

static gpointer
listen_loop (gpointer data)
{
  Recogniser *self = data;

  while (!g_atomic_int_get (&self->quit)) {
    Msg *msg;

    if (can_work (self))
      msg = g_async_queue_try_pop (self->messages);
    else if (!g_queue_is_empty (&self->marks))
      msg = g_async_queue_timeout_pop (self->messages, G_USEC_PER_SEC / 10);
    else
      msg = g_async_queue_pop (self->messages);
    if (msg != NULL)
      take_message (self, msg);
    else if (can_work (self))
      work_next (self);
    act_on_marks (self);
  }
  return NULL;
}

static Msg *
msg_new (MsgType type)
{
  Msg *msg = g_new0 (Msg, 1);

  msg->type = type;
  return msg;
}

static void
take_asr (Asr * asr, gpointer user_data)
{
  Recogniser *self = user_data;
  Msg *msg = msg_new (MSG_ASR);

  msg->asr = asr;
  g_async_queue_push (self->messages, msg);
}

Recogniser *
recogniser_new (AsrPool * pool, HeardFunc func, gpointer user_data)
{
  Recogniser *self = g_new0 (Recogniser, 1);

  self->pool = pool;
  self->func = func;
  self->user_data = user_data;
  self->messages = g_async_queue_new_full (msg_free);
  self->config.mode = LISTEN_MANUAL;
  self->config.threshold = 0.5;
  self->vad = vad_new (self->config.threshold);
  self->resampler = gst_audio_resampler_new (GST_AUDIO_RESAMPLER_METHOD_KAISER,
      GST_AUDIO_RESAMPLER_FLAG_NONE, GST_AUDIO_FORMAT_S16, 1, IN_RATE,
      ASR_RATE, NULL);
  g_queue_init (&self->marks);
  g_queue_init (&self->work);
  partials_init (&self->partials);
  self->thread = g_thread_new ("recogniser", listen_loop, self);
  if (pool != NULL)
    asr_pool_take (pool, take_asr, self);
  return self;
}

void
recogniser_configure (Recogniser * self, const ListenConfig * config)
{
  Msg *msg = msg_new (MSG_CONFIG);

  msg->config = *config;
  g_async_queue_push (self->messages, msg);
}

void
recogniser_audio (Recogniser * self, gint16 * samples, gsize n_samples,
    gint64 position)
{
  Msg *msg = msg_new (MSG_AUDIO);

  msg->samples = samples;
  msg->n_samples = n_samples;
  msg->position = position;
  g_async_queue_push (self->messages, msg);
}

void
recogniser_commit (Recogniser * self, gint64 mark, guint tag, gboolean timeout,
    gint64 start)
{
  Msg *msg = msg_new (MSG_COMMIT);

  msg->position = mark;
  msg->tag = tag;
  msg->timeout = timeout;
  msg->start = start;
  g_async_queue_push (self->messages, msg);
}

void
recogniser_clear (Recogniser * self, gint64 mark, guint tag)
{
  Msg *msg = msg_new (MSG_CLEAR);

  msg->position = mark;
  msg->tag = tag;
  g_async_queue_push (self->messages, msg);
}

/* The decoder, wherever it is by now: asked for, on its way, or here. */
static void
return_asr (Recogniser * self)
{
  if (self->pool == NULL)
    return;
  if (self->asr == NULL && asr_pool_cancel (self->pool, self))
    return;
  while (self->asr == NULL) {
    Msg *msg = g_async_queue_pop (self->messages);

    if (msg->type == MSG_ASR)
      self->asr = msg->asr;
    msg_free (msg);
  }
  asr_pool_give (self->pool, self->asr);
}

void
recogniser_free (Recogniser * self)
{
  Work *work;

  g_atomic_int_set (&self->quit, TRUE);
  g_async_queue_push (self->messages, msg_new (MSG_QUIT));
  g_thread_join (self->thread);
  return_asr (self);
  g_async_queue_unref (self->messages);
  while ((work = g_queue_pop_head (&self->work)) != NULL) {
    g_free (work->item_id);
    g_free (work);
  }
  g_queue_clear_full (&self->marks, msg_free);
  vad_free (self->vad);
  gst_audio_resampler_free (self->resampler);
  partials_clear (&self->partials);
  g_free (self->item_id);
  g_free (self->words_of);
  g_free (self->tail);
  g_free (self);
}
