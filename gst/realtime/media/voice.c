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
};

RealtimeVoice *
realtime_voice_new (void)
{
  RealtimeVoice *voice = g_new0 (RealtimeVoice, 1);

  g_queue_init (&voice->chunks);
  return voice;
}

static void
chunk_free (Chunk * chunk)
{
  gst_buffer_unref (chunk->buffer);
  g_free (chunk);
}

void
realtime_voice_flush (RealtimeVoice * voice)
{
  g_queue_clear_full (&voice->chunks, (GDestroyNotify) chunk_free);
  voice->waiting = 0;
  voice->placed = FALSE;
  voice->delay = 0;
  voice->quiet = 0;
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

gboolean
realtime_voice_add (RealtimeVoice * voice, GstBuffer * buffer, guint64 place)
{
  guint n = gst_buffer_get_size (buffer) / BYTES_PER_SAMPLE;
  guint quiet, skip = 0;
  Chunk *chunk;

  if (n == 0 || voice->waiting + n > MAX_WAITING) {
    gst_buffer_unref (buffer);
    return n == 0;
  }

  place = find_place (voice, place);
  quiet = count_quiet (buffer);
  if (quiet == n && voice->quiet >= PAUSE_KEPT && voice->delay > 0) {
    skip = MIN (voice->delay, n);
    voice->delay -= skip;
  }
  voice->quiet = quiet == n ? voice->quiet + n : quiet;
  voice->end = place + n - skip;
  voice->placed = TRUE;
  if (skip == n) {
    gst_buffer_unref (buffer);
    return TRUE;
  }

  chunk = g_new (Chunk, 1);
  chunk->buffer = buffer;
  chunk->offset = skip;
  chunk->left = n - skip;
  chunk->place = place;
  g_queue_push_tail (&voice->chunks, chunk);
  voice->waiting += chunk->left;
  return TRUE;
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
