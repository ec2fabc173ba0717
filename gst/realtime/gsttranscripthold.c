/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gsttranscripthold.h"

typedef struct
{
  guint session;
  gchar *item_id;
  GstClockTime deadline;
  GQueue lines;                 /* of GstStructure, the oldest first */
} HeldItem;

struct _GstTranscriptHold
{
  GPtrArray *items;             /* of HeldItem */
};

static void
held_item_free (gpointer data)
{
  HeldItem *item = data;

  g_queue_clear_full (&item->lines, (GDestroyNotify) gst_structure_free);
  g_free (item->item_id);
  g_free (item);
}

GstTranscriptHold *
gst_transcript_hold_new (void)
{
  GstTranscriptHold *self = g_new0 (GstTranscriptHold, 1);

  self->items = g_ptr_array_new_with_free_func (held_item_free);
  return self;
}

void
gst_transcript_hold_free (GstTranscriptHold * self)
{
  g_ptr_array_unref (self->items);
  g_free (self);
}

void
gst_transcript_hold_clear (GstTranscriptHold * self)
{
  g_ptr_array_set_size (self->items, 0);
}

static HeldItem *
find (GstTranscriptHold * self, guint session, const gchar * item_id)
{
  guint i;

  for (i = 0; i < self->items->len; i++) {
    HeldItem *item = g_ptr_array_index (self->items, i);

    if (item->session == session && g_str_equal (item->item_id, item_id))
      return item;
  }
  return NULL;
}

gboolean
gst_transcript_hold_has (GstTranscriptHold * self, guint session,
    const gchar * item_id)
{
  return find (self, session, item_id) != NULL;
}

static gboolean
is_final (const GstStructure * line)
{
  gboolean final = FALSE;

  gst_structure_get_boolean (line, "final", &final);
  return final;
}

/* What both partials appended is what the newer one appends now. */
static void
melt (GstStructure * newer, const GstStructure * older)
{
  g_autofree gchar *delta = g_strconcat (gst_structure_get_string (older,
          "delta"), gst_structure_get_string (newer, "delta"), NULL);

  if (!is_final (newer))
    gst_structure_set (newer, "delta", G_TYPE_STRING, delta, NULL);
}

void
gst_transcript_hold_add (GstTranscriptHold * self, guint session,
    const gchar * item_id, GstStructure * line, GstClockTime deadline)
{
  HeldItem *item = find (self, session, item_id);
  GstStructure *last;

  if (item == NULL) {
    item = g_new0 (HeldItem, 1);
    item->session = session;
    item->item_id = g_strdup (item_id);
    item->deadline = deadline;
    g_queue_init (&item->lines);
    g_ptr_array_add (self->items, item);
  }

  last = g_queue_peek_tail (&item->lines);
  if (last != NULL && !is_final (last)) {
    melt (line, last);
    gst_structure_free (g_queue_pop_tail (&item->lines));
  }
  g_queue_push_tail (&item->lines, line);
}

static guint
get_index (const HeldItem * item)
{
  guint index = 0;

  gst_structure_get_uint (g_queue_peek_tail ((GQueue *) & item->lines),
      "index", &index);
  return index;
}

static gint
by_index (gconstpointer a, gconstpointer b)
{
  guint left = get_index (*(HeldItem * const *) a);
  guint right = get_index (*(HeldItem * const *) b);

  return left < right ? -1 : left > right;
}

void
gst_transcript_hold_release (GstTranscriptHold * self,
    RealtimeConversation * conversation, GstClockTime now,
    GstTranscriptHoldFunc func, gpointer user_data)
{
  guint i, last_due = 0;
  gboolean *free_now;

  if (self->items->len == 0)
    return;

  g_ptr_array_sort (self->items, by_index);
  free_now = g_new0 (gboolean, self->items->len);
  for (i = 0; i < self->items->len; i++) {
    HeldItem *item = g_ptr_array_index (self->items, i);

    free_now[i] = conversation == NULL
        || realtime_conversation_get_open_before (conversation, item->session,
        item->item_id) == 0;
    if (item->deadline <= now)
      last_due = i + 1;
  }
  /* who has to go takes along those who stand before him */
  for (i = 0; i < last_due; i++)
    free_now[i] = TRUE;

  for (i = 0; i < self->items->len; i++) {
    HeldItem *item = g_ptr_array_index (self->items, i);
    GstStructure *line;

    while (free_now[i] && (line = g_queue_pop_head (&item->lines)) != NULL)
      func (line, user_data);
  }
  for (i = self->items->len; i > 0; i--) {
    if (free_now[i - 1])
      g_ptr_array_remove_index (self->items, i - 1);
  }
  g_free (free_now);
}

GstClockTime
gst_transcript_hold_get_deadline (GstTranscriptHold * self)
{
  GstClockTime earliest = GST_CLOCK_TIME_NONE;
  guint i;

  for (i = 0; i < self->items->len; i++) {
    HeldItem *item = g_ptr_array_index (self->items, i);

    earliest = MIN (earliest, item->deadline);
  }
  return earliest;
}
