/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <gst/base/gstbasetransform.h>

#include "factories.h"
#include "processing.h"

#define DSP "webrtcdsp"
#define PROBE "webrtcechoprobe"

/* What webrtcdsp makes of timestamps: it puts out running times as timestamps
 * and passes the segment unchanged. So it is given a segment in which the two
 * are the same, and behind it the input's own is restored. */
typedef struct
{
  GstSegment segment;           /* the input's; the streaming thread's */
} Shift;

static GstClockTime
get_offset (const Shift * shift)
{
  return shift->segment.format == GST_FORMAT_TIME ? shift->segment.base : 0;
}

static GstPadProbeReturn
shift_in (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Shift *shift = user_data;

  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
    GstBuffer *buffer =
        gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));

    GST_BUFFER_PTS (buffer) += get_offset (shift);
    GST_PAD_PROBE_INFO_DATA (info) = buffer;
  } else if (GST_EVENT_TYPE (info->data) == GST_EVENT_SEGMENT) {
    GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
    GstSegment plain;

    gst_event_copy_segment (event, &shift->segment);
    gst_segment_init (&plain, GST_FORMAT_TIME);
    gst_event_unref (event);
    GST_PAD_PROBE_INFO_DATA (info) = gst_event_new_segment (&plain);
  }
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
shift_out (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Shift *shift = user_data;

  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
    GstBuffer *buffer =
        gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
    GstClockTime offset = get_offset (shift);

    if (GST_BUFFER_PTS_IS_VALID (buffer))
      GST_BUFFER_PTS (buffer) -= MIN (offset, GST_BUFFER_PTS (buffer));
    GST_PAD_PROBE_INFO_DATA (info) = buffer;
  } else if (GST_EVENT_TYPE (info->data) == GST_EVENT_SEGMENT) {
    gst_event_unref (GST_PAD_PROBE_INFO_EVENT (info));
    GST_PAD_PROBE_INFO_DATA (info) = gst_event_new_segment (&shift->segment);
  }
  return GST_PAD_PROBE_OK;
}

static void
add_shift (GstElement * dsp)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (dsp, "sink");
  g_autoptr (GstPad) src = gst_element_get_static_pad (dsp, "src");
  Shift *shift = g_new0 (Shift, 1);

  gst_segment_init (&shift->segment, GST_FORMAT_UNDEFINED);
  g_object_set_data_full (G_OBJECT (dsp), "shift", shift, g_free);
  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER |
      GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, shift_in, shift, NULL);
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER |
      GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, shift_out, shift, NULL);
}

gboolean
gst_realtime_processing_changes (const GstRealtimeProcessing * processing)
{
  return processing->echo_probe != NULL || processing->gain_control ||
      processing->noise_suppression != GST_REALTIME_NOISE_SUPPRESSION_OFF;
}

const gchar *
gst_realtime_processing_find_missing (const GstRealtimeProcessing * processing)
{
  const gchar *needs[] = { DSP, processing->echo_probe ? PROBE : NULL, NULL };
  const gchar *missing = NULL;

  gst_realtime_factories_exist (needs, &missing);
  return missing;
}

GstElement *
gst_realtime_processing_new (const GstRealtimeProcessing * processing)
{
  GstElement *dsp = gst_element_factory_make (DSP, NULL);
  gboolean suppress =
      processing->noise_suppression != GST_REALTIME_NOISE_SUPPRESSION_OFF;

  if (!dsp)
    return NULL;
  g_object_set (dsp, "echo-cancel", processing->echo_probe != NULL,
      "noise-suppression", suppress, "gain-control", processing->gain_control,
      "high-pass-filter", gst_realtime_processing_changes (processing),
      "voice-detection", processing->voice_detection, NULL);
  if (processing->echo_probe)
    g_object_set (dsp, "probe", processing->echo_probe, NULL);
  if (suppress) {
    /* Its levels are ours without "off". */
    g_object_set (dsp, "noise-suppression-level",
        processing->noise_suppression - GST_REALTIME_NOISE_SUPPRESSION_LOW,
        NULL);
  }
  add_shift (dsp);
  return dsp;
}

