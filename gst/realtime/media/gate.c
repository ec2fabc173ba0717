/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gate.h"
#include "lateness.h"
#include "turnstile.h"

#include <gst/audio/audio.h>

GST_DEBUG_CATEGORY_STATIC (realtime_uplink_debug);
#define GST_CAT_DEFAULT realtime_uplink_debug

#define RATE 48000
#define BYTES_PER_SAMPLE 2
#define PIECE_SAMPLES (RATE / 50)

/* Timestamps that stray less than this from the sample count are jitter. */
#define ALIGNMENT_THRESHOLD (40 * GST_MSECOND)
/* A longer gap in live input is not filled, as its silence would leave in one
 * burst: the epoch is set anew. */
#define MAX_LIVE_FILL (1 * GST_SECOND)
/* -50 dBFS */
#define SOUND_LEVEL 104

#define GATE_CAPS "audio/x-raw, format = (string) " GST_AUDIO_NE (S16) ", " \
    "layout = (string) interleaved, rate = (int) 48000, channels = (int) 1"

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (GATE_CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (GATE_CAPS));

struct _GstRealtimeGate
{
  GstElement parent;

  /* Set once in the constructor. */
  GstPad *sinkpad;
  GstPad *srcpad;
  const GstRealtimeGateCallbacks *callbacks;
  gpointer user_data;

  RealtimeTurnstile turnstile;

  /* Protects everything down to the next comment; held for a moment only. */
  GMutex lock;
  gboolean mute;
  GstClockTime position;
  GstClockTime last_sound;
  GstClockTime end;
  guint64 heard;                /* samples since the first after an open */

  /* Upstream's streaming thread and the silence task, which stands in for it
   * when a live source stands still, and at the end, have this lock while they
   * stream: it protects everything below. Not taken where nothing streams. */
  GMutex stream_lock;
  GstSegment segment;
  gboolean kind_known;
  gboolean live;
  gboolean eos;                 /* input-eos was called */
  gboolean silence;             /* the silence after EOS has begun */
  gboolean task;                /* the silence task was started */
  RealtimeLateness lateness;
  GstClockTime anchor;          /* running time of a sample, NONE: none passes */
  guint64 count;                /* samples since the anchor */
  gboolean stream_started;
  gboolean need_segment;
  gboolean discont;
  GstClockTime base;            /* downstream's running time less the input's */
  GstClockTime told_hold;
  GstClockTime out_end;         /* downstream's running time, NONE: none left */
  GstFlowReturn last_flow;
  gboolean mute_behind;
  gboolean muting;              /* the piece that leaves is muted */
  gboolean was_muting;          /* and the one before it */
};

G_DEFINE_TYPE_WITH_CODE (GstRealtimeGate, gst_realtime_gate, GST_TYPE_ELEMENT,
    GST_DEBUG_CATEGORY_INIT (realtime_uplink_debug, "realtimeuplink", 0,
        "Audio on its way to the service"));

static GstClockTime
samples_to_time (guint64 samples)
{
  return gst_util_uint64_scale (samples, GST_SECOND, RATE);
}

static guint64
time_to_samples (GstClockTime time)
{
  return gst_util_uint64_scale_round (time, RATE, GST_SECOND);
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
    g_autoptr (GstCaps) caps = gst_static_caps_get (&src_template.static_caps);
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
  gboolean mute;
  guint sound;

  g_mutex_lock (&gate->lock);
  mute = gate->mute;
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
  g_mutex_unlock (&gate->lock);
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
    as = gate->silence ? REALTIME_ADMIT_AS_SILENCE : REALTIME_ADMIT_AS_LIVE;
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
  return gate->live && !realtime_turnstile_is_open (&gate->turnstile);
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
  GstClockTime limit, now;
  gboolean ok = TRUE;

  g_mutex_lock (&gate->stream_lock);
  limit = gate->silence ? 0 : find_starvation (gate);
  g_mutex_unlock (&gate->stream_lock);
  if (!realtime_turnstile_wait (&gate->turnstile, limit, changes))
    return FALSE;

  now = realtime_turnstile_get_time (&gate->turnstile);
  g_mutex_lock (&gate->stream_lock);
  if (!gate->silence && now != GST_CLOCK_TIME_NONE
      && find_starvation (gate) <= now)
    ok = pass_piece (gate, NULL, PIECE_SAMPLES);
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

static GstFlowReturn
gst_realtime_gate_chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  GstRealtimeGate *gate = GST_REALTIME_GATE (parent);
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

static void
handle_gap (GstRealtimeGate * gate, GstEvent * event)
{
  GstClockTime start, duration, time, next;

  find_kind (gate, TRUE);
  gst_event_parse_gap (event, &start, &duration);
  if (is_dropping (gate)) {
    gate->anchor = GST_CLOCK_TIME_NONE;
    return;
  }
  if (duration == GST_CLOCK_TIME_NONE || start == GST_CLOCK_TIME_NONE)
    return;

  time = to_running_time (gate, start);
  if (gate->anchor == GST_CLOCK_TIME_NONE)
    set_anchor (gate, time);
  next = next_running_time (gate);
  if (time + duration > next)
    pass_silence (gate, time_to_samples (time + duration - next));
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

static void
handle_eos (GstRealtimeGate * gate)
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
  gate->callbacks->input_eos (gate->user_data);
  gate->silence = TRUE;
  start_silence (gate);
  g_mutex_unlock (&gate->stream_lock);
}

static void
end_flush (GstRealtimeGate * gate)
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

/* Downstream gets a stream of our own making, which begins once and never
 * flushes: it shares its transport with other streams that must not stop. */
static gboolean
gst_realtime_gate_sink_event (GstPad * pad, GstObject * parent,
    GstEvent * event)
{
  GstRealtimeGate *gate = GST_REALTIME_GATE (parent);

  GST_LOG_OBJECT (gate, "%" GST_PTR_FORMAT, event);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      if (gate->eos) {
        stop_silence (gate);
        gate->eos = FALSE;
        g_mutex_lock (&gate->lock);
        gate->end = GST_CLOCK_TIME_NONE;
        g_mutex_unlock (&gate->lock);
      }
      break;
    case GST_EVENT_SEGMENT:
      g_mutex_lock (&gate->stream_lock);
      gst_event_copy_segment (event, &gate->segment);
      find_kind (gate, FALSE);
      g_mutex_unlock (&gate->stream_lock);
      break;
    case GST_EVENT_GAP:
      g_mutex_lock (&gate->stream_lock);
      handle_gap (gate, event);
      g_mutex_unlock (&gate->stream_lock);
      break;
    case GST_EVENT_EOS:
      handle_eos (gate);
      break;
    case GST_EVENT_FLUSH_START:
      realtime_turnstile_set_flushing (&gate->turnstile, TRUE);
      break;
    case GST_EVENT_FLUSH_STOP:
      end_flush (gate);
      break;
    default:
      break;
  }
  gst_event_unref (event);
  return TRUE;
}

