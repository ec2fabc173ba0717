/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "downlink.h"
#include "playout-private.h"

#include <gst/audio/audio.h>

GST_DEBUG_CATEGORY (realtime_downlink_debug);
#define GST_CAT_DEFAULT realtime_downlink_debug

/* A slot leaves when the speech that ends it has come through the jitter
 * buffer, and this much later: decoding and a busy machine take time. */
#define MARGIN (20 * GST_MSECOND)

#define PLAYOUT_CAPS "audio/x-raw, format = (string) " GST_AUDIO_NE (S16) \
    ", layout = (string) interleaved, rate = (int) 48000, channels = (int) 1"

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink_%u",
    GST_PAD_SINK, GST_PAD_REQUEST, GST_STATIC_CAPS (PLAYOUT_CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (PLAYOUT_CAPS));

G_DEFINE_TYPE_WITH_CODE (GstRealtimePlayout, gst_realtime_playout,
    GST_TYPE_ELEMENT,
    GST_DEBUG_CATEGORY_INIT (realtime_downlink_debug, "realtimedownlink", 0,
        "Speech on its way from the service"));

guint64
realtime_playout_place (GstClockTime running_time)
{
  return gst_util_uint64_scale_round (running_time, REALTIME_VOICE_RATE,
      GST_SECOND);
}

static void
line_free (RealtimeLine * line)
{
  realtime_voice_free (line->voice);
  g_free (line);
}

/* With the lock. */
static void
wake (GstRealtimePlayout * playout)
{
  if (playout->clock_id)
    gst_clock_id_unschedule (playout->clock_id);
  g_cond_broadcast (&playout->cond);
}

/* With the lock. */
GstClockTime
realtime_playout_own_latency (GstRealtimePlayout * playout)
{
  return playout->latency + REALTIME_SLOT_DURATION + MARGIN;
}

/* With the lock. Forgets lines whose pad is gone once they have been played.
 * Returns: whether all lines have been played. */
gboolean
realtime_playout_is_drained (GstRealtimePlayout * playout)
{
  gboolean drained = TRUE;
  GList *l = playout->lines;

  while (l) {
    GList *next = l->next;
    RealtimeLine *line = l->data;

    if (!realtime_voice_is_empty (line->voice)) {
      drained = FALSE;
    } else if (!line->pad && !line->sounding.on) {
      line_free (line);
      playout->lines = g_list_delete_link (playout->lines, l);
    }
    l = next;
  }
  return drained;
}

static GstFlowReturn
gst_realtime_playout_chain (GstPad * pad, GstObject * parent,
    GstBuffer * buffer)
{
  GstRealtimePlayout *playout = GST_REALTIME_PLAYOUT (parent);
  RealtimeLine *line = gst_pad_get_element_private (pad);
  guint64 place = REALTIME_VOICE_NO_PLACE;
  gboolean taken = TRUE;

  if (line->segment.format == GST_FORMAT_TIME
      && GST_BUFFER_PTS_IS_VALID (buffer)) {
    GstClockTime time = gst_segment_to_running_time (&line->segment,
        GST_FORMAT_TIME, GST_BUFFER_PTS (buffer));

    if (time != GST_CLOCK_TIME_NONE)
      place = realtime_playout_place (time);
  }

  g_mutex_lock (&playout->lock);
  if (playout->ending)
    gst_buffer_unref (buffer);
  else
    taken = realtime_voice_add (line->voice, buffer, place);
  g_mutex_unlock (&playout->lock);

  if (!taken)
    GST_WARNING_OBJECT (pad, "ten minutes of speech wait, dropping what comes");
  return GST_FLOW_OK;
}

static gboolean
gst_realtime_playout_sink_event (GstPad * pad, GstObject * parent,
    GstEvent * event)
{
  GstRealtimePlayout *playout = GST_REALTIME_PLAYOUT (parent);
  RealtimeLine *line = gst_pad_get_element_private (pad);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_SEGMENT:
      gst_event_copy_segment (event, &line->segment);
      break;
    case GST_EVENT_FLUSH_STOP:
      gst_segment_init (&line->segment, GST_FORMAT_UNDEFINED);
      g_mutex_lock (&playout->lock);
      realtime_voice_flush (line->voice);
      wake (playout);
      g_mutex_unlock (&playout->lock);
      break;
    default:
      break;
  }
  gst_event_unref (event);
  return TRUE;
}

