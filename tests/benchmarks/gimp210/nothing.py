#!/usr/bin/env python
"""A script that does nothing: what starting gimpfu costs. A plug-in of GIMP's."""

from gimpfu import *


def nothing():
    pass


register("nothing", "Does nothing", "", "Photochrom", "Photochrom", "2026", None, None, [], [], nothing)
main()
