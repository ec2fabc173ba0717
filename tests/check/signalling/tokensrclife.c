/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <gst/check/gstcheck.h>

#include "testserver.h"
#include "testtokensrc.h"

#define MINT "/v1/realtime/client_secrets"
#define REPLY "{\"value\":\"ek_secret_token_value\",\"expires_at\":1795262400}"
#define WALKS 50

/* Open files of this process, but for the connections of the server in it,
 * which has a mind of its own when to close them. */
static guint
count_files (guint server_port)
{
  GDir *dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const gchar *name;
  guint count = 0;

  while (dir && (name = g_dir_read_name (dir)) != NULL) {
    struct sockaddr_in address = { 0 };
    socklen_t length = sizeof (address);

    if (getsockname ((int) g_ascii_strtoll (name, NULL, 10),
            (struct sockaddr *) &address, &length) != 0
        || address.sin_family != AF_INET
        || ntohs (address.sin_port) != server_port)
      count++;
  }
  if (dir)
    g_dir_close (dir);
  return count;
}

/* Waits until the element is where the walk is to turn round. */
typedef void (*WaitFunc) (GstElement * pipeline, gpointer data);

static void
walk (const gchar * line, gboolean up_and_down, WaitFunc wait, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (line, &error);
  GstElement *src;

  fail_unless (pipeline && !error, "%s", line);
  src = gst_bin_get_by_name (GST_BIN (pipeline), "src");
  fail_unless (gst_element_set_state (pipeline, GST_STATE_READY) ==
      GST_STATE_CHANGE_SUCCESS);
  fail_unless (gst_element_set_state (pipeline, GST_STATE_PAUSED) !=
      GST_STATE_CHANGE_FAILURE);
  if (up_and_down) {
    fail_unless (gst_element_set_state (pipeline, GST_STATE_PLAYING) !=
        GST_STATE_CHANGE_FAILURE);
    wait (pipeline, data);
    fail_unless (gst_element_set_state (pipeline, GST_STATE_PAUSED) !=
        GST_STATE_CHANGE_FAILURE);
    fail_unless (gst_element_set_state (pipeline, GST_STATE_READY) ==
        GST_STATE_CHANGE_SUCCESS);
    /* again, in the same life */
    fail_unless (gst_element_set_state (pipeline, GST_STATE_PLAYING) !=
        GST_STATE_CHANGE_FAILURE);
  }
  fail_unless (gst_element_set_state (pipeline, GST_STATE_NULL) ==
      GST_STATE_CHANGE_SUCCESS);
  gst_object_unref (pipeline);
  /* a thread of GStreamer's that looked at it may let go a little later; who
   * never does runs into the limit */
  while (GST_OBJECT_REFCOUNT_VALUE (src) > 1)
    g_thread_yield ();
  gst_object_unref (src);
}

/* Up and down, half the times in the middle of whatever there is to wait for. */
static void
walk_often (const gchar * line, guint port, WaitFunc wait, gpointer data)
{
  guint files, i;

  walk (line, TRUE, wait, data);
  files = count_files (port);
  for (i = 0; i < WALKS; i++)
    walk (line, i % 2, wait, data);
  /* its threads put their own away a little later; a leak runs into the limit */
  while (count_files (port) > files)
    g_thread_yield ();
}

static void
wait_for_request (GstElement * pipeline, gpointer server)
{
  test_request_free (test_server_pop (server));
}

static void
wait_for_client (GstElement * pipeline, gpointer server)
{
  raw_server_wait (server);
}

static void
wait_for_warning (GstElement * pipeline, gpointer data)
{
  GstBus *bus = gst_element_get_bus (pipeline);

  gst_message_unref (gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
          GST_MESSAGE_WARNING));
  gst_object_unref (bus);
}

GST_START_TEST (test_walk_answered)
{
  g_autoptr (TestServer) server = test_server_new (NULL);

  token_src_use_environment (server);
  test_server_reply (server, MINT, 200, "application/json", REPLY, NULL);
  walk_often ("tokensrc name=src ! fakesink async=false",
      test_server_get_port (server), wait_for_request, server);
}

GST_END_TEST;

