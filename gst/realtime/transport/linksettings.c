/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "iceserver.h"
#include "linksettings.h"
#include "transport.h"

#define DEFAULT_LATENCY_MS 40
/* Enough for whatever is recognised or broadcast: fullband, one channel. */
#define DEFAULT_BITRATE 48000

void
gst_realtime_link_settings_init (GstRealtimeLinkSettings * self)
{
  memset (self, 0, sizeof (*self));
  self->latency_ms = DEFAULT_LATENCY_MS;
  self->ice_transport_policy = GST_WEBRTC_ICE_TRANSPORT_POLICY_ALL;
  self->bitrate = DEFAULT_BITRATE;
  self->inband_fec = TRUE;
}

void
gst_realtime_link_settings_copy (const GstRealtimeLinkSettings * from,
    GstRealtimeLinkSettings * to)
{
  *to = *from;
  to->stun_server = g_strdup (from->stun_server);
  to->turn_server = g_strdup (from->turn_server);
}

void
gst_realtime_link_settings_clear (GstRealtimeLinkSettings * self)
{
  g_clear_pointer (&self->stun_server, g_free);
  gst_realtime_ice_secret_free (self->turn_server);
  self->turn_server = NULL;
}

gboolean
gst_realtime_link_settings_check (const GstRealtimeLinkSettings * self,
    GError ** error)
{
  g_autoptr (GstRealtimeIceServer) stun = NULL, turn = NULL;

  if (self->stun_server) {
    stun = gst_realtime_stun_server_parse (self->stun_server, error);
    if (!stun)
      return FALSE;
  }
  if (self->turn_server) {
    turn = gst_realtime_turn_server_parse (self->turn_server, error);
    if (!turn)
      return FALSE;
  } else if (self->ice_transport_policy ==
      GST_WEBRTC_ICE_TRANSPORT_POLICY_RELAY) {
    g_set_error_literal (error, GST_REALTIME_TRANSPORT_ERROR,
        GST_REALTIME_TRANSPORT_ERROR_SETTINGS,
        "ice-transport-policy=relay wants a relay: set turn-server too");
    return FALSE;
  }

  return TRUE;
}
