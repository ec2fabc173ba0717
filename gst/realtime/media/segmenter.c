/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <math.h>
#include <string.h>

#include "segmenter.h"

#define FRAME_MS 10
/* Quieter than this is no speech, whatever the voice detector thinks of it. */
#define GATE_LEVEL -60.0
/* How far a frame stands out at threshold 1, in dB. */
#define FULL_MARGIN 8.0
/* So many frames of speech in a row begin a segment. */
#define ONSET_FRAMES 6
/* The noise is what the quietest tenth of so many frames is below. */
#define NOISE_FRAMES 300
#define NOISE_SHARE(frames) ((frames) / 10)
/* The first words may be the first frames: before those the room was quiet. */
#define QUIET_BEFORE 10
/* Levels are counted in steps of 1 dB from REALTIME_SEGMENTER_MIN_LEVEL. */
#define LEVELS 101

/* In mid-speech: from this share of a segment's longest length on shorter
 * pauses end it, down to the shortest... */
#define SHORTER_FROM(longest) ((longest) * 8.0 / 15)
#define SHORTEST_PAUSE_MS 150
/* ...and from this share on a quiet moment does, one as quiet as the quietest
 * of the last four seconds at first, then any that is this much louder. */
#define QUIETEST_FROM(longest) ((longest) * 13.0 / 15)
#define QUIET_FRAMES 400
#define LEAST_DIP 20.0
/* Of so many frames: a moment between two syllables. */
#define MOMENT_FRAMES 5

struct _RealtimeSegmenter
{
  RealtimeSegmenterSettings settings;

  GstClockTime next;            /* where the next frame begins, or NONE */

  /* The noise: a ring of the last levels, and how often each occurs in it. */
  guint8 noise[NOISE_FRAMES];
  guint16 noise_counts[LEVELS];
  guint noise_at;
  guint noise_frames;

  /* How loud it was lately: a ring, in dB, of moments. */
  gdouble powers[MOMENT_FRAMES];
  gfloat moments[QUIET_FRAMES];
  guint64 frames;               /* so far, for the place in both rings */

  gboolean open;
  gboolean cut;                 /* the segment before was: speech goes on */
  guint run;                    /* frames of speech in a row */
  guint pause;                  /* frames without speech in a row */
  GstClockTime start;
  GstClockTime begun;           /* as start, without the prefix */
  GstClockTime speech_end;
  GstClockTime stop;            /* of the segment before, or NONE */
};

static guint
level_index (gdouble level)
{
  return (guint) (CLAMP (level, REALTIME_SEGMENTER_MIN_LEVEL, 0.0) -
      REALTIME_SEGMENTER_MIN_LEVEL);
}

gdouble
realtime_segmenter_level (const gint16 * samples, guint n)
{
  gdouble sum = 0, level;
  guint i;

  for (i = 0; i < n; i++)
    sum += (gdouble) samples[i] * samples[i];
  if (sum <= 0)
    return REALTIME_SEGMENTER_MIN_LEVEL;
  level = 10 * log10 (sum / n / (32768.0 * 32768.0));
  return MAX (level, REALTIME_SEGMENTER_MIN_LEVEL);
}

static void
note_noise (RealtimeSegmenter * self, gdouble level)
{
  guint index = level_index (level);

  if (self->noise_frames < NOISE_FRAMES)
    self->noise_frames++;
  else
    self->noise_counts[self->noise[self->noise_at]]--;
  self->noise_counts[index]++;
  self->noise[self->noise_at] = index;
  self->noise_at = (self->noise_at + 1) % NOISE_FRAMES;
}

static gdouble
get_noise (const RealtimeSegmenter * self)
{
  guint i, below = 0;

  for (i = 0; i < LEVELS - 1; i++) {
    below += self->noise_counts[i];
    if (below > NOISE_SHARE (self->noise_frames))
      break;
  }
  return REALTIME_SEGMENTER_MIN_LEVEL + i;
}

/* Returns: how loud the moment is that ends with this frame. */
static gdouble
note_moment (RealtimeSegmenter * self, gdouble level)
{
  gdouble sum = 0, moment;
  guint i;

  self->powers[self->frames % MOMENT_FRAMES] = pow (10, level / 10);
  for (i = 0; i < MOMENT_FRAMES; i++)
    sum += self->powers[i];
  moment = MAX (10 * log10 (sum / MOMENT_FRAMES), REALTIME_SEGMENTER_MIN_LEVEL);
  self->moments[self->frames % QUIET_FRAMES] = moment;
  self->frames++;
  return moment;
}

static gdouble
get_quietest_moment (const RealtimeSegmenter * self)
{
  gdouble quietest = 0;
  guint i;

  for (i = 0; i < QUIET_FRAMES; i++)
    quietest = MIN (quietest, self->moments[i]);
  return quietest;
}

