/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_TURNSTILE_H__
#define __GST_REALTIME_TURNSTILE_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* When the next piece of audio may leave: by whether the uplink is open, the
 * pipeline plays, a flush is under way, and by the clock. Any thread, but for
 * the two functions that say otherwise; none blocks, but admit. */

typedef enum
{
  REALTIME_ADMIT_PASS,
  REALTIME_ADMIT_EPOCH,         /* pass, as the first after a jump */
  REALTIME_ADMIT_OPENED,        /* pass, as the first after an open */
  REALTIME_ADMIT_DROP,
  REALTIME_ADMIT_STOP           /* flushing, ending or shutting down */
} RealtimeAdmit;

typedef enum
{
  REALTIME_ADMIT_AS_LIVE,       /* at once; dropped while closed */
  REALTIME_ADMIT_AS_KEPT,       /* live, but waits while closed; what is behind
                                 * the clock then comes a quarter faster */
  REALTIME_ADMIT_AS_HELD,       /* in real time; waits while closed */
  REALTIME_ADMIT_AS_SILENCE,    /* after live input: in real time, no hold */
  REALTIME_ADMIT_AS_STAND_IN    /* at once; dropped if it set an epoch */
} RealtimeAdmitAs;

typedef struct
{
  GstElement *element;          /* not owned; its clock and base time count */

  /* Protects everything down to the next comment. Never held while waiting on
   * the clock. */
  GMutex lock;
  GCond cond;
  gboolean active;
  gboolean playing;
  gboolean flushing;
  gboolean ending;
  gboolean open;
  RealtimeAdmit next;           /* PASS, EPOCH or OPENED */
  GstClockID admit_id;          /* the waits under way: of admit... */
  GstClockID wait_id;           /* ...and of wait */
  guint changes;                /* how often it was woken */
  GstClockTime hold;
  GstClockTime base_time;       /* as seen last; NONE: none yet, or paused since */
  gboolean rebased;             /* the clock's running time began anew */
  GstClockTime pace_end;        /* clock time when the next is due, or NONE */

  /* The streaming thread's. */
  GstClockTime keep;            /* how old what was kept may be */
  GstClockTime admitted;        /* running time of what was admitted last... */
  GstClockTime admitted_at;     /* ...and when, clock time */
  GstClockTime kept_due;        /* clock time of the next that was kept */
} RealtimeTurnstile;

void realtime_turnstile_init (RealtimeTurnstile * turnstile,
    GstElement * element);
void realtime_turnstile_clear (RealtimeTurnstile * turnstile);
/* As after init, but for active. While nothing streams. */
void realtime_turnstile_reset (RealtimeTurnstile * turnstile);

/* @active: between READY->PAUSED and PAUSED->READY. */
void realtime_turnstile_set_running (RealtimeTurnstile * turnstile,
    gboolean active, gboolean playing);
/* The clock or base time is another. */
void realtime_turnstile_wake (RealtimeTurnstile * turnstile);
/* While nothing streams: what was kept and is older than @keep is dropped. */
void realtime_turnstile_set_keep (RealtimeTurnstile * turnstile,
    GstClockTime keep);
/* While TRUE, admit answers STOP. The end of a flush asks for an epoch. */
void realtime_turnstile_set_flushing (RealtimeTurnstile * turnstile,
    gboolean flushing);
/* While TRUE, admit answers STOP. */
void realtime_turnstile_set_ending (RealtimeTurnstile * turnstile,
    gboolean ending);
void realtime_turnstile_open (RealtimeTurnstile * turnstile);
void realtime_turnstile_close (RealtimeTurnstile * turnstile);
gboolean realtime_turnstile_is_open (RealtimeTurnstile * turnstile);

/* The next piece sets an epoch. */
void realtime_turnstile_ask_epoch (RealtimeTurnstile * turnstile);

GstClockTime realtime_turnstile_get_hold (RealtimeTurnstile * turnstile);

/* The clock's running time; NONE when it does not run. */
GstClockTime realtime_turnstile_get_time (RealtimeTurnstile * turnstile);

/* Waits until the clock's running time is @time (NONE: for a change), or until
 * anything changed since there were @changes changes. Returns: FALSE when
 * flushing, ending or shutting down. */
guint realtime_turnstile_get_changes (RealtimeTurnstile * turnstile);
gboolean realtime_turnstile_wait (RealtimeTurnstile * turnstile,
    GstClockTime time, guint changes);

/* The streaming thread: waits until the piece at *@time, running time of the
 * input, may leave. As silence, *@time may be NONE or long past when the
 * piece sets an epoch: then it becomes the clock's. Where the clock's running time
 * begins anew while the pipeline plays, as it does when a sink was flushed, what
 * is held goes on at the pace that it has. *@hold: how much the clock
 * is ahead. */
RealtimeAdmit realtime_turnstile_admit (RealtimeTurnstile * turnstile,
    RealtimeAdmitAs as, GstClockTime * time, GstClockTime * hold);
/* The streaming thread: what was admitted last ends at @end. */
void realtime_turnstile_passed (RealtimeTurnstile * turnstile,
    GstClockTime end);

G_END_DECLS

#endif /* __GST_REALTIME_TURNSTILE_H__ */
