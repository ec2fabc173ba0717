/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "conversation-private.h"
#include "json.h"

/* A translation session writes two endless texts, in fragments: what was said,
 * and what that means in the other language. Here they become lines. */

#define NS_PER_MS G_GUINT64_CONSTANT (1000000)
/* The service works in frames of so much. */
#define FRAME_MS 200
/* Nothing more of the sentence comes after so long a silence... */
#define PAUSE_MS 2000
/* ...and after this behind a mark that may have been its last. */
#define SENTENCE_PAUSE_MS 600
#define MAX_LINE_CHARS 240
/* Numbers that are ahead of the clock by more are nonsense. */
#define MAX_AHEAD_MS 2000

void
realtime_session_init_translation (RealtimeSession * session)
{
  session->source.touched = session->translation.touched = REALTIME_TIME_NONE;
  session->source.elapsed_ms = REALTIME_TIME_NONE;
  session->translation.elapsed_ms = REALTIME_TIME_NONE;
}

void
realtime_session_restart_translation (RealtimeSession * session)
{
  if (session->source.item != NULL)
    session->source.item->closed = TRUE;
  if (session->translation.item != NULL)
    session->translation.item->closed = TRUE;
  session->source.item = session->translation.item = NULL;
  realtime_session_init_translation (session);
}

void
realtime_session_take_translation (RealtimeSession * session,
    JsonObject * object)
{
  const gchar *language = realtime_get_id (object, "audio.output.language");

  if (g_strcmp0 (realtime_json_get_string (object, "type", NULL),
          "translation") == 0)
    session->translates = TRUE;
  if (!session->translates || language == NULL)
    return;
  g_free (session->output_language);
  session->output_language = g_strdup (language);
}

static RealtimeTranslationLine *
line_of (RealtimeItem * item)
{
  return item->role == REALTIME_ROLE_USER ? &item->session->source :
      &item->session->translation;
}

static void
tell (RealtimeConversation * self, RealtimeItem * item, const gchar * text,
    const gchar * delta, gboolean final)
{
  guint64 epoch = item->session->timeline.epoch;

  realtime_conversation_tell_line (self, item, text, delta, final,
      realtime_timeline_running_time (epoch, item->start_ms),
      realtime_timeline_running_time (epoch, item->end_ms));
}

/* Takes @text, the words that the line has come to. */
static void
finish_with (RealtimeConversation * self, RealtimeItem * item, gchar * text)
{
  RealtimeTranslationLine *line = line_of (item);

  g_strstrip (text);
  if (*text != '\0' || item->shown)
    tell (self, item, text, "", TRUE);
  item->closed = TRUE;
  g_ptr_array_set_size (item->parts, 0);
  if (line->item == item)
    line->item = NULL;
  g_free (text);
}

void
realtime_conversation_finish_translation (RealtimeConversation * self,
    RealtimeItem * item)
{
  if (!item->closed)
    finish_with (self, item, realtime_item_dup_text (item));
}

static gboolean
is_full_width_end (gunichar c)
{
  return c == 0x3002 || c == 0xff01 || c == 0xff1f || c == 0xff61;
}

static gboolean
is_end (gunichar c)
{
  /* . ! ? ... and what Arabic, Urdu, Devanagari, Armenian, Ethiopic have */
  return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x061f
      || c == 0x06d4 || c == 0x0964 || c == 0x0965 || c == 0x0589
      || c == 0x1362 || is_full_width_end (c);
}

/* A quote or bracket that may stand behind the mark of a sentence. */
static gboolean
is_closing (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return c == '"' || c == '\'' || type == G_UNICODE_CLOSE_PUNCTUATION
      || type == G_UNICODE_FINAL_PUNCTUATION;
}

/* Whether @text could end here. */
static gboolean
ends_sentence (const gchar * text)
{
  const gchar *at = text + strlen (text);

  while (at > text) {
    gunichar c;

    at = g_utf8_prev_char (at);
    c = g_utf8_get_char (at);
    if (is_end (c))
      return TRUE;
    if (!is_closing (c) && !g_unichar_isspace (c))
      return FALSE;
  }
  return FALSE;
}

