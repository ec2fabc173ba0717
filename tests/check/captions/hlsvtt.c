/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Segments of WebVTT and their playlists, without files. */

#include <string.h>
#include <gst/check/gstcheck.h>
#include "captions/hlsvtt.h"

#define HOUR G_GUINT64_CONSTANT (3600)
/* what mpegtsmux writes for running time 0 */
#define OFFSET (HOUR * 90000)

#define HEAD "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:324000000,LOCAL:00:00:00.000\n\n"

static void
add (RealtimeHlsSegmenter * s, const gchar * text, gint start_ms, gint end_ms)
{
  realtime_hls_segmenter_add (s, text, FALSE, start_ms * GST_MSECOND,
      end_ms * GST_MSECOND);
}

static void
check_segment (RealtimeHlsSegmenter * s, gboolean drain, const gchar * text,
    gint start_ms, gint duration_ms)
{
  g_autoptr (RealtimeHlsSegment) segment =
      realtime_hls_segmenter_pop (s, drain);

  fail_unless (segment != NULL);
  fail_unless_equals_string (segment->text, text);
  fail_unless_equals_uint64 (segment->start, start_ms * GST_MSECOND);
  fail_unless_equals_uint64 (segment->duration, duration_ms * GST_MSECOND);
}

static void
check_none (RealtimeHlsSegmenter * s, gboolean drain)
{
  fail_unless (realtime_hls_segmenter_pop (s, drain) == NULL);
}

GST_START_TEST (test_segments)
{
  g_autoptr (RealtimeHlsSegmenter) s =
      realtime_hls_segmenter_new (4 * GST_SECOND, OFFSET);

  check_none (s, FALSE);
  add (s, "One", 1000, 2000);
  /* over the boundary: in both, with its own times */
  add (s, "Two", 3000, 5000);
  check_none (s, FALSE);
  realtime_hls_segmenter_set_position (s, 4 * GST_SECOND);
  check_segment (s, FALSE, HEAD "00:00:01.000 --> 00:00:02.000\nOne\n\n"
      "00:00:03.000 --> 00:00:05.000\nTwo\n\n", 0, 4000);
  check_none (s, FALSE);
  /* nothing in it: there all the same */
  realtime_hls_segmenter_set_position (s, 13 * GST_SECOND);
  check_segment (s, FALSE, HEAD "00:00:03.000 --> 00:00:05.000\nTwo\n\n",
      4000, 4000);
  check_segment (s, FALSE, HEAD, 8000, 4000);
  check_none (s, FALSE);
  /* ends at the boundary: not in the next */
  add (s, "Three", 13500, 16000);
  realtime_hls_segmenter_set_position (s, 14 * GST_SECOND);
  check_segment (s, TRUE, HEAD "00:00:13.500 --> 00:00:16.000\nThree\n\n",
      12000, 4000);
  check_none (s, TRUE);
}

GST_END_TEST;

GST_START_TEST (test_last_segment)
{
  g_autoptr (RealtimeHlsSegmenter) s =
      realtime_hls_segmenter_new (4 * GST_SECOND, OFFSET);

  check_none (s, TRUE);
  add (s, "One", 1000, 2500);
  check_segment (s, TRUE, HEAD "00:00:01.000 --> 00:00:02.500\nOne\n\n", 0,
      2500);
  check_none (s, TRUE);
}

GST_END_TEST;

/* Text whose segment is closed is shown in the open one; out of order is in order. */
GST_START_TEST (test_late)
{
  g_autoptr (RealtimeHlsSegmenter) s =
      realtime_hls_segmenter_new (4 * GST_SECOND, OFFSET);

  realtime_hls_segmenter_set_position (s, GST_SECOND);
  realtime_hls_segmenter_set_position (s, 5 * GST_SECOND);
  check_segment (s, FALSE, HEAD, 0, 4000);
  add (s, "Last", 7000, 8000);
  add (s, "Late", 1000, 3000);
  add (s, "Across", 3000, 5000);
  realtime_hls_segmenter_set_position (s, 8 * GST_SECOND);
  check_segment (s, FALSE, HEAD "00:00:03.000 --> 00:00:05.000\nAcross\n\n"
      "00:00:04.000 --> 00:00:06.000\nLate\n\n"
      "00:00:07.000 --> 00:00:08.000\nLast\n\n", 4000, 4000);
}

