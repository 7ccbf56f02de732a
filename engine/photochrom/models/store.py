"""The store of models: fetch, import, verify, remove.

A model is built in `.unfinished` inside the store and moved into place in one step; an interrupted download resumes
from what is left there. A lock for each model keeps concurrent installations apart.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from photochrom import extras, models
from photochrom.errors import (
    BadRequest,
    CheckpointRefused,
    DownloadFailed,
    ModelDamaged,
    ModelMissing,
    OutputFailed,
    PhotochromError,
)
from photochrom.models import Card, catalog
from photochrom.models.archive_members import members_in, take_member
from photochrom.models.catalog import Checkpoint, Published
from photochrom.models.hashes import Hashed, hashed
from photochrom.progress import Progress, part, silent

_MORE_ROOM = "Free some space, or set PHOTOCHROM_MODELS to a folder on another disk."


def fetch(name: str, progress: Progress = silent) -> Card:
    """Downloads a published model, verifies it, converts it to safetensors and adds it to the store; an interrupted
    download resumes. If the model is installed already, returns its card.

    Callers show the licenses of code and weights first, and the user accepts them.

    Raises:
        ModelMissing: there is no such model, or it cannot be downloaded.
        ModelDamaged: the store has a damaged model of that name.
        ExtraMissing: the extra `pool` is not installed.
        DownloadFailed: see `download.download`; or the file differs from the published one.
        CheckpointRefused: it is not a checkpoint of this model.
        OutputFailed: no space, or no permission.
        Cancelled: from `progress`; the downloaded part is kept.
    """
    entry = catalog.find(name)
    if not entry.fetch:
        raise entry.missing()
    need_pool()
    with _making(entry, progress) as folder:
        if card := _installed(entry):
            return card
        _check_room(entry, folder)
        _download(entry, folder, part(progress, 0, 0.9))
        try:
            checked = _checked(entry, folder, lambda _done, doing: progress(0.9, doing))
            return _install(entry, checked, folder, "first_download", part(progress, 0.9, 1))
        except (DownloadFailed, CheckpointRefused):
            shutil.rmtree(folder)  # Otherwise the next run would accept it.
            raise


def import_files(paths: list[Path], progress: Progress = silent, name: str | None = None) -> Card:
    """Adds a model to the store from the user's files: a checkpoint, all checkpoints of a system of several networks,
    all parts of a checkpoint, or the archive that they were published in. `name` names the model if the files do not
    tell. The files stay unchanged.

    Raises:
        BadRequest: the model is installed already, or the files fit several.
        CheckpointRefused: a file cannot be read, or belongs to no known model.
        ModelMissing: there is no model of this name.
        ExtraMissing, OutputFailed, Cancelled: as in `fetch`.
    """
    entries = [catalog.find(name)] if name else catalog.published()
    need_pool()
    from photochrom.models import recognition

    with _room() as folder:
        files = [each for path in paths for each in _unpacked(path, entries, folder)]
        recognized = recognition.recognize(files, entries, progress)
        entry, found = recognition.agree(recognized, entries)
        with _making(entry, progress) as place:
            if _installed(entry):
                raise BadRequest(f"{entry.name} is installed already.", f"Run: photochrom models remove {entry.name}")
            return _install(entry, found, place, "import", progress)


@dataclass(frozen=True)
class Verdict:
    """The result of verifying one installed model: its `name`; what is `wrong` with it, if anything; `notes` on hashes
    that differ from the published ones."""

    name: str
    wrong: PhotochromError | None
    notes: tuple[str, ...]


def verify(name: str | None = None, progress: Progress = silent) -> list[Verdict]:
    """Verifies the files of one installed model, or of all, against their cards.

    Raises:
        ModelMissing: no model of this name is installed.
    """
    folders = {each.parent.name: each for each in sorted(models.shipped_folder().glob("*/card.json"))}
    folders |= {each.name: each / "card.json" for each in _stored_folders() if each.name not in folders}
    if name is not None:
        if name not in folders:
            raise catalog.find(name).missing()
        folders = {name: folders[name]}
    verdicts = []
    for number, (each, path) in enumerate(folders.items()):
        progress(number / len(folders), each)
        try:
            card = models.read_card(path)
            for file in card.files:
                card.file(file)
        except ModelDamaged as error:
            verdicts.append(Verdict(each, error, ()))
        else:
            verdicts.append(Verdict(each, None, hash_notes(card)))
    return verdicts


def hash_notes(card: Card) -> tuple[str, ...]:
    """Notes on a model's checkpoints whose hash is not a published one."""
    said = {
        "hash_recorded_at_first_download": "no published hash; recorded at the first download",
        "hash_recorded_at_import": "no published hash; recorded at import",
        "differs_from_published": "not the published file; recognized by its tensors",
    }
    checkpoints = card.details.get("checkpoints", ())
    return tuple(f"{each['file']}: {text}" for each in checkpoints for key, text in said.items() if each.get(key))


