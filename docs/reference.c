/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Writes the reference part of each element's page, docs/<element>.md, from what
 * the built plugin says of itself, or checks that what stands there is the same.
 *
 *   reference --update DIR
 *   reference --check DIR
 *
 * The part stands between two marks; what is around it is written by hand. */

#include <gst/gst.h>
#include <string.h>

#define BEGIN_MARK "<!-- reference: written by 'ninja docs-update', not by hand -->"
#define END_MARK "<!-- end of the reference -->"

/* Text in a table: a bar would end the cell, a line break the row. */
static void
append_cell (GString * out, const gchar * text)
{
  for (; text && *text; text++) {
    if (*text == '|')
      g_string_append (out, "\\|");
    else
      g_string_append_c (out, *text == '\n' ? ' ' : *text);
  }
}

static const gchar *
type_word (GType type)
{
  static const struct
  {
    GType type;
    const gchar *word;
  } words[] = {
    {G_TYPE_BOOLEAN, "boolean"}, {G_TYPE_INT, "int"}, {G_TYPE_UINT, "uint"},
    {G_TYPE_INT64, "int64"}, {G_TYPE_UINT64, "uint64"},
    {G_TYPE_FLOAT, "float"}, {G_TYPE_DOUBLE, "double"},
    {G_TYPE_STRING, "string"}, {G_TYPE_NONE, "nothing"}
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (words); i++) {
    if (words[i].type == type)
      return words[i].word;
  }
  if (g_type_is_a (type, G_TYPE_ENUM))
    return "enum";
  if (g_type_is_a (type, G_TYPE_FLAGS))
    return "flags";

  return g_type_name (type);
}

static void
append_range (GString * out, GParamSpec * pspec)
{
  if (G_IS_PARAM_SPEC_INT (pspec)) {
    GParamSpecInt *p = G_PARAM_SPEC_INT (pspec);
    if (p->minimum != G_MININT || p->maximum != G_MAXINT)
      g_string_append_printf (out, ", %d to %d", p->minimum, p->maximum);
  } else if (G_IS_PARAM_SPEC_UINT (pspec)) {
    GParamSpecUInt *p = G_PARAM_SPEC_UINT (pspec);
    if (p->minimum != 0 || p->maximum != G_MAXUINT)
      g_string_append_printf (out, ", %u to %u", p->minimum, p->maximum);
  } else if (G_IS_PARAM_SPEC_INT64 (pspec)) {
    GParamSpecInt64 *p = G_PARAM_SPEC_INT64 (pspec);
    if (p->minimum != G_MININT64 || p->maximum != G_MAXINT64)
      g_string_append_printf (out, ", %" G_GINT64_FORMAT " to %"
          G_GINT64_FORMAT, p->minimum, p->maximum);
  } else if (G_IS_PARAM_SPEC_UINT64 (pspec)) {
    GParamSpecUInt64 *p = G_PARAM_SPEC_UINT64 (pspec);
    if (p->minimum != 0 || p->maximum != G_MAXUINT64)
      g_string_append_printf (out, ", %" G_GUINT64_FORMAT " to %"
          G_GUINT64_FORMAT, p->minimum, p->maximum);
  } else if (G_IS_PARAM_SPEC_FLOAT (pspec)) {
    GParamSpecFloat *p = G_PARAM_SPEC_FLOAT (pspec);
    g_string_append_printf (out, ", %g to %g", p->minimum, p->maximum);
  } else if (G_IS_PARAM_SPEC_DOUBLE (pspec)) {
    GParamSpecDouble *p = G_PARAM_SPEC_DOUBLE (pspec);
    if (p->minimum > -G_MAXDOUBLE || p->maximum < G_MAXDOUBLE)
      g_string_append_printf (out, ", %g to %g", p->minimum, p->maximum);
  }
}

