/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "envelope.h"
#include "json.h"

/* base64 of the largest event that is read */
#define MAX_DATA (REALTIME_JSON_MAX_SIZE / 3 * 4 + 4)
#define MAX_FRAGMENTS 65536

struct _RealtimeEnvelope
{
  gchar *id;                    /* of what is being put together, or NULL */
  GPtrArray *pieces;            /* by index; NULL: not there yet */
  guint missing;
  gsize size;
};

static void
forget (RealtimeEnvelope * self)
{
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->pieces, g_ptr_array_unref);
  self->missing = 0;
  self->size = 0;
}

RealtimeEnvelope *
realtime_envelope_new (void)
{
  return g_new0 (RealtimeEnvelope, 1);
}

void
realtime_envelope_free (RealtimeEnvelope * self)
{
  forget (self);
  g_free (self);
}

/* Strict, as the decoder of GLib takes anything for something. */
static RealtimeEnvelopeResult
decode (const gchar * data, gchar ** event)
{
  gsize length = strlen (data), size;
  guchar *bytes;

  if (length == 0 || length > MAX_DATA
      || strspn (data, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
          "0123456789+/=") != length)
    return REALTIME_ENVELOPE_BROKEN;
  bytes = g_base64_decode (data, &size);
  if (memchr (bytes, '\0', size) != NULL) {
    g_free (bytes);
    return REALTIME_ENVELOPE_BROKEN;
  }
  *event = g_strndup ((const gchar *) bytes, size);
  g_free (bytes);
  return REALTIME_ENVELOPE_WHOLE;
}

static gchar *
join (RealtimeEnvelope * self)
{
  GString *data = g_string_sized_new (self->size + 1);
  guint i;

  for (i = 0; i < self->pieces->len; i++)
    g_string_append (data, g_ptr_array_index (self->pieces, i));
  return g_string_free (data, FALSE);
}

static RealtimeEnvelopeResult
add_piece (RealtimeEnvelope * self, JsonObject * message, gchar ** event)
{
  const gchar *id = realtime_json_get_string (message, "id", NULL);
  const gchar *data = realtime_json_get_string (message, "data", NULL);
  gint64 index = realtime_json_get_int (message, "fragment_index", -1);
  gint64 total = realtime_json_get_int (message, "total_fragments", -1);
  g_autofree gchar *whole = NULL;

  if (!id || !data || total < 1 || total > MAX_FRAGMENTS || index < 0
      || index >= total) {
    forget (self);
    return REALTIME_ENVELOPE_BROKEN;
  }
  if (g_strcmp0 (self->id, id) != 0 || self->pieces->len != total) {
    forget (self);
    self->id = g_strdup (id);
    self->pieces = g_ptr_array_new_with_free_func (g_free);
    g_ptr_array_set_size (self->pieces, total);
    self->missing = total;
  }
  if (!g_ptr_array_index (self->pieces, index)) {
    g_ptr_array_index (self->pieces, index) = g_strdup (data);
    self->missing--;
    self->size += strlen (data);
  }
  if (self->size > MAX_DATA) {
    forget (self);
    return REALTIME_ENVELOPE_BROKEN;
  }
  if (self->missing > 0)
    return REALTIME_ENVELOPE_PART;
  whole = join (self);
  forget (self);
  return decode (whole, event);
}

RealtimeEnvelopeResult
realtime_envelope_open (RealtimeEnvelope * self, JsonObject * message,
    gchar ** event)
{
  const gchar *type = realtime_json_get_string (message, "type", "");

  if (g_str_equal (type, "partial_message"))
    return add_piece (self, message, event);
  if (!g_str_equal (type, "full_message"))
    return REALTIME_ENVELOPE_NONE;
  return decode (realtime_json_get_string (message, "data", ""), event);
}
