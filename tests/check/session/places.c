/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The places of lines, several sessions, states.
 */

#include <gst/check/gstcheck.h>

#include "recorder.h"

#define ADDED(id, previous) "{'type':'conversation.item.added'," \
    "'previous_item_id':" previous ",'item':{'id':'" id "','type':'message'," \
    "'role':'assistant','status':'in_progress','content':[]}}\n"
#define ITEM_DONE(id, previous) "{'type':'conversation.item.done'," \
    "'previous_item_id':" previous ",'item':{'id':'" id "','type':'message'," \
    "'role':'assistant','status':'completed','content':[]}}\n"
#define COMMITTED(id, previous) "{'type':'input_audio_buffer.committed'," \
    "'previous_item_id':" previous ",'item_id':'" id "'}\n"
#define SAID(id, text) "{'type':" \
    "'conversation.item.input_audio_transcription.completed'," \
    "'item_id':'" id "','transcript':'" text "'}\n"
#define STARTED(id) "{'type':'input_audio_buffer.speech_started'," \
    "'audio_start_ms':1,'item_id':'" id "'}\n"
#define STOPPED(id) "{'type':'input_audio_buffer.speech_stopped'," \
    "'audio_end_ms':2,'item_id':'" id "'}\n"
#define CREATED(id) "{'type':'response.created','response':{'id':'" id "'," \
    "'conversation_id':'c'}}\n"
#define SPOKEN(response, id, words) "{'type':" \
    "'response.output_audio_transcript.delta','response_id':'" response "'," \
    "'item_id':'" id "','delta':'" words "'}\n"
#define DONE(id, status) "{'type':'response.done','response':{'id':'" id "'," \
    "'status':'" status "'}}\n"
#define PLAYBACK(what, id) "{'type':'output_audio_buffer." what "'," \
    "'response_id':'" id "'}\n"

/* Finals in any order, places as the conversation goes. */
GST_START_TEST (test_order_of_commits)
{
  recorder_feed (&rec, COMMITTED ("U1", "null") COMMITTED ("U2", "'U1'")
      COMMITTED ("U3", "'U2'") SAID ("U3", "c") SAID ("U1", "a")
      SAID ("U2", "b"));
  recorder_expect (&rec, "U3 u 2 [?-?] c\nU1 u 0 [?-?] a\nU2 u 1 [?-?] b");
}

GST_END_TEST;

GST_START_TEST (test_reply_before_transcript)
{
  recorder_feed (&rec, STARTED ("U1") STOPPED ("U1") COMMITTED ("U1", "null")
      CREATED ("R1") ADDED ("A1", "'U1'") SPOKEN ("R1", "A1", "Reply.")
      ITEM_DONE ("A1", "null") DONE ("R1", "completed") SAID ("U1", "Ask."));
  recorder_expect (&rec, "A1 a 1 [?-?] Reply.\nU1 u 0 [?-?] Ask.");
}

GST_END_TEST;

/* The first event that names a predecessor is right, whatever others say. */
GST_START_TEST (test_first_predecessor_counts)
{
  recorder_feed (&rec, COMMITTED ("U1", "null") COMMITTED ("U2", "'U1'")
      ADDED ("U2", "null") COMMITTED ("U3", "'U2'") ADDED ("U3", "'U1'")
      ITEM_DONE ("U2", "'U3'") ITEM_DONE ("U1", "'U3'") SAID ("U3", "c")
      SAID ("U2", "b") SAID ("U1", "a"));
  recorder_expect (&rec, "U3 u 2 [?-?] c\nU2 u 1 [?-?] b\nU1 u 0 [?-?] a");

  /* unless it is the first event of all */
  recorder_feed (&rec, ITEM_DONE ("A1", "'U1'") CREATED ("R1")
      SPOKEN ("R1", "A1", "d") DONE ("R1", "completed"));
  recorder_expect (&rec, "A1 a 1 [?-?] d");
}

GST_END_TEST;

/* The user begins while the assistant goes on with a second item. */
GST_START_TEST (test_item_between)
{
  recorder_feed (&rec, CREATED ("R1") ADDED ("A1", "null")
      SPOKEN ("R1", "A1", "One.") STARTED ("U1") ADDED ("A2", "'A1'")
      SPOKEN ("R1", "A2", "Two.") DONE ("R1", "completed")
      COMMITTED ("U1", "'A2'") SAID ("U1", "Three."));
  recorder_expect (&rec, "A1 a 0 [?-?] One.\nA2 a 1 [?-?] Two.\n"
      "U1 u 2 [?-?] Three.");
}

