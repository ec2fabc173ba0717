/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Cues from texts of every kind: the limits hold, nothing is lost, the times
 * go forward. */

#include <string.h>
#include <gst/check/gstcheck.h>
#include "captions/cue.h"
#include "captions/linebreak.h"

static GPtrArray *
layout (const gchar * text, GstClockTime start, GstClockTime end)
{
  return realtime_cue_layout (NULL, text, start, end, 37, 2);
}

static const RealtimeCue *
cue_at (GPtrArray * cues, guint i)
{
  fail_unless (i < cues->len);
  return g_ptr_array_index (cues, i);
}

static gboolean
is_left_out (gunichar c)
{
  if (c == 0x00a0 || c == 0x2007 || c == 0x202f)
    return FALSE;
  return c == 0x200b || g_unichar_isspace (c) || g_unichar_iscntrl (c);
}

/* @text without what parts words */
static void
append_solid (GString * solid, const gchar * text)
{
  for (; *text; text = g_utf8_next_char (text)) {
    if (!is_left_out (g_utf8_get_char (text)))
      g_string_append_unichar (solid, g_utf8_get_char (text));
  }
}

/* What holds for the cues of any text. */
static void
check_cues (GPtrArray * cues, const gchar * text, GstClockTime start,
    GstClockTime end, guint max_line_length, guint max_lines)
{
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GString) got = g_string_new (NULL);
  GstClockTime last = start;
  guint i;

  for (i = 0; i < cues->len; i++) {
    const RealtimeCue *cue = cue_at (cues, i);
    g_auto (GStrv) lines = g_strsplit (cue->text, "\n", -1);
    guint j;

    fail_unless (g_utf8_validate (cue->text, -1, NULL));
    fail_unless (g_strv_length (lines) >= 1
        && g_strv_length (lines) <= max_lines, "%u lines in \"%s\"",
        g_strv_length (lines), cue->text);
    for (j = 0; lines[j]; j++) {
      fail_unless (lines[j][0] != '\0');
      fail_unless (realtime_text_columns (lines[j]) <= max_line_length,
          "too long: \"%s\"", lines[j]);
      fail_unless (g_utf8_strlen (lines[j], -1) <= 32 * max_line_length);
      fail_unless (lines[j][0] != ' ');
      fail_unless (!g_str_has_suffix (lines[j], " "));
    }
    append_solid (got, cue->text);

    fail_unless (cue->start >= last);
    fail_unless (cue->end >= cue->start);
    last = cue->end;
  }

  append_solid (expected, text);
  fail_unless_equals_string (got->str, expected->str);
  if (cues->len > 0) {
    fail_unless_equals_uint64 (cue_at (cues, 0)->start, start);
    fail_unless_equals_uint64 (last, end);
  }
}

GST_START_TEST (test_short)
{
  g_autoptr (GPtrArray) cues =
      layout ("  Hello,\n my name\tis Ada.\n", 1000, 5000);

  fail_unless_equals_int (cues->len, 1);
  fail_unless_equals_string (cue_at (cues, 0)->text, "Hello, my name is Ada.");
  fail_unless_equals_uint64 (cue_at (cues, 0)->start, 1000);
  fail_unless_equals_uint64 (cue_at (cues, 0)->end, 5000);
}

GST_END_TEST;

GST_START_TEST (test_nothing)
{
  const gchar *texts[] = { "", " ", "\n\n\t", "\xe2\x80\x8b", "\x01\x02" };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GPtrArray) cues = layout (texts[i], 0, GST_SECOND);
    g_autoptr (GPtrArray) prefixed =
        realtime_cue_layout ("Ada: ", texts[i], 0, GST_SECOND, 37, 2);

    fail_unless_equals_int (cues->len, 0);
    fail_unless_equals_int (prefixed->len, 0);
  }
}

GST_END_TEST;

