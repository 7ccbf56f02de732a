"""Folders of photographs: the procedure's parameters, and its run without a dialog."""

import coloring
import gimp
from gimpfu_compat.parameters import FLOAT, INT32, STRING

from photochrom_client import BatchSettings
from photochrom_client import translated as _
from photochrom_client.kit import batch
from photochrom_client.kit.texts import ORIGINAL, STYLE
from photochrom_client.kit.unsuitable import Unsuitable
from photochrom_client.protocol import ORIGINALS

FORMAT_NAMES = ", ".join(name or "same" for name, _title in batch.FORMATS)

PARAMETERS = (
    (STRING, "input", _("Folder of photographs, with all that is below it")),
    (STRING, "output", _("Folder of the color versions")),
    (STRING, "colorizer", _("Colorizer to use: auto, or a name that the engine lists")),
    (STRING, "style", f"vivid, calm. {STYLE}"),
    (STRING, "original", f"{', '.join(ORIGINALS)}. {ORIGINAL}"),
    (FLOAT, "chroma", _("Strength of the colors: 0 gray, 1 as predicted")),
    (FLOAT, "harmonize", _("How far each object is drawn to one color: 0 is off")),
    (
        STRING,
        "format",
        f"{FORMAT_NAMES}. {_('Format of the results')}",
    ),
    (INT32, "include-color", _("Photographs that are in color alrea_dy, too").replace("_", "")),
    (INT32, "album", batch.ALBUM.replace("_", "")),
    (
        *(INT32, "note"),
        _("Note in the results' me_tadata that their colors were made by an algorithm").replace("_", ""),
    ),
    (INT32, "wait", _("For scripts: returns when the batch has ended; else as soon as it has started")),
)


def run(given):
    """Starts the batch in the engine, and waits for its end if that is wanted; the path of its report, or "".

    Raises `EngineError`, also that of the batch, and `Unsuitable`. Cancel ends the waiting: the batch goes on.
    """
    values = {name: value for (_type, name, _what), value in zip(PARAMETERS, given, strict=True)}
    photographs, results = values["input"] or "", values["output"] or ""
    if not photographs or not results:
        raise Unsuitable(_("Choose a folder of photographs, and a folder for their color versions."))
    settings = BatchSettings(
        **{name: values[name] for name in ("colorizer", "style", "original", "chroma", "harmonize")},
        format="" if values["format"] == "same" else values["format"],
        include_color=bool(values["include-color"]),
        mark=bool(values["note"]),
        album=bool(values["album"]),
    )
    gimp.progress_init("Photochrom")
    now = batch.run(coloring.FOLDER, [photographs], results, settings, coloring.show, wait=bool(values["wait"]))
    if now.failed:
        gimp.message(batch.shown(now).text)
    return now.report
