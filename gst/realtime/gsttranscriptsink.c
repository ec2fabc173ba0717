/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-transcriptsink
 * @title: transcriptsink
 * @short_description: Transcripts, states and calls of a session as messages
 *
 * Reads the event stream of realtimebin, or a recorded one, and posts what it
 * means as element messages: `realtime/transcript`, `realtime/state`,
 * `realtime/function-call`, `realtime/usage` and `realtime/error`. Their fields
 * are described in docs/messages.md. Each message goes out as a signal of the
 * element too.
 *
 * Buffers may be cut anywhere. A line that is no JSON object is passed over
 * with a warning (at most one in ten seconds), never an error.
 *
 * Messages and signals come from the streaming thread; with
 * `order=conversation` also from the thread of the system clock.
 *
 * ## Examples
 * |[
 * gst-launch-1.0 -m autoaudiosrc ! realtimebin name=rt ! autoaudiosink \
 *     rt.event_src ! transcriptsink
 * ]| Talk to the service and see who said what.
 * |[
 * gst-launch-1.0 -v filesrc location=session.jsonl ! \
 *     application/x-realtime-events ! transcriptsink order=conversation \
 *     partials=false location=talk.jsonl
 * ]| Read a recorded session: one readable line for each thing said, and the
 * same as JSON Lines in a file.
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <errno.h>
#include <string.h>

#include <glib/gstdio.h>

#include "gsttranscriptmessages.h"
#include "gsttranscriptsink-private.h"
#include "session/json.h"

GST_DEBUG_CATEGORY_STATIC (transcript_sink_debug);
#define GST_CAT_DEFAULT transcript_sink_debug

#define WARNING_INTERVAL (10 * GST_SECOND)

/* Something to tell outside of the lock. */
typedef struct
{
  guint signal;
  GstStructure *structure;      /* NULL: bad lines were passed over */
  guint bad_lines;
} Output;

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("application/x-realtime-events"));

#define gst_transcript_sink_parent_class parent_class
G_DEFINE_TYPE (GstTranscriptSink, gst_transcript_sink, GST_TYPE_BASE_SINK);
GST_ELEMENT_REGISTER_DEFINE (transcriptsink, "transcriptsink", GST_RANK_NONE,
    GST_TYPE_TRANSCRIPT_SINK);

static void
output_free (Output * output)
{
  if (output->structure)
    gst_structure_free (output->structure);
  g_free (output);
}

static gboolean
is_final (const GstStructure * line)
{
  gboolean final = FALSE;

  gst_structure_get_boolean (line, "final", &final);
  return final;
}

static gboolean
passes (GstTranscriptSink * self, const GstStructure * line)
{
  const gchar *role = gst_structure_get_string (line, "role");
  GstRealtimeRoles bit = 0;
  gboolean pass;

  if (g_str_equal (role, "user"))
    bit = GST_REALTIME_ROLE_USER;
  else if (g_str_equal (role, "assistant"))
    bit = GST_REALTIME_ROLE_ASSISTANT;

  GST_OBJECT_LOCK (self);
  pass = (self->roles & bit) && (self->partials || is_final (line));
  GST_OBJECT_UNLOCK (self);
  return pass;
}

/* Takes @structure. With the lock held. */
static void
queue_output (GstTranscriptSink * self, guint signal, GstStructure * structure)
{
  Output *output = g_new0 (Output, 1);

  output->signal = signal;
  output->structure = structure;
  g_queue_push_tail (&self->outputs, output);
}

/* With the lock held. */
static void
queue_line (GstStructure * line, gpointer user_data)
{
  GstTranscriptSink *self = user_data;

  if (passes (self, line))
    queue_output (self, SIGNAL_TRANSCRIPT, line);
  else
    gst_structure_free (line);
}

/* With the lock held. */
static void
take_line (GstTranscriptSink * self, const RealtimeTranscript * told)
{
  GstStructure *line = gst_transcript_message_line (told);
  GstTranscriptSinkOrder order;
  GstClockTime timeout;

  GST_OBJECT_LOCK (self);
  order = self->order;
  timeout = self->order_timeout * GST_MSECOND;
  GST_OBJECT_UNLOCK (self);

  if (gst_transcript_hold_has (self->hold, told->session, told->item_id)
      || (order == GST_TRANSCRIPT_SINK_ORDER_CONVERSATION
          && realtime_conversation_get_open_before (self->conversation,
              told->session, told->item_id) > 0)) {
    gst_transcript_hold_add (self->hold, told->session, told->item_id, line,
        gst_clock_get_time (self->clock) + timeout);
  } else {
    queue_line (line, self);
  }
}

