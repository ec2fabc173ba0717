/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstrealtimebin-private.h"
#include "gstrealtimeimage.h"
#include "media/uplink.h"

/* What all actions have in common: a session, and a warning without success.
 * @a, @b: the arguments of the action. */
typedef gboolean (*ActionFunc) (GstRealtimeSupervisor * supervisor,
    const gchar * a, const gchar * b, GError ** error);

static void
warn (GstRealtimeBin * self, const gchar * name, const GError * error)
{
  GST_ELEMENT_WARNING (self, RESOURCE, WRITE, ("%s was not done: %s.", name,
          error ? error->message : "the element is not in session"), (NULL));
}

static gboolean
act (GstRealtimeBin * self, const gchar * name, ActionFunc func,
    const gchar * a, const gchar * b)
{
  GstRealtimeSupervisor *supervisor = gst_realtime_bin_borrow_supervisor (self);
  GError *error = NULL;
  gboolean accepted = FALSE;

  if (supervisor) {
    accepted = func (supervisor, a, b, &error);
    gst_realtime_bin_give_supervisor_back (self);
  }
  if (!accepted)
    warn (self, name, error);
  g_clear_error (&error);

  return accepted;
}

static gboolean
do_send_event (GstRealtimeSupervisor * supervisor, const gchar * json,
    const gchar * unused, GError ** error)
{
  return gst_realtime_supervisor_send (supervisor, json ? json : "", error);
}

static gboolean
send_event (GstRealtimeBin * self, const gchar * json)
{
  return act (self, "send-event", do_send_event, json, NULL);
}

static gboolean
do_send_text (GstRealtimeSupervisor * supervisor, const gchar * text,
    const gchar * unused, GError ** error)
{
  return gst_realtime_supervisor_send_text (supervisor, text, error);
}

static gboolean
send_text (GstRealtimeBin * self, const gchar * text)
{
  return act (self, "send-text", do_send_text, text, NULL);
}

static gboolean
send_url (GstRealtimeBin * self, const gchar * name, gchar * url,
    const gchar * detail, GError * error)
{
  gboolean accepted = FALSE;

  if (url)
    accepted = act (self, name, gst_realtime_supervisor_send_image, url,
        detail);
  else
    warn (self, name, error);
  g_clear_error (&error);
  g_free (url);

  return accepted;
}

static gboolean
send_image (GstRealtimeBin * self, GstBuffer * image, const gchar * detail,
    guint longest_edge)
{
  GError *error = NULL;
  gchar *url = gst_realtime_image_to_url (image, longest_edge, &error);

  return send_url (self, "send-image", url, detail, error);
}

static gboolean
send_image_file (GstRealtimeBin * self, const gchar * location,
    const gchar * detail, guint longest_edge)
{
  GError *error = NULL;
  gchar *url = gst_realtime_image_file_to_url (location, longest_edge, &error);

  return send_url (self, "send-image-file", url, detail, error);
}

static gboolean
send_function_result (GstRealtimeBin * self, const gchar * call_id,
    const gchar * output)
{
  return act (self, "send-function-result",
      gst_realtime_supervisor_send_function_result, call_id, output);
}

static gboolean
do_create_response (GstRealtimeSupervisor * supervisor,
    const gchar * instructions, const gchar * unused, GError ** error)
{
  return gst_realtime_supervisor_create_response (supervisor, instructions,
      error);
}

static gboolean
create_response (GstRealtimeBin * self, const gchar * instructions)
{
  return act (self, "create-response", do_create_response, instructions, NULL);
}

static gboolean
do_interrupt (GstRealtimeSupervisor * supervisor, const gchar * a,
    const gchar * b, GError ** error)
{
  return gst_realtime_supervisor_interrupt (supervisor, error);
}

static gboolean
interrupt (GstRealtimeBin * self)
{
  return act (self, "interrupt", do_interrupt, NULL, NULL);
}

static gboolean
do_commit_input (GstRealtimeSupervisor * supervisor, const gchar * a,
    const gchar * b, GError ** error)
{
  return gst_realtime_supervisor_commit_input (supervisor, error);
}

