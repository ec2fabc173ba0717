/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "connection.h"
#include "opening.h"
#include "session/envelope.h"
#include "session/failure.h"
#include "session/json.h"
#include "transport/source.h"
#include "transport/webrtc.h"

GST_DEBUG_CATEGORY_STATIC (realtime_connection_debug);
#define GST_CAT_DEFAULT realtime_connection_debug

/* Some servers filter events: what they do not confirm is taken as done. */
#define CONFIGURE_TIMEOUT_MS 5000
/* How long a server whose dialect is not known may take to show it. */
#define DIALECT_TIMEOUT_MS 1000
/* A hang-up that the server does not answer must not hold anybody up. */
#define HANG_UP_TIMEOUT_MS 2000
#define UPDATE_EVENT_ID "realtimebin-session"

static const gchar media_connection[] = "the media connection";

struct _GstRealtimeConnection
{
  GMainContext *context;
  RealtimeSignalling *signalling;
  GstRealtimeSettings *settings;
  GstRealtimeConnectionOwner owner;
  gpointer user_data;

  GstRealtimeTransport *transport;
  GCancellable *cancellable;
  GSource *warm_source;         /* until there is a link */
  GSource *connect_timer;
  GSource *configure_timer;
  GSource *dialect_timer;
  GSource *hang_up_timer;
  gint64 started_at;
  const gchar *awaited;         /* what the connect timer's message names */

  gchar *credential;            /* secret: what the call is made with; NULL
                                 * where the server wants none */
  gboolean authorized;          /* the credential is the one, be it NULL */
  gboolean key_flow;            /* no token: the call carries the session */
  gchar *offer;
  gboolean playing;             /* media can flow */
  gboolean calling;
  gboolean opened;
  gboolean configured;
  gboolean ended;

  GstRealtimeOpening opening;
  RealtimeEnvelope *envelope;

  gchar *session_id;
  RealtimeAnswer *answer;       /* names the call; without the description */
  gchar *last_error;            /* message of the last error event */
  gchar *last_code;             /* and its code, if it had one */

  /* closing */
  gboolean closing;
  guint pending;                /* what close() still waits for */
  GstRealtimeConnectionClosed closed;
  gpointer closed_data;
};

static void connection_free (GstRealtimeConnection * self);
static void hang_up (GstRealtimeConnection * self);
static void take_opening_step (GstRealtimeConnection * self,
    GstRealtimeOpeningStep step, JsonObject * event);

static void
set_timer (GstRealtimeConnection * self, GSource ** source, guint ms,
    GSourceFunc func)
{
  gst_realtime_source_clear (source);
  *source = gst_realtime_source_add_timeout (self->context, ms, func, self,
      NULL);
}

static void
clear_timers (GstRealtimeConnection * self)
{
  gst_realtime_source_clear (&self->connect_timer);
  gst_realtime_source_clear (&self->configure_timer);
  gst_realtime_source_clear (&self->dialect_timer);
}

/* Takes @error. */
static void
end (GstRealtimeConnection * self, GError * error)
{
  if (!self->ended && !self->closing) {
    self->ended = TRUE;
    clear_timers (self);
    gst_realtime_source_clear (&self->warm_source);
    g_cancellable_cancel (self->cancellable);
    self->owner.ended (error, self->user_data);
  }
  g_clear_error (&error);
}

static void
tell_progress (GstRealtimeConnection * self, const gchar * step)
{
  guint64 elapsed = (g_get_monotonic_time () - self->started_at) * 1000;

  GST_INFO ("%s after %" GST_TIME_FORMAT, step, GST_TIME_ARGS (elapsed));
  self->owner.progress (step, elapsed, self->user_data);
}

static gboolean
connect_timed_out (gpointer user_data)
{
  GstRealtimeConnection *self = user_data;

  gboolean relay_may_help = self->awaited == media_connection
      && !self->settings->link.turn_server;

  end (self, g_error_new (REALTIME_FAILURE, REALTIME_FAILURE_TIMEOUT,
          "No session within %u ms (connect-timeout): %s did not come.%s",
          self->settings->connect_timeout_ms, self->awaited,
          relay_may_help ? " Where a firewall lets no media through, name a "
          "relay with turn-server." : ""));

  return G_SOURCE_REMOVE;
}