/* With the lock held. */
static void
take_change (const RealtimeChange * change, gpointer user_data)
{
  GstTranscriptSink *self = user_data;

  switch (change->type) {
    case REALTIME_CHANGE_TRANSCRIPT:
      take_line (self, &change->transcript);
      break;
    case REALTIME_CHANGE_STATE:
      queue_output (self, SIGNAL_STATE,
          gst_transcript_message_state (&change->state));
      break;
    case REALTIME_CHANGE_FUNCTION_CALL:
      queue_output (self, SIGNAL_FUNCTION_CALL,
          gst_transcript_message_call (&change->function_call));
      break;
    case REALTIME_CHANGE_USAGE:
      queue_output (self, SIGNAL_USAGE,
          gst_transcript_message_usage (&change->usage));
      break;
    case REALTIME_CHANGE_ERROR:
      /* the bin posts what is fatal itself */
      if (!change->error.fatal) {
        queue_output (self, SIGNAL_ERROR,
            gst_transcript_message_error (&change->error));
      }
      break;
  }
}

static void
write_line (GstTranscriptSink * self, const GstStructure * line)
{
  g_autofree gchar *text = NULL;
  gsize size;

  if (self->file == NULL)
    return;

  text = gst_transcript_message_to_json (line);
  size = strlen (text);
  if (fwrite (text, 1, size, self->file) == size && fflush (self->file) == 0)
    return;

  GST_ELEMENT_ERROR (self, RESOURCE, WRITE,
      ("Could not write transcripts to the file of the property location. "
          "Check the room on its disk."), GST_ERROR_SYSTEM);
  g_mutex_lock (&self->lock);
  self->failed = TRUE;
  g_mutex_unlock (&self->lock);
}

static void
tell_output (GstTranscriptSink * self, Output * output)
{
  if (output->structure == NULL) {
    GST_ELEMENT_WARNING (self, STREAM, DECODE,
        ("Passed over %u %s of the event stream: not a JSON object. Check what "
            "is linked to this sink.", output->bad_lines,
            output->bad_lines == 1 ? "line" : "lines"), (NULL));
    return;
  }

  if (output->signal == SIGNAL_TRANSCRIPT && is_final (output->structure)) {
    gst_transcript_sink_remember (self, output->structure);
    write_line (self, output->structure);
  }
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self),
          gst_structure_copy (output->structure)));
  g_signal_emit (self, gst_transcript_sink_signals[output->signal], 0,
      output->structure);
}

/* Tells what is queued, outside of the lock and in order: one thread at a time
 * does so, and another's outputs go by that thread as well. @wait: return only
 * when all is told. With the lock held, which is released meanwhile. */
static void
tell_outputs (GstTranscriptSink * self, gboolean wait)
{
  Output *output;

  if (self->teller == NULL) {
    self->teller = g_thread_self ();
    while ((output = g_queue_pop_head (&self->outputs)) != NULL) {
      g_mutex_unlock (&self->lock);
      tell_output (self, output);
      output_free (output);
      g_mutex_lock (&self->lock);
    }
    self->teller = NULL;
    g_cond_broadcast (&self->told);
  } else if (self->teller != g_thread_self ()) {
    while (wait && self->teller != NULL)
      g_cond_wait (&self->told, &self->lock);
  }
}

static void release_lines (GstTranscriptSink * self);

static gboolean
timer_fired (GstClock * clock, GstClockTime time, GstClockID id,
    gpointer user_data)
{
  GstTranscriptSink *self = user_data;

  g_mutex_lock (&self->lock);
  /* a timer that was replaced while it was about to fire says nothing */
  if (self->timer == id) {
    gst_clock_id_unref (self->timer);
    self->timer = NULL;
    release_lines (self);
    tell_outputs (self, FALSE);
  }
  g_mutex_unlock (&self->lock);
  return TRUE;
}

/* With the lock held. */
static void
stop_timer (GstTranscriptSink * self)
{
  if (self->timer != NULL) {
    gst_clock_id_unschedule (self->timer);
    gst_clock_id_unref (self->timer);
    self->timer = NULL;
  }
}

/* Releases what need not wait any longer and sets the timer for the rest, for
 * no further event may come. With the lock held. */
static void
release_lines (GstTranscriptSink * self)
{
  GstClockTime deadline;

  gst_transcript_hold_release (self->hold, self->conversation,
      gst_clock_get_time (self->clock), queue_line, self);

  deadline = gst_transcript_hold_get_deadline (self->hold);
  if (self->timer != NULL && self->timer_time == deadline)
    return;
  stop_timer (self);
  if (GST_CLOCK_TIME_IS_VALID (deadline)) {
    self->timer = gst_clock_new_single_shot_id (self->clock, deadline);
    self->timer_time = deadline;
    gst_clock_id_wait_async (self->timer, timer_fired, gst_object_ref (self),
        gst_object_unref);
  }
}