GST_END_TEST;

/* MPEG-TS times come round; the map stays right. */
GST_START_TEST (test_long_stream)
{
  g_autoptr (RealtimeHlsSegmenter) s =
      realtime_hls_segmenter_new (4 * GST_SECOND, OFFSET);
  GstClockTime time = 2 * HOUR * GST_SECOND;
  guint n = 0;

  /* joined late: nothing before that */
  realtime_hls_segmenter_set_position (s, time + GST_SECOND);
  for (; time < 60 * HOUR * GST_SECOND; time += 4 * GST_SECOND, n++) {
    g_autoptr (RealtimeHlsSegment) segment = NULL;
    guint64 mpegts, hours, minutes;
    const gchar *map;
    gchar *end;

    realtime_hls_segmenter_set_position (s, time + 4 * GST_SECOND);
    segment = realtime_hls_segmenter_pop (s, FALSE);
    fail_unless (segment != NULL);
    fail_unless_equals_uint64 (segment->start, time);
    map = strstr (segment->text, "MPEGTS:");
    fail_unless (map != NULL);
    mpegts = g_ascii_strtoull (map + strlen ("MPEGTS:"), &end, 10);
    fail_unless (mpegts < G_GUINT64_CONSTANT (1) << 33);
    fail_unless (g_str_has_prefix (end, ",LOCAL:"));
    hours = g_ascii_strtoull (end + strlen (",LOCAL:"), &end, 10);
    minutes = g_ascii_strtoull (end + 1, NULL, 10);
    fail_unless_equals_uint64 (mpegts, (OFFSET + (hours * HOUR
                + minutes * 60) * 90000) % (G_GUINT64_CONSTANT (1) << 33));
    /* near enough to know which round is meant */
    fail_unless (time / (HOUR * GST_SECOND) - hours <= 12);
  }
  fail_unless_equals_int (n, 58 * 900);
}

GST_END_TEST;

GST_START_TEST (test_payload)
{
  static const struct
  {
    const gchar *text, *payload;
    gboolean markup;
  } rows[] = {
    {"a < b & c --> d", "a &lt; b &amp; c --&gt; d", FALSE},
    {"<b>a</b> &amp; b --> c", "<b>a</b> &amp; b --&gt; c", TRUE},
    {"\n\na\r\n\r\n\nb \n", "a\nb", FALSE},
    {"\377", "\357\277\275", FALSE},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (RealtimeHlsSegmenter) s =
        realtime_hls_segmenter_new (4 * GST_SECOND, OFFSET);
    g_autofree gchar *expected = g_strdup_printf (HEAD
        "00:00:00.000 --> 00:00:04.000\n%s\n\n", rows[i].payload);

    realtime_hls_segmenter_add (s, " \n\t", rows[i].markup, 0, GST_SECOND);
    realtime_hls_segmenter_add (s, rows[i].text, rows[i].markup, 0,
        4 * GST_SECOND);
    check_segment (s, TRUE, expected, 0, 4000);
  }
}

GST_END_TEST;

/* Times that cannot be: no endless segments, no cue without a time. */
GST_START_TEST (test_times_that_cannot_be)
{
  g_autoptr (RealtimeHlsSegmenter) s =
      realtime_hls_segmenter_new (4 * GST_SECOND, OFFSET);
  RealtimeHlsSegment *segment;
  guint n = 0;

  add (s, "Backwards", 1000, 500);
  realtime_hls_segmenter_add (s, "For ever", FALSE, GST_SECOND,
      G_MAXUINT64 / 2);
  realtime_hls_segmenter_set_position (s, 1000000 * HOUR * GST_SECOND);
  while ((segment = realtime_hls_segmenter_pop (s, TRUE))) {
    n++;
    realtime_hls_segment_free (segment);
  }
  fail_unless (n <= 2, "%u segments", n);
}

GST_END_TEST;

