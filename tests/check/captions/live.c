/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Live: words are shown while lines grow, and no later than was promised. The
 * clock is the test's. */

#include <string.h>
#include "fixture.h"

static GstClockTime
stamp_of (const gchar * line)
{
  const gchar *stamp = strstr (line, "\"gst_running_time\":");

  fail_unless (stamp != NULL);
  return g_ascii_strtoull (stamp + 19, NULL, 10);
}

/* Pushes each line of @stream at its own time, and GAPs between. @func:
 * (nullable): is called after each with the line. */
static void
play_with (Fixture * f, GString * stream,
    void (*func) (Fixture * f, const gchar * line, gpointer user_data),
    gpointer user_data)
{
  g_auto (GStrv) lines = g_strsplit (stream->str, "\n", -1);
  GstClockTime time = stamp_of (stream->str);
  guint i;

  for (i = 0; lines[i] && *lines[i]; i++) {
    g_autofree gchar *line = g_strconcat (lines[i], "\n", NULL);

    for (; time < stamp_of (line); time += 40 * GST_MSECOND)
      gst_harness_push_event (f->harness, gst_event_new_gap (time, 0));
    push_text (f, line);
    if (func)
      func (f, line, user_data);
  }
}

static void
play (Fixture * f, GString * stream)
{
  play_with (f, stream, NULL, NULL);
}

/* Nothing is said, but the stream goes on. */
static void
stream_quiet (GString * stream, gint from, gint to)
{
  for (; from < to; from += 100)
    stream_event (stream, from, "'type':'rate_limits.updated'");
}

/* "Good morning to you all." is said from 2000 to 3800; each word comes about
 * 600 ms after it, the final text at 4600. */
static void
append_talk (GString * stream)
{
  stream_begin (stream);
  stream_started (stream, "item_1", 2000, 2400);
  stream_delta (stream, "item_1", "Good", 2900);
  stream_delta (stream, "item_1", " morning", 3400);
  stream_delta (stream, "item_1", " to", 3500);
  stream_delta (stream, "item_1", " you", 3700);
  stream_delta (stream, "item_1", " all", 3900);
  stream_stopped (stream, "item_1", 3800, 4300);
  stream_completed (stream, "item_1", "Good morning to you all.", 4600);
}

/* What is shown with @launch, one buffer after the other, those that go on as
 * they were joined. */
static void
check_shown (const gchar * launch, GString * stream, const gchar * expected)
{
  g_autoptr (GString) shown = g_string_new (NULL);
  GstClockTime begin = 0, end = 0;
  g_autofree gchar *last = NULL;
  Fixture f;
  guint i;

  fixture_begin (&f, launch);
  play (&f, stream);
  push_eos (&f);
  check_buffers (&f);
  for (i = 0; i <= f.capture->buffers->len; i++) {
    GstBuffer *buffer = i < f.capture->buffers->len ?
        g_ptr_array_index (f.capture->buffers, i) : NULL;
    g_autofree gchar *text = buffer ? buffer_text (buffer) : NULL;

    if (text && last && strcmp (text, last) == 0
        && GST_BUFFER_PTS (buffer) == end) {
      end += GST_BUFFER_DURATION (buffer);
      continue;
    }
    if (last)
      g_string_append_printf (shown, "%s%" G_GUINT64_FORMAT "-%"
          G_GUINT64_FORMAT " %s", shown->len > 0 ? "|" : "",
          begin / GST_MSECOND, end / GST_MSECOND, last);
    if (!buffer)
      break;
    begin = GST_BUFFER_PTS (buffer);
    end = begin + GST_BUFFER_DURATION (buffer);
    g_free (last);
    last = g_steal_pointer (&text);
  }
  fail_unless_equals_string (shown->str, expected);
  fixture_end (&f);
}

