/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-transcripttocea608
 * @title: transcripttocea608
 * @short_description: makes CEA-608 closed captions of timed text
 *
 * Takes timed text and makes the bytes of CEA-608 ("line 21") closed captions
 * of it, a buffer for each frame of video, as cccombiner, ccconverter and
 * line21encoder take them. The text may come as whole cues (best for pop-on) or word
 * by word (best for roll-up and paint-on).
 *
 * The format carries one pair of bytes a frame: 60 characters a second. What is
 * said in ordinary speech takes a quarter of that. Captions in pop-on mode are
 * loaded ahead of their time, which adds a latency of about a second and a half;
 * in the other modes letters follow from the time of their word on.
 *
 * Letters that the format lacks are replaced by what comes near, and counted in
 * #GstTranscriptToCea608:stats.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 videotestsrc num-buffers=900 ! video/x-raw,framerate=30/1 ! cccombiner name=cc ! x264enc ! h264parse ! mpegtsmux ! filesink location=talk.ts  filesrc location=session.jsonl ! transcriptcaptions max-line-length=32 ! transcripttocea608 mode=pop-on ! closedcaption/x-cea-608,framerate=30/1 ! ccconverter ! closedcaption/x-cea-708,format=cc_data ! cc.caption
 * ]| Closed captions of a recorded session in H.264 video.
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "gsttranscripttocea608-private.h"
#include "captions/textstream.h"
#include "captions/windowdiff.h"

GST_DEBUG_CATEGORY_STATIC (transcript_to_cea608_debug);
#define GST_CAT_DEFAULT transcript_to_cea608_debug

#define DEFAULT_FRAMERATE_N 30
#define DEFAULT_FRAMERATE_D 1
/* The format has a pair for each field in a frame of that rate; faster video carries
 * one in every other frame. */
#define FASTEST_RATE 31

/* No text is later than that: what would be is left out. */
#define LATEST (5 * GST_SECOND)
/* Text that does not tell how long it is: the pace of reading, and not less than. */
#define CHARACTERS_PER_SECOND 15
#define SHORTEST_TEXT GST_SECOND
/* No text is to be shown for longer. */
#define LONGEST_TEXT (600 * GST_SECOND)
/* A time of nothing longer than that is no frames but a GAP event. */
#define LONGEST_IDLE (60 * GST_SECOND)
/* Between two warnings. */
#define WARNING_INTERVAL (10 * G_TIME_SPAN_SECOND)

#define SPEAKER_CHANGE_EVENT "rstranscribe/speaker-change"

#define CAPS_RAW "closedcaption/x-cea-608, format = (string) raw, " \
    "framerate = (fraction) [ 1/2147483647, 2147483647/1 ], field = (int) 0"
#define CAPS_S334 "closedcaption/x-cea-608, format = (string) s334-1a, " \
    "framerate = (fraction) [ 1/2147483647, 2147483647/1 ]"

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK,
    GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("text/x-raw, format = (string) utf8"));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC,
    GST_PAD_ALWAYS,
    GST_STATIC_CAPS (CAPS_RAW "; " CAPS_S334));

#define gst_transcript_to_cea608_parent_class parent_class
G_DEFINE_TYPE (GstTranscriptToCea608, gst_transcript_to_cea608,
    GST_TYPE_ELEMENT);
GST_ELEMENT_REGISTER_DEFINE_WITH_CODE (transcripttocea608,
    "transcripttocea608", GST_RANK_NONE, GST_TYPE_TRANSCRIPT_TO_CEA608,
    GST_DEBUG_CATEGORY_INIT (transcript_to_cea608_debug, "transcripttocea608",
        0, "CEA-608 captions of timed text"));

static GstTranscriptToCea608Settings
gst_transcript_to_cea608_get_settings (GstTranscriptToCea608 * self)
{
  GstTranscriptToCea608Settings settings;

  GST_OBJECT_LOCK (self);
  settings = self->settings;
  GST_OBJECT_UNLOCK (self);

  return settings;
}

