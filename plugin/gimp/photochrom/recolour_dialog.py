"""The dialog that recolours one object: point at it, choose a colour."""

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
import arguments
import colouring
from colouring import FOLDER
from dialog import BINARY, COLUMN, REST, becomes_rgb, text, whole
from gi.repository import Gimp, GimpUi, GLib, Gtk
from photochrom_client import translated as _
from photochrom_client.preview import Previewer
from view import Pointing, swatch


def ask(procedure, config, image, source):
    """Shows the dialog; `config` holds what was chosen. False when the user cancelled."""
    GimpUi.init(BINARY)
    dialog = RecolourDialog(procedure, config, image, source)
    try:
        return dialog.run()
    finally:
        dialog.close()


class RecolourDialog:
    """Everything here runs on the main thread but the previewer."""

    def __init__(self, procedure, config, image, source):
        self._config, self._image, self._source = config, image, source
        self._window = GimpUi.ProcedureDialog.new(procedure, config, _("Photochrom: recolour an object"))
        self._window.set_ok_label(_("_Apply"))
        self._window.set_response_sensitive(Gtk.ResponseType.OK, False)
        help_button = self._window.get_widget_for_response(Gtk.ResponseType.HELP)
        if help_button is not None:
            help_button.hide()  # GIMP's help browser has no page for it
        self._view = Pointing(source, self._point)
        self._status = text(_("Click on the object in the picture."))
        self._suggestions = Gtk.FlowBox(selection_mode=Gtk.SelectionMode.NONE, max_children_per_line=8)
        self._suggested = []
        self._timer = 0
        self._pointed = False
        self._lay_out()
        self._previewer = Previewer(FOLDER, whole(image, source), lambda said: GLib.idle_add(self._hear, said))
        has_selection = not Gimp.Selection.is_empty(image)
        if has_selection:
            self._previewer.give(selection=colouring.selection_over(image, source))
        names = ("x", "y", "use-selection", "most-probable", "colour")
        self._handlers = [config.connect(f"notify::{name}", self._changed) for name in names]
        config.set_property("use-selection", has_selection)
        if has_selection:
            self._changed()

    def run(self):
        return self._window.run()

    def close(self):
        for handler in self._handlers:
            self._config.disconnect(handler)
        if self._timer:
            GLib.source_remove(self._timer)
        self._hear = lambda _said: False  # what is still on its way has nobody to reach
        self._previewer.close()
        self._window.destroy()

    def _lay_out(self):
        left = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        left.pack_start(self._view.widget, False, False, 0)
        left.pack_start(self._status, False, False, 0)
        right = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6, width_request=COLUMN)
        for each in self._rows():
            right.pack_start(each, False, False, 0)
        both = Gtk.Box(spacing=12)
        both.pack_start(left, True, True, 0)
        both.pack_start(right, False, False, 0)
        both.show_all()
        self._window.get_content_area().pack_start(both, True, True, 0)

    def _rows(self):
        if not Gimp.Selection.is_empty(self._image):
            selected = Gtk.Button(label=_("Take the _selected object"), use_underline=True)
            selected.connect("clicked", lambda _button: self._config.set_property("use-selection", True))
            yield selected
        yield text(_("Colours that suit it, the most probable first:"))
        yield self._suggestions
        foreground = Gtk.Button(label=_("GIMP's _foreground colour"), use_underline=True)
        foreground.connect("clicked", lambda _button: self._colour(Gimp.context_get_foreground()))
        colour = self._window.get_color_widget("colour", True, GimpUi.ColorAreaType.FLAT)
        colour.set_halign(Gtk.Align.START)
        yield colour
        yield foreground
        note = becomes_rgb(self._image)
        if note is not None:
            yield note

    def _point(self, x, y):
        _found, left, top = self._source.get_offsets()
        config = self._config
        config.freeze_notify()
        config.set_property("use-selection", False)
        config.set_property("x", max(0, left + min(int(x * self._source.get_width()), self._source.get_width() - 1)))
        config.set_property("y", max(0, top + min(int(y * self._source.get_height()), self._source.get_height() - 1)))
        config.set_property("most-probable", True)  # until another colour is chosen for this object
        config.thaw_notify()
        self._pointed = True
        self._changed()

    def _colour(self, colour):
        self._config.set_property("colour", colour)
        self._config.set_property("most-probable", False)

    def _changed(self, _config=None, changed=None):
        if changed is not None and changed.name == "colour":
            self._config.set_property("most-probable", False)
        if not self._pointed and not self._config.get_property("use-selection"):
            return  # what was pointed at in another picture
        if self._timer:
            GLib.source_remove(self._timer)
        self._timer = GLib.timeout_add(REST, self._rested)

    def _rested(self):
        self._timer = 0
        self._previewer.want(arguments.recolouring(self._config, self._source).options())
        return GLib.SOURCE_REMOVE

    def _hear(self, said):
        """What the previewer tells, on the main thread."""
        if "preview" in said:
            self._view.show_object(said["preview"])
            self._suggest(said["suggestions"])
            self._status.set_text(_("Click on another object, or choose its colour."))
            self._window.set_response_sensitive(Gtk.ResponseType.OK, True)
        elif "error" in said:
            self._status.set_text(str(said["error"]))
            self._window.set_response_sensitive(Gtk.ResponseType.OK, False)
        elif "working" in said:
            self._status.set_text(f"{said['working']}…")
        return GLib.SOURCE_REMOVE

    def _suggest(self, suggestions):
        if suggestions == self._suggested:
            return
        self._suggested = suggestions
        for child in self._suggestions.get_children():
            child.destroy()
        for each in suggestions:
            button = Gtk.Button(image=Gtk.Image.new_from_pixbuf(swatch(each.rgb)))
            button.set_tooltip_text(f"{100 * each.probability:.0f} %")
            button.connect("clicked", lambda _button, rgb=each.rgb: self._colour(arguments.colour_of(rgb)))
            self._suggestions.add(button)
        self._suggestions.show_all()