GST_START_TEST (test_modes)
{
  g_autoptr (GString) stream = g_string_new (NULL);

  append_talk (stream);
  stream_event (stream, 14000, "'type':'rate_limits.updated'");

  /* as soon as they come, the last one when it is known to be complete */
  check_shown ("transcriptcaptions mode=words", stream,
      "3210-3370 Good|3530-3810 morning|3810-3890 to|3970-4090 you|"
      "4250-4370 all");
  check_shown ("transcriptcaptions mode=roll-up", stream,
      "3210-3610 Good|3610-3770 Good morning|3770-4010 Good morning to|"
      "4010-4250 Good morning to you|4250-4650 Good morning to you all|"
      "4650-11650 Good morning to you all.");
  check_shown ("transcriptcaptions latency=0", stream,
      "3210-4210 Good|4210-5210 morning to you|5210-6210 all.");

  /* a second later, nearly when they were spoken: what has to be shown before
   * it is final is corrected where that can be done */
  check_shown ("transcriptcaptions mode=words latency=1000", stream,
      "2210-2370 Good|2530-2833 morning|2833-2933 to|2933-3133 you|"
      "3210-3333 all");
  check_shown ("transcriptcaptions mode=roll-up latency=1000", stream,
      "2210-2710 Good|2710-2960 Good morning|2960-3210 Good morning to|"
      "3210-3460 Good morning to you|3460-3710 Good morning to you all|"
      "3710-10710 Good morning to you all.");
  check_shown ("transcriptcaptions latency=1000", stream,
      "2210-3210 Good|3210-4210 morning to you|4210-5210 all.");

  /* with time enough for the final text, as good as of a file */
  check_shown ("transcriptcaptions mode=words latency=3000", stream,
      "2000-2360 Good|2360-2936 morning|2936-3152 to|3152-3440 you|"
      "3440-3800 all.");
  check_shown ("transcriptcaptions mode=roll-up latency=3000", stream,
      "1970-2360 Good|2360-2936 Good morning|2936-3152 Good morning to|"
      "3152-3440 Good morning to you|3440-10440 Good morning to you all.");
  check_shown ("transcriptcaptions latency=3000", stream,
      "2000-3800 Good morning to you all.");
  check_shown ("transcriptcaptions", stream,
      "2000-3800 Good morning to you all.");
}

GST_END_TEST;

/* No budget for a delay, but all later: the same captions, only the segment
 * says when they are shown. */
GST_START_TEST (test_lateness)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  const GstSegment *segment;
  Fixture f;

  append_talk (stream);
  stream_event (stream, 14000, "'type':'rate_limits.updated'");
  check_shown ("transcriptcaptions mode=words lateness=3000", stream,
      "2000-2360 Good|2360-2936 morning|2936-3152 to|3152-3440 you|"
      "3440-3800 all.");
  check_shown ("transcriptcaptions lateness=2500 latency=500", stream,
      "2000-3800 Good morning to you all.");

  fixture_begin (&f, "transcriptcaptions name=c lateness=3000 latency=500");
  gst_harness_set_upstream_latency (f.harness, 250 * GST_MSECOND);
  fail_unless_equals_uint64 (gst_harness_query_latency (f.harness),
      750 * GST_MSECOND);
  play (&f, stream);
  gst_event_parse_segment (g_ptr_array_index (f.capture->events, 2), &segment);
  fail_unless_equals_uint64 (segment->base, 3 * GST_SECOND);
  fixture_end (&f);
}

GST_END_TEST;

/* Downstream never waits for longer than was promised, whatever is said. */
GST_START_TEST (test_position)
{
  static const gint latencies[] = { 0, 50, 500, 2000, 5000 };
  static const gchar *const modes[] = { "pop-on", "roll-up", "words" };
  guint i, j, k;

  for (i = 0; i < G_N_ELEMENTS (latencies); i++) {
    for (j = 0; j < G_N_ELEMENTS (modes); j++) {
      g_autofree gchar *launch =
          g_strdup_printf ("transcriptcaptions mode=%s latency=%d", modes[j],
          latencies[i]);
      g_autoptr (GString) stream = g_string_new (NULL);
      g_auto (GStrv) lines = NULL;
      Fixture f;

      append_talk (stream);
      stream_started (stream, "item_2", 6000, 6300);
      stream_quiet (stream, 6400, 30000);
      lines = g_strsplit (stream->str, "\n", -1);

      fixture_begin (&f, launch);
      for (k = 0; lines[k] && *lines[k]; k++) {
        g_autofree gchar *line = g_strconcat (lines[k], "\n", NULL);

        push_text (&f, line);
        fail_unless (capture_get_position (f.capture) +
            latencies[i] * GST_MSECOND >= stamp_of (line));
      }
      fixture_end (&f);
    }
  }
}

