/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Spoilt event streams into the reducer. */

#include <gst/check/gstcheck.h>
#include "session/conversation.h"
#include "session/json.h"
#include "spoil.h"

static void
on_change (const RealtimeChange * change, gpointer user_data)
{
  const RealtimeTranscript *t = &change->transcript;

  if (change->type != REALTIME_CHANGE_TRANSCRIPT)
    return;
  (*(guint *) user_data)++;
  fail_unless (t->item_id != NULL && t->text != NULL && t->delta != NULL);
  fail_unless (g_utf8_validate (t->text, -1, NULL));
  fail_unless (g_utf8_validate (t->delta, -1, NULL));
  fail_if (t->final && *t->delta != '\0');
  fail_unless (t->role <= REALTIME_ROLE_SYSTEM);
}

static void
on_open (RealtimeRole role, guint session, const gchar * item_id, guint index,
    guint64 start, gpointer user_data)
{
  fail_unless (item_id != NULL);
  (*(guint *) user_data)++;
}

GST_START_TEST (test_reducer)
{
  RealtimeConversation *conversation = realtime_conversation_new ();
  guint told = 0, i, j;

  for (i = 0; i < rounds (300); i++) {
    g_autoptr (GPtrArray) lines = spoil_log ();
    guint open = 0;

    for (j = 0; j < lines->len; j++) {
      g_autoptr (JsonObject) event =
          realtime_json_parse_object (lines->pdata[j], -1, NULL);

      if (event)
        realtime_conversation_handle (conversation, event, on_change, &told);
      if (one_in (500))
        realtime_conversation_reset (conversation);
    }
    realtime_conversation_flush (conversation, on_change, &told);
    realtime_conversation_foreach_open (conversation, on_open, &open);
    fail_unless_equals_int (open, 0);
    fail_unless_equals_int (realtime_conversation_get_pending_transcripts
        (conversation), 0);
    if (one_in (2))
      realtime_conversation_reset (conversation);
  }
  /* or nothing was tested */
  fail_unless (told > 0);
  realtime_conversation_free (conversation);
}

GST_END_TEST;

static Suite *
randomreducer_suite (void)
{
  Suite *s = suite_create ("randomreducer");
  TCase *tc = tcase_create ("spoilt streams");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, spoil_setup, spoil_teardown);
  tcase_add_test (tc, test_reducer);

  return s;
}

GST_CHECK_MAIN (randomreducer);