static void
set_configured (GstRealtimeConnection * self)
{
  if (self->configured)
    return;
  self->configured = TRUE;
  clear_timers (self);
  tell_progress (self, "configured");
  self->owner.state (REALTIME_CONNECTION_CONNECTED, "", self->user_data);
  self->owner.configured (self->user_data);
}

static gboolean
configure_timed_out (gpointer user_data)
{
  GstRealtimeConnection *self = user_data;

  self->owner.warning ("session_not_confirmed",
      "The server has not confirmed the session's configuration "
      "(session.updated) within 5 s; going on without.", self->user_data);
  set_configured (self);

  return G_SOURCE_REMOVE;
}

static gboolean
dialect_timed_out (gpointer user_data)
{
  GstRealtimeConnection *self = user_data;

  gst_realtime_source_clear (&self->dialect_timer);
  take_opening_step (self, gst_realtime_opening_time_out (&self->opening),
      NULL);

  return G_SOURCE_REMOVE;
}

/* Without a running clock nothing is received: that time has no part in any
 * limit. */
static void
set_timers (GstRealtimeConnection * self)
{
  if (!self->playing || self->configured || self->ended || self->closing)
    return;
  if (!self->connect_timer)
    set_timer (self, &self->connect_timer, self->settings->connect_timeout_ms,
        connect_timed_out);
  if (self->opened && !self->configure_timer)
    set_timer (self, &self->configure_timer, CONFIGURE_TIMEOUT_MS,
        configure_timed_out);
  if (self->opened && !self->opening.sent && !self->dialect_timer)
    set_timer (self, &self->dialect_timer, DIALECT_TIMEOUT_MS,
        dialect_timed_out);
}

/* --- the call --- */

static void
call_answered (GObject * source, GAsyncResult * result, gpointer user_data)
{
  GstRealtimeConnection *self = user_data;
  GError *error = NULL;
  RealtimeAnswer *answer =
      realtime_signalling_call_finish (REALTIME_SIGNALLING (source), result,
      &error);

  self->calling = FALSE;
  if (self->closing) {
    /* it was too late to cancel: the call stands and is to be hung up */
    self->answer = answer;
    hang_up (self);
    g_clear_error (&error);
    connection_free (self);
    return;
  }
  if (!answer) {
    end (self, error);
    return;
  }
  self->answer = answer;
  tell_progress (self, "answer");
  self->awaited = media_connection;
  gst_realtime_transport_take_answer (self->transport, answer->sdp);
  g_clear_pointer (&answer->sdp, g_free);
}

static void
call_when_ready (GstRealtimeConnection * self)
{
  RealtimeOffer offer = { NULL, };
  gchar *session = NULL, *model;

  /* a call that nobody could take up would only time out at the server */
  if (!self->authorized || !self->offer || !self->playing || self->calling
      || self->ended || self->closing)
    return;

  self->calling = TRUE;
  self->awaited = "an answer to the offer";
  self->owner.state (REALTIME_CONNECTION_CONNECTING, "", self->user_data);
  if (self->key_flow)
    session = realtime_session_config_to_create_json (&self->settings->config);
  model = gst_realtime_settings_dup_model (self->settings);
  offer.sdp = self->offer;
  offer.session_json = session;
  offer.model = model;
  offer.transcription =
      self->settings->config.session_type == REALTIME_SESSION_TRANSCRIPTION;
  offer.translation =
      self->settings->config.session_type == REALTIME_SESSION_TRANSLATION;
  realtime_signalling_call_async (self->signalling, self->credential, &offer,
      self->cancellable, call_answered, self);
  g_free (session);
  g_free (model);
  /* it holds the way to us */
  g_clear_pointer (&self->offer, g_free);
}

static void
take_credential (GstRealtimeConnection * self, const gchar * credential)
{
  realtime_secret_free (self->credential);
  self->credential = g_strdup (credential);
  self->authorized = TRUE;
  self->awaited = "an offer";
  call_when_ready (self);
}

void
gst_realtime_connection_take_token (GstRealtimeConnection * self,
    const gchar * token)
{
  if (self->authorized || self->closing || self->ended)
    return;
  tell_progress (self, "token");
  take_credential (self, token);
}

