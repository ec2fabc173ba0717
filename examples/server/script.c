/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "script.h"

#include <gio/gio.h>
#include <string.h>

struct _Script
{
  GPtrArray *steps;             /* of JsonObject: event, after_ms, wait, ... */
  GPtrArray *replies;           /* of JsonObject: say, call(s), fail */
  GPtrArray *heard;             /* of JsonObject */
};

struct _ScriptRun
{
  Script *script;
  ScriptActions actions;
  gpointer user_data;
  guint step, reply, heard;
  gboolean started;
  gboolean running;             /* inside run_steps() */
  guint timer;
  gchar *awaited;               /* "client TYPE" or "server TYPE" */
};

static GPtrArray *
list_for (Script * script, JsonObject * line)
{
  static const gchar *const replies[] =
      { "say", "call", "calls", "fail", NULL };
  static const gchar *const steps[] = { "event", "after_ms", "wait",
    "wait_server", "close", NULL
  };
  g_autoptr (GList) names = json_object_get_members (line);
  const gchar *name;

  if (names == NULL || names->next != NULL)
    return NULL;
  name = names->data;
  if (g_strv_contains (replies, name))
    return script->replies;
  if (g_strv_contains (steps, name))
    return script->steps;
  return g_str_equal (name, "heard") ? script->heard : NULL;
}

static gboolean
is_call (JsonObject * call)
{
  return util_string (call, "name") != NULL &&
      (!json_object_has_member (call, "arguments") ||
      util_object (call, "arguments") != NULL);
}

/* Whether the one member of @line has the type that it needs. */
static gboolean
is_well_formed (JsonObject * line)
{
  JsonObject *call = util_object (line, "call");
  JsonArray *calls = util_array (line, "calls");
  guint i;

  if (call != NULL)
    return is_call (call);
  if (calls != NULL) {
    for (i = 0; i < json_array_get_length (calls); i++) {
      if (!is_call (json_array_get_object_element (calls, i)))
        return FALSE;
    }
    return i > 0;
  }
  return util_string (line, "say") != NULL ||
      util_string (line, "fail") != NULL ||
      util_string (line, "heard") != NULL ||
      util_string (line, "wait") != NULL ||
      util_string (line, "wait_server") != NULL ||
      util_int (line, "after_ms", -1) >= 0 || util_bool (line, "close", FALSE)
      || (util_object (line, "event") != NULL
      && util_string (util_object (line, "event"), "type") != NULL);
}

Script *
script_load (const gchar * path, GError ** error)
{
  g_autofree gchar *text = NULL;
  g_auto (GStrv) lines = NULL;
  Script *script;
  guint i;

  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;
  script = g_new0 (Script, 1);
  script->steps = g_ptr_array_new_with_free_func ((GDestroyNotify)
      json_object_unref);
  script->replies = g_ptr_array_new_with_free_func ((GDestroyNotify)
      json_object_unref);
  script->heard = g_ptr_array_new_with_free_func ((GDestroyNotify)
      json_object_unref);
  lines = g_strsplit (text, "\n", -1);
  for (i = 0; lines[i] != NULL; i++) {
    const gchar *why = "no line of a script has these members";
    JsonObject *line;
    GPtrArray *list;

    if (*g_strstrip (lines[i]) == '\0' || *lines[i] == '#')
      continue;
    line = util_parse (lines[i], -1, &why);
    list = line != NULL ? list_for (script, line) : NULL;
    if (list == NULL || !is_well_formed (line)) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
          "%s:%u: %s", path, i + 1, why != NULL ? why :
          "not a line that a script can have");
      g_clear_pointer (&line, json_object_unref);
      script_free (script);
      return NULL;
    }
    g_ptr_array_add (list, line);
  }
  return script;
}

void
script_free (Script * script)
{
  g_ptr_array_unref (script->steps);
  g_ptr_array_unref (script->replies);
  g_ptr_array_unref (script->heard);
  g_free (script);
}

ScriptRun *
script_run_new (Script * script, const ScriptActions * actions,
    gpointer user_data)
{
  ScriptRun *run = g_new0 (ScriptRun, 1);

  run->script = script;
  run->actions = *actions;
  run->user_data = user_data;
  return run;
}

static void run_steps (ScriptRun * run);

static gboolean
go_on (gpointer data)
{
  ScriptRun *run = data;

  run->timer = 0;
  run_steps (run);
  return G_SOURCE_REMOVE;
}

static void
do_step (ScriptRun * run, JsonObject * step)
{
  JsonObject *event = util_object (step, "event");

  if (event != NULL)
    run->actions.send (util_copy_object (event), run->user_data);
  else if (json_object_has_member (step, "after_ms"))
    run->timer = util_after (util_int (step, "after_ms", 0), go_on, run);
  else if (json_object_has_member (step, "wait"))
    run->awaited = g_strconcat ("client ", util_string (step, "wait"), NULL);
  else if (json_object_has_member (step, "wait_server"))
    run->awaited = g_strconcat ("server ", util_string (step, "wait_server"),
        NULL);
  else
    run->actions.close (run->user_data);
}

static void
run_steps (ScriptRun * run)
{
  if (!run->started || run->running)
    return;
  run->running = TRUE;
  while (run->timer == 0 && run->awaited == NULL &&
      run->step < run->script->steps->len)
    do_step (run, g_ptr_array_index (run->script->steps, run->step++));
  run->running = FALSE;
}

void
script_run_start (ScriptRun * run)
{
  run->started = TRUE;
  run_steps (run);
}

static void
saw (ScriptRun * run, const gchar * side, const gchar * type)
{
  g_autofree gchar *seen = g_strconcat (side, " ", type, NULL);

  if (g_strcmp0 (run->awaited, seen) != 0)
    return;
  g_clear_pointer (&run->awaited, g_free);
  /* not from within: what was seen is dealt with first */
  if (run->timer == 0)
    run->timer = util_after (0, go_on, run);
}

void
script_run_saw_client (ScriptRun * run, const gchar * type)
{
  saw (run, "client", type);
}

void
script_run_saw_server (ScriptRun * run, const gchar * type)
{
  saw (run, "server", type);
}

const gchar *
script_run_heard (ScriptRun * run)
{
  if (run->heard >= run->script->heard->len)
    return NULL;
  return util_string (g_ptr_array_index (run->script->heard, run->heard++),
      "heard");
}

JsonObject *
script_run_reply (ScriptRun * run)
{
  if (run->reply >= run->script->replies->len)
    return NULL;
  return g_ptr_array_index (run->script->replies, run->reply++);
}

gboolean
script_run_hears (ScriptRun * run)
{
  return run->script->heard->len > 0;
}

void
script_run_free (ScriptRun * run)
{
  if (run->timer != 0)
    g_source_remove (run->timer);
  g_free (run->awaited);
  g_free (run);
}