/* With the lock held. */
static void
warn_bad_lines (GstTranscriptSink * self, gboolean now)
{
  GstClockTime time = gst_clock_get_time (self->clock);
  Output *output;

  if (self->bad_lines == 0)
    return;
  if (!now && GST_CLOCK_TIME_IS_VALID (self->warned)
      && time < self->warned + WARNING_INTERVAL)
    return;

  output = g_new0 (Output, 1);
  output->bad_lines = self->bad_lines;
  g_queue_push_tail (&self->outputs, output);
  self->bad_lines = 0;
  self->warned = time;
}

/* With the lock held. */
static void
handle_line (GstTranscriptSink * self, const gchar * line)
{
  g_autoptr (GError) error = NULL;
  JsonObject *event = realtime_json_parse_object (line, -1, &error);

  if (event == NULL) {
    GST_INFO_OBJECT (self, "bad line: %s", error->message);
    self->bad_lines++;
    warn_bad_lines (self, FALSE);
    return;
  }
  realtime_conversation_handle (self->conversation, event, take_change, self);
  json_object_unref (event);
  release_lines (self);
}

/* All whole lines that were read. With the lock held. */
static void
handle_lines (GstTranscriptSink * self)
{
  gchar *line;

  while ((line = realtime_line_reader_pop (self->reader, NULL)) != NULL) {
    handle_line (self, line);
    g_free (line);
    tell_outputs (self, FALSE);
  }
}

/* A last line may lack its newline. With the lock held. */
static void
handle_rest (GstTranscriptSink * self)
{
  gchar *line = realtime_line_reader_flush (self->reader);

  if (line != NULL)
    handle_line (self, line);
  g_free (line);
}

static GstFlowReturn
gst_transcript_sink_render (GstBaseSink * sink, GstBuffer * buffer)
{
  GstTranscriptSink *self = GST_TRANSCRIPT_SINK (sink);
  GstFlowReturn ret;
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    GST_ELEMENT_ERROR (self, RESOURCE, READ,
        ("Could not read a buffer of the event stream."), (NULL));
    return GST_FLOW_ERROR;
  }

  g_mutex_lock (&self->lock);
  if (GST_BUFFER_IS_DISCONT (buffer))
    handle_rest (self);
  realtime_line_reader_push (self->reader, map.data, map.size);
  handle_lines (self);
  tell_outputs (self, FALSE);
  ret = self->failed ? GST_FLOW_ERROR : GST_FLOW_OK;
  g_mutex_unlock (&self->lock);

  gst_buffer_unmap (buffer, &map);
  return ret;
}

/* Forgets the stream, not what was told of it. With the lock held. */
static void
reset (GstTranscriptSink * self)
{
  stop_timer (self);
  realtime_line_reader_reset (self->reader);
  realtime_conversation_reset (self->conversation);
  gst_transcript_hold_clear (self->hold);
  g_queue_clear_full (&self->outputs, (GDestroyNotify) output_free);
  self->bad_lines = 0;
  self->warned = GST_CLOCK_TIME_NONE;
  self->failed = FALSE;
}

/* With the lock held. */
static void
pass_time (GstTranscriptSink * self, GstEvent * event)
{
  GstSegment *segment = &GST_BASE_SINK (self)->segment;
  GstClockTime time;

  gst_event_parse_gap (event, &time, NULL);
  if (segment->format != GST_FORMAT_TIME)
    return;
  time = gst_segment_to_running_time (segment, GST_FORMAT_TIME, time);
  if (!GST_CLOCK_TIME_IS_VALID (time))
    return;
  realtime_conversation_pass_time (self->conversation, time, take_change, self);
  release_lines (self);
  tell_outputs (self, FALSE);
}

static gboolean
gst_transcript_sink_event (GstBaseSink * sink, GstEvent * event)
{
  GstTranscriptSink *self = GST_TRANSCRIPT_SINK (sink);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_EOS:
      g_mutex_lock (&self->lock);
      handle_rest (self);
      realtime_conversation_flush (self->conversation, take_change, self);
      gst_transcript_hold_release (self->hold, NULL, 0, queue_line, self);
      stop_timer (self);
      warn_bad_lines (self, TRUE);
      tell_outputs (self, TRUE);
      g_mutex_unlock (&self->lock);
      break;
    case GST_EVENT_GAP:
      g_mutex_lock (&self->lock);
      pass_time (self, event);
      g_mutex_unlock (&self->lock);
      break;
    case GST_EVENT_FLUSH_STOP:
      g_mutex_lock (&self->lock);
      reset (self);
      g_mutex_unlock (&self->lock);
      break;
    default:
      break;
  }
  return GST_BASE_SINK_CLASS (parent_class)->event (sink, event);
}

