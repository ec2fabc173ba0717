/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_BIN_PRIVATE_H__
#define __GST_REALTIME_BIN_PRIVATE_H__

#include "connection/actions.h"
#include "gstrealtimebin.h"
#include "gstrealtimeproperties.h"
#include "media/processing.h"

G_BEGIN_DECLS

typedef enum
{
  INPUT_UNKNOWN,
  INPUT_LIVE,                   /* or none yet when the session could have
                                 * taken some: our timeline is the clock's */
  INPUT_HELD                    /* a file: our timeline is behind the clock */
} InputKind;

/* What becomes of what has left src when the assistant is interrupted. */
typedef enum
{
  GST_REALTIME_FLUSH_AUTO,
  GST_REALTIME_FLUSH_NEVER,
  GST_REALTIME_FLUSH_ALWAYS
} GstRealtimeFlush;

/* What is asked of the audio on either way (gstrealtimeaudio.c). */
typedef struct
{
  gboolean mute;
  gdouble volume;
  gboolean echo_cancel;
  GstRealtimeNoiseSuppression noise_suppression;
  gboolean gain_control;
  guint pre_connect_ms;
  gchar *probe_name;            /* no other in this process has it */
} GstRealtimeBinAudio;

enum
{
  GST_REALTIME_PROP_MUTE = GST_REALTIME_PROP_FIRST_FREE,
  GST_REALTIME_PROP_VOLUME,
  GST_REALTIME_PROP_ECHO_CANCEL,
  GST_REALTIME_PROP_NOISE_SUPPRESSION,
  GST_REALTIME_PROP_GAIN_CONTROL,
  GST_REALTIME_PROP_PRE_CONNECT_BUFFER,
  GST_REALTIME_PROP_TALK,
  GST_REALTIME_PROP_FLUSH_ON_INTERRUPT,
  GST_REALTIME_PROP_INTERRUPT_LOCALLY,
  GST_REALTIME_PROP_BIN_FIRST_FREE
};

struct _GstRealtimeBin
{
  GstBin parent;

  /* made once in init, NULL where a plugin is missing */
  GstElement *uplink;
  GstElement *downlink;
  GstElement *event_source;     /* appsrc */
  const gchar *missing;         /* the factory whose absence left them NULL */
  GstPad *sink_pad, *src_pad, *event_pad;

  /* with the object lock */
  GstRealtimeSettings *settings;
  gboolean config_changed;      /* and nobody was told yet */
  gboolean limits_changed;      /* the same */
  GstPad *token_pad;            /* NULL or the requested token_sink */
  gchar *token;                 /* secret: arrived before it was wanted */
  gboolean token_wanted;
  guint connections;            /* for which a token was asked */
  GstRealtimeBinAudio audio;
  gboolean talk;
  gboolean talk_used;           /* it was set: it rules what is heard */
  GstRealtimeFlush flush_on_interrupt;
  gboolean interrupt_locally;
  InputKind input_kind;
  gboolean playing;             /* the running time goes on */
  GstClockTimeDiff base_time;   /* by which the last one was told */
  GstClockTime last_running_time;
  guint restarts;               /* how often a flush let running times begin anew */
  gboolean events_flushing;     /* such a flush is under way on event_src */
  guint flushes;                /* how many of them have begun */
  RealtimeConnectionState connection_state;
  RealtimeTurnState turn_state;
  RealtimeUsage usage;
  gchar *conversation;          /* JSON; NULL: nothing was said */
  gchar *session_id;
  gchar *call_id;
  GstRealtimeTransport *transport;      /* the latest one, while it is there */
  GstStructure *last_stats;     /* of the one before */
  GstRealtimeSupervisor *supervisor;    /* set while in PAUSED or higher */
  guint supervisor_users;       /* calls into it that are under way */

  gint arrivals;                /* atomic: buffers and gaps on sink */

  GCond supervisor_idle;        /* with the object lock */
  GCond events_flushed;         /* with the object lock */

  /* taken while the appsrc is called, which takes no other lock of ours */
  GMutex events_lock;
  GQueue events;                /* GstBuffer: not yet taken by the appsrc */
};

/* What the supervisor asks of the element and tells it (gstrealtimehost.c). */
extern const GstRealtimeHost gst_realtime_bin_host;

/* The supervisor, for a call from a thread that is not the session's; NULL
 * outside of a session. What was got has to be given back, soon. */
GstRealtimeSupervisor *gst_realtime_bin_borrow_supervisor (GstRealtimeBin *
    self);
void gst_realtime_bin_give_supervisor_back (GstRealtimeBin * self);

/* Whether the timeline is that of a held input. */
gboolean gst_realtime_bin_is_held (GstRealtimeBin * self);

