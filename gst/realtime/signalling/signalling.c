/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>
#include "signalling-private.h"
#include "session/failure.h"
#include "session/json.h"

struct _RealtimeSignalling
{
  GObject parent;

  /* used in the context of the thread that made the object only */
  const RealtimeService *service;
  RealtimeHttp *http;
  gchar *base_url;              /* without a slash at the end */
  gchar *token_url;
};

G_DEFINE_TYPE (RealtimeSignalling, realtime_signalling, G_TYPE_OBJECT);

void
realtime_answer_free (RealtimeAnswer * answer)
{
  g_free (answer->sdp);
  g_free (answer->call_id);
  g_free (answer);
}

gchar *
realtime_signalling_resolve_base_url (const gchar * base_url)
{
  gchar *url;

  if (!base_url || !*base_url)
    base_url = g_getenv ("OPENAI_BASE_URL");
  if (!base_url || !*base_url)
    base_url = REALTIME_DEFAULT_BASE_URL;
  url = g_strstrip (g_strdup (base_url));
  while (g_str_has_suffix (url, "/"))
    url[strlen (url) - 1] = '\0';
  return url;
}

static gboolean
check_base_url (const gchar * url, const gchar * name, GError ** error)
{
  g_autoptr (GUri) uri = realtime_url_parse (url, name, error);

  if (!uri)
    return FALSE;
  if (g_uri_get_query (uri) || g_uri_get_fragment (uri)) {
    g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        "%s holds a query (?) or a fragment (#), but paths are appended to it. "
        "Example: " REALTIME_DEFAULT_BASE_URL, name);
    return FALSE;
  }
  return TRUE;
}

gboolean
realtime_signalling_check_url (const gchar * base_url, GError ** error)
{
  g_autofree gchar *url = realtime_signalling_resolve_base_url (base_url);

  return check_base_url (url, base_url && *base_url ? "The base URL" :
      "The base URL in OPENAI_BASE_URL", error);
}

gboolean
realtime_signalling_check_token_url (const gchar * url, GError ** error)
{
  g_autoptr (GUri) uri = realtime_url_parse (url, "The URL in location", error);

  return uri != NULL;
}

gboolean
realtime_signalling_same_origin (const gchar * url, const gchar * base_url)
{
  g_autofree gchar *base = realtime_signalling_resolve_base_url (base_url);
  g_autoptr (GUri) a = realtime_url_parse (url, "", NULL);
  g_autoptr (GUri) b = realtime_url_parse (base, "", NULL);

  return a && b && realtime_url_same_origin (a, b);
}

gchar *
realtime_signalling_mint_body (const gchar * session_json, guint expires_after,
    GError ** error)
{
  g_autoptr (JsonObject) body = json_object_new ();
  JsonObject *member;

  if (expires_after > 0) {
    member = json_object_new ();
    json_object_set_string_member (member, "anchor", "created_at");
    json_object_set_int_member (member, "seconds", expires_after);
    json_object_set_object_member (body, "expires_after", member);
  }
  if (session_json) {
    member = realtime_json_parse_object (session_json, -1, error);
    if (!member)
      return NULL;
    json_object_set_object_member (body, "session", member);
  }
  return realtime_json_to_string (body);
}

static void
realtime_signalling_finalize (GObject * object)
{
  RealtimeSignalling *self = REALTIME_SIGNALLING (object);

  realtime_http_free (self->http);
  g_free (self->base_url);
  g_free (self->token_url);

  G_OBJECT_CLASS (realtime_signalling_parent_class)->finalize (object);
}

static void
realtime_signalling_class_init (RealtimeSignallingClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = realtime_signalling_finalize;
}

static void
realtime_signalling_init (RealtimeSignalling * self)
{
  self->service = &realtime_service_openai;
  self->http = realtime_http_new ();
}

RealtimeSignalling *
realtime_signalling_new (const gchar * base_url)
{
  RealtimeSignalling *self = g_object_new (REALTIME_TYPE_SIGNALLING, NULL);

  self->base_url = realtime_signalling_resolve_base_url (base_url);
  return self;
}

void
realtime_signalling_set_token_url (RealtimeSignalling * self, const gchar * url)
{
  g_free (self->token_url);
  self->token_url = g_strdup (url);
}

void
realtime_signalling_set_extra_header (RealtimeSignalling * self,
    const gchar * name, const gchar * value)
{
  realtime_http_set_header (self->http, name, value);
}

void
realtime_signalling_set_timeout (RealtimeSignalling * self, guint seconds)
{
  realtime_http_set_timeout (self->http, seconds);
}

gboolean
realtime_signalling_set_tls (RealtimeSignalling * self, gboolean strict,
    const gchar * ca_file, GError ** error)
{
  return realtime_http_set_tls (self->http, strict, ca_file, error);
}

