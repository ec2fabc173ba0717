/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gsttranscriptcaptions-private.h"

#define DEFAULT_MODE REALTIME_CAPTION_MODE_POP_ON
#define DEFAULT_ROLES GST_TRANSCRIPT_CAPTIONS_ALL_ROLES
#define DEFAULT_LANGUAGE NULL
#define DEFAULT_LATENCY -1
#define DEFAULT_LATENESS 0
#define DEFAULT_MAX_LINE_LENGTH 37
#define DEFAULT_MAX_LINES 2
#define DEFAULT_MIN_DURATION 1000
#define DEFAULT_MAX_DURATION 7000
#define DEFAULT_MAX_READING_SPEED 25
#define DEFAULT_SPEAKER_PREFIX NULL
#define DEFAULT_VOICE_TAGS FALSE

/* Who waits for ten minutes does not need live captions. */
#define LONGEST_LATENCY 600000

enum
{
  PROP_0,
  PROP_MODE,
  PROP_ROLES,
  PROP_LANGUAGE,
  PROP_LATENCY,
  PROP_LATENESS,
  PROP_MAX_OBSERVED_DELAY,
  PROP_MAX_LINE_LENGTH,
  PROP_MAX_LINES,
  PROP_MIN_DURATION,
  PROP_MAX_DURATION,
  PROP_MAX_READING_SPEED,
  PROP_SPEAKER_PREFIX,
  PROP_VOICE_TAGS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

GType
gst_transcript_captions_mode_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {REALTIME_CAPTION_MODE_POP_ON, "Finished cues, each shown at once",
        "pop-on"},
    {REALTIME_CAPTION_MODE_ROLL_UP,
        "Lines that grow while words come, and scroll", "roll-up"},
    {REALTIME_CAPTION_MODE_WORDS, "One word a buffer", "words"},
    {0, NULL, NULL}
  };

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstTranscriptCaptionsMode", values));
  }
  return type;
}

void
gst_transcript_captions_init_settings (GstTranscriptCaptions * self)
{
  GstTranscriptCaptionsSettings *settings = &self->settings;

  settings->captions.mode = DEFAULT_MODE;
  settings->captions.max_line_length = DEFAULT_MAX_LINE_LENGTH;
  settings->captions.max_lines = DEFAULT_MAX_LINES;
  settings->captions.pace.min_duration = DEFAULT_MIN_DURATION * GST_MSECOND;
  settings->captions.pace.max_duration = DEFAULT_MAX_DURATION * GST_MSECOND;
  settings->captions.pace.max_reading_speed = DEFAULT_MAX_READING_SPEED;
  settings->captions.speaker_prefix = g_strdup (DEFAULT_SPEAKER_PREFIX);
  settings->roles = DEFAULT_ROLES;
  settings->language = g_strdup (DEFAULT_LANGUAGE);
  settings->voice_tags = DEFAULT_VOICE_TAGS;
  settings->latency = DEFAULT_LATENCY;
  settings->lateness = DEFAULT_LATENESS;
}

void
gst_transcript_captions_clear_settings (GstTranscriptCaptionsSettings *
    settings)
{
  g_clear_pointer (&settings->captions.speaker_prefix, g_free);
  g_clear_pointer (&settings->language, g_free);
}

void
gst_transcript_captions_copy_settings (GstTranscriptCaptions * self,
    GstTranscriptCaptionsSettings * copy)
{
  gst_transcript_captions_clear_settings (copy);
  GST_OBJECT_LOCK (self);
  *copy = self->settings;
  copy->captions.speaker_prefix =
      g_strdup (self->settings.captions.speaker_prefix);
  copy->language = g_strdup (self->settings.language);
  GST_OBJECT_UNLOCK (self);
}

gboolean
gst_transcript_captions_check_settings (GstTranscriptCaptions * self)
{
  RealtimeCuePace pace;

  GST_OBJECT_LOCK (self);
  pace = self->settings.captions.pace;
  GST_OBJECT_UNLOCK (self);

  if (pace.min_duration > pace.max_duration) {
    GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS,
        ("min-duration (%u ms) is more than max-duration (%u ms): lower the "
            "one or raise the other.",
            (guint) (pace.min_duration / GST_MSECOND),
            (guint) (pace.max_duration / GST_MSECOND)), (NULL));
    return FALSE;
  }
  return TRUE;
}