/* Each of these has one best place to break. */
GST_START_TEST (test_break_places)
{
  static const struct
  {
    const gchar *text, *cues;
  } cases[] = {
    {"We have come a long way, and there is more to do.",
        "We have come a long way,\nand there is more to do."},
    {"This is the first sentence of the two. And here, a little longer, "
          "comes what the second one has to say.",
        "This is the first\nsentence of the two.|"
          "And here, a little longer,\ncomes what the second one has to say."},
    {"He said \xe2\x80\x9cgood night.\xe2\x80\x9d Then everybody went home "
          "and nobody ever came back to the house by the sea.",
        "He said \xe2\x80\x9cgood night.\xe2\x80\x9d\n"
          "Then everybody went home and|"
          "nobody ever came back to\nthe house by the sea."},
    /* after the first sentence two cues would not do for the rest */
    {"The first one ends right here. And the second which is longer by a "
          "good deal ends many words further on.",
        "The first one ends right here.\nAnd the second which|"
          "is longer by a good deal\nends many words further on."},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GPtrArray) cues = layout (cases[i].text, 0, GST_SECOND);
    g_autoptr (GString) got = g_string_new (NULL);
    guint j;

    for (j = 0; j < cues->len; j++)
      g_string_append_printf (got, "%s%s", j > 0 ? "|" : "",
          cue_at (cues, j)->text);
    fail_unless_equals_string (got->str, cases[i].cues);
  }
}

GST_END_TEST;

GST_START_TEST (test_times_follow_characters)
{
  /* forty words of nine characters and a blank each: ten seconds, 250 ms a word */
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) cues = NULL;
  guint i, words = 0;

  for (i = 0; i < 40; i++)
    g_string_append (text, "ninechars ");
  cues = layout (text->str, 2 * GST_SECOND, 12 * GST_SECOND);
  fail_unless (cues->len >= 7);

  for (i = 0; i < cues->len; i++) {
    const RealtimeCue *cue = cue_at (cues, i);
    const gchar *p = cue->text;

    fail_unless_equals_uint64 (cue->start,
        2 * GST_SECOND + words * 250 * GST_MSECOND);
    while ((p = strstr (p, "ninechars"))) {
      words++;
      p++;
    }
    fail_unless_equals_uint64 (cue->end,
        2 * GST_SECOND + words * 250 * GST_MSECOND);
  }
  fail_unless_equals_int (words, 40);
}

GST_END_TEST;

GST_START_TEST (test_prefix_takes_room_but_no_time)
{
  const gchar *text = "one two three four five six seven eight nine ten eleven "
      "twelve thirteen fourteen";
  g_autoptr (GPtrArray) cues = realtime_cue_layout ("Speaker: ", text,
      GST_SECOND, 9 * GST_SECOND, 20, 1);
  g_autofree gchar *whole = g_strconcat ("Speaker: ", text, NULL);
  g_autoptr (GPtrArray) alone = realtime_cue_layout ("Speaker: ", "one",
      GST_SECOND, 9 * GST_SECOND, 20, 1);

  check_cues (cues, whole, GST_SECOND, 9 * GST_SECOND, 20, 1);
  fail_unless_equals_string (cue_at (cues, 0)->text, "Speaker: one two");
  /* "one two " is 8 of 81 characters */
  fail_unless_equals_uint64 (cue_at (cues, 0)->end,
      GST_SECOND + gst_util_uint64_scale (8 * GST_SECOND, 8, 81));
  fail_unless_equals_string (cue_at (alone, 0)->text, "Speaker: one");
  fail_unless_equals_uint64 (cue_at (alone, 0)->end, 9 * GST_SECOND);
}

GST_END_TEST;

GST_START_TEST (test_long_word)
{
  g_autofree gchar *word = g_strnfill (100, 'x');
  g_autofree gchar *text = g_strconcat ("a ", word, " b", NULL);
  g_autoptr (GPtrArray) cues = layout (text, 0, GST_SECOND);

  check_cues (cues, text, 0, GST_SECOND, 37, 2);
}

GST_END_TEST;

/* e with acute as two code points, Devanagari, a family of four, a flag: no
 * line may begin with what belongs to the character before. */
