/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "factories.h"

gboolean
gst_realtime_factories_exist (const gchar * const *names,
    const gchar ** missing)
{
  for (; *names; names++) {
    g_autoptr (GstElementFactory) factory = gst_element_factory_find (*names);
    g_autoptr (GstPluginFeature) loaded = NULL;

    if (factory)
      loaded = gst_plugin_feature_load (GST_PLUGIN_FEATURE (factory));
    if (!loaded) {
      if (missing)
        *missing = *names;
      return FALSE;
    }
  }
  return TRUE;
}
