"""Which layer a tool works on, and what there is to say about it before it is colored."""

import hints
import layers
from gimp import pdb
from gimpfu_compat.pixels import reduced

from photochrom_client.kit import already_color, texts, unsuitable
from photochrom_client.kit.unsuitable import Unsuitable


def source_of(image, drawable):
    """The layer to be colored: `drawable`, or, where that is a layer of ours, its photograph. Raises `Unsuitable`."""
    if drawable is None:
        raise Unsuitable(unsuitable.NO_LAYER)
    if image.floating_selection is not None:
        raise Unsuitable(unsuitable.FLOATING)
    if hints.is_hints(drawable):
        drawable = _photograph_below(image, drawable)
    else:
        ours = of_ours(image, drawable)
        drawable = drawable if ours is None else layers.photograph_of(image, ours)
    if drawable.is_layer_mask:
        raise Unsuitable(unsuitable.MASK)
    if not drawable.is_layer:
        raise Unsuitable(unsuitable.CHANNEL)
    if drawable.is_group:
        raise Unsuitable(unsuitable.GROUP)
    if drawable.is_text_layer:
        raise Unsuitable(unsuitable.text_layer(drawable.name))
    if _is_outside(image, drawable):
        raise Unsuitable(unsuitable.outside(drawable.name))
    return drawable


def of_ours(image, item):
    """`item` if it is a layer of ours; of its mask, the layer; of a group of variants, the visible one. Else None."""
    if item is None:
        return None
    if item.is_layer_mask:
        item = next((layer for layer in layers.all_in(image) if layer.mask == item), item)
    if item.is_group:
        inside = [layer for layer in item.children if layers.is_ours(layer)]
        return next((layer for layer in inside if layer.visible), inside[0] if inside else None)
    return item if item.is_layer and layers.is_ours(item) else None


def check_selection(image, source):
    """Raises `Unsuitable` where something is selected, but nothing of the layer `source`."""
    if not pdb.gimp_selection_is_empty(image) and source.mask_intersect is None:
        raise Unsuitable(unsuitable.beside(source.name))


def colors_of(image, drawable):
    """The selected layer with the colors of a photograph, made by us. Raises `Unsuitable`."""
    layer = of_ours(image, drawable)
    settings = None if layer is None else layers.settings_of(layer)
    if settings is None:
        raise Unsuitable(unsuitable.NOT_ADJUSTABLE)
    if settings.object is not None:
        raise Unsuitable(unsuitable.OF_AN_OBJECT)
    return layer


def remarks(source):
    """What may surprise about the layer, a sentence each: it is hidden, or in color already."""
    return texts.remarks(source.name, is_hidden=not _is_shown(source), is_color=is_color(source))


def is_color(source):
    """Whether a layer is a photograph in color: not gray, nor toned."""
    if source.is_gray:
        return False
    scale = min(1.0, already_color.SIDE / max(source.width, source.height))
    return already_color.is_color(reduced(source, "CIE Lab float", scale)[2])


def _photograph_below(image, painted):
    """For the hints layer: on top of all, where it was made, the photograph of the newest colors; else, and where there
    are none, what is right below."""
    siblings = painted.parent.children if painted.parent else image.layers
    position = siblings.index(painted)
    newest = layers.newest_of_ours(image) if painted.parent is None and position == 0 else None
    if newest is not None:
        return layers.photograph_of(image, newest)
    below = siblings[position + 1 :]
    if not below:
        raise Unsuitable(unsuitable.NOTHING_BELOW)
    ours = of_ours(image, below[0])
    return below[0] if ours is None else layers.photograph_of(image, ours)


def _is_outside(image, layer):
    x, y = layer.offsets
    across = x < image.width and x + layer.width > 0
    return not (across and y < image.height and y + layer.height > 0)


def _is_shown(item):
    while item is not None:
        if not item.visible:
            return False
        item = item.parent
    return True
