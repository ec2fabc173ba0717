/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "cuequeue.h"
#include "cue.h"

/* How long a finished utterance waits for those that began before it. */
#define LONGEST_WAIT (3 * GST_SECOND)
/* So many do not wait for each other any more. */
#define MOST_WAITING 64
/* That somebody speaks is known this much later at most: the padding that the
 * service puts before speech, its detection, and the way here. */
#define ONSET_DELAY (1 * GST_SECOND)
/* What is open for longer no longer holds downstream up: its text was lost,
 * or will come late. */
#define LONGEST_OPEN (60 * GST_SECOND)
/* A start so long after the text is nonsense. */
#define LONGEST_SKEW (3600 * GST_SECOND)
/* How long words that have to be shown wait for another voice to end. */
#define LONGEST_FLOOR (2 * GST_SECOND)
/* A voice that said nothing new for so long does not have the floor. */
#define LONGEST_PAUSE (5 * GST_SECOND)

typedef struct
{
  gchar *key;
  guint index;
  GstClockTime start;
} Open;

struct _RealtimeCueQueue
{
  GPtrArray *waiting;           /* of RealtimeUtterance */
  GArray *open;                 /* of Open */
  RealtimeUtterance *floor;     /* one of those that wait, or NULL */
  RealtimeSpeechHabit habit;    /* of the service */
  guint64 serial;
};

void
realtime_utterance_free (RealtimeUtterance * utterance)
{
  if (utterance) {
    g_free (utterance->key);
    g_free (utterance->speaker);
    g_free (utterance->text);
    realtime_speech_free (utterance->speech);
    g_free (utterance);
  }
}

static void
clear_open (gpointer data)
{
  g_free (((Open *) data)->key);
}

RealtimeCueQueue *
realtime_cue_queue_new (void)
{
  RealtimeCueQueue *self = g_new0 (RealtimeCueQueue, 1);

  self->waiting =
      g_ptr_array_new_with_free_func ((GDestroyNotify) realtime_utterance_free);
  self->open = g_array_new (FALSE, FALSE, sizeof (Open));
  g_array_set_clear_func (self->open, clear_open);
  return self;
}

void
realtime_cue_queue_free (RealtimeCueQueue * self)
{
  if (self) {
    g_ptr_array_unref (self->waiting);
    g_array_unref (self->open);
    g_free (self);
  }
}

void
realtime_cue_queue_reset (RealtimeCueQueue * self)
{
  g_ptr_array_set_size (self->waiting, 0);
  g_array_set_size (self->open, 0);
  self->floor = NULL;
  memset (&self->habit, 0, sizeof (self->habit));
  self->serial = 0;
}

static GstClockTime
sane (GstClockTime time)
{
  return time <= REALTIME_CUE_LATEST_TIME ? time : GST_CLOCK_TIME_NONE;
}

/* Both times are known afterwards, or neither. */
static void
complete_times (RealtimeUtterance * u)
{
  GstClockTime spoken = realtime_cue_speaking_time (u->text);

  if (GST_CLOCK_TIME_IS_VALID (u->start) && GST_CLOCK_TIME_IS_VALID (u->arrival)
      && u->start > u->arrival + LONGEST_SKEW)
    u->start = u->end = GST_CLOCK_TIME_NONE;

  if (GST_CLOCK_TIME_IS_VALID (u->start)) {
    if (GST_CLOCK_TIME_IS_VALID (u->end) && u->end > u->start
        && u->end - u->start <= 24 * LONGEST_SKEW)
      return;
    u->end = u->start + spoken;
    u->end_guessed = TRUE;
    if (GST_CLOCK_TIME_IS_VALID (u->arrival) && u->arrival > u->start)
      u->end = MIN (u->end, u->arrival);
    return;
  }

  if (!GST_CLOCK_TIME_IS_VALID (u->end))
    u->end = u->arrival;
  if (GST_CLOCK_TIME_IS_VALID (u->end))
    u->start = u->end - MIN (u->end, spoken);
}

static RealtimeUtterance *
add_utterance (RealtimeCueQueue * self, const gchar * key,
    const gchar * speaker)
{
  RealtimeUtterance *u = g_new0 (RealtimeUtterance, 1);

  u->key = g_strdup (key);
  u->speaker = g_strdup (speaker);
  u->serial = self->serial++;
  g_ptr_array_add (self->waiting, u);

  return u;
}

static void
set_line (RealtimeUtterance * u, const gchar * text, guint index,
    GstClockTime start, GstClockTime end, GstClockTime arrival, gboolean final)
{
  g_free (u->text);
  u->text = g_strdup (text);
  u->index = index;
  u->start = sane (start);
  u->end = sane (end);
  u->arrival = sane (arrival);
  u->final = final;
  if (final)
    complete_times (u);
}

void
realtime_cue_queue_add (RealtimeCueQueue * self, const gchar * speaker,
    const gchar * text, guint index, GstClockTime start, GstClockTime end,
    GstClockTime arrival)
{
  set_line (add_utterance (self, NULL, speaker), text, index, start, end,
      arrival, TRUE);
}

