/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_CONVERSATION_H__
#define __SERVER_CONVERSATION_H__

#include "util.h"

G_BEGIN_DECLS typedef struct
{
  const gchar *id;              /* that of json */
  JsonObject *json;             /* as clients see it */
  gint64 audio_ms;              /* of spoken items; 0 for none */
  gboolean pending;             /* its words are still being looked for */
} Item;

/* The items of a session, in order. Main thread only. */
typedef struct
{
  gchar *id;
  GPtrArray *items;             /* of Item */
} Conversation;

Conversation *conversation_new (void);
Item *conversation_find (Conversation * conversation, const gchar * id);
/* Puts @json (taken, with an id) behind @after; NULL: at the end; "root": at
 * the start. */
Item *conversation_insert (Conversation * conversation, JsonObject * json,
    const gchar * after);
void conversation_remove (Conversation * conversation, Item * item);
/* The id before @item; NULL for the first. */
const gchar *conversation_previous (Conversation * conversation, Item * item);
/* The newest item; NULL for none. */
Item *conversation_last (Conversation * conversation);
gboolean conversation_has_call (Conversation * conversation,
    const gchar * call_id);
gboolean conversation_is_pending (Conversation * conversation);
void conversation_free (Conversation * conversation);

/* Items in the making. */
JsonObject *item_new (const gchar * id, const gchar * type,
    const gchar * status);
JsonObject *item_new_message (const gchar * id, const gchar * role,
    const gchar * status);
/* Adds {"type": @type, @member: @text} to a message; a NULL @text is null. */
void item_add_content (JsonObject * item, const gchar * type,
    const gchar * member, const gchar * text);
/* All words of an item, whatever kind they are. */
gchar *item_text (JsonObject * item);
/* Speech that was cut has no words: what was not heard is not part of the
 * conversation. */
void item_forget_transcript (JsonObject * item);
/* Checks an item that a client made. */
gboolean item_check (JsonObject * item, const gchar * path, Refusal * refusal);

G_END_DECLS
#endif /* __SERVER_CONVERSATION_H__ */
