/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstrealtimeproperties.h"

/* What changes while a session runs goes to it in a session.update. */
#define PLAYING_FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | \
    GST_PARAM_MUTABLE_PLAYING)
/* What it cannot change is for the next one, and a warning says so. */
#define READY_FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | \
    GST_PARAM_MUTABLE_READY)

#define N_FIELDS (GST_REALTIME_PROP_LATENCY - GST_REALTIME_PROP_SESSION_TYPE)

/* Where each property, in the order of the ids from session-type on, stands in
 * the configuration. */
#define FIELD(id, field) [GST_REALTIME_PROP_##id - \
    GST_REALTIME_PROP_SESSION_TYPE] = \
    G_STRUCT_OFFSET (RealtimeSessionConfig, field)

static const gsize fields[N_FIELDS] = {
  FIELD (SESSION_TYPE, session_type),
  FIELD (MODEL, model),
  FIELD (VOICE, voice),
  FIELD (INSTRUCTIONS, instructions),
  FIELD (OUTPUT_MODALITY, output_modality),
  FIELD (SPEED, speed),
  FIELD (MAX_OUTPUT_TOKENS, max_output_tokens),
  FIELD (REASONING_EFFORT, reasoning_effort),
  FIELD (TOOLS, tools),
  FIELD (TOOL_CHOICE, tool_choice),
  FIELD (LANGUAGE, language),
  FIELD (OUTPUT_LANGUAGE, output_language),
  FIELD (TRANSCRIPTION_MODEL, transcription_model),
  FIELD (TRANSCRIPTION_DELAY, transcription_delay),
  FIELD (TRANSCRIPTION_PROMPT, transcription_prompt),
  FIELD (TRANSCRIPTION_KEYWORDS, transcription_keywords),
  FIELD (NOISE_REDUCTION, noise_reduction),
  FIELD (TURN_DETECTION, turn_detection),
  FIELD (VAD_THRESHOLD, vad_threshold),
  FIELD (VAD_PREFIX_PADDING, vad_prefix_padding_ms),
  FIELD (VAD_SILENCE_DURATION, vad_silence_duration_ms),
  FIELD (VAD_EAGERNESS, vad_eagerness),
  FIELD (VAD_IDLE_TIMEOUT, vad_idle_timeout_ms),
  FIELD (CREATE_RESPONSE, create_response),
  FIELD (INTERRUPT_RESPONSE, interrupt_response),
  FIELD (SESSION, session_json)
};

static GType
session_type_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {REALTIME_SESSION_CONVERSATION, "Speech to speech", "conversation"},
    {REALTIME_SESSION_TRANSCRIPTION, "Speech to text", "transcription"},
    {REALTIME_SESSION_TRANSLATION, "Speech to speech in another language",
        "translation"},
    {0, NULL, NULL}
  };

  return gst_realtime_enum_type (&type, "GstRealtimeSessionType", values);
}

static GType
turn_detection_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {REALTIME_TURNS_AUTO,
        "As server-vad; as client in a transcription by a model that "
          "writes while one speaks, as the default one does", "auto"},
    {REALTIME_TURNS_SERVER_VAD,
        "The service, by voice activity", "server-vad"},
    {REALTIME_TURNS_SEMANTIC_VAD,
          "The service, by whether what was said sounds finished",
        "semantic-vad"},
    {REALTIME_TURNS_CLIENT, "This element, by voice activity", "client"},
    {REALTIME_TURNS_MANUAL,
        "The application, by input_audio_buffer.commit; the end of the "
          "input ends the last turn", "manual"},
    {0, NULL, NULL}
  };

  return gst_realtime_enum_type (&type, "GstRealtimeTurnDetection", values);
}

