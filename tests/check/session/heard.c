/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a conversation tells of the user's side.
 */

#include <gst/check/gstcheck.h>

#include "recorder.h"

#define TRANSCRIPTION "'type':'conversation.item.input_audio_transcription."

GST_START_TEST (test_completed_replaces)
{
  rec.partials = TRUE;
  recorder_feed (&rec,
      "{'type':'input_audio_buffer.committed','previous_item_id':null,"
      "'item_id':'U1'}\n"
      "{" TRANSCRIPTION "delta','item_id':'U1','content_index':0,"
      "'delta':' Hello'}\n"
      "{" TRANSCRIPTION "delta','item_id':'U1','content_index':0,"
      "'delta':' word'}\n");
  recorder_expect (&rec, "U1 u 0 [?-?] +Hello\nU1 u 0 [?-?] + word");
  recorder_feed (&rec,
      "{" TRANSCRIPTION "completed','item_id':'U1','content_index':0,"
      "'transcript':'Hello, world.\\n'}\n"
      "{" TRANSCRIPTION "completed','item_id':'U1','content_index':0,"
      "'transcript':'Again.'}\n"
      "{" TRANSCRIPTION "delta','item_id':'U1','delta':'late'}\n");
  recorder_expect (&rec, "U1 u 0 [?-?] Hello, world.");
}

GST_END_TEST;

GST_START_TEST (test_whitespace_first)
{
  rec.partials = TRUE;
  recorder_feed (&rec,
      "{" TRANSCRIPTION "delta','item_id':'U1','delta':' '}\n"
      "{" TRANSCRIPTION "delta','item_id':'U1','delta':''}\n"
      "{" TRANSCRIPTION "delta','item_id':'U1','delta':' So'}\n"
      "{" TRANSCRIPTION "completed','item_id':'U1','transcript':' \\n'}\n");
  /* a final without words takes back what was shown */
  recorder_expect (&rec, "U1 u 0 [?-?] +So\nU1 u 0 [?-?] ");
  recorder_feed (&rec,
      "{" TRANSCRIPTION "completed','item_id':'U2','transcript':''}\n");
  recorder_expect (&rec, "");
}

GST_END_TEST;

GST_START_TEST (test_cumulative)
{
  rec.partials = TRUE;
  recorder_feed (&rec,
      "{" TRANSCRIPTION "updated','item_id':'U1','transcript':'What'}\n"
      "{" TRANSCRIPTION "updated','item_id':'U1','transcript':'What is'}\n"
      "{" TRANSCRIPTION "updated','item_id':'U1','transcript':'What is'}\n"
      "{" TRANSCRIPTION "updated','item_id':'U1','transcript':'Watt is'}\n"
      "{" TRANSCRIPTION "completed','item_id':'U1','transcript':'Watt?'}\n");
  recorder_expect (&rec, "U1 u 0 [?-?] +What\nU1 u 0 [?-?] + is\n"
      "U1 u 0 [?-?] +\nU1 u 0 [?-?] Watt?");
}

GST_END_TEST;

GST_START_TEST (test_failed)
{
  recorder_feed (&rec,
      "{'type':'input_audio_buffer.committed','item_id':'U1'}\n"
      "{" TRANSCRIPTION "failed','item_id':'U1','error':{'type':"
      "'server_error','code':'audio_unintelligible','message':'m'}}\n"
      "{" TRANSCRIPTION "delta','item_id':'U1','delta':'late'}\n"
      "{" TRANSCRIPTION "failed','item_id':'U2','error':{'type':"
      "'transcription_error','code':null}}\n");
  recorder_expect (&rec, "error audio_unintelligible\n"
      "error transcription_error");
  fail_unless_equals_int (realtime_conversation_get_pending_transcripts
      (rec.conversation), 0);
  recorder_flush (&rec);
  recorder_expect (&rec, "");
}

GST_END_TEST;

