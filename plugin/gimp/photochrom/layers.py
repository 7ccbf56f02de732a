"""The document: which layer is colored, and how new layers are inserted, in one undo step."""

import pixels
from gi.repository import Gimp

from photochrom_client.kit import stored, unsuitable
from photochrom_client.kit.undo import one_step
from photochrom_client.kit.unsuitable import Unsuitable
from photochrom_client.note import Maker
from photochrom_client.protocol import ORIGINALS
from photochrom_client.settings import SELECTED, Settings


def check_there(image, layer):
    """Raises `Unsuitable` where the image was closed, or the layer removed, in the meantime."""
    if not image.is_valid():
        raise Unsuitable(unsuitable.CLOSED)
    if not layer.is_valid():
        raise Unsuitable(unsuitable.GONE)


def settings_of(layer):
    """The `Settings` of a layer of ours; None for any other."""
    kept = _stored(layer)
    return None if kept is None else Settings.from_dict(kept)


def store(layer, settings, source, made_by):
    """Stores with the layer, in the file too, its settings, its photograph and the maker of its colors."""
    attach(layer, stored.PARASITE, stored.written(settings, source.get_tattoo(), made_by))


def keep_note(layer, note):
    """Stores with a layer of an object, instead of an earlier note, how its color is known."""
    kept = _stored(layer)
    made_by = Maker.of(kept.get("made_by"))
    attach(layer, stored.PARASITE, stored.written(settings_of(layer)._replace(note=note), kept.get("source"), made_by))


def mark_heat(layer, source):
    """Marks a layer as one that shows the uncertainty about the layer `source`."""
    attach(layer, stored.HEAT, stored.heat_written(source.get_tattoo()))


def heat_of(image, source=None):
    """The layers that show the uncertainty about `source`, or about anything."""
    for layer in every(image):
        kept = _stored(layer, stored.HEAT)
        if kept is not None and (source is None or kept.get("source") == source.get_tattoo()):
            yield layer


def is_ours(layer):
    """Whether a layer has colors, or shows uncertainty, and we made it."""
    return _mark_of(layer) is not None


def photograph_of(image, layer):
    """The photograph's layer of a layer of ours. Raises `Unsuitable` if it was removed."""
    tattoo = _mark_of(layer).get("source")
    source = image.get_layer_by_tattoo(tattoo) if isinstance(tattoo, int) and tattoo > 0 else None
    if source is None:
        raise Unsuitable(unsuitable.photograph_gone(layer.get_name()))
    return source


def colors_over(image, source):
    """The topmost layer with colors of all of `source`, before any that is hidden; None if there is none."""
    found = [
        layer
        for layer in of_ours(image)
        if _stored(layer).get("source") == source.get_tattoo() and settings_of(layer).object is None
    ]
    return next((layer for layer in found if layer.get_visible()), found[0] if found else None)


def objects_over(image, source):
    """The layers that are shown with the color of an object of `source`, the topmost first."""
    for layer in of_ours(image):
        if _stored(layer).get("source") == source.get_tattoo() and settings_of(layer).object and layer.get_visible():
            yield layer


def original_of(source):
    """What was scanned, as the newest colors of `source` say: those of all of it, else those of an object."""
    image = source.get_image()
    colors = colors_over(image, source) or next(objects_over(image, source), None)
    return ORIGINALS[0] if colors is None else settings_of(colors).original


def newest_of_ours(image):
    """The topmost layer with stored settings; None if there is none."""
    return next(of_ours(image), None)


def makers(image):
    """Who made the colors in an image: the client's `Maker` of each layer of ours, the topmost first."""
    return [Maker.of(_stored(layer).get("made_by")) for layer in of_ours(image)]


def object_colors(image):
    """The colors (a, b) that objects in an image were given, the topmost first, each once."""
    given = (settings_of(layer).color for layer in of_ours(image))
    return list(dict.fromkeys(color for color in given if color is not None))


def remove_ours(image):
    """Removes all layers of ours, and the groups that held nothing else; returns the layer that was colored, None if
    that was removed. Raises `Unsuitable` if there are none."""
    ours = [layer for layer in every(image) if is_ours(layer)]
    if not ours:
        raise Unsuitable(unsuitable.NO_COLORS)
    tattoo = _mark_of(ours[0]).get("source")
    for layer in ours:
        group = layer.get_parent()
        image.remove_layer(layer)
        if group is not None and not group.get_children():
            image.remove_layer(group)
    source = image.get_layer_by_tattoo(tattoo) if isinstance(tattoo, int) else None
    if source is not None:
        image.set_selected_layers([source])
    return source


def profile_of(image):
    """The ICC profile whose gamut colors must fit; None for sRGB, which gray images are converted to."""
    if image.get_base_type() == Gimp.ImageBaseType.GRAY or image.get_color_profile() is None:
        return None
    return bytes(image.get_effective_color_profile().get_icc_profile())


def filled(image, source, settings, made_by, name, strips):
    """A layer of the source's size with these pixels and settings, not in the image yet. The image must be RGB."""
    mode = Gimp.LayerMode.LCH_COLOR if settings.output == "color-layer" else Gimp.LayerMode.NORMAL
    width, height = source.get_width(), source.get_height()
    layer = Gimp.Layer.new(image, name, width, height, Gimp.ImageType.RGBA_IMAGE, 100.0, mode)
    try:
        pixels.write(layer, strips)
        store(layer, settings, source, made_by)
    except BaseException:
        layer.delete()
        raise
    return layer


def has_size_of(layer, source):
    """Whether a layer of ours still has the size of its photograph."""
    return (layer.get_width(), layer.get_height()) == (source.get_width(), source.get_height())


