/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "intake.h"

#include <gst/rtp/rtp.h>
#include <string.h>

#define RATE 48000
#define MS (RATE / 1000)
/* Without a packet for so long, zeros are heard; they stay this far behind, so
 * that a late burst seldom meets them: a client or a line that stands still for
 * a moment does not cut a sentence in two. */
#define PATIENCE (1000 * MS)
/* A tick that comes later than this tells that the machine stood still, not that
 * the line is silent: what came meanwhile may take as long to be read. */
#define LATE_TICK (100 * G_TIME_SPAN_MILLISECOND)
/* A time stamp that jumps further than this from where the clock says we are
 * is a new start of the sender's count, not a pause. */
#define MAX_JUMP (10 * RATE)

struct _Intake
{
  Recogniser *recogniser;
  Recorder *recorder;
  IntakeCount count;

  GMutex lock;
  /* all below: protected by lock */
  gboolean begun;
  guint64 seen_ext;             /* extended RTP time, network side */
  gint64 first;                 /* extended time of position 0 */
  gint64 mark;                  /* end of the newest packet, from the network */
  gint64 arrival;               /* monotonic time of that packet */
  guint64 placed_ext;           /* extended RTP time, behind the jitter buffer */
  gint64 placed_end;            /* end of the packet placed last */
  gint64 position;              /* end of what the recogniser has */
  gint64 tick;                  /* monotonic time of the last tick */
  gint64 awake;                 /* monotonic time since when ticks are on time */
};

Intake *
intake_new (Recogniser * recogniser, Recorder * recorder, IntakeCount count)
{
  Intake *self = g_new0 (Intake, 1);

  self->recogniser = recogniser;
  self->recorder = recorder;
  self->count = count;
  g_mutex_init (&self->lock);
  self->seen_ext = -1;
  self->placed_ext = -1;
  self->mark = -1;
  return self;
}

/* Samples of 48 kHz in an Opus packet (RFC 6716, section 3.1). */
static gint64
opus_duration (const guint8 * data, guint size)
{
  static const guint16 celt[] = { 120, 240, 480, 960 };
  static const guint16 silk[] = { 480, 960, 1920, 2880 };
  guint config, frames;
  gint64 frame;

  if (size == 0)
    return 0;
  config = data[0] >> 3;
  if (config >= 16)
    frame = celt[config & 3];
  else if (config >= 12)
    frame = config & 1 ? 960 : 480;
  else
    frame = silk[config & 3];
  switch (data[0] & 3) {
    case 0:
      frames = 1;
      break;
    case 3:
      frames = size > 1 ? data[1] & 0x3f : 0;
      break;
    default:
      frames = 2;
      break;
  }
  return MIN (frame * frames, 120 * MS);
}

/* Under the lock. Where the clock says that the newest sample stands. */
static gint64
clock_position (Intake * self)
{
  return self->mark + (g_get_monotonic_time () - self->arrival) * MS / 1000;
}

static gboolean
read_packet (GstBuffer * buffer, guint32 * time, gint64 * duration)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

  if (!gst_rtp_buffer_map (buffer, GST_MAP_READ, &rtp))
    return FALSE;
  *time = gst_rtp_buffer_get_timestamp (&rtp);
  *duration = opus_duration (gst_rtp_buffer_get_payload (&rtp),
      gst_rtp_buffer_get_payload_len (&rtp));
  gst_rtp_buffer_unmap (&rtp);
  return TRUE;
}

/* Under the lock: the place of a packet, by its RTP time. */
static gint64
find_place (Intake * self, guint32 time)
{
  gint64 place;

  gst_rtp_buffer_ext_timestamp (&self->seen_ext, time);
  if (!self->begun) {
    self->begun = TRUE;
    self->first = self->seen_ext;
    /* both sides of the jitter buffer must unwrap the count alike */
    self->placed_ext = self->seen_ext;
  }
  place = (gint64) self->seen_ext - self->first;
  if (self->mark >= 0 && ABS (place - clock_position (self)) > MAX_JUMP) {
    self->first = (gint64) self->seen_ext - clock_position (self);
    place = clock_position (self);
  }
  return place;
}

static void
see_packet (Intake * self, GstBuffer * buffer)
{
  gint64 duration, place;
  guint32 time;

  if (!read_packet (buffer, &time, &duration))
    return;
  g_mutex_lock (&self->lock);
  if (self->count == INTAKE_BY_RTP)
    place = find_place (self, time);
  else
    place = MAX (MAX (self->mark, self->position), 0);
  self->begun = TRUE;
  self->mark = MAX (self->mark, place + duration);
  self->arrival = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
}

static gboolean
see_in_list (GstBuffer ** buffer, guint index, gpointer user_data)
{
  see_packet (user_data, *buffer);
  return TRUE;
}

static GstPadProbeReturn
on_network_packet (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST)
    gst_buffer_list_foreach (GST_PAD_PROBE_INFO_BUFFER_LIST (info),
        see_in_list, user_data);
  else
    see_packet (user_data, GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_OK;
}

void
intake_watch (Intake * self, GstPad * pad)
{
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST,
      on_network_packet, self, NULL);
}

