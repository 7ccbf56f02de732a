"""The store: published models are fetched or imported into it, verified and removed.

A model is made in `.unfinished` inside the store and moved into place whole, in one step; what is left there by a
broken download is where the next one goes on. Each model has a lock, so that two at once do not disturb each other.
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
from photochrom.models.catalog import Checkpoint, Published
from photochrom.models.hashes import Hashed, hashed
from photochrom.models.members import members_in, take_member
from photochrom.progress import Progress, silent

_MORE_ROOM = "Make room, or set PHOTOCHROM_MODELS to a folder on another disk."


def fetch(name: str, progress: Progress = silent) -> Card:
    """Downloads a published model, checks it, converts it to safetensors and puts it into the store; where it is
    installed already, only gives its card. A broken download is gone on with.

    Whoever calls this has shown the licenses of code and weights, and they were accepted.

    Raises:
        ModelMissing: nobody knows it, or it may not be downloaded from here.
        ModelDamaged: one of that name lies in the store and is damaged.
        ExtraMissing: the extra `pool` is not installed.
        DownloadFailed: see `download.download`; or the file is not the published one.
        CheckpointRefused: it is no checkpoint of this model.
        OutputFailed: no room, or no permission.
        Cancelled: from `progress`; what has come is kept.
    """
    entry = catalog.find(name)
    if not entry.fetch:
        raise entry.missing()
    need_pool()
    with _making(entry, progress) as folder:
        if card := _installed(entry):
            return card
        _check_room(entry, folder)
        _download(entry, folder, _stretch(progress, 0, 0.9))
        try:
            checked = _checked(entry, folder, lambda _done, doing: progress(0.9, doing))
            return _install(entry, checked, folder, "first_download", _stretch(progress, 0.9, 0.1))
        except (DownloadFailed, CheckpointRefused):
            shutil.rmtree(folder)  # What came is of no use, and would be taken for good the next time.
            raise


def import_files(paths: list[Path], progress: Progress = silent, name: str | None = None) -> Card:
    """Puts a model into the store whose checkpoints the user brought: one file, or all files of a system of several
    networks or of a checkpoint in parts, or the archive that they were published in. `name` says which model it is
    where that cannot be told from the files. They are left as they are.

    Raises:
        BadRequest: the model is installed already, or the files fit several.
        CheckpointRefused: a file cannot be read, or is of no model known.
        ModelMissing: nobody knows a model of this name.
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
    """What was found of one installed model: its `name`, what is wrong with it, if anything, and `notes` on hashes
    that are not published ones."""

    name: str
    wrong: PhotochromError | None
    notes: tuple[str, ...]


def verify(name: str | None = None, progress: Progress = silent) -> list[Verdict]:
    """Compares all files of one installed model, or of all, with their cards.

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
    """What is to be said of a model's checkpoints whose hash is none that was published."""
    said = {
        "hash_recorded_at_first_download": "nobody published its hash: recorded at first download",
        "hash_recorded_at_import": "nobody published its hash: recorded at import",
        "differs_from_published": "not the published file: recognized by its tensors",
    }
    checkpoints = card.details.get("checkpoints", ())
    return tuple(f"{each['file']}: {text}" for each in checkpoints for key, text in said.items() if each.get(key))


def names() -> list[str]:
    """The names of all that lies in the store, sound or not."""
    return [each.name for each in _stored_folders()]


def need_pool() -> None:
    """Raises ExtraMissing where what fetching and importing take is not installed."""
    extras.need("pool", "torch", "safetensors", "httpx", "filelock")


