/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The encoder of CEA-608 captions against the decoder of libzvbi: what a
 * television would show. */

#include <string.h>
#include <libzvbi.h>
#include <gst/check/gstcheck.h>
#include "captions/cea608encoder.h"

#define LATEST 150

typedef struct
{
  RealtimeCea608Encoder *encoder;
  vbi_decoder *decoder;
  guint channel;
  guint64 slot;                 /* the next */
  guint8 last[2];               /* a code sent but once, or 0 */
  guint sent;                   /* pairs that were not padding */
} Television;

static const RealtimeCea608Settings pop_on =
    { REALTIME_CEA608_POP_ON, 2, -1, -1, 1, 0, LATEST };
static const RealtimeCea608Settings paint_on =
    { REALTIME_CEA608_PAINT_ON, 2, -1, -1, 1, 90, LATEST };
static const RealtimeCea608Settings roll_up =
    { REALTIME_CEA608_ROLL_UP, 2, -1, -1, 1, 90, LATEST };

static void
television_init (Television * tv, const RealtimeCea608Settings * settings)
{
  memset (tv, 0, sizeof (*tv));
  tv->encoder = realtime_cea608_encoder_new (settings);
  tv->decoder = vbi_decoder_new ();
  tv->channel = settings->channel;
}

static void
television_clear (Television * tv)
{
  realtime_cea608_encoder_free (tv->encoder);
  vbi_decoder_delete (tv->decoder);
}

/* Each byte has odd parity; a code comes twice, at once, in field 1. */
static void
check_pair (Television * tv, const guint8 pair[2])
{
  guint8 first = pair[0] & 0x7f;
  guint i;

  for (i = 0; i < 2; i++)
    fail_unless (realtime_cea608_add_parity (pair[i] & 0x7f) == pair[i]);
  if (tv->last[0]) {
    fail_unless (memcmp (tv->last, pair, 2) == 0,
        "slot %" G_GUINT64_FORMAT ": a code came once", tv->slot);
    tv->last[0] = 0;
  } else if (tv->channel <= 2 && first >= 0x10 && first < 0x20) {
    memcpy (tv->last, pair, 2);
  }
}

static void
television_run (Television * tv, guint64 until)
{
  for (; tv->slot < until; tv->slot++) {
    vbi_sliced line = { 0, };
    guint8 pair[2];
    gboolean sent = realtime_cea608_encoder_next (tv->encoder, tv->slot, pair);

    tv->sent += sent;
    fail_unless (sent || (pair[0] == 0x80 && pair[1] == 0x80));
    check_pair (tv, pair);
    line.id = tv->channel > 2 ? VBI_SLICED_CAPTION_525_F2 :
        VBI_SLICED_CAPTION_525_F1;
    line.line = tv->channel > 2 ? 284 : 21;
    memcpy (line.data, pair, 2);
    vbi_decode (tv->decoder, &line, 1, tv->slot / 30.0);
  }
}

/* What is on the screen: "row:column text|row:column text". */
static gchar *
television_read (Television * tv)
{
  GString *text = g_string_new (NULL);
  vbi_page page;
  gint row, column;

  fail_unless (vbi_fetch_cc_page (tv->decoder, &page, tv->channel, TRUE));
  for (row = 0; row < page.rows; row++) {
    g_autoptr (GString) line = g_string_new (NULL);
    gint first = -1;

    for (column = 0; column < page.columns; column++) {
      const vbi_char *c = &page.text[row * page.columns + column];

      if (c->unicode != 0x20 && first < 0)
        first = column;
      if (first >= 0)
        g_string_append_unichar (line, c->unicode);
    }
    if (first >= 0)
      g_string_append_printf (text, "%s%d:%d %s", text->len ? "|" : "", row,
          /* a blank stands left of the 32 columns */
          first - 1, g_strchomp (line->str));
  }
  return g_string_free (text, FALSE);
}

