"""Which Krita the plug-in needs."""

import re

from .photochrom_client import translated as _

LEAST = 5, 2
"""Earlier ones lack `Document.nodeByUniqueID` and `createTransparencyMask`."""


def refusal(version):
    """Why Krita of this version ("5.1.5") cannot have the plug-in; "" where it can, and for one in words."""
    found = re.match(r"(\d+)\.(\d+)", version)
    if found is None or tuple(map(int, found.groups())) >= LEAST:
        return ""
    return _(
        "Photochrom needs Krita {least} or later, and this is Krita {version}. Where your system has no "
        "later one, there is Krita's AppImage or Flatpak: both can be installed beside it."
    ).format(least=".".join(map(str, LEAST)), version=version)
