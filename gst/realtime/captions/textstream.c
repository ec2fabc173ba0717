/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "textstream.h"

/* No GAP event for less. */
#define SHORTEST_GAP (50 * GST_MSECOND)
/* Elements between the pad and a WebVTT encoder, at most. */
#define MAX_WALK 32

#define CAPS_UTF8 "text/x-raw, format = (string) utf8"
#define CAPS_MARKUP "text/x-raw, format = (string) pango-markup"

typedef enum
{
  NEGOTIATION_NONE,
  NEGOTIATION_DONE,
  NEGOTIATION_FAILED            /* the error was posted */
} Negotiation;

struct _RealtimeTextStream
{
  GstElement *element;          /* not owned, nor is the pad */
  GstPad *pad;

  GstClockTime position;
  GstSegment segment;
  GstClockTime lateness;
  guint32 seqnum;
  gboolean started, segmented;  /* what downstream knows */
  gchar *language;
  gboolean tagged;              /* downstream knows the language */
  Negotiation negotiation;
  gboolean discont;
  gboolean markup;              /* negotiated format is pango-markup */
  gboolean webvtt;              /* for an encoder of WebVTT */
  gboolean voice_tags;
  gboolean windows, windows_told;
};

RealtimeTextStream *
realtime_text_stream_new (GstElement * element, GstPad * pad)
{
  RealtimeTextStream *self = g_new0 (RealtimeTextStream, 1);

  self->element = element;
  self->pad = pad;
  realtime_text_stream_reset (self);
  return self;
}

void
realtime_text_stream_free (RealtimeTextStream * self)
{
  if (self) {
    g_free (self->language);
    g_free (self);
  }
}

void
realtime_text_stream_reset (RealtimeTextStream * self)
{
  gst_segment_init (&self->segment, GST_FORMAT_TIME);
  self->position = 0;
  self->seqnum = GST_SEQNUM_INVALID;
  self->started = self->segmented = FALSE;
  self->negotiation = NEGOTIATION_NONE;
  self->discont = TRUE;
}

void
realtime_text_stream_set_seqnum (RealtimeTextStream * self, guint32 seqnum)
{
  self->seqnum = seqnum;
}

void
realtime_text_stream_set_lateness (RealtimeTextStream * self,
    GstClockTime lateness)
{
  self->lateness = lateness;
}

void
realtime_text_stream_set_voice_tags (RealtimeTextStream * self,
    gboolean voice_tags)
{
  self->voice_tags = voice_tags;
}

void
realtime_text_stream_set_windows (RealtimeTextStream * self, gboolean windows)
{
  self->windows = windows;
}

void
realtime_text_stream_set_language (RealtimeTextStream * self,
    const gchar * language)
{
  if (g_strcmp0 (language, self->language) == 0)
    return;
  g_free (self->language);
  self->language = g_strdup (language);
  self->tagged = FALSE;
}

void
realtime_text_stream_set_segment (RealtimeTextStream * self,
    const GstSegment * segment)
{
  if (segment)
    gst_segment_copy_into (segment, &self->segment);
  else
    gst_segment_init (&self->segment, GST_FORMAT_TIME);
  self->position = self->segment.start;
  self->segmented = FALSE;
  self->discont = TRUE;
}

void
realtime_text_stream_flushed (RealtimeTextStream * self, gboolean reset_time)
{
  self->segmented = FALSE;
  self->discont = TRUE;
  if (reset_time)
    self->position = self->segment.start;
}

GstClockTime
realtime_text_stream_get_begin (RealtimeTextStream * self)
{
  return self->segment.start;
}

GstClockTime
realtime_text_stream_get_position (RealtimeTextStream * self)
{
  return self->position;
}

/* Takes @event. */
static void
push_event (RealtimeTextStream * self, GstEvent * event)
{
  if (self->seqnum != GST_SEQNUM_INVALID)
    gst_event_set_seqnum (event, self->seqnum);
  gst_pad_push_event (self->pad, event);
}

/* Whether what @sinkpad takes ends in a WebVTT stream, possibly behind queues,
 * tees and the like. */
