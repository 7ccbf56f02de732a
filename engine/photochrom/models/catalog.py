"""The catalog of published models that can be installed: a file for each in `models/published`.

It is the model's card without `files`, which are known once it is installed. A size or hash that was never published is
null.
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
    """One file as its authors published it: of which `network` of the system, `file` name, `address`, `bytes`, and
    its hashes, by their names in `HASHES`; a hash may be only its beginning (`sha256_prefix` on the card). `telling`
    are parts of tensor names: its network's checkpoints, in any layout that is taken, have a name with one of them in
    it, so that a file without is none. Without any, only the network itself can tell.

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


def folder() -> Path:
    """The folder of the cards of published models."""
    return Path(__file__).with_name("published")


def published(kind: str | None = None) -> list[Published]:
    """All models that can be installed, or those of one kind, by name."""
    every = [_read(path) for path in sorted(folder().glob("*.json"), key=lambda path: path.stem)]
    return [each for each in every if kind in {None, each.kind}]


def find(name: str) -> Published:
    """The published model of this name.

    Raises:
        ModelMissing: there is no such model.
    """
    every = {each.name: each for each in published()}
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
