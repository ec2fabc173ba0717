/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstrealtimebin-private.h"
#include "session/failure.h"

GST_DEBUG_CATEGORY_EXTERN (realtimebin_debug);
#define GST_CAT_DEFAULT realtimebin_debug

#define TOKEN_REQUEST "realtime-token-request"

static GstFlowReturn
token_chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  GstRealtimeBin *self = GST_REALTIME_BIN (parent);
  GstRealtimeSupervisor *supervisor;
  gchar *token;
  GError *error = NULL;
  GstMapInfo map;
  gboolean wanted;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    gst_buffer_unref (buffer);
    return GST_FLOW_ERROR;
  }
  token = gst_realtime_token_read ((const gchar *) map.data, map.size, &error);
  gst_buffer_unmap (buffer, &map);
  gst_buffer_unref (buffer);
  if (!token) {
    gst_realtime_bin_post_failure (self, error);
    g_clear_error (&error);
    return GST_FLOW_ERROR;
  }

  GST_OBJECT_LOCK (self);
  wanted = self->token_wanted;
  self->token_wanted = FALSE;
  if (!wanted) {
    realtime_secret_free (self->token);
    self->token = g_strdup (token);
  }
  GST_OBJECT_UNLOCK (self);

  if (wanted && (supervisor = gst_realtime_bin_borrow_supervisor (self))) {
    gst_realtime_supervisor_take_token (supervisor, token);
    gst_realtime_bin_give_supervisor_back (self);
  }
  realtime_secret_free (token);

  return GST_FLOW_OK;
}

/* A source of one token ends after it; that is no end of the session. */
static gboolean
token_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  gst_event_unref (event);

  return TRUE;
}

GstPad *
gst_realtime_bin_request_new_pad (GstElement * element,
    GstPadTemplate * templ, const gchar * name, const GstCaps * caps)
{
  GstRealtimeBin *self = GST_REALTIME_BIN (element);
  GstPad *pad;

  pad = gst_pad_new_from_template (templ, "token_sink");
  gst_pad_set_chain_function (pad, token_chain);
  gst_pad_set_event_function (pad, token_event);

  GST_OBJECT_LOCK (self);
  if (self->token_pad) {
    GST_OBJECT_UNLOCK (self);
    GST_WARNING_OBJECT (self, "there is one token_sink only");
    gst_object_unref (gst_object_ref_sink (pad));
    return NULL;
  }
  self->token_pad = gst_object_ref (pad);
  GST_OBJECT_UNLOCK (self);

  if (GST_STATE (self) > GST_STATE_READY)
    gst_pad_set_active (pad, TRUE);
  gst_element_add_pad (element, pad);

  return pad;
}

void
gst_realtime_bin_release_pad (GstElement * element, GstPad * pad)
{
  GstRealtimeBin *self = GST_REALTIME_BIN (element);
  GstPad *token_pad = NULL;

  GST_OBJECT_LOCK (self);
  if (self->token_pad == pad)
    token_pad = g_steal_pointer (&self->token_pad);
  GST_OBJECT_UNLOCK (self);

  gst_pad_set_active (pad, FALSE);
  gst_element_remove_pad (element, pad);
  gst_clear_object (&token_pad);
}

void
gst_realtime_bin_want_token (gpointer host)
{
  GstRealtimeBin *self = host;
  GstRealtimeSupervisor *supervisor;
  GstPad *pad = NULL;
  gchar *token;

  GST_OBJECT_LOCK (self);
  token = g_steal_pointer (&self->token);
  self->token_wanted = token == NULL;
  /* the first token comes without being asked for */
  if (!token && self->connections > 0 && self->token_pad)
    pad = gst_object_ref (self->token_pad);
  self->connections++;
  GST_OBJECT_UNLOCK (self);

  if (token && (supervisor = gst_realtime_bin_borrow_supervisor (self))) {
    gst_realtime_supervisor_take_token (supervisor, token);
    gst_realtime_bin_give_supervisor_back (self);
  }
  realtime_secret_free (token);

  if (pad) {
    gst_pad_push_event (pad,
        gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM,
            gst_structure_new_empty (TOKEN_REQUEST)));
    gst_object_unref (pad);
  }
}

void
gst_realtime_bin_forget_token (GstRealtimeBin * self)
{
  GST_OBJECT_LOCK (self);
  realtime_secret_free (self->token);
  self->token = NULL;
  GST_OBJECT_UNLOCK (self);
}
