/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_SERVER_H__
#define __SERVER_SERVER_H__

#include <gio/gio.h>
#include <gst/gst.h>

#include "asr.h"
#include "fault.h"
#include "script.h"

G_BEGIN_DECLS GST_DEBUG_CATEGORY_EXTERN (realtime_server_debug);
#define GST_CAT_DEFAULT realtime_server_debug

/* What the whole program shares. Main thread only, but for what says otherwise
 * in its own header. */
typedef struct
{
  /* options */
  GInetAddress *address;        /* HTTP and ICE are on this one only */
  guint port;
  gchar *api_key;
  gchar *voice;                 /* engine voice for all; NULL: by the session */
  gboolean replies;             /* answers turns by itself */
  gchar *record;                /* directory or NULL */
  guint max_sessions;
  GTlsCertificate *certificate; /* NULL: plain HTTP */
  Faults *faults;
  Script *script;               /* or NULL */

  AsrPool *pool;                /* NULL: no recogniser */
  GHashTable *calls;            /* id -> Call; those that did not end */
  guint ending;                 /* calls being torn down */
  gboolean vanished;            /* fault: nothing answers any more */
  gboolean quitting;
  GMainLoop *loop;

  /* tokens and requests in the minute that ends at window_end */
  gint64 window_end;
  gint tokens_left;
  gint requests_left;
} Server;

#define SERVER_TOKENS_PER_MINUTE 40000
#define SERVER_REQUESTS_PER_MINUTE 1000

/* Begins a new minute when the last one is over. */
void server_rate_window (Server * server);
/* A call is gone; ends the program when it was waiting for that. */
void server_call_gone (Server * server);

G_END_DECLS
#endif /* __SERVER_SERVER_H__ */
