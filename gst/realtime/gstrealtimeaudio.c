/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstrealtimebin-private.h"
#include "gstrealtimeproperties.h"
#include "media/downlink.h"
#include "media/uplink.h"

/* What turn-detection=client goes by where nothing is set. */
#define DEFAULT_SILENCE_MS 500
#define DEFAULT_THRESHOLD 0.5
/* A transcription is cut in mid-speech at the latest after so long, so that its
 * finals come; a conversation waits for its turns to end. */
#define MAX_SEGMENT_MS 15000

#define MAX_VOLUME 10.0
#define MAX_PRE_CONNECT_MS 60000

static GType
noise_suppression_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {GST_REALTIME_NOISE_SUPPRESSION_OFF, "None", "off"},
    {GST_REALTIME_NOISE_SUPPRESSION_LOW, "About 6 dB", "low"},
    {GST_REALTIME_NOISE_SUPPRESSION_MODERATE, "About 10 dB", "moderate"},
    {GST_REALTIME_NOISE_SUPPRESSION_HIGH, "About 15 dB", "high"},
    {GST_REALTIME_NOISE_SUPPRESSION_VERY_HIGH, "About 20 dB", "very-high"},
    {0, NULL, NULL}
  };

  return gst_realtime_enum_type (&type, "GstRealtimeNoiseSuppression", values);
}

void
gst_realtime_bin_init_audio (GstRealtimeBin * self)
{
  static gint bins = 0;

  self->audio.volume = 1.0;
  /* webrtcdsp looks for its probe by name, in the whole process. */
  self->audio.probe_name = g_strdup_printf ("realtimebin-probe-%u",
      (guint) g_atomic_int_add (&bins, 1));
}

void
gst_realtime_bin_clear_audio (GstRealtimeBin * self)
{
  g_free (self->audio.probe_name);
}

void
gst_realtime_bin_install_audio_properties (GObjectClass * klass)
{
  const GParamFlags playing = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
      GST_PARAM_MUTABLE_PLAYING;
  const GParamFlags ready = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
      GST_PARAM_MUTABLE_READY;

  g_object_class_install_property (klass, GST_REALTIME_PROP_MUTE,
      g_param_spec_boolean ("mute", "Mute",
          "Send silence in place of the input", FALSE, playing));
  g_object_class_install_property (klass, GST_REALTIME_PROP_VOLUME,
      g_param_spec_double ("volume", "Volume",
          "How loud the service is on src, linear: 0.0 is silent, 1.0 as it "
          "came", 0.0, MAX_VOLUME, 1.0, playing));
  g_object_class_install_property (klass, GST_REALTIME_PROP_ECHO_CANCEL,
      g_param_spec_boolean ("echo-cancel", "Echo cancel",
          "Take what src plays out of what a microphone in the same room hears "
          "of it (webrtcdsp)", FALSE, ready));
  g_object_class_install_property (klass, GST_REALTIME_PROP_NOISE_SUPPRESSION,
      g_param_spec_enum ("noise-suppression", "Noise suppression",
          "How much of a steady noise to take out of the input before it is "
          "sent (webrtcdsp)", noise_suppression_get_type (),
          GST_REALTIME_NOISE_SUPPRESSION_OFF, ready));
  g_object_class_install_property (klass, GST_REALTIME_PROP_GAIN_CONTROL,
      g_param_spec_boolean ("gain-control", "Gain control",
          "Bring the input's speech to an even level before it is sent "
          "(webrtcdsp)", FALSE, ready));
  g_object_class_install_property (klass, GST_REALTIME_PROP_PRE_CONNECT_BUFFER,
      g_param_spec_uint ("pre-connect-buffer", "Pre-connect buffer",
          "How much of a live input from before the session was configured is "
          "kept and sent, in ms (0: none)", 0, MAX_PRE_CONNECT_MS, 0, ready));
}

gboolean
gst_realtime_bin_set_audio_property (GstRealtimeBin * self, guint id,
    const GValue * value)
{
  GstRealtimeBinAudio *audio = &self->audio;
  gboolean known = TRUE;

  GST_OBJECT_LOCK (self);
  switch (id) {
    case GST_REALTIME_PROP_MUTE:
      audio->mute = g_value_get_boolean (value);
      break;
    case GST_REALTIME_PROP_VOLUME:
      audio->volume = g_value_get_double (value);
      break;
    case GST_REALTIME_PROP_ECHO_CANCEL:
      audio->echo_cancel = g_value_get_boolean (value);
      break;
    case GST_REALTIME_PROP_NOISE_SUPPRESSION:
      audio->noise_suppression = g_value_get_enum (value);
      break;
    case GST_REALTIME_PROP_GAIN_CONTROL:
      audio->gain_control = g_value_get_boolean (value);
      break;
    case GST_REALTIME_PROP_PRE_CONNECT_BUFFER:
      audio->pre_connect_ms = g_value_get_uint (value);
      break;
    default:
      known = FALSE;
      break;
  }
  GST_OBJECT_UNLOCK (self);

  if (id == GST_REALTIME_PROP_MUTE && self->uplink)
    gst_realtime_uplink_set_mute (self->uplink, g_value_get_boolean (value));
  if (id == GST_REALTIME_PROP_VOLUME && self->downlink)
    gst_realtime_downlink_set_volume (self->downlink,
        g_value_get_double (value));
  return known;
}

