/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "headers.h"
#include "session/failure.h"

typedef struct
{
  RealtimeSignalling *signalling;
  GError *error;
} Run;

static gboolean
apply_header (GQuark field, const GValue * value, gpointer user_data)
{
  Run *run = user_data;
  const gchar *name = g_quark_to_string (field);
  GValue text = G_VALUE_INIT;

  g_value_init (&text, G_TYPE_STRING);
  if (!g_value_transform (value, &text) || !g_value_get_string (&text)) {
    g_set_error (&run->error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        "The field %s of extra-headers is not a string", name);
  } else if (realtime_http_check_header (name, g_value_get_string (&text),
          &run->error) && run->signalling) {
    realtime_signalling_set_extra_header (run->signalling, name,
        g_value_get_string (&text));
  }
  g_value_unset (&text);
  return run->error == NULL;
}

gboolean
gst_realtime_headers_apply (const GstStructure * headers,
    RealtimeSignalling * signalling, GError ** error)
{
  Run run = { signalling, NULL };

  if (headers)
    gst_structure_foreach (headers, apply_header, &run);
  if (run.error) {
    g_propagate_error (error, run.error);
    return FALSE;
  }
  return TRUE;
}
