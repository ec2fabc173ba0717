/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gsttranscripthlssink-private.h"

#define DEFAULT_LOCATION "captions%05d.vtt"
#define DEFAULT_PLAYLIST_LOCATION "captions.m3u8"
#define DEFAULT_PLAYLIST_ROOT NULL
#define DEFAULT_PLAYLIST_TYPE REALTIME_HLS_PLAYLIST_UNSPECIFIED
#define DEFAULT_TARGET_DURATION 15
#define DEFAULT_PLAYLIST_LENGTH 5
#define DEFAULT_MAX_FILES 10
/* mpegtsmux begins an hour after 0 */
#define DEFAULT_TIMESTAMP_OFFSET (G_GUINT64_CONSTANT (3600) * 90000)
#define MAX_TIMESTAMP_OFFSET ((G_GUINT64_CONSTANT (1) << 33) - 1)
#define DEFAULT_MASTER_LOCATION NULL
#define DEFAULT_VIDEO_PLAYLIST "playlist.m3u8"
#define DEFAULT_BANDWIDTH 2000000
#define DEFAULT_CODECS NULL
#define DEFAULT_LANGUAGE NULL
#define DEFAULT_RENDITION_NAME NULL
#define DEFAULT_SELECTED FALSE

enum
{
  PROP_0,
  PROP_LOCATION,
  PROP_PLAYLIST_LOCATION,
  PROP_PLAYLIST_ROOT,
  PROP_PLAYLIST_TYPE,
  PROP_TARGET_DURATION,
  PROP_PLAYLIST_LENGTH,
  PROP_MAX_FILES,
  PROP_TIMESTAMP_OFFSET,
  PROP_MASTER_LOCATION,
  PROP_VIDEO_PLAYLIST,
  PROP_BANDWIDTH,
  PROP_CODECS,
  PROP_LANGUAGE,
  PROP_RENDITION_NAME,
  PROP_SELECTED,
};

GType
gst_transcript_hls_playlist_type_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {REALTIME_HLS_PLAYLIST_UNSPECIFIED, "Live: the last segments",
        "unspecified"},
    {REALTIME_HLS_PLAYLIST_EVENT, "All segments since the beginning", "event"},
    {REALTIME_HLS_PLAYLIST_VOD, "All segments, written at the end", "vod"},
    {0, NULL, NULL}
  };

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstTranscriptHlsPlaylistType", values));
  }
  return type;
}

/* The string that a property is kept in, or NULL if it is no string. */
static gchar **
find_string (GstTranscriptHlsSettings * settings, guint id)
{
  switch (id) {
    case PROP_LOCATION:
      return &settings->location;
    case PROP_PLAYLIST_LOCATION:
      return &settings->playlist_location;
    case PROP_PLAYLIST_ROOT:
      return &settings->playlist_root;
    case PROP_MASTER_LOCATION:
      return &settings->master_location;
    case PROP_VIDEO_PLAYLIST:
      return &settings->video_playlist;
    case PROP_CODECS:
      return &settings->codecs;
    case PROP_LANGUAGE:
      return &settings->language;
    case PROP_RENDITION_NAME:
      return &settings->rendition_name;
    default:
      return NULL;
  }
}

