/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_DRAIN_H__
#define __GST_REALTIME_DRAIN_H__

#include <gst/gst.h>

#include "session/conversation.h"

G_BEGIN_DECLS

/* How far the input is, in running time; GST_CLOCK_TIME_NONE while unknown. */
typedef struct
{
  GstClockTime position;        /* sent, silence after the end included */
  GstClockTime end;             /* of the real input */
  GstClockTime last_sound;      /* end of the last sample that was not silent */
  guint64 fed;                  /* another value whenever more has come */
  gboolean expected;            /* somebody is to speak: linked, and not muted */
} GstRealtimeInput;

typedef enum
{
  GST_REALTIME_DRAIN_WAIT,
  GST_REALTIME_DRAIN_COMMIT,    /* the turn is to be committed now */
  GST_REALTIME_DRAIN_DONE
} GstRealtimeDrainStep;

/* Decides when everything that was said has its words: pure, so that each
 * rule of it can be tested. Times are monotonic, µs. */
typedef struct
{
  gboolean manual;              /* no VAD: the turn ends with a commit */
  gboolean client;              /* our VAD: it commits turns by itself */
  guint silence_ms;             /* what the VAD wants before it ends a turn */
  guint latency_ms;             /* audio that is still on the way to us */

  gboolean committed;           /* the commit was asked for */
  gint64 quiet_since;           /* 0: not quiet */
} GstRealtimeDrain;

/* @epoch: running time of the first sample the session heard, modulo 2^64.
 * @awaited: answers to events of ours that have not come. */
GstRealtimeDrainStep gst_realtime_drain_check (GstRealtimeDrain * self,
    RealtimeConversation * conversation, const GstRealtimeInput * input,
    GstClockTime epoch, guint awaited, gint64 now);

G_END_DECLS

#endif /* __GST_REALTIME_DRAIN_H__ */
