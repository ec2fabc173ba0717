/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_HLS_VTT_H__
#define __REALTIME_HLS_VTT_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* A subtitle rendition of HTTP Live Streaming (RFC 8216): WebVTT in segments, and
 * its playlist. Nothing here touches a file. */

typedef struct
{
  gchar *text;                  /* the whole file */
  GstClockTime start, duration; /* running time */
} RealtimeHlsSegment;

void realtime_hls_segment_free (RealtimeHlsSegment * segment);

/**
 * RealtimeHlsSegmenter:
 *
 * Cuts cues in segments of equal length. A cue that goes on in the next segment
 * stands there again, with the same times, so that it is seen by who joins there.
 * Cues may come in any order, but a segment that was popped is closed: what is
 * later than that is shown in the one that is open, for as long as it was to be.
 *
 * Holds no lock; use it from one thread.
 */
typedef struct _RealtimeHlsSegmenter RealtimeHlsSegmenter;

/* @target: length of a segment, ns
 * @timestamp_offset: MPEG-TS time of running time 0, in ticks of 90 kHz */
RealtimeHlsSegmenter *realtime_hls_segmenter_new (GstClockTime target,
    guint64 timestamp_offset);
void realtime_hls_segmenter_free (RealtimeHlsSegmenter * self);

/* @text: lines of text, plain or, if @markup, with &amp;, &lt; and &gt; for the
 * signs that mean something to WebVTT. No cue is made of one without a word. */
void realtime_hls_segmenter_add (RealtimeHlsSegmenter * self,
    const gchar * text, gboolean markup, GstClockTime start, GstClockTime end);

/* Nothing begins before @time any more. */
void realtime_hls_segmenter_set_position (RealtimeHlsSegmenter * self,
    GstClockTime time);

/* Nothing begins from @start to @end. A stream that begins so begins at @start, but
 * where it was silent for very long just before @end. */
void realtime_hls_segmenter_add_gap (RealtimeHlsSegmenter * self,
    GstClockTime start, GstClockTime end);

/* The next segment that is complete, or NULL. @drain: the one that is not, too, as
 * far as it goes. */
RealtimeHlsSegment *realtime_hls_segmenter_pop (RealtimeHlsSegmenter * self,
    gboolean drain);

typedef enum
{
  REALTIME_HLS_PLAYLIST_UNSPECIFIED,    /* live: old segments go */
  REALTIME_HLS_PLAYLIST_EVENT,  /* all since the beginning */
  REALTIME_HLS_PLAYLIST_VOD     /* complete, and nothing before that */
} RealtimeHlsPlaylistType;

/**
 * RealtimeHlsPlaylist:
 *
 * A media playlist. Holds no lock.
 */
typedef struct _RealtimeHlsPlaylist RealtimeHlsPlaylist;

/* @target: the longest segment, ns
 * @length: segments in it, 0 for all; a type other than unspecified has all */
RealtimeHlsPlaylist *realtime_hls_playlist_new (RealtimeHlsPlaylistType type,
    GstClockTime target, guint length);
void realtime_hls_playlist_free (RealtimeHlsPlaylist * self);

void realtime_hls_playlist_add (RealtimeHlsPlaylist * self, const gchar * uri,
    GstClockTime duration);
gchar *realtime_hls_playlist_to_text (RealtimeHlsPlaylist * self,
    gboolean ended);

typedef struct
{
  const gchar *uri;             /* of its playlist */
  const gchar *name;            /* (nullable) */
  const gchar *language;        /* (nullable), BCP 47 */
  gboolean selected;            /* without being asked for */
} RealtimeHlsRendition;

/**
 * realtime_hls_master_to_text:
 * @renditions: (element-type RealtimeHlsRendition): at most one is selected
 * @video: URI of the playlist of the video
 * @bandwidth: bits a second of the video at most
 * @codecs: (nullable): RFC 6381
 *
 * Returns: a master playlist of one video with its subtitles
 */
gchar *realtime_hls_master_to_text (GPtrArray * renditions,
    const gchar * video, guint bandwidth, const gchar * codecs);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeHlsSegment, realtime_hls_segment_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeHlsSegmenter,
    realtime_hls_segmenter_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeHlsPlaylist,
    realtime_hls_playlist_free)

G_END_DECLS

#endif /* __REALTIME_HLS_VTT_H__ */
