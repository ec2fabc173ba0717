/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a conversation tells of the assistant's side, of places and states.
 */

#include <gst/check/gstcheck.h>

#include "recorder.h"

/* a number of JSON has no zeros in front */
#define AT_ONCE "'gst_running_time':0,"
#define AT(ms) "'gst_running_time':" #ms "000000,"
#define SPOKEN(id, words) "{'type':'response.output_audio_transcript.delta'," \
    "'response_id':'R1','item_id':'" id "','delta':'" words "'}\n"
#define CREATED "{'type':'response.created','response':{'id':'R1'," \
    "'conversation_id':'c','status':'in_progress','output':[]}}\n"
#define DONE(status) "{'type':'response.done','response':{'id':'R1'," \
    "'conversation_id':'c','status':'" status "','output':[]}}\n"
#define ITEM(id) "{'type':'response.output_item.added','response_id':'R1'," \
    "'output_index':0,'item':{'id':'" id "','type':'message'," \
    "'role':'assistant','status':'in_progress','content':[]}}\n"
#define PLAYBACK(what) "'type':'output_audio_buffer." what "'," \
    "'response_id':'R1'}\n"
#define USER(id, previous) "{'type':'input_audio_buffer.committed'," \
    "'previous_item_id':" previous ",'item_id':'" id "'}\n"
#define SAID(id, text) "{'type':" \
    "'conversation.item.input_audio_transcription.completed'," \
    "'item_id':'" id "','transcript':'" text "'}\n"

/* Over WebRTC words are made faster than they are spoken: a line is final when
 * it was heard. */
GST_START_TEST (test_final_when_heard)
{
  rec.partials = TRUE;
  recorder_feed (&rec, CREATED ITEM ("A1")
      "{" AT (2000) PLAYBACK ("started")
      SPOKEN ("A1", "Hello") SPOKEN ("A1", " there."));
  recorder_expect (&rec, "A1 a 0 [2000-?] +Hello\nA1 a 0 [2000-?] + there.");
  recorder_feed (&rec, DONE ("completed"));
  recorder_expect (&rec, "");
  recorder_feed (&rec, "{" AT (3500) PLAYBACK ("stopped"));
  recorder_expect (&rec, "A1 a 0 [2000-3500] Hello there.");
  recorder_feed (&rec, SPOKEN ("A1", " late"));
  recorder_flush (&rec);
  recorder_expect (&rec, "");
}

GST_END_TEST;

GST_START_TEST (test_final_when_done)
{
  recorder_feed (&rec, CREATED ITEM ("A1") SPOKEN ("A1", "Hello."));
  recorder_expect (&rec, "");
  recorder_feed (&rec, DONE ("completed"));
  recorder_expect (&rec, "A1 a 0 [?-?] Hello.");
}

GST_END_TEST;

/* Where playback is told of, speech that was made is awaited, but not for
 * ever. */
GST_START_TEST (test_playback_after_done)
{
  recorder_feed (&rec, CREATED "{" AT (1) PLAYBACK ("started")
      SPOKEN ("A1", "One.") DONE ("completed")
      "{" AT (2) PLAYBACK ("stopped"));
  recorder_expect (&rec, "A1 a 0 [1-2] One.");
  recorder_feed (&rec, "{'type':'response.created','response':{'id':'R2',"
      "'conversation_id':'c'}}\n"
      "{'type':'response.output_audio_transcript.delta','response_id':'R2',"
      "'item_id':'A2','delta':'Two.'}\n"
      "{'type':'response.done','response':{'id':'R2','status':'completed'}}\n");
  recorder_expect (&rec, "");
  recorder_feed (&rec, "{'type':'response.created','response':{'id':'R3',"
      "'conversation_id':'c'}}\n");
  recorder_expect (&rec, "A2 a 1 [?-?] Two.");
}

GST_END_TEST;

