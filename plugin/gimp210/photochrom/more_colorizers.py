"""The window with the colorizers that can be installed: what each is good at, its size and license, and its
download."""

import queue

from coloring import FOLDER
from gimpfu_compat.dialog import toolkit
from gimpfu_compat.dialog.toolkit import gtk, pack, vertical_box
from gimpfu_compat.libraries import Int, Pointer
from offer_view import OfferView, scrolling
from preview_dialog import LOOK, closable, put_into
from widgets import Label, Timer, show

from photochrom_client import translated as _
from photochrom_client.kit.downloads import Downloads
from photochrom_client.kit.offers import Offer, OfferList

WIDTH, HEIGHT = 560, 400
"""Pixels of the list; the rest is scrolled to."""


def choose(parent, show_installed):
    """Shows it above the window `parent` until it is closed, which stops a download. `show_installed` is called with
    the client's colorizers whenever there may be more of them."""
    window = _MoreColorizers(parent, show_installed)
    try:
        window.run()
    finally:
        window.close()


class _MoreColorizers:
    def __init__(self, parent, show_installed):
        self._told: queue.SimpleQueue = queue.SimpleQueue()
        self._window = closable(_("Colorizers that can be installed"))
        self._text = Label(width=WIDTH)
        self._list = vertical_box(12)
        box = vertical_box(12)
        pack(box, self._text.widget)
        pack(box, scrolling(self._list, HEIGHT), expand=True)
        put_into(self._window, box)
        gtk("window_set_transient_for", None, Pointer, Pointer)(self._window, parent)
        self._downloads = Downloads(FOLDER, self._told.put)
        self._offers = OfferList(self._add, self._say, show_installed)
        self._timer = Timer(LOOK, self._look)
        self._downloads.list()

    def run(self):
        gtk("dialog_run", Int, Pointer)(self._window)

    def close(self):
        self._timer.close()
        self._downloads.close()
        gtk("widget_destroy", None, Pointer)(self._window)
        toolkit.process_events()

    def _look(self):
        while not self._told.empty():
            self._offers.hear(self._told.get())

    def _add(self, model):
        row = Row(model, self._downloads)
        pack(self._list, row.widget)
        return row

    def _say(self, text):
        self._text.set(text)
        show(self._text.widget, bool(text))


class Row:
    """One colorizer in the list; `offer` decides what is shown of it."""

    def __init__(self, model, downloads):
        self._view = OfferView(WIDTH - 30)
        self.widget = vertical_box(3)
        head = Label(f"{model.name}: {model.good_at}\n{model.size} · {model.license}", width=WIDTH - 30)
        for each in (head.widget, self._view.text.widget, self._view.line):
            pack(self.widget, each)
        gtk("widget_show_all", None, Pointer)(self.widget)
        self.offer = Offer(model, downloads, self._show)
        self._view.follow(self.offer)

    def remove(self):
        gtk("widget_destroy", None, Pointer)(self.widget)

    def _show(self, shown):
        self._view.text.set(shown.text)
        show(self._view.text.widget, bool(shown.text))
        self._view.show(shown)
