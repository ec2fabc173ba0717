/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_TRANSCRIPT_HLS_SINK_PRIVATE_H__
#define __GST_TRANSCRIPT_HLS_SINK_PRIVATE_H__

#include "gsttranscripthlssink.h"
#include "captions/hlsvtt.h"

G_BEGIN_DECLS

/* The inside of the element, shared by gsttranscripthlssink.c (the stream) and
 * gsttranscripthlssinkproperties.c. */

typedef struct
{
  gchar *location, *playlist_location, *playlist_root;
  RealtimeHlsPlaylistType playlist_type;
  guint target_duration;        /* s */
  guint playlist_length, max_files;
  guint64 timestamp_offset;     /* ticks of 90 kHz */
  gchar *master_location, *video_playlist, *codecs;
  guint bandwidth;              /* bits a second */
  gchar *language, *rendition_name;
  gboolean selected;
} GstTranscriptHlsSettings;

struct _GstTranscriptHlsSink
{
  GstBaseSink parent;

  GstTranscriptHlsSettings settings;    /* object lock; none changes past READY */

  /* All below belongs to the streaming thread, from start to stop. */
  RealtimeHlsSegmenter *segmenter;
  RealtimeHlsPlaylist *playlist;
  guint n_segments;             /* written so far */
  GQueue files;                 /* paths that are still there, the oldest first */
  gboolean markup;
  gboolean in_master;
  gchar *tag_language;          /* told by the stream */
};

/* Properties of the class; defaults of an instance. */
void gst_transcript_hls_sink_install (GObjectClass * object_class);
void gst_transcript_hls_sink_init_properties (GstTranscriptHlsSink * self);
void gst_transcript_hls_sink_clear_properties (GstTranscriptHlsSink * self);

G_END_DECLS

#endif /* __GST_TRANSCRIPT_HLS_SINK_PRIVATE_H__ */
