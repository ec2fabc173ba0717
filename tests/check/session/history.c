/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>

#include "recorder.h"
#include "session/clientevent.h"
#include "session/failure.h"
#include "session/history.h"

static gchar *
quote (const gchar * text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
}

GST_START_TEST (test_events)
{
  g_autofree gchar *json = quote ("["
      "{'role':'system','text':'Be brief.'},"
      "{'role':'user','text':'Hello.','id':'u_1'},"
      "{'role':'assistant','text':'Good day.'},"
      "{'type':'function_call','call_id':'c','name':'f','arguments':'{}'},"
      "{'type':'function_call_output','call_id':'c','output':'42'},"
      "{'type':'message','role':'user','content':[{'type':'input_text',"
      "'text':'What is this?'},{'type':'input_image','image_url':'data:,'}]}]");
  const gchar *expected[] = {
    "{'type':'conversation.item.create','event_id':'realtimebin-x-0','item':{"
        "'type':'message','role':'system','content':[{'type':'input_text',"
        "'text':'Be brief.'}]}}",
    "{'type':'conversation.item.create','event_id':'realtimebin-x-1','item':{"
        "'id':'u_1','type':'message','role':'user','content':[{"
        "'type':'input_text','text':'Hello.'}]}}",
    "{'type':'conversation.item.create','event_id':'realtimebin-x-2','item':{"
        "'type':'message','role':'assistant','content':[{"
        "'type':'output_text','text':'Good day.'}]}}",
    "{'type':'conversation.item.create','event_id':'realtimebin-x-3','item':{"
        "'type':'function_call','call_id':'c','name':'f','arguments':'{}'}}",
    "{'type':'conversation.item.create','event_id':'realtimebin-x-4','item':{"
        "'type':'function_call_output','call_id':'c','output':'42'}}",
    "{'type':'conversation.item.create','event_id':'realtimebin-x-5','item':{"
        "'type':'message','role':'user','content':[{'type':'input_text',"
        "'text':'What is this?'},{'type':'input_image',"
        "'image_url':'data:,'}]}}"
  };
  g_auto (GStrv) events = NULL;
  guint i;

  fail_unless (realtime_history_check (json, NULL));
  events = realtime_history_make_events (json, "x");
  fail_unless_equals_int (g_strv_length (events), G_N_ELEMENTS (expected));
  for (i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_autofree gchar *want = quote (expected[i]);

    fail_unless_equals_string (events[i], want);
  }
}

GST_END_TEST;

GST_START_TEST (test_none)
{
  const gchar *none[] = { NULL, "", "[]" };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (none); i++) {
    g_auto (GStrv) events = realtime_history_make_events (none[i], "x");

    fail_unless (realtime_history_check (none[i], NULL));
    fail_unless_equals_int (g_strv_length (events), 0);
  }
}

GST_END_TEST;

static void
refuse (const gchar * json, const gchar * words)
{
  g_autoptr (GError) error = NULL;

  fail_if (realtime_history_check (json, &error), "%.200s", json);
  fail_unless (g_error_matches (error, REALTIME_FAILURE,
          REALTIME_FAILURE_SETTINGS));
  fail_unless (strstr (error->message, words) != NULL, "%s", error->message);
}

GST_START_TEST (test_bad)
{
  const gchar *const rows[][2] = {
    {"{}", "not an array"},
    {"[\n{'role' 'user'}]", "line 2"},
    {"[1]", "initial-items[0] must be an object"},
    {"[{}]", "initial-items[0] must have"},
    {"[{'role':'user','text':'x'},{'role':'nobody','text':'x'}]",
        "initial-items[1].role"},
    {"[{'role':'user','text':''}]", "initial-items[0].text"},
    {"[{'role':'user','text':7}]", "initial-items[0].text"},
    {"[{'role':'user','text':'x','content':[]}]", "it is either one"},
    {"[{'role':'user','text':'x','id':''}]", "initial-items[0].id"},
    {"[{'role':'user','text':'x','id':'a b'}]", "initial-items[0].id"},
    {"[{'role':'user','text':'x','id':7}]", "initial-items[0].id"},
    {"[{'role':'user','text':'x','id':'aaaaaaaaaabbbbbbbbbbccccccccccdddd'}]",
        "1 to 32"},
    {"[{'type':'message','role':'user'}]", "without content"},
    {"[{'type':'message','role':'user','content':[{'type':'output_text',"
          "'text':'x'}]}]", "content[0].type must be input_text or"},
    {"[{'type':'message','role':'assistant','content':[{"
          "'type':'output_audio','audio':'AA=='}]}]", "Give its words"},
    {"[{'type':'message','role':'user','content':[{'type':'input_text'}]}]",
        "content[0] has no text"},
    {"[{'type':'message','role':'user','content':[7]}]", "content[0].type"},
    {"[{'type':'function_call','call_id':'c','name':'f','arguments':{}}]",
        "initial-items[0].arguments must be a string"},
    {"[{'type':'function_call_output','output':'x'}]", ".call_id"},
    {"[{'role':'user','text':'\xff'}]", "UTF-8"},
  };
  GString *many = g_string_new ("[{\"role\":\"user\",\"text\":\"x\"}");
  g_autofree gchar *long_text = g_strnfill (1024 * 1024, 'a');
  g_autofree gchar *huge = g_strdup_printf ("[{\"role\":\"user\",\"text\":"
      "\"%s\"}]", long_text);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree gchar *json = quote (rows[i][0]);

    refuse (json, rows[i][1]);
  }
  refuse (huge, "256 KiB");
  for (i = 0; i < REALTIME_HISTORY_MAX_ITEMS; i++)
    g_string_append (many, ",{\"role\":\"user\",\"text\":\"x\"}");
  g_string_append_c (many, ']');
  refuse (many->str, "1001 items");
  g_string_free (many, TRUE);
}

