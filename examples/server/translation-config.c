/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "translation.h"

#include "schema.h"

static const Field transcription[] = {
  {"model", KIND_STRING,.required = TRUE},
  {NULL}
};

static const Field noise_reduction[] = {
  {"type", KIND_ENUM,.values = "near_field far_field",.required = TRUE},
  {NULL}
};

static const Field input[] = {
  {"transcription", KIND_OBJECT, TRUE,.members = transcription},
  {"noise_reduction", KIND_OBJECT, TRUE,.members = noise_reduction},
  {NULL}
};

static const Field output[] = {
  {"language", KIND_ENUM,.values = TRANSLATION_LANGUAGES},
  {NULL}
};

static const Field audio[] = {
  {"input", KIND_OBJECT,.members = input},
  {"output", KIND_OBJECT,.members = output},
  {NULL}
};

static const Field created[] = {
  {"model", KIND_STRING,.required = TRUE},
  {"audio", KIND_OBJECT,.members = audio},
  {NULL}
};

static const Field updated[] = {
  {"audio", KIND_OBJECT,.members = audio},
  {NULL}
};

gboolean
translation_check (JsonObject * session, gboolean update, Refusal * refusal)
{
  return schema_check (session, update ? updated : created, "session", refusal);
}

void
translation_listen (ListenConfig * listen)
{
  /* a pause ends a chunk; nobody is told */
  listen->mode = LISTEN_SERVER_VAD;
  listen->threshold = 0.5;
  listen->prefix_ms = 300;
  listen->silence_ms = listen->patience_ms = 400;
}
