/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_HEARD_H__
#define __REALTIME_HEARD_H__

#include <glib.h>

G_BEGIN_DECLS

/* How long @text takes to say, in units of one letter. */
gdouble realtime_speech_units (const gchar * text);

/* The words of @text that were heard when its speech, @total_ms long, was cut
 * off after @heard_ms: whole words only. */
gchar *realtime_heard_text (const gchar * text, gdouble heard_ms,
    gdouble total_ms);

G_END_DECLS

#endif /* __REALTIME_HEARD_H__ */
