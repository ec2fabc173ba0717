/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_SUPERVISOR_PRIVATE_H__
#define __GST_REALTIME_SUPERVISOR_PRIVATE_H__

#include "budget.h"
#include "connection.h"
#include "session/calllist.h"
#include "session/prices.h"
#include "session/responsequeue.h"
#include "session/retry.h"
#include "supervisor.h"
#include "watchdog.h"

/* What a silence must last to end a turn, where nobody says. */
#define SUPERVISOR_DEFAULT_SILENCE_MS 500

G_BEGIN_DECLS

/* How the session's configuration changes (supervisor-config.c). One change is
 * under way at a time: its answer names no change. */
typedef struct
{
  RealtimeSessionConfig wanted; /* the element's properties as they are */
  RealtimeSessionConfig sent;   /* while an answer is awaited */
  RealtimeSessionConfig told;   /* what the session is like */
  guint changes;                /* sent so far, for their names */
  gboolean changed;             /* wanted is not all sent */
  gboolean awaiting;
  gboolean voice_settled;
  GSource *timer;
} SupervisorConfig;

/* What is used, what it costs, and what may be (supervisor-budget.c). */
typedef struct
{
  GstRealtimeBudget budget;
  RealtimePrices *prices;       /* NULL: there is no table */
  RealtimeUsage usage;
  RealtimeCost cost;
  gchar *model, *transcription_model;   /* as the server says */
  GSource *timer;
  gint64 checked_at;
} SupervisorBudget;
/* Responses, and what silences them (supervisor-turns.c). */
typedef struct
{
  RealtimeResponseQueue *responses;
  GSource *timer;
  gboolean silenced;            /* what the service says is not played */
  gint64 created_at;            /* of a response since (monotonic), or 0 */
  gint64 cleared_at;            /* when what was said ended, the same */
  gint64 reply_due;             /* a reply of the service's own accord, or 0 */
  gboolean answers_calls;       /* the application does */
} SupervisorTurns;

/* The talk button, and commits that wait for the last audio to leave
 * (supervisor-talk.c). Running times of the input. */
typedef struct
{
  gboolean used;                /* the button rules what is heard */
  gboolean pressed;
  gboolean on;                  /* what was pressed has had its effect */
  GstClockTime start, end;      /* of the turn; end NONE: none yet */
  const gchar *leaving;         /* the action that waits, or NULL */
  GstClockTime left_at;
  GSource *limit;
} SupervisorTalk;

/* The turns of a session that are found on this side (supervisor-segments.c). */
typedef struct
{
  gboolean ours;                /* they are told and committed here */
  gboolean services;            /* it said that it looks for turns itself */
  gboolean open;                /* somebody speaks */
} SupervisorSegments;

/* What the session begins with, and what it has come to
 * (supervisor-history.c). */
typedef struct
{
  guint awaited;                /* items that are not confirmed */
  gboolean put_in;              /* items of the settings' were confirmed */
  GSource *idle;                /* until what is new is told */
  const gchar *seen_type;       /* how the server confirms one, NULL: unknown */
  GSource *timer;
} SupervisorHistory;

/* How one session follows another that was lost (supervisor-recovery.c). */
typedef struct
{
  RealtimeRetry retry;
  gboolean established;         /* there was a session since the start */
  guint attempt;                /* to come or under way; 0: nothing is lost */
  GError *lost;                 /* what it began with, or NULL */
  GSource *timer;               /* until the attempt */
  gint64 up_since;              /* of the session that there is, or 0 */
  gchar *items;                 /* what was said, as a history; NULL: nothing */
} SupervisorRecovery;

/* A session that translates (supervisor-translation.c). */
typedef struct
{
  gboolean close_sent;          /* the service was asked to finish */
  gdouble past_seconds;         /* that former connections heard */
} SupervisorTranslation;