static void
gst_transcript_hls_sink_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstTranscriptHlsSink *self = GST_TRANSCRIPT_HLS_SINK (object);
  GstTranscriptHlsSettings *settings = &self->settings;
  gchar **string;

  GST_OBJECT_LOCK (self);
  string = find_string (settings, id);
  if (string) {
    g_free (*string);
    *string = g_value_dup_string (value);
  } else {
    switch (id) {
      case PROP_PLAYLIST_TYPE:
        settings->playlist_type = g_value_get_enum (value);
        break;
      case PROP_TARGET_DURATION:
        settings->target_duration = g_value_get_uint (value);
        break;
      case PROP_PLAYLIST_LENGTH:
        settings->playlist_length = g_value_get_uint (value);
        break;
      case PROP_MAX_FILES:
        settings->max_files = g_value_get_uint (value);
        break;
      case PROP_TIMESTAMP_OFFSET:
        settings->timestamp_offset = g_value_get_uint64 (value);
        break;
      case PROP_BANDWIDTH:
        settings->bandwidth = g_value_get_uint (value);
        break;
      case PROP_SELECTED:
        settings->selected = g_value_get_boolean (value);
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
        break;
    }
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_transcript_hls_sink_get_property (GObject * object, guint id,
    GValue * value, GParamSpec * pspec)
{
  GstTranscriptHlsSink *self = GST_TRANSCRIPT_HLS_SINK (object);
  GstTranscriptHlsSettings *settings = &self->settings;
  gchar **string;

  GST_OBJECT_LOCK (self);
  string = find_string (settings, id);
  if (string) {
    g_value_set_string (value, *string);
  } else {
    switch (id) {
      case PROP_PLAYLIST_TYPE:
        g_value_set_enum (value, settings->playlist_type);
        break;
      case PROP_TARGET_DURATION:
        g_value_set_uint (value, settings->target_duration);
        break;
      case PROP_PLAYLIST_LENGTH:
        g_value_set_uint (value, settings->playlist_length);
        break;
      case PROP_MAX_FILES:
        g_value_set_uint (value, settings->max_files);
        break;
      case PROP_TIMESTAMP_OFFSET:
        g_value_set_uint64 (value, settings->timestamp_offset);
        break;
      case PROP_BANDWIDTH:
        g_value_set_uint (value, settings->bandwidth);
        break;
      case PROP_SELECTED:
        g_value_set_boolean (value, settings->selected);
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
        break;
    }
  }
  GST_OBJECT_UNLOCK (self);
}

void
gst_transcript_hls_sink_init_properties (GstTranscriptHlsSink * self)
{
  GstTranscriptHlsSettings *settings = &self->settings;

  settings->location = g_strdup (DEFAULT_LOCATION);
  settings->playlist_location = g_strdup (DEFAULT_PLAYLIST_LOCATION);
  settings->playlist_root = g_strdup (DEFAULT_PLAYLIST_ROOT);
  settings->playlist_type = DEFAULT_PLAYLIST_TYPE;
  settings->target_duration = DEFAULT_TARGET_DURATION;
  settings->playlist_length = DEFAULT_PLAYLIST_LENGTH;
  settings->max_files = DEFAULT_MAX_FILES;
  settings->timestamp_offset = DEFAULT_TIMESTAMP_OFFSET;
  settings->master_location = g_strdup (DEFAULT_MASTER_LOCATION);
  settings->video_playlist = g_strdup (DEFAULT_VIDEO_PLAYLIST);
  settings->bandwidth = DEFAULT_BANDWIDTH;
  settings->codecs = g_strdup (DEFAULT_CODECS);
  settings->language = g_strdup (DEFAULT_LANGUAGE);
  settings->rendition_name = g_strdup (DEFAULT_RENDITION_NAME);
  settings->selected = DEFAULT_SELECTED;
}

void
gst_transcript_hls_sink_clear_properties (GstTranscriptHlsSink * self)
{
  guint id;

  for (id = PROP_0 + 1; id <= PROP_SELECTED; id++) {
    gchar **string = find_string (&self->settings, id);

    if (string)
      g_clear_pointer (string, g_free);
  }
}

static void
install_files (GObjectClass * object_class, GParamFlags flags)
{
  /**
   * GstTranscriptHlsSink:location:
   *
   * The file of a segment, with one place for its number.
   */
  g_object_class_install_property (object_class, PROP_LOCATION,
      g_param_spec_string ("location", "Location",
          "File of a segment, with a place for its number", DEFAULT_LOCATION,
          flags));

  /**
   * GstTranscriptHlsSink:playlist-location:
   *
   * The file of the media playlist.
   */
  g_object_class_install_property (object_class, PROP_PLAYLIST_LOCATION,
      g_param_spec_string ("playlist-location", "Playlist location",
          "File of the media playlist", DEFAULT_PLAYLIST_LOCATION, flags));

  /**
   * GstTranscriptHlsSink:playlist-root:
   *
   * What stands before the names of the segments in the playlist, for example
   * the URL of their folder. NULL for nothing: they lie beside the playlist.
   */
  g_object_class_install_property (object_class, PROP_PLAYLIST_ROOT,
      g_param_spec_string ("playlist-root", "Playlist root",
          "Put before the segments' names in the playlist",
          DEFAULT_PLAYLIST_ROOT, flags));

  /**
   * GstTranscriptHlsSink:max-files:
   *
   * How many segments are kept on disk, those of the playlist at least; 0 keeps
   * all. With a #GstTranscriptHlsSink:playlist-type all are kept.
   */
  g_object_class_install_property (object_class, PROP_MAX_FILES,
      g_param_spec_uint ("max-files", "Most files",
          "Segments that are kept on disk (0: all)", 0, G_MAXUINT,
          DEFAULT_MAX_FILES, flags));
}

static void
install_playlist (GObjectClass * object_class, GParamFlags flags)
{
  /**
   * GstTranscriptHlsSink:playlist-type:
   *
   * What the playlist is of: a live stream, of which the last segments are named; an
   * event, of which all are; a recording, whose playlist is written at EOS.
   */
  g_object_class_install_property (object_class, PROP_PLAYLIST_TYPE,
      g_param_spec_enum ("playlist-type", "Playlist type",
          "What the playlist is of", GST_TYPE_TRANSCRIPT_HLS_PLAYLIST_TYPE,
          DEFAULT_PLAYLIST_TYPE, flags));

  /**
   * GstTranscriptHlsSink:target-duration:
   *
   * How long a segment is, in s. The same as that of the video.
   */
  g_object_class_install_property (object_class, PROP_TARGET_DURATION,
      g_param_spec_uint ("target-duration", "Target duration",
          "Length of a segment (s)", 1, 3600, DEFAULT_TARGET_DURATION, flags));

  /**
   * GstTranscriptHlsSink:playlist-length:
   *
   * How many segments a live playlist names; 0 for all.
   */
  g_object_class_install_property (object_class, PROP_PLAYLIST_LENGTH,
      g_param_spec_uint ("playlist-length", "Playlist length",
          "Segments in a live playlist (0: all)", 0, G_MAXUINT,
          DEFAULT_PLAYLIST_LENGTH, flags));

  /**
   * GstTranscriptHlsSink:timestamp-offset:
   *
   * The MPEG-TS time of running time 0 in the segments of the video, in ticks of
   * 90 kHz. The default is what mpegtsmux, and with it hlssink2, writes. Where the
   * video is in fragmented MP4, 0.
   */
  g_object_class_install_property (object_class, PROP_TIMESTAMP_OFFSET,
      g_param_spec_uint64 ("timestamp-offset", "Timestamp offset",
          "MPEG-TS time of running time 0 (90 kHz)", 0, MAX_TIMESTAMP_OFFSET,
          DEFAULT_TIMESTAMP_OFFSET, flags));
}

static void
install_master (GObjectClass * object_class, GParamFlags flags)
{
  /**
   * GstTranscriptHlsSink:master-location:
   *
   * The file of a master playlist that names the video and all the subtitles whose
   * sinks, in this process, name the same file. It is written with the first media
   * playlist of each. NULL for none.
   */
  g_object_class_install_property (object_class, PROP_MASTER_LOCATION,
      g_param_spec_string ("master-location", "Master location",
          "File of the master playlist", DEFAULT_MASTER_LOCATION, flags));

  /**
   * GstTranscriptHlsSink:video-playlist:
   *
   * The URI of the video's media playlist, for the master playlist.
   */
  g_object_class_install_property (object_class, PROP_VIDEO_PLAYLIST,
      g_param_spec_string ("video-playlist", "Video playlist",
          "URI of the video's playlist, for the master playlist",
          DEFAULT_VIDEO_PLAYLIST, flags));

  /**
   * GstTranscriptHlsSink:bandwidth:
   *
   * Bits a second that the video takes at most, for the master playlist.
   */
  g_object_class_install_property (object_class, PROP_BANDWIDTH,
      g_param_spec_uint ("bandwidth", "Bandwidth",
          "Bits a second of the video, for the master playlist", 1, G_MAXUINT,
          DEFAULT_BANDWIDTH, flags));

  /**
   * GstTranscriptHlsSink:codecs:
   *
   * Codecs of the video and audio in the words of RFC 6381, for example
   * "avc1.42c01e,mp4a.40.2", for the master playlist. NULL leaves them out.
   */
  g_object_class_install_property (object_class, PROP_CODECS,
      g_param_spec_string ("codecs", "Codecs",
          "Codecs of the video, for the master playlist", DEFAULT_CODECS,
          flags));

  /**
   * GstTranscriptHlsSink:language:
   *
   * Language of the text for the master playlist, as BCP 47 has it. NULL for what
   * the stream's tags say.
   */
  g_object_class_install_property (object_class, PROP_LANGUAGE,
      g_param_spec_string ("language", "Language",
          "Language of the text (default: the stream's tag)",
          DEFAULT_LANGUAGE, flags));

  /**
   * GstTranscriptHlsSink:rendition-name:
   *
   * What a player's menu shows, for the master playlist. NULL for the language.
   */
  g_object_class_install_property (object_class, PROP_RENDITION_NAME,
      g_param_spec_string ("rendition-name", "Rendition name",
          "Name of the subtitles, for the master playlist",
          DEFAULT_RENDITION_NAME, flags));

  /**
   * GstTranscriptHlsSink:selected:
   *
   * Whether players show these subtitles without being asked for (DEFAULT=YES), for
   * the master playlist. Of those in one at most one may.
   */
  g_object_class_install_property (object_class, PROP_SELECTED,
      g_param_spec_boolean ("selected", "Selected",
          "Players show these subtitles without being asked",
          DEFAULT_SELECTED, flags));
}

void
gst_transcript_hls_sink_install (GObjectClass * object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_READY;

  object_class->set_property = gst_transcript_hls_sink_set_property;
  object_class->get_property = gst_transcript_hls_sink_get_property;

  install_files (object_class, flags);
  install_playlist (object_class, flags);
  install_master (object_class, flags);
  gst_type_mark_as_plugin_api (GST_TYPE_TRANSCRIPT_HLS_PLAYLIST_TYPE, 0);
}