/* Time and frames */

static GstClockTime
frame_time (GstTranscriptToCea608 * self, guint64 frame)
{
  return self->base + gst_util_uint64_scale (frame,
      GST_SECOND * self->fps_d, self->fps_n);
}

/* The first frame that does not begin before @time. */
static guint64
frame_at (GstTranscriptToCea608 * self, GstClockTime time)
{
  if (time <= self->base)
    return 0;
  return gst_util_uint64_scale_ceil (time - self->base, self->fps_n,
      GST_SECOND * self->fps_d);
}

static guint64
slot_at (GstTranscriptToCea608 * self, GstClockTime time)
{
  return (frame_at (self, time) + self->frames_per_slot - 1)
      / self->frames_per_slot;
}

/* How many slots @duration takes. */
static guint64
slots_of (GstTranscriptToCea608 * self, GstClockTime duration)
{
  return gst_util_uint64_scale_ceil (duration, self->fps_n,
      GST_SECOND * self->fps_d * self->frames_per_slot);
}

/* Negotiation */

static void
gst_transcript_to_cea608_make_encoder (GstTranscriptToCea608 * self)
{
  GstTranscriptToCea608Settings settings =
      gst_transcript_to_cea608_get_settings (self);
  RealtimeCea608Settings s = { REALTIME_CEA608_ROLL_UP, };
  GstClockTime slot = gst_util_uint64_scale (GST_SECOND,
      self->fps_d * self->frames_per_slot, self->fps_n);

  s.rows = settings.max_lines;
  if (settings.mode == GST_TRANSCRIPT_TO_CEA608_POP_ON)
    s.mode = REALTIME_CEA608_POP_ON;
  else if (settings.mode == GST_TRANSCRIPT_TO_CEA608_PAINT_ON)
    s.mode = REALTIME_CEA608_PAINT_ON;
  else
    s.rows = settings.mode - GST_TRANSCRIPT_TO_CEA608_ROLL_UP2 + 2;
  s.row = settings.origin_row;
  s.column = settings.origin_column;
  s.channel = settings.channel;
  if (GST_CLOCK_TIME_IS_VALID (settings.roll_up_timeout))
    s.erase_after = MAX (1, slots_of (self, settings.roll_up_timeout));
  s.latest = slots_of (self, LATEST);

  g_clear_pointer (&self->encoder, realtime_cea608_encoder_free);
  self->encoder = realtime_cea608_encoder_new (&s);
  self->dropped_told = 0;

  GST_OBJECT_LOCK (self);
  self->slot_duration = slot;
  /* a frame goes out when its time is over, captions are loaded ahead */
  self->latency = gst_util_uint64_scale_ceil
      (realtime_cea608_encoder_get_lookahead (self->encoder)
      * self->frames_per_slot + 1, GST_SECOND * self->fps_d, self->fps_n);
  GST_OBJECT_UNLOCK (self);
}

static gboolean
gst_transcript_to_cea608_set_caps (GstTranscriptToCea608 * self, GstCaps * caps)
{
  GstStructure *s = gst_caps_get_structure (caps, 0);
  gint fps_n, fps_d;

  self->s334 = g_str_equal (gst_structure_get_string (s, "format"), "s334-1a");
  if (!gst_structure_get_fraction (s, "framerate", &fps_n, &fps_d)
      || fps_n <= 0 || fps_d <= 0)
    return FALSE;

  if (!self->encoder || fps_n != self->fps_n || fps_d != self->fps_d) {
    /* frames of another length go on where the others ended */
    if (self->encoder)
      self->base = frame_time (self, self->frame);
    self->frame = 0;
    self->fps_n = fps_n;
    self->fps_d = fps_d;
    self->frames_per_slot = (guint64) fps_n >= (guint64) FASTEST_RATE *fps_d ?
        2 : 1;
    gst_transcript_to_cea608_make_encoder (self);
    gst_element_post_message (GST_ELEMENT (self),
        gst_message_new_latency (GST_OBJECT (self)));
  }
  return gst_pad_set_caps (self->srcpad, caps);
}

