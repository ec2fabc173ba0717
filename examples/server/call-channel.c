/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "call-private.h"

#include <gst/webrtc/webrtc.h>
#include <string.h>

#define MAX_MESSAGE (16 * 1024 * 1024)
/* A client that lets so much pile up does not read. */
#define MAX_WAITING (64 * 1024 * 1024)
/* Messages of more than about 66 kB come in pieces; none of them is shorter
 * than this but the last. */
#define MIN_PIECE (16 * 1024)
/* A client from whom nothing comes for 15 s is gone, and SCTP sends again after
 * up to twice the time that went by in vain: what is still open then will not
 * close. */
#define MAX_PAUSE_US (30 * G_USEC_PER_SEC)
#define MAX_AHEAD 1000

/* Where the one JSON value of @text ends, or as much of one as makes sense to
 * go on with; 0: not here. */
static gsize
find_end (const gchar * text, gsize length)
{
  gboolean quoted = FALSE, begun = FALSE;
  gint depth = 0;
  gsize i;

  for (i = 0; i < length; i++) {
    gchar c = text[i];

    if (quoted) {
      if (c == '\\')
        i++;
      else if (c == '"')
        quoted = FALSE;
    } else if (c == '"') {
      quoted = TRUE;
    } else if (c == '{' || c == '[') {
      begun = TRUE;
      depth++;
    } else if (c == '}' || c == ']') {
      if (--depth <= 0)
        return i + 1;
    }
  }
  return begun ? 0 : length;
}

static void
take_message (Call * self, const gchar * text, gsize length, gint64 mark)
{
  recorder_client_event (self->recorder, text);
  session_message (self->session, text, length, mark);
}

static void
take_pieces (Call * self, gint64 mark)
{
  gchar *text;

  take_message (self, self->pieces->str, self->pieces->len, mark);
  g_string_set_size (self->pieces, 0);
  while (!self->ended && (text = g_queue_pop_head (&self->ahead)) != NULL) {
    take_message (self, text, strlen (text), mark);
    g_free (text);
  }
}

/* A packet that was lost does not hold up a message of one packet that was
 * sent after it: webrtcbin's SCTP (usrsctp) hands that over between two pieces
 * of the message that lacks the packet. It is not the end of those pieces: with
 * it they would end early, or not at all. */
static gboolean
is_ahead (Call * self, const gchar * text, gsize length)
{
  gsize before = self->pieces->len, end;
  gboolean ends;

  if (before == 0 || length >= MIN_PIECE || *text != '{')
    return FALSE;
  g_string_append_len (self->pieces, text, length);
  end = find_end (self->pieces->str, self->pieces->len);
  ends = end > 0 && strspn (self->pieces->str + end, " \t\r\n") ==
      self->pieces->len - end;
  g_string_truncate (self->pieces, before);
  return !ends;
}

static void
take_text (Call * self, const gchar * text, gsize length, gint64 mark)
{
  gint64 now = g_get_monotonic_time ();

  if (self->pieces->len > 0 && (now - self->piece_came > MAX_PAUSE_US ||
          g_queue_get_length (&self->ahead) >= MAX_AHEAD))
    take_pieces (self, mark);
  if (is_ahead (self, text, length)) {
    g_queue_push_tail (&self->ahead, g_strndup (text, length));
    return;
  }
  self->piece_came = now;
  g_string_append_len (self->pieces, text, length);
  if (length < MIN_PIECE || self->pieces->len >= MAX_MESSAGE ||
      find_end (self->pieces->str, self->pieces->len) > 0)
    take_pieces (self, mark);
}

static void
on_channel_text (GObject * channel, const gchar * text, Call * self)
{
  if (text != NULL)
    call_post (self, take_text, g_strdup (text), strlen (text));
}

static void
on_channel_data (GObject * channel, GBytes * data, Call * self)
{
  gsize length;
  const gchar *bytes;

  if (data == NULL)
    return;
  bytes = g_bytes_get_data (data, &length);
  call_post (self, take_text, g_strndup (bytes, length), length);
}

static void
take_open (Call * self, const gchar * text, gsize length, gint64 mark)
{
  call_opened (self);
}

static void
on_channel_open (GObject * channel, Call * self)
{
  call_post (self, take_open, NULL, 0);
}

static void
take_close (Call * self, const gchar * text, gsize length, gint64 mark)
{
  call_lost (self, "the client closed the channel");
}

static void
on_channel_close (GObject * channel, Call * self)
{
  call_post (self, take_close, NULL, 0);
}

static void
on_data_channel (GstElement * webrtc, GObject * channel, Call * self)
{
  GstWebRTCDataChannelState state;
  gboolean first;

  g_mutex_lock (&self->lock);
  first = self->channel == NULL;
  if (first)
    self->channel = g_object_ref (channel);
  g_mutex_unlock (&self->lock);
  if (!first)
    return;
  g_signal_connect (channel, "on-message-string",
      G_CALLBACK (on_channel_text), self);
  g_signal_connect (channel, "on-message-data", G_CALLBACK (on_channel_data),
      self);
  g_signal_connect (channel, "on-open", G_CALLBACK (on_channel_open), self);
  g_signal_connect (channel, "on-close", G_CALLBACK (on_channel_close), self);
  /* mostly it is open already; session_open() takes the first of both */
  g_object_get (channel, "ready-state", &state, NULL);
  if (state == GST_WEBRTC_DATA_CHANNEL_STATE_OPEN)
    on_channel_open (channel, self);
}

static GObject *
get_channel (Call * self)
{
  GObject *channel;

  g_mutex_lock (&self->lock);
  channel = self->channel != NULL ? g_object_ref (self->channel) : NULL;
  g_mutex_unlock (&self->lock);
  return channel;
}

static void
take_flood (Call * self, const gchar * text, gsize length, gint64 mark)
{
  call_lost (self, "the client does not read its events");
}

void
call_channel_send (Call * self, const gchar * text)
{
  g_autoptr (GObject) channel = get_channel (self);
  guint64 waiting = 0;

  if (channel == NULL || self->ended)
    return;
  recorder_server_event (self->recorder, text);
  g_signal_emit_by_name (channel, "send-string", text);
  g_object_get (channel, "buffered-amount", &waiting, NULL);
  if (waiting > MAX_WAITING)
    call_post (self, take_flood, NULL, 0);
}

void
call_channel_close (Call * self)
{
  g_autoptr (GObject) channel = get_channel (self);

  if (channel != NULL)
    g_signal_emit_by_name (channel, "close");
}

gboolean
call_channel_is_busy (Call * self)
{
  g_autoptr (GObject) channel = get_channel (self);
  guint64 amount = 0;

  if (channel != NULL)
    g_object_get (channel, "buffered-amount", &amount, NULL);
  return amount > 0;
}

gboolean
call_channel_is_open (Call * self)
{
  g_autoptr (GObject) channel = get_channel (self);
  GstWebRTCDataChannelState state = GST_WEBRTC_DATA_CHANNEL_STATE_CLOSED;

  if (channel != NULL)
    g_object_get (channel, "ready-state", &state, NULL);
  return state != GST_WEBRTC_DATA_CHANNEL_STATE_CLOSED;
}

void
call_channel_connect (Call * self)
{
  g_signal_connect (self->webrtc, "on-data-channel",
      G_CALLBACK (on_data_channel), self);
}

void
call_channel_free (Call * self)
{
  if (self->channel == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->channel, self);
  g_object_unref (self->channel);
}
