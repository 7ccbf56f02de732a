"""What dialogs with a picture have in common: the picture follows the settings, while the window stays responsive."""

import queue
import time

import layers
import sources
from coloring import FOLDER
from gimp import pdb
from gimpenums import GRAY, RGB
from gimpfu_compat.dialog import toolkit
from gimpfu_compat.dialog.toolkit import RESPONSE_CANCEL, RESPONSE_OK, Unsigned, gimp_ui, gtk, pack, vertical_box
from gimpfu_compat.libraries import Int, Pointer, Text, encode
from gimpfu_compat.pixels import reduced
from widgets import Label, Timer, column, horizontal_box, show

from photochrom_client import Cancelled
from photochrom_client import translated as _
from photochrom_client.kit import texts
from photochrom_client.kit.background import Failed, Working
from photochrom_client.kit.preview import Colored, Previewer, Reduced, scale_for

MOST_PIXELS = 50_000_000
"""Of a layer that is sent at full size for a preview: 200 MB."""

COLUMN = 400
"""Pixels of what can be chosen, beside the preview."""

REST = 0.12
"""Seconds that a setting must rest before a new preview is asked for."""

LOOK = 40
"""Milliseconds between two looks at what the previewer's thread has told."""

GLANCE = 0.5
"""Seconds between looks at the image while a dialog is open."""


def ask(dialog_class, image, source, *given):
    """Runs a dialog and returns its `chosen`. Raises `Cancelled`, and `Unsuitable` where the image was closed."""
    toolkit.start("photochrom")
    dialog = dialog_class(image, source, *given)
    try:
        accepted = dialog.run()
        layers.check_there(source)
        if not accepted:
            raise Cancelled("Cancelled.")
        return dialog.chosen()
    finally:
        dialog.close()


def small(image, source):
    """The layer for a preview."""
    scale = scale_for(source.width, source.height)
    return Reduced(*reduced(source, "CIE L float", scale), layers.profile_of(image))


def whole(image, source):
    """The layer for a preview in which objects are segmented: in a smaller one they would differ from the result's."""
    scale = min(1.0, (MOST_PIXELS / (source.width * source.height)) ** 0.5)
    return Reduced(*reduced(source, "CIE L float", scale), layers.profile_of(image))


def becomes_rgb(image):
    """A note for images that cannot hold color, as a list of widgets: none for those that can."""
    if image.base_type == RGB:
        return []
    return [Label(texts.becomes_rgb(image.base_type == GRAY)).widget]


def about(image, source, masks=True):
    """Which layer is colored, that a selection becomes its mask, if it does, and what may surprise."""
    said = [_("Colors “{name}”.").format(name=source.name), *sources.remarks(source)]
    if masks and not pdb.gimp_selection_is_empty(image):
        said.append(_("The selection becomes the mask of the new layer."))
    return "\n".join(said)


def window(title, ok, cancel="gtk-cancel"):
    """A dialog with two buttons."""
    made = _dialog(title, (cancel, RESPONSE_CANCEL), (ok, RESPONSE_OK))
    gtk("dialog_set_default_response", None, Pointer, Int)(made, RESPONSE_OK)
    return made


def closable(title):
    """A dialog that can only be closed."""
    return _dialog(title, ("gtk-close", RESPONSE_CANCEL))


def _dialog(title, *buttons):
    """Not gimp_dialog_new: it is variadic, which ctypes cannot call on every processor."""
    made = gtk("dialog_new", Pointer)()
    gtk("window_set_title", None, Pointer, Text)(made, encode(title))
    gtk("window_set_position", None, Pointer, Int)(made, 1)
    for label, response in buttons:
        gtk("dialog_add_button", Pointer, Pointer, Text, Int)(made, encode(label), response)
    return made


def accept(made, possible):
    """Whether the dialog's OK can be pressed."""
    gtk("dialog_set_response_sensitive", None, Pointer, Int, Int)(made, RESPONSE_OK, possible)


