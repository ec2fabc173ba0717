/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "call.h"
#include "config.h"
#include "http.h"
#include "server.h"
#include "session.h"
#include "speaker.h"

#include <glib-unix.h>
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>

GST_DEBUG_CATEGORY (realtime_server_debug);

#define DEFAULT_PORT 8765
#define DEFAULT_SESSIONS 4
#define QUIT_MS 3000

typedef struct
{
  gchar *listen;
  gint port;
  gint max_sessions;
  gchar *api_key;
  gchar *asr;
  gchar *voice;
  gchar *script;
  gchar *record;
  gchar *certificate;
  gchar *key;
  gchar **faults;
  gboolean no_reply;
  gboolean no_tls;
} Options;

void
server_rate_window (Server * server)
{
  gint64 now = g_get_monotonic_time ();

  if (now < server->window_end)
    return;
  server->window_end = now + 60 * G_USEC_PER_SEC;
  server->tokens_left = SERVER_TOKENS_PER_MINUTE;
  server->requests_left = SERVER_REQUESTS_PER_MINUTE;
}

void
server_call_gone (Server * server)
{
  server->ending--;
  if (server->quitting && server->ending == 0 &&
      g_hash_table_size (server->calls) == 0)
    g_main_loop_quit (server->loop);
}

static gboolean
quit_late (gpointer data)
{
  g_printerr ("realtime-server: calls did not end in time\n");
  g_main_loop_quit (((Server *) data)->loop);
  return G_SOURCE_REMOVE;
}

static gboolean
on_signal (gpointer data)
{
  Server *server = data;
  g_autoptr (GList) calls = g_hash_table_get_values (server->calls);
  GList *link;

  if (server->quitting)
    return G_SOURCE_CONTINUE;
  server->quitting = TRUE;
  for (link = calls; link != NULL; link = link->next)
    call_end (link->data, TRUE);
  if (server->ending == 0)
    g_main_loop_quit (server->loop);
  else
    util_after (QUIT_MS, quit_late, server);
  return G_SOURCE_CONTINUE;
}

static gboolean
parse_options (Options * options, int *argc, char ***argv, GError ** error)
{
  GOptionEntry entries[] = {
    {"listen", 0, 0, G_OPTION_ARG_STRING, &options->listen,
        "The address of this machine to be reached at, by whoever has the key "
          "(default 127.0.0.1: by this machine only)", "ADDRESS"},
    {"port", 'p', 0, G_OPTION_ARG_INT, &options->port,
        "Port on that address; 0: a free one (default 8765)", "N"},
    {"api-key", 0, 0, G_OPTION_ARG_STRING, &options->api_key,
        "The key that clients must have (default: $REALTIME_SERVER_API_KEY, "
          "else a random one)", "KEY"},
    {"asr", 0, 0, G_OPTION_ARG_STRING, &options->asr,
        "Recogniser: pocketsphinx (default) or none", "NAME"},
    {"voice", 0, 0, G_OPTION_ARG_STRING, &options->voice,
        "Voice of all replies: rms, slt or kal16 (default: by the session's "
          "voice)", "NAME"},
    {"no-reply", 0, 0, G_OPTION_ARG_NONE, &options->no_reply,
        "Answer no turn by itself", NULL},
    {"script", 0, 0, G_OPTION_ARG_FILENAME, &options->script,
        "Play a scripted conversation (JSON Lines)", "FILE"},
    {"fault", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->faults,
        "Inject a failure; may be given again", "NAME[=V]"},
    {"record", 0, 0, G_OPTION_ARG_FILENAME, &options->record,
        "Write what each call heard, said and exchanged there", "DIR"},
    {"max-sessions", 0, 0, G_OPTION_ARG_INT, &options->max_sessions,
        "Calls at once (default 4)", "N"},
    {"tls-certificate", 0, 0, G_OPTION_ARG_FILENAME, &options->certificate,
        "Serve https with this certificate", "PEM"},
    {"tls-key", 0, 0, G_OPTION_ARG_FILENAME, &options->key,
        "and this private key", "PEM"},
    {"no-tls", 0, 0, G_OPTION_ARG_NONE, &options->no_tls,
        "Serve http even if a certificate is given", NULL},
    {NULL}
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree gchar *faults = faults_help ();

  g_option_context_set_summary (context,
      "Speaks the Realtime protocol on this machine, offline.");
  g_option_context_set_description (context, faults);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION,
        "Unknown argument '%s'", (*argv)[1]);
    return FALSE;
  }
  return TRUE;
}