GST_END_TEST;

/* The same where no predecessors are named: the commit gives the place. */
GST_START_TEST (test_item_between_unnamed)
{
  recorder_feed (&rec, CREATED ("R1") SPOKEN ("R1", "A1", "One.")
      STARTED ("U1") SPOKEN ("R1", "A2", "Two.") DONE ("R1", "completed")
      COMMITTED ("U1", "null") CREATED ("R2") SPOKEN ("R2", "A3", "Four.")
      DONE ("R2", "completed") SAID ("U1", "Three."));
  recorder_expect (&rec, "A1 a 0 [?-?] One.\nA2 a 1 [?-?] Two.\n"
      "A3 a 3 [?-?] Four.\nU1 u 2 [?-?] Three.");
}

GST_END_TEST;

/* An item is named as predecessor before anything else tells of it. */
GST_START_TEST (test_predecessor_comes_later)
{
  recorder_feed (&rec, CREATED ("R1") ADDED ("A1", "'U1'")
      SPOKEN ("R1", "A1", "One.") DONE ("R1", "completed")
      COMMITTED ("U2", "'A1'") SAID ("U2", "Two.") SAID ("U1", "Zero."));
  recorder_expect (&rec, "A1 a 0 [?-?] One.\nU2 u 1 [?-?] Two.\n"
      "U1 u 0 [?-?] Zero.");
}

GST_END_TEST;

/* A server that names the same predecessor for all items of a response, and
 * one that names none at all. */
GST_START_TEST (test_sloppy_predecessors)
{
  recorder_feed (&rec, COMMITTED ("U1", "null") CREATED ("R1")
      "{'type':'response.output_item.added','response_id':'R1',"
      "'output_index':0,'item':{'id':'A1','type':'message'}}\n"
      ADDED ("A1", "'U1'")
      "{'type':'response.output_item.added','response_id':'R1',"
      "'output_index':1,'item':{'id':'A2','type':'message'}}\n"
      ADDED ("A2", "'U1'") SPOKEN ("R1", "A1", "One.")
      SPOKEN ("R1", "A2", "Two.") DONE ("R1", "completed"));
  recorder_expect (&rec, "A1 a 1 [?-?] One.\nA2 a 2 [?-?] Two.");
  recorder_feed (&rec, SAID ("U1", "Zero.") STARTED ("U2")
      COMMITTED ("U2", "null") CREATED ("R2") ADDED ("A3", "null")
      SPOKEN ("R2", "A3", "Four.") DONE ("R2", "completed")
      SAID ("U2", "Three.")
      "{'type':'conversation.item.deleted','item_id':''}\n"
      "{'type':'conversation.item.deleted','item_id':'nobody'}\n");
  recorder_expect (&rec, "U1 u 0 [?-?] Zero.\nA3 a 4 [?-?] Four.\n"
      "U2 u 3 [?-?] Three.");
}

GST_END_TEST;

GST_START_TEST (test_deleted)
{
  recorder_feed (&rec, COMMITTED ("U1", "null") COMMITTED ("U2", "'U1'")
      "{'type':'session.updated','session':{'type':'transcription'}}\n"
      "{'type':'conversation.item.deleted','item_id':'U1'}\n");
  fail_unless_equals_int (realtime_conversation_get_pending_transcripts
      (rec.conversation), 1);
  fail_unless_equals_int (realtime_conversation_get_open_before
      (rec.conversation, 0, "U2"), 0);
  recorder_feed (&rec, SAID ("U1", "late") SAID ("U2", "b"));
  recorder_expect (&rec, "U2 u 1 [?-?] b");
}

GST_END_TEST;

GST_START_TEST (test_open_before)
{
  RealtimeConversation *c = rec.conversation;

  recorder_feed (&rec, COMMITTED ("U1", "null") COMMITTED ("U2", "'U1'")
      CREATED ("R1") ADDED ("A1", "'U2'") SPOKEN ("R1", "A1", "x"));
  fail_unless_equals_int (realtime_conversation_get_open_before (c, 0, "A1"),
      2);
  recorder_feed (&rec, SAID ("U2", "b"));
  fail_unless_equals_int (realtime_conversation_get_open_before (c, 0, "A1"),
      1);
  fail_unless_equals_int (realtime_conversation_get_open_before (c, 0, "U1"),
      0);
  fail_unless_equals_int (realtime_conversation_get_open_before (c, 0, "?"), 0);
  /* nor does who still speaks: that is a turn of its own */
  recorder_feed (&rec, STARTED ("U3") ADDED ("A2", "null")
      SPOKEN ("R1", "A2", "y"));
  fail_unless_equals_int (realtime_conversation_get_open_before (c, 0, "A2"),
      2);
  recorder_feed (&rec, STOPPED ("U3"));
  fail_unless_equals_int (realtime_conversation_get_open_before (c, 0, "U3"),
      3);
  /* a session that does not transcribe holds nothing back */
  recorder_feed (&rec, "{'type':'session.updated','session':{'audio':{"
      "'input':{'transcription':null}}}}\n");
  fail_unless_equals_int (realtime_conversation_get_open_before (c, 0, "A1"),
      0);
}

