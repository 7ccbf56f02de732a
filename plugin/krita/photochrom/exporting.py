"""What a document shows, for other programs: Krita writes its photograph and its color version, the engine packs
both."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from krita import InfoObject

from . import known, metadata
from .errors import Unsuitable
from .origins import recall
from .photochrom_client import Cancelled
from .photochrom_client import translated as _
from .photochrom_client.given import written
from .photochrom_client.kit import handing_on
from .photochrom_client.kit.scratch import scratch
from .photochrom_client.kit.unsuitable import NO_COLORS
from .pixels import SRGB
from .sources import HINTS, layers_of
from .task import in_thread
from .texts import readable

if TYPE_CHECKING:
    from krita import Document, Node

PNG = {
    **{"alpha": True, "compression": 1, "indexed": False, "saveSRGBProfile": True, "forceSRGB": False},
    **dict.fromkeys(("storeMetaData", "exif", "iptc", "xmp"), True),
}
"""As Krita writes it: fast, since it is read once, and with its profile."""


def export(
    document: Document, path: str, *, note: bool, folder: Path, show: Callable[[float, str], object]
) -> Iterator[float]:
    """Steps of a `task.Task` that write a file whose suffix is that of one of `handing_on.FOR_KRITA`. `note`: whether
    its metadata say that an algorithm made the colors. `show` is called on threads, too."""
    makers = metadata.makers(document)
    if not makers:
        raise Unsuitable(NO_COLORS)
    given = written(known.given(document))
    stopped = threading.Event()

    def report(fraction: float, message: str) -> None:
        if stopped.is_set():
            raise Cancelled("Cancelled.", code="cancelled")
        show(fraction, message)

    with scratch() as place:
        files = [readable(str(place / name)) for name in ("photograph.png", "colored.png")]
        for number, file in enumerate(files):
            report(0.15 * number, _("Reading the image"))
            yield 0.05
            _write(document, file, colors=number > 0)
        try:
            yield from in_thread(handing_on.export, folder, *files, path, makers, note, report, given)
        finally:
            stopped.set()


def _write(document: Document, file: str, *, colors: bool) -> None:
    """Writes what is seen of a document, or would be without `colors`, as RGB of 8 or 16 bits that is not linear:
    programs disagree on linear samples."""
    aside = document.clone()
    try:
        aside.setBatchmode(True)
        _leave_out(document, aside, colors)
        aside.refreshProjection()
        aside.waitForDone()
        aside.flatten()
        aside.waitForDone()
        linear = aside.colorModel() != "RGBA" or "-g10" in aside.colorProfile()
        depth = "U8" if aside.colorDepth() == "U8" and aside.colorModel() == "RGBA" else "U16"
        aside.setColorSpace("RGBA", depth, SRGB if linear else aside.colorProfile())
        aside.waitForDone()
        how = InfoObject()
        for name, value in PNG.items():
            how.setProperty(name, value)
        if not aside.exportImage(file, how):
            raise Unsuitable(_("Krita could not write the picture. Is there room on the disk?"))
    finally:
        aside.setModified(False)
        aside.close()


def _leave_out(document: Document, aside: Document, colors: bool) -> None:
    """Removes from a copy what is no part of the picture: paint of hints, maps of uncertainty, and, without `colors`,
    these; the photograph below them is then shown."""
    pairs: list[tuple[Node, Node]] = list(zip(layers_of(document.rootNode()), layers_of(aside.rootNode()), strict=True))
    photographs = set()
    for node, copy in pairs:
        origin = recall(document, node)
        if node.name() == HINTS or (origin is not None and not (colors and origin.colors)):
            copy.remove()
            if origin is not None and origin.colors:
                photographs.add(origin.source)
    for node, copy in pairs:
        if node.uniqueId().toString() in photographs:
            copy.setVisible(True)
