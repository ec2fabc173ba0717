/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "offer.h"

#include <string.h>

#define MAX_MESSAGE_SIZE "1073741823"

static gboolean
bad (Refusal * refusal, const gchar * why)
{
  return refuse (refusal, "invalid_offer", NULL,
      "The SDP offer cannot be used: %s.", why);
}

static gboolean
has_attribute (const GstSDPMessage * sdp, const GstSDPMedia * media,
    const gchar * name)
{
  return gst_sdp_media_get_attribute_val (media, name) != NULL ||
      gst_sdp_message_get_attribute_val (sdp, name) != NULL;
}

/* The payload type of opus/48000/2 in @media; -1 for none. */
static gint
find_opus (const GstSDPMedia * media)
{
  guint i;

  for (i = 0; i < gst_sdp_media_attributes_len (media); i++) {
    const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i);
    const gchar *blank;

    if (!g_str_equal (attribute->key, "rtpmap") || attribute->value == NULL)
      continue;
    blank = strchr (attribute->value, ' ');
    if (blank != NULL && g_ascii_strncasecmp (blank + 1, "opus/48000", 10) == 0)
      return (gint) g_ascii_strtoll (attribute->value, NULL, 10);
  }
  return -1;
}

static gboolean
check_media (Offer * offer, const GstSDPMedia * media, Refusal * refusal)
{
  if (gst_sdp_media_get_attribute_val (media, "mid") == NULL)
    return bad (refusal, "a section has no mid");
  if (!has_attribute (offer->sdp, media, "ice-ufrag") ||
      !has_attribute (offer->sdp, media, "ice-pwd"))
    return bad (refusal, "a section has no ICE credentials");
  if (!has_attribute (offer->sdp, media, "fingerprint"))
    return bad (refusal, "a section has no certificate fingerprint");
  if (g_str_equal (gst_sdp_media_get_media (media), "audio") &&
      !offer->has_audio) {
    offer->payload = find_opus (media);
    if (offer->payload < 0 || offer->payload > 127)
      return bad (refusal, "the audio section does not offer opus/48000/2");
    offer->has_audio = TRUE;
  }
  return TRUE;
}

static gboolean
check (Offer * offer, Refusal * refusal)
{
  guint i;

  if (gst_sdp_message_medias_len (offer->sdp) == 0)
    return bad (refusal, "it has no media section");
  for (i = 0; i < gst_sdp_message_medias_len (offer->sdp); i++) {
    const GstSDPMedia *media = gst_sdp_message_get_media (offer->sdp, i);

    if (!check_media (offer, media, refusal))
      return FALSE;
  }
  return TRUE;
}

gboolean
offer_parse (const gchar * text, Offer * offer, Refusal * refusal)
{
  memset (offer, 0, sizeof (Offer));
  if (!g_str_has_prefix (text, "v=0"))
    return bad (refusal, "it does not begin with v=0");
  /* the service's parser wants the last line to end */
  if (!g_str_has_suffix (text, "\n"))
    return refuse (refusal, "invalid_offer", NULL, "unmarshal SDP: EOF");
  if (gst_sdp_message_new_from_text (text, &offer->sdp) != GST_SDP_OK) {
    offer->sdp = NULL;
    return bad (refusal, "it is not SDP");
  }
  if (check (offer, refusal))
    return TRUE;
  offer_clear (offer);
  return FALSE;
}

void
offer_clear (Offer * offer)
{
  g_clear_pointer (&offer->sdp, gst_sdp_message_free);
}

void
answer_complete (GstSDPMessage * sdp)
{
  guint i;

  for (i = 0; i < gst_sdp_message_medias_len (sdp); i++) {
    GstSDPMedia *media = (GstSDPMedia *) gst_sdp_message_get_media (sdp, i);

    if (g_str_equal (gst_sdp_media_get_media (media), "application") &&
        gst_sdp_media_get_attribute_val (media, "max-message-size") == NULL)
      gst_sdp_media_add_attribute (media, "max-message-size", MAX_MESSAGE_SIZE);
  }
}

/* Turns the first digit of each fingerprint. */
static void
spoil_fingerprints (gchar * text)
{
  gchar *at = text;

  while ((at = strstr (at, "a=fingerprint:sha-256 ")) != NULL) {
    at += strlen ("a=fingerprint:sha-256 ");
    *at = *at == '0' ? '1' : '0';
  }
}

static gchar *
replace (gchar * text, const gchar * from, const gchar * to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, 2);

  g_free (text);
  return g_strjoinv (to, parts);
}

gchar *
answer_text (GstSDPMessage * sdp, Faults * faults)
{
  gchar *text = gst_sdp_message_as_text (sdp);

  if (faults_has (faults, "bad-fingerprint"))
    spoil_fingerprints (text);
  if (faults_has (faults, "no-channel"))
    text = replace (text, "m=application 9 ", "m=application 0 ");
  if (faults_has (faults, "answer-truncated")) {
    gchar *media = strstr (text, "\r\nm=");

    /* inside the first section, where the line names its codec */
    if (media != NULL && strlen (media) > 40)
      media[40] = '\0';
  }
  if (faults_has (faults, "answer-not-sdp") ||
      faults_has (faults, "answer-empty")) {
    g_free (text);
    text = g_strdup (faults_has (faults, "answer-empty") ? "" :
        "<html><body>Welcome to the guest network</body></html>");
  }
  return text;
}
