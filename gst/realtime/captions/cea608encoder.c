/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "cea608encoder.h"

#define BLANK 0x20
#define PADDING 0x80
#define NEVER G_MAXUINT64
#define BOTTOM_ROW (REALTIME_CEA608_ROWS - 1)
/* Texts that wait at most; each is a word or a caption. */
#define MAX_WAITING 8192
/* Slots that an erasure takes. Nothing is erased so shortly before the next caption. */
#define ERASURE 2

/* What a text became: a word of a flow, or a whole pop-on caption. */
typedef struct
{
  GArray *lines[4];             /* cells; a word has but the first */
  guint64 start, end;
  gboolean new_line;            /* a word that begins one */
} Piece;

struct _RealtimeCea608Encoder
{
  RealtimeCea608Settings settings;
  RealtimeCea608Stats stats;

  GQueue waiting;               /* Piece, in the order in which they are shown */

  /* What goes out next: bytes below 0x80 for a standard character, else codes of two
   * bytes, sent twice in field 1. */
  GArray *units;
  guint next_unit;
  guint16 last_unit;            /* that was added */
  guint16 repeat;               /* a code to be sent again, or 0 */

  guint64 erase_at;             /* NEVER: nothing is shown, or for ever */

  /* pop-on: the caption that is in the units, or loaded */
  Piece *loading;

  /* flow */
  gboolean open;                /* a line was begun and not erased */
  gboolean new_line;            /* asked for */
  guint column, line;
  guint64 last_end;             /* of what has been shown */
};

static void
piece_free (Piece * piece)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (piece->lines); i++) {
    if (piece->lines[i])
      g_array_unref (piece->lines[i]);
  }
  g_free (piece);
}

static guint
count_characters (const GArray * cells)
{
  guint i, n = 0;

  for (i = 0; i < cells->len; i++) {
    if (g_array_index (cells, RealtimeCea608Cell, i) != BLANK)
      n++;
  }
  return n;
}

static guint
piece_count_characters (const Piece * piece)
{
  guint i, n = 0;

  for (i = 0; i < G_N_ELEMENTS (piece->lines); i++)
    n += piece->lines[i] ? count_characters (piece->lines[i]) : 0;

  return n;
}

RealtimeCea608Encoder *
realtime_cea608_encoder_new (const RealtimeCea608Settings * settings)
{
  RealtimeCea608Encoder *self = g_new0 (RealtimeCea608Encoder, 1);

  self->settings = *settings;
  g_queue_init (&self->waiting);
  self->units = g_array_new (FALSE, FALSE, sizeof (guint16));
  self->erase_at = NEVER;

  return self;
}

void
realtime_cea608_encoder_free (RealtimeCea608Encoder * self)
{
  g_queue_clear_full (&self->waiting, (GDestroyNotify) piece_free);
  g_clear_pointer (&self->loading, piece_free);
  g_array_unref (self->units);
  g_free (self);
}

/* Units */

static void
add_unit (RealtimeCea608Encoder * self, guint16 unit)
{
  g_array_append_val (self->units, unit);
  self->last_unit = unit;
}

static void
add_control (RealtimeCea608Encoder * self, RealtimeCea608Control control)
{
  add_unit (self, realtime_cea608_control (control, self->settings.channel));
}

/* The code of the mode that is on anyway. */
static RealtimeCea608Control
get_mode_control (RealtimeCea608Encoder * self)
{
  switch (self->settings.mode) {
    case REALTIME_CEA608_POP_ON:
      return REALTIME_CEA608_RESUME_CAPTION_LOADING;
    case REALTIME_CEA608_PAINT_ON:
      return REALTIME_CEA608_RESUME_DIRECT_CAPTIONING;
    default:
      return REALTIME_CEA608_ROLL_UP_2 + self->settings.rows - 2;
  }
}

/* Two of the same special character: many a decoder takes the second for a repetition
 * of the first, unless another code stands between. */
static void
part_from_same (RealtimeCea608Encoder * self, RealtimeCea608Cell cell)
{
  guint16 code = realtime_cea608_cell_get_code (cell, self->settings.channel);

  if (self->last_unit == code)
    add_control (self, get_mode_control (self));
}

static void
add_cells (RealtimeCea608Encoder * self, const GArray * cells)
{
  guint i;

  for (i = 0; i < cells->len; i++) {
    RealtimeCea608Cell cell = g_array_index (cells, RealtimeCea608Cell, i);

    if (realtime_cea608_cell_is_extended (cell))
      add_unit (self, realtime_cea608_cell_get_fallback (cell));
    else if (cell >= 0x80)
      part_from_same (self, cell);
    add_unit (self, cell < 0x80 ? cell : realtime_cea608_cell_get_code (cell,
            self->settings.channel));
  }
}

