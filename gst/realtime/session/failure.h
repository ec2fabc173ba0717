/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_FAILURE_H__
#define __REALTIME_FAILURE_H__

#include <glib.h>

G_BEGIN_DECLS

/* Why a connection could not be made or kept. A GError of the domain
 * REALTIME_FAILURE whose extended part holds the details; the elements map
 * the kind to GStreamer's error domains (gstrealtimeerror.h). */
typedef enum
{
  REALTIME_FAILURE_SETTINGS,    /* bad property combination, bad URL */
  REALTIME_FAILURE_CREDENTIALS, /* none given */
  REALTIME_FAILURE_NOT_AUTHORIZED,      /* HTTP 401, 403 */
  REALTIME_FAILURE_NOT_FOUND,   /* HTTP 404, unknown model, unresolvable host */
  REALTIME_FAILURE_REFUSED,     /* any other status that will not get better */
  REALTIME_FAILURE_BUSY,        /* 429, 5xx: worth another try */
  REALTIME_FAILURE_QUOTA,       /* 429 insufficient_quota and its kin: fatal */
  REALTIME_FAILURE_UNREACHABLE, /* refused connection, time-out, proxy */
  REALTIME_FAILURE_TLS,         /* certificate refused */
  REALTIME_FAILURE_FORMAT,      /* a reply that cannot be used */
  REALTIME_FAILURE_LINK_LOST,   /* was connected, is not any more */
  REALTIME_FAILURE_TIMEOUT,     /* a step took too long; the message names it */
  REALTIME_FAILURE_MISSING_PLUGIN,
  REALTIME_FAILURE_CANCELLED
} RealtimeFailure;

#define REALTIME_FAILURE (realtime_failure_quark ())
GQuark realtime_failure_quark (void);

/* The details of @error, which must be of REALTIME_FAILURE. Setters copy.
 * No secret may ever be put into any of them. */
void realtime_failure_set_http (GError * error, guint http_status,
    const gchar * code, const gchar * request_id, guint retry_after_s);
guint realtime_failure_get_http_status (const GError * error);
const gchar *realtime_failure_get_code (const GError * error);
const gchar *realtime_failure_get_request_id (const GError * error);
/* Seconds that the server asked to wait, 0 if it did not. */
guint realtime_failure_get_retry_after (const GError * error);
/* Whether another attempt may succeed (BUSY, UNREACHABLE, LINK_LOST, TIMEOUT). */
gboolean realtime_failure_is_transient (const GError * error);
/* Whether a session that ended so, or could not be had, may be had again: what
 * is transient, and a name that does not resolve, as none does while a network
 * is away; not where the service gave a reason that stays. */
gboolean realtime_failure_is_recoverable (const GError * error);
/* Whether the service means the account's plan or credit by @code (may be
 * NULL). */
gboolean realtime_failure_is_quota_code (const gchar * code);

G_END_DECLS

#endif /* __REALTIME_FAILURE_H__ */
