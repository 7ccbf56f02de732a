#!/usr/bin/env python
"""Makes a palette of the colors of a picture, by hue."""

from gimpfu import *

gettext.install("gimp20-python", gimp.locale_directory, unicode=True)


def palette_of(image, drawable, name, step, order):
    region = drawable.get_pixel_rgn(0, 0, drawable.width, drawable.height, False, False)
    found = {}
    for y in range(0, drawable.height, step):
        for x in range(0, drawable.width, step):
            pixel = region[x, y]
            found[pixel] = found.get(pixel, 0) + 1
    colors = [gimpcolor.RGB(ord(pixel[0]), ord(pixel[1]), ord(pixel[2])) for pixel in found]
    if order == 0:
        colors.sort(key=lambda color: color.to_hsv().hue)
    else:
        colors.sort(key=lambda color: color.luminance())
    palette = pdb.gimp_palette_new(name)
    for number, color in enumerate(colors):
        pdb.gimp_palette_add_entry(palette, _("Color") + " %d" % number, color)
    return palette, len(colors)


register(
    "test_palette",
    N_("Palette of a picture"),
    "",
    "Photochrom",
    "Photochrom",
    "2026",
    N_("_Palette..."),
    "RGB*",
    [
        (PF_IMAGE, "image", "Image", None),
        (PF_DRAWABLE, "drawable", "Drawable", None),
        (PF_STRING, "name", _("_Name"), "Photograph"),
        (PF_SPINNER, "step", _("_Every n-th pixel"), 1, (1, 100, 1)),
        (PF_OPTION, "order", _("_Order"), 0, (_("Hue"), _("Luminance"))),
    ],
    [(PF_PALETTE, "palette", "Its name"), (PF_INT, "count", "Colors in it")],
    palette_of,
    menu="<Image>/Colors/Info",
)
main()
