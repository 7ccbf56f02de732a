"""All models in one list: shipped, in the store, and published ones that can be added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from photochrom import models
from photochrom.models import Card, catalog, store
from photochrom.models.catalog import Published, Trainable


@dataclass(frozen=True)
class Listed:
    """One model. `state`: "shipped", "installed", "damaged", "fetch" (can be downloaded), "import" (from the user's
    own files) or "train" (by `photochrom train`). `bytes`: on disk, or to download; None if unknown. `psnr`: its own
    and that of plain gray, in dB, if measured. `notes`: remarks on its hashes."""

    name: str
    kind: str
    state: str
    bytes: int | None
    license: str
    good_at: str
    psnr: tuple[float, float] | None
    notes: tuple[str, ...]
    details: dict[str, Any]


def listing() -> list[Listed]:
    """Shipped models, then those in the store, then other published ones, then those to be trained; each by name."""
    shipped = models.shipped()
    listed = [_installed(card, "shipped") for card in shipped]
    own = {card.name for card in shipped}
    listed += [_installed(card, "installed") for card in models.stored() if card.name not in own]
    known = {each.name for each in listed}
    listed += [_damaged(name) for name in store.names() if name not in known]
    known = {each.name for each in listed}
    listed += [_published(entry) for entry in catalog.published() if entry.name not in known]
    return listed + [_trainable(entry) for entry in catalog.trainable() if entry.name not in known]


def _installed(card: Card, state: str) -> Listed:
    scores = card.details.get("scores")
    psnr = (scores["psnr"], scores["psnr_gray"]) if scores and "psnr" in scores else None
    details = {"folder": str(card.folder), "version": card.version, **card.details}
    notes = store.hash_notes(card)
    return Listed(card.name, card.kind, state, card.size, card.license, card.good_at, psnr, notes, details)


def _damaged(name: str) -> Listed:
    return Listed(name, "", "damaged", None, "", f"photochrom models remove {name}", None, (), {})


def _published(entry: Published) -> Listed:
    state = "fetch" if entry.fetch else "import"
    values = entry.details
    return Listed(entry.name, entry.kind, state, entry.bytes, entry.license, entry.good_at, None, (), values)


def _trainable(entry: Trainable) -> Listed:
    details = {**entry.details, "command": entry.command}
    return Listed(entry.name, "colorizer", "train", None, entry.license, entry.good_at, None, (), details)
