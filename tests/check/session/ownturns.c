/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Turns that were found on this side.
 */

#include <gst/check/gstcheck.h>

#include "recorder.h"

#define SESSION "{'type':'session.updated','session':{'type':" \
    "'transcription','audio':{'input':{'turn_detection':null," \
    "'transcription':{'model':'gpt-live-transcribe'}}}}}\n" \
    "{'type':'realtimebin.timeline','epoch_running_time':1000000000}\n"
#define STARTED(ms) "{'type':'realtimebin.speech_started'," \
    "'audio_start_ms':" ms "}\n"
#define STOPPED(ms, commit) "{'type':'realtimebin.speech_stopped'," \
    "'audio_end_ms':" ms ",'commit_event_id':'" commit "'}\n"
#define COMMITTED(id, previous) "{'type':'input_audio_buffer.committed'," \
    "'previous_item_id':" previous ",'item_id':'" id "'}\n"
#define REFUSED(commit) "{'type':'error','error':{'type':" \
    "'invalid_request_error','code':'input_audio_buffer_commit_empty'," \
    "'message':'empty','event_id':'" commit "'}}\n"
#define DELTA(id, text) "{'type':" \
    "'conversation.item.input_audio_transcription.delta'," \
    "'item_id':'" id "','delta':'" text "'}\n"
#define SAID(id, text) "{'type':" \
    "'conversation.item.input_audio_transcription.completed'," \
    "'item_id':'" id "','transcript':'" text "'}\n"

/* Words come while one speaks, the item is known by its first. */
GST_START_TEST (test_streamed)
{
  rec.partials = rec.states = TRUE;
  recorder_feed (&rec, SESSION STARTED ("500"));
  recorder_expect (&rec, "state connected idle\nstate connected user-speaking");
  fail_unless (realtime_conversation_is_user_speaking (rec.conversation));
  recorder_feed (&rec, DELTA ("U1", "Good") DELTA ("U1", " day"));
  recorder_expect (&rec, "U1 u 0 [1500-?] +Good\nU1 u 0 [1500-?] + day");
  recorder_feed (&rec, STOPPED ("2000", "c1") COMMITTED ("U1", "null"));
  recorder_expect (&rec, "state connected idle");
  fail_if (realtime_conversation_is_user_speaking (rec.conversation));
  fail_unless_equals_uint64 (realtime_conversation_get_heard_ms
      (rec.conversation), 2000);
  recorder_feed (&rec, SAID ("U1", "Good day."));
  recorder_expect (&rec, "U1 u 0 [1500-3000] Good day.");
}

GST_END_TEST;

/* The next has begun, or is over too, when the last is committed: each item has
 * its own times, and who speaks goes on to. */
GST_START_TEST (test_overlapping)
{
  recorder_feed (&rec, SESSION STARTED ("0") DELTA ("U1", "One")
      STOPPED ("1000", "c1") STARTED ("1000") DELTA ("U1", " more")
      COMMITTED ("U1", "null"));
  fail_unless (realtime_conversation_is_user_speaking (rec.conversation));
  recorder_feed (&rec, DELTA ("U2", "Two") SAID ("U1", "One more.")
      STOPPED ("2000", "c2") STARTED ("3000") STOPPED ("4000", "c3")
      COMMITTED ("U2", "'U1'") COMMITTED ("U3", "'U2'")
      SAID ("U3", "Three.") SAID ("U2", "Two."));
  recorder_expect (&rec, "U1 u 0 [1000-2000] One more.\n"
      "U3 u 2 [4000-5000] Three.\nU2 u 1 [2000-3000] Two.");
  fail_unless_equals_int (realtime_conversation_get_pending_transcripts
      (rec.conversation), 0);
}

GST_END_TEST;

/* Two items have words before either is committed. */
GST_START_TEST (test_words_before_commits)
{
  recorder_feed (&rec, SESSION STARTED ("0") DELTA ("U1", "One")
      STOPPED ("1000", "c1") STARTED ("1500") DELTA ("U2", "Two")
      STOPPED ("2500", "c2") DELTA ("U1", ".") COMMITTED ("U1", "null")
      COMMITTED ("U2", "'U1'") SAID ("U1", "One.") SAID ("U2", "Two."));
  recorder_expect (&rec, "U1 u 0 [1000-2000] One.\nU2 u 1 [2500-3500] Two.");
}

GST_END_TEST;

/* A commit that was refused has no item. */
GST_START_TEST (test_refused)
{
  recorder_feed (&rec, SESSION STARTED ("0") STOPPED ("60", "c1")
      STARTED ("1000") STOPPED ("2000", "c2") REFUSED ("c1")
      COMMITTED ("U2", "null") SAID ("U2", "Two.") REFUSED ("c1")
      REFUSED ("other"));
  fail_unless (g_str_has_suffix (g_ptr_array_index (rec.notes,
              rec.notes->len - 3), "U2 u 0 [2000-3000] Two."));
}

GST_END_TEST;

/* Nobody commits it: a session without our commits. */
GST_START_TEST (test_not_committed)
{
  recorder_feed (&rec, SESSION STARTED ("0")
      "{'type':'realtimebin.speech_stopped','audio_end_ms':900}\n"
      STARTED ("1000") STOPPED ("2000", "c2") COMMITTED ("U1", "null")
      SAID ("U1", "One."));
  recorder_expect (&rec, "U1 u 0 [2000-3000] One.");
}

GST_END_TEST;

/* The application commits in the middle: what is said after that is of another
 * item. */
GST_START_TEST (test_committed_by_hand)
{
  recorder_feed (&rec, SESSION STARTED ("0") COMMITTED ("U1", "null"));
  fail_unless (realtime_conversation_is_user_speaking (rec.conversation));
  recorder_feed (&rec, SAID ("U1", "One.") STOPPED ("2000", "c1")
      COMMITTED ("U2", "'U1'") SAID ("U2", "Two.") COMMITTED ("U3", "'U2'")
      SAID ("U3", "Three."));
  recorder_expect (&rec, "U1 u 0 [1000-?] One.\nU2 u 1 [?-3000] Two.\n"
      "U3 u 2 [?-?] Three.");
}

GST_END_TEST;

/* Whatever order it comes in, and however much of it. */
GST_START_TEST (test_nonsense)
{
  guint i;

  recorder_feed (&rec, STOPPED ("100", "c") COMMITTED ("U1", "null")
      STARTED ("-1") STARTED ("'x'") STOPPED ("99999999999999", "c")
      STARTED ("5") "{'type':'realtimebin.speech_stopped'}\n"
      "{'type':'realtimebin.speech_started'}\n");
  for (i = 0; i < 1000; i++)
    recorder_feed (&rec, STARTED ("5") STOPPED ("6", "c"));
  recorder_feed (&rec, SAID ("U1", "One.")
      "{'type':'realtimebin.state','connection':'closed','turn':'idle'}\n");
  fail_if (realtime_conversation_is_user_speaking (rec.conversation));
}

GST_END_TEST;

static Suite *
session_ownturns_suite (void)
{
  Suite *s = suite_create ("session-ownturns");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, test_streamed);
  tcase_add_test (tc, test_overlapping);
  tcase_add_test (tc, test_words_before_commits);
  tcase_add_test (tc, test_refused);
  tcase_add_test (tc, test_not_committed);
  tcase_add_test (tc, test_committed_by_hand);
  tcase_add_test (tc, test_nonsense);
  return s;
}

GST_CHECK_MAIN (session_ownturns);
