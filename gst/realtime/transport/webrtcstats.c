/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <gst/webrtc/webrtc.h>

#include "source.h"
#include "webrtcstats.h"

#define INTERVAL_MS 1000

struct _GstRealtimeWebrtcStats
{
  gint ref_count;               /* the link's, and that of each question */

  /* the main context's thread only */
  GSource *timer;
  GstElement *webrtcbin;
  GstRealtimeDataChannel *channel;

  GMutex lock;
  GCond cond;
  guint outstanding;            /* with lock: questions not yet answered */
  GstStructure *counted;        /* with lock */
  guint64 buffered;             /* with lock */
};

static void
unref_stats (GstRealtimeWebrtcStats * self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  gst_structure_free (self->counted);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}

static void
copy_field (const GstStructure * from, const gchar * name, GstStructure * to,
    const gchar * to_name)
{
  const GValue *value = gst_structure_get_value (from, name);

  if (value)
    gst_structure_set_value (to, to_name, value);
}

/* There is one stream either way; webrtcbin knows of others that never send. */
static void
read_stream (const GstStructure * stream, GstWebRTCStatsType type,
    GstStructure * counted)
{
  guint64 packets = 0;

  switch (type) {
    case GST_WEBRTC_STATS_OUTBOUND_RTP:
      if (!gst_structure_get_uint64 (stream, "packets-sent", &packets)
          || packets == 0)
        return;
      copy_field (stream, "packets-sent", counted, "packets-sent");
      copy_field (stream, "bytes-sent", counted, "bytes-sent");
      break;
    case GST_WEBRTC_STATS_INBOUND_RTP:
      if (!gst_structure_get_uint64 (stream, "packets-received", &packets)
          || packets == 0)
        return;
      copy_field (stream, "packets-received", counted, "packets-received");
      copy_field (stream, "bytes-received", counted, "bytes-received");
      copy_field (stream, "packets-lost", counted, "packets-lost");
      copy_field (stream, "jitter", counted, "jitter");
      break;
    case GST_WEBRTC_STATS_REMOTE_INBOUND_RTP:
      copy_field (stream, "packets-lost", counted, "remote-packets-lost");
      copy_field (stream, "round-trip-time", counted, "round-trip-time");
      break;
    default:
      break;
  }
}

static gboolean
read_field (GQuark id, const GValue * value, gpointer counted)
{
  GstWebRTCStatsType type;

  if (GST_VALUE_HOLDS_STRUCTURE (value)
      && gst_structure_get (gst_value_get_structure (value), "type",
          GST_TYPE_WEBRTC_STATS_TYPE, &type, NULL))
    read_stream (gst_value_get_structure (value), type, counted);
  return TRUE;
}

/* On webrtcbin's own thread. */
static void
on_reply (GstPromise * promise, gpointer user_data)
{
  GstRealtimeWebrtcStats *self = user_data;
  GstStructure *counted = gst_structure_new_empty ("stats");

  if (gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED
      && gst_promise_get_reply (promise))
    gst_structure_foreach (gst_promise_get_reply (promise), read_field,
        counted);
  g_mutex_lock (&self->lock);
  if (gst_structure_n_fields (counted) > 0) {
    gst_structure_free (self->counted);
    self->counted = g_steal_pointer (&counted);
  }
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&counted, gst_structure_free);
  gst_promise_unref (promise);
}

static void
forget_question (gpointer user_data)
{
  GstRealtimeWebrtcStats *self = user_data;

  g_mutex_lock (&self->lock);
  self->outstanding--;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  unref_stats (self);
}

static gboolean
ask (gpointer user_data)
{
  GstRealtimeWebrtcStats *self = user_data;
  guint64 buffered = gst_realtime_data_channel_get_buffered (self->channel);
  gboolean busy;

  g_mutex_lock (&self->lock);
  self->buffered = buffered;
  busy = self->outstanding > 0;
  if (!busy)
    self->outstanding++;
  g_mutex_unlock (&self->lock);
  if (!busy) {
    g_atomic_int_inc (&self->ref_count);
    g_signal_emit_by_name (self->webrtcbin, "get-stats", NULL,
        gst_promise_new_with_change_func (on_reply, self, forget_question));
  }

  return G_SOURCE_CONTINUE;
}

void
gst_realtime_webrtc_stats_start (GstRealtimeWebrtcStats * self,
    GMainContext * context, GstElement * webrtcbin,
    GstRealtimeDataChannel * channel)
{
  if (self->timer)
    return;
  self->webrtcbin = gst_object_ref (webrtcbin);
  self->channel = g_object_ref (channel);
  self->timer = gst_realtime_source_add_timeout (context, INTERVAL_MS, ask,
      self, NULL);
}

void
gst_realtime_webrtc_stats_stop (GstRealtimeWebrtcStats * self)
{
  gst_realtime_source_clear (&self->timer);
  gst_clear_object (&self->webrtcbin);
  g_clear_object (&self->channel);
}

gboolean
gst_realtime_webrtc_stats_settle (GstRealtimeWebrtcStats * self,
    gint64 deadline)
{
  gboolean settled;

  g_mutex_lock (&self->lock);
  while (self->outstanding > 0
      && g_cond_wait_until (&self->cond, &self->lock, deadline));
  settled = self->outstanding == 0;
  g_mutex_unlock (&self->lock);
  return settled;
}

static gboolean
set_field (GQuark id, const GValue * value, gpointer stats)
{
  gst_structure_id_set_value (stats, id, value);
  return TRUE;
}

void
gst_realtime_webrtc_stats_get (GstRealtimeWebrtcStats * self,
    GstStructure * stats)
{
  g_mutex_lock (&self->lock);
  gst_structure_foreach (self->counted, set_field, stats);
  gst_structure_set (stats, "buffered-amount", G_TYPE_UINT64, self->buffered,
      NULL);
  g_mutex_unlock (&self->lock);
}

GstRealtimeWebrtcStats *
gst_realtime_webrtc_stats_new (void)
{
  GstRealtimeWebrtcStats *self = g_new0 (GstRealtimeWebrtcStats, 1);

  self->ref_count = 1;
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->counted = gst_structure_new_empty ("stats");
  return self;
}

void
gst_realtime_webrtc_stats_free (GstRealtimeWebrtcStats * self)
{
  gst_realtime_webrtc_stats_stop (self);
  unref_stats (self);
}
