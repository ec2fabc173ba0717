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

#include <string.h>

#include "gsttranscriptcaptions-private.h"
#include "session/json.h"

GST_DEBUG_CATEGORY (transcript_captions_debug);
#define GST_CAT_DEFAULT transcript_captions_debug

/* Between two warnings about lines that cannot be read. */
#define WARNING_INTERVAL (10 * G_TIME_SPAN_SECOND)
/* A jump of the stream's time that cannot be. */
#define LONGEST_JUMP (24 * 3600 * GST_SECOND)
/* How often the clock is looked at where there is a deadline, and how far the
 * stream is kept ahead of it, so that nothing downstream waits meanwhile. */
#define TICK_INTERVAL (40 * GST_MSECOND)
#define LEAD (80 * GST_MSECOND)
/* A stream with GAPs says itself where it is; the clock fills in between them. */
#define LONGEST_GAP_INTERVAL (1 * GST_SECOND)

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
      return roles == GST_TRANSCRIPT_CAPTIONS_ALL_ROLES;
    default:
      return FALSE;
  }
}

/* Whether "de-AT" is what is wanted: by the language, without its region. */
static gboolean
wants_language (const gchar * wanted, const gchar * language)
{
  gsize wanted_length, length;

  if (!wanted || *wanted == '\0' || !language)
    return TRUE;
  wanted_length = strcspn (wanted, "-_");
  length = strcspn (language, "-_");
  return wanted_length == length
      && g_ascii_strncasecmp (wanted, language, length) == 0;
}

static gchar *
make_key (guint session, const gchar * item_id)
{
  return g_strdup_printf ("%u/%s", session, item_id);
}

static void
gst_transcript_captions_on_change (const RealtimeChange * change,
    gpointer user_data)
{
  GstTranscriptCaptions *self = user_data;
  const RealtimeTranscript *t = &change->transcript;
  RealtimeCaptionLine line = { NULL, };
  g_autofree gchar *key = NULL;

  if (change->type != REALTIME_CHANGE_TRANSCRIPT || !t->text
      || !wants_role (self->current.roles, t->role)
      || !wants_language (self->current.language, t->language))
    return;
  if (!self->current.language && t->language)
    realtime_text_stream_set_language (self->text, t->language);

  key = make_key (t->session, t->item_id);
  line.key = key;
  line.speaker = t->speaker ? t->speaker : realtime_role_nick (t->role);
  line.ahead = t->role == REALTIME_ROLE_ASSISTANT;
  line.text = t->text;
  line.index = t->index;
  line.start = t->start;
  line.end = t->end;
  line.arrival = self->arrival;
  line.final = t->final;
  realtime_captioner_tell (self->captioner, &line);
}

static void
gst_transcript_captions_on_open (RealtimeRole role, guint session,
    const gchar * item_id, guint index, guint64 start, gpointer user_data)
{
  GstTranscriptCaptions *self = user_data;
  g_autofree gchar *key = NULL;

  if (!wants_role (self->current.roles, role))
    return;
  key = make_key (session, item_id);
  realtime_captioner_add_open (self->captioner, key, index, start);
}

/* Takes over the settings and what the clock says. */
static void
gst_transcript_captions_prepare (GstTranscriptCaptions * self)
{
  GstTranscriptCaptionsSettings *current = &self->current;
  GstClockTime budget, latency, time;

  gst_transcript_captions_copy_settings (self, current);
  gst_transcript_captions_query_upstream (self);
  realtime_captioner_set_settings (self->captioner, &current->captions);
  realtime_text_stream_set_voice_tags (self->text, current->voice_tags);
  realtime_text_stream_set_windows (self->text,
      current->captions.mode == REALTIME_CAPTION_MODE_ROLL_UP);
  realtime_text_stream_set_lateness (self->text,
      current->lateness * GST_MSECOND);
  if (current->language)
    realtime_text_stream_set_language (self->text, *current->language ?
        current->language : NULL);

  GST_OBJECT_LOCK (self);
  budget = gst_transcript_captions_get_budget_unlocked (self);
  latency = self->upstream_latency;
  GST_OBJECT_UNLOCK (self);

  /* what is captured now gets here when upstream's latency is over */
  time = gst_element_get_current_running_time (GST_ELEMENT (self));
  if (GST_CLOCK_TIME_IS_VALID (budget) && GST_CLOCK_TIME_IS_VALID (time)
      && time > latency) {
    time -= latency;
    if (GST_CLOCK_TIME_IS_VALID (self->gap))
      time = MIN (time, self->gap + LONGEST_GAP_INTERVAL);
    if (!GST_CLOCK_TIME_IS_VALID (self->now) || time > self->now)
      self->now = time;
  }
  realtime_captioner_set_time (self->captioner, self->now, budget, LEAD);
}

