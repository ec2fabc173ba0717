/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_TOKENS_H__
#define __SERVER_TOKENS_H__

#include "util.h"

G_BEGIN_DECLS
/* The client secrets that were minted. Main thread only. */
typedef struct _Tokens Tokens;

typedef struct
{
  gchar *value;                 /* secret */
  gint64 expires_at;            /* unix seconds */
  JsonObject *session;          /* as it was asked for */
} Token;

Tokens *tokens_new (void);
const Token *tokens_mint (Tokens * tokens, JsonObject * session,
    gint64 seconds);
/* NULL: unknown or expired. */
const Token *tokens_find (Tokens * tokens, const gchar * value);
void tokens_free (Tokens * tokens);

G_END_DECLS
#endif /* __SERVER_TOKENS_H__ */
