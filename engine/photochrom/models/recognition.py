"""Which published network a checkpoint file is of, and its tensors as our network takes them.

A file is known by its hash where one was published, else by the names and shapes of its tensors.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from photochrom.errors import BadRequest, CheckpointRefused
from photochrom.models import checkpoints
from photochrom.models.catalogue import HASHES, Published
from photochrom.models.hashes import Hashed, hashed
from photochrom.models.networks import Network, Tensors, unchanged
from photochrom.progress import Progress

_PACKAGES = {"colorizer": "photochrom.colorizers", "segmenter": "photochrom.harmonization.segmenters"}
"""Where the modules of a kind's systems are."""


@dataclass(frozen=True)
class Recognised:
    """What one file may be: the networks, by the name of their model, that it fits."""

    file: Hashed
    fits: Mapping[str, frozenset[str]]


def networks_of(entry: Published) -> dict[str, Network]:
    """The networks of a model, by name."""
    module = importlib.import_module(f"{_PACKAGES[entry.kind]}.{entry.system}")
    found: dict[str, Network] = module.networks(entry.details)
    return found


def fitted(tensors: Tensors, network: Network) -> Tensors | None:
    """The state dict that a network gets from a checkpoint as published, or from one in our own layout; None where it
    is neither."""
    layout = network.layout()
    for adapt in (network.adapt, unchanged):
        try:
            found = adapt(tensors)
        except (LookupError, ValueError, TypeError, RuntimeError):
            continue  # What a checkpoint of something else leads to: a missing tensor, or one of another shape.
        if {name: tuple(tensor.shape) for name, tensor in found.items()} == layout:
            return found
    return None


def recognise(path: Path, entries: Iterable[Published], progress: Progress) -> Recognised:
    """What a file may be, among these models.

    Raises:
        CheckpointRefused: it cannot be read as a checkpoint, or fits none of them.
    """
    entries = list(entries)
    try:
        found = hashed(path, HASHES, progress)
    except OSError as error:
        raise CheckpointRefused(f"{path} cannot be read: {error.strerror or error}.") from error
    known = [
        (entry.name, each.network)
        for entry in entries
        for each in entry.checkpoints
        if each.is_file_with(found.digests)
    ]
    if not known:
        tensors = checkpoints.read(path)
        for entry in entries:
            progress(1.0, f"{path.name}: {entry.name}?")
            known += [(entry.name, name) for name, each in networks_of(entry).items() if fitted(tensors, each)]
    if not known:
        names = ", ".join(entry.name for entry in entries)
        raise CheckpointRefused(f"{path} is no checkpoint of {names}.", "photochrom models list names what is known.")
    return Recognised(found, {model: frozenset(net for name, net in known if name == model) for model, _ in known})


def agree(files: list[Recognised], entries: Iterable[Published]) -> tuple[Published, dict[str, Hashed]]:
    """The one model that files make up together, and which of them is which of its networks.

    Raises:
        CheckpointRefused: they make up none.
        BadRequest: they make up several alike.
    """
    common = [entry for entry in entries if all(entry.name in each.fits for each in files)]
    if not common:
        alone = "; ".join(f"{each.file.path.name}: {', '.join(each.fits)}" for each in files)
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
            f"{files[0].file.path.name} fits {', '.join(whole)} alike.",
            f"Say which it is, as: --as {next(iter(whole))}",
        )
    return next(iter(whole.values()))


def _assigned(entry: Published, files: list[Recognised]) -> dict[str, Hashed]:
    """Network -> its file; empty where one network would get two. Where several networks have one layout, the
    published file names tell them apart."""
    found: dict[str, Hashed] = {}
    for each in files:
        fits = each.fits[entry.name]
        named = {known.network for known in entry.checkpoints if known.file_name == each.file.path.name} & fits
        for network in named or fits if len(named or fits) == 1 else ():
            if network in found:
                return {}
            found[network] = each.file
    return found
