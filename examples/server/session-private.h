/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_SESSION_PRIVATE_H__
#define __SERVER_SESSION_PRIVATE_H__

#include "config.h"
#include "conversation.h"
#include "session.h"
#include "translation.h"

G_BEGIN_DECLS typedef struct _Response Response;

struct _Session
{
  Server *server;
  SessionLink link;
  gpointer user_data;
  Recogniser *recogniser;
  Player *player;

  gchar *id;
  JsonObject *config;           /* in force */
  gchar *model;                 /* asked for, or NULL */
  gint64 expires_at;            /* unix seconds */
  gboolean open;
  gboolean closed;              /* nothing is sent any more */
  gboolean has_spoken;          /* the voice is settled */

  Translation *translation;     /* NULL: another kind of session */
  Conversation *conversation;
  ScriptRun *script;            /* or NULL */
  GQueue held;                  /* of Held: client events behind a commit */
  guint tag;                    /* of the last commit or clear */
  guint awaited_tag;            /* 0: none is being awaited */
  gchar *awaited_event;         /* its event_id or NULL */

  GPtrArray *responses;         /* of Response: not over, or still heard */
  guint serial;                 /* of the last utterance */
  gint64 silent_since;          /* input position when the last reply ended */
  GHashTable *timers;           /* ids of sources to remove at the end */
  guint idle_timer;
};

/* session.c */

JsonObject *event_new (const gchar * type);
/* Takes @event; gives it an event_id when it has none. */
void session_send (Session * session, JsonObject * event);
/* @event_id: the client's, or NULL. */
void session_refuse (Session * session, const Refusal * refusal,
    const gchar * event_id);
void session_send_config (Session * session, const gchar * type);
/* Says @code in an error event and ends the session. */
void session_fail (Session * session, const gchar * code,
    const gchar * message);
/* Handles the client events that waited for a commit or clear. */
void session_release (Session * session);
/* Calls @func once, unless the session ends first; @notify (or NULL) frees
 * @data in either case. */
guint session_after (Session * session, guint ms, GSourceFunc func,
    gpointer data, GDestroyNotify notify);
void session_send_item (Session * session, const gchar * type, Item * item);

/* client.c: FALSE with @refusal when the event is refused */
gboolean client_event (Session * session, JsonObject * event, gint64 mark,
    Refusal * refusal);

/* turns.c */
void turns_configure (Session * session);
void turns_stop_idle (Session * session);
void turns_start_idle (Session * session);

/* What a speaking thread holds on to; shared, so that a response can end while
 * its words are being spoken. */
typedef struct
{
  gint refs;                    /* atomic */
  gint cancelled;               /* atomic */
  Response *response;           /* main thread, while not cancelled */
} Ticket;

/* response.c */
struct _Response
{
  Session *session;
  gchar *id;
  JsonObject *config;           /* session with what response.create changed */
  JsonObject *input;            /* response.create's own object, or NULL */
  JsonObject *metadata;         /* or NULL */
  gboolean in_conversation;
  gboolean automatic;
  gboolean generating;          /* past waiting for words */
  gboolean done;                /* response.done was sent */
  gboolean silent;              /* nothing of it is (or will be) heard */
  gboolean heard;               /* output_audio_buffer.started was sent */

  JsonArray *output;            /* finished items */
  Item *item;                   /* the one in the making; in_conversation */
  JsonObject *json;             /* that item */
  GString *said;                /* its words so far */
  gchar *text;                  /* all of its words */
  gboolean cut;                 /* max_output_tokens left some out */
  guint serial;                 /* of its utterance; 0: none */
  gint64 audio_ms;              /* of its speech so far */
  Ticket *ticket;               /* of its speaking thread, or NULL */
  gint input_text, input_audio; /* tokens */
};

/* @params: the member "response", or NULL. */
void response_create (Session * session, JsonObject * params,
    gboolean automatic);
/* The one that is in the conversation and not done; NULL for none. */
Response *response_active (Session * session);
Response *response_find (Session * session, const gchar * id);
/* response.cancel */
void response_cancel (Response * response);
/* Someone speaks: stops and cuts whatever is being said. */
void responses_interrupt (Session * session);
/* output_audio_buffer.clear */
void responses_silence (Session * session);
/* Words that were waited for may be there. */
void responses_continue (Session * session);
void responses_played (Session * session, PlayedType type, guint serial,
    const gchar * word);
void response_free (gpointer response);

/* The response as clients see it; @status "in_progress" or how it ended. */
JsonObject *response_show (Response * response, const gchar * status,
    const gchar * reason, const gchar * error);
/* Has @text spoken as utterance @serial. */
void response_speak (Response * response);

/* output.c: the events of one response's output */
void output_begin (Response * response);
/* @calls: objects with name and arguments (text) */
void output_function_calls (Response * response, JsonArray * calls);
void output_finish (Response * response, const gchar * status,
    const gchar * reason);
void output_word (Response * response, const gchar * word);
void output_fail (Response * response, const gchar * code);

/* A word-based estimate of text tokens. */
gint count_tokens (const gchar * text);

G_END_DECLS
#endif /* __SERVER_SESSION_PRIVATE_H__ */
