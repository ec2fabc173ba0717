/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_LISTENERS_H__
#define __GST_REALTIME_LISTENERS_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* Whether what leaves by @src is only listened to: every way from it ends in a
 * sink of the class Sink/Audio, and no element on the way takes anything else
 * in. Then a flush forgets what was not heard yet and nothing more. Any thread,
 * never blocks. */
gboolean gst_realtime_pad_is_only_heard (GstPad * src);

G_END_DECLS

#endif /* __GST_REALTIME_LISTENERS_H__ */
