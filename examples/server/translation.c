/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "translation.h"

#include "schema.h"
#include "session-private.h"

#include <string.h>

#define PER_MS 48
#define FRAME_MS 200
/* The close must not overtake what was sent before it. */
#define LAST_WORD_MS 100

/* What is spoken in the other language, a chunk at a time. */
typedef struct
{
  guint serial;
  gchar **words;
  guint told;
} Chunk;

/* Shared with the thread that speaks, which may outlive the session. */
typedef struct
{
  Translation *translation;     /* main thread; NULL: gone */
} Shared;

struct _Translation
{
  Session *session;
  Shared *shared;               /* atomic rc box */
  GThreadPool *speaker;
  GQueue chunks;                /* of Chunk: not all heard yet */
  guint source_words;           /* told of the chunk that is listened to */
  guint finals;                 /* that are owed */
  guint close_tag;              /* of the session.close, 0: none */
  gboolean flushed;             /* all that was said is with the recogniser */
};

typedef struct
{
  Shared *shared;
  guint serial;
  gchar *text;
  const gchar *voice;
  Speech *speech;
} Job;

static void
chunk_free (gpointer data)
{
  Chunk *chunk = data;

  g_strfreev (chunk->words);
  g_free (chunk);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_atomic_rc_box_release (job->shared);
  g_free (job->text);
  g_clear_pointer (&job->speech, speech_free);
  g_free (job);
}

/* Words for the time that the session has heard so far. */
static void
tell_delta (Translation * self, const gchar * type, const gchar * delta)
{
  Session *session = self->session;
  gint64 ms = MAX (session->link.position (session->user_data), 0) / PER_MS;
  JsonObject *event = event_new (type);

  json_object_set_string_member (event, "delta", delta);
  json_object_set_int_member (event, "elapsed_ms", ms / FRAME_MS * FRAME_MS);
  session_send (session, event);
}

static gboolean
end_link (gpointer data)
{
  Session *session = data;

  session->link.close (session->user_data);
  return G_SOURCE_REMOVE;
}

static void
close_when_done (Translation * self)
{
  Session *session = self->session;

  if (!self->flushed || self->finals > 0 || !g_queue_is_empty (&self->chunks)
      || session->closed)
    return;
  session_send (session, event_new ("session.closed"));
  session->closed = TRUE;
  session_after (session, LAST_WORD_MS, end_link, session, NULL);
}

static gboolean
take_speech (gpointer data)
{
  Job *job = data;
  Translation *self = job->shared->translation;

  if (self == NULL)
    return G_SOURCE_REMOVE;
  player_add (self->session->player, job->serial,
      g_steal_pointer (&job->speech));
  player_add (self->session->player, job->serial, NULL);
  return G_SOURCE_REMOVE;
}

static void
speak (gpointer data, gpointer user_data)
{
  Job *job = data;

  job->speech = speaker_speak (job->text, job->voice, 1.0);
  util_post (take_speech, job, job_free);
}

/* A sentence, as far as a pause tells. */
static gchar *
make_sentence (const gchar * text)
{
  gunichar first = g_unichar_toupper (g_utf8_get_char (text));
  gchar letter[7] = "";

  g_unichar_to_utf8 (first, letter);
  return g_strconcat (letter, g_utf8_next_char (text), ".", NULL);
}

static void
translate (Translation * self, const gchar * text)
{
  Session *session = self->session;
  JsonObject *output = util_object (util_object (session->config, "audio"),
      "output");
  g_autofree gchar *words = translation_make (text, util_string (output,
          "language"));
  g_autofree gchar *sentence = make_sentence (words);
  Chunk *chunk = g_new0 (Chunk, 1);
  Job *job = g_new0 (Job, 1);

  chunk->serial = ++session->serial;
  chunk->words = g_strsplit (sentence, " ", -1);
  g_queue_push_tail (&self->chunks, chunk);
  job->shared = g_atomic_rc_box_acquire (self->shared);
  job->serial = chunk->serial;
  /* the engine speaks English letters */
  job->text = g_str_to_ascii (words, "C");
  job->voice = speaker_voice_for (session->server->voice != NULL ?
      session->server->voice : "alloy");
  g_thread_pool_push (self->speaker, job, NULL);
}

static gboolean
tells_source (Translation * self)
{
  return config_input (self->session->config, "transcription") != NULL;
}

static void
tell_source (Translation * self, gchar ** words, gboolean final)
{
  GString *delta = g_string_new (NULL);
  guint i;

  for (i = 0; words[i] != NULL; i++) {
    g_autofree gchar *first = self->source_words == 0 ?
        make_sentence (words[i]) : NULL;

    if (first != NULL)
      first[strlen (first) - 1] = '\0';
    g_string_append_printf (delta, " %s", first ? first : words[i]);
    self->source_words++;
  }
  if (final && self->source_words > 0)
    g_string_append_c (delta, '.');
  if (delta->len > 0 && tells_source (self))
    tell_delta (self, "session.input_transcript.delta", delta->str);
  g_string_free (delta, TRUE);
}

