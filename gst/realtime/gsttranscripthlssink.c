/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-transcripthlssink
 * @title: transcripthlssink
 * @short_description: writes timed text as a WebVTT rendition of HTTP Live Streaming
 *
 * Writes timed text as segments of WebVTT and a media playlist, to stand beside
 * what hlssink2 writes of the video, and a master playlist that names both. The
 * times of the text are tied to those of the MPEG-TS segments of the video by
 * X-TIMESTAMP-MAP; a cue that goes on in the next segment stands there again.
 *
 * Every file is replaced as a whole, so that a server never gives out half of one.
 *
 * Several of these elements that name the same #GstTranscriptHlsSink:master-location
 * stand in that master playlist together, each with its language.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 filesrc location=session.jsonl ! transcriptcaptions ! transcripthlssink target-duration=4 master-location=master.m3u8 video-playlist=video.m3u8 language=en
 * ]| Subtitles of a recorded session beside the video of video.m3u8.
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>
#include <glib/gstdio.h>

#include "gsttranscripthlsmaster.h"
#include "gsttranscripthlssink-private.h"

GST_DEBUG_CATEGORY_STATIC (transcript_hls_sink_debug);
#define GST_CAT_DEFAULT transcript_hls_sink_debug

/* Text that does not tell how long it is. */
#define DEFAULT_CUE (2 * GST_SECOND)

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK,
    GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("text/x-raw, format = (string) { pango-markup, utf8 }"));

#define gst_transcript_hls_sink_parent_class parent_class
G_DEFINE_TYPE (GstTranscriptHlsSink, gst_transcript_hls_sink,
    GST_TYPE_BASE_SINK);
GST_ELEMENT_REGISTER_DEFINE_WITH_CODE (transcripthlssink, "transcripthlssink",
    GST_RANK_NONE, GST_TYPE_TRANSCRIPT_HLS_SINK,
    GST_DEBUG_CATEGORY_INIT (transcript_hls_sink_debug, "transcripthlssink",
        0, "WebVTT rendition of HTTP Live Streaming"));

/* A file could not be written: said on the bus. Frees @error. */
static gboolean
gst_transcript_hls_sink_fail (GstTranscriptHlsSink * self,
    const gchar * location, GError * error)
{
  GST_ELEMENT_ERROR (self, RESOURCE, WRITE,
      ("\"%s\" could not be written: %s", location, error->message), (NULL));
  g_error_free (error);
  return FALSE;
}

static gboolean
gst_transcript_hls_sink_write (GstTranscriptHlsSink * self,
    const gchar * location, const gchar * text)
{
  GError *error = NULL;

  return gst_transcript_hls_write (location, text, &error)
      || gst_transcript_hls_sink_fail (self, location, error);
}

static gboolean
gst_transcript_hls_sink_write_master (GstTranscriptHlsSink * self)
{
  const GstTranscriptHlsSettings *settings = &self->settings;
  g_autofree gchar *uri = NULL;
  RealtimeHlsRendition rendition;
  GError *error = NULL;

  if (!settings->master_location)
    return TRUE;

  uri = g_path_get_basename (settings->playlist_location);
  rendition.uri = uri;
  rendition.name = settings->rendition_name;
  rendition.language = settings->language ? settings->language :
      self->tag_language;
  rendition.selected = settings->selected;
  self->in_master = TRUE;

  return gst_transcript_hls_master_add (self, settings->master_location,
      &rendition, settings->video_playlist, settings->bandwidth,
      settings->codecs, &error)
      || gst_transcript_hls_sink_fail (self, settings->master_location, error);
}

static gboolean
gst_transcript_hls_sink_write_playlist (GstTranscriptHlsSink * self,
    gboolean ended)
{
  g_autofree gchar *text = NULL;

  /* what is on demand is there as a whole */
  if (self->settings.playlist_type == REALTIME_HLS_PLAYLIST_VOD && !ended)
    return TRUE;

  text = realtime_hls_playlist_to_text (self->playlist, ended);
  if (!gst_transcript_hls_sink_write (self, self->settings.playlist_location,
          text))
    return FALSE;
  return self->in_master || gst_transcript_hls_sink_write_master (self);
}

static void
gst_transcript_hls_sink_remove_old (GstTranscriptHlsSink * self)
{
  const GstTranscriptHlsSettings *settings = &self->settings;

  if (settings->max_files == 0
      || settings->playlist_type != REALTIME_HLS_PLAYLIST_UNSPECIFIED)
    return;
  while (self->files.length > MAX (settings->max_files,
          settings->playlist_length)) {
    g_autofree gchar *path = g_queue_pop_head (&self->files);

    if (g_unlink (path) != 0)
      GST_WARNING_OBJECT (self, "%s could not be removed", path);
  }
}

