/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_CEA608_H__
#define __REALTIME_CEA608_H__

#include <glib.h>

G_BEGIN_DECLS

/* The line 21 caption format, ANSI/CTA-608: its characters and its codes. */

#define REALTIME_CEA608_ROWS 15
#define REALTIME_CEA608_COLUMNS 32

/* What takes one column of a row: a byte of the standard set (below 0x80), or the
 * two bytes, without parity, of a special or an extended character of channel 1. */
typedef guint16 RealtimeCea608Cell;

/* Miscellaneous control codes: the second byte. */
typedef enum
{
  REALTIME_CEA608_RESUME_CAPTION_LOADING = 0x20,
  REALTIME_CEA608_ROLL_UP_2 = 0x25,
  REALTIME_CEA608_ROLL_UP_3 = 0x26,
  REALTIME_CEA608_ROLL_UP_4 = 0x27,
  REALTIME_CEA608_RESUME_DIRECT_CAPTIONING = 0x29,
  REALTIME_CEA608_ERASE_DISPLAYED_MEMORY = 0x2c,
  REALTIME_CEA608_CARRIAGE_RETURN = 0x2d,
  REALTIME_CEA608_ERASE_NON_DISPLAYED_MEMORY = 0x2e,
  REALTIME_CEA608_END_OF_CAPTION = 0x2f
} RealtimeCea608Control;

/**
 * realtime_cea608_encode_text:
 * @text: UTF-8, of any length
 * @substituted: (inout): is raised by the number of characters that are shown as
 *   another, or as nothing
 *
 * White space of any kind becomes one blank, with none at the ends; control
 * characters and marks of direction are left out. A character that the format lacks
 * is replaced by what comes near: a letter without its mark, a plain sign for a
 * typographic one, letters for a symbol, else a question mark.
 *
 * Returns: (element-type guint16): a cell for each column
 */
GArray *realtime_cea608_encode_text (const gchar * text, guint64 * substituted);

/* An extended character, which takes the place of the standard one before it, so
 * that a simple decoder has something to show. */
gboolean realtime_cea608_cell_is_extended (RealtimeCea608Cell cell);
guint8 realtime_cea608_cell_get_fallback (RealtimeCea608Cell cell);

/* Codes of two bytes, without parity, for @channel, 1 to 4. */
guint16 realtime_cea608_cell_get_code (RealtimeCea608Cell cell, guint channel);
guint16 realtime_cea608_control (RealtimeCea608Control control, guint channel);
/* Preamble address code: to @row (0 to 14), in white, at @column / 4 * 4. */
guint16 realtime_cea608_preamble (guint row, guint column, guint channel);
/* @columns: 1 to 3 */
guint16 realtime_cea608_tab_offset (guint columns, guint channel);

/* @byte, of 7 bits, with odd parity. */
guint8 realtime_cea608_add_parity (guint8 byte);

G_END_DECLS

#endif /* __REALTIME_CEA608_H__ */
