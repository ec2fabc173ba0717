/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_SIGNALLING_H__
#define __REALTIME_SIGNALLING_H__

#include <gio/gio.h>

#include "service.h"

G_BEGIN_DECLS

#define REALTIME_DEFAULT_BASE_URL "https://api.openai.com/v1"

/* A token as a service or a back end gave it. */
typedef struct
{
  gchar *value;                 /* secret */
  gint64 expires_at;            /* unix seconds; now + 60 where the reply has none */
  gchar *session_json;          /* NULL where the reply has none */
} RealtimeToken;

void realtime_token_free (RealtimeToken * token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeToken, realtime_token_free)

/* Reads every reply shape of a mint end point or an application's back end:
 * {"value"}, {"client_secret":{"value"}}, {"client_secret"}, {"token"},
 * {"ephemeral_token"}, {"ephemeral_key"}, {"apiKey"}, plain text; expiry as
 * unix seconds or ISO 8601. {"success":false} is an error. */
RealtimeToken *realtime_token_parse (const gchar * body, gssize length,
    GError ** error);
/* The one-line JSON of application/x-realtime-token. */
gchar *realtime_token_to_json (const RealtimeToken * token);

typedef struct
{
  const gchar *sdp;
  const gchar *session_json;    /* NULL: the credential stands for one */
  const gchar *model;           /* that somebody asked for, or NULL */
  gboolean transcription;       /* no conversation is wanted */
  gboolean translation;         /* but one of the sessions that have endpoints
                                 * of their own */
} RealtimeOffer;

typedef struct
{
  gchar *sdp;                   /* ends with CRLF */
  gchar *call_id;               /* NULL where the reply named none */
  gchar *call_url;              /* the call's own, of the server that answered;
                                 * NULL where the reply named none */
} RealtimeAnswer;

void realtime_answer_free (RealtimeAnswer * answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeAnswer, realtime_answer_free)

/**
 * RealtimeSignalling:
 *
 * The HTTP side of one service. All calls are asynchronous, made and answered
 * in the thread-default main context of the thread that created the object;
 * cancelling the #GCancellable ends them at once. Every error is of
 * REALTIME_FAILURE (session/failure.h). Credentials never reach a log or an
 * error text.
 */
#define REALTIME_TYPE_SIGNALLING (realtime_signalling_get_type ())
G_DECLARE_FINAL_TYPE (RealtimeSignalling, realtime_signalling, REALTIME,
    SIGNALLING, GObject)

/* @base_url: "https://api.openai.com/v1" or NULL for OPENAI_BASE_URL, then the
 * default. A trailing slash does not matter. */
RealtimeSignalling *realtime_signalling_new (const gchar * base_url);

/* The number of a service; until then it is 0. */
void realtime_signalling_set_service (RealtimeSignalling * self,
    guint service);
/* Where offers go, and the form that they take there. With a URL, whatever is
 * known of the service's own places counts for minting only: calls are those
 * of a compatible server. */
void realtime_signalling_set_sdp_url (RealtimeSignalling * self,
    const gchar * url);
void realtime_signalling_set_offer_format (RealtimeSignalling * self,
    RealtimeOfferFormat format);

/* Checks that @base_url is an absolute http(s) URL with a host, without
 * network traffic; NULL stands for the environment and default as above. */
gboolean realtime_signalling_check_url (const gchar * base_url,
    GError ** error);

/* The URL that @base_url stands for (see new()), without a slash at its end.
 * Not checked. */
gchar *realtime_signalling_resolve_base_url (const gchar * base_url);

/* As check_url() for a whole URL, which may hold a query: @name is the
 * property's that it is from. */
gboolean realtime_signalling_check_whole_url (const gchar * url,
    const gchar * name, GError ** error);

/* Whether @url has scheme, host and port of the base URL that @base_url
 * stands for: whether a key of the service may be sent there. */
gboolean realtime_signalling_same_origin (const gchar * url,
    const gchar * base_url);

/* The JSON that the service's mint end point takes. @session_json NULL and
 * @expires_after 0 (else 10 to 7200 seconds) are left out. */
gchar *realtime_signalling_mint_body (const gchar * session_json,
    guint expires_after, GError ** error);

/* Whether this can be an HTTP header of the user's; SETTINGS if not. */
gboolean realtime_http_check_header (const gchar * name, const gchar * value,
    GError ** error);
/* Whether this can be an API key or token at all; CREDENTIALS if not. */
gboolean realtime_credential_check (const gchar * credential, GError ** error);

/* Overwrites, then frees; NULL is allowed. */
void realtime_secret_free (gchar * secret);
/* @proxy_url without user name and password, for whoever reads the property. */
gchar *realtime_proxy_url_for_user (const gchar * proxy_url);

/* Tokens are minted for translations, which have an end point of their own. */
void realtime_signalling_set_translates (RealtimeSignalling * self,
    gboolean translates);
/* Another end point than <base>/realtime/client_secrets for minting. */
void realtime_signalling_set_token_url (RealtimeSignalling * self,
    const gchar * url);
/* With each request, in the place of a header of the same name; NULL takes it
 * away. A name or value that is none (see realtime_http_check_header()) fails
 * the requests. */
void realtime_signalling_set_extra_header (RealtimeSignalling * self,
    const gchar * name, const gchar * value);
/* Seconds from request to whole answer after which a request fails; default
 * 15, at least 1. */
void realtime_signalling_set_timeout (RealtimeSignalling * self,
    guint seconds);
/* TLS: @ca_file NULL for the system's trust store; @strict FALSE accepts any
 * certificate (tests). */
gboolean realtime_signalling_set_tls (RealtimeSignalling * self,
    gboolean strict, const gchar * ca_file, GError ** error);
gboolean realtime_signalling_set_proxy (RealtimeSignalling * self,
    const gchar * proxy_url, GError ** error);

/* One request, no retry. @method NULL: POST. @credential may be NULL (a back
 * end that wants none). @body: JSON, or NULL for an empty body. */
void realtime_signalling_mint_async (RealtimeSignalling * self,
    const gchar * method, const gchar * credential, const gchar * body,
    GCancellable * cancellable, GAsyncReadyCallback callback,
    gpointer user_data);
RealtimeToken *realtime_signalling_mint_finish (RealtimeSignalling * self,
    GAsyncResult * result, GError ** error);

/* The SDP exchange, in the way that the service wants, or in one after the
 * other where a server refuses the form of the first. Any 2xx with an SDP
 * body (or JSON with a member "sdp" or "answer") is an answer, whatever its
 * content type. What @offer points to is needed until the callback. */
void realtime_signalling_call_async (RealtimeSignalling * self,
    const gchar * credential, const RealtimeOffer * offer,
    GCancellable * cancellable, GAsyncReadyCallback callback,
    gpointer user_data);
RealtimeAnswer *realtime_signalling_call_finish (RealtimeSignalling * self,
    GAsyncResult * result, GError ** error);

/* Best effort; a 404 is success, and so is an answer that named no call. */
void realtime_signalling_hang_up_async (RealtimeSignalling * self,
    const gchar * credential, const RealtimeAnswer * answer,
    GCancellable * cancellable, GAsyncReadyCallback callback,
    gpointer user_data);
gboolean realtime_signalling_hang_up_finish (RealtimeSignalling * self,
    GAsyncResult * result, GError ** error);

G_END_DECLS

#endif /* __REALTIME_SIGNALLING_H__ */
