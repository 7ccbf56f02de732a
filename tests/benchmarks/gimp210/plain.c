/* What gimpfu is measured beside: plug-ins of GIMP 2.10's in C. One touches no pixels; one reads and writes all of a drawable
 * in bands, and gives the seconds of the GEGL calls. */
#include <libgimp/gimp.h>

#define BAND 256

static void query (void)
{
  static const GimpParamDef none[] = { { GIMP_PDB_INT32, "run-mode", "The run mode" } };
  static const GimpParamDef drawable[] = { { GIMP_PDB_INT32, "run-mode", "The run mode" },
                                           { GIMP_PDB_IMAGE, "image", "An image" },
                                           { GIMP_PDB_DRAWABLE, "drawable", "A drawable" } };
  static const GimpParamDef seconds[] = { { GIMP_PDB_FLOAT, "read", "Seconds" }, { GIMP_PDB_FLOAT, "write", "Seconds" } };

  gimp_install_procedure ("plug-in-plain-nothing", "", "", "", "", "", NULL, NULL, GIMP_PLUGIN, 1, 0, none, NULL);
  gimp_install_procedure ("plug-in-plain-bands", "", "", "", "", "", NULL, NULL, GIMP_PLUGIN, 3, 2, drawable, seconds);
}

static void bands (gint32 id, gdouble *reading, gdouble *writing)
{
  gint        width = gimp_drawable_width (id), height = gimp_drawable_height (id);
  const Babl *format;
  GeglBuffer *buffer;
  guchar     *data;
  gint64      began;

  gegl_init (NULL, NULL);
  format = babl_format ("R'G'B'A u8");
  buffer = gimp_drawable_get_buffer (id);
  data = g_malloc ((gsize) width * BAND * 4);
  for (gint y = 0; y < height; y += BAND)
    {
      GeglRectangle band = { 0, y, width, MIN (BAND, height - y) };

      began = g_get_monotonic_time ();
      gegl_buffer_get (buffer, &band, 1.0, format, data, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      *reading += (g_get_monotonic_time () - began) / 1e6;
      began = g_get_monotonic_time ();
      gegl_buffer_set (buffer, &band, 0, format, data, GEGL_AUTO_ROWSTRIDE);
      *writing += (g_get_monotonic_time () - began) / 1e6;
    }
  began = g_get_monotonic_time ();
  gegl_buffer_flush (buffer);
  g_object_unref (buffer);
  *writing += (g_get_monotonic_time () - began) / 1e6;
  g_free (data);
}

static void run (const gchar *name, gint n, const GimpParam *given, gint *count, GimpParam **results)
{
  static GimpParam values[3];

  values[0].type = GIMP_PDB_STATUS;
  values[0].data.d_status = GIMP_PDB_SUCCESS;
  values[1].type = values[2].type = GIMP_PDB_FLOAT;
  values[1].data.d_float = values[2].data.d_float = 0;
  *count = g_strcmp0 (name, "plug-in-plain-bands") ? 1 : 3;
  *results = values;
  if (*count == 3)
    bands (given[2].data.d_drawable, &values[1].data.d_float, &values[2].data.d_float);
}

const GimpPlugInInfo PLUG_IN_INFO = { NULL, NULL, query, run };

MAIN ()