static gboolean
commit_input (GstRealtimeBin * self)
{
  return act (self, "commit-input", do_commit_input, NULL, NULL);
}

static gboolean
do_clear_input (GstRealtimeSupervisor * supervisor, const gchar * a,
    const gchar * b, GError ** error)
{
  return gst_realtime_supervisor_clear_input (supervisor, error);
}

static gboolean
clear_input (GstRealtimeBin * self)
{
  return act (self, "clear-input", do_clear_input, NULL, NULL);
}

static gboolean
do_reconnect (GstRealtimeSupervisor * supervisor, const gchar * a,
    const gchar * b, GError ** error)
{
  return gst_realtime_supervisor_reconnect (supervisor, error);
}

static gboolean
reconnect (GstRealtimeBin * self)
{
  return act (self, "reconnect", do_reconnect, NULL, NULL);
}

static void
set_talk (GstRealtimeBin * self, gboolean talk)
{
  GstRealtimeSupervisor *supervisor;

  GST_OBJECT_LOCK (self);
  self->talk = talk;
  self->talk_used = TRUE;
  GST_OBJECT_UNLOCK (self);
  if ((supervisor = gst_realtime_bin_borrow_supervisor (self))) {
    gst_realtime_supervisor_set_talk (supervisor, talk);
    gst_realtime_bin_give_supervisor_back (self);
  }
}

void
gst_realtime_bin_prepare_talk (GstRealtimeBin * self,
    GstRealtimeSupervisor * supervisor)
{
  gboolean talk, used;

  GST_OBJECT_LOCK (self);
  talk = self->talk;
  used = self->talk_used;
  GST_OBJECT_UNLOCK (self);
  gst_realtime_uplink_set_mute_from (self->uplink, GST_CLOCK_TIME_NONE);
  if (used)
    gst_realtime_supervisor_set_talk (supervisor, talk);
}

gboolean
gst_realtime_bin_set_turn_property (GstRealtimeBin * self, guint id,
    const GValue * value)
{
  switch (id) {
    case GST_REALTIME_PROP_TALK:
      set_talk (self, g_value_get_boolean (value));
      return TRUE;
    case GST_REALTIME_PROP_FLUSH_ON_INTERRUPT:
      GST_OBJECT_LOCK (self);
      self->flush_on_interrupt = g_value_get_enum (value);
      GST_OBJECT_UNLOCK (self);
      return TRUE;
    case GST_REALTIME_PROP_INTERRUPT_LOCALLY:
      GST_OBJECT_LOCK (self);
      self->interrupt_locally = g_value_get_boolean (value);
      GST_OBJECT_UNLOCK (self);
      return TRUE;
    default:
      return FALSE;
  }
}

gboolean
gst_realtime_bin_get_turn_property (GstRealtimeBin * self, guint id,
    GValue * value)
{
  switch (id) {
    case GST_REALTIME_PROP_TALK:
      g_value_set_boolean (value, self->talk);
      return TRUE;
    case GST_REALTIME_PROP_FLUSH_ON_INTERRUPT:
      g_value_set_enum (value, self->flush_on_interrupt);
      return TRUE;
    case GST_REALTIME_PROP_INTERRUPT_LOCALLY:
      g_value_set_boolean (value, self->interrupt_locally);
      return TRUE;
    default:
      return FALSE;
  }
}

static GType
flush_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {GST_REALTIME_FLUSH_AUTO, "Where everything downstream of src leads to "
          "audio sinks alone and is mixed with nothing", "auto"},
    {GST_REALTIME_FLUSH_NEVER, "No: silence follows what has left", "never"},
    {GST_REALTIME_FLUSH_ALWAYS, "Yes; muxers and sinks that write do not take "
          "it", "always"},
    {0, NULL, NULL}
  };

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstRealtimeFlush", values));
  }

  return type;
}