struct _GstRealtimeSupervisor
{
  gint ref_count;               /* the element's and the thread's */
  GstRealtimeSettings *settings;
  GMainContext *context;
  GMainLoop *loop;

  GMutex lock;
  GCond cond;
  gboolean stopped;             /* with lock */
  RealtimeCallList *calls;      /* with lock */

  RealtimeSessionType session_type;     /* set once */
  gint event_serial;            /* atomic: of our own events */

  gint can_send;                /* atomic: a session takes events */
  gint can_reconnect;           /* atomic: there is one, or will be */
  gint detached;                /* atomic: the element has done with us */

  /* the session thread only from here on */
  GstRealtimeHost host;
  GstObject *host_object;       /* NULL after the stop was taken up */
  RealtimeSignalling *signalling;
  GstRealtimeConnection *connection;    /* NULL between two */
  guint closing;                /* connections not yet closed */
  gboolean stopping;

  guint session;                /* number of the connection, from 1 */
  gboolean session_used;        /* something came by it */
  RealtimeConnectionState state;
  RealtimeTurnState turn;
  gchar *reason;
  RealtimeConversation *conversation;

  /* the session's count of the input (supervisor-clock.c) */
  gboolean input_heard;         /* there is one */
  gint64 input_epoch;           /* running time of 0 ms, as the input has it */
  gint64 moved;                 /* as the service does */
  gboolean restarted;           /* running times begin anew with the next epoch */
  JsonObject *session_object;   /* as the service told it last, or NULL */
  RealtimeAnchor anchor;

  SupervisorConfig config;
  SupervisorBudget budget;
  SupervisorHistory history;
  SupervisorRecovery recovery;
  GstRealtimeWatchdog watchdog;
  gint64 watched_at, watch_time;        /* µs: when last, and how long played */

  guint output_line;            /* what the host calls this session's voice */
  gboolean sounding;            /* it is heard now */
  GSource *sound_timer;         /* until the end of a sound is overdue */
  guint sound_waited_ms;

  SupervisorSegments segments;
  SupervisorTurns turns;
  SupervisorTalk talk;
  SupervisorTranslation translation;
  GstRealtimeDrain drain;
  gboolean playing;
  gboolean input_ended;
  const gchar *end_reason;      /* NULL: the input's end */
  gboolean off_air;             /* no session any more; the pipeline goes on */
  gboolean drained;
  gboolean failed;
  guint awaited;                /* answers to our own events */
  guint commits;                /* that were sent, for their ids */
  guint flushes;                /* of the input, as they were told last */
  gint64 drain_deadline;
  GSource *drain_timer;
  GSource *gap_timer;
};

/* Something to be done on the session thread. */
typedef void (*SupervisorJobFunc) (GstRealtimeSupervisor * self, gpointer data);

/* Any thread. */

/* Has @func do it there; @notify (may be NULL) frees @data after it. */
void supervisor_invoke (GstRealtimeSupervisor * self, SupervisorJobFunc func,
    gpointer data, GDestroyNotify notify);
/* The id of the next event that @action sends. */
gchar *supervisor_make_id (GstRealtimeSupervisor * self, const gchar * action);

/* All else for the session thread. */

GSource *supervisor_add_timer (GstRealtimeSupervisor * self, guint ms,
    GSourceFunc func);
GstRealtimeSupervisor *supervisor_ref (GstRealtimeSupervisor * self);
void supervisor_unref (GstRealtimeSupervisor * self);

/* supervisor-stream.c: what is told on the event stream and to the host. */

/* Whether the host is still to be told things. */
gboolean supervisor_has_host (GstRealtimeSupervisor * self);
GstClockTime supervisor_get_now (GstRealtimeSupervisor * self);
/* takes @line */
void supervisor_push_line (GstRealtimeSupervisor * self, gchar * line,
    GstClockTime now);
/* The same with an event that the reducer has to know, too. */
void supervisor_push_own_line (GstRealtimeSupervisor * self, gchar * line,
    GstClockTime now);
