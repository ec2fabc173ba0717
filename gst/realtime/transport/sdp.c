/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>

#include "sdp.h"
#include "transport.h"

static gboolean
is_data_section (const GstSDPMedia * media)
{
  return g_strcmp0 (gst_sdp_media_get_media (media), "application") == 0;
}

static void
remove_media_attributes (GstSDPMedia * media, const gchar * key)
{
  guint i = gst_sdp_media_attributes_len (media);

  while (i-- > 0) {
    if (g_strcmp0 (gst_sdp_media_get_attribute (media, i)->key, key) == 0)
      gst_sdp_media_remove_attribute (media, i);
  }
}

static void
remove_session_attributes (GstSDPMessage * sdp, const gchar * key)
{
  guint i = gst_sdp_message_attributes_len (sdp);

  while (i-- > 0) {
    if (g_strcmp0 (gst_sdp_message_get_attribute (sdp, i)->key, key) == 0)
      gst_sdp_message_remove_attribute (sdp, i);
  }
}

void
gst_realtime_sdp_complete_offer (GstSDPMessage * offer)
{
  guint i;

  for (i = 0; i < gst_sdp_message_medias_len (offer); i++) {
    GstSDPMedia *media = (GstSDPMedia *) gst_sdp_message_get_media (offer, i);

    if (is_data_section (media) &&
        !gst_sdp_media_get_attribute_val (media, "max-message-size")) {
      gchar *size = g_strdup_printf ("%d", GST_REALTIME_SDP_MAX_MESSAGE_SIZE);
      gst_sdp_media_add_attribute (media, "max-message-size", size);
      g_free (size);
    }
  }
}

gchar *
gst_realtime_sdp_offer_to_text (const GstSDPMessage * local)
{
  GstSDPMessage *copy = NULL;
  gchar *text;
  guint i;

  gst_sdp_message_copy (local, &copy);
  for (i = 0; i < gst_sdp_message_medias_len (copy); i++) {
    GstSDPMedia *media = (GstSDPMedia *) gst_sdp_message_get_media (copy, i);

    remove_media_attributes (media, "bundle-only");
    if (gst_sdp_media_get_port (media) == 0)
      gst_sdp_media_set_port_info (media, 9, 1);
  }
  text = gst_sdp_message_as_text (copy);
  gst_sdp_message_free (copy);

  return text;
}

static gboolean
check_sections (const GstSDPMessage * answer, const GstSDPMessage * offer,
    GError ** error)
{
  guint i, n = gst_sdp_message_medias_len (offer);

  if (gst_sdp_message_medias_len (answer) != n) {
    g_set_error (error, GST_REALTIME_TRANSPORT_ERROR,
        GST_REALTIME_TRANSPORT_ERROR_FORMAT,
        "the answer has %u media sections where the offer has %u",
        gst_sdp_message_medias_len (answer), n);
    return FALSE;
  }

  for (i = 0; i < n; i++) {
    const GstSDPMedia *ours = gst_sdp_message_get_media (offer, i);
    const GstSDPMedia *theirs = gst_sdp_message_get_media (answer, i);

    if (g_strcmp0 (gst_sdp_media_get_media (ours),
            gst_sdp_media_get_media (theirs)) != 0) {
      g_set_error (error, GST_REALTIME_TRANSPORT_ERROR,
          GST_REALTIME_TRANSPORT_ERROR_FORMAT,
          "section %u of the answer is not the %s that was offered", i,
          gst_sdp_media_get_media (ours));
      return FALSE;
    }
    if (gst_sdp_media_get_port (theirs) == 0) {
      g_set_error (error, GST_REALTIME_TRANSPORT_ERROR,
          GST_REALTIME_TRANSPORT_ERROR_FORMAT, "the answer rejects the %s",
          is_data_section (theirs) ? "data channel" : "audio");
      return FALSE;
    }
  }

  return TRUE;
}

/* webrtcbin 1.22 refuses an answer with fingerprints at both levels; the
 * nearer one counts (RFC 8122 section 5), so the session's can go where every
 * section has its own. */
static gboolean
settle_fingerprints (GstSDPMessage * answer, GError ** error)
{
  gboolean session = gst_sdp_message_get_attribute_val (answer, "fingerprint")
      != NULL;
  guint i, own = 0, n = gst_sdp_message_medias_len (answer);

  for (i = 0; i < n; i++) {
    if (gst_sdp_media_get_attribute_val (gst_sdp_message_get_media (answer, i),
            "fingerprint"))
      own++;
  }

  if (!session && own < n) {
    g_set_error (error, GST_REALTIME_TRANSPORT_ERROR,
        GST_REALTIME_TRANSPORT_ERROR_FORMAT,
        "the answer has no certificate fingerprint");
    return FALSE;
  }
  if (session && own == n) {
    remove_session_attributes (answer, "fingerprint");
  } else if (session && own > 0) {
    for (i = 0; i < n; i++) {
      GstSDPMedia *media = (GstSDPMedia *) gst_sdp_message_get_media (answer,
          i);

      if (!gst_sdp_media_get_attribute_val (media, "fingerprint"))
        gst_sdp_media_add_attribute (media, "fingerprint",
            gst_sdp_message_get_attribute_val (answer, "fingerprint"));
    }
    remove_session_attributes (answer, "fingerprint");
  }

  return TRUE;
}

