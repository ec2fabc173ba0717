/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "session/dialect.h"
#include "session/envelope.h"
#include "session/json.h"

GST_START_TEST (test_dialects)
{
  static const struct
  {
    const gchar *event;
    RealtimeDialect dialect;
  } rows[] = {
    {"{\"type\":\"session.created\",\"session\":{\"type\":\"realtime\","
          "\"audio\":{}}}", REALTIME_DIALECT_GA},
    {"{\"type\":\"session.updated\",\"session\":{\"output_modalities\":[]}}",
        REALTIME_DIALECT_GA},
    {"{\"type\":\"session.created\",\"session\":{\"type\":\"realtime\"}}",
        REALTIME_DIALECT_GA},
    {"{\"type\":\"session.created\",\"session\":{\"id\":\"s\",\"modalities\":"
          "[\"text\"]}}", REALTIME_DIALECT_BETA},
    {"{\"type\":\"session.created\",\"session\":{\"turn_detection\":null}}",
        REALTIME_DIALECT_BETA},
    /* both: what is newer */
    {"{\"type\":\"session.created\",\"session\":{\"modalities\":[],\"audio\":"
          "{}}}", REALTIME_DIALECT_GA},
    {"{\"type\":\"transcription_session.created\",\"session\":{}}",
        REALTIME_DIALECT_BETA_TRANSCRIPTION},
    {"{\"type\":\"session.created\",\"session\":{\"id\":\"s\"}}",
        REALTIME_DIALECT_UNKNOWN},
    {"{\"type\":\"session.created\",\"session\":7}", REALTIME_DIALECT_UNKNOWN},
    {"{\"type\":\"response.created\",\"session\":{\"modalities\":[]}}",
        REALTIME_DIALECT_UNKNOWN},
    {"{}", REALTIME_DIALECT_UNKNOWN},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (JsonObject) event =
        realtime_json_parse_object (rows[i].event, -1, NULL);

    fail_unless_equals_int (realtime_dialect_of_event (event), rows[i].dialect);
  }
}

GST_END_TEST;

static void
check_translation (RealtimeDialect dialect, const gchar * event,
    const gchar * wanted)
{
  g_autofree gchar *got = realtime_dialect_translate (dialect, event);

  fail_unless_equals_string (got, wanted);
}

GST_START_TEST (test_translation)
{
  static const gchar *const update = "{\"type\":\"session.update\","
      "\"event_id\":\"e\",\"session\":{\"type\":\"realtime\",\"audio\":{"
      "\"input\":{\"format\":{\"type\":\"audio/pcm\",\"rate\":24000},"
      "\"transcription\":{\"model\":\"w\"},\"noise_reduction\":null,"
      "\"turn_detection\":{\"type\":\"server_vad\",\"threshold\":0.5}},"
      "\"output\":{\"voice\":\"marin\",\"speed\":1.2,\"format\":{\"type\":"
      "\"audio/pcmu\"}}},\"output_modalities\":[\"audio\"],"
      "\"instructions\":\"Sei „knapp“.\",\"max_output_tokens\":\"inf\","
      "\"tools\":[]}}";

  /* as they are */
  check_translation (REALTIME_DIALECT_GA, update, update);
  check_translation (REALTIME_DIALECT_UNKNOWN, update, update);
  check_translation (REALTIME_DIALECT_BETA, "no json", "no json");
  check_translation (REALTIME_DIALECT_BETA, "{\"type\":\"response.cancel\"}",
      "{\"type\":\"response.cancel\"}");

  check_translation (REALTIME_DIALECT_BETA, update,
      "{\"type\":\"session.update\",\"event_id\":\"e\",\"session\":{"
      "\"instructions\":\"Sei „knapp“.\",\"tools\":[],"
      "\"modalities\":[\"text\",\"audio\"],"
      "\"output_audio_format\":\"g711_ulaw\",\"voice\":\"marin\","
      "\"speed\":1.2,\"input_audio_format\":\"pcm16\","
      "\"input_audio_transcription\":{\"model\":\"w\"},"
      "\"input_audio_noise_reduction\":null,"
      "\"turn_detection\":{\"type\":\"server_vad\",\"threshold\":0.5},"
      "\"max_response_output_tokens\":\"inf\"}}");
  /* what was given in the older form by hand stays */
  check_translation (REALTIME_DIALECT_BETA,
      "{\"type\":\"session.update\",\"session\":{\"modalities\":[\"text\"],"
      "\"output_modalities\":[\"audio\"],\"voice\":\"a\",\"audio\":{\"output\":"
      "{\"voice\":\"b\"}}}}",
      "{\"type\":\"session.update\",\"session\":{\"modalities\":[\"text\"],"
      "\"voice\":\"a\"}}");
  /* only captions */
  check_translation (REALTIME_DIALECT_BETA,
      "{\"type\":\"session.update\",\"session\":{\"type\":\"transcription\","
      "\"audio\":{\"input\":{\"turn_detection\":{\"type\":\"server_vad\"}}}}}",
      "{\"type\":\"session.update\",\"session\":{\"turn_detection\":{\"type\":"
      "\"server_vad\",\"create_response\":false}}}");
  check_translation (REALTIME_DIALECT_BETA_TRANSCRIPTION,
      "{\"type\":\"session.update\",\"session\":{\"type\":\"transcription\","
      "\"audio\":{\"input\":{\"turn_detection\":{\"type\":\"server_vad\"}}}}}",
      "{\"type\":\"transcription_session.update\",\"session\":{"
      "\"turn_detection\":{\"type\":\"server_vad\"}}}");

  check_translation (REALTIME_DIALECT_BETA,
      "{\"type\":\"response.create\",\"response\":{\"output_modalities\":["
      "\"text\"],\"audio\":{\"output\":{\"voice\":\"v\"}}}}",
      "{\"type\":\"response.create\",\"response\":{\"modalities\":[\"text\"],"
      "\"voice\":\"v\"}}");
  check_translation (REALTIME_DIALECT_BETA,
      "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\","
      "\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\","
      "\"text\":\"a\"},7]}}",
      "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\","
      "\"role\":\"assistant\",\"content\":[{\"type\":\"text\","
      "\"text\":\"a\"},7]}}");
  /* nonsense survives */
  check_translation (REALTIME_DIALECT_BETA,
      "{\"type\":\"session.update\",\"session\":7}",
      "{\"type\":\"session.update\",\"session\":7}");
  check_translation (REALTIME_DIALECT_BETA,
      "{\"type\":\"session.update\",\"session\":{\"audio\":[1]}}",
      "{\"type\":\"session.update\",\"session\":{}}");
}

