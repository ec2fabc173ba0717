/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "common.h"

/* A period that no buffer size divides, all of it louder than -50 dBFS. */
gint16
number_value (guint64 number)
{
  return 200 + number % 29989;
}

GstBuffer *
numbered (guint n, guint64 first)
{
  GstBuffer *buffer = gst_buffer_new_and_alloc (n * 2);
  GstMapInfo map;
  guint i;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (i = 0; i < n; i++)
    ((gint16 *) map.data)[i] = number_value (first + i);
  gst_buffer_unmap (buffer, &map);
  return buffer;
}

void
take_samples (GArray * samples, GstBuffer * buffer)
{
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  g_array_append_vals (samples, map.data, map.size / 2);
  gst_buffer_unmap (buffer, &map);
  gst_buffer_unref (buffer);
}

void
check_numbered (GArray * samples, guint at, guint64 first, guint n)
{
  guint i;

  fail_unless (at + n <= samples->len, "%u samples, not %u", samples->len,
      at + n);
  for (i = 0; i < n; i++) {
    gint16 value = g_array_index (samples, gint16, at + i);

    if (value != number_value (first + i))
      fail ("sample %u is %d, not %d", at + i, value, number_value (first + i));
  }
}

void
check_silent (GArray * samples, guint at, guint n)
{
  guint i;

  fail_unless (at + n <= samples->len, "%u samples, not %u", samples->len,
      at + n);
  for (i = 0; i < n; i++) {
    gint16 value = g_array_index (samples, gint16, at + i);

    if (value != 0)
      fail ("sample %u is %d, not silence", at + i, value);
  }
}
