/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <gst/check/gstcheck.h>

#include "connection/opening.h"
#include "session/json.h"

#define ID "realtimebin-session"
#define CREATED_GA "{\"type\":\"session.created\",\"session\":{\"audio\":{}}}"
#define CREATED_BETA "{\"type\":\"session.created\",\"session\":" \
    "{\"modalities\":[\"text\"]}}"
#define UPDATED "{\"type\":\"session.updated\",\"session\":{}}"
#define ERROR_OURS "{\"type\":\"error\",\"error\":{\"event_id\":\"" ID "\"}}"
#define ERROR_NAMELESS "{\"type\":\"error\",\"error\":{\"message\":\"m\"}}"
#define ERROR_OTHER "{\"type\":\"error\",\"error\":{\"event_id\":\"x\"}}"

static GstRealtimeOpeningStep
take (GstRealtimeOpening * opening, const gchar * text)
{
  JsonObject *event = realtime_json_parse_object (text, -1, NULL);
  GstRealtimeOpeningStep step = gst_realtime_opening_take (opening, event, ID);

  json_object_unref (event);
  return step;
}

#define assert_step(step, wanted) \
    fail_unless_equals_int (step, GST_REALTIME_OPENING_ ## wanted)

GST_START_TEST (test_known_dialect)
{
  GstRealtimeOpening opening;

  gst_realtime_opening_init (&opening, REALTIME_DIALECT_GA);
  assert_step (gst_realtime_opening_start (&opening), CONFIGURE);
  assert_step (take (&opening, CREATED_BETA), WAIT);
  assert_step (take (&opening, ERROR_NAMELESS), WAIT);
  assert_step (take (&opening, ERROR_OTHER), WAIT);
  assert_step (take (&opening, UPDATED), DONE);
  fail_unless_equals_int (opening.dialect, REALTIME_DIALECT_GA);

  gst_realtime_opening_init (&opening, REALTIME_DIALECT_GA);
  assert_step (gst_realtime_opening_start (&opening), CONFIGURE);
  assert_step (take (&opening, ERROR_OURS), REFUSED);
}

GST_END_TEST;

GST_START_TEST (test_found_out)
{
  GstRealtimeOpening opening;

  gst_realtime_opening_init (&opening, REALTIME_DIALECT_UNKNOWN);
  assert_step (gst_realtime_opening_start (&opening), WAIT);
  /* nothing was sent that this could be about */
  assert_step (take (&opening, ERROR_NAMELESS), WAIT);
  assert_step (take (&opening, UPDATED), WAIT);
  assert_step (take (&opening, CREATED_BETA), CONFIGURE);
  fail_unless_equals_int (opening.dialect, REALTIME_DIALECT_BETA);
  assert_step (gst_realtime_opening_time_out (&opening), WAIT);
  assert_step (take (&opening, UPDATED), DONE);

  gst_realtime_opening_init (&opening, REALTIME_DIALECT_UNKNOWN);
  gst_realtime_opening_start (&opening);
  assert_step (take (&opening, CREATED_GA), CONFIGURE);
  fail_unless_equals_int (opening.dialect, REALTIME_DIALECT_GA);
  assert_step (take (&opening, ERROR_OURS), REFUSED);
}

GST_END_TEST;

/* A server that sends no session.created, or a late one. */
GST_START_TEST (test_guessed)
{
  static const gchar *const refusals[] = { ERROR_OURS, ERROR_NAMELESS };
  GstRealtimeOpening opening;
  guint i;

  gst_realtime_opening_init (&opening, REALTIME_DIALECT_UNKNOWN);
  gst_realtime_opening_start (&opening);
  assert_step (gst_realtime_opening_time_out (&opening), CONFIGURE);
  fail_unless_equals_int (opening.dialect, REALTIME_DIALECT_GA);
  assert_step (take (&opening, CREATED_GA), WAIT);
  assert_step (take (&opening, UPDATED), DONE);

  gst_realtime_opening_init (&opening, REALTIME_DIALECT_UNKNOWN);
  gst_realtime_opening_start (&opening);
  gst_realtime_opening_time_out (&opening);
  assert_step (take (&opening, CREATED_BETA), CONFIGURE);
  fail_unless_equals_int (opening.dialect, REALTIME_DIALECT_BETA);

  /* the other dialect once, and no more */
  for (i = 0; i < G_N_ELEMENTS (refusals); i++) {
    gst_realtime_opening_init (&opening, REALTIME_DIALECT_UNKNOWN);
    gst_realtime_opening_start (&opening);
    gst_realtime_opening_time_out (&opening);
    assert_step (take (&opening, ERROR_OTHER), WAIT);
    assert_step (take (&opening, refusals[i]), CONFIGURE);
    fail_unless_equals_int (opening.dialect, REALTIME_DIALECT_BETA);
    assert_step (take (&opening, ERROR_NAMELESS), WAIT);
    assert_step (take (&opening, ERROR_OURS), REFUSED);
  }
}

GST_END_TEST;

static Suite *
opening_suite (void)
{
  Suite *s = suite_create ("opening");
  TCase *tc = tcase_create ("opening");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_known_dialect);
  tcase_add_test (tc, test_found_out);
  tcase_add_test (tc, test_guessed);
  return s;
}

GST_CHECK_MAIN (opening);
