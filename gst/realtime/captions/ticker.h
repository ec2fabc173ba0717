/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_TICKER_H__
#define __REALTIME_TICKER_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * RealtimeTicker:
 *
 * Calls a function at an even pace of an element's clock, in a thread of its
 * own, while the element is PLAYING: for what has to be done at a time whether
 * data comes or not.
 */
typedef struct _RealtimeTicker RealtimeTicker;

typedef void (*RealtimeTickFunc) (gpointer user_data);

/* @element outlives the ticker. */
RealtimeTicker *realtime_ticker_new (GstElement * element,
    GstClockTime interval, RealtimeTickFunc func, gpointer user_data);
/* Stops and waits for the thread. */
void realtime_ticker_free (RealtimeTicker * self);

/* From any thread. After the stop at most one call is still going on; it is
 * over when realtime_ticker_join() returns. */
void realtime_ticker_start (RealtimeTicker * self);
void realtime_ticker_stop (RealtimeTicker * self);
/* After a stop; not from the function. */
void realtime_ticker_join (RealtimeTicker * self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeTicker, realtime_ticker_free)

G_END_DECLS

#endif /* __REALTIME_TICKER_H__ */
