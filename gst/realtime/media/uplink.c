/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "uplink.h"
#include "factories.h"
#include "gate.h"

#define FRAME_SAMPLES 480

#define GST_TYPE_REALTIME_UPLINK (gst_realtime_uplink_get_type ())
G_DECLARE_FINAL_TYPE (GstRealtimeUplink, gst_realtime_uplink, GST,
    REALTIME_UPLINK, GstBin);

struct _GstRealtimeUplink
{
  GstBin parent;

  GstRealtimeGate *gate;        /* set once when made; owned by the bin */
  GstElement *resample;         /* what stands before it or its queue */

  /* Set while nothing streams. */
  GstElement *dsp;              /* owned by the bin; NULL: none */
  gboolean mutes;               /* behind the dsp: the gate leaves it to us */

  /* With the object lock. */
  GstElement *queue;            /* before the gate, the bin's; NULL: none */
  gboolean live, open;
  gulong look_id;               /* the probe that looks at what leaves */
  RealtimeSegmenter *next_segmenter;    /* NULL: none */
  gint segmenter_changed;       /* atomic */

  /* The streaming thread's. */
  RealtimeSegmenter *segmenter; /* NULL: none */
  gboolean detects;             /* the dsp has told of a voice */
  gboolean voice;               /* what it told last */
  gint16 frame[FRAME_SAMPLES];
  guint filled;
  GstClockTime frame_time;
};

G_DEFINE_TYPE (GstRealtimeUplink, gst_realtime_uplink, GST_TYPE_BIN);

enum
{
  SIGNAL_INPUT_KIND,
  SIGNAL_EPOCH,
  SIGNAL_HOLD,
  SIGNAL_INPUT_EOS,
  SIGNAL_SPEECH_STARTED,
  SIGNAL_SPEECH_STOPPED,
  SIGNAL_PASSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("audio/x-raw"));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("audio/x-raw, format = (string) S16LE, "
        "layout = (string) interleaved, rate = (int) 48000, "
        "channels = (int) 1"));

static void
on_input_kind (gboolean live, gpointer uplink)
{
  g_signal_emit (uplink, signals[SIGNAL_INPUT_KIND], 0, live);
}

static void
on_epoch (GstClockTime running_time, GstClockTime hold, gpointer user_data)
{
  GstRealtimeUplink *uplink = user_data;

  /* the first sample that a session hears: it knows of nothing before */
  if (uplink->segmenter && gst_realtime_gate_get_heard (uplink->gate) == 0)
    realtime_segmenter_reset (uplink->segmenter);
  g_signal_emit (uplink, signals[SIGNAL_EPOCH], 0, running_time, hold);
}

static void
on_hold (GstClockTime hold, gpointer uplink)
{
  g_signal_emit (uplink, signals[SIGNAL_HOLD], 0, hold);
}

static void
on_input_eos (gpointer uplink)
{
  g_signal_emit (uplink, signals[SIGNAL_INPUT_EOS], 0);
}

static void
on_passed (GstClockTime running_time, gpointer uplink)
{
  g_signal_emit (uplink, signals[SIGNAL_PASSED], 0, running_time);
}

static const GstRealtimeGateCallbacks gate_callbacks = {
  on_input_kind, on_epoch, on_hold, on_input_eos, on_passed
};

/* --- what leaves, in the streaming thread --- */

static void
look_at_frame (GstRealtimeUplink * uplink)
{
  RealtimeSegmenter *segmenter = uplink->segmenter;
  gdouble level = realtime_segmenter_level (uplink->frame, FRAME_SAMPLES);
  RealtimeSegmenterFinding finding =
      realtime_segmenter_frame (segmenter, uplink->frame_time, level,
      uplink->voice || !uplink->detects);

  if (finding & REALTIME_SEGMENTER_STOPPED)
    g_signal_emit (uplink, signals[SIGNAL_SPEECH_STOPPED], 0,
        realtime_segmenter_get_stop (segmenter));
  if (finding & REALTIME_SEGMENTER_STARTED)
    g_signal_emit (uplink, signals[SIGNAL_SPEECH_STARTED], 0,
        realtime_segmenter_get_start (segmenter));
}

