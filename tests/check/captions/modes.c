/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The three modes, to order: of a stream that is not live. */

#include <string.h>
#include "fixture.h"

static void
check_cues (const gchar * launch, GString * stream, const gchar * expected)
{
  g_autofree gchar *cues = NULL;
  Fixture f;

  fixture_init (&f, launch);
  make_not_live (f.harness);
  gst_harness_set_src_caps_str (f.harness, "application/x-realtime-events");
  push_text (&f, stream->str);
  push_eos (&f);
  check_buffers (&f);
  cues = capture_cues (f.capture);
  fail_unless_equals_string (cues, expected);
  fixture_end (&f);
}

/* Words share the time by their length. */
GST_START_TEST (test_words)
{
  g_autoptr (GString) stream = g_string_new (NULL);

  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 4000, 0);
  stream_completed (stream, "item_1", "Well, this isn't it.", 4800);
  stream_reply (stream, "item_2", 6000, 7000, "Oh!");
  check_cues ("transcriptcaptions mode=words", stream,
      "2000+571 Well,|2571+476 this|3047+571 isn't|3619+380 it.|"
      "6000+1000 Oh!");
}

GST_END_TEST;

/* Lines grow word by word and scroll; they go when nothing more is said. */
GST_START_TEST (test_roll_up)
{
  g_autoptr (GString) stream = g_string_new (NULL);

  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 4000, 0);
  stream_completed (stream, "item_1", "One two three four.", 4800);
  stream_turn (stream, "item_2", 5000, 6000, 0);
  stream_completed (stream, "item_2", "Five six.", 6800);
  stream_turn (stream, "item_3", 20000, 21000, 0);
  stream_completed (stream, "item_3", "Seven.", 21800);
  check_cues ("transcriptcaptions mode=roll-up max-line-length=11", stream,
      "2000+400 One|2400+400 One two|2800+600 One two\nthree|"
      "3400+1600 One two\nthree four.|5000+500 three four.\nFive|"
      "5500+7000 three four.\nFive six.|20000+1000 Seven.");
  check_cues ("transcriptcaptions mode=roll-up max-line-length=11 max-lines=1 "
      "max-duration=1000", stream,
      "2000+400 One|2400+400 One two|2800+600 three|3400+1000 three four.|"
      "5000+500 Five|5500+1000 Five six.|20000+1000 Seven.");
}

GST_END_TEST;

/* Another speaker begins another line. */
GST_START_TEST (test_roll_up_speakers)
{
  g_autoptr (GString) stream = g_string_new (NULL);

  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 3000, 0);
  stream_completed (stream, "item_1", "Hello?", 3800);
  stream_reply (stream, "item_2", 4000, 5000, "Hello!");
  check_cues ("transcriptcaptions mode=roll-up speaker-prefix=\">>\"", stream,
      "2000+2000 >> Hello?|4000+1000 >> Hello?\n>> Hello!");
  check_cues ("transcriptcaptions mode=roll-up", stream,
      "2000+2000 Hello?|4000+1000 Hello?\nHello!");
  check_cues ("transcriptcaptions mode=words speaker-prefix=\"%s:\"", stream,
      "2000+1000 user: Hello?|4000+1000 assistant: Hello!");
}

GST_END_TEST;

/* A line that comes late and long is not faster than it can be read. */
GST_START_TEST (test_roll_up_reading_speed)
{
  g_autoptr (GString) stream = g_string_new (NULL);

  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 2100, 0);
  stream_completed (stream, "item_1",
      "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii", 2800);
  /* twenty columns, a line, come at once; then five a second each */
  check_cues ("transcriptcaptions mode=roll-up max-line-length=20 "
      "max-reading-speed=20 max-lines=1", stream,
      "2000+44 aaaa bbbb cccc dddd|2044+205 eeee|2250+250 eeee ffff|"
      "2500+250 eeee ffff gggg|2750+250 eeee ffff gggg hhhh|3000+1000 iiii");
}

GST_END_TEST;

