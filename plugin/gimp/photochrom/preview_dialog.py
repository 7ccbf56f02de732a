"""What dialogs with a picture have in common: the picture follows the settings, while the window stays responsive."""

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
import layers
import pixels
import sources
from coloring import FOLDER
from gi.repository import Gimp, GimpUi, GLib, Gtk

from photochrom_client import Cancelled
from photochrom_client import translated as _
from photochrom_client.kit import texts
from photochrom_client.kit.background import Failed, Working
from photochrom_client.kit.preview import Colored, Previewer, Reduced

BINARY = "photochrom"

MOST_PIXELS = 50_000_000
"""Of a layer that is sent at full size for a preview: 200 MB."""

COLUMN = 400
"""Pixels of what can be chosen, beside the preview: below each other they would be higher than a small screen."""

REST = 120
"""Milliseconds that a setting must rest before a new preview is asked for."""


LOOK = 500
"""Milliseconds between looks at the image while a dialog is open."""


def ask(dialog_class, procedure, config, image, source, *given):
    """Runs a dialog and returns its `chosen`. Raises `Cancelled`, and `Unsuitable` where the image was closed."""
    GimpUi.init(BINARY)
    dialog = dialog_class(procedure, config, image, source, *given)

    def look():
        if source.is_valid():
            dialog.look()
        else:
            dialog.dismiss()
        return GLib.SOURCE_CONTINUE

    looking = GLib.timeout_add(LOOK, look)
    try:
        accepted = dialog.run()
        layers.check_there(image, source)
        if not accepted:
            raise Cancelled("Cancelled.")
        return dialog.chosen()
    finally:
        GLib.source_remove(looking)
        dialog.close()


def window(procedure, config, title, ok):
    made = GimpUi.ProcedureDialog.new(procedure, config, title)
    made.set_ok_label(ok)
    for argument in config.list_properties():
        if argument.__gtype__.name == "GimpParamChoice":  # GIMP 3.2 lists up to three, too high for small screens
            made.get_widget(argument.name, Gtk.ComboBox)
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
    return text(texts.becomes_rgb(image.get_base_type() == Gimp.ImageBaseType.GRAY))


def about(image, source, masks=True):
    """Which layer is colored, that a selection becomes its mask, if it does, and what may surprise."""
    said = [_("Colors “{name}”.").format(name=source.get_name()), *sources.remarks(source)]
    if masks and not Gimp.Selection.is_empty(image):
        said.append(_("The selection becomes the mask of the new layer."))
    return "\n".join(said)


def text(words=""):
    return Gtk.Label(label=words, xalign=0, wrap=True, selectable=True, max_width_chars=50, can_focus=False)


class PreviewDialog:
    """The window with its picture; everything here runs on the main thread but the previewer.

    `view` is the picture, `reduced` the layer that previews are made from, `watched` the names of the arguments that
    change them. A dialog says what is in its rows, what it wants previewed and how a preview is shown.
    """

    TITLE = OK = ""
    MASKS = True
    """Whether a selection becomes the new layer's mask."""

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

    def look(self):
        """Called twice a second while the dialog is open."""

    def dismiss(self):
        """Ends `run` as Cancel does."""
        self._window.response(Gtk.ResponseType.CANCEL)

    def close(self):
        for handler in self._handlers:
            self._config.disconnect(handler)
        if self._timer:
            GLib.source_remove(self._timer)
        self._closed = True
        self._previewer.close()
        self._view.close()
        self._window.destroy()

    def chosen(self):
        """The dialog's result beside the configuration."""

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
        left = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        left.pack_start(self._view.box, True, True, 0)
        line = Gtk.Box(spacing=6)
        line.pack_start(self._spinner, False, False, 0)
        line.pack_start(self._status, True, True, 0)
        left.pack_start(line, False, False, 0)
        for each in self._rows_below():
            left.pack_start(each, False, False, 0)
        right = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6, width_request=COLUMN)
        right.pack_start(text(self._about()), False, False, 0)
        for each in self._rows():
            right.pack_start(each, False, False, 0)
        both = Gtk.Box(spacing=12)
        both.pack_start(left, True, True, 0)
        both.pack_start(right, False, False, 0)
        both.show_all()
        self._window.get_content_area().pack_start(both, True, True, 0)

    def _scales(self, *names):
        """Makes sliders in percent for these arguments."""
        for name in names:
            entry = self._window.get_scale_entry(name, 100.0)
            entry.set_property("label", f"{entry.get_property('label')} (%)")
            entry.set_property("digits", 0)
            entry.set_increments(1, 10)
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
