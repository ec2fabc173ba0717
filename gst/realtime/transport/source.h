/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_SOURCE_H__
#define __GST_REALTIME_SOURCE_H__

#include <glib.h>

G_BEGIN_DECLS

/* A time-out in @context, to be let go of with gst_realtime_source_clear().
 * @notify (may be NULL) is called with @user_data when the source is gone. */
GSource *gst_realtime_source_add_timeout (GMainContext * context, guint ms,
    GSourceFunc func, gpointer user_data, GDestroyNotify notify);

/* Destroys and forgets *@source, if there is one; also from its own callback. */
void gst_realtime_source_clear (GSource ** source);

G_END_DECLS

#endif /* __GST_REALTIME_SOURCE_H__ */
