/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_PROCESSING_H__
#define __GST_REALTIME_PROCESSING_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* What is done to the input, and looked for in it, by webrtcdsp. */

typedef enum
{
  GST_REALTIME_NOISE_SUPPRESSION_OFF,
  GST_REALTIME_NOISE_SUPPRESSION_LOW,
  GST_REALTIME_NOISE_SUPPRESSION_MODERATE,
  GST_REALTIME_NOISE_SUPPRESSION_HIGH,
  GST_REALTIME_NOISE_SUPPRESSION_VERY_HIGH
} GstRealtimeNoiseSuppression;

typedef struct
{
  /* Takes out what is played: the name of the webrtcechoprobe that hears it,
   * or NULL. The probe must be there before the element is PAUSED. */
  const gchar *echo_probe;
  GstRealtimeNoiseSuppression noise_suppression;
  gboolean gain_control;
  gboolean voice_detection;     /* changes no sample */
} GstRealtimeProcessing;

/* Whether anything of it changes the input. */
gboolean gst_realtime_processing_changes (const GstRealtimeProcessing *
    processing);

/* The factory whose absence leaves @processing undone, or NULL (static). */
const gchar *gst_realtime_processing_find_missing (const GstRealtimeProcessing
    * processing);

/* Returns: (transfer floating) (nullable): a webrtcdsp that does it, S16 of
 * 48 kHz in buffers of 10 ms, with the input's segments and timestamps; NULL
 * where the element is missing. Where it detects voices it posts element
 * messages, from its streaming thread, before the buffer that they are about
 * leaves: gst_realtime_processing_parse_voice(). */
GstElement *gst_realtime_processing_new (const GstRealtimeProcessing *
    processing);

/* Whether @message tells that there is a voice from now on, or none. */
gboolean gst_realtime_processing_parse_voice (GstMessage * message,
    gboolean * voice);

/* Returns: (transfer floating) (nullable): the other end: a webrtcechoprobe
 * of that name for what is played, 48 kHz; its GAP flags survive. NULL where
 * the element is missing. */
GstElement *gst_realtime_echo_probe_new (const gchar * name);

G_END_DECLS

#endif /* __GST_REALTIME_PROCESSING_H__ */