/* The line of @key that still grows. */
static RealtimeUtterance *
find_growing (RealtimeCueQueue * self, const gchar * key)
{
  guint i;

  for (i = 0; i < self->waiting->len; i++) {
    RealtimeUtterance *u = g_ptr_array_index (self->waiting, i);

    if (!u->final && g_strcmp0 (u->key, key) == 0)
      return u;
  }
  return NULL;
}

gboolean
realtime_cue_queue_is_growing (RealtimeCueQueue * self, const gchar * key)
{
  return find_growing (self, key) != NULL;
}

RealtimeUtterance *
realtime_cue_queue_tell (RealtimeCueQueue * self, const gchar * key,
    const gchar * speaker, gboolean ahead, const gchar * text, guint index,
    GstClockTime start, GstClockTime end, GstClockTime now, gboolean final)
{
  RealtimeUtterance *u = find_growing (self, key);

  if (!u) {
    u = add_utterance (self, key, speaker);
    u->speech = realtime_speech_new (ahead, ahead ? NULL : &self->habit);
  }
  /* a start that is known is not forgotten */
  if (!GST_CLOCK_TIME_IS_VALID (start) && u->text)
    start = u->start;
  set_line (u, text, index, start, end, now, final);
  realtime_speech_tell (u->speech, u->text, u->start, u->end, now, final);

  return u;
}

gboolean
realtime_cue_queue_is_full (RealtimeCueQueue * self)
{
  return self->waiting->len >= MOST_WAITING;
}

void
realtime_cue_queue_clear_open (RealtimeCueQueue * self)
{
  g_array_set_size (self->open, 0);
}

void
realtime_cue_queue_add_open (RealtimeCueQueue * self, const gchar * key,
    guint index, GstClockTime start)
{
  Open open = { g_strdup (key), index, sane (start) };

  g_array_append_val (self->open, open);
}

void
realtime_cue_queue_end_lost (RealtimeCueQueue * self, GstClockTime now)
{
  guint i, j;

  for (i = 0; i < self->waiting->len; i++) {
    RealtimeUtterance *u = g_ptr_array_index (self->waiting, i);
    const Open *open = NULL;

    if (u->final || !u->speech)
      continue;
    for (j = 0; j < self->open->len && !open; j++) {
      open = &g_array_index (self->open, Open, j);
      if (g_strcmp0 (open->key, u->key) != 0)
        open = NULL;
    }
    if (!open) {
      g_autofree gchar *text = g_strdup (u->text);

      set_line (u, text, u->index, u->start, u->end, u->arrival, TRUE);
      realtime_speech_tell (u->speech, text, u->start, u->end, now, TRUE);
    } else {
      u->index = open->index;
      if (GST_CLOCK_TIME_IS_VALID (open->start)) {
        u->start = open->start;
        realtime_speech_set_start (u->speech, u->start, now);
      }
    }
  }
}

static gboolean
comes_before (GstClockTime start, guint index, const RealtimeUtterance * u)
{
  if (GST_CLOCK_TIME_IS_VALID (start) && GST_CLOCK_TIME_IS_VALID (u->start)
      && start != u->start)
    return start < u->start;
  return index < u->index;
}

static gboolean
is_late (const RealtimeUtterance * u, GstClockTime now)
{
  return GST_CLOCK_TIME_IS_VALID (now) && GST_CLOCK_TIME_IS_VALID (u->arrival)
      && now >= u->arrival + LONGEST_WAIT;
}

/* A guessed end is no later than the next start that is known. */
static void
limit_guessed_end (RealtimeCueQueue * self, RealtimeUtterance * u)
{
  guint i;

  for (i = 0; i < self->open->len; i++) {
    const Open *open = &g_array_index (self->open, Open, i);

    if (GST_CLOCK_TIME_IS_VALID (open->start) && open->start > u->start)
      u->end = MIN (u->end, open->start);
  }
  for (i = 0; i < self->waiting->len; i++) {
    const RealtimeUtterance *other = g_ptr_array_index (self->waiting, i);

    if (GST_CLOCK_TIME_IS_VALID (other->start) && other->start > u->start)
      u->end = MIN (u->end, other->start);
  }
}

/* Of those that are final, the one that began first, or NULL. */
static RealtimeUtterance *
find_first_final (RealtimeCueQueue * self)
{
  RealtimeUtterance *first = NULL;
  guint i;

  for (i = 0; i < self->waiting->len; i++) {
    RealtimeUtterance *u = g_ptr_array_index (self->waiting, i);

    /* the earlier in the array came earlier */
    if (u->final && (!first || comes_before (u->start, u->index, first)))
      first = u;
  }
  return first;
}

