/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "events.h"

#define TRANSCRIPTION "conversation.item.input_audio_transcription."

static const struct
{
  const gchar *name;
  RealtimeEventType type;
} names[] = {
  {"session.created", REALTIME_EVENT_SESSION_CREATED},
  {"session.updated", REALTIME_EVENT_SESSION_UPDATED},
  {"error", REALTIME_EVENT_ERROR},
  {"session.input_transcript.delta", REALTIME_EVENT_SOURCE_DELTA},
  {"session.output_transcript.delta", REALTIME_EVENT_TRANSLATION_DELTA},
  {"session.closed", REALTIME_EVENT_SESSION_CLOSED},
  {"conversation.item.added", REALTIME_EVENT_ITEM_ADDED},
  {"conversation.item.created", REALTIME_EVENT_ITEM_CREATED},
  {"conversation.item.done", REALTIME_EVENT_ITEM_DONE},
  {"conversation.item.truncated", REALTIME_EVENT_ITEM_TRUNCATED},
  {"conversation.item.deleted", REALTIME_EVENT_ITEM_DELETED},
  {"input_audio_buffer.speech_started", REALTIME_EVENT_SPEECH_STARTED},
  {"input_audio_buffer.speech_stopped", REALTIME_EVENT_SPEECH_STOPPED},
  {"input_audio_buffer.timeout_triggered", REALTIME_EVENT_INPUT_TIMEOUT},
  {"input_audio_buffer.committed", REALTIME_EVENT_INPUT_COMMITTED},
  {"input_audio_buffer.cleared", REALTIME_EVENT_INPUT_CLEARED},
  {TRANSCRIPTION "delta", REALTIME_EVENT_TRANSCRIPTION_DELTA},
  {TRANSCRIPTION "updated", REALTIME_EVENT_TRANSCRIPTION_UPDATED},
  {TRANSCRIPTION "segment", REALTIME_EVENT_TRANSCRIPTION_SEGMENT},
  {TRANSCRIPTION "completed", REALTIME_EVENT_TRANSCRIPTION_COMPLETED},
  {TRANSCRIPTION "failed", REALTIME_EVENT_TRANSCRIPTION_FAILED},
  {"response.created", REALTIME_EVENT_RESPONSE_CREATED},
  {"response.done", REALTIME_EVENT_RESPONSE_DONE},
  {"response.output_item.added", REALTIME_EVENT_OUTPUT_ITEM_ADDED},
  {"response.output_item.done", REALTIME_EVENT_OUTPUT_ITEM_DONE},
  {"response.content_part.done", REALTIME_EVENT_PART_DONE},
  {"response.output_text.delta", REALTIME_EVENT_TEXT_DELTA},
  {"response.output_text.done", REALTIME_EVENT_TEXT_DONE},
  {"response.output_audio_transcript.delta", REALTIME_EVENT_SPOKEN_DELTA},
  {"response.output_audio_transcript.done", REALTIME_EVENT_SPOKEN_DONE},
  {"response.output_audio.delta", REALTIME_EVENT_AUDIO_DELTA},
  {"response.function_call_arguments.done", REALTIME_EVENT_ARGUMENTS_DONE},
  {"output_audio_buffer.started", REALTIME_EVENT_OUTPUT_STARTED},
  {"output_audio_buffer.stopped", REALTIME_EVENT_OUTPUT_STOPPED},
  {"output_audio_buffer.cleared", REALTIME_EVENT_OUTPUT_CLEARED},

  /* the beta's names, as compatible servers still use them */
  {"transcription_session.created", REALTIME_EVENT_SESSION_CREATED},
  {"transcription_session.updated", REALTIME_EVENT_SESSION_UPDATED},
  {"response.text.delta", REALTIME_EVENT_TEXT_DELTA},
  {"response.text.done", REALTIME_EVENT_TEXT_DONE},
  {"response.audio_transcript.delta", REALTIME_EVENT_SPOKEN_DELTA},
  {"response.audio_transcript.done", REALTIME_EVENT_SPOKEN_DONE},
  {"response.audio.delta", REALTIME_EVENT_AUDIO_DELTA},

  {"realtimebin.state", REALTIME_EVENT_BIN_STATE},
  {"realtimebin.timeline", REALTIME_EVENT_BIN_TIMELINE},
  {"realtimebin.session", REALTIME_EVENT_BIN_SESSION},
  {"realtimebin.output", REALTIME_EVENT_BIN_OUTPUT},
  {"realtimebin.usage", REALTIME_EVENT_BIN_USAGE},
  {"realtimebin.talk", REALTIME_EVENT_BIN_TALK},
  {"realtimebin.speech_started", REALTIME_EVENT_BIN_SPEECH_STARTED},
  {"realtimebin.speech_stopped", REALTIME_EVENT_BIN_SPEECH_STOPPED},
  {"realtimebin.interrupted", REALTIME_EVENT_BIN_INTERRUPTED},
  {"realtimebin.error", REALTIME_EVENT_BIN_ERROR},
};

RealtimeEventType
realtime_event_type (const gchar * type)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_strcmp0 (names[i].name, type) == 0)
      return names[i].type;
  }
  return REALTIME_EVENT_OTHER;
}