GST_END_TEST;

#define OF(n) "'gst_session':" #n ",'gst_running_time':0,"

/* Two sessions use the same ids; the new one ends what the old left open. */
GST_START_TEST (test_two_sessions)
{
  recorder_feed (&rec,
      "{" OF (1) "'type':'session.created','session':{'id':'s1'}}\n"
      "{" OF (1) "'type':'conversation.item.input_audio_transcription.delta',"
      "'item_id':'U1','delta':'Half'}\n"
      "{" OF (1) "'type':'input_audio_buffer.committed','item_id':'U2'}\n"
      "{" OF (1) "'type':'response.created','response':{'id':'R1'}}\n"
      "{" OF (1) "'type':'response.output_text.delta','response_id':'R1',"
      "'item_id':'A1','delta':'Old'}\n");
  recorder_expect (&rec, "");
  fail_unless (realtime_conversation_has_active_response (rec.conversation));
  recorder_feed (&rec,
      "{" OF (2) "'type':'session.created','session':{'id':'s2'}}\n");
  recorder_expect (&rec, "U1 u 0 [?-?] Half\nA1 a 2 [?-?] Old");
  fail_if (realtime_conversation_has_active_response (rec.conversation));
  fail_unless_equals_int (realtime_conversation_get_pending_transcripts
      (rec.conversation), 0);

  /* what comes late from the old one is still its own */
  recorder_feed (&rec,
      "{" OF (2) "'type':'conversation.item.input_audio_transcription."
      "completed','item_id':'U1','transcript':'New'}\n"
      "{" OF (1) "'type':'conversation.item.input_audio_transcription."
      "completed','item_id':'U1','transcript':'Old'}\n"
      "{" OF (1) "'type':'conversation.item.input_audio_transcription."
      "completed','item_id':'U2','transcript':'Late'}\n"
      "{" OF (1) "'type':'response.output_text.delta','response_id':'R1',"
      "'item_id':'A1','delta':'Old'}\n");
  recorder_expect (&rec, "U1 u 3 [?-?] New\nU2 u 1 [?-?] Late");
}

GST_END_TEST;

/* A plain log of two sessions has no numbers, but ids. */
GST_START_TEST (test_two_sessions_in_a_plain_log)
{
  recorder_feed (&rec,
      "{'type':'session.created','session':{'id':'s1'}}\n" SAID ("U1", "a")
      "{'type':'session.created','session':{'id':'s2'}}\n" SAID ("U1", "b"));
  recorder_expect (&rec, "U1 u 0 [?-?] a\nU1 u 1 [?-?] b");
}

GST_END_TEST;

GST_START_TEST (test_many_sessions)
{
  guint i;

  for (i = 1; i <= 50; i++) {
    g_autofree gchar *events =
        g_strdup_printf ("{'type':'input_audio_buffer.committed',"
        "'gst_session':%u,'item_id':'U1'}\n"
        "{'type':'conversation.item.input_audio_transcription.completed',"
        "'gst_session':%u,'item_id':'U1','transcript':'x'}\n", i, i);
    g_autofree gchar *expected = g_strdup_printf ("U1 u %u [?-?] x", i - 1);

    recorder_feed (&rec, events);
    recorder_expect (&rec, expected);
  }
}

GST_END_TEST;

