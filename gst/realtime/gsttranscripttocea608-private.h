/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_TRANSCRIPT_TO_CEA608_PRIVATE_H__
#define __GST_TRANSCRIPT_TO_CEA608_PRIVATE_H__

#include "gsttranscripttocea608.h"
#include "captions/cea608encoder.h"

G_BEGIN_DECLS

/* The inside of the element, shared by gsttranscripttocea608.c (the stream) and
 * gsttranscripttocea608properties.c. */

typedef struct
{
  GstTranscriptToCea608Mode mode;
  GstTranscriptToCea608Channel channel;
  gint origin_row, origin_column;
  guint max_lines;
  GstClockTime roll_up_timeout;
} GstTranscriptToCea608Settings;

struct _GstTranscriptToCea608
{
  GstElement parent;

  GstPad *sinkpad, *srcpad;

  /* object lock */
  GstTranscriptToCea608Settings settings;
  gchar *speaker_prefix;
  RealtimeCea608Stats stats;
  GstClockTime latency;         /* our own; NONE until the frame rate is known */
  GstClockTime late_by;         /* the most that a text came late */
  GstClockTime slot_duration;

  /* All below belongs to the streaming thread, under the sink pad's stream lock, and
   * is reset where no thread streams. */
  RealtimeCea608Encoder *encoder;       /* NULL until negotiated */
  gint fps_n, fps_d;
  guint frames_per_slot;
  gboolean s334, field_2;
  GstSegment segment;           /* of both pads */
  gboolean segment_pending;
  GstClockTime base;            /* where frame 0 begins */
  guint64 frame;                /* the next to be pushed */
  GstClockTime known;           /* the input has been told up to here */
  gboolean discont;
  gboolean speaker_changed;
  gboolean windows;             /* each text shows all lines of roll-up captions */
  gchar *window;                /* the last one, while others follow it at once */
  GstClockTime window_end;
  guint64 dropped_told;
  gint64 last_warning;          /* monotonic time, 0 before the first */
};

/* Properties of the class; defaults of an instance. */
void gst_transcript_to_cea608_install (GObjectClass * object_class);
void gst_transcript_to_cea608_init_properties (GstTranscriptToCea608 * self);

G_END_DECLS

#endif /* __GST_TRANSCRIPT_TO_CEA608_PRIVATE_H__ */