static gboolean
gst_realtime_playout_sink_query (GstPad * pad, GstObject * parent,
    GstQuery * query)
{
  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_CAPS:
    case GST_QUERY_ACCEPT_CAPS:
      return gst_pad_query_default (pad, parent, query);
    default:
      return FALSE;
  }
}

static gboolean
gst_realtime_playout_src_query (GstPad * pad, GstObject * parent,
    GstQuery * query)
{
  GstRealtimePlayout *playout = GST_REALTIME_PLAYOUT (parent);
  GstClockTime time;
  GstFormat format;

  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_CAPS:
    case GST_QUERY_ACCEPT_CAPS:
      return gst_pad_query_default (pad, parent, query);
    case GST_QUERY_LATENCY:
      g_mutex_lock (&playout->lock);
      time = realtime_playout_own_latency (playout) + playout->hold;
      g_mutex_unlock (&playout->lock);
      gst_query_set_latency (query, TRUE, time, GST_CLOCK_TIME_NONE);
      return TRUE;
    case GST_QUERY_SEEKING:
      gst_query_parse_seeking (query, &format, NULL, NULL, NULL);
      gst_query_set_seeking (query, format, FALSE, 0, -1);
      return TRUE;
    case GST_QUERY_POSITION:
      gst_query_parse_position (query, &format, NULL);
      if (format != GST_FORMAT_TIME)
        return FALSE;
      g_mutex_lock (&playout->lock);
      time = playout->start + playout->slots * REALTIME_SLOT_DURATION;
      g_mutex_unlock (&playout->lock);
      gst_query_set_position (query, format, time);
      return TRUE;
    default:
      return FALSE;
  }
}

/* Nothing of downstream's concerns the connections. */
static gboolean
gst_realtime_playout_src_event (GstPad * pad, GstObject * parent,
    GstEvent * event)
{
  gboolean handled = GST_EVENT_TYPE (event) != GST_EVENT_SEEK;

  gst_event_unref (event);
  return handled;
}

static gboolean
gst_realtime_playout_src_activate_mode (GstPad * pad, GstObject * parent,
    GstPadMode mode, gboolean active)
{
  GstRealtimePlayout *playout = GST_REALTIME_PLAYOUT (parent);

  if (mode != GST_PAD_MODE_PUSH)
    return FALSE;
  if (active)
    return gst_pad_start_task (pad, realtime_playout_loop, playout, NULL);
  return gst_pad_stop_task (pad);
}

static GstPad *
gst_realtime_playout_request_new_pad (GstElement * element,
    GstPadTemplate * template, const gchar * name, const GstCaps * caps)
{
  GstRealtimePlayout *playout = GST_REALTIME_PLAYOUT (element);
  g_autofree gchar *own_name = NULL;
  RealtimeLine *line = g_new0 (RealtimeLine, 1);
  GstPad *pad;

  line->voice = realtime_voice_new ();
  realtime_sounding_init (&line->sounding);
  gst_segment_init (&line->segment, GST_FORMAT_UNDEFINED);

  g_mutex_lock (&playout->lock);
  own_name = name ? g_strdup (name) :
      g_strdup_printf ("sink_%u", playout->next_pad);
  pad = gst_pad_new_from_template (template, own_name);
  line->number = gst_realtime_downlink_get_line (pad);
  playout->next_pad = MAX (playout->next_pad, line->number + 1);
  line->pad = pad;
  playout->lines = g_list_append (playout->lines, line);
  g_mutex_unlock (&playout->lock);

  gst_pad_set_element_private (pad, line);
  gst_pad_set_chain_function (pad, gst_realtime_playout_chain);
  gst_pad_set_event_function (pad, gst_realtime_playout_sink_event);
  gst_pad_set_query_function (pad, gst_realtime_playout_sink_query);
  gst_element_add_pad (element, pad);
  return pad;
}

static void
gst_realtime_playout_release_pad (GstElement * element, GstPad * pad)
{
  GstRealtimePlayout *playout = GST_REALTIME_PLAYOUT (element);
  RealtimeLine *line = gst_pad_get_element_private (pad);

  /* Waits for its streaming thread, which never blocks. */
  gst_pad_set_active (pad, FALSE);
  g_mutex_lock (&playout->lock);
  line->pad = NULL;
  if (!playout->active)
    realtime_playout_is_drained (playout);
  g_mutex_unlock (&playout->lock);
  gst_element_remove_pad (element, pad);
}