GST_END_TEST;

static RealtimeEnvelopeResult
open_one (RealtimeEnvelope * envelope, gchar ** event, const gchar * format,
    ...)
{
  va_list args;
  g_autofree gchar *text = NULL;
  g_autoptr (JsonObject) message = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_clear_pointer (event, g_free);
  message = realtime_json_parse_object (text, -1, NULL);
  fail_unless (message != NULL, "%s", text);
  return realtime_envelope_open (envelope, message, event);
}

#define PIECE "{\"type\":\"partial_message\",\"id\":\"%s\",\"data\":\"%.*s\"," \
    "\"fragment_index\":%d,\"total_fragments\":%d}"

GST_START_TEST (test_envelopes)
{
  static const gchar inner[] =
      "{\"type\":\"session.created\",\"x\":\"é語😀\"}";
  g_autofree gchar *data = g_base64_encode ((const guchar *) inner,
      strlen (inner));
  g_autoptr (RealtimeEnvelope) envelope = realtime_envelope_new ();
  g_autofree gchar *event = NULL;
  gint third = strlen (data) / 3, rest = strlen (data) - 2 * third;

  fail_unless_equals_int (open_one (envelope, &event,
          "{\"type\":\"session.created\"}"), REALTIME_ENVELOPE_NONE);
  fail_unless_equals_int (open_one (envelope, &event,
          "{\"type\":\"full_message\",\"id\":\"a\",\"data\":\"%s\"}", data),
      REALTIME_ENVELOPE_WHOLE);
  fail_unless_equals_string (event, inner);

  /* in any order, one twice; cut inside a character */
  fail_unless_equals_int (open_one (envelope, &event, PIECE, "b", rest,
          data + 2 * third, 2, 3), REALTIME_ENVELOPE_PART);
  fail_unless_equals_int (open_one (envelope, &event, PIECE, "b", third, data,
          0, 3), REALTIME_ENVELOPE_PART);
  fail_unless_equals_int (open_one (envelope, &event, PIECE, "b", third, data,
          0, 3), REALTIME_ENVELOPE_PART);
  fail_unless_equals_int (open_one (envelope, &event, PIECE, "b", third,
          data + third, 1, 3), REALTIME_ENVELOPE_WHOLE);
  fail_unless_equals_string (event, inner);

  /* one whose rest never comes holds up nobody */
  fail_unless_equals_int (open_one (envelope, &event, PIECE, "c", third, data,
          0, 3), REALTIME_ENVELOPE_PART);
  fail_unless_equals_int (open_one (envelope, &event, PIECE, "d",
          (gint) strlen (data), data, 0, 1), REALTIME_ENVELOPE_WHOLE);
  fail_unless_equals_string (event, inner);
}

GST_END_TEST;

GST_START_TEST (test_bad_envelopes)
{
  static const gchar *const bad[] = {
    "{\"type\":\"full_message\"}",
    "{\"type\":\"full_message\",\"data\":\"\"}",
    "{\"type\":\"full_message\",\"data\":\"*?\"}",
    "{\"type\":\"full_message\",\"data\":\"YQBi\"}",
    "{\"type\":\"partial_message\",\"id\":\"a\",\"data\":\"YQ\"}",
    "{\"type\":\"partial_message\",\"id\":\"a\",\"data\":\"YQ\","
        "\"fragment_index\":3,\"total_fragments\":3}",
    "{\"type\":\"partial_message\",\"id\":\"a\",\"data\":\"YQ\","
        "\"fragment_index\":-1,\"total_fragments\":3}",
    "{\"type\":\"partial_message\",\"id\":\"a\",\"data\":\"YQ\","
        "\"fragment_index\":0,\"total_fragments\":99999999}",
    "{\"type\":\"partial_message\",\"data\":\"YQ\","
        "\"fragment_index\":0,\"total_fragments\":1}",
    "{\"type\":\"partial_message\",\"id\":\"a\","
        "\"fragment_index\":0,\"total_fragments\":1}",
  };
  g_autoptr (RealtimeEnvelope) envelope = realtime_envelope_new ();
  g_autofree gchar *event = NULL;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (bad); i++) {
    fail_unless_equals_int (open_one (envelope, &event, "%s", bad[i]),
        REALTIME_ENVELOPE_BROKEN);
    fail_unless (event == NULL);
  }
}

GST_END_TEST;

static Suite *
dialect_suite (void)
{
  Suite *s = suite_create ("dialect");
  TCase *tc = tcase_create ("dialect");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_dialects);
  tcase_add_test (tc, test_translation);
  tcase_add_test (tc, test_envelopes);
  tcase_add_test (tc, test_bad_envelopes);
  return s;
}

GST_CHECK_MAIN (dialect);
