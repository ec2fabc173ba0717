/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "conversation-private.h"
#include "item.h"

/* Bounds on what a server can make us keep. */
#define MAX_PARTS 16
/* Items kept after they were told: a late event may still name one of them. */
#define MAX_ITEMS 1024

typedef struct
{
  GString *words[2];            /* by RealtimeWords */
} Part;

static void
part_free (gpointer data)
{
  Part *part = data;

  g_string_free (part->words[REALTIME_WORDS_TEXT], TRUE);
  g_string_free (part->words[REALTIME_WORDS_SPOKEN], TRUE);
  g_free (part);
}

static GString *
get_words (const Part * part)
{
  return part->words[part->words[REALTIME_WORDS_SPOKEN]->len > 0 ?
      REALTIME_WORDS_SPOKEN : REALTIME_WORDS_TEXT];
}

static Part *
get_part (RealtimeItem * item, gint64 content_index)
{
  if (content_index < 0 || content_index >= MAX_PARTS)
    return NULL;

  while (item->parts->len <= content_index) {
    Part *part = g_new0 (Part, 1);

    part->words[REALTIME_WORDS_TEXT] = g_string_new (NULL);
    part->words[REALTIME_WORDS_SPOKEN] = g_string_new (NULL);
    g_ptr_array_add (item->parts, part);
  }
  return g_ptr_array_index (item->parts, content_index);
}

gsize
realtime_fit (const gchar * text, gsize room)
{
  gsize length = strlen (text);

  if (length <= room)
    return length;
  while (room > 0 && (text[room] & 0xc0) == 0x80)
    room--;
  return room;
}

void
realtime_item_append (RealtimeItem * item, gint64 content_index,
    RealtimeWords words, const gchar * delta)
{
  Part *part = get_part (item, content_index);

  if (part != NULL) {
    GString *text = part->words[words];

    g_string_append_len (text, delta, realtime_fit (delta,
            REALTIME_MAX_ITEM_BYTES - text->len));
  }
}

void
realtime_item_replace (RealtimeItem * item, gint64 content_index,
    RealtimeWords words, const gchar * text)
{
  Part *part = get_part (item, content_index);

  if (part != NULL) {
    g_string_truncate (part->words[words], 0);
    realtime_item_append (item, content_index, words, text);
  }
}

gboolean
realtime_item_has_part (RealtimeItem * item, gint64 content_index)
{
  Part *part;

  if (content_index < 0 || content_index >= item->parts->len)
    return FALSE;
  part = g_ptr_array_index (item->parts, content_index);
  return get_words (part)->len > 0;
}

gchar *
realtime_item_dup_text (RealtimeItem * item)
{
  GString *text = g_string_new (NULL);
  guint i;

  for (i = 0; i < item->parts->len; i++) {
    GString *words = get_words (g_ptr_array_index (item->parts, i));

    if (text->len > 0 && words->len > 0
        && !g_ascii_isspace (text->str[text->len - 1])
        && !g_ascii_isspace (words->str[0]))
      g_string_append_c (text, ' ');
    g_string_append_len (text, words->str, words->len);
  }
  return g_string_free (text, FALSE);
}

gboolean
realtime_item_is_spoken (RealtimeItem * item)
{
  guint i;

  for (i = 0; i < item->parts->len; i++) {
    Part *part = g_ptr_array_index (item->parts, i);

    if (part->words[REALTIME_WORDS_SPOKEN]->len > 0)
      return TRUE;
  }
  return FALSE;
}

gboolean
realtime_item_is_provisional (RealtimeItem * item)
{
  return item->line && item->role == REALTIME_ROLE_USER && !item->committed
      && !item->announced && !item->anchored && !item->closed
      && item->end_ms == REALTIME_TIME_NONE;
}

static void
item_free (RealtimeItem * item)
{
  if (item->response != NULL)
    g_ptr_array_remove (item->response->items, item);
  g_free (item->id);
  g_free (item->awaited);
  g_free (item->speaker);
  g_free (item->language);
  g_free (item->call_id);
  g_free (item->name);
  g_free (item->arguments);
  g_free (item->said);
  g_ptr_array_unref (item->parts);
  g_free (item);
}

/* Two sessions may use the same id. */
static gchar *
make_key (RealtimeSession * session, const gchar * id)
{
  return g_strdup_printf ("%u/%s", session->serial, id);
}

void
realtime_item_list_init (RealtimeItemList * self)
{
  g_queue_init (&self->order);
  self->by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->dropped = self->awaiting = 0;
}