GST_START_TEST (test_turn_with_playback)
{
  rec.states = TRUE;
  recorder_feed (&rec, "{'type':'session.created','session':{'id':'s',"
      "'type':'realtime','audio':{'input':{'turn_detection':{'type':"
      "'server_vad'}}}}}\n");
  recorder_expect (&rec, "state connected idle");
  recorder_feed (&rec, STARTED ("U1"));
  recorder_expect (&rec, "state connected user-speaking");
  recorder_feed (&rec, STOPPED ("U1"));
  recorder_expect (&rec, "state connected thinking");
  recorder_feed (&rec, COMMITTED ("U1", "null") CREATED ("R1"));
  recorder_expect (&rec, "");
  recorder_feed (&rec, PLAYBACK ("started", "R1"));
  recorder_expect (&rec, "state connected assistant-speaking");
  fail_unless (realtime_conversation_is_output_playing (rec.conversation));
  recorder_feed (&rec, SPOKEN ("R1", "A1", "x") DONE ("R1", "completed"));
  recorder_expect (&rec, "");
  recorder_feed (&rec, PLAYBACK ("stopped", "R1"));
  recorder_expect (&rec, "A1 a 1 [?-?] x\nstate connected idle");

  /* the user breaks in */
  recorder_feed (&rec, CREATED ("R2") PLAYBACK ("started", "R2")
      SPOKEN ("R2", "A2", "y"));
  recorder_expect (&rec, "state connected thinking\n"
      "state connected assistant-speaking");
  recorder_feed (&rec, STARTED ("U2") PLAYBACK ("cleared", "R2")
      DONE ("R2", "cancelled") SPOKEN ("R2", "A2", "late"));
  recorder_expect (&rec, "state connected user-speaking\n"
      "A2 a 2 [?-?] cut y");
  recorder_feed (&rec, STOPPED ("U2"));
  recorder_expect (&rec, "state connected thinking");
  /* words of the second session's kind do not count where playback is told */
  recorder_feed (&rec, CREATED ("R3") SPOKEN ("R3", "A3", "z"));
  recorder_expect (&rec, "");
  recorder_feed (&rec, DONE ("R3", "completed"));
  recorder_expect (&rec, "");
  recorder_feed (&rec, PLAYBACK ("started", "R3") PLAYBACK ("stopped", "R3"));
  recorder_expect (&rec, "state connected assistant-speaking\n"
      "A3 a 4 [?-?] z\nstate connected idle");
}

GST_END_TEST;

GST_START_TEST (test_turn_without_playback)
{
  rec.states = TRUE;
  recorder_feed (&rec, STARTED ("U1") STOPPED ("U1") COMMITTED ("U1", "null")
      CREATED ("R1") SPOKEN ("R1", "A1", "x") SPOKEN ("R1", "A1", "y"));
  recorder_expect (&rec, "state closed user-speaking\nstate closed thinking\n"
      "state closed assistant-speaking");
  recorder_feed (&rec, DONE ("R1", "completed"));
  recorder_expect (&rec, "A1 a 1 [?-?] xy\nstate closed idle");
}

GST_END_TEST;

/* Nobody thinks about a reply where none is made. */
GST_START_TEST (test_turn_of_transcription)
{
  rec.states = TRUE;
  recorder_feed (&rec,
      "{'type':'session.created','session':{'type':'transcription'}}\n"
      STARTED ("U1") STOPPED ("U1") COMMITTED ("U1", "null"));
  recorder_expect (&rec, "state connected idle\n"
      "state connected user-speaking\nstate connected idle");
  recorder_feed (&rec, "{'type':'session.updated','session':{'type':"
      "'realtime','audio':{'input':{'turn_detection':{'type':'server_vad',"
      "'create_response':false}}}}}\n" STARTED ("U2") STOPPED ("U2"));
  recorder_expect (&rec, "state connected user-speaking\n"
      "state connected idle");
}

GST_END_TEST;

/* A refused reply is not awaited. */
GST_START_TEST (test_turn_after_error)
{
  rec.states = TRUE;
  recorder_feed (&rec, STARTED ("U1") STOPPED ("U1")
      "{'type':'error','error':{'code':'insufficient_quota'}}\n");
  recorder_expect (&rec, "state closed user-speaking\nstate closed thinking\n"
      "error insufficient_quota\nstate closed idle");
}

GST_END_TEST;

