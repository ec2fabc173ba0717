/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define RATE 48000
#define HEADER 44
/* The header is brought up to date this often, so that a killed server leaves
 * readable files. */
#define HEADER_INTERVAL RATE

typedef struct
{
  int fd;
  gint64 length;                /* samples */
  gint64 announced;             /* samples in the header */
} Wav;

struct _Recorder
{
  GMutex lock;
  /* all below: protected by lock; descriptors are -1 after finish */
  Wav heard, said;
  int server, client;
};

static void
write_all (int fd, const void *data, gsize size, gint64 offset)
{
  const guint8 *bytes = data;

  while (size > 0) {
    gssize done = offset < 0 ? write (fd, bytes, size) :
        pwrite (fd, bytes, size, offset);

    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0) {
      g_printerr ("realtime-server: cannot record: %s\n", g_strerror (errno));
      return;
    }
    bytes += done;
    size -= done;
    if (offset >= 0)
      offset += done;
  }
}

static void
put_header (Wav * wav)
{
  guint32 size = wav->length * sizeof (gint16);
  guint32 words[11] = { 0, GUINT32_TO_LE (size + HEADER - 8), 0, 0,
    GUINT32_TO_LE (16), GUINT32_TO_LE (1 | 1 << 16), GUINT32_TO_LE (RATE),
    GUINT32_TO_LE (RATE * 2), GUINT32_TO_LE (2 | 16 << 16), 0,
    GUINT32_TO_LE (size)
  };

  memcpy (&words[0], "RIFF", 4);
  memcpy (&words[2], "WAVE", 4);
  memcpy (&words[3], "fmt ", 4);
  memcpy (&words[9], "data", 4);
  write_all (wav->fd, words, HEADER, 0);
  wav->announced = wav->length;
}

static void
put_samples (Wav * wav, const gint16 * samples, gsize n, gint64 position)
{
  if (wav->fd < 0 || position < 0 || n == 0)
    return;
  /* S16LE; the project runs on little-endian machines only where this server
   * is built, and says so in its build file */
  write_all (wav->fd, samples, n * sizeof (gint16),
      HEADER + position * (gint64) sizeof (gint16));
  wav->length = MAX (wav->length, position + (gint64) n);
  if (wav->length - wav->announced >= HEADER_INTERVAL)
    put_header (wav);
}

static int
open_file (const gchar * directory, const gchar * call_id, const gchar * tail)
{
  g_autofree gchar *name = g_strconcat (call_id, tail, NULL);
  g_autofree gchar *path = g_build_filename (directory, name, NULL);
  int fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

  if (fd < 0)
    g_printerr ("realtime-server: cannot write %s: %s\n", path,
        g_strerror (errno));
  return fd;
}

Recorder *
recorder_new (const gchar * directory, const gchar * call_id)
{
  Recorder *self = g_new0 (Recorder, 1);

  g_mutex_init (&self->lock);
  self->heard.fd = open_file (directory, call_id, "-heard.wav");
  self->said.fd = open_file (directory, call_id, "-said.wav");
  self->server = open_file (directory, call_id, "-server.jsonl");
  self->client = open_file (directory, call_id, "-client.jsonl");
  if (self->heard.fd < 0 || self->said.fd < 0 || self->server < 0 ||
      self->client < 0) {
    recorder_free (self);
    return NULL;
  }
  put_header (&self->heard);
  put_header (&self->said);
  return self;
}

void
recorder_heard (Recorder * self, const gint16 * samples, gsize n,
    gint64 position)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  put_samples (&self->heard, samples, n, position);
  g_mutex_unlock (&self->lock);
}

void
recorder_said (Recorder * self, const gint16 * samples, gsize n)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  put_samples (&self->said, samples, n, self->said.length);
  g_mutex_unlock (&self->lock);
}

static void
put_line (Recorder * self, int *fd, const gchar * text)
{
  g_autofree gchar *line = g_strconcat (text, "\n", NULL);

  /* a client may send JSON that spans lines: a break is white space there */
  g_strdelimit (line, "\r\n", ' ');
  line[strlen (line) - 1] = '\n';
  g_mutex_lock (&self->lock);
  if (*fd >= 0)
    write_all (*fd, line, strlen (line), -1);
  g_mutex_unlock (&self->lock);
}

void
recorder_server_event (Recorder * self, const gchar * text)
{
  if (self != NULL)
    put_line (self, &self->server, text);
}

void
recorder_client_event (Recorder * self, const gchar * text)
{
  if (self != NULL)
    put_line (self, &self->client, text);
}

static void
close_file (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

void
recorder_finish (Recorder * self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  if (self->heard.fd >= 0)
    put_header (&self->heard);
  if (self->said.fd >= 0)
    put_header (&self->said);
  close_file (&self->heard.fd);
  close_file (&self->said.fd);
  close_file (&self->server);
  close_file (&self->client);
  g_mutex_unlock (&self->lock);
}

void
recorder_free (Recorder * self)
{
  if (self == NULL)
    return;
  recorder_finish (self);
  g_mutex_clear (&self->lock);
  g_free (self);
}
