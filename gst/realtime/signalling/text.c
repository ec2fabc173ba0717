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

#define REDACTED "[redacted]"
/* Shorter secrets are ordinary words; hiding them would garble texts. */
#define MIN_SECRET_LENGTH 6

void
realtime_secret_free (gchar * secret)
{
  volatile gchar *p = secret;

  if (!secret)
    return;
  /* volatile, so that the compiler cannot drop the write before the free */
  while (*p)
    *p++ = '\0';
  g_free (secret);
}

/* Characters that would break a line or reorder what stands around them. */
static gboolean
is_unfit (gunichar c)
{
  switch (g_unichar_type (c)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
      return TRUE;
    default:
      return FALSE;
  }
}

static gchar *
one_line (const gchar * text, gssize length)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, length);
  GString *line = g_string_sized_new (128);
  gboolean blank = FALSE;
  const gchar *p;

  for (p = valid; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (c == '\t' || c == '\n' || c == '\r' || g_unichar_isspace (c)) {
      blank = line->len > 0;
    } else if (!is_unfit (c)) {
      if (blank)
        g_string_append_c (line, ' ');
      blank = FALSE;
      g_string_append_unichar (line, c);
    }
  }
  return g_string_free (line, FALSE);
}

static const GRegex *
key_pattern (void)
{
  static gsize once = 0;
  static GRegex *regex;

  if (g_once_init_enter (&once)) {
    /* ek_..., sk-proj-..., bearer values, JSON web tokens, and words that a
     * server masked itself and so still show a part of */
    regex = g_regex_new ("\\b(?:ek|sk|rk|pk|sess)[-_][^\\s\"',;<>]{3,}"
        "|(?<=\\bbearer )[^\\s\"',;<>]+"
        "|\\beyJ[A-Za-z0-9_-]{8,}[^\\s\"',;<>]*"
        "|[^\\s\"',;<>:=]*\\*{3,}[^\\s\"',;<>]*",
        G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL);
    g_once_init_leave (&once, 1);
  }
  return regex;
}

gchar *
realtime_text_for_user (const gchar * text, gssize length, guint max_chars,
    GPtrArray * secrets)
{
  GString *line;
  gchar *clean;
  guint i;

  clean = one_line (text, length);
  line = g_string_new (clean);
  g_free (clean);
  for (i = 0; secrets && i < secrets->len; i++) {
    const gchar *secret = g_ptr_array_index (secrets, i);

    if (strlen (secret) >= MIN_SECRET_LENGTH)
      g_string_replace (line, secret, REDACTED, 0);
  }
  clean = g_regex_replace_literal (key_pattern (), line->str, line->len, 0,
      REDACTED, 0, NULL);
  g_string_free (line, TRUE);
  if (!clean)
    return g_strdup ("");
  /* shortened last, so that no part of a key can be left over */
  if (g_utf8_strlen (clean, -1) > max_chars) {
    gchar *cut = g_utf8_offset_to_pointer (clean, max_chars);
    gchar *shorter = g_strdup_printf ("%.*s…", (gint) (cut - clean), clean);

    g_free (clean);
    clean = shorter;
  }
  return clean;
}

gboolean
realtime_http_check_header (const gchar * name, const gchar * value,
    GError ** error)
{
  /* these frame the message or the connection and are not the user's */
  static const gchar *const framing[] = { "Host", "Content-Length",
    "Content-Type", "Transfer-Encoding", "Connection", "Upgrade", "Expect",
    "TE", "Trailer", "Proxy-Authorization", NULL
  };
  const gchar *p;
  guint i;

  if (!name || !*name || strspn (name, "abcdefghijklmnopqrstuvwxyz"
          "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~")
      != strlen (name)) {
    g_set_error_literal (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        "A name in extra-headers is not the name of an HTTP header: use "
        "letters, digits and dashes only");
    return FALSE;
  }
  for (i = 0; framing[i]; i++) {
    if (g_ascii_strcasecmp (name, framing[i]) == 0) {
      g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
          "The HTTP header %s cannot be set by hand: take it out of "
          "extra-headers", framing[i]);
      return FALSE;
    }
  }
  for (p = value; p && *p; p++) {
    if ((guchar) * p < 0x20 || *p == 0x7f) {
      if (*p == '\t')
        continue;
      p = NULL;
      break;
    }
  }
  if (!p) {
    g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        "The value of the HTTP header %s holds a line break or another "
        "control character: take it out of extra-headers", name);
    return FALSE;
  }
  return TRUE;
}

