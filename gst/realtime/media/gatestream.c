/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gate-private.h"

GST_DEBUG_CATEGORY_EXTERN (realtime_uplink_debug);
#define GST_CAT_DEFAULT realtime_uplink_debug

#define BYTES_PER_SAMPLE 2
#define PIECE_SAMPLES (REALTIME_GATE_RATE / 50)

/* Timestamps that stray less than this from the sample count are jitter. */
#define ALIGNMENT_THRESHOLD (40 * GST_MSECOND)
/* A longer gap in live input is not filled, as its silence would leave in one
 * burst: the epoch is set anew. */
#define MAX_LIVE_FILL (1 * GST_SECOND)
/* -50 dBFS */
#define SOUND_LEVEL 104

static GstClockTime
samples_to_time (guint64 samples)
{
  return gst_util_uint64_scale (samples, GST_SECOND, REALTIME_GATE_RATE);
}

static guint64
time_to_samples (GstClockTime time)
{
  return gst_util_uint64_scale_round (time, REALTIME_GATE_RATE, GST_SECOND);
}

static GstClockTime
next_running_time (GstRealtimeGate * gate)
{
  if (gate->anchor == GST_CLOCK_TIME_NONE)
    return GST_CLOCK_TIME_NONE;
  return gate->anchor + samples_to_time (gate->count);
}

static void
set_anchor (GstRealtimeGate * gate, GstClockTime time)
{
  gate->anchor = time;
  gate->count = 0;
}

static void
push_sticky_events (GstRealtimeGate * gate)
{
  if (!gate->stream_started) {
    g_autofree gchar *id = gst_pad_create_stream_id (gate->srcpad,
        GST_ELEMENT (gate), "uplink");
    g_autoptr (GstCaps) caps = gst_pad_get_pad_template_caps (gate->srcpad);
    GstEvent *event = gst_event_new_stream_start (id);

    gst_event_set_group_id (event, gst_util_group_id_next ());
    gst_pad_push_event (gate->srcpad, event);
    gst_pad_push_event (gate->srcpad, gst_event_new_caps (caps));
    gate->stream_started = TRUE;
  }

  if (gate->need_segment) {
    GstSegment segment;

    /* PTS are on the input's timeline, running times on the clock's. */
    gst_segment_init (&segment, GST_FORMAT_TIME);
    segment.base = gate->base;
    gst_pad_push_event (gate->srcpad, gst_event_new_segment (&segment));
    gate->need_segment = FALSE;
  }
}

/* Returns: samples up to the end of the last loud one, 0: all quiet. */
static guint
find_sound (GstBuffer * buffer)
{
  GstMapInfo map;
  const gint16 *data;
  guint n;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return 0;
  data = (const gint16 *) map.data;
  for (n = map.size / BYTES_PER_SAMPLE; n > 0; n--) {
    if (data[n - 1] >= SOUND_LEVEL || data[n - 1] <= -SOUND_LEVEL)
      break;
  }
  gst_buffer_unmap (buffer, &map);
  return n;
}

static GstBuffer *
new_silence (guint n)
{
  GstBuffer *buffer = gst_buffer_new_and_alloc (n * BYTES_PER_SAMPLE);

  gst_buffer_memset (buffer, 0, 0, n * BYTES_PER_SAMPLE);
  return buffer;
}

/* What downstream says is its own affair: upstream goes on. */
static void
note_flow (GstRealtimeGate * gate, GstFlowReturn flow)
{
  if (flow == gate->last_flow)
    return;
  if (flow < GST_FLOW_EOS)
    GST_WARNING_OBJECT (gate, "audio does not leave: %s",
        gst_flow_get_name (flow));
  else
    GST_INFO_OBJECT (gate, "downstream says %s", gst_flow_get_name (flow));
  gate->last_flow = flow;
}