static gboolean
ends_in_webvtt (GstPad * sinkpad, guint depth)
{
  GstIterator *links;
  GValue item = G_VALUE_INIT;
  gboolean found = FALSE, done = FALSE;

  links = depth < MAX_WALK ? gst_pad_iterate_internal_links (sinkpad) : NULL;
  if (!links)
    return FALSE;

  while (!found && !done) {
    switch (gst_iterator_next (links, &item)) {
      case GST_ITERATOR_OK:{
        GstPad *srcpad = g_value_get_object (&item);
        g_autoptr (GstCaps) caps = gst_pad_get_pad_template_caps (srcpad);
        g_autoptr (GstCaps) vtt =
            gst_caps_from_string ("application/x-subtitle-vtt; text/vtt");

        if (!gst_caps_is_any (caps) && gst_caps_is_subset (caps, vtt)) {
          found = TRUE;
        } else if (gst_caps_is_any (caps)) {
          g_autoptr (GstPad) peer = gst_pad_get_peer (srcpad);

          found = peer && ends_in_webvtt (peer, depth + 1);
        }
        g_value_reset (&item);
        break;
      }
      case GST_ITERATOR_RESYNC:
        gst_iterator_resync (links);
        break;
      default:
        done = TRUE;
        break;
    }
  }
  g_value_unset (&item);
  gst_iterator_free (links);

  return found;
}

/* Plain text where downstream takes it. The text of a WebVTT cue is markup,
 * though, and webvttenc, which takes both, writes either as it comes. */
static gboolean
negotiate (RealtimeTextStream * self)
{
  g_autoptr (GstCaps) utf8 = gst_caps_from_string (CAPS_UTF8);
  g_autoptr (GstCaps) markup = gst_caps_from_string (CAPS_MARKUP);
  g_autoptr (GstCaps) allowed = gst_pad_get_allowed_caps (self->pad);
  gboolean marked_up = FALSE;

  self->webvtt = FALSE;
  if (!allowed || gst_caps_can_intersect (allowed, utf8)) {
    g_autoptr (GstPad) peer = gst_pad_get_peer (self->pad);

    self->webvtt = marked_up = allowed && peer
        && gst_caps_can_intersect (allowed, markup)
        && ends_in_webvtt (peer, 0);
  } else if (gst_caps_can_intersect (allowed, markup)) {
    g_autoptr (GstPad) peer = gst_pad_get_peer (self->pad);

    marked_up = TRUE;
    self->webvtt = peer && ends_in_webvtt (peer, 0);
  } else {
    GST_ELEMENT_ERROR (self->element, CORE, NEGOTIATION,
        ("What follows takes neither plain text nor Pango markup."),
        ("allowed caps %" GST_PTR_FORMAT, allowed));
    self->negotiation = NEGOTIATION_FAILED;
    return FALSE;
  }

  if (self->negotiation != NEGOTIATION_DONE || self->markup != marked_up)
    push_event (self, gst_event_new_caps (marked_up ? markup : utf8));
  self->markup = marked_up;
  self->negotiation = NEGOTIATION_DONE;
  return TRUE;
}

void
realtime_text_stream_start (RealtimeTextStream * self, GstEvent * cause)
{
  g_autofree gchar *id = gst_pad_create_stream_id (self->pad, self->element,
      "captions");
  GstEvent *event = gst_event_new_stream_start (id);
  guint group_id;

  if (!cause || !gst_event_parse_group_id (cause, &group_id))
    group_id = gst_util_group_id_next ();
  gst_event_set_group_id (event, group_id);
  gst_event_set_stream_flags (event, GST_STREAM_FLAG_SPARSE);
  if (cause)
    gst_event_set_seqnum (event, gst_event_get_seqnum (cause));
  gst_pad_push_event (self->pad, event);

  self->started = TRUE;
  self->segmented = self->tagged = self->windows_told = FALSE;
  self->negotiation = NEGOTIATION_NONE;
}

