/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "listeners.h"

/* More elements in a row than any pipeline has. */
#define MAX_ELEMENTS 256

static gboolean is_only_heard (GstPad * src, guint elements);

static gboolean
is_loudspeaker (GstElement * element)
{
  const gchar *klass = gst_element_get_metadata (element,
      GST_ELEMENT_METADATA_KLASS);

  return klass && strstr (klass, "Sink") && strstr (klass, "Audio");
}

static gboolean
has_other_inputs (GstElement * element)
{
  gboolean several;

  GST_OBJECT_LOCK (element);
  several = element->numsinkpads > 1;
  GST_OBJECT_UNLOCK (element);
  return several;
}

/* All ways out of the element, or out of or into the bin, that @sink leads into.
 * There has to be one. */
static gboolean
goes_on_to_be_heard (GstPad * sink, guint elements)
{
  GstIterator *links = gst_pad_iterate_internal_links (sink);
  GValue item = G_VALUE_INIT;
  gboolean heard = FALSE, more = links != NULL;

  while (more) {
    switch (gst_iterator_next (links, &item)) {
      case GST_ITERATOR_OK:
        heard = is_only_heard (g_value_get_object (&item), elements);
        more = heard;
        g_value_reset (&item);
        break;
      case GST_ITERATOR_RESYNC:
        heard = FALSE;
        gst_iterator_resync (links);
        break;
      default:
        more = FALSE;
        break;
    }
  }
  if (G_IS_VALUE (&item))
    g_value_unset (&item);
  if (links)
    gst_iterator_free (links);
  return heard;
}

static gboolean
is_only_heard (GstPad * src, guint elements)
{
  g_autoptr (GstPad) sink = gst_pad_get_peer (src);
  g_autoptr (GstElement) element = NULL;

  if (!sink || elements == 0)
    return FALSE;
  /* a bin's own pad, from outside or inside, is but a door */
  if (!GST_IS_PROXY_PAD (sink)) {
    element = gst_pad_get_parent_element (sink);
    if (!element || has_other_inputs (element))
      return FALSE;
    if (GST_OBJECT_FLAG_IS_SET (element, GST_ELEMENT_FLAG_SINK))
      return is_loudspeaker (element);
  }
  return goes_on_to_be_heard (sink, elements - 1);
}

gboolean
gst_realtime_pad_is_only_heard (GstPad * src)
{
  g_return_val_if_fail (GST_IS_PAD (src), FALSE);
  return is_only_heard (src, MAX_ELEMENTS);
}