static gboolean
open_file (GstTranscriptSink * self)
{
  g_autofree gchar *location = NULL;

  GST_OBJECT_LOCK (self);
  location = g_strdup (self->location);
  GST_OBJECT_UNLOCK (self);

  if (location == NULL || *location == '\0')
    return TRUE;
  self->file = g_fopen (location, "ae");
  if (self->file != NULL)
    return TRUE;

  GST_ELEMENT_ERROR (self, RESOURCE, OPEN_WRITE,
      ("Could not open \"%s\" (property location) for writing: %s. Check that "
          "its folder is there and can be written to.", location,
          g_strerror (errno)), (NULL));
  return FALSE;
}

static void
close_file (GstTranscriptSink * self)
{
  if (self->file != NULL && fclose (self->file) != 0) {
    GST_ELEMENT_WARNING (self, RESOURCE, CLOSE,
        ("The transcripts may not all be in the file of the property "
            "location."), GST_ERROR_SYSTEM);
  }
  self->file = NULL;
}

static gboolean
gst_transcript_sink_start (GstBaseSink * sink)
{
  GstTranscriptSink *self = GST_TRANSCRIPT_SINK (sink);

  g_mutex_lock (&self->lock);
  self->clock = gst_system_clock_obtain ();
  reset (self);
  g_mutex_unlock (&self->lock);

  gst_transcript_sink_forget (self);
  return TRUE;
}

static gboolean
gst_transcript_sink_stop (GstBaseSink * sink)
{
  GstTranscriptSink *self = GST_TRANSCRIPT_SINK (sink);

  g_mutex_lock (&self->lock);
  reset (self);
  /* the clock's thread may be telling something still */
  tell_outputs (self, TRUE);
  gst_clear_object (&self->clock);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

/* The file is opened here and not in start, after whose failure the base class
 * posts a second error that says less. */
static GstStateChangeReturn
gst_transcript_sink_change_state (GstElement * element,
    GstStateChange transition)
{
  GstTranscriptSink *self = GST_TRANSCRIPT_SINK (element);
  GstStateChangeReturn ret;

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED && !open_file (self))
    return GST_STATE_CHANGE_FAILURE;

  ret = GST_ELEMENT_CLASS (parent_class)->change_state (element, transition);

  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY
      || (transition == GST_STATE_CHANGE_READY_TO_PAUSED
          && ret == GST_STATE_CHANGE_FAILURE))
    close_file (self);
  return ret;
}

static void
gst_transcript_sink_finalize (GObject * object)
{
  GstTranscriptSink *self = GST_TRANSCRIPT_SINK (object);

  realtime_line_reader_free (self->reader);
  realtime_conversation_free (self->conversation);
  gst_transcript_hold_free (self->hold);
  g_queue_clear_full (&self->outputs, (GDestroyNotify) output_free);
  gst_transcript_sink_clear_properties (self);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->told);

  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_transcript_sink_class_init (GstTranscriptSinkClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSinkClass *sink_class = GST_BASE_SINK_CLASS (klass);

  object_class->finalize = gst_transcript_sink_finalize;
  gst_transcript_sink_install (object_class);

  element_class->change_state =
      GST_DEBUG_FUNCPTR (gst_transcript_sink_change_state);
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class,
      "Realtime transcript sink", "Sink/Text",
      "Posts the transcripts, states, calls and usage of a realtime session",
      "The gst-plugins-realtime authors");

  sink_class->start = GST_DEBUG_FUNCPTR (gst_transcript_sink_start);
  sink_class->stop = GST_DEBUG_FUNCPTR (gst_transcript_sink_stop);
  sink_class->event = GST_DEBUG_FUNCPTR (gst_transcript_sink_event);
  sink_class->render = GST_DEBUG_FUNCPTR (gst_transcript_sink_render);

  gst_type_mark_as_plugin_api (GST_TYPE_REALTIME_CONNECTION_STATE, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_REALTIME_TURN_STATE, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_REALTIME_ROLES, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_TRANSCRIPT_SINK_ORDER, 0);

  GST_DEBUG_CATEGORY_INIT (transcript_sink_debug, "transcriptsink", 0,
      "transcripts of a realtime session as messages");
}

static void
gst_transcript_sink_init (GstTranscriptSink * self)
{
  gst_transcript_sink_init_properties (self);

  g_mutex_init (&self->lock);
  g_cond_init (&self->told);
  g_queue_init (&self->outputs);
  self->reader = realtime_line_reader_new ();
  self->conversation = realtime_conversation_new ();
  self->hold = gst_transcript_hold_new ();
  self->warned = GST_CLOCK_TIME_NONE;

  /* what is said comes when it comes: nothing to preroll, nothing to await */
  gst_base_sink_set_sync (GST_BASE_SINK (self), FALSE);
  gst_base_sink_set_async_enabled (GST_BASE_SINK (self), FALSE);
  /* a line counts wherever its buffer's time stamp stands */
  gst_base_sink_set_drop_out_of_segment (GST_BASE_SINK (self), FALSE);
}
