/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fault.h"

#include <gio/gio.h>
#include <string.h>

typedef enum
{
  VALUE_NONE,
  VALUE_NUMBER,
  VALUE_STATUS
} ValueKind;

static const struct
{
  const gchar *name;
  ValueKind kind;
  const gchar *help;
} known[] = {
  {"mint-status", VALUE_STATUS, "refuse to mint, with the service's body"},
  {"call-status", VALUE_STATUS, "refuse a call, with the service's body"},
  {"retry-after", VALUE_NUMBER, "seconds in Retry-After of refusals"},
  {"answer-delay", VALUE_NUMBER, "ms before a call is answered"},
  {"answer-not-sdp", VALUE_NONE, "answer with a page of HTML"},
  {"answer-empty", VALUE_NONE, "answer with nothing"},
  {"answer-truncated", VALUE_NONE, "answer with the first part of the SDP"},
  {"bad-fingerprint", VALUE_NONE, "answer with another certificate's "
        "fingerprint"},
  {"no-location", VALUE_NONE, "answer without Location"},
  {"status-200", VALUE_NONE, "answer 200 in place of 201"},
  {"no-channel", VALUE_NONE, "reject the data section"},
  {"channel-silent", VALUE_NONE, "send no event at all"},
  {"no-session-updated", VALUE_NONE, "send no session.updated"},
  {"no-items", VALUE_NONE, "send no conversation.item.added and .done"},
  {"no-playback", VALUE_NONE, "send no output_audio_buffer event"},
  {"big-event", VALUE_NUMBER, "pad session.updated by so many bytes"},
  {"bad-json", VALUE_NONE, "send a broken event after session.created"},
  {"bad-utf8", VALUE_NONE, "send broken UTF-8 after session.created"},
  {"counts-samples", VALUE_NONE, "audio_start_ms and audio_end_ms count only "
        "the audio that came"},
  {"counts-clock", VALUE_NONE, "they count the time that passed"},
  {"transcription-failed", VALUE_NONE, "transcripts fail"},
  {"no-response", VALUE_NONE, "begin no response, asked or not"},
  {"stuck-response", VALUE_NONE, "begin responses and bring nothing in them"},
  {"late-transcript", VALUE_NUMBER, "ms that final transcripts are late"},
  {"session-expired-after", VALUE_NUMBER, "ms after which a session expires"},
  {"close-after", VALUE_NUMBER, "ms after which a session is closed in good "
        "order"},
  {"vanish-after", VALUE_NUMBER, "ms after which nothing answers any more, "
        "sockets open"},
  {"die-after", VALUE_NUMBER, "ms after which the process ends without "
        "clean-up"}
};

typedef struct
{
  guint index;                  /* in known */
  gint64 number;                /* or status */
  gchar *code;
  gint64 left;                  /* uses; -1 without limit */
} Fault;

struct _Faults
{
  GArray *list;                 /* of Fault */
};

static void
clear_fault (gpointer data)
{
  g_free (((Fault *) data)->code);
}

Faults *
faults_new (void)
{
  Faults *faults = g_new0 (Faults, 1);

  faults->list = g_array_new (FALSE, FALSE, sizeof (Fault));
  g_array_set_clear_func (faults->list, clear_fault);
  return faults;
}

static gboolean
parse_value (Fault * fault, const gchar * value)
{
  gchar *end;

  if (known[fault->index].kind == VALUE_NONE)
    return value == NULL;
  if (value == NULL || !g_ascii_isdigit (*value))
    return FALSE;
  fault->number = g_ascii_strtoll (value, &end, 10);
  if (known[fault->index].kind == VALUE_NUMBER)
    return *end == '\0';
  if (*end == ':') {
    gsize length = strcspn (end + 1, "*");

    fault->code = g_strndup (end + 1, length);
    end += 1 + length;
  }
  if (*end == 'x' || *end == '*') {
    fault->left = g_ascii_strtoll (end + 1, &end, 10);
    if (fault->left < 1)
      return FALSE;
  }
  return *end == '\0' && fault->number >= 300 && fault->number <= 599;
}

gboolean
faults_add (Faults * faults, const gchar * option, GError ** error)
{
  g_auto (GStrv) parts = g_strsplit (option, "=", 2);
  Fault fault = { 0, 0, NULL, -1 };

  for (; fault.index < G_N_ELEMENTS (known); fault.index++) {
    if (g_str_equal (known[fault.index].name, parts[0]))
      break;
  }
  if (fault.index == G_N_ELEMENTS (known)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "No fault is named '%s'; --help lists them", parts[0]);
    return FALSE;
  }
  if (!parse_value (&fault, parts[1])) {
    g_free (fault.code);
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--fault %s: see --help for the values that %s takes", option,
        parts[0]);
    return FALSE;
  }
  g_array_append_val (faults->list, fault);
  return TRUE;
}

gchar *
faults_help (void)
{
  static const gchar *const forms[] = { "", "=N", "=CODE[:ERROR][*TIMES]" };
  GString *help = g_string_new ("Faults:\n");
  guint i;

  for (i = 0; i < G_N_ELEMENTS (known); i++) {
    g_autofree gchar *form = g_strconcat (known[i].name, forms[known[i].kind],
        NULL);

    g_string_append_printf (help, "  %-36s %s\n", form, known[i].help);
  }
  g_string_append (help, "\nCODE is an HTTP status, ERROR the code in its body "
      "(429:insufficient_quota),\nTIMES how often before all is well "
      "(500*2 or 500x2).\n");
  return g_string_free (help, FALSE);
}

static Fault *
find (Faults * faults, const gchar * name)
{
  guint i;

  for (i = 0; i < faults->list->len; i++) {
    Fault *fault = &g_array_index (faults->list, Fault, i);

    if (fault->left != 0 && g_str_equal (known[fault->index].name, name))
      return fault;
  }
  return NULL;
}

gboolean
faults_has (Faults * faults, const gchar * name)
{
  return find (faults, name) != NULL;
}

gint64
faults_number (Faults * faults, const gchar * name, gint64 fallback)
{
  Fault *fault = find (faults, name);

  return fault != NULL ? fault->number : fallback;
}

guint
faults_status (Faults * faults, const gchar * name, const gchar ** code)
{
  Fault *fault = find (faults, name);

  if (fault == NULL)
    return 0;
  if (fault->left > 0)
    fault->left--;
  *code = fault->code;
  return fault->number;
}

void
faults_free (Faults * faults)
{
  g_array_unref (faults->list);
  g_free (faults);
}
