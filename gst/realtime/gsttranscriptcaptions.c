/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-transcriptcaptions
 * @title: transcriptcaptions
 * @short_description: makes timed captions of a realtime session
 *
 * Reads the event stream of a session (application/x-realtime-events, from
 * realtimebin or from a log) and pushes what was said as text/x-raw, cut into
 * cues that fit a screen. A cue carries the running time when its words were
 * spoken, as far as the stream tells, not the time when their text arrived.
 *
 * Cues leave in the order in which they were spoken. Utterances of the two
 * voices that overlap in time become cues one after the other: the one that
 * began first comes first, the other follows as soon as it ends. A text
 * that comes so late that later words have been pushed is shown next.
 *
 * While nothing is to be shown, GAP events tell downstream so, up to the
 * place from which text may still come.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 filesrc location=session.jsonl ! transcriptcaptions ! webvttenc ! filesink location=talk.vtt
 * ]| Make subtitles of a recorded session.
 * |[
 * gst-launch-1.0 filesrc location=talk.wav ! decodebin ! realtimebin session-type=transcription name=rt  rt.event_src ! transcriptcaptions ! webvttenc ! filesink location=talk.vtt
 * ]| Caption a file.
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gsttranscriptcaptions.h"
#include "gstrealtimeenums.h"
#include "captions/cue.h"
#include "captions/cuequeue.h"
#include "captions/textstream.h"
#include "session/conversation.h"
#include "session/eventline.h"
#include "session/json.h"

GST_DEBUG_CATEGORY_STATIC (transcript_captions_debug);
#define GST_CAT_DEFAULT transcript_captions_debug

#define DEFAULT_ROLES (GST_REALTIME_ROLE_USER | GST_REALTIME_ROLE_ASSISTANT)
#define DEFAULT_MAX_LINE_LENGTH 37
#define DEFAULT_MAX_LINES 2
#define DEFAULT_MIN_DURATION 1000
#define DEFAULT_MAX_DURATION 7000
#define DEFAULT_SPEAKER_PREFIX NULL

/* Between two warnings about lines that cannot be read. */
#define WARNING_INTERVAL (10 * G_TIME_SPAN_SECOND)
/* A jump of the stream's time that cannot be. */
#define LONGEST_JUMP (24 * 3600 * GST_SECOND)

enum
{
  PROP_0,
  PROP_ROLES,
  PROP_MAX_LINE_LENGTH,
  PROP_MAX_LINES,
  PROP_MIN_DURATION,
  PROP_MAX_DURATION,
  PROP_SPEAKER_PREFIX,
};

typedef struct
{
  GstRealtimeRoles roles;
  guint max_line_length, max_lines;
  guint min_duration, max_duration;     /* ms */
  gchar *speaker_prefix;
} Settings;

struct _GstTranscriptCaptions
{
  GstElement parent;

  GstPad *sinkpad, *srcpad;

  Settings settings;            /* object lock */

  /* All below belongs to the streaming thread, under the sink pad's stream
   * lock, and is reset where no thread streams. */
  RealtimeLineReader *reader;
  RealtimeConversation *conversation;
  RealtimeCueQueue *queue;
  RealtimeTextStream *text;     /* what leaves by the source pad */
  GstSegment segment;           /* of the sink pad */
  GstClockTime now;             /* the latest running time seen */
  GstClockTime arrival;         /* of the event being handled, or NONE */
  GstFlowReturn flow;           /* what downstream said last */
  gboolean started;             /* a stream-start was seen */
  gchar *last_speaker;
  guint bad_lines;              /* not warned of yet */
  gint64 last_warning;          /* monotonic time, 0 before the first */
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK,
    GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("application/x-realtime-events"));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC,
    GST_PAD_ALWAYS,
    GST_STATIC_CAPS (REALTIME_TEXT_STREAM_CAPS));

#define gst_transcript_captions_parent_class parent_class
G_DEFINE_TYPE (GstTranscriptCaptions, gst_transcript_captions,
    GST_TYPE_ELEMENT);
GST_ELEMENT_REGISTER_DEFINE_WITH_CODE (transcriptcaptions,
    "transcriptcaptions", GST_RANK_NONE, GST_TYPE_TRANSCRIPT_CAPTIONS,
    GST_DEBUG_CATEGORY_INIT (transcript_captions_debug, "transcriptcaptions",
        0, "captions of a realtime session"));

