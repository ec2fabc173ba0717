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

/* Web tokens with many claims reach some KiB; a header must still carry it. */
#define MAX_TOKEN_LENGTH (16 * 1024)
/* Life of a token whose reply does not tell, in seconds. */
#define DEFAULT_LIFE 60
/* Numbers from here on are milliseconds: as seconds they are past year 5000. */
#define FIRST_MILLISECONDS G_GINT64_CONSTANT (100000000000)

void
realtime_token_free (RealtimeToken * token)
{
  realtime_secret_free (token->value);
  g_free (token->session_json);
  g_free (token);
}

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static gint64
expiry_from_number (gdouble number)
{
  if (number >= FIRST_MILLISECONDS)
    number /= 1000;
  /* 0 stands for "not started" in a session object; nothing valid is that old */
  if (!(number >= 1 && number < FIRST_MILLISECONDS))
    return 0;
  return (gint64) number;
}

/* Unix seconds, or 0 where @object tells nothing usable. */
static gint64
read_expiry (JsonObject * object)
{
  static const gchar *const names[] = { "expires_at", "expiresAt" };
  gint64 life;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (names); i++) {
    const gchar *text = realtime_json_get_string (object, names[i], NULL);
    gint64 expiry = 0;

    if (text) {
      g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
      g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (text, utc);
      gchar *end;
      gdouble number;

      if (date) {
        expiry = MAX (g_date_time_to_unix (date), 0);
      } else {
        number = g_ascii_strtod (text, &end);
        if (end != text && *end == '\0')
          expiry = expiry_from_number (number);
      }
    } else {
      expiry = expiry_from_number (realtime_json_get_double (object, names[i],
              0));
    }
    if (expiry > 0)
      return expiry;
  }
  life = realtime_json_get_int (object, "expires_in", 0);
  return life > 0 && life < G_MAXINT32 ? now_s () + life : 0;
}

static gboolean
is_token (const gchar * text, gsize length)
{
  gsize i;

  if (length == 0 || length > MAX_TOKEN_LENGTH)
    return FALSE;
  for (i = 0; i < length; i++) {
    if (text[i] <= 0x20 || text[i] >= 0x7f)
      return FALSE;
  }
  return TRUE;
}

/* The session that came along: its own member, or what stands around the
 * secret in the older form, which this takes out of @object. */
static gchar *
take_session (JsonObject * object)
{
  JsonObject *session = realtime_json_get_object (object, "session");
  const gchar *kind = realtime_json_get_string (object, "object", "");

  if (session)
    return realtime_json_to_string (session);
  if (!g_str_has_prefix (kind, "realtime."))
    return NULL;
  json_object_remove_member (object, "client_secret");
  return realtime_json_to_string (object);
}

static RealtimeToken *
token_from_object (JsonObject * object, GError ** error)
{
  static const gchar *const names[] = { "value", "client_secret", "token",
    "ephemeral_token", "ephemeral_key", "apiKey"
  };
  RealtimeToken *token;
  const gchar *value = NULL;
  gint64 expiry = 0;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (names) && !value; i++) {
    JsonObject *inner = realtime_json_get_object (object, names[i]);

    if (inner) {
      value = realtime_json_get_string (inner, "value", NULL);
      if (value)
        expiry = read_expiry (inner);
    } else {
      value = realtime_json_get_string (object, names[i], NULL);
    }
  }
  if (!value || !is_token (value, strlen (value))) {
    g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_FORMAT,
        "the reply %s; it must be a JSON object with the member \"value\", "
        "\"client_secret\" or \"token\", or the token as plain text",
        value ? "names a token that holds blanks or is too long" :
        "is JSON without a token");
    return NULL;
  }
  if (expiry == 0)
    expiry = read_expiry (object);
  token = g_new0 (RealtimeToken, 1);
  token->value = g_strdup (value);
  token->expires_at = expiry > 0 ? expiry : now_s () + DEFAULT_LIFE;
  token->session_json = take_session (object);
  return token;
}

/* A back end that says no with a status of 200. */
static gboolean
is_refusal (JsonObject * object, GError ** error)
{
  const gchar *message;
  g_autofree gchar *shown = NULL;

  if (realtime_json_get_boolean (object, "success", TRUE)
      && !realtime_json_get_object (object, "error")
      && !realtime_json_get_string (object, "error", NULL))
    return FALSE;
  message = realtime_json_get_string (object, "error.message", NULL);
  if (!message)
    message = realtime_json_get_string (object, "error", NULL);
  if (!message)
    message =
        realtime_json_get_string (object, "message", "it does not say why");
  shown = realtime_text_for_user (message, -1, 300, NULL);
  g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_REFUSED,
      "the back end gives no token: “%s”", shown);
  return TRUE;
}

RealtimeToken *
realtime_token_parse (const gchar * body, gssize length, GError ** error)
{
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GError) cause = NULL;
  const gchar *end;
  RealtimeToken *token;

  /* an empty GBytes has no data at all */
  if (!body) {
    body = "";
    length = 0;
  }
  if (length < 0)
    length = strlen (body);
  end = body + length;
  while (body < end && g_ascii_isspace (*body))
    body++;
  while (end > body && g_ascii_isspace (end[-1]))
    end--;
  /* a framework's way to send a string: in quotes */
  if (end - body >= 2 && *body == '"' && end[-1] == '"') {
    body++;
    end--;
  }
  if (end - body > 3 && strncmp (body, "ek_", 3) == 0
      && is_token (body, end - body)) {
    token = g_new0 (RealtimeToken, 1);
    token->value = g_strndup (body, end - body);
    token->expires_at = now_s () + DEFAULT_LIFE;
    return token;
  }
  object = realtime_json_parse_object (body, end - body, &cause);
  if (!object) {
    g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_FORMAT,
        "the reply is neither a JSON object nor a token (%s)",
        body == end ? "it is empty" : *body == '<' ? "it is a web page"
        : "it cannot be parsed");
    return NULL;
  }
  if (is_refusal (object, error))
    return NULL;
  return token_from_object (object, error);
}

gchar *
realtime_token_to_json (const RealtimeToken * token)
{
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "value", token->value);
  json_object_set_int_member (object, "expires_at", token->expires_at);
  if (token->session_json) {
    JsonObject *session =
        realtime_json_parse_object (token->session_json, -1, NULL);

    if (session)
      json_object_set_object_member (object, "session", session);
  }
  return realtime_json_to_string (object);
}
