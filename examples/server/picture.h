/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_PICTURE_H__
#define __SERVER_PICTURE_H__

#include <glib.h>

G_BEGIN_DECLS
/* What is in a data URI of a PNG or JPEG picture, in words ("a JPEG picture of
 * 320 by 240 pixels"); NULL when it is none. Only the header is looked at. */
gchar *picture_describe (const gchar * url);

G_END_DECLS
#endif /* __SERVER_PICTURE_H__ */
