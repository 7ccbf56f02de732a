"""The note in an image's metadata that its colors were made by an algorithm, present as long as such colors are."""

import known
import layers
from gi.repository import Gimp

from photochrom_client.given import written
from photochrom_client.kit import tags


def update(image, on):
    """Brings the note in line with the layers, or removes it where there are no colors of ours or it is not `on`.

    To be called within the undo step that changes the layers.
    """
    parasite = image.get_parasite(tags.EARLIER)
    earlier = bytes(parasite.get_data()) if parasite is not None else None
    xml = (image.get_metadata() or Gimp.Metadata.new()).serialize()
    noted = tags.noted(xml, layers.makers(image) if on else [], earlier, written(known.given(image)))
    if noted.earlier is not None:
        flags = Gimp.PARASITE_PERSISTENT | Gimp.PARASITE_UNDOABLE
        image.attach_parasite(Gimp.Parasite.new(tags.EARLIER, flags, list(noted.earlier)))
    if noted.xml is not None:
        image.set_metadata(Gimp.Metadata.deserialize(noted.xml))


def renew(image):
    """Brings the note in line with the layers where there is one; likewise."""
    if tags.is_noted((image.get_metadata() or Gimp.Metadata.new()).serialize()):
        update(image, True)
