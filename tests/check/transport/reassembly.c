/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "transport/reassembly.h"
#include "transport/sdp.h"

/* An event whose text holds braces, quotes, escapes and long characters. */
static gchar *
make_event (gsize size)
{
  static const gchar *const parts[] =
      { "}{", "\\\"", "\\\\", "ü", "€", "😀", "]["
  };
  GString *text = g_string_new ("{\"type\":\"x\",\"pad\":\"");
  guint i;

  for (i = 0; text->len < size; i++)
    g_string_append (text, parts[i % G_N_ELEMENTS (parts)]);
  g_string_append (text, "\",\"n\":[1,{\"a\":[]}]}");

  return g_string_free (text, FALSE);
}

GST_START_TEST (test_whole_message_passes)
{
  GstRealtimeReassembly *reassembly = gst_realtime_reassembly_new ();
  gchar *event = make_event (60000);
  gchar *out = gst_realtime_reassembly_push (reassembly, event, strlen (event),
      0);

  fail_unless_equals_string (out, event);
  g_free (out);
  g_free (event);
  gst_realtime_reassembly_free (reassembly);
}

GST_END_TEST;

GST_START_TEST (test_pieces_come_together)
{
  static const gsize sizes[] = { 70000, 200000, 1000000 };
  GstRealtimeReassembly *reassembly = gst_realtime_reassembly_new ();
  guint round;

  for (round = 0; round < 60; round++) {
    gchar *event = make_event (sizes[round % 3]);
    gsize done = 0, size = strlen (event);
    gchar *out = NULL;

    while (done < size) {
      gsize piece = g_random_int_range (17310, 66304);

      fail_unless (out == NULL, "a message came out before its end");
      piece = MIN (piece, size - done);
      out = gst_realtime_reassembly_push (reassembly, event + done, piece,
          round);
      done += piece;
    }
    fail_unless_equals_string (out, event);
    g_free (out);
    g_free (event);
  }
  gst_realtime_reassembly_free (reassembly);
}

GST_END_TEST;

/* Broken messages must not swallow those that follow. */
GST_START_TEST (test_broken_message_is_alone)
{
  static const gchar *const broken[] = { "{\"type\":\"cut", "hello", "{", "]" };
  GstRealtimeReassembly *reassembly = gst_realtime_reassembly_new ();
  guint i;

  for (i = 0; i < G_N_ELEMENTS (broken); i++) {
    gchar *out = gst_realtime_reassembly_push (reassembly, broken[i],
        strlen (broken[i]), 0);

    fail_unless_equals_string (out, broken[i]);
    g_free (out);
    out = gst_realtime_reassembly_push (reassembly, "{}", 2, 0);
    fail_unless_equals_string (out, "{}");
    g_free (out);
  }
  gst_realtime_reassembly_free (reassembly);
}

GST_END_TEST;

/* A short message that came before a packet of the long one that it was sent
 * after: both are whole, in the order in which they were sent. */
GST_START_TEST (test_short_ones_come_ahead)
{
  static const gchar *const ahead[] = {
    "{\"type\":\"b\",\"n\":{\"m\":\"}\"}}", "{\"a\":\"}\\\"{\"}",
    "{\"type\":\"no end\",", "{\n  \"a\": \"\\\\\"\n}", "{\"b\":\"\xff\"}"
  };
  static const gsize tails[] = { 1, 17, 5000, 40000 };
  GstRealtimeReassembly *reassembly = gst_realtime_reassembly_new ();
  guint i, j, cut;

  for (i = 0; i < G_N_ELEMENTS (tails); i++) {
    /* in all the places where a cut can fall: strings, escapes, characters */
    for (cut = 0; cut < 40; cut++) {
      gchar *event = make_event (150000);
      gsize size = strlen (event);
      gsize first = 66304 + cut, rest = size - tails[i];
      gchar *out;

      fail_unless (gst_realtime_reassembly_push (reassembly, event, first,
              0) == NULL);
      for (j = 0; j < G_N_ELEMENTS (ahead); j++)
        fail_unless (gst_realtime_reassembly_push (reassembly, ahead[j],
                strlen (ahead[j]), 1) == NULL, "%s", ahead[j]);
      fail_unless (gst_realtime_reassembly_push (reassembly, event + first,
              rest - first, 2) == NULL);
      out = gst_realtime_reassembly_push (reassembly, event + rest, tails[i],
          3);
      fail_unless_equals_string (out, event);
      g_free (out);
      for (j = 0; j < G_N_ELEMENTS (ahead); j++) {
        gchar *wanted = g_utf8_make_valid (ahead[j], -1);

        out = gst_realtime_reassembly_pop (reassembly);
        fail_unless_equals_string (out, wanted);
        g_free (out);
        g_free (wanted);
      }
      fail_unless (gst_realtime_reassembly_pop (reassembly) == NULL);
      g_free (event);
    }
  }
  gst_realtime_reassembly_free (reassembly);
}

