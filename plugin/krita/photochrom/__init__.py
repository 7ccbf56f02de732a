"""Krita plug-in: a docker and Tools ▸ Scripts ▸ Photochrom: Colorize put the colours of a black-and-white photograph
above it.

`photochrom plugin install --krita` puts beside these modules those that the editors share.
"""

import sys

from . import photochrom_client

# The shared modules know the client by this name: in GIMP they are the only ones in their Python.
sys.modules.setdefault("photochrom_client", photochrom_client)

from .docker import register  # noqa: E402  (it imports the shared modules)

extension = register()
"""Kept here: Krita does not own it."""