static void
token_minted (GObject * source, GAsyncResult * result, gpointer user_data)
{
  GstRealtimeConnection *self = user_data;
  GError *error = NULL;
  RealtimeToken *token =
      realtime_signalling_mint_finish (REALTIME_SIGNALLING (source), result,
      &error);

  self->calling = FALSE;
  if (self->closing) {
    g_clear_pointer (&token, realtime_token_free);
    g_clear_error (&error);
    connection_free (self);
    return;
  }
  if (!token) {
    end (self, error);
    return;
  }
  gst_realtime_connection_take_token (self, token->value);
  realtime_token_free (token);
}

static void
find_credential (GstRealtimeConnection * self)
{
  const GstRealtimeSettings *settings = self->settings;
  gchar *session, *body;
  GError *error = NULL;

  self->awaited = "a token";
  if (settings->token_pad) {
    self->owner.want_token (self->user_data);
  } else if (settings->token) {
    take_credential (self, settings->token);
  } else if (gst_realtime_settings_call_without_token (settings)) {
    self->key_flow = TRUE;
    take_credential (self, settings->api_key);
  } else {
    session = realtime_session_config_to_create_json (&settings->config);
    body = realtime_signalling_mint_body (session, 0, &error);
    g_free (session);
    if (!body) {
      end (self, error);
      return;
    }
    self->calling = TRUE;
    realtime_signalling_mint_async (self->signalling, NULL, settings->api_key,
        body, self->cancellable, token_minted, self);
    g_free (body);
  }
}

/* --- what the link tells --- */

static void
on_offer (GstRealtimeTransport * transport, const gchar * sdp,
    GstRealtimeConnection * self)
{
  self->offer = g_strdup (sdp);
  call_when_ready (self);
}

static void
on_progress (GstRealtimeTransport * transport, const gchar * step,
    GstRealtimeConnection * self)
{
  tell_progress (self, step);
  if (g_str_equal (step, "dtls"))
    self->awaited = "the data channel";
}

static void
configure_session (GstRealtimeConnection * self)
{
  GError *error = NULL;
  gchar *event =
      realtime_session_config_to_update_event (&self->settings->config,
      UPDATE_EVENT_ID);

  GST_DEBUG ("dialect %d", self->opening.dialect);
  gst_realtime_source_clear (&self->dialect_timer);
  if (!gst_realtime_connection_send (self, event, &error))
    end (self, error);
  g_free (event);
}

static void
refuse_configuration (GstRealtimeConnection * self, JsonObject * event)
{
  GError *error = g_error_new (REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
      "The service refuses the session's configuration: %s",
      realtime_json_get_string (event, "error.message", "no message"));

  realtime_failure_set_http (error, 0, realtime_json_get_string (event,
          "error.code", NULL), NULL, 0);
  end (self, error);
}

/* @event: of the server, that the step comes of; NULL for none */
static void
take_opening_step (GstRealtimeConnection * self, GstRealtimeOpeningStep step,
    JsonObject * event)
{
  switch (step) {
    case GST_REALTIME_OPENING_CONFIGURE:
      configure_session (self);
      break;
    case GST_REALTIME_OPENING_DONE:
      set_configured (self);
      break;
    case GST_REALTIME_OPENING_REFUSED:
      refuse_configuration (self, event);
      break;
    case GST_REALTIME_OPENING_WAIT:
      break;
  }
}

static void
on_opened (GstRealtimeTransport * transport, GstRealtimeConnection * self)
{
  GstRealtimeOpeningStep step = gst_realtime_opening_start (&self->opening);

  self->opened = TRUE;
  set_timers (self);
  self->awaited = "the session's confirmation";
  take_opening_step (self, step, NULL);
}

static void
handle_error_event (GstRealtimeConnection * self, JsonObject * event)
{
  const gchar *message = realtime_json_get_string (event, "error.message",
      "no message");
  const gchar *code = realtime_json_get_string (event, "error.code",
      realtime_json_get_string (event, "error.type", NULL));
  GError *error;

  self->last_error =
      g_strdup_printf ("%s (%s)", message, code ? code : "error");
  self->last_code = g_strdup (code);

  if (g_strcmp0 (code, "session_expired") == 0) {
    /* the close that follows may get lost with the link */
    error = g_error_new (REALTIME_FAILURE, REALTIME_FAILURE_LINK_LOST,
        "The server ended the session: %s", self->last_error);
    realtime_failure_set_http (error, 0, code, NULL, 0);
    end (self, error);
  }
}

