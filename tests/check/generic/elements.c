/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "elements.h"

#include <gst/check/gstcheck.h>

GList *
realtime_elements (void)
{
  GList *features, *l, *elements = NULL;

  features = gst_registry_get_feature_list_by_plugin (gst_registry_get (),
      "realtime");
  for (l = features; l; l = l->next) {
    if (GST_IS_ELEMENT_FACTORY (l->data))
      elements = g_list_prepend (elements, gst_object_ref (l->data));
  }
  gst_plugin_feature_list_free (features);

  return g_list_reverse (elements);
}

GSubprocessLauncher *
tool_launcher_new (void)
{
  GSubprocessLauncher *launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE |
      G_SUBPROCESS_FLAGS_STDERR_MERGE);

  /* Under the sanitizers, what the tool itself never frees is not our leak. */
  g_subprocess_launcher_setenv (launcher, "ASAN_OPTIONS", "detect_leaks=0",
      TRUE);

  return launcher;
}

gboolean
object_has_property (gpointer object, const gchar * name)
{
  return g_object_class_find_property (G_OBJECT_GET_CLASS (object), name)
      != NULL;
}

GstElement *
realtime_element_new (GstElementFactory * factory)
{
  GstElement *element = gst_element_factory_create (factory, NULL);

  fail_unless (element != NULL, "%s cannot be made", GST_OBJECT_NAME (factory));
  if (object_has_property (element, "api-key"))
    g_object_set (element, "api-key", "a-key-for-no-service", NULL);
  if (object_has_property (element, "base-url"))
    g_object_set (element, "base-url", CLOSED_BASE_URL, NULL);

  return element;
}