void
realtime_segmenter_reset (RealtimeSegmenter * self)
{
  guint i;

  self->next = GST_CLOCK_TIME_NONE;
  self->open = self->cut = FALSE;
  self->run = self->pause = 0;
  self->start = self->begun = GST_CLOCK_TIME_NONE;
  self->speech_end = self->stop = GST_CLOCK_TIME_NONE;

  memset (self->noise_counts, 0, sizeof (self->noise_counts));
  self->noise_at = self->noise_frames = 0;
  for (i = 0; i < QUIET_BEFORE; i++)
    note_noise (self, GATE_LEVEL);

  self->frames = 0;
  memset (self->powers, 0, sizeof (self->powers));
  for (i = 0; i < QUIET_FRAMES; i++)
    self->moments[i] = 0;
}

RealtimeSegmenter *
realtime_segmenter_new (const RealtimeSegmenterSettings * settings)
{
  RealtimeSegmenter *self = g_new0 (RealtimeSegmenter, 1);

  self->settings = *settings;
  realtime_segmenter_reset (self);
  return self;
}

void
realtime_segmenter_free (RealtimeSegmenter * self)
{
  g_free (self);
}

/* How far @length is on the way between two shares of the longest. */
static gdouble
progress (gdouble length, gdouble from, gdouble to)
{
  return CLAMP ((length - from) / (to - from), 0.0, 1.0);
}

/* The pause that ends the segment, @length ms long. */
static guint
get_pause_ms (const RealtimeSegmenter * self, guint length)
{
  guint longest = self->settings.silence_ms;
  guint max = self->settings.max_ms;

  if (max == 0 || longest <= SHORTEST_PAUSE_MS)
    return longest;
  return longest - (longest - SHORTEST_PAUSE_MS) *
      progress (length, SHORTER_FROM (max), QUIETEST_FROM (max));
}

/* Whether a segment in mid-speech, @length ms long, is to be cut at @moment. */
static gboolean
is_to_be_cut (const RealtimeSegmenter * self, guint length, gdouble moment)
{
  guint max = self->settings.max_ms;
  gdouble from = QUIETEST_FROM (max);

  if (max == 0 || length < from)
    return FALSE;
  return length >= max || moment <= get_quietest_moment (self) +
      LEAST_DIP * progress (length, from, max);
}

static void
begin (RealtimeSegmenter * self, GstClockTime time)
{
  GstClockTime prefix = self->settings.prefix_ms * GST_MSECOND;

  self->open = TRUE;
  self->cut = FALSE;
  self->begun = time;
  self->start = time > prefix ? time - prefix : 0;
  if (self->stop != GST_CLOCK_TIME_NONE)
    self->start = MAX (self->start, self->stop);
  self->start = MIN (self->start, time);
}

static void
end (RealtimeSegmenter * self, GstClockTime time)
{
  self->open = FALSE;
  self->stop = time;
}

/* Within a segment. */
static RealtimeSegmenterFinding
look_for_end (RealtimeSegmenter * self, gdouble moment)
{
  guint length = (self->next - self->begun) / GST_MSECOND;

  if (self->pause * FRAME_MS >= get_pause_ms (self, length)) {
    end (self, self->speech_end);
    self->run = 0;
    return REALTIME_SEGMENTER_STOPPED;
  }
  if (is_to_be_cut (self, length, moment)) {
    end (self, self->next);
    self->cut = TRUE;
    return REALTIME_SEGMENTER_STOPPED;
  }
  return REALTIME_SEGMENTER_NOTHING;
}

RealtimeSegmenterFinding
realtime_segmenter_frame (RealtimeSegmenter * self, GstClockTime time,
    gdouble level, gboolean voice)
{
  RealtimeSegmenterFinding finding = REALTIME_SEGMENTER_NOTHING;
  gdouble moment = note_moment (self, level);
  gboolean speech = voice && level > GATE_LEVEL &&
      level > get_noise (self) + FULL_MARGIN * self->settings.threshold;

  note_noise (self, level);
  if (self->next != GST_CLOCK_TIME_NONE && self->next != time &&
      ABS (GST_CLOCK_DIFF (self->next, time)) >= REALTIME_SEGMENTER_FRAME) {
    if (self->open) {
      end (self, self->speech_end);
      finding = REALTIME_SEGMENTER_STOPPED;
    }
    self->run = 0;
    self->cut = FALSE;
  }
  self->next = time + REALTIME_SEGMENTER_FRAME;

  if (speech) {
    self->run++;
    self->pause = 0;
    self->speech_end = self->next;
  } else {
    self->run = 0;
    self->pause++;
  }
  if (self->open)
    return look_for_end (self, moment);
  if (self->pause * FRAME_MS >= self->settings.silence_ms)
    self->cut = FALSE;
  if (self->run >= ONSET_FRAMES || (self->run > 0 && self->cut)) {
    begin (self, self->cut ? time :
        self->next - self->run * REALTIME_SEGMENTER_FRAME);
    finding |= REALTIME_SEGMENTER_STARTED;
  }
  return finding;
}

GstClockTime
realtime_segmenter_get_start (const RealtimeSegmenter * self)
{
  return self->start;
}

GstClockTime
realtime_segmenter_get_stop (const RealtimeSegmenter * self)
{
  return self->stop;
}