GST_START_TEST (test_clusters_stay_whole)
{
  static const gchar *const clusters[] = {
    "e\xcc\x81", "\xe0\xa4\x95\xe0\xa5\x8d", "\xe1\x84\x80\xe1\x85\xa1",
    "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
    "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", "1\xef\xb8\x8f\xe2\x83\xa3"
  };
  guint i, j, length;

  for (i = 0; i < G_N_ELEMENTS (clusters); i++) {
    for (length = 5; length < 40; length++) {
      g_autoptr (GString) text = g_string_new ("z");
      g_autoptr (GPtrArray) cues = NULL;

      for (j = 0; j < 200; j++)
        g_string_append (text, clusters[i]);
      cues = realtime_cue_layout (NULL, text->str, 0, GST_SECOND, length, 2);
      check_cues (cues, text->str, 0, GST_SECOND, length, 2);

      for (j = 0; j < cues->len; j++) {
        const gchar *p = cue_at (cues, j)->text;

        while (p) {
          fail_unless (g_str_has_prefix (p, j == 0
                  && *p == 'z' ? "z" : clusters[i]));
          p = strchr (p, '\n');
          p = p ? p + 1 : NULL;
        }
      }
    }
  }
}

GST_END_TEST;

/* One character with a thousand accents cannot be kept whole. */
GST_START_TEST (test_endless_cluster)
{
  g_autoptr (GString) text = g_string_new ("a");
  g_autoptr (GPtrArray) cues = NULL;
  guint i;

  for (i = 0; i < 1000; i++)
    g_string_append (text, "\xcc\x81");
  g_string_append (text, " b");
  cues = layout (text->str, 0, GST_SECOND);
  check_cues (cues, text->str, 0, GST_SECOND, 37, 2);
}

GST_END_TEST;

/* Cells of a display that has one width for all characters. */
GST_START_TEST (test_columns)
{
  static const struct
  {
    const gchar *text;
    guint columns;
  } cases[] = {
    {"", 0}, {" \n ", 0}, {"plain text", 10}, {"two\n words ", 9},
    /* letters with marks, of one code point and of more */
    {"\xc3\xa9", 1}, {"e\xcc\x81", 1}, {"\xd9\x84\xd9\x90", 1},
    /* Devanagari ki, Tamil kau, Thai ko-sara-am */
    {"\xe0\xa4\x95\xe0\xa4\xbf", 2}, {"\xe0\xae\x95\xe0\xaf\x8c", 2},
    /* Chinese, full-width Latin, half-width kana, Hangul in one and in jamo */
    {"\xe4\xbd\xa0\xe5\xa5\xbd", 4}, {"\xef\xbc\xa1", 2},
    {"\xef\xbd\xb1", 1}, {"\xed\x95\x9c", 2}, {"\xe1\x84\x80\xe1\x85\xa1", 2},
    /* a flag, a family, a hand of some colour, a key */
    {"\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa", 2},
    {"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
        2}, {"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", 2},
    {"1\xef\xb8\x8f\xe2\x83\xa3", 1},
    /* marks with nothing below them */
    {"\xcc\x81", 1}, {"\xe2\x80\x8d", 1}
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    fail_unless (realtime_text_columns (cases[i].text) == cases[i].columns,
        "%u columns of \"%s\"", realtime_text_columns (cases[i].text),
        cases[i].text);
  }
}

GST_END_TEST;

static gchar *
pieces_of (const gchar * text, guint max_columns)
{
  static const gchar *const seams[] = { " ", "/", "-", "!" };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE,
      sizeof (RealtimePiece));
  GString *shown = g_string_new (NULL);
  guint i;

  realtime_break_text (text, max_columns, out, pieces);
  for (i = 0; i < pieces->len; i++) {
    const RealtimePiece *piece = &g_array_index (pieces, RealtimePiece, i);

    fail_unless (strncmp (text + piece->source, out->str + piece->offset,
            1) == 0);
    if (i > 0)
      g_string_append (shown, seams[piece->seam]);
    g_string_append_len (shown, out->str + piece->offset, piece->bytes);
  }
  return g_string_free (shown, FALSE);
}

