/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __MEDIA_TESTS_COMMON_H__
#define __MEDIA_TESTS_COMMON_H__

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

#define SPEECH_CAPS "audio/x-raw, format = (string) S16LE, " \
    "layout = (string) interleaved, rate = (int) 48000, channels = (int) 1"
#define MS(n) ((n) * 48)

/* @n S16 samples that never are 0 and tell their number: @first and on. */
GstBuffer *numbered (guint n, guint64 first);
/* What sample @number of the above is. */
gint16 number_value (guint64 number);

/* Appends the samples of @buffer and gives the buffer back. */
void take_samples (GArray * samples, GstBuffer * buffer);

/* Checks that @samples from @at on are numbered @first and on, @n of them. */
void check_numbered (GArray * samples, guint at, guint64 first, guint n);
/* Checks that @samples from @at on are 0, @n of them. */
void check_silent (GArray * samples, guint at, guint n);

#endif /* __MEDIA_TESTS_COMMON_H__ */
