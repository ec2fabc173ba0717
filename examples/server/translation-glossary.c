/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "translation.h"

#include <string.h>

typedef struct
{
  const gchar *english, *german, *spanish, *french;
} Entry;

static const Entry glossary[] = {
  {"a", "ein", "un", "un"},
  {"and", "und", "y", "et"},
  {"are", "sind", "est\303\241n", "sont"},
  {"blue", "blau", "azul", "bleu"},
  {"can", "kann", "puede", "peut"},
  {"day", "Tag", "d\303\255a", "jour"},
  {"do", "tun", "hacer", "faire"},
  {"evening", "Abend", "tarde", "soir"},
  {"five", "f\303\274nf", "cinco", "cinq"},
  {"four", "vier", "cuatro", "quatre"},
  {"good", "guten", "buenos", "bon"},
  {"goodbye", "tsch\303\274s", "adi\303\263s", "adieu"},
  {"green", "gr\303\274n", "verde", "vert"},
  {"hello", "hallo", "hola", "bonjour"},
  {"here", "hier", "aqu\303\255", "ici"},
  {"house", "Haus", "casa", "maison"},
  {"how", "wie", "c\303\263mo", "comment"},
  {"i", "ich", "yo", "je"},
  {"in", "in", "en", "dans"},
  {"is", "ist", "es", "est"},
  {"it", "es", "ello", "il"},
  {"morning", "Morgen", "d\303\255as", "matin"},
  {"my", "mein", "mi", "mon"},
  {"name", "Name", "nombre", "nom"},
  {"news", "Nachrichten", "noticias", "nouvelles"},
  {"no", "nein", "no", "non"},
  {"now", "jetzt", "ahora", "maintenant"},
  {"of", "von", "de", "de"},
  {"on", "auf", "en", "sur"},
  {"one", "eins", "uno", "un"},
  {"please", "bitte", "por favor", "s'il vous pla\303\256t"},
  {"red", "rot", "rojo", "rouge"},
  {"thank", "danke", "gracias", "merci"},
  {"that", "das", "eso", "cela"},
  {"the", "der", "el", "le"},
  {"there", "dort", "all\303\255", "l\303\240"},
  {"this", "dies", "esto", "ceci"},
  {"three", "drei", "tres", "trois"},
  {"time", "Zeit", "hora", "heure"},
  {"to", "zu", "a", "\303\240"},
  {"today", "heute", "hoy", "aujourd'hui"},
  {"tomorrow", "morgen", "ma\303\261ana", "demain"},
  {"two", "zwei", "dos", "deux"},
  {"was", "war", "era", "\303\251tait"},
  {"water", "Wasser", "agua", "eau"},
  {"we", "wir", "nosotros", "nous"},
  {"weather", "Wetter", "tiempo", "temps"},
  {"what", "was", "qu\303\251", "quoi"},
  {"where", "wo", "d\303\263nde", "o\303\271"},
  {"with", "mit", "con", "avec"},
  {"world", "Welt", "mundo", "monde"},
  {"yes", "ja", "s\303\255", "oui"},
  {"you", "Sie", "usted", "vous"},
};

static const gchar *
look_up (const gchar * word, const gchar * language)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (glossary); i++) {
    if (g_ascii_strcasecmp (glossary[i].english, word) == 0)
      return g_strcmp0 (language, "de") == 0 ? glossary[i].german :
          g_strcmp0 (language, "fr") == 0 ? glossary[i].french :
          glossary[i].spanish;
  }
  return word;
}

gchar *
translation_make (const gchar * text, const gchar * language)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  GString *out = g_string_new (NULL);
  guint i;

  for (i = 0; words[i] != NULL; i++) {
    if (*words[i] != '\0')
      g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "",
          look_up (words[i], language));
  }
  return g_string_free (out, FALSE);
}
