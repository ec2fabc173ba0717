/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "voice.h"

#define BYTES_PER_SAMPLE 2
#define MS(n) ((n) * (REALTIME_VOICE_RATE / 1000))

/* Timestamps that stray less than this from the sample count are jitter. */
#define ALIGNMENT_THRESHOLD MS (40)
/* -60 dBFS: below, samples may be left out or silence put in. */
#define QUIET_LEVEL 33
/* So much of a pause stays as it is. */
#define PAUSE_KEPT MS (100)
#define MAX_WAITING (G_GUINT64_CONSTANT (600) * REALTIME_VOICE_RATE)
/* What is cut off in mid-wave would click. */
#define FADE_OUT MS (5)
/* Longer than a speaker draws breath, shorter than the wait for a reply. */
#define CUT_PAUSE MS (500)
/* Between the first packet of a reply and the word that it has begun. */
#define MAX_HELD_BACK MS (1000)

typedef struct
{
  GstBuffer *buffer;
  guint offset;                 /* samples of the buffer already played */
  guint left;
  guint64 place;                /* of the first sample left */
} Chunk;

struct _RealtimeVoice
{
  GQueue chunks;
  guint64 waiting;              /* samples in all chunks */
  gboolean placed;              /* anything was ever added: end is valid */
  guint64 end;                  /* place behind the last sample added */
  guint64 delay;                /* of the end against its time */
  guint64 quiet;                /* quiet samples before the end */
  guint64 rendered;             /* place behind the last rendered */
  guint64 sounded;              /* place behind the last mixed */

  /* What is added while it is cut. */
  gboolean cut;
  GQueue held_back;             /* the last of it, each in its place */
  guint64 held_back_samples;
  guint64 cut_end;              /* place behind the last of it */
  guint64 cut_quiet;            /* quiet samples before cut_end */
  guint64 wanted;               /* what is due before belongs to the last cut */
};

RealtimeVoice *
realtime_voice_new (void)
{
  RealtimeVoice *voice = g_new0 (RealtimeVoice, 1);

  g_queue_init (&voice->chunks);
  g_queue_init (&voice->held_back);
  return voice;
}

static void
chunk_free (Chunk * chunk)
{
  gst_buffer_unref (chunk->buffer);
  g_free (chunk);
}

static void
end_cut (RealtimeVoice * voice)
{
  g_queue_clear_full (&voice->held_back, (GDestroyNotify) chunk_free);
  voice->held_back_samples = 0;
  voice->cut = FALSE;
}

static void
forget_waiting (RealtimeVoice * voice)
{
  g_queue_clear_full (&voice->chunks, (GDestroyNotify) chunk_free);
  voice->waiting = 0;
  voice->placed = FALSE;
  voice->delay = 0;
  voice->quiet = 0;
}

static void
move_back (guint64 * place, guint64 samples)
{
  *place = *place > samples ? *place - samples : 0;
}

void
realtime_voice_move_back (RealtimeVoice * voice, guint64 samples)
{
  GList *l;

  for (l = voice->chunks.head; l; l = l->next)
    move_back (&((Chunk *) l->data)->place, samples);
  for (l = voice->held_back.head; l; l = l->next)
    move_back (&((Chunk *) l->data)->place, samples);
  move_back (&voice->end, samples);
  move_back (&voice->rendered, samples);
  move_back (&voice->sounded, samples);
  move_back (&voice->cut_end, samples);
  move_back (&voice->wanted, samples);
}

void
realtime_voice_flush (RealtimeVoice * voice)
{
  forget_waiting (voice);
  end_cut (voice);
  voice->wanted = 0;
}

void
realtime_voice_free (RealtimeVoice * voice)
{
  realtime_voice_flush (voice);
  g_free (voice);
}

gboolean
realtime_voice_is_empty (RealtimeVoice * voice)
{
  return g_queue_is_empty (&voice->chunks);
}

guint64
realtime_voice_get_delay (RealtimeVoice * voice)
{
  return voice->delay;
}