static void
reset (GstRealtimePlayout * playout)
{
  GList *l;

  playout->stream_started = FALSE;
  playout->discont = FALSE;
  playout->last_flow = GST_FLOW_OK;

  g_mutex_lock (&playout->lock);
  playout->started = FALSE;
  playout->ending = playout->ended = FALSE;
  playout->start = 0;
  playout->hold = 0;
  playout->slots = playout->sample = playout->silent_slots = 0;
  playout->base_time = GST_CLOCK_TIME_NONE;
  playout->sounded = playout->flush_starts = playout->flushing = FALSE;
  playout->flush_from = 0;
  playout->waiting = playout->restarted = FALSE;
  for (l = playout->lines; l; l = l->next) {
    RealtimeLine *line = l->data;

    realtime_voice_free (line->voice);
    line->voice = realtime_voice_new ();
    realtime_sounding_init (&line->sounding);
  }
  realtime_playout_is_drained (playout);
  g_mutex_unlock (&playout->lock);
}

static void
set_running (GstRealtimePlayout * playout, gboolean active, gboolean playing)
{
  g_mutex_lock (&playout->lock);
  playout->active = active;
  playout->playing = playing;
  if (!playing)
    playout->base_time = GST_CLOCK_TIME_NONE;
  wake (playout);
  g_mutex_unlock (&playout->lock);
}

static GstStateChangeReturn
gst_realtime_playout_change_state (GstElement * element,
    GstStateChange transition)
{
  GstRealtimePlayout *playout = GST_REALTIME_PLAYOUT (element);
  GstStateChangeReturn ret;

  switch (transition) {
    case GST_STATE_CHANGE_READY_TO_PAUSED:
      set_running (playout, TRUE, FALSE);
      break;
    case GST_STATE_CHANGE_PAUSED_TO_PLAYING:
      set_running (playout, TRUE, TRUE);
      break;
    case GST_STATE_CHANGE_PLAYING_TO_PAUSED:
      set_running (playout, TRUE, FALSE);
      break;
    case GST_STATE_CHANGE_PAUSED_TO_READY:
      set_running (playout, FALSE, FALSE);
      break;
    default:
      break;
  }

  ret = GST_ELEMENT_CLASS (gst_realtime_playout_parent_class)->change_state
      (element, transition);
  if (ret == GST_STATE_CHANGE_FAILURE)
    return ret;

  switch (transition) {
    case GST_STATE_CHANGE_READY_TO_PAUSED:
    case GST_STATE_CHANGE_PLAYING_TO_PAUSED:
      return GST_STATE_CHANGE_NO_PREROLL;
    case GST_STATE_CHANGE_PAUSED_TO_READY:
      reset (playout);
      break;
    default:
      break;
  }
  return ret;
}

static gboolean
gst_realtime_playout_set_clock (GstElement * element, GstClock * clock)
{
  GstRealtimePlayout *playout = GST_REALTIME_PLAYOUT (element);
  gboolean ret;

  ret = GST_ELEMENT_CLASS (gst_realtime_playout_parent_class)->set_clock
      (element, clock);
  g_mutex_lock (&playout->lock);
  wake (playout);
  g_mutex_unlock (&playout->lock);
  return ret;
}

static void
gst_realtime_playout_finalize (GObject * object)
{
  GstRealtimePlayout *playout = GST_REALTIME_PLAYOUT (object);

  g_list_free_full (playout->lines, (GDestroyNotify) line_free);
  g_mutex_clear (&playout->lock);
  g_cond_clear (&playout->cond);
  G_OBJECT_CLASS (gst_realtime_playout_parent_class)->finalize (object);
}

static void
gst_realtime_playout_class_init (GstRealtimePlayoutClass * klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gst_realtime_playout_finalize;
  element_class->change_state = gst_realtime_playout_change_state;
  element_class->set_clock = gst_realtime_playout_set_clock;
  element_class->request_new_pad = gst_realtime_playout_request_new_pad;
  element_class->release_pad = gst_realtime_playout_release_pad;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Realtime playout",
      "Generic/Audio", "Plays speech on one continuous timeline",
      "gst-plugins-realtime");
}

