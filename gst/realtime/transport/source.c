/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "source.h"

GSource *
gst_realtime_source_add_timeout (GMainContext * context, guint ms,
    GSourceFunc func, gpointer user_data, GDestroyNotify notify)
{
  GSource *source = g_timeout_source_new (ms);

  g_source_set_callback (source, func, user_data, notify);
  g_source_attach (source, context);

  return source;
}

void
gst_realtime_source_clear (GSource ** source)
{
  if (*source) {
    g_source_destroy (*source);
    g_source_unref (*source);
    *source = NULL;
  }
}
