/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "eventline.h"
#include "json.h"
#include "usage.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static gboolean
ends_before_members (const GString * line)
{
  gsize i = line->len;

  while (i > 0 && g_ascii_isspace (line->str[i - 1]))
    i--;
  return i > 0 && line->str[i - 1] == '{';
}

gchar *
realtime_event_line_splice (const gchar * event, guint64 running_time,
    guint session)
{
  const gchar *brace;
  GString *line;
  gsize i;

  g_return_val_if_fail (event != NULL, NULL);
  brace = strrchr (event, '}');
  g_return_val_if_fail (brace != NULL, NULL);

  line = g_string_sized_new (brace - event + 72);
  g_string_append_len (line, event, brace - event);
  for (i = 0; i < line->len; i++) {
    if (line->str[i] == '\n' || line->str[i] == '\r')
      line->str[i] = ' ';
  }

  if (running_time != REALTIME_TIME_NONE) {
    g_string_append_printf (line, "%s\"gst_running_time\":%" G_GUINT64_FORMAT,
        ends_before_members (line) ? "" : ",", running_time);
  }
  g_string_append_printf (line, "%s\"gst_session\":%u}\n",
      ends_before_members (line) ? "" : ",", session);
  return g_string_free (line, FALSE);
}

gchar *
realtime_event_line_stamp (const gchar * line, gsize size, guint64 running_time)
{
  static const gchar name[] = "\"gst_running_time\":";
  g_autofree gchar *copy = g_strndup (line, size);
  gchar *stamp = g_strrstr (copy, name), *end;

  if (stamp == NULL)
    return g_steal_pointer (&copy);
  stamp += strlen (name);
  for (end = stamp; g_ascii_isdigit (*end); end++);
  return g_strdup_printf ("%.*s%" G_GUINT64_FORMAT "%s",
      (gint) (stamp - copy), copy, running_time, end);
}

static JsonObject *
new_event (const gchar * type)
{
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "type", type);
  return event;
}

static void
set_string (JsonObject * event, const gchar * name, const gchar * value)
{
  if (value != NULL)
    json_object_set_string_member (event, name, value);
}

/* Takes @event. */
static gchar *
finish (JsonObject * event, guint64 running_time, guint session)
{
  g_autofree gchar *text = realtime_json_to_string (event);

  json_object_unref (event);
  return realtime_event_line_splice (text, running_time, session);
}

gchar *
realtime_event_line_state (guint64 running_time, guint session,
    RealtimeConnectionState connection, RealtimeTurnState turn,
    const gchar * reason, guint attempt, const gchar * session_id,
    const gchar * call_id)
{
  JsonObject *event = new_event ("realtimebin.state");

  set_string (event, "connection", realtime_connection_state_nick (connection));
  set_string (event, "turn", realtime_turn_state_nick (turn));
  set_string (event, "reason", reason);
  json_object_set_int_member (event, "attempt", attempt);
  set_string (event, "session_id", session_id);
  set_string (event, "call_id", call_id);
  return finish (event, running_time, session);
}

gchar *
realtime_event_line_progress (guint64 running_time, guint session,
    const gchar * step, guint64 elapsed_ns)
{
  JsonObject *event = new_event ("realtimebin.progress");

  set_string (event, "step", step);
  json_object_set_int_member (event, "elapsed_ns", elapsed_ns);
  return finish (event, running_time, session);
}

gchar *
realtime_event_line_timeline (guint64 running_time, guint session,
    const gchar * session_id, guint64 epoch_running_time)
{
  JsonObject *event = new_event ("realtimebin.timeline");

  set_string (event, "session_id", session_id);
  json_object_set_int_member (event, "epoch_running_time", epoch_running_time);
  return finish (event, running_time, session);
}

gchar *
realtime_event_line_restart (guint64 running_time, guint session,
    const gchar * session_id, guint64 epoch_running_time,
    const gchar * const *past)
{
  JsonObject *event = new_event ("realtimebin.timeline");
  JsonArray *items = json_array_new ();

  set_string (event, "session_id", session_id);
  json_object_set_int_member (event, "epoch_running_time", epoch_running_time);
  for (; *past != NULL; past++)
    json_array_add_string_element (items, *past);
  json_object_set_array_member (event, "past_items", items);
  return finish (event, running_time, session);
}