static void
look_for_speech (GstRealtimeUplink * uplink, GstBuffer * buffer)
{
  GstClockTime time = GST_BUFFER_PTS (buffer);
  GstMapInfo map;
  gsize offset = 0, n;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;
  n = map.size / sizeof (gint16);
  if (uplink->filled > 0 && ABS (GST_CLOCK_DIFF (uplink->frame_time +
              gst_util_uint64_scale (uplink->filled, GST_SECOND, 48000),
              time)) >= REALTIME_SEGMENTER_FRAME)
    uplink->filled = 0;
  while (offset < n) {
    guint part = MIN (n - offset, FRAME_SAMPLES - uplink->filled);

    if (uplink->filled == 0)
      uplink->frame_time = time + gst_util_uint64_scale (offset, GST_SECOND,
          48000);
    memcpy (uplink->frame + uplink->filled, (gint16 *) map.data + offset,
        part * sizeof (gint16));
    uplink->filled += part;
    offset += part;
    if (uplink->filled == FRAME_SAMPLES) {
      uplink->filled = 0;
      look_at_frame (uplink);
    }
  }
  gst_buffer_unmap (buffer, &map);
}

static void
take_segmenter (GstRealtimeUplink * uplink)
{
  if (!g_atomic_int_compare_and_exchange (&uplink->segmenter_changed, TRUE,
          FALSE))
    return;
  g_clear_pointer (&uplink->segmenter, realtime_segmenter_free);
  GST_OBJECT_LOCK (uplink);
  uplink->segmenter = g_steal_pointer (&uplink->next_segmenter);
  GST_OBJECT_UNLOCK (uplink);
}

static GstPadProbeReturn
look (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstRealtimeUplink *uplink = user_data;

  if (uplink->mutes && gst_realtime_gate_is_muting (uplink->gate)) {
    GstBuffer *buffer =
        gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));

    gst_buffer_memset (buffer, 0, 0, -1);
    GST_PAD_PROBE_INFO_DATA (info) = buffer;
  }
  take_segmenter (uplink);
  if (uplink->segmenter)
    look_for_speech (uplink, GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_OK;
}

/* What the dsp tells is for us: an application would get it at each syllable. */
static void
gst_realtime_uplink_handle_message (GstBin * bin, GstMessage * message)
{
  GstRealtimeUplink *uplink = GST_REALTIME_UPLINK (bin);
  gboolean voice;

  /* On disposal it is told of children that are gone. */
  if ((gpointer) GST_MESSAGE_SRC (message) == (gpointer) uplink->dsp &&
      gst_realtime_processing_parse_voice (message, &voice)) {
    uplink->detects = TRUE;
    uplink->voice = voice;
    gst_message_unref (message);
    return;
  }
  GST_BIN_CLASS (gst_realtime_uplink_parent_class)->handle_message (bin,
      message);
}

static void
gst_realtime_uplink_finalize (GObject * object)
{
  GstRealtimeUplink *uplink = GST_REALTIME_UPLINK (object);

  g_clear_pointer (&uplink->segmenter, realtime_segmenter_free);
  g_clear_pointer (&uplink->next_segmenter, realtime_segmenter_free);
  G_OBJECT_CLASS (gst_realtime_uplink_parent_class)->finalize (object);
}

