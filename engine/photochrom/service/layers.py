"""Layers that editors uploaded: on disk in unnamed files, memory-mapped to be read, deleted when unused."""

from __future__ import annotations

import errno
import mmap
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import IO, TYPE_CHECKING

from photochrom.cache import LRUCache
from photochrom.errors import Cancelled
from photochrom.service.error_responses import ErrorResponse
from photochrom.service.lookup import Lookup
from photochrom_client.protocol import CHANNEL_BYTES, LAYER_GONE, MAX_PIXELS, SAMPLE_BYTES, TABLE_ENTRIES, LayerForm

if TYPE_CHECKING:
    from photochrom.guidance.reference import Reference
    from photochrom.image.layer import LayerPixels
    from photochrom.pipeline.uncertainty import Known
    from photochrom.sampling.proxy import Proxy
    from photochrom.values import Plane

MAX_LAYER_BYTES = 2 * CHANNEL_BYTES * MAX_PIXELS
"""Lightness and alpha."""
MAX_LAYERS = 16
CACHED_PHOTOGRAPHS = 3
"""Photographs whose predictions stay cached when their layers are gone: editors send them again for every action."""
MAX_BYTES = 2 * MAX_LAYER_BYTES
"""All layers together."""
SPARE_BYTES = 64 * 1024 * 1024
"""Left free on the disk."""
QUIET = 10.0
"""Seconds without use after which a layer may be removed to make room. A client asks for a job, its events, and its
pixels one after the other: in between, only time tells whether it has vanished."""


class Layer:
    """One uploaded layer. `users` counts the jobs and answers that need it: while there are any, only its client can
    delete it."""

    def __init__(self, width: int, height: int, alpha: bool, file: IO[bytes], photographs: LRUCache) -> None:
        self.id = secrets.token_hex(8)
        self.width = width
        self.height = height
        self.alpha = alpha
        self.profile: bytes | None = None
        self.hints: Plane | None = None
        """(h, w, 4): hints, as in `guidance.hints`."""
        self.reference_picture: Reference | None = None
        self.selection: Plane | None = None
        """(h, w) 0…1."""
        self.known: Known | None = None
        """Where colors are known."""
        self.users = 0
        self.used = time.monotonic()
        self._file = file
        self._mapping: mmap.mmap | None = None
        self._photographs = photographs
        self._proxy: Proxy | None = None

    def can_encode(self) -> bool:
        """Whether the image's RGB space is known, so that samples in it can be computed."""
        from photochrom.image.color_spaces import RGBSpace, parse_icc

        return self.profile is None or isinstance(parse_icc(self.profile), RGBSpace)

    @property
    def proxy(self) -> Proxy:
        """What networks see; what one job computes from it serves the next, also when the layer is sent again. For
        one thread at a time."""
        from photochrom.sampling.proxy import Proxy

        if self._proxy is None:
            lightness = self.pixels().finite_lightness()
            mapping = self._mapped()
            lightness.set_progress(True)
            lightness.signal_connect("eval", lambda *_: _let_go(mapping))
            self._proxy = Proxy(lightness, self._photographs)
        return self._proxy

    def drop_proxy(self) -> None:
        """Frees the proxy and all that was computed from it."""
        self._proxy = None

    @property
    def bytes(self) -> int:
        return layer_bytes(self.width, self.height, self.alpha)

    @property
    def idle(self) -> bool:
        """Whether it may be removed to make room."""
        return not self.users and time.monotonic() - self.used > QUIET

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """For as long as a job or an answer needs it."""
        self.users += 1
        try:
            yield
        finally:
            self.users -= 1
            self.used = time.monotonic()

    def pixels(self) -> LayerPixels:
        """The layer for the pipeline. Its planes stay on disk: see `let_go`."""
        import pyvips

        from photochrom.image.color_spaces import space_from_icc
        from photochrom.image.layer import LayerPixels

        pyvips.cache_set_max(0)  # An operation that libvips keeps would keep the layer's memory and its disk space.
        space = space_from_icc(self.profile)
        planes = memoryview(self._mapped())
        return LayerPixels.from_planes(self.width, self.height, planes, alpha=self.alpha, space=space)

    def let_go(self) -> None:
        """Frees the memory of what was read of the planes so far: it is read again where it is needed again."""
        if self._mapping is not None:
            _let_go(self._mapping)

    def close(self) -> None:
        """Frees the disk space, once nothing reads the planes any more."""
        self._proxy = self._mapping = None
        self._file.close()

    def _mapped(self) -> mmap.mmap:
        if self._file.closed:
            raise Cancelled  # The layer was deleted as the job began.
        if self._mapping is None:
            self._mapping = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        return self._mapping


def _let_go(mapping: mmap.mmap) -> None:
    if sys.platform == "linux":  # What the hint does elsewhere differs.
        mapping.madvise(mmap.MADV_DONTNEED)