GST_END_TEST;

/* The published schema's verdict. */
GST_START_TEST (test_schema)
{
  const gchar *shared = g_getenv ("REALTIME_SHARED_DIR");
  g_autofree gchar *json = quote ("[{'role':'system','text':'a'},"
      "{'role':'user','text':'b'},{'role':'assistant','text':'c','id':'d'}]");
  g_auto (GStrv) events = realtime_history_make_events (json, "x");
  g_autofree gchar *text = g_strjoinv ("\n", events);
  g_autofree gchar *folder = NULL, *file = NULL, *tool = NULL, *out = NULL;
  const gchar *argv[] = { NULL, "--side", "client", NULL, NULL };
  gint status;

  if (shared == NULL)
    return;
  tool = g_build_filename (shared, "tools", "validate-events", NULL);
  folder = g_dir_make_tmp ("history-XXXXXX", NULL);
  file = g_build_filename (folder, "events.jsonl", NULL);
  fail_unless (g_file_set_contents (file, text, -1, NULL));
  argv[0] = tool;
  argv[3] = file;
  fail_unless (g_spawn_sync (NULL, (gchar **) argv, NULL, 0, NULL, NULL, &out,
          NULL, &status, NULL));
  fail_unless (g_spawn_check_wait_status (status, NULL), "%s", out);
  g_remove (file);
  g_rmdir (folder);
}

GST_END_TEST;

static void
expect_conversation (Recorder * recorder, const gchar * expected)
{
  g_autofree gchar *json =
      realtime_conversation_to_json (recorder->conversation);
  g_autofree gchar *want = quote (expected);

  fail_unless_equals_string (json, want);
}

/* What was put in first, then talk, typed text between, and a deletion. */
GST_START_TEST (test_conversation)
{
  Recorder rec;

  recorder_init (&rec);
  expect_conversation (&rec, "[]");
  fail_if (realtime_conversation_has_changed (rec.conversation));
  recorder_feed (&rec,
      "{'type':'session.created','gst_running_time':1,'session':{'id':'s'}}\n"
      "{'type':'realtimebin.timeline','epoch_running_time':0}\n"
      "{'type':'conversation.item.added','gst_running_time':5,'item':{"
      "'id':'H1','type':'message','role':'user','content':[{"
      "'type':'input_text','text':'Past talk.'}]}}\n"
      "{'type':'conversation.item.done','gst_running_time':6,'item':{"
      "'id':'H1','type':'message','role':'user','content':[{"
      "'type':'input_text','text':'Past talk.'}]}}\n"
      "{'type':'conversation.item.added','gst_running_time':7,"
      "'previous_item_id':'H1','item':{'id':'H2','type':'message',"
      "'role':'assistant','content':[{'type':'output_text',"
      "'text':'Indeed.'}]}}\n");
  fail_unless (realtime_conversation_has_changed (rec.conversation));
  expect_conversation (&rec, "[{'item_id':'H1','role':'user',"
      "'text':'Past talk.','start':5,'end':5,'interrupted':false,"
      "'session_id':'s'},{'item_id':'H2','role':'assistant',"
      "'text':'Indeed.','start':7,'end':7,'interrupted':false,"
      "'session_id':'s'}]");

  /* a turn that is final only after the reply to it, and is not put in */
  recorder_feed (&rec,
      "{'type':'input_audio_buffer.committed','item_id':'U','gst_running_time':"
      "10,'previous_item_id':'H2'}\n"
      "{'type':'conversation.item.added','gst_running_time':11,"
      "'previous_item_id':'H2','item':{'id':'U','type':'message',"
      "'role':'user','content':[{'type':'input_audio',"
      "'transcript':null}]}}\n"
      "{'type':'response.created','response':{'id':'R','object':'x'}}\n"
      "{'type':'response.output_item.added','response_id':'R','item':{"
      "'id':'A','type':'message','role':'assistant','content':[]}}\n"
      "{'type':'conversation.item.added','gst_running_time':12,"
      "'previous_item_id':'U','item':{'id':'A','type':'message',"
      "'role':'assistant','content':[]}}\n"
      "{'type':'response.output_text.done','response_id':'R','item_id':'A',"
      "'text':'Yes.'}\n"
      "{'type':'response.done','response':{'id':'R','status':'cancelled'}}\n"
      "{'type':'conversation.item.input_audio_transcription.completed',"
      "'item_id':'U','transcript':'Really?'}\n"
      "{'type':'conversation.item.deleted','item_id':'H1'}\n");
  expect_conversation (&rec, "[{'item_id':'H2','role':'assistant',"
      "'text':'Indeed.','start':7,'end':7,'interrupted':false,"
      "'session_id':'s'},{'item_id':'U','role':'user','text':'Really?',"
      "'start':null,'end':null,'interrupted':false,'session_id':'s'},"
      "{'item_id':'A','role':'assistant','text':'Yes.','start':null,"
      "'end':null,'interrupted':true,'session_id':'s'}]");
  recorder_clear (&rec);
}

