/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstrealtimeproperties.h"
#include "transport/iceserver.h"

#define READY_FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | \
    GST_PARAM_MUTABLE_READY)
/* written, never read: there is a password in it */
#define SECRET_FLAGS (G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS | \
    GST_PARAM_MUTABLE_READY)

static void
install_servers (GObjectClass * klass)
{
  g_object_class_install_property (klass, GST_REALTIME_PROP_STUN_SERVER,
      g_param_spec_string ("stun-server", "STUN server",
          "Server that tells under which address this machine is seen from "
          "outside, stun://host:port (NULL: none; servers with an address of "
          "their own do not need it)", NULL, READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_TURN_SERVER,
      g_param_spec_string ("turn-server", "TURN server",
          "Relay for networks that let no media through, "
          "turn://user:password@host:port (UDP, then TCP; ?transport=udp or "
          "?transport=tcp for one of them) or turns:// for TLS, with what is "
          "special in user and password percent-encoded (NULL: none); cannot "
          "be read back", NULL, SECRET_FLAGS));
  g_object_class_install_property (klass,
      GST_REALTIME_PROP_ICE_TRANSPORT_POLICY,
      g_param_spec_enum ("ice-transport-policy", "ICE transport policy",
          "Which ways to the service are tried; with relay the service does "
          "not learn the addresses of this machine",
          GST_TYPE_WEBRTC_ICE_TRANSPORT_POLICY,
          GST_WEBRTC_ICE_TRANSPORT_POLICY_ALL, READY_FLAGS));
}

void
gst_realtime_link_properties_install (GObjectClass * klass)
{
  GstRealtimeLinkSettings defaults;

  gst_realtime_link_settings_init (&defaults);
  install_servers (klass);
  g_object_class_install_property (klass, GST_REALTIME_PROP_LATENCY,
      g_param_spec_uint ("latency", "Latency",
          "Jitter buffer for the service's audio, in ms", 0, 5000,
          defaults.latency_ms, READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_BITRATE,
      g_param_spec_uint ("bitrate", "Bitrate",
          "Bitrate of the audio that is sent, in bit/s",
          GST_REALTIME_MIN_BITRATE, GST_REALTIME_MAX_BITRATE,
          defaults.bitrate, READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_INBAND_FEC,
      g_param_spec_boolean ("inband-fec", "In-band FEC",
          "Send along with each packet what makes up for the loss of the one "
          "before it", defaults.inband_fec, READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_DTX,
      g_param_spec_boolean ("dtx", "DTX",
          "Send next to nothing while the input is silent", defaults.dtx,
          READY_FLAGS));
}

static void
set_string (gchar ** field, const GValue * value)
{
  const gchar *text = g_value_get_string (value);

  gst_realtime_ice_secret_free (*field);
  *field = text && *text ? g_strdup (text) : NULL;
}

gboolean
gst_realtime_link_properties_set (GstRealtimeLinkSettings * settings,
    guint id, const GValue * value)
{
  switch (id) {
    case GST_REALTIME_PROP_LATENCY:
      settings->latency_ms = g_value_get_uint (value);
      return TRUE;
    case GST_REALTIME_PROP_STUN_SERVER:
      set_string (&settings->stun_server, value);
      return TRUE;
    case GST_REALTIME_PROP_TURN_SERVER:
      set_string (&settings->turn_server, value);
      return TRUE;
    case GST_REALTIME_PROP_ICE_TRANSPORT_POLICY:
      settings->ice_transport_policy = g_value_get_enum (value);
      return TRUE;
    case GST_REALTIME_PROP_BITRATE:
      settings->bitrate = g_value_get_uint (value);
      return TRUE;
    case GST_REALTIME_PROP_INBAND_FEC:
      settings->inband_fec = g_value_get_boolean (value);
      return TRUE;
    case GST_REALTIME_PROP_DTX:
      settings->dtx = g_value_get_boolean (value);
      return TRUE;
    default:
      return FALSE;
  }
}

gboolean
gst_realtime_link_properties_get (const GstRealtimeLinkSettings * settings,
    guint id, GValue * value)
{
  switch (id) {
    case GST_REALTIME_PROP_LATENCY:
      g_value_set_uint (value, settings->latency_ms);
      return TRUE;
    case GST_REALTIME_PROP_STUN_SERVER:
      g_value_set_string (value, settings->stun_server);
      return TRUE;
    case GST_REALTIME_PROP_ICE_TRANSPORT_POLICY:
      g_value_set_enum (value, settings->ice_transport_policy);
      return TRUE;
    case GST_REALTIME_PROP_BITRATE:
      g_value_set_uint (value, settings->bitrate);
      return TRUE;
    case GST_REALTIME_PROP_INBAND_FEC:
      g_value_set_boolean (value, settings->inband_fec);
      return TRUE;
    case GST_REALTIME_PROP_DTX:
      g_value_set_boolean (value, settings->dtx);
      return TRUE;
    default:
      return FALSE;
  }
}
