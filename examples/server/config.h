/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_CONFIG_H__
#define __SERVER_CONFIG_H__

#include "recogniser.h"
#include "util.h"

G_BEGIN_DECLS
/* What every session says that it runs on. */
#define CONFIG_MODEL "local-offline"
/* The GA session object: what clients may ask for, and what is in force. All
 * functions take and give plain JSON objects. */
/* Checks the member "session" of a mint, a call or (with @running, the object
 * in force) a session.update. */
    gboolean config_check (JsonObject * session, JsonObject * running,
    Refusal * refusal);
/* Checks the member "response" of a response.create. */
gboolean config_check_response (JsonObject * response, Refusal * refusal);

/* The defaults of @type ("realtime", "transcription", "translation"). */
JsonObject *config_new (const gchar * type);
/* Lays a checked @session over @config; only members that are there change. */
void config_merge (JsonObject * config, JsonObject * session);
/* What clients are shown: @config with id, object and expiry; @expires_at 0 for
 * a session that did not start. */
JsonObject *config_show (JsonObject * config, const gchar * id,
    gint64 expires_at);

gboolean config_is_transcription (JsonObject * config);
gboolean config_is_translation (JsonObject * config);
/* The object at audio.input.NAME, NULL when off. */
JsonObject *config_input (JsonObject * config, const gchar * name);
/* The name at audio.output.voice of a session or response; NULL for none. */
const gchar *config_voice (JsonObject * config);
gboolean config_wants_audio (JsonObject * config);
void config_listen (JsonObject * config, ListenConfig * listen);

G_END_DECLS
#endif /* __SERVER_CONFIG_H__ */
