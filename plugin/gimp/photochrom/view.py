"""Pictures in dialogs. Composed of pixbufs: drawing with cairo needs pycairo, which GIMP's Python need not have."""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
import pixels
from gi.repository import Gdk, GdkPixbuf, GLib, Gtk

from photochrom_client import translated as _
from photochrom_client.kit.preview import fit

SIZE = (560, 420)


class View:
    """A widget with the layer as displayed, no larger than `SIZE`, that takes mouse and keys."""

    def __init__(self, source):
        self._width, self._height = fit(source.get_width(), source.get_height(), *SIZE)
        self._before = self._sized(_picture(source))
        self._image = Gtk.Image.new_from_pixbuf(self._before)
        self._image.set_halign(Gtk.Align.START)
        self._image.set_valign(Gtk.Align.START)
        self.widget = Gtk.EventBox(can_focus=True, halign=Gtk.Align.CENTER, valign=Gtk.Align.START)
        self.widget.set_name("photochrom-view")
        self.widget.add(self._image)
        mask = Gdk.EventMask
        self.widget.add_events(mask.BUTTON_PRESS_MASK | mask.BUTTON1_MOTION_MASK | mask.KEY_PRESS_MASK)

    def _sized(self, picture):
        """`picture` at the view's size; alpha shows a checkerboard."""
        return picture.composite_color_simple(
            self._width, self._height, GdkPixbuf.InterpType.BILINEAR, 255, 16, 0x999999, 0x666666
        )


class BeforeAfter(View):
    """The picture before, left of a line, and after, right of it, where a heat map of doubt can be faded in. The line
    follows mouse and arrow keys."""

    def __init__(self, source):
        super().__init__(source)
        self._after = self._before
        self._doubt = None
        self._fade = 0.0
        self._line = 0.5
        self.widget.set_tooltip_text(_("Left of the line: before. Right of it: after."))
        self.widget.connect("button-press-event", self._point)
        self.widget.connect("motion-notify-event", self._point)
        self.widget.connect("key-press-event", self._key)

    def show_after(self, preview):
        """Takes the engine's `Preview` for the right side."""
        self._after = self._sized(pixbuf(preview))
        self._show()

    def show_doubt(self, preview):
        """Takes the engine's heat map of the doubt; None for none."""
        bilinear = GdkPixbuf.InterpType.BILINEAR
        self._doubt = preview and pixbuf(preview).scale_simple(self._width, self._height, bilinear)
        self._show()

    def fade_doubt(self, share):
        """Shows the doubt, 0 not at all … 1 in full."""
        self._fade = share
        self._show()

    def _show(self):
        at = round(self._line * self._width)
        both = self._before.copy()
        if at < self._width:
            right = at, 0, self._width - at, self._height
            self._after.copy_area(*right, both, at, 0)
            if self._doubt is not None and self._fade > 0:
                nearest = GdkPixbuf.InterpType.NEAREST
                self._doubt.composite(both, *right, 0, 0, 1, 1, nearest, round(255 * self._fade))
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


class Pointing(View):
    """A picture to click on: `pointed` is called with x and y, 0…1 across and down. The object is shown in its color,
    the rest fainter."""

    def __init__(self, source, pointed):
        super().__init__(source)
        self._pointed = pointed
        self.widget.set_tooltip_text(_("Click on the object."))
        self.widget.connect("button-press-event", self._press)

    def show_object(self, preview):
        """Takes the engine's `Preview` of an object, whose alpha is the object."""
        shown = self._before.copy()
        veil = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, False, 8, self._width, self._height)
        veil.fill(0x808080FF)
        veil.composite(shown, 0, 0, *(self._width, self._height), 0, 0, 1, 1, GdkPixbuf.InterpType.NEAREST, 90)
        across, down = self._width / preview.width, self._height / preview.height
        pixbuf(preview).composite(
            shown, 0, 0, self._width, self._height, 0, 0, across, down, GdkPixbuf.InterpType.BILINEAR, 255
        )
        self._image.set_from_pixbuf(shown)

    def _press(self, _widget, event):
        self._pointed(
            min(1.0, max(0.0, event.x / self._width)),
            min(1.0, max(0.0, event.y / self._height)),
        )
        return True


def pixbuf(preview):
    """The engine's `Preview` for GTK."""
    return _pixbuf(preview.rgb, preview.bands == 4, preview.width, preview.height)


def swatch(rgb, side=24):
    """A square of one color, sRGB 0…1."""
    square = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, False, 8, side, side)
    red, green, blue = (round(255 * min(1.0, max(0.0, each))) for each in rgb)
    square.fill(red << 24 | green << 16 | blue << 8 | 255)
    return square


def _picture(source):
    """`source` as displayed, in sRGB, no larger than the view needs."""
    width, height = source.get_width(), source.get_height()
    scale = fit(width, height, 2 * SIZE[0], 2 * SIZE[1])[0] / width
    width, height, data = pixels.reduced(source, scale, "R'G'B'A u8")
    return _pixbuf(data, True, width, height)


def _pixbuf(data, alpha, width, height):
    stride = (4 if alpha else 3) * width
    colors = GdkPixbuf.Colorspace.RGB
    return GdkPixbuf.Pixbuf.new_from_bytes(GLib.Bytes.new(data), colors, alpha, 8, width, height, stride)
