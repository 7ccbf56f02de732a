"""Model cards, and where the models that ship with Photochrom lie on disk.

A model is a folder: its weights and a `card.json` that says what it is, how it was made and how well it does.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from photochrom.errors import ModelDamaged


@dataclass(frozen=True)
class Card:
    """One model: `folder` it lies in, `name` people use, `system` (the module in `colorizers` that runs it), `good_at`
    (one line), `licence`, `files` (file name -> SHA-256), and the rest of card.json as `details`.
    """

    folder: Path
    name: str
    system: str
    version: str
    good_at: str
    licence: str
    files: dict[str, str]
    details: dict[str, Any]

    @property
    def size(self) -> int:
        """Bytes on disk of all its files."""
        return sum((self.folder / name).stat().st_size for name in self.files if (self.folder / name).is_file())

    def file(self, name: str) -> Path:
        """The path of one of its files, after its hash was checked.

        Raises:
            ModelDamaged: the file is missing or differs from the card.
        """
        path = self.folder / name
        remedy = "Install Photochrom again: its models come with it."
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ModelDamaged(f"The model {self.name} has no readable {name}: {error.strerror}.", remedy) from error
        if hashlib.sha256(content).hexdigest() != self.files.get(name):
            raise ModelDamaged(f"{path} is not the file that the card of {self.name} describes.", remedy)
        return path


def shipped_folder() -> Path:
    """Where the shipped models are: inside the installed package, or the checkout's own `models`."""
    installed = Path(str(files("photochrom"))) / "_models"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[3] / "models"


def shipped() -> list[Card]:
    """The cards of all shipped models, by name.

    Raises:
        ModelDamaged: a card that cannot be read.
    """
    return [read_card(path) for path in sorted(shipped_folder().glob("*/card.json"))]


def read_card(path: Path) -> Card:
    """Reads one card.json.

    Raises:
        ModelDamaged: not JSON, or something that every card has is missing.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        own = {name: values.pop(name) for name in ("name", "system", "version", "good_at", "licence", "files")}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelDamaged(f"{path} is no model card: {error}", "Install Photochrom again.") from error
    return Card(folder=path.parent, details=values, **own)
