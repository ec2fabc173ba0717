/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_PLAYOUT_PRIVATE_H__
#define __GST_REALTIME_PLAYOUT_PRIVATE_H__

#include "playout.h"
#include "sounding.h"
#include "voice.h"

G_BEGIN_DECLS

#define REALTIME_SLOT_SAMPLES (REALTIME_VOICE_RATE / 50)
#define REALTIME_SLOT_DURATION (20 * GST_MSECOND)

/* One connection's speech. Outlives its pad until it has been played. */
typedef struct
{
  GstPad *pad;                  /* not owned; NULL once released. Playout's lock */
  guint number;                 /* of the pad. Set once */
  RealtimeVoice *voice;         /* playout's lock */
  RealtimeSounding sounding;    /* playout's lock; places are playout's samples */
  GstSegment segment;           /* the pad's streaming thread */
} RealtimeLine;

struct _GstRealtimePlayout
{
  GstElement parent;

  /* Set once in the constructor. */
  GstPad *srcpad;
  const GstRealtimePlayoutCallbacks *callbacks;
  gpointer user_data;

  /* Protects everything down to the next comment. Never held while pushing,
   * posting or waiting on the clock. */
  GMutex lock;
  GCond cond;
  gboolean active;              /* between READY->PAUSED and PAUSED->READY */
  gboolean playing;
  gboolean started;
  gboolean ending;
  gboolean ended;               /* EOS was sent */
  GstClockID clock_id;          /* the wait under way */
  GstClockTime start;           /* PTS of the first slot */
  GstClockTime hold;            /* by how much the clock is ahead of PTS */
  GstClockTime latency;         /* the jitter buffer's */
  guint64 slots;                /* that left since start */
  guint64 sample;               /* of all slots that ever left */
  guint64 silent_slots;         /* of these */
  GstClockTime base_time;       /* as seen last; NONE: none yet, or paused since */
  gdouble volume;               /* asked for */
  gdouble reached;              /* what the last sample left with */
  GList *lines;
  guint next_pad;
  gboolean sounded;             /* since the last flush: there is what to flush */
  gboolean flush_starts;        /* a flush is about to go downstream */
  gboolean flushing;            /* it went, and is to be ended */
  guint64 flush_from;           /* samples from before the flush */
  gboolean pushing;             /* the task does */
  gboolean waiting;             /* upstream flushes: nothing leaves meanwhile */
  gboolean restarted;           /* ...has flushed: running times begin anew */

  /* The task's, and while it waits that of who has it wait. */
  gboolean stream_started;
  gboolean discont;
  GstFlowReturn last_flow;
};

guint64 realtime_playout_place (GstClockTime running_time);
/* With the lock. */
GstClockTime realtime_playout_own_latency (GstRealtimePlayout * playout);
/* With the lock. Forgets lines whose pad is gone once they have been played.
 * Returns: whether all lines have been played. */
gboolean realtime_playout_is_drained (GstRealtimePlayout * playout);

/* playoutstream.c: the task of the src pad. @data: the playout */
void realtime_playout_loop (gpointer data);
/* By whoever pushes there now. */
void realtime_playout_push_segment (GstRealtimePlayout * playout);

G_END_DECLS

#endif /* __GST_REALTIME_PLAYOUT_PRIVATE_H__ */
