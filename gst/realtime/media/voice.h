/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_VOICE_H__
#define __REALTIME_VOICE_H__

#include <gst/gst.h>

G_BEGIN_DECLS

/* The speech of one connection that waits to be played: S16, 48 kHz, mono.
 * Places are samples at 48 kHz since running time 0. No thread safety: the
 * owner locks.
 *
 * Nothing that is added is lost. Speech that comes after its place was played
 * is played at once, and what follows it moves along; the delay is made good in
 * the next pause, by leaving out silence. */

#define REALTIME_VOICE_RATE 48000
#define REALTIME_VOICE_NO_PLACE G_MAXUINT64

typedef struct _RealtimeVoice RealtimeVoice;

RealtimeVoice *realtime_voice_new (void);
void realtime_voice_free (RealtimeVoice * voice);

/* Takes @buffer, due at @place, or, with REALTIME_VOICE_NO_PLACE, behind what
 * came before. Returns: FALSE when it was refused, as more than ten minutes
 * wait. */
gboolean realtime_voice_add (RealtimeVoice * voice, GstBuffer * buffer,
    guint64 place);

/* Adds what belongs to the @n samples from @place on to @mix. Each call must
 * have a @place at or after the end of the one before.
 * Returns: whether there was anything. */
gboolean realtime_voice_render (RealtimeVoice * voice, guint64 place,
    gint32 * mix, guint n);

/* Whether all that was added has been played. */
gboolean realtime_voice_is_empty (RealtimeVoice * voice);

/* By how many samples the end of what waits is behind its time. */
guint64 realtime_voice_get_delay (RealtimeVoice * voice);

/* Every place so far becomes one that is earlier by @samples, 0 at least. */
void realtime_voice_move_back (RealtimeVoice * voice, guint64 samples);

/* Forgets what waits. */
void realtime_voice_flush (RealtimeVoice * voice);

/* Forgets what waits, but for some ms in which what sounds fades out, and what
 * is added from now on: until realtime_voice_resume(), or until it has paused
 * (nothing due, or nothing above -60 dBFS, for half a second). */
void realtime_voice_cut (RealtimeVoice * voice);

/* After a cut: not even that fades out. */
void realtime_voice_break_off (RealtimeVoice * voice);

/* After a cut: what is due from @place on is played, of what was added since
 * the cut as well (of its last second), and nothing that is due before, however
 * late it is added. Without a cut: nothing. */
void realtime_voice_resume (RealtimeVoice * voice, guint64 place);

G_END_DECLS

#endif /* __REALTIME_VOICE_H__ */
