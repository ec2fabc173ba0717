/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <stdlib.h>
#include <string.h>
#include <json-glib/json-glib.h>
#include "spoil.h"
#include "stream.h"

static GRand *rng;
static GPtrArray *corpus;       /* of GStrv, the lines of a log each */

gint
below (gint n)
{
  return g_rand_int_range (rng, 0, n);
}

gboolean
one_in (gint n)
{
  return below (n) == 0;
}

guint32
any_number (void)
{
  return g_rand_int (rng);
}

static void
add_log (const gchar * text)
{
  g_ptr_array_add (corpus, g_strsplit (text, "\n", -1));
}

static void
add_recorded (void)
{
  g_autofree gchar *readme = recorded_path ("README.md");
  g_autofree gchar *path = readme ? g_path_get_dirname (readme) : NULL;
  GDir *dir = path ? g_dir_open (path, 0, NULL) : NULL;
  const gchar *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree gchar *file = g_build_filename (path, name, NULL);
    g_autofree gchar *text = NULL;

    if (g_str_has_suffix (name, ".jsonl")
        && g_file_get_contents (file, &text, NULL, NULL))
      add_log (text);
  }
  if (dir)
    g_dir_close (dir);
}

void
spoil_setup (void)
{
  const gchar *given = g_getenv ("REALTIME_TEST_SEED");
  guint32 seed = given ? strtoul (given, NULL, 10) : g_random_int ();
  g_autoptr (GString) talk = g_string_new (NULL);
  gint i;

  g_print ("REALTIME_TEST_SEED=%u\n", seed);
  rng = g_rand_new_with_seed (seed);
  corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  stream_begin (talk);
  for (i = 0; i < 6; i++) {
    g_autofree gchar *user = g_strdup_printf ("item_%d", 2 * i);
    g_autofree gchar *assistant = g_strdup_printf ("item_%d", 2 * i + 1);

    stream_turn (talk, user, 10000 * i + 1000, 10000 * i + 4000, 0);
    if (i % 2)
      stream_completed (talk, user, "What was said, and more.",
          10000 * i + 5000);
    stream_reply (talk, assistant, 10000 * i + 5500, 10000 * i + 9000,
        "What is answered to that. It takes more than two lines, so that there "
        "must be more than one cue of it, possibly three.");
    if (i % 2 == 0)
      stream_completed (talk, user, "What was said, and more.",
          10000 * i + 9500);
  }
  add_log (talk->str);
  add_recorded ();
}

void
spoil_teardown (void)
{
  g_rand_free (rng);
  g_ptr_array_unref (corpus);
}

guint
rounds (guint usual)
{
  const gchar *given = g_getenv ("REALTIME_TEST_ROUNDS");

  return given ? strtoul (given, NULL, 10) : usual;
}

static JsonNode *
odd_value (void)
{
  static const gchar *const texts[] = { "null", "true", "0", "-1", "1e308",
    "9223372036854775807", "-9223372036854775808", "18446744073709551615",
    "3.5", "\"\"", "\" \"", "\"\\u0000\"", "\"\\u202e\\u0301\"", "[]", "{}",
    "[[[]]]", "[{}]", "{\"id\":\"item_1\"}", "\"item_0\"", "\"item_3\"",
    "\"user\"", "\"assistant\"", "\"system\"", "\"resp_item_1\"", "5000",
    "\"response.done\"", "\"input_audio_buffer.speech_started\"",
    "\"realtimebin.state\"", "\"closed\"", "\"reconnecting\"", "2", "7"
  };

  if (one_in (40)) {
    g_autofree gchar *block = g_strnfill (100 * 1024, one_in (2) ? 'w' : ' ');
    JsonNode *node = json_node_new (JSON_NODE_VALUE);

    json_node_set_string (node, block);
    return node;
  }
  return json_from_string (texts[below (G_N_ELEMENTS (texts))], NULL);
}

/* Changes something at random below @node. */
static void
spoil_node (JsonNode * node)
{
  if (JSON_NODE_HOLDS_OBJECT (node)) {
    JsonObject *object = json_node_get_object (node);
    g_autoptr (GList) names = json_object_get_members (object);
    gchar *name;

    if (!names)
      return;
    name = g_strdup (g_list_nth_data (names, below (g_list_length (names))));
    if (one_in (6)) {
      json_object_remove_member (object, name);
    } else if (one_in (3)) {
      json_object_set_member (object, name, odd_value ());
    } else {
      spoil_node (json_object_get_member (object, name));
    }
    g_free (name);
  } else if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);

    if (json_array_get_length (array) == 0 || one_in (4))
      json_array_add_element (array, odd_value ());
    else
      spoil_node (json_array_get_element (array,
              below (json_array_get_length (array))));
  } else if (JSON_NODE_HOLDS_VALUE (node)) {
    if (json_node_get_value_type (node) == G_TYPE_INT64)
      json_node_set_int (node, one_in (2) ? json_node_get_int (node) / 2 :
          (gint64) (((guint64) g_rand_int (rng) << 32) | g_rand_int (rng)));
    else if (json_node_get_value_type (node) == G_TYPE_STRING)
      json_node_set_string (node, one_in (2) ? "item_1" : "response.created");
  }
}

static gchar *
spoil_line (const gchar * line)
{
  g_autoptr (JsonNode) node = NULL;
  gchar *text;
  gsize length;

  /* most of the rest has to make sense to get anywhere */
  if (!one_in (4))
    return g_strdup (line);

  if (!one_in (5)) {
    node = json_from_string (line, NULL);
    if (node) {
      spoil_node (node);
      return json_to_string (node, FALSE);
    }
  }
  text = g_strdup (line);
  length = strlen (text);
  if (length > 0)
    text[below (length)] = one_in (3) ? '\0' : 1 + below (255);
  return text;
}

GPtrArray *
spoil_log (void)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  gint disorder = below (4);
  gint n_logs = 1 + below (2);
  guint i;

  while (n_logs--) {
    GStrv log = g_ptr_array_index (corpus, below (corpus->len));

    for (i = 0; log[i]; i++) {
      if (one_in (20))
        continue;
      g_ptr_array_add (lines, spoil_line (log[i]));
      if (one_in (20))
        g_ptr_array_add (lines, g_strdup (log[i]));
    }
  }
  /* nearly in order, or not at all */
  for (i = 0; disorder > 0 && i + 1 < lines->len; i++) {
    guint reach = disorder == 3 ? lines->len - i : MIN (4, lines->len - i);
    guint j = i + below (reach);
    gpointer line = lines->pdata[i];

    if (disorder == 1 && !one_in (8))
      continue;
    lines->pdata[i] = lines->pdata[j];
    lines->pdata[j] = line;
  }
  return lines;
}