GST_START_TEST (test_walk_unanswered)
{
  g_autoptr (TestServer) server = test_server_new (NULL);

  token_src_use_environment (server);
  test_server_hang (server, MINT);
  walk_often ("tokensrc name=src timeout=3600 ! fakesink",
      test_server_get_port (server), wait_for_request, server);
}

GST_END_TEST;

GST_START_TEST (test_walk_handshake)
{
  g_autoptr (RawServer) server = raw_server_new ("", 0, TRUE);
  g_autofree gchar *line = g_strdup_printf
      ("tokensrc name=src timeout=3600 location=https://127.0.0.1:%u ! fakesink",
      raw_server_get_port (server));

  walk_often (line, raw_server_get_port (server), wait_for_client, server);
}

GST_END_TEST;

GST_START_TEST (test_walk_half_an_answer)
{
  static const gchar half[] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{";
  g_autoptr (RawServer) server = raw_server_new (half, strlen (half), TRUE);
  g_autofree gchar *line = g_strdup_printf
      ("tokensrc name=src timeout=3600 location=http://127.0.0.1:%u ! fakesink",
      raw_server_get_port (server));

  walk_often (line, raw_server_get_port (server), wait_for_client, server);
}

GST_END_TEST;

GST_START_TEST (test_walk_back_off)
{
  g_autoptr (TestServer) server = test_server_new (NULL);

  token_src_use_environment (server);
  test_server_reply (server, MINT, 503, NULL, NULL, NULL);
  walk_often
      ("tokensrc name=src retry-delay-min=3600000 retry-delay-max=3600000 ! "
      "fakesink", test_server_get_port (server), wait_for_warning, server);
}

GST_END_TEST;

GST_START_TEST (test_walk_nobody)
{
  g_autofree gchar *line = g_strdup_printf
      ("tokensrc name=src location=http://127.0.0.1:%u ! fakesink",
      test_unused_port ());

  walk_often (line, 0, wait_for_warning, NULL);
}

GST_END_TEST;

/* A flush of the whole pipeline while the request is under way: it starts
 * again afterwards, and the token still comes once. */
GST_START_TEST (test_application_eos_then_again)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  TokenSrc *src;
  GstBuffer *buffer;

  token_src_use_environment (server);
  test_server_reply (server, MINT, 200, "application/json", REPLY, NULL);
  src = token_src_new ("num-tokens=1");
  gst_harness_play (src->h);
  buffer = gst_harness_pull (src->h);
  fail_unless (buffer != NULL);
  gst_buffer_unref (buffer);
  fail_unless (gst_element_set_state (src->h->element, GST_STATE_NULL) ==
      GST_STATE_CHANGE_SUCCESS);
  /* another life, another token */
  gst_element_set_state (src->h->element, GST_STATE_PLAYING);
  buffer = gst_harness_pull (src->h);
  fail_unless (buffer != NULL);
  gst_buffer_unref (buffer);
  fail_unless_equals_int (test_server_pending (server), 2);
  token_src_free (src);
}

GST_END_TEST;

/* What the whole line leaves behind, by GStreamer's own account. */
GST_START_TEST (test_leaks)
{
  g_autoptr (TestServer) server = test_server_new (NULL);
  g_autofree gchar *launch = g_find_program_in_path ("gst-launch-1.0");
  const gchar *argv[] = { launch, "-q", "tokensrc", "num-tokens=1", "!",
    "fdsink", NULL
  };
  g_auto (GStrv) environment = NULL;
  g_autofree gchar *err = NULL;
  gint status;

  if (!launch) {
    g_printerr ("no gst-launch-1.0: not tested\n");
    return;
  }
  token_src_use_environment (server);
  test_server_reply (server, MINT, 200, "application/json", REPLY, NULL);
  environment = g_get_environ ();
  environment = g_environ_setenv (environment, "GST_TRACERS", "leaks", TRUE);
  environment = g_environ_setenv (environment, "GST_DEBUG", "GST_TRACER:7",
      TRUE);
  environment = g_environ_unsetenv (environment, "GST_DEBUG_FILE");
  fail_unless (g_spawn_sync (NULL, (gchar **) argv, environment,
          G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &err, &status, NULL));
  fail_unless (g_spawn_check_wait_status (status, NULL), "%.1500s", err);
  /* the tracer was there */
  fail_unless (strstr (err, "object-alive.class") != NULL, "%.1500s", err);
  fail_if (strstr (err, "object-alive, type-name=(string)Gst") != NULL,
      "%.1500s", err);
}

