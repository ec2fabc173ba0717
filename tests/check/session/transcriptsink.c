/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/check/gsttestclock.h>

#define CAPS "application/x-realtime-events"

#define SESSION "{'type':'session.created','session':{'id':'s1'}}\n"
#define TIMELINE "{'type':'realtimebin.timeline','epoch_running_time':" \
    "1000000000}\n"
#define STARTED "{'type':'input_audio_buffer.speech_started'," \
    "'audio_start_ms':500,'item_id':'U1'}\n"
#define STOPPED "{'type':'input_audio_buffer.speech_stopped'," \
    "'audio_end_ms':1500,'item_id':'U1'}\n"
#define COMMITTED "{'type':'input_audio_buffer.committed','item_id':'U1'}\n"
#define DELTA(words) "{'type':'conversation.item." \
    "input_audio_transcription.delta','item_id':'U1','delta':'" words "'}\n"
#define COMPLETED "{'type':'conversation.item." \
    "input_audio_transcription.completed','item_id':'U1','transcript':" \
    "'Ask.','usage':{'type':'duration','seconds':1.5}}\n"
#define REPLY "{'type':'response.created','response':{'id':'R1'}}\n" \
    "{'type':'response.output_item.added','response_id':'R1'," \
    "'output_index':0,'item':{'id':'A1','type':'message'," \
    "'role':'assistant','content':[]}}\n" \
    "{'type':'response.output_text.delta','response_id':'R1'," \
    "'item_id':'A1','delta':'Re'}\n" \
    "{'type':'response.output_text.delta','response_id':'R1'," \
    "'item_id':'A1','delta':'ply.'}\n" \
    "{'type':'response.done','response':{'id':'R1','status':'completed'," \
    "'usage':{'total_tokens':3,'input_tokens':2,'output_tokens':1}}}\n"

static GstHarness *harness;
static GstElement *sink;
static GstBus *bus;

static void
start (const gchar * launch)
{
  harness = gst_harness_new_parse (launch);
  bus = gst_bus_new ();
  gst_element_set_bus (harness->element, bus);
  sink = gst_harness_find_element (harness, "transcriptsink");
  gst_harness_set_src_caps_str (harness, CAPS);
}

static void
stop (void)
{
  gst_element_set_bus (harness->element, NULL);
  gst_clear_object (&sink);
  gst_harness_teardown (harness);
  gst_object_unref (bus);
}

static gchar *
unquote (const gchar * events)
{
  return g_strdelimit (g_strdup (events), "'", '"');
}

static GstFlowReturn
push (const gchar * events)
{
  gchar *text = unquote (events);

  return gst_harness_push (harness, gst_buffer_new_wrapped (text,
          strlen (text)));
}

static GstMessage *
pop (GstMessageType type)
{
  return gst_bus_pop_filtered (bus, type);
}

/* The next element message of that name, the others passed over. */
static GstMessage *
pop_named (const gchar * name)
{
  GstMessage *message;

  while ((message = pop (GST_MESSAGE_ELEMENT)) != NULL) {
    if (gst_message_has_name (message, name))
      return message;
    gst_message_unref (message);
  }
  return NULL;
}

/* The texts of all lines told since, "|" between them. */
static gchar *
pop_texts (void)
{
  GString *texts = g_string_new (NULL);
  GstMessage *message;

  while ((message = pop_named ("realtime/transcript")) != NULL) {
    g_string_append_printf (texts, "%s%s", texts->len ? "|" : "",
        gst_structure_get_string (gst_message_get_structure (message), "text"));
    gst_message_unref (message);
  }
  return g_string_free (texts, FALSE);
}

static void
expect_texts (const gchar * expected)
{
  g_autofree gchar *texts = pop_texts ();

  fail_unless_equals_string (texts, expected);
}

static void
expect_message (const gchar * name, const gchar * expected)
{
  GstMessage *message = pop_named (name);
  g_autofree gchar *text = NULL;

  fail_unless (message != NULL, "no %s", name);
  text = gst_structure_to_string (gst_message_get_structure (message));
  fail_unless_equals_string (text, expected);
  gst_message_unref (message);
}

