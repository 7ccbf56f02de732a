"""Runs inside a GIMP with windows: opens one dialog of the plug-in after the other on the open image and tells what
came of each; then tells the document's state. PHOTOCHROM_ACTIONS names the procedures, with commas between them."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from common import call, document, photograph, tell, tell_when_asked  # isort: skip
from gi.repository import Gegl, Gimp

image = Gimp.get_images()[0]
source = image.get_layers()[0]


def to_be_hinted():
    """The hints layer is selected, a spot on the house too, and blue is the color to paint with."""
    call("hints-layer", image, [source])
    image.select_ellipse(Gimp.ChannelOps.REPLACE, image.get_width() * 0.55 - 20, image.get_height() * 0.42 - 20, 40, 40)
    Gimp.context_set_foreground(Gegl.Color.new("blue"))
    Gimp.displays_flush()


def to_be_adjusted():
    """The selected layer has colors."""
    call("colorize", image, [source], colorizer="lite")


def to_be_followed():
    """Another image is open, blue all over."""
    blue = photograph()
    blue.get_layers()[0].colorize_hsl(225, 70, 0)
    Gimp.Display.new(blue)


before = {"hinted": to_be_hinted, "adjust": to_be_adjusted, "export": to_be_adjusted, "color-like": to_be_followed}
for number, action in enumerate(os.environ["PHOTOCHROM_ACTIONS"].split(",")):
    if action in before:
        before[action]()
    tell(f"dialog-{number}-before", document(image))
    name = {"hinted": "colorize"}.get(action, action)
    result, _ = call(name, image, image.get_selected_layers(), Gimp.RunMode.INTERACTIVE)
    tell(f"dialog-{number}-result", result)
tell_when_asked(image)
