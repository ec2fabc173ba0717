/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "connection.h"
#include "session/eventline.h"
#include "session/failure.h"
#include "session/json.h"
#include "supervisor.h"
#include "transport/source.h"

GST_DEBUG_CATEGORY_STATIC (realtime_supervisor_debug);
#define GST_CAT_DEFAULT realtime_supervisor_debug

#define GAP_INTERVAL_MS 500
#define DRAIN_INTERVAL_MS 50
#define DEFAULT_SILENCE_MS 500
#define COMMIT_EVENT_ID "realtimebin-commit"
#define RESPONSE_EVENT_ID "realtimebin-response"

struct _GstRealtimeSupervisor
{
  gint ref_count;               /* the element's and the thread's */
  GstRealtimeSettings *settings;
  GMainContext *context;
  GMainLoop *loop;

  GMutex lock;
  GCond cond;
  gboolean stopped;             /* with lock */

  gint can_send;                /* atomic: a session takes events */
  gint detached;                /* atomic: the element has done with us */

  /* the session thread only from here on */
  GstRealtimeHost host;
  GstObject *host_object;       /* NULL after the stop was taken up */
  RealtimeSignalling *signalling;
  GstRealtimeConnection *connection;    /* NULL between two */
  guint closing;                /* connections not yet closed */
  gboolean stopping;

  guint session;                /* number of the connection, from 1 */
  RealtimeConnectionState state;
  RealtimeTurnState turn;
  gchar *reason;
  RealtimeConversation *conversation;
  GstClockTime epoch;

  GstRealtimeDrain drain;
  gboolean playing;
  gboolean input_ended;
  gboolean drained;
  gboolean failed;
  guint awaited;                /* answers to our own events */
  gint64 drain_deadline;
  GSource *drain_timer;
  GSource *gap_timer;
};

static void
supervisor_unref (GstRealtimeSupervisor * self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  gst_realtime_settings_free (self->settings);
  realtime_conversation_free (self->conversation);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self->reason);
  g_free (self);
}

/* --- jobs: what other threads want done on the session thread --- */

typedef struct
{
  GstRealtimeSupervisor *self;
  void (*func) (GstRealtimeSupervisor * self, gpointer data);
  gpointer data;
  GDestroyNotify notify;
} Job;

static gboolean
job_run (gpointer user_data)
{
  Job *job = user_data;

  job->func (job->self, job->data);

  return G_SOURCE_REMOVE;
}

static void
job_free (gpointer user_data)
{
  Job *job = user_data;

  if (job->notify)
    job->notify (job->data);
  supervisor_unref (job->self);
  g_free (job);
}

static void
invoke (GstRealtimeSupervisor * self,
    void (*func) (GstRealtimeSupervisor * self, gpointer data), gpointer data,
    GDestroyNotify notify)
{
  Job *job = g_new0 (Job, 1);
  GSource *source = g_idle_source_new ();

  g_atomic_int_inc (&self->ref_count);
  job->self = self;
  job->func = func;
  job->data = data;
  job->notify = notify;

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, job_run, job, job_free);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

static GSource *
add_timer (GstRealtimeSupervisor * self, guint ms, GSourceFunc func)
{
  return gst_realtime_source_add_timeout (self->context, ms, func, self, NULL);
}

/* Whether the host is still to be told things. After a stop that we come to
 * too late it may already be in its next session. */
static gboolean
has_host (GstRealtimeSupervisor * self)
{
  return self->host_object && !g_atomic_int_get (&self->detached);
}

/* --- the event stream --- */

static void
push_line (GstRealtimeSupervisor * self, gchar * line, GstClockTime now)
{
  if (has_host (self))
    self->host.push_line (line, now, self->host_object);
  else
    g_free (line);
}

static GstClockTime
get_now (GstRealtimeSupervisor * self)
{
  return self->host_object ? self->host.get_running_time (self->host_object) :
      0;
}

static void
tell_state (GstRealtimeSupervisor * self)
{
  const gchar *session_id = NULL, *call_id = NULL;
  GstClockTime now = get_now (self);

  if (!has_host (self))
    return;
  if (self->connection) {
    session_id = gst_realtime_connection_get_session_id (self->connection);
    call_id = gst_realtime_connection_get_call_id (self->connection);
  }
  /* The properties first: who hears of a state downstream finds it there. */
  self->host.state (self->state, self->turn, session_id, call_id,
      self->host_object);
  push_line (self, realtime_event_line_state (now, self->session, self->state,
          self->turn, self->reason, 0, session_id, call_id), now);
}