GstClockTime
gst_transcript_captions_get_budget_unlocked (GstTranscriptCaptions * self)
{
  const GstTranscriptCaptionsSettings *settings = &self->settings;
  guint latency = MAX (settings->latency, 0);

  if (!self->live)
    return GST_CLOCK_TIME_NONE;
  if (settings->latency < 0 && settings->lateness == 0
      && settings->captions.mode == REALTIME_CAPTION_MODE_POP_ON)
    return GST_CLOCK_TIME_NONE;
  return (latency + (GstClockTime) settings->lateness) * GST_MSECOND;
}

/* In the words of other transcribers: a structure that names the element. */
static void
gst_transcript_captions_warn_of_delay (GstTranscriptCaptions * self, guint ms,
    guint allowed)
{
  GstStructure *details =
      gst_structure_new ("transcriptcaptions/excessive-delay",
      "new-observed-max-delay", G_TYPE_UINT64, (guint64) ms * GST_MSECOND,
      NULL);

  gst_element_message_full_with_details (GST_ELEMENT (self),
      GST_MESSAGE_WARNING, GST_CORE_ERROR, GST_CORE_ERROR_CLOCK,
      g_strdup_printf ("Words could be shown %u ms after they were spoken, "
          "which is more than latency and lateness make (%u ms): captions "
          "come late. Raise either.", ms, allowed), NULL, __FILE__,
      GST_FUNCTION, __LINE__, details);
}

void
gst_transcript_captions_tell_delay (GstTranscriptCaptions * self,
    GstClockTime delay)
{
  guint ms = MIN (delay / GST_MSECOND, G_MAXUINT);
  gboolean longer, excessive;
  guint latency, lateness;

  GST_OBJECT_LOCK (self);
  latency = MAX (self->settings.latency, 0);
  lateness = self->settings.lateness;
  longer = ms > self->max_observed_delay;
  /* nothing is promised by default, nor to a file */
  excessive = longer && self->live && latency + lateness > 0
      && ms > latency + lateness;
  if (longer)
    self->max_observed_delay = ms;
  GST_OBJECT_UNLOCK (self);

  if (!longer)
    return;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MAX_OBSERVED_DELAY]);
  if (excessive)
    gst_transcript_captions_warn_of_delay (self, ms, latency + lateness);
}

static void
gst_transcript_captions_set_latency (GstTranscriptCaptions * self, gint latency)
{
  gboolean changed;

  GST_OBJECT_LOCK (self);
  changed = MAX (latency, 0) != MAX (self->settings.latency, 0);
  self->settings.latency = latency;
  GST_OBJECT_UNLOCK (self);

  gst_transcript_captions_update_ticker (self);
  if (changed)
    gst_element_post_message (GST_ELEMENT (self),
        gst_message_new_latency (GST_OBJECT (self)));
}

static void
set_string (gchar ** target, const GValue * value)
{
  g_free (*target);
  *target = g_value_dup_string (value);
}

