/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_TOKEN_SRC_H__
#define __GST_TOKEN_SRC_H__

#include <gst/base/gstpushsrc.h>

G_BEGIN_DECLS

#define GST_TYPE_TOKEN_SRC (gst_token_src_get_type ())
G_DECLARE_FINAL_TYPE (GstTokenSrc, gst_token_src, GST, TOKEN_SRC, GstPushSrc)

GST_ELEMENT_REGISTER_DECLARE (tokensrc);

G_END_DECLS

#endif /* __GST_TOKEN_SRC_H__ */
