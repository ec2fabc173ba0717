/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gsttranscriptcaptions-private.h"

GST_DEBUG_CATEGORY_EXTERN (transcript_captions_debug);
#define GST_CAT_DEFAULT transcript_captions_debug

void
gst_transcript_captions_query_upstream (GstTranscriptCaptions * self)
{
  g_autoptr (GstQuery) query = NULL;
  gboolean known, live = FALSE;
  GstClockTime latency = 0;

  GST_OBJECT_LOCK (self);
  known = self->upstream_known;
  GST_OBJECT_UNLOCK (self);
  if (known)
    return;

  query = gst_query_new_latency ();
  known = gst_pad_peer_query (self->sinkpad, query);
  if (known)
    gst_query_parse_latency (query, &live, &latency, NULL);

  GST_OBJECT_LOCK (self);
  self->upstream_known = known;
  self->live = live;
  self->upstream_latency = latency;
  GST_OBJECT_UNLOCK (self);
}

/* A log has no times to seek to: it is read again, up to the place. */
static gboolean
gst_transcript_captions_seek (GstTranscriptCaptions * self, GstEvent * event)
{
  GstSegment segment;
  GstEvent *again;
  gdouble rate;
  GstFormat format;
  GstSeekFlags flags;
  GstSeekType start_type, stop_type;
  gint64 start, stop;
  guint32 seqnum = gst_event_get_seqnum (event);

  gst_event_parse_seek (event, &rate, &format, &flags, &start_type, &start,
      &stop_type, &stop);
  if (rate <= 0 || start_type != GST_SEEK_TYPE_SET || start < 0) {
    GST_INFO_OBJECT (self, "captions play forward, from a place that is told");
    return FALSE;
  }

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_segment_do_seek (&segment, rate, format, flags, start_type, start,
      stop_type, stop, NULL);
  GST_OBJECT_LOCK (self);
  self->seek_segment = segment;
  self->seek_seqnum = seqnum;
  GST_OBJECT_UNLOCK (self);

  again = gst_event_new_seek (1.0, GST_FORMAT_BYTES, flags &
      ~(GstSeekFlags) GST_SEEK_FLAG_SEGMENT, GST_SEEK_TYPE_SET, 0,
      GST_SEEK_TYPE_SET, -1);
  gst_event_set_seqnum (again, seqnum);
  return gst_pad_push_event (self->sinkpad, again);
}

gboolean
gst_transcript_captions_src_event (GstPad * pad, GstObject * parent,
    GstEvent * event)
{
  GstTranscriptCaptions *self = GST_TRANSCRIPT_CAPTIONS (parent);
  gboolean bytes, done;
  GstFormat format;

  if (GST_EVENT_TYPE (event) == GST_EVENT_SEEK) {
    GST_OBJECT_LOCK (self);
    bytes = self->bytes;
    GST_OBJECT_UNLOCK (self);
    gst_event_parse_seek (event, NULL, &format, NULL, NULL, NULL, NULL, NULL);
    if (bytes && format == GST_FORMAT_TIME) {
      done = gst_transcript_captions_seek (self, event);
      gst_event_unref (event);
      return done;
    }
  }
  return gst_pad_event_default (pad, parent, event);
}

/* Upstream's latency, and ours. */
static gboolean
gst_transcript_captions_query_latency (GstTranscriptCaptions * self,
    GstQuery * query)
{
  GstClockTime min, max, own = 0;
  gboolean live;

  if (!gst_pad_peer_query (self->sinkpad, query))
    return FALSE;
  gst_query_parse_latency (query, &live, &min, &max);

  GST_OBJECT_LOCK (self);
  self->upstream_known = TRUE;
  self->live = live;
  self->upstream_latency = min;
  if (live)
    own = MAX (self->settings.latency, 0) * GST_MSECOND;
  GST_OBJECT_UNLOCK (self);

  gst_transcript_captions_update_ticker (self);
  gst_query_set_latency (query, live, min + own,
      GST_CLOCK_TIME_IS_VALID (max) ? max + own : max);
  return TRUE;
}

/* Whether a log can be read again. */
static gboolean
gst_transcript_captions_query_seeking (GstTranscriptCaptions * self,
    GstQuery * query)
{
  g_autoptr (GstQuery) bytes = gst_query_new_seeking (GST_FORMAT_BYTES);
  gboolean seekable = FALSE;

  if (gst_pad_peer_query (self->sinkpad, bytes))
    gst_query_parse_seeking (bytes, NULL, &seekable, NULL, NULL);
  gst_query_set_seeking (query, GST_FORMAT_TIME, seekable, 0, -1);
  return TRUE;
}

gboolean
gst_transcript_captions_src_query (GstPad * pad, GstObject * parent,
    GstQuery * query)
{
  GstTranscriptCaptions *self = GST_TRANSCRIPT_CAPTIONS (parent);
  GstFormat format;
  gboolean bytes;

  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_LATENCY:
      return gst_transcript_captions_query_latency (self, query);
    case GST_QUERY_SEEKING:
      GST_OBJECT_LOCK (self);
      bytes = self->bytes;
      GST_OBJECT_UNLOCK (self);
      gst_query_parse_seeking (query, &format, NULL, NULL, NULL);
      if (bytes && format == GST_FORMAT_TIME)
        return gst_transcript_captions_query_seeking (self, query);
      /* fall through */
    default:
      return gst_pad_query_default (pad, parent, query);
  }
}