static gboolean
gst_transcript_to_cea608_negotiate (GstTranscriptToCea608 * self)
{
  GstTranscriptToCea608Settings settings =
      gst_transcript_to_cea608_get_settings (self);
  g_autoptr (GstCaps) possible = NULL, caps = NULL;
  g_autoptr (GstCaps) current = gst_pad_get_current_caps (self->srcpad);

  self->field_2 = settings.channel >= GST_TRANSCRIPT_TO_CEA608_CC3;
  possible = gst_pad_get_allowed_caps (self->srcpad);
  if (!possible)
    possible = gst_pad_get_pad_template_caps (self->srcpad);
  if (self->field_2) {
    g_autoptr (GstCaps) s334 = gst_caps_from_string (CAPS_S334);
    GstCaps *both = gst_caps_intersect (possible, s334);

    gst_caps_replace (&possible, both);
    gst_caps_unref (both);
  }
  if (gst_caps_is_empty (possible)) {
    GST_ELEMENT_ERROR (self, CORE, NEGOTIATION,
        ("What follows does not take these CEA-608 captions%s.",
            self->field_2 ?
            ": channels 3 and 4 need format=s334-1a, raw has one field" : ""),
        ("template %s", self->field_2 ? CAPS_S334 : CAPS_RAW "; " CAPS_S334));
    return FALSE;
  }
  if (current && self->encoder && gst_caps_can_intersect (current, possible))
    return TRUE;

  caps = gst_caps_make_writable (gst_caps_copy_nth (possible, 0));
  gst_structure_fixate_field_nearest_fraction (gst_caps_get_structure (caps,
          0), "framerate", DEFAULT_FRAMERATE_N, DEFAULT_FRAMERATE_D);
  caps = gst_caps_fixate (caps);
  GST_DEBUG_OBJECT (self, "%" GST_PTR_FORMAT, caps);

  return gst_transcript_to_cea608_set_caps (self, caps);
}

/* Pushes what must stand before any buffer. */
static gboolean
gst_transcript_to_cea608_prepare (GstTranscriptToCea608 * self)
{
  gboolean reconfigure = gst_pad_check_reconfigure (self->srcpad);

  if ((!self->encoder || reconfigure)
      && !gst_transcript_to_cea608_negotiate (self)) {
    gst_pad_mark_reconfigure (self->srcpad);
    return FALSE;
  }
  if (self->segment_pending) {
    self->segment_pending = FALSE;
    gst_pad_push_event (self->srcpad, gst_event_new_segment (&self->segment));
  }
  return TRUE;
}

/* Pushing */

static GstBuffer *
gst_transcript_to_cea608_make_buffer (GstTranscriptToCea608 * self)
{
  guint8 bytes[3] = { self->field_2 ? 0x00 : 0x80, 0x80, 0x80 };
  guint skip = self->s334 ? 0 : 1;
  GstBuffer *buffer;

  if (self->frame % self->frames_per_slot == 0)
    realtime_cea608_encoder_next (self->encoder,
        self->frame / self->frames_per_slot, &bytes[1]);
  buffer = gst_buffer_new_memdup (&bytes[skip], sizeof (bytes) - skip);
  GST_BUFFER_PTS (buffer) = frame_time (self, self->frame);
  self->frame++;
  GST_BUFFER_DURATION (buffer) = frame_time (self, self->frame)
      - GST_BUFFER_PTS (buffer);
  if (self->discont) {
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    self->discont = FALSE;
  }
  return buffer;
}

/* Where nothing is to be shown for long, one event instead of many frames; the last
 * second has its frames, ready for text. */
