/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_PACE_H__
#define __REALTIME_PACE_H__

#include <glib.h>

G_BEGIN_DECLS

/* Not more than so many requests within any minute. Times are monotonic, in
 * microseconds. No lock: for one thread. */
typedef struct
{
  guint per_minute;             /* 0: no limit */
  GQueue times;                 /* of gint64 *, the oldest first */
} RealtimePace;

void realtime_pace_init (RealtimePace * self, guint per_minute);
void realtime_pace_clear (RealtimePace * self);
/* How long to wait before the next request; 0: it may go now. */
gint64 realtime_pace_get_delay (RealtimePace * self, gint64 now);
/* A request went. */
void realtime_pace_note (RealtimePace * self, gint64 now);

G_END_DECLS

#endif /* __REALTIME_PACE_H__ */