static GType
eagerness_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {REALTIME_EAGERNESS_AUTO, "As medium, the service's choice", "auto"},
    {REALTIME_EAGERNESS_LOW, "Waits for at most 8 s", "low"},
    {REALTIME_EAGERNESS_MEDIUM, "Waits for at most 4 s", "medium"},
    {REALTIME_EAGERNESS_HIGH, "Waits for at most 2 s", "high"},
    {0, NULL, NULL}
  };

  return gst_realtime_enum_type (&type, "GstRealtimeVadEagerness", values);
}

static GType
level_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {REALTIME_LEVEL_DEFAULT, "The service's choice", "default"},
    {REALTIME_LEVEL_MINIMAL, "Minimal", "minimal"},
    {REALTIME_LEVEL_LOW, "Low", "low"},
    {REALTIME_LEVEL_MEDIUM, "Medium", "medium"},
    {REALTIME_LEVEL_HIGH, "High", "high"},
    {REALTIME_LEVEL_XHIGH, "Extra high", "xhigh"},
    {0, NULL, NULL}
  };

  return gst_realtime_enum_type (&type, "GstRealtimeLevel", values);
}

static GType
noise_reduction_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {REALTIME_NOISE_REDUCTION_OFF, "None", "off"},
    {REALTIME_NOISE_REDUCTION_NEAR_FIELD, "For a microphone close to the mouth",
        "near-field"},
    {REALTIME_NOISE_REDUCTION_FAR_FIELD, "For a microphone in the room",
        "far-field"},
    {0, NULL, NULL}
  };

  return gst_realtime_enum_type (&type, "GstRealtimeNoiseReduction", values);
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

  return gst_realtime_enum_type (&type, "GstRealtimeOutputModality", values);
}

