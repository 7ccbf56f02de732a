"""The dialog: the photograph before and after, and what can be chosen."""

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
import layers
import pixels
from colouring import FOLDER
from gi.repository import Gdk, GdkPixbuf, Gimp, GimpUi, GLib, Gtk
from more import MoreColorizers
from preview import Previewer, Reduced, fit, scale_for
from words import automatic, coloured_by

BINARY = "photochrom"
AUTO = "auto"
SHORT_SIDE = 512
"""Short side of what is sent for a preview: more than the engine looks at, so that preview and result agree."""

VIEW = (560, 420)
REST = 120
"""Milliseconds that a setting must rest before a new preview is asked for."""


def ask(procedure, config, image, source):
    """Shows the dialog; `config` holds what was chosen. False when the user cancelled."""
    GimpUi.init(BINARY)
    dialog = Dialog(procedure, config, image, source)
    try:
        return dialog.run()
    finally:
        dialog.close()


class Dialog:
    """The window with its preview; everything here runs on the main thread but the previewer."""

    def __init__(self, procedure, config, image, source):
        self._config = config
        self._window = GimpUi.ProcedureDialog.new(procedure, config, "Photochrom: colorize")
        self._window.set_ok_label("Colori_ze")
        help_button = self._window.get_widget_for_response(Gtk.ResponseType.HELP)
        if help_button is not None:
            help_button.hide()  # GIMP's help browser has no page for it
        self._view = BeforeAfter(_picture(source))
        self._status = Gtk.Label(xalign=0, wrap=True, selectable=True, max_width_chars=60, can_focus=False)
        self._spinner = Gtk.Spinner()
        self._colorizers = Gtk.ComboBoxText()
        self._scores = {}
        self._list([(AUTO, automatic({}))])
        self._timer = 0
        self._more = MoreColorizers(FOLDER, self._list)
        self._lay_out(image)

        scale = scale_for(source.get_width(), source.get_height(), SHORT_SIDE, 4 * SHORT_SIDE)
        width, height, lightness = pixels.reduced(source, scale, "CIE L float")
        small = Reduced(width, height, bytes(lightness), layers.profile_of(image))
        self._previewer = Previewer(FOLDER, small, lambda said: GLib.idle_add(self._hear, said))
        self._colorizers.connect("changed", self._choose_colorizer)
        self._handlers = [config.connect(f"notify::{name}", self._changed) for name in ("colorizer", "chroma")]
        self._want()

    def run(self):
        return self._window.run()

    def close(self):
        for handler in self._handlers:
            self._config.disconnect(handler)
        if self._timer:
            GLib.source_remove(self._timer)
        self._hear = lambda _said: False  # what is still on its way has nobody to reach
        self._more.close()
        self._previewer.close()
        self._window.destroy()

    def _lay_out(self, image):
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        box.pack_start(self._view.widget, True, True, 0)
        line = Gtk.Box(spacing=6)
        line.pack_start(self._spinner, False, False, 0)
        line.pack_start(self._status, True, True, 0)
        box.pack_start(line, False, False, 0)
        row = Gtk.Box(spacing=6)
        label = Gtk.Label.new_with_mnemonic("Co_lorizer")
        label.set_mnemonic_widget(self._colorizers)
        row.pack_start(label, False, False, 0)
        row.pack_start(self._colorizers, True, True, 0)
        row.pack_start(self._more.widget, False, False, 0)
        box.pack_start(row, False, False, 0)
        if image.get_base_type() != Gimp.ImageBaseType.RGB:
            kind = "grayscale" if image.get_base_type() == Gimp.ImageBaseType.GRAY else "indexed"
            note = f"This image is {kind}. It becomes RGB together with the new layer: one step for Undo."
            box.pack_start(Gtk.Label(label=note, xalign=0, wrap=True, max_width_chars=60), False, False, 0)
        box.show_all()
        self._window.get_content_area().pack_start(box, True, True, 0)
        self._window.get_scale_entry("chroma", 1.0)
        self._window.fill(["chroma", "output"])

    def _choose_colorizer(self, combo):
        # Setting what is set already would ask for another preview: the list also changes by itself.
        if combo.get_active_id() not in {None, self._config.get_property("colorizer")}:
            self._config.set_property("colorizer", combo.get_active_id())

    def _changed(self, *_):
        self._show_chosen()  # Reset and saved settings change it too
        if self._timer:
            GLib.source_remove(self._timer)
        self._timer = GLib.timeout_add(REST, self._rested)

    def _rested(self):
        self._timer = 0
        self._want()
        return GLib.SOURCE_REMOVE

    def _want(self):
        self._previewer.want(
            {
                "colorizer": self._config.get_property("colorizer"),
                "chroma": self._config.get_property("chroma"),
            }
        )

    def _hear(self, said):
        """What the previewer tells, on the main thread."""
        working = "working" in said
        if "preview" in said:
            self._view.show_after(said["preview"])
            self._scores = said["scores"] or self._scores
            self._show_automatic()
            by = coloured_by(said["colorizer"], said["scores"])
            self._status.set_text(f"Coloured by {by}. Move the line with the mouse or ← →.")
        elif "error" in said:
            self._status.set_text(str(said["error"]))
        elif "colorizers" in said:
            self._list(said["colorizers"])
        elif working:
            self._status.set_text(f"{said['working']}…")
        if working != self._spinner.get_property("active"):
            self._spinner.set_property("active", working)
        return GLib.SOURCE_REMOVE

    def _list(self, colorizers):
        self._colorizers.remove_all()
        for name, title in colorizers:
            self._colorizers.append(name, title)
        self._show_automatic()
        self._show_chosen()

    def _show_automatic(self):
        """Says in the row of the automatic choice what it came to, once that is known."""
        for row in self._colorizers.get_model():
            if row[1] == AUTO and self._scores:
                row[0] = automatic(self._scores)

    def _show_chosen(self):
        chosen = self._config.get_property("colorizer")
        if not self._colorizers.set_active_id(chosen):  # a blend, or one that is gone: the engine says so
            self._colorizers.append(chosen, chosen)
            self._colorizers.set_active_id(chosen)


