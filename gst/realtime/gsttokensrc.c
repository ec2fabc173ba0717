/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-tokensrc
 * @title: tokensrc
 * @short_description: mints ephemeral tokens for realtime sessions
 *
 * Asks the service, or an application's own back end, for the short-lived token
 * that a client opens a session with, and pushes it downstream:
 * application/x-realtime-token, one JSON object a buffer, with a newline behind
 * it and the members `value`, `expires_at` (unix seconds) and, where the reply
 * had one, `session`.
 *
 * One token is pushed at once, while the pipeline goes to PAUSED; then one for
 * each custom upstream event `realtime-token-request` (no fields), which
 * realtimebin sends before it connects anew. #GstTokenSrc:num-tokens of them
 * end with EOS. The element is not live: it adds no latency, and a sink
 * behind it prerolls on the first token.
 *
 * A server that is busy or out of reach is tried again, with growing pauses and
 * not before the time that it asked for (at most five minutes; longer is an
 * error); each retry posts a WARNING with the fields http-status (uint), code
 * and request-id (string) where known, attempt (uint) and delay (uint, ms). A
 * refusal is an ERROR at once. EOS follows an ERROR downstream.
 *
 * The credential is #GstTokenSrc:api-key or, for the server of OPENAI_BASE_URL
 * only, OPENAI_API_KEY of the environment: another #GstTokenSrc:location never
 * sees a key that was not set on the element. Key, extra headers and tokens are
 * in no log, message or dot file.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 -q tokensrc num-tokens=1 ! fdsink
 * ]| Print one token for a script.
 * |[
 * gst-launch-1.0 tokensrc location=https://backend.example/token ! rt.token_sink filesrc location=talk.wav ! decodebin ! realtimebin name=rt ! audioconvert ! wavenc ! filesink location=reply.wav
 * ]| Hold a session with a token of the application's back end.
 * |[
 * gst-launch-1.0 -q tokensrc num-tokens=1 session="{\"type\":\"transcription\"}" expires-after=60 ! filesink location=token.json
 * ]| Mint a token that opens transcription sessions for a minute.
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>
#include "gsttokensrc.h"
#include "gsttokensrcsettings.h"
#include "gstrealtimeerror.h"
#include "session/failure.h"
#include "session/retry.h"
#include "signalling/pace.h"

GST_DEBUG_CATEGORY_STATIC (token_src_debug);
#define GST_CAT_DEFAULT token_src_debug

#define TOKEN_REQUEST "realtime-token-request"
/* A server that asks for more, in seconds, is not waited for. */
#define MAX_RETRY_AFTER 300
/* How long a cancelled connection may take to be put away: while a change of
 * state waits for it, and altogether. */
#define SHORT_FAREWELL_MS 100
#define LONGEST_FAREWELL_MS 30000

struct _GstTokenSrc
{
  GstPushSrc parent;

  GstTokenSrcSettings settings; /* object lock */

  GMutex lock;
  GCond wake;                   /* with lock: one of these three changed */
  gboolean flushing;            /* lock */
  GCancellable *cancellable;    /* lock; new after each flush */
  guint wanted;                 /* lock; tokens asked for and not pushed */
  guint promised;               /* lock; tokens asked for since the start */
  gboolean ended;               /* lock; nothing is promised any more */

  /* from start() to stop(), for the streaming thread */
  GstTokenSrcSettings running;
  RealtimePace pace;
  guint pushed;
};

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC,
    GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("application/x-realtime-token"));

#define gst_token_src_parent_class parent_class
G_DEFINE_TYPE (GstTokenSrc, gst_token_src, GST_TYPE_PUSH_SRC);
GST_ELEMENT_REGISTER_DEFINE_WITH_CODE (tokensrc, "tokensrc", GST_RANK_NONE,
    GST_TYPE_TOKEN_SRC, GST_DEBUG_CATEGORY_INIT (token_src_debug, "tokensrc",
        0, "ephemeral tokens for realtime sessions"));

/* Waits for @deadline (monotonic, µs), or with -1 until a token is wanted.
 * FALSE: flushing. */
