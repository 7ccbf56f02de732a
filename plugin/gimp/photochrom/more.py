"""The dialog's list of colorizers that are not installed: what each is good at, its size and license, and how to get
it."""

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import GLib, Gtk

from photochrom_client import translated as _
from photochrom_client.kit.fetching import Fetcher
from photochrom_client.kit.offers import Offer, to_be_had

WIDTH, MOST_HEIGHT = 500, 360
"""Pixels of the list; what does not fit is scrolled to."""


class MoreColorizers:
    """A button whose popover has the list; everything here runs on the main thread but the fetcher.

    A popover, because the dialog with its preview is as high as a small screen already. `show_installed` is called with
    the client's colorizers whenever they may have become more.
    """

    def __init__(self, plugin_folder, show_installed):
        self._show_installed = show_installed
        self._fetcher = Fetcher(plugin_folder, lambda said: GLib.idle_add(self._hear, said))
        self._offers = {}
        self._closed = False
        self._said = _text(_("Asking the engine…"))
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
        inside.pack_start(self._said, False, False, 0)
        inside.pack_start(self._scrolled, True, True, 0)
        inside.show_all()
        self._scrolled.hide()
        popover = Gtk.Popover(position=Gtk.PositionType.TOP)
        popover.add(inside)
        popover.connect("show", lambda _popover: self._fetcher.list())
        self.widget = Gtk.MenuButton(label=_("_More…"), use_underline=True, popover=popover)
        self.widget.set_tooltip_text(_("Colorizers that are not installed"))

    def close(self):
        self._closed = True
        self._fetcher.close()

    def _hear(self, said):
        """What the fetcher tells, on the main thread."""
        if self._closed:
            return GLib.SOURCE_REMOVE
        if "models" in said:
            self._show(to_be_had(said["models"]))
            self._show_installed(said["colorizers"])
        elif "name" in said:
            self._offers[said["name"]].offer.hear(said)
        else:
            self._say(str(said["error"]))
        return GLib.SOURCE_REMOVE

    def _show(self, models):
        """Keeps the offers of models that are still to be had as they are: one of them may be on its way."""
        names = {model.name for model in models}
        for name in [name for name in self._offers if name not in names]:
            self._offers.pop(name).widget.destroy()
        for model in models:
            if model.name not in self._offers:
                row = Row(model, self._fetcher)
                self._offers[model.name] = row
                self._list.pack_start(row.widget, False, False, 0)
        self._say("" if models else _("All colorizers that Photochrom knows are installed."))

    def _say(self, text):
        """Shows this instead of the list; nothing shows the list."""
        _show_text(self._said, text)
        self._scrolled.set_visible(not text)


class Row:
    """One colorizer in the list; `offer` says what is to be seen of it."""

    def __init__(self, model, fetcher):
        self._text = _text()
        self._bar = Gtk.ProgressBar(show_text=True, ellipsize="end", valign=Gtk.Align.CENTER)
        self._yes, self._no = Gtk.Button(), Gtk.Button()
        head = _text()
        head.set_markup(f"<b>{GLib.markup_escape_text(model.name)}</b>: {GLib.markup_escape_text(model.good_at)}")
        self.widget = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=3)
        self.widget.pack_start(head, False, False, 0)
        self.widget.pack_start(self._text, False, False, 0)
        line = Gtk.Box(spacing=6)
        line.pack_start(_text(f"{model.size} · {model.license}"), False, False, 0)
        line.pack_start(self._bar, True, True, 0)
        line.pack_end(self._yes, False, False, 0)
        line.pack_end(self._no, False, False, 0)
        self.widget.pack_start(line, False, False, 0)
        self.widget.show_all()
        self.offer = Offer(model, fetcher, self._show)
        self._yes.connect("clicked", lambda _button: self.offer.yes())
        self._no.connect("clicked", lambda _button: self.offer.no())

    def _show(self, shown):
        _show_text(self._text, shown.text)
        for button, label in ((self._yes, shown.yes), (self._no, shown.no)):
            button.set_label(label)
            button.set_visible(bool(label))
        self._no.set_sensitive(shown.no_sensitive)
        self._bar.set_visible(shown.fraction is not None)
        self._bar.set_fraction(shown.fraction or 0.0)
        self._bar.set_text(shown.message)


def _text(text=""):
    return Gtk.Label(label=text, xalign=0, wrap=True, selectable=True, can_focus=False, max_width_chars=60)


def _show_text(label, text):
    label.set_text(text)
    label.set_visible(bool(text))
