/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_FACTORIES_H__
#define __GST_REALTIME_FACTORIES_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* Whether all elements of the NULL-terminated @names can be made; else the
 * first that cannot in *missing, if given. Loads their plugins. */
gboolean gst_realtime_factories_exist (const gchar * const *names,
    const gchar ** missing);

G_END_DECLS

#endif /* __GST_REALTIME_FACTORIES_H__ */
