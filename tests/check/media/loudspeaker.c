/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a loudspeaker still plays of speech that was cut off: behind a queue,
 * with the 200 ms that an audio sink has in its buffer. */

#include "common.h"

#include <stdlib.h>
#include <gst/audio/gstaudiosink.h>

#include "media/downlink.h"

#define ROUNDS 5

/* A sound card: it takes 10 ms every 10 ms, and knows what of it was no
 * silence. */
typedef struct
{
  GstAudioSink parent;

  GMutex lock;
  GCond cond;
  gint64 due;                   /* monotonic, us; its own thread */
  guint64 played;               /* samples; with the lock */
  guint64 last_sound;           /* end of the last that was none; the same */
} TestLoudspeaker;

typedef GstAudioSinkClass TestLoudspeakerClass;

static GType test_loudspeaker_get_type (void);
G_DEFINE_TYPE (TestLoudspeaker, test_loudspeaker, GST_TYPE_AUDIO_SINK);

static gboolean
test_loudspeaker_prepare (GstAudioSink * sink, GstAudioRingBufferSpec * spec)
{
  ((TestLoudspeaker *) sink)->due = g_get_monotonic_time ();
  return TRUE;
}

static gboolean
test_loudspeaker_do_nothing (GstAudioSink * sink)
{
  return TRUE;
}

static gint
test_loudspeaker_write (GstAudioSink * sink, gpointer data, guint length)
{
  TestLoudspeaker *self = (TestLoudspeaker *) sink;
  const gint16 *samples = data;
  guint i, n = length / 2;
  gint64 now = g_get_monotonic_time ();

  self->due = MAX (self->due + n * G_USEC_PER_SEC / 48000, now - 20000);
  /* a sound card's write() blocks until there is room: this is its clock */
  if (self->due > now)
    g_usleep (self->due - now);
  g_mutex_lock (&self->lock);
  for (i = 0; i < n; i++) {
    if (samples[i] != 0)
      self->last_sound = self->played + i + 1;
  }
  self->played += n;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  return length;
}

static guint
test_loudspeaker_delay (GstAudioSink * sink)
{
  return 0;
}

static void
test_loudspeaker_finalize (GObject * object)
{
  TestLoudspeaker *self = (TestLoudspeaker *) object;

  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  G_OBJECT_CLASS (test_loudspeaker_parent_class)->finalize (object);
}

static void
test_loudspeaker_class_init (TestLoudspeakerClass * klass)
{
  static GstStaticPadTemplate template = GST_STATIC_PAD_TEMPLATE ("sink",
      GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (SPEECH_CAPS));

  G_OBJECT_CLASS (klass)->finalize = test_loudspeaker_finalize;
  klass->open = klass->unprepare = klass->close = test_loudspeaker_do_nothing;
  klass->prepare = test_loudspeaker_prepare;
  klass->write = test_loudspeaker_write;
  klass->delay = test_loudspeaker_delay;
  gst_element_class_add_static_pad_template (GST_ELEMENT_CLASS (klass),
      &template);
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass),
      "Loudspeaker", "Sink/Audio", "Plays at its own pace", "nobody");
}

static void
test_loudspeaker_init (TestLoudspeaker * self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
}

/* A pipeline of the downlink and @branch; what is in it as "speaker" plays. */
typedef struct
{
  GstElement *pipeline, *downlink;
  TestLoudspeaker *speaker;
  GstPad *pad;                  /* of a connection that speaks */
  GstClockTime last, longest;   /* PTS on "src", and the largest step */
} Fixture;

static GstPadProbeReturn
on_buffer (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Fixture *f = user_data;
  GstClockTime pts = GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info));

  if (GST_CLOCK_TIME_IS_VALID (f->last)) {
    fail_unless (pts > f->last);
    f->longest = MAX (f->longest, pts - f->last);
  }
  f->last = pts;
  return GST_PAD_PROBE_OK;
}

static Fixture *
fixture_new (const gchar * branch)
{
  Fixture *f = g_new0 (Fixture, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstPad) src = NULL;
  GstElement *bin = gst_parse_bin_from_description (branch, TRUE, &error);

  fail_unless (bin != NULL, "%s", error ? error->message : "");
  f->last = GST_CLOCK_TIME_NONE;
  f->pipeline = gst_pipeline_new (NULL);
  f->downlink = gst_realtime_downlink_new (NULL);
  gst_bin_add_many (GST_BIN (f->pipeline), f->downlink, bin, NULL);
  fail_unless (gst_element_link (f->downlink, bin));
  f->speaker = (TestLoudspeaker *) gst_bin_get_by_name (GST_BIN (bin),
      "speaker");
  src = gst_element_get_static_pad (f->downlink, "src");
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, f, NULL);
  return f;
}

static void
fixture_free (Fixture * f)
{
  gst_element_set_state (f->pipeline, GST_STATE_NULL);
  g_clear_object (&f->pad);
  g_clear_object (&f->speaker);
  gst_object_unref (f->pipeline);
  g_free (f);
}

static void
connect_speaker (Fixture * f)
{
  g_autoptr (GstPad) sink = gst_element_request_pad_simple (f->downlink,
      "sink_%u");
  g_autoptr (GstCaps) caps = gst_caps_from_string (SPEECH_CAPS);
  GstSegment segment;

  f->pad = gst_pad_new ("src", GST_PAD_SRC);
  gst_pad_set_active (f->pad, TRUE);
  fail_unless_equals_int (gst_pad_link (f->pad, sink), GST_PAD_LINK_OK);
  gst_pad_push_event (f->pad, gst_event_new_stream_start ("speaker"));
  gst_pad_push_event (f->pad, gst_event_new_caps (caps));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (f->pad, gst_event_new_segment (&segment));
}

