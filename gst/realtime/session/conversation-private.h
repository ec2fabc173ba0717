/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_CONVERSATION_PRIVATE_H__
#define __REALTIME_CONVERSATION_PRIVATE_H__

#include "conversation.h"
#include "events.h"
#include "item.h"
#include "timeline.h"

G_BEGIN_DECLS
/* The inside of the reducer, shared by its files: conversation.c
 * (sessions, states, the dispatch), conversation-bin.c (what the element does
 * itself), conversation-user.c (what is heard), conversation-translation.c (what
 * a translation session writes),
 * conversation-turns.c (turns found on this side), conversation-assistant.c
 * (responses), conversation-playback.c (when they are heard),
 * conversation-finish.c (how the lines of a response end),
 * conversation-patience.c (what is not waited for any more),
 * conversation-history.c (what it has come to) and conversation-state.c (what
 * goes on and is outstanding). */
/* Beyond any session's length: such a number is nonsense. */
#define REALTIME_MAX_INPUT_MS (G_GINT64_CONSTANT (7 * 24 * 3600) * 1000)
/* Names of more than a sane length count as missing. */
#define REALTIME_MAX_ID_BYTES 512
/* Whether a session does something: servers need not tell. */
    typedef enum
{
  REALTIME_UNKNOWN,
  REALTIME_NO,
  REALTIME_YES
} RealtimeKnowledge;

/* What is being said in one of the two languages of a translation session. */
typedef struct
{
  RealtimeItem *item;           /* the open line, or NULL */
  guint64 touched;              /* running time of its last words, or NONE */
  guint64 elapsed_ms;           /* the last that was told, or NONE */
} RealtimeTranslationLine;

struct _RealtimeSession
{
  guint number;                 /* gst_session */
  guint serial;                 /* ours, never used twice */
  gchar *id;
  gboolean over;                /* another took its place, or it was lost */

  RealtimeTimeline timeline;
  RealtimeKnowledge transcribes;
  RealtimeKnowledge replies;    /* by itself, to what it hears */
  RealtimeKnowledge interrupts; /* itself, when it hears someone */
  gchar *language;
  gboolean translates;
  gboolean closed;              /* session.closed: all of it was told */
  gchar *output_language;       /* of what is translated, or NULL */
  RealtimeTranslationLine source, translation;
  gdouble bytes_per_ms;         /* of the audio it sends as events */

  gboolean names_conversations; /* response.conversation_id is in use */
  gboolean tells_playback;      /* output_audio_buffer events are in use */
  gdouble spoken_ms, spoken_units;      /* measured speed of speech */

  RealtimeItem *speech;         /* the turn at the microphone, or the last */
  GQueue turns;                 /* found on this side, the oldest first */
  gboolean user_speaking;
  gboolean talking;             /* the talk button is held */
  guint64 talk_start, talk_end; /* of the turn to be committed, or NONE */
  gboolean awaiting_reply;
  guint64 input_touched;        /* the last event about the input, or NONE */
  RealtimeResponse *playing;    /* as the service tells */

  /* what is really heard, where realtimebin.output tells */
  gboolean tells_sound;
  gboolean sounding;
  guint64 sound_start, sound_end;       /* of the last sound, or NONE */
  guint64 sound_lag;            /* of a sound behind what was told of it */
  gboolean sound_taken;         /* it is known whose it was */
  RealtimeResponse *sound_of;   /* whose is heard now, or NULL */

  GQueue responses;             /* the newest first */
  guint made_up_ids;
};