/* What follows the mark at @at, where it is known that a sentence ends there;
 * else NULL. */
static const gchar *
skip_end (const gchar * at)
{
  gunichar mark = g_utf8_get_char (at);
  const gchar *next = g_utf8_next_char (at);
  const gchar *word;

  while (*next != '\0' && (is_end (g_utf8_get_char (next))
          || is_closing (g_utf8_get_char (next)))) {
    if (is_end (g_utf8_get_char (next)))
      mark = g_utf8_get_char (next);
    next = g_utf8_next_char (next);
  }
  if (*next == '\0')
    return NULL;
  if (is_full_width_end (mark))
    return next;
  if (!g_unichar_isspace (g_utf8_get_char (next)))
    return NULL;
  for (word = next; g_unichar_isspace (g_utf8_get_char (word));
      word = g_utf8_next_char (word));
  if (*word == '\0')
    return NULL;
  /* "e.g. this" */
  return (mark == '.' || mark == 0x2026)
      && g_unichar_islower (g_utf8_get_char (word)) ? NULL : next;
}

/* How many bytes of @text are a line, the rest being of the next one; 0: it is
 * not known yet. */
static gsize
find_cut (const gchar * text)
{
  const gchar *at = text, *blank = NULL;
  guint chars = 0;

  while (g_unichar_isspace (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);
  text = at;
  for (; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);
    const gchar *end = is_end (c) ? skip_end (at) : NULL;

    if (end != NULL)
      return end - text;
    if (g_unichar_isspace (c))
      blank = at;
    if (++chars > MAX_LINE_CHARS)
      return (blank != NULL ? blank : at) - text;
  }
  return 0;
}

static RealtimeItem *
get_item (RealtimeConversation * self, RealtimeSession * session,
    RealtimeTranslationLine * line, gboolean source)
{
  RealtimeItem *item = line->item;

  if (item != NULL)
    return item;
  item = realtime_conversation_make_up_item (self, session, source ?
      "source" : "translation");
  item->role = source ? REALTIME_ROLE_USER : REALTIME_ROLE_ASSISTANT;
  item->line = item->translated = item->committed = TRUE;
  if (!source)
    item->language = g_strdup (session->output_language);
  if (line->elapsed_ms != REALTIME_TIME_NONE) {
    item->start_ms = line->elapsed_ms;
    item->end_ms = line->elapsed_ms + FRAME_MS;
  }
  line->item = item;
  return item;
}

static void
append (RealtimeConversation * self, RealtimeItem * item, const gchar * delta,
    guint64 elapsed_ms)
{
  realtime_item_append (item, 0, REALTIME_WORDS_TEXT, delta);
  if (elapsed_ms != REALTIME_TIME_NONE)
    item->end_ms = elapsed_ms + FRAME_MS;
  tell (self, item, NULL, delta, FALSE);
}

/* The number of the frame that the words are of. It never goes back, and is
 * never ahead of what can have been heard. */
static void
take_elapsed (RealtimeConversation * self, RealtimeSession * session,
    RealtimeTranslationLine * line, JsonObject * event)
{
  gint64 ms = realtime_json_get_int (event, "elapsed_ms", -1);
  guint64 now_ms = realtime_timeline_ms (session->timeline.epoch, self->now);

  if (ms < 0 || ms > REALTIME_MAX_INPUT_MS
      || (now_ms != REALTIME_TIME_NONE && (guint64) ms > now_ms + MAX_AHEAD_MS))
    return;
  if (line->elapsed_ms == REALTIME_TIME_NONE)
    line->elapsed_ms = ms;
  else
    line->elapsed_ms = MAX (line->elapsed_ms, (guint64) ms);
}

