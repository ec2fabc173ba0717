/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "session/eventline.h"
#include "supervisor-private.h"
#include "transport/source.h"

GST_DEBUG_CATEGORY_EXTERN (realtime_supervisor_debug);
#define GST_CAT_DEFAULT realtime_supervisor_debug

/* Media and events take different ways: silence for this long leaves before a
 * commit does, so that the last word is in what is committed. */
#define MARGIN (150 * GST_MSECOND)
/* The service refuses to commit less. */
#define SHORTEST (100 * GST_MSECOND)
/* Audio that has not left by then does not come: the source has stopped. */
#define LEAVE_LIMIT_MS 2000

static GstClockTime
get_position (GstRealtimeSupervisor * self)
{
  GstRealtimeInput input = { GST_CLOCK_TIME_NONE, };

  if (self->host_object)
    self->host.get_input (&input, self->host_object);

  return input.position;
}

static void
mute_from (GstRealtimeSupervisor * self, GstClockTime running_time)
{
  if (supervisor_has_host (self))
    self->host.mute_from (running_time, self->host_object);
}

static gboolean
is_in_session (GstRealtimeSupervisor * self)
{
  return self->connection
      && gst_realtime_connection_is_configured (self->connection);
}

static gboolean
answers (GstRealtimeSupervisor * self)
{
  return self->session_type == REALTIME_SESSION_CONVERSATION
      && self->config.told.create_response;
}

static void
tell_released (GstRealtimeSupervisor * self, gboolean committed, gboolean reply)
{
  GstClockTime now = supervisor_get_now (self);

  supervisor_push_own_line (self, realtime_event_line_talk_released (now,
          self->session, self->talk.start, self->talk.end, committed, reply),
      now);
}

static gboolean
is_manual (GstRealtimeSupervisor * self)
{
  return self->drain.manual
      && self->config.told.turn_detection != REALTIME_TURNS_CLIENT;
}

static void
send_clear (GstRealtimeSupervisor * self, const gchar * action)
{
  supervisor_turns_deliver_plain (self, action, "input_audio_buffer.clear");
}

static void
send_commit (GstRealtimeSupervisor * self, const gchar * action)
{
  g_autofree gchar *id = supervisor_make_id (self, action);

  supervisor_commit (self, id, FALSE);
}

/* --- audio on its way out --- */

static void
end_leaving (GstRealtimeSupervisor * self)
{
  self->talk.leaving = NULL;
  gst_realtime_source_clear (&self->talk.limit);
  if (supervisor_has_host (self))
    self->host.watch_input (GST_CLOCK_TIME_NONE, self->host_object);
}

/* All has left, or is not waited for any longer. */
static void
commit_what_left (GstRealtimeSupervisor * self, gboolean respond)
{
  SupervisorTalk *talk = &self->talk;
  const gchar *action = talk->leaving;
  gboolean by_talk = g_str_equal (action, "talk");
  GstClockTime position = get_position (self);
  gboolean enough = !by_talk || (GST_CLOCK_TIME_IS_VALID (position)
      && position >= talk->start + SHORTEST);

  end_leaving (self);
  if (enough)
    send_commit (self, action);
  else
    send_clear (self, action);
  if (by_talk) {
    respond &= enough && answers (self);
    tell_released (self, enough, respond);
    if (respond)
      supervisor_turns_ask_reply (self, NULL);
  }
  supervisor_turns_pump (self);
}

static gboolean
leaves_no_more (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;

  GST_INFO ("the input stands still");
  commit_what_left (self, TRUE);

  return G_SOURCE_REMOVE;
}

static void
commit_when_left (GstRealtimeSupervisor * self, const gchar * action,
    GstClockTime running_time)
{
  SupervisorTalk *talk = &self->talk;

  if (talk->leaving)
    commit_what_left (self, TRUE);
  talk->leaving = action;
  talk->left_at = running_time + MARGIN;
  talk->limit = supervisor_add_timer (self, LEAVE_LIMIT_MS, leaves_no_more);
  if (supervisor_has_host (self))
    self->host.watch_input (talk->left_at, self->host_object);
}

