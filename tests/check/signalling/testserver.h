/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __TEST_SERVER_H__
#define __TEST_SERVER_H__

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* An HTTP server on a free loopback port in a thread of its own, that answers
 * as it was told and remembers what it was asked. All functions from any
 * thread. */
typedef struct _TestServer TestServer;

typedef struct
{
  gchar *method;
  gchar *path;                  /* with the query */
  GHashTable *headers;          /* lower-case name to value */
  GBytes *body;
} TestRequest;

TestServer *test_server_new (GTlsCertificate * certificate);
void test_server_free (TestServer * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestServer, test_server_free)

guint test_server_get_port (TestServer * self);
/* Free with g_free(). @path begins with a slash. */
gchar *test_server_url (TestServer * self, const gchar * path);

/* Adds an answer for @path ("*": any other); the last one is given again and
 * again. @headers: lines "Name: value", NULL for none. */
void test_server_reply (TestServer * self, const gchar * path, guint status,
    const gchar * content_type, const gchar * body, const gchar * headers);
/* Requests for @path get no answer until test_server_free(). */
void test_server_hang (TestServer * self, const gchar * path);
/* Wants this value of Proxy-Authorization, and answers 407 without it. */
void test_server_want_proxy_auth (TestServer * self, const gchar * value);

/* The next request, waited for. */
TestRequest *test_server_pop (TestServer * self);
/* Requests that nobody popped. */
guint test_server_pending (TestServer * self);
const gchar *test_request_header (TestRequest * request, const gchar * name);
void test_request_free (TestRequest * request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestRequest, test_request_free)

/* A TCP server that sends @bytes to each connection once it has asked, then
 * closes it or (@hold) leaves it open. It starts with the first
 * raw_server_get_port(). */
typedef struct _RawServer RawServer;

RawServer *raw_server_new (const gchar * bytes, gsize length, gboolean hold);
/* Sends @bytes over and over until the peer closes. */
void raw_server_set_endless (RawServer * self);
guint raw_server_get_port (RawServer * self);
/* Waits until a client has connected. */
void raw_server_wait (RawServer * self);
/* Whether one more has; for callers whose own loop makes the client go on. */
gboolean raw_server_has_client (RawServer * self);
void raw_server_free (RawServer * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RawServer, raw_server_free)

/* A port on which nobody listens. */
guint test_unused_port (void);

G_END_DECLS

#endif /* __TEST_SERVER_H__ */
