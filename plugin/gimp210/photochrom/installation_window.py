"""The window that says what is installed, what can be fetched, and what is out of date."""

import queue

from coloring import FOLDER, preferences
from gimpfu_compat.dialog import toolkit
from gimpfu_compat.dialog.toolkit import gtk, pack, vertical_box
from gimpfu_compat.libraries import Int, Pointer
from offer_view import OfferView, scrolling
from preview_dialog import LOOK, closable, put_into
from widgets import Timer

from photochrom_client import translated as _
from photochrom_client.kit.installation import Installation, reason

SEEN = "installation"
"""Name of the preference that says what the window has shown."""

WIDTH, HEIGHT = 550, 420
"""Pixels of the text; the rest is scrolled to."""


def show_if_due():
    """At the first start, without an engine, and after an update of one part alone."""
    seen = reason(FOLDER, preferences().saved(SEEN, ""))
    if seen is not None:
        preferences().save(SEEN, seen)
        show()


def show():
    """Returns once the window has been closed."""
    toolkit.start("photochrom")
    window = InstallationWindow()
    try:
        window.run()
    finally:
        window.close()


class InstallationWindow:
    """Everything here runs on the main thread but the installation's work."""

    def __init__(self):
        self._told: queue.SimpleQueue = queue.SimpleQueue()
        self._installation = Installation(FOLDER, "gimp", self._told.put, self._show)
        self._view = OfferView(WIDTH)
        self._view.follow(self._installation)
        self._window = closable(_("Photochrom: Installation"))
        box = vertical_box(12)
        pack(box, scrolling(self._view.text.widget, HEIGHT), expand=True)
        pack(box, self._view.line)
        put_into(self._window, box)
        self._timer = Timer(LOOK, self._look)
        self._installation.look()

    def run(self):
        gtk("dialog_run", Int, Pointer)(self._window)

    def close(self):
        self._timer.close()
        self._installation.close()
        gtk("widget_destroy", None, Pointer)(self._window)
        toolkit.process_events()

    def _look(self):
        while not self._told.empty():
            self._installation.hear(self._told.get())

    def _show(self, shown):
        if shown.text:  # during a download, what it is stays in view
            self._view.text.set(shown.text)
        self._view.show(shown)
