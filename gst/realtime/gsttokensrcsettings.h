/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_TOKEN_SRC_SETTINGS_H__
#define __GST_TOKEN_SRC_SETTINGS_H__

#include <gst/gst.h>
#include "signalling/signalling.h"

G_BEGIN_DECLS

/* The properties of tokensrc, and what they mean for a request. */
typedef struct
{
  gchar *location;              /* NULL: the service's mint end point */
  gchar *api_key;               /* secret */
  gchar *method;
  gchar *body, *session;        /* JSON */
  guint expires_after;          /* seconds */
  gboolean expires_after_set;
  GstStructure *extra_headers;  /* secret */
  gboolean ssl_strict;
  gchar *ssl_ca_file;
  gchar *http_proxy;            /* may hold a password */
  guint timeout;                /* seconds */
  guint max_requests_per_minute;        /* 0: no limit */
  guint max_retries, retry_delay_min, retry_delay_max;  /* ms */
  gint num_tokens;              /* -1: no limit */
} GstTokenSrcSettings;

void gst_token_src_settings_install (GObjectClass * klass);
void gst_token_src_settings_init (GstTokenSrcSettings * self);
void gst_token_src_settings_copy (const GstTokenSrcSettings * from,
    GstTokenSrcSettings * to);
/* Overwrites what is secret. */
void gst_token_src_settings_clear (GstTokenSrcSettings * self);

/* FALSE: there is no such property. */
gboolean gst_token_src_settings_set (GstTokenSrcSettings * self, guint prop_id,
    const GValue * value);
gboolean gst_token_src_settings_get (const GstTokenSrcSettings * self,
    guint prop_id, GValue * value);

/* What one request needs; nothing but local files is touched. */
typedef struct
{
  RealtimeSignalling *signalling;       /* of the caller's thread-default context */
  gchar *method;
  gchar *credential;            /* secret; NULL: none */
  gchar *body;                  /* NULL: none */
} GstTokenSrcRequest;

/* FALSE with @error of REALTIME_FAILURE where the settings do not make sense. */
gboolean gst_token_src_settings_make_request (const GstTokenSrcSettings *
    self, GstTokenSrcRequest * request, GError ** error);
void gst_token_src_request_clear (GstTokenSrcRequest * self);

G_END_DECLS

#endif /* __GST_TOKEN_SRC_SETTINGS_H__ */