static gboolean
gst_realtime_gate_sink_query (GstPad * pad, GstObject * parent,
    GstQuery * query)
{
  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_CAPS:
    case GST_QUERY_ACCEPT_CAPS:
      return gst_pad_query_default (pad, parent, query);
    default:
      /* Buffers are kept for long: no allocation from downstream. */
      return FALSE;
  }
}

static gboolean
gst_realtime_gate_src_query (GstPad * pad, GstObject * parent, GstQuery * query)
{
  GstRealtimeGate *gate = GST_REALTIME_GATE (parent);
  gboolean live;

  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_CAPS:
    case GST_QUERY_ACCEPT_CAPS:
      return gst_pad_query_default (pad, parent, query);
    case GST_QUERY_LATENCY:
      if (!gst_pad_peer_query (gate->sinkpad, query))
        return FALSE;
      gst_query_parse_latency (query, &live, NULL, NULL);
      /* Paced by the clock, with the hold in the segment's base. */
      if (!live)
        gst_query_set_latency (query, TRUE, 0, GST_CLOCK_TIME_NONE);
      return TRUE;
    case GST_QUERY_POSITION:{
      GstClockTime position = gst_realtime_gate_get_position (gate);
      GstFormat format;

      gst_query_parse_position (query, &format, NULL);
      if (format != GST_FORMAT_TIME || position == GST_CLOCK_TIME_NONE)
        return FALSE;
      gst_query_set_position (query, format, position);
      return TRUE;
    }
    default:
      return FALSE;
  }
}

/* A session does not seek, and quality of service has nothing to skip. */
static gboolean
gst_realtime_gate_src_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  gboolean handled = GST_EVENT_TYPE (event) != GST_EVENT_SEEK;

  gst_event_unref (event);
  return handled;
}

static gboolean
gst_realtime_gate_src_activate_mode (GstPad * pad, GstObject * parent,
    GstPadMode mode, gboolean active)
{
  if (mode != GST_PAD_MODE_PUSH)
    return FALSE;
  return active || gst_pad_stop_task (pad);
}

