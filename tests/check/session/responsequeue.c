/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * When responses are asked for.
 */

#include <gst/check/gstcheck.h>

#include "session/calllist.h"
#include "session/clientevent.h"
#include "session/json.h"
#include "session/responsequeue.h"

#define S G_USEC_PER_SEC
#define CREATED(id) "{'type':'response.created','response':{'id':'" id "'," \
    "'conversation_id':'c','status':'in_progress','output':[]}}"
#define DONE(id) "{'type':'response.done','response':{'id':'" id "'," \
    "'conversation_id':'c','status':'completed','output':[]}}"
#define TEXT_ADDED "{'type':'conversation.item.added','item':{'id':'i'," \
    "'type':'message','role':'user','content':[{'type':'input_text'," \
    "'text':'x'}]}}"
#define RESULT_ADDED "{'type':'conversation.item.added','item':{'id':'i'," \
    "'type':'function_call_output','call_id':'c1','output':'x'}}"

static RealtimeResponseQueue *queue;
static gint64 now;

static JsonObject *
parse (const gchar * text)
{
  g_autofree gchar *json = g_strdelimit (g_strdup (text), "'", '"');
  JsonObject *event = realtime_json_parse_object (json, -1, NULL);

  fail_unless (event != NULL, "%s", text);
  return event;
}

static void
tell (const gchar * text)
{
  JsonObject *event = parse (text);

  realtime_response_queue_handle (queue, event);
  json_object_unref (event);
}

static void
refuse (const gchar * id, const gchar * code)
{
  g_autofree gchar *text = g_strdup_printf ("{'type':'error','error':{"
      "'type':'invalid_request_error','code':'%s','message':'m',"
      "'event_id':'%s'}}", code, id);

  tell (text);
}

/* Sends what is to be sent now, and returns its id. */
static gchar *
pop (void)
{
  g_autofree gchar *text = realtime_response_queue_pop (queue, now);
  JsonObject *event;
  gchar *id;

  if (text == NULL)
    return NULL;
  event = parse (text);
  fail_unless_equals_string (realtime_json_get_string (event, "type", ""),
      "response.create");
  id = g_strdup (realtime_json_get_string (event, "event_id", ""));
  json_object_unref (event);
  return id;
}

static void
expect_nothing (void)
{
  g_autofree gchar *id = pop ();

  fail_unless (id == NULL, "%s was sent", id);
}

static void
expect (const gchar * wanted)
{
  g_autofree gchar *id = pop ();

  fail_unless_equals_string (id, wanted);
}

static void
expect_reply (void)
{
  g_autofree gchar *id = pop ();

  fail_unless (id != NULL && g_str_has_prefix (id, "realtimebin-response-"),
      "%s", id);
}

static void
send_text (void)
{
  realtime_response_queue_note_item (queue);
  realtime_response_queue_ask_reply (queue);
}

static void
ask (const gchar * id)
{
  g_autofree gchar *event = realtime_client_event_response (id, "Say it.");

  fail_unless (realtime_response_queue_ask (queue, id, event));
}

static void
answer (const gchar * call_id)
{
  realtime_response_queue_note_item (queue);
  realtime_response_queue_answer_call (queue, call_id);
}

static void
setup_queue (void)
{
  queue = realtime_response_queue_new ();
  now = 1000 * S;
}

static void
teardown_queue (void)
{
  realtime_response_queue_free (queue);
}

GST_START_TEST (test_one_at_a_time)
{
  expect_nothing ();
  fail_if (realtime_response_queue_is_pending (queue));
  ask ("a");
  ask ("b");
  fail_unless (realtime_response_queue_is_pending (queue));
  expect ("a");
  expect_nothing ();
  tell (CREATED ("R1"));
  expect_nothing ();
  tell (DONE ("R1"));
  expect ("b");
  tell (CREATED ("R2"));
  fail_if (realtime_response_queue_is_pending (queue));
  tell (DONE ("R2"));
  expect_nothing ();
}

GST_END_TEST;

/* Two texts while something is being said are answered by one reply. */
GST_START_TEST (test_replies_are_one)
{
  tell (CREATED ("R1"));
  send_text ();
  send_text ();
  expect_nothing ();
  tell (TEXT_ADDED);
  tell (TEXT_ADDED);
  tell (DONE ("R1"));
  expect_reply ();
  tell (CREATED ("R2"));
  /* what comes while that one runs is another one's */
  send_text ();
  tell (TEXT_ADDED);
  tell (DONE ("R2"));
  expect_reply ();
  tell (CREATED ("R3"));
  tell (DONE ("R3"));
  expect_nothing ();
}

