"""Model cards, and where models lie on disk: those that ship with Photochrom, and the store of those brought later.

A model is a folder: its weights and a `card.json` that says what it is, how it was made and how well it does.
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
"""The same for one whose answer is corrected: `photochrom.guidance.objects` decides how far hints reach."""


@dataclass(frozen=True)
class Card:
    """One model: `folder` it lies in, `name` people use, `kind` ("colorizer", "router", "segmenter"), `system` (the
    module that runs it), `good_at` (one line), `license`, `files` (file name -> SHA-256), and the rest of card.json as
    `details`.
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
        """What its share of a photograph's colors is called, for people; its name where the card has no other."""
        return str(self.details.get("titles", {}).get(self.name, self.name))

    @property
    def proxy_side(self) -> int:
        """Short side, in pixels, of the proxy that a colorizer or segmenter works best on."""
        return int(self.details["proxy_side"])

    @property
    def takes_hints(self) -> bool:
        """Whether hints are inputs of a colorizer's network. Without, they are propagated over its prediction."""
        return self.details.get("hints") in {INPUT, FOLLOWED}

    @property
    def size(self) -> int:
        """Bytes on disk of all in its folder: its files, and what was made of them on this computer."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def file(self, name: str) -> Path:
        """The path of one of its files, after its hash was checked.

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
    """Where the shipped models are: inside the installed package, or the checkout's own `models`."""
    installed = Path(str(files("photochrom"))) / "_models"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[3] / "models"


def shipped() -> list[Card]:
    """The cards of all shipped models, by name; each expert of a network has one.

    Raises:
        ModelDamaged: a card that cannot be read.
    """
    cards = [expert for path in _cards_in(shipped_folder()) for expert in experts(read_card(path))]
    return sorted(cards, key=lambda card: card.name)


def experts(card: Card) -> list[Card]:
    """The card of each expert in a network, all with its files; a network without experts stands for itself."""
    named: dict[str, str] = card.details.get("experts", {})
    return [
        replace(card, name=name, good_at=good_at, details=card.details | {"expert": name})
        for name, good_at in named.items()
    ] or [card]


def store_folder() -> Path:
    """Where models are kept that were fetched or imported; it need not exist. $PHOTOCHROM_MODELS names another place,
    say one that several people share."""
    import platformdirs

    own = os.environ.get("PHOTOCHROM_MODELS")
    return Path(own) if own else platformdirs.user_data_path("photochrom", appauthor=False) / "models"


def stored() -> list[Card]:
    """The cards of all models in the store, by name. One whose card cannot be read is left out: it must not keep the
    others from working."""
    found = []
    for path in _cards_in(store_folder()):
        with contextlib.suppress(ModelDamaged):
            found.append(read_card(path))
    return found


def installed(kind: str | None = None) -> list[Card]:
    """The cards of all models, or of those of one kind: first what ships, then the store. What ships wins a name.

    Raises:
        ModelDamaged: a shipped card that cannot be read.
    """
    own = shipped()
    names = {card.name for card in own}
    every = [*own, *(card for card in stored() if card.name not in names)]
    return [card for card in every if kind in {None, card.kind}]


def read_card(path: Path) -> Card:
    """Reads one card.json; the same card again as long as the file on disk is the same.

    Raises:
        ModelDamaged: not JSON, or something that every card has is missing.
    """
    try:
        found = path.stat()
        return _read_card(path, (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelDamaged(f"{path} is no model card: {error}", _remedy(path.parent)) from error


@functools.lru_cache(maxsize=256)
def _read_card(path: Path, _state: tuple[int, ...]) -> Card:
    """One card for each state that its file was in: cards are asked for several times in each prediction, and models
    come and go while other processes run."""
    values = json.loads(path.read_text(encoding="utf-8"))
    own = {name: values.pop(name) for name in ("name", "kind", "system", "version", "good_at", "license", "files")}
    return Card(folder=path.parent, details=values, **own)


def _cards_in(folder: Path) -> list[Path]:
    """The card.json of each model in a folder, by name; none where there is no such folder."""
    try:
        models = sorted(folder.iterdir())
    except OSError:
        return []
    return [card for card in (each / "card.json" for each in models) if card.is_file()]


def _remedy(folder: Path) -> str:
    """What to do about the model in a folder, where it is damaged."""
    if folder.parent == shipped_folder():
        return "Install Photochrom again: its models come with it."
    return f"Run “photochrom models remove {folder.name}”, then fetch or import it again."
