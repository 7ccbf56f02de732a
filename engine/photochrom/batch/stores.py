"""Files in a store, by fsspec: listed, fetched, and put there whole.

A file that is written piece by piece into a store replaces a good one with a torn one when its writer fails. So results
are finished on the worker's own disk and put in one request, which the store refuses if there is a file already.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from errno import ENOSPC
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple

from photochrom.batch.urls import READ_BY, Source, Url
from photochrom.errors import BadPicture, OutputFailed, PhotochromError
from photochrom.extras import need

LARGEST: Final = 16 << 30
"""Bytes of a photograph that is fetched: no server fills the disk."""

PART: Final = 256 << 20
"""Bytes: a result of twice as many is put in parts, as S3 wants it for very large ones."""

ORIGIN: Final = "photochrom-origin"
"""Name of what is noted with a result in a store: which photograph it was made from, in which batch."""

_ATTEMPTS: Final = 5
_NEXT_STEP: Final = "Check the address, the network and the credentials."


class StoreFailed(OutputFailed):
    """A store takes no results: the others would fare no better."""


class Listed(NamedTuple):
    """A file in a store: its address, its path below the folder that was listed, its size in bytes and the time of its
    change in nanoseconds; 0 where the store does not say."""

    url: Url
    relative: PurePosixPath
    size: int
    changed: int


def is_folder(url: Url) -> bool:
    """Whether it is a folder, not a file.

    Raises:
        BadPicture: there is neither, or the store cannot be reached.
    """
    files = _files(url)
    with _reading(url):
        if not files.exists(url.text):
            raise FileNotFoundError
        return bool(files.isdir(url.text))


def exists(url: Url) -> bool:
    """Whether there is something, and it can be reached."""
    try:
        return bool(_files(url).exists(url.text))
    except Exception:  # The libraries behind fsspec have no common error.
        return False


def below(folder: Url, without: Url | None, unreadable: Callable[[str], None]) -> Iterator[Listed]:
    """The files in a folder of a store and in the folders below, in the order of their names, as a folder on a disk is
    gone through; but hidden ones, and those in the folder `without`."""
    yield from _below(_files(folder), folder, PurePosixPath(), without, unreadable)


def _below(
    files: Any, folder: Url, relative: PurePosixPath, without: Url | None, unreadable: Callable[[str], None]
) -> Iterator[Listed]:
    try:
        with _reading(folder):
            found = files.ls(folder.text, detail=True)
    except BadPicture as error:
        unreadable(error.cause)
        return
    inside = []
    for each in found:
        text = files.unstrip_protocol(each["name"])
        if not text.startswith(f"{folder}/"):
            continue
        if folder.scheme != "s3" and "?" in text:  # a page's link to itself, sorted otherwise
            continue
        url = Url(text)
        if url not in (folder, without) and not url.name.startswith("."):
            inside.append((url, each))
    inside.sort(key=lambda each: each[0].name)
    for url, about in inside:
        if about["type"] != "directory":
            changed = about.get("LastModified")
            yield Listed(url, relative / url.name, about["size"] or 0, int(changed.timestamp() * 1e9) if changed else 0)
    for url, about in inside:
        if about["type"] == "directory":
            yield from _below(files, url, relative / url.name, without, unreadable)


@contextmanager
def room() -> Iterator[Path]:
    """A temporary folder of this machine."""
    with tempfile.TemporaryDirectory(prefix="photochrom-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def local(source: Source) -> Iterator[Path]:
    """A photograph as a file of this machine: itself, or a copy under its name. Errors that name the copy are made to
    name the photograph.

    Raises:
        BadPicture: it cannot be fetched. OutputFailed: there is no room for it.
    """
    if isinstance(source, Path):
        yield source
        return
    with room() as folder:
        copy = folder / (source.name or "photograph")
        try:
            _fetch(source, copy)
            yield copy
        except PhotochromError as error:
            raise type(error)(error.cause.replace(str(copy), str(source)), error.next_step) from error


def _fetch(url: Url, copy: Path) -> None:
    from fsspec.callbacks import Callback

    class Bounded(Callback):  # type: ignore[misc]
        def relative_update(self, inc: int = 1) -> None:
            super().relative_update(inc)
            if self.value > LARGEST:
                raise OSError(f"it has more than {LARGEST >> 30} GB")

    one_request = {"max_concurrency": 1} if url.scheme == "s3" else {}  # parts might be of two versions
    files = _files(url)
    with _reading(url):
        files.get_file(url.text, str(copy), callback=Bounded(), **one_request)


class Stored(NamedTuple):
    """A file in a store: its SHA-256 and its size in bytes."""

    sha256: str
    bytes: int


def put(file: Path, url: Url, origin: str, replaces: str | None) -> Stored:
    """Puts a file into a store, whole or not at all; what is there then. What is there already stays, but for a file
    with the SHA-256 `replaces`. A task that runs twice finds a file of the same `origin`, and takes that for its own.

    Raises:
        FileExistsError: there is another file. StoreFailed: the store takes none.
    """
    files = _files(url)
    with file.open("rb") as opened:
        own = Stored(hashlib.file_digest(opened, "sha256").hexdigest(), file.stat().st_size)
    how = {"chunksize": PART, "max_concurrency": 1, "Metadata": {ORIGIN: origin}}
    for _ in range(_ATTEMPTS):
        with _writing(url):
            with suppress(FileExistsError):
                files.put_file(str(file), url.text, mode="create", **how)
                return own
            with suppress(FileNotFoundError):  # it was removed just now
                about = files.call_s3("head_object", **_address(files, url))
                there = Stored(_sha256(files, url), about["ContentLength"])
                if there.sha256 == replaces and there != own:
                    with suppress(OSError):  # somebody else was quicker
                        files.put_file(str(file), url.text, mode="overwrite", IfMatch=about["ETag"], **how)
                        return own
                elif there == own or about["Metadata"].get(ORIGIN) == origin:
                    return there
                else:
                    raise FileExistsError(f"{url} already exists")
    raise StoreFailed(f"{url} cannot be written: others keep changing it.", "Stop them, then resume.")


def clear_uploads(folder: Url, known: Callable[[], set[str]]) -> None:
    """Removes the parts of large files that killed workers were putting into a folder of a store: they are in no
    listing, and cost money. Only those of files that are `known`, by their paths below the folder.

    Raises:
        StoreFailed: the store cannot be reached.
    """
    files = _files(folder)
    with _writing(folder):
        address = _address(files, folder)
        more: dict[str, Any] = {"Bucket": address["Bucket"], "Prefix": f"{address['Key']}/".lstrip("/")}
        ours: set[str] | None = None
        while True:
            found = files.call_s3("list_multipart_uploads", **more)
            for each in found.get("Uploads", []):
                ours = known() if ours is None else ours
                if each["Key"].removeprefix(more["Prefix"]) in ours:
                    with suppress(FileNotFoundError):
                        files.abort_mpu(more["Bucket"], each["Key"], each["UploadId"])
            if not found.get("IsTruncated"):
                return
            more |= {"KeyMarker": found["NextKeyMarker"], "UploadIdMarker": found["NextUploadIdMarker"]}


@lru_cache
def _open(scheme: str) -> Any:
    need("cluster", "fsspec", READ_BY[scheme])
    import fsspec

    options: dict[str, Any] = {"use_listings_cache": False}
    if scheme != "s3":
        import aiohttp

        # A large scan over a slow line takes as long as it takes; one that no longer moves does not.
        options["client_kwargs"] = {"timeout": aiohttp.ClientTimeout(total=None, sock_connect=30, sock_read=120)}
    return fsspec.filesystem(scheme, **options)


def _files(url: Url) -> Any:
    """The file system of fsspec for an address.

    Raises:
        ExtraMissing: a package for it is not installed.
    """
    return _open(url.scheme)


def _address(files: Any, url: Url) -> dict[str, str]:
    bucket, key, _ = files.split_path(url.text)
    return {"Bucket": bucket, "Key": key}


def _sha256(files: Any, url: Url) -> str:
    digest = hashlib.sha256()
    with files.open(url.text, "rb", cache_type="none") as file:
        while block := file.read(1 << 24):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def _reading(url: Url) -> Iterator[None]:
    """Turns all errors into `BadPicture`: the libraries behind fsspec have no common one."""
    try:
        yield
    except FileNotFoundError as error:
        raise BadPicture(f"There is no file or folder {url}.", "Check the address.") from error
    except OSError as error:
        if error.errno == ENOSPC:
            raise OutputFailed(f"{tempfile.gettempdir()} has no room for {url}.", "Make room there.") from error
        raise BadPicture(f"{url} cannot be read: {_why(error)}.", _NEXT_STEP) from error
    except Exception as error:
        raise BadPicture(f"{url} cannot be read: {_why(error)}.", _NEXT_STEP) from error


@contextmanager
def _writing(url: Url) -> Iterator[None]:
    """Turns all errors but FileExistsError into `StoreFailed`."""
    try:
        yield
    except FileExistsError:
        raise
    except Exception as error:
        raise StoreFailed(f"{url} cannot be written: {_why(error)}.", f"{_NEXT_STEP} Then resume.") from error


def _why(error: Exception) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__
