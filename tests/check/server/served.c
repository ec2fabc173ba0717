/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "peer.h"

#include <gst/check/gstcheck.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static gchar *
read_export (FILE * from, const gchar * name)
{
  gchar *prefix = g_strdup_printf ("export %s=", name);
  gchar line[1024];
  gchar *value;

  fail_unless (fgets (line, sizeof (line), from) != NULL,
      "the server ended before it said %s", name);
  fail_unless (g_str_has_prefix (line, prefix), "unexpected line: %s", line);
  value = g_strchomp (g_strdup (line + strlen (prefix)));
  g_free (prefix);
  return value;
}

Served *
served_new (const gchar * arguments)
{
  Served *served = g_new0 (Served, 1);
  const gchar *program = g_getenv ("REALTIME_SERVER");
  gchar *line;
  gchar **argv = NULL;
  GError *error = NULL;
  gint out;
  FILE *from;

  fail_unless (program != NULL, "REALTIME_SERVER must name the program");
  line = g_strdup_printf ("%s --port 0 %s", program,
      arguments != NULL ? arguments : "");
  fail_unless (g_shell_parse_argv (line, NULL, &argv, &error));
  fail_unless (g_spawn_async_with_pipes (NULL, argv, NULL,
          G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH, NULL, NULL,
          &served->pid, NULL, &out, NULL, &error), "cannot start %s", line);
  g_strfreev (argv);
  g_free (line);
  from = fdopen (out, "r");
  served->base_url = read_export (from, "OPENAI_BASE_URL");
  served->api_key = read_export (from, "OPENAI_API_KEY");
  fclose (from);
  return served;
}

guint
served_request (Served * served, const gchar * method, const gchar * path,
    const gchar * credential, const gchar * type, const gchar * body,
    gchar ** reply, gchar ** location)
{
  SoupSession *session = soup_session_new ();
  gchar *url = g_strconcat (served->base_url, path, NULL);
  SoupMessage *message = soup_message_new (method, url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  GError *error = NULL;
  GBytes *bytes;
  guint status;

  if (credential != NULL) {
    gchar *value = g_strconcat ("Bearer ", credential, NULL);

    soup_message_headers_replace (headers, "Authorization", value);
    g_free (value);
  }
  if (body != NULL) {
    bytes = g_bytes_new (body, strlen (body));
    soup_message_set_request_body_from_bytes (message, type, bytes);
    g_bytes_unref (bytes);
  }
  bytes = soup_session_send_and_read (session, message, NULL, &error);
  fail_unless (bytes != NULL, "%s %s: %s", method, path,
      error != NULL ? error->message : "no reply");
  status = soup_message_get_status (message);
  headers = soup_message_get_response_headers (message);
  fail_unless (soup_message_headers_get_one (headers, "x-request-id") != NULL);
  if (reply != NULL)
    *reply = g_bytes_get_size (bytes) == 0 ? g_strdup ("") :
        g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (location != NULL)
    *location = g_strdup (soup_message_headers_get_one (headers, "Location"));
  g_bytes_unref (bytes);
  g_object_unref (message);
  g_object_unref (session);
  g_free (url);
  return status;
}

gchar *
served_mint (Served * served, const gchar * session)
{
  gchar *body = session != NULL ?
      g_strdup_printf ("{\"session\":%s}", session) : g_strdup ("{}");
  gchar *reply = NULL, *value;
  JsonNode *node;
  guint status = served_request (served, "POST", "/realtime/client_secrets",
      served->api_key, "application/json", body, &reply, NULL);

  fail_unless (status == 200, "mint: %u %s", status, reply);
  node = json_from_string (reply, NULL);
  value = g_strdup (json_object_get_string_member (json_node_get_object (node),
          "value"));
  json_node_unref (node);
  g_free (reply);
  g_free (body);
  return value;
}

void
served_free (Served * served)
{
  gint status;

  kill (served->pid, SIGTERM);
  fail_unless_equals_int (waitpid (served->pid, &status, 0), served->pid);
  fail_unless (WIFEXITED (status) && WEXITSTATUS (status) == 0,
      "the server ended with status 0x%x", status);
  g_spawn_close_pid (served->pid);
  g_free (served->base_url);
  g_free (served->api_key);
  g_free (served);
}
