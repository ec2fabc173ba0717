/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_SOUNDING_H__
#define __REALTIME_SOUNDING_H__

#include <glib.h>

G_BEGIN_DECLS

/* When a voice is to be heard: tells sound from the silence that a service
 * sends between two utterances, by level. Places are samples, as in voice.h. No
 * thread safety: the owner locks. */

typedef enum
{
  REALTIME_SOUNDING_SAME,
  REALTIME_SOUNDING_STARTED,
  REALTIME_SOUNDING_STOPPED
} RealtimeSoundingChange;

typedef struct
{
  gboolean on;
  guint64 loud_end;             /* place behind the last loud sample */
  guint64 patience;             /* samples of quiet that make an end */
} RealtimeSounding;

void realtime_sounding_init (RealtimeSounding * self);

/* From now on a short pause is an end: what sounds is known to come to one. Holds
 * until it has. */
void realtime_sounding_expect_end (RealtimeSounding * self);

/* Takes the @n samples that are heard at @place. STARTED: *@at is the place of the
 * first loud one. STOPPED: *@at is the place behind the last loud one, at least
 * 400 ms (expected: 200 ms) ago. */
RealtimeSoundingChange realtime_sounding_feed (RealtimeSounding * self,
    const gint32 * samples, guint n, guint64 place, guint64 * at);

G_END_DECLS

#endif /* __REALTIME_SOUNDING_H__ */
