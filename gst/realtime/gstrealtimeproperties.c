/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstrealtimeproperties.h"

/* whose protocol is spoken; more will come */
typedef enum
{
  GST_REALTIME_SERVICE_OPENAI
} GstRealtimeService;

#define READY_FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | \
    GST_PARAM_MUTABLE_READY)
/* written, never read: a secret shows in no log, dump or notification */
#define SECRET_FLAGS (G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS | \
    GST_PARAM_MUTABLE_READY)

static GType
enum_type (gsize * type, const gchar * name, const GEnumValue * values)
{
  if (g_once_init_enter (type))
    g_once_init_leave (type, g_enum_register_static (name, values));

  return *type;
}

static GType
service_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {GST_REALTIME_SERVICE_OPENAI, "OpenAI, and whoever speaks as it does",
        "openai"},
    {0, NULL, NULL}
  };

  return enum_type (&type, "GstRealtimeService", values);
}

static GType
session_type_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {REALTIME_SESSION_CONVERSATION, "Speech to speech", "conversation"},
    {REALTIME_SESSION_TRANSCRIPTION, "Speech to text", "transcription"},
    {0, NULL, NULL}
  };

  return enum_type (&type, "GstRealtimeSessionType", values);
}

static GType
turn_detection_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {REALTIME_TURNS_SERVER_VAD,
        "The service, by voice activity", "server-vad"},
    {REALTIME_TURNS_MANUAL,
        "The application, by input_audio_buffer.commit; the end of the "
          "input ends the last turn", "manual"},
    {0, NULL, NULL}
  };

  return enum_type (&type, "GstRealtimeTurnDetection", values);
}

static GType
output_modality_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {REALTIME_OUTPUT_AUDIO, "Speech, with its transcript", "audio"},
    {REALTIME_OUTPUT_TEXT, "Text alone", "text"},
    {0, NULL, NULL}
  };

  return enum_type (&type, "GstRealtimeOutputModality", values);
}

static void
install_string (GObjectClass * klass, guint id, const gchar * name,
    const gchar * nick, const gchar * blurb, GParamFlags flags)
{
  g_object_class_install_property (klass, id,
      g_param_spec_string (name, nick, blurb, NULL, flags));
}

static void
install_service (GObjectClass * klass)
{
  g_object_class_install_property (klass, GST_REALTIME_PROP_SERVICE,
      g_param_spec_enum ("service", "Service",
          "Whose protocol dialect to speak", service_get_type (),
          GST_REALTIME_SERVICE_OPENAI, READY_FLAGS));
  install_string (klass, GST_REALTIME_PROP_BASE_URL, "base-url", "Base URL",
      "Where the service's API begins, for example http://127.0.0.1:8765/v1 "
      "(NULL: OPENAI_BASE_URL of the environment, then "
      "https://api.openai.com/v1)", READY_FLAGS);
  install_string (klass, GST_REALTIME_PROP_API_KEY, "api-key", "API key",
      "Key of the service (unset: OPENAI_API_KEY of the environment); cannot "
      "be read back", SECRET_FLAGS);
  install_string (klass, GST_REALTIME_PROP_TOKEN, "token", "Token",
      "Ephemeral token to connect with instead of a key; cannot be read back",
      SECRET_FLAGS);
  g_object_class_install_property (klass, GST_REALTIME_PROP_SSL_STRICT,
      g_param_spec_boolean ("ssl-strict", "Strict TLS",
          "Refuse a server whose certificate cannot be verified", TRUE,
          READY_FLAGS));
  install_string (klass, GST_REALTIME_PROP_SSL_CA_FILE, "ssl-ca-file",
      "CA file", "PEM file of the authorities to trust (NULL: the system's)",
      READY_FLAGS);
  install_string (klass, GST_REALTIME_PROP_HTTP_PROXY, "http-proxy",
      "HTTP proxy", "Proxy for the HTTP requests, http://host:port "
      "(NULL: the system's)", READY_FLAGS);
}

static void
install_session (GObjectClass * klass)
{
  g_object_class_install_property (klass, GST_REALTIME_PROP_SESSION_TYPE,
      g_param_spec_enum ("session-type", "Session type",
          "What the session is for", session_type_get_type (),
          REALTIME_SESSION_CONVERSATION, READY_FLAGS));
  install_string (klass, GST_REALTIME_PROP_MODEL, "model", "Model",
      "Model to converse with (NULL: gpt-realtime-2.1); a transcription takes "
      "transcription-model", READY_FLAGS);
  install_string (klass, GST_REALTIME_PROP_VOICE, "voice", "Voice",
      "Voice of the assistant, for example marin (NULL: the service's choice)",
      READY_FLAGS);
  install_string (klass, GST_REALTIME_PROP_INSTRUCTIONS, "instructions",
      "Instructions", "What the assistant is told to be and do (NULL: the "
      "service's own)", READY_FLAGS);
  install_string (klass, GST_REALTIME_PROP_LANGUAGE, "language", "Language",
      "Language of the input as ISO 639-1 code, for example en (NULL: the "
      "service finds out)", READY_FLAGS);
  install_string (klass, GST_REALTIME_PROP_TRANSCRIPTION_MODEL,
      "transcription-model", "Transcription model",
      "Model that transcribes the input (NULL: gpt-transcribe)", READY_FLAGS);
  g_object_class_install_property (klass, GST_REALTIME_PROP_OUTPUT_MODALITY,
      g_param_spec_enum ("output-modality", "Output modality",
          "How the assistant answers", output_modality_get_type (),
          REALTIME_OUTPUT_AUDIO, READY_FLAGS));
  install_string (klass, GST_REALTIME_PROP_SESSION, "session", "Session JSON",
      "JSON object in the service's session shape, merged over everything "
      "that the other properties say (RFC 7396)", READY_FLAGS);
}

