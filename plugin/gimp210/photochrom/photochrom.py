#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""GIMP 2.10 plug-in: Colors ▸ Photochrom gives a black-and-white photograph its colors, in layers above it.

GIMP takes this file for a plug-in only while it has its folder's name and may be executed. A GIMP with a Python-Fu of
its own may start it with Python 2: what that reads here must be Python 2, too, and hands over to Python 3.
"""

import os
import sys

if sys.version_info[0] == 2:
    try:
        os.execvp("python3", ["python3"] + sys.argv)
    except OSError as error:
        sys.exit("Photochrom needs Python 3.10 or later, and there is no python3 to run it: %s" % error)
if sys.version_info < (3, 10):
    sys.exit("Photochrom needs Python 3.10 or later; this is " + sys.version.split()[0])

import procedures

procedures.main()