static void
set_state (GstRealtimeSupervisor * self, RealtimeConnectionState state,
    const gchar * reason)
{
  if (self->state == state)
    return;
  self->state = state;
  g_free (self->reason);
  self->reason = g_strdup (reason);
  tell_state (self);
}

static void
tell_error (GstRealtimeSupervisor * self, const gchar * code,
    const gchar * message, guint http_status, gboolean fatal,
    const gchar * request_id)
{
  GstClockTime now = get_now (self);

  push_line (self, realtime_event_line_error (now, self->session, code,
          message, http_status, fatal, request_id), now);
}

static void
conversation_changed (const RealtimeChange * change, gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;
  GstClockTime now;

  switch (change->type) {
    case REALTIME_CHANGE_STATE:
      if (change->state.turn != self->turn) {
        self->turn = change->state.turn;
        tell_state (self);
      }
      break;
    case REALTIME_CHANGE_USAGE:
      now = get_now (self);
      push_line (self, realtime_event_line_usage (now, self->session,
              &change->usage), now);
      break;
    default:
      break;
  }
}

/* --- the end --- */

static void
connection_closed (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  if (--self->closing == 0 && self->stopping)
    g_main_loop_quit (self->loop);
  supervisor_unref (self);
}

static void
close_connection (GstRealtimeSupervisor * self)
{
  GstRealtimeConnection *connection = self->connection;

  g_atomic_int_set (&self->can_send, FALSE);
  if (!connection)
    return;
  self->connection = NULL;
  self->closing++;
  g_atomic_int_inc (&self->ref_count);
  gst_realtime_connection_close (connection, connection_closed, self);
}

static void
fail (GstRealtimeSupervisor * self, const GError * error)
{
  if (self->failed || self->drained)
    return;
  self->failed = TRUE;
  gst_realtime_source_clear (&self->drain_timer);
  gst_realtime_source_clear (&self->gap_timer);

  tell_error (self, realtime_failure_get_code (error), error->message,
      realtime_failure_get_http_status (error), TRUE,
      realtime_failure_get_request_id (error));
  set_state (self, REALTIME_CONNECTION_FAILED, error->message);
  close_connection (self);
  if (has_host (self))
    self->host.failed (error, self->host_object);
}

static void
finish (GstRealtimeSupervisor * self, const gchar * reason)
{
  if (self->drained || self->failed)
    return;
  self->drained = TRUE;
  gst_realtime_source_clear (&self->drain_timer);
  gst_realtime_source_clear (&self->gap_timer);

  realtime_conversation_flush (self->conversation, conversation_changed, self);
  set_state (self, REALTIME_CONNECTION_CLOSED, reason);
  close_connection (self);
  if (has_host (self))
    self->host.drained (self->host_object);
}

static void
send_own_event (GstRealtimeSupervisor * self, const gchar * event)
{
  GError *error = NULL;

  if (gst_realtime_connection_send (self->connection, event, &error)) {
    self->awaited++;
  } else {
    GST_WARNING ("%s", error->message);
    g_clear_error (&error);
  }
}

static void
commit_turn (GstRealtimeSupervisor * self)
{
  send_own_event (self, "{\"type\":\"input_audio_buffer.commit\","
      "\"event_id\":\"" COMMIT_EVENT_ID "\"}");
  if (self->settings->config.session_type == REALTIME_SESSION_CONVERSATION)
    send_own_event (self, "{\"type\":\"response.create\","
        "\"event_id\":\"" RESPONSE_EVENT_ID "\"}");
}

static void
on_warning (const gchar * code, const gchar * message, gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  tell_error (self, code, message, 0, FALSE, NULL);
  if (has_host (self))
    self->host.warning (message, self->host_object);
}

