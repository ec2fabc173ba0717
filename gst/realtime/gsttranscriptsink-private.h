/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_TRANSCRIPT_SINK_PRIVATE_H__
#define __GST_TRANSCRIPT_SINK_PRIVATE_H__

#include <stdio.h>

#include "gstrealtimeenums.h"
#include "gsttranscripthold.h"
#include "gsttranscriptsink.h"
#include "session/conversation.h"
#include "session/eventline.h"

G_BEGIN_DECLS
/* The inside of the element, shared by gsttranscriptsink.c (the stream) and
 * gsttranscriptsinkproperties.c (properties and signals). */
    enum
{
  SIGNAL_TRANSCRIPT,
  SIGNAL_STATE,
  SIGNAL_FUNCTION_CALL,
  SIGNAL_USAGE,
  SIGNAL_ERROR,
  N_SIGNALS
};

struct _GstTranscriptSink
{
  GstBaseSink parent;

  /* properties, under the object lock */
  gboolean partials;
  GstRealtimeRoles roles;
  GstTranscriptSinkOrder order;
  guint order_timeout;          /* ms */
  guint history_size;
  gchar *location;
  gboolean silent;
  gchar *last_message;
  GQueue history;               /* final lines, the oldest first */

  /* Under the lock. Nothing is posted, signalled or written under it. */
  GMutex lock;
  RealtimeLineReader *reader;
  RealtimeConversation *conversation;
  GstTranscriptHold *hold;
  GstClockID timer;             /* for the hold's earliest deadline, or NULL */
  GstClockTime timer_time;
  guint bad_lines;              /* since the last warning */
  GstClockTime warned;          /* when that was */
  GQueue outputs;
  GThread *teller;              /* who empties outputs just now, or NULL */
  GCond told;                   /* outputs is empty, teller is NULL */
  gboolean failed;              /* the file could not be written */

  GstClock *clock;              /* from start to stop */
  FILE *file;                   /* from PAUSED to READY; the teller writes */
};

extern guint gst_transcript_sink_signals[N_SIGNALS];

/* Properties and signals of the class; defaults of an instance. */
void gst_transcript_sink_install (GObjectClass * object_class);
void gst_transcript_sink_init_properties (GstTranscriptSink * self);
void gst_transcript_sink_clear_properties (GstTranscriptSink * self);

/* Adds a final line to the history and makes it the last message. Takes the
 * object lock; notifies without. */
void gst_transcript_sink_remember (GstTranscriptSink * self,
    const GstStructure * line);
/* Forgets what was told before. Takes the object lock. */
void gst_transcript_sink_forget (GstTranscriptSink * self);

G_END_DECLS
#endif /* __GST_TRANSCRIPT_SINK_PRIVATE_H__ */
