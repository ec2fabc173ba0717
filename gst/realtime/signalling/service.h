/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_SERVICE_H__
#define __REALTIME_SERVICE_H__

#include <glib.h>

G_BEGIN_DECLS

/* What a user of a service has to know of it. */
typedef struct
{
  const gchar *nick;            /* value of the property "service" */
  const gchar *description;     /* one line, for people */
  const gchar *key_variable;    /* of the environment, that holds its key */
  /* the key is sent to the server of OPENAI_BASE_URL only, if it was not set
   * by hand: this may be anybody's server */
  gboolean guards_key;
  gboolean wants_credential;
  gboolean wants_base_url;      /* it has none that goes without saying */
  gboolean wants_model;
  gboolean mints;               /* a key can be given for a token at all... */
  gboolean key_opens_calls;     /* ...and need not: a conversation takes it */
  gboolean has_default_models;  /* a model that nobody named has a name */
  gboolean translates;          /* has sessions that do */
  gboolean speaks_ga;           /* else session.created tells the dialect */
} RealtimeServiceTraits;

/* The services by number: 0 is the default, NULL is behind the last. */
const RealtimeServiceTraits *realtime_service_get_traits (guint service);

/* How an offer is passed to the server. */
typedef enum
{
  REALTIME_OFFER_AUTO,          /* as the service has it; a compatible server is
                                 * tried in the order that follows, without
                                 * the last */
  REALTIME_OFFER_SDP,           /* application/sdp */
  REALTIME_OFFER_JSON,          /* {"type":"offer","sdp",...,"model"} */
  REALTIME_OFFER_MULTIPART      /* form data with the parts sdp and session */
} RealtimeOfferFormat;

G_END_DECLS

#endif /* __REALTIME_SERVICE_H__ */
