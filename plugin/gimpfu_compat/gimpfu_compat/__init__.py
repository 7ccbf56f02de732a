"""What `gimpfu`, `gimp` and their siblings are made of: GIMP 2.10's libgimp, called from Python 3 by ctypes.

From the bottom up: `libraries` (the shared objects and their functions), `parameters` (values of the procedure database
in memory), `procedures` (`pdb`), `handles` and the objects over it (`images`, `drawables`, `layers`, …), `buffers`
(pixels through GEGL) with `regions`, `tiles` and `pixels` over it, `plugin_process` (the conversation with GIMP),
`registration` and `running` (gimpfu's own part), `resident` and `copies` (runs for which Python need not start), and
`dialog`.
"""

import os
import sys

__version__ = "1.0.0"


def look_in_last() -> None:
    """Has Python find what is in `absent`, but only where nothing else has those names."""
    folder = f"{__path__[0]}{os.sep}absent"
    if folder not in sys.path:
        sys.path.append(folder)