static gboolean
check_drain (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;
  GstRealtimeInput input;
  gint64 now = g_get_monotonic_time ();
  gchar *message;

  if (!self->playing) {
    self->drain_deadline += DRAIN_INTERVAL_MS * 1000;
    self->drain.quiet_since = 0;
    return G_SOURCE_CONTINUE;
  }

  self->host.get_input (&input, self->host_object);
  switch (gst_realtime_drain_check (&self->drain, self->conversation, &input,
          self->epoch, self->awaited, now)) {
    case GST_REALTIME_DRAIN_COMMIT:
      commit_turn (self);
      break;
    case GST_REALTIME_DRAIN_DONE:
      finish (self, "end of stream");
      return G_SOURCE_REMOVE;
    case GST_REALTIME_DRAIN_WAIT:
      break;
  }

  if (now > self->drain_deadline) {
    message = g_strdup_printf ("Not everything that was said had its words "
        "%u ms after the input's end (drain-timeout): %u transcripts, %s, %s "
        "outstanding.", self->settings->drain_timeout_ms,
        realtime_conversation_get_pending_transcripts (self->conversation),
        realtime_conversation_has_active_response (self->conversation) ?
        "a response" : "no response",
        realtime_conversation_is_output_playing (self->conversation) ?
        "speech" : "no speech");
    on_warning ("drain_timeout", message, self);
    g_free (message);
    finish (self, "drain-timeout");
    return G_SOURCE_REMOVE;
  }

  return G_SOURCE_CONTINUE;
}

/* Nothing is waited for that never went to a session. */
static void
start_drain (GstRealtimeSupervisor * self)
{
  if (self->drain_timer || self->drained || self->failed)
    return;
  self->drain_deadline = g_get_monotonic_time ()
      + self->settings->drain_timeout_ms * (gint64) 1000;
  if (self->connection)
    set_state (self, REALTIME_CONNECTION_DRAINING, "end of input");
  self->drain_timer = add_timer (self, DRAIN_INTERVAL_MS, check_drain);
}

/* --- what the connection tells --- */

static void
on_add_transport (GstRealtimeTransport * transport, gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  if (has_host (self))
    self->host.add_transport (transport, self->host_object);
}

static void
on_remove_transport (GstRealtimeTransport * transport, gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  if (self->host_object)
    self->host.remove_transport (transport, self->host_object);
}

static void
on_want_token (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  if (has_host (self))
    self->host.want_token (self->host_object);
}

static void
on_connection_state (RealtimeConnectionState state, const gchar * reason,
    gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  /* who reads of it may send at once */
  if (state == REALTIME_CONNECTION_CONNECTED)
    g_atomic_int_set (&self->can_send, TRUE);
  set_state (self, state, reason);
}

static void
on_progress (const gchar * step, guint64 elapsed_ns, gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;
  GstClockTime now = get_now (self);

  push_line (self, realtime_event_line_progress (now, self->session, step,
          elapsed_ns), now);
}

/* What the server says of its VAD is what it does. */
static void
read_turn_detection (GstRealtimeSupervisor * self, JsonObject * event)
{
  static const gchar path[] = "session.audio.input.turn_detection";
  JsonObject *detection = realtime_json_get_object (event, path);
  const gchar *eagerness;

  if (!detection) {
    /* a null says manual, a missing member says nothing */
    if (realtime_json_has (event, path))
      self->drain.manual = TRUE;
    return;
  }
  self->drain.manual = FALSE;
  if (g_str_equal (realtime_json_get_string (detection, "type", ""),
          "semantic_vad")) {
    eagerness = realtime_json_get_string (detection, "eagerness", "auto");
    self->drain.silence_ms = g_str_equal (eagerness, "low") ? 8000 :
        g_str_equal (eagerness, "high") ? 2000 : 4000;
  } else {
    self->drain.silence_ms = CLAMP (realtime_json_get_int (detection,
            "silence_duration_ms", DEFAULT_SILENCE_MS), 0, 60000);
  }
}

static void
note_answer (GstRealtimeSupervisor * self, const gchar * type,
    JsonObject * event)
{
  const gchar *id;

  if (self->awaited == 0)
    return;
  if (g_str_equal (type, "input_audio_buffer.committed")
      || g_str_equal (type, "response.created")) {
    self->awaited--;
  } else if (g_str_equal (type, "error")) {
    id = realtime_json_get_string (event, "error.event_id", "");
    if (g_str_equal (id, COMMIT_EVENT_ID)
        || g_str_equal (id, RESPONSE_EVENT_ID))
      self->awaited--;
  }
}