GST_END_TEST;

static GstElement *
get_captions (Fixture * f)
{
  /* a launch line makes a bin */
  GstElement *captions = gst_bin_get_by_name (GST_BIN (f->harness->element),
      "c");

  fail_unless (captions != NULL);
  /* which the bin keeps */
  gst_object_unref (captions);
  return captions;
}

/* Lets the clock come to the next time that is waited for, and waits until the
 * element waits again. */
static void
tick (Fixture * f)
{
  fail_unless (gst_harness_crank_single_clock_wait (f->harness));
  fail_unless (gst_harness_wait_for_clock_id_waits (f->harness, 1, 10));
}

/* Nothing comes in, but the clock goes on. */
GST_START_TEST (test_clock)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  GstClockTime clock_time;
  GstClock *clock;
  Fixture f;
  guint i;

  append_talk (stream);
  fixture_init (&f, "transcriptcaptions name=c mode=roll-up latency=1000");
  gst_harness_set_upstream_latency (f.harness, 500 * GST_MSECOND);
  gst_harness_set_src_caps_str (f.harness, "application/x-realtime-events");
  fail_unless_equals_uint64 (gst_harness_query_latency (f.harness),
      1500 * GST_MSECOND);
  clock = gst_element_get_clock (f.harness->element);
  for (i = 0; i < 50; i++)
    tick (&f);
  clock_time = gst_clock_get_time (clock);
  fail_unless_equals_uint64 (clock_time, 2 * GST_SECOND);
  /* what is heard half a second ago was to be shown a second before that */
  fail_unless (capture_get_position (f.capture) >= 500 * GST_MSECOND);
  fail_unless (capture_get_position (f.capture) <= 700 * GST_MSECOND);

  /* the line that is open when the stream stalls is shown, and erased */
  g_string_truncate (stream, strstr (stream->str, "{\"type\":\"input_audio_"
          "buffer.speech_stopped") - stream->str);
  push_text (&f, stream->str);
  for (i = 0; i < 400; i++)
    tick (&f);
  fail_unless (capture_get_position (f.capture) >= gst_clock_get_time (clock)
      - 1500 * GST_MSECOND);
  {
    g_autofree gchar *text = buffer_text (g_ptr_array_index
        (f.capture->buffers, f.capture->buffers->len - 1));

    fail_unless_equals_string (text, "Good morning to you all");
  }
  check_buffers (&f);
  gst_object_unref (clock);
  fixture_end (&f);
}

GST_END_TEST;

/* A stream with GAPs knows better where it is than the clock: a file that is
 * held while its session is set up. */
GST_START_TEST (test_clock_of_held_stream)
{
  Fixture f;
  guint i;

  fixture_begin (&f, "transcriptcaptions mode=words latency=0");
  gst_harness_push_event (f.harness, gst_event_new_gap (0, 0));
  for (i = 0; i < 200; i++)
    tick (&f);
  fail_unless (capture_get_position (f.capture) <= 1100 * GST_MSECOND);
  gst_harness_push_event (f.harness, gst_event_new_gap (5 * GST_SECOND, 0));
  fail_unless (capture_get_position (f.capture) >= 5 * GST_SECOND);
  fixture_end (&f);
}

GST_END_TEST;

static guint
count_latency_messages (Fixture * f)
{
  return count_messages (f, GST_MESSAGE_LATENCY);
}

