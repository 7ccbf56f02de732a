"""What finds the objects of a picture: one module a system, all behind one protocol.

A segmenter sees a small lightness picture (its proxy) and answers with segments. One is embedded and needs no download;
others (Segment Anything) are models that people fetch or import, with cards of the kind "segmenter".
"""

from __future__ import annotations

import importlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from photochrom import models
from photochrom.errors import ModelMissing
from photochrom.progress import Progress, silent

if TYPE_CHECKING:
    from photochrom.colorizers import Plane

Labels = NDArray[np.int32]
Mask = NDArray[np.bool_]

EMBEDDED: Final = "felzenszwalb"
"""The segmenter that is always there: also the name of its module."""


@dataclass(frozen=True)
class Segments:
    """The objects of a picture, which may lie in one another, as label maps laid over one another.

    `layers` (k, h, w) int32: 0 where a layer has no segment, else the segment's number, 1…`count`, from the largest
    segment to the smallest. A segment lies in one layer. A label map makes one layer; overlapping masks take as many as
    they need. Pixels that are 0 in all layers belong to nothing, and nothing is done to them.
    """

    layers: Labels
    count: int

    @classmethod
    def from_labels(cls, labels: NDArray[np.integer]) -> Segments:
        """A label map (h, w): equal values from 0 on are a segment, connected or not; negative values are none."""
        areas = np.bincount(labels[labels >= 0])
        largest_first = np.argsort(-areas, kind="stable")[: np.count_nonzero(areas)]
        # The last entry is for what -1 and below, clipped to -1, look up from the end.
        numbers = np.zeros(areas.size + 1, np.int32)
        numbers[largest_first] = np.arange(1, largest_first.size + 1)
        return cls(numbers[np.maximum(labels, -1)][None], largest_first.size)

    @classmethod
    def from_masks(cls, masks: Mask) -> Segments:
        """Masks (n, h, w), which may overlap; empty ones are left out."""
        areas = np.count_nonzero(masks, axis=(1, 2))
        largest_first = np.argsort(-areas, kind="stable")[: np.count_nonzero(areas)]
        layers: list[Labels] = [np.zeros(masks.shape[1:], np.int32)]
        for number, index in enumerate(largest_first, 1):
            mask = masks[index]
            layer = next((layer for layer in layers if not layer[mask].any()), None)
            if layer is None:
                layer = np.zeros(masks.shape[1:], np.int32)
                layers.append(layer)
            layer[mask] = number
        return cls(np.stack(layers), largest_first.size)

    @property
    def areas(self) -> NDArray[np.int64]:
        """(count + 1,): how many pixels each segment has; the entry 0, of no segment, says 0."""
        areas = np.bincount(self.layers.ravel(), minlength=self.count + 1)
        areas[0] = 0
        return areas

    @property
    def innermost(self) -> Labels:
        """(h, w): for each pixel the smallest segment that it belongs to, 0 for none."""
        return np.asarray(self.layers.max(0))

    def mask(self, number: int) -> Mask:
        """(h, w): where a segment, 1…`count`, is."""
        return np.asarray((self.layers == number).any(0))


class Segmenter(Protocol):
    """What every system is. `proxy_side`: short side, in pixels, of the proxy that it works best on."""

    proxy_side: int

    def segment(self, lightness: Plane) -> Segments:
        """Lightness (h, w) 0…100, any h and w -> its segments, of the same size."""
        ...


@dataclass(frozen=True)
class Choice:
    """A segmenter that can be had: its name, and in one line what it is good at."""

    name: str
    good_at: str


def available() -> list[Choice]:
    """All segmenters that can be loaded: the embedded one, then the installed models, each by name."""
    embedded = Choice(EMBEDDED, "Areas of even tone; needs no download")
    return [embedded, *(Choice(card.name, card.good_at) for card in models.installed("segmenter"))]


def default() -> str:
    """The name of the best segmenter that is installed: the model with most parameters, or else the embedded one."""
    cards = models.installed("segmenter")
    return max(cards, key=lambda card: int(card.details.get("parameters", 0))).name if cards else EMBEDDED


_loaded: dict[str, Segmenter] = {}
_loading = threading.Lock()


def load(name: str, progress: Progress = silent) -> Segmenter:
    """The segmenter of this name, loaded once and kept until `unload`. A model that is loaded for the first time ever
    may be prepared for this computer, which takes minutes: `progress` tells.

    Raises:
        ModelMissing: nobody of that name is installed.
        ModelDamaged: its files are not what its card says.
        ExtraMissing: it needs a package that is not installed.
        Cancelled: from `progress`.
    """
    while (found := _loaded.get(name)) is None:
        if not _loading.acquire(timeout=0.2):
            progress(0.0, "Waiting for another job that loads a model")
            continue
        try:
            if name not in _loaded:
                _loaded[name] = _opened(name, progress)
        finally:
            _loading.release()
    return found


def _opened(name: str, progress: Progress) -> Segmenter:
    if name == EMBEDDED:
        embedded: Segmenter = importlib.import_module(f"photochrom.segmenters.{EMBEDDED}").Embedded()
        return embedded
    cards = {card.name: card for card in models.installed("segmenter")}
    if name not in cards:
        raise ModelMissing(
            f"There is no segmenter named {name!r} here.", f"Installed: {', '.join([EMBEDDED, *cards])}."
        )
    card = cards[name]
    opened: Segmenter = importlib.import_module(f"photochrom.segmenters.{card.system}").open_model(card, progress)
    return opened


def unload() -> None:
    """Forgets all loaded segmenters and frees their memory."""
    _loaded.clear()
