/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cea608.h"

/* How far a character is taken apart in the search for one that can be shown. */
#define MAX_PARTS 18

#define CHANNEL_2_BIT 0x08
#define FIELD_2_BIT 0x01
#define BLANK 0x20
#define UNKNOWN '?'

/* Where the character sets differ from ASCII, by code point. */
static const struct
{
  gunichar character;
  RealtimeCea608Cell cell;
  gchar fallback;               /* of an extended one */
} characters[] = {
  /* *INDENT-OFF* */
  {'*', 0x1228, '+'}, {'\\', 0x132b, '/'}, {'^', 0x132c, '\''},
  {'_', 0x132d, '-'}, {'`', 0x27, 0}, {'{', 0x1329, '('}, {'|', 0x132e, '/'},
  {'}', 0x132a, ')'}, {'~', 0x132f, '-'},
  {0xa1, 0x1227, '!'},          /* inverted exclamation mark */
  {0xa2, 0x1135, 0}, {0xa3, 0x1136, 0},         /* cent, pound */
  {0xa4, 0x1336, 'o'}, {0xa5, 0x1335, 'Y'},     /* currency, yen */
  {0xa6, 0x1337, '/'},          /* broken bar */
  {0xa9, 0x122b, 'c'}, {0xab, 0x123e, '"'},     /* copyright, guillemet */
  {0xae, 0x1130, 0}, {0xb0, 0x1131, 0},         /* registered, degree */
  {0xbb, 0x123f, '"'}, {0xbd, 0x1132, 0}, {0xbf, 0x1133, 0},
  /* letters, A to Z then a to z, each with its marks */
  {0xc0, 0x1230, 'A'}, {0xc1, 0x1220, 'A'}, {0xc2, 0x1231, 'A'},
  {0xc3, 0x1320, 'A'}, {0xc4, 0x1330, 'A'}, {0xc5, 0x1338, 'A'},
  {0xc7, 0x1232, 'C'},
  {0xc8, 0x1233, 'E'}, {0xc9, 0x1221, 'E'}, {0xca, 0x1234, 'E'},
  {0xcb, 0x1235, 'E'},
  {0xcc, 0x1323, 'I'}, {0xcd, 0x1322, 'I'}, {0xce, 0x1237, 'I'},
  {0xcf, 0x1238, 'I'},
  {0xd1, 0x7d, 0},
  {0xd2, 0x1325, 'O'}, {0xd3, 0x1222, 'O'}, {0xd4, 0x123a, 'O'},
  {0xd5, 0x1327, 'O'}, {0xd6, 0x1332, 'O'}, {0xd8, 0x133a, 'O'},
  {0xd9, 0x123b, 'U'}, {0xda, 0x1223, 'U'}, {0xdb, 0x123d, 'U'},
  {0xdc, 0x1224, 'U'},
  {0xdf, 0x1334, 's'},
  {0xe0, 0x1138, 0}, {0xe1, 0x2a, 0}, {0xe2, 0x113b, 0},
  {0xe3, 0x1321, 'a'}, {0xe4, 0x1331, 'a'}, {0xe5, 0x1339, 'a'},
  {0xe7, 0x7b, 0},
  {0xe8, 0x113a, 0}, {0xe9, 0x5c, 0}, {0xea, 0x113c, 0}, {0xeb, 0x1236, 'e'},
  {0xec, 0x1324, 'i'}, {0xed, 0x5e, 0}, {0xee, 0x113d, 0}, {0xef, 0x1239, 'i'},
  {0xf1, 0x7e, 0},
  {0xf2, 0x1326, 'o'}, {0xf3, 0x5f, 0}, {0xf4, 0x113e, 0},
  {0xf5, 0x1328, 'o'}, {0xf6, 0x1333, 'o'},
  {0xf7, 0x7c, 0},              /* division sign */
  {0xf8, 0x133b, 'o'},
  {0xf9, 0x123c, 'u'}, {0xfa, 0x60, 0}, {0xfb, 0x113f, 0}, {0xfc, 0x1225, 'u'},
  /* punctuation and signs */
  {0x2014, 0x122a, '-'},        /* em dash */
  {0x2018, 0x1226, '\''}, {0x2019, 0x27, 0},
  {0x201c, 0x122e, '"'}, {0x201d, 0x122f, '"'},
  {0x2022, 0x122d, '.'},        /* bullet */
  {0x2120, 0x122c, 's'}, {0x2122, 0x1134, 0},   /* service mark, trade mark */
  {0x250c, 0x133c, '+'}, {0x2510, 0x133d, '+'}, /* corners of a box */
  {0x2514, 0x133e, '+'}, {0x2518, 0x133f, '+'},
  {0x2588, 0x7f, 0},            /* full block */
  {0x266a, 0x1137, 0},          /* eighth note */
  /* *INDENT-ON* */
};

