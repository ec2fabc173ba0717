/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gsttranscripttocea608-private.h"

#define DEFAULT_MODE GST_TRANSCRIPT_TO_CEA608_ROLL_UP2
#define DEFAULT_CHANNEL GST_TRANSCRIPT_TO_CEA608_CC1
#define DEFAULT_ORIGIN_ROW -1
#define DEFAULT_ORIGIN_COLUMN -1
#define DEFAULT_MAX_LINES 2
#define DEFAULT_ROLL_UP_TIMEOUT (5 * GST_SECOND)
#define DEFAULT_SPEAKER_PREFIX NULL

#define STATS_NAME "application/x-transcripttocea608-stats"

enum
{
  PROP_0,
  PROP_MODE,
  PROP_CHANNEL,
  PROP_ORIGIN_ROW,
  PROP_ORIGIN_COLUMN,
  PROP_MAX_LINES,
  PROP_ROLL_UP_TIMEOUT,
  PROP_SPEAKER_PREFIX,
  PROP_STATS,
};

GType
gst_transcript_to_cea608_mode_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {GST_TRANSCRIPT_TO_CEA608_POP_ON, "Whole captions, each at once", "pop-on"},
    {GST_TRANSCRIPT_TO_CEA608_PAINT_ON, "Word by word, row under row",
        "paint-on"},
    {GST_TRANSCRIPT_TO_CEA608_ROLL_UP2, "Word by word, two rows that roll up",
        "roll-up2"},
    {GST_TRANSCRIPT_TO_CEA608_ROLL_UP3, "Three rows", "roll-up3"},
    {GST_TRANSCRIPT_TO_CEA608_ROLL_UP4, "Four rows", "roll-up4"},
    {0, NULL, NULL}
  };

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstTranscriptToCea608Mode", values));
  }
  return type;
}

GType
gst_transcript_to_cea608_channel_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {GST_TRANSCRIPT_TO_CEA608_CC1, "The first of field 1", "cc1"},
    {GST_TRANSCRIPT_TO_CEA608_CC2, "The second of field 1", "cc2"},
    {GST_TRANSCRIPT_TO_CEA608_CC3, "The first of field 2", "cc3"},
    {GST_TRANSCRIPT_TO_CEA608_CC4, "The second of field 2", "cc4"},
    {0, NULL, NULL}
  };

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstTranscriptToCea608Channel", values));
  }
  return type;
}

static GstStructure *
gst_transcript_to_cea608_get_stats (GstTranscriptToCea608 * self)
{
  RealtimeCea608Stats stats;
  GstClockTime delay;

  GST_OBJECT_LOCK (self);
  stats = self->stats;
  delay = MAX (self->late_by, stats.max_delay * self->slot_duration);
  GST_OBJECT_UNLOCK (self);

  return gst_structure_new (STATS_NAME,
      "captions", G_TYPE_UINT64, stats.captions,
      "characters", G_TYPE_UINT64, stats.characters,
      "substituted", G_TYPE_UINT64, stats.substituted,
      "dropped", G_TYPE_UINT64, stats.dropped,
      "max-delay", G_TYPE_UINT64, delay, NULL);
}

