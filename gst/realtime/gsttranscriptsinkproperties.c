/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gsttranscriptmessages.h"
#include "gsttranscriptsink-private.h"

#define DEFAULT_PARTIALS TRUE
#define DEFAULT_ROLES (GST_REALTIME_ROLE_USER | GST_REALTIME_ROLE_ASSISTANT)
#define DEFAULT_ORDER GST_TRANSCRIPT_SINK_ORDER_ARRIVAL
#define DEFAULT_ORDER_TIMEOUT 5000
#define DEFAULT_HISTORY_SIZE 100
#define DEFAULT_LOCATION NULL
#define DEFAULT_SILENT FALSE

enum
{
  PROP_0,
  PROP_PARTIALS,
  PROP_ROLES,
  PROP_ORDER,
  PROP_ORDER_TIMEOUT,
  PROP_HISTORY_SIZE,
  PROP_HISTORY,
  PROP_LOCATION,
  PROP_SILENT,
  PROP_LAST_MESSAGE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];
guint gst_transcript_sink_signals[N_SIGNALS];

GType
gst_transcript_sink_order_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {GST_TRANSCRIPT_SINK_ORDER_ARRIVAL, "As it comes", "arrival"},
    {GST_TRANSCRIPT_SINK_ORDER_CONVERSATION,
        "A line waits until those before it are final", "conversation"},
    {0, NULL, NULL}
  };

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstTranscriptSinkOrder", values));
  }
  return type;
}

void
gst_transcript_sink_remember (GstTranscriptSink * self,
    const GstStructure * line)
{
  gboolean silent;

  GST_OBJECT_LOCK (self);
  g_queue_push_tail (&self->history, gst_structure_copy (line));
  while (self->history.length > self->history_size)
    gst_structure_free (g_queue_pop_head (&self->history));
  silent = self->silent;
  if (!silent) {
    g_free (self->last_message);
    self->last_message = gst_transcript_message_describe (line);
  }
  GST_OBJECT_UNLOCK (self);

  if (!silent)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LAST_MESSAGE]);
}

void
gst_transcript_sink_forget (GstTranscriptSink * self)
{
  GST_OBJECT_LOCK (self);
  g_queue_clear_full (&self->history, (GDestroyNotify) gst_structure_free);
  g_clear_pointer (&self->last_message, g_free);
  GST_OBJECT_UNLOCK (self);
}

static void
set_location (GstTranscriptSink * self, const gchar * location)
{
  gboolean busy = GST_STATE (self) > GST_STATE_READY;

  if (busy) {
    GST_WARNING_OBJECT (self, "location can be changed in NULL or READY only");
    return;
  }
  GST_OBJECT_LOCK (self);
  g_free (self->location);
  self->location = g_strdup (location);
  GST_OBJECT_UNLOCK (self);
}

static void
set_history_size (GstTranscriptSink * self, guint size)
{
  GST_OBJECT_LOCK (self);
  self->history_size = size;
  while (self->history.length > size)
    gst_structure_free (g_queue_pop_head (&self->history));
  GST_OBJECT_UNLOCK (self);
}

static void
gst_transcript_sink_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstTranscriptSink *self = GST_TRANSCRIPT_SINK (object);

  if (id == PROP_LOCATION) {
    set_location (self, g_value_get_string (value));
    return;
  }
  if (id == PROP_HISTORY_SIZE) {
    set_history_size (self, g_value_get_uint (value));
    return;
  }

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_PARTIALS:
      self->partials = g_value_get_boolean (value);
      break;
    case PROP_ROLES:
      self->roles = g_value_get_flags (value);
      break;
    case PROP_ORDER:
      self->order = g_value_get_enum (value);
      break;
    case PROP_ORDER_TIMEOUT:
      self->order_timeout = g_value_get_uint (value);
      break;
    case PROP_SILENT:
      self->silent = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

/* With the object lock held. */
static void
get_history (GstTranscriptSink * self, GValue * array)
{
  GList *l;

  for (l = self->history.head; l != NULL; l = l->next) {
    GValue line = G_VALUE_INIT;

    g_value_init (&line, GST_TYPE_STRUCTURE);
    gst_value_set_structure (&line, l->data);
    gst_value_array_append_and_take_value (array, &line);
  }
}

