/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_HEADERS_H__
#define __GST_REALTIME_HEADERS_H__

#include <gst/gst.h>

#include "signalling/signalling.h"

G_BEGIN_DECLS

/* Has @signalling send the fields of @headers (secret; NULL: none) along as
 * HTTP headers; with NULL for @signalling only checks them. FALSE with an error
 * of REALTIME_FAILURE_SETTINGS that shows no value: one of them is none. */
gboolean gst_realtime_headers_apply (const GstStructure * headers,
    RealtimeSignalling * signalling, GError ** error);

G_END_DECLS

#endif /* __GST_REALTIME_HEADERS_H__ */
