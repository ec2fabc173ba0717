/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_CEA608_ENCODER_H__
#define __REALTIME_CEA608_ENCODER_H__

#include "cea608.h"

G_BEGIN_DECLS

typedef enum
{
  REALTIME_CEA608_POP_ON,       /* loaded out of sight, shown at once */
  REALTIME_CEA608_PAINT_ON,     /* shown letter by letter, row by row */
  REALTIME_CEA608_ROLL_UP       /* shown letter by letter in the last row */
} RealtimeCea608Mode;

/* Time is counted in slots: a slot is the room for one pair of bytes. */
typedef struct
{
  RealtimeCea608Mode mode;
  guint rows;                   /* roll-up: 2 to 4; else 1 to 4 at most */
  gint row;                     /* of the last line, 0 to 14; -1: automatic */
  gint column;                  /* of the first letter, 0 to 31; -1: automatic */
  guint channel;                /* 1 to 4 */
  guint64 erase_after;          /* slots after the last word; 0: never. Not pop-on */
  guint64 latest;               /* slots that a text may wait before it is left out */
} RealtimeCea608Settings;

typedef struct
{
  guint64 captions;             /* texts added that had something to show */
  guint64 characters;           /* shown, without blanks */
  guint64 substituted;          /* shown as another, or not at all */
  guint64 dropped;              /* not shown as they were too late */
  guint64 max_delay;            /* of what was shown, in slots */
} RealtimeCea608Stats;

/**
 * RealtimeCea608Encoder:
 *
 * Makes of timed text the pairs of bytes of one channel of CEA-608, one pair for
 * each slot, so that the text is shown at its time, or as soon after it as the
 * bandwidth of a pair a slot lets.
 *
 * Pop-on: each text added is a caption. It is loaded ahead, shown at its start, and
 * erased at its end if no other follows. What does not fit on the rows becomes
 * further captions that part the time among them.
 *
 * Roll-up and paint-on: texts follow each other as words of one flow; each word
 * comes at its share of the time of its text. A word that begins with ">>", the sign
 * for another speaker, begins a new line.
 *
 * Text that could be shown only later than the settings allow is left out and
 * counted: the delay is bounded, whatever is added.
 *
 * Holds no lock; use it from one thread.
 */
typedef struct _RealtimeCea608Encoder RealtimeCea608Encoder;

RealtimeCea608Encoder *realtime_cea608_encoder_new
    (const RealtimeCea608Settings * settings);
void realtime_cea608_encoder_free (RealtimeCea608Encoder * self);

/* How many slots before its start a text has to be added to be in time. */
guint realtime_cea608_encoder_get_lookahead (RealtimeCea608Encoder * self);

/* @text: UTF-8; lines are parted by '\n'. @end is not before @start. */
void realtime_cea608_encoder_add (RealtimeCea608Encoder * self,
    const gchar * text, guint64 start, guint64 end);

/* The next word begins a new line. Not pop-on. */
void realtime_cea608_encoder_new_line (RealtimeCea608Encoder * self);

/* Sets @pair, with parity, to what goes out in @slot; FALSE and padding if nothing
 * does. To be called once for each slot, in order. */
gboolean realtime_cea608_encoder_next (RealtimeCea608Encoder * self,
    guint64 slot, guint8 pair[2]);

/* Whether something is still to go out, be it but the erasure of what is shown. */
gboolean realtime_cea608_encoder_is_busy (RealtimeCea608Encoder * self);

RealtimeCea608Stats realtime_cea608_encoder_get_stats (RealtimeCea608Encoder *
    self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimeCea608Encoder,
    realtime_cea608_encoder_free)

G_END_DECLS

#endif /* __REALTIME_CEA608_ENCODER_H__ */