/* Gives the reducer an event that is on the stream. */
void supervisor_handle (GstRealtimeSupervisor * self, JsonObject * event);
void supervisor_tell_state (GstRealtimeSupervisor * self);
void supervisor_set_state (GstRealtimeSupervisor * self,
    RealtimeConnectionState state, const gchar * reason);
void supervisor_tell_error (GstRealtimeSupervisor * self, const gchar * code,
    const gchar * message, guint http_status, gboolean fatal,
    const gchar * request_id);
/* An error that ends nothing, on the stream and as the element's warning. */
void supervisor_warn (GstRealtimeSupervisor * self, const gchar * code,
    const gchar * message);
/* The same of a failure that ends nothing (of REALTIME_FAILURE). */
void supervisor_warn_of_failure (GstRealtimeSupervisor * self,
    const gchar * code, const GError * failure);
/* A RealtimeChangeFunc. */
void supervisor_conversation_changed (const RealtimeChange * change,
    gpointer user_data);

/* supervisor-clock.c: where what the service counts stands in running time. */

/* A new session: it counts from 0. */
void supervisor_begin_clock (GstRealtimeSupervisor * self);
/* Before an event of the service goes on the stream. */
void supervisor_check_clock (GstRealtimeSupervisor * self, JsonObject * event,
    GstClockTime now);
/* Running time of the session's 0 ms, modulo 2^64, as it may stand before the
 * running time 0; NONE while it has heard nothing. */
GstClockTime supervisor_get_epoch (GstRealtimeSupervisor * self);
/* session.created or session.updated */
void supervisor_remember_session (GstRealtimeSupervisor * self,
    JsonObject * event);

/* supervisor-output.c: what is heard of the service's voice. */

/* The session is configured: nothing was heard yet. */
void supervisor_begin_output (GstRealtimeSupervisor * self);
/* After each event: sees to it that what waits for the end of a sound is told
 * of it. */
void supervisor_watch_output (GstRealtimeSupervisor * self);

/* supervisor-end.c: how a session ends. */

void supervisor_close_connection (GstRealtimeSupervisor * self);
/* The session is lost: told once. */
void supervisor_fail (GstRealtimeSupervisor * self, const GError * error);
/* The session is over in good order: told once. */
void supervisor_finish (GstRealtimeSupervisor * self, const gchar * reason);
/* Ends in good order once everything that was said has its words. */
void supervisor_start_drain (GstRealtimeSupervisor * self);
/* The same before the input's end, which is not heard any more. @reason:
 * static. */
void supervisor_end_in_order (GstRealtimeSupervisor * self,
    const gchar * reason);
/* The input has ended. */
void supervisor_take_end_of_input (GstRealtimeSupervisor * self);

/* supervisor-segments.c: turns found on this side. */

/* A new connection begins. */
void supervisor_segments_begin (GstRealtimeSupervisor * self);
/* A session object of the server's. */
void supervisor_segments_read (GstRealtimeSupervisor * self,
    JsonObject * event);
/* The configuration may be another. */
void supervisor_segments_update (GstRealtimeSupervisor * self);
/* A turn that goes on comes to nothing. */
void supervisor_segments_drop (GstRealtimeSupervisor * self);
/* Whether a turn that is found here is answered at its end. */
gboolean supervisor_segments_reply (GstRealtimeSupervisor * self);
void supervisor_segments_start (GstRealtimeSupervisor * self,
    GstClockTime running_time);
void supervisor_segments_stop (GstRealtimeSupervisor * self,
    GstClockTime running_time);

/* supervisor-session.c: makes a connection and hears what it tells. */

void supervisor_connect (GstRealtimeSupervisor * self);
/* The same, at the start of the streams: what is counted and told all the time
 * begins, too. */
void supervisor_start_session (GstRealtimeSupervisor * self);
/* Commits what was heard, by an event of the id @id, to which the drain waits for
 * an answer, and asks for a reply to it where @reply. */