GST_START_TEST (test_segments)
{
  recorder_feed (&rec,
      "{'type':'realtimebin.timeline','gst_session':1,"
      "'epoch_running_time':1000000000}\n"
      "{'type':'input_audio_buffer.speech_started','gst_session':1,"
      "'audio_start_ms':200,'item_id':'U1'}\n"
      "{" TRANSCRIPTION "segment','gst_session':1,'item_id':'U1','text':"
      "' Yes.','speaker':'A','start':0.5,'end':1.25}\n"
      "{" TRANSCRIPTION "segment','gst_session':1,'item_id':'U1','text':'No.',"
      "'speaker':'B','start':2,'end':'?'}\n"
      "{" TRANSCRIPTION "completed','gst_session':1,'item_id':'U1',"
      "'transcript':'Yes. No.','usage':{'type':'duration','seconds':3}}\n");
  recorder_expect (&rec, "U1 u 0 [1700-2450] by A Yes.\n"
      "U1 u 0 [3200-?] by B No.\nusage 0/0/0/0/3");

  /* deltas have begun to show the item as one line: it stays one */
  recorder_feed (&rec,
      "{" TRANSCRIPTION "delta','item_id':'U2','delta':'A'}\n"
      "{" TRANSCRIPTION "segment','item_id':'U2','text':'A','speaker':'A'}\n"
      "{" TRANSCRIPTION "completed','item_id':'U2','transcript':'A b'}\n");
  recorder_expect (&rec, "U2 u 1 [?-?] A b");
}

GST_END_TEST;

/* [what the session's VAD is set to], start and stop as reported, words */
GST_START_TEST (test_times)
{
  const struct
  {
    const gchar *vad;
    gint start, stop;
    const gchar *words;
  } rows[] = {
    {"{'type':'server_vad','prefix_padding_ms':300,"
          "'silence_duration_ms':500}", 1000, 3000, "[6300-7500]"},
    /* right after the turn before, and right at the beginning: the padding
     * did not fit */
    {NULL, 3000, 4600, "[8150-9100]"},
    {"{'type':'server_vad','prefix_padding_ms':400,"
          "'silence_duration_ms':200}", 0, 2000, "[5200-6800]"},
    /* an end never comes before its start */
    {"{'type':'server_vad','prefix_padding_ms':300,"
          "'silence_duration_ms':500}", 10000, 10400, "[15300-15300]"},
    {"{'type':'semantic_vad'}", 1000, 3000, "[6000-8000]"},
    {"null", 1000, 3000, "[6000-8000]"},
  };
  guint i;

  recorder_feed (&rec,
      "{'type':'realtimebin.timeline','epoch_running_time':5000000000}\n");
  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree gchar *session = NULL, *turn = NULL, *expected = NULL;

    if (rows[i].vad) {
      session = g_strdup_printf ("{'type':'session.updated','session':{"
          "'audio':{'input':{'turn_detection':%s}}}}", rows[i].vad);
      recorder_feed (&rec, session);
    }
    turn = g_strdup_printf ("{'type':'input_audio_buffer.speech_started',"
        "'audio_start_ms':%d,'item_id':'U%u'}\n"
        "{'type':'input_audio_buffer.speech_stopped','audio_end_ms':%d,"
        "'item_id':'U%u'}\n"
        "{" TRANSCRIPTION "completed','item_id':'U%u','transcript':'x'}\n",
        rows[i].start, i, rows[i].stop, i, i);
    recorder_feed (&rec, turn);
    expected = g_strdup_printf ("U%u u %u %s x", i, i, rows[i].words);
    recorder_expect (&rec, expected);
  }
  fail_unless_equals_uint64 (realtime_conversation_get_heard_ms
      (rec.conversation), 10400);
}

GST_END_TEST;

GST_START_TEST (test_times_of_beta_and_without_timeline)
{
  recorder_feed (&rec,
      "{'type':'session.created','session':{'turn_detection':{'type':"
      "'server_vad','prefix_padding_ms':100,'silence_duration_ms':200}}}\n"
      "{'type':'input_audio_buffer.speech_started','audio_start_ms':500,"
      "'item_id':'U1'}\n"
      "{'type':'input_audio_buffer.speech_stopped','audio_end_ms':1500,"
      "'item_id':'U1'}\n"
      "{" TRANSCRIPTION "completed','item_id':'U1','transcript':'a'}\n"
      "{'type':'input_audio_buffer.speech_started','audio_start_ms':2500,"
      "'item_id':'U2'}\n"
      "{'type':'realtimebin.timeline','epoch_running_time':0}\n"
      "{'type':'input_audio_buffer.speech_stopped','audio_end_ms':3500,"
      "'item_id':'U2'}\n"
      "{" TRANSCRIPTION "completed','item_id':'U2','transcript':'b'}\n");
  recorder_expect (&rec, "U1 u 0 [?-?] a\nU2 u 1 [2600-3300] b");
}

