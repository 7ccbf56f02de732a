"""What an image shows, for other programs: GIMP writes its photograph and its color version, the engine packs both."""

import coloring
import hints
import known
import layers
from gi.repository import Gimp, Gio

from photochrom_client import translated as _
from photochrom_client.given import written
from photochrom_client.kit import handing_on, unsuitable
from photochrom_client.kit.scratch import scratch
from photochrom_client.kit.unsuitable import Unsuitable

PNG = {"compression": 1, "save-transparent": True, "include-color-profile": True}
KEPT = ("include-exif", "include-iptc", "include-xmp")
"""Of an image's metadata."""


def export(image, path, note):
    """Writes a file whose suffix is that of one of `handing_on.FOR_GIMP`. `note`: whether its metadata say that an
    algorithm made the colors. Raises `EngineError`, `Unsuitable`."""
    makers = layers.makers(image)
    if not makers:
        raise Unsuitable(unsuitable.NO_COLORS)
    # By its place: a copy of an image has other tattoos than the image.
    below = [*layers.every(image)].index(layers.photograph_of(image, layers.newest_of_ours(image)))
    with scratch() as folder:
        photograph, colored = str(folder / "photograph.png"), str(folder / "colored.png")
        Gimp.progress_init("Photochrom")
        try:
            coloring.show(0.0, _("Reading the image"))
            _write(image, colored)
            coloring.show(0.15, _("Reading the image"))
            _write(image, photograph, below)
            given = written(known.given(image))
            handing_on.export(coloring.FOLDER, photograph, colored, path, makers, note, coloring.show, given)
        finally:
            Gimp.progress_end()


def _write(image, path, photograph=None):
    """Writes what is seen of an image as a flat PNG of 8 or 16 bits, coded as GIMP's own perceptual samples are:
    programs disagree on linear ones. With the number of the `photograph` among the layers: what were seen without
    colors."""
    aside = image.duplicate()
    try:
        _leave_out(aside, photograph)
        if not any(layer.get_visible() for layer in aside.get_layers()):
            raise Unsuitable(unsuitable.NOTHING_VISIBLE)
        layers.make_rgb(aside)
        merged = aside.merge_visible_layers(Gimp.MergeType.CLIP_TO_IMAGE)
        for layer in aside.get_layers():
            if layer != merged:
                aside.remove_layer(layer)
        merged.resize_to_image_size()
        if aside.get_precision() != Gimp.Precision.U8_NON_LINEAR:
            aside.convert_precision(Gimp.Precision.U16_NON_LINEAR)
        _save(aside, path)
    finally:
        aside.delete()


def _leave_out(image, photograph):
    """Removes what is no part of the picture: paint of hints, maps of uncertainty, and, where the photograph is wanted,
    colors; it is shown then."""
    painted = hints.layer_of(image)
    unwanted = [*layers.heat_of(image), *([] if painted is None else [painted])]
    if photograph is not None:
        [*layers.every(image)][photograph].set_visible(True)
        unwanted += list(layers.of_ours(image))
    for layer in unwanted:
        image.remove_layer(layer)


def _save(image, path):
    procedure = Gimp.get_pdb().lookup_procedure("file-png-export")
    config = procedure.create_config()
    known = {each.name for each in config.list_properties()}
    wanted = {**PNG, **dict.fromkeys(KEPT, True)}
    config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE)
    config.set_property("image", image)
    config.set_property("file", Gio.File.new_for_path(path))
    for name, value in wanted.items():
        if name in known:
            config.set_property(name, value)
    if procedure.run(config).index(0) != Gimp.PDBStatusType.SUCCESS:
        raise RuntimeError(f"GIMP could not write {path}: {Gimp.get_pdb().get_last_error()}")
