/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_TRANSCRIPT_HLS_SINK_H__
#define __GST_TRANSCRIPT_HLS_SINK_H__

#include <gst/base/gstbasesink.h>

G_BEGIN_DECLS

#define GST_TYPE_TRANSCRIPT_HLS_PLAYLIST_TYPE \
    (gst_transcript_hls_playlist_type_get_type ())
GType gst_transcript_hls_playlist_type_get_type (void);

#define GST_TYPE_TRANSCRIPT_HLS_SINK (gst_transcript_hls_sink_get_type ())
G_DECLARE_FINAL_TYPE (GstTranscriptHlsSink, gst_transcript_hls_sink, GST,
    TRANSCRIPT_HLS_SINK, GstBaseSink)

GST_ELEMENT_REGISTER_DECLARE (transcripthlssink);

G_END_DECLS

#endif /* __GST_TRANSCRIPT_HLS_SINK_H__ */
