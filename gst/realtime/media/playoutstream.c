/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "playout-private.h"

#include <math.h>

GST_DEBUG_CATEGORY_EXTERN (realtime_downlink_debug);
#define GST_CAT_DEFAULT realtime_downlink_debug

/* Sound of a line that began or ended with a slot. */
typedef struct
{
  guint line;
  gboolean started;
  GstClockTime time;
} Notice;

/* With the lock: @mix at the volume, which a slot takes to change: no click.
 * Returns: whether any of it is to be heard. */
static gboolean
put_samples (GstRealtimePlayout * playout, const gint32 * mix, gint16 * data)
{
  gdouble from = playout->reached, to = playout->volume;
  const guint n = REALTIME_SLOT_SAMPLES;
  gboolean sound = FALSE;
  guint i;

  for (i = 0; i < REALTIME_SLOT_SAMPLES; i++) {
    gdouble volume = from + (to - from) * (i + 1) / n;
    gdouble value = volume == 1.0 ? mix[i] : rint (mix[i] * volume);

    data[i] = CLAMP (value, G_MININT16, G_MAXINT16);
    sound |= data[i] != 0;
  }
  playout->reached = to;
  return sound;
}

/* With the lock: the PTS of one of playout's samples. */
static GstClockTime
to_time (GstRealtimePlayout * playout, guint64 sample)
{
  GstClockTime slot = playout->start + playout->slots * REALTIME_SLOT_DURATION;
  GstClockTime apart = gst_util_uint64_scale_round (sample > playout->sample ?
      sample - playout->sample : playout->sample - sample, GST_SECOND,
      REALTIME_VOICE_RATE);

  if (sample >= playout->sample)
    return slot + apart;
  return slot > apart ? slot - apart : 0;
}

/* With the lock: adds the next slot of @line to @mix. Returns: whether there was
 * anything. */
static gboolean
render_line (GstRealtimePlayout * playout, RealtimeLine * line, gint32 * mix,
    GArray * notices)
{
  guint64 place = realtime_playout_place (playout->start + playout->hold) +
      playout->slots * REALTIME_SLOT_SAMPLES, at;
  gint32 own[REALTIME_SLOT_SAMPLES] = { 0 };
  gboolean any =
      realtime_voice_render (line->voice, place, own, REALTIME_SLOT_SAMPLES);
  RealtimeSoundingChange change = realtime_sounding_feed (&line->sounding, own,
      REALTIME_SLOT_SAMPLES, playout->sample, &at);
  guint i;

  for (i = 0; any && i < REALTIME_SLOT_SAMPLES; i++)
    mix[i] += own[i];
  if (change != REALTIME_SOUNDING_SAME) {
    Notice notice = { line->number, change == REALTIME_SOUNDING_STARTED,
      to_time (playout, at)
    };

    g_array_append_val (notices, notice);
  }
  return any;
}

/* With the lock: the next slot. */
static GstBuffer *
render_slot (GstRealtimePlayout * playout, GArray * notices)
{
  gint32 mix[REALTIME_SLOT_SAMPLES] = { 0 };
  GstBuffer *buffer = gst_buffer_new_and_alloc (REALTIME_SLOT_SAMPLES * 2);
  gboolean any = FALSE, sound;
  GstMapInfo map;
  GList *l;

  for (l = playout->lines; l; l = l->next)
    any |= render_line (playout, l->data, mix, notices);

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  sound = put_samples (playout, mix, (gint16 *) map.data);
  gst_buffer_unmap (buffer, &map);
  if (any && sound) {
    playout->sounded = TRUE;
  } else {
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
    playout->silent_slots++;
  }

  GST_BUFFER_PTS (buffer) =
      playout->start + playout->slots * REALTIME_SLOT_DURATION;
  GST_BUFFER_DURATION (buffer) = REALTIME_SLOT_DURATION;
  GST_BUFFER_OFFSET (buffer) = playout->sample;
  if (playout->slots == 0)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  playout->slots++;
  playout->sample += REALTIME_SLOT_SAMPLES;
  GST_BUFFER_OFFSET_END (buffer) = playout->sample;
  return buffer;
}

/* With the lock: while it plays, the clock goes on and its running time jumps
 * back (a sink was flushed, and the pipeline begins anew). What follows the clock
 * does so; what is behind it is so by less. */
static void
follow_base_time (GstRealtimePlayout * playout, GstClockTime base_time)
{
  GstClockTime before = playout->base_time, jump, pts, time;
  GList *l;

  playout->base_time = base_time;
  if (before == GST_CLOCK_TIME_NONE || base_time <= before)
    return;
  jump = base_time - before;
  GST_INFO_OBJECT (playout, "running time begins anew, %" GST_TIME_FORMAT
      " back", GST_TIME_ARGS (jump));
  for (l = playout->lines; l; l = l->next)
    realtime_voice_move_back (((RealtimeLine *) l->data)->voice,
        realtime_playout_place (jump));

  pts = playout->start + playout->slots * REALTIME_SLOT_DURATION;
  time = pts + playout->hold > jump ? pts + playout->hold - jump : 0;
  if (playout->hold == 0) {
    playout->start = time;
    playout->slots = 0;
  } else {
    playout->hold = time > pts ? time - pts : 0;
  }
}

/* With the lock, which is given up for the wait.
 * Returns: whether the next slot is due. */
