/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstrealtimeenums.h"
#include "gsttranscriptmessages.h"
#include "session/json.h"
#include "session/usage.h"

GstStructure *
gst_transcript_message_line (const RealtimeTranscript * line)
{
  return gst_structure_new ("realtime/transcript",
      "item-id", G_TYPE_STRING, line->item_id,
      "index", G_TYPE_UINT, line->index,
      "role", G_TYPE_STRING, realtime_role_nick (line->role),
      "text", G_TYPE_STRING, line->text,
      "delta", G_TYPE_STRING, line->delta,
      "final", G_TYPE_BOOLEAN, line->final,
      "start", GST_TYPE_CLOCK_TIME, line->start,
      "end", GST_TYPE_CLOCK_TIME, line->end,
      "speaker", G_TYPE_STRING, line->speaker,
      "language", G_TYPE_STRING, line->language,
      "confidence", G_TYPE_DOUBLE, line->confidence,
      "interrupted", G_TYPE_BOOLEAN, line->interrupted,
      "session-id", G_TYPE_STRING, line->session_id, NULL);
}

GstStructure *
gst_transcript_message_state (const RealtimeState * state)
{
  return gst_structure_new ("realtime/state",
      "connection", GST_TYPE_REALTIME_CONNECTION_STATE, state->connection,
      "turn", GST_TYPE_REALTIME_TURN_STATE, state->turn,
      "reason", G_TYPE_STRING, state->reason,
      "attempt", G_TYPE_UINT, state->attempt,
      "session-id", G_TYPE_STRING, state->session_id, NULL);
}

GstStructure *
gst_transcript_message_call (const RealtimeFunctionCall * call)
{
  return gst_structure_new ("realtime/function-call",
      "call-id", G_TYPE_STRING, call->call_id,
      "name", G_TYPE_STRING, call->name,
      "arguments", G_TYPE_STRING, call->arguments, NULL);
}

GstStructure *
gst_transcript_message_usage (const RealtimeUsage * usage)
{
  GstStructure *structure = gst_structure_new_empty ("realtime/usage");
  const RealtimeUsageCounter *counter;

  for (counter = realtime_usage_counters; counter->name; counter++) {
    g_autofree gchar *field = g_strdup (counter->name);

    gst_structure_set (structure, g_strdelimit (field, "_", '-'),
        G_TYPE_UINT64, realtime_usage_get_counter (usage, counter), NULL);
  }
  gst_structure_set (structure,
      "transcription-seconds", G_TYPE_DOUBLE, usage->transcription_seconds,
      "translation-seconds", G_TYPE_DOUBLE, usage->translation_seconds,
      "responses", G_TYPE_UINT, usage->responses,
      "cost-usd", G_TYPE_DOUBLE, usage->cost_usd, NULL);
  return structure;
}

GstStructure *
gst_transcript_message_error (const RealtimeServiceError * error)
{
  return gst_structure_new ("realtime/error",
      "code", G_TYPE_STRING, error->code,
      "message", G_TYPE_STRING, error->message,
      "event-id", G_TYPE_STRING, error->event_id,
      "item-id", G_TYPE_STRING, error->item_id, NULL);
}

static guint64
get_time (const GstStructure * line, const gchar * field)
{
  guint64 time = GST_CLOCK_TIME_NONE;

  gst_structure_get_uint64 (line, field, &time);
  return time;
}

static gchar *
format_time (GstClockTime time)
{
  if (!GST_CLOCK_TIME_IS_VALID (time))
    return g_strdup ("?");
  return g_strdup_printf ("%u:%02u:%02u.%03u",
      (guint) (time / (GST_SECOND * 3600)),
      (guint) (time / (GST_SECOND * 60)) % 60,
      (guint) (time / GST_SECOND) % 60, (guint) (time / GST_MSECOND) % 1000);
}

gchar *
gst_transcript_message_describe (const GstStructure * line)
{
  g_autofree gchar *start = format_time (get_time (line, "start"));
  g_autofree gchar *end = format_time (get_time (line, "end"));
  const gchar *speaker = gst_structure_get_string (line, "speaker");
  gboolean interrupted = FALSE;
  gchar *text;

  gst_structure_get_boolean (line, "interrupted", &interrupted);
  text = g_strdup_printf ("%s%s%s%s %s-%s %s%s",
      gst_structure_get_string (line, "role"),
      speaker ? " (" : "", speaker ? speaker : "", speaker ? ")" : "",
      start, end, gst_structure_get_string (line, "text"),
      interrupted ? " --" : "");
  return g_strdelimit (text, "\r\n", ' ');
}

static void
set_json_time (JsonObject * object, const gchar * name, GstClockTime time)
{
  if (GST_CLOCK_TIME_IS_VALID (time))
    json_object_set_int_member (object, name, time);
  else
    json_object_set_null_member (object, name);
}

static void
set_json_string (JsonObject * object, const gchar * name,
    const GstStructure * line, const gchar * field)
{
  const gchar *value = gst_structure_get_string (line, field);

  if (value != NULL)
    json_object_set_string_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

gchar *
gst_transcript_message_to_json (const GstStructure * line)
{
  JsonObject *object = json_object_new ();
  g_autofree gchar *text = NULL;
  gboolean interrupted = FALSE;
  gdouble confidence = -1.0;
  guint index = 0;

  gst_structure_get_uint (line, "index", &index);
  gst_structure_get_boolean (line, "interrupted", &interrupted);
  gst_structure_get_double (line, "confidence", &confidence);

  set_json_string (object, "item_id", line, "item-id");
  json_object_set_int_member (object, "index", index);
  set_json_string (object, "role", line, "role");
  set_json_string (object, "text", line, "text");
  set_json_time (object, "start", get_time (line, "start"));
  set_json_time (object, "end", get_time (line, "end"));
  set_json_string (object, "speaker", line, "speaker");
  set_json_string (object, "language", line, "language");
  if (confidence >= 0)
    json_object_set_double_member (object, "confidence", confidence);
  else
    json_object_set_null_member (object, "confidence");
  json_object_set_boolean_member (object, "interrupted", interrupted);
  set_json_string (object, "session_id", line, "session-id");

  text = realtime_json_to_string (object);
  json_object_unref (object);
  return g_strconcat (text, "\n", NULL);
}
