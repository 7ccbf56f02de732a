"""The catalog of models that can be added: published ones, a file for each in `models/published`, and those that papers
describe and `photochrom train` makes, in `models/trainable`.

Each file is the model's card without `files`, which are known once it is installed. A size or hash that was never
published is null.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photochrom import models
from photochrom.errors import ModelMissing

HASHES = ("sha256", "sha1", "md5")


@dataclass(frozen=True)
class Checkpoint:
    """One file as its authors published it: the `network` of the system that it is for, `file` name, `address`,
    `bytes`, and hashes by their names in `HASHES`; only the beginning of a hash may be known (`sha256_prefix` on the
    card). `telling`: parts of tensor names, of which every checkpoint of this network, in any layout that is read, has
    at least one, so that a file without them is no such checkpoint. If there are none, only the network itself can
    tell.

    With an `archive`, the address is that of a zip file of this name, of `archive_bytes`, and `file` is the member's
    name in it.
    """

    network: str
    file: str
    address: str | None
    bytes: int | None
    hashes: Mapping[str, str]
    archive: str | None
    archive_bytes: int | None
    telling: tuple[str, ...]

    @property
    def file_name(self) -> str:
        """Its name without the folders inside the archive."""
        return self.file.rpartition("/")[2]

    @property
    def download(self) -> str:
        """Name of the file to download: the checkpoint, or the archive that holds it."""
        return self.archive or self.file

    @property
    def download_bytes(self) -> int | None:
        """Bytes of the file to download, if known."""
        return self.archive_bytes if self.archive else self.bytes

    def may_have(self, names: Iterable[str]) -> bool:
        """Whether a file with tensors of these names can be a checkpoint of its network."""
        return not self.telling or any(part in name for name in names for part in self.telling)

    def is_file_with(self, digests: Mapping[str, str]) -> bool:
        """Whether a file with these digests is the published one; false if no hash was published."""
        return bool(self.hashes) and all(digests[kind].startswith(value) for kind, value in self.hashes.items())


@dataclass(frozen=True)
class Published:
    """A model that can be installed. `fetch`: whether it can be downloaded; if not, `why_not` tells the user the
    reason. `details`: all values of its card."""

    name: str
    kind: str
    system: str
    good_at: str
    license: str
    weights_license: str
    parameters: int
    fetch: bool
    why_not: str
    checkpoints: tuple[Checkpoint, ...]
    details: dict[str, Any]

    @property
    def bytes(self) -> int | None:
        """Bytes of its download; None if unknown."""
        sizes = {checkpoint.download: checkpoint.download_bytes for checkpoint in self.checkpoints}
        known = [size for size in sizes.values() if size is not None]
        return sum(known) if len(known) == len(sizes) else None

    @property
    def installed(self) -> bool:
        """Whether it is in the store."""
        return (models.store_folder() / self.name / "card.json").is_file()

    @property
    def size(self) -> str:
        """The size of its download in words, estimated from its parameters if it was not published."""
        return f"{self.bytes / 1e6:.0f} MB" if self.bytes else f"about {self.parameters * 4 / 1e6:.0f} MB"

    def missing(self) -> ModelMissing:
        """The error for using it while it is not installed."""
        if self.fetch:
            next_step = f"Run: photochrom models fetch {self.name}"
        else:
            next_step = f"{self.why_not} Then: photochrom models import FILE"
        return ModelMissing(f"{self.name} is not installed ({self.size}).", next_step)


@dataclass(frozen=True)
class Trainable:
    """A colorizer that a paper describes and whose weights cannot be had. `parameters`: of the network that
    `photochrom train` makes by default. `details`: all values of its card."""

    name: str
    system: str
    good_at: str
    license: str
    parameters: int
    details: dict[str, Any]

    @property
    def command(self) -> str:
        """The command that makes it."""
        return f"photochrom train {self.name} DATA --run RUN"

    def missing(self) -> ModelMissing:
        """The error for using it while it is not installed."""
        return ModelMissing(f"{self.name} is not installed: it has to be trained.", f"Run: {self.command}")


def folder() -> Path:
    """The folder of the cards of published models."""
    return Path(__file__).with_name("published")


def published(kind: str | None = None) -> list[Published]:
    """All models that can be installed, or those of one kind, by name."""
    every = [_read(path) for path in sorted(folder().glob("*.json"), key=lambda path: path.stem)]
    return [each for each in every if kind in {None, each.kind}]


def trainable() -> list[Trainable]:
    """All models that can be trained from a paper, by name."""
    paths = sorted(folder().with_name("trainable").glob("*.json"), key=lambda path: path.stem)
    own = ("name", "system", "good_at", "license", "parameters")
    found = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return [Trainable(**{name: values[name] for name in own}, details=values) for values in found]


def find(name: str) -> Published:
    """The published model of this name.

    Raises:
        ModelMissing: there is no such model, or only `photochrom train` makes it.
    """
    every = {each.name: each for each in published()}
    for each in trainable():
        if each.name == name:
            raise each.missing()
    if name not in every:
        raise ModelMissing(f"There is no published model named {name!r}.", f"Published models: {', '.join(every)}.")
    return every[name]


def _read(path: Path) -> Published:
    values = json.loads(path.read_text(encoding="utf-8"))
    own = ("name", "kind", "system", "good_at", "license", "weights_license", "parameters", "fetch")
    return Published(
        **{name: values[name] for name in own},
        why_not=values.get("why_not", ""),
        checkpoints=tuple(_checkpoint(each) for each in values["checkpoints"]),
        details=values,
    )


def _checkpoint(values: dict[str, Any]) -> Checkpoint:
    published = {kind: values.get(kind) or values.get(f"{kind}_prefix") for kind in HASHES}
    return Checkpoint(
        network=values["network"],
        file=values["file"],
        address=values["address"],
        bytes=values["bytes"],
        hashes={kind: value.lower() for kind, value in published.items() if value},
        archive=values.get("archive"),
        archive_bytes=values.get("archive_bytes"),
        telling=tuple(values.get("telling", ())),
    )
