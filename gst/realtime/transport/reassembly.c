/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "reassembly.h"
#include "sdp.h"

/* Every piece but the last is of 64 KiB at least, where usrsctp begins to hand
 * over what is not complete. What is shorter than this is such a last piece, or
 * a message that came in one packet. */
#define MIN_PIECE 8192
/* The pieces of a message come one right after the other, but for a peer or a
 * network that stalls. A link on which nothing comes for 8.5 s is given up, and
 * the peer sends again after up to twice the time that went by in vain: what is
 * still open after that will not close. */
#define MAX_PAUSE_US (20 * G_USEC_PER_SEC)

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
  GString *text;                /* the pieces of the open message */
  Scanner scanner;
  gint64 last;                  /* when the last of them came */
  GQueue ahead;                 /* gchar *: sent after the open message */
  gsize ahead_size;
  GQueue whole;                 /* gchar *: to be popped */
};

GstRealtimeReassembly *
gst_realtime_reassembly_new (void)
{
  GstRealtimeReassembly *self = g_new0 (GstRealtimeReassembly, 1);

  self->text = g_string_new (NULL);
  g_queue_init (&self->ahead);
  g_queue_init (&self->whole);

  return self;
}

void
gst_realtime_reassembly_free (GstRealtimeReassembly * self)
{
  g_string_free (self->text, TRUE);
  g_queue_clear_full (&self->ahead, g_free);
  g_queue_clear_full (&self->whole, g_free);
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

/* Whether what @scanner is in closes in @piece, with nothing behind it. */
static gboolean
closes (Scanner scanner, const gchar * piece, gsize size)
{
  while (size > 0 && g_ascii_isspace (piece[size - 1]))
    size--;
  scanner.scanned = 0;

  return scan (&scanner, piece, size) && scanner.scanned == size - 1;
}

static gboolean
is_object_begin (const gchar * piece, gsize size)
{
  gsize i = 1;

  while (i < size && g_ascii_isspace (piece[i]))
    i++;

  return i < size && piece[0] == '{' && piece[i] == '"';
}

/* A long piece that is an object from its first byte to its last is no piece:
 * a cut would have to fall just around an object. */
static gboolean
is_message (const gchar * piece, gsize size)
{
  Scanner fresh = { 0 };

  return size >= MIN_PIECE && is_object_begin (piece, size) &&
      closes (fresh, piece, size);
}

/* usrsctp, in all its versions so far and so in all of webrtcbin, hands over a
 * message of one packet as soon as the one before it has begun to come, also
 * while that still lacks a packet which was lost (sctp_queue_data_to_stream()
 * looks at the last number that was begun, not at what is open): it comes
 * between the pieces of the message that it was sent after. It is not taken for
 * the last of them: if that message was cut inside a string, the quotes of this
 * one are seen the wrong way round, and its last brace stands in a string. */
static gboolean
is_ahead (GstRealtimeReassembly * self, const gchar * piece, gsize size)
{
  return self->text->len > 0 && size < MIN_PIECE &&
      is_object_begin (piece, size) && !closes (self->scanner, piece, size);
}

static void
finish (GstRealtimeReassembly * self)
{
  static const Scanner fresh = { 0 };
  gchar *message;

  g_queue_push_tail (&self->whole,
      g_utf8_make_valid (self->text->str, self->text->len));
  g_string_truncate (self->text, 0);
  self->scanner = fresh;
  while ((message = g_queue_pop_head (&self->ahead)))
    g_queue_push_tail (&self->whole, message);
  self->ahead_size = 0;
}

static void
hold (GstRealtimeReassembly * self, const gchar * message, gsize size)
{
  g_queue_push_tail (&self->ahead, g_utf8_make_valid (message, size));
  self->ahead_size += size;
}

gchar *
gst_realtime_reassembly_push (GstRealtimeReassembly * self,
    const gchar * piece, gsize size, gint64 now)
{
  if (self->text->len > 0 &&
      (now - self->last > MAX_PAUSE_US || is_message (piece, size)))
    finish (self);

  if (is_ahead (self, piece, size)) {
    hold (self, piece, size);
  } else {
    self->last = now;
    g_string_append_len (self->text, piece, size);
    if (scan (&self->scanner, self->text->str, self->text->len) ||
        !self->scanner.started || size < MIN_PIECE)
      finish (self);
  }
  if (self->text->len + self->ahead_size > GST_REALTIME_SDP_MAX_MESSAGE_SIZE)
    finish (self);

  return gst_realtime_reassembly_pop (self);
}

gchar *
gst_realtime_reassembly_flush (GstRealtimeReassembly * self)
{
  if (self->text->len > 0)
    finish (self);

  return gst_realtime_reassembly_pop (self);
}

gchar *
gst_realtime_reassembly_pop (GstRealtimeReassembly * self)
{
  return g_queue_pop_head (&self->whole);
}
