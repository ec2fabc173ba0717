/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "conversation.h"
#include "json.h"
#include "timeline.h"

#define NS_PER_MS G_GUINT64_CONSTANT (1000000)
/* Above what any VAD is set to; a server cannot push words further away. */
#define MAX_VAD_MS 10000

void
realtime_timeline_init (RealtimeTimeline * self)
{
  self->epoch = REALTIME_TIME_NONE;
  self->padding_ms = self->hangover_ms = 0;
  self->turn_end_ms = self->heard_ms = 0;
  self->cleared = FALSE;
}

void
realtime_timeline_configure (RealtimeTimeline * self, JsonObject * session)
{
  const gchar *path = "audio.input.turn_detection";
  JsonObject *vad;

  if (!realtime_json_has (session, path))
    path = "turn_detection";
  if (!realtime_json_has (session, path))
    return;

  /* an update may turn the VAD off; semantic VAD names no numbers */
  vad = realtime_json_get_object (session, path);
  self->padding_ms = CLAMP (realtime_json_get_int (vad, "prefix_padding_ms",
          0), 0, MAX_VAD_MS);
  self->hangover_ms = CLAMP (realtime_json_get_int (vad,
          "silence_duration_ms", 0), 0, MAX_VAD_MS);
}

gboolean
realtime_timeline_is_padded (const RealtimeTimeline * self,
    guint64 audio_start_ms)
{
  return audio_start_ms != 0 && audio_start_ms != self->turn_end_ms;
}

guint64
realtime_timeline_words_start (const RealtimeTimeline * self,
    guint64 audio_start_ms)
{
  /* Where there was less room before the words than the padding takes, what is
   * reported is the room's edge, and the words begin anywhere from there to
   * the whole padding: the middle is never wrong by more than half of it. */
  if (!realtime_timeline_is_padded (self, audio_start_ms))
    return audio_start_ms + self->padding_ms / 2;
  return audio_start_ms + self->padding_ms;
}

guint64
realtime_timeline_words_end (RealtimeTimeline * self, guint64 start_ms,
    guint64 audio_end_ms)
{
  guint64 end_ms = audio_end_ms > self->hangover_ms ?
      audio_end_ms - self->hangover_ms : 0;

  self->turn_end_ms = audio_end_ms;
  self->heard_ms = MAX (self->heard_ms, audio_end_ms);
  if (start_ms != REALTIME_TIME_NONE)
    end_ms = MAX (end_ms, start_ms);
  return end_ms;
}

guint64
realtime_timeline_running_time (guint64 epoch, guint64 ms)
{
  if (epoch == REALTIME_TIME_NONE || ms == REALTIME_TIME_NONE)
    return REALTIME_TIME_NONE;
  return MAX ((gint64) (epoch + ms * NS_PER_MS), 0);
}

guint64
realtime_timeline_ms (guint64 epoch, guint64 running_time)
{
  if (epoch == REALTIME_TIME_NONE || running_time == REALTIME_TIME_NONE)
    return REALTIME_TIME_NONE;
  return MAX ((gint64) (running_time - epoch), 0) / NS_PER_MS;
}
