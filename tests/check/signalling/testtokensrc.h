/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __TEST_TOKEN_SRC_H__
#define __TEST_TOKEN_SRC_H__

#include <gst/check/gstharness.h>
#include "testserver.h"

G_BEGIN_DECLS

#define TEST_ENV_KEY "env-key-0123456789abcdef"

/* A tokensrc in a harness, with a bus of its own. */
typedef struct
{
  GstHarness *h;
  GstBus *bus;
} TokenSrc;

/* Puts OPENAI_BASE_URL (of @server, or of nobody) and OPENAI_API_KEY
 * (TEST_ENV_KEY) into the environment. */
void token_src_use_environment (TestServer * server);

/* @properties: as on a command line of gst-launch. */
TokenSrc *token_src_new (const gchar * properties);
/* To NULL, and freed. */
void token_src_free (TokenSrc * self);
/* The next message of these types, waited for; others before it are dropped. */
GstMessage *token_src_pop (TokenSrc * self, GstMessageType types);
/* Takes all messages; how many of these types there were. */
guint token_src_count (TokenSrc * self, GstMessageType types);
void token_src_check_message (GstMessage * message, GQuark domain, gint code,
    const gchar * text);

G_END_DECLS

#endif /* __TEST_TOKEN_SRC_H__ */
