"""What an evaluation measures only where it is asked to, as it takes longer: each adds scores to some photographs."""

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
    """A photograph as it is measured: `pictures` (H, W, 3) sRGB by candidate, the original among them, and the
    original's `lightness` (H, W) 0…100."""

    photograph: Photograph
    pictures: Mapping[str, Pixels]
    lightness: Floats


class Probe(Protocol):
    """Measures one photograph after the other."""

    def __call__(self, seen: Seen) -> Added:
        """Scores that it adds; none for a photograph that it does not look at."""


@dataclass(frozen=True)
class Stability:
    """`stability.stability` of the candidates `answers`, on the photographs with these `names`.

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
    """`recognition.recognition` of all candidates; `features` collects what the Fréchet distance takes.

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
    """What else is to be measured: `recognition` (with the Fréchet distance), `stability`, the leak of hints on the
    photographs that have label maps in `segments`, and answers to the scans of the folder `beside`."""

    recognition: bool = False
    stability: bool = False
    segments: Path | None = None
    beside: Path | None = None