GstSDPMessage *
gst_realtime_sdp_parse_answer (const gchar * text, const GstSDPMessage * offer,
    GError ** error)
{
  GstSDPMessage *answer = NULL;

  if (!g_str_has_prefix (text, "v=0") || !g_utf8_validate (text, -1, NULL)) {
    g_set_error (error, GST_REALTIME_TRANSPORT_ERROR,
        GST_REALTIME_TRANSPORT_ERROR_FORMAT, "the answer is not SDP");
    return NULL;
  }
  if (gst_sdp_message_new (&answer) != GST_SDP_OK)
    g_assert_not_reached ();
  if (gst_sdp_message_parse_buffer ((const guint8 *) text, strlen (text),
          answer) != GST_SDP_OK) {
    g_set_error (error, GST_REALTIME_TRANSPORT_ERROR,
        GST_REALTIME_TRANSPORT_ERROR_FORMAT,
        "the answer is not well-formed SDP");
    gst_sdp_message_free (answer);
    return NULL;
  }
  if (!check_sections (answer, offer, error) ||
      !settle_fingerprints (answer, error)) {
    gst_sdp_message_free (answer);
    return NULL;
  }

  return answer;
}

static GBytes *
der_of_pem (const gchar * pem)
{
  static const gchar begin[] = "-----BEGIN CERTIFICATE-----";
  static const gchar end[] = "-----END CERTIFICATE-----";
  const gchar *from, *to;
  gchar *base64;
  guchar *der;
  gsize size;

  from = strstr (pem, begin);
  if (!from)
    return NULL;
  from += strlen (begin);
  to = strstr (from, end);
  if (!to)
    return NULL;

  base64 = g_strndup (from, to - from);
  der = g_base64_decode (base64, &size);
  g_free (base64);

  return g_bytes_new_take (der, size);
}

static gboolean
fingerprint_matches (const gchar * fingerprint, GBytes * der)
{
  static const struct
  {
    const gchar *name;
    GChecksumType type;
  } hashes[] = {
    /* *INDENT-OFF* */
    { "sha-1", G_CHECKSUM_SHA1 },
    { "sha-256", G_CHECKSUM_SHA256 },
    { "sha-384", G_CHECKSUM_SHA384 },
    { "sha-512", G_CHECKSUM_SHA512 },
    /* *INDENT-ON* */
  };
  gchar **parts = g_strsplit (fingerprint, " ", 2);
  gboolean matches = FALSE;
  guint i;

  for (i = 0; parts[0] && parts[1] && i < G_N_ELEMENTS (hashes); i++) {
    gchar *ours, *theirs;
    gchar **bytes;

    if (g_ascii_strcasecmp (parts[0], hashes[i].name) != 0)
      continue;
    bytes = g_strsplit (g_strstrip (parts[1]), ":", -1);
    theirs = g_strjoinv ("", bytes);
    ours = g_compute_checksum_for_bytes (hashes[i].type, der);
    matches = g_ascii_strcasecmp (ours, theirs) == 0;
    g_strfreev (bytes);
    g_free (ours);
    g_free (theirs);
  }
  g_strfreev (parts);

  return matches;
}

gboolean
gst_realtime_sdp_check_certificate (const GstSDPMessage * answer,
    const gchar * pem, GError ** error)
{
  GBytes *der = pem ? der_of_pem (pem) : NULL;
  gboolean matches = FALSE;

  if (der) {
    const GstSDPMedia *media = gst_sdp_message_get_media (answer, 0);
    const gchar *fingerprint;
    guint i;

    /* one transport carries everything: the first section's counts */
    for (i = 0; !matches && (fingerprint =
            gst_sdp_media_get_attribute_val_n (media, "fingerprint", i)); i++)
      matches = fingerprint_matches (fingerprint, der);
    for (i = 0; !matches && (fingerprint =
            gst_sdp_message_get_attribute_val_n (answer, "fingerprint", i));
        i++)
      matches = fingerprint_matches (fingerprint, der);
    g_bytes_unref (der);
  }

  if (!matches) {
    g_set_error (error, GST_REALTIME_TRANSPORT_ERROR,
        GST_REALTIME_TRANSPORT_ERROR_PEER,
        "the peer's certificate does not match the fingerprint in the answer: "
        "somebody else may be on the line");
  }

  return matches;
}
