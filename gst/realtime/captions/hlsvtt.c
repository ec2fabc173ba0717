/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "hlsvtt.h"

/* A jump of time that cannot be: the segments between are left out. */
#define LONGEST_JUMP (24 * 3600 * GST_SECOND)
/* Segments of silence that a stream may begin with. */
#define LONGEST_FIRST_GAP 10
/* No cue is to be seen for longer. */
#define LONGEST_CUE (600 * GST_SECOND)
/* Cues of one segment at most. */
#define MAX_CUES 4096
/* MPEG-TS times have 33 bits: they come round after 26 hours. So the times of WebVTT
 * are tied to them anew in each stretch of that length. */
#define STRETCH (12 * 3600 * GST_SECOND)
#define TIMESTAMP_MASK ((G_GUINT64_CONSTANT (1) << 33) - 1)
#define TIMESTAMP_RATE 90000
#define VERSION 3

#define TIME_FORMAT "%02u:%02u:%02u.%03u"
#define TIME_ARGS(t) \
    (guint) ((t) / (3600 * GST_SECOND)), \
    (guint) ((t) / (60 * GST_SECOND) % 60), \
    (guint) ((t) / GST_SECOND % 60), (guint) ((t) / GST_MSECOND % 1000)

typedef struct
{
  gchar *text;
  GstClockTime start, end;
} Cue;

struct _RealtimeHlsSegmenter
{
  GstClockTime target;
  guint64 timestamp_offset;

  GQueue cues;                  /* by their start; none ends before start */
  gboolean started;
  GstClockTime start;           /* of the open segment */
  GstClockTime position;        /* what is before is known */
  GstClockTime end;             /* of the last cue */
};

void
realtime_hls_segment_free (RealtimeHlsSegment * segment)
{
  g_free (segment->text);
  g_free (segment);
}

static void
cue_free (Cue * cue)
{
  g_free (cue->text);
  g_free (cue);
}

RealtimeHlsSegmenter *
realtime_hls_segmenter_new (GstClockTime target, guint64 timestamp_offset)
{
  RealtimeHlsSegmenter *self = g_new0 (RealtimeHlsSegmenter, 1);

  self->target = target;
  self->timestamp_offset = timestamp_offset;
  g_queue_init (&self->cues);

  return self;
}

void
realtime_hls_segmenter_free (RealtimeHlsSegmenter * self)
{
  g_queue_clear_full (&self->cues, (GDestroyNotify) cue_free);
  g_free (self);
}

/* A blank line would end the cue, an arrow would begin another. */
static gchar *
make_payload (const gchar * text, gboolean markup)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, -1);
  GString *payload = g_string_new (NULL);
  const gchar *p;

  for (p = g_strchug (valid); *p; p++) {
    if (*p == '\r' || *p == '\n') {
      if (payload->len > 0 && payload->str[payload->len - 1] != '\n')
        g_string_append_c (payload, '\n');
    } else if (*p == '<' && !markup) {
      g_string_append (payload, "&lt;");
    } else if (*p == '&' && !markup) {
      g_string_append (payload, "&amp;");
    } else if (*p == '>' && (!markup || (p > valid && p[-1] == '-'))) {
      g_string_append (payload, "&gt;");
    } else {
      g_string_append_c (payload, *p);
    }
  }
  while (payload->len > 0 && g_ascii_isspace (payload->str[payload->len - 1]))
    g_string_truncate (payload, payload->len - 1);

  return g_string_free (payload, FALSE);
}

static gint
compare_cues (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Cue *one = a, *other = b;

  /* of two at once, the one that came first */
  return one->start < other->start ? -1 : 1;
}

/* The stream need not begin at 0. */
static void
begin (RealtimeHlsSegmenter * self, GstClockTime time)
{
  if (self->started && (time < self->start
          || time - self->start < LONGEST_JUMP))
    return;

  if (self->started || time >= self->target)
    self->start = time - time % self->target;
  self->position = self->start;
  self->started = TRUE;
}

