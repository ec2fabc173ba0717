/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_TEXT_STREAM_H__
#define __REALTIME_TEXT_STREAM_H__

#include "cue.h"

G_BEGIN_DECLS

/* The template of a pad that a text stream feeds. */
#define REALTIME_TEXT_STREAM_CAPS \
    "text/x-raw, format = (string) { utf8, pango-markup }"

/* A custom sticky event with "mode", a string: the mode of the captions, where that
 * has to be known. */
#define REALTIME_TEXT_STREAM_EVENT "realtime/captions"

/**
 * RealtimeTextStream:
 *
 * A sparse stream of cues on a source pad: the events that must stand before
 * them, plain or marked-up text as downstream needs it, GAP events between.
 * The stream has a TIME segment of its own in which times are running times of
 * what is heard, unless a seek chose another.
 *
 * Holds no lock; use it from the streaming thread, or where none runs.
 */
typedef struct _RealtimeTextStream RealtimeTextStream;

/* @element owns @pad and posts the errors; both outlive the stream. */
RealtimeTextStream *realtime_text_stream_new (GstElement * element,
    GstPad * pad);
void realtime_text_stream_free (RealtimeTextStream * self);
/* As new: the pad has been inactive since. */
void realtime_text_stream_reset (RealtimeTextStream * self);

/* Begins a stream. @cause: (nullable): the stream-start of which it comes. */
void realtime_text_stream_start (RealtimeTextStream * self, GstEvent * cause);
/* The seqnum of all events from now on. */
void realtime_text_stream_set_seqnum (RealtimeTextStream * self,
    guint32 seqnum);
/* Shows all text later than it was spoken, ns. From the next segment on. */
void realtime_text_stream_set_lateness (RealtimeTextStream * self,
    GstClockTime lateness);
/* Before a WebVTT encoder, says in each cue whose voice it is. */
void realtime_text_stream_set_voice_tags (RealtimeTextStream * self,
    gboolean voice_tags);
/* (nullable): ISO 639 code of the language, told by a tag. */
void realtime_text_stream_set_language (RealtimeTextStream * self,
    const gchar * language);
/* What goes out next is of @segment (nullable: from 0 on without an end), which
 * is in the TIME format; its base is left to the stream. */
void realtime_text_stream_set_segment (RealtimeTextStream * self,
    const GstSegment * segment);
/* Each buffer shows all lines of roll-up captions as they are for a time: told by an
 * event, for who puts words out one after the other. Before the first buffer. */
void realtime_text_stream_set_windows (RealtimeTextStream * self,
    gboolean windows);
/* After a flush: the segment goes out again, from its start if @reset_time. */
void realtime_text_stream_flushed (RealtimeTextStream * self,
    gboolean reset_time);

/* Pushes what must stand before any buffer or serialized event. FALSE: could
 * not be negotiated; an error was posted. */
gboolean realtime_text_stream_prepare (RealtimeTextStream * self);
/* Nothing comes before @until. Not worth an event for less than 50 ms. */
void realtime_text_stream_push_gap (RealtimeTextStream * self,
    GstClockTime until);
/* Pushes @cue, which must not start before the position, with a GAP before it
 * where there is one. */
GstFlowReturn realtime_text_stream_push_cue (RealtimeTextStream * self,
    const RealtimeCue * cue);

/* Pushes a custom downstream event. Takes @structure. */
void realtime_text_stream_push_custom (RealtimeTextStream * self,
    GstStructure * structure);

/* What ends before is of no interest downstream. */
GstClockTime realtime_text_stream_get_begin (RealtimeTextStream * self);
/* Running time up to which downstream has all. */
GstClockTime realtime_text_stream_get_position (RealtimeTextStream * self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeTextStream, realtime_text_stream_free)

G_END_DECLS

#endif /* __REALTIME_TEXT_STREAM_H__ */