/* Sets @copy to the settings of this moment; free its prefix. */
static void
gst_transcript_captions_get_settings (GstTranscriptCaptions * self,
    Settings * copy)
{
  GST_OBJECT_LOCK (self);
  *copy = self->settings;
  copy->speaker_prefix = g_strdup (self->settings.speaker_prefix);
  GST_OBJECT_UNLOCK (self);
}

/* What stands before the first cue of @u: @format with the speaker in the
 * place of %s, where the speaker is another than before. */
static gchar *
gst_transcript_captions_make_prefix (GstTranscriptCaptions * self,
    const gchar * format, const RealtimeUtterance * u)
{
  g_auto (GStrv) parts = NULL;
  gboolean changed = g_strcmp0 (self->last_speaker, u->speaker) != 0;

  if (changed) {
    g_free (self->last_speaker);
    self->last_speaker = g_strdup (u->speaker);
  }
  if (!format || !changed)
    return NULL;

  parts = g_strsplit (format, "%s", -1);
  return g_strjoinv (u->speaker, parts);
}

static void
gst_transcript_captions_push_utterance (GstTranscriptCaptions * self,
    const RealtimeUtterance * u)
{
  Settings settings;
  g_autofree gchar *prefix = NULL;
  g_autoptr (GPtrArray) cues = NULL;
  GstClockTime start = u->start, end = u->end;
  GstClockTime position = realtime_text_stream_get_position (self->text);
  RealtimeCuePace pace;
  guint i;

  gst_transcript_captions_get_settings (self, &settings);
  pace.min_duration = settings.min_duration * GST_MSECOND;
  pace.max_duration = settings.max_duration * GST_MSECOND;
  pace.max_reading_speed = 25;
  prefix = gst_transcript_captions_make_prefix (self, settings.speaker_prefix,
      u);
  g_free (settings.speaker_prefix);

  if (!GST_CLOCK_TIME_IS_VALID (start)) {
    start = position;
    end = start + realtime_cue_speaking_time (u->text);
  }
  cues = realtime_cue_layout (prefix, u->text, start, end,
      settings.max_line_length, settings.max_lines);

  for (i = 0; i < cues->len && self->flow == GST_FLOW_OK; i++) {
    RealtimeCue *cue = g_ptr_array_index (cues, i);

    realtime_cue_place (cue, &position, self->now, &pace);
    GST_DEBUG_OBJECT (self, "%" GST_TIME_FORMAT " to %" GST_TIME_FORMAT ": %s",
        GST_TIME_ARGS (cue->start), GST_TIME_ARGS (cue->end), cue->text);
    self->flow = realtime_text_stream_push_cue (self->text, cue);
  }
}

static void
gst_transcript_captions_push_ready (GstTranscriptCaptions * self,
    gboolean drain)
{
  RealtimeUtterance *u;

  while (self->flow == GST_FLOW_OK
      && (u = realtime_cue_queue_pop (self->queue, self->now, drain))) {
    gst_transcript_captions_push_utterance (self, u);
    realtime_utterance_free (u);
  }
}

static gboolean
wants_role (GstRealtimeRoles roles, RealtimeRole role)
{
  switch (role) {
    case REALTIME_ROLE_USER:
      return (roles & GST_REALTIME_ROLE_USER) != 0;
    case REALTIME_ROLE_ASSISTANT:
      return (roles & GST_REALTIME_ROLE_ASSISTANT) != 0;
    case REALTIME_ROLE_UNKNOWN:
      /* somebody said it: only who wants everybody gets it */
      return roles == DEFAULT_ROLES;
    default:
      return FALSE;
  }
}

static GstRealtimeRoles
gst_transcript_captions_get_roles (GstTranscriptCaptions * self)
{
  GstRealtimeRoles roles;

  GST_OBJECT_LOCK (self);
  roles = self->settings.roles;
  GST_OBJECT_UNLOCK (self);

  return roles;
}

static void
gst_transcript_captions_on_change (const RealtimeChange * change,
    gpointer user_data)
{
  GstTranscriptCaptions *self = user_data;
  const RealtimeTranscript *t = &change->transcript;

  if (change->type != REALTIME_CHANGE_TRANSCRIPT || !t->final || !t->text
      || !wants_role (gst_transcript_captions_get_roles (self), t->role))
    return;

  /* a stream that ends with more open lines than any conversation has */
  if (realtime_cue_queue_is_full (self->queue))
    gst_transcript_captions_push_ready (self, TRUE);

  realtime_cue_queue_add (self->queue,
      t->speaker ? t->speaker : realtime_role_nick (t->role), t->text,
      t->index, t->start, t->end, self->arrival);
}

