/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_RECORDER_H__
#define __SERVER_RECORDER_H__

#include <glib.h>

G_BEGIN_DECLS
/* What --record writes of one call. All functions may be called from any
 * thread and do nothing on NULL or after recorder_finish(). */
typedef struct _Recorder Recorder;

/* NULL with a message on stderr when @directory cannot be written. */
Recorder *recorder_new (const gchar * directory, const gchar * call_id);
/* 48 kHz mono, at @position samples from the first RTP packet. */
void recorder_heard (Recorder * recorder, const gint16 * samples, gsize n,
    gint64 position);
/* 48 kHz mono, one after the other from the first one sent. */
void recorder_said (Recorder * recorder, const gint16 * samples, gsize n);
void recorder_server_event (Recorder * recorder, const gchar * text);
void recorder_client_event (Recorder * recorder, const gchar * text);
/* The files are complete when it returns. */
void recorder_finish (Recorder * recorder);
void recorder_free (Recorder * recorder);

G_END_DECLS
#endif /* __SERVER_RECORDER_H__ */
