"""Runs inside a GIMP with windows: the colors of a photograph, then the dialog on its negative. What must be true is in
test_negative.py."""

import json
import sys
from array import array
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from common import colorize, keep, read, tell, tell_when_asked  # isort: skip
from gi.repository import Gegl, Gimp


def invert(layer):
    """Makes the layer the exact negative, in L*, of what it was."""
    rectangle = Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height())
    lightness = array("f", read(layer, "CIE L float"))
    negative = array("f", [100 - each for each in lightness])
    buffer = layer.get_buffer()
    buffer.set(rectangle, "CIE L float", negative.tobytes())
    buffer.flush()
    layer.update(0, 0, rectangle.width, rectangle.height)


image = Gimp.get_images()[0]
image.convert_grayscale()
image.convert_precision(Gimp.Precision.FLOAT_NON_LINEAR)
image.scale(image.get_width() // 2, image.get_height() // 2)
positive = image.duplicate()
_result, layer = colorize(positive, positive.get_layers())
keep("positive.lab", read(layer, "CIE Lab alpha float"))
(source,) = image.get_layers()
invert(source)
keep("before.l", read(source, "CIE L float"))
result, layer = colorize(image, [source], Gimp.RunMode.INTERACTIVE)
if layer is not None:
    keep("negative.lab", read(layer, "CIE Lab alpha float"))
    result["settings"] = json.loads(bytes(layer.get_parasite("photochrom-settings").get_data()).rstrip(b"\0"))
    keep("after.l", read(source, "CIE L float"))
tell("negative-result", result)
tell_when_asked(image)