static void
on_event (const gchar * text, JsonObject * event, gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;
  GstClockTime now = get_now (self);
  const gchar *type;

  if (!event) {
    tell_error (self, "invalid_event",
        "The server sent something that is no event; it was passed over.", 0,
        FALSE, NULL);
    return;
  }

  type = realtime_json_get_string (event, "type", "");
  /* what we say of the session nobody else may say */
  if (g_str_has_prefix (type, "realtimebin.")) {
    tell_error (self, "invalid_event", "The server sent an event that is the "
        "element's own to send; it was passed over.", 0, FALSE, NULL);
    return;
  }
  push_line (self, realtime_event_line_splice (text, now, self->session), now);
  if (g_str_equal (type, "session.updated")
      || g_str_equal (type, "session.created"))
    read_turn_detection (self, event);
  note_answer (self, type, event);
  /* the reducer reads the stream as any reader does: with our members */
  json_object_set_int_member (event, "gst_running_time", now);
  json_object_set_int_member (event, "gst_session", self->session);
  realtime_conversation_handle (self->conversation, event,
      conversation_changed, self);
}

static void
on_configured (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  if (has_host (self))
    self->host.let_input_in (self->host_object);
  if (self->input_ended)
    set_state (self, REALTIME_CONNECTION_DRAINING, "end of input");
}

static void
on_ended (const GError * error, gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;
  GError *lost = NULL;

  if (!error && self->input_ended) {
    finish (self, "ended by the server");
    return;
  }
  if (!error)
    lost = g_error_new_literal (REALTIME_FAILURE, REALTIME_FAILURE_LINK_LOST,
        "The server ended the session");
  fail (self, error ? error : lost);
  g_clear_error (&lost);
}

/* --- from the element --- */

static gboolean
tell_gap (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  if (has_host (self))
    self->host.push_gap (get_now (self), self->host_object);

  return G_SOURCE_CONTINUE;
}

static void
do_start (GstRealtimeSupervisor * self, gpointer unused)
{
  static const GstRealtimeConnectionOwner owner = {
    on_add_transport, on_remove_transport, on_want_token, on_connection_state,
    on_progress, on_event, on_warning, on_configured, on_ended
  };
  const GstRealtimeSettings *settings = self->settings;
  GError *error = NULL;

  if (self->stopping)
    return;

  self->signalling = realtime_signalling_new (settings->base_url);
  if (!realtime_signalling_set_tls (self->signalling, settings->ssl_strict,
          settings->ssl_ca_file, &error) ||
      (settings->http_proxy && !realtime_signalling_set_proxy (self->signalling,
              settings->http_proxy, &error))) {
    fail (self, error);
    g_clear_error (&error);
    return;
  }

  self->gap_timer = add_timer (self, GAP_INTERVAL_MS, tell_gap);
  self->session++;
  self->connection = gst_realtime_connection_new (self->context,
      self->signalling, settings, &owner, self);
  gst_realtime_connection_set_playing (self->connection, self->playing);
  gst_realtime_connection_start (self->connection);
}

static void
do_set_playing (GstRealtimeSupervisor * self, gpointer playing)
{
  self->playing = GPOINTER_TO_INT (playing);
  if (self->connection)
    gst_realtime_connection_set_playing (self->connection, self->playing);
}

static void
do_take_token (GstRealtimeSupervisor * self, gpointer token)
{
  if (self->connection)
    gst_realtime_connection_take_token (self->connection, token);
}

static void
do_set_epoch (GstRealtimeSupervisor * self, gpointer running_time)
{
  GstClockTime now = get_now (self);
  JsonObject *event;
  gchar *line;

  if (!self->connection)
    return;
  self->epoch = *(GstClockTime *) running_time;
  line = realtime_event_line_timeline (now, self->session,
      gst_realtime_connection_get_session_id (self->connection), self->epoch);
  event = realtime_json_parse_object (line, -1, NULL);
  push_line (self, line, now);
  if (event) {
    realtime_conversation_handle (self->conversation, event,
        conversation_changed, self);
    json_object_unref (event);
  }
}

static void
do_end_input (GstRealtimeSupervisor * self, gpointer unused)
{
  self->input_ended = TRUE;
  if (!self->stopping)
    start_drain (self);
}

static void
do_send (GstRealtimeSupervisor * self, gpointer event)
{
  GError *error = NULL;

  if (!self->connection)
    return;
  if (!gst_realtime_connection_send (self->connection, event, &error)) {
    on_warning ("not_sent", error->message, self);
    g_clear_error (&error);
  }
}

