#!/usr/bin/env python3
"""Opens every file of a folder, and tells what is in it and what is seen. A plug-in of GIMP 2.10's."""

import os

from documents import *
from gimpfu import *


def opened(path):
    def run():
        try:
            image = pdb.gimp_file_load(path, path)
        except RuntimeError as failure:
            return {"opened": False, "error": str(failure)}
        keep(os.path.basename(path) + ".lab", read(flattened(image), "CIE Lab float"))
        return {"opened": True, **document(image)}

    return run


def run(out, files):
    for name in sorted(os.listdir(files)):
        CASES[name] = opened(os.path.join(files, name))
    run_all(out, "")


GIVEN = [(PF_STRING, "out", "A folder", ""), (PF_STRING, "files", "A folder", "")]
register("test-opening", "Opens files", *US, GIVEN, [], run)
main()
