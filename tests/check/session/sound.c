/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a conversation makes of the sound that was really heard
 * (realtimebin.output), as against what the service tells of its playback.
 */

#include <gst/check/gstcheck.h>

#include "recorder.h"

#define AT(ms) "'gst_running_time':" #ms "000000,"
#define CREATED(r) "{'type':'response.created','response':{'id':'" r "'," \
    "'conversation_id':'c','status':'in_progress','output':[]}}\n"
#define DONE(r, status) "{'type':'response.done','response':{'id':'" r "'," \
    "'conversation_id':'c','status':'" status "','output':[]}}\n"
#define SPOKEN(r, id, words) \
    "{'type':'response.output_audio_transcript.delta'," \
    "'response_id':'" r "','item_id':'" id "','delta':'" words "'}\n"
#define PLAYBACK(r, what, ms) "{" AT (ms) "'type':'output_audio_buffer." what \
    "','response_id':'" r "'}\n"
#define SILENT "{" AT (1) "'type':'realtimebin.output','state':'stopped'}\n"
#define SOUND(what, at, ms) "{" AT (at) "'type':'realtimebin.output'," \
    "'state':'" what "','running_time':" #ms "000000}\n"

#define LOST(ms) "{" AT (ms) "'type':'realtimebin.state'," \
    "'connection':'reconnecting','turn':'idle','attempt':1}\n"

static void
expect_waiting (gboolean waiting)
{
  fail_unless_equals_int (realtime_conversation_awaits_sound
      (rec.conversation), waiting);
}

static void
expect_playing (gboolean playing)
{
  fail_unless_equals_int (realtime_conversation_is_output_playing
      (rec.conversation), playing);
}

/* The words are where they were heard, and final when they were. */
GST_START_TEST (test_placed_by_sound)
{
  rec.partials = TRUE;
  recorder_feed (&rec, SILENT CREATED ("R1") PLAYBACK ("R1", "started", 2000)
      SPOKEN ("R1", "A1", "Hello"));
  recorder_expect (&rec, "A1 a 0 [2000-?] +Hello");
  recorder_feed (&rec, SOUND ("started", 2330, 2250)
      SPOKEN ("R1", "A1", " there.") DONE ("R1", "completed")
      PLAYBACK ("R1", "stopped", 3500));
  recorder_expect (&rec, "A1 a 0 [2250-?] + there.");
  expect_waiting (TRUE);
  expect_playing (TRUE);
  recorder_feed (&rec, SOUND ("stopped", 3900, 3620));
  recorder_expect (&rec, "A1 a 0 [2250-3620] Hello there.");
  expect_waiting (FALSE);
  expect_playing (FALSE);
}

GST_END_TEST;

/* Pauses are part of it; who tells late of its end keeps nobody waiting. */
GST_START_TEST (test_pauses)
{
  recorder_feed (&rec, SILENT CREATED ("R1") PLAYBACK ("R1", "started", 2000)
      SPOKEN ("R1", "A1", "One. Two.") SOUND ("started", 2300, 2250)
      SOUND ("stopped", 3400, 2900) SOUND ("started", 3600, 3550)
      DONE ("R1", "completed") SOUND ("stopped", 5000, 4500));
  recorder_expect (&rec, "");
  recorder_feed (&rec, PLAYBACK ("R1", "stopped", 5100));
  recorder_expect (&rec, "A1 a 0 [2250-4500] One. Two.");
}

GST_END_TEST;

/* The sound may come before the word that it has begun, and end before it. */
GST_START_TEST (test_told_late)
{
  recorder_feed (&rec, SILENT CREATED ("R1") SPOKEN ("R1", "A1", "Yes.")
      SOUND ("started", 2300, 2250) PLAYBACK ("R1", "started", 2400)
      DONE ("R1", "completed") PLAYBACK ("R1", "stopped", 2500)
      SOUND ("stopped", 2900, 2600));
  recorder_expect (&rec, "A1 a 0 [2250-2600] Yes.");
  recorder_feed (&rec, CREATED ("R2") SPOKEN ("R2", "A2", "No.")
      SOUND ("started", 4300, 4250) SOUND ("stopped", 4900, 4500)
      PLAYBACK ("R2", "started", 5000) DONE ("R2", "completed")
      PLAYBACK ("R2", "stopped", 5100));
  recorder_expect (&rec, "A2 a 1 [4250-4500] No.");
  /* nobody's sound is taken twice */
  recorder_feed (&rec, CREATED ("R3") SPOKEN ("R3", "A3", "So.")
      PLAYBACK ("R3", "started", 5200) DONE ("R3", "completed")
      PLAYBACK ("R3", "stopped", 5300));
  expect_waiting (TRUE);
  recorder_feed (&rec, SOUND ("started", 5500, 5400)
      SOUND ("stopped", 6000, 5600));
  recorder_expect (&rec, "A3 a 2 [5400-5600] So.");
}