static void
gst_transcript_to_cea608_skip (GstTranscriptToCea608 * self, guint64 until)
{
  guint64 second = gst_util_uint64_scale_ceil (1, self->fps_n, self->fps_d);
  guint64 to = until > second ? until - second : 0;
  GstClockTime from = frame_time (self, self->frame);

  to -= to % self->frames_per_slot;
  if (to <= self->frame || frame_time (self, to) - from < LONGEST_IDLE
      || realtime_cea608_encoder_is_busy (self->encoder))
    return;

  self->frame = to;
  gst_pad_push_event (self->srcpad,
      gst_event_new_gap (from, frame_time (self, to) - from));
}

/* Pushes the frames before @until. */
static GstFlowReturn
gst_transcript_to_cea608_push_frames (GstTranscriptToCea608 * self,
    guint64 until)
{
  GstFlowReturn ret = GST_FLOW_OK;

  while (ret == GST_FLOW_OK && self->frame < until) {
    gst_transcript_to_cea608_skip (self, until);
    ret = gst_pad_push (self->srcpad,
        gst_transcript_to_cea608_make_buffer (self));
  }
  return ret;
}

static void
gst_transcript_to_cea608_note (GstTranscriptToCea608 * self)
{
  RealtimeCea608Stats stats = realtime_cea608_encoder_get_stats (self->encoder);
  gint64 now;

  GST_OBJECT_LOCK (self);
  self->stats = stats;
  GST_OBJECT_UNLOCK (self);

  if (stats.dropped == self->dropped_told)
    return;
  now = g_get_monotonic_time ();
  if (self->last_warning != 0 && now - self->last_warning < WARNING_INTERVAL)
    return;
  self->last_warning = now;
  GST_ELEMENT_WARNING (self, STREAM, ENCODE,
      ("%" G_GUINT64_FORMAT " character(s) left out: there is more text than "
          "CEA-608 captions can carry.", stats.dropped - self->dropped_told),
      (NULL));
  self->dropped_told = stats.dropped;
}

/* The input is known up to @time: pushes all frames whose captions are. */
static GstFlowReturn
gst_transcript_to_cea608_advance (GstTranscriptToCea608 * self,
    GstClockTime time)
{
  guint64 until, lookahead;
  GstFlowReturn ret;

  self->known = MAX (self->known, time);
  lookahead = (guint64) realtime_cea608_encoder_get_lookahead (self->encoder)
      * self->frames_per_slot;
  until = frame_at (self, self->known);
  ret = gst_transcript_to_cea608_push_frames (self,
      until > lookahead ? until - lookahead : 0);
  gst_transcript_to_cea608_note (self);

  return ret;
}

/* Pushes all that is left, until the last caption has had its time. */
static GstFlowReturn
gst_transcript_to_cea608_drain (GstTranscriptToCea608 * self)
{
  GstFlowReturn ret;

  if (!self->encoder || !gst_transcript_to_cea608_prepare (self))
    return GST_FLOW_OK;

  ret = gst_transcript_to_cea608_push_frames (self,
      frame_at (self, self->known));
  while (ret == GST_FLOW_OK && realtime_cea608_encoder_is_busy (self->encoder))
    ret = gst_transcript_to_cea608_push_frames (self, self->frame + 1);
  gst_transcript_to_cea608_note (self);
  GST_INFO_OBJECT (self, "%" G_GUINT64_FORMAT " characters, %" G_GUINT64_FORMAT
      " substituted, %" G_GUINT64_FORMAT " left out", self->stats.characters,
      self->stats.substituted, self->stats.dropped);

  return ret;
}

static GstClockTime
reading_time (const gchar * text)
{
  GstClockTime time = gst_util_uint64_scale (g_utf8_strlen (text, -1),
      GST_SECOND, CHARACTERS_PER_SECOND);

  return CLAMP (time, SHORTEST_TEXT, LONGEST_TEXT);
}