GST_END_TEST;

/* --- secrecy --- */

static GMutex seen_lock;
static GString *seen;           /* seen_lock */

static void
see (const gchar * text)
{
  g_mutex_lock (&seen_lock);
  g_string_append (seen, text);
  g_string_append_c (seen, '\n');
  g_mutex_unlock (&seen_lock);
}

static void
on_log (GstDebugCategory * category, GstDebugLevel level, const gchar * file,
    const gchar * function, gint line, GObject * object,
    GstDebugMessage * message, gpointer user_data)
{
  see (gst_debug_message_get (message));
}

static GLogWriterOutput
on_glib_log (GLogLevelFlags level, const GLogField * fields, gsize n_fields,
    gpointer user_data)
{
  g_autofree gchar *text = g_log_writer_format_fields (level, fields, n_fields,
      FALSE);

  see (text);
  return G_LOG_WRITER_HANDLED;
}

static void
on_notify (GstObject * object, GstObject * origin, GParamSpec * pspec,
    gpointer user_data)
{
  GValue value = G_VALUE_INIT;
  g_autofree gchar *text = NULL;

  if (!(pspec->flags & G_PARAM_READABLE))
    return;
  g_value_init (&value, pspec->value_type);
  g_object_get_property (G_OBJECT (origin), pspec->name, &value);
  text = gst_value_serialize (&value);
  if (text)
    see (text);
  g_value_unset (&value);
}

/* The state of the pipeline as a dot file, and what is on its bus up to the
 * first of @types. */
static void
see_pipeline (GstElement * pipeline, GstMessageType types)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  g_autofree gchar *dot = NULL;
  GstMessage *message;
  gboolean more = TRUE;

  while (more && (message = gst_bus_timed_pop (bus, GST_CLOCK_TIME_NONE))) {
    const GstStructure *structure = gst_message_get_structure (message);
    g_autofree gchar *text =
        structure ? gst_structure_to_string (structure) : NULL;

    if (text)
      see (text);
    more = !(GST_MESSAGE_TYPE (message) & types);
    gst_message_unref (message);
  }
  dot = gst_debug_bin_to_dot_data (GST_BIN (pipeline), GST_DEBUG_GRAPH_SHOW_ALL
      | GST_DEBUG_GRAPH_SHOW_FULL_PARAMS);
  see (dot);
  gst_object_unref (bus);
}

