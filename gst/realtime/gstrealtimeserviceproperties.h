/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_SERVICE_PROPERTIES_H__
#define __GST_REALTIME_SERVICE_PROPERTIES_H__

#include <gst/gst.h>

#include "connection/settings.h"

G_BEGIN_DECLS

/* The properties of realtimebin that say whose protocol is spoken where; used
 * by gstrealtimeproperties.c, as the functions of the same names there are. */
void gst_realtime_service_properties_install (GObjectClass * klass);
gboolean gst_realtime_service_properties_set (GstRealtimeSettings * settings,
    guint id, const GValue * value);
gboolean gst_realtime_service_properties_get (const GstRealtimeSettings *
    settings, guint id, GValue * value);

G_END_DECLS

#endif /* __GST_REALTIME_SERVICE_PROPERTIES_H__ */
