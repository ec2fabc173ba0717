/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_BIN_H__
#define __GST_REALTIME_BIN_H__

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_REALTIME_BIN (gst_realtime_bin_get_type ())
G_DECLARE_FINAL_TYPE (GstRealtimeBin, gst_realtime_bin, GST, REALTIME_BIN,
    GstBin)

GST_ELEMENT_REGISTER_DECLARE (realtimebin);

G_END_DECLS

#endif /* __GST_REALTIME_BIN_H__ */
