/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_SCRIPT_H__
#define __SERVER_SCRIPT_H__

#include "util.h"

G_BEGIN_DECLS
/* A scripted conversation (README.md has the format). The Script is what the
 * file says; each session runs it from the start in a ScriptRun. */
typedef struct _Script Script;
typedef struct _ScriptRun ScriptRun;

typedef struct
{
  /* takes @event */
  void (*send) (JsonObject * event, gpointer user_data);
  void (*close) (gpointer user_data);
} ScriptActions;

Script *script_load (const gchar * path, GError ** error);
void script_free (Script * script);

ScriptRun *script_run_new (Script * script, const ScriptActions * actions,
    gpointer user_data);
/* The channel is open: the steps begin. */
void script_run_start (ScriptRun * run);
/* An event went by. */
void script_run_saw_client (ScriptRun * run, const gchar * type);
void script_run_saw_server (ScriptRun * run, const gchar * type);
/* The next line of its kind, used up; NULL when there is none left. */
const gchar *script_run_heard (ScriptRun * run);
/* An object with "say", "call", "calls" or "fail". */
JsonObject *script_run_reply (ScriptRun * run);
/* Whether the script says what users said. */
gboolean script_run_hears (ScriptRun * run);
void script_run_free (ScriptRun * run);

G_END_DECLS
#endif /* __SERVER_SCRIPT_H__ */
