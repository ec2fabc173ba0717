/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstrealtimeproperties.h"
#include "gstrealtimeserviceproperties.h"

#define READY_FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | \
    GST_PARAM_MUTABLE_READY)

/* The values are what the room of the services knows. */
static GType
service_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    GArray *values = g_array_new (TRUE, TRUE, sizeof (GEnumValue));
    const RealtimeServiceTraits *traits;
    guint i;

    for (i = 0; (traits = realtime_service_get_traits (i)) != NULL; i++) {
      GEnumValue value = { i, traits->description, traits->nick };

      g_array_append_val (values, value);
    }
    /* the type keeps the array for as long as the process lives */
    g_once_init_leave (&type, g_enum_register_static ("GstRealtimeService",
            (GEnumValue *) g_array_free (values, FALSE)));
  }

  return type;
}

static GType
offer_format_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {REALTIME_OFFER_AUTO, "As the service has it; a compatible server that "
          "refuses sdp is offered json", "auto"},
    {REALTIME_OFFER_SDP, "The SDP alone, application/sdp", "sdp"},
    {REALTIME_OFFER_JSON, "JSON: {\"type\":\"offer\",\"sdp\":...,\"model\":"
          "...}, the model where one is set", "json"},
    {REALTIME_OFFER_MULTIPART, "Form data with the parts sdp and session",
        "multipart"},
    {0, NULL, NULL}
  };

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstRealtimeOfferFormat", values));
  }

  return type;
}

void
gst_realtime_service_properties_install (GObjectClass * klass)
{
  g_object_class_install_property (klass, GST_REALTIME_PROP_SERVICE,
      g_param_spec_enum ("service", "Service",
          "Whose protocol dialect to speak", service_get_type (), 0,
          READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_SDP_URL,
      g_param_spec_string ("sdp-url", "SDP URL",
          "Whole URL that the offer is posted to, as to a compatible server, "
          "for example an application's own back end that passes it on; needs "
          "no credentials (NULL: the place that service and base-url make)",
          NULL, READY_FLAGS));
  g_object_class_install_property (klass, GST_REALTIME_PROP_OFFER_FORMAT,
      g_param_spec_enum ("offer-format", "Offer format",
          "How the offer is passed to a compatible server or to sdp-url",
          offer_format_get_type (), REALTIME_OFFER_AUTO, READY_FLAGS));
}

gboolean
gst_realtime_service_properties_set (GstRealtimeSettings * settings, guint id,
    const GValue * value)
{
  switch (id) {
    case GST_REALTIME_PROP_SERVICE:
      gst_realtime_settings_set_service (settings, g_value_get_enum (value));
      return TRUE;
    case GST_REALTIME_PROP_SDP_URL:
      g_free (settings->sdp_url);
      settings->sdp_url = g_value_dup_string (value);
      return TRUE;
    case GST_REALTIME_PROP_OFFER_FORMAT:
      settings->offer_format = g_value_get_enum (value);
      return TRUE;
    default:
      return FALSE;
  }
}

gboolean
gst_realtime_service_properties_get (const GstRealtimeSettings * settings,
    guint id, GValue * value)
{
  switch (id) {
    case GST_REALTIME_PROP_SERVICE:
      g_value_set_enum (value, settings->service);
      return TRUE;
    case GST_REALTIME_PROP_SDP_URL:
      g_value_set_string (value, settings->sdp_url);
      return TRUE;
    case GST_REALTIME_PROP_OFFER_FORMAT:
      g_value_set_enum (value, settings->offer_format);
      return TRUE;
    default:
      return FALSE;
  }
}