GST_START_TEST (test_secrets_stay_secret)
{
  static const gchar *const secrets[] = { "ek_secret_token_value",
    TEST_ENV_KEY, "own-key-abcdef", "header-secret-xyz", "proxypass", "ek_"
  };
  g_autoptr (TestServer) server = test_server_new (NULL);
  GstStructure *headers = gst_structure_new ("h", "X-Pass", G_TYPE_STRING,
      "header-secret-xyz", NULL);
  g_autofree gchar *proxy = g_strdup_printf
      ("http://user:proxypass@127.0.0.1:%u", test_server_get_port (server));
  GstElement *pipeline, *src;
  guint i;

  token_src_use_environment (server);
  /* a server that says back what it was sent */
  test_server_reply (server, MINT, 503, "text/plain", "no " TEST_ENV_KEY, NULL);
  test_server_reply (server, MINT, 200, "application/json", REPLY, NULL);
  test_server_reply (server, "/t", 503, "text/plain", "no own-key-abcdef, no "
      "header-secret-xyz", NULL);
  test_server_reply (server, "/t", 200, "application/json", REPLY, NULL);
  test_server_reply (server, "/t", 401, "application/json",
      "{\"error\":{\"code\":\"own-key-abcdef\",\"message\":\"own-key-abcdef\"}}",
      "x-request-id: own-key-abcdef");

  seen = g_string_new (NULL);
  g_log_set_writer_func (on_glib_log, NULL, NULL);
  gst_debug_remove_log_function (gst_debug_log_default);
  gst_debug_add_log_function (on_log, NULL, NULL);
  gst_debug_set_active (TRUE);
  gst_debug_set_default_threshold (GST_LEVEL_MEMDUMP);

  /* the key of the environment */
  pipeline = gst_parse_launch ("tokensrc num-tokens=1 retry-delay-min=1 "
      "retry-delay-max=1 ! fakesink silent=false name=out", NULL);
  g_signal_connect (pipeline, "deep-notify", G_CALLBACK (on_notify), NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  see_pipeline (pipeline, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);

  /* everything that can be set */
  pipeline = gst_pipeline_new (NULL);
  g_signal_connect (pipeline, "deep-notify", G_CALLBACK (on_notify), NULL);
  src = gst_element_factory_make ("tokensrc", NULL);
  gst_bin_add_many (GST_BIN (pipeline), src,
      gst_element_factory_make ("fakesink", "out"), NULL);
  gst_element_link (src, GST_ELEMENT (GST_BIN (pipeline)->children->data));
  g_object_set (src, "api-key", "own-key-abcdef", "extra-headers", headers,
      "http-proxy", proxy, "location", "http://service.invalid/t", "num-tokens",
      1, "retry-delay-min", 1, "retry-delay-max", 1, NULL);
  for (i = 0; i < 2; i++) {
    gst_element_set_state (pipeline, GST_STATE_PLAYING);
    see_pipeline (pipeline, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    gst_element_set_state (pipeline, GST_STATE_NULL);
  }
  gst_object_unref (pipeline);
  gst_structure_free (headers);

  gst_debug_set_default_threshold (GST_LEVEL_NONE);
  gst_debug_remove_log_function (on_log);
  g_mutex_lock (&seen_lock);
  /* all of it was seen... */
  fail_unless (strstr (seen->str, "asking for a token") != NULL);
  fail_unless (strstr (seen->str, "503 Service Unavailable") != NULL);
  fail_unless (strstr (seen->str, "401 Unauthorized") != NULL);
  fail_unless (strstr (seen->str, "service.invalid") != NULL);
  fail_unless (strstr (seen->str, "[redacted]") != NULL);
  fail_unless (strstr (seen->str, "http-proxy=\\\"http://127.0.0.1") != NULL);
  /* ...but these */
  for (i = 0; i < G_N_ELEMENTS (secrets); i++)
    fail_if (strstr (seen->str, secrets[i]), "%s is seen: %.200s", secrets[i],
        strstr (seen->str, secrets[i]) - 50);
  g_mutex_unlock (&seen_lock);
}

GST_END_TEST;

GST_START_TEST (test_secrets_cannot_be_read)
{
  static const gchar *const names[] = { "api-key", "extra-headers" };
  GstElement *src = gst_element_factory_make ("tokensrc", NULL);
  g_autofree gchar *proxy = NULL;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (names); i++) {
    GParamSpec *pspec =
        g_object_class_find_property (G_OBJECT_GET_CLASS (src), names[i]);

    fail_unless (pspec != NULL);
    fail_if (pspec->flags & G_PARAM_READABLE);
  }
  g_object_set (src, "http-proxy", "http://u:p@proxy:1", NULL);
  g_object_get (src, "http-proxy", &proxy, NULL);
  fail_unless_equals_string (proxy, "http://proxy:1");
  gst_object_unref (src);
}

GST_END_TEST;

static Suite *
tokensrclife_suite (void)
{
  Suite *s = suite_create ("tokensrclife");
  TCase *tc = tcase_create ("life");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_walk_answered);
  tcase_add_test (tc, test_walk_unanswered);
  tcase_add_test (tc, test_walk_handshake);
  tcase_add_test (tc, test_walk_half_an_answer);
  tcase_add_test (tc, test_walk_back_off);
  tcase_add_test (tc, test_walk_nobody);
  tcase_add_test (tc, test_application_eos_then_again);
  tcase_add_test (tc, test_leaks);
  tcase_add_test (tc, test_secrets_stay_secret);
  tcase_add_test (tc, test_secrets_cannot_be_read);
  return s;
}

GST_CHECK_MAIN (tokensrclife);