GST_END_TEST;

static gchar *
make_lines (guint n, guint length)
{
  GString *json = g_string_new ("[");
  g_autofree gchar *words = g_strnfill (length, 'x');
  guint i;

  for (i = 0; i < n; i++) {
    g_string_append_printf (json, "%s{\"item_id\":\"i\",\"role\":\"%s\","
        "\"text\":\"%u %s\",\"start\":1,\"interrupted\":false}", i ? "," : "",
        i % 2 ? "assistant" : "user", i, words);
  }
  return g_string_free (g_string_append_c (json, ']'), FALSE);
}

/* The latest of it that is not too much; @first: the line it begins with. */
static void
check_replay (const gchar * conversation, guint n, guint first)
{
  g_autofree gchar *items = realtime_history_replay (conversation);
  g_auto (GStrv) events = realtime_history_make_events (items, "x");
  g_autofree gchar *id = g_strdup_printf ("\"id\":\"rtbpast_%u\"", n - 1);
  g_autofree gchar *text = g_strdup_printf ("\"text\":\"%u ", first);

  fail_unless (realtime_history_check (items, NULL));
  fail_unless_equals_int (g_strv_length (events), n);
  fail_unless (strstr (events[0], "\"id\":\"rtbpast_0\"") != NULL);
  fail_unless (strstr (events[0], text) != NULL, "%s", events[0]);
  fail_unless (strstr (events[n - 1], id) != NULL);
}

GST_START_TEST (test_replay)
{
  g_autofree gchar *few = make_lines (3, 5);
  g_autofree gchar *many = make_lines (1000, 5);
  g_autofree gchar *long_ones = make_lines (10, 20000);
  g_autofree gchar *too_long = make_lines (1, 100000);
  g_autofree gchar *odd = quote ("[{'role':'unknown','text':'a'},"
      "{'role':'system','text':''},{'role':'system'},7,"
      "{'role':'system','text':'0 kept'}]");

  check_replay (few, 3, 0);
  check_replay (many, REALTIME_HISTORY_MAX_REPLAYED_ITEMS,
      1000 - REALTIME_HISTORY_MAX_REPLAYED_ITEMS);
  check_replay (long_ones, 3, 7);
  check_replay (odd, 1, 0);
  fail_unless (realtime_history_replay (too_long) == NULL);
  fail_unless (realtime_history_replay ("[]") == NULL);
  fail_unless (realtime_history_replay ("nonsense") == NULL);
}

GST_END_TEST;

/* It is said once, however often it is put in. */
GST_START_TEST (test_what_was_put_in_again)
{
  g_autofree gchar *said = NULL;

  recorder_feed (&rec,
      "{'gst_session':1,'type':'conversation.item.added','item'"
      ":{'id':'a','type':'message','role':'user','content':[{'type':"
      "'input_text','text':'Hello.'}]}}\n"
      "{'gst_session':2,'type':'conversation.item.added','previous_item_id':null,"
      "'item':{'id':'rtbpast_0','type':'message','role':'user','content':[{"
      "'type':'input_text','text':'Hello.'}]}}\n"
      "{'gst_session':2,'type':'conversation.item.added','previous_item_id':"
      "'rtbpast_0','item':{'id':'b','type':'message','role':'user','content':[{"
      "'type':'input_text','text':'Again.'}]}}\n");
  said = realtime_conversation_to_json (rec.conversation);
  fail_unless (strstr (said, "rtbpast") == NULL);
  fail_unless (strstr (said, "Hello.") < strstr (said, "Again."));
  recorder_feed (&rec, "{'gst_session':2,'type':'conversation.item."
      "input_audio_transcription.completed','item_id':'c','transcript':'x'}\n");
  recorder_expect (&rec, "c u 2 [?-?] x");
}

GST_END_TEST;

static Suite *
session_history_suite (void)
{
  Suite *s = suite_create ("session-history");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, test_events);
  tcase_add_test (tc, test_none);
  tcase_add_test (tc, test_bad);
  tcase_add_test (tc, test_schema);
  tcase_add_test (tc, test_conversation);
  tcase_add_test (tc, test_replay);
  tcase_add_test (tc, test_what_was_put_in_again);
  return s;
}

GST_CHECK_MAIN (session_history);