GST_START_TEST (test_text_done_twice)
{
  recorder_feed (&rec, CREATED ITEM ("A1")
      "{'type':'response.text.delta','response_id':'R1','item_id':'A1',"
      "'content_index':0,'delta':'Hal'}\n"
      "{'type':'response.text.done','response_id':'R1','item_id':'A1',"
      "'content_index':0,'text':'Hello.'}\n"
      "{'type':'response.content_part.done','response_id':'R1','item_id':'A1',"
      "'content_index':0,'part':{'type':'text','text':''}}\n"
      "{'type':'response.text.done','response_id':'R1','item_id':'A1',"
      "'content_index':0,'text':''}\n"
      "{'type':'response.output_item.done','response_id':'R1','item':"
      "{'id':'A1','type':'message','role':'assistant','content':"
      "['[Object]']}}\n"
      "{'type':'response.done','response':{'id':'R1','status':'completed',"
      "'output':['[Object]']}}\n");
  recorder_expect (&rec, "A1 a 0 [?-?] Hello.");
}

GST_END_TEST;

/* The text may come in any one of the events. */
GST_START_TEST (test_text_only_at_the_end)
{
  recorder_feed (&rec, CREATED
      "{'type':'response.done','response':{'id':'R1','status':'completed',"
      "'output':[{'id':'A1','type':'message','role':'assistant','content':["
      "{'type':'output_audio','transcript':'Hello.'}]}]}}\n"
      "{'type':'response.created','response':{'id':'R2'}}\n"
      "{'type':'response.output_item.done','response_id':'R2','item':"
      "{'id':'A2','type':'message','role':'assistant','content':["
      "{'type':'text','text':'One.'},{'type':'text','text':'Two.'}]}}\n"
      "{'type':'response.done','response':{'id':'R2'}}\n");
  recorder_expect (&rec, "A1 a 0 [?-?] Hello.\nA2 a 1 [?-?] One. Two.");
}

GST_END_TEST;

/* Text and transcript of the same words are one text. */
GST_START_TEST (test_both_kinds)
{
  recorder_feed (&rec, CREATED
      "{'type':'response.output_text.delta','response_id':'R1','item_id':'A1',"
      "'delta':'Hello.'}\n" SPOKEN ("A1", "Hello!") DONE ("completed"));
  recorder_expect (&rec, "A1 a 0 [?-?] Hello!");
}

GST_END_TEST;

GST_START_TEST (test_unnamed_items)
{
  recorder_feed (&rec, "{'type':'response.created','response':{'id':'R1'}}\n"
      SPOKEN ("", "Hel") SPOKEN ("", "lo.")
      "{'type':'response.done','response':{'id':'R1','status':'completed',"
      "'output':[{'id':'A1','type':'message','role':'assistant','content':["
      "{'type':'audio','transcript':'Hello.'}]}]}}\n");
  recorder_expect (&rec, "output-1 a 0 [?-?] Hello.");
}

GST_END_TEST;

/* The words that were not heard any more are cut off. */
GST_START_TEST (test_interrupted)
{
  recorder_feed (&rec, CREATED ITEM ("A1") "{" AT (1000) PLAYBACK ("started")
      SPOKEN ("A1", "One two three four five six seven eight nine ten.")
      DONE ("completed")
      "{'type':'input_audio_buffer.speech_started','audio_start_ms':5,"
      "'item_id':'U1'}\n"
      "{'type':'conversation.item.truncated','item_id':'A1',"
      "'content_index':0,'audio_end_ms':1000}\n"
      "{" AT (2000) PLAYBACK ("cleared"));
  recorder_expect (&rec, "A1 a 0 [1000-2000] cut One two three");
}

GST_END_TEST;

/* Cancelled, but all that was made was heard: nothing to cut off. */
GST_START_TEST (test_cancelled_and_heard)
{
  recorder_feed (&rec, CREATED ITEM ("A1") "{" AT (1000) PLAYBACK ("started")
      SPOKEN ("A1", "One two three four five six.") DONE ("cancelled"));
  recorder_expect (&rec, "");
  recorder_feed (&rec, "{" AT (1200) PLAYBACK ("stopped"));
  recorder_expect (&rec, "A1 a 0 [1000-1200] cut One two three four five six.");
}

GST_END_TEST;

