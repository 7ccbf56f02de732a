"""The document: which layer is colored, and how new layers are inserted, in one undo step."""

import gimp
import pixels
from gimp import pdb
from gimpenums import (
    ADD_MASK_ALPHA_TRANSFER,
    ADD_MASK_SELECTION,
    ADD_MASK_WHITE,
    CHANNEL_OP_INTERSECT,
    CHANNEL_OP_REPLACE,
    GRAY,
    LAYER_MODE_LCH_COLOR,
    LAYER_MODE_NORMAL,
    LAYER_MODE_PASS_THROUGH,
    PARASITE_PERSISTENT,
    PARASITE_UNDOABLE,
    RGB,
    RGBA_IMAGE,
)
from gimpfu_compat.pixels import icc_profile, is_srgb

from photochrom_client.given import object_of, written
from photochrom_client.kit import stored, unsuitable
from photochrom_client.kit.undo import one_step
from photochrom_client.kit.unsuitable import Unsuitable
from photochrom_client.note import Maker
from photochrom_client.protocol import ORIGINALS
from photochrom_client.settings import SELECTED, Settings

KEPT = PARASITE_PERSISTENT | PARASITE_UNDOABLE


def check_there(layer):
    """Raises `Unsuitable` where the layer was removed, or its image closed, in the meantime."""
    if not layer.is_valid():
        raise Unsuitable(unsuitable.GONE)


def settings_of(layer):
    """The `Settings` of a layer of ours; None for any other."""
    kept = _stored(layer)
    return None if kept is None else Settings.from_dict(kept)


def colors_over(image, source):
    """The topmost layer with colors of all of `source`, before any that is hidden; None if there is none."""
    found = [
        layer for layer in of_ours(image) if settings_of(layer).object is None and _photograph(image, layer) == source
    ]
    return next((layer for layer in found if layer.visible), found[0] if found else None)


def original_of(source):
    """What was scanned, as the newest colors of `source` say: those of all of it, else those of an object."""
    image = source.image
    objects = (layer for layer in of_ours(image) if _photograph(image, layer) == source)
    colors = colors_over(image, source) or next(objects, None)
    return ORIGINALS[0] if colors is None else settings_of(colors).original


def store(layer, settings, source, made_by):
    """Stores with the layer, in the file too, its settings, its photograph and the maker of its colors."""
    layer.attach_new_parasite(stored.PARASITE, KEPT, stored.written(settings, source.tattoo, made_by))


def mark_heat(layer, source):
    """Marks a layer as one that shows the uncertainty about the layer `source`."""
    layer.attach_new_parasite(stored.HEAT, KEPT, stored.heat_written(source.tattoo))


def heat_of(image, source=None):
    """The layers that show the uncertainty about `source`, or about anything."""
    found = (layer for layer in all_in(image) if _stored(layer, stored.HEAT) is not None)
    return [layer for layer in found if source is None or _photograph(image, layer) == source]


def is_ours(layer):
    """Whether a layer has colors, or shows uncertainty, and we made it."""
    return _mark_of(layer) is not None


def photograph_of(image, layer):
    """The photograph's layer of a layer of ours. Raises `Unsuitable` if it was removed."""
    source = _photograph(image, layer)
    if source is None:
        raise Unsuitable(unsuitable.photograph_gone(layer.name))
    return source


def _photograph(image, layer):
    """The same; None if it was removed."""
    tattoo = _mark_of(layer).get("source")
    source = image.get_layer_by_tattoo(tattoo) if isinstance(tattoo, int) and tattoo > 0 else None
    if source is None:
        return None
    order = [*all_in(image)]
    below = order[order.index(layer) + 1 :]
    if source in below and not is_ours(source):
        return source
    # Copies of an image have other tattoos than the image: in them, what is above has this one.
    others = (each for each in below if not (each.is_group or each.name == stored.HINTS or is_ours(each)))
    like = next((each for each in others if has_size_of(layer, each)), None)
    return like or (None if is_ours(source) else source)


def newest_of_ours(image):
    """The topmost layer with stored settings; None if there is none."""
    return next(of_ours(image), None)


def makers(image):
    """Who made the colors in an image: the client's `Maker` of each layer of ours, the topmost first."""
    return [Maker.of(_stored(layer).get("made_by")) for layer in of_ours(image)]


def given(image):
    """The colors that a person gave objects of an image, as `given.written`."""
    return written(filter(None, (object_of(settings_of(layer)) for layer in of_ours(image))))


def object_colors(image):
    """The colors (a, b) that objects in an image were given, the topmost first, each once."""
    given = (settings_of(layer).color for layer in of_ours(image))
    return list(dict.fromkeys(color for color in given if color is not None))


def remove_ours(image):
    """Removes all layers of ours, and the groups that held nothing else; returns the layer that was colored, None if
    that was removed. Raises `Unsuitable` if there are none."""
    ours = [layer for layer in all_in(image) if is_ours(layer)]
    if not ours:
        raise Unsuitable(unsuitable.NO_COLORS)
    tattoo = _mark_of(ours[0]).get("source")
    for layer in ours:
        group = layer.parent
        image.remove_layer(layer)
        if group is not None and not group.children:
            image.remove_layer(group)
    source = image.get_layer_by_tattoo(tattoo) if isinstance(tattoo, int) else None
    if source is not None:
        image.active_layer = source
    return source


def profile_of(image):
    """The ICC profile whose gamut colors must fit; None for sRGB, which gray images are converted to."""
    return None if image.base_type == GRAY else icc_profile(image)