#define fail_unless_shown(tv, expected) G_STMT_START { \
  g_autofree gchar *seen_ = television_read (tv); \
  fail_unless_equals_string (seen_, expected); \
} G_STMT_END

GST_START_TEST (test_pop_on)
{
  Television tv;

  television_init (&tv, &pop_on);
  realtime_cea608_encoder_add (tv.encoder, "Good evening\nand welcome.", 100,
      160);
  realtime_cea608_encoder_add (tv.encoder, "To the news.", 160, 200);
  television_run (&tv, 100);
  fail_unless_shown (&tv, "");
  /* on at its slot, to the slot */
  television_run (&tv, 101);
  fail_unless_shown (&tv, "13:10 Good evening|14:10 and welcome.");
  television_run (&tv, 160);
  fail_unless_shown (&tv, "13:10 Good evening|14:10 and welcome.");
  television_run (&tv, 161);
  fail_unless_shown (&tv, "14:10 To the news.");
  television_run (&tv, 200);
  fail_unless_shown (&tv, "14:10 To the news.");
  television_run (&tv, 201);
  fail_unless_shown (&tv, "");
  television_run (&tv, 202);
  fail_if (realtime_cea608_encoder_is_busy (tv.encoder));
  television_clear (&tv);
}

GST_END_TEST;

/* Added as late as the encoder asks for, and full: still at its slot. */
GST_START_TEST (test_lookahead)
{
  static const gchar full[] =
      "abcdefghijklmnopqrstuvwxyz012345\nABCDEFGHIJKLMNOPQRSTUVWXYZ678901";
  Television tv;
  guint lookahead;

  television_init (&tv, &pop_on);
  lookahead = realtime_cea608_encoder_get_lookahead (tv.encoder);
  fail_unless (lookahead < 60);
  realtime_cea608_encoder_add (tv.encoder, "before", 1000 - lookahead,
      1000 - 5);
  television_run (&tv, 1000 - lookahead);
  realtime_cea608_encoder_add (tv.encoder, full, 1000, 1100);
  /* and one that is late by all that it takes */
  television_run (&tv, 1001);
  fail_unless_shown (&tv, "13:0 abcdefghijklmnopqrstuvwxyz012345|"
      "14:0 ABCDEFGHIJKLMNOPQRSTUVWXYZ678901");
  fail_unless (realtime_cea608_encoder_get_stats (tv.encoder).max_delay
      <= lookahead);
  television_clear (&tv);
}

GST_END_TEST;

/* More lines than rows: captions one after the other. */
GST_START_TEST (test_pop_on_parts)
{
  Television tv;

  television_init (&tv, &pop_on);
  realtime_cea608_encoder_add (tv.encoder,
      "Thirty-seven characters are too many\nfor a row of this format, as it "
      "is,", 100, 400);
  television_run (&tv, 101);
  fail_unless_shown (&tv, "13:0 Thirty-seven characters are too|14:14 many");
  television_run (&tv, 399);
  fail_unless_shown (&tv, "13:0 for a row of this format, as it|14:14 is,");
  television_run (&tv, 410);
  fail_unless_shown (&tv, "");
  television_clear (&tv);
}

GST_END_TEST;

GST_START_TEST (test_roll_up)
{
  Television tv;

  television_init (&tv, &roll_up);
  realtime_cea608_encoder_add (tv.encoder, "One", 30, 40);
  realtime_cea608_encoder_add (tv.encoder, "two", 45, 50);
  television_run (&tv, 40);
  fail_unless_shown (&tv, "14:0 One");
  television_run (&tv, 60);
  fail_unless_shown (&tv, "14:0 One two");
  realtime_cea608_encoder_add (tv.encoder, "threethreethreethreethree", 60, 70);
  television_run (&tv, 90);
  fail_unless_shown (&tv, "13:0 One two|14:0 threethreethreethreethree");
  realtime_cea608_encoder_add (tv.encoder, ">> Four", 90, 95);
  television_run (&tv, 120);
  fail_unless_shown (&tv, "13:0 threethreethreethreethree|14:0 >> Four");
  /* the time-out */
  television_run (&tv, 180);
  fail_unless_shown (&tv, "13:0 threethreethreethreethree|14:0 >> Four");
  television_run (&tv, 200);
  fail_unless_shown (&tv, "");
  fail_if (realtime_cea608_encoder_is_busy (tv.encoder));
  realtime_cea608_encoder_add (tv.encoder, "Five", 201, 205);
  television_run (&tv, 230);
  fail_unless_shown (&tv, "14:0 Five");
  television_clear (&tv);
}

