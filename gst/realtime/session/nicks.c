/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "conversation.h"

static const gchar *const role_nicks[] = {
  "unknown", "user", "assistant", "system"
};

static const gchar *const connection_nicks[] = {
  "closed", "authorizing", "connecting", "connected", "reconnecting",
  "draining", "failed"
};

static const gchar *const turn_nicks[] = {
  "idle", "user-speaking", "thinking", "assistant-speaking"
};

static const gchar *
to_nick (const gchar * const *nicks, guint n_nicks, guint value)
{
  g_return_val_if_fail (value < n_nicks, nicks[0]);
  return nicks[value];
}

/* The place of @nick, or -1. */
static gint
from_nick (const gchar * const *nicks, guint n_nicks, const gchar * nick)
{
  guint i;

  for (i = 0; i < n_nicks; i++) {
    if (g_strcmp0 (nicks[i], nick) == 0)
      return i;
  }
  return -1;
}

const gchar *
realtime_role_nick (RealtimeRole role)
{
  return to_nick (role_nicks, G_N_ELEMENTS (role_nicks), role);
}

RealtimeRole
realtime_role_from_nick (const gchar * nick)
{
  gint value = from_nick (role_nicks, G_N_ELEMENTS (role_nicks), nick);

  return value < 0 ? REALTIME_ROLE_UNKNOWN : (RealtimeRole) value;
}

const gchar *
realtime_connection_state_nick (RealtimeConnectionState state)
{
  return to_nick (connection_nicks, G_N_ELEMENTS (connection_nicks), state);
}

gboolean
realtime_connection_state_from_nick (const gchar * nick,
    RealtimeConnectionState * state)
{
  gint value =
      from_nick (connection_nicks, G_N_ELEMENTS (connection_nicks), nick);

  if (value >= 0)
    *state = (RealtimeConnectionState) value;
  return value >= 0;
}

const gchar *
realtime_turn_state_nick (RealtimeTurnState state)
{
  return to_nick (turn_nicks, G_N_ELEMENTS (turn_nicks), state);
}

gboolean
realtime_turn_state_from_nick (const gchar * nick, RealtimeTurnState * state)
{
  gint value = from_nick (turn_nicks, G_N_ELEMENTS (turn_nicks), nick);

  if (value >= 0)
    *state = (RealtimeTurnState) value;
  return value >= 0;
}
