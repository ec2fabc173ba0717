/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstrealtimebin-private.h"

static gboolean
send_event (GstRealtimeBin * self, const gchar * json)
{
  GstRealtimeSupervisor *supervisor = gst_realtime_bin_borrow_supervisor (self);
  GError *error = NULL;
  gboolean accepted = FALSE;

  if (!supervisor) {
    GST_ELEMENT_WARNING (self, RESOURCE, WRITE,
        ("The event was not sent: the element is not in session."), (NULL));
    return FALSE;
  }
  if (json)
    accepted = gst_realtime_supervisor_send (supervisor, json, &error);
  gst_realtime_bin_give_supervisor_back (self);
  if (!accepted)
    GST_ELEMENT_WARNING (self, RESOURCE, WRITE, ("The event was not sent: %s",
            error ? error->message : "it is NULL"), (NULL));
  g_clear_error (&error);

  return accepted;
}

void
gst_realtime_bin_install_actions (GstRealtimeBinClass * klass)
{
  /**
   * GstRealtimeBin::send-event:
   * @self: the element
   * @json: a client event of the protocol, one JSON object
   *
   * Sends the event as it is. Action signal, any thread.
   *
   * Returns: %FALSE, with a warning on the bus, when @json is not an event or
   * there is no configured session.
   */
  g_signal_new_class_handler ("send-event",
      G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (send_event), NULL, NULL, NULL,
      G_TYPE_BOOLEAN, 1, G_TYPE_STRING);
}
