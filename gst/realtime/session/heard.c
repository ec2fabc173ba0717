/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "heard.h"

/* A syllable's sign takes about as long as three letters. */
#define UNITS_OF_WIDE 3.0
/* Speech this short may hold no word; any longer holds its first one. */
#define WORDLESS_MS 100.0

static gdouble
units_of (gunichar c)
{
  return g_unichar_iswide (c) ? UNITS_OF_WIDE : 1.0;
}

gdouble
realtime_speech_units (const gchar * text)
{
  gdouble units = 0;
  const gchar *p;

  for (p = text; *p; p = g_utf8_next_char (p))
    units += units_of (g_utf8_get_char (p));
  return units;
}

/* Whether a word may end between the characters @c and @next. */
static gboolean
is_boundary (gunichar c, gunichar next)
{
  if (next == 0 || g_unichar_isspace (next))
    return !g_unichar_isspace (c);
  return g_unichar_iswide (c);
}

gchar *
realtime_heard_text (const gchar * text, gdouble heard_ms, gdouble total_ms)
{
  gdouble allowed, units = 0;
  const gchar *p, *end;

  if (heard_ms >= total_ms || total_ms <= 0)
    return g_strdup (text);

  allowed = realtime_speech_units (text) * heard_ms / total_ms;
  end = text;
  for (p = text; *p;) {
    gunichar c = g_utf8_get_char (p);
    const gchar *next = g_utf8_next_char (p);

    units += units_of (c);
    if (is_boundary (c, g_utf8_get_char (next))) {
      if (units > allowed && (end > text || heard_ms < WORDLESS_MS))
        break;
      end = next;
      if (units > allowed)
        break;
    }
    p = next;
  }
  return g_strndup (text, end - text);
}
