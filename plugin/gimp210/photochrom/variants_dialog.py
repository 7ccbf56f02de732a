"""The dialog that shows variants to choose from."""

import queue

import guidance
from coloring import FOLDER
from gimpfu_compat.dialog import toolkit
from gimpfu_compat.dialog.toolkit import RESPONSE_OK, Unsigned, gtk, pack
from gimpfu_compat.libraries import Int, Pointer, Text, encode
from pictures import of_preview
from preview_dialog import LOOK, about, accept, becomes_rgb, put_into, whole, window
from widgets import Label, Timer, Toggle, column

from photochrom_client import translated as _
from photochrom_client.kit.background import Failed, Working
from photochrom_client.kit.preview import fit
from photochrom_client.kit.variant_previews import Complete, Variant, VariantPreviews
from photochrom_client.settings import Settings

THUMBNAIL = (200, 120)
COLUMNS = 3
MOST_LETTERS = 26


class VariantsDialog:
    """The window runs on the main thread; the thumbnails are computed by `VariantPreviews` beside it."""

    def __init__(self, image, source, settings):
        self._chosen: dict[str, Settings] = {}
        self._told: queue.SimpleQueue = queue.SimpleQueue()
        self._window = window(_("Photochrom: Variants"), _("_Insert"))
        accept(self._window, False)
        self._grid = gtk("table_new", Pointer, Unsigned, Unsigned, Int)(COLUMNS, COLUMNS, 1)
        for way in ("row", "col"):
            gtk(f"table_set_{way}_spacings", None, Pointer, Unsigned)(self._grid, 6)
        # Room for all of them: a window that grows moves what the user is about to click on.
        gtk("widget_set_size_request", None, Pointer, Int, Int)(self._grid, *(3 * (side + 40) for side in THUMBNAIL))
        self._count = 0
        self._status = Label(_("Choose one or several."))
        about_it = Label(about(image, source)).widget
        put_into(self._window, column(about_it, self._grid, self._status.widget, *becomes_rgb(image)))
        given = guidance.collect(image, source, [settings])
        self._previews = VariantPreviews(FOLDER, whole(image, source), given, settings, self._told.put)
        self._timer = Timer(LOOK, self._look)

    def run(self):
        return gtk("dialog_run", Int, Pointer)(self._window) == RESPONSE_OK

    def chosen(self):
        """The settings of the chosen variants, in that order."""
        return list(self._chosen.values())

    def close(self):
        self._timer.close()
        self._previews.close()
        gtk("widget_destroy", None, Pointer)(self._window)
        toolkit.process_events()

    def _look(self):
        while not self._told.empty():
            self._hear(self._told.get())

    def _hear(self, message):
        match message:
            case Variant(key, title, settings, preview):
                self._add(key, title, settings, preview)
            case Working(text):
                self._status.set(f"{text}…")
            case Complete(text):
                self._status.set(text)
            case Failed(error):
                self._status.set(str(error))

    def _add(self, key, title, settings, preview):
        picture = of_preview(preview).sized(*fit(preview.width, preview.height, *THUMBNAIL))
        inside = column(gtk("image_new_from_pixbuf", Pointer, Pointer)(picture.pointer))
        label = gtk("label_new", Pointer, Text)(encode(title))
        gtk("label_set_ellipsize", None, Pointer, Int)(label, 3)
        gtk("label_set_max_width_chars", None, Pointer, Int)(label, MOST_LETTERS)
        pack(inside, label)
        button: Toggle = Toggle("", lambda: self._toggle(button, label, title, key, settings), inside)
        row, left = divmod(self._count, COLUMNS)
        attach = gtk("table_attach_defaults", None, Pointer, Pointer, *[Unsigned] * 4)
        attach(self._grid, button.widget, left, left + 1, row, row + 1)
        gtk("widget_show_all", None, Pointer)(button.widget)
        self._count += 1

    def _toggle(self, button, label, title, key, settings):
        # Themes hardly show that a button is pressed.
        gtk("label_set_text", None, Pointer, Text)(label, encode(f"✓ {title}" if button.value else title))
        if button.value:
            self._chosen[key] = settings
        else:
            del self._chosen[key]
        accept(self._window, bool(self._chosen))
