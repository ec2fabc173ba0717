/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_SESSION_CONFIG_H__
#define __REALTIME_SESSION_CONFIG_H__

#include <glib.h>

G_BEGIN_DECLS
/* What stands for an unset string. */
#define REALTIME_DEFAULT_MODEL "gpt-realtime-2.1"
#define REALTIME_DEFAULT_TRANSCRIPTION_MODEL "gpt-transcribe"
    typedef enum
{
  REALTIME_SESSION_CONVERSATION,
  REALTIME_SESSION_TRANSCRIPTION
} RealtimeSessionType;

typedef enum
{
  REALTIME_TURNS_SERVER_VAD,
  REALTIME_TURNS_MANUAL
} RealtimeTurnDetection;

typedef enum
{
  REALTIME_OUTPUT_AUDIO,
  REALTIME_OUTPUT_TEXT
} RealtimeOutputModality;

/* What a session is asked to be. NULL strings and negative numbers are not
 * sent: the service's default applies, or the one above. */
typedef struct
{
  RealtimeSessionType session_type;
  gchar *model;                 /* of a conversation */
  gchar *voice;
  gchar *instructions;
  gchar *language;              /* of the input, ISO 639-1 */
  gchar *transcription_model;   /* "" in a conversation: none */
  RealtimeTurnDetection turn_detection;
  gdouble vad_threshold;        /* 0 to 1 */
  gint vad_prefix_padding_ms;
  gint vad_silence_duration_ms;
  RealtimeOutputModality output_modality;
  gchar *session_json;          /* merged over all of the above */
} RealtimeSessionConfig;

void realtime_session_config_init (RealtimeSessionConfig * config);
void realtime_session_config_clear (RealtimeSessionConfig * config);
/* @to: uninitialised, or cleared. */
void realtime_session_config_copy (const RealtimeSessionConfig * config,
    RealtimeSessionConfig * to);

/* Whether the settings go together and session_json can be used. The error is
 * of REALTIME_FAILURE_SETTINGS, names the properties, says what to do. */
gboolean realtime_session_config_check (const RealtimeSessionConfig * config,
    GError ** error);

/* The GA session object, with the model: what a token is minted for and a call
 * is created with. @config must have passed the check. session_json is merged
 * by RFC 7396, but for members that the service takes null for
 * (turn_detection, transcription, ...): there null is sent, not left out. */
gchar *realtime_session_config_to_create_json (const RealtimeSessionConfig *
    config);
/* The whole client event session.update. It has no model: a running session
 * cannot change it. @event_id may be NULL. */
gchar *realtime_session_config_to_update_event (const RealtimeSessionConfig *
    config, const gchar * event_id);

G_END_DECLS
#endif /* __REALTIME_SESSION_CONFIG_H__ */