static void
gst_realtime_playout_init (GstRealtimePlayout * playout)
{
  g_mutex_init (&playout->lock);
  g_cond_init (&playout->cond);

  playout->srcpad = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_set_query_function (playout->srcpad, gst_realtime_playout_src_query);
  gst_pad_set_event_function (playout->srcpad, gst_realtime_playout_src_event);
  gst_pad_set_activatemode_function (playout->srcpad,
      gst_realtime_playout_src_activate_mode);
  gst_pad_use_fixed_caps (playout->srcpad);
  gst_element_add_pad (GST_ELEMENT (playout), playout->srcpad);

  playout->volume = playout->reached = 1.0;
  reset (playout);
}

GstElement *
gst_realtime_playout_new (const GstRealtimePlayoutCallbacks * callbacks,
    gpointer user_data)
{
  GstRealtimePlayout *playout = g_object_new (GST_TYPE_REALTIME_PLAYOUT, NULL);

  playout->callbacks = callbacks;
  playout->user_data = user_data;
  return GST_ELEMENT (playout);
}

static void
post_latency (GstRealtimePlayout * playout)
{
  gst_element_post_message (GST_ELEMENT (playout),
      gst_message_new_latency (GST_OBJECT (playout)));
}

void
gst_realtime_playout_start (GstRealtimePlayout * playout,
    GstClockTime start_running_time, GstClockTime hold)
{
  gboolean first;

  g_return_if_fail (GST_CLOCK_TIME_IS_VALID (start_running_time));
  g_return_if_fail (hold <= start_running_time);

  g_mutex_lock (&playout->lock);
  first = !playout->started;
  if (first) {
    playout->started = TRUE;
    playout->start = start_running_time - hold;
    playout->hold = hold;
    wake (playout);
  }
  g_mutex_unlock (&playout->lock);
  if (!first)
    return;
  GST_INFO_OBJECT (playout, "starting at %" GST_TIME_FORMAT ", hold %"
      GST_TIME_FORMAT, GST_TIME_ARGS (start_running_time),
      GST_TIME_ARGS (hold));
  if (hold > 0)
    post_latency (playout);
}

void
gst_realtime_playout_set_hold (GstRealtimePlayout * playout, GstClockTime hold)
{
  gboolean changed;

  g_mutex_lock (&playout->lock);
  /* Back in time goes nothing: what was pushed was pushed. */
  changed = playout->started && hold > playout->hold;
  if (changed) {
    playout->hold = hold;
    wake (playout);
  }
  g_mutex_unlock (&playout->lock);
  if (!changed)
    return;
  GST_INFO_OBJECT (playout, "hold %" GST_TIME_FORMAT, GST_TIME_ARGS (hold));
  post_latency (playout);
}

void
gst_realtime_playout_expect_end (GstRealtimePlayout * playout)
{
  GList *l;

  g_mutex_lock (&playout->lock);
  for (l = playout->lines; l; l = l->next)
    realtime_sounding_expect_end (&((RealtimeLine *) l->data)->sounding);
  g_mutex_unlock (&playout->lock);
}

void
gst_realtime_playout_set_latency (GstRealtimePlayout * playout,
    GstClockTime latency)
{
  gboolean changed;

  g_mutex_lock (&playout->lock);
  changed = playout->latency != latency;
  playout->latency = latency;
  if (changed)
    wake (playout);
  g_mutex_unlock (&playout->lock);
  if (changed)
    post_latency (playout);
}

void
gst_realtime_playout_set_volume (GstRealtimePlayout * playout, gdouble volume)
{
  g_mutex_lock (&playout->lock);
  playout->volume = volume;
  if (playout->sample == 0)
    playout->reached = volume;
  g_mutex_unlock (&playout->lock);
}

void
gst_realtime_playout_flush (GstRealtimePlayout * playout)
{
  GList *l;

  g_mutex_lock (&playout->lock);
  for (l = playout->lines; l; l = l->next) {
    RealtimeLine *line = l->data;

    realtime_voice_cut (line->voice);
  }
  wake (playout);
  g_mutex_unlock (&playout->lock);
  GST_INFO_OBJECT (playout, "speech is cut off");
}

