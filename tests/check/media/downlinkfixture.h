/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __MEDIA_TESTS_DOWNLINK_FIXTURE_H__
#define __MEDIA_TESTS_DOWNLINK_FIXTURE_H__

#include "common.h"

#include <gst/check/gsttestclock.h>

#include "media/downlink.h"

#define SLOT (20 * GST_MSECOND)
/* What the downlink adds to the jitter buffer's latency. */
#define OWN_LATENCY (40 * GST_MSECOND)

/* A downlink whose output a harness takes, with a clock that stands until told,
 * and any number of connections that speak. */
typedef struct
{
  GstElement *downlink;
  GstHarness *h;
  GstBus *bus;
  GPtrArray *pads;
} DownlinkFixture;

DownlinkFixture *downlink_fixture_new (void);

void downlink_fixture_free (DownlinkFixture * f);

/* The pad that another connection speaks through. */
GstPad *downlink_connect_speaker (DownlinkFixture * f,
    const gchar * caps_string);

void downlink_disconnect_speaker (DownlinkFixture * f, GstPad * pad);

/* Takes @buffer. */
void downlink_speak (GstPad * pad, GstBuffer * buffer, GstClockTime pts);

/* Lets the clock run from slot to slot until @n samples came; checks that the
 * buffers are 20 ms each, continue each other from @*next on, leave when the
 * clock is @behind ahead of them, and that GAP stands on silence alone. */
GArray *downlink_collect (DownlinkFixture * f, guint n, GstClockTime * next,
    GstClockTime behind);

/* The latency is @wanted, and whether a message on the bus told of a new one. */
void downlink_check_latency (DownlinkFixture * f, GstClockTime wanted,
    gboolean message);

#endif /* __MEDIA_TESTS_DOWNLINK_FIXTURE_H__ */
