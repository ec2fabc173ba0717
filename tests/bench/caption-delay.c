/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What transcriptcaptions adds to the delay of a live caption. A talk is told
 * in real time, word by word, as services tell it; for each word the table has
 * how long after it came its buffer left, and how long after that a screen
 * shows it:
 *
 *     caption-delay [SECONDS]
 */

#include <stdlib.h>
#include <string.h>
#include <gst/gst.h>
#include <gst/app/gstappsrc.h>

/* Two and a half words a second, nine to a sentence. */
#define WORD_INTERVAL 400
#define SENTENCE_WORDS 9
#define PAUSE 1500
/* A service tells each word so long after it, the final text later. */
#define WORD_DELAY 500
#define FINAL_DELAY 900

typedef struct
{
  const gchar *name, *settings;
  gboolean finals;              /* words are shown of final texts only */

  GstElement *source;
  GMutex lock;                  /* guards all below */
  GstClockTime *came;           /* clock times, by number of the word */
  GArray *left, *shown;         /* of gdouble, ms */
  guint next;                   /* word that did not leave yet */
} Line;

static Line lines[] = {
  {"pop-on", "mode=pop-on", TRUE},
  {"words", "mode=words", FALSE},
  {"roll-up", "mode=roll-up", FALSE},
};

static guint n_words;
static GstElement *pipeline;
static GstClock *pipeline_clock;

static GstClockTime
get_running_time (void)
{
  return gst_clock_get_time (pipeline_clock)
      - gst_element_get_base_time (pipeline);
}

static void
note (Line * line, guint number, GstBuffer * buffer)
{
  GstClockTime came = line->came[number];
  gdouble left = GST_CLOCK_DIFF (came, get_running_time ()) / 1e6;
  gdouble shown = GST_CLOCK_DIFF (came, GST_BUFFER_PTS (buffer)) / 1e6;

  /* what is past is shown at once */
  shown = MAX (shown, left);
  g_array_append_val (line->left, left);
  g_array_append_val (line->shown, shown);
}

static GstPadProbeReturn
on_buffer (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Line *line = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  g_autofree gchar *text = NULL;
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  text = g_strndup ((const gchar *) map.data, map.size);
  gst_buffer_unmap (buffer, &map);

  g_mutex_lock (&line->lock);
  while (line->next < n_words) {
    g_autofree gchar *word = g_strdup_printf ("w%04u", line->next);

    if (!strstr (text, word))
      break;
    note (line, line->next++, buffer);
  }
  g_mutex_unlock (&line->lock);

  return GST_PAD_PROBE_OK;
}

static void
tell (gboolean final, guint first, guint last, const gchar * members)
{
  GstClockTime now = get_running_time ();
  g_autofree gchar *text = g_strdup_printf ("{%s,\"gst_running_time\":%"
      G_GUINT64_FORMAT ",\"gst_session\":1}\n", members, now);
  guint i, j;

  for (i = 0; i < G_N_ELEMENTS (lines); i++) {
    GstBuffer *buffer = gst_buffer_new_memdup (text, strlen (text));

    g_mutex_lock (&lines[i].lock);
    for (j = first; j < last; j++) {
      if (final == lines[i].finals)
        lines[i].came[j] = now;
    }
    g_mutex_unlock (&lines[i].lock);
    GST_BUFFER_PTS (buffer) = now;
    gst_app_src_push_buffer (GST_APP_SRC (lines[i].source), buffer);
  }
}

static void
wait_until (GstClockTime running_time)
{
  GstClockID id = gst_clock_new_single_shot_id (pipeline_clock,
      gst_element_get_base_time (pipeline) + running_time);

  gst_clock_id_wait (id, NULL);
  gst_clock_id_unref (id);
}

static void
tell_sentence (guint number, GstClockTime start)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GstClockTime end = start + SENTENCE_WORDS * WORD_INTERVAL * GST_MSECOND;
  g_autofree gchar *started = g_strdup_printf
      ("\"type\":\"input_audio_buffer.speech_started\",\"audio_start_ms\":%u,"
      "\"item_id\":\"item_%u\"", (guint) (start / GST_MSECOND), number);
  g_autofree gchar *stopped = g_strdup_printf
      ("\"type\":\"input_audio_buffer.speech_stopped\",\"audio_end_ms\":%u,"
      "\"item_id\":\"item_%u\"", (guint) (end / GST_MSECOND), number);
  g_autofree gchar *completed = NULL;
  guint first = number * SENTENCE_WORDS, i;

  wait_until (start + 300 * GST_MSECOND);
  tell (FALSE, 0, 0, started);
  for (i = 0; i < SENTENCE_WORDS; i++) {
    g_autofree gchar *word =
        g_strdup_printf ("%sw%04u", i > 0 ? " " : "", first + i);
    g_autofree gchar *delta = g_strdup_printf ("\"type\":"
        "\"conversation.item.input_audio_transcription.delta\","
        "\"item_id\":\"item_%u\",\"content_index\":0,\"delta\":\"%s\"", number,
        word);

    g_string_append (text, word);
    wait_until (start + ((i + 1) * WORD_INTERVAL + WORD_DELAY) * GST_MSECOND);
    tell (FALSE, first + i, first + i + 1, delta);
  }
  tell (FALSE, 0, 0, stopped);
  wait_until (end + FINAL_DELAY * GST_MSECOND);
  completed = g_strdup_printf
      ("\"type\":\"conversation.item.input_audio_transcription.completed\","
      "\"item_id\":\"item_%u\",\"content_index\":0,\"transcript\":\"%s\"",
      number, text->str);
  tell (TRUE, first, first + SENTENCE_WORDS, completed);
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

  return x < y ? -1 : x > y;
}