gboolean
realtime_signalling_set_proxy (RealtimeSignalling * self,
    const gchar * proxy_url, GError ** error)
{
  return realtime_http_set_proxy (self->http, proxy_url, error);
}

/* Sends @request, whose reply goes to @on_reply with a task for the caller. */
static void
start (RealtimeSignalling * self, RealtimeHttpRequest * request,
    gboolean on_base, GAsyncReadyCallback on_reply, GCancellable * cancellable,
    GAsyncReadyCallback callback, gpointer user_data)
{
  GMainContext *context = realtime_http_get_context (self->http);
  GTask *task;

  if (on_base && !request->error)
    check_base_url (self->base_url, "The base URL", &request->error);
  g_main_context_push_thread_default (context);
  task = g_task_new (self, NULL, callback, user_data);
  realtime_http_send_async (self->http, G_OBJECT (self), request, cancellable,
      on_reply, task);
  g_main_context_pop_thread_default (context);
}

/* Gives an error that was found within a good reply the reply's particulars. */
static GError *
complete_error (GError * error, const gchar * what,
    const RealtimeHttpReply * reply)
{
  g_autofree gchar *shown = realtime_url_for_user (reply->uri);
  g_autofree gchar *request_id = NULL;

  g_prefix_error (&error, "%s: %s answered %u, but ", what, shown,
      reply->status);
  if (reply->request_id)
    request_id = realtime_text_for_user (reply->request_id, -1, 128, NULL);
  realtime_failure_set_http (error, reply->status, NULL, request_id, 0);
  return error;
}

static void
on_mint_reply (GObject * source, GAsyncResult * result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (RealtimeHttpReply) reply = NULL;
  GError *error = NULL;
  RealtimeToken *token;

  reply = realtime_http_send_finish (result, &error);
  if (!reply) {
    g_task_return_error (task, error);
    return;
  }
  token = realtime_token_parse (g_bytes_get_data (reply->body, NULL),
      g_bytes_get_size (reply->body), &error);
  if (token)
    g_task_return_pointer (task, token, (GDestroyNotify) realtime_token_free);
  else
    g_task_return_error (task, complete_error (error, "Minting a token",
            reply));
}

void
realtime_signalling_mint_async (RealtimeSignalling * self,
    const gchar * method, const gchar * credential, const gchar * body,
    GCancellable * cancellable, GAsyncReadyCallback callback,
    gpointer user_data)
{
  start (self, self->service->mint (self->base_url, self->token_url,
          method ? method : "POST", credential, body),
      self->token_url == NULL, on_mint_reply, cancellable, callback, user_data);
}

RealtimeToken *
realtime_signalling_mint_finish (RealtimeSignalling * self,
    GAsyncResult * result, GError ** error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_call_reply (GObject * source, GAsyncResult * result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  RealtimeSignalling *self = REALTIME_SIGNALLING (source);
  g_autoptr (RealtimeHttpReply) reply = NULL;
  GError *error = NULL;
  RealtimeAnswer *answer;

  reply = realtime_http_send_finish (result, &error);
  if (!reply) {
    g_task_return_error (task, error);
    return;
  }
  answer = self->service->read_answer (reply, &error);
  if (answer)
    g_task_return_pointer (task, answer, (GDestroyNotify) realtime_answer_free);
  else
    g_task_return_error (task, complete_error (error, "Opening the call",
            reply));
}

void
realtime_signalling_call_async (RealtimeSignalling * self,
    const gchar * credential, const gchar * offer, const gchar * session_json,
    GCancellable * cancellable, GAsyncReadyCallback callback,
    gpointer user_data)
{
  start (self, self->service->call (self->base_url, credential, offer,
          session_json), TRUE, on_call_reply, cancellable, callback, user_data);
}

RealtimeAnswer *
realtime_signalling_call_finish (RealtimeSignalling * self,
    GAsyncResult * result, GError ** error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_hang_up_reply (GObject * source, GAsyncResult * result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (RealtimeHttpReply) reply = NULL;
  GError *error = NULL;

  reply = realtime_http_send_finish (result, &error);
  /* a call that is not known any more has been hung up */
  if (!reply && realtime_failure_get_http_status (error) ==
      SOUP_STATUS_NOT_FOUND)
    g_clear_error (&error);
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
realtime_signalling_hang_up_async (RealtimeSignalling * self,
    const gchar * credential, const gchar * call_id,
    GCancellable * cancellable, GAsyncReadyCallback callback,
    gpointer user_data)
{
  start (self, self->service->hang_up (self->base_url, credential, call_id),
      TRUE, on_hang_up_reply, cancellable, callback, user_data);
}

gboolean
realtime_signalling_hang_up_finish (RealtimeSignalling * self,
    GAsyncResult * result, GError ** error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
