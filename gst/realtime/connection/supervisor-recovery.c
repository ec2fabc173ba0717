/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "session/failure.h"
#include "session/history.h"
#include "supervisor-private.h"
#include "transport/source.h"

GST_DEBUG_CATEGORY_EXTERN (realtime_supervisor_debug);
#define GST_CAT_DEFAULT realtime_supervisor_debug

static gboolean
is_persistent (GstRealtimeSupervisor * self)
{
  return self->settings->on_failure == GST_REALTIME_ON_FAILURE_CONTINUE;
}

void
supervisor_recovery_init (GstRealtimeSupervisor * self)
{
  const GstRealtimeSettings *settings = self->settings;

  realtime_retry_init (&self->recovery.retry, settings->retry_delay_min_ms,
      settings->retry_delay_max_ms, is_persistent (self) ?
      REALTIME_RETRY_FOREVER : settings->max_retries);
}

void
supervisor_recovery_clear (GstRealtimeSupervisor * self)
{
  g_clear_error (&self->recovery.lost);
  g_free (self->recovery.items);
}

void
supervisor_recovery_stop (GstRealtimeSupervisor * self)
{
  gst_realtime_source_clear (&self->recovery.timer);
}

gboolean
supervisor_recovery_is_on (GstRealtimeSupervisor * self)
{
  return self->recovery.attempt > 0;
}

static gboolean
try_again (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  gst_realtime_source_clear (&self->recovery.timer);
  supervisor_config_take_over (self);
  supervisor_connect (self);

  return G_SOURCE_REMOVE;
}

void
supervisor_recovery_remember (GstRealtimeSupervisor * self)
{
  g_autofree gchar *said = NULL;

  supervisor_history_tell (self);
  if (self->session_type != REALTIME_SESSION_CONVERSATION)
    return;
  said = realtime_conversation_to_json (self->conversation);
  g_free (self->recovery.items);
  self->recovery.items = realtime_history_replay (said);
}

/* There is no session now: nothing of the one before is to have an effect on the
 * next. The state is told when nobody can take it for one to send to. */
static void
leave_session (GstRealtimeSupervisor * self, const gchar * reason)
{
  gboolean was_configured = self->connection
      && gst_realtime_connection_is_configured (self->connection);

  if (was_configured)
    supervisor_translation_count (self, TRUE);
  gst_realtime_source_clear (&self->sound_timer);
  self->sounding = FALSE;
  self->awaited = 0;
  supervisor_close_connection (self);
  supervisor_talk_begin (self);
  supervisor_segments_begin (self);
  supervisor_set_state (self, REALTIME_CONNECTION_RECONNECTING, reason);
  if (was_configured) {
    realtime_conversation_lose_session (self->conversation,
        supervisor_get_now (self), supervisor_conversation_changed, self);
    supervisor_recovery_remember (self);
  }
  if (is_persistent (self) && supervisor_has_host (self))
    self->host.go_on_without (self->host_object);
}

static void
reconnect_in (GstRealtimeSupervisor * self, guint ms, const gchar * reason)
{
  SupervisorRecovery *recovery = &self->recovery;

  recovery->attempt = MAX (recovery->retry.attempt, 1);
  recovery->up_since = 0;
  GST_INFO ("attempt %u in %u ms: %s", recovery->attempt, ms, reason);
  leave_session (self, reason);
  gst_realtime_source_clear (&recovery->timer);
  recovery->timer = supervisor_add_timer (self, ms, try_again);
}

/* How long what was lost has lasted decides whether it was worth its attempts. */
static void
count_up_time (GstRealtimeSupervisor * self)
{
  SupervisorRecovery *recovery = &self->recovery;

  if (recovery->up_since > 0)
    realtime_retry_note_lasted (&recovery->retry,
        (g_get_monotonic_time () - recovery->up_since) / 1000);
}

/* Of what goes on in the middle of a sentence. */
static gchar *
dup_clause (const GError * error)
{
  gchar *clause = g_strdup (error->message);
  gsize length = strlen (clause);

  if (length > 0 && clause[length - 1] == '.')
    clause[length - 1] = '\0';
  return clause;
}

