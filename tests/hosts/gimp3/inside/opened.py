"""Runs inside a GIMP with windows: tells the state of the open image, now and on each request. Menus do the rest."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from common import document, tell, tell_when_asked  # isort: skip
from gi.repository import Gimp

image = Gimp.get_images()[0]
tell("opened", document(image))
tell_when_asked(image)
