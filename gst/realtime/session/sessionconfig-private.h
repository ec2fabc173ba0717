/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_SESSION_CONFIG_PRIVATE_H__
#define __REALTIME_SESSION_CONFIG_PRIVATE_H__

#include <json-glib/json-glib.h>

#include "sessionconfig.h"

G_BEGIN_DECLS

/* The inside of the session's configuration, shared by its files:
 * sessionconfig.c (what is sent), sessionchange.c (what is sent when it
 * changes), sessioncheck.c (what is refused before) and tools.c (tools and tool_choice). */

/* What a member of the service's session object may be, as a set. */
enum
{
  REALTIME_MEMBER_STRING = 1 << 0,
  REALTIME_MEMBER_NUMBER = 1 << 1,
  REALTIME_MEMBER_BOOLEAN = 1 << 2,
  REALTIME_MEMBER_ARRAY = 1 << 3,
  REALTIME_MEMBER_OBJECT = 1 << 4,
  REALTIME_MEMBER_NULLABLE = 1 << 5     /* where null is a value, not an
                                         * absence */
};

typedef struct
{
  const gchar *path;            /* dotted */
  guint types;
} RealtimeSessionMember;

/* The members that are known, ended by a NULL path. */
extern const RealtimeSessionMember realtime_session_members[];

/* The member at the dotted @path, NULL where there is none. */
JsonNode *realtime_session_find_member (JsonObject * object,
    const gchar * path);

/* Offsets of the strings of a RealtimeSessionConfig, by the names of their
 * properties; ended by a NULL name. */
typedef struct
{
  const gchar *name;
  gsize offset;
} RealtimeConfigString;

extern const RealtimeConfigString realtime_config_strings[];

/* Neither NULL nor empty. */
gboolean realtime_config_is_set (const gchar * text);
const gchar *realtime_config_get_type_name (const RealtimeSessionConfig *
    config);
/* "" where there is to be none */
/* Whether the model writes while one speaks, and takes no turn detection of the
 * service's beside it in a transcription. @model may be NULL. */
gboolean realtime_config_is_live_model (const gchar * model);
const gchar *realtime_config_get_transcription_model (const
    RealtimeSessionConfig * config);

/* Sets @error, of REALTIME_FAILURE_SETTINGS; returns FALSE. */
gboolean realtime_config_fail (GError ** error, const gchar * format, ...)
G_GNUC_PRINTF (2, 3);

/* The session object, session_json merged over it. */
     JsonObject *realtime_session_config_make (const RealtimeSessionConfig *
    config);
/* The client event session.update; takes @session. */
     gchar *realtime_session_config_print_update (const RealtimeSessionConfig *
    config, JsonObject * session, const gchar * event_id);

/* tools.c */
/* Whether the texts can be used; NULL and "" can. */
     gboolean realtime_tools_check (const gchar * tools, const gchar * choice,
    GError ** error);
/* What a text that passed the check says, NULL for NULL and "". */
     JsonNode *realtime_tools_parse (const gchar * tools);
     JsonNode *realtime_tool_choice_parse (const gchar * choice);

G_END_DECLS
#endif /* __REALTIME_SESSION_CONFIG_PRIVATE_H__ */
