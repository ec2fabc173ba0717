/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "drain.h"

/* Media and events take different ways: what the server heard last is on its
 * way to the recogniser while the channel is already quiet. */
#define MARGIN_MS 300
/* Quiet for this long is the end... */
#define QUIET_MS 1000
/* ...unless there was sound after the last turn that the server told of. It
 * may be noise; a busy recogniser may also just not have come to it. */
#define QUIET_AFTER_SOUND_MS 4000

static gboolean
is_pending (RealtimeConversation * conversation, guint awaited)
{
  return awaited > 0
      || realtime_conversation_get_pending_transcripts (conversation) > 0
      || realtime_conversation_is_user_speaking (conversation)
      || realtime_conversation_has_active_response (conversation)
      || realtime_conversation_is_output_playing (conversation)
      || realtime_conversation_get_turn (conversation) ==
      REALTIME_TURN_THINKING;
}

static gboolean
has_unanswered_sound (RealtimeConversation * conversation,
    const GstRealtimeInput * input, GstClockTime epoch)
{
  guint64 heard =
      realtime_conversation_get_heard_ms (conversation) * GST_MSECOND;

  return GST_CLOCK_TIME_IS_VALID (input->last_sound)
      && GST_CLOCK_TIME_IS_VALID (epoch)
      && (gint64) input->last_sound > (gint64) (epoch + heard);
}

/* What our VAD left is to be committed: what the service has already words of,
 * or all of an input in which it found nothing, though there was sound. */
static gboolean
has_remainder (RealtimeConversation * conversation,
    const GstRealtimeInput * input, GstClockTime epoch)
{
  return realtime_conversation_has_uncommitted_words (conversation)
      || (realtime_conversation_get_heard_ms (conversation) == 0
      && has_unanswered_sound (conversation, input, epoch));
}

GstRealtimeDrainStep
gst_realtime_drain_check (GstRealtimeDrain * self,
    RealtimeConversation * conversation, const GstRealtimeInput * input,
    GstClockTime epoch, guint awaited, gint64 now)
{
  gboolean manual = self->manual && !self->client;
  guint silence_ms = MARGIN_MS + (manual ? 0 : self->silence_ms);
  guint quiet_ms = QUIET_MS + self->latency_ms;

  /* nothing was ever said: there is nothing to wait for */
  if (!GST_CLOCK_TIME_IS_VALID (epoch)
      || !GST_CLOCK_TIME_IS_VALID (input->position))
    return GST_REALTIME_DRAIN_DONE;

  if (GST_CLOCK_TIME_IS_VALID (input->end)
      && input->position < input->end + silence_ms * GST_MSECOND)
    return GST_REALTIME_DRAIN_WAIT;

  if (!self->committed && (self->client ? awaited == 0
          && has_remainder (conversation, input, epoch) : self->manual)) {
    self->committed = TRUE;
    return GST_REALTIME_DRAIN_COMMIT;
  }

  if (is_pending (conversation, awaited)) {
    self->quiet_since = 0;
    return GST_REALTIME_DRAIN_WAIT;
  }

  if (!self->manual && !self->client
      && has_unanswered_sound (conversation, input, epoch))
    quiet_ms += QUIET_AFTER_SOUND_MS;
  if (self->quiet_since == 0)
    self->quiet_since = now;

  return now - self->quiet_since >= quiet_ms * 1000 ?
      GST_REALTIME_DRAIN_DONE : GST_REALTIME_DRAIN_WAIT;
}
