/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "reassembly.h"
#include "sdp.h"

/* A first piece is never this short: 17 KiB was the least ever measured. */
#define MIN_FIRST_PIECE 8192
/* The pieces of a message come one right after the other, but for a peer or a
 * network that stalls. A link on which nothing comes for 8.5 s is given up: what
 * is still open after more than that will not close. */
#define MAX_PAUSE_US (10 * G_USEC_PER_SEC)

typedef struct
{
  gsize scanned;
  guint depth;
  gboolean started;
  gboolean in_string;
  gboolean escaped;
} Scanner;

struct _GstRealtimeReassembly
{
  GString *text;
  Scanner scanner;
  gint64 last;
  gchar *next;                  /* for pop */
};

GstRealtimeReassembly *
gst_realtime_reassembly_new (void)
{
  GstRealtimeReassembly *self = g_new0 (GstRealtimeReassembly, 1);

  self->text = g_string_new (NULL);

  return self;
}

void
gst_realtime_reassembly_free (GstRealtimeReassembly * self)
{
  g_string_free (self->text, TRUE);
  g_free (self->next);
  g_free (self);
}

/* Goes on where the last piece ended. Every byte that matters is ASCII, and no
 * byte of a longer UTF-8 character is, so cuts inside one do no harm. */
static gboolean
scan (Scanner * scanner, const gchar * text, gsize size)
{
  for (; scanner->scanned < size; scanner->scanned++) {
    gchar c = text[scanner->scanned];

    if (scanner->in_string) {
      if (scanner->escaped)
        scanner->escaped = FALSE;
      else if (c == '\\')
        scanner->escaped = TRUE;
      else if (c == '"')
        scanner->in_string = FALSE;
    } else if (c == '"') {
      scanner->in_string = TRUE;
    } else if (c == '{' || c == '[') {
      scanner->depth++;
      scanner->started = TRUE;
    } else if ((c == '}' || c == ']') && scanner->depth > 0) {
      if (--scanner->depth == 0)
        return TRUE;
    }
  }

  return FALSE;
}

/* On a busy machine webrtcbin may drop the rest of a message when the next
 * comes at once. A piece that is an object from its first byte to its last is
 * that next one: a cut would have to fall just around an object. */
static gboolean
is_message (const gchar * piece, gsize size)
{
  Scanner scanner = { 0 };

  return size > 1 && piece[0] == '{' && piece[1] == '"' &&
      scan (&scanner, piece, size) && scanner.scanned == size - 1;
}

static gchar *
take (GstRealtimeReassembly * self)
{
  static const Scanner fresh = { 0 };
  gchar *message = g_utf8_make_valid (self->text->str, self->text->len);

  g_string_truncate (self->text, 0);
  self->scanner = fresh;

  return message;
}

gchar *
gst_realtime_reassembly_push (GstRealtimeReassembly * self,
    const gchar * piece, gsize size, gint64 now)
{
  gchar *broken = NULL, *message;
  gboolean first = self->text->len == 0;

  if (!first && (now - self->last > MAX_PAUSE_US || is_message (piece, size))) {
    broken = take (self);
    first = TRUE;
  }
  self->last = now;
  g_string_append_len (self->text, piece, size);

  if (!scan (&self->scanner, self->text->str, self->text->len) &&
      self->scanner.started && (!first || size >= MIN_FIRST_PIECE) &&
      self->text->len <= GST_REALTIME_SDP_MAX_MESSAGE_SIZE)
    return broken;

  message = take (self);
  if (!broken)
    return message;
  self->next = message;

  return broken;
}

gchar *
gst_realtime_reassembly_pop (GstRealtimeReassembly * self)
{
  return g_steal_pointer (&self->next);
}
