"""The picture in a dialog: before and after, or to click on."""

import ctypes
from ctypes import byref, c_double

from gimpfu_compat.dialog.toolkit import gtk
from gimpfu_compat.libraries import Int, Pointer, function
from gimpfu_compat.pixels import reduced
from pictures import Picture, of_preview
from widgets import add, on, tip

from photochrom_client import translated as _
from photochrom_client.kit.preview import fit

SIZE = (560, 420)
GDK = ctypes.CDLL("libgdk-x11-2.0.so.0")
BUTTON_PRESS, BUTTON_MOTION, KEY_PRESS = 1 << 8, 1 << 5, 1 << 10
LEFT, RIGHT = 0xFF51, 0xFF53
STEP = 0.05

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


class View:
    """A widget with the layer as displayed, no larger than `SIZE`, that takes mouse and keys."""

    def __init__(self, source):
        self._width, self._height = fit(source.width, source.height, *SIZE)
        self._before = _picture(source).sized(self._width, self._height)
        self._image = gtk("image_new_from_pixbuf", Pointer, Pointer)(self._before.pointer)
        self._events = gtk("event_box_new", Pointer)()
        add(self._events, self._image)
        gtk("widget_set_can_focus", None, Pointer, Int)(self._events, 1)
        gtk("widget_add_events", None, Pointer, Int)(self._events, BUTTON_PRESS | BUTTON_MOTION | KEY_PRESS)
        # In the middle, and no larger than the picture: places on it are places on the widget.
        self.widget = gtk("alignment_new", Pointer, *[ctypes.c_float] * 4)(0.5, 0.0, 0.0, 0.0)
        add(self.widget, self._events)

    def _show(self, picture):
        gtk("image_set_from_pixbuf", None, Pointer, Pointer)(self._image, picture.pointer)

    def _place(self, event):
        """Where the mouse is, 0…1 across and down."""
        x, y = c_double(), c_double()
        _coordinates(event, byref(x), byref(y))
        return min(1.0, max(0.0, x.value / self._width)), min(1.0, max(0.0, y.value / self._height))


class BeforeAfter(View):
    """The picture before, left of a line, and after, right of it, where a heat map of uncertainty can be faded in. The
    line follows mouse and arrow keys."""

    def __init__(self, source):
        super().__init__(source)
        self._after = self._before
        self._heat = None
        self._fade = 0.0
        self._line = 0.5
        tip(self._events, _("Left of the line: before. Right of it: after."))
        on(self._events, "button-press-event", self._point, Pointer, result=Int)
        on(self._events, "motion-notify-event", self._point, Pointer, result=Int)
        on(self._events, "key-press-event", self._key, Pointer, result=Int)

    def show_after(self, preview):
        """Takes the engine's `Preview` for the right side."""
        self._after = of_preview(preview).sized(self._width, self._height)
        self._draw()

    def show_doubt(self, preview):
        """Takes the engine's heat map of the uncertainty; None for none."""
        self._heat = preview and of_preview(preview)
        self._draw()

    def fade_doubt(self, share):
        """Shows the uncertainty, 0 not at all … 1 in full."""
        self._fade = share
        self._draw()

    def _draw(self):
        at = round(self._line * self._width)
        after = self._after
        if self._heat is not None and self._fade > 0:
            after = after.copy()
            after.lay_over(self._heat, round(255 * self._fade))
        both = self._before.copy()
        both.paste(after, at)
        both.line(at)
        self._show(both)

    def _point(self, event):
        self._move(self._place(event)[0])
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
    """`source` as displayed, no larger than the view needs."""
    scale = fit(source.width, source.height, 2 * SIZE[0], 2 * SIZE[1])[0] / source.width
    return Picture.of(*reduced(source, "R'G'B'A u8", scale, as_srgb=True), alpha=True)
