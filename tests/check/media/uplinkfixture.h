/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __MEDIA_TESTS_UPLINK_FIXTURE_H__
#define __MEDIA_TESTS_UPLINK_FIXTURE_H__

#include "common.h"

#include <gst/check/gsttestclock.h>

#include "media/uplink.h"

#define PIECE (20 * GST_MSECOND)

/* An uplink between a harness' pads, with a clock that stands until told, fed
 * from a thread of its own, as held input blocks. */
typedef struct
{
  GstElement *uplink;
  GstHarness *h;
  gboolean live_input;
  GThread *feeder;
  GPtrArray *feed;              /* buffers and events, in order */
  GstFlowReturn flow;           /* of the last buffer; once the feeder ended */

  GMutex lock;                  /* everything below */
  GCond cond;
  gint kinds;
  gboolean live;
  gint epochs;
  GstClockTime epoch;
  GstClockTime hold;
  GstClockTime heard;
  gint eoses;
} UplinkFixture;

/* @caps: of what is fed. @live: whether upstream says that it is. */
UplinkFixture *uplink_fixture_new (const gchar * caps, gboolean live);
void uplink_fixture_free (UplinkFixture * f);

void uplink_add_buffer (UplinkFixture * f, GstBuffer * buffer,
    GstClockTime pts);
void uplink_start_feeding (UplinkFixture * f);
/* Waits for the feeder, whose last buffer was answered with @wanted. */
void uplink_end_feeding (UplinkFixture * f, GstFlowReturn wanted);

/* Waits until *@count is @wanted, and never more. */
void uplink_wait_count (UplinkFixture * f, gint * count, gint wanted);

/* Lets the clock run from wait to wait until @n samples have left; checks that
 * timestamps are continuous, from @*next on (NONE: any), that no buffer is
 * longer than 20 ms and that none leaves before its time plus @hold. */
GArray *uplink_collect_from (UplinkFixture * f, guint n, GstClockTime * next,
    GstClockTime hold);
GArray *uplink_collect (UplinkFixture * f, guint n);

/* When what is stamped @pts is due downstream. */
GstClockTime uplink_out_running_time (UplinkFixture * f, GstClockTime pts);

#endif /* __MEDIA_TESTS_UPLINK_FIXTURE_H__ */
