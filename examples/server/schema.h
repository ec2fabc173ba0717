/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_SCHEMA_H__
#define __SERVER_SCHEMA_H__

#include "util.h"

G_BEGIN_DECLS typedef enum
{
  KIND_ANY,
  KIND_STRING,
  KIND_BOOLEAN,
  KIND_INTEGER,                 /* min to max */
  KIND_NUMBER,                  /* min to max */
  KIND_ENUM,                    /* one of values */
  KIND_STRINGS,                 /* an array, of values where there are some */
  KIND_OBJECT,                  /* members; NULL: any */
  KIND_OBJECTS                  /* an array of objects of members */
} Kind;

typedef struct _Field Field;

/* One member of an object that a client may send. Tables end with a field
 * without a name. */
struct _Field
{
  const gchar *name;
  Kind kind;
  gboolean nullable;
  gdouble min, max;
  const gchar *values;          /* with blanks between; NULL: any */
  const Field *members;
  gboolean required;
  /* looks closer, in place of the kind */
    gboolean (*check) (JsonNode * node, const gchar * path, Refusal * refusal);
};

/* Whether @object has only known members, all required ones, and right values.
 * @path names it in refusals. */
gboolean schema_check (JsonObject * object, const Field * fields,
    const gchar * path, Refusal * refusal);
gboolean schema_check_node (JsonNode * node, const Field * field,
    const gchar * path, Refusal * refusal);

/* For checks of their own. @values as in a field. */
gboolean schema_is_one_of (const gchar * value, const gchar * values);
const gchar *schema_type_name (JsonNode * node);
gboolean schema_wrong_type (JsonNode * node, const gchar * expected,
    const gchar * path, Refusal * refusal);
gboolean schema_wrong_value (const gchar * value, const gchar * values,
    const gchar * path, Refusal * refusal);

G_END_DECLS
#endif /* __SERVER_SCHEMA_H__ */
