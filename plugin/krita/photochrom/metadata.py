"""The note in a document's metadata that its colors were made by an algorithm.

Krita keeps metadata with layers and gives plug-ins no way to set them. But it reads those of a file, and a copy of a
layer has them too: so the first layer of colors is a copy of the layer of a small marked file. The note is added and
removed with that layer, by Undo too. Krita 5.2 writes the metadata of a document's one layer that has any into PNG and
WebP files, and of several none: where another layer has some, they count.
"""

from contextlib import contextmanager

from krita import InfoObject, Krita

from .origins import recall
from .photochrom_client import note
from .pixels import SRGB, Foreign
from .qt import QtCore, QtGui
from .sources import layers_of

_EXIF = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x011\0\x02\0\0\0\x0b\0\0\0\x1a\0\0\0\0Photochrom\0"
"""With one tag, Software: of metadata without Exif, Krita 5.2 writes no WebP file at all."""

_TRACES = (b"Raw profile type", b"XML:com.adobe.xmp", b"eXIf")
"""Occur in PNG files of Krita's that have metadata."""


def makers(document):
    """Who made the colors in a document: the client's `Maker` of each layer of ours, the topmost first."""
    origins = (recall(document, node) for node in layers_of(document.rootNode()))
    return [origin.made_by for origin in origins if origin is not None and origin.colors]


def on_saved(call):
    """Calls `call` with the path of every file that Krita has written."""
    notifier = Krita.instance().notifier()
    notifier.setActive(True)
    notifier.imageSaved.connect(call)


@contextmanager
def carrier(document, space, made_by, given=""):
    """An empty layer in `space` for `document.add` whose metadata say that its colors are by these makers, but for
    those `given` by a person (`given.written`); None where another layer has metadata, which would be lost."""
    layers = layers_of(document.rootNode())
    if any(_has_metadata(node) for node in layers if node.type() == "paintlayer"):
        yield None
        return
    with _marked_file(note.packet(made_by, given)) as path:
        scratch = Krita.instance().openDocument(path)
        if scratch is None:
            yield None
            return
        try:
            scratch.setBatchmode(True)
            scratch.setColorSpace(*space)
            scratch.waitForDone()
            layer = scratch.rootNode().childNodes()[0].duplicate()
            layer.setPixelData(QtCore.QByteArray(bytes(space.pixel)), 0, 0, 1, 1)
            yield Foreign(layer, scratch)
        finally:
            scratch.setModified(False)
            scratch.close()


def _has_metadata(node):
    """Seen by what Krita writes of a copy, on a canvas of one pixel."""
    scratch = Krita.instance().createDocument(1, 1, "", "RGBA", "U8", SRGB, 72.0)
    place = QtCore.QTemporaryDir()
    path = place.filePath("look.png")
    try:
        scratch.setBatchmode(True)
        for each in scratch.rootNode().childNodes():
            each.remove()
        scratch.rootNode().addChildNode(node.duplicate(), None)
        scratch.waitForDone()
        wanted = InfoObject()
        wanted.setProperty("storeMetaData", True)
        if not scratch.exportImage(path, wanted):
            return True  # unknown: nothing is risked
        written = _read(path)
        return any(trace in written for trace in _TRACES)
    finally:
        scratch.setModified(False)
        scratch.close()


@contextmanager
def _marked_file(packet):
    """The path of a JPEG of one pixel with this XMP packet. By Qt: Krita's Python cannot open every path."""
    pixel = QtCore.QByteArray()
    buffer = QtCore.QBuffer(pixel)
    buffer.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
    picture = QtGui.QImage(1, 1, QtGui.QImage.Format.Format_RGB32)
    picture.fill(0)
    picture.save(buffer, "jpg")
    buffer.close()
    contents = (_EXIF, b"http://ns.adobe.com/xap/1.0/\0" + packet)
    segments = b"".join(b"\xff\xe1" + (len(each) + 2).to_bytes(2, "big") + each for each in contents)
    place = QtCore.QTemporaryDir()
    file = QtCore.QFile(place.filePath("note.jpg"))
    file.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
    file.write(pixel.data()[:2] + segments + pixel.data()[2:])
    file.close()
    yield file.fileName()
    place.remove()


def _read(path):
    file = QtCore.QFile(path)
    file.open(QtCore.QIODevice.OpenModeFlag.ReadOnly)
    data = file.readAll().data()
    file.close()
    return data
