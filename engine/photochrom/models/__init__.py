"""Model cards, and the folders of models: those that ship with Photochrom, and the store of those added later.

A model is a folder with its weights and a `card.json`: what it is, how it was trained, and its scores.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from photochrom.errors import ModelDamaged

INPUT: Final = "input"
"""Value of "hints" on the card of a colorizer whose network takes hints, and whose answer to them stands."""

FOLLOWED: Final = "followed"
"""The same for one whose answer is corrected: `photochrom.guidance.hinted_objects` decides how far hints reach."""


@dataclass(frozen=True)
class Card:
    """One model. `folder`: where its files are; `name`; `kind`: "colorizer", "router" or "segmenter"; `system`: the
    module that runs it; `good_at`: its strength in one line; `license`; `files`: file name -> SHA-256; `details`: all
    other values of card.json.
    """

    folder: Path
    name: str
    kind: str
    system: str
    version: str
    good_at: str
    license: str
    files: dict[str, str]
    details: dict[str, Any]

    @property
    def title(self) -> str:
        """Its name in user interfaces; by default its plain name."""
        return str(self.details.get("titles", {}).get(self.name, self.name))

    @property
    def proxy_side(self) -> int:
        """Short side, in pixels, of the proxy for this colorizer or segmenter."""
        return int(self.details["proxy_side"])

    @property
    def takes_hints(self) -> bool:
        """Whether hints are inputs of a colorizer's network. Without, they are propagated over its prediction."""
        return self.details.get("hints") in {INPUT, FOLLOWED}

    @property
    def size(self) -> int:
        """Bytes on disk of its folder: its files, and conversions of them for this computer."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def file(self, name: str) -> Path:
        """The path of one of its files, whose hash was checked.

        Raises:
            ModelDamaged: the file is missing or differs from the card.
        """
        path = self.folder / name
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            cause = f"The model {self.name} has no readable {name}: {error.strerror}."
            raise ModelDamaged(cause, _remedy(self.folder)) from error
        if found != self.files.get(name):
            raise ModelDamaged(f"{path} is not the file that the card of {self.name} describes.", _remedy(self.folder))
        return path


@functools.cache
def shipped_folder() -> Path:
    """The folder of the shipped models: inside the installed package, or `models` in a checkout."""
    installed = Path(str(files("photochrom"))) / "_models"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[3] / "models"


def shipped() -> list[Card]:
    """The cards of all shipped models, by name; each expert of a network has one.

    Raises:
        ModelDamaged: a card cannot be read.
    """
    cards = [expert for path in _cards_in(shipped_folder()) for expert in experts(read_card(path))]
    return sorted(cards, key=lambda card: card.name)


def experts(card: Card) -> list[Card]:
    """A card for each expert of a network, all with the same files; the card itself if it has no experts."""
    named: dict[str, str] = card.details.get("experts", {})
    return [
        replace(card, name=name, good_at=good_at, details=card.details | {"expert": name})
        for name, good_at in named.items()
    ] or [card]


def store_folder() -> Path:
    """The folder of models that were fetched or imported; it may not exist yet. $PHOTOCHROM_MODELS overrides it, for
    example with a shared folder."""
    import platformdirs

    own = os.environ.get("PHOTOCHROM_MODELS")
    return Path(own) if own else platformdirs.user_data_path("photochrom", appauthor=False) / "models"


def stored() -> list[Card]:
    """The cards of all models in the store, by name. Models with an unreadable card are left out, so that the others
    keep working."""
    found = []
    for path in _cards_in(store_folder()):
        with contextlib.suppress(ModelDamaged):
            found.append(read_card(path))
    return found


def installed(kind: str | None = None) -> list[Card]:
    """The cards of all models, or of one kind: those that ship, then those in the store. A shipped model hides one of
    the same name in the store.

    Raises:
        ModelDamaged: a shipped card cannot be read.
    """
    own = shipped()
    names = {card.name for card in own}
    every = [*own, *(card for card in stored() if card.name not in names)]
    return [card for card in every if kind in {None, card.kind}]


def read_card(path: Path) -> Card:
    """Reads one card.json; cached until the file changes.

    Raises:
        ModelDamaged: not JSON, or a required value is missing.
    """
    try:
        found = path.stat()
        return _read_card(path, (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelDamaged(f"{path} is not a model card: {error}", _remedy(path.parent)) from error


@functools.lru_cache(maxsize=256)
def _read_card(path: Path, _state: tuple[int, ...]) -> Card:
    """Cached by the state of the file: cards are read several times for each prediction, and other processes may add
    and remove models."""
    values = json.loads(path.read_text(encoding="utf-8"))
    own = {name: values.pop(name) for name in ("name", "kind", "system", "version", "good_at", "license", "files")}
    return Card(folder=path.parent, details=values, **own)


def _cards_in(folder: Path) -> list[Path]:
    """The card.json of each model in a folder, by name; none if there is no such folder."""
    try:
        models = sorted(folder.iterdir())
    except OSError:
        return []
    return [card for card in (each / "card.json" for each in models) if card.is_file()]


def _remedy(folder: Path) -> str:
    """The next step for the damaged model in a folder."""
    if folder.parent == shipped_folder():
        return "Install Photochrom again: its models come with it."
    return f"Run “photochrom models remove {folder.name}”, then fetch or import it again."
