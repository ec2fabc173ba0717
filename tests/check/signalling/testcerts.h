/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __TEST_CERTS_H__
#define __TEST_CERTS_H__

#include <gio/gio.h>

G_BEGIN_DECLS

/* Certificates for loopback servers, made by the openssl command. */
typedef struct
{
  gchar *folder;
  gchar *ca_file;               /* PEM of the authority that signed them all */
  GTlsCertificate *good;        /* for 127.0.0.1 */
  GTlsCertificate *other_host;  /* for another host */
  GTlsCertificate *expired;
} TestCerts;

/* NULL where there is no openssl command or no TLS. */
TestCerts *test_certs_new (void);
void test_certs_free (TestCerts * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestCerts, test_certs_free)

G_END_DECLS

#endif /* __TEST_CERTS_H__ */