GST_END_TEST;

/* Nothing to be heard: what the service told has to do. */
GST_START_TEST (test_silent_reply)
{
  recorder_feed (&rec, SILENT CREATED ("R1") PLAYBACK ("R1", "started", 2000)
      SPOKEN ("R1", "A1", "Hm.") DONE ("R1", "completed")
      PLAYBACK ("R1", "stopped", 3000));
  recorder_expect (&rec, "");
  recorder_feed (&rec,
      "{" AT (5000) "'type':'realtimebin.output','state':'stopped'}\n");
  recorder_expect (&rec, "A1 a 0 [2000-3000] Hm.");
}

GST_END_TEST;

/* A line that hums: the writer of the stream gives up waiting, the end is the
 * one that was told. */
GST_START_TEST (test_never_silent)
{
  recorder_feed (&rec, SILENT SOUND ("started", 500, 400) CREATED ("R1")
      PLAYBACK ("R1", "started", 9000) SPOKEN ("R1", "A1", "Hello.")
      DONE ("R1", "completed") PLAYBACK ("R1", "stopped", 9900));
  expect_waiting (TRUE);
  recorder_feed (&rec,
      "{" AT (15000) "'type':'realtimebin.output','state':'stopped'}\n");
  recorder_expect (&rec, "A1 a 0 [9000-9900] Hello.");
  expect_playing (FALSE);
}

GST_END_TEST;

/* How much was heard is measured, not what the service sent. */
GST_START_TEST (test_interrupted)
{
  recorder_feed (&rec, SILENT CREATED ("R1") PLAYBACK ("R1", "started", 1000)
      SPOKEN ("R1", "A1", "One two three four five six seven eight nine ten.")
      SOUND ("started", 1500, 1400) DONE ("R1", "completed")
      "{'type':'input_audio_buffer.speech_started','audio_start_ms':5,"
      "'item_id':'U1'}\n"
      "{'type':'conversation.item.truncated','item_id':'A1',"
      "'content_index':0,'audio_end_ms':1700}\n");
  recorder_expect (&rec, "");
  recorder_feed (&rec, PLAYBACK ("R1", "cleared", 2600));
  recorder_expect (&rec, "");
  recorder_feed (&rec, SOUND ("stopped", 2900, 2400));
  recorder_expect (&rec, "A1 a 0 [1400-2400] cut One two three");
}

GST_END_TEST;

GST_START_TEST (test_interrupted_unheard)
{
  rec.partials = TRUE;
  recorder_feed (&rec, SILENT CREATED ("R1") PLAYBACK ("R1", "started", 1000)
      SPOKEN ("R1", "A1", "One two.") PLAYBACK ("R1", "cleared", 1900)
      "{" AT (3000) "'type':'realtimebin.output','state':'stopped'}\n");
  recorder_expect (&rec, "A1 a 0 [1000-?] +One two.\nA1 a 0 [1000-1000] cut ");
}

GST_END_TEST;

/* Servers that do not tell of their playback. */
GST_START_TEST (test_untold)
{
  rec.states = TRUE;
  recorder_feed (&rec, SILENT CREATED ("R1") SPOKEN ("R1", "A1", "Hello.")
      SOUND ("started", 2300, 2250) DONE ("R1", "completed"));
  recorder_expect (&rec, "state closed thinking\n"
      "state closed assistant-speaking");
  expect_waiting (TRUE);
  recorder_feed (&rec, SOUND ("stopped", 3400, 3000));
  recorder_expect (&rec, "A1 a 0 [2250-3000] Hello.\nstate closed idle");

  rec.states = FALSE;
  recorder_feed (&rec, CREATED ("R2") SPOKEN ("R2", "A2", "Bye.")
      DONE ("R2", "completed"));
  expect_waiting (TRUE);
  recorder_feed (&rec, SOUND ("started", 4300, 4250)
      SOUND ("stopped", 5400, 5000));
  recorder_expect (&rec, "A2 a 1 [4250-5000] Bye.");

  /* an answer in text is no sound */
  recorder_feed (&rec, CREATED ("R3")
      "{'type':'response.output_text.delta','response_id':'R3',"
      "'item_id':'A3','delta':'Text.'}\n" DONE ("R3", "completed"));
  recorder_expect (&rec, "A3 a 2 [?-?] Text.");
}

GST_END_TEST;

/* Two replies in a row without a pause between them. */
GST_START_TEST (test_no_pause_between)
{
  recorder_feed (&rec, SILENT CREATED ("R1") PLAYBACK ("R1", "started", 1000)
      SPOKEN ("R1", "A1", "One.") SOUND ("started", 1200, 1150)
      DONE ("R1", "completed") PLAYBACK ("R1", "stopped", 2000)
      CREATED ("R2") PLAYBACK ("R2", "started", 2010)
      SPOKEN ("R2", "A2", "Two.") DONE ("R2", "completed")
      PLAYBACK ("R2", "stopped", 3000) SOUND ("stopped", 3500, 3150));
  recorder_expect (&rec, "A1 a 0 [1150-2160] One.\n" "A2 a 1 [2160-3150] Two.");
}