void supervisor_commit (GstRealtimeSupervisor * self, const gchar * id,
    gboolean reply);

/* All that was to be there before the input is there: lets it in. */
void supervisor_begin (GstRealtimeSupervisor * self);

/* supervisor-history.c: what is in the conversation. */

/* The session is configured: gives it its history, then calls
 * supervisor_begin(). */
void supervisor_history_begin (GstRealtimeSupervisor * self);
void supervisor_history_stop (GstRealtimeSupervisor * self);
/* An event of the server that the reducer has handled. */
void supervisor_history_handle (GstRealtimeSupervisor * self,
    const gchar * type, JsonObject * event);
/* Tells the host of the conversation, if there is anything new. */
void supervisor_history_tell (GstRealtimeSupervisor * self);

/* supervisor-recovery.c: another session after one that was lost. */

void supervisor_recovery_init (GstRealtimeSupervisor * self);
void supervisor_recovery_clear (GstRealtimeSupervisor * self);
void supervisor_recovery_stop (GstRealtimeSupervisor * self);
/* A connection is lost, or could not be made: has another one made, or fails. */
void supervisor_recovery_lose (GstRealtimeSupervisor * self,
    const GError * error);
/* There is a session. */
void supervisor_recovery_succeed (GstRealtimeSupervisor * self);
/* A SupervisorJobFunc: drops the session and makes another. */
void supervisor_recovery_begin (GstRealtimeSupervisor * self, gpointer unused);
/* Before another session: what was said so far is put in there. */
void supervisor_recovery_remember (GstRealtimeSupervisor * self);
/* Between the loss and the next session. */
gboolean supervisor_recovery_is_on (GstRealtimeSupervisor * self);

/* supervisor-watchdog.c: what does not come. */

void supervisor_watchdog_begin (GstRealtimeSupervisor * self);
/* @event was sent. */
void supervisor_watchdog_note_sent (GstRealtimeSupervisor * self,
    const gchar * event);
/* An event of the server. */
void supervisor_watchdog_handle (GstRealtimeSupervisor * self,
    const gchar * type);
/* Looks after everything; call it again and again. */
void supervisor_watchdog_check (GstRealtimeSupervisor * self);

/* supervisor-budget.c: what is used, and what may be. */

void supervisor_budget_init (GstRealtimeSupervisor * self);
void supervisor_budget_clear (GstRealtimeSupervisor * self);
void supervisor_budget_start (GstRealtimeSupervisor * self);
void supervisor_budget_stop (GstRealtimeSupervisor * self);
void supervisor_budget_set_limits (GstRealtimeSupervisor * self,
    const GstRealtimeLimits * limits);
/* An event of the server, before the reducer has handled it. */
void supervisor_budget_handle (GstRealtimeSupervisor * self,
    const gchar * type, JsonObject * event);
/* @usage: the totals of the conversation, of which something is new. */
void supervisor_budget_count (GstRealtimeSupervisor * self,
    const RealtimeUsage * usage);

/* supervisor-config.c: how the configuration of a running session changes. */

void supervisor_config_init (GstRealtimeSupervisor * self);
void supervisor_config_clear (GstRealtimeSupervisor * self);
void supervisor_config_stop (GstRealtimeSupervisor * self);
/* A new connection begins, with the settings as they are now. */
void supervisor_config_begin (GstRealtimeSupervisor * self);
/* Before that: the settings are to be what was wanted last. */
void supervisor_config_take_over (GstRealtimeSupervisor * self);
/* It is configured: what has changed meanwhile can be sent. */
void supervisor_config_ready (GstRealtimeSupervisor * self);
void supervisor_config_want (GstRealtimeSupervisor * self,
    const RealtimeSessionConfig * config);
/* An event of the server that the reducer has handled. */
void supervisor_config_handle (GstRealtimeSupervisor * self,
    const gchar * type, JsonObject * event);

