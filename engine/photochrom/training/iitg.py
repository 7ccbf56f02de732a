"""Trains the network of IIT Guwahati's report "Image Colorization", tables 1 to 3, as `koalarization` is trained.

The report adds shear, zoom, rotation and mirroring (section 6.5); here views are zoomed, stretched and mirrored, as for
all. Its batch size is not said; 20 pictures are tested at once.
"""

from __future__ import annotations

from typing import Final

from photochrom.training.koalarization import Koalarization
from photochrom.training.systems import Recipe, Setting

RECIPE: Final = Recipe("iitg", rate=1e-3, batch=20)


def prepare(setting: Setting) -> Koalarization:
    """Raises CheckpointRefused if the backbone's checkpoint is none of Inception-ResNet-v2."""
    return Koalarization(setting, "guwahati")
