"""Python-Fu's own module: `from gimpfu import *`, `register(…)`, `main()`."""

import math
import os as _os
import sys as _sys

import gimp
from gimpenums import *
from gimpfu_compat import python2 as _python2
from gimpfu_compat.errors import CancelError, error
from gimpfu_compat.registration import (
    PF_ADJUSTMENT,
    PF_BOOL,
    PF_BRUSH,
    PF_CHANNEL,
    PF_COLOR,
    PF_COLOUR,
    PF_DIRNAME,
    PF_DISPLAY,
    PF_DRAWABLE,
    PF_FILE,
    PF_FILENAME,
    PF_FLOAT,
    PF_FLOATARRAY,
    PF_FONT,
    PF_GRADIENT,
    PF_IMAGE,
    PF_INT,
    PF_INT8,
    PF_INT8ARRAY,
    PF_INT16,
    PF_INT16ARRAY,
    PF_INT32,
    PF_INT32ARRAY,
    PF_ITEM,
    PF_LAYER,
    PF_OPTION,
    PF_PALETTE,
    PF_PARASITE,
    PF_PATTERN,
    PF_RADIO,
    PF_SLIDER,
    PF_SPINNER,
    PF_STATUS,
    PF_STRING,
    PF_STRINGARRAY,
    PF_TEXT,
    PF_TOGGLE,
    PF_VALUE,
    PF_VECTORS,
    register,
)
from gimpfu_compat.registration import query as _query
from gimpfu_compat.running import run_and_offer as _run

_python2.lend()
gettext, gimpcolor = map(_python2.LateModule, ("gettext", "gimpcolor"))
pdb = gimp.pdb


def main() -> None:
    """Talks with GIMP until it is done: the last line of a script.

    The process ends here: GIMP waits for that, and Python takes its time to clean up.
    """
    status = gimp.main(None, None, _query, _run)
    _sys.stdout.flush()
    _sys.stderr.flush()
    _os._exit(status)


def N_(text: str) -> str:
    """Marks text for translation."""
    return text


def fail(text: str) -> None:
    """Ends the run with a message."""
    raise error(text)
