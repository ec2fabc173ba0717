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

static Suite *
modes_suite (void)
{
  Suite *s = suite_create ("modes");
  TCase *tc = tcase_create ("to order");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_words);

  return s;
}

GST_CHECK_MAIN (modes);
