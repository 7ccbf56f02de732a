"""Recognizes checkpoint files: the published network that each belongs to, and its tensors as our network takes them.

A file is recognized by its published hash, else by the names and shapes of its tensors. Networks are built (on the meta
device) only if a telling tensor name makes them likely: some take seconds to import.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from photochrom.errors import BadRequest, CheckpointRefused
from photochrom.models import checkpoints
from photochrom.models.catalog import HASHES, Published
from photochrom.models.hashes import Hashed, hashed
from photochrom.models.networks import Network, Tensors, unchanged
from photochrom.progress import Progress

_PACKAGES = {"colorizer": "photochrom.colorizers", "segmenter": "photochrom.segmenters"}
"""The packages with the systems of each kind."""


@dataclass(frozen=True)
class Recognized:
    """A checkpoint, in one file or in several parts, and the networks that it fits, by the name of their model."""

    files: tuple[Hashed, ...]
    fits: Mapping[str, frozenset[str]]

    @property
    def names(self) -> str:
        return " + ".join(each.path.name for each in self.files)


def networks_of(entry: Published) -> dict[str, Network]:
    """The networks of a model, by name."""
    module = importlib.import_module(f"{_PACKAGES[entry.kind]}.{entry.system}")
    found: dict[str, Network] = module.networks(entry.details)
    return found


def fitted(tensors: Tensors, network: Network) -> Tensors | None:
    """A network's state dict from a checkpoint, as published or in our own layout; None if it is neither.

    Raises:
        CheckpointRefused: it is the network's checkpoint, but a part is missing.
    """
    layout = network.layout()
    for adapt in (network.adapt, unchanged):
        try:
            found = adapt(tensors)
        except (LookupError, ValueError, TypeError, RuntimeError):
            continue  # A checkpoint of another network: a tensor is missing, or has another shape.
        if {name: tuple(tensor.shape) for name, tensor in found.items()} == layout:
            return found
    return None


def recognize(paths: Iterable[Path], entries: Iterable[Published], progress: Progress) -> list[Recognized]:
    """Recognizes files among these models. Files that fit nothing on their own are joined to one checkpoint: some were
    published in parts.

    Raises:
        CheckpointRefused: a file is not a readable checkpoint, or fits no model; or a part is missing.
    """
    entries = list(entries)
    recognized = []
    parts: list[tuple[Hashed, Tensors]] = []
    for path in paths:
        try:
            file = hashed(path, HASHES, progress)
        except OSError as error:
            raise CheckpointRefused(f"{path} cannot be read: {error.strerror or error}.") from error
        known = [
            (entry.name, each.network)
            for entry in entries
            for each in entry.checkpoints
            if each.is_file_with(file.digests)
        ]
        if not known:
            tensors = checkpoints.read(path)
            try:
                known = _fitting(tensors, entries, path.name, progress)
            except CheckpointRefused:  # A part, perhaps completed by the others.
                known = []
            if not known:
                parts.append((file, tensors))
                continue
        recognized.append(_recognized((file,), known))
    if parts:
        joined = {name: tensor for _, tensors in parts for name, tensor in tensors.items()}
        known = _fitting(joined, entries, " + ".join(file.path.name for file, _ in parts), progress)
        if not known:
            files = ", ".join(str(file.path) for file, _ in parts)
            names = ", ".join(entry.name for entry in entries)
            raise CheckpointRefused(f"{files} is not a checkpoint of {names}.", "Run: photochrom models list")
        recognized.append(_recognized(tuple(file for file, _ in parts), known))
    return recognized


def tensors_of(files: Iterable[Hashed]) -> Tensors:
    """The tensors of a checkpoint from all its files."""
    return {name: tensor for file in files for name, tensor in checkpoints.read(file.path).items()}


def _fitting(tensors: Tensors, entries: Iterable[Published], files: str, progress: Progress) -> list[tuple[str, str]]:
    """The models, and their networks, whose checkpoint these tensors are.

    Raises:
        CheckpointRefused: it is a checkpoint, but a part is missing.
    """
    found = []
    for entry in entries:
        likely = {each.network for each in entry.checkpoints if each.may_have(tensors)}
        if not likely:
            continue
        progress(1.0, f"{files}: {entry.name}?")
        networks = networks_of(entry)
        found += [(entry.name, name) for name in networks if name in likely and fitted(tensors, networks[name])]
    return found


def _recognized(files: tuple[Hashed, ...], known: Iterable[tuple[str, str]]) -> Recognized:
    known = list(known)
    return Recognized(files, {model: frozenset(net for name, net in known if name == model) for model, _ in known})


def agree(files: list[Recognized], entries: Iterable[Published]) -> tuple[Published, dict[str, tuple[Hashed, ...]]]:
    """The model that the files form together, and the files of each of its networks.

    Raises:
        CheckpointRefused: they form no complete model.
        BadRequest: they fit several models.
    """
    common = [entry for entry in entries if all(entry.name in each.fits for each in files)]
    if not common:
        alone = "; ".join(f"{each.names}: {', '.join(each.fits)}" for each in files)
        raise CheckpointRefused(f"These files do not belong to one model ({alone}).", "Import one model at a time.")
    whole = {}
    for entry in common:
        found = _assigned(entry, files)
        if found.keys() == {each.network for each in entry.checkpoints}:
            whole[entry.name] = entry, found
    if not whole:
        needed = " or ".join(
            f"{entry.name}: {', '.join(each.file_name for each in entry.checkpoints)}" for entry in common
        )
        next_step = f"Give all its files at once, named as published ({needed})."
        raise CheckpointRefused("These are not the files of a whole model, each once.", next_step)
    if len(whole) > 1:
        raise BadRequest(
            f"{files[0].names} fits {', '.join(whole)} alike.",
            f"Say which it is, as: --as {next(iter(whole))}",
        )
    return next(iter(whole.values()))


def _assigned(entry: Published, files: list[Recognized]) -> dict[str, tuple[Hashed, ...]]:
    """Network -> its files; empty if two checkpoints fit one network. Networks with the same layout are told apart by
    the published file names."""
    found: dict[str, tuple[Hashed, ...]] = {}
    for each in files:
        fits = each.fits[entry.name]
        names = {file.path.name for file in each.files}
        named = {known.network for known in entry.checkpoints if known.file_name in names} & fits
        for network in named or fits if len(named or fits) == 1 else ():
            if network in found:
                return {}
            found[network] = each.files
    return found