static void
gst_transcript_to_cea608_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstTranscriptToCea608 *self = GST_TRANSCRIPT_TO_CEA608 (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_MODE:
      self->settings.mode = g_value_get_enum (value);
      break;
    case PROP_CHANNEL:
      self->settings.channel = g_value_get_enum (value);
      break;
    case PROP_ORIGIN_ROW:
      self->settings.origin_row = g_value_get_int (value);
      break;
    case PROP_ORIGIN_COLUMN:
      self->settings.origin_column = g_value_get_int (value);
      break;
    case PROP_MAX_LINES:
      self->settings.max_lines = g_value_get_uint (value);
      break;
    case PROP_ROLL_UP_TIMEOUT:
      self->settings.roll_up_timeout = g_value_get_uint64 (value);
      break;
    case PROP_SPEAKER_PREFIX:
      g_free (self->speaker_prefix);
      self->speaker_prefix = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_transcript_to_cea608_get_property (GObject * object, guint id,
    GValue * value, GParamSpec * pspec)
{
  GstTranscriptToCea608 *self = GST_TRANSCRIPT_TO_CEA608 (object);

  if (id == PROP_STATS) {
    g_value_take_boxed (value, gst_transcript_to_cea608_get_stats (self));
    return;
  }

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_MODE:
      g_value_set_enum (value, self->settings.mode);
      break;
    case PROP_CHANNEL:
      g_value_set_enum (value, self->settings.channel);
      break;
    case PROP_ORIGIN_ROW:
      g_value_set_int (value, self->settings.origin_row);
      break;
    case PROP_ORIGIN_COLUMN:
      g_value_set_int (value, self->settings.origin_column);
      break;
    case PROP_MAX_LINES:
      g_value_set_uint (value, self->settings.max_lines);
      break;
    case PROP_ROLL_UP_TIMEOUT:
      g_value_set_uint64 (value, self->settings.roll_up_timeout);
      break;
    case PROP_SPEAKER_PREFIX:
      g_value_set_string (value, self->speaker_prefix);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

void
gst_transcript_to_cea608_init_properties (GstTranscriptToCea608 * self)
{
  self->settings.mode = DEFAULT_MODE;
  self->settings.channel = DEFAULT_CHANNEL;
  self->settings.origin_row = DEFAULT_ORIGIN_ROW;
  self->settings.origin_column = DEFAULT_ORIGIN_COLUMN;
  self->settings.max_lines = DEFAULT_MAX_LINES;
  self->settings.roll_up_timeout = DEFAULT_ROLL_UP_TIMEOUT;
  self->speaker_prefix = g_strdup (DEFAULT_SPEAKER_PREFIX);
}

void
gst_transcript_to_cea608_install (GObjectClass * object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_READY;

  object_class->set_property = gst_transcript_to_cea608_set_property;
  object_class->get_property = gst_transcript_to_cea608_get_property;

  /**
   * GstTranscriptToCea608:mode:
   *
   * How captions come on the screen. Pop-on wants whole cues as text; the other
   * modes take words as well, and spread those of a cue over its time.
   */
  g_object_class_install_property (object_class, PROP_MODE,
      g_param_spec_enum ("mode", "Mode", "How captions come on the screen",
          GST_TYPE_TRANSCRIPT_TO_CEA608_MODE, DEFAULT_MODE, flags));

  /**
   * GstTranscriptToCea608:channel:
   *
   * Which of the four caption channels the text goes to: the first is that of the
   * programme's language. Channels 3 and 4 need format=s334-1a downstream.
   */
  g_object_class_install_property (object_class, PROP_CHANNEL,
      g_param_spec_enum ("channel", "Channel",
          "Which of the four caption channels",
          GST_TYPE_TRANSCRIPT_TO_CEA608_CHANNEL, DEFAULT_CHANNEL, flags));

  /**
   * GstTranscriptToCea608:origin-row:
   *
   * The row of the last line, from 0 at the top to 14, or -1 for the last row of the
   * screen.
   */
  g_object_class_install_property (object_class, PROP_ORIGIN_ROW,
      g_param_spec_int ("origin-row", "Origin row",
          "Row of the last line, from 0 at the top (-1: automatic)", -1,
          REALTIME_CEA608_ROWS - 1, DEFAULT_ORIGIN_ROW, flags));

  /**
   * GstTranscriptToCea608:origin-column:
   *
   * The column of the first letter, from 0 at the left to 31. -1 puts lines in the
   * middle in pop-on mode, at the left in the others.
   */
  g_object_class_install_property (object_class, PROP_ORIGIN_COLUMN,
      g_param_spec_int ("origin-column", "Origin column",
          "Column of the first letter, from 0 at the left (-1: automatic)", -1,
          REALTIME_CEA608_COLUMNS - 1, DEFAULT_ORIGIN_COLUMN, flags));

  /**
   * GstTranscriptToCea608:max-lines:
   *
   * The most lines of a caption in pop-on and paint-on mode. A line has at most 32
   * letters, so that text made for longer ones is broken anew. In pop-on mode each
   * line adds two thirds of a second to the latency.
   */
  g_object_class_install_property (object_class, PROP_MAX_LINES,
      g_param_spec_uint ("max-lines", "Most lines",
          "Lines of a caption at most (pop-on and paint-on)", 1, 4,
          DEFAULT_MAX_LINES, flags));

  /**
   * GstTranscriptToCea608:roll-up-timeout:
   *
   * How long after the last word the screen is erased, in ns, in roll-up and
   * paint-on mode. 18446744073709551615 (GST_CLOCK_TIME_NONE) for never.
   */
  g_object_class_install_property (object_class, PROP_ROLL_UP_TIMEOUT,
      g_param_spec_uint64 ("roll-up-timeout", "Roll-up timeout",
          "Time after the last word until the screen is erased (ns)", 0,
          G_MAXUINT64, DEFAULT_ROLL_UP_TIMEOUT, flags));

  /**
   * GstTranscriptToCea608:speaker-prefix:
   *
   * What to put before the words that follow an event of the name
   * "rstranscribe/speaker-change", which also begins a new line. Text that brings
   * a prefix of its own, as transcriptcaptions makes it, begins one if that starts
   * with ">>".
   */
  g_object_class_install_property (object_class, PROP_SPEAKER_PREFIX,
      g_param_spec_string ("speaker-prefix", "Speaker prefix",
          "Put before the words after an event that tells of another speaker",
          DEFAULT_SPEAKER_PREFIX, flags));

  /**
   * GstTranscriptToCea608:stats:
   *
   * A structure of counts since the stream began, each a guint64: "captions" (texts
   * taken), "characters" (put out, without blanks), "substituted" (characters that
   * the format lacks), "dropped" (characters left out as there were too many at
   * once), and "max-delay" (ns that a text was late at most).
   */
  g_object_class_install_property (object_class, PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "Counts of what was put out, substituted and left out",
          GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  gst_type_mark_as_plugin_api (GST_TYPE_TRANSCRIPT_TO_CEA608_MODE, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_TRANSCRIPT_TO_CEA608_CHANNEL, 0);
}