def remove(name: str) -> None:
    """Removes a model from the store, with what is left of a broken download of it.

    Raises:
        BadRequest: it ships with Photochrom.
        ModelMissing: it is not in the store.
        OutputFailed: no permission, or it is in use.
    """
    if name in {path.parent.name for path in models.shipped_folder().glob("*/card.json")}:
        raise BadRequest(f"{name} came with Photochrom and stays.", "Only models in the store can be removed.")
    folders = [each for each in (*_stored_folders(), *_folders_in(_unfinished())) if each.name == name]
    if not folders:
        raise ModelMissing(f"No model named {name!r} is in the store.", "photochrom models list names those that are.")
    with _room() as folder:
        for number, each in enumerate(folders):
            each.rename(folder / str(number))  # At once; deleting takes time and may be interrupted.


def _unfinished() -> Path:
    return models.store_folder() / ".unfinished"


def _stored_folders() -> list[Path]:
    return [each for each in _folders_in(models.store_folder()) if each != _unfinished()]


def _folders_in(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if each.is_dir()) if folder.is_dir() else []


@contextmanager
def _writing() -> Iterator[None]:
    """Errors of the file system, said for people."""
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
    """The folder in which a model is made, for one at a time; others wait."""
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
                folder.rmdir()  # Where nothing was begun.
            lock.release()


def _check_room(entry: Published, folder: Path) -> None:
    """For what is still to come, and for its copy as safetensors."""
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
    """Bytes that a file of a model may have at most, where its size was not published: four times its parameters in
    float32, for files that hold doubles and gradients, or several networks."""
    return 16 * entry.parameters + (64 << 20)


def _download(entry: Published, folder: Path, progress: Progress) -> None:
    """Downloads all files of a model into a folder, but for what is there already."""
    from photochrom.models.download import download

    files = {each.download: each for each in entry.checkpoints}
    for number, (file, checkpoint) in enumerate(files.items()):
        size = checkpoint.download_bytes
        if not (folder / file).exists():
            told = _stretch(progress, number / len(files), 1 / len(files))
            download(_address(entry, checkpoint), folder / file, size=size, most=size or _most(entry), progress=told)


def _address(entry: Published, checkpoint: Checkpoint) -> str:
    mirror = os.environ.get("PHOTOCHROM_MIRROR")
    if not mirror:
        return str(checkpoint.address)
    if not mirror.startswith(("https://", "http://")):
        raise BadRequest(f"PHOTOCHROM_MIRROR is {mirror!r}.", "Set it to an address that begins with https://")
    return f"{mirror.rstrip('/')}/{quote(entry.name)}/{quote(checkpoint.download)}"


def _checked(entry: Published, folder: Path, progress: Progress) -> dict[str, tuple[Hashed]]:
    """Network -> its checkpoint among the downloaded files of a model.

    Raises:
        DownloadFailed: one is not the published file.
        CheckpointRefused: one is not in the archive that it should be in.
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
                "It was deleted. Run it again; if it stays so, the file was changed where it lies.",
            )
        checked[checkpoint.network] = (file,)
    return checked


def _installed(entry: Published) -> Card | None:
    """Its card, where it is in the store.

    Raises:
        ModelDamaged: something else lies in its place.
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
        shutil.rmtree(built)  # Of one that was cut off.
    built.mkdir()
    for number, (name, network) in enumerate(networks_of(entry).items()):
        first = found[name][0].path.name
        progress(number / len(found), f"converting {first}")
        tensors = fitted(tensors_of(found[name]), network)
        if tensors is None:
            raise CheckpointRefused(f"{first} is no checkpoint of {entry.name}.")
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
    """A checkpoint's entry on the card of an installed model: with the SHA-256 that it has, and where that comes from
    if not from its publisher. One that came in parts has the name of the first, and the others in `with`."""
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
    """A file brought by the user: itself, or the checkpoints in it where it is an archive that some came in."""
    known = {each.file: (each, entry) for entry in entries for each in entry.checkpoints}
    members = members_in(path, [each for each, _ in known.values()])
    return [take_member(path, each, folder, each.bytes or _most(known[each.file][1])) for each in members] or [path]


def _stretch(progress: Progress, start: float, share: float) -> Progress:
    """The progress of a part of the work."""
    return lambda done, doing: progress(start + share * done, doing)
