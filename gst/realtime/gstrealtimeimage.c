/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>
#include <glib/gstdio.h>
#include <gst/app/app.h>

#include "gstrealtimeimage.h"
#include "session/failure.h"

/* What fits into one event, with base64's four characters for three bytes. */
#define MAX_SENT_BYTES (190 * 1024)
/* Nobody means to send more, scaled or not. */
#define MAX_READ_BYTES (64 * 1024 * 1024)
#define SCALE_TIMEOUT (10 * GST_SECOND)

static const struct
{
  const gchar *type;
  const gchar *decoder;
  const gchar *magic;
  gsize length;
} formats[] = {
  {"image/png", "pngdec", "\x89PNG\r\n\x1a\n", 8},
  {"image/jpeg", "jpegdec", "\xff\xd8\xff", 3},
};

static gint
find_format (const guint8 * data, gsize size)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (formats); i++) {
    if (size > formats[i].length
        && memcmp (data, formats[i].magic, formats[i].length) == 0)
      return i;
  }

  return -1;
}

/* What made @pipeline stop. */
static void
set_pipeline_error (GstElement * pipeline, GError ** error)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  GError *cause = NULL;

  if (message) {
    gst_message_parse_error (message, &cause, NULL);
    gst_message_unref (message);
  }
  g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_FORMAT,
      "The picture cannot be scaled: %s", cause ? cause->message :
      "it does not decode");
  g_clear_error (&cause);
  gst_object_unref (bus);
}

static GstBuffer *
scale (GBytes * image, gint format, guint longest_edge, GError ** error)
{
  g_autofree gchar *line = g_strdup_printf ("appsrc name=in format=bytes ! "
      "%s ! videoconvert ! videoscale ! video/x-raw, width=(int)[1,%u], "
      "height=(int)[1,%u], pixel-aspect-ratio=1/1 ! jpegenc ! "
      "appsink name=out sync=false", formats[format].decoder, longest_edge,
      longest_edge);
  GstElement *pipeline = gst_parse_launch_full (line, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, error);
  GstElement *in, *out;
  GstCaps *caps;
  GstSample *sample;
  GstBuffer *scaled = NULL;

  if (!pipeline)
    return NULL;
  in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  caps = gst_caps_new_simple (formats[format].type, "framerate",
      GST_TYPE_FRACTION, 0, 1, NULL);
  gst_app_src_set_caps (GST_APP_SRC (in), caps);
  gst_caps_unref (caps);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_app_src_push_buffer (GST_APP_SRC (in), gst_buffer_new_wrapped_bytes
      (image));
  gst_app_src_end_of_stream (GST_APP_SRC (in));
  sample = gst_app_sink_try_pull_sample (GST_APP_SINK (out), SCALE_TIMEOUT);
  if (sample) {
    scaled = gst_buffer_ref (gst_sample_get_buffer (sample));
    gst_sample_unref (sample);
  } else {
    set_pipeline_error (pipeline, error);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (in);
  gst_object_unref (out);
  gst_object_unref (pipeline);

  return scaled;
}

static gchar *
make_url (const gchar * type, const guint8 * data, gsize size,
    gboolean scaled, GError ** error)
{
  g_autofree gchar *base64 = NULL;

  if (size > MAX_SENT_BYTES) {
    g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        "The picture has %" G_GSIZE_FORMAT
        " kB; more than %d kB do not pass the "
        "channel for certain. Have it scaled %s, to 1024 pixels for " "example",
        size / 1024, MAX_SENT_BYTES / 1024,
        scaled ? "further" : "by the argument longest-edge");
    return NULL;
  }
  base64 = g_base64_encode (data, size);

  return g_strdup_printf ("data:%s;base64,%s", type, base64);
}

static gchar *
bytes_to_url (GBytes * image, guint longest_edge, GError ** error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (image, &size);
  gint format = find_format (data, size);
  GstBuffer *scaled;
  GstMapInfo map;
  gchar *url = NULL;

  if (format < 0) {
    g_set_error_literal (error, REALTIME_FAILURE, REALTIME_FAILURE_FORMAT,
        "The picture is neither PNG nor JPEG");
    return NULL;
  }
  if (longest_edge == 0)
    return make_url (formats[format].type, data, size, FALSE, error);

  scaled = scale (image, format, CLAMP (longest_edge, 2, G_MAXINT), error);
  if (scaled && gst_buffer_map (scaled, &map, GST_MAP_READ)) {
    url = make_url ("image/jpeg", map.data, map.size, TRUE, error);
    gst_buffer_unmap (scaled, &map);
  }
  gst_clear_buffer (&scaled);

  return url;
}

gchar *
gst_realtime_image_to_url (GstBuffer * image, guint longest_edge,
    GError ** error)
{
  gsize size = image ? gst_buffer_get_size (image) : 0;
  gpointer data = NULL;
  GBytes *bytes;
  gchar *url;

  if (size == 0 || size > MAX_READ_BYTES) {
    g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS, "%s",
        size == 0 ? "There is no picture" : "The picture is too large");
    return NULL;
  }
  gst_buffer_extract_dup (image, 0, size, &data, &size);
  bytes = g_bytes_new_take (data, size);
  url = bytes_to_url (bytes, longest_edge, error);
  g_bytes_unref (bytes);

  return url;
}

gchar *
gst_realtime_image_file_to_url (const gchar * location, guint longest_edge,
    GError ** error)
{
  GStatBuf info;
  gchar *data, *url;
  gsize size;
  GBytes *bytes;

  if (!location || !*location) {
    g_set_error_literal (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        "There is no location");
    return NULL;
  }
  if (g_stat (location, &info) == 0 && (!g_file_test (location,
              G_FILE_TEST_IS_REGULAR) || info.st_size > MAX_READ_BYTES)) {
    g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        "%s is no file, or one too large for a picture", location);
    return NULL;
  }
  if (!g_file_get_contents (location, &data, &size, error))
    return NULL;
  bytes = g_bytes_new_take (data, size);
  url = bytes_to_url (bytes, longest_edge, error);
  g_bytes_unref (bytes);

  return url;
}
