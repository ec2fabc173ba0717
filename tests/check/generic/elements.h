/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __TESTS_ELEMENTS_H__
#define __TESTS_ELEMENTS_H__

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/* Nothing listens there: a connection is refused at once. */
#define CLOSED_BASE_URL "http://127.0.0.1:9/v1"

/* Every element of the plugin, by the registry: what is added later is there
 * without a change here. Free with gst_plugin_feature_list_free(). */
GList *realtime_elements (void);

/* A new element (floating) with what it asks for before it may start: a key,
 * where it wants one, and a service that is not there. */
GstElement *realtime_element_new (GstElementFactory * factory);

/* For a tool of GStreamer's, its output and errors in one pipe. */
GSubprocessLauncher *tool_launcher_new (void);

gboolean object_has_property (gpointer object, const gchar * name);

G_END_DECLS

#endif /* __TESTS_ELEMENTS_H__ */
