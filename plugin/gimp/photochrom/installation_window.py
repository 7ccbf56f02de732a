"""The window that says what is installed, what can be fetched, and what is out of date."""

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
from coloring import FOLDER, preferences
from gi.repository import GimpUi, GLib, Gtk

from photochrom_client import translated as _
from photochrom_client.kit.installation import Installation, reason

BINARY = "photochrom"
TITLE = _("Photochrom: Installation")
SEEN = "installation"
"""Name of the preference that says what the window has shown."""

MOST_HEIGHT = 500
"""Pixels of the text; the rest is scrolled to."""


def show_if_due():
    """At the first start, without an engine, and after an update of one part alone."""
    seen = reason(FOLDER, preferences().saved(SEEN, ""))
    if seen is not None:
        preferences().save(SEEN, seen)
        show()


def show():
    """Returns once the window has been closed."""
    GimpUi.init(BINARY)
    window = InstallationWindow()
    try:
        window.run()
    finally:
        window.close()


class InstallationWindow:
    """Everything here runs on the main thread."""

    def __init__(self):
        self._closed = False
        self._text = Gtk.Label(xalign=0, yalign=0, wrap=True, selectable=True, can_focus=False, max_width_chars=70)
        scrolled = Gtk.ScrolledWindow(
            hscrollbar_policy=Gtk.PolicyType.NEVER,
            max_content_height=MOST_HEIGHT,
            propagate_natural_height=True,
        )
        scrolled.add(self._text)
        self._bar = Gtk.ProgressBar(show_text=True, ellipsize="end", valign=Gtk.Align.CENTER)
        self._yes, self._no = Gtk.Button(), Gtk.Button()
        line = Gtk.Box(spacing=6)
        line.pack_start(self._bar, True, True, 0)
        line.pack_end(self._yes, False, False, 0)
        line.pack_end(self._no, False, False, 0)
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=12, margin=12)
        box.pack_start(scrolled, True, True, 0)
        box.pack_start(line, False, False, 0)
        box.show_all()
        self._window = Gtk.Dialog(title=TITLE)
        self._window.add_button(_("_Close"), Gtk.ResponseType.CLOSE)
        self._window.get_content_area().pack_start(box, True, True, 0)
        self._installation = Installation(
            FOLDER, "gimp", lambda message: GLib.idle_add(self._hear, message), self._show
        )
        self._yes.connect("clicked", lambda _button: self._installation.yes())
        self._no.connect("clicked", lambda _button: self._installation.no())
        self._installation.look()

    def run(self):
        self._window.run()

    def close(self):
        self._closed = True
        self._installation.close()
        self._window.destroy()

    def _hear(self, message):
        if not self._closed:  # else the widgets are gone
            self._installation.hear(message)
        return GLib.SOURCE_REMOVE

    def _show(self, shown):
        if shown.text:  # during a download, what it is stays in view
            self._text.set_text(shown.text)
        for button, label in ((self._yes, shown.yes), (self._no, shown.no)):
            button.set_label(label)
            button.set_visible(bool(label))
        self._no.set_sensitive(shown.no_sensitive)
        self._bar.set_visible(shown.fraction is not None)
        self._bar.set_fraction(shown.fraction or 0.0)
        self._bar.set_text(shown.message)