/* The piece at @time is about to leave as the first of an epoch. */
static void
begin_epoch (GstRealtimeGate * gate, GstClockTime time, GstClockTime hold,
    gboolean opened)
{
  GST_INFO_OBJECT (gate, "epoch at %" GST_TIME_FORMAT ", hold %"
      GST_TIME_FORMAT, GST_TIME_ARGS (time), GST_TIME_ARGS (hold));
  if (opened) {
    g_mutex_lock (&gate->lock);
    gate->heard = 0;
    g_mutex_unlock (&gate->lock);
  }
  gate->told_hold = hold;
  gate->callbacks->epoch (time, hold, gate->user_data);

  /* Downstream, time never runs backwards: RTP timestamps come from it. */
  gate->base = hold;
  if (gate->out_end != GST_CLOCK_TIME_NONE && gate->out_end > time + hold)
    gate->base = gate->out_end - time;
  gate->need_segment = TRUE;
  gate->discont = TRUE;
}

/* Takes @piece: no longer late or early, but now; NULL: silence. */
static void
push_piece (GstRealtimeGate * gate, GstBuffer * piece, guint n)
{
  GstClockTime time = next_running_time (gate), end;
  gboolean mute, passed;
  guint sound;

  g_mutex_lock (&gate->lock);
  mute = gate->mute || time >= gate->mute_from;
  g_mutex_unlock (&gate->lock);
  gate->was_muting = gate->muting;
  gate->muting = mute;
  if (mute && !gate->mute_behind)
    gst_clear_buffer (&piece);
  if (!piece)
    piece = new_silence (n);

  gate->count += n;
  end = next_running_time (gate);
  GST_BUFFER_PTS (piece) = time;
  GST_BUFFER_DTS (piece) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (piece) = end - time;
  if (gate->discont)
    GST_BUFFER_FLAG_SET (piece, GST_BUFFER_FLAG_DISCONT);
  gate->discont = FALSE;
  gate->out_end = end + gate->base;
  realtime_turnstile_passed (&gate->turnstile, end);
  sound = mute ? 0 : find_sound (piece);

  push_sticky_events (gate);
  note_flow (gate, gst_pad_push (gate->srcpad, piece));

  g_mutex_lock (&gate->lock);
  gate->position = end;
  if (sound > 0)
    gate->last_sound = time + samples_to_time (sound);
  gate->heard += n;
  passed = end >= gate->watched;
  if (passed)
    gate->watched = GST_CLOCK_TIME_NONE;
  g_mutex_unlock (&gate->lock);
  if (passed)
    gate->callbacks->passed (end, gate->user_data);
}

/* Takes @piece, of @n samples, at most PIECE_SAMPLES; NULL: silence. Blocks
 * until it may leave. Returns: FALSE when the stream is to stop. */
static gboolean
pass_piece (GstRealtimeGate * gate, GstBuffer * piece, guint n)
{
  RealtimeAdmitAs as = REALTIME_ADMIT_AS_HELD;
  GstClockTime next = next_running_time (gate), time = next, hold;
  RealtimeAdmit admit;

  if (gate->live)
    as = gate->silence ? REALTIME_ADMIT_AS_SILENCE : gate->standing_in ?
        REALTIME_ADMIT_AS_STAND_IN : gate->keep ? REALTIME_ADMIT_AS_KEPT :
        REALTIME_ADMIT_AS_LIVE;
  admit = realtime_turnstile_admit (&gate->turnstile, as, &time, &hold);
  if (admit == REALTIME_ADMIT_STOP || admit == REALTIME_ADMIT_DROP) {
    gst_clear_buffer (&piece);
    if (admit == REALTIME_ADMIT_DROP)
      gate->anchor = GST_CLOCK_TIME_NONE;
    return admit == REALTIME_ADMIT_DROP;
  }

  if (time != next)
    set_anchor (gate, time);
  if (admit != REALTIME_ADMIT_PASS) {
    begin_epoch (gate, time, hold, admit == REALTIME_ADMIT_OPENED);
  } else if (hold != gate->told_hold) {
    gate->told_hold = hold;
    gate->callbacks->hold (hold, gate->user_data);
  }
  push_piece (gate, piece, n);
  return TRUE;
}

static gboolean
pass_silence (GstRealtimeGate * gate, guint64 samples)
{
  while (samples > 0 && gate->anchor != GST_CLOCK_TIME_NONE) {
    guint n = MIN (samples, PIECE_SAMPLES);

    if (!pass_piece (gate, NULL, n))
      return FALSE;
    samples -= n;
  }
  return TRUE;
}

/* Live input that is dropped fills no gaps. */
static gboolean
is_dropping (GstRealtimeGate * gate)
{
  return gate->live && !gate->keep
      && !realtime_turnstile_is_open (&gate->turnstile);
}

