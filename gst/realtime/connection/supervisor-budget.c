/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "pricetable.h"
#include "session/eventline.h"
#include "session/failure.h"
#include "session/json.h"
#include "supervisor-private.h"
#include "transport/source.h"

GST_DEBUG_CATEGORY_EXTERN (realtime_supervisor_debug);
#define GST_CAT_DEFAULT realtime_supervisor_debug

#define CHECK_INTERVAL_MS 100

static gboolean check_time (gpointer user_data);

static gboolean
is_in_session (GstRealtimeSupervisor * self)
{
  return self->connection && self->playing && !self->drain_timer
      && gst_realtime_connection_is_configured (self->connection);
}

static gboolean
is_idle (GstRealtimeSupervisor * self)
{
  RealtimeConversation *conversation = self->conversation;

  return self->turn == REALTIME_TURN_IDLE
      && realtime_conversation_get_turn (conversation) == REALTIME_TURN_IDLE
      && !realtime_conversation_has_active_response (conversation)
      && realtime_conversation_get_pending_transcripts (conversation) == 0;
}

static void
check (GstRealtimeSupervisor * self, gint64 passed_us)
{
  SupervisorBudget *budget = &self->budget;
  GstRealtimeBudgetStep step;
  const gchar *limit;

  do {
    g_autofree gchar *message = NULL;
    g_autofree gchar *code = NULL;

    step = gst_realtime_budget_check (&budget->budget, passed_us,
        is_idle (self), realtime_cost_get_usd (&budget->cost), &limit,
        &message);
    passed_us = 0;
    if (step == GST_REALTIME_BUDGET_WITHIN)
      return;
    code = g_strdelimit (g_strconcat (limit, step == GST_REALTIME_BUDGET_NEAR ?
            "-near" : "", NULL), "-", '_');
    supervisor_warn (self, code, message);
  } while (step == GST_REALTIME_BUDGET_NEAR);

  gst_realtime_source_clear (&budget->timer);
  supervisor_end_in_order (self, limit);
}

static gboolean
check_time (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;
  gint64 now = g_get_monotonic_time ();
  gint64 passed = now - self->budget.checked_at;

  self->budget.checked_at = now;
  if (is_in_session (self))
    check (self, passed);

  return G_SOURCE_CONTINUE;
}

static void
set_timer (GstRealtimeSupervisor * self)
{
  SupervisorBudget *budget = &self->budget;
  gboolean wanted = gst_realtime_budget_has_timeout (&budget->budget)
      && !self->drained && !self->failed && !self->stopping;

  if (!wanted) {
    gst_realtime_source_clear (&budget->timer);
  } else if (!budget->timer) {
    budget->checked_at = g_get_monotonic_time ();
    budget->timer = supervisor_add_timer (self, CHECK_INTERVAL_MS, check_time);
  }
}

void
supervisor_budget_init (GstRealtimeSupervisor * self)
{
  GError *error = NULL;

  self->budget.budget.limits = self->settings->limits;
  self->budget.prices = gst_realtime_price_table_load (self->settings->prices,
      &error);
  if (error)
    GST_INFO ("%s", error->message);
  g_clear_error (&error);
}

void
supervisor_budget_clear (GstRealtimeSupervisor * self)
{
  realtime_prices_free (self->budget.prices);
  g_free (self->budget.model);
  g_free (self->budget.transcription_model);
}

void
supervisor_budget_start (GstRealtimeSupervisor * self)
{
  set_timer (self);
}

void
supervisor_budget_stop (GstRealtimeSupervisor * self)
{
  gst_realtime_source_clear (&self->budget.timer);
}

void
supervisor_budget_set_limits (GstRealtimeSupervisor * self,
    const GstRealtimeLimits * limits)
{
  self->budget.budget.limits = *limits;
  set_timer (self);
  if (is_in_session (self))
    check (self, 0);
}

static void
take_model (gchar ** model, const gchar * name)
{
  if (!name || !*name)
    return;
  g_free (*model);
  *model = g_strdup (name);
}

void
supervisor_budget_handle (GstRealtimeSupervisor * self, const gchar * type,
    JsonObject * event)
{
  const gchar *beta;

  if (!g_str_has_prefix (type, "session.")
      && !g_str_has_prefix (type, "transcription_session."))
    return;
  take_model (&self->budget.model, realtime_json_get_string (event,
          "session.model", NULL));
  beta = realtime_json_get_string (event,
      "session.input_audio_transcription.model", NULL);
  take_model (&self->budget.transcription_model,
      realtime_json_get_string (event,
          "session.audio.input.transcription.model", beta));
}

/* Counts without their cost are worth less; a budget that does not hold is
 * worth a warning. Said once. */
static void
tell_missing (GstRealtimeSupervisor * self, const gchar * what)
{
  const RealtimePrices *prices = self->budget.prices;
  gboolean limited = self->budget.budget.limits.max_cost_usd > 0;
  g_autofree gchar *where = prices ?
      g_strdup_printf ("the table of prices of %s",
      realtime_prices_get_date (prices)) :
      g_strdup ("this machine, which has no table of prices,");
  g_autofree gchar *message = g_strdup_printf ("In %s there is no price for %s:"
      " usage is counted without its cost%s. The property prices names another "
      "table.", where, what, limited ? ", and max-cost does not hold" : "");

  if (limited)
    supervisor_warn (self, "no_price", message);
  else
    supervisor_tell_error (self, "no_price", message, 0, FALSE, NULL);
}

void
supervisor_budget_count (GstRealtimeSupervisor * self,
    const RealtimeUsage * usage)
{
  SupervisorBudget *budget = &self->budget;
  GstClockTime now = supervisor_get_now (self);
  g_autofree gchar *missing = realtime_cost_add (&budget->cost,
      budget->prices, budget->model, budget->transcription_model,
      &budget->usage, usage);

  budget->usage = *usage;
  budget->usage.cost_usd = realtime_cost_get_usd (&budget->cost);
  if (supervisor_has_host (self))
    self->host.usage (&budget->usage, self->host_object);
  supervisor_push_line (self, realtime_event_line_usage (now, self->session,
          &budget->usage), now);
  if (missing)
    tell_missing (self, missing);
  if (is_in_session (self))
    check (self, 0);
}
