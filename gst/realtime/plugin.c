/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * plugin-realtime:
 *
 * Live voice AI and live captions for any pipeline.
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <gst/gst.h>

#include "gstrealtimebin.h"
#include "gsttokensrc.h"
#include "gsttranscriptcaptions.h"
#include "gsttranscripthlssink.h"
#include "gsttranscriptsink.h"
#include "gsttranscripttocea608.h"

static gboolean
plugin_init (GstPlugin * plugin)
{
  gboolean registered = FALSE;

  registered |= GST_ELEMENT_REGISTER (realtimebin, plugin);
  registered |= GST_ELEMENT_REGISTER (tokensrc, plugin);
  registered |= GST_ELEMENT_REGISTER (transcriptcaptions, plugin);
  registered |= GST_ELEMENT_REGISTER (transcripthlssink, plugin);
  registered |= GST_ELEMENT_REGISTER (transcriptsink, plugin);
  registered |= GST_ELEMENT_REGISTER (transcripttocea608, plugin);

  return registered;
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR,
    GST_VERSION_MINOR,
    realtime,
    "Live voice AI and live captions over the OpenAI Realtime protocol",
    plugin_init, VERSION, GST_LICENSE, GST_PACKAGE_NAME, GST_PACKAGE_ORIGIN)
