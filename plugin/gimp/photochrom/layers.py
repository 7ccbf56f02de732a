"""The document: which layer is to be coloured, and how the new one gets in, in one undo step."""

import pixels
from gi.repository import Gimp


class Unsuitable(Exception):
    """What was selected cannot be coloured; the text says why and what to select instead."""


def source_of(image, drawables):
    """The one layer among `drawables` to be coloured. Raises `Unsuitable`."""
    if not drawables:
        raise Unsuitable("No layer is selected. Select the layer of the photograph and try again.")
    if len(drawables) > 1:
        raise Unsuitable(f"{len(drawables)} layers are selected. Photochrom colours one at a time: select one of them.")
    source = drawables[0]
    if isinstance(source, Gimp.LayerMask):
        raise Unsuitable("A layer mask is selected. Click on the layer's own picture in the Layers dialog.")
    if isinstance(source, Gimp.GroupLayer):
        raise Unsuitable("A layer group is selected. Select the layer of the photograph inside of it.")
    if not isinstance(source, Gimp.Layer):
        raise Unsuitable("A channel is selected. Select the layer of the photograph in the Layers dialog.")
    if image.get_floating_sel() is not None:
        raise Unsuitable("The image has a floating selection. Anchor it (Layer ▸ Anchor Layer) and try again.")
    return source


def profile_of(image):
    """The ICC profile whose gamut colours must fit; None for sRGB, which gray images are converted to."""
    if image.get_base_type() == Gimp.ImageBaseType.GRAY or image.get_color_profile() is None:
        return None
    return bytes(image.get_effective_color_profile().get_icc_profile())


def filled(image, source, output, name, strips):
    """A layer of the source's size with these pixels, not in the image yet. The image must be RGB."""
    mode = Gimp.LayerMode.LCH_COLOR if output == "color-layer" else Gimp.LayerMode.NORMAL
    width, height = source.get_width(), source.get_height()
    layer = Gimp.Layer.new(image, name, width, height, Gimp.ImageType.RGBA_IMAGE, 100.0, mode)
    try:
        pixels.write(layer, strips)
    except BaseException:
        layer.delete()
        raise
    return layer


def insert(image, source, layer):
    """Puts a finished layer right above its source, as one undo step."""
    image.undo_group_start()
    try:
        _attach(image, source, layer)
    finally:
        image.undo_group_end()


def convert_and_insert(image, source, make_layer):
    """The same for a gray or indexed image, which becomes RGB in the same step.

    A layer made while the image is gray would be gray itself: `make_layer` makes it after the conversion.
    """
    image.undo_group_start()
    try:
        if not image.convert_rgb():
            raise RuntimeError("GIMP could not convert the image to RGB")
        layer = make_layer()
        _attach(image, source, layer)
    finally:
        image.undo_group_end()
    return layer


def _attach(image, source, layer):
    if not image.insert_layer(layer, source.get_parent(), image.get_item_position(source)):
        raise RuntimeError("GIMP could not insert the layer")
    _, x, y = source.get_offsets()
    layer.set_offsets(x, y)
    mask = _mask(image, source, layer)
    if mask is not None:
        layer.add_mask(mask)
        layer.set_edit_mask(False)
    image.set_selected_layers([layer])


def _mask(image, source, layer):
    """What is both selected and shown of the source; None when that is all of it."""
    selected = not Gimp.Selection.is_empty(image)
    hidden = source.get_mask() if source.get_apply_mask() else None
    if not selected and hidden is None:
        return None
    mask = layer.create_mask(Gimp.AddMaskType.SELECTION if selected else Gimp.AddMaskType.WHITE)
    if hidden is not None:
        mask.combine_masks(hidden, Gimp.ChannelOps.INTERSECT, 0, 0)
    return mask