static gboolean
wait_slot (GstRealtimePlayout * playout)
{
  g_autoptr (GstClock) clock = gst_element_get_clock (GST_ELEMENT (playout));
  GstClockTime due;
  GstClockID id;

  if (!clock) {
    g_cond_wait (&playout->cond, &playout->lock);
    return FALSE;
  }
  follow_base_time (playout, gst_element_get_base_time (GST_ELEMENT (playout)));
  due = playout->base_time + playout->start + playout->hold +
      playout->slots * REALTIME_SLOT_DURATION +
      realtime_playout_own_latency (playout);
  if (gst_clock_get_time (clock) >= due)
    return TRUE;

  id = gst_clock_new_single_shot_id (clock, due);
  playout->clock_id = id;
  g_mutex_unlock (&playout->lock);
  gst_clock_id_wait (id, NULL);
  g_mutex_lock (&playout->lock);
  playout->clock_id = NULL;
  gst_clock_id_unref (id);
  return FALSE;
}

/* Waits for the next slot. Returns: the slot; NULL at the end (*ended), when
 * upstream has flushed, or when shutting down. */
static GstBuffer *
next_slot (GstRealtimePlayout * playout, GArray * notices, gboolean * ended)
{
  GstBuffer *buffer = NULL;

  *ended = FALSE;
  g_mutex_lock (&playout->lock);
  while (playout->active && !playout->restarted) {
    if (playout->waiting || playout->ended) {
      g_cond_wait (&playout->cond, &playout->lock);
      continue;
    }
    if ((realtime_playout_is_drained (playout) || !playout->started)
        && playout->ending && !playout->flush_starts) {
      *ended = TRUE;
      break;
    }
    if (!playout->playing || !playout->started) {
      g_cond_wait (&playout->cond, &playout->lock);
    } else if (wait_slot (playout)) {
      buffer = render_slot (playout, notices);
      break;
    }
  }
  g_mutex_unlock (&playout->lock);
  return buffer;
}

void
realtime_playout_push_segment (GstRealtimePlayout * playout)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (playout->srcpad, gst_event_new_segment (&segment));
}

static void
push_sticky_events (GstRealtimePlayout * playout)
{
  g_autofree gchar *id = NULL;
  g_autoptr (GstCaps) caps = NULL;
  GstEvent *event;

  if (playout->stream_started)
    return;
  /* gst_pad_create_stream_id() is for elements of at most one sink pad */
  id = g_strdup_printf ("%08x%08x/downlink", g_random_int (), g_random_int ());
  event = gst_event_new_stream_start (id);
  gst_event_set_group_id (event, gst_util_group_id_next ());
  gst_pad_push_event (playout->srcpad, event);
  caps = gst_pad_get_pad_template_caps (playout->srcpad);
  gst_pad_push_event (playout->srcpad, gst_event_new_caps (caps));
  realtime_playout_push_segment (playout);
  playout->stream_started = TRUE;
}

/* What is behind the src pad, or nothing, is no affair of the session's. */
static void
note_flow (GstRealtimePlayout * playout, GstFlowReturn flow)
{
  if (flow == playout->last_flow)
    return;
  if (flow < GST_FLOW_EOS)
    GST_WARNING_OBJECT (playout, "nobody takes the speech: %s",
        gst_flow_get_name (flow));
  else
    GST_INFO_OBJECT (playout, "downstream says %s", gst_flow_get_name (flow));
  playout->last_flow = flow;
}

/* A flush let this thread go from wherever it was; what was on its way (*@buffer)
 * is flushed, too. Now the stream goes on at the same running time, or, where
 * upstream flushed, at another one, to be started anew.
 * Returns: FALSE then. */
static gboolean
begin_pushing (GstRealtimePlayout * playout, GstBuffer ** buffer)
{
  gboolean flushing;

  g_mutex_lock (&playout->lock);
  if (playout->active && (playout->waiting || playout->restarted)) {
    playout->restarted = FALSE;
    playout->discont = TRUE;
    g_mutex_unlock (&playout->lock);
    gst_clear_buffer (buffer);
    return FALSE;
  }
  playout->pushing = TRUE;
  flushing = playout->flushing;
  playout->flushing = FALSE;
  if (*buffer && GST_BUFFER_OFFSET (*buffer) < playout->flush_from)
    gst_clear_buffer (buffer);
  g_mutex_unlock (&playout->lock);

  if (flushing) {
    gst_pad_push_event (playout->srcpad, gst_event_new_flush_stop (FALSE));
    if (playout->stream_started)
      realtime_playout_push_segment (playout);
    playout->discont = TRUE;
  }
  return TRUE;
}

static void
end_pushing (GstRealtimePlayout * playout, gboolean ended)
{
  g_mutex_lock (&playout->lock);
  playout->pushing = FALSE;
  playout->ended = ended;
  g_cond_broadcast (&playout->cond);
  g_mutex_unlock (&playout->lock);
}

void
realtime_playout_loop (gpointer data)
{
  GstRealtimePlayout *playout = data;
  g_autoptr (GArray) notices = g_array_new (FALSE, FALSE, sizeof (Notice));
  gboolean ended;
  GstBuffer *buffer = next_slot (playout, notices, &ended);
  gboolean more = buffer != NULL || ended;
  guint i;

  for (i = 0; i < notices->len; i++) {
    Notice *notice = &g_array_index (notices, Notice, i);

    playout->callbacks->sound (notice->line, notice->started, notice->time,
        playout->user_data);
  }
  if (!begin_pushing (playout, &buffer))
    return;
  if (buffer || ended)
    push_sticky_events (playout);
  if (buffer) {
    if (playout->discont)
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    playout->discont = FALSE;
    note_flow (playout, gst_pad_push (playout->srcpad, buffer));
  }
  if (ended) {
    GST_INFO_OBJECT (playout, "all speech was played, EOS");
    gst_pad_push_event (playout->srcpad, gst_event_new_eos ());
  }
  end_pushing (playout, ended);
  if (!more)
    gst_pad_pause_task (playout->srcpad);
}
