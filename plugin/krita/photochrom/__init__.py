"""Krita plug-in: a docker and Tools ▸ Scripts ▸ Photochrom: Colorize put the colors of a black-and-white photograph
above it.
"""

from .docker import register

extension = register()
"""Kept here: Krita does not own it."""
