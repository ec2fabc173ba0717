/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_PRICE_TABLE_H__
#define __GST_REALTIME_PRICE_TABLE_H__

#include "session/prices.h"

G_BEGIN_DECLS

/* Reads the table of prices at @path. NULL or "": the first
 * gst-plugins-realtime/prices.json of the user's data directory and the
 * system's (XDG_DATA_HOME, XDG_DATA_DIRS, where the plugin was installed to).
 * Blocks. Errors are of REALTIME_FAILURE_SETTINGS and name the file. */
RealtimePrices *gst_realtime_price_table_load (const gchar * path,
    GError ** error);

G_END_DECLS

#endif /* __GST_REALTIME_PRICE_TABLE_H__ */
