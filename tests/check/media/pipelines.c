/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "common.h"

#include "media/downlink.h"
#include "media/uplink.h"

/* Both links in one pipeline with real elements and the system's clock:
 *
 *   audiotestsrc ! uplink ! fakesink    audiotestsrc ! downlink ! fakesink
 */
typedef struct
{
  GstElement *pipeline;
  GstElement *source;
  GstElement *uplink;
  GstElement *downlink;

  GMutex lock;                  /* everything below */
  GCond cond;
  guint up;                     /* buffers */
  guint up_samples;
  guint down;
  gboolean input_eos;
  gboolean down_eos;
} Fixture;

static GstPadProbeReturn
on_up (GstPad * pad, GstPadProbeInfo * info, Fixture * f)
{
  g_mutex_lock (&f->lock);
  f->up++;
  if (!f->input_eos)
    f->up_samples += gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info)) / 2;
  g_cond_broadcast (&f->cond);
  g_mutex_unlock (&f->lock);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_down (GstPad * pad, GstPadProbeInfo * info, Fixture * f)
{
  g_mutex_lock (&f->lock);
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER)
    f->down++;
  else if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_EOS)
    f->down_eos = TRUE;
  g_cond_broadcast (&f->cond);
  g_mutex_unlock (&f->lock);
  return GST_PAD_PROBE_OK;
}

static void
on_input_eos (GstElement * uplink, Fixture * f)
{
  g_mutex_lock (&f->lock);
  f->input_eos = TRUE;
  g_cond_broadcast (&f->cond);
  g_mutex_unlock (&f->lock);
}

static void
probe (Fixture * f, GstElement * element, gpointer callback)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER |
      GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, (GstPadProbeCallback) callback, f,
      NULL);
}

static GstPadProbeReturn
on_up_any (GstPad * pad, GstPadProbeInfo * info, Fixture * f)
{
  return info->type & GST_PAD_PROBE_TYPE_BUFFER ? on_up (pad, info, f) :
      GST_PAD_PROBE_OK;
}

static void
fixture_init (Fixture * f, gboolean live, gint num_buffers)
{
  GstElement *speaker, *up_sink, *down_sink;

  memset (f, 0, sizeof (*f));
  g_mutex_init (&f->lock);
  g_cond_init (&f->cond);
  f->pipeline = gst_pipeline_new (NULL);
  f->source = gst_element_factory_make ("audiotestsrc", NULL);
  g_object_set (f->source, "is-live", live, "num-buffers", num_buffers,
      "samplesperbuffer", 480, NULL);
  f->uplink = gst_realtime_uplink_new (NULL);
  f->downlink = gst_realtime_downlink_new (NULL);
  speaker = gst_element_factory_make ("audiotestsrc", NULL);
  g_object_set (speaker, "is-live", TRUE, "samplesperbuffer", 480, NULL);
  up_sink = gst_element_factory_make ("fakesink", NULL);
  g_object_set (up_sink, "async", FALSE, NULL);
  down_sink = gst_element_factory_make ("fakesink", NULL);
  g_object_set (down_sink, "sync", TRUE, NULL);
  gst_bin_add_many (GST_BIN (f->pipeline), f->source, f->uplink, up_sink,
      speaker, f->downlink, down_sink, NULL);
  fail_unless (gst_element_link_many (f->source, f->uplink, up_sink, NULL));
  fail_unless (gst_element_link_many (speaker, f->downlink, down_sink, NULL));
  probe (f, f->uplink, on_up_any);
  probe (f, f->downlink, on_down);
  g_signal_connect (f->uplink, "input-eos", G_CALLBACK (on_input_eos), f);
}

static void
fixture_clear (Fixture * f)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (f->pipeline);

  fail_unless_equals_int (gst_element_set_state (f->pipeline, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  fail_if (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR | GST_MESSAGE_WARNING));
  gst_object_unref (f->pipeline);
  g_mutex_clear (&f->lock);
  g_cond_clear (&f->cond);
}

static void
wait_buffers (Fixture * f, guint up, guint down)
{
  g_mutex_lock (&f->lock);
  while (f->up < up || f->down < down)
    g_cond_wait (&f->cond, &f->lock);
  g_mutex_unlock (&f->lock);
}

static GstClockTime
clock_running_time (Fixture * f)
{
  return gst_element_get_current_running_time (f->pipeline);
}