/* Makes the next sample the one at running time @time: by silence, or by a new
 * epoch. Returns: FALSE when the stream is to stop. */
static gboolean
align (GstRealtimeGate * gate, GstClockTime time)
{
  GstClockTime next = next_running_time (gate);

  if (next == GST_CLOCK_TIME_NONE) {
    set_anchor (gate, time);
    return TRUE;
  }
  if (ABS (GST_CLOCK_DIFF (next, time)) <= ALIGNMENT_THRESHOLD)
    return TRUE;
  if (time > next && (!gate->live || time - next <= MAX_LIVE_FILL)) {
    GST_INFO_OBJECT (gate, "filling %" GST_TIME_FORMAT " at %"
        GST_TIME_FORMAT, GST_TIME_ARGS (time - next), GST_TIME_ARGS (next));
    return pass_silence (gate, time_to_samples (time - next));
  }

  GST_INFO_OBJECT (gate, "timestamps jump from %" GST_TIME_FORMAT " to %"
      GST_TIME_FORMAT, GST_TIME_ARGS (next), GST_TIME_ARGS (time));
  set_anchor (gate, time);
  realtime_turnstile_ask_epoch (&gate->turnstile);
  return TRUE;
}

/* Asks upstream whether it is live. @last: data is here, so that no answer
 * means that it is not. */
static void
find_kind (GstRealtimeGate * gate, gboolean last)
{
  g_autoptr (GstQuery) query = NULL;
  gboolean known, live = FALSE;

  if (gate->kind_known)
    return;
  query = gst_query_new_latency ();
  known = gst_pad_peer_query (gate->sinkpad, query);
  if (known)
    gst_query_parse_latency (query, &live, NULL, NULL);
  if (!known && !last)
    return;

  GST_INFO_OBJECT (gate, "input is %s", live ? "live" : "not live");
  gate->live = live;
  gate->kind_known = TRUE;
  gate->callbacks->input_kind (live, gate->user_data);
}

/* The running time of a buffer that starts at @pts, or what it must be. */
static GstClockTime
to_running_time (GstRealtimeGate * gate, GstClockTime pts)
{
  GstClockTime time = GST_CLOCK_TIME_NONE;
  GstClockTime next = next_running_time (gate);

  /* At another rate than 1 running times and samples do not add up: only the
   * first is of use. */
  if (gate->segment.format == GST_FORMAT_TIME && pts != GST_CLOCK_TIME_NONE &&
      (gate->segment.rate == 1.0 || next == GST_CLOCK_TIME_NONE))
    time = gst_segment_to_running_time (&gate->segment, GST_FORMAT_TIME, pts);
  if (time == GST_CLOCK_TIME_NONE)
    time = next;
  if (time == GST_CLOCK_TIME_NONE && gate->live)
    time = realtime_turnstile_get_time (&gate->turnstile);
  if (time == GST_CLOCK_TIME_NONE && gate->segment.format == GST_FORMAT_TIME)
    time = gst_segment_to_running_time (&gate->segment, GST_FORMAT_TIME,
        gate->segment.start);
  return time == GST_CLOCK_TIME_NONE ? 0 : time;
}

static gboolean
pass_buffer (GstRealtimeGate * gate, GstBuffer * buffer)
{
  gsize size = gst_buffer_get_size (buffer);
  gboolean gap = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP);
  gsize offset = 0;

  size -= size % BYTES_PER_SAMPLE;
  if (gap)
    return pass_silence (gate, size / BYTES_PER_SAMPLE);
  while (offset < size && gate->anchor != GST_CLOCK_TIME_NONE) {
    gsize n = MIN (size - offset, PIECE_SAMPLES * BYTES_PER_SAMPLE);
    GstBuffer *piece = gst_buffer_copy_region (buffer, GST_BUFFER_COPY_MEMORY,
        offset, n);

    if (!pass_piece (gate, piece, n / BYTES_PER_SAMPLE))
      return FALSE;
    offset += n;
  }
  return TRUE;
}