/* Text that comes behind its time is shown for as long from now on. */
static void
gst_transcript_to_cea608_add (GstTranscriptToCea608 * self, const gchar * text,
    GstClockTime start, GstClockTime duration)
{
  guint64 now = (self->frame + self->frames_per_slot - 1)
      / self->frames_per_slot;
  guint64 from = slot_at (self, start), to = slot_at (self, start + duration);
  g_autofree gchar *prefixed = NULL;

  if (from < now) {
    GstClockTime late = frame_time (self, self->frame) - start;

    GST_DEBUG_OBJECT (self, "%" GST_TIME_FORMAT " late", GST_TIME_ARGS (late));
    GST_OBJECT_LOCK (self);
    self->late_by = MAX (self->late_by, late);
    GST_OBJECT_UNLOCK (self);
    to += now - from;
    from = now;
  }
  if (self->speaker_changed) {
    GST_OBJECT_LOCK (self);
    prefixed = g_strconcat (self->speaker_prefix ? self->speaker_prefix : "",
        text, NULL);
    GST_OBJECT_UNLOCK (self);
    realtime_cea608_encoder_new_line (self->encoder);
    self->speaker_changed = FALSE;
  }
  realtime_cea608_encoder_add (self->encoder, prefixed ? prefixed : text, from,
      to);
}

/* Of text that shows all lines what was not there before: these words can only be
 * added. Takes and returns @text. */
static gchar *
gst_transcript_to_cea608_take_new (GstTranscriptToCea608 * self, gchar * text,
    GstClockTime start, GstClockTime duration)
{
  gchar *added = realtime_window_diff (start <= self->window_end ?
      self->window : NULL, text);

  g_free (self->window);
  self->window = text;
  self->window_end = start + duration;

  return added;
}

static GstFlowReturn
gst_transcript_to_cea608_chain (GstPad * pad, GstObject * parent,
    GstBuffer * buffer)
{
  GstTranscriptToCea608 *self = GST_TRANSCRIPT_TO_CEA608 (parent);
  GstClockTime start = GST_BUFFER_PTS (buffer);
  GstClockTime duration = GST_BUFFER_DURATION (buffer);
  g_autofree gchar *text = NULL;
  GstFlowReturn ret;
  GstMapInfo map;

  if (!gst_transcript_to_cea608_prepare (self)) {
    gst_buffer_unref (buffer);
    return GST_FLOW_NOT_NEGOTIATED;
  }
  if (!gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    GST_ELEMENT_ERROR (self, RESOURCE, READ, (NULL), ("buffer not readable"));
    gst_buffer_unref (buffer);
    return GST_FLOW_ERROR;
  }
  /* there may be no data at all */
  text = g_strndup (map.size > 0 ? (const gchar *) map.data : "", map.size);
  gst_buffer_unmap (buffer, &map);
  gst_buffer_unref (buffer);

  if (!GST_CLOCK_TIME_IS_VALID (start))
    start = self->known;
  if (!GST_CLOCK_TIME_IS_VALID (duration))
    duration = reading_time (text);
  duration = MIN (duration, LONGEST_TEXT);
  if (GST_CLOCK_TIME_IS_VALID (self->segment.stop)
      && start >= self->segment.stop)
    return GST_FLOW_OK;

  ret = gst_transcript_to_cea608_advance (self, start);
  if (ret != GST_FLOW_OK)
    return ret;
  if (self->windows)
    text = gst_transcript_to_cea608_take_new (self, text, start, duration);
  gst_transcript_to_cea608_add (self, text, start, duration);

  return gst_transcript_to_cea608_advance (self, start + duration);
}

/* Events */

/* Where nothing of the stream is known. */
static void
gst_transcript_to_cea608_restart (GstTranscriptToCea608 * self)
{
  if (self->encoder)
    gst_transcript_to_cea608_make_encoder (self);
  self->frame = 0;
  self->base = self->known = self->segment.start;
  self->speaker_changed = FALSE;
  self->discont = TRUE;
  g_clear_pointer (&self->window, g_free);
}