/* A change in PLAYING is told and holds from then on. */
GST_START_TEST (test_latency)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  Fixture f;

  fixture_begin (&f, "transcriptcaptions name=c");
  gst_harness_set_upstream_latency (f.harness, 250 * GST_MSECOND);
  fail_unless_equals_uint64 (gst_harness_query_latency (f.harness),
      250 * GST_MSECOND);
  fail_unless_equals_int (count_latency_messages (&f), 0);
  g_object_set (get_captions (&f), "latency", 4000, NULL);
  fail_unless_equals_int (count_latency_messages (&f), 1);
  fail_unless_equals_uint64 (gst_harness_query_latency (f.harness),
      4250 * GST_MSECOND);
  g_object_set (get_captions (&f), "latency", 4000, NULL);
  fail_unless_equals_int (count_latency_messages (&f), 0);

  append_talk (stream);
  stream_quiet (stream, 4700, 5500);
  play (&f, stream);
  fail_unless_equals_int (f.capture->buffers->len, 0);
  g_object_set (get_captions (&f), "latency", -1, NULL);
  fail_unless_equals_int (count_latency_messages (&f), 1);
  g_string_truncate (stream, 0);
  stream_quiet (stream, 5500, 5600);
  play (&f, stream);
  fail_unless_equals_int (f.capture->buffers->len, 1);
  fixture_end (&f);

  /* a file has no latency */
  fixture_init (&f, "transcriptcaptions name=c latency=3000");
  make_not_live (f.harness);
  gst_harness_set_src_caps_str (f.harness, "application/x-realtime-events");
  {
    g_autoptr (GstQuery) query = gst_query_new_latency ();
    GstClockTime min;
    gboolean live;

    fail_unless (gst_pad_peer_query (f.harness->sinkpad, query));
    gst_query_parse_latency (query, &live, &min, NULL);
    fail_unless (!live && min == 0);
  }
  fixture_end (&f);
}

GST_END_TEST;

static void
on_notify (GObject * object, GParamSpec * pspec, gpointer user_data)
{
  (*(guint *) user_data)++;
}

/* How late words are is told, and when that is later than was promised. */
GST_START_TEST (test_observed_delay)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  g_autoptr (GstMessage) message = NULL;
  const GstStructure *details;
  guint notified = 0, delay;
  guint64 told;
  Fixture f;

  append_talk (stream);
  stream_event (stream, 14000, "'type':'rate_limits.updated'");

  /* to order: the final text came 2600 ms after the first word */
  fixture_begin (&f, "transcriptcaptions name=c");
  g_signal_connect (get_captions (&f), "notify::max-observed-delay",
      G_CALLBACK (on_notify), &notified);
  play (&f, stream);
  g_object_get (get_captions (&f), "max-observed-delay", &delay, NULL);
  fail_unless_equals_int (delay, 2600);
  fail_unless_equals_int (notified, 1);
  fail_unless_equals_int (count_messages (&f, GST_MESSAGE_WARNING), 0);
  fixture_end (&f);

  fixture_begin (&f, "transcriptcaptions name=c mode=words latency=1500");
  play (&f, stream);
  fail_unless_equals_int (count_messages (&f, GST_MESSAGE_WARNING), 0);
  fixture_end (&f);

  /* "Good" was not certain before 3200 */
  fixture_begin (&f,
      "transcriptcaptions name=c mode=words latency=200 lateness=300");
  play (&f, stream);
  g_object_get (get_captions (&f), "max-observed-delay", &delay, NULL);
  fail_unless_equals_int (delay, 1210);
  message = gst_bus_pop_filtered (f.bus, GST_MESSAGE_WARNING);
  fail_unless (message != NULL);
  gst_message_parse_warning_details (message, &details);
  fail_unless (gst_structure_has_name (details,
          "transcriptcaptions/excessive-delay"));
  fail_unless (gst_structure_get_uint64 (details, "new-observed-max-delay",
          &told));
  fail_unless_equals_uint64 (told, 1210 * GST_MSECOND);
  fail_unless_equals_int (count_messages (&f, GST_MESSAGE_WARNING), 0);
  fixture_end (&f);
}

GST_END_TEST;

/* A service that takes back what it told: nothing uncertain is shown, unless
 * it has to be, and only the final text changes what is on the screen. */
GST_START_TEST (test_revised)
{
  g_autoptr (GString) stream = g_string_new (NULL);

  stream_begin (stream);
  stream_started (stream, "item_1", 2000, 2300);
  stream_updated (stream, "item_1", "hello yeah", 2800);
  stream_updated (stream, "item_1", "hello now i", 3000);
  stream_updated (stream, "item_1", "hello how are", 3200);
  stream_updated (stream, "item_1", "hello how are you", 3400);
  stream_updated (stream, "item_1", "hello how are you today", 3600);
  stream_stopped (stream, "item_1", 3600, 4100);
  stream_completed (stream, "item_1", "Hello, how were you today?", 4500);
  stream_event (stream, 13000, "'type':'rate_limits.updated'");

  check_shown ("transcriptcaptions mode=words", stream,
      "2850-3050 hello|3610-3730 how|3730-3850 are|4410-4530 you|"
      "4530-4770 today?");
  /* one correction, of words that are still there */
  check_shown ("transcriptcaptions mode=roll-up", stream,
      "2850-3650 hello|3650-4450 hello how are|4450-4610 hello how are you|"
      "4610-11610 Hello, how were you today?");
}