static gboolean
bad_value (GError ** error, const gchar * option, const gchar * wanted)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "--%s: %s", option, wanted);
  return FALSE;
}

/* One address that can be told to a client: neither a name nor all of them. */
static gboolean
check_address (const Options * options, GError ** error)
{
  g_autoptr (GInetAddress) address = options->listen != NULL ?
      g_inet_address_new_from_string (options->listen) : NULL;

  if (options->listen == NULL || (address != NULL &&
          !g_inet_address_get_is_any (address) &&
          !g_inet_address_get_is_multicast (address) &&
          !g_inet_address_get_is_link_local (address)))
    return TRUE;
  return bad_value (error, "listen", "one numeric address of this machine is "
      "needed, such as 192.168.1.10 or 2001:db8::10");
}

static gboolean
check_options (const Options * options, GError ** error)
{
  if (!check_address (options, error))
    return FALSE;
  if (options->port < 0 || options->port > 65535)
    return bad_value (error, "port", "a number from 0 to 65535 is needed");
  if (options->max_sessions < 1 || options->max_sessions > 100)
    return bad_value (error, "max-sessions", "1 to 100 is possible");
  if (options->asr != NULL && !g_str_equal (options->asr, "pocketsphinx") &&
      !g_str_equal (options->asr, "none"))
    return bad_value (error, "asr", "pocketsphinx or none");
  if (options->voice != NULL && !g_strv_contains (speaker_voices,
          options->voice))
    return bad_value (error, "voice", "rms, slt or kal16");
  if ((options->certificate == NULL) != (options->key == NULL))
    return bad_value (error, "tls-certificate", "--tls-key is needed with it");
  return TRUE;
}

static gboolean
check_elements (GError ** error)
{
  static const gchar *const needed[] = { "webrtcbin", "nicesrc", "dtlsdec",
    "srtpdec", "sctpdec", "rtpopusdepay", "opusdec", "opusenc", "appsrc",
    "audioconvert", NULL
  };
  guint i;

  for (i = 0; needed[i] != NULL; i++) {
    g_autoptr (GstElementFactory) factory =
        gst_element_factory_find (needed[i]);

    if (factory == NULL) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
          "the GStreamer element %s is missing; install gstreamer1.0-nice and "
          "gstreamer1.0-plugins-{base,good,bad}", needed[i]);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
load (Server * server, const Options * options, GError ** error)
{
  const gchar *key = options->api_key != NULL ? options->api_key :
      g_getenv ("REALTIME_SERVER_API_KEY");
  guint i;

  server->address = options->listen != NULL ?
      g_inet_address_new_from_string (options->listen) :
      g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  server->port = options->port;
  server->max_sessions = options->max_sessions;
  server->replies = !options->no_reply;
  server->voice = g_strdup (options->voice);
  server->api_key = key != NULL && *key != '\0' ? g_strdup (key) :
      util_id ("sk-local-", 32);
  server->record = g_strdup (options->record);
  server->faults = faults_new ();
  server->calls = g_hash_table_new (g_str_hash, g_str_equal);
  server->loop = g_main_loop_new (NULL, FALSE);
  for (i = 0; options->faults != NULL && options->faults[i] != NULL; i++) {
    if (!faults_add (server->faults, options->faults[i], error))
      return FALSE;
  }
  if (options->script != NULL) {
    server->script = script_load (options->script, error);
    if (server->script == NULL)
      return FALSE;
  }
  if (options->certificate != NULL && !options->no_tls) {
    server->certificate = g_tls_certificate_new_from_files
        (options->certificate, options->key, error);
    if (server->certificate == NULL)
      return FALSE;
  }
  if (options->record != NULL &&
      g_mkdir_with_parents (options->record, 0755) != 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
        "cannot make the directory %s", options->record);
    return FALSE;
  }
  if (!check_elements (error))
    return FALSE;
  if (g_strcmp0 (options->asr, "none") != 0)
    server->pool = asr_pool_new (server->max_sessions, error);
  return server->pool != NULL || g_strcmp0 (options->asr, "none") == 0;
}

