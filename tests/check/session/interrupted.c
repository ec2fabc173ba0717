/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a conversation tells of turns that somebody ends: by speaking, by a talk
 * button, by hand.
 */

#include <gst/check/gstcheck.h>

#include "recorder.h"

#define AT(ms) "'gst_running_time':" #ms "000000,"
#define CREATED(id) "{'type':'response.created','response':{'id':'" id "'," \
    "'conversation_id':'c','status':'in_progress','output':[]}}\n"
#define DONE(id, status) "{'type':'response.done','response':{'id':'" id \
    "','conversation_id':'c','status':'" status "','output':[]}}\n"
#define ITEM(id) "{'type':'response.output_item.added','response_id':'R1'," \
    "'output_index':0,'item':{'id':'" id "','type':'message'," \
    "'role':'assistant','status':'in_progress','content':[]}}\n"
#define SPOKEN(id, words) "{'type':'response.output_audio_transcript.delta'," \
    "'response_id':'R1','item_id':'" id "','delta':'" words "'}\n"
#define PLAYBACK(what) "'type':'output_audio_buffer." what "'," \
    "'response_id':'R1'}\n"
#define INTERRUPTED "{'type':'realtimebin.interrupted','reason':'speech'}\n"

/* Nothing of what nobody hears any more shows. */
GST_START_TEST (test_words_of_a_silenced_response)
{
  rec.partials = TRUE;
  recorder_feed (&rec, CREATED ("R1") ITEM ("A1")
      "{" AT (1000) PLAYBACK ("started") SPOKEN ("A1", "One two three"));
  recorder_expect (&rec, "A1 a 0 [1000-?] +One two three");
  recorder_feed (&rec, INTERRUPTED SPOKEN ("A1", " four five six seven."));
  recorder_expect (&rec, "");
  recorder_feed (&rec, "{" AT (2000) PLAYBACK ("cleared")
      "{'type':'conversation.item.truncated','item_id':'A1',"
      "'content_index':0,'audio_end_ms':1000}\n"
      SPOKEN ("A1", " Late.") ITEM ("A2") SPOKEN ("A2", "Later.")
      DONE ("R1", "cancelled") SPOKEN ("A2", "Latest."));
  recorder_expect (&rec, "A1 a 0 [1000-2000] cut One two three");
  recorder_flush (&rec);
  recorder_expect (&rec, "");
}

GST_END_TEST;

/* The server was faster: it had said all. */
GST_START_TEST (test_silenced_too_late)
{
  rec.partials = TRUE;
  recorder_feed (&rec, CREATED ("R1") ITEM ("A1")
      "{" AT (1000) PLAYBACK ("started") SPOKEN ("A1", "One") INTERRUPTED
      SPOKEN ("A1", " two.") DONE ("R1", "completed")
      "{" AT (2000) PLAYBACK ("stopped"));
  recorder_expect (&rec, "A1 a 0 [1000-?] +One\nA1 a 0 [1000-2000] One two.");
}

GST_END_TEST;

/* The next response is heard and seen. */
GST_START_TEST (test_next_response_shows)
{
  rec.partials = TRUE;
  recorder_feed (&rec, CREATED ("R1") ITEM ("A1") INTERRUPTED
      DONE ("R1", "cancelled") INTERRUPTED CREATED ("R2")
      "{'type':'response.output_text.delta','response_id':'R2',"
      "'item_id':'A2','delta':'New'}\n");
  recorder_expect (&rec, "A2 a 1 [?-?] +New");
}

GST_END_TEST;