static void
gst_transcript_captions_on_open (RealtimeRole role, guint index,
    guint64 start, gpointer user_data)
{
  GstTranscriptCaptions *self = user_data;

  if (wants_role (gst_transcript_captions_get_roles (self), role))
    realtime_cue_queue_add_open (self->queue, index, start);
}

/* After events or time have come in: pushes what can be pushed. */
static void
gst_transcript_captions_advance (GstTranscriptCaptions * self)
{
  realtime_cue_queue_clear_open (self->queue);
  realtime_conversation_foreach_open (self->conversation,
      gst_transcript_captions_on_open, self);

  gst_transcript_captions_push_ready (self, FALSE);
  if (self->flow == GST_FLOW_OK)
    realtime_text_stream_push_gap (self->text,
        realtime_cue_queue_get_quiet (self->queue,
            realtime_text_stream_get_position (self->text), self->now));
}

static void
gst_transcript_captions_set_now (GstTranscriptCaptions * self,
    GstClockTime time)
{
  if (time > REALTIME_CUE_LATEST_TIME || (GST_CLOCK_TIME_IS_VALID (self->now)
          && time > self->now && time - self->now > LONGEST_JUMP)) {
    GST_WARNING_OBJECT (self, "jump from %" GST_TIME_FORMAT " to %"
        GST_TIME_FORMAT " left out", GST_TIME_ARGS (self->now),
        GST_TIME_ARGS (time));
  } else if (!GST_CLOCK_TIME_IS_VALID (self->now) || time > self->now) {
    self->now = time;
  }
}

/* @error: (nullable): what is wrong with the line, NULL to tell what was not
 * told yet. */
static void
gst_transcript_captions_warn (GstTranscriptCaptions * self,
    const GError * error)
{
  gint64 now = g_get_monotonic_time ();

  if (error) {
    GST_INFO_OBJECT (self, "bad line: %s", error->message);
    self->bad_lines++;
    if (self->last_warning != 0 && now - self->last_warning < WARNING_INTERVAL)
      return;
  }
  if (self->bad_lines == 0)
    return;

  GST_ELEMENT_WARNING (self, STREAM, DECODE,
      ("%u line(s) of the event stream left out: not a JSON object. The "
          "captions may lack words; check what writes the stream.",
          self->bad_lines), ("%s", error ? error->message : "at its end"));
  self->bad_lines = 0;
  self->last_warning = now;
}

/* @time: running time of the buffer that the line ended in, or NONE */
static void
gst_transcript_captions_handle_line (GstTranscriptCaptions * self,
    const gchar * line, GstClockTime time)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) event = realtime_json_parse_object (line, -1, &error);
  gint64 stamp;

  if (!event) {
    gst_transcript_captions_warn (self, error);
    return;
  }

  stamp = realtime_json_get_int (event, "gst_running_time", -1);
  self->arrival = stamp >= 0 ? (GstClockTime) stamp : time;
  if (GST_CLOCK_TIME_IS_VALID (self->arrival))
    gst_transcript_captions_set_now (self, self->arrival);

  realtime_conversation_handle (self->conversation, event,
      gst_transcript_captions_on_change, self);
  gst_transcript_captions_advance (self);
}

static void
gst_transcript_captions_read_lines (GstTranscriptCaptions * self,
    GstClockTime time)
{
  gboolean too_long;
  gchar *line;

  while (self->flow == GST_FLOW_OK
      && (line = realtime_line_reader_pop (self->reader, &too_long))) {
    if (too_long) {
      g_autoptr (GError) error = g_error_new (GST_STREAM_ERROR,
          GST_STREAM_ERROR_DECODE, "longer than %u bytes",
          (guint) REALTIME_JSON_MAX_SIZE);

      gst_transcript_captions_warn (self, error);
    } else {
      gst_transcript_captions_handle_line (self, line, time);
    }
    g_free (line);
  }
}

/* Handles what stands after the last newline. */
static void
gst_transcript_captions_end_line (GstTranscriptCaptions * self,
    GstClockTime time)
{
  g_autofree gchar *line = realtime_line_reader_flush (self->reader);

  if (line)
    gst_transcript_captions_handle_line (self, line, time);
}