#define UNKNOWN "(guint64)18446744073709551615"

GST_START_TEST (test_fields)
{
  start ("transcriptsink");
  push (SESSION TIMELINE STARTED DELTA (" Ask") STOPPED COMPLETED);
  expect_message ("realtime/state", "realtime/state, "
      "connection=(GstRealtimeConnectionState)connected, "
      "turn=(GstRealtimeTurnState)idle, reason=(string)NULL, "
      "attempt=(uint)0, session-id=(string)s1;");
  expect_message ("realtime/transcript", "realtime/transcript, "
      "item-id=(string)U1, index=(uint)0, role=(string)user, "
      "text=(string)Ask, delta=(string)Ask, final=(boolean)false, "
      "start=(guint64)1500000000, end=" UNKNOWN ", speaker=(string)NULL, "
      "language=(string)NULL, confidence=(double)-1, "
      "interrupted=(boolean)false, session-id=(string)s1;");
  expect_message ("realtime/transcript", "realtime/transcript, "
      "item-id=(string)U1, index=(uint)0, role=(string)user, "
      "text=(string)Ask., delta=(string)\"\", final=(boolean)true, "
      "start=(guint64)1500000000, end=(guint64)2500000000, "
      "speaker=(string)NULL, language=(string)NULL, confidence=(double)-1, "
      "interrupted=(boolean)false, session-id=(string)s1;");
  expect_message ("realtime/usage", "realtime/usage, "
      "input-tokens=(guint64)0, output-tokens=(guint64)0, "
      "total-tokens=(guint64)0, input-text-tokens=(guint64)0, "
      "input-audio-tokens=(guint64)0, input-image-tokens=(guint64)0, "
      "cached-tokens=(guint64)0, cached-text-tokens=(guint64)0, "
      "cached-audio-tokens=(guint64)0, cached-image-tokens=(guint64)0, "
      "output-text-tokens=(guint64)0, "
      "output-audio-tokens=(guint64)0, "
      "transcription-input-tokens=(guint64)0, "
      "transcription-output-tokens=(guint64)0, "
      "transcription-input-text-tokens=(guint64)0, "
      "transcription-input-audio-tokens=(guint64)0, "
      "transcription-seconds=(double)1.5, "
      "translation-seconds=(double)0, responses=(uint)0, "
      "cost-usd=(double)-1;");
  push ("{'type':'response.output_item.done','response_id':'R1','item':{"
      "'id':'F1','type':'function_call','status':'completed','call_id':'C1',"
      "'name':'f','arguments':'{}'}}\n"
      "{'type':'error','error':{'code':'c','message':'m','event_id':'e'}}\n");
  expect_message ("realtime/function-call", "realtime/function-call, "
      "call-id=(string)C1, name=(string)f, arguments=(string)\"\\{\\}\";");
  expect_message ("realtime/error", "realtime/error, code=(string)c, "
      "message=(string)m, event-id=(string)e, item-id=(string)NULL;");
  stop ();
}

GST_END_TEST;

/* What is fatal the bin posts itself; what is not is told here. */
GST_START_TEST (test_errors_of_the_bin)
{
  start ("transcriptsink");
  push ("{'type':'realtimebin.error','code':'a','message':'m','fatal':true}\n"
      "{'type':'realtimebin.error','code':'b','message':'m','fatal':false}\n");
  expect_message ("realtime/error", "realtime/error, code=(string)b, "
      "message=(string)m, event-id=(string)NULL, item-id=(string)NULL;");
  fail_unless (pop_named ("realtime/error") == NULL);
  stop ();
}

GST_END_TEST;

static void
count_signal (GstElement * element, GstStructure * structure,
    gpointer user_data)
{
  GString *names = user_data;

  g_string_append_printf (names, "%s ", gst_structure_get_name (structure));
}