GST_END_TEST;

/* A new anchor holds from the next turn on. */
GST_START_TEST (test_new_anchor)
{
  recorder_feed (&rec,
      "{'type':'realtimebin.timeline','epoch_running_time':1000000000}\n"
      "{'type':'input_audio_buffer.speech_started','audio_start_ms':100,"
      "'item_id':'U1'}\n"
      "{'type':'realtimebin.timeline','epoch_running_time':2000000000}\n"
      "{'type':'input_audio_buffer.speech_stopped','audio_end_ms':600,"
      "'item_id':'U1'}\n"
      "{" TRANSCRIPTION "completed','item_id':'U1','transcript':'a'}\n"
      "{'type':'input_audio_buffer.speech_started','audio_start_ms':700,"
      "'item_id':'U2'}\n"
      "{'type':'input_audio_buffer.speech_stopped','audio_end_ms':900,"
      "'item_id':'U2'}\n"
      "{" TRANSCRIPTION "completed','item_id':'U2','transcript':'b'}\n");
  recorder_expect (&rec, "U1 u 0 [1100-1600] a\nU2 u 1 [2700-2900] b");
}

GST_END_TEST;

/* After a seek running times begin anew, while the service counts on. */
GST_START_TEST (test_anchor_before_zero)
{
  recorder_feed (&rec,
      "{'type':'realtimebin.timeline','epoch_running_time':-30000000000}\n"
      "{'type':'input_audio_buffer.speech_started','audio_start_ms':29000,"
      "'item_id':'U1'}\n"
      "{'type':'input_audio_buffer.speech_stopped','audio_end_ms':31500,"
      "'item_id':'U1'}\n"
      "{" TRANSCRIPTION "completed','item_id':'U1','transcript':'a'}\n");
  recorder_expect (&rec, "U1 u 0 [0-1500] a");
}

GST_END_TEST;

/* How long after what it tells of an event comes. */
GST_START_TEST (test_delay)
{
  static const struct
  {
    const gchar *event;
    gboolean tells;
    gint64 delay_ms;
  } rows[] = {
    {"'input_audio_buffer.speech_started','audio_start_ms':4000", TRUE, 700},
    {"'input_audio_buffer.speech_started','audio_start_ms':8000", TRUE, -3300},
    /* where the padding had no room, the words begin anywhere */
    {"'input_audio_buffer.speech_started','audio_start_ms':0", FALSE, 0},
    {"'input_audio_buffer.speech_started','audio_start_ms':3000", FALSE, 0},
    {"'input_audio_buffer.speech_started'", FALSE, 0},
    {"'input_audio_buffer.speech_stopped','audio_end_ms':4900", TRUE, 100},
    {"'input_audio_buffer.speech_stopped','audio_end_ms':-1", FALSE, 0},
    {"'input_audio_buffer.speech_stopped','audio_end_ms':'x'", FALSE, 0},
    {"'input_audio_buffer.speech_stopped'", FALSE, 0},
    {"'input_audio_buffer.committed'", FALSE, 0},
  };
  RealtimeAnchorKind kind;
  gint64 delay;
  guint i;

  recorder_feed (&rec, "{'type':'session.updated','session':{'audio':{'input':{"
      "'turn_detection':{'type':'server_vad','prefix_padding_ms':300,"
      "'silence_duration_ms':500}}}}}\n"
      "{'type':'input_audio_buffer.speech_started','audio_start_ms':500,"
      "'item_id':'U1'}\n"
      "{'type':'input_audio_buffer.speech_stopped','audio_end_ms':3000,"
      "'item_id':'U1'}\n");
  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree gchar *text = g_strdup_printf ("{'type':%s}", rows[i].event);
    JsonObject *event;

    g_strdelimit (text, "'", '"');
    event = realtime_json_parse_object (text, -1, NULL);
    fail_if (i == 0 && realtime_conversation_measure_delay (rec.conversation,
            event, 10000 * G_GUINT64_CONSTANT (1000000), &kind, &delay));
    if (i == 0)
      recorder_feed (&rec, "{'type':'realtimebin.timeline',"
          "'epoch_running_time':5000000000}\n");
    fail_unless_equals_int (realtime_conversation_measure_delay
        (rec.conversation, event, 10000 * G_GUINT64_CONSTANT (1000000), &kind,
            &delay), rows[i].tells);
    if (rows[i].tells)
      fail_unless_equals_int64 (delay, rows[i].delay_ms * 1000000);
    json_object_unref (event);
  }
}

