"""The pictures of a bag for IIIF viewers (Presentation API 3): photograph and color version as a choice.

A manifest holds the pictures of one folder, and no more than a viewer can open; a collection lists them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from photochrom.batch.deposit.bag import identifier
from photochrom.batch.messages import GRAY

if TYPE_CHECKING:
    from iiif_prezi3 import AnnotationBody, Canvas, KeyValueString, Manifest

    from photochrom.batch.deposit.payload import Payload
    from photochrom.batch.journal import Entry, Journal
    from photochrom.progress import Progress

FOLDER: Final = "iiif"
COLLECTION: Final = "collection.json"

MOST: Final = 500
"""Pictures in a manifest."""

_TYPES: Final = {".ora": "image/openraster", ".png": "image/png", ".tif": "image/tiff", ".tiff": "image/tiff"} | {
    ".webp": "image/webp"
}
"""Media types of results by their suffix; all others are JPEG."""


def write(draft: Path, journal: Journal, payload: Payload, web: str, progress: Progress) -> None:
    """Writes manifests and their collection into the folder `iiif` of the draft of a bag, whose address will be `web`.

    Raises:
        OSError: they cannot be written. Cancelled: by `progress`.
    """
    from iiif_prezi3 import Collection, ManifestRef

    writer = _Writer(draft, f"{web.rstrip('/')}/data/", payload)
    folder = draft / FOLDER
    folder.mkdir()
    references = []
    for number, (name, entries) in enumerate(_sheets(payload), 1):
        progress(entries[0][0] / len(payload.done), "Writing IIIF manifests")
        file = f"manifest-{number}.json"
        made = writer.manifest(file, name, [entry for _, entry in entries])
        (folder / file).write_text(made.json(), encoding="utf-8")
        references.append(ManifestRef(id=str(made.id), label=made.label))
    listed = Collection(
        id=writer.address(PurePosixPath(FOLDER, COLLECTION)),
        label=_text(f"Photographs colorized by Photochrom, {journal.started:%Y-%m-%d}"),
        metadata=[_fact("Identifier", identifier(journal))],
        items=references,
    )
    (folder / COLLECTION).write_text(listed.json(), encoding="utf-8")


def _sheets(payload: Payload) -> Iterator[tuple[str, Sequence[tuple[int, Entry]]]]:
    """The pictures of each manifest, with their numbers, and its name."""

    def folder(each: tuple[int, Entry]) -> PurePosixPath:
        return payload.place(each[1]).relative_to("results").parent

    for name, group in groupby(sorted(enumerate(payload.done), key=lambda each: (folder(each), each)), folder):
        entries = list(group)
        shown = "" if name == PurePosixPath() else str(name)
        for start in range(0, len(entries), MOST):
            part = entries[start : start + MOST]
            several = f"{start + 1} to {start + len(part)}" if len(entries) > MOST else ""
            yield ", ".join(filter(None, (shown, several))) or "Photographs", part


class _Writer:
    """Manifests of the bag in `draft`, whose payload will be at `web`."""

    def __init__(self, draft: Path, web: str, payload: Payload) -> None:
        self._draft, self._web, self._payload = draft, web, payload

    def address(self, path: PurePosixPath) -> str:
        """Where a file of the payload is on the web."""
        return self._web + quote(str(path))

    def manifest(self, file: str, name: str, entries: Sequence[Entry]) -> Manifest:
        """The pictures of one folder, or of a part of it."""
        from iiif_prezi3 import Manifest

        return Manifest(
            id=self.address(PurePosixPath(FOLDER, file)),
            label={"none": [name]},
            requiredStatement=_fact(
                "Colors", "Made by an algorithm (Photochrom). They are guesses, not a record of the real ones."
            ),
            items=[self._canvas(entry) for entry in entries],
        )

    def _canvas(self, entry: Entry) -> Canvas:
        from iiif_prezi3 import Annotation, AnnotationPage, Canvas, Choice

        address = self.address(PurePosixPath(FOLDER, "canvas", str(entry.id)))
        choices = []
        if entry.id in self._payload.photographs:
            choices.append(self._image(self._payload.photograph(entry), "Photograph"))
        if entry.id in self._payload.colored:
            choices.append(self._image(self._payload.color(entry), "Left gray" if entry.colorizer == GRAY else "Color"))
        page = []
        if choices:
            body = Choice(items=choices) if len(choices) > 1 else choices[0]
            painted = Annotation(id=f"{address}/painted", motivation="painting", body=body, target=address)
            page = [AnnotationPage(id=f"{address}/page", items=[painted])]
        return Canvas(
            id=address,
            label={"none": [self._payload.place(entry).name]},
            width=entry.width,
            height=entry.height,
            metadata=_facts(entry),
            rendering=[self._file(entry)],
            items=page,
        )

    def _image(self, place: PurePosixPath, label: str) -> AnnotationBody:
        from iiif_prezi3 import AnnotationBody

        width, height = _size(self._draft / place)
        return AnnotationBody(
            id=self.address(place),
            type="Image",
            format="image/jpeg",
            width=width,
            height=height,
            label=_text(label),
        )

    def _file(self, entry: Entry) -> dict[str, object]:
        place = self._payload.place(entry)
        return {
            "id": self.address(place),
            "type": "Image",
            "format": _TYPES.get(place.suffix.lower(), "image/jpeg"),
            "label": _text("The result at its full size"),
        }


def _size(copy: Path) -> tuple[int, int]:
    """Width and height of a small copy."""
    import pyvips

    # By its descriptor: libvips takes brackets in a name for options.
    with copy.open("rb") as file:
        image = pyvips.Image.new_from_source(pyvips.Source.new_from_descriptor(file.fileno()), "")
        return image.width, image.height


def _facts(entry: Entry) -> list[KeyValueString]:
    facts = {"Colorizer": entry.colorizer or ""}
    if entry.uncertainty is not None:
        facts["Doubt (0…1)"] = f"{entry.uncertainty:.2f}"
    facts |= {
        "SHA-256 of the photograph": entry.source_sha256 or "",
        "SHA-256 of the result": entry.result_sha256 or "",
    }
    return [_fact(label, value) for label, value in facts.items()]


def _fact(label: str, value: str) -> KeyValueString:
    from iiif_prezi3 import KeyValueString

    return KeyValueString(label=_text(label), value={"none": [value]} if " " not in value else _text(value))


def _text(text: str) -> dict[str, list[str]]:
    return {"en": [text]}
