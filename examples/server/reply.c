/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "reply.h"

#include <string.h>

/* Words of @text in lower case, without punctuation. */
static gchar **
words_of (const gchar * text)
{
  g_autofree gchar *lower = g_utf8_strdown (text, -1);
  GPtrArray *words = g_ptr_array_new ();
  gchar *at = lower, *start = NULL;

  for (;; at++) {
    gboolean in_word = g_ascii_isalnum (*at) || *at == '\'' ||
        (guchar) * at >= 0x80;

    if (in_word && start == NULL)
      start = at;
    if (!in_word && start != NULL) {
      g_ptr_array_add (words, g_strndup (start, at - start));
      start = NULL;
    }
    if (*at == '\0')
      break;
  }
  g_ptr_array_add (words, NULL);
  return (gchar **) g_ptr_array_free (words, FALSE);
}

static gboolean
has (gchar ** words, const gchar * word)
{
  return g_strv_contains ((const gchar * const *) words, word);
}

/* Whether any of the words in @list (with blanks between) is there. */
static gboolean
has_any (gchar ** words, const gchar * list)
{
  g_auto (GStrv) each = g_strsplit (list, " ", -1);
  guint i;

  for (i = 0; each[i] != NULL; i++) {
    if (has (words, each[i]))
      return TRUE;
  }
  return FALSE;
}

static gchar *
tell_time (const gchar * format)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return g_date_time_format (now, format);
}

static gchar *
answer (const gchar * said)
{
  g_auto (GStrv) words = words_of (said);

  if (words[0] == NULL)
    return g_strdup ("Sorry, I did not catch that.");
  if (has (words, "time") && has_any (words, "what what's tell"))
    return tell_time ("It is %-I:%M %p.");
  if (has_any (words, "date day") && has_any (words, "what what's tell"))
    return tell_time ("Today is %A, %B %-d.");
  if (has (words, "joke"))
    return g_strdup ("Why did the buffer cross the pipeline? "
        "To get to the other sink.");
  if (has (words, "help"))
    return g_strdup ("I am a small server on this machine. Ask me for the "
        "time, the date or a joke. I repeat everything else.");
  if (has_any (words, "hello hi hey") && g_strv_length (words) <= 6)
    return g_strdup ("Hello! How can I help you?");
  if (has_any (words, "bye goodbye"))
    return g_strdup ("Goodbye!");
  if (has_any (words, "thanks thank") && g_strv_length (words) <= 5)
    return g_strdup ("You are welcome.");
  return g_strdup_printf ("I heard you say: %s.", said);
}

/* "get_weather", "getWeather" and "get-weather" are get and weather. */
static gchar **
words_of_name (const gchar * name)
{
  GString *split = g_string_new (NULL);
  const gchar *at;

  for (at = name; *at != '\0'; at++) {
    if (at > name && g_ascii_isupper (*at) && g_ascii_islower (at[-1]))
      g_string_append_c (split, ' ');
    g_string_append_c (split, g_ascii_isalnum (*at) ? *at : ' ');
  }
  {
    g_autofree gchar *text = g_string_free (split, FALSE);

    return words_of (text);
  }
}

/* All words of its name but the verbs that names begin with. */
static gboolean
names_tool (gchar ** words, const gchar * name)
{
  static const gchar *const verbs[] = { "get", "set", "find", "fetch", "look",
    "lookup", "do", "run", "make", "current", "the", "a", "of", "for", NULL
  };
  g_auto (GStrv) parts = words_of_name (name);
  guint i, matched = 0, left_out = 0;

  for (i = 0; parts[i] != NULL; i++) {
    if (g_strv_contains (verbs, parts[i]))
      left_out++;
    else if (has (words, parts[i]))
      matched++;
    else
      return FALSE;
  }
  return matched > 0 || (i > 0 && left_out == i && has (words, parts[0]));
}