static void
gst_transcript_captions_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstTranscriptCaptions *self = GST_TRANSCRIPT_CAPTIONS (object);
  GstTranscriptCaptionsSettings *settings = &self->settings;

  if (id == PROP_LATENCY) {
    gst_transcript_captions_set_latency (self, g_value_get_int (value));
    return;
  }

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_MODE:
      settings->captions.mode = g_value_get_enum (value);
      break;
    case PROP_ROLES:
      settings->roles = g_value_get_flags (value);
      break;
    case PROP_LANGUAGE:
      set_string (&settings->language, value);
      break;
    case PROP_LATENESS:
      settings->lateness = g_value_get_uint (value);
      break;
    case PROP_MAX_LINE_LENGTH:
      settings->captions.max_line_length = g_value_get_uint (value);
      break;
    case PROP_MAX_LINES:
      settings->captions.max_lines = g_value_get_uint (value);
      break;
    case PROP_MIN_DURATION:
      settings->captions.pace.min_duration =
          g_value_get_uint (value) * GST_MSECOND;
      break;
    case PROP_MAX_DURATION:
      settings->captions.pace.max_duration =
          g_value_get_uint (value) * GST_MSECOND;
      break;
    case PROP_MAX_READING_SPEED:
      settings->captions.pace.max_reading_speed = g_value_get_uint (value);
      break;
    case PROP_SPEAKER_PREFIX:
      set_string (&settings->captions.speaker_prefix, value);
      break;
    case PROP_VOICE_TAGS:
      settings->voice_tags = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_transcript_captions_get_property (GObject * object, guint id,
    GValue * value, GParamSpec * pspec)
{
  GstTranscriptCaptions *self = GST_TRANSCRIPT_CAPTIONS (object);
  const GstTranscriptCaptionsSettings *settings = &self->settings;

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_MODE:
      g_value_set_enum (value, settings->captions.mode);
      break;
    case PROP_ROLES:
      g_value_set_flags (value, settings->roles);
      break;
    case PROP_LANGUAGE:
      g_value_set_string (value, settings->language);
      break;
    case PROP_LATENCY:
      g_value_set_int (value, settings->latency);
      break;
    case PROP_LATENESS:
      g_value_set_uint (value, settings->lateness);
      break;
    case PROP_MAX_OBSERVED_DELAY:
      g_value_set_uint (value, self->max_observed_delay);
      break;
    case PROP_MAX_LINE_LENGTH:
      g_value_set_uint (value, settings->captions.max_line_length);
      break;
    case PROP_MAX_LINES:
      g_value_set_uint (value, settings->captions.max_lines);
      break;
    case PROP_MIN_DURATION:
      g_value_set_uint (value,
          settings->captions.pace.min_duration / GST_MSECOND);
      break;
    case PROP_MAX_DURATION:
      g_value_set_uint (value,
          settings->captions.pace.max_duration / GST_MSECOND);
      break;
    case PROP_MAX_READING_SPEED:
      g_value_set_uint (value, settings->captions.pace.max_reading_speed);
      break;
    case PROP_SPEAKER_PREFIX:
      g_value_set_string (value, settings->captions.speaker_prefix);
      break;
    case PROP_VOICE_TAGS:
      g_value_set_boolean (value, settings->voice_tags);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

/* What the captions are of, and when they come. */
static void
install_stream_properties (GParamFlags playing, GParamFlags ready)
{
  /**
   * GstTranscriptCaptions:mode:
   *
   * What a buffer is: a finished cue; the lines of a window that grows and
   * scrolls, as they are for a time; or a word.
   */
  props[PROP_MODE] = g_param_spec_enum ("mode", "Mode",
      "What a buffer is", GST_TYPE_TRANSCRIPT_CAPTIONS_MODE, DEFAULT_MODE,
      ready);

  /**
   * GstTranscriptCaptions:roles:
   *
   * Whose words become captions. Lines of a speaker whom the stream does not
   * assign to a role are shown if all roles are.
   */
  props[PROP_ROLES] = g_param_spec_flags ("roles", "Roles",
      "Whose words become captions", GST_TYPE_REALTIME_ROLES, DEFAULT_ROLES,
      playing);

  /**
   * GstTranscriptCaptions:language:
   *
   * The language of the captions, as ISO 639 code ("de", or "de-AT"): lines
   * of another are left out, those whose language is not told are not, and a
   * tag tells it downstream. NULL for all; then the tag tells the language of
   * the lines.
   */
  props[PROP_LANGUAGE] = g_param_spec_string ("language", "Language",
      "Only lines of this language (ISO 639 code) become captions",
      DEFAULT_LANGUAGE, playing);

  /**
   * GstTranscriptCaptions:latency:
   *
   * How long after they were spoken words leave at the latest, in ms, added
   * to the latency of a live pipeline: an overlay shows them when they were
   * spoken if the service tells them within that time. Words that are not
   * final by then are shown as they are known. -1: none is added. Then pop-on
   * waits for the final text as long as it takes, and the other modes show
   * words as soon as they come. Counts where upstream is live only. A change
   * posts a LATENCY message.
   */
  props[PROP_LATENCY] = g_param_spec_int ("latency", "Latency",
      "How long after they were spoken words leave at the latest (ms), "
      "-1: no latency is added", -1, LONGEST_LATENCY, DEFAULT_LATENCY, playing);

  /**
   * GstTranscriptCaptions:lateness:
   *
   * By how much all text is shown later than it was spoken, in ms: the
   * pipeline gets no latency, and the captions come behind what is heard.
   */
  props[PROP_LATENESS] = g_param_spec_uint ("lateness", "Lateness",
      "How much later than it was spoken all text is shown (ms)", 0,
      LONGEST_LATENCY, DEFAULT_LATENESS, ready);

  /**
   * GstTranscriptCaptions:max-observed-delay:
   *
   * The longest time so far, in ms, between the start of words and when they
   * could be shown for certain, by the stream's time. Notified when it grows,
   * from the streaming thread.
   */
  props[PROP_MAX_OBSERVED_DELAY] = g_param_spec_uint ("max-observed-delay",
      "Longest observed delay",
      "Longest time between words and their text so far (ms)", 0, G_MAXUINT,
      0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

/* What they look like. */
static void
install_layout_properties (GParamFlags playing)
{
  /**
   * GstTranscriptCaptions:max-line-length:
   *
   * The most columns in a line: wide East Asian characters and emoji take
   * two, marks none, all others one.
   */
  props[PROP_MAX_LINE_LENGTH] = g_param_spec_uint ("max-line-length",
      "Longest line", "Columns in a line at most", 4, 250,
      DEFAULT_MAX_LINE_LENGTH, playing);

  /**
   * GstTranscriptCaptions:max-lines:
   *
   * The most lines in a cue, or in the window of roll-up. Words are single
   * lines.
   */
  props[PROP_MAX_LINES] = g_param_spec_uint ("max-lines", "Most lines",
      "Lines in a cue at most", 1, 16, DEFAULT_MAX_LINES, playing);

  /**
   * GstTranscriptCaptions:min-duration:
   *
   * How long a cue stays at least, in ms, even if its words took less; the
   * next one starts later then. Cues that have piled up are shortened to less.
   * In roll-up, how long the last words stay before the end of the stream.
   */
  props[PROP_MIN_DURATION] = g_param_spec_uint ("min-duration", "Shortest cue",
      "How long a cue stays at least (ms)", 0, 60000, DEFAULT_MIN_DURATION,
      playing);

  /**
   * GstTranscriptCaptions:max-duration:
   *
   * How long a cue stays at most, in ms, even if its words took longer; in
   * roll-up, how long the lines stay when no more words come. Not less than
   * #GstTranscriptCaptions:min-duration.
   */
  props[PROP_MAX_DURATION] = g_param_spec_uint ("max-duration", "Longest cue",
      "How long a cue stays at most (ms)", 100, 600000, DEFAULT_MAX_DURATION,
      playing);

  /**
   * GstTranscriptCaptions:max-reading-speed:
   *
   * How many columns a second can be read: a cue stays long enough for that,
   * and words that come all at once grow no faster.
   */
  props[PROP_MAX_READING_SPEED] = g_param_spec_uint ("max-reading-speed",
      "Highest reading speed", "Columns a second that can be read", 5, 1000,
      DEFAULT_MAX_READING_SPEED, playing);

  /**
   * GstTranscriptCaptions:speaker-prefix:
   *
   * What to put before the words where another speaks than before, for
   * example ">> " or "%s: ". "%s" stands for the speaker, as the service
   * names him, else for the role ("user", "assistant"). NULL for nothing.
   */
  props[PROP_SPEAKER_PREFIX] = g_param_spec_string ("speaker-prefix",
      "Speaker prefix",
      "Put before the words of another speaker; %s is the speaker",
      DEFAULT_SPEAKER_PREFIX, playing);

  /**
   * GstTranscriptCaptions:voice-tags:
   *
   * Whether each cue names its speaker in a voice tag of WebVTT
   * ("&lt;v Ada&gt;Yes.&lt;/v&gt;"), where an encoder of WebVTT follows; no
   * other format has them.
   */
  props[PROP_VOICE_TAGS] = g_param_spec_boolean ("voice-tags", "Voice tags",
      "Name the speaker of each cue in a voice tag where WebVTT is encoded",
      DEFAULT_VOICE_TAGS, playing);
}

void
gst_transcript_captions_install_properties (GObjectClass * klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  klass->set_property = gst_transcript_captions_set_property;
  klass->get_property = gst_transcript_captions_get_property;
  install_stream_properties (flags | GST_PARAM_MUTABLE_PLAYING,
      flags | GST_PARAM_MUTABLE_READY);
  install_layout_properties (flags | GST_PARAM_MUTABLE_PLAYING);
  g_object_class_install_properties (klass, N_PROPS, props);

  gst_type_mark_as_plugin_api (GST_TYPE_TRANSCRIPT_CAPTIONS_MODE, 0);
}
