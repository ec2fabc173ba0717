/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "connection/settings.h"
#include "session/failure.h"

static GstRealtimeSettings *
make_settings (void)
{
  GstRealtimeSettings *settings = gst_realtime_settings_new ();

  settings->base_url = g_strdup ("http://127.0.0.1:9/v1");
  settings->api_key = g_strdup ("sk-local-x");

  return settings;
}

GST_START_TEST (test_defaults_are_good)
{
  GstRealtimeSettings *settings = make_settings ();
  GError *error = NULL;

  fail_unless (gst_realtime_settings_check (settings, &error), "%s",
      error ? error->message : "");
  gst_realtime_settings_free (settings);
}

GST_END_TEST;

GST_START_TEST (test_credentials)
{
  GstRealtimeSettings *settings = make_settings ();
  GError *error = NULL;

  g_clear_pointer (&settings->api_key, realtime_secret_free);
  fail_if (gst_realtime_settings_check (settings, &error));
  fail_unless (g_error_matches (error, REALTIME_FAILURE,
          REALTIME_FAILURE_CREDENTIALS));
  g_clear_error (&error);

  settings->token_pad = TRUE;
  fail_unless (gst_realtime_settings_check (settings, NULL));
  settings->token_pad = FALSE;
  settings->token = g_strdup ("ek_x");
  fail_unless (gst_realtime_settings_check (settings, NULL));

  /* what no header could carry, and what the error must not repeat */
  settings->api_key = g_strdup ("sk-local-x\r\nEvil: y");
  fail_if (gst_realtime_settings_check (settings, &error));
  fail_if (strstr (error->message, "Evil"));
  g_clear_error (&error);
  gst_realtime_settings_free (settings);
}

GST_END_TEST;

GST_START_TEST (test_urls)
{
  static const gchar *const bad[] = { "nowhere", "ftp://a/v1", "http://",
    "http:///v1", "http://a b/v1", "http://a\r\nX: y/v1"
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (bad); i++) {
    GstRealtimeSettings *settings = make_settings ();
    GError *error = NULL;

    g_free (settings->base_url);
    settings->base_url = g_strdup (bad[i]);
    fail_if (gst_realtime_settings_check (settings, &error), "\"%s\" passed",
        bad[i]);
    fail_unless (g_error_matches (error, REALTIME_FAILURE,
            REALTIME_FAILURE_SETTINGS));
    g_clear_error (&error);
    gst_realtime_settings_free (settings);
  }
}

GST_END_TEST;

GST_START_TEST (test_headers)
{
  GstStructure *bad[] = {
    gst_structure_new ("h", "Host", G_TYPE_STRING, "a", NULL),
    gst_structure_new ("h", "X-A", G_TYPE_STRING, "a\r\nEvil: yes", NULL),
    gst_structure_new ("h", "X-B", G_TYPE_STRING, NULL, NULL)
  };
  GstRealtimeSettings *settings = make_settings ();
  GError *error = NULL;
  guint i;

  settings->organization = g_strdup ("org-1");
  settings->project = g_strdup ("proj_1");
  settings->safety_identifier = g_strdup ("5e884898da28047151d0e56f8dc62927");
  settings->extra_headers = gst_structure_new ("headers", "X-Team",
      G_TYPE_STRING, "captions", "X-Number", G_TYPE_INT, 4, NULL);
  fail_unless (gst_realtime_settings_check (settings, NULL));

  for (i = 0; i < G_N_ELEMENTS (bad); i++) {
    gst_structure_free (settings->extra_headers);
    settings->extra_headers = bad[i];
    fail_if (gst_realtime_settings_check (settings, &error), "%u passed", i);
    fail_unless (g_error_matches (error, REALTIME_FAILURE,
            REALTIME_FAILURE_SETTINGS));
    fail_if (strstr (error->message, "Evil"));
    g_clear_error (&error);
  }
  g_clear_pointer (&settings->extra_headers, gst_structure_free);

  g_free (settings->project);
  settings->project = g_strdup ("a\r\nEvil: yes");
  fail_if (gst_realtime_settings_check (settings, &error));
  fail_unless (strstr (error->message, "The property project") != NULL);
  g_clear_error (&error);
  gst_realtime_settings_free (settings);
}

GST_END_TEST;

