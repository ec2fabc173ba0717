/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "json.h"
#include "usage.h"

/* No single event may count for more than this: a bound on what a server can
 * claim, far above what any response can cost. */
#define MAX_TOKENS_AN_EVENT G_GINT64_CONSTANT (100000000)
#define MAX_SECONDS_AN_EVENT (24 * 3600.0)

#define COUNTER(name) { #name, G_STRUCT_OFFSET (RealtimeUsage, name) }

const RealtimeUsageCounter realtime_usage_counters[] = {
  COUNTER (input_tokens),
  COUNTER (output_tokens),
  COUNTER (total_tokens),
  COUNTER (input_text_tokens),
  COUNTER (input_audio_tokens),
  COUNTER (input_image_tokens),
  COUNTER (cached_tokens),
  COUNTER (cached_text_tokens),
  COUNTER (cached_audio_tokens),
  COUNTER (cached_image_tokens),
  COUNTER (output_text_tokens),
  COUNTER (output_audio_tokens),
  COUNTER (transcription_input_tokens),
  COUNTER (transcription_output_tokens),
  COUNTER (transcription_input_text_tokens),
  COUNTER (transcription_input_audio_tokens),
  {NULL, 0}
};

guint64
realtime_usage_get_counter (const RealtimeUsage * self,
    const RealtimeUsageCounter * counter)
{
  return G_STRUCT_MEMBER (guint64, self, counter->offset);
}

static guint64
tokens (JsonObject * usage, const gchar * path)
{
  return CLAMP (realtime_json_get_int (usage, path, 0), 0, MAX_TOKENS_AN_EVENT);
}

gboolean
realtime_usage_add_response (RealtimeUsage * self, JsonObject * usage)
{
  guint64 input, output;

  if (usage == NULL)
    return FALSE;

  input = tokens (usage, "input_tokens");
  output = tokens (usage, "output_tokens");
  self->input_tokens += input;
  self->output_tokens += output;
  self->total_tokens += realtime_json_has (usage, "total_tokens") ?
      tokens (usage, "total_tokens") : input + output;

  self->input_text_tokens += tokens (usage, "input_token_details.text_tokens");
  self->input_audio_tokens +=
      tokens (usage, "input_token_details.audio_tokens");
  self->input_image_tokens +=
      tokens (usage, "input_token_details.image_tokens");
  self->cached_tokens += tokens (usage, "input_token_details.cached_tokens");
  self->cached_text_tokens += tokens (usage,
      "input_token_details.cached_tokens_details.text_tokens");
  self->cached_audio_tokens += tokens (usage,
      "input_token_details.cached_tokens_details.audio_tokens");
  self->cached_image_tokens += tokens (usage,
      "input_token_details.cached_tokens_details.image_tokens");
  self->output_text_tokens +=
      tokens (usage, "output_token_details.text_tokens");
  self->output_audio_tokens +=
      tokens (usage, "output_token_details.audio_tokens");
  self->responses++;
  return TRUE;
}

gboolean
realtime_usage_add_transcription (RealtimeUsage * self, JsonObject * usage)
{
  gdouble seconds;

  if (usage == NULL)
    return FALSE;

  self->transcription_input_tokens += tokens (usage, "input_tokens");
  self->transcription_output_tokens += tokens (usage, "output_tokens");
  self->transcription_input_text_tokens +=
      tokens (usage, "input_token_details.text_tokens");
  self->transcription_input_audio_tokens +=
      tokens (usage, "input_token_details.audio_tokens");
  seconds = realtime_json_get_double (usage, "seconds", 0.0);
  self->transcription_seconds += CLAMP (seconds, 0.0, MAX_SECONDS_AN_EVENT);
  return TRUE;
}

void
realtime_usage_to_json (const RealtimeUsage * self, JsonObject * target)
{
  const RealtimeUsageCounter *counter;

  for (counter = realtime_usage_counters; counter->name; counter++) {
    json_object_set_int_member (target, counter->name,
        realtime_usage_get_counter (self, counter));
  }
  json_object_set_double_member (target, "transcription_seconds",
      self->transcription_seconds);
  if (self->translation_seconds > 0)
    json_object_set_double_member (target, "translation_seconds",
        self->translation_seconds);
  json_object_set_int_member (target, "responses", self->responses);
  if (self->cost_usd >= 0)
    json_object_set_double_member (target, "cost_usd", self->cost_usd);
}

void
realtime_usage_from_json (RealtimeUsage * self, JsonObject * source)
{
  const RealtimeUsageCounter *counter;

  for (counter = realtime_usage_counters; counter->name; counter++) {
    gint64 value = realtime_json_get_int (source, counter->name, 0);

    G_STRUCT_MEMBER (guint64, self, counter->offset) = MAX (value, 0);
  }
  self->transcription_seconds =
      MAX (realtime_json_get_double (source, "transcription_seconds", 0), 0);
  self->translation_seconds =
      MAX (realtime_json_get_double (source, "translation_seconds", 0), 0);
  self->responses =
      CLAMP (realtime_json_get_int (source, "responses", 0), 0, G_MAXUINT);
  self->cost_usd = realtime_json_get_double (source, "cost_usd", -1.0);
  if (!(self->cost_usd >= 0))
    self->cost_usd = -1.0;
}

gboolean
realtime_usage_equal (const RealtimeUsage * a, const RealtimeUsage * b)
{
  const RealtimeUsageCounter *counter;

  for (counter = realtime_usage_counters; counter->name; counter++) {
    if (realtime_usage_get_counter (a, counter) !=
        realtime_usage_get_counter (b, counter))
      return FALSE;
  }
  return a->transcription_seconds == b->transcription_seconds
      && a->translation_seconds == b->translation_seconds
      && a->responses == b->responses && a->cost_usd == b->cost_usd;
}
