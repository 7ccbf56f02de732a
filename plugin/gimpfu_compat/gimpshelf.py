"""A dictionary that GIMP keeps until it is closed."""

from gimpfu_compat.shelf import Shelf, shelf

__all__ = ["Shelf", "shelf"]
