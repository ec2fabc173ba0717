/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "uplink.h"
#include "factories.h"
#include "gate.h"

#define GST_TYPE_REALTIME_UPLINK (gst_realtime_uplink_get_type ())
G_DECLARE_FINAL_TYPE (GstRealtimeUplink, gst_realtime_uplink, GST,
    REALTIME_UPLINK, GstBin);

struct _GstRealtimeUplink
{
  GstBin parent;

  GstRealtimeGate *gate;        /* set once when made; owned by the bin */
};

G_DEFINE_TYPE (GstRealtimeUplink, gst_realtime_uplink, GST_TYPE_BIN);

enum
{
  SIGNAL_INPUT_KIND,
  SIGNAL_EPOCH,
  SIGNAL_INPUT_EOS,
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
on_epoch (GstClockTime running_time, GstClockTime hold, gpointer uplink)
{
  g_signal_emit (uplink, signals[SIGNAL_EPOCH], 0, running_time, hold);
}

static void
on_input_eos (gpointer uplink)
{
  g_signal_emit (uplink, signals[SIGNAL_INPUT_EOS], 0);
}

static const GstRealtimeGateCallbacks gate_callbacks = {
  on_input_kind, on_epoch, on_input_eos
};

static void
gst_realtime_uplink_class_init (GstRealtimeUplinkClass * klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  signals[SIGNAL_INPUT_KIND] = g_signal_new ("input-kind",
      G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[SIGNAL_EPOCH] = g_signal_new ("epoch", G_TYPE_FROM_CLASS (klass),
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT64,
      G_TYPE_UINT64);
  signals[SIGNAL_INPUT_EOS] = g_signal_new ("input-eos",
      G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 0);

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

void
gst_realtime_uplink_open (GstElement * uplink)
{
  g_return_if_fail (GST_IS_REALTIME_UPLINK (uplink));
  gst_realtime_gate_open (GST_REALTIME_UPLINK (uplink)->gate);
}

void
gst_realtime_uplink_close (GstElement * uplink)
{
  g_return_if_fail (GST_IS_REALTIME_UPLINK (uplink));
  gst_realtime_gate_close (GST_REALTIME_UPLINK (uplink)->gate);
}

void
gst_realtime_uplink_set_mute (GstElement * uplink, gboolean mute)
{
  g_return_if_fail (GST_IS_REALTIME_UPLINK (uplink));
  gst_realtime_gate_set_mute (GST_REALTIME_UPLINK (uplink)->gate, mute);
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
