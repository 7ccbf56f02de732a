"""What dialogs with a picture have in common: the picture follows the settings, while the window stays responsive."""

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
import layers
import pixels
from coloring import FOLDER
from gi.repository import Gimp, GimpUi, GLib, Gtk

from photochrom_client import Cancelled
from photochrom_client import translated as _
from photochrom_client.kit.background import Failed, Working
from photochrom_client.kit.preview import Colored, Previewer, Reduced

BINARY = "photochrom"

MOST_PIXELS = 50_000_000
"""Of a layer that is sent at full size for a preview: 200 MB."""

COLUMN = 400
"""Pixels of what can be chosen, beside the preview: below each other they would be higher than a small screen."""

REST = 120
"""Milliseconds that a setting must rest before a new preview is asked for."""


def ask(dialog_class, *given):
    """Runs a dialog and returns its `chosen`. Raises `Cancelled`."""
    GimpUi.init(BINARY)
    dialog = dialog_class(*given)
    try:
        if not dialog.run():
            raise Cancelled("Cancelled.")
        return dialog.chosen()
    finally:
        dialog.close()


def window(procedure, config, title, ok):
    made = GimpUi.ProcedureDialog.new(procedure, config, title)
    made.set_ok_label(ok)
    help_button = made.get_widget_for_response(Gtk.ResponseType.HELP)
    if help_button is not None:
        help_button.hide()  # GIMP's help browser has no page for it
    return made


def whole(image, source):
    """The layer for a preview in which objects are segmented: in a smaller one they would differ from the result's."""
    scale = min(1.0, (MOST_PIXELS / (source.get_width() * source.get_height())) ** 0.5)
    return Reduced(*pixels.reduced(source, scale, "CIE L float"), layers.profile_of(image))


def becomes_rgb(image):
    """A note for images that cannot hold color; None for those that can."""
    if image.get_base_type() == Gimp.ImageBaseType.RGB:
        return None
    gray = _("This image is grayscale. It becomes RGB together with the new layer: one step for Undo.")
    indexed = _("This image is indexed. It becomes RGB together with the new layer: one step for Undo.")
    return text(gray if image.get_base_type() == Gimp.ImageBaseType.GRAY else indexed)


def text(words=""):
    return Gtk.Label(label=words, xalign=0, wrap=True, selectable=True, max_width_chars=50, can_focus=False)


class PreviewDialog:
    """The window with its picture; everything here runs on the main thread but the previewer.

    `view` is the picture, `reduced` the layer that previews are made from, `watched` the names of the arguments that
    change them. A dialog says what is in its rows, what it wants previewed and how a preview is shown.
    """

    TITLE = OK = ""

    def __init__(self, procedure, config, image, source, *, view, reduced, watched):
        self._config, self._image, self._source = config, image, source
        self._window = window(procedure, config, self.TITLE, self.OK)
        self._view = view
        self._status = text()
        self._spinner = Gtk.Spinner()
        self._timer = 0
        self._closed = False
        self._lay_out()
        self._previewer = Previewer(FOLDER, reduced, lambda message: GLib.idle_add(self._hear_if_open, message))
        self._handlers = [config.connect(f"notify::{name}", self._changed) for name in watched]

    def run(self):
        return self._window.run()

    def close(self):
        for handler in self._handlers:
            self._config.disconnect(handler)
        if self._timer:
            GLib.source_remove(self._timer)
        self._closed = True
        self._previewer.close()
        self._window.destroy()

    def chosen(self):
        """The dialog's result beside the configuration."""

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
        left = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        left.pack_start(self._view.widget, False, False, 0)
        line = Gtk.Box(spacing=6)
        line.pack_start(self._spinner, False, False, 0)
        line.pack_start(self._status, True, True, 0)
        left.pack_start(line, False, False, 0)
        for each in self._rows_below():
            left.pack_start(each, False, False, 0)
        right = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6, width_request=COLUMN)
        for each in self._rows():
            right.pack_start(each, False, False, 0)
        both = Gtk.Box(spacing=12)
        both.pack_start(left, True, True, 0)
        both.pack_start(right, False, False, 0)
        both.show_all()
        self._window.get_content_area().pack_start(both, True, True, 0)

    def _scales(self, *names):
        for name in names:
            self._window.get_scale_entry(name, 1.0)
        return list(names)

    def _changed(self, *_what):
        if self._timer:
            GLib.source_remove(self._timer)
        self._timer = GLib.timeout_add(REST, self._rested)

    def _rested(self):
        self._timer = 0
        self._want()
        return GLib.SOURCE_REMOVE

    def _want(self):
        self._previewer.want(self._options())

    def _hear_if_open(self, message):
        """On the main thread. Messages that arrive after the dialog has been closed are dropped."""
        if not self._closed:
            self._hear(message)
        return GLib.SOURCE_REMOVE

    def _hear(self, message):
        """What the previewer tells."""
        match message:
            case Colored():
                self._status.set_text(self._show(message))
            case Failed(error):
                self._status.set_text(str(error))
            case Working(text):
                self._status.set_text(f"{text}…")
        working = isinstance(message, Working)
        if working != self._spinner.get_property("active"):
            self._spinner.set_property("active", working)
