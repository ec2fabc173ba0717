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

/* What the service has said may be this long on its way to an ear, beyond the
 * jitter buffer; longer if it is heard meanwhile, but not for ever: a line that
 * hums is never silent. */
#define SOUND_PATIENCE_MS 1500
#define MAX_SOUND_PATIENCE_MS 5000

static void
tell_output (GstRealtimeSupervisor * self, gboolean started, GstClockTime time)
{
  GstClockTime now = supervisor_get_now (self);

  supervisor_push_own_line (self, realtime_event_line_output (now,
          self->session, started, time,
          realtime_conversation_get_sounding_id (self->conversation)), now);
}

void
supervisor_begin_output (GstRealtimeSupervisor * self)
{
  if (self->settings->config.session_type != REALTIME_SESSION_TRANSCRIPTION)
    tell_output (self, FALSE, GST_CLOCK_TIME_NONE);
}

static gboolean
give_up_sound (gpointer user_data)
{
  GstRealtimeSupervisor *self = user_data;
  guint limit = MAX_SOUND_PATIENCE_MS + self->settings->link.latency_ms;

  if (!self->playing)
    return G_SOURCE_CONTINUE;
  self->sound_waited_ms += SOUND_PATIENCE_MS + self->settings->link.latency_ms;
  if (self->sounding && self->sound_waited_ms < limit)
    return G_SOURCE_CONTINUE;
  tell_output (self, FALSE, GST_CLOCK_TIME_NONE);
  gst_realtime_source_clear (&self->sound_timer);

  return G_SOURCE_REMOVE;
}

void
supervisor_watch_output (GstRealtimeSupervisor * self)
{
  if (!realtime_conversation_awaits_sound (self->conversation)) {
    gst_realtime_source_clear (&self->sound_timer);
    return;
  }
  if (self->sound_timer || !supervisor_has_host (self))
    return;
  self->sound_waited_ms = 0;
  self->sound_timer = supervisor_add_timer (self, SOUND_PATIENCE_MS
      + self->settings->link.latency_ms, give_up_sound);
  self->host.expect_silence (self->host_object);
}

typedef struct
{
  guint line;
  gboolean started;
  GstClockTime running_time;
} Sound;

static void
do_note_sound (GstRealtimeSupervisor * self, gpointer data)
{
  const Sound *sound = data;

  if (!self->connection || sound->line != self->output_line)
    return;
  self->sounding = sound->started;
  tell_output (self, sound->started, sound->running_time);
}

void
gst_realtime_supervisor_note_sound (GstRealtimeSupervisor * self, guint line,
    gboolean started, GstClockTime running_time)
{
  Sound sound = { line, started, running_time };

  supervisor_invoke (self, do_note_sound, g_memdup2 (&sound, sizeof (sound)),
      g_free);
}