/* Where a line may end, by script. */
GST_START_TEST (test_seams)
{
  static const struct
  {
    const gchar *text;
    guint max_columns;
    const gchar *pieces;
  } cases[] = {
    {"  One\n two,  three.", 0, "One two, three."},
    {"a well-known (and so on) 1,000.50", 0,
        "a well--known (and so on) 1,000.50"},
    {"no\xc2\xa0" "break", 0, "no\xc2\xa0" "break"},
    {"zero\xe2\x80\x8bwidth", 0, "zero/width"},
    /* no French line begins with its question mark */
    {"Bonjour ! \xc3\x87" "a va ?", 0, "Bonjour ! \xc3\x87" "a va ?"},
    /* Chinese: after each character but before none that closes */
    {"\xe4\xbd\xa0\xe5\xa5\xbd\xef\xbc\x8c\xe4\xb8\x96\xe7\x95\x8c\xe3\x80\x82",
          0,
        "\xe4\xbd\xa0/\xe5\xa5\xbd\xef\xbc\x8c/\xe4\xb8\x96/\xe7\x95\x8c\xe3\x80\x82"},
    /* Japanese: small kana stay with theirs */
    {"\xe3\x81\x8d\xe3\x82\x83\xe3\x81\x8f", 0,
        "\xe3\x81\x8d\xe3\x82\x83/\xe3\x81\x8f"},
    /* Thai: sawatdi, khrap */
    {"\xe0\xb8\xaa\xe0\xb8\xa7\xe0\xb8\xb1\xe0\xb8\xaa\xe0\xb8\x94\xe0\xb8\xb5"
          "\xe0\xb8\x84\xe0\xb8\xa3\xe0\xb8\xb1\xe0\xb8\x9a", 0,
        "\xe0\xb8\xaa\xe0\xb8\xa7\xe0\xb8\xb1\xe0\xb8\xaa\xe0\xb8\x94\xe0\xb8\xb5/"
          "\xe0\xb8\x84\xe0\xb8\xa3\xe0\xb8\xb1\xe0\xb8\x9a"},
    /* Korean has blanks, which are better, but may break within */
    {"\xec\x95\x88\xeb\x85\x95 \xed\x95\x9c", 0,
        "\xec\x95\x88-\xeb\x85\x95 \xed\x95\x9c"},
    {"abcdefghij kl", 4, "abcd!efgh!ij kl"},
    /* longer than a line in spite of the rule: at the blank */
    {"Bonjour ! Oui", 8, "Bonjour ! Oui"},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *pieces = pieces_of (cases[i].text, cases[i].max_columns);

    fail_unless_equals_string (pieces, cases[i].pieces);
  }
}

GST_END_TEST;

/* Lines of other scripts: wide characters count twice, no mark begins a line,
 * and right-to-left text stays in the order in which it is spoken. */
GST_START_TEST (test_scripts)
{
  static const struct
  {
    const gchar *text;
    guint max_line_length;
    const gchar *cues;
  } cases[] = {
    /* a comma to end at */
    {"\xe4\xbb\x8a\xe5\xa4\xa9\xe5\xa4\xa9\xe6\xb0\x94\xe5\xbe\x88\xe5\xa5\xbd"
          "\xef\xbc\x8c\xe6\x88\x91\xe4\xbb\xac\xe5\x87\xba\xe5\x8e\xbb\xe8\xb5\xb0"
          "\xe8\xb5\xb0\xe3\x80\x82", 16,
        "\xe4\xbb\x8a\xe5\xa4\xa9\xe5\xa4\xa9\xe6\xb0\x94\xe5\xbe\x88\xe5\xa5\xbd"
          "\xef\xbc\x8c\n\xe6\x88\x91\xe4\xbb\xac\xe5\x87\xba\xe5\x8e\xbb\xe8\xb5\xb0"
          "\xe8\xb5\xb0\xe3\x80\x82"},
    /* Hebrew: shalom lekhulam */
    {"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xd7\x9c\xd7\x9b\xd7\x95\xd7\x9c\xd7\x9d",
          8,
        "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d\n\xd7\x9c\xd7\x9b\xd7\x95\xd7\x9c\xd7\x9d"},
    /* a word is parted at its hyphen only if nothing else will do */
    {"It was a well-known place.", 20, "It was a\nwell-known place."},
    {"That was a well-known place to be.", 20,
        "That was a well-\nknown place to be."},
    {"internationally-known", 18, "internationally-\nknown"},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GPtrArray) cues = realtime_cue_layout (NULL, cases[i].text, 0,
        GST_SECOND, cases[i].max_line_length, 2);
    g_autoptr (GString) got = g_string_new (NULL);
    guint j;

    for (j = 0; j < cues->len; j++)
      g_string_append_printf (got, "%s%s", j > 0 ? "|" : "",
          cue_at (cues, j)->text);
    fail_unless_equals_string (got->str, cases[i].cues);
  }
}

