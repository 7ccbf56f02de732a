"""Pictures in dialogs. Composed of pixbufs: drawing with cairo needs pycairo, which GIMP's Python need not have."""

from contextlib import ExitStack

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
import pixels
from gi.repository import Gdk, GdkPixbuf, GLib, Gtk

from photochrom_client import translated as _
from photochrom_client.kit.preview import fit
from photochrom_client.kit.viewing import LEAST, MOST, Visible, shown


class View:
    """A picture of the layer as displayed, as large as its window allows, or a part of it at 100 %. `widget` takes
    mouse and keys, `box` has the picture with what zooms and scrolls it."""

    def __init__(self, source):
        self._open = ExitStack()
        self._seen = self._open.enter_context(pixels.as_seen(source))
        self._size = source.get_width(), source.get_height()
        self._whole = _picture(self._seen)
        self._image = Gtk.Image()
        self.widget = Gtk.EventBox(can_focus=True, halign=Gtk.Align.CENTER, valign=Gtk.Align.START)
        self.widget.set_name("photochrom-view")
        self.widget.add(self._image)
        mask = Gdk.EventMask
        self.widget.add_events(mask.BUTTON_PRESS_MASK | mask.BUTTON1_MOTION_MASK | mask.KEY_PRESS_MASK)
        # EXTERNAL: it does not scroll by itself, and may be smaller than what is in it.
        never = Gtk.PolicyType.EXTERNAL
        self._frame = Gtk.ScrolledWindow(hscrollbar_policy=never, vscrollbar_policy=never)
        self._frame.set_size_request(*LEAST)
        self._frame.add(self.widget)
        self._zoom = Gtk.ToggleButton(label="100 %", tooltip_text=_("Shows the photograph's own pixels"))
        self._across, self._down = Gtk.Adjustment(), Gtk.Adjustment()
        self.box = self._laid_out()
        self._room = LEAST
        self._fit()
        self._frame.connect("size-allocate", self._allocated)
        self._zoom.connect("toggled", self._zoomed)
        for adjustment in (self._across, self._down):
            adjustment.connect("value-changed", lambda _adjustment: self._render())

    def close(self):
        self._open.close()

    def _laid_out(self):
        bars = [
            Gtk.Scrollbar(orientation=orientation, adjustment=adjustment, no_show_all=True)
            for orientation, adjustment in (
                (Gtk.Orientation.HORIZONTAL, self._across),
                (Gtk.Orientation.VERTICAL, self._down),
            )
        ]
        self._bars = bars
        picture = Gtk.Box()
        picture.pack_start(self._frame, True, True, 0)
        picture.pack_start(bars[1], False, False, 0)
        below = Gtk.Box(spacing=6)
        below.pack_start(bars[0], True, True, 0)
        below.pack_end(self._zoom, False, False, 0)
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        box.pack_start(picture, True, True, 0)
        box.pack_start(below, False, False, 0)
        return box

    def _allocated(self, _frame, room):
        if (room.width, room.height) != self._room:
            self._room = room.width, room.height
            GLib.idle_add(self._fit)  # what is inside must not change its size while sizes are given out

    def _zoomed(self, _button):
        for bar in self._bars:
            bar.set_visible(self._zoom.get_active())
        self._fit()

    def _fit(self):
        """Takes the room that there is."""
        zoomed = self._zoom.get_active()
        self._zoom.set_sensitive(zoomed or shown(self._size, self._room, False) != self._size)
        pages = self._width, self._height = shown(self._size, self._room, zoomed)
        for adjustment, size, page in zip((self._across, self._down), self._size, pages, strict=True):
            at = min(adjustment.get_value() or (size - page) / 2, size - page)
            adjustment.configure(at, 0, size, page / 10, page / 2, page)
        self._render()
        return GLib.SOURCE_REMOVE

    def _render(self):
        """Reads what of the photograph is to be seen now, and shows it."""
        if self._zoom.get_active():
            size = self._width, self._height
            data = pixels.part(self._seen, self._corner(), size, "R'G'B'A u8")
            self._photograph = _pixbuf(data, True, *size)
        else:
            self._photograph = self._visible(self._whole)
        self._before = _opaque(self._photograph)
        self._show()

    def _show(self):
        """Shows the picture with whatever belongs over it."""
        self._image.set_from_pixbuf(self._before)

    def _corner(self):
        """Of what is visible, in the layer's pixels."""
        if not self._zoom.get_active():
            return 0, 0
        return round(self._across.get_value()), round(self._down.get_value())

    def _visible(self, picture):
        """What is visible of a picture of the whole layer, at the size at which it is visible."""
        left, top = self._corner()
        across, down = self._now().scales(picture.get_width(), picture.get_height())
        made = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, picture.get_has_alpha(), 8, self._width, self._height)
        bilinear = GdkPixbuf.InterpType.BILINEAR
        picture.scale(made, 0, 0, self._width, self._height, -left, -top, across, down, bilinear)
        return made

    def _place(self, event):
        """Where the mouse is in the layer: 0…1 across and down."""
        return self._now().place(event.x, event.y)

    def _now(self):
        return Visible(self._size, (self._width, self._height), self._corner() if self._zoom.get_active() else None)