static void
install_string (GObjectClass * klass, guint id, const gchar * name,
    const gchar * nick, const gchar * blurb, GParamFlags flags)
{
  g_object_class_install_property (klass, id,
      g_param_spec_string (name, nick, blurb, NULL, flags));
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
      "Voice of the assistant, for example marin, or the id of a voice of "
      "one's own, voice_... (NULL: the service's choice)", PLAYING_FLAGS);
  install_string (klass, GST_REALTIME_PROP_INSTRUCTIONS, "instructions",
      "Instructions", "What the assistant is told to be and do (NULL: the "
      "service's own)", PLAYING_FLAGS);
  g_object_class_install_property (klass, GST_REALTIME_PROP_OUTPUT_MODALITY,
      g_param_spec_enum ("output-modality", "Output modality",
          "How the assistant answers", output_modality_get_type (),
          REALTIME_OUTPUT_AUDIO, PLAYING_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_SPEED,
      g_param_spec_double ("speed", "Speed",
          "How fast the assistant speaks, as a factor", REALTIME_MIN_SPEED,
          REALTIME_MAX_SPEED, REALTIME_DEFAULT_SPEED, PLAYING_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_MAX_OUTPUT_TOKENS,
      g_param_spec_uint ("max-output-tokens", "Max output tokens",
          "Longest response, function calls included, in tokens (0: no limit)",
          0, REALTIME_MAX_OUTPUT_TOKENS, 0, PLAYING_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_REASONING_EFFORT,
      g_param_spec_enum ("reasoning-effort", "Reasoning effort",
          "How much a model that reasons thinks before it answers",
          level_get_type (), REALTIME_LEVEL_DEFAULT, PLAYING_FLAGS));
  install_string (klass, GST_REALTIME_PROP_TOOLS, "tools", "Tools",
      "JSON array of the functions and MCP servers that the model may use, in "
      "the service's shape (NULL: none)", PLAYING_FLAGS);
  install_string (klass, GST_REALTIME_PROP_TOOL_CHOICE, "tool-choice",
      "Tool choice", "Whether the model has to use one of the tools: auto, "
      "none, required, the name of one function, or the service's JSON object "
      "(NULL: auto)", PLAYING_FLAGS);
  install_string (klass, GST_REALTIME_PROP_SESSION, "session", "Session JSON",
      "JSON object in the service's session shape, merged over everything "
      "that the other properties say (RFC 7396)", PLAYING_FLAGS);
}

static void
install_input (GObjectClass * klass)
{
  install_string (klass, GST_REALTIME_PROP_LANGUAGE, "language", "Language",
      "Language of the input as ISO 639-1 code, for example en (NULL: the "
      "service finds out)", PLAYING_FLAGS);
  install_string (klass, GST_REALTIME_PROP_OUTPUT_LANGUAGE, "output-language",
      "Output language", "Language that a translation is to be in, for example "
      "es (a translation needs one)", PLAYING_FLAGS);
  install_string (klass, GST_REALTIME_PROP_TRANSCRIPTION_MODEL,
      "transcription-model", "Transcription model",
      "Model that transcribes the input (NULL: gpt-transcribe; gpt-live-transcribe "
      "in a transcription without the service's turn detection)",
      PLAYING_FLAGS);
  g_object_class_install_property (klass, GST_REALTIME_PROP_TRANSCRIPTION_DELAY,
      g_param_spec_enum ("transcription-delay", "Transcription delay",
          "How long a model that writes while one speaks waits before it "
          "commits itself to a word: later is more accurate", level_get_type (),
          REALTIME_LEVEL_DEFAULT, PLAYING_FLAGS));
  install_string (klass, GST_REALTIME_PROP_TRANSCRIPTION_PROMPT,
      "transcription-prompt", "Transcription prompt",
      "What the model that transcribes is to know of what it hears: free text, "
      "or a list of words for whisper-1 (NULL: nothing)", PLAYING_FLAGS);
  g_object_class_install_property (klass,
      GST_REALTIME_PROP_TRANSCRIPTION_KEYWORDS,
      gst_param_spec_array ("transcription-keywords", "Transcription keywords",
          "Names and terms that the model that transcribes should know, as in "
          "<GStreamer,Opus>", g_param_spec_string ("keyword", "Keyword",
              "A word or a few", NULL,
              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS), PLAYING_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_NOISE_REDUCTION,
      g_param_spec_enum ("noise-reduction", "Noise reduction",
          "What the service filters out of the input before it listens",
          noise_reduction_get_type (), REALTIME_NOISE_REDUCTION_OFF,
          PLAYING_FLAGS));
}

static void
install_turns (GObjectClass * klass)
{
  g_object_class_install_property (klass, GST_REALTIME_PROP_TURN_DETECTION,
      g_param_spec_enum ("turn-detection", "Turn detection",
          "Who decides when a turn of the user has ended",
          turn_detection_get_type (), REALTIME_TURNS_AUTO, PLAYING_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_VAD_THRESHOLD,
      g_param_spec_double ("vad-threshold", "VAD threshold",
          "How sure the voice activity detection has to be, 0 to 1; with "
          "turn-detection=client, how far speech has to stand out of the "
          "noise, at most 8 dB (-1: the service's default, or 0.5)", -1.0, 1.0,
          -1.0, PLAYING_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_VAD_PREFIX_PADDING,
      g_param_spec_int ("vad-prefix-padding", "VAD prefix padding",
          "Audio before the detected speech that belongs to the turn, in ms "
          "(-1: the service's default; none with turn-detection=client, where "
          "it tells but where the turn's times begin)", -1, 10000, -1,
          PLAYING_FLAGS));
  g_object_class_install_property (klass,
      GST_REALTIME_PROP_VAD_SILENCE_DURATION,
      g_param_spec_int ("vad-silence-duration", "VAD silence duration",
          "Silence that ends a turn, in ms (-1: the service's default; 500 "
          "with turn-detection=client)", -1, 10000, -1, PLAYING_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_VAD_EAGERNESS,
      g_param_spec_enum ("vad-eagerness", "VAD eagerness",
          "How soon semantic-vad takes a pause for the end of a turn",
          eagerness_get_type (), REALTIME_EAGERNESS_AUTO, PLAYING_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_VAD_IDLE_TIMEOUT,
      g_param_spec_uint ("vad-idle-timeout", "VAD idle timeout",
          "With server-vad: silence of the user after which the assistant "
          "speaks up again, 5000 to 30000 ms (0: never)", 0,
          REALTIME_MAX_IDLE_TIMEOUT_MS, 0, PLAYING_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_CREATE_RESPONSE,
      g_param_spec_boolean ("create-response", "Create response",
          "Whether the end of a turn brings a response by itself", TRUE,
          PLAYING_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_INTERRUPT_RESPONSE,
      g_param_spec_boolean ("interrupt-response", "Interrupt response",
          "Whether the user's speech breaks a running response off", TRUE,
          PLAYING_FLAGS));
}

void
gst_realtime_session_properties_install (GObjectClass * klass)
{
  install_session (klass);
  install_input (klass);
  install_turns (klass);
}

static gchar **
dup_words (const GValue * array)
{
  guint i, n = gst_value_array_get_size (array);
  gchar **words = n > 0 ? g_new0 (gchar *, n + 1) : NULL;

  for (i = 0; i < n; i++) {
    const gchar *word =
        g_value_get_string (gst_value_array_get_value (array, i));

    words[i] = g_strdup (word ? word : "");
  }
  return words;
}

static void
set_words (GValue * array, gchar ** words)
{
  for (; words && *words; words++) {
    GValue word = G_VALUE_INIT;

    g_value_init (&word, G_TYPE_STRING);
    g_value_set_string (&word, *words);
    gst_value_array_append_and_take_value (array, &word);
  }
}

/* The field of the property @id; NULL if it is none of ours. */
static gpointer
find_field (const RealtimeSessionConfig * config, guint id)
{
  if (!GST_REALTIME_PROP_IS_OF_SESSION (id))
    return NULL;
  return G_STRUCT_MEMBER_P (config,
      fields[id - GST_REALTIME_PROP_SESSION_TYPE]);
}

gboolean
gst_realtime_session_properties_set (RealtimeSessionConfig * config, guint id,
    const GValue * value)
{
  gpointer field = find_field (config, id);

  if (!field)
    return FALSE;
  if (G_VALUE_HOLDS_STRING (value)) {
    g_free (*(gchar **) field);
    *(gchar **) field = g_value_dup_string (value);
  } else if (G_VALUE_HOLDS_ENUM (value)) {
    *(gint *) field = g_value_get_enum (value);
  } else if (G_VALUE_HOLDS_BOOLEAN (value)) {
    *(gboolean *) field = g_value_get_boolean (value);
  } else if (G_VALUE_HOLDS_INT (value)) {
    *(gint *) field = g_value_get_int (value);
  } else if (G_VALUE_HOLDS_UINT (value)) {
    *(guint *) field = g_value_get_uint (value);
  } else if (G_VALUE_HOLDS_DOUBLE (value)) {
    *(gdouble *) field = g_value_get_double (value);
  } else {
    g_strfreev (*(gchar ***) field);
    *(gchar ***) field = dup_words (value);
  }
  return TRUE;
}

gboolean
gst_realtime_session_properties_get (const RealtimeSessionConfig * config,
    guint id, GValue * value)
{
  gpointer field = find_field (config, id);

  if (!field)
    return FALSE;
  if (G_VALUE_HOLDS_STRING (value))
    g_value_set_string (value, *(gchar **) field);
  else if (G_VALUE_HOLDS_ENUM (value))
    g_value_set_enum (value, *(gint *) field);
  else if (G_VALUE_HOLDS_BOOLEAN (value))
    g_value_set_boolean (value, *(gboolean *) field);
  else if (G_VALUE_HOLDS_INT (value))
    g_value_set_int (value, *(gint *) field);
  else if (G_VALUE_HOLDS_UINT (value))
    g_value_set_uint (value, *(guint *) field);
  else if (G_VALUE_HOLDS_DOUBLE (value))
    g_value_set_double (value, *(gdouble *) field);
  else
    set_words (value, *(gchar ***) field);
  return TRUE;
}