GST_END_TEST;

/* The service began one by itself: refused, and asked for again. */
GST_START_TEST (test_lost_race)
{
  ask ("a");
  expect ("a");
  tell (CREATED ("R1"));
  refuse ("a", "conversation_already_has_active_response");
  expect_nothing ();
  tell (DONE ("R1"));
  expect ("a");
  tell (CREATED ("R2"));
  tell (DONE ("R2"));
  expect_nothing ();
}

GST_END_TEST;

/* The same in the other order, and a reply that the other response gave. */
GST_START_TEST (test_lost_race_covered)
{
  g_autofree gchar *id = NULL;

  send_text ();
  id = pop ();
  tell (TEXT_ADDED);
  tell (CREATED ("R1"));
  refuse (id, "conversation_already_has_active_response");
  tell (DONE ("R1"));
  expect_nothing ();
  fail_if (realtime_response_queue_is_pending (queue));
}

GST_END_TEST;

GST_START_TEST (test_lost_race_not_covered)
{
  g_autofree gchar *id = NULL;

  send_text ();
  id = pop ();
  /* it began before the service had the text */
  tell (CREATED ("R1"));
  tell (TEXT_ADDED);
  refuse (id, "conversation_already_has_active_response");
  expect_nothing ();
  tell (DONE ("R1"));
  expect_reply ();
}

GST_END_TEST;

/* A response is in the way that nobody told of. */
GST_START_TEST (test_unknown_response_in_the_way)
{
  ask ("a");
  expect ("a");
  refuse ("a", "conversation_already_has_active_response");
  expect_nothing ();
  fail_unless_equals_int64 (realtime_response_queue_get_deadline (queue),
      now + 2 * S);
  now += 2 * S;
  expect ("a");
  refuse ("a", "conversation_already_has_active_response");
  expect_nothing ();
  tell (DONE ("R9"));
  expect ("a");
}

GST_END_TEST;

GST_START_TEST (test_refused)
{
  ask ("a");
  ask ("b");
  expect ("a");
  refuse ("x", "invalid_value");
  expect_nothing ();
  refuse ("a", "invalid_value");
  expect ("b");
}

GST_END_TEST;

/* Speech that the service answers by itself covers what waited. */
GST_START_TEST (test_held_while_somebody_speaks)
{
  realtime_response_queue_set_held (queue, TRUE);
  send_text ();
  expect_nothing ();
  tell (TEXT_ADDED);
  realtime_response_queue_set_held (queue, FALSE);
  tell (CREATED ("R1"));
  tell (DONE ("R1"));
  expect_nothing ();

  realtime_response_queue_set_held (queue, TRUE);
  send_text ();
  ask ("a");
  tell (TEXT_ADDED);
  realtime_response_queue_set_held (queue, FALSE);
  expect_reply ();
  tell (CREATED ("R2"));
  tell (DONE ("R2"));
  expect ("a");
}

GST_END_TEST;

/* A response with instructions of its own need not answer the text. */
GST_START_TEST (test_own_response_covers_nothing)
{
  ask ("a");
  expect ("a");
  send_text ();
  tell (TEXT_ADDED);
  tell (CREATED ("R1"));
  tell (DONE ("R1"));
  expect_reply ();
}

GST_END_TEST;

GST_START_TEST (test_calls_are_answered_together)
{
  tell (CREATED ("R1"));
  realtime_response_queue_add_call (queue, "c1", "R1");
  /* answered before the response has told of its other call */
  answer ("c1");
  tell (RESULT_ADDED);
  expect_nothing ();
  realtime_response_queue_add_call (queue, "c2", "R1");
  tell (DONE ("R1"));
  expect_nothing ();
  fail_unless_equals_int (realtime_response_queue_get_open_calls (queue), 1);
  answer ("c2");
  fail_unless_equals_int (realtime_response_queue_get_open_calls (queue), 0);
  expect_reply ();
  tell (RESULT_ADDED);
  tell (CREATED ("R2"));
  tell (DONE ("R2"));
  expect_nothing ();
}

GST_END_TEST;

/* A slow function holds up nobody but its own response. */
GST_START_TEST (test_calls_of_two_responses)
{
  tell (CREATED ("R1"));
  realtime_response_queue_add_call (queue, "slow", "R1");
  tell (DONE ("R1"));
  send_text ();
  expect_reply ();
  tell (TEXT_ADDED);
  tell (CREATED ("R2"));
  realtime_response_queue_add_call (queue, "quick", "R2");
  tell (DONE ("R2"));
  expect_nothing ();
  answer ("quick");
  expect_reply ();
  tell (RESULT_ADDED);
  tell (CREATED ("R3"));
  tell (DONE ("R3"));
  answer ("slow");
  expect_reply ();
}