/* When silence has to stand in for a live source, as the clock's running time. */
static GstClockTime
find_starvation (GstRealtimeGate * gate)
{
  if (!realtime_turnstile_is_open (&gate->turnstile))
    gate->anchor = GST_CLOCK_TIME_NONE;
  if (gate->anchor == GST_CLOCK_TIME_NONE)
    return GST_CLOCK_TIME_NONE;
  return realtime_lateness_get_limit (&gate->lateness,
      next_running_time (gate));
}

/* A live source that stands still is silent: the service hears the turn end, and
 * its count of samples and the clock stay in step. */
static gboolean
stand_in (GstRealtimeGate * gate)
{
  guint changes = realtime_turnstile_get_changes (&gate->turnstile);
  GstClockTime asked = realtime_turnstile_get_time (&gate->turnstile);
  GstClockTime limit, now;
  gboolean ok = TRUE;

  g_mutex_lock (&gate->stream_lock);
  limit = gate->silence ? 0 : find_starvation (gate);
  g_mutex_unlock (&gate->stream_lock);
  if (!realtime_turnstile_wait (&gate->turnstile, limit, changes))
    return FALSE;

  now = realtime_turnstile_get_time (&gate->turnstile);
  g_mutex_lock (&gate->stream_lock);
  if (asked != GST_CLOCK_TIME_NONE && now != GST_CLOCK_TIME_NONE)
    realtime_lateness_note_look (&gate->lateness,
        limit == GST_CLOCK_TIME_NONE ? limit : MAX (limit, asked), now);
  if (!gate->silence && now != GST_CLOCK_TIME_NONE
      && find_starvation (gate) <= now) {
    gate->standing_in = TRUE;
    ok = pass_piece (gate, NULL, PIECE_SAMPLES);
    gate->standing_in = FALSE;
  }
  g_mutex_unlock (&gate->stream_lock);
  return ok;
}

static void
silence_loop (gpointer data)
{
  GstRealtimeGate *gate = data;
  gboolean ended, ok;

  g_mutex_lock (&gate->stream_lock);
  ended = gate->silence;
  g_mutex_unlock (&gate->stream_lock);
  /* Behind the end nobody else streams. */
  ok = ended ? pass_piece (gate, NULL, PIECE_SAMPLES) : stand_in (gate);
  if (!ok)
    gst_pad_pause_task (gate->srcpad);
}

static void
start_silence (GstRealtimeGate * gate)
{
  if (gate->task) {
    realtime_turnstile_wake (&gate->turnstile);
    return;
  }
  gate->task = TRUE;
  gst_pad_start_task (gate->srcpad, silence_loop, gate, NULL);
}

static void
note_arrival (GstRealtimeGate * gate, GstClockTime time)
{
  GstClockTime now;

  if (!gate->live)
    return;
  now = realtime_turnstile_get_time (&gate->turnstile);
  if (now != GST_CLOCK_TIME_NONE)
    realtime_lateness_note (&gate->lateness, time, now);
}

GstFlowReturn
realtime_gate_take_buffer (GstRealtimeGate * gate, GstBuffer * buffer)
{
  gboolean ok = TRUE;

  g_mutex_lock (&gate->stream_lock);
  find_kind (gate, TRUE);
  if (is_dropping (gate)) {
    gate->anchor = GST_CLOCK_TIME_NONE;
  } else {
    gboolean first = gate->anchor == GST_CLOCK_TIME_NONE;
    /* Audioconvert has clipped it to the segment. */
    GstClockTime time = to_running_time (gate, GST_BUFFER_PTS (buffer));

    note_arrival (gate, time);
    ok = align (gate, time) && pass_buffer (gate, buffer);
    if (first && ok && gate->live)
      start_silence (gate);
  }
  g_mutex_unlock (&gate->stream_lock);
  gst_buffer_unref (buffer);
  return ok ? GST_FLOW_OK : GST_FLOW_FLUSHING;
}

void
realtime_gate_take_segment (GstRealtimeGate * gate, GstEvent * event)
{
  g_mutex_lock (&gate->stream_lock);
  gst_event_copy_segment (event, &gate->segment);
  find_kind (gate, FALSE);
  g_mutex_unlock (&gate->stream_lock);
}

