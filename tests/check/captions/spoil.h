/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __TEST_SPOIL_H__
#define __TEST_SPOIL_H__

#include <glib.h>

/* Event streams that are spoilt in every way that comes to mind.
 * REALTIME_TEST_SEED repeats a run, REALTIME_TEST_ROUNDS makes it longer. */

/* Before and after each test; prints the seed. */
void spoil_setup (void);
void spoil_teardown (void);

/* From 0 to below @n. */
gint below (gint n);
gboolean one_in (gint n);
guint32 any_number (void);
/* How often to try: @usual unless the environment tells. */
guint rounds (guint usual);

/* A log, its lines moved, lost, doubled and spoilt; an array of strings. */
GPtrArray *spoil_log (void);

#endif /* __TEST_SPOIL_H__ */