GST_END_TEST;

/* Out of the conversation: beside, and in nobody's way. */
GST_START_TEST (test_apart)
{
  JsonObject *event = parse ("{'type':'response.create','response':{"
      "'conversation':'none','metadata':{'k':'title'}}}");

  fail_unless (realtime_response_queue_is_apart (event));
  realtime_response_queue_note_sent (queue, event);
  json_object_unref (event);
  tell ("{'type':'response.created','response':{'id':'O1',"
      "'conversation_id':null}}");
  send_text ();
  expect_reply ();
  tell (CREATED ("R1"));
  tell ("{'type':'response.done','response':{'id':'O1',"
      "'conversation_id':null}}");
  send_text ();
  expect_nothing ();
  tell (DONE ("R1"));
  expect_reply ();
  tell (CREATED ("R2"));
  fail_unless (realtime_response_queue_is_active (queue, NULL));
  /* one that somebody else asked for */
  tell ("{'type':'response.created','response':{'id':'O2'}}");
  tell (DONE ("R2"));
  fail_if (realtime_response_queue_is_active (queue, NULL));
}

GST_END_TEST;

/* The application answers by its own events. */
GST_START_TEST (test_answered_by_event)
{
  JsonObject *event = parse ("{'type':'conversation.item.create','item':{"
      "'type':'function_call_output','call_id':'c1','output':'x'}}");

  tell (CREATED ("R1"));
  realtime_response_queue_add_call (queue, "c1", "R1");
  tell (DONE ("R1"));
  realtime_response_queue_note_sent (queue, event);
  json_object_unref (event);
  expect_nothing ();
  fail_unless_equals_int (realtime_response_queue_get_open_calls (queue), 0);
}

GST_END_TEST;

/* Servers that tell next to nothing. */
GST_START_TEST (test_silent_server)
{
  ask ("a");
  ask ("b");
  ask ("c");
  expect ("a");
  fail_unless_equals_int64 (realtime_response_queue_get_deadline (queue),
      now + 10 * S);
  now += 10 * S - 1;
  expect_nothing ();
  now++;
  expect ("b");
  tell ("{'type':'output_audio_buffer.stopped','response_id':'R1'}");
  expect ("c");
}

GST_END_TEST;

/* Where they are told, the end of the sound is no end of a response. */
GST_START_TEST (test_end_of_sound)
{
  ask ("a");
  ask ("b");
  expect ("a");
  tell (CREATED ("R1"));
  tell (DONE ("R1"));
  expect ("b");
  tell ("{'type':'output_audio_buffer.stopped','response_id':'R1'}");
  refuse ("b", "conversation_already_has_active_response");
  tell (DONE ("R2"));
  expect ("b");
}

GST_END_TEST;

GST_START_TEST (test_reset)
{
  tell (CREATED ("R1"));
  realtime_response_queue_add_call (queue, "c1", "R1");
  send_text ();
  realtime_response_queue_reset (queue);
  expect_nothing ();
  fail_if (realtime_response_queue_is_active (queue, NULL));
  send_text ();
  expect_reply ();
}

GST_END_TEST;

GST_START_TEST (test_active)
{
  const gchar *id = "x";

  fail_if (realtime_response_queue_is_active (queue, &id));
  ask ("a");
  fail_if (realtime_response_queue_is_active (queue, &id));
  expect ("a");
  fail_unless (realtime_response_queue_is_active (queue, &id));
  fail_unless (id == NULL);
  tell (CREATED ("R1"));
  fail_unless (realtime_response_queue_is_active (queue, &id));
  fail_unless_equals_string (id, "R1");
}

GST_END_TEST;

/* Nothing that a server can send does harm. */
GST_START_TEST (test_malformed)
{
  static const gchar *const events[] = { "{}", "{'type':5}",
    "{'type':'response.created'}", "{'type':'response.created','response':[]}",
    "{'type':'response.created','response':{'id':7}}",
    "{'type':'response.done','response':null}", "{'type':'error'}",
    "{'type':'error','error':{'event_id':null}}",
    "{'type':'conversation.item.added','item':{'content':[1,null,[]]}}",
    "{'type':'response.done','response':{}}"
  };
  guint i;

  ask ("a");
  for (i = 0; i < G_N_ELEMENTS (events); i++)
    tell (events[i]);
  expect ("a");
  for (i = 0; i < G_N_ELEMENTS (events); i++)
    tell (events[i]);
  for (i = 0; i < 1000; i++) {
    g_autofree gchar *id = g_strdup_printf ("c%u", i);

    realtime_response_queue_add_call (queue, id, "R");
    fail_unless_equals_int (realtime_response_queue_ask (queue, id, "{}"),
        i < 64);
  }
  fail_unless_equals_int (realtime_response_queue_get_open_calls (queue), 256);
}