def put_into(made, widget):
    gtk("container_set_border_width", None, Pointer, Unsigned)(widget, 12)
    pack(gtk("dialog_get_content_area", Pointer, Pointer)(made), widget, expand=True)
    gtk("widget_show_all", None, Pointer)(widget)
    gimp_ui("window_set_transient", None, Pointer)(made)


class PreviewDialog:
    """The window with its picture; everything here runs on the main thread but the previewer.

    `view` is the picture, `reduced` the layer that previews are made from. A dialog says what is in its rows, what it
    wants previewed and how a preview is shown.
    """

    TITLE = OK = ""
    MASKS = True
    """Whether a selection becomes the new layer's mask."""

    def __init__(self, image, source, *, view, reduced):
        self._image, self._source = image, source
        self._view = view
        self._rests_at = None
        self._glance_at = 0.0
        self._told: queue.SimpleQueue = queue.SimpleQueue()
        self._window = window(self.TITLE, self.OK)
        self._status = Label(width=400)
        self._spinner = gtk("spinner_new", Pointer)()
        gtk("widget_set_size_request", None, Pointer, Int, Int)(self._spinner, 16, 16)
        self._lay_out()
        self._previewer = Previewer(FOLDER, reduced, self._told.put)
        self._timer = Timer(LOOK, self._look)

    def run(self):
        return gtk("dialog_run", Int, Pointer)(self._window) == RESPONSE_OK

    def look(self):
        """Called twice a second while the dialog is open."""

    def close(self):
        self._timer.close()
        self._previewer.close()
        self._view.close()
        gtk("widget_destroy", None, Pointer)(self._window)
        toolkit.process_events()

    def chosen(self):
        """The dialog's result."""
        raise NotImplementedError

    def _about(self):
        """Which layer is colored, and what may surprise about it."""
        return about(self._image, self._source, self.MASKS)

    def _rows(self):
        """The widgets beside the picture."""
        raise NotImplementedError

    def _rows_below(self):
        """The widgets below the picture."""
        return ()

    def _options(self):
        """What the engine is to be asked for now."""
        raise NotImplementedError

    def _show(self, colored):
        """Shows a preview, the kit's `Colored`; returns the line below it."""
        raise NotImplementedError

    def _lay_out(self):
        line = horizontal_box()
        pack(line, self._spinner)
        pack(line, self._status.widget, expand=True)
        right = column(Label(self._about()).widget, *self._rows())
        gtk("widget_set_size_request", None, Pointer, Int, Int)(right, COLUMN, -1)
        left = vertical_box(6)
        pack(left, self._view.widget, expand=True)
        for each in (line, *self._rows_below()):
            pack(left, each)
        both = horizontal_box(12)
        pack(both, left, expand=True)
        pack(both, right)
        put_into(self._window, both)
        show(self._spinner, False)

    def _accept(self, possible):
        accept(self._window, possible)

    def _changed(self):
        self._rests_at = time.monotonic() + REST

    def _look(self):
        if time.monotonic() >= self._glance_at:
            self._glance_at = time.monotonic() + GLANCE
            if not self._source.is_valid():
                gtk("dialog_response", None, Pointer, Int)(self._window, RESPONSE_CANCEL)
                return
            self.look()
        if self._rests_at is not None and time.monotonic() >= self._rests_at:
            self._rests_at = None
            self._want()
        while not self._told.empty():
            self._hear(self._told.get())

    def _want(self):
        self._previewer.want(self._options())

    def _hear(self, message):
        """What the previewer tells."""
        match message:
            case Colored():
                self._status.set(self._show(message))
            case Failed(error):
                self._status.set(str(error))
            case Working(text):
                self._status.set(f"{text}…")
        working = isinstance(message, Working)
        show(self._spinner, working)
        gtk("spinner_start" if working else "spinner_stop", None, Pointer)(self._spinner)
