/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Whole pipelines under GStreamer's leaks tracer, each in a process of its
 * own. The one certificate that GStreamer's DTLS elements make for a process,
 * with its agent, is the only object that may outlive a pipeline. */

#include <gst/check/gstcheck.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

#include "elements.h"

#define EVENTS \
  "{\"type\":\"session.created\",\"event_id\":\"e1\",\"session\":{\"id\":\"sess_1\"}}\n" \
  "{\"type\":\"input_audio_buffer.speech_started\",\"event_id\":\"e2\"," \
  "\"audio_start_ms\":500,\"item_id\":\"item_1\"}\n" \
  "{\"type\":\"input_audio_buffer.speech_stopped\",\"event_id\":\"e3\"," \
  "\"audio_end_ms\":1500,\"item_id\":\"item_1\"}\n" \
  "{\"type\":\"conversation.item.input_audio_transcription.completed\"," \
  "\"event_id\":\"e4\",\"item_id\":\"item_1\",\"content_index\":0," \
  "\"transcript\":\"Nothing leaks.\"}\n"

typedef struct
{
  gboolean fails;               /* ends with an ERROR, as it should */
  const gchar *line;            /* %s: the log of events */
} Row;

static const Row rows[] = {
  {FALSE, "filesrc location=%s "
        "! application/x-realtime-events ! transcriptsink"},
  {FALSE, "filesrc location=%s "
        "! application/x-realtime-events ! transcriptcaptions ! webvttenc "
        "! fakesink"},
  {FALSE, "filesrc location=%s "
        "! application/x-realtime-events ! transcriptcaptions "
        "! transcripttocea608 mode=pop-on ! fakesink"},
  {TRUE, "tokensrc num-tokens=1 api-key=k base-url="
        CLOSED_BASE_URL " ! fakesink"},
  {TRUE, "audiotestsrc num-buffers=20 ! realtimebin api-key=k "
        "base-url=" CLOSED_BASE_URL " name=rt ! fakesink "
        "rt.event_src ! fakesink"},
};

/* The lines of the tracer that name an object still alive, less one of each of
 * those that are allowed. */
static gchar *
find_leaks (const gchar * output)
{
  static const gchar *const allowed[] =
      { "GstDtlsCertificate", "GstDtlsAgent" };
  gboolean seen[G_N_ELEMENTS (allowed)] = { FALSE, };
  GString *leaks = g_string_new (NULL);
  gchar **lines = g_strsplit (output, "\n", -1);
  guint i, j;

  for (i = 0; lines[i]; i++) {
    /* The tracer also announces the format of these lines. */
    if (!strstr (lines[i], ":: object-alive, "))
      continue;
    for (j = 0; j < G_N_ELEMENTS (allowed); j++) {
      if (!seen[j] && strstr (lines[i], allowed[j])) {
        seen[j] = TRUE;
        break;
      }
    }
    if (j == G_N_ELEMENTS (allowed))
      g_string_append_printf (leaks, "%s\n", lines[i]);
  }
  g_strfreev (lines);

  return g_string_free (leaks, FALSE);
}

static gchar *
run_traced (const gchar * command, gboolean * succeeded)
{
  GSubprocessLauncher *launcher;
  GSubprocess *process;
  gchar **argv, *out = NULL;
  GError *error = NULL;

  launcher = tool_launcher_new ();
  g_subprocess_launcher_setenv (launcher, "GST_TRACERS", "leaks", TRUE);
  g_subprocess_launcher_setenv (launcher, "GST_DEBUG", "GST_TRACER:7", TRUE);
  g_subprocess_launcher_setenv (launcher, "GST_DEBUG_NO_COLOR", "1", TRUE);
  fail_unless (g_shell_parse_argv (command, NULL, &argv, NULL));
  process = g_subprocess_launcher_spawnv (launcher,
      (const gchar * const *) argv, &error);
  fail_unless (process != NULL, "%s: %s", argv[0], error ? error->message : "");
  fail_unless (g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL,
          NULL));
  *succeeded = g_subprocess_get_successful (process);

  g_object_unref (process);
  g_object_unref (launcher);
  g_strfreev (argv);

  return out;
}

/* This program itself, asked to leak an element, is found out. */
GST_START_TEST (test_leak_is_found)
{
  gchar *self = g_file_read_link ("/proc/self/exe", NULL);
  gchar *command = g_strconcat (self, " --leak", NULL);
  gboolean succeeded;
  gchar *out = run_traced (command, &succeeded);
  gchar *leaks = find_leaks (out);

  fail_unless (succeeded, "%s", out);
  fail_unless (strstr (leaks, "GstFakeSink") != NULL, "%s", out);

  g_free (leaks);
  g_free (out);
  g_free (command);
  g_free (self);
}

GST_END_TEST;

GST_START_TEST (test_only_one_certificate_is_allowed)
{
  gchar *leaks = find_leaks
      ("TRACE GST_TRACER :0:: object-alive, type-name=(string)GstDtlsAgent\n"
      "TRACE GST_TRACER :0:: object-alive, type-name=(string)GstDtlsCertificate\n");

  fail_unless_equals_string (leaks, "");
  g_free (leaks);
  leaks = find_leaks
      ("TRACE GST_TRACER :0:: object-alive, type-name=(string)GstDtlsCertificate\n"
      "TRACE GST_TRACER :0:: object-alive, type-name=(string)GstDtlsCertificate\n"
      "TRACE GST_TRACER :0:: object-alive, type-name=(string)GstDtlsCertificate\n");
  fail_if (*leaks == '\0');
  g_free (leaks);
}

GST_END_TEST;

GST_START_TEST (test_pipeline)
{
  const Row *row = &rows[__i__];
  gchar *path = NULL, *line, *command, *out, *leaks;
  gboolean succeeded;
  gint fd;

  fd = g_file_open_tmp ("realtime-leaks-XXXXXX.jsonl", &path, NULL);
  fail_unless (fd >= 0);
  g_close (fd, NULL);
  fail_unless (g_file_set_contents (path, EVENTS, -1, NULL));

  line = g_strdup_printf (row->line, path);
  command = g_strconcat ("gst-launch-1.0 ", line, NULL);
  out = run_traced (command, &succeeded);
  leaks = find_leaks (out);
  fail_unless_equals_int (succeeded, !row->fails);
  fail_unless (*leaks == '\0', "%s leaks:\n%s", line, leaks);

  g_remove (path);
  g_free (path);
  g_free (command);
  g_free (line);
  g_free (out);
  g_free (leaks);
}

GST_END_TEST;

static Suite *
leaks_suite (void)
{
  Suite *s = suite_create ("leaks");
  TCase *tc = tcase_create ("pipelines");

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, 120);
  tcase_add_test (tc, test_leak_is_found);
  tcase_add_test (tc, test_only_one_certificate_is_allowed);
  tcase_add_loop_test (tc, test_pipeline, 0, G_N_ELEMENTS (rows));

  return s;
}

int
main (int argc, char **argv)
{
  if (argc == 2 && g_str_equal (argv[1], "--leak")) {
    gst_init (NULL, NULL);
    gst_object_ref_sink (gst_element_factory_make ("fakesink", NULL));
    gst_deinit ();
    return 0;
  }
  gst_check_init (&argc, &argv);

  return gst_check_run_suite (leaks_suite (), "leaks", __FILE__);
}