static gchar *
value_text (const GValue * value)
{
  GType type = G_VALUE_TYPE (value);

  if (type == G_TYPE_STRING)
    return g_strdup (g_value_get_string (value));
  if (type == G_TYPE_DOUBLE)
    return g_strdup_printf ("%g", g_value_get_double (value));
  if (type == G_TYPE_FLOAT)
    return g_strdup_printf ("%g", g_value_get_float (value));
  if (g_type_is_a (type, G_TYPE_ENUM)) {
    g_autoptr (GEnumClass) klass = g_type_class_ref (type);
    GEnumValue *v = g_enum_get_value (klass, g_value_get_enum (value));

    return v ? g_strdup (v->value_nick) : NULL;
  }
  if (g_type_is_a (type, G_TYPE_FLAGS)) {
    g_autoptr (GFlagsClass) klass = g_type_class_ref (type);
    GString *nicks = g_string_new (NULL);
    guint i;

    for (i = 0; i < klass->n_values; i++) {
      guint bits = klass->values[i].value;
      if (bits && (g_value_get_flags (value) & bits) == bits)
        g_string_append_printf (nicks, "%s%s", nicks->len ? "+" : "",
            klass->values[i].value_nick);
    }
    return g_string_free (nicks, FALSE);
  }
  if (G_VALUE_HOLDS_BOXED (value) || G_VALUE_HOLDS_OBJECT (value))
    return NULL;

  return gst_value_serialize (value);
}

static void
append_default (GString * out, GParamSpec * pspec)
{
  g_autofree gchar *text = NULL;

  if (!(pspec->flags & G_PARAM_WRITABLE)) {
    g_string_append (out, "read-only");
    return;
  }
  text = value_text (g_param_spec_get_default_value (pspec));
  if (text && *text) {
    g_string_append_c (out, '`');
    append_cell (out, text);
    g_string_append_c (out, '`');
  } else {
    g_string_append (out, "none");
  }
  if (!(pspec->flags & G_PARAM_READABLE))
    g_string_append (out, ", write-only");
}

/* Up to which state a write takes effect. */
static const gchar *
mutable_until (GParamSpec * pspec)
{
  if (!(pspec->flags & G_PARAM_WRITABLE))
    return "";
  if (pspec->flags & G_PARAM_CONSTRUCT_ONLY)
    return "construction";
  if (pspec->flags & GST_PARAM_MUTABLE_PLAYING)
    return "PLAYING";
  if (pspec->flags & GST_PARAM_MUTABLE_PAUSED)
    return "PAUSED";

  return "READY";
}

static void
append_enum_values (GString * out, GType type)
{
  guint i;

  if (g_type_is_a (type, G_TYPE_ENUM)) {
    g_autoptr (GEnumClass) klass = g_type_class_ref (type);

    for (i = 0; i < klass->n_values; i++) {
      g_string_append_printf (out, "%s`%s` (", i ? "; " : " One of ",
          klass->values[i].value_nick);
      append_cell (out, klass->values[i].value_name);
      g_string_append_c (out, ')');
    }
  } else if (g_type_is_a (type, G_TYPE_FLAGS)) {
    g_autoptr (GFlagsClass) klass = g_type_class_ref (type);

    for (i = 0; i < klass->n_values; i++) {
      g_string_append_printf (out, "%s`%s` (", i ? "; " : " Any of ",
          klass->values[i].value_nick);
      append_cell (out, klass->values[i].value_name);
      g_string_append_c (out, ')');
    }
  } else {
    return;
  }
  g_string_append_c (out, '.');
}

static gint
compare_pspecs (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(GParamSpec * const *) a)->name,
      (*(GParamSpec * const *) b)->name);
}

static void
append_blurb (GString * out, GParamSpec * pspec)
{
  const gchar *blurb = g_param_spec_get_blurb (pspec);

  append_cell (out, blurb);
  if (blurb && *blurb && !strchr (".)", blurb[strlen (blurb) - 1]))
    g_string_append_c (out, '.');
  append_enum_values (out, pspec->value_type);
}

/* What the base classes bring is their own documentation's; named here is only
 * what this element starts with another value. */