static void
gst_transcript_to_cea608_reset (GstTranscriptToCea608 * self)
{
  g_clear_pointer (&self->encoder, realtime_cea608_encoder_free);
  gst_segment_init (&self->segment, GST_FORMAT_TIME);
  self->segment_pending = TRUE;
  gst_transcript_to_cea608_restart (self);
  self->windows = FALSE;
  self->last_warning = 0;

  GST_OBJECT_LOCK (self);
  self->latency = GST_CLOCK_TIME_NONE;
  self->late_by = 0;
  memset (&self->stats, 0, sizeof (self->stats));
  GST_OBJECT_UNLOCK (self);
}

static gboolean
gst_transcript_to_cea608_handle_segment (GstTranscriptToCea608 * self,
    GstEvent * event)
{
  const GstSegment *segment;

  gst_event_parse_segment (event, &segment);
  if (segment->format != GST_FORMAT_TIME || segment->rate <= 0.0) {
    GST_ELEMENT_ERROR (self, STREAM, FORMAT,
        ("Captions need a stream that runs forwards in time."),
        ("%" GST_SEGMENT_FORMAT, segment));
    return FALSE;
  }
  gst_transcript_to_cea608_drain (self);
  gst_segment_copy_into (segment, &self->segment);
  self->segment_pending = TRUE;
  gst_transcript_to_cea608_restart (self);

  return TRUE;
}

static gboolean
gst_transcript_to_cea608_handle_gap (GstTranscriptToCea608 * self,
    GstEvent * event)
{
  GstClockTime time, duration;
  GstFlowReturn ret;

  gst_event_parse_gap (event, &time, &duration);
  if (!GST_CLOCK_TIME_IS_VALID (time))
    return TRUE;
  if (GST_CLOCK_TIME_IS_VALID (duration))
    time += duration;
  if (GST_CLOCK_TIME_IS_VALID (self->segment.stop))
    time = MIN (time, self->segment.stop);
  if (!gst_transcript_to_cea608_prepare (self))
    return FALSE;
  ret = gst_transcript_to_cea608_advance (self, time);

  return ret == GST_FLOW_OK || ret == GST_FLOW_EOS;
}

/* As upstream's, but a stream of its own, and not a sparse one. */
static gboolean
gst_transcript_to_cea608_handle_stream_start (GstTranscriptToCea608 * self,
    GstEvent * event)
{
  g_autofree gchar *id = gst_pad_create_stream_id (self->srcpad,
      GST_ELEMENT (self), "cea608");
  GstEvent *start = gst_event_new_stream_start (id);
  guint group_id;

  if (gst_event_parse_group_id (event, &group_id))
    gst_event_set_group_id (start, group_id);
  gst_event_set_seqnum (start, gst_event_get_seqnum (event));

  return gst_pad_push_event (self->srcpad, start);
}

static gboolean
gst_transcript_to_cea608_sink_event (GstPad * pad, GstObject * parent,
    GstEvent * event)
{
  GstTranscriptToCea608 *self = GST_TRANSCRIPT_TO_CEA608 (parent);
  gboolean ret = TRUE;

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      ret = gst_transcript_to_cea608_handle_stream_start (self, event);
      break;
    case GST_EVENT_CAPS:
      break;
    case GST_EVENT_SEGMENT:
      ret = gst_transcript_to_cea608_handle_segment (self, event);
      break;
    case GST_EVENT_GAP:
      ret = gst_transcript_to_cea608_handle_gap (self, event);
      break;
    case GST_EVENT_EOS:
      if (gst_transcript_to_cea608_prepare (self))
        gst_transcript_to_cea608_drain (self);
      return gst_pad_event_default (pad, parent, event);
    case GST_EVENT_FLUSH_STOP:
      gst_segment_init (&self->segment, GST_FORMAT_TIME);
      self->segment_pending = TRUE;
      gst_transcript_to_cea608_restart (self);
      return gst_pad_event_default (pad, parent, event);
    case GST_EVENT_CUSTOM_DOWNSTREAM_STICKY:
      if (gst_event_has_name (event, REALTIME_TEXT_STREAM_EVENT))
        self->windows = g_strcmp0 (gst_structure_get_string
            (gst_event_get_structure (event), "mode"), "roll-up") == 0;
      return gst_pad_event_default (pad, parent, event);
    case GST_EVENT_CUSTOM_DOWNSTREAM:
      if (gst_event_has_name (event, SPEAKER_CHANGE_EVENT))
        self->speaker_changed = TRUE;
      return gst_pad_event_default (pad, parent, event);
    default:
      return gst_pad_event_default (pad, parent, event);
  }

  gst_event_unref (event);
  return ret;
}

