/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_REASSEMBLY_H__
#define __GST_REALTIME_REASSEMBLY_H__

#include <glib.h>

G_BEGIN_DECLS

/* webrtcbin hands over a message above some 64 KiB in several pieces, without
 * a mark and cut anywhere, also inside a character. Our messages are JSON
 * objects, so the pieces belong together until the object closes. Where packets
 * were lost, short messages come between the pieces of the long one that they
 * were sent after: they wait until it is complete. */
typedef struct _GstRealtimeReassembly GstRealtimeReassembly;

GstRealtimeReassembly *gst_realtime_reassembly_new (void);
void gst_realtime_reassembly_free (GstRealtimeReassembly * self);

/* Takes a piece that arrived at @now (monotonic time, µs). Returns a whole
 * message, as valid UTF-8, or NULL while more is to come; what follows it is
 * got with pop, until that returns NULL. A short message that is no complete
 * object is not a piece of anything: it is returned as it is, for the reader
 * to complain about; so is a message whose rest does not come. */
gchar *gst_realtime_reassembly_push (GstRealtimeReassembly * self,
    const gchar * piece, gsize size, gint64 now);
gchar *gst_realtime_reassembly_pop (GstRealtimeReassembly * self);
/* Like push, where no piece will come any more: nothing is kept back. */
gchar *gst_realtime_reassembly_flush (GstRealtimeReassembly * self);

G_END_DECLS

#endif /* __GST_REALTIME_REASSEMBLY_H__ */
