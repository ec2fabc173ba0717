/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each sum stands in its test as it was worked out by hand.
 */

#include <math.h>
#include <string.h>
#include <gst/check/gstcheck.h>

#include "session/failure.h"
#include "session/json.h"
#include "session/prices.h"
#include "session/usage.h"

#define TABLE "{'date':'2026-11-21','models':{" \
  "'talk':{'usd_per_million_tokens':{" \
  "'text':{'input':4,'cached':0.4,'output':24}," \
  "'audio':{'input':32,'cached':0.4,'output':64}," \
  "'image':{'input':0.8}}}," \
  "'write':{'usd_per_minute':0.017}," \
  "'tokens':{'usd_per_million_tokens':{'audio':{'input':6}," \
  "'text':{'output':10}}}}}"

static RealtimePrices *
parse (const gchar * text, GError ** error)
{
  g_autofree gchar *json = g_strdelimit (g_strdup (text), "'", '"');

  return realtime_prices_parse (json, -1, error);
}

/* What is in @json of a usage is spent, of a response or a transcription. */
static void
spend (RealtimeCost * cost, const RealtimePrices * prices,
    const gchar * model, const gchar * json)
{
  g_autofree gchar *text = g_strdelimit (g_strdup (json), "'", '"');
  g_autoptr (JsonObject) usage = realtime_json_parse_object (text, -1, NULL);
  gboolean talk = g_str_has_prefix (model, "talk");
  RealtimeUsage before = { 0, }, after = { 0, };
  g_autofree gchar *missing = NULL;

  fail_unless (usage != NULL);
  if (talk)
    realtime_usage_add_response (&after, usage);
  else
    realtime_usage_add_transcription (&after, usage);
  missing = realtime_cost_add (cost, prices, talk ? model : NULL,
      talk ? NULL : model, &before, &after);
  fail_unless (missing == NULL, "%s", missing);
}

static void
expect_usd (const RealtimeCost * cost, gdouble usd)
{
  gdouble is = realtime_cost_get_usd (cost);

  fail_unless (fabs (is - usd) < 1e-9, "%.15g is not %.15g", is, usd);
}

GST_START_TEST (test_responses)
{
  g_autoptr (RealtimePrices) prices = parse (TABLE, NULL);
  RealtimeCost cost = { 0, };

  fail_unless (prices != NULL);
  fail_unless_equals_string (realtime_prices_get_date (prices), "2026-11-21");
  expect_usd (&cost, 0);

  /* The usage of the reference's example:
   * text   (180 - 128) * 4 + 128 * 0.4 =  208 + 51.2  =  259.2
   * audio  120 * 32                    = 3840
   * out    30 * 24 + 80 * 64           =  720 + 5120  = 5840
   * sum    9939.2 millionths */
  spend (&cost, prices, "talk", "{'total_tokens':410,'input_tokens':300,"
      "'output_tokens':110,'input_token_details':{'text_tokens':180,"
      "'audio_tokens':120,'image_tokens':0,'cached_tokens':128,"
      "'cached_tokens_details':{'text_tokens':128,'audio_tokens':0}},"
      "'output_token_details':{'text_tokens':30,'audio_tokens':80}}");
  expect_usd (&cost, 0.0099392);

  /* no details: all of it is text; 100 * 4 + 10 * 24 = 640 */
  spend (&cost, prices, "talk", "{'input_tokens':100,'output_tokens':10}");
  expect_usd (&cost, 0.0105792);

  /* an image, for whose cached tokens there is no other price:
   * 1000 * 0.8 = 800, 1 * 24 */
  spend (&cost, prices, "talk", "{'input_tokens':1000,'output_tokens':1,"
      "'input_token_details':{'image_tokens':1000,'cached_tokens':1000,"
      "'cached_tokens_details':{'image_tokens':1000}}}");
  expect_usd (&cost, 0.0114032);

  /* the kind of what was cached is not told: the text first, then the audio;
   * 10 * 0.4 + 5 * 0.4 + 15 * 32 = 486 */
  spend (&cost, prices, "talk-2026-12-24", "{'input_tokens':30,"
      "'input_token_details':{'text_tokens':10,'audio_tokens':20,"
      "'cached_tokens':15}}");
  expect_usd (&cost, 0.0118892);
}

GST_END_TEST;

