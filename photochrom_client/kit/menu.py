"""The entries of GIMP's menu that all its versions have, in words."""

from __future__ import annotations

from typing import NamedTuple

from ..translation import translated as _


class Entry(NamedTuple):
    """What the menu shows, with the letter to press after the underscore; one line about it; and all that it does, for
    those who call it from a script."""

    label: str
    blurb: str
    explained: str


COLORIZE = Entry(
    _("_Colorize Photograph…"),
    _("Gives a black-and-white photograph its colors"),
    _(
        "Adds a layer with the colors of the selected layer above it and returns it. The layer's tones stay: "
        "the new layer has the mode LCH Color, or, as a normal layer, the lightness of the photograph. "
        "Grayscale and indexed images become RGB. A selection becomes the new layer's mask. "
        "Works on this computer alone, with the Photochrom engine, which is started if it does not run."
    ),
)

RUN_AGAIN = Entry(
    _("_Run Again"),
    _("Colors the photograph once more with the settings of the selected color layer"),
    _("The settings are stored with every layer that Photochrom makes. Adds a new layer; the old one stays."),
)

ADJUST = Entry(
    _("_Adjust Colors…"),
    _("Makes the colors of a layer stronger, weaker, warmer or colder"),
    _("Changes the selected color layer, within the selection if there is one. Its opacity, mode and mask stay."),
)

RECOLOR = Entry(
    _("Recolor _Object…"),
    _("Gives one object of a photograph another color"),
    _(
        "Segments the object at a point of the image, or the one that the selection surrounds, and adds a layer "
        "with its color above the photograph. The object's outline is the layer's mask."
    ),
)

HINTS_LAYER = Entry(
    _("_Hints Layer"),
    _("Shows the layer on which colors are painted as hints"),
    _(
        "Creates the transparent layer “Photochrom hints” on top if there is none, then shows and selects it. "
        "Every following coloring uses what is painted there, anywhere, at any size and softness; what is erased "
        "counts no more. The layer is hidden when colors are added while another one is selected: it is no part "
        "of the result."
    ),
)

WITH_HINTS = Entry(
    _("Colorize _with Hints"),
    _("Brings the colors of the photograph in line with the hints layer"),
    _(
        "Replaces the colors in the topmost color layer of the photograph, all of them, and keeps its opacity, "
        "mode and mask; without one it adds one with the last settings. The hints layer stays selected."
    ),
)

KNOWN = Entry(
    _("_Known Color…"),
    _("Notes how the color of an object, or of the hints, is known"),
    _(
        "Keeps a note with the selected layer of a recolored object, or with the hints layer, and in the image's "
        "metadata: where the color is known from. Such colors count as known, not as guessed. An empty note takes "
        "that back."
    ),
)

VARIANTS = Entry(
    _("_Variants…"),
    _("Shows other answers to the same photograph"),
    _(
        "Adds a layer for each chosen variant, several in a layer group with only the first one visible. Uses the "
        "settings of the selected color layer, or the last ones."
    ),
)

COLOR_LIKE = Entry(
    _("Color _Like…"),
    _("Gives a photograph the colors of another picture"),
    _("As Colorize, with the colors of a reference picture: its palette, or its colors region by region."),
)

DOUBT = Entry(
    _("Show _Uncertainty"),
    _("Adds a layer that shows where the colorizer is unsure"),
    _("A heat map above the photograph, half transparent: the brighter, the less sure the colors are."),
)

PAINT_FIRST = Entry(
    _("_Paint Here First"),
    _("Selects where a color hint helps most, and the hints layer to paint it on"),
    _("What the colorizer was least sure of is added to the selection."),
)

EXPORT = Entry(
    _("E_xport for…"),
    _("Writes a file that looks in Krita, in Photoshop or in an archive as it does here"),
    _(
        "Blending modes and live filters mean something else in other programs, or nothing. So the file has what is "
        "seen as a normal layer above the photograph: OpenRaster for Krita, PSD for Photoshop. For an archive it is a "
        "flat TIFF. The suffix of the file tells which one. 16 bits a sample if the image has more than 8."
    ),
)

BATCH = Entry(
    _("_Batch…"),
    _("Colorizes folders of photographs"),
    _(
        "Colorizes the files in a folder, and below it, into another folder; the photographs are only read. The "
        "Photochrom engine does that by itself: this dialog and GIMP may be closed meanwhile, and an unfinished "
        "batch can be resumed. Scripts get the path of the batch's report."
    ),
)

REMOVE = Entry(
    _("R_emove Colors"),
    _("Removes all colors that Photochrom made, and the note about them in the image's metadata"),
    _("The photograph and everything else in the image stay. Returns the photograph's layer. One step for Undo."),
)

INSTALLATION = Entry(
    _("_Installation…"),
    _("Shows what is installed, what can be fetched, and what is out of date"),
    _(
        "Fetches the engine where there is none, and updates it or the plug-in. "
        "For scripts there is “photochrom doctor”."
    ),
)
