"""Where the colorizer guessed: as a layer to look at, and as a selection to paint in. Functions yield as `steps.Steps`
wants."""

from krita import Selection

from . import document
from .beside import beside
from .coloring import LOOK, fetched
from .errand import Errand, Planes, asked
from .photochrom_client import translated as _
from .planes import bands_of, grays, picture_of
from .previewing import reduced_of, reduced_picture
from .qt import QtCore, QtGui

OPACITY = 128


def show(now, source, settings, plugin_folder, progress):
    """Adds the heat map above the photograph, in one undo step, and returns it."""
    rectangle, space = document.bounds_of(source), document.space_for(now)
    with document.Converter() as converter:
        heat = yield from _asked(now, source, settings, converter, plugin_folder, progress, lambda job: job.doubt())
        bands = yield from bands_of(picture_of(heat), rectangle, space, converter)
    document.check_there(now, source)
    made = document.Made(_("Photochrom doubt"), bands, masked=False, opacity=OPACITY)
    (layer,) = document.add(now, document.place_for(now, source), space, rectangle, [made])
    document.remember(now, layer, source, settings)
    return layer


def select(now, source, settings, plugin_folder, progress):
    """Selects what should be painted first, in one undo step."""
    rectangle = document.bounds_of(source)
    with document.Converter() as converter:
        first = yield from _asked(
            now, source, settings, converter, plugin_folder, progress, lambda job: job.paint_first()
        )
    document.check_there(now, source)
    mask = QtGui.QImage(first.data, first.width, first.height, first.width, QtGui.QImage.Format.Format_Grayscale8)
    mask = mask.scaled(
        rectangle.width,
        rectangle.height,
        QtCore.Qt.AspectRatioMode.IgnoreAspectRatio,
        QtCore.Qt.TransformationMode.SmoothTransformation,
    ).convertToFormat(QtGui.QImage.Format.Format_Grayscale8)
    selection = Selection()
    selection.setPixelData(QtCore.QByteArray(b"".join(grays(mask))), *rectangle)
    now.setSelection(selection)


def _asked(now, source, settings, converter, plugin_folder, progress, what):
    reduced = yield from reduced_of(reduced_picture(source), converter)
    # In whatever tone: the doubt is about the colors alone.
    wish = settings._replace(variant=0, object=None, color=None, tint=(0.0, 0.0))
    given = yield from beside(now, document.bounds_of(source), [wish], converter)
    planes = Planes(reduced.width, reduced.height, [reduced.lightness], None, None)
    for said in fetched(Errand(plugin_folder, planes, given, asked(wish.options(), what)), progress):
        if said is None:
            yield LOOK
        elif "done" in said:
            return said["done"]
