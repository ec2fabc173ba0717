/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "session/failure.h"
#include "session/json.h"
#include "session/eventline.h"
#include "supervisor-private.h"
#include "transport/source.h"

GST_DEBUG_CATEGORY (realtime_supervisor_debug);
#define GST_CAT_DEFAULT realtime_supervisor_debug

#define GAP_INTERVAL_MS 500

GstRealtimeSupervisor *
supervisor_ref (GstRealtimeSupervisor * self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
supervisor_unref (GstRealtimeSupervisor * self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  supervisor_config_clear (self);
  supervisor_budget_clear (self);
  supervisor_recovery_clear (self);
  realtime_response_queue_free (self->turns.responses);
  realtime_call_list_free (self->calls);
  gst_realtime_watchdog_clear (&self->watchdog);
  gst_realtime_settings_free (self->settings);
  realtime_conversation_free (self->conversation);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_clear_pointer (&self->session_object, json_object_unref);
  g_free (self->reason);
  g_free (self);
}

/* --- jobs: what other threads want done on the session thread --- */

typedef struct
{
  GstRealtimeSupervisor *self;
  SupervisorJobFunc func;
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

void
supervisor_invoke (GstRealtimeSupervisor * self, SupervisorJobFunc func,
    gpointer data, GDestroyNotify notify)
{
  Job *job = g_new0 (Job, 1);
  GSource *source = g_idle_source_new ();

  job->self = supervisor_ref (self);
  job->func = func;
  job->data = data;
  job->notify = notify;

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, job_run, job, job_free);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

GSource *
supervisor_add_timer (GstRealtimeSupervisor * self, guint ms, GSourceFunc func)
{
  return gst_realtime_source_add_timeout (self->context, ms, func, self, NULL);
}

/* --- from the element --- */

static gboolean
tell_gap (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  realtime_conversation_pass_time (self->conversation,
      supervisor_get_now (self), supervisor_conversation_changed, self);
  supervisor_watchdog_check (self);
  supervisor_translation_count (self, FALSE);
  if (supervisor_has_host (self))
    self->host.push_gap (supervisor_get_now (self), self->host_object);

  return G_SOURCE_CONTINUE;
}

void
supervisor_start_session (GstRealtimeSupervisor * self)
{
  supervisor_budget_start (self);
  self->gap_timer = supervisor_add_timer (self, GAP_INTERVAL_MS, tell_gap);
  supervisor_config_take_over (self);
  supervisor_connect (self);
}

static void
do_start (GstRealtimeSupervisor * self, gpointer unused)
{
  const GstRealtimeSettings *settings = self->settings;
  GError *error = NULL;

  if (self->stopping)
    return;

  self->signalling = realtime_signalling_new (settings->base_url);
  realtime_signalling_set_service (self->signalling, settings->service);
  realtime_signalling_set_translates (self->signalling,
      self->session_type == REALTIME_SESSION_TRANSLATION);
  if (settings->sdp_url && *settings->sdp_url)
    realtime_signalling_set_sdp_url (self->signalling, settings->sdp_url);
  realtime_signalling_set_offer_format (self->signalling,
      settings->offer_format);
  if (!realtime_signalling_set_tls (self->signalling, settings->ssl_strict,
          settings->ssl_ca_file, &error) ||
      !gst_realtime_settings_apply_headers (settings, self->signalling,
          &error) || (settings->http_proxy
          && !realtime_signalling_set_proxy (self->signalling,
              settings->http_proxy, &error))) {
    supervisor_fail (self, error);
    g_clear_error (&error);
    return;
  }

  supervisor_start_session (self);
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
do_start_speech (GstRealtimeSupervisor * self, gpointer running_time)
{
  supervisor_segments_start (self, *(GstClockTime *) running_time);
}

static void
do_stop_speech (GstRealtimeSupervisor * self, gpointer running_time)
{
  supervisor_segments_stop (self, *(GstClockTime *) running_time);
}

static void
do_end_input (GstRealtimeSupervisor * self, gpointer unused)
{
  if (!self->stopping)
    supervisor_take_end_of_input (self);
}

static void
do_set_config (GstRealtimeSupervisor * self, gpointer config)
{
  if (!self->stopping)
    supervisor_config_want (self, config);
}

static void
do_set_limits (GstRealtimeSupervisor * self, gpointer limits)
{
  supervisor_budget_set_limits (self, limits);
}

static void
do_stop (GstRealtimeSupervisor * self, gpointer unused)
{
  GstObject *host_object;

  self->stopping = TRUE;
  supervisor_config_stop (self);
  supervisor_budget_stop (self);
  supervisor_recovery_stop (self);
  gst_realtime_source_clear (&self->drain_timer);
  gst_realtime_source_clear (&self->gap_timer);
  gst_realtime_source_clear (&self->sound_timer);
  supervisor_close_connection (self);
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
  RealtimeTurnDetection turns;

  if (g_once_init_enter (&once)) {
    GST_DEBUG_CATEGORY_INIT (realtime_supervisor_debug, "realtimesupervisor",
        0, "keeps elements in session");
    g_once_init_leave (&once, 1);
  }

  self->ref_count = 1;
  self->settings = gst_realtime_settings_copy (settings);
  supervisor_config_init (self);
  supervisor_budget_init (self);
  supervisor_recovery_init (self);
  self->session_type = settings->config.session_type;
  self->turns.responses = realtime_response_queue_new ();
  self->talk.end = GST_CLOCK_TIME_NONE;
  self->calls = realtime_call_list_new ();
  gst_realtime_watchdog_init (&self->watchdog);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->host = *host;
  self->host_object = gst_object_ref (host_object);
  self->conversation = realtime_conversation_new ();
  turns = realtime_session_config_get_turns (&settings->config);
  self->drain.manual = turns == REALTIME_TURNS_MANUAL;
  self->drain.client = turns == REALTIME_TURNS_CLIENT;
  self->drain.silence_ms = settings->config.vad_silence_duration_ms >= 0 ?
      settings->config.vad_silence_duration_ms : SUPERVISOR_DEFAULT_SILENCE_MS;
  self->drain.latency_ms = settings->link.latency_ms;

  return self;
}

void
gst_realtime_supervisor_start (GstRealtimeSupervisor * self)
{
  g_thread_unref (g_thread_new ("realtime-session", session_thread,
          supervisor_ref (self)));
  supervisor_invoke (self, do_start, NULL, NULL);
}

void
gst_realtime_supervisor_take_token (GstRealtimeSupervisor * self,
    const gchar * token)
{
  supervisor_invoke (self, do_take_token, g_strdup (token),
      (GDestroyNotify) realtime_secret_free);
}

void
gst_realtime_supervisor_tell_speech (GstRealtimeSupervisor * self,
    gboolean started, GstClockTime running_time)
{
  supervisor_invoke (self, started ? do_start_speech : do_stop_speech,
      g_memdup2 (&running_time, sizeof (running_time)), g_free);
}

void
gst_realtime_supervisor_set_playing (GstRealtimeSupervisor * self,
    gboolean playing)
{
  supervisor_invoke (self, do_set_playing, GINT_TO_POINTER (playing), NULL);
}

void
gst_realtime_supervisor_end_input (GstRealtimeSupervisor * self)
{
  supervisor_invoke (self, do_end_input, NULL, NULL);
}

static void
free_config (gpointer config)
{
  realtime_session_config_clear (config);
  g_free (config);
}

void
gst_realtime_supervisor_set_config (GstRealtimeSupervisor * self,
    const RealtimeSessionConfig * config)
{
  RealtimeSessionConfig *copy = g_new (RealtimeSessionConfig, 1);

  realtime_session_config_copy (config, copy);
  supervisor_invoke (self, do_set_config, copy, free_config);
}

void
gst_realtime_supervisor_set_limits (GstRealtimeSupervisor * self,
    const GstRealtimeLimits * limits)
{
  supervisor_invoke (self, do_set_limits, g_memdup2 (limits, sizeof (*limits)),
      g_free);
}

void
gst_realtime_supervisor_stop (GstRealtimeSupervisor * self, gint64 timeout_us)
{
  gint64 deadline = g_get_monotonic_time () + timeout_us;

  g_atomic_int_set (&self->detached, TRUE);
  supervisor_invoke (self, do_stop, NULL, NULL);
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
