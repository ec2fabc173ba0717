/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "recorded.h"

#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>

const gchar *
recorded_get (JsonObject * object, const gchar * name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static gchar *record;

/* A server that records, for the schema check at the end. */
Served *
recorded_serve (const gchar * more)
{
  gchar *arguments = g_strdup_printf ("--record %s %s", record,
      more != NULL ? more : "");
  Served *served = served_new (arguments);

  g_free (arguments);
  return served;
}

/* A script in a file of its own. */
Served *
recorded_script (const gchar * lines, const gchar * more)
{
  gchar *path = g_build_filename (record, "script.jsonl", NULL);
  gchar *arguments = g_strdup_printf ("--asr none --script %s %s", path,
      more != NULL ? more : "");
  Served *served;

  fail_unless (g_file_set_contents (path, lines, -1, NULL));
  served = recorded_serve (arguments);
  g_free (arguments);
  g_free (path);
  return served;
}

static void
check_schema (const gchar * file)
{
  const gchar *shared = g_getenv ("REALTIME_SHARED_DIR");
  gchar *line, *output = NULL;
  gint status;

  if (shared == NULL)
    return;
  line = g_strdup_printf ("/usr/bin/python3 %s/tools/validate-events %s",
      shared, file);
  if (g_spawn_command_line_sync (line, &output, NULL, &status, NULL))
    fail_unless (status == 0, "%s", output);
  g_free (output);
  g_free (line);
}

/* Holds all that was sent against the published schema. */
static void
check_records (void)
{
  GDir *dir = g_dir_open (record, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    gchar *path = g_build_filename (record, name, NULL);

    if (g_str_has_suffix (name, "-server.jsonl"))
      check_schema (path);
    g_unlink (path);
    g_free (path);
  }
  g_dir_close (dir);
}

void
recorded_done (Served * served, Peer * peer)
{
  peer_free (peer, TRUE);
  served_free (served);
  check_records ();
}

Peer *
recorded_call (Served * served, const gchar * session)
{
  Peer *peer = peer_new (served, session, NULL);

  peer_expect (peer, "session.created", 10);
  return peer;
}

void
recorded_say (Peer * peer, const gchar * text)
{
  gint16 *pause = g_new0 (gint16, PEER_RATE);
  gsize n, start, end;
  gint16 *speech = speech_make (text, &n, &start, &end);

  peer_say (peer, pause, PEER_RATE / 2);
  peer_say (peer, speech, n);
  peer_say (peer, pause, PEER_RATE);
  g_free (speech);
  g_free (pause);
}

void
recorded_set_up (void)
{
  record = g_dir_make_tmp ("realtime-server-XXXXXX", NULL);
  fail_unless (record != NULL);
}

void
recorded_tear_down (void)
{
  g_rmdir (record);
  g_free (record);
}