/* What the server wrapped, or NULL: there was nothing to unwrap, or more is to
 * come (then @message has no event in it either). */
static gchar *
unwrap (GstRealtimeConnection * self, const gchar * text, JsonObject ** message)
{
  gchar *event = NULL;

  switch (realtime_envelope_open (self->envelope, *message, &event)) {
    case REALTIME_ENVELOPE_NONE:
      break;
    case REALTIME_ENVELOPE_BROKEN:
      self->owner.event (text, NULL, self->user_data);
      /* fall through */
    default:
      g_clear_pointer (message, json_object_unref);
      break;
  }

  return event;
}

static void
handle_message (GstRealtimeConnection * self, const gchar * text,
    gboolean wrapped)
{
  GError *error = NULL;
  JsonObject *event = realtime_json_parse_object (text, -1, &error);
  const gchar *type, *session_id;
  gchar *inner;

  if (!event) {
    GST_WARNING ("not an event: %s", error->message);
    g_clear_error (&error);
    self->owner.event (text, NULL, self->user_data);
    return;
  }
  if (!wrapped) {
    inner = unwrap (self, text, &event);
    if (inner)
      handle_message (self, inner, TRUE);
    g_free (inner);
    if (!event)
      return;
  }

  type = realtime_json_get_string (event, "type", "");
  if (g_str_has_prefix (type, "session.")
      || g_str_has_prefix (type, "transcription_session.")) {
    session_id = realtime_json_get_string (event, "session.id", NULL);
    if (session_id && !self->session_id)
      self->session_id = g_strdup (session_id);
  }

  self->owner.event (text, event, self->user_data);

  /* only what came last explains an end */
  g_clear_pointer (&self->last_error, g_free);
  g_clear_pointer (&self->last_code, g_free);
  if (g_str_equal (type, "error"))
    handle_error_event (self, event);
  if (!self->configured && !self->ended && !self->closing)
    take_opening_step (self, gst_realtime_opening_take (&self->opening, event,
            UPDATE_EVENT_ID), event);
  json_object_unref (event);
}

static void
on_message (GstRealtimeTransport * transport, const gchar * text,
    GstRealtimeConnection * self)
{
  handle_message (self, text, FALSE);
}

static void
on_closed (GstRealtimeTransport * transport, GstRealtimeConnection * self)
{
  GError *error = NULL;

  if (!self->configured || self->last_error) {
    error = g_error_new (REALTIME_FAILURE, REALTIME_FAILURE_LINK_LOST,
        "The server ended the session%s%s", self->last_error ? ": " : "",
        self->last_error ? self->last_error : "");
    realtime_failure_set_http (error, 0, self->last_code, NULL, 0);
  }
  end (self, error);
}

static void
on_failed (GstRealtimeTransport * transport, const GError * cause,
    GstRealtimeConnection * self)
{
  RealtimeFailure kind = REALTIME_FAILURE_LINK_LOST;

  if (g_error_matches (cause, GST_REALTIME_TRANSPORT_ERROR,
          GST_REALTIME_TRANSPORT_ERROR_FORMAT))
    kind = REALTIME_FAILURE_FORMAT;
  else if (g_error_matches (cause, GST_REALTIME_TRANSPORT_ERROR,
          GST_REALTIME_TRANSPORT_ERROR_PEER))
    kind = REALTIME_FAILURE_TLS;

  end (self, g_error_new (REALTIME_FAILURE, kind, "%s: %s",
          kind == REALTIME_FAILURE_FORMAT ? "The server's answer is unusable" :
          kind == REALTIME_FAILURE_TLS ? "The server is refused" :
          self->configured ? "The link to the server was lost" :
          "No link to the server could be made", cause->message));
}

/* --- life --- */

