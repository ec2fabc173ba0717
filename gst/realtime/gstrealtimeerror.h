/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_ERROR_H__
#define __GST_REALTIME_ERROR_H__

#include <gst/gst.h>

G_BEGIN_DECLS
/* Post @failure (of REALTIME_FAILURE, see session/failure.h) as the element's
 * ERROR or WARNING message: the kind decides about domain and code, the text
 * is the failure's followed by what to do about it, and the details hold
 * "http-status" (uint), "code" and "request-id" (strings) where known. A
 * failure of the kind CANCELLED is no news for anybody: nothing is posted.
 * From any thread. */
void gst_realtime_element_error (GstElement * element, const GError * failure);
void gst_realtime_element_warning (GstElement * element,
    const GError * failure);

G_END_DECLS
#endif /* __GST_REALTIME_ERROR_H__ */