GST_START_TEST (test_signals)
{
  const gchar *const names[] = { "transcript", "state", "function-call",
    "usage", "error"
  };
  GString *seen = g_string_new (NULL);
  guint i;

  start ("transcriptsink partials=false");
  for (i = 0; i < G_N_ELEMENTS (names); i++)
    g_signal_connect (sink, names[i], G_CALLBACK (count_signal), seen);
  push (SESSION COMPLETED
      "{'type':'response.output_item.done','response_id':'R1','item':{"
      "'id':'F1','type':'function_call','status':'completed','call_id':'C1',"
      "'name':'f','arguments':'{}'}}\n{'type':'error'}\n");
  fail_unless_equals_string (seen->str, "realtime/state realtime/transcript "
      "realtime/usage realtime/function-call realtime/error ");
  g_string_free (seen, TRUE);
  stop ();
}

GST_END_TEST;

/* The same events, cut anywhere, give the same messages. */
GST_START_TEST (test_chunks)
{
  g_autofree gchar *events = unquote (SESSION TIMELINE STARTED
      DELTA ("caf\xc3\xa9") STOPPED COMMITTED REPLY COMPLETED);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autofree gchar *expected = NULL;
  gsize size = strlen (events);
  guint round;

  for (round = 0; round < 30; round++) {
    GString *told = g_string_new (NULL);
    GstMessage *message;
    gsize pos = 0;

    start ("transcriptsink");
    while (pos < size) {
      gsize chunk = round == 0 ? size : (gsize) g_rand_int_range (rand, 1, 40);

      chunk = MIN (chunk, size - pos);
      gst_harness_push (harness, gst_buffer_new ());
      gst_harness_push (harness, gst_buffer_new_memdup (events + pos, chunk));
      pos += chunk;
    }
    while ((message = pop (GST_MESSAGE_ELEMENT)) != NULL) {
      g_autofree gchar *text =
          gst_structure_to_string (gst_message_get_structure (message));

      g_string_append_printf (told, "%s\n", text);
      gst_message_unref (message);
    }
    stop ();

    if (expected == NULL) {
      expected = g_strdup (told->str);
      fail_unless (strstr (expected, "Reply.") != NULL);
    }
    fail_unless_equals_string (told->str, expected);
    g_string_free (told, TRUE);
  }
}

GST_END_TEST;

GST_START_TEST (test_bad_lines)
{
  GstMessage *message;
  GError *error = NULL;
  guint i;

  start ("transcriptsink");
  push ("garbage\n[]\n{'type':\n");
  push ("\xff\xfe\n" COMPLETED);
  for (i = 0; i < 100; i++)
    push ("{}}\n");
  expect_texts ("Ask.");

  message = pop (GST_MESSAGE_WARNING);
  fail_unless (message == NULL);        /* pop_texts has emptied the bus */
  push ("more\n");
  fail_unless (pop (GST_MESSAGE_WARNING) == NULL);
  gst_harness_push_event (harness, gst_event_new_eos ());
  message = pop (GST_MESSAGE_WARNING);
  fail_unless (message != NULL);
  gst_message_parse_warning (message, &error, NULL);
  fail_unless (g_error_matches (error, GST_STREAM_ERROR,
          GST_STREAM_ERROR_DECODE));
  fail_unless (strstr (error->message, "104 lines") != NULL, "%s",
      error->message);
  g_clear_error (&error);
  gst_message_unref (message);
  fail_unless (pop (GST_MESSAGE_WARNING | GST_MESSAGE_ERROR) == NULL);
  stop ();

  start ("transcriptsink");
  push ("garbage\n" COMPLETED "garbage\n");
  message = pop (GST_MESSAGE_WARNING);
  fail_unless (message != NULL);
  gst_message_parse_warning (message, &error, NULL);
  fail_unless (strstr (error->message, "1 line ") != NULL, "%s",
      error->message);
  g_clear_error (&error);
  gst_message_unref (message);
  fail_unless (pop (GST_MESSAGE_WARNING) == NULL);
  stop ();
}

GST_END_TEST;

