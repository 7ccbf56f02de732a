"""The picture in a dialog: before and after, or to click on."""

import ctypes
from ctypes import byref, c_double

import pixels
from gimpfu_compat.dialog.toolkit import gtk, pack, vertical_box
from gimpfu_compat.libraries import Int, Pointer, function
from gimpfu_compat.pixels import read, reduced
from pictures import Picture, of_preview
from widgets import Scroller, Soon, Toggle, add, horizontal_box, on, sensitive, show, tip

from photochrom_client import translated as _
from photochrom_client.kit.preview import fit
from photochrom_client.kit.viewing import LEAST, MOST, Visible, shown

GDK = ctypes.CDLL("libgdk-x11-2.0.so.0")
BUTTON_PRESS, BUTTON_MOTION, KEY_PRESS = 1 << 8, 1 << 5, 1 << 10
LEFT, RIGHT = 0xFF51, 0xFF53
STEP = 0.05
ON_SCREEN = "R'G'B'A u8"

_coordinates = function(GDK, "gdk_event_get_coords", Int, Pointer, Pointer, Pointer)


class KeyEvent(ctypes.Structure):
    """The beginning of a GdkEventKey."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("window", ctypes.c_void_p),
        ("sent", ctypes.c_int8),
        ("time", ctypes.c_uint32),
        ("state", ctypes.c_uint),
        ("key", ctypes.c_uint),
    )


class Allocation(ctypes.Structure):
    """GtkAllocation."""

    _fields_ = tuple((name, ctypes.c_int) for name in ("x", "y", "width", "height"))


class View:
    """A picture of the layer as displayed, as large as its window allows, or a part of it at 100 %. `widget` has it
    with what zooms and scrolls it."""

    def __init__(self, source):
        self._source = source
        self._size = source.width, source.height
        self._whole = _picture(source)
        self._image = gtk("image_new", Pointer)()
        self._events = gtk("event_box_new", Pointer)()
        add(self._events, self._image)
        gtk("widget_set_can_focus", None, Pointer, Int)(self._events, 1)
        gtk("widget_add_events", None, Pointer, Int)(self._events, BUTTON_PRESS | BUTTON_MOTION | KEY_PRESS)
        # A layout gives the picture its size and place, and does not grow with it: the window may become smaller.
        self._frame = gtk("layout_new", Pointer, Pointer, Pointer)(None, None)
        gtk("widget_set_size_request", None, Pointer, Int, Int)(self._frame, *LEAST)
        gtk("layout_put", None, Pointer, Pointer, Int, Int)(self._frame, self._events, 0, 0)
        self._zoom = Toggle("100 %", self._zoomed)
        tip(self._zoom.widget, _("Shows the photograph's own pixels"))
        self._across, self._down = (Scroller(kind, self._scrolled) for kind in ("hscrollbar", "vscrollbar"))
        self._fitting = False
        self._room = LEAST
        self._refit = Soon(self._fit)
        self.widget = self._laid_out()
        self._fit()
        on(self._frame, "size-allocate", self._allocated, Pointer)

    def close(self):
        self._refit.close()

    def _laid_out(self):
        beside, below, box = horizontal_box(0), horizontal_box(), vertical_box(6)
        pack(beside, self._frame, expand=True)
        pack(beside, self._down.widget)
        pack(below, self._across.widget, expand=True)
        gtk("box_pack_end", None, Pointer, Pointer, Int, Int, Int)(below, self._zoom.widget, 0, 0, 0)
        pack(box, beside, expand=True)
        pack(box, below)
        return box

    def _allocated(self, room):
        given = ctypes.cast(room, ctypes.POINTER(Allocation)).contents
        if (given.width, given.height) != self._room:
            self._room = given.width, given.height
            self._refit.ask()  # what is inside must not change its size while sizes are given out

    def _zoomed(self):
        for bar in (self._across, self._down):
            show(bar.widget, self._zoom.value)
        self._fit()

    def _scrolled(self):
        if not self._fitting:
            self._render()

    def _fit(self):
        """Takes the room that there is."""
        sensitive(self._zoom.widget, self._zoom.value or shown(self._size, self._room, False) != self._size)
        pages = self._width, self._height = shown(self._size, self._room, self._zoom.value)
        self._fitting = True
        for bar, size, page in zip((self._across, self._down), self._size, pages, strict=True):
            middle = (size - page) // 2
            bar.set(min(bar.value, size - page) if self._zoom.value else middle, size, page)
        self._fitting = False
        self._render()
        left = max(0, (self._room[0] - self._width) // 2)
        gtk("layout_move", None, Pointer, Pointer, Int, Int)(self._frame, self._events, left, 0)

    def _render(self):
        """Reads what of the photograph is to be seen now, and shows it."""
        if self._zoom.value:
            place = *self._corner(), self._width, self._height
            data = read(self._source, ON_SCREEN, *place, as_srgb=True)
            self._photograph = Picture.of(self._width, self._height, data, alpha=True)
        else:
            self._photograph = self._visible(self._whole)
        self._before = self._photograph.sized(self._width, self._height)
        self._draw()

    def _draw(self):
        """Shows the picture with whatever belongs over it."""
        self._show(self._before)

    def _show(self, picture):
        gtk("image_set_from_pixbuf", None, Pointer, Pointer)(self._image, picture.pointer)

    def _corner(self):
        """Of what is visible, in the layer's pixels."""
        return (self._across.value, self._down.value) if self._zoom.value else (0, 0)

    def _visible(self, picture):
        """What is visible of a picture of the whole layer, at the size at which it is visible."""
        across, down = self._now().scales(picture.width, picture.height)
        return picture.part(*self._corner(), across, down, self._width, self._height)

    def _at(self, event):
        """Where the mouse is, in pixels of what is shown."""
        x, y = c_double(), c_double()
        _coordinates(event, byref(x), byref(y))
        return x.value, y.value

    def _place(self, event):
        """Where the mouse is in the layer: 0…1 across and down."""
        return self._now().place(*self._at(event))

    def _now(self):
        return Visible(self._size, (self._width, self._height), self._corner() if self._zoom.value else None)