void
gst_realtime_bin_install_turn_properties (GObjectClass * klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
      GST_PARAM_MUTABLE_PLAYING;

  g_object_class_install_property (klass, GST_REALTIME_PROP_TALK,
      g_param_spec_boolean ("talk", "Talk",
          "The talk button of turn-detection=manual: pressed, the assistant is "
          "silenced and the input heard; released, what was said is committed "
          "and answered. Once it was set, the input is heard while it is "
          "pressed only", FALSE, flags));
  g_object_class_install_property (klass,
      GST_REALTIME_PROP_FLUSH_ON_INTERRUPT,
      g_param_spec_enum ("flush-on-interrupt", "Flush on interrupt",
          "Whether what has left src and was not heard yet is forgotten by a "
          "flush when the assistant is interrupted", flush_get_type (),
          GST_REALTIME_FLUSH_AUTO, flags));
  g_object_class_install_property (klass, GST_REALTIME_PROP_INTERRUPT_LOCALLY,
      g_param_spec_boolean ("interrupt-locally", "Interrupt locally",
          "Interrupt the assistant as soon as this element finds speech in the "
          "input, before the service does (webrtcdsp where it is there, else "
          "by loudness); where a loudspeaker is heard, with echo-cancel",
          FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
          GST_PARAM_MUTABLE_READY));
}

static void
install_action (GstRealtimeBinClass * klass, const gchar * name,
    GCallback callback, guint n, GType a, GType b, GType c)
{
  g_signal_new_class_handler (name, G_TYPE_FROM_CLASS (klass),
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, callback, NULL, NULL, NULL,
      G_TYPE_BOOLEAN, n, a, b, c);
}

/*
 * All actions: any thread, and none waits for the service. %FALSE comes with a
 * warning on the bus that says why; the session stands. What the service
 * refuses later is a warning, too, with the action's name. Strings are UTF-8.
 * No event is longer than 256 KiB: what passes the channel for certain.
 */