static void
gst_transcript_sink_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstTranscriptSink *self = GST_TRANSCRIPT_SINK (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_PARTIALS:
      g_value_set_boolean (value, self->partials);
      break;
    case PROP_ROLES:
      g_value_set_flags (value, self->roles);
      break;
    case PROP_ORDER:
      g_value_set_enum (value, self->order);
      break;
    case PROP_ORDER_TIMEOUT:
      g_value_set_uint (value, self->order_timeout);
      break;
    case PROP_HISTORY_SIZE:
      g_value_set_uint (value, self->history_size);
      break;
    case PROP_HISTORY:
      get_history (self, value);
      break;
    case PROP_LOCATION:
      g_value_set_string (value, self->location);
      break;
    case PROP_SILENT:
      g_value_set_boolean (value, self->silent);
      break;
    case PROP_LAST_MESSAGE:
      g_value_set_string (value, self->last_message);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
install_properties (GObjectClass * object_class)
{
  const GParamFlags always = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_PLAYING;
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  props[PROP_PARTIALS] = g_param_spec_boolean ("partials", "Partials",
      "Tell lines while their words still come, not only when they are final",
      DEFAULT_PARTIALS, always);
  props[PROP_ROLES] = g_param_spec_flags ("roles", "Roles",
      "Whose lines to tell", GST_TYPE_REALTIME_ROLES, DEFAULT_ROLES, always);
  props[PROP_ORDER] = g_param_spec_enum ("order", "Order",
      "When to tell a line: as it comes, or not before the lines ahead of it "
      "in the conversation are final", GST_TYPE_TRANSCRIPT_SINK_ORDER,
      DEFAULT_ORDER, always);
  props[PROP_ORDER_TIMEOUT] = g_param_spec_uint ("order-timeout",
      "Order timeout", "How long order=conversation holds a line at most (ms)",
      0, G_MAXUINT, DEFAULT_ORDER_TIMEOUT, always);
  props[PROP_HISTORY_SIZE] = g_param_spec_uint ("history-size", "History size",
      "How many final lines the property history keeps", 0, 100000,
      DEFAULT_HISTORY_SIZE, always);
  props[PROP_HISTORY] = gst_param_spec_array ("history", "History",
      "The last final lines since the element was started, the oldest first, "
      "as structures realtime/transcript",
      g_param_spec_boxed ("line", "Line", "A final line", GST_TYPE_STRUCTURE,
          readable), readable);
  props[PROP_LOCATION] = g_param_spec_string ("location", "Location",
      "File to append final lines to, as JSON Lines, each written at once",
      DEFAULT_LOCATION, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_READY);
  props[PROP_SILENT] = g_param_spec_boolean ("silent", "Silent",
      "Don't notify last-message", DEFAULT_SILENT, always);
  props[PROP_LAST_MESSAGE] = g_param_spec_string ("last-message",
      "Last message", "The last final line, readable: role, time, text", NULL,
      readable);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static guint
new_signal (const gchar * name)
{
  return g_signal_new (name, GST_TYPE_TRANSCRIPT_SINK, G_SIGNAL_RUN_LAST, 0,
      NULL, NULL, NULL, G_TYPE_NONE, 1,
      GST_TYPE_STRUCTURE | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
install_signals (void)
{
  /**
   * GstTranscriptSink::transcript:
   * @sink: the #GstTranscriptSink
   * @line: the structure `realtime/transcript`
   *
   * A line, partial or final. Emitted after the message of the same content,
   * from the streaming thread or, with order=conversation, the system clock's.
   */
  gst_transcript_sink_signals[SIGNAL_TRANSCRIPT] = new_signal ("transcript");
  /**
   * GstTranscriptSink::state:
   * @sink: the #GstTranscriptSink
   * @state: the structure `realtime/state`
   *
   * The connection's or the turn's state has changed. Threads as for
   * #GstTranscriptSink::transcript.
   */
  gst_transcript_sink_signals[SIGNAL_STATE] = new_signal ("state");
  /**
   * GstTranscriptSink::function-call:
   * @sink: the #GstTranscriptSink
   * @call: the structure `realtime/function-call`
   *
   * The model calls a function, once for each call and with all of its
   * arguments. Threads as for #GstTranscriptSink::transcript.
   */
  gst_transcript_sink_signals[SIGNAL_FUNCTION_CALL] =
      new_signal ("function-call");
  /**
   * GstTranscriptSink::usage:
   * @sink: the #GstTranscriptSink
   * @usage: the structure `realtime/usage`
   *
   * The running totals have changed. Threads as for
   * #GstTranscriptSink::transcript.
   */
  gst_transcript_sink_signals[SIGNAL_USAGE] = new_signal ("usage");
  /**
   * GstTranscriptSink::error:
   * @sink: the #GstTranscriptSink
   * @error: the structure `realtime/error`
   *
   * The service refused or failed something, and the session goes on. Threads
   * as for #GstTranscriptSink::transcript.
   */
  gst_transcript_sink_signals[SIGNAL_ERROR] = new_signal ("error");
}

void
gst_transcript_sink_install (GObjectClass * object_class)
{
  object_class->set_property = gst_transcript_sink_set_property;
  object_class->get_property = gst_transcript_sink_get_property;
  install_properties (object_class);
  install_signals ();
}

void
gst_transcript_sink_init_properties (GstTranscriptSink * self)
{
  self->partials = DEFAULT_PARTIALS;
  self->roles = DEFAULT_ROLES;
  self->order = DEFAULT_ORDER;
  self->order_timeout = DEFAULT_ORDER_TIMEOUT;
  self->history_size = DEFAULT_HISTORY_SIZE;
  self->location = g_strdup (DEFAULT_LOCATION);
  self->silent = DEFAULT_SILENT;
  g_queue_init (&self->history);
}

void
gst_transcript_sink_clear_properties (GstTranscriptSink * self)
{
  g_queue_clear_full (&self->history, (GDestroyNotify) gst_structure_free);
  g_free (self->location);
  g_free (self->last_message);
}
