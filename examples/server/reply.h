/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_REPLY_H__
#define __SERVER_REPLY_H__

#include "util.h"

G_BEGIN_DECLS
/* What there is to answer. */
    typedef struct
{
  const gchar *said;            /* the user's words; NULL: none, "": unclear */
  const gchar *picture;         /* the last one shown, in words, or NULL */
  const gchar *result;          /* a function's output, or NULL */
  const gchar *instructions;    /* of this response alone, or NULL */
  JsonArray *tools;             /* or NULL */
  JsonNode *tool_choice;        /* or NULL */
} Question;

/* Either words or a call. */
typedef struct
{
  gchar *text;
  gchar *function;
  gchar *arguments;             /* JSON */
} Reply;

/* A small table of rules; README.md lists them. */
void reply_make (const Question * question, Reply * reply);
void reply_clear (Reply * reply);

G_END_DECLS
#endif /* __SERVER_REPLY_H__ */