GST_START_TEST (test_interrupted_by_time)
{
  /* the measured pace is that of a turn before: 100 ms a letter */
  recorder_feed (&rec, CREATED ITEM ("A0") "{" AT_ONCE PLAYBACK ("started")
      SPOKEN ("A0", "0123456789 123456789 123456789 123456789 123456789")
      DONE ("completed") "{" AT (5000) PLAYBACK ("stopped"));
  recorder_expect (&rec, "A0 a 0 [0-5000] "
      "0123456789 123456789 123456789 123456789 123456789");
  recorder_feed (&rec,
      "{'type':'response.created','response':{'id':'R2'}}\n"
      "{'type':'output_audio_buffer.started'," AT (6000)
      "'response_id':'R2'}\n"
      "{'type':'response.output_audio_transcript.delta','response_id':'R2',"
      "'item_id':'A1','delta':'One two three four five.'}\n"
      "{'type':'output_audio_buffer.cleared'," AT (7300)
      "'response_id':'R2'}\n"
      "{'type':'response.output_audio_transcript.delta','response_id':'R2',"
      "'item_id':'A1','delta':' Six.'}\n"
      "{'type':'response.done','response':{'id':'R2','status':'cancelled',"
      "'output':[]}}\n");
  recorder_expect (&rec, "A1 a 1 [6000-7300] cut One two three");
}

GST_END_TEST;

/* Audio that came as events has a length of its own. */
GST_START_TEST (test_interrupted_by_length)
{
  g_autofree gchar *audio = g_strnfill (64000, 'A');    /* 48000 bytes, 1 s */
  g_autofree gchar *delta =
      g_strdup_printf ("{'type':'response.output_audio.delta',"
      "'response_id':'R1','item_id':'A1','delta':'%s'}", audio);

  recorder_feed (&rec, CREATED SPOKEN ("A1", "One two three four"));
  recorder_feed (&rec, delta);
  recorder_feed (&rec, "{'type':'conversation.item.truncated','item_id':'A1',"
      "'audio_end_ms':500}\n" DONE ("cancelled") SPOKEN ("A2", "late"));
  recorder_expect (&rec, "A1 a 0 [?-?] cut One two");
}

GST_END_TEST;

#define AUDIO(id) "{'type':'response.output_audio.delta'," \
    "'response_id':'R1','item_id':'" id "','delta':'AAAA'}\n"

/* Over a websocket the client plays the audio. What it tells the server of it
 * comes after the response is done. */
GST_START_TEST (test_interrupted_after_done)
{
  recorder_feed (&rec, CREATED SPOKEN ("A1", "One.") AUDIO ("A1")
      DONE ("completed"));
  recorder_expect (&rec, "");
  recorder_feed (&rec, "{'type':'input_audio_buffer.speech_started',"
      "'audio_start_ms':5,'item_id':'U1'}\n"
      "{'type':'conversation.item.truncated','item_id':'A1',"
      "'content_index':0,'audio_end_ms':700}\n");
  recorder_expect (&rec, "A1 a 0 [?-?] cut One.");

  recorder_feed (&rec, CREATED SPOKEN ("A2", "Two.") AUDIO ("A2")
      DONE ("completed"));
  recorder_expect (&rec, "");
  recorder_feed (&rec, "{'type':'input_audio_buffer.committed',"
      "'item_id':'U2'}\n");
  recorder_expect (&rec, "A2 a 1 [?-?] Two.");
  recorder_feed (&rec, CREATED SPOKEN ("A3", "Three.") AUDIO ("A3")
      DONE ("completed"));
  recorder_flush (&rec);
  recorder_expect (&rec, "A3 a 3 [?-?] Three.");
}

GST_END_TEST;

GST_START_TEST (test_interrupted_at_once)
{
  rec.partials = TRUE;
  recorder_feed (&rec, CREATED "{" AT (10) PLAYBACK ("started")
      SPOKEN ("A1", "Extraordinarily long.")
      "{" AT (40) PLAYBACK ("cleared"));
  recorder_expect (&rec, "A1 a 0 [10-?] +Extraordinarily long.\n"
      "A1 a 0 [10-40] cut ");
  /* any longer holds the first word */
  recorder_feed (&rec, "{'type':'response.created','response':{'id':'R2'}}\n"
      "{'type':'output_audio_buffer.started'," AT (100)
      "'response_id':'R2'}\n"
      "{'type':'response.output_audio_transcript.delta','response_id':'R2',"
      "'item_id':'A2','delta':'Extraordinarily long.'}\n"
      "{'type':'output_audio_buffer.cleared'," AT (210)
      "'response_id':'R2'}\n");
  recorder_expect (&rec, "A2 a 1 [100-?] +Extraordinarily long.\n"
      "A2 a 1 [100-210] cut Extraordinarily");
}