/* What follows "in", "for", "at", "to" or "on". */
static gchar *
place_in (gchar ** words)
{
  static const gchar *const before[] = { "in", "for", "at", "to", "on", NULL };
  guint i;

  for (i = g_strv_length (words); i > 0; i--) {
    if (g_strv_contains (before, words[i - 1]) && words[i] != NULL)
      return g_strjoinv (" ", words + i);
  }
  return NULL;
}

static gboolean
first_number (gchar ** words, gdouble * number)
{
  static const gchar *const names[] = { "zero", "one", "two", "three", "four",
    "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"
  };
  guint i, n;

  for (i = 0; words[i] != NULL; i++) {
    if (g_ascii_isdigit (*words[i])) {
      *number = g_ascii_strtod (words[i], NULL);
      return TRUE;
    }
    for (n = 0; n < G_N_ELEMENTS (names); n++) {
      if (g_str_equal (words[i], names[n])) {
        *number = n;
        return TRUE;
      }
    }
  }
  return FALSE;
}

/* One of the values that @schema allows, if it was said. */
static const gchar *
said_value (JsonObject * schema, gchar ** words)
{
  JsonArray *values = util_array (schema, "enum");
  guint i;

  for (i = 0; values != NULL && i < json_array_get_length (values); i++) {
    JsonNode *node = json_array_get_element (values, i);
    g_autofree gchar *lower = NULL;

    if (!JSON_NODE_HOLDS_VALUE (node) ||
        json_node_get_value_type (node) != G_TYPE_STRING)
      continue;
    lower = g_utf8_strdown (json_node_get_string (node), -1);
    if (has (words, lower))
      return json_node_get_string (node);
  }
  return NULL;
}

static void
fill_argument (JsonObject * arguments, const gchar * name,
    JsonObject * schema, gchar ** words, const gchar * said)
{
  const gchar *type = util_string (schema, "type");
  const gchar *value = said_value (schema, words);
  g_autofree gchar *place = NULL;
  gdouble number;

  if (value != NULL) {
    json_object_set_string_member (arguments, name, value);
  } else if (g_strcmp0 (type, "number") == 0 ||
      g_strcmp0 (type, "integer") == 0) {
    if (!first_number (words, &number))
      return;
    if (g_strcmp0 (type, "integer") == 0)
      json_object_set_int_member (arguments, name, number);
    else
      json_object_set_double_member (arguments, name, number);
  } else if (g_strcmp0 (type, "boolean") == 0) {
    json_object_set_boolean_member (arguments, name, !has_any (words,
            "off no not stop"));
  } else if (g_strcmp0 (type, "string") == 0 &&
      util_array (schema, "enum") == NULL) {
    place = place_in (words);
    json_object_set_string_member (arguments, name,
        place != NULL ? place : said);
  }
}

static void
call_tool (JsonObject * tool, gchar ** words, const gchar * said, Reply * reply)
{
  JsonObject *properties = util_object (util_object (tool, "parameters"),
      "properties");
  g_autoptr (JsonObject) arguments = json_object_new ();
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *node;

  if (properties != NULL) {
    json_object_iter_init_ordered (&iter, properties);
    while (json_object_iter_next_ordered (&iter, &name, &node)) {
      if (JSON_NODE_HOLDS_OBJECT (node))
        fill_argument (arguments, name, json_node_get_object (node), words,
            said);
    }
  }
  reply->function = g_strdup (util_string (tool, "name"));
  reply->arguments = util_print (arguments);
}

/* The tool to call, or NULL. */
static JsonObject *
choose_tool (const Question * question, gchar ** words)
{
  JsonNode *choice = question->tool_choice;
  const gchar *word = NULL, *wanted = NULL;
  guint i;

  if (question->tools == NULL || json_array_get_length (question->tools) == 0)
    return NULL;
  if (choice != NULL && JSON_NODE_HOLDS_OBJECT (choice))
    wanted = util_string (json_node_get_object (choice), "name");
  else if (choice != NULL && JSON_NODE_HOLDS_VALUE (choice))
    word = json_node_get_string (choice);
  if (g_strcmp0 (word, "none") == 0)
    return NULL;
  for (i = 0; i < json_array_get_length (question->tools); i++) {
    JsonObject *tool = json_array_get_object_element (question->tools, i);
    const gchar *name = util_string (tool, "name");

    if (wanted != NULL ? g_str_equal (name, wanted) : names_tool (words, name))
      return tool;
  }
  return g_strcmp0 (word, "required") == 0 ?
      json_array_get_object_element (question->tools, 0) : NULL;
}