GST_END_TEST;

GST_START_TEST (test_event_ids)
{
  g_autofree gchar *id = realtime_client_event_make_id ("send-text", 12);
  g_autofree gchar *what = realtime_client_event_parse_id (id);
  static const gchar *const others[] = { "realtimebin-", "realtimebin-x",
    "realtimebin-x-", "realtimebin--1", "realtimebin-x-1a", "mine-1", ""
  };
  guint i;

  fail_unless_equals_string (id, "realtimebin-send-text-12");
  fail_unless_equals_string (what, "send-text");
  fail_unless (realtime_client_event_parse_id (NULL) == NULL);
  for (i = 0; i < G_N_ELEMENTS (others); i++)
    fail_unless (realtime_client_event_parse_id (others[i]) == NULL);
}

GST_END_TEST;

/* [event, the same with an id] */
GST_START_TEST (test_named_events)
{
  static const gchar *const rows[][2] = {
    {"{'type':'x'}", "{'type':'x','event_id':'N'}"},
    {"{'type':'x', 'a':{'b':'}'} }\n",
        "{'type':'x', 'a':{'b':'}'} ,'event_id':'N'}"},
    {"{'type':'x','event_id':'mine'}", "{'type':'x','event_id':'mine'}"},
    {"{'type':'x','event_id':null}", "{'type':'x','event_id':null}"},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree gchar *text = g_strdelimit (g_strdup (rows[i][0]), "'", '"');
    g_autofree gchar *wanted = g_strdelimit (g_strdup (rows[i][1]), "'", '"');
    JsonObject *event = parse (rows[i][0]);
    g_autofree gchar *named = realtime_client_event_name (text, event, "N");

    fail_unless_equals_string (named, wanted);
    json_object_unref (event);
  }
}

GST_END_TEST;

GST_START_TEST (test_races)
{
  static const struct
  {
    const gchar *error;
    gboolean race, own;
  } rows[] = {
    {"'code':'response_cancel_not_active','event_id':'realtimebin-interrupt-1'",
        TRUE, TRUE},
    {"'code':'input_audio_buffer_commit_empty','event_id':'realtimebin-talk-2'",
        TRUE, TRUE},
    {"'code':'response_cancel_not_active','event_id':'mine'", TRUE, FALSE},
    {"'code':'response_cancel_not_active',"
          "'event_id':'realtimebin-send-event-3'", TRUE, FALSE},
    {"'code':'response_cancel_not_active'", TRUE, FALSE},
    {"'code':'invalid_value','event_id':'realtimebin-talk-2'", FALSE, FALSE},
    {"'code':null", FALSE, FALSE},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree gchar *text = g_strdup_printf ("{'type':'error','error':{%s}}",
        rows[i].error);
    JsonObject *event = parse (text);

    fail_unless_equals_int (realtime_client_event_is_race (event),
        rows[i].race);
    fail_unless_equals_int (realtime_client_event_is_own_race (event),
        rows[i].own);
    json_object_unref (event);
  }
}

GST_END_TEST;

/* A call can be answered from the first event that names it on, once. */
GST_START_TEST (test_call_list)
{
  static const gchar *const events[] = {
    "{'type':'response.output_item.added','item':{'type':'function_call',"
        "'call_id':'a'}}",
    "{'type':'response.function_call_arguments.done','call_id':'b'}",
    "{'type':'response.done','response':{'output':[{'type':'message'},null,"
        "{'type':'function_call','call_id':'c'},"
        "{'type':'function_call','call_id':'a'}]}}",
    "{'type':'conversation.item.added','item':{'type':'function_call',"
        "'call_id':'history'}}",
    "{'type':'response.output_item.done','item':{'type':'function_call'}}",
    "{'type':'response.output_item.done','item':{'type':'message',"
        "'call_id':'message'}}",
    "{'type':'response.done'}", "{}"
  };
  RealtimeCallList *list = realtime_call_list_new ();
  guint i;

  fail_if (realtime_call_list_answer (list, "a"));
  for (i = 0; i < G_N_ELEMENTS (events); i++) {
    JsonObject *event = parse (events[i]);

    realtime_call_list_see (list, event);
    json_object_unref (event);
    if (i == 0)
      fail_unless (realtime_call_list_answer (list, "a"));
  }
  /* told of again: still answered */
  fail_if (realtime_call_list_answer (list, "a"));
  fail_unless (realtime_call_list_answer (list, "b"));
  fail_unless (realtime_call_list_answer (list, "c"));
  fail_if (realtime_call_list_answer (list, "c"));
  fail_if (realtime_call_list_answer (list, "history"));
  fail_if (realtime_call_list_answer (list, "message"));

  for (i = 0; i < 1000; i++) {
    g_autofree gchar *text = g_strdup_printf ("{'type':"
        "'response.function_call_arguments.done','call_id':'n%u'}", i);
    JsonObject *event = parse (text);

    realtime_call_list_see (list, event);
    json_object_unref (event);
  }
  fail_unless (realtime_call_list_answer (list, "n999"));
  fail_if (realtime_call_list_answer (list, "n0"));
  realtime_call_list_reset (list);
  fail_if (realtime_call_list_answer (list, "n998"));
  realtime_call_list_free (list);
}