GST_START_TEST (test_copy_is_deep)
{
  GstRealtimeSettings *settings = make_settings ();
  GstRealtimeSettings *copy;

  settings->config.instructions = g_strdup ("Be brief.");
  copy = gst_realtime_settings_copy (settings);
  gst_realtime_settings_free (settings);
  fail_unless_equals_string (copy->config.instructions, "Be brief.");
  fail_unless_equals_string (copy->api_key, "sk-local-x");
  gst_realtime_settings_free (copy);
}

GST_END_TEST;

GST_START_TEST (test_token)
{
  static const gchar good[] = "{\"value\":\"ek_1\",\"expires_at\":1}\n";
  gchar *token = gst_realtime_token_read (good, strlen (good), NULL);
  GError *error = NULL;

  fail_unless_equals_string (token, "ek_1");
  realtime_secret_free (token);
  fail_unless (gst_realtime_token_read ("{}", 2, &error) == NULL);
  fail_unless (error->domain == REALTIME_FAILURE);
  g_clear_error (&error);
}

GST_END_TEST;

static guint
find_service (const gchar * nick)
{
  const RealtimeServiceTraits *traits;
  guint i;

  for (i = 0; (traits = realtime_service_get_traits (i)) != NULL; i++) {
    if (g_str_equal (traits->nick, nick))
      return i;
  }
  fail ("there is no service %s", nick);

  return 0;
}

static void
check_refused (GstRealtimeSettings * settings, const gchar * text)
{
  GError *error = NULL;

  fail_if (gst_realtime_settings_check (settings, &error));
  fail_unless (g_error_matches (error, REALTIME_FAILURE,
          REALTIME_FAILURE_SETTINGS));
  fail_unless (strstr (error->message, text), "%s", error->message);
  g_clear_error (&error);
}

/* What each service wants, and what it does without. */
GST_START_TEST (test_services)
{
  GstRealtimeSettings *settings = gst_realtime_settings_new ();

  gst_realtime_settings_set_service (settings, find_service ("compatible"));
  settings->base_url = g_strdup ("http://127.0.0.1:8000/v1");
  gst_realtime_settings_complete (settings);
  fail_unless (gst_realtime_settings_check (settings, NULL));
  fail_unless (gst_realtime_settings_dup_model (settings) == NULL);
  settings->offer_format = REALTIME_OFFER_JSON;
  fail_unless (gst_realtime_settings_check (settings, NULL));
  settings->config.session_type = REALTIME_SESSION_TRANSCRIPTION;
  fail_unless (gst_realtime_settings_check (settings, NULL));
  settings->config.session_type = REALTIME_SESSION_CONVERSATION;

  g_clear_pointer (&settings->base_url, g_free);
  g_unsetenv ("OPENAI_BASE_URL");
  check_refused (settings, "service=compatible needs base-url");
  settings->sdp_url = g_strdup ("http://127.0.0.1:8000/offer?room=7");
  fail_unless (gst_realtime_settings_check (settings, NULL));
  g_free (settings->sdp_url);
  settings->sdp_url = g_strdup ("127.0.0.1:8000/offer");
  check_refused (settings, "sdp-url");
  gst_realtime_settings_free (settings);

  settings = make_settings ();
  settings->offer_format = REALTIME_OFFER_SDP;
  check_refused (settings, "offer-format");
  settings->offer_format = REALTIME_OFFER_AUTO;
  gst_realtime_settings_set_service (settings, find_service ("azure"));
  check_refused (settings, "service=azure needs model");
  settings->config.model = g_strdup ("deployment");
  fail_unless (gst_realtime_settings_check (settings, NULL));
  g_clear_pointer (&settings->base_url, g_free);
  check_refused (settings, "service=azure needs base-url");
  gst_realtime_settings_free (settings);

  /* credentials are asked for where they are needed */
  settings = gst_realtime_settings_new ();
  settings->sdp_url = g_strdup ("http://127.0.0.1:8000/offer");
  fail_unless (gst_realtime_settings_check (settings, NULL));
  gst_realtime_settings_free (settings);
}

GST_END_TEST;

static gchar *
complete (const gchar * service, const gchar * base_url, const gchar * sdp_url)
{
  GstRealtimeSettings *settings = gst_realtime_settings_new ();
  gchar *key;

  gst_realtime_settings_set_service (settings, find_service (service));
  settings->base_url = g_strdup (base_url);
  settings->sdp_url = g_strdup (sdp_url);
  gst_realtime_settings_complete (settings);
  key = g_strdup (settings->api_key);
  gst_realtime_settings_free (settings);

  return key;
}