/* On a thread of its own, as elements may wait for theirs in it. */
static void
flush_downstream (GstElement * element, gpointer unused)
{
  GstRealtimePlayout *playout = GST_REALTIME_PLAYOUT (element);

  gst_pad_push_event (playout->srcpad, gst_event_new_flush_start ());
  /* not before: the end of it must not overtake it */
  g_mutex_lock (&playout->lock);
  playout->flush_starts = FALSE;
  playout->flushing = TRUE;
  wake (playout);
  g_mutex_unlock (&playout->lock);
}

void
gst_realtime_playout_flush_downstream (GstRealtimePlayout * playout)
{
  gboolean flush;
  GList *l;

  g_mutex_lock (&playout->lock);
  flush = playout->playing && playout->started && !playout->ending
      && playout->sounded && !playout->flush_starts && !playout->flushing;
  if (flush) {
    playout->sounded = FALSE;
    playout->flush_starts = TRUE;
    playout->flush_from = playout->sample;
    /* a fade out would follow the silence */
    for (l = playout->lines; l; l = l->next)
      realtime_voice_break_off (((RealtimeLine *) l->data)->voice);
  }
  g_mutex_unlock (&playout->lock);
  if (flush)
    gst_element_call_async (GST_ELEMENT (playout), flush_downstream, NULL,
        NULL);
}

void
gst_realtime_playout_begin_restart (GstRealtimePlayout * playout)
{
  gboolean flush;

  g_mutex_lock (&playout->lock);
  flush = playout->active;
  playout->waiting = flush;
  wake (playout);
  g_mutex_unlock (&playout->lock);
  if (flush)
    gst_pad_push_event (playout->srcpad, gst_event_new_flush_start ());
}

/* Downstream is let go on by the thread that flushes: sinks tell the pipeline that
 * its time begins anew, which needs locks that this thread may hold. */
void
gst_realtime_playout_end_restart (GstRealtimePlayout * playout)
{
  gboolean segment;
  GList *l;

  g_mutex_lock (&playout->lock);
  if (!playout->waiting) {
    g_mutex_unlock (&playout->lock);
    return;
  }
  while (playout->pushing)
    g_cond_wait (&playout->cond, &playout->lock);
  playout->started = playout->ending = playout->ended = FALSE;
  playout->hold = 0;
  playout->slots = 0;
  for (l = playout->lines; l; l = l->next) {
    RealtimeLine *line = l->data;

    realtime_voice_flush (line->voice);
    realtime_sounding_init (&line->sounding);
  }
  segment = playout->stream_started;
  g_mutex_unlock (&playout->lock);

  gst_pad_push_event (playout->srcpad, gst_event_new_flush_stop (TRUE));
  if (segment)
    realtime_playout_push_segment (playout);

  g_mutex_lock (&playout->lock);
  playout->waiting = FALSE;
  playout->restarted = TRUE;
  wake (playout);
  g_mutex_unlock (&playout->lock);
}

void
gst_realtime_playout_resume (GstRealtimePlayout * playout, GstClockTime from)
{
  guint64 place;
  GList *l;

  if (from == GST_CLOCK_TIME_NONE)
    from = gst_element_get_current_running_time (GST_ELEMENT (playout));
  /* No clock: nothing was ever played, and what came has no time either. */
  place = from == GST_CLOCK_TIME_NONE ? 0 : realtime_playout_place (from);

  g_mutex_lock (&playout->lock);
  for (l = playout->lines; l; l = l->next) {
    RealtimeLine *line = l->data;

    realtime_voice_resume (line->voice, place);
  }
  g_mutex_unlock (&playout->lock);
}

void
gst_realtime_playout_get_output (GstRealtimePlayout * playout,
    GstClockTime * output, GstClockTime * silence)
{
  g_mutex_lock (&playout->lock);
  *output = playout->sample / REALTIME_SLOT_SAMPLES * REALTIME_SLOT_DURATION;
  *silence = playout->silent_slots * REALTIME_SLOT_DURATION;
  g_mutex_unlock (&playout->lock);
}

void
gst_realtime_playout_end (GstRealtimePlayout * playout)
{
  g_mutex_lock (&playout->lock);
  playout->ending = TRUE;
  wake (playout);
  g_mutex_unlock (&playout->lock);
}