GstRealtimeConnection *
gst_realtime_connection_new (GMainContext * context,
    RealtimeSignalling * signalling, const GstRealtimeSettings * settings,
    const GstRealtimeConnectionOwner * owner, gpointer user_data)
{
  static gsize once = 0;
  GstRealtimeConnection *self = g_new0 (GstRealtimeConnection, 1);

  if (g_once_init_enter (&once)) {
    GST_DEBUG_CATEGORY_INIT (realtime_connection_debug, "realtimeconnection",
        0, "connections to realtime sessions");
    g_once_init_leave (&once, 1);
  }

  self->context = g_main_context_ref (context);
  self->signalling = g_object_ref (signalling);
  self->settings = gst_realtime_settings_copy (settings);
  self->owner = *owner;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  self->envelope = realtime_envelope_new ();
  gst_realtime_opening_init (&self->opening,
      realtime_service_get_traits (settings->service)->speaks_ga ?
      REALTIME_DIALECT_GA : REALTIME_DIALECT_UNKNOWN);

  return self;
}

/* The errors are of REALTIME_FAILURE. */
static GstRealtimeTransport *
make_transport (GstRealtimeConnection * self, GError ** error)
{
  const GstRealtimeSettings *settings = self->settings;
  GstRealtimeIceConfig config = {
    .context = self->context,
    .settings = &settings->link,
    .loopback = gst_realtime_settings_is_loopback (settings),
    .ssl_strict = settings->ssl_strict,
    .ssl_ca_file = settings->ssl_ca_file,
    .http_proxy = settings->http_proxy
  };
  GError *cause = NULL;
  GstRealtimeTransport *transport = gst_realtime_webrtc_new (&config, &cause);
  RealtimeFailure kind = REALTIME_FAILURE_SETTINGS;

  if (transport)
    return transport;
  if (g_error_matches (cause, GST_REALTIME_TRANSPORT_ERROR,
          GST_REALTIME_TRANSPORT_ERROR_MISSING_PLUGIN))
    kind = REALTIME_FAILURE_MISSING_PLUGIN;
  g_set_error_literal (error, REALTIME_FAILURE, kind, cause->message);
  g_clear_error (&cause);

  return NULL;
}

static gboolean
make_link (gpointer user_data)
{
  GstRealtimeConnection *self = user_data;
  GError *error = NULL;

  gst_realtime_source_clear (&self->warm_source);
  self->transport = make_transport (self, &error);
  if (!self->transport) {
    end (self, error);
    return G_SOURCE_REMOVE;
  }
  gst_object_ref_sink (self->transport);
  g_signal_connect (self->transport, "offer", G_CALLBACK (on_offer), self);
  g_signal_connect (self->transport, "progress", G_CALLBACK (on_progress),
      self);
  g_signal_connect (self->transport, "opened", G_CALLBACK (on_opened), self);
  g_signal_connect (self->transport, "message", G_CALLBACK (on_message), self);
  g_signal_connect (self->transport, "closed", G_CALLBACK (on_closed), self);
  g_signal_connect (self->transport, "failed", G_CALLBACK (on_failed), self);

  self->owner.add_transport (self->transport, self->user_data);
  gst_realtime_transport_open (self->transport);

  return G_SOURCE_REMOVE;
}

void
gst_realtime_connection_start (GstRealtimeConnection * self)
{
  self->started_at = g_get_monotonic_time ();
  self->owner.state (REALTIME_CONNECTION_AUTHORIZING, "", self->user_data);
  set_timers (self);

  self->warm_source = gst_realtime_webrtc_when_warm ();
  g_source_set_callback (self->warm_source, make_link, self, NULL);
  g_source_attach (self->warm_source, self->context);
  find_credential (self);
}

void
gst_realtime_connection_set_playing (GstRealtimeConnection * self,
    gboolean playing)
{
  self->playing = playing;
  if (!playing) {
    clear_timers (self);
    return;
  }
  /* not yet started: that will do both */
  if (self->started_at == 0)
    return;
  set_timers (self);
  call_when_ready (self);
}

