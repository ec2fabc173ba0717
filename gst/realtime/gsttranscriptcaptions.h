/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_TRANSCRIPT_CAPTIONS_H__
#define __GST_TRANSCRIPT_CAPTIONS_H__

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_TRANSCRIPT_CAPTIONS (gst_transcript_captions_get_type ())
G_DECLARE_FINAL_TYPE (GstTranscriptCaptions, gst_transcript_captions, GST,
    TRANSCRIPT_CAPTIONS, GstElement)

/* The values are those of captions/captioner.h. */
#define GST_TYPE_TRANSCRIPT_CAPTIONS_MODE \
    (gst_transcript_captions_mode_get_type ())
GType gst_transcript_captions_mode_get_type (void);

GST_ELEMENT_REGISTER_DECLARE (transcriptcaptions);

G_END_DECLS

#endif /* __GST_TRANSCRIPT_CAPTIONS_H__ */