def check_refillable(layer, source):
    """Raises `Unsuitable` where the pixels of a layer of ours cannot be replaced."""
    if not has_size_of(layer, source):
        raise Unsuitable(unsuitable.other_size(layer.get_name()))
    if layer.get_lock_content():
        raise Unsuitable(unsuitable.locked(layer.get_name()))


def refill(image, layer, settings, made_by, strips, source, *, selected_only):
    """Replaces the pixels of a layer of ours that is in the image, in one undo step: where something is selected only
    there, or all of them."""
    with one_step(image):
        aside = None
        if not (selected_only or Gimp.Selection.is_empty(image)):
            aside = Gimp.Selection.save(image)  # writing what Undo can take back heeds the selection
            Gimp.Selection.none(image)
        pixels.merge(layer, strips)
        if Gimp.Selection.is_empty(image):
            store(layer, settings, source, made_by)
        if aside is not None:
            selected = image.get_selected_layers()
            image.select_item(Gimp.ChannelOps.REPLACE, aside)
            image.remove_channel(aside)
            image.set_selected_layers(selected)  # a saved selection is selected itself


def discard(made):
    """Removes layers that are not in the image."""
    for layer in made:
        layer.delete()


def make_rgb(image):
    """Converts a gray or indexed image: a layer created in it would be gray itself."""
    if image.get_base_type() != Gimp.ImageBaseType.RGB and not image.convert_rgb():
        raise RuntimeError("GIMP could not convert the image to RGB")


def insert(image, source, made, group="", *, masked=True):
    """Inserts finished layers above their source, several of them in a group with only the first visible, or without a
    group's name above each other, the last one on top. Selects the first in the group, or the topmost, and returns it
    or the group. Their mask is what is selected, if it is to be `masked`."""
    if len(made) > 1 and not group:
        return [insert(image, source, [each], masked=masked) for each in made][-1]
    top = made[0]
    below_objects = settings_of(top).object is None
    parent, position = source.get_parent(), _position(image, source, below_objects=below_objects)
    if len(made) > 1:
        top = parent = Gimp.GroupLayer.new(image, group)
        _insert(image, parent, source.get_parent(), position)
        # Passed through, the layers' modes work on the photograph below, not on the empty group.
        parent.set_mode(Gimp.LayerMode.PASS_THROUGH)
        position = 0
    for number, layer in enumerate(made):
        _insert(image, layer, parent, position + number)
        _place(image, source, layer, masked)
        if number:
            layer.set_visible(False)
    image.set_selected_layers(made[:1])
    return top


def place_above(image, source, layer):
    """Inserts a layer other than colors above its source and its colors, at the source's offsets."""
    _insert(image, layer, source.get_parent(), _position(image, source, below_objects=False))
    _found, x, y = source.get_offsets()
    layer.set_offsets(x, y)


def _position(image, source, *, below_objects):
    """Above the source and its earlier colors, since only the topmost colors are visible; but recolored objects stay
    above the colors of the whole."""
    position = image.get_item_position(source)
    siblings = source.get_parent().get_children() if source.get_parent() else image.get_layers()
    while position > 0:
        above = siblings[position - 1]
        children = above.get_children() if above.is_group() else []
        kept = _stored(children[0] if children else above)
        if kept is None or kept.get("source") != source.get_tattoo() or (below_objects and kept.get("object")):
            break
        position -= 1
    return position


def _insert(image, layer, parent, position):
    if not image.insert_layer(layer, parent, position):
        raise RuntimeError("GIMP could not insert the layer")


def _place(image, source, layer, masked):
    _found, x, y = source.get_offsets()
    layer.set_offsets(x, y)
    mask = _mask(image, source, layer, masked)
    if mask is not None:
        layer.add_mask(mask)
        layer.set_edit_mask(False)


def _mask(image, source, layer, masked):
    """A mask of what is selected and visible of the source, for an object also its outline; None if that is all."""
    wanted = settings_of(layer).object
    # A selection that points out the object is rough: the object's own outline counts.
    selected = masked and not Gimp.Selection.is_empty(image) and wanted != SELECTED
    hidden = source.get_mask() if source.get_apply_mask() else None
    if not selected and hidden is None and not wanted:
        return None
    mask = layer.create_mask(Gimp.AddMaskType.SELECTION if selected else Gimp.AddMaskType.WHITE)
    if wanted:
        # The engine's alpha is the object. As a mask it can be painted on, with the color still there below it.
        outline = layer.create_mask(Gimp.AddMaskType.ALPHA_TRANSFER)
        mask.combine_masks(outline, Gimp.ChannelOps.INTERSECT, 0, 0)
    if hidden is not None:
        mask.combine_masks(hidden, Gimp.ChannelOps.INTERSECT, 0, 0)
    return mask


def _mark_of(layer):
    """What is stored with a layer of ours, be it of colors or uncertainty; None for any other."""
    kept = _stored(layer)
    return kept if kept is not None else _stored(layer, stored.HEAT)


def attach(layer, name, data):
    """Stores data with a layer, in the file too; Undo takes it back."""
    layer.attach_parasite(Gimp.Parasite.new(name, Gimp.PARASITE_PERSISTENT | Gimp.PARASITE_UNDOABLE, list(data)))


def _stored(layer, name=stored.PARASITE):
    """What was stored with a layer under this name; None where nothing was."""
    parasite = layer.get_parasite(name)
    return stored.read(bytes(parasite.get_data()) if parasite is not None else None)


def of_ours(image):
    """The layers of colors, with stored settings, the topmost first."""
    return (layer for layer in every(image) if settings_of(layer) is not None)


def every(image):
    """The layers in an image, and in its groups, the topmost first."""
    return _all(image.get_layers())


def _all(some):
    for layer in some:
        yield layer
        if layer.is_group():
            yield from _all(layer.get_children())