void
realtime_item_list_clear (RealtimeItemList * self)
{
  RealtimeItem *item;

  while ((item = g_queue_pop_head (&self->order)) != NULL)
    item_free (item);
  g_clear_pointer (&self->by_key, g_hash_table_unref);
}

RealtimeItem *
realtime_item_list_find (RealtimeItemList * self, RealtimeSession * session,
    const gchar * id)
{
  g_autofree gchar *key = make_key (session, id);

  return g_hash_table_lookup (self->by_key, key);
}

void
realtime_item_list_move_before (RealtimeItemList * self, RealtimeItem * item,
    RealtimeItem * other)
{
  g_queue_unlink (&self->order, item->link);
  g_queue_insert_before_link (&self->order, other ? other->link : NULL,
      item->link);
}

/* @item, which turns up only now, belongs before those who named it. */
static void
move_before_awaiting (RealtimeItemList * self, RealtimeItem * item)
{
  gboolean moved = FALSE;
  GList *l;

  for (l = self->order.head; l != NULL && self->awaiting > 0; l = l->next) {
    RealtimeItem *other = l->data;

    if (other->session != item->session
        || g_strcmp0 (other->awaited, item->id) != 0)
      continue;
    g_clear_pointer (&other->awaited, g_free);
    self->awaiting--;
    if (!moved)
      realtime_item_list_move_before (self, item, other);
    moved = item->anchored = TRUE;
  }
}

static void
move_after (RealtimeItemList * self, RealtimeItem * item,
    RealtimeItem * previous)
{
  GList *place = previous->link;

  if (item == previous)
    return;

  /* Sloppy servers name the same predecessor for all items of a response. */
  while (item->response != NULL && place->next != NULL) {
    RealtimeItem *next = place->next->data;

    if (next->response != item->response
        || next->output_index >= item->output_index)
      break;
    place = place->next;
  }
  if (place == item->link || place->next == item->link)
    return;

  g_queue_unlink (&self->order, item->link);
  g_queue_insert_after_link (&self->order, place, item->link);
}

RealtimeItem *
realtime_item_list_add (RealtimeItemList * self, RealtimeSession * session,
    const gchar * id)
{
  RealtimeItem *item = g_new0 (RealtimeItem, 1);

  item->id = g_strdup (id);
  item->session = session;
  item->parts = g_ptr_array_new_with_free_func (part_free);
  item->heard_ms = REALTIME_TIME_NONE;
  item->epoch = REALTIME_TIME_NONE;
  item->said_start = item->said_end = REALTIME_TIME_NONE;
  item->audio_start_ms = item->start_ms = item->end_ms = REALTIME_TIME_NONE;
  item->confidence = -1.0;
  item->output_index = -1;

  g_queue_push_tail (&self->order, item);
  item->link = self->order.tail;
  g_hash_table_replace (self->by_key, make_key (session, id), item);
  move_before_awaiting (self, item);
  return item;
}

void
realtime_item_list_place (RealtimeItemList * self, RealtimeItem * item,
    const gchar * previous_id)
{
  RealtimeItem *previous;

  if (item->anchored || previous_id == NULL || *previous_id == '\0')
    return;

  item->anchored = TRUE;
  previous = realtime_item_list_find (self, item->session, previous_id);
  if (previous != NULL) {
    move_after (self, item, previous);
  } else {
    item->awaited = g_strdup (previous_id);
    self->awaiting++;
  }
}

guint
realtime_item_list_index (RealtimeItemList * self, RealtimeItem * item)
{
  guint index = self->dropped;
  GList *l;

  for (l = self->order.head; l != NULL && l != item->link; l = l->next) {
    if (!realtime_item_is_provisional (l->data))
      index++;
  }
  return index;
}

void
realtime_item_list_remove (RealtimeItemList * self, RealtimeItem * item)
{
  g_autofree gchar *key = make_key (item->session, item->id);

  if (item->awaited != NULL)
    self->awaiting--;
  if (item->session->speech == item)
    item->session->speech = NULL;
  g_hash_table_remove (self->by_key, key);
  g_queue_delete_link (&self->order, item->link);
  item_free (item);
}

void
realtime_item_list_forget (RealtimeItemList * self, RealtimeItem * item)
{
  if (item->link == self->order.head)
    self->dropped++;
  realtime_item_list_remove (self, item);
}

RealtimeItem *
realtime_item_list_surplus (RealtimeItemList * self)
{
  return self->order.length > MAX_ITEMS ? self->order.head->data : NULL;
}