static void
unload (Server * server)
{
  g_clear_pointer (&server->pool, asr_pool_free);
  g_clear_pointer (&server->script, script_free);
  g_clear_object (&server->certificate);
  g_clear_object (&server->address);
  g_clear_pointer (&server->faults, faults_free);
  g_clear_pointer (&server->calls, g_hash_table_unref);
  g_clear_pointer (&server->loop, g_main_loop_unref);
  g_free (server->voice);
  g_free (server->api_key);
  g_free (server->record);
}

static void
print_base_url (Server * server)
{
  g_autofree gchar *address = g_inet_address_to_string (server->address);
  gboolean v6 = g_inet_address_get_family (server->address) ==
      G_SOCKET_FAMILY_IPV6;

  if (!g_inet_address_get_is_loopback (server->address))
    g_printerr ("realtime-server: others than this machine can reach it%s\n",
        server->certificate != NULL ? "" :
        ", and read the key, for there is no TLS");
  g_print ("export OPENAI_BASE_URL=%s://%s%s%s:%u/v1\n",
      server->certificate != NULL ? "https" : "http", v6 ? "[" : "", address,
      v6 ? "]" : "", server->port);
}

static gboolean
serve (Server * server, GError ** error)
{
  Http *http;
  guint term, interrupt;

  call_prepare ();
  http = http_new (server, error);
  if (http == NULL)
    return FALSE;
  term = g_unix_signal_add (SIGTERM, on_signal, server);
  interrupt = g_unix_signal_add (SIGINT, on_signal, server);
  print_base_url (server);
  g_print ("export OPENAI_API_KEY=%s\n", server->api_key);
  fflush (stdout);
  g_main_loop_run (server->loop);
  http_free (http);
  g_source_remove (term);
  g_source_remove (interrupt);
  return TRUE;
}

static void
options_clear (Options * options)
{
  g_free (options->listen);
  g_free (options->api_key);
  g_free (options->asr);
  g_free (options->voice);
  g_free (options->script);
  g_free (options->record);
  g_free (options->certificate);
  g_free (options->key);
  g_strfreev (options->faults);
}

int
main (int argc, char **argv)
{
  Options options = {.port = DEFAULT_PORT,.max_sessions = DEFAULT_SESSIONS };
  g_autoptr (GError) error = NULL;
  Server server = { 0 };
  gboolean ok;

  ok = parse_options (&options, &argc, &argv, &error) &&
      check_options (&options, &error);
  if (ok) {
    gst_init (NULL, NULL);
    GST_DEBUG_CATEGORY_INIT (realtime_server_debug, "realtime-server", 0,
        "the local server");
    speaker_init ();
    response_threads_init ();
    ok = load (&server, &options, &error) && serve (&server, &error);
    response_threads_deinit ();
    /* what threads posted last frees what it carries */
    while (g_main_context_iteration (NULL, FALSE));
    unload (&server);
    speaker_deinit ();
    gst_deinit ();
  }
  if (!ok)
    g_printerr ("realtime-server: %s\n", error->message);
  options_clear (&options);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