/* event_src, and what a flush of the input is to it (gstrealtimeeventpad.c). */
void gst_realtime_bin_set_up_event_pad (GstRealtimeBin * self);
/* Takes @buffer: a line, or nothing and flagged as a gap. */
void gst_realtime_bin_push_events (GstRealtimeBin * self, GstBuffer * buffer,
    GstClockTime running_time);
/* Both outputs end when what waits for them has left; unless of the flushes more
 * than @flushes have begun, of which the supervisor is still to hear. */
void gst_realtime_bin_end_streams (GstRealtimeBin * self, guint flushes);
void gst_realtime_bin_forget_events (GstRealtimeBin * self);
/* Nothing waits for the end of a flush any more. */
void gst_realtime_bin_let_events_go (GstRealtimeBin * self);
gboolean gst_realtime_bin_sink_event (GstPad * pad, GstObject * parent,
    GstEvent * event);

/* token_sink (gstrealtimetokenpad.c): the vmethods of its pad, what the
 * supervisor asks when it wants a token, and, once no pad takes any more: a
 * token of the last session is none of the next. */
GstPad *gst_realtime_bin_request_new_pad (GstElement * element,
    GstPadTemplate * templ, const gchar * name, const GstCaps * caps);
void gst_realtime_bin_release_pad (GstElement * element, GstPad * pad);
void gst_realtime_bin_want_token (gpointer self);
void gst_realtime_bin_forget_token (GstRealtimeBin * self);

/* The audio (gstrealtimeaudio.c). Its properties; FALSE: not one of them. To get
 * one the caller has the object lock. */
void gst_realtime_bin_init_audio (GstRealtimeBin * self);
void gst_realtime_bin_clear_audio (GstRealtimeBin * self);
void gst_realtime_bin_install_audio_properties (GObjectClass * klass);
gboolean gst_realtime_bin_set_audio_property (GstRealtimeBin * self,
    guint id, const GValue * value);
gboolean gst_realtime_bin_get_audio_property (GstRealtimeBin * self,
    guint id, GValue * value);
/* The element that the properties ask for and that is missing, or NULL. */
const gchar *gst_realtime_bin_find_missing_for_audio (GstRealtimeBin * self);
/* Between READY and PAUSED: what the properties ask for is put in; none of it is
 * missing. */
void gst_realtime_bin_prepare_audio (GstRealtimeBin * self);
/* The supervisor hears of what the uplink finds. */
void gst_realtime_bin_listen (GstRealtimeBin * self);
/* What the supervisor asks. */
void gst_realtime_bin_find_turns (const RealtimeSessionConfig * config,
    gpointer self);

/* The signals by which an application takes part in the session, and the
 * properties of that kind, as those above (gstrealtimeactions.c). */
void gst_realtime_bin_install_actions (GstRealtimeBinClass * klass);
void gst_realtime_bin_install_turn_properties (GObjectClass * klass);
gboolean gst_realtime_bin_set_turn_property (GstRealtimeBin * self, guint id,
    const GValue * value);
gboolean gst_realtime_bin_get_turn_property (GstRealtimeBin * self, guint id,
    GValue * value);
/* A session begins: it is told of the talk button. */
void gst_realtime_bin_prepare_talk (GstRealtimeBin * self,
    GstRealtimeSupervisor * supervisor);

/* Posts a failure of REALTIME_FAILURE as an error. One of the kind
 * MISSING_PLUGIN has the factory's name as message, and gets the message that
 * installers listen for before it. */
void gst_realtime_bin_post_failure (GstRealtimeBin * self,
    const GError * error);

/* Settles what the timeline is, once; the first word counts. Returns whether
 * @kind is it. Starts the output where it is the clock's. Any thread. */
gboolean gst_realtime_bin_settle_input (GstRealtimeBin * self,
    InputKind kind);

/* Takes over new states, notifying what changed. Any thread. */
void gst_realtime_bin_set_states (GstRealtimeBin * self,
    RealtimeConnectionState connection, RealtimeTurnState turn,
    const gchar * session_id, const gchar * call_id);

/* gstrealtimestats.c: what is counted. Any thread. */

/* The link @transport (NULL: none) is the one that counts now. */
void gst_realtime_bin_note_transport (GstRealtimeBin * self,
    GstRealtimeTransport * transport);
/* It is no more; what it has counted is kept. */
void gst_realtime_bin_forget_transport (GstRealtimeBin * self,
    GstRealtimeTransport * transport);
void gst_realtime_bin_clear_stats (GstRealtimeBin * self);
/* The property stats. */
GstStructure *gst_realtime_bin_make_stats (GstRealtimeBin * self);

G_END_DECLS

#endif /* __GST_REALTIME_BIN_PRIVATE_H__ */
