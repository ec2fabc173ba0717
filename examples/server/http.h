/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_HTTP_H__
#define __SERVER_HTTP_H__

#include "server.h"

G_BEGIN_DECLS
/* The HTTP side: minting, calls, hang-up. Main thread only. */
typedef struct _Http Http;

/* Listens on the loopback address; the port is in @server when it returns. */
Http *http_new (Server * server, GError ** error);
/* Stops listening. */
void http_free (Http * http);

G_END_DECLS
#endif /* __SERVER_HTTP_H__ */
