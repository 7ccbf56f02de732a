#!/usr/bin/python3
"""A plug-in of GIMP 2.10's: tells the state of the open image, now and on each request. Menus do the rest."""

import os
import sys

sys.path.append(os.environ["PHOTOCHROM_PLUGIN"])  # for the gimpfu in it

from documents import US, Inside, document, serve, tell  # isort: skip
from gimpfu import PF_STRING, gimp, main, register  # isort: skip


def run(out):
    Inside.out = out
    image = gimp.image_list()[0]
    tell("opened", document(image))
    serve(image)


register("test-opened", "Tells what is open", *US, [(PF_STRING, "out", "A folder", "")], [], run)
main()