static gdouble
percentile (GArray * values, guint percent)
{
  g_array_sort (values, compare);
  return g_array_index (values, gdouble, (values->len - 1) * percent / 100);
}

static gboolean
start (void)
{
  g_autoptr (GString) launch = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (lines); i++)
    g_string_append_printf (launch, "appsrc name=source%u is-live=true "
        "format=time caps=application/x-realtime-events ! "
        "transcriptcaptions name=captions%u %s ! fakesink sync=false async=false ",
        i, i, lines[i].settings);
  pipeline = gst_parse_launch (launch->str, &error);
  if (error) {
    g_printerr ("%s\n", error->message);
    return FALSE;
  }
  for (i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree gchar *source = g_strdup_printf ("source%u", i);
    g_autofree gchar *captions = g_strdup_printf ("captions%u", i);
    g_autoptr (GstElement) element =
        gst_bin_get_by_name (GST_BIN (pipeline), captions);
    g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "src");

    g_mutex_init (&lines[i].lock);
    lines[i].source = gst_bin_get_by_name (GST_BIN (pipeline), source);
    lines[i].came = g_new0 (GstClockTime, n_words);
    lines[i].left = g_array_new (FALSE, FALSE, sizeof (gdouble));
    lines[i].shown = g_array_new (FALSE, FALSE, sizeof (gdouble));
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, &lines[i],
        NULL);
  }
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  pipeline_clock = gst_element_get_clock (pipeline);
  return TRUE;
}

/* Returns whether all words were shown. */
static gboolean
report (void)
{
  gboolean all = TRUE;
  guint i;

  g_print ("%-8s %6s %24s %24s\n%-8s %6s %12s%12s %12s%12s\n", "", "",
      "buffer left after, ms", "shown after, ms", "mode", "words", "p50", "p95",
      "p50", "p95");
  for (i = 0; i < G_N_ELEMENTS (lines); i++) {
    all = all && lines[i].left->len == n_words;
    if (lines[i].left->len == 0)
      continue;
    g_print ("%-8s %6u %12.1f%12.1f %12.1f%12.1f\n", lines[i].name,
        lines[i].left->len, percentile (lines[i].left, 50),
        percentile (lines[i].left, 95), percentile (lines[i].shown, 50),
        percentile (lines[i].shown, 95));
  }
  return all;
}

gint
main (gint argc, gchar ** argv)
{
  guint seconds, n, i;
  GstClockTime length = SENTENCE_WORDS * WORD_INTERVAL + PAUSE;
  g_autoptr (GstBus) bus = NULL;
  gboolean all;

  gst_init (&argc, &argv);
  seconds = argc > 1 ? CLAMP (strtoul (argv[1], NULL, 10), 6, 3600) : 60;
  n = seconds * 1000 / length;
  n_words = n * SENTENCE_WORDS;
  if (!start ())
    return 1;

  tell (FALSE, 0, 0, "\"type\":\"session.created\",\"session\":{\"id\":\"s\","
      "\"type\":\"transcription\"}");
  tell (FALSE, 0, 0, "\"type\":\"realtimebin.timeline\",\"session_id\":\"s\","
      "\"epoch_running_time\":0");
  for (i = 0; i < n; i++)
    tell_sentence (i, (i * length + 500) * GST_MSECOND);

  bus = gst_element_get_bus (pipeline);
  for (i = 0; i < G_N_ELEMENTS (lines); i++)
    gst_app_src_end_of_stream (GST_APP_SRC (lines[i].source));
  gst_message_unref (gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
          GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  all = report ();

  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline_clock);
  for (i = 0; i < G_N_ELEMENTS (lines); i++) {
    gst_object_unref (lines[i].source);
    g_array_unref (lines[i].left);
    g_array_unref (lines[i].shown);
    g_free (lines[i].came);
    g_mutex_clear (&lines[i].lock);
  }
  gst_object_unref (pipeline);
  return all ? 0 : 1;
}
