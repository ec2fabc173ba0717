/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <json-glib/json-glib.h>
#include "stream.h"

void
stream_event (GString * stream, gint arrival, const gchar * members)
{
  gsize begin = stream->len, i;

  g_string_append_printf (stream, "{%s", members);
  for (i = begin; i < stream->len; i++) {
    if (stream->str[i] == '\'')
      stream->str[i] = '"';
  }
  if (arrival >= 0)
    g_string_append_printf (stream, ",\"gst_running_time\":%" G_GUINT64_FORMAT,
        arrival * GST_MSECOND);
  g_string_append (stream, ",\"gst_session\":1}\n");
}

void
stream_begin (GString * stream)
{
  stream_event (stream, 10,
      "'type':'session.created','event_id':'e1','session':{'type':'realtime',"
      "'id':'sess_1','audio':{'input':{'transcription':{'model':'whisper-1'}}}}");
  stream_event (stream, 60, "'type':'realtimebin.timeline',"
      "'session_id':'sess_1','epoch_running_time':50000000");
}

void
stream_started (GString * stream, const gchar * item, gint start, gint arrival)
{
  g_autofree gchar *members =
      g_strdup_printf ("'type':'input_audio_buffer.speech_started',"
      "'event_id':'e2','audio_start_ms':%d,'item_id':'%s'", start - 50, item);

  stream_event (stream, arrival, members);
}

void
stream_stopped (GString * stream, const gchar * item, gint end, gint arrival)
{
  g_autofree gchar *stopped =
      g_strdup_printf ("'type':'input_audio_buffer.speech_stopped',"
      "'event_id':'e3','audio_end_ms':%d,'item_id':'%s'", end - 50, item);
  g_autofree gchar *committed =
      g_strdup_printf ("'type':'input_audio_buffer.committed','event_id':'e4',"
      "'previous_item_id':null,'item_id':'%s'", item);

  stream_event (stream, arrival, stopped);
  stream_event (stream, arrival < 0 ? -1 : arrival + 10, committed);
}

void
stream_turn (GString * stream, const gchar * item, gint start, gint end,
    gint arrival)
{
  stream_started (stream, item, start, arrival < 0 ? -1 : start + 300);
  stream_stopped (stream, item, end, arrival < 0 ? -1 : end + 100);
}

/* @text as a JSON string */
static gchar *
quote (const gchar * text)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, text);
  return json_to_string (node, FALSE);
}

static void
append_text_event (GString * stream, const gchar * members,
    const gchar * text, gint arrival)
{
  g_autofree gchar *json = quote (text);

  /* the text may hold apostrophes: it is put in afterwards */
  stream_event (stream, arrival, members);
  g_string_replace (stream, "@TEXT@", json, 1);
}

static void
append_transcription_event (GString * stream, const gchar * type,
    const gchar * item, const gchar * member, const gchar * text, gint arrival)
{
  g_autofree gchar *members = g_strdup_printf ("'type':"
      "'conversation.item.input_audio_transcription.%s','event_id':'e12',"
      "'item_id':'%s','content_index':0,'%s':@TEXT@", type, item, member);

  append_text_event (stream, members, text, arrival);
}

void
stream_completed (GString * stream, const gchar * item, const gchar * text,
    gint arrival)
{
  append_transcription_event (stream, "completed", item, "transcript", text,
      arrival);
}

void
stream_delta (GString * stream, const gchar * item, const gchar * delta,
    gint arrival)
{
  append_transcription_event (stream, "delta", item, "delta", delta, arrival);
}

void
stream_updated (GString * stream, const gchar * item, const gchar * text,
    gint arrival)
{
  append_transcription_event (stream, "updated", item, "transcript", text,
      arrival);
}

void
stream_reply (GString * stream, const gchar * item, gint start, gint end,
    const gchar * text)
{
  g_autofree gchar *created =
      g_strdup_printf ("'type':'response.created','event_id':'e6',"
      "'response':{'id':'resp_%s','status':'in_progress','output':[]}", item);
  g_autofree gchar *added =
      g_strdup_printf ("'type':'response.output_item.added','event_id':'e7',"
      "'response_id':'resp_%s','output_index':0,'item':{'id':'%s',"
      "'type':'message','status':'in_progress','role':'assistant',"
      "'content':[]}", item, item);
  g_autofree gchar *playing =
      g_strdup_printf ("'type':'output_audio_buffer.started','event_id':'e8',"
      "'response_id':'resp_%s'", item);
  g_autofree gchar *transcript =
      g_strdup_printf ("'type':'response.output_audio_transcript.done',"
      "'event_id':'e9','response_id':'resp_%s','item_id':'%s',"
      "'output_index':0,'content_index':0,'transcript':@TEXT@", item, item);
  g_autofree gchar *done =
      g_strdup_printf ("'type':'response.done','event_id':'e10',"
      "'response':{'id':'resp_%s','status':'completed','output':[]}", item);
  g_autofree gchar *stopped =
      g_strdup_printf ("'type':'output_audio_buffer.stopped','event_id':'e11',"
      "'response_id':'resp_%s'", item);

  stream_event (stream, start - 200, created);
  stream_event (stream, start - 100, added);
  stream_event (stream, start, playing);
  append_text_event (stream, transcript, text, start + 100);
  stream_event (stream, start + 200, done);
  stream_event (stream, end, stopped);
}

