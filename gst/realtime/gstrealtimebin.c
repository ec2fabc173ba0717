/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-realtimebin
 * @title: realtimebin
 * @short_description: one live session with a Realtime voice service
 *
 * Sends the audio on `sink` to a Realtime session, gives what the service
 * says on `src` and everything that happens in the session, in order, on
 * `event_src` (application/x-realtime-events: JSON Lines, one event a
 * buffer).
 *
 * Any input will do. A live source is heard from the moment when the session
 * is configured; a file is held until then and paced in real time, so that
 * not one sample is lost. The end of the input ends the session in good
 * order: with the last transcript and the running response, at most
 * #GstRealtimeBin:drain-timeout later.
 *
 * Credentials, first found wins: a tokensrc linked to `token_sink`;
 * #GstRealtimeBin:token; #GstRealtimeBin:api-key; OPENAI_API_KEY of the
 * environment.
 *
 * ## Example launch lines
 *
 * With the two variables exported that realtime-server prints (or with
 * OPENAI_API_KEY of an account):
 * |[
 * gst-launch-1.0 -m filesrc location=talk.wav ! decodebin ! realtimebin session-type=transcription ! transcriptsink
 * ]| Captions a file and ends by itself.
 * |[
 * gst-launch-1.0 autoaudiosrc ! realtimebin name=rt ! autoaudiosink  rt.event_src ! transcriptsink
 * ]| Converses through microphone and loudspeaker.
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstrealtimebin-private.h"
#include "gstrealtimeenums.h"
#include "gstrealtimeproperties.h"
#include "gsttranscriptmessages.h"
#include "media/downlink.h"
#include "media/uplink.h"
#include "session/failure.h"
#include "transport/webrtc.h"

GST_DEBUG_CATEGORY (realtimebin_debug);
#define GST_CAT_DEFAULT realtimebin_debug

/* A state change to READY waits this long for the goodbyes: long enough that
 * a server which lives has heard them, short enough for any application. */
#define STOP_TIMEOUT_US (250 * G_TIME_SPAN_MILLISECOND)

enum
{
  PROP_CONNECTION_STATE = GST_REALTIME_PROP_BIN_FIRST_FREE,
  PROP_TURN_STATE,
  PROP_USAGE,
  PROP_STATS,
  PROP_CONVERSATION,
  PROP_SESSION_ID,
  PROP_CALL_ID
};

enum
{
  SIGNAL_WEBRTCBIN_READY,
  LAST_SIGNAL
};

static guint signals[LAST_SIGNAL];

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("audio/x-raw"));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("audio/x-raw, format = (string) S16LE, "
        "layout = (string) interleaved, rate = (int) 48000, "
        "channels = (int) 1"));

static GstStaticPadTemplate event_src_template =
GST_STATIC_PAD_TEMPLATE ("event_src", GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("application/x-realtime-events"));

static GstStaticPadTemplate token_sink_template =
GST_STATIC_PAD_TEMPLATE ("token_sink", GST_PAD_SINK, GST_PAD_REQUEST,
    GST_STATIC_CAPS ("application/x-realtime-token"));

G_DEFINE_TYPE (GstRealtimeBin, gst_realtime_bin, GST_TYPE_BIN);
GST_ELEMENT_REGISTER_DEFINE (realtimebin, "realtimebin", GST_RANK_NONE,
    GST_TYPE_REALTIME_BIN);

/* --- what the input tells; on its streaming thread --- */

gboolean
gst_realtime_bin_settle_input (GstRealtimeBin * self, InputKind kind)
{
  GstClockTime now = gst_element_get_current_running_time (GST_ELEMENT (self));
  gboolean first;

  GST_OBJECT_LOCK (self);
  first = self->input_kind == INPUT_UNKNOWN;
  if (first)
    self->input_kind = kind;
  kind = first ? kind : self->input_kind == kind ? kind : INPUT_UNKNOWN;
  GST_OBJECT_UNLOCK (self);

  if (first && kind == INPUT_LIVE)
    gst_realtime_downlink_start (self->downlink,
        GST_CLOCK_TIME_IS_VALID (now) ? now : 0, 0);

  return kind != INPUT_UNKNOWN;
}

static void
on_input_kind (GstElement * uplink, gboolean live, GstRealtimeBin * self)
{
  if (!gst_realtime_bin_settle_input (self, live ? INPUT_LIVE : INPUT_HELD))
    GST_INFO_OBJECT (self, "the input came when the output had begun");
}

