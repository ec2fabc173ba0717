/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <pango/pango.h>

#include "linebreak.h"

#define ZERO_WIDTH_SPACE 0x200b
/* The stream-safe format of Unicode (UAX 15) has no longer ones. */
#define MOST_CHARACTERS_OF_CLUSTER 32

/* One character of the text between its blanks. */
typedef struct
{
  gunichar c;
  guint32 source;
} Character;

typedef struct
{
  guint32 first, last;          /* characters, without the last */
  guint columns;
} Cluster;

static gboolean
is_blank (gunichar c)
{
  switch (c) {
    case 0x00a0:               /* no-break space */
    case 0x2007:               /* figure space */
    case 0x202f:               /* narrow no-break space */
      return FALSE;
    case 0x000b:               /* vertical tab */
    case 0x0085:               /* next line */
      return TRUE;
    default:
      return g_unichar_isspace (c);
  }
}

gboolean
realtime_is_solid (gunichar c)
{
  switch (g_unichar_get_script (c)) {
    case G_UNICODE_SCRIPT_HANGUL:
      return FALSE;
    case G_UNICODE_SCRIPT_THAI:
    case G_UNICODE_SCRIPT_LAO:
    case G_UNICODE_SCRIPT_KHMER:
    case G_UNICODE_SCRIPT_MYANMAR:
    case G_UNICODE_SCRIPT_TIBETAN:
    case G_UNICODE_SCRIPT_TAI_LE:
    case G_UNICODE_SCRIPT_NEW_TAI_LUE:
    case G_UNICODE_SCRIPT_TAI_THAM:
    case G_UNICODE_SCRIPT_TAI_VIET:
      return TRUE;
    default:
      return g_unichar_iswide (c);
  }
}

static RealtimeStop
stop_of (const gchar * word, gsize bytes)
{
  const gchar *p = word + bytes;

  while (p > word) {
    gunichar c;

    p = g_utf8_prev_char (p);
    c = g_utf8_get_char (p);

    switch (c) {
      case '.':
      case '!':
      case '?':
      case 0x2026:             /* horizontal ellipsis */
      case 0x3002:             /* ideographic full stop */
      case 0xff01:             /* fullwidth exclamation mark */
      case 0xff1f:             /* fullwidth question mark */
      case 0x061f:             /* Arabic question mark */
      case 0x06d4:             /* Arabic full stop */
      case 0x0964:             /* danda */
        return REALTIME_STOP_SENTENCE;
      case ',':
      case ';':
      case ':':
      case 0x2013:             /* en dash */
      case 0x2014:             /* em dash */
      case 0x060c:             /* Arabic comma */
      case 0x061b:             /* Arabic semicolon */
      case 0x3001:             /* ideographic comma */
      case 0xff0c:             /* fullwidth comma */
        return REALTIME_STOP_CLAUSE;
      case '"':
      case '\'':
      case ')':
      case ']':
      case 0x300d:             /* right corner bracket */
      case 0x300f:             /* right white corner bracket */
      case 0xff09:             /* fullwidth right parenthesis */
        continue;
      default:
        if (g_unichar_type (c) == G_UNICODE_FINAL_PUNCTUATION)
          continue;
        return REALTIME_STOP_NONE;
    }
  }

  return REALTIME_STOP_NONE;
}

/* @text with single blanks, and without what is no character of it. */
static GArray *
read_characters (const gchar * text)
{
  GArray *characters = g_array_new (FALSE, FALSE, sizeof (Character));
  gunichar seam = 0;
  const gchar *p;

  for (p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    Character character = { g_utf8_get_char (p), p - text };

    if (is_blank (character.c)) {
      seam = ' ';
    } else if (character.c == ZERO_WIDTH_SPACE) {
      seam = seam ? seam : ZERO_WIDTH_SPACE;
    } else if (!g_unichar_iscntrl (character.c)) {
      if (seam && characters->len > 0) {
        Character blank = { seam, character.source };

        g_array_append_val (characters, blank);
      }
      seam = 0;
      g_array_append_val (characters, character);
    }
  }

  return characters;
}

#define CHARACTER(i) (g_array_index (characters, Character, (i)).c)
#define IS_SEAM(i) (CHARACTER (i) == ' ' || CHARACTER (i) == ZERO_WIDTH_SPACE)

static PangoLogAttr *
get_attributes (GArray * characters)
{
  PangoLogAttr *attributes = g_new0 (PangoLogAttr, characters->len + 1);
  GString *text = g_string_sized_new (characters->len);
  guint i;

  for (i = 0; i < characters->len; i++)
    g_string_append_unichar (text, CHARACTER (i));
  pango_get_log_attrs (text->str, text->len, -1, NULL, attributes,
      characters->len + 1);
  g_string_free (text, TRUE);

  return attributes;
}

