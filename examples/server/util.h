/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_UTIL_H__
#define __SERVER_UTIL_H__

#include <json-glib/json-glib.h>

G_BEGIN_DECLS
/* Deepest nesting of JSON that is read; deeper input is refused before it can
 * exhaust the parser's stack. */
#define UTIL_MAX_DEPTH 64
/* @prefix and @length random letters and digits from the kernel's generator. */
    gchar * util_id (const gchar * prefix, guint length);

/* NULL with @why (a static text) when @text is not one JSON object. */
JsonObject *util_parse (const gchar * text, gssize length, const gchar ** why);
gchar *util_print (JsonObject * object);
/* A deep copy, not shared with the original. */
JsonNode *util_copy (JsonNode * node);
JsonObject *util_copy_object (JsonObject * object);

/* Members of the wanted type, or what stands for an absent one. */
const gchar *util_string (JsonObject * object, const gchar * name);
JsonObject *util_object (JsonObject * object, const gchar * name);
JsonArray *util_array (JsonObject * object, const gchar * name);
gint64 util_int (JsonObject * object, const gchar * name, gint64 fallback);
gdouble util_number (JsonObject * object, const gchar * name, gdouble fallback);
gboolean util_bool (JsonObject * object, const gchar * name, gboolean fallback);
/* Whether the member is there and null. */
gboolean util_is_null (JsonObject * object, const gchar * name);

/* Runs @func in the main context, never here; posts keep their order. */
void util_post (GSourceFunc func, gpointer data, GDestroyNotify notify);
/* Runs @func there once, after @ms; returns the source's id. */
guint util_after (guint ms, GSourceFunc func, gpointer data);

/* Why something was refused, in the service's terms. */
typedef struct
{
  const gchar *code;            /* static; NULL for none */
  gchar *param;                 /* NULL for none */
  gchar *message;
} Refusal;

void refusal_clear (Refusal * refusal);
/* Always FALSE, so that a check can end with it. Takes @param. */
gboolean
refuse (Refusal * refusal, const gchar * code, gchar * param,
    const gchar * format, ...)
G_GNUC_PRINTF (4, 5);

G_END_DECLS
#endif /* __SERVER_UTIL_H__ */
