/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_TRANSLATION_H__
#define __SERVER_TRANSLATION_H__

#include "player.h"
#include "recogniser.h"
#include "util.h"

G_BEGIN_DECLS
/* A translation session: no items, no turns, no responses. It stands in for
 * translation by a glossary: word by word, and words that are not in it pass
 * as they are. Main thread only. */
typedef struct _Translation Translation;

/* translation-config.c */
/* Checks the member "session" of a mint or, with @update, of a session.update.
 * Neither has a type. */
gboolean translation_check (JsonObject * session, gboolean update,
    Refusal * refusal);
/* What the service takes from @config; how it listens. */
void translation_listen (ListenConfig * listen);

/* translation-glossary.c */
/* Languages with a glossary, with blanks between. */
#define TRANSLATION_LANGUAGES "de es fr"
/* @text, English, in @language. */
gchar *translation_make (const gchar * text, const gchar * language);

/* translation.c; @session is a Session. */
Translation *translation_new (gpointer session);
gboolean translation_client_event (Translation * translation,
    JsonObject * event, gint64 mark, Refusal * refusal);
void translation_heard (Translation * translation, const Heard * heard);
void translation_played (Translation * translation, PlayedType type,
    guint serial);
void translation_free (Translation * translation);

G_END_DECLS
#endif /* __SERVER_TRANSLATION_H__ */