static gboolean
is_blocked (RealtimeCueQueue * self, const RealtimeUtterance * u)
{
  guint i;

  for (i = 0; i < self->open->len; i++) {
    const Open *open = &g_array_index (self->open, Open, i);

    /* not by itself: one that is told in parts is open until the last */
    if (open->index != u->index && comes_before (open->start, open->index, u))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_any_late (RealtimeCueQueue * self, GstClockTime now)
{
  guint i;

  for (i = 0; i < self->waiting->len; i++) {
    const RealtimeUtterance *u = g_ptr_array_index (self->waiting, i);

    if (u->final && is_late (u, now))
      return TRUE;
  }
  return FALSE;
}

RealtimeUtterance *
realtime_cue_queue_pop (RealtimeCueQueue * self, GstClockTime now,
    gboolean drain)
{
  RealtimeUtterance *first = find_first_final (self);
  guint place;

  if (!first)
    return NULL;
  if (!drain && !realtime_cue_queue_is_full (self)
      && is_blocked (self, first) && !is_any_late (self, now))
    return NULL;

  g_ptr_array_find (self->waiting, first, &place);
  g_ptr_array_steal_index (self->waiting, place);
  if (self->floor == first)
    self->floor = NULL;
  if (first->end_guessed)
    limit_guessed_end (self, first);
  return first;
}

/* The next word of @u, if it is time for it. */
static const RealtimeWord *
get_due_word (const RealtimeUtterance * u, GstClockTime due)
{
  const RealtimeWord *word = u->speech ?
      realtime_speech_get_word (u->speech, 0) : NULL;

  if (!word || !GST_CLOCK_TIME_IS_VALID (word->start) || word->start > due)
    return NULL;
  return word;
}

/* How long @word could have been shown by now. */
static GstClockTime
get_waiting_time (const RealtimeWord * word, GstClockTime now, GstClockTime due)
{
  GstClockTime since_due = due - word->start;
  GstClockTime since_known = now > word->changed ? now - word->changed : 0;

  return MIN (since_due, since_known);
}

/* Whether the voice that has the floor keeps it against @other. */
static gboolean
keeps_floor (RealtimeCueQueue * self, const RealtimeUtterance * other,
    GstClockTime now, GstClockTime due)
{
  const RealtimeUtterance *holder = self->floor;
  GstClockTime changed = realtime_speech_get_changed (holder->speech);

  if (holder->final && get_due_word (holder, due)
      && comes_before (holder->start, holder->index, other))
    return TRUE;
  if (!get_due_word (holder, due) && now > changed
      && now - changed >= LONGEST_PAUSE)
    return FALSE;
  return get_waiting_time (get_due_word (other, due), now, due) < LONGEST_FLOOR;
}

/* A final line that was not told word by word. */
static void
give_speech (RealtimeUtterance * u, GstClockTime now)
{
  if (u->speech)
    return;
  u->speech = realtime_speech_new (FALSE, NULL);
  realtime_speech_tell (u->speech, u->text, u->start, u->end,
      GST_CLOCK_TIME_IS_VALID (u->arrival) ? u->arrival : now, TRUE);
}

RealtimeUtterance *
realtime_cue_queue_get_floor (RealtimeCueQueue * self, GstClockTime now,
    GstClockTime due)
{
  RealtimeUtterance *first = NULL;
  guint i;

  if (self->floor && self->floor->final
      && !realtime_speech_get_word (self->floor->speech, 0))
    return self->floor;

  for (i = 0; i < self->waiting->len; i++) {
    RealtimeUtterance *u = g_ptr_array_index (self->waiting, i);

    if (u == self->floor)
      continue;
    give_speech (u, now);
    /* nothing is left of it, or nothing ever was */
    if (u->final && !realtime_speech_get_word (u->speech, 0))
      return u;
    if (get_due_word (u, due)
        && (!first || comes_before (u->start, u->index, first)))
      first = u;
  }

  if (first && (!self->floor || !keeps_floor (self, first, now, due)))
    self->floor = first;
  return self->floor;
}

void
realtime_cue_queue_remove (RealtimeCueQueue * self,
    RealtimeUtterance * utterance)
{
  if (self->floor == utterance)
    self->floor = NULL;
  g_ptr_array_remove (self->waiting, utterance);
}

GstClockTime
realtime_cue_queue_get_quiet (RealtimeCueQueue * self, GstClockTime position,
    GstClockTime now)
{
  GstClockTime quiet;
  guint i;

  if (!GST_CLOCK_TIME_IS_VALID (now) || now < ONSET_DELAY)
    return position;
  quiet = now - ONSET_DELAY;

  for (i = 0; i < self->open->len; i++) {
    const Open *open = &g_array_index (self->open, Open, i);

    quiet = MIN (quiet,
        GST_CLOCK_TIME_IS_VALID (open->start) ? open->start : position);
  }
  for (i = 0; i < self->waiting->len; i++) {
    const RealtimeUtterance *u = g_ptr_array_index (self->waiting, i);

    quiet = MIN (quiet,
        GST_CLOCK_TIME_IS_VALID (u->start) ? u->start : position);
  }

  if (now > LONGEST_OPEN)
    quiet = MAX (quiet, now - LONGEST_OPEN);
  return MAX (quiet, position);
}
