/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The element alone: events in, buffers, GAPs and EOS out. */

#include <string.h>
#include "fixture.h"

GST_START_TEST (test_cues)
{
  g_autoptr (GString) stream = two_turns ();
  const GstSegment *segment;
  GstStreamFlags flags;
  guint group_id;
  Fixture f;

  fixture_begin (&f, "transcriptcaptions");
  push_text (&f, stream->str);
  push_eos (&f);
  fail_unless_log (&f, TWO_TURNS " gap(9000-9700) eos");

  gst_event_parse_stream_flags (g_ptr_array_index (f.capture->events, 0),
      &flags);
  fail_unless_equals_int (flags, GST_STREAM_FLAG_SPARSE);
  fail_unless (gst_event_parse_group_id (g_ptr_array_index (f.capture->events,
              0), &group_id));
  gst_event_parse_segment (g_ptr_array_index (f.capture->events, 2), &segment);
  fail_unless_equals_int (segment->format, GST_FORMAT_TIME);
  fail_unless (GST_BUFFER_IS_DISCONT (g_ptr_array_index (f.capture->buffers,
              0)));
  fail_if (GST_BUFFER_IS_DISCONT (g_ptr_array_index (f.capture->buffers, 1)));
  fail_unless_equals_int (count_messages (&f, GST_MESSAGE_WARNING), 0);
  fixture_end (&f);
}

GST_END_TEST;

GST_START_TEST (test_chunks)
{
  g_autoptr (GString) stream = two_turns ();
  gsize size, at;

  /* the last line ends with the stream, without a newline */
  g_string_truncate (stream, stream->len - 1);
  for (size = 1; size < 200; size += 7) {
    Fixture f;

    fixture_begin (&f, "transcriptcaptions");
    for (at = 0; at < stream->len; at += size)
      fail_unless_equals_int (gst_harness_push (f.harness,
              buffer_of (stream->str + at, MIN (size, stream->len - at))),
          GST_FLOW_OK);
    push_eos (&f);
    fail_unless_log (&f, TWO_TURNS " gap(9000-9700) eos");
    fixture_end (&f);
  }
}

GST_END_TEST;

/* Bad lines are left out with few warnings and harm nothing else. */
GST_START_TEST (test_bad_lines)
{
  static const gchar *const bad[] = {
    "garbage", "{", "[]", "\"a\"", "{\"type\":}", "\xff\xfe{}", "{}}", "null",
    "{\"type\":\"a\" \"b\"}"
  };
  g_autoptr (GString) stream = two_turns ();
  g_autoptr (GString) spoilt = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (stream->str, "\n", -1);
  guint i, j;
  Fixture f;

  for (i = 0; lines[i]; i++) {
    for (j = 0; j < G_N_ELEMENTS (bad); j++)
      g_string_append_printf (spoilt, "%s\n", bad[j]);
    g_string_append_printf (spoilt, "%s\r\n\n", lines[i]);
  }
  fixture_begin (&f, "transcriptcaptions");
  push_text (&f, spoilt->str);
  fail_unless_equals_int (count_messages (&f, GST_MESSAGE_WARNING), 1);
  push_eos (&f);
  fail_unless_log (&f, TWO_TURNS " gap(9000-9700) eos");
  fail_unless_equals_int (count_messages (&f, GST_MESSAGE_WARNING), 1);
  fail_unless_equals_int (count_messages (&f, GST_MESSAGE_ERROR), 0);
  fixture_end (&f);
}

GST_END_TEST;

GST_START_TEST (test_line_without_end)
{
  g_autoptr (GString) stream = two_turns ();
  g_autofree gchar *block = g_strnfill (1024 * 1024, 'x');
  guint i;
  Fixture f;

  fixture_begin (&f, "transcriptcaptions");
  for (i = 0; i < 40; i++)
    push_text (&f, block);
  push_text (&f, "\n");
  push_text (&f, stream->str);
  push_eos (&f);
  fail_unless_log (&f, TWO_TURNS " gap(9000-9700) eos");
  fail_unless_equals_int (count_messages (&f, GST_MESSAGE_WARNING), 1);
  fixture_end (&f);
}

GST_END_TEST;