def is_only_color(image, settings):
    """Whether a new layer is for colors alone: only where they keep the tones. GIMP 2.10 computes lightness as if
    every image were sRGB, which changed that of one in Adobe RGB by up to 1.4 L*; there the layer has the tones, too.
    """
    return settings.output == "color-layer" and is_srgb(image)


def filled(image, source, settings, made_by, name, strips):
    """A layer of the source's size with these pixels and settings, not in the image yet. The image must be RGB."""
    mode = LAYER_MODE_LCH_COLOR if is_only_color(image, settings) else LAYER_MODE_NORMAL
    layer = gimp.Layer(image, name, source.width, source.height, RGBA_IMAGE, 100.0, mode)
    try:
        pixels.write(layer, strips)
        store(layer, settings, source, made_by)
    except BaseException:
        gimp.delete(layer)
        raise
    return layer


def has_size_of(layer, source):
    """Whether a layer of ours still has the size of its photograph."""
    return (layer.width, layer.height) == (source.width, source.height)


def check_refillable(layer, source):
    """Raises `Unsuitable` where the pixels of a layer of ours cannot be replaced."""
    if not has_size_of(layer, source):
        raise Unsuitable(unsuitable.other_size(layer.name))
    if layer.lock_content:
        raise Unsuitable(unsuitable.locked(layer.name))


def refill(image, layer, settings, made_by, strips, source, *, selected_only):
    """Replaces the pixels of a layer of ours that is in the image, in one undo step: where something is selected only
    there, or all of them."""
    with one_step(image):
        aside = None
        if not (selected_only or pdb.gimp_selection_is_empty(image)):
            active = image.active_layer
            aside = pdb.gimp_selection_save(image)  # writing what Undo can take back heeds the selection
            pdb.gimp_selection_none(image)
        pixels.merge(layer, strips)
        if pdb.gimp_selection_is_empty(image):
            store(layer, settings, source, made_by)
        if aside is not None:
            pdb.gimp_image_select_item(image, CHANNEL_OP_REPLACE, aside)
            image.remove_channel(aside)
            image.active_layer = active  # a saved selection is selected itself


def make_rgb(image):
    """Converts a gray or indexed image: a layer created in it would be gray itself."""
    if image.base_type != RGB:
        pdb.gimp_image_convert_rgb(image)


def discard(made):
    """Removes layers that are not in the image."""
    for layer in made:
        gimp.delete(layer)


def insert(image, source, made, group="", *, masked=True):
    """Inserts finished layers above their source, several of them in a group with only the first visible. Selects the
    first, and returns it or the group. Their mask is what is selected, if it is to be `masked`."""
    top = made[0]
    parent, position = source.parent, _position(image, source, below_objects=settings_of(top).object is None)
    if len(made) > 1:
        # Passed through, the layers' modes work on the photograph below, not on the empty group.
        top = gimp.GroupLayer(image, group, 100.0, LAYER_MODE_PASS_THROUGH)
        image.insert_layer(top, parent, position)
        parent, position = top, 0
    for number, layer in enumerate(made):
        image.insert_layer(layer, parent, position + number)
        layer.set_offsets(*source.offsets)
        mask = _mask(image, source, layer, masked)
        if mask is not None:
            layer.add_mask(mask)
            layer.edit_mask = False
        if number:
            layer.visible = False
    image.active_layer = made[0]
    return top


def place_above(image, source, layer):
    """Inserts a layer other than colors above its source and its colors, over all of it."""
    image.insert_layer(layer, source.parent, _position(image, source, below_objects=False))
    layer.scale(source.width, source.height)
    layer.set_offsets(*source.offsets)


def _position(image, source, *, below_objects):
    """Above the source and its earlier colors, since only the topmost colors are visible; but recolored objects stay
    above the colors of the whole."""
    siblings = source.parent.children if source.parent else image.layers
    position = siblings.index(source)
    while position > 0:
        above = siblings[position - 1]
        children = above.children if above.is_group else []
        top = children[0] if children else above
        kept = _stored(top)
        if kept is None or _photograph(image, top) != source or (below_objects and kept.get("object")):
            break
        position -= 1
    return position


def _mask(image, source, layer, masked):
    """A mask of what is selected and visible of the source, for an object also its outline; None if that is all."""
    wanted = settings_of(layer).object
    # A selection that points out the object is rough: the object's own outline counts.
    selected = masked and not pdb.gimp_selection_is_empty(image) and wanted != SELECTED
    hidden = source.mask if source.mask is not None and source.apply_mask else None
    if not selected and hidden is None and not wanted:
        return None
    mask = layer.create_mask(ADD_MASK_SELECTION if selected else ADD_MASK_WHITE)
    if wanted:
        # The engine's alpha is the object. As a mask it can be painted on, with the color still there below it.
        mask.combine_masks(layer.create_mask(ADD_MASK_ALPHA_TRANSFER), CHANNEL_OP_INTERSECT, 0, 0)
    if hidden is not None:
        mask.combine_masks(hidden, CHANNEL_OP_INTERSECT, 0, 0)
    return mask


def _mark_of(layer):
    """What is stored with a layer of ours, be it of colors or uncertainty; None for any other."""
    kept = _stored(layer)
    return kept if kept is not None else _stored(layer, stored.HEAT)


def _stored(layer, name=stored.PARASITE):
    """What was stored with a layer under this name; None where nothing was."""
    parasite = layer.parasite_find(name)
    return stored.read(bytes(parasite.data) if parasite is not None else None)


def of_ours(image):
    """The layers with stored settings, the topmost first."""
    return (layer for layer in all_in(image) if settings_of(layer) is not None)


def all_in(group):
    """The layers in an image or a group, and in the groups there, the topmost first."""
    for layer in group.layers:
        yield layer
        if layer.is_group:
            yield from all_in(layer)
