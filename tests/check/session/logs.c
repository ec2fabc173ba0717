/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Recorded event logs against what a right reader ends with. The logs stand
 * beside the checkout of the maintainers; without them there is nothing to do.
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "session/conversation.h"
#include "session/eventline.h"
#include "session/json.h"

typedef struct
{
  gchar *id, *role, *text;
  guint index;
  gboolean interrupted;
} Line;

typedef struct
{
  GPtrArray *lines;
  GPtrArray *calls;
  GPtrArray *errors;
  RealtimeUsage usage;
  GHashTable *partials;         /* item id to the text told last */
} Result;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->id);
  g_free (line->role);
  g_free (line->text);
  g_free (line);
}

static void
note_line (Result * result, const RealtimeTranscript * told)
{
  const gchar *before = g_hash_table_lookup (result->partials, told->item_id);
  Line *line;

  if (!told->final) {
    /* every partial is what was told before and its delta */
    if (g_strcmp0 (told->delta, "") != 0) {
      g_autofree gchar *sum = g_strconcat (before ? before : "", told->delta,
          NULL);

      fail_unless_equals_string (told->text, sum);
    }
    g_hash_table_replace (result->partials, g_strdup (told->item_id),
        g_strdup (told->text));
    return;
  }
  line = g_new0 (Line, 1);
  line->id = g_strdup (told->item_id);
  line->role = g_strdup (realtime_role_nick (told->role));
  line->text = g_strdup (told->text);
  line->index = told->index;
  line->interrupted = told->interrupted;
  g_ptr_array_add (result->lines, line);
}

static void
note (const RealtimeChange * change, gpointer user_data)
{
  Result *result = user_data;

  switch (change->type) {
    case REALTIME_CHANGE_TRANSCRIPT:
      note_line (result, &change->transcript);
      break;
    case REALTIME_CHANGE_FUNCTION_CALL:
      g_ptr_array_add (result->calls,
          g_strjoin ("\n", change->function_call.call_id,
              change->function_call.name, change->function_call.arguments,
              NULL));
      break;
    case REALTIME_CHANGE_ERROR:
      g_ptr_array_add (result->errors, g_strdup (change->error.code));
      break;
    case REALTIME_CHANGE_USAGE:
      result->usage = change->usage;
      break;
    case REALTIME_CHANGE_STATE:
      break;
  }
}

static gint
by_index (gconstpointer a, gconstpointer b)
{
  const Line *la = *(const Line * const *) a;
  const Line *lb = *(const Line * const *) b;

  return (gint) la->index - (gint) lb->index;
}

/* Returns the conversation as JSON. */
static gchar *
replay (const gchar * path, Result * result)
{
  g_autoptr (RealtimeConversation) conversation = realtime_conversation_new ();
  g_autoptr (RealtimeLineReader) reader = realtime_line_reader_new ();
  g_autofree gchar *log = NULL;
  gchar *line;
  gsize size;

  fail_unless (g_file_get_contents (path, &log, &size, NULL));
  realtime_line_reader_push (reader, log, size);
  while ((line = realtime_line_reader_pop (reader, NULL)) != NULL) {
    JsonObject *event = realtime_json_parse_object (line, -1, NULL);

    fail_unless (event != NULL, "%s", line);
    realtime_conversation_handle (conversation, event, note, result);
    json_object_unref (event);
    g_free (line);
  }
  realtime_conversation_flush (conversation, note, result);
  g_ptr_array_sort (result->lines, by_index);
  return realtime_conversation_to_json (conversation);
}

/* Lines of one item come together: whether it was told as one or in segments
 * is the reader's affair. */
static void
join_segments (GPtrArray * lines)
{
  guint i = 1;

  while (i < lines->len) {
    Line *before = g_ptr_array_index (lines, i - 1);
    Line *line = g_ptr_array_index (lines, i);

    if (strcmp (before->id, line->id) == 0) {
      gchar *text = g_strjoin (" ", before->text, line->text, NULL);

      g_free (before->text);
      before->text = text;
      g_ptr_array_remove_index (lines, i);
    } else {
      i++;
    }
  }
}

static void
remove_line (GPtrArray * lines, const gchar * id)
{
  guint i;

  for (i = lines->len; i > 0; i--) {
    Line *line = g_ptr_array_index (lines, i - 1);

    if (g_strcmp0 (line->id, id) == 0)
      g_ptr_array_remove_index (lines, i - 1);
  }
}

static void
compare_lines (const gchar * name, GPtrArray * lines, JsonArray * expected)
{
  guint i, n = json_array_get_length (expected), place = 0;

  join_segments (lines);
  for (i = 0; i < n; i++) {
    JsonObject *want = realtime_json_get_element (expected, i);

    if (realtime_json_get_boolean (want, "optional", FALSE))
      remove_line (lines, realtime_json_get_string (want, "item_id", NULL));
  }
  for (i = 0; i < n; i++) {
    JsonObject *want = realtime_json_get_element (expected, i);
    gboolean interrupted = realtime_json_get_boolean (want, "interrupted",
        FALSE);
    g_autofree gchar *text =
        g_strdup (realtime_json_get_string (want, "text", ""));
    Line *line;

    if (realtime_json_get_boolean (want, "optional", FALSE))
      continue;
    fail_unless (place < lines->len, "%s: no line for '%s'", name, text);
    line = g_ptr_array_index (lines, place++);
    g_strstrip (text);
    fail_unless_equals_string (line->role,
        realtime_json_get_string (want, "role", ""));
    fail_unless_equals_int (line->interrupted, interrupted);
    if (interrupted)
      fail_unless (g_str_has_prefix (text, line->text), "%s", line->text);
    else
      fail_unless_equals_string (line->text, text);
  }
  fail_unless (place == lines->len, "%s: more lines than expected", name);
}