/* A file: held, then whole, then silence; in real time; and the end. */
GST_START_TEST (test_file)
{
  Fixture f;
  GstClockTime opened;

  fixture_init (&f, FALSE, 30);
  gst_element_set_state (f.pipeline, GST_STATE_PLAYING);
  gst_realtime_downlink_start (f.downlink, 0, 0);
  wait_buffers (&f, 0, 5);
  fail_unless_equals_int (f.up, 0);
  opened = clock_running_time (&f);
  gst_realtime_uplink_open (f.uplink);
  g_mutex_lock (&f.lock);
  while (!f.input_eos)
    g_cond_wait (&f.cond, &f.lock);
  g_mutex_unlock (&f.lock);
  fail_unless_equals_int (f.up_samples, gst_util_uint64_scale_round (30 * 480,
          48000, 48000));
  fail_unless (gst_realtime_uplink_get_hold (f.uplink) >= opened);
  wait_buffers (&f, 40, 0);
  fail_unless (clock_running_time (&f) >= opened + 380 * GST_MSECOND);
  gst_realtime_downlink_end (f.downlink);
  g_mutex_lock (&f.lock);
  while (!f.down_eos)
    g_cond_wait (&f.cond, &f.lock);
  g_mutex_unlock (&f.lock);
  fixture_clear (&f);
}

GST_END_TEST;

/* Stopped at any moment, in any order of things, again and again. */
GST_START_TEST (test_stop_any_time)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);
  guint i;

  for (i = 0; i < 50; i++) {
    Fixture f;
    guint up = g_rand_int_range (rand, 0, 6);
    guint down = g_rand_int_range (rand, 0, 6);
    gboolean open = g_rand_boolean (rand), start = g_rand_boolean (rand);
    guint j;

    fixture_init (&f, g_rand_boolean (rand),
        g_rand_boolean (rand) ? g_rand_int_range (rand, 1, 5) : -1);
    if (g_rand_boolean (rand))
      gst_element_set_state (f.pipeline, GST_STATE_PAUSED);
    for (j = 0; j < 2; j++) {
      gst_element_set_state (f.pipeline, GST_STATE_PLAYING);
      if (open)
        gst_realtime_uplink_open (f.uplink);
      if (start)
        gst_realtime_downlink_start (f.downlink, 0, 0);
      wait_buffers (&f, open ? up : 0, start ? down : 0);
      switch (g_rand_int_range (rand, 0, 5)) {
        case 0:
          gst_realtime_uplink_close (f.uplink);
          break;
        case 1:
          gst_realtime_downlink_end (f.downlink);
          start = FALSE;
          break;
        case 2:
          gst_element_set_state (f.pipeline, GST_STATE_PAUSED);
          break;
        case 3:
          if (gst_element_set_state (f.pipeline, GST_STATE_READY) !=
              GST_STATE_CHANGE_SUCCESS)
            fail ("does not stop");
          break;
        default:
          break;
      }
    }
    fixture_clear (&f);
  }
}

GST_END_TEST;

/* A seek of the file while it is held, while it passes, and after its end. */
GST_START_TEST (test_seek)
{
  Fixture f;
  guint i;

  fixture_init (&f, FALSE, 20);
  gst_element_set_state (f.pipeline, GST_STATE_PLAYING);
  for (i = 0; i < 3; i++) {
    if (i == 1) {
      gst_realtime_uplink_open (f.uplink);
      wait_buffers (&f, 3, 0);
    } else if (i == 2) {
      g_mutex_lock (&f.lock);
      while (!f.input_eos)
        g_cond_wait (&f.cond, &f.lock);
      f.input_eos = FALSE;
      g_mutex_unlock (&f.lock);
    }
    fail_unless (gst_element_seek_simple (f.source, GST_FORMAT_TIME,
            GST_SEEK_FLAG_FLUSH, i * 100 * GST_MSECOND));
  }
  g_mutex_lock (&f.lock);
  while (!f.input_eos)
    g_cond_wait (&f.cond, &f.lock);
  g_mutex_unlock (&f.lock);
  fixture_clear (&f);
}

GST_END_TEST;

static Suite *
pipelines_suite (void)
{
  Suite *suite = suite_create ("media-pipelines");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, test_file);
  tcase_add_test (tcase, test_stop_any_time);
  tcase_add_test (tcase, test_seek);
  return suite;
}

GST_CHECK_MAIN (pipelines);
