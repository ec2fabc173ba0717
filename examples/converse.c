/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Talk with a voice service, or write to it: what is typed is sent as text, an
 * empty line interrupts, Ctrl-D says goodbye. It can turn its own voice up and
 * down: have it set the volume. The same as converse.py.
 *
 *   converse [SOURCE [SINK]]      in place of autoaudiosrc and autoaudiosink
 */

#include <gst/gst.h>
#include <json-glib/json-glib.h>

static const gchar tools[] = "[{\"type\":\"function\",\"name\":\"set_volume\","
    "\"description\":\"Sets how loud you speak.\",\"parameters\":{\"type\":"
    "\"object\",\"required\":[\"level\"],\"properties\":{\"level\":{\"type\":"
    "\"integer\",\"description\":\"0 (silent) to 10 (as it comes)\"}}}}]";

/* From the session thread. */
static void
call_function (GstElement * rt, const gchar * call_id, const gchar * name,
    const gchar * arguments, gpointer user_data)
{
  JsonNode *node = json_from_string (arguments, NULL);
  gchar *result;
  gboolean accepted;

  if (node && JSON_NODE_HOLDS_OBJECT (node)
      && json_object_has_member (json_node_get_object (node), "level")) {
    gint64 level = json_object_get_int_member_with_default
        (json_node_get_object (node), "level", 10);

    level = CLAMP (level, 0, 10);
    g_object_set (rt, "volume", level / 10.0, NULL);
    result = g_strdup_printf ("{\"volume\": %d}", (gint) level);
  } else {
    result = g_strdup ("{\"error\": \"there is no level\"}");
  }
  g_print ("[%s %s = %s]\n", name, arguments, result);
  g_signal_emit_by_name (rt, "send-function-result", call_id, result,
      &accepted);
  g_free (result);
  g_clear_pointer (&node, json_node_unref);
}

static gboolean
read_keyboard (GIOChannel * channel, GIOCondition condition, gpointer rt)
{
  gchar *line = NULL;
  gboolean accepted;

  if (g_io_channel_read_line (channel, &line, NULL, NULL, NULL) !=
      G_IO_STATUS_NORMAL) {
    gst_element_send_event (rt, gst_event_new_eos ());
    return G_SOURCE_REMOVE;
  }
  if (*g_strstrip (line))
    g_signal_emit_by_name (rt, "send-text", line, &accepted);
  else
    g_signal_emit_by_name (rt, "interrupt", &accepted);
  g_free (line);

  return G_SOURCE_CONTINUE;
}

static void
show (const GstStructure * line)
{
  gboolean final = FALSE, interrupted = FALSE;

  gst_structure_get (line, "final", G_TYPE_BOOLEAN, &final, "interrupted",
      G_TYPE_BOOLEAN, &interrupted, NULL);
  if (g_strcmp0 (gst_structure_get_string (line, "role"), "assistant") == 0)
    g_print ("%s%s", final ? interrupted ? " --" : "" :
        gst_structure_get_string (line, "delta"), final ? "\n" : "");
  else if (final)
    g_print ("you: %s\n", gst_structure_get_string (line, "text"));
}

static gboolean
on_message (GstBus * bus, GstMessage * message, gpointer loop)
{
  GError *error = NULL;

  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_EOS:
      g_main_loop_quit (loop);
      break;
    case GST_MESSAGE_ERROR:
      gst_message_parse_error (message, &error, NULL);
      g_printerr ("%s\n", error->message);
      g_error_free (error);
      g_main_loop_quit (loop);
      break;
    default:
      if (gst_message_has_name (message, "realtime/transcript"))
        show (gst_message_get_structure (message));
      break;
  }

  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  GMainLoop *loop = g_main_loop_new (NULL, FALSE);
  GIOChannel *keyboard = g_io_channel_unix_new (0);
  GstElement *pipeline, *rt;
  GstBus *bus;
  GError *error = NULL;
  gchar *line;

  gst_init (&argc, &argv);
  line = g_strdup_printf ("%s ! realtimebin name=rt ! %s rt.event_src ! "
      "transcriptsink", argc > 1 ? argv[1] : "autoaudiosrc",
      argc > 2 ? argv[2] : "autoaudiosink");
  pipeline = gst_parse_launch_full (line, NULL, GST_PARSE_FLAG_FATAL_ERRORS,
      &error);
  g_free (line);
  if (!pipeline) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  rt = gst_bin_get_by_name (GST_BIN (pipeline), "rt");
  g_object_set (rt, "tools", tools, NULL);
  g_signal_connect (rt, "function-call", G_CALLBACK (call_function), NULL);
  g_io_add_watch (keyboard, G_IO_IN | G_IO_HUP, read_keyboard, rt);
  bus = gst_element_get_bus (pipeline);
  gst_bus_add_watch (bus, on_message, loop);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_main_loop_run (loop);
  gst_element_set_state (pipeline, GST_STATE_NULL);

  gst_bus_remove_watch (bus);
  gst_object_unref (bus);
  gst_object_unref (rt);
  gst_object_unref (pipeline);
  g_io_channel_unref (keyboard);
  g_main_loop_unref (loop);
  gst_deinit ();

  return 0;
}