GST_START_TEST (test_talk)
{
  rec.states = TRUE;
  recorder_feed (&rec,
      "{'type':'session.updated','session':{'id':'s','type':'realtime',"
      "'audio':{'input':{'turn_detection':null,"
      "'transcription':{'model':'m'}}}}}\n"
      "{'type':'realtimebin.timeline','epoch_running_time':1000000000}\n"
      CREATED ("R1") "{" AT (1000) PLAYBACK ("started")
      "{'type':'realtimebin.talk','pressed':true,"
      "'start_running_time':3000000000}\n" INTERRUPTED
      "{" AT (3100) PLAYBACK ("cleared") DONE ("R1", "cancelled")
      "{'type':'input_audio_buffer.cleared'}\n");
  recorder_expect (&rec, "state connected idle\nstate connected thinking\n"
      "state connected assistant-speaking\nstate connected user-speaking");
  recorder_feed (&rec,
      "{'type':'realtimebin.talk','pressed':false,'committed':true,"
      "'start_running_time':3000000000,'end_running_time':4500000000}\n"
      "{'type':'input_audio_buffer.committed','item_id':'U1'}\n" CREATED ("R2")
      "{'type':'conversation.item.input_audio_transcription.completed',"
      "'item_id':'U1','transcript':'Hi.'}\n");
  recorder_expect (&rec, "state connected idle\nstate connected thinking\n"
      "U1 u 0 [3000-4500] Hi.");
}

GST_END_TEST;

/* Too short to be a turn: the next one has its own times. */
GST_START_TEST (test_short_talk)
{
  recorder_feed (&rec,
      "{'type':'realtimebin.timeline','epoch_running_time':0}\n"
      "{'type':'realtimebin.talk','pressed':true,'start_running_time':7}\n"
      "{'type':'realtimebin.talk','pressed':false,'committed':false,"
      "'start_running_time':7,'end_running_time':8}\n"
      "{'type':'input_audio_buffer.committed','item_id':'U1'}\n"
      "{'type':'conversation.item.input_audio_transcription.completed',"
      "'item_id':'U1','transcript':'Hi.'}\n");
  recorder_expect (&rec, "U1 u 0 [?-?] Hi.");
}

GST_END_TEST;

/* Races of our own making are nobody's business. */
GST_START_TEST (test_races)
{
  recorder_feed (&rec,
      "{'type':'error','error':{'type':'invalid_request_error','code':"
      "'response_cancel_not_active','message':'m','event_id':"
      "'realtimebin-interrupt-3'}}\n");
  recorder_expect (&rec, "");
  recorder_feed (&rec,
      "{'type':'error','error':{'type':'invalid_request_error','code':"
      "'response_cancel_not_active','message':'m','event_id':'mine'}}\n"
      "{'type':'error','error':{'type':'invalid_request_error','code':"
      "'invalid_value','message':'m','event_id':'realtimebin-send-text-3'}}\n");
  recorder_expect (&rec, "error response_cancel_not_active\n"
      "error invalid_value");
}

GST_END_TEST;

/* A title is made while the answer is being spoken. */
GST_START_TEST (test_apart_beside)
{
  rec.states = TRUE;
  recorder_feed (&rec, CREATED ("R1")
      "{'type':'conversation.item.added','item':{'id':'A1','type':'message',"
      "'role':'assistant','content':[]}}\n" SPOKEN ("A1", "Hello.")
      "{" AT (1000) PLAYBACK ("started") DONE ("R1", "completed"));
  recorder_expect (&rec, "state closed thinking\n"
      "state closed assistant-speaking");
  recorder_feed (&rec,
      "{'type':'response.created','response':{'id':'O1',"
      "'conversation_id':null,'metadata':{'k':'title'}}}\n"
      "{'type':'response.output_item.added','response_id':'O1',"
      "'output_index':0,'item':{'id':'O','type':'message',"
      "'role':'assistant','content':[]}}\n"
      "{'type':'response.output_text.delta','response_id':'O1',"
      "'item_id':'O','delta':'Greeting'}\n"
      "{'type':'response.done','response':{'id':'O1','conversation_id':null,"
      "'status':'completed','output':[{'id':'O','type':'message',"
      "'role':'assistant','content':[{'type':'output_text',"
      "'text':'Greeting'}]}]}}\n");
  recorder_expect (&rec, "");
  recorder_feed (&rec, "{" AT (2000) PLAYBACK ("stopped"));
  recorder_expect (&rec, "A1 a 0 [1000-2000] Hello.\nstate closed idle");
}