static GstFlowReturn
gst_transcript_captions_chain (GstPad * pad, GstObject * parent,
    GstBuffer * buffer)
{
  GstTranscriptCaptions *self = GST_TRANSCRIPT_CAPTIONS (parent);
  GstClockTime time = GST_CLOCK_TIME_NONE;
  GstMapInfo map;

  if (self->segment.format == GST_FORMAT_TIME
      && GST_BUFFER_PTS_IS_VALID (buffer))
    time = gst_segment_to_running_time (&self->segment, GST_FORMAT_TIME,
        GST_BUFFER_PTS (buffer));

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    GST_ELEMENT_ERROR (self, RESOURCE, READ, (NULL), ("buffer not readable"));
    gst_buffer_unref (buffer);
    return GST_FLOW_ERROR;
  }

  self->flow = GST_FLOW_OK;
  /* bytes are missing: what stands in the reader does not go on here */
  if (GST_BUFFER_IS_DISCONT (buffer))
    gst_transcript_captions_end_line (self, time);
  realtime_line_reader_push (self->reader, map.data, map.size);
  gst_buffer_unmap (buffer, &map);
  gst_buffer_unref (buffer);

  gst_transcript_captions_read_lines (self, time);

  return self->flow;
}

/* The end of the stream: what is open becomes final and goes out. */
static void
gst_transcript_captions_drain (GstTranscriptCaptions * self)
{
  self->flow = GST_FLOW_OK;
  gst_transcript_captions_end_line (self, GST_CLOCK_TIME_NONE);
  self->arrival = self->now;
  realtime_conversation_flush (self->conversation,
      gst_transcript_captions_on_change, self);
  gst_transcript_captions_push_ready (self, TRUE);
  if (self->flow == GST_FLOW_OK && GST_CLOCK_TIME_IS_VALID (self->now))
    realtime_text_stream_push_gap (self->text, self->now);
  gst_transcript_captions_warn (self, NULL);
}

/* Forgets the conversation and the bytes, not what downstream knows. */
static void
gst_transcript_captions_forget (GstTranscriptCaptions * self)
{
  realtime_line_reader_reset (self->reader);
  realtime_conversation_reset (self->conversation);
  realtime_cue_queue_reset (self->queue);
  self->arrival = GST_CLOCK_TIME_NONE;
  g_clear_pointer (&self->last_speaker, g_free);
}

static void
gst_transcript_captions_reset (GstTranscriptCaptions * self)
{
  gst_transcript_captions_forget (self);
  realtime_text_stream_reset (self->text);
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  self->now = GST_CLOCK_TIME_NONE;
  self->flow = GST_FLOW_OK;
  self->started = FALSE;
  self->bad_lines = 0;
  self->last_warning = 0;
}

static void
gst_transcript_captions_flush_stop (GstTranscriptCaptions * self,
    GstEvent * event)
{
  gboolean reset_time;

  gst_event_parse_flush_stop (event, &reset_time);
  gst_transcript_captions_forget (self);
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  realtime_text_stream_flushed (self->text, reset_time);
  self->flow = GST_FLOW_OK;
  if (reset_time)
    self->now = GST_CLOCK_TIME_NONE;
}

static void
gst_transcript_captions_handle_gap (GstTranscriptCaptions * self,
    GstEvent * event)
{
  GstClockTime time, duration;

  gst_event_parse_gap (event, &time, &duration);
  if (self->segment.format != GST_FORMAT_TIME
      || !GST_CLOCK_TIME_IS_VALID (time))
    return;

  if (GST_CLOCK_TIME_IS_VALID (duration))
    time += duration;
  time = gst_segment_to_running_time (&self->segment, GST_FORMAT_TIME,
      MIN (time, self->segment.stop));
  if (!GST_CLOCK_TIME_IS_VALID (time))
    return;

  self->flow = GST_FLOW_OK;
  self->arrival = time;
  gst_transcript_captions_set_now (self, time);
  realtime_conversation_pass_time (self->conversation, time,
      gst_transcript_captions_on_change, self);
  gst_transcript_captions_advance (self);
}

