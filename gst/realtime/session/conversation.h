/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_CONVERSATION_H__
#define __REALTIME_CONVERSATION_H__

#include <glib.h>
#include <json-glib/json-glib.h>

#include "anchor.h"

G_BEGIN_DECLS
/* An unknown time; the same value as GST_CLOCK_TIME_NONE, which this room does not see. */
#define REALTIME_TIME_NONE G_MAXUINT64
    typedef enum
{
  REALTIME_ROLE_UNKNOWN,
  REALTIME_ROLE_USER,
  REALTIME_ROLE_ASSISTANT,
  REALTIME_ROLE_SYSTEM
} RealtimeRole;

typedef enum
{
  REALTIME_CONNECTION_CLOSED,
  REALTIME_CONNECTION_AUTHORIZING,
  REALTIME_CONNECTION_CONNECTING,
  REALTIME_CONNECTION_CONNECTED,
  REALTIME_CONNECTION_RECONNECTING,
  REALTIME_CONNECTION_DRAINING,
  REALTIME_CONNECTION_FAILED
} RealtimeConnectionState;

typedef enum
{
  REALTIME_TURN_IDLE,
  REALTIME_TURN_USER_SPEAKING,
  REALTIME_TURN_THINKING,
  REALTIME_TURN_ASSISTANT_SPEAKING
} RealtimeTurnState;

/* The words of the contract: "user", "connected", "user-speaking"... */
const gchar *realtime_role_nick (RealtimeRole role);
RealtimeRole realtime_role_from_nick (const gchar * nick);
const gchar *realtime_connection_state_nick (RealtimeConnectionState state);
gboolean realtime_connection_state_from_nick (const gchar * nick,
    RealtimeConnectionState * state);
const gchar *realtime_turn_state_nick (RealtimeTurnState state);
gboolean realtime_turn_state_from_nick (const gchar * nick,
    RealtimeTurnState * state);

/* What one event changed. All strings belong to the conversation and live
 * until the callback returns; times are running times in ns. */
typedef struct
{
  const gchar *item_id;
  guint index;                  /* place in the conversation, from 0 */
  RealtimeRole role;
  const gchar *text;            /* whole so far */
  const gchar *delta;           /* what this change appended, "" with a final */
  gboolean final;               /* each item gets one final at most */
  guint64 start, end;           /* REALTIME_TIME_NONE while unknown */
  const gchar *speaker;         /* NULL unless the service told */
  const gchar *language;        /* NULL unless known */
  gdouble confidence;           /* 0 to 1; negative while unknown */
  gboolean interrupted;
  const gchar *session_id;      /* NULL before session.created */
  guint session;                /* gst_session of the event, 0 if it had none */
} RealtimeTranscript;

typedef struct
{
  RealtimeConnectionState connection;
  RealtimeTurnState turn;
  const gchar *reason;
  guint attempt;
  const gchar *session_id;
} RealtimeState;

typedef struct
{
  const gchar *call_id;
  const gchar *name;
  const gchar *arguments;       /* JSON, byte for byte as the service sent it */
  const gchar *item_id;
  const gchar *response_id;     /* NULL where the service names none */
} RealtimeFunctionCall;

typedef struct
{
  guint64 input_tokens, output_tokens, total_tokens;
  guint64 input_text_tokens, input_audio_tokens, input_image_tokens;
  guint64 cached_tokens, cached_text_tokens, cached_audio_tokens;
  guint64 cached_image_tokens;
  guint64 output_text_tokens, output_audio_tokens;
  guint64 transcription_input_tokens, transcription_output_tokens;
  guint64 transcription_input_text_tokens, transcription_input_audio_tokens;
  gdouble transcription_seconds;
  gdouble translation_seconds;  /* that a translation session heard */
  guint responses;
  gdouble cost_usd;             /* negative while unknown */
} RealtimeUsage;

typedef struct
{
  const gchar *code;            /* the type where the code is null */
  const gchar *message;
  const gchar *event_id;        /* of the client event that caused it, or NULL */
  const gchar *item_id;         /* of a failed transcription, or NULL */
  gboolean fatal;               /* realtimebin.error said so */
} RealtimeServiceError;

typedef enum
{
  REALTIME_CHANGE_TRANSCRIPT,
  REALTIME_CHANGE_STATE,
  REALTIME_CHANGE_FUNCTION_CALL,
  REALTIME_CHANGE_USAGE,
  REALTIME_CHANGE_ERROR
} RealtimeChangeType;

typedef struct
{
  RealtimeChangeType type;
  union
  {
    RealtimeTranscript transcript;
    RealtimeState state;
    RealtimeFunctionCall function_call;
    RealtimeUsage usage;
    RealtimeServiceError error;
  };
} RealtimeChange;

typedef void (*RealtimeChangeFunc) (const RealtimeChange * change,
    gpointer user_data);

/**
 * RealtimeConversation:
 *
 * A reducer: takes the event stream (application/x-realtime-events, or the
 * plain event log of any GA or beta session) one event at a time and tells
 * what each changed. It holds no lock; use it from one thread.
 *
 * A user's line is final with its `completed` event, which replaces the
 * deltas. An assistant's line is final when its audio has ended
 * (output_audio_buffer.stopped, or .cleared: then it is interrupted, and
 * realtimebin.output, in a stream that has it), at its
 * response's end where there is no audio buffer event for that response, and
 * at the latest at realtime_conversation_flush(). In a log without
 * gst_running_time, a line whose audio came as events waits for the next turn:
 * the client may still tell the server where it stopped to play it.
 *
 * A translation session knows no items and no end of a line. What was said
 * (role user) and its translation (role assistant) are each cut into lines: one
 * ends behind the mark of a sentence, once the next word shows that it was one
 * (a small letter behind a full stop does not) or 600 ms have passed; at a pause
 * of 2 s; at a blank before 240 characters; and at session.closed, at the
 * session's end and at the latest at realtime_conversation_flush(). Times are
 * those of elapsed_ms, from the beginning of the first 200 ms frame of a line
 * to the end of its last; without it they are unknown.
 */
