/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "failure.h"

typedef struct
{
  guint http_status;
  gchar *code;
  gchar *request_id;
  guint retry_after_s;
} RealtimeFailurePrivate;

static void
realtime_failure_private_init (RealtimeFailurePrivate * details)
{
}

static void
realtime_failure_private_copy (const RealtimeFailurePrivate * from,
    RealtimeFailurePrivate * to)
{
  to->http_status = from->http_status;
  to->code = g_strdup (from->code);
  to->request_id = g_strdup (from->request_id);
  to->retry_after_s = from->retry_after_s;
}

static void
realtime_failure_private_clear (RealtimeFailurePrivate * details)
{
  g_clear_pointer (&details->code, g_free);
  g_clear_pointer (&details->request_id, g_free);
}

/* *INDENT-OFF* */
G_DEFINE_EXTENDED_ERROR (RealtimeFailure, realtime_failure)
/* *INDENT-ON* */

/* NULL where @error is not ours: the getters then know nothing. */
static RealtimeFailurePrivate *
get_details (const GError * error)
{
  if (error == NULL || error->domain != REALTIME_FAILURE)
    return NULL;
  return realtime_failure_get_private (error);
}

void
realtime_failure_set_http (GError * error, guint http_status,
    const gchar * code, const gchar * request_id, guint retry_after_s)
{
  RealtimeFailurePrivate *details = get_details (error);

  g_return_if_fail (details != NULL);

  details->http_status = http_status;
  g_free (details->code);
  details->code = g_strdup (code);
  g_free (details->request_id);
  details->request_id = g_strdup (request_id);
  details->retry_after_s = retry_after_s;
}

guint
realtime_failure_get_http_status (const GError * error)
{
  RealtimeFailurePrivate *details = get_details (error);

  return details ? details->http_status : 0;
}

const gchar *
realtime_failure_get_code (const GError * error)
{
  RealtimeFailurePrivate *details = get_details (error);

  return details ? details->code : NULL;
}

const gchar *
realtime_failure_get_request_id (const GError * error)
{
  RealtimeFailurePrivate *details = get_details (error);

  return details ? details->request_id : NULL;
}

guint
realtime_failure_get_retry_after (const GError * error)
{
  RealtimeFailurePrivate *details = get_details (error);

  return details ? details->retry_after_s : 0;
}

gboolean
realtime_failure_is_transient (const GError * error)
{
  if (error == NULL || error->domain != REALTIME_FAILURE)
    return FALSE;

  switch (error->code) {
    case REALTIME_FAILURE_BUSY:
    case REALTIME_FAILURE_UNREACHABLE:
    case REALTIME_FAILURE_LINK_LOST:
    case REALTIME_FAILURE_TIMEOUT:
      return TRUE;
    default:
      return FALSE;
  }
}

gboolean
realtime_failure_is_quota_code (const gchar * code)
{
  static const gchar *const codes[] = { "insufficient_quota",
    "billing_hard_limit_reached", "billing_not_active", "account_deactivated",
    "access_terminated", NULL
  };

  return code != NULL && g_strv_contains (codes, code);
}

gboolean
realtime_failure_is_recoverable (const GError * error)
{
  static const gchar *const final[] = { "invalid_api_key",
    "invalid_authentication", "model_not_found",
    "unsupported_country_region_territory", NULL
  };
  const gchar *code = realtime_failure_get_code (error);

  if (realtime_failure_is_quota_code (code)
      || (code != NULL && g_strv_contains (final, code)))
    return FALSE;
  if (g_error_matches (error, REALTIME_FAILURE, REALTIME_FAILURE_NOT_FOUND))
    return realtime_failure_get_http_status (error) == 0;
  return realtime_failure_is_transient (error);
}
