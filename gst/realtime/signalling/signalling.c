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
  gchar *sdp_url;
  RealtimeOfferFormat offer_format;
  gboolean translates;
};

G_DEFINE_TYPE (RealtimeSignalling, realtime_signalling, G_TYPE_OBJECT);

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
realtime_signalling_check_whole_url (const gchar * url, const gchar * name,
    GError ** error)
{
  g_autofree gchar *what = g_strdup_printf ("The URL in %s", name);
  g_autoptr (GUri) uri = realtime_url_parse (url, what, error);

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
  g_free (self->sdp_url);

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
  self->service = realtime_service_get (0);
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
realtime_signalling_set_service (RealtimeSignalling * self, guint service)
{
  g_return_if_fail (realtime_service_get (service) != NULL);

  self->service = realtime_service_get (service);
}

void
realtime_signalling_set_sdp_url (RealtimeSignalling * self, const gchar * url)
{
  g_free (self->sdp_url);
  self->sdp_url = g_strdup (url);
}

void
realtime_signalling_set_offer_format (RealtimeSignalling * self,
    RealtimeOfferFormat format)
{
  self->offer_format = format;
}

void
realtime_signalling_set_token_url (RealtimeSignalling * self, const gchar * url)
{
  g_free (self->token_url);
  self->token_url = g_strdup (url);
}

void
realtime_signalling_set_translates (RealtimeSignalling * self,
    gboolean translates)
{
  self->translates = translates;
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

/* The service whose way calls are made in. */
static const RealtimeService *
get_call_service (RealtimeSignalling * self)
{
  return self->sdp_url ? &realtime_service_compatible : self->service;
}

static GTask *
new_task (RealtimeSignalling * self, GAsyncReadyCallback callback,
    gpointer user_data)
{
  GMainContext *context = realtime_http_get_context (self->http);
  GTask *task;

  g_main_context_push_thread_default (context);
  task = g_task_new (self, NULL, callback, user_data);
  g_main_context_pop_thread_default (context);
  return task;
}

/* Sends @request, whose reply goes to @on_reply with @task. */
static void
start (RealtimeSignalling * self, RealtimeHttpRequest * request,
    gboolean on_base, GAsyncReadyCallback on_reply, GCancellable * cancellable,
    GTask * task)
{
  GMainContext *context = realtime_http_get_context (self->http);

  if (on_base && !request->error)
    check_base_url (self->base_url, "The base URL", &request->error);
  g_main_context_push_thread_default (context);
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
  g_autofree gchar *own = self->translates ? g_strconcat (self->base_url,
      REALTIME_TRANSLATIONS_PATH "/client_secrets", NULL) : NULL;

  start (self, self->service->mint (self->base_url, self->token_url ?
          self->token_url : own, method ? method : "POST", credential, body),
      self->token_url == NULL, on_mint_reply, cancellable,
      new_task (self, callback, user_data));
}

RealtimeToken *
realtime_signalling_mint_finish (RealtimeSignalling * self,
    GAsyncResult * result, GError ** error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- calls and hang-ups, which have several ways --- */

typedef struct
{
  RealtimeCall call;
  RealtimeOffer offer;          /* owns its texts */
  RealtimeHangUp hang_up;
  RealtimeAnswer answer;        /* owns its texts; without the description */
  gchar *base, *url, *credential;
  GCancellable *cancellable;
  guint way;
  GError *failure;              /* the most telling so far */
  GString *others;              /* what other ways were refused with, or NULL */
} Errand;

static Errand *
errand_new (RealtimeSignalling * self, const gchar * credential,
    GCancellable * cancellable)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->base = g_strdup (self->base_url);
  errand->url = g_strdup (self->sdp_url);
  errand->credential = g_strdup (credential);
  if (cancellable)
    errand->cancellable = g_object_ref (cancellable);
  return errand;
}

static void
errand_free (gpointer data)
{
  Errand *errand = data;

  g_free ((gchar *) errand->offer.sdp);
  g_free ((gchar *) errand->offer.session_json);
  g_free ((gchar *) errand->offer.model);
  g_free (errand->answer.call_id);
  g_free (errand->answer.call_url);
  g_free (errand->base);
  g_free (errand->url);
  realtime_secret_free (errand->credential);
  g_clear_object (&errand->cancellable);
  g_clear_error (&errand->failure);
  if (errand->others)
    g_string_free (errand->others, TRUE);
  g_free (errand);
}

/* "Opening the call: " stands in front of the whole text once. */
static const gchar *
skip_what (const gchar * message)
{
  const gchar *colon = strstr (message, ": ");

  return colon ? colon + 2 : message;
}

/* A refusal that says no more than that it was not the right way. */
static gboolean
tells_little (const GError * failure)
{
  switch (realtime_failure_get_http_status (failure)) {
    case SOUP_STATUS_NOT_FOUND:
    case SOUP_STATUS_METHOD_NOT_ALLOWED:
    case SOUP_STATUS_NOT_ACCEPTABLE:
    case SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE:
    case SOUP_STATUS_NOT_IMPLEMENTED:
      return TRUE;
    default:
      return FALSE;
  }
}

/* Takes @failure: of several the most telling is the one to report, and the
 * others stand beside it. */
static void
errand_note_failure (Errand * errand, GError * failure)
{
  GError *other = failure;

  if (!errand->failure) {
    errand->failure = failure;
    return;
  }
  if (tells_little (errand->failure) && !tells_little (failure)) {
    other = errand->failure;
    errand->failure = failure;
  }
  if (!errand->others)
    errand->others = g_string_new (NULL);
  g_string_append_printf (errand->others, "%s%s",
      errand->others->len > 0 ? "; " : "", skip_what (other->message));
  g_error_free (other);
}

static GError *
errand_take_failure (Errand * errand)
{
  GError *failure = g_steal_pointer (&errand->failure);
  gchar *message;

  if (errand->others) {
    message = g_strdup_printf ("%s (sent in another form or place: %s)",
        failure->message, errand->others->str);
    g_free (failure->message);
    failure->message = message;
  }
  return failure;
}

static void on_call_reply (GObject * source, GAsyncResult * result,
    gpointer user_data);

static void
send_call (RealtimeSignalling * self, GTask * task)
{
  Errand *errand = g_task_get_task_data (task);

  start (self, get_call_service (self)->call (&errand->call, errand->way),
      errand->url == NULL, on_call_reply, errand->cancellable, task);
}

static void
on_call_reply (GObject * source, GAsyncResult * result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  RealtimeSignalling *self = REALTIME_SIGNALLING (source);
  const RealtimeService *service = get_call_service (self);
  Errand *errand = g_task_get_task_data (task);
  g_autoptr (RealtimeHttpReply) reply = NULL;
  GError *error = NULL;
  RealtimeAnswer *answer;
  gint next = -1;

  reply = realtime_http_send_finish (result, &error);
  if (!reply) {
    if (service->next_call)
      next = service->next_call (&errand->call, errand->way,
          realtime_failure_get_http_status (error));
    errand_note_failure (errand, error);
    if (next < 0) {
      g_task_return_error (task, errand_take_failure (errand));
      return;
    }
    errand->way = next;
    send_call (self, g_steal_pointer (&task));
    return;
  }
  answer = realtime_answer_read (reply, &error);
  if (answer)
    g_task_return_pointer (task, answer, (GDestroyNotify) realtime_answer_free);
  else
    g_task_return_error (task, complete_error (error, "Opening the call",
            reply));
}

void
realtime_signalling_call_async (RealtimeSignalling * self,
    const gchar * credential, const RealtimeOffer * offer,
    GCancellable * cancellable, GAsyncReadyCallback callback,
    gpointer user_data)
{
  GTask *task = new_task (self, callback, user_data);
  Errand *errand = errand_new (self, credential, cancellable);

  errand->offer = *offer;
  errand->offer.sdp = g_strdup (offer->sdp);
  errand->offer.session_json = g_strdup (offer->session_json);
  errand->offer.model = g_strdup (offer->model);
  errand->call.base = errand->base;
  errand->call.url = errand->url;
  errand->call.credential = errand->credential;
  errand->call.offer = &errand->offer;
  errand->call.format = self->offer_format;
  g_task_set_task_data (task, errand, errand_free);
  send_call (self, task);
}

RealtimeAnswer *
realtime_signalling_call_finish (RealtimeSignalling * self,
    GAsyncResult * result, GError ** error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void on_hang_up_reply (GObject * source, GAsyncResult * result,
    gpointer user_data);

/* FALSE: the call cannot be hung up by HTTP, and @task is still the caller's. */
static gboolean
send_hang_up (RealtimeSignalling * self, GTask * task)
{
  Errand *errand = g_task_get_task_data (task);
  RealtimeHttpRequest *request =
      get_call_service (self)->hang_up (&errand->hang_up, errand->way);

  if (!request)
    return FALSE;
  start (self, request, errand->url == NULL, on_hang_up_reply,
      errand->cancellable, task);
  return TRUE;
}

static void
on_hang_up_reply (GObject * source, GAsyncResult * result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  RealtimeSignalling *self = REALTIME_SIGNALLING (source);
  const RealtimeService *service = get_call_service (self);
  Errand *errand = g_task_get_task_data (task);
  g_autoptr (RealtimeHttpReply) reply = NULL;
  GError *error = NULL;
  guint status;
  gint next = -1;

  reply = realtime_http_send_finish (result, &error);
  if (reply) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  status = realtime_failure_get_http_status (error);
  if (service->next_hang_up)
    next = service->next_hang_up (&errand->hang_up, errand->way, status);
  if (next >= 0) {
    g_error_free (error);
    errand->way = next;
    if (send_hang_up (self, task))
      (void) g_steal_pointer (&task);
    else
      g_task_return_boolean (task, TRUE);
  } else if (status == SOUP_STATUS_NOT_FOUND) {
    /* a call that is not known any more has been hung up */
    g_error_free (error);
    g_task_return_boolean (task, TRUE);
  } else {
    g_task_return_error (task, error);
  }
}

void
realtime_signalling_hang_up_async (RealtimeSignalling * self,
    const gchar * credential, const RealtimeAnswer * answer,
    GCancellable * cancellable, GAsyncReadyCallback callback,
    gpointer user_data)
{
  GTask *task = new_task (self, callback, user_data);
  Errand *errand = errand_new (self, credential, cancellable);

  errand->answer.call_id = g_strdup (answer->call_id);
  errand->answer.call_url = g_strdup (answer->call_url);
  /* who passed the offer on is somebody else than who is at the base URL */
  errand->hang_up.base = errand->url ? NULL : errand->base;
  errand->hang_up.credential = errand->credential;
  errand->hang_up.answer = &errand->answer;
  g_task_set_task_data (task, errand, errand_free);
  if (!send_hang_up (self, task)) {
    g_task_return_boolean (task, TRUE);
    g_object_unref (task);
  }
}

gboolean
realtime_signalling_hang_up_finish (RealtimeSignalling * self,
    GAsyncResult * result, GError ** error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
