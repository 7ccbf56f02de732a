"""The dialog that recolors objects one after the other, which clicks on and off them show, or boxes around them."""

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
from photochrom_client.kit.swatches import PLAIN, srgb_of
from photochrom_client.prompt import Prompt
from photochrom_client.settings import Settings

WATCHED = ("prompt", "use-selection", "most-probable", "color")
COLUMNS = 8
EXPLAINED = _("Click on the object in the picture, or drag a box around it.")


class RecolorDialog(PreviewDialog):
    TITLE = _("Photochrom: Recolor Object")
    OK = _("_Apply")
    MASKS = False  # it shows the object

    def __init__(self, procedure, config, image, source):
        self._suggestions = Gtk.FlowBox(selection_mode=Gtk.SelectionMode.NONE, max_children_per_line=COLUMNS)
        self._suggested: list[Suggestion] = []
        self._prompt = Prompt()
        self._kept: list[Settings] = []
        has_selection = not Gimp.Selection.is_empty(image)
        bare = not has_selection and layers.colors_over(image, source) is None
        self._rest = Gtk.CheckButton(label=_("Color the _rest of the photograph, too"), use_underline=True, active=bare)
        self._next = _button(_("Ne_xt object"), self._keep)
        self._next.set_tooltip_text(_("Keeps this object in its color, and goes on with another one"))
        self._pick = Gtk.ToggleButton(label=_("_Pick from the picture"), use_underline=True)
        view = ObjectView(image, source, clicked=self._click, boxed=self._box, picked=self._picked)
        reduced = whole(image, source)
        super().__init__(procedure, config, image, source, view=view, reduced=reduced, watched=WATCHED)
        self._rest.connect("toggled", lambda _button: self._follow_rest())
        if has_selection:
            self._previewer.give(selection=guidance.selection_over(image, source))
        config.set_property("prompt", "")
        config.set_property("known", "")
        config.set_property("use-selection", has_selection)
        self._follow()

    def chosen(self):
        """The `Settings` of each layer: what is kept, what is shown, and below them the rest of the photograph."""
        shown = [arguments.recoloring(self._config, self._source)] if self._shows_object else []
        rest = [arguments.last(self._source)] if self._rest.get_active() else []
        return [*rest, *self._kept, *shown]

    def _rows_below(self):
        yield _row(
            _button(_("_Larger"), lambda: self._show_by(self._prompt.resized(1))),
            _button(_("S_maller"), lambda: self._show_by(self._prompt.resized(-1))),
            self._toggle(_("Su_btract"), _("The left button clicks on what does not belong to the object")),
            _button(_("_Undo click"), lambda: self._show_by(self._prompt.undone())),
            _button(_("_New object"), lambda: self._show_by(Prompt())),
            self._next,
        )

    def _rows(self):
        if not Gimp.Selection.is_empty(self._image):
            yield _button(_("Use the _selection"), lambda: self._config.set_property("use-selection", True))
        yield text(_("Suggested colors, the most probable first:"))
        yield self._suggestions
        yield text(_("Plain colors:"))
        plain = Gtk.FlowBox(selection_mode=Gtk.SelectionMode.NONE, max_children_per_line=COLUMNS)
        for name, color in PLAIN:
            plain.add(self._swatch(srgb_of(*color), name))
        yield plain
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
        yield self._rest
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

    def _keep(self):
        """Goes on with another object."""
        self._kept.append(arguments.recoloring(self._config, self._source))
        self._view.keep_object()
        self._config.set_property("known", "")
        self._show_by(Prompt())

    @property
    def _shows_object(self):
        return bool(self._config.get_property("prompt") or self._config.get_property("use-selection"))

    def _follow_rest(self):
        """Shows the colors around the objects, if they will get them."""
        if not self._rest.get_active():
            self._view.show_colors(None)
        elif not self._shows_object:
            self._previewer.want(arguments.last(self._source).options())

    def _allow(self, shown):
        """Says which buttons can be pressed, with an object `shown` or not."""
        self._window.set_response_sensitive(Gtk.ResponseType.OK, shown or bool(self._kept and not self._shows_object))
        self._next.set_sensitive(shown)

    def _follow(self):
        """Previews what is shown, if anything is."""
        if self._shows_object:
            self._changed()
            return
        self._view.show_object(None)
        self._allow(False)
        self._status.set_text(EXPLAINED)
        self._follow_rest()

    def _picked(self, rgb):
        self._pick.set_active(False)
        self._color(arguments.color_of(rgb))

    def _color(self, color):
        self._config.set_property("color", color)
        self._config.set_property("most-probable", False)

    def _changed(self, _config=None, changed=None):
        if changed is not None and changed.name == "color":
            self._config.set_property("most-probable", False)
        if self._shows_object:
            super()._changed()

    def _options(self):
        return arguments.recoloring(self._config, self._source).options()

    def _hear(self, message):
        if isinstance(message, Colored | Failed):
            self._allow(isinstance(message, Colored) and self._shows_object)
        super()._hear(message)

    def _show(self, colored):
        if colored.preview.bands == 3:
            self._view.show_colors(colored.preview if self._rest.get_active() else None)
            return EXPLAINED
        if not self._shows_object:  # it was taken back meanwhile
            return EXPLAINED
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