class BeforeAfter(View):
    """The picture before, left of a line, and after, right of it, where a heat map of uncertainty can be faded in. The
    line follows mouse and arrow keys."""

    def __init__(self, source):
        self._colors = self._heat = None
        self._colored: tuple = (None, None)
        self._fade = 0.0
        self._line = 0.5
        super().__init__(source)
        tip(self._events, _("Left of the line: before. Right of it: after."))
        on(self._events, "button-press-event", self._point, Pointer, result=Int)
        on(self._events, "motion-notify-event", self._point, Pointer, result=Int)
        on(self._events, "key-press-event", self._key, Pointer, result=Int)

    def show_after(self, preview):
        """Takes the engine's `Preview` for the right side."""
        self._colors = of_preview(preview)
        self._render()

    def show_doubt(self, preview):
        """Takes the engine's heat map of the uncertainty; None for none."""
        self._heat = preview and of_preview(preview)
        self._draw()

    def fade_doubt(self, share):
        """Shows the uncertainty, 0 not at all … 1 in full."""
        self._fade = share
        self._draw()

    def _draw(self):
        before, after = self._colored
        if before is not self._before:
            after = self._before if self._colors is None else self._in_color()
            self._colored = self._before, after
        at = round(self._line * self._width)
        both = self._before.copy()
        both.paste(after, at)
        if self._heat is not None and self._fade > 0:
            both.lay_over(self._visible(self._heat), round(255 * self._fade), right_of=at)
        both.line(at)
        self._show(both)

    def _in_color(self):
        """The photograph's own tones, as in the result: the preview's are those of a smaller picture."""
        size = self._width, self._height
        data = pixels.colored(size, self._photograph.rgba(), self._visible(self._colors).rgba())
        return Picture.of(*size, data, alpha=True).sized(*size)

    def _point(self, event):
        self._move(self._at(event)[0] / self._width)
        gtk("widget_grab_focus", None, Pointer)(self._events)
        return 1

    def _key(self, event):
        key = ctypes.cast(event, ctypes.POINTER(KeyEvent)).contents.key
        step = {LEFT: -STEP, RIGHT: STEP}.get(key)
        if step is not None:
            self._move(self._line + step)
        return step is not None

    def _move(self, line):
        self._line = min(1.0, max(0.0, line))
        self._draw()


def _picture(source):
    """`source` as displayed, no larger than a view needs."""
    scale = fit(source.width, source.height, *MOST)[0] / source.width
    return Picture.of(*reduced(source, ON_SCREEN, scale, as_srgb=True), alpha=True)
