/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_TRANSCRIPT_TO_CEA608_H__
#define __GST_TRANSCRIPT_TO_CEA608_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* How a caption comes on the screen. */
typedef enum
{
  GST_TRANSCRIPT_TO_CEA608_POP_ON,
  GST_TRANSCRIPT_TO_CEA608_PAINT_ON,
  GST_TRANSCRIPT_TO_CEA608_ROLL_UP2,
  GST_TRANSCRIPT_TO_CEA608_ROLL_UP3,
  GST_TRANSCRIPT_TO_CEA608_ROLL_UP4
} GstTranscriptToCea608Mode;

#define GST_TYPE_TRANSCRIPT_TO_CEA608_MODE \
    (gst_transcript_to_cea608_mode_get_type ())
GType gst_transcript_to_cea608_mode_get_type (void);

typedef enum
{
  GST_TRANSCRIPT_TO_CEA608_CC1 = 1,
  GST_TRANSCRIPT_TO_CEA608_CC2,
  GST_TRANSCRIPT_TO_CEA608_CC3,
  GST_TRANSCRIPT_TO_CEA608_CC4
} GstTranscriptToCea608Channel;

#define GST_TYPE_TRANSCRIPT_TO_CEA608_CHANNEL \
    (gst_transcript_to_cea608_channel_get_type ())
GType gst_transcript_to_cea608_channel_get_type (void);

#define GST_TYPE_TRANSCRIPT_TO_CEA608 (gst_transcript_to_cea608_get_type ())
G_DECLARE_FINAL_TYPE (GstTranscriptToCea608, gst_transcript_to_cea608, GST,
    TRANSCRIPT_TO_CEA608, GstElement)

GST_ELEMENT_REGISTER_DECLARE (transcripttocea608);

G_END_DECLS

#endif /* __GST_TRANSCRIPT_TO_CEA608_H__ */