gboolean
gst_realtime_bin_get_audio_property (GstRealtimeBin * self, guint id,
    GValue * value)
{
  const GstRealtimeBinAudio *audio = &self->audio;

  switch (id) {
    case GST_REALTIME_PROP_MUTE:
      g_value_set_boolean (value, audio->mute);
      return TRUE;
    case GST_REALTIME_PROP_VOLUME:
      g_value_set_double (value, audio->volume);
      return TRUE;
    case GST_REALTIME_PROP_ECHO_CANCEL:
      g_value_set_boolean (value, audio->echo_cancel);
      return TRUE;
    case GST_REALTIME_PROP_NOISE_SUPPRESSION:
      g_value_set_enum (value, audio->noise_suppression);
      return TRUE;
    case GST_REALTIME_PROP_GAIN_CONTROL:
      g_value_set_boolean (value, audio->gain_control);
      return TRUE;
    case GST_REALTIME_PROP_PRE_CONNECT_BUFFER:
      g_value_set_uint (value, audio->pre_connect_ms);
      return TRUE;
    default:
      return FALSE;
  }
}

static void
get_processing (GstRealtimeBin * self, GstRealtimeProcessing * processing)
{
  GST_OBJECT_LOCK (self);
  processing->echo_probe =
      self->audio.echo_cancel ? self->audio.probe_name : NULL;
  processing->noise_suppression = self->audio.noise_suppression;
  processing->gain_control = self->audio.gain_control;
  processing->voice_detection =
      self->interrupt_locally || realtime_session_config_get_turns
      (&self->settings->config) == REALTIME_TURNS_CLIENT;
  GST_OBJECT_UNLOCK (self);
}

const gchar *
gst_realtime_bin_find_missing_for_audio (GstRealtimeBin * self)
{
  GstRealtimeProcessing processing;

  get_processing (self, &processing);
  return gst_realtime_processing_changes (&processing) ?
      gst_realtime_processing_find_missing (&processing) : NULL;
}

/* Looks for speech of which nobody makes turns. */
static void
find_interruptions (GstRealtimeBin * self)
{
  static const RealtimeSegmenterSettings settings = { DEFAULT_SILENCE_MS, 0,
    DEFAULT_THRESHOLD, 0
  };
  gboolean wanted;

  GST_OBJECT_LOCK (self);
  wanted = self->interrupt_locally;
  GST_OBJECT_UNLOCK (self);
  gst_realtime_uplink_set_segmenter (self->uplink, wanted ? &settings : NULL);
}

void
gst_realtime_bin_prepare_audio (GstRealtimeBin * self)
{
  GstRealtimeProcessing processing;
  const gchar *missing = NULL;
  gboolean mute;
  guint pre_connect_ms;

  get_processing (self, &processing);
  if (!gst_realtime_uplink_set_processing (self->uplink, &processing, &missing))
    g_return_if_reached ();
  gst_realtime_downlink_set_echo_probe (self->downlink, processing.echo_probe);

  /* what an EOS event muted was another session */
  GST_OBJECT_LOCK (self);
  mute = self->audio.mute;
  pre_connect_ms = self->audio.pre_connect_ms;
  GST_OBJECT_UNLOCK (self);
  gst_realtime_uplink_set_mute (self->uplink, mute);
  gst_realtime_uplink_set_pre_connect_buffer (self->uplink, pre_connect_ms);
  find_interruptions (self);
}

void
gst_realtime_bin_find_turns (const RealtimeSessionConfig * config,
    gpointer host)
{
  GstRealtimeBin *self = host;
  RealtimeSegmenterSettings settings = { DEFAULT_SILENCE_MS, 0,
    DEFAULT_THRESHOLD, 0
  };

  if (!config) {
    find_interruptions (self);
    return;
  }
  if (config->vad_silence_duration_ms >= 0)
    settings.silence_ms = config->vad_silence_duration_ms;
  if (config->vad_prefix_padding_ms >= 0)
    settings.prefix_ms = config->vad_prefix_padding_ms;
  if (config->vad_threshold >= 0)
    settings.threshold = config->vad_threshold;
  if (config->session_type == REALTIME_SESSION_TRANSCRIPTION)
    settings.max_ms = MAX_SEGMENT_MS;
  gst_realtime_uplink_set_segmenter (self->uplink, &settings);
}

static void
tell_speech (GstRealtimeBin * self, gboolean started, GstClockTime running_time)
{
  GstRealtimeSupervisor *supervisor = gst_realtime_bin_borrow_supervisor (self);

  if (!supervisor)
    return;
  gst_realtime_supervisor_tell_speech (supervisor, started, running_time);
  gst_realtime_bin_give_supervisor_back (self);
}

static void
on_speech_started (GstElement * uplink, guint64 running_time,
    GstRealtimeBin * self)
{
  tell_speech (self, TRUE, running_time);
}

static void
on_speech_stopped (GstElement * uplink, guint64 running_time,
    GstRealtimeBin * self)
{
  tell_speech (self, FALSE, running_time);
}

void
gst_realtime_bin_listen (GstRealtimeBin * self)
{
  g_signal_connect (self->uplink, "speech-started",
      G_CALLBACK (on_speech_started), self);
  g_signal_connect (self->uplink, "speech-stopped",
      G_CALLBACK (on_speech_stopped), self);
}