/* After events or time have come in: pushes what can be pushed. */
static void
gst_transcript_captions_advance (GstTranscriptCaptions * self)
{
  self->flow = realtime_captioner_advance (self->captioner, FALSE);
  gst_transcript_captions_tell_delay (self,
      realtime_captioner_get_delay (self->captioner));
}

/* The same where lines may have begun or ended. */
static void
gst_transcript_captions_follow (GstTranscriptCaptions * self)
{
  realtime_captioner_begin_open (self->captioner);
  realtime_conversation_foreach_open (self->conversation,
      gst_transcript_captions_on_open, self);
  realtime_captioner_end_open (self->captioner);
  gst_transcript_captions_advance (self);
}

/* From the ticker: time has gone by. */
static void
gst_transcript_captions_tick (gpointer user_data)
{
  GstTranscriptCaptions *self = user_data;

  GST_PAD_STREAM_LOCK (self->sinkpad);
  if (self->started && !self->ended && self->flow == GST_FLOW_OK
      && !GST_PAD_IS_FLUSHING (self->sinkpad)
      && !GST_PAD_IS_FLUSHING (self->srcpad)) {
    gst_transcript_captions_prepare (self);
    gst_transcript_captions_advance (self);
  }
  GST_PAD_STREAM_UNLOCK (self->sinkpad);
}

void
gst_transcript_captions_update_ticker (GstTranscriptCaptions * self)
{
  gboolean wanted;

  GST_OBJECT_LOCK (self);
  wanted = GST_STATE (self) == GST_STATE_PLAYING && GST_CLOCK_TIME_IS_VALID
      (gst_transcript_captions_get_budget_unlocked (self));
  GST_OBJECT_UNLOCK (self);

  if (wanted)
    realtime_ticker_start (self->ticker);
  else
    realtime_ticker_stop (self->ticker);
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

  gst_transcript_captions_prepare (self);
  realtime_conversation_handle (self->conversation, event,
      gst_transcript_captions_on_change, self);
  gst_transcript_captions_follow (self);
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
  gst_transcript_captions_prepare (self);
  realtime_conversation_flush (self->conversation,
      gst_transcript_captions_on_change, self);
  self->flow = realtime_captioner_advance (self->captioner, TRUE);
  gst_transcript_captions_tell_delay (self,
      realtime_captioner_get_delay (self->captioner));
  gst_transcript_captions_warn (self, NULL);
}

/* Forgets the conversation and the bytes, not what downstream knows. */
static void
gst_transcript_captions_forget (GstTranscriptCaptions * self)
{
  realtime_line_reader_reset (self->reader);
  realtime_conversation_reset (self->conversation);
  realtime_captioner_reset (self->captioner);
  self->arrival = self->gap = GST_CLOCK_TIME_NONE;
}

static void
gst_transcript_captions_reset (GstTranscriptCaptions * self)
{
  gst_transcript_captions_forget (self);
  realtime_text_stream_reset (self->text);
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  realtime_captioner_reset_delay (self->captioner);
  self->now = GST_CLOCK_TIME_NONE;
  self->flow = GST_FLOW_OK;
  self->started = self->ended = FALSE;
  self->bad_lines = 0;
  self->last_warning = 0;

  GST_OBJECT_LOCK (self);
  self->upstream_known = self->live = FALSE;
  self->upstream_latency = 0;
  self->max_observed_delay = 0;
  self->seek_seqnum = GST_SEQNUM_INVALID;
  self->bytes = FALSE;
  GST_OBJECT_UNLOCK (self);
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
  self->ended = FALSE;
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
  self->gap = time;
  gst_transcript_captions_prepare (self);
  realtime_conversation_pass_time (self->conversation, time,
      gst_transcript_captions_on_change, self);
  gst_transcript_captions_follow (self);
}

/* Upstream starts at another place. A log is read from its beginning, whatever
 * part of it was seeked to. */