static void
install_turns (GObjectClass * klass)
{
  g_object_class_install_property (klass, GST_REALTIME_PROP_TURN_DETECTION,
      g_param_spec_enum ("turn-detection", "Turn detection",
          "Who decides when a turn of the user has ended",
          turn_detection_get_type (), REALTIME_TURNS_SERVER_VAD, READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_VAD_THRESHOLD,
      g_param_spec_double ("vad-threshold", "VAD threshold",
          "How sure the service's voice activity detection has to be, 0 to 1 "
          "(-1: the service's default)", -1.0, 1.0, -1.0, READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_VAD_PREFIX_PADDING,
      g_param_spec_int ("vad-prefix-padding", "VAD prefix padding",
          "Audio before the detected speech that belongs to the turn, in ms "
          "(-1: the service's default)", -1, 10000, -1, READY_FLAGS));
  g_object_class_install_property (klass,
      GST_REALTIME_PROP_VAD_SILENCE_DURATION,
      g_param_spec_int ("vad-silence-duration", "VAD silence duration",
          "Silence that ends a turn, in ms (-1: the service's default)",
          -1, 10000, -1, READY_FLAGS));
}

void
gst_realtime_properties_install (GObjectClass * klass)
{
  GstRealtimeSettings *defaults = gst_realtime_settings_new ();

  install_service (klass);
  install_session (klass);
  install_turns (klass);
  g_object_class_install_property (klass, GST_REALTIME_PROP_LATENCY,
      g_param_spec_uint ("latency", "Latency",
          "Jitter buffer for the service's audio, in ms", 0, 5000,
          defaults->latency_ms, READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_CONNECT_TIMEOUT,
      g_param_spec_uint ("connect-timeout", "Connect timeout",
          "Longest time from the start to a configured session, in ms",
          100, 600000, defaults->connect_timeout_ms, READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_DRAIN_TIMEOUT,
      g_param_spec_uint ("drain-timeout", "Drain timeout",
          "Longest time after the input's end to wait for the last "
          "transcripts and the running response, in ms", 0, 600000,
          defaults->drain_timeout_ms, READY_FLAGS));

  gst_realtime_settings_free (defaults);
}

static void
set_string (gchar ** field, const GValue * value)
{
  g_free (*field);
  *field = g_value_dup_string (value);
}

static void
set_secret (gchar ** field, const GValue * value)
{
  realtime_secret_free (*field);
  *field = g_value_dup_string (value);
  if (*field && !**field)
    g_clear_pointer (field, g_free);
}

static gboolean
set_session (RealtimeSessionConfig * config, guint id, const GValue * value)
{
  switch (id) {
    case GST_REALTIME_PROP_SESSION_TYPE:
      config->session_type = g_value_get_enum (value);
      return TRUE;
    case GST_REALTIME_PROP_MODEL:
      set_string (&config->model, value);
      return TRUE;
    case GST_REALTIME_PROP_VOICE:
      set_string (&config->voice, value);
      return TRUE;
    case GST_REALTIME_PROP_INSTRUCTIONS:
      set_string (&config->instructions, value);
      return TRUE;
    case GST_REALTIME_PROP_LANGUAGE:
      set_string (&config->language, value);
      return TRUE;
    case GST_REALTIME_PROP_TRANSCRIPTION_MODEL:
      set_string (&config->transcription_model, value);
      return TRUE;
    case GST_REALTIME_PROP_TURN_DETECTION:
      config->turn_detection = g_value_get_enum (value);
      return TRUE;
    case GST_REALTIME_PROP_VAD_THRESHOLD:
      config->vad_threshold = g_value_get_double (value);
      return TRUE;
    case GST_REALTIME_PROP_VAD_PREFIX_PADDING:
      config->vad_prefix_padding_ms = g_value_get_int (value);
      return TRUE;
    case GST_REALTIME_PROP_VAD_SILENCE_DURATION:
      config->vad_silence_duration_ms = g_value_get_int (value);
      return TRUE;
    case GST_REALTIME_PROP_OUTPUT_MODALITY:
      config->output_modality = g_value_get_enum (value);
      return TRUE;
    case GST_REALTIME_PROP_SESSION:
      set_string (&config->session_json, value);
      return TRUE;
    default:
      return FALSE;
  }
}

gboolean
gst_realtime_properties_set (GstRealtimeSettings * settings, guint id,
    const GValue * value)
{
  switch (id) {
    case GST_REALTIME_PROP_SERVICE:
      /* the one value there is */
      return TRUE;
    case GST_REALTIME_PROP_BASE_URL:
      set_string (&settings->base_url, value);
      return TRUE;
    case GST_REALTIME_PROP_API_KEY:
      set_secret (&settings->api_key, value);
      return TRUE;
    case GST_REALTIME_PROP_TOKEN:
      set_secret (&settings->token, value);
      return TRUE;
    case GST_REALTIME_PROP_SSL_STRICT:
      settings->ssl_strict = g_value_get_boolean (value);
      return TRUE;
    case GST_REALTIME_PROP_SSL_CA_FILE:
      set_string (&settings->ssl_ca_file, value);
      return TRUE;
    case GST_REALTIME_PROP_HTTP_PROXY:
      set_string (&settings->http_proxy, value);
      return TRUE;
    case GST_REALTIME_PROP_LATENCY:
      settings->latency_ms = g_value_get_uint (value);
      return TRUE;
    case GST_REALTIME_PROP_CONNECT_TIMEOUT:
      settings->connect_timeout_ms = g_value_get_uint (value);
      return TRUE;
    case GST_REALTIME_PROP_DRAIN_TIMEOUT:
      settings->drain_timeout_ms = g_value_get_uint (value);
      return TRUE;
    default:
      return set_session (&settings->config, id, value);
  }
}

static gboolean
get_session (const RealtimeSessionConfig * config, guint id, GValue * value)
{
  switch (id) {
    case GST_REALTIME_PROP_SESSION_TYPE:
      g_value_set_enum (value, config->session_type);
      return TRUE;
    case GST_REALTIME_PROP_MODEL:
      g_value_set_string (value, config->model);
      return TRUE;
    case GST_REALTIME_PROP_VOICE:
      g_value_set_string (value, config->voice);
      return TRUE;
    case GST_REALTIME_PROP_INSTRUCTIONS:
      g_value_set_string (value, config->instructions);
      return TRUE;
    case GST_REALTIME_PROP_LANGUAGE:
      g_value_set_string (value, config->language);
      return TRUE;
    case GST_REALTIME_PROP_TRANSCRIPTION_MODEL:
      g_value_set_string (value, config->transcription_model);
      return TRUE;
    case GST_REALTIME_PROP_TURN_DETECTION:
      g_value_set_enum (value, config->turn_detection);
      return TRUE;
    case GST_REALTIME_PROP_VAD_THRESHOLD:
      g_value_set_double (value, config->vad_threshold);
      return TRUE;
    case GST_REALTIME_PROP_VAD_PREFIX_PADDING:
      g_value_set_int (value, config->vad_prefix_padding_ms);
      return TRUE;
    case GST_REALTIME_PROP_VAD_SILENCE_DURATION:
      g_value_set_int (value, config->vad_silence_duration_ms);
      return TRUE;
    case GST_REALTIME_PROP_OUTPUT_MODALITY:
      g_value_set_enum (value, config->output_modality);
      return TRUE;
    case GST_REALTIME_PROP_SESSION:
      g_value_set_string (value, config->session_json);
      return TRUE;
    default:
      return FALSE;
  }
}

gboolean
gst_realtime_properties_get (const GstRealtimeSettings * settings, guint id,
    GValue * value)
{
  switch (id) {
    case GST_REALTIME_PROP_SERVICE:
      g_value_set_enum (value, GST_REALTIME_SERVICE_OPENAI);
      return TRUE;
    case GST_REALTIME_PROP_BASE_URL:
      g_value_set_string (value, settings->base_url);
      return TRUE;
    case GST_REALTIME_PROP_SSL_STRICT:
      g_value_set_boolean (value, settings->ssl_strict);
      return TRUE;
    case GST_REALTIME_PROP_SSL_CA_FILE:
      g_value_set_string (value, settings->ssl_ca_file);
      return TRUE;
    case GST_REALTIME_PROP_HTTP_PROXY:
      g_value_take_string (value,
          realtime_proxy_url_for_user (settings->http_proxy));
      return TRUE;
    case GST_REALTIME_PROP_LATENCY:
      g_value_set_uint (value, settings->latency_ms);
      return TRUE;
    case GST_REALTIME_PROP_CONNECT_TIMEOUT:
      g_value_set_uint (value, settings->connect_timeout_ms);
      return TRUE;
    case GST_REALTIME_PROP_DRAIN_TIMEOUT:
      g_value_set_uint (value, settings->drain_timeout_ms);
      return TRUE;
    default:
      return get_session (&settings->config, id, value);
  }
}
