"""The document: which layer is colored, and how new layers are inserted, in one undo step."""

import json
from contextlib import contextmanager

import pixels
from gi.repository import Gimp

from photochrom_client import translated as _
from photochrom_client.note import Maker
from photochrom_client.settings import Settings

PARASITE = "photochrom-settings"
"""Name of a parasite of our layers: in JSON the settings, as "source" the tattoo of the photograph's layer, as
"made_by" the client's `Maker`."""

HINTS = "Photochrom hints"
"""Name of the layer that is painted on. Not translated: it must be found again in another language."""


class Unsuitable(Exception):
    """What is selected cannot be colored; the text says why and what to select instead."""


def source_of(image, drawables):
    """The layer to be colored: the one in `drawables`, or, where that is a layer of ours, its photograph. Raises
    `Unsuitable`."""
    if not drawables:
        raise Unsuitable(_("No layer is selected. Select the layer of the photograph and try again."))
    if len(drawables) > 1:
        raise Unsuitable(
            _("{count} layers are selected. Photochrom colors one at a time: select one of them.").format(
                count=len(drawables)
            )
        )
    source = drawables[0]
    if isinstance(source, Gimp.LayerMask):
        raise Unsuitable(_("A layer mask is selected. Click on the layer's own picture in the Layers dialog."))
    if not isinstance(source, Gimp.Layer):
        raise Unsuitable(_("A channel is selected. Select the layer of the photograph in the Layers dialog."))
    if image.get_floating_sel() is not None:
        raise Unsuitable(_("The image has a floating selection. Anchor it (Layer ▸ Anchor Layer) and try again."))
    if source.get_name() == HINTS:
        source = _photograph_below(image, source)
    elif settings_of(source) is not None:
        source = photograph_of(image, source)
    if isinstance(source, Gimp.GroupLayer):
        raise Unsuitable(_("A layer group is selected. Select the layer of the photograph inside it."))
    return source


def settings_of(layer):
    """The `Settings` of a layer of ours; None for any other."""
    stored = _stored(layer)
    return None if stored is None else Settings.from_dict(stored)


def colors_of(drawables):
    """The selected layer with the colors of a photograph, made by us. Raises `Unsuitable`."""
    chosen = drawables[0] if len(drawables) == 1 else None
    settings = settings_of(chosen) if isinstance(chosen, Gimp.Layer) else None
    if settings is None:
        raise Unsuitable(_("Select a layer that Photochrom made: its colors are adjusted."))
    if settings.object is not None:
        raise Unsuitable(_("This layer colors one object: give it another color with “Recolor Object…”."))
    return chosen


def store(layer, settings, source, made_by):
    """Stores with the layer, in the file too, its settings, its photograph and the maker of its colors."""
    stored = {**settings._asdict(), "source": source.get_tattoo(), "made_by": made_by}
    data = list(json.dumps(stored).encode())
    layer.attach_parasite(Gimp.Parasite.new(PARASITE, Gimp.PARASITE_PERSISTENT | Gimp.PARASITE_UNDOABLE, data))


def photograph_of(image, layer):
    """The photograph's layer of a layer of ours. Raises `Unsuitable` if it was removed."""
    tattoo = _stored(layer).get("source")
    source = image.get_layer_by_tattoo(tattoo) if isinstance(tattoo, int) and tattoo > 0 else None
    if source is None:
        raise Unsuitable(
            _("The photograph of “{name}” is no longer in this image. Select another layer.").format(
                name=layer.get_name()
            )
        )
    return source


def newest_of_ours(image):
    """The topmost layer with stored settings; None if there is none."""
    return next(_ours(image), None)


def makers(image):
    """Who made the colors in an image: the client's `Maker` of each layer of ours, the topmost first."""
    return [Maker.of(_stored(layer).get("made_by")) for layer in _ours(image)]


