/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_SEGMENTER_H__
#define __REALTIME_SEGMENTER_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* Where speech begins, pauses and is to be cut, from one look at each 10 ms of
 * the input. Pure: no elements, no clock, no lock; the owner's thread.
 *
 * A frame is speech when a voice detector says so (or none is there to ask) and
 * it stands out: above -60 dBFS, and above what the quietest tenth of the last
 * three seconds was. 60 ms of speech begin a segment, a pause ends it. In speech
 * that does not pause, shorter pauses will do as the segment grows, and at last
 * the quietest moment, for the decision cannot be put off: what is cut is cut
 * where the input is now. */

#define REALTIME_SEGMENTER_FRAME (10 * GST_MSECOND)
/* What a frame of digital silence has as its level. */
#define REALTIME_SEGMENTER_MIN_LEVEL -100.0

typedef struct
{
  guint silence_ms;             /* a pause ends a segment after so long */
  guint prefix_ms;              /* a segment begins so much before its speech */
  gdouble threshold;            /* 0 (anything) to 1: how far it stands out */
  guint max_ms;                 /* a segment's length; 0: no limit */
} RealtimeSegmenterSettings;

/* What a frame settled; of both at once what stopped comes first. */
typedef enum
{
  REALTIME_SEGMENTER_NOTHING = 0,
  REALTIME_SEGMENTER_STOPPED = 1 << 0,
  REALTIME_SEGMENTER_STARTED = 1 << 1
} RealtimeSegmenterFinding;

typedef struct _RealtimeSegmenter RealtimeSegmenter;

RealtimeSegmenter *realtime_segmenter_new (const RealtimeSegmenterSettings *
    settings);
void realtime_segmenter_free (RealtimeSegmenter * self);
/* As new: another session hears the input, from silence on. */
void realtime_segmenter_reset (RealtimeSegmenter * self);

/* The frame at @time, whose RMS is @level (dBFS), and whether it has @voice.
 * Where @time does not follow the frame before, speech pauses there. */
RealtimeSegmenterFinding realtime_segmenter_frame (RealtimeSegmenter * self,
    GstClockTime time, gdouble level, gboolean voice);

/* Of the segment that was found last: where its speech begins (less the prefix,
 * but not before the segment before it), and where the one that stopped last
 * ends, the pause not counted. */
GstClockTime realtime_segmenter_get_start (const RealtimeSegmenter * self);
GstClockTime realtime_segmenter_get_stop (const RealtimeSegmenter * self);

/* RMS of @n samples, in dBFS, at least REALTIME_SEGMENTER_MIN_LEVEL. */
gdouble realtime_segmenter_level (const gint16 * samples, guint n);

G_END_DECLS

#endif /* __REALTIME_SEGMENTER_H__ */