GST_END_TEST;

/* Two lines in one response share its time; an interruption cuts the second */
GST_START_TEST (test_two_lines)
{
  const gchar *two = CREATED ITEM ("A1")
      "{" AT (1000) PLAYBACK ("started") SPOKEN ("A1", "Well, then.")
      "{'type':'response.output_item.done','response_id':'R1','item':{"
      "'id':'A1','type':'message','role':'assistant','content':[]}}\n"
      SPOKEN ("A2", "I do not know the answer to that one yet.")
      DONE ("completed");

  recorder_feed (&rec, two);
  recorder_feed (&rec, "{" AT (6200) PLAYBACK ("stopped"));
  recorder_expect (&rec, "A1 a 0 [1000-2100] Well, then.\n"
      "A2 a 1 [2100-6200] I do not know the answer to that one yet.");

  realtime_conversation_reset (rec.conversation);
  recorder_feed (&rec, two);
  recorder_feed (&rec, "{" AT (2500) PLAYBACK ("cleared"));
  recorder_expect (&rec, "A1 a 0 [1000-1317] Well, then.\n"
      "A2 a 1 [1317-2500] cut I do not");
}

GST_END_TEST;

#define CALL(status, arguments) "{'type':'response.output_item.done'," \
    "'response_id':'R1','output_index':0,'item':{'id':'F1'," \
    "'type':'function_call','status':'" status "','call_id':'C1'," \
    "'name':'f','arguments':" arguments "}}\n"

GST_START_TEST (test_call_once)
{
  recorder_feed (&rec, CREATED
      "{'type':'response.function_call_arguments.done','response_id':'R1',"
      "'item_id':'F1','call_id':'C1','name':'f','arguments':'{ }\\n'}\n");
  recorder_expect (&rec, "");
  recorder_feed (&rec, CALL ("completed", "'{ }\\n'")
      CALL ("completed", "'{ }\\n'")
      "{'type':'response.done','response':{'id':'R1','status':'completed',"
      "'output':[{'id':'F1','type':'function_call','status':'completed',"
      "'call_id':'C1','name':'f','arguments':'{ }\\n'}]}}\n");
  recorder_expect (&rec, "call C1 f { }\n");
}

GST_END_TEST;

GST_START_TEST (test_call_of_cancelled)
{
  recorder_feed (&rec, CREATED
      "{'type':'response.function_call_arguments.done','response_id':'R1',"
      "'item_id':'F1','call_id':'C1','name':'f','arguments':'{\\'a\\':'}\n"
      CALL ("incomplete", "'{\\'a\\':'")
      "{'type':'response.done','response':{'id':'R1','status':'cancelled',"
      "'output':[{'id':'F1','type':'function_call','status':'incomplete',"
      "'call_id':'C1','name':'f','arguments':'{\\'a\\':'}]}}\n"
      CALL ("completed", "'{}'"));
  recorder_flush (&rec);
  recorder_expect (&rec, "");
}

GST_END_TEST;

/* Servers that send little: the arguments alone, the name elsewhere. */
GST_START_TEST (test_call_of_few_events)
{
  recorder_feed (&rec, CREATED
      "{'type':'response.function_call_arguments.done','response_id':'R1',"
      "'item_id':'F1','call_id':'C1','name':'f','arguments':'{}'}\n"
      DONE ("completed")
      "{'type':'response.created','response':{'id':'R2'}}\n"
      "{'type':'response.output_item.added','response_id':'R2','item':{"
      "'id':'F2','type':'function_call','call_id':'C2','name':'g',"
      "'arguments':''}}\n"
      "{'type':'response.function_call_arguments.done','response_id':'R2',"
      "'item_id':'F2','arguments':'{\\'b\\':1}'}\n"
      "{'type':'response.done','response':{'id':'R2','status':'completed'}}\n"
      "{'type':'response.created','response':{'id':'R3'}}\n"
      "{'type':'response.done','response':{'id':'R3','status':'completed',"
      "'output':[{'id':'F3','type':'function_call','status':'completed',"
      "'call_id':'C3','name':'h','arguments':'{}'}]}}\n");
  recorder_expect (&rec, "call C1 f {}\ncall C2 g {\"b\":1}\ncall C3 h {}");
}

GST_END_TEST;

