"""The dialog that recolors one object: click on it, choose a color."""

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
import arguments
import guidance
from gi.repository import Gimp, GimpUi, Gtk
from preview_dialog import PreviewDialog, becomes_rgb, text, whole
from view import Pointing, swatch

from photochrom_client import Suggestion
from photochrom_client import translated as _
from photochrom_client.kit.background import Failed
from photochrom_client.kit.preview import Colored

WATCHED = ("x", "y", "use-selection", "most-probable", "color")


class RecolorDialog(PreviewDialog):
    TITLE = _("Photochrom: Recolor Object")
    OK = _("_Apply")

    def __init__(self, procedure, config, image, source):
        self._suggestions = Gtk.FlowBox(selection_mode=Gtk.SelectionMode.NONE, max_children_per_line=8)
        self._suggested: list[Suggestion] = []
        self._pointed = False
        view, reduced = Pointing(source, self._point), whole(image, source)
        super().__init__(procedure, config, image, source, view=view, reduced=reduced, watched=WATCHED)
        self._window.set_response_sensitive(Gtk.ResponseType.OK, False)
        self._status.set_text(_("Click on the object in the picture."))
        has_selection = not Gimp.Selection.is_empty(image)
        if has_selection:
            self._previewer.give(selection=guidance.selection_over(image, source))
        config.set_property("use-selection", has_selection)
        if has_selection:
            self._changed()

    def _rows(self):
        if not Gimp.Selection.is_empty(self._image):
            selected = Gtk.Button(label=_("Use the _selection"), use_underline=True)
            selected.connect("clicked", lambda _button: self._config.set_property("use-selection", True))
            yield selected
        yield text(_("Suggested colors, the most probable first:"))
        yield self._suggestions
        foreground = Gtk.Button(label=_("GIMP's _foreground color"), use_underline=True)
        foreground.connect("clicked", lambda _button: self._color(Gimp.context_get_foreground()))
        color = self._window.get_color_widget("color", True, GimpUi.ColorAreaType.FLAT)
        color.set_halign(Gtk.Align.START)
        yield color
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
        config.set_property("most-probable", True)  # until another color is chosen for this object
        config.thaw_notify()
        self._pointed = True
        self._changed()

    def _color(self, color):
        self._config.set_property("color", color)
        self._config.set_property("most-probable", False)

    def _changed(self, _config=None, changed=None):
        if changed is not None and changed.name == "color":
            self._config.set_property("most-probable", False)
        if not self._pointed and not self._config.get_property("use-selection"):
            return  # the point is from another picture
        super()._changed()

    def _options(self):
        return arguments.recoloring(self._config, self._source).options()

    def _hear(self, message):
        if isinstance(message, Colored | Failed):
            self._window.set_response_sensitive(Gtk.ResponseType.OK, isinstance(message, Colored))
        super()._hear(message)

    def _show(self, colored):
        self._view.show_object(colored.preview)
        self._suggest(colored.suggestions)
        return _("Click on another object, or choose its color.")

    def _suggest(self, suggestions):
        if suggestions == self._suggested:
            return
        self._suggested = suggestions
        for child in self._suggestions.get_children():
            child.destroy()
        for each in suggestions:
            button = Gtk.Button(image=Gtk.Image.new_from_pixbuf(swatch(each.rgb)))
            button.set_tooltip_text(f"{100 * each.probability:.0f} %")
            button.connect("clicked", lambda _button, rgb=each.rgb: self._color(arguments.color_of(rgb)))
            self._suggestions.add(button)
        self._suggestions.show_all()