def names() -> list[str]:
    """The names of all models in the store, damaged ones included."""
    return [each.name for each in _stored_folders()]


def need_pool() -> None:
    """Raises ExtraMissing unless everything for fetching and importing is installed."""
    extras.need("pool", "torch", "safetensors", "httpx", "filelock")


def remove(name: str) -> None:
    """Removes a model from the store, with the rest of an interrupted download.

    Raises:
        BadRequest: it ships with Photochrom.
        ModelMissing: it is not in the store.
        OutputFailed: no permission, or it is in use.
    """
    if name in {path.parent.name for path in models.shipped_folder().glob("*/card.json")}:
        raise BadRequest(f"{name} ships with Photochrom.", "Only models in the store can be removed.")
    folders = [each for each in (*_stored_folders(), *_folders_in(_unfinished())) if each.name == name]
    if not folders:
        raise ModelMissing(f"There is no model named {name!r} in the store.", "Run: photochrom models list")
    with _room() as folder:
        for number, each in enumerate(folders):
            each.rename(folder / str(number))  # Atomic; deleting takes time and may be interrupted.


def _unfinished() -> Path:
    return models.store_folder() / ".unfinished"


def _stored_folders() -> list[Path]:
    return [each for each in _folders_in(models.store_folder()) if each != _unfinished()]


def _folders_in(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if each.is_dir()) if folder.is_dir() else []


@contextmanager
def _writing() -> Iterator[None]:
    """Turns errors of the file system into OutputFailed."""
    try:
        yield
    except OSError as error:
        what = error.filename or models.store_folder()
        raise OutputFailed(f"{what} cannot be written: {error.strerror or error}.", _MORE_ROOM) from error


@contextmanager
def _room() -> Iterator[Path]:
    """A temporary folder inside the store."""
    with _writing():
        _unfinished().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".", dir=_unfinished()) as name:
            yield Path(name)


@contextmanager
def _making(entry: Published, progress: Progress) -> Iterator[Path]:
    """The folder in which a model is built, for one process at a time; others wait."""
    from filelock import FileLock, Timeout

    folder = _unfinished() / entry.name
    with _writing():
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder.with_name(f"{entry.name}.lock"))
        while not lock.is_locked:
            try:
                lock.acquire(timeout=0.2)
            except Timeout:
                progress(0.0, f"{entry.name} is being installed already")
        try:
            folder.mkdir(exist_ok=True)
            yield folder
        finally:
            with suppress(OSError):
                folder.rmdir()  # If it is empty.
            lock.release()


def _check_room(entry: Published, folder: Path) -> None:
    """For the rest of the download, and for its copy as safetensors."""
    converted = 4 * entry.parameters
    there = sum(each.stat().st_size for each in folder.iterdir() if each.is_file())
    needed = max((entry.bytes or converted) - there, 0) + converted
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise OutputFailed(
            f"{entry.name} needs {needed / 1e6:.0f} MB; {models.store_folder()} has {free / 1e6:.0f} MB left.",
            _MORE_ROOM,
        )


def _most(entry: Published) -> int:
    """Limit of a file's bytes if its size was not published: four times its parameters in float32, for files that hold
    doubles and gradients, or several networks."""
    return 16 * entry.parameters + (64 << 20)


def _download(entry: Published, folder: Path, progress: Progress) -> None:
    """Downloads those files of a model that are not in the folder yet."""
    from photochrom.models.download import download

    files = {each.download: each for each in entry.checkpoints}
    for number, (file, checkpoint) in enumerate(files.items()):
        size = checkpoint.download_bytes
        if not (folder / file).exists():
            one = part(progress, number / len(files), (number + 1) / len(files))
            download(_address(entry, checkpoint), folder / file, size=size, most=size or _most(entry), progress=one)


def _address(entry: Published, checkpoint: Checkpoint) -> str:
    mirror = os.environ.get("PHOTOCHROM_MIRROR")
    if not mirror:
        return str(checkpoint.address)
    if not mirror.startswith(("https://", "http://")):
        raise BadRequest(f"PHOTOCHROM_MIRROR is {mirror!r}.", "Set it to an address with https://")
    return f"{mirror.rstrip('/')}/{quote(entry.name)}/{quote(checkpoint.download)}"


