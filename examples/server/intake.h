/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __SERVER_INTAKE_H__
#define __SERVER_INTAKE_H__

#include <gst/gst.h>

#include "recogniser.h"
#include "recorder.h"

G_BEGIN_DECLS
/* Puts what a call hears on one time line: samples of 48 kHz from the first
 * RTP packet, placed by RTP time and not by arrival, so that mute, DTX and a
 * busy machine shift nothing. Functions may be called from any thread. */
typedef struct _Intake Intake;

/* How time is counted where packets are missing, or come late. */
typedef enum
{
  INTAKE_BY_RTP,                /* as the sender's time stamps say */
  INTAKE_BY_SAMPLES,            /* only what came counts */
  INTAKE_BY_CLOCK               /* time goes on without it */
} IntakeCount;

Intake *intake_new (Recogniser * recogniser, Recorder * recorder,
    IntakeCount count);
/* Looks at each RTP packet as it comes from the network. */
void intake_watch (Intake * intake, GstPad * pad);
/* Gives each packet on @pad the time stamp of its place. */
void intake_place (Intake * intake, GstPad * pad);
/* Decoded S16 mono 48 kHz, time stamps as placed. */
void intake_decoded (Intake * intake, GstBuffer * buffer);
/* Called regularly: zeros stand for what does not come. */
void intake_tick (Intake * intake);
/* The end of all that came from the network so far; -1: nothing did. */
gint64 intake_mark (Intake * intake);
/* The end of what was handed to the recogniser. */
gint64 intake_position (Intake * intake);
void intake_free (Intake * intake);

G_END_DECLS
#endif /* __SERVER_INTAKE_H__ */
