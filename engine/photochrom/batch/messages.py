"""What the runner and its workers tell each other, in the order in which they do, for each file:
`Task` → `Guide` → `Coloring` or `Refusal` → `Written`; at any point after `Task` a worker may answer `Skipped` or
`Failed` instead. Where the guide is all that is wanted, `Task` → `Guide` → `Seen` → `Seen`."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from photochrom.batch.settings import Settings
    from photochrom.batch.urls import Source
    from photochrom.values import Plane
    from photochrom_client.given import Given


GRAY: Final = "gray"
"""In place of a colorizer's name: the photograph stays without color."""


class Job(NamedTuple):
    """What is the same for all tasks of a worker: the settings, and the time that results say they were made."""

    settings: Settings
    made: datetime


class Task(NamedTuple):
    """One picture to colorize: its file, its page (1…; 0: the first), the short side in pixels of its guide, and where
    the result is to be written. Where results go into a store, the result is `output` there, of `staged` the name alone
    counts, and an earlier result of SHA-256 `replaces` is replaced. `wanted`: `Entry.colorizer_wanted`."""

    source: Source
    page: int
    guide_side: int
    staged: Path
    output: PurePosixPath = PurePosixPath()
    replaces: str | None = None
    wanted: str | None = None


class Guide(NamedTuple):
    """The photograph's lightness (h, w) 0…100, reduced."""

    lightness: Plane


class Coloring(NamedTuple):
    """The photograph's colors: coefficients (h, w, 4) of `upsampling.Coefficients`, and whose they are: the
    colorizer's, but for those that a person has `given`."""

    coefficients: Plane
    colorizer: str
    given: tuple[Given, ...] = ()


class Refusal(NamedTuple):
    """The photograph cannot be colorized."""

    cause: str
    next_step: str


class Seen(NamedTuple):
    """The guide was all that is wanted: nothing is written."""


class Written(NamedTuple):
    """The result is whole: on the disk, with the file name `staged`, or in its place in a store. Hashes are SHA-256,
    lower-case hexadecimal, `tones_sha256` that of `image.tone_seal.seal`; `seconds` without the wait for its colors."""

    staged: str
    width: int
    height: int
    notes: tuple[str, ...]
    source_sha256: str
    tones_sha256: str
    result_sha256: str
    result_bytes: int
    seconds: float


class Skipped(NamedTuple):
    """The photograph needs no color."""

    reason: str
    source_sha256: str


class Failed(NamedTuple):
    """There is no result. `blameless`: the place of the results is to blame, so the others would fare no better."""

    cause: str
    next_step: str
    blameless: bool = False


Outcome = Written | Skipped | Failed

FromWorker = Guide | Seen | Outcome