GST_END_TEST;

GST_START_TEST (test_roll_up_rows)
{
  static const gchar *const shown[] = {
    "13:4 three|14:4 four", "12:4 two|13:4 three|14:4 four",
    "11:4 one|12:4 two|13:4 three|14:4 four"
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (shown); i++) {
    RealtimeCea608Settings settings = roll_up;
    Television tv;

    settings.rows = 2 + i;
    settings.column = 4;
    television_init (&tv, &settings);
    realtime_cea608_encoder_add (tv.encoder, ">>", 0, 1);
    television_run (&tv, 40);
    realtime_cea608_encoder_new_line (tv.encoder);
    realtime_cea608_encoder_add (tv.encoder, "one", 40, 41);
    realtime_cea608_encoder_new_line (tv.encoder);
    realtime_cea608_encoder_add (tv.encoder, "two", 42, 43);
    realtime_cea608_encoder_new_line (tv.encoder);
    realtime_cea608_encoder_add (tv.encoder, "three", 44, 45);
    realtime_cea608_encoder_new_line (tv.encoder);
    realtime_cea608_encoder_add (tv.encoder, "four", 46, 47);
    television_run (&tv, 110);
    fail_unless_shown (&tv, shown[i]);
    television_clear (&tv);
  }
}

GST_END_TEST;

GST_START_TEST (test_paint_on)
{
  RealtimeCea608Settings settings = paint_on;
  Television tv;

  settings.row = 4;
  settings.column = 2;
  television_init (&tv, &settings);
  realtime_cea608_encoder_add (tv.encoder, "Paint is put on, word by word,", 0,
      60);
  television_run (&tv, 30);
  fail_unless_shown (&tv, "3:2 Paint is put on,");
  television_run (&tv, 70);
  fail_unless_shown (&tv, "3:2 Paint is put on, word by word,");
  realtime_cea608_encoder_add (tv.encoder, "on one row, and then the other.",
      70, 100);
  television_run (&tv, 94);
  fail_unless_shown (&tv, "3:2 Paint is put on, word by word,|"
      "4:2 on one row, and then the");
  /* full: from the top again */
  television_run (&tv, 130);
  fail_unless_shown (&tv, "3:2 other.");
  television_clear (&tv);
}

GST_END_TEST;

/* Channels 2 and 4 are not seen in 1 and 3. */
GST_START_TEST (test_channels)
{
  guint channel;

  for (channel = 1; channel <= 4; channel++) {
    RealtimeCea608Settings settings = pop_on;
    Television tv;
    guint other;

    settings.channel = channel;
    television_init (&tv, &settings);
    realtime_cea608_encoder_add (tv.encoder, "C\303\240 \342\231\252!", 50, 90);
    television_run (&tv, 60);
    fail_unless_shown (&tv, "14:13 C\303\240 \342\231\252!");
    for (other = 1; other <= 4; other++) {
      if (other != channel) {
        tv.channel = other;
        fail_unless_shown (&tv, "");
      }
    }
    television_clear (&tv);
  }
}

GST_END_TEST;

/* Every character that the format has. libzvbi does not know the extended ones, as
 * simple decoders do not: it shows what was sent ahead for these. */
