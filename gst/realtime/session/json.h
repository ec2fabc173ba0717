/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_JSON_H__
#define __REALTIME_JSON_H__

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Untrusted text: refused beyond this many bytes and levels. */
#define REALTIME_JSON_MAX_SIZE (16 * 1024 * 1024)
#define REALTIME_JSON_MAX_DEPTH 64

/* Parses one JSON object. Checks size, UTF-8, depth (before the recursive
 * parser sees it) and that the top is an object. @length -1: NUL-terminated. */
JsonObject *realtime_json_parse_object (const gchar * text, gssize length,
    GError ** error);
/* The same for one JSON array. */
JsonArray *realtime_json_parse_array (const gchar * text, gssize length,
    GError ** error);

/* Whether @text, which may be cut anywhere, holds at least one complete JSON
 * value from its first byte on; for the re-assembly of fragments. */
gboolean realtime_json_is_complete (const gchar * text, gsize length);

/* Members by dotted path ("response.usage.total_tokens"); each returns the
 * fallback (NULL for objects and arrays) where any step is missing, null, or
 * of another type. Nothing is owned by the caller. */
const gchar *realtime_json_get_string (JsonObject * object, const gchar * path,
    const gchar * fallback);
gint64 realtime_json_get_int (JsonObject * object, const gchar * path,
    gint64 fallback);
gdouble realtime_json_get_double (JsonObject * object, const gchar * path,
    gdouble fallback);
gboolean realtime_json_get_boolean (JsonObject * object, const gchar * path,
    gboolean fallback);
JsonObject *realtime_json_get_object (JsonObject * object, const gchar * path);
JsonArray *realtime_json_get_array (JsonObject * object, const gchar * path);
/* TRUE where the member is there, be it null. */
gboolean realtime_json_has (JsonObject * object, const gchar * path);

/* Element @i of @array, NULL where it is no object. */
JsonObject *realtime_json_get_element (JsonArray * array, guint i);

/* The compact text of an object, without a newline. */
gchar *realtime_json_to_string (JsonObject * object);

/* RFC 7396 merge of @patch over @target, in place. */
void realtime_json_merge (JsonObject * target, JsonObject * patch);

G_END_DECLS

#endif /* __REALTIME_JSON_H__ */