GST_START_TEST (test_transcriptions)
{
  g_autoptr (RealtimePrices) prices = parse (TABLE, NULL);
  RealtimeCost cost = { 0, };

  /* 2.3 s at 0.017 a minute: 0.0391 / 60 */
  spend (&cost, prices, "write", "{'type':'duration','seconds':2.3}");
  expect_usd (&cost, 0.000651666666667);
  /* 26 audio tokens are 2.6 s: 0.0442 / 60 */
  spend (&cost, prices, "write", "{'type':'tokens','input_tokens':26,"
      "'input_token_details':{'text_tokens':0,'audio_tokens':26},"
      "'output_tokens':9}");
  expect_usd (&cost, 0.001388333333333);

  /* by the token: 26 * 6 + 9 * 10 = 246 */
  memset (&cost, 0, sizeof (cost));
  spend (&cost, prices, "tokens", "{'type':'tokens','input_tokens':26,"
      "'input_token_details':{'text_tokens':0,'audio_tokens':26},"
      "'output_tokens':9}");
  expect_usd (&cost, 0.000246);
}

GST_END_TEST;

/* A day of turns of 1.3 s, each of which costs an endless fraction:
 * 100000 * 1.3 * 0.017 / 60 = 36.8333... */
GST_START_TEST (test_no_drift)
{
  g_autoptr (RealtimePrices) prices = parse (TABLE, NULL);
  RealtimeCost cost = { 0, };
  RealtimeUsage before = { 0, }, after = { 0, };
  guint i;

  for (i = 0; i < 100000; i++) {
    after.transcription_seconds += 1.3;
    after.output_audio_tokens += 1;
    after.output_tokens += 1;
    fail_unless (realtime_cost_add (&cost, prices, "talk", "write", &before,
            &after) == NULL);
    before = after;
  }
  /* and 100000 * 64 millionths */
  expect_usd (&cost, 36.833333333333 + 6.4);
}

GST_END_TEST;

GST_START_TEST (test_unknown)
{
  g_autoptr (RealtimePrices) prices = parse (TABLE, NULL);
  RealtimeUsage none = { 0, }, some = { 0, };
  RealtimeCost cost = { 0, };
  gchar *missing;

  some.input_tokens = 5;
  missing = realtime_cost_add (&cost, prices, "other", "write", &none, &some);
  fail_unless_equals_string (missing, "the model other");
  g_free (missing);
  fail_unless (realtime_cost_get_usd (&cost) < 0);
  /* said once */
  fail_unless (realtime_cost_add (&cost, prices, "talk", NULL, &none,
          &some) == NULL);
  fail_unless (realtime_cost_get_usd (&cost) < 0);

  memset (&cost, 0, sizeof (cost));
  some.input_tokens = 0;
  some.transcription_seconds = 1;
  missing = realtime_cost_add (&cost, prices, "talk", "tokens", &none, &some);
  fail_unless_equals_string (missing,
      "a minute of the transcription model tokens");
  g_free (missing);

  /* nothing was used: nothing is missing */
  memset (&cost, 0, sizeof (cost));
  fail_unless (realtime_cost_add (&cost, NULL, NULL, NULL, &none,
          &none) == NULL);
  missing = realtime_cost_add (&cost, NULL, NULL, NULL, &none, &some);
  fail_unless_equals_string (missing, "the transcription model of the session");
  g_free (missing);
}

GST_END_TEST;

/* The most that a server can claim does not wrap around. */
GST_START_TEST (test_bounds)
{
  g_autoptr (RealtimePrices) prices = parse ("{'date':'2026-01-01','models':{"
      "'talk':{'usd_per_million_tokens':{'text':{'input':10000}}},"
      "'write':{'usd_per_minute':10}}}", NULL);
  RealtimeCost cost = { 0, };

  spend (&cost, prices, "talk", "{'input_tokens':9000000000000000000}");
  expect_usd (&cost, 1e6);
  spend (&cost, prices, "write", "{'seconds':1e300}");
  expect_usd (&cost, 1e6 + 14400);
  spend (&cost, prices, "write", "{'input_tokens':9000000000000000000}");
  expect_usd (&cost, 1e6 + 28800);
  spend (&cost, prices, "talk", "{'input_tokens':-5}");
  expect_usd (&cost, 1e6 + 28800);
}

GST_END_TEST;