GST_START_TEST (test_filters)
{
  start ("transcriptsink partials=false");
  push (DELTA ("As") COMMITTED REPLY COMPLETED);
  expect_texts ("Reply.|Ask.");
  stop ();

  start ("transcriptsink roles=user");
  push (DELTA ("As") COMMITTED REPLY COMPLETED);
  expect_texts ("As|Ask.");
  stop ();

  start ("transcriptsink roles=assistant");
  push (DELTA ("As") COMMITTED REPLY COMPLETED);
  expect_texts ("Re|Reply.|Reply.");
  stop ();
}

GST_END_TEST;

GST_START_TEST (test_order)
{
  start ("transcriptsink order=conversation partials=false");
  push (COMMITTED REPLY);
  expect_texts ("");
  push (COMPLETED);
  expect_texts ("Ask.|Reply.");
  stop ();

  /* partials wait too and come as one; the user's do not wait for anything */
  start ("transcriptsink order=conversation");
  push (COMMITTED DELTA ("As") REPLY);
  expect_texts ("As");
  push (COMPLETED);
  expect_texts ("Ask.|Reply.");
  stop ();

  /* a failed transcription holds back nothing */
  start ("transcriptsink order=conversation partials=false");
  push (COMMITTED REPLY);
  push ("{'type':'conversation.item.input_audio_transcription.failed',"
      "'item_id':'U1','error':{'code':'c'}}\n");
  expect_texts ("Reply.");
  stop ();

  /* what is open or held goes out before the end */
  start ("transcriptsink order=conversation partials=false");
  push (COMMITTED DELTA ("As") REPLY);
  gst_harness_push_event (harness, gst_event_new_eos ());
  expect_texts ("As|Reply.");
  stop ();
}

GST_END_TEST;

/* A held line goes when its time is over, though nothing else comes. */
GST_START_TEST (test_order_timeout)
{
  GstTestClock *clock = GST_TEST_CLOCK (gst_test_clock_new ());
  GstClockID id = NULL;

  gst_system_clock_set_default (GST_CLOCK (clock));
  start ("transcriptsink order=conversation partials=false order-timeout=700");
  push (COMMITTED REPLY);
  gst_test_clock_wait_for_next_pending_id (clock, &id);
  fail_unless_equals_uint64 (gst_clock_id_get_time (id), 700 * GST_MSECOND);
  gst_clock_id_unref (id);
  gst_test_clock_set_time (clock, 699 * GST_MSECOND);
  expect_texts ("");
  fail_unless (gst_test_clock_crank (clock));
  expect_texts ("Reply.");
  fail_if (gst_test_clock_peek_next_pending_id (clock, NULL));

  /* too late to stand first, but not lost */
  push (COMPLETED);
  expect_texts ("Ask.");

  /* a stop while something is held leaves no timer behind */
  push ("{'type':'input_audio_buffer.committed','item_id':'U2'}\n"
      "{'type':'response.output_text.done','response_id':'R2',"
      "'item_id':'A2','text':'Held.'}\n");
  expect_texts ("");
  fail_unless (gst_test_clock_peek_next_pending_id (clock, NULL));
  stop ();
  fail_if (gst_test_clock_peek_next_pending_id (clock, NULL));
  gst_system_clock_set_default (NULL);
  gst_object_unref (clock);
}

GST_END_TEST;

static void
expect_history (const gchar * expected)
{
  GString *texts = g_string_new (NULL);
  GValue array = G_VALUE_INIT;
  guint i;

  g_value_init (&array, GST_TYPE_ARRAY);
  g_object_get_property (G_OBJECT (sink), "history", &array);
  for (i = 0; i < gst_value_array_get_size (&array); i++) {
    const GstStructure *line =
        gst_value_get_structure (gst_value_array_get_value (&array, i));

    fail_unless (gst_structure_has_name (line, "realtime/transcript"));
    g_string_append_printf (texts, "%s%s", texts->len ? "|" : "",
        gst_structure_get_string (line, "text"));
  }
  g_value_unset (&array);
  fail_unless_equals_string (texts->str, expected);
  g_string_free (texts, TRUE);
}

