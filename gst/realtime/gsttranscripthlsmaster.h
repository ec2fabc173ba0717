/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_TRANSCRIPT_HLS_MASTER_H__
#define __GST_TRANSCRIPT_HLS_MASTER_H__

#include "captions/hlsvtt.h"

G_BEGIN_DECLS

/* Master playlists of this process: several sinks that name the same file stand in it
 * together. From any thread. */

/**
 * gst_transcript_hls_master_add:
 * @owner: whose rendition it is; it stands in one master playlist at most, and what
 *   it told before is replaced
 * @location: the file, written anew and whole
 *
 * Returns: FALSE with @error set if it could not be written
 */
gboolean gst_transcript_hls_master_add (gpointer owner, const gchar * location,
    const RealtimeHlsRendition * rendition, const gchar * video,
    guint bandwidth, const gchar * codecs, GError ** error);

/* The rendition of @owner is no part of what is written from now on. */
void gst_transcript_hls_master_remove (gpointer owner);

/* Writes @text in the place of the file @location, whole or not at all. */
gboolean gst_transcript_hls_write (const gchar * location, const gchar * text,
    GError ** error);

G_END_DECLS

#endif /* __GST_TRANSCRIPT_HLS_MASTER_H__ */
