/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __TEST_FIXTURE_H__
#define __TEST_FIXTURE_H__

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include "stream.h"

/* The element, or a few with it, in a harness. */
typedef struct
{
  GstHarness *harness;
  Capture *capture;             /* of the last pad */
  GstBus *bus;
} Fixture;

/* @launch: without the harness's own events, or with them. */
void fixture_init (Fixture * f, const gchar * launch);
void fixture_begin (Fixture * f, const gchar * launch);
void fixture_end (Fixture * f);

GstBuffer *buffer_of (const gchar * bytes, gsize size);
void push_text (Fixture * f, const gchar * text);
void push_eos (Fixture * f);

/* What the element pushed since the last call, as Capture tells it. */
void fail_unless_log (Fixture * f, const gchar * expected);
/* Takes the messages off the bus. */
guint count_messages (Fixture * f, GstMessageType type);
/* No cue overlaps another or goes back, and each has a duration. */
void check_buffers (Fixture * f);

/* A talk of two turns whose texts come after each. */
GString *two_turns (void);

#define TWO_TURNS \
    "stream-start caps(utf8) segment gap(0-1300) gap(1300-2000) " \
    "cue(2000-4000 This is the first.) gap(4000-6300) gap(6300-7000) " \
    "cue(7000-9000 And this the second.)"

#endif /* __TEST_FIXTURE_H__ */
