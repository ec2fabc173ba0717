/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "tokens.h"

struct _Tokens
{
  GHashTable *table;            /* value -> Token */
};

static void
token_free (gpointer data)
{
  Token *token = data;

  g_free (token->value);
  json_object_unref (token->session);
  g_free (token);
}

static gint64
now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

Tokens *
tokens_new (void)
{
  Tokens *tokens = g_new0 (Tokens, 1);

  tokens->table = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
      token_free);
  return tokens;
}

static gboolean
is_expired (gpointer value, gpointer token, gpointer user_data)
{
  return ((Token *) token)->expires_at <= now ();
}

const Token *
tokens_mint (Tokens * tokens, JsonObject * session, gint64 seconds)
{
  Token *token = g_new0 (Token, 1);

  g_hash_table_foreach_remove (tokens->table, is_expired, NULL);
  token->value = util_id ("ek_", 32);
  token->expires_at = now () + seconds;
  token->session = util_copy_object (session);
  g_hash_table_insert (tokens->table, token->value, token);
  return token;
}

const Token *
tokens_find (Tokens * tokens, const gchar * value)
{
  Token *token = g_hash_table_lookup (tokens->table, value);

  return token != NULL && !is_expired (NULL, token, NULL) ? token : NULL;
}

void
tokens_free (Tokens * tokens)
{
  g_hash_table_unref (tokens->table);
  g_free (tokens);
}
