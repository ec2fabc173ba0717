/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_SUPERVISOR_H__
#define __GST_REALTIME_SUPERVISOR_H__

#include <gst/gst.h>

#include "drain.h"
#include "settings.h"
#include "session/conversation.h"
#include "transport/transport.h"

G_BEGIN_DECLS

/* What a supervisor asks of and tells the element that it works for, always
 * on the session thread, which must not be blocked. */
typedef struct
{
  /* Returns: the line of the output that its voice is heard on */
  guint (*add_transport) (GstRealtimeTransport * transport, gpointer host);
  void (*remove_transport) (GstRealtimeTransport * transport, gpointer host);
  void (*want_token) (gpointer host);
  /* now, on the timeline of the input */
  GstClockTime (*get_running_time) (gpointer host);
  void (*get_input) (GstRealtimeInput * input, gpointer host);
  /* The turns in what flows are to be found and told
   * (gst_realtime_supervisor_tell_speech()), by the numbers of @config's VAD,
   * from now on; NULL: no more. */
  void (*find_turns) (const RealtimeSessionConfig * config, gpointer host);
  /* none of the input is to pass until let_input_in() */
  void (*hold_input) (gpointer host);
  /* audio may flow to the session */
  void (*let_input_in) (gpointer host);
  /* the service has said what it had to say: note_sound() is due soon */
  void (*expect_silence) (gpointer host);
  /* takes @line, a whole line of the event stream */
  void (*push_line) (gchar * line, GstClockTime running_time, gpointer host);
  void (*push_gap) (GstClockTime running_time, gpointer host);
  void (*state) (RealtimeConnectionState connection, RealtimeTurnState turn,
      const gchar * session_id, const gchar * call_id, gpointer host);
  /* a function is called; returns whether somebody listens */
  gboolean (*function_call) (const RealtimeFunctionCall * call, gpointer host);
  /* what the service says is not to be heard any more, from now on... */
  void (*silence) (gpointer host);
  /* ...until it is again, what comes @after now (negative: before) */
  void (*resume) (GstClockTimeDiff after, gpointer host);
  /* mute the input from @running_time (of the input) on, NONE: not at all */
  void (*mute_from) (GstClockTime running_time, gpointer host);
  /* call gst_realtime_supervisor_input_passed() when what stands before
   * @running_time has left; NONE: not any more */
  void (*watch_input) (GstClockTime running_time, gpointer host);
  void (*warning) (const gchar * message, gpointer host);
  /* something did not succeed (REALTIME_FAILURE), and the session stands */
  void (*warn_of_failure) (const GError * failure, gpointer host);
  /* takes @json, what the conversation is by now: see
   * realtime_conversation_to_json() */
  void (*conversation) (gchar * json, gpointer host);
  /* what the conversation has used so far */
  void (*usage) (const RealtimeUsage * usage, gpointer host);
  /* the session is not to hear the input any more, which may go on */
  void (*shut_input_out) (gpointer host);
  /* there is no session any more, and the streams go on: what comes of the input
   * is to be swallowed, and the output to be silent; told once */
  void (*off_air) (gpointer host);
  /* there is none for now: as off_air, until let_input_in; but live input is
   * treated as before the first session */
  void (*go_on_without) (gpointer host);
  /* the session is lost or could not be had; told once */
  void (*failed) (const GError * error, gpointer host);
  /* everything that was said has its words: streams can end, unless more flushes
   * than @flushes have begun, the number that the last restart was told by; told
   * once, or again after a restart */
  void (*drained) (guint flushes, gpointer host);
} GstRealtimeHost;

/**
 * GstRealtimeSupervisor:
 *
 * Keeps one element in session, from READY->PAUSED to PAUSED->READY, on a
 * thread with a main context of its own. The functions below are for any
 * thread and never wait, but for stop.
 */
typedef struct _GstRealtimeSupervisor GstRealtimeSupervisor;

/* @host_object is referenced until the supervisor has stopped. */
GstRealtimeSupervisor *gst_realtime_supervisor_new (const GstRealtimeSettings *
    settings, const GstRealtimeHost * host, GstObject * host_object);
void gst_realtime_supervisor_start (GstRealtimeSupervisor * self);

/* @token: secret */
void gst_realtime_supervisor_take_token (GstRealtimeSupervisor * self,
    const gchar * token);
/* The first sample that the session heard stands, or by the count of samples
 * would stand, at @running_time (negative: before the running time 0). */
void gst_realtime_supervisor_set_epoch (GstRealtimeSupervisor * self,
    gint64 running_time);
/* The input was flushed: what comes now stands on a timeline that begins anew, and
 * the readers of the event stream have forgotten all. Behind its end another session
 * follows. @flushes: how many flushes have begun since the start */
void gst_realtime_supervisor_restart_input (GstRealtimeSupervisor * self,
    guint flushes);
/* The voice on @line of the output began to be heard with the sample that has
 * @running_time, or was heard up to there. */
void gst_realtime_supervisor_note_sound (GstRealtimeSupervisor * self,
    guint line, gboolean started, GstClockTime running_time);
/* A turn began, or ended and is to be committed now, at that running time of
 * the input. */
void gst_realtime_supervisor_tell_speech (GstRealtimeSupervisor * self,
    gboolean started, GstClockTime running_time);
/* Whether the pipeline plays, FALSE at first: no time counts while it does
 * not, as nothing is sent and nothing is received. */
void gst_realtime_supervisor_set_playing (GstRealtimeSupervisor * self,
    gboolean playing);
/* The input has ended: drain. */
void gst_realtime_supervisor_end_input (GstRealtimeSupervisor * self);
/* The session is to be as @config says from now on. What cannot be changed while
 * it runs, and what cannot be at all, is told as a warning. */
void gst_realtime_supervisor_set_config (GstRealtimeSupervisor * self,
    const RealtimeSessionConfig * config);

/* What the session may take from now on. */
void gst_realtime_supervisor_set_limits (GstRealtimeSupervisor * self,
    const GstRealtimeLimits * limits);

/* Ends the session and waits for that at most @timeout_us; what takes longer
 * goes on in the background, and the host is told nothing more of it. Frees
 * @self. Not from the session thread. */
void gst_realtime_supervisor_stop (GstRealtimeSupervisor * self,
    gint64 timeout_us);

G_END_DECLS

#endif /* __GST_REALTIME_SUPERVISOR_H__ */