GST_END_TEST;
/* All words that @text shows, in order. */
static GPtrArray *
words_of (const gchar * text)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) parts = g_strsplit_set (text, " \n", -1);
  guint i;

  for (i = 0; parts[i]; i++)
    g_ptr_array_add (words, g_strdup (parts[i]));
  return words;
}

/* Whether @next is @words with some, not all, gone at the top and some new at
 * the bottom. */
static gboolean
goes_forward (GPtrArray * words, GPtrArray * next)
{
  guint gone, i;

  for (gone = 0; gone < words->len; gone++) {
    gboolean same = words->len - gone <= next->len;

    for (i = gone; same && i < words->len; i++)
      same = g_str_equal (words->pdata[i], next->pdata[i - gone]);
    if (same)
      return TRUE;
  }
  return FALSE;
}

static GRand *rng;

/* A line of random words that is revised at random before it is final. */
static void
append_fickle_line (GString * stream, guint number, gint start)
{
  g_autofree gchar *item = g_strdup_printf ("item_%u", number);
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  gint n = g_rand_int_range (rng, 3, 30), i;

  stream_started (stream, item, start, start + 300);
  for (i = 0; i < n; i++) {
    g_autofree gchar *text = NULL;

    if (words->len > 1 && g_rand_int_range (rng, 0, 20) == 0)
      g_ptr_array_remove_index (words, g_rand_int_range (rng, 0, words->len));
    if (words->len > 0 && g_rand_int_range (rng, 0, 6) == 0) {
      guint place = g_rand_int_range (rng, 0, words->len);

      g_free (words->pdata[place]);
      words->pdata[place] = g_strdup_printf ("r%d", g_rand_int_range (rng, 0,
              1000));
    }
    g_ptr_array_add (words, g_strdup_printf ("w%u.%d", number, i));
    g_ptr_array_add (words, NULL);
    text = g_strjoinv (" ", (gchar **) words->pdata);
    g_ptr_array_set_size (words, words->len - 1);
    if (i + 1 < n)
      stream_updated (stream, item, text, start + 800 + 150 * i);
    else
      stream_completed (stream, item, text, start + 1500 + 150 * i);
  }
}

/* What was on the screen so far. */
typedef struct
{
  GPtrArray *words;
  guint buffers;                /* seen */
  GstClockTime end;             /* of the last one */
  guint finals, corrections;
} Screen;

static void
watch (Fixture * f, const gchar * line, gpointer user_data)
{
  Screen *screen = user_data;

  if (strstr (line, "transcription.completed"))
    screen->finals++;
  for (; screen->buffers < f->capture->buffers->len; screen->buffers++) {
    GstBuffer *buffer =
        g_ptr_array_index (f->capture->buffers, screen->buffers);
    g_autofree gchar *text = buffer_text (buffer);
    GPtrArray *next = words_of (text);

    /* after nothing anything may come */
    if (GST_BUFFER_PTS (buffer) == screen->end
        && !goes_forward (screen->words, next))
      screen->corrections++;
    screen->end = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
    g_ptr_array_unref (screen->words);
    screen->words = next;
  }
  fail_unless (screen->corrections <= screen->finals,
      "%u corrections by the final text of %u lines", screen->corrections,
      screen->finals);
}

/* However the service changes its mind, what is on the screen goes forward,
 * but for one correction when a line is final. */
GST_START_TEST (test_fickle)
{
  guint round, i;

  rng = g_rand_new_with_seed (23);
  for (round = 0; round < 60; round++) {
    g_autofree gchar *launch = g_strdup_printf ("transcriptcaptions "
        "mode=roll-up max-duration=3000 max-line-length=%d max-lines=%d latency=%d",
        g_rand_int_range (rng, 20, 40), g_rand_int_range (rng, 3, 5),
        g_rand_int_range (rng, 0, 3) * 700);
    g_autoptr (GString) stream = g_string_new (NULL);
    Screen screen = { g_ptr_array_new_with_free_func (g_free), };
    Fixture f;

    stream_begin (stream);
    for (i = 0; i < 4; i++)
      append_fickle_line (stream, i, 1000 + 12000 * i);
    fixture_begin (&f, launch);
    play_with (&f, stream, watch, &screen);
    push_eos (&f);
    check_buffers (&f);
    watch (&f, "", &screen);
    g_ptr_array_unref (screen.words);
    fixture_end (&f);
  }
  g_rand_free (rng);
}