/* What comes near to a character that the format lacks, and that does not have a
 * decomposition to something that it has. */
static const struct
{
  gunichar character;
  const gchar *text;
} substitutes[] = {
  /* *INDENT-OFF* */
  {0xac, "-"}, {0xb1, "+/-"}, {0xb7, "\342\200\242"}, {0xd7, "x"},
  {0xd0, "D"}, {0xde, "Th"}, {0xc6, "AE"}, {0xe6, "ae"}, {0xf0, "d"},
  {0xfe, "th"}, {0x110, "D"}, {0x111, "d"}, {0x131, "i"}, {0x141, "L"},
  {0x142, "l"}, {0x152, "OE"}, {0x153, "oe"}, {0x1e9e, "SS"},
  {0x2010, "-"}, {0x2011, "-"}, {0x2012, "-"}, {0x2013, "-"},
  {0x2015, "\342\200\224"}, {0x201a, "'"}, {0x201b, "'"}, {0x201e, "\""},
  {0x201f, "\""}, {0x2026, "..."}, {0x2032, "'"}, {0x2033, "\""},
  {0x2039, "'"}, {0x203a, "'"}, {0x2043, "-"}, {0x2044, "/"}, {0x20ac, "EUR"},
  {0x2190, "<-"}, {0x2192, "->"}, {0x2212, "-"}, {0x2260, "/="},
  {0x2264, "<="}, {0x2265, ">="},
  {0x2669, "\342\231\252"}, {0x266b, "\342\231\252"}, {0x266c, "\342\231\252"},
  {0x1f3b5, "\342\231\252"}, {0x1f3b6, "\342\231\252"},
  /* *INDENT-ON* */
};

/* First bytes and the half of the second bytes of the rows' preambles. */
static const struct
{
  guint8 first, second;
} preambles[REALTIME_CEA608_ROWS] = {
  {0x11, 0x40}, {0x11, 0x60}, {0x12, 0x40}, {0x12, 0x60}, {0x15, 0x40},
  {0x15, 0x60}, {0x16, 0x40}, {0x16, 0x60}, {0x17, 0x40}, {0x17, 0x60},
  {0x10, 0x40}, {0x13, 0x40}, {0x13, 0x60}, {0x14, 0x40}, {0x14, 0x60}
};

/* The cell of @c, 0 where the format lacks it. */
static RealtimeCea608Cell
find_cell (gunichar c)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (characters); i++) {
    if (characters[i].character == c)
      return characters[i].cell;
  }
  return c > BLANK && c < 0x7f ? c : 0;
}

static void append_substitute (GArray * cells, gunichar c);

static void
append_text (GArray * cells, const gchar * text)
{
  for (; *text; text = g_utf8_next_char (text)) {
    gunichar c = g_utf8_get_char (text);
    RealtimeCea608Cell cell = find_cell (c);

    if (cell)
      g_array_append_val (cells, cell);
    else
      append_substitute (cells, c);
  }
}

/* A letter without its mark, a ligature as its letters, a number in a circle. */
static gboolean
append_parts (GArray * cells, gunichar c)
{
  gunichar parts[MAX_PARTS];
  gsize i, n = g_unichar_fully_decompose (c, TRUE, parts, MAX_PARTS);
  guint length = cells->len;

  if (n == 1 && parts[0] == c)
    return FALSE;
  for (i = 0; i < n; i++) {
    RealtimeCea608Cell cell = find_cell (parts[i]);

    if (!cell && g_unichar_iszerowidth (parts[i]))
      continue;
    if (!cell) {
      g_array_set_size (cells, length);
      return FALSE;
    }
    g_array_append_val (cells, cell);
  }
  return cells->len > length;
}

