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
/* The pieces of a message come one right after the other; what is still open
 * after this long will not close. */
#define MAX_PAUSE_US (5 * G_USEC_PER_SEC)

struct _GstRealtimeReassembly
{
  GString *text;
  gsize scanned;
  guint depth;
  gboolean started;
  gboolean in_string;
  gboolean escaped;
  gint64 last;
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
  g_free (self);
}

static void
reset (GstRealtimeReassembly * self)
{
  g_string_truncate (self->text, 0);
  self->scanned = 0;
  self->depth = 0;
  self->started = FALSE;
  self->in_string = FALSE;
  self->escaped = FALSE;
}

/* Goes on where the last piece ended. Every byte that matters is ASCII, and no
 * byte of a longer UTF-8 character is, so cuts inside one do no harm. */
static gboolean
scan (GstRealtimeReassembly * self)
{
  for (; self->scanned < self->text->len; self->scanned++) {
    gchar c = self->text->str[self->scanned];

    if (self->in_string) {
      if (self->escaped)
        self->escaped = FALSE;
      else if (c == '\\')
        self->escaped = TRUE;
      else if (c == '"')
        self->in_string = FALSE;
    } else if (c == '"') {
      self->in_string = TRUE;
    } else if (c == '{' || c == '[') {
      self->depth++;
      self->started = TRUE;
    } else if ((c == '}' || c == ']') && self->depth > 0) {
      if (--self->depth == 0)
        return TRUE;
    }
  }

  return FALSE;
}

gchar *
gst_realtime_reassembly_push (GstRealtimeReassembly * self,
    const gchar * piece, gsize size, gint64 now)
{
  gchar *message;
  gboolean first = self->text->len == 0;

  if (!first && now - self->last > MAX_PAUSE_US) {
    reset (self);
    first = TRUE;
  }
  self->last = now;
  g_string_append_len (self->text, piece, size);

  if (!scan (self) && self->started &&
      (!first || size >= MIN_FIRST_PIECE) &&
      self->text->len <= GST_REALTIME_SDP_MAX_MESSAGE_SIZE)
    return NULL;

  message = g_utf8_make_valid (self->text->str, self->text->len);
  reset (self);

  return message;
}