static void
take_partial (Translation * self, const Heard * heard)
{
  g_autofree gchar *text = g_strstrip (g_strdup (heard->text));
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  if (*text != '\0')
    tell_source (self, words, FALSE);
}

static void
take_final (Translation * self, const Heard * heard)
{
  g_auto (GStrv) words = g_strsplit (heard->text ? heard->text : "", " ", -1);
  guint n = heard->text && *heard->text ? g_strv_length (words) : 0;

  if (self->finals > 0)
    self->finals--;
  /* what was told stays, even where more is known now */
  tell_source (self, words + MIN (n ? self->source_words : g_strv_length
          (words), g_strv_length (words)), TRUE);
  self->source_words = 0;
  if (n > 0)
    translate (self, heard->text);
}

void
translation_heard (Translation * self, const Heard * heard)
{
  if (self->session->closed)
    return;
  if (self->close_tag != 0 && heard->tag == self->close_tag)
    self->flushed = TRUE;
  switch (heard->type) {
    case HEARD_COMMITTED:
      self->finals++;
      break;
    case HEARD_PARTIAL:
      take_partial (self, heard);
      break;
    case HEARD_FINAL:
      take_final (self, heard);
      break;
    case HEARD_OVERLOAD:
      session_fail (self->session, "server_error",
          "This machine is too slow to follow what is said.");
      return;
    default:
      break;
  }
  close_when_done (self);
}

static void
tell_word (Translation * self, Chunk * chunk)
{
  g_autofree gchar *delta = g_strconcat (" ", chunk->words[chunk->told++],
      NULL);

  tell_delta (self, "session.output_transcript.delta", delta);
}

void
translation_played (Translation * self, PlayedType type, guint serial)
{
  Chunk *chunk = g_queue_peek_head (&self->chunks);

  if (chunk == NULL || chunk->serial != serial || self->session->closed)
    return;
  if (type == PLAYED_WORD && chunk->words[chunk->told] != NULL)
    tell_word (self, chunk);
  if (type != PLAYED_FINISHED)
    return;
  while (chunk->words[chunk->told] != NULL)
    tell_word (self, chunk);
  chunk_free (g_queue_pop_head (&self->chunks));
  close_when_done (self);
}

/* Client events */

#define COMMON {"type", KIND_STRING}, {"event_id", KIND_STRING}

static const Field plain[] = { COMMON, {NULL} };

static const Field with_session[] = { COMMON,
  {"session", KIND_OBJECT,.required = TRUE}, {NULL}
};

static gboolean
on_update (Translation * self, JsonObject * event, Refusal * refusal)
{
  JsonObject *update = util_object (event, "session");

  if (!translation_check (update, TRUE, refusal))
    return FALSE;
  config_merge (self->session->config, update);
  session_send_config (self->session, "session.updated");
  return TRUE;
}

static gboolean
on_close (Translation * self, gint64 mark)
{
  if (self->close_tag != 0)
    return TRUE;
  self->close_tag = ++self->session->tag;
  recogniser_commit (self->session->recogniser, mark, self->close_tag, FALSE,
      0);
  return TRUE;
}

gboolean
translation_client_event (Translation * self, JsonObject * event, gint64 mark,
    Refusal * refusal)
{
  const gchar *type = util_string (event, "type");

  if (g_str_equal (type, "session.update"))
    return schema_check (event, with_session, "", refusal)
        && on_update (self, event, refusal);
  if (g_str_equal (type, "session.close"))
    return schema_check (event, plain, "", refusal) && on_close (self, mark);
  if (g_str_equal (type, "session.input_audio_buffer.append"))
    return refuse (refusal, "invalid_event", g_strdup ("type"),
        "Audio comes over the media track of a WebRTC session; "
        "'session.input_audio_buffer.append' is for WebSocket sessions.");
  return refuse (refusal, "invalid_value", g_strdup ("type"),
      "Invalid value: '%.64s'. A translation session takes 'session.update' "
      "and 'session.close'.", type);
}

Translation *
translation_new (gpointer session)
{
  Translation *self = g_new0 (Translation, 1);

  self->session = session;
  self->shared = g_atomic_rc_box_new0 (Shared);
  self->shared->translation = self;
  self->speaker = g_thread_pool_new (speak, NULL, 1, FALSE, NULL);
  g_queue_init (&self->chunks);
  return self;
}

void
translation_free (Translation * self)
{
  self->shared->translation = NULL;
  g_thread_pool_free (self->speaker, FALSE, TRUE);
  g_atomic_rc_box_release (self->shared);
  g_queue_clear_full (&self->chunks, chunk_free);
  g_free (self);
}