/* Five seconds, from now on. */
static void
speak (Fixture * f)
{
  GstBuffer *buffer = numbered (MS (5000), 0);

  GST_BUFFER_PTS (buffer) = gst_element_get_current_running_time (f->pipeline);
  gst_realtime_downlink_resume (f->downlink, GST_BUFFER_PTS (buffer));
  fail_unless_equals_int (gst_pad_push (f->pad, buffer), GST_FLOW_OK);
}

/* Waits until @n samples of sound (or of anything) have been played from
 * @since on. */
static void
wait_for_samples (Fixture * f, guint64 since, guint64 n, gboolean sound)
{
  TestLoudspeaker *speaker = f->speaker;

  g_mutex_lock (&speaker->lock);
  while ((sound ? speaker->last_sound : speaker->played) < since + n)
    g_cond_wait (&speaker->cond, &speaker->lock);
  g_mutex_unlock (&speaker->lock);
}

static guint64
get_played (Fixture * f)
{
  guint64 played;

  g_mutex_lock (&f->speaker->lock);
  played = f->speaker->played;
  g_mutex_unlock (&f->speaker->lock);
  return played;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  return *(const guint *) a - *(const guint *) b;
}

/* Interrupts several times. Returns: the longest sound after that, in ms. */
static guint
interrupt (Fixture * f, gboolean flush, const gchar * what)
{
  guint sound[ROUNDS];
  guint64 at;
  guint i;

  gst_realtime_downlink_start (f->downlink, 0, 0);
  connect_speaker (f);
  fail_unless_equals_int (gst_element_set_state (f->pipeline,
          GST_STATE_PLAYING), GST_STATE_CHANGE_ASYNC);
  gst_element_get_state (f->pipeline, NULL, NULL, GST_CLOCK_TIME_NONE);
  for (i = 0; i < ROUNDS; i++) {
    speak (f);
    wait_for_samples (f, get_played (f), MS (300), TRUE);
    at = get_played (f);
    gst_realtime_downlink_flush (f->downlink);
    if (flush)
      gst_realtime_downlink_flush_downstream (f->downlink);
    wait_for_samples (f, at, MS (800), FALSE);
    g_mutex_lock (&f->speaker->lock);
    sound[i] = f->speaker->last_sound > at ? (f->speaker->last_sound - at) / 48
        : 0;
    g_mutex_unlock (&f->speaker->lock);
  }
  /* and what is said after that is heard */
  speak (f);
  wait_for_samples (f, get_played (f), MS (300), TRUE);
  fail_unless_equals_int (GST_STATE (f->pipeline), GST_STATE_PLAYING);
  qsort (sound, ROUNDS, sizeof (guint), compare);
  g_print ("%s: %u ms of sound after the interruption, at most %u ms, of %u\n",
      what, sound[ROUNDS / 2], sound[ROUNDS - 1], ROUNDS);
  return sound[ROUNDS - 1];
}

GST_START_TEST (test_silence_follows)
{
  Fixture *f = fixture_new ("queue ! testloudspeaker name=speaker");

  /* what is in its buffer */
  fail_unless (interrupt (f, FALSE, "queue and audio sink") >= 150);
  fail_unless_equals_uint64 (f->longest, 20 * GST_MSECOND);
  fixture_free (f);
}

GST_END_TEST;

GST_START_TEST (test_flush)
{
  Fixture *f = fixture_new ("queue ! testloudspeaker name=speaker");

  fail_unless (interrupt (f, TRUE, "queue and audio sink, flushed") < 100);
  fixture_free (f);
}

GST_END_TEST;

/* Who only listens, and who does not. */
GST_START_TEST (test_only_heard)
{
  static const struct
  {
    const gchar *branch;
    gboolean heard;
  } rows[] = {
    {"testloudspeaker", TRUE},
    {"queue ! audioconvert ! volume ! testloudspeaker", TRUE},
    {"tee name=t ! queue ! testloudspeaker t. ! queue ! testloudspeaker", TRUE},
    {"fakesink", FALSE},
    {"wavenc ! filesink location=/dev/null", FALSE},
    {"tee name=t ! queue ! testloudspeaker t. ! queue ! fakesink", FALSE},
    {"tee name=t ! queue ! fakesink t. ! queue ! testloudspeaker", FALSE},
    {"queue ! audiomixer name=m ! testloudspeaker audiotestsrc is-live=true ! m.",
        FALSE},
    {"identity", FALSE},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    Fixture *f = fixture_new (rows[i].branch);

    fail_unless_equals_int (gst_realtime_downlink_is_only_heard (f->downlink),
        rows[i].heard);
    fixture_free (f);
  }
}

GST_END_TEST;

static Suite *
loudspeaker_suite (void)
{
  Suite *suite = suite_create ("loudspeaker");
  TCase *tcase = tcase_create ("general");

  gst_element_register (NULL, "testloudspeaker", GST_RANK_NONE,
      test_loudspeaker_get_type ());
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, test_silence_follows);
  tcase_add_test (tcase, test_flush);
  tcase_add_test (tcase, test_only_heard);
  return suite;
}

GST_CHECK_MAIN (loudspeaker);