typedef struct _RealtimeConversation RealtimeConversation;

RealtimeConversation *realtime_conversation_new (void);
void realtime_conversation_free (RealtimeConversation * self);

/* @event: one parsed event. Unknown events and malformed members are ignored. */
void realtime_conversation_handle (RealtimeConversation * self,
    JsonObject * event, RealtimeChangeFunc func, gpointer user_data);

/* Nothing came up to this running time: what servers owe and never tell (the
 * end of a response, or of its playback) is not waited for for ever. */
void realtime_conversation_pass_time (RealtimeConversation * self,
    guint64 running_time, RealtimeChangeFunc func, gpointer user_data);

/* End of the stream: open lines become final with the text they have. */
void realtime_conversation_flush (RealtimeConversation * self,
    RealtimeChangeFunc func, gpointer user_data);

/* The session was lost at this running time, and another follows: open lines
 * become final with the text they have, those of the assistant as interrupted.
 * A reader learns this of the stream (realtimebin.state: reconnecting). */
void realtime_conversation_lose_session (RealtimeConversation * self,
    guint64 running_time, RealtimeChangeFunc func, gpointer user_data);

/* Forget everything, as new. */
void realtime_conversation_reset (RealtimeConversation * self);

/* What was said and what was put in, in the order of the conversation: a JSON
 * array of objects with item_id, role (a word), text, start and end (running
 * times in ns, null while unknown; of what was put in: when that was),
 * interrupted and session_id. Lines that are not final yet and deleted items
 * are not in it. Free it. Of a very long conversation the last thousand items. */
gchar *realtime_conversation_to_json (RealtimeConversation * self);
/* Whether it would be another than the last time. */
gboolean realtime_conversation_has_changed (RealtimeConversation * self);

/* What is outstanding, for draining. An item awaits its transcript from its
 * commit until completed or failed, once the session is known to transcribe. */
guint realtime_conversation_get_pending_transcripts (RealtimeConversation *
    self);
/* Calls @func for each of these items. */
typedef void (*RealtimePendingFunc) (const gchar * item_id,
    gpointer user_data);
void realtime_conversation_foreach_pending (RealtimeConversation * self,
    RealtimePendingFunc func, gpointer user_data);
/* Whether the service is to begin a response by itself, to what it heard. */
gboolean realtime_conversation_awaits_response (RealtimeConversation * self);
/* Lines that stand before the item in the conversation and may still become
 * final: what a reader that wants the conversation's order waits for. 0 for an
 * item that is not known (any more). */
guint realtime_conversation_get_open_before (RealtimeConversation * self,
    guint session, const gchar * item_id);
/* Whether words came of something that is not committed. */
gboolean realtime_conversation_has_uncommitted_words (RealtimeConversation *
    self);
/* The user's items of which something may still come. Free with g_strfreev(). */
gchar **realtime_conversation_dup_open_items (RealtimeConversation * self);
/* Before @event, which came at the running time @now, is handled: how long after
 * what it tells of it came, in ns. FALSE for an event that does not tell exactly
 * of a place in the input. */
gboolean realtime_conversation_measure_delay (RealtimeConversation * self,
    JsonObject * event, guint64 now, RealtimeAnchorKind * kind,
    gint64 * delay);
gboolean realtime_conversation_is_user_speaking (RealtimeConversation * self);
/* A response between response.created and response.done. */
gboolean realtime_conversation_has_active_response (RealtimeConversation *
    self);
/* The service has told that a translation session is over: nothing more comes
 * of it. */
gboolean realtime_conversation_is_closed (RealtimeConversation * self);
/* Between output_audio_buffer.started and .stopped or .cleared, and until the
 * sound has ended, where realtimebin.output tells of it. */
gboolean realtime_conversation_is_output_playing (RealtimeConversation * self);
/* Whether lines wait for a realtimebin.output that tells that the sound has
 * ended: who writes the stream owes it, even if there was no sound. */
gboolean realtime_conversation_awaits_sound (RealtimeConversation * self);
/* The response whose sound it is that is heard, or begins to be, now; NULL
 * where that is not known. */
const gchar *realtime_conversation_get_sounding_id (RealtimeConversation *
    self);
/* Input milliseconds of the session that finished user turns cover: the
 * largest audio_end_ms seen in this session, 0 before any. */
guint64 realtime_conversation_get_heard_ms (RealtimeConversation * self);
/* What the service does by itself, as it told of its turn detection (@fallback
 * where it told nothing): answer what it hears; stop to speak when it hears
 * someone. */
gboolean realtime_conversation_replies (RealtimeConversation * self,
    gboolean fallback);
gboolean realtime_conversation_interrupts (RealtimeConversation * self,
    gboolean fallback);
/* Between the end of a turn that is answered and the response to it. */
gboolean realtime_conversation_awaits_reply (RealtimeConversation * self);
RealtimeTurnState realtime_conversation_get_turn (RealtimeConversation * self);
/* Calls @func for each line that may still become final: which it is, its
 * place, and where its words begin, REALTIME_TIME_NONE while unknown. */
typedef void (*RealtimeOpenFunc) (RealtimeRole role, guint session,
    const gchar * item_id, guint index, guint64 start, gpointer user_data);
void realtime_conversation_foreach_open (RealtimeConversation * self,
    RealtimeOpenFunc func, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeConversation, realtime_conversation_free)
    G_END_DECLS
#endif /* __REALTIME_CONVERSATION_H__ */
