/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_SETTINGS_H__
#define __GST_REALTIME_SETTINGS_H__

#include <gst/gst.h>

#include "budget.h"
#include "session/sessionconfig.h"
#include "signalling/signalling.h"
#include "transport/linksettings.h"

G_BEGIN_DECLS

/* What becomes of a session that is lost or refused, or has had what it may
 * take. */
typedef enum
{
  GST_REALTIME_ON_FAILURE_ERROR,        /* an error; the end of the streams */
  GST_REALTIME_ON_FAILURE_CONTINUE      /* a warning; the pipeline goes on
                                         * until there is a session again */
} GstRealtimeOnFailure;

/* What a session is made from; the element's properties at the moment when it
 * started. */
typedef struct
{
  guint service;                /* number of signalling/service.h */
  gchar *base_url;              /* NULL: OPENAI_BASE_URL, then the service's */
  gchar *sdp_url;               /* NULL: what service and base URL make */
  RealtimeOfferFormat offer_format;
  gboolean ssl_strict;
  gchar *ssl_ca_file;           /* NULL: the system's trust store */
  gchar *http_proxy;            /* NULL: the system's */
  gchar *organization;          /* with a key only */
  gchar *project;               /* with a key only */
  gchar *safety_identifier;
  GstStructure *extra_headers;  /* secret; NULL: none */

  gboolean token_pad;           /* tokens come from a linked token_sink */
  gchar *token;                 /* secret */
  gchar *api_key;               /* secret; the environment's if none was set */

  RealtimeSessionConfig config;

  gchar *initial_items;         /* JSON array, NULL: none */
  GstRealtimeLinkSettings link;
  guint connect_timeout_ms;
  guint drain_timeout_ms;
  GstRealtimeLimits limits;
  gboolean log_sent_events;
  gchar *prices;                /* path, NULL: the table that is installed */
  GstRealtimeOnFailure on_failure;
  gboolean reconnect;
  guint max_retries;
  guint retry_delay_min_ms;
  guint retry_delay_max_ms;
} GstRealtimeSettings;

GstRealtimeSettings *gst_realtime_settings_new (void);
GstRealtimeSettings *gst_realtime_settings_copy (const GstRealtimeSettings *
    settings);
/* overwrites the secrets before it frees them */
void gst_realtime_settings_free (GstRealtimeSettings * settings);

/* @service: a number that signalling/service.h knows. */
void gst_realtime_settings_set_service (GstRealtimeSettings * settings,
    guint service);

/* Adds to what was set by hand what the service and the environment say. */
void gst_realtime_settings_complete (GstRealtimeSettings * settings);

/* The model that somebody asked for, NULL for none; free it. */
gchar *gst_realtime_settings_dup_model (const GstRealtimeSettings * settings);

/* Whether the call is made with what there is, a key or nothing. With the
 * service itself a conversation is; a transcription cannot be created so, and
 * takes a token first. */
gboolean gst_realtime_settings_call_without_token (const GstRealtimeSettings *
    settings);

/* Whether the signalling server is on this machine, and reached by its
 * loopback address. */
gboolean gst_realtime_settings_is_loopback (const GstRealtimeSettings *
    settings);

/* The secret in one buffer of application/x-realtime-token; free it with
 * realtime_secret_free(). Errors are of REALTIME_FAILURE. */
gchar *gst_realtime_token_read (const gchar * data, gsize size,
    GError ** error);

/* Has @signalling send what the settings say of HTTP headers with each request;
 * with NULL for @signalling only checks it. Errors are of REALTIME_FAILURE. */
gboolean gst_realtime_settings_apply_headers (const GstRealtimeSettings *
    settings, RealtimeSignalling * signalling, GError ** error);

/* Whether a session can be tried with these: credentials, URL, configuration.
 * No network. Errors are of REALTIME_FAILURE. */
gboolean gst_realtime_settings_check (const GstRealtimeSettings * settings,
    GError ** error);

G_END_DECLS

#endif /* __GST_REALTIME_SETTINGS_H__ */
