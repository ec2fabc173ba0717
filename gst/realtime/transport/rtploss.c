/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "rtploss.h"

/* The packets that one source of the session reports as lost. */
static guint
get_reported (const GstStructure * source)
{
  gboolean internal = TRUE, reports = FALSE;
  gint lost = 0;

  gst_structure_get_boolean (source, "internal", &internal);
  gst_structure_get_boolean (source, "have-rb", &reports);
  if (internal || !reports
      || !gst_structure_get_int (source, "rb-packetslost", &lost))
    return 0;
  /* negative where packets came twice */
  return MAX (lost, 0);
}

static guint
get_most_reported (const GstStructure * stats)
{
  const GValue *value = gst_structure_get_value (stats, "source-stats");
  guint lost = 0;

  /* rtpbin has no other type for it */
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS;
  if (value && G_VALUE_HOLDS (value, g_value_array_get_type ())) {
    GValueArray *sources = g_value_get_boxed (value);
    guint i;

    for (i = 0; sources && i < sources->n_values; i++) {
      const GstStructure *source =
          gst_value_get_structure (g_value_array_get_nth (sources, i));

      lost = MAX (lost, get_reported (source));
    }
  }
  G_GNUC_END_IGNORE_DEPRECATIONS;

  return lost;
}

guint
gst_realtime_rtp_loss_get (GstElement * webrtcbin)
{
  GstElement *rtpbin = gst_bin_get_by_name (GST_BIN (webrtcbin), "rtpbin");
  GObject *session = NULL;
  GstStructure *stats = NULL;
  guint lost = 0;

  if (!rtpbin)
    return 0;
  g_signal_emit_by_name (rtpbin, "get-internal-session", 0, &session);
  gst_object_unref (rtpbin);
  if (!session)
    return 0;
  g_object_get (session, "stats", &stats, NULL);
  g_object_unref (session);
  if (stats) {
    lost = get_most_reported (stats);
    gst_structure_free (stats);
  }

  return lost;
}
