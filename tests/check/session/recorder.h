/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __TESTS_RECORDER_H__
#define __TESTS_RECORDER_H__

#include "session/conversation.h"
#include "session/json.h"

/* Notes what a conversation tells, one line of text a change, so that tests
 * can state what they expect as they would write it down:
 *   item u 3 [1000-2000] text       a final line: role, index, ms, text
 *   item u 3 [1000-?] +delta        a partial
 * with "cut", "by speaker" and "(language confidence)" before the text,
 *   state connected idle
 *   call id name {arguments}
 *   error code
 *   usage in/out/transcription in/out/seconds
 */
typedef struct
{
  RealtimeConversation *conversation;
  GPtrArray *notes;
  guint seen;                   /* notes that were compared */
  gboolean partials;
  gboolean states;
} Recorder;

static G_GNUC_UNUSED gchar *
recorder_format_ms (guint64 time)
{
  if (time == REALTIME_TIME_NONE)
    return g_strdup ("?");
  return g_strdup_printf ("%" G_GUINT64_FORMAT, time / 1000000);
}

static G_GNUC_UNUSED void
recorder_note_line (Recorder * self, const RealtimeTranscript * line)
{
  g_autofree gchar *start = recorder_format_ms (line->start);
  g_autofree gchar *end = recorder_format_ms (line->end);
  g_autofree gchar *known = line->language ?
      g_strdup_printf (" (%s %.3g)", line->language, line->confidence) : NULL;
  g_autofree gchar *extra = g_strdup_printf ("%s%s%s%s",
      line->interrupted ? " cut" : "", line->speaker ? " by " : "",
      line->speaker ? line->speaker : "", known ? known : "");

  if (!line->final && !self->partials)
    return;
  g_ptr_array_add (self->notes,
      g_strdup_printf ("%s %c %u [%s-%s]%s %s%s", line->item_id,
          realtime_role_nick (line->role)[0], line->index, start, end, extra,
          line->final ? "" : "+", line->final ? line->text : line->delta));
}

static G_GNUC_UNUSED void
recorder_note (const RealtimeChange * change, gpointer user_data)
{
  Recorder *self = user_data;
  const RealtimeUsage *usage = &change->usage;
  gchar *note = NULL;

  switch (change->type) {
    case REALTIME_CHANGE_TRANSCRIPT:
      recorder_note_line (self, &change->transcript);
      break;
    case REALTIME_CHANGE_STATE:
      if (self->states) {
        note = g_strdup_printf ("state %s %s",
            realtime_connection_state_nick (change->state.connection),
            realtime_turn_state_nick (change->state.turn));
      }
      break;
    case REALTIME_CHANGE_FUNCTION_CALL:
      note = g_strdup_printf ("call %s %s %s", change->function_call.call_id,
          change->function_call.name, change->function_call.arguments);
      break;
    case REALTIME_CHANGE_USAGE:
      note = g_strdup_printf ("usage %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT
          "/%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT "/%g",
          usage->input_tokens, usage->output_tokens,
          usage->transcription_input_tokens,
          usage->transcription_output_tokens, usage->transcription_seconds);
      break;
    case REALTIME_CHANGE_ERROR:
      note = g_strdup_printf ("error %s", change->error.code);
      break;
  }
  if (note != NULL)
    g_ptr_array_add (self->notes, note);
}

static G_GNUC_UNUSED void
recorder_init (Recorder * self)
{
  self->conversation = realtime_conversation_new ();
  self->notes = g_ptr_array_new_with_free_func (g_free);
  self->seen = 0;
  self->partials = self->states = FALSE;
}

static G_GNUC_UNUSED void
recorder_clear (Recorder * self)
{
  realtime_conversation_free (self->conversation);
  g_ptr_array_unref (self->notes);
}

/* Feeds events, one a line. Single quotes stand for double ones, so that tests
 * stay readable. */
static G_GNUC_UNUSED void
recorder_feed (Recorder * self, const gchar * events)
{
  g_auto (GStrv) lines = g_strsplit (events, "\n", -1);
  guint i;

  for (i = 0; lines[i] != NULL; i++) {
    GError *error = NULL;
    JsonObject *event;

    if (*lines[i] == '\0')
      continue;
    g_strdelimit (lines[i], "'", '"');
    event = realtime_json_parse_object (lines[i], -1, &error);
    fail_unless (event != NULL, "%s: %s", lines[i],
        error ? error->message : "");
    realtime_conversation_handle (self->conversation, event, recorder_note,
        self);
    json_object_unref (event);
  }
}

/* Exactly these notes, joined by newlines, came since the last call. */
static G_GNUC_UNUSED void
recorder_expect (Recorder * self, const gchar * expected)
{
  GString *text = g_string_new (NULL);

  for (; self->seen < self->notes->len; self->seen++) {
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "",
        (gchar *) g_ptr_array_index (self->notes, self->seen));
  }
  fail_unless_equals_string (text->str, expected);
  g_string_free (text, TRUE);
}

static G_GNUC_UNUSED void
recorder_flush (Recorder * self)
{
  realtime_conversation_flush (self->conversation, recorder_note, self);
}

/* The recorder of the test that runs. */
static Recorder rec;

static G_GNUC_UNUSED void
setup (void)
{
  recorder_init (&rec);
}

static G_GNUC_UNUSED void
teardown (void)
{
  recorder_clear (&rec);
}

#endif /* __TESTS_RECORDER_H__ */