/* Appends @rest, which is cut up. */
static void
take_words (RealtimeConversation * self, RealtimeSession * session,
    RealtimeTranslationLine * line, gboolean source, const gchar * rest)
{
  while (*rest != '\0') {
    RealtimeItem *item = get_item (self, session, line, source);
    g_autofree gchar *before = g_strchug (realtime_item_dup_text (item));
    /* no line is as long as that: the rest has its turn */
    gsize room = MIN (strlen (rest), realtime_fit (rest, 8 * MAX_LINE_CHARS));
    g_autofree gchar *piece = g_strndup (rest, room);
    g_autofree gchar *whole = g_strconcat (before, piece, NULL);
    gsize lead = strlen (whole), known = strlen (before), cut;
    g_autofree gchar *head = NULL;

    g_strchug (whole);
    lead -= strlen (whole);
    cut = find_cut (whole);
    if (cut == 0) {
      append (self, item, piece, line->elapsed_ms);
      rest += room;
      continue;
    }
    cut += lead;
    if (cut < known) {
      /* in the middle of what is shown: the last word begins the next line */
      finish_with (self, item, g_strndup (before, cut));
      append (self, get_item (self, session, line, source), before + cut,
          line->elapsed_ms);
      continue;
    }
    head = g_strndup (rest, cut - known);
    if (*head != '\0')
      append (self, item, head, line->elapsed_ms);
    realtime_conversation_finish_translation (self, item);
    rest += cut - known;
  }
}

static void
pause_line (RealtimeConversation * self, RealtimeTranslationLine * line)
{
  g_autofree gchar *text = NULL;
  guint64 quiet;

  if (line->item == NULL || line->touched == REALTIME_TIME_NONE
      || self->now == REALTIME_TIME_NONE || self->now < line->touched)
    return;
  quiet = self->now - line->touched;
  if (quiet < SENTENCE_PAUSE_MS * NS_PER_MS)
    return;
  text = realtime_item_dup_text (line->item);
  if (quiet >= PAUSE_MS * NS_PER_MS || ends_sentence (text))
    realtime_conversation_finish_translation (self, line->item);
}

void
realtime_conversation_pause_translation (RealtimeConversation * self,
    RealtimeSession * session)
{
  pause_line (self, &session->source);
  pause_line (self, &session->translation);
}

static void
handle_delta (RealtimeConversation * self, RealtimeSession * session,
    gboolean source, JsonObject * event)
{
  RealtimeTranslationLine *line = source ? &session->source :
      &session->translation;
  const gchar *delta = realtime_json_get_string (event, "delta", "");
  guint64 before = line->elapsed_ms;

  /* who comes to the stream later did not see what kind of session it is */
  session->translates = TRUE;
  if (*delta == '\0')
    return;
  take_elapsed (self, session, line, event);
  if (line->item != NULL && before != REALTIME_TIME_NONE
      && line->elapsed_ms - before >= PAUSE_MS)
    realtime_conversation_finish_translation (self, line->item);
  take_words (self, session, line, source, delta);
  line->touched = self->now;
}

void
realtime_conversation_handle_translation (RealtimeConversation * self,
    RealtimeSession * session, RealtimeEventType type, JsonObject * event)
{
  if (type != REALTIME_EVENT_SESSION_CLOSED) {
    handle_delta (self, session, type == REALTIME_EVENT_SOURCE_DELTA, event);
    return;
  }
  session->closed = TRUE;
  if (session->source.item != NULL)
    realtime_conversation_finish_translation (self, session->source.item);
  if (session->translation.item != NULL)
    realtime_conversation_finish_translation (self, session->translation.item);
}

RealtimeTurnState
realtime_session_get_translation_turn (RealtimeSession * session)
{
  if (session->over)
    return REALTIME_TURN_IDLE;
  /* both speak at a time: what is heard here comes first */
  if (session->sounding)
    return REALTIME_TURN_ASSISTANT_SPEAKING;
  return session->source.item != NULL ? REALTIME_TURN_USER_SPEAKING :
      REALTIME_TURN_IDLE;
}
