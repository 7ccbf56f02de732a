"""All parameters that determine the result of a training run, written beside the weights and to the model's card."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from photochrom.errors import BadRecipe


@dataclass(frozen=True)
class Recipe:
    """All parameters that determine the result of a training run."""

    steps: int = 6000
    batch: int = 24
    sides: tuple[int, ...] = (128,)
    """Sizes of the square views; each step draws one."""
    encoder: str = "lite2"
    widths: tuple[int, int, int, int] = (192, 128, 96, 32)
    attention: int = 2
    encoder_rate: float = 4e-4
    decoder_rate: float = 1.3e-3
    warm_up: int = 150
    weight_decay: float = 0.02
    average: float = 0.998
    """Decay of the exponential moving average of the weights; the average is what ships."""
    rebalance: float = 0.4
    """Power of the class weights (CCC eq. 15), for the classes and for the ab of the answer."""
    regression: float = 0.15
    """Weight of the smooth L1 between the gated answer and the truth."""
    own: float = 0.08
    """Weight of each expert's smooth L1 on its own categories."""
    steer: float = 0.02
    """Weight of the cross-entropy that steers the gate's mean towards the experts of a picture's category."""
    neutral: float = 2.0
    """Extra weight of the chroma of true neutrals in that."""
    perceptual: float = 1.0
    perceived: float = 0.5
    """Maximum part of each batch used for the perceptual loss, which costs half as much as the network."""
    perception: str = "lite0"
    """The EfficientNet-Lite whose features the perceptual loss compares."""
    recognized: float = 0.0
    """Weight of the difference in what that network recognizes."""
    adversarial: float = 0.05
    adversarial_from: int = 300
    """Steps in which the adversarial loss ramps up to its weight, after as many in which only the discriminator
    learns."""
    spread: float = 0.2
    mirror: float = 0.0
    """Weight of the difference between a picture's answer and its mirror image's, on a quarter of the batch."""
    mirrored_part: float = 1.0
    """Smallest part of the picture's sides that its mirror image shows, enlarged to the same size."""
    mirror_follows: bool = False
    """That difference moves the answer for the mirrored part alone: moved both ways, two answers agree in gray."""
    hinted: float = 0.15
    """Part of each batch that gets simulated true hints."""
    recolored: float = 0.12
    """Part of each batch in which one segment is recolored and hinted."""
    smallest_view: float = 0.55
    draw: dict[str, float] = field(default_factory=dict)
    """Relative frequency with which pictures of a source, or of "category:NAME", are drawn; default 1."""
    rare_hues: float = 0.0
    """How much more often a picture is drawn that is vivid in one of the rare hues in a tenth of its area or more."""
    rare: tuple[tuple[float, float], ...] = ((0.0, 38.0), (135.0, 200.0), (280.0, 360.0))
    """These hues, degrees in ab: red, green and violet. Few things have them, and a network answers brown for them."""
    keep_start: float = 0.0
    """Share of the weights of `start` in the result: the mean of both is more accurate than either (Wortsman et al.
    2022, arXiv 2109.01903, eq. 1)."""
    start: Recipe | None = None
    """The run to continue from; without one the encoder starts with ImageNet's weights, the decoder at random."""
    seed: int = 1880
    seeds: tuple[int, ...] = ()
    """Further seeds, each trained from the same start; the mean of all these networks' weights is the result, which
    is more accurate than each of them (as `keep_start`)."""


def recipe_from(path: Path) -> Recipe:
    """Reads a recipe from a JSON file; missing values keep their defaults.

    Raises:
        BadRecipe: the file is not JSON, or has an unknown value.
    """
    try:
        return _recipe(json.loads(path.read_text()))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise BadRecipe(f"{path} is not a recipe: {error}", "See photochrom/training/recipe.py.") from error


def _recipe(values: dict[str, Any]) -> Recipe:
    lists = {name: _tuple(value) for name, value in values.items() if isinstance(value, list)}
    start = _recipe(values["start"]) if values.get("start") else None
    return replace(Recipe(), **(values | lists | {"start": start}))


def _tuple(values: list[Any]) -> tuple[Any, ...]:
    """A JSON list as a tuple, and the lists in it."""
    return tuple(_tuple(value) if isinstance(value, list) else value for value in values)
