/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstrealtimebin-private.h"
#include "media/downlink.h"
#include "media/uplink.h"

void
gst_realtime_bin_note_transport (GstRealtimeBin * self,
    GstRealtimeTransport * transport)
{
  GstRealtimeTransport *before;

  GST_OBJECT_LOCK (self);
  before = self->transport;
  self->transport = transport ? gst_object_ref (transport) : NULL;
  GST_OBJECT_UNLOCK (self);
  gst_clear_object (&before);
}

void
gst_realtime_bin_forget_transport (GstRealtimeBin * self,
    GstRealtimeTransport * transport)
{
  GstStructure *counted = gst_structure_new_empty ("stats"), *before = NULL;
  gboolean current;

  gst_realtime_transport_get_stats (transport, counted);
  GST_OBJECT_LOCK (self);
  current = self->transport == transport;
  if (current) {
    before = self->last_stats;
    self->last_stats = g_steal_pointer (&counted);
  }
  GST_OBJECT_UNLOCK (self);
  g_clear_pointer (&before, gst_structure_free);
  g_clear_pointer (&counted, gst_structure_free);
  if (current)
    gst_realtime_bin_note_transport (self, NULL);
}

void
gst_realtime_bin_clear_stats (GstRealtimeBin * self)
{
  GstStructure *before;

  gst_realtime_bin_note_transport (self, NULL);
  GST_OBJECT_LOCK (self);
  before = g_steal_pointer (&self->last_stats);
  GST_OBJECT_UNLOCK (self);
  g_clear_pointer (&before, gst_structure_free);
}

GstStructure *
gst_realtime_bin_make_stats (GstRealtimeBin * self)
{
  GstRealtimeTransport *transport;
  GstStructure *stats;

  GST_OBJECT_LOCK (self);
  transport = self->transport ? gst_object_ref (self->transport) : NULL;
  stats = !transport && self->last_stats ?
      gst_structure_copy (self->last_stats) : gst_structure_new_empty ("stats");
  GST_OBJECT_UNLOCK (self);
  if (transport)
    gst_realtime_transport_get_stats (transport, stats);
  gst_clear_object (&transport);
  if (self->uplink)
    gst_structure_set (stats, "hold", G_TYPE_UINT64,
        gst_realtime_uplink_get_hold (self->uplink), NULL);
  if (self->downlink) {
    GstClockTime output, silence;

    gst_realtime_downlink_get_output (self->downlink, &output, &silence);
    gst_structure_set (stats, "output-duration", G_TYPE_UINT64, output,
        "output-silence", G_TYPE_UINT64, silence, NULL);
  }
  return stats;
}
