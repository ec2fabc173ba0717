/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "session/failure.h"
#include "testclient.h"

Client *
client_new (const gchar * base_url)
{
  Client *self = g_new0 (Client, 1);

  self->context = g_main_context_new ();
  g_main_context_push_thread_default (self->context);
  self->loop = g_main_loop_new (self->context, FALSE);
  self->signalling = realtime_signalling_new (base_url);
  self->cancellable = g_cancellable_new ();
  return self;
}

Client *
client_for (TestServer * server)
{
  g_autofree gchar *url = test_server_url (server, "/v1");

  return client_new (url);
}

static void
client_clear (Client * self)
{
  g_clear_pointer (&self->token, realtime_token_free);
  g_clear_pointer (&self->answer, realtime_answer_free);
  g_clear_error (&self->error);
  self->hung_up = FALSE;
}

void
client_free (Client * self)
{
  gpointer watched = self->signalling;

  client_clear (self);
  g_object_add_weak_pointer (G_OBJECT (self->signalling), &watched);
  g_object_unref (self->signalling);
  /* what libsoup has under way ends by itself, and then the object */
  while (watched)
    g_main_context_iteration (self->context, TRUE);
  while (g_main_context_iteration (self->context, FALSE));
  g_object_unref (self->cancellable);
  g_main_loop_unref (self->loop);
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  g_free (self);
}

static void
on_mint (GObject * source, GAsyncResult * result, gpointer user_data)
{
  Client *self = user_data;

  self->answers++;
  g_clear_error (&self->error);
  self->token = realtime_signalling_mint_finish (REALTIME_SIGNALLING (source),
      result, &self->error);
  fail_unless ((self->token != NULL) == (self->error == NULL));
  g_main_loop_quit (self->loop);
}

static void
on_call (GObject * source, GAsyncResult * result, gpointer user_data)
{
  Client *self = user_data;

  self->answers++;
  g_clear_error (&self->error);
  self->answer = realtime_signalling_call_finish (REALTIME_SIGNALLING (source),
      result, &self->error);
  fail_unless ((self->answer != NULL) == (self->error == NULL));
  g_main_loop_quit (self->loop);
}

static void
on_hang_up (GObject * source, GAsyncResult * result, gpointer user_data)
{
  Client *self = user_data;

  self->answers++;
  g_clear_error (&self->error);
  self->hung_up =
      realtime_signalling_hang_up_finish (REALTIME_SIGNALLING (source), result,
      &self->error);
  g_main_loop_quit (self->loop);
}

void
client_mint (Client * self, const gchar * method, const gchar * credential,
    const gchar * body)
{
  client_clear (self);
  realtime_signalling_mint_async (self->signalling, method, credential, body,
      self->cancellable, on_mint, self);
  g_main_loop_run (self->loop);
}

void
client_call (Client * self, const gchar * offer, const gchar * session)
{
  RealtimeOffer what = { offer, session, NULL, FALSE };

  client_offer (self, TEST_KEY, &what);
}

void
client_offer (Client * self, const gchar * credential,
    const RealtimeOffer * offer)
{
  client_clear (self);
  realtime_signalling_call_async (self->signalling, credential, offer,
      self->cancellable, on_call, self);
  g_main_loop_run (self->loop);
}

void
client_hang_up (Client * self, const gchar * call_id, const gchar * call_url)
{
  RealtimeAnswer answer = { NULL, (gchar *) call_id, (gchar *) call_url };

  client_clear (self);
  realtime_signalling_hang_up_async (self->signalling, TEST_KEY, &answer,
      self->cancellable, on_hang_up, self);
  g_main_loop_run (self->loop);
}

void
client_check_failure (Client * self, RealtimeFailure code, const gchar * text)
{
  fail_unless (self->error != NULL, "no error, wanted one with: %s", text);
  fail_unless (self->error->domain == REALTIME_FAILURE, "%s",
      self->error->message);
  fail_unless (self->error->code == (gint) code, "%d: %s", self->error->code,
      self->error->message);
  fail_unless (strstr (self->error->message, text) != NULL, "'%s' is not in %s",
      text, self->error->message);
  fail_unless (strstr (self->error->message, TEST_KEY) == NULL);
  fail_unless (g_utf8_validate (self->error->message, -1, NULL));
  GST_INFO ("%s", self->error->message);
}

void
client_check_body (TestRequest * request, const gchar * wanted)
{
  gsize size;
  const gchar *body = g_bytes_get_data (request->body, &size);

  fail_unless_equals_int (size, strlen (wanted));
  fail_unless (size == 0 || memcmp (body, wanted, size) == 0, "%.*s",
      (gint) size, body);
}

void
client_start_mint (Client * self)
{
  realtime_signalling_mint_async (self->signalling, NULL, TEST_KEY, NULL,
      self->cancellable, on_mint, self);
}

void
client_start_call (Client * self)
{
  RealtimeOffer offer = { "v=0\r\n", NULL, NULL, FALSE };

  realtime_signalling_call_async (self->signalling, TEST_KEY, &offer,
      self->cancellable, on_call, self);
}
