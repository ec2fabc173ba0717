/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

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

typedef struct
{
  guint index;
  GstClockTime start;
} Open;

struct _RealtimeCueQueue
{
  GPtrArray *waiting;           /* of RealtimeUtterance */
  GArray *open;                 /* of Open */
  guint64 serial;
};

void
realtime_utterance_free (RealtimeUtterance * utterance)
{
  if (utterance) {
    g_free (utterance->speaker);
    g_free (utterance->text);
    g_free (utterance);
  }
}

RealtimeCueQueue *
realtime_cue_queue_new (void)
{
  RealtimeCueQueue *self = g_new0 (RealtimeCueQueue, 1);

  self->waiting =
      g_ptr_array_new_with_free_func ((GDestroyNotify) realtime_utterance_free);
  self->open = g_array_new (FALSE, FALSE, sizeof (Open));
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

void
realtime_cue_queue_add (RealtimeCueQueue * self, const gchar * speaker,
    const gchar * text, guint index, GstClockTime start, GstClockTime end,
    GstClockTime arrival)
{
  RealtimeUtterance *u = g_new0 (RealtimeUtterance, 1);

  u->speaker = g_strdup (speaker);
  u->text = g_strdup (text);
  u->index = index;
  u->start = sane (start);
  u->end = sane (end);
  u->arrival = sane (arrival);
  u->serial = self->serial++;
  complete_times (u);
  g_ptr_array_add (self->waiting, u);
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
realtime_cue_queue_add_open (RealtimeCueQueue * self, guint index,
    GstClockTime start)
{
  Open open = { index, sane (start) };

  g_array_append_val (self->open, open);
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

RealtimeUtterance *
realtime_cue_queue_pop (RealtimeCueQueue * self, GstClockTime now,
    gboolean drain)
{
  RealtimeUtterance *first;
  gboolean ready = drain || realtime_cue_queue_is_full (self);
  gboolean blocked = FALSE;
  guint place = 0, i;

  if (self->waiting->len == 0)
    return NULL;

  for (i = 0; i < self->waiting->len; i++) {
    const RealtimeUtterance *u = g_ptr_array_index (self->waiting, i);

    /* the earlier in the array came earlier */
    first = g_ptr_array_index (self->waiting, place);
    if (comes_before (u->start, u->index, first))
      place = i;
    ready = ready || is_late (u, now);
  }
  first = g_ptr_array_index (self->waiting, place);

  for (i = 0; i < self->open->len && !blocked; i++) {
    const Open *open = &g_array_index (self->open, Open, i);

    /* not by itself: one that is told in parts is open until the last */
    blocked = open->index != first->index
        && comes_before (open->start, open->index, first);
  }
  if (blocked && !ready)
    return NULL;

  first = g_ptr_array_steal_index (self->waiting, place);
  if (first->end_guessed)
    limit_guessed_end (self, first);
  return first;
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
