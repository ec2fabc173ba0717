/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>
#include "signalling-private.h"
#include "session/failure.h"
#include "session/json.h"

#define MAX_CALL_ID 200

void
realtime_answer_free (RealtimeAnswer * answer)
{
  g_free (answer->sdp);
  g_free (answer->call_id);
  g_free (answer->call_url);
  g_free (answer);
}

/* An offer without its last line break is refused by the service's parser. */
static gchar *
end_with_crlf (const gchar * sdp, gsize length)
{
  while (length > 0 && (sdp[length - 1] == '\n' || sdp[length - 1] == '\r'))
    length--;
  return g_strdup_printf ("%.*s\r\n", (gint) length, sdp);
}

RealtimeHttpRequest *
realtime_call_request_new (const gchar * url, const gchar * credential)
{
  RealtimeHttpRequest *request = realtime_http_request_new ("Opening the call",
      "POST", url);

  realtime_http_request_set_bearer (request, credential);
  return request;
}

void
realtime_call_request_set_sdp (RealtimeHttpRequest * request,
    const RealtimeOffer * offer)
{
  gchar *sdp = end_with_crlf (offer->sdp, strlen (offer->sdp));

  realtime_http_request_set_header (request, "Accept", "application/sdp");
  realtime_http_request_take_body (request, "application/sdp",
      g_bytes_new_take (sdp, strlen (sdp)));
}

void
realtime_call_request_set_json (RealtimeHttpRequest * request,
    const RealtimeOffer * offer)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree gchar *sdp = end_with_crlf (offer->sdp, strlen (offer->sdp));
  gchar *body;

  json_object_set_string_member (object, "type", "offer");
  json_object_set_string_member (object, "sdp", sdp);
  if (offer->model)
    json_object_set_string_member (object, "model", offer->model);
  body = realtime_json_to_string (object);
  realtime_http_request_set_header (request, "Accept",
      "application/json, application/sdp");
  realtime_http_request_take_body (request, "application/json",
      g_bytes_new_take (body, strlen (body)));
}

static void
append_part (SoupMultipart * multipart, const gchar * name,
    const gchar * content_type, const gchar * text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  SoupMessageHeaders *headers =
      soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);
  g_autofree gchar *disposition =
      g_strdup_printf ("form-data; name=\"%s\"", name);

  soup_message_headers_append (headers, "Content-Disposition", disposition);
  soup_message_headers_append (headers, "Content-Type", content_type);
  soup_multipart_append_part (multipart, headers, body);
  soup_message_headers_unref (headers);
}

void
realtime_call_request_set_multipart (RealtimeHttpRequest * request,
    const RealtimeOffer * offer)
{
  g_autofree gchar *sdp = end_with_crlf (offer->sdp, strlen (offer->sdp));
  g_autofree gchar *type = NULL;
  SoupMultipart *multipart = soup_multipart_new (SOUP_FORM_MIME_TYPE_MULTIPART);
  SoupMessageHeaders *headers =
      soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  GBytes *body;

  append_part (multipart, "sdp", "application/sdp", sdp);
  if (offer->session_json)
    append_part (multipart, "session", "application/json", offer->session_json);
  soup_multipart_to_message (multipart, headers, &body);
  type = g_strdup (soup_message_headers_get_one (headers, "Content-Type"));
  realtime_http_request_set_header (request, "Accept", "application/sdp");
  realtime_http_request_take_body (request, type, body);
  soup_message_headers_unref (headers);
  soup_multipart_free (multipart);
}

gboolean
realtime_is_call_id (const gchar * id)
{
  return *id && strlen (id) <= MAX_CALL_ID
      && strspn (id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
      "0123456789_-.~") == strlen (id)
      && strcmp (id, ".") != 0 && strcmp (id, "..") != 0;
}

/* The last segment of ".../calls/<id>", in whatever form of URL. An id that
 * could not be part of a path of ours is as good as none. */
static gchar *
read_call_id (const gchar * location)
{
  g_autofree gchar *path = NULL;
  gchar *slash;

  if (!location)
    return NULL;
  path = g_strndup (location, strcspn (location, "?#"));
  g_strstrip (path);
  while (g_str_has_suffix (path, "/"))
    path[strlen (path) - 1] = '\0';
  slash = strrchr (path, '/');
  if (!slash || !realtime_is_call_id (slash + 1)
      || strcmp (slash, "/calls") == 0 || (slash > path && slash[-1] == '/'))
    return NULL;
  return g_strdup (slash + 1);
}

/* The whole URL, if it is of the server that named it: nobody else is given
 * the credentials. */
static gchar *
read_call_url (const gchar * location, GUri * base)
{
  g_autoptr (GUri) uri = g_uri_parse_relative (base, location,
      SOUP_HTTP_URI_FLAGS, NULL);

  if (!uri || !g_uri_get_host (uri) || g_uri_get_userinfo (uri)
      || !realtime_url_same_origin (uri, base))
    return NULL;
  return g_uri_to_string (uri);
}

/* The description in a JSON object of any of the shapes that were seen. */
static const gchar *
find_sdp (JsonObject * object)
{
  static const gchar *const paths[] = { "sdp", "answer.sdp", "answer" };
  const gchar *sdp = NULL;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (paths) && !sdp; i++)
    sdp = realtime_json_get_string (object, paths[i], NULL);
  return sdp;
}

RealtimeAnswer *
realtime_answer_read (const RealtimeHttpReply * reply, GError ** error)
{
  gsize size;
  const gchar *body = g_bytes_get_data (reply->body, &size);
  const gchar *location =
      soup_message_headers_get_one (reply->headers, "Location");
  g_autoptr (JsonObject) object = NULL;
  const gchar *sdp = NULL, *call_id = NULL;
  RealtimeAnswer *answer;

  while (size > 0 && g_ascii_isspace (*body)) {
    body++;
    size--;
  }
  if (size > 4 && strncmp (body, "v=0", 3) == 0) {
    sdp = body;
  } else if (size > 0 && *body == '{') {
    object = realtime_json_parse_object (body, size, NULL);
    if (object) {
      sdp = find_sdp (object);
      call_id = realtime_json_get_string (object, "call_id", NULL);
    }
    size = sdp ? strlen (sdp) : 0;
    if (sdp && strncmp (sdp, "v=0", 3) != 0)
      sdp = NULL;
  }
  if (!sdp || memchr (sdp, '\0', size) || !g_utf8_validate (sdp, size, NULL)) {
    g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_FORMAT,
        "the answer is no session description (%s)",
        size == 0 && !object ? "it is empty" : object ? "it is JSON without one"
        : *body == '<' ? "it is a web page" : "it does not begin with v=0");
    return NULL;
  }
  answer = g_new0 (RealtimeAnswer, 1);
  answer->sdp = end_with_crlf (sdp, size);
  answer->call_id = read_call_id (location);
  if (answer->call_id)
    answer->call_url = read_call_url (location, reply->uri);
  else if (call_id && realtime_is_call_id (call_id))
    answer->call_id = g_strdup (call_id);
  return answer;
}
