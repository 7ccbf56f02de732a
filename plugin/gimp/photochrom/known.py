"""The colors of an image that a person gave, and how they are known: notes on layers of objects, and on the hints."""

import hints
import layers
import pixels
from sources import of_ours

from photochrom_client.given import Given, object_of, tidy
from photochrom_client.kit import unsuitable
from photochrom_client.kit.known import SIDE, Where, joined
from photochrom_client.kit.unsuitable import Unsuitable


def given(image):
    """What a person gave, as `Given`, the topmost layer first."""
    found = [object_of(layers.settings_of(layer)) for layer in layers.of_ours(image)]
    painted = hints.layer_of(image)
    if painted is not None and hints.has_paint(painted):
        found.append(Given("paint", note=hints.note_of(painted)))
    return [each for each in found if each is not None]


def to_be_noted(image, drawables):
    """The layer that a note is for: that of an object, or the hints layer, also where the colors that were made with it
    are selected. Raises `Unsuitable`."""
    chosen = drawables[0] if len(drawables) == 1 else None
    if hints.is_hints(chosen):
        return chosen
    ours = of_ours(chosen)
    settings = None if ours is None else layers.settings_of(ours)
    if settings is not None and settings.object is not None:
        return ours
    painted = hints.layer_of(image) if settings is not None else None
    if painted is None:
        raise Unsuitable(unsuitable.NOT_GIVEN)
    return painted


def note_of(layer):
    """The note on such a layer, "" without one."""
    return hints.note_of(layer) if hints.is_hints(layer) else tidy(layers.settings_of(layer).note)


def keep(layer, note):
    """Keeps a note with such a layer."""
    if hints.is_hints(layer):
        hints.keep_note(layer, tidy(note))
    else:
        layers.keep_note(layer, tidy(note))


def where(image, source):
    """Where the colors of `source` are known, as `Where`; None where nobody has noted that."""
    painted = hints.layer_of(image)
    hinted = painted is not None and bool(hints.note_of(painted)) and hints.has_paint(painted)
    masks = [_outline(layer, source) for layer in layers.objects_over(image, source) if note_of(layer)]
    if not masks and not hinted:
        return None
    return Where(*joined(masks), hinted) if masks else Where(1, 1, bytes(4), hinted)


def _outline(layer, source):
    mask = layer.get_mask()
    if mask is not None and layer.get_apply_mask():
        return pixels.over(mask, source, SIDE, "Y float")
    width, height, data = pixels.over(layer, source, SIDE, "CIE Lab alpha float")
    return width, height, memoryview(data).cast("f")[3::4].tobytes()
