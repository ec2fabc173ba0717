/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "picture.h"

#include <string.h>

#define PNG_MAGIC "\x89PNG\r\n\x1a\n"

static guint
read_16 (const guchar * at)
{
  return at[0] << 8 | at[1];
}

static gboolean
measure_png (const guchar * data, gsize size, guint * width, guint * height)
{
  if (size < 24 || memcmp (data, PNG_MAGIC, 8) != 0 ||
      memcmp (data + 12, "IHDR", 4) != 0)
    return FALSE;
  *width = read_16 (data + 16) << 16 | read_16 (data + 18);
  *height = read_16 (data + 20) << 16 | read_16 (data + 22);
  return TRUE;
}

/* The segment that begins a frame has the size. */
static gboolean
measure_jpeg (const guchar * data, gsize size, guint * width, guint * height)
{
  gsize at = 2;

  if (size < 4 || data[0] != 0xff || data[1] != 0xd8)
    return FALSE;
  while (at + 9 < size && data[at] == 0xff) {
    guint marker = data[at + 1];

    if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
        marker != 0xc8 && marker != 0xcc) {
      *height = read_16 (data + at + 5);
      *width = read_16 (data + at + 7);
      return TRUE;
    }
    at += 2 + read_16 (data + at + 2);
  }
  return FALSE;
}

gchar *
picture_describe (const gchar * url)
{
  static const struct
  {
    const gchar *prefix, *name;
      gboolean (*measure) (const guchar *, gsize, guint *, guint *);
  } formats[] = {
    {"data:image/png;base64,", "PNG", measure_png},
    {"data:image/jpeg;base64,", "JPEG", measure_jpeg}
  };
  guint i, width, height;

  for (i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autofree guchar *data = NULL;
    gsize size;

    if (!g_str_has_prefix (url, formats[i].prefix))
      continue;
    data = g_base64_decode (url + strlen (formats[i].prefix), &size);
    if (formats[i].measure (data, size, &width, &height))
      return g_strdup_printf ("a %s picture of %u by %u pixels",
          formats[i].name, width, height);
  }
  return NULL;
}