GST_START_TEST (test_states_of_the_bin)
{
  rec.states = TRUE;
  recorder_feed (&rec,
      "{'type':'realtimebin.state','connection':'connecting','turn':'idle',"
      "'gst_session':0}\n"
      "{'type':'realtimebin.state','connection':'connecting','turn':'idle'}\n"
      "{'type':'session.created','session':{'id':'s'},'gst_session':1}\n"
      "{'type':'realtimebin.state','connection':'connected','turn':'idle',"
      "'gst_session':1}\n"
      "{'type':'realtimebin.state','connection':'bogus','turn':7,"
      "'gst_session':1}\n");
  recorder_expect (&rec, "state connecting idle\nstate connected idle");

  /* a held talk button is known to the bin alone */
  recorder_feed (&rec,
      "{'type':'realtimebin.state','connection':'connected',"
      "'turn':'user-speaking','gst_session':1}\n"
      "{'type':'rate_limits.updated','gst_session':1}\n"
      "{'type':'session.updated','session':{},'gst_session':1}\n");
  recorder_expect (&rec, "state connected user-speaking");
  recorder_feed (&rec, "{'type':'response.created','response':{'id':'R1'},"
      "'gst_session':1}\n");
  recorder_expect (&rec, "state connected thinking");

  recorder_feed (&rec,
      "{'type':'realtimebin.state','connection':'reconnecting','turn':'idle',"
      "'attempt':1,'reason':'lost','gst_session':1}\n"
      "{'type':'realtimebin.state','connection':'reconnecting','turn':'idle',"
      "'attempt':2,'reason':'lost','gst_session':1}\n"
      "{'type':'realtimebin.state','connection':'reconnecting','turn':'idle',"
      "'attempt':2,'reason':'lost','gst_session':1}\n");
  recorder_expect (&rec, "state reconnecting idle\nstate reconnecting idle");
}

GST_END_TEST;

/* The bin tells what the server's events told already: that is no change. */
GST_START_TEST (test_states_told_twice)
{
  rec.states = TRUE;
  recorder_feed (&rec,
      "{'type':'realtimebin.state','connection':'connected','turn':'idle',"
      "'reason':''}\n" STARTED ("U1")
      "{'type':'realtimebin.state','connection':'connected',"
      "'turn':'user-speaking','reason':''}\n"
      "{'type':'realtimebin.state','connection':'draining',"
      "'turn':'user-speaking','reason':'end of input'}\n" STOPPED ("U1")
      "{'type':'realtimebin.state','connection':'draining',"
      "'turn':'thinking','reason':'end of input'}\n");
  recorder_expect (&rec, "state connected idle\n"
      "state connected user-speaking\nstate draining user-speaking\n"
      "state draining thinking");
}

GST_END_TEST;

GST_START_TEST (test_usage_of_the_bin)
{
  recorder_feed (&rec,
      "{'type':'realtimebin.usage','input_tokens':5,'output_tokens':3}\n"
      "{'type':'realtimebin.usage','input_tokens':5,'output_tokens':3}\n"
      "{'type':'response.done','response':{'id':'R1','usage':{"
      "'input_tokens':1,'output_tokens':1}}}\n");
  recorder_expect (&rec, "usage 5/3/0/0/0\nusage 6/4/0/0/0");
}

GST_END_TEST;

/* It tells after each event that counts, with more than the event says. */
GST_START_TEST (test_usage_beside_the_bin)
{
  recorder_feed (&rec,
      "{'type':'realtimebin.state','connection':'connected','turn':'idle'}\n"
      "{'type':'response.done','response':{'id':'R1','usage':{"
      "'input_tokens':1,'output_tokens':1}}}\n");
  recorder_expect (&rec, "");
  recorder_feed (&rec,
      "{'type':'realtimebin.usage','input_tokens':1,'output_tokens':1}\n"
      "{'type':'realtimebin.usage','input_tokens':1,'output_tokens':1}\n"
      "{'type':'realtimebin.usage','input_tokens':1,'output_tokens':1,"
      "'cost_usd':0.25}\n");
  recorder_expect (&rec, "usage 1/1/0/0/0\n" "usage 1/1/0/0/0");
}

GST_END_TEST;

static Suite *
session_places_suite (void)
{
  Suite *s = suite_create ("session-places");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, test_order_of_commits);
  tcase_add_test (tc, test_reply_before_transcript);
  tcase_add_test (tc, test_first_predecessor_counts);
  tcase_add_test (tc, test_item_between);
  tcase_add_test (tc, test_item_between_unnamed);
  tcase_add_test (tc, test_predecessor_comes_later);
  tcase_add_test (tc, test_sloppy_predecessors);
  tcase_add_test (tc, test_deleted);
  tcase_add_test (tc, test_open_before);
  tcase_add_test (tc, test_two_sessions);
  tcase_add_test (tc, test_two_sessions_in_a_plain_log);
  tcase_add_test (tc, test_many_sessions);
  tcase_add_test (tc, test_turn_with_playback);
  tcase_add_test (tc, test_turn_without_playback);
  tcase_add_test (tc, test_turn_of_transcription);
  tcase_add_test (tc, test_turn_after_error);
  tcase_add_test (tc, test_states_of_the_bin);
  tcase_add_test (tc, test_states_told_twice);
  tcase_add_test (tc, test_usage_of_the_bin);
  tcase_add_test (tc, test_usage_beside_the_bin);
  return s;
}

GST_CHECK_MAIN (session_places);
