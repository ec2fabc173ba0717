/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_SIGNALLING_PRIVATE_H__
#define __REALTIME_SIGNALLING_PRIVATE_H__

#include <libsoup/soup.h>
#include "signalling.h"

G_BEGIN_DECLS

/* An answer beyond this is refused: tokens and SDP are a few KiB. */
#define REALTIME_HTTP_MAX_BODY (1024 * 1024)

/* Where sessions that translate have their endpoints. */
#define REALTIME_TRANSLATIONS_PATH "/realtime/translations"

/* One request, as a service wants it sent. */
typedef struct
{
  const gchar *what;            /* "Minting a token": begins each error text */
  gchar *method;
  gchar *url;
  SoupMessageHeaders *headers;
  gchar *content_type;          /* NULL without a body */
  GBytes *body;                 /* NULL: empty */
  GPtrArray *secrets;           /* texts that no error may repeat */
  GError *error;                /* the first unusable setting; fails the request */
} RealtimeHttpRequest;

RealtimeHttpRequest *realtime_http_request_new (const gchar * what,
    const gchar * method, const gchar * url);
void realtime_http_request_free (RealtimeHttpRequest * request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeHttpRequest, realtime_http_request_free)

/* Replaces a header of that name. A bad value is kept for request->error. */
void realtime_http_request_set_header (RealtimeHttpRequest * request,
    const gchar * name, const gchar * value);
/* "<header>: <scheme><credential>"; nothing for a NULL credential. */
void realtime_http_request_set_credential (RealtimeHttpRequest * request,
    const gchar * header, const gchar * scheme, const gchar * credential);
/* "Authorization: Bearer <credential>"; nothing for a NULL credential. */
void realtime_http_request_set_bearer (RealtimeHttpRequest * request,
    const gchar * credential);
/* Takes @body. */
void realtime_http_request_take_body (RealtimeHttpRequest * request,
    const gchar * content_type, GBytes * body);

typedef struct
{
  guint status;
  GBytes *body;
  SoupMessageHeaders *headers;
  const gchar *request_id;      /* within headers; NULL where there is none */
  GUri *uri;                    /* who answered, redirects followed */
} RealtimeHttpReply;

void realtime_http_reply_free (RealtimeHttpReply * reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeHttpReply, realtime_http_reply_free)

/* HTTP with our rules: bounded body, one deadline for the whole request,
 * redirects within the origin only. Belongs to the thread-default context in
 * which it was made; used there only, freed anywhere. */
typedef struct _RealtimeHttp RealtimeHttp;

RealtimeHttp *realtime_http_new (void);
void realtime_http_free (RealtimeHttp * http);
GMainContext *realtime_http_get_context (RealtimeHttp * http);
void realtime_http_set_header (RealtimeHttp * http, const gchar * name,
    const gchar * value);
void realtime_http_set_timeout (RealtimeHttp * http, guint seconds);
gboolean realtime_http_set_tls (RealtimeHttp * http, gboolean strict,
    const gchar * ca_file, GError ** error);
gboolean realtime_http_set_proxy (RealtimeHttp * http, const gchar * proxy_url,
    GError ** error);

/* Takes @request. @owner, whose @http this is, lives until the connection is
 * done with, which after a cancellation may be later than the callback. */
void realtime_http_send_async (RealtimeHttp * http, GObject * owner,
    RealtimeHttpRequest * request, GCancellable * cancellable,
    GAsyncReadyCallback callback, gpointer user_data);
/* A reply of status 2xx; anything else is an error of REALTIME_FAILURE. */
RealtimeHttpReply *realtime_http_send_finish (GAsyncResult * result,
    GError ** error);

/* httpfailure.c: what a reply or a transport error means. The texts say what
 * happened; general advice is added where an element posts them. */
GError *realtime_http_failure_from_reply (const RealtimeHttpRequest * request,
    const RealtimeHttpReply * reply);
/* A proxy's own answer, to what was not meant for it. @proxy NULL: the
 * system's. */
