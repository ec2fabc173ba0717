/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <math.h>
#include <string.h>

#include "failure.h"
#include "json.h"
#include "prices.h"

/* A dollar a million tokens is this many pico-dollars a token. */
#define PICO_PER_TOKEN 1e6
#define PICO 1e12
#define US_PER_MINUTE G_GUINT64_CONSTANT (60000000)
/* Bounds that keep products of prices and counts (usage.c) within 64 bits. */
#define MAX_PER_MILLION 10000.0
#define MAX_PER_MINUTE 10.0
#define MAX_US (24 * 3600 * (guint64) G_USEC_PER_SEC)
#define AUDIO_TOKENS_PER_SECOND 10

enum
{
  KIND_TEXT,
  KIND_AUDIO,
  KIND_IMAGE,
  N_KINDS
};

enum
{
  SIDE_INPUT,
  SIDE_CACHED,
  SIDE_OUTPUT,
  N_SIDES
};

static const gchar *const kind_names[] = { "text", "audio", "image", NULL };
static const gchar *const side_names[] = { "input", "cached", "output", NULL };

/* In pico-dollars; negative: none. */
typedef struct
{
  gint64 token[N_KINDS][N_SIDES];
  gint64 minute;
} Model;

struct _RealtimePrices
{
  gchar *date;
  GHashTable *models;           /* name to Model */
};

static gboolean
fail (GError ** error, const gchar * format, ...)
G_GNUC_PRINTF (2, 3);

     static gboolean fail (GError ** error, const gchar * format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL) {
    *error = g_error_new_valist (REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        format, args);
  }
  va_end (args);
  return FALSE;
}

/* A misspelt price would be a price that is missing. */
static gboolean
check_names (JsonObject * object, const gchar * where,
    const gchar * const *names, GError ** error)
{
  JsonObjectIter iter;
  const gchar *name;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, NULL)) {
    if (!g_strv_contains (names, name)) {
      g_autofree gchar *known = g_strjoinv (", ", (gchar **) names);

      return fail (error, "%s has a member \"%.64s\" and takes %s only", where,
          name, known);
    }
  }
  return TRUE;
}

static gboolean
read_price (JsonObject * object, const gchar * name, const gchar * where,
    gdouble limit, gdouble unit, gint64 * price, GError ** error)
{
  gdouble value;

  if (!json_object_has_member (object, name))
    return TRUE;
  value = realtime_json_get_double (object, name, -1);
  if (!(value >= 0 && value <= limit)) {
    return fail (error, "%s: %s must be a number of US dollars from 0 to %g",
        where, name, limit);
  }
  *price = (gint64) llround (value * unit);
  return TRUE;
}

static gboolean
read_tokens (JsonObject * tokens, const gchar * model, Model * prices,
    GError ** error)
{
  guint kind, side;

  if (!check_names (tokens, model, kind_names, error))
    return FALSE;
  for (kind = 0; kind < N_KINDS; kind++) {
    JsonObject *object = realtime_json_get_object (tokens, kind_names[kind]);
    gint64 *row = prices->token[kind];
    g_autofree gchar *where = g_strconcat (model, ".", kind_names[kind], NULL);

    if (object == NULL) {
      if (json_object_has_member (tokens, kind_names[kind]))
        return fail (error, "%s must be an object", where);
      continue;
    }
    if (!check_names (object, where, side_names, error))
      return FALSE;
    for (side = 0; side < N_SIDES; side++) {
      if (!read_price (object, side_names[side], where, MAX_PER_MILLION,
              PICO_PER_TOKEN, &row[side], error))
        return FALSE;
    }
    if (row[SIDE_CACHED] < 0)
      row[SIDE_CACHED] = row[SIDE_INPUT];
  }
  return TRUE;
}

static gboolean
read_model (RealtimePrices * self, const gchar * name, JsonNode * node,
    GError ** error)
{
  static const gchar *const members[] = { "usd_per_million_tokens",
    "usd_per_minute", "note", NULL
  };
  g_autofree gchar *where = g_strdup_printf ("the model %.64s", name);
  JsonObject *object, *tokens;
  Model *model;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, "%s must be an object", where);
  object = json_node_get_object (node);
  if (!check_names (object, where, members, error))
    return FALSE;

  model = g_new (Model, 1);
  memset (model, 0xff, sizeof (*model));        /* -1 everywhere */
  g_hash_table_replace (self->models, g_strdup (name), model);
  tokens = realtime_json_get_object (object, "usd_per_million_tokens");
  if (tokens == NULL && json_object_has_member (object,
          "usd_per_million_tokens"))
    return fail (error, "%s: usd_per_million_tokens must be an object", where);
  return (tokens == NULL || read_tokens (tokens, where, model, error))
      && read_price (object, "usd_per_minute", where, MAX_PER_MINUTE, PICO,
      &model->minute, error);
}

static gboolean
is_date (const gchar * text)
{
  guint i;

  for (i = 0; i < 10; i++) {
    gboolean dash = i == 4 || i == 7;

    if (dash ? text[i] != '-' : !g_ascii_isdigit (text[i]))
      return FALSE;
  }
  return text[i] == '\0';
}

