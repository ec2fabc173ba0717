/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "signalling-private.h"

/* A new service: its line here, and its file. */
static const RealtimeService *const services[] = {
  &realtime_service_openai,
  &realtime_service_azure,
  &realtime_service_compatible,
};

const RealtimeService *
realtime_service_get (guint service)
{
  return service < G_N_ELEMENTS (services) ? services[service] : NULL;
}

const RealtimeServiceTraits *
realtime_service_get_traits (guint service)
{
  const RealtimeService *found = realtime_service_get (service);

  return found ? &found->traits : NULL;
}