gboolean
gst_realtime_bin_is_held (GstRealtimeBin * self)
{
  gboolean held;

  GST_OBJECT_LOCK (self);
  held = self->input_kind == INPUT_HELD;
  GST_OBJECT_UNLOCK (self);

  return held;
}

/* What leaves next stands at @running_time; the session counts from the first
 * sample that it heard. */
static void
set_epoch (GstRealtimeBin * self, GstClockTime running_time)
{
  GstRealtimeSupervisor *supervisor = gst_realtime_bin_borrow_supervisor (self);

  if (supervisor) {
    gst_realtime_supervisor_set_epoch (supervisor,
        GST_CLOCK_DIFF (gst_realtime_uplink_get_heard (self->uplink),
            running_time));
    gst_realtime_bin_give_supervisor_back (self);
  }
}

static void
on_epoch (GstElement * uplink, guint64 running_time, guint64 hold,
    GstRealtimeBin * self)
{

  GST_INFO_OBJECT (self, "input from %" GST_TIME_FORMAT " on, held by %"
      GST_TIME_FORMAT, GST_TIME_ARGS (running_time), GST_TIME_ARGS (hold));
  if (gst_realtime_bin_is_held (self)) {
    gst_realtime_downlink_start (self->downlink, running_time + hold, hold);
    gst_realtime_downlink_set_hold (self->downlink, hold);
    set_epoch (self, running_time);
  } else {
    set_epoch (self, running_time + hold);
  }
}

/* A file that stood still is further behind the clock afterwards, and what is
 * said meanwhile is ahead of it: the output waits until both are where they
 * belong. Where the timeline is the clock's, the file has moved on it. */
static void
on_hold (GstElement * uplink, guint64 hold, GstRealtimeBin * self)
{
  if (gst_realtime_bin_is_held (self))
    gst_realtime_downlink_set_hold (self->downlink, hold);
  else
    set_epoch (self, gst_realtime_uplink_get_position (uplink) + hold);
}

static void
on_passed (GstElement * uplink, guint64 running_time, GstRealtimeBin * self)
{
  GstRealtimeSupervisor *supervisor = gst_realtime_bin_borrow_supervisor (self);

  if (supervisor) {
    gst_realtime_supervisor_input_passed (supervisor, running_time);
    gst_realtime_bin_give_supervisor_back (self);
  }
}

static void
on_input_eos (GstElement * uplink, GstRealtimeBin * self)
{
  GstRealtimeSupervisor *supervisor = gst_realtime_bin_borrow_supervisor (self);

  if (supervisor) {
    gst_realtime_supervisor_end_input (supervisor);
    gst_realtime_bin_give_supervisor_back (self);
  }
}

/* --- what the output tells; on its streaming thread --- */

static void
note_sound (GstRealtimeBin * self, guint line, gboolean started,
    GstClockTime running_time)
{
  GstRealtimeSupervisor *supervisor = gst_realtime_bin_borrow_supervisor (self);

  if (supervisor) {
    gst_realtime_supervisor_note_sound (supervisor, line, started,
        running_time);
    gst_realtime_bin_give_supervisor_back (self);
  }
}

static void
on_sound_started (GstElement * downlink, guint line, guint64 running_time,
    GstRealtimeBin * self)
{
  note_sound (self, line, TRUE, running_time);
}

static void
on_sound_stopped (GstElement * downlink, guint line, guint64 running_time,
    GstRealtimeBin * self)
{
  note_sound (self, line, FALSE, running_time);
}

/* On the input's streaming thread. */
static GstPadProbeReturn
input_probe (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstRealtimeBin *self = user_data;

  if (!(info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM)
      || GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_GAP)
    g_atomic_int_inc (&self->arrivals);

  return GST_PAD_PROBE_OK;
}

/* --- the pads --- */

/* What the session says cannot be said again. */
static gboolean
src_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_SEEK:
      gst_event_unref (event);
      return FALSE;
    default:
      return gst_pad_event_default (pad, parent, event);
  }
}

/* --- GstElement --- */

/* A copy of the settings with what the environment adds. */
static GstRealtimeSettings *
take_settings (GstRealtimeBin * self)
{
  GstRealtimeSettings *settings;

  GST_OBJECT_LOCK (self);
  settings = gst_realtime_settings_copy (self->settings);
  settings->token_pad = self->token_pad && gst_pad_is_linked (self->token_pad);
  GST_OBJECT_UNLOCK (self);
  gst_realtime_settings_complete (settings);

  return settings;
}

