/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <glib/gstdio.h>
#include "testcerts.h"

/* In the folder $1. `openssl ca` is the one that takes an end date in the past. */
static const gchar script[] = "set -e; cd \"$1\"\n"
    "key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'\n"
    "openssl req -x509 $key -keyout ca.key -out ca.pem -days 2 "
    "-subj '/CN=test authority'\n"
    "printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=index\\nserial=serial\\n"
    "new_certs_dir=.\\ndefault_md=sha256\\npolicy=p\\nunique_subject=no\\n"
    "[p]\\ncommonName=supplied\\n' >ca.conf\n"
    ": >index; echo 01 >serial\n"
    "sign () {\n"
    "  openssl req $key -keyout $1.key -out $1.csr -subj /CN=$1\n"
    "  echo subjectAltName=$2 >$1.ext\n"
    "  openssl ca -batch -config ca.conf -cert ca.pem -keyfile ca.key "
    "-in $1.csr -extfile $1.ext -startdate $3 -enddate $4 -notext -out $1.crt\n"
    "  cat $1.crt $1.key >$1.pem\n"
    "}\n"
    "sign good IP:127.0.0.1 20200101000000Z 20490101000000Z\n"
    "sign other DNS:other.invalid 20200101000000Z 20490101000000Z\n"
    "sign expired IP:127.0.0.1 20200101000000Z 20200102000000Z\n";

static GTlsCertificate *
load (TestCerts * self, const gchar * name)
{
  g_autofree gchar *path = g_build_filename (self->folder, name, NULL);

  return g_tls_certificate_new_from_file (path, NULL);
}

TestCerts *
test_certs_new (void)
{
  TestCerts *self = g_new0 (TestCerts, 1);
  const gchar *argv[] = { "sh", "-c", script, "sh", NULL, NULL };
  gint status = -1;

  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ())) {
    g_free (self);
    return NULL;
  }
  self->folder = g_dir_make_tmp ("realtime-certs-XXXXXX", NULL);
  argv[4] = self->folder;
  if (g_spawn_sync (NULL, (gchar **) argv, NULL, G_SPAWN_SEARCH_PATH |
          G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
          NULL, NULL, &status, NULL)
      && g_spawn_check_wait_status (status, NULL)) {
    self->ca_file = g_build_filename (self->folder, "ca.pem", NULL);
    self->good = load (self, "good.pem");
    self->other_host = load (self, "other.pem");
    self->expired = load (self, "expired.pem");
  }
  if (!self->good || !self->other_host || !self->expired) {
    test_certs_free (self);
    return NULL;
  }
  return self;
}

void
test_certs_free (TestCerts * self)
{
  GDir *dir = g_dir_open (self->folder, 0, NULL);
  const gchar *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree gchar *path = g_build_filename (self->folder, name, NULL);

    g_unlink (path);
  }
  if (dir)
    g_dir_close (dir);
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->ca_file);
  g_clear_object (&self->good);
  g_clear_object (&self->other_host);
  g_clear_object (&self->expired);
  g_free (self);
}
