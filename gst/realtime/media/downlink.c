/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "downlink.h"
#include "factories.h"
#include "listeners.h"
#include "playout.h"
#include "processing.h"

#define GST_TYPE_REALTIME_DOWNLINK (gst_realtime_downlink_get_type ())
G_DECLARE_FINAL_TYPE (GstRealtimeDownlink, gst_realtime_downlink, GST,
    REALTIME_DOWNLINK, GstBin);

struct _GstRealtimeDownlink
{
  GstBin parent;

  GstRealtimePlayout *playout;  /* set once when made; owned by the bin */
  GstElement *probe;            /* owned by the bin; NULL: none */
  guint next_pad;               /* object lock */
};

G_DEFINE_TYPE (GstRealtimeDownlink, gst_realtime_downlink, GST_TYPE_BIN);

enum
{
  SIGNAL_SOUND_STARTED,
  SIGNAL_SOUND_STOPPED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink_%u",
    GST_PAD_SINK, GST_PAD_REQUEST, GST_STATIC_CAPS ("audio/x-raw"));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("audio/x-raw, format = (string) S16LE, "
        "layout = (string) interleaved, rate = (int) 48000, "
        "channels = (int) 1"));

/* Each sink pad's "branch": a bin that converts to what the playout takes. */
static GstElement *
make_branch (void)
{
  g_autoptr (GstPad) first = NULL, last = NULL;
  GstElement *branch = gst_bin_new (NULL);
  GstElement *convert = gst_element_factory_make ("audioconvert", NULL);
  GstElement *resample = gst_element_factory_make ("audioresample", NULL);

  gst_bin_add_many (GST_BIN (branch), convert, resample, NULL);
  gst_element_link (convert, resample);
  first = gst_element_get_static_pad (convert, "sink");
  last = gst_element_get_static_pad (resample, "src");
  gst_element_add_pad (branch, gst_ghost_pad_new ("sink", first));
  gst_element_add_pad (branch, gst_ghost_pad_new ("src", last));
  return branch;
}

/* Returns: (transfer full) (nullable): a name that no pad has. */
static gchar *
choose_name (GstRealtimeDownlink * downlink, const gchar * wanted)
{
  guint64 index;
  gchar *name;

  GST_OBJECT_LOCK (downlink);
  if (wanted && g_str_has_prefix (wanted, "sink_") &&
      g_ascii_string_to_unsigned (wanted + 5, 10, 0, G_MAXINT, &index, NULL)) {
    name = g_strdup (wanted);
    if (index >= downlink->next_pad)
      downlink->next_pad = index + 1;
  } else {
    name = g_strdup_printf ("sink_%u", downlink->next_pad++);
  }
  GST_OBJECT_UNLOCK (downlink);
  return name;
}

static GstPad *
gst_realtime_downlink_request_new_pad (GstElement * element,
    GstPadTemplate * template, const gchar * name, const GstCaps * caps)
{
  GstRealtimeDownlink *downlink = GST_REALTIME_DOWNLINK (element);
  g_autofree gchar *own_name = choose_name (downlink, name);
  g_autoptr (GstPad) first = NULL;
  GstElement *branch = make_branch ();
  GstPad *pad;

  gst_bin_add (GST_BIN (downlink), branch);
  gst_element_link_pads (branch, "src", GST_ELEMENT (downlink->playout),
      own_name);
  gst_element_sync_state_with_parent (branch);

  first = gst_element_get_static_pad (branch, "sink");
  pad = gst_ghost_pad_new_from_template (own_name, first, template);
  g_object_set_data_full (G_OBJECT (pad), "branch", gst_object_ref (branch),
      gst_object_unref);
  if (GST_STATE (element) > GST_STATE_READY)
    gst_pad_set_active (pad, TRUE);
  if (!gst_element_add_pad (element, pad)) {
    gst_element_set_state (branch, GST_STATE_NULL);
    gst_bin_remove (GST_BIN (downlink), branch);
    return NULL;
  }
  return pad;
}