static void
gst_realtime_uplink_class_init (GstRealtimeUplinkClass * klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gst_realtime_uplink_finalize;
  GST_BIN_CLASS (klass)->handle_message = gst_realtime_uplink_handle_message;

  signals[SIGNAL_INPUT_KIND] = g_signal_new ("input-kind",
      G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[SIGNAL_EPOCH] = g_signal_new ("epoch", G_TYPE_FROM_CLASS (klass),
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT64,
      G_TYPE_UINT64);
  signals[SIGNAL_HOLD] = g_signal_new ("hold", G_TYPE_FROM_CLASS (klass),
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
  signals[SIGNAL_INPUT_EOS] = g_signal_new ("input-eos",
      G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 0);
  signals[SIGNAL_SPEECH_STARTED] = g_signal_new ("speech-started",
      G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 1, G_TYPE_UINT64);
  signals[SIGNAL_SPEECH_STOPPED] = g_signal_new ("speech-stopped",
      G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 1, G_TYPE_UINT64);
  signals[SIGNAL_PASSED] = g_signal_new ("passed", G_TYPE_FROM_CLASS (klass),
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Realtime uplink",
      "Filter/Audio/Bin", "Audio on its way to a service",
      "gst-plugins-realtime");
}

static void
gst_realtime_uplink_init (GstRealtimeUplink * uplink)
{
}

GstElement *
gst_realtime_uplink_new (const gchar ** missing)
{
  static const gchar *const needs[] = { "audioconvert", "audioresample", NULL };
  g_autoptr (GstPad) first = NULL, last = NULL;
  GstRealtimeUplink *uplink;
  GstElement *convert, *resample, *gate;

  if (!gst_realtime_factories_exist (needs, missing))
    return NULL;

  uplink = g_object_new (GST_TYPE_REALTIME_UPLINK, NULL);
  convert = gst_element_factory_make ("audioconvert", NULL);
  resample = gst_element_factory_make ("audioresample", NULL);
  gate = gst_realtime_gate_new (&gate_callbacks, uplink);
  uplink->gate = GST_REALTIME_GATE (gate);
  uplink->resample = resample;
  gst_bin_add_many (GST_BIN (uplink), convert, resample, gate, NULL);
  gst_element_link_many (convert, resample, gate, NULL);

  first = gst_element_get_static_pad (convert, "sink");
  last = gst_element_get_static_pad (gate, "src");
  gst_element_add_pad (GST_ELEMENT (uplink),
      gst_ghost_pad_new_from_template ("sink", first,
          gst_element_get_pad_template (GST_ELEMENT (uplink), "sink")));
  gst_element_add_pad (GST_ELEMENT (uplink),
      gst_ghost_pad_new_from_template ("src", last,
          gst_element_get_pad_template (GST_ELEMENT (uplink), "src")));
  return GST_ELEMENT (uplink);
}

static void
remove_dsp (GstRealtimeUplink * uplink)
{
  if (!uplink->dsp)
    return;
  gst_element_set_state (uplink->dsp, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (uplink), uplink->dsp);
  uplink->dsp = NULL;
}

/* While nobody hears it, the queue forgets the oldest of a live input; a file
 * waits, and so does everything once it is heard. */
static void
update_leak (GstRealtimeUplink * uplink)
{
  g_autoptr (GstElement) queue = NULL;
  gboolean leaks;

  GST_OBJECT_LOCK (uplink);
  if (uplink->queue)
    queue = gst_object_ref (uplink->queue);
  leaks = uplink->live && !uplink->open;
  GST_OBJECT_UNLOCK (uplink);
  if (queue)
    gst_util_set_object_arg (G_OBJECT (queue), "leaky",
        leaks ? "downstream" : "no");
}

/* Before the first sample comes to the queue. */
static GstPadProbeReturn
find_liveness (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstRealtimeUplink *uplink = user_data;
  g_autoptr (GstQuery) query = NULL;
  gboolean live = FALSE;

  if (GST_EVENT_TYPE (info->data) != GST_EVENT_SEGMENT)
    return GST_PAD_PROBE_OK;
  query = gst_query_new_latency ();
  if (gst_pad_peer_query (pad, query))
    gst_query_parse_latency (query, &live, NULL, NULL);
  GST_OBJECT_LOCK (uplink);
  uplink->live = live;
  GST_OBJECT_UNLOCK (uplink);
  update_leak (uplink);
  return GST_PAD_PROBE_OK;
}

static void
set_open (GstRealtimeUplink * uplink, gboolean open)
{
  GST_OBJECT_LOCK (uplink);
  uplink->open = open;
  GST_OBJECT_UNLOCK (uplink);
  update_leak (uplink);
}

static GstElement *
add_queue (GstRealtimeUplink * uplink)
{
  GstElement *queue = gst_element_factory_make ("queue", NULL);
  GstElement *gate = GST_ELEMENT (uplink->gate);
  g_autoptr (GstPad) sink = gst_element_get_static_pad (queue, "sink");

  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, find_liveness,
      uplink, NULL);
  gst_element_unlink (uplink->resample, gate);
  gst_bin_add (GST_BIN (uplink), queue);
  gst_element_link_many (uplink->resample, queue, gate, NULL);
  return queue;
}

static void
remove_queue (GstRealtimeUplink * uplink, GstElement * queue)
{
  gst_element_set_state (queue, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (uplink), queue);
  gst_element_link (uplink->resample, GST_ELEMENT (uplink->gate));
}

void
gst_realtime_uplink_set_pre_connect_buffer (GstElement * element, guint ms)
{
  GstRealtimeUplink *uplink;
  GstElement *queue;

  g_return_if_fail (GST_IS_REALTIME_UPLINK (element));
  uplink = GST_REALTIME_UPLINK (element);
  gst_realtime_gate_set_keep (uplink->gate, ms * GST_MSECOND);

  GST_OBJECT_LOCK (uplink);
  queue = g_steal_pointer (&uplink->queue);
  uplink->live = uplink->open = FALSE;
  GST_OBJECT_UNLOCK (uplink);
  if (ms == 0 && queue)
    remove_queue (uplink, queue);
  if (ms == 0)
    return;

  if (!queue)
    queue = add_queue (uplink);
  g_object_set (queue, "max-size-buffers", 0, "max-size-bytes", 0,
      "max-size-time", ms * GST_MSECOND, "silent", TRUE, NULL);
  GST_OBJECT_LOCK (uplink);
  uplink->queue = queue;
  GST_OBJECT_UNLOCK (uplink);
}

/* Whether something looks at what leaves. */
static void
set_looking (GstRealtimeUplink * uplink, gboolean looking)
{
  g_autoptr (GstPad) ghost =
      gst_element_get_static_pad (GST_ELEMENT (uplink), "src");
  g_autoptr (GstPad) last = gst_ghost_pad_get_target (GST_GHOST_PAD (ghost));
  gulong id = 0;

  GST_OBJECT_LOCK (uplink);
  if (!looking) {
    id = uplink->look_id;
    uplink->look_id = 0;
  } else if (!uplink->look_id) {
    uplink->look_id = gst_pad_add_probe (last, GST_PAD_PROBE_TYPE_BUFFER, look,
        uplink, NULL);
  }
  GST_OBJECT_UNLOCK (uplink);
  if (id)
    gst_pad_remove_probe (last, id);
}

gboolean
gst_realtime_uplink_set_processing (GstElement * element,
    const GstRealtimeProcessing * processing, const gchar ** missing)
{
  GstRealtimeUplink *uplink = GST_REALTIME_UPLINK (element);
  gboolean changes = gst_realtime_processing_changes (processing);
  gboolean wanted = changes || processing->voice_detection;
  const gchar *none =
      wanted ? gst_realtime_processing_find_missing (processing) : NULL;
  g_autoptr (GstPad) ghost = gst_element_get_static_pad (element, "src");
  g_autoptr (GstPad) last = NULL;

  if (none && changes) {
    *missing = none;
    return FALSE;
  }

  set_looking (uplink, FALSE);
  gst_ghost_pad_set_target (GST_GHOST_PAD (ghost), NULL);
  remove_dsp (uplink);
  if (wanted && !none) {
    uplink->dsp = gst_realtime_processing_new (processing);
    gst_bin_add (GST_BIN (uplink), uplink->dsp);
    gst_element_link (GST_ELEMENT (uplink->gate), uplink->dsp);
  }
  last = gst_element_get_static_pad (uplink->dsp ? uplink->dsp :
      GST_ELEMENT (uplink->gate), "src");
  gst_ghost_pad_set_target (GST_GHOST_PAD (ghost), last);

  uplink->mutes = uplink->dsp != NULL;
  gst_realtime_gate_set_mute_behind (uplink->gate, uplink->mutes);
  uplink->detects = uplink->voice = FALSE;
  uplink->filled = 0;
  take_segmenter (uplink);
  if (uplink->dsp || uplink->segmenter)
    set_looking (uplink, TRUE);
  return TRUE;
}

void
gst_realtime_uplink_set_segmenter (GstElement * element,
    const RealtimeSegmenterSettings * settings)
{
  GstRealtimeUplink *uplink;
  RealtimeSegmenter *before;

  g_return_if_fail (GST_IS_REALTIME_UPLINK (element));
  uplink = GST_REALTIME_UPLINK (element);
  GST_OBJECT_LOCK (uplink);
  before = uplink->next_segmenter;
  uplink->next_segmenter = settings ? realtime_segmenter_new (settings) : NULL;
  g_atomic_int_set (&uplink->segmenter_changed, TRUE);
  GST_OBJECT_UNLOCK (uplink);
  if (before)
    realtime_segmenter_free (before);
  if (settings)
    set_looking (uplink, TRUE);
}

void
gst_realtime_uplink_open (GstElement * uplink)
{
  g_return_if_fail (GST_IS_REALTIME_UPLINK (uplink));
  set_open (GST_REALTIME_UPLINK (uplink), TRUE);
  gst_realtime_gate_open (GST_REALTIME_UPLINK (uplink)->gate);
}

gboolean
gst_realtime_uplink_is_open (GstElement * element)
{
  GstRealtimeUplink *uplink;
  gboolean open;

  g_return_val_if_fail (GST_IS_REALTIME_UPLINK (element), FALSE);
  uplink = GST_REALTIME_UPLINK (element);
  GST_OBJECT_LOCK (uplink);
  open = uplink->open;
  GST_OBJECT_UNLOCK (uplink);
  return open;
}

void
gst_realtime_uplink_close (GstElement * uplink)
{
  g_return_if_fail (GST_IS_REALTIME_UPLINK (uplink));
  gst_realtime_gate_close (GST_REALTIME_UPLINK (uplink)->gate);
  set_open (GST_REALTIME_UPLINK (uplink), FALSE);
}

void
gst_realtime_uplink_set_mute (GstElement * uplink, gboolean mute)
{
  g_return_if_fail (GST_IS_REALTIME_UPLINK (uplink));
  gst_realtime_gate_set_mute (GST_REALTIME_UPLINK (uplink)->gate, mute);
}

void
gst_realtime_uplink_set_mute_from (GstElement * uplink,
    GstClockTime running_time)
{
  g_return_if_fail (GST_IS_REALTIME_UPLINK (uplink));
  gst_realtime_gate_set_mute_from (GST_REALTIME_UPLINK (uplink)->gate,
      running_time);
}

void
gst_realtime_uplink_watch (GstElement * uplink, GstClockTime running_time)
{
  g_return_if_fail (GST_IS_REALTIME_UPLINK (uplink));
  gst_realtime_gate_watch (GST_REALTIME_UPLINK (uplink)->gate, running_time);
}

GstClockTime
gst_realtime_uplink_get_position (GstElement * uplink)
{
  g_return_val_if_fail (GST_IS_REALTIME_UPLINK (uplink), GST_CLOCK_TIME_NONE);
  return gst_realtime_gate_get_position (GST_REALTIME_UPLINK (uplink)->gate);
}

GstClockTime
gst_realtime_uplink_get_hold (GstElement * uplink)
{
  g_return_val_if_fail (GST_IS_REALTIME_UPLINK (uplink), 0);
  return gst_realtime_gate_get_hold (GST_REALTIME_UPLINK (uplink)->gate);
}

GstClockTime
gst_realtime_uplink_get_last_sound (GstElement * uplink)
{
  g_return_val_if_fail (GST_IS_REALTIME_UPLINK (uplink), GST_CLOCK_TIME_NONE);
  return gst_realtime_gate_get_last_sound (GST_REALTIME_UPLINK (uplink)->gate);
}

GstClockTime
gst_realtime_uplink_get_end (GstElement * uplink)
{
  g_return_val_if_fail (GST_IS_REALTIME_UPLINK (uplink), GST_CLOCK_TIME_NONE);
  return gst_realtime_gate_get_end (GST_REALTIME_UPLINK (uplink)->gate);
}

GstClockTime
gst_realtime_uplink_get_heard (GstElement * uplink)
{
  g_return_val_if_fail (GST_IS_REALTIME_UPLINK (uplink), 0);
  return gst_realtime_gate_get_heard (GST_REALTIME_UPLINK (uplink)->gate);
}
