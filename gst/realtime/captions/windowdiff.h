/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_WINDOW_DIFF_H__
#define __REALTIME_WINDOW_DIFF_H__

#include <glib.h>

G_BEGIN_DECLS

/**
 * realtime_window_diff:
 * @before: (nullable): the lines that were shown, as roll-up captions have them
 * @now: the lines that are shown now: those with words added at the end, some of
 *   them corrected, and perhaps without those that have scrolled away
 *
 * For who can only add to what is shown: finds the place at which most of @now is
 * what stood there. A word that was corrected is no new one.
 *
 * Returns: the words of @now that are new, with blanks between them; "" for none
 */
gchar *realtime_window_diff (const gchar * before, const gchar * now);

G_END_DECLS

#endif /* __REALTIME_WINDOW_DIFF_H__ */