static void
append_substitute (GArray * cells, gunichar c)
{
  const RealtimeCea608Cell unknown = UNKNOWN;
  g_autofree gchar *ascii = NULL;
  gchar utf8[7] = { 0, };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (substitutes); i++) {
    if (substitutes[i].character == c) {
      append_text (cells, substitutes[i].text);
      return;
    }
  }
  if (append_parts (cells, c))
    return;
  /* signs, as far as the tables in GLib know them */
  g_unichar_to_utf8 (c, utf8);
  ascii = g_str_to_ascii (utf8, "C");
  for (i = 0; ascii[i] > BLANK && ascii[i] < 0x7f; i++)
    continue;
  if (i > 0 && ascii[i] == '\0')
    append_text (cells, ascii);
  else
    g_array_append_val (cells, unknown);
}

/* Is not seen, and is not missed. */
static gboolean
is_invisible (gunichar c)
{
  switch (g_unichar_type (c)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
      return TRUE;
    default:
      return (c >= 0xfe00 && c <= 0xfe0f) || c == 0x115f || c == 0x1160;
  }
}

GArray *
realtime_cea608_encode_text (const gchar * text, guint64 * substituted)
{
  GArray *cells = g_array_new (FALSE, FALSE, sizeof (RealtimeCea608Cell));
  g_autofree gchar *valid = g_utf8_make_valid (text, -1);
  g_autofree gchar *composed =
      g_utf8_normalize (valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);
  const RealtimeCea608Cell blank = BLANK;
  gboolean blank_before = FALSE;
  const gchar *p;

  for (p = composed; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    RealtimeCea608Cell cell = find_cell (c);

    if (g_unichar_isspace (c)) {
      blank_before = TRUE;
      continue;
    }
    if (!cell && is_invisible (c))
      continue;
    if (!cell)
      (*substituted)++;
    /* a mark that its letter does not have here */
    if (!cell && g_unichar_iszerowidth (c))
      continue;
    if (blank_before && cells->len > 0)
      g_array_append_val (cells, blank);
    blank_before = FALSE;
    if (cell)
      g_array_append_val (cells, cell);
    else
      append_substitute (cells, c);
  }

  return cells;
}

gboolean
realtime_cea608_cell_is_extended (RealtimeCea608Cell cell)
{
  return (cell >> 8) == 0x12 || (cell >> 8) == 0x13;
}

guint8
realtime_cea608_cell_get_fallback (RealtimeCea608Cell cell)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (characters); i++) {
    if (characters[i].cell == cell && characters[i].fallback)
      return characters[i].fallback;
  }
  return UNKNOWN;
}

static guint16
make_code (guint8 first, guint8 second, guint channel)
{
  if (channel == 2 || channel == 4)
    first |= CHANNEL_2_BIT;
  return first << 8 | second;
}

guint16
realtime_cea608_cell_get_code (RealtimeCea608Cell cell, guint channel)
{
  return make_code (cell >> 8, cell & 0xff, channel);
}

guint16
realtime_cea608_control (RealtimeCea608Control control, guint channel)
{
  return make_code (channel > 2 ? 0x14 | FIELD_2_BIT : 0x14, control, channel);
}

guint16
realtime_cea608_preamble (guint row, guint column, guint channel)
{
  guint8 second;

  g_return_val_if_fail (row < REALTIME_CEA608_ROWS
      && column < REALTIME_CEA608_COLUMNS, 0);

  second = preambles[row].second | 0x10 | (column / 4) << 1;
  return make_code (preambles[row].first, second, channel);
}

guint16
realtime_cea608_tab_offset (guint columns, guint channel)
{
  g_return_val_if_fail (columns >= 1 && columns <= 3, 0);

  return make_code (0x17, 0x20 + columns, channel);
}

guint8
realtime_cea608_add_parity (guint8 byte)
{
  guint8 bits = byte & 0x7f, odd = bits;

  odd ^= odd >> 4;
  odd ^= odd >> 2;
  odd ^= odd >> 1;

  return (odd & 1) ? bits : bits | 0x80;
}