void
realtime_hls_segmenter_add (RealtimeHlsSegmenter * self, const gchar * text,
    gboolean markup, GstClockTime start, GstClockTime end)
{
  g_autofree gchar *payload = make_payload (text, markup);
  Cue *cue;

  begin (self, start);
  end = CLAMP (end, start, start + LONGEST_CUE);
  if (*payload == '\0')
    return;
  if (end <= self->start) {
    end = self->start + (end - start);
    start = self->start;
  }
  cue = g_new0 (Cue, 1);
  cue->text = g_steal_pointer (&payload);
  cue->start = start;
  /* WebVTT has no cue that takes no time */
  cue->end = MAX (end, start + GST_MSECOND);
  if (self->cues.length >= MAX_CUES)
    cue_free (g_queue_pop_head (&self->cues));
  g_queue_insert_sorted (&self->cues, cue, compare_cues, NULL);
  self->end = MAX (self->end, cue->end);
}

void
realtime_hls_segmenter_set_position (RealtimeHlsSegmenter * self,
    GstClockTime time)
{
  begin (self, time);
  self->position = MAX (self->position, time);
}

void
realtime_hls_segmenter_add_gap (RealtimeHlsSegmenter * self,
    GstClockTime start, GstClockTime end)
{
  if (end - start < LONGEST_FIRST_GAP * self->target)
    begin (self, start);
  realtime_hls_segmenter_set_position (self, end);
}

static gchar *
render (RealtimeHlsSegmenter * self, GstClockTime end)
{
  GString *text = g_string_new ("WEBVTT\n");
  GstClockTime anchor = self->start - self->start % STRETCH;
  guint64 ticks = gst_util_uint64_scale (anchor, TIMESTAMP_RATE, GST_SECOND);
  GList *l;

  g_string_append_printf (text, "X-TIMESTAMP-MAP=MPEGTS:%" G_GUINT64_FORMAT
      ",LOCAL:" TIME_FORMAT "\n\n",
      (self->timestamp_offset + ticks) & TIMESTAMP_MASK, TIME_ARGS (anchor));
  for (l = self->cues.head; l; l = l->next) {
    const Cue *cue = l->data;

    if (cue->start < end)
      g_string_append_printf (text, TIME_FORMAT " --> " TIME_FORMAT "\n%s\n\n",
          TIME_ARGS (cue->start), TIME_ARGS (cue->end), cue->text);
  }
  return g_string_free (text, FALSE);
}

static void
forget_before (RealtimeHlsSegmenter * self, GstClockTime time)
{
  GList *l = self->cues.head;

  while (l) {
    GList *next = l->next;
    Cue *cue = l->data;

    if (cue->end <= time) {
      cue_free (cue);
      g_queue_delete_link (&self->cues, l);
    }
    l = next;
  }
}

RealtimeHlsSegment *
realtime_hls_segmenter_pop (RealtimeHlsSegmenter * self, gboolean drain)
{
  GstClockTime end = self->start + self->target;
  RealtimeHlsSegment *segment;

  if (drain)
    self->position = MAX (self->position, self->end);
  if (!self->started || self->position < end) {
    if (!drain || !self->started || self->position <= self->start)
      return NULL;
    end = self->position;
  }
  segment = g_new0 (RealtimeHlsSegment, 1);
  segment->text = render (self, end);
  segment->start = self->start;
  segment->duration = end - self->start;
  self->start = end;
  forget_before (self, end);

  return segment;
}

/* Playlists */

typedef struct
{
  gchar *uri;
  GstClockTime duration;
} Entry;

struct _RealtimeHlsPlaylist
{
  RealtimeHlsPlaylistType type;
  GstClockTime target;
  guint length;
  GQueue entries;
  guint64 sequence;             /* of the first */
};

static void
entry_free (Entry * entry)
{
  g_free (entry->uri);
  g_free (entry);
}

