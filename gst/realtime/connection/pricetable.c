/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <gio/gio.h>

#include "pricetable.h"
#include "session/failure.h"

/* A thousand times what the shipped table has. */
#define MAX_SIZE (4 * 1024 * 1024)

static gchar *
find_in (const gchar * folder)
{
  gchar *path = g_build_filename (folder, "gst-plugins-realtime",
      "prices.json", NULL);

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    g_clear_pointer (&path, g_free);
  return path;
}

static gchar *
find_table (void)
{
  const gchar *const *folder = g_get_system_data_dirs ();
  gchar *path = find_in (g_get_user_data_dir ());

  for (; !path && *folder; folder++)
    path = find_in (*folder);
  return path ? path : find_in (REALTIME_DATADIR);
}

/* At most MAX_SIZE + 1 bytes, whatever @path is. */
static GBytes *
read_file (const gchar * path, GError ** error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autofree gchar *data = NULL;
  gsize size;

  if (!stream)
    return NULL;
  data = g_malloc (MAX_SIZE + 1);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), data, MAX_SIZE + 1,
          &size, NULL, error))
    return NULL;
  return g_bytes_new (data, size);
}

RealtimePrices *
gst_realtime_price_table_load (const gchar * path, GError ** error)
{
  g_autofree gchar *found = path && *path ? g_strdup (path) : find_table ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) cause = NULL;
  RealtimePrices *prices = NULL;
  const gchar *data;
  gsize size;

  if (!found) {
    g_set_error_literal (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        "There is no table of prices: gst-plugins-realtime/prices.json is in "
        "none of the data directories.");
    return NULL;
  }
  bytes = read_file (found, &cause);
  if (bytes) {
    data = g_bytes_get_data (bytes, &size);
    if (size > MAX_SIZE)
      g_set_error_literal (&cause, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
          "it is larger than 4 MiB");
    else
      prices = realtime_prices_parse (data ? data : "", size, &cause);
  }
  if (!prices) {
    g_autofree gchar *shown = g_filename_display_name (found);

    g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        "The table of prices %s cannot be used: %s.", shown, cause->message);
  }
  return prices;
}