gboolean
gst_realtime_connection_send (GstRealtimeConnection * self,
    const gchar * event, GError ** error)
{
  GError *cause = NULL;
  gchar *translated;
  gboolean sent;

  if (self->ended || self->closing || !self->transport) {
    g_set_error_literal (error, REALTIME_FAILURE, REALTIME_FAILURE_LINK_LOST,
        "There is no session to send to");
    return FALSE;
  }
  translated = realtime_dialect_translate (self->opening.dialect, event);
  sent = gst_realtime_transport_send (self->transport, translated, &cause);
  g_free (translated);
  if (!sent) {
    g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_LINK_LOST,
        "The event was not sent: %s", cause->message);
    g_clear_error (&cause);
    return FALSE;
  }
  self->owner.sent (event, self->user_data);

  return TRUE;
}

GstClockTime
gst_realtime_connection_get_lost (GstRealtimeConnection * self)
{
  return self->transport ? gst_realtime_transport_get_lost (self->transport) :
      0;
}

gboolean
gst_realtime_connection_is_configured (GstRealtimeConnection * self)
{
  return self->configured;
}

const gchar *
gst_realtime_connection_get_session_id (GstRealtimeConnection * self)
{
  return self->session_id;
}

const gchar *
gst_realtime_connection_get_call_id (GstRealtimeConnection * self)
{
  return self->answer ? self->answer->call_id : NULL;
}

static void
connection_free (GstRealtimeConnection * self)
{
  GstRealtimeConnectionClosed closed = self->closed;
  gpointer closed_data = self->closed_data;

  if (--self->pending > 0)
    return;

  gst_realtime_source_clear (&self->hang_up_timer);
  gst_clear_object (&self->transport);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->signalling);
  gst_realtime_settings_free (self->settings);
  realtime_secret_free (self->credential);
  g_free (self->offer);
  g_free (self->session_id);
  g_clear_pointer (&self->answer, realtime_answer_free);
  realtime_envelope_free (self->envelope);
  g_free (self->last_error);
  g_free (self->last_code);
  g_main_context_unref (self->context);
  g_free (self);

  if (closed)
    closed (closed_data);
}

static gboolean
transport_gone (gpointer user_data)
{
  connection_free (user_data);

  return G_SOURCE_REMOVE;
}

/* on the thread that took the link down */
static void
on_transport_gone (gpointer user_data)
{
  GstRealtimeConnection *self = user_data;
  GSource *source = g_idle_source_new ();

  g_source_set_callback (source, transport_gone, self, NULL);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

static void
hung_up (GObject * source, GAsyncResult * result, gpointer user_data)
{
  GstRealtimeConnection *self = user_data;
  GError *error = NULL;

  if (!realtime_signalling_hang_up_finish (REALTIME_SIGNALLING (source),
          result, &error)) {
    GST_INFO ("hang-up: %s", error->message);
    g_clear_error (&error);
  }
  connection_free (self);
}

static gboolean
hang_up_timed_out (gpointer user_data)
{
  GstRealtimeConnection *self = user_data;

  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_REMOVE;
}

/* What created the call may end it; only what we hold of the caller's own. */
static void
hang_up (GstRealtimeConnection * self)
{
  gboolean own_token = self->settings->token_pad || self->settings->token;

  if (!self->answer)
    return;

  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->pending++;
  set_timer (self, &self->hang_up_timer, HANG_UP_TIMEOUT_MS, hang_up_timed_out);
  realtime_signalling_hang_up_async (self->signalling,
      own_token ? self->credential : self->settings->api_key,
      self->answer, self->cancellable, hung_up, self);
}

void
gst_realtime_connection_close (GstRealtimeConnection * self,
    GstRealtimeConnectionClosed closed, gpointer user_data)
{
  g_return_if_fail (!self->closing);

  self->closing = TRUE;
  self->closed = closed;
  self->closed_data = user_data;
  self->pending = 1;
  gst_realtime_source_clear (&self->warm_source);
  clear_timers (self);

  /* a request under way answers later, cancelled */
  g_cancellable_cancel (self->cancellable);
  if (self->calling)
    self->pending++;

  hang_up (self);

  if (self->transport) {
    g_signal_handlers_disconnect_by_data (self->transport, self);
    self->owner.remove_transport (self->transport, self->user_data);
    self->pending++;
    gst_realtime_transport_shut_down (self->transport, on_transport_gone, self);
  }

  connection_free (self);
}
