/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef __REALTIME_PRICES_H__
#define __REALTIME_PRICES_H__

#include "conversation.h"

G_BEGIN_DECLS

/**
 * RealtimePrices:
 *
 * A table of prices, as a file of JSON holds it:
 *
 *     {"date":"2026-11-21", "currency":"USD", "models":{
 *        "NAME":{"usd_per_million_tokens":{
 *            "text":{"input":4,"cached":0.4,"output":24},
 *            "audio":{"input":32,"cached":0.4,"output":64},
 *            "image":{"input":5,"cached":0.5}}},
 *        "OTHER":{"usd_per_minute":0.017}}}
 *
 * date and models are required. "source" at the top and "note" of a model are
 * for people. Where a price of cached tokens is left out, they cost what others
 * do. A model that is named by its date, as in NAME-2026-03-01, has the prices
 * of NAME unless it is in the table itself. Never changed after it was made, so
 * that any thread may read it.
 */
typedef struct _RealtimePrices RealtimePrices;

/* Errors are of REALTIME_FAILURE_SETTINGS and name the place. @length -1:
 * NUL-terminated. */
RealtimePrices *realtime_prices_parse (const gchar * text, gssize length,
    GError ** error);
void realtime_prices_free (RealtimePrices * self);
/* YYYY-MM-DD */
const gchar *realtime_prices_get_date (const RealtimePrices * self);

/* What has been spent, exact to 10^-12 US dollars and without a sum's rounding.
 * All 0: nothing yet. */
typedef struct
{
  guint64 pico_usd;
  guint64 carry;                /* what is less than that, see prices.c */
  gboolean unknown;             /* something had no price */
} RealtimeCost;

/* Adds what @after counts more than @before: responses of @model, transcripts
 * of @transcription_model; either may be NULL for unknown. @prices may be NULL.
 * Token counts whose kind was not told are taken for text. Transcripts counted
 * in tokens where the table has a price per minute take ten audio tokens for a
 * second, as the service's own counts of the same speech do. Returns NULL, or
 * what had no price ("the model x"), to be freed: from then on the cost is
 * unknown. */
gchar *realtime_cost_add (RealtimeCost * self, const RealtimePrices * prices,
    const gchar * model, const gchar * transcription_model,
    const RealtimeUsage * before, const RealtimeUsage * after);
/* In US dollars; negative while unknown. */
gdouble realtime_cost_get_usd (const RealtimeCost * self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RealtimePrices, realtime_prices_free)

G_END_DECLS

#endif /* __REALTIME_PRICES_H__ */