GST_START_TEST (test_reading_speed)
{
  g_autoptr (GString) stream = g_string_new (NULL);

  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 2500, 0);
  stream_completed (stream, "item_1", "thirty columns of a short while", 2800);
  check_cues ("transcriptcaptions", stream,
      "2000+1240 thirty columns of a short while");
  check_cues ("transcriptcaptions max-reading-speed=10", stream,
      "2000+3100 thirty columns of a short while");
  check_cues ("transcriptcaptions max-reading-speed=1000 min-duration=0",
      stream, "2000+500 thirty columns of a short while");
}

GST_END_TEST;

/* One word a buffer, but not without end. */
GST_START_TEST (test_words_that_are_none)
{
  g_autoptr (GString) stream = g_string_new (NULL);

  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 4000, 0);
  stream_completed (stream, "item_1",
      "\xe4\xbd\xa0\xe5\xa5\xbd\xef\xbc\x8c\xe4\xb8\x96\xe7\x95\x8c a "
      "abcdefghijkl", 4800);
  check_cues ("transcriptcaptions mode=words max-line-length=8", stream,
      "2000+692 \xe4\xbd\xa0\xe5\xa5\xbd\xef\xbc\x8c\xe4\xb8\x96|"
      "2692+153 \xe7\x95\x8c|2846+153 a|3000+615 abcdefgh|3615+384 ijkl");
}

GST_END_TEST;

/* Words and roll-up of a session without any times go on at a pace. */
GST_START_TEST (test_no_times)
{
  g_autoptr (GString) stream = g_string_new (NULL);

  stream_turn (stream, "item_1", 2000, 4000, -1);
  stream_completed (stream, "item_1", "Fifteen letters", -1);
  check_cues ("transcriptcaptions mode=words", stream,
      "0+500 Fifteen|500+500 letters");
  check_cues ("transcriptcaptions mode=roll-up", stream,
      "0+500 Fifteen|500+1000 Fifteen letters");
}

GST_END_TEST;

/* What the words tell to what follows, as transcribers elsewhere do. */
GST_START_TEST (test_word_events)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  g_autoptr (GString) names = g_string_new (NULL);
  Fixture f;
  guint i;

  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 3000, 0);
  stream_completed (stream, "item_1", "Hello?", 3800);
  stream_turn (stream, "item_2", 4000, 5000, 0);
  stream_completed (stream, "item_2", "Hello?", 5800);
  stream_reply (stream, "item_3", 6000, 7000, "Hello!");
  fixture_init (&f, "transcriptcaptions mode=words");
  make_not_live (f.harness);
  gst_harness_set_src_caps_str (f.harness, "application/x-realtime-events");
  push_text (&f, stream->str);
  for (i = 0; i < f.capture->events->len; i++) {
    GstEvent *event = g_ptr_array_index (f.capture->events, i);
    const GstStructure *structure = gst_event_get_structure (event);
    const gchar *speaker;

    if (GST_EVENT_TYPE (event) != GST_EVENT_CUSTOM_DOWNSTREAM)
      continue;
    speaker = gst_structure_get_string (structure, "speaker");
    g_string_append_printf (names, "%s(%s) ",
        gst_structure_get_name (structure), speaker ? speaker : "");
  }
  fail_unless_equals_string (names->str,
      "rstranscribe/speaker-change(user) rstranscribe/final-transcript() "
      "rstranscribe/final-transcript() "
      "rstranscribe/speaker-change(assistant) rstranscribe/final-transcript() ");
  fixture_end (&f);
}

GST_END_TEST;

static void
stream_completed_in (GString * stream, const gchar * item, const gchar * text,
    const gchar * language, gint arrival)
{
  g_autofree gchar *members = g_strdup_printf ("'type':"
      "'conversation.item.input_audio_transcription.completed',"
      "'event_id':'e5','item_id':'%s','content_index':0,'transcript':'%s',"
      "'language':'%s'", item, text, language);

  stream_event (stream, arrival, members);
}

