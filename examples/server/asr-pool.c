/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "asr.h"

typedef struct
{
  AsrReady ready;
  gpointer user_data;
} Request;

struct _AsrPool
{
  GMutex lock;
  GCond cond;
  /* all below: protected by lock */
  GQueue idle;                  /* of Asr */
  GQueue requests;              /* of Request, longest waiting first */
  guint max;
  guint loaded;                 /* idle, in use and being loaded */
  gboolean ending;
  GThread *loader;              /* set once */
};

/* Under the lock, which is left while a request is answered. */
static void
hand_out (AsrPool * pool)
{
  while (!g_queue_is_empty (&pool->idle) && !g_queue_is_empty (&pool->requests)) {
    Asr *asr = g_queue_pop_head (&pool->idle);
    Request *request = g_queue_pop_head (&pool->requests);

    g_mutex_unlock (&pool->lock);
    request->ready (asr, request->user_data);
    g_free (request);
    g_mutex_lock (&pool->lock);
  }
  g_cond_broadcast (&pool->cond);
}

static gpointer
load_ahead (gpointer data)
{
  AsrPool *pool = data;

  g_mutex_lock (&pool->lock);
  while (!pool->ending) {
    Asr *asr;

    if (!g_queue_is_empty (&pool->idle) || pool->loaded >= pool->max) {
      g_cond_wait (&pool->cond, &pool->lock);
      continue;
    }
    pool->loaded++;
    g_mutex_unlock (&pool->lock);
    asr = asr_new (NULL);
    g_mutex_lock (&pool->lock);
    if (asr == NULL) {
      /* the models were there a moment ago: out of memory or files removed.
       * Sessions go on with those that there are. */
      g_printerr ("realtime-server: cannot load another recogniser\n");
      pool->max = --pool->loaded;
      continue;
    }
    g_queue_push_tail (&pool->idle, asr);
    hand_out (pool);
  }
  g_mutex_unlock (&pool->lock);
  return NULL;
}

AsrPool *
asr_pool_new (guint max, GError ** error)
{
  Asr *first = asr_new (error);
  AsrPool *pool;

  if (first == NULL)
    return NULL;
  pool = g_new0 (AsrPool, 1);
  g_mutex_init (&pool->lock);
  g_cond_init (&pool->cond);
  g_queue_init (&pool->idle);
  g_queue_init (&pool->requests);
  pool->max = max;
  pool->loaded = 1;
  g_queue_push_tail (&pool->idle, first);
  pool->loader = g_thread_new ("asr-loader", load_ahead, pool);
  return pool;
}

void
asr_pool_take (AsrPool * pool, AsrReady ready, gpointer user_data)
{
  Request *request = g_new0 (Request, 1);

  request->ready = ready;
  request->user_data = user_data;
  g_mutex_lock (&pool->lock);
  g_queue_push_tail (&pool->requests, request);
  hand_out (pool);
  g_mutex_unlock (&pool->lock);
}

gboolean
asr_pool_cancel (AsrPool * pool, gpointer user_data)
{
  gboolean found = FALSE;
  GList *link;

  g_mutex_lock (&pool->lock);
  for (link = pool->requests.head; link != NULL; link = link->next) {
    Request *request = link->data;

    if (request->user_data == user_data) {
      g_free (request);
      g_queue_delete_link (&pool->requests, link);
      found = TRUE;
      break;
    }
  }
  g_mutex_unlock (&pool->lock);
  return found;
}

void
asr_pool_give (AsrPool * pool, Asr * asr)
{
  asr_reset (asr);
  g_mutex_lock (&pool->lock);
  g_queue_push_tail (&pool->idle, asr);
  hand_out (pool);
  g_mutex_unlock (&pool->lock);
}

void
asr_pool_free (AsrPool * pool)
{
  Asr *asr;

  g_mutex_lock (&pool->lock);
  pool->ending = TRUE;
  g_cond_broadcast (&pool->cond);
  g_mutex_unlock (&pool->lock);
  g_thread_join (pool->loader);
  while ((asr = g_queue_pop_head (&pool->idle)) != NULL)
    asr_free (asr);
  g_queue_clear_full (&pool->requests, g_free);
  g_mutex_clear (&pool->lock);
  g_cond_clear (&pool->cond);
  g_free (pool);
}