static void
append_inherited (GString * out, GObject * object, GParamSpec ** pspecs,
    guint n)
{
  gboolean first = TRUE;
  guint i;

  for (i = 0; i < n; i++) {
    GValue value = G_VALUE_INIT;
    g_autofree gchar *text = NULL;

    if (pspecs[i]->owner_type == G_OBJECT_TYPE (object)
        || (pspecs[i]->flags & G_PARAM_READWRITE) != G_PARAM_READWRITE
        || pspecs[i]->owner_type == GST_TYPE_OBJECT)
      continue;
    g_value_init (&value, pspecs[i]->value_type);
    g_object_get_property (object, pspecs[i]->name, &value);
    text = value_text (&value);
    if (text && !g_param_value_defaults (pspecs[i], &value)) {
      g_string_append_printf (out, "%s`%s=%s`", first ?
          "Properties of the base classes that start with another value: " :
          ", ", pspecs[i]->name, text);
      first = FALSE;
    }
    g_value_unset (&value);
  }
  if (!first)
    g_string_append (out, ".\n\n");
}

static void
append_properties (GString * out, GObject * object)
{
  g_autofree GParamSpec **pspecs = NULL;
  guint i, n;

  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (object), &n);
  qsort (pspecs, n, sizeof (GParamSpec *), compare_pspecs);
  g_string_append (out, "### Properties\n\n"
      "| property | type | default | may change until | |\n"
      "| --- | --- | --- | --- | --- |\n");
  for (i = 0; i < n; i++) {
    if (pspecs[i]->owner_type != G_OBJECT_TYPE (object))
      continue;
    g_string_append_printf (out, "| `%s` | %s", pspecs[i]->name,
        type_word (pspecs[i]->value_type));
    append_range (out, pspecs[i]);
    g_string_append (out, " | ");
    append_default (out, pspecs[i]);
    g_string_append_printf (out, " | %s | ", mutable_until (pspecs[i]));
    append_blurb (out, pspecs[i]);
    g_string_append (out, " |\n");
  }
  g_string_append_c (out, '\n');
  append_inherited (out, object, pspecs, n);
}

/* Sinks first, then by name: the registry's own order is not stable. */
static gint
compare_templates (gconstpointer a, gconstpointer b)
{
  const GstStaticPadTemplate *one = a, *other = b;

  if (one->direction != other->direction)
    return one->direction == GST_PAD_SINK ? -1 : 1;

  return strcmp (one->name_template, other->name_template);
}

static void
append_pads (GString * out, GstElementFactory * factory)
{
  static const gchar *const directions[] = { "unknown", "src", "sink" };
  static const gchar *const presences[] = { "always", "sometimes", "request" };
  g_autoptr (GList) templates = g_list_sort (g_list_copy ((GList *)
          gst_element_factory_get_static_pad_templates (factory)),
      compare_templates);
  GList *l;

  g_string_append (out, "### Pads\n\n| pad | direction | presence | caps |\n"
      "| --- | --- | --- | --- |\n");
  for (l = templates; l; l = l->next) {
    GstStaticPadTemplate *templ = l->data;
    g_autoptr (GstCaps) caps = gst_static_pad_template_get_caps (templ);
    guint i;

    g_string_append_printf (out, "| `%s` | %s | %s | ", templ->name_template,
        directions[templ->direction], presences[templ->presence]);
    if (gst_caps_is_any (caps))
      g_string_append (out, "any");
    for (i = 0; i < gst_caps_get_size (caps); i++) {
      g_autofree gchar *text =
          gst_structure_to_string (gst_caps_get_structure (caps, i));

      g_strdelimit (text, ";", ' ');
      g_string_append (out, i ? "; `" : "`");
      append_cell (out, g_strchomp (text));
      g_string_append_c (out, '`');
    }
    g_string_append (out, " |\n");
  }
  g_string_append_c (out, '\n');
}

static gint
compare_signals (gconstpointer a, gconstpointer b)
{
  return strcmp (g_signal_name (*(const guint *) a),
      g_signal_name (*(const guint *) b));
}

static void
append_signals (GString * out, GType type)
{
  g_autofree guint *ids = NULL;
  guint i, j, n;

  ids = g_signal_list_ids (type, &n);
  if (n == 0)
    return;
  qsort (ids, n, sizeof (guint), compare_signals);
  g_string_append (out, "### Signals\n\n| signal | kind | arguments | returns |"
      "\n| --- | --- | --- | --- |\n");
  for (i = 0; i < n; i++) {
    GSignalQuery query;

    g_signal_query (ids[i], &query);
    g_string_append_printf (out, "| `%s` | %s | ", query.signal_name,
        query.signal_flags & G_SIGNAL_ACTION ? "action: emit it" : "connect");
    for (j = 0; j < query.n_params; j++)
      g_string_append_printf (out, "%s%s", j ? ", " : "",
          type_word (query.param_types[j] & ~G_SIGNAL_TYPE_STATIC_SCOPE));
    g_string_append_printf (out, " | %s |\n",
        type_word (query.return_type & ~G_SIGNAL_TYPE_STATIC_SCOPE));
  }
  g_string_append_c (out, '\n');
}