static void
gst_realtime_downlink_release_pad (GstElement * element, GstPad * pad)
{
  GstRealtimeDownlink *downlink = GST_REALTIME_DOWNLINK (element);
  GstElement *branch = g_object_get_data (G_OBJECT (pad), "branch");
  g_autoptr (GstObject) parent = gst_object_get_parent (GST_OBJECT (branch));
  g_autoptr (GstPad) last = gst_element_get_static_pad (branch, "src");
  g_autoptr (GstPad) line = gst_pad_get_peer (last);

  gst_object_ref (branch);
  gst_pad_set_active (pad, FALSE);
  gst_element_remove_pad (element, pad);
  /* On disposal the bin lets its children go before its pads. */
  if (parent) {
    gst_element_set_locked_state (branch, TRUE);
    gst_element_set_state (branch, GST_STATE_NULL);
    gst_pad_unlink (last, line);
    gst_element_release_request_pad (GST_ELEMENT (downlink->playout), line);
    gst_bin_remove (GST_BIN (downlink), branch);
  }
  gst_object_unref (branch);
}

static void
on_sound (guint line, gboolean started, GstClockTime running_time,
    gpointer downlink)
{
  g_signal_emit (downlink, signals[started ? SIGNAL_SOUND_STARTED :
          SIGNAL_SOUND_STOPPED], 0, line, running_time);
}

static const GstRealtimePlayoutCallbacks playout_callbacks = { on_sound };

static guint
new_sound_signal (GstRealtimeDownlinkClass * klass, const gchar * name)
{
  return g_signal_new (name, G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
      NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT64);
}

static void
gst_realtime_downlink_class_init (GstRealtimeDownlinkClass * klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  signals[SIGNAL_SOUND_STARTED] = new_sound_signal (klass, "sound-started");
  signals[SIGNAL_SOUND_STOPPED] = new_sound_signal (klass, "sound-stopped");

  element_class->request_new_pad = gst_realtime_downlink_request_new_pad;
  element_class->release_pad = gst_realtime_downlink_release_pad;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Realtime downlink",
      "Generic/Audio/Bin", "Speech on its way from a service",
      "gst-plugins-realtime");
}

static void
gst_realtime_downlink_init (GstRealtimeDownlink * downlink)
{
}

GstElement *
gst_realtime_downlink_new (const gchar ** missing)
{
  static const gchar *const needs[] = { "audioconvert", "audioresample", NULL };
  g_autoptr (GstPad) last = NULL;
  GstRealtimeDownlink *downlink;
  GstElement *playout;

  if (!gst_realtime_factories_exist (needs, missing))
    return NULL;

  downlink = g_object_new (GST_TYPE_REALTIME_DOWNLINK, NULL);
  playout = gst_realtime_playout_new (&playout_callbacks, downlink);
  downlink->playout = GST_REALTIME_PLAYOUT (playout);
  gst_bin_add (GST_BIN (downlink), playout);
  last = gst_element_get_static_pad (playout, "src");
  gst_element_add_pad (GST_ELEMENT (downlink),
      gst_ghost_pad_new_from_template ("src", last,
          gst_element_get_pad_template (GST_ELEMENT (downlink), "src")));
  return GST_ELEMENT (downlink);
}

guint
gst_realtime_downlink_get_line (GstPad * pad)
{
  g_return_val_if_fail (GST_IS_PAD (pad), 0);
  return g_ascii_strtoull (GST_PAD_NAME (pad) + strlen ("sink_"), NULL, 10);
}

void
gst_realtime_downlink_start (GstElement * downlink,
    GstClockTime start_running_time, GstClockTime hold)
{
  g_return_if_fail (GST_IS_REALTIME_DOWNLINK (downlink));
  gst_realtime_playout_start (GST_REALTIME_DOWNLINK (downlink)->playout,
      start_running_time, hold);
}

void
gst_realtime_downlink_set_hold (GstElement * downlink, GstClockTime hold)
{
  g_return_if_fail (GST_IS_REALTIME_DOWNLINK (downlink));
  gst_realtime_playout_set_hold (GST_REALTIME_DOWNLINK (downlink)->playout,
      hold);
}

void
gst_realtime_downlink_expect_end (GstElement * downlink)
{
  g_return_if_fail (GST_IS_REALTIME_DOWNLINK (downlink));
  gst_realtime_playout_expect_end (GST_REALTIME_DOWNLINK (downlink)->playout);
}