static gchar *
get_language_tag (Fixture * f)
{
  gchar *language = NULL;
  guint i;

  for (i = 0; i < f->capture->events->len; i++) {
    GstEvent *event = g_ptr_array_index (f->capture->events, i);
    GstTagList *tags;

    if (GST_EVENT_TYPE (event) != GST_EVENT_TAG)
      continue;
    gst_event_parse_tag (event, &tags);
    g_free (language);
    fail_unless (gst_tag_list_get_string (tags, GST_TAG_LANGUAGE_CODE,
            &language));
  }
  return language;
}

GST_START_TEST (test_language)
{
  static const struct
  {
    const gchar *setting, *cues, *tag;
  } cases[] = {
    {"", "Guten Tag.|Good day.|Ja.", "de-AT"},
    {"language=de", "Guten Tag.|Ja.", "de"},
    {"language=de-DE", "Guten Tag.|Ja.", "de-DE"},
    {"language=en", "Good day.", "en"},
    {"language=fr", "", NULL},
    {"language=\"\"", "Guten Tag.|Good day.|Ja.", NULL},
  };
  g_autoptr (GString) stream = g_string_new (NULL);
  guint i, j;

  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 3000, 0);
  stream_completed_in (stream, "item_1", "Guten Tag.", "de", 3800);
  stream_turn (stream, "item_2", 4000, 5000, 0);
  stream_completed_in (stream, "item_2", "Good day.", "en", 5800);
  stream_turn (stream, "item_3", 6000, 7000, 0);
  stream_completed_in (stream, "item_3", "Ja.", "de-AT", 7800);

  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *launch =
        g_strconcat ("transcriptcaptions ", cases[i].setting, NULL);
    g_autoptr (GString) texts = g_string_new (NULL);
    g_autofree gchar *tag = NULL;
    Fixture f;

    fixture_begin (&f, launch);
    push_text (&f, stream->str);
    for (j = 0; j < f.capture->buffers->len; j++) {
      g_autofree gchar *text =
          buffer_text (g_ptr_array_index (f.capture->buffers, j));

      g_string_append_printf (texts, "%s%s", j > 0 ? "|" : "", text);
    }
    fail_unless_equals_string (texts->str, cases[i].cues);
    tag = get_language_tag (&f);
    if (f.capture->buffers->len > 0)
      fail_unless_equals_string (tag, cases[i].tag);
    fixture_end (&f);
  }
}

GST_END_TEST;

/* What a live stream told so far goes out at its end, in each mode. */
GST_START_TEST (test_drain)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  static const gchar *const cues[][2] = {
    {"transcriptcaptions latency=5000", "2000+1000 Only half"},
    {"transcriptcaptions mode=words latency=5000",
        "2000+300 Only|2300+300 half"},
    {"transcriptcaptions mode=roll-up latency=5000",
        "2000+300 Only|2300+1000 Only half"},
  };
  guint i;

  stream_begin (stream);
  stream_started (stream, "item_1", 2000, 2300);
  stream_delta (stream, "item_1", "Only half", 2800);
  for (i = 0; i < G_N_ELEMENTS (cues); i++) {
    g_autofree gchar *got = NULL;
    Fixture f;

    fixture_begin (&f, cues[i][0]);
    push_text (&f, stream->str);
    push_eos (&f);
    got = capture_cues (f.capture);
    fail_unless_equals_string (got, cues[i][1]);
    fixture_end (&f);
  }
}

GST_END_TEST;

static Suite *
modes_suite (void)
{
  Suite *s = suite_create ("modes");
  TCase *tc = tcase_create ("to order");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_words);
  tcase_add_test (tc, test_roll_up);
  tcase_add_test (tc, test_roll_up_speakers);
  tcase_add_test (tc, test_roll_up_reading_speed);
  tcase_add_test (tc, test_reading_speed);
  tcase_add_test (tc, test_words_that_are_none);
  tcase_add_test (tc, test_no_times);
  tcase_add_test (tc, test_word_events);
  tcase_add_test (tc, test_language);
  tcase_add_test (tc, test_drain);

  return s;
}

GST_CHECK_MAIN (modes);