static gchar *
render (GstElementFactory * factory)
{
  GString *out = g_string_new (BEGIN_MARK "\n\n");
  GstElement *element = gst_element_factory_create (factory, NULL);

  if (!element) {
    g_string_free (out, TRUE);
    return NULL;
  }
  gst_object_ref_sink (element);
  append_pads (out, factory);
  append_properties (out, G_OBJECT (element));
  append_signals (out, G_OBJECT_TYPE (element));
  gst_object_unref (element);
  g_string_append (out, END_MARK);

  return g_string_free (out, FALSE);
}

/* The page with its reference part replaced; a page without one gets it at its
 * end, and a page that is not there yet a first line. */
static gchar *
renew (GstElementFactory * factory, const gchar * page, const gchar * part)
{
  const gchar *begin = page ? strstr (page, BEGIN_MARK) : NULL;
  const gchar *end = begin ? strstr (begin, END_MARK) : NULL;

  if (end) {
    g_autofree gchar *before = g_strndup (page, begin - page);

    return g_strconcat (before, part, end + strlen (END_MARK), NULL);
  }
  if (page)
    return g_strconcat (page, "\n## Reference\n\n", part, "\n", NULL);

  return g_strdup_printf ("# %s\n\n%s.\n\n## Reference\n\n%s\n",
      GST_OBJECT_NAME (factory), gst_element_factory_get_metadata (factory,
          GST_ELEMENT_METADATA_DESCRIPTION), part);
}

static gboolean
handle_element (GstElementFactory * factory, const gchar * dir, gboolean update)
{
  g_autofree gchar *name = g_strconcat (GST_OBJECT_NAME (factory), ".md", NULL);
  g_autofree gchar *path = g_build_filename (dir, name, NULL);
  g_autofree gchar *part = render (factory);
  g_autofree gchar *page = NULL, *renewed = NULL;
  g_autoptr (GError) error = NULL;

  if (!part) {
    g_printerr ("%s cannot be made\n", GST_OBJECT_NAME (factory));
    return FALSE;
  }
  if (!g_file_get_contents (path, &page, NULL, &error)
      && !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
    g_printerr ("%s\n", error->message);
    return FALSE;
  }
  renewed = renew (factory, page, part);
  if (g_strcmp0 (page, renewed) == 0)
    return TRUE;
  if (!update) {
    g_printerr ("docs/%s is %s: 'ninja docs-update' in the build folder mends "
        "it\n", name, page ? "out of date" : "missing");
    return FALSE;
  }
  g_clear_error (&error);
  if (!g_file_set_contents (path, renewed, -1, &error)) {
    g_printerr ("%s\n", error->message);
    return FALSE;
  }
  g_print ("docs/%s written\n", name);

  return TRUE;
}

int
main (int argc, char **argv)
{
  GList *features, *l;
  gboolean update, ok = TRUE;
  guint n = 0;

  gst_init (&argc, &argv);
  update = argc == 3 && g_str_equal (argv[1], "--update");
  if (!update && !(argc == 3 && g_str_equal (argv[1], "--check"))) {
    g_printerr ("usage: %s --update|--check DIR\n", argv[0]);
    return 2;
  }
  features = gst_registry_get_feature_list_by_plugin (gst_registry_get (),
      "realtime");
  for (l = features; l; l = l->next) {
    if (!GST_IS_ELEMENT_FACTORY (l->data))
      continue;
    ok &= handle_element (l->data, argv[2], update);
    n++;
  }
  gst_plugin_feature_list_free (features);
  if (n == 0)
    g_printerr ("the registry knows no element of the plugin 'realtime'\n");

  return ok && n ? 0 : 1;
}