static gboolean
gst_transcript_captions_sink_event (GstPad * pad, GstObject * parent,
    GstEvent * event)
{
  GstTranscriptCaptions *self = GST_TRANSCRIPT_CAPTIONS (parent);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      /* another stream behind one without EOS is another conversation */
      if (self->started) {
        gst_transcript_captions_drain (self);
        gst_transcript_captions_forget (self);
      }
      realtime_text_stream_start (self->text, event);
      self->started = TRUE;
      break;
    case GST_EVENT_CAPS:
    case GST_EVENT_SEGMENT_DONE:
      break;
    case GST_EVENT_SEGMENT:
      gst_event_copy_segment (event, &self->segment);
      realtime_text_stream_set_seqnum (self->text,
          gst_event_get_seqnum (event));
      break;
    case GST_EVENT_GAP:
      gst_transcript_captions_handle_gap (self, event);
      break;
    case GST_EVENT_EOS:
      gst_transcript_captions_drain (self);
      realtime_text_stream_prepare (self->text);
      return gst_pad_push_event (self->srcpad, event);
    case GST_EVENT_FLUSH_STOP:
      gst_transcript_captions_flush_stop (self, event);
      return gst_pad_push_event (self->srcpad, event);
    default:
      if (GST_EVENT_IS_SERIALIZED (event))
        realtime_text_stream_prepare (self->text);
      return gst_pad_event_default (pad, parent, event);
  }

  gst_event_unref (event);
  return TRUE;
}

static gboolean
gst_transcript_captions_check_settings (GstTranscriptCaptions * self)
{
  guint min_duration, max_duration;

  GST_OBJECT_LOCK (self);
  min_duration = self->settings.min_duration;
  max_duration = self->settings.max_duration;
  GST_OBJECT_UNLOCK (self);

  if (min_duration > max_duration) {
    GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS,
        ("min-duration (%u ms) is more than max-duration (%u ms): lower the "
            "one or raise the other.", min_duration, max_duration), (NULL));
    return FALSE;
  }
  return TRUE;
}

static GstStateChangeReturn
gst_transcript_captions_change_state (GstElement * element,
    GstStateChange transition)
{
  GstTranscriptCaptions *self = GST_TRANSCRIPT_CAPTIONS (element);
  GstStateChangeReturn ret;

  switch (transition) {
    case GST_STATE_CHANGE_NULL_TO_READY:
      if (!gst_transcript_captions_check_settings (self))
        return GST_STATE_CHANGE_FAILURE;
      break;
    case GST_STATE_CHANGE_READY_TO_PAUSED:
      gst_transcript_captions_reset (self);
      break;
    default:
      break;
  }

  ret = GST_ELEMENT_CLASS (parent_class)->change_state (element, transition);

  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    gst_transcript_captions_reset (self);

  return ret;
}

