/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_IMAGE_H__
#define __GST_REALTIME_IMAGE_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* A PNG or JPEG picture as data URI, scaled down (as JPEG) to at most
 * @longest_edge pixels if that is not 0. Any thread; scaling takes its time, at
 * most some seconds. NULL with an error (of whatever domain): it is none, it
 * does not decode, it is too large. */
gchar *gst_realtime_image_to_url (GstBuffer * image, guint longest_edge,
    GError ** error);
gchar *gst_realtime_image_file_to_url (const gchar * location,
    guint longest_edge, GError ** error);

G_END_DECLS

#endif /* __GST_REALTIME_IMAGE_H__ */