gboolean
realtime_text_stream_prepare (RealtimeTextStream * self)
{
  gboolean reconfigure = gst_pad_check_reconfigure (self->pad);

  if (!self->started)
    realtime_text_stream_start (self, NULL);

  if (self->negotiation == NEGOTIATION_FAILED && !reconfigure)
    return FALSE;
  if ((self->negotiation != NEGOTIATION_DONE || reconfigure)
      && !negotiate (self))
    return FALSE;

  if (!self->segmented) {
    GstSegment segment;

    gst_segment_copy_into (&self->segment, &segment);
    segment.base += self->lateness;
    push_event (self, gst_event_new_segment (&segment));
    self->segmented = TRUE;
  }
  if (!self->tagged && self->language) {
    push_event (self, gst_event_new_tag (gst_tag_list_new
            (GST_TAG_LANGUAGE_CODE, self->language, NULL)));
    self->tagged = TRUE;
  }
  if (self->windows && !self->windows_told) {
    push_event (self, gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY,
            gst_structure_new (REALTIME_TEXT_STREAM_EVENT, "mode",
                G_TYPE_STRING, "roll-up", NULL)));
    self->windows_told = TRUE;
  }

  return TRUE;
}

void
realtime_text_stream_push_gap (RealtimeTextStream * self, GstClockTime until)
{
  GstClockTime from = self->position;

  if (until < from + SHORTEST_GAP || !realtime_text_stream_prepare (self))
    return;

  self->position = until;
  push_event (self, gst_event_new_gap (from, until - from));
}

void
realtime_text_stream_push_custom (RealtimeTextStream * self,
    GstStructure * structure)
{
  if (realtime_text_stream_prepare (self))
    push_event (self, gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM,
            structure));
  else
    gst_structure_free (structure);
}

/* Quotation marks need no escape in text. */
static void
append_markup (GString * markup, const gchar * text)
{
  const gchar *p;

  for (p = text; *p; p++) {
    if (*p == '&')
      g_string_append (markup, "&amp;");
    else if (*p == '<')
      g_string_append (markup, "&lt;");
    else if (*p == '>')
      g_string_append (markup, "&gt;");
    else
      g_string_append_c (markup, *p);
  }
}

/* The name in a voice tag ends with its line. */
static void
append_voice (GString * markup, const gchar * speaker)
{
  g_autofree gchar *name = g_strdup (speaker);

  g_strdelimit (name, "\n\r\t", ' ');
  g_string_append (markup, "<v ");
  append_markup (markup, name);
  g_string_append_c (markup, '>');
}

static gchar *
to_markup (RealtimeTextStream * self, const RealtimeCue * cue)
{
  GString *markup = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (cue->text, "\n", -1);
  const gchar *speaker, *last = NULL;
  gboolean voices = self->webvtt && self->voice_tags;
  guint i;

  for (i = 0; lines[i]; i++) {
    speaker = cue->speakers ? cue->speakers[i] : cue->speaker;
    if (!voices || !speaker || *speaker == '\0')
      speaker = NULL;
    if (last && g_strcmp0 (speaker, last) != 0)
      g_string_append (markup, "</v>");
    if (i > 0)
      g_string_append_c (markup, '\n');
    if (speaker && g_strcmp0 (speaker, last) != 0)
      append_voice (markup, speaker);
    append_markup (markup, lines[i]);
    last = speaker;
  }
  if (last)
    g_string_append (markup, "</v>");

  return g_string_free (markup, FALSE);
}

GstFlowReturn
realtime_text_stream_push_cue (RealtimeTextStream * self,
    const RealtimeCue * cue)
{
  GstBuffer *buffer;
  gchar *text;

  if (!realtime_text_stream_prepare (self))
    return GST_FLOW_NOT_NEGOTIATED;

  realtime_text_stream_push_gap (self, cue->start);
  self->position = cue->end;

  text = self->markup ? to_markup (self, cue) : g_strdup (cue->text);
  buffer = gst_buffer_new_wrapped (text, strlen (text));
  GST_BUFFER_PTS (buffer) = cue->start;
  GST_BUFFER_DURATION (buffer) = cue->end - cue->start;
  if (self->discont) {
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    self->discont = FALSE;
  }

  return gst_pad_push (self->pad, buffer);
}
