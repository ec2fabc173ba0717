/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstrealtimeenums.h"
#include "session/conversation.h"

GType
gst_realtime_connection_state_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {REALTIME_CONNECTION_CLOSED, "No session", "closed"},
    {REALTIME_CONNECTION_AUTHORIZING, "Fetching a token", "authorizing"},
    {REALTIME_CONNECTION_CONNECTING, "Setting up the connection", "connecting"},
    {REALTIME_CONNECTION_CONNECTED, "In session", "connected"},
    {REALTIME_CONNECTION_RECONNECTING, "Lost, trying again", "reconnecting"},
    {REALTIME_CONNECTION_DRAINING, "Waiting for the last words", "draining"},
    {REALTIME_CONNECTION_FAILED, "Given up", "failed"},
    {0, NULL, NULL}
  };

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstRealtimeConnectionState", values));
  }
  return type;
}

GType
gst_realtime_turn_state_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {REALTIME_TURN_IDLE, "Nobody speaks", "idle"},
    {REALTIME_TURN_USER_SPEAKING, "The user speaks", "user-speaking"},
    {REALTIME_TURN_THINKING, "A reply is on its way", "thinking"},
    {REALTIME_TURN_ASSISTANT_SPEAKING, "The assistant speaks",
        "assistant-speaking"},
    {0, NULL, NULL}
  };

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstRealtimeTurnState", values));
  }
  return type;
}

GType
gst_realtime_roles_get_type (void)
{
  static gsize type = 0;
  static const GFlagsValue values[] = {
    {GST_REALTIME_ROLE_USER, "What the user said", "user"},
    {GST_REALTIME_ROLE_ASSISTANT, "What the assistant said", "assistant"},
    {0, NULL, NULL}
  };

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_flags_register_static ("GstRealtimeRoles", values));
  }
  return type;
}