static void
add_position (RealtimeCea608Encoder * self, guint row, guint column)
{
  add_unit (self, realtime_cea608_preamble (row, column,
          self->settings.channel));
  if (column % 4 != 0)
    add_unit (self, realtime_cea608_tab_offset (column % 4,
            self->settings.channel));
}

/* How many pairs the units before the last @tail ones take. */
static guint
count_pairs (const GArray * units, guint tail)
{
  guint i, n = 0;

  for (i = 0; i + tail < units->len; i++) {
    if (g_array_index (units, guint16, i) >= 0x80) {
      n += 2;
    } else {
      n++;
      if (i + 1 + tail < units->len
          && g_array_index (units, guint16, i + 1) < 0x80)
        i++;
    }
  }
  return n;
}

static gboolean
has_units (RealtimeCea608Encoder * self)
{
  return self->next_unit < self->units->len;
}

static void
set_pair (guint8 pair[2], guint8 first, guint8 second)
{
  pair[0] = realtime_cea608_add_parity (first);
  pair[1] = realtime_cea608_add_parity (second);
}

/* Codes come twice in field 1, where a decoder leaves out the second. In field 2 some
 * do not, so that what toggles would be undone: all take it when it comes once. */
static void
send_code (RealtimeCea608Encoder * self, guint16 code, guint8 pair[2])
{
  set_pair (pair, code >> 8, code & 0xff);
  self->repeat = self->repeat || self->settings.channel > 2 ? 0 : code;
}

/* Two characters where two stand together, else one, else a code. */
static void
send_unit (RealtimeCea608Encoder * self, guint8 pair[2])
{
  guint16 unit = g_array_index (self->units, guint16, self->next_unit++);

  if (unit >= 0x80) {
    send_code (self, unit, pair);
  } else {
    guint16 second = has_units (self) ?
        g_array_index (self->units, guint16, self->next_unit) : G_MAXUINT16;

    if (second < 0x80)
      self->next_unit++;
    set_pair (pair, unit, second < 0x80 ? second : 0);
  }
  if (!has_units (self)) {
    g_array_set_size (self->units, 0);
    self->next_unit = 0;
  }
}

/* Adding */

static guint
get_width (RealtimeCea608Encoder * self)
{
  return REALTIME_CEA608_COLUMNS - MAX (self->settings.column, 0);
}

static void
drop (RealtimeCea608Encoder * self, Piece * piece)
{
  self->stats.dropped += piece_count_characters (piece);
  piece_free (piece);
}

static void
enqueue (RealtimeCea608Encoder * self, Piece * piece)
{
  if (self->waiting.length >= MAX_WAITING)
    drop (self, g_queue_pop_head (&self->waiting));
  g_queue_push_tail (&self->waiting, piece);
}

static Piece *
piece_new (GArray * cells)
{
  Piece *piece = g_new0 (Piece, 1);

  piece->lines[0] = cells;
  return piece;
}

static GArray *
slice (const GArray * cells, guint from, guint length)
{
  GArray *part = g_array_sized_new (FALSE, FALSE, sizeof (RealtimeCea608Cell),
      length);

  if (length > 0)
    g_array_append_vals (part,
        &g_array_index (cells, RealtimeCea608Cell, from), length);
  return part;
}

static guint
find_blank (const GArray * cells, guint from)
{
  while (from < cells->len
      && g_array_index (cells, RealtimeCea608Cell, from) != BLANK)
    from++;
  return from;
}

static guint64
share (guint64 start, guint64 end, guint part, guint whole)
{
  return start + (guint64) ((gdouble) (end - start) * part / whole);
}

static gboolean
begins_turn (const GArray * word)
{
  return word->len >= 2 && g_array_index (word, RealtimeCea608Cell, 0) == '>'
      && g_array_index (word, RealtimeCea608Cell, 1) == '>';
}

/* Each word at its share of the time. */
static void
add_words (RealtimeCea608Encoder * self, const GArray * cells, guint64 start,
    guint64 end)
{
  guint from = 0, width = get_width (self);

  while (from < cells->len) {
    guint blank = find_blank (cells, from);
    guint to = MIN (blank, from + width);
    Piece *word = piece_new (slice (cells, from, to - from));

    word->start = share (start, end, from, cells->len);
    word->end = share (start, end, to, cells->len);
    word->new_line = self->new_line || begins_turn (word->lines[0]);
    self->new_line = FALSE;
    enqueue (self, word);
    from = to == blank ? blank + 1 : to;
  }
}

/* How much of @cells from @from on goes on one line: as many words as fit, or as much
 * of a word as does. */
static guint
fit_line (const GArray * cells, guint from, guint width)
{
  guint end = find_blank (cells, from), next;

  if (end - from > width)
    return width;
  while (end < cells->len
      && (next = find_blank (cells, end + 1)) - from <= width)
    end = next;
  return end - from;
}

