/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_SDP_H__
#define __GST_REALTIME_SDP_H__

#include <gst/sdp/sdp.h>

G_BEGIN_DECLS

/* What we take in one message of the data channel, in bytes; told in the offer. */
#define GST_REALTIME_SDP_MAX_MESSAGE_SIZE (16 * 1024 * 1024)

/* Says in @offer, before it becomes the local description, how large a
 * message we take: without that the peer cuts at 64 KiB. */
void gst_realtime_sdp_complete_offer (GstSDPMessage * offer);

/* The text to post for the local description @local: the same but for the
 * data section's port, which max-bundle writes as 0 and some peers take for a
 * rejection. */
gchar *gst_realtime_sdp_offer_to_text (const GstSDPMessage * local);

/* Parses and checks an answer to @offer. Errors are
 * GST_REALTIME_TRANSPORT_ERROR_FORMAT and say what is wrong with it. */
GstSDPMessage *gst_realtime_sdp_parse_answer (const gchar * text,
    const GstSDPMessage * offer, GError ** error);

/* Whether the certificate @pem is the one that @answer announced. */
gboolean gst_realtime_sdp_check_certificate (const GstSDPMessage * answer,
    const gchar * pem, GError ** error);

G_END_DECLS

#endif /* __GST_REALTIME_SDP_H__ */
