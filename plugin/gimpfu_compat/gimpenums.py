"""The constants of GIMP 2.10, as `from gimpenums import *` has them."""

from gimpfu_compat.enums import constants as _constants

globals().update(_constants())