static gboolean
read_table (RealtimePrices * self, JsonObject * table, GError ** error)
{
  static const gchar *const members[] = { "date", "currency", "source",
    "models", NULL
  };
  JsonObject *models = realtime_json_get_object (table, "models");
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *node;

  if (!check_names (table, "the table", members, error))
    return FALSE;
  self->date = g_strdup (realtime_json_get_string (table, "date", ""));
  if (!is_date (self->date))
    return fail (error, "date must say when the prices held, as YYYY-MM-DD");
  if (strcmp (realtime_json_get_string (table, "currency", "USD"), "USD") != 0)
    return fail (error, "currency must be USD");
  if (models == NULL)
    return fail (error, "models must be an object of prices by model");

  json_object_iter_init (&iter, models);
  while (json_object_iter_next (&iter, &name, &node)) {
    if (!read_model (self, name, node, error))
      return FALSE;
  }
  return TRUE;
}

RealtimePrices *
realtime_prices_parse (const gchar * text, gssize length, GError ** error)
{
  g_autoptr (JsonObject) table = NULL;
  g_autoptr (GError) cause = NULL;
  RealtimePrices *self;

  table = realtime_json_parse_object (text, length, &cause);
  if (table == NULL) {
    fail (error, "%s", cause->message);
    return NULL;
  }
  self = g_new0 (RealtimePrices, 1);
  self->models = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      g_free);
  if (!read_table (self, table, error))
    g_clear_pointer (&self, realtime_prices_free);
  return self;
}

void
realtime_prices_free (RealtimePrices * self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->models);
  g_free (self->date);
  g_free (self);
}

const gchar *
realtime_prices_get_date (const RealtimePrices * self)
{
  return self->date;
}

static const Model *
find_model (const RealtimePrices * self, const gchar * name)
{
  g_autofree gchar *undated = NULL;
  const Model *model;
  gsize length;

  if (self == NULL || name == NULL)
    return NULL;
  model = g_hash_table_lookup (self->models, name);
  length = strlen (name);
  if (model != NULL || length <= 11 || name[length - 11] != '-'
      || !is_date (name + length - 10))
    return model;
  undated = g_strndup (name, length - 11);
  return g_hash_table_lookup (self->models, undated);
}

/* Tokens of each kind and side. */
typedef guint64 Counts[N_KINDS][N_SIDES];

static guint64
more (guint64 after, guint64 before)
{
  return after > before ? after - before : 0;
}

/* What of @all the kinds do not account for. */
static guint64
rest (guint64 all, guint64 text, guint64 audio, guint64 image)
{
  return more (all, text + audio + image);
}

#define MORE(counter) more (after->counter, before->counter)

static void
count_responses (const RealtimeUsage * before, const RealtimeUsage * after,
    Counts counts)
{
  guint64 cached_rest, take;
  guint kind;

  counts[KIND_TEXT][SIDE_INPUT] = MORE (input_text_tokens);
  counts[KIND_AUDIO][SIDE_INPUT] = MORE (input_audio_tokens);
  counts[KIND_IMAGE][SIDE_INPUT] = MORE (input_image_tokens);
  counts[KIND_TEXT][SIDE_INPUT] += rest (MORE (input_tokens),
      MORE (input_text_tokens), MORE (input_audio_tokens),
      MORE (input_image_tokens));
  counts[KIND_TEXT][SIDE_CACHED] = MORE (cached_text_tokens);
  counts[KIND_AUDIO][SIDE_CACHED] = MORE (cached_audio_tokens);
  counts[KIND_IMAGE][SIDE_CACHED] = MORE (cached_image_tokens);
  cached_rest = rest (MORE (cached_tokens), MORE (cached_text_tokens),
      MORE (cached_audio_tokens), MORE (cached_image_tokens));
  counts[KIND_TEXT][SIDE_OUTPUT] = MORE (output_text_tokens)
      + rest (MORE (output_tokens), MORE (output_text_tokens),
      MORE (output_audio_tokens), 0);
  counts[KIND_AUDIO][SIDE_OUTPUT] = MORE (output_audio_tokens);
  counts[KIND_IMAGE][SIDE_OUTPUT] = 0;

  /* cached tokens are part of the input, and not paid twice */
  for (kind = 0; kind < N_KINDS; kind++) {
    guint64 *row = counts[kind];

    take = MIN (cached_rest, more (row[SIDE_INPUT], row[SIDE_CACHED]));
    cached_rest -= take;
    row[SIDE_CACHED] = MIN (row[SIDE_CACHED] + take, row[SIDE_INPUT]);
    row[SIDE_INPUT] -= row[SIDE_CACHED];
  }
}

static gboolean
is_empty (Counts counts)
{
  guint kind, side;

  for (kind = 0; kind < N_KINDS; kind++) {
    for (side = 0; side < N_SIDES; side++) {
      if (counts[kind][side] > 0)
        return FALSE;
    }
  }
  return TRUE;
}