gchar *
realtime_event_line_session (guint64 running_time, guint session,
    JsonObject * object)
{
  JsonObject *event = new_event ("realtimebin.session");

  json_object_set_object_member (event, "session", json_object_ref (object));
  return finish (event, running_time, session);
}

gchar *
realtime_event_line_output (guint64 running_time, guint session,
    gboolean started, guint64 time, const gchar * response_id)
{
  JsonObject *event = new_event ("realtimebin.output");

  set_string (event, "state", started ? "started" : "stopped");
  if (time != REALTIME_TIME_NONE)
    json_object_set_int_member (event, "running_time", time);
  set_string (event, "response_id", response_id);
  return finish (event, running_time, session);
}

gchar *
realtime_event_line_usage (guint64 running_time, guint session,
    const RealtimeUsage * usage)
{
  JsonObject *event = new_event ("realtimebin.usage");

  realtime_usage_to_json (usage, event);
  return finish (event, running_time, session);
}

static JsonObject *
new_talk (gboolean pressed, guint64 start)
{
  JsonObject *event = new_event ("realtimebin.talk");

  json_object_set_boolean_member (event, "pressed", pressed);
  json_object_set_int_member (event, "start_running_time", start);
  return event;
}

gchar *
realtime_event_line_talk_pressed (guint64 running_time, guint session,
    guint64 start)
{
  return finish (new_talk (TRUE, start), running_time, session);
}

gchar *
realtime_event_line_talk_released (guint64 running_time, guint session,
    guint64 start, guint64 end, gboolean committed, gboolean reply)
{
  JsonObject *event = new_talk (FALSE, start);

  json_object_set_int_member (event, "end_running_time", end);
  json_object_set_boolean_member (event, "committed", committed);
  json_object_set_boolean_member (event, "reply", reply);
  return finish (event, running_time, session);
}

gchar *
realtime_event_line_speech_started (guint64 running_time, guint session,
    guint64 audio_start_ms)
{
  JsonObject *event = new_event ("realtimebin.speech_started");

  json_object_set_int_member (event, "audio_start_ms", audio_start_ms);
  return finish (event, running_time, session);
}

gchar *
realtime_event_line_speech_stopped (guint64 running_time, guint session,
    guint64 audio_end_ms, const gchar * commit_event_id)
{
  JsonObject *event = new_event ("realtimebin.speech_stopped");

  json_object_set_int_member (event, "audio_end_ms", audio_end_ms);
  set_string (event, "commit_event_id", commit_event_id);
  return finish (event, running_time, session);
}

gchar *
realtime_event_line_interrupted (guint64 running_time, guint session,
    const gchar * reason)
{
  JsonObject *event = new_event ("realtimebin.interrupted");

  set_string (event, "reason", reason);
  return finish (event, running_time, session);
}

static void
redact (JsonObject * object, const gchar * name, JsonNode * value,
    gpointer user_data)
{
  json_object_set_string_member (object, name, "[redacted]");
}

/* An MCP server is called by the service, with the user's credentials. */
static void
redact_tools (JsonArray * tools)
{
  guint i, n = tools ? json_array_get_length (tools) : 0;

  for (i = 0; i < n; i++) {
    JsonObject *tool = realtime_json_get_element (tools, i);
    JsonObject *headers = tool ?
        realtime_json_get_object (tool, "headers") : NULL;

    if (!tool || g_strcmp0 (realtime_json_get_string (tool, "type", NULL),
            "mcp") != 0)
      continue;
    if (headers)
      json_object_foreach_member (headers, redact, NULL);
    if (realtime_json_has (tool, "authorization"))
      redact (tool, "authorization", NULL, NULL);
  }
}

gchar *
realtime_event_line_sent (guint64 running_time, guint session,
    const gchar * text)
{
  JsonObject *sent = realtime_json_parse_object (text, -1, NULL);
  JsonObject *event;

  if (!sent)
    return NULL;
  redact_tools (realtime_json_get_array (sent, "session.tools"));
  redact_tools (realtime_json_get_array (sent, "response.tools"));
  event = new_event ("realtimebin.sent");
  json_object_set_object_member (event, "event", sent);
  return finish (event, running_time, session);
}