static void
fill_gap (GstRealtimeGate * gate, GstClockTime time, GstClockTime duration)
{
  GstClockTime next;

  note_arrival (gate, time);
  if (gate->anchor == GST_CLOCK_TIME_NONE)
    set_anchor (gate, time);
  next = next_running_time (gate);
  if (time + duration > next)
    pass_silence (gate, time_to_samples (time + duration - next));
}

void
realtime_gate_take_gap (GstRealtimeGate * gate, GstEvent * event)
{
  GstClockTime start, duration;

  gst_event_parse_gap (event, &start, &duration);
  g_mutex_lock (&gate->stream_lock);
  find_kind (gate, TRUE);
  if (is_dropping (gate))
    gate->anchor = GST_CLOCK_TIME_NONE;
  else if (duration != GST_CLOCK_TIME_NONE && start != GST_CLOCK_TIME_NONE)
    fill_gap (gate, to_running_time (gate, start), duration);
  g_mutex_unlock (&gate->stream_lock);
}

/* From upstream's streaming thread, or that of a flush. */
static void
stop_silence (GstRealtimeGate * gate)
{
  realtime_turnstile_set_ending (&gate->turnstile, TRUE);
  gst_pad_stop_task (gate->srcpad);
  realtime_turnstile_set_ending (&gate->turnstile, FALSE);
  gate->silence = gate->task = FALSE;
}

void
realtime_gate_take_eos (GstRealtimeGate * gate)
{
  GstClockTime end;

  g_mutex_lock (&gate->stream_lock);
  if (gate->eos) {
    g_mutex_unlock (&gate->stream_lock);
    return;
  }
  find_kind (gate, TRUE);
  if (gate->anchor == GST_CLOCK_TIME_NONE && !gate->live)
    set_anchor (gate, to_running_time (gate, GST_CLOCK_TIME_NONE));
  gate->eos = TRUE;
  end = to_running_time (gate, GST_CLOCK_TIME_NONE);
  g_mutex_lock (&gate->lock);
  gate->end = end;
  g_mutex_unlock (&gate->lock);
  gate->silence = TRUE;
  start_silence (gate);
  gate->callbacks->input_eos (gate->user_data);
  g_mutex_unlock (&gate->stream_lock);
}

void
realtime_gate_end_flush (GstRealtimeGate * gate)
{
  stop_silence (gate);
  gst_segment_init (&gate->segment, GST_FORMAT_UNDEFINED);
  gate->eos = FALSE;
  gate->anchor = GST_CLOCK_TIME_NONE;
  realtime_lateness_reset (&gate->lateness);
  g_mutex_lock (&gate->lock);
  gate->position = GST_CLOCK_TIME_NONE;
  gate->last_sound = GST_CLOCK_TIME_NONE;
  gate->end = GST_CLOCK_TIME_NONE;
  g_mutex_unlock (&gate->lock);
  realtime_turnstile_set_flushing (&gate->turnstile, FALSE);
}

void
realtime_gate_begin_stream (GstRealtimeGate * gate)
{
  if (!gate->eos)
    return;
  stop_silence (gate);
  gate->eos = FALSE;
  g_mutex_lock (&gate->lock);
  gate->end = GST_CLOCK_TIME_NONE;
  g_mutex_unlock (&gate->lock);
}

void
realtime_gate_reset (GstRealtimeGate * gate)
{
  gst_segment_init (&gate->segment, GST_FORMAT_UNDEFINED);
  gate->kind_known = FALSE;
  gate->live = FALSE;
  gate->eos = FALSE;
  gate->silence = gate->task = gate->standing_in = FALSE;
  realtime_lateness_reset (&gate->lateness);
  gate->stream_started = FALSE;
  gate->need_segment = TRUE;
  gate->discont = TRUE;
  gate->base = 0;
  gate->told_hold = 0;
  gate->anchor = GST_CLOCK_TIME_NONE;
  gate->out_end = GST_CLOCK_TIME_NONE;
  gate->last_flow = GST_FLOW_OK;
  gate->muting = gate->was_muting = FALSE;
  realtime_turnstile_reset (&gate->turnstile);

  g_mutex_lock (&gate->lock);
  gate->heard = 0;
  gate->position = GST_CLOCK_TIME_NONE;
  gate->last_sound = GST_CLOCK_TIME_NONE;
  gate->end = GST_CLOCK_TIME_NONE;
  g_mutex_unlock (&gate->lock);
}
