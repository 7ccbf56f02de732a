#!/usr/bin/env python
"""Inverts and shrinks all pictures of a folder."""

import glob
import os

from gimpfu import *


def batch(source, target, width):
    names = sorted(glob.glob(os.path.join(source, "*.png")))
    gimp.progress_init("Working on %s" % source)
    failed = []
    for number, name in enumerate(names):
        try:
            image = pdb.gimp_file_load(name, name)
        except RuntimeError as error:
            failed.append("%s: %s" % (os.path.basename(name), error))
            continue
        drawable = pdb.gimp_image_get_active_drawable(image)
        pdb.gimp_invert(drawable)
        pdb.gimp_image_scale(image, width, image.height * width // image.width)
        out = os.path.join(target, os.path.splitext(os.path.basename(name))[0] + ".jpg")
        flat = image.flatten()
        pdb.file_jpeg_save(image, flat, out, out, 0.95, 0, 1, 0, "", 0, 1, 0, 0)
        pdb.gimp_image_delete(image)
        pdb.gimp_progress_update(1.0 * number / len(names))
    pdb.gimp_progress_end()
    if failed:
        gimp.message("Not loaded:\n" + "\n".join(failed))
    return len(names) - len(failed)


register(
    "test-batch",
    "Invert all pictures of a folder",
    "",
    "Photochrom",
    "Photochrom",
    "2026",
    "<Toolbox>/Xtns/Batch/_Invert...",
    "",
    [
        (PF_DIRNAME, "source", "_From", ""),
        (PF_DIRNAME, "target", "_To", ""),
        (PF_INT32, "width", "_Width", 100),
    ],
    [(PF_INT32, "done", "How many")],
    batch,
)
main()