gchar *
realtime_event_line_error (guint64 running_time, guint session,
    const gchar * code, const gchar * message, guint http_status,
    gboolean fatal, const gchar * request_id)
{
  JsonObject *event = new_event ("realtimebin.error");

  set_string (event, "code", code);
  set_string (event, "message", message);
  if (http_status != 0)
    json_object_set_int_member (event, "http_status", http_status);
  json_object_set_boolean_member (event, "fatal", fatal);
  set_string (event, "request_id", request_id);
  return finish (event, running_time, session);
}

struct _RealtimeLineReader
{
  GByteArray *bytes;
  gsize begin;                  /* of the next line */
  gsize seen;                   /* no newline between begin and here */
  gboolean at_start;            /* nothing was read yet */
  gboolean skipping;            /* inside a line that is too long */
};

RealtimeLineReader *
realtime_line_reader_new (void)
{
  RealtimeLineReader *self = g_new0 (RealtimeLineReader, 1);

  self->bytes = g_byte_array_new ();
  self->at_start = TRUE;
  return self;
}

void
realtime_line_reader_free (RealtimeLineReader * self)
{
  if (self == NULL)
    return;
  g_byte_array_unref (self->bytes);
  g_free (self);
}

void
realtime_line_reader_reset (RealtimeLineReader * self)
{
  /* a new array, so that one huge line does not keep its room for ever */
  g_byte_array_unref (self->bytes);
  self->bytes = g_byte_array_new ();
  self->begin = self->seen = 0;
  self->at_start = TRUE;
  self->skipping = FALSE;
}

void
realtime_line_reader_push (RealtimeLineReader * self, gconstpointer data,
    gsize size)
{
  if (self->begin > 0) {
    g_byte_array_remove_range (self->bytes, 0, self->begin);
    self->seen -= self->begin;
    self->begin = 0;
  }
  if (size > 0)
    g_byte_array_append (self->bytes, data, size);
}

/* The line from @begin to @end as a string, NULL if there is nothing in it. */
static gchar *
take_line (RealtimeLineReader * self, gsize begin, gsize end)
{
  const gchar *text = (const gchar *) self->bytes->data;

  if (self->at_start && end - begin >= 3
      && memcmp (text + begin, BYTE_ORDER_MARK, 3) == 0)
    begin += 3;
  self->at_start = FALSE;

  while (begin < end && g_ascii_isspace (text[begin]))
    begin++;
  while (end > begin && g_ascii_isspace (text[end - 1]))
    end--;
  return end > begin ? g_strndup (text + begin, end - begin) : NULL;
}

static gchar *
report_too_long (gboolean * too_long)
{
  if (too_long)
    *too_long = TRUE;
  return g_strdup ("");
}

gchar *
realtime_line_reader_pop (RealtimeLineReader * self, gboolean * too_long)
{
  if (too_long)
    *too_long = FALSE;

  while (self->seen < self->bytes->len) {
    const guint8 *newline = memchr (self->bytes->data + self->seen, '\n',
        self->bytes->len - self->seen);
    gsize begin = self->begin, end;
    gchar *line;

    if (newline == NULL) {
      self->seen = self->bytes->len;
      break;
    }
    end = newline - self->bytes->data;
    self->begin = self->seen = end + 1;

    if (self->skipping) {
      self->skipping = FALSE;
      continue;
    }
    if (end - begin > REALTIME_JSON_MAX_SIZE)
      return report_too_long (too_long);
    line = take_line (self, begin, end);
    if (line != NULL)
      return line;
  }

  if (self->skipping) {
    self->begin = self->seen;
  } else if (self->bytes->len - self->begin > REALTIME_JSON_MAX_SIZE) {
    realtime_line_reader_reset (self);
    self->at_start = FALSE;
    self->skipping = TRUE;
    return report_too_long (too_long);
  }
  return NULL;
}

gchar *
realtime_line_reader_flush (RealtimeLineReader * self)
{
  gchar *line = NULL;

  if (!self->skipping)
    line = take_line (self, self->begin, self->bytes->len);
  realtime_line_reader_reset (self);
  return line;
}