gboolean
gst_realtime_processing_parse_voice (GstMessage * message, gboolean * voice)
{
  const GstStructure *structure;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ELEMENT)
    return FALSE;
  structure = gst_message_get_structure (message);
  return gst_structure_has_name (structure, "voice-activity") &&
      gst_structure_get_boolean (structure, "stream-has-voice", voice);
}

/* When webrtcechoprobe hears what the pipeline's latency is, it asks what of it
 * is upstream, and by so much it then looks ahead: what is played that much
 * later than the microphone hears is what the canceller is given. Where less is
 * downstream than upstream, as with a sink of low latency, that has not yet come
 * by, and the canceller gets nothing, without a word. So it is told less. */

/* What has come by when a microphone's frame is looked at comes in buffers. */
#define LOOK_AHEAD_MARGIN (20 * GST_MSECOND)

typedef struct
{
  GThread *asking;              /* atomic: in whose latency event we are */
  GstClockTime latency;         /* of that event */
  GstQuery *query;              /* the last that it asked by; with our reference */
} Latency;

/* The probe leaks what it asks by (GStreamer 1.22 to 1.26). Whoever still holds
 * it when the answer was used long ago is the probe. */
static void
forget_query (Latency * latency)
{
  GstQuery *query = g_steal_pointer (&latency->query);

  if (!query)
    return;
  if (GST_MINI_OBJECT_REFCOUNT_VALUE (query) > 1)
    gst_query_unref (query);
  gst_query_unref (query);
}

static void
latency_free (gpointer data)
{
  forget_query (data);
  g_free (data);
}

static GstPadProbeReturn
latency_comes (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Latency *latency = user_data;

  if (GST_EVENT_TYPE (info->data) == GST_EVENT_LATENCY) {
    forget_query (latency);
    gst_event_parse_latency (GST_PAD_PROBE_INFO_EVENT (info),
        &latency->latency);
    g_atomic_pointer_set (&latency->asking, g_thread_self ());
  }
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
latency_goes (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Latency *latency = user_data;

  if (GST_EVENT_TYPE (info->data) == GST_EVENT_LATENCY)
    g_atomic_pointer_set (&latency->asking, NULL);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
upstream_answers (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Latency *latency = user_data;
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);
  GstClockTime min, ahead;
  gboolean live;

  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY ||
      g_atomic_pointer_get (&latency->asking) != g_thread_self ())
    return GST_PAD_PROBE_OK;
  gst_query_parse_latency (query, &live, &min, NULL);
  ahead = min + LOOK_AHEAD_MARGIN;
  ahead = latency->latency > ahead ? latency->latency - ahead : 0;
  gst_query_set_latency (query, live, MIN (min, ahead), GST_CLOCK_TIME_NONE);
  latency->query = gst_query_ref (query);
  return GST_PAD_PROBE_OK;
}

static void
add_look_ahead (GstElement * probe)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (probe, "sink");
  g_autoptr (GstPad) src = gst_element_get_static_pad (probe, "src");
  Latency *latency = g_new0 (Latency, 1);

  g_object_set_data_full (G_OBJECT (probe), "latency", latency, latency_free);
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, latency_comes,
      latency, NULL);
  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, latency_goes,
      latency, NULL);
  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_QUERY_UPSTREAM |
      GST_PAD_PROBE_TYPE_PULL, upstream_answers, latency, NULL);
}

GstElement *
gst_realtime_echo_probe_new (const gchar * name)
{
  GstElement *probe = gst_element_factory_make (PROBE, name);

  if (!probe)
    return NULL;
  gst_base_transform_set_gap_aware (GST_BASE_TRANSFORM (probe), TRUE);
  add_look_ahead (probe);
  return probe;
}
