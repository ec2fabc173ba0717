/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_GATE_PRIVATE_H__
#define __GST_REALTIME_GATE_PRIVATE_H__

#include "gate.h"
#include "lateness.h"
#include "turnstile.h"

G_BEGIN_DECLS

#define REALTIME_GATE_RATE 48000

struct _GstRealtimeGate
{
  GstElement parent;

  /* Set once in the constructor. */
  GstPad *sinkpad;
  GstPad *srcpad;
  const GstRealtimeGateCallbacks *callbacks;
  gpointer user_data;

  RealtimeTurnstile turnstile;

  /* Protects everything down to the next comment; held for a moment only. */
  GMutex lock;
  gboolean mute;
  GstClockTime mute_from;       /* NONE: never */
  GstClockTime watched;         /* NONE: nothing */
  GstClockTime position;
  GstClockTime last_sound;
  GstClockTime end;
  guint64 heard;                /* samples since the first after an open */

  /* Upstream's streaming thread and the silence task, which stands in for it
   * when a live source stands still, and at the end, have this lock while they
   * stream: it protects everything below. Not taken where nothing streams. */
  GMutex stream_lock;
  GstSegment segment;
  gboolean kind_known;
  gboolean live;
  gboolean eos;                 /* input-eos was called */
  gboolean silence;             /* the silence after EOS has begun */
  gboolean standing_in;         /* what passes is silence for a live source */
  gboolean task;                /* the silence task was started */
  RealtimeLateness lateness;
  GstClockTime anchor;          /* running time of a sample, NONE: none passes */
  guint64 count;                /* samples since the anchor */
  gboolean stream_started;
  gboolean need_segment;
  gboolean discont;
  GstClockTime base;            /* downstream's running time less the input's */
  GstClockTime told_hold;
  GstClockTime out_end;         /* downstream's running time, NONE: none left */
  GstFlowReturn last_flow;
  gboolean keep;                /* live input waits for the gate to open */
  gboolean mute_behind;
  gboolean muting;              /* the piece that leaves is muted */
  gboolean was_muting;          /* and the one before it */
};

/* gatestream.c: what comes in, and what leaves. From upstream's streaming thread,
 * which takes the stream lock, or where nothing streams. */

void realtime_gate_begin_stream (GstRealtimeGate * gate);
void realtime_gate_take_segment (GstRealtimeGate * gate, GstEvent * event);
/* Takes @buffer. */
GstFlowReturn realtime_gate_take_buffer (GstRealtimeGate * gate,
    GstBuffer * buffer);
void realtime_gate_take_gap (GstRealtimeGate * gate, GstEvent * event);
void realtime_gate_take_eos (GstRealtimeGate * gate);
void realtime_gate_end_flush (GstRealtimeGate * gate);
/* As new. */
void realtime_gate_reset (GstRealtimeGate * gate);

G_END_DECLS

#endif /* __GST_REALTIME_GATE_PRIVATE_H__ */