gboolean
realtime_credential_check (const gchar * credential, GError ** error)
{
  const gchar *p;

  for (p = credential; *p; p++) {
    if (*p <= 0x20 || *p >= 0x7f) {
      g_set_error_literal (error, REALTIME_FAILURE,
          REALTIME_FAILURE_CREDENTIALS,
          "The API key or token holds a blank, a line break or a character "
          "beyond ASCII: copy it again, without quotes around it");
      return FALSE;
    }
  }
  if (p == credential) {
    g_set_error_literal (error, REALTIME_FAILURE, REALTIME_FAILURE_CREDENTIALS,
        "The API key or token is empty");
    return FALSE;
  }
  return TRUE;
}

GUri *
realtime_url_parse (const gchar * url, const gchar * name, GError ** error)
{
  g_autoptr (GUri) uri = NULL;
  const gchar *p, *scheme;
  const gchar *why = NULL;

  for (p = url; *p; p++) {
    if ((guchar) * p <= 0x20 || *p == 0x7f)
      why = "holds a blank or a control character";
  }
  if (!why) {
    uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
    scheme = uri ? g_uri_get_scheme (uri) : NULL;
    if (!uri)
      why = "is not an absolute URL";
    else if (g_strcmp0 (scheme, "http") != 0
        && g_strcmp0 (scheme, "https") != 0)
      why = "does not begin with http:// or https://";
    else if (!g_uri_get_host (uri) || !*g_uri_get_host (uri))
      why = "names no host";
    else if (g_uri_get_port (uri) == 0 || g_uri_get_port (uri) > 65535)
      why = "names a port that does not exist";
    else if (g_uri_get_user (uri) || g_uri_get_password (uri))
      why = "holds a user name or a password; give those in api-key or "
          "extra-headers, which are never shown";
  }
  if (why) {
    /* the URL itself is not repeated: it may hold what should not be shown */
    g_set_error (error, REALTIME_FAILURE, REALTIME_FAILURE_SETTINGS,
        "%s %s. It must look like https://host/path", name, why);
    return NULL;
  }
  return g_steal_pointer (&uri);
}

gchar *
realtime_url_for_user (GUri * uri)
{
  g_autofree gchar *shown = NULL;
  /* normalising leaves out the port that the scheme has anyway */
  g_autoptr (GUri) bare = g_uri_build (G_URI_FLAGS_ENCODED |
      G_URI_FLAGS_SCHEME_NORMALIZE,
      g_uri_get_scheme (uri), NULL, g_uri_get_host (uri), g_uri_get_port (uri),
      g_uri_get_path (uri), NULL, NULL);

  shown = g_uri_to_string (bare);
  return realtime_text_for_user (shown, -1, 200, NULL);
}

gchar *
realtime_proxy_url_for_user (const gchar * proxy_url)
{
  const gchar *scheme, *host, *at;

  if (!proxy_url)
    return NULL;
  scheme = strstr (proxy_url, "://");
  host = scheme ? scheme + 3 : proxy_url;
  at = strrchr (host, '@');
  if (!at)
    return g_strdup (proxy_url);
  return g_strdup_printf ("%.*s%s", (gint) (host - proxy_url), proxy_url,
      at + 1);
}

static gint
effective_port (GUri * uri)
{
  if (g_uri_get_port (uri) > 0)
    return g_uri_get_port (uri);
  return g_strcmp0 (g_uri_get_scheme (uri), "https") == 0 ? 443 : 80;
}

gboolean
realtime_url_same_origin (GUri * a, GUri * b)
{
  return g_strcmp0 (g_uri_get_scheme (a), g_uri_get_scheme (b)) == 0
      && g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0
      && effective_port (a) == effective_port (b);
}
