/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __GST_REALTIME_ENUMS_H__
#define __GST_REALTIME_ENUMS_H__

#include <gst/gst.h>

G_BEGIN_DECLS
/* The values are those of session/conversation.h, the nicks the words of the
 * contract. */
#define GST_TYPE_REALTIME_CONNECTION_STATE \
    (gst_realtime_connection_state_get_type ())
    GType gst_realtime_connection_state_get_type (void);

#define GST_TYPE_REALTIME_TURN_STATE (gst_realtime_turn_state_get_type ())
GType gst_realtime_turn_state_get_type (void);

/* The speakers whose lines an element passes on. */
typedef enum
{
  GST_REALTIME_ROLE_USER = (1 << 0),
  GST_REALTIME_ROLE_ASSISTANT = (1 << 1)
} GstRealtimeRoles;

#define GST_TYPE_REALTIME_ROLES (gst_realtime_roles_get_type ())
GType gst_realtime_roles_get_type (void);

G_END_DECLS
#endif /* __GST_REALTIME_ENUMS_H__ */
