"""The conversation with GIMP: which procedures there are, and how their errors come to the user."""

import os
import sys
import traceback

import gimp
from gimpfu_compat.errors import CancelError, error
from gimpfu_compat.parameters import DRAWABLE, IMAGE, INT32, LAYER, STRING

MENU = "<Image>/Colors/Photochrom"
AUTHORS = "The Photochrom authors", "The Photochrom authors, GPL-3.0-or-later", "2026"
PLUGIN = 1
MODE = (INT32, "run-mode", "Run mode: 0 with a dialog, 1 without, 2 with the last values")
ON_AN_IMAGE = [(IMAGE, "image", "The image"), (DRAWABLE, "drawable", "The layer of the photograph")]


def main():
    """Talks with GIMP until it is done. The process ends here: GIMP waits for that, and Python takes its time."""
    status = gimp.main(None, None, query, run)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def query():
    from actions import ALL

    for name, action in ALL.items():
        given, results = [MODE], [(STRING, "report", "Path of the report")]
        # Never grayed out where there is an image: a message says what cannot be colored (see `layers.source_of`).
        images = ""
        if not action.without_image:
            given, results, images = [MODE, *ON_AN_IMAGE], [(LAYER, "layer", "The new layer")], "*"
        texts = action.blurb, action.explained, *AUTHORS
        gimp.install_procedure(name, *texts, action.label, images, PLUGIN, [*given, *action.parameters], results)
        gimp.menu_register(name, MENU)


def run(name, arguments):
    """Called by GIMP. Errors get the texts that it shows."""
    from actions import ALL, INSTALLATION
    from gimpenums import RUN_INTERACTIVE

    from photochrom_client import Cancelled, EngineError, Unexpected
    from photochrom_client.kit.unsuitable import Unsuitable

    try:
        if arguments[0] == RUN_INTERACTIVE and name != INSTALLATION:
            import installation_window

            installation_window.show_if_due()
        return ALL[name].run(*arguments)
    except Cancelled as cancelled:
        raise CancelError(str(cancelled)) from cancelled
    except (EngineError, Unsuitable) as failure:
        raise error(str(failure)) from failure
    except error:
        raise
    except Exception as failure:
        traceback.print_exc()
        raise error(str(Unexpected(failure))) from failure