/* No timeline, no stamps: the buffers' times tell when texts came. */
GST_START_TEST (test_arrival_by_buffer)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  GstSegment segment;
  GstBuffer *buffer;
  Fixture f;

  stream_turn (stream, "item_1", 2000, 4000, -1);
  stream_completed (stream, "item_1", "Fifteen letters", -1);

  fixture_begin (&f, "transcriptcaptions");
  /* 20 s of stream time are 10 s of running time */
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment.time = 10 * GST_SECOND;
  fail_unless (gst_harness_push_event (f.harness,
          gst_event_new_segment (&segment)));
  buffer = buffer_of (stream->str, stream->len);
  GST_BUFFER_PTS (buffer) = 20 * GST_SECOND;
  fail_unless_equals_int (gst_harness_push (f.harness, buffer), GST_FLOW_OK);
  fail_unless_log (&f, "stream-start caps(utf8) segment gap(0-9000) "
      "cue(9000-10000 Fifteen letters)");
  fixture_end (&f);
}

GST_END_TEST;

/* Nothing tells any time: one after the other at the pace of speech. */
GST_START_TEST (test_no_times)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  Fixture f;

  stream_turn (stream, "item_1", 2000, 4000, -1);
  stream_completed (stream, "item_1", "Fifteen letters", -1);
  stream_turn (stream, "item_2", 2000, 4000, -1);
  stream_completed (stream, "item_2", "Fifteen letters and fifteen mo", -1);

  fixture_begin (&f, "transcriptcaptions");
  push_text (&f, stream->str);
  push_eos (&f);
  fail_unless_log (&f, "stream-start caps(utf8) segment "
      "cue(0-1000 Fifteen letters) "
      "cue(1000-3000 Fifteen letters and fifteen mo) eos");
  fixture_end (&f);
}

GST_END_TEST;

GST_START_TEST (test_long_final)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  Fixture f;

  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 12000, 0);
  stream_completed (stream, "item_1",
      "One two three four five six seven, eight nine ten eleven twelve. "
      "Thirteen fourteen fifteen sixteen, seventeen eighteen nineteen.", 12800);

  fixture_begin (&f, "transcriptcaptions");
  push_text (&f, stream->str);
  push_eos (&f);
  fail_unless_log (&f, "stream-start caps(utf8) segment gap(0-1300) "
      "gap(1300-2000) cue(2000-7038 One two three four five six seven,\n"
      "eight nine ten eleven twelve.) "
      "cue(7038-12000 Thirteen fourteen fifteen sixteen,\n"
      "seventeen eighteen nineteen.) gap(12000-12800) eos");
  fixture_end (&f);
}

GST_END_TEST;

/* While a turn is open, or its text awaited, the GAPs stop where it began,
 * however far the stream goes on. */
GST_START_TEST (test_gap_waits_for_open_turn)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  GstSegment segment;
  Fixture f;

  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 4000, 0);

  fixture_begin (&f, "transcriptcaptions");
  gst_segment_init (&segment, GST_FORMAT_TIME);
  fail_unless (gst_harness_push_event (f.harness,
          gst_event_new_segment (&segment)));
  push_text (&f, stream->str);
  fail_unless_log (&f, "stream-start caps(utf8) segment gap(0-1300) "
      "gap(1300-2000)");
  gst_harness_push_event (f.harness, gst_event_new_gap (20 * GST_SECOND,
          GST_SECOND));
  fail_unless_log (&f, "");

  g_string_truncate (stream, 0);
  stream_completed (stream, "item_1", "Here it comes.", 22000);
  push_text (&f, stream->str);
  fail_unless_log (&f, "cue(2000-4000 Here it comes.) gap(4000-21000)");
  /* nobody speaks: GAPs follow those of the sink, a second behind */
  gst_harness_push_event (f.harness, gst_event_new_gap (22 * GST_SECOND,
          GST_SECOND));
  fail_unless_log (&f, "gap(21000-22000)");

  /* a turn whose text never comes does not hold downstream for ever */
  g_string_truncate (stream, 0);
  stream_turn (stream, "item_2", 25000, 26000, 0);
  push_text (&f, stream->str);
  fail_unless_log (&f, "gap(22000-24300) gap(24300-25000)");
  gst_harness_push_event (f.harness, gst_event_new_gap (99 * GST_SECOND,
          GST_SECOND));
  fail_unless_log (&f, "gap(25000-40000)");
  fixture_end (&f);
}

