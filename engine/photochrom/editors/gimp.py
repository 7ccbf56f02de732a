"""GIMP: 2.10 and 3 side by side, each with a plug-in of its own that uses the same engine."""

from __future__ import annotations

from photochrom.editors import gimp3, gimp210
from photochrom.editors.gimp_profile import GimpProfile
from photochrom.editors.host import Editor

GIMP = Editor(
    name="gimp",
    title=GimpProfile.title,
    requirement="GIMP 3",
    appears="menu entry appears",
    profiles=lambda: [*gimp210.profiles(), *gimp3.profiles()],
    hint="For a GIMP in an unusual place, set GIMP3_DIRECTORY or GIMP2_DIRECTORY to its configuration folder.",
)