/* Copies what is known of @from, for a text of its own. */
static GError *
reword (const GError * from, RealtimeFailure kind, gchar * text)
{
  GError *error = g_error_new_literal (REALTIME_FAILURE, kind, text);

  realtime_failure_set_http (error, realtime_failure_get_http_status (from),
      realtime_failure_get_code (from), realtime_failure_get_request_id (from),
      realtime_failure_get_retry_after (from));
  g_free (text);
  return error;
}

static void
warn_of_attempt (GstRealtimeSupervisor * self, const GError * error, guint ms)
{
  SupervisorRecovery *recovery = &self->recovery;
  g_autofree gchar *what = dup_clause (error);
  g_autofree gchar *of = is_persistent (self) ? g_strdup ("") :
      g_strdup_printf (" of %u", self->settings->max_retries);
  const gchar *code = realtime_failure_get_code (error);
  GError *warning = reword (error, error->code,
      g_strdup_printf ("%s. Attempt %u%s to reconnect follows in %.1f s.",
          what, recovery->retry.attempt, of, ms / 1000.0));

  supervisor_warn_of_failure (self, code ? code : "connection_lost", warning);
  g_error_free (warning);
}

/* The attempts are used up, if there were to be any. */
static void
give_up (GstRealtimeSupervisor * self, const GError * error)
{
  SupervisorRecovery *recovery = &self->recovery;
  guint attempts = recovery->retry.attempt;
  g_autofree gchar *last = dup_clause (error);
  g_autofree gchar *first = NULL;
  GError *failure;

  if (attempts == 0) {
    supervisor_fail (self, error);
    return;
  }
  if (recovery->lost) {
    first = dup_clause (recovery->lost);
    failure = reword (error, recovery->lost->code,
        g_strdup_printf
        ("%s. After %u attempt%s to reconnect (max-retries): %s", first,
            attempts, attempts == 1 ? "" : "s", last));
  } else {
    failure = reword (error, error->code,
        g_strdup_printf ("%s, again and again: it was reconnected %u times in "
            "a row (max-retries)", last, attempts));
  }
  supervisor_fail (self, failure);
  g_error_free (failure);
}

void
supervisor_recovery_lose (GstRealtimeSupervisor * self, const GError * error)
{
  SupervisorRecovery *recovery = &self->recovery;
  guint ms;

  count_up_time (self);
  /* what is to be heard to its end was heard by the session that is lost */
  if (!self->settings->reconnect || self->drain_timer
      || !realtime_retry_is_worth (error, recovery->established,
          is_persistent (self))) {
    supervisor_fail (self, error);
    return;
  }
  if (!realtime_retry_next (&recovery->retry,
          realtime_failure_get_retry_after (error), &ms)) {
    give_up (self, error);
    return;
  }
  if (!recovery->lost)
    recovery->lost = g_error_copy (error);
  warn_of_attempt (self, error, ms);
  reconnect_in (self, ms, error->message);
}

void
supervisor_recovery_succeed (GstRealtimeSupervisor * self)
{
  SupervisorRecovery *recovery = &self->recovery;

  recovery->established = TRUE;
  recovery->attempt = 0;
  recovery->up_since = g_get_monotonic_time ();
  g_clear_error (&recovery->lost);
}

/* A job of the session thread. */
void
supervisor_recovery_begin (GstRealtimeSupervisor * self, gpointer unused)
{
  SupervisorRecovery *recovery = &self->recovery;
  guint ms;

  if (self->stopping || self->drained || self->failed || self->drain_timer)
    return;
  if (recovery->timer) {
    /* the attempt that is waited for is made now */
    gst_realtime_source_clear (&recovery->timer);
    recovery->timer = supervisor_add_timer (self, 0, try_again);
    return;
  }
  if (!self->connection
      || !gst_realtime_connection_is_configured (self->connection))
    return;
  count_up_time (self);
  recovery->lost = g_error_new_literal (REALTIME_FAILURE,
      REALTIME_FAILURE_LINK_LOST, "The session was dropped to be made anew");
  realtime_retry_next (&recovery->retry, 0, &ms);
  reconnect_in (self, 0, "reconnect");
}
