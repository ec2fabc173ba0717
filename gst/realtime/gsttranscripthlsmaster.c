/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gsttranscripthlsmaster.h"

#define FILE_MODE 0644

typedef struct
{
  gpointer owner;
  gchar *location;
  gchar *uri, *name, *language;
  gboolean selected;
} Entry;

static GMutex lock;
static GList *entries;          /* Entry, by their URI; under the lock */

static void
entry_free (Entry * entry)
{
  g_free (entry->location);
  g_free (entry->uri);
  g_free (entry->name);
  g_free (entry->language);
  g_free (entry);
}

static gint
compare_entries (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (((const Entry *) a)->uri, ((const Entry *) b)->uri);
}

static void
remove_locked (gpointer owner)
{
  GList *l;

  for (l = entries; l; l = l->next) {
    Entry *entry = l->data;

    if (entry->owner == owner) {
      entries = g_list_delete_link (entries, l);
      entry_free (entry);
      return;
    }
  }
}

gboolean
gst_transcript_hls_write (const gchar * location, const gchar * text,
    GError ** error)
{
  return g_file_set_contents_full (location, text, -1,
      G_FILE_SET_CONTENTS_CONSISTENT, FILE_MODE, error);
}

gboolean
gst_transcript_hls_master_add (gpointer owner, const gchar * location,
    const RealtimeHlsRendition * rendition, const gchar * video,
    guint bandwidth, const gchar * codecs, GError ** error)
{
  g_autoptr (GPtrArray) renditions = g_ptr_array_new_with_free_func (g_free);
  Entry *entry = g_new0 (Entry, 1);
  g_autofree gchar *text = NULL;
  gboolean written;
  GList *l;

  entry->owner = owner;
  entry->location = g_strdup (location);
  entry->uri = g_strdup (rendition->uri);
  entry->name = g_strdup (rendition->name);
  entry->language = g_strdup (rendition->language);
  entry->selected = rendition->selected;

  g_mutex_lock (&lock);
  remove_locked (owner);
  entries = g_list_insert_sorted (entries, entry, compare_entries);
  for (l = entries; l; l = l->next) {
    const Entry *e = l->data;
    RealtimeHlsRendition r = { e->uri, e->name, e->language, e->selected };

    if (g_str_equal (e->location, location))
      g_ptr_array_add (renditions, g_memdup2 (&r, sizeof (r)));
  }
  text = realtime_hls_master_to_text (renditions, video, bandwidth, codecs);
  /* under the lock, or an older one could replace a newer one */
  written = gst_transcript_hls_write (location, text, error);
  g_mutex_unlock (&lock);

  return written;
}

void
gst_transcript_hls_master_remove (gpointer owner)
{
  g_mutex_lock (&lock);
  remove_locked (owner);
  g_mutex_unlock (&lock);
}