/* Returns: the quiet samples that @buffer ends with. */
static guint
count_quiet (GstBuffer * buffer)
{
  GstMapInfo map;
  const gint16 *data;
  guint n, total;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return 0;
  data = (const gint16 *) map.data;
  total = map.size / BYTES_PER_SAMPLE;
  for (n = total; n > 0; n--) {
    if (data[n - 1] > QUIET_LEVEL || data[n - 1] < -QUIET_LEVEL)
      break;
  }
  gst_buffer_unmap (buffer, &map);
  return total - n;
}

static Chunk *
chunk_new (GstBuffer * buffer, guint offset, guint n, guint64 place)
{
  Chunk *chunk = g_new (Chunk, 1);

  chunk->buffer = buffer;
  chunk->offset = offset;
  chunk->left = n;
  chunk->place = place;
  return chunk;
}

/* The place of the next samples added, due at @place. */
static guint64
find_place (RealtimeVoice * voice, guint64 place)
{
  gint64 stray;

  if (place != REALTIME_VOICE_NO_PLACE &&
      place > MAX (voice->end, voice->rendered) + MAX_WAITING)
    place = REALTIME_VOICE_NO_PLACE;
  if (place == REALTIME_VOICE_NO_PLACE)
    return voice->placed ? voice->end : voice->rendered;
  if (!voice->placed)
    return place;

  stray = (gint64) (place + voice->delay - voice->end);
  if (ABS (stray) <= ALIGNMENT_THRESHOLD)
    return voice->end;
  if (stray < 0)
    return voice->end;

  /* A pause: of the delay, as much is left as does not fit into it. */
  voice->delay = voice->end > place ? voice->end - place : 0;
  voice->quiet = 0;
  return place + voice->delay;
}

/* While cut: whether @buffer, @n samples due at *@place, belongs to what was cut
 * off. Then it is taken. */
static gboolean
hold_back (RealtimeVoice * voice, GstBuffer * buffer, guint n, guint64 * place)
{
  guint quiet = count_quiet (buffer);

  if (*place == REALTIME_VOICE_NO_PLACE)
    *place = voice->cut_end;
  if (*place >= voice->cut_end + CUT_PAUSE ||
      (quiet < n && voice->cut_quiet >= CUT_PAUSE)) {
    end_cut (voice);
    return FALSE;
  }

  voice->cut_quiet = quiet == n ? voice->cut_quiet + n : quiet;
  voice->cut_end = *place + n;
  g_queue_push_tail (&voice->held_back, chunk_new (buffer, 0, n, *place));
  voice->held_back_samples += n;
  while (voice->held_back_samples > MAX_HELD_BACK) {
    Chunk *first = g_queue_pop_head (&voice->held_back);

    voice->held_back_samples -= first->left;
    chunk_free (first);
  }
  return TRUE;
}

/* Takes @buffer but for its first @skip samples. */
static void
add_samples (RealtimeVoice * voice, GstBuffer * buffer, guint skip,
    guint64 place)
{
  guint n = gst_buffer_get_size (buffer) / BYTES_PER_SAMPLE - skip;
  guint quiet = MIN (count_quiet (buffer), n), left_out = 0;

  place = find_place (voice, place);
  if (quiet == n && voice->quiet >= PAUSE_KEPT && voice->delay > 0) {
    left_out = MIN (voice->delay, n);
    voice->delay -= left_out;
  }
  voice->quiet = quiet == n ? voice->quiet + n : quiet;
  voice->end = place + n - left_out;
  voice->placed = TRUE;
  if (left_out == n) {
    gst_buffer_unref (buffer);
    return;
  }

  g_queue_push_tail (&voice->chunks, chunk_new (buffer, skip + left_out,
          n - left_out, place));
  voice->waiting += n - left_out;
}

gboolean
realtime_voice_add (RealtimeVoice * voice, GstBuffer * buffer, guint64 place)
{
  guint n = gst_buffer_get_size (buffer) / BYTES_PER_SAMPLE, skip = 0;

  if (n == 0 || voice->waiting + n > MAX_WAITING) {
    gst_buffer_unref (buffer);
    return n == 0;
  }
  if (voice->cut && hold_back (voice, buffer, n, &place))
    return TRUE;
  if (place != REALTIME_VOICE_NO_PLACE && place < voice->wanted)
    skip = MIN (voice->wanted - place, n);
  if (skip < n)
    add_samples (voice, buffer, skip, place + skip);
  else
    gst_buffer_unref (buffer);
  return TRUE;
}

