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
/* The same in a transcription whose turns the service does not look for: writes
 * while one speaks. */
#define REALTIME_DEFAULT_LIVE_MODEL "gpt-live-transcribe"
#define REALTIME_DEFAULT_TRANSLATION_MODEL "gpt-realtime-translate"
/* Of the source's words in a translation. */
#define REALTIME_DEFAULT_SOURCE_MODEL "gpt-realtime-whisper"
/* What the service takes. */
#define REALTIME_MIN_SPEED 0.25
#define REALTIME_MAX_SPEED 1.5
#define REALTIME_DEFAULT_SPEED 1.0
#define REALTIME_MAX_OUTPUT_TOKENS 4096
#define REALTIME_MIN_IDLE_TIMEOUT_MS 5000
#define REALTIME_MAX_IDLE_TIMEOUT_MS 30000
    typedef enum
{
  REALTIME_SESSION_CONVERSATION,
  REALTIME_SESSION_TRANSCRIPTION,
  REALTIME_SESSION_TRANSLATION
} RealtimeSessionType;

/* Who decides when a turn of the user has ended. */
typedef enum
{
  REALTIME_TURNS_AUTO,          /* realtime_session_config_get_turns() */
  REALTIME_TURNS_SERVER_VAD,    /* the service, by voice activity */
  REALTIME_TURNS_SEMANTIC_VAD,  /* the service, by what is said */
  REALTIME_TURNS_CLIENT,        /* this side, by voice activity */
  REALTIME_TURNS_MANUAL         /* the application */
} RealtimeTurnDetection;

/* How soon semantic VAD takes a pause for the end of a turn. */
typedef enum
{
  REALTIME_EAGERNESS_AUTO,
  REALTIME_EAGERNESS_LOW,
  REALTIME_EAGERNESS_MEDIUM,
  REALTIME_EAGERNESS_HIGH
} RealtimeEagerness;

typedef enum
{
  REALTIME_LEVEL_DEFAULT,       /* the service's choice */
  REALTIME_LEVEL_MINIMAL,
  REALTIME_LEVEL_LOW,
  REALTIME_LEVEL_MEDIUM,
  REALTIME_LEVEL_HIGH,
  REALTIME_LEVEL_XHIGH
} RealtimeLevel;

/* What the service filters out of the input before it listens. */
typedef enum
{
  REALTIME_NOISE_REDUCTION_OFF,
  REALTIME_NOISE_REDUCTION_NEAR_FIELD,
  REALTIME_NOISE_REDUCTION_FAR_FIELD
} RealtimeNoiseReduction;

typedef enum
{
  REALTIME_OUTPUT_AUDIO,
  REALTIME_OUTPUT_TEXT
} RealtimeOutputModality;

/* What a session is asked to be. NULL strings, negative numbers and whatever
 * stands at the service's own default are not sent. */
typedef struct
{
  RealtimeSessionType session_type;
  gchar *model;                 /* of a conversation or a translation */
  gchar *voice;
  gchar *instructions;
  RealtimeOutputModality output_modality;
  gdouble speed;                /* REALTIME_MIN_SPEED to REALTIME_MAX_SPEED */
  guint max_output_tokens;      /* of a response, 0: as many as it takes */
  RealtimeLevel reasoning_effort;
  gchar *tools;                 /* JSON array */
  gchar *tool_choice;           /* a word, the name of a function, or JSON */

  gchar *language;              /* of the input, ISO 639-1 */
  gchar *output_language;       /* of a translation */
  gchar *transcription_model;   /* "": none, but in a transcription */
  RealtimeLevel transcription_delay;
  gchar *transcription_prompt;
  gchar **transcription_keywords;
  RealtimeNoiseReduction noise_reduction;

  RealtimeTurnDetection turn_detection;
  gdouble vad_threshold;        /* 0 to 1 */
  gint vad_prefix_padding_ms;
  gint vad_silence_duration_ms;
  RealtimeEagerness vad_eagerness;
  guint vad_idle_timeout_ms;    /* 0: none, else REALTIME_MIN_IDLE_TIMEOUT_MS to
                                 * REALTIME_MAX_IDLE_TIMEOUT_MS */
  gboolean create_response;     /* by itself, when a turn has ended */
  gboolean interrupt_response;  /* by itself, when the user speaks */

  gchar *session_json;          /* merged over all of the above */
  gboolean no_default_models;   /* an unset model is the server's to choose */
} RealtimeSessionConfig;

void realtime_session_config_init (RealtimeSessionConfig * config);
void realtime_session_config_clear (RealtimeSessionConfig * config);
/* @to: uninitialised, or cleared. */
void realtime_session_config_copy (const RealtimeSessionConfig * config,
    RealtimeSessionConfig * to);

/* Who decides, never REALTIME_TURNS_AUTO: that is the service, but in a
 * transcription by a model that takes no turn detection beside it, and by the
 * default model, this side. What session_json says of either counts. */
RealtimeTurnDetection realtime_session_config_get_turns (const
    RealtimeSessionConfig * config);

/* Whether the settings go together, tools and session_json can be used and
 * the whole is not too large. The error is of REALTIME_FAILURE_SETTINGS, names
 * the properties, says what to do. sessioncheck.c */
gboolean realtime_session_config_check (const RealtimeSessionConfig * config,
    GError ** error);

/* The GA session object, with the model: what a token is minted for and a call
 * is created with. That of a translation has no type: its endpoints tell. @config must have passed the check. session_json is merged
 * by RFC 7396, but for members that the service takes null for
 * (turn_detection, transcription, ...): there null is sent, not left out. */
gchar *realtime_session_config_to_create_json (const RealtimeSessionConfig *
    config);
/* The whole client event session.update. It has no model: a running session
 * cannot change it. @event_id may be NULL. */
gchar *realtime_session_config_to_update_event (const RealtimeSessionConfig *
    config, const gchar * event_id);
/* The client event that makes a running session, which is as @from says, one
 * as @to says, both of which passed the check: session.update with what
 * differs; NULL where nothing can be changed. @voice_settled: the assistant has
 * been heard, and keeps its voice. @kept: the names of what differs and cannot
 * be changed, to be freed with g_strfreev(); properties, or members of the
 * service's session object. sessionchange.c */
gchar *realtime_session_config_to_change_event (const RealtimeSessionConfig *
    from, const RealtimeSessionConfig * to, gboolean voice_settled,
    const gchar * event_id, gchar *** kept);

G_END_DECLS
#endif /* __REALTIME_SESSION_CONFIG_H__ */
