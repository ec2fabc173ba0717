/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_FAULT_H__
#define __SERVER_FAULT_H__

#include <glib.h>

G_BEGIN_DECLS
/* Failures to inject, by name. Only the main thread uses them. */
typedef struct _Faults Faults;

Faults *faults_new (void);
/* @option: NAME or NAME=VALUE. */
gboolean faults_add (Faults * faults, const gchar * option, GError ** error);
/* For --help: a line a fault. */
gchar *faults_help (void);

gboolean faults_has (Faults * faults, const gchar * name);
/* The number of NAME=NUMBER; @fallback when not injected. */
gint64 faults_number (Faults * faults, const gchar * name, gint64 fallback);
/* For mint-status and call-status: the status to answer with, 0 for none; @code
 * is the error code that was asked for, or NULL. Counts a use. */
guint faults_status (Faults * faults, const gchar * name, const gchar ** code);
void faults_free (Faults * faults);

G_END_DECLS
#endif /* __SERVER_FAULT_H__ */