GST_END_TEST;

/* The session ends in the midst of it: nothing is lost. */
GST_START_TEST (test_end)
{
  recorder_feed (&rec, SILENT CREATED ("R1") PLAYBACK ("R1", "started", 1000)
      SPOKEN ("R1", "A1", "One.") SOUND ("started", 1200, 1150)
      DONE ("R1", "completed") PLAYBACK ("R1", "stopped", 2000));
  recorder_flush (&rec);
  recorder_expect (&rec, "A1 a 0 [1150-2000] One.");
  expect_waiting (FALSE);
  recorder_feed (&rec, SOUND ("stopped", 3500, 3150));
  recorder_expect (&rec, "");
}

GST_END_TEST;

/* What no bin of ours would write. */
GST_START_TEST (test_nonsense)
{
  recorder_feed (&rec, "{'type':'realtimebin.output'}\n"
      "{'type':'realtimebin.output','state':7,'running_time':1}\n"
      "{'type':'realtimebin.output','state':'started'}\n"
      "{'type':'realtimebin.output','state':'started','running_time':-4}\n"
      CREATED ("R1") SPOKEN ("R1", "A1", "One.") DONE ("R1", "completed"));
  recorder_expect (&rec, "A1 a 0 [?-?] One.");
  recorder_feed (&rec, "{'type':'realtimebin.output','state':'started',"
      "'running_time':9223372036854775807,'response_id':'R1'}\n"
      "{'type':'realtimebin.output','state':'stopped','running_time':1,"
      "'response_id':'none'}\n"
      "{'type':'realtimebin.output','state':'stopped','running_time':2}\n");
  recorder_flush (&rec);
  recorder_expect (&rec, "");
}

GST_END_TEST;

#define MANY "One two three four five six seven eight nine ten eleven twelve"

/* A session that is lost takes with it who speaks: as far as that was heard. */
GST_START_TEST (test_lost_in_mid_speech)
{
  recorder_feed (&rec, SILENT CREATED ("R1") PLAYBACK ("R1", "started", 1000)
      SOUND ("started", 1100, 1050) SPOKEN ("R1", "A1", MANY)
      DONE ("R1", "completed") LOST (2050));
  recorder_expect (&rec, "A1 a 0 [1050-2050] cut One two three");
  expect_waiting (FALSE);
  expect_playing (FALSE);
}

GST_END_TEST;

/* The link was silent for a while before it was given up. */
GST_START_TEST (test_lost_some_time_ago)
{
  recorder_feed (&rec, SILENT CREATED ("R1") PLAYBACK ("R1", "started", 1000)
      SOUND ("started", 1100, 1050) SPOKEN ("R1", "A1", MANY)
      DONE ("R1", "completed") SOUND ("stopped", 2400, 2050) LOST (9000));
  recorder_expect (&rec, "A1 a 0 [1050-2050] cut One two three");
}

GST_END_TEST;

/* What was over is whole; what is but written ends as it is. */
GST_START_TEST (test_lost_and_nothing_broken)
{
  recorder_feed (&rec, SILENT CREATED ("R1") PLAYBACK ("R1", "started", 1000)
      SOUND ("started", 1100, 1050) SPOKEN ("R1", "A1", MANY)
      DONE ("R1", "completed") PLAYBACK ("R1", "stopped", 2000)
      SOUND ("stopped", 2400, 2050) LOST (2500));
  recorder_expect (&rec, "A1 a 0 [1050-2050] " MANY);
  recorder_feed (&rec, CREATED ("R2") "{'type':'response.output_text.delta',"
      "'response_id':'R2','item_id':'A2','delta':'Half a'}\n" LOST (3000));
  recorder_expect (&rec, "A2 a 1 [?-?] cut Half a");
}

GST_END_TEST;

static Suite *
session_sound_suite (void)
{
  Suite *s = suite_create ("session-sound");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, test_placed_by_sound);
  tcase_add_test (tc, test_pauses);
  tcase_add_test (tc, test_told_late);
  tcase_add_test (tc, test_silent_reply);
  tcase_add_test (tc, test_never_silent);
  tcase_add_test (tc, test_interrupted);
  tcase_add_test (tc, test_interrupted_unheard);
  tcase_add_test (tc, test_untold);
  tcase_add_test (tc, test_no_pause_between);
  tcase_add_test (tc, test_end);
  tcase_add_test (tc, test_nonsense);
  tcase_add_test (tc, test_lost_in_mid_speech);
  tcase_add_test (tc, test_lost_some_time_ago);
  tcase_add_test (tc, test_lost_and_nothing_broken);
  return s;
}

GST_CHECK_MAIN (session_sound);