static GstClockTime
to_time (gint64 position)
{
  return gst_util_uint64_scale (MAX (position, 0), GST_SECOND, RATE);
}

static gboolean
place_packet (GstBuffer ** buffer, guint index, gpointer user_data)
{
  Intake *self = user_data;
  gint64 duration, place;
  guint32 time;

  if (!read_packet (*buffer, &time, &duration))
    return TRUE;
  g_mutex_lock (&self->lock);
  gst_rtp_buffer_ext_timestamp (&self->placed_ext, time);
  place = self->count == INTAKE_BY_RTP ?
      (gint64) self->placed_ext - self->first : self->placed_end;
  self->placed_end = place + duration;
  g_mutex_unlock (&self->lock);
  *buffer = gst_buffer_make_writable (*buffer);
  GST_BUFFER_PTS (*buffer) = to_time (place);
  GST_BUFFER_DTS (*buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (*buffer) = to_time (duration);
  return TRUE;
}

/* The jitter buffer tells of a lost packet in its own time. Where that does not
 * count, nothing is to be made up for it. */
static GstPadProbeReturn
place_loss (Intake * self, GstPadProbeInfo * info)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  GstStructure *structure;
  GstClockTime duration;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CUSTOM_DOWNSTREAM ||
      !gst_event_has_name (event, "GstRTPPacketLost"))
    return GST_PAD_PROBE_OK;
  if (self->count != INTAKE_BY_RTP)
    return GST_PAD_PROBE_DROP;
  event = gst_event_make_writable (event);
  GST_PAD_PROBE_INFO_DATA (info) = event;
  structure = gst_event_writable_structure (event);
  g_mutex_lock (&self->lock);
  gst_structure_set (structure, "timestamp", G_TYPE_UINT64,
      to_time (self->placed_end), NULL);
  if (gst_structure_get_clock_time (structure, "duration", &duration) &&
      GST_CLOCK_TIME_IS_VALID (duration))
    self->placed_end += gst_util_uint64_scale (duration, RATE, GST_SECOND);
  g_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_ordered_packet (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

    place_packet (&buffer, 0, user_data);
    GST_PAD_PROBE_INFO_DATA (info) = buffer;
  } else if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST) {
    GstBufferList *list = GST_PAD_PROBE_INFO_BUFFER_LIST (info);

    list = gst_buffer_list_make_writable (list);
    gst_buffer_list_foreach (list, place_packet, user_data);
    GST_PAD_PROBE_INFO_DATA (info) = list;
  } else {
    return place_loss (user_data, info);
  }
  return GST_PAD_PROBE_OK;
}

void
intake_place (Intake * self, GstPad * pad)
{
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER |
      GST_PAD_PROBE_TYPE_BUFFER_LIST | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      on_ordered_packet, self, NULL);
}

/* Under the lock. */
static void
feed_zeros (Intake * self, gint64 until)
{
  if (until <= self->position)
    return;
  recogniser_audio (self->recogniser, NULL, until - self->position,
      self->position);
  self->position = until;
}

void
intake_decoded (Intake * self, GstBuffer * buffer)
{
  GstMapInfo map;
  gint64 place;
  gsize n;

  if (!GST_BUFFER_PTS_IS_VALID (buffer) ||
      !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;
  n = map.size / sizeof (gint16);
  place = gst_util_uint64_scale_round (GST_BUFFER_PTS (buffer), RATE,
      GST_SECOND);
  g_mutex_lock (&self->lock);
  /* time stamps are nanoseconds: a sample more or less is rounding */
  if (self->count != INTAKE_BY_RTP || ABS (place - self->position) <= MS)
    place = self->position;
  /* no further than the clock: a wild stamp must not make minutes of zeros */
  if (place > self->position)
    feed_zeros (self, MIN (place, self->position + MAX_JUMP));
  recogniser_audio (self->recogniser, g_memdup2 (map.data, map.size), n, place);
  self->position = MAX (self->position, place + (gint64) n);
  g_mutex_unlock (&self->lock);
  recorder_heard (self->recorder, (const gint16 *) map.data, n, place);
  gst_buffer_unmap (buffer, &map);
}

void
intake_tick (Intake * self)
{
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&self->lock);
  if (now - self->tick > LATE_TICK)
    self->awake = now;
  self->tick = now;
  /* only when all that came has passed the jitter buffer and the decoder */
  if (self->begun && self->count != INTAKE_BY_SAMPLES
      && now - self->awake >= LATE_TICK
      && self->position + 120 * MS >= self->mark)
    feed_zeros (self, clock_position (self) - PATIENCE);
  g_mutex_unlock (&self->lock);
}

gint64
intake_mark (Intake * self)
{
  gint64 mark;

  g_mutex_lock (&self->lock);
  mark = self->mark;
  g_mutex_unlock (&self->lock);
  return mark;
}

gint64
intake_position (Intake * self)
{
  gint64 position;

  g_mutex_lock (&self->lock);
  position = self->position;
  g_mutex_unlock (&self->lock);
  return position;
}

void
intake_free (Intake * self)
{
  g_mutex_clear (&self->lock);
  g_free (self);
}