GST_START_TEST (test_characters)
{
  static const struct
  {
    const gchar *text, *shown;
  } rows[] = {
    {"!\"#$%&()+,-./0123456789:;<=>?@", NULL},
    {"ABCDEFGHIJKLMNOPQRSTUVWXYZ[]", NULL},
    {"abcdefghijklmnopqrstuvwxyz", NULL},
    {"\303\247\303\267\303\221\303\261\303\241\303\251\303\255\303\263"
          "\303\272", NULL},
    {"\302\256\302\260\302\275\302\277\342\204\242\302\242\302\243"
          "\342\231\252\303\240\303\250\303\242\303\252\303\256\303\264"
          "\303\273", NULL},
    /* libzvbi has a square of its own for the block */
    {"\342\226\210", "\342\226\240"},
    {"\303\201\303\211\303\223\303\232\303\234\303\274\302\241*",
        "AEOUUu!+"},
    {"\302\251\342\204\240\342\200\242\342\200\234\342\200\235",
        "cs.\"\""},
    {"\303\200\303\202\303\207\303\210\303\212\303\213\303\253\303\216"
          "\303\217\303\257\303\224\303\231\303\271\303\233\302\253"
          "\302\273", "AACEEEeIIiOUuU\"\""},
    {"\303\203\303\243\303\215\303\214\303\254\303\222\303\262\303\225"
          "\303\265{}\\_|~", "AaIIiOoOo()/-/-"},
    {"\303\204\303\244\303\226\303\266\303\237\302\245\302\244\303\205"
          "\303\245\303\230\303\270", "AaOosYoAaOo"},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree gchar *expected = g_strdup_printf ("14:0 %s",
        rows[i].shown ? rows[i].shown : rows[i].text);
    RealtimeCea608Settings settings = pop_on;
    Television tv;

    settings.column = 0;
    television_init (&tv, &settings);
    realtime_cea608_encoder_add (tv.encoder, rows[i].text, 200, 300);
    television_run (&tv, 210);
    fail_unless_shown (&tv, expected);
    fail_unless_equals_uint64 (realtime_cea608_encoder_get_stats
        (tv.encoder).substituted, 0);
    television_clear (&tv);
  }
}

GST_END_TEST;

GST_START_TEST (test_substitutes)
{
  static const struct
  {
    const gchar *text, *shown;
    guint substituted;
  } rows[] = {
    {"\342\202\254 5 \342\200\223 \342\200\246", "EUR 5 - ...", 3},
    {"cr\303\250me", "cr\303\250me", 0},
    /* composed first */
    {"e\314\201 a\314\200", "\303\251 \303\240", 0},
    /* letters without a mark that is not there */
    {"\305\201\303\263d\305\272 \304\214apek", "L\303\263dz Capek", 3},
    {"x\314\203\314\204\314\205y", "xy", 3},
    {"\357\254\201\342\221\240\302\262", "fi12", 3},
    /* other scripts: right to left, Han, an emoji of four characters */
    {"\327\251\327\234\327\225\327\235 \344\275\240\345\245\275", "???? ??",
        6},
    {"\360\237\221\251\342\200\215\360\237\221\251\342\200\215\360\237\221\247"
          "\357\270\217", "???", 3},
    {"\342\200\217\342\200\256a\342\200\254b\302\255c", "abc", 0},
    {"  a\t\t\302\240b\342\200\203\001c\n", "a b c", 0},
    {"\342\231\253\342\231\252\342\231\252 la", "\342\231\252\342\231\252"
          "\342\231\252 la", 1},
    {"\302\243\302\243\302\243 \303\240\303\240",
        "\302\243\302\243\302\243 \303\240\303\240", 0},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree gchar *expected = g_strdup_printf ("14:0 %s", rows[i].shown);
    RealtimeCea608Settings settings = pop_on;
    Television tv;

    settings.column = 0;
    television_init (&tv, &settings);
    realtime_cea608_encoder_add (tv.encoder, rows[i].text, 200, 300);
    television_run (&tv, 210);
    fail_unless_shown (&tv, expected);
    fail_unless_equals_uint64 (realtime_cea608_encoder_get_stats
        (tv.encoder).substituted, rows[i].substituted);
    television_clear (&tv);
  }
}

