/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_TRANSCRIPT_SINK_H__
#define __GST_TRANSCRIPT_SINK_H__

#include <gst/gst.h>
#include <gst/base/gstbasesink.h>

G_BEGIN_DECLS
#define GST_TYPE_TRANSCRIPT_SINK (gst_transcript_sink_get_type ())
G_DECLARE_FINAL_TYPE (GstTranscriptSink, gst_transcript_sink, GST,
    TRANSCRIPT_SINK, GstBaseSink)
/* When a line is told: as it comes, or when those before it are final. */
     typedef enum
     {
       GST_TRANSCRIPT_SINK_ORDER_ARRIVAL,
       GST_TRANSCRIPT_SINK_ORDER_CONVERSATION
     } GstTranscriptSinkOrder;

#define GST_TYPE_TRANSCRIPT_SINK_ORDER (gst_transcript_sink_order_get_type ())
     GType gst_transcript_sink_order_get_type (void);

GST_ELEMENT_REGISTER_DECLARE (transcriptsink);

G_END_DECLS
#endif /* __GST_TRANSCRIPT_SINK_H__ */