void
gst_realtime_downlink_set_latency (GstElement * downlink, guint ms)
{
  g_return_if_fail (GST_IS_REALTIME_DOWNLINK (downlink));
  gst_realtime_playout_set_latency (GST_REALTIME_DOWNLINK (downlink)->playout,
      ms * GST_MSECOND);
}

void
gst_realtime_downlink_set_volume (GstElement * downlink, gdouble volume)
{
  g_return_if_fail (GST_IS_REALTIME_DOWNLINK (downlink));
  g_return_if_fail (volume >= 0);
  gst_realtime_playout_set_volume (GST_REALTIME_DOWNLINK (downlink)->playout,
      volume);
}

gboolean
gst_realtime_downlink_set_echo_probe (GstElement * element, const gchar * name)
{
  GstRealtimeDownlink *downlink;
  g_autoptr (GstPad) ghost = NULL;
  g_autoptr (GstPad) last = NULL;
  GstElement *probe = NULL, *end;

  g_return_val_if_fail (GST_IS_REALTIME_DOWNLINK (element), FALSE);
  downlink = GST_REALTIME_DOWNLINK (element);
  if (name && !(probe = gst_realtime_echo_probe_new (name)))
    return FALSE;

  ghost = gst_element_get_static_pad (element, "src");
  gst_ghost_pad_set_target (GST_GHOST_PAD (ghost), NULL);
  if (downlink->probe) {
    gst_element_set_state (downlink->probe, GST_STATE_NULL);
    gst_bin_remove (GST_BIN (downlink), downlink->probe);
  }
  downlink->probe = probe;
  end = GST_ELEMENT (downlink->playout);
  if (probe) {
    gst_bin_add (GST_BIN (downlink), probe);
    gst_element_link (end, probe);
    end = probe;
  }
  last = gst_element_get_static_pad (end, "src");
  gst_ghost_pad_set_target (GST_GHOST_PAD (ghost), last);
  return TRUE;
}

void
gst_realtime_downlink_flush (GstElement * downlink)
{
  g_return_if_fail (GST_IS_REALTIME_DOWNLINK (downlink));
  gst_realtime_playout_flush (GST_REALTIME_DOWNLINK (downlink)->playout);
}

void
gst_realtime_downlink_flush_downstream (GstElement * downlink)
{
  g_return_if_fail (GST_IS_REALTIME_DOWNLINK (downlink));
  gst_realtime_playout_flush_downstream (GST_REALTIME_DOWNLINK
      (downlink)->playout);
}

gboolean
gst_realtime_downlink_is_only_heard (GstElement * downlink)
{
  g_autoptr (GstPad) src = NULL;

  g_return_val_if_fail (GST_IS_REALTIME_DOWNLINK (downlink), FALSE);
  src = gst_element_get_static_pad (downlink, "src");
  return gst_realtime_pad_is_only_heard (src);
}

void
gst_realtime_downlink_begin_restart (GstElement * downlink)
{
  g_return_if_fail (GST_IS_REALTIME_DOWNLINK (downlink));
  gst_realtime_playout_begin_restart (GST_REALTIME_DOWNLINK
      (downlink)->playout);
}

void
gst_realtime_downlink_end_restart (GstElement * downlink)
{
  g_return_if_fail (GST_IS_REALTIME_DOWNLINK (downlink));
  gst_realtime_playout_end_restart (GST_REALTIME_DOWNLINK (downlink)->playout);
}

void
gst_realtime_downlink_resume (GstElement * downlink, GstClockTime from)
{
  g_return_if_fail (GST_IS_REALTIME_DOWNLINK (downlink));
  gst_realtime_playout_resume (GST_REALTIME_DOWNLINK (downlink)->playout, from);
}

void
gst_realtime_downlink_get_output (GstElement * downlink, GstClockTime * output,
    GstClockTime * silence)
{
  g_return_if_fail (GST_IS_REALTIME_DOWNLINK (downlink));
  gst_realtime_playout_get_output (GST_REALTIME_DOWNLINK (downlink)->playout,
      output, silence);
}

void
gst_realtime_downlink_end (GstElement * downlink)
{
  g_return_if_fail (GST_IS_REALTIME_DOWNLINK (downlink));
  gst_realtime_playout_end (GST_REALTIME_DOWNLINK (downlink)->playout);
}
