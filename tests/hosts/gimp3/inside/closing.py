"""Runs inside a GIMP with windows: prepares an image about which there is something to say, and waits until it is
stopped. What GIMP says to people goes to its output."""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from common import OUT, tell  # isort: skip
from gi.repository import Gegl, Gimp

Gimp.message_set_handler(Gimp.MessageHandlerType.CONSOLE)
image = Gimp.get_images()[0]
layer = image.get_layers()[0]
layer.set_name("a layer")
image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, image.get_width() // 2, image.get_height())
Gimp.context_set_foreground(Gegl.Color.new("red"))
Gimp.context_set_opacity(30)
layer.edit_fill(Gimp.FillType.FOREGROUND)
layer.set_visible(False)
image.clean_all()  # nobody is asked whether to save it
Gimp.displays_flush()
tell("up", {})
while not (OUT / "stop").exists():
    time.sleep(0.2)