static gboolean
check (GstRealtimeBin * self)
{
  const gchar *missing = self->missing;
  GstRealtimeSettings *settings;
  GError *error = NULL;
  gboolean good;

  if (!missing)
    missing = gst_realtime_webrtc_find_missing_factory ();
  if (!missing)
    missing = gst_realtime_bin_find_missing_for_audio (self);
  if (missing) {
    error = g_error_new_literal (REALTIME_FAILURE,
        REALTIME_FAILURE_MISSING_PLUGIN, missing);
    good = FALSE;
  } else {
    settings = take_settings (self);
    good = gst_realtime_settings_check (settings, &error);
    gst_realtime_settings_free (settings);
  }
  if (!good)
    gst_realtime_bin_post_failure (self, error);
  g_clear_error (&error);

  return good;
}

static void
start (GstRealtimeBin * self)
{
  GstRealtimeSettings *settings = take_settings (self);
  GstRealtimeSupervisor *supervisor;

  gst_realtime_downlink_set_latency (self->downlink, settings->link.latency_ms);
  supervisor = gst_realtime_supervisor_new (settings, &gst_realtime_bin_host,
      GST_OBJECT (self));
  gst_realtime_settings_free (settings);

  GST_OBJECT_LOCK (self);
  self->connections = 0;
  self->token_wanted = FALSE;
  self->last_running_time = 0;
  self->flushes = 0;
  self->input_kind = INPUT_UNKNOWN;
  memset (&self->usage, 0, sizeof (self->usage));
  g_clear_pointer (&self->conversation, g_free);
  self->supervisor = supervisor;
  GST_OBJECT_UNLOCK (self);

  gst_realtime_bin_clear_stats (self);
  gst_realtime_bin_forget_events (self);
  gst_realtime_bin_prepare_talk (self, supervisor);
  gst_realtime_supervisor_start (supervisor);
}

static void
stop (GstRealtimeBin * self)
{
  GstRealtimeSupervisor *supervisor;

  GST_OBJECT_LOCK (self);
  supervisor = g_steal_pointer (&self->supervisor);
  while (self->supervisor_users > 0)
    g_cond_wait (&self->supervisor_idle, GST_OBJECT_GET_LOCK (self));
  GST_OBJECT_UNLOCK (self);

  if (supervisor)
    gst_realtime_supervisor_stop (supervisor, STOP_TIMEOUT_US);

  gst_realtime_bin_set_states (self, REALTIME_CONNECTION_CLOSED,
      REALTIME_TURN_IDLE, NULL, NULL);
}

static void
set_playing (GstRealtimeBin * self, gboolean playing)
{
  GstRealtimeSupervisor *supervisor = gst_realtime_bin_borrow_supervisor (self);

  GST_OBJECT_LOCK (self);
  self->playing = playing;
  self->base_time = GST_ELEMENT_CAST (self)->base_time;
  GST_OBJECT_UNLOCK (self);
  if (supervisor) {
    gst_realtime_supervisor_set_playing (supervisor, playing);
    gst_realtime_bin_give_supervisor_back (self);
  }
}

static GstStateChangeReturn
gst_realtime_bin_change_state (GstElement * element, GstStateChange transition)
{
  GstRealtimeBin *self = GST_REALTIME_BIN (element);
  GstStateChangeReturn result;

  switch (transition) {
    case GST_STATE_CHANGE_NULL_TO_READY:
      if (!check (self))
        return GST_STATE_CHANGE_FAILURE;
      gst_realtime_webrtc_warm_up ();
      break;
    case GST_STATE_CHANGE_READY_TO_PAUSED:
      /* the properties may have changed since */
      if (!check (self))
        return GST_STATE_CHANGE_FAILURE;
      gst_realtime_bin_prepare_audio (self);
      break;
    case GST_STATE_CHANGE_PLAYING_TO_PAUSED:
      set_playing (self, FALSE);
      break;
    case GST_STATE_CHANGE_PAUSED_TO_READY:
      gst_realtime_bin_let_events_go (self);
      stop (self);
      break;
    default:
      break;
  }

  result = GST_ELEMENT_CLASS (gst_realtime_bin_parent_class)->change_state
      (element, transition);
  if (result == GST_STATE_CHANGE_FAILURE)
    return result;

  switch (transition) {
    case GST_STATE_CHANGE_READY_TO_PAUSED:
      start (self);
      return GST_STATE_CHANGE_NO_PREROLL;
    case GST_STATE_CHANGE_PAUSED_TO_PLAYING:
      set_playing (self, TRUE);
      break;
    case GST_STATE_CHANGE_PLAYING_TO_PAUSED:
      return GST_STATE_CHANGE_NO_PREROLL;
    case GST_STATE_CHANGE_PAUSED_TO_READY:
      gst_realtime_bin_forget_token (self);
      break;
    default:
      break;
  }

  return result;
}