GST_END_TEST;

static gunichar
random_character (GRand * rand)
{
  static const gunichar odd[] = { ' ', ' ', ' ', '\n', '\t', '.', ',', '?',
    0x0301, 0x200d, 0x200b, 0x00a0, 0x2028, 0x0085, 0x202e, 0x0007, 0xfeff,
    0x1f468, 0x1f3fb, 0x1f1e6, 0x05d0, 0x0627, 0x060c, 0x0e33, 0x3042, 0x3002,
    0xac00, 0x1161, '<', '&', '>', '-', 0x10ffff
  };
  gunichar c;

  if (g_rand_int_range (rand, 0, 10) < 6)
    return g_rand_int_range (rand, 'a', 'z' + 1);
  if (g_rand_boolean (rand))
    return odd[g_rand_int_range (rand, 0, G_N_ELEMENTS (odd))];
  do {
    c = g_rand_int_range (rand, 1, 0x110000);
  } while (!g_unichar_validate (c));
  return c;
}

GST_START_TEST (test_random_texts)
{
  guint32 seed = g_random_int ();
  GRand *rand = g_rand_new_with_seed (seed);
  guint i;

  GST_INFO ("seed %u", seed);
  for (i = 0; i < 2000; i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    guint n = g_rand_int_range (rand, 0, 400);
    guint max_line_length = g_rand_int_range (rand, 2, 60);
    guint max_lines = g_rand_int_range (rand, 1, 5);
    GstClockTime start = g_rand_int (rand);
    GstClockTime end = start + g_rand_int (rand);
    g_autoptr (GPtrArray) cues = NULL;

    while (n--)
      g_string_append_unichar (text, random_character (rand));
    cues = realtime_cue_layout (NULL, text->str, start, end, max_line_length,
        max_lines);
    check_cues (cues, text->str, start, end, max_line_length, max_lines);
  }
  g_rand_free (rand);
}

GST_END_TEST;

/* 100 kB with blanks, without, and of blanks; the words of the first must stay
 * words. */
GST_START_TEST (test_huge_texts)
{
  GRand *rand = g_rand_new_with_seed (5);
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (GString) joined = g_string_new (NULL);
  g_autofree gchar *solid = g_strnfill (100 * 1024, 'm');
  g_autofree gchar *blank = g_strnfill (100 * 1024, ' ');
  g_autoptr (GPtrArray) cues = NULL;
  GPtrArray *others;
  guint i;

  while (words->len < 100 * 1024) {
    guint n = g_rand_int_range (rand, 1, 12);

    if (words->len > 0)
      g_string_append_c (words, ' ');
    while (n--)
      g_string_append_c (words, 'a' + g_rand_int_range (rand, 0, 26));
    if (g_rand_int_range (rand, 0, 8) == 0)
      g_string_append_c (words, ".,?!"[g_rand_int_range (rand, 0, 4)]);
  }
  g_rand_free (rand);

  cues = layout (words->str, 0, 3600 * GST_SECOND);
  check_cues (cues, words->str, 0, 3600 * GST_SECOND, 37, 2);
  for (i = 0; i < cues->len; i++) {
    if (i > 0)
      g_string_append_c (joined, ' ');
    g_string_append (joined, cue_at (cues, i)->text);
  }
  g_strdelimit (joined->str, "\n", ' ');
  fail_unless (g_str_equal (joined->str, words->str));

  others = layout (solid, 0, 3600 * GST_SECOND);
  check_cues (others, solid, 0, 3600 * GST_SECOND, 37, 2);
  g_ptr_array_unref (others);
  others = layout (blank, 0, 3600 * GST_SECOND);
  fail_unless_equals_int (others->len, 0);
  g_ptr_array_unref (others);
  /* no time at all for it */
  others = layout (words->str, 7, 7);
  check_cues (others, words->str, 7, 7, 37, 2);
  g_ptr_array_unref (others);
}

