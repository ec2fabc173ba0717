/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __TEST_CLIENT_H__
#define __TEST_CLIENT_H__

#include "signalling/signalling.h"
#include "session/failure.h"
#include "testserver.h"

G_BEGIN_DECLS

#define TEST_KEY "test-key-0123456789abcdef"

/* One client in a main context of its own; the default context is never run, so
 * whatever strays into it never completes. */
typedef struct
{
  GMainContext *context;
  GMainLoop *loop;
  RealtimeSignalling *signalling;
  GCancellable *cancellable;
  RealtimeToken *token;
  RealtimeAnswer *answer;
  gboolean hung_up;
  GError *error;
  guint answers;
} Client;

Client *client_new (const gchar * base_url);
/* Of the base URL <server>/v1. */
Client *client_for (TestServer * server);
/* Waits until libsoup has let go of everything. */
void client_free (Client * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Client, client_free)

/* Each makes one request and waits for its end; token, answer, hung_up and
 * error tell how it went. */
void client_mint (Client * self, const gchar * method,
    const gchar * credential, const gchar * body);
void client_call (Client * self, const gchar * offer, const gchar * session);
/* The same with other credentials (NULL: none) and all of an offer. */
void client_offer (Client * self, const gchar * credential,
    const RealtimeOffer * offer);
void client_hang_up (Client * self, const gchar * call_id,
    const gchar * call_url);
/* The same without waiting. */
void client_start_mint (Client * self);
void client_start_call (Client * self);

/* Fails the test unless the last error is of @code with @text in it. */
void client_check_failure (Client * self, RealtimeFailure code,
    const gchar * text);
/* Fails the test unless @request had exactly this body. */
void client_check_body (TestRequest * request, const gchar * wanted);

G_END_DECLS

#endif /* __TEST_CLIENT_H__ */