GST_START_TEST (test_history)
{
  start ("transcriptsink");
  expect_history ("");
  push (COMMITTED REPLY COMPLETED);
  expect_history ("Reply.|Ask.");
  g_object_set (sink, "history-size", 1, NULL);
  expect_history ("Ask.");
  g_object_set (sink, "history-size", 0, NULL);
  push ("{'type':'conversation.item.input_audio_transcription.completed',"
      "'item_id':'U9','transcript':'x'}\n");
  expect_history ("");
  stop ();
}

GST_END_TEST;

static void
count_notify (GObject * object, GParamSpec * pspec, gpointer user_data)
{
  (*(guint *) user_data)++;
}

GST_START_TEST (test_last_message)
{
  g_autofree gchar *text = NULL;
  guint n = 0;

  start ("transcriptsink");
  g_signal_connect (sink, "notify::last-message",
      G_CALLBACK (count_notify), &n);
  push (TIMELINE STARTED STOPPED DELTA ("As") COMPLETED);
  fail_unless_equals_int (n, 1);
  g_object_get (sink, "last-message", &text, NULL);
  fail_unless_equals_string (text, "user 0:00:01.500-0:00:02.500 Ask.");

  g_object_set (sink, "silent", TRUE, NULL);
  push (REPLY);
  fail_unless_equals_int (n, 1);
  stop ();
}

GST_END_TEST;

static gchar *
make_folder (void)
{
  gchar *folder = g_dir_make_tmp ("transcriptsink-XXXXXX", NULL);

  fail_unless (folder != NULL);
  return folder;
}

GST_START_TEST (test_location)
{
  g_autofree gchar *folder = make_folder ();
  g_autofree gchar *file = g_build_filename (folder, "talk.jsonl", NULL);
  g_autofree gchar *launch = g_strconcat ("transcriptsink location=", file,
      NULL);
  g_autofree gchar *line = unquote ("{'item_id':'U1','index':0,'role':'user',"
      "'text':'Ask.','start':1500000000,'end':2500000000,'speaker':null,"
      "'language':null,'confidence':null,'interrupted':false,"
      "'session_id':null}\n");
  g_autofree gchar *twice = g_strconcat (line, line, NULL);
  g_autofree gchar *once_read = NULL, *twice_read = NULL;

  start (launch);
  push (TIMELINE STARTED DELTA ("As") STOPPED COMPLETED);
  /* on the disk at once, not only when the element is stopped */
  fail_unless (g_file_get_contents (file, &once_read, NULL, NULL));
  fail_unless_equals_string (once_read, line);
  stop ();

  start (launch);
  push (TIMELINE STARTED STOPPED COMPLETED);
  stop ();
  fail_unless (g_file_get_contents (file, &twice_read, NULL, NULL));
  fail_unless_equals_string (twice_read, twice);
  g_remove (file);
  g_rmdir (folder);
}

GST_END_TEST;

static void
expect_error (GstBus * from, gint code)
{
  GstMessage *message = gst_bus_pop_filtered (from, GST_MESSAGE_ERROR);
  GError *error = NULL;

  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (g_error_matches (error, GST_RESOURCE_ERROR, code), "%s",
      error->message);
  fail_unless (strstr (error->message, "location") != NULL);
  g_error_free (error);
  gst_message_unref (message);
  fail_unless (gst_bus_pop_filtered (from, GST_MESSAGE_ERROR) == NULL);
}

GST_START_TEST (test_location_fails)
{
  GstElement *element = gst_element_factory_make ("transcriptsink", NULL);

  bus = gst_bus_new ();
  gst_element_set_bus (element, bus);
  g_object_set (element, "location", "/nowhere/at/all.jsonl", NULL);
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
  expect_error (bus, GST_RESOURCE_ERROR_OPEN_WRITE);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_element_set_bus (element, NULL);
  gst_object_unref (bus);
  gst_object_unref (element);

  if (!g_file_test ("/dev/full", G_FILE_TEST_EXISTS))
    return;
  start ("transcriptsink location=/dev/full");
  fail_unless_equals_int (push (COMPLETED), GST_FLOW_ERROR);
  expect_error (bus, GST_RESOURCE_ERROR_WRITE);
  stop ();
}

GST_END_TEST;

