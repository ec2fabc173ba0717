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
  GST_REALTIME_PROP_SDP_URL,
  GST_REALTIME_PROP_OFFER_FORMAT,
  GST_REALTIME_PROP_API_KEY,
  GST_REALTIME_PROP_TOKEN,
  GST_REALTIME_PROP_SSL_STRICT,
  GST_REALTIME_PROP_SSL_CA_FILE,
  GST_REALTIME_PROP_HTTP_PROXY,
  GST_REALTIME_PROP_ORGANIZATION,
  GST_REALTIME_PROP_PROJECT,
  GST_REALTIME_PROP_SAFETY_IDENTIFIER,
  GST_REALTIME_PROP_EXTRA_HEADERS,
  GST_REALTIME_PROP_SESSION_TYPE,
  GST_REALTIME_PROP_MODEL,
  GST_REALTIME_PROP_VOICE,
  GST_REALTIME_PROP_INSTRUCTIONS,
  GST_REALTIME_PROP_OUTPUT_MODALITY,
  GST_REALTIME_PROP_SPEED,
  GST_REALTIME_PROP_MAX_OUTPUT_TOKENS,
  GST_REALTIME_PROP_REASONING_EFFORT,
  GST_REALTIME_PROP_TOOLS,
  GST_REALTIME_PROP_TOOL_CHOICE,
  GST_REALTIME_PROP_LANGUAGE,
  GST_REALTIME_PROP_OUTPUT_LANGUAGE,
  GST_REALTIME_PROP_TRANSCRIPTION_MODEL,
  GST_REALTIME_PROP_TRANSCRIPTION_DELAY,
  GST_REALTIME_PROP_TRANSCRIPTION_PROMPT,
  GST_REALTIME_PROP_TRANSCRIPTION_KEYWORDS,
  GST_REALTIME_PROP_NOISE_REDUCTION,
  GST_REALTIME_PROP_TURN_DETECTION,
  GST_REALTIME_PROP_VAD_THRESHOLD,
  GST_REALTIME_PROP_VAD_PREFIX_PADDING,
  GST_REALTIME_PROP_VAD_SILENCE_DURATION,
  GST_REALTIME_PROP_VAD_EAGERNESS,
  GST_REALTIME_PROP_VAD_IDLE_TIMEOUT,
  GST_REALTIME_PROP_CREATE_RESPONSE,
  GST_REALTIME_PROP_INTERRUPT_RESPONSE,
  GST_REALTIME_PROP_SESSION,
  GST_REALTIME_PROP_LATENCY,
  GST_REALTIME_PROP_STUN_SERVER,
  GST_REALTIME_PROP_TURN_SERVER,
  GST_REALTIME_PROP_ICE_TRANSPORT_POLICY,
  GST_REALTIME_PROP_BITRATE,
  GST_REALTIME_PROP_INBAND_FEC,
  GST_REALTIME_PROP_DTX,
  GST_REALTIME_PROP_CONNECT_TIMEOUT,
  GST_REALTIME_PROP_DRAIN_TIMEOUT,
  GST_REALTIME_PROP_SESSION_TIMEOUT,
  GST_REALTIME_PROP_IDLE_TIMEOUT,
  GST_REALTIME_PROP_MAX_COST,
  GST_REALTIME_PROP_PRICES,
  GST_REALTIME_PROP_FAILURE,
  GST_REALTIME_PROP_RECONNECT,
  GST_REALTIME_PROP_MAX_RETRIES,
  GST_REALTIME_PROP_RETRY_DELAY_MIN,
  GST_REALTIME_PROP_RETRY_DELAY_MAX,
  GST_REALTIME_PROP_INITIAL_ITEMS,
  GST_REALTIME_PROP_LOG_SENT_EVENTS,
  GST_REALTIME_PROP_FIRST_FREE
};

/* Whether the property @id makes the session's configuration. */
#define GST_REALTIME_PROP_IS_OF_SESSION(id) \
    ((id) >= GST_REALTIME_PROP_SESSION_TYPE && (id) < GST_REALTIME_PROP_LATENCY)

/* Whether the property @id is one of the limits of a session. */
#define GST_REALTIME_PROP_IS_LIMIT(id) \
    ((id) >= GST_REALTIME_PROP_SESSION_TIMEOUT && \
        (id) <= GST_REALTIME_PROP_MAX_COST)

void gst_realtime_properties_install (GObjectClass * klass);

/* The enumeration of @values, registered as @name once for each @type. */
GType gst_realtime_enum_type (gsize * type, const gchar * name,
    const GEnumValue * values);

/* Those of the link to the service (gstrealtimelinkproperties.c). */
void gst_realtime_link_properties_install (GObjectClass * klass);
gboolean gst_realtime_link_properties_set (GstRealtimeLinkSettings * settings,
    guint id, const GValue * value);
gboolean gst_realtime_link_properties_get (const GstRealtimeLinkSettings *
    settings, guint id, GValue * value);

/* Those of the life of a session (gstrealtimelifeproperties.c). */
void gst_realtime_life_properties_install (GObjectClass * klass);
gboolean gst_realtime_life_properties_set (GstRealtimeSettings * settings,
    guint id, const GValue * value);
gboolean gst_realtime_life_properties_get (const GstRealtimeSettings *
    settings, guint id, GValue * value);

/* Those that make the session's configuration
 * (gstrealtimesessionproperties.c); part of the functions around them. */
void gst_realtime_session_properties_install (GObjectClass * klass);
gboolean gst_realtime_session_properties_set (RealtimeSessionConfig * config,
    guint id, const GValue * value);
gboolean gst_realtime_session_properties_get (const RealtimeSessionConfig *
    config, guint id, GValue * value);

/* FALSE: not one of the ids above. The caller holds the lock of @settings. */
gboolean gst_realtime_properties_set (GstRealtimeSettings * settings,
    guint id, const GValue * value);
gboolean gst_realtime_properties_get (const GstRealtimeSettings * settings,
    guint id, GValue * value);

G_END_DECLS

#endif /* __GST_REALTIME_PROPERTIES_H__ */