GST_END_TEST;

/* The reply's text is there before the user's: the user's comes first. */
GST_START_TEST (test_order_of_speech)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  Fixture f;

  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 4000, 0);
  stream_reply (stream, "item_2", 5000, 7000, "It is a question.");
  stream_completed (stream, "item_1", "Is this a question?", 8000);

  fixture_begin (&f, "transcriptcaptions");
  push_text (&f, stream->str);
  push_eos (&f);
  fail_unless_log (&f, "stream-start caps(utf8) segment gap(0-1300) "
      "gap(1300-2000) cue(2000-4000 Is this a question?) gap(4000-5000) "
      "cue(5000-7000 It is a question.) gap(7000-8000) eos");
  fixture_end (&f);
}

GST_END_TEST;

/* The user's text takes longer than anybody waits: it is shown when it comes,
 * after what has been pushed. */
GST_START_TEST (test_late_final)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  Fixture f;

  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 4000, 0);
  stream_reply (stream, "item_2", 5000, 7000, "It is a question.");
  stream_event (stream, 10500, "'type':'rate_limits.updated'");
  stream_completed (stream, "item_1", "Is this a question?", 11000);

  fixture_begin (&f, "transcriptcaptions");
  push_text (&f, stream->str);
  push_eos (&f);
  fail_unless_log (&f, "stream-start caps(utf8) segment gap(0-1300) "
      "gap(1300-2000) gap(2000-5000) cue(5000-7000 It is a question.) "
      "cue(7000-8000 Is this a question?) gap(8000-10000) gap(10000-11000) eos");
  fixture_end (&f);
}

GST_END_TEST;

/* Both speak at once: one cue after the other, by their beginnings. */
GST_START_TEST (test_both_at_once)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  Fixture f;

  stream_begin (stream);
  stream_reply (stream, "item_1", 1000, 6000, "I was about to explain it all.");
  stream_turn (stream, "item_2", 5000, 7000, 0);
  stream_completed (stream, "item_2", "No need to.", 8000);

  fixture_begin (&f, "transcriptcaptions");
  push_text (&f, stream->str);
  push_eos (&f);
  check_buffers (&f);
  fail_unless_equals_int (f.capture->buffers->len, 2);
  fail_unless_equals_uint64 (GST_BUFFER_PTS (g_ptr_array_index
          (f.capture->buffers, 1)), 6 * GST_SECOND);
  fixture_end (&f);
}

GST_END_TEST;

/* Lines that are open at the end become cues before EOS. */
GST_START_TEST (test_eos_drains)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  Fixture f;

  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 4000, 0);
  stream_event (stream, 4500,
      "'type':'conversation.item.input_audio_transcription.delta',"
      "'event_id':'e','item_id':'item_1','content_index':0,"
      "'delta':'Only half'");

  fixture_begin (&f, "transcriptcaptions");
  push_text (&f, stream->str);
  fail_unless_equals_int (f.capture->buffers->len, 0);
  push_eos (&f);
  fail_unless_log (&f, "stream-start caps(utf8) segment gap(0-1300) "
      "gap(1300-2000) cue(2000-4000 Only half) gap(4000-4500) eos");
  fixture_end (&f);
}

GST_END_TEST;

GST_START_TEST (test_empty_stream)
{
  Fixture f;

  fixture_begin (&f, "transcriptcaptions");
  push_eos (&f);
  fail_unless_log (&f, "stream-start caps(utf8) segment eos");
  fixture_end (&f);
}

GST_END_TEST;

/* Empty texts give no cues and hold nothing up. */
GST_START_TEST (test_empty_texts)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  Fixture f;

  stream_begin (stream);
  stream_turn (stream, "item_1", 2000, 4000, 0);
  stream_completed (stream, "item_1", " \n", 4500);
  stream_event (stream, 9000, "'type':'unheard.of'");

  fixture_begin (&f, "transcriptcaptions");
  push_text (&f, stream->str);
  fail_unless_log (&f, "stream-start caps(utf8) segment gap(0-1300) "
      "gap(1300-2000) gap(2000-3500) gap(3500-8000)");
  fixture_end (&f);
}