GST_START_TEST (test_flush)
{
  GstSegment segment;

  start ("transcriptsink order=conversation partials=false");
  push (COMMITTED REPLY "{'type':");
  gst_harness_push_event (harness, gst_event_new_flush_start ());
  gst_harness_push_event (harness, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
  push (COMPLETED);
  expect_texts ("Ask.");
  fail_unless (pop (GST_MESSAGE_WARNING) == NULL);
  gst_harness_push_event (harness, gst_event_new_eos ());
  expect_texts ("");
  stop ();
}

GST_END_TEST;

/* A break in the stream ends the line that was under way. */
GST_START_TEST (test_discont)
{
  g_autofree gchar *half = unquote (DELTA ("Half"));
  GstBuffer *buffer;
  gchar *text;

  start ("transcriptsink");
  half[strlen (half) - 1] = '\0';
  push (half);
  expect_texts ("");
  text = unquote (COMPLETED);
  buffer = gst_buffer_new_wrapped (text, strlen (text));
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  gst_harness_push (harness, buffer);
  expect_texts ("Half|Ask.");
  stop ();
}

GST_END_TEST;

/* It is a sparse stream's sink: it neither waits for data nor for time. */
GST_START_TEST (test_never_waits)
{
  GstElement *element = gst_element_factory_make ("transcriptsink", NULL);
  gboolean sync = TRUE, async = TRUE;

  g_object_get (element, "sync", &sync, "async", &async, NULL);
  fail_if (sync || async);
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PAUSED),
      GST_STATE_CHANGE_SUCCESS);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_object_unref (element);

  start ("transcriptsink");
  fail_unless (gst_harness_push_event (harness,
          gst_event_new_gap (3600 * GST_SECOND, GST_SECOND)));
  push (COMPLETED);
  fail_unless (gst_harness_push_event (harness,
          gst_event_new_gap (7200 * GST_SECOND, GST_SECOND)));
  expect_texts ("Ask.");
  stop ();
}

GST_END_TEST;

static gchar *
run_to_end (GstElement * pipeline)
{
  GstBus *pipeline_bus = gst_element_get_bus (pipeline);
  GString *told = g_string_new (NULL);
  gboolean done = FALSE;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while (!done) {
    GstMessage *message = gst_bus_timed_pop_filtered (pipeline_bus,
        GST_CLOCK_TIME_NONE,
        GST_MESSAGE_ELEMENT | GST_MESSAGE_EOS | GST_MESSAGE_ERROR |
        GST_MESSAGE_WARNING);

    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT) {
      g_autofree gchar *text =
          gst_structure_to_string (gst_message_get_structure (message));

      g_string_append_printf (told, "%s\n", text);
    } else {
      fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
      done = TRUE;
    }
    gst_message_unref (message);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline_bus);
  return g_string_free (told, FALSE);
}

/* A recorded stream replayed through filesrc posts the very same messages as
 * the stream did, all of them before EOS. */
GST_START_TEST (test_replay)
{
  g_autofree gchar *folder = make_folder ();
  g_autofree gchar *file = g_build_filename (folder, "session.jsonl", NULL);
  /* no newline at the end */
  g_autofree gchar *events = unquote (SESSION TIMELINE STARTED DELTA ("As")
      STOPPED COMMITTED REPLY COMPLETED "{'type':'error'}");
  g_autofree gchar *live = NULL;
  GString *pushed = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (events, "\n", -1);
  const guint sizes[] = { 1, 13, 4096 };
  GstMessage *message;
  guint i;

  fail_unless (g_file_set_contents (file, events, -1, NULL));
  start ("transcriptsink");
  for (i = 0; lines[i] != NULL; i++) {
    g_autofree gchar *line = g_strconcat (lines[i], "\n", NULL);

    push (line);
  }
  gst_harness_push_event (harness, gst_event_new_eos ());
  while ((message = pop (GST_MESSAGE_ELEMENT)) != NULL) {
    g_autofree gchar *text =
        gst_structure_to_string (gst_message_get_structure (message));

    g_string_append_printf (pushed, "%s\n", text);
    gst_message_unref (message);
  }
  stop ();
  live = g_string_free (pushed, FALSE);
  fail_unless (strstr (live, "realtime/error") != NULL);

  for (i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree gchar *launch = g_strdup_printf ("filesrc location=%s "
        "blocksize=%u ! " CAPS " ! transcriptsink", file, sizes[i]);
    GstElement *pipeline = gst_parse_launch (launch, NULL);
    g_autofree gchar *replayed = run_to_end (pipeline);

    fail_unless_equals_string (replayed, live);
    gst_object_unref (pipeline);
  }
  g_remove (file);
  g_rmdir (folder);
}

