"""Which layer a tool works on, and what there is to say about it before it is colored."""

import hints
import layers
import pixels
from gi.repository import Gimp

from photochrom_client import translated as _
from photochrom_client.kit import already_color, texts, unsuitable
from photochrom_client.kit.unsuitable import Unsuitable


def source_of(image, drawables):
    """The layer to be colored: the one in `drawables`, or, where that is a layer of ours, its photograph. Raises
    `Unsuitable`."""
    chosen = _only(drawables)
    if image.get_floating_sel() is not None:
        raise Unsuitable(unsuitable.FLOATING)
    if hints.is_hints(chosen):
        source = _photograph_below(image, chosen)
    else:
        ours = of_ours(chosen)
        source = chosen if ours is None else layers.photograph_of(image, ours)
    if isinstance(source, Gimp.LayerMask):
        raise Unsuitable(unsuitable.MASK)
    if not isinstance(source, Gimp.Layer):
        raise Unsuitable(unsuitable.CHANNEL)
    if isinstance(source, Gimp.GroupLayer):
        raise Unsuitable(unsuitable.GROUP)
    if isinstance(source, Gimp.TextLayer):
        raise Unsuitable(unsuitable.text_layer(source.get_name()))
    if _is_outside(image, source):
        raise Unsuitable(unsuitable.outside(source.get_name()))
    return source


def selected_of_ours(drawables):
    """The selected layer of ours; None if another one is selected, or several."""
    return of_ours(drawables[0]) if len(drawables) == 1 else None


def of_ours(item):
    """`item` if it is a layer of ours; of its mask, the layer; of a group of variants, the visible one. Else None."""
    if isinstance(item, Gimp.LayerMask):
        item = Gimp.Layer.from_mask(item)
    if isinstance(item, Gimp.GroupLayer):
        inside = [layer for layer in item.get_children() if layers.is_ours(layer)]
        return next((layer for layer in inside if layer.get_visible()), inside[0] if inside else None)
    return item if isinstance(item, Gimp.Layer) and layers.is_ours(item) else None


def colors_of(drawables):
    """The selected layer with the colors of a photograph, made by us. Raises `Unsuitable`."""
    chosen = selected_of_ours(drawables)
    settings = None if chosen is None else layers.settings_of(chosen)
    if settings is None:
        raise Unsuitable(unsuitable.NOT_ADJUSTABLE)
    if settings.object is not None:
        raise Unsuitable(unsuitable.OF_AN_OBJECT)
    return chosen


def colors_to_filter(image, drawables):
    """The selected layer of colors, else the topmost one of the photograph. Raises `Unsuitable`."""
    chosen = selected_of_ours(drawables)
    if chosen is not None and layers.settings_of(chosen) is not None:
        return chosen
    found = layers.newest_of_ours(image)
    if found is None:
        raise Unsuitable(unsuitable.NO_COLORS)
    return found


def check_selection(image, source):
    """Raises `Unsuitable` where something is selected, but nothing of the layer `source`."""
    if not Gimp.Selection.is_empty(image) and not source.mask_intersect()[0]:
        raise Unsuitable(unsuitable.beside(source.get_name()))


def remarks(source):
    """What may surprise about the layer, a sentence each: it is hidden, or in color already."""
    return texts.remarks(source.get_name(), is_hidden=not _is_shown(source), is_color=is_color(source))


def is_color(source):
    """Whether a layer is a photograph in color: not gray, nor toned."""
    if source.is_gray():
        return False
    scale = min(1.0, already_color.SIDE / max(source.get_width(), source.get_height()))
    return already_color.is_color(pixels.reduced(source, scale, "CIE Lab float")[2])


def _only(drawables):
    if not drawables:
        raise Unsuitable(unsuitable.NO_LAYER)
    if len(drawables) > 1:
        raise Unsuitable(
            _("{count} layers are selected. Photochrom colors one at a time: select one of them.").format(
                count=len(drawables)
            )
        )
    return drawables[0]


def _photograph_below(image, painted):
    """For the hints layer: on top of all, where it was made, the photograph of the newest colors; else, and where there
    are none, what is right below."""
    parent, position = painted.get_parent(), image.get_item_position(painted)
    newest = layers.newest_of_ours(image) if parent is None and position == 0 else None
    if newest is not None:
        return layers.photograph_of(image, newest)
    below = (parent.get_children() if parent else image.get_layers())[position + 1 :]
    if not below:
        raise Unsuitable(unsuitable.NOTHING_BELOW)
    ours = of_ours(below[0])
    return below[0] if ours is None else layers.photograph_of(image, ours)


def _is_outside(image, layer):
    _found, x, y = layer.get_offsets()
    across = x < image.get_width() and x + layer.get_width() > 0
    return not (across and y < image.get_height() and y + layer.get_height() > 0)


def _is_shown(item):
    while item is not None:
        if not item.get_visible():
            return False
        item = item.get_parent()
    return True