GST_END_TEST;

GST_START_TEST (test_flush)
{
  g_autoptr (GString) stream = two_turns ();
  g_autoptr (GString) cut = g_string_new (NULL);
  GstSegment segment;
  GstEvent *event;
  guint32 seqnum;
  Fixture f;

  stream_begin (cut);
  stream_turn (cut, "item_0", 500, 4000, 0);
  stream_reply (cut, "item_9", 4500, 5000, "This waits for item_0.");
  g_string_append (cut, "{\"type\":\"conversation.item");

  fixture_begin (&f, "transcriptcaptions");
  push_text (&f, cut->str);
  g_free (capture_take (f.capture));

  gst_segment_init (&segment, GST_FORMAT_BYTES);
  fail_unless (gst_harness_push_event (f.harness,
          gst_event_new_flush_start ()));
  fail_unless (gst_harness_push_event (f.harness,
          gst_event_new_flush_stop (TRUE)));
  event = gst_event_new_segment (&segment);
  seqnum = gst_event_get_seqnum (event);
  fail_unless (gst_harness_push_event (f.harness, event));
  push_text (&f, stream->str);
  push_eos (&f);
  fail_unless_log (&f, "flush-start flush-stop segment gap(0-1300) "
      "gap(1300-2000) cue(2000-4000 This is the first.) gap(4000-6300) "
      "gap(6300-7000) cue(7000-9000 And this the second.) gap(9000-9700) eos");
  fail_unless (GST_BUFFER_IS_DISCONT (g_ptr_array_index (f.capture->buffers,
              0)));
  fail_unless_equals_int (count_messages (&f, GST_MESSAGE_WARNING), 0);
  event = g_ptr_array_index (f.capture->events, f.capture->events->len - 2);
  fail_unless_equals_int (GST_EVENT_TYPE (event), GST_EVENT_GAP);
  fail_unless_equals_int (gst_event_get_seqnum (event), seqnum);
  fixture_end (&f);
}

GST_END_TEST;

/* Bytes are missing in the midst of a line: only that line is lost. */
GST_START_TEST (test_discont)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  GstBuffer *buffer;
  Fixture f;

  stream_begin (stream);
  stream_turn (stream, "item_1", 500, 4000, 0);
  g_string_append (stream, "{\"type\":\"rate_li");
  fixture_begin (&f, "transcriptcaptions");
  push_text (&f, stream->str);

  g_string_truncate (stream, 0);
  stream_completed (stream, "item_1", "Here it is.", 4800);
  buffer = buffer_of (stream->str, stream->len);
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  fail_unless_equals_int (gst_harness_push (f.harness, buffer), GST_FLOW_OK);
  fail_unless_log (&f, "stream-start caps(utf8) segment gap(0-500) "
      "cue(500-4000 Here it is.)");
  fail_unless_equals_int (count_messages (&f, GST_MESSAGE_WARNING), 1);
  fixture_end (&f);
}

GST_END_TEST;

/* An item told in parts: each goes out when it comes, the item still open. */
GST_START_TEST (test_segments)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  Fixture f;

  stream_begin (stream);
  stream_turn (stream, "item_1", 1000, 9000, 0);
  stream_event (stream, 9300,
      "'type':'conversation.item.input_audio_transcription.segment',"
      "'item_id':'item_1','content_index':0,'text':'Shall we begin?',"
      "'id':'seg_1','speaker':'A','start':0.0,'end':2.0");
  stream_event (stream, 9400,
      "'type':'conversation.item.input_audio_transcription.segment',"
      "'item_id':'item_1','content_index':0,'text':'Yes.',"
      "'id':'seg_2','speaker':'B','start':3.0,'end':5.0");

  fixture_begin (&f, "transcriptcaptions speaker-prefix=\"%s:\\ \"");
  push_text (&f, stream->str);
  fail_unless_log (&f, "stream-start caps(utf8) segment gap(0-300) "
      "gap(300-1000) cue(1000-3000 A: Shall we begin?) gap(3000-4000) "
      "cue(4000-6000 B: Yes.)");
  fixture_end (&f);
}