GST_END_TEST;

/* The recorded logs, where they are: the same whatever the block size. */
GST_START_TEST (test_replay_of_logs)
{
  const gchar *shared = g_getenv ("REALTIME_SHARED_DIR");
  g_autofree gchar *folder = NULL;
  const gchar *name;
  GDir *dir;

  if (shared == NULL)
    return;
  folder = g_build_filename (shared, "fixtures", NULL);
  dir = g_dir_open (folder, 0, NULL);
  fail_unless (dir != NULL);
  while ((name = g_dir_read_name (dir)) != NULL) {
    gchar *told[2];
    guint i;

    if (!g_str_has_suffix (name, ".jsonl"))
      continue;
    for (i = 0; i < 2; i++) {
      g_autofree gchar *launch = g_strdup_printf ("filesrc location=%s/%s "
          "blocksize=%u ! " CAPS " ! transcriptsink order=conversation",
          folder, name, i ? 100 : 65536);
      GstElement *pipeline = gst_parse_launch (launch, NULL);

      told[i] = run_to_end (pipeline);
      gst_object_unref (pipeline);
    }
    fail_unless (*told[0] != '\0');
    fail_unless_equals_string (told[0], told[1]);
    g_free (told[0]);
    g_free (told[1]);
  }
  g_dir_close (dir);
}

GST_END_TEST;

GST_START_TEST (test_states)
{
  const GstState walk[] = { GST_STATE_READY, GST_STATE_PAUSED,
    GST_STATE_PLAYING, GST_STATE_PAUSED, GST_STATE_READY, GST_STATE_PAUSED,
    GST_STATE_NULL, GST_STATE_PLAYING, GST_STATE_NULL
  };
  GstElement *element = gst_element_factory_make ("transcriptsink", NULL);
  guint round, i;

  g_object_set (element, "order", 1, NULL);
  for (round = 0; round < 50; round++) {
    for (i = 0; i < G_N_ELEMENTS (walk); i++) {
      fail_unless_equals_int (gst_element_set_state (element, walk[i]),
          GST_STATE_CHANGE_SUCCESS);
    }
  }
  gst_object_unref (element);

  /* and each time with something held */
  for (round = 0; round < 50; round++) {
    start ("transcriptsink order=conversation");
    push (COMMITTED REPLY);
    if (round % 2)
      gst_harness_push_event (harness, gst_event_new_eos ());
    stop ();
  }
}

GST_END_TEST;

static Suite *
transcriptsink_suite (void)
{
  Suite *s = suite_create ("transcriptsink");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_fields);
  tcase_add_test (tc, test_errors_of_the_bin);
  tcase_add_test (tc, test_signals);
  tcase_add_test (tc, test_chunks);
  tcase_add_test (tc, test_bad_lines);
  tcase_add_test (tc, test_filters);
  tcase_add_test (tc, test_order);
  tcase_add_test (tc, test_order_timeout);
  tcase_add_test (tc, test_history);
  tcase_add_test (tc, test_last_message);
  tcase_add_test (tc, test_location);
  tcase_add_test (tc, test_location_fails);
  tcase_add_test (tc, test_flush);
  tcase_add_test (tc, test_discont);
  tcase_add_test (tc, test_never_waits);
  tcase_add_test (tc, test_replay);
  tcase_add_test (tc, test_replay_of_logs);
  tcase_add_test (tc, test_states);
  return s;
}

GST_CHECK_MAIN (transcriptsink);
