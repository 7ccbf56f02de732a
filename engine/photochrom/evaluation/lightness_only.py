"""Runs a color photograph through the whole pipeline as if it were black-and-white.

The input is only the photograph's D50 lightness. The output is 8-bit sRGB as a file of the result would contain:
composed in linear light, with the same gamut mapping.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from photochrom import pipeline
from photochrom.cache import LRUCache
from photochrom.evaluation.metrics import Pixels
from photochrom.options import Options
from photochrom.pipeline.rendering import srgb
from photochrom.sampling import upsampling
from photochrom.sampling.proxy import Proxy

if TYPE_CHECKING:
    import pyvips

    from photochrom.values import Plane


CALM = ":calm"
"""Suffix of a colorizer's name that selects its calm colors."""


def options(colorizer: str) -> Options:
    """The options for a candidate: a colorizer's name, "auto" or a blend, with the suffix ":calm" for calm colors."""
    if colorizer.endswith(CALM):
        return Options(colorizer.removesuffix(CALM), style="calm")
    return Options(colorizer)


def colorize_lightness(original: Pixels, colorizer: str, photographs: LRUCache | None = None) -> tuple[Pixels, str]:
    """Colorizes a photograph (uint8 (H, W, 3) sRGB) from its lightness; returns it with the colorizer's name.

    `colorizer` is as in `options`. `photographs` caches results on the photograph for the next colorizer. Raises
    ModelMissing or ModelDamaged as `pipeline.predict` does.
    """
    lightness = lightness_of(original)
    colors = pipeline.predict(Proxy(lightness, photographs), options(colorizer))
    return np.asarray(srgb(lightness, colors.full_ab(lightness)).numpy()), colors.colorizer


def laid_over(lightness: pyvips.Image, guide: Plane, ab: Plane) -> Pixels:
    """Composes a photograph's lightness (1 band float) with ab (h, w, 2), upsampled with the guide (H, W)."""
    full = upsampling.apply(upsampling.fit(guide, ab), lightness)
    return np.asarray(srgb(lightness, full).numpy())


def lightness_of(original: Pixels) -> pyvips.Image:
    """The only input that a colorizer gets from a photograph (uint8 (H, W, 3) sRGB): its D50 L*, 1 band float."""
    import pyvips

    from photochrom.image.color_spaces import SRGB
    from photochrom.image.colorimetry import lightness_from_unit_luminance

    photograph = pyvips.Image.new_from_array(np.ascontiguousarray(original))
    return lightness_from_unit_luminance(SRGB.luminance_of(photograph)).copy_memory()


def answer(lightness: Plane, paint: Plane | None, colorizer: str, photographs: LRUCache | None = None) -> Plane:
    """Predicts and upsamples: lightness (H, W) 0…100 and paint on it (H, W, 4), if any -> ab (H, W, 2), before gamut
    mapping."""
    import pyvips

    image = pyvips.Image.new_from_array(np.ascontiguousarray(lightness, np.float32))
    colors = pipeline.predict(Proxy(image, photographs), replace(options(colorizer), hints=paint))
    return np.asarray(colors.full_ab(image).numpy(), np.float32)