void
gst_realtime_bin_install_actions (GstRealtimeBinClass * klass)
{
  /**
   * GstRealtimeBin::send-event:
   * @self: the element
   * @json: a client event of the protocol, one JSON object
   *
   * Sends the event as it is, with an `event_id` where it has none. A
   * `response.create` waits until no other response runs, unless it is out of
   * band (`"conversation":"none"`). Any thread.
   *
   * Returns: %FALSE, with a warning on the bus, when @json is not an event or
   * too long, or there is no configured session.
   */
  install_action (klass, "send-event", G_CALLBACK (send_event), 1,
      G_TYPE_STRING, 0, 0);
  /**
   * GstRealtimeBin::send-text:
   * @self: the element
   * @text: what the user writes
   *
   * Adds the text to the conversation and asks for a reply. Texts that are sent
   * while a response runs are answered by one reply after it. Any thread.
   *
   * Returns: %FALSE, with a warning on the bus, when the text is empty, not
   * UTF-8 or too long, or there is no configured conversation.
   */
  install_action (klass, "send-text", G_CALLBACK (send_text), 1,
      G_TYPE_STRING, 0, 0);
  /**
   * GstRealtimeBin::send-image:
   * @self: the element
   * @image: a buffer that holds a PNG or JPEG file
   * @detail: (nullable): how closely to look: `auto`, `low` or `high`; %NULL or
   *   empty: the service's default
   * @longest_edge: scale the picture down to at most this many pixels on its
   *   longest edge, as JPEG; 0: send it as it is
   *
   * Adds the picture to the conversation. No reply is asked for: ask for one
   * with what comes next (send-text, speech, create-response). Any thread, which
   * is busy as long as the scaling takes.
   *
   * Returns: %FALSE, with a warning on the bus, when the picture is neither PNG
   * nor JPEG, does not decode, or is larger than about 190 kB, or there is no
   * configured conversation.
   */
  install_action (klass, "send-image", G_CALLBACK (send_image), 3,
      GST_TYPE_BUFFER, G_TYPE_STRING, G_TYPE_UINT);
  /**
   * GstRealtimeBin::send-image-file:
   * @self: the element
   * @location: path of a PNG or JPEG file
   * @detail: (nullable): as for #GstRealtimeBin::send-image
   * @longest_edge: as for #GstRealtimeBin::send-image
   *
   * The same of a file. Any thread, which is busy as long as reading and scaling
   * take.
   *
   * Returns: as #GstRealtimeBin::send-image, and %FALSE when the file cannot be
   * read.
   */
  install_action (klass, "send-image-file", G_CALLBACK (send_image_file), 3,
      G_TYPE_STRING, G_TYPE_STRING, G_TYPE_UINT);
  /**
   * GstRealtimeBin::send-function-result:
   * @self: the element
   * @call_id: the call that #GstRealtimeBin::function-call told of
   * @output: what the function returned, often JSON
   *
   * Answers a function call. When all calls of the response that made it have
   * their results, one reply is asked for. Any thread, the handler of
   * #GstRealtimeBin::function-call included.
   *
   * Returns: %FALSE, with a warning on the bus, when no such call waits for a
   * result, the output is not UTF-8 or too long, or there is no configured
   * session.
   */
  install_action (klass, "send-function-result",
      G_CALLBACK (send_function_result), 2, G_TYPE_STRING, G_TYPE_STRING, 0);
  /**
   * GstRealtimeBin::create-response:
   * @self: the element
   * @instructions: (nullable): for this response only; %NULL or empty: those of
   *   the session
   *
   * Asks for a response, which begins when no other one runs. Any thread.
   *
   * Returns: %FALSE, with a warning on the bus, when the instructions are not
   * UTF-8 or too long, or there is no configured conversation.
   */
  install_action (klass, "create-response", G_CALLBACK (create_response), 1,
      G_TYPE_STRING, 0, 0);
  /**
   * GstRealtimeBin::interrupt:
   * @self: the element
   *
   * Silences what the assistant says: `src` is silent from its next buffer on,
   * and the response is cancelled. Does nothing while it says nothing. What was
   * asked for and has not begun stays asked for. Any thread.
   *
   * Returns: %FALSE, with a warning on the bus, when there is no configured
   * conversation.
   */
  install_action (klass, "interrupt", G_CALLBACK (interrupt), 0, 0, 0, 0);
  /**
   * GstRealtimeBin::commit-input:
   * @self: the element
   *
   * What was said up to now is a turn, with all that is still on its way out.
   * For turn-detection=manual; a reply is asked for by
   * #GstRealtimeBin::create-response, right after this. Less than 100 ms of
   * audio are no turn. Any thread.
   *
   * Returns: %FALSE, with a warning on the bus, when there is no configured
   * session.
   */
  install_action (klass, "commit-input", G_CALLBACK (commit_input), 0, 0, 0, 0);
  /**
   * GstRealtimeBin::clear-input:
   * @self: the element
   *
   * Forgets what was said since the last turn. Any thread.
   *
   * Returns: %FALSE, with a warning on the bus, when there is no configured
   * session.
   */
  install_action (klass, "clear-input", G_CALLBACK (clear_input), 0, 0, 0, 0);
  /**
   * GstRealtimeBin::reconnect:
   * @self: the element
   *
   * Drops the session and makes another, whatever #GstRealtimeBin:reconnect
   * says: with what the properties say by now, also those that a running session
   * does not change, and with what was said so far. While an attempt to
   * reconnect is waited for it is made at once. Any thread.
   *
   * Returns: %FALSE, with a warning on the bus, when there is no session, or it
   * is just beginning or ending.
   */
  install_action (klass, "reconnect", G_CALLBACK (reconnect), 0, 0, 0, 0);

  /**
   * GstRealtimeBin::function-call:
   * @self: the element
   * @call_id: the call, for #GstRealtimeBin::send-function-result
   * @name: the function
   * @arguments: JSON, as the model wrote it: check it
   *
   * The assistant calls a function of #GstRealtimeBin:tools, and its arguments
   * are complete. Emitted once for each call, from the session thread; handlers
   * must not block. The end of the input waits for the results of an
   * application that has a handler, at most #GstRealtimeBin:drain-timeout.
   */
  g_signal_new ("function-call", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
      0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING,
      G_TYPE_STRING);
}