class BeforeAfter(View):
    """The picture before, left of a line, and after, right of it, where a heat map of uncertainty can be faded in. The
    line follows mouse and arrow keys."""

    def __init__(self, source):
        self._colors = self._heat = None
        self._colored: tuple = (None, None)
        self._fade = 0.0
        self._line = 0.5
        super().__init__(source)
        self.widget.set_tooltip_text(_("Left of the line: before. Right of it: after."))
        self.widget.connect("button-press-event", self._point)
        self.widget.connect("motion-notify-event", self._point)
        self.widget.connect("key-press-event", self._key)

    def show_after(self, preview):
        """Takes the engine's `Preview` for the right side."""
        self._colors = pixbuf(preview)
        self._render()

    def show_doubt(self, preview):
        """Takes the engine's heat map of the uncertainty; None for none."""
        self._heat = preview and pixbuf(preview)
        self._render()

    def fade_doubt(self, share):
        """Shows the uncertainty, 0 not at all … 1 in full."""
        self._fade = share
        self._show()

    def _show(self):
        before, after = self._colored
        if before is not self._before:
            after = self._before if self._colors is None else self._in_color()
            self._colored = self._before, after
        at = round(self._line * self._width)
        both = self._before.copy()
        if at < self._width:
            right = at, 0, self._width - at, self._height
            after.copy_area(*right, both, at, 0)
            if self._heat is not None and self._fade > 0:
                nearest = GdkPixbuf.InterpType.NEAREST
                self._visible(self._heat).composite(both, *right, 0, 0, 1, 1, nearest, round(255 * self._fade))
        both.new_subpixbuf(min(at, self._width - 1), 0, 1, self._height).fill(0xFFFFFFFF)
        self._image.set_from_pixbuf(both)

    def _in_color(self):
        """The photograph's own tones, as in the result: the preview's are those of a smaller picture."""
        size = self._width, self._height
        colors = self._visible(self._colors).add_alpha(False, 0, 0, 0)
        data = pixels.colored(size, self._photograph.get_pixels(), colors.get_pixels())
        return _opaque(_pixbuf(data, True, *size))

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


def pixbuf(preview):
    """The engine's `Preview` for GTK."""
    return _pixbuf(preview.rgb, preview.bands == 4, preview.width, preview.height)


def swatch(rgb, side=24):
    """A square of one color, sRGB 0…1."""
    square = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, False, 8, side, side)
    red, green, blue = (round(255 * min(1.0, max(0.0, each))) for each in rgb)
    square.fill(red << 24 | green << 16 | blue << 8 | 255)
    return square


def _picture(seen):
    """A layer as displayed, in sRGB, no larger than a view needs."""
    width, height = seen.get_width(), seen.get_height()
    width, height, data = pixels.reduced(seen, fit(width, height, *MOST)[0] / width, "R'G'B'A u8")
    return _pixbuf(data, True, width, height)


def _opaque(picture):
    """`picture`, where alpha shows a checkerboard."""
    size = picture.get_width(), picture.get_height()
    return picture.composite_color_simple(*size, GdkPixbuf.InterpType.NEAREST, 255, 16, 0x999999, 0x666666)


def _pixbuf(data, alpha, width, height):
    stride = (4 if alpha else 3) * width
    colors = GdkPixbuf.Colorspace.RGB
    return GdkPixbuf.Pixbuf.new_from_bytes(GLib.Bytes.new(data), colors, alpha, 8, width, height, stride)