RealtimeHlsPlaylist *
realtime_hls_playlist_new (RealtimeHlsPlaylistType type, GstClockTime target,
    guint length)
{
  RealtimeHlsPlaylist *self = g_new0 (RealtimeHlsPlaylist, 1);

  self->type = type;
  self->target = target;
  self->length = type == REALTIME_HLS_PLAYLIST_UNSPECIFIED ? length : 0;
  g_queue_init (&self->entries);

  return self;
}

void
realtime_hls_playlist_free (RealtimeHlsPlaylist * self)
{
  g_queue_clear_full (&self->entries, (GDestroyNotify) entry_free);
  g_free (self);
}

void
realtime_hls_playlist_add (RealtimeHlsPlaylist * self, const gchar * uri,
    GstClockTime duration)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->uri = g_strdup (uri);
  entry->duration = duration;
  g_queue_push_tail (&self->entries, entry);
  if (self->length > 0 && self->entries.length > self->length) {
    entry_free (g_queue_pop_head (&self->entries));
    self->sequence++;
  }
}

gchar *
realtime_hls_playlist_to_text (RealtimeHlsPlaylist * self, gboolean ended)
{
  GString *text = g_string_new (NULL);
  GList *l;

  g_string_append_printf (text, "#EXTM3U\n#EXT-X-VERSION:%u\n"
      "#EXT-X-TARGETDURATION:%u\n#EXT-X-MEDIA-SEQUENCE:%" G_GUINT64_FORMAT
      "\n", VERSION,
      (guint) ((self->target + GST_SECOND - 1) / GST_SECOND), self->sequence);
  if (self->type == REALTIME_HLS_PLAYLIST_EVENT)
    g_string_append (text, "#EXT-X-PLAYLIST-TYPE:EVENT\n");
  else if (self->type == REALTIME_HLS_PLAYLIST_VOD)
    g_string_append (text, "#EXT-X-PLAYLIST-TYPE:VOD\n");
  for (l = self->entries.head; l; l = l->next) {
    const Entry *entry = l->data;
    guint ms = entry->duration / GST_MSECOND;

    g_string_append_printf (text, "#EXTINF:%u.%03u,\n%s\n", ms / 1000,
        ms % 1000, entry->uri);
  }
  if (ended)
    g_string_append (text, "#EXT-X-ENDLIST\n");

  return g_string_free (text, FALSE);
}

/* An attribute's quoted string has no quotation mark and no line break. */
static void
append_quoted (GString * text, const gchar * name, const gchar * value)
{
  g_autofree gchar *clean = g_strdup (value);

  g_string_append_printf (text, ",%s=\"%s\"", name, g_strdelimit (clean,
          "\"\r\n", '\''));
}

gchar *
realtime_hls_master_to_text (GPtrArray * renditions, const gchar * video,
    guint bandwidth, const gchar * codecs)
{
  GString *text = g_string_new ("#EXTM3U\n");
  guint i;

  g_string_append_printf (text, "#EXT-X-VERSION:%u\n", VERSION);
  for (i = 0; i < renditions->len; i++) {
    const RealtimeHlsRendition *r = g_ptr_array_index (renditions, i);
    g_autofree gchar *number = g_strdup_printf ("Subtitles %u", i + 1);

    g_string_append (text, "#EXT-X-MEDIA:TYPE=SUBTITLES");
    append_quoted (text, "GROUP-ID", "subtitles");
    append_quoted (text, "NAME", r->name ? r->name :
        r->language ? r->language : number);
    if (r->language)
      append_quoted (text, "LANGUAGE", r->language);
    g_string_append_printf (text, ",DEFAULT=%s,AUTOSELECT=YES,FORCED=NO",
        r->selected ? "YES" : "NO");
    append_quoted (text, "URI", r->uri);
    g_string_append_c (text, '\n');
  }
  g_string_append_printf (text, "#EXT-X-STREAM-INF:BANDWIDTH=%u", bandwidth);
  if (codecs)
    append_quoted (text, "CODECS", codecs);
  append_quoted (text, "SUBTITLES", "subtitles");
  g_string_append_printf (text, "\n%s\n", video);

  return g_string_free (text, FALSE);
}
