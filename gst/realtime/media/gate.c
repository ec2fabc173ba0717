/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gate-private.h"

#include <gst/audio/audio.h>

GST_DEBUG_CATEGORY (realtime_uplink_debug);
#define GST_CAT_DEFAULT realtime_uplink_debug

#define GATE_CAPS "audio/x-raw, format = (string) " GST_AUDIO_NE (S16) ", " \
    "layout = (string) interleaved, rate = (int) 48000, channels = (int) 1"

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (GATE_CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (GATE_CAPS));

G_DEFINE_TYPE_WITH_CODE (GstRealtimeGate, gst_realtime_gate, GST_TYPE_ELEMENT,
    GST_DEBUG_CATEGORY_INIT (realtime_uplink_debug, "realtimeuplink", 0,
        "Audio on its way to the service"));

static GstFlowReturn
gst_realtime_gate_chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  return realtime_gate_take_buffer (GST_REALTIME_GATE (parent), buffer);
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
      realtime_gate_begin_stream (gate);
      break;
    case GST_EVENT_SEGMENT:
      realtime_gate_take_segment (gate, event);
      break;
    case GST_EVENT_GAP:
      realtime_gate_take_gap (gate, event);
      break;
    case GST_EVENT_EOS:
      realtime_gate_take_eos (gate);
      break;
    case GST_EVENT_FLUSH_START:
      realtime_turnstile_set_flushing (&gate->turnstile, TRUE);
      break;
    case GST_EVENT_FLUSH_STOP:
      realtime_gate_end_flush (gate);
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
      realtime_gate_reset (gate);
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

  gate->mute_from = gate->watched = GST_CLOCK_TIME_NONE;
  realtime_gate_reset (gate);
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

void
gst_realtime_gate_set_keep (GstRealtimeGate * gate, GstClockTime keep)
{
  gate->keep = keep > 0;
  realtime_turnstile_set_keep (&gate->turnstile, keep);
}

gboolean
gst_realtime_gate_is_muting (GstRealtimeGate * gate)
{
  return gate->muting || gate->was_muting;
}

void
gst_realtime_gate_set_mute_from (GstRealtimeGate * gate,
    GstClockTime running_time)
{
  g_mutex_lock (&gate->lock);
  gate->mute_from = running_time;
  g_mutex_unlock (&gate->lock);
}

void
gst_realtime_gate_watch (GstRealtimeGate * gate, GstClockTime running_time)
{
  g_mutex_lock (&gate->lock);
  gate->watched = running_time;
  g_mutex_unlock (&gate->lock);
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
  return gst_util_uint64_scale (get_locked (gate, &gate->heard), GST_SECOND,
      REALTIME_GATE_RATE);
}
