"""Slower measurements that an evaluation makes on request; each adds scores to some photographs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from photochrom.evaluation import leak, recognition, stability
from photochrom.evaluation.dataset import Photograph
from photochrom.evaluation.metrics import Floats, Pixels
from photochrom.evaluation.stability import Answer

Added = dict[str, dict[str, float]]
"""Scores by candidate."""


@dataclass(frozen=True)
class Seen:
    """A photograph to measure: `pictures` (H, W, 3) sRGB by candidate, including the original, and the original's
    `lightness` (H, W) 0…100."""

    photograph: Photograph
    pictures: Mapping[str, Pixels]
    lightness: Floats


class Probe(Protocol):
    """Measures photographs one by one."""

    def __call__(self, seen: Seen) -> Added:
        """The scores to add; none for a photograph that it skips."""


@dataclass(frozen=True)
class Stability:
    """`stability.stability` of the candidates `answers`, on the photographs named in `names`.

    Raises:
        ExtraMissing: see `stability.need`.
    """

    answers: Mapping[str, Answer]
    names: frozenset[str]

    def __post_init__(self) -> None:
        stability.need()

    def __call__(self, seen: Seen) -> Added:
        return stability.stability(seen.lightness, self.answers) if seen.photograph.name in self.names else {}


@dataclass(frozen=True)
class Leak:
    """`leak.leak` of the candidates `answers`, on the photographs that have segments."""

    answers: Mapping[str, Answer]
    segments: leak.SegmentFolder

    def __call__(self, seen: Seen) -> Added:
        labels = self.segments.of(seen.photograph.path, *seen.lightness.shape)
        return {} if labels is None else leak.leak(seen.lightness, labels, self.answers)


@dataclass(frozen=True)
class Recognition:
    """`recognition.recognition` of all candidates; `features` collects the input of the Fréchet distance.

    Raises:
        ExtraMissing: see `recognition.need`.
    """

    original: str
    features: recognition.FeatureSets = field(default_factory=recognition.FeatureSets)

    def __post_init__(self) -> None:
        recognition.need()

    def __call__(self, seen: Seen) -> Added:
        looked = {name: recognition.looked_at(picture) for name, picture in seen.pictures.items()}
        self.features.add({name: features for name, (_, features) in looked.items()})
        classes = {name: found for name, (found, _) in looked.items()}
        return recognition.recognition(Path(seen.photograph.name), classes, self.original)


@dataclass(frozen=True)
class Wanted:
    """Requested measurements: `recognition` (with the Fréchet distance), `stability`, color bleeding of hints on the
    photographs with label maps in `segments`, and comparison with other methods on the scans in the folder `beside`."""

    recognition: bool = False
    stability: bool = False
    segments: Path | None = None
    beside: Path | None = None
