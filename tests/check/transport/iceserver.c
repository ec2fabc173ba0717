/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <gst/check/gstcheck.h>

#include "transport/iceserver.h"
#include "transport/linksettings.h"
#include "transport/transport.h"

#define SECRET "hunter2"

GST_START_TEST (test_stun)
{
  static const struct
  {
    const gchar *url, *name;
  } rows[] = {
    {"stun://stun.example", "stun.example:3478"},
    {"stun:stun.example", "stun.example:3478"},
    {"STUN:stun.example:19302", "stun.example:19302"},
    {"stun://192.0.2.1:3479", "192.0.2.1:3479"},
    {"stun://[2001:db8::1]:3479", "[2001:db8::1]:3479"},
    {"stun:[2001:db8::1]", "[2001:db8::1]:3478"},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GstRealtimeIceServer) server =
        gst_realtime_stun_server_parse (rows[i].url, &error);
    g_autofree gchar *name = NULL;

    fail_unless (server != NULL, "%s: %s", rows[i].url,
        error ? error->message : "");
    name = gst_realtime_ice_server_get_name (server);
    fail_unless_equals_string (name, rows[i].name);
    fail_unless (server->user == NULL && server->password == NULL);
  }
}

GST_END_TEST;

GST_START_TEST (test_turn)
{
  static const struct
  {
    const gchar *url, *name, *user, *password;
    gboolean udp, tcp, tls;
  } rows[] = {
    {"turn://u:p@turn.example", "turn.example:3478", "u", "p", TRUE, TRUE,
        FALSE},
    {"turn:u:p@turn.example", "turn.example:3478", "u", "p", TRUE, TRUE, FALSE},
    {"turn://u:p@192.0.2.1:99?transport=udp", "192.0.2.1:99", "u", "p", TRUE,
        FALSE, FALSE},
    {"turn://u:p@192.0.2.1:99?transport=tcp", "192.0.2.1:99", "u", "p", FALSE,
        TRUE, FALSE},
    {"turns://u:p@[2001:db8::1]", "[2001:db8::1]:5349", "u", "p", FALSE, FALSE,
        TRUE},
    {"turns://u:p@turn.example:443?transport=tcp", "turn.example:443", "u",
        "p", FALSE, FALSE, TRUE},
    /* what REST interfaces hand out: a time in the user, base64 after it */
    {"turn://1795262400%3Aalice:a%2Bb%2Fc%3D@turn.example",
        "turn.example:3478", "1795262400:alice", "a+b/c=", TRUE, TRUE, FALSE},
    {"turn://u:a+b=@turn.example", "turn.example:3478", "u", "a+b=", TRUE,
        TRUE, FALSE},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GstRealtimeIceServer) server =
        gst_realtime_turn_server_parse (rows[i].url, &error);
    g_autofree gchar *name = NULL;

    fail_unless (server != NULL, "%s: %s", rows[i].url,
        error ? error->message : "");
    name = gst_realtime_ice_server_get_name (server);
    fail_unless_equals_string (name, rows[i].name);
    fail_unless_equals_string (server->user, rows[i].user);
    fail_unless_equals_string (server->password, rows[i].password);
    fail_unless_equals_int (server->udp, rows[i].udp);
    fail_unless_equals_int (server->tcp, rows[i].tcp);
    fail_unless_equals_int (server->tls, rows[i].tls);
  }
}

GST_END_TEST;

static void
check_refused (GstRealtimeIceServer * server, const GError * error,
    const gchar * url, const gchar * property)
{
  fail_unless (server == NULL, "\"%s\" passed", url);
  fail_unless (g_error_matches (error, GST_REALTIME_TRANSPORT_ERROR,
          GST_REALTIME_TRANSPORT_ERROR_SETTINGS));
  fail_unless (g_str_has_prefix (error->message, property));
  fail_if (strstr (error->message, SECRET) != NULL, "%s", error->message);
}

GST_START_TEST (test_refused)
{
  static const gchar *const stun[] = { "", "stun.example", "stun:", "stun://",
    "stuns://stun.example", "http://stun.example", "stun://stun.example:0",
    "stun://stun.example:70000", "stun://stun.example:x", "stun://a b",
    "stun://stun.example/path", "stun://stun.example?transport=udp",
    ("stun://u:" SECRET "@stun.example"), "stun://a\r\nb",
    "stun://[2001:db8::1",
    "stun://stun.example#x"
  };
  static const gchar *const turn[] = { "", SECRET, "turn:", "turn://",
    "turn://turn.example", "turn://" SECRET "@turn.example",
    "turn://u:@turn.example", "turn://:" SECRET "@turn.example",
    "turn://u:" SECRET "@", "turn://u:" SECRET "@turn.example:0",
    "turn://u:" SECRET "@turn.example:65536",
    "turn://u:" SECRET "@turn.example?transport=sctp",
    "turn://u:" SECRET "@turn.example?foo=bar",
    "turns://u:" SECRET "@turn.example?transport=udp",
    "turn://u:" SECRET "@turn.example/x", "turn://u:" SECRET " @turn.example",
    "stun://u:" SECRET "@turn.example", "turn://u:%zz" SECRET "@turn.example",
    "turn://u:" SECRET "/x@turn.example", "turn://u:" SECRET "@turn.example#x"
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (stun); i++) {
    g_autoptr (GError) error = NULL;
    GstRealtimeIceServer *server;

    server = gst_realtime_stun_server_parse (stun[i], &error);
    check_refused (server, error, stun[i], "stun-server");
  }
  for (i = 0; i < G_N_ELEMENTS (turn); i++) {
    g_autoptr (GError) error = NULL;
    GstRealtimeIceServer *server;

    server = gst_realtime_turn_server_parse (turn[i], &error);
    check_refused (server, error, turn[i], "turn-server");
  }
}

GST_END_TEST;

GST_START_TEST (test_settings)
{
  GstRealtimeLinkSettings settings, copy;
  g_autoptr (GError) error = NULL;

  gst_realtime_link_settings_init (&settings);
  fail_unless (gst_realtime_link_settings_check (&settings, NULL));
  settings.ice_transport_policy = GST_WEBRTC_ICE_TRANSPORT_POLICY_RELAY;
  fail_if (gst_realtime_link_settings_check (&settings, &error));
  fail_unless (strstr (error->message, "turn-server") != NULL);
  settings.turn_server = g_strdup ("turn://u:" SECRET "@turn.example");
  settings.stun_server = g_strdup ("stun://stun.example");
  fail_unless (gst_realtime_link_settings_check (&settings, NULL));

  gst_realtime_link_settings_copy (&settings, &copy);
  gst_realtime_link_settings_clear (&settings);
  fail_unless (settings.turn_server == NULL && settings.stun_server == NULL);
  fail_unless_equals_string (copy.turn_server, "turn://u:" SECRET
      "@turn.example");
  fail_unless (gst_realtime_link_settings_check (&copy, NULL));
  gst_realtime_link_settings_clear (&copy);
}

GST_END_TEST;

static Suite *
iceserver_suite (void)
{
  Suite *s = suite_create ("iceserver");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_stun);
  tcase_add_test (tc, test_turn);
  tcase_add_test (tc, test_refused);
  tcase_add_test (tc, test_settings);

  return s;
}

GST_CHECK_MAIN (iceserver);
