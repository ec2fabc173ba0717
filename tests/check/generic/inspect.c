/* gst-plugins-realtime
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What gst-inspect and every graphical front end read of the elements. */

#include <gst/check/gstcheck.h>
#include <gio/gio.h>

#include "elements.h"

static const gchar *const secrets[] = { "api-key", "token", "password", NULL };

static GstElementFactory *
nth_factory (guint n)
{
  GList *factories = realtime_elements ();
  GstElementFactory *factory = gst_object_ref (g_list_nth_data (factories, n));

  gst_plugin_feature_list_free (factories);

  return factory;
}

static gboolean
is_blank (const gchar * text)
{
  return text == NULL || *text == '\0';
}

GST_START_TEST (test_there_are_elements)
{
  GList *factories = realtime_elements ();

  fail_unless (factories != NULL,
      "the registry knows no element of the plugin 'realtime'");
  gst_plugin_feature_list_free (factories);
}

GST_END_TEST;

GST_START_TEST (test_metadata)
{
  GstElementFactory *factory = nth_factory (__i__);
  const gchar *name = GST_OBJECT_NAME (factory);
  static const gchar *const keys[] = { GST_ELEMENT_METADATA_LONGNAME,
    GST_ELEMENT_METADATA_KLASS, GST_ELEMENT_METADATA_DESCRIPTION,
    GST_ELEMENT_METADATA_AUTHOR
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (keys); i++)
    fail_if (is_blank (gst_element_factory_get_metadata (factory, keys[i])),
        "%s has no %s", name, keys[i]);
  /* Nothing may ever pick one of them by itself: they open a paid session. */
  fail_unless_equals_int (gst_plugin_feature_get_rank (GST_PLUGIN_FEATURE
          (factory)), GST_RANK_NONE);
  fail_unless (gst_element_factory_get_num_pad_templates (factory) > 0);
  gst_object_unref (factory);
}

GST_END_TEST;

static void
check_property (const gchar * name, GParamSpec * pspec)
{
  const gchar *nick = g_param_spec_get_nick (pspec);
  const gchar *blurb = g_param_spec_get_blurb (pspec);

  fail_if (is_blank (nick), "%s: %s has no nick", name, pspec->name);
  fail_if (is_blank (blurb), "%s: %s has no blurb", name, pspec->name);
  fail_if (g_strcmp0 (nick, blurb) == 0, "%s: the blurb of %s says no more "
      "than its nick", name, pspec->name);
  fail_unless ((pspec->flags & G_PARAM_STATIC_STRINGS) ==
      G_PARAM_STATIC_STRINGS, "%s: the strings of %s are not static", name,
      pspec->name);
  if (g_strv_contains (secrets, pspec->name))
    fail_if (pspec->flags & G_PARAM_READABLE, "%s: %s is a secret and can be "
        "read", name, pspec->name);
}

/* The default that is told is the value that a new element has. */
static void
check_default (GstElement * element, const gchar * name, GParamSpec * pspec)
{
  GValue value = G_VALUE_INIT;

  if (!(pspec->flags & G_PARAM_READABLE))
    return;
  g_value_init (&value, pspec->value_type);
  g_object_get_property (G_OBJECT (element), pspec->name, &value);
  if (pspec->flags & G_PARAM_WRITABLE)
    fail_unless (g_param_value_defaults (pspec, &value),
        "%s: a new element's %s is not the default that it declares", name,
        pspec->name);
  g_value_unset (&value);
}

GST_START_TEST (test_properties)
{
  GstElementFactory *factory = nth_factory (__i__);
  const gchar *name = GST_OBJECT_NAME (factory);
  GstElement *element = gst_element_factory_create (factory, NULL);
  GParamSpec **pspecs;
  guint i, n;

  gst_object_ref_sink (element);
  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n);
  for (i = 0; i < n; i++) {
    if (pspecs[i]->owner_type != G_OBJECT_TYPE (element))
      continue;
    check_property (name, pspecs[i]);
    check_default (element, name, pspecs[i]);
  }
  g_free (pspecs);
  gst_object_unref (element);
  gst_object_unref (factory);
}

GST_END_TEST;

/* gst-inspect works where there is no display, no sound and no key, and does
 * not print a key that is there. */
GST_START_TEST (test_gst_inspect)
{
  GstElementFactory *factory = nth_factory (__i__);
  const gchar *secret = "sk-inspect-must-not-print-this";
  GSubprocessLauncher *launcher;
  GSubprocess *process;
  gchar *out = NULL;
  GError *error = NULL;

  launcher = tool_launcher_new ();
  g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "PULSE_SERVER");
  g_subprocess_launcher_unsetenv (launcher, "OPENAI_BASE_URL");
  g_subprocess_launcher_setenv (launcher, "OPENAI_API_KEY", secret, TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, "gst-inspect-1.0",
      GST_OBJECT_NAME (factory), NULL);
  fail_unless (process != NULL, "gst-inspect-1.0: %s",
      error ? error->message : "");
  fail_unless (g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL,
          NULL));
  fail_unless (g_subprocess_get_if_exited (process)
      && g_subprocess_get_exit_status (process) == 0, "gst-inspect-1.0 %s:\n%s",
      GST_OBJECT_NAME (factory), out);
  fail_unless (strstr (out, "Factory Details") != NULL);
  fail_if (strstr (out, secret) != NULL, "gst-inspect prints the key");
  fail_if (strstr (out, "CRITICAL") != NULL || strstr (out, "WARNING") != NULL,
      "%s", out);

  g_free (out);
  g_object_unref (process);
  g_object_unref (launcher);
  gst_object_unref (factory);
}

GST_END_TEST;

static Suite *
inspect_suite (void)
{
  Suite *s = suite_create ("inspect");
  TCase *tc = tcase_create ("elements");
  GList *factories = realtime_elements ();
  guint n = g_list_length (factories);

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_there_are_elements);
  tcase_add_loop_test (tc, test_metadata, 0, n);
  tcase_add_loop_test (tc, test_properties, 0, n);
  tcase_add_loop_test (tc, test_gst_inspect, 0, n);
  gst_plugin_feature_list_free (factories);

  return s;
}

GST_CHECK_MAIN (inspect);