static void
gst_transcript_captions_handle_segment (GstTranscriptCaptions * self,
    GstEvent * event)
{
  guint32 seqnum = gst_event_get_seqnum (event);
  GstSegment wanted;
  gboolean seeked, left;

  gst_event_copy_segment (event, &self->segment);
  GST_OBJECT_LOCK (self);
  self->bytes = self->segment.format == GST_FORMAT_BYTES;
  seeked = self->seek_seqnum != GST_SEQNUM_INVALID;
  left = seeked && self->seek_seqnum != seqnum;
  wanted = self->seek_segment;
  if (left)
    self->seek_seqnum = GST_SEQNUM_INVALID;
  GST_OBJECT_UNLOCK (self);

  realtime_text_stream_set_seqnum (self->text, seqnum);
  if (seeked) {
    gst_transcript_captions_forget (self);
    realtime_text_stream_set_segment (self->text, left ? NULL : &wanted);
    self->now = GST_CLOCK_TIME_NONE;
  }
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
      self->ended = FALSE;
      /* of somebody else, perhaps */
      GST_OBJECT_LOCK (self);
      self->upstream_known = FALSE;
      GST_OBJECT_UNLOCK (self);
      break;
    case GST_EVENT_CAPS:
    case GST_EVENT_SEGMENT_DONE:
      break;
    case GST_EVENT_SEGMENT:
      gst_transcript_captions_handle_segment (self, event);
      /* A muxer in a live pipeline (an aggregator: matroskamux since 1.26) writes
       * its header when its time has come, with what it knows of each track. */
      gst_transcript_captions_prepare (self);
      realtime_text_stream_prepare (self->text);
      break;
    case GST_EVENT_GAP:
      gst_transcript_captions_handle_gap (self, event);
      break;
    case GST_EVENT_EOS:
      gst_transcript_captions_drain (self);
      realtime_text_stream_prepare (self->text);
      self->ended = TRUE;
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

  if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED
      || transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    realtime_ticker_stop (self->ticker);

  ret = GST_ELEMENT_CLASS (parent_class)->change_state (element, transition);

  switch (transition) {
    case GST_STATE_CHANGE_PAUSED_TO_READY:
      /* its pads let go of it */
      realtime_ticker_join (self->ticker);
      gst_transcript_captions_reset (self);
      break;
    default:
      break;
  }

  return ret;
}

/* The state is reached, and its clock is there. */
static void
gst_transcript_captions_state_changed (GstElement * element,
    GstState old_state, GstState new_state, GstState pending)
{
  GstTranscriptCaptions *self = GST_TRANSCRIPT_CAPTIONS (element);

  if (new_state == GST_STATE_PLAYING) {
    gst_transcript_captions_query_upstream (self);
    gst_transcript_captions_update_ticker (self);
  }
}

static void
gst_transcript_captions_finalize (GObject * object)
{
  GstTranscriptCaptions *self = GST_TRANSCRIPT_CAPTIONS (object);

  realtime_ticker_free (self->ticker);
  realtime_line_reader_free (self->reader);
  realtime_conversation_free (self->conversation);
  realtime_captioner_free (self->captioner);
  realtime_text_stream_free (self->text);
  gst_transcript_captions_clear_settings (&self->current);
  gst_transcript_captions_clear_settings (&self->settings);

  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_transcript_captions_init (GstTranscriptCaptions * self)
{
  gst_transcript_captions_init_settings (self);

  self->reader = realtime_line_reader_new ();
  self->conversation = realtime_conversation_new ();

  self->sinkpad = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sinkpad,
      GST_DEBUG_FUNCPTR (gst_transcript_captions_chain));
  gst_pad_set_event_function (self->sinkpad,
      GST_DEBUG_FUNCPTR (gst_transcript_captions_sink_event));
  gst_element_add_pad (GST_ELEMENT (self), self->sinkpad);

  self->srcpad = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_set_event_function (self->srcpad,
      GST_DEBUG_FUNCPTR (gst_transcript_captions_src_event));
  gst_pad_set_query_function (self->srcpad,
      GST_DEBUG_FUNCPTR (gst_transcript_captions_src_query));
  gst_element_add_pad (GST_ELEMENT (self), self->srcpad);

  self->text = realtime_text_stream_new (GST_ELEMENT (self), self->srcpad);
  self->captioner = realtime_captioner_new (self->text);
  self->ticker = realtime_ticker_new (GST_ELEMENT (self), TICK_INTERVAL,
      gst_transcript_captions_tick, self);
  gst_transcript_captions_reset (self);
}

static void
gst_transcript_captions_class_init (GstTranscriptCaptionsClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  object_class->finalize = gst_transcript_captions_finalize;
  element_class->change_state =
      GST_DEBUG_FUNCPTR (gst_transcript_captions_change_state);
  element_class->state_changed =
      GST_DEBUG_FUNCPTR (gst_transcript_captions_state_changed);
  gst_transcript_captions_install_properties (object_class);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Captions of a realtime session", "Text/Filter",
      "Makes timed text of the event stream of a realtime session",
      "gst-plugins-realtime");
}
