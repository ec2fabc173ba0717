/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "watchdog.h"

void
gst_realtime_watchdog_init (GstRealtimeWatchdog * self)
{
  self->transcripts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      g_free);
  gst_realtime_watchdog_reset (self);
}

void
gst_realtime_watchdog_clear (GstRealtimeWatchdog * self)
{
  g_clear_pointer (&self->transcripts, g_hash_table_unref);
}

void
gst_realtime_watchdog_reset (GstRealtimeWatchdog * self)
{
  g_hash_table_remove_all (self->transcripts);
  self->feed = self->sound = self->response = self->words = 0;
  self->seen_fed = self->seen_at = 0;
  self->last_sound = GST_CLOCK_TIME_NONE;
  self->asked = FALSE;
}

/* Whether it is time to tell that @wait is in vain. */
static gboolean
is_due (GstRealtimeWait * wait, gboolean waiting, gint64 now, guint ms)
{
  if (!waiting) {
    *wait = 0;
    return FALSE;
  }
  if (*wait == 0)
    *wait = now;
  if (*wait < 0 || now - *wait < ms * (gint64) 1000)
    return FALSE;
  *wait = -1;
  return TRUE;
}

typedef struct
{
  GstRealtimeWatchdog *watchdog;
  GHashTable *pending;
  gint64 now;
  gchar *overdue;
} Search;

static void
check_item (const gchar * item_id, gpointer user_data)
{
  Search *search = user_data;
  GstRealtimeWait *wait = g_hash_table_lookup (search->watchdog->transcripts,
      item_id);

  if (!wait) {
    wait = g_new0 (GstRealtimeWait, 1);
    g_hash_table_insert (search->watchdog->transcripts, g_strdup (item_id),
        wait);
  }
  g_hash_table_add (search->pending, g_strdup (item_id));
  if (!search->overdue && is_due (wait, TRUE, search->now,
          GST_REALTIME_WATCHDOG_TRANSCRIPT_MS))
    search->overdue = g_strdup (item_id);
}

static gboolean
is_over (gpointer item_id, gpointer wait, gpointer pending)
{
  return !g_hash_table_contains (pending, item_id);
}

/* An item whose transcript is overdue, to be freed. */
static gchar *
find_overdue (GstRealtimeWatchdog * self, RealtimeConversation * conversation,
    gint64 now)
{
  Search search = { self, NULL, now, NULL };

  search.pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      NULL);
  realtime_conversation_foreach_pending (conversation, check_item, &search);
  g_hash_table_foreach_remove (self->transcripts, is_over, search.pending);
  g_hash_table_unref (search.pending);

  return search.overdue;
}

/* What is new since the last time, however often it is asked at one time. */
static void
look_at_input (GstRealtimeWatchdog * self, const GstRealtimeInput * input,
    gint64 now)
{
  if (now == self->seen_at)
    return;
  self->fed = input->fed != self->seen_fed;
  self->heard = input->last_sound != self->last_sound;
  self->seen_fed = input->fed;
  self->last_sound = input->last_sound;
  self->seen_at = now;
}

static gchar *
check_input (GstRealtimeWatchdog * self, gboolean listening, gint64 now,
    const gchar ** code)
{
  if (is_due (&self->feed, listening && !self->fed, now,
          GST_REALTIME_WATCHDOG_UNFED_MS)) {
    *code = "input_unfed";
    return g_strdup_printf ("No audio has come to sink for %u s. Is its source "
        "running?", GST_REALTIME_WATCHDOG_UNFED_MS / 1000);
  }
  /* what does not come is not silent */
  if (is_due (&self->sound, listening && self->fed && !self->heard,
          now, GST_REALTIME_WATCHDOG_SILENT_MS)) {
    *code = "input_silent";
    return
        g_strdup_printf ("No sound above -50 dBFS has come to sink for %u s. "
        "Is the microphone on, and the right one?",
        GST_REALTIME_WATCHDOG_SILENT_MS / 1000);
  }
  return NULL;
}

static gchar *
check_response (GstRealtimeWatchdog * self,
    RealtimeConversation * conversation, gint64 now, const gchar ** code)
{
  gboolean active = realtime_conversation_has_active_response (conversation);
  gboolean awaited = !active && (self->asked
      || realtime_conversation_awaits_response (conversation));

  if (is_due (&self->response, awaited, now, GST_REALTIME_WATCHDOG_RESPONSE_MS)) {
    *code = "no_response";
    return g_strdup_printf ("A response has been due for %u s, and the service "
        "has not begun it (response.created).",
        GST_REALTIME_WATCHDOG_RESPONSE_MS / 1000);
  }
  if (is_due (&self->words, active
          && realtime_conversation_get_turn (conversation) ==
          REALTIME_TURN_THINKING, now, GST_REALTIME_WATCHDOG_WORDS_MS)) {
    *code = "empty_response";
    return g_strdup_printf ("The service has been at a response for %u s, and "
        "there is neither word nor sound of it yet.",
        GST_REALTIME_WATCHDOG_WORDS_MS / 1000);
  }
  return NULL;
}

gchar *
gst_realtime_watchdog_check (GstRealtimeWatchdog * self,
    RealtimeConversation * conversation, const GstRealtimeInput * input,
    gboolean listening, gint64 now, const gchar ** code)
{
  g_autofree gchar *overdue = find_overdue (self, conversation, now);
  gchar *message;

  look_at_input (self, input, now);

  if (overdue) {
    *code = "no_transcript";
    return
        g_strdup_printf ("There is no transcript yet of what was said %u s ago "
        "(conversation.item.input_audio_transcription.completed of %.64s).",
        GST_REALTIME_WATCHDOG_TRANSCRIPT_MS / 1000, overdue);
  }
  message = check_response (self, conversation, now, code);
  return message ? message : check_input (self, listening, now, code);
}
