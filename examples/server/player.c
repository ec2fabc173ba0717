/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "player.h"
#include "util.h"

#include <gst/app/gstappsrc.h>
#include <string.h>

#define FRAME (SPEAKER_RATE / 50)
#define FRAME_USEC (G_USEC_PER_SEC / 50)

typedef struct
{
  guint serial;
  GQueue parts;                 /* of Speech */
  gboolean complete;            /* no more parts will come */
  gsize offset;                 /* played samples of the first part */
  guint word;                   /* next word of the first part */
  gint64 played;                /* samples in all; -1 before the first */
} Utterance;

struct _Player
{
  GstElement *appsrc;
  Recorder *recorder;
  PlayedFunc func;
  PlayerTick tick;
  gpointer user_data;
  GThread *thread;              /* only the owner's */

  GMutex lock;
  GCond cond;
  /* all below: protected by lock */
  gboolean quit;
  GQueue utterances;            /* of Utterance */
};

typedef struct
{
  Player *player;
  PlayedType type;
  guint serial;
  gchar *word;
} Note;

static gboolean
deliver (gpointer data)
{
  Note *note = data;

  note->player->func (note->type, note->serial, note->word,
      note->player->user_data);
  return G_SOURCE_REMOVE;
}

static void
note_free (gpointer data)
{
  g_free (((Note *) data)->word);
  g_free (data);
}

static void
tell (Player * self, PlayedType type, guint serial, const gchar * word)
{
  Note *note = g_new0 (Note, 1);

  note->player = self;
  note->type = type;
  note->serial = serial;
  note->word = g_strdup (word);
  util_post (deliver, note, note_free);
}

static void
utterance_free (Utterance * utterance)
{
  g_queue_clear_full (&utterance->parts, (GDestroyNotify) speech_free);
  g_free (utterance);
}

/* Under the lock. Words whose end was reached, all of them with @rest. */
static void
tell_words (Player * self, Utterance * utterance, gboolean rest)
{
  Speech *speech = g_queue_peek_head (&utterance->parts);

  while (utterance->word < speech->words->len) {
    SpokenWord *word = &g_array_index (speech->words, SpokenWord,
        utterance->word);

    if (!rest && word->end > utterance->offset)
      return;
    tell (self, PLAYED_WORD, utterance->serial, word->text);
    utterance->word++;
  }
}

/* Under the lock. Fills what it can of @frame. */
static guint
play_some (Player * self, Utterance * utterance, gint16 * frame, guint room)
{
  Speech *speech = g_queue_peek_head (&utterance->parts);
  guint n = MIN (room, speech->n_samples - utterance->offset);

  if (utterance->played < 0) {
    utterance->played = 0;
    tell (self, PLAYED_STARTED, utterance->serial, NULL);
  }
  if (n > 0)
    memcpy (frame, speech->samples + utterance->offset, n * sizeof (gint16));
  utterance->offset += n;
  utterance->played += n;
  tell_words (self, utterance, utterance->offset == speech->n_samples);
  if (utterance->offset == speech->n_samples) {
    speech_free (g_queue_pop_head (&utterance->parts));
    utterance->offset = 0;
    utterance->word = 0;
  }
  return n;
}

/* Under the lock. */
static void
fill (Player * self, gint16 * frame)
{
  guint filled = 0;

  while (filled < FRAME) {
    Utterance *utterance = g_queue_peek_head (&self->utterances);

    if (utterance == NULL)
      return;
    if (!g_queue_is_empty (&utterance->parts)) {
      filled += play_some (self, utterance, frame + filled, FRAME - filled);
    } else if (utterance->complete) {
      tell (self, PLAYED_FINISHED, utterance->serial, NULL);
      utterance_free (g_queue_pop_head (&self->utterances));
    } else {
      return;
    }
  }
}

static GstClockTime
running_time (GstElement * element)
{
  g_autoptr (GstClock) clock = gst_element_get_clock (element);

  if (clock == NULL)
    return 0;
  return gst_clock_get_time (clock) - gst_element_get_base_time (element);
}

static void
push_frame (Player * self, gint16 * frame, GstClockTime pts)
{
  GstBuffer *buffer;

  recorder_said (self->recorder, frame, FRAME);
  buffer = gst_buffer_new_wrapped (frame, FRAME * sizeof (gint16));
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = 20 * GST_MSECOND;
  gst_app_src_push_buffer (GST_APP_SRC (self->appsrc), buffer);
}

static gpointer
play_loop (gpointer data)
{
  Player *self = data;
  gint64 due = g_get_monotonic_time ();
  GstClockTime pts = running_time (self->appsrc);

  g_mutex_lock (&self->lock);
  while (!self->quit) {
    gint16 *frame;

    if (g_cond_wait_until (&self->cond, &self->lock, due))
      continue;
    frame = g_new0 (gint16, FRAME);
    fill (self, frame);
    g_mutex_unlock (&self->lock);
    self->tick (self->user_data);
    push_frame (self, frame, pts);
    pts += 20 * GST_MSECOND;
    due += FRAME_USEC;
    g_mutex_lock (&self->lock);
  }
  g_mutex_unlock (&self->lock);
  return NULL;
}

Player *
player_new (GstElement * appsrc, Recorder * recorder, PlayedFunc played,
    PlayerTick tick, gpointer user_data)
{
  Player *self = g_new0 (Player, 1);

  self->appsrc = gst_object_ref (appsrc);
  self->recorder = recorder;
  self->func = played;
  self->tick = tick;
  self->user_data = user_data;
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  g_queue_init (&self->utterances);
  return self;
}

void
player_start (Player * self)
{
  if (self->thread == NULL)
    self->thread = g_thread_new ("player", play_loop, self);
}

/* Under the lock. */
static Utterance *
find_utterance (Player * self, guint serial)
{
  GList *link;

  for (link = self->utterances.head; link != NULL; link = link->next) {
    if (((Utterance *) link->data)->serial == serial)
      return link->data;
  }
  return NULL;
}

void
player_add (Player * self, guint serial, Speech * speech)
{
  Utterance *utterance;

  g_mutex_lock (&self->lock);
  utterance = find_utterance (self, serial);
  if (utterance == NULL) {
    utterance = g_new0 (Utterance, 1);
    utterance->serial = serial;
    utterance->played = -1;
    g_queue_init (&utterance->parts);
    g_queue_push_tail (&self->utterances, utterance);
  }
  if (speech != NULL)
    g_queue_push_tail (&utterance->parts, speech);
  else
    utterance->complete = TRUE;
  g_mutex_unlock (&self->lock);
}

gint64
player_drop (Player * self, guint serial)
{
  gint64 played = -1;
  GList *link, *next;

  g_mutex_lock (&self->lock);
  for (link = self->utterances.head; link != NULL; link = next) {
    Utterance *utterance = link->data;

    next = link->next;
    if (serial != 0 && utterance->serial != serial)
      continue;
    played = MAX (played, utterance->played);
    g_queue_delete_link (&self->utterances, link);
    utterance_free (utterance);
  }
  g_mutex_unlock (&self->lock);
  return played;
}

void
player_stop (Player * self)
{
  g_mutex_lock (&self->lock);
  self->quit = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->thread, g_thread_join);
}

void
player_free (Player * self)
{
  player_stop (self);
  g_queue_clear_full (&self->utterances, (GDestroyNotify) utterance_free);
  gst_object_unref (self->appsrc);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}
