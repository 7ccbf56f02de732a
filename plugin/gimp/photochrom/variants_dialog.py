"""The dialog that shows variants to choose from."""

import gi

gi.require_version("Gtk", "3.0")
import guidance
from coloring import FOLDER
from gi.repository import GdkPixbuf, GLib, Gtk
from preview_dialog import about, becomes_rgb, text, whole, window
from view import pixbuf

from photochrom_client import translated as _
from photochrom_client.kit.background import Failed, Working
from photochrom_client.kit.preview import fit
from photochrom_client.kit.variant_previews import Complete, Variant, VariantPreviews
from photochrom_client.settings import Settings

THUMBNAIL = (200, 120)
"""Pixels of a thumbnail in the smallest window; larger ones have larger thumbnails."""

AROUND = (30, 50)
"""Pixels that each takes beside and above itself: its button and its label."""


class VariantsDialog:
    """The window runs on the main thread; the thumbnails are computed by `VariantPreviews` beside it."""

    def __init__(self, procedure, config, image, source, settings):
        self._config = config
        self._chosen: dict[str, Settings] = {}
        self._closed = False
        self._window = window(procedure, config, _("Photochrom: Variants"), _("_Insert"))
        self._window.set_response_sensitive(Gtk.ResponseType.OK, False)
        self._grid = Gtk.FlowBox(
            selection_mode=Gtk.SelectionMode.NONE, min_children_per_line=3, max_children_per_line=3, homogeneous=True
        )
        self._thumbnails = []
        self._size = THUMBNAIL
        scrolled = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.NEVER)
        scrolled.set_size_request(*(3 * (side + more) for side, more in zip(THUMBNAIL, AROUND, strict=True)))
        scrolled.add(self._grid)
        scrolled.connect("size-allocate", self._allocated)
        self._status = text(_("Choose one or several."))
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        box.pack_start(text(about(image, source)), False, False, 0)
        box.pack_start(scrolled, True, True, 0)
        box.pack_start(self._status, False, False, 0)
        note = becomes_rgb(image)
        if note is not None:
            box.pack_start(note, False, False, 0)
        box.show_all()
        self._window.get_content_area().pack_start(box, True, True, 0)
        given = guidance.collect(image, source, [settings])
        layer = whole(image, source)
        self._previews = VariantPreviews(
            FOLDER, layer, given, settings, lambda message: GLib.idle_add(self._hear, message)
        )

    def run(self):
        return self._window.run()

    def look(self):
        """Called twice a second while the dialog is open."""

    def dismiss(self):
        """Ends `run` as Cancel does."""
        self._window.response(Gtk.ResponseType.CANCEL)

    def chosen(self):
        """The settings of the chosen variants, in that order."""
        return list(self._chosen.values())

    def close(self):
        self._closed = True
        self._previews.close()
        self._window.destroy()

    def _hear(self, message):
        match message:
            case _ if self._closed:
                pass
            case Variant(key, title, settings, preview):
                self._add(key, title, settings, preview)
            case Working(text):
                self._status.set_text(f"{text}…")
            case Complete(text):
                self._status.set_text(text)
            case Failed(error):
                self._status.set_text(str(error))
        return GLib.SOURCE_REMOVE

    def _add(self, key, title, settings, preview):
        thumbnail = Thumbnail(preview)
        thumbnail.show(self._size)
        self._thumbnails.append(thumbnail)
        inside = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        inside.pack_start(thumbnail.widget, True, True, 0)
        inside.pack_start(Gtk.Label(label=title, ellipsize=3, max_width_chars=26), False, False, 0)
        button = Gtk.ToggleButton()
        button.add(inside)
        button.connect("toggled", self._toggle, key, settings)
        button.show_all()
        self._grid.add(button)
        self._grid.show_all()

    def _allocated(self, _scrolled, room):
        size = tuple(
            max(least, side // 3 - more)
            for least, side, more in zip(THUMBNAIL, (room.width, room.height), AROUND, strict=True)
        )
        if size != self._size:
            self._size = size
            GLib.idle_add(self._resize)  # what is inside must not change its size while sizes are given out

    def _resize(self):
        for thumbnail in self._thumbnails:
            thumbnail.show(self._size)
        return GLib.SOURCE_REMOVE

    def _toggle(self, button, key, settings):
        if button.get_active():
            self._chosen[key] = settings
        else:
            del self._chosen[key]
        self._config.set_property("choice", ",".join(self._chosen))
        self._window.set_response_sensitive(Gtk.ResponseType.OK, bool(self._chosen))


class Thumbnail:
    """The picture of one variant."""

    def __init__(self, preview):
        self._picture = pixbuf(preview)
        self.widget = Gtk.Image()

    def show(self, room):
        """Shows it as large as this room (width, height) allows."""
        size = fit(self._picture.get_width(), self._picture.get_height(), *room)
        self.widget.set_from_pixbuf(self._picture.scale_simple(*size, GdkPixbuf.InterpType.BILINEAR))