GST_END_TEST;

/* An hour: the last words stand where they were spoken as the first do. */
GST_START_TEST (test_hour)
{
  static const gchar *const launches[] = { "transcriptcaptions",
    "transcriptcaptions latency=3000",
    "transcriptcaptions mode=words lateness=3000"
  };
  g_autoptr (GString) stream = g_string_new (NULL);
  const guint n = 600;
  guint i, j;

  stream_begin (stream);
  for (i = 0; i < n; i++) {
    g_autofree gchar *item = g_strdup_printf ("item_%u", i);
    g_autofree gchar *text = g_strdup_printf ("number%u", i);

    stream_started (stream, item, 1000 + 6000 * i, 1300 + 6000 * i);
    stream_delta (stream, item, text, 2000 + 6000 * i);
    stream_stopped (stream, item, 2500 + 6000 * i, 3000 + 6000 * i);
    stream_completed (stream, item, text, 3400 + 6000 * i);
    stream_event (stream, 6500 + 6000 * i, "'type':'rate_limits.updated'");
  }
  for (i = 0; i < G_N_ELEMENTS (launches); i++) {
    Fixture f;

    fixture_begin (&f, launches[i]);
    push_text (&f, stream->str);
    push_eos (&f);
    fail_unless_equals_int (f.capture->buffers->len, n);
    for (j = 0; j < n; j++) {
      GstBuffer *buffer = g_ptr_array_index (f.capture->buffers, j);

      fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer),
          (1000 + 6000 * j) * GST_MSECOND);
      fail_unless_equals_uint64 (GST_BUFFER_DURATION (buffer),
          1500 * GST_MSECOND);
    }
    fixture_end (&f);
  }
}

GST_END_TEST;

static void
assistant_event (GString * stream, const gchar * type, const gchar * members,
    gint arrival)
{
  g_autofree gchar *all = g_strdup_printf ("'type':'%s','event_id':'e20',"
      "'response_id':'resp_1'%s", type, members);

  stream_event (stream, arrival, all);
}

/* The assistant's words are there long before they are heard. Each is shown
 * when it is spoken, and those that are never heard are not shown. */
static void
append_reply (GString * stream, gint begin, gint end, gboolean interrupted)
{
  stream_event (stream, begin - 500, "'type':'response.created',"
      "'event_id':'e20','response':{'id':'resp_1','status':'in_progress',"
      "'output':[]}");
  assistant_event (stream, "response.output_item.added",
      ",'output_index':0,'item':{'id':'item_9','type':'message',"
      "'status':'in_progress','role':'assistant','content':[]}", begin - 400);
  assistant_event (stream, "response.output_audio_transcript.delta",
      ",'item_id':'item_9','output_index':0,'content_index':0,"
      "'delta':'It is a fine day and the sun '", begin - 200);
  assistant_event (stream, "output_audio_buffer.started", "", begin);
  assistant_event (stream, "response.output_audio_transcript.delta",
      ",'item_id':'item_9','output_index':0,'content_index':0,"
      "'delta':'is out.'", begin + 100);
  assistant_event (stream, "response.output_audio_transcript.done",
      ",'item_id':'item_9','output_index':0,'content_index':0,"
      "'transcript':'It is a fine day and the sun is out.'", begin + 110);
  stream_event (stream, begin + 200, "'type':'response.done','event_id':'e20',"
      "'response':{'id':'resp_1','status':'completed','output':[]}");
  if (interrupted)
    assistant_event (stream, "output_audio_buffer.cleared", "", end);
  else
    assistant_event (stream, "output_audio_buffer.stopped", "", end);
}