GST_END_TEST;

/* [how it is made, as it is sent] */
GST_START_TEST (test_client_events)
{
  gchar *events[] = {
    realtime_client_event_plain ("i", "input_audio_buffer.clear"),
    realtime_client_event_text ("i", "\"Grüße\"\n"),
    realtime_client_event_image ("i", "data:x", NULL),
    realtime_client_event_image ("i", "data:x", "low"),
    realtime_client_event_function_output ("i", "c", "{}"),
    realtime_client_event_response ("i", NULL),
    realtime_client_event_response ("i", "Say it."),
    realtime_client_event_cancel ("i", NULL),
    realtime_client_event_cancel ("i", "R1")
  };
  static const gchar *const wanted[] = {
    "{'type':'input_audio_buffer.clear','event_id':'i'}",
    "{'type':'conversation.item.create','event_id':'i','item':{'type':"
        "'message','role':'user','content':[{'type':'input_text','text':"
        "'\\'Grüße\\'\\n'}]}}",
    "{'type':'conversation.item.create','event_id':'i','item':{'type':"
        "'message','role':'user','content':[{'type':'input_image',"
        "'image_url':'data:x'}]}}",
    "{'type':'conversation.item.create','event_id':'i','item':{'type':"
        "'message','role':'user','content':[{'type':'input_image',"
        "'image_url':'data:x','detail':'low'}]}}",
    "{'type':'conversation.item.create','event_id':'i','item':{'type':"
        "'function_call_output','call_id':'c','output':'{}'}}",
    "{'type':'response.create','event_id':'i'}",
    "{'type':'response.create','event_id':'i','response':{'instructions':"
        "'Say it.'}}",
    "{'type':'response.cancel','event_id':'i'}",
    "{'type':'response.cancel','event_id':'i','response_id':'R1'}"
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (events); i++) {
    g_autofree gchar *text = g_strdelimit (g_strdup (wanted[i]), "'", '"');

    fail_unless_equals_string (events[i], text);
    g_free (events[i]);
  }
  fail_unless (realtime_client_event_is_detail ("high"));
  fail_if (realtime_client_event_is_detail ("closely"));
}

GST_END_TEST;

static Suite *
responsequeue_suite (void)
{
  Suite *s = suite_create ("responsequeue");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup_queue, teardown_queue);
  tcase_add_test (tc, test_one_at_a_time);
  tcase_add_test (tc, test_replies_are_one);
  tcase_add_test (tc, test_lost_race);
  tcase_add_test (tc, test_lost_race_covered);
  tcase_add_test (tc, test_lost_race_not_covered);
  tcase_add_test (tc, test_unknown_response_in_the_way);
  tcase_add_test (tc, test_refused);
  tcase_add_test (tc, test_held_while_somebody_speaks);
  tcase_add_test (tc, test_own_response_covers_nothing);
  tcase_add_test (tc, test_calls_are_answered_together);
  tcase_add_test (tc, test_calls_of_two_responses);
  tcase_add_test (tc, test_apart);
  tcase_add_test (tc, test_answered_by_event);
  tcase_add_test (tc, test_silent_server);
  tcase_add_test (tc, test_end_of_sound);
  tcase_add_test (tc, test_reset);
  tcase_add_test (tc, test_active);
  tcase_add_test (tc, test_malformed);
  tcase_add_test (tc, test_event_ids);
  tcase_add_test (tc, test_named_events);
  tcase_add_test (tc, test_races);
  tcase_add_test (tc, test_call_list);
  tcase_add_test (tc, test_client_events);

  return s;
}

GST_CHECK_MAIN (responsequeue);
