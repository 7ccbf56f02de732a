"""What an image shows, for other programs: GIMP writes its photograph and its color version, the engine packs both."""

import struct
import zlib

import coloring
import gimp
import hints
import layers
from gimp import pdb
from gimpenums import CLIP_TO_IMAGE, PRECISION_U8_GAMMA, PRECISION_U16_GAMMA
from gimpfu_compat.pixels import icc_profile

from photochrom_client import translated as _
from photochrom_client.kit import handing_on, unsuitable
from photochrom_client.kit.scratch import scratch
from photochrom_client.kit.unsuitable import Unsuitable

PNG = (False, 1, False, False, False, True, True, True, True)
"""No interlacing; compression; no chunks bKGD, gAMA, oFFs; but pHYs, tIME, the comment, and the color below alpha."""

OF_SIGNATURE_AND_HEADER = 33
"""Bytes that every PNG begins with."""


def place_of(image):
    """The folder and the name of an image's file; of an unsaved one "" and its own name."""
    folder = (image.filename or "").rpartition("/")[0]
    return folder, image.name


def export(image, path, note):
    """Writes a file whose suffix is that of one of `handing_on.FOR_GIMP`. `note`: whether its metadata say that an
    algorithm made the colors. Raises `EngineError`, `Unsuitable`."""
    makers = layers.makers(image)
    if not makers:
        raise Unsuitable(unsuitable.NO_COLORS)
    gimp.progress_init("Photochrom")
    # By its place: a copy of an image has other tattoos than the image.
    below = [*layers.all_in(image)].index(layers.photograph_of(image, layers.newest_of_ours(image)))
    with scratch() as folder:
        photograph, colored = str(folder / "photograph.png"), str(folder / "colored.png")
        coloring.show(0.0, _("Reading the image"))
        _write(image, colored)
        coloring.show(0.15, _("Reading the image"))
        _write(image, photograph, below)
        handing_on.export(coloring.FOLDER, photograph, colored, path, makers, note, coloring.show, layers.given(image))
    pdb.gimp_progress_end()


def _write(image, path, photograph=None):
    """Writes what is seen of an image as a flat PNG of 8 or 16 bits, coded as GIMP's own perceptual samples are:
    programs disagree on linear ones. With the number of the `photograph` among the layers: what were seen without
    colors."""
    aside = image.duplicate()
    try:
        aside.disable_undo()
        _leave_out(aside, photograph)
        if not any(layer.visible for layer in aside.layers):
            raise Unsuitable(unsuitable.NOTHING_VISIBLE)
        layers.make_rgb(aside)
        merged = aside.merge_visible_layers(CLIP_TO_IMAGE)
        for layer in aside.layers:
            if layer != merged:
                aside.remove_layer(layer)
        merged.resize_to_image_size()
        if aside.precision != PRECISION_U8_GAMMA:
            pdb.gimp_image_convert_precision(aside, PRECISION_U16_GAMMA)
        pdb.file_png_save2(aside, merged, path, path, *PNG)
        profile = icc_profile(aside)
        if profile is not None and pdb.gimp_gimprc_query("export-color-profile") == "no":
            _add_profile(path, profile)
    finally:
        gimp.delete(aside)


def _leave_out(image, photograph):
    """Removes what is no part of the picture: paint of hints, maps of uncertainty, and, where the photograph is wanted,
    colors; it is shown then."""
    painted = hints.layer_of(image)
    unwanted = [*layers.heat_of(image), *([] if painted is None else [painted])]
    if photograph is not None:
        [*layers.all_in(image)][photograph].visible = True
        unwanted += list(layers.of_ours(image))
    for layer in unwanted:
        image.remove_layer(layer)


def _add_profile(path, profile):
    """Adds what GIMP leaves out where the user wants no profiles in exported files: this file is for the engine."""
    content = b"iCCPProfile\0\0" + zlib.compress(profile)
    chunk = struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
    with open(path, "rb+") as file:
        file.seek(OF_SIGNATURE_AND_HEADER)
        rest = file.read()
        file.seek(OF_SIGNATURE_AND_HEADER)
        file.write(chunk + rest)