def remove_ours(image):
    """Removes all layers of ours, and the groups that held nothing else; returns the layer that was colored, None if
    that was removed. Raises `Unsuitable` if there are none."""
    ours = list(_ours(image))
    if not ours:
        raise Unsuitable(_("There are no colors in this image that Photochrom made."))
    tattoo = _stored(ours[0]).get("source")
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


def check_refillable(layer, source):
    """Raises `Unsuitable` where the pixels of a layer of ours cannot be replaced."""
    if (layer.get_width(), layer.get_height()) != (source.get_width(), source.get_height()):
        raise Unsuitable(_("“{name}” no longer has its photograph's size.").format(name=layer.get_name()))
    if layer.get_lock_content():
        raise Unsuitable(_("The pixels of “{name}” are locked.").format(name=layer.get_name()))


def refill(image, layer, settings, made_by, strips, source):
    """Replaces the pixels of a layer of ours that is in the image, within the selection if there is one, in one undo
    step."""
    with one_step(image):
        pixels.merge(layer, strips)
        if Gimp.Selection.is_empty(image):
            store(layer, settings, source, made_by)


def discard(made):
    """Removes layers that are not in the image."""
    for layer in made:
        layer.delete()


@contextmanager
def one_step(image):
    """Changes inside are one undo step. Not for long work: GIMP may kill the plug-in in the middle of it."""
    image.undo_group_start()
    try:
        yield
    finally:
        image.undo_group_end()


def make_rgb(image):
    """Converts a gray or indexed image: a layer created in it would be gray itself."""
    if image.get_base_type() != Gimp.ImageBaseType.RGB and not image.convert_rgb():
        raise RuntimeError("GIMP could not convert the image to RGB")


def insert(image, source, made, group=""):
    """Inserts finished layers above their source, several of them in a group with only the first visible. Selects and
    returns the layer or the group."""
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
        _place(image, source, layer)
        if number:
            layer.set_visible(False)
    image.set_selected_layers([top])
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
        stored = _stored(children[0] if children else above)
        if stored is None or stored.get("source") != source.get_tattoo() or (below_objects and stored.get("object")):
            break
        position -= 1
    return position


def _insert(image, layer, parent, position):
    if not image.insert_layer(layer, parent, position):
        raise RuntimeError("GIMP could not insert the layer")


def _place(image, source, layer):
    _found, x, y = source.get_offsets()
    layer.set_offsets(x, y)
    mask = _mask(image, source, layer)
    if mask is not None:
        layer.add_mask(mask)
        layer.set_edit_mask(False)


def _mask(image, source, layer):
    """A mask of what is selected and visible of the source, for an object also its outline; None if that is all."""
    wanted = settings_of(layer).object
    # A selection that points out the object is rough: the object's own outline counts.
    selected = not Gimp.Selection.is_empty(image) and not (wanted and wanted.get("selection"))
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


def _stored(layer):
    """What `store` stored; None for a layer that is not ours."""
    parasite = layer.get_parasite(PARASITE)
    if parasite is None:
        return None
    try:
        stored = json.loads(bytes(parasite.get_data()).rstrip(b"\0"))
    except ValueError:
        return None
    return stored if isinstance(stored, dict) else None


def _photograph_below(image, hints):
    """For the hints layer: the photograph of the newest colors, else the layer right below."""
    ours = newest_of_ours(image)
    if ours is not None:
        return photograph_of(image, ours)
    siblings = hints.get_parent().get_children() if hints.get_parent() else image.get_layers()
    below = siblings[image.get_item_position(hints) + 1 :]
    if not below:
        raise Unsuitable(_("There is no layer below the hints. Select the layer of the photograph and try again."))
    return below[0]


def _ours(image):
    """The layers with stored settings, the topmost first."""
    return (layer for layer in _all(image.get_layers()) if settings_of(layer) is not None)


def _all(some):
    for layer in some:
        yield layer
        if layer.is_group():
            yield from _all(layer.get_children())