/* The rows of @text, whose own line breaks are kept. */
static GPtrArray *
break_lines (RealtimeCea608Encoder * self, const gchar * text)
{
  GPtrArray *lines = g_ptr_array_new ();
  g_auto (GStrv) parts = g_strsplit (text, "\n", -1);
  guint i, width = get_width (self);

  for (i = 0; parts[i]; i++) {
    g_autoptr (GArray) cells = realtime_cea608_encode_text (parts[i],
        &self->stats.substituted);
    guint from = 0;

    while (from < cells->len) {
      guint length = fit_line (cells, from, width);

      g_ptr_array_add (lines, slice (cells, from, length));
      from += length;
      if (from < cells->len
          && g_array_index (cells, RealtimeCea608Cell, from) == BLANK)
        from++;
    }
  }
  return lines;
}

static void
add_captions (RealtimeCea608Encoder * self, const gchar * text, guint64 start,
    guint64 end)
{
  g_autoptr (GPtrArray) lines = break_lines (self, text);
  guint rows = MIN (self->settings.rows, 4);
  guint i, n_captions = (lines->len + rows - 1) / rows;

  if (n_captions > 0)
    self->stats.captions++;
  for (i = 0; i < n_captions; i++) {
    /* even parts: 3 lines on 2 rows are 2 and 1, 5 on 4 are 3 and 2 */
    guint from = (lines->len * i + n_captions - 1) / n_captions;
    guint to = (lines->len * (i + 1) + n_captions - 1) / n_captions;
    Piece *caption = g_new0 (Piece, 1);

    memcpy (caption->lines, &lines->pdata[from],
        (to - from) * sizeof (gpointer));
    caption->start = share (start, end, from, lines->len);
    caption->end = share (start, end, to, lines->len);
    enqueue (self, caption);
  }
}

void
realtime_cea608_encoder_add (RealtimeCea608Encoder * self, const gchar * text,
    guint64 start, guint64 end)
{
  end = MAX (start, end);
  if (self->settings.mode == REALTIME_CEA608_POP_ON) {
    add_captions (self, text, start, end);
  } else {
    g_autoptr (GArray) cells = realtime_cea608_encode_text (text,
        &self->stats.substituted);

    if (cells->len > 0)
      self->stats.captions++;
    add_words (self, cells, start, end);
  }
}

void
realtime_cea608_encoder_new_line (RealtimeCea608Encoder * self)
{
  self->new_line = TRUE;
}

/* Pop-on */

static void
load_caption (RealtimeCea608Encoder * self, const Piece * caption)
{
  gint last = self->settings.row < 0 ? BOTTOM_ROW : self->settings.row;
  guint i, n = 0;

  while (n < G_N_ELEMENTS (caption->lines) && caption->lines[n])
    n++;
  /* no rows above the screen */
  last = MAX (last, (gint) n - 1);

  add_control (self, get_mode_control (self));
  add_control (self, REALTIME_CEA608_ERASE_NON_DISPLAYED_MEMORY);
  for (i = 0; i < n; i++) {
    guint length = caption->lines[i]->len;
    guint column = self->settings.column < 0 ?
        (REALTIME_CEA608_COLUMNS - length) / 2 : (guint) self->settings.column;

    add_position (self, last - (n - 1) + i, column);
    add_cells (self, caption->lines[i]);
  }
  add_control (self, REALTIME_CEA608_END_OF_CAPTION);
}

/* Whether the first of the waiting ones has to be loaded now. Leaves out those for
 * which it is too late. */
static gboolean
begin_caption (RealtimeCea608Encoder * self, guint64 slot)
{
  Piece *piece;
  guint load;

  while ((piece = g_queue_peek_head (&self->waiting))) {
    load_caption (self, piece);
    load = count_pairs (self->units, 1) + ERASURE;
    if (slot > piece->start && slot - piece->start > self->settings.latest) {
      g_array_set_size (self->units, 0);
      drop (self, g_queue_pop_head (&self->waiting));
      continue;
    }
    if (slot + load < piece->start) {
      g_array_set_size (self->units, 0);
      return FALSE;
    }
    self->loading = g_queue_pop_head (&self->waiting);
    return TRUE;
  }
  return FALSE;
}

static void
note_delay (RealtimeCea608Encoder * self, guint64 slot, guint64 start)
{
  if (slot > start)
    self->stats.max_delay = MAX (self->stats.max_delay, slot - start);
}

