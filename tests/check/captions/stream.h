/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __TEST_STREAM_H__
#define __TEST_STREAM_H__

#include <gst/gst.h>
#include <gst/check/gstharness.h>

/* Writes an event stream as realtimebin does. All times in ms; -1 leaves a
 * time out. */

/* One event: @members is JSON without braces, " stands for itself and ' for
 * ". */
void stream_event (GString * stream, gint arrival, const gchar * members);
/* session.created and the timeline that begins at 50 ms */
void stream_begin (GString * stream);
/* A user's turn up to its commit, and its text. */
void stream_turn (GString * stream, const gchar * item, gint start, gint end,
    gint arrival);
void stream_completed (GString * stream, const gchar * item,
    const gchar * text, gint arrival);
/* The parts of a turn alone, each at its arrival. */
void stream_started (GString * stream, const gchar * item, gint start,
    gint arrival);
void stream_stopped (GString * stream, const gchar * item, gint end,
    gint arrival);
void stream_delta (GString * stream, const gchar * item, const gchar * delta,
    gint arrival);
/* A text that replaces what was told so far, as some servers send them. */
void stream_updated (GString * stream, const gchar * item, const gchar * text,
    gint arrival);
/* A reply with audio, spoken between @start and @end. */
void stream_reply (GString * stream, const gchar * item, gint start, gint end,
    const gchar * text);

/* Keeps what leaves @pad as one line of words, for comparison:
 * "stream-start caps(utf8) segment gap(0-1000) cue(1000-2000 text) eos". */
typedef struct
{
  GMutex lock;                  /* guards all below */
  GCond cond;
  GString *log;
  GPtrArray *buffers;           /* owned GstBuffers */
  GPtrArray *events;            /* owned GstEvents */
  GstClockTime position;        /* where the last buffer or GAP ends */
  gboolean eos;
} Capture;

Capture *capture_new (GstPad * pad);
void capture_free (Capture * self);
/* Waits for EOS, or until there were so many events. */
void capture_wait (Capture * self);
void capture_wait_for_events (Capture * self, guint n);
/* What came since the last call; free it. */
gchar *capture_take (Capture * self);

/* Where the last buffer or GAP ends. */
GstClockTime capture_get_position (Capture * self);
/* The text of a buffer. */
gchar *buffer_text (GstBuffer * buffer);
/* The cues alone: "1000+2000 text|3000+500 more". */
gchar *capture_cues (Capture * self);

/* A harness says that it is live: makes it a file. */
void make_not_live (GstHarness * harness);

/* The file @name of the recorded logs, or NULL where they are not. */
gchar *recorded_path (const gchar * name);

#endif /* __TEST_STREAM_H__ */