static gboolean
gst_token_src_wait (GstTokenSrc * self, gint64 deadline)
{
  gboolean flushing, more = TRUE;

  g_mutex_lock (&self->lock);
  while (!self->flushing && more) {
    if (deadline >= 0)
      more = g_cond_wait_until (&self->wake, &self->lock, deadline);
    else if (self->wanted > 0)
      more = FALSE;
    else
      g_cond_wait (&self->wake, &self->lock);
  }
  flushing = self->flushing;
  g_mutex_unlock (&self->lock);
  return !flushing;
}

typedef struct
{
  gboolean done;
  RealtimeToken *token;
  GError *error;
} Mint;

static void
on_minted (GObject * source, GAsyncResult * result, gpointer user_data)
{
  Mint *mint = user_data;

  mint->token = realtime_signalling_mint_finish (REALTIME_SIGNALLING (source),
      result, &mint->error);
  mint->done = TRUE;
}

/* What is left of a request once it is answered. */
typedef struct
{
  GMainContext *context;
  gpointer signalling;          /* weak */
} Farewell;

static gboolean
set_flag (gpointer flag)
{
  *(gboolean *) flag = TRUE;
  return G_SOURCE_REMOVE;
}

/* Lets what is under way in the context come to its end, which for a
 * cancelled connection is soon. Whether it did within @limit_ms. */
static gboolean
farewell_run (Farewell * self, guint limit_ms)
{
  GSource *timer = g_timeout_source_new (limit_ms);
  gboolean late = FALSE;

  g_source_set_callback (timer, set_flag, &late, NULL);
  g_source_attach (timer, self->context);
  while (self->signalling && !late)
    g_main_context_iteration (self->context, TRUE);
  g_source_destroy (timer);
  g_source_unref (timer);
  if (!self->signalling)
    while (g_main_context_iteration (self->context, FALSE));

  return self->signalling == NULL;
}

static void
farewell_free (Farewell * self)
{
  if (self->signalling)
    g_object_remove_weak_pointer (self->signalling, &self->signalling);
  g_main_context_unref (self->context);
  g_free (self);
}

static gpointer
farewell_thread (gpointer user_data)
{
  Farewell *self = user_data;

  g_main_context_push_thread_default (self->context);
  if (!farewell_run (self, LONGEST_FAREWELL_MS))
    GST_WARNING ("a cancelled connection has not ended");
  g_main_context_pop_thread_default (self->context);
  farewell_free (self);

  return NULL;
}

/* Lets go of @signalling, in the thread that owns @context. */
static Farewell *
farewell_new (RealtimeSignalling * signalling, GMainContext * context)
{
  Farewell *self = g_new0 (Farewell, 1);

  self->context = g_main_context_ref (context);
  self->signalling = signalling;
  g_object_add_weak_pointer (G_OBJECT (signalling), &self->signalling);
  g_object_unref (signalling);

  return self;
}

/* On a busy machine it takes its time: nobody waits for that, and nothing of
 * it stays behind either. Once nobody owns the context any more. */
static void
farewell_finish (Farewell * self)
{
  if (self->signalling)
    g_thread_unref (g_thread_new ("token-farewell", farewell_thread, self));
  else
    farewell_free (self);
}

/* One request, in a context of its own, so that nothing of it is left behind
 * whatever becomes of the element. */
static RealtimeToken *
gst_token_src_mint (GstTokenSrc * self, GError ** error)
{
  GMainContext *context = g_main_context_new ();
  GstTokenSrcRequest request;
  GCancellable *cancellable;
  Mint mint = { FALSE, NULL, NULL };
  Farewell *farewell = NULL;

  g_main_context_push_thread_default (context);
  if (gst_token_src_settings_make_request (&self->running, &request,
          &mint.error)) {
    g_mutex_lock (&self->lock);
    cancellable = g_object_ref (self->cancellable);
    g_mutex_unlock (&self->lock);
    GST_DEBUG_OBJECT (self, "asking for a token");
    realtime_signalling_mint_async (request.signalling, request.method,
        request.credential, request.body, cancellable, on_minted, &mint);
    while (!mint.done)
      g_main_context_iteration (context, TRUE);
    farewell = farewell_new (g_steal_pointer (&request.signalling), context);
    farewell_run (farewell, SHORT_FAREWELL_MS);
    gst_token_src_request_clear (&request);
    g_object_unref (cancellable);
  }
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  if (farewell)
    farewell_finish (farewell);
  if (mint.error)
    g_propagate_error (error, mint.error);
  return mint.token;
}