class BeforeAfter:
    """One picture, left of a line as it was, right of it as it becomes. The line follows mouse and arrow keys.

    Composed of pixbufs: drawing with cairo needs pycairo, which GIMP's Python need not have.
    """

    def __init__(self, before):
        self._width, self._height = fit(before.get_width(), before.get_height(), *VIEW)
        self._before = self._sized(before)
        self._after = self._before
        self._line = 0.5
        self._image = Gtk.Image.new_from_pixbuf(self._before)
        self._image.set_halign(Gtk.Align.START)
        self._image.set_valign(Gtk.Align.START)
        self.widget = Gtk.EventBox(can_focus=True, halign=Gtk.Align.CENTER, valign=Gtk.Align.CENTER)
        self.widget.add(self._image)
        self.widget.set_tooltip_text("Left of the line: before. Right of it: after.")
        mask = Gdk.EventMask
        self.widget.add_events(mask.BUTTON_PRESS_MASK | mask.BUTTON1_MOTION_MASK | mask.KEY_PRESS_MASK)
        self.widget.connect("button-press-event", self._point)
        self.widget.connect("motion-notify-event", self._point)
        self.widget.connect("key-press-event", self._key)

    def show_after(self, preview):
        """Takes the engine's `Preview` for the right side."""
        self._after = self._sized(_pixbuf(preview.rgb, False, preview.width, preview.height))
        self._show()

    def _sized(self, picture):
        """`picture` at the view's size; alpha shows a checkerboard."""
        return picture.composite_color_simple(
            self._width, self._height, GdkPixbuf.InterpType.BILINEAR, 255, 16, 0x999999, 0x666666
        )

    def _show(self):
        at = round(self._line * self._width)
        both = self._before.copy()
        if at < self._width:
            self._after.copy_area(at, 0, self._width - at, self._height, both, at, 0)
        both.new_subpixbuf(min(at, self._width - 1), 0, 1, self._height).fill(0xFFFFFFFF)
        self._image.set_from_pixbuf(both)

    def _point(self, _widget, event):
        self._move(event.x / self._width)
        self.widget.grab_focus()
        return True

    def _key(self, _widget, event):
        step = {Gdk.KEY_Left: -0.05, Gdk.KEY_Right: 0.05}.get(event.keyval)
        if step is not None:
            self._move(self._line + step)
        return step is not None

    def _move(self, line):
        self._line = min(1.0, max(0.0, line))
        self._show()


def _picture(source):
    """`source` as it looks, in sRGB, no larger than the view needs."""
    width, height = source.get_width(), source.get_height()
    scale = fit(width, height, 2 * VIEW[0], 2 * VIEW[1])[0] / width
    width, height, data = pixels.reduced(source, scale, "R'G'B'A u8")
    return _pixbuf(data, True, width, height)


def _pixbuf(data, alpha, width, height):
    stride = (4 if alpha else 3) * width
    colours = GdkPixbuf.Colorspace.RGB
    return GdkPixbuf.Pixbuf.new_from_bytes(GLib.Bytes.new(data), colours, alpha, 8, width, height, stride)