GST_END_TEST;

/* Servers that name the item only when it is committed, or never. */
GST_START_TEST (test_unnamed_items)
{
  rec.partials = TRUE;
  recorder_feed (&rec,
      "{'type':'realtimebin.timeline','epoch_running_time':0}\n"
      "{'type':'input_audio_buffer.speech_started','audio_start_ms':500}\n"
      "{'type':'input_audio_buffer.speech_stopped','audio_end_ms':1500,"
      "'item_id':''}\n"
      "{'type':'input_audio_buffer.committed','item_id':'U1'}\n"
      "{" TRANSCRIPTION "completed','item_id':'U1','transcript':'a'}\n");
  recorder_expect (&rec, "U1 u 0 [500-1500] a");
  recorder_feed (&rec,
      "{" TRANSCRIPTION "delta','item_id':'','delta':'b'}\n"
      "{" TRANSCRIPTION "delta','item_id':'','delta':' c'}\n"
      "{" TRANSCRIPTION "completed','item_id':'','transcript':'b c'}\n"
      "{" TRANSCRIPTION "completed','item_id':'','transcript':'d'}\n");
  recorder_expect (&rec, "input-2 u 1 [?-?] +b\ninput-2 u 1 [?-?] + c\n"
      "input-2 u 1 [?-?] b c\ninput-3 u 2 [?-?] d");
}

GST_END_TEST;

GST_START_TEST (test_language_and_confidence)
{
  recorder_feed (&rec,
      "{'type':'session.updated','session':{'type':'transcription','audio':"
      "{'input':{'transcription':{'model':'m','language':'nl'}}}}}\n");
  rec.states = FALSE;
  recorder_feed (&rec,
      "{" TRANSCRIPTION "completed','item_id':'U1','transcript':'a',"
      "'languages':[{'code':'de'},{'code':'en'}],'logprobs':["
      "{'token':'a','logprob':-0.5},{'token':'b','logprob':-1.5}]}\n");
  recorder_expect (&rec, "U1 u 0 [?-?] (de 0.368) a");
  recorder_feed (&rec,
      "{" TRANSCRIPTION "completed','item_id':'U2','transcript':'a',"
      "'languages':'de','logprobs':[{'token':'a'}]}\n"
      "{" TRANSCRIPTION "completed','item_id':'U3','transcript':'a',"
      "'languages':[],'logprobs':null}\n");
  recorder_expect (&rec, "U2 u 1 [?-?] (nl -1) a\nU3 u 2 [?-?] (nl -1) a");
}

GST_END_TEST;

/* Typed words and history that a client put in are no lines; they have their
 * places all the same. */
GST_START_TEST (test_what_was_not_spoken)
{
  recorder_feed (&rec,
      "{'type':'conversation.item.created','previous_item_id':null,'item':{"
      "'id':'T1','type':'message','role':'user','content':[{'type':"
      "'input_text','text':'typed'}]}}\n"
      "{'type':'conversation.item.done','item':{'id':'T2','type':'message',"
      "'role':'user','content':[{'type':'input_audio','transcript':'old'}]}}\n"
      "{'type':'conversation.item.added','item':{'id':'T3','type':'message',"
      "'role':'assistant','status':'completed','content':[{'type':"
      "'output_text','text':'old too'}]}}\n"
      "{" TRANSCRIPTION "completed','item_id':'U1','transcript':'new'}\n");
  recorder_expect (&rec, "U1 u 3 [?-?] new");
  recorder_flush (&rec);
  recorder_expect (&rec, "");
}

GST_END_TEST;

/* Some servers give the transcript with the item and nothing else. */
GST_START_TEST (test_transcript_in_item)
{
  recorder_feed (&rec,
      "{'type':'input_audio_buffer.committed','item_id':'U1'}\n"
      "{'type':'conversation.item.added','item':{'id':'U1','type':'message',"
      "'role':'user','content':[{'type':'input_audio','transcript':null}]}}\n"
      "{'type':'conversation.item.done','item':{'id':'U1','type':'message',"
      "'role':'user','content':[{'type':'input_audio','transcript':'a'}]}}\n"
      "{" TRANSCRIPTION "completed','item_id':'U1','transcript':'a','usage':"
      "{'type':'tokens','input_tokens':5,'output_tokens':2}}\n");
  recorder_expect (&rec, "U1 u 0 [?-?] a\nusage 0/0/5/2/0");
}