static void
capture_event (Capture * self, GstEvent * event)
{
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_CAPS:{
      GstCaps *caps;

      gst_event_parse_caps (event, &caps);
      g_string_append_printf (self->log, "caps(%s) ",
          gst_structure_get_string (gst_caps_get_structure (caps, 0),
              "format"));
      break;
    }
    case GST_EVENT_GAP:{
      GstClockTime from, duration;

      gst_event_parse_gap (event, &from, &duration);
      g_string_append_printf (self->log,
          "gap(%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT ") ",
          from / GST_MSECOND, (from + duration) / GST_MSECOND);
      self->position = from + duration;
      break;
    }
    default:
      g_string_append_printf (self->log, "%s ", GST_EVENT_TYPE_NAME (event));
      break;
  }
  g_ptr_array_add (self->events, gst_event_ref (event));
}

static void
capture_buffer (Capture * self, GstBuffer * buffer)
{
  GstMapInfo map;

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  g_string_append_printf (self->log,
      "cue(%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT " %.*s) ",
      GST_BUFFER_PTS (buffer) / GST_MSECOND,
      (GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer)) / GST_MSECOND,
      (gint) map.size, (const gchar *) map.data);
  gst_buffer_unmap (buffer, &map);
  g_ptr_array_add (self->buffers, gst_buffer_ref (buffer));
  self->position = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
}

static GstPadProbeReturn
capture_probe (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Capture *self = user_data;

  g_mutex_lock (&self->lock);
  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER) {
    capture_buffer (self, GST_PAD_PROBE_INFO_BUFFER (info));
  } else {
    capture_event (self, GST_PAD_PROBE_INFO_EVENT (info));
    if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_EOS)
      self->eos = TRUE;
    g_cond_signal (&self->cond);
  }
  g_mutex_unlock (&self->lock);

  return GST_PAD_PROBE_OK;
}

Capture *
capture_new (GstPad * pad)
{
  Capture *self = g_new0 (Capture, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->log = g_string_new (NULL);
  self->buffers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  self->events =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_event_unref);
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
      GST_PAD_PROBE_TYPE_EVENT_FLUSH, capture_probe, self, NULL);

  return self;
}

void
capture_free (Capture * self)
{
  g_string_free (self->log, TRUE);
  g_ptr_array_unref (self->buffers);
  g_ptr_array_unref (self->events);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}

void
capture_wait (Capture * self)
{
  g_mutex_lock (&self->lock);
  while (!self->eos)
    g_cond_wait (&self->cond, &self->lock);
  self->eos = FALSE;
  g_mutex_unlock (&self->lock);
}

void
capture_wait_for_events (Capture * self, guint n)
{
  g_mutex_lock (&self->lock);
  while (self->events->len < n)
    g_cond_wait (&self->cond, &self->lock);
  g_mutex_unlock (&self->lock);
}

gchar *
capture_take (Capture * self)
{
  gchar *text;

  g_mutex_lock (&self->lock);
  text = g_strchomp (g_strdup (self->log->str));
  g_string_truncate (self->log, 0);
  g_mutex_unlock (&self->lock);

  return text;
}

GstClockTime
capture_get_position (Capture * self)
{
  GstClockTime position;

  g_mutex_lock (&self->lock);
  position = self->position;
  g_mutex_unlock (&self->lock);

  return position;
}

gchar *
buffer_text (GstBuffer * buffer)
{
  GstMapInfo map;
  gchar *text;

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  text = g_strndup ((const gchar *) map.data, map.size);
  gst_buffer_unmap (buffer, &map);
  return text;
}

gchar *
capture_cues (Capture * self)
{
  GString *cues = g_string_new (NULL);
  guint i;

  g_mutex_lock (&self->lock);
  for (i = 0; i < self->buffers->len; i++) {
    GstBuffer *buffer = g_ptr_array_index (self->buffers, i);
    g_autofree gchar *text = buffer_text (buffer);

    g_string_append_printf (cues, "%s%" G_GUINT64_FORMAT "+%" G_GUINT64_FORMAT
        " %s", i > 0 ? "|" : "", GST_BUFFER_PTS (buffer) / GST_MSECOND,
        GST_BUFFER_DURATION (buffer) / GST_MSECOND, text);
  }
  g_mutex_unlock (&self->lock);

  return g_string_free (cues, FALSE);
}

static GstPadProbeReturn
answer_not_live (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);

  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return GST_PAD_PROBE_OK;
  gst_query_set_latency (query, FALSE, 0, GST_CLOCK_TIME_NONE);
  return GST_PAD_PROBE_HANDLED;
}

void
make_not_live (GstHarness * harness)
{
  gst_pad_add_probe (harness->srcpad, GST_PAD_PROBE_TYPE_QUERY_UPSTREAM,
      answer_not_live, NULL, NULL);
}

gchar *
recorded_path (const gchar * name)
{
  const gchar *dir = g_getenv ("REALTIME_SHARED_DIR");
  g_autofree gchar *path = NULL;

  if (!dir)
    return NULL;
  path = g_build_filename (dir, "fixtures", name, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  return g_steal_pointer (&path);
}