void
supervisor_talk_passed (GstRealtimeSupervisor * self, gpointer position)
{
  if (self->talk.leaving && *(GstClockTime *) position >= self->talk.left_at)
    commit_what_left (self, TRUE);
}

/* --- the button --- */

static void
press (GstRealtimeSupervisor * self)
{
  SupervisorTalk *talk = &self->talk;
  GstClockTime now;

  /* who goes on at once has not waited for an answer */
  if (talk->leaving)
    commit_what_left (self, FALSE);
  talk->on = TRUE;
  talk->start = supervisor_get_now (self);
  talk->end = GST_CLOCK_TIME_NONE;
  supervisor_turns_interrupt (self, "talk");
  send_clear (self, "talk");
  mute_from (self, GST_CLOCK_TIME_NONE);
  now = supervisor_get_now (self);
  supervisor_push_own_line (self, realtime_event_line_talk_pressed (now,
          self->session, talk->start), now);
}

static void
release (GstRealtimeSupervisor * self)
{
  SupervisorTalk *talk = &self->talk;

  talk->on = FALSE;
  talk->end = MAX (supervisor_get_now (self), talk->start);
  mute_from (self, talk->end);
  if (talk->end - talk->start >= SHORTEST) {
    commit_when_left (self, "talk", talk->end);
    return;
  }
  send_clear (self, "talk");
  tell_released (self, FALSE, FALSE);
  supervisor_turns_pump (self);
}

/* The session, or its turn detection, is new: does what the button says. */
void
supervisor_talk_apply (GstRealtimeSupervisor * self)
{
  SupervisorTalk *talk = &self->talk;

  if (!talk->used)
    return;
  if (!is_manual (self))
    mute_from (self, GST_CLOCK_TIME_NONE);
  else if (!talk->pressed)
    mute_from (self, GST_CLOCK_TIME_IS_VALID (talk->end) ? talk->end : 0);
  else if (!talk->on && is_in_session (self))
    press (self);
}

void
supervisor_talk_set (GstRealtimeSupervisor * self, gpointer pressed)
{
  SupervisorTalk *talk = &self->talk;

  talk->pressed = GPOINTER_TO_INT (pressed);
  talk->used = TRUE;
  if (self->input_ended)
    return;
  if (!is_manual (self)) {
    if (talk->pressed)
      supervisor_warn (self, "talk_without_manual",
          "The property talk has no effect: it needs turn-detection=manual.");
  } else if (talk->on && !talk->pressed) {
    release (self);
  } else {
    supervisor_talk_apply (self);
  }
}

gboolean
supervisor_talk_is_on (GstRealtimeSupervisor * self)
{
  return self->talk.leaving || (self->talk.on && is_manual (self));
}

/* --- by hand --- */

void
supervisor_talk_commit (GstRealtimeSupervisor * self, gpointer unused)
{
  GstClockTime position = get_position (self);

  if (!is_in_session (self))
    return;
  if (!GST_CLOCK_TIME_IS_VALID (position))
    send_commit (self, "commit-input");
  else
    commit_when_left (self, "commit-input", supervisor_get_now (self));
}

void
supervisor_talk_clear (GstRealtimeSupervisor * self, gpointer unused)
{
  if (!is_in_session (self))
    return;
  if (self->talk.leaving)
    commit_what_left (self, TRUE);
  send_clear (self, "clear-input");
}

/* --- life --- */

/* Returns whether what the service holds is a turn still to be committed. */
gboolean
supervisor_talk_end_input (GstRealtimeSupervisor * self)
{
  SupervisorTalk *talk = &self->talk;

  if (!talk->used || !is_manual (self))
    return TRUE;
  if (!talk->on)
    return FALSE;
  /* the end of the input is the end of the turn; the drain commits it */
  talk->on = FALSE;
  talk->end = MAX (supervisor_get_now (self), talk->start);
  tell_released (self, TRUE, answers (self));

  return TRUE;
}

void
supervisor_talk_begin (GstRealtimeSupervisor * self)
{
  if (self->talk.leaving)
    end_leaving (self);
  self->talk.on = FALSE;
  self->talk.end = GST_CLOCK_TIME_NONE;
}

void
supervisor_talk_stop (GstRealtimeSupervisor * self)
{
  gst_realtime_source_clear (&self->talk.limit);
}