GST_START_TEST (test_bad_tables)
{
  const struct
  {
    const gchar *json, *advice;
  } rows[] = {
    {"{", "line 1"},
    {"[]", "not an object"},
    {"{'models':{}}", "YYYY-MM-DD"},
    {"{'date':'21.11.2026','models':{}}", "YYYY-MM-DD"},
    {"{'date':'2026-11-21'}", "models must be an object"},
    {"{'date':'2026-11-21','models':{},'currency':'EUR'}", "USD"},
    {"{'date':'2026-11-21','models':{},'x':1}", "has a member \"x\""},
    {"{'date':'2026-11-21','models':{'a':1}}", "the model a must be"},
    {"{'date':'2026-11-21','models':{'a':{'usd_per_hour':1}}}",
        "usd_per_hour"},
    {"{'date':'2026-11-21','models':{'a':{'usd_per_minute':'1'}}}",
        "usd_per_minute must be a number"},
    {"{'date':'2026-11-21','models':{'a':{'usd_per_minute':-1}}}",
        "from 0 to 10"},
    {"{'date':'2026-11-21','models':{'a':{'usd_per_million_tokens':[]}}}",
        "must be an object"},
    {"{'date':'2026-11-21','models':{'a':{'usd_per_million_tokens':{"
          "'video':{}}}}}", "\"video\""},
    {"{'date':'2026-11-21','models':{'a':{'usd_per_million_tokens':{"
          "'text':4}}}}", "the model a.text must be an object"},
    {"{'date':'2026-11-21','models':{'a':{'usd_per_million_tokens':{"
          "'text':{'in':4}}}}}", "\"in\""},
    {"{'date':'2026-11-21','models':{'a':{'usd_per_million_tokens':{"
          "'text':{'input':1e5}}}}}", "from 0 to 10000"},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;

    fail_unless (parse (rows[i].json, &error) == NULL, "%s", rows[i].json);
    fail_unless (g_error_matches (error, REALTIME_FAILURE,
            REALTIME_FAILURE_SETTINGS));
    fail_unless (strstr (error->message, rows[i].advice) != NULL, "%s",
        error->message);
  }
}

GST_END_TEST;

/* The table that is shipped has the prices that it should have. */
GST_START_TEST (test_shipped)
{
  g_autofree gchar *path = g_build_filename (g_getenv ("REALTIME_SOURCE_DIR"),
      "data", "gst-plugins-realtime", "prices.json", NULL);
  g_autoptr (RealtimePrices) prices = NULL;
  g_autofree gchar *text = NULL;
  g_autoptr (GError) error = NULL;
  RealtimeUsage none = { 0, }, talk = { 0, }, minute = { 0, };
  const struct
  {
    const gchar *model;
    gdouble usd;
  } minutes[] = {
    {"gpt-realtime-whisper", 0.017}, {"gpt-live-transcribe", 0.017},
    {"gpt-transcribe", 0.0045}, {"whisper-1", 0.006},
    {"gpt-4o-transcribe", 0.006}, {"gpt-4o-mini-transcribe", 0.003},
    {"gpt-4o-mini-transcribe-2025-12-15", 0.003}
  }, talks[] = {
    /* 1000 of each: text in and out, audio in and out */
    {"gpt-realtime-2.1", 0.124}, {"gpt-realtime-2", 0.124},
    {"gpt-realtime-2.1-mini", 0.033}, {"gpt-realtime", 0.116},
    {"gpt-realtime-2025-08-28", 0.116}, {"gpt-realtime-1.5", 0.116},
    {"gpt-realtime-mini", 0.033}, {"local-offline", 0}
  };
  guint i;

  fail_unless (g_file_get_contents (path, &text, NULL, NULL), "%s", path);
  prices = realtime_prices_parse (text, -1, &error);
  fail_unless (prices != NULL, "%s", error ? error->message : "");

  minute.transcription_seconds = 60;
  for (i = 0; i < G_N_ELEMENTS (minutes); i++) {
    RealtimeCost cost = { 0, };

    fail_unless (realtime_cost_add (&cost, prices, NULL, minutes[i].model,
            &none, &minute) == NULL, "%s", minutes[i].model);
    expect_usd (&cost, minutes[i].usd);
  }
  talk.input_tokens = talk.output_tokens = 2000;
  talk.input_text_tokens = talk.input_audio_tokens = 1000;
  talk.output_text_tokens = talk.output_audio_tokens = 1000;
  for (i = 0; i < G_N_ELEMENTS (talks); i++) {
    RealtimeCost cost = { 0, };

    fail_unless (realtime_cost_add (&cost, prices, talks[i].model, NULL,
            &none, &talk) == NULL, "%s", talks[i].model);
    expect_usd (&cost, talks[i].usd);
  }
}

GST_END_TEST;

static Suite *
session_prices_suite (void)
{
  Suite *s = suite_create ("session-prices");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_responses);
  tcase_add_test (tc, test_transcriptions);
  tcase_add_test (tc, test_no_drift);
  tcase_add_test (tc, test_unknown);
  tcase_add_test (tc, test_bounds);
  tcase_add_test (tc, test_bad_tables);
  tcase_add_test (tc, test_shipped);
  return s;
}

GST_CHECK_MAIN (session_prices);
