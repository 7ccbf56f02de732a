"""Why a selection cannot be colored, in words for the user."""

from .photochrom_client import translated as _


class Unsuitable(Exception):
    """What is selected cannot be colored; the text says why and what to do instead."""


EMPTY = _("The layer is empty: all of it is transparent. Select the photograph's layer.")
