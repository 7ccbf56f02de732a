"""Folders of photographs: the procedure's arguments, and its run without a dialog."""

import coloring
from arguments import READ_WRITE
from gi.repository import Gimp

from photochrom_client import BatchSettings
from photochrom_client import translated as _
from photochrom_client.kit import batch
from photochrom_client.kit.texts import ORIGINAL, SEEN_AS, STYLE, STYLES
from photochrom_client.kit.unsuitable import Unsuitable
from photochrom_client.settings import RANGES

FORMAT = _("Format of the results")
FOLDERS = (
    ("input", _("_Photographs"), _("Folder of photographs, with all that is below it")),
    ("output", _("_Results"), _("Folder of the color versions")),
)
"""Arguments, each with its label and its meaning."""


def add_arguments(procedure):
    # Long because each argument is described.
    file, choice, boolean = procedure.add_file_argument, procedure.add_choice_argument, procedure.add_boolean_argument
    # GIMP would refuse folders that are not there yet, if it knew that these are folders.
    for name, label, what in FOLDERS:
        file(name, label, what, Gimp.FileChooserAction.ANY, True, None, READ_WRITE)
    procedure.add_string_argument(
        "colorizer", _("Co_lorizer"), _("Colorizer to use: auto, or a name that the engine lists"), "auto", READ_WRITE
    )
    styles = Gimp.Choice.new()
    for number, (name, title) in enumerate(STYLES):
        styles.add(name, number, title, STYLE)
    choice("style", _("C_olors"), STYLE, styles, "vivid", READ_WRITE)
    originals = Gimp.Choice.new()
    for number, (name, title) in enumerate(SEEN_AS):
        originals.add(name, number, title, ORIGINAL)
    choice("original", _("Or_iginal"), ORIGINAL, originals, SEEN_AS[0][0], READ_WRITE)
    number = procedure.add_double_argument
    strength = _("Strength of the colors: 0 gray, 1 as predicted")
    number("chroma", _("Stren_gth"), strength, *RANGES["chroma"], 1.0, READ_WRITE)
    harmonize = _("How far each object is drawn to one color: 0 is off")
    number("harmonize", _("E_ven out object colors"), harmonize, *RANGES["harmonize"], 0.0, READ_WRITE)
    formats = Gimp.Choice.new()
    for number, (name, title) in enumerate(batch.FORMATS):
        formats.add(name or "same", number, title, FORMAT)
    choice("format", _("_Format"), FORMAT, formats, "same", READ_WRITE)
    boolean(
        "include-color",
        _("Photographs that are in color alrea_dy, too"),
        _("Else they are left out; whether they are is measured"),
        False,
        READ_WRITE,
    )
    boolean("album", batch.ALBUM, batch.ALBUM_MEANING, False, READ_WRITE)
    boolean(
        "note",
        _("Note in the results' me_tadata that their colors were made by an algorithm"),
        _("As image formats have a field for it"),
        True,
        READ_WRITE,
    )
    boolean(
        "wait",
        _("_Wait for the end"),
        _("For scripts: returns when the batch has ended; else as soon as it has started"),
        True,
        READ_WRITE,
    )


def folders(config):
    """The paths of both folders, "" where none is chosen."""
    files = (config.get_property(name) for name, _label, _what in FOLDERS)
    return [(file.get_path() if file is not None else None) or "" for file in files]


def settings(config):
    """The `BatchSettings` of a configuration."""
    shape = config.get_property("format")
    return BatchSettings(
        **{name: config.get_property(name) for name in ("colorizer", "style", "original", "chroma", "harmonize")},
        format="" if shape == "same" else shape,
        include_color=config.get_property("include-color"),
        mark=config.get_property("note"),
        album=config.get_property("album"),
    )


def run(config):
    """Starts the batch in the engine, and waits for its end if that is wanted; the path of its report, or "".

    Raises `EngineError`, also that of the batch, and `Unsuitable`. Cancel ends the waiting: the batch goes on.
    """
    photographs, results = folders(config)
    if not photographs or not results:
        raise Unsuitable(_("Choose a folder of photographs, and a folder for their color versions."))
    Gimp.progress_init("Photochrom")
    try:
        wait = config.get_property("wait")
        now = batch.run(coloring.FOLDER, [photographs], results, settings(config), coloring.show, wait=wait)
    finally:
        Gimp.progress_end()
    if now.failed:
        Gimp.message(batch.shown(now).text)
    return now.report