static void
do_stop (GstRealtimeSupervisor * self, gpointer unused)
{
  GstObject *host_object;

  self->stopping = TRUE;
  gst_realtime_source_clear (&self->drain_timer);
  gst_realtime_source_clear (&self->gap_timer);
  close_connection (self);
  host_object = g_steal_pointer (&self->host_object);
  gst_clear_object (&host_object);
  if (self->closing == 0)
    g_main_loop_quit (self->loop);
}

static gpointer
session_thread (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_clear_object (&self->signalling);
  /* what was posted last holds references: let go of it here */
  while (g_main_context_iteration (self->context, FALSE));
  g_main_context_pop_thread_default (self->context);

  g_mutex_lock (&self->lock);
  self->stopped = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  supervisor_unref (self);

  return NULL;
}

GstRealtimeSupervisor *
gst_realtime_supervisor_new (const GstRealtimeSettings * settings,
    const GstRealtimeHost * host, GstObject * host_object)
{
  static gsize once = 0;
  GstRealtimeSupervisor *self = g_new0 (GstRealtimeSupervisor, 1);

  if (g_once_init_enter (&once)) {
    GST_DEBUG_CATEGORY_INIT (realtime_supervisor_debug, "realtimesupervisor",
        0, "keeps elements in session");
    g_once_init_leave (&once, 1);
  }

  self->ref_count = 1;
  self->settings = gst_realtime_settings_copy (settings);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->host = *host;
  self->host_object = gst_object_ref (host_object);
  self->conversation = realtime_conversation_new ();
  self->epoch = GST_CLOCK_TIME_NONE;
  self->drain.manual = settings->config.turn_detection == REALTIME_TURNS_MANUAL;
  self->drain.silence_ms = settings->config.vad_silence_duration_ms >= 0 ?
      settings->config.vad_silence_duration_ms : DEFAULT_SILENCE_MS;
  self->drain.latency_ms = settings->latency_ms;

  return self;
}

void
gst_realtime_supervisor_start (GstRealtimeSupervisor * self)
{
  g_atomic_int_inc (&self->ref_count);
  g_thread_unref (g_thread_new ("realtime-session", session_thread, self));
  invoke (self, do_start, NULL, NULL);
}

void
gst_realtime_supervisor_take_token (GstRealtimeSupervisor * self,
    const gchar * token)
{
  invoke (self, do_take_token, g_strdup (token),
      (GDestroyNotify) realtime_secret_free);
}

void
gst_realtime_supervisor_set_epoch (GstRealtimeSupervisor * self,
    GstClockTime running_time)
{
  invoke (self, do_set_epoch, g_memdup2 (&running_time, sizeof (running_time)),
      g_free);
}

void
gst_realtime_supervisor_set_playing (GstRealtimeSupervisor * self,
    gboolean playing)
{
  invoke (self, do_set_playing, GINT_TO_POINTER (playing), NULL);
}

void
gst_realtime_supervisor_end_input (GstRealtimeSupervisor * self)
{
  invoke (self, do_end_input, NULL, NULL);
}

gboolean
gst_realtime_supervisor_send (GstRealtimeSupervisor * self,
    const gchar * event, GError ** error)
{
  JsonObject *object = realtime_json_parse_object (event, -1, error);
  gboolean typed;

  if (!object)
    return FALSE;
  typed = realtime_json_get_string (object, "type", NULL) != NULL;
  json_object_unref (object);
  if (!typed) {
    g_set_error_literal (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        "An event needs a member \"type\"");
    return FALSE;
  }
  if (!g_atomic_int_get (&self->can_send)) {
    g_set_error_literal (error, REALTIME_FAILURE, REALTIME_FAILURE_LINK_LOST,
        "There is no session to send to");
    return FALSE;
  }
  invoke (self, do_send, g_strdup (event), g_free);

  return TRUE;
}

void
gst_realtime_supervisor_stop (GstRealtimeSupervisor * self, gint64 timeout_us)
{
  gint64 deadline = g_get_monotonic_time () + timeout_us;

  g_atomic_int_set (&self->detached, TRUE);
  invoke (self, do_stop, NULL, NULL);
  g_mutex_lock (&self->lock);
  while (!self->stopped) {
    if (!g_cond_wait_until (&self->cond, &self->lock, deadline)) {
      GST_INFO ("the session ends in the background");
      break;
    }
  }
  g_mutex_unlock (&self->lock);
  supervisor_unref (self);
}