GST_END_TEST;

static void
check_place (const gchar * text, gint start, gint end, gint position,
    gint now, gint expected_start, gint expected_end)
{
  RealtimeCue cue = { (gchar *) text, start * GST_MSECOND, end * GST_MSECOND };
  RealtimeCuePace pace = { 1000 * GST_MSECOND, 7000 * GST_MSECOND, 25 };
  GstClockTime at = position * GST_MSECOND;

  realtime_cue_place (&cue, &at,
      now < 0 ? GST_CLOCK_TIME_NONE : (GstClockTime) now * GST_MSECOND, &pace);
  fail_unless_equals_uint64 (cue.start, expected_start * GST_MSECOND);
  fail_unless_equals_uint64 (cue.end, expected_end * GST_MSECOND);
  fail_unless_equals_uint64 (at, cue.end);
}

GST_START_TEST (test_place)
{
  const gchar *seventy =
      "1234567890123456789012345678901234\n12345678901234567890123456789012345";

  /* as spoken */
  check_place ("Yes, I do.", 2000, 4000, 1000, 4500, 2000, 4000);
  /* too short to see, too long to leave standing */
  check_place ("Yes.", 2000, 2100, 1000, 4500, 2000, 3000);
  check_place ("Well.", 2000, 20000, 1000, 21000, 2000, 9000);
  /* the one before still stands: later, not shorter than can be read */
  check_place ("Yes, I do.", 2000, 4000, 2500, 4500, 2500, 4000);
  check_place ("Yes, I do.", 2000, 4000, 9000, 9500, 9000, 10000);
  check_place (seventy, 2000, 4000, 9000, 9500, 9000, 11800);
  /* a heap of late ones runs ahead of the stream: catch up */
  check_place ("Yes, I do.", 2000, 4000, 14000, 9500, 14000, 14300);
  check_place ("Yes, I do.", 2000, 4000, 14000, -1, 14000, 15000);
}

GST_END_TEST;

/* Whatever comes, cues neither overlap nor vanish. */
GST_START_TEST (test_place_random)
{
  GRand *rand = g_rand_new_with_seed (11);
  GstClockTime position = 0;
  guint i;

  for (i = 0; i < 10000; i++) {
    GstClockTime start = g_rand_int (rand), before = position;
    RealtimeCue cue = { (gchar *) "x", start, start + g_rand_int (rand) };

    RealtimeCuePace pace = { g_rand_int_range (rand, 0, 3) * GST_SECOND,
      g_rand_int_range (rand, 0, 3) * GST_SECOND,
      g_rand_int_range (rand, 0, 100)
    };

    realtime_cue_place (&cue, &position,
        g_rand_boolean (rand) ? GST_CLOCK_TIME_NONE : g_rand_int (rand), &pace);
    fail_unless (cue.start >= before);
    fail_unless (cue.end >= cue.start + 40 * GST_MSECOND);
    fail_unless_equals_uint64 (position, cue.end);
  }
  g_rand_free (rand);
}

GST_END_TEST;

static Suite *
cue_suite (void)
{
  Suite *s = suite_create ("cue");
  TCase *tc = tcase_create ("layout");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_columns);
  tcase_add_test (tc, test_seams);
  tcase_add_test (tc, test_scripts);
  tcase_add_test (tc, test_short);
  tcase_add_test (tc, test_nothing);
  tcase_add_test (tc, test_break_places);
  tcase_add_test (tc, test_times_follow_characters);
  tcase_add_test (tc, test_prefix_takes_room_but_no_time);
  tcase_add_test (tc, test_long_word);
  tcase_add_test (tc, test_clusters_stay_whole);
  tcase_add_test (tc, test_endless_cluster);
  tcase_add_test (tc, test_random_texts);
  tcase_add_test (tc, test_huge_texts);
  tcase_add_test (tc, test_place);
  tcase_add_test (tc, test_place_random);

  return s;
}

GST_CHECK_MAIN (cue);