GST_END_TEST;

/* A message that never closes takes none of the others with it: where another
 * long one comes, after a long while, and at the end. */
GST_START_TEST (test_no_rest)
{
  static const gchar ahead[] = "{\"type\":\"b\",\"n\":{\"m\":\"}\"}}";
  guint i;

  for (i = 0; i < 4; i++) {
    GstRealtimeReassembly *reassembly = gst_realtime_reassembly_new ();
    gchar *event = make_event (100000);
    gchar *next = make_event (9000);
    gchar *out;

    fail_unless (gst_realtime_reassembly_push (reassembly, event, 66000,
            0) == NULL);
    fail_unless (gst_realtime_reassembly_push (reassembly, ahead,
            strlen (ahead), 0) == NULL);
    if (i == 0)
      out = gst_realtime_reassembly_push (reassembly, next, strlen (next), 0);
    else if (i == 1)
      out = gst_realtime_reassembly_push (reassembly, next, 30,
          60 * G_USEC_PER_SEC);
    else if (i == 2)
      out = gst_realtime_reassembly_push (reassembly, "its end", 7, 0);
    else
      out = gst_realtime_reassembly_flush (reassembly);
    fail_unless (out != NULL && strncmp (out, event, 60000) == 0);
    g_free (out);
    out = gst_realtime_reassembly_pop (reassembly);
    fail_unless_equals_string (out, ahead);
    g_free (out);
    out = gst_realtime_reassembly_pop (reassembly);
    fail_unless (i < 2 ? out && strncmp (out, next, 30) == 0 : out == NULL);
    g_free (out);
    fail_unless (gst_realtime_reassembly_pop (reassembly) == NULL);
    fail_unless (gst_realtime_reassembly_flush (reassembly) == NULL);
    g_free (event);
    g_free (next);
    gst_realtime_reassembly_free (reassembly);
  }
}

GST_END_TEST;

/* A peer that stalls in the middle of a message goes on with it. */
GST_START_TEST (test_stalled_rest)
{
  GstRealtimeReassembly *reassembly = gst_realtime_reassembly_new ();
  gchar *event = make_event (140000);
  gchar *out;

  fail_unless (gst_realtime_reassembly_push (reassembly, event, 66000,
          0) == NULL);
  fail_unless (gst_realtime_reassembly_push (reassembly, event + 66000, 66000,
          17 * G_USEC_PER_SEC) == NULL);
  out = gst_realtime_reassembly_push (reassembly, event + 132000,
      strlen (event) - 132000, 34 * G_USEC_PER_SEC);
  fail_unless_equals_string (out, event);
  g_free (out);
  g_free (event);
  gst_realtime_reassembly_free (reassembly);
}

GST_END_TEST;

GST_START_TEST (test_size_and_encoding_are_bounded)
{
  GstRealtimeReassembly *reassembly = gst_realtime_reassembly_new ();
  gchar *block = g_malloc (1 << 20);
  gchar *out = NULL;
  guint i;

  memset (block, 'x', 1 << 20);
  block[0] = '{';
  block[1] = '"';
  for (i = 0; i < 64 && !out; i++)
    out = gst_realtime_reassembly_push (reassembly, block, 1 << 20, 0);
  fail_unless (out != NULL, "it grows without end");
  fail_unless (strlen (out) <= GST_REALTIME_SDP_MAX_MESSAGE_SIZE + (1 << 20));
  g_free (out);
  g_free (block);

  out = gst_realtime_reassembly_push (reassembly, "{\"a\":\"\xff\xc3\"}", 10,
      0);
  fail_unless (g_utf8_validate (out, -1, NULL));
  g_free (out);
  gst_realtime_reassembly_free (reassembly);
}

GST_END_TEST;

static Suite *
reassembly_suite (void)
{
  Suite *s = suite_create ("reassembly");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_whole_message_passes);
  tcase_add_test (tc, test_pieces_come_together);
  tcase_add_test (tc, test_broken_message_is_alone);
  tcase_add_test (tc, test_short_ones_come_ahead);
  tcase_add_test (tc, test_no_rest);
  tcase_add_test (tc, test_stalled_rest);
  tcase_add_test (tc, test_size_and_encoding_are_bounded);

  return s;
}

GST_CHECK_MAIN (reassembly);