/* The environment's key goes to whom the environment names. */
GST_START_TEST (test_key_of_the_environment)
{
  static const struct
  {
    const gchar *service, *base_url, *sdp_url, *key;
  } rows[] = {
    {"openai", NULL, NULL, "sk-env"},
    {"openai", "https://other.example/v1", NULL, "sk-env"},
    {"openai", NULL, "https://other.example/offer", NULL},
    {"openai", NULL, "http://127.0.0.1:9/offer", "sk-env"},
    {"compatible", NULL, NULL, "sk-env"},
    {"compatible", "http://127.0.0.1:9/v2", NULL, "sk-env"},
    {"compatible", "http://127.0.0.1:10/v1", NULL, NULL},
    {"compatible", NULL, "http://127.0.0.1:10/v1", NULL},
    {"azure", "https://r.example/openai/v1", NULL, "azure-env"},
  };
  guint i;

  g_setenv ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1", TRUE);
  g_setenv ("OPENAI_API_KEY", "sk-env", TRUE);
  g_setenv ("AZURE_OPENAI_API_KEY", "azure-env", TRUE);
  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    gchar *key = complete (rows[i].service, rows[i].base_url, rows[i].sdp_url);

    fail_unless_equals_string (key, rows[i].key);
    g_free (key);
  }
}

GST_END_TEST;

GST_START_TEST (test_loopback)
{
  static const struct
  {
    const gchar *base_url, *sdp_url;
    gboolean loopback;
  } rows[] = {
    {"http://127.0.0.1:9/v1", NULL, TRUE},
    {"http://LocalHost/v1", NULL, TRUE},
    {"http://[::1]:9/v1", NULL, TRUE},
    {"http://192.0.2.1/v1", NULL, FALSE},
    {"https://host.example/v1", NULL, FALSE},
    {"https://host.example/v1", "http://127.0.0.1/offer", TRUE},
    {"http://127.0.0.1:9/v1", "https://host.example/offer", FALSE},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    GstRealtimeSettings *settings = gst_realtime_settings_new ();

    settings->base_url = g_strdup (rows[i].base_url);
    settings->sdp_url = g_strdup (rows[i].sdp_url);
    fail_unless_equals_int (gst_realtime_settings_is_loopback (settings),
        rows[i].loopback);
    gst_realtime_settings_free (settings);
  }
}

GST_END_TEST;

GST_START_TEST (test_model)
{
  static const struct
  {
    const gchar *model, *transcription_model, *session, *wanted;
    RealtimeSessionType type;
  } rows[] = {
    {NULL, NULL, NULL, NULL, REALTIME_SESSION_CONVERSATION},
    {"m", "t", NULL, "m", REALTIME_SESSION_CONVERSATION},
    {"m", NULL, "{\"model\":\"s\"}", "s", REALTIME_SESSION_CONVERSATION},
    {NULL, "t", "{}", "t", REALTIME_SESSION_TRANSCRIPTION},
    {NULL, "", NULL, NULL, REALTIME_SESSION_TRANSCRIPTION},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    GstRealtimeSettings *settings = gst_realtime_settings_new ();
    gchar *model;

    settings->config.session_type = rows[i].type;
    settings->config.model = g_strdup (rows[i].model);
    settings->config.transcription_model =
        g_strdup (rows[i].transcription_model);
    settings->config.session_json = g_strdup (rows[i].session);
    model = gst_realtime_settings_dup_model (settings);
    fail_unless_equals_string (model, rows[i].wanted);
    g_free (model);
    gst_realtime_settings_free (settings);
  }
}

GST_END_TEST;

static Suite *
settings_suite (void)
{
  Suite *s = suite_create ("settings");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_defaults_are_good);
  tcase_add_test (tc, test_credentials);
  tcase_add_test (tc, test_urls);
  tcase_add_test (tc, test_headers);
  tcase_add_test (tc, test_copy_is_deep);
  tcase_add_test (tc, test_token);
  tcase_add_test (tc, test_services);
  tcase_add_test (tc, test_key_of_the_environment);
  tcase_add_test (tc, test_loopback);
  tcase_add_test (tc, test_model);

  return s;
}

GST_CHECK_MAIN (settings);