/* The unit that shows the caption stands last, and waits for its time. */
static gboolean
next_of_captions (RealtimeCea608Encoder * self, guint64 slot, guint8 pair[2])
{
  gboolean loaded;

  if (!self->loading && !begin_caption (self, slot))
    return FALSE;
  loaded = self->next_unit + 1 == self->units->len;
  if (loaded && slot < self->loading->start)
    return FALSE;
  send_unit (self, pair);
  if (loaded) {
    note_delay (self, slot, self->loading->start);
    self->stats.characters += piece_count_characters (self->loading);
    /* late, but for as long as it was to be seen */
    self->erase_at = slot + MAX (self->loading->end - self->loading->start, 1);
    g_clear_pointer (&self->loading, piece_free);
  }
  return TRUE;
}

/* An erasure that the next caption would follow at once shows but a flicker. */
static gboolean
is_replaced (RealtimeCea608Encoder * self, guint64 slot)
{
  return self->loading && self->next_unit + 1 == self->units->len
      && self->loading->start <= slot + ERASURE;
}

/* Roll-up and paint-on */

static void
begin_line (RealtimeCea608Encoder * self)
{
  const RealtimeCea608Settings *settings = &self->settings;
  gint last = settings->row < 0 ? BOTTOM_ROW : settings->row;
  guint column = MAX (settings->column, 0);

  if (settings->mode == REALTIME_CEA608_ROLL_UP) {
    last = MAX (last, (gint) settings->rows - 1);
    add_control (self, get_mode_control (self));
    add_control (self, REALTIME_CEA608_CARRIAGE_RETURN);
    add_position (self, last, column);
  } else {
    last = MAX (last, (gint) settings->rows - 1);
    if (self->open && self->line + 1 == settings->rows)
      add_control (self, REALTIME_CEA608_ERASE_DISPLAYED_MEMORY);
    self->line = self->open ? (self->line + 1) % settings->rows : 0;
    add_control (self, get_mode_control (self));
    add_position (self, last - (settings->rows - 1) + self->line, column);
  }
  self->open = TRUE;
  self->column = 0;
}

static void
add_word (RealtimeCea608Encoder * self, const Piece * word)
{
  const GArray *cells = word->lines[0];

  if (!self->open || word->new_line
      || self->column + 1 + cells->len > get_width (self)) {
    begin_line (self);
  } else {
    add_unit (self, BLANK);
    self->column++;
  }
  add_cells (self, cells);
  self->column += cells->len;
}

static gboolean
next_of_flow (RealtimeCea608Encoder * self, guint64 slot, guint8 pair[2])
{
  Piece *word;

  /* the letter of an odd word shares its pair with the next if that is there */
  while (self->units->len - self->next_unit < 2
      && (word = g_queue_peek_head (&self->waiting)) && word->start <= slot) {
    g_queue_pop_head (&self->waiting);
    if (slot - word->start > self->settings.latest) {
      drop (self, word);
      continue;
    }
    add_word (self, word);
    note_delay (self, slot, word->start);
    self->stats.characters += piece_count_characters (word);
    self->last_end = MAX (self->last_end, word->end);
    piece_free (word);
  }
  if (!has_units (self))
    return FALSE;

  send_unit (self, pair);
  if (self->settings.erase_after > 0)
    self->erase_at = MAX (slot, self->last_end) + self->settings.erase_after;
  return TRUE;
}

/* Between the letters of a word, too, but not within a code. */
static gboolean
erase (RealtimeCea608Encoder * self, guint64 slot, guint8 pair[2])
{
  if (slot < self->erase_at || is_replaced (self, slot))
    return FALSE;

  send_code (self, realtime_cea608_control
      (REALTIME_CEA608_ERASE_DISPLAYED_MEMORY, self->settings.channel), pair);
  self->erase_at = NEVER;
  self->open = FALSE;
  return TRUE;
}

gboolean
realtime_cea608_encoder_next (RealtimeCea608Encoder * self, guint64 slot,
    guint8 pair[2])
{
  if (self->repeat) {
    send_code (self, self->repeat, pair);
    return TRUE;
  }
  if (erase (self, slot, pair))
    return TRUE;
  if (self->settings.mode == REALTIME_CEA608_POP_ON ?
      next_of_captions (self, slot, pair) : next_of_flow (self, slot, pair))
    return TRUE;

  pair[0] = pair[1] = PADDING;
  return FALSE;
}

gboolean
realtime_cea608_encoder_is_busy (RealtimeCea608Encoder * self)
{
  return self->repeat || has_units (self) || self->loading
      || !g_queue_is_empty (&self->waiting) || self->erase_at != NEVER;
}

guint
realtime_cea608_encoder_get_lookahead (RealtimeCea608Encoder * self)
{
  if (self->settings.mode != REALTIME_CEA608_POP_ON)
    return 0;

  /* two codes that begin it, two that place a row, the letters of a row */
  return 2 * 2 + self->settings.rows * (2 * 2 + REALTIME_CEA608_COLUMNS / 2)
      + ERASURE;
}

RealtimeCea608Stats
realtime_cea608_encoder_get_stats (RealtimeCea608Encoder * self)
{
  return self->stats;
}