GST_END_TEST;

/* Whatever is added, in whatever mode: the delay is bounded, nothing but pairs comes
 * out, all is shown or counted. */
GST_START_TEST (test_flood)
{
  static const RealtimeCea608Settings *const modes[] =
      { &pop_on, &paint_on, &roll_up };
  g_autoptr (GString) text = g_string_new (NULL);
  guint i, characters = 0;

  for (i = 0; text->len < 100000; i++)
    g_string_append_printf (text, "word%u ", i);
  for (i = 0; i < text->len; i++)
    characters += text->str[i] != ' ';

  for (i = 0; i < G_N_ELEMENTS (modes); i++) {
    RealtimeCea608Stats stats;
    Television tv;

    television_init (&tv, modes[i]);
    realtime_cea608_encoder_add (tv.encoder, text->str, 100, 310);
    television_run (&tv, 310 + LATEST + 200);
    fail_if (realtime_cea608_encoder_is_busy (tv.encoder));
    stats = realtime_cea608_encoder_get_stats (tv.encoder);
    fail_unless (stats.max_delay <= LATEST
        + realtime_cea608_encoder_get_lookahead (tv.encoder));
    fail_unless_equals_uint64 (stats.characters + stats.dropped, characters);
    fail_unless (stats.characters > 100);

    /* and on it goes */
    realtime_cea608_encoder_add (tv.encoder, "again", 1000, 1100);
    television_run (&tv, 1020);
    fail_unless_shown (&tv, modes[i] == &pop_on ? "14:13 again" :
        modes[i] == &paint_on ? "13:0 again" : "14:0 again");
    television_clear (&tv);
  }
}

GST_END_TEST;

/* A word that no row can hold, blanks alone, nothing at all. */
GST_START_TEST (test_odd_texts)
{
  static const RealtimeCea608Settings *const modes[] =
      { &pop_on, &paint_on, &roll_up };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (modes); i++) {
    RealtimeCea608Settings settings = *modes[i];
    Television tv;

    settings.column = 31;
    settings.row = 0;
    television_init (&tv, &settings);
    realtime_cea608_encoder_add (tv.encoder, "", 0, 10);
    realtime_cea608_encoder_add (tv.encoder, " \n \n", 0, 10);
    realtime_cea608_encoder_add (tv.encoder, "\377\376", 0, 0);
    realtime_cea608_encoder_add (tv.encoder, "abc", 100, 10);
    television_run (&tv, 1000);
    fail_if (realtime_cea608_encoder_is_busy (tv.encoder));
    fail_unless_equals_uint64 (realtime_cea608_encoder_get_stats
        (tv.encoder).captions, 2);
    fail_unless_equals_uint64 (realtime_cea608_encoder_get_stats
        (tv.encoder).characters, 5);
    television_clear (&tv);
  }
}

GST_END_TEST;

static Suite *
cea608_suite (void)
{
  Suite *s = suite_create ("captions-cea608");
  TCase *tc = tcase_create ("encoder");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_pop_on);
  tcase_add_test (tc, test_lookahead);
  tcase_add_test (tc, test_pop_on_parts);
  tcase_add_test (tc, test_roll_up);
  tcase_add_test (tc, test_roll_up_rows);
  tcase_add_test (tc, test_paint_on);
  tcase_add_test (tc, test_channels);
  tcase_add_test (tc, test_characters);
  tcase_add_test (tc, test_substitutes);
  tcase_add_test (tc, test_flood);
  tcase_add_test (tc, test_odd_texts);

  return s;
}

GST_CHECK_MAIN (cea608);