GST_END_TEST;

GST_START_TEST (test_cleared_input)
{
  recorder_feed (&rec,
      "{'type':'input_audio_buffer.speech_started','audio_start_ms':0,"
      "'item_id':'U1'}\n"
      "{'type':'input_audio_buffer.cleared'}\n"
      "{" TRANSCRIPTION "completed','item_id':'U2','transcript':'a'}\n");
  recorder_expect (&rec, "U2 u 0 [?-?] a");
  fail_if (realtime_conversation_is_user_speaking (rec.conversation));
}

GST_END_TEST;

GST_START_TEST (test_pending)
{
  RealtimeConversation *c = rec.conversation;

  recorder_feed (&rec,
      "{'type':'input_audio_buffer.committed','item_id':'U1'}\n");
  fail_unless_equals_int (realtime_conversation_get_pending_transcripts (c), 0);
  recorder_feed (&rec, "{'type':'session.updated','session':{'type':'realtime',"
      "'audio':{'input':{'transcription':null}}}}\n");
  fail_unless_equals_int (realtime_conversation_get_pending_transcripts (c), 0);
  recorder_feed (&rec, "{'type':'session.updated','session':{'type':'realtime',"
      "'audio':{'input':{'transcription':{'model':'m'}}}}}\n");
  fail_unless_equals_int (realtime_conversation_get_pending_transcripts (c), 1);
  recorder_feed (&rec,
      "{'type':'input_audio_buffer.speech_started','item_id':'U2'}\n");
  fail_unless_equals_int (realtime_conversation_get_pending_transcripts (c), 1);
  fail_unless (realtime_conversation_is_user_speaking (c));
  recorder_feed (&rec,
      "{'type':'input_audio_buffer.speech_stopped','item_id':'U2',"
      "'audio_end_ms':10}\n"
      "{'type':'input_audio_buffer.committed','item_id':'U2'}\n");
  fail_unless_equals_int (realtime_conversation_get_pending_transcripts (c), 2);
  recorder_feed (&rec,
      "{" TRANSCRIPTION "failed','item_id':'U1'}\n"
      "{" TRANSCRIPTION "completed','item_id':'U2','transcript':''}\n");
  fail_unless_equals_int (realtime_conversation_get_pending_transcripts (c), 0);
}

GST_END_TEST;

GST_START_TEST (test_flush)
{
  recorder_feed (&rec,
      "{" TRANSCRIPTION "delta','item_id':'U1','delta':'half a'}\n"
      "{'type':'input_audio_buffer.committed','item_id':'U2'}\n");
  recorder_flush (&rec);
  recorder_expect (&rec, "U1 u 0 [?-?] half a");
  recorder_flush (&rec);
  recorder_expect (&rec, "");
}

GST_END_TEST;

