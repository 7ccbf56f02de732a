"""The note in an image's metadata that its colors were made by an algorithm, present as long as such colors are."""

import layers
from gimp import pdb

from photochrom_client.kit import tags

NOTHING = "<?xml version='1.0' encoding='UTF-8'?>\n<metadata>\n</metadata>\n"


def update(image, on):
    """Brings the note in line with the layers, or removes it where there are no colors of ours or it is not `on`.

    To be called within the undo step that changes the layers.
    """
    parasite = image.parasite_find(tags.EARLIER)
    earlier = bytes(parasite.data) if parasite is not None else None
    xml = pdb.gimp_image_get_metadata(image) or NOTHING
    noted = tags.noted(xml, layers.makers(image) if on else [], earlier, layers.given(image))
    if noted.earlier is not None:
        image.attach_new_parasite(tags.EARLIER, layers.KEPT, noted.earlier)
    if noted.xml is not None:
        pdb.gimp_image_set_metadata(image, noted.xml)