/* Events that an application sends to the element are meant for the session;
 * the elements inside must not take them for their own. */
static gboolean
gst_realtime_bin_send_event (GstElement * element, GstEvent * event)
{
  GstRealtimeBin *self = GST_REALTIME_BIN (element);

  if (GST_EVENT_IS_DOWNSTREAM (event)) {
    gboolean end = GST_EVENT_TYPE (event) == GST_EVENT_EOS;

    gst_event_unref (event);
    if (end) {
      /* the input may go on; it has no part in what is waited for */
      if (self->uplink)
        gst_realtime_uplink_set_mute (self->uplink, TRUE);
      on_input_eos (self->uplink, self);
    }
    return end;
  }

  return GST_ELEMENT_CLASS (gst_realtime_bin_parent_class)->send_event
      (element, event);
}

/* --- GObject --- */

static void
gst_realtime_bin_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstRealtimeBin *self = GST_REALTIME_BIN (object);
  gboolean known = TRUE;

  if (gst_realtime_bin_set_audio_property (self, id, value)
      || gst_realtime_bin_set_turn_property (self, id, value))
    return;

  GST_OBJECT_LOCK (self);
  known = gst_realtime_properties_set (self->settings, id, value);
  self->config_changed |= GST_REALTIME_PROP_IS_OF_SESSION (id);
  self->limits_changed |= GST_REALTIME_PROP_IS_LIMIT (id);
  GST_OBJECT_UNLOCK (self);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

/* Comes once for all properties that were set together: so they go to the
 * session together. */
static void
gst_realtime_bin_dispatch_properties_changed (GObject * object, guint n,
    GParamSpec ** pspecs)
{
  GstRealtimeBin *self = GST_REALTIME_BIN (object);
  GstRealtimeSupervisor *supervisor;
  GstRealtimeLimits limits;
  RealtimeSessionConfig config;
  gboolean config_changed, limits_changed;

  G_OBJECT_CLASS (gst_realtime_bin_parent_class)->dispatch_properties_changed
      (object, n, pspecs);

  GST_OBJECT_LOCK (self);
  config_changed = self->config_changed;
  limits_changed = self->limits_changed;
  self->config_changed = self->limits_changed = FALSE;
  if (config_changed)
    realtime_session_config_copy (&self->settings->config, &config);
  limits = self->settings->limits;
  GST_OBJECT_UNLOCK (self);
  if (!config_changed && !limits_changed)
    return;
  if ((supervisor = gst_realtime_bin_borrow_supervisor (self))) {
    if (config_changed)
      gst_realtime_supervisor_set_config (supervisor, &config);
    if (limits_changed)
      gst_realtime_supervisor_set_limits (supervisor, &limits);
    gst_realtime_bin_give_supervisor_back (self);
  }
  if (config_changed)
    realtime_session_config_clear (&config);
}

