"""The dialog's list of colorizers that can be installed: what each is good at, its size and license, and its
download."""

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import GLib, Gtk

from photochrom_client import translated as _
from photochrom_client.kit.downloads import Downloads
from photochrom_client.kit.offers import Offer, OfferList

WIDTH, MOST_HEIGHT = 500, 360
"""Pixels of the list; the rest is scrolled to."""


class MoreColorizers:
    """A button whose popover has the list. Everything here runs on the main thread.

    A popover, because the dialog with its preview is as high as a small screen already. `show_installed` is called with
    the client's colorizers whenever there may be more of them.
    """

    def __init__(self, plugin_folder, show_installed):
        self._downloads = Downloads(plugin_folder, lambda message: GLib.idle_add(self._hear, message))
        self._closed = False
        self._text = _label()
        self._list = Gtk.Box(
            orientation=Gtk.Orientation.VERTICAL, spacing=12, margin=6, margin_end=12, width_request=WIDTH
        )
        self._scrolled = Gtk.ScrolledWindow(
            hscrollbar_policy=Gtk.PolicyType.NEVER,
            max_content_height=MOST_HEIGHT,
            propagate_natural_height=True,
        )
        self._scrolled.add(self._list)
        inside = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, margin=6)
        inside.pack_start(self._text, False, False, 0)
        inside.pack_start(self._scrolled, True, True, 0)
        inside.show_all()
        popover = Gtk.Popover(position=Gtk.PositionType.TOP)
        popover.add(inside)
        popover.connect("show", lambda _popover: self._downloads.list())
        self.widget = Gtk.MenuButton(label=_("_More…"), use_underline=True, popover=popover)
        self.widget.set_tooltip_text(_("Colorizers that can be installed"))
        self._offers = OfferList(self._add, self._say, show_installed)

    def close(self):
        self._closed = True
        self._downloads.close()

    def _hear(self, message):
        if not self._closed:  # else the widgets are gone
            self._offers.hear(message)
        return GLib.SOURCE_REMOVE

    def _add(self, model):
        row = Row(model, self._downloads)
        self._list.pack_start(row.widget, False, False, 0)
        return row

    def _say(self, text):
        _show_text(self._text, text)
        self._scrolled.set_visible(not text)


class Row:
    """One colorizer in the list; `offer` decides what is shown of it."""

    def __init__(self, model, downloads):
        self._text = _label()
        self._bar = Gtk.ProgressBar(show_text=True, ellipsize="end", valign=Gtk.Align.CENTER)
        self._yes, self._no = Gtk.Button(), Gtk.Button()
        head = _label()
        head.set_markup(f"<b>{GLib.markup_escape_text(model.name)}</b>: {GLib.markup_escape_text(model.good_at)}")
        self.widget = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=3)
        self.widget.pack_start(head, False, False, 0)
        self.widget.pack_start(self._text, False, False, 0)
        line = Gtk.Box(spacing=6)
        line.pack_start(_label(f"{model.size} · {model.license}"), False, False, 0)
        line.pack_start(self._bar, True, True, 0)
        line.pack_end(self._yes, False, False, 0)
        line.pack_end(self._no, False, False, 0)
        self.widget.pack_start(line, False, False, 0)
        self.widget.show_all()
        self.offer = Offer(model, downloads, self._show)
        self._yes.connect("clicked", lambda _button: self.offer.yes())
        self._no.connect("clicked", lambda _button: self.offer.no())

    def remove(self):
        self.widget.destroy()

    def _show(self, shown):
        _show_text(self._text, shown.text)
        for button, label in ((self._yes, shown.yes), (self._no, shown.no)):
            button.set_label(label)
            button.set_visible(bool(label))
        self._no.set_sensitive(shown.no_sensitive)
        self._bar.set_visible(shown.fraction is not None)
        self._bar.set_fraction(shown.fraction or 0.0)
        self._bar.set_text(shown.message)


def _label(text=""):
    return Gtk.Label(label=text, xalign=0, wrap=True, selectable=True, can_focus=False, max_width_chars=60)


def _show_text(label, text):
    label.set_text(text)
    label.set_visible(bool(text))
