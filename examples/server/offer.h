/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_OFFER_H__
#define __SERVER_OFFER_H__

#include <gst/sdp/gstsdpmessage.h>

#include "fault.h"
#include "util.h"

G_BEGIN_DECLS
/* What the call needs to know of an offer. */
    typedef struct
{
  GstSDPMessage *sdp;
  gboolean has_audio;
  gint payload;                 /* of Opus */
} Offer;

/* FALSE with @refusal (invalid_offer) when it cannot be answered. */
gboolean offer_parse (const gchar * text, Offer * offer, Refusal * refusal);
void offer_clear (Offer * offer);

/* Adds what webrtcbin leaves out, before it becomes the local description. */
void answer_complete (GstSDPMessage * sdp);
/* The text to send, with the faults that were asked for. */
gchar *answer_text (GstSDPMessage * sdp, Faults * faults);

G_END_DECLS
#endif /* __SERVER_OFFER_H__ */