/* JSON as words: "temperature 21, sky clear". */
static void
say_node (JsonNode * node, GString * out)
{
  if (JSON_NODE_HOLDS_OBJECT (node)) {
    JsonObjectIter iter;
    const gchar *name;
    JsonNode *value;

    json_object_iter_init_ordered (&iter, json_node_get_object (node));
    while (json_object_iter_next_ordered (&iter, &name, &value)) {
      g_autofree gchar *spaced = g_strdelimit (g_strdup (name), "_-", ' ');

      g_string_append_printf (out, "%s%s ", out->len > 0 ? ", " : "", spaced);
      say_node (value, out);
    }
  } else if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);
    guint i;

    for (i = 0; i < json_array_get_length (array); i++) {
      if (i > 0)
        g_string_append (out, ", ");
      say_node (json_array_get_element (array, i), out);
    }
  } else if (JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_STRING) {
    g_string_append (out, json_node_get_string (node));
  } else {
    g_autofree gchar *text = json_to_string (node, FALSE);

    g_string_append (out, text);
  }
}

static gchar *
tell_result (const gchar * result)
{
  const gchar *why;
  g_autoptr (JsonObject) object = util_parse (result, -1, &why);
  GString *out = g_string_new (NULL);

  if (object != NULL) {
    g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

    json_node_set_object (node, object);
    say_node (node, out);
  } else {
    g_string_append (out, result);
  }
  g_string_prepend (out, "The answer is: ");
  if (!g_str_has_suffix (out->str, "."))
    g_string_append_c (out, '.');
  return g_string_free (out, FALSE);
}

/* "Say hello", "Say: hello" and "Say exactly: hello" ask for these words. */
static gchar *
told_words (const gchar * instructions)
{
  const gchar *at = instructions;
  gchar *words;
  gsize length;

  if (at == NULL || g_ascii_strncasecmp (at, "say", 3) != 0 ||
      g_ascii_isalnum (at[3]))
    return NULL;
  at += 3;
  at += strspn (at, " :,");
  if (g_ascii_strncasecmp (at, "exactly", 7) == 0)
    at += 7 + strspn (at + 7, " :,");
  words = g_strstrip (g_strdup (at));
  length = strlen (words);
  if (length > 1 && *words == '"' && words[length - 1] == '"') {
    words[length - 1] = '\0';
    memmove (words, words + 1, length - 1);
  }
  if (*words != '\0')
    return words;
  g_free (words);
  return NULL;
}

void
reply_make (const Question * question, Reply * reply)
{
  const gchar *said = question->said != NULL ? question->said : "";
  g_auto (GStrv) words = words_of (said);
  JsonObject *tool;

  reply->text = told_words (question->instructions);
  if (reply->text != NULL)
    return;
  if (question->result != NULL) {
    reply->text = tell_result (question->result);
    return;
  }
  tool = choose_tool (question, words);
  if (tool != NULL)
    call_tool (tool, words, said, reply);
  else if (question->picture != NULL
      && has_any (words, "picture image photo see"))
    reply->text = g_strdup_printf ("I see %s.", question->picture);
  else if (question->said == NULL)
    reply->text = g_strdup ("Hello! I am a small server on this machine.");
  else
    reply->text = answer (said);
}

void
reply_clear (Reply * reply)
{
  g_clear_pointer (&reply->text, g_free);
  g_clear_pointer (&reply->function, g_free);
  g_clear_pointer (&reply->arguments, g_free);
}