/* Waits until another request is allowed. FALSE: flushing. */
static gboolean
gst_token_src_keep_pace (GstTokenSrc * self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 delay = realtime_pace_get_delay (&self->pace, now);

  if (delay > 0) {
    GST_ELEMENT_WARNING (self, RESOURCE, BUSY,
        ("More tokens are asked for than max-requests-per-minute=%u allows: "
            "the next has to wait for %u s.",
            self->running.max_requests_per_minute,
            (guint) (delay / G_USEC_PER_SEC + 1)), (NULL));
    if (!gst_token_src_wait (self, now + delay))
      return FALSE;
  }
  realtime_pace_note (&self->pace, g_get_monotonic_time ());
  return TRUE;
}

static void
gst_token_src_warn_of_retry (GstTokenSrc * self, const GError * failure,
    guint attempt, guint delay_ms)
{
  GstStructure *details = gst_structure_new ("details",
      "attempt", G_TYPE_UINT, attempt, "delay", G_TYPE_UINT, delay_ms, NULL);
  guint http_status = realtime_failure_get_http_status (failure);
  const gchar *code = realtime_failure_get_code (failure);
  const gchar *request_id = realtime_failure_get_request_id (failure);

  if (http_status)
    gst_structure_set (details, "http-status", G_TYPE_UINT, http_status, NULL);
  if (code)
    gst_structure_set (details, "code", G_TYPE_STRING, code, NULL);
  if (request_id)
    gst_structure_set (details, "request-id", G_TYPE_STRING, request_id, NULL);
  gst_element_message_full_with_details (GST_ELEMENT (self),
      GST_MESSAGE_WARNING, GST_RESOURCE_ERROR,
      failure->code == REALTIME_FAILURE_BUSY ? GST_RESOURCE_ERROR_BUSY :
      GST_RESOURCE_ERROR_OPEN_READ_WRITE,
      g_strdup_printf ("%s. Trying again in %.1f s (%u of %u).",
          failure->message, delay_ms / 1000.0, attempt,
          self->running.max_retries), NULL, __FILE__, GST_FUNCTION, __LINE__,
      details);
}

/* Says in @failure that it was not the first. */
static void
tell_retries (GError * failure, guint retries)
{
  gchar *text;

  if (retries == 0)
    return;
  text = g_strdup_printf ("%s (after %u %s)", failure->message, retries,
      retries == 1 ? "retry" : "retries");
  g_free (failure->message);
  failure->message = text;
}

/* The end of all tokens. Takes @failure. */
static void
gst_token_src_fail (GstTokenSrc * self, GError * failure, guint retries)
{
  /* first, so that who hears of the error is promised no more tokens */
  g_mutex_lock (&self->lock);
  self->ended = TRUE;
  g_mutex_unlock (&self->lock);
  tell_retries (failure, retries);
  gst_realtime_element_error (GST_ELEMENT (self), failure);
  g_error_free (failure);
}

/* A token, after as many attempts as it takes. NULL: @flow tells why. */
static RealtimeToken *
gst_token_src_get_token (GstTokenSrc * self, GstFlowReturn * flow)
{
  RealtimeRetry retry;

  *flow = GST_FLOW_FLUSHING;
  realtime_retry_init (&retry, self->running.retry_delay_min,
      self->running.retry_delay_max, self->running.max_retries);
  while (gst_token_src_keep_pace (self)) {
    g_autoptr (GError) failure = NULL;
    RealtimeToken *token = gst_token_src_mint (self, &failure);
    guint delay_ms, retry_after;

    if (token)
      return token;
    if (!failure || failure->code == REALTIME_FAILURE_CANCELLED)
      return NULL;
    retry_after = realtime_failure_get_retry_after (failure);
    if (!realtime_failure_is_transient (failure)
        || retry_after > MAX_RETRY_AFTER
        || !realtime_retry_next (&retry, retry_after, &delay_ms)) {
      gst_token_src_fail (self, g_steal_pointer (&failure), retry.attempt);
      /* ERROR here would post a second, meaningless message */
      *flow = GST_FLOW_EOS;
      return NULL;
    }
    gst_token_src_warn_of_retry (self, failure, retry.attempt, delay_ms);
    if (!gst_token_src_wait (self, g_get_monotonic_time () +
            delay_ms * G_GINT64_CONSTANT (1000)))
      return NULL;
  }
  return NULL;
}

