/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "transport.h"

GST_DEBUG_CATEGORY_STATIC (realtime_transport_debug);
#define GST_CAT_DEFAULT realtime_transport_debug

G_DEFINE_QUARK (gst - realtime - transport - error - quark,
    gst_realtime_transport_error);

/* How long a link that is being taken down may wait for what is under way
 * inside it: a certificate can take seconds to make on a busy machine, and an
 * element that goes to NULL meanwhile leaks. */
#define SETTLE_TIMEOUT_US (5 * G_USEC_PER_SEC)

typedef struct
{
  GMainContext *context;        /* set once before use */
  gint shut_down;               /* atomic */
  gboolean failed;              /* main context's thread only */
} GstRealtimeTransportPrivate;

enum
{
  SIGNAL_PROGRESS,
  SIGNAL_OFFER,
  SIGNAL_OPENED,
  SIGNAL_MESSAGE,
  SIGNAL_CLOSED,
  SIGNAL_FAILED,
  LAST_SIGNAL
};

static guint signals[LAST_SIGNAL];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (GstRealtimeTransport,
    gst_realtime_transport, GST_TYPE_BIN);

#define GET_PRIVATE(self) \
    ((GstRealtimeTransportPrivate *) \
    gst_realtime_transport_get_instance_private (self))

typedef struct
{
  GstRealtimeTransport *self;
  GstRealtimeTransportFunc func;
  gpointer user_data;
  GDestroyNotify notify;
} Invocation;

static gboolean
invocation_run (gpointer user_data)
{
  Invocation *invocation = user_data;
  GstRealtimeTransportPrivate *priv = GET_PRIVATE (invocation->self);

  if (!g_atomic_int_get (&priv->shut_down))
    invocation->func (invocation->self, invocation->user_data);

  return G_SOURCE_REMOVE;
}

static void
invocation_free (gpointer user_data)
{
  Invocation *invocation = user_data;

  if (invocation->notify)
    invocation->notify (invocation->user_data);
  gst_object_unref (invocation->self);
  g_free (invocation);
}

/* Always through a source, also from the context's own thread: the order of
 * what the link reports must not depend on which thread it came from. */
void
gst_realtime_transport_invoke (GstRealtimeTransport * self,
    GstRealtimeTransportFunc func, gpointer user_data, GDestroyNotify notify)
{
  GstRealtimeTransportPrivate *priv = GET_PRIVATE (self);
  Invocation *invocation = g_new0 (Invocation, 1);
  GSource *source = g_idle_source_new ();

  invocation->self = gst_object_ref (self);
  invocation->func = func;
  invocation->user_data = user_data;
  invocation->notify = notify;

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, invocation_run, invocation, invocation_free);
  g_source_attach (source, priv->context);
  g_source_unref (source);
}

GMainContext *
gst_realtime_transport_get_context (GstRealtimeTransport * self)
{
  return GET_PRIVATE (self)->context;
}

void
gst_realtime_transport_set_context (GstRealtimeTransport * self,
    GMainContext * context)
{
  GstRealtimeTransportPrivate *priv = GET_PRIVATE (self);

  g_return_if_fail (priv->context == NULL);
  priv->context = g_main_context_ref (context);
}

static void
emit_progress (GstRealtimeTransport * self, gpointer step)
{
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0, step);
}

static void
emit_offer (GstRealtimeTransport * self, gpointer sdp)
{
  g_signal_emit (self, signals[SIGNAL_OFFER], 0, sdp);
}

static void
emit_opened (GstRealtimeTransport * self, gpointer unused)
{
  g_signal_emit (self, signals[SIGNAL_OPENED], 0);
}

static void
emit_message (GstRealtimeTransport * self, gpointer text)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, text);
}

