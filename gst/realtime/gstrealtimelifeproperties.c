/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstrealtimeproperties.h"

#define READY_FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | \
    GST_PARAM_MUTABLE_READY)
#define PLAYING_FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | \
    GST_PARAM_MUTABLE_PLAYING)

static GType
failure_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {GST_REALTIME_ON_FAILURE_ERROR, "An error", "error"},
    {GST_REALTIME_ON_FAILURE_CONTINUE, "A warning; the pipeline goes on, "
          "silent, and is in session again as soon as it can be", "continue"},
    {0, NULL, NULL}
  };

  return gst_realtime_enum_type (&type, "GstRealtimeFailure", values);
}

static void
install_timeout (GObjectClass * klass, guint id, const gchar * name,
    const gchar * nick, const gchar * blurb)
{
  g_object_class_install_property (klass, id,
      g_param_spec_uint (name, nick, blurb, 0, G_MAXUINT, 0, PLAYING_FLAGS));
}

#define MAX_RETRY_DELAY_MS 3600000

static void
install_recovery (GObjectClass * klass, const GstRealtimeSettings * defaults)
{
  g_object_class_install_property (klass, GST_REALTIME_PROP_RECONNECT,
      g_param_spec_boolean ("reconnect", "Reconnect",
          "Go on in a new session where one was lost", defaults->reconnect,
          READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_MAX_RETRIES,
      g_param_spec_uint ("max-retries", "Maximum retries",
          "How many attempts in a row to reconnect, before it is a failure; "
          "with failure=continue there is no end to them (0: none)", 0,
          1000000, defaults->max_retries, READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_RETRY_DELAY_MIN,
      g_param_spec_uint ("retry-delay-min", "Retry delay minimum",
          "Time before the first attempt to reconnect, in ms; doubled with "
          "each", 0, MAX_RETRY_DELAY_MS, defaults->retry_delay_min_ms,
          READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_RETRY_DELAY_MAX,
      g_param_spec_uint ("retry-delay-max", "Retry delay maximum",
          "Longest time between two attempts to reconnect, in ms, unless the "
          "service asks for more (Retry-After)", 0, MAX_RETRY_DELAY_MS,
          defaults->retry_delay_max_ms, READY_FLAGS));
}

void
gst_realtime_life_properties_install (GObjectClass * klass)
{
  GstRealtimeSettings *defaults = gst_realtime_settings_new ();

  g_object_class_install_property (klass, GST_REALTIME_PROP_CONNECT_TIMEOUT,
      g_param_spec_uint ("connect-timeout", "Connect timeout",
          "Longest time from the start to a configured session, in ms",
          100, 600000, defaults->connect_timeout_ms, READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_DRAIN_TIMEOUT,
      g_param_spec_uint ("drain-timeout", "Drain timeout",
          "Longest time after the input's end to wait for the last "
          "transcripts and the running response, in ms", 0, 600000,
          defaults->drain_timeout_ms, READY_FLAGS));
  install_timeout (klass, GST_REALTIME_PROP_SESSION_TIMEOUT, "session-timeout",
      "Session timeout", "How long a session may last before it is ended in "
      "good order, in ms of playing (0: as long as the service lets it)");
  install_timeout (klass, GST_REALTIME_PROP_IDLE_TIMEOUT, "idle-timeout",
      "Idle timeout", "How long nobody may speak before the session is ended "
      "in good order, in ms of playing (0: for ever)");
  g_object_class_install_property (klass, GST_REALTIME_PROP_MAX_COST,
      g_param_spec_double ("max-cost", "Maximum cost",
          "What a session may cost by the table of prices before it is ended "
          "in good order, in US dollars (0: whatever it costs)", 0, 1e6, 0,
          PLAYING_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_PRICES,
      g_param_spec_string ("prices", "Prices",
          "File with the table of prices (NULL: gst-plugins-realtime/"
          "prices.json of the user's data directory, then the system's)", NULL,
          READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_INITIAL_ITEMS,
      g_param_spec_string ("initial-items", "Initial items",
          "History that a conversation begins with: a JSON array of objects "
          "with role (user, assistant, system) and text, or of items in the "
          "service's shape (NULL: none)", NULL, READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_LOG_SENT_EVENTS,
      g_param_spec_boolean ("log-sent-events", "Log sent events",
          "Put each event that is sent to the service on the event stream, too "
          "(realtimebin.sent), without the secrets of MCP servers", FALSE,
          READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_FAILURE,
      g_param_spec_enum ("failure", "Failure",
          "What becomes of a session that is lost, refused or ended by one of "
          "its limits", failure_get_type (), GST_REALTIME_ON_FAILURE_ERROR,
          READY_FLAGS));

  install_recovery (klass, defaults);

  gst_realtime_settings_free (defaults);
}

gboolean
gst_realtime_life_properties_set (GstRealtimeSettings * settings, guint id,
    const GValue * value)
{
  switch (id) {
    case GST_REALTIME_PROP_CONNECT_TIMEOUT:
      settings->connect_timeout_ms = g_value_get_uint (value);
      return TRUE;
    case GST_REALTIME_PROP_DRAIN_TIMEOUT:
      settings->drain_timeout_ms = g_value_get_uint (value);
      return TRUE;
    case GST_REALTIME_PROP_SESSION_TIMEOUT:
      settings->limits.session_timeout_ms = g_value_get_uint (value);
      return TRUE;
    case GST_REALTIME_PROP_IDLE_TIMEOUT:
      settings->limits.idle_timeout_ms = g_value_get_uint (value);
      return TRUE;
    case GST_REALTIME_PROP_MAX_COST:
      settings->limits.max_cost_usd = g_value_get_double (value);
      return TRUE;
    case GST_REALTIME_PROP_INITIAL_ITEMS:
      g_free (settings->initial_items);
      settings->initial_items = g_value_dup_string (value);
      return TRUE;
    case GST_REALTIME_PROP_PRICES:
      g_free (settings->prices);
      settings->prices = g_value_dup_string (value);
      return TRUE;
    case GST_REALTIME_PROP_LOG_SENT_EVENTS:
      settings->log_sent_events = g_value_get_boolean (value);
      return TRUE;
    case GST_REALTIME_PROP_FAILURE:
      settings->on_failure = g_value_get_enum (value);
      return TRUE;
    case GST_REALTIME_PROP_RECONNECT:
      settings->reconnect = g_value_get_boolean (value);
      return TRUE;
    case GST_REALTIME_PROP_MAX_RETRIES:
      settings->max_retries = g_value_get_uint (value);
      return TRUE;
    case GST_REALTIME_PROP_RETRY_DELAY_MIN:
      settings->retry_delay_min_ms = g_value_get_uint (value);
      return TRUE;
    case GST_REALTIME_PROP_RETRY_DELAY_MAX:
      settings->retry_delay_max_ms = g_value_get_uint (value);
      return TRUE;
    default:
      return FALSE;
  }
}

gboolean
gst_realtime_life_properties_get (const GstRealtimeSettings * settings,
    guint id, GValue * value)
{
  switch (id) {
    case GST_REALTIME_PROP_CONNECT_TIMEOUT:
      g_value_set_uint (value, settings->connect_timeout_ms);
      return TRUE;
    case GST_REALTIME_PROP_DRAIN_TIMEOUT:
      g_value_set_uint (value, settings->drain_timeout_ms);
      return TRUE;
    case GST_REALTIME_PROP_SESSION_TIMEOUT:
      g_value_set_uint (value, settings->limits.session_timeout_ms);
      return TRUE;
    case GST_REALTIME_PROP_IDLE_TIMEOUT:
      g_value_set_uint (value, settings->limits.idle_timeout_ms);
      return TRUE;
    case GST_REALTIME_PROP_MAX_COST:
      g_value_set_double (value, settings->limits.max_cost_usd);
      return TRUE;
    case GST_REALTIME_PROP_INITIAL_ITEMS:
      g_value_set_string (value, settings->initial_items);
      return TRUE;
    case GST_REALTIME_PROP_PRICES:
      g_value_set_string (value, settings->prices);
      return TRUE;
    case GST_REALTIME_PROP_LOG_SENT_EVENTS:
      g_value_set_boolean (value, settings->log_sent_events);
      return TRUE;
    case GST_REALTIME_PROP_FAILURE:
      g_value_set_enum (value, settings->on_failure);
      return TRUE;
    case GST_REALTIME_PROP_RECONNECT:
      g_value_set_boolean (value, settings->reconnect);
      return TRUE;
    case GST_REALTIME_PROP_MAX_RETRIES:
      g_value_set_uint (value, settings->max_retries);
      return TRUE;
    case GST_REALTIME_PROP_RETRY_DELAY_MIN:
      g_value_set_uint (value, settings->retry_delay_min_ms);
      return TRUE;
    case GST_REALTIME_PROP_RETRY_DELAY_MAX:
      g_value_set_uint (value, settings->retry_delay_max_ms);
      return TRUE;
    default:
      return FALSE;
  }
}