static void
compare_strings (GPtrArray * got, JsonArray * expected, gboolean calls)
{
  guint i, n = expected ? json_array_get_length (expected) : 0;

  fail_unless_equals_int (got->len, n);
  for (i = 0; i < n; i++) {
    g_autofree gchar *want = NULL;

    if (calls) {
      JsonObject *call = realtime_json_get_element (expected, i);

      want = g_strjoin ("\n", realtime_json_get_string (call, "call_id", ""),
          realtime_json_get_string (call, "name", ""),
          realtime_json_get_string (call, "arguments", ""), NULL);
    } else {
      want = g_strdup (json_array_get_string_element (expected, i));
    }
    fail_unless_equals_string (g_ptr_array_index (got, i), want);
  }
}

/* What the whole conversation reads as is what was told of it, in its order;
 * besides it has what clients put in. */
static void
compare_conversation (const gchar * name, GPtrArray * lines,
    const gchar * conversation)
{
  g_autoptr (JsonArray) said = realtime_json_parse_array (conversation, -1,
      NULL);
  guint i, j = 0;

  fail_unless (said != NULL, "%s", conversation);
  for (i = 0; i < lines->len; i++) {
    Line *line = g_ptr_array_index (lines, i);
    JsonObject *entry = NULL;

    for (; j < json_array_get_length (said); j++) {
      entry = realtime_json_get_element (said, j);
      if (strcmp (realtime_json_get_string (entry, "item_id", ""),
              line->id) == 0)
        break;
    }
    fail_unless (j < json_array_get_length (said), "%s: %s is not in its place",
        name, line->id);
    fail_unless_equals_string (realtime_json_get_string (entry, "text", ""),
        line->text);
    fail_unless_equals_string (realtime_json_get_string (entry, "role", ""),
        line->role);
    fail_unless_equals_int (realtime_json_get_boolean (entry, "interrupted",
            FALSE), line->interrupted);
  }
}

static void
check_log (const gchar * folder, const gchar * name)
{
  g_autofree gchar *log = g_strconcat (folder, "/", name, ".jsonl", NULL);
  g_autofree gchar *file = g_strconcat (folder, "/", name, ".expect.json",
      NULL);
  g_autofree gchar *text = NULL, *said = NULL;
  JsonObject *expected;
  Result result = { NULL, };

  GST_INFO ("log %s", name);
  fail_unless (g_file_get_contents (file, &text, NULL, NULL));
  expected = realtime_json_parse_object (text, -1, NULL);
  fail_unless (expected != NULL, "%s", name);

  result.lines = g_ptr_array_new_with_free_func (line_free);
  result.calls = g_ptr_array_new_with_free_func (g_free);
  result.errors = g_ptr_array_new_with_free_func (g_free);
  result.partials = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      g_free);
  said = replay (log, &result);

  compare_lines (name, result.lines, realtime_json_get_array (expected,
          "finals"));
  compare_conversation (name, result.lines, said);
  compare_strings (result.calls, realtime_json_get_array (expected,
          "function_calls"), TRUE);
  compare_strings (result.errors, realtime_json_get_array (expected,
          "errors"), FALSE);
  fail_unless_equals_uint64 (result.usage.input_tokens,
      realtime_json_get_int (expected, "usage.input_tokens", 0));
  fail_unless_equals_uint64 (result.usage.output_tokens,
      realtime_json_get_int (expected, "usage.output_tokens", 0));
  fail_unless_equals_uint64 (result.usage.transcription_input_tokens,
      realtime_json_get_int (expected, "transcription_usage.input_tokens", 0));
  fail_unless_equals_uint64 (result.usage.transcription_output_tokens,
      realtime_json_get_int (expected, "transcription_usage.output_tokens", 0));
  fail_unless_equals_float (result.usage.transcription_seconds,
      realtime_json_get_double (expected, "transcription_usage.seconds", 0));

  g_ptr_array_unref (result.lines);
  g_ptr_array_unref (result.calls);
  g_ptr_array_unref (result.errors);
  g_hash_table_unref (result.partials);
  json_object_unref (expected);
}

GST_START_TEST (test_logs)
{
  const gchar *shared = g_getenv ("REALTIME_SHARED_DIR");
  g_autofree gchar *folder = NULL;
  const gchar *file;
  GDir *dir;

  if (shared == NULL) {
    GST_INFO ("no recorded logs here");
    return;
  }
  folder = g_build_filename (shared, "fixtures", NULL);
  dir = g_dir_open (folder, 0, NULL);
  fail_unless (dir != NULL, "%s", folder);
  while ((file = g_dir_read_name (dir)) != NULL) {
    if (g_str_has_suffix (file, ".expect.json")) {
      g_autofree gchar *name = g_strndup (file, strlen (file) - 12);

      check_log (folder, name);
    }
  }
  g_dir_close (dir);
}

GST_END_TEST;

static Suite *
session_logs_suite (void)
{
  Suite *s = suite_create ("session-logs");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_logs);
  return s;
}

GST_CHECK_MAIN (session_logs);