/* Returns: (nullable): what is about to sound as it fades out, or NULL. */
static GstBuffer *
fade_out (RealtimeVoice * voice)
{
  Chunk *chunk = g_queue_peek_head (&voice->chunks);
  GstBuffer *faded;
  GstMapInfo map;
  gint16 *data;
  guint i, n;

  if (!chunk || chunk->place > voice->rendered || voice->sounded == 0 ||
      voice->sounded != voice->rendered)
    return NULL;
  n = MIN (chunk->left, FADE_OUT);
  faded = gst_buffer_new_and_alloc (n * BYTES_PER_SAMPLE);
  gst_buffer_map (faded, &map, GST_MAP_WRITE);
  data = (gint16 *) map.data;
  gst_buffer_extract (chunk->buffer, chunk->offset * BYTES_PER_SAMPLE, data,
      n * BYTES_PER_SAMPLE);
  for (i = 0; i < n; i++)
    data[i] = data[i] * (gint) (n - i) / (gint) n;
  gst_buffer_unmap (faded, &map);
  return faded;
}

void
realtime_voice_cut (RealtimeVoice * voice)
{
  GstBuffer *faded;

  if (!voice->cut) {
    voice->cut_end = voice->rendered;
    if (voice->placed)
      voice->cut_end = MAX (voice->cut_end, voice->end - voice->delay);
    voice->cut_quiet = 0;
    voice->wanted = 0;
    voice->cut = TRUE;
  }
  faded = fade_out (voice);
  forget_waiting (voice);
  if (faded)
    add_samples (voice, faded, 0, voice->rendered);
}

void
realtime_voice_break_off (RealtimeVoice * voice)
{
  if (voice->cut)
    forget_waiting (voice);
}

void
realtime_voice_resume (RealtimeVoice * voice, guint64 place)
{
  Chunk *chunk;

  if (!voice->cut)
    return;
  voice->wanted = place;
  while ((chunk = g_queue_pop_head (&voice->held_back))) {
    guint skip = place > chunk->place ?
        MIN (place - chunk->place, chunk->left) : 0;

    if (skip < chunk->left)
      add_samples (voice, gst_buffer_ref (chunk->buffer), skip,
          chunk->place + skip);
    chunk_free (chunk);
  }
  end_cut (voice);
}

/* Moves what should have been played before @place to @place, and what it then
 * runs into along with it. */
static void
catch_up (RealtimeVoice * voice, guint64 place)
{
  GList *l;

  for (l = voice->chunks.head; l; l = l->next) {
    Chunk *chunk = l->data;

    if (chunk->place >= place)
      return;
    if (!l->next)
      voice->delay += place - chunk->place;
    chunk->place = place;
    place += chunk->left;
    if (!l->next)
      voice->end = place;
  }
}

static void
mix_chunk (Chunk * chunk, gint32 * mix, guint n)
{
  GstMapInfo map;
  const gint16 *data;
  guint i;

  if (!gst_buffer_map (chunk->buffer, &map, GST_MAP_READ))
    return;
  data = (const gint16 *) map.data + chunk->offset;
  for (i = 0; i < n; i++)
    mix[i] += data[i];
  gst_buffer_unmap (chunk->buffer, &map);
}

gboolean
realtime_voice_render (RealtimeVoice * voice, guint64 place, gint32 * mix,
    guint n)
{
  gboolean any = FALSE;
  Chunk *chunk;

  catch_up (voice, place);
  voice->rendered = place + n;

  while ((chunk = g_queue_peek_head (&voice->chunks))) {
    guint at, use;

    if (chunk->place >= place + n)
      break;
    at = chunk->place - place;
    use = MIN (chunk->left, n - at);
    mix_chunk (chunk, mix + at, use);
    any = TRUE;
    voice->sounded = chunk->place + use;
    chunk->offset += use;
    chunk->left -= use;
    chunk->place += use;
    voice->waiting -= use;
    if (chunk->left > 0)
      break;
    chunk_free (g_queue_pop_head (&voice->chunks));
  }
  return any;
}
