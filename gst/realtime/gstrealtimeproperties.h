/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_PROPERTIES_H__
#define __GST_REALTIME_PROPERTIES_H__

#include <gst/gst.h>

#include "connection/settings.h"

G_BEGIN_DECLS

/* The properties of realtimebin that make a session's settings. Those with an
 * effect outside the settings are the element's own, from the first free id
 * on. */
enum
{
  GST_REALTIME_PROP_0,
  GST_REALTIME_PROP_SERVICE,
  GST_REALTIME_PROP_BASE_URL,
  GST_REALTIME_PROP_API_KEY,
  GST_REALTIME_PROP_TOKEN,
  GST_REALTIME_PROP_SSL_STRICT,
  GST_REALTIME_PROP_SSL_CA_FILE,
  GST_REALTIME_PROP_HTTP_PROXY,
  GST_REALTIME_PROP_SESSION_TYPE,
  GST_REALTIME_PROP_MODEL,
  GST_REALTIME_PROP_VOICE,
  GST_REALTIME_PROP_INSTRUCTIONS,
  GST_REALTIME_PROP_LANGUAGE,
  GST_REALTIME_PROP_TRANSCRIPTION_MODEL,
  GST_REALTIME_PROP_TURN_DETECTION,
  GST_REALTIME_PROP_VAD_THRESHOLD,
  GST_REALTIME_PROP_VAD_PREFIX_PADDING,
  GST_REALTIME_PROP_VAD_SILENCE_DURATION,
  GST_REALTIME_PROP_OUTPUT_MODALITY,
  GST_REALTIME_PROP_SESSION,
  GST_REALTIME_PROP_LATENCY,
  GST_REALTIME_PROP_CONNECT_TIMEOUT,
  GST_REALTIME_PROP_DRAIN_TIMEOUT,
  GST_REALTIME_PROP_FIRST_FREE
};

void gst_realtime_properties_install (GObjectClass * klass);

/* FALSE: not one of the ids above. The caller holds the lock of @settings. */
gboolean gst_realtime_properties_set (GstRealtimeSettings * settings,
    guint id, const GValue * value);
gboolean gst_realtime_properties_get (const GstRealtimeSettings * settings,
    guint id, GValue * value);

G_END_DECLS

#endif /* __GST_REALTIME_PROPERTIES_H__ */