/* supervisor-translation.c: what only a session that translates does. */

/* A new connection begins. */
void supervisor_translation_begin (GstRealtimeSupervisor * self);
/* Counts what was heard so far; @all: to the last sample, not only where it is
 * worth telling. */
void supervisor_translation_count (GstRealtimeSupervisor * self, gboolean all);
/* The drain of such a session; @now: monotonic. */
GstRealtimeDrainStep supervisor_translation_drain (GstRealtimeSupervisor * self,
    const GstRealtimeInput * input, gint64 now);

/* supervisor-turns.c: responses are asked for, calls answered, speech silenced.
 * Those of the type SupervisorJobFunc take the event, as text, as data. */

void supervisor_turns_send (GstRealtimeSupervisor * self, gpointer event);
void supervisor_turns_send_item (GstRealtimeSupervisor * self, gpointer event);
/* an item, and the wish for a reply */
void supervisor_turns_send_question (GstRealtimeSupervisor * self,
    gpointer event);
void supervisor_turns_send_result (GstRealtimeSupervisor * self,
    gpointer event);
void supervisor_turns_ask_reply (GstRealtimeSupervisor * self, gpointer unused);
/* @reason: the one that is told, a static string */
void supervisor_turns_interrupt (GstRealtimeSupervisor * self, gpointer reason);
/* Sends @event now, past the queue; FALSE, with a warning: it was not sent. */
gboolean supervisor_turns_deliver (GstRealtimeSupervisor * self,
    const gchar * event);
/* The same of an event of @action with nothing but a type. */
gboolean supervisor_turns_deliver_plain (GstRealtimeSupervisor * self,
    const gchar * action, const gchar * type);
/* Asks for the next response if its time has come. */
void supervisor_turns_pump (GstRealtimeSupervisor * self);

/* An event of the server before anybody is told of it. Returns whether it
 * silences what is being said. */
gboolean supervisor_turns_hear (GstRealtimeSupervisor * self,
    const gchar * type, JsonObject * event);
/* Speech that was found on this side. */
void supervisor_turns_hear_speech (GstRealtimeSupervisor * self);
/* The same event, after the reducer; @interrupted: what hear() said. */
void supervisor_turns_handle (GstRealtimeSupervisor * self,
    const gchar * type, JsonObject * event, gboolean interrupted);
void supervisor_turns_call (GstRealtimeSupervisor * self,
    const RealtimeFunctionCall * call);

/* What is still to come of what was asked for, function calls included, if the
 * application is one that answers them. */
guint supervisor_turns_get_pending (GstRealtimeSupervisor * self);
guint supervisor_turns_get_open_calls (GstRealtimeSupervisor * self);
/* A new connection begins. */
void supervisor_turns_begin (GstRealtimeSupervisor * self);
void supervisor_turns_stop (GstRealtimeSupervisor * self);

/* supervisor-talk.c: turns that the application ends. */

void supervisor_talk_set (GstRealtimeSupervisor * self, gpointer pressed);
/* @position: of the input, a GstClockTime */
void supervisor_talk_passed (GstRealtimeSupervisor * self, gpointer position);
void supervisor_talk_commit (GstRealtimeSupervisor * self, gpointer unused);
void supervisor_talk_clear (GstRealtimeSupervisor * self, gpointer unused);
/* The session or its turn detection is another one. */
void supervisor_talk_apply (GstRealtimeSupervisor * self);
/* Whether somebody talks, or what was said is still on its way out. */
gboolean supervisor_talk_is_on (GstRealtimeSupervisor * self);
/* Returns whether what the service has heard last is still to be committed. */
gboolean supervisor_talk_end_input (GstRealtimeSupervisor * self);
void supervisor_talk_begin (GstRealtimeSupervisor * self);
void supervisor_talk_stop (GstRealtimeSupervisor * self);

G_END_DECLS

#endif /* __GST_REALTIME_SUPERVISOR_PRIVATE_H__ */
