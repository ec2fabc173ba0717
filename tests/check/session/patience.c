/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What servers owe and never tell is not waited for for ever.
 */

#include <gst/check/gstcheck.h>

#include "recorder.h"

#define AT(s) "'gst_running_time':" #s "000000000,"
#define CREATED "{" AT (1) "'type':'response.created','response':{'id':'R1'," \
    "'conversation_id':'c','status':'in_progress','output':[]}}\n"
#define SPOKEN "{" AT (2) "'type':'response.output_audio_transcript.delta'," \
    "'response_id':'R1','item_id':'A1','delta':'Hello.'}\n"
#define SPOKEN_DONE "{" AT (2) "'type':" \
    "'response.output_audio_transcript.done','response_id':'R1'," \
    "'item_id':'A1','transcript':'Hello.'}\n"
#define DONE "{" AT (2) "'type':'response.done','response':{'id':'R1'," \
    "'conversation_id':'c','status':'completed','output':[]}}\n"
#define PLAYBACK(s, what) "{" AT (s) "'type':'output_audio_buffer." what "'," \
    "'response_id':'R1'}\n"
#define SPEECH "{" AT (1) "'type':'input_audio_buffer.speech_started'," \
    "'item_id':'U1','audio_start_ms':0}\n{" AT (2) \
    "'type':'input_audio_buffer.speech_stopped','item_id':'U1'," \
    "'audio_end_ms':900}\n"

static void
pass_time (guint seconds)
{
  realtime_conversation_pass_time (rec.conversation, seconds * GST_SECOND,
      recorder_note, &rec);
}

static void
check_at_rest (void)
{
  fail_if (realtime_conversation_has_active_response (rec.conversation));
  fail_if (realtime_conversation_is_output_playing (rec.conversation));
  fail_unless_equals_int (realtime_conversation_get_turn (rec.conversation),
      REALTIME_TURN_IDLE);
}

GST_START_TEST (test_no_response_done)
{
  rec.states = TRUE;
  recorder_feed (&rec, CREATED SPOKEN SPOKEN_DONE);
  recorder_expect (&rec, "state closed thinking\n"
      "state closed assistant-speaking");
  pass_time (11);
  recorder_expect (&rec, "");
  pass_time (13);
  recorder_expect (&rec, "A1 a 0 [?-?] Hello.\nstate closed idle");
  check_at_rest ();
  /* after all */
  recorder_feed (&rec, "{" AT (14) "'type':'response.done','response':{'id':"
      "'R1','conversation_id':'c','status':'completed','output':[]}}\n");
  recorder_expect (&rec, "");
}

GST_END_TEST;

/* Not even the end of the words: a model may think. */
GST_START_TEST (test_no_end_of_words)
{
  recorder_feed (&rec, CREATED SPOKEN);
  pass_time (60);
  recorder_expect (&rec, "");
  pass_time (63);
  recorder_expect (&rec, "A1 a 0 [?-?] Hello.");
  check_at_rest ();
}

GST_END_TEST;

GST_START_TEST (test_no_end_of_playback)
{
  recorder_feed (&rec, CREATED PLAYBACK (2, "started") SPOKEN SPOKEN_DONE DONE);
  pass_time (20);
  recorder_expect (&rec, "");
  fail_unless (realtime_conversation_is_output_playing (rec.conversation));
  pass_time (30);
  recorder_expect (&rec, "A1 a 0 [2000-30000] Hello.");
  check_at_rest ();
}

GST_END_TEST;

/* Playback that is told of otherwise, but not of this response. */
GST_START_TEST (test_no_playback)
{
  recorder_feed (&rec, PLAYBACK (1, "started") PLAYBACK (1, "stopped")
      "{" AT (1) "'type':'response.created','response':{'id':'R2',"
      "'conversation_id':'c'}}\n"
      "{" AT (2) "'type':'response.output_audio_transcript.delta',"
      "'response_id':'R2','item_id':'A2','delta':'Two.'}\n"
      "{" AT (2) "'type':'response.output_audio_transcript.done',"
      "'response_id':'R2','item_id':'A2','transcript':'Two.'}\n"
      "{" AT (2) "'type':'response.done','response':{'id':'R2',"
      "'conversation_id':'c','status':'completed'}}\n");
  recorder_expect (&rec, "");
  pass_time (13);
  recorder_expect (&rec, "A2 a 0 [?-?] Two.");
  check_at_rest ();
}

GST_END_TEST;

/* Neither response.created nor response.done, and no playback of this one. */
GST_START_TEST (test_filtered_without_playback)
{
  recorder_feed (&rec, PLAYBACK (1, "started") PLAYBACK (1, "stopped")
      "{" AT (2) "'type':'response.output_audio_transcript.delta',"
      "'response_id':'R2','item_id':'A2','delta':'Two.'}\n"
      "{" AT (2) "'type':'response.output_audio_transcript.done',"
      "'response_id':'R2','item_id':'A2','transcript':'Two.'}\n");
  recorder_expect (&rec, "");
  pass_time (13);
  recorder_expect (&rec, "A2 a 0 [?-?] Two.");
  check_at_rest ();
}

GST_END_TEST;

/* No reply to a turn. */
GST_START_TEST (test_no_reply)
{
  rec.states = TRUE;
  recorder_feed (&rec, SPEECH);
  recorder_expect (&rec, "state closed user-speaking\nstate closed thinking");
  pass_time (60);
  recorder_expect (&rec, "");
  pass_time (63);
  recorder_expect (&rec, "state closed idle");
}

GST_END_TEST;

/* The next event brings the time along; a log without times has none. */
GST_START_TEST (test_time_of_events)
{
  recorder_feed (&rec, CREATED SPOKEN SPOKEN_DONE
      "{" AT (20) "'type':'input_audio_buffer.cleared'}\n");
  recorder_expect (&rec, "A1 a 0 [?-?] Hello.");

  recorder_feed (&rec, "{'type':'response.created','response':{'id':'R5',"
      "'conversation_id':'c'}}\n"
      "{'type':'response.output_text.delta','response_id':'R5',"
      "'item_id':'A5','delta':'Five.'}\n{'type':'input_audio_buffer.cleared'}");
  pass_time (1000);
  recorder_expect (&rec, "");
}

GST_END_TEST;

static Suite *
session_patience_suite (void)
{
  Suite *s = suite_create ("session-patience");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, test_no_response_done);
  tcase_add_test (tc, test_no_end_of_words);
  tcase_add_test (tc, test_no_end_of_playback);
  tcase_add_test (tc, test_no_playback);
  tcase_add_test (tc, test_filtered_without_playback);
  tcase_add_test (tc, test_no_reply);
  tcase_add_test (tc, test_time_of_events);
  return s;
}

GST_CHECK_MAIN (session_patience);
