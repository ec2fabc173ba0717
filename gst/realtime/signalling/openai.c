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

/* The OpenAI Realtime service (GA) and the servers that follow its paths. */

#define MINT_PATH "/realtime/client_secrets"
#define CALLS_PATH "/realtime/calls"
#define MAX_CALL_ID 200

static RealtimeHttpRequest *
openai_mint (const gchar * base, const gchar * url, const gchar * method,
    const gchar * credential, const gchar * body)
{
  g_autofree gchar *own = url ? NULL : g_strconcat (base, MINT_PATH, NULL);
  RealtimeHttpRequest *request =
      realtime_http_request_new ("Minting a token", method,
      url ? url : own);

  realtime_http_request_set_header (request, "Accept", "application/json, "
      "text/plain;q=0.5");
  realtime_http_request_set_bearer (request, credential);
  if (body)
    realtime_http_request_take_body (request, "application/json",
        g_bytes_new (body, strlen (body)));
  return request;
}

static void
append_part (SoupMultipart * multipart, const gchar * name,
    const gchar * content_type, GBytes * body)
{
  SoupMessageHeaders *headers =
      soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);
  g_autofree gchar *disposition =
      g_strdup_printf ("form-data; name=\"%s\"", name);

  soup_message_headers_append (headers, "Content-Disposition", disposition);
  soup_message_headers_append (headers, "Content-Type", content_type);
  soup_multipart_append_part (multipart, headers, body);
  soup_message_headers_unref (headers);
}

/* An offer without its last line break is refused by the service's parser. */
static gchar *
end_with_crlf (const gchar * sdp, gsize length)
{
  while (length > 0 && (sdp[length - 1] == '\n' || sdp[length - 1] == '\r'))
    length--;
  return g_strdup_printf ("%.*s\r\n", (gint) length, sdp);
}

static RealtimeHttpRequest *
openai_call (const gchar * base, const gchar * credential, const gchar * offer,
    const gchar * session_json)
{
  g_autofree gchar *url = g_strconcat (base, CALLS_PATH, NULL);
  gchar *sdp = end_with_crlf (offer, strlen (offer));
  g_autoptr (GBytes) sdp_bytes = g_bytes_new_take (sdp, strlen (sdp));
  g_autoptr (GBytes) session = NULL;
  g_autofree gchar *type = NULL;
  RealtimeHttpRequest *request = realtime_http_request_new ("Opening the call",
      "POST", url);
  SoupMultipart *multipart;
  SoupMessageHeaders *headers;
  GBytes *body;

  realtime_http_request_set_header (request, "Accept", "application/sdp");
  realtime_http_request_set_bearer (request, credential);
  if (!session_json) {
    realtime_http_request_take_body (request, "application/sdp",
        g_steal_pointer (&sdp_bytes));
    return request;
  }
  session = g_bytes_new (session_json, strlen (session_json));
  multipart = soup_multipart_new (SOUP_FORM_MIME_TYPE_MULTIPART);
  append_part (multipart, "sdp", "application/sdp", sdp_bytes);
  append_part (multipart, "session", "application/json", session);
  headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  soup_multipart_to_message (multipart, headers, &body);
  type = g_strdup (soup_message_headers_get_one (headers, "Content-Type"));
  realtime_http_request_take_body (request, type, body);
  soup_message_headers_unref (headers);
  soup_multipart_free (multipart);
  return request;
}

static gboolean
is_call_id (const gchar * id)
{
  return *id && strlen (id) <= MAX_CALL_ID
      && strspn (id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
      "0123456789_-.~") == strlen (id)
      && strcmp (id, ".") != 0 && strcmp (id, "..") != 0;
}

static RealtimeHttpRequest *
openai_hang_up (const gchar * base, const gchar * credential,
    const gchar * call_id)
{
  g_autofree gchar *url = g_strconcat (base, CALLS_PATH "/", call_id,
      "/hangup", NULL);
  RealtimeHttpRequest *request = realtime_http_request_new ("Hanging up",
      "POST", url);

  realtime_http_request_set_bearer (request, credential);
  if (!is_call_id (call_id))
    g_set_error_literal (&request->error, REALTIME_FAILURE,
        REALTIME_FAILURE_SETTINGS, "Hanging up: this is no call id");
  return request;
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
  if (!slash || !is_call_id (slash + 1) || strcmp (slash, "/calls") == 0
      || (slash > path && slash[-1] == '/'))
    return NULL;
  return g_strdup (slash + 1);
}

static RealtimeAnswer *
openai_read_answer (const RealtimeHttpReply * reply, GError ** error)
{
  gsize size;
  const gchar *body = g_bytes_get_data (reply->body, &size);
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
      sdp = realtime_json_get_string (object, "sdp", NULL);
      if (!sdp)
        sdp = realtime_json_get_string (object, "answer.sdp", NULL);
      if (!sdp)
        sdp = realtime_json_get_string (object, "answer", NULL);
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
  answer->call_id =
      read_call_id (soup_message_headers_get_one (reply->headers, "Location"));
  if (!answer->call_id && call_id && is_call_id (call_id))
    answer->call_id = g_strdup (call_id);
  return answer;
}

const RealtimeService realtime_service_openai = {
  "openai",
  openai_mint,
  openai_call,
  openai_hang_up,
  openai_read_answer
};