/* Wrong types where the protocol has others must do nothing at all. */
GST_START_TEST (test_wrong_types)
{
  const gchar *const names[] = {
    "session.created", "session.updated", "error", "conversation.item.added",
    "conversation.item.created", "conversation.item.done",
    "conversation.item.truncated", "conversation.item.deleted",
    "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped",
    "input_audio_buffer.timeout_triggered", "input_audio_buffer.committed",
    "conversation.item.input_audio_transcription.delta",
    "conversation.item.input_audio_transcription.updated",
    "conversation.item.input_audio_transcription.segment",
    "conversation.item.input_audio_transcription.completed",
    "conversation.item.input_audio_transcription.failed",
    "response.created", "response.output_item.added",
    "response.output_item.done", "response.content_part.done",
    "response.output_text.delta", "response.output_text.done",
    "response.output_audio_transcript.delta",
    "response.output_audio_transcript.done", "response.output_audio.delta",
    "response.function_call_arguments.done", "output_audio_buffer.started",
    "output_audio_buffer.stopped", "output_audio_buffer.cleared",
    "response.done", "realtimebin.state", "realtimebin.timeline",
    "realtimebin.usage", "realtimebin.error"
  };
  const gchar *const values[] = { "null", "7", "-1", "1e300", "true",
    "'[Object]'", "[]", "['x']", "[[]]", "{}", "{'id':{}}",
    "{'id':'i','content':7,'output':'x','usage':[],'status':7}",
    "{'id':'i','content':['[Object]',7],'output':['[Object]',{}],"
        "'status':'completed','type':'function_call'}"
  };
  const gchar *const fields[] = { "item", "item_id", "response", "response_id",
    "delta", "transcript", "text", "error", "session", "part", "usage",
    "audio_start_ms", "audio_end_ms", "content_index", "output_index",
    "previous_item_id", "arguments", "gst_session", "gst_running_time",
    "epoch_running_time", "connection", "turn", "attempt", "start", "end",
    "speaker", "languages", "logprobs"
  };
  guint n, v, f;

  for (v = 0; v < G_N_ELEMENTS (values); v++) {
    for (n = 0; n < G_N_ELEMENTS (names); n++) {
      GString *all = g_string_new (NULL);

      g_string_append_printf (all, "{'type':'%s'", names[n]);
      for (f = 0; f < G_N_ELEMENTS (fields); f++) {
        g_autofree gchar *one = g_strdup_printf ("{'type':'%s','%s':%s}",
            names[n], fields[f], values[v]);

        recorder_feed (&rec, one);
        g_string_append_printf (all, ",'%s':%s", fields[f], values[v]);
      }
      g_string_append (all, "}");
      recorder_feed (&rec, all->str);
      g_string_free (all, TRUE);
    }
  }
  recorder_flush (&rec);
}

GST_END_TEST;

/* A day of talk: what was told is forgotten, what was not is told, places
 * count on. */
GST_START_TEST (test_bounded)
{
  guint i;

  recorder_feed (&rec,
      "{" TRANSCRIPTION "delta','item_id':'open','delta':'for ever'}\n");
  for (i = 1; i < 3000; i++) {
    g_autofree gchar *event =
        g_strdup_printf ("{" TRANSCRIPTION "completed','item_id':'U%u',"
        "'transcript':'x'}", i);

    recorder_feed (&rec, event);
  }
  fail_unless_equals_int (rec.notes->len, 3000);
  fail_unless_equals_string (g_ptr_array_index (rec.notes, 2999),
      "U2999 u 2999 [?-?] x");
  fail_unless_equals_string (g_ptr_array_index (rec.notes, 1024),
      "open u 0 [?-?] for ever");
}

GST_END_TEST;

GST_START_TEST (test_huge_text)
{
  g_autofree gchar *fill = g_strnfill (700 * 1024, 'x');
  g_autofree gchar *event =
      g_strdup_printf ("{" TRANSCRIPTION "delta','item_id':'U1','delta':'%s'}",
      fill);
  guint i;

  for (i = 0; i < 4; i++)
    recorder_feed (&rec, event);
  recorder_flush (&rec);
  fail_unless_equals_int (rec.notes->len, 1);
  fail_unless (strlen (g_ptr_array_index (rec.notes, 0)) < 1024 * 1024 + 100);
}

GST_END_TEST;

static Suite *
session_heard_suite (void)
{
  Suite *s = suite_create ("session-heard");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, test_completed_replaces);
  tcase_add_test (tc, test_whitespace_first);
  tcase_add_test (tc, test_cumulative);
  tcase_add_test (tc, test_failed);
  tcase_add_test (tc, test_segments);
  tcase_add_test (tc, test_times);
  tcase_add_test (tc, test_times_of_beta_and_without_timeline);
  tcase_add_test (tc, test_new_anchor);
  tcase_add_test (tc, test_anchor_before_zero);
  tcase_add_test (tc, test_delay);
  tcase_add_test (tc, test_unnamed_items);
  tcase_add_test (tc, test_language_and_confidence);
  tcase_add_test (tc, test_what_was_not_spoken);
  tcase_add_test (tc, test_transcript_in_item);
  tcase_add_test (tc, test_cleared_input);
  tcase_add_test (tc, test_pending);
  tcase_add_test (tc, test_flush);
  tcase_add_test (tc, test_wrong_types);
  tcase_add_test (tc, test_bounded);
  tcase_add_test (tc, test_huge_text);
  return s;
}

GST_CHECK_MAIN (session_heard);
