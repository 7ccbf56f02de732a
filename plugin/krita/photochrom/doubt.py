"""Where the colorizer is unsure: as a layer, and as a selection to paint hints in. Functions are steps of a
`task.Task`."""

from krita import Selection

from . import document, guidance, known
from .coloring import messages
from .engine_job import Done, EngineJob, Planes, asking
from .origins import remember
from .photochrom_client import translated as _
from .pixels import Converter, bounds_of, grays
from .planes import bands_of, picture_of
from .qt import QtCore, QtGui
from .reduced import reduced_of, reduced_picture
from .sources import doubts_of, top_of
from .task import POLL

OPACITY = 128

MAP = _("Uncertainty: the brighter, the less sure")
MAP_AND_KNOWN = _("Uncertainty: the brighter, the less sure; green: known")


def show(now, source, space, settings, plugin_folder, progress):
    """Adds the heat map above the photograph and all its colors, instead of an earlier one, and returns its layer. One
    undo step, and one for an earlier map: as in `document.put_in_place`. `space` as in `document.add`."""
    rectangle, frame = bounds_of(source), document.frame_of(now, source)
    where = known.where(now, source)
    with Converter() as converter:
        heat = yield from _ask(
            now, source, settings, converter, plugin_folder, progress, lambda job: job.doubt(), where
        )
        bands = yield from bands_of(picture_of(heat), rectangle, space, converter)
    document.check_present(now, source)
    document.check_frame(now, source, frame)
    new = document.NewLayer(MAP if where is None else MAP_AND_KNOWN, bands, masked=False, opacity=OPACITY, colors=False)
    (layer,) = document.add(now, top_of(now, source), space, rectangle, [new])
    earlier = doubts_of(now, source)
    remember(now, layer, source, settings, doubt=True)
    for each in earlier:
        each.remove()
    return layer


def select(now, source, settings, plugin_folder, progress):
    """Adds to the selection where a hint helps most: Krita has no undo step for it."""
    rectangle, frame = bounds_of(source), document.frame_of(now, source)
    where = known.where(now, source)
    with Converter() as converter:
        first = yield from _ask(
            now, source, settings, converter, plugin_folder, progress, lambda job: job.paint_first(), where
        )
    document.check_present(now, source)
    document.check_frame(now, source, frame)
    mask = QtGui.QImage(first.data, first.width, first.height, first.width, QtGui.QImage.Format.Format_Grayscale8)
    mask = mask.scaled(
        rectangle.width,
        rectangle.height,
        QtCore.Qt.AspectRatioMode.IgnoreAspectRatio,
        QtCore.Qt.TransformationMode.SmoothTransformation,
    ).convertToFormat(QtGui.QImage.Format.Format_Grayscale8)
    selection = Selection()
    selection.select(*rectangle, 255)  # else Krita takes it for an empty one
    selection.setPixelData(QtCore.QByteArray(b"".join(grays(mask))), *rectangle)
    before = now.selection()
    if before is not None:
        selection.add(before)
    now.setSelection(selection)


def _ask(now, source, settings, converter, plugin_folder, progress, what, where):
    reduced = yield from reduced_of(reduced_picture(source), converter)
    # Without a tint: the doubt is about the colors alone.
    wish = settings._replace(variant=0, object=None, color=None, tint=(0.0, 0.0))
    given = yield from guidance.collect(now, bounds_of(source), [wish], converter)
    planes = Planes(reduced.width, reduced.height, [reduced.lightness], None, None)
    for message in messages(EngineJob(plugin_folder, planes, given, asking(wish.options(), what, where)), progress):
        match message:
            case None:
                yield POLL
            case Done(result):
                return result