/* start() has checked that the location has one place for a number. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static gchar *
gst_transcript_hls_sink_make_path (GstTranscriptHlsSink * self, guint number)
{
  return g_strdup_printf (self->settings.location, number);
}

#pragma GCC diagnostic pop

static gboolean
gst_transcript_hls_sink_write_segment (GstTranscriptHlsSink * self,
    const RealtimeHlsSegment * segment)
{
  g_autofree gchar *path =
      gst_transcript_hls_sink_make_path (self, self->n_segments++);
  g_autofree gchar *name = g_path_get_basename (path);
  g_autofree gchar *uri = self->settings.playlist_root ?
      g_build_path ("/", self->settings.playlist_root, name, NULL) : NULL;

  GST_DEBUG_OBJECT (self, "%s: %" GST_TIME_FORMAT ", %" GST_TIME_FORMAT
      " long", path, GST_TIME_ARGS (segment->start),
      GST_TIME_ARGS (segment->duration));
  if (!gst_transcript_hls_sink_write (self, path, segment->text))
    return FALSE;
  realtime_hls_playlist_add (self->playlist, uri ? uri : name,
      segment->duration);
  g_queue_push_tail (&self->files, g_steal_pointer (&path));

  return TRUE;
}

/* Writes the segments that are complete; @ended: all, and that it is over. */
static gboolean
gst_transcript_hls_sink_advance (GstTranscriptHlsSink * self, gboolean ended)
{
  gboolean changed = ended;

  while (TRUE) {
    g_autoptr (RealtimeHlsSegment) segment =
        realtime_hls_segmenter_pop (self->segmenter, ended);

    if (!segment)
      break;
    if (!gst_transcript_hls_sink_write_segment (self, segment))
      return FALSE;
    changed = TRUE;
  }
  if (!changed)
    return TRUE;
  if (!gst_transcript_hls_sink_write_playlist (self, ended))
    return FALSE;
  gst_transcript_hls_sink_remove_old (self);

  return TRUE;
}

static GstClockTime
gst_transcript_hls_sink_get_running_time (GstTranscriptHlsSink * self,
    GstClockTime time)
{
  const GstSegment *segment = &GST_BASE_SINK (self)->segment;

  if (!GST_CLOCK_TIME_IS_VALID (time) || segment->format != GST_FORMAT_TIME)
    return GST_CLOCK_TIME_NONE;
  if (GST_CLOCK_TIME_IS_VALID (segment->stop))
    time = MIN (time, segment->stop);
  return gst_segment_to_running_time (segment, GST_FORMAT_TIME, time);
}

static GstFlowReturn
gst_transcript_hls_sink_render (GstBaseSink * sink, GstBuffer * buffer)
{
  GstTranscriptHlsSink *self = GST_TRANSCRIPT_HLS_SINK (sink);
  GstClockTime start = gst_transcript_hls_sink_get_running_time (self,
      GST_BUFFER_PTS (buffer));
  GstClockTime duration = GST_BUFFER_DURATION (buffer);
  g_autofree gchar *text = NULL;
  GstMapInfo map;

  if (!GST_CLOCK_TIME_IS_VALID (start)) {
    GST_WARNING_OBJECT (self, "text without a time left out");
    return GST_FLOW_OK;
  }
  if (!GST_CLOCK_TIME_IS_VALID (duration))
    duration = DEFAULT_CUE;
  if (!gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    GST_ELEMENT_ERROR (self, RESOURCE, READ, (NULL), ("buffer not readable"));
    return GST_FLOW_ERROR;
  }
  text = g_strndup (map.size > 0 ? (const gchar *) map.data : "", map.size);
  gst_buffer_unmap (buffer, &map);

  realtime_hls_segmenter_add (self->segmenter, text, self->markup, start,
      start + duration);
  realtime_hls_segmenter_set_position (self->segmenter, start);

  return gst_transcript_hls_sink_advance (self, FALSE) ? GST_FLOW_OK :
      GST_FLOW_ERROR;
}

static gboolean
gst_transcript_hls_sink_handle_gap (GstTranscriptHlsSink * self,
    GstEvent * event)
{
  GstClockTime start, duration, end;

  gst_event_parse_gap (event, &start, &duration);
  if (!GST_CLOCK_TIME_IS_VALID (start))
    return TRUE;
  end = start + (GST_CLOCK_TIME_IS_VALID (duration) ? duration : 0);
  start = gst_transcript_hls_sink_get_running_time (self, start);
  end = gst_transcript_hls_sink_get_running_time (self, end);
  if (!GST_CLOCK_TIME_IS_VALID (start) || !GST_CLOCK_TIME_IS_VALID (end))
    return TRUE;

  realtime_hls_segmenter_add_gap (self->segmenter, start, end);
  return gst_transcript_hls_sink_advance (self, FALSE);
}

/* The language of the stream, where the property does not say another. */
static gboolean
gst_transcript_hls_sink_handle_tags (GstTranscriptHlsSink * self,
    GstEvent * event)
{
  GstTagList *tags;
  g_autofree gchar *language = NULL;

  gst_event_parse_tag (event, &tags);
  if (!gst_tag_list_get_string (tags, GST_TAG_LANGUAGE_CODE, &language)
      || g_strcmp0 (language, self->tag_language) == 0)
    return TRUE;

  g_free (self->tag_language);
  self->tag_language = g_steal_pointer (&language);
  return !self->in_master || gst_transcript_hls_sink_write_master (self);
}