static GstBuffer *
make_buffer (const RealtimeToken * token)
{
  gchar *json = realtime_token_to_json (token);
  gchar *line = g_strconcat (json, "\n", NULL);
  gsize size = strlen (line);

  realtime_secret_free (json);
  return gst_buffer_new_wrapped_full (0, line, size, 0, size, line,
      (GDestroyNotify) realtime_secret_free);
}

static GstFlowReturn
gst_token_src_create (GstPushSrc * src, GstBuffer ** buffer)
{
  GstTokenSrc *self = GST_TOKEN_SRC (src);
  g_autoptr (RealtimeToken) token = NULL;
  GstFlowReturn flow;

  if (self->running.num_tokens >= 0
      && self->pushed >= (guint) self->running.num_tokens)
    return GST_FLOW_EOS;
  if (!gst_token_src_wait (self, -1))
    return GST_FLOW_FLUSHING;
  token = gst_token_src_get_token (self, &flow);
  if (!token)
    return flow;
  *buffer = make_buffer (token);
  self->pushed++;
  g_mutex_lock (&self->lock);
  self->wanted--;
  g_mutex_unlock (&self->lock);
  GST_INFO_OBJECT (self, "token %u, good until %" G_GINT64_FORMAT,
      self->pushed, token->expires_at);
  return GST_FLOW_OK;
}

static gboolean
gst_token_src_event (GstBaseSrc * src, GstEvent * event)
{
  GstTokenSrc *self = GST_TOKEN_SRC (src);
  gboolean accepted;
  gint limit;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CUSTOM_UPSTREAM
      || !gst_event_has_name (event, TOKEN_REQUEST))
    return GST_BASE_SRC_CLASS (parent_class)->event (src, event);

  g_mutex_lock (&self->lock);
  limit = self->running.num_tokens;
  accepted = !self->ended && (limit < 0 || self->promised < (guint) limit);
  if (accepted) {
    self->promised++;
    self->wanted++;
    g_cond_broadcast (&self->wake);
  }
  g_mutex_unlock (&self->lock);
  GST_DEBUG_OBJECT (self, "a token is asked for: %s",
      accepted ? "will come" : "there will be no more");
  return accepted;
}

/* Whether the settings make a request; posts the ERROR if they do not. */
static gboolean
gst_token_src_check (GstTokenSrc * self, const GstTokenSrcSettings * settings)
{
  g_autoptr (GError) failure = NULL;
  GstTokenSrcRequest request;

  if (!gst_token_src_settings_make_request (settings, &request, &failure)) {
    gst_realtime_element_error (GST_ELEMENT (self), failure);
    return FALSE;
  }
  gst_token_src_request_clear (&request);
  return TRUE;
}

static void
gst_token_src_copy_settings (GstTokenSrc * self, GstTokenSrcSettings * copy)
{
  GST_OBJECT_LOCK (self);
  gst_token_src_settings_copy (&self->settings, copy);
  GST_OBJECT_UNLOCK (self);
}

