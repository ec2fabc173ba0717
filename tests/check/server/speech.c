/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "peer.h"

#include <gst/check/gstcheck.h>
#include <math.h>
#include <string.h>

static Served *served;

static const gchar *const sentences[] = {
  "please tell me what time it is",
  "the train to london leaves at half past seven",
  "turn on the lights in the living room",
  "my brother bought a new car last week",
  "can you help me find a good restaurant",
  "the weather is going to be nice tomorrow",
  "she opened the window and looked outside",
  "i would like a cup of coffee with milk",
  "the meeting starts at nine in the morning",
  "we walked along the river for two hours"
};

#define TRANSCRIPTION \
  "{\"type\":\"transcription\",\"audio\":{\"input\":{\"transcription\":" \
  "{\"model\":\"gpt-transcribe\"}}}}"

/* Ten sentences over WebRTC: words, and where they stand. */
GST_START_TEST (test_words_and_places)
{
  Peer *peer = peer_new (served, TRANSCRIPTION, NULL);
  gint16 *pause = g_new0 (gint16, PEER_RATE * 3 / 2);
  guint errors = 0, words = 0, i;
  gdouble worst = 0;
  gint64 starts[G_N_ELEMENTS (sentences)], ends[G_N_ELEMENTS (sentences)];

  peer_expect (peer, "session.created", 10);
  peer_say (peer, pause, PEER_RATE / 2);
  for (i = 0; i < G_N_ELEMENTS (sentences); i++) {
    gsize n, start, end;
    gint16 *speech = speech_make (sentences[i], &n, &start, &end);
    gint64 at = peer_say (peer, speech, n);

    starts[i] = (at + start) / 16;
    ends[i] = (at + end) / 16;
    peer_say (peer, pause, PEER_RATE * 3 / 2);
    g_free (speech);
  }
  for (i = 0; i < G_N_ELEMENTS (sentences); i++) {
    JsonObject *started = peer_nth (peer,
        "input_audio_buffer.speech_started", i, 30);
    JsonObject *stopped = peer_nth (peer,
        "input_audio_buffer.speech_stopped", i, 30);
    JsonObject *completed = peer_nth (peer,
        "conversation.item.input_audio_transcription.completed", i, 30);
    gint64 from = json_object_get_int_member (started, "audio_start_ms");
    gint64 to = json_object_get_int_member (stopped, "audio_end_ms");
    const gchar *text = json_object_get_string_member (completed,
        "transcript");
    guint wrong, of;

    word_errors (sentences[i], text, &wrong, &of);
    errors += wrong;
    words += of;
    GST_INFO ("\"%s\": start %+d ms, end %+d ms", text,
        (gint) (from + 300 - starts[i]), (gint) (to - 500 - ends[i]));
    worst = MAX (worst, fabs ((gdouble) (from + 300 - starts[i])));
    worst = MAX (worst, fabs ((gdouble) (to - 500 - ends[i])));
    fail_unless_equals_string (json_object_get_string_member (started,
            "item_id"), json_object_get_string_member (completed, "item_id"));
  }
  GST_INFO ("%u of %u words wrong, worst place %.0f ms", errors, words, worst);
  fail_unless (errors * 100 <= words * 15, "%u of %u words are wrong", errors,
      words);
  fail_unless (worst <= 200, "a turn is %.0f ms off", worst);
  g_free (pause);
  peer_free (peer, TRUE);
}

GST_END_TEST;

static void
start_server (void)
{
  served = served_new (NULL);
}

static void
stop_server (void)
{
  served_free (served);
}

static Suite *
server_speech_suite (void)
{
  Suite *suite = suite_create ("server-speech");
  TCase *tc = tcase_create ("speech");

  tcase_set_timeout (tc, 120);
  suite_add_tcase (suite, tc);
  tcase_add_unchecked_fixture (tc, start_server, stop_server);
  tcase_add_test (tc, test_words_and_places);
  return suite;
}

GST_CHECK_MAIN (server_speech);