/* Past calls that a client put in are not called again. */
GST_START_TEST (test_call_in_history)
{
  recorder_feed (&rec,
      "{'type':'conversation.item.added','item':{'id':'F1','type':"
      "'function_call','status':'completed','call_id':'C1','name':'f',"
      "'arguments':'{}'}}\n"
      "{'type':'conversation.item.done','item':{'id':'F1','type':"
      "'function_call','status':'completed','call_id':'C1','name':'f',"
      "'arguments':'{}'}}\n");
  recorder_expect (&rec, "");
}

GST_END_TEST;

GST_START_TEST (test_failed_response)
{
  recorder_feed (&rec, CREATED SPOKEN ("A1", "So")
      "{'type':'response.done','response':{'id':'R1','status':'failed',"
      "'status_details':{'type':'failed','error':{'type':'server_error',"
      "'code':'rate_limit_exceeded','message':'m'}},'usage':{"
      "'input_tokens':3,'output_tokens':1}}}\n");
  recorder_expect (&rec, "A1 a 0 [?-?] So\nusage 3/1/0/0/0\n"
      "error rate_limit_exceeded");
}

GST_END_TEST;

GST_START_TEST (test_errors)
{
  recorder_feed (&rec,
      "{'type':'error','error':{'type':'invalid_request_error','code':"
      "'invalid_value','message':'m','event_id':'e'}}\n"
      "{'type':'error','error':{'type':'server_error','code':null}}\n"
      "{'type':'error','error':'just words'}\n"
      "{'type':'error'}\n"
      "{'type':'realtimebin.error','code':'mine','fatal':false}\n");
  recorder_expect (&rec, "error invalid_value\nerror server_error\n"
      "error error\nerror error\nerror mine");
}

GST_END_TEST;

static void
expect_short (const RealtimeChange * change, gpointer user_data)
{
  fail_unless_equals_int (change->type, REALTIME_CHANGE_ERROR);
  fail_unless (strlen (change->error.message) <= 4096);
  fail_unless (g_utf8_validate (change->error.message, -1, NULL));
  fail_unless_equals_string (change->error.code, "error");
  (*(guint *) user_data)++;
}

/* A server cannot make us post what nobody can read. */
GST_START_TEST (test_long_errors)
{
  const gchar *const events[] = {
    "{\"type\":\"error\",\"error\":{\"code\":\"%s\",\"message\":\"%s\"}}",
    "{\"type\":\"error\",\"code\":\"%s\",\"error\":\"%s\"}",
    "{\"type\":\"realtimebin.error\",\"code\":\"%s\",\"message\":\"%s\"}"
  };
  GString *words = g_string_new ("x");
  guint i, told = 0;

  for (i = 0; i < 5000; i++)
    g_string_append (words, "\xc3\xa9");
  for (i = 0; i < G_N_ELEMENTS (events); i++) {
    g_auto (GStrv) parts = g_strsplit (events[i], "%s", -1);
    g_autofree gchar *text = g_strjoinv (words->str, parts);
    JsonObject *event = realtime_json_parse_object (text, -1, NULL);

    realtime_conversation_handle (rec.conversation, event, expect_short, &told);
    json_object_unref (event);
  }
  fail_unless_equals_int (told, 3);
  g_string_free (words, TRUE);
}

GST_END_TEST;

GST_START_TEST (test_usage)
{
  recorder_feed (&rec, CREATED
      "{'type':'response.done','response':{'id':'R1','status':'completed',"
      "'usage':{'total_tokens':9,'input_tokens':5,'output_tokens':4}}}\n"
      "{'type':'response.done','response':{'id':'R1','status':'completed',"
      "'usage':{'total_tokens':9,'input_tokens':5,'output_tokens':4}}}\n"
      "{'type':'response.done','response':{'id':'R2','usage':null}}\n"
      "{'type':'response.done','response':{'id':'R3','status':'cancelled',"
      "'usage':{'input_tokens':1,'output_tokens':1}}}\n"
      "{'type':'response.done','response':{'id':'R4','usage':{"
      "'input_tokens':-7,'output_tokens':9223372036854775807}}}\n");
  recorder_expect (&rec, "usage 5/4/0/0/0\nusage 6/5/0/0/0\n"
      "usage 6/100000005/0/0/0");
}

GST_END_TEST;

