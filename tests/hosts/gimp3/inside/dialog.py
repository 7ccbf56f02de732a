"""Runs inside a GIMP with windows: opens the plug-in's dialog on the open image, made gray, then tells its state."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from common import colorize, document, tell, tell_when_asked  # isort: skip
from gi.repository import Gimp

image = Gimp.get_images()[0]
image.convert_grayscale()
tell("dialog-before", document(image))
result, _ = colorize(image, image.get_layers(), Gimp.RunMode.INTERACTIVE)
if os.environ.get("PHOTOCHROM_TWICE"):
    made = bytes(image.get_layers()[0].get_parasite("photochrom-settings").get_data())
    tell("dialog-result", {**result, "settings": json.loads(made.rstrip(b"\0"))})
    result, _ = colorize(image, image.get_layers()[-1:], Gimp.RunMode.INTERACTIVE)
    tell("dialog-second", result)
else:
    tell("dialog-result", result)
tell_when_asked(image)
