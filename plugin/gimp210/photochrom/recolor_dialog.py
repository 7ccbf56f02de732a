"""The dialog that recolors one object, which clicks on it and off it show, or a box around it."""

import guidance
import layers
import pixels
from gimp import pdb
from gimpfu_compat.dialog.toolkit import gimp_widgets, gtk, pack
from gimpfu_compat.libraries import Double, Int, Pointer, Text, encode
from object_view import ObjectView
from pictures import Picture
from preview_dialog import PreviewDialog, becomes_rgb, whole
from widgets import Button, Check, Label, Toggle, horizontal_box, on, show, tip

from photochrom_client import translated as _
from photochrom_client.kit.background import Failed
from photochrom_client.kit.preview import Colored
from photochrom_client.kit.swatches import srgb_of
from photochrom_client.prompt import Prompt
from photochrom_client.settings import SELECTED, Object, Settings

SWATCH = 24
"""Side in pixels."""

MOST_USED = 10
"""Of the colors that objects of the image were given: so many fit beside each other."""


class RecolorDialog(PreviewDialog):
    TITLE = _("Photochrom: Recolor Object")
    OK = _("_Apply")
    MASKS = False  # it shows the object

    def __init__(self, image, source):
        self._selected = None if pdb.gimp_selection_is_empty(image) else guidance.selection_over(image, source)
        self._by_selection = self._selected is not None
        self._prompt = Prompt()
        self._ab = None
        self._suggested = []
        self._buttons = []
        self._pick = Toggle(_("_Pick from the picture"), self._take_pick)
        view = ObjectView(image, source, clicked=self._click, boxed=self._box, picked=self._picked)
        super().__init__(image, source, view=view, reduced=whole(image, source))
        if self._selected is not None:
            self._previewer.give(selection=self._selected)
        self._follow()

    def chosen(self):
        """The `Settings`, and whether the object is only to be selected."""
        return self._wish(), self._select_only.value

    def _wish(self):
        wanted: Object = SELECTED if self._by_selection else self._prompt
        return Settings(object=wanted, color=self._ab, original=layers.original_of(self._source))

    def _rows_below(self):
        self._subtract = Toggle(_("Su_btract"), self._take_subtract)
        tip(self._subtract.widget, _("The left button clicks on what does not belong to the object"))
        line = horizontal_box()
        for each in (
            Button(_("_Larger"), lambda: self._show_by(self._prompt.resized(1))),
            Button(_("S_maller"), lambda: self._show_by(self._prompt.resized(-1))),
            self._subtract,
            Button(_("_Undo click"), lambda: self._show_by(self._prompt.undone())),
            Button(_("_New object"), lambda: self._show_by(Prompt())),
        ):
            pack(line, each.widget)
        return [line]

    def _take_subtract(self):
        self._view.subtracting = self._subtract.value

    def _rows(self):
        rows = []
        if self._selected is not None:
            rows.append(Button(_("Use the _selection"), self._use_selection).widget)
        self._suggestions = horizontal_box(4)
        make = gimp_widgets("color_button_new", Pointer, Text, Int, Int, Pointer, Int)
        self._color = make(encode(self.TITLE), 60, 24, (Double * 4)(0.7, 0.15, 0.15, 1.0), 0)
        on(self._color, "color-changed", self._take_color)
        color, others = horizontal_box(), horizontal_box()
        pack(color, self._color)
        for each in (self._pick, Button(_("GIMP's _foreground color"), self._take_foreground)):
            pack(others, each.widget)
        suggested = Label(_("Suggested colors, the most probable first:")).widget
        rows += [suggested, self._suggestions, color, others]
        used = layers.object_colors(self._image)
        if used:
            swatches = horizontal_box(4)
            for each in used[:MOST_USED]:
                pack(swatches, self._swatch(srgb_of(*each), _("Used in this image")))
            rows += [Label(_("Colors of this image's objects:")).widget, swatches]
        self._select_only = Check(_("_Only select the object, for a mask or other tools"), False)
        rows.append(self._select_only.widget)
        return [*rows, *becomes_rgb(self._image)]

    def _use_selection(self):
        self._by_selection = True
        self._follow()

    def _click(self, x, y, away):
        self._show_by(self._prompt.clicked(x, y, away))

    def _box(self, x, y, other_x, other_y):
        self._show_by(self._prompt.boxed(x, y, other_x, other_y))

    def _show_by(self, prompt):
        """Takes another prompt. The color stays while the object is corrected, and is chosen anew for a new one."""
        if not (self._prompt.shows_object and prompt.shows_object and prompt.clicks):
            self._ab = None  # until another color is chosen for this object
        self._prompt, self._by_selection = prompt, False
        self._follow()

    @property
    def _shows_object(self):
        return self._by_selection or self._prompt.shows_object

    def _follow(self):
        """Previews what is shown, if anything is."""
        if self._shows_object:
            self._changed()
            return
        self._view.show_object(None)
        self._accept(False)
        self._status.set(_("Click on the object in the picture, or drag a box around it."))

    def _take_color(self):
        rgb = (Double * 4)()
        gimp_widgets("color_button_get_color", None, Pointer, Pointer)(self._color, rgb)
        self._choose(rgb[:3])

    def _take_foreground(self):
        self._choose([float(each) for each in pdb.gimp_context_get_foreground().channels[:3]])

    def _take_pick(self):
        self._view.picking = self._pick.value

    def _picked(self, rgb):
        self._pick.set(False)
        gimp_widgets("color_button_set_color", None, Pointer, Pointer)(self._color, (Double * 4)(*rgb, 1.0))
        self._choose(rgb)

    def _choose(self, rgb):
        self._ab = pixels.ab_of(rgb)
        if self._shows_object:
            self._changed()

    def _want(self):
        if self._shows_object:
            super()._want()

    def _options(self):
        return self._wish().options()

    def _hear(self, message):
        if isinstance(message, Colored | Failed):
            self._accept(isinstance(message, Colored) and self._shows_object)
        super()._hear(message)

    def _show(self, colored):
        if not self._shows_object:  # it was taken back meanwhile
            return _("Click on the object in the picture, or drag a box around it.")
        self._view.show_object(colored.preview)
        self._suggest(colored.suggestions)
        return _("Too little: click on what is missing. Too much: right click on it. Then choose its color.")

    def _suggest(self, suggestions):
        if suggestions == self._suggested:
            return
        self._suggested = suggestions
        for button in self._buttons:
            gtk("widget_destroy", None, Pointer)(button)
        self._buttons = [self._swatch(each.rgb, f"{100 * each.probability:.0f} %") for each in suggestions]
        for button in self._buttons:
            pack(self._suggestions, button)
            show(button)

    def _swatch(self, rgb, help):
        red, green, blue = (round(255 * min(1.0, max(0.0, part))) for part in rgb)
        square = Picture.plain(SWATCH, SWATCH, red << 24 | green << 16 | blue << 8 | 255)
        button = Button("", lambda: self._choose(rgb)).widget
        image = gtk("image_new_from_pixbuf", Pointer, Pointer)(square.pointer)
        gtk("button_set_image", None, Pointer, Pointer)(button, image)
        show(image)
        tip(button, help)
        return button
