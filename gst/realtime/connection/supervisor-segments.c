/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "session/clientevent.h"
#include "session/eventline.h"
#include "session/json.h"
#include "session/timeline.h"
#include "supervisor-private.h"

GST_DEBUG_CATEGORY_EXTERN (realtime_supervisor_debug);
#define GST_CAT_DEFAULT realtime_supervisor_debug

/* A session whose service looks for no turns (turn-detection=client): the host
 * finds them, here they are told and committed. */

static guint64
to_input_ms (GstRealtimeSupervisor * self, GstClockTime running_time)
{
  guint64 ms = realtime_timeline_ms (supervisor_get_epoch (self),
      running_time);

  return ms == REALTIME_TIME_NONE ? 0 : ms;
}

static void
tell_stop (GstRealtimeSupervisor * self, GstClockTime running_time,
    const gchar * commit_event_id)
{
  GstClockTime now = supervisor_get_now (self);

  self->segments.open = FALSE;
  supervisor_push_own_line (self, realtime_event_line_speech_stopped (now,
          self->session, to_input_ms (self, running_time), commit_event_id),
      now);
}

void
supervisor_segments_begin (GstRealtimeSupervisor * self)
{
  self->segments.ours = self->segments.open = FALSE;
  self->segments.services = FALSE;
}

void
supervisor_segments_drop (GstRealtimeSupervisor * self)
{
  if (self->segments.open)
    tell_stop (self, supervisor_get_now (self), NULL);
}

void
supervisor_segments_update (GstRealtimeSupervisor * self)
{
  const RealtimeSessionConfig *config = &self->config.told;
  gboolean ours = !self->segments.services
      && realtime_session_config_get_turns (config) == REALTIME_TURNS_CLIENT;

  if (!self->connection
      || !gst_realtime_connection_is_configured (self->connection))
    return;
  self->drain.client = ours;
  if (!ours && !self->segments.ours)
    return;
  if (ours) {
    self->drain.silence_ms = config->vad_silence_duration_ms >= 0 ?
        config->vad_silence_duration_ms : SUPERVISOR_DEFAULT_SILENCE_MS;
  } else {
    supervisor_segments_drop (self);
  }
  if (self->segments.ours != ours)
    GST_INFO ("turns are found by %s", ours ? "us" : "others");
  self->segments.ours = ours;
  if (supervisor_has_host (self))
    self->host.find_turns (ours ? config : NULL, self->host_object);
}

void
supervisor_segments_read (GstRealtimeSupervisor * self, JsonObject * event)
{
  static const gchar path[] = "session.audio.input.turn_detection";

  if (realtime_json_has (event, path))
    self->segments.services = realtime_json_get_object (event, path) != NULL;
}

gboolean
supervisor_segments_reply (GstRealtimeSupervisor * self)
{
  const RealtimeSessionConfig *config = &self->config.told;

  return self->segments.ours && !self->end_reason && config->create_response
      && config->session_type == REALTIME_SESSION_CONVERSATION;
}

void
supervisor_segments_start (GstRealtimeSupervisor * self,
    GstClockTime running_time)
{
  GstClockTime now = supervisor_get_now (self);

  if (!self->connection || self->segments.open)
    return;
  /* what the service's turn detection would do by itself, or later */
  supervisor_turns_hear_speech (self);
  if (!self->segments.ours)
    return;
  self->segments.open = TRUE;
  supervisor_push_own_line (self, realtime_event_line_speech_started (now,
          self->session, to_input_ms (self, running_time)), now);
}

void
supervisor_segments_stop (GstRealtimeSupervisor * self,
    GstClockTime running_time)
{
  g_autofree gchar *id = NULL;

  if (!self->connection || !self->segments.open)
    return;
  id = realtime_client_event_make_id ("commit", ++self->commits);
  /* first told, then sent: the answer is about it */
  tell_stop (self, running_time, id);
  supervisor_commit (self, id, supervisor_segments_reply (self));
}