/* The cost stays below any sum that a person could owe. */
static void
add_pico (RealtimeCost * self, guint64 pico)
{
  self->pico_usd = pico > G_MAXUINT64 - self->pico_usd ? G_MAXUINT64 :
      self->pico_usd + pico;
}

/* NULL, or the name of what has no price. */
static const gchar *
add_tokens (RealtimeCost * self, const Model * model, Counts counts)
{
  guint kind, side;

  for (kind = 0; kind < N_KINDS; kind++) {
    for (side = 0; side < N_SIDES; side++) {
      if (counts[kind][side] == 0)
        continue;
      if (model->token[kind][side] < 0)
        return kind_names[kind];
      add_pico (self, counts[kind][side] * (guint64) model->token[kind][side]);
    }
  }
  return NULL;
}

/* The price is one of a minute: what a division leaves over, in
 * 60-millionths of a pico-dollar, is carried on to the next time. */
static void
add_microseconds (RealtimeCost * self, guint64 minute, guint64 us)
{
  guint64 seconds, part, left;

  us = MIN (us, MAX_US);
  seconds = us / G_USEC_PER_SEC;
  part = us % G_USEC_PER_SEC;
  left = minute * seconds % 60 * G_USEC_PER_SEC + minute * part + self->carry;
  add_pico (self, minute * seconds / 60);
  add_pico (self, left / US_PER_MINUTE);
  self->carry = left % US_PER_MINUTE;
}

static gchar *
add_responses (RealtimeCost * self, const RealtimePrices * prices,
    const gchar * name, Counts counts)
{
  const Model *model = find_model (prices, name);
  const gchar *missing;

  if (model == NULL)
    return g_strdup_printf ("the model %.64s", name ? name : "of the session");
  missing = add_tokens (self, model, counts);
  return missing ? g_strdup_printf ("%s tokens of the model %.64s", missing,
      name) : NULL;
}

static gchar *
add_transcripts (RealtimeCost * self, const RealtimePrices * prices,
    const gchar * name, Counts counts, guint64 us)
{
  const Model *model = find_model (prices, name);
  gboolean by_token = !is_empty (counts);

  if (model == NULL)
    return g_strdup_printf ("the transcription model %.64s", name ? name :
        "of the session");
  if (by_token && model->token[KIND_AUDIO][SIDE_INPUT] < 0) {
    us += counts[KIND_AUDIO][SIDE_INPUT] * G_USEC_PER_SEC
        / AUDIO_TOKENS_PER_SECOND;
    by_token = FALSE;
  }
  if (by_token && add_tokens (self, model, counts) != NULL)
    return g_strdup_printf ("some tokens of the transcription model %.64s",
        name);
  if (us > 0 && model->minute < 0)
    return g_strdup_printf ("a minute of the transcription model %.64s", name);
  if (us > 0)
    add_microseconds (self, model->minute, us);
  return NULL;
}

/* What is billed by the time that the session heard. */
static gchar *
add_translation (RealtimeCost * self, const RealtimePrices * prices,
    const gchar * name, guint64 us)
{
  const Model *model = find_model (prices, name);

  if (model == NULL || model->minute < 0)
    return g_strdup_printf ("a minute of the model %.64s", name ? name :
        "of the session");
  add_microseconds (self, model->minute, us);
  return NULL;
}

gchar *
realtime_cost_add (RealtimeCost * self, const RealtimePrices * prices,
    const gchar * model, const gchar * transcription_model,
    const RealtimeUsage * before, const RealtimeUsage * after)
{
  gdouble seconds = after->transcription_seconds -
      before->transcription_seconds;
  Counts counts = { {0,}, };
  gchar *missing = NULL;
  guint64 us;

  if (self->unknown)
    return NULL;

  count_responses (before, after, counts);
  if (!is_empty (counts))
    missing = add_responses (self, prices, model, counts);

  memset (counts, 0, sizeof (counts));
  counts[KIND_AUDIO][SIDE_INPUT] = MORE (transcription_input_audio_tokens);
  counts[KIND_TEXT][SIDE_INPUT] = MORE (transcription_input_text_tokens);
  /* what was heard is sound, unless it is said otherwise */
  counts[KIND_AUDIO][SIDE_INPUT] += rest (MORE (transcription_input_tokens),
      MORE (transcription_input_text_tokens),
      MORE (transcription_input_audio_tokens), 0);
  counts[KIND_TEXT][SIDE_OUTPUT] = MORE (transcription_output_tokens);
  us = seconds > 0 ? (guint64) llround (seconds * G_USEC_PER_SEC) : 0;
  if (missing == NULL && (us > 0 || !is_empty (counts)))
    missing = add_transcripts (self, prices, transcription_model, counts, us);

  seconds = after->translation_seconds - before->translation_seconds;
  if (missing == NULL && seconds > 0)
    missing = add_translation (self, prices, model,
        (guint64) llround (seconds * G_USEC_PER_SEC));

  self->unknown = missing != NULL;
  return missing;
}

gdouble
realtime_cost_get_usd (const RealtimeCost * self)
{
  return self->unknown ? -1.0 : self->pico_usd / PICO;
}