static void
gst_realtime_bin_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstRealtimeBin *self = GST_REALTIME_BIN (object);
  gboolean known = TRUE;

  if (id == PROP_STATS) {
    g_value_take_boxed (value, gst_realtime_bin_make_stats (self));
    return;
  }
  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_CONNECTION_STATE:
      g_value_set_enum (value, self->connection_state);
      break;
    case PROP_TURN_STATE:
      g_value_set_enum (value, self->turn_state);
      break;
    case PROP_CONVERSATION:
      g_value_set_string (value, self->conversation ? self->conversation :
          "[]");
      break;
    case PROP_USAGE:
      g_value_take_boxed (value, gst_transcript_message_usage (&self->usage));
      break;
    case PROP_SESSION_ID:
      g_value_set_string (value, self->session_id);
      break;
    case PROP_CALL_ID:
      g_value_set_string (value, self->call_id);
      break;
    default:
      known = gst_realtime_bin_get_audio_property (self, id, value)
          || gst_realtime_bin_get_turn_property (self, id, value)
          || gst_realtime_properties_get (self->settings, id, value);
      break;
  }
  GST_OBJECT_UNLOCK (self);
  if (!known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_realtime_bin_dispose (GObject * object)
{
  GstRealtimeBin *self = GST_REALTIME_BIN (object);

  gst_clear_object (&self->token_pad);

  G_OBJECT_CLASS (gst_realtime_bin_parent_class)->dispose (object);
}

static void
gst_realtime_bin_finalize (GObject * object)
{
  GstRealtimeBin *self = GST_REALTIME_BIN (object);

  gst_realtime_settings_free (self->settings);
  realtime_secret_free (self->token);
  g_free (self->conversation);
  g_free (self->session_id);
  g_free (self->call_id);
  gst_realtime_bin_clear_stats (self);
  gst_realtime_bin_clear_audio (self);
  g_cond_clear (&self->supervisor_idle);
  g_cond_clear (&self->events_flushed);
  gst_realtime_bin_forget_events (self);
  g_mutex_clear (&self->events_lock);

  G_OBJECT_CLASS (gst_realtime_bin_parent_class)->finalize (object);
}

static void
install_own_properties (GObjectClass * klass)
{
  g_object_class_install_property (klass, PROP_CONNECTION_STATE,
      g_param_spec_enum ("connection-state", "Connection state",
          "State of the connection to the service; notified from the session "
          "thread", GST_TYPE_REALTIME_CONNECTION_STATE,
          REALTIME_CONNECTION_CLOSED,
          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (klass, PROP_TURN_STATE,
      g_param_spec_enum ("turn-state", "Turn state",
          "Whose turn it is; notified from the session thread",
          GST_TYPE_REALTIME_TURN_STATE, REALTIME_TURN_IDLE,
          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (klass, PROP_USAGE,
      g_param_spec_boxed ("usage", "Usage",
          "What was used since READY: tokens, seconds and US dollars, with the "
          "fields of the message realtime/usage; notified from the session "
          "thread", GST_TYPE_STRUCTURE,
          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (klass, PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "Packets, bytes, losses and times of the link, at most a second old, "
          "and what has left by src; see the documentation for the fields",
          GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (klass, PROP_CONVERSATION,
      g_param_spec_string ("conversation", "Conversation",
          "What was said since READY, in order: a JSON array of objects with "
          "item_id, role, text, start, end, interrupted and session_id; "
          "notified from the session thread", NULL,
          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (klass, PROP_SESSION_ID,
      g_param_spec_string ("session-id", "Session id",
          "The service's name for the session (NULL: none)", NULL,
          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (klass, PROP_CALL_ID,
      g_param_spec_string ("call-id", "Call id",
          "The service's name for the call, for its side channel (NULL: none)",
          NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
gst_realtime_bin_class_init (GstRealtimeBinClass * klass)
{
  GObjectClass *gobject_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (realtimebin_debug, "realtimebin", 0,
      "Realtime session");

  gobject_class->set_property = gst_realtime_bin_set_property;
  gobject_class->get_property = gst_realtime_bin_get_property;
  gobject_class->dispatch_properties_changed =
      gst_realtime_bin_dispatch_properties_changed;
  gobject_class->dispose = gst_realtime_bin_dispose;
  gobject_class->finalize = gst_realtime_bin_finalize;
  element_class->change_state = gst_realtime_bin_change_state;
  element_class->send_event = gst_realtime_bin_send_event;
  element_class->request_new_pad = gst_realtime_bin_request_new_pad;
  element_class->release_pad = gst_realtime_bin_release_pad;

  gst_realtime_properties_install (gobject_class);
  gst_realtime_bin_install_audio_properties (gobject_class);
  gst_realtime_bin_install_turn_properties (gobject_class);
  install_own_properties (gobject_class);

  gst_realtime_bin_install_actions (klass);

  /**
   * GstRealtimeBin::webrtcbin-ready:
   * @self: the element
   * @webrtcbin: the inner webrtcbin, before negotiation
   *
   * For what only the inner element can do. Emitted from the session thread,
   * for each connection anew; handlers must not block.
   */
  signals[SIGNAL_WEBRTCBIN_READY] = g_signal_new ("webrtcbin-ready",
      G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
      G_TYPE_NONE, 1, GST_TYPE_ELEMENT);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_add_static_pad_template (element_class,
      &event_src_template);
  gst_element_class_add_static_pad_template (element_class,
      &token_sink_template);
  gst_element_class_set_static_metadata (element_class, "Realtime session",
      "Filter/Network/Audio",
      "Converses with, or is transcribed by, a Realtime voice service",
      "gst-plugins-realtime maintainers");
}

static GstPad *
add_ghost (GstRealtimeBin * self, GstElement * element, const gchar * pad_name,
    GstStaticPadTemplate * templ)
{
  GstPadTemplate *template = gst_static_pad_template_get (templ);
  GstPad *target, *ghost;

  if (element) {
    target = gst_element_get_static_pad (element, pad_name);
    ghost = gst_ghost_pad_new_from_template (templ->name_template, target,
        template);
    gst_object_unref (target);
  } else {
    ghost = gst_ghost_pad_new_no_target_from_template (templ->name_template,
        template);
  }
  gst_object_unref (template);
  gst_element_add_pad (GST_ELEMENT (self), ghost);

  return ghost;
}

/*
 *   sink ─► uplink ─► transport ─► downlink ─► src
 *                     (a session's)
 *           appsrc ─► tee ─► event_src
 *
 * The tee lets event_src be unlinked.
 */
static void
build (GstRealtimeBin * self)
{
  GstElement *tee = NULL;
  GstCaps *caps;
  GstPad *pad;

  self->uplink = gst_realtime_uplink_new (&self->missing);
  self->downlink = gst_realtime_downlink_new (&self->missing);
  self->event_source = gst_element_factory_make ("appsrc", "event_source");
  tee = gst_element_factory_make ("tee", "event_tee");
  if (!self->event_source || !tee)
    self->missing = self->event_source ? "tee" : "appsrc";

  if (self->uplink)
    gst_bin_add (GST_BIN (self), self->uplink);
  if (self->downlink)
    gst_bin_add (GST_BIN (self), self->downlink);
  if (self->event_source)
    gst_bin_add (GST_BIN (self), self->event_source);
  if (tee)
    gst_bin_add (GST_BIN (self), tee);

  self->sink_pad = add_ghost (self, self->uplink, "sink", &sink_template);
  gst_pad_add_probe (self->sink_pad, GST_PAD_PROBE_TYPE_BUFFER |
      GST_PAD_PROBE_TYPE_BUFFER_LIST | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      input_probe, self, NULL);
  self->src_pad = add_ghost (self, self->downlink, "src", &src_template);
  gst_pad_set_event_function (self->src_pad, src_event);

  if (self->missing) {
    self->event_pad = add_ghost (self, NULL, NULL, &event_src_template);
    return;
  }

  caps = gst_static_pad_template_get_caps (&event_src_template);
  g_object_set (self->event_source, "is-live", TRUE, "format",
      GST_FORMAT_TIME, "caps", caps, "max-bytes", G_GUINT64_CONSTANT (0), NULL);
  gst_caps_unref (caps);
  g_object_set (tee, "allow-not-linked", TRUE, NULL);
  gst_element_link (self->event_source, tee);
  pad = gst_element_request_pad_simple (tee, "src_%u");
  gst_object_unref (pad);
  self->event_pad = add_ghost (self, tee, "src_0", &event_src_template);
  gst_realtime_bin_set_up_event_pad (self);
  gst_pad_set_event_function (self->event_pad, src_event);
  gst_pad_set_event_function (self->sink_pad, gst_realtime_bin_sink_event);

  g_signal_connect (self->downlink, "sound-started",
      G_CALLBACK (on_sound_started), self);
  g_signal_connect (self->downlink, "sound-stopped",
      G_CALLBACK (on_sound_stopped), self);
  g_signal_connect (self->uplink, "input-kind", G_CALLBACK (on_input_kind),
      self);
  g_signal_connect (self->uplink, "epoch", G_CALLBACK (on_epoch), self);
  g_signal_connect (self->uplink, "hold", G_CALLBACK (on_hold), self);
  g_signal_connect (self->uplink, "passed", G_CALLBACK (on_passed), self);
  g_signal_connect (self->uplink, "input-eos", G_CALLBACK (on_input_eos), self);
  gst_realtime_bin_listen (self);
}

static void
gst_realtime_bin_init (GstRealtimeBin * self)
{
  g_cond_init (&self->supervisor_idle);
  g_cond_init (&self->events_flushed);
  g_mutex_init (&self->events_lock);
  g_queue_init (&self->events);
  self->settings = gst_realtime_settings_new ();
  gst_realtime_bin_init_audio (self);

  /* neither: what is inside ends and starts nothing of the pipeline's own */
  gst_bin_set_suppressed_flags (GST_BIN (self),
      GST_ELEMENT_FLAG_SOURCE | GST_ELEMENT_FLAG_SINK);
  build (self);
}