static gboolean
gst_transcript_hls_sink_event (GstBaseSink * sink, GstEvent * event)
{
  GstTranscriptHlsSink *self = GST_TRANSCRIPT_HLS_SINK (sink);
  g_autoptr (GstEvent) kept = gst_event_ref (event);

  /* before the base class tells the application that it is over */
  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS
      && !gst_transcript_hls_sink_advance (self, TRUE)) {
    gst_event_unref (event);
    return FALSE;
  }
  if (!GST_BASE_SINK_CLASS (parent_class)->event (sink, event))
    return FALSE;

  switch (GST_EVENT_TYPE (kept)) {
    case GST_EVENT_GAP:
      return gst_transcript_hls_sink_handle_gap (self, kept);
    case GST_EVENT_TAG:
      return gst_transcript_hls_sink_handle_tags (self, kept);
    default:
      return TRUE;
  }
}

static gboolean
gst_transcript_hls_sink_set_caps (GstBaseSink * sink, GstCaps * caps)
{
  GstTranscriptHlsSink *self = GST_TRANSCRIPT_HLS_SINK (sink);
  const gchar *format = gst_structure_get_string (gst_caps_get_structure (caps,
          0), "format");

  self->markup = g_strcmp0 (format, "pango-markup") == 0;
  return TRUE;
}

/* One place for a number, as %u, %d or %05d. */
static gboolean
has_place_for_number (const gchar * location)
{
  const gchar *sign = location ? strchr (location, '%') : NULL;

  if (!sign)
    return FALSE;
  sign++;
  while (g_ascii_isdigit (*sign))
    sign++;
  return *sign != '\0' && strchr ("ud", *sign) && !strchr (sign + 1, '%')
      && sign - location < 256;
}

static gboolean
gst_transcript_hls_sink_start (GstBaseSink * sink)
{
  GstTranscriptHlsSink *self = GST_TRANSCRIPT_HLS_SINK (sink);
  const GstTranscriptHlsSettings *settings = &self->settings;
  GstClockTime target = settings->target_duration * GST_SECOND;

  if (!has_place_for_number (settings->location)) {
    GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS,
        ("location must have one place for the number of the segment, as in "
            "captions%%05d.vtt."), (NULL));
    return FALSE;
  }
  if (!settings->playlist_location) {
    GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS,
        ("playlist-location must name a file, for example captions.m3u8."),
        (NULL));
    return FALSE;
  }

  self->segmenter = realtime_hls_segmenter_new (target,
      settings->timestamp_offset);
  self->playlist = realtime_hls_playlist_new (settings->playlist_type, target,
      settings->playlist_length);
  self->n_segments = 0;
  self->markup = FALSE;
  self->in_master = FALSE;

  return TRUE;
}

static gboolean
gst_transcript_hls_sink_stop (GstBaseSink * sink)
{
  GstTranscriptHlsSink *self = GST_TRANSCRIPT_HLS_SINK (sink);

  gst_transcript_hls_master_remove (self);
  g_clear_pointer (&self->segmenter, realtime_hls_segmenter_free);
  g_clear_pointer (&self->playlist, realtime_hls_playlist_free);
  g_queue_clear_full (&self->files, g_free);
  g_clear_pointer (&self->tag_language, g_free);

  return TRUE;
}

static void
gst_transcript_hls_sink_finalize (GObject * object)
{
  gst_transcript_hls_sink_clear_properties (GST_TRANSCRIPT_HLS_SINK (object));

  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_transcript_hls_sink_init (GstTranscriptHlsSink * self)
{
  g_queue_init (&self->files);
  gst_transcript_hls_sink_init_properties (self);
  /* files are written as soon as what stands in them is known, and a stream that
   * is silent for long holds up nobody */
  gst_base_sink_set_sync (GST_BASE_SINK (self), FALSE);
  gst_base_sink_set_async_enabled (GST_BASE_SINK (self), FALSE);
}

static void
gst_transcript_hls_sink_class_init (GstTranscriptHlsSinkClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSinkClass *sink_class = GST_BASE_SINK_CLASS (klass);

  object_class->finalize = gst_transcript_hls_sink_finalize;
  sink_class->start = GST_DEBUG_FUNCPTR (gst_transcript_hls_sink_start);
  sink_class->stop = GST_DEBUG_FUNCPTR (gst_transcript_hls_sink_stop);
  sink_class->set_caps = GST_DEBUG_FUNCPTR (gst_transcript_hls_sink_set_caps);
  sink_class->event = GST_DEBUG_FUNCPTR (gst_transcript_hls_sink_event);
  sink_class->render = GST_DEBUG_FUNCPTR (gst_transcript_hls_sink_render);

  gst_transcript_hls_sink_install (object_class);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class,
      "WebVTT rendition of HTTP Live Streaming", "Sink/Text",
      "Writes timed text as WebVTT segments with playlists",
      "gst-plugins-realtime");
}
