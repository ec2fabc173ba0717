/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "peer.h"

#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define REALTIME "{\"type\":\"realtime\"}"
#define TRANSCRIPTION "{\"type\":\"transcription\"}"
#define MANUAL "{\"type\":\"realtime\",\"audio\":{\"input\":" \
  "{\"turn_detection\":null}}}"
#define UPDATE "{\"type\":\"session.update\",\"session\":" \
  "{\"type\":\"realtime\",\"instructions\":\"be brief\"}}"
#define ITEM "{\"type\":\"conversation.item.create\",\"item\":" \
  "{\"type\":\"message\",\"role\":\"user\",\"content\":" \
  "[{\"type\":\"input_text\",\"text\":\"hello\"}]}}"

static const gchar *const sentences[] = {
  "turn on the lights in the living room",
  "my brother bought a new car last week",
  "can you help me find a good restaurant",
  "i would like a cup of coffee with milk"
};

static const gchar *
get (JsonObject * object, const gchar * name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

/* Four sessions at once, each with its own words; a fifth is refused. */
GST_START_TEST (test_four_sessions)
{
  Served *served = served_new (NULL);
  Peer *peers[G_N_ELEMENTS (sentences)], *fifth;
  gint16 *pause = g_new0 (gint16, PEER_RATE);
  guint i, status = 0, errors = 0, words = 0;

  for (i = 0; i < G_N_ELEMENTS (sentences); i++)
    peers[i] = peer_new (served, TRANSCRIPTION, NULL);
  fifth = peer_new (served, TRANSCRIPTION, &status);
  fail_unless (fifth == NULL);
  fail_unless_equals_int (status, 429);
  for (i = 0; i < G_N_ELEMENTS (sentences); i++) {
    gsize n, start, end;
    gint16 *speech = speech_make (sentences[i], &n, &start, &end);

    peer_say (peers[i], pause, PEER_RATE / 2);
    peer_say (peers[i], speech, n);
    peer_say (peers[i], pause, PEER_RATE);
    g_free (speech);
  }
  for (i = 0; i < G_N_ELEMENTS (sentences); i++) {
    JsonObject *event = peer_expect (peers[i],
        "conversation.item.input_audio_transcription.completed", 40);
    guint wrong, of;

    word_errors (sentences[i], get (event, "transcript"), &wrong, &of);
    errors += wrong;
    words += of;
  }
  fail_unless (errors * 100 <= words * 15, "%u of %u words are wrong", errors,
      words);
  /* one goes, and there is room again */
  peer_free (peers[0], TRUE);
  peers[0] = peer_new (served, TRANSCRIPTION, &status);
  fail_unless_equals_int (status, 201);
  for (i = 0; i < G_N_ELEMENTS (sentences); i++)
    peer_free (peers[i], TRUE);
  g_free (pause);
  served_free (served);
}

GST_END_TEST;

/* A client that is gone without a word gives its place back. */
GST_START_TEST (test_client_vanishes)
{
  Served *served = served_new ("--asr none --max-sessions 1");
  Peer *peer = peer_new (served, REALTIME, NULL);
  gint64 end = g_get_monotonic_time () + 40 * G_USEC_PER_SEC;
  guint status = 0;

  peer_expect (peer, "session.created", 10);
  peer_free (peer, FALSE);
  peer = NULL;
  while (peer == NULL && g_get_monotonic_time () < end) {
    peer = peer_new (served, REALTIME, &status);
    fail_unless (peer != NULL || status == 429, "%u", status);
    if (peer == NULL)
      g_usleep (G_USEC_PER_SEC);
  }
  fail_unless (peer != NULL, "the place was never free again");
  peer_free (peer, TRUE);
  served_free (served);
}

GST_END_TEST;

GST_START_TEST (test_close_after)
{
  Served *served = served_new ("--asr none --fault close-after=200");
  Peer *peer = peer_new (served, REALTIME, NULL);

  fail_unless (peer_closed (peer, 10), "the channel was not closed");
  peer_free (peer, FALSE);
  served_free (served);
}

GST_END_TEST;

GST_START_TEST (test_session_expires)
{
  Served *served = served_new ("--asr none --fault session-expired-after=200");
  Peer *peer = peer_new (served, REALTIME, NULL);
  JsonObject *event = peer_expect (peer, "error", 10);

  event = json_object_get_object_member (event, "error");
  fail_unless_equals_string (get (event, "code"), "session_expired");
  fail_unless (peer_closed (peer, 10), "the channel was not closed");
  peer_free (peer, FALSE);
  served_free (served);
}

GST_END_TEST;

/* Calls in progress end with the server. */
GST_START_TEST (test_server_ends)
{
  Served *served = served_new ("--asr none");
  Peer *peer = peer_new (served, REALTIME, NULL);

  peer_expect (peer, "session.created", 10);
  served_free (served);
  fail_unless (peer_closed (peer, 10), "the channel was not closed");
  peer_free (peer, FALSE);
}

GST_END_TEST;

/* Mute, with its sockets open: nothing is answered, and it can be ended. */
GST_START_TEST (test_vanish)
{
  Served *served = served_new ("--asr none --fault vanish-after=200");
  Peer *peer = peer_new (served, REALTIME, NULL);
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  peer_expect (peer, "session.created", 10);
  /* an echo comes back until it is mute */
  do {
    fail_unless (g_get_monotonic_time () < end, "it still answers");
    peer_send (peer, ITEM);
  } while (peer_wait (peer, "conversation.item.added", 1) != NULL);
  fail_if (peer_closed (peer, 0));
  peer_free (peer, FALSE);
  served_free (served);
}

GST_END_TEST;

GST_START_TEST (test_die)
{
  Served *served = served_new ("--asr none --fault die-after=100");
  Peer *peer = peer_new (served, REALTIME, NULL);
  gint status;

  fail_unless_equals_int (waitpid (served->pid, &status, 0), served->pid);
  fail_unless (WIFEXITED (status) && WEXITSTATUS (status) == 1);
  peer_free (peer, FALSE);
  g_free (served->base_url);
  g_free (served->api_key);
  g_free (served);
}

GST_END_TEST;

GST_START_TEST (test_silent_channel)
{
  Served *served = served_new ("--asr none --fault channel-silent");
  Peer *peer = peer_new (served, REALTIME, NULL);

  peer_send (peer, UPDATE);
  fail_unless (peer_wait (peer, "session.created", 1) == NULL);
  fail_unless_equals_int (peer_bytes (peer), 0);
  peer_free (peer, TRUE);
  served_free (served);
}

GST_END_TEST;

GST_START_TEST (test_no_session_updated)
{
  Served *served = served_new ("--asr none --fault no-session-updated");
  Peer *peer = peer_new (served, REALTIME, NULL);
  gchar *types;

  peer_send (peer, UPDATE);
  peer_send (peer, ITEM);
  peer_expect (peer, "conversation.item.added", 10);
  types = peer_types (peer);
  fail_unless (strstr (types, "session.updated") == NULL, "%s", types);
  g_free (types);
  peer_free (peer, TRUE);
  served_free (served);
}

GST_END_TEST;

GST_START_TEST (test_big_event)
{
  Served *served = served_new ("--asr none --fault big-event=300000");
  Peer *peer = peer_new (served, REALTIME, NULL);

  peer_send (peer, UPDATE);
  /* in pieces, none of which is JSON */
  while (peer_bytes (peer) < 300000)
    peer_expect (peer, "broken", 20);
  peer_send (peer, ITEM);
  peer_expect (peer, "conversation.item.added", 20);
  peer_free (peer, TRUE);
  served_free (served);
}

GST_END_TEST;

/* Client events of more than one piece are put together again. */
GST_START_TEST (test_big_client_event)
{
  Served *served = served_new ("--asr none");
  Peer *peer = peer_new (served, REALTIME, NULL);
  GString *text = g_string_new ("{\"type\":\"conversation.item.retrieve\","
      "\"event_id\":\"big\",\"item_id\":\"");
  JsonObject *event;

  while (text->len < 200000)
    g_string_append (text, "\xe2\x82\xac{}\\\" ");
  g_string_append (text, "\"}");
  peer_send (peer, text->str);
  event = peer_expect (peer, "error", 20);
  event = json_object_get_object_member (event, "error");
  fail_unless_equals_string (get (event, "event_id"), "big");
  fail_unless_equals_string (get (event, "code"),
      "item_retrieve_invalid_item_id");
  g_string_free (text, TRUE);
  peer_free (peer, TRUE);
  served_free (served);
}

GST_END_TEST;

GST_START_TEST (test_broken_events)
{
  static const gchar *const faults[] = { "bad-json", "bad-utf8" };
  gchar *option = g_strdup_printf ("--asr none --fault %s", faults[__i__]);
  Served *served = served_new (option);
  Peer *peer = peer_new (served, REALTIME, NULL);

  peer_expect (peer, "session.created", 10);
  peer_expect (peer, "broken", 10);
  peer_send (peer, ITEM);
  peer_expect (peer, "conversation.item.added", 10);
  g_free (option);
  peer_free (peer, TRUE);
  served_free (served);
}

GST_END_TEST;

static void
say (Peer * peer)
{
  gint16 *pause = g_new0 (gint16, PEER_RATE);
  gsize n, start, end;
  gint16 *speech = speech_make (sentences[0], &n, &start, &end);

  peer_say (peer, pause, PEER_RATE / 2);
  peer_say (peer, speech, n);
  peer_say (peer, pause, PEER_RATE);
  g_free (speech);
  g_free (pause);
}

GST_START_TEST (test_transcript_faults)
{
  Served *served = served_new ("--asr none --fault transcription-failed "
      "--fault late-transcript=300");
  Peer *peer = peer_new (served, TRANSCRIPTION, NULL);
  JsonObject *event;

  say (peer);
  peer_expect (peer, "input_audio_buffer.committed", 20);
  event = peer_expect (peer,
      "conversation.item.input_audio_transcription.failed", 10);
  event = json_object_get_object_member (event, "error");
  fail_unless_equals_string (get (event, "code"), "audio_unintelligible");
  peer_free (peer, TRUE);
  served_free (served);
}

GST_END_TEST;

/* Nobody speaks: the silence is committed and answered. */
GST_START_TEST (test_idle_timeout)
{
  Served *served = served_new ("--asr none");
  Peer *peer = peer_new (served, REALTIME, NULL);
  JsonObject *event;

  peer_send (peer, "{\"type\":\"session.update\",\"session\":{\"type\":"
      "\"realtime\",\"audio\":{\"input\":{\"turn_detection\":{\"type\":"
      "\"server_vad\",\"idle_timeout_ms\":5000}}}}}");
  peer_send (peer, "{\"type\":\"response.create\",\"response\":{"
      "\"instructions\":\"say hello\"}}");
  peer_expect (peer, "output_audio_buffer.stopped", 20);
  event = peer_expect (peer, "input_audio_buffer.timeout_triggered", 20);
  fail_unless (json_object_get_int_member (event, "audio_end_ms") -
      json_object_get_int_member (event, "audio_start_ms") > 4000);
  peer_expect (peer, "input_audio_buffer.committed", 10);
  peer_expect (peer, "response.created", 10);
  peer_free (peer, TRUE);
  served_free (served);
}

GST_END_TEST;

static gint16 *
read_wav (const gchar * directory, const gchar * call_id, const gchar * tail,
    gsize * n_samples)
{
  gchar *name = g_strconcat (call_id, tail, NULL);
  gchar *path = g_build_filename (directory, name, NULL), *data;
  gint16 *samples;
  guint32 bytes;
  gsize length;

  fail_unless (g_file_get_contents (path, &data, &length, NULL), "%s", path);
  fail_unless (length > 44 && memcmp (data, "RIFF", 4) == 0);
  memcpy (&bytes, data + 40, 4);
  fail_unless_equals_int (bytes, length - 44);
  *n_samples = bytes / 2;
  samples = g_memdup2 (data + 44, bytes);
  g_unlink (path);
  g_free (data);
  g_free (path);
  g_free (name);
  return samples;
}

/* The first loud sample, in ms. */
static gint
onset (const gint16 * samples, gsize n_samples)
{
  gsize i;

  for (i = 0; i < n_samples && ABS ((gint) samples[i]) < 1000; i++);
  return i / 48;
}

/* What was heard stands in the file where it was said, what was said is in the
 * other file, and both are whole when the hang-up is answered. */
GST_START_TEST (test_record)
{
  gchar *directory = g_dir_make_tmp ("realtime-server-XXXXXX", NULL);
  gchar *option = g_strdup_printf ("--asr none --record %s", directory);
  Served *served = served_new (option);
  Peer *peer = peer_new (served, MANUAL, NULL);
  static const gchar *const tails[] = { "-server.jsonl", "-client.jsonl" };
  gint16 *tone = g_new0 (gint16, PEER_RATE), *heard;
  gchar *call_id = g_strdup (peer_call_id (peer));
  gsize n, i;
  gint64 at;

  peer_expect (peer, "session.created", 10);
  for (i = PEER_RATE / 4; i < PEER_RATE / 2; i++)
    tone[i] = (i / 16) % 2 ? 8000 : -8000;
  at = peer_say (peer, tone, PEER_RATE) + PEER_RATE / 4;
  peer_said (peer);
  peer_send (peer, "{\"type\":\"response.create\",\"response\":{"
      "\"instructions\":\"say hello\"}}");
  peer_expect (peer, "output_audio_buffer.stopped", 20);
  peer_free (peer, TRUE);
  heard = read_wav (directory, call_id, "-heard.wav", &n);
  fail_unless (n > 48000);
  fail_unless (ABS (onset (heard, n) - (gint) (at / 16)) <= 15,
      "heard at %d ms, said at %d ms", onset (heard, n), (gint) (at / 16));
  g_free (heard);
  heard = read_wav (directory, call_id, "-said.wav", &n);
  fail_unless (onset (heard, n) > 500);
  fail_unless (onset (heard, n) < (gint) (n / 48));
  g_free (heard);
  for (i = 0; i < G_N_ELEMENTS (tails); i++) {
    gchar *name = g_strconcat (call_id, tails[i], NULL);
    gchar *path = g_build_filename (directory, name, NULL), *text;

    fail_unless (g_file_get_contents (path, &text, NULL, NULL));
    fail_unless (strstr (text, i == 0 ? "session.created" :
            "response.create") != NULL);
    g_unlink (path);
    g_free (text);
    g_free (path);
    g_free (name);
  }
  g_rmdir (directory);
  g_free (directory);
  g_free (option);
  g_free (call_id);
  g_free (tone);
  served_free (served);
}

GST_END_TEST;

static Suite *
server_life_suite (void)
{
  Suite *suite = suite_create ("server-life");
  TCase *tc = tcase_create ("life");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_close_after);
  tcase_add_test (tc, test_session_expires);
  tcase_add_test (tc, test_server_ends);
  tcase_add_test (tc, test_vanish);
  tcase_add_test (tc, test_die);
  tcase_add_test (tc, test_silent_channel);
  tcase_add_test (tc, test_no_session_updated);
  tcase_add_test (tc, test_big_event);
  tcase_add_test (tc, test_big_client_event);
  tcase_add_loop_test (tc, test_broken_events, 0, 2);
  tcase_add_test (tc, test_transcript_faults);
  tcase_add_test (tc, test_idle_timeout);
  tcase_add_test (tc, test_record);
  tcase_add_test (tc, test_client_vanishes);
  tc = tcase_create ("load");
  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_four_sessions);
  return suite;
}

GST_CHECK_MAIN (server_life);