GST_START_TEST (test_assistant)
{
  g_autoptr (GString) whole = g_string_new (NULL);
  g_autoptr (GString) cut = g_string_new (NULL);

  stream_begin (whole);
  append_reply (whole, 2000, 4400, FALSE);
  stream_event (whole, 13000, "'type':'rate_limits.updated'");
  check_shown ("transcriptcaptions mode=words", whole,
      "2010-2199 It|2199-2399 is|2399-2533 a|2533-2866 fine|2866-3133 day|"
      "3133-3399 and|3399-3666 the|3666-3933 sun|3933-4133 is|4133-4466 out.");
  stream_begin (cut);
  append_reply (cut, 2000, 3000, TRUE);
  stream_event (cut, 13000, "'type':'rate_limits.updated'");
  check_shown ("transcriptcaptions mode=words", cut,
      "2010-2199 It|2199-2399 is|2399-2533 a|2533-2866 fine|2866-3133 day");
  check_shown ("transcriptcaptions mode=roll-up latency=1000", cut,
      "1970-2199 It|2199-2439 It is|2439-2599 It is a|"
      "2599-9599 It is a fine");
}

GST_END_TEST;

/* Who began first goes on, and the other begins when that is over, or after
 * two seconds. */
GST_START_TEST (test_floor)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  gint i;

  stream_begin (stream);
  stream_started (stream, "item_1", 1000, 1300);
  for (i = 0; i < 10; i++) {
    g_autofree gchar *word = g_strdup_printf ("%sw%d", i > 0 ? " " : "", i);

    stream_delta (stream, "item_1", word, 1500 + 400 * i);
    if (i == 2)
      stream_started (stream, "item_2", 2200, 2350);
    if (i >= 3) {
      g_autofree gchar *other = g_strdup_printf ("%sv%d", i > 3 ? " " : "", i);

      stream_delta (stream, "item_2", other, 1600 + 400 * i);
    }
  }
  stream_event (stream, 20000, "'type':'rate_limits.updated'");
  check_shown ("transcriptcaptions mode=words", stream,
      "1810-1890 w0|2210-2290 w1|2650-2730 w2|3010-3090 w3|3410-3490 w4|"
      "3810-3890 w5|3970-4050 w6|4370-4450 w7|4770-4850 w8|4850-4930 v3|"
      "4930-5010 v4|5010-5090 v5|5090-5170 v6|5170-5250 v7|5250-5330 v8|"
      "5330-5410 v9|7170-7250 w9");
}

GST_END_TEST;

/* Lines that end without a final text: failed, deleted, forgotten. */
GST_START_TEST (test_lost)
{
  g_autoptr (GString) stream = g_string_new (NULL);

  stream_begin (stream);
  stream_started (stream, "item_1", 1000, 1300);
  stream_delta (stream, "item_1", "This is", 1900);
  stream_stopped (stream, "item_1", 2000, 2300);
  stream_event (stream, 2500, "'type':"
      "'conversation.item.input_audio_transcription.failed','event_id':'e30',"
      "'item_id':'item_1','content_index':0,'error':{'type':'server_error',"
      "'code':'x','message':'no'}");
  stream_started (stream, "item_2", 3000, 3300);
  stream_delta (stream, "item_2", "And that", 3900);
  stream_completed (stream, "item_2", "And that.", 4500);
  stream_event (stream, 9000, "'type':'rate_limits.updated'");
  check_shown ("transcriptcaptions mode=words latency=3000", stream,
      "1000-1291 This|1291-1466 is|3000-3240 And|3240-3600 that.");
  check_shown ("transcriptcaptions mode=words", stream,
      "1930-2090 This|2250-2330 is|3930-4050 And|4210-4370 that");
}

GST_END_TEST;

static Suite *
live_suite (void)
{
  Suite *s = suite_create ("live");
  TCase *tc = tcase_create ("deadline");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_modes);
  tcase_add_test (tc, test_lateness);
  tcase_add_test (tc, test_position);
  tcase_add_test (tc, test_clock);
  tcase_add_test (tc, test_clock_of_held_stream);
  tcase_add_test (tc, test_latency);
  tcase_add_test (tc, test_observed_delay);
  tcase_add_test (tc, test_revised);
  tcase_add_test (tc, test_fickle);
  tcase_add_test (tc, test_hour);
  tcase_add_test (tc, test_assistant);
  tcase_add_test (tc, test_floor);
  tcase_add_test (tc, test_lost);

  return s;
}

GST_CHECK_MAIN (live);
