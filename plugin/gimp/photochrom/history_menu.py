"""The last results, whose settings can be reused."""

import gi

gi.require_version("Gtk", "3.0")
import coloring
from gi.repository import Gtk

from photochrom_client import translated as _


class HistoryMenu:
    """A button with a menu of the history; `reuse` is called with the settings of the entry that the user picks."""

    def __init__(self, reuse):
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, margin=6)
        popover = Gtk.Popover(position=Gtk.PositionType.TOP)
        entries = coloring.history().entries_of_wholes()
        for entry in entries:
            button = Gtk.ModelButton(text=entry.title)
            button.connect("clicked", lambda _button, settings=entry.settings: reuse(settings))
            box.pack_start(button, False, False, 0)
        scrolled = Gtk.ScrolledWindow(
            hscrollbar_policy=Gtk.PolicyType.NEVER, max_content_height=300, propagate_natural_height=True
        )
        scrolled.add(box)
        scrolled.show_all()
        popover.add(scrolled)
        self.widget = Gtk.MenuButton(
            label=_("_Earlier results…"), use_underline=True, popover=popover, sensitive=bool(entries)
        )