static void
check_playlist (RealtimeHlsPlaylistType type, guint length, gboolean ended,
    const gchar * expected)
{
  g_autoptr (RealtimeHlsPlaylist) playlist =
      realtime_hls_playlist_new (type, 4 * GST_SECOND, length);
  g_autofree gchar *text = NULL;

  realtime_hls_playlist_add (playlist, "0.vtt", 4 * GST_SECOND);
  realtime_hls_playlist_add (playlist, "1.vtt", 4 * GST_SECOND);
  realtime_hls_playlist_add (playlist, "2.vtt", 2500 * GST_MSECOND);
  text = realtime_hls_playlist_to_text (playlist, ended);
  fail_unless_equals_string (text, expected);
}

#define PLAYLIST_HEAD "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n"
#define ALL "#EXTINF:4.000,\n0.vtt\n#EXTINF:4.000,\n1.vtt\n" \
    "#EXTINF:2.500,\n2.vtt\n"

GST_START_TEST (test_playlists)
{
  check_playlist (REALTIME_HLS_PLAYLIST_UNSPECIFIED, 2, FALSE, PLAYLIST_HEAD
      "#EXT-X-MEDIA-SEQUENCE:1\n#EXTINF:4.000,\n1.vtt\n#EXTINF:2.500,\n2.vtt\n");
  check_playlist (REALTIME_HLS_PLAYLIST_UNSPECIFIED, 0, TRUE, PLAYLIST_HEAD
      "#EXT-X-MEDIA-SEQUENCE:0\n" ALL "#EXT-X-ENDLIST\n");
  check_playlist (REALTIME_HLS_PLAYLIST_EVENT, 2, FALSE, PLAYLIST_HEAD
      "#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:EVENT\n" ALL);
  check_playlist (REALTIME_HLS_PLAYLIST_VOD, 2, TRUE, PLAYLIST_HEAD
      "#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n" ALL
      "#EXT-X-ENDLIST\n");
}

GST_END_TEST;

GST_START_TEST (test_master)
{
  RealtimeHlsRendition one = { "en.m3u8", "English", "en", TRUE };
  RealtimeHlsRendition other = { "x.m3u8", NULL, NULL, FALSE };
  RealtimeHlsRendition odd = { "y.m3u8", "a \"name\"\n#EXT", "de-AT", FALSE };
  g_autoptr (GPtrArray) renditions = g_ptr_array_new ();
  g_autofree gchar *text = NULL;

  g_ptr_array_add (renditions, &one);
  g_ptr_array_add (renditions, &other);
  g_ptr_array_add (renditions, &odd);
  text = realtime_hls_master_to_text (renditions, "video.m3u8", 800000,
      "avc1.42c01e,mp4a.40.2");
  fail_unless_equals_string (text, "#EXTM3U\n#EXT-X-VERSION:3\n"
      "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"subtitles\",NAME=\"English\","
      "LANGUAGE=\"en\",DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI=\"en.m3u8\"\n"
      "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"subtitles\","
      "NAME=\"Subtitles 2\",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,"
      "URI=\"x.m3u8\"\n"
      "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"subtitles\","
      "NAME=\"a 'name''#EXT\",LANGUAGE=\"de-AT\",DEFAULT=NO,AUTOSELECT=YES,"
      "FORCED=NO,URI=\"y.m3u8\"\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=800000,CODECS=\"avc1.42c01e,mp4a.40.2\","
      "SUBTITLES=\"subtitles\"\nvideo.m3u8\n");
}

GST_END_TEST;

static Suite *
hlsvtt_suite (void)
{
  Suite *s = suite_create ("captions-hlsvtt");
  TCase *tc = tcase_create ("hlsvtt");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_segments);
  tcase_add_test (tc, test_last_segment);
  tcase_add_test (tc, test_late);
  tcase_add_test (tc, test_long_stream);
  tcase_add_test (tc, test_payload);
  tcase_add_test (tc, test_times_that_cannot_be);
  tcase_add_test (tc, test_playlists);
  tcase_add_test (tc, test_master);

  return s;
}

GST_CHECK_MAIN (hlsvtt);