static gboolean
gst_token_src_start (GstBaseSrc * src)
{
  GstTokenSrc *self = GST_TOKEN_SRC (src);
  GstTokenSrcSettings settings;

  /* again: properties may have changed since READY */
  gst_token_src_copy_settings (self, &settings);
  if (!gst_token_src_check (self, &settings)) {
    gst_token_src_settings_clear (&settings);
    return FALSE;
  }
  realtime_pace_init (&self->pace, settings.max_requests_per_minute);
  self->pushed = 0;
  g_mutex_lock (&self->lock);
  self->running = settings;
  self->wanted = self->promised = 1;
  self->ended = FALSE;
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static gboolean
gst_token_src_stop (GstBaseSrc * src)
{
  GstTokenSrc *self = GST_TOKEN_SRC (src);

  g_mutex_lock (&self->lock);
  self->ended = TRUE;
  g_mutex_unlock (&self->lock);
  gst_token_src_settings_clear (&self->running);
  realtime_pace_clear (&self->pace);
  return TRUE;
}

static gboolean
gst_token_src_unlock (GstBaseSrc * src)
{
  GstTokenSrc *self = GST_TOKEN_SRC (src);
  GCancellable *cancellable;

  g_mutex_lock (&self->lock);
  self->flushing = TRUE;
  cancellable = g_object_ref (self->cancellable);
  g_cond_broadcast (&self->wake);
  g_mutex_unlock (&self->lock);
  g_cancellable_cancel (cancellable);
  g_object_unref (cancellable);
  return TRUE;
}

static gboolean
gst_token_src_unlock_stop (GstBaseSrc * src)
{
  GstTokenSrc *self = GST_TOKEN_SRC (src);

  g_mutex_lock (&self->lock);
  self->flushing = FALSE;
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static gboolean
gst_token_src_is_seekable (GstBaseSrc * src)
{
  return FALSE;
}

static GstStateChangeReturn
gst_token_src_change_state (GstElement * element, GstStateChange transition)
{
  GstTokenSrc *self = GST_TOKEN_SRC (element);
  GstTokenSrcSettings settings;
  gboolean good;

  if (transition == GST_STATE_CHANGE_NULL_TO_READY) {
    gst_token_src_copy_settings (self, &settings);
    good = gst_token_src_check (self, &settings);
    gst_token_src_settings_clear (&settings);
    if (!good)
      return GST_STATE_CHANGE_FAILURE;
  }
  return GST_ELEMENT_CLASS (parent_class)->change_state (element, transition);
}

static void
gst_token_src_set_property (GObject * object, guint prop_id,
    const GValue * value, GParamSpec * pspec)
{
  GstTokenSrc *self = GST_TOKEN_SRC (object);
  gboolean known;

  GST_OBJECT_LOCK (self);
  known = gst_token_src_settings_set (&self->settings, prop_id, value);
  GST_OBJECT_UNLOCK (self);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
gst_token_src_get_property (GObject * object, guint prop_id, GValue * value,
    GParamSpec * pspec)
{
  GstTokenSrc *self = GST_TOKEN_SRC (object);
  gboolean known;

  GST_OBJECT_LOCK (self);
  known = gst_token_src_settings_get (&self->settings, prop_id, value);
  GST_OBJECT_UNLOCK (self);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
gst_token_src_finalize (GObject * object)
{
  GstTokenSrc *self = GST_TOKEN_SRC (object);

  gst_token_src_settings_clear (&self->settings);
  gst_token_src_settings_clear (&self->running);
  g_object_unref (self->cancellable);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->wake);

  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_token_src_class_init (GstTokenSrcClass * klass)
{
  GObjectClass *gobject_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSrcClass *basesrc_class = GST_BASE_SRC_CLASS (klass);
  GstPushSrcClass *pushsrc_class = GST_PUSH_SRC_CLASS (klass);

  gobject_class->set_property = gst_token_src_set_property;
  gobject_class->get_property = gst_token_src_get_property;
  gobject_class->finalize = gst_token_src_finalize;
  gst_token_src_settings_install (gobject_class);

  element_class->change_state = GST_DEBUG_FUNCPTR (gst_token_src_change_state);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Realtime token source", "Source/Network",
      "Mints ephemeral tokens for sessions of the OpenAI Realtime protocol",
      "gst-plugins-realtime");

  basesrc_class->start = GST_DEBUG_FUNCPTR (gst_token_src_start);
  basesrc_class->stop = GST_DEBUG_FUNCPTR (gst_token_src_stop);
  basesrc_class->unlock = GST_DEBUG_FUNCPTR (gst_token_src_unlock);
  basesrc_class->unlock_stop = GST_DEBUG_FUNCPTR (gst_token_src_unlock_stop);
  basesrc_class->event = GST_DEBUG_FUNCPTR (gst_token_src_event);
  basesrc_class->is_seekable = GST_DEBUG_FUNCPTR (gst_token_src_is_seekable);
  pushsrc_class->create = GST_DEBUG_FUNCPTR (gst_token_src_create);
}

static void
gst_token_src_init (GstTokenSrc * self)
{
  gst_token_src_settings_init (&self->settings);
  g_mutex_init (&self->lock);
  g_cond_init (&self->wake);
  self->cancellable = g_cancellable_new ();
  self->ended = TRUE;
  /* the stream is timed, though tokens have no time of their own */
  gst_base_src_set_format (GST_BASE_SRC (self), GST_FORMAT_TIME);
}
