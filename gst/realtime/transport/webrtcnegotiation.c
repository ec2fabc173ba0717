/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "sdp.h"
#include "source.h"
#include "webrtc-private.h"

GST_DEBUG_CATEGORY_EXTERN (realtime_webrtc_debug);
#define GST_CAT_DEFAULT realtime_webrtc_debug

/* Gathering on local interfaces takes milliseconds; a server that answers with
 * its own candidates needs none of ours, so the offer need not wait longer. */
#define GATHERING_TIMEOUT_MS 500

/* Every promise counts as outstanding until it has replied, expired or been
 * interrupted: an element that goes to NULL before leaks what hangs on it. */
typedef struct
{
  GstRealtimeWebrtc *self;
  void (*replied) (GstRealtimeWebrtc * self, const GstStructure * reply);
} Request;

static void
request_changed (GstPromise * promise, gpointer user_data)
{
  Request *request = user_data;

  if (gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED)
    request->replied (request->self, gst_promise_get_reply (promise));
  gst_promise_unref (promise);
}

static void
request_free (gpointer user_data)
{
  Request *request = user_data;
  GstRealtimeWebrtc *self = request->self;

  g_mutex_lock (&self->lock);
  self->outstanding--;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);

  gst_object_unref (self);
  g_free (request);
}

static GstPromise *
request_new (GstRealtimeWebrtc * self,
    void (*replied) (GstRealtimeWebrtc * self, const GstStructure * reply))
{
  Request *request = g_new0 (Request, 1);

  request->self = gst_object_ref (self);
  request->replied = replied;

  g_mutex_lock (&self->lock);
  self->outstanding++;
  g_mutex_unlock (&self->lock);

  return gst_promise_new_with_change_func (request_changed, request,
      request_free);
}

static GError *
reply_error (const GstStructure * reply)
{
  GError *error = NULL;

  if (reply && gst_structure_has_field (reply, "error"))
    gst_structure_get (reply, "error", G_TYPE_ERROR, &error, NULL);

  return error;
}

/* --- offer --- */

static void
post_offer (GstRealtimeWebrtc * self)
{
  GstWebRTCSessionDescription *local = NULL;
  gchar *text;

  if (self->offered)
    return;
  self->offered = TRUE;
  gst_realtime_source_clear (&self->gathering_timeout);

  g_object_get (self->webrtcbin, "local-description", &local, NULL);
  if (!local) {
    gst_realtime_webrtc_post_failure (self, "no offer could be made");
    return;
  }
  text = gst_realtime_sdp_offer_to_text (local->sdp);
  gst_webrtc_session_description_free (local);

  gst_realtime_transport_post_progress (GST_REALTIME_TRANSPORT (self), "offer");
  gst_realtime_transport_post_offer (GST_REALTIME_TRANSPORT (self), text);
  g_free (text);
}

static gboolean
gathering_timed_out (gpointer user_data)
{
  GstRealtimeWebrtc *self = user_data;

  GST_INFO_OBJECT (self, "posting the offer before all candidates are known");
  post_offer (self);

  return G_SOURCE_REMOVE;
}

void
gst_realtime_webrtc_check_gathering (GstRealtimeTransport * transport,
    gpointer unused)
{
  GstRealtimeWebrtc *self = GST_REALTIME_WEBRTC (transport);
  GstWebRTCICEGatheringState state;

  g_object_get (self->webrtcbin, "ice-gathering-state", &state, NULL);
  if (!self->local_set)
    return;
  if (state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE && !self->gathered) {
    self->gathered = TRUE;
    gst_realtime_ice_check_relays (self->ice);
  }
  if (self->offered)
    return;
  if (self->gathered)
    post_offer (self);
  else if (!self->gathering_timeout)
    self->gathering_timeout =
        gst_realtime_webrtc_add_timer (self, GATHERING_TIMEOUT_MS,
        gathering_timed_out);
}

static void
local_description_set (GstRealtimeTransport * transport, gpointer unused)
{
  GST_REALTIME_WEBRTC (transport)->local_set = TRUE;
  gst_realtime_webrtc_check_gathering (transport, NULL);
}

static void
local_description_replied (GstRealtimeWebrtc * self, const GstStructure * reply)
{
  GError *error = reply_error (reply);

  if (error) {
    g_prefix_error (&error, "the offer was not taken: ");
    gst_realtime_webrtc_post_failure (self, error->message);
    g_error_free (error);
    return;
  }
  gst_realtime_transport_invoke (GST_REALTIME_TRANSPORT (self),
      local_description_set, NULL, NULL);
}

static void
offer_replied (GstRealtimeWebrtc * self, const GstStructure * reply)
{
  GstWebRTCSessionDescription *offer = NULL;
  GError *error = reply_error (reply);

  if (error || !reply || !gst_structure_get (reply, "offer",
          GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &offer, NULL)) {
    gst_realtime_webrtc_post_failure (self,
        error ? error->message : "no offer was made");
    g_clear_error (&error);
    return;
  }

  gst_realtime_sdp_complete_offer (offer->sdp);
  gst_realtime_ice_add_relays (self->ice);
  g_signal_emit_by_name (self->webrtcbin, "set-local-description", offer,
      request_new (self, local_description_replied));
  gst_webrtc_session_description_free (offer);
}

static void
remote_description_replied (GstRealtimeWebrtc * self,
    const GstStructure * reply)
{
  GError *error = reply_error (reply);

  if (error) {
    gst_realtime_transport_post_failed (GST_REALTIME_TRANSPORT (self),
        g_error_new (GST_REALTIME_TRANSPORT_ERROR,
            GST_REALTIME_TRANSPORT_ERROR_FORMAT,
            "the answer cannot be used: %s", error->message));
    g_error_free (error);
  }
}

void
gst_realtime_webrtc_take_answer (GstRealtimeTransport * transport,
    const gchar * sdp)
{
  GstRealtimeWebrtc *self = GST_REALTIME_WEBRTC (transport);
  GstWebRTCSessionDescription *local = NULL, *remote;
  GstSDPMessage *copy = NULL;
  GError *error = NULL;

  g_return_if_fail (self->answer == NULL);

  g_object_get (self->webrtcbin, "local-description", &local, NULL);
  if (!local) {
    gst_realtime_webrtc_post_failure (self, "an answer came before the offer");
    return;
  }
  self->answer = gst_realtime_sdp_parse_answer (sdp, local->sdp, &error);
  gst_webrtc_session_description_free (local);
  if (!self->answer) {
    gst_realtime_transport_post_failed (transport, error);
    return;
  }

  gst_sdp_message_copy (self->answer, &copy);
  remote = gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_ANSWER,
      copy);
  g_signal_emit_by_name (self->webrtcbin, "set-remote-description", remote,
      request_new (self, remote_description_replied));
  gst_webrtc_session_description_free (remote);
}

void
gst_realtime_webrtc_make_offer (GstRealtimeWebrtc * self)
{
  /* by hand: on-negotiation-needed waits for audio, which waits for us */
  g_signal_emit_by_name (self->webrtcbin, "create-offer", NULL,
      request_new (self, offer_replied));
}
