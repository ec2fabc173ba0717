/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_ITEM_H__
#define __REALTIME_ITEM_H__

#include "conversation.h"

G_BEGIN_DECLS typedef struct _RealtimeItem RealtimeItem;
typedef struct _RealtimeResponse RealtimeResponse;
typedef struct _RealtimeSession RealtimeSession;

/* A content part carries words as text, as the transcript of audio, or (some
 * servers) both for the same words: then the transcript counts. */
typedef enum
{
  REALTIME_WORDS_TEXT,
  REALTIME_WORDS_SPOKEN
} RealtimeWords;

/* More words than this nobody keeps: not of a part, nor of what was put in. */
#define REALTIME_MAX_ITEM_BYTES (1024 * 1024)

struct _RealtimeItem
{
  gchar *id;
  RealtimeSession *session;     /* outlives its items */
  GList *link;                  /* in the order of the conversation */

  RealtimeRole role;
  gboolean made_up_id;          /* the server named none */
  gboolean output_item;         /* response.output_item.added named it */
  gboolean announced;           /* a conversation.item event named it */
  gboolean anchored;            /* stands where a predecessor was named */
  gchar *awaited;               /* a predecessor that was not seen yet */

  gboolean line;                /* becomes a line: was spoken or generated */
  gboolean closed;              /* and nothing will come of it any more */
  gboolean shown;               /* something of it was told */
  gboolean segmented;           /* told segment by segment */
  gboolean interrupted;
  gboolean ended;               /* generated: its words are complete */
  gboolean worded;              /* the words of a part of it are */
  gboolean counted;             /* its transcription is in the usage */
  gboolean committed;           /* spoken: the server has all of its audio */
  gboolean translated;          /* of a translation session, either language */
  guint64 heard_ms;             /* of a truncated item, or NONE */
  gdouble audio_ms;             /* of the audio that came as events */

  /* what was spoken: on the input's clock, from the epoch of that moment */
  guint64 epoch;
  guint64 audio_start_ms;       /* as reported */
  guint64 start_ms, end_ms;     /* of the words */

  gchar *speaker;
  gchar *language;
  gdouble confidence;

  RealtimeResponse *response;   /* NULL when not of one, or that is forgotten */
  gint64 output_index;

  /* a function call */
  gchar *call_id, *name, *arguments;

  GPtrArray *parts;

  /* what stands in the history (conversation-history.c) */
  gchar *said;                  /* NULL: nothing */
  guint64 said_start, said_end; /* running times, or NONE */
  gboolean deleted;
};

/* How many bytes of @text go into @room, whole characters only. */
gsize realtime_fit (const gchar * text, gsize room);

/* Appends to, or replaces, the words of one content part. Too many parts and
 * too much text are cut off. */
void realtime_item_append (RealtimeItem * item, gint64 content_index,
    RealtimeWords words, const gchar * delta);
void realtime_item_replace (RealtimeItem * item, gint64 content_index,
    RealtimeWords words, const gchar * text);
/* Whether the part holds anything yet. */
gboolean realtime_item_has_part (RealtimeItem * item, gint64 content_index);
/* All words of the item. */
gchar *realtime_item_dup_text (RealtimeItem * item);
/* Whether these words came as the transcript of audio. */
gboolean realtime_item_is_spoken (RealtimeItem * item);

/* Whether the item is a turn at the microphone that is still going on: it gets
 * its place, which is then the last one, when it is over. */
gboolean realtime_item_is_provisional (RealtimeItem * item);

/* The items of all sessions in the order of the conversation. */
typedef struct
{
  GQueue order;
  GHashTable *by_key;
  guint dropped;                /* items that stood before the first one */
  guint awaiting;               /* items that await a predecessor */
} RealtimeItemList;

void realtime_item_list_init (RealtimeItemList * self);
void realtime_item_list_clear (RealtimeItemList * self);

RealtimeItem *realtime_item_list_find (RealtimeItemList * self,
    RealtimeSession * session, const gchar * id);
/* At the end until realtime_item_list_place() tells better. */
RealtimeItem *realtime_item_list_add (RealtimeItemList * self,
    RealtimeSession * session, const gchar * id);
/* @previous_id: the predecessor that an event named. The first one counts. */
void realtime_item_list_place (RealtimeItemList * self, RealtimeItem * item,
    const gchar * previous_id);
/* Directly before @other, NULL: to the end. */
void realtime_item_list_move_before (RealtimeItemList * self,
    RealtimeItem * item, RealtimeItem * other);
/* How many items stand before @item, those that got a place. */
guint realtime_item_list_index (RealtimeItemList * self, RealtimeItem * item);
/* Frees @item, which never came to anything: the others close up. */
void realtime_item_list_remove (RealtimeItemList * self, RealtimeItem * item);
/* Frees @item, which had its place: the others keep theirs when it was the
 * first one. */
void realtime_item_list_forget (RealtimeItemList * self, RealtimeItem * item);
/* The first item if there are more than a day's talk needs, else NULL. */
RealtimeItem *realtime_item_list_surplus (RealtimeItemList * self);

G_END_DECLS
#endif /* __REALTIME_ITEM_H__ */