static void
reset (GstRealtimeGate * gate)
{
  gst_segment_init (&gate->segment, GST_FORMAT_UNDEFINED);
  gate->kind_known = FALSE;
  gate->live = FALSE;
  gate->eos = FALSE;
  gate->silence = gate->task = FALSE;
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

static GstStateChangeReturn
gst_realtime_gate_change_state (GstElement * element, GstStateChange transition)
{
  GstRealtimeGate *gate = GST_REALTIME_GATE (element);
  GstStateChangeReturn ret;

  switch (transition) {
    case GST_STATE_CHANGE_READY_TO_PAUSED:
      realtime_turnstile_set_running (&gate->turnstile, TRUE, FALSE);
      break;
    case GST_STATE_CHANGE_PAUSED_TO_PLAYING:
      realtime_turnstile_set_running (&gate->turnstile, TRUE, TRUE);
      break;
    case GST_STATE_CHANGE_PLAYING_TO_PAUSED:
      realtime_turnstile_set_running (&gate->turnstile, TRUE, FALSE);
      break;
    case GST_STATE_CHANGE_PAUSED_TO_READY:
      /* Lets the streaming threads go, for which the parent waits. */
      realtime_turnstile_set_running (&gate->turnstile, FALSE, FALSE);
      break;
    default:
      break;
  }

  ret = GST_ELEMENT_CLASS (gst_realtime_gate_parent_class)->change_state
      (element, transition);
  if (ret == GST_STATE_CHANGE_FAILURE)
    return ret;

  switch (transition) {
    case GST_STATE_CHANGE_READY_TO_PAUSED:
    case GST_STATE_CHANGE_PLAYING_TO_PAUSED:
      /* Nothing leaves while the clock does not run. */
      return GST_STATE_CHANGE_NO_PREROLL;
    case GST_STATE_CHANGE_PAUSED_TO_READY:
      reset (gate);
      break;
    default:
      break;
  }
  return ret;
}

static gboolean
gst_realtime_gate_set_clock (GstElement * element, GstClock * clock)
{
  GstRealtimeGate *gate = GST_REALTIME_GATE (element);
  gboolean ret;

  ret = GST_ELEMENT_CLASS (gst_realtime_gate_parent_class)->set_clock (element,
      clock);
  realtime_turnstile_wake (&gate->turnstile);
  return ret;
}

static void
gst_realtime_gate_finalize (GObject * object)
{
  GstRealtimeGate *gate = GST_REALTIME_GATE (object);

  g_mutex_clear (&gate->lock);
  g_mutex_clear (&gate->stream_lock);
  realtime_turnstile_clear (&gate->turnstile);
  G_OBJECT_CLASS (gst_realtime_gate_parent_class)->finalize (object);
}

static void
gst_realtime_gate_class_init (GstRealtimeGateClass * klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gst_realtime_gate_finalize;
  element_class->change_state = gst_realtime_gate_change_state;
  element_class->set_clock = gst_realtime_gate_set_clock;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Realtime gate",
      "Filter/Audio", "Holds, drops and paces audio on its way to a service",
      "gst-plugins-realtime");
}

static void
gst_realtime_gate_init (GstRealtimeGate * gate)
{
  g_mutex_init (&gate->lock);
  g_mutex_init (&gate->stream_lock);
  realtime_turnstile_init (&gate->turnstile, GST_ELEMENT (gate));

  gate->sinkpad = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (gate->sinkpad, gst_realtime_gate_chain);
  gst_pad_set_event_function (gate->sinkpad, gst_realtime_gate_sink_event);
  gst_pad_set_query_function (gate->sinkpad, gst_realtime_gate_sink_query);
  gst_element_add_pad (GST_ELEMENT (gate), gate->sinkpad);

  gate->srcpad = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_set_query_function (gate->srcpad, gst_realtime_gate_src_query);
  gst_pad_set_event_function (gate->srcpad, gst_realtime_gate_src_event);
  gst_pad_set_activatemode_function (gate->srcpad,
      gst_realtime_gate_src_activate_mode);
  gst_pad_use_fixed_caps (gate->srcpad);
  gst_element_add_pad (GST_ELEMENT (gate), gate->srcpad);

  reset (gate);
}

GstElement *
gst_realtime_gate_new (const GstRealtimeGateCallbacks * callbacks,
    gpointer user_data)
{
  GstRealtimeGate *gate = g_object_new (GST_TYPE_REALTIME_GATE, NULL);

  gate->callbacks = callbacks;
  gate->user_data = user_data;
  return GST_ELEMENT (gate);
}

void
gst_realtime_gate_open (GstRealtimeGate * gate)
{
  realtime_turnstile_open (&gate->turnstile);
}

void
gst_realtime_gate_close (GstRealtimeGate * gate)
{
  realtime_turnstile_close (&gate->turnstile);
}

void
gst_realtime_gate_set_mute (GstRealtimeGate * gate, gboolean mute)
{
  g_mutex_lock (&gate->lock);
  gate->mute = mute;
  g_mutex_unlock (&gate->lock);
}

void
gst_realtime_gate_set_mute_behind (GstRealtimeGate * gate, gboolean behind)
{
  gate->mute_behind = behind;
}

gboolean
gst_realtime_gate_is_muting (GstRealtimeGate * gate)
{
  return gate->muting || gate->was_muting;
}

static guint64
get_locked (GstRealtimeGate * gate, const guint64 * value)
{
  guint64 ret;

  g_mutex_lock (&gate->lock);
  ret = *value;
  g_mutex_unlock (&gate->lock);
  return ret;
}

GstClockTime
gst_realtime_gate_get_position (GstRealtimeGate * gate)
{
  return get_locked (gate, &gate->position);
}

GstClockTime
gst_realtime_gate_get_hold (GstRealtimeGate * gate)
{
  return realtime_turnstile_get_hold (&gate->turnstile);
}

GstClockTime
gst_realtime_gate_get_last_sound (GstRealtimeGate * gate)
{
  return get_locked (gate, &gate->last_sound);
}

GstClockTime
gst_realtime_gate_get_end (GstRealtimeGate * gate)
{
  return get_locked (gate, &gate->end);
}

GstClockTime
gst_realtime_gate_get_heard (GstRealtimeGate * gate)
{
  return samples_to_time (get_locked (gate, &gate->heard));
}