/* Reads the cluster that begins with character @first and ends before @last or
 * earlier. */
static Cluster
read_cluster (GArray * characters, const PangoLogAttr * attributes,
    guint first, guint last)
{
  Cluster cluster = { first, first, 0 };

  do {
    gunichar c = CHARACTER (cluster.last);

    if (!g_unichar_iszerowidth (c))
      cluster.columns += g_unichar_iswide (c) ? 2 : 1;
    cluster.last++;
  } while (cluster.last < last && !attributes[cluster.last].is_cursor_position
      && cluster.last - first < MOST_CHARACTERS_OF_CLUSTER);
  /* what is joined to one picture is as wide as one */
  cluster.columns = CLAMP (cluster.columns, 1, 2);

  return cluster;
}

/* Appends the characters from @first to before @last, in pieces of at most
 * @max_columns. */
static void
add_pieces (GArray * characters, const PangoLogAttr * attributes, guint first,
    guint last, RealtimeSeam seam, guint max_columns, GString * out,
    GArray * pieces)
{
  while (first < last) {
    RealtimePiece piece = { out->len, 0,
      g_array_index (characters, Character, first).source, 0, seam
    };

    do {
      Cluster cluster = read_cluster (characters, attributes, first, last);

      if (piece.columns > 0 && max_columns > 0
          && piece.columns + cluster.columns > max_columns)
        break;
      piece.columns += cluster.columns;
      for (; first < cluster.last; first++)
        g_string_append_unichar (out, CHARACTER (first));
    } while (first < last);

    piece.bytes = out->len - piece.offset;
    piece.stop = stop_of (out->str + piece.offset, piece.bytes);
    g_array_append_val (pieces, piece);
    seam = REALTIME_SEAM_FORCED;
  }
}

static guint
count_columns (GArray * characters, const PangoLogAttr * attributes,
    guint first, guint last)
{
  guint columns = 0;

  while (first < last) {
    Cluster cluster = read_cluster (characters, attributes, first, last);

    columns += cluster.columns;
    first = cluster.last;
  }
  return columns;
}

/* Whether a line may end before character @i, and what is there. */
static gboolean
is_break (GArray * characters, const PangoLogAttr * attributes, guint i,
    RealtimeSeam * seam)
{
  gunichar before = CHARACTER (i - 1), after = CHARACTER (i);

  if (before == ZERO_WIDTH_SPACE) {
    *seam = REALTIME_SEAM_SOLID;
    return TRUE;
  }
  if (IS_SEAM (i) || !attributes[i].is_line_break)
    return FALSE;

  if (before == ' ')
    *seam = REALTIME_SEAM_BLANK;
  else if (realtime_is_solid (before) || realtime_is_solid (after))
    *seam = REALTIME_SEAM_SOLID;
  else
    *seam = REALTIME_SEAM_TIGHT;
  return TRUE;
}

/* What the rules keep together, from @first to before @last. They may keep
 * blanks: those before a question mark in French. */
static void
add_unit (GArray * characters, const PangoLogAttr * attributes, guint first,
    guint last, RealtimeSeam seam, guint max_columns, GString * out,
    GArray * pieces)
{
  guint i;

  if (last > first && IS_SEAM (last - 1))
    last--;

  if (max_columns > 0 && count_columns (characters, attributes, first,
          last) > max_columns) {
    for (i = first; i < last; i++) {
      if (CHARACTER (i) == ' ') {
        add_pieces (characters, attributes, first, i, seam, max_columns, out,
            pieces);
        first = i + 1;
        seam = REALTIME_SEAM_BLANK;
      }
    }
  }
  add_pieces (characters, attributes, first, last, seam, max_columns, out,
      pieces);
}

void
realtime_break_text (const gchar * text, guint max_columns, GString * out,
    GArray * pieces)
{
  g_autoptr (GArray) characters = read_characters (text);
  g_autofree PangoLogAttr *attributes = NULL;
  RealtimeSeam seam = REALTIME_SEAM_BLANK, next;
  guint first = 0, i;

  if (characters->len == 0)
    return;

  attributes = get_attributes (characters);
  for (i = 1; i < characters->len; i++) {
    if (is_break (characters, attributes, i, &next)) {
      add_unit (characters, attributes, first, i, seam, max_columns, out,
          pieces);
      first = i;
      seam = next;
    }
  }
  add_unit (characters, attributes, first, i, seam, max_columns, out, pieces);
}

guint
realtime_text_columns (const gchar * text)
{
  g_autoptr (GArray) characters = read_characters (text);
  g_autofree PangoLogAttr *attributes = NULL;

  if (characters->len == 0)
    return 0;
  attributes = get_attributes (characters);
  return count_columns (characters, attributes, 0, characters->len);
}