class Upload:
    """An upload in progress: takes the layer's bytes in order. Samples begin with their table, in which their
    lightness is looked up."""

    def __init__(self, width: int, height: int, alpha: bool, folder: Path, samples: LayerForm) -> None:
        self._size = (width, height, alpha)
        self._lookup = Lookup(samples, width * height) if TABLE_ENTRIES[samples] else None
        self.bytes = self.missing = layer_bytes(width, height, alpha)
        try:
            self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115  # lives as long as the layer
        except OSError as error:
            raise _disk(error, folder) from error
        self._folder = folder

    def write(self, chunk: bytes | bytearray) -> None:
        """Raises ErrorResponse (507) when the disk is full."""
        pieces = self._lookup.looked_up(chunk) if self._lookup else [memoryview(chunk)]
        try:
            for piece in pieces:
                view = piece
                while view:
                    written = self._file.write(view)
                    self.missing -= written
                    view = view[written:]
        except OSError as error:
            raise _disk(error, self._folder) from error

    def layer(self, photographs: LRUCache) -> Layer:
        return Layer(*self._size, self._file, photographs)

    def drop(self) -> None:
        self._file.close()


class Layers:
    """All layers that the engine holds."""

    def __init__(self, folder: Path) -> None:
        """`folder` is for the unnamed files: on a disk, not in memory as /tmp often is."""
        self._folder = folder
        self._photographs = LRUCache(CACHED_PHOTOGRAPHS)
        self._layers: dict[str, Layer] = {}
        self._uploads: set[Upload] = set()

    def __len__(self) -> int:
        return len(self._layers)

    def begin(self, width: int, height: int, alpha: bool, samples: LayerForm = "lightness") -> Upload:
        """Starts an upload.

        Raises ErrorResponse: 413 for too many pixels, 429 while everything is in use, 507 for a full disk.
        """
        size = layer_bytes(width, height, alpha)
        if not self.has_room(size):
            raise ErrorResponse(
                HTTPStatus.TOO_MANY_REQUESTS,
                "busy",
                "The engine is working on as many layers as it can hold.",
                "Wait until some are done, then try again.",
            )
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            free = shutil.disk_usage(self._folder).free
        except OSError as error:
            raise _disk(error, self._folder) from error
        if free < size + sum(upload.missing for upload in self._uploads) + SPARE_BYTES:
            raise _disk(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), self._folder)
        upload = Upload(width, height, alpha, self._folder, samples)
        self._uploads.add(upload)
        return upload

    def in_the_way(self, size: int) -> list[Layer]:
        """The layers to remove to make room for one of `size` bytes: idle ones, the least recently used first. Most
        were left by clients that were killed."""
        idle = sorted((layer for layer in self._layers.values() if layer.idle), key=lambda layer: layer.used)
        for count in range(len(idle) + 1):
            if self.has_room(size, idle[:count]):
                return idle[:count]
        return []

    def end(self, upload: Upload) -> Layer | None:
        """Adds the layer of a complete upload; returns None for an incomplete one."""
        self._uploads.discard(upload)
        if upload.missing:
            upload.drop()
            return None
        layer = upload.layer(self._photographs)
        self._layers[layer.id] = layer
        return layer

    def get(self, layer_id: str) -> Layer:
        """Raises ErrorResponse (404)."""
        layer = self._layers.get(layer_id)
        if layer is None:
            raise ErrorResponse(
                HTTPStatus.NOT_FOUND,
                LAYER_GONE,
                "The engine no longer has this layer.",
                "Upload it again: layers are deleted after half an hour without use, or when others need their room.",
            )
        layer.used = time.monotonic()
        return layer

    def remove(self, layer_id: str) -> Layer:
        """Raises ErrorResponse (404)."""
        layer = self.get(layer_id)
        del self._layers[layer_id]
        layer.close()
        return layer

    def drop_computed(self) -> None:
        """Frees what was computed from the layers; it is computed again for the next job. Not while a job runs."""
        self._photographs.clear()
        for layer in self._layers.values():
            layer.drop_proxy()

    def expired(self, life: float) -> list[Layer]:
        """Those that were not used for `life` seconds."""
        now = time.monotonic()
        return [layer for layer in self._layers.values() if not layer.users and now - layer.used > life]

    def has_room(self, size: int, without: Sequence[Layer] = ()) -> bool:
        """Whether there is room for a layer of `size` bytes, or would be `without` these."""
        held = [layer.bytes for layer in self._layers.values() if layer not in without]
        held += [upload.bytes for upload in self._uploads]
        return len(held) < MAX_LAYERS and sum(held) + size <= MAX_BYTES


def body_bytes(width: int, height: int, alpha: bool, samples: LayerForm) -> int:
    """Bytes that the layer is sent as. Raises ErrorResponse (413) for too many pixels."""
    less = (CHANNEL_BYTES - SAMPLE_BYTES[samples]) * width * height
    return layer_bytes(width, height, alpha) - less + CHANNEL_BYTES * TABLE_ENTRIES[samples]


def layer_bytes(width: int, height: int, alpha: bool) -> int:
    """Bytes of the float32 planes, as which it is kept. Raises ErrorResponse (413) for too many pixels."""
    if width * height > MAX_PIXELS:
        raise ErrorResponse(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "too-large",
            f"The layer has more than {MAX_PIXELS // 1_000_000} million pixels.",
            "Scale it down, or colorize a part of it.",
        )
    return width * height * CHANNEL_BYTES * (2 if alpha else 1)


def _disk(error: OSError, folder: Path) -> ErrorResponse:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return ErrorResponse(
            HTTPStatus.INSUFFICIENT_STORAGE,
            "disk-full",
            f"The disk has no room for the layer: {folder}.",
            "Free some space on it, then try again.",
        )
    return ErrorResponse(
        HTTPStatus.INSUFFICIENT_STORAGE,
        "disk",
        f"The layer cannot be stored in {folder}: {error.strerror}.",
        "Make that folder writable, then try again.",
    )