struct _RealtimeResponse
{
  RealtimeSession *session;
  gchar *id;
  gboolean created;             /* response.created was seen */
  gboolean done;
  gboolean apart;               /* of no conversation */
  gboolean maybe_apart;         /* until an item event tells */
  gboolean has_audio;
  gboolean sends_audio;         /* as events */
  gboolean started;             /* its audio was played, at least in part */
  gboolean awaits_playback;     /* done, its audio was not started yet */
  gboolean awaits_sound;        /* over, but it may still be heard */
  gboolean awaits_cut;          /* done, but what was heard may be told yet */
  gboolean cancelled;           /* no more of it was made */
  gboolean cleared;             /* what was made was not all heard */
  gboolean hushed;              /* nobody hears it: it grows unseen */
  gboolean generating;          /* words come, and no playback is told */
  gboolean heard;               /* when it was heard is known, not only told */
  guint64 audio_start, audio_end;       /* running times, or NONE */
  guint64 touched;              /* the last event about it, or NONE */
  guint64 told_end;             /* when its end was told, or NONE */
  GPtrArray *items;             /* in order of appearance */
};

struct _RealtimeConversation
{
  RealtimeItemList items;
  GQueue sessions;              /* the newest first; never empty */
  guint serials;

  RealtimeUsage usage, told_usage;
  gboolean said_changed;        /* since it was written */
  GQueue calls;                 /* keys of the last calls that were told */

  RealtimeState told;           /* as of the last state change */
  gchar *told_reason;
  gboolean has_bin;             /* realtimebin tells the connection's state */
  RealtimeConnectionState connection;
  gint bin_turn;                /* what it told about the turn, or -1 */
  RealtimeTurnState derived_turn;
  gchar *reason;
  guint attempt;

  /* of the event at hand */
  RealtimeChangeFunc func;
  gpointer user_data;
  guint64 now;                  /* its running time, or NONE */
};

/* conversation.c */
/* The session that goes on, or the last. */
RealtimeSession *realtime_conversation_get_session (RealtimeConversation *
    self);
RealtimeItem *realtime_conversation_get_item (RealtimeConversation * self,
    RealtimeSession * session, const gchar * id);
RealtimeItem *realtime_conversation_make_up_item (RealtimeConversation * self,
    RealtimeSession * session, const gchar * prefix);
const gchar *realtime_get_id (JsonObject * object, const gchar * path);
void realtime_conversation_tell (RealtimeConversation * self,
    const RealtimeChange * change);
/* self->usage counts more than before. */
void realtime_conversation_count (RealtimeConversation * self);
/* @what: an object with type, code, message as in the event "error". */
void realtime_conversation_tell_error (RealtimeConversation * self,
    JsonObject * what, const gchar * item_id);
/* Tells the line's text as it is now, or as @text if that is given. */
void realtime_conversation_tell_line (RealtimeConversation * self,
    RealtimeItem * item, const gchar * text, const gchar * delta,
    gboolean final, guint64 start, guint64 end);

/* conversation-history.c */
/* A line, or a segment of one, has its final words. */
void realtime_item_take_final (RealtimeItem * item, const gchar * text,
    guint64 start, guint64 end);
/* A conversation.item event; what a client put in is said with it. */
void realtime_conversation_take_put_in (RealtimeConversation * self,
    RealtimeItem * item, JsonObject * object);

/* conversation-user.c */
void realtime_conversation_handle_input (RealtimeConversation * self,
    RealtimeSession * session, RealtimeEventType type, JsonObject * event);
/* When the words of the item begin, or NONE. */
guint64 realtime_user_item_start (RealtimeItem * item);
/* Closes the line with the words it has. */
void realtime_conversation_finish_user (RealtimeConversation * self,
    RealtimeItem * item);
/* A conversation.item event about something that was spoken. */
void realtime_conversation_take_user_item (RealtimeConversation * self,
    RealtimeItem * item, JsonObject * object);

/* A turn's place in the conversation is that of its end, not of its first
 * sound. */
void realtime_conversation_take_place (RealtimeConversation * self,
    RealtimeItem * item);

/* conversation-translation.c */
/* Words of a translation session, or its end. */
void realtime_conversation_handle_translation (RealtimeConversation * self,
    RealtimeSession * session, RealtimeEventType type, JsonObject * event);
/* The session object of the service. */
void realtime_session_take_translation (RealtimeSession * session,
    JsonObject * object);
void realtime_session_init_translation (RealtimeSession * session);
/* Nothing more is told of the lines that are open. */
void realtime_session_restart_translation (RealtimeSession * session);
void realtime_conversation_finish_translation (RealtimeConversation * self,
    RealtimeItem * item);