GST_END_TEST;

GST_START_TEST (test_group)
{
  GstEvent *event = gst_event_new_stream_start ("log");
  guint group_id;
  Fixture f;

  fixture_init (&f, "transcriptcaptions");
  gst_event_set_group_id (event, 77);
  fail_unless (gst_harness_push_event (f.harness, event));
  fail_unless (gst_event_parse_group_id (g_ptr_array_index (f.capture->events,
              0), &group_id));
  fail_unless_equals_int (group_id, 77);
  fixture_end (&f);
}

GST_END_TEST;

/* A second stream behind the first: its own conversation, later times. */
GST_START_TEST (test_second_stream)
{
  g_autoptr (GString) stream = two_turns ();
  Fixture f;

  fixture_begin (&f, "transcriptcaptions");
  push_text (&f, stream->str);
  fail_unless_log (&f, TWO_TURNS);
  fail_unless (gst_harness_push_event (f.harness,
          gst_event_new_stream_start ("another")));
  fail_unless_log (&f, "gap(9000-9700) stream-start");
  push_text (&f, stream->str);
  fail_unless_log (&f, "caps(utf8) segment "
      "cue(9700-10700 This is the first.) "
      "cue(10700-11700 And this the second.)");
  check_buffers (&f);
  fixture_end (&f);
}

GST_END_TEST;

/* Times that cannot be must not carry the captions away. */
GST_START_TEST (test_absurd_times)
{
  g_autoptr (GString) stream = g_string_new (NULL);
  Fixture f;

  g_string_append (stream, "{\"type\":\"x\",\"gst_running_time\":"
      "9000000000000000000}\n");
  stream_begin (stream);
  stream_turn (stream, "item_1", 1000, 2000, 0);
  g_string_append (stream, "{\"type\":\"x\",\"gst_running_time\":"
      "9223372036854775807}\n{\"type\":\"x\",\"gst_running_time\":-5}\n"
      "{\"type\":\"x\",\"gst_running_time\":1e300}\n");
  stream_completed (stream, "item_1", "Still here.", 2500);
  stream_turn (stream, "item_2", 2000000000, 2000000100, -1);
  stream_completed (stream, "item_2", "Said in time to come.", 4000);
  stream_turn (stream, "item_3", 6000, 5000, -1);
  stream_completed (stream, "item_3", "Over before it began.", 9000);

  fixture_begin (&f, "transcriptcaptions");
  push_text (&f, stream->str);
  push_eos (&f);
  check_buffers (&f);
  fail_unless_equals_int (f.capture->buffers->len, 3);
  fail_unless_equals_uint64 (GST_BUFFER_PTS (g_ptr_array_index
          (f.capture->buffers, 0)), GST_SECOND);
  fail_unless (GST_BUFFER_PTS (g_ptr_array_index (f.capture->buffers, 2))
      < 10 * GST_SECOND);
  fixture_end (&f);
}

GST_END_TEST;

static Suite *
transcriptcaptions_suite (void)
{
  Suite *s = suite_create ("transcriptcaptions");
  TCase *tc = tcase_create ("element");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_cues);
  tcase_add_test (tc, test_chunks);
  tcase_add_test (tc, test_bad_lines);
  tcase_add_test (tc, test_line_without_end);
  tcase_add_test (tc, test_arrival_by_buffer);
  tcase_add_test (tc, test_no_times);
  tcase_add_test (tc, test_long_final);
  tcase_add_test (tc, test_gap_waits_for_open_turn);
  tcase_add_test (tc, test_order_of_speech);
  tcase_add_test (tc, test_late_final);
  tcase_add_test (tc, test_both_at_once);
  tcase_add_test (tc, test_eos_drains);
  tcase_add_test (tc, test_empty_stream);
  tcase_add_test (tc, test_empty_texts);
  tcase_add_test (tc, test_flush);
  tcase_add_test (tc, test_discont);
  tcase_add_test (tc, test_segments);
  tcase_add_test (tc, test_group);
  tcase_add_test (tc, test_second_stream);
  tcase_add_test (tc, test_absurd_times);

  return s;
}

GST_CHECK_MAIN (transcriptcaptions);