static void
emit_closed (GstRealtimeTransport * self, gpointer unused)
{
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

static void
emit_failed (GstRealtimeTransport * self, gpointer error)
{
  GstRealtimeTransportPrivate *priv = GET_PRIVATE (self);

  if (priv->failed)
    return;
  priv->failed = TRUE;
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

void
gst_realtime_transport_post_progress (GstRealtimeTransport * self,
    const gchar * step)
{
  gst_realtime_transport_invoke (self, emit_progress, g_strdup (step), g_free);
}

void
gst_realtime_transport_post_offer (GstRealtimeTransport * self,
    const gchar * sdp)
{
  gst_realtime_transport_invoke (self, emit_offer, g_strdup (sdp), g_free);
}

void
gst_realtime_transport_post_opened (GstRealtimeTransport * self)
{
  gst_realtime_transport_invoke (self, emit_opened, NULL, NULL);
}

void
gst_realtime_transport_post_message (GstRealtimeTransport * self, gchar * text)
{
  gst_realtime_transport_invoke (self, emit_message, text, g_free);
}

void
gst_realtime_transport_post_closed (GstRealtimeTransport * self)
{
  gst_realtime_transport_invoke (self, emit_closed, NULL, NULL);
}

void
gst_realtime_transport_post_failed (GstRealtimeTransport * self, GError * error)
{
  GST_DEBUG_OBJECT (self, "failed: %s", error->message);
  gst_realtime_transport_invoke (self, emit_failed, error,
      (GDestroyNotify) g_error_free);
}

void
gst_realtime_transport_open (GstRealtimeTransport * self)
{
  GST_REALTIME_TRANSPORT_GET_CLASS (self)->open (self);
}

void
gst_realtime_transport_take_answer (GstRealtimeTransport * self,
    const gchar * sdp)
{
  GST_REALTIME_TRANSPORT_GET_CLASS (self)->take_answer (self, sdp);
}

gboolean
gst_realtime_transport_send (GstRealtimeTransport * self, const gchar * text,
    GError ** error)
{
  return GST_REALTIME_TRANSPORT_GET_CLASS (self)->send (self, text, error);
}

GstClockTime
gst_realtime_transport_get_lost (GstRealtimeTransport * self)
{
  GstRealtimeTransportClass *klass = GST_REALTIME_TRANSPORT_GET_CLASS (self);

  return klass->get_lost ? klass->get_lost (self) : 0;
}

void
gst_realtime_transport_get_stats (GstRealtimeTransport * self,
    GstStructure * stats)
{
  GstRealtimeTransportClass *klass = GST_REALTIME_TRANSPORT_GET_CLASS (self);

  if (klass->get_stats)
    klass->get_stats (self, stats);
}

typedef struct
{
  GstRealtimeTransport *self;
  GstRealtimeTransportDone done;
  gpointer user_data;
} ShutDown;

static gpointer
shut_down_thread (gpointer user_data)
{
  ShutDown *job = user_data;
  GstRealtimeTransportClass *klass =
      GST_REALTIME_TRANSPORT_GET_CLASS (job->self);

  klass->say_goodbye (job->self);
  klass->settle (job->self, g_get_monotonic_time () + SETTLE_TIMEOUT_US);
  gst_element_set_state (GST_ELEMENT (job->self), GST_STATE_NULL);
  gst_object_unref (job->self);

  if (job->done)
    job->done (job->user_data);
  g_free (job);

  return NULL;
}

void
gst_realtime_transport_shut_down (GstRealtimeTransport * self,
    GstRealtimeTransportDone done, gpointer user_data)
{
  GstRealtimeTransportPrivate *priv = GET_PRIVATE (self);
  ShutDown *job;

  if (!g_atomic_int_compare_and_exchange (&priv->shut_down, FALSE, TRUE)) {
    if (done)
      done (user_data);
    return;
  }

  GST_REALTIME_TRANSPORT_GET_CLASS (self)->stop (self);

  job = g_new0 (ShutDown, 1);
  job->self = gst_object_ref (self);
  job->done = done;
  job->user_data = user_data;
  g_thread_unref (g_thread_new ("realtime-close", shut_down_thread, job));
}

/* What goes wrong inside the link is the link's failure, told once and with
 * the words of this layer; elements around it must not see it as theirs. */
static void
gst_realtime_transport_handle_message (GstBin * bin, GstMessage * message)
{
  GstRealtimeTransport *self = GST_REALTIME_TRANSPORT (bin);
  GError *error = NULL;
  gchar *debug = NULL;

  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ERROR:
      gst_message_parse_error (message, &error, &debug);
      GST_WARNING_OBJECT (self, "error inside: %s (%s)", error->message,
          GST_STR_NULL (debug));
      gst_realtime_transport_post_failed (self,
          g_error_new (GST_REALTIME_TRANSPORT_ERROR,
              GST_REALTIME_TRANSPORT_ERROR_LINK, "%s: %s",
              GST_MESSAGE_SRC_NAME (message), error->message));
      g_clear_error (&error);
      g_free (debug);
      gst_message_unref (message);
      return;
    case GST_MESSAGE_WARNING:
      gst_message_parse_warning (message, &error, &debug);
      GST_INFO_OBJECT (self, "warning inside: %s (%s)", error->message,
          GST_STR_NULL (debug));
      g_clear_error (&error);
      g_free (debug);
      gst_message_unref (message);
      return;
    case GST_MESSAGE_LATENCY:
      /* the downlink answers for the latency of what comes out of here, and
       * nothing in here is synchronised */
      gst_message_unref (message);
      return;
    default:
      break;
  }

  GST_BIN_CLASS (gst_realtime_transport_parent_class)->handle_message (bin,
      message);
}

static void
gst_realtime_transport_finalize (GObject * object)
{
  GstRealtimeTransportPrivate *priv =
      GET_PRIVATE (GST_REALTIME_TRANSPORT (object));

  g_clear_pointer (&priv->context, g_main_context_unref);

  G_OBJECT_CLASS (gst_realtime_transport_parent_class)->finalize (object);
}

static void
gst_realtime_transport_class_init (GstRealtimeTransportClass * klass)
{
  GObjectClass *gobject_class = G_OBJECT_CLASS (klass);
  GstBinClass *bin_class = GST_BIN_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (realtime_transport_debug, "realtimetransport", 0,
      "links to realtime sessions");

  gobject_class->finalize = gst_realtime_transport_finalize;
  bin_class->handle_message = gst_realtime_transport_handle_message;

  signals[SIGNAL_PROGRESS] = g_signal_new ("progress", type,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_OFFER] = g_signal_new ("offer", type,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_OPENED] = g_signal_new ("opened", type,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MESSAGE] = g_signal_new ("message", type,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", type,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", type,
      G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
gst_realtime_transport_init (GstRealtimeTransport * self)
{
}