static void
gst_transcript_captions_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstTranscriptCaptions *self = GST_TRANSCRIPT_CAPTIONS (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_ROLES:
      self->settings.roles = g_value_get_flags (value);
      break;
    case PROP_MAX_LINE_LENGTH:
      self->settings.max_line_length = g_value_get_uint (value);
      break;
    case PROP_MAX_LINES:
      self->settings.max_lines = g_value_get_uint (value);
      break;
    case PROP_MIN_DURATION:
      self->settings.min_duration = g_value_get_uint (value);
      break;
    case PROP_MAX_DURATION:
      self->settings.max_duration = g_value_get_uint (value);
      break;
    case PROP_SPEAKER_PREFIX:
      g_free (self->settings.speaker_prefix);
      self->settings.speaker_prefix = g_value_dup_string (value);
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

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_ROLES:
      g_value_set_flags (value, self->settings.roles);
      break;
    case PROP_MAX_LINE_LENGTH:
      g_value_set_uint (value, self->settings.max_line_length);
      break;
    case PROP_MAX_LINES:
      g_value_set_uint (value, self->settings.max_lines);
      break;
    case PROP_MIN_DURATION:
      g_value_set_uint (value, self->settings.min_duration);
      break;
    case PROP_MAX_DURATION:
      g_value_set_uint (value, self->settings.max_duration);
      break;
    case PROP_SPEAKER_PREFIX:
      g_value_set_string (value, self->settings.speaker_prefix);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_transcript_captions_finalize (GObject * object)
{
  GstTranscriptCaptions *self = GST_TRANSCRIPT_CAPTIONS (object);

  realtime_line_reader_free (self->reader);
  realtime_conversation_free (self->conversation);
  realtime_cue_queue_free (self->queue);
  realtime_text_stream_free (self->text);
  g_free (self->last_speaker);
  g_free (self->settings.speaker_prefix);

  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_transcript_captions_init (GstTranscriptCaptions * self)
{
  self->settings.roles = DEFAULT_ROLES;
  self->settings.max_line_length = DEFAULT_MAX_LINE_LENGTH;
  self->settings.max_lines = DEFAULT_MAX_LINES;
  self->settings.min_duration = DEFAULT_MIN_DURATION;
  self->settings.max_duration = DEFAULT_MAX_DURATION;
  self->settings.speaker_prefix = g_strdup (DEFAULT_SPEAKER_PREFIX);

  self->reader = realtime_line_reader_new ();
  self->conversation = realtime_conversation_new ();
  self->queue = realtime_cue_queue_new ();

  self->sinkpad = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sinkpad,
      GST_DEBUG_FUNCPTR (gst_transcript_captions_chain));
  gst_pad_set_event_function (self->sinkpad,
      GST_DEBUG_FUNCPTR (gst_transcript_captions_sink_event));
  gst_element_add_pad (GST_ELEMENT (self), self->sinkpad);

  self->srcpad = gst_pad_new_from_static_template (&src_template, "src");
  gst_element_add_pad (GST_ELEMENT (self), self->srcpad);

  self->text = realtime_text_stream_new (GST_ELEMENT (self), self->srcpad);
  gst_transcript_captions_reset (self);
}

static void
gst_transcript_captions_class_init (GstTranscriptCaptionsClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_PLAYING;

  object_class->set_property = gst_transcript_captions_set_property;
  object_class->get_property = gst_transcript_captions_get_property;
  object_class->finalize = gst_transcript_captions_finalize;
  element_class->change_state =
      GST_DEBUG_FUNCPTR (gst_transcript_captions_change_state);

  /**
   * GstTranscriptCaptions:roles:
   *
   * Whose words become captions. Lines of a speaker whom the stream does not
   * assign to a role are shown if all roles are.
   */
  g_object_class_install_property (object_class, PROP_ROLES,
      g_param_spec_flags ("roles", "Roles", "Whose words become captions",
          GST_TYPE_REALTIME_ROLES, DEFAULT_ROLES, flags));

  /**
   * GstTranscriptCaptions:max-line-length:
   *
   * The most columns in a line: wide East Asian characters and emoji take
   * two, marks none, all others one.
   */
  g_object_class_install_property (object_class, PROP_MAX_LINE_LENGTH,
      g_param_spec_uint ("max-line-length", "Longest line",
          "Columns in a line at most", 4, 250, DEFAULT_MAX_LINE_LENGTH,
          flags));

  /**
   * GstTranscriptCaptions:max-lines:
   *
   * The most lines in a cue.
   */
  g_object_class_install_property (object_class, PROP_MAX_LINES,
      g_param_spec_uint ("max-lines", "Most lines", "Lines in a cue at most",
          1, 16, DEFAULT_MAX_LINES, flags));

  /**
   * GstTranscriptCaptions:min-duration:
   *
   * How long a cue stays at least, in ms, even if its words took less; the
   * next one starts later then. Cues that have piled up are shortened to less.
   */
  g_object_class_install_property (object_class, PROP_MIN_DURATION,
      g_param_spec_uint ("min-duration", "Shortest cue",
          "How long a cue stays at least (ms)", 0, 60000, DEFAULT_MIN_DURATION,
          flags));

  /**
   * GstTranscriptCaptions:max-duration:
   *
   * How long a cue stays at most, in ms, even if its words took longer. Not
   * less than #GstTranscriptCaptions:min-duration.
   */
  g_object_class_install_property (object_class, PROP_MAX_DURATION,
      g_param_spec_uint ("max-duration", "Longest cue",
          "How long a cue stays at most (ms)", 100, 600000,
          DEFAULT_MAX_DURATION, flags));

  /**
   * GstTranscriptCaptions:speaker-prefix:
   *
   * What to put before the words where another speaks than before, for
   * example ">> " or "%s: ". "%s" stands for the speaker, as the service
   * names him, else for the role ("user", "assistant"). NULL for nothing.
   */
  g_object_class_install_property (object_class, PROP_SPEAKER_PREFIX,
      g_param_spec_string ("speaker-prefix", "Speaker prefix",
          "Put before the words of another speaker; %s is the speaker",
          DEFAULT_SPEAKER_PREFIX, flags));

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Captions of a realtime session", "Text/Filter",
      "Makes timed text of the event stream of a realtime session",
      "gst-plugins-realtime");
}