/* Lines after which there is a pause end. */
void realtime_conversation_pause_translation (RealtimeConversation * self,
    RealtimeSession * session);
/* What goes on in a session that translates. */
RealtimeTurnState realtime_session_get_translation_turn (RealtimeSession *
    session);

/* conversation-bin.c */
void realtime_session_handle_talk (RealtimeSession * session,
    JsonObject * event);
void realtime_session_handle_interrupted (RealtimeSession * session);
void realtime_conversation_handle_timeline (RealtimeConversation * self,
    RealtimeSession * session, JsonObject * event);

/* conversation-turns.c */
void realtime_conversation_handle_own_turn (RealtimeConversation * self,
    RealtimeSession * session, RealtimeEventType type, JsonObject * event);
/* Words of @item came, or it was committed: the oldest turn without an item,
 * if there is one, is its. */
void realtime_conversation_take_own_turn (RealtimeConversation * self,
    RealtimeSession * session, RealtimeItem * item, gboolean committed);
/* The event @commit_id (may be NULL) was refused. */
void realtime_conversation_refuse_own_turn (RealtimeConversation * self,
    RealtimeSession * session, const gchar * commit_id);
gboolean realtime_session_has_open_turn (RealtimeSession * session);
void realtime_session_clear_turns (RealtimeSession * session);

/* conversation-assistant.c */
void realtime_conversation_handle_output (RealtimeConversation * self,
    RealtimeSession * session, RealtimeEventType type, JsonObject * event);
/* Closes what is open of the response with the words it has. */
void realtime_conversation_finish_response (RealtimeConversation * self,
    RealtimeResponse * response, gboolean interrupted);
void realtime_conversation_finish_assistant (RealtimeConversation * self,
    RealtimeItem * item);
/* Closes the lines of responses whose playback or cut cannot come any more. */
void realtime_conversation_finish_awaiting (RealtimeConversation * self,
    RealtimeSession * session);
/* The session was lost: what was being made or heard of it ends in mid-speech, as
 * far as it was heard. */
void realtime_session_break_off (RealtimeConversation * self,
    RealtimeSession * session);
/* conversation.item.truncated */
void realtime_conversation_handle_truncated (RealtimeConversation * self,
    RealtimeItem * item, JsonObject * event);
guint64 realtime_assistant_item_start (RealtimeItem * item);
/* How long the speech of the whole item would take. */
gdouble realtime_assistant_item_total_ms (RealtimeItem * item);

/* conversation-patience.c */
void realtime_conversation_lose_patience (RealtimeConversation * self,
    RealtimeSession * session);
RealtimeResponse *realtime_session_find_response (RealtimeSession * session,
    const gchar * id);
/* The response that an event is about; the newest where it names none. */
RealtimeResponse *realtime_conversation_get_response (RealtimeConversation *
    self, RealtimeSession * session, const gchar * id);
void realtime_response_free (RealtimeResponse * response);

/* conversation-playback.c */
void realtime_conversation_handle_playback (RealtimeConversation * self,
    RealtimeSession * session, RealtimeEventType type, JsonObject * event);
/* realtimebin.output */
void realtime_conversation_handle_sound (RealtimeConversation * self,
    RealtimeSession * session, JsonObject * event);
/* Nothing more of the response is made: closes its lines, or, where what was
 * made is still heard, sees to it that the end of the sound does. */
void realtime_conversation_end_response (RealtimeConversation * self,
    RealtimeResponse * response);
/* Whether something of the assistant is heard, or may be. */
gboolean realtime_session_is_heard (RealtimeSession * session);
gboolean realtime_session_awaits_sound (RealtimeSession * session);
/* The response whose sound is heard, or would be if one began now; NULL: not
 * known. */
const gchar *realtime_session_get_sounding_id (RealtimeSession * session);

G_END_DECLS
#endif /* __REALTIME_CONVERSATION_PRIVATE_H__ */