def _checked(entry: Published, folder: Path, progress: Progress) -> dict[str, tuple[Hashed]]:
    """Network -> its checkpoint among the downloaded files.

    Raises:
        DownloadFailed: a file differs from the published one.
        CheckpointRefused: a checkpoint is missing from its archive.
    """
    checked = {}
    for checkpoint in entry.checkpoints:
        path = folder / checkpoint.download
        if checkpoint.archive:
            path = take_member(path, checkpoint, folder, checkpoint.bytes or _most(entry))
        file = hashed(path, checkpoint.hashes, progress)
        if checkpoint.hashes and not checkpoint.is_file_with(file.digests):
            kind = next(kind for kind, value in checkpoint.hashes.items() if not file.digests[kind].startswith(value))
            raise DownloadFailed(
                f"{file.path.name} is not the file that was published: its {kind} is {file.digests[kind]}, not "
                f"{checkpoint.hashes[kind]}.",
                "It was deleted. Run the command again; if that does not help, the file was changed on the server.",
            )
        checked[checkpoint.network] = (file,)
    return checked


def _installed(entry: Published) -> Card | None:
    """Its card, if it is in the store.

    Raises:
        ModelDamaged: its folder has no readable card.
    """
    place = models.store_folder() / entry.name
    if not place.exists():
        return None
    try:
        return models.read_card(place / "card.json")
    except ModelDamaged as error:
        raise ModelDamaged(error.cause, f"Run: photochrom models remove {entry.name}") from error


def _install(
    entry: Published, found: Mapping[str, tuple[Hashed, ...]], folder: Path, recorded_at: str, progress: Progress
) -> Card:
    """Converts the checkpoints of a model inside its `folder`, and moves the model into place."""
    from photochrom.models.recognition import fitted, networks_of, tensors_of
    from photochrom.models.weights import write_weights

    built = folder / "built"
    if built.exists():
        shutil.rmtree(built)  # From an interrupted run.
    built.mkdir()
    for number, (name, network) in enumerate(networks_of(entry).items()):
        first = found[name][0].path.name
        progress(number / len(found), f"converting {first}")
        tensors = fitted(tensors_of(found[name]), network)
        if tensors is None:
            raise CheckpointRefused(f"{first} is not a checkpoint of {entry.name}.")
        write_weights(tensors, built / f"{name}.safetensors")
    values = {
        **entry.details,
        "checkpoints": [
            _as_found(values, each, found[each.network], recorded_at)
            for values, each in zip(entry.details["checkpoints"], entry.checkpoints, strict=True)
        ],
        "files": {path.name: hashed(path, ()).digests["sha256"] for path in sorted(built.iterdir())},
    }
    (built / "card.json").write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for path in built.iterdir():
        shutil.copymode(built / "card.json", path)  # safetensors keeps its files from others; a store may be shared.
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    place = models.store_folder() / entry.name
    built.rename(place)
    shutil.rmtree(folder)
    return models.read_card(place / "card.json")


def _as_found(
    values: dict[str, Any], checkpoint: Checkpoint, files: tuple[Hashed, ...], recorded_at: str
) -> dict[str, Any]:
    """A checkpoint's entry on the card of an installed model, with its SHA-256, and how that was recorded if it was not
    published. A checkpoint in parts has the name of the first, and lists the others in `with`."""
    file, *others = files
    found = {**values, **_facts(file)}
    if others:
        names = {"file": file.path.name, "address": None}
        parts = {"with": [{"file": each.path.name, **_facts(each)} for each in others]}
        return {**found, **names, **parts, f"hash_recorded_at_{recorded_at}": True}
    if not checkpoint.hashes:
        return {**found, f"hash_recorded_at_{recorded_at}": True}
    return found if checkpoint.is_file_with(file.digests) else {**found, "differs_from_published": True}


def _facts(file: Hashed) -> dict[str, Any]:
    return {"sha256": file.digests["sha256"], "bytes": file.path.stat().st_size}


def _unpacked(path: Path, entries: list[Published], folder: Path) -> list[Path]:
    """The user's file itself, or the known checkpoints inside it if it is an archive."""
    known = {each.file: (each, entry) for entry in entries for each in entry.checkpoints}
    members = members_in(path, [each for each, _ in known.values()])
    return [take_member(path, each, folder, each.bytes or _most(known[each.file][1])) for each in members] or [path]
