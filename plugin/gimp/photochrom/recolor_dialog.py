"""The dialog that recolors one object, which clicks on it and off it show, or a box around it."""

import json

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
import arguments
import guidance
import layers
from gi.repository import Gimp, GimpUi, Gtk
from object_view import ObjectView
from preview_dialog import PreviewDialog, becomes_rgb, text, whole
from view import swatch

from photochrom_client import Suggestion
from photochrom_client import translated as _
from photochrom_client.kit.background import Failed
from photochrom_client.kit.preview import Colored
from photochrom_client.kit.swatches import srgb_of
from photochrom_client.prompt import Prompt

WATCHED = ("prompt", "use-selection", "most-probable", "color")
COLUMNS = 8


class RecolorDialog(PreviewDialog):
    TITLE = _("Photochrom: Recolor Object")
    OK = _("_Apply")
    MASKS = False  # it shows the object

    def __init__(self, procedure, config, image, source):
        self._suggestions = Gtk.FlowBox(selection_mode=Gtk.SelectionMode.NONE, max_children_per_line=COLUMNS)
        self._suggested: list[Suggestion] = []
        self._prompt = Prompt()
        self._pick = Gtk.ToggleButton(label=_("_Pick from the picture"), use_underline=True)
        view = ObjectView(image, source, clicked=self._click, boxed=self._box, picked=self._picked)
        reduced = whole(image, source)
        super().__init__(procedure, config, image, source, view=view, reduced=reduced, watched=WATCHED)
        has_selection = not Gimp.Selection.is_empty(image)
        if has_selection:
            self._previewer.give(selection=guidance.selection_over(image, source))
        config.set_property("prompt", "")
        config.set_property("known", "")
        config.set_property("use-selection", has_selection)
        self._follow()

    def _rows_below(self):
        yield _row(
            _button(_("_Larger"), lambda: self._show_by(self._prompt.resized(1))),
            _button(_("S_maller"), lambda: self._show_by(self._prompt.resized(-1))),
            self._toggle(_("Su_btract"), _("The left button clicks on what does not belong to the object")),
            _button(_("_Undo click"), lambda: self._show_by(self._prompt.undone())),
            _button(_("_New object"), lambda: self._show_by(Prompt())),
        )

    def _rows(self):
        if not Gimp.Selection.is_empty(self._image):
            yield _button(_("Use the _selection"), lambda: self._config.set_property("use-selection", True))
        yield text(_("Suggested colors, the most probable first:"))
        yield self._suggestions
        color = self._window.get_color_widget("color", True, GimpUi.ColorAreaType.FLAT)
        color.set_halign(Gtk.Align.START)
        yield color
        self._pick.connect("toggled", lambda button: setattr(self._view, "picking", button.get_active()))
        foreground = _button(_("GIMP's _foreground color"), lambda: self._color(Gimp.context_get_foreground()))
        yield _row(self._pick, foreground)
        used = layers.object_colors(self._image)
        if used:
            yield text(_("Colors of this image's objects:"))
            box = Gtk.FlowBox(selection_mode=Gtk.SelectionMode.NONE, max_children_per_line=COLUMNS)
            for each in used:
                box.add(self._swatch(srgb_of(*each), _("Used in this image")))
            yield box
        yield self._window.get_widget("known", GimpUi.LabelEntry)
        yield self._window.get_widget("select-only", Gtk.CheckButton)
        note = becomes_rgb(self._image)
        if note is not None:
            yield note

    def _toggle(self, label, tip):
        button = Gtk.ToggleButton(label=label, use_underline=True, tooltip_text=tip)
        button.connect("toggled", lambda button: setattr(self._view, "subtracting", button.get_active()))
        return button

    def _click(self, x, y, away):
        self._show_by(self._prompt.clicked(x, y, away))

    def _box(self, x, y, other_x, other_y):
        self._show_by(self._prompt.boxed(x, y, other_x, other_y))

    def _show_by(self, prompt):
        """Takes another prompt. The color stays while the object is corrected, and is chosen anew for a new one."""
        config, corrected = self._config, self._prompt.shows_object and prompt.shows_object and prompt.clicks
        self._prompt = prompt
        config.freeze_notify()
        config.set_property("use-selection", False)
        config.set_property("prompt", json.dumps(prompt.to_json()) if prompt.shows_object else "")
        if not corrected:
            config.set_property("most-probable", True)  # until another color is chosen for this object
        config.thaw_notify()
        self._follow()

    def _follow(self):
        """Previews what is shown, if anything is."""
        if self._config.get_property("prompt") or self._config.get_property("use-selection"):
            self._changed()
            return
        self._view.show_object(None)
        self._window.set_response_sensitive(Gtk.ResponseType.OK, False)
        self._status.set_text(_("Click on the object in the picture, or drag a box around it."))

    def _picked(self, rgb):
        self._pick.set_active(False)
        self._color(arguments.color_of(rgb))

    def _color(self, color):
        self._config.set_property("color", color)
        self._config.set_property("most-probable", False)

    def _changed(self, _config=None, changed=None):
        if changed is not None and changed.name == "color":
            self._config.set_property("most-probable", False)
        if self._config.get_property("prompt") or self._config.get_property("use-selection"):
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
        return _("Too little: click on what is missing. Too much: right click on it. Then choose its color.")

    def _suggest(self, suggestions):
        if suggestions == self._suggested:
            return
        self._suggested = suggestions
        for child in self._suggestions.get_children():
            child.destroy()
        for each in suggestions:
            self._suggestions.add(self._swatch(each.rgb, f"{100 * each.probability:.0f} %"))
        self._suggestions.show_all()

    def _swatch(self, rgb, tip):
        button = Gtk.Button(image=Gtk.Image.new_from_pixbuf(swatch(rgb)), tooltip_text=tip)
        button.connect("clicked", lambda _button: self._color(arguments.color_of(rgb)))
        return button


def _button(label, clicked):
    button = Gtk.Button(label=label, use_underline=True)
    button.connect("clicked", lambda _button: clicked())
    return button


def _row(*widgets):
    row = Gtk.Box(spacing=6)
    for each in widgets:
        row.pack_start(each, False, False, 0)
    return row