static gboolean
gst_transcript_to_cea608_src_query (GstPad * pad, GstObject * parent,
    GstQuery * query)
{
  GstTranscriptToCea608 *self = GST_TRANSCRIPT_TO_CEA608 (parent);
  GstClockTime min, max, own;
  gboolean live;

  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return gst_pad_query_default (pad, parent, query);

  GST_OBJECT_LOCK (self);
  own = self->latency;
  GST_OBJECT_UNLOCK (self);
  if (!gst_pad_peer_query (self->sinkpad, query))
    return FALSE;
  gst_query_parse_latency (query, &live, &min, &max);
  /* it is known with the frame rate, which posts a message */
  if (GST_CLOCK_TIME_IS_VALID (own)) {
    min += own;
    if (GST_CLOCK_TIME_IS_VALID (max))
      max += own;
  }
  gst_query_set_latency (query, live, min, max);

  return TRUE;
}

static GstStateChangeReturn
gst_transcript_to_cea608_change_state (GstElement * element,
    GstStateChange transition)
{
  GstTranscriptToCea608 *self = GST_TRANSCRIPT_TO_CEA608 (element);
  GstStateChangeReturn ret;

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
    gst_transcript_to_cea608_reset (self);

  ret = GST_ELEMENT_CLASS (parent_class)->change_state (element, transition);

  /* the counts stay readable */
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    g_clear_pointer (&self->encoder, realtime_cea608_encoder_free);

  return ret;
}

static void
gst_transcript_to_cea608_finalize (GObject * object)
{
  GstTranscriptToCea608 *self = GST_TRANSCRIPT_TO_CEA608 (object);

  g_clear_pointer (&self->encoder, realtime_cea608_encoder_free);
  g_clear_pointer (&self->speaker_prefix, g_free);
  g_clear_pointer (&self->window, g_free);

  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_transcript_to_cea608_init (GstTranscriptToCea608 * self)
{
  gst_transcript_to_cea608_init_properties (self);

  self->sinkpad = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sinkpad,
      GST_DEBUG_FUNCPTR (gst_transcript_to_cea608_chain));
  gst_pad_set_event_function (self->sinkpad,
      GST_DEBUG_FUNCPTR (gst_transcript_to_cea608_sink_event));
  gst_element_add_pad (GST_ELEMENT (self), self->sinkpad);

  self->srcpad = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_set_query_function (self->srcpad,
      GST_DEBUG_FUNCPTR (gst_transcript_to_cea608_src_query));
  gst_element_add_pad (GST_ELEMENT (self), self->srcpad);

  gst_transcript_to_cea608_reset (self);
}

static void
gst_transcript_to_cea608_class_init (GstTranscriptToCea608Class * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  object_class->finalize = gst_transcript_to_cea608_finalize;
  element_class->change_state =
      GST_DEBUG_FUNCPTR (gst_transcript_to_cea608_change_state);

  gst_transcript_to_cea608_install (object_class);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "CEA-608 closed captions of timed text", "Encoder/ClosedCaption",
      "Makes CEA-608 closed captions of timed text", "gst-plugins-realtime");
}