GST_START_TEST (test_apart)
{
  recorder_feed (&rec, CREATED SPOKEN ("A1", "In.") DONE ("completed")
      "{'type':'response.created','response':{'id':'R1','conversation_id':"
      "null,'metadata':{'k':'v'}}}\n" ITEM ("A2") SPOKEN ("A2", "Out.")
      DONE ("completed"));
  recorder_expect (&rec, "A1 a 0 [?-?] In.");
  recorder_flush (&rec);
  recorder_expect (&rec, "");
}

GST_END_TEST;

/* The first response of a session may be apart; and some servers never name a
 * conversation. What becomes of the item tells. */
GST_START_TEST (test_apart_at_first)
{
  const gchar *null_id = "{'type':'response.created','response':{'id':'R1',"
      "'conversation_id':null,'metadata':null}}\n";

  recorder_feed (&rec, null_id);
  recorder_feed (&rec, ITEM ("A1") SPOKEN ("A1", "Out.") DONE ("completed"));
  recorder_expect (&rec, "");

  recorder_feed (&rec, null_id);
  recorder_feed (&rec, ITEM ("A2")
      "{'type':'conversation.item.added','item':{'id':'A2','type':'message',"
      "'role':'assistant','content':[]}}\n"
      SPOKEN ("A2", "In.") DONE ("completed"));
  recorder_expect (&rec, "A2 a 1 [?-?] In.");

  recorder_feed (&rec, null_id);
  recorder_feed (&rec, SPOKEN ("A3", "In.") DONE ("completed"));
  recorder_expect (&rec, "A3 a 2 [?-?] In.");
}

GST_END_TEST;

/* An event filter lets neither response.created nor response.done through. */
GST_START_TEST (test_filtered)
{
  recorder_feed (&rec,
      "{'type':'input_audio_buffer.speech_started','item_id':'U1',"
      "'audio_start_ms':0}\n"
      "{'type':'input_audio_buffer.speech_stopped','item_id':'U1',"
      "'audio_end_ms':9}\n"
      "{" AT (10) PLAYBACK ("started") SPOKEN ("A1", "Hello.")
      "{'type':'response.output_audio_transcript.done','response_id':'R1',"
      "'item_id':'A1','transcript':'Hello.'}\n" SAID ("U1", "Hi."));
  recorder_expect (&rec, "U1 u 0 [?-?] Hi.");
  recorder_feed (&rec, "{" AT (20) PLAYBACK ("stopped")
      "{'type':'response.output_text.delta','response_id':'R2','item_id':"
      "'A2','delta':'Te'}\n"
      "{'type':'response.output_text.done','response_id':'R2','item_id':"
      "'A2','text':'Text.'}\n");
  recorder_expect (&rec, "A1 a 1 [10-20] Hello.\nA2 a 2 [?-?] Text.");
}

GST_END_TEST;

static Suite *
session_spoken_suite (void)
{
  Suite *s = suite_create ("session-spoken");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, test_final_when_heard);
  tcase_add_test (tc, test_final_when_done);
  tcase_add_test (tc, test_playback_after_done);
  tcase_add_test (tc, test_text_done_twice);
  tcase_add_test (tc, test_text_only_at_the_end);
  tcase_add_test (tc, test_both_kinds);
  tcase_add_test (tc, test_unnamed_items);
  tcase_add_test (tc, test_interrupted);
  tcase_add_test (tc, test_cancelled_and_heard);
  tcase_add_test (tc, test_interrupted_by_time);
  tcase_add_test (tc, test_interrupted_by_length);
  tcase_add_test (tc, test_interrupted_after_done);
  tcase_add_test (tc, test_interrupted_at_once);
  tcase_add_test (tc, test_two_lines);
  tcase_add_test (tc, test_call_once);
  tcase_add_test (tc, test_call_of_cancelled);
  tcase_add_test (tc, test_call_of_few_events);
  tcase_add_test (tc, test_call_in_history);
  tcase_add_test (tc, test_failed_response);
  tcase_add_test (tc, test_errors);
  tcase_add_test (tc, test_long_errors);
  tcase_add_test (tc, test_usage);
  tcase_add_test (tc, test_apart);
  tcase_add_test (tc, test_apart_at_first);
  tcase_add_test (tc, test_filtered);
  return s;
}

GST_CHECK_MAIN (session_spoken);
