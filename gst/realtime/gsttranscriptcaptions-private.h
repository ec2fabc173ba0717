/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_TRANSCRIPT_CAPTIONS_PRIVATE_H__
#define __GST_TRANSCRIPT_CAPTIONS_PRIVATE_H__

#include "gstrealtimeenums.h"
#include "gsttranscriptcaptions.h"
#include "captions/captioner.h"
#include "captions/ticker.h"
#include "session/conversation.h"
#include "session/eventline.h"

G_BEGIN_DECLS

/* The inside of the element: gsttranscriptcaptions.c streams,
 * gsttranscriptcaptionsqueries.c asks upstream and answers downstream,
 * gsttranscriptcaptionsproperties.c has the settings. */
#define GST_TRANSCRIPT_CAPTIONS_ALL_ROLES \
    (GST_REALTIME_ROLE_USER | GST_REALTIME_ROLE_ASSISTANT)

typedef struct
{
  RealtimeCaptionSettings captions;     /* durations in ns */
  GstRealtimeRoles roles;
  gchar *language;
  gboolean voice_tags;
  gint latency;                 /* ms, -1: none is kept */
  guint lateness;               /* ms */
} GstTranscriptCaptionsSettings;

struct _GstTranscriptCaptions
{
  GstElement parent;

  GstPad *sinkpad, *srcpad;
  RealtimeTicker *ticker;       /* runs while there is a deadline */

  /* object lock */
  GstTranscriptCaptionsSettings settings;
  gboolean upstream_known;      /* it was asked for its latency */
  gboolean live;
  GstClockTime upstream_latency;
  guint max_observed_delay;     /* ms */
  GstSegment seek_segment;
  guint32 seek_seqnum;          /* of the seek that chose it, or INVALID */
  gboolean bytes;               /* upstream is a log that is read */

  /* All below belongs to the streaming thread, under the sink pad's stream
   * lock, and is reset where no thread streams. */
  RealtimeLineReader *reader;
  RealtimeConversation *conversation;
  RealtimeTextStream *text;     /* what leaves by the source pad */
  RealtimeCaptioner *captioner;
  GstTranscriptCaptionsSettings current;        /* as of this event */
  GstSegment segment;           /* of the sink pad */
  GstClockTime now;             /* the latest running time seen */
  GstClockTime arrival;         /* of the event being handled, or NONE */
  GstClockTime gap;             /* where the last GAP ended, NONE before any */
  GstFlowReturn flow;           /* what downstream said last */
  gboolean started;             /* a stream-start was seen */
  gboolean ended;               /* and EOS */
  guint bad_lines;              /* not warned of yet */
  gint64 last_warning;          /* monotonic time, 0 before the first */
};

void gst_transcript_captions_install_properties (GObjectClass * klass);
void gst_transcript_captions_init_settings (GstTranscriptCaptions * self);
void gst_transcript_captions_clear_settings (GstTranscriptCaptionsSettings *
    settings);
/* Makes @copy, which was cleared or initialized, those of this moment. */
void gst_transcript_captions_copy_settings (GstTranscriptCaptions * self,
    GstTranscriptCaptionsSettings * copy);
/* FALSE: they contradict each other, which an error says. */
gboolean gst_transcript_captions_check_settings (GstTranscriptCaptions * self);
/* How long after they were spoken words have to be pushed, or NONE. The object
 * lock is held. */
GstClockTime gst_transcript_captions_get_budget_unlocked (GstTranscriptCaptions
    * self);
/* The delay of the captions is known to be as long as @delay, in ns. */
void gst_transcript_captions_tell_delay (GstTranscriptCaptions * self,
    GstClockTime delay);

/* In gsttranscriptcaptionsqueries.c. Asks upstream, unless it was asked,
 * whether it is live and how far behind. */
void gst_transcript_captions_query_upstream (GstTranscriptCaptions * self);
/* The functions of the source pad. */
gboolean gst_transcript_captions_src_event (GstPad * pad, GstObject * parent,
    GstEvent * event);
gboolean gst_transcript_captions_src_query (GstPad * pad, GstObject * parent,
    GstQuery * query);

/* In gsttranscriptcaptions.c: there may be a deadline now, or no more. */
void gst_transcript_captions_update_ticker (GstTranscriptCaptions * self);

G_END_DECLS

#endif /* __GST_TRANSCRIPT_CAPTIONS_PRIVATE_H__ */