GError *realtime_http_failure_from_proxy (const RealtimeHttpRequest * request,
    const RealtimeHttpReply * reply, const gchar * proxy);
GError *realtime_http_failure_from_cause (const RealtimeHttpRequest * request,
    const GError * cause, GUri * uri, const gchar * proxy,
    GTlsCertificateFlags tls_errors);

/* text.c */
/* One line that can be shown: valid UTF-8, no control or direction
 * characters, at most @max_chars, nothing of @secrets (may be NULL) and
 * nothing that looks like a key. */
gchar *realtime_text_for_user (const gchar * text, gssize length,
    guint max_chars, GPtrArray * secrets);
/* An absolute http or https URL without user name and password. @name is the
 * setting's, for the error text. */
GUri *realtime_url_parse (const gchar * url, const gchar * name,
    GError ** error);
/* scheme://host:port/path; what may be shown of a URL */
gchar *realtime_url_for_user (GUri * uri);
gboolean realtime_url_same_origin (GUri * a, GUri * b);

/* What a call is made from. */
typedef struct
{
  const gchar *base;            /* without a slash at its end */
  const gchar *url;             /* where the offer goes; NULL: where the service
                                 * wants it */
  const gchar *credential;      /* NULL: none */
  const RealtimeOffer *offer;
  RealtimeOfferFormat format;
} RealtimeCall;

/* A call that is to end. */
typedef struct
{
  const gchar *base;
  const gchar *credential;      /* NULL: none */
  const RealtimeAnswer *answer;
} RealtimeHangUp;

/* What differs between services: end points and bodies. Functions fill in or
 * read, they do no traffic. A thing that servers want done in different ways
 * has ways, numbered from 0, in the order in which they are tried. */
typedef struct
{
  RealtimeServiceTraits traits;
  /* @url NULL: the service's own end point */
  RealtimeHttpRequest *(*mint) (const gchar * base, const gchar * url,
      const gchar * method, const gchar * credential, const gchar * body);
  RealtimeHttpRequest *(*call) (const RealtimeCall * call, guint way);
  /* the way to try after @way was refused with @status, -1: no other; the
   * function may be missing: there is but one */
    gint (*next_call) (const RealtimeCall * call, guint way, guint status);
  /* NULL: this call cannot be hung up by HTTP */
  RealtimeHttpRequest *(*hang_up) (const RealtimeHangUp * call, guint way);
    gint (*next_hang_up) (const RealtimeHangUp * call, guint way,
      guint status);
} RealtimeService;

const RealtimeService *realtime_service_get (guint service);

extern const RealtimeService realtime_service_openai;
extern const RealtimeService realtime_service_azure;
extern const RealtimeService realtime_service_compatible;

/* openai.c: what other services do the same way */
RealtimeHttpRequest *realtime_openai_mint (const gchar * base,
    const gchar * url, const gchar * method, const gchar * credential,
    const gchar * body);
/* NULL where the answer named no call. */
RealtimeHttpRequest *realtime_openai_hang_up (const RealtimeHangUp * call,
    guint way);

/* sdpexchange.c: an offer as a request to @url, and what comes back. */
RealtimeHttpRequest *realtime_call_request_new (const gchar * url,
    const gchar * credential);
void realtime_call_request_set_sdp (RealtimeHttpRequest * request,
    const RealtimeOffer * offer);
void realtime_call_request_set_json (RealtimeHttpRequest * request,
    const RealtimeOffer * offer);
void realtime_call_request_set_multipart (RealtimeHttpRequest * request,
    const RealtimeOffer * offer);
/* Whether this can be a segment of a path of ours. */
gboolean realtime_is_call_id (const gchar * id);
/* Reads an answer of any form. */
RealtimeAnswer *realtime_answer_read (const RealtimeHttpReply * reply,
    GError ** error);

G_END_DECLS

#endif /* __REALTIME_SIGNALLING_PRIVATE_H__ */