GST_END_TEST;

/* Some servers leave out what is null. */
GST_START_TEST (test_apart_unnamed)
{
  recorder_feed (&rec, CREATED ("R1") DONE ("R1", "completed")
      "{'type':'response.created','response':{'id':'O1'}}\n"
      "{'type':'response.output_item.added','response_id':'O1',"
      "'output_index':0,'item':{'id':'O','type':'message',"
      "'role':'assistant','content':[]}}\n"
      "{'type':'response.output_text.delta','response_id':'O1',"
      "'item_id':'O','delta':'Greeting'}\n"
      "{'type':'response.done','response':{'id':'O1','status':'completed',"
      "'output':[{'id':'O','type':'message','role':'assistant','content':["
      "{'type':'output_text','text':'Greeting'}]}]}}\n");
  recorder_expect (&rec, "");
}

GST_END_TEST;

static void
note_response (const RealtimeChange * change, gpointer user_data)
{
  gchar **response = user_data;

  if (change->type == REALTIME_CHANGE_FUNCTION_CALL)
    *response = g_strdup (change->function_call.response_id);
}

GST_START_TEST (test_response_of_a_call)
{
  g_autofree gchar *response = NULL;
  JsonObject *event = realtime_json_parse_object ("{\"type\":"
      "\"response.output_item.done\",\"response_id\":\"R1\",\"output_index\":0,"
      "\"item\":{\"id\":\"F\",\"type\":\"function_call\",\"call_id\":\"c\","
      "\"name\":\"f\",\"arguments\":\"{}\",\"status\":\"completed\"}}", -1,
      NULL);

  recorder_feed (&rec, CREATED ("R1"));
  realtime_conversation_handle (rec.conversation, event, note_response,
      &response);
  json_object_unref (event);
  fail_unless_equals_string (response, "R1");
}

GST_END_TEST;

GST_START_TEST (test_what_the_service_does_by_itself)
{
  static const struct
  {
    const gchar *detection;
    gboolean replies, interrupts;
  } rows[] = {
    {"{'type':'server_vad'}", TRUE, TRUE},
    {"{'type':'server_vad','create_response':false}", FALSE, TRUE},
    {"{'type':'semantic_vad','interrupt_response':false}", TRUE, FALSE},
    {"null", FALSE, FALSE},
  };
  guint i;

  /* a server that tells nothing */
  fail_unless (realtime_conversation_replies (rec.conversation, TRUE));
  fail_if (realtime_conversation_interrupts (rec.conversation, FALSE));
  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree gchar *event = g_strdup_printf ("{'type':'session.updated',"
        "'session':{'audio':{'input':{'turn_detection':%s}}}}",
        rows[i].detection);

    recorder_feed (&rec, event);
    fail_unless_equals_int (realtime_conversation_replies (rec.conversation,
            !rows[i].replies), rows[i].replies);
    fail_unless_equals_int (realtime_conversation_interrupts
        (rec.conversation, !rows[i].interrupts), rows[i].interrupts);
  }
}

GST_END_TEST;

static Suite *
session_interrupted_suite (void)
{
  Suite *s = suite_create ("session-interrupted");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, test_words_of_a_silenced_response);
  tcase_add_test (tc, test_silenced_too_late);
  tcase_add_test (tc, test_next_response_shows);
  tcase_add_test (tc, test_talk);
  tcase_add_test (tc, test_short_talk);
  tcase_add_test (tc, test_races);
  tcase_add_test (tc, test_apart_beside);
  tcase_add_test (tc, test_apart_unnamed);
  tcase_add_test (tc, test_response_of_a_call);
  tcase_add_test (tc, test_what_the_service_does_by_itself);
  return s;
}

GST_CHECK_MAIN (session_interrupted);
